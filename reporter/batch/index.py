"""The index of an export: what the header of every file says, kept so that a second look reads only what changed.

One SQLite database, in memory or in a file.  A file stands in it with its size and time of change; the values that a
series has in common are kept once for all its files.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import starmap
from operator import itemgetter
from pathlib import Path
from typing import Final, Self, cast

from reporter.batch.index_tables import ADD_SHARED, INSERT, NAMES, OWN, SHARED, TABLES, VERSION
from reporter.case.issue import Issue, Operand, Outcome
from reporter.case.source import Source, SourceKind
from reporter.errors import Interrupted, ReporterError, SetupError
from reporter.readers.export_archive import archive_entries
from reporter.readers.export_files import Listed, listed
from reporter.readers.export_index import ARCHIVE, ExportReader, Indexed, Way, refused_file
from reporter.readers.export_layout import Record
from reporter.readers.index_columns import PLACE
from reporter.readers.interface import Limits

_own = cast("Callable[[Record], Record]", itemgetter(*(PLACE[keyword] for keyword in OWN)))
_shared = cast("Callable[[Record], Record]", itemgetter(*(PLACE[keyword] for keyword in SHARED)))
_AGAIN: Final = frozenset({"FS_READ", "FS_CHANGED"})
"""Reasons that may be gone at the next look."""
_SETTLED_NS: Final = 2_000_000_000
"""A file that changed this short a time before it was read may change again without a new time of change."""
_UNSETTLED: Final = -1

_PROGRESS: Final = 500
"""Files between two words of progress."""


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

    def __init__(self, store: Path | None = None) -> None:
        """Open the index in a file, or a new one in memory.

        Raises:
            SetupError: the file is no index, or cannot be written.

        """
        self._store = store
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

    # -- looking at the export --------------------------------------------------------------------------------

    def refresh(
        self, root: Path, limits: Limits | None = None, progress: Callable[[int], None] | None = None
    ) -> Refreshed:
        """Read what is new or changed below a folder, or in a ZIP; forget what is gone.

        `progress` is told, now and then, how many files were looked at.

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

    def _refresh(self, root: Path, limits: Limits, progress: Callable[[int], None]) -> Refreshed:
        self._made_for(str(root.resolve()))
        known, fresh, seen = self._known(), [], 0
        for seen, entry in enumerate(listed(root), 1):
            status = entry.status
            if known.pop(entry.key, None) != (status and (status.st_size, status.st_mtime_ns)) or status is None:
                fresh.append(entry)
            if not seen % _PROGRESS:
                progress(seen - len(fresh))
        self._forget([*known, *(entry.key for entry in fresh)])
        read = self._add(ExportReader(limits), fresh, lambda count: progress(seen - len(fresh) + count))
        return Refreshed(files=self._count(), read=read, gone=len(known))

    def _made_for(self, root: str) -> None:
        """Begin anew where the index is of another export or of another version."""
        listing = self._data.execute("SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view')")
        names = dict(listing.fetchall())
        if names and names.keys() != NAMES:
            raise sqlite3.DatabaseError
        if names and self._data.execute("SELECT version, root FROM about").fetchall() == [(VERSION, root)]:
            return
        for name, kind in sorted(names.items()):
            self._data.execute(f"DROP {kind} {name}")
        for statement in TABLES:
            self._data.execute(statement)
        self._data.execute("INSERT INTO about VALUES (?, ?)", (VERSION, root))

    def _known(self) -> dict[bytes, tuple[int, int]]:
        """Key -> size and time of change of the files that are on disk."""
        rows = self._data.execute("SELECT key, size, modified, reason FROM file WHERE archive IS NULL")
        return {key: (size, modified if reason not in _AGAIN else _UNSETTLED) for key, size, modified, reason in rows}

    def _forget(self, keys: Iterable[bytes]) -> None:
        """Drop files, and the entries of those that are archives."""
        named = [(key,) for key in keys]
        self._data.executemany("DELETE FROM file WHERE key = ?", named)
        archives = {key for (key,) in self._data.execute("SELECT DISTINCT archive FROM file WHERE archive IS NOT NULL")}
        self._data.executemany("DELETE FROM file WHERE archive = ?", [key for key in named if key[0] in archives])

    def _count(self) -> int:
        (count,) = self._data.execute("SELECT count(*) FROM file").fetchone()
        return int(count)

    def _add(self, reader: ExportReader, fresh: Sequence[Listed], progress: Callable[[int], None]) -> int:
        shared_ids = {tuple(row[1:]): int(row[0]) for row in self._data.execute("SELECT * FROM shared")}
        rows: list[tuple[object, ...]] = []
        settled, read = time.time_ns() - _SETTLED_NS, 0
        for count, entry in enumerate(fresh, 1):
            for key, archive, found in _read(reader, entry):
                rows.append(self._row(key, archive, found, shared_ids, settled))
            if len(rows) >= _PROGRESS or count == len(fresh):
                self._data.executemany(INSERT, rows)
                read, rows = read + len(rows), []
                progress(count)
        return read

    def _row(
        self, key: bytes, archive: bytes | None, found: Indexed, shared_ids: dict[Record, int], settled: int
    ) -> tuple[object, ...]:
        values = _shared(found.record)
        shared = shared_ids.get(values)
        if shared is None:
            shared = shared_ids[values] = len(shared_ids) + 1
            self._data.execute(ADD_SHARED, (shared, *values))
        modified = found.modified if found.modified < settled else _UNSETTLED
        issue = _written(found.issue) if found.issue else None
        way = found.way.value
        return (key, found.name, found.size, modified, archive, way, found.reason, issue, shared, *_own(found.record))

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
        return tuple(starmap(_issue, rows))


def _read(reader: ExportReader, entry: Listed) -> Iterator[tuple[bytes, bytes | None, Indexed]]:
    """A file, and the entries of an archive, each with its key and the key of its archive."""
    if entry.status is None:
        yield entry.key, None, reader.refuse(entry.name, refused_file("FS_READ", entry.name).issue)
        return
    found = reader.read(entry.path, entry.name, entry.status)
    yield entry.key, None, found
    if found.reason == ARCHIVE:
        for inner in archive_entries(reader, entry.path, entry.name, entry.status):
            yield entry.key + b"/" + os.fsencode(inner.name), entry.key, inner


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


def _issue(name: str, text: str) -> Issue:
    code, outcome, place, operands = json.loads(text)
    source = Source(SourceKind.HEADER, name, place)
    return Issue(code=code, outcome=Outcome(outcome), source=source, operands=cast("dict[str, Operand]", operands))


def _ignore(_count: int) -> None:
    """Progress that nobody asked for."""


def _unusable(store: Path | None, problem: Exception) -> ReporterError:
    """What went wrong, without the database's own words."""
    if getattr(problem, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
        return Interrupted("the disk is full", file=str(store), hint="make room and give the same command again")
    return SetupError("this is no index of an export, or it cannot be written", file=str(store or "memory"))
