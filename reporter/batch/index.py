"""The index of an export: what the header of every file says, kept so that a second look reads only what changed.

One SQLite database, in memory or in a file.  A file stands in it with its size and time of change, and where its file
system is of this machine with what that knows it by; the values that a series has in common are kept once for all its
files.
"""

from __future__ import annotations

import hashlib
import json
import marshal
import os
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import starmap
from operator import itemgetter
from pathlib import Path
from typing import Final, Self, cast

from reporter.batch.full_disk import disk_is_full, is_full
from reporter.batch.index_tables import (
    ADD_HEADER,
    ADD_SHARED,
    INSERT,
    LAST_HEADER,
    LAST_SHARED,
    NAMES,
    SHARED,
    TABLES,
    VERSION,
)
from reporter.case.issue import Issue, Operand, Outcome
from reporter.case.source import Source, SourceKind
from reporter.errors import ReporterError, SetupError
from reporter.readers.export_archive import archive_entries
from reporter.readers.export_files import Listed, counted, listed
from reporter.readers.export_index import ARCHIVE, ExportReader, Indexed, Way, refused_file
from reporter.readers.export_layout import Record, Shared
from reporter.readers.index_columns import PLACE
from reporter.readers.intake import OFFICE_NAMES, ZIP_MARKS
from reporter.readers.interface import Limits, Refusal
from reporter.readers.remote_files import remote_file
from reporter.readers.same_file import UNASKED, Device, SameFile
from reporter.remote import Place, RemotePath, remote_at

_shared = cast("Callable[[Record], Record]", itemgetter(*(PLACE[keyword] for keyword in SHARED)))
AGAIN: Final = frozenset({"FS_READ", "FS_CHANGED"})
"""Reasons that may be gone at the next look."""
_SETTLED_NS: Final = 2_000_000_000
"""A file that changed this short a time before it was read may change again without a new time of change."""
_UNSETTLED: Final = -1
"""No time of change: a file with it is read again."""

