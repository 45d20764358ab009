"""The best overall response of each scope: the best category from the start of therapy to progression.

Source: RECIST 1.1 (Eisenhauer EA et al., Eur J Cancer 2009;45:228-247), best overall response, with and without
confirmation; what the published text leaves open is as the open implementation `admiralonco` takes it.

Without confirmation (the default, because an operation usually follows): the best category, CR before PR, mixed,
stable disease or non-CR/non-PD, PD, NE.  Stable disease counts only from the least time after baseline that the
protocol asks for; before it the answer is PD where PD follows, else NE.  Where there was no disease at baseline and
none came it is NED.

With confirmation, earlier and later category -> best overall response, "if long enough" being that least time:

| earlier, later | best overall |
| --- | --- |
| CR, CR | CR |
| CR, PR where the reader restates the CR as PR | PR |
| CR, PR or CR, SD | SD if long enough, else PD |
| CR, PD and PR, PD | SD if long enough, else PD |
| CR, NE and PR, NE (or nothing after it) | SD if long enough, else NE |
| PR, CR and PR, PR | PR |
| PR, SD | SD |
| SD, PD | SD if long enough, else PD |
| SD, NE (or nothing after it) | SD if long enough, else NE |
| NE, NE | NE |

The later one must come at least `confirmation_days` after the earlier one; between them only the same or better, and at
most one NE.  Disease without a target has non-CR/non-PD in the place of SD.

Progression ends it, be it PD or, in `per-site`, a mixed response with a site that is PD.  A new lesion that is
equivocal at first and confirmed later is progression from its first appearance.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from reporter.case.case import Case
from reporter.case.vocabulary import Modality, Role, Side
from reporter.response.course import SEEN
from reporter.response.interface import Assessment, BestOverall, Category, Confirmed, Operand, Thresholds

RESPONSES = frozenset({Category.CR, Category.PR})
STABLE = frozenset({Category.SD, Category.NON_CR_NON_PD})
MOST_BETWEEN = 1
"""How many time points without a category may lie between a response and its confirmation."""
Scope = tuple[str, Side | None, Modality | None]
"""Criterion, side (None: the whole patient) and modality."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One time point after baseline."""

    time_point: int
    date: dt.date
    days: int
    """Since baseline."""
    category: Category
    progressed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What is known of a scope from its baseline to progression."""

    visits: tuple[Visit, ...]
    stable_as: Category
    """SD, or non-CR/non-PD where there is no target."""
    limits: Thresholds

    def of(self, *categories: Category) -> Iterator[Visit]:
        """The visits with one of these categories, by time."""
        return (visit for visit in self.visits if visit.category in categories)

    def after(self, visit: Visit) -> tuple[Visit, ...]:
        """The visits after one of them."""
        return self.visits[self.visits.index(visit) + 1 :]

    @property
    def lasting(self) -> Visit | None:
        """The first visit that is at least stable, and late enough after baseline for stable disease."""
        found = self.of(*RESPONSES, *STABLE)
        return next((visit for visit in found if visit.days >= self.limits.sd_days), None)

    @property
    def progression(self) -> Visit | None:
        """The visit that ended it."""
        return next((visit for visit in self.visits if visit.progressed), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A category, the rule, and the visits that decided."""

    category: Category
    rule: str
    visits: tuple[Visit, ...] = ()
    confirmed: Confirmed = Confirmed.NOT_REQUIRED


def best_overall(
    case: Case, assessments: Iterable[Assessment], thresholds: Thresholds, baseline: int
) -> tuple[BestOverall, ...]:
    """The best overall response of every criterion, scope and modality.

    `assessments` are those of criteria that have categories, up to the reported time point; `baseline` is the index of
    the time point that the others are compared with.  In the order of the assessments.
    """
    scopes: dict[Scope, list[Assessment]] = {}
    for a in assessments:
        scopes.setdefault((a.criterion, a.side, a.modality), []).append(a)
    return tuple(_of_scope(case, scope, found, thresholds, baseline) for scope, found in scopes.items())


def _of_scope(case: Case, scope: Scope, found: Sequence[Assessment], limits: Thresholds, baseline: int) -> BestOverall:
    criterion, side, modality = scope
    course = _course(case, side, sorted(found, key=lambda a: a.time_point), limits, baseline)
    answer = _confirmed(course) if limits.confirmation == "required" else _unconfirmed(course)
    progression = course.progression
    return BestOverall(
        criterion=criterion,
        side=side,
        modality=modality,
        category=answer.category,
        rule=f"best.{answer.rule}",
        confirmed=answer.confirmed,
        deciding=tuple(visit.time_point for visit in answer.visits),
        date=answer.visits[0].date if answer.visits else None,
        first_progression=None if progression is None else progression.date,
        operands=tuple(_operands(answer, limits)),
    )


# -- the course ---------------------------------------------------------------------------------------------------


def _course(case: Case, side: Side | None, found: Sequence[Assessment], limits: Thresholds, baseline: int) -> Course:
    start = case.timeline.time_points[baseline].date
    later = [a for a in found if a.time_point > baseline]
    first = _first_progression(later)
    visits = []
    for assessment in later:
        date = case.timeline.time_points[assessment.time_point].date
        ends = assessment.time_point == first
        category = assessment.overall.category
        visit = Visit(
            time_point=assessment.time_point,
            date=date,
            days=(date - start).days,
            category=Category.PD if ends and category is not Category.MIXED else category,
            progressed=ends,
        )
        visits.append(visit)
        if ends:
            break
    measured = any(a.target is not None for a in found)
    stable = Category.SD if measured else Category.NON_CR_NON_PD
    return Course(visits=_restated(case, side, visits), stable_as=stable, limits=limits)


