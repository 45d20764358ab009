"""What the rules found missing: facts that would change a category, a headline or the next step, as issues."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reporter.case.issue import Issue, Outcome
from reporter.case.lesion import Lesion
from reporter.case.vocabulary import BiopsyResult, Kind, Modality, Role, Side
from reporter.response.appearance import appearance_at
from reporter.response.course import Chart
from reporter.response.findings.extent import border_questions, span_of
from reporter.response.findings.nodes import appearance_questions
from reporter.response.interface import (
    AxillaResponse,
    BreastResponse,
    MarkerState,
    NewFinding,
    NewFindingClass,
    NodeAppearance,
    State,
)
from reporter.response.modalities import is_imaging
from reporter.response.roles import enlarged_node, is_new, part_of
from reporter.response.sites import decides


def breast_issues(chart: Chart, breast: BreastResponse) -> tuple[Issue, ...]:
    """Open points of one breast."""
    lesions = [chart.case.lesion(s.lesion_id) for s in breast.sites]
    open_sites = [x for x in lesions if x.biopsy_result is not BiopsyResult.BENIGN]
    return (
        *biopsy_questions(open_sites),
        *_coverage(breast.new_findings),
        *_markers(chart, breast),
        *border_questions([x for x in open_sites if x.kind is not Kind.SKIN]),
        *span_of(chart, breast.side)[1],
        *_without_record(chart, breast),
        *_grown_nodes(chart, breast.side),
        *_grown_non_targets(chart, breast),
        *_contradicting_new(chart, breast.side),
    )


def axilla_issues(chart: Chart, axilla: AxillaResponse) -> tuple[Issue, ...]:
    """Open points of one axilla."""
    nodes = [chart.case.lesion(n.lesion_id) for n in axilla.nodes]
    followed = [n for n in nodes if any(part_of(chart, t).counted for t in chart.of(n.id))]
    return (*biopsy_questions(followed), *appearance_questions(chart, axilla.nodes, axilla.side))


_BIOPSY_OPEN = {None: "BIOPSY_NOT_STATED", BiopsyResult.PENDING: "BIOPSY_PENDING"}


def biopsy_questions(lesions: Iterable[Lesion]) -> Iterator[Issue]:
    """Sites and nodes that are counted although their biopsy result is pending or not stated (decision k)."""
    for lesion in lesions:
        code = _BIOPSY_OPEN.get(lesion.biopsy_result)
        if code is not None and lesion.counted:
            yield _question(code, lesion, "biopsy_result")


def _question(code: str, lesion: Lesion, column: str) -> Issue:
    return Issue(code=code, outcome=Outcome.QUESTION, lesion_id=lesion.id, side=lesion.side, column=column)


def _coverage(findings: Iterable[NewFinding]) -> Iterator[Issue]:
    """Whether the area of a new finding had been covered before (decision p)."""
    for finding in findings:
        if finding.covered_before is None and finding.classified is NewFindingClass.UNSETTLED:
            yield Issue(
                code="COVERAGE_NOT_STATED",
                outcome=Outcome.QUESTION,
                lesion_id=finding.lesion_id,
                side=finding.side,
                column="covered_before",
            )


def _markers(chart: Chart, breast: BreastResponse) -> Iterator[Issue]:
    """Whether a site carries a marker, or whether it was seen now (row B2)."""
    if chart.reported == chart.baseline:
        return
    for marker in breast.markers:
        lesion = chart.case.lesion(marker.lesion_id)
        if marker.state is MarkerState.NOT_STATED and lesion.kind is not Kind.SKIN:
            placed = lesion.clip is True
            yield _question(
                "CLIP_SEEN_NOT_STATED" if placed else "CLIP_NOT_STATED", lesion, "clip_seen" if placed else "clip"
            )


def _without_record(chart: Chart, breast: BreastResponse) -> Iterator[Issue]:
    """Sites that no one modality measured both at baseline and now (row B8)."""
    for site in breast.sites:
        imaging = [r for r in site.results if is_imaging(r.point.modality)]
        now = {r.point.modality for r in imaging if r.point.size is not None}
        then = {r.point.modality for r in imaging if r.baseline is not None}
        if now and then and now.isdisjoint(then) and decides(chart.case.lesion(site.lesion_id)):
            yield Issue(code="CROSS_MODALITY", outcome=Outcome.NOTE, lesion_id=site.lesion_id, side=breast.side)


def _grown_nodes(chart: Chart, side: Side) -> Iterator[Issue]:
    """Nodes normal at baseline, or not mentioned there, that have reached 10 mm (2.4).

    Of a known one that a biopsy has proven since, it is not asked whether it is disease.
    """
    for lesion in (x for x in chart.case.lesions if x.is_node and x.side is side):
        parts = [part_of(chart, t) for t in chart.of(lesion.id)]
        if any(enlarged_node(chart, p, chart.reported) for p in parts):
            known = chart.stated_at_origin(lesion.id)
            if known and lesion.biopsy_result is BiopsyResult.MALIGNANT:
                continue
            outcome = Outcome.QUESTION if known else Outcome.PROBLEM
            code = "NODE_ENLARGED" if known else "LES_NEW"
            yield Issue(code=code, outcome=outcome, lesion_id=lesion.id, side=side, column="role")


def _grown_non_targets(chart: Chart, breast: BreastResponse) -> Iterator[Issue]:
    """Non-targets that grew: whether it is unequivocal progression (2.5), and how a node looks that is not described.

    A non-target is progression by the reader's word alone, so that its growth is asked, whatever its size.
    """
    grown = {r.lesion_id for r in breast.regrowths if r.non_target}
    for lesion in (x for x in chart.case.lesions if x.id in grown):
        yield _question("NON_TARGET_GROWTH", lesion, "status")
        if lesion.is_node and appearance_at(chart, lesion, chart.reported) is NodeAppearance.NOT_STATED:
            yield _question("NODE_APPEARANCE", lesion, "cortex")


def _contradicting_new(chart: Chart, side: Side) -> Iterator[Issue]:
    """Lesions declared new that are there at baseline: taken as known, and said."""
    for lesion in chart.case.lesions:
        if (
            lesion.role is Role.NEW
            and lesion.side is side
            and not is_new(chart, lesion)
            and chart.seen_at_origin(lesion.id)
        ):
            yield Issue(
                code="LES_NEW_AT_BASELINE", outcome=Outcome.PROBLEM, lesion_id=lesion.id, side=side, column="role"
            )


def contrast_question(chart: Chart) -> tuple[Issue, ...]:
    """Whether MR was made with contrast, where neither header nor facts say (asked once, of the latest)."""
    silent = [
        r
        for t in chart.tracks
        if t.modality is Modality.MR
        for readings in t.readings
        for r in readings
        if chart.contrast[r.row.study, t.lesion.side] is None and r.state is not State.NOT_IMAGED
    ]
    if not silent:
        return ()
    study = max(silent, key=lambda r: r.rank).row.study
    return (Issue(code="MR_CONTRAST_NOT_STATED", outcome=Outcome.QUESTION, study=study, column="breast.mri_contrast"),)
