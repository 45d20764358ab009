"""Where modalities, or examination and imaging, disagree (decision v).

Between modalities that both saw the site at baseline: sizes now that differ by more than 10 mm, or PD on one and not
on the other; and absent on one that saw it at baseline while another, with or without a baseline, measures 5 mm or
more.  Of a node, under 10 mm short axis is gone (decision e): it disagrees where one modality calls gone what it saw at
baseline (at 10 mm or more, if it says so by size) and another measures 10 mm or more, by the same 5 mm more at least.
With the examination: palpable although imaging says CR, or enlarging by examination against shrinkage on
imaging.  A small residual that cannot be felt is no discordance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

from reporter.case.facts import Clinical, stated
from reporter.case.length import Length
from reporter.case.lesion import Lesion
from reporter.case.vocabulary import BiopsyResult, Modality
from reporter.response.course import SEEN
from reporter.response.exact import EXACT
from reporter.response.interface import (
    Category,
    Discordance,
    DiscordanceKind,
    LesionPoint,
    LesionResult,
    SiteResponse,
    State,
    Thresholds,
)
from reporter.response.modalities import is_imaging
from reporter.response.sites import SideView

FELT = frozenset({State.MEASURED, State.TOO_SMALL, State.PRESENT, State.PROGRESSED})
"""States in which an examination finds a lesion."""
Contradicts = Callable[[Thresholds, LesionResult, LesionResult], bool]
"""Whether the first modality, which saw the lesion at baseline, calls gone what the second measures."""


def discordances(view: SideView, sites: Sequence[SiteResponse]) -> tuple[Discordance, ...]:
    """Every disagreement at the reported time point, site by site, then of the whole breast."""
    if view.chart.reported == view.chart.baseline:
        return ()
    found = [d for site in sites if not site.benign for d in _of_site(view, site)]
    return (*found, *_of_breast(view, sites))


def _of_site(view: SideView, site: SiteResponse) -> Iterator[Discordance]:
    yield from _between(view, site.results, site.series, _absent)
    yield from _felt(view, site)
    examined = next((r for r in site.results if r.point.modality is Modality.EXAM), None)
    if examined is None:
        return
    if site.category is Category.CR and examined.point.state in FELT:
        yield _with_exam(DiscordanceKind.PALPABLE, site, examined)
    if _larger(view, examined) and _shrinking(site):
        yield _with_exam(DiscordanceKind.ENLARGING_BY_EXAM, site, examined)


def node_discordances(
    view: SideView, node: Lesion, results: Sequence[LesionResult], series: Sequence[LesionPoint]
) -> tuple[Discordance, ...]:
    """Every disagreement of imaging modalities about a node at the reported time point."""
    if view.chart.reported == view.chart.baseline or node.biopsy_result is BiopsyResult.BENIGN:
        return ()
    return tuple(_between(view, results, series, _node_gone))


def _between(
    view: SideView, results: Sequence[LesionResult], series: Sequence[LesionPoint], contradicts: Contradicts
) -> Iterator[Discordance]:
    imaging = [r for r in results if is_imaging(r.point.modality)]
    saw = _saw_at_baseline(view, series) if len(imaging) > 1 else frozenset()
    for one, other in combinations(imaging, 2):
        for kind in _kinds(view.chart.thresholds, one, other, saw, contradicts):
            yield Discordance(kind=kind, lesion_id=one.point.lesion_id, points=(one.point, other.point))


def _felt(view: SideView, site: SiteResponse) -> Iterator[Discordance]:
    """What the facts say of this very lesion."""
    day = view.chart.time_points[view.chart.reported].date
    own = [e for e in view.chart.case.facts.clinical if e.lesion_id == site.lesion_id and e.date == day]
    if not own:
        return
    if site.category is Category.CR and any(e.palpable for e in own):
        yield Discordance(kind=DiscordanceKind.PALPABLE, lesion_id=site.lesion_id)
    if any(e.exam_agrees is False for e in own):
        yield Discordance(kind=DiscordanceKind.EXAM_STATED, lesion_id=site.lesion_id)


def _with_exam(kind: DiscordanceKind, site: SiteResponse, examined: LesionResult) -> Discordance:
    points = (examined.point,) if site.record is None else (examined.point, site.record.point)
    return Discordance(kind=kind, lesion_id=site.lesion_id, points=points)


def _saw_at_baseline(view: SideView, series: Sequence[LesionPoint]) -> frozenset[Modality | None]:
    """The modalities that saw the lesion at baseline, with a size of its own or without."""
    return frozenset(p.modality for p in series if p.time_point == view.chart.baseline and p.state in SEEN)


def _kinds(
    limits: Thresholds,
    one: LesionResult,
    other: LesionResult,
    saw: frozenset[Modality | None],
    contradicts: Contradicts,
) -> Iterator[DiscordanceKind]:
    if {one.point.modality, other.point.modality} <= saw:
        a, b = _own_size(one), _own_size(other)
        if a is not None and b is not None and abs(EXACT.subtract(a.mm, b.mm)) > limits.discordance_mm:
            yield DiscordanceKind.SIZE
        if _one_progresses(one, other):
            yield DiscordanceKind.PROGRESSION
    for gone, there in ((one, other), (other, one)):
        if gone.point.modality in saw and contradicts(limits, gone, there):
            yield DiscordanceKind.ABSENT


def _own_size(result: LesionResult) -> Length | None:
    """Its size now; the 0 mm of one that merged into another is bookkeeping."""
    return None if result.point.state is State.MERGED else result.point.size


def _one_progresses(one: LesionResult, other: LesionResult) -> bool:
    found = [Category.NE if r.verdict is None else r.verdict.category for r in (one, other)]
    return Category.NE not in found and found.count(Category.PD) == 1


def _absent(limits: Thresholds, gone: LesionResult, there: LesionResult) -> bool:
    return gone.point.state is State.ABSENT and _measured(there, limits)


def _node_gone(limits: Thresholds, gone: LesionResult, there: LesionResult) -> bool:
    """By its word, or by a short axis that has come to be of normal size; a node of normal size contradicts neither."""
    now, then, other = gone.point.size, gone.baseline, there.point.size
    if now is None or other is None or not _measured(there, limits):
        return False
    shrunk = now.mm < limits.node_normal_mm and then is not None and then.mm >= limits.node_normal_mm
    apart = EXACT.subtract(other.mm, now.mm) >= limits.discordance_absent_mm
    return (gone.point.state is State.ABSENT or shrunk) and other.mm >= limits.node_normal_mm and apart


def _measured(there: LesionResult, limits: Thresholds) -> bool:
    """Whether it is measured now, at a size that contradicts another modality's word that it is gone."""
    size = there.point.size
    return there.point.state is State.MEASURED and size is not None and size.mm >= limits.discordance_absent_mm


