"""Nodes under 10 mm short axis at baseline: normal in size, but not all of them were normal (2.4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest

from reporter.case.case import Case
from reporter.case.facts import Facts, Therapy
from reporter.response.course import chart
from reporter.response.criteria.per_site import PerSite
from reporter.response.criteria.recist11 import Recist11
from reporter.response.evaluate import evaluate
from reporter.response.interface import (
    Assessment,
    Category,
    Criterion,
    NewLesions,
    NodeCourse,
    NodeResponse,
    ProgressionKind,
    Response,
    Thresholds,
)
from reporter.response.roles import Standing, part_of
from tests.response.answers import codes, per_site, recist, who
from tests.response.timeline import day, timeline

BAD = "cortex:5 hilum:absent"
COUNTED, NORMAL = Standing.COUNTED, Standing.NORMAL_NODE


def standing(text: str, *, biopsied: int | None = None, start: int | None = None, by_looks: bool = True) -> Standing:
    """Of the only node, by ultrasound; days of its biopsy and of the start of therapy."""
    known = chart(told(text, biopsied, start), Thresholds(), by_looks=by_looks)
    (track,) = (t for t in known.of("N1") if t.modality == "US")
    return part_of(known, track).standing


def told(text: str, biopsied: int | None = None, start: int | None = None) -> Case:
    facts = Facts(therapy=Therapy(start=None if start is None else day(start)))
    case = timeline(text, facts=facts)
    when: dt.date | None = None if biopsied is None else day(biopsied)
    return replace(case, lesions=tuple(replace(x, biopsy_date=when if x.is_node else None) for x in case.lesions))


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("N1 9.9", NORMAL),
        ("N1 malignant 9.9", COUNTED),
        ("N1 malignant present cortex:3 hilum:preserved", COUNTED),
        ("N1 pending 9.9", NORMAL),
        ("N1 nobiopsy 9.9", NORMAL),
        ("N1 9.9 cortex:3 hilum:preserved", NORMAL),
        ("N1 9.9 cortex:3 hilum:effaced", NORMAL),
        ("N1 9.9 cortex:3.1 hilum:preserved", COUNTED),
        ("N1 9.9 hilum:absent", COUNTED),
        ("N1 9.9 type:5", COUNTED),
    ],
)
def test_a_node_of_normal_size_is_no_normal_node_where_it_is_proven_or_looks_abnormal(
    said: str, found: Standing
) -> None:
    assert standing(f"day 0 US | {said}\nday 9 US | N1 12") is found


def test_how_one_modality_describes_it_holds_for_the_others() -> None:
    assert standing(f"day 0 US | N1 9\n+day 0 MR | N1 9 {BAD}\nday 9 US | N1 12\n+day 9 MR | N1 12") is COUNTED


@pytest.mark.parametrize(
    ("biopsied", "start", "found"),
    [
        pytest.param(None, None, COUNTED, id="no date"),
        pytest.param(0, None, COUNTED, id="on the day of the baseline"),
        pytest.param(8, None, COUNTED, id="before a later study"),
        pytest.param(9, None, NORMAL, id="on the day of the later study"),
        pytest.param(5, 5, COUNTED, id="on the day therapy began"),
        pytest.param(6, 5, NORMAL, id="during therapy"),
    ],
)
def test_a_biopsy_tells_of_the_baseline_up_to_the_start_of_therapy(
    biopsied: int | None, start: int | None, found: Standing
) -> None:
    """What is proven later stays what it was."""
    assert standing("day 0 US | N1 malignant 9\nday 9 US | N1 12", biopsied=biopsied, start=start) is found


def test_at_baseline_alone_no_later_study_bounds_it() -> None:
    assert standing("day 0 US | N1 malignant 9", biopsied=30) is COUNTED


@pytest.mark.parametrize(("said", "found"), [(f"N1 9 {BAD}", NORMAL), ("N1 malignant 9", COUNTED)])
def test_strict_criteria_go_by_size_and_proof_alone(said: str, found: Standing) -> None:
    assert standing(f"day 0 US | {said}\nday 9 US | N1 12", by_looks=False) is found


# --- what the criteria make of it ----------------------------------------------------------------------------------

PROVEN = "day 0 | L1 30x20 | N1 malignant {}\nday 9 | L1 10x8 | N1 {}"


@pytest.mark.requirement("S6")
@pytest.mark.parametrize("asked", [per_site, recist, who])
def test_growth_of_a_tenth_of_a_millimetre_is_no_new_lesion(asked: Callable[[str], list[Assessment]]) -> None:
    found = asked(PROVEN.format("9.9", "10"))[-1]
    assert (found.new_lesion, found.overall.category) == (NewLesions.NO, Category.PR)


@pytest.mark.parametrize("asked", [recist, who])
def test_by_strict_criteria_one_that_only_looks_abnormal_is_an_equivocal_new_lesion(
    asked: Callable[[str], list[Assessment]],
) -> None:
    text = f"day 0 | L1 30x20 | N1 9 {BAD}\nday 9 | L1 10x8 | N1 25 {BAD}"
    found = asked(text)[-1]
    assert (found.new_lesion, found.overall.category) == (NewLesions.EQUIVOCAL, Category.PR)


def answered(case: Case, criterion: Criterion | None = None) -> tuple[Response, NodeResponse]:
    response = evaluate(case, [criterion or PerSite()], Thresholds())
    (axilla,) = response.axillae
    (node,) = axilla.nodes
    return response, node


@pytest.mark.parametrize("criterion", [PerSite(), Recist11()])
@pytest.mark.parametrize(
    ("said", "now", "smallest"),
    [
        pytest.param("malignant 9.9", "N1 30", 9.9, id="proven"),
        pytest.param(f"9.9 {BAD}", f"N1 30 {BAD}", 9.9, id="abnormal by its look"),
    ],
)
def test_its_growth_is_told(criterion: Criterion, said: str, now: str, smallest: float) -> None:
    """Row C10: the reader decides whether it is progression."""
    response, node = answered(timeline(f"day 0 MR | L1 30 | N1 {said}\nday 9 MR | L1 10 | {now}"), criterion)
    (grown,) = response.breasts[0].regrowths
    assert (grown.lesion_id, grown.non_target, float(grown.smallest)) == ("N1", True, smallest)
    assert not node.enlarged
    assert {"NODE_ENLARGED", "LES_NEW"}.isdisjoint(codes(response))
    assert "NON_TARGET_GROWTH" in codes(response)


@pytest.mark.parametrize("criterion", [PerSite(), Recist11()])
def test_one_proven_since_is_newly_abnormal_and_progression_of_a_node(criterion: Criterion) -> None:
    """It was seen at baseline, so that it is no new lesion (2.2); covered before, as decision p has it."""
    text = "day 0 MR | L1 30 | N1 malignant covered 9\nday 9 MR | L1 10 | N1 14"
    response, node = answered(told(text, biopsied=9), criterion)
    assert [(p.kind, p.lesion_id) for p in response.breasts[0].progressions] == [(ProgressionKind.NODE, "N1")]
    assert (node.enlarged, node.course) == (True, NodeCourse.NEWLY_ABNORMAL)
    assert "NODE_ENLARGED" not in codes(response)
