"""`reporter classify` on tables of one and of many patients."""

import csv
import io
import json
from pathlib import Path

import pytest

from reporter.cli.main import main
from reporter.response.tabulate import BEST_COLUMNS, COLUMNS

HEADER = "patient_id,study_date,timepoint,lesion_id,kind,organ,side,status,long_axis,short_axis,unit"
ROWS = (
    "P1,2026-01-10,baseline,L1,mass,breast,left,measured,50,,mm",
    "P1,2026-06-10,end,L1,mass,breast,left,measured,35,,mm",
    "=P2,2026-01-10,baseline,L1,mass,breast,right,measured,2.5,,cm",
    "=P2,2026-06-10,end,L1,mass,breast,right,measured,3,,cm",
)
BAD = "P3,2026-13-01,baseline,L1,mass,breast,left,measured,50,,mm"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "sizes.csv"
    path.write_text("\n".join([HEADER, *ROWS]) + "\n", "utf-8")
    return path


def classified(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[dict[str, str]], str]:
    code = main(["classify", *arguments, "--format", "csv"])
    out, err = capsys.readouterr()
    return code, list(csv.DictReader(io.StringIO(out))), err


def test_every_patient_and_time_point_has_a_row(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, rows, _ = classified(capsys, str(table))
    assert code == 0
    assert list(rows[0]) == list(COLUMNS)
    found = [(row["patient_id"], row["side"], row["date"], row["overall"]) for row in rows]
    assert found == [
        ("'=P2", "right", "2026-01-10", "BASELINE"),
        ("'=P2", "right", "2026-06-10", "PD"),
        ("P1", "left", "2026-01-10", "BASELINE"),
        ("P1", "left", "2026-06-10", "PR"),
    ]


def test_negative_numbers_stay_numbers(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, rows, _ = classified(capsys, str(table))
    assert rows[-1]["change_from_baseline_percent"] == "-30"


def test_one_bad_patient_does_not_stop_the_others(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table.write_text("\n".join([HEADER, *ROWS, BAD]), "utf-8")
    code, rows, err = classified(capsys, str(table))
    assert code == 3
    assert {row["patient_id"] for row in rows} == {"'=P2", "P1"}
    assert "row 6" in err


def test_only_bad_patients_end_in_1(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table.write_text(f"{HEADER}\n{BAD}\n", "utf-8")
    assert classified(capsys, str(table))[0] == 1


def test_lesions_on_request(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, rows, _ = classified(capsys, str(table), "--per-lesion")
    assert [row["lesion_id"] for row in rows] == ["", "L1"] * 4


def test_as_json_and_as_a_table(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["classify", str(table), "--format", "json"])
    assert [row["overall"] for row in json.loads(capsys.readouterr().out)] == ["BASELINE", "PD", "BASELINE", "PR"]
    main(["classify", str(table)])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[:4] == ["patient_id", "timepoint", "date", "criteria"]
    assert len(lines) == 5


def test_into_a_file_that_is_never_overwritten(table: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    for _ in range(2):
        assert main(["classify", str(table), "--format", "csv", "-o", str(out)]) == 0
    assert main(["classify", str(table), "--format", "csv", "--per-lesion", "-o", str(out)]) == 0
    assert sorted(path.name for path in tmp_path.glob("out*")) == ["out-r2.csv", "out.csv"]


def test_the_best_overall_response_is_a_table_of_its_own(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, rows, _ = classified(capsys, str(table), "--best-overall", "--criteria", "recist-1.1", "--criteria", "per-site")
    assert list(rows[0]) == list(BEST_COLUMNS)
    assert [tuple(row.values()) for row in rows] == [
        ("'=P2", "per-site", "right", "", "PD", "2026-06-10", "not required", "2026-06-10"),
        ("'=P2", "recist-1.1", "", "", "PD", "2026-06-10", "not required", "2026-06-10"),
        ("P1", "per-site", "left", "", "PR", "2026-06-10", "not required", ""),
        ("P1", "recist-1.1", "", "", "PR", "2026-06-10", "not required", ""),
    ]


def test_its_confirmation_is_a_setting(table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = tmp_path / "site.toml"
    settings.write_text('[thresholds]\nconfirmation = "required"\nsd_days = 152\n', "utf-8")
    _, rows, _ = classified(capsys, str(table), "--best-overall", "--settings", str(settings))
    assert [(row["best_overall"], row["confirmed"]) for row in rows] == [("PD", "not required"), ("NE", "no")]


def test_lesions_have_no_best_overall_response(table: Path) -> None:
    assert main(["classify", str(table), "--best-overall", "--per-lesion"]) == 2
