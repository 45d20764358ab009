"""`reporter index` on exports as they come."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
import zipfile
from pathlib import Path

import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import UID, ExplicitVRLittleEndian

from reporter.cli.main import main
from reporter.readers.index_columns import COLUMNS
from tests.readers.exports import said_by_pydicom, series
from tests.readers.kit import dicom


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """A study of ultrasound and MR of one patient, one image of another, a letter, and a file cut short."""
    folder = tmp_path / "export"
    folder.mkdir()
    for place, data in enumerate([
        *series(1, 1),
        *series(1, 2),
        dicom(PatientName="<b>M\u00fcller", SpecificCharacterSet="ISO_IR 192"),
    ]):
        (folder / f"{place}").write_bytes(data)
    (folder / "deep").mkdir()
    (folder / "deep" / "letter.txt").write_text("Dear colleague", "utf-8")
    (folder / "deep" / "cut.dcm").write_bytes(dicom()[:-2])
    return folder


def indexed(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, list[dict[str, str]], str]:
    code = main(["index", *(str(argument) for argument in arguments), "--format", "csv"])
    out, err = capsys.readouterr()
    return code, list(csv.DictReader(io.StringIO(out))), err


def test_studies_are_listed_with_their_counts(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, rows, err = indexed(capsys, export)
    found = [(row["PatientID"], row["Modality"], row["series"], row["files"]) for row in rows]
    assert found == [("P1", "US", "1", "1"), ("Q37-X", "MR; US", "2", "6")]
    assert code == 3
    assert "9 files: 9 read" in err
    assert "1 no DICOM object, 1 refused" in err
    assert "deep/cut.dcm" in err


def test_series_and_files_are_listed(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, rows, _ = indexed(capsys, export, "--level", "series")
    assert [(row["SeriesDescription"], row["files"]) for row in rows] == [
        ("", "1"),
        ("series 2 US", "3"),
        ("series 3 MR", "3"),
    ]
    _, rows, _ = indexed(capsys, export, "--level", "file")
    assert [row["file"] for row in rows] == ["0", "1", "2", "3", "4", "5", "6", "deep/cut.dcm", "deep/letter.txt"]
    assert [row["way"] for row in rows[:4]] == ["walk", "layout", "layout", "walk"]
    assert rows[7]["reason"] == "DCM_TRUNCATED"
    expected = said_by_pydicom((export / "3").read_bytes())
    assert tuple(rows[3][column.keyword] for column in COLUMNS) == tuple(text or "" for text in expected)


def test_names_are_shown_as_they_are_and_cells_do_not_compute(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (export / "formula").write_bytes(
        dicom(PatientID="=P9", SOPInstanceUID="1.2.3.9", StudyInstanceUID="1.2.9", SeriesInstanceUID="1.2.9.1")
    )
    _, rows, _ = indexed(capsys, export)
    assert {row["PatientID"] for row in rows} == {"'=P9", "P1", "Q37-X"}
    main(["index", str(export), "--format", "json"])
    names = {row["PatientName"] for row in json.loads(capsys.readouterr().out)}
    assert "<b>M\u00fcller" in names


def test_two_patients_in_one_study_are_two_rows(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (export / "other").write_bytes(dicom(PatientID="P2", SOPInstanceUID="1.2.3.9"))
    _, rows, _ = indexed(capsys, export)
    assert [row["PatientID"] for row in rows if row["StudyInstanceUID"] == "1.2.3.1"] == ["P1", "P2"]


def test_the_table_goes_to_a_file_and_the_export_stays_as_it_was(
    export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted((path, path.stat().st_mtime_ns) for path in export.rglob("*"))
    assert main(["index", str(export), "-o", str(tmp_path / "studies.txt"), "--quiet"]) == 3
    out, err = capsys.readouterr()
    assert not out
    assert err.count("\n") == 1
    assert (tmp_path / "studies.txt").read_text("utf-8").startswith("PatientID  StudyDate")
    assert before == sorted((path, path.stat().st_mtime_ns) for path in export.rglob("*"))


def test_a_zip_is_looked_into(export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    packed = tmp_path / "packed.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(export.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(export).as_posix())
        archive.writestr("../../escaped.dcm", dicom())
    _, of_folder, _ = indexed(capsys, export)
    code, rows, err = indexed(capsys, packed)
    assert rows == of_folder
    assert code == 3
    assert "FS_ESCAPE" not in err
    assert "2 refused" in err
    (tmp_path / "both").mkdir()
    packed.rename(tmp_path / "both" / "packed.zip")
    _, rows, _ = indexed(capsys, tmp_path / "both", "--level", "file")
    assert [row["file"] for row in rows][:3] == ["packed.zip", "packed.zip/../../escaped.dcm", "packed.zip/0"]


def test_an_unchanged_export_is_not_read_again(
    export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in export.rglob("*"):
        os.utime(path, ns=(10**18, 10**18))
    store = tmp_path / "index.sqlite"
    _, first, err = indexed(capsys, export, "--store", store)
    assert "9 files: 9 read, 0 as before, 0 gone" in err
    assert stat.S_IMODE(store.stat().st_mode) == 0o600
    code, again, err = indexed(capsys, export, "--store", store)
    assert "9 files: 0 read, 9 as before, 0 gone" in err
    assert again == first
    assert code == 3
    (export / "0").unlink()
    (export / "1").write_bytes(
        dicom(PatientID="P3", SOPInstanceUID="1.2.3.7", StudyInstanceUID="1.2.7", SeriesInstanceUID="1.2.7.1")
    )
    _, rows, err = indexed(capsys, export, "--store", store)
    assert "8 files: 1 read, 7 as before, 1 gone" in err
    assert rows == indexed(capsys, export)[1]


def test_a_store_of_another_export_is_begun_anew(
    export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "index.sqlite"
    indexed(capsys, export, "--store", store)
    _, rows, err = indexed(capsys, export / "deep", "--store", store)
    assert rows == []
    assert "2 files: 2 read, 0 as before, 0 gone" in err


def test_what_is_no_index_is_not_written_to(export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = tmp_path / "letter.txt"
    store.write_text("Dear colleague, " * 100, "utf-8")
    assert indexed(capsys, export, "--store", store)[0] == 2
    assert store.read_text("utf-8") == "Dear colleague, " * 100


def test_an_export_that_is_not_there_is_a_wrong_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["index", str(tmp_path / "nothing")]) == 2
    assert "no such file" in capsys.readouterr().err


def test_an_export_of_nothing_but_broken_files_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.dcm").write_bytes(b"")
    assert main(["index", str(tmp_path)]) == 1
    assert "x.dcm" in capsys.readouterr().err


def test_nothing_is_written_into_the_export(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for option in ("--store", "-o"):
        assert main(["index", str(export), option, str(export / "deep" / "index")]) == 2
        assert "never written to" in capsys.readouterr().err
    assert not (export / "deep" / "index").exists()


def directory(*names: str) -> bytes:
    """A DICOMDIR that refers to files, by hand: the library makes none of files that are not there."""
    records = Sequence()
    for name in names:
        record = Dataset()
        record.DirectoryRecordType = "IMAGE"
        record.ReferencedFileID = name.split("/")
        records.append(record)
    found = Dataset()
    found.DirectoryRecordSequence = records
    found.file_meta = FileMetaDataset()
    found.file_meta.MediaStorageSOPClassUID = UID("1.2.840.10008.1.3.10")
    found.file_meta.MediaStorageSOPInstanceUID = UID("1.2.3")
    found.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    stream = io.BytesIO()
    found.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


def test_a_directory_is_held_against_the_files_and_never_followed(
    export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (export / "deep" / "cut.dcm").unlink()
    (export / "DICOMDIR").write_bytes(directory("0", "1", "2", "GONE/IM1", *(f"LOST/IM{n}" for n in range(6000))))
    code, rows, err = indexed(capsys, export, "--verbose")
    assert code == 3
    assert [row["files"] for row in rows] == ["1", "6"]
    assert "6001 files that the DICOM directory names are not there, such as GONE/IM1" in err
    assert "4 DICOM files are not in the DICOM directory, such as 3" in err
