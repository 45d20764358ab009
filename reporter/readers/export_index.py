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
from reporter.readers.element_layout import walked
from reporter.readers.export_layout import Layout, Record
from reporter.readers.file_pieces import HEAD, Fetch, Odd
from reporter.readers.files import OPEN_FLAGS, disk_file
from reporter.readers.index_columns import COLUMNS, INDEXED, PLACE, Vocabulary
from reporter.readers.intake import OFFICE_NAMES, ZIP_MARKS
from reporter.readers.interface import InputFile, Limits, Refusal, refusal_at

_REMEMBERED: Final = 2048
"""Layouts that are remembered; then all are forgotten at once."""
_META_LENGTH: Final = slice(140, 144)
"""Where the length of the file meta information stands."""
_MEMORABLE: Final = 2000
"""Headers of a layout that is remembered; one with more is of a document, which is like no other."""
ARCHIVE: Final = "FILE_ARCHIVE"
"""Reason of a ZIP: its entries are files of the export."""
NOTHING: Final[Record] = (None,) * len(COLUMNS)


_NONE: Final[list[Layout]] = []


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


class Indexed(NamedTuple):
    """One file of an export."""

    name: str
    """Relative to the export, with `/`."""
    size: int
    modified: int
    """Nanoseconds."""
    way: Way
    reason: str
    record: Record
    """A text for each of `COLUMNS`; of a refused file at most the Patient ID."""
    issue: Issue | None = None
    """Why a file is refused or listed only."""


class ExportReader:
    """Reads the files of one export; what it learns of a file serves the next."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.counts: Counter[tuple[Way, str]] = Counter()
        """Files by way and reason."""
        self._vocabulary = Vocabulary()
        self._last: list[Layout] = []
        """The layout of the file before."""
        self._alike: dict[int | bytes, list[Layout]] = {}
        """Layouts by the length of their files, or, where pixels are encapsulated, of the file meta information; in
        each list the last used first, so that an export in no order is served as well."""
        self._remembered = 0

    def read(self, path: str, name: str, status: os.stat_result) -> Indexed:
        """One file on disk, as its folder lists it: read at most once, refused if it is not what was listed."""
        found = self._read(path, name, status)
        self.counts[found.way, found.reason] += 1
        return found

    def read_entry(self, file: InputFile, modified: int) -> Indexed:
        """One file that is not on disk, such as an entry of a ZIP."""
        found = self._entry(file, modified)
        self.counts[found.way, found.reason] += 1
        return found

    def refuse(self, name: str, issue: Issue, modified: int = 0) -> Indexed:
        """A file that cannot even be looked into."""
        found = _refused(name, 0, modified, Refusal(issue))
        self.counts[found.way, found.reason] += 1
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
        way, record, head = Way.PYDICOM, NOTHING, fetch(HEAD, 0)
        try:
            way, record = self._plain(head, size, fetch)
        except Odd as found:
            odd = found.reason
        now = os.fstat(descriptor)
        if now.st_size != size or now.st_mtime_ns != modified:
            return _refused(name, size, modified, refused_file("FS_CHANGED", name))
        if odd and _is_archive(head, name):
            return Indexed(name, size, modified, Way.OTHER, ARCHIVE, NOTHING)
        if odd:
            return self._judged(partial(disk_file, Path(path), name), name, size, modified, odd)
        return Indexed(name, size, modified, way, "", record)

    def _entry(self, file: InputFile, modified: int) -> Indexed:
        try:
            with file.open() as stream:

                def fetch(length: int, offset: int) -> bytes:
                    stream.seek(offset)
                    return stream.read(length)

                way, record = self._plain(stream.read(HEAD), file.size, fetch)
        except Odd as odd:
            return self._judged(lambda: file, file.name, file.size, modified, odd.reason)
        except Refusal as refused:
            return _refused(file.name, file.size, modified, refused)
        return Indexed(file.name, file.size, modified, way, "", record)

    # -- the ways ---------------------------------------------------------------------------------------------

    def _plain(self, head: bytes, size: int, fetch: Fetch) -> tuple[Way, Record]:
        """The record of a file by a layout, else by a walk.  Raises Odd where the file is not plain."""
        if size > self.limits.file_bytes:
            raise Odd("longer than the limit")
        for layouts in (self._last, self._alike.get(size, _NONE), self._alike.get(head[_META_LENGTH], _NONE)):
            for place, layout in enumerate(layouts):
                record = layout.record(head, size, fetch)
                if record is not None:
                    self._last = [layout]
                    if place:
                        layouts.insert(0, layouts.pop(place))
                    return Way.LAYOUT, record
        return Way.WALK, self._walked(head, size, fetch)

    def _walked(self, head: bytes, size: int, fetch: Fetch) -> Record:
        layout = Layout(walked(head, size, fetch, INDEXED), len(head), size, self._vocabulary)
        record = layout.first(size, fetch)
        if layout.headers <= _MEMORABLE:
            self._remember(layout, head[_META_LENGTH] if layout.encapsulated else size)
        return record

    def _remember(self, layout: Layout, key: int | bytes) -> None:
        self._last = [layout]
        if self._remembered >= _REMEMBERED:
            self._alike.clear()
            self._remembered = 0
        self._remembered += 1
        self._alike.setdefault(key, []).insert(0, layout)

    def _judged(self, opened: Callable[[], InputFile], name: str, size: int, modified: int, reason: str) -> Indexed:
        """What a file is that is not plain."""
        from reporter.readers.export_judge import judged

        try:
            judgement = judged(opened(), self.limits)
        except Refusal as refused:
            return _refused(name, size, modified, refused)
        if judgement.issue is not None:
            return Indexed(name, size, modified, Way.OTHER, judgement.issue.code, NOTHING, judgement.issue)
        return Indexed(name, size, modified, Way.PYDICOM, reason, judgement.record)


def _is_archive(head: bytes, name: str) -> bool:
    return head.startswith(ZIP_MARKS) and not name.lower().endswith(OFFICE_NAMES)


def refused_file(code: str, name: str) -> Refusal:
    """The refusal of a whole file."""
    return refusal_at(code, SourceKind.HEADER, name, "file")


def _refused(name: str, size: int, modified: int, refused: Refusal) -> Indexed:
    record = list(NOTHING)
    record[PLACE["PatientID"]] = refused.patient_id
    return Indexed(name, size, modified, Way.REFUSED, refused.issue.code, tuple(record), refused.issue)


def _seek_and_read(descriptor: int, length: int, offset: int) -> bytes:
    os.lseek(descriptor, offset, os.SEEK_SET)
    return os.read(descriptor, length)


pread: Final[Callable[[int, int, int], bytes]] = getattr(os, "pread", _seek_and_read)
"""Descriptor, length, offset -> bytes; where the system has no such call, in two."""
