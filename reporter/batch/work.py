"""One unit of work: the cases of one patient, from files to documents.  It writes nothing and keeps nothing.

It is the same function in this process, in a worker and on a cluster; whatever goes wrong with a case becomes the
outcome of that case.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from reporter.batch.outcome import FileLeft, Outcome
from reporter.batch.telling import plain_sentence, quarantined, told
from reporter.case.case import Case
from reporter.case.issue import Issue, Operand
from reporter.case.issue import Outcome as Severity
from reporter.case.source import Source, SourceKind
from reporter.draft.interface import InputFile
from reporter.errors import ReporterError
from reporter.pipeline import Chosen, Kit, choose, export, report_on
from reporter.plugins import other_readers
from reporter.publish import crash_here
from reporter.readers.assemble import assemble
from reporter.readers.gather import Inputs, Readings
from reporter.readers.gather_case import CaseInput, gather_case, used
from reporter.readers.interface import CaseRefused
from reporter.readers.report_parts import LesionMap
from reporter.settings import Settings

QUARANTINE: Final = ".quarantined.txt"
"""Suffix of the file that says why there is no draft."""
DRAFT: Final = ".draft"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What every case of a run is made with; travels to the workers once."""

    settings: Settings
    inputs: Inputs
    """The options of reading; no paths."""
    template: str | None = None
    criteria: tuple[str, ...] | None = None
    formats: tuple[str, ...] = ("docx", "txt", "json")
    lesion_map: LesionMap = field(default_factory=dict)
    every_time_point: bool = False

    def prepared(self) -> Kit:
        """The kit of the run.

        Raises:
            SetupError: a pack, template set or plug-in is missing or broken.
            UsageError: no criterion or format has the name given.

        """
        return self.chosen().kit()

    def chosen(self) -> Chosen:
        """What the kit is to be made of; raises what `prepared` raises, but for what compiling the templates shows."""
        return choose(self.settings, template=self.template, criteria=self.criteria, formats=self.formats)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A unit on its way to a worker."""

    key: str
    study: str
    """Names the case of a study that names no patient; empty else."""
    given: CaseInput
    fingerprint: str
    places: str = ""
    """Where its rows stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A case that was worked on: its outcome, and what is to be written."""

    outcome: Outcome
    documents: Mapping[str, bytes]
    """Suffix -> bytes."""


Worked = tuple[Task, tuple[Made, ...]]
"""A unit, and what became of its cases."""
Steps = Iterator[Made | None]
"""The work on a unit: from its files to its cases, to what there is to say, to words, to documents; a case where it is
made, None where a step ends before that."""


def work(tasks: Sequence[Task], kit: Kit, rules: Rules) -> list[tuple[Made, ...]]:
    """All cases of each unit, the latest time point first; at least one.

    All units take a step before any takes the next: what the step needs, code, rules and words, is then at hand for all
    but the first.  To fetch it anew for every case costs a sixth of its time.
    """
    units = [_Unit(task, _cases(task, kit, rules)) for task in tasks]
    under_way = units
    while under_way:
        under_way = [unit for unit in under_way if unit.step()]
    return [tuple(unit.made) for unit in units]


class _Unit:
    """A unit under way; `made` are its cases so far."""

    def __init__(self, task: Task, steps: Steps) -> None:
        self._task = task
        self._steps = steps
        self.made: list[Made] = []

    def step(self) -> bool:
        """Take the next step; whether there was one."""
        try:
            case = next(self._steps)
        except StopIteration:
            return False
        except MemoryError:
            self.made = [given_up(self._task, "CASE_MEMORY")]
            return False
        except Exception as error:  # ruff: ignore[blind-except] - one bad case never stops the batch; the text may hold patient data
            self.made = [given_up(self._task, "CASE_FAULT", fault=_fault(error))]
            return False
        if case is not None:
            self.made.append(case)
        return True


def _cases(task: Task, kit: Kit, rules: Rules) -> Steps:
    crash_here("in_parse")
    readings = gather_case(task.given, rules.inputs, rules.settings.limits, other_readers(), rules.lesion_map)
    yield None
    if not task.given.patient_id:
        yield _refused(task, _of_nobody(readings), readings)
        return
    try:
        latest = _assembled(task, readings, kit, None)
    except CaseRefused as refused:
        yield _refused(task, refused.issues, readings)
        return
    yield None
    yield from _reported(task, latest, readings, kit)
    if rules.every_time_point:
        for point in reversed(latest.timeline.time_points[:-1]):
            try:
                case = _assembled(task, readings, kit, latest.date_of(point.studies[-1]))
            except CaseRefused as refused:
                yield _refused(task, refused.issues, readings, point.studies[0])
                continue
            yield from _reported(task, case, readings, kit)


def _of_nobody(readings: Readings) -> tuple[Issue, ...]:
    """Why a study that names no patient is no case."""
    own = readings.unnamed
    issues = [*(issue for header in own.headers for issue in header.issues), *own.issues, *own.unreadable]
    refused = tuple(issue for issue in issues if issue.outcome is Severity.REFUSED)
    return refused or (Issue(code="STU_NO_PATIENT", outcome=Severity.REFUSED),)


def _assembled(task: Task, readings: Readings, kit: Kit, at: dt.date | None) -> Case:
    settings = kit.settings
    return assemble(readings, patient=task.given.patient_id, at=at, windows=settings.windows, labels=settings.labels)


def _reported(task: Task, case: Case, readings: Readings, kit: Kit) -> Steps:
    crash_here("in_render")
    inputs = [InputFile(name=file.name, kind=file.kind, sha256=file.sha256) for file in used(readings)]
    try:
        report = report_on(case, inputs, kit)
        yield None
        draft = kit.writer.draft(report)
        yield None
        documents = export(report, draft, kit)
    except CaseRefused as refused:
        yield _refused(task, refused.issues, readings, case.reported.studies[0])
        return
    except ReporterError as error:
        issue = Issue(code=error.code or "CASE_REFUSED", outcome=Severity.REFUSED)
        yield _refused(task, (issue,), readings, case.reported.studies[0])
        return
    outcome = told(report, readings)
    yield Made(outcome=outcome, documents={f"{DRAFT}{suffix}": data for suffix, data in documents.items()})


def _refused(task: Task, issues: tuple[Issue, ...], readings: Readings | None, study: str = "") -> Made:
    outcome = quarantined(task.given.patient_id, task.study or study, issues, readings)
    return Made(outcome=outcome, documents={QUARANTINE: _page(task, issues)})


def _page(task: Task, issues: tuple[Issue, ...]) -> bytes:
    """Why there is no draft, in full words and with the Patient ID; only its owner may read the file."""
    lines = [f"No draft was made. Patient ID: {task.given.patient_id or 'none'}", ""]
    refusing = sorted((i for i in issues if i.outcome is Severity.REFUSED), key=lambda issue: issue.order)
    lines += dict.fromkeys(f"{issue.code}: {plain_sentence(issue)}" for issue in refusing)
    return ("\n".join(lines) + "\n").encode()


def given_up(task: Task, code: str, **operands: Operand) -> Made:
    """The outcome of a unit that could not be worked on; the code says how it ended."""
    first = task.given.files[0].name if task.given.files else "export"
    source = Source(SourceKind.HEADER, first, "file") if task.given.files else None
    issue = Issue(code=code, outcome=Severity.REFUSED, source=source, operands=operands)
    made = _refused(task, (issue,), None)
    left = tuple(_left(name, code) for name in sorted({file.name for file in task.given.own}))
    return replace(made, outcome=replace(made.outcome, files_left=left))


def _left(name: str, code: str) -> FileLeft:
    return FileLeft(name=name, refused=False, code=code)


def _fault(error: Exception) -> str:
    """The kind of a fault and where it rose, without its text."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = "" if place is None else f" in {Path(place.tb_frame.f_code.co_filename).name}, line {place.tb_lineno}"
    return f"{type(error).__name__}{where}"
