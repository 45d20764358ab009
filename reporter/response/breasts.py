"""The answer for one breast: sites on their modality of record, the headline, and all that stands beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from reporter.case.coverage import looked_at_breast
from reporter.case.facts import Radiologist, stated
from reporter.case.vocabulary import NEVER_OF_RECORD, BiopsyResult, Kind, Modality, Side
from reporter.response.called import settled_by_criterion
from reporter.response.course import SEEN, Chart
from reporter.response.findings.concordance import discordances
from reporter.response.findings.extent import (
    calcifications_of,
    distribution_of,
    largest_residual,
    span_of,
)
from reporter.response.findings.tumour_bed import marker_of
from reporter.response.headline import Signs, category_of_record, headline_of
from reporter.response.interface import (
    Assessment,
    BreastResponse,
    Category,
    Discordance,
    Marker,
    MarkerState,
    NewFinding,
    NewFindingClass,
    Progression,
    ProgressionKind,
    SiteResponse,
    State,
    Verdict,
)
from reporter.response.modalities import is_imaging
from reporter.response.new_lesions import new_finding
from reporter.response.of_record import Record, ranked
from reporter.response.progression import progressed_sites, progressions, regrowths
from reporter.response.sites import (
    SideView,
    calcified_beds,
    record_of_breast,
    site_responses,
    unusable_now,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found of a breast, before it is put into one answer."""

    view: SideView
    record: Record
    sites: tuple[SiteResponse, ...]
    progressions: tuple[Progression, ...]
    findings: tuple[NewFinding, ...]
    discordances: tuple[Discordance, ...]
    signs: Signs
    deciding: tuple[SiteResponse, ...]
    """The sites that decide: neither benign nor in doubt."""


def breast_response(view: SideView, assessments: tuple[Assessment, ...]) -> BreastResponse:
    """The answer for one breast; `assessments` are those of the criterion that feeds the decisions."""
    found = _found(view)
    chart, side = view.chart, view.side
    totals = _totals(view, assessments)
    one_record = bool(found.record.by_site) and not found.record.site_by_site
    new = [f.lesion_id for f in found.findings if f.classified is NewFindingClass.PROGRESSION]
    lesions = [chart.case.lesion(i) for i in (*(s.lesion_id for s in found.deciding), *new)]
    category = category_of_record(found.deciding, found.signs)
    return BreastResponse(
        side=side,
        headline=headline_of(found.deciding, progressed_sites(found.progressions), found.signs),
        category=category,
        verdict=_verdict(found, category),
        record_modality=found.record.modality if one_record else None,
        site_by_site=found.record.site_by_site,
        sites=_flagged_sites(found),
        total=next((a for a in totals if one_record and a.modality is found.record.modality), None),
        totals=totals,
        progressions=found.progressions,
        regrowths=regrowths(view),
        discordances=found.discordances,
        new_findings=found.findings,
        markers=_markers(view),
        residual=largest_residual(found.sites),
        span=span_of(chart, side)[0],
        distribution=distribution_of([x for x in lesions if x.kind is not Kind.SKIN and not x.is_node]),
        calcifications=calcifications_of(chart, side),
        larger_elsewhere=_larger_elsewhere(found),
        modalities_now=modalities_now(chart, side),
        modalities_saw_baseline=_saw_baseline(found),
    )


def _found(view: SideView) -> Found:
    record = record_of_breast(view)
    sites = site_responses(view, record)
    told = progressions(view, record)
    findings = tuple(settled_by_criterion(view, f) for f in new_findings(view.chart, view.side))
    return Found(
        view=view,
        record=record,
        sites=sites,
        progressions=told,
        findings=findings,
        discordances=discordances(view, sites),
        signs=_signs(view, sites, told, findings),
        deciding=tuple([s for s in sites if s.lesion_id in view.deciding]),
    )


