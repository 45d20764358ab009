"""A draft as one HTML page that needs nothing but itself: no script, no font, picture or style from elsewhere.

The words and their order are those of every other format.  Headings, lists and tables are what they are called, for
readers that speak; the page says its language; a policy in its head forbids everything but its own style.
"""

import base64
import hashlib
from collections.abc import Iterator, Sequence
from typing import ClassVar, assert_never
from xml.sax.saxutils import escape

from reporter.draft.inert import clean
from reporter.draft.interface import (
    Align,
    Block,
    Column,
    Draft,
    Figure,
    Heading,
    Inline,
    Inlines,
    List,
    Notice,
    NoticeKind,
    Page,
    Paragraph,
    Report,
    Table,
    Text,
)
from reporter.exporters.interface import Exporter, Look, Prepared
from reporter.exporters.svg import svg
from reporter.exporters.typography import typeset
from reporter.exporters.web_style import STYLE


class WebExporter(Exporter):
    """HTML pages."""

    name: ClassVar[str] = "html"
    suffix: ClassVar[str] = ".html"

    def prepare(self, look: Look) -> Prepared:  # ruff: ignore[unused-method-argument]
        """A page of HTML has one look; letterhead and footer say what the house document's say."""
        return WebPage()


class WebPage(Prepared):
    """Lays out drafts as HTML."""

    def __init__(self, style: str = STYLE) -> None:
        self._head = _head(style)

    def export(self, report: Report, draft: Draft) -> bytes:  # ruff: ignore[unused-method-argument]
        """The draft as UTF-8 HTML."""
        return self.page(draft).encode()

    def page(self, draft: Draft) -> str:
        """The draft as HTML."""
        page = draft.page
        return "".join([
            f'<!DOCTYPE html>\n<html lang="{_one_line(page.language)}">\n<head>\n',
            f"{self._head}<title>{_one_line(page.title)}</title>\n</head>\n<body>\n",
            *_letterhead(page),
            "<main>\n",
            *body(draft.blocks),
            f"</main>\n<footer>{_footer(page)}</footer>\n</body>\n</html>\n",
        ])


def _head(style: str) -> str:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return (
        '<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<style>{style}</style>\n"
    )


def _letterhead(page: Page) -> Iterator[str]:
    """What the head of the house document prints; empty lines are left out."""
    ours = [("strong", page.department), ("span", page.institution)]
    theirs = [("strong", page.patient_name), ("span", page.patient_line), ("span", page.date)]
    yield "<header>\n"
    for lines in (ours, theirs):
        said = "<br>".join(f"<{tag}>{_one_line(text)}</{tag}>" for tag, text in lines if text)
        yield f"<p>{said}</p>\n"
    yield "</header>\n"


def _footer(page: Page) -> str:
    return " · ".join(_one_line(text) for text in (page.footer, page.patient_name, page.patient_id) if text)


def body(blocks: Sequence[Block]) -> Iterator[str]:
    """The blocks, each on lines of its own."""
    for block in blocks:
        yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield f"<h{block.level}>{inline(block.content)}</h{block.level}>\n"
        case Paragraph():
            yield f"<p>{inline(block.content)}</p>\n"
        case List():
            yield from _list(block)
        case Table():
            yield from _table(block)
        case Notice():
            yield from _notice(block)
        case Figure():
            yield from _figure(block)
        case _:
            assert_never(block)


def _list(block: List) -> Iterator[str]:
    tag = "ol" if block.ordered else "ul"
    yield f"<{tag}>\n"
    yield from (f"<li>{inline(item)}</li>\n" for item in block.items)
    yield f"</{tag}>\n"


def _notice(notice: Notice) -> Iterator[str]:
    yield f'<div class="{"draft" if notice.kind is NoticeKind.DRAFT else "note"}" role="note">\n'
    yield f"<p>{inline(notice.content)}</p>\n"
    if notice.items:
        yield from _list(List(ordered=False, items=notice.items))
    yield "</div>\n"


def _figure(figure: Figure) -> Iterator[str]:
    yield "<figure>\n"
    if figure.caption:
        yield f"<figcaption>{inline(figure.caption)}</figcaption>\n"
    yield f"{svg(figure)}\n"
    yield from (f"<p>{inline(remark)}</p>\n" for remark in (figure.key, *figure.remarks) if remark)
    yield "</figure>\n"


def _table(table: Table) -> Iterator[str]:
    yield "<table>\n"
    if table.intro:
        yield f"<caption>{inline(table.intro)}</caption>\n"
    heads = [(Text(column.header),) if column.header else () for column in table.columns]
    yield f"<thead>\n{_row(heads, table.columns, header=True)}</thead>\n<tbody>\n"
    for number, row in enumerate(table.rows, start=1):
        yield _row(row, table.columns, total=table.total and number == len(table.rows))
    yield "</tbody>\n</table>\n"


def _row(cells: Sequence[Inlines], columns: Sequence[Column], *, header: bool = False, total: bool = False) -> str:
    made = []
    for place, (cell, column) in enumerate(zip(cells, columns, strict=True)):
        right = ' class="number"' if column.align is Align.RIGHT else ""
        scope = ("col" if header else "row") if cell and (header or place == 0) else ""
        opening, closing = (f'<th scope="{scope}"{right}>', "</th>") if scope else (f"<td{right}>", "</td>")
        made.append(f"{opening}{inline(cell)}{closing}")
    opening = '<tr class="total">' if total else "<tr>"
    return f"{opening}{''.join(made)}</tr>\n"


def inline(content: Inlines) -> str:
    """Inlines as HTML."""
    return "".join([_run(part) for part in content])


def _run(part: Inline) -> str:
    if not isinstance(part, Text):
        return "<br>"
    text = escape(typeset(clean(part.text)))
    text = f"<em>{text}</em>" if part.emphasis else text
    return f"<strong>{text}</strong>" if part.strong else text


def _one_line(text: str) -> str:
    return escape(clean(text).replace("\n", " "), {'"': "&quot;"})
