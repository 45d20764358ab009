"""The stories from end to end: what the report says, decides and holds is what its model and its input say."""

import contextlib
import io
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest

from reporter.cli.main import main
from tests.stories.story import STORIES, Story, percent, squeeze
from tests.stories.test_models import NOT_OF_THE_PATIENT, NUMBER, derived, given, leaves

stories = pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)

WORDS: Final = {"yes": "True", "no": "False"}
STRUCTURE: Final = frozenset({"study_uid", "unit"})
"""Columns that say how to read a row, and are nowhere printed as they stand."""


@dataclass(frozen=True)
class Drafted:
    """What one run gave."""

    code: int
    text: str
    record: dict[str, Any]
    talk: str

    @property
    def words(self) -> str:
        return squeeze(self.text)


@cache
def draft(name: str) -> Drafted:
    """Draft a story as a user would, once in a run."""
    story = next(story for story in STORIES if story.name == name)
    with TemporaryDirectory() as folder, contextlib.redirect_stderr(io.StringIO()) as talk:
        files = [str(story.dicom), "-m", str(story.table), "-f", str(story.facts_file), "-o", folder]
        code = main(["draft", *files, "--format", "txt", "--format", "json"])
        assert code in {0, 3}, talk.getvalue()
        text = Path(folder, "report.draft.txt").read_text(encoding="utf-8")
        record = json.loads(Path(folder, "report.draft.json").read_text(encoding="utf-8"))
    return Drafted(code, text, record, talk.getvalue())


def not_in_order(text: str, statements: list[str]) -> list[str]:
    """Statements that are not found, each sought after the end of the one found before it."""
    missing, place = [], 0
    for statement in statements:
        found = text.find(statement, place)
        if found < 0:
            missing.append(statement)
        else:
            place = found + len(statement)
    return missing


def wanted(story: Story) -> list[str]:
    """The statements of the model, or what stands in their place."""
    otherwise = story.worded_otherwise
    chosen = [otherwise.get(statement, statement) for statement in story.statements]
    return [statement for statement in chosen if statement is not None]


@stories
def test_each_statement_of_the_model_is_said_in_order(story: Story) -> None:
    assert not_in_order(draft(story.name).words, wanted(story)) == []


def test_a_statement_out_of_order_is_seen() -> None:
    assert not_in_order("first second", ["first", "second"]) == []
    assert not_in_order("first second", ["second", "first"]) == ["first"]


@stories
def test_the_run_ends_as_expected(story: Story) -> None:
    problems = [issue for issue in draft(story.name).record["issues"] if issue["outcome"] == "problem"]
    assert problems == []
    assert draft(story.name).code == story.expected["exit_code"]


@stories
def test_the_response_is_the_expected_one(story: Story) -> None:
    record, expected = draft(story.name).record, story.expected
    assert record["time_points"][record["reported"]]["phase"] == expected["phase"]
    (breast,) = [one for one in record["response_of_record"] if one["side"] == expected["side"]]
    assert breast["headline"] == expected["headline"]
    assert breast["category"] == expected["category"]
    assert breast["record_modality"] == expected["record_modality"]


@stories
def test_each_site_has_the_expected_category(story: Story) -> None:
    breasts = draft(story.name).record["response_of_record"]
    found = {
        (site["lesion_id"], modality): (result["verdict"] or {}).get("category")
        for breast in breasts
        for site in breast["sites"]
        for result in site["results"]
        for modality in (result["point"]["modality"], result["point"]["by"])
    }
    for site in story.expected.get("sites", []):
        assert found[site["lesion_id"], site["modality"]] == site["category"], site


@stories
def test_each_sum_is_the_expected_one(story: Story) -> None:
    record = draft(story.name).record
    for total in story.expected.get("sums", []):
        through_time = [
            Decimal(one["total"])
            for one in record["responses"]
            if one["criterion"] == "per-site" and one["modality"] == total["modality"] and one["total"] is not None
        ]
        assert through_time == [Decimal(text) for text in total["sizes"]]


@stories
def test_each_node_has_the_expected_course(story: Story) -> None:
    nodes = {node["lesion_id"]: node for axilla in draft(story.name).record["findings"] for node in axilla["nodes"]}
    for node in story.expected.get("nodes", []):
        assert nodes[node["lesion_id"]]["course"] == node["course"]


@stories
def test_the_advice_is_the_expected_one(story: Story) -> None:
    record, expected = draft(story.name).record, story.expected
    rows = {piece["row"] for piece in record["advice"] if piece["type"] == "row_match"}
    assert sorted(row for row in rows if row.startswith("B")) == expected["b_rows"]
    assert set(expected["other_rows"]) <= rows
    studies = [piece for piece in record["advice"] if piece["type"] == "imaging_study"]
    imaging = {study["procedure"] for study in studies if study["wanted"] and study["variant"] == 2}
    assert set(expected["imaging_wanted"]) <= imaging
    assert imaging == set() or expected["imaging_wanted"]


@stories
def test_the_escalation_is_the_expected_one(story: Story) -> None:
    (escalation,) = draft(story.name).record["escalations"]
    expected = story.expected["escalation"]
    assert escalation["urgency"] == expected["urgency"]
    assert set(expected["told"]) <= set(escalation["told"])
    assert escalation["direct_contact"] == expected["direct_contact"]
    assert bool(escalation["told"]) == bool(expected["told"])


def held(value: object) -> Iterator[str]:
    """Every value of a part of the record, and every length as `12 mm`."""
    if isinstance(value, dict):
        if set(value) == {"value", "unit"}:
            yield f"{value['value']} {value['unit']}"
        for item in value.values():
            yield from held(item)
    elif isinstance(value, list):
        for item in value:
            yield from held(item)
    else:
        yield str(value)


@stories
def test_each_value_of_the_table_is_kept(story: Story) -> None:
    """In the text, or in the record where it changes nothing."""
    drafted = draft(story.name)
    days = {study["key"]: study["date"] for study in drafted.record["studies"]}
    lesions = {lesion["id"]: lesion for lesion in drafted.record["lesions"]}
    rows = {(m["lesion_id"], days[m["study"]], m["modality"]): m for m in drafted.record["measurements"]}
    for row in story.rows:
        own = rows[row["lesion_id"], row["study_date"], row["modality"]]
        values = {*held(own), *held(lesions[row["lesion_id"]]), row["study_date"], drafted.record["patient"]["id"]}
        for column, cell in row.items():
            if cell and column not in STRUCTURE:
                given_as = {cell, WORDS.get(cell, cell), f"{cell} {row['unit']}"}
                assert values & given_as, (row["lesion_id"], column, cell)


@stories
def test_each_fact_is_kept(story: Story) -> None:
    values = set(held(draft(story.name).record["facts"])) | {*map(str, draft(story.name).record["facts"])}
    for fact in leaves(story.facts):
        assert fact in values or fact in {"mm", "cm"} or any(fact in value for value in values), fact


@stories
def test_each_number_of_the_text_is_given_or_follows(story: Story) -> None:
    """No number is invented: input, a value of the record, or a change between two sizes of the same thing."""
    drafted = draft(story.name)
    decided = {key: value for key, value in drafted.record.items() if key != "draft"}
    known = given(story) | derived(story) | set(NOT_OF_THE_PATIENT) | changes(drafted.record)
    known |= {number for value in held(decided) for number in NUMBER.findall(value)}
    strange = [number for number in NUMBER.findall(drafted.text) if number not in known]
    assert strange == []


def changes(record: dict[str, Any]) -> set[str]:
    """Changes between any two sizes of a lesion, or sums, on one modality: in millimetres and in percent."""
    courses = defaultdict[tuple[str, str], list[Decimal]](list)
    lesions = [one for breast in record["response_of_record"] for one in breast["sites"]]
    lesions += [one for axilla in record["findings"] for one in axilla["nodes"]]
    for lesion in lesions:
        for point in lesion["series"]:
            if point["size"] is not None:
                courses[lesion["lesion_id"], point["modality"]].append(_mm(point["size"]))
    for one in record["responses"]:
        if one["total"] is not None:
            courses[str(one["side"]), one["modality"]].append(Decimal(one["total"]))
    pairs = [pair for course in courses.values() for pair in combinations(course, 2)]
    shown = {percent(now, then).lstrip("-") for then, now in pairs if then}
    return shown | {f"{abs(now - then):f}" for then, now in pairs}


def _mm(length: dict[str, str]) -> Decimal:
    value = Decimal(length["value"])
    return value * 10 if length["unit"] == "cm" else value


@pytest.mark.requirement("S22")
@stories
def test_nothing_claims_a_pathologic_complete_response(story: Story) -> None:
    assert re.search(r"\bpCR\b|patholog\w* complete", draft(story.name).text, re.IGNORECASE) is None


@pytest.mark.requirement("S65")
def test_the_first_story_is_the_case_of_the_sources() -> None:
    text = draft("complete-response").words
    assert "54 years" in text
    assert "triple negative" in text
    assert "locally advanced" in text
    assert "not palpable now" in text
