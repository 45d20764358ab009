"""Studies in time order become time points (decision m): by labels, by the therapy dates, else by nearness alone.

Pure: it is given days, labels and the therapy, and gives time points, what is left out, and the doubts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, starmap

from reporter.case.facts import Therapy
from reporter.case.issue import Issue, Operand, Outcome
from reporter.case.study import Study
from reporter.case.timepoint import BaselineBasis, Labels, Timeline, TimePoint, Windows
from reporter.case.vocabulary import Phase, TherapyStatus

_NO_THERAPY, _WINDOWS, _LABELS = Therapy(), Windows(), Labels()
_ORDER = {Phase.BASELINE: 0, Phase.DURING: 1, Phase.END: 2, Phase.UNKNOWN: 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What orders the studies beside their own dates; each layer's settings among it."""

    therapy: Therapy = _NO_THERAPY
    operation: dt.date | None = None
    windows: Windows = _WINDOWS
    labels: Labels = _LABELS


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """Time points, and what came of every study that is in none."""

    timeline: Timeline
    therapy: Therapy
    """As it stands for the reported time point: a status told for the last one does not hold for an earlier one."""
    after_operation: tuple[str, ...] = ()
    """Keys of studies that are left out."""
    later: tuple[TimePoint, ...] = ()
    """Time points after the reported one; their studies are left out."""
    issues: tuple[Issue, ...] = ()


def arrange(studies: Iterable[Study], course: Course, at: dt.date | None = None) -> Arrangement:
    """Put studies into time points; the reported one is the latest, or the one of `at`.

    `at` chooses the time point that has a study on that day, else the latest one begun before it. Without any study
    (or none up to `at`) the timeline is empty.
    """
    ordered = sorted(studies, key=lambda s: (s.date, s.start or dt.time.min, s.key))
    kept, after = _before_operation(ordered, course)
    groups = _grouped(kept, course)
    chosen = len(groups) - 1 if at is None else _index_at(groups, at)
    later = tuple(_time_point(i, g) for i, g in enumerate(groups) if i > chosen)
    if later:
        earlier = [s for group in groups[: chosen + 1] for s in group.studies]
        course = replace(course, therapy=_status_then(course.therapy, chosen))
        groups = _grouped(earlier, course)
    points = tuple(starmap(_time_point, enumerate(groups)))
    basis = _basis(groups, course)
    order = (*_after_issues(after, course), *_label_issues(kept, course))
    return Arrangement(
        timeline=Timeline(time_points=points, basis=basis, reported=max(len(points) - 1, 0)),
        therapy=course.therapy,
        after_operation=tuple(s.key for s in after),
        later=later,
        issues=(*order, *_basis_issues(groups, basis, course), *_far_apart(groups, course)),
    )


@dataclass(slots=True)
class _Group:
    """A time point being made."""

    phase: Phase
    studies: list[Study]
    by_label: bool
    """Whether a label gave the phase."""

    @property
    def first(self) -> dt.date:
        return self.studies[0].date

    @property
    def label(self) -> str | None:
        return next((s.label for s in self.studies if s.label), None)


def _time_point(index: int, group: _Group) -> TimePoint:
    return TimePoint(
        index=index,
        phase=group.phase,
        date=group.first,
        studies=tuple(s.key for s in group.studies),
        label=group.label,
    )


# -- which phase a study is of --------------------------------------------------------------------------------


def _before_operation(studies: Sequence[Study], course: Course) -> tuple[list[Study], list[Study]]:
    """Studies before the operation, and those on its day or later, which show another breast."""
    day = course.operation
    if day is None:
        return list(studies), []
    return [s for s in studies if s.date < day], [s for s in studies if s.date >= day]


def _by_label(study: Study, labels: Labels) -> Phase | None:
    """What the label of a study means: its id, else its description; None where it is only printed."""
    for label in (study.label, study.label_description):
        if label and (phase := labels.phase_of(label)) is not None:
            return phase
    return None


def _by_dates(day: dt.date, therapy: Therapy) -> Phase | None:
    """What the therapy dates say of a day; None where they say nothing."""
    if therapy.status is TherapyStatus.NOT_STARTED and therapy.start is None:
        return Phase.BASELINE
    if therapy.start is not None and day <= therapy.start:
        return Phase.BASELINE
    if therapy.end is not None and day > therapy.end:
        return Phase.END
    return Phase.DURING if therapy.start is not None else None


