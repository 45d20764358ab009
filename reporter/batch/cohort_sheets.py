"""A table that people open in a spreadsheet or read into a program: columns, and the rows that each outcome gives.

Cells are text.  In CSV a cell that a spreadsheet would take for a formula gets an apostrophe before it, except a
number in a column of numbers; controls and characters that turn the direction of writing are replaced visibly.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import IO, Final

from reporter.batch.outcome import Outcome
from reporter.case.form import guarded
from reporter.exporters.plain_workbook import SheetOfRows
from reporter.exporters.workbook import NUMBER
from reporter.readers.values import cleaned

Row = Mapping[str, str]
Cells = Sequence[str]

_AT_ONCE: Final = 200
"""Rows made into text together."""
_BETWEEN: Final = "\x1f"
"""Between the cells of a row that is put away; a cell on one line with marks for what cannot be shown holds none."""
_REMEMBERED: Final = 4096
"""Texts; most cells of a table say what others say."""
_as_json: Final = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One table."""

    name: str
    """Of its file without suffix, and of its sheet."""
    columns: tuple[str, ...]
    rows_of: Callable[[Outcome], Iterable[Row]]
    """The rows of one outcome."""
    beside: tuple[Row, ...] = ()
    """Rows of no outcome; they come last."""
    numeric: frozenset[str] = frozenset()
    """Columns of numbers."""

    def rows(self, outcomes: Iterable[Outcome]) -> Iterator[Row]:
        """All rows."""
        for outcome in outcomes:
            yield from self.rows_of(outcome)
        yield from self.beside


class PutAway:
    """Rows, put away in a file while the outcomes are gone through once, and read again at will."""

    def __init__(self, file: IO[bytes]) -> None:
        """Put the rows into an empty file of one's own."""
        self.length = 0
        """How many rows there are."""
        self._file, self._end = file, 0

    def put(self, cells: Iterable[str]) -> int:
        """Put a row of flat texts away; its place."""
        place = self._end
        self._end += self._file.write(f"{_BETWEEN.join(cells)}\n".encode())
        self.length += 1
        return place

    def __iter__(self) -> Iterator[Cells]:
        self._file.seek(0)
        for line in self._file:
            yield _cells(line)

    def at(self, place: int) -> Cells:
        """The row at a place."""
        self._file.seek(place)
        return _cells(self._file.readline())


class Spool(PutAway):
    """The rows of a table, put away."""

    def __init__(self, sheet: Sheet, file: IO[bytes]) -> None:
        """Put the rows into an empty file of one's own."""
        super().__init__(file)
        self.sheet = sheet

    def add(self, rows: Iterable[Row]) -> list[int]:
        """Put rows away; their places."""
        return [self.put([flat(row.get(column, "")) for column in self.sheet.columns]) for row in rows]

    def csv(self, rows: Iterable[Cells] | None = None) -> Iterator[bytes]:
        """The table as UTF-8 with a byte order mark, by which spreadsheets know it, piece by piece.

        `rows` are those of the table in another order.
        """
        yield b"\xef\xbb\xbf" + _lines([self.sheet.columns])
        kinds = [_number if column in self.sheet.numeric else guarded for column in self.sheet.columns]
        left = iter(self if rows is None else rows)
        while some := list(islice(left, _AT_ONCE)):
            yield _lines([shown(cell) for shown, cell in zip(kinds, cells, strict=True)] for cells in some)

    def json(self) -> Iterator[bytes]:
        """The table as a JSON array of flat objects, piece by piece."""
        left, before = iter(self), ""
        while some := list(islice(left, _AT_ONCE)):
            rows = (dict(zip(self.sheet.columns, cells, strict=True)) for cells in some)
            yield (before + ",".join(f"\n    {_as_json(row)}" for row in rows)).encode()
            before = ","

    def for_workbook(self) -> SheetOfRows:
        """The table as a sheet of a workbook."""
        sheet = self.sheet
        return SheetOfRows(title=sheet.name, columns=sheet.columns, numeric=sheet.numeric, rows=self)


@lru_cache(_REMEMBERED)
def flat(text: str) -> str:
    """`text` on one line, with a visible mark for what cannot be shown."""
    return cleaned(" ".join(text.splitlines()) if not text.isprintable() else text)


def _cells(line: bytes) -> Cells:
    return line[:-1].decode().split(_BETWEEN)


def _number(text: str) -> str:
    return text if NUMBER.fullmatch(text) else guarded(text)


def _lines(rows: Iterable[Cells]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()
