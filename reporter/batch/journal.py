"""The journal of an output folder: what became of every case, kept so that no kill, full disk or power loss loses it.

One SQLite database in WAL with `synchronous = FULL`, one commit a unit.  A result counts once it stands here: files are
published before their commit, so that a commit never speaks of a file that is not whole.  A journal that is damaged is
set aside and begun anew; what it spoke of is made again, and files that are there already with the same bytes are taken
for what they are.
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Collection, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import starmap
from pathlib import Path
from typing import Final, Self

from reporter.batch.folder import is_taken
from reporter.batch.full_disk import disk_is_full, is_full
from reporter.batch.outcome import Ending, Outcome, Status, ending_from_json, from_json, to_json
from reporter.errors import ReporterError, SetupError
from reporter.publish import crash_here
from reporter.remote import Place

VERSION: Final = 1
TRY_AGAIN: Final = frozenset({"FS_READ", "FS_CHANGED", "CASE_TIMEOUT", "CASE_CRASHED", "CASE_MEMORY", "CASE_FAULT"})
"""Reasons that may be gone at the next run."""
_TABLES: Final = (
    "CREATE TABLE unit (key TEXT PRIMARY KEY, state TEXT NOT NULL, fingerprint TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE outcome (unit TEXT, place INTEGER, said BLOB, sha256 TEXT, PRIMARY KEY (unit, place)) WITHOUT ROWID",
    "CREATE TABLE file (name TEXT PRIMARY KEY, unit TEXT NOT NULL, sha256 TEXT NOT NULL) WITHOUT ROWID",
    "CREATE INDEX file_unit ON file (unit)",
    f"PRAGMA user_version = {VERSION}",
)
_QUEUED: Final = "queued"
_DONE: Final = "done"
_AGAIN: Final = "again"
"""Quarantined for a reason that may be gone at the next run."""
_GONE: Final = "gone"
"""No longer in the export."""
_DAMAGE: Final = (sqlite3.DatabaseError, ValueError)


class Journal:
    """The journal of one output folder; one run works with it at a time."""

    def __init__(self, store: Path) -> None:
        """Open the journal in a file, or begin one.

        Raises:
            SetupError: it cannot be written.
            Interrupted: the disk is full.

        """
        self._store = store
        self.set_aside: Path | None = None
        """Where a damaged journal was put."""
        self._lock = threading.Lock()
        with self._errors():
            self._data = self._opened()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database."""
        with suppress(sqlite3.Error):
            self._data.close()

    def _opened(self) -> sqlite3.Connection:
        try:
            return _open(self._store)
        except _DAMAGE as damage:
            if is_full(damage) or isinstance(damage, sqlite3.OperationalError):
                raise
        self.set_aside = _put_aside(self._store)
        return _open(self._store)

    @contextmanager
    def _errors(self) -> Generator[None]:
        try:
            yield
        except sqlite3.Error as problem:
            raise _unusable(self._store, problem) from None
        except OSError:
            raise _unusable(self._store, None) from None

    @contextmanager
    def _commit(self) -> Generator[sqlite3.Connection]:
        """All or nothing, from whatever thread."""
        with self._lock, self._errors():
            self._data.execute("BEGIN IMMEDIATE")
            try:
                yield self._data
                crash_here("before_commit")
                self._data.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    self._data.execute("ROLLBACK")
                raise

    # -- before the work --------------------------------------------------------------------------------------

    def queue(self, units: Iterable[str]) -> None:
        """Take in the units of a plan; those of an earlier one that are gone are no longer counted."""
        with self._commit() as data:
            data.execute("CREATE TEMP TABLE planned (key TEXT PRIMARY KEY)")
            data.executemany("INSERT INTO planned VALUES (?)", ((key,) for key in units))
            data.execute("INSERT OR IGNORE INTO unit SELECT key, ?, '' FROM planned", (_QUEUED,))
            data.execute("UPDATE unit SET state = ? WHERE key NOT IN (SELECT key FROM planned)", (_GONE,))
            back = "UPDATE unit SET state = ? WHERE state = ? AND key IN (SELECT key FROM planned)"
            data.execute(back, (_QUEUED, _GONE))
            data.execute("DROP TABLE planned")

    def queue_again(self, units: Iterable[str]) -> None:
        """Units whose inputs, rules or results are not as they were: what was said of them no longer counts."""
        with self._commit() as data:
            data.executemany("UPDATE unit SET state = ? WHERE key = ?", ((_QUEUED, key) for key in units))

    def open_units(self, again: Collection[str] | None = None) -> Iterator[str]:
        """Keys of the units that are not done; of those that were tried only `again`, where that is given."""
        with self._lock, self._errors():
            rows = self._data.execute(
                "SELECT key, state FROM unit WHERE state IN (?, ?) ORDER BY key", (_QUEUED, _AGAIN)
            ).fetchall()
        return (key for key, state in rows if state == _QUEUED or again is None or key in again)

    def done_units(self) -> Iterator[str]:
        """Keys of the units that are done, for whatever inputs."""
        with self._lock, self._errors():
            rows = self._data.execute("SELECT key FROM unit WHERE state = ? ORDER BY key", (_DONE,))
            return iter([key for (key,) in rows.fetchall()])

    def settled(self, unit: str, fingerprint: str, places: str, folder: Place) -> bool:
        """Whether a unit is done for these inputs and rules, and its results are where they were put.

        `places` says where its rows stand: it counts where a doubt was told that names one.  A result that somebody
        edited is theirs, and stays; one that is gone is made again.
        """
        with self._lock, self._errors():
            rows = self._data.execute("SELECT state, fingerprint FROM unit WHERE key = ?", (unit,)).fetchall()
            files = self._data.execute("SELECT name FROM file WHERE unit = ?", (unit,)).fetchall()
            said = self._data.execute("SELECT said, sha256 FROM outcome WHERE unit = ?", (unit,)).fetchall()
        done = rows in ([(_DONE, fingerprint)], [(_DONE, fingerprint + places)])
        if not done or not said or not all(starmap(_whole, said)):
            return False
        return all(is_taken(folder / name) for (name,) in files)

    # -- the work ---------------------------------------------------------------------------------------------

    def record(self, unit: str, fingerprint: str, places: str, outcomes: Iterable[Outcome]) -> None:
        """Commit what became of a unit, its files being published; `places` says where its rows stand.

        Raises:
            Interrupted: the disk is full; the unit stays queued.

        """
        told = tuple(outcomes)
        again = any(reason in TRY_AGAIN for outcome in told for reason in outcome.reasons)
        made_from = fingerprint + places if any(outcome.names_row for outcome in told) else fingerprint
        state = (_AGAIN if again else _DONE, made_from, unit)
        with self._commit() as data:
            data.execute("DELETE FROM outcome WHERE unit = ?", (unit,))
            data.execute("DELETE FROM file WHERE unit = ?", (unit,))
            data.execute("UPDATE unit SET state = ?, fingerprint = ? WHERE key = ?", state)
            for place, outcome in enumerate(told):
                said = to_json(replace(outcome, patient_id=""))
                data.execute("INSERT INTO outcome VALUES (?, ?, ?, ?)", (unit, place, said, _digest(said)))
                files = ((file.name, unit, file.sha256) for file in outcome.files)
                data.executemany("INSERT OR REPLACE INTO file VALUES (?, ?, ?)", files)
        crash_here("after_commit")

    # -- what it says -----------------------------------------------------------------------------------------

    def results_of(self, unit: str) -> dict[str, str]:
        """Name -> SHA-256 of the files that were written for a unit."""
        with self._lock, self._errors():
            return dict(self._data.execute("SELECT name, sha256 FROM file WHERE unit = ?", (unit,)).fetchall())

    def is_at_rest(self) -> bool:
        """Whether every unit of the plan is done, and none for a reason that may be gone at the next run."""
        said = "SELECT count(*) FROM unit WHERE state NOT IN (?, ?)"
        with self._lock, self._errors():
            return not self._data.execute(said, (_DONE, _GONE)).fetchone()[0]

    def results(self) -> tuple[str, ...]:
        """Names of the files that were written for the units of the plan."""
        said = "SELECT name FROM file JOIN unit ON key = unit WHERE state != ? ORDER BY name"
        with self._lock, self._errors():
            return tuple(name for (name,) in self._data.execute(said, (_GONE,)).fetchall())

    def results_of_gone(self) -> dict[str, str]:
        """Name -> SHA-256 of the files that were written for units that the export no longer has."""
        said = "SELECT name, sha256 FROM file JOIN unit ON key = unit WHERE state = ?"
        with self._lock, self._errors():
            return dict(self._data.execute(said, (_GONE,)).fetchall())

    def endings(self) -> Iterator[tuple[str, Ending]]:
        """How every case of the plan ended, with the key of its unit; one that is not done is pending."""
        key = ""
        while True:
            with self._lock, self._errors():
                rows = self._data.execute(
                    "SELECT key, state FROM unit WHERE key > ? AND state != ? ORDER BY key LIMIT 200", (key, _GONE)
                ).fetchall()
            if not rows:
                return
            for unit, state in rows:
                said = self._said_of(unit) if state in {_DONE, _AGAIN} else []
                yield from ((unit, ending) for ending in (map(ending_from_json, said) if said else [_pending(unit)]))
            key = rows[-1][0]

    def outcomes_of(self, unit: str) -> list[Outcome]:
        """What became of the cases of a unit of the plan."""
        with self._lock, self._errors():
            rows = self._data.execute("SELECT state FROM unit WHERE key = ?", (unit,)).fetchall()
        said = self._said_of(unit) if rows and rows[0][0] in {_DONE, _AGAIN} else []
        return list(map(from_json, said)) or [_pending(unit)]

    def digest(self) -> str:
        """Changes with whatever became of any case."""
        digest = hashlib.sha256()
        said = "SELECT key, state, place, sha256 FROM unit LEFT JOIN outcome ON unit = key"
        with self._lock, self._errors():
            for row in self._data.execute(f"{said} WHERE state != ? ORDER BY key, place", (_GONE,)):
                digest.update(repr(row).encode())
        return digest.hexdigest()

    def _said_of(self, unit: str) -> list[bytes]:
        """The outcomes of a unit as they are kept; none where anything of them is damaged."""
        with self._lock, self._errors():
            said = "SELECT said, sha256 FROM outcome WHERE unit = ? ORDER BY place"
            rows = self._data.execute(said, (unit,)).fetchall()
        return [said for said, _ in rows] if all(starmap(_whole, rows)) else []


