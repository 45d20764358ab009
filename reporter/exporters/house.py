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
from docx.opc.constants import CONTENT_TYPE
from docx.opc.part import Part as OpcPart
from docx.oxml.ns import qn
from docx.shared import Length
from docx.styles.style import ParagraphStyle
from lxml import etree

from reporter.draft.interface import Page
from reporter.errors import SetupError
from reporter.exporters.house_check import broken, unpack
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

CORE: Final = "docProps/core.xml"
_DRAFT_FIELD: Final = "report.footer"


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What a report takes over."""

    document_name: str
    """The main part; `word/document.xml` in most."""
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
    try:
        return _compile(Document(io.BytesIO(content)), parts, file)
    except SetupError:
        raise
    except Exception:  # ruff: ignore[blind-except]  (a damaged part makes python-docx and lxml raise anything)
        raise broken(file, "", "the house document cannot be read") from None


def _compile(document: Doc, parts: dict[str, bytes], file: str) -> House:
    page_end = document.element.body.sectPr
    if page_end is None:
        raise broken(file, _name(document.part), "the document has no page settings")
    style_ids = _style_ids(document, file)
    numbers = _add_pool(document, parts, file)
    known = Page(title="").fields()
    field_parts = [field_part(name, parts[name], known, file) for name in _headers_and_footers(document)]
    _check_draft_on_every_page(document, field_parts, file)
    own = {part.name for part in field_parts} | {_name(document.part), CORE}
    return House(
        document_name=_name(document.part),
        style_ids=style_ids,
        numbers=numbers,
        text_width=_text_width(document, file),
        table_points=_table_points(document),
        page_end=_without_namespaces(page_end),
        field_parts=tuple(field_parts),
        fixed=tuple(deflate(name, part) for name, part in parts.items() if name not in own),
    )


def _style_ids(document: Doc, file: str) -> dict[str, str]:
    named = {style.name: style.style_id for style in document.styles}
    for name, purpose in STYLES.items():
        if name not in named:
            message = f"the house document has no style '{name}', which is for {purpose}"
            raise SetupError(message, file=file, hint="add it in Word, or copy it from a shipped one", code="TPL_STYLE")
    return {name: named[name] for name in STYLES}


def _name(part: OpcPart) -> str:
    return str(part.partname).lstrip("/")


def _headers_and_footers(document: Doc) -> list[str]:
    return sorted(
        _name(part)
        for part in document.part.package.iter_parts()
        if part.content_type in {CONTENT_TYPE.WML_HEADER, CONTENT_TYPE.WML_FOOTER}
    )


def _add_pool(document: Doc, parts: dict[str, bytes], file: str) -> tuple[int, ...]:
    """Write lists that begin with 1, all like the list of the style, into the numbering part; give their numbers."""
    number = document.styles["List Number"].element.find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:numId')}")
    numbering = document.part.numbering_part.element
    lists = {int(element.get(qn("w:numId"))): element for element in numbering.findall(qn("w:num"))}
    if number is None or int(number.get(qn("w:val"))) not in lists:
        message = "the style 'List Number' has no numbering"
        raise SetupError(
            message, file=file, hint="give it one in Word, or copy it from a shipped house", code="TPL_STYLE"
        )
    kind = lists[int(number.get(qn("w:val")))].find(qn("w:abstractNumId")).get(qn("w:val"))
    pool = range(max(lists) + 1, max(lists) + 1 + NUMBERED_LISTS)
    place = max(numbering.index(element) for element in lists.values()) + 1
    for offset, new in enumerate(pool):
        numbering.insert(place + offset, _restarting(numbering, new, kind))
    part = etree.tostring(numbering, xml_declaration=True, encoding="UTF-8", standalone=True)
    parts[_name(document.part.numbering_part)] = part
    return tuple(pool)


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
    target = _name(document.part.rels[reference.get(qn("r:id"))].target_part)
    return parts[target].fields if target in parts else frozenset()


def _text_width(document: Doc, file: str) -> int:
    section = document.sections[-1]
    width, left, right = section.page_width, section.left_margin, section.right_margin
    if width is None or left is None or right is None:
        raise broken(file, _name(document.part), "the page has no width or no margins")
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