def new_findings(chart: Chart, side: Side) -> tuple[NewFinding, ...]:
    """Every finding of a side first seen after baseline and still there, by id.

    A node that was there at baseline and has grown from a normal size is told with its axilla (see `enlarged`).
    """
    if chart.reported == chart.baseline:
        return ()
    known = {x.id for x in chart.case.lesions if chart.baseline is not None and chart.seen_at_origin(x.id)}
    asked = (x for x in chart.case.lesions if x.side is side and x.id not in known)
    found = (new_finding(chart, x, chart.reported) for x in asked)
    return tuple(f for f in found if f is not None)


def _signs(
    view: SideView, sites: tuple[SiteResponse, ...], told: tuple[Progression, ...], findings: tuple[NewFinding, ...]
) -> Signs:
    classes = {f.classified for f in findings}
    in_breast = {f.classified for f in findings if not view.chart.case.lesion(f.lesion_id).is_node}
    flags = _flags(view, sites)
    return Signs(
        at_baseline=view.chart.reported == view.chart.baseline,
        indeterminate=_indeterminate(flags, sites),
        near_complete=any(f.near_complete for f in flags.values()),
        doubtful_lesion=_doubtful(view.chart, view.side) or _unusable(view.chart, view.side) or _not_looked_for(view),
        unsettled_finding=NewFindingClass.UNSETTLED in in_breast,
        new_lesion=NewFindingClass.PROGRESSION in classes and view.chart.baseline is not None,
        sum_progressive=any(p.kind is ProgressionKind.SUM and not p.without_baseline for p in told),
    )


def _flags(view: SideView, sites: tuple[SiteResponse, ...]) -> dict[str, Radiologist]:
    """The radiologist's flags of each site now; a flag of the breast is one of each of its sites."""
    day = view.chart.time_points[view.chart.reported].date
    entries = view.chart.case.facts.radiologist
    if not entries:
        return {}
    found = {s.lesion_id: stated(entries, view.side, day, lesion_id=s.lesion_id) for s in sites}
    return {lesion_id: flag for lesion_id, flag in found.items() if flag is not None}


def _indeterminate(flags: Mapping[str, Radiologist], sites: tuple[SiteResponse, ...]) -> bool:
    """A flagged site that local imaging looked at; a missing row is not evaluable, never indeterminate (decision q)."""
    flagged = (s for s in sites if s.lesion_id in flags and flags[s.lesion_id].indeterminate)
    points = [r.point for s in flagged for r in s.results if r.point.modality not in NEVER_OF_RECORD]
    return any(point.state in SEEN or point.size is not None for point in points)


def _doubtful(chart: Chart, side: Side) -> bool:
    """Whether a lesion that is seen now, of this side or of none, is not counted because it is in doubt."""
    unsettled = [x for x in chart.case.lesions if x.side in {None, side} and not x.is_node and not x.counted]
    return any(t.points[chart.reported].state in SEEN for x in unsettled for t in chart.of(x.id))


def _unusable(chart: Chart, side: Side) -> bool:
    """Whether a lesion that may be disease has a value now that cannot be used, and is seen in no other way."""
    asked = (
        x
        for x in chart.case.lesions
        if x.side in {None, side}
        and not x.is_node
        and x.kind is not Kind.CALCIFICATION
        and x.biopsy_result is not BiopsyResult.BENIGN
    )
    return any(unusable_now(chart, x.id) for x in asked)


def _not_looked_for(view: SideView) -> bool:
    """Whether a proven lesion that was never there, and so decides nothing, is not said to be absent now either."""
    left_out = [x for x in view.lesions if x.id not in view.deciding and x.biopsy_result is BiopsyResult.MALIGNANT]
    now = [{t.points[view.chart.reported].state for t in view.chart.of(x.id)} for x in left_out]
    return any(State.ABSENT not in states for states in now)


def _flagged_sites(found: Found) -> tuple[SiteResponse, ...]:
    """Sites whose imaging the examination contradicts are marked."""
    felt = {d.lesion_id for d in found.discordances if d.with_examination}
    if not felt:
        return found.sites
    return tuple(
        replace(s, contradicting_flag=s.lesion_id in felt or (None in felt and not s.benign)) for s in found.sites
    )


