"""The record holds a report as data, and can be read back."""

import json
from functools import cache
from typing import Any, Final

import pytest

from reporter.draft.interface import Draft, Report
from reporter.errors import FileRefused
from reporter.exporters.interface import Look
from reporter.exporters.record import RecordExporter, read_record, record_of, schema, write_record
from reporter.pipeline import prepare, report_on
from reporter.readers.assemble import assemble
from reporter.readers.gather import Inputs, gather
from reporter.settings import Settings
from tests.stories.story import STORIES, Story

stories = pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)

KEYS: Final = [
    *["schema_version", "tool", "inputs", "patient", "studies", "time_points", "lesions", "measurements"],
    *["responses", "response_of_record", "findings", "advice", "escalations", "issues", "draft", "made_from"],
]


@cache
def told(name: str) -> tuple[Report, Draft]:
    story = next(story for story in STORIES if story.name == name)
    kit = prepare(Settings(), formats=())
    inputs = Inputs(paths=(story.dicom,), table=story.table, facts=story.facts_file)
    report = report_on(assemble(gather(inputs, Settings().limits)), (), kit)
    return report, kit.writer.draft(report)


def exported(story: Story) -> bytes:
    return RecordExporter().prepare(Look(name="set")).export(*told(story.name))


def as_json(story: Story) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(exported(story))
    return found


@stories
def test_read_back_it_is_equal(story: Story) -> None:
    record = record_of(*told(story.name))
    assert read_record(write_record(record), "record.json") == record
    assert write_record(read_record(exported(story), "record.json")) == exported(story)


@stories
def test_it_has_the_promised_parts(story: Story) -> None:
    assert set(KEYS) <= set(as_json(story))
    assert set(as_json(story)) == set(schema()["properties"])  # type: ignore[call-overload]


@stories
def test_lengths_keep_number_and_unit_as_given(story: Story) -> None:
    axes = [m["value"].get("long_axis") for m in as_json(story)["measurements"]]
    given = {(row["long_axis"], row["unit"]) for row in story.rows if row["long_axis"]}
    assert {(axis["value"], axis["unit"]) for axis in axes if axis} == given


@stories
def test_every_measurement_has_a_source(story: Story) -> None:
    for measurement in as_json(story)["measurements"]:
        assert measurement["source"]["file"] == "measurements.csv"
        assert measurement["lesion_id"] in measurement["source"]["place"]


@stories
def test_what_differs_in_kind_says_its_kind(story: Story) -> None:
    kinds = {block["type"] for block in as_json(story)["draft"]}
    assert {"heading", "paragraph", "notice", "table"} <= kinds
    assert {"row_match", "row_seen", "route"} <= {piece["type"] for piece in as_json(story)["advice"]}


def test_it_ends_in_a_newline_and_is_utf8() -> None:
    data = exported(STORIES[0])
    assert data.endswith(b"}\n")
    assert data.decode("utf-8")


@pytest.mark.parametrize(
    ("spoil", "field"),
    [
        pytest.param(lambda data: data.pop("patient"), "patient", id="missing"),
        pytest.param(lambda data: data.update(reported="first"), "reported", id="no number"),
        pytest.param(lambda data: data["draft"][0].update(type="cartoon"), "draft.0", id="unknown block"),
    ],
)
def test_what_is_no_record_is_refused_with_the_field(spoil: Any, field: str) -> None:  # ruff: ignore[any-type]
    data = as_json(STORIES[0])
    spoil(data)
    with pytest.raises(FileRefused) as caught:
        read_record(json.dumps(data).encode(), "record.json")
    assert caught.value.field == field
    assert caught.value.file == "record.json"


def test_no_json_at_all() -> None:
    with pytest.raises(FileRefused):
        read_record(b"{", "record.json")
