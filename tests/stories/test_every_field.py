"""Whatever stands in a text field of the input: text and Word say the same, and nothing beside it changes."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from reporter.draft.inert import clean
from reporter.draft.interface import Block, Draft, Report, words
from reporter.exporters.interface import Look
from reporter.exporters.text import TextExporter
from reporter.exporters.word import WordExporter
from reporter.pipeline import Kit, prepare, report_on
from reporter.readers.assemble import assemble
from reporter.readers.gather import Inputs, gather
from reporter.settings import Settings
from tests.exporters.exporting import HOUSE
from tests.exporters.test_parity import assert_the_same, contents, seen_squeezed, squeezed
from tests.exporters.word_reading import blocks
from tests.stories.story import STORIES

VALUES: Final = (
    "<5 mm",
    "A_B",
    "a|b",
    "&",
    "**",
    "1. x",
    "one\ntwo",
    "山田^太郎",
    "{{7*7}}",
    "\\*x\\*",
    "> q",
    "a" * 60,
)
MARK: Final = "Zqxj"
"""A word that stands nowhere else."""

Place = Callable[[dict[str, Any], list[dict[str, Any]], str], None]


def _fact(*path: str | int) -> Place:
    def put(facts: dict[str, Any], _rows: list[dict[str, Any]], value: str) -> None:
        target: Any = facts
        for step in path[:-1]:
            target = target[step]
        target[path[-1]] = value

    return put


def _cell(column: str, *, where: str = "") -> Place:
    def put(_facts: dict[str, Any], rows: list[dict[str, Any]], value: str) -> None:
        for row in rows:
            if where in {"", row["lesion_id"]}:
                row[column] = value

    return put


def _lesion(old: str) -> Place:
    def put(_facts: dict[str, Any], rows: list[dict[str, Any]], value: str) -> None:
        for row in rows:
            if row["lesion_id"] == old:
                row["lesion_id"] = value

    return put


FIELDS: Final[dict[str, Place]] = {
    "patient.name": _fact("patient", "name"),
    "diagnosis.histology": _fact("diagnosis", 0, "histology"),
    "diagnosis.subtype": _fact("diagnosis", 0, "subtype"),
    "diagnosis.receptors": _fact("diagnosis", 0, "receptors"),
    "diagnosis.extent": _fact("diagnosis", 0, "extent"),
    "therapy.regimen": _fact("therapy", "regimen"),
    "surgery.planned": _fact("surgery", "planned"),
    "breast.rest": _fact("breast", 1, "rest"),
    "negatives.skin": _fact("negatives", 1, "skin"),
    "negatives.nipple": _fact("negatives", 1, "nipple"),
    "negatives.muscle": _fact("negatives", 1, "muscle"),
    "negatives.chest_wall": _fact("negatives", 1, "chest_wall"),
    "negatives.calcifications": _fact("negatives", 1, "calcifications"),
    "patient_id": _cell("patient_id"),
    "lesion_id of a site": _lesion("L1"),
    "lesion_id of a node": _lesion("N1"),
    "receptors": _cell("receptors"),
    "clip_shape": _cell("clip_shape", where="L1"),
    "quality": _cell("quality"),
    "note": _cell("note"),
    "timepoint": _cell("timepoint", where="nowhere"),
}


@pytest.fixture(scope="module")
def kit() -> Kit:
    return prepare(Settings(), formats=())


def drafted(kit: Kit, folder: Path, put: Place, value: str) -> tuple[Report, Draft]:
    """The story of a complete response, told by table and facts alone, with a value in one field."""
    story = next(story for story in STORIES if story.name == "complete-response")
    facts, rows = json.loads(json.dumps(story.facts, default=str)), copy.deepcopy(story.rows)
    facts["patient"] = {"name": "SAMPLE^ONE", "birth_date": "1972-05-06"}
    put(facts, rows, value)
    table = folder / "measurements.json"
    table.write_text(json.dumps([{k: v for k, v in row.items() if v} for row in rows]), "utf-8")
    (folder / "facts.json").write_text(json.dumps(facts), "utf-8")
    readings = gather(Inputs(table=table, facts=folder / "facts.json"), Settings().limits)
    report = report_on(assemble(readings), (), kit)
    return report, kit.writer.draft(report)


def as_text(report: Report, draft: Draft) -> str:
    return TextExporter().prepare(Look(name="set")).export(report, draft).decode()


def as_word(report: Report, draft: Draft) -> str:
    docx = WordExporter().prepare(Look(name="set", house=HOUSE.read_bytes())).export(report, draft)
    return "".join(seen_squeezed(seen) for seen in blocks(docx))


def holding(draft: Draft, value: str) -> list[Block]:
    """The blocks in which a value stands."""
    shown = clean(value)
    return [block for block in draft.blocks if any(shown in words(inlines) for inlines in contents(block))]


def said(draft: Draft) -> str:
    """All words of all blocks, without blanks, in small letters."""
    return squeezed("".join(words(inlines) for block in draft.blocks for inlines in contents(block))).casefold()


def values_of(field: str) -> list[str]:
    """No Patient ID has a backslash or a line end: such a case is refused."""
    return [value for value in VALUES if field != "patient_id" or not {"\\", "\n"} & set(value)]


@pytest.mark.parametrize("field", FIELDS)
def test_text_and_word_say_the_same(kit: Kit, tmp_path: Path, field: str) -> None:
    for value in values_of(field):
        report, draft = drafted(kit, tmp_path, FIELDS[field], value)
        text = squeezed("".join(line.removeprefix("|") for line in as_text(report, draft).splitlines(keepends=True)))
        assert sorted(text) == sorted(as_word(report, draft)), value
        for block in holding(draft, value):
            assert_the_same(block)


@pytest.mark.parametrize("field", FIELDS)
def test_the_value_is_said_and_its_neighbours_are_unchanged(kit: Kit, tmp_path: Path, field: str) -> None:
    """Where a plain word is printed the value is, and nothing is lost or gained beside it.

    Letters are counted, not compared in place: lesions stand in the order of their ids, and a sentence that begins
    with a value begins with a capital.
    """
    plain = said(drafted(kit, tmp_path, FIELDS[field], MARK)[1])
    for value in values_of(field):
        found = said(drafted(kit, tmp_path, FIELDS[field], value)[1])
        shown = squeezed(clean(value)).casefold()
        assert found.count(shown) >= plain.count(MARK.casefold())
        assert sorted(found) == sorted(plain.replace(MARK.casefold(), shown))


def test_the_mark_is_printed_for_most_fields(kit: Kit, tmp_path: Path) -> None:
    """Else the tests above would show nothing."""
    silent = [f for f in FIELDS if MARK not in as_text(*drafted(kit, tmp_path, FIELDS[f], MARK))]
    assert silent == ["timepoint"]
