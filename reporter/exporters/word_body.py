"""The blocks of a draft as the body of a Word document."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, assert_never
from xml.sax.saxutils import escape

from reporter.draft.inert import clean
from reporter.draft.interface import (
    Align,
    Block,
    Column,
    Heading,
    Inline,
    Inlines,
    List,
    Notice,
    NoticeKind,
    Paragraph,
    Table,
    Text,
    words,
)
from reporter.errors import SetupError
from reporter.exporters.column_widths import column_widths, least_widths
from reporter.exporters.house import House
from reporter.exporters.typography import CROWDED, typeset

SHORT_TABLE: Final = 12
"""Up to how many rows a table stays on one page."""
_CELL_MARGIN: Final = 85  # on either side, twentieths of a point

_OPEN: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>'
)
_CLOSE: Final = "</w:body></w:document>"
_BREAK: Final = "<w:r><w:br/></w:r>"
_BULLET: Final = '<w:r><w:t xml:space="preserve">\u2022</w:t></w:r><w:r><w:tab/></w:r>'
_KEEP: Final = "<w:keepNext/>"
_RIGHT: Final = '<w:jc w:val="right"/>'
_RUN_STYLES: Final = {
    (False, False): "",
    (True, False): "<w:rPr><w:b/></w:rPr>",
    (False, True): "<w:rPr><w:i/></w:rPr>",
    (True, True): "<w:rPr><w:b/><w:i/></w:rPr>",
}


def document(blocks: Sequence[Block], house: House) -> bytes:
    """The main part of the document: its blocks, then the page settings of the house."""
    return "".join([_OPEN, *_Body(house).xml(blocks), house.page_end, _CLOSE]).encode()


class _Body:
    """Lays out the blocks of one report; counts the numbered lists it has begun."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._lists = iter(house.numbers)

    def xml(self, blocks: Sequence[Block]) -> Iterator[str]:
        for block, following in pairwise([*blocks, None]):
            if block is not None:
                yield from self._block(block)
            if isinstance(block, Table | Notice) and not isinstance(following, Heading):
                yield self._paragraph("Table Gap", "")

    def _block(self, block: Block) -> Iterator[str]:
        match block:
            case Heading():
                yield self._paragraph(f"Heading {block.level}", _runs(block.content))
            case Paragraph():
                yield self._paragraph("Normal", _runs(block.content))
            case List():
                yield from self._list(block)
            case Table():
                yield from self._table(block)
            case Notice():
                yield from self._notice(block)
            case _:
                assert_never(block)

    def _paragraph(self, style: str, runs: str, extra: str = "", before: str = "") -> str:
        """A paragraph; `before` and `extra` are properties that stand before and after those of numbering."""
        style_id = self._house.style_ids[style]
        return f'<w:p><w:pPr><w:pStyle w:val="{style_id}"/>{before}{extra}</w:pPr>{runs}</w:p>'

    def _list(self, block: List) -> Iterator[str]:
        if not block.ordered:
            yield from (self._paragraph("List Bullet", _runs(item)) for item in block.items)
            return
        number = next(self._lists, None)
        if number is None:
            message = f"a report holds at most {len(self._house.numbers)} numbered lists"
            raise SetupError(message, hint="use bullets for some of them", code="TPL_LIMIT")
        extra = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'
        yield from (self._paragraph("List Number", _runs(item), extra) for item in block.items)

    def _notice(self, notice: Notice) -> Iterator[str]:
        style = "Draft Notice" if notice.kind is NoticeKind.DRAFT else "Note"
        lines = [_runs(notice.content), *(_BULLET + _runs(item) for item in notice.items)]
        for number, line in enumerate(lines, start=1):
            yield self._paragraph(style, line, before=_KEEP if number < len(lines) else "")

    def _table(self, table: Table) -> Iterator[str]:
        if table.intro:
            yield self._paragraph("Table Intro", _runs(table.intro), before=_KEEP)
        widths, sizes = self._widths(table)
        keep = len(table.rows) <= SHORT_TABLE
        yield self._table_open(table, widths)
        heads = [(Text(clean(column.header)),) if column.header else () for column in table.columns]
        yield self._row(heads, table.columns, widths, style="Table Header", before=_KEEP, sizes=sizes, header=True)
        for number, row in enumerate(table.rows, start=1):
            last = number == len(table.rows)
            cells = [_strong(cell) for cell in row] if last and table.total else row
            yield self._row(
                cells, table.columns, widths, style="Table Text", before=_KEEP if keep and not last else "", sizes=sizes
            )
        yield "</w:tbl>"

    def _table_open(self, table: Table, widths: Sequence[int]) -> str:
        columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        caption = words(table.intro) or ", ".join(column.header for column in table.columns if column.header)
        return (
            f'<w:tbl><w:tblPr><w:tblStyle w:val="{self._house.style_ids["Report Table"]}"/>'
            f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
            f'<w:tblCellMar><w:left w:w="{_CELL_MARGIN}" w:type="dxa"/>'
            f'<w:right w:w="{_CELL_MARGIN}" w:type="dxa"/></w:tblCellMar>'
            f'<w:tblLook w:val="{"0460" if table.total else "0420"}" w:firstRow="1" w:lastRow="{int(table.total)}"'
            f' w:firstColumn="0" w:lastColumn="0" w:noHBand="0" w:noVBand="1"/>'
            f'<w:tblCaption w:val="{_attribute(caption)}"/></w:tblPr><w:tblGrid>{columns}</w:tblGrid>'
        )

    def _row(
        self,
        cells: Sequence[Inlines],
        columns: Sequence[Column],
        widths: Sequence[int],
        *,
        style: str,
        before: str,
        sizes: bool,
        header: bool = False,
    ) -> str:
        xml = [
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
            + self._paragraph(style, _runs(cell, sizes=sizes), _RIGHT if column.align is Align.RIGHT else "", before)
            + "</w:tc>"
            for cell, column, width in zip(cells, columns, widths, strict=True)
        ]
        return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if header else ''}</w:trPr>{''.join(xml)}</w:tr>"

    def _widths(self, table: Table) -> tuple[list[int], bool]:
        """The widths of the columns, and whether the sizes in them are kept on one line."""
        columns = _typeset_columns(table, sizes=True)
        room = self._house.text_width
        sizes = sum(least_widths(columns, self._house.table_points, 2 * _CELL_MARGIN)) <= CROWDED * room
        if not sizes:
            columns = _typeset_columns(table, sizes=False)
        return column_widths(columns, self._house.table_points, room, 2 * _CELL_MARGIN), sizes


def _typeset_columns(table: Table, *, sizes: bool) -> list[tuple[str, ...]]:
    cells = [[typeset(clean(column.header), sizes=sizes) for column in table.columns]]
    cells += [[typeset(clean(words(cell)), sizes=sizes) for cell in row] for row in table.rows]
    return list(zip(*cells, strict=True))


def _strong(cell: Inlines) -> Inlines:
    return tuple(
        Text(part.text, strong=True, emphasis=part.emphasis) if isinstance(part, Text) else part for part in cell
    )


def _runs(content: Inlines, *, sizes: bool = True) -> str:
    return "".join([_run(part, sizes=sizes) for part in content])


def _run(part: Inline, *, sizes: bool) -> str:
    if not isinstance(part, Text):
        return _BREAK
    text = escape(typeset(clean(part.text), sizes=sizes))
    return f'<w:r>{_RUN_STYLES[part.strong, part.emphasis]}<w:t xml:space="preserve">{text}</w:t></w:r>'


def _attribute(text: str) -> str:
    return escape(clean(text).replace("\n", " "), {'"': "&quot;"})
