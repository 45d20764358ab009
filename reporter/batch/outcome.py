"""What became of one case: a worker returns it, the journal keeps it, everything that people look at is made of it.

An outcome holds no name and no ID of a patient; it names the patient by a hash, and the journal's reader puts the ID
beside it (`Outcome.patient_id`).  Files are named as the export names them.  Numbers are exact decimals.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Final

from pydantic import TypeAdapter

from reporter.advice.interface import RoleTold, Urgency
from reporter.case.issue import Outcome as Severity
from reporter.case.vocabulary import BiopsyResult, Kind, Location, Modality, Phase, Role, Side
from reporter.response.interface import Category, Confirmed, Headline, Measure, NewLesions, NodeCourse, State

_ROW: Final = re.compile(r"row \d")


class Status(StrEnum):
    """Every case found is in exactly one of these."""

    REPORTED = "reported"
    QUARANTINED = "quarantined"
    """No draft can be made; the reasons say why."""
    PENDING = "pending"
    """Not done yet: the run was stopped, or the disk was full."""


class StudyUse(StrEnum):
    """What a case did with a study of its patient."""

    REPORTED = "reported"
    """Of the reported time point."""
    COMPARED = "compared"
    """Of an earlier time point."""
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One issue, without its operands that name a person."""

    code: str
    outcome: Severity
    text: str
    """The sentence, in English; who is meant is told by hash."""
    file: str = ""
    place: str = ""
    """Tag, row and column, or key path."""
    lesion_id: str | None = None
    side: Side | None = None
    study: str | None = None
    column: str | None = None
    """The table column or facts key that would settle a question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenFile:
    """One result in the output folder."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StudySeen:
    """One study of the patient."""

    key: str
    """Study Instance UID, or "table:DATE:MODALITY"."""
    date: dt.date | None
    modalities: tuple[Modality | None, ...] = ()
    use: StudyUse
    code: str | None = None
    """Why it is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLeft:
    """A file of the patient that no report uses."""

    name: str
    refused: bool
    """Else it is listed only."""
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimePointSeen:
    """A time point up to the reported one, which is the last."""

    index: int
    date: dt.date
    phase: Phase
    label: str | None = None
    studies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LesionSeen:
    """A lesion, as it stays the same through time."""

    id: str
    kind: Kind | None
    organ: str
    side: Side | None
    location: Location | None = None
    clock: int | None = None
    role: Role | None = None
    biopsy_result: BiopsyResult | None = None
    counted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeSeen:
    """A lesion in one assessment."""

    lesion_id: str
    role: Role
    measure: Measure
    state: State
    study: str | None
    value: Decimal | None
    """What enters the sum; None where there is no value."""
    axes: tuple[Decimal, ...] = ()
    """mm, the long one first."""
    unit: str = "mm"
    given: str = ""
    """The number as given, where one was; `given_unit` is its unit."""
    given_unit: str = ""
    baseline: Decimal | None = None
    nadir: Decimal | None = None
    category: Category | None = None
    counted: bool = True
    """Whether it is in the sum."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseSeen:
    """One assessment: a criterion on a scope, a modality and a time point; a point of a spider line."""

    criterion: str
    side: Side | None
    modality: Modality | None
    time_point: int
    total: Decimal | None
    baseline_total: Decimal | None
    nadir_total: Decimal | None
    unit: str
    target: Category | None
    non_target: Category | None
    new_lesion: NewLesions
    overall: Category
    classified: bool = True
    """False where the criterion gives numbers alone."""
    held: bool = False
    of_record: bool = False
    """Whether it is the response that counts for its side at its time point."""
    lesions: tuple[SizeSeen, ...] = ()

    @property
    def from_baseline(self) -> Decimal | None:
        """Change of the sum from baseline in percent, for display and charts; None without one, or against 0."""
        return _percent(self.total, self.baseline_total)

    @property
    def from_nadir(self) -> Decimal | None:
        """Change of the sum from the smallest before, in percent."""
        return _percent(self.total, self.nadir_total)


