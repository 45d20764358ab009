"""The files of one case of many: what the index kept is used as long as the file is as the index saw it."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from reporter.readers.export_index import ExportReader
from reporter.readers.gather import Inputs, Readings
from reporter.readers.gather_case import CaseFile, CaseInput, gather_case
from reporter.readers.interface import Limits
from reporter.readers.kept_header import KeptHeader
from reporter.readers.same_file import known_by
from tests.readers.exports import value
from tests.readers.kit import dicom

LIMITS = Limits()


def indexed(path: Path, *, keep: bool = True) -> CaseFile:
    """A file as the index knows it."""
    found = ExportReader(keep=True).read(str(path), path.name, path.stat())
    assert found.header is not None
    header = KeptHeader(found.header, value(found, "SOPInstanceUID") or "")
    kept = header if keep else None
    same = known_by(path.stat())
    return CaseFile(path=str(path), name=path.name, size=found.size, modified=found.modified, same=same, header=kept)


def gathered(*files: CaseFile) -> Readings:
    given = CaseInput(patient_id="P1", files=files)
    return gather_case(given, Inputs(), LIMITS, (), {})


def refused(readings: Readings) -> list[str]:
    return [issue.code for issue in readings.by_patient["P1"].unreadable]


def written(folder: Path, *uids: str) -> list[Path]:
    """Files of one patient, one of an own UID each."""
    paths = [folder / f"{place}.dcm" for place in range(len(uids))]
    for path, uid in zip(paths, uids, strict=True):
        path.write_bytes(dicom(PatientID="P1", SOPInstanceUID=uid))
    return paths


def test_what_was_kept_gives_what_the_files_give(tmp_path: Path) -> None:
    paths = written(tmp_path, "1.2.3.4", "1.2.3.5", "1.2.3.5.1")
    kept, read = (gathered(*(indexed(path, keep=keep) for path in paths)) for keep in (True, False))
    assert kept == read
    assert len(kept.by_patient["P1"].headers) == len(paths)


def test_a_file_whose_header_was_kept_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [indexed(path) for path in written(tmp_path, "1.2.3.4", "1.2.3.5")]
    monkeypatch.setattr("reporter.readers.gather_case.opened", lambda _file: pytest.fail("opened"))
    assert len(gathered(*files).by_patient["P1"].headers) == len(files)


@pytest.mark.hostile
def test_a_file_that_has_changed_or_gone_since_is_refused(tmp_path: Path) -> None:
    changed, gone = written(tmp_path, "1.2.3.4", "1.2.3.5")
    files = [indexed(changed), indexed(gone)]
    changed.write_bytes(dicom(PatientID="P1", StudyDescription="another one"))
    gone.unlink()
    assert refused(gathered(*files)) == ["FS_CHANGED", "FS_READ"]


@pytest.mark.hostile
def test_a_file_in_the_place_of_another_of_its_size_and_time_is_read(tmp_path: Path) -> None:
    (path,) = written(tmp_path, "1.2.3.4")
    seen, times = indexed(path), (path.stat().st_atime_ns, path.stat().st_mtime_ns)
    path.write_bytes(dicom(PatientID="P1", SOPInstanceUID="1.2.3.5"))
    os.utime(path, ns=times)
    (header,) = gathered(seen).by_patient["P1"].headers
    assert header.instance_uid == "1.2.3.5"


@pytest.mark.hostile
def test_one_uid_with_two_contents_is_refused_though_the_headers_say_the_same(tmp_path: Path) -> None:
    paths = written(tmp_path, "1.2.3.4", "1.2.3.4")
    paths[1].write_bytes(paths[1].read_bytes()[:-4] + b"\4\3\2\1")
    readings = gathered(*map(indexed, paths))
    assert [issue.code for issue in readings.by_patient["P1"].issues] == ["DUP_CONFLICT"]


def in_zip(path: Path, uid: str, modified: int) -> CaseFile:
    """An entry of a ZIP that takes the place of what was there, with a time of change of its own choosing."""
    data = dicom(PatientID="P1", SOPInstanceUID=uid)
    other = path.with_suffix(".new")
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("a.dcm", data)
    os.utime(other, ns=(modified, modified))
    other.replace(path)
    return CaseFile(path=str(path), name="x.zip/a.dcm", size=len(data), modified=modified, entry="a.dcm")


@pytest.mark.hostile
def test_a_zip_in_the_place_of_another_of_its_time_is_read_anew(tmp_path: Path) -> None:
    """A process that goes on, such as one that watches, keeps archives open."""
    for uid in ("1.2.3.4", "1.2.3.5"):
        (header,) = (
            gathered(in_zip(tmp_path / "x.zip", uid, modified=1_700_000_000_000_000_000)).by_patient["P1"].headers
        )
        assert header.instance_uid == uid


@pytest.mark.hostile
def test_a_zip_that_is_replaced_while_it_is_opened_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.zip"
    file = in_zip(path, "1.2.3.4", modified=1_700_000_000_000_000_000)
    plain = zipfile.ZipFile

    def replaced(name: str) -> zipfile.ZipFile:
        in_zip(path, "1.2.3.5", modified=1_700_000_000_000_000_000)
        return plain(name)

    with monkeypatch.context() as patched:
        patched.setattr("reporter.readers.gather_case.zipfile", SimpleNamespace(ZipFile=replaced))
        assert refused(gathered(file)) == ["FS_CHANGED"]
    assert gathered(file).by_patient["P1"].headers[0].instance_uid == "1.2.3.5"
