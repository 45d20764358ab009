"""What assessments and answers are made of: the limits of the sources, changes, the words that records carry."""

from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal, Inexact
from enum import StrEnum

import pytest

from reporter.case.length import Length
from reporter.case.setting import settings_of
from reporter.case.vocabulary import Modality, Role, Side
from reporter.response.exact import grown, shortest, shrunk, total
from reporter.response.interface import (
    Amounts,
    Assessment,
    Calcifications,
    Category,
    Cause,
    Change,
    Confirmed,
    CriterionUsed,
    Discordance,
    DiscordanceKind,
    Distribution,
    Headline,
    LesionPoint,
    LesionResult,
    Marker,
    MarkerState,
    Measure,
    NewFindingClass,
    NewLesions,
    NodeAppearance,
    NodeCourse,
    NodeResponse,
    Progression,
    ProgressionKind,
    Regrowth,
    SiteResponse,
    State,
    Thresholds,
    Verdict,
)
from tests.response.answers import axilla, respond

LIMITS = [
    ("pr_percent", 30, "%", "2.3"),
    ("pd_percent", 20, "%", "2.3"),
    ("pd_mm", 5, "mm", "2.3"),
    ("node_normal_mm", 10, "mm", "decision e"),
    ("node_target_mm", 15, "mm", "2.1"),
    ("measurable_mm", 10, "mm", "2.1"),
    ("too_small_mm", 5, "mm", "decision g"),
    ("reappearance_mm", 5, "mm", "decision b"),
    ("regrowth_mm", 5, "mm", "row C10"),
    ("hold_response", True, "", "decision a"),
    ("confirmation", "off", "", "2.6"),
    ("confirmation_days", 28, "days", "2.6: 4 weeks"),
    ("sd_days", 0, "days", "2.6: defined by a protocol"),
    ("discordance_mm", 10, "mm", "decision v"),
    ("discordance_absent_mm", 5, "mm", "decision v"),
    ("node_cortex_mm", 3, "mm", "2.10"),
    ("node_types_abnormal", (5, 6), "", "2.10"),
    ("us_remark_mm", 7, "mm", "S4"),
    ("size_order", (Modality.MR, Modality.CEM, Modality.US, Modality.DBT, Modality.MG), "", "decision l"),
    ("node_order", (Modality.US, Modality.MR), "", "decision l"),
]


@pytest.mark.parametrize(("name", "default", "unit", "source"), LIMITS)
def test_a_limit_is_that_of_its_source(name: str, default: object, unit: str, source: str) -> None:
    assert getattr(Thresholds(), name) == default, source
    assert settings_of(Thresholds)[name].unit == unit


def test_no_limit_is_left_out_and_no_share_is_above_all_of_it() -> None:
    told = settings_of(Thresholds)
    assert [name for name, *_ in LIMITS] == list(told)
    assert {name: one.at_most for name, one in told.items() if one.at_most is not None} == {"pr_percent": Decimal(100)}


WORDS: list[tuple[type[StrEnum], str]] = [
    (Category, "BASELINE CR PR SD PD NE NON-CR/NON-PD MIXED NED"),
    (NewLesions, "no equivocal yes"),
    (Measure, "long_axis short_axis product volume suv"),
    (
        State,
        (
            "measured absent too_small present unequivocal_progression equivocal merged not_evaluable not_imaged no_row"
            " not_done"
        ),
    ),
    (NewFindingClass, "progression unsettled new_cancer benign not_classified"),
    (ProgressionKind, "site sum node non_target new_lesion reappearance"),
    (DiscordanceKind, "size progression absent palpable enlarging_by_exam exam_stated"),
    (MarkerState, "seen displaced not_seen never_placed not_stated"),
    (Distribution, "single multifocal multicentric border"),
    (
        Headline,
        (
            "baseline progressive mixed stable indeterminate not_evaluable near_complete not_complete known_site_gone"
            " complete partial partial_held persistent no_disease not_classified"
        ),
    ),
    (NodeAppearance, "normal abnormal indeterminate not_stated"),
    (
        NodeCourse,
        (
            "normal resolved persistently_abnormal newly_abnormal abnormal_baseline_not_stated indeterminate not_stated"
            " abnormal_at_baseline"
        ),
    ),
    (Confirmed, "yes|no|not required"),
    (
        Cause,
        "modality both_sides mixed one_diameter new_lesion reappearance held targets nodes least_good_site products",
    ),
]


