"""Reads a Word document back, as a reader sees it: blocks with their words, list labels, styles."""

import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from docx import Document
from docx.document import Document as Doc
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement


@dataclass(frozen=True)
class Seen:
    """A paragraph: its style, its words, its label if it is an item of a list."""

    style: str
    text: str
    label: str = ""


@dataclass(frozen=True)
class SeenTable:
    """A table: the words of its cells."""

    rows: tuple[tuple[str, ...], ...]


def opened(docx: bytes) -> Doc:
    return Document(io.BytesIO(docx))


def parts(docx: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def blocks(docx: bytes) -> list[Seen | SeenTable]:
    """The blocks of the body, without the empty paragraphs that only make room."""
    return [block for block in _blocks(opened(docx)) if isinstance(block, SeenTable) or block.style != "Table Gap"]


def _blocks(document: Doc) -> Iterator[Seen | SeenTable]:
    names = {style.style_id: style.name for style in document.styles}
    counted: Counter[str] = Counter()
    for element in document.element.body:
        if element.tag == qn("w:tbl"):
            yield SeenTable(
                tuple(
                    tuple("\n".join(_words(p) for p in cell.iter(qn("w:p"))) for cell in row.iter(qn("w:tc")))
                    for row in element.iter(qn("w:tr"))
                )
            )
        elif element.tag == qn("w:p"):
            style = names[element.xpath("string(w:pPr/w:pStyle/@w:val)")]
            yield Seen(style, _words(element), _label(element, style, counted))


def _label(paragraph: BaseOxmlElement, style: str, counted: Counter[str]) -> str:
    if style == "List Bullet":
        return "-"
    if style != "List Number":
        return ""
    number = str(paragraph.xpath("string(w:pPr/w:numPr/w:numId/@w:val)"))
    counted[number] += 1
    return f"{counted[number]}."


def _words(paragraph: BaseOxmlElement) -> str:
    """The words, a tab as a blank, the bullet of a box as the text has it."""
    pieces = {qn("w:br"): "\n", qn("w:tab"): " ", qn("w:noBreakHyphen"): "-"}
    elements: list[BaseOxmlElement] = paragraph.xpath(
        ".//w:r/w:t | .//w:r/w:br | .//w:r/w:tab | .//w:r/w:noBreakHyphen"
    )
    return "".join(pieces.get(str(element.tag), element.text or "") for element in elements)
