"""`per-site`: the arithmetic of RECIST 1.1 for each site, and for the sum of sites per breast with its axilla.

An adaptation for breasts under neoadjuvant therapy (decision k): every site not stated benign is followed, ultrasound
and mammography are accepted, each modality is compared with itself alone.  Sites that differ are a mixed response,
never the category of their sum (decision n); a site that comes back is PD from a measured 5 mm on (decision b); a
new lesion is PD only if it is unequivocal or proven and its area had been covered before (decision p).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, partial
from typing import ClassVar

from reporter.case.case import Case
from reporter.case.lesion import Lesion
from reporter.case.vocabulary import Modality, Side
from reporter.response.course import ANY_SIDE, Chart, chart
from reporter.response.criteria.judgement import RESPONDED, Judgement, judge
from reporter.response.criteria.shared import (
    BySize,
    lesion_result,
    modified,
    non_target_verdict,
    recorded,
    result_order,
    shared_issues,
    shown,
    site_result,
    sums,
    whole_of_targets,
    without_doubtful_cr,
    without_reference,
)
from reporter.response.criteria.timepoint_table import row_of
from reporter.response.exact import total
from reporter.response.interface import (
    Assessment,
    Category,
    LesionResult,
    NewFinding,
    NewFindingClass,
    NewLesions,
    State,
    Verdict,
)
from reporter.response.modalities import is_imaging
from reporter.response.new_lesions import new_finding, new_lesions
from reporter.response.roles import Part, Standing, enlarged_node, parts, seen
from reporter.response.whole import Whole, sites_of, whole_of


@dataclass(frozen=True, slots=True)
class PerSite(BySize):
    """The default criterion; see the module."""

    id: ClassVar[str] = "per-site"
    """Stable id."""

    @property
    def name(self) -> str:
        """Printed name, with what a site changed."""
        return f"per-site, an adaptation of RECIST 1.1{modified(self.thresholds, 'reappearance_mm')}"

    def assess(self, case: Case) -> tuple[Assessment, ...]:
        """One assessment for each breast with its axilla, modality and time point at which it was used.

        Lesions without a side stand by themselves, side None, and are not evaluable.
        """
        return assessments(Sights(chart(case, self.thresholds)))


@dataclass(frozen=True, kw_only=True)
class Sight:
    """One side on one modality at one time point, put together for the rules."""

    chart: Chart
    time_point: int
    parts: tuple[Part, ...]
    whole: Whole
    sites: tuple[tuple[Whole, Judgement], ...]
    total: Judgement | None
    non_target: Verdict | None
    findings: tuple[NewFinding, ...]

    @cached_property
    def results(self) -> tuple[LesionResult, ...]:
        """Every lesion on this modality; each target, and each other lesion that has one, with its category."""
        judged = {part.track.lesion.id: (site, j) for site, j in self.sites for part in site.parts}
        found = (_result(self, part, judged) for part in self.parts if shown(part, self.time_point))
        return tuple(sorted(found, key=result_order))


@dataclass(frozen=True, slots=True)
class Sights:
    """The sights of a chart, each put together once: the assessments and the answer for a breast rest on the same."""

    chart: Chart
    _followed: dict[tuple[Side | None, Modality | None], tuple[tuple[Part, ...], Whole]] = field(default_factory=dict)
    """The lesions of a side on a modality, and the sum of its targets; the same at every time point."""
    _known: dict[tuple[Side | None, Modality | None, int], Sight] = field(default_factory=dict)

    def of(self, side: Side | None, modality: Modality | None, time_point: int) -> Sight:
        """Every site, the sum, non-targets and new lesions of a side on one modality, judged."""
        key = side, modality, time_point
        if key not in self._known:
            self._known[key] = _sight(self.chart, *self._parts_and_sum(side, modality), time_point)
        return self._known[key]

    def _parts_and_sum(self, side: Side | None, modality: Modality | None) -> tuple[tuple[Part, ...], Whole]:
        key = side, modality
        if key not in self._followed:
            found = breast_parts(self.chart, side, modality)
            self._followed[key] = found, whole_of_targets(found)
        return self._followed[key]


def assessments(sights: Sights) -> tuple[Assessment, ...]:
    """One assessment for each breast with its axilla, modality and time point, see `PerSite.assess`."""
    known = sights.chart
    return tuple(
        _assess(sights.of(side, modality, time_point), side, modality)
        for side in ANY_SIDE
        for modality in dict.fromkeys(t.modality for t in known.tracks if t.lesion.side is side)
        for time_point in range(known.origin, len(known.time_points))
        if known.done(time_point, modality, side)
    )


def breast_parts(known: Chart, side: Side | None, modality: Modality | None) -> tuple[Part, ...]:
    """The lesions of a breast with its axilla on one modality; those of another organ are listed, not counted."""
    found = parts(known, known.on(modality, [side]))
    return tuple(
        p if in_breast(p.track.lesion) else Part(track=p.track, role=p.role, standing=Standing.OUTSIDE) for p in found
    )


def in_breast(lesion: Lesion) -> bool:
    """Whether a lesion belongs to a breast or its axilla, by its organ as given."""
    return lesion.is_node or "breast" in lesion.organ.casefold() or not lesion.counted


def _sight(known: Chart, found: tuple[Part, ...], whole: Whole, time_point: int) -> Sight:
    sites = tuple((s, judge_site(known, s, time_point)) for s in sites_of(whole, time_point))
    return Sight(
        chart=known,
        time_point=time_point,
        parts=found,
        whole=whole,
        sites=sites,
        total=judge(whole, known, time_point, prefix="target") if whole.parts else None,
        non_target=non_target_verdict(known, found, time_point),
        findings=_findings(known, found, time_point),
    )


def judge_site(known: Chart, site: Whole, time_point: int) -> Judgement:
    """The category of one site, with the rule of this criterion for a site that comes back."""
    return judge(site, known, time_point, prefix="site", returned=partial(site_returned, known))


def site_returned(known: Chart, site: Whole, time_point: int, nadir: Decimal | None) -> bool:
    """Whether a site came back as PD: from a measured 5 mm on; a node from 10 mm, with +20 % and +5 mm (decision b)."""
    size = size_back(known, site, time_point, nadir)
    if size is None:
        return False
    if _node(site):  # against a smallest size above 0 the rule of growth itself decides
        return nadir == 0 and size >= known.thresholds.pd_mm
    points = [t.points[time_point] for t in site.tracks]
    measured = total(p.size.mm for p in points if p.state is State.MEASURED and p.size is not None)
    return measured >= known.thresholds.reappearance_mm


def size_back(known: Chart, site: Whole, time_point: int, nadir: Decimal | None) -> Decimal | None:
    """The size in mm of a site that had gone and is there again; None where it is not.

    Above 0 mm; a node once pathological, at 10 mm again.
    """
    node, limit = _node(site), known.thresholds.node_normal_mm
    if nadir is None or not (nadir < limit if node else nadir == 0):
        return None
    size = site.size_at(time_point)
    if size is None or not (size >= limit if node else size > 0):
        return None
    baseline = site.size_at(known.origin)
    diseased = not node or (baseline is not None and baseline >= limit)
    return size if diseased else None


def _findings(known: Chart, found: Sequence[Part], time_point: int) -> tuple[NewFinding, ...]:
    """New findings that this modality sees now, or saw and says nothing of."""
    chosen = []
    for part in found:
        before = any(seen(part, index) for index in range(time_point))
        silent = before and part.track.points[time_point].state is State.NO_ROW
        if enlarged_node(known, part, time_point) or (part.new and (seen(part, time_point) or silent)):
            finding = new_finding(known, part.track.lesion, time_point)
            chosen += [] if finding is None else [finding]
    return tuple(chosen)


def _assess(seen_now: Sight, side: Side | None, modality: Modality | None) -> Assessment:
    total = seen_now.total
    overall = _overall(seen_now, side, modality)
    site_held = overall.category is Category.PR and any(j.held for _, j in seen_now.sites)
    held = site_held or (total is not None and total.held)
    found = Assessment(
        criterion="per-site",
        side=side,
        modality=modality,
        time_point=seen_now.time_point,
        lesions=seen_now.results,
        **sums(total),
        non_target=seen_now.non_target,
        new_lesion=_new(seen_now),
        overall=overall,
        held=held,
        plain=Category.SD if held else None,
        issues=shared_issues(seen_now.chart, seen_now.parts, seen_now.time_point),
    )
    return found if is_imaging(modality) else recorded(found)


def _new(now: Sight) -> NewLesions:
    found = new_lesions(now.findings)
    doubtful = any(_node(site) and to_confirm(now.chart, site, j, now.time_point) for site, j in now.sites)
    return NewLesions.EQUIVOCAL if found is NewLesions.NO and doubtful else found


def _node(site: Whole) -> bool:
    return site.parts[0].track.lesion.is_node


def to_confirm(known: Chart, site: Whole, judgement: Judgement, time_point: int) -> bool:
    """Whether a site came back below what is PD: regrowth, to be confirmed (decision b, row C10)."""
    progressive = judgement.category is Category.PD
    return not progressive and size_back(known, site, time_point, judgement.nadir) is not None


def _result(now: Sight, part: Part, judged: Mapping[str, tuple[Whole, Judgement]]) -> LesionResult:
    if part.track.lesion.id in judged:
        return site_result(now.chart, part, now.time_point, *judged[part.track.lesion.id])
    pieces = [p for p in now.parts if p.standing is Standing.FRAGMENT and p.track.split_from == part.track.lesion.id]
    verdict = non_target_verdict(now.chart, [part, *pieces], now.time_point)
    if part.standing is Standing.ELSEWHERE and now.time_point > now.chart.origin:
        verdict = Verdict(category=Category.NE, rule="site.no_baseline_on_modality")
    whole = whole_of([part.track], [p.track for p in pieces])
    return lesion_result(now.chart, part, now.time_point, verdict, whole=whole)


def _overall(now: Sight, side: Side | None, modality: Modality | None) -> Verdict:
    if now.time_point == now.chart.baseline:
        return Verdict(category=Category.BASELINE, rule="overall.baseline")
    if now.chart.baseline is None:
        return Verdict(category=Category.NE, rule="overall.no_baseline")
    if side is None:
        return Verdict(category=Category.NE, rule="overall.side_unknown")
    new = next((f for f in now.findings if f.classified is NewFindingClass.NEW_CANCER), None)
    if new is not None:
        return Verdict(category=Category.NED, rule="overall.new_cancer", lesion_ids=(new.lesion_id,))
    verdict = _by_parts(now)
    if verdict.category is Category.NED:
        used = now.chart.done(now.chart.origin, modality, side)
        return without_reference(now.parts, now.time_point, used=used, prefix="overall")
    return without_doubtful_cr(now.parts, now.time_point, verdict)


def _by_parts(now: Sight) -> Verdict:
    new = tuple(f.lesion_id for f in now.findings if f.classified is NewFindingClass.PROGRESSION)
    other = None if now.non_target is None else now.non_target.category
    if new or other is Category.PD:
        row = row_of(None, other, new=bool(new))
        decided = now.non_target.lesion_ids if now.non_target is not None and other is Category.PD else new
        return Verdict(category=row.overall, rule=row.rule, lesion_ids=decided)
    return _by_sites(now) or _by_table(now, other)


def _by_sites(now: Sight) -> Verdict | None:
    """Mixed sites, a site's PD, or a missing site; None where the sum's category can speak for all."""
    by_category: dict[Category, list[str]] = {}
    for site, judgement in now.sites:
        by_category.setdefault(judgement.category, []).extend(site.lesion_ids)
    failing = [*by_category.get(Category.PD, ()), *by_category.get(Category.SD, ())]
    if failing and RESPONDED & by_category.keys():
        return Verdict(category=Category.MIXED, rule="overall.mixed", lesion_ids=tuple(sorted(failing)))
    if Category.PD in by_category:
        return Verdict(category=Category.PD, rule="overall.site_pd", lesion_ids=tuple(by_category[Category.PD]))
    return None


def _by_table(now: Sight, other: Category | None) -> Verdict:
    row = row_of(_target(now), other, new=False)
    return Verdict(category=row.overall, rule=row.rule, lesion_ids=_deciding(now, row.overall))


def _target(now: Sight) -> Category | None:
    """The least good site; PD of the sum where no single site is PD counts too (decision k)."""
    if now.total is None:
        return None
    if now.total.category is Category.PD:
        return Category.PD
    found = {j.category for _, j in now.sites}
    return next(c for c in (Category.NE, Category.SD, Category.PR, Category.CR) if c in found)


def _deciding(now: Sight, overall: Category) -> tuple[str, ...]:
    return tuple(i for site, j in now.sites if j.category is overall for i in site.lesion_ids)
