"""Every shipped template set tells every story in every format alike: the same words and the same numbers.

Text, Word and HTML are held against each other for every set and story.  What takes longer has its share in each run:
as PDF the sample stories by every set, and each told story by one of the sets; before the Open XML validator the same
sample stories, and the told ones twenty to a document.  `make fuzz` prints and validates each story by each set.
"""

import os
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest
from lxml import html

from reporter.draft.interface import Block, Draft, Figure, List, Notice, Report, Table
from reporter.draft.interface import words as words_of
from reporter.errors import SetupError
from reporter.exporters.interface import Look, Prepared
from reporter.exporters.printed import PdfExporter
from reporter.pipeline import Kit, prepare, report_on
from reporter.preview import stories
from reporter.settings import Settings
from tests.exporters import web_reading, word_reading
from tests.exporters.exporting import as_text, parts_text
from tests.exporters.test_parity import contents, seen_squeezed, squeezed, text_squeezed
from tests.exporters.word_reading import Seen, SeenTable
from tests.gates import pdf_text, run, word_faults
from tests.stories.test_sets import report as report_of_told
from tests.stories.told_story import TOLD, Told
from tests.template_sets import SHIPPED

pytestmark = pytest.mark.long

SAMPLES: Final = sorted(stories())
STORIES: Final[Mapping[str, Told | None]] = {**dict.fromkeys(SAMPLES), **{story.name: story for story in TOLD}}
"""Sample stories, then those that are told by a table and facts alone."""
TOGETHER: Final = 20
"""How many stories a document for the validator holds; a house has numbered lists for so many."""
ALL: Final = [(name, story) for name in SHIPPED for story in STORIES]
ONE_BY_ONE: Final = [
    (name, story)
    for place, name in enumerate(SHIPPED)
    for number, story in enumerate(STORIES)
    if story in SAMPLES or (number + place) % len(SHIPPED) == 0
]
"""What is printed in every run: sample stories by every set, each other story by one."""
TOOLS: Final = ALL if "REPORTER_FUZZ" in os.environ else ONE_BY_ONE

samples = pytest.mark.parametrize("story", SAMPLES)
of_every_set = pytest.mark.parametrize("name", SHIPPED)


@cache
def kit(name: str) -> Kit:
    return prepare(Settings(), template=name, formats=("docx", "html", "txt"))


@cache
def told(name: str, story: str) -> tuple[Report, Draft]:
    told_story = STORIES[story]
    report = report_on(stories()[story], (), kit(name)) if told_story is None else report_of_told(told_story)
    return report, kit(name).writer.draft(report)


@pytest.fixture(scope="module")
def pdf() -> Prepared:
    try:
        return PdfExporter().prepare(Look(name="set"))
    except SetupError as missing:
        pytest.skip(str(missing))


def without_figures(blocks: tuple[Block, ...]) -> list[Block]:
    return [block for block in blocks if not isinstance(block, Figure)]


def pieces(block: Block) -> int:
    """How many paragraphs and tables of a page a block is; a drawing is none."""
    match block:
        case List():
            return len(block.items)
        case Notice():
            return 1 + len(block.items)
        case Table():
            return 1 + bool(block.intro)
        case Figure():
            return bool(block.caption) + bool(block.key) + len(block.remarks)
        case _:
            return 1


def page_by_blocks(page: Sequence[Seen | SeenTable], blocks: Sequence[Block]) -> list[str]:
    """The words of a page, for each block of the draft."""
    said = [seen_squeezed(seen) for seen in page]
    said = [words for words in said if words]
    ends = [sum(map(pieces, blocks[:number])) for number in range(len(blocks) + 1)]
    assert len(said) == ends[-1]
    return ["".join(said[begin:end]) for begin, end in pairwise(ends)]


def without_bars(text: str) -> str:
    """The letters of a text in their order; the bar before each line of a note is a drawing."""
    return squeezed("\n".join(line.removeprefix("| ") for line in text.splitlines()))


@pytest.mark.parametrize(("name", "story"), ALL)
def test_text_word_and_html_say_the_same_block_by_block(name: str, story: str) -> None:
    report, draft = told(name, story)
    made = {suffix: exporter.export(report, draft) for suffix, exporter in kit(name).formats.items()}
    page = page_by_blocks(word_reading.blocks(made[".docx"]), draft.blocks)
    assert page_by_blocks(web_reading.blocks(made[".html"]), draft.blocks) == page
    alone = [as_text(block) for block in draft.blocks]
    for block, words, text in zip(draft.blocks, page, alone, strict=True):
        assert all(squeezed(words_of(content)).upper() in words.upper() for content in contents(block))
        if isinstance(block, Table):  # cells that wrap stand beside each other in the text
            assert sorted(text_squeezed(block, text)) == sorted(words)
        elif not (isinstance(block, Figure) and not text.strip()):  # the report says beside it what it shows
            assert text_squeezed(block, text) == words
    assert without_bars(made[".txt"].decode()) == "".join(map(without_bars, alone))


