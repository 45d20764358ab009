"""A house document, opened once: what every report takes over from it.

Styles are found by name, because programs rename their ids when they save. The numbering gets a pool of lists that
each begin with 1. Parts that never change are deflated here, once.
"""

import io
import re
from dataclasses import dataclass
from typing import Final

from docx import Document
from docx.document import Document as Doc
from docx.oxml.ns import qn
from docx.shared import Length
from docx.styles.style import ParagraphStyle
from lxml import etree

from reporter.draft.interface import Page
from reporter.errors import SetupError
from reporter.exporters.house_check import broken, text_parts, unpack
from reporter.exporters.house_fields import FieldPart, field_part
from reporter.exporters.zipped import Part, deflate

NUMBERED_LISTS: Final = 60
"""How many numbered lists a report can have."""

STYLES: Final = {
    "Heading 1": "the title",
    "Heading 2": "headings of sections",
    "Heading 3": "headings within a section",
    "Normal": "text",
    "List Number": "numbered lists",
    "List Bullet": "lists",
    "Draft Notice": "the notice that it is a draft",
    "Note": "what is open",
    "Table Intro": "the line above a table",
    "Table Header": "heads of tables",
    "Table Text": "cells of tables",
    "Table Gap": "the space below a table",
    "Report Table": "tables",
}
"""The styles that a house document must have, and what each is for."""

DOCUMENT: Final = "word/document.xml"
CORE: Final = "docProps/core.xml"
_NUMBERING: Final = "word/numbering.xml"
_DRAFT_FIELD: Final = "report.footer"


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What a report takes over."""

    style_ids: dict[str, str]
    """Style id by style name."""
    numbers: tuple[int, ...]
    """Numbers of the numbered lists, each beginning with 1."""
    text_width: int
    """Between the margins, in twentieths of a point."""
    table_points: float
    """Size of the letters in a table."""
    page_end: str
    """The section properties: paper, margins, header and footer."""
    field_parts: tuple[FieldPart, ...]
    """Headers and footers that print something of the report."""
    fixed: tuple[Part, ...]
    """All other parts but the document and its core properties."""


def open_house(content: bytes, file: str) -> House:
    """Open a house document.

    Raises:
        SetupError: broken or unsafe, without a style, or with a page that does not say that it is a draft.

    """
    parts = unpack(content, file)
    document = _open(content, file)
    page_end = document.element.body.sectPr
    if page_end is None:
        raise broken(file, DOCUMENT, "the document has no page settings")
    style_ids = _style_ids(document, file)
    numbers, parts[_NUMBERING] = _pool(document, file)
    field_parts = [field_part(name, parts[name], Page(title="").fields(), file) for name in text_parts(parts)]
    _check_draft_on_every_page(document, field_parts, file)
    filled = {part.name for part in field_parts} | {DOCUMENT, CORE}
    return House(
        style_ids=style_ids,
        numbers=numbers,
        text_width=_text_width(document, file),
        table_points=_table_points(document),
        page_end=_without_namespaces(page_end),
        field_parts=tuple(field_parts),
        fixed=tuple(deflate(name, content) for name, content in parts.items() if name not in filled),
    )


def _open(content: bytes, file: str) -> Doc:
    try:
        return Document(io.BytesIO(content))
    except (KeyError, ValueError, AttributeError, TypeError, etree.XMLSyntaxError):
        raise broken(file, "", "the house document cannot be opened") from None


def _style_ids(document: Doc, file: str) -> dict[str, str]:
    named = {style.name: style.style_id for style in document.styles}
    for name, purpose in STYLES.items():
        if name not in named:
            message = f"the house document has no style '{name}', which is for {purpose}"
            raise SetupError(message, file=file, hint="add it in Word, or copy it from a shipped one", code="TPL_STYLE")
    return {name: named[name] for name in STYLES}


def _pool(document: Doc, file: str) -> tuple[tuple[int, ...], bytes]:
    """Lists that begin with 1, all like the list of the style, and the numbering part that holds them."""
    number = document.styles["List Number"].element.find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:numId')}")
    numbering = document.part.numbering_part.element
    lists = {int(element.get(qn("w:numId"))): element for element in numbering.findall(qn("w:num"))}
    if number is None or int(number.get(qn("w:val"))) not in lists:
        message = "the style 'List Number' has no numbering"
        raise SetupError(
            message, file=file, hint="give it one in Word, or copy it from a shipped house", code="TPL_STYLE"
        )
    kind = lists[int(number.get(qn("w:val")))].find(qn("w:abstractNumId")).get(qn("w:val"))
    first = max(lists) + 1
    place = numbering.index(lists[max(lists, key=lambda n: numbering.index(lists[n]))]) + 1
    for n in range(NUMBERED_LISTS):
        numbering.insert(place + n, _restarting(numbering, first + n, kind))
    return tuple(range(first, first + NUMBERED_LISTS)), etree.tostring(
        numbering, xml_declaration=True, encoding="UTF-8", standalone=True
    )


def _restarting(numbering: etree._Element, number: int, kind: str) -> etree._Element:
    element = etree.SubElement(numbering, qn("w:num"), {qn("w:numId"): str(number)})
    etree.SubElement(element, qn("w:abstractNumId"), {qn("w:val"): kind})
    override = etree.SubElement(element, qn("w:lvlOverride"), {qn("w:ilvl"): "0"})
    etree.SubElement(override, qn("w:startOverride"), {qn("w:val"): "1"})
    return element


def _check_draft_on_every_page(document: Doc, field_parts: list[FieldPart], file: str) -> None:
    """Each kind of page that the house has (first, even, all others) prints that the report is a draft."""
    parts = {part.name: part for part in field_parts}
    section = document.element.body.sectPr
    kinds = {"default"} | ({"first"} if section.find(qn("w:titlePg")) is not None else set())
    if document.settings.odd_and_even_pages_header_footer:
        kinds.add("even")
    says = {
        reference.get(qn("w:type"), "default")
        for reference in section.iterchildren(qn("w:headerReference"), qn("w:footerReference"))
        if _DRAFT_FIELD in _referenced(document, reference, parts)
    }
    if kinds - says:
        message = f"the {'/'.join(sorted(kinds - says))} page has no {{{{ {_DRAFT_FIELD} }}}} in its header or footer"
        raise SetupError(message, file=file, hint="every page of a draft says that it is one", code="TPL_MANDATORY")


def _referenced(document: Doc, reference: etree._Element, parts: dict[str, FieldPart]) -> frozenset[str]:
    target = document.part.rels[reference.get(qn("r:id"))].target_part.partname.lstrip("/")
    return parts[target].fields if target in parts else frozenset()


def _text_width(document: Doc, file: str) -> int:
    section = document.sections[-1]
    width, left, right = section.page_width, section.left_margin, section.right_margin
    if width is None or left is None or right is None:
        raise broken(file, DOCUMENT, "the page has no width or no margins")
    return int(Length(width - left - right).twips)


def _table_points(document: Doc) -> float:
    style: object = document.styles["Table Text"]
    while isinstance(style, ParagraphStyle):
        if style.font.size:
            return float(style.font.size.pt)
        style = style.base_style
    return 11.0


def _without_namespaces(page_end: etree._Element) -> str:
    """The element as it stands in a document that declares the prefixes `w` and `r`."""
    for attribute in [name for name in page_end.attrib if "rsid" in str(name)]:
        del page_end.attrib[attribute]
    return re.sub(r' xmlns:\w+="[^"]*"', "", etree.tostring(page_end, encoding="unicode", with_tail=False))
