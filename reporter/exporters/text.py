"""A draft as plain text: lines that paste well into a RIS, in the order and the words of every other format.

Titles and section headings are in capitals; a short section stands beside its heading. Numbered and bulleted items
hang; tables are aligned with blanks. Lines end with LF, the text is UTF-8.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import repeat, zip_longest
from typing import ClassVar, Final, assert_never

from reporter.draft.inert import clean
from reporter.draft.interface import (
    Align,
    Block,
    Draft,
    Figure,
    Heading,
    Inlines,
    List,
    Notice,
    NoticeKind,
    Paragraph,
    Report,
    Table,
    words,
)
from reporter.exporters.interface import Exporter, Look, Prepared
from reporter.exporters.typography import crowded
from reporter.exporters.wrapping import longest_line, longest_word, width, wrap

WIDTH: Final = 92
"""Columns of a line. A word that is longer, or a table of very many columns, goes beyond."""
LABEL: Final = 12
"""Columns of a heading that stands beside its section."""
GAP: Final = 3
"""Columns between the columns of a table."""
INDENT: Final = 2
"""Columns before a table."""
_INDENT: Final = " " * INDENT
_GAP: Final = " " * GAP
_REMEMBERED: Final = 2048
"""Sentences whose lines are remembered: most of what a draft says, the next one says too."""


class TextExporter(Exporter):
    """Plain text."""

    name: ClassVar[str] = "txt"
    suffix: ClassVar[str] = ".txt"

    def prepare(self, look: Look) -> Prepared:  # ruff: ignore[unused-method-argument]
        """Plain text has one look."""
        return PlainText()


class PlainText(Prepared):
    """Lays out drafts as plain text."""

    def export(self, report: Report, draft: Draft) -> bytes:  # ruff: ignore[unused-method-argument]
        """The draft as UTF-8 text with LF line ends."""
        return ("\n".join(lines(draft.blocks)) + "\n").encode()


def lines(blocks: Sequence[Block]) -> Iterator[str]:
    """The lines of the blocks."""
    beside = False  # whether the section above stands beside its heading
    for number, (heading, body) in enumerate(_sections(blocks)):
        was_beside, beside = beside, _stands_beside(heading, body)
        separate = number > 0 and heading is not None and heading.level != 1
        if separate and not (beside and was_beside):
            yield ""
        if heading is None:
            yield from _body(body)
        elif beside:
            yield from _section_beside(heading, body)
        else:
            yield from _heading(heading)
            yield from _body(body)


def _sections(blocks: Sequence[Block]) -> Iterator[tuple[Heading | None, list[Block]]]:
    """Each title or section heading with the blocks below it."""
    heading: Heading | None = None
    body: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading) and block.level <= 2:  # ruff: ignore[magic-value-comparison]
            if heading or body:
                yield heading, body
            heading, body = block, []
        else:
            body.append(block)
    if heading or body:
        yield heading, body


def _stands_beside(heading: Heading | None, body: Sequence[Block]) -> bool:
    return (
        heading is not None
        and heading.level != 1
        and bool(body)
        and all(isinstance(block, Paragraph) for block in body)
        and "\n" not in words(heading.content)
        and width(_capitals(heading)) < LABEL
    )


def _capitals(heading: Heading) -> str:
    return _upper(words(heading.content))


@lru_cache(_REMEMBERED)
def _upper(text: str) -> str:
    return clean(text).upper()


def _section_beside(heading: Heading, body: Sequence[Block]) -> Iterator[str]:
    label = _capitals(heading)
    for block in body:
        if isinstance(block, Paragraph):
            yield from _hanging(block.content, label, LABEL)
            label = ""


def _body(body: Sequence[Block]) -> Iterator[str]:
    for number, block in enumerate(body):
        if number and isinstance(block, Heading):
            yield ""
        yield from _block(block)


def _block(block: Block) -> Iterable[str]:
    match block:
        case Paragraph():
            return _hanging(block.content, "", 0)
        case Heading():
            return _heading(block)
        case List():
            return _list(block)
        case Table():
            return _table(block)
        case Notice():
            return _notice(block)
        case Figure():
            return _figure(block)
        case _:
            assert_never(block)


def _heading(heading: Heading) -> Sequence[str]:
    text = _capitals(heading) if heading.level <= 2 else clean(words(heading.content))  # ruff: ignore[magic-value-comparison]
    return wrap(text, WIDTH)


def _hanging(content: Inlines, label: str, indent: int, room: int = WIDTH) -> Sequence[str]:
    """Text beside `label`, every line after the first below its beginning."""
    return _hung(words(content), label, indent, room)


@lru_cache(_REMEMBERED)
def _hung(text: str, label: str, indent: int, room: int) -> tuple[str, ...]:
    first, *others = wrap(clean(text), room - indent)
    beside = (label + " " * (indent - width(label)) + first).rstrip()
    return beside, *[(" " * indent + line).rstrip() for line in others]


def _list(block: List, room: int = WIDTH) -> Iterator[str]:
    for number, item in enumerate(block.items, start=1):
        label = f"{number}. " if block.ordered else "- "
        yield from _hanging(item, label, len(label), room)


def _notice(notice: Notice) -> Iterator[str]:
    bar = "" if notice.kind is NoticeKind.DRAFT else "| "
    room = WIDTH - len(bar)
    inside = [*_hanging(notice.content, "", 0, room), *_list(List(ordered=False, items=notice.items), room)]
    for line in inside:
        yield (bar + (line.upper() if notice.kind is NoticeKind.DRAFT else line)).rstrip()


def _figure(figure: Figure) -> Iterator[str]:
    """What a figure shows, in words; nothing where the report says it beside the figure."""
    if not figure.told:
        return
    if figure.caption:
        yield from _hanging(figure.caption, "", 0)
    for told in figure.told:
        yield from _block(told)
    for remark in figure.remarks:
        yield from _hanging(remark, "", 0)


def _table(table: Table) -> Iterator[str]:
    if table.intro:
        yield from _hanging(table.intro, "", 0)
    cells = [[clean(column.header) for column in table.columns]]
    cells += [[clean(words(cell)) for cell in row] for row in table.rows]
    sizes, widths = _layout(cells)
    aligns = [column.align for column in table.columns]
    for row in cells:
        wrapped = [wrap(cell, room, sizes) for cell, room in zip(row, widths, strict=True)]
        for line in zip_longest(*wrapped, fillvalue=""):
            yield (_INDENT + _GAP.join(map(_pad, line, widths, aligns))).rstrip()


def _pad(text: str, room: int, align: Align) -> str:
    blanks = " " * (room - width(text))
    return blanks + text if align is Align.RIGHT else text + blanks


def _wide(widths: Sequence[int]) -> int:
    """How many columns a table of these columns takes."""
    return INDENT + sum(widths) + GAP * (len(widths) - 1)


def _least(cells: Sequence[Sequence[str]], *, sizes: bool) -> list[int]:
    """The longest word of each column."""
    return [max(map(longest_word, column, repeat(sizes))) for column in zip(*cells, strict=True)]


def _layout(cells: Sequence[Sequence[str]]) -> tuple[bool, list[int]]:
    """Whether sizes are kept on one line, and columns as wide as their longest line.

    Where that is too much, the widest give way, down to their longest word.
    """
    wanted = [max(map(longest_line, column)) for column in zip(*cells, strict=True)]
    if not crowded(_wide(wanted), WIDTH):
        return True, wanted
    least = _least(cells, sizes=True)
    sizes = not crowded(_wide(least), WIDTH)
    return sizes, _narrowed(wanted, least if sizes else _least(cells, sizes=False))


def _narrowed(wanted: list[int], least: Sequence[int]) -> list[int]:
    """Widths that fit: the widest column gives way until the next one is as wide, the first of equals first."""
    excess = _wide(wanted) - WIDTH
    while excess > 0 and (giving := [c for c in range(len(wanted)) if wanted[c] > least[c]]):
        widest = max(giving, key=wanted.__getitem__)
        stop = max([least[widest], *(wanted[c] for c in giving if c != widest)])
        less = max(1, min(excess, wanted[widest] - stop))
        wanted[widest] -= less
        excess -= less
    return wanted