def _phases(studies: Sequence[Study], course: Course) -> list[tuple[Phase, bool]]:
    """The phase of each study and whether its own label gave it; labels win over dates, also for their neighbours."""
    labelled = [_by_label(s, course.labels) for s in studies]
    last_baseline = max((s.date for s, p in zip(studies, labelled, strict=True) if p is Phase.BASELINE), default=None)
    first_end = min((s.date for s, p in zip(studies, labelled, strict=True) if p is Phase.END), default=None)
    found: list[tuple[Phase, bool]] = []
    for study, phase in zip(studies, labelled, strict=True):
        if phase is not None:
            found.append((phase, True))
        elif last_baseline is not None and study.date <= last_baseline:
            found.append((Phase.BASELINE, False))
        elif first_end is not None and study.date >= first_end:
            found.append((Phase.END, False))
        else:
            found.append((_by_dates(study.date, course.therapy) or Phase.UNKNOWN, False))
    return found


# -- which studies belong together ----------------------------------------------------------------------------


def _grouped(studies: Sequence[Study], course: Course) -> list[_Group]:
    groups: list[_Group] = []
    for study, (phase, by_label) in zip(studies, _phases(studies, course), strict=True):
        last = groups[-1] if groups else None
        if last is not None and _belongs(study, phase, last, course):
            last.studies.append(study)
            if last.phase is Phase.UNKNOWN or (by_label and not last.by_label):
                last.phase = phase
            last.by_label = last.by_label or by_label
        else:
            groups.append(_Group(phase, [study], by_label))
    return _named(groups, course)


def _belongs(study: Study, phase: Phase, group: _Group, course: Course) -> bool:
    """Same-day studies always; baseline and end whole; else within the window of the first, unless labels part them."""
    if study.date == group.studies[-1].date:
        return True
    if phase is not group.phase and Phase.UNKNOWN not in {phase, group.phase}:
        return False
    if phase is group.phase and phase in {Phase.BASELINE, Phase.END}:
        return True
    if study.label and group.label and study.label.casefold() != group.label.casefold():
        return False
    return (study.date - group.first).days <= course.windows.same_time_point_days


def _named(groups: list[_Group], course: Course) -> list[_Group]:
    """Give the phases that only the whole row of time points shows: the earliest taken as baseline, the last as end."""
    if not groups:
        return groups
    first, last, status = groups[0], groups[-1], course.therapy.status
    has_baseline = any(g.phase is Phase.BASELINE for g in groups)
    if not has_baseline and first.phase is Phase.UNKNOWN and not _begun_at(first, course, single=len(groups) == 1):
        first.phase = Phase.BASELINE
    for group in groups:
        if group.phase is Phase.UNKNOWN and status is TherapyStatus.ONGOING:
            group.phase = Phase.DURING
    if last.phase in {Phase.UNKNOWN, Phase.DURING} and not last.by_label and course.therapy.end is None:
        last.phase = Phase.END if status is TherapyStatus.COMPLETED else last.phase
    return groups


def _begun_at(group: _Group, course: Course, *, single: bool) -> bool:
    """Whether therapy is known to have begun before a time point that neither labels nor dates name.

    A stated status speaks of the reported time point; of several without dates the earliest is taken as baseline.
    """
    if course.therapy.start is not None and group.first > course.therapy.start:
        return True
    return single and course.therapy.status in {TherapyStatus.ONGOING, TherapyStatus.COMPLETED}


def _index_at(groups: Sequence[_Group], at: dt.date) -> int:
    """The time point with a study on the day, else the latest begun before it; -1 where there is none."""
    for index, group in enumerate(groups):
        if any(s.date == at for s in group.studies):
            return index
    return max((i for i, g in enumerate(groups) if g.first <= at), default=-1)


def _status_then(therapy: Therapy, index: int) -> Therapy:
    """A status without dates, told for the last time point, at an earlier one."""
    if therapy.end is not None or therapy.status in {None, TherapyStatus.NOT_STARTED}:
        return therapy
    status = TherapyStatus.ONGOING if index > 0 or therapy.start is not None else None
    return replace(therapy, status=status)


# -- the baseline and the doubts ------------------------------------------------------------------------------


def _basis(groups: Sequence[_Group], course: Course) -> BaselineBasis:
    baseline = next((g for g in groups if g.phase is Phase.BASELINE), None)
    if baseline is None:
        return BaselineBasis.NONE
    if any(_by_label(s, course.labels) is Phase.BASELINE for s in baseline.studies):
        return BaselineBasis.LABEL
    if any(_by_dates(s.date, course.therapy) is Phase.BASELINE for s in baseline.studies):
        return BaselineBasis.THERAPY_DATES
    return BaselineBasis.SINGLE if len(groups) == 1 else BaselineBasis.EARLIEST_TAKEN


def _issue(code: str, outcome: Outcome, study: Study | None, column: str | None, **operands: Operand) -> Issue:
    source = study.sources.get("label") or study.sources.get("date") if study else None
    key = study.key if study else None
    return Issue(code=code, outcome=outcome, source=source, study=key, column=column, operands=operands)


def _after_issues(studies: Sequence[Study], course: Course) -> tuple[Issue, ...]:
    return tuple(
        _issue("TP_AFTER_OPERATION", Outcome.NOTE, s, None, date=str(s.date), operation=str(course.operation))
        for s in studies
    )


