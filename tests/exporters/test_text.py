"""The layout of the text, as it is pasted into a RIS."""

from pathlib import Path

import pytest

from reporter.draft.interface import Align, Column, Heading, List, Notice, NoticeKind, Paragraph, Table, plain
from reporter.exporters.text import WIDTH
from reporter.exporters.wrapping import width
from tests.exporters.exporting import as_text
from tests.exporters.model_report import COMPLETE_RESPONSE, bullets, heading, notice, ordered, paragraph, table

MODEL = Path(__file__).with_name("model_report.txt")


def test_the_model_report_is_laid_out_as_reviewed() -> None:
    assert as_text(*COMPLETE_RESPONSE.blocks) == MODEL.read_text(encoding="utf-8")


def test_lines_end_with_lf_have_no_blanks_at_their_end_and_are_not_too_long() -> None:
    text = as_text(*COMPLETE_RESPONSE.blocks)
    assert "\r" not in text
    assert text.endswith(".\n")
    for line in text.splitlines():
        assert line == line.rstrip()
        assert width(line) <= WIDTH


def test_the_notice_comes_first_and_in_capitals() -> None:
    first = as_text(*COMPLETE_RESPONSE.blocks).splitlines()[0]
    assert first == "DRAFT - NOT FOR CLINICAL USE UNTIL REVIEWED AND SIGNED BY A RADIOLOGIST"


LONG = "word " * 30


@pytest.mark.parametrize(
    ("blocks", "text"),
    [
        pytest.param(
            (heading("Axilla"), paragraph("Normal.\nStill.")),
            "AXILLA      Normal.\n            Still.\n",
            id="short section beside its heading",
        ),
        pytest.param(
            (heading("Clinical information"), paragraph("x")), "CLINICAL INFORMATION\nx\n", id="long heading above"
        ),
        pytest.param(
            (heading("Findings"), paragraph("x"), bullets("y")), "FINDINGS\nx\n- y\n", id="section of more than text"
        ),
        pytest.param(
            (heading("Open"), paragraph("a"), paragraph("b")),
            "OPEN        a\n            b\n",
            id="two paragraphs beside",
        ),
        pytest.param(
            (heading("A"), paragraph("a"), heading("B"), paragraph("b")),
            "A           a\nB           b\n",
            id="short sections close together",
        ),
        pytest.param(
            (heading("T", 1), heading("B"), bullets("b"), heading("C"), bullets("c")),
            "T\n\nB\n- b\n\nC\n- c\n",
            id="a blank line above a section",
        ),
        pytest.param((heading("Empty"),), "EMPTY\n", id="section without text"),
        pytest.param(
            (heading("F"), heading("p", 3), paragraph("x"), heading("q", 3), paragraph("y")),
            "F\np\nx\n\nq\ny\n",
            id="parts of a section",
        ),
        pytest.param((heading("S 5 mm", 3),), "S 5 mm\n", id="the heading of a part keeps its case"),
        pytest.param((bullets("a\nb"),), "- a\n  b\n", id="items hang"),
        pytest.param((notice("x"), heading("T", 1)), "X\nT\n", id="title right below the notice"),
        pytest.param(
            (Notice(kind=NoticeKind.NOTE, content=plain("n"), items=(plain("a\nb"),)),),
            "| n\n| - a\n|   b\n",
            id="note",
        ),
        pytest.param(
            (Table(columns=(Column(name="", header="A"),), rows=(), intro=plain("i")),),
            "i\n  A\n",
            id="table without rows",
        ),
        pytest.param((), "\n", id="nothing"),
    ],
)
def test_a_layout(blocks: tuple[Heading | Paragraph | List | Notice | Table, ...], text: str) -> None:
    assert as_text(*blocks) == text


def test_numbers_of_two_digits_hang_too() -> None:
    lines = as_text(ordered(*["x"] * 9, LONG)).splitlines()
    assert lines[8] == "9. x"
    assert lines[9].startswith("10. word")
    assert lines[10].startswith("    word")


def test_columns_are_aligned_also_with_wide_characters() -> None:
    columns = (
        Column(name="", header="名"),
        Column(name="", header="Now", align=Align.RIGHT),
        Column(name="", header="x"),
    )
    rows = ((plain("山田"), plain("9 mm"), plain("y")), (plain("ab"), plain("10.5 mm"), plain("z")))
    assert as_text(Table(columns=columns, rows=rows)) == (
        "  名         Now   x\n"
        "  山田      9 mm   y\n"
        "  ab     10.5 mm   z\n"
    )  # fmt: skip


def test_a_wide_table_wraps_in_its_cells_and_keeps_words_whole() -> None:
    text = as_text(table("Lesion|What|Why", f"L1|{LONG}|{LONG}", f"extraordinarily-long-name|a|{LONG}"))
    lines = text.splitlines()
    assert all(width(line) <= WIDTH for line in lines)
    assert "extraordinarily-long-name" in text
    assert text.count("word") == 90
    assert {line[:2] for line in lines} == {"  "}


def test_a_crowded_table_breaks_sizes_before_it_breaks_the_page() -> None:
    sizes = "|".join(["32 x 30 x 28 mm"] * 4)
    text = as_text(table("Lesion|Where|2026-01-12|2026-03-09|2026-05-18|2026-07-27", f"T1|right, 10 o'clock|{sizes}"))
    assert all(width(line) <= WIDTH for line in text.splitlines())
    assert "28 mm" in text
