"""Workbooks of long tables: readable by others, valid, exact, and the same bytes each time."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from reporter.exporters.plain_workbook import SheetOfRows, rows_xlsx
from tests.gates import word_faults

COLUMNS = ("name", "value", *(f"c{place}" for place in range(30)))
ROWS: tuple[dict[str, str], ...] = (
    {"name": "=1+1", "value": "-28.5714285714"},
    {},
    {"name": "a <b> & \x07 山田", "value": "0"},
    {"name": "12", "value": "12345678901234567890"},
    {"name": " kept ", "value": "n/a", "c29": "last"},
)


def made() -> bytes:
    rows = ([row.get(column, "") for column in COLUMNS] for row in ROWS)
    sheets = (
        SheetOfRows(
            title="one & <two>",
            columns=COLUMNS,
            numeric={"value"},
            rows=rows,
        ),
        SheetOfRows(title="x" * 40, columns=("a",), numeric=(), rows=()),
    )
    packed = io.BytesIO()
    rows_xlsx(sheets, packed)
    return packed.getvalue()


def test_others_read_what_was_written() -> None:
    book = load_workbook(io.BytesIO(made()))
    assert book.sheetnames == ["one & <two>", "x" * 31]
    sheet = book["one & <two>"]
    header, *rows = sheet.iter_rows(values_only=True)
    assert header == COLUMNS
    assert [row[:2] for row in rows] == [
        ("=1+1", -28.5714285714),
        (None, None),
        ("a <b> & \ufffd 山田", 0),
        ("12", "12345678901234567890"),
        (" kept ", "n/a"),
    ]
    assert rows[4][31] == "last"
    assert sheet["A2"].data_type == "s"
    assert sheet["A2"].quotePrefix
    assert sheet["B2"].number_format == "0.0000000000"
    assert sheet.freeze_panes == "A2"


def test_the_same_rows_give_the_same_bytes() -> None:
    assert made() == made()


@pytest.mark.tools
def test_it_is_valid_by_the_schema(tmp_path: Path) -> None:
    path = tmp_path / "tables.xlsx"
    path.write_bytes(made())
    assert word_faults(path) == []