def _label_issues(studies: Sequence[Study], course: Course) -> tuple[Issue, ...]:
    return (
        *_reversed(studies, course),
        *_contradictions(studies, course),
        *_same_day(studies),
        *_long_baseline(studies, course),
    )


def _reversed(studies: Sequence[Study], course: Course) -> tuple[Issue, ...]:
    """A follow-up dated before the baseline by their labels cannot be (refused)."""
    issues: list[Issue] = []
    highest: tuple[int, Study] | None = None
    for study in studies:
        phase = _by_label(study, course.labels)
        if phase is None:
            continue
        rank = _ORDER[phase]
        if highest is not None and rank < highest[0] and study.date > highest[1].date:
            other = highest[1]
            operands: dict[str, Operand] = {"label": study.label or "", "date": str(study.date)}
            operands |= {"other_label": other.label or "", "other_date": str(other.date)}
            issues.append(_issue("TP_ORDER", Outcome.REFUSED, study, None, **operands))
        elif highest is None or rank > highest[0]:
            highest = (rank, study)
    return tuple(issues)


def _contradictions(studies: Sequence[Study], course: Course) -> tuple[Issue, ...]:
    """A label that says otherwise than the therapy dates stands, and is asked about."""
    issues = []
    for study in studies:
        said, dated = _by_label(study, course.labels), _by_dates(study.date, course.therapy)
        before_end = said is Phase.END and dated is Phase.DURING  # an end while therapy runs on until surgery is none
        if said is not None and dated is not None and said is not dated and not before_end:
            issues.append(
                _issue(
                    "TP_LABEL_DATES",
                    Outcome.QUESTION,
                    study,
                    "timepoint",
                    label=study.label or study.label_description or "",
                    date=str(study.date),
                    start=str(course.therapy.start or "-"),
                    end=str(course.therapy.end or "-"),
                )
            )
    return tuple(issues)


def _same_day(studies: Sequence[Study]) -> tuple[Issue, ...]:
    """Two labels on one day are one time point all the same."""
    issues = []
    for before, study in pairwise(studies):
        one, other = before.label, study.label
        if before.date == study.date and one and other and one.casefold() != other.casefold():
            issues.append(
                _issue("TP_SAME_DAY", Outcome.NOTE, study, None, date=str(study.date), label=one, other_label=other)
            )
    return tuple(issues)


def _long_baseline(studies: Sequence[Study], course: Course) -> tuple[Issue, ...]:
    """Baselines by their labels alone, far apart: a viewer that always writes the same word hides the response."""
    labelled = [s for s in studies if _by_label(s, course.labels) is Phase.BASELINE]
    limit = course.windows.baseline_age_warning_days
    if not labelled or _by_dates(labelled[-1].date, course.therapy) is not None:
        return ()
    first, last = labelled[0], labelled[-1]
    days = (last.date - first.date).days
    if days <= limit:
        return ()
    operands: dict[str, Operand] = {"date": str(first.date), "other_date": str(last.date), "count": days}
    return (_issue("TP_LONG_BASELINE", Outcome.QUESTION, last, "timepoint", **operands, limit=limit),)


def _basis_issues(groups: Sequence[_Group], basis: BaselineBasis, course: Course) -> tuple[Issue, ...]:
    if not groups:
        return ()
    last, asked = groups[-1], course.therapy.start is None
    if basis is BaselineBasis.NONE:
        return (_issue("TP_NO_BASELINE", Outcome.PROBLEM, last.studies[0], None, date=str(last.first)),)
    if basis is BaselineBasis.EARLIEST_TAKEN and asked:
        first = groups[0]
        return (_issue("TP_EARLIEST", Outcome.QUESTION, first.studies[0], "therapy.start", date=str(first.first)),)
    if basis is BaselineBasis.SINGLE:
        return (_issue("TP_SINGLE", Outcome.QUESTION, last.studies[0], "therapy.start", date=str(last.first)),)
    return ()


def _far_apart(groups: Sequence[_Group], course: Course) -> Iterator[Issue]:
    """A baseline long before the therapy, and time points between which studies may be missing: worth a note."""
    limits, start = course.windows, course.therapy.start
    for group in groups:
        last = group.studies[-1]
        if group.phase is Phase.BASELINE and start and (start - last.date).days > limits.baseline_age_warning_days:
            yield _apart("TP_BASELINE_OLD", last, (start - last.date).days, limits.baseline_age_warning_days)
    for before, group in pairwise(groups):
        days = (group.first - before.studies[-1].date).days
        if days > limits.interval_warning_days:
            yield _apart("TP_INTERVAL", group.studies[0], days, limits.interval_warning_days)


def _apart(code: str, study: Study, days: int, most: int) -> Issue:
    return _issue(code, Outcome.NOTE, study, None, date=str(study.date), count=days, limit=most)
