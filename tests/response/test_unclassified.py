"""Row A1: a case that is stated to be out of scope has its sizes and findings, and no category in its answers."""

import datetime as dt
from dataclasses import replace

import pytest

from reporter.case.case import Case
from reporter.case.facts import Clinical, Diagnosis, Facts, Therapy
from reporter.case.vocabulary import Indication, Modality, Side
from reporter.response.criteria.per_site import PerSite
from reporter.response.criteria.recist11 import Recist11
from reporter.response.evaluate import evaluate
from reporter.response.interface import (
    NOT_CLASSIFIED,
    BreastResponse,
    Category,
    Criterion,
    DiscordanceKind,
    Headline,
    NewFindingClass,
    NodeCourse,
    Response,
    Thresholds,
)
from tests.response.timeline import timeline

COURSE = """day 0 MR | L1 40 | L2 20 | L3 30 | N1 16 cortex:2 hilum:preserved | L5 skin present
+day 0 US | L1 38 | L2 20
day 60 MR | L1 20 | L2 10 | L3 12 | N1 9 | L5 present
day 120 MR | L1 34 | L2 absent | L3 21 | N1 22 cortex:6 hilum:absent | L5 progressed | L4 new 9 covered
+day 120 US | L1 18 | L2 7"""
"""Progression of a site, a node, skin and by a new lesion; growth on MRI against US; gone on MRI and measured on US."""
KNOWN = Facts(clinical=(Clinical(side=Side.LEFT, date=dt.date(2026, 5, 1), palpable=True, exam_agrees=False),))


def unclassified(case: Case, *criteria: Criterion) -> Response:
    return evaluate(case, criteria or [PerSite()], Thresholds())


def screened(text: str, *criteria: Criterion, facts: Facts = KNOWN) -> Response:
    return unclassified(timeline(text, facts=replace(facts, indication=Indication.SCREENING)), *criteria)


def left(response: Response) -> BreastResponse:
    found = response.breast(Side.LEFT)
    assert found is not None
    return found


OUTSIDE = {
    "no cancer": replace(KNOWN, diagnosis=(Diagnosis(side=Side.LEFT, confirmed=False),)),
    "screening": replace(KNOWN, indication=Indication.SCREENING),
    "adjuvant": replace(KNOWN, therapy=Therapy(intent="adjuvant")),
}


@pytest.mark.requirement("S13")
@pytest.mark.requirement("S19")
@pytest.mark.parametrize("criterion", [PerSite, Recist11])
@pytest.mark.parametrize("facts", OUTSIDE.values(), ids=OUTSIDE)
def test_no_answer_has_a_category(facts: Facts, criterion: type[Criterion]) -> None:
    response = unclassified(timeline(COURSE, facts=facts), criterion())
    breast = left(response)
    assert (breast.headline, breast.category) == (Headline.NOT_CLASSIFIED, Category.NE)
    assert breast.verdict is not None
    assert breast.verdict.rule == NOT_CLASSIFIED
    assert {s.category for s in breast.sites} == {Category.NE}
    assert not any(s.held or s.regrowth_to_confirm or s.still_measured for s in breast.sites)
    assert {r.verdict for s in breast.sites for r in (*s.results, s.record) if r is not None} == {None}
    assert (breast.progressions, breast.regrowths, breast.larger_elsewhere) == ((), (), ())
    assert {f.classified for f in breast.new_findings} == {NewFindingClass.NOT_CLASSIFIED}
    assert not any(a.classified for a in breast.totals)
    nodes = [n for axilla in response.axillae for n in axilla.nodes]
    assert {n.category for n in nodes} == {Category.NE}
    assert {r.verdict for n in nodes for r in (*n.results, n.record) if r is not None} == {None}


def test_a_minor_is_out_of_scope_too() -> None:
    case = timeline(COURSE, facts=KNOWN)
    minor = replace(case, patient=replace(case.patient, birth_date=dt.date(2010, 1, 1)))
    assert left(unclassified(minor)).headline is Headline.NOT_CLASSIFIED
    assert left(unclassified(case)).headline is Headline.PROGRESSIVE


def test_sizes_and_findings_stand_as_given() -> None:
    plain, known = left(screened(COURSE)), left(unclassified(timeline(COURSE, facts=KNOWN)))
    assert plain.record_modality is known.record_modality is Modality.MR
    assert [s.series for s in plain.sites] == [s.series for s in known.sites]
    assert [r.baseline for s in plain.sites for r in s.results] == [r.baseline for s in known.sites for r in s.results]
    assert all(any(s.record is r for r in s.results) for s in plain.sites)
    assert [s.record and s.record.point for s in plain.sites] == [s.record and s.record.point for s in known.sites]
    assert plain.total is not None
    assert known.total is not None
    assert (plain.total.total, plain.total.baseline_total) == (known.total.total, known.total.baseline_total)
    assert not plain.total.classified
    assert plain.residual == known.residual
    assert [f.points for f in plain.new_findings] == [f.points for f in known.new_findings]
    (axilla,) = screened(COURSE).axillae
    (node,) = axilla.nodes
    assert node.course is NodeCourse.NEWLY_ABNORMAL
    assert any(node.record is r for r in node.results)


def test_only_what_disagrees_without_a_category_is_left() -> None:
    gone = "day 0 MR | L1 40\n+day 0 US | L1 40\nday 9 MR | L1 absent\n+day 9 US | L1 absent"
    felt = replace(KNOWN, clinical=(Clinical(side=Side.LEFT, date=dt.date(2026, 1, 10), palpable=True),))
    assert left(screened(gone, facts=felt)).discordances == ()
    assert {d.kind for d in left(screened(COURSE)).discordances} == {
        DiscordanceKind.SIZE,
        DiscordanceKind.ABSENT,
        DiscordanceKind.EXAM_STATED,
    }


def test_a_baseline_stays_one() -> None:
    response = screened("day 0 MR | L1 40 | N1 16")
    assert left(response).headline is Headline.BASELINE
    assert {n.category for a in response.axillae for n in a.nodes} == {Category.BASELINE}


def test_a_benign_new_finding_stays_benign() -> None:
    breast = left(screened("day 0 MR | L1 40\nday 9 MR | L1 40 | L2 new benign 9"))
    assert [f.classified for f in breast.new_findings] == [NewFindingClass.BENIGN]


def test_of_a_node_too_only_its_sizes_may_disagree() -> None:
    text = "day 0 MR | N1 16\n+day 0 US | N1 16\nday 9 MR | N1 23\n+day 9 US | N1 6"
    for response, kinds in (
        (unclassified(timeline(text)), {DiscordanceKind.SIZE, DiscordanceKind.PROGRESSION, DiscordanceKind.ABSENT}),
        (screened(text), {DiscordanceKind.SIZE, DiscordanceKind.ABSENT}),
    ):
        (axilla,) = response.axillae
        (node,) = axilla.nodes
        assert {d.kind for d in node.discordances} == kinds
