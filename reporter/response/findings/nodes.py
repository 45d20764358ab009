"""Nodes after therapy: their appearance beside their short axis, and the axilla's answer (clinical ground 2.10).

Normal-appearing: cortex at most 3 mm and hilum preserved.  Abnormal: cortex over 3 mm, hilum absent, or a cortex
type that counts (V, VI; a setting).  Effaced hilum with a thin cortex is an indeterminate appearance.  Where cortex or
hilum is not given the appearance is not stated.  A node that looks normal does not exclude residual disease.
Source of the thresholds: ACOSOG Z1071, axillary ultrasound after neoadjuvant therapy.
"""

from __future__ import annotations

from collections.abc import Sequence

from reporter.case.facts import Axilla, stated
from reporter.case.issue import Issue, Outcome
from reporter.case.lesion import Lesion
from reporter.case.vocabulary import BiopsyResult, LevelState, Modality, Role, Side
from reporter.response.appearance import appearance_at
from reporter.response.course import WITHOUT_VALUE, Chart
from reporter.response.findings.concordance import node_discordances
from reporter.response.findings.tumour_bed import marker_of
from reporter.response.interface import (
    AxillaResponse,
    Category,
    Discordance,
    LesionResult,
    NodeAppearance,
    NodeCourse,
    NodeResponse,
)
from reporter.response.modalities import is_imaging
from reporter.response.of_record import measures_now, ranked, usable
from reporter.response.roles import Standing, enlarged_node, is_fragment, part_of
from reporter.response.sites import SideView, series_of


def course_of(baseline: NodeAppearance, now: NodeAppearance) -> NodeCourse:
    """A node's appearance now against baseline."""
    if now is NodeAppearance.INDETERMINATE:
        return NodeCourse.INDETERMINATE
    if now is NodeAppearance.NOT_STATED:
        return NodeCourse.NOT_STATED
    if now is NodeAppearance.NORMAL:
        return NodeCourse.RESOLVED if baseline is NodeAppearance.ABNORMAL else NodeCourse.NORMAL
    return _ABNORMAL_NOW[baseline]


_ABNORMAL_NOW = {
    NodeAppearance.ABNORMAL: NodeCourse.PERSISTENTLY_ABNORMAL,
    NodeAppearance.NORMAL: NodeCourse.NEWLY_ABNORMAL,
    NodeAppearance.INDETERMINATE: NodeCourse.ABNORMAL_BASELINE_NOT_STATED,
    NodeAppearance.NOT_STATED: NodeCourse.ABNORMAL_BASELINE_NOT_STATED,
}


def baseline_appearance(chart: Chart, lesion: Lesion) -> NodeAppearance:
    """How it looked at baseline; proven malignant and seen there, it was abnormal even where that is not described."""
    if chart.baseline is None:
        return NodeAppearance.NOT_STATED
    found = appearance_at(chart, lesion, chart.baseline)
    proven = lesion.biopsy_result is BiopsyResult.MALIGNANT and chart.seen_at_origin(lesion.id)
    return NodeAppearance.ABNORMAL if found is NodeAppearance.NOT_STATED and proven else found


def known_as(chart: Chart, lesion: Lesion) -> Lesion:
    """The node that it was at baseline: of a part of one that split, that one."""
    known, passed = lesion, {lesion.id}
    while (parent := _split_from(chart, known)) is not None:
        if parent.id in passed:
            return lesion  # each said to be a part of the other
        known = parent
        passed.add(parent.id)
    return known


def _split_from(chart: Chart, lesion: Lesion) -> Lesion | None:
    parents = (chart.case.lesion(t.split_from) for t in chart.of(lesion.id) if t.split_from and is_fragment(chart, t))
    return next((p for p in parents if p.is_node), None)


def node_responses(view: SideView) -> tuple[NodeResponse, ...]:
    """Every node of the side by id, normal ones too."""
    chart = view.chart
    nodes = [n for n in chart.case.lesions if n.side is view.side and n.is_node]
    return tuple(_node(view, node) for node in nodes)


def _node(view: SideView, lesion: Lesion) -> NodeResponse:
    chart = view.chart
    results = view.results.get(lesion.id, {})
    found = ranked(chart, results, chart.thresholds.node_order)
    ordered = tuple(results[m] for m in found)
    record = _record(view, ordered)
    series = series_of(chart, lesion.id, found)
    discordant = node_discordances(view, lesion, ordered, series)
    known = known_as(chart, lesion)
    before, now = baseline_appearance(chart, known), appearance_at(chart, lesion, chart.reported)
    enlarged = _enlarged(chart, lesion)
    return NodeResponse(
        lesion_id=lesion.id,
        location=lesion.location,
        results=ordered,
        series=series,
        record=record,
        appearance_baseline=before,
        appearance_now=now,
        course=_course(chart, before, now, enlarged=enlarged),
        category=_category(chart, lesion, record),
        marker=marker_of(chart, lesion),
        proven=(lesion.biopsy_result or known.biopsy_result) is BiopsyResult.MALIGNANT,
        size_and_appearance_differ=_differ(chart, ordered, now),
        discordances=discordant,
        contradicted_by=_contradicted_by(chart, ordered, record, discordant),
        enlarged=enlarged,
    )


