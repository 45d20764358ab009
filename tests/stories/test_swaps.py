"""Left and right, the sexes and the kinds of therapy exchanged: the same categories and rows, the same words but those.

The stories told whole are read again, mirrored: `left` stands for `right`, and each clock hour for its mirror.
"""

import csv
import io
import json
import re
from functools import cache
from typing import Any, Final

import pytest

from tests.stories.told_story import TOLD, Told, draft, tell

pytestmark = pytest.mark.long

stories = pytest.mark.parametrize("story", TOLD, ids=lambda story: story.name)

WORD_SIDES: Final = {"left": "right", "right": "left", "Left": "Right", "Right": "Left"}
KINDS: Final = ("chemotherapy", "targeted", "immunotherapy", "endocrine")
CAUTIONS: Final = ("Under immunotherapy growth can be transient",)
"""Remarks that speak of one kind of therapy; the category never does (S57)."""


def table_of(story: Told) -> str:
    return (story.folder / "measurements.csv").read_text(encoding="utf-8")


def facts_of(story: Told) -> str:
    return (story.folder / "facts.toml").read_text(encoding="utf-8")


def mirror_words(text: str) -> str:
    """Sides exchanged, clock hours mirrored."""
    turned = re.sub(r"\b(left|right|Left|Right)\b", lambda found: WORD_SIDES[found.group()], text)
    return re.sub(r"\b(\d+)(\s+)o'clock", lambda found: f"{mirrored(found.group(1))}{found.group(2)}o'clock", turned)


def mirrored(hour: str) -> str:
    return str(12 - int(hour) % 12)


def mirror_table(text: str) -> str:
    """The same lesions on the other side."""
    rows = list(csv.DictReader(io.StringIO(text)))
    for row in rows:
        row["side"] = WORD_SIDES[row["side"]]
        if row.get("clock"):
            row["clock"] = mirrored(row["clock"])
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def normal(text: str) -> list[str]:
    """Words without their line breaks; hours of two digits break lines elsewhere."""
    report, _, _ = text.partition("\nBASIS")
    return re.sub(r"[\s-]+", " ", report).replace("LEFT", "SIDE").replace("RIGHT", "SIDE").split(" ")


@cache
def record(table: str, facts: str, arguments: tuple[str, ...]) -> dict[str, Any]:
    """What was decided."""
    found: dict[str, Any] = json.loads(draft(table, facts, list(arguments), "json"))
    return found


def decided(story: Told, table: str, facts: str) -> list[str]:
    """Headlines and categories of each breast, and the rows of the decision table, without sides."""
    found = record(table, facts, tuple(story.arguments))
    breasts = [f"{one['headline']} {one['category']}" for one in found["response_of_record"]]
    return sorted(breasts) + sorted(str(one["row"]) for one in found["escalations"] if "row" in one)


def both_sides(story: Told) -> bool:
    """Whether both breasts have a lesion: their order in the text is then another one."""
    return {row["side"] for row in csv.DictReader(io.StringIO(table_of(story)))} == {"left", "right"}


@stories
def test_the_other_side_is_told_in_the_same_words(story: Told) -> None:
    there = mirror_table(table_of(story))
    facts = re.sub(r'"(left|right)"', lambda found: f'"{WORD_SIDES[found.group(1)]}"', facts_of(story))
    text = tell(there, facts, story.arguments)
    expected = mirror_words(story.expected.read_text(encoding="utf-8"))
    if both_sides(story):
        assert sorted(normal(text)) == sorted(normal(expected))
    else:
        assert normal(text) == normal(expected)
    assert decided(story, there, facts) == decided(story, table_of(story), facts_of(story))


@stories
def test_the_sex_changes_no_word(story: Told) -> None:
    facts = facts_of(story)
    other = facts.replace('sex = "F"', 'sex = "M"') if 'sex = "F"' in facts else facts.replace('sex = "M"', 'sex = "F"')
    assert other != facts
    assert tell(table_of(story), other, story.arguments) == story.expected.read_text(encoding="utf-8")


KINDS_GIVEN: Final = re.compile(r"^kinds = \[.*\]$", re.MULTILINE)


@pytest.mark.requirement("S57")
@pytest.mark.parametrize(
    "story", [one for one in TOLD if KINDS_GIVEN.search(facts_of(one))], ids=lambda story: story.name
)
def test_the_kind_of_therapy_changes_no_category(story: Told) -> None:
    kind = KINDS[TOLD.index(story) % len(KINDS)]
    other = KINDS_GIVEN.sub(f'kinds = ["{kind}"]', facts_of(story))
    assert decided(story, table_of(story), other) == decided(story, table_of(story), facts_of(story))


WORDS: Final = {
    "chemotherapy": "chemotherapy",
    "targeted": "targeted therapy",
    "immunotherapy": "immunotherapy",
    "endocrine": "endocrine therapy",
}


@pytest.mark.requirement("S57")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["B3-partial-during", "B4-stable-after-immunotherapy", "B5-progression-by-size-after"])
def test_the_kind_of_therapy_changes_its_own_words_alone(name: str, kind: str) -> None:
    (story,) = [one for one in TOLD if one.name == name]
    facts = KINDS_GIVEN.sub(f'kinds = ["{kind}"]', facts_of(story))
    text = tell(table_of(story), facts, story.arguments)
    usual = KINDS_GIVEN.sub('kinds = ["chemotherapy"]', facts_of(story))
    expected = tell(table_of(story), usual, story.arguments)
    told = " ".join(text.split())
    assert WORDS[kind].capitalize() in told
    assert _without(told, WORDS[kind]) == _without(" ".join(expected.split()), "chemotherapy")


def _without(text: str, kind: str) -> str:
    """The text without the name of the therapy and without cautions of one kind of it."""
    for caution in CAUTIONS:
        text = re.sub(rf"- {caution}[^.]*\. ", "", text)
    return text.replace(kind.capitalize(), "Therapy").replace(kind, "therapy")
