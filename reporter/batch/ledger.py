"""The ledger: every case, study and file of a batch, what became of it and why; its counts add up.

Dates of the run and doubts about the clock (a study of a day still to come) are told here and nowhere else: a report
knows no clock.  The tables name patients by their ID; they are written for the department that holds the records.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import attrgetter
from typing import Final

from reporter.batch.cohort_sheets import Row, Sheet, Spool
from reporter.batch.outcome import FileLeft, Outcome, Status, StudyUse

CASES: Final = (
    *("patient_id", "case", "reported_on", "status", "exit", "reasons", "problems", "questions", "urgency"),
    *("studies", "files_used", "files_listed", "files_refused", "results"),
)
STUDIES: Final = ("patient_id", "case", "study", "date", "in_the_future", "modalities", "use", "code")
FILES: Final = ("patient_id", "case", "file", "became", "code")
DOUBTS: Final = (
    *("patient_id", "case", "outcome", "code", "text", "lesion_id", "side", "column", "file", "place", "study"),
)
FUTURE: Final = "STU_DATE_RANGE"
"""Code of a study whose date is after the day of the run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What is known of a run beside its outcomes."""

    today: dt.date
    """The day by the machine's clock."""
    cases_found: int | None = None
    """By the plan; None: as many as there are outcomes."""
    files_found: int | None = None
    """By the index; None: as many as the outcomes and `left` name."""
    left: tuple[FileLeft, ...] = ()
    """Files of no case: no DICOM object, or one that could not be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What a batch found and what became of it."""

    cases_found: int
    by_status: Counter[Status] = field(default_factory=Counter)
    by_use: Counter[StudyUse] = field(default_factory=Counter)
    """Studies of cases; one that several cases of a patient look at counts for each."""
    studies: int = 0
    """Different studies."""
    files_found: int
    files_used: int = 0
    files_listed: int = 0
    files_refused: int = 0
    files_pending: int = 0
    """Files of cases that are still to be done."""
    future: int = 0
    """Studies of a day still to come."""
    faults: tuple[str, ...] = ()
    """What does not add up, in words; empty where all does."""

    @property
    def review(self) -> bool:
        """Whether somebody has to look: not every case is reported, a date is in the future, or sums are wrong."""
        return bool(self.faults or self.future) or self.by_status[Status.REPORTED] != self.cases_found

    def as_json(self) -> dict[str, object]:
        """The counts under plain names."""
        return {
            "cases_found": self.cases_found,
            **{f"cases_{status.value}": self.by_status[status] for status in Status},
            "studies": self.studies,
            **{f"studies_{use.value}": self.by_use[use] for use in StudyUse},
            "studies_in_the_future": self.future,
            "files_found": self.files_found,
            "files_used": self.files_used,
            "files_listed": self.files_listed,
            "files_refused": self.files_refused,
            "files_pending": self.files_pending,
            "faults": list(self.faults),
        }


def counts_of(outcomes: Iterable[Outcome], run: Run) -> Counts:
    """Count everything once and hold the sums against what was found; the outcomes of a patient stand together."""
    by_status: Counter[Status] = Counter()
    by_use: Counter[StudyUse] = Counter()
    left = {(file.name, file.refused) for file in run.left}
    studies = future = used = 0
    cases: Counter[str] = Counter()
    for _, of_one in groupby(outcomes, attrgetter("patient")):
        patient = _Patient()
        for outcome in of_one:
            cases[outcome.case] += 1
            by_status[outcome.status] += 1
            by_use.update(study.use for study in outcome.studies)
            patient.add(outcome, run.today)
        studies, future, used = studies + len(patient.studies), future + len(patient.future), used + patient.used
        left |= patient.left
    refused = sum(is_refused for _, is_refused in left)
    counts = Counts(
        cases_found=cases.total() if run.cases_found is None else run.cases_found,
        by_status=by_status,
        by_use=by_use,
        studies=studies,
        files_found=used + len(left) if run.files_found is None else run.files_found,
        files_used=used,
        files_listed=len(left) - refused,
        files_refused=refused,
        future=future,
    )
    return _checked(counts, cases)


class _Patient:
    """The cases of a patient; studies and files are counted once, however many of these look at them."""

    def __init__(self) -> None:
        self.studies: set[str] = set()
        self.future: set[str] = set()
        """Studies of a day still to come."""
        self.used = 0
        """Files that a report uses."""
        self._left: dict[bool, set[tuple[str, bool]]] = {}
        """Of cases with a report, and of those without: files that it does not use, and whether they are refused."""

    def add(self, outcome: Outcome, today: dt.date) -> None:
        self.studies.update(study.key for study in outcome.studies)
        self.future.update(study.key for study in outcome.studies if in_the_future(study.date, today))
        self.used = max(self.used, outcome.files_used)
        left = self._left.setdefault(outcome.status is Status.REPORTED, set())
        left.update((file.name, file.refused) for file in outcome.files_left)

    @property
    def left(self) -> set[tuple[str, bool]]:
        """Files that no report uses; where a case has one, it speaks for them all."""
        return self._left[max(self._left)]