@pytest.mark.parametrize(("kind", "words"), WORDS)
def test_the_words_that_records_and_tables_carry(kind: type[StrEnum], words: str) -> None:
    """Other programs read them: a word that changes breaks what was kept."""
    assert [one.value for one in kind] == words.split("|" if "|" in words else None)


@pytest.mark.parametrize(
    "kind",
    [
        Assessment,
        Calcifications,
        CriterionUsed,
        LesionResult,
        Marker,
        NodeResponse,
        Progression,
        Regrowth,
        SiteResponse,
    ],
)
def test_what_nobody_said_is_not_so_and_a_result_counts_unless_it_is_told_otherwise(kind: type) -> None:
    flags = {f.name: f.default for f in fields(kind) if isinstance(f.default, bool)}
    assert flags == {name: name == "counted" for name in flags}


def test_a_criterion_that_names_no_version_has_its_first() -> None:
    assert CriterionUsed(id="plain", name="plain").version == "1"


@pytest.mark.parametrize(
    ("rule", "classified"),
    [
        ("volume.numbers_only", False),
        ("percist.fall", False),
        ("percist.rise", False),
        ("percist.within", False),
        ("target.pr", True),
    ],
)
def test_numbers_alone_are_no_category(rule: str, classified: bool) -> None:
    """2.8: volumes and uptake have no response category here."""
    verdict = Verdict(category=Category.NE, rule=rule)
    assert verdict.classified is classified
    assert replace(assessment("1", "2", "2", None), overall=verdict).classified is classified


# --- changes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "then", "difference", "percent"),
    [("60", "80", "-20", "-25"), ("100", "80", "20", "25"), ("0", "1", "-1", "-100"), ("5", "0", "5", None)],
)
def test_a_change_is_now_against_then(now: str, then: str, difference: str, percent: str | None) -> None:
    change = Change(now=Decimal(now), then=Decimal(then))
    assert change.difference == Decimal(difference)
    assert change.percent == (None if percent is None else Decimal(percent))


THREE = [
    ("60", "80", "50", Change(now=Decimal(60), then=Decimal(80)), Change(now=Decimal(60), then=Decimal(50))),
    (None, "80", "50", None, None),
    ("60", None, "50", None, Change(now=Decimal(60), then=Decimal(50))),
    ("60", "80", None, Change(now=Decimal(60), then=Decimal(80)), None),
]


def size(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def assessment(now: str | None, baseline: str | None, nadir: str | None, amounts: Amounts | None) -> Assessment:
    return Assessment(
        criterion="any",
        side=None,
        modality=None,
        time_point=1,
        lesions=(),
        total=size(now),
        baseline_total=size(baseline),
        nadir_total=size(nadir),
        nadir_time_point=None,
        target=None,
        non_target=None,
        new_lesion=NewLesions.NO,
        overall=Verdict(category=Category.NE, rule="any.ne"),
        amounts=amounts,
    )


@pytest.mark.parametrize(("now", "baseline", "nadir", "from_baseline", "from_nadir"), THREE)
def test_a_change_needs_both_sizes(
    now: str | None, baseline: str | None, nadir: str | None, from_baseline: Change | None, from_nadir: Change | None
) -> None:
    amounts = Amounts(now=size(now), baseline=size(baseline), nadir=size(nadir), unit="ml")
    found = assessment(now, baseline, nadir, None)
    beside = assessment("1", "2", "3", amounts)
    for one in (amounts, found, beside):
        assert (one.from_baseline, one.from_nadir) == (from_baseline, from_nadir)


@pytest.mark.parametrize(("now", "baseline", "nadir", "from_baseline", "from_nadir"), THREE)
def test_a_lesion_changes_against_its_own_sizes_and_merged_not_at_all(
    now: str | None, baseline: str | None, nadir: str | None, from_baseline: Change | None, from_nadir: Change | None
) -> None:
    def result(state: State) -> LesionResult:
        own, before, smallest = (None if x is None else Length(Decimal(x)) for x in (now, baseline, nadir))
        point = LesionPoint(lesion_id="A", modality=None, time_point=1, study=None, state=state, size=own)
        measure = Measure.LONG_AXIS
        return LesionResult(point=point, role=Role.TARGET, measure=measure, baseline=before, nadir=smallest)

    measured, merged = result(State.MEASURED), result(State.MERGED)
    assert (measured.from_baseline, measured.from_nadir) == (from_baseline, from_nadir)
    assert (merged.from_baseline, merged.from_nadir) == (None, None)


# --- answers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "with_examination"),
    [
        (DiscordanceKind.SIZE, False),
        (DiscordanceKind.PROGRESSION, False),
        (DiscordanceKind.ABSENT, False),
        (DiscordanceKind.PALPABLE, True),
        (DiscordanceKind.ENLARGING_BY_EXAM, True),
        (DiscordanceKind.EXAM_STATED, True),
    ],
)
def test_modalities_disagree_or_the_examination_does(kind: DiscordanceKind, with_examination: bool) -> None:
    """Rows C5 and A4."""
    assert Discordance(kind=kind, lesion_id=None).with_examination is with_examination


