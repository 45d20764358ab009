"""The readings of one case of many: its files are known from an index, its rows and facts were read before it.

What `gather` does with INPUT as a whole, for the files of one patient alone; the doubts are the same.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from reporter.case.issue import Issue
from reporter.readers.export_index import refused_file
from reporter.readers.files import HEAD, OPEN_FLAGS, DiskFile, ZipEntry, zip_errors
from reporter.readers.gather import FileRecord, FileUse, Gathering, Inputs, Readings
from reporter.readers.header import HeaderReader
from reporter.readers.intake import named_entries
from reporter.readers.interface import InputFile, Limits, Part, Reader, Refusal
from reporter.readers.kept_header import KeptHeader
from reporter.readers.kept_reading import KeptReader
from reporter.readers.parts import FactsRecord, Row
from reporter.readers.remote_files import listed_as, remote_file
from reporter.readers.report_parts import LesionMap
from reporter.readers.same_file import UNASKED, SameFile, known_by
from reporter.readers.structured_report import StructuredReportReader
from reporter.remote import remote_at

_OPEN_ARCHIVES = 4
_State = tuple[int, int, SameFile]
"""Time of change and size of an archive, and what else tells it from another of the same."""


class _ReplacedError(Exception):
    """An archive is another than it was a moment ago."""


class CaseFile(NamedTuple):
    """One file of a case as the index of the export knows it."""

    path: str
    """On disk; of an entry of a ZIP, that of the ZIP."""
    name: str
    """Relative to the export."""
    size: int
    modified: int
    """Nanoseconds; where the index does not vouch for it, their complement, which is negative."""
    same: SameFile = UNASKED
    """What else tells whether it is the file that the index saw."""
    entry: str = ""
    """Name within the ZIP, as `named_entries` gives it."""
    header: KeptHeader | None = None
    """What its header says, where the index kept it: such a file is not opened again."""


class RefusedFile(NamedTuple):
    """One file of a case that the index refused."""

    name: str
    """Relative to the export."""
    issue: Issue
    """Why."""
    size: int
    modified: int
    """As that of a file that is read."""
    same: SameFile = UNASKED


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseInput:
    """All that one case is made from."""

    patient_id: str
    """Empty: files that name no patient."""
    files: tuple[CaseFile, ...] = ()
    beside: tuple[CaseFile, ...] = ()
    """Files of other patients that the case is compared with: of a study they share, or one that a report refers to."""
    refused: tuple[RefusedFile, ...] = ()
    rows: tuple[Row, ...] = ()
    facts: tuple[FactsRecord, ...] = ()
    apart: tuple[FileRecord, ...] = ()
    """The table and the facts as files, by what they say of this patient."""
    owners: Mapping[str, str] = field(default_factory=dict)
    """Study UID that a row names -> the other patient whose study it is."""
    alone: bool = True
    """Whether the export, the table and the facts speak of this patient only."""

    @property
    def own(self) -> tuple[CaseFile | RefusedFile, ...]:
        """The patient's files, those that are refused among them."""
        return (*self.files, *self.refused)


def gather_case(
    given: CaseInput, inputs: Inputs, limits: Limits, readers: Sequence[Reader], lesion_map: LesionMap
) -> Readings:
    """Read the files of one case; what a file holds never raises."""
    work = Gathering(inputs, limits, lesion_map=lesion_map)
    reports = StructuredReportReader(accept_bare=inputs.accept_bare, require_verified=inputs.require_verified)
    images, kept = HeaderReader(accept_bare=inputs.accept_bare), KeptReader(limits)
    for refused_one in given.refused:
        work.refuse(refused_one.name, refused_one.issue, given.patient_id or None)
    files = {file.name: file for file in (*given.files, *given.beside)}
    for case_file in (*given.files, *given.beside):
        try:
            if case_file.header is not None and not readers and is_as_seen(case_file):
                work.keep_reading(case_file.name, kept.read(case_file.name, case_file.header))
            else:
                work.read(opened(case_file), (*readers, reports, images))
        except Refusal as refused:
            work.refuse(case_file.name, refused.issue, given.patient_id or None)
    work.compare_doubles(lambda name: opened(files[name]))
    told: tuple[Part, ...] = (*given.rows, *given.facts)
    for part in told:
        work.keep(part)
    _answer_for_unnamed(work, given)
    work.files.extend(given.apart)
    return _without_others(work.readings(), given)


