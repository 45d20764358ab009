"""The tables of the index of an export."""

# ruff: file-ignore[hardcoded-sql-expression] - the names of our own columns, nothing from outside

from typing import Final

from reporter.readers.index_columns import COLUMNS, OWN

SHARED: Final = tuple(column.keyword for column in COLUMNS if column.keyword not in OWN)
_ALL: Final = ", ".join(column.keyword for column in COLUMNS)
_IN_COMMON: Final = ", ".join("NULL" if column.keyword in OWN else column.keyword for column in COLUMNS)

VERSION: Final = f"7 {_ALL}"
"""An index of another one is made anew."""
_FILE: Final = f"""\
CREATE TABLE file (
    key BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    size INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    inode INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    archive BLOB,
    way TEXT NOT NULL,
    reason TEXT NOT NULL,
    issue TEXT,
    shared INTEGER NOT NULL REFERENCES shared,
    header INTEGER REFERENCES header,
    refers TEXT,
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
    "CREATE TABLE about (version TEXT NOT NULL, root TEXT NOT NULL, limits TEXT NOT NULL)",
    f"CREATE TABLE shared (id INTEGER PRIMARY KEY, {', '.join(SHARED)})",
    "CREATE TABLE header (id INTEGER PRIMARY KEY, elements BLOB NOT NULL)",
    _FILE,
    _RECORD,
    _COMBINATION,
)
NAMES: Final = frozenset({"about", "shared", "header", "file", "record", "combination"})
INSERT: Final = f"INSERT OR REPLACE INTO file VALUES ({', '.join('?' * (13 + len(OWN)))})"
ADD_HEADER: Final = "INSERT INTO header VALUES (?, ?)"
"""What a draft reads of the headers of files; files of a series share one."""
ADD_SHARED: Final = f"INSERT INTO shared VALUES ({', '.join('?' * (1 + len(SHARED)))})"
LAST_SHARED: Final = "SELECT ifnull(max(id), 0) FROM shared"
LAST_HEADER: Final = "SELECT ifnull(max(id), 0) FROM header"
