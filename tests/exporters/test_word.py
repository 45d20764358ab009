"""What makes a Word draft good on the page, and safe."""

import hashlib
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Final

import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Pt, Twips
from docx.table import Table as DocxTable
from lxml import etree

from reporter.draft.interface import Align, Column, Notice, NoticeKind, Table, plain
from reporter.errors import SetupError
from reporter.exporters.column_widths import column_widths, text_twips
from reporter.exporters.house import NUMBERED_LISTS
from tests.exporters.exporting import HOUSE, NO_REPORT, as_word, word
from tests.exporters.model_report import COMPLETE_RESPONSE, PAGE, heading, notice, ordered, paragraph, table
from tests.exporters.word_reading import Seen, blocks, opened, parts
from tests.gates import pdf_pages, pdf_text, word_faults

REPORT: Final = word().export(NO_REPORT, COMPLETE_RESPONSE)
W: Final = qn("w:val")


def body(docx: bytes) -> BaseOxmlElement:
    found: BaseOxmlElement = opened(docx).element.body
    return found


@pytest.mark.tools
def test_the_document_is_valid(tmp_path: Path) -> None:
    file = tmp_path / "report.docx"
    file.write_bytes(REPORT)
    assert word_faults(file) == []


@pytest.mark.tools
def test_a_document_of_every_block_and_awkward_values_is_valid(tmp_path: Path) -> None:
    odd = 'a\nb & <c> "d" \x00 山田^太郎 ]]>'
    file = tmp_path / "report.docx"
    rows = ((plain(odd, emphasis=True),),) * 20
    total = Table(columns=(Column(name="a", header=odd),), rows=rows, intro=plain(odd), total=True)
    note = Notice(kind=NoticeKind.NOTE, content=plain(odd), items=(plain(odd), plain("")))
    page = PAGE.__class__(title=odd, patient_name=odd, patient_id=odd, language="en-GB")
    drafted = (notice(), heading(odd, 1), total, total, note, note, ordered(odd, ""), ordered(odd), note, total)
    file.write_bytes(as_word(*drafted, page=page))
    assert word_faults(file) == []


@pytest.mark.tools
def test_the_gate_sees_a_fault(tmp_path: Path) -> None:
    file = tmp_path / "report.docx"
    with zipfile.ZipFile(file, "w") as package:
        for name, content in parts(REPORT).items():
            package.writestr(name, content.replace(b"<w:cantSplit/>", b"<w:cantSpilt/>"))
    assert word_faults(file) != []


@pytest.mark.services
@pytest.mark.tools
def test_the_pages_say_it_is_a_draft_and_number_themselves(tmp_path: Path, as_pdf: Callable[[Path], Path]) -> None:
    file = tmp_path / "report.docx"
    file.write_bytes(REPORT)
    pdf = as_pdf(file)
    *pages, _ = pdf_text(pdf).split("\f")
    assert len(pages) == len(pdf_pages(pdf, tmp_path)) > 1
    for number, page in enumerate(pages, start=1):
        assert "DRAFT, not verified" in page
        assert "SAMPLE^ONE" in page
        assert f"Page {number} of {len(pages)}" in page
    assert "DRAFT - not for clinical use until reviewed and signed by a radiologist" in pages[0]


def test_the_same_draft_gives_the_same_bytes() -> None:
    assert word().export(NO_REPORT, COMPLETE_RESPONSE) == REPORT


@pytest.mark.parametrize("seed", ["0", "12345"])
def test_neither_hash_seed_nor_locale_nor_time_zone_changes_a_byte(seed: str) -> None:
    program = (
        "import hashlib, sys; from tests.exporters.exporting import *;"
        "from tests.exporters.model_report import COMPLETE_RESPONSE as draft;"
        "print(hashlib.sha256(word().export(NO_REPORT, draft)).hexdigest())"
    )
    environment = os.environ | {"PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo", "LC_ALL": "de_DE.UTF-8"}
    run = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == hashlib.sha256(REPORT).hexdigest()


def test_the_package_tells_no_time_and_no_machine() -> None:
    with zipfile.ZipFile(BytesIO(REPORT)) as package:
        assert package.testzip() is None
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {info.compress_type for info in package.infolist()} == {zipfile.ZIP_DEFLATED}
        assert package.namelist()[0] == "[Content_Types].xml"
    core = parts(REPORT)["docProps/core.xml"].decode()
    assert "<cp:contentStatus>Draft</cp:contentStatus>" in core
    assert "<dc:title>Response to neoadjuvant therapy</dc:title>" in core
    assert "<dc:language>en</dc:language>" in core
    assert "created" not in core
    assert "creator" not in core
    assert b"python-docx" not in b"".join(parts(REPORT).values())


def test_the_package_is_small() -> None:
    assert len(REPORT) < 20_000


