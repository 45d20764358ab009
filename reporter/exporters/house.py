"""A house document, opened once: what every report takes over from it.

Styles are found by name, because programs rename their ids when they save. The numbering gets a pool of lists that
each begin with 1. Parts that never change are deflated here, once.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

from docx import Document
from docx.document import Document as Doc
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.part import Part as OpcPart
from docx.oxml.ns import qn
from docx.shared import Length
from docx.styles.style import ParagraphStyle
from lxml import etree

from reporter.draft.interface import Page
from reporter.errors import SetupError
from reporter.exporters.house_check import inflate, part_faults, unpack
from reporter.exporters.house_fields import FieldPart, field_part, hides
from reporter.exporters.house_parts import broken
from reporter.exporters.word_parts import Plumbing
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

NARROWEST: Final = 2268
"""Twips between the margins: 4 cm, so that a table has room."""
WIDEST: Final = 31680
"""The widest page that Word has, 22 inches."""

CORE: Final = "docProps/core.xml"
_TYPES: Final = "[Content_Types].xml"
_DRAFT_FIELD: Final = "report.footer"


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What a report takes over."""

    file: str
    """How a message names it."""
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
    font: str
    """Of its text, for figures."""
    plumbing: Plumbing
    """What names all parts; a report with charts adds to it."""
    fixed: tuple[Part, ...]
    """All other parts but the document and its core properties."""


def open_house(content: bytes, file: str, language: str = "") -> House:
    """Open a house document, for reports in a language.

    Raises:
        SetupError: broken or unsafe, without a style, or with a page that does not say that it is a draft.

    """
    parts = unpack(content, file)
    try:
        document = Document(io.BytesIO(content))
        _speak(document, parts, language)
        return _compile(document, parts, file)
    except SetupError:
        raise
    except Exception:  # ruff: ignore[blind-except]  (a damaged part makes python-docx and lxml raise anything)
        raise broken(file, "", "the house document cannot be read") from None


def house_faults(content: bytes, file: str) -> tuple[SetupError, ...]:
    """Everything that is wrong with a house document, as far as one fault does not hide the next."""
    try:
        parts = inflate(content, file)
    except SetupError as fault:
        return (fault,)
    unsafe = tuple(part_faults(parts, file))
    if unsafe:
        return unsafe
    try:
        document = Document(io.BytesIO(content))
        found = [*_style_faults(document, file), *_page_faults(document, parts, file)]
        if not found:
            _compile(document, parts, file)
    except SetupError as fault:
        return (fault,)
    except Exception:  # ruff: ignore[blind-except]  (a damaged part makes python-docx and lxml raise anything)
        return (broken(file, "", "the house document cannot be read"),)
    return tuple(found)


def _page_faults(document: Doc, parts: dict[str, bytes], file: str) -> Iterator[SetupError]:
    """What is wrong with headers and footers."""
    field_parts: list[FieldPart] = []
    known = Page(title="").fields()
    for name in _headers_and_footers(document):
        try:
            field_parts.append(field_part(name, parts[name], known, file))
        except SetupError as fault:
            yield fault
    try:
        if document.element.body.sectPr is not None:
            _check_draft_on_every_page(document, field_parts, file)
    except SetupError as fault:
        yield fault


def _compile(document: Doc, parts: dict[str, bytes], file: str) -> House:
    page_end = document.element.body.sectPr
    if page_end is None:
        raise broken(file, _name(document.part), "the document has no page settings")
    style_ids = _style_ids(document, file)
    numbers = _add_pool(document, parts, file)
    known = Page(title="").fields()
    field_parts = [field_part(name, parts[name], known, file) for name in _headers_and_footers(document)]
    _check_draft_on_every_page(document, field_parts, file)
    relations = _relations(_name(document.part))
    plumbing = Plumbing(types=parts[_TYPES], relations_name=relations, relations=parts[relations])
    own = {part.name for part in field_parts} | {_name(document.part), CORE, _TYPES, relations}
    return House(
        file=file,
        document_name=_name(document.part),
        style_ids=style_ids,
        numbers=numbers,
        text_width=_text_width(document, file),
        table_points=_table_points(document),
        page_end=_page_settings(page_end),
        font=_font(document),
        plumbing=plumbing,
        field_parts=tuple(field_parts),
        fixed=tuple(deflate(name, part) for name, part in parts.items() if name not in own),
    )


