"""Growth that must be told: PD on any imaging modality, and growth since the smallest that is not PD.

PD on any imaging modality (PET apart) against its own baseline or smallest size is row B5, whatever the record says
(decision l); growth between the studies at hand that meets the PD rule counts where no baseline exists (row A5).
Growth short of PD is row C10.  A criterion of the whole patient that feeds the decision table adds what it calls PD of
a lesion, or of the sum of a side, by itself; what size calls PD stands beside it: the most urgent is never lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from reporter.case.vocabulary import Modality
from reporter.response.called import called_progressive, new_or_grown
from reporter.response.course import Chart
from reporter.response.criteria.arithmetic import HELD
from reporter.response.criteria.judgement import Judgement
from reporter.response.criteria.per_site import Sight, to_confirm
from reporter.response.exact import grown
from reporter.response.interface import (
    Category,
    NewFindingClass,
    Operand,
    Progression,
    ProgressionKind,
    Regrowth,
    State,
    Verdict,
)
from reporter.response.modalities import is_imaging
from reporter.response.of_record import Record
from reporter.response.roles import Part, Standing
from reporter.response.sites import SideView
from reporter.response.whole import Smallest, Whole


def progressions(view: SideView, record: Record) -> tuple[Progression, ...]:
    """Every reason for PD on every imaging modality, in the order of size of record."""
    if view.chart.reported == view.chart.baseline:
        return ()
    found: list[Progression] = []
    for modality, seen in view.sights.items():
        if is_imaging(modality):
            found += _on_modality(seen, modality, record)
            told = frozenset(p.lesion_id for p in found if p.modality is modality and not p.without_baseline)
            found += called_progressive(view, modality, record, told)
    return tuple(found)


def _on_modality(seen: Sight, modality: Modality | None, record: Record) -> Iterator[Progression]:
    yield from _sites(seen, modality, record)
    yield from _sum(seen, modality, record)
    yield from _non_targets(seen, modality, record)
    yield from _new(seen, modality)
    yield from _without_baseline(seen, modality)
    yield from _by_word(seen, modality)


def _sites(seen: Sight, modality: Modality | None, record: Record) -> Iterator[Progression]:
    for site, judgement in seen.sites:
        if judgement.category is Category.PD:
            head = site.parts[0].track.lesion
            yield Progression(
                kind=_kind(site, judgement),
                modality=modality,
                lesion_id=head.id,
                verdict=judgement.verdict,
                baseline=judgement.baseline,
                nadir=judgement.nadir,
                now=judgement.now,
                of_record=head.id in record.by_site and record.by_site[head.id] is modality,
            )


def _kind(site: Whole, judgement: Judgement) -> ProgressionKind:
    if site.parts[0].track.lesion.is_node:
        return ProgressionKind.NODE
    back = judgement.verdict.rule.endswith("pd_returned")
    return ProgressionKind.REAPPEARANCE if back else ProgressionKind.SITE


def _sum(seen: Sight, modality: Modality | None, record: Record) -> Iterator[Progression]:
    """The sum, where no single site is PD."""
    total = seen.total
    alone = all(j.category is not Category.PD for _, j in seen.sites)
    if total is not None and total.category is Category.PD and alone:
        yield Progression(
            kind=ProgressionKind.SUM,
            modality=modality,
            lesion_id=None,
            verdict=total.verdict,
            baseline=total.baseline,
            nadir=total.nadir,
            now=total.now,
            of_record=not record.site_by_site and bool(record.by_site) and record.modality is modality,
        )


def _non_targets(seen: Sight, modality: Modality | None, record: Record) -> Iterator[Progression]:
    verdict = seen.non_target
    if verdict is None or verdict.category is not Category.PD:
        return
    for lesion_id in verdict.lesion_ids:
        yield Progression(
            kind=ProgressionKind.NON_TARGET,
            modality=modality,
            lesion_id=lesion_id,
            verdict=verdict,
            of_record=lesion_id in record.by_site and record.by_site[lesion_id] is modality,
        )


def _new(seen: Sight, modality: Modality | None) -> Iterator[Progression]:
    for finding in seen.findings:
        if finding.classified is NewFindingClass.PROGRESSION:
            size = next((p.size for p in finding.points if p.modality is modality), None)
            yield Progression(
                kind=new_or_grown(seen.chart, finding.lesion_id),
                modality=modality,
                lesion_id=finding.lesion_id,
                verdict=Verdict(category=Category.PD, rule="overall.new_lesion", lesion_ids=(finding.lesion_id,)),
                now=None if size is None else size.mm,
                of_record=True,
            )


def _without_baseline(seen: Sight, modality: Modality | None) -> Iterator[Progression]:
    """Growth between the studies at hand, of lesions that have no baseline on this modality; a non-target's is C10."""
    chart, told = seen.chart, False
    for part in seen.parts:
        now, nadir = _now_and_nadir(seen, part) if _unreferenced(chart, part) else (None, None)
        lesion = part.track.lesion
        if now is None or nadir is None:
            continue
        if _meets_the_rule(chart, now, nadir.size, node=lesion.is_node):
            told = True
            kind = ProgressionKind.NODE if lesion.is_node else ProgressionKind.SITE
            yield _growth(chart, kind, modality, (lesion.id,), now, nadir.size)
    total = seen.total
    if told or chart.baseline is not None or total is None or total.now is None or total.nadir is None:
        return
    if _meets_the_rule(chart, total.now, total.nadir, node=False):
        yield _growth(chart, ProgressionKind.SUM, modality, seen.whole.lesion_ids, total.now, total.nadir)


