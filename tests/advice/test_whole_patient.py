"""Rows B4 and B5 of the whole patient: what its criterion says and no breast does (decision page 8)."""

from dataclasses import replace

import pytest

from reporter.advice.conditions import CONDITIONS
from reporter.advice.context import Context
from reporter.advice.engine import advise
from reporter.advice.interface import Advice, Timing, Urgency
from reporter.advice.scenario import timing_of
from reporter.case.facts import Diagnosis, Facts, Therapy
from reporter.case.vocabulary import Modality, Side, TherapyStatus
from reporter.response.criteria.per_site import PerSite
from reporter.response.criteria.recist11 import Recist11
from reporter.response.evaluate import evaluate
from reporter.response.interface import (
    BreastResponse,
    Category,
    Criterion,
    PatientResponse,
    SiteResponse,
    Thresholds,
    Verdict,
)
from tests.advice.factory import breast, pack, point, scene, site, steps_of
from tests.response.timeline import timeline

BOTH = (Diagnosis(side=Side.LEFT, confirmed=True), Diagnosis(side=Side.RIGHT, confirmed=True))
FIRST = "day 0 MR | L1 malignant clip 40 | R1 right malignant clip 12\n"


def strict(text: str, status: TherapyStatus = TherapyStatus.COMPLETED, criterion: type[Criterion] = Recist11) -> Advice:
    facts = Facts(therapy=Therapy(intent="neoadjuvant", status=status), diagnosis=BOTH)
    case = timeline(text, facts=facts)
    return advise(case, evaluate(case, [criterion()], Thresholds()), pack())


def b_rows(advice: Advice) -> set[tuple[str, Side | None]]:
    return {(r.row, r.side) for r in advice.rows if r.row in {"B4", "B5"}}


@pytest.mark.parametrize("status", [TherapyStatus.ONGOING, TherapyStatus.COMPLETED])
def test_progression_that_only_the_sum_of_both_breasts_reaches(status: TherapyStatus) -> None:
    advice = strict(FIRST + "day 180 MR | L1 46 | R1 16.5", status)
    assert b_rows(advice) == {("B5", None), ("B4", Side.LEFT), ("B4", Side.RIGHT)}
    assert advice.escalation.urgency is Urgency.IMMEDIATE
    assert advice.escalation.direct_contact


def test_progression_of_a_breast_is_told_of_that_breast_alone() -> None:
    advice = strict(FIRST + "day 180 MR | L1 60 | R1 6")
    assert b_rows(advice) == {("B5", Side.LEFT)}


def test_a_node_is_told_of_its_side_alone() -> None:
    text = "day 0 MR | L1 malignant clip 20 | N1 20 | R1 right malignant clip 20\n"
    advice = strict(text + "day 180 MR | L1 10 | N1 80 | R1 10")
    assert b_rows(advice) == {("B5", Side.LEFT)}


@pytest.mark.parametrize(
    ("status", "urgency"),
    [(TherapyStatus.ONGOING, Urgency.BEFORE_NEXT_CYCLE), (TherapyStatus.COMPLETED, Urgency.IMMEDIATE)],
)
def test_stable_disease_by_a_node_is_the_patients(status: TherapyStatus, urgency: Urgency) -> None:
    text = "day 0 MR | L1 malignant clip 20 | N1 30 | R1 right malignant clip 20\n"
    advice = strict(text + "day 180 MR | L1 12 | N1 40 cortex:2 hilum:preserved | R1 12", status)
    assert b_rows(advice) == {("B5", Side.LEFT)}
    advice = strict(text + "day 180 MR | L1 13 | N1 28 cortex:2 hilum:preserved | R1 13", status)
    assert b_rows(advice) == {("B4", None)}
    assert advice.escalation.urgency.rank >= urgency.rank
    assert "discuss_stable_options" not in steps_of(advice)


@pytest.mark.parametrize(("words", "row"), [("", "B9"), ("malignant", "B9")])
def test_a_new_finding_of_the_other_breast(words: str, row: str) -> None:
    text = f"day 0 MR | L1 malignant clip 40\nday 180 MR | L1 10 | R1 right new covered {words} 9"
    case = timeline(text, facts=Facts(diagnosis=BOTH[:1], therapy=Therapy(status=TherapyStatus.COMPLETED)))
    advice = advise(case, evaluate(case, [Recist11()], Thresholds()), pack())
    assert b_rows(advice) == {("B5", None)}
    assert (row, Side.RIGHT) in {(r.row, r.side) for r in advice.rows}


def test_by_sites_the_patient_has_no_row_of_its_own() -> None:
    advice = strict(FIRST + "day 180 MR | L1 46 | R1 16.5", criterion=PerSite)
    assert b_rows(advice) == {("B4", Side.LEFT), ("B4", Side.RIGHT)}


def test_nothing_is_missing_where_the_criterion_refuses_the_sizes_at_hand() -> None:
    text = "day 0 US | L1 malignant clip 40\nday 180 US | L1 20"
    assert "complete_missing_part" not in steps_of(strict(text))
    assert "complete_missing_part" in steps_of(strict("day 0 MR | L1 malignant clip 40\nday 180 US | L1 ne"))