def _totals(view: SideView, assessments: tuple[Assessment, ...]) -> tuple[Assessment, ...]:
    """The criterion's sums of this side; one of the whole patient is asked of the side by itself."""
    of_side = {a.modality: a for a in assessments if a.time_point == view.chart.reported and a.side is view.side}
    if view.asked is not None:
        lesions = [x.id for x in view.chart.case.lesions if x.side is view.side]
        of_side = view.asked.of(lesions, view.chart.reported)
    imaging = {m: a for m, a in of_side.items() if is_imaging(m)}
    return tuple(imaging[m] for m in ranked(view.chart, imaging, view.chart.thresholds.size_order))


def _verdict(found: Found, category: Category) -> Verdict | None:
    """The verdict of the site that decides, or one that names those which differ."""
    if found.signs.new_lesion:
        new = tuple(f.lesion_id for f in found.findings if f.classified is NewFindingClass.PROGRESSION)
        return Verdict(category=category, rule="breast.new_lesion", lesion_ids=new)
    if not found.deciding:
        return None
    same = {s.lesion_id: s.record.verdict for s in found.deciding if s.category is category and s.record is not None}
    one = next(iter(same.values())) if len(same) == 1 else None
    if one is not None and len(found.deciding) == 1:
        return one
    return Verdict(
        category=category,
        rule=f"breast.{category.value.lower().replace('-', '_').replace('/', '_')}",
        operands=() if one is None else one.operands,
        lesion_ids=tuple(same or (s.lesion_id for s in _differing(found))),
    )


def _differing(found: Found) -> list[SiteResponse]:
    failing = {Category.SD, Category.PD, Category.NE}
    return [s for s in found.deciding if s.category in failing] or list(found.deciding)


def _markers(view: SideView) -> tuple[Marker, ...]:
    """One for each site and each bed of calcifications not stated benign, then those of benign ones that carry one."""
    chart = view.chart
    lesions = (*view.lesions, *calcified_beds(chart, view.side))
    own = [marker_of(chart, x) for x in lesions if x.biopsy_result is not BiopsyResult.BENIGN]
    benign = [marker_of(chart, x) for x in lesions if x.biopsy_result is BiopsyResult.BENIGN and x.clip is not False]
    carried = [m for m in benign if m.state is not MarkerState.NOT_STATED or chart.case.lesion(m.lesion_id).clip]
    return (*own, *carried)


def _larger_elsewhere(found: Found) -> tuple[str, ...]:
    """Sites NE whose size now on one modality is larger than at baseline on another (row B8)."""
    return tuple(s.lesion_id for s in found.deciding if s.category is Category.NE and _larger(s))


def _larger(site: SiteResponse) -> bool:
    imaging = [r for r in site.results if is_imaging(r.point.modality)]
    before = [r.baseline for r in imaging if r.baseline is not None and r.baseline.mm > 0]
    now = [r.point.size for r in imaging if r.point.size is not None]
    return bool(before) and bool(now) and max(now) > before[0]


def modalities_now(chart: Chart, side: Side) -> tuple[Modality | None, ...]:
    """Imaging modalities that looked at a breast now, as far as rows tell, in the order of size of record."""
    made = {(key, m) for key in chart.time_points[chart.reported].studies for m in chart.case.study(key).modalities}
    looked = {chart.modality_name(m) for key, m in made if looked_at_breast(chart.case, key, m, side)}
    seen = (m for m in looked if is_imaging(m) and chart.done(chart.reported, m, side))
    return ranked(chart, seen, chart.thresholds.size_order)


def _saw_baseline(found: Found) -> tuple[Modality | None, ...]:
    chart = found.view.chart
    if chart.baseline is None:
        return ()
    seen = {
        r.point.modality
        for s in found.deciding
        for r in s.results
        if r.baseline is not None and r.baseline.mm > 0 and is_imaging(r.point.modality)
    }
    return ranked(chart, seen, chart.thresholds.size_order)