def _larger(view: SideView, examined: LesionResult) -> bool:
    change = examined.from_nadir
    return change is not None and change.difference >= view.chart.thresholds.pd_mm


def _shrinking(site: SiteResponse) -> bool:
    change = None if site.record is None else site.record.from_baseline
    return change is not None and change.difference < 0


def _of_breast(view: SideView, sites: Sequence[SiteResponse]) -> Iterator[Discordance]:
    chart = view.chart
    now = stated(chart.case.facts.clinical, view.side, chart.time_points[chart.reported].date)
    if now is None:
        return
    counted = [s for s in sites if not s.benign]
    complete = bool(counted) and all(s.category is Category.CR for s in counted)
    if now.palpable and complete:
        yield Discordance(kind=DiscordanceKind.PALPABLE, lesion_id=None)
    if _enlarging(view, now) and any(_shrinking(s) for s in counted):
        yield Discordance(kind=DiscordanceKind.ENLARGING_BY_EXAM, lesion_id=None)
    if now.exam_agrees is False:
        yield Discordance(kind=DiscordanceKind.EXAM_STATED, lesion_id=None)


def _enlarging(view: SideView, now: Clinical) -> bool:
    """Whether the size by examination has grown, by at least 5 mm since the smallest stated."""
    chart = view.chart
    earlier = [
        entry.size.mm
        for t in chart.time_points[chart.origin : chart.reported]
        if (entry := stated(chart.case.facts.clinical, view.side, t.date)) is not None and entry.size is not None
    ]
    if now.size is None or not earlier:
        return False
    return EXACT.subtract(now.size.mm, min(earlier)) >= chart.thresholds.pd_mm
