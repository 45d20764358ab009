"""Markdown to blocks, and values that stay values in every place of a template."""

from typing import Final

import pytest
from hypothesis import example, given
from markdown_it.token import Token

from reporter.draft.environment import Placeable
from reporter.draft.inert import clean
from reporter.draft.interface import (
    Align,
    Block,
    Column,
    Figure,
    Heading,
    Inlines,
    LineBreak,
    List,
    Notice,
    NoticeKind,
    Paragraph,
    Table,
    Text,
    plain,
    words,
)
from reporter.draft.markup import _Reading
from reporter.draft.tables import Rows
from reporter.errors import SetupError
from tests.draft.rendering import everywhere, rendered
from tests.draft.strategies import AWKWARD, values


@pytest.mark.parametrize(
    ("markdown", "block"),
    [
        ("# Title", Heading(level=1, content=plain("Title"))),
        ("### Part ###", Heading(level=3, content=plain("Part"))),
        ("one\ntwo", Paragraph(plain("one two"))),
        ("one  \ntwo", Paragraph((Text("one"), LineBreak(), Text("two")))),
        ("one\\\ntwo", Paragraph((Text("one"), LineBreak(), Text("two")))),
        (
            "a **b** *c* ***d***",
            Paragraph((
                Text("a "),
                Text("b", strong=True),
                Text(" "),
                Text("c", emphasis=True),
                Text(" "),
                Text("d", strong=True, emphasis=True),
            )),
        ),
        (r"\*a\* 1\. \|", Paragraph(plain("*a* 1. |"))),
        ("<b> &amp; `x` [a](b) http://a.b", Paragraph(plain("<b> &amp; `x` [a](b) http://a.b"))),
        ("    four blanks", Paragraph(plain("four blanks"))),
        ("---", Paragraph(plain("---"))),
        ("a\n===", Paragraph(plain("a ==="))),
        ("- a\n- b\n", List(ordered=False, items=(plain("a"), plain("b")))),
        ("1. a\n2. b\n", List(ordered=True, items=(plain("a"), plain("b")))),
        ("1. a\n1. b\n", List(ordered=True, items=(plain("a"), plain("b")))),
        ("- a\n\n  b\n- c", List(ordered=False, items=(plain("a\nb"), plain("c")))),
        ("> note\n> more\n>\n> again", Notice(kind=NoticeKind.NOTE, content=plain("note more\nagain"))),
        ("> note\n> - a\n> - b", Notice(kind=NoticeKind.NOTE, content=plain("note"), items=(plain("a"), plain("b")))),
        (
            "| a | b |\n|---|--:|\n| 1 | **2** |",
            Table(
                columns=(Column(name="", header="a"), Column(name="", header="b", align=Align.RIGHT)),
                rows=((plain("1"), plain("2", strong=True)),),
            ),
        ),
        ("| a |\n|:-:|\n", Table(columns=(Column(name="", header="a"),), rows=())),
    ],
)
def test_a_block(markdown: str, block: Block) -> None:
    assert rendered(markdown) == (block,)


@pytest.mark.parametrize(
    ("markdown", "rule", "line"),
    [
        ("a\n\n#### deep", "headings of 3 levels", "line 3 of the rendered text"),
        ("2. b", "begins with 1", "line 1 of the rendered text"),
        ("- a\n  - b", "a list item holds text only", "line 2 of the rendered text"),
        ("- a\n\n  > b", "a list item holds text only", "line 3 of the rendered text"),
        ("> # a", "a note holds text", "line 1 of the rendered text"),
        ("> - a\n> - b\n>\n> c", "a note holds text", "line 4 of the rendered text"),
    ],
)
def test_markdown_that_a_report_cannot_hold(markdown: str, rule: str, line: str) -> None:
    with pytest.raises(SetupError, match=rule) as refused:
        rendered(markdown)
    assert (refused.value.code, refused.value.field) == ("TPL_MARKUP", line)