def _now_and_nadir(seen: Sight, part: Part) -> tuple[Decimal | None, Smallest | None]:
    """The size of one lesion by itself, and its smallest before."""
    return part.alone.size_at(seen.time_point), part.alone.nadir(seen.chart.origin, seen.time_point)


def _unreferenced(chart: Chart, part: Part) -> bool:
    """Whether a lesion that could be followed has no baseline on its modality."""
    size = None if chart.baseline is None else part.track.size_at(chart.baseline)
    elsewhere = part.standing is Standing.ELSEWHERE and not part.without_size
    return elsewhere or (part.target and size is None)


def _meets_the_rule(chart: Chart, now: Decimal, smallest: Decimal, *, node: bool) -> bool:
    """Whether growth meets both limits of progression; of a node that is not of normal size."""
    small_node = node and now < chart.thresholds.node_normal_mm
    return grown(now, smallest, chart.thresholds) and not small_node


def _growth(
    chart: Chart,
    kind: ProgressionKind,
    modality: Modality | None,
    lesion_ids: tuple[str, ...],
    now: Decimal,
    nadir: Decimal,
) -> Progression:
    limits = chart.thresholds
    verdict = Verdict(
        category=Category.PD,
        rule="site.pd_without_baseline",
        operands=(
            Operand(name="now", value=now, unit="mm"),
            Operand(name="nadir", value=nadir, unit="mm"),
            Operand(name="pd_percent", value=limits.pd_percent, unit="%"),
            Operand(name="pd_mm", value=limits.pd_mm, unit="mm"),
        ),
        lesion_ids=lesion_ids,
    )
    return Progression(
        kind=kind,
        modality=modality,
        lesion_id=None if kind is ProgressionKind.SUM else lesion_ids[0],
        verdict=verdict,
        nadir=nadir,
        now=now,
        without_baseline=True,
    )


