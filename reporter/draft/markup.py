"""Markdown to blocks: the part of Markdown that a report needs, and nothing else.

Headings, paragraphs, **strong** and *emphasis*, line breaks (two blanks or a backslash at the end of a line), lists,
tables, and block quotes, which become notes. An image alone in its paragraph, `![caption](trend)`, places a figure.
Links, code and HTML are text like any other.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from reporter.draft.inert import BLOCK_CLOSE, BLOCK_OPEN, clean, restore
from reporter.draft.interface import (
    Align,
    Block,
    Column,
    Figure,
    Heading,
    Inline,
    Inlines,
    LineBreak,
    List,
    Notice,
    NoticeKind,
    Paragraph,
    Table,
    Text,
    words,
)
from reporter.draft.rendering import Rendered
from reporter.errors import SetupError

Draw = Callable[[], Figure | None]
"""Makes a figure without its caption; None where there is nothing to draw."""

NO_FIGURES: Final[Mapping[str, Draw]] = MappingProxyType({})
MAX_HEADING: Final = 3
_TOKEN: Final = re.compile(f"{BLOCK_OPEN}([0-9]{{1,6}}){BLOCK_CLOSE}")


def _parser() -> MarkdownIt:
    parser = MarkdownIt("zero").enable([
        "table",
        "heading",
        "list",
        "blockquote",
        "emphasis",
        "escape",
        "newline",
        "image",
    ])
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # ruff: ignore[unused-lambda-argument] - a name that it is not is told
    return parser


_PARSER: Final = _parser()


def blocks(rendered: Rendered, file: str, figures: Mapping[str, Draw] = NO_FIGURES) -> tuple[Block, ...]:
    """The blocks of a rendered template, with the placed ones and the figures in their places.

    Raises:
        SetupError: Markdown that a report cannot hold (a list in a list, a table inside a sentence); names the line of
            the rendered text.

    """
    return tuple(_Reading(_PARSER.parse(rendered.markdown), rendered.placed, file, figures).blocks())


class _Reading:
    """One pass over the tokens of a parsed report."""

    def __init__(
        self,
        tokens: Sequence[Token],
        placed: Sequence[tuple[Block, ...]],
        file: str,
        figures: Mapping[str, Draw] = NO_FIGURES,
    ) -> None:
        self._tokens = tokens
        self._placed = placed
        self._file = file
        self._figures = figures
        self._at = 0

    def blocks(self) -> Iterator[Block]:
        while self._at < len(self._tokens):
            token = self._next()
            if token.type == "heading_open":
                yield self._heading(token)
            elif token.type == "paragraph_open":
                yield from self._paragraph()
            elif token.type in {"bullet_list_open", "ordered_list_open"}:
                yield self._list(token)
            elif token.type == "table_open":
                yield self._table()
            elif token.type == "blockquote_open":
                yield self._note()
            else:
                raise self._refused(token, f"{token.type} cannot stand in a report")

    def _next(self) -> Token:
        token = self._tokens[self._at]
        self._at += 1
        return token

    def _heading(self, opening: Token) -> Heading:
        level = int(opening.tag[1:])
        if level > MAX_HEADING:
            raise self._refused(opening, f"a report has headings of {MAX_HEADING} levels, # to {'#' * MAX_HEADING}")
        content = self._inlines(self._next())
        self._next()
        return Heading(level=level, content=content)

    def _paragraph(self) -> Iterator[Block]:
        inline = self._next()
        self._next()
        token = _TOKEN.fullmatch(inline.content)
        children = inline.children or []
        if token and int(token[1]) < len(self._placed):
            yield from self._placed[int(token[1])]
        elif len(children) == 1 and children[0].type == "image":
            yield from self._figure(inline, children[0])
        elif content := self._inlines(inline):
            yield Paragraph(content)

    def _figure(self, inline: Token, image: Token) -> Iterator[Block]:
        """The figure that is named, with its caption; nothing where there is nothing to draw."""
        name = str(image.attrGet("src"))
        if name not in self._figures:
            known = ", ".join(sorted(self._figures)) or "none here"
            raise self._refused(inline, f"there is no such figure; there are: {known}")
        figure = self._figures[name]()
        if figure is not None:
            yield replace(figure, caption=_inlines(image))

    def _inlines(self, inline: Token) -> Inlines:
        if any(token.type == "image" for token in inline.children or ()):
            raise self._refused(inline, "a figure stands in a paragraph of its own")
        return _inlines(inline)

    def _list(self, opening: Token) -> List:
        if opening.attrGet("start") is not None:
            raise self._refused(opening, "a numbered list begins with 1")
        items: list[Inlines] = []
        while self._next().type == "list_item_open":
            items.append(self._joined("list_item_close", "a list item holds text only"))
        return List(ordered=opening.type == "ordered_list_open", items=tuple(items))

    def _note(self) -> Notice:
        content: list[Inline] = []
        items: list[Inlines] = []
        while (token := self._next()).type != "blockquote_close":
            if token.type == "paragraph_open" and not items:
                content += [LineBreak()] * bool(content) + list(self._inlines(self._next()))
                self._next()
            elif token.type == "bullet_list_open" and not items:
                items += self._list(token).items
            else:
                raise self._refused(token, "a note holds text and, after it, one list of points")
        return Notice(kind=NoticeKind.NOTE, content=tuple(content), items=tuple(items))

    def _joined(self, closing: str, rule: str) -> Inlines:
        """The paragraphs up to `closing` as one run of inlines."""
        content: list[Inline] = []
        while (token := self._next()).type != closing:
            if token.type != "paragraph_open":
                raise self._refused(token, rule)
            content += [LineBreak()] * bool(content) + list(self._inlines(self._next()))
            self._next()
        return tuple(content)

    def _table(self) -> Table:
        rows: list[tuple[Inlines, ...]] = []
        aligns: list[Align] = []
        row: list[Inlines] = []
        while (token := self._next()).type != "table_close":
            if token.type in {"th_open", "td_open"}:
                row.append(self._inlines(self._next()))
                if token.type == "th_open":
                    aligns.append(Align.RIGHT if "right" in str(token.attrGet("style")) else Align.LEFT)
            elif token.type == "tr_close":
                rows.append(tuple(row))
                row = []
        heads = zip(rows[0], aligns, strict=True)
        columns = tuple(Column(name="", header=words(head), align=align) for head, align in heads)
        return Table(columns=columns, rows=tuple(rows[1:]))

    def _refused(self, token: Token, rule: str) -> SetupError:
        line = f"line {token.map[0] + 1} of the rendered text" if token.map else None
        return SetupError(rule, file=self._file, field=line, code="TPL_MARKUP")


def settled(content: Iterable[Inline]) -> Inlines:
    """Inlines whose texts may be empty or hold newlines, as a block holds them."""
    return tuple(_merged(_settled(content)))


def _settled(content: Iterable[Inline]) -> Iterator[Inline]:
    for part in content:
        if isinstance(part, Text):
            yield from _lines(part.text, strong=part.strong, emphasis=part.emphasis)
        else:
            yield part


def _inlines(inline: Token) -> Inlines:
    return tuple(_merged(_runs(inline.children or ())))


def _runs(tokens: Sequence[Token]) -> Iterator[Inline]:
    strong = emphasis = 0
    for token in tokens:
        if token.type in {"strong_open", "strong_close"}:
            strong += token.nesting
        elif token.type in {"em_open", "em_close"}:
            emphasis += token.nesting
        elif token.type == "hardbreak":
            yield LineBreak()
        else:
            text = " " if token.type == "softbreak" else token.content
            yield from _lines(restore(text), strong=bool(strong), emphasis=bool(emphasis))


def _lines(text: str, *, strong: bool, emphasis: bool) -> Iterator[Inline]:
    for number, line in enumerate(clean(text).split("\n")):
        if number:
            yield LineBreak()
        if line:
            yield Text(line, strong, emphasis)


def _merged(runs: Iterator[Inline]) -> Iterator[Inline]:
    """Join neighbours of one style."""
    last: Text | None = None
    for run in runs:
        if isinstance(run, Text) and last is not None and (run.strong, run.emphasis) == (last.strong, last.emphasis):
            last = Text(last.text + run.text, run.strong, run.emphasis)
            continue
        if last is not None:
            yield last
        last = run if isinstance(run, Text) else None
        if last is None:
            yield run
    if last is not None:
        yield last
