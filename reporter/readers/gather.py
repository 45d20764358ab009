"""From paths to readings: every file of INPUT is used, listed or refused; the table and the facts are read beside it.

Nothing is decided here but what concerns files: which reader takes which, and whether two files are the same object.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from operator import attrgetter
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from reporter.case.issue import Issue, Outcome
from reporter.case.source import Source, SourceKind
from reporter.errors import UsageError
from reporter.readers.columns import ColumnMap, column_map
from reporter.readers.files import disk_file, opened_anew, sha256_of, whole
from reporter.readers.header import HeaderReader
from reporter.readers.intake import Intake, identity
from reporter.readers.interface import InputFile, Limits, Part, Reader, Reading, Refusal
from reporter.readers.lesion_map import lesion_map
from reporter.readers.objects import REPORT_CLASSES
from reporter.readers.parts import FactsRecord, ImageHeader, Row
from reporter.readers.report_parts import LesionMap, Report
from reporter.readers.structured_report import StructuredReportReader
from reporter.readers.table import TableReader

_LIMITS = Limits()
_MAPS = Path(__file__).parent / "maps"
_TRY_AGAIN = frozenset({"FS_READ", "FS_CHANGED"})
"""A file that vanished or changed while it was read is read once more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What a command was given to read."""

    paths: tuple[Path, ...] = ()
    """INPUT: DICOM files, folders, ZIPs, `-` for stdin."""
    table: Path | None = None
    facts: Path | None = None
    columns: Path | None = None
    """A column map, or the name of a shipped one."""
    lesion_map: Path | None = None
    encoding: str | None = None
    allow_unreadable: bool = False
    """Leave out files that cannot be read, instead of refusing their case."""
    accept_bare: bool = False
    """Read DICOM data sets without preamble and prefix."""
    require_verified: bool = False
    """Refuse structured reports that are not verified."""


class FileUse(StrEnum):
    """What became of a file."""

    USED = "used"
    LISTED = "listed"
    """Nothing in it is for a report, or no reader takes it yet."""
    REFUSED = "refused"


class FileRecord(NamedTuple):
    """One file and what became of it."""

    name: str
    """Relative to INPUT."""
    kind: str
    """image, report, object, table, facts, other."""
    use: FileUse
    sha256: str = ""
    """Of the bytes that were read; pixels are left alone."""
    patient_id: str | None = None
    code: str | None = None
    """Why it is listed or refused."""


@dataclass(slots=True, kw_only=True)
class PatientReadings:
    """What files say of one patient."""

    headers: list[ImageHeader] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    facts: list[FactsRecord] = field(default_factory=list)
    files: int = 0
    """How many name the patient."""
    unreadable: list[Issue] = field(default_factory=list)
    """Files that are refused, one issue each; an option leaves them out."""
    issues: list[Issue] = field(default_factory=list)
    """Doubts about the objects in its files; no option overrides a refused one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """All that was read, by patient; what names no patient stands apart."""

    inputs: Inputs
    limits: Limits
    files: tuple[FileRecord, ...] = ()
    """Every file, by name."""
    by_patient: Mapping[str, PatientReadings] = field(default_factory=dict)
    """Patient ID -> what is said of that patient, by files that name it."""
    unnamed: PatientReadings = field(default_factory=PatientReadings)
    """Rows and facts without a patient ID, headers without one, files that could not be read so far."""
    issues: tuple[Issue, ...] = ()
    """Doubts about the table, the facts and the maps as files; a refused one refuses every case."""
    study_owner: Mapping[str, str] = field(default_factory=dict)
    """Study UID -> the patient of its headers."""
    shared_studies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """UIDs of studies whose headers name several patients -> their IDs, sorted."""
    instances: Mapping[str, ImageHeader] = field(default_factory=dict)
    """SOP Instance UID -> its object, of whatever patient; what structured reports refer to."""
    lesion_map: LesionMap = field(default_factory=dict)
    """What the labels of structured reports mean."""
    among_others: bool = False
    """Whether this is one patient's part of an INPUT of several; what names no patient is then nobody's."""


def patients(readings: Readings) -> tuple[str, ...]:
    """The Patient IDs that INPUT, table and facts name, sorted."""
    return tuple(sorted(readings.by_patient))


def gather(inputs: Inputs, limits: Limits = _LIMITS, readers: tuple[Reader, ...] = ()) -> Readings:
    """Read everything once.

    `readers` are asked before the reader of headers (plug-ins).  What a file holds never raises: it becomes issues.

    Raises:
        UsageError: a path that was given does not exist.

    """
    inputs = replace(inputs, columns=_shipped(inputs.columns))
    for path in (inputs.table, inputs.facts, inputs.columns, inputs.lesion_map):
        if path is not None and not path.exists():
            raise UsageError("there is no such file", file=str(path), hint="check the name")
    apart = (inputs.table, inputs.facts, inputs.columns, inputs.lesion_map)
    intake = Intake(limits=limits, left=frozenset(key for path in apart for key in identity(path)))
    work = Gathering(inputs, limits)
    with intake.open_archives:
        intake.take(inputs.paths)
        for name, issue in intake.refused:
            work.refuse(name, issue, None)
        images = HeaderReader(accept_bare=inputs.accept_bare)
        reports = StructuredReportReader(accept_bare=inputs.accept_bare, require_verified=inputs.require_verified)
        for file in intake.files:
            work.read(file, (*readers, reports, images))
        work.compare_doubles({file.name: file for file in intake.files}.__getitem__)
    work.read_apart()
    return work.readings()


