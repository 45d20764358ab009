"""What a template sees of the course: all sites through time in one table, and each criterion time point by time point.

The cells of a criterion are its own words (`PR`, `NON-CR/NON-PD`), as `classify` prints them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Final

from reporter.advice.conditions.breast import indeterminate_sites
from reporter.case.timepoint import TimePoint
from reporter.case.vocabulary import Side
from reporter.draft.fields_sizes import left_in, size_at, with_parts
from reporter.draft.interface import Align, Column
from reporter.draft.speaker import LOOKED, Speaker
from reporter.draft.tables import Rows, Value
from reporter.draft.view import View, group, says
from reporter.response.interface import (
    Assessment,
    BestOverall,
    BreastResponse,
    Category,
    Change,
    LesionPoint,
    LesionResult,
    NewFinding,
    NodeResponse,
    SiteResponse,
    State,
    Verdict,
)

_SUMMED: Final = ("date", "visit", "sum", "from_baseline", "from_smallest", "target", "non_target", "new", "overall")
Row = dict[str, Value | tuple[()]]


@group
class CourseView(View):
    """One criterion on one scope and modality, time point by time point."""

    criterion: str = says("The criterion's printed name", example="RECIST 1.1")
    feeds: bool = says("Whether the report answers with this criterion")
    scope: str = says("The side, or the word for the whole patient", example="left")
    modality: str = says("The modality", example="MRI")
    classified: bool = says("Whether the criterion has categories; some give numbers only")
    best: str = says("Best overall response so far; empty where there is none", example="PR")
    best_date: str = says("Date of the time point that shows it first; else empty", example="2026-04-20")
    confirmed: str = says(
        "Whether it was confirmed: yes, no or not required; empty without one", example="not required"
    )
    lesions: Rows = says("Its lesions; columns lesion, role, t0, t1 and so on")
    time_points: Rows = says(
        "Its time points; columns date, visit, sum, from_baseline, from_smallest, target, non_target, new, overall"
    )


def trend(speaker: Speaker) -> Rows:
    """Every site and node through time, each on its modality of record; without one, on each modality that looked."""
    points = speaker.time_points
    say = speaker.phrases.say
    columns = (
        Column(name="site", header=say("course.site")),
        Column(name="modality", header=say("course.modality")),
        *_time_columns(speaker, points),
        *([Column(name="change", header=say("course.change"))] if speaker.case.baseline and len(points) > 1 else []),
        Column(name="response", header=say("course.response")),
    )
    return Rows(columns=columns, rows=tuple(_trend_rows(speaker, points)))


def _time_columns(speaker: Speaker, points: Sequence[TimePoint]) -> Iterator[Column]:
    for point in points:
        yield Column(name=f"t{point.index}", header=_header(speaker, point))


def _header(speaker: Speaker, point: TimePoint) -> str:
    """The date; the baseline and the reported one are named, too."""
    baseline, say = speaker.case.baseline, speaker.phrases.say
    if baseline is not None and point.index == baseline.index:
        return f"{say('table.baseline')} {speaker.written(point.date)}"
    day = speaker.written(point.date)
    return f"{say('table.now')} {day}" if point.index == speaker.case.reported.index else day


def _trend_rows(speaker: Speaker, points: Sequence[TimePoint]) -> Iterator[Row]:
    several = len(speaker.report.response.breasts) > 1
    for breast in speaker.ordered_breasts:
        prefix = f"{speaker.side(breast.side)} " if several else ""
        for site in breast.sites:
            if not site.benign:
                yield from _site(speaker, site, points, f"{prefix}{_site_name(speaker, site, breast)}")
        for new in breast.new_findings:
            yield from _new(speaker, new, points, prefix)
    for axilla in speaker.report.response.axillae:
        prefix = f"{speaker.side(axilla.side)} " if several else ""
        for node in axilla.nodes:
            name = f"{prefix}{node.lesion_id}, {speaker.noun(speaker.case.lesion(node.lesion_id))}"
            short = f"{name}, {speaker.phrases.say('course.short_axis')}"
            yield from _site(speaker, node, points, short)


def _site_name(speaker: Speaker, site: SiteResponse, breast: BreastResponse) -> str:
    """With its id where another row of the breast has one."""
    name = speaker.site_name(speaker.case.lesion(site.lesion_id), breast.sites)
    return f"{site.lesion_id}, {name}" if breast.new_findings and len(breast.sites) == 1 else name


def _site(speaker: Speaker, site: SiteResponse | NodeResponse, points: Sequence[TimePoint], name: str) -> Iterator[Row]:
    fragments = site.fragments if isinstance(site, SiteResponse) else ()  # of a node they have rows of their own
    looked = {p.modality for p in (*site.series, *fragments) if p.state in LOOKED}
    still = {p.modality for p in site.still_measured} if isinstance(site, SiteResponse) else set()
    here = [r for r in site.results if r is site.record or r.point.modality in still]
    shown = here if site.record else [r for r in site.results if r.point.modality in looked]
    response = _response(speaker, site)
    for result in shown or site.results[:1]:
        yield {
            "site": name,
            "modality": speaker.modality(result.point.modality),
            **{f"t{p.index}": _size_at(speaker, result, site.series, fragments, p) for p in points},
            "change": _change(speaker, result, site.series),
            "response": response,
        }


def _new(speaker: Speaker, new: NewFinding, points: Sequence[TimePoint], prefix: str) -> Iterator[Row]:
    """What was first seen after baseline; before it was seen there is nothing to say."""
    say = speaker.phrases.say
    seen = [point for point in new.points if point.state in LOOKED] or list(new.points[:1])
    for point in seen:
        here = speaker.size(point, axes=False)
        yield {
            "site": say("course.new_finding", site=f"{prefix}{new.lesion_id}"),
            "modality": speaker.modality(point.modality),
            **{f"t{p.index}": here if p.index == point.time_point else say("course.none") for p in points},
            "change": say("course.none"),
            "response": say(f"course.new_{new.classified}"),
        }


def _response(speaker: Speaker, site: SiteResponse | NodeResponse) -> str:
    """A site answers with its category; a node with its course, because its size alone does not say it."""
    say = speaker.phrases.say
    if not speaker.report.advice.in_scope:
        return say("course.new_not_classified")
    if isinstance(site, NodeResponse):
        if site.discordances and not site.abnormal:
            return say("node_course.disagree")
        return say("course.differs" if site.size_and_appearance_differ else f"node_course.{site.course}")
    if site.record and site.record.point.state is State.MERGED:
        return say("table.merged")
    if site.still_measured and site.category is Category.CR:
        return say("course.not_complete")
    if _is_flagged(speaker, site, "indeterminate") and site.lesion_id in _indeterminate(speaker, site):
        return speaker.entered(say("course.indeterminate"))
    words = say(f"category.{site.category}")
    if not speaker.at_baseline and _is_flagged(speaker, site, "near_complete"):
        near = speaker.entered(say("course.near_complete"))
        return near if site.category is Category.CR else f"{words}, {near}"
    return say("course.held", response=words) if site.held else words


def _indeterminate(speaker: Speaker, site: SiteResponse) -> tuple[str, ...]:
    """The sites of its breast that are called indeterminate; none at baseline, which has no response."""
    side = speaker.case.lesion(site.lesion_id).side
    return () if speaker.at_baseline or side is None else indeterminate_sites(speaker.context(side))


def _is_flagged(speaker: Speaker, site: SiteResponse, flag: str) -> bool:
    """Whether the radiologist says so of it, or of its breast without naming a site; then it has no plain category."""
    side = speaker.case.lesion(site.lesion_id).side
    now = [e for e in speaker.case.facts.radiologist if e.date == speaker.case.reported.date and getattr(e, flag)]
    if any(e.lesion_id is not None and e.side is side for e in now) and flag == "indeterminate":
        return any(e.lesion_id == site.lesion_id for e in now)
    return any(e.lesion_id == site.lesion_id or (e.lesion_id is None and e.side is side) for e in now)


def _size_at(
    speaker: Speaker,
    result: LesionResult,
    series: Sequence[LesionPoint],
    fragments: Sequence[LesionPoint],
    point: TimePoint,
) -> str:
    """Of a lesion at a time point, which is told in what it split into where it is not seen itself."""
    here = [p for p in series if p.modality is result.point.modality and p.time_point == point.index]
    if not here:
        return speaker.phrases.say("state.not_done.any")
    parts = [f"{f.lesion_id} {speaker.size(f, axes=False)}" for f in left_in(here[0], fragments)]
    return "; ".join([size_at(speaker, result, here[0], axes=False), *parts])


def _change(speaker: Speaker, result: LesionResult, series: Sequence[LesionPoint]) -> str:
    change = result.from_baseline
    if change is None or speaker.case.baseline == speaker.case.reported:
        return speaker.phrases.say("course.none")
    percent = speaker.numbers.percent(change)
    base = speaker.baseline_point(result, series)
    return with_parts(speaker, result, base, percent) if percent else speaker.phrases.say("table.against_zero")


def course_views(speaker: Speaker) -> tuple[CourseView, ...]:
    """Every criterion, scope and modality that anything is said of, what feeds the decisions first."""
    response = speaker.report.response
    known = {criterion.id: criterion for criterion in response.criteria}
    order = {name: (not known[name].feeds_decisions, place) for place, name in enumerate(known)}
    groups = groupby(sorted(response.assessments, key=lambda a: (order[a.criterion], _key(a))), key=_key)
    return tuple(_course(speaker, list(found)) for _, found in groups)


def _key(assessment: Assessment) -> tuple[str, str, str]:
    return (assessment.criterion, _side(assessment.side), str(assessment.modality or ""))


def _side(side: Side | None) -> str:
    return "" if side is None else str(side)


def _course(speaker: Speaker, found: Sequence[Assessment]) -> CourseView:
    last = found[-1]
    criterion = next(c for c in speaker.report.response.criteria if c.id == last.criterion)
    best = next((b for b in speaker.report.response.best_overall if _same(b, last)), None)
    return CourseView(
        criterion=speaker.criterion(criterion.name),
        feeds=criterion.feeds_decisions,
        scope=speaker.side(last.side) if last.side else speaker.phrases.say("course.patient"),
        modality=speaker.modality(last.modality),
        classified=last.classified,
        best=str(best.category) if best else "",
        best_date=speaker.written(best.date if best else None),
        confirmed=str(best.confirmed) if best else "",
        lesions=_lesions(speaker, found),
        time_points=_time_points(speaker, found),
    )


def _same(best: BestOverall, last: Assessment) -> bool:
    return (best.criterion, best.side, best.modality) == (last.criterion, last.side, last.modality)


def _lesions(speaker: Speaker, found: Sequence[Assessment]) -> Rows:
    say, points = speaker.phrases.say, speaker.time_points
    results = {result.point.lesion_id: result for assessment in found for result in assessment.lesions}
    at = {(r.point.lesion_id, a.time_point): r for a in found for r in a.lesions}
    columns = (
        Column(name="lesion", header=say("course.lesion")),
        Column(name="role", header=say("course.role")),
        *_time_columns(speaker, points),
    )
    rows = tuple(
        {
            "lesion": name,
            "role": say(f"role.{result.role}"),
            **{f"t{p.index}": _followed(speaker, at.get((name, p.index)), result) for p in points},
        }
        for name, result in results.items()
    )
    return Rows(columns=columns, rows=rows)


def _followed(speaker: Speaker, result: LesionResult | None, last: LesionResult) -> str:
    """What the criterion follows of a lesion: a size, a product, a volume, or the word for none; as the last has it."""
    if result is None:
        return speaker.phrases.say("course.none")
    amounts = result.amounts
    if amounts is not None and amounts.now is not None and result.point.state is not State.MERGED:
        return f"{speaker.numbers.number(amounts.now)} {amounts.unit}"
    return size_at(speaker, last, result.point, axes=False)


def _time_points(speaker: Speaker, found: Sequence[Assessment]) -> Rows:
    say = speaker.phrases.say
    numbers = {"sum", "from_baseline", "from_smallest"}
    columns = tuple(
        Column(name=name, header=say(f"course.{name}"), align=Align.RIGHT if name in numbers else Align.LEFT)
        for name in _SUMMED
    )
    return Rows(columns=columns, rows=tuple(_time_point(speaker, assessment) for assessment in found))


def _time_point(speaker: Speaker, assessment: Assessment) -> Row:
    say = speaker.phrases.say
    point = speaker.case.timeline.time_points[assessment.time_point]
    at_baseline = speaker.case.baseline is not None and point.index <= speaker.case.baseline.index
    none = say("course.none")
    return {
        "date": speaker.written(point.date),
        "visit": speaker.quoted(point.label) if point.label else say(f"phase.{point.phase}"),
        "sum": _sum(speaker, assessment) or none,
        "from_baseline": none if at_baseline else _percent(speaker, assessment.from_baseline) or none,
        "from_smallest": none if at_baseline else _percent(speaker, assessment.from_nadir) or none,
        "target": _category(assessment.target) or none,
        "non_target": _category(assessment.non_target) or none,
        "new": say(f"course.new_{assessment.new_lesion}"),
        "overall": _overall(assessment) if assessment.classified else none,
    }


def _overall(assessment: Assessment) -> str:
    """The category; a mixed one never without the sites that do not respond."""
    overall = assessment.overall
    named = overall.category is Category.MIXED and overall.lesion_ids
    return f"{overall.category} ({', '.join(overall.lesion_ids)})" if named else str(overall.category)


def _sum(speaker: Speaker, assessment: Assessment) -> str:
    if assessment.amounts is not None:
        now: Decimal | None = assessment.amounts.now
        return "" if now is None else f"{speaker.numbers.number(now)} {assessment.amounts.unit}"
    return "" if assessment.total is None else speaker.numbers.mm(assessment.total)


def _percent(speaker: Speaker, change: Change | None) -> str:
    return (speaker.numbers.percent(change) or "") if change else ""


def _category(verdict: Verdict | None) -> str:
    return "" if verdict is None else str(verdict.category)
