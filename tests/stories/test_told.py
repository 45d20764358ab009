"""Each story told whole: the report is the expected text, line for line, and the stories cover the decision table.

To accept a changed text: `python -m tests.stories.renew NAME...`, then read it aloud before it is committed.
"""

import json
import re
from collections.abc import Iterator
from typing import Final

import pytest

from tests.stories.told_story import TOLD, Told, draft, told

stories = pytest.mark.parametrize("story", TOLD, ids=lambda story: story.name)

ROWS: Final = (
    *(f"A{n}" for n in range(1, 6)),
    *(f"B{n}" for n in range(1, 12)),
    *(f"C{n}" for n in range(1, 11)),
    "D1",
)
BOTH_TIMINGS: Final = ("A3", "A4", "A5", "B1", "B2", "B3", "B4", "B5", "B6", "B8", "B9", "B10", "B11", "C4", "C7")
BOTH_TIMINGS_TOO: Final = ("C8", "C10", "D1")
"""Rows whose text during treatment is another than after it."""


def rows_of(story: Told) -> set[str]:
    """Rows of the decision table that a story's text names."""
    text = " ".join(story.expected.read_text(encoding="utf-8").split())
    found = re.search(r"Decision table rows: ([A-D0-9, ]+)\.", text)
    return set(found.group(1).split(", ")) if found else set()


def timing(story: Told) -> str:
    """What the title says of the therapy."""
    title = story.expected.read_text(encoding="utf-8").splitlines()[1]
    return next((word for word in ("DURING TREATMENT", "END OF TREATMENT") if word in title), "")


@stories
def test_the_report_is_the_expected_text(story: Told) -> None:
    assert told(story) == story.expected.read_text(encoding="utf-8")


def test_there_are_stories_enough() -> None:
    assert len(TOLD) >= 25


@pytest.mark.parametrize("row", ROWS)
def test_every_row_of_the_decision_table_has_a_story(row: str) -> None:
    assert any(row in rows_of(story) for story in TOLD)


@pytest.mark.parametrize("row", [*BOTH_TIMINGS, *BOTH_TIMINGS_TOO])
@pytest.mark.parametrize("when", ["DURING TREATMENT", "END OF TREATMENT"])
def test_a_row_is_told_during_and_after_treatment(row: str, when: str) -> None:
    assert any(row in rows_of(story) and timing(story) == when for story in TOLD)


@stories
def test_no_line_is_empty_of_sense(story: Told) -> None:
    text = story.expected.read_text(encoding="utf-8")
    assert "()" not in text
    assert ";;" not in text
    assert ". ." not in text
    assert not re.search(r"\bpCR\b", text)
    assert not re.search(r"\. [a-z]", text.split("BASIS")[0].replace("o'clock. ", "")), "a sentence begins small"


@stories
def test_the_impression_is_numbered_through(story: Told) -> None:
    lines = story.expected.read_text(encoding="utf-8").split("\nIMPRESSION\n")[1].split("\nRECOMMENDATION")[0]
    numbers = [int(found) for found in re.findall(r"^(\d+)\. ", lines, re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert all(line.startswith("   ") or re.match(r"\d+\. ", line) for line in lines.splitlines() if line)


@stories
def test_nothing_contradicts_within_a_text(story: Told) -> None:
    text = " ".join(story.expected.read_text(encoding="utf-8").split("BASIS")[0].split())
    assert not ("The modalities disagree:" in text and " agrees: " in text)
    assert not ("PERSISTENTLY ABNORMAL" in text and "normal-sized node" in text)
    assert not ("NOT CONFIRMED" in text and "is confirmed by" in text and "breasts" not in text)
    if timing(story) == "DURING TREATMENT":
        assert "Extent for surgery" not in text
        assert "full course" not in text
        assert "Surgery:" not in text
    if timing(story) == "END OF TREATMENT":
        assert "before the next cycle" not in text
        assert "Too early" not in text


def words_of(found: object) -> Iterator[str]:
    """Every word that stands as a value somewhere in a record."""
    if isinstance(found, dict):
        found = list(found.values())
    if isinstance(found, list):
        for one in found:
            yield from words_of(one)
    elif isinstance(found, str):
        yield found


@pytest.mark.parametrize("story", [s for s in TOLD if s.name.startswith("A1-")], ids=lambda story: story.name)
def test_the_record_of_a_case_out_of_scope_has_no_category(story: Told) -> None:
    """Row A1: as the report says, nothing is classified."""
    table, facts = ((story.folder / name).read_text(encoding="utf-8") for name in ("measurements.csv", "facts.toml"))
    record = json.loads(draft(table, facts, story.arguments, "json"))
    parts = ("responses", "best_overall", "disagreements", "response_of_record", "response_of_patient", "findings")
    found = set(words_of([record[part] for part in parts]))
    assert not found & {"CR", "PR", "SD", "PD", "MIXED", "NON-CR/NON-PD", "progressive", "progression", "complete"}
    assert {"overall.not_classified", "overall.baseline"} & found
