"""Makes the shipped `house.docx` of each language: letterhead, footer and styles, small and the same on every machine.

Run it after a change here: `python tools/build_house.py`. A department does not need it: it changes a copy of the
document in Word.
"""

import io
import zipfile
from pathlib import Path
from typing import Final, NamedTuple

from docx import Document
from docx.document import Document as Doc
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from lxml import etree

TEMPLATES: Final = Path(__file__).parents[1] / "templates"

FONT: Final = "Calibri"
EAST_ASIAN_FONT: Final = "MS Gothic"
NAVY: Final = "1F3864"
GREY: Final = "595959"
TINT: Final = "E8ECF4"
RULE: Final = "A9B7CC"
AMBER: Final = "C58A1C"
AMBER_RULE: Final = "E8CF7A"
AMBER_FILL: Final = "FFF6DC"


class Tongue(NamedTuple):
    """What a house says itself, and how Word is told its language."""

    language: str
    page: str
    of: str
    decimal_mark: str
    separator: str


class Measures(NamedTuple):
    """Sizes in points, room on the paper in millimetres."""

    text: float
    table: float
    title: float
    heading: float
    spacing: float
    """What the spaces around headings are multiplied by."""
    width: int
    top: int
    bottom: int


class Form(NamedTuple):
    """A house document that is shipped."""

    tongue: Tongue
    measures: Measures


ENGLISH: Final = Tongue("en-GB", "Page ", " of ", ".", ",")
GERMAN: Final = Tongue("de-DE", "Seite ", " von ", ",", ";")
USUAL: Final = Measures(text=10.5, table=9.5, title=17, heading=12, spacing=1, width=166, top=33, bottom=20)
ONE_PAGE: Final = Measures(text=9, table=8.5, title=13, heading=10, spacing=0.4, width=184, top=25, bottom=14)
"""What is to be seen at a meeting at once."""
FORMS: Final = {
    "nac-response": Form(ENGLISH, USUAL),
    "nac-response-de": Form(GERMAN, USUAL),
    "tumor-board": Form(ENGLISH, ONE_PAGE),
}
"""By template set."""

_KEPT_STYLES: Final = {
    *("Normal", "Heading 1", "Heading 2", "Heading 3", "List Number", "List Bullet", "Header", "Footer"),
    *("Default Paragraph Font", "Normal Table", "No List"),
}
_DROPPED_PARTS: Final = ("stylesWithEffects", "theme", "webSettings", "customXml", "thumbnail", "extended-properties")


def main() -> None:
    """Write the house documents."""
    for name, form in FORMS.items():
        (TEMPLATES / name / "house.docx").write_bytes(house(form))


def house(form: Form) -> bytes:
    """A house document."""
    document = Document()
    _drop_parts(document)
    _page(document, form.measures)
    _styles(document, form)
    _numbering(document)
    _settings(document, form.tongue)
    _header(document, form.measures.width)
    _footer(document, form)
    _properties(document)
    _sample(document)
    written = io.BytesIO()
    document.save(written)
    return _same_everywhere(written.getvalue())


def _drop_parts(document: Doc) -> None:
    for source in (document.part, document.part.package):
        for key, relation in list(source.rels.items()):
            if any(part in relation.reltype for part in _DROPPED_PARTS):
                del source.rels[key]


def _page(document: Doc, measures: Measures) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm((210 - measures.width) / 2)
    section.top_margin, section.bottom_margin = Mm(measures.top), Mm(measures.bottom)
    section.header_distance, section.footer_distance = Mm(12 * measures.top / USUAL.top), Mm(measures.bottom / 2)
    settings = document.element.body.sectPr
    for grid in settings.findall(qn("w:docGrid")):
        settings.remove(grid)


def _styles(document: Doc, form: Form) -> None:
    root = document.styles.element
    for latent in root.findall(qn("w:latentStyles")):
        root.remove(latent)
    for style in list(document.styles):
        if style.name not in _KEPT_STYLES:
            style.delete()
    defaults = root.find(qn("w:docDefaults"))
    root.replace(
        defaults,
        parse_xml(_DEFAULTS.format(ns=nsdecls("w"), font=FONT, asian=EAST_ASIAN_FONT, language=form.tongue.language)),
    )
    sizes, room = form.measures, form.measures.spacing
    _style(document, "Normal", size=sizes.text, before=0, after=4 * room, line=1 + 0.05 * room)
    _style(document, "Heading 1", size=sizes.title, before=10 * room, after=2, heading=True)
    _style(document, "Heading 2", size=sizes.heading, before=12 * room, after=4 * room, heading=True)
    _style(document, "Heading 3", size=sizes.text, before=8 * room, after=3 * room, heading=True)
    for name in ("List Number", "List Bullet"):
        _style(document, name, size=None, before=0, after=2 * room)
    for name in ("Header", "Footer"):
        _style(document, name, size=9, before=0, after=0).font.color.rgb = RGBColor.from_string(GREY)
    _style(document, "Table Text", size=sizes.table, before=2 * room, after=2 * room, line=1.0)
    _style(document, "Table Header", size=None, before=2 * room, after=2 * room, heading=True, based="Table Text")
    _style(document, "Table Intro", size=None, before=4 * room, after=4 * room).paragraph_format.keep_with_next = True
    gap = _style(document, "Table Gap", size=4, before=0, after=0)
    gap.paragraph_format.line_spacing_rule, gap.paragraph_format.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(6)
    for name in ("Draft Notice", "Note"):
        box = _style(document, name, size=None, before=0, after=0)
        _add_properties(box, _BOX.format(ns=nsdecls("w"), bar=AMBER, rule=AMBER_RULE, fill=AMBER_FILL))
    root.append(parse_xml(_TABLE_STYLE.format(ns=nsdecls("w"), navy=NAVY, rule=RULE, tint=TINT)))


