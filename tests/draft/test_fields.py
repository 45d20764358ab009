"""The fields of a template: documented one by one, and nothing else to be had from them."""

from __future__ import annotations

import pickle  # ruff: ignore[suspicious-pickle-import] - as a draft goes to another process
from dataclasses import FrozenInstanceError, replace
from types import UnionType
from typing import get_args, get_origin, get_type_hints

import pytest

from reporter.draft.fields import Fields, fields
from reporter.draft.fields_patient import PatientView, yes_no
from reporter.draft.speaker import Speaker
from reporter.draft.tables import Rows
from reporter.draft.view import FieldDoc, View, describe
from reporter.pipeline import report_on
from reporter.preview import stories
from tests.draft.cases import kit, report, row
from tests.draft.rendering import rendered

DOCS = list(describe(Fields))
BEFORE, NOW = "2026-01-10", "2026-07-01"
MARKED = {"biopsy_result": "malignant", "clip": "yes", "clip_shape": "coil", "clip_seen": "yes", "clip_displaced": "0"}
THERAPY = "[therapy]\nstart = 2026-02-01\nend = 2026-06-20\n"


@pytest.mark.parametrize("doc", DOCS, ids=lambda doc: doc.path)
def test_every_field_says_what_it_means(doc: FieldDoc) -> None:
    assert doc.meaning
    one = doc.type.removeprefix("list of ").removesuffix(" or none")
    assert one.rstrip("s") in {"group", "text", "yes or no", "number", "date", "table"}


def test_every_path_is_named_once() -> None:
    paths = [doc.path for doc in DOCS]
    assert len(paths) == len(set(paths)) > 150
    assert "breasts[].sites[].record.change" in paths


def test_lengths_and_percentages_say_their_unit() -> None:
    for doc in DOCS:
        if doc.example.endswith(" mm") and "," not in doc.example:
            assert doc.unit == "mm", doc.path
        if doc.example.endswith(" %"):
            assert doc.unit == "%", doc.path


def test_a_view_is_a_mapping_of_its_fields_and_nothing_else() -> None:
    view = PatientView(name="SAMPLE^ONE", id="SYN-0001", age="54")
    assert view["id"] == "SYN-0001"
    assert dict(view) == {"name": "SAMPLE^ONE", "id": "SYN-0001", "age": "54"}
    assert "__class__" not in view
    assert "keys" not in view
    with pytest.raises(KeyError):
        _ = view["__init__"]


def test_absent_is_neither_yes_nor_no() -> None:
    assert [yes_no(value) for value in (True, False, None)] == ["yes", "no", ""]


def plain(value: object) -> bool:
    """Whether a template can be given it: texts, whole numbers, yes or no, groups, tuples, tables, nothing."""
    if isinstance(value, View):
        return all(plain(inner) for inner in value.values())
    if isinstance(value, tuple):
        return all(plain(inner) for inner in value)
    return value is None or isinstance(value, str | bool | int | Rows)


def test_fields_hold_plain_values_only() -> None:
    rows = (row(BEFORE, "MR", "L1", "30 x 20 x 10", **MARKED), row(NOW, "MR", "L1", "10 x 8 x 7", **MARKED))
    assert plain(fields(Speaker(report=report(rows, THERAPY), phrases=kit().writer.phrases)))


def fits(value: object, hint: object) -> bool:
    """Whether a field holds what its group says, and so do the groups in it."""
    if isinstance(value, tuple):
        return get_origin(hint) is tuple and all(fits(inner, get_args(hint)[0]) for inner in value)
    if get_origin(hint) is UnionType:
        return value is None or fits(value, get_args(hint)[0])
    hints = get_type_hints(type(value)) if isinstance(value, View) else {}
    return isinstance(value, hint) and all(fits(value[name], hints[name]) for name in hints)  # type: ignore[arg-type,index]


@pytest.mark.parametrize("story", sorted(stories()))
def test_every_field_has_the_type_that_its_group_says(story: str) -> None:
    made = report_on(stories()[story], (), kit())
    assert fits(fields(Speaker(report=made, phrases=kit().writer.phrases)), Fields)


def test_a_field_is_made_when_it_is_first_asked_for_and_kept() -> None:
    asked: list[str] = []

    def name() -> str:
        asked.append("name")
        return "SAMPLE^ONE"

    view = PatientView.made(name=name, id=lambda: "SYN-0001", age=lambda: "54")
    assert not asked
    assert [view["name"], view.name] == ["SAMPLE^ONE", "SAMPLE^ONE"]
    assert asked == ["name"]
    assert pickle.loads(pickle.dumps(view)) == view == PatientView(name="SAMPLE^ONE", id="SYN-0001", age="54")  # ruff: ignore[suspicious-pickle-usage]


@pytest.mark.parametrize(
    "view", [PatientView(name="SAMPLE^ONE", id="SYN-0001", age="54"), PatientView.made(name=lambda: "SAMPLE^ONE")]
)
def test_no_field_can_be_written_whether_it_is_made_or_not(view: PatientView) -> None:
    with pytest.raises(FrozenInstanceError):
        view.name = "ANOTHER^ONE"  # type: ignore[misc]
    assert view.name == "SAMPLE^ONE"


def test_what_goes_wrong_while_a_field_is_made_is_no_mistake_of_the_template() -> None:
    nothing: dict[str, str] = {}
    with pytest.raises(KeyError, match="of the program"):
        rendered("{{ patient.name }}", {"patient": PatientView.made(name=lambda: nothing["of the program"])})


def test_nor_is_it_one_where_the_draft_is_put_together_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing: dict[str, str] = {}
    made = PatientView.made(name=lambda: nothing["of the program"], id=lambda: "SYN-0001", age=lambda: "54")
    monkeypatch.setattr("reporter.draft.writer.fields", lambda _: {"patient": made})
    writer = replace(kit().writer, elsewhere=pickle.dumps)  # type: ignore[arg-type]
    with pytest.raises(KeyError, match="of the program"):
        writer.draft(report_on(stories()["complete-response"], (), kit()))


def sizes(before: str, now: str) -> View:
    rows = (row(BEFORE, "MR", "L1", before, **MARKED), row(NOW, "MR", "L1", now, **MARKED))
    found = fields(Speaker(report=report(rows, THERAPY), phrases=kit().writer.phrases))
    (site,) = found.breasts[0].sites
    assert site.record is not None
    return site.record


def test_a_size_knows_its_past() -> None:
    size = sizes("41 x 33 x 30", "36 x 30 x 28")
    assert size["course"] == "41 -> 36 mm"
    assert size["course_axes"] == "41 x 33 x 30 -> 36 x 30 x 28 mm"
    assert size["change"] == "-12.2 %"
    assert size["smallest_so_far"] == "36 mm"
    assert size["short_of_partial"] is True
    assert not size["growth"]


@pytest.mark.parametrize(("now", "short"), [("28", False), ("28.1", True), ("40", False), ("41", False)])
def test_short_of_partial_is_a_decrease_within_the_limit(now: str, short: bool) -> None:
    assert sizes("40", now)["short_of_partial"] is short
