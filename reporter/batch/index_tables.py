"""The tables of the index of an export."""

# ruff: file-ignore[hardcoded-sql-expression] - the names of our own columns, nothing from outside

from typing import Final

from reporter.readers.index_columns import COLUMNS

OWN: Final = ("SOPInstanceUID", "InstanceNumber", "ContentTime")
"""Columns that differ from file to file of a series; all others are kept once for all files that share them."""
SHARED: Final = tuple(column.keyword for column in COLUMNS if column.keyword not in OWN)
_ALL: Final = ", ".join(column.keyword for column in COLUMNS)
_IN_COMMON: Final = ", ".join("NULL" if column.keyword in OWN else column.keyword for column in COLUMNS)

VERSION: Final = f"1 {_ALL}"
"""An index of another one is made anew."""
_FILE: Final = f"""\
CREATE TABLE file (
    key BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    size INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    archive BLOB,
    way TEXT NOT NULL,
    reason TEXT NOT NULL,
    issue TEXT,
    shared INTEGER NOT NULL REFERENCES shared,
    {", ".join(OWN)}
) WITHOUT ROWID"""
_RECORD: Final = f"""\
CREATE VIEW record AS
SELECT key, name, way, reason, {_ALL} FROM file JOIN shared ON shared.id = file.shared"""
_COMBINATION: Final = f"""\
CREATE VIEW combination AS
SELECT count(*), min(name) AS first, {_IN_COMMON} FROM file JOIN shared ON shared.id = file.shared
WHERE way NOT IN ('refused', 'other') GROUP BY shared.id"""

TABLES: Final = (
    "CREATE TABLE about (version TEXT NOT NULL, root TEXT NOT NULL)",
    f"CREATE TABLE shared (id INTEGER PRIMARY KEY, {', '.join(SHARED)})",
    _FILE,
    _RECORD,
    _COMBINATION,
)
NAMES: Final = frozenset({"about", "shared", "file", "record", "combination"})
INSERT: Final = f"INSERT OR REPLACE INTO file VALUES ({', '.join('?' * (9 + len(OWN)))})"
ADD_SHARED: Final = f"INSERT INTO shared VALUES ({', '.join('?' * (1 + len(SHARED)))})"