@pytest.mark.parametrize(
    ("before", "now", "abnormal"),
    [
        ("cortex:5", "cortex:5", True),
        ("cortex:2 hilum:preserved", "cortex:5", True),
        ("", "cortex:5", True),
        ("cortex:5", "cortex:2 hilum:preserved", False),
        ("cortex:5", "cortex:2 hilum:effaced", False),
        ("cortex:5", "", False),
    ],
)
def test_a_node_is_abnormal_now_in_whatever_course(before: str, now: str, abnormal: bool) -> None:
    """Row C8."""
    (node,) = axilla(f"day 0 US | N1 16 {before}\nday 9 US | N1 12 {now}").nodes
    assert node.abnormal is abnormal


def test_each_side_has_its_own_answer() -> None:
    found = respond("day 0 | L1 20 | R1 right 30\nday 9 | L1 10 | R1 30")
    for side in Side:
        breast, nodes = found.breast(side), found.axilla(side)
        assert breast is not None
        assert nodes is not None
        assert (breast.side, nodes.side) == (side, side)


# --- exact arithmetic ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "smallest", "found"),
    [
        ("6", "1", True),
        ("5.9", "1", False),
        ("30", "25", True),
        ("29.9", "25", False),
        ("36", "30", True),
        ("35.99", "30", False),
        ("5", "0", False),
        ("6", "0.5", True),
    ],
)
def test_growth_meets_both_limits_inclusive(now: str, smallest: str, found: bool) -> None:
    """Decisions b and d."""
    assert grown(Decimal(now), Decimal(smallest), Thresholds()) is found


@pytest.mark.parametrize(
    ("now", "baseline", "found"),
    [("0.7", "1", True), ("0.701", "1", False), ("9.8", "14", True), ("0", "0.5", True), ("0", "0", False)],
)
def test_shrinkage_meets_its_limit_inclusive(now: str, baseline: str, found: bool) -> None:
    assert shrunk(Decimal(now), Decimal(baseline), Thresholds()) is found


def test_a_sum_is_exact_and_of_nothing_it_is_0() -> None:
    assert total([Decimal("0.1"), Decimal("0.2"), Decimal("1E-40")]) == Decimal(
        "0.3000000000000000000000000000000000000001"
    )
    assert total([]) == 0


def test_a_sum_of_more_digits_than_are_kept_is_refused_and_never_rounded() -> None:
    assert total([Decimal("1E+1999"), Decimal(1)]) == 10**1999 + 1
    with pytest.raises(Inexact):
        total([Decimal("1E+2000"), Decimal(1)])


@pytest.mark.parametrize(
    ("value", "text"), [("1.50", "1.5"), ("1E+2", "100"), ("100", "100"), ("0.00", "0"), ("70.0", "70")]
)
def test_a_number_has_the_digits_that_it_needs(value: str, text: str) -> None:
    assert str(shortest(Decimal(value))) == text
