"""After a batch: what people look at is there, says what the drafts say, and is left alone where nothing changed."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest
from lxml import html

from benchmarks.cohort import table
from reporter.cli.main import main
from tests.batch.exports import batch, batch_apart, patients, put, put_all, put_export, rows_of, study
from tests.readers.kit import csv_of, dicom

PATIENTS = 60


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def page_in(folder: Path) -> html.HtmlElement:
    return html.fromstring((folder / "summary.html").read_text("utf-8"))


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A batch of a measurement table alone."""
    folder = tmp_path_factory.mktemp("trial")
    (folder / "export").mkdir()
    (folder / "table.csv").write_text("\n".join(table(PATIENTS)) + "\n", "utf-8")
    code, _ = batch(folder / "export", folder / "out", "-m", str(folder / "table.csv"))
    assert code == 0
    return folder


def test_cases_stand_by_patient_and_first_those_of_none_by_study(tmp_path: Path) -> None:
    for number in (3, 1, 2):
        data = dicom(PatientID="", StudyInstanceUID=f"1.2.{number}", SOPInstanceUID=f"1.2.{number}.1")
        put(tmp_path / "export" / f"{number}.dcm", data)
    put_export(tmp_path / "export", ["B", "a", "A"])
    batch(tmp_path / "export", tmp_path / "out")
    cases = rows(tmp_path / "out" / "ledger" / "cases.csv")
    assert [row["patient_id"] for row in cases] == ["", "", "", "A", "B", "a"]
    studies = rows(tmp_path / "out" / "ledger" / "studies.csv")
    assert [row["study"] for row in studies[:3]] == ["1.2.1", "1.2.2", "1.2.3"]


class TestTableWithoutDicom:
    def test_every_patient_has_a_draft_and_a_place_in_every_table(self, trial: Path) -> None:
        out = trial / "out"
        assert len(list(out.glob("*.draft.txt"))) == PATIENTS
        ids = [f"SYN-{number:05}" for number in range(PATIENTS)]
        assert [row["patient_id"] for row in rows(out / "ledger" / "cases.csv")] == ids
        assert sorted(row["patient_id"] for row in rows(out / "worklist.csv")) == ids
        assert len(rows(out / "cohort" / "cohort.csv")) == 4 * PATIENTS
        assert {row["USUBJID"] for row in rows(out / "cohort" / "tr.csv")} == set(ids)
        assert json.loads((out / "ledger" / "ledger.json").read_text("utf-8"))["counts"]["faults"] == []

    def test_the_cohort_says_what_classify_says(self, trial: Path) -> None:
        target = trial / "classified.csv"
        assert main(["classify", str(trial / "table.csv"), "--format", "csv", "-o", str(target), "--quiet"]) == 0
        names = ("patient_id", "date", "side", "modality", "value", "baseline_value", "nadir_value", "overall")
        more = ("change_from_baseline_percent", "change_from_nadir_percent", "target", "response_held", "new_lesion")
        told = [[row[name] for name in (*names, *more)] for row in rows(trial / "out" / "cohort" / "cohort.csv")]
        assert told == [[row[name] for name in (*names, *more)] for row in rows(target)]

    def test_the_waterfall_has_a_bar_for_each_and_the_links_work(self, trial: Path) -> None:
        page = page_in(trial / "out")
        assert len(page.xpath("//svg[@class='chart waterfall']//rect[@class='bar']")) == PATIENTS
        assert len(page.xpath("//svg[@class='chart spider']//g[@class='line']")) == PATIENTS
        drafts = page.xpath("//a[@class='draft']/@href")
        assert len(drafts) == PATIENTS
        assert all((trial / "out" / name).is_file() for name in drafts)

    def test_the_headline_of_the_worklist_is_that_of_the_draft(self, trial: Path) -> None:
        words = {"partial response": "PARTIAL", "progressive disease": "PROGRESSIVE", "stable disease": "STABLE"}
        for row in rows(trial / "out" / "worklist.csv"):
            draft = (trial / "out" / row["draft"]).read_text("utf-8").upper()
            said = [draft_word for word, draft_word in words.items() if row["headline"].startswith(f"left: {word}")]
            assert all(word in draft for word in said)


def test_files_of_an_export_are_all_accounted_for(tmp_path: Path) -> None:
    export, measured = put_all(tmp_path, 2)
    put(export / "notes.txt", b"no DICOM")
    put(export / "broken.dcm", b"\0" * 128 + b"DICM" + b"xx")
    batch(export, tmp_path / "out", "-m", str(measured))
    counts = json.loads((tmp_path / "out" / "ledger" / "ledger.json").read_text("utf-8"))["counts"]
    assert {name: counts[name] for name in counts if name.startswith("files_")} == {
        "files_found": 10,
        "files_used": 8,
        "files_listed": 1,
        "files_refused": 1,
        "files_pending": 0,
    }
    assert counts["faults"] == []


def test_a_table_is_no_file_of_the_export_though_its_case_is_quarantined(tmp_path: Path) -> None:
    export, measured = put_all(tmp_path, 2)
    (image,) = export.rglob("P001-1-1.dcm")
    put(image, image.read_bytes()[:-10])
    put(export / "other.dcm", study("P001", 2, "20260413", IssuerOfPatientID="X")["P001-2-1.dcm"])
    code, said = batch(export, tmp_path / "out", "-m", str(measured))
    assert code == 3
    assert "1 reported, 1 quarantined, 0 pending" in said
    assert "do not add up" not in said
    counts = json.loads((tmp_path / "out" / "ledger" / "ledger.json").read_text("utf-8"))["counts"]
    assert counts["files_found"] == counts["files_used"] + counts["files_listed"] + counts["files_refused"] == 9
    assert "table.csv" not in (tmp_path / "out" / "ledger" / "files.csv").read_text("utf-8")


