"""What `reporter classify` prints, and how it differs from the second calculation."""

import contextlib
import csv
import io
from pathlib import Path

from reporter.cli.main import main
from tests.second_opinion.calculation import classify

Row = dict[str, str]
KEY = ("patient_id", "criteria", "side", "modality", "date", "lesion_id")
CODES = {"LES_LOST", "LES_NEW", "LES_MERGED_WHERE", "MEAS_UNIT", "MEAS_AXES", "MEAS_RANGE", "CRIT_MODALITY"}
"""The doubts that the rules name and the second calculation knows; others stand beside them."""


def classified(folder: Path, text: str, *options: str) -> tuple[int, list[Row]]:
    """The exit code of `reporter classify --format csv` on a table, and its rows."""
    table = folder / "table.csv"
    table.write_text(text, encoding="utf-8")
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        code = main(["classify", str(table), "--format", "csv", *options])
    return code, list(csv.DictReader(io.StringIO(out.getvalue())))


def overalls(folder: Path, text: str, criterion: str) -> str:
    """The overall categories in the order of the rows, in one line."""
    return " ".join(row["overall"] for row in classified(folder, text, "--criteria", criterion)[1])


def differences(folder: Path, text: str, criterion: str) -> list[str]:
    """Cells in which the product and the second calculation differ, rows that only one of them has, and the order."""
    _, got = classified(folder, text, "--criteria", criterion, "--per-lesion")
    expected = classify(text, criterion)
    if [_key(row) for row in got] != [_key(row) for row in expected]:
        return [f"rows: {sorted({*map(_key, got)} ^ {*map(_key, expected)})}"]
    return [
        f"{_key(row)} {column}: {_cell(row, column)!r}, calculated {want[column]!r}"
        for row, want in zip(got, expected, strict=True)
        for column in want
        if _cell(row, column) != want[column]
    ]


def _key(row: Row) -> tuple[str, ...]:
    return tuple(row[column] for column in KEY)


def _cell(row: Row, column: str) -> str:
    if column != "issues":
        return row[column]
    return ";".join(code for code in row[column].split(";") if code in CODES)
