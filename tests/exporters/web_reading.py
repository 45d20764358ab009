"""Reads an HTML draft back, as a reader sees it: blocks with their words, list labels, tables."""

from collections.abc import Iterator

from lxml import html

from tests.exporters.word_reading import Seen, SeenTable


def main_of(page: bytes) -> html.HtmlElement:
    (main,) = html.document_fromstring(page, parser=html.HTMLParser(encoding="utf-8")).iter("main")
    return main


def blocks(page: bytes) -> list[Seen | SeenTable]:
    """The blocks of the page, in the form of those of a Word document."""
    return [seen for element in main_of(page) for seen in _block(element)]


def _block(element: html.HtmlElement) -> Iterator[Seen | SeenTable]:
    tag = element.tag
    if tag in {"ol", "ul"}:
        for number, item in enumerate(element, start=1):
            yield Seen("List", words(item), f"{number}." if tag == "ol" else "-")
    elif tag == "table":
        yield from (Seen("Table Intro", words(caption)) for caption in element.iter("caption"))
        yield SeenTable(tuple(tuple(words(cell) for cell in row) for row in element.iter("tr")))
    elif tag == "figure":  # what is drawn is read in test_figures
        styles = {"figcaption": "Table Intro", "p": "Table Text"}
        yield from (Seen(styles[str(part.tag)], words(part)) for part in element if part.tag in styles)
    elif tag == "div":
        style = {"draft": "Draft Notice", "note": "Note"}[element.get("class", "")]
        for part in element:
            yield from (Seen(style, seen.text, seen.label) for seen in _block(part) if isinstance(seen, Seen))
    else:
        yield Seen({"p": "Normal"}.get(str(tag), f"Heading {str(tag)[1:]}"), words(element))


def words(element: html.HtmlElement) -> str:
    """The words of an element; a line break is a newline."""
    pieces = [element.text or ""]
    for part in element:
        pieces += ["\n" if part.tag == "br" else words(part), part.tail or ""]
    return "".join(pieces)
