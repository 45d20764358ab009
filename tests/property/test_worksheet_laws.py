"""Laws of worksheets, on tables that nobody would write by hand."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from reporter.cli.worksheet import _CHOICES, _NUMERIC
from reporter.draft.interface import Report
from reporter.draft.worksheet import Form, worksheet
from reporter.exporters.worksheet import worksheet_csv, worksheet_xlsx
from reporter.pipeline import report_on
from reporter.readers.assemble import assembled
from reporter.readers.columns import STATUS_WORDS
from reporter.readers.gather import Inputs, gather
from reporter.readers.interface import CaseRefused
from reporter.readers.worksheet import known_rows
from reporter.settings import Settings
from tests.draft.cases import kit, whole

SETTINGS: Final = Settings()
FACTS: Final = "[therapy]\nstart = 2026-01-20\nend = 2026-06-01\n"
DATES: Final = ("2026-01-05", "2026-03-30", "2026-06-20")

numbers = st.sampled_from(("", "", "32", "20.50", "9", "0", "4.2", "-3", "n/a", "600", "1,5", "12.123456789012"))
texts = st.sampled_from(("", "", "=1+1", "-", "'quoted", "a, b", 'said "so"', "Müller", "[[? side: not ours", "@x"))
row_of = st.fixed_dictionaries({
    "patient_id": st.just("SYN-9"),
    "study_date": st.sampled_from(DATES),
    "modality": st.sampled_from(("MR", "US", "MG", "DBT", "", "EXAM")),
    "lesion_id": st.sampled_from(("L1", "L2", "N1", "=L3")),
    "kind": st.sampled_from(("", "mass", "node", "mas")),
    "side": st.sampled_from(("", "left", "left", "right")),
    "role": st.sampled_from(("", "", "new", "target")),
    "status": st.sampled_from(("", "", "measured", *STATUS_WORDS)),
    "long_axis": numbers,
    "short_axis": numbers,
    "unit": st.sampled_from(("mm", "mm", "cm", "", "inch")),
    "biopsy_result": st.sampled_from(("", "malignant", "benign", "pending")),
    "clip": st.sampled_from(("", "yes", "no")),
    "quality": texts,
    "note": texts,
})
tables = st.lists(row_of, min_size=1, max_size=5)
often = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


def table(rows: list[dict[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def made(data: bytes, name: str = "m.csv") -> tuple[Report, Form] | None:
    """The report of a table and its worksheet; None where the case is refused."""
    with tempfile.TemporaryDirectory() as folder:
        given_table, facts = Path(folder, name), Path(folder, "f.toml")
        given_table.write_bytes(data)
        facts.write_text(FACTS, encoding="utf-8")
        readings = gather(Inputs(table=given_table, facts=facts), SETTINGS.limits)
    try:
        found = assembled(readings, windows=SETTINGS.windows, labels=SETTINGS.labels)
    except CaseRefused:
        return None
    report = report_on(found.case, (), kit())
    return report, worksheet(known_rows(found), report, kit().writer.phrases)


def said(report: Report) -> str:
    return whole(kit().writer.draft(report))


@pytest.mark.property
@often
@given(tables)
def test_silence_changes_nothing(rows: list[dict[str, str]]) -> None:
    first = made(table(rows))
    assume(first is not None)
    assert first is not None
    report, form = first
    for data in (worksheet_csv(form, _NUMERIC), worksheet_xlsx(form, _CHOICES, _NUMERIC)):
        second = made(data)
        assert second is not None
        assert said(second[0]) == said(report)
        assert second[1] == form


@pytest.mark.property
@often
@given(tables)
def test_no_row_is_lost_and_no_value_invented(rows: list[dict[str, str]]) -> None:
    first = made(table(rows))
    assume(first is not None)
    assert first is not None
    kept = [row for row in first[1].rows if "[[? added row]]" not in row.cells.get("note", "")]
    assert len(kept) == len(rows)
    for given_row, row in zip(rows, kept, strict=True):
        for column in ("study_date", "modality", "lesion_id", "status", "long_axis", "short_axis"):
            assert row.cells.get(column, "") in {given_row[column], given_row[column].removeprefix("'")}
