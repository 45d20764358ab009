"""Typed tables: rows of values that a template places with `{{ sites | table("site", "now") }}`."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from reporter.draft.interface import Cell, Column, Inlines, Table, plain

Value = str | int | Decimal | date
"""What a template prints. Not a float: it could not be printed as measured. Not None: a blank must be said in words."""


class TableRequestError(ValueError):
    """A template prints or places what cannot be: the message says what, in words for the template's author."""


def as_text(value: object) -> str:
    """A value as printed: numbers as given, dates as ISO 8601.

    Raises:
        TableRequestError: None, True, a float, NaN, a list or mapping: nothing that a report may print.

    """
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, Decimal) and value.is_finite():
        return format(value, "f")
    if type(value) is date:
        return value.isoformat()
    raise TableRequestError(_unprintable(value))


def _unprintable(value: object) -> str:
    if value is None:
        return "the value is not stated and cannot be printed: ask for it with {% if %} first"
    if isinstance(value, bool):
        return "yes or no cannot be printed: choose the words with {% if %}"
    if isinstance(value, Decimal | float):
        return "this number cannot be printed as it was measured"
    return (
        "a list or group of fields cannot be printed as one value: name a field, loop over it, or use the table filter"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Rows of fields, and the columns that a table of them can have. A template may also loop over it."""

    columns: tuple[Column, ...]
    rows: tuple[Mapping[str, Value | Inlines], ...]

    def __iter__(self) -> Iterator[Mapping[str, Value | Inlines]]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def table(
    rows: object, names: Sequence[str], headers: Mapping[str, str], *, intro: str = "", total: bool = False
) -> Table:
    """The named columns of `rows`, in the order named, as a Table; `headers` prints other words above a column.

    Raises:
        TableRequestError: `rows` are no rows, or a column is not among theirs.

    """
    if not isinstance(rows, Rows):
        message = "the table filter is for rows of fields"
        raise TableRequestError(message)
    by_name = {column.name: column for column in rows.columns}
    chosen = [_column(by_name, name) for name in names or by_name]
    for name in headers:
        _column(by_name, name)
    return Table(
        columns=tuple(replace(c, header=headers[c.name]) if c.name in headers else c for c in chosen),
        rows=tuple(tuple(_cell(row, column) for column in chosen) for row in rows),
        intro=plain(intro),
        total=total,
    )


def _column(by_name: Mapping[str, Column], name: str) -> Column:
    if name in by_name:
        return by_name[name]
    near = difflib.get_close_matches(name, by_name, n=1)
    hint = f"did you mean '{near[0]}'?" if near else f"there are: {', '.join(by_name)}"
    message = f"there is no column '{name}': {hint}"
    raise TableRequestError(message)


def _cell(row: Mapping[str, Value | Inlines], column: Column) -> Cell:
    value = row[column.name]
    return value if isinstance(value, tuple) else plain(as_text(value))
