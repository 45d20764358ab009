"""The cohort: how the disease of each breast of each patient went, from the outcomes of a batch.

A course follows one sum through time, the sum of record of the patient's latest case, so that like is compared with
like; where the sites of a breast have no one modality of record there is no sum, and the course says so.  What the
report answered stands beside the arithmetic: the headline may refuse what the sum alone would say.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from operator import attrgetter

from reporter.batch.outcome import BestSeen, Outcome, ResponseSeen, SideSeen, Status, TimePointSeen
from reporter.case.vocabulary import Side
from reporter.response.interface import Category, Change, Headline
from reporter.response.tabulate import percent


class Standing(StrEnum):
    """What a chart calls the answer for a breast, the worst first."""

    PD = "PD"
    MIXED = "MIXED"
    SD = "SD"
    INDETERMINATE = "INDETERMINATE"
    """By the radiologist's flag."""
    NE = "NE"
    UNSETTLED = "UNSETTLED"
    """CR of the known sites, and the report does not say complete response: another modality still measures, a new
    finding is not settled, or a node looks abnormal."""
    PERSISTENT = "NON-CR/NON-PD"
    PR = "PR"
    CR = "CR"
    BASELINE = "BASELINE"
    NONE = "NED"
    """No lesion that could respond."""
    OUTSIDE = "NOT CLASSIFIED"
    """The case is stated to be out of scope."""


_BY_HEADLINE: Mapping[Headline, Standing] = {
    Headline.BASELINE: Standing.BASELINE,
    Headline.PROGRESSIVE: Standing.PD,
    Headline.MIXED: Standing.MIXED,
    Headline.STABLE: Standing.SD,
    Headline.INDETERMINATE: Standing.INDETERMINATE,
    Headline.NOT_EVALUABLE: Standing.NE,
    Headline.NOT_COMPLETE: Standing.UNSETTLED,
    Headline.KNOWN_SITE_GONE: Standing.UNSETTLED,
    Headline.COMPLETE: Standing.CR,
    Headline.PARTIAL: Standing.PR,
    Headline.PARTIAL_HELD: Standing.PR,
    Headline.PERSISTENT: Standing.PERSISTENT,
    Headline.NO_DISEASE: Standing.NONE,
    Headline.NOT_CLASSIFIED: Standing.OUTSIDE,
}


def standing(answer: SideSeen) -> Standing:
    """The answer for one breast in one word; near-complete keeps its arithmetic category (decision q)."""
    word = _BY_HEADLINE.get(answer.headline) or Standing(answer.category.value)
    return Standing.UNSETTLED if word is Standing.CR and answer.abnormal_nodes else word