def _by_word(seen: Sight, modality: Modality | None) -> Iterator[Progression]:
    """The reader's word of unequivocal progression of a known lesion, on a modality that has no baseline of it."""
    for part in seen.parts:
        if part.standing is Standing.ELSEWHERE and part.track.points[seen.time_point].state is State.PROGRESSED:
            lesion = part.track.lesion
            yield Progression(
                kind=ProgressionKind.NODE if lesion.is_node else ProgressionKind.NON_TARGET,
                modality=modality,
                lesion_id=lesion.id,
                verdict=Verdict(category=Category.PD, rule="site.pd_unequivocal", lesion_ids=(lesion.id,)),
            )


def regrowths(view: SideView) -> tuple[Regrowth, ...]:
    """Growth since the smallest that is not PD, on any imaging modality: targets, their sum, non-targets (row C10)."""
    if view.chart.reported == view.chart.baseline:
        return ()
    found: list[Regrowth] = []
    for modality, seen in view.sights.items():
        if is_imaging(modality):
            found += _regrown(seen, modality)
    return tuple(found)


def _regrown(seen: Sight, modality: Modality | None) -> Iterator[Regrowth]:
    for site, judgement in seen.sites:
        confirm = to_confirm(seen.chart, site, judgement, seen.time_point)
        regrowth = _regrowth(seen.chart, site.parts[0].track.lesion.id, modality, judgement, confirm=confirm)
        if regrowth is not None:
            yield regrowth
    if seen.total is not None and len(seen.sites) > 1:
        regrowth = _regrowth(seen.chart, None, modality, seen.total, confirm=False)
        if regrowth is not None:
            yield regrowth
    for part in seen.parts:
        if part.without_size and not _called_progressive(seen.chart, part.track.lesion.id, seen.time_point):
            yield from _regrown_non_target(seen, part)


def _called_progressive(chart: Chart, lesion_id: str, time_point: int) -> bool:
    """Whether the reader calls the lesion unequivocally progressive now, on whatever modality."""
    return any(t.points[time_point].state is State.PROGRESSED for t in chart.of(lesion_id))


def _regrown_non_target(seen: Sight, part: Part) -> Iterator[Regrowth]:
    """Growth of a measured non-target lesion or node; its category cannot tell it, being judged without size."""
    now, nadir = _now_and_nadir(seen, part)
    if nadir is not None and now is not None and now - nadir.size >= seen.chart.thresholds.regrowth_mm:
        yield Regrowth(
            lesion_id=part.track.lesion.id,
            modality=part.track.modality,
            baseline=part.track.size_at(seen.chart.origin),
            smallest=nadir.size,
            smallest_time_point=nadir.time_point,
            smallest_day=part.alone.day_of(nadir),
            now=now,
            non_target=True,
        )


def _regrowth(
    chart: Chart, lesion_id: str | None, modality: Modality | None, judged: Judgement, *, confirm: bool
) -> Regrowth | None:
    now, nadir = judged.now, judged.nadir
    if now is None or nadir is None or judged.nadir_time_point is None or judged.category is Category.PD:
        return None
    node = lesion_id is not None and chart.case.lesion(lesion_id).is_node
    if chart.baseline is None and _meets_the_rule(chart, now, nadir, node=node):
        return None  # told as growth that meets the rule of progression (row A5)
    held = judged.verdict.rule.endswith(HELD)
    growth = now - nadir
    if growth <= 0 or not (held or confirm or growth >= chart.thresholds.regrowth_mm):
        return None
    return Regrowth(
        lesion_id=lesion_id,
        modality=modality,
        baseline=judged.baseline,
        smallest=nadir,
        smallest_time_point=judged.nadir_time_point,
        smallest_day=judged.nadir_day,
        now=now,
        held=held,
        to_confirm=confirm,
    )


def progressed_sites(found: tuple[Progression, ...]) -> frozenset[str]:
    """Sites that progress on any imaging modality against a baseline of their own."""
    kinds = {ProgressionKind.SITE, ProgressionKind.REAPPEARANCE, ProgressionKind.NON_TARGET}
    return frozenset(
        p.lesion_id for p in found if p.kind in kinds and p.lesion_id is not None and not p.without_baseline
    )
