"""INPUT becomes files: folders, files, ZIPs, stdin, each in a fixed order, none followed out of its place."""

from __future__ import annotations

import io
import stat
import warnings
import zipfile
from pathlib import Path

import pytest

from reporter.errors import UsageError
from reporter.readers.gather import FileUse, Inputs, Readings, gather, patients
from reporter.readers.intake import Intake
from reporter.readers.interface import Limits
from tests.readers.kit import codes, dicom


def zipped(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def given(path: Path, limits: Limits | None = None) -> Readings:
    return gather(Inputs(paths=(path,)), limits or Limits())


def used(readings: Readings) -> dict[str, str]:
    return {file.name: file.code or file.kind for file in readings.files}


def test_a_folder_is_searched_in_a_fixed_order(tmp_path: Path) -> None:
    for name in ("b/2.dcm", "b/1.dcm", "a/x/3", "z.dcm"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(dicom(SOPInstanceUID=f"1.2.3.1.1.{len(name)}{name.count('2')}"))
    assert [file.name for file in given(tmp_path).files] == ["a/x/3", "b/1.dcm", "b/2.dcm", "z.dcm"]


def test_a_file_is_named_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "one.dcm"
    path.write_bytes(dicom())
    assert used(given(path)) == {"one.dcm": "image"}


def test_several_folders_keep_their_names_apart(tmp_path: Path) -> None:
    for folder, uid in (("first", "1.2.3.1.1.1"), ("second", "1.2.3.1.1.2")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "1.dcm").write_bytes(dicom(SOPInstanceUID=uid))
    found = gather(Inputs(paths=(tmp_path / "second", tmp_path / "first")))
    assert [file.name for file in found.files] == ["first/1.dcm", "second/1.dcm"]


def test_folders_of_one_name_are_numbered(tmp_path: Path) -> None:
    for folder, uid in (("a", "1.2.3.1.1.1"), ("b", "1.2.3.1.1.2")):
        (tmp_path / folder / "exam").mkdir(parents=True)
        (tmp_path / folder / "exam" / "1.dcm").write_bytes(dicom(SOPInstanceUID=uid))
    found = gather(Inputs(paths=(tmp_path / "b" / "exam", tmp_path / "a" / "exam")))
    assert [file.name for file in found.files] == ["exam (2)/1.dcm", "exam/1.dcm"]


def test_a_file_given_twice_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "one.dcm"
    path.write_bytes(dicom())
    assert len(gather(Inputs(paths=(tmp_path, path))).files) == 1


def test_the_table_is_no_file_of_the_exam(tmp_path: Path) -> None:
    (tmp_path / "1.dcm").write_bytes(dicom())
    table = tmp_path / "table.csv"
    table.write_text("patient_id,study_date,lesion_id\nP1,2026-01-08,L1\n")
    found = gather(Inputs(paths=(tmp_path,), table=table))
    assert used(found) == {"1.dcm": "image", "table.csv": "table"}


def test_a_zip_is_streamed(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    path.write_bytes(zipped({"b/2.dcm": dicom(), "a/1.dcm": dicom(SOPInstanceUID="1.2.3.1.1.2"), "notes.txt": b"x"}))
    assert used(given(path)) == {
        "export.zip/a/1.dcm": "image",
        "export.zip/b/2.dcm": "image",
        "export.zip/notes.txt": "FILE_NOT_DICOM",
    }


def test_a_zip_and_its_folder_give_the_same_headers(tmp_path: Path) -> None:
    folder, path = tmp_path / "exam", tmp_path / "exam.zip"
    folder.mkdir()
    (folder / "1.dcm").write_bytes(dicom())
    path.write_bytes(zipped({"1.dcm": dicom()}))
    one, other = given(folder), given(path)
    assert [file.sha256 for file in one.files] == [file.sha256 for file in other.files]


@pytest.mark.hostile
def test_a_zip_within_a_zip_is_refused_and_a_program_there_listed(tmp_path: Path) -> None:
    inner = zipped({"1.dcm": dicom(SOPInstanceUID="1.2.9")})
    path = tmp_path / "export.zip"
    path.write_bytes(
        zipped({"1.dcm": dicom(), "in.zip": inner, "EXPORT": inner} | dict.fromkeys(("v/a.JAR", "v/b.war"), inner))
    )
    assert used(given(path)) == {
        "export.zip/1.dcm": "image",
        "export.zip/EXPORT": "ZIP_NESTED",
        "export.zip/in.zip": "ZIP_NESTED",
        "export.zip/v/a.JAR": "FILE_NOT_DICOM",
        "export.zip/v/b.war": "FILE_NOT_DICOM",
    }


@pytest.mark.hostile
def test_entries_of_one_name_are_all_read(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w") as archive:
        warnings.simplefilter("ignore")  # of the library, about the name that is there twice
        for number, name in enumerate(("1.dcm", "1.dcm", "1.dcm (2)", "\0", "a\x01", "a\x02")):
            entry = zipfile.ZipInfo("x")
            entry.filename = name  # as it is; one that begins with a zero byte is read as empty
            archive.writestr(entry, dicom(SOPInstanceUID=f"1.2.{number}", PatientID=f"P{number}"))
    readings = given(path)
    headers = [header for patient in readings.by_patient.values() for header in patient.headers]
    assert {header.instance_uid for header in headers} == {f"1.2.{number}" for number in range(6)}
    assert len(used(readings)) == 6
    assert {"export.zip/1.dcm", "export.zip/1.dcm (2)", "export.zip/1.dcm (2) (2)"} <= set(used(readings))


def test_stdin_is_a_file_or_a_zip() -> None:
    for data, name in ((dicom(), "-"), (zipped({"1.dcm": dicom()}), "-/1.dcm")):
        intake = Intake(limits=Limits())
        with intake.open_archives:
            intake.take([Path("-")], io.BytesIO(data))
            assert [file.name for file in intake.files] == [name]


def test_stdin_has_a_limit() -> None:
    intake = Intake(limits=Limits(inflated_bytes=10))
    intake.take([Path("-")], io.BytesIO(b"x" * 11))
    assert [issue.code for _, issue in intake.refused] == ["LIM_FILE"]


def test_a_path_that_does_not_exist_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        given(tmp_path / "nothing")
    with pytest.raises(UsageError):
        gather(Inputs(table=tmp_path / "nothing.csv"))


@pytest.mark.hostile
@pytest.mark.parametrize("name", ["../1.dcm", "/etc/1.dcm", "a/../../1.dcm", "..\\1.dcm", "C:\\1.dcm"])
def test_a_zip_entry_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "export.zip"
    path.write_bytes(zipped({name: dicom(), "ok.dcm": dicom(SOPInstanceUID="1.2.3.1.1.2")}))
    refused = [file.code for file in given(path).files if file.use is FileUse.REFUSED]
    assert refused == ["FS_ESCAPE"]


@pytest.mark.hostile
def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        entry = zipfile.ZipInfo("link.dcm")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    assert used(given(path)) == {"export.zip/link.dcm": "FS_SYMLINK"}


@pytest.mark.hostile
def test_a_tightly_packed_entry_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    path.write_bytes(zipped({"bomb.dcm": b"\0" * 3_000_000}))
    assert used(given(path)) == {"export.zip/bomb.dcm": "ZIP_RATIO"}


@pytest.mark.hostile
@pytest.mark.parametrize(
    ("limits", "read"), [(Limits(zip_entries=2), True), (Limits(zip_entries=1), False), (Limits(zip_bytes=10), False)]
)
def test_limits_of_a_zip(tmp_path: Path, limits: Limits, read: bool) -> None:
    path = tmp_path / "export.zip"
    path.write_bytes(zipped({"1.dcm": dicom(), "2.dcm": dicom(SOPInstanceUID="1.2.3.1.1.2")}))
    assert bool(patients(given(path, limits))) is read
    if not read:
        assert used(given(path, limits)) == {"export.zip": "LIM_ZIP"}


@pytest.mark.hostile
def test_a_damaged_zip_is_refused_at_any_byte(tmp_path: Path) -> None:
    """What is read of a damaged archive is right, or it is refused: each entry carries its checksum."""
    whole = zipped({"1.dcm": dicom()})
    path = tmp_path / "export.zip"
    path.write_bytes(whole)
    right = [file.sha256 for file in given(path).files]
    for at in range(4, len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x40]) + whole[at + 1 :])
        for file in given(path).files:
            assert file.use is not FileUse.USED or file.sha256 in right, at


@pytest.mark.hostile
def test_a_cut_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    path.write_bytes(zipped({"1.dcm": dicom()})[:-30])
    assert used(given(path)) == {"export.zip": "ZIP_BROKEN"}


def test_an_unreadable_file_counts_for_the_one_patient_of_its_folder(tmp_path: Path) -> None:
    for folder, patient in (("p1", "P1"), ("p2", "P2")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "1.dcm").write_bytes(
            dicom(PatientID=patient, StudyInstanceUID=f"1.2.{patient[1]}", SOPInstanceUID=f"1.2.9.{patient[1]}")
        )
    (tmp_path / "p2" / "2.dcm").write_bytes(b"")
    (tmp_path / "loose.dcm").write_bytes(b"")
    found = given(tmp_path)
    assert codes(found.by_patient["P1"].unreadable) == []
    assert codes(found.by_patient["P2"].unreadable) == ["DCM_EMPTY"]
    assert codes(found.unnamed.unreadable) == ["DCM_EMPTY"]