def worst(words: Iterable[Standing]) -> Standing:
    """The worst of several; NED for none."""
    found = set(words)
    return next((word for word in Standing if word in found), Standing.NONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One time point of a course."""

    seen: TimePointSeen
    response: ResponseSeen | None
    """The sum followed; None where nothing was followed on that modality then, or no one modality is of record."""
    standing: Standing | None
    """What a report said of it, else what the sum alone says."""
    answers: tuple[SideSeen, ...] = ()
    """What the report of that time point answered, where there is one."""
    best: Decimal | None = None
    """Best change from baseline so far, this time point included, percent."""
    case: str = ""
    """The case that reports it."""

    @property
    def change(self) -> Decimal | None:
        """Change of the sum from baseline, percent."""
        return None if self.response is None else self.response.from_baseline


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A breast (or, by a criterion of the whole patient, a patient) through time."""

    outcome: Outcome
    """The latest case of the patient."""
    side: Side | None
    points: tuple[Point, ...]
    """By time; the last one is reported."""

    record: ResponseSeen | None = None
    """The response of record at the reported time point; None site by site."""

    @property
    def best_overall(self) -> BestSeen | None:
        """The best overall response of the sum followed; None where there is none, or no criterion gives one."""
        record = self.record
        if record is None:
            return None
        same = (record.criterion, record.side, record.modality)
        return next((b for b in self.outcome.best if (b.criterion, b.side, b.modality) == same), None)

    @property
    def last(self) -> Point:
        """The reported time point."""
        return self.points[-1]

    @property
    def standing(self) -> Standing:
        """What the report says."""
        return self.last.standing or Standing.NE

    @property
    def best(self) -> Decimal | None:
        """Best change of the sum from baseline, percent: the smallest complete sum after baseline against it."""
        return self.last.best


class Cohort:
    """Patient by patient: which case is the latest, and what each of the patient's cases answers.

    It holds the cases of one patient, however many there are of them all.
    """

    def __init__(self) -> None:
        self.size = 0
        """How many patients had a case with a report."""
        self._latest = ""
        self._answered: dict[dt.date, tuple[str, tuple[SideSeen, ...]]] = {}

    def passing_on(self, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
        """The outcomes, in which those of a patient stand together; what is asked of one is asked while it is there."""
        for _, cases in groupby(outcomes, attrgetter("patient")):
            of_one = list(cases)
            self._look_at(of_one)
            yield from of_one

    def _look_at(self, cases: Iterable[Outcome]) -> None:
        told = {
            (day, o.case): o for o in cases if o.status is Status.REPORTED and (day := o.reported_on) and o.time_points
        }
        self.size += bool(told)
        self._latest = max(told)[1] if told else ""
        self._answered = {day: (case, outcome.sides) for (day, case), outcome in told.items()}

    def is_latest(self, outcome: Outcome) -> bool:
        """Whether it is the latest case with a report of its patient."""
        return outcome.status is Status.REPORTED and self._latest == outcome.case

    def is_superseded(self, outcome: Outcome) -> bool:
        """Whether a later case with a report of its patient has taken its place."""
        return outcome.status is Status.REPORTED and self._latest not in {"", outcome.case}

    def courses_of(self, outcome: Outcome) -> Iterator[Course]:
        """The courses of a patient, by side; none for another case than the patient's latest."""
        if self.is_latest(outcome):
            yield from self._courses(outcome)

    def _courses(self, outcome: Outcome) -> Iterator[Course]:
        records = {answer.side: record_of(outcome, answer.side) for answer in outcome.sides}
        if any(record is not None and record.side is None for record in records.values()):
            yield self._course(outcome, None, next(r for r in records.values() if r is not None and r.side is None))
            return
        for side, record in sorted(records.items()):
            yield self._course(outcome, side, record)

    def _course(self, outcome: Outcome, side: Side | None, record: ResponseSeen | None) -> Course:
        followed = _followed(outcome, record)
        points: list[Point] = []
        best: Decimal | None = None
        for place, seen in enumerate(outcome.time_points):
            response = followed.get(seen.index)
            case, sides = self._answered.get(seen.date, ("", ()))
            answers = tuple(answer for answer in sides if side in {None, answer.side})
            change = response.from_baseline if response is not None and place else None
            best = change if best is None else best if change is None else min(best, change)
            points.append(
                Point(
                    seen=seen,
                    response=response,
                    standing=worst(map(standing, answers)) if answers else _by_sum(response),
                    answers=answers,
                    best=best,
                    case=case,
                )
            )
        return Course(outcome=outcome, side=side, points=tuple(points), record=record)


def record_of(outcome: Outcome, side: Side) -> ResponseSeen | None:
    """The response of record of a side at the reported time point; None where it was found site by site."""
    last = outcome.time_points[-1].index
    rows = (r for r in outcome.responses if r.of_record and r.time_point == last and r.side in {side, None})
    return next(rows, None)


def _followed(outcome: Outcome, record: ResponseSeen | None) -> dict[int, ResponseSeen]:
    """Time point -> the same sum then."""
    if record is None:
        return {}
    same = (record.criterion, record.side, record.modality)
    return {r.time_point: r for r in outcome.responses if (r.criterion, r.side, r.modality) == same}


def _by_sum(response: ResponseSeen | None) -> Standing | None:
    if response is None or not response.classified:
        return None
    return Standing.NONE if response.overall is Category.NED else Standing(response.overall.value)


def change_text(now: Decimal | None, then: Decimal | None) -> str:
    """A change in percent as the tables write it: 12 significant digits; empty without a value or against 0."""
    return "" if now is None or then is None else percent(Change(now=now, then=then))