def _checked(counts: Counts, cases: Counter[str]) -> Counts:
    """With what does not add up (conservation: nothing found is lost, nothing is counted twice)."""
    faults = [f"case {case} has {times} outcomes" for case, times in sorted(cases.items()) if times > 1]
    if counts.by_status.total() != counts.cases_found:
        parts = " + ".join(f"{counts.by_status[status]} {status.value}" for status in Status)
        faults.append(f"{parts} are not the {counts.cases_found} cases found")
    told = counts.files_used + counts.files_listed + counts.files_refused
    waiting = max(counts.files_found - told, 0) if counts.by_status[Status.PENDING] else 0
    if told + waiting != counts.files_found:
        faults.append(f"{told} files used, listed or refused are not the {counts.files_found} files found")
    return replace(counts, faults=tuple(faults), files_pending=waiting)


def in_the_future(day: dt.date | None, today: dt.date) -> bool:
    """Whether a study is of a day that, by this machine's clock, is still to come."""
    return day is not None and day > today


# -- tables -----------------------------------------------------------------------------------------------------------


def ledger_sheets(run: Run) -> tuple[Sheet, ...]:
    """Cases, studies, files that no report uses, and doubts."""
    return (
        Sheet(
            name="cases",
            columns=CASES,
            numeric=frozenset({"exit", "problems", "questions", "studies", *(c for c in CASES if "files_" in c)}),
            rows_of=lambda outcome: (_case(outcome),),
        ),
        Sheet(name="studies", columns=STUDIES, rows_of=lambda outcome: _studies(outcome, run)),
        Sheet(name="files", columns=FILES, rows_of=_files, beside=tuple(map(_file, run.left))),
        Sheet(name="open-points", columns=DOUBTS, rows_of=_doubts),
    )


def _case(outcome: Outcome) -> Row:
    refused = sum(file.refused for file in outcome.files_left)
    return {
        "patient_id": outcome.patient_id,
        "case": outcome.case,
        "reported_on": outcome.reported_on.isoformat() if outcome.reported_on else "",
        "status": outcome.status.value,
        "exit": str(outcome.exit),
        "reasons": ";".join(outcome.reasons),
        "problems": str(outcome.problems),
        "questions": str(outcome.questions),
        "urgency": outcome.urgency.value if outcome.status is Status.REPORTED else "",
        "studies": str(len(outcome.studies)),
        "files_used": str(outcome.files_used),
        "files_listed": str(len(outcome.files_left) - refused),
        "files_refused": str(refused),
        "results": ";".join(file.name for file in outcome.files),
    }


def _studies(outcome: Outcome, run: Run) -> Iterator[Row]:
    for study in outcome.studies:
        future = in_the_future(study.date, run.today)
        yield {
            "patient_id": outcome.patient_id,
            "case": outcome.case,
            "study": study.key,
            "date": study.date.isoformat() if study.date else "",
            "in_the_future": "yes" if future else "no",
            "modalities": ";".join(m.value for m in study.modalities if m is not None),
            "use": study.use.value,
            "code": study.code or (FUTURE if future else ""),
        }


def _files(outcome: Outcome) -> Iterator[Row]:
    shared = {"patient_id": outcome.patient_id, "case": outcome.case}
    return ({**shared, **_file(file)} for file in outcome.files_left)


def _file(file: FileLeft) -> Row:
    return {"file": file.name, "became": "refused" if file.refused else "listed", "code": file.code}


def _doubts(outcome: Outcome) -> Iterator[Row]:
    for doubt in outcome.doubts:
        yield {
            "patient_id": outcome.patient_id,
            "case": outcome.case,
            "outcome": doubt.outcome.value,
            "code": doubt.code,
            "text": doubt.text,
            "lesion_id": doubt.lesion_id or "",
            "side": doubt.side.value if doubt.side else "",
            "column": doubt.column or "",
            "file": doubt.file,
            "place": doubt.place,
            "study": doubt.study or "",
        }


def ledger_json(counts: Counts, tables: Iterable[Spool], run: Run) -> Iterator[bytes]:
    """The whole ledger as one JSON object, piece by piece: the day of the run, the counts, and every table by name."""
    head = json.dumps({"written_on": run.today.isoformat(), "counts": counts.as_json()}, ensure_ascii=False, indent=2)
    yield head.removesuffix("\n}").encode()
    for table in tables:
        yield f',\n  "{table.sheet.name.replace("-", "_")}": ['.encode()
        yield from table.json()
        yield b"\n  ]"
    yield b"\n}\n"