def _shipped(columns: Path | None) -> Path | None:
    """A column map by its path, or a shipped one by its bare name, such as pyrecist."""
    if columns is None or columns.exists() or columns.name != str(columns):
        return columns
    shipped = (_MAPS / columns.name).with_suffix(".toml")
    return shipped if shipped.is_file() else columns


@dataclass(slots=True)
class Gathering:
    """Readings in the making, file by file."""

    inputs: Inputs
    limits: Limits
    files: list[FileRecord] = field(default_factory=list)
    by_patient: dict[str, PatientReadings] = field(default_factory=lambda: defaultdict(PatientReadings))
    unnamed: PatientReadings = field(default_factory=PatientReadings)
    issues: list[Issue] = field(default_factory=list)
    instances: dict[str, list[ImageHeader]] = field(default_factory=lambda: defaultdict(list))
    lesion_map: LesionMap = field(default_factory=dict)

    def of(self, patient_id: str | None) -> PatientReadings:
        """What is said of a patient so far."""
        return self.by_patient[patient_id] if patient_id else self.unnamed

    # -- INPUT ------------------------------------------------------------------------------------------------

    def read(self, file: InputFile, readers: Iterable[Reader]) -> None:
        """Give a file to the first reader that takes it; a file that none takes is listed."""
        reader = next((reader for reader in readers if reader.identify(file)), None)
        if reader is not None:
            reading = reader.extract(file, self.limits)
            if any(issue.code in _TRY_AGAIN for issue in reading.issues):
                reading = reader.extract(opened_anew(file), self.limits)
            self.keep_reading(file.name, reading)
            return
        record = FileRecord(name=file.name, kind="other", use=FileUse.LISTED, code="FILE_NOT_DICOM")
        self.files.append(record)

    def keep_reading(self, name: str, reading: Reading) -> None:
        """Put what a file gave to its patient, or list it, or refuse it."""
        if reading.issues:
            if reading.refused:
                refused = next(issue for issue in reading.issues if issue.outcome is Outcome.REFUSED)
                self.refuse(name, refused, reading.patient_id)
                return
            self.of(reading.patient_id).issues.extend(reading.issues)
        for part in reading.parts:
            self.keep(part)
            if isinstance(part, ImageHeader):
                self._record(part, reading)
                self.instances[part.instance_uid].append(part)
        if not reading.parts:
            self.files.append(FileRecord(name=name, kind="object", use=FileUse.LISTED, code="FILE_DIRECTORY"))

    def keep(self, part: Part) -> None:
        """Put a part to its patient."""
        if isinstance(part, ImageHeader):
            self.of(part.patient_id).headers.append(part)
        elif isinstance(part, Report):
            self.of(part.header.patient_id).reports.append(part)
        elif isinstance(part, Row):
            self.of(part.patient_id).rows.append(part)
        else:
            self.of(part.patient_id).facts.append(part)

    def _record(self, header: ImageHeader, reading: Reading) -> None:
        """List an object; of a report it matters whether its content is read, not only its header."""
        kind, code = "image", None
        if header.sop_class in REPORT_CLASSES:
            read = any(isinstance(part, Report) for part in reading.parts)
            kind, code = "report", None if read else "SR_NOT_READ"
        elif not header.modality:
            kind, code = "object", "FILE_NO_IMAGE"
        record = FileRecord(
            name=header.file,
            kind=kind,
            use=FileUse.LISTED if code else FileUse.USED,
            sha256=reading.sha256,
            patient_id=header.patient_id or None,
            code=code,
        )
        self.files.append(record)
        self.of(header.patient_id).files += 1

    def refuse(self, name: str, issue: Issue, patient_id: str | None) -> None:
        """A file that cannot be used: its case must answer for it."""
        record = FileRecord(name=name, kind="other", use=FileUse.REFUSED, patient_id=patient_id, code=issue.code)
        self.files.append(record)
        readings = self.of(patient_id)
        readings.files += 1
        readings.unreadable.append(issue)

    def compare_doubles(self, opened: Callable[[str], InputFile]) -> None:
        """One SOP Instance UID twice: the same bytes are one object and noted, other bytes refuse the case.

        `opened` gives a file by its name; it may raise Refusal.
        """
        doubled = {uid: headers for uid, headers in self.instances.items() if len(headers) > 1}
        for uid in sorted(doubled):
            headers = sorted(doubled[uid], key=lambda h: h.file)
            self._compare(headers, [_digest(opened, h.file) for h in headers])

    def _compare(self, headers: list[ImageHeader], digests: list[str | None]) -> None:
        first = headers[0]
        for header, digest in zip(headers[1:], digests[1:], strict=True):
            same = digest is not None and digest == digests[0]
            issue = Issue(
                code="DUP_SAME" if same else "DUP_CONFLICT",
                outcome=Outcome.NOTE if same else Outcome.REFUSED,
                source=Source(SourceKind.HEADER, header.file, "(0008,0018) SOPInstanceUID"),
                study=header.study_uid,
                operands={"other_place": first.file},
            )
            for patient_id in sorted({header.patient_id, first.patient_id}):
                self.of(patient_id).issues.append(issue)
            if same:
                readings = self.of(header.patient_id)
                readings.headers.remove(header)
                readings.reports = [report for report in readings.reports if report.header.file != header.file]

    # -- table and facts --------------------------------------------------------------------------------------

    def read_apart(self) -> None:
        """Read the table with its column map, and the facts."""
        columns = self._columns()
        if self.inputs.table is not None and columns is not None:
            self._apart(self.inputs.table, TableReader(columns=columns, encoding=self.inputs.encoding))
        if self.inputs.facts is not None:
            from reporter.readers.facts import FactsReader  # with its many models, which few runs need

            self._apart(self.inputs.facts, FactsReader(encoding=self.inputs.encoding))
        if self.inputs.lesion_map is not None:
            self._read_lesion_map(self.inputs.lesion_map)

    def _read_lesion_map(self, path: Path) -> None:
        try:
            data = whole(disk_file(path.resolve(), path.name), self.limits.text_bytes)
            self.lesion_map = lesion_map(data, path.name, self.limits, self.inputs.encoding)
        except Refusal as refused:
            self.issues.append(refused.issue)
            return
        digest = hashlib.sha256(data).hexdigest()
        self.files.append(FileRecord(name=path.name, kind="lesion map", use=FileUse.USED, sha256=digest))

    def _columns(self) -> ColumnMap | None:
        path = self.inputs.columns
        if path is None:
            return ColumnMap()
        try:
            return column_map(whole(disk_file(path.resolve(), path.name), self.limits.text_bytes), path.name)
        except Refusal as refused:
            self.issues.append(refused.issue)
            return None

    def _apart(self, path: Path, reader: Reader) -> None:
        try:
            file = disk_file(path.resolve(), path.name)
        except Refusal as refused:
            self.issues.append(refused.issue)
            return
        reading = reader.extract(file, self.limits)
        use = FileUse.REFUSED if reading.refused else FileUse.USED
        self.files.append(FileRecord(name=file.name, kind=reader.name, use=use, sha256=reading.sha256))
        if not reading.parts:
            self.issues.extend(reading.issues)
        for part in reading.parts:
            self.keep(part)

    def readings(self) -> Readings:
        """All of it, in a fixed order."""
        self._find_owners()
        for readings in (*self.by_patient.values(), self.unnamed):
            readings.headers.sort(key=attrgetter("study_uid", "series_uid", "instance_uid", "file"))
        self.files.sort(key=attrgetter("name", "kind"))
        owners = self._study_owners()
        return Readings(
            inputs=self.inputs,
            limits=self.limits,
            files=tuple(self.files),
            by_patient=dict(sorted(self.by_patient.items())),
            unnamed=self.unnamed,
            issues=tuple(sorted(self.issues, key=lambda issue: issue.order)),
            study_owner={uid: min(ids) for uid, ids in owners.items()},
            shared_studies={uid: tuple(sorted(ids)) for uid, ids in sorted(owners.items()) if len(ids) > 1},
            instances={uid: headers[0] for uid, headers in self.instances.items()},
            lesion_map=self.lesion_map,
        )

    def _study_owners(self) -> dict[str, set[str]]:
        owners: dict[str, set[str]] = defaultdict(set)
        for patient_id, readings in self.by_patient.items():
            for uid in {header.study_uid for header in readings.headers}:
                owners[uid].add(patient_id)
        return owners

    def _find_owners(self) -> None:
        """A file that could not be read so far as its Patient ID belongs to the one patient of its folder."""
        unowned, self.unnamed.unreadable = self.unnamed.unreadable, []
        owners = _owners(self.files) if unowned else {}
        for issue in unowned:
            name = issue.source.file if issue.source else ""
            patient_id = next((owners[f] for f in _folders(name) if f in owners), None)
            self.of(patient_id).unreadable.append(issue)


def _digest(opened: Callable[[str], InputFile], name: str) -> str | None:
    try:
        return sha256_of(opened(name))
    except Refusal:
        return None


def _folders(name: str) -> list[str]:
    """The folders of a file, the nearest first; the last is INPUT itself."""
    return [str(parent) for parent in PurePosixPath(name).parents]


def _owners(files: Iterable[FileRecord]) -> dict[str, str]:
    """Folder -> the one patient that files below it are of; "" where there are several."""
    found: dict[str, set[str]] = defaultdict(set)
    for record in files:
        if record.patient_id:
            for folder in _folders(record.name):
                found[folder].add(record.patient_id)
    return {folder: next(iter(ids)) if len(ids) == 1 else "" for folder, ids in found.items()}