@pytest.mark.parametrize("arguments", [(), ("--every-time-point",)])
def test_every_case_of_every_time_point_is_counted_once(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    export, measured = put_all(tmp_path, 2)
    batch(export, tmp_path / "out", "-m", str(measured), *arguments)
    ledger = json.loads((tmp_path / "out" / "ledger" / "ledger.json").read_text("utf-8"))
    assert ledger["counts"]["cases_found"] == 2 * (1 + len(arguments))
    assert ledger["counts"]["files_used"] == 8
    assert ledger["counts"]["faults"] == []
    cohort = rows(tmp_path / "out" / "cohort" / "cohort.csv")
    assert [row["reported"] for row in cohort] == (["yes"] * 4 if arguments else ["no", "yes"] * 2)


def test_where_nothing_changed_nothing_is_written(tmp_path: Path) -> None:
    export, measured = put_all(tmp_path, 2)
    out = tmp_path / "out"
    batch(export, out, "-m", str(measured))
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*.*") if ".reporter" not in path.parts}
    batch(export, out, "-m", str(measured))
    assert {path: path.stat().st_mtime_ns for path in before} == before
    (out / "summary.html").unlink()
    batch(export, out, "-m", str(measured))
    assert (out / "summary.html").is_file()


def summed_up(out: Path) -> dict[str, bytes]:
    """What people look at, but for the workbook, which is packed."""
    found = [out / "summary.html", out / "worklist.csv", *out.glob("ledger/*.csv"), *out.glob("cohort/*.csv")]
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in found}


@pytest.mark.parametrize("stamped", [True, False], ids=["stamp", "no stamp"])
@pytest.mark.parametrize("gone", ["worklist.csv", "ledger", "cohort", "ledger/cases.csv", "cohort/cohort.xlsx"])
def test_what_was_deleted_is_made_again(gone: str, stamped: bool, tmp_path: Path) -> None:
    export, measured = put_all(tmp_path, 1)
    out = tmp_path / "out"
    batch(export, out, "-m", str(measured))
    before = summed_up(out)
    (shutil.rmtree if (out / gone).is_dir() else Path.unlink)(out / gone)
    if not stamped:
        (out / ".reporter" / "stamp").unlink()
    batch(export, out, "-m", str(measured))
    assert (out / gone).exists()
    assert summed_up(out) == before


@pytest.mark.hostile
@pytest.mark.parametrize("number", [4, 8, 12])
def test_a_summary_that_a_kill_left_half_made_is_made_again(number: int, tmp_path: Path) -> None:
    """Also where all is as it was before the run that was killed."""
    export, out = tmp_path / "export", tmp_path / "out"
    put_export(export, patients(2))
    batch(export, out)
    before = summed_up(out)
    away = {path: path.read_bytes() for path in export.rglob("P002*")}
    for path in away:
        path.unlink()
    assert batch_apart(export, out, REPORTER_CRASH_AT=f"after_temp:{number}") == 137
    for path, data in away.items():
        put(path, data)
    batch(export, out)
    assert summed_up(out) == before


def test_what_a_killed_run_was_writing_is_removed(tmp_path: Path) -> None:
    export, measured = put_all(tmp_path, 1)
    left = [tmp_path / "out" / name / ".cases.csv.1.part" for name in ("ledger", "cohort", ".reporter")]
    for path in left:
        put(path, b"half")
    batch(export, tmp_path / "out", "-m", str(measured))
    assert [path for path in left if path.exists()] == []


def test_what_is_gone_from_the_export_is_gone_from_the_ledger(tmp_path: Path) -> None:
    export, out = tmp_path / "export", tmp_path / "out"
    put_export(export, patients(2))
    batch(export, out)
    for path in export.rglob("P002*"):
        path.unlink()
    batch(export, out)
    assert [row["patient_id"] for row in rows(out / "ledger" / "cases.csv")] == ["P001"]


def test_a_new_study_changes_the_summary(tmp_path: Path) -> None:
    export, measured = put_all(tmp_path, 1)
    out = tmp_path / "out"
    batch(export, out, "-m", str(measured))
    for name, data in study("P001", 3, "20260713").items():
        put(export / name, data)
    more = {**rows_of(patients(1))[0], "study_date": "2026-07-13", "long_axis": "3"}
    put(measured, csv_of([*rows_of(patients(1)), more]).encode())
    batch(export, out, "-m", str(measured))
    last = rows(out / "cohort" / "cohort.csv")[-1]
    assert (last["date"], last["value"], last["change_from_baseline_percent"]) == ("2026-07-13", "3", "-92.5")


def test_a_study_dated_after_today_needs_review(tmp_path: Path) -> None:
    export, out = tmp_path / "export", tmp_path / "out"
    for name, data in study("P001", 1, "20990101").items():
        put(export / name, data)
    code, _ = batch(export, out)
    assert code == 3
    assert rows(out / "ledger" / "studies.csv")[0]["in_the_future"] == "yes"
    assert "is dated after" in (out / "summary.html").read_text("utf-8")
