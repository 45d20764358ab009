"""Hostile files, rows 1 to 28: what each bad DICOM container must give."""

from __future__ import annotations

import os
import resource
import struct
import subprocess
import time
import zlib
from pathlib import Path

import pytest
from pydicom.config import disable_value_validation
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, ImplicitVRLittleEndian

from reporter.case.issue import Outcome
from reporter.readers.container import walk
from reporter.readers.files import DiskFile, disk_file, opened_anew
from reporter.readers.gather import FileUse, Inputs, gather
from reporter.readers.header import HeaderReader
from reporter.readers.interface import Limits, Refusal
from reporter.readers.parts import ImageHeader
from tests.readers.kit import LIMITS, MR, codes, dicom, element, encoded, gathered, image, read_header, refusal_codes

pytestmark = pytest.mark.hostile
SQ_HEADER = b"\x08\x00\x40\x11SQ\0\0"  # (0008,1140) Referenced Image Sequence
ITEM, ITEM_END, SQ_END = b"\xfe\xff\x00\xe0", b"\xfe\xff\x0d\xe0\0\0\0\0", b"\xfe\xff\xdd\xe0\0\0\0\0"
UNDEFINED = b"\xff\xff\xff\xff"


def refused_code(data: bytes, limits: Limits = LIMITS) -> str:
    reading = read_header(data, limits=limits)
    assert not reading.parts
    (issue,) = reading.issues
    assert issue.outcome is Outcome.REFUSED
    assert issue.source is not None
    return issue.code


def with_sequence(content: bytes) -> bytes:
    """A file with (0008,1140) spliced in before the patient's name."""
    data = dicom()
    at = data.index(b"\x10\x00\x10\x00PN")
    return data[:at] + content + data[at:]


def test_row_1_an_empty_file() -> None:
    assert refused_code(b"") == "DCM_EMPTY"


@pytest.mark.parametrize(
    "data", [b"hello " * 50, b"%PDF-1.7\n" + b"x" * 300, b"a,b\n1,2\n", b"\x1f\x8b\x08" + b"\0" * 300]
)
def test_row_2_and_23_what_is_no_dicom(data: bytes) -> None:
    assert refused_code(data) == "DCM_NOT_DICOM"


def test_row_2_a_file_that_does_not_claim_to_be_dicom_is_only_listed(tmp_path: Path) -> None:
    readings = gathered(tmp_path, {"a.dcm": dicom(), "notes.txt": b"hello", "empty": b""})
    listed = [record.name for record in readings.files if record.use is FileUse.LISTED]
    assert listed == ["empty", "notes.txt"]
    assert not refusal_codes(tmp_path, {})


def test_row_3_a_data_set_without_prefix_needs_the_option() -> None:
    bare = dicom()[132:]
    assert refused_code(bare) == "DCM_NO_PREFIX"
    assert read_header(bare, bare=True).parts
    no_meta = bare[bare.index(b"\x08\x00\x16\x00") :]
    assert read_header(no_meta, bare=True).parts


def test_row_4_to_6_and_8_no_truncation_reads() -> None:
    data = dicom(ImageLaterality="L", OrganDose="0.01", ReferencedImageSequence=Sequence([image(PixelData=None)]))
    assert read_header(data).parts
    for length in range(len(data)):
        reading = read_header(data[:length])
        assert not reading.parts, length
        assert reading.refused, length


def test_row_4_truncation_of_implicit_undefined_and_big_endian_files() -> None:
    nested = image(ReferencedImageSequence=Sequence([image(PixelData=None)]))
    nested["ReferencedImageSequence"].is_undefined_length = True
    nested.ReferencedImageSequence[0].is_undefined_length_sequence_item = True
    for syntax in (ImplicitVRLittleEndian, ExplicitVRBigEndian):
        data = encoded(nested, syntax)
        assert read_header(data).parts, syntax
        for length in range(132, len(data)):
            assert read_header(data[:length]).refused, (syntax, length)


