"""An export read for its index: one small read a file, and no more work than the file asks for.

Each file goes the first way that is sure of it: the layout of a file before it; a walk of its own; pydicom, once the
reader of headers has found nothing to refuse.  Which way it went, and why not an earlier one, is told.
"""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Callable
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from reporter.case.issue import Issue
from reporter.case.source import SourceKind
from reporter.readers.element_walk import CONTENT_SEQUENCE
from reporter.readers.export_layout import Own, Record, RecordLayout, Shared, divided, joined
from reporter.readers.file_pieces import HEAD, Fetch, Odd, fetching
from reporter.readers.files import HEAD as SEEN
from reporter.readers.files import OPEN_FLAGS, disk_file
from reporter.readers.index_columns import COLUMNS, INDEXED, OWN, PLACE, Vocabulary
from reporter.readers.intake import OFFICE_NAMES, ZIP_MARKS
from reporter.readers.interface import InputFile, Limits, Refusal, refusal_at
from reporter.readers.layout import Layouts
from reporter.readers.objects import maybe_report
from reporter.readers.report_references import referred_in
from reporter.readers.tags import WANTED

ARCHIVE: Final = "FILE_ARCHIVE"
"""Reason of a ZIP: its entries are files of the export."""
_PASSED: Final = frozenset({CONTENT_SEQUENCE})
"""The content of a report is left to its reader, which reads the whole file."""
NOTHING: Final = Shared((None,) * len(COLUMNS))
NOTHING_OWN: Final[Own] = (None,) * len(OWN)


class Way(StrEnum):
    """How a file was read."""

    LAYOUT = "layout"
    """By the layout of an earlier file."""
    WALK = "walk"
    """By a walk of its own."""
    PYDICOM = "pydicom"
    """Handed to pydicom; the reason says why."""
    OTHER = "other"
    """No object of DICOM: listed only; the reason is the code."""
    REFUSED = "refused"
    """The reason is the code."""


_WAYS: Final = (Way.LAYOUT, Way.WALK)


class Indexed(NamedTuple):
    """One file of an export."""

    name: str
    """Relative to the export, with `/`."""
    size: int
    modified: int
    """Nanoseconds."""
    way: Way
    reason: str
    shared: Shared
    """What it has in common with others."""
    own: Own
    """Of a refused file only the Patient ID may be known, and that is shared."""
    issue: Issue | None = None
    """Why a file is refused or listed only."""
    is_kept: bool = False
    """Whether what is kept of headers is all that a draft reads of this one."""
    refers: tuple[str, ...] = ()
    """SOP Instance UIDs that the content of a report refers to, where headers are kept."""

    @property
    def record(self) -> Record:
        """A text for each of `COLUMNS`."""
        return joined(self.shared.record, self.own)

    @property
    def header(self) -> bytes | None:
        """What a draft reads of it, but for its own UID; None where a draft must read the file itself."""
        return self.shared.header if self.is_kept else None


_NOT_READ: Final = Indexed("", 0, 0, Way.PYDICOM, "", NOTHING, NOTHING_OWN)


