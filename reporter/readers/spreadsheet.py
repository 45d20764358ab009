"""A measurement table in an Excel workbook, as a worksheet comes back: its first sheet, cell by cell as text.

A number is taken exactly as the workbook holds it, with the decimals that its format shows; in cells of text numbers
have a decimal point, for a spreadsheet makes numbers of what its user types with a comma.  A date where a number was
meant stays a date and is refused as a number later.  A formula is refused: what it would give is nobody's measurement.
openpyxl reads the workbook; nothing of what it raises is passed on.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from reporter.case.source import Source, SourceKind
from reporter.readers.interface import Limits, Refusal, refusal
from reporter.readers.sheet import Sheet, sheet_of

_SIGNATURE: Final = b"PK\x03\x04"
_PARTS: Final = 1000
"""Parts of a workbook; a table has a dozen."""
_COLUMNS: Final = 256
"""Cells of a row; the measurement table has fewer than fifty columns."""
_DECIMALS: Final = re.compile(r"0(?:\.(0+))?", re.ASCII)
"""Formats that show a plain number, with the decimals they show."""


def is_workbook(data: bytes) -> bool:
    """Whether bytes are an Excel workbook (a ZIP package), not a table of text."""
    return data.startswith(_SIGNATURE)


def read_workbook(data: bytes, file: str, columns: Mapping[str, str], limits: Limits) -> Sheet:
    """The first sheet of a workbook, whose first row is the header.

    Raises:
        Refusal: openpyxl is not installed (XLSX_LIBRARY), the workbook is damaged (XLSX_BROKEN) or too large
            (LIM_FILE), a cell holds a formula (XLSX_FORMULA), or header and rows are not as they must be.

    """
    source = Source(SourceKind.TABLE, file, "row 1")
    _check_parts(data, source, limits)
    return sheet_of(iter(_rows(data, source)), source, columns, limits, comma_possible=False)


def _check_parts(data: bytes, source: Source, limits: Limits) -> None:
    """Refuse what would be too large when unpacked, before anything is."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, OSError, ValueError):
        raise refusal("XLSX_BROKEN", source) from None
    if len(parts) > _PARTS or sum(part.file_size for part in parts) > limits.text_bytes:
        raise refusal("LIM_FILE", source, limit=limits.text_bytes)


def _rows(data: bytes, source: Source) -> list[tuple[int, list[str]]]:
    """The numbered rows of the first sheet, all at once: nothing that openpyxl raises or warns of gets out."""
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise refusal("XLSX_LIBRARY", source) from None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # parts that openpyxl leaves aside, such as a company's own styles
        try:
            book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
            return list(_texts(book.worksheets[0], source))
        except Refusal:
            raise
        except Exception:  # ruff: ignore[blind-except] - a library that raises whatever a broken workbook makes it raise
            raise refusal("XLSX_BROKEN", source) from None


def _texts(sheet: Any, source: Source) -> Iterator[tuple[int, list[str]]]:  # ruff: ignore[any-type] - openpyxl has no types
    """Rows as texts, each as wide as the header, or as wide as what stands in it."""
    sheet.reset_dimensions()  # what the sheet says of its own size may be false
    width = None
    for number, cells in enumerate(sheet.iter_rows(), 1):
        if len(cells) > _COLUMNS:
            place = Source(source.kind, source.file, f"row {number}")
            raise refusal("CSV_CELLS", place, cells=len(cells), columns=width or _COLUMNS)
        texts = _trimmed([_text(cell, source) for cell in cells])
        width = len(texts) if width is None else width
        yield number, texts + [""] * (width - len(texts))


def _trimmed(texts: list[str]) -> list[str]:
    """A row without the empty cells at its end, which a workbook has or has not."""
    used = max((place for place, text in enumerate(texts, 1) if text.strip()), default=0)
    return texts[:used]


def _text(cell: Any, source: Source) -> str:  # ruff: ignore[any-type] - openpyxl has no types
    value = cell.value
    if cell.data_type == "f":
        place = Source(source.kind, source.file, f"cell {cell.coordinate}")
        raise refusal("XLSX_FORMULA", place)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return _number(value, str(cell.number_format))
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, (dt.date, dt.time)) else str(value)


def _number(value: float, form: str) -> str:
    """The digits of a number: exactly its value, and as many decimals as its format shows."""
    exact = Decimal(repr(value))
    if not exact.is_finite():
        return repr(value)
    whole = exact == exact.to_integral_value()
    shown = _DECIMALS.fullmatch(form)
    decimals = len(shown.group(1) or "") if shown else 0
    own = 0 if whole else -int(exact.normalize().as_tuple().exponent)
    return f"{exact:.{max(own, decimals)}f}"
