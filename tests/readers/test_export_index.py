"""The index of an export says what pydicom says, or why it does not."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian

from reporter.readers.character_sets import NotDecoded
from reporter.readers.element_layout import walked
from reporter.readers.export_index import ExportReader, Indexed, Way
from reporter.readers.file_pieces import HEAD
from reporter.readers.files import MemoryFile
from reporter.readers.index_columns import COLUMNS, INDEXED, IndexColumn, Vocabulary
from reporter.readers.interface import Limits
from tests.readers.exports import read, said_by_pydicom, series, value, variety
from tests.readers.kit import dicom, element, encoded, image

PIXELS = b"\xe0\x7f\x10\x00"


@pytest.mark.parametrize("patient", [1, 2, 3, 4], ids=["utf-8 ge", "jis philips", "ascii siemens", "latin-1 ge"])
@pytest.mark.parametrize("number", range(5), ids=["mg", "us", "mr", "mr 2", "sr"])
def test_a_series_is_walked_once_and_equals_pydicom(patient: int, number: int) -> None:
    reader = ExportReader()
    files = series(patient, number)
    found = [read(data, reader) for data in files]
    assert [one.record for one in found] == [said_by_pydicom(data) for data in files]
    if number == 0:  # the names of mammograms' views differ in length
        assert {one.way for one in found} <= {Way.WALK, Way.LAYOUT}
    else:
        assert [one.way for one in found] == [Way.WALK] + [Way.LAYOUT] * (len(files) - 1)


def test_identifiers_nested_in_a_private_sequence_are_not_the_files_own() -> None:
    data = series(1, 2, 1)[0]
    assert data.index(b"1.2.3.4.5.6.7.8.9") < data.index(b"\x20\0\x0d\0\x1e\0\0\0")
    found = read(data)
    assert value(found, "StudyInstanceUID") == "1.2.826.0.1.3680043.10.543.1.0"
    assert value(found, "Modality") == "MR"


def test_no_header_byte_may_differ_from_a_layout() -> None:
    data = series(2, 1, 1)[0]
    walk = walked(data[:HEAD], len(data), lambda length, offset: data[offset : offset + length], INDEXED)
    reader = ExportReader()
    assert read(data, reader).way is Way.WALK
    assert read(data, reader).way is Way.LAYOUT
    for begin, end in zip(walk.edges[::2], walk.edges[1::2], strict=True):
        for offset in range(begin, end):
            changed = data[:offset] + bytes([data[offset] ^ 1]) + data[offset + 1 :]
            assert read(changed, reader).way is not Way.LAYOUT, f"byte {offset}"
            read(data, reader)


def test_values_that_vary_one_after_the_other_are_each_files_own() -> None:
    """One layout all the way: the values have the lengths of the first file's, and ever more of them vary."""
    chance, reader = random.Random("values"), ExportReader(keep=True)  # ruff: ignore[suspicious-non-cryptographic-random-usage] - the same in every run
    given = {"SOPInstanceUID": "1.2.3", "Modality": "MR", "StudyDescription": "A", "PatientID": "P", "Laterality": "L"}
    others = {"SOPInstanceUID": "1.2.4", "Modality": "US", "StudyDescription": "B", "PatientID": "Q", "Laterality": "R"}
    first = read(dicom(**given), reader)
    assert first.way is Way.WALK
    for number in range(100):
        varied = chance.sample(sorted(others), min(1 + number // 20, len(others)))
        data = dicom(**{**given, **{keyword: others[keyword] for keyword in varied}})
        found = read(data, reader)
        assert found.way is Way.LAYOUT
        assert found.record == said_by_pydicom(data)
        assert found.header is not None
        assert (found.header == first.header) is (set(varied) <= {"SOPInstanceUID"})


def test_pydicom_is_not_loaded_for_plain_files(tmp_path: Path) -> None:
    for place, data in enumerate(variety()):
        (tmp_path / f"{place}.dcm").write_bytes(data)
    program = (
        "import os, sys\n"
        "from reporter.readers.export_index import ExportReader\n"
        "reader = ExportReader()\n"
        f"for entry in os.scandir({str(tmp_path)!r}):\n"
        "    found = reader.read(entry.path, entry.name, entry.stat())\n"
        "    assert found.way in {'walk', 'layout'}, found.reason\n"
        "sys.exit('pydicom' in sys.modules)\n"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_file_is_opened_once_and_read_in_one_piece(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reader, calls = ExportReader(), {"open": 0, "pread": 0, "bytes": 0}
    real_open, real_pread = os.open, os.pread

    def counted_open(path: str, flags: int) -> int:
        calls["open"] += 1
        return real_open(path, flags)

    def counted_pread(descriptor: int, length: int, offset: int) -> bytes:
        calls["pread"] += 1
        calls["bytes"] += length
        return real_pread(descriptor, length, offset)

    files = series(2, 1, 6)
    paths = [tmp_path / f"{place}.dcm" for place in range(len(files))]
    for path, data in zip(paths, files, strict=True):
        path.write_bytes(data)
    monkeypatch.setattr(os, "open", counted_open)
    monkeypatch.setattr("reporter.readers.export_index.pread", counted_pread)
    assert all(reader.read(str(path), path.name, path.stat()).way in {Way.WALK, Way.LAYOUT} for path in paths)
    assert calls == {"open": 6, "pread": 6, "bytes": 6 * HEAD}


# -- what is odd -----------------------------------------------------------------------------------------------------


def big_endian() -> bytes:
    return encoded(image(), ExplicitVRBigEndian)


def deflated() -> bytes:
    return encoded(image(), "1.2.840.10008.1.2.1.99")


def mislabelled() -> bytes:
    explicit = encoded(image(), ExplicitVRLittleEndian)
    wrong = b"1.2.840.10008.1.2\0\0\0"
    return explicit.replace(b"1.2.840.10008.1.2.1\0", wrong)


def of_undefined_terms() -> bytes:
    return dicom(SpecificCharacterSet="ISO_IR 999")


def of_another_vr() -> bytes:
    return dicom(Modality="US").replace(b"\x08\x00\x60\x00CS", b"\x08\x00\x60\x00SH")


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.keyword)
def test_a_value_has_the_vr_of_its_attribute_or_none(column: IndexColumn) -> None:
    vocabulary = Vocabulary()
    for vr in (column.vr, b""):
        assert len(vocabulary.columns(((column.tag, vr, False),), b"")) == 1
    for _ in range(2):  # what is refused is refused again
        with pytest.raises(NotDecoded):
            vocabulary.columns(((column.tag, b"UN", False),), b"")


def of_a_comma() -> bytes:
    return dicom(SliceThickness="1.25").replace(b"1.25", b"1,25")


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (big_endian, "transfer syntax"),
        (deflated, "transfer syntax"),
        (mislabelled, "VR against the transfer syntax"),
        (of_undefined_terms, "VR or character set"),
        (of_another_vr, "VR or character set"),
        (of_a_comma, "value"),
        (lambda: dicom(Modality="US") + bytes(6), "cut short"),
    ],
    ids=["big endian", "deflated", "mislabelled", "character set", "VR", "value", "padding"],
)
def test_what_is_odd_is_handed_to_pydicom_and_said(make: Callable[[], bytes], reason: str) -> None:
    reader = ExportReader()
    found = read(make(), reader)
    assert (found.way, found.reason) == (Way.PYDICOM, reason)
    assert found.record == said_by_pydicom(make())
    assert reader.counts == {(Way.PYDICOM, reason): 1}


def twice(keyword_tag: int, vr: bytes, text: bytes) -> bytes:
    data = dicom(PatientID="P1")
    return data.replace(PIXELS, element(keyword_tag, vr, text) + PIXELS)


@pytest.mark.hostile
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "DCM_EMPTY"),
        (b"%PDF-1.7 and so on", "DCM_NOT_DICOM"),
        (dicom()[132:], "DCM_NO_PREFIX"),
        (dicom(StudyDescription="x" * 5000), "LIM_STRING"),
        (dicom()[:-2], "DCM_TRUNCATED"),
        (dicom()[:303], "DCM_TRUNCATED"),
        (dicom(PixelData=None), "DCM_MISSING_TAG"),
        (dicom(StudyInstanceUID=None), "DCM_MISSING_TAG"),
        (dicom(Modality=""), "DCM_MISSING_TAG"),
        (dicom() + b"garbage!", "DCM_TRAILING"),
        (b"MZ" + dicom()[2:], "DCM_PREAMBLE"),
        (twice(0x00100020, b"LO", b"P2"), "DCM_DUP_TAG"),
        (dicom(PatientID=None) + element(0x00100020, b"LO", b"P2"), "DCM_ORDER"),
        (dicom(StudyInstanceUID="1.2.a/../x"), "DCM_BAD_UID"),
        (dicom().replace(b"\x08\x00\x60\x00CS", b"\x08\x00\x60\x00ZZ"), "DCM_BAD_VR"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_what_a_draft_refuses_is_refused(data: bytes, code: str) -> None:
    found = read(data)
    assert (found.way, found.reason) == (Way.REFUSED, code)
    assert found.issue is not None
    assert found.issue.source is not None


@pytest.mark.hostile
def test_a_refused_file_says_whose_it_is_as_far_as_it_was_read() -> None:
    assert value(read(dicom(PatientID="P7")[:-2]), "PatientID") == "P7"


@pytest.mark.hostile
def test_a_deflated_data_set_is_inflated_to_a_limit() -> None:
    data = deflated()
    found = ExportReader(Limits(inflated_bytes=50)).read_entry(_file(data), 0)
    assert (found.way, found.reason) == (Way.REFUSED, "DCM_INFLATE_LIMIT")


def _file(data: bytes) -> MemoryFile:
    return MemoryFile("x.dcm", data)


def test_what_is_no_dicom_is_listed_only() -> None:
    assert read(b"a letter", name="letter.txt")[3:5] == (Way.OTHER, "FILE_NOT_DICOM")


def test_an_image_of_32_or_8192_rows_is_one() -> None:
    for rows in (32, 8192):
        data = dicom(Rows=rows, Columns=2, PixelData=bytes(2 * rows))
        assert value(read(data), "Rows") == str(rows)
        assert read(big_rows(rows)).way is Way.PYDICOM


def big_rows(rows: int) -> bytes:
    return encoded(image(Rows=rows, PixelData=bytes(2 * rows)), ExplicitVRBigEndian)


# -- files on disk ---------------------------------------------------------------------------------------------------


def on_disk(path: Path, reader: ExportReader | None = None) -> Indexed:
    return (reader or ExportReader()).read(str(path), path.name, path.lstat())


@pytest.mark.hostile
def test_links_and_pipes_are_not_opened(tmp_path: Path) -> None:
    (tmp_path / "real.dcm").write_bytes(dicom())
    (tmp_path / "link.dcm").symlink_to(tmp_path / "real.dcm")
    os.mkfifo(tmp_path / "pipe.dcm")
    assert on_disk(tmp_path / "real.dcm").way is Way.WALK
    assert on_disk(tmp_path / "link.dcm").reason == "FS_SYMLINK"
    assert on_disk(tmp_path / "pipe.dcm").reason == "FS_NOT_REGULAR"


@pytest.mark.hostile
def test_a_file_that_vanished_or_changed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.dcm"
    path.write_bytes(dicom())
    before = path.stat()
    path.write_bytes(dicom(StudyDescription="longer by a good deal"))
    assert ExportReader().read(str(path), "x.dcm", before).reason == "FS_CHANGED"
    path.unlink()
    assert ExportReader().read(str(path), "x.dcm", before).reason == "FS_READ"
