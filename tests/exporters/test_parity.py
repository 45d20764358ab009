"""Text, Word and HTML say the same, block by block, whatever the values."""

from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reporter.draft.inert import clean
from reporter.draft.interface import (
    Align,
    Block,
    Column,
    Draft,
    Figure,
    Heading,
    Inlines,
    List,
    Notice,
    NoticeKind,
    Page,
    Paragraph,
    Table,
    Text,
    plain,
    words,
)
from tests.draft.rendering import everywhere
from tests.draft.strategies import AWKWARD, values
from tests.exporters import web_reading
from tests.exporters.exporting import as_text, as_web, as_word, parts_text
from tests.exporters.model_report import COMPLETE_RESPONSE
from tests.exporters.word_reading import Seen, SeenTable, blocks

POSITIONS: dict[str, Callable[[str], Block]] = {
    "title": lambda v: Heading(level=1, content=plain(v)),
    "section": lambda v: Heading(level=2, content=plain(v)),
    "part": lambda v: Heading(level=3, content=plain(v)),
    "paragraph": lambda v: Paragraph(plain(v)),
    "strong and emphasis": lambda v: Paragraph((Text("a "), *plain(v, strong=True), *plain(v, emphasis=True))),
    "numbered item": lambda v: List(ordered=True, items=(plain(v), plain(f"second {v}"))),
    "bulleted item": lambda v: List(ordered=False, items=(plain(v), plain(f"second {v}"))),
    "draft notice": lambda v: Notice(kind=NoticeKind.DRAFT, content=plain(v)),
    "note": lambda v: Notice(kind=NoticeKind.NOTE, content=plain(v), items=(plain(v), plain("b"))),
    "cell": lambda v: table((v, "x"), (f"{v} y", v)),
    "head of a column": lambda v: Table(columns=(Column(name="a", header=v),), rows=((plain("x"),),)),
    "line above a table": lambda v: Table(columns=(Column(name="a", header="A"),), rows=(), intro=plain(v)),
}


def table(*rows: tuple[str, ...]) -> Table:
    columns = (Column(name="a", header="A"), Column(name="b", header="B", align=Align.RIGHT))
    return Table(columns=columns, rows=tuple(tuple(plain(cell) for cell in row) for row in rows))


def squeezed(text: str) -> str:
    """Without blanks and line ends; a minus is a hyphen, an arrow `->`.

    A line of text may end inside a word of wide characters, so blanks do not count.
    """
    return "".join(text.replace("\u2212", "-").replace("\u2192", "->").split())


def seen_squeezed(seen: Seen | SeenTable) -> str:
    if isinstance(seen, SeenTable):
        return squeezed("".join("".join(row) for row in seen.rows))
    text = squeezed(seen.label + seen.text).replace("\u2022", "-")
    return text.upper() if seen.style in {"Heading 1", "Heading 2", "Draft Notice"} else text


def text_squeezed(block: Block, text: str) -> str:
    """The letters of a block in the text; a note has a bar before each line."""
    if isinstance(block, Notice) and block.kind is NoticeKind.NOTE:
        lines = text.splitlines()
        assert all(line.startswith("|") for line in lines)
        text = "\n".join(line[1:] for line in lines)
    return squeezed(text)


def assert_the_same(block: Block) -> None:
    text = text_squeezed(block, as_text(block))
    page = "".join(seen_squeezed(seen) for seen in blocks(as_word(block)))
    if isinstance(block, Table):  # cells that wrap stand beside each other in the text
        assert sorted(text) == sorted(page)
    else:
        assert text == page
    assert "".join(seen_squeezed(seen) for seen in web_reading.blocks(as_web(block))) == page


@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("value", AWKWARD)
def test_every_awkward_value_in_every_position(position: str, value: str) -> None:
    assert_the_same(POSITIONS[position](value))


@pytest.mark.property
@settings(deadline=None, max_examples=200)
@given(st.sampled_from(sorted(POSITIONS)), values)
@example("cell", "x " * 200)
@example("cell", "山" * 200)
@example("paragraph", "は" * 200)
def test_any_value_in_any_position(position: str, value: str) -> None:
    assert_the_same(POSITIONS[position](value))


@pytest.mark.property
@settings(deadline=None, max_examples=100)
@given(values)
def test_any_value_is_in_both_and_its_neighbours_are_unchanged(value: str) -> None:
    drafted = (Paragraph(plain("before")), Paragraph(plain(value)), Paragraph(plain("after")))
    before, *between, after = blocks(as_word(*drafted))
    assert isinstance(before, Seen)
    assert isinstance(after, Seen)
    assert (before.text, after.text) == ("before", "after")
    assert [seen_squeezed(seen) for seen in between] == [squeezed(clean(value))]
    assert squeezed(as_text(*drafted)) == f"before{squeezed(clean(value))}after"


@pytest.mark.parametrize("value", AWKWARD)
def test_every_awkward_value_in_header_and_footer(value: str) -> None:
    page = Page(title=value, patient_name=value, patient_id=value, patient_line=value, institution=value, date=value)
    header, footer = parts_text(as_word(page=page), "word/header1.xml", "word/footer1.xml")
    one_line = clean(value).replace("\n", " ")
    assert header == f"Breast Imaging{one_line * 4}"
    assert footer == " · ".join(filter(None, ("DRAFT, not verified", one_line, one_line))) + "Page 1 of 1"


def contents(block: Block) -> list[Inlines]:
    match block:
        case Heading() | Paragraph():
            return [block.content]
        case List():
            return list(block.items)
        case Notice():
            return [block.content, *block.items]
        case Table():
            heads = [plain(column.header) for column in block.columns]
            return [*([block.intro] if block.intro else []), *heads, *(cell for row in block.rows for cell in row)]
        case Figure():  # its drawing is held against its words in test_figures
            return [block.caption, *block.remarks]


def test_the_model_report_says_the_same_in_both_and_all_of_it() -> None:
    for block in COMPLETE_RESPONSE.blocks:
        assert_the_same(block)
        page = squeezed("".join(seen_squeezed(seen) for seen in blocks(as_word(block)))).upper()
        for content in contents(block):
            assert squeezed(words(content)).upper() in page


def test_blocks_come_in_one_order() -> None:
    drafted: Draft = COMPLETE_RESPONSE
    together = [seen_squeezed(seen) for seen in blocks(as_word(*drafted.blocks))]
    alone = [seen_squeezed(seen) for block in drafted.blocks for seen in blocks(as_word(block))]
    assert together == alone
    assert [seen_squeezed(seen) for seen in web_reading.blocks(as_web(*drafted.blocks))] == together
    text = as_text(*drafted.blocks).replace("\n| ", "\n")
    at = 0
    for block in drafted.blocks:
        first = squeezed(as_text(block).replace("| ", "").splitlines()[0])
        found = squeezed(text).find(first, at)
        assert found >= at, first
        at = found


@pytest.mark.parametrize("value", AWKWARD)
def test_a_template_with_the_value_in_every_place_gives_the_same_in_both(value: str) -> None:
    made = everywhere(value)
    for block in made:
        assert_the_same(block)
    page = [seen_squeezed(seen) for seen in blocks(as_word(*made))]
    assert page == [seen_squeezed(seen) for block in made for seen in blocks(as_word(block))]
    assert all(squeezed(clean(value)).upper() in part.upper() for part in page[:-1])
    assert page[-1] == "end"