class ExportReader:
    """Reads the files of one export; what it learns of a file serves the next."""

    def __init__(self, limits: Limits | None = None, *, keep: bool = False) -> None:
        """`keep` what a draft reads of headers, too."""
        self.limits = limits or Limits()
        self._keep = keep
        self._by_own_means = [0, 0]
        """Files by a layout, and by a walk."""
        self._others: Counter[tuple[Way, str]] = Counter()
        made = partial(RecordLayout, vocabulary=Vocabulary(), keep=keep)
        self._layouts: Layouts[RecordLayout] = Layouts(INDEXED | WANTED if keep else INDEXED, made, _PASSED)

    @property
    def counts(self) -> Counter[tuple[Way, str]]:
        """Files by way and reason."""
        plain = zip(_WAYS, self._by_own_means, strict=True)
        return Counter({(way, ""): count for way, count in plain if count}) + self._others

    def read(self, path: str, name: str, status: os.stat_result) -> Indexed:
        """One file on disk, as its folder lists it: read at most once, refused if it is not what was listed."""
        return self._counted(self._read(path, name, status))

    def read_entry(self, file: InputFile, modified: int) -> Indexed:
        """One file that is not on disk, such as an entry of a ZIP."""
        return self._counted(self._entry(file, modified))

    def refuse(self, name: str, issue: Issue, modified: int = 0) -> Indexed:
        """A file that cannot even be looked into."""
        return self._counted(_refused(name, 0, modified, Refusal(issue)))

    def _counted(self, found: Indexed) -> Indexed:
        if found.way in _WAYS:
            self._by_own_means[found.way is Way.WALK] += 1
        else:
            self._others[found.way, found.reason] += 1
        return found

    # -- a file on disk ---------------------------------------------------------------------------------------

    def _read(self, path: str, name: str, status: os.stat_result) -> Indexed:
        size, modified = status.st_size, status.st_mtime_ns
        if not stat.S_ISREG(status.st_mode):
            code = "FS_SYMLINK" if stat.S_ISLNK(status.st_mode) else "FS_NOT_REGULAR"
            return _refused(name, size, modified, refused_file(code, name))
        try:
            descriptor = os.open(path, OPEN_FLAGS)
        except OSError:
            return _refused(name, size, modified, refused_file("FS_READ", name))
        try:
            return self._read_open(descriptor, path, name, status)
        except OSError:
            return _refused(name, size, modified, refused_file("FS_READ", name))
        finally:
            os.close(descriptor)

    def _read_open(self, descriptor: int, path: str, name: str, status: os.stat_result) -> Indexed:
        size, modified = status.st_size, status.st_mtime_ns
        fetch, odd = partial(pread, descriptor), ""
        found, head = _NOT_READ, pread(descriptor, HEAD, 0)
        try:
            found = self._plain(name, head, size, modified, fetch)
        except Odd as problem:
            odd = problem.reason
        now = os.fstat(descriptor)
        if now.st_size != size or now.st_mtime_ns != modified:
            return _refused(name, size, modified, refused_file("FS_CHANGED", name))
        if odd and _is_archive(head, name):
            return Indexed(name, size, modified, Way.OTHER, ARCHIVE, NOTHING, NOTHING_OWN)
        if odd:
            return self._judged(partial(disk_file, Path(path), name), name, size, modified, odd)
        return found

    def _entry(self, file: InputFile, modified: int) -> Indexed:
        try:
            with file.open() as stream:
                return self._plain(file.name, stream.read(HEAD), file.size, modified, fetching(stream))
        except Odd as odd:
            return self._judged(lambda: file, file.name, file.size, modified, odd.reason)
        except Refusal as refused:
            return _refused(file.name, file.size, modified, refused)

    # -- the ways ---------------------------------------------------------------------------------------------

    def _plain(self, name: str, head: bytes, size: int, modified: int, fetch: Fetch) -> Indexed:
        """A file by a layout, else by a walk.  Raises Odd where the file is not plain."""
        layout, differing, was_walked = self._layouts.read(head, size, fetch, self.limits)
        shared, own = layout.entry(differing)
        is_kept = shared.header is not None and layout.ends_plainly(differing[1]) and not maybe_report(head[:SEEN])
        refers = () if is_kept or not self._keep else self._referred(head, size, fetch)
        return Indexed(name, size, modified, _WAYS[was_walked], "", shared, own, None, is_kept, refers)

    def _referred(self, head: bytes, size: int, fetch: Fetch) -> tuple[str, ...]:
        """What a report refers to; one that is too long is never read as a report."""
        if size > self.limits.text_bytes or not maybe_report(head[:SEEN]):
            return ()
        return referred_in(head + fetch(size - len(head), len(head)), self.limits.elements)

    def _judged(self, opened: Callable[[], InputFile], name: str, size: int, modified: int, reason: str) -> Indexed:
        """What a file is that is not plain."""
        from reporter.readers.export_judge import judged

        try:
            judgement = judged(opened(), self.limits)
        except Refusal as refused:
            return _refused(name, size, modified, refused)
        if judgement.issue is not None:
            code = judgement.issue.code
            return Indexed(name, size, modified, Way.OTHER, code, NOTHING, NOTHING_OWN, judgement.issue)
        shared, own = divided(judgement.record)
        return Indexed(name, size, modified, Way.PYDICOM, reason, shared, own, refers=judgement.refers)


def _is_archive(head: bytes, name: str) -> bool:
    return head.startswith(ZIP_MARKS) and not name.lower().endswith(OFFICE_NAMES)


def refused_file(code: str, name: str) -> Refusal:
    """The refusal of a whole file."""
    return refusal_at(code, SourceKind.HEADER, name, "file")


def _refused(name: str, size: int, modified: int, refused: Refusal) -> Indexed:
    shared = NOTHING
    if refused.patient_id:
        record = list(NOTHING.record)
        record[PLACE["PatientID"]] = refused.patient_id
        shared = Shared(tuple(record))
    return Indexed(name, size, modified, Way.REFUSED, refused.issue.code, shared, NOTHING_OWN, refused.issue)


def _seek_and_read(descriptor: int, length: int, offset: int) -> bytes:
    os.lseek(descriptor, offset, os.SEEK_SET)
    return os.read(descriptor, length)


pread: Final[Callable[[int, int, int], bytes]] = getattr(os, "pread", _seek_and_read)
"""Descriptor, length, offset -> bytes; where the system has no such call, in two."""
