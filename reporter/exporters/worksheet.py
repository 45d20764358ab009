"""A worksheet as CSV or as an Excel workbook, the same bytes for the same form.

In the workbook closed vocabularies are drop-down lists, cells in question are coloured and say why in a comment, and
questions about facts stand on a sheet of their own.  No cell of either can be taken for a formula.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from reporter.case.form import guarded
from reporter.draft.worksheet import Form
from reporter.exporters.workbook import NUMBER, new_workbook, plain, settled, write_cell, write_header

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

Choices = Mapping[str, Sequence[str]]
"""Column -> the only words it takes."""

_ASKED: Final = "FFF2CC"
_EXTRA_ROWS: Final = 200
"""Rows below the last one that have drop-down lists too."""


def worksheet_csv(form: Form, numeric: Sequence[str]) -> bytes:
    """The form as UTF-8 with a byte order mark, by which spreadsheets know it; one row is one line."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(form.columns)
    for row in form.rows:
        writer.writerow([_csv_cell(row.cells.get(c, ""), number=c in numeric) for c in form.columns])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _csv_cell(text: str, *, number: bool) -> str:
    flat = " ".join(text.split("\n")).replace("\r", " ")
    return flat if number and NUMBER.fullmatch(flat) else guarded(flat)


def worksheet_xlsx(form: Form, choices: Choices, numeric: Sequence[str]) -> bytes:
    """The form as an Excel workbook.

    Raises:
        SetupError: openpyxl is not installed.

    """
    book = new_workbook()
    sheet = book.active
    if sheet is None:  # pragma: no cover - a new workbook has a sheet
        raise AssertionError
    sheet.title = form.words["measurements"]
    _fill(sheet, form, frozenset(numeric))
    _offer(sheet, form, choices)
    _fill_facts(book.create_sheet(form.words["facts"]), form)
    return settled(book)


# -- sheets -----------------------------------------------------------------------------------------------------------


def _fill(sheet: Worksheet, form: Form, numeric: frozenset[str]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    write_header(sheet, form.columns)
    for place, row in enumerate(form.rows, 2):
        for index, column in enumerate(form.columns, 1):
            cell = sheet.cell(place, index)
            write_cell(cell, row.cells.get(column, ""), number=column in numeric)
            if column in row.asked:
                cell.fill = PatternFill("solid", fgColor=_ASKED)
                cell.comment = Comment(plain(row.asked[column]), "reporter", height=140, width=320)


def _offer(sheet: Worksheet, form: Form, choices: Choices) -> None:
    """Drop-down lists of closed vocabularies; another word is refused as it is typed."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    for index, column in enumerate(form.columns, 1):
        if column in choices:
            listed = ",".join(choices[column])
            offered = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True, showErrorMessage=True)
            letter = get_column_letter(index)
            offered.add(f"{letter}2:{letter}{len(form.rows) + 1 + _EXTRA_ROWS}")
            sheet.add_data_validation(offered)


def _fill_facts(sheet: Worksheet, form: Form) -> None:
    from openpyxl.styles import Alignment

    write_header(sheet, [form.words[name] for name in ("key", "side", "question")])
    for place, fact in enumerate(form.facts, 2):
        for index, text in enumerate((fact.key, fact.side, fact.text), 1):
            write_cell(sheet.cell(place, index), text, number=False)
        sheet.cell(place, 3).alignment = Alignment(wrap_text=True, vertical="top")
    write_cell(sheet.cell(len(form.facts) + 3, 1), form.words["facts_intro"], number=False)
    for letter, width in (("A", 36), ("B", 12), ("C", 100)):
        sheet.column_dimensions[letter].width = width
