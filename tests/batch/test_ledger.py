"""The ledger: nothing that was found is lost, and its sums say so."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporter.batch.ledger import Run, counts_of, ledger_json, ledger_sheets
from reporter.batch.outcome import FileLeft, Outcome, Status, StudyUse
from reporter.response.interface import Category
from tests.batch.outcomes import AWKWARD, START, TODAY, pending, quarantined, read_csv, reported, spooled

SUMS = [(0, "100", Category.BASELINE), (60, "40", Category.PR)]
MIXED = (reported("P1", SUMS), quarantined("P2"), pending("P3"))
RUN = Run(today=TODAY)


def table(name: str, *outcomes: Outcome, run: Run = RUN) -> list[dict[str, str]]:
    (sheet,) = (sheet for sheet in ledger_sheets(run) if sheet.name == name)
    return read_csv(spooled(sheet, outcomes))


def test_every_case_has_one_row() -> None:
    rows = table("cases", *MIXED)
    assert [(r["patient_id"], r["status"], r["exit"]) for r in rows] == [
        ("P1", "reported", "0"),
        ("P2", "quarantined", "1"),
        ("P3", "pending", "4"),
    ]
    assert rows[0]["results"].count(".draft.") == 3
    assert rows[1]["reasons"] == "STU_PATIENT_CONFLICT"


def test_every_study_has_one_row_and_says_what_it_was_for() -> None:
    rows = table("studies", *MIXED)
    assert [(r["study"], r["use"], r["code"]) for r in rows] == [
        ("1.2.0", "compared", ""),
        ("1.2.1", "reported", ""),
        ("1.9", "left_out", "STU_PATIENT_CONFLICT"),
    ]


def test_files_of_no_case_are_told_too() -> None:
    run = replace(RUN, left=(FileLeft(name="notes.txt", refused=False, code="FILE_OTHER"),))
    assert [(r["file"], r["became"]) for r in table("files", MIXED[0], run=run)] == [("notes.txt", "listed")]
    assert table("files", MIXED[1])[0]["became"] == "refused"


def test_a_study_of_a_day_to_come_is_told_here() -> None:
    run = Run(today=START)
    rows = table("studies", MIXED[0], run=run)
    assert [(r["date"], r["in_the_future"], r["code"]) for r in rows] == [
        ("2026-01-05", "no", ""),
        ("2026-03-06", "yes", "STU_DATE_RANGE"),
    ]
    counts = counts_of(MIXED[:1], run)
    assert (counts.future, counts.review) == (1, True)
    assert not counts_of(MIXED[:1], RUN).review


@pytest.mark.parametrize(
    ("found", "files", "words"),
    [
        pytest.param(3, None, "are not the 3 cases found", id="a case lost"),
        pytest.param(1, None, "are not the 1 cases found", id="a case too many"),
        pytest.param(2, 9, "are not the 9 files found", id="a file lost"),
    ],
)
def test_sums_that_do_not_add_up_are_told(found: int, files: int | None, words: str) -> None:
    counts = counts_of(MIXED[:2], replace(RUN, cases_found=found, files_found=files))
    assert len(counts.faults) == 1
    assert words in counts.faults[0]
    assert counts.review


def test_files_of_pending_cases_are_not_lost() -> None:
    counts = counts_of(MIXED, replace(RUN, files_found=9))
    assert (counts.faults, counts.files_pending) == ((), 6)
    assert counts_of(MIXED, replace(RUN, files_found=2)).faults != ()


@pytest.mark.parametrize("between", [(), (MIXED[1],)], ids=["together", "apart"])
def test_a_case_told_twice_is_a_fault(between: tuple[Outcome, ...]) -> None:
    assert "2 outcomes" in counts_of((MIXED[0], *between, MIXED[0]), RUN).faults[0]


def test_two_patients_of_one_case_are_a_fault() -> None:
    same = replace(MIXED[1], case=MIXED[0].case)
    assert "2 outcomes" in counts_of((MIXED[0], same), RUN).faults[0]


@pytest.mark.parametrize("order", [1, -1])
def test_of_the_files_of_a_patient_a_case_with_a_report_speaks_for_those_without(order: int) -> None:
    beside, refused = FileLeft(name="a", refused=False, code="X"), FileLeft(name="b", refused=True, code="X")
    with_report = reported("P", SUMS, files_left=(beside,))
    without = replace(quarantined("P"), files_left=(beside, refused))
    counts = counts_of((with_report, without)[::order], RUN)
    assert (counts.files_used, counts.files_listed, counts.files_refused) == (2, 1, 0)


@given(st.lists(st.sampled_from(["reported", "quarantined", "pending"]), max_size=12))
def test_reported_and_quarantined_and_pending_are_all_that_was_found(kinds: list[str]) -> None:
    makers = {"reported": lambda name: reported(name, SUMS), "quarantined": quarantined, "pending": pending}
    outcomes = [makers[kind](f"P{place}") for place, kind in enumerate(kinds)]
    counts = counts_of(outcomes, replace(RUN, cases_found=len(kinds)))
    assert counts.faults == ()
    assert sum(counts.by_status[status] for status in Status) == counts.cases_found == len(table("cases", *outcomes))
    assert sum(counts.by_use[use] for use in StudyUse) == len(table("studies", *outcomes))
    assert counts.files_listed + counts.files_refused == len(table("files", *outcomes))
    assert counts.review == any(kind != "reported" for kind in kinds)


def test_the_json_says_what_the_tables_say() -> None:
    sheets = ledger_sheets(RUN)
    spools = [spooled(sheet, MIXED) for sheet in sheets]
    ledger = json.loads(b"".join(ledger_json(counts_of(MIXED, RUN), spools, RUN)))
    assert ledger["written_on"] == "2026-12-01"
    assert ledger["counts"]["cases_found"] == 3
    assert ledger["counts"]["cases_quarantined"] == 1
    for sheet in sheets:
        in_csv = table(sheet.name, *MIXED)
        assert [list(row.values()) for row in ledger[sheet.name.replace("-", "_")]] == [
            list(r.values()) for r in in_csv
        ]


def test_no_cell_is_a_formula() -> None:
    for sheet in ledger_sheets(RUN):
        for row in table(sheet.name, *(quarantined(name, text=name) for name in AWKWARD)):
            assert [cell for cell in row.values() if cell[:1] in {*"=+-@\t\r"} and cell] == []