def _style(
    document: Doc,
    name: str,
    *,
    size: float | None,
    before: float,
    after: float,
    line: float | None = None,
    heading: bool = False,
    based: str = "Normal",
) -> ParagraphStyle:
    style = _empty_style(document, name, based)
    style.font.size = Pt(size) if size else None
    if heading:
        style.font.bold, style.font.color.rgb = True, RGBColor.from_string(NAVY)
    spacing = style.paragraph_format
    spacing.space_before, spacing.space_after, spacing.line_spacing = Pt(before), Pt(after), line
    spacing.keep_with_next = heading or None
    if name.startswith("Heading"):
        _add_properties(style, f'<w:outlineLvl {nsdecls("w")} w:val="{int(name[-1]) - 1}"/>')
    if name.startswith("List"):
        number = 1 if name == "List Number" else 2
        _add_properties(style, f'<w:numPr {nsdecls("w")}><w:numId w:val="{number}"/></w:numPr>')
    return style


def _empty_style(document: Doc, name: str, based: str) -> ParagraphStyle:
    if name not in document.styles:
        document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = document.styles[based]
    style = document.styles[name]
    if not isinstance(style, ParagraphStyle):
        raise TypeError(name)
    for tag in ("w:rPr", "w:pPr"):
        for element in style.element.findall(qn(tag)):
            style.element.remove(element)
    style.quick_style, style.hidden, style.unhide_when_used = True, False, False
    return style


_ORDER: Final = (
    *("pStyle", "keepNext", "keepLines", "pageBreakBefore", "widowControl", "numPr", "pBdr", "shd", "tabs"),
    *("spacing", "ind", "contextualSpacing", "jc", "outlineLvl"),
)


def _add_properties(style: ParagraphStyle, xml: str) -> None:
    """Put paragraph properties into the style, in the order of the schema."""
    properties = style.element.get_or_add_pPr()
    element = parse_xml(xml)
    properties.extend(list(element) if element.tag == qn("w:pPr") else [element])
    properties[:] = sorted(properties, key=lambda child: _ORDER.index(etree.QName(child).localname))


_DEFAULTS: Final = """<w:docDefaults {ns}>
<w:rPrDefault><w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:cs="{font}" w:eastAsia="{asian}"/>
<w:sz w:val="21"/><w:szCs w:val="21"/>
<w:lang w:val="{language}" w:eastAsia="ja-JP" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>
<w:pPrDefault/></w:docDefaults>"""

_BOX: Final = """<w:pPr {ns}><w:keepLines/><w:pBdr>
<w:top w:val="single" w:sz="6" w:space="4" w:color="{rule}"/>
<w:left w:val="single" w:sz="36" w:space="6" w:color="{bar}"/>
<w:bottom w:val="single" w:sz="6" w:space="4" w:color="{rule}"/>
<w:right w:val="single" w:sz="6" w:space="6" w:color="{rule}"/>
</w:pBdr><w:shd w:val="clear" w:color="auto" w:fill="{fill}"/><w:tabs><w:tab w:val="left" w:pos="450"/></w:tabs>
<w:ind w:left="190" w:right="140"/></w:pPr>"""

_TABLE_STYLE: Final = """<w:style {ns} w:type="table" w:customStyle="1" w:styleId="ReportTable">
<w:name w:val="Report Table"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="59"/><w:qFormat/>
<w:tblPr><w:tblBorders><w:top w:val="single" w:sz="12" w:space="0" w:color="{navy}"/>
<w:bottom w:val="single" w:sz="8" w:space="0" w:color="{navy}"/>
<w:insideH w:val="single" w:sz="4" w:space="0" w:color="{rule}"/></w:tblBorders></w:tblPr>
<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tblPr/><w:tcPr><w:tcBorders>
<w:bottom w:val="single" w:sz="8" w:space="0" w:color="{navy}"/></w:tcBorders>
<w:shd w:val="clear" w:color="auto" w:fill="{tint}"/></w:tcPr></w:tblStylePr>
<w:tblStylePr w:type="lastRow"><w:rPr><w:b/></w:rPr><w:tblPr/><w:tcPr><w:tcBorders>
<w:top w:val="single" w:sz="8" w:space="0" w:color="{navy}"/></w:tcBorders></w:tcPr></w:tblStylePr>
</w:style>"""