def _record(view: SideView, results: Sequence[LesionResult]) -> LesionResult | None:
    """The first modality, US before MRI, that measured the node at baseline and has a value now."""
    order = view.orders(view.chart.thresholds.node_order)
    by_size = any(r.role is Role.TARGET for r in results)
    return next((r for r in results if usable(view.chart, order, r, by_size=by_size)), None)


def _enlarged(chart: Chart, lesion: Lesion) -> bool:
    """Whether a node that was there at baseline has grown from a normal size to the pathological limit (2.4)."""
    parts = [part_of(chart, t) for t in chart.of(lesion.id)]
    return chart.seen_at_origin(lesion.id) and any(enlarged_node(chart, p, chart.reported) for p in parts)


def _course(chart: Chart, before: NodeAppearance, now: NodeAppearance, *, enlarged: bool) -> NodeCourse:
    """By appearance; enlarged from a normal size, it is newly abnormal unless it is described as normal-appearing.

    What a later biopsy proves does not make one that was normal at baseline abnormal then.
    """
    if enlarged and now is not NodeAppearance.NORMAL:
        return NodeCourse.NEWLY_ABNORMAL
    if chart.reported == chart.baseline and now is NodeAppearance.ABNORMAL:
        return NodeCourse.ABNORMAL_AT_BASELINE
    return course_of(NodeAppearance.NORMAL if chart.reported == chart.baseline else before, now)


def _category(chart: Chart, lesion: Lesion, record: LesionResult | None) -> Category:
    if chart.reported == chart.baseline:
        return Category.BASELINE
    if record is not None and record.verdict is not None:
        return record.verdict.category
    standings = [part_of(chart, t).standing for t in chart.of(lesion.id)]
    undiseased = bool(standings) and all(s in {Standing.NORMAL_NODE, Standing.BENIGN} for s in standings)
    return Category.NED if undiseased else Category.NE


def _differ(chart: Chart, results: Sequence[LesionResult], now: NodeAppearance) -> bool:
    """Whether short axis and appearance say different things now; to a normal look any large size is one."""
    sizes = [r.point.size.mm for r in results if r.point.size is not None and is_imaging(r.point.modality)]
    if not sizes:
        return False
    limit = chart.thresholds.node_normal_mm
    return (sizes[0] < limit and now is NodeAppearance.ABNORMAL) or (
        max(sizes) >= limit and now is NodeAppearance.NORMAL
    )


def _contradicted_by(
    chart: Chart, results: Sequence[LesionResult], record: LesionResult | None, discordant: Sequence[Discordance]
) -> tuple[Modality | None, ...]:
    """Other imaging that disagrees, finds a normal size where the record does not or the reverse, or sees it alone.

    What it sees alone it need not have measured.
    """
    told = record or next((r for r in results if measures_now(r)), None)
    if told is None:
        return ()
    apart = {p.modality for d in discordant for p in d.points}
    return tuple(
        r.point.modality
        for r in results
        if r is not told
        and is_imaging(r.point.modality)
        and (
            (measures_now(r) and not measures_now(told))
            or (r.point.size is not None and (r.point.modality in apart or _small(chart, r) is not _small(chart, told)))
        )
    )


def _small(chart: Chart, result: LesionResult) -> bool:
    size = result.point.size
    return size is None or size.mm < chart.thresholds.node_normal_mm


def axilla_response(view: SideView) -> AxillaResponse:
    """The answer for the nodes of one side."""
    chart = view.chart
    nodes = node_responses(view)
    evaluated = [r.point for n in nodes for r in n.results if r.point.state not in WITHOUT_VALUE]
    looked = [p.modality for p in evaluated if is_imaging(p.modality)]
    now = stated(chart.case.facts.axilla, view.side, chart.time_points[chart.reported].date)
    before = None
    if chart.baseline is not None:
        before = stated(chart.case.facts.axilla, view.side, chart.time_points[chart.baseline].date)
    return AxillaResponse(
        side=view.side,
        nodes=nodes,
        assessed=bool(looked) or (now is not None and _speaks(now)),
        modalities_now=ranked(chart, looked, chart.thresholds.node_order),
        abnormal_baseline=None if before is None else before.abnormal_nodes,
        abnormal_now=None if now is None else now.abnormal_nodes,
    )


def _speaks(entry: Axilla) -> bool:
    levels = any(state is not LevelState.NOT_IMAGED for state in entry.levels.values())
    return entry.abnormal_nodes is not None or levels


def appearance_questions(chart: Chart, nodes: Sequence[NodeResponse], side: Side) -> tuple[Issue, ...]:
    """Nodes abnormal now whose appearance at baseline is not stated; not again of a part of one that is asked of."""
    open_ = {n.lesion_id for n in nodes if n.course is NodeCourse.ABNORMAL_BASELINE_NOT_STATED}
    own = [i for i in sorted(open_) if known_as(chart, chart.case.lesion(i)).id not in open_ - {i}]
    return tuple(
        Issue(code="NODE_BASELINE_APPEARANCE", outcome=Outcome.QUESTION, lesion_id=i, side=side, column="cortex")
        for i in own
    )