def test_fonts_and_sizes() -> None:
    document = opened(REPORT)
    fonts = document.styles.element.xpath("w:docDefaults//w:rFonts")[0]
    assert {fonts.get(qn(f"w:{kind}")) for kind in ("ascii", "hAnsi", "cs")} == {"Calibri"}
    assert fonts.get(qn("w:eastAsia"))
    assert not document.styles.element.xpath("//@w:asciiTheme | //@w:eastAsiaTheme")
    sizes = {"Normal": 10.5, "Table Text": 9.5, "Heading 1": 17, "Heading 2": 12}
    assert {name: document.styles[name].font.size for name in sizes} == {name: Pt(size) for name, size in sizes.items()}
    section = document.styles["Heading 2"].paragraph_format
    assert (section.space_before, section.space_after) == (Pt(12), Pt(4))


def test_headings_and_lines_above_tables_stay_with_what_follows() -> None:
    document = opened(REPORT)
    for name in ("Heading 1", "Heading 2", "Heading 3", "Table Intro"):
        assert document.styles[name].paragraph_format.keep_with_next, name
    assert [p.style.name for p in document.paragraphs if p.style is not None][:2] == ["Draft Notice", "Heading 1"]


def test_the_notice_is_a_box_with_a_thick_bar() -> None:
    style = opened(REPORT).styles["Draft Notice"].element
    assert int(style.xpath("string(w:pPr/w:pBdr/w:left/@w:sz)")) >= 24
    assert style.xpath("string(w:pPr/w:shd/@w:fill)") not in {"", "auto", "FFFFFF"}
    shown = blocks(REPORT)[0]
    assert isinstance(shown, Seen)
    assert shown.text == "DRAFT - not for clinical use until reviewed and signed by a radiologist"


def test_points_of_a_note_stay_in_the_box() -> None:
    note = Notice(kind=NoticeKind.NOTE, content=plain("n"), items=(plain("a"), plain("b")))
    paragraphs = [p for p in opened(as_word(note)).paragraphs if p.style is not None and p.style.name == "Note"]
    assert [p.text for p in paragraphs] == ["n", "\u2022\ta", "\u2022\tb"]
    assert all(p.paragraph_format.left_indent is None for p in paragraphs)
    assert [p.paragraph_format.keep_with_next for p in paragraphs] == [True, True, None]


def tables(docx: bytes) -> list[DocxTable]:
    return list(opened(docx).tables)


def test_tables_repeat_their_head_and_do_not_split_rows() -> None:
    assert len(tables(REPORT)) == 3
    for each in tables(REPORT):
        assert [bool(row._tr.xpath("w:trPr/w:tblHeader")) for row in each.rows] == [True] + [False] * (
            len(each.rows) - 1
        )
        assert all(row._tr.xpath("w:trPr/w:cantSplit") for row in each.rows)
        assert each.style is not None
        assert each.style.name == "Report Table"


def test_tables_have_horizontal_rules_only_and_a_tinted_head() -> None:
    style = opened(REPORT).styles["Report Table"].element
    rules = {etree.QName(rule).localname for rule in style.xpath("w:tblPr/w:tblBorders/*")}
    assert rules == {"top", "bottom", "insideH"}
    assert style.xpath("string(w:tblStylePr[@w:type='firstRow']/w:tcPr/w:shd/@w:fill)") not in {"", "auto", "FFFFFF"}
    assert opened(REPORT).styles["Table Header"].font.bold
    assert all(look.get(qn("w:firstRow")) == "1" for look in body(REPORT).xpath("//w:tblLook"))


def test_a_short_table_stays_on_one_page_and_a_long_one_may_break() -> None:
    short, long = tables(as_word(table("a|b", *["x|y"] * 3), table("a|b", *["x|y"] * 30)))
    keep = [bool(row.cells[0]._tc.xpath("w:p/w:pPr/w:keepNext")) for row in short.rows]
    assert keep == [True, True, True, False]
    assert [bool(row._tr.xpath(".//w:keepNext")) for row in long.rows] == [True] + [False] * 30


def test_columns_have_fixed_widths_that_fill_the_page() -> None:
    section = opened(REPORT).sections[0]
    assert section.page_width
    assert section.left_margin
    assert section.right_margin
    room = round((section.page_width - section.left_margin - section.right_margin) / Twips(1))
    for each in body(REPORT).xpath("//w:tbl"):
        assert each.xpath("string(w:tblPr/w:tblLayout/@w:type)") == "fixed"
        grid = [int(width) for width in each.xpath("w:tblGrid/w:gridCol/@w:w")]
        assert sum(grid) == room
        for row in each.xpath("w:tr"):
            assert [int(width) for width in row.xpath("w:tc/w:tcPr/w:tcW/@w:w")] == grid
        for width, cells in zip(
            grid, zip(*(row.xpath("w:tc") for row in each.xpath("w:tr")), strict=True), strict=True
        ):
            for words in ("".join(cell.xpath(".//w:t/text()")).split(" ") for cell in cells):
                assert all(text_twips(word, 9.5) + 170 <= width for word in words)


