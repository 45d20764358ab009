"""The sites of one breast as the report answers them: every modality, the one of record, what contradicts it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from reporter.case.lesion import Lesion
from reporter.case.vocabulary import BiopsyResult, Kind, Modality, Role, Side
from reporter.response.asked import Asked
from reporter.response.course import SEEN, WITHOUT_VALUE, Chart, Track
from reporter.response.criteria.arithmetic import HELD
from reporter.response.criteria.per_site import Sight, Sights, in_breast, to_confirm
from reporter.response.criteria.shared import lesion_result
from reporter.response.interface import Category, LesionPoint, LesionResult, SiteResponse, State, Verdict
from reporter.response.modalities import is_imaging
from reporter.response.of_record import Record, measures_now, ranked, record_of
from reporter.response.roles import Part, Standing, is_fragment, is_new, part_of
from reporter.response.whole import whole_of


@dataclass(frozen=True, kw_only=True)
class SideView:
    """One side at the reported time point: what each modality says, judged site by site."""

    chart: Chart
    side: Side
    sights: Mapping[Modality | None, Sight]
    """By modality, in the order of size of record."""
    results: Mapping[str, Mapping[Modality | None, LesionResult]]
    """Of every lesion of the side, by id, then by modality."""
    asked: Asked | None = None
    """The criterion of the whole patient that gives each site its category; None: `per-site`."""

    @cached_property
    def lesions(self) -> tuple[Lesion, ...]:
        """The lesions of the breast that are sites."""
        return breast_lesions(self.chart, self.side)

    @cached_property
    def deciding(self) -> tuple[str, ...]:
        """The sites that decide; one that was never there is left out where another has disease to follow."""
        known = [lesion for lesion in self.lesions if decides(lesion)]
        followed = [lesion for lesion in known if not never_there(self.chart, lesion)]
        return tuple([lesion.id for lesion in followed or known])

    def orders(self, order: tuple[Modality, ...]) -> tuple[Modality, ...]:
        """An order of size of record; a criterion of the whole patient brings the other modalities that it accepts."""
        return order if self.asked is None else (*order, *Modality)


def view_of(known: Sights, side: Side, asked: Asked | None = None) -> SideView:
    """Judge a side on every modality that ever looked at a lesion of it."""
    chart = known.chart
    modalities = ranked(chart, (t.modality for t in chart.tracks if t.lesion.side is side), chart.thresholds.size_order)
    sights = {m: known.of(side, m, chart.reported) for m in modalities}
    results: dict[str, dict[Modality | None, LesionResult]] = {}
    for modality, seen in sights.items():
        by_id = {r.point.lesion_id: r for r in seen.results}
        for part in seen.parts:
            lesion_id = part.track.lesion.id
            result = by_id.get(lesion_id) or lesion_result(chart, part, chart.reported)
            if asked is not None and (part.target or part.non_target):
                result = _by_criterion(asked, seen, part, result)
            results.setdefault(lesion_id, {})[modality] = result
        for result in _in_pieces_alone(seen):
            results.setdefault(result.point.lesion_id, {})[modality] = result
    return SideView(chart=chart, side=side, sights=sights, results=results, asked=asked)


def _in_pieces_alone(seen: Sight) -> Iterator[LesionResult]:
    """Lesions of which this modality says nothing, but of the pieces they split into: what it shows is theirs."""
    known = {part.track.lesion.id for part in seen.parts}
    pieces = [part.track for part in seen.parts if part.standing is Standing.FRAGMENT]
    for lesion_id in sorted({t.split_from for t in pieces if t.split_from is not None} - known):
        track = seen.chart.track(seen.chart.case.lesion(lesion_id), pieces[0].modality)
        whole = whole_of([track], pieces)
        verdict = Verdict(category=Category.NE, rule="site.no_baseline_on_modality")
        yield lesion_result(seen.chart, part_of(seen.chart, track), seen.time_point, verdict, whole=whole)


def _by_criterion(asked: Asked, seen: Sight, part: Part, result: LesionResult) -> LesionResult:
    """With the category that the criterion gives the lesion, with its parts and what merged with it, by itself."""
    lesion_id = part.track.lesion.id
    together = next((s.lesion_ids for s, _ in seen.sites if lesion_id in s.lesion_ids), (lesion_id,))
    pieces = (p.track.lesion.id for p in seen.parts if p.track.split_from in together)
    answer = asked.of({*together, *pieces}, seen.time_point).get(part.track.modality)
    verdict = None if answer is None else asked.verdict(answer)
    return result if verdict is None else replace(result, verdict=verdict)


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


def calcified_beds(chart: Chart, side: Side) -> tuple[Lesion, ...]:
    """Calcifications of a breast that have a bed of their own: proven malignant, or with a marker (row B1, S37).

    They are never part of a category; their bed is confirmed, or not, like that of any site.
    """
    return tuple(
        lesion
        for lesion in chart.case.lesions
        if lesion.side is side
        and lesion.counted
        and lesion.kind is Kind.CALCIFICATION
        and lesion.role is not Role.NEW
        and (lesion.biopsy_result is BiopsyResult.MALIGNANT or lesion.clip is True)
    )


def _is_site(part: Part) -> bool:
    return part.standing is not Standing.FRAGMENT and in_breast(part.track.lesion)


def decides(lesion: Lesion) -> bool:
    """Whether a site decides: not benign, not in doubt."""
    return lesion.counted and lesion.biopsy_result is not BiopsyResult.BENIGN


def never_there(chart: Chart, lesion: Lesion) -> bool:
    """Whether a lesion was looked for at baseline, and nothing ever saw it or failed to: no known site (decision l)."""
    tracks = chart.of(lesion.id)
    sought = any(t.points[chart.origin].state is State.ABSENT for t in tracks)
    return sought and all(p.state in _NEVER for t in tracks for p in t.points)


_NEVER = WITHOUT_VALUE - {State.NOT_EVALUABLE} | {State.ABSENT}


def record_of_breast(view: SideView) -> Record:
    """The modality of record over the sites that decide.

    A site that is gone by it has none while another imaging modality gives a value that cannot be used: no complete
    response stands until that value is settled, and the rest is answered site by site.
    """
    deciding = {lesion_id: view.results.get(lesion_id, {}) for lesion_id in view.deciding}
    found = record_of(view.chart, deciding, view.orders(view.chart.thresholds.size_order))
    open_ = {i for i in found.by_site if unusable_now(view.chart, i)}
    if not open_:
        return found
    settled = {i: m for i, m in found.by_site.items() if i not in open_}
    return replace(found, modality=None, site_by_site=True, by_site=settled)


def unusable_now(chart: Chart, lesion_id: str) -> tuple[LesionPoint, ...]:
    """Where imaging gives a value of a lesion now that cannot be used, and none sees the lesion in another way."""
    now = [(t, t.points[chart.reported]) for t in chart.of(lesion_id)]
    if any(is_imaging(p.modality) and p.state in SEEN for _, p in now):
        return ()
    return tuple(p for t, p in now if is_imaging(p.modality) and _value_taken(t, chart.reported))


def _value_taken(track: Track, time_point: int) -> bool:
    """Whether its value was taken away; a usable one of the time point stands for it, and is all that is read."""
    return any(r.taken for r in track.readings[time_point])


def site_responses(view: SideView, record: Record) -> tuple[SiteResponse, ...]:
    """Every site of the breast by id, benign and doubtful ones too."""
    return tuple(_site(view, record, lesion) for lesion in view.lesions)


def _site(view: SideView, record: Record, lesion: Lesion) -> SiteResponse:
    results = view.results.get(lesion.id, {})
    own = results[record.by_site[lesion.id]] if lesion.id in record.by_site else None
    verdict = None if own is None else own.verdict
    unanswered = Category.NED if decides(lesion) and lesion.id not in view.deciding else Category.NE
    category = unanswered if verdict is None else verdict.category
    if view.chart.reported == view.chart.baseline:
        category = Category.BASELINE
    return SiteResponse(
        lesion_id=lesion.id,
        results=tuple(results.values()),
        series=series_of(view.chart, lesion.id, tuple(results)),
        record=own,
        fragments=_fragments(view.chart, lesion.id),
        category=category,
        benign=lesion.biopsy_result is BiopsyResult.BENIGN,
        held=is_held(verdict),
        regrowth_to_confirm=own is not None and confirm_on(view, lesion.id, own.point.modality),
        still_measured=_seen_now(results.values()) if category is Category.CR else (),
        unusable=unusable_now(view.chart, lesion.id) if own is None else (),
    )


def series_of(chart: Chart, lesion_id: str, modalities: tuple[Modality | None, ...]) -> tuple[LesionPoint, ...]:
    """Every point of a lesion, by modality in the order given, then time point."""
    lesion = chart.case.lesion(lesion_id)
    return tuple(p for m in modalities for p in chart.track(lesion, m).points)


def _fragments(chart: Chart, lesion_id: str) -> tuple[LesionPoint, ...]:
    """What split from a lesion, from when it is there."""
    found = [t for t in chart.tracks if t.split_from == lesion_id and is_fragment(chart, t)]
    return tuple(p for t in found if t.first_seen is not None for p in t.points[t.first_seen :])


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


def _seen_now(results: Iterable[LesionResult]) -> tuple[LesionPoint, ...]:
    return tuple(r.point for r in results if measures_now(r))