def test_row_4_the_place_is_told() -> None:
    (issue,) = read_header(dicom()[:-1]).issues
    assert issue.source is not None
    assert issue.source.place.startswith("byte ")


def test_row_5_a_cut_on_an_element_boundary_misses_an_attribute() -> None:
    data = dicom()
    assert refused_code(data[: data.index(b"\xe0\x7f\x10\x00")]) == "DCM_MISSING_TAG"
    assert refused_code(dicom(StudyInstanceUID=None)) == "DCM_MISSING_TAG"


def test_row_7_padding_is_noted_and_garbage_is_refused() -> None:
    reading = read_header(dicom() + b"\0" * 512)
    assert reading.parts
    assert codes(reading.issues) == ["DCM_PADDING"]
    assert refused_code(dicom() + b"\xde\xad\xbe\xef" * 4) == "DCM_TRAILING"
    assert refused_code(dicom() + b"ab") == "DCM_TRAILING"


def test_row_8_a_length_that_lies() -> None:
    data = dicom()
    at = data.index(b"\xe0\x7f\x10\x00")
    lying = data[: at + 8] + struct.pack("<I", 0xFFFFFFFE) + data[at + 12 :]
    assert refused_code(lying) == "DCM_TRUNCATED"


@pytest.mark.parametrize(
    "tag", [b"\xe0\x7f\x10\x00OW", b"\x09\x00\x10\x10OB"], ids=["row 9 pixels", "row 10 other tag"]
)
def test_row_9_and_10_three_gigabytes_are_not_read(tag: bytes, tmp_path: Path) -> None:
    """A sparse file stands for three gigabytes on the disk."""
    size = 3 * 1024**3
    data = dicom()
    at = data.index(b"\x10\x00\x10\x00PN") if tag.startswith(b"\x09") else data.index(b"\xe0\x7f\x10\x00")
    before, after = data[:at], data[at:] if tag.startswith(b"\x09") else b""
    path = tmp_path / "big.dcm"
    with path.open("wb") as stream:
        stream.write(before + tag + b"\0\0" + struct.pack("<I", size))
        stream.seek(size, os.SEEK_CUR)
        stream.write(after)
        stream.truncate(len(before) + 12 + size + len(after))
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.process_time()
    assert HeaderReader().extract(disk_file(path, path.name), LIMITS).parts
    assert time.process_time() - begun < 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - used < 50 * 1024


def test_row_11_a_deflated_bomb_is_inflated_to_the_limit_only() -> None:
    plain = encoded(image(), DeflatedExplicitVRLittleEndian)
    assert read_header(plain).parts
    at = _meta_end(plain)
    bomb = zlib.compressobj(wbits=-15)
    packed = bomb.compress(b"\0" * 4_000_000) + bomb.flush()
    begun = time.process_time()
    assert refused_code(plain[:at] + packed, Limits(inflated_bytes=1_000_000)) == "DCM_INFLATE_LIMIT"
    assert time.process_time() - begun < 1


def _meta_end(data: bytes) -> int:
    """Where the file meta information ends, by its group length."""
    at = data.index(b"\x02\x00\x00\x00UL\x04\x00") + 8
    return at + 4 + int.from_bytes(data[at : at + 4], "little")


def _deep(depth: int) -> bytes:
    return (SQ_HEADER + UNDEFINED + ITEM + UNDEFINED) * depth + (ITEM_END + SQ_END) * depth


def _deep_defined(depth: int) -> bytes:
    content = b""
    for _ in range(depth):
        item = ITEM + struct.pack("<I", len(content)) + content
        content = SQ_HEADER + struct.pack("<I", len(item)) + item
    return content


