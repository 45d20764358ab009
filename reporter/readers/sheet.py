"""CSV, TSV and JSON as records of text cells: encoding, dialect, quoting and header, before any cell is understood.

A record's number is what a person sees: the row in a spreadsheet (the header is row 1), or the entry of a JSON array
(the first is entry 1).
"""

from __future__ import annotations

import codecs
import csv
import difflib
import io
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from reporter.case.form import unguarded
from reporter.case.source import Source, SourceKind
from reporter.readers.interface import Limits, refusal
from reporter.readers.values import cleaned

_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}
IGNORED = "-"
"""Stands for the column of a header that a map says to leave out."""
_DEPTH = 32
"""A table is flat and facts are three deep; more is hostile."""


@dataclass(frozen=True, slots=True)
class Record:
    """One row: its place in the file and its cells that are not empty, by column."""

    place: str
    """Such as "row 5"."""
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole table as text."""

    file: str
    columns: tuple[str, ...]
    records: tuple[Record, ...]
    decimal_comma_possible: bool
    """Whether cells are not divided by commas."""
    kind: SourceKind = SourceKind.TABLE

    def source(self, place: str) -> Source:
        """A place in this file."""
        return Source(self.kind, self.file, place)


def nearest(word: str, known: Collection[str]) -> str:
    """The known word that looks most like `word`; empty where none does."""
    folded = {k.casefold(): k for k in sorted(known)}
    found = difflib.get_close_matches(word.casefold(), list(folded), n=1, cutoff=0.6)
    return folded[found[0]] if found else ""


def decoded_text(data: bytes, source: Source, encoding: str | None) -> str:
    """The characters of a file: UTF-8 with or without BOM, unless an encoding is named.

    Raises:
        Refusal: it is in another encoding (CSV_ENCODING).

    """
    looks = "UTF-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "another encoding, such as cp1252"
    try:
        codec = codecs.lookup(encoding or "utf-8-sig")
        text, _ = codec.decode(data, "strict")
    except (LookupError, UnicodeError, ValueError):
        raise refusal("CSV_ENCODING", source, looks=looks) from None
    if not isinstance(text, str):
        raise refusal("CSV_ENCODING", source, looks=looks)
    return text.removeprefix("\ufeff")


def read_csv(text: str, file: str, columns: Mapping[str, str], limits: Limits, kind: SourceKind) -> Sheet:
    """A table with a header.  `columns`: every header that is understood -> the column it means.

    Raises:
        Refusal: header, quoting or dialect are not as they must be; the code says which.

    """
    source = Source(kind, file, "row 1")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise refusal("CSV_COLUMNS", Source(kind, file, f"row {line}"), what="a NUL character", column="")
    delimiter = _delimiter(text, columns, source)
    rows = _rows(text, delimiter, source, limits.string)
    return sheet_of(rows, source, columns, limits, comma_possible=delimiter != ",")


def sheet_of(
    rows: Iterator[tuple[int, list[str]]],
    source: Source,
    columns: Mapping[str, str],
    limits: Limits,
    *,
    comma_possible: bool,
) -> Sheet:
    """A table of numbered rows of text, the first of which is the header; rows without text are passed over.

    Raises:
        Refusal: the header or a row is not as it must be.

    """
    header = [cell.strip() for cell in next(rows, (1, []))[1]]
    names = _header(header, columns, source)
    records = tuple(_record(number, row, names, source, limits) for number, row in rows if any(map(str.strip, row)))
    return Sheet(source.file, tuple(n for n in names if n), records, comma_possible, source.kind)


def _delimiter(text: str, columns: Mapping[str, str], source: Source) -> str:
    """The delimiter under which most of the header is understood (never guessed from the rows)."""
    score = {}
    for delimiter in _DELIMITERS:
        try:
            header = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), [])
        except csv.Error:
            header = []
        score[delimiter] = sum(cell.strip().casefold() in columns for cell in header)
    best = max(_DELIMITERS, key=lambda d: score[d])
    if score[best] == 0:
        raise refusal("CSV_DIALECT", source)
    return best


def _rows(text: str, delimiter: str, source: Source, limit: int) -> Iterator[tuple[int, list[str]]]:
    """The rows with their numbers; one row is one line, so that an open quotation mark cannot swallow the next."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    last = 0
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            place = Source(source.kind, source.file, f"row {last + 1}")
            if "larger" in str(error):  # than the csv module takes in one cell
                raise refusal("LIM_STRING", place, limit=limit) from None
            raise refusal("CSV_QUOTE", place) from None
        if row is None:
            return
        if reader.line_num != last + 1:
            raise refusal("CSV_QUOTE", Source(source.kind, source.file, f"row {last + 1}"))
        last = reader.line_num
        yield last, row


def _header(header: Sequence[str], columns: Mapping[str, str], source: Source) -> list[str]:
    """The column of each header cell; trailing cells without a name are empty text."""
    names: list[str] = []
    width = max((i + 1 for i, cell in enumerate(header) if cell), default=0)
    for index, cell in enumerate(header):
        name = columns.get(cell.casefold(), "")
        if not name and index < width:
            what = "no name" if not cell else "unknown"
            _refuse_column(what, cell or f"column {index + 1}", columns, source)
        if name not in {"", IGNORED} and name in names:
            _refuse_column("twice", cell, columns, source)
        names.append(name)
    return names