def _answer_for_unnamed(work: Gathering, given: CaseInput) -> None:
    """An object without a patient in a study of this one: nobody can say whose it is."""
    if given.patient_id:
        for header in work.unnamed.headers:
            work.of(given.patient_id).issues.extend(header.issues)


def _without_others(readings: Readings, given: CaseInput) -> Readings:
    """The readings of the case, with what others own; files that were only compared with are not of it."""
    beside = {file.name for file in given.beside}
    own = tuple(file for file in readings.files if file.name not in beside)
    owners = {**given.owners, **readings.study_owner}
    return replace(readings, files=own, study_owner=owners, among_others=not given.alone)


def is_as_seen(file: CaseFile) -> bool:
    """Whether a file is the very one that the index saw, and not another of its size and time.

    Raises:
        Refusal: it is gone (FS_READ), or has another size or time (FS_CHANGED).

    """
    remote = remote_at(file.path)
    try:
        status = os.lstat(file.path) if remote is None else listed_as(*remote.status())
    except OSError:
        raise refused_file("FS_READ", file.name) from None
    _check(file, status)
    return file.same == UNASKED or file.same == known_by(status)


def opened(file: CaseFile) -> InputFile:
    """A file of the index as it is now.

    Raises:
        Refusal: it is gone or cannot be read (FS_READ), or is another than the index saw (FS_CHANGED).

    """
    if file.entry:
        return _zip_entry(file)
    if (remote := remote_at(file.path)) is not None:
        return remote_file(remote, file.name, file.size, file.modified)
    try:
        descriptor = os.open(file.path, OPEN_FLAGS)
    except OSError:
        raise refused_file("FS_READ", file.name) from None
    try:
        status = os.fstat(descriptor)
        head = os.read(descriptor, HEAD)
    except OSError:
        raise refused_file("FS_READ", file.name) from None
    finally:
        os.close(descriptor)
    _check(file, status)
    return DiskFile(Path(file.path), file.name, status.st_size, status.st_mtime_ns, head)


def _check(file: CaseFile, status: os.stat_result) -> None:
    changed = file.modified >= 0 and status.st_mtime_ns != file.modified
    if changed or (status.st_size != file.size and not file.entry):
        raise refused_file("FS_CHANGED", file.name)


def _zip_entry(file: CaseFile) -> ZipEntry:
    try:
        status = Path(file.path).stat()
    except OSError:
        raise refused_file("FS_READ", file.name) from None
    _check(file, status)
    with zip_errors(file.name):
        try:
            archive, entries = _archive(file.path, _state(status))
        except _ReplacedError:
            raise refused_file("FS_CHANGED", file.name) from None
        entry = entries.get(file.entry)
        if entry is None:
            raise refused_file("FS_CHANGED", file.name)
        with archive.open(entry) as stream:
            return ZipEntry(archive, entry, file.name, stream.read(HEAD))


def _state(status: os.stat_result) -> _State:
    return status.st_mtime_ns, status.st_size, known_by(status)


@lru_cache(maxsize=_OPEN_ARCHIVES)
def _archive(path: str, state: _State) -> tuple[zipfile.ZipFile, dict[str, zipfile.ZipInfo]]:
    """An archive that stays open as long as it is the same, with its entries by printed name."""
    archive = zipfile.ZipFile(path)
    if archive.fp is None or _state(os.fstat(archive.fp.fileno())) != state:
        archive.close()
        raise _ReplacedError
    return archive, named_entries(archive)


def used(readings: Readings) -> Iterator[FileRecord]:
    """The files that something was read from."""
    return (file for file in readings.files if file.use is FileUse.USED)