@pytest.mark.parametrize("build", [_deep, _deep_defined], ids=["row 12 undefined", "row 13 defined"])
@pytest.mark.parametrize(("depth", "read"), [(63, True), (64, True), (65, False), (300, False), (3000, False)])
def test_row_12_and_13_depth(build: type, depth: int, read: bool) -> None:
    data = with_sequence(build(depth))
    assert bool(read_header(data).parts) is read
    if not read:
        assert refused_code(data) == "DCM_DEPTH"


def test_row_12_a_hundred_thousand_levels() -> None:
    begun = time.process_time()
    assert refused_code(with_sequence(_deep(100_000))) == "DCM_DEPTH"
    assert time.process_time() - begun < 1


def test_row_13_depth_without_vr() -> None:
    header = b"\x08\x00\x40\x11"
    content = b""
    for _ in range(100):
        item = ITEM + struct.pack("<I", len(content)) + content
        content = header + struct.pack("<I", len(item)) + item
    data = encoded(image(), ImplicitVRLittleEndian)
    at = data.index(b"\x10\x00\x10\x00\x0a\x00\x00\x00")
    assert refused_code(data[:at] + content + data[at:]) == "DCM_DEPTH"


def test_row_14_two_million_empty_items() -> None:
    data = with_sequence(SQ_HEADER + UNDEFINED + (ITEM + b"\0\0\0\0") * 2_000_000 + SQ_END)
    begun = time.process_time()
    assert refused_code(data) == "DCM_ITEMS"
    assert time.process_time() - begun < 5


@pytest.mark.parametrize(("items", "read"), [(9, True), (10, True), (11, False)])
def test_limit_of_items(items: int, read: bool) -> None:
    data = with_sequence(SQ_HEADER + UNDEFINED + (ITEM + b"\0\0\0\0") * items + SQ_END)
    assert bool(read_header(data, limits=Limits(items=10)).parts) is read


@pytest.mark.parametrize(("count", "read"), [(0, True), (1, False)])
def test_row_15_limit_of_elements(count: int, read: bool) -> None:
    data = dicom()
    plain = walk_count(data)
    more = b"".join(element(0x00091001 + i, b"LO", b"x ") for i in range(count))
    at = data.index(b"\x10\x00\x10\x00PN")
    assert bool(read_header(data[:at] + more + data[at:], limits=Limits(elements=plain)).parts) is read


def walk_count(data: bytes) -> int:
    """The lowest limit of elements that a file passes."""
    return next(n for n in range(1, 200) if read_header(data, limits=Limits(elements=n)).parts)


def test_row_15_three_hundred_thousand_elements() -> None:
    data = dicom()
    many = b"".join(element(0x00091001 + i, b"LO", b"x ") for i in range(60_000))
    more = b"".join(element(0x000B1001 + i, b"LO", b"x ") for i in range(60_000))
    at = data.index(b"\x10\x00\x10\x00PN")
    begun = time.process_time()
    assert refused_code(data[:at] + many + more + data[at:]) == "DCM_ELEMENTS"
    assert time.process_time() - begun < 5


def test_row_16_an_unterminated_sequence() -> None:
    assert refused_code(with_sequence(SQ_HEADER + UNDEFINED + ITEM + UNDEFINED)) in {"DCM_TRUNCATED", "DCM_BAD_VR"}


def test_row_17_an_unknown_vr() -> None:
    reading = read_header(with_sequence(element(0x00091001, b"ZZ", b"x ")))
    (issue,) = reading.issues
    assert issue.code == "DCM_BAD_VR"
    assert str(issue.source) == "x.dcm, (0009,1001)"


def test_row_18_a_wrong_transfer_syntax_is_noted() -> None:
    data = encoded(image(), ImplicitVRLittleEndian)
    labelled = data.replace(b"UI\x12\x001.2.840.10008.1.2\0", b"UI\x14\x001.2.840.10008.1.2.1\0")
    reading = read_header(labelled)
    (header,) = reading.parts
    assert isinstance(header, ImageHeader)
    assert header.patient_id == "P1"
    assert codes(reading.issues) == ["DCM_TS_MISMATCH"]


