"""Cells become values: numbers, lengths, dates and words by their own patterns; what is none is a doubt with its place.

A number is plain digits with at most one decimal mark.  `n/a`, `<5`, `1e3`, `1_000` and full-width digits are none.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from reporter.case.issue import Issue, Operand, Outcome
from reporter.case.length import Length, LengthUnit
from reporter.case.source import Source, SourceKind
from reporter.readers.columns import AXES, DATES, LENGTHS, NUMBERS, WORDS, ColumnMap, DateForm
from reporter.readers.sheet import Record, nearest
from reporter.readers.values import cleaned, da, iso_date

_NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,12})?", re.ASCII)
_COMMA_NUMBER = re.compile(r"-?\d{1,12},\d{1,12}", re.ASCII)
LARGEST_MM = Decimal(500)
"""No lesion of a breast is larger; a bigger number is a slip."""
_SHOWN = 64
_YES, _NO = "yes", "no"


def is_number(text: str) -> bool:
    """Whether a cell is a number with a decimal point or none."""
    return _NUMBER.fullmatch(text) is not None


def is_comma_number(text: str) -> bool:
    """Whether a cell is a number with a decimal comma."""
    return _COMMA_NUMBER.fullmatch(text) is not None


@dataclass(slots=True)
class Cells:
    """The cells of one record, understood one at a time; every doubt is kept."""

    file: str
    kind: SourceKind
    record: Record
    map: ColumnMap
    decimal_comma: bool
    issues: list[Issue] = field(default_factory=list)
    costs: str | None = None
    """Code of the first bad cell that costs the measurement of this record."""
    unit: LengthUnit | None = None
    unit_missed: bool = False

    @property
    def cells(self) -> Mapping[str, str]:
        """The cells as they stand."""
        return self.record.cells

    def source(self, column: str | None = None) -> Source:
        """The place of the row, or of one of its cells."""
        return Source(self.kind, self.file, f"{self.record.place}, {column}" if column else self.record.place)

    def doubt(self, code: str, column: str, outcome: Outcome = Outcome.PROBLEM, **operands: Operand) -> None:
        """Keep a doubt about a cell."""
        lesion = cleaned(self.raw("lesion_id") or "") or None
        issue = Issue(
            code=code,
            outcome=outcome,
            source=self.source(column),
            lesion_id=lesion,
            column=column,
            operands={"column": column, **operands},
        )
        self.issues.append(issue)

    def bad(self, code: str, column: str, **operands: Operand) -> None:
        """Keep a doubt about a cell that costs the measurement of its row."""
        self.doubt(code, column, Outcome.PROBLEM, given=cleaned(self.raw(column) or "")[:_SHOWN], **operands)
        self.costs = self.costs or code

    def raw(self, column: str) -> str | None:
        """A cell as it stands, or the constant of the column map; None where it is empty."""
        return self.cells.get(column) or self.map.constants.get(column)

    def told(self) -> Mapping[str, str]:
        """The cells as a table of the project's own would have them; what is not understood stands as it was given."""
        if not (self.map.words or self.map.constants or self.decimal_comma) and self.map.dates is DateForm.ISO:
            return self.cells
        named = {**self.map.constants, **self.cells}
        return {column: self._own_form(column, given) for column, given in named.items() if given}

    def _own_form(self, column: str, given: str) -> str:
        meant = self.map.words.get(column, {}).get(given.casefold(), given)
        if column in {"study_date", *DATES} and self.map.dates is not DateForm.ISO:
            day = da(given)
            return given if day is None else day.isoformat()
        if column in {*LENGTHS, *NUMBERS} and self.decimal_comma and is_comma_number(given):
            return given.replace(",", ".")
        return meant

    # -- words and texts --------------------------------------------------------------------------------------

    def text(self, column: str) -> str | None:
        """Words that are quoted, never interpreted."""
        given = self.raw(column)
        if given is None:
            return None
        shown = cleaned(given, lines=True)
        if shown != given.replace("\r\n", "\n"):
            self.doubt("TXT_CONTROL", column, Outcome.NOTE)
        return shown

    def word(self, column: str) -> str | None:
        """One of the words of its column."""
        given = self.raw(column)
        if given is None:
            return None
        folded = given.casefold()
        meant = self.map.words.get(column, {}).get(folded, given).casefold()
        for word in WORDS[column]:
            if word.casefold() == meant and (column not in {"unit", "volume_unit"} or word == given):
                return word
        self.bad("CELL_WORD", column, words=", ".join(WORDS[column]), nearest=nearest(given, WORDS[column]))
        return None

    def yes_no(self, column: str) -> bool | None:
        """Yes or no."""
        given = self.raw(column)
        if given is None:
            return None
        meant = self.map.words.get(column, {}).get(given.casefold(), given).casefold()
        if meant in {_YES, _NO}:
            return meant == _YES
        self.bad("CELL_WORD", column, words="yes, no", nearest="")
        return None

    def day(self, column: str) -> dt.date | None:
        """A real date; other columns than study_date cost the measurement when they hold none."""
        given = self.raw(column)
        if given is None:
            return None
        day = iso_date(given) or (da(given) if self.map.dates is DateForm.BASIC else None)
        if day is None and column == "study_date":
            self.doubt("STU_BAD_DATE", column, Outcome.REFUSED, given=cleaned(given)[:_SHOWN])
        elif day is None:
            self.bad("CELL_DATE", column, form=self.map.dates)
        return day

    # -- numbers ----------------------------------------------------------------------------------------------

    def _plain(self, given: str) -> Decimal | None:
        if self.decimal_comma and is_comma_number(given):
            return Decimal(given.replace(",", "."))
        return Decimal(given) if is_number(given) else None

    def number(self, column: str) -> Decimal | None:
        """A number of zero or more."""
        given = self.raw(column)
        if given is None:
            return None
        value = self._plain(given)
        if value is None:
            self.bad("MEAS_NUMBER", column)
        elif value.is_signed():
            self.bad("MEAS_RANGE", column)
            value = None
        return value

    def whole(self, column: str, allowed: range) -> int | None:
        """A whole number within a range, such as an hour of the clock."""
        given = self.raw(column)
        if given is None:
            return None
        if given.isascii() and given.isdigit() and len(given) < 6 and int(given) in allowed:  # ruff: ignore[magic-value-comparison]
            return int(given)
        self.bad("CELL_WHOLE", column, lowest=allowed.start, highest=allowed.stop - 1)
        return None

    def length(self, column: str) -> Length | None:
        """A length in the row's unit.  A number without a unit is none; a displacement of 0 needs no unit."""
        value = self.number(column)
        if value is None:
            return None
        unit = self.row_unit()
        if unit is None and column == "clip_displaced" and value == 0:
            unit = LengthUnit.MM
        if unit is None:
            self._no_unit(column)
            return None
        length = Length(value, unit)
        if length.mm > LARGEST_MM:
            self.bad("MEAS_RANGE", column, limit=Length(LARGEST_MM))
            return None
        return length

    def _no_unit(self, column: str) -> None:
        """One doubt for all numbers of the row."""
        if not self.unit_missed:
            self.bad("MEAS_UNIT", column, unit=cleaned(self.raw("unit") or "")[:_SHOWN])
        self.unit_missed = True

    def row_unit(self) -> LengthUnit | None:
        """The unit of every length of the row, exactly as UCUM writes it; None where it is missing or another."""
        if self.unit is None and (given := self.raw("unit")) in set(LengthUnit):
            self.unit = LengthUnit(given)
        return self.unit

    def given_sizes(self) -> tuple[str, ...]:
        """The size cells as they stand, for messages; never used as values."""
        unit = cleaned(self.raw("unit") or "")[:_SHOWN]
        return tuple(f"{c} {cleaned(self.cells[c])[:_SHOWN]} {unit}".strip() for c in AXES if c in self.cells)