_LEVEL: Final = """<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="singleLevel"/>
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:pStyle w:val="{style}"/><w:lvlText w:val="{text}"/>
<w:lvlJc w:val="left"/><w:pPr><w:tabs><w:tab w:val="num" w:pos="400"/></w:tabs>
<w:ind w:left="400" w:hanging="400"/></w:pPr>
{font}</w:lvl></w:abstractNum>"""


def _numbering(document: Doc) -> None:
    styles = document.styles
    numbered = _LEVEL.format(number=0, kind="decimal", style=styles["List Number"].style_id, text="%1.", font="")
    bulleted = _LEVEL.format(
        number=1,
        kind="bullet",
        style=styles["List Bullet"].style_id,
        text="\u2022",
        font=f'<w:rPr><w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:cs="{FONT}" w:hint="default"/></w:rPr>',
    )
    numbers = "".join(f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n - 1}"/></w:num>' for n in (1, 2))
    _fill(document.part.numbering_part.element, numbered + bulleted + numbers)


def _settings(document: Doc, tongue: Tongue) -> None:
    _fill(
        document.settings.element,
        f"""<w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/>
        <w:characterSpacingControl w:val="doNotCompress"/><w:compat>
        <w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>
        </w:compat><w:themeFontLang w:val="{tongue.language}"/><w:decimalSymbol w:val="{tongue.decimal_mark}"/>
        <w:listSeparator w:val="{tongue.separator}"/>""",
    )


def _fill(parent: BaseOxmlElement, xml: str) -> None:
    """Put elements in the place of all that `parent` holds."""
    for child in list(parent):
        parent.remove(child)
    parent.extend(list(parse_xml(f"<w:body {nsdecls('w')}>{xml}</w:body>")))


def _paragraph(style: str, runs: str, extra: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{extra}</w:pPr>{runs}</w:p>'


def _run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def _page_field(name: str) -> str:
    return f'<w:fldSimple w:instr=" {name} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'


def _cell(width: int, *paragraphs: str) -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{"".join(paragraphs)}</w:tc>'


def _header(document: Doc, width: int) -> None:
    header = document.sections[0].header
    header.is_linked_to_previous = False
    left, right = Mm(100).twips, Mm(width - 100).twips
    to_right = '<w:jc w:val="right"/>'
    letterhead = _cell(
        left,
        _paragraph("Header", _run("{{ department.name }}", f'<w:b/><w:color w:val="{NAVY}"/><w:sz w:val="26"/>')),
        _paragraph("Header", _run("{{ department.institution }}")),
    )
    patient = _cell(
        right,
        _paragraph(
            "Header", _run("{{ patient.name }}", f'<w:b/><w:color w:val="{NAVY}"/><w:sz w:val="20"/>'), to_right
        ),
        _paragraph("Header", _run("{{ patient.line }}"), to_right),
        _paragraph("Header", _run("{{ report.date }}"), to_right),
    )
    table = f"""<w:tbl><w:tblPr><w:tblW w:w="{left + right}" w:type="dxa"/><w:tblBorders>
    <w:bottom w:val="single" w:sz="8" w:space="0" w:color="{NAVY}"/></w:tblBorders><w:tblLayout w:type="fixed"/>
    <w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:bottom w:w="120" w:type="dxa"/>
    <w:right w:w="0" w:type="dxa"/></w:tblCellMar>
    <w:tblLook w:val="0000"/></w:tblPr><w:tblGrid><w:gridCol w:w="{left}"/><w:gridCol w:w="{right}"/></w:tblGrid>
    <w:tr>{letterhead}{patient}</w:tr></w:tbl>"""
    _fill(header.part.element, table + _paragraph("Header", ""))


def _footer(document: Doc, form: Form) -> None:
    tongue = form.tongue
    footer = document.sections[0].footer
    footer.is_linked_to_previous = False
    tabs = f'<w:tabs><w:tab w:val="right" w:pos="{Mm(form.measures.width).twips}"/></w:tabs>'
    runs = (
        _run("{{ report.footer }}", "<w:b/>")
        + _run(" \u00b7 {{ patient.name }} \u00b7 {{ patient.id }}")
        + f"<w:r><w:tab/></w:r>{_run(tongue.page)}{_page_field('PAGE')}{_run(tongue.of)}{_page_field('NUMPAGES')}"
    )
    _fill(footer.part.element, _paragraph("Footer", runs, tabs))


def _properties(document: Doc) -> None:
    element = document.part.package.part_related_by(RELATIONSHIP_TYPE.CORE_PROPERTIES).element
    for child in list(element):
        element.remove(child)
    document.core_properties.title = "House document of the draft reports"


def _sample(document: Doc) -> None:
    """What one sees on opening the house document: each style by its name. Reports do not contain it."""
    for name in ("Heading 1", "Draft Notice", "Heading 2", "Heading 3", "Normal", "List Number", "List Bullet", "Note"):
        document.add_paragraph(name, style=name)


def _same_everywhere(docx: bytes) -> bytes:
    """The package with its parts in one order and without times."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx)) as source, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            part = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            part.compress_type, part.create_system = zipfile.ZIP_DEFLATED, 0
            target.writestr(part, source.read(name))
    return written.getvalue()


if __name__ == "__main__":
    main()