def test_row_19_an_unknown_transfer_syntax_reads_only_to_an_exact_end() -> None:
    data = dicom().replace(b"1.2.840.10008.1.2.1\0", b"1.3.840.10008.1.2.1\0")
    reading = read_header(data)
    assert reading.parts
    assert codes(reading.issues) == ["DCM_TS"]
    assert refused_code(data[:-1]) == "DCM_TS"


@pytest.mark.parametrize(
    ("preamble", "read"), [(b"MZ\x90\0", False), (b"\x7fELF", False), (b"II*\0", True), (b"MM\0*", True)]
)
def test_row_20_preamble(preamble: bytes, read: bool) -> None:
    data = preamble + dicom()[len(preamble) :]
    assert bool(read_header(data).parts) is read
    if not read:
        assert refused_code(data) == "DCM_PREAMBLE"


def test_row_21_a_second_patient_id() -> None:
    data = dicom()
    at = data.index(b"\x10\x00\x20\x00LO")
    assert refused_code(data[:at] + element(0x00100020, b"LO", b"P2") + data[at:]) == "DCM_DUP_TAG"


@pytest.mark.parametrize("tag", [0x00100020, 0x00200062, 0x00080020])
def test_row_22_an_identifying_element_behind_the_pixels(tag: int) -> None:
    data = dicom(ImageLaterality=None, PatientID=None if tag == 0x00100020 else "P1", StudyDate=None)
    assert refused_code(data + element(tag, b"LO", b"P1")) == "DCM_ORDER"


def test_row_24_and_25_pipes_devices_and_links_are_not_opened(tmp_path: Path) -> None:
    exam = tmp_path / "exam"
    exam.mkdir()
    os.mkfifo(exam / "pipe.dcm")
    (exam / "loop").symlink_to(exam)
    (exam / "link.dcm").symlink_to("/etc/passwd")
    (exam / "folder.dcm").mkdir()
    readings = gathered(tmp_path, {"a.dcm": dicom()})
    refused = {record.name: record.code for record in readings.files if record.use is FileUse.REFUSED}
    assert refused == {"pipe.dcm": "FS_NOT_REGULAR", "loop": "FS_SYMLINK", "link.dcm": "FS_SYMLINK"}
    assert refusal_codes(tmp_path, {}) == ["FS_NOT_REGULAR", "FS_SYMLINK", "FS_SYMLINK"]


def test_row_26_a_directory_that_leads_out_of_its_folder() -> None:
    record = Dataset()
    record.OffsetOfTheNextDirectoryRecord = 0
    with disable_value_validation():
        record.ReferencedFileID = ["..", "..", "ETC", "PASSWD"]
    directory = image(PixelData=None, DirectoryRecordSequence=Sequence([record]))
    data = encoded(directory).replace(b"1.2.840.10008.5.1.4.1.1.6.1\0", b"1.2.840.10008.1.3.10\0\0\0\0\0\0\0\0", 1)
    assert refused_code(data) == "FS_ESCAPE"
    record.ReferencedFileID = ["DICOM", "IMAGE01"]
    good = encoded(directory).replace(b"1.2.840.10008.5.1.4.1.1.6.1\0", b"1.2.840.10008.1.3.10\0\0\0\0\0\0\0\0", 1)
    assert not read_header(good).issues


def test_row_26_a_large_directory_is_read_and_refuses_nothing() -> None:
    record = Dataset()
    record.OffsetOfTheNextDirectoryRecord = 0
    record.ReferencedFileID = ["DICOM", "IMAGE01"]
    record.ReferencedSOPInstanceUIDInFile = "1.2.3." + "4" * 50
    directory = image(PixelData=None, DirectoryRecordSequence=Sequence([record] * 3_000))
    data = encoded(directory).replace(b"1.2.840.10008.5.1.4.1.1.6.1\0", b"1.2.840.10008.1.3.10\0\0\0\0\0\0\0\0", 1)
    assert not read_header(data, limits=Limits(items=1_000, elements=1_000)).issues