def _pending(unit: str) -> Outcome:
    return Outcome(case=unit, patient=unit, status=Status.PENDING, exit=4)


def _digest(said: bytes) -> str:
    return hashlib.sha256(said).hexdigest()


def _whole(said: object, sha256: str) -> bool:
    return isinstance(said, bytes) and _digest(said) == sha256


# -- the database ---------------------------------------------------------------------------------------------


def _open(store: Path) -> sqlite3.Connection:
    store.touch(mode=0o600)
    data = sqlite3.connect(store, isolation_level=None, check_same_thread=False)
    try:
        data.execute("PRAGMA journal_mode = WAL")
        data.execute("PRAGMA synchronous = FULL")
        _check(data)
    except BaseException:
        data.close()
        raise
    return data


def _check(data: sqlite3.Connection) -> None:
    """Make the tables of a new journal; DatabaseError where an old one is damaged or of another version."""
    (version,) = data.execute("PRAGMA user_version").fetchone()
    (tables,) = data.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if not version and not tables:
        data.execute("BEGIN IMMEDIATE")
        for statement in _TABLES:
            data.execute(statement)
        data.execute("COMMIT")
    elif version != VERSION or data.execute("PRAGMA quick_check(1)").fetchall() != [("ok",)]:
        raise sqlite3.DatabaseError


def _put_aside(store: Path) -> Path:
    """Keep a damaged journal under another name, for whoever wants to look."""
    number = 1
    while (aside := store.with_name(f"{store.name}.damaged-{number}")).exists():
        number += 1
    store.rename(aside)
    for suffix in ("-wal", "-shm"):
        with suppress(FileNotFoundError):
            store.with_name(store.name + suffix).unlink()
    return aside


def _unusable(store: Path, problem: sqlite3.Error | None) -> ReporterError:
    """What went wrong, without the database's own words."""
    if problem is None or is_full(problem):
        return disk_is_full(store)
    return SetupError("the journal cannot be used", file=str(store), hint="look who may write there", code="OUT_DIR")