FilesSeen = Callable[[int, int | None], None]
"""Told how many files were looked at, and of how many; None while they are still being listed."""
_PROGRESS: Final = 500
"""Files between two words of progress."""
_REMEMBERED: Final = 10_000
"""Combinations of values of which the row is remembered; then all are forgotten at once."""
_PLAIN_MARSHAL: Final = 2
"""The newest form in which equal values give equal bytes, wherever else they are referred to."""
_LATELY: Final = 256
"""What files share, as it came from the reader: remembered so often; then all is forgotten at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed:
    """What a look at an export came to."""

    files: int
    """All that are there, entries of archives among them."""
    read: int
    """Those that are new or changed."""
    gone: int
    """Those that were there before."""


class ExportIndex:
    """The index of one export."""

    def __init__(self, store: Path | None = None, *, keep: bool = False) -> None:
        """Open the index in a file, or a new one in memory; `keep` what drafts read of headers, too.

        Raises:
            SetupError: the file is no index, or cannot be written.

        """
        self._store = store
        self._keep = keep
        try:
            self._data = _opened(store)
        except (OSError, sqlite3.Error) as problem:
            raise _unusable(store, problem) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database."""
        self._data.close()

    def check(self) -> None:
        """See whether the pages of the database are whole; what stands on them is not looked at.

        Raises:
            SetupError: one is damaged.

        """
        try:
            if self._data.execute("PRAGMA quick_check(1)").fetchall() != [("ok",)]:
                raise sqlite3.DatabaseError
        except sqlite3.Error as problem:
            raise _unusable(self._store, problem) from None

    # -- looking at the export --------------------------------------------------------------------------------

    def refresh(self, root: Place, limits: Limits | None = None, progress: FilesSeen | None = None) -> Refreshed:
        """Read what is new or changed below a folder, or in a ZIP; forget what is gone.

        `progress` is told, now and then, how many files were looked at, and of how many once they are listed.

        Raises:
            SetupError: the index cannot be written.
            Interrupted: the disk is full; the index stays as it was.

        """
        try:
            with self._transaction():
                return self._refresh(root, limits or Limits(), progress or _ignore)
        except sqlite3.Error as problem:
            raise _unusable(self._store, problem) from None

    @contextmanager
    def _transaction(self) -> Generator[None]:
        """All or nothing, also when the program is killed."""
        self._data.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if self._data.in_transaction:  # a full disk has rolled it back already
                self._data.execute("ROLLBACK")
            raise
        self._data.execute("COMMIT")

    def _refresh(self, root: Place, limits: Limits, progress: FilesSeen) -> Refreshed:
        self._made_for(str(root.resolve()), limits)
        progress(0, None)
        total, seen, known, archives = counted(root), 0, self._known(), self._archives()
        adding, device = _Adding(self._data, ExportReader(limits, keep=self._keep)), Device(root)
        for seen, entry in enumerate(listed(root), 1):
            status, before = entry.status, known.pop(entry.key, None)
            same = UNASKED if status is None else device.of(status)
            if status is None or before != (status.st_size, status.st_mtime_ns, *same):
                if entry.key in archives:
                    self._data.execute("DELETE FROM file WHERE archive = ?", (entry.key,))
                adding.read(entry, same)
            if not seen % _PROGRESS:
                progress(seen, total)
        adding.write()
        self._forget(known, archives)
        progress(seen, seen)
        return Refreshed(files=self._count(), read=adding.count, gone=len(known))

    def _made_for(self, root: str, limits: Limits) -> None:
        """Begin anew where the index is of another export or version, or by other limits, which refuse files."""
        listing = self._data.execute("SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view')")
        names = dict(listing.fetchall())
        if names and names.keys() != NAMES:
            raise sqlite3.DatabaseError
        about = (VERSION, root, repr(limits))
        if names and self._data.execute("SELECT * FROM about").fetchall() == [about]:
            return
        for name, kind in sorted(names.items()):
            self._data.execute(f"DROP {kind} {name}")
        for statement in TABLES:
            self._data.execute(statement)
        self._data.execute("INSERT INTO about VALUES (?, ?, ?)", about)

    def _known(self) -> dict[bytes, tuple[int, int, int, int]]:
        """Key -> size, time of change, and what else tells a file of those that are on disk."""
        rows = self._data.execute("SELECT key, size, modified, inode, changed, reason FROM file WHERE archive IS NULL")
        return {
            key: (size, modified if reason not in AGAIN else _UNSETTLED, inode, changed)
            for key, size, modified, inode, changed, reason in rows
        }

    def _archives(self) -> frozenset[bytes]:
        """Keys of the archives whose entries are in the index."""
        rows = self._data.execute("SELECT DISTINCT archive FROM file WHERE archive IS NOT NULL")
        return frozenset(key for (key,) in rows)

    def _forget(self, keys: Iterable[bytes], archives: frozenset[bytes]) -> None:
        """Drop files that are gone, the entries of those that were archives, and the headers that no file has.

        A folder may have become an archive: what was a file then is an entry by the same key.
        """
        named = [(key,) for key in keys]
        self._data.executemany("DELETE FROM file WHERE key = ? AND archive IS NULL", named)
        self._data.executemany("DELETE FROM file WHERE archive = ?", [key for key in named if key[0] in archives])
        if named:
            self._data.execute("DELETE FROM header WHERE id NOT IN (SELECT header FROM file WHERE header IS NOT NULL)")

    def _count(self) -> int:
        (count,) = self._data.execute("SELECT count(*) FROM file").fetchone()
        return int(count)

    # -- what it says -----------------------------------------------------------------------------------------

    def files(self) -> Iterator[tuple[str, Way, str, Record]]:
        """Name, way, reason and record of every file, by name."""
        rows = self._data.execute("SELECT * FROM record ORDER BY name, key")
        return ((name, Way(way), reason, tuple(record)) for _, name, way, reason, *record in rows)

    def combinations(self) -> Iterator[tuple[int, Record]]:
        """Each combination of values that files share, and of how many; the columns of `OWN` are None."""
        rows = self._data.execute("SELECT * FROM combination ORDER BY first")
        return ((count, tuple(record)) for count, _, *record in rows)

    def ways(self) -> Counter[tuple[Way, str]]:
        """Files by way and reason."""
        rows = self._data.execute("SELECT way, reason, count(*) FROM file GROUP BY way, reason")
        return Counter({(Way(way), reason): count for way, reason, count in rows})

    def directories(self) -> tuple[str, ...]:
        """Names of the DICOMDIRs on disk."""
        rows = self._data.execute("SELECT name FROM file WHERE reason = 'FILE_DIRECTORY' AND archive IS NULL")
        return tuple(sorted(name for (name,) in rows))

    def objects(self) -> frozenset[str]:
        """Names of all DICOM objects, refused ones among them."""
        rows = self._data.execute("SELECT name FROM file WHERE way != 'other'")
        return frozenset(name for (name,) in rows)

    def issues(self) -> tuple[Issue, ...]:
        """Why files are refused or listed only, by name."""
        rows = self._data.execute("SELECT name, issue FROM file WHERE issue IS NOT NULL ORDER BY name, key")
        return tuple(starmap(issue_of, rows))