def _first_progression(later: Sequence[Assessment]) -> int | None:
    """The time point of progression; of a new lesion the one at which it was first seen."""
    for assessment in later:
        if _progressed(assessment):
            return _first_seen(later, assessment)
    return None


def _progressed(assessment: Assessment) -> bool:
    if assessment.overall.category is Category.MIXED:
        return any(r.verdict is not None and r.verdict.category is Category.PD for r in assessment.lesions)
    return assessment.overall.category is Category.PD


def _first_seen(later: Sequence[Assessment], progression: Assessment) -> int:
    """The first time point at which a new lesion that is progression was seen."""
    new = {r.point.lesion_id for r in progression.lesions if r.role is Role.NEW} & {*progression.overall.lesion_ids}
    seen = (a.time_point for a in later for r in a.lesions if r.point.lesion_id in new and r.point.state in SEEN)
    return min(seen, default=progression.time_point)


def _restated(case: Case, side: Side | None, visits: Sequence[Visit]) -> tuple[Visit, ...]:
    """With each earlier CR as PR where the reader restates it at the reported time point (decision b)."""
    now = case.reported
    entries = (e for e in case.facts.radiologist if e.restate and e.date == now.date)
    if not any(side is None or entry.side in {None, side} for entry in entries):
        return tuple(visits)
    return tuple(
        replace(v, category=Category.PR) if v.category is Category.CR and v.time_point < now.index else v
        for v in visits
    )


# -- the rules ----------------------------------------------------------------------------------------------------


def _unconfirmed(course: Course) -> Found:
    for category, rule in ((Category.CR, "cr"), (Category.PR, "pr"), (Category.MIXED, "mixed")):
        first = next(course.of(category), None)
        if first is not None:
            return Found(category=category, rule=rule, visits=(first,))
    return _without_response(course)


def _without_response(course: Course) -> Found:
    """Stable disease long enough, no disease, PD, NE; where there was no response, or one that was not confirmed."""
    lasting = course.lasting
    if lasting is not None:
        return Found(category=course.stable_as, rule="sd", visits=(lasting,))
    first = next(course.of(Category.NED), None)
    if first is not None and course.progression is None:
        return Found(category=Category.NED, rule="ned", visits=(first,))
    if course.progression is not None:
        return Found(category=Category.PD, rule="pd", visits=(course.progression,))
    short = next(course.of(*RESPONSES, *STABLE), None)
    if short is not None:
        return Found(category=Category.NE, rule="too_short", visits=(short,))
    return Found(category=Category.NE, rule="ne" if course.visits else "no_follow_up")


def _confirmed(course: Course) -> Found:
    complete = _pair(course, Category.CR, frozenset({Category.CR}))
    if complete:
        return Found(category=Category.CR, rule="cr_confirmed", visits=complete, confirmed=Confirmed.YES)
    partial = _pair(course, Category.PR, RESPONSES)
    if partial:
        return Found(category=Category.PR, rule="pr_confirmed", visits=partial, confirmed=Confirmed.YES)
    mixed = next(course.of(Category.MIXED), None)
    if mixed is not None:
        return Found(category=Category.MIXED, rule="mixed", visits=(mixed,))
    if next(course.of(*RESPONSES), None) is None:
        return _without_response(course)
    return replace(_not_confirmed(course), confirmed=Confirmed.NO)


def _pair(course: Course, earlier: Category, confirming: frozenset[Category]) -> tuple[Visit, ...]:
    """A response and the visit that confirms it; empty where none does."""
    for first in course.of(earlier):
        missing = 0
        for visit in course.after(first):
            missing += visit.category is Category.NE
            if visit.category not in {*confirming, Category.NE} or missing > MOST_BETWEEN:
                break
            if visit.category in confirming and visit.days - first.days >= course.limits.confirmation_days:
                return first, visit
    return ()


def _not_confirmed(course: Course) -> Found:
    """A response that did not last, or that nothing confirms."""
    if course.lasting is not None:
        return Found(category=course.stable_as, rule="unconfirmed", visits=(course.lasting,))
    partial = _followed(course, Category.PR, STABLE)
    if partial:
        return Found(category=course.stable_as, rule="pr_then_sd", visits=partial)
    complete = _followed(course, Category.CR, STABLE | {Category.PR})
    if complete:
        return Found(category=Category.PD, rule="cr_then_disease", visits=complete)
    return _without_response(course)


def _followed(course: Course, earlier: Category, later: frozenset[Category]) -> tuple[Visit, ...]:
    """A visit with one category and the next evaluable one after it, where that is one of `later`."""
    for first in course.of(earlier):
        second = next((v for v in course.after(first) if v.category is not Category.NE), None)
        if second is not None and second.category in later:
            return first, second
    return ()


def _operands(found: Found, limits: Thresholds) -> Iterator[Operand]:
    days = [Decimal(visit.days) for visit in found.visits]
    if days:
        yield Operand(name="days_since_baseline", value=days[0], unit="d")
    if found.confirmed is Confirmed.YES:
        yield Operand(name="days_between", value=days[1] - days[0], unit="d")
    if limits.confirmation == "required":
        yield Operand(name="confirmation_days", value=Decimal(limits.confirmation_days), unit="d")
    if limits.sd_days:
        yield Operand(name="sd_days", value=Decimal(limits.sd_days), unit="d")