def _percent(now: Decimal | None, then: Decimal | None) -> Decimal | None:
    return None if now is None or not then else (now - then) * 100 / then


@dataclass(frozen=True, slots=True, kw_only=True)
class BestSeen:
    """The best overall response of one criterion on a scope and a modality, up to the reported time point."""

    criterion: str
    side: Side | None
    modality: Modality | None
    category: Category
    confirmed: Confirmed
    date: dt.date | None = None
    first_progression: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SideSeen:
    """The answer for one breast at the reported time point."""

    side: Side
    headline: Headline
    category: Category
    record_modality: Modality | None = None
    sites: tuple[tuple[str, Category], ...] = ()
    """Each site that counts and its category, by lesion."""
    unsettled: tuple[str, ...] = ()
    """New findings that are not settled."""
    abnormal_nodes: tuple[tuple[str, NodeCourse], ...] = ()
    """Nodes of that side that look abnormal, and their course."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How one case ended."""

    case: str
    """24 hex digits of patient and first study of the reported time point; results begin with it."""
    status: Status
    exit: int
    """As `reporter draft` would end: 0, 1 refused, 3 needs review, 4 stopped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Ending):
    """What became of one case: a patient up to one reported time point."""

    patient: str
    """24 hex digits of the Patient ID."""
    patient_id: str = ""
    """Empty in a worker's answer and in the journal; put in where outcomes are read for people."""
    reported_on: dt.date | None = None
    """Date of the reported time point; None where the case never came that far."""
    reasons: tuple[str, ...] = ()
    """Codes that quarantine it, sorted."""
    files: tuple[WrittenFile, ...] = ()
    """Results, by name."""
    sides: tuple[SideSeen, ...] = ()
    urgency: Urgency = Urgency.NONE
    told: tuple[RoleTold, ...] = ()
    direct_contact: bool = False
    rows: tuple[str, ...] = ()
    """Decision rows that give the urgency, the most urgent first."""
    doubts: tuple[Doubt, ...] = ()
    """The worst first."""
    time_points: tuple[TimePointSeen, ...] = ()
    lesions: tuple[LesionSeen, ...] = ()
    responses: tuple[ResponseSeen, ...] = ()
    """Every criterion, scope, modality and time point up to the reported one."""
    best: tuple[BestSeen, ...] = ()
    """Best overall responses."""
    studies: tuple[StudySeen, ...] = ()
    files_used: int = 0
    files_left: tuple[FileLeft, ...] = ()

    def count(self, severity: Severity) -> int:
        """How many doubts of a kind it has."""
        return sum(doubt.outcome is severity for doubt in self.doubts)

    @property
    def problems(self) -> int:
        """Values that cannot be used, and what refuses the case."""
        return self.count(Severity.PROBLEM) + self.count(Severity.REFUSED)

    @property
    def questions(self) -> int:
        """Facts that are asked for."""
        return self.count(Severity.QUESTION)

    @property
    def names_row(self) -> bool:
        """Whether a doubt names a row of the table by its number, as it stood then."""
        return any(_ROW.match(doubt.place) for doubt in self.doubts)


@cache
def _adapter() -> TypeAdapter[Outcome]:
    return TypeAdapter(Outcome)


@cache
def _endings() -> TypeAdapter[Ending]:
    return TypeAdapter(Ending)


def to_json(outcome: Outcome) -> bytes:
    """An outcome as the journal keeps it."""
    return _adapter().dump_json(outcome)


def from_json(data: bytes | str) -> Outcome:
    """An outcome of the journal; ValueError where it is none."""
    return _adapter().validate_json(data)


def ending_from_json(data: bytes | str) -> Ending:
    """How an outcome of the journal ended, which is read five times as fast; ValueError where it is none."""
    return _endings().validate_json(data)
