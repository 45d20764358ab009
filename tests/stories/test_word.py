"""The Word document of every story: valid, and its pages keep the house's rules."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from docx import Document
from docx.document import Document as Doc
from docx.oxml.ns import qn
from docx.table import Table

from reporter.cli.main import main
from tests.gates import pdf_pages, pdf_text, word_faults
from tests.stories.story import STORIES, Story, squeeze

stories = pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)

NOTICE: Final = "DRAFT - not for clinical use until reviewed and signed by a radiologist"
NARROWEST: Final = 100
"""Width in twentieths of a point of the average character at 9.5 pt; a word as wide as its column may need less."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("word")


def docx(story: Story, folder: Path) -> Path:
    path = folder / f"{story.name}.docx"
    if not path.exists():
        files = [str(story.dicom), "-m", str(story.table), "-f", str(story.facts_file)]
        assert main(["draft", *files, "-o", str(path)]) in {0, 3}
    return path


def fonts(document: Doc) -> Iterator[str]:
    """Every font that a style or a run names."""
    for element in [*document.styles.element.iter(qn("w:rFonts")), *document.element.body.iter(qn("w:rFonts"))]:
        yield from (str(value) for name, value in element.items() if name != qn("w:hint"))


@stories
@pytest.mark.tools
def test_it_is_valid(story: Story, folder: Path) -> None:
    assert word_faults(docx(story, folder)) == []


@stories
def test_fonts_are_named_and_none_is_of_a_theme(story: Story, folder: Path) -> None:
    document = Document(str(docx(story, folder)))
    named = set(fonts(document))
    assert "Calibri" in named
    assert not any(name.startswith(("minor", "major")) for name in named)
    sizes = {
        style.name: style.font.size.pt for style in document.styles if getattr(style, "font", None) and style.font.size
    }
    assert (sizes["Normal"], sizes["Heading 1"], sizes["Heading 2"]) == (10.5, 17, 12)


@stories
def test_tables_repeat_their_header_and_keep_their_rows(story: Story, folder: Path) -> None:
    tables = Document(str(docx(story, folder))).tables
    assert tables
    for table in tables:
        header, *rows = table.rows
        assert header._tr.trPr is not None
        assert header._tr.trPr.find(qn("w:tblHeader")) is not None
        for row in (header, *rows):
            assert row._tr.trPr is not None
            assert row._tr.trPr.find(qn("w:cantSplit")) is not None


@stories
def test_tables_have_fixed_widths_that_hold_their_longest_word(story: Story, folder: Path) -> None:
    for table in Document(str(docx(story, folder))).tables:
        layout = table._tbl.tblPr.find(qn("w:tblLayout"))
        assert layout is not None
        assert layout.get(qn("w:type")) == "fixed"
        for width, word in zip(widths(table), longest_words(table), strict=True):
            assert width >= len(word) * NARROWEST * 0.6, word


def widths(table: Table) -> list[int]:
    return [int(column.get(qn("w:w"), "0")) for column in table._tbl.tblGrid.iter(qn("w:gridCol"))]


def longest_words(table: Table) -> list[str]:
    cells = [[cell.text.split() or [""] for cell in row.cells] for row in table.rows]
    return [max((max(row[place], key=len) for row in cells), key=len) for place in range(len(table.columns))]


@stories
def test_the_notice_comes_first_in_its_own_style(story: Story, folder: Path) -> None:
    first = Document(str(docx(story, folder))).paragraphs[0]
    assert (first.text, first.style and first.style.name) == (NOTICE, "Draft Notice")


@stories
@pytest.mark.services
@pytest.mark.tools
def test_every_page_says_draft_patient_and_number(
    story: Story, folder: Path, as_pdf: Callable[[Path], Path], tmp_path: Path
) -> None:
    pdf = as_pdf(docx(story, folder))
    pages = pdf_text(pdf).split("\f")[:-1]
    assert len(pages) == len(pdf_pages(pdf, tmp_path))
    identity = {str(row.get("patient_id")) for row in story.rows} - {"None"}
    for number, page in enumerate(pages, start=1):
        words = squeeze(page)
        assert "DRAFT, not verified" in words
        assert f"Page {number} of {len(pages)}" in words
        assert all(name in words for name in identity)
    assert squeeze(pages[0]).count(NOTICE) == 1
