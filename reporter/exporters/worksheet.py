"""A worksheet as CSV or as an Excel workbook, the same bytes for the same form.

In the workbook closed vocabularies are drop-down lists, cells in question are coloured and say why in a comment, and
questions about facts stand on a sheet of their own.  No cell of either can be taken for a formula.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from reporter.case.form import guarded
from reporter.draft.worksheet import Form
from reporter.errors import SetupError
from reporter.exporters.zipped import deflate, package

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

Choices = Mapping[str, Sequence[str]]
"""Column -> the only words it takes."""

_NUMBER: Final = re.compile(r"-?\d{1,12}(\.(\d{1,12}))?", re.ASCII)
_DIGITS: Final = 15
"""Significant digits that a spreadsheet keeps; a number with more is written as text."""
_ASKED: Final = "FFF2CC"
_HEADER: Final = "D9E2F3"
_WIDEST: Final = 60
_EXTRA_ROWS: Final = 200
"""Rows below the last one that have drop-down lists too."""
_NO_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_NO_TIME: Final = rb"\g<1>1980-01-01T00:00:00Z"
_FONT: Final = re.compile(rb"<font>(.*?)</font>")
_PROPERTY: Final = re.compile(rb"(<([a-zA-Z]+)[^>]*/>)")
_FONT_ORDER: Final = (
    *("b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign"),
    *("sz", "color", "name", "family", "charset", "scheme"),
)
_MOMENT: Final = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")


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
    return flat if number and _NUMBER.fullmatch(flat) else guarded(flat)


def worksheet_xlsx(form: Form, choices: Choices, numeric: Sequence[str]) -> bytes:
    """The form as an Excel workbook.

    Raises:
        SetupError: openpyxl is not installed.

    """
    try:
        from openpyxl import Workbook
    except ImportError:
        hint = "install it with the extra xlsx: pip install 'reporter[xlsx]', or write a .csv file"
        raise SetupError("Excel workbooks need the package openpyxl", hint=hint, code="XLSX_LIBRARY") from None
    book = Workbook()
    sheet = book.active
    if sheet is None:  # pragma: no cover - a new workbook has a sheet
        raise AssertionError
    sheet.title = form.words["measurements"]
    _fill(sheet, form, frozenset(numeric))
    _offer(sheet, form, choices)
    _fill_facts(book.create_sheet(form.words["facts"]), form)
    return _settled(book)


# -- sheets -----------------------------------------------------------------------------------------------------------


def _fill(sheet: Worksheet, form: Form, numeric: frozenset[str]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    _head(sheet, form.columns)
    for place, row in enumerate(form.rows, 2):
        for index, column in enumerate(form.columns, 1):
            cell = sheet.cell(place, index)
            _write(cell, row.cells.get(column, ""), number=column in numeric)
            if column in row.asked:
                cell.fill = PatternFill("solid", fgColor=_ASKED)
                cell.comment = Comment(_plain(row.asked[column]), "reporter", height=140, width=320)


def _head(sheet: Worksheet, columns: Sequence[str]) -> None:
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    for index, column in enumerate(columns, 1):
        cell = sheet.cell(1, index)
        _write(cell, column, number=False)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor=_HEADER)
        sheet.column_dimensions[get_column_letter(index)].width = _WIDEST if column == "note" else len(column) + 5
    sheet.freeze_panes = "A2"


def _write(cell: Cell, text: str, *, number: bool) -> None:
    """A number as a number where it is exactly one, with the decimals it was given; anything else as text."""
    if not text:
        cell.number_format = "General" if number else "@"
        return
    match = _NUMBER.fullmatch(text) if number else None
    if match is not None and len(Decimal(text).as_tuple().digits) <= _DIGITS:
        cell.value = float(text)
        cell.number_format = "0" if match.group(2) is None else f"0.{'0' * len(match.group(2))}"
        return
    cell.value = _plain(text)
    cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = guarded(text) != text


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

    _head(sheet, [form.words[name] for name in ("key", "side", "question")])
    for place, fact in enumerate(form.facts, 2):
        for index, text in enumerate((fact.key, fact.side, fact.text), 1):
            _write(sheet.cell(place, index), text, number=False)
        sheet.cell(place, 3).alignment = Alignment(wrap_text=True, vertical="top")
    _write(sheet.cell(len(form.facts) + 3, 1), form.words["facts_intro"], number=False)
    for letter, width in (("A", 36), ("B", 12), ("C", 100)):
        sheet.column_dimensions[letter].width = width


def _plain(text: str) -> str:
    """Without characters that XML forbids."""
    return _NO_CONTROL.sub("\ufffd", text)


# -- bytes ------------------------------------------------------------------------------------------------------------


def _settled(book: Workbook) -> bytes:
    """The workbook as bytes that tell no time: of making it, or of packing its parts."""
    packed = io.BytesIO()
    book.properties.creator = "reporter"
    book.save(packed)
    with zipfile.ZipFile(packed) as parts:
        contents = [(entry.filename, parts.read(entry)) for entry in parts.infolist()]
    return package(deflate(name, _FONT.sub(_in_order, _MOMENT.sub(_NO_TIME, data))) for name, data in contents)


def _in_order(font: re.Match[bytes]) -> bytes:
    """A font with its properties in the order of the schema (ECMA-376 part 1, 18.8.22); openpyxl has its own."""
    parts = sorted(_PROPERTY.findall(font.group(1)), key=lambda part: _FONT_ORDER.index(part[1].decode()))
    return b"<font>" + b"".join(part[0] for part in parts) + b"</font>"
