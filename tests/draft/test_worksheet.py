"""Worksheets of every situation: what is asked, where, and that silence changes nothing."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from reporter.case.issue import Issue, Outcome
from reporter.cli.worksheet import _CHOICES, _NUMERIC
from reporter.draft.interface import Report
from reporter.draft.worksheet import COLUMNS, Form, worksheet
from reporter.exporters.worksheet import worksheet_csv, worksheet_xlsx
from reporter.pipeline import report_on
from reporter.readers.assemble import assembled
from reporter.readers.columns import ALL
from reporter.readers.gather import Inputs, gather
from reporter.readers.worksheet import known_rows
from reporter.settings import Settings
from tests.draft.cases import kit, row, table, whole
from tests.draft.situations import BEFORE, DURING, ONGOING, SITUATIONS, seen

each = pytest.mark.parametrize("name", SITUATIONS)
Rows = tuple[dict[str, str], ...]
SETTINGS: Final = Settings()


def made(data: bytes, name: str, facts: str) -> tuple[Report, Form]:
    """The report of a table, and its worksheet."""
    with tempfile.TemporaryDirectory() as folder:
        given, known = Path(folder, name), Path(folder, "f.toml")
        given.write_bytes(data)
        known.write_text(facts, encoding="utf-8")
        readings = gather(Inputs(table=given, facts=known), SETTINGS.limits)
    found = assembled(readings, windows=SETTINGS.windows, labels=SETTINGS.labels)
    report = report_on(found.case, (), kit())
    return report, worksheet(known_rows(found), report, kit().writer.phrases)


def of(rows: Rows, facts: str = ONGOING) -> Form:
    return made(table(*rows).encode(), "m.csv", facts)[1]


@cache
def situation(name: str) -> tuple[Report, Form]:
    return made(table(*SITUATIONS[name].rows).encode(), "m.csv", SITUATIONS[name].facts)


def asked(form: Form) -> dict[tuple[str, str, str], set[str]]:
    """(date, modality, lesion) -> columns that are asked."""
    place = ("study_date", "modality", "lesion_id")
    found = [
        (row.cells.get(a, ""), row.cells.get(b, ""), row.cells.get(c, "")) for row in form.rows for a, b, c in [place]
    ]
    return {key: set(row.asked) for key, row in zip(found, form.rows, strict=True) if row.asked}


def test_its_columns_are_those_of_the_table() -> None:
    assert set(COLUMNS) == set(ALL)


# -- silence ------------------------------------------------------------------------------------------------------


@each
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_unanswered_it_changes_nothing(name: str, suffix: str) -> None:
    report, form = situation(name)
    data = worksheet_csv(form, _NUMERIC) if suffix == "csv" else worksheet_xlsx(form, _CHOICES, _NUMERIC)
    again, second = made(data, "m.csv", SITUATIONS[name].facts)
    assert whole(kit().writer.draft(again)) == whole(kit().writer.draft(report))
    assert again.case.measurements == report.case.measurements
    assert again.case.lesions == report.case.lesions
    assert second == form


# -- questions ----------------------------------------------------------------------------------------------------


@each
def test_every_question_that_names_a_column_is_asked_or_listed(name: str) -> None:
    report, form = situation(name)
    issues = [*report.case.issues, *report.response.issues, *report.advice.issues]
    wanted = {i.column for i in issues if i.column and i.outcome in {Outcome.PROBLEM, Outcome.QUESTION}}
    given = {column for one in form.rows for column in one.asked} | {fact.key for fact in form.facts}
    assert wanted <= given


@each
def test_every_reason_stands_in_the_note_of_its_row(name: str) -> None:
    for one in situation(name)[1].rows:
        for column, reason in one.asked.items():
            assert f"[[? {column}: " in one.cells["note"]
            assert reason[:40].split(" [")[0] in one.cells["note"]


def test_a_cell_that_is_asked_is_empty_and_stands_once() -> None:
    rows = (row(BEFORE, "MR", "L1", "30", side=""), row(DURING, "MR", "L1", "20", side=""))
    form = of(rows)
    assert all("side" not in one.cells for one in form.rows)
    assert [("side" in one.asked) for one in form.rows] == [False, True]


def test_what_is_known_of_a_lesion_is_shown_in_every_row() -> None:
    rows = (seen(BEFORE, "MR", "30", depth="middle"), row(DURING, "MR", "L1", "20", side="", kind=""))
    form = of(tuple({k: v for k, v in one.items() if k != "depth"} for one in rows))
    assert [one.cells["side"] for one in form.rows] == ["left", "left"]
    assert [one.cells["kind"] for one in form.rows] == ["mass", "mass"]


def test_a_missing_unit_is_asked_in_its_own_row() -> None:
    form = of((seen(BEFORE, "MR", "30"), seen(DURING, "MR", "20", unit="")))
    assert asked(form) == {(DURING, "MR", "L1"): {"unit"}}


def test_a_marker_that_is_not_stated_is_asked_with_whether_it_is_seen() -> None:
    bare = {"clip": "", "clip_shape": "", "clip_seen": "", "clip_displaced": ""}
    form = of((seen(BEFORE, "MR", "30", **bare), seen(DURING, "MR", "20", **bare)))
    assert asked(form)[DURING, "MR", "L1"] == {"clip", "clip_seen"}


def test_an_undeclared_new_lesion_is_asked_for_its_role_and_coverage() -> None:
    rows = (seen(BEFORE, "MR", "30"), seen(DURING, "MR", "20"), row(DURING, "MR", "L2", "9", biopsy_result="none"))
    assert {"role", "covered_before"} <= asked(of(rows))[DURING, "MR", "L2"]


def test_the_baseline_look_of_a_node_is_asked_at_baseline() -> None:
    known = {"biopsy_result": "none"}
    rows = (
        seen(BEFORE, "US", "30"),
        row(BEFORE, "US", "N1", "9", **known),
        seen(DURING, "US", "20"),
        row(DURING, "US", "N1", "9", cortex="6", hilum="absent", **known),
    )
    assert "cortex" in asked(of(rows)).get((BEFORE, "US", "N1"), set())


def test_the_axis_of_a_node_is_its_short_one() -> None:
    rows = (
        seen(BEFORE, "US", "30"),
        row(BEFORE, "US", "N1", "16", biopsy_result="malignant"),
        seen(DURING, "US", "20"),
        {**row(DURING, "US", "N1", biopsy_result="malignant"), "long_axis": "14", "status": "measured"},
    )
    assert "short_axis" in asked(of(rows))[DURING, "US", "N1"]


def test_a_size_and_a_word_that_contradict_it_are_asked_about() -> None:
    form = of((seen(BEFORE, "MR", "30"), {**seen(DURING, "MR"), "long_axis": "20"}))
    assert "status" in asked(form)[DURING, "MR", "L1"]
    assert form.rows[1].cells["status"] == "absent"


def test_one_lost_row_is_added_for_each_modality() -> None:
    rows = (seen(BEFORE, "MR", "30"), seen(BEFORE, "MR", "20", lesion="L2"), seen(DURING, "MR", "20"))
    form = of(rows)
    assert asked(form)[DURING, "MR", "L2"] == {"status", "clip_seen"}
    assert form.rows[-1].cells["note"].startswith("[[? added row]]")
    assert "status" not in form.rows[-1].cells


def test_a_note_is_never_cut_and_never_too_long_to_be_read_back() -> None:
    words = "x" * 3900
    form = of((seen(BEFORE, "MR", "30"), seen(DURING, "MR", "20", unit="", note=words)))
    note = form.rows[1].cells["note"]
    assert note.startswith(words)
    assert len(note) <= SETTINGS.limits.string


def test_questions_about_facts_stand_apart() -> None:
    form = of((seen(BEFORE, "MR", "30"), seen(DURING, "MR", "20")), "")
    keys = {fact.key for fact in form.facts}
    assert "therapy.start" in keys
    assert not keys & set(COLUMNS)


def test_a_doubt_without_a_place_in_the_table_asks_no_cell() -> None:
    report, _ = situation(next(iter(SITUATIONS)))
    doubt = Issue(code="SPAN_CONFLICT", outcome=Outcome.PROBLEM, operands={"values": "1, 2"})
    doubtful = replace(report, advice=replace(report.advice, issues=(*report.advice.issues, doubt)))
    form = worksheet((), doubtful, kit().writer.phrases)
    assert all("span" not in one.asked for one in form.rows)
