"""A trial as trials are published: sizes of 0, missing baselines and visits, bare dates, no modality."""

import csv
import io
from collections.abc import Callable, Iterable
from pathlib import Path
from time import process_time

import pytest

from tests.second_opinion import tables
from tests.second_opinion.product import classified, differences, overalls

Row = dict[str, str]
Change = Callable[[list[Row]], Iterable[Row]]


def trial(change: Change, *left_out: str, patients: int = 96) -> str:
    """The table of the trial with its rows changed, some columns left out."""
    rows = list(csv.DictReader(io.StringIO(tables.trial_in_centimetres(tables.dice(8), patients))))
    text = io.StringIO()
    names = [name for name in rows[0] if name not in left_out]
    writer = csv.DictWriter(text, names, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(change(rows))
    return text.getvalue()


def number(row: Row) -> int:
    return int(row["patient_id"].removeprefix("T"))


def as_it_is(rows: list[Row]) -> Iterable[Row]:
    return rows


def numbered(rows: list[Row]) -> Iterable[Row]:
    """Visits called T0 to T3, of which only the first has a meaning."""
    days = sorted({row["study_date"] for row in rows})
    return ({**row, "timepoint": f"T{days.index(row['study_date'])}"} for row in rows)


def without_baselines(rows: list[Row]) -> Iterable[Row]:
    """Half of the baselines has no row, half is not imaged."""
    for row in rows:
        if row["timepoint"] != "baseline":
            yield row
        elif number(row) % 2:
            yield {**row, "long_axis": "", "status": "not_imaged"}


def nothing_at_baseline(rows: list[Row]) -> Iterable[Row]:
    return ({**row, "long_axis": "0"} if row["timepoint"] == "baseline" else row for row in rows)


def every_second_visit(rows: list[Row]) -> Iterable[Row]:
    return (row for row in rows if row["timepoint"] == "baseline" or number(row) % 2 or row["timepoint"] == "end")


def turned_round(rows: list[Row]) -> Iterable[Row]:
    return reversed(rows)


@pytest.mark.parametrize("criterion", ["recist-1.1", "per-site"])
@pytest.mark.parametrize(
    ("change", "left_out"),
    [
        pytest.param(as_it_is, ("timepoint",), id="dates alone"),
        pytest.param(as_it_is, ("modality",), id="no modality"),
        pytest.param(as_it_is, ("timepoint", "modality", "role", "status"), id="hardly anything but sizes"),
        pytest.param(numbered, (), id="numbered visits"),
        pytest.param(every_second_visit, (), id="visits missing"),
        pytest.param(turned_round, (), id="any order"),
    ],
)
def test_row_for_row(tmp_path: Path, change: Change, left_out: tuple[str, ...], criterion: str) -> None:
    assert differences(tmp_path, trial(change, *left_out), criterion) == []


@pytest.mark.parametrize("criterion", ["recist-1.1", "per-site"])
def test_without_a_baseline_there_is_no_response(tmp_path: Path, criterion: str) -> None:
    assert set(overalls(tmp_path, trial(without_baselines), criterion).split()) == {"BASELINE", "NE"}


@pytest.mark.parametrize("criterion", ["recist-1.1", "per-site", "who"])
def test_what_was_not_there_at_baseline_never_responds(tmp_path: Path, criterion: str) -> None:
    code, rows = classified(tmp_path, trial(nothing_at_baseline), "--criteria", criterion)
    assert {row["overall"] for row in rows} <= {"BASELINE", "NED", "NE"}
    assert {row["issues"] for row in rows if row["new_lesion"] == "equivocal"} >= {"LES_NEW"}
    assert code == 3


def test_it_takes_about_two_seconds(tmp_path: Path) -> None:
    started = process_time()
    classified(tmp_path, trial(as_it_is, patients=384), "--criteria", "recist-1.1")
    assert process_time() - started < 6, "two seconds on the machine it was measured on, and room for slower ones"
