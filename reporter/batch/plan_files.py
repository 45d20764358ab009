"""The tables of a plan, the files of a unit, and the fingerprint of what a case is made from."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from reporter.readers.gather_case import CaseInput
from reporter.readers.parts import FactsRecord, Row

TABLES: Final = (
    "CREATE TABLE belongs (shared INTEGER PRIMARY KEY, unit TEXT NOT NULL, study TEXT NOT NULL)",
    "CREATE INDEX belongs_unit ON belongs (unit)",
    "CREATE INDEX belongs_study ON belongs (study)",
    "CREATE TABLE unit (name TEXT PRIMARY KEY, key TEXT) WITHOUT ROWID",
    "CREATE TABLE refused (key BLOB PRIMARY KEY, unit TEXT) WITHOUT ROWID",
    "CREATE TABLE told (patient TEXT PRIMARY KEY, rows INTEGER NOT NULL, said BLOB NOT NULL)",
    "CREATE TABLE beside (unit TEXT, shared INTEGER, PRIMARY KEY (unit, shared)) WITHOUT ROWID",
    "CREATE TABLE doubled (SOPInstanceUID TEXT PRIMARY KEY) WITHOUT ROWID",
    "CREATE TABLE refers (uid TEXT, unit TEXT, PRIMARY KEY (uid, unit)) WITHOUT ROWID",
    "CREATE TABLE twin (unit TEXT, key BLOB, PRIMARY KEY (unit, key)) WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS export.file_shared ON file (shared)",
)
FOLDER_OWNERS: Final = (
    "SELECT DISTINCT unit FROM export.file JOIN belongs USING (shared) WHERE key >= ? AND key < ? LIMIT 2"
)
_FOUND: Final = "SELECT key, file.name, size, modified, inode, changed, archive, {kept} SOPInstanceUID"
_KEPT: Final = {
    True: ("elements,", "LEFT JOIN export.header ON header.id = file.header"),
    False: ("NULL,", ""),
}
"""Column and table of what the index keeps of headers, and none."""
_OWN_FILES: Final = {
    headers: f"{_FOUND.format(kept=kept)} FROM belongs JOIN export.file ON file.shared = belongs.shared {table} "
    "WHERE unit = ? ORDER BY file.name, key"
    for headers, (kept, table) in _KEPT.items()
}
_BESIDE: Final = {
    headers: f"{_FOUND.format(kept=kept)} FROM beside JOIN export.file ON file.shared = beside.shared {table} "
    f"WHERE beside.unit = :unit UNION {_FOUND.format(kept=kept)} FROM twin JOIN export.file USING (key) {table} "
    "WHERE twin.unit = :unit ORDER BY 2"
    for headers, (kept, table) in _KEPT.items()
}

Found = tuple[bytes, str, int, int, int, int, bytes | None, bytes | None, str]
"""Key, name, size, time of change, inode and its change, key of the archive; elements of the header, own UID."""


def own_files(data: sqlite3.Connection, unit: str, *, headers: bool) -> Iterable[Found]:
    """The readable files of a unit, by name."""
    return data.execute(_OWN_FILES[headers], (unit,)).fetchall()


def files_beside(data: sqlite3.Connection, unit: str, *, headers: bool) -> Iterable[Found]:
    """The files of other units that a unit is compared with, by name."""
    return data.execute(_BESIDE[headers], {"unit": unit}).fetchall()


def fingerprint_of(rows: Iterable[Row], facts: Iterable[FactsRecord]) -> str:
    """Of what a table and facts say, whatever the order of rows and wherever they stand."""
    said = sorted(repr(sorted(row.cells.items())) + repr(_codes(row)) for row in rows)
    said += sorted(repr(replace(r.facts, sources={})) + repr((r.name, r.birth_date, r.sex, _codes(r))) for r in facts)
    return hashlib.sha256("\0".join(said).encode("utf-8", "surrogatepass")).hexdigest()


def _codes(part: Row | FactsRecord) -> list[tuple[str, str]]:
    return sorted((issue.code, repr(sorted(issue.operands.items()))) for issue in part.issues)


def row_places(given: CaseInput) -> str:
    """Of where the rows stand: a doubt names a row by its number, whatever else names it by what stands in it."""
    told: tuple[Row | FactsRecord, ...] = (*given.rows, *given.facts)
    places = sorted(part.source.place for part in told)
    return hashlib.sha256(repr(places).encode("utf-8", "surrogatepass")).hexdigest()


def input_fingerprint(given: CaseInput, rules: str) -> str:
    """Of all that a case is made from, but where rows stand: the rules, the files on disk, what rows and facts say."""
    digest = hashlib.sha256(rules.encode())
    for file in (*given.own, *given.beside):
        state = (file.size, file.modified, *file.same)
        digest.update(f"{file.name}\0{state}\0".encode("utf-8", "surrogatepass"))
    for refused in given.refused:
        digest.update(f"{refused.name}\0{refused.issue.code}\0".encode("utf-8", "surrogatepass"))
    for file_apart in given.apart:
        digest.update(f"{file_apart.name}\0{file_apart.kind}\0".encode("utf-8", "surrogatepass"))
    digest.update(fingerprint_of(given.rows, given.facts).encode())
    digest.update(repr((sorted(given.owners.items()), given.alone)).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
