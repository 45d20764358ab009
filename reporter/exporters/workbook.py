"""Cells, header rows and bytes of Excel workbooks: no cell can be taken for a formula, and no byte tells the time."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from reporter.case.form import guarded
from reporter.errors import SetupError
from reporter.exporters.zipped import deflate, package

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

NUMBER: Final = re.compile(r"-?\d{1,12}(\.(\d{1,12}))?", re.ASCII)
DIGITS: Final = 15
"""Significant digits that a spreadsheet keeps; a number with more is written as text."""
HEADER: Final = "D9E2F3"
_WIDEST: Final = 60
_NO_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_NO_TIME: Final = rb"\g<1>1980-01-01T00:00:00Z"
_FONT: Final = re.compile(rb"<font>(.*?)</font>")
_PROPERTY: Final = re.compile(rb"(<([a-zA-Z]+)[^>]*/>)")
_FONT_ORDER: Final = (
    *("b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign"),
    *("sz", "color", "name", "family", "charset", "scheme"),
)
_MOMENT: Final = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")


def new_workbook() -> Workbook:
    """An empty workbook.

    Raises:
        SetupError: openpyxl is not installed.

    """
    try:
        from openpyxl import Workbook
    except ImportError:
        hint = "install it with the extra xlsx: pip install 'reporter[xlsx]', or write a .csv file"
        raise SetupError("Excel workbooks need the package openpyxl", hint=hint, code="XLSX_LIBRARY") from None
    return Workbook()


def write_header(sheet: Worksheet, columns: Sequence[str]) -> None:
    """Write the names of the columns and keep them in sight."""
    from openpyxl.utils import get_column_letter

    for index, column in enumerate(columns, 1):
        _as_header(sheet.cell(1, index), column)
        sheet.column_dimensions[get_column_letter(index)].width = _WIDEST if column == "note" else len(column) + 5
    sheet.freeze_panes = "A2"


def _as_header(cell: Cell, column: str) -> None:
    from openpyxl.styles import Font, PatternFill

    write_cell(cell, column, number=False)
    cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor=HEADER)


def write_cell(cell: Cell, text: str, *, number: bool) -> None:
    """A number as a number where it is exactly one, with the decimals it was given; anything else as text."""
    if not text:
        cell.number_format = "General" if number else "@"
        return
    match = NUMBER.fullmatch(text) if number else None
    if match is not None and len(Decimal(text).as_tuple().digits) <= DIGITS:
        cell.value = float(text)
        cell.number_format = "0" if match.group(2) is None else f"0.{'0' * len(match.group(2))}"
        return
    cell.value = plain(text)
    cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = guarded(text) != text


def plain(text: str) -> str:
    """Without characters that XML forbids."""
    return _NO_CONTROL.sub("\ufffd", text)


def settled(book: Workbook) -> bytes:
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