class _Adding:
    """Files on their way into the index; what they share is looked for among what was added lately."""

    def __init__(self, data: sqlite3.Connection, reader: ExportReader) -> None:
        self.count = 0
        """Files that were read."""
        self._data = data
        self._reader = reader
        self._rows: list[tuple[object, ...]] = []
        self._shared = _Lately(data, LAST_SHARED, ADD_SHARED)
        self._headers = _Lately(data, LAST_HEADER, ADD_HEADER)
        self._numbers: dict[Shared, tuple[int, int | None]] = {}
        """Of what files share: the rows of values and of a header."""
        self._settled = time.time_ns() - _SETTLED_NS

    def read(self, entry: Listed, same: SameFile) -> None:
        """Read a file, and the entries of an archive."""
        for key, archive, found in _read(self._reader, entry):
            self._rows.append(self._row(key, archive, found, same))
        if len(self._rows) >= _PROGRESS:
            self.write()

    def write(self) -> None:
        """Write what was read."""
        self._data.executemany(INSERT, self._rows)
        self.count += len(self._rows)
        self._rows.clear()

    def _row(self, key: bytes, archive: bytes | None, found: Indexed, same: SameFile) -> tuple[object, ...]:
        shared, header = self._numbers.get(found.shared) or self._numbered(found.shared)
        modified = found.modified if found.modified < self._settled else ~found.modified  # another time, another number
        issue = _written(found.issue) if found.issue else None
        place = (key, found.name, found.size, modified, *same, archive, found.way.value, found.reason, issue)
        refers = "\\".join(found.refers) if found.refers else None
        return (*place, shared, header if found.is_kept else None, refers, *found.own)

    def _numbered(self, shared: Shared) -> tuple[int, int | None]:
        if len(self._numbers) >= _LATELY:
            self._numbers.clear()
        header = None if shared.header is None else self._headers.of((shared.header,))
        numbers = self._numbers[shared] = self._shared.of(_shared(shared.record)), header
        return numbers


class _Lately:
    """Rows that many files share, each added once as long as it is remembered."""

    def __init__(self, data: sqlite3.Connection, last: str, add: str) -> None:
        self._data = data
        self._add = add
        (self._last,) = data.execute(last).fetchone()
        self._known: dict[bytes, int] = {}
        """The number of a row, by its digest."""

    def of(self, values: tuple[str | bytes | None, ...]) -> int:
        """The number of a row with these values."""
        digest = hashlib.blake2b(marshal.dumps(values, _PLAIN_MARSHAL), digest_size=16).digest()
        number = self._known.get(digest)
        if number is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._last += 1
            number = self._known[digest] = self._last
            self._data.execute(self._add, (number, *values))
        return number


def _read(reader: ExportReader, entry: Listed) -> Iterator[tuple[bytes, bytes | None, Indexed]]:
    """A file, and the entries of an archive, each with its key and the key of its archive."""
    if entry.status is None:
        yield entry.key, None, reader.refuse(entry.name, refused_file("FS_READ", entry.name).issue)
        return
    if (remote := remote_at(entry.path)) is not None:
        yield entry.key, None, _reached(reader, entry, remote)
        return
    found = reader.read(entry.path, entry.name, entry.status)
    yield entry.key, None, found
    if found.reason == ARCHIVE:
        for inner, file in archive_entries(reader, entry.path, entry.name, entry.status):
            yield entry.key + b"/" + inner.encode(), entry.key, file


def _reached(reader: ExportReader, entry: Listed, path: RemotePath) -> Indexed:
    """A file that is reached by a URL; a ZIP is refused there, for it would have to be fetched as a whole."""
    status = cast("os.stat_result", entry.status)
    try:
        file = remote_file(path, entry.name, status.st_size, status.st_mtime_ns)
    except Refusal as refused:
        return reader.refuse(entry.name, refused.issue, status.st_mtime_ns)
    if file.head.startswith(ZIP_MARKS) and not entry.name.lower().endswith(OFFICE_NAMES):
        return reader.refuse(entry.name, refused_file("ZIP_REMOTE", entry.name).issue, status.st_mtime_ns)
    return reader.read_entry(file, status.st_mtime_ns)


def _opened(store: Path | None) -> sqlite3.Connection:
    if store is not None:
        store.touch(mode=0o600)  # names and dates of patients
    data = sqlite3.connect(store or ":memory:", isolation_level=None)
    data.execute("PRAGMA journal_mode = WAL")
    data.execute("PRAGMA synchronous = NORMAL")
    return data


def _written(issue: Issue) -> str:
    place = issue.source.place if issue.source else ""
    return json.dumps([issue.code, issue.outcome.value, place, dict(issue.operands)])


def issue_of(name: str, text: str) -> Issue:
    """An issue as the index keeps it."""
    code, outcome, place, operands = json.loads(text)
    source = Source(SourceKind.HEADER, name, place)
    return Issue(code=code, outcome=Outcome(outcome), source=source, operands=cast("dict[str, Operand]", operands))


def _ignore(_count: int, _total: int | None) -> None:
    """Progress that nobody asked for."""


class DamagedIndexError(SetupError):
    """An index cannot be used as it is; it holds nothing that the export does not."""


def _unusable(store: Path | None, problem: Exception) -> ReporterError:
    """What went wrong, without the database's own words."""
    if store is not None and is_full(problem):
        return disk_is_full(store)
    return DamagedIndexError("this is no index of an export, or it cannot be written", file=str(store or "memory"))
