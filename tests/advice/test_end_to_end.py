"""From a timeline of measurements through the response to the advice: the decisions as a reader meets them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from reporter.advice.engine import advise
from reporter.advice.interface import Advice, Timing, Urgency
from reporter.case.case import Case
from reporter.case.facts import Axilla, Clinical, Diagnosis, Facts, Radiologist, Therapy
from reporter.case.length import mm
from reporter.case.vocabulary import Phase, Side, TherapyKind, TherapyStatus
from reporter.response.criteria.per_site import PerSite
from reporter.response.evaluate import evaluate
from reporter.response.interface import Thresholds
from tests.advice.factory import notes_of, pack, rows_of, steps_of, wanted_of
from tests.response.timeline import day, timeline

LAST = day(180)
STATUS = {
    Timing.DURING: TherapyStatus.ONGOING,
    Timing.AFTER: TherapyStatus.COMPLETED,
    Timing.END_LABELLED: TherapyStatus.ONGOING,
    Timing.UNSTATED: None,
}
PHASES = {Timing.DURING: Phase.DURING, Timing.UNSTATED: Phase.UNKNOWN}
MRI = "MRI breast without and with IV contrast"


@dataclass(frozen=True, kw_only=True)
class Said:
    """What is stated of the left breast at the last time point."""

    flags: Radiologist | None = None
    clinical: Clinical | None = None
    kinds: tuple[TherapyKind, ...] = (TherapyKind.CHEMOTHERAPY,)


def facts(timing: Timing, last: Case, said: Said) -> Facts:
    date = last.reported.date
    return Facts(
        diagnosis=(Diagnosis(side=Side.LEFT, confirmed=True),),
        therapy=Therapy(intent="neoadjuvant", status=STATUS[timing], kinds=said.kinds),
        suspicion_distant=False,
        axilla=(Axilla(side=Side.LEFT, date=date, known_positive=False, previously_imaged=True, abnormal_nodes=0),),
        radiologist=() if said.flags is None else (replace(said.flags, side=Side.LEFT, date=date),),
        clinical=() if said.clinical is None else (replace(said.clinical, side=Side.LEFT, date=date),),
    )


def advise_on(text: str, timing: Timing = Timing.AFTER, said: Said | None = None, *, baseline: bool = True) -> Advice:
    case = timeline(text, baseline=baseline)
    case = replace(case, facts=facts(timing, case, said or Said()))
    points = [
        replace(p, phase=PHASES.get(timing, p.phase)) if p.index == case.timeline.reported else p
        for p in case.timeline.time_points
    ]
    case = replace(case, timeline=replace(case.timeline, time_points=tuple(points)))
    limits = Thresholds()
    return advise(case, evaluate(case, [PerSite(limits)], limits), pack())


ON_ALL = """
+day 0 US | L1 {then}
+day 0 MG | L1 {then}
day 180 MR | L1 {now}
+day 180 US | L1 {now}
+day 180 MG | L1 {now}
"""


def on_all(then: int, now: str, words: str = "malignant clip seen") -> str:
    """One mass on MRI, US and mammography, at baseline and now."""
    return f"day 0 MR | L1 {words} {then}" + ON_ALL.format(then=then, now=now)


@pytest.mark.parametrize(
    ("text", "during", "after"),
    [
        pytest.param(on_all(30, "absent seen"), ("B1", "none"), ("B1", "none"), id="complete, bed confirmed"),
        pytest.param(
            on_all(30, "absent"),
            ("B2", "before_operation"),
            ("B2", "before_operation"),
            id="complete, marker not stated",
        ),
        pytest.param(
            on_all(30, "absent", "malignant noclip"),
            ("B2", "before_operation"),
            ("B2", "before_operation"),
            id="complete, never marked",
        ),
        pytest.param(on_all(30, "21"), ("B3", "none"), ("B3", "none"), id="exactly -30 %"),
        pytest.param(on_all(30, "22"), ("B4", "before_next_cycle"), ("B4", "immediate"), id="short of -30 %"),
        pytest.param(on_all(30, "34"), ("B4", "before_next_cycle"), ("B4", "immediate"), id="short of +20 %"),
        pytest.param(on_all(30, "36"), ("B5", "immediate"), ("B5", "immediate"), id="exactly +20 %"),
        pytest.param(on_all(20, "24"), ("B4", "before_next_cycle"), ("B4", "immediate"), id="+20 % but under 5 mm"),
        pytest.param(on_all(30, "ne"), ("B8", "none"), ("B8", "before_operation"), id="not evaluable"),
    ],
)
def test_a_single_mass(text: str, during: tuple[str, str], after: tuple[str, str]) -> None:
    for timing, (row, urgency) in ((Timing.DURING, during), (Timing.AFTER, after)):
        advice = advise_on(text, timing)
        assert advice.timing is timing
        nothing_looked = {"C1"} if row == "B8" else set()
        assert (rows_of(advice), advice.escalation.urgency) == ({row, *nothing_looked}, Urgency(urgency))


def test_labelled_end_and_not_stated() -> None:
    text = on_all(30, "28")
    labelled, unstated = advise_on(text, Timing.END_LABELLED), advise_on(text, Timing.UNSTATED)
    assert (labelled.timing, unstated.timing) == (Timing.END_LABELLED, Timing.UNSTATED)
    assert labelled.escalation.urgency is unstated.escalation.urgency is Urgency.IMMEDIATE
    assert {"discuss_stable_options"} <= steps_of(labelled)
    assert steps_of(unstated) == {"discuss_response"}


def test_gone_on_mri_still_measured_on_us_is_partial_and_discordant() -> None:
    """Model report: no enhancement on MRI, US measures 6 mm (decisions l, v)."""
    text = """
    day 0 MR | L1 malignant clip 31
    +day 0 US | L1 28
    day 180 MR | L1 absent seen
    +day 180 US | L1 6
    """
    advice = advise_on(text)
    assert rows_of(advice) == {"B3", "C5"}
    assert advice.escalation.urgency is Urgency.TUMOUR_BOARD
    assert "targeted_excision" not in steps_of(advice)


def test_baseline_mri_now_us_only_is_not_evaluable() -> None:
    """Model report: not comparable; next MRI; the surgeon before the operation (decision 2.4)."""
    text = "day 0 MR | L1 malignant clip 34\nday 180 US | L1 20 seen"
    advice = advise_on(text)
    assert rows_of(advice) == {"B8", "C1"}
    assert MRI in wanted_of(advice)
    assert advice.escalation.urgency is Urgency.BEFORE_OPERATION


def test_larger_on_another_modality_goes_to_the_tumour_board() -> None:
    text = "day 0 MR | L1 malignant clip 34\nday 180 US | L1 40 seen"
    advice = advise_on(text)
    assert rows_of(advice) == {"B8", "C1"}
    assert advice.escalation.urgency is Urgency.TUMOUR_BOARD


def test_held_response_with_regrowth() -> None:
    """Model report: 100, 60, 71 mm (decision a)."""
    text = "day 0 MR | L1 malignant clip 100\nday 90 MR | L1 60\nday 180 MR | L1 71 seen"
    for timing, urgency in ((Timing.DURING, Urgency.BEFORE_NEXT_CYCLE), (Timing.AFTER, Urgency.BEFORE_OPERATION)):
        advice = advise_on(text, timing)
        assert {"B3", "C10"} <= rows_of(advice)
        assert advice.escalation.urgency is urgency


def test_partial_on_mri_regrown_on_us_is_progressive() -> None:
    """Model report: US 52, 21, 30 mm; MRI 58, 30 mm without a study in between (decision l)."""
    text = """
    day 0 MR | L1 malignant clip 58
    +day 0 US | L1 52
    day 90 US | L1 21
    day 180 MR | L1 30 seen
    +day 180 US | L1 30
    """
    advice = advise_on(text)
    assert "B5" in rows_of(advice)
    assert "B3" not in rows_of(advice)
    assert advice.escalation.urgency is Urgency.IMMEDIATE
    assert advice.escalation.direct_contact


@pytest.mark.parametrize(
    ("word", "rows", "urgency"),
    [
        ("covered 9", {"B5"}, Urgency.IMMEDIATE),
        ("uncovered 9", {"B4", "B9"}, Urgency.IMMEDIATE),
        ("9", {"B4", "B9"}, Urgency.IMMEDIATE),
        ("covered equivocal 9", {"B4", "B9"}, Urgency.IMMEDIATE),
    ],
)
def test_new_finding_of_the_same_breast(word: str, rows: set[str], urgency: Urgency) -> None:
    """Decision p; the index mass is stable after the course."""
    text = f"""
    day 0 MR | L1 malignant clip 30
    +day 0 US | L1 30
    day 180 MR | L1 28 seen
    +day 180 US | L1 28 | L2 new {word}
    """
    advice = advise_on(text)
    assert rows_of(advice) == rows
    assert advice.escalation.urgency is urgency
    assert {"biopsy_new_lesion", "biopsy_new_finding"} & steps_of(advice)


def test_contralateral_finding_is_never_progression_of_the_other_breast() -> None:
    text = """
    day 0 MR | L1 malignant clip 30
    +day 0 US | L1 30
    day 180 MR | L1 15 seen
    +day 180 US | L1 15 | R1 right new covered 9
    """
    advice = advise_on(text)
    assert [(m.row, m.side) for m in advice.rows] == [("B3", Side.LEFT), ("B9", Side.RIGHT)]
    assert {r.side for r in advice.routes} == {Side.LEFT}

    proven = advise_on(text.replace("right new", "right malignant new"))
    assert "assess_new_cancer" in steps_of(proven)
    assert "B5" not in rows_of(proven)
    assert {r.side for r in proven.routes} == set(Side)


def test_mixed_response_of_two_sites_and_a_node() -> None:
    """Model report 5 (decisions n, s)."""
    text = """
    day 0 MR | A malignant UOQ clip 32 | B malignant LIQ clip 18 | N1 malignant axilla_1 clip 16
    +day 0 US | A 31 | B 17 | N1 16 cortex:7 hilum:absent
    day 180 MR | A 10 seen | B 19 seen | N1 12 seen
    +day 180 US | A 10 | B 18 | N1 12 cortex:4 hilum:effaced
    """
    advice = advise_on(text)
    assert rows_of(advice) == {"B4", "C8", "D1"}
    assert advice.escalation.urgency is Urgency.IMMEDIATE
    assert next(m for m in advice.rows if m.row == "B4").lesion_ids == ("B",)
    assert {"sum_hides_sites", "different_biology"} <= notes_of(advice)


def test_progressive_node_of_a_complete_breast() -> None:
    text = """
    day 0 MR | L1 malignant clip 30
    +day 0 US | L1 30 | N1 malignant axilla_1 15 cortex:6
    day 180 MR | L1 absent seen
    +day 180 US | L1 absent | N1 20 cortex:8
    """
    advice = advise_on(text)
    assert rows_of(advice) == {"B5", "C8"}
    assert "targeted_excision" not in steps_of(advice)


def test_flags_of_the_radiologist() -> None:
    """Decision q: near-complete keeps its place; indeterminate never hides stable disease."""
    near = Said(flags=Radiologist(near_complete=True))
    assert rows_of(advise_on(on_all(30, "3 seen"), said=near)) == {"B10"}
    assert rows_of(advise_on(on_all(30, "28 seen"), said=near)) == {"B4"}

    unclear = Said(flags=Radiologist(indeterminate=True))
    assert rows_of(advise_on(on_all(30, "15 seen"), said=unclear)) == {"B7"}
    assert rows_of(advise_on(on_all(30, "28 seen"), said=unclear)) == {"B4", "B7"}
    on_us = "day 0 US | L1 malignant clip 30\n+day 0 MG | L1 28\nday 180 US | L1 15 seen\n+day 180 MG | L1 15"
    advice = advise_on(on_us, said=unclear)
    assert rows_of(advice) == {"B6"}
    assert wanted_of(advice) == {MRI}


@pytest.mark.requirement("S48")
@pytest.mark.parametrize(
    ("clinical", "fires"),
    [
        (Clinical(palpable=True), True),
        (Clinical(exam_agrees=False), True),
        (Clinical(palpable=False), False),
        (Clinical(), False),
    ],
)
def test_examination_against_a_complete_response(clinical: Clinical, fires: bool) -> None:
    """Decision v."""
    advice = advise_on(on_all(30, "absent seen"), said=Said(clinical=clinical))
    assert ("A4" in rows_of(advice)) is fires
    assert (advice.escalation.urgency is Urgency.TUMOUR_BOARD) is fires


def test_a_residual_that_cannot_be_felt_is_no_disagreement() -> None:
    clinical = Clinical(palpable=False, size=mm(0))
    assert rows_of(advise_on(on_all(30, "6 seen"), said=Said(clinical=clinical))) == {"B3"}


def test_without_baseline_growth_is_told() -> None:
    """Row A5."""
    text = "day 90 US | L1 malignant clip 20\nday 180 US | L1 30 seen"
    advice = advise_on(text, baseline=False)
    assert {"A5", "B5"} <= rows_of(advice)
    assert advice.escalation.urgency is Urgency.IMMEDIATE

    still = advise_on(text.replace("30 seen", "20 seen"), baseline=False)
    assert {"A5", "B8"} <= rows_of(still)
    assert "obtain_baseline" in steps_of(still)


def test_growth_of_5_mm_short_of_progression_is_told() -> None:
    """Row C10 beside stable disease."""
    advice = advise_on(on_all(30, "35 seen"), Timing.DURING)
    assert rows_of(advice) == {"B4", "C10"}
    assert "measure_again" in steps_of(advice)


def test_shrinking_without_a_marker_during_therapy() -> None:
    """Row C9."""
    advice = advise_on(on_all(30, "15", "malignant noclip"), Timing.DURING)
    assert rows_of(advice) == {"B3", "C9"}
    assert advice.escalation.urgency is Urgency.BEFORE_OPERATION


def test_calcifications_without_mammography_now() -> None:
    """Row C3."""
    text = """
    day 0 MR | L1 malignant clip 30
    +day 0 US | L1 30
    +day 0 MG | L1 30 extent:12
    day 180 MR | L1 15 seen
    +day 180 US | L1 15
    """
    advice = advise_on(text)
    assert rows_of(advice) == {"B3", "C3"}
    assert wanted_of(advice) == {"Mammography diagnostic", "Digital breast tomosynthesis diagnostic"}


@pytest.mark.requirement("S35")
def test_pet_alone() -> None:
    """Row C6: PET never gives a category."""
    advice = advise_on("day 0 MR | L1 malignant clip 30\nday 180 PT | L1 10")
    assert {"B8", "C6"} <= rows_of(advice)
    assert MRI in wanted_of(advice)


@pytest.mark.requirement("S14")
@pytest.mark.requirement("S57")
@pytest.mark.parametrize("kind", list(TherapyKind))
def test_every_kind_of_therapy_gives_the_same_rows(kind: TherapyKind) -> None:
    for now in ("absent seen", "15 seen", "28 seen", "40 seen"):
        usual, other = (advise_on(on_all(30, now), said=Said(kinds=k)) for k in ((TherapyKind.CHEMOTHERAPY,), (kind,)))
        assert (usual.rows, usual.steps, usual.escalation) == (other.rows, other.steps, other.escalation)


def test_growth_of_a_node_that_is_no_target_is_told_before_the_next_cycle() -> None:
    """Row C10 beside partial response: the node is judged without its size."""
    advice = advise_on("day 0 US | L1 30 | N1 malignant 14\nday 60 US | L1 15 | N1 22", Timing.DURING)
    assert {"B3", "C10"} <= rows_of(advice)
    assert advice.escalation.urgency is Urgency.BEFORE_NEXT_CYCLE
    assert "measure_again" in steps_of(advice)
