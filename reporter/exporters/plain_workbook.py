"""Excel workbooks that are nothing but long tables, written row by row.

A hundred thousand rows take a second or two and no memory, where a general library takes a minute; there is one
style for text, one for headers and one for each number of decimals (ECMA-376 part 1, 18.3 and 18.8).  The same rows
give the same bytes.
"""

from __future__ import annotations

import zipfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import IO, Final
from xml.sax.saxutils import escape, quoteattr

from reporter.case.form import guarded
from reporter.exporters.workbook import DIGITS, HEADER, NUMBER, plain
from reporter.exporters.zipped import FAST

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPES: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_DECIMALS: Final = 12
_FIRST_FORMAT: Final = 164
"""Ids of number formats below are Excel's own."""
_HEADER_STYLE, _TEXT, _QUOTED, _WHOLE = 1, 2, 3, 4
"""Places in the list of styles; a number with n decimals has the style `_WHOLE + n`."""
_AT_ONCE: Final = 200
_REMEMBERED: Final = 4096
"""Texts; most cells of a table say what others say."""
_SHEET_NAME: Final = 31
"""Characters that Excel takes."""
_LETTERS: Final = 26


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetOfRows:
    """A sheet that is nothing but rows under a header."""

    title: str
    columns: Sequence[str]
    numeric: Collection[str]
    """Columns whose cells are numbers where they are exactly one."""
    rows: Iterable[Sequence[str]]
    """The cells of each, in the order of the columns; read once, one after the other."""


def rows_xlsx(sheets: Iterable[SheetOfRows], file: IO[bytes]) -> None:
    """Write sheets of rows as an Excel workbook into an empty file."""
    titles: list[str] = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=FAST) as parts:
        for number, sheet in enumerate(sheets, 1):
            titles.append(sheet.title[:_SHEET_NAME])
            _put(parts, f"xl/worksheets/sheet{number}.xml", _sheet(sheet))
        for name, text in _frame(titles):
            _put(parts, name, (text,))


def _put(parts: zipfile.ZipFile, name: str, pieces: Iterable[str]) -> None:
    with parts.open(name, "w") as part:  # its date is the first that a ZIP can hold
        for piece in pieces:
            part.write(piece.encode())


def _sheet(sheet: SheetOfRows) -> Iterator[str]:
    yield f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    yield '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>'
    for place, column in enumerate(sheet.columns, 1):
        yield f'<col min="{place}" max="{place}" width="{len(column) + 5}" customWidth="1"/>'
    yield "</cols><sheetData>"
    letters = [_letter(place) for place in range(len(sheet.columns))]
    named = zip(letters, sheet.columns, strict=True)
    header = (f'<c r="{letter}1" {_text(column, _HEADER_STYLE)}' for letter, column in named)
    yield f'<row r="1">{"".join(header)}</row>'
    columns = [(letter, column in sheet.numeric) for letter, column in zip(letters, sheet.columns, strict=True)]
    rows = enumerate(sheet.rows, 2)
    while some := list(islice(rows, _AT_ONCE)):
        yield "".join(_row(number, row, columns) for number, row in some)
    yield "</sheetData></worksheet>"


def _letter(place: int) -> str:
    """`A`, `Z`, `AA`."""
    before, last = divmod(place, _LETTERS)
    return (_letter(before - 1) if before else "") + chr(ord("A") + last)


def _row(number: int, row: Sequence[str], columns: Sequence[tuple[str, bool]]) -> str:
    filled = [
        f'<c r="{letter}{number}" {_content(text, numeric)}'
        for text, (letter, numeric) in zip(row, columns, strict=True)
        if text
    ]
    return f'<row r="{number}">{"".join(filled)}</row>'


@lru_cache(_REMEMBERED)
def _content(text: str, numeric: bool) -> str:
    """A cell behind its place."""
    if numeric and (match := NUMBER.fullmatch(text)) and sum(map(str.isdigit, text)) <= DIGITS:
        decimals = min(len(match.group(2) or ""), _DECIMALS)
        return f's="{_WHOLE + decimals}"><v>{text}</v></c>'
    return _text(text, _TEXT if guarded(text) == text else _QUOTED)


def _text(text: str, style: int) -> str:
    return f's="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(plain(text))}</t></is></c>'


def _frame(titles: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The parts around the sheets."""
    numbers = range(1, len(titles) + 1)
    yield "[Content_Types].xml", _content_types(numbers)
    target = f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    yield "_rels/.rels", f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{target}</Relationships>'
    listed = (
        f'<sheet name={quoteattr(title)} sheetId="{number}" r:id="rId{number}"/>'
        for number, title in enumerate(titles, 1)
    )
    head = f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
    yield "xl/workbook.xml", f"{head}<sheets>{''.join(listed)}</sheets></workbook>"
    parts = [(number, "worksheet", f"worksheets/sheet{number}.xml") for number in numbers]
    related = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{name}"/>'
        for number, kind, name in (*parts, (len(titles) + 1, "styles", "styles.xml"))
    )
    yield (
        "xl/_rels/workbook.xml.rels",
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{related}</Relationships>',
    )
    yield "xl/styles.xml", _styles()


def _content_types(numbers: Iterable[int]) -> str:
    sheets = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_TYPES}.worksheet+xml"/>'
        for number in numbers
    )
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>{sheets}</Types>'
    )


def _styles() -> str:
    formats = "".join(
        f'<numFmt numFmtId="{_FIRST_FORMAT + n}" formatCode="0.{"0" * n}"/>' for n in range(1, _DECIMALS + 1)
    )
    xf = '<xf numFmtId="{}" fontId="{}" fillId="{}" borderId="0" xfId="0"{}/>'
    numbers = [1, *(_FIRST_FORMAT + n for n in range(1, _DECIMALS + 1))]
    styles = [
        xf.format(0, 0, 0, ""),
        xf.format(49, 1, 2, ' applyNumberFormat="1" applyFont="1" applyFill="1"'),
        xf.format(49, 0, 0, ' applyNumberFormat="1"'),
        xf.format(49, 0, 0, ' quotePrefix="1" applyNumberFormat="1"'),
        *(xf.format(number, 0, 0, ' applyNumberFormat="1"') for number in numbers),
    ]
    font = '<font>{}<sz val="11"/><name val="Calibri"/></font>'
    solid = f'<fill><patternFill patternType="solid"><fgColor rgb="FF{HEADER}"/></patternFill></fill>'
    return (
        f'{_HEAD}<styleSheet xmlns="{_MAIN}"><numFmts count="{_DECIMALS}">{formats}</numFmts>'
        f'<fonts count="2">{font.format("")}{font.format("<b/>")}</fonts>'
        '<fills count="3"><fill><patternFill patternType="none"/></fill>'
        f'<fill><patternFill patternType="gray125"/></fill>{solid}</fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{len(styles)}">{"".join(styles)}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )
