"""The statements of each story are its model report, whole and in order, and stand on what the story gives."""

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

import pydicom
import pytest

from tests.stories.story import MODELS, STORIES, Story

with_model = [story for story in STORIES if story.model is not None]
stories = pytest.mark.parametrize("story", with_model, ids=lambda story: story.name)

NUMBER: Final = re.compile(r"\d{4}-\d{2}-\d{2}|\d+(?:\.\d+)?")

NOT_OF_THE_PATIENT: Final = {
    "1": "first point of the impression; rules v1; table row 1",
    "1.1": "RECIST 1.1",
    "10": "a node below 10 mm is normal",
    "235": "guideline topic",
    "2022": "guideline edition",
    "2": "variant 2 of the guideline; second point of the impression",
    "3": "third point of the impression",
    "4": "fourth point of the impression",
    "0": "0 mSv; 0 mm",
    "0.1": "0.1-1 mSv",
    "100": "-100 %: gone",
}
"""Numbers that every report may hold."""


def leaves(value: object) -> Iterator[str]:
    """Every value of the facts as text."""
    if isinstance(value, dict):
        for item in value.values():
            yield from leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item)
    else:
        yield str(value)


LENGTHS: Final = (
    *("long_axis", "short_axis", "third_axis", "cortex", "extent", "span", "clip_displaced", "slice_thickness"),
    *("nipple_distance", "skin_distance", "muscle_distance", "index_distance"),
)
"""Columns that hold a length in the unit of the row."""


def given(story: Story) -> set[str]:
    """Numbers that stand in the table, the facts or a header."""
    cells = [text for row in story.rows for text in row.values()]
    texts = [*cells, *leaves(story.facts), *headers(story)]
    return {number for text in texts for number in NUMBER.findall(text)}


def headers(story: Story) -> Iterator[str]:
    """Technique, identity and dates as a report shows them."""
    for path in story.dicom.rglob("*.dcm"):
        ds = pydicom.dcmread(path, stop_before_pixels=True)
        yield str(ds.PatientID).removeprefix("SYN-")
        yield dt.date.fromisoformat(ds.StudyDate).isoformat()
        yield str(ds.get("MagneticFieldStrength", ""))
        yield str(ds.get("SliceThickness", ""))
        for region in ds.get("SequenceOfUltrasoundRegions", []):
            yield str(region.TransducerFrequency // 1000)


def derived(story: Story) -> set[str]:
    """Numbers that follow: sums and changes as expected, age, days after biopsy, centimetres, numbers of rows."""
    expected = story.expected
    numbers = {str(len(story.rows))}
    for entry in [*expected.get("sites", []), *expected.get("sums", []), *expected.get("nodes", [])]:
        numbers |= {*entry["sizes"], entry.get("change_percent", "").lstrip("-")}
    for row in story.rows:
        if row.get("nipple_distance"):
            numbers.add(str(Decimal(row["nipple_distance"]) / 10))
        if row["unit"] == "cm":
            numbers |= {f"{Decimal(row[column]).scaleb(1):f}" for column in LENGTHS if row.get(column)}
        if row.get("biopsy_date"):
            days = dt.date.fromisoformat(row["study_date"]) - dt.date.fromisoformat(row["biopsy_date"])
            numbers.add(str(days.days))
    return numbers | {age(story)}


def age(story: Story) -> str:
    """Completed years on the day of the last study."""
    objects = [pydicom.dcmread(path, stop_before_pixels=True) for path in story.dicom.rglob("*.dcm")]
    born = objects[0].PatientBirthDate
    last = max(ds.StudyDate for ds in objects)
    return str(int(last[:4]) - int(born[:4]) - (last[4:] < born[4:]))


def test_five_stories_have_a_model() -> None:
    assert len(with_model) == 5
    assert {story.name for story in with_model} == {path.stem for path in MODELS.glob("*.txt")}


@stories
def test_the_statements_are_the_whole_model_in_order(story: Story) -> None:
    rest = story.model or ""
    for statement in story.statements:
        before, found, rest = rest.partition(statement)
        assert found, f"not in the model, or out of order: {statement}"
        assert not before.strip(" .;-"), f"no statement holds: {before}"
    assert not rest


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_what_is_worded_otherwise_is_a_statement_and_has_a_reason(story: Story) -> None:
    for entry in story.expected.get("worded_otherwise", []):
        assert entry["statement"] in story.statements
        assert entry["reason"].strip()


@stories
def test_every_number_of_the_model_stands_in_the_input_or_follows_from_it(story: Story) -> None:
    known = given(story) | derived(story) | set(NOT_OF_THE_PATIENT)
    assert [number for number in NUMBER.findall(story.model or "") if number not in known] == []
