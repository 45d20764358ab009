"""The sites of one breast as the report answers them: every modality, the one of record, what contradicts it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reporter.case.lesion import Lesion
from reporter.case.vocabulary import BiopsyResult, Kind, Modality, Side
from reporter.response.course import Chart
from reporter.response.criteria.arithmetic import HELD
from reporter.response.criteria.per_site import Sight, in_breast, lesion_results, sight, to_confirm
from reporter.response.criteria.shared import lesion_result
from reporter.response.interface import Category, LesionPoint, LesionResult, SiteResponse, Verdict
from reporter.response.of_record import Record, measures_now, ranked, record_of
from reporter.response.roles import Part, Standing, is_new, part_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SideView:
    """One side at the reported time point: what each modality says, judged site by site."""

    chart: Chart
    side: Side
    sights: Mapping[Modality | None, Sight]
    """By modality, in the order of size of record."""
    results: Mapping[str, Mapping[Modality | None, LesionResult]]
    """Of every lesion of the side, by id, then by modality."""


def view_of(chart: Chart, side: Side) -> SideView:
    """Judge a side on every modality that ever looked at a lesion of it."""
    modalities = ranked(chart, (t.modality for t in chart.tracks if t.lesion.side is side), chart.thresholds.size_order)
    sights = {m: sight(chart, side, m, chart.reported) for m in modalities}
    results: dict[str, dict[Modality | None, LesionResult]] = {}
    for modality, seen in sights.items():
        by_id = {r.point.lesion_id: r for r in lesion_results(seen)}
        for part in seen.parts:
            lesion_id = part.track.lesion.id
            result = by_id.get(lesion_id) or lesion_result(chart, part, chart.reported)
            results.setdefault(lesion_id, {})[modality] = result
    return SideView(chart=chart, side=side, sights=sights, results=results)


def breast_lesions(chart: Chart, side: Side) -> tuple[Lesion, ...]:
    """The lesions of a breast that are sites: no nodes, no calcifications, nothing new, no fragments."""
    return tuple(
        lesion
        for lesion in chart.case.lesions
        if lesion.side is side
        and not lesion.is_node
        and lesion.kind is not Kind.CALCIFICATION
        and not is_new(chart, lesion)
        and all(_is_site(part_of(chart, t)) for t in chart.of(lesion.id))
    )


def _is_site(part: Part) -> bool:
    return part.standing is not Standing.FRAGMENT and in_breast(part)


def decides(lesion: Lesion) -> bool:
    """Whether a site decides: not benign, not in doubt."""
    return lesion.counted and lesion.kind is not None and lesion.biopsy_result is not BiopsyResult.BENIGN


def record_of_breast(view: SideView) -> Record:
    """The modality of record over the sites that decide."""
    deciding = {
        lesion.id: view.results.get(lesion.id, {})
        for lesion in breast_lesions(view.chart, view.side)
        if decides(lesion)
    }
    return record_of(view.chart, deciding, view.chart.thresholds.size_order)


def site_responses(view: SideView, record: Record) -> tuple[SiteResponse, ...]:
    """Every site of the breast by id, benign and doubtful ones too."""
    return tuple(_site(view, record, lesion) for lesion in breast_lesions(view.chart, view.side))


def _site(view: SideView, record: Record, lesion: Lesion) -> SiteResponse:
    results = view.results.get(lesion.id, {})
    own = results[record.by_site[lesion.id]] if lesion.id in record.by_site else None
    verdict = None if own is None else own.verdict
    category = Category.NE if verdict is None else verdict.category
    if category is Category.NE and view.chart.reported == view.chart.baseline:
        category = Category.BASELINE
    return SiteResponse(
        lesion_id=lesion.id,
        results=tuple(results.values()),
        series=series_of(view.chart, lesion.id, tuple(results)),
        record=own,
        category=category,
        benign=lesion.biopsy_result is BiopsyResult.BENIGN,
        held=is_held(verdict),
        regrowth_to_confirm=own is not None and confirm_on(view, lesion.id, own.point.modality),
        still_measured=_still_measured(results, own, category),
    )


def series_of(chart: Chart, lesion_id: str, modalities: tuple[Modality | None, ...]) -> tuple[LesionPoint, ...]:
    """Every point of a lesion, by modality in the order given, then time point."""
    tracks = {t.modality: t for t in chart.of(lesion_id)}
    return tuple(p for m in modalities if m in tracks for p in tracks[m].points)


def is_held(verdict: Verdict | None) -> bool:
    """Whether a verdict is a response that is held."""
    return verdict is not None and verdict.rule.endswith(HELD)


def confirm_on(view: SideView, lesion_id: str, modality: Modality | None) -> bool:
    """Whether the site came back on this modality below what is PD."""
    seen = view.sights[modality]
    return any(
        to_confirm(view.chart, site, judgement, view.chart.reported)
        for site, judgement in seen.sites
        if lesion_id in site.lesion_ids
    )


def _still_measured(
    results: Mapping[Modality | None, LesionResult], own: LesionResult | None, category: Category
) -> tuple[LesionPoint, ...]:
    if own is None or category is not Category.CR:
        return ()
    return tuple(r.point for r in results.values() if r is not own and measures_now(r))
