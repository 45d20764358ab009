"""The blocks of a draft as the body of a Word document."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import count, pairwise
from typing import Final, assert_never
from xml.sax.saxutils import escape

from reporter.draft.drawing import Clock, Trend
from reporter.draft.inert import clean
from reporter.draft.interface import (
    Align,
    Block,
    Column,
    Figure,
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
from reporter.exporters.column_widths import column_widths, grow, least_widths, line_widths
from reporter.exporters.house import House
from reporter.exporters.typography import crowded, typeset
from reporter.exporters.word_chart import height
from reporter.exporters.word_figure import NAMESPACES, Lettering, chart_content, clock_frame, frame
from reporter.exporters.word_parts import relation

SHORT_TABLE: Final = 12
"""Up to how many rows a table stays on one page."""
_CELL_MARGIN: Final = 85  # on either side, twentieths of a point

_OPEN: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"{more}><w:body>'
)
_CLOSE: Final = "</w:body></w:document>"
_NOT_AS_IT_IS: Final = re.compile(r"[&<>-]|\d |[^ -~]")
"""What a page may print in other letters; a text without it stands as it is."""
_DAY: Final = re.compile(r"(?<![\w-])(\d{4})-(\d\d)-(\d\d)(?![\w-])", re.ASCII)
_UNBROKEN_DAY: Final = r"\1{0}\2{0}\3".format('</w:t><w:noBreakHyphen/><w:t xml:space="preserve">')
"""Word ends lines at a hyphen, as no other format does inside a number."""
_BREAK: Final = "<w:r><w:br/></w:r>"
_BULLET: Final = '<w:r><w:t xml:space="preserve">\u2022</w:t></w:r><w:r><w:tab/></w:r>'
_KEEP: Final = "<w:keepNext/>"
_RIGHT: Final = '<w:jc w:val="right"/>'
_FRAMED: Final = (Table, Notice, Figure)
"""Blocks below which there is a gap, unless a heading makes one."""
_RUN_STYLES: Final = {
    (False, False): "",
    (True, False): "<w:rPr><w:b/></w:rPr>",
    (False, True): "<w:rPr><w:i/></w:rPr>",
    (True, True): "<w:rPr><w:b/><w:i/></w:rPr>",
}


def document(blocks: Sequence[Block], house: House) -> bytes:
    """The main part of the document: its blocks, then the page settings of the house."""
    more = NAMESPACES if any(isinstance(block, Figure) for block in blocks) else ""
    return "".join([_OPEN.format(more=more), *_Body(house).xml(blocks), house.page_end, _CLOSE]).encode()


class _Body:
    """Lays out the blocks of one report; counts the numbered lists it has begun."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._lists = iter(house.numbers)
        self._figures = count()
        self._charts = count()

    def xml(self, blocks: Sequence[Block]) -> list[str]:
        xml: list[str] = []
        for block, following in pairwise([*blocks, None]):
            if block is not None:
                xml += self._block(block)
            if isinstance(block, _FRAMED) and not isinstance(following, Heading):
                xml.append(self._paragraph("Table Gap", ""))
        return xml

    def _block(self, block: Block) -> Iterable[str]:
        match block:
            case Paragraph():
                return (self._paragraph("Normal", _runs(block.content)),)
            case Heading():
                return (self._paragraph(f"Heading {block.level}", _runs(block.content)),)
            case List():
                return self._list(block)
            case Table():
                return self._table(block)
            case Notice():
                return self._notice(block)
            case Figure():
                return self._figure(block)
            case _:
                assert_never(block)

    def _paragraph(self, style: str, runs: str, extra: str = "", before: str = "") -> str:
        """A paragraph; `before` and `extra` are properties that stand before and after those of numbering."""
        style_id = self._house.style_ids[style]
        return f'<w:p><w:pPr><w:pStyle w:val="{style_id}"/>{before}{extra}</w:pPr>{runs}</w:p>'

    def _list(self, block: List) -> list[str]:
        if not block.ordered:
            return [self._paragraph("List Bullet", _runs(item)) for item in block.items]
        number = next(self._lists, None)
        if number is None:
            message = f"a report holds at most {len(self._house.numbers)} numbered lists"
            hint = "use bullets for some of them"
            raise SetupError(message, file=self._house.file, hint=hint, code="TPL_LIMIT")
        extra = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'
        return [self._paragraph("List Number", _runs(item), extra) for item in block.items]

    def _notice(self, notice: Notice) -> Iterator[str]:
        style = "Draft Notice" if notice.kind is NoticeKind.DRAFT else "Note"
        lines = [_runs(notice.content), *(_BULLET + _runs(item) for item in notice.items)]
        for number, line in enumerate(lines, start=1):
            yield self._paragraph(style, line, before=_KEEP if number < len(lines) else "")

    def _figure(self, figure: Figure) -> Iterator[str]:
        if figure.caption:
            yield self._paragraph("Table Intro", _runs(figure.caption), before=_KEEP)
        notes = [note for note in (figure.key, *figure.remarks) if note]
        yield self._paragraph("Normal", self._drawing(figure), before=_KEEP if notes else "")
        for number, note in enumerate(notes, start=1):
            yield self._paragraph("Table Text", _runs(note), before=_KEEP if number < len(notes) else "")

    def _drawing(self, figure: Figure) -> str:
        number = next(self._figures)
        match figure.drawing:
            case Trend():
                content = chart_content(relation(next(self._charts)))
                return frame(number, figure.alt, height(figure.drawing), content)
            case Clock():
                lettering = Lettering(style=self._house.style_ids["Table Text"])
                return clock_frame(number, figure.alt, figure.drawing, lettering)
            case _:
                assert_never(figure.drawing)

    def _table(self, table: Table) -> Iterator[str]:
        if table.intro:
            yield self._paragraph("Table Intro", _runs(table.intro), before=_KEEP)
        widths, sizes = self._widths(table)
        keep = len(table.rows) <= SHORT_TABLE
        yield self._table_open(table, widths)
        cells = _cells(table.columns, widths)
        heads = [(Text(clean(column.header)),) if column.header else () for column in table.columns]
        yield _row(heads, self._begun(cells, "Table Header", _KEEP), sizes, header=True)
        kept = self._begun(cells, "Table Text", _KEEP if keep else "")
        for row in table.rows[:-1]:
            yield _row(row, kept, sizes)
        last = self._begun(cells, "Table Text", "")
        for row in table.rows[-1:]:
            yield _row([_strong(cell) for cell in row] if table.total else row, last, sizes)
        yield "</w:tbl>"

    def _begun(self, cells: Sequence[tuple[str, str]], style: str, before: str) -> list[str]:
        """What stands before the words of each cell of a row."""
        paragraph = f'<w:p><w:pPr><w:pStyle w:val="{self._house.style_ids[style]}"/>{before}'
        return [f"{cell}{paragraph}{align}" for cell, align in cells]

    def _table_open(self, table: Table, widths: Sequence[int]) -> str:
        columns = "".join([f'<w:gridCol w:w="{width}"/>' for width in widths])
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

    def _widths(self, table: Table) -> tuple[list[int], bool]:
        """The widths of the columns, and whether the sizes in them are kept on one line."""
        columns = _typeset_columns(table, sizes=True)
        room, points = self._house.text_width, self._house.table_points
        if not crowded(sum(lines := line_widths(columns, points, 2 * _CELL_MARGIN)), room):
            return grow(lines, room), True
        sizes = not crowded(sum(least_widths(columns, points, 2 * _CELL_MARGIN)), room)
        if not sizes:
            columns = _typeset_columns(table, sizes=False)
        return column_widths(columns, points, room, 2 * _CELL_MARGIN), sizes


