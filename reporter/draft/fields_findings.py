"""What a template sees of progression, new findings, regrowth, disagreement, calcifications and sums."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from reporter.case.length import Length
from reporter.case.lesion import Lesion
from reporter.case.measurement import UnequivocalProgression
from reporter.case.vocabulary import QUADRANTS, Modality
from reporter.draft.fields_patient import yes_no
from reporter.draft.fields_sites import distances, remarks
from reporter.draft.fields_sizes import SizeView, size_view
from reporter.draft.speaker import IN_SIGHT, Speaker
from reporter.draft.view import View, group, says
from reporter.response.interface import (
    Assessment,
    BreastResponse,
    Calcifications,
    Category,
    Change,
    Discordance,
    LesionResult,
    NewFinding,
    Progression,
    Regrowth,
    SiteResponse,
)
from reporter.response.modalities import is_imaging


@group
class ProgressionView(View):
    """One reason for progressive disease, on one modality."""

    kind: str = says("site, sum, node, non_target or reappearance", example="site")
    modality: str = says("The modality", example="US")
    lesion: str = says("The lesion's id; empty for a sum", example="L1")
    name: str = says("What and where, or what the sum is of", example="mass at 2 o'clock")
    is_node: bool = says("Whether it is a node, so that its axilla is meant")
    entered: bool = says("Whether the reader entered it as unequivocal progression, without a size")
    course: str = says("Baseline, smallest, now; empty without a size now", unit="mm", example="52 -> 21 -> 30 mm")
    growth: str = says("Growth since the smallest in percent; empty against 0", unit="%", example="+42.9 %")
    growth_mm: str = says("Growth since the smallest; empty without", unit="mm", example="+9 mm")
    now: str = says("Size now; empty without one", unit="mm", example="30 mm")
    smallest: str = says("Smallest before; empty without one", unit="mm", example="21 mm")
    smallest_date: str = says("Date of the smallest; empty without one", example="2026-04-20")
    without_baseline: bool = says("Whether the growth is between the studies at hand, without a baseline")
    said: bool = says("Whether the category of its own site says it already")
    of_record: bool = says("Whether it is on the modality of record")
    record: SizeView | None = says("Size of the same site on the modality of record, where that is another one")


@group
class NewFindingView(View):
    """A finding first seen after baseline."""

    id: str = says("The lesion's id as given", example="L2")
    kind: str = says("progression, unsettled, new_cancer or benign", example="unsettled")
    noun: str = says("What it is", example="mass")
    is_node: bool = says("Whether it is a node")
    by_clock: bool = says("Whether the place is given by the hour")
    where: str = says("Where, with the distance from the nipple", example="11 o'clock, 5 cm from nipple")
    sizes: str = says("Its sizes now, each with its modality", unit="mm", example="9 x 7 x 7 mm on US")
    first_seen: str = says("Date of the time point that first showed it", example="2026-05-18")
    seen_before: bool = says("Whether a time point before the reported one showed it already")
    index_distance: str = says("Distance from the index lesion; empty where not stated", unit="mm", example="22 mm")
    same_quadrant: str = says("Whether it lies in the known site's quadrant: yes, no, or empty", example="no")
    not_on: str = says("Earlier studies that covered the area, joined by or", example="US of 2026-03-02")
    covered: str = says("Whether the area was covered before: yes, no, or empty where not stated", example="yes")
    modality: str = says("The modalities that show it, joined by or", example="MRI")
    pet_only: bool = says("Whether PET alone shows it")
    unequivocal: bool = says("Whether the reader calls it unequivocal")
    equivocal: bool = says("Whether the reader calls it equivocal")
    contralateral: bool = says("Whether its breast had no known site, and the other one has")
    declared: bool = says("Whether its row calls it new")
    biopsy: str = says("Result of its biopsy: malignant, benign, pending, none, or empty", example="pending")
    birads: str = says("Its own BI-RADS category as entered; empty without", example="4")
    distances: str = says("Distances; empty where none is stated", example="45 mm from nipple, 14 mm from skin")
    remarks: tuple[str, ...] = says("Notes, volumes and uptake as given now, in words", example="MRI volume 4.2 ml")


@group
class RegrowthView(View):
    """Growth since the smallest size that is no progression."""

    lesion: str = says("The lesion's id; empty for the sum", example="L1")
    name: str = says("What grew, where it is not the one site: a node, a site of several, the sum", example="node N1")
    modality: str = says("The modality", example="MRI")
    course: str = says("Baseline, smallest, now", unit="mm", example="100 -> 60 -> 71 mm")
    change: str = says("Change from baseline; empty without", unit="%", example="-29 %")
    growth: str = says("Growth since the smallest; empty against 0", unit="%", example="+18.3 %")
    growth_mm: str = says("Growth since the smallest", unit="mm", example="+11 mm")
    smallest: str = says("The smallest size", unit="mm", example="60 mm")
    smallest_date: str = says("Date of the study that holds it", example="2026-04-20")
    now: str = says("Size now", unit="mm", example="71 mm")
    held: bool = says("Whether a partial response is held in spite of it")
    to_confirm: bool = says("Whether it came back below what is progression")
    non_target: bool = says("Whether it is of a non-target: the reader decides whether it is progression")


@group
class DiscordanceView(View):
    """A disagreement that the report must name."""

    kind: str = says("size, progression, absent, palpable, enlarging_by_exam or exam_stated", example="absent")
    lesion: str = says("The lesion's id; empty where it is about the breast", example="L1")
    sizes: str = says("What each modality shows", example="MRI no enhancement, US 6 mm")
    with_examination: bool = says("Whether the examination is one side of it")


@group
class CalcificationsView(View):
    """Calcifications: extent and change, never part of a category."""

    lesion: str = says("The lesion's id", example="K1")
    before: str = says("Extent at baseline; empty where not stated", unit="mm", example="24 mm")
    now: str = says("Extent now; empty where not stated", unit="mm", example="24 mm")
    course: str = says("Extent at baseline and now, one where they are the same", unit="mm", example="24 -> 20 mm")
    change: str = says("fewer, same, more, or empty where not stated", example="same")
    change_words: str = says("Change in words; empty where not stated", example="unchanged")
    assessed: bool = says("Whether mammography or DBT was done now")
    gone: bool = says("Whether they are stated absent now")
    in_mass: bool = says("Whether their extent was given with a mass")


@group
class SumView(View):
    """The sum of a breast with its axilla on one modality."""

    modality: str = says("The modality", example="MRI")
    names: str = says("What is summed", example="L1 + N1")
    number: int = says("How many lesions are summed", example="2")
    course: str = says("Baseline, smallest in between, now", unit="mm", example="69 -> 32 -> 7 mm")
    change: str = says("Change from baseline; empty against 0", unit="%", example="-37.9 %")
    category_words: str = says("What the sum alone would read", example="partial response")
    nodes_only: bool = says("Whether all that remains of it is nodes of normal size")
    remaining: str = says("The sum now", unit="mm", example="7 mm")
    remaining_nodes: int = says("How many nodes make up what remains", example="1")
    of_record: bool = says("Whether it is on the modality of record")


def _course(speaker: Speaker, *sizes: Decimal | None) -> str:
    values = [size for size in sizes if size is not None]
    return speaker.numbers.course([speaker.numbers.bare(value) for value in values]) if values else ""


def _growth(speaker: Speaker, now: Decimal | None, smallest: Decimal | None) -> tuple[str, str]:
    """Growth in percent and in millimetres, each empty where it means nothing."""
    if now is None or smallest is None:
        return "", ""
    change = Change(now=now, then=smallest)
    return speaker.numbers.percent(change) or "", speaker.numbers.signed_mm(change.difference)


def progression_view(speaker: Speaker, breast: BreastResponse, reason: Progression) -> ProgressionView:
    """One reason for progressive disease."""
    site = next((s for s in breast.sites if s.lesion_id == reason.lesion_id), None)
    sites = [s for s in breast.sites if not s.benign]
    middle = reason.nadir if reason.nadir != reason.baseline else None
    growth, growth_mm = _growth(speaker, reason.now, reason.nadir)
    mm, length = speaker.numbers.mm, reason.unit == "mm"
    course = "" if reason.now is None else _course(speaker, reason.baseline, middle, reason.now)
    return ProgressionView.made(
        kind=lambda: str(reason.kind),
        modality=lambda: speaker.modality(reason.modality),
        lesion=lambda: reason.lesion_id or "",
        name=lambda: _name(speaker, reason.lesion_id, lambda lesion: speaker.site_name(lesion, sites)),
        is_node=lambda: reason.lesion_id is not None and speaker.case.lesion(reason.lesion_id).is_node,
        entered=lambda: _entered(speaker, reason),
        course=lambda: course if length or not course else f"{course.removesuffix(' mm')} {reason.unit}",
        growth=lambda: growth,
        growth_mm=lambda: growth_mm if length else "",
        now=lambda: mm(reason.now) if reason.now is not None and length else "",
        smallest=lambda: mm(reason.nadir) if reason.nadir is not None and length else "",
        smallest_date=lambda: _smallest_date(speaker, site, reason),
        without_baseline=lambda: reason.without_baseline,
        said=lambda: site is not None and site.category is Category.PD,
        of_record=lambda: reason.of_record,
        record=lambda: _record_beside(speaker, site, reason),
    )


def _entered(speaker: Speaker, reason: Progression) -> bool:
    if reason.lesion_id is None:
        return False
    rows = [m for m in speaker.rows(reason.lesion_id, speaker.case.reported) if m.modality is reason.modality]
    return bool(rows) and isinstance(rows[-1].value, UnequivocalProgression)


def _name(speaker: Speaker, lesion_id: str | None, site_name: Callable[[Lesion], str]) -> str:
    """What progressed or grew: the sum, a node by its noun and id, a site as it is named there."""
    if lesion_id is None:
        return speaker.phrases.say("response.the_sum")
    lesion = speaker.case.lesion(lesion_id)
    return f"{speaker.noun(lesion)} {lesion.id}" if lesion.is_node else site_name(lesion)


def _result_on(site: SiteResponse | None, reason: Progression) -> LesionResult | None:
    if site is None:
        return None
    return next((r for r in site.results if r.point.modality is reason.modality), None)


def _smallest_date(speaker: Speaker, site: SiteResponse | None, reason: Progression) -> str:
    result = _result_on(site, reason)
    if site is None or result is None:
        return ""
    return size_view(speaker, result, site.series, of_record=False).smallest_date


def _record_beside(speaker: Speaker, site: SiteResponse | None, reason: Progression) -> SizeView | None:
    if site is None or site.record is None or reason.of_record or site.record.point.modality is reason.modality:
        return None
    return size_view(speaker, site.record, site.series, of_record=True)


def new_finding_view(speaker: Speaker, finding: NewFinding) -> NewFindingView:
    """A finding first seen after baseline."""
    case, lesion = speaker.case, speaker.case.lesion(finding.lesion_id)
    points = [p for p in finding.points if p.state in IN_SIGHT]
    on = speaker.phrases.say
    sizes = [on("word.size_on", size=speaker.size(p), modality=speaker.on(p)) for p in points]
    covering = [case.study(key) for key in finding.covering_studies]
    named = [
        on(
            "word.study_of",
            modality=speaker.phrases.all_of(speaker.modalities(s.modalities)),
            date=speaker.written(s.date),
        )
        for s in sorted(covering, key=lambda s: (s.date, s.key))
    ]
    return NewFindingView.made(
        id=lambda: lesion.id,
        kind=lambda: str(finding.classified),
        noun=lambda: speaker.noun(lesion),
        is_node=lambda: lesion.is_node,
        by_clock=lambda: lesion.clock is not None,
        where=lambda: speaker.where(lesion),
        sizes=lambda: ", ".join(sizes),
        first_seen=lambda: speaker.written(case.timeline.time_points[finding.first_seen].date),
        seen_before=lambda: finding.first_seen < case.reported.index,
        index_distance=lambda: speaker.numbers.mm(finding.index_distance) if finding.index_distance else "",
        same_quadrant=lambda: _same_quadrant(speaker, finding),
        not_on=lambda: speaker.phrases.any_of(named),
        covered=lambda: yes_no(finding.covered_before),
        modality=lambda: speaker.phrases.any_of([speaker.on(p) for p in points]),
        pet_only=lambda: {p.modality for p in points} == {Modality.PT},
        unequivocal=lambda: finding.unequivocal,
        equivocal=lambda: any(p.state.value == "equivocal" for p in points),
        contralateral=lambda: _contralateral(speaker, finding),
        declared=lambda: finding.declared,
        biopsy=lambda: str(finding.biopsy or ""),
        birads=lambda: str(speaker.latest(lesion.id, "birads", case.reported) or ""),
        distances=lambda: distances(speaker, lesion.id),
        remarks=lambda: tuple(remarks(speaker, lesion)),
    )


def _same_quadrant(speaker: Speaker, finding: NewFinding) -> str:
    """Whether it lies in the quadrant of the known site; open where there are several sites or a border."""
    breast = speaker.report.response.breast(finding.side) if finding.side else None
    known = [s.lesion_id for s in breast.sites if not s.benign] if breast else []
    places = {speaker.case.lesion(i).location for i in (finding.lesion_id, *known)}
    if len(known) != 1 or not all(place in QUADRANTS for place in places):
        return ""
    return yes_no(len(places) == 1)


def _contralateral(speaker: Speaker, finding: NewFinding) -> bool:
    if finding.side is None:
        return False
    own, other = (speaker.report.response.breast(side) for side in (finding.side, finding.side.other))
    return not (own and own.sites) and bool(other and other.sites)


def regrowth_view(speaker: Speaker, breast: BreastResponse, regrowth: Regrowth) -> RegrowthView:
    """Growth since the smallest that is no progression."""
    growth, growth_mm = _growth(speaker, regrowth.now, regrowth.smallest)
    change, _ = _growth(speaker, regrowth.now, regrowth.baseline)
    middle = regrowth.smallest if regrowth.smallest != regrowth.baseline else None
    several = len([site for site in breast.sites if not site.benign]) > 1
    return RegrowthView.made(
        lesion=lambda: regrowth.lesion_id or "",
        name=lambda: _name(speaker, regrowth.lesion_id, lambda lesion: lesion.id if several else ""),
        modality=lambda: speaker.modality(regrowth.modality),
        course=lambda: _course(speaker, regrowth.baseline, middle, regrowth.now),
        change=lambda: change,
        growth=lambda: growth,
        growth_mm=lambda: growth_mm,
        smallest=lambda: speaker.numbers.mm(regrowth.smallest),
        smallest_date=lambda: speaker.written(
            regrowth.smallest_day or speaker.case.timeline.time_points[regrowth.smallest_time_point].date
        ),
        now=lambda: speaker.numbers.mm(regrowth.now),
        held=lambda: regrowth.held,
        to_confirm=lambda: regrowth.to_confirm,
        non_target=lambda: regrowth.non_target,
    )


def discordance_views(speaker: Speaker, breast: BreastResponse) -> tuple[DiscordanceView, ...]:
    """Every disagreement of a breast; two rules that find the same pair of sizes are one."""
    views = [_discordance(speaker, d) for d in breast.discordances]
    sized: dict[object, DiscordanceView] = {}
    for view in views:
        sized.setdefault((view.lesion, view.sizes) if view.sizes else view.kind, view)
    return tuple(sized.values())


def _discordance(speaker: Speaker, discordance: Discordance) -> DiscordanceView:
    shown = [f"{speaker.on(p)} {speaker.size(p, axes=False)}" for p in discordance.points]
    return DiscordanceView(
        kind=str(discordance.kind),
        lesion=discordance.lesion_id or "",
        sizes=", ".join(shown),
        with_examination=discordance.with_examination,
    )


def calcifications_view(speaker: Speaker, found: Calcifications) -> CalcificationsView:
    """Calcifications of a breast."""
    mm, lesion = speaker.numbers.mm, speaker.case.lesion(found.lesion_id)
    return CalcificationsView.made(
        lesion=lambda: found.lesion_id,
        before=lambda: mm(found.baseline) if found.baseline and not speaker.at_baseline else "",
        now=lambda: mm(found.now) if found.now else "",
        course=lambda: _extent_course(speaker, None if speaker.at_baseline else found.baseline, found.now),
        change=lambda: str(found.change or ""),
        change_words=lambda: speaker.phrases.say(f"extent_change.{found.change}") if found.change else "",
        assessed=lambda: found.assessed_now,
        gone=lambda: found.absent_now,
        in_mass=lambda: lesion.kind is not None and lesion.kind.value == "mass",
    )


def _extent_course(speaker: Speaker, before: Length | None, now: Length | None) -> str:
    if now is None:
        return ""
    return _course(speaker, now.mm) if before is None or before == now else _course(speaker, before.mm, now.mm)


def sum_views(speaker: Speaker, breast: BreastResponse) -> tuple[SumView, ...]:
    """The sums of a breast with its axilla; a sum of one lesion says nothing new and is left out."""
    wanted = [a for a in breast.totals if a.total is not None and len(_summed(a)) > 1]
    return tuple(_sum(speaker, breast, a) for a in wanted)


def _summed(assessment: Assessment) -> list[LesionResult]:
    return [r for r in assessment.lesions if r.in_sum]


def _sum(speaker: Speaker, breast: BreastResponse, assessment: Assessment) -> SumView:
    summed = _summed(assessment)
    left = [r for r in summed if r.point.size is not None and r.point.size.mm > 0]
    normal = speaker.report.response.thresholds.node_normal_mm
    between = assessment.nadir_total if _nadir_between(speaker, assessment) else None
    change = assessment.from_baseline
    verdict = assessment.target or assessment.overall
    return SumView.made(
        modality=lambda: speaker.modality(assessment.modality),
        names=lambda: " + ".join(r.point.lesion_id for r in summed),
        number=lambda: len(summed),
        course=lambda: _course(speaker, *map(_tidy, (assessment.baseline_total, between, assessment.total))),
        change=lambda: (speaker.numbers.percent(change) or "") if change else "",
        category_words=lambda: speaker.phrases.say(f"category.{verdict.category}"),
        nodes_only=lambda: bool(left) and _all_normal_nodes(speaker, breast, left, normal),
        remaining=lambda: speaker.numbers.mm(_tidy(assessment.total) or Decimal(0)),
        remaining_nodes=lambda: len(left),
        of_record=lambda: breast.total is not None and assessment.modality is breast.total.modality,
    )


def _tidy(total: Decimal | None) -> Decimal | None:
    """A sum without zeros behind its mark: it was added up, not given."""
    return total.quantize(Decimal(1)) if total is not None and total == total.to_integral_value() else total


def _nadir_between(speaker: Speaker, assessment: Assessment) -> bool:
    baseline = speaker.case.baseline
    first = baseline.index if baseline else 0
    return assessment.nadir_time_point is not None and assessment.nadir_time_point != first


def _all_normal_nodes(speaker: Speaker, breast: BreastResponse, left: Sequence[LesionResult], normal: Decimal) -> bool:
    """Whether only nodes are left, none of which any imaging measures at 10 mm or more."""
    axilla = speaker.report.response.axilla(breast.side)
    known = {} if axilla is None else {n.lesion_id: n.results for n in axilla.nodes}
    sizes = [r.point.size for one in left for r in known.get(one.point.lesion_id, ()) if is_imaging(r.point.modality)]
    nodes = all(speaker.case.lesion(r.point.lesion_id).is_node for r in left)
    return nodes and all(size is None or size.mm < normal for size in sizes)
