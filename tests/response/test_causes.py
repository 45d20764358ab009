"""Why two criteria disagree, told from their rules alone: each cause beside the nearest case that is none of it.

The criteria are any two, plug-ins included, so that each stands here as what it says: side, category and rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from reporter.case.vocabulary import Modality, Role, Side
from reporter.response.criteria.per_site import PerSite
from reporter.response.disagreement import disagreements
from reporter.response.interface import (
    Amounts,
    Assessment,
    Category,
    LesionPoint,
    LesionResult,
    Measure,
    NewLesions,
    State,
    Verdict,
)
from tests.response.answers import respond

SIDES = {"left": Side.LEFT, "right": Side.RIGHT, "both": None}
TARGET = "SD target.sd"


def said(text: str) -> Assessment:
    """`a left PR overall.pr`: a criterion, its side (or both), category and rule; then what else it tells.

    `target:PR` the category of its targets (`target:no` none), with their rule after `=`; `follows:L1,L2` its
    targets; `lists:L9` an uncounted target; `beside:L9` a non-target; `came_back` the verdict of a site; `total:3`;
    `products`; `held`.
    """
    name, side, category, rule, *more = text.split()
    given = {word.partition(":")[0]: word.partition(":")[2] for word in more}
    lesions = [_lesion(i, Role.TARGET) for i in given.get("follows", "L1").split(",")]
    if "lists" in given:
        lesions.append(replace(_lesion(given["lists"], Role.TARGET), counted=False))
    if "beside" in given:
        lesions.append(_lesion(given["beside"], Role.NON_TARGET))
    if "came_back" in given:
        lesions[0] = replace(lesions[0], verdict=Verdict(category=Category.PD, rule="site.pd_returned"))
    products = Amounts(now=Decimal(1), baseline=Decimal(2), nadir=Decimal(2), unit="mm2")
    return Assessment(
        criterion=name,
        side=SIDES[side],
        modality=None,
        time_point=1,
        lesions=tuple(lesions),
        total=Decimal(given["total"]) if "total" in given else None,
        baseline_total=None,
        nadir_total=None,
        nadir_time_point=None,
        target=_target(given.get("target", category)),
        non_target=None,
        new_lesion=NewLesions.NO,
        overall=Verdict(category=Category(category), rule=rule),
        held="held" in given,
        amounts=products if "products" in given else None,
    )


def _target(text: str) -> Verdict | None:
    category, _, rule = text.partition("=")
    return None if category == "no" else Verdict(category=Category(category), rule=rule or "target.any")


def _lesion(lesion_id: str, role: Role) -> LesionResult:
    point = LesionPoint(lesion_id=lesion_id, modality=None, time_point=1, study=None, state=State.MEASURED, size=None)
    return LesionResult(point=point, role=role, measure=Measure.LONG_AXIS)


def causes(*texts: str) -> list[str]:
    """Of each pair that disagrees the cause and whose it is: `new_lesion a`."""
    found = disagreements(said(text) for text in texts)
    return [f"{d.cause or 'untold'} {d.by or ''}".strip() for d in found]


PLAIN = "b left SD overall.sd"

ONE_OF_A = [
    ("a both NE overall.modality_not_accepted", PLAIN, "modality a"),
    ("a both NE modality_not_accepted", PLAIN, "modality a"),
    ("a both NE overall.no_baseline", PLAIN, "untold"),
    ("a both NE who.target_ne target:NE=who_target.missing", PLAIN, "one_diameter a"),
    ("a both NE who.target_ne target:NE=who_target.no_baseline", PLAIN, "one_diameter a"),
    ("a both NE who.target_ne target:NE=target.missing", PLAIN, "untold"),
    ("a both NE who.target_ne target:no", PLAIN, "untold"),
    ("a both NE who.non_target_ne target:NE=who_target.missing", PLAIN, "untold"),
    ("a both NE who.target_ne target:NE=who_target.missing", "b left PD overall.x target:NE", "untold"),
    ("a both NE who.target_ne target:NE=who_target.missing", "b left PD overall.x target:no", "untold"),
    ("a left PD overall.new_lesion", PLAIN, "new_lesion a"),
    ("a left PD overall.new_cancer", PLAIN, "new_lesion a"),
    ("a left PD overall.reappearance", PLAIN, "reappearance a"),
    ("a left PD overall.x target:PD=target.pd_returned", PLAIN, "reappearance a"),
    ("a left PD overall.x came_back", PLAIN, "reappearance a"),
    ("a left PD overall.x target:no came_back", PLAIN, "reappearance a"),
    ("a left PD overall.x", PLAIN, "untold"),
    ("a left MIXED overall.x came_back", PLAIN, "mixed a"),
    ("a left PR overall.x came_back", PLAIN, "untold"),
    ("a left MIXED overall.mixed", PLAIN, "mixed a"),
    ("a left MIXED overall.mixed", "b left PD overall.x", "untold"),
    ("a left PR overall.pr held", PLAIN, "held a"),
    ("a left PR overall.pr", PLAIN, "untold"),
    ("a left PR overall.pr held", "b left NE overall.x", "untold"),
    ("a left PR overall.pr held", "b left CR overall.cr", "untold"),
    ("a left PD overall.x held", PLAIN, "untold"),
    ("a left PR overall.pr follows:L1,L2", PLAIN, "targets"),
    ("a left PR overall.pr lists:L2", PLAIN, "untold"),
    ("a left PR overall.pr beside:L2", PLAIN, "untold"),
    ("a left CR overall.x total:8", "b left PR who.pr products", "nodes a"),
    ("a left CR overall.x total:1", "b left PR who.pr products", "nodes a"),
    ("a left CR overall.x total:0", "b left PR who.pr products", "untold"),
    ("a left CR overall.x", "b left PR who.pr products", "untold"),
    ("a left CR overall.x total:8", "b left PR overall.pr", "untold"),
    ("a left CR overall.x total:8", "b left PR who.cr_non_target_persists products", "untold"),
    ("a left PR overall.x total:8", "b left SD who.sd products", "untold"),
    ("a left PD overall.site_pd target:SD", PLAIN, "least_good_site a"),
    ("a left SD overall.sd target:PR", "b left PR overall.pr", "least_good_site a"),
    ("a left PD overall.site_pd", PLAIN, "untold"),
    ("a left PD overall.site_pd target:SD", "b left PR overall.pr", "untold"),
    ("a left PD overall.site_pd target:no", PLAIN, "untold"),
    ("a left PD overall.site_pd target:SD", "b left SD overall.sd target:no", "untold"),
    ("a left PD overall.non_target_pd target:SD", PLAIN, "untold"),
    ("a left PD overall.site_pd target:SD", "b left SD overall.x", "untold"),
    ("a left PD overall.site_pd", "b left SD overall.x target:PD", "untold"),
    ("a both CR who.cr products", PLAIN, "products a"),
    ("a both PR who.pr products", PLAIN, "products a"),
    ("a both PD who.target_pd products", PLAIN, "products a"),
    ("a both SD who.sd products", "b left PD overall.site_pd", "products a"),
    ("a both SD who.sd products", "b left PD overall.x", "untold"),
    ("a both PR who.x products", PLAIN, "untold"),
    ("a both PR who.pr", PLAIN, "untold"),
    ("a both PR who.pr products", "b left SD overall.sd products", "untold"),
    ("a both PD who.target_pd products", "b left PR overall.pr held", "untold"),
]


@pytest.mark.parametrize(("one", "other", "cause"), ONE_OF_A)
@pytest.mark.parametrize("turned", [False, True])
def test_a_cause_is_told_only_where_the_rules_of_both_tell_it(one: str, other: str, cause: str, turned: bool) -> None:
    assert causes(*([other, one] if turned else [one, other])) == [cause]


@pytest.mark.parametrize(
    ("beside", "cause"),
    [
        ("b right SD overall.sd", "both_sides a"),
        ("b right PR overall.pr", "untold"),
        ("c right SD overall.sd", "untold"),
    ],
)
def test_of_the_whole_patient_it_may_be_what_the_same_criterion_says_of_the_other_breast(
    beside: str, cause: str
) -> None:
    assert causes("a both SD overall.sd", "b left PR overall.pr", beside)[0] == cause


def test_of_one_breast_the_other_breast_is_no_cause() -> None:
    found = causes("a left SD overall.sd", "b left PR overall.pr", "b right SD overall.sd")
    assert found == ["untold"]


def test_of_two_that_speak_of_the_whole_patient_a_breast_is_no_cause() -> None:
    found = causes("a both SD overall.sd", "b both PR overall.pr", "b left SD overall.sd")
    assert found == ["untold"]


def test_a_breast_is_never_held_against_the_other_breast() -> None:
    assert causes("a left PR overall.pr", "b right SD overall.sd") == []


def test_a_criterion_does_not_disagree_with_itself() -> None:
    """A lesion without a side is not evaluable beside the breast whose site responds."""
    assert respond("day 0 | L1 40 | Q noside 12\nday 9 | L1 20 | Q 12", PerSite()).disagreements == ()


@pytest.mark.parametrize("turned", [False, True])
def test_a_disagreement_names_the_breast_and_what_each_says(turned: bool) -> None:
    pair: Sequence[str] = ("a both PR who.pr products target:PR", "b left SD overall.sd")
    (found,) = disagreements(said(text) for text in (pair[::-1] if turned else pair))
    assert found.side is Side.LEFT
    by_name = {one.criterion: one for one in (found.first, found.second)}
    assert [(one.side, one.category, one.rule) for one in (by_name["a"], by_name["b"])] == [
        (None, Category.PR, "who.pr"),
        (Side.LEFT, Category.SD, "overall.sd"),
    ]
    change = by_name["a"].change
    assert change is not None
    assert (change.now, change.then, by_name["b"].change) == (Decimal(1), Decimal(2), None)


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("SD who.sd", "NON-CR/NON-PD overall.non_target_persists", 0),
        ("SD who.sd", "SD overall.sd", 0),
        ("SD who.sd", "PR overall.pr", 1),
        ("NON-CR/NON-PD overall.non_target_persists", "CR who.non_target_cr", 1),
        ("BASELINE who.baseline", "NE overall.x", 0),
        ("SD volume.numbers_only", "PR overall.pr", 0),
    ],
)
def test_baseline_numbers_alone_and_another_word_for_the_same_are_none(one: str, other: str, found: int) -> None:
    assert len(disagreements([said(f"a left {one}"), said(f"b left {other}")])) == found


def test_they_stand_by_time_then_modality_and_are_never_told_across_either() -> None:
    places = [(2, Modality.US), (1, Modality.US), (2, None), (1, Modality.MR)]
    pairs = [
        replace(said(text), time_point=time_point, modality=modality)
        for time_point, modality in places
        for text in ("a left PR overall.pr", PLAIN)
    ]
    found = disagreements(pairs)
    assert [(d.time_point, d.modality) for d in found] == [
        (1, Modality.MR),
        (1, Modality.US),
        (2, None),
        (2, Modality.US),
    ]
