"""The best overall response: every row of the table of confirmed responses, and the cases without confirmation."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporter.case.facts import Facts, Radiologist
from reporter.case.vocabulary import Side
from reporter.response.best_overall import best_overall
from reporter.response.criteria.per_site import PerSite
from reporter.response.criteria.recist11 import Recist11
from reporter.response.criteria.volume import VolumeChange
from reporter.response.criteria.who import Who
from reporter.response.interface import BestOverall, Category, Confirmed, Thresholds
from tests.response.answers import per_site, respond, words
from tests.response.timeline import day, timeline

SIZES = {"CR": "absent", "PR": "70", "SD": "80", "PD": "200", "NE": "ne"}
"""What one mass of 100 mm shows at a visit of that category, by `per-site` without a hold."""
REQUIRED = Thresholds(confirmation="required", hold_response=False)
OFF = Thresholds(hold_response=False)


def best(text: str, limits: Thresholds, *, facts: Facts | None = None) -> BestOverall:
    """The answer of one breast by `per-site`, which lets a response be followed by anything."""
    (found,) = respond(text, PerSite(limits), limits=limits, facts=facts or Facts()).best_overall
    return found


def course(categories: str, *, every: int = 30) -> str:
    """One mass with these categories at visits so many days apart."""
    visits = [f"day {every * place} | L1 {SIZES[word]}" for place, word in enumerate(categories.split(), start=1)]
    return "\n".join(["day 0 | L1 100", *visits])


TABLE = [
    ("CR CR", "CR", "CR", "cr_confirmed"),
    ("PR CR", "PR", "PR", "pr_confirmed"),
    ("PR PR", "PR", "PR", "pr_confirmed"),
    ("PR SD", "SD", "SD", "pr_then_sd"),
    ("PR NE", "SD", "NE", "too_short"),
    ("PR", "SD", "NE", "too_short"),
    ("CR NE", "SD", "NE", "too_short"),
    ("CR", "SD", "NE", "too_short"),
    ("SD NE", "SD", "NE", "too_short"),
    ("SD", "SD", "NE", "too_short"),
    ("SD PD", "SD", "PD", "pd"),
    ("NE NE", "NE", "NE", "ne"),
    ("NE", "NE", "NE", "ne"),
    ("PD CR CR", "PD", "PD", "pd"),
    ("NE PR PR", "PR", "PR", "pr_confirmed"),
    ("PR NE PR", "PR", "PR", "pr_confirmed"),
    ("CR NE CR", "CR", "CR", "cr_confirmed"),
    ("PR NE NE PR", "SD", "NE", "too_short"),
    ("SD CR CR", "CR", "CR", "cr_confirmed"),
    ("PR PR CR", "PR", "PR", "pr_confirmed"),
    ("PR CR CR", "CR", "CR", "cr_confirmed"),
    ("PR SD PR", "SD", "SD", "pr_then_sd"),
    ("PR NE SD", "SD", "SD", "pr_then_sd"),
    ("NE PR SD", "SD", "SD", "pr_then_sd"),
    ("CR NE NE CR", "SD", "NE", "too_short"),
]
"""Categories in order; best overall response where any time is long enough for stable disease, where none of them is,
and the rule then."""


@pytest.mark.parametrize(("categories", "long_enough", "too_short", "rule"), TABLE)
def test_confirmed(categories: str, long_enough: str, too_short: str, rule: str) -> None:
    assert words(per_site(course(categories), limits=OFF)) == f"BASELINE {categories}"
    assert best(course(categories), REQUIRED).category == long_enough
    short = Thresholds(confirmation="required", hold_response=False, sd_days=121)
    found = best(course(categories), short)
    assert (found.category, found.rule) == (too_short, f"best.{rule}")


def returned(now: str) -> str:
    """One mass gone on day 30, and there again on day 60 in a size that is no progression of its own."""
    return f"day 0 | L1 10\nday 30 | L1 absent\nday 60 | L1 {now}"


@pytest.mark.parametrize(("now", "second"), [("4", "PR"), ("too_small", "PR")])
def test_confirmed_complete_response_that_did_not_last(now: str, second: str) -> None:
    assert words(per_site(returned(now), limits=OFF)) == f"BASELINE CR {second}"
    found = best(returned(now), REQUIRED)
    assert (found.category, found.rule, found.confirmed) == (Category.SD, "best.unconfirmed", Confirmed.NO)
    short = Thresholds(confirmation="required", hold_response=False, sd_days=61)
    found = best(returned(now), short)
    assert (found.category, found.rule, found.deciding) == (Category.PD, "best.cr_then_disease", (1, 2))


def test_confirmed_complete_response_that_becomes_stable_disease() -> None:
    text = "day 0 | L1 6\nday 30 | L1 absent\nday 60 | L1 4.5"
    assert words(per_site(text, limits=OFF)) == "BASELINE CR SD"
    assert best(text, REQUIRED).category is Category.SD
    short = Thresholds(confirmation="required", hold_response=False, sd_days=61)
    assert best(text, short).category is Category.PD


@pytest.mark.parametrize(
    ("first", "sd_days", "expected"), [("CR", 0, "SD"), ("CR", 31, "PD"), ("PR", 30, "SD"), ("PR", 31, "PD")]
)
def test_confirmed_a_response_before_progression(first: str, sd_days: int, expected: str) -> None:
    limits = Thresholds(confirmation="required", hold_response=False, sd_days=sd_days)
    found = best(course(f"{first} PD"), limits)
    assert (found.category, found.confirmed, found.first_progression) == (expected, Confirmed.NO, day(60))


def test_confirmed_an_earlier_complete_response_that_is_restated_is_a_partial_one() -> None:
    restated = Facts(radiologist=(Radiologist(side=Side.LEFT, date=day(60), restate=True),))
    found = best(returned("4"), REQUIRED, facts=restated)
    assert (found.category, found.rule, found.deciding) == (Category.PR, "best.pr_confirmed", (1, 2))
    other = Facts(radiologist=(Radiologist(side=Side.RIGHT, date=day(60), restate=True),))
    assert best(returned("4"), REQUIRED, facts=other).category is Category.SD
    earlier = Facts(radiologist=(Radiologist(side=Side.LEFT, date=day(30), restate=True),))
    assert best(returned("4"), REQUIRED, facts=earlier).category is Category.SD
    strict = respond(returned("4"), Recist11(REQUIRED), limits=REQUIRED, facts=restated).best_overall[0]
    assert (strict.side, strict.category) == (None, Category.PR)


@pytest.mark.parametrize(
    ("categories", "restated", "best_of"),
    [
        ("CR NE", False, "CR"),
        ("CR NE", True, "PR"),
        ("SD NE", True, "SD"),
        ("NE CR", True, "CR"),
        ("CR CR", True, "CR"),
    ],
)
def test_restated_only_an_earlier_complete_response_is_a_partial_one(
    categories: str, restated: bool, best_of: str
) -> None:
    """Decision b."""
    entry = Radiologist(side=Side.LEFT, date=day(60), restate=restated)
    assert best(course(categories), OFF, facts=Facts(radiologist=(entry,))).category == best_of


@pytest.mark.parametrize(("side", "restated"), [(None, True), (Side.LEFT, True), (Side.RIGHT, False)])
def test_it_is_restated_of_one_breast_or_of_both(side: Side | None, restated: bool) -> None:
    entry = Radiologist(side=side, date=day(60), restate=True)
    assert (best(course("CR NE"), OFF, facts=Facts(radiologist=(entry,))).category is Category.PR) is restated


def test_of_the_whole_patient_it_is_restated_by_an_entry_of_either_breast() -> None:
    entry = Radiologist(side=Side.RIGHT, date=day(60), restate=True)
    strict = Recist11(OFF)
    (found,) = respond(course("CR NE"), strict, limits=OFF, facts=Facts(radiologist=(entry,))).best_overall
    assert found.category is Category.PR


def test_restated_it_is_partial_without_confirmation_too() -> None:
    restated = Facts(radiologist=(Radiologist(side=Side.LEFT, date=day(60), restate=True),))
    assert best(returned("4"), OFF, facts=restated).category is Category.PR
    assert best(returned("4"), OFF).category is Category.CR


@pytest.mark.parametrize(("apart", "expected"), [(27, Confirmed.NO), (28, Confirmed.YES)])
def test_the_least_time_to_the_confirmation_is_a_setting(apart: int, expected: Confirmed) -> None:
    assert best(course("CR CR", every=apart), REQUIRED).confirmed is expected
    longer = Thresholds(confirmation="required", confirmation_days=apart + 1, hold_response=False)
    assert best(course("CR CR", every=apart), longer).confirmed is Confirmed.NO


def test_a_later_visit_confirms_where_an_earlier_one_came_too_soon() -> None:
    text = "day 0 | L1 100\nday 20 | L1 absent\nday 34 | L1 absent\nday 48 | L1 absent"
    found = best(text, REQUIRED)
    assert (found.confirmed, found.deciding, found.date) == (Confirmed.YES, (1, 3), day(20))
    assert [(o.name, o.value, o.unit) for o in found.operands] == [
        ("days_since_baseline", Decimal(20), "d"),
        ("days_between", Decimal(28), "d"),
        ("confirmation_days", Decimal(28), "d"),
    ]


@pytest.mark.parametrize(
    ("categories", "expected", "date", "progression"),
    [
        ("PR SD", "PR", 30, None),
        ("SD PR CR PD", "CR", 90, 120),
        ("SD PR PR", "PR", 60, None),
        ("SD SD", "SD", 30, None),
        ("NE SD PD CR", "SD", 60, 90),
        ("PD CR", "PD", 30, 30),
        ("NE NE", "NE", None, None),
        ("CR PD", "CR", 30, 60),
    ],
)
def test_without_confirmation_it_is_the_best_until_progression(
    categories: str, expected: str, date: int | None, progression: int | None
) -> None:
    found = best(course(categories), OFF)
    assert found.category == expected
    assert found.rule == f"best.{expected.lower()}"
    assert found.date == (None if date is None else day(date))
    assert found.first_progression == (None if progression is None else day(progression))
    assert found.confirmed is Confirmed.NOT_REQUIRED


@pytest.mark.parametrize(
    ("categories", "expected"),
    [("SD", "NE"), ("SD PD", "PD"), ("SD SD", "NE"), ("SD SD SD", "SD"), ("PR", "PR"), ("NE SD PD", "PD")],
)
def test_without_confirmation_stable_disease_has_its_least_time_too(categories: str, expected: str) -> None:
    assert best(course(categories), Thresholds(hold_response=False, sd_days=61)).category == expected


def test_stable_disease_is_dated_from_when_it_is_long_enough() -> None:
    found = best(course("SD SD SD"), Thresholds(hold_response=False, sd_days=60))
    assert (found.deciding, found.date) == ((2,), day(60))
    assert [(o.name, o.value, o.unit) for o in found.operands] == [
        ("days_since_baseline", Decimal(60), "d"),
        ("sd_days", Decimal(60), "d"),
    ]


def test_confirmation_is_asked_of_responses_alone() -> None:
    assert best(course("SD SD"), REQUIRED).confirmed is Confirmed.NOT_REQUIRED
    assert best(course("SD PR"), REQUIRED).confirmed is Confirmed.NO


def test_disease_without_a_target_persists_instead_of_being_stable() -> None:
    assert best("day 0 | X skin present\nday 30 | X present", OFF).category is Category.NON_CR_NON_PD
    text = "day 0 | X skin present\nday 30 | X present\nday 60 | X absent\nday 90 | X progressed"
    assert best(text, OFF).category is Category.CR
    found = best(text, REQUIRED)
    assert (found.category, found.confirmed, found.first_progression) == (
        Category.NON_CR_NON_PD,
        Confirmed.NO,
        day(90),
    )


def test_no_disease_stays_none_until_there_is_some() -> None:
    text = "day 0 MR | C1 calcification 9\nday 30 MR | C1 9"
    (found,) = respond(text, Recist11()).best_overall
    assert (found.category, found.date, found.rule) == (Category.NED, day(30), "best.ned")
    (found,) = respond(f"{text}\nday 60 MR | C1 9 | Z new 12", Recist11()).best_overall
    assert (found.category, found.first_progression) == (Category.PD, day(60))


def test_a_mixed_response_is_less_than_a_response_and_more_than_stable_disease() -> None:
    mixed = "day 0 | L1 50 | L2 50\nday 30 | L1 20 | L2 50"
    assert (best(mixed, OFF).category, best(mixed, OFF).rule) == (Category.MIXED, "best.mixed")
    assert best(f"{mixed}\nday 60 | L1 20 | L2 20", OFF).category is Category.PR
    assert best(mixed, OFF).first_progression is None
    assert (best(mixed, REQUIRED).category, best(mixed, REQUIRED).rule) == (Category.MIXED, "best.mixed")


def test_a_mixed_response_with_a_progressive_site_is_progression() -> None:
    text = "day 0 | B benign 9 | L1 50 | L2 50\nday 30 | B 9 | L1 20 | L2 70\nday 60 | L1 0 | L2 0"
    found = best(text, OFF)
    assert (found.category, found.first_progression) == (Category.MIXED, day(30))


def test_a_new_lesion_confirmed_later_is_progression_from_its_first_appearance() -> None:
    text = "day 0 | L1 100\nday 30 | L1 100\nday 60 | L1 60 | Z new equivocal 6\nday 90 | L1 60 | Z 9"
    (found,) = respond(text, Recist11()).best_overall
    assert (found.category, found.first_progression) == (Category.SD, day(60))
    (looked,) = respond(text.replace("day 30 | L1 100", "day 30 | L1 100 | Z absent"), Recist11()).best_overall
    assert looked.first_progression == day(60)
    (who,) = respond(text.replace("L1 100", "L1 100x100").replace("L1 60", "L1 90x90"), Who()).best_overall
    assert who.first_progression == day(60)


def test_baseline_alone_has_no_best_response() -> None:
    found = best("day 0 | L1 100", OFF)
    assert (found.category, found.rule, found.date, found.deciding) == (Category.NE, "best.no_follow_up", None, ())


def test_without_a_baseline_nothing_is_evaluable() -> None:
    limits = Thresholds()
    (found,) = respond("day 10 | L1 10\nday 40 | L1 absent", PerSite(limits), baseline=False).best_overall
    assert found.category is Category.NE


def test_each_criterion_scope_and_modality_has_its_own() -> None:
    text = """
    day 0 MR | L1 40x40 vol:9 | R1 right 20x20
    day 0 US | L1 40x40
    day 30 MR | L1 10x10 vol:1 | R1 20x20
    day 30 US | L1 39x39"""
    found = respond(text, PerSite(), Recist11(), Who(), VolumeChange()).best_overall
    assert [(b.criterion, b.side or "", b.modality, b.category) for b in found] == [
        ("per-site", "left", "MR", "PR"),
        ("per-site", "left", "US", "SD"),
        ("per-site", "right", "MR", "SD"),
        ("recist-1.1", "", "MR", "PR"),
        ("recist-1.1", "", "US", "NE"),
        ("who", "", "MR", "PR"),
        ("who", "", "US", "SD"),
    ]  # fmt: skip


def test_the_order_in_which_assessments_are_given_decides_nothing() -> None:
    case = timeline(course("SD PR PD"))
    every = PerSite(OFF).assess(case)
    (found,) = best_overall(case, every[::-1], OFF, 0)
    assert (found.category, found.date, found.first_progression) == (Category.PR, day(60), day(90))


def test_what_was_found_before_the_baseline_is_no_response() -> None:
    case = timeline(course("PR SD"))
    first, second, third = case.timeline.time_points
    points = (replace(first, phase=second.phase), replace(second, phase=first.phase), third)
    later = replace(case, timeline=replace(case.timeline, time_points=points))
    (found,) = best_overall(later, PerSite(OFF).assess(case), OFF, 1)
    assert (found.category, found.deciding) == (Category.SD, (2,))
    (short,) = best_overall(later, PerSite(OFF).assess(case), Thresholds(sd_days=31), 1)
    assert short.category is Category.NE


RANK = ["CR", "PR", "SD", "PD", "NE"]


@pytest.mark.property
@given(st.lists(st.sampled_from(sorted(SIZES)), min_size=1, max_size=5))
def test_confirmed_is_never_better_than_unconfirmed_and_progression_hides_what_follows(categories: list[str]) -> None:
    text = course(" ".join(categories))
    required, off = best(text, REQUIRED), best(text, OFF)
    assert RANK.index(required.category) >= RANK.index(off.category)
    assert required.first_progression == off.first_progression
    ended = best(f"{text}\nday 900 | L1 200\nday 930 | L1 absent\nday 960 | L1 absent", OFF)
    assert ended.first_progression is not None
    assert RANK.index(ended.category) <= RANK.index(off.category) or off.category == "NE"