def _refuse_column(what: str, column: str, columns: Mapping[str, str], source: Source) -> NoReturn:
    near = nearest(column, columns) if what == "unknown" else ""
    code = {"unknown": "CSV_UNKNOWN_COLUMN", "twice": "CSV_DOUBLE_COLUMN"}.get(what, "CSV_COLUMNS")
    if code == "CSV_UNKNOWN_COLUMN" and near:
        code = "CSV_MISSPELT_COLUMN"
    raise refusal(code, source, what=what, column=cleaned(column)[:64], nearest=near)


def _record(number: int, row: Sequence[str], names: Sequence[str], source: Source, limits: Limits) -> Record:
    place = f"row {number}"
    where = Source(source.kind, source.file, place)
    if len(row) != len(names):
        raise refusal("CSV_CELLS", where, cells=len(row), columns=len(names))
    cells = {}
    for name, cell in zip(names, row, strict=True):
        text = unguarded(cell.strip())
        if not text or name == IGNORED:
            continue
        if not name:
            raise refusal("CSV_COLUMNS", where, what="a cell under no column name", column="")
        if len(text) > limits.string:
            raise refusal("LIM_STRING", Source(source.kind, source.file, f"{place}, {name}"), limit=limits.string)
        cells[name] = text
    return Record(place, cells)


# -- JSON -------------------------------------------------------------------------------------------------------------


class Number(str):  # ruff: ignore[subclass-builtin] - a cell of text that json made of digits
    """A JSON number as it is written."""

    __slots__ = ()


def _no_constant(_: str) -> NoReturn:
    raise _Hostile("JSON_NUMBER")


class _Hostile(ValueError):
    """What the strict reading of JSON objects to."""


class _Doubled(_Hostile):
    """A key that stands twice in one object."""

    def __init__(self, key: str) -> None:
        super().__init__("JSON_DUPLICATE_KEY")
        self.key = key


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise _Doubled(key)
        found[key] = value
    return found


def strict_json(text: str, source: Source) -> object:
    """JSON with numbers as text, without doubled keys, NaN or great depth.

    Raises:
        Refusal: JSON_SYNTAX, JSON_DUPLICATE_KEY, JSON_NUMBER or JSON_DEPTH.

    """
    try:
        value: object = json.loads(
            text, object_pairs_hook=_pairs, parse_int=Number, parse_float=Number, parse_constant=_no_constant
        )
    except json.JSONDecodeError as error:
        place = Source(source.kind, source.file, f"line {error.lineno}")
        raise refusal("JSON_SYNTAX", place) from None
    except _Doubled as error:
        raise refusal("JSON_DUPLICATE_KEY", source, key=cleaned(error.key)[:64]) from None
    except _Hostile as error:
        raise refusal(str(error), source) from None
    except (RecursionError, MemoryError):
        raise refusal("JSON_DEPTH", source, limit=_DEPTH) from None
    _check_depth(value, source)
    return value


def _check_depth(value: object, source: Source) -> None:
    level = [value]
    for _ in range(_DEPTH):
        level = [child for parent in level for child in _children(parent)]
        if not level:
            return
    raise refusal("JSON_DEPTH", source, limit=_DEPTH)


def _children(value: object) -> Collection[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def read_json(text: str, file: str, columns: Mapping[str, str], limits: Limits) -> Sheet:
    """An array of flat objects.

    Raises:
        Refusal: it is none (JSON_TYPE), or has a key that is no column (JSON_KEY).

    """
    top = Source(SourceKind.TABLE, file, "entry 1")
    value = strict_json(text, top)
    if not isinstance(value, list):
        raise refusal("JSON_TYPE", top, key="", expected="an array of objects")
    records = tuple(_entry(number, entry, file, columns, limits) for number, entry in enumerate(value, 1))
    used = {name for record in records for name in record.cells}
    return Sheet(file, tuple(sorted(used)), records, decimal_comma_possible=False)


def _entry(number: int, entry: object, file: str, columns: Mapping[str, str], limits: Limits) -> Record:
    place = f"entry {number}"
    source = Source(SourceKind.TABLE, file, place)
    if not isinstance(entry, dict):
        raise refusal("JSON_TYPE", source, key="", expected="an object")
    cells: dict[str, str] = {}
    for key, value in entry.items():
        name = columns.get(str(key).strip().casefold())
        if name == IGNORED:
            continue
        if name is None:
            shown = cleaned(str(key))[:64]
            near = nearest(shown, columns)
            raise refusal("JSON_MISSPELT_KEY" if near else "JSON_KEY", source, key=shown, nearest=near)
        if name in cells:
            raise refusal("JSON_DUPLICATE_KEY", source, key=name)
        text = _cell(value, source, name)
        if len(text) > limits.string:
            raise refusal("LIM_STRING", Source(source.kind, file, f"{place}, {name}"), limit=limits.string)
        if text:
            cells[name] = text
    return Record(place, cells)


def _cell(value: object, source: Source, name: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value.strip()
    raise refusal("JSON_TYPE", source, key=name, expected="a text, a number, true, false or null")