def of_patient(category: Category | None, *breasts: BreastResponse, timing: Timing = Timing.AFTER) -> Context:
    """The patient, of whom a criterion says a category, or none does."""
    made = scene(timing, *breasts)
    verdict = Verdict(category=category or Category.NE, rule="overall.test")
    told = PatientResponse(
        criterion="recist-1.1",
        name="RECIST 1.1",
        assessments=(),
        category=verdict.category,
        modality=None,
        verdict=verdict,
    )
    response = replace(made.response, patient=None if category is None else told)
    return Context(case=made.case, response=response, timing=timing_of(made.case))


def holds(name: str, context: Context) -> bool:
    return CONDITIONS[name](context)


@pytest.mark.parametrize(
    ("category", "others", "progressive", "stable"),
    [
        (Category.PD, (Category.PR, Category.PR), True, False),
        (Category.PD, (Category.PR, Category.SD), True, False),
        (Category.PD, (Category.PR, Category.PD), False, False),
        (Category.SD, (Category.PR, Category.PR), False, True),
        (Category.SD, (Category.PR, Category.SD), False, False),
        (Category.SD, (Category.PD, Category.PR), False, False),
        (Category.PR, (Category.SD, Category.PD), False, False),
        (None, (Category.PR, Category.PR), False, False),
    ],
)
def test_of_the_patient_where_no_breast_shows_it(
    category: Category | None, others: tuple[Category, Category], progressive: bool, stable: bool
) -> None:
    left, right = breast(others[0]), breast(others[1], side=Side.RIGHT)
    found = of_patient(category, left, right)
    assert (holds("progressive", found), holds("stable", found)) == (progressive, stable)
    before = of_patient(category, left, right, timing=Timing.BEFORE)
    assert not holds("progressive", before)
    assert not holds("stable", before)


def test_what_is_said_of_the_patient_is_said_of_no_side() -> None:
    found = of_patient(Category.PD, breast(), breast(side=Side.RIGHT))
    assert found.of_patient is Category.PD
    assert [side.side for side in found.every_side] == [Side.LEFT, Side.RIGHT]
    for side in found.every_side:
        assert side.of_patient is None
        assert not holds("progressive", side)
        assert holds("of_a_breast", side)
    assert not holds("of_a_breast", found)


def test_the_first_row_of_the_patient_by_precedence_too() -> None:
    """Only rows that speak of the patient compete there: a row of a breast takes no place of theirs."""
    found = of_patient(Category.PD, breast(Category.SD))
    advice = advise(found.case, found.response, pack())
    assert b_rows(advice) == {("B5", None), ("B4", Side.LEFT)}


def test_a_row_of_a_breast_takes_no_place_of_the_patients() -> None:
    """A site's table may have one that holds always."""
    rows = pack().decision.row
    always = {"when": (), "any_of": (), "unless": (), "precedence": 1}
    table = tuple(row.model_copy(update=always) if row.id == "B3" else row for row in rows)
    used = replace(pack(), decision=pack().decision.model_copy(update={"row": table}))
    found = of_patient(Category.SD, breast(), breast(side=Side.RIGHT))
    advice = advise(found.case, found.response, used)
    assert [(row.row, row.side) for row in advice.rows if row.row[0] == "B"] == [
        ("B3", Side.LEFT),
        ("B3", Side.RIGHT),
        ("B4", None),
    ]


@pytest.mark.parametrize(
    ("sites", "refused"),
    [
        ((), False),
        (("refused",), True),
        (("refused", "partial"), True),
        (("refused", "refused"), True),
        (("refused", "missing"), False),
        (("missing",), False),
        (("unsized",), False),
        (("other rule",), False),
        (("beside another",), True),
    ],
)
def test_refused_is_a_size_on_a_modality_that_the_criterion_does_not_accept(
    sites: tuple[str, ...], refused: bool
) -> None:
    """Of every site that is not evaluable."""
    made = scene(Timing.AFTER, breast(Category.NE, *(refusal(str(n), kind) for n, kind in enumerate(sites))))
    if not sites:
        made = scene(Timing.AFTER, replace(breast(Category.NE), sites=()))
    found = Context(case=made.case, response=made.response, timing=Timing.AFTER, side=Side.LEFT)
    assert holds("refused_by_criterion", found) is refused


def refusal(lesion_id: str, kind: str) -> SiteResponse:
    """A site on one modality, with what the criterion says of it there."""
    if kind == "partial":
        return site(lesion_id)
    plain = site(lesion_id, Category.NE, baseline_on=(Modality.US,))
    (result,) = plain.results
    rule = "target.missing" if kind == "other rule" else "target.modality_not_accepted"
    said = replace(result, verdict=Verdict(category=Category.NE, rule=rule))
    if kind == "unsized":
        said = replace(said, point=point(lesion_id, Modality.US, None))
    results = {
        "missing": (),
        "beside another": (result, replace(said, point=point(lesion_id, Modality.US, None)), said),
    }
    return replace(plain, results=results.get(kind, (said,)))