def test_numbers_stand_right() -> None:
    columns = (Column(name="a", header="A"), Column(name="b", header="B", align=Align.RIGHT))
    (each,) = tables(as_word(Table(columns=columns, rows=((plain("x"), plain("1")),))))
    assert [cell.paragraphs[0].alignment for row in each.rows for cell in row.cells] == [
        None,
        WD_ALIGN_PARAGRAPH.RIGHT,
    ] * 2


def test_a_sum_is_bold() -> None:
    columns = (Column(name="a", header="A"),)
    (each,) = tables(as_word(Table(columns=columns, rows=((plain("x"),), (plain("y", emphasis=True),)), total=True)))
    bold = [each.rows[row].cells[0].paragraphs[0].runs[0].bold for row in (1, 2)]
    assert bold == [None, True]
    assert each.rows[2].cells[0].paragraphs[0].runs[0].italic


def test_two_tables_in_a_row_do_not_merge() -> None:
    both = as_word(table("a", "x"), table("b", "y"))
    assert len(tables(both)) == 2
    tags = [etree.QName(element).localname for element in body(both)]
    assert tags == ["tbl", "p", "tbl", "p", "sectPr"]


def test_each_numbered_list_begins_with_1() -> None:
    shown = blocks(as_word(ordered("a", "b"), paragraph("x"), ordered("c")))
    assert [seen.label for seen in shown if isinstance(seen, Seen)] == ["1.", "2.", "", "1."]
    numbers = set(body(as_word(ordered("a"), ordered("b"))).xpath("//w:numId/@w:val"))
    numbering = etree.fromstring(parts(as_word(ordered("a")))["word/numbering.xml"])
    starts = {
        num.get(qn("w:numId")): num.findtext(f".//{qn('w:startOverride')}", "") is not None
        for num in numbering.iter(qn("w:num"))
        if num.find(f".//{qn('w:startOverride')}") is not None
    }
    assert numbers <= set(starts)


def test_more_numbered_lists_than_there_are_is_refused_in_words() -> None:
    assert as_word(*[ordered("a")] * NUMBERED_LISTS)
    with pytest.raises(SetupError, match=f"at most {NUMBERED_LISTS} numbered lists"):
        as_word(*[ordered("a")] * (NUMBERED_LISTS + 1))


def test_word_opens_it_in_its_present_mode() -> None:
    settings = etree.fromstring(parts(REPORT)["word/settings.xml"])
    (mode,) = settings.iter(qn("w:compatSetting"))
    assert (mode.get(qn("w:name")), mode.get(W)) == ("compatibilityMode", "15")


def test_numbers_keep_their_unit_and_have_a_real_minus() -> None:
    shown = blocks(as_word(paragraph("58 x 46 mm, -100 %")))[0]
    assert isinstance(shown, Seen)
    assert shown.text == "58\u00a0x\u00a046\u00a0mm, \u2212100\u00a0%"


def test_a_house_is_compiled_once_and_gives_the_same_bytes_again() -> None:
    again = word.__wrapped__(HOUSE.read_bytes())
    assert again.export(NO_REPORT, COMPLETE_RESPONSE) == REPORT


@pytest.mark.parametrize(
    ("columns", "room"),
    [
        pytest.param([["a", "a"], ["b"]], 1000, id="room to spare"),
        pytest.param([["word " * 50], ["x"]], 4000, id="one wraps"),
        pytest.param([["w" * 200], ["x" * 200]], 4000, id="no room even for the words"),
        pytest.param([["", ""], [""]], 500, id="nothing"),
        pytest.param([["山" * 100], ["e\u0301"]], 3000, id="wide letters"),
    ],
)
def test_widths_fill_the_room(columns: list[list[str]], room: int) -> None:
    found = column_widths(columns, 9.5, room, 170)
    assert sum(found) == room
    assert all(width > 0 for width in found)


def test_no_column_is_narrower_than_its_longest_word_while_there_is_room() -> None:
    long = "Otorhinolaryngology"
    found = column_widths([["word " * 100], [long], ["x"]], 9.5, 9000, 170)
    assert found[1] >= text_twips(long, 9.5) + 170


def test_a_day_stays_on_its_line() -> None:
    """Word would end a line at each of its hyphens; to a reader they stay hyphens, and other hyphens may end one."""
    said = "Seen 2026-07-15, 2026-01-08 (level I-II, SYN-2026-07-15-1, <2026-04-20)"
    made = as_word(paragraph(said))
    (shown,) = blocks(made)
    assert isinstance(shown, Seen)
    assert shown.text == said
    xml = parts(made)["word/document.xml"].decode()
    assert xml.count("<w:noBreakHyphen/>") == 6
    assert "I-II, SYN-2026-07-15-1, &lt;" in xml