def test_row_25_folders_as_deep_as_the_system_allows(tmp_path: Path) -> None:
    here = os.open(tmp_path, os.O_RDONLY)
    try:
        for _ in range(1_500):
            os.mkdir("d", dir_fd=here)
            inner = os.open("d", os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = inner
    finally:
        os.close(here)
    (tmp_path / "a.dcm").write_bytes(dicom())
    try:
        found = gather(Inputs(paths=(tmp_path,)))
    finally:
        subprocess.run(["rm", "-rf", str(tmp_path / "d")], check=True)  # shutil goes down by recursion
    assert "a.dcm" in {file.name for file in found.files if file.use is FileUse.USED}


def test_row_27_a_file_that_vanishes(tmp_path: Path) -> None:
    path = tmp_path / "a.dcm"
    path.write_bytes(dicom())
    file = disk_file(path, "a.dcm")
    path.unlink()
    assert codes(HeaderReader().extract(file, LIMITS).issues) == ["FS_READ"]
    with pytest.raises(Refusal):
        disk_file(path, "a.dcm")


def test_row_28_a_file_that_changes_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.dcm"
    path.write_bytes(dicom())
    file = disk_file(path, "a.dcm")
    with pytest.raises(Refusal) as refused:
        _read_while_written(file, path)
    assert refused.value.issue.code == "FS_CHANGED"


def test_row_28_a_changed_file_is_read_once_more(tmp_path: Path) -> None:
    path = tmp_path / "a.dcm"
    path.write_bytes(dicom())
    file = disk_file(path, "a.dcm")
    path.write_bytes(dicom() + b"\0\0")
    assert codes(HeaderReader().extract(file, LIMITS).issues) == ["FS_CHANGED"]
    assert HeaderReader().extract(opened_anew(file), LIMITS).parts


def _read_while_written(file: DiskFile, path: Path) -> None:
    with file.open() as stream:
        walk(stream, file.size, "a.dcm", frozenset(), LIMITS, bare=False)
        path.write_bytes(dicom() + b"\0\0")


def test_a_refused_file_of_a_case_refuses_it_unless_it_may_be_left_out(tmp_path: Path) -> None:
    files = {"a.dcm": dicom(), "b.dcm": dicom(SOPInstanceUID="1.2.3.1.1.2")[:-2]}
    assert refusal_codes(tmp_path, files) == ["DCM_TRUNCATED"]


def test_limit_of_a_file() -> None:
    data = dicom()
    assert read_header(data, limits=Limits(file_bytes=len(data))).parts
    assert refused_code(data, Limits(file_bytes=len(data) - 1)) == "LIM_FILE"


@pytest.mark.parametrize(("length", "read"), [(4_096, True), (4_097, False)])
def test_limit_of_a_string(length: int, read: bool) -> None:
    data = dicom(StudyDescription="x" * length) if length < 0 else _described(length)
    assert bool(read_header(data).parts) is read


def _described(length: int) -> bytes:
    """A study description longer than its VR allows, by hand."""
    data = dicom()
    at = data.index(b"\x10\x00\x10\x00PN")
    return data[:at] + element(0x00081030, b"LO", b"x" * length) + data[at:]


def test_frames_of_an_enhanced_image_are_counted_apart() -> None:
    """A dynamic MR study has thousands of frames, each with a dozen sequences."""
    frame = Dataset()
    frame.FrameLaterality = "L"
    per_frame = Sequence([frame] * 300)
    enhanced = image(SOPClassUID=MR, PerFrameFunctionalGroupsSequence=per_frame)
    assert read_header(encoded(enhanced), limits=Limits(elements=40, items=20)).parts
