"""The shipped packs: every row of the guideline's tables with its status, and a decision table that holds together."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from reporter.advice.interface import Rating, Timing, Urgency
from reporter.advice.pack import Pack
from reporter.advice.vocabulary import NoteId, Scenario, StepId
from tests.advice.factory import KNOWLEDGE, pack, pack_texts

PACKS = ("acr-235-2022", "acr-235-2017")
COPY = tomllib.loads((Path(__file__).parent / "acr-235.toml").read_text("utf-8"))
"""The tables as they were taken from the guideline, kept apart from the packs."""


def rows_of(found: Pack) -> list[tuple[int, str, str, str, str, str, int | None]]:
    return [
        (v.number, r.procedure, r.rating, r.level, r.dose, r.status, r.median) for v in found.variants for r in v.rows
    ]


@pytest.mark.parametrize("edition", ["2022", "2017"])
def test_every_row_is_there_with_its_status(edition: str) -> None:
    expected = [
        (v["variant"], r["procedure"], r["rating"], r["level"], r["dose"], r["status"], r.get("median"))
        for v in COPY[f"edition_{edition}"]
        for r in v["rows"]
    ]
    assert rows_of(pack(f"acr-235-{edition}")) == expected
    assert [(v.number, v.title) for v in pack(f"acr-235-{edition}").variants] == [
        (v["variant"], v["title"]) for v in COPY[f"edition_{edition}"]
    ]


def test_counts_by_status() -> None:
    assert Counter(row[5] for row in rows_of(pack("acr-235-2022"))) == {
        "seen": 21,
        "partly": 1,
        "lead": 4,
        "edition-2017": 2,
        "unverified": 2,
    }
    assert Counter(row[5] for row in rows_of(pack("acr-235-2017"))) == {"seen": 37}


@pytest.mark.requirement("S27")
@pytest.mark.requirement("S31")
@pytest.mark.requirement("S33")
@pytest.mark.requirement("S35")
@pytest.mark.parametrize("name", PACKS)
@pytest.mark.parametrize("scenario", [Scenario.BREAST_BEFORE, Scenario.BREAST_STARTED])
def test_what_the_breast_variants_rate(name: str, scenario: Scenario) -> None:
    variant = pack(name).variant_for(scenario)
    assert variant is not None
    appropriate = {r.procedure: r.dose for r in variant.rows if r.rating is Rating.USUALLY_APPROPRIATE}
    assert appropriate == {
        "US breast": "0 mSv",
        "Digital breast tomosynthesis diagnostic": "0.1-1 mSv",
        "Mammography diagnostic": "0.1-1 mSv",
        "MRI breast without and with IV contrast": "0 mSv",
    }
    pet = next(r for r in variant.rows if r.procedure.startswith("FDG-PET/CT"))
    assert (pet.rating, pet.dose) == (Rating.USUALLY_NOT_APPROPRIATE, "10-30 mSv")


@pytest.mark.requirement("S64")
@pytest.mark.parametrize("name", PACKS)
def test_says_what_it_is(name: str) -> None:
    found = pack(name)
    assert found.used.id == name
    assert found.used.edition in name
    assert dt.date.fromisoformat(found.used.reviewed) == found.file.reviewed
    assert found.used.link.startswith("https://")
    assert "American College of Radiology" in found.file.licence
    assert (KNOWLEDGE / name / "PROVENANCE.md").read_text("utf-8").startswith("# ")


def test_the_table_has_every_row_once_and_in_order() -> None:
    ids = [row.id for row in pack().decision.row]
    assert ids == [
        f"{part}{n}" for part, count in (("A", 5), ("B", 11), ("C", 10), ("D", 1)) for n in range(1, count + 1)
    ]


@pytest.mark.requirement("S52")
def test_2017_shares_the_table_and_the_neighbours() -> None:
    assert set(pack_texts("acr-235-2017")) == {"pack.toml"}
    assert pack("acr-235-2017").decision == pack("acr-235-2022").decision
    assert pack("acr-235-2017").neighbours == pack("acr-235-2022").neighbours


@pytest.mark.parametrize("name", PACKS)
def test_every_procedure_that_a_row_can_ask_for_has_a_level_somewhere(name: str) -> None:
    unrated = {p.key for p in pack(name).file.procedure if pack(name).any_row(p.name) is None}
    assert unrated == (set() if name.endswith("2022") else {"node_core_biopsy", "node_fna"})


def test_precedence_of_the_b_rows() -> None:
    chain = sorted((row.precedence, row.id) for row in pack().decision.row if row.precedence is not None)
    assert chain == [
        (1, "B5"),
        (2, "B4"),
        (3, "B6"),
        (3, "B7"),
        (4, "B8"),
        (5, "B10"),
        (6, "B1"),
        (6, "B2"),
        (7, "B3"),
        (8, "B11"),
    ]


URGENCIES = {
    "A3": (Urgency.IMMEDIATE, Urgency.IMMEDIATE),
    "A4": (Urgency.TUMOUR_BOARD, Urgency.TUMOUR_BOARD),
    "B2": (Urgency.BEFORE_OPERATION, Urgency.BEFORE_OPERATION),
    "B4": (Urgency.BEFORE_NEXT_CYCLE, Urgency.IMMEDIATE),
    "B5": (Urgency.IMMEDIATE, Urgency.IMMEDIATE),
    "B6": (Urgency.TUMOUR_BOARD, Urgency.TUMOUR_BOARD),
    "B7": (Urgency.TUMOUR_BOARD, Urgency.TUMOUR_BOARD),
    "B8": (Urgency.NONE, Urgency.BEFORE_OPERATION),
    "B9": (Urgency.PROMPT, Urgency.PROMPT),
    "B11": (Urgency.NONE, Urgency.TUMOUR_BOARD),
    "C5": (Urgency.TUMOUR_BOARD, Urgency.TUMOUR_BOARD),
    "C8": (Urgency.TUMOUR_BOARD, Urgency.TUMOUR_BOARD),
    "C9": (Urgency.BEFORE_OPERATION, Urgency.NONE),
    "C10": (Urgency.BEFORE_NEXT_CYCLE, Urgency.BEFORE_OPERATION),
}
"""During, after; every other row escalates nothing by itself."""


def test_escalations_of_the_table() -> None:
    for row in pack().decision.row:
        texts = (row.text(Timing.DURING), row.text(Timing.AFTER))
        found = tuple(Urgency.NONE if text is None else text.urgency for text in texts)
        assert found == URGENCIES.get(row.id, (Urgency.NONE, Urgency.NONE)), row.id


def test_status_not_stated_never_tells_later_than_either_text() -> None:
    for row in pack().decision.row:
        either = [t.urgency.rank for t in (row.text(Timing.DURING), row.text(Timing.AFTER)) if t is not None]
        unstated = row.text(Timing.UNSTATED)
        if either:
            assert unstated is not None
            assert unstated.urgency.rank == max(either)


def test_every_step_and_note_of_the_vocabulary_is_used() -> None:
    decision = pack().decision
    texts = [t for row in decision.row for timing in Timing if (t := row.text(timing)) is not None]
    assert {entry.id for text in texts for entry in text.steps} == set(StepId)
    notes = {entry.id for text in texts for entry in text.notes} | {remark.id for remark in decision.remark}
    assert notes == set(NoteId)


def test_every_row_names_its_sources() -> None:
    assert all(row.sources for row in pack().decision.row)
    assert all(remark.sources for remark in pack().decision.remark)