def _speak(document: Doc, parts: dict[str, bytes], language: str) -> None:
    """Mark the text as of this language, unless the house names a variety of it, such as en-GB for en."""
    styles = document.styles.element
    named = styles.xpath("w:docDefaults/w:rPrDefault/w:rPr/w:lang")
    if not language or not named or named[0].get(qn("w:val"), "").partition("-")[0] == language.partition("-")[0]:
        return
    named[0].set(qn("w:val"), language)
    part = document.part.part_related_by(RELATIONSHIP_TYPE.STYLES)
    parts[_name(part)] = etree.tostring(styles, xml_declaration=True, encoding="UTF-8", standalone=True)


def _style_ids(document: Doc, file: str) -> dict[str, str]:
    """The id of each style by its name, as it stands in an attribute."""
    for fault in _style_faults(document, file):
        raise fault
    named = {style.name: style.style_id for style in document.styles}
    return {name: escape(named[name], {'"': "&quot;"}) for name in STYLES}


def _style_faults(document: Doc, file: str) -> Iterator[SetupError]:
    """Styles that are missing, that go in a circle, or that hide what they are for."""
    named = {style.name: style for style in document.styles}
    for name, purpose in STYLES.items():
        if name not in named:
            message = f"the house document has no style '{name}', which is for {purpose}"
            yield _of_style(message, file, "add it in Word, or copy it from a shipped one", "TPL_STYLE")
            continue
        chain = _based_on(named[name].element, document)
        if chain[-1] in chain[:-1]:
            message = f"the style '{name}' is based on itself, by way of others or not"
            yield _of_style(message, file, "base it on Normal in Word", "TPL_STYLE")
        elif any(hides(style) for style in [*chain, *document.styles.element.findall(qn("w:docDefaults"))]):
            message = f"the style '{name}' hides its text, which is {purpose}"
            yield _of_style(message, file, "take 'Hidden' off its font in Word", "TPL_MANDATORY")


def _of_style(message: str, file: str, hint: str, code: str) -> SetupError:
    return SetupError(message, file=file, field="word/styles.xml", hint=hint, code=code)


def _based_on(style: etree._Element, document: Doc) -> list[etree._Element]:
    """A style, the one that it is based on, and so on; the last is there twice where they go in a circle."""
    by_id = {one.get(qn("w:styleId")): one for one in document.styles.element.findall(qn("w:style"))}
    chain = [style]
    while (base := chain[-1].find(qn("w:basedOn"))) is not None:
        after = by_id.get(base.get(qn("w:val")))
        if after is None:
            break
        chain.append(after)
        if after in chain[:-1]:
            break
    return chain


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


def _relations(part: str) -> str:
    """Where the relations of a part stand."""
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels".lstrip("/")


def _font(document: Doc) -> str:
    """The font of the text; its style names it, or the defaults of the document do."""
    fonts = document.styles.element.xpath(
        '(w:style[w:name/@w:val="Normal"]/w:rPr/w:rFonts/@w:ascii | w:docDefaults//w:rFonts/@w:ascii)[last()]'
    )
    return str(fonts[0]) if fonts else "Calibri"


def _text_width(document: Doc, file: str) -> int:
    section = document.sections[-1]
    width, left, right = section.page_width, section.left_margin, section.right_margin
    if width is None or left is None or right is None:
        raise broken(file, _name(document.part), "the page has no width or no margins")
    room = int(Length(width - left - right).twips)
    if not NARROWEST <= room <= WIDEST:
        raise broken(file, _name(document.part), "the page leaves too little or too much room between its margins")
    return room


def _table_points(document: Doc) -> float:
    style: object = document.styles["Table Text"]
    while isinstance(style, ParagraphStyle):
        if style.font.size:
            return float(style.font.size.pt)
        style = style.base_style
    return 11.0


def _page_settings(page_end: etree._Element) -> str:
    """The element as it stands in a document that declares the prefixes `w` and `r`, and no others."""
    declared = {prefix: qn(f"{prefix}:x")[1:].partition("}")[0] for prefix in ("w", "r")}
    made = etree.Element(page_end.tag, nsmap=declared)
    _take_over(page_end, made, set(declared.values()))
    return re.sub(r' xmlns:\w+="[^"]*"', "", etree.tostring(made, encoding="unicode"))


def _take_over(source: etree._Element, made: etree._Element, namespaces: set[str]) -> None:
    """All of an element that is in these namespaces, but marks of who edited when."""
    for name, value in source.items():
        if etree.QName(name).namespace in namespaces and "rsid" not in name:
            made.set(name, value)
    for child in source.iterchildren(etree.Element):
        if etree.QName(child).namespace in namespaces:
            _take_over(child, etree.SubElement(made, child.tag), namespaces)