@pytest.mark.parametrize(("name", "story"), ALL)
def test_head_and_foot_of_word_and_html_say_the_same(name: str, story: str) -> None:
    report, draft = told(name, story)
    head, foot = parts_text(kit(name).formats[".docx"].export(report, draft), "word/header1.xml", "word/footer1.xml")
    page = html.document_fromstring(kit(name).formats[".html"].export(report, draft))
    web_head, web_foot = (web_reading.words(next(page.iter(tag))) for tag in ("header", "footer"))
    assert squeezed(web_head) == squeezed(head)
    assert squeezed(foot).startswith(squeezed(web_foot))


def letters(text: str) -> Counter[str]:
    """What is printed, whatever the order of cells, the letters of headings, and the form of bullets."""
    text = text.replace("\u2212", "-").replace("\u2192", "->").replace("\u2022", "-").replace("\u25aa", "-")
    return Counter("".join(text.replace("|", "").upper().split()))


@pytest.mark.tools
@pytest.mark.parametrize(("name", "story"), TOOLS)
def test_the_pdf_has_every_letter_and_number_of_the_text(name: str, story: str, pdf: Prepared, tmp_path: Path) -> None:
    report, draft = told(name, story)
    drawn = Draft(page=draft.page, blocks=tuple(without_figures(draft.blocks)))
    file = tmp_path / "draft.pdf"
    file.write_bytes(pdf.export(report, drawn))
    pages = pdf_text(file).split("\f")[:-1]
    page = draft.page
    around = [page.department, page.institution, page.patient_name, page.patient_line, page.date, page.footer]
    around += ["·", page.patient_name, "·", page.patient_id]
    numbers = "".join(f"{number}/{len(pages)}" for number in range(1, len(pages) + 1))
    expected = letters(as_text(*drawn.blocks) + "".join(around) * len(pages) + numbers)
    found = letters("".join(pages))
    assert expected - found == Counter()
    heads = "".join(c.header for block in drawn.blocks if isinstance(block, Table) for c in block.columns)
    assert found - expected <= letters(heads * (len(pages) - 1))  # a table that goes on has its heads again


@pytest.mark.tools
@pytest.mark.parametrize(("name", "story"), TOOLS if TOOLS is ALL else [(n, s) for n in SHIPPED for s in SAMPLES])
def test_the_word_document_is_valid(name: str, story: str, tmp_path: Path) -> None:
    report, draft = told(name, story)
    file = tmp_path / "draft.docx"
    file.write_bytes(kit(name).formats[".docx"].export(report, draft))
    assert word_faults(file) == []


@pytest.mark.tools
@of_every_set
@pytest.mark.parametrize("first", range(0, len(TOLD), TOGETHER))
def test_told_stories_together_are_a_valid_word_document(name: str, first: int, tmp_path: Path) -> None:
    drafts = [told(name, story.name) for story in TOLD[first : first + TOGETHER]]
    report, draft = drafts[0]
    blocks = tuple(block for _, one in drafts for block in one.blocks)
    file = tmp_path / "drafts.docx"
    file.write_bytes(kit(name).formats[".docx"].export(report, Draft(page=draft.page, blocks=blocks)))
    assert word_faults(file) == []


@pytest.mark.services
@samples
def test_what_a_meeting_asks_for_stands_on_the_first_page(
    story: str, as_pdf: Callable[[Path], Path], tmp_path: Path
) -> None:
    """Laid out with letters as wide as those of Word; what else was found and the basis may follow on the second."""
    if "Carlito" not in run("fc-list").stdout:
        pytest.skip("the font Carlito is not installed")
    report, draft = told("tumor-board", story)
    file = tmp_path / "draft.docx"
    file.write_bytes(kit("tumor-board").formats[".docx"].export(report, draft))
    first, *more = pdf_text(as_pdf(file)).rstrip("\f").split("\f")
    for heading in ("Impression", "Sites and trend", "Questions", "Options", "Escalation", "Open", "Other findings"):
        assert re.search(rf"^ *{heading}$", first, re.MULTILINE), heading
    assert len(more) <= 1