def _cells(columns: Sequence[Column], widths: Sequence[int]) -> list[tuple[str, str]]:
    """How the cells of each column begin: what stands before and after the style of their words."""
    return [
        (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>',
            f"{_RIGHT}</w:pPr>" if column.align is Align.RIGHT else "</w:pPr>",
        )
        for column, width in zip(columns, widths, strict=True)
    ]


def _row(cells: Sequence[Inlines], begun: Sequence[str], sizes: bool, *, header: bool = False) -> str:
    xml = [f"{before}{_runs(cell, sizes)}</w:p></w:tc>" for cell, before in zip(cells, begun, strict=True)]
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if header else ''}</w:trPr>{''.join(xml)}</w:tr>"


def _typeset_columns(table: Table, *, sizes: bool) -> list[tuple[str, ...]]:
    cells = [[typeset(clean(column.header), sizes) for column in table.columns]]
    cells += [[typeset(clean(words(cell)), sizes) for cell in row] for row in table.rows]
    return list(zip(*cells, strict=True))


def _strong(cell: Inlines) -> Inlines:
    return tuple(
        Text(part.text, strong=True, emphasis=part.emphasis) if isinstance(part, Text) else part for part in cell
    )


def _runs(content: Inlines, sizes: bool = True) -> str:
    if len(content) == 1:  # as most are
        return _run(content[0], sizes)
    return "".join([_run(part, sizes) for part in content])


def _run(part: Inline, sizes: bool) -> str:
    return _styled(part.text, part.strong, part.emphasis, sizes) if isinstance(part, Text) else _BREAK


@lru_cache(maxsize=4096)  # most of what a draft says, the next one says too
def _styled(text: str, strong: bool, emphasis: bool, sizes: bool) -> str:
    if _NOT_AS_IT_IS.search(text):
        text = typeset(clean(text), sizes)
        if "&" in text or "<" in text or ">" in text:
            text = escape(text)
        if text.count("-") > 1:
            text = _DAY.sub(_UNBROKEN_DAY, text)
    return f'<w:r>{_RUN_STYLES[strong, emphasis]}<w:t xml:space="preserve">{text}</w:t></w:r>'


def _attribute(text: str) -> str:
    return escape(clean(text).replace("\n", " ")).replace('"', "&quot;")