def test_a_placed_part_stands_between_paragraphs_wherever_it_is_named() -> None:
    part = (Paragraph(plain("x")), Paragraph(plain("y")))
    made = rendered("before {{ part }}{{ part }} after\n{{ part }}", {"part": Placeable(part)})
    assert made == (Paragraph(plain("before")), *part, *part, Paragraph(plain("after")), *part)


def test_a_template_cannot_forge_a_token() -> None:
    fields = {"part": Placeable((Paragraph(plain("secret")),)), "rows": ROWS}
    assert words(contents(rendered("\ufdd20\ufdd3", fields))[0]) == "\ufffd0\ufffd"
    assert words(contents(rendered("{{ '\ufdd20\ufdd3' }}", fields))[0]) == "\ufffd0\ufffd"
    assert (
        words(contents(rendered("{% set t = rows | table %}{{ t[2:3] }}7{{ t[-3:-2] }}", fields))[0]) == "\ufffd7\ufffd"
    )


def shape(blocks: tuple[Block, ...]) -> list[object]:
    """What kinds of blocks there are, and how many items or cells each has."""
    shapes: list[object] = []
    for block in blocks:
        match block:
            case Heading():
                shapes.append(block.level)
            case List():
                shapes.append((block.ordered, len(block.items)))
            case Table():
                shapes.append((len(block.columns), [len(row) for row in block.rows]))
            case Notice():
                shapes.append(("note", len(block.items)))
            case Paragraph() | Figure():
                shapes.append("p")
    return shapes


def contents(blocks: tuple[Block, ...]) -> list[Inlines]:
    """Every run of text of the blocks, in order."""
    found: list[Inlines] = []
    for block in blocks:
        match block:
            case Heading() | Paragraph():
                found.append(block.content)
            case Figure():
                found.append(block.caption)
            case List():
                found += block.items
            case Notice():
                found += [block.content, *block.items]
            case Table():
                found += [plain(column.header) for column in block.columns]
                found += [cell for row in block.rows for cell in row]
    return found


ROWS: Final = Rows(columns=(Column(name="a", header="A"),), rows=())
REFERENCE: Final = everywhere("VALUE")


@pytest.mark.property
@given(values.filter(clean))
@example("<5 mm")
@example("は")
def test_any_value_in_any_place_is_printed_and_changes_nothing_else(value: str) -> None:
    made = everywhere(value)
    assert shape(made) == shape(REFERENCE)
    expected = [words(content).replace("VALUE", clean(value)) for content in contents(REFERENCE)]
    assert [words(content) for content in contents(made)] == expected


@pytest.mark.parametrize("value", AWKWARD)
def test_every_awkward_value_in_every_place(value: str) -> None:
    made = everywhere(value)
    expected = [words(content).replace("VALUE", clean(value)) for content in contents(REFERENCE)]
    if clean(value):
        assert shape(made) == shape(REFERENCE)
        assert [words(content) for content in contents(made)] == expected
    else:  # a paragraph of nothing but an empty value is left out
        assert [words(content) for content in contents(made) if content] == [line for line in expected if line]


def test_styles_of_the_template_hold_whatever_the_value() -> None:
    (paragraph,) = rendered("は**{{ v }}**は *{{ v }}*", {"v": " * "})
    assert paragraph == Paragraph((Text("は"), Text(" * ", strong=True), Text("は "), Text(" * ", emphasis=True)))


def test_no_text_holds_a_newline_or_a_stand_in() -> None:
    for content in contents(everywhere("a\nb\ufdd0")):
        for part in content:
            if isinstance(part, Text):
                assert "\n" not in part.text
                assert not any("\ufdd0" <= letter <= "\ufdef" for letter in part.text)
    assert any(isinstance(part, LineBreak) for content in contents(everywhere("a\nb")) for part in content)


def test_what_no_report_holds_is_refused() -> None:
    with pytest.raises(SetupError, match="hr cannot stand in a report"):
        tuple(_Reading([Token("hr", "hr", 0)], (), "set").blocks())
