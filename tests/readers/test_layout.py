"""A file read by the layout of another, or by a strict walk, is what the slow walk finds; no refusal is lost."""

from __future__ import annotations

import io
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian, JPEGLosslessSV1

from reporter.readers.container import Container, walk
from reporter.readers.element_layout import LONGEST_VALUE, walked
from reporter.readers.export_index import ExportReader, Way
from reporter.readers.file_pieces import HEAD, Odd
from reporter.readers.files import MemoryFile
from reporter.readers.header import HeaderReader
from reporter.readers.interface import Limits, Refusal
from reporter.readers.kept_header import KeptHeader
from reporter.readers.kept_reading import KeptReader
from reporter.readers.layout import Layout, Layouts
from reporter.readers.structured_report import StructuredReportReader
from reporter.readers.tags import WANTED
from reporter.readers.walked_file import container_of
from tests.readers.exports import FURTHER, SYNTAXES, across, in_pieces, read, series, value, variety
from tests.readers.kit import dicom, element, encoded, image
from tests.readers.test_export_index_fuzz import COUNT, bundled, fetcher, flipped

LIMITS = Limits()
SAMPLES = Path(__file__).parents[2] / "sample_dicom"
REPORTS = Path(__file__).parent / "data" / "sr"


def slow(data: bytes, limits: Limits = LIMITS) -> Container | str:
    """What the slow walk finds, or why it refuses."""
    try:
        return walk(io.BytesIO(data), len(data), "x.dcm", WANTED, limits, bare=False)
    except Refusal as refused:
        return refused.issue.code


def check(data: bytes, layouts: Layouts[Layout], counts: Counter[str]) -> None:
    """A file is read as the slow walk reads it, or left to it; by a layout and by a walk of its own alike."""
    try:
        layout, differing, first = layouts.read(data[:HEAD], len(data), fetcher(data), LIMITS)
    except Odd:
        counts["odd"] += 1
        return
    counts["walk" if first else "layout"] += 1
    own = walked(data[:HEAD], len(data), fetcher(data), WANTED)
    assert (layout.whole, layout.forms) == (own.whole, own.forms)
    if own.whole:
        assert layout.container(differing) == slow(data)
        assert container_of(own.forms, own.values, pixels=own.pixels) == slow(data)
    else:
        assert isinstance(slow(data), Container)


def files_of(*folders: Path) -> list[bytes]:
    return [path.read_bytes() for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]


@pytest.mark.hostile
def test_samples_foreign_reports_and_files_that_come_with_pydicom() -> None:
    layouts, counts = Layouts(WANTED, Layout), Counter[str]()
    for data in [*files_of(SAMPLES, REPORTS), *(path.read_bytes() for path in bundled())]:
        check(data, layouts, counts)
    assert min(counts["odd"], counts["walk"], counts["layout"]) > 10


def damaged(bases: Sequence[bytes], chance: random.Random) -> Iterator[bytes]:
    for number in range(5 * COUNT):
        base = bases[number % len(bases)]
        if number % 5 == 0:
            yield base[: chance.randrange(len(base))]
        else:
            data = flipped(base, chance.randrange(132, min(len(base), 2 * HEAD)), chance)
            yield flipped(data, chance.randrange(132, min(len(base), HEAD)), chance) if number % 5 == 1 else data


@pytest.mark.hostile
def test_damaged_files() -> None:
    """Bits flipped in headers and values, nested ones too, once the layouts of the whole files are known."""
    bases = [*variety(), *(data for data in files_of(SAMPLES, REPORTS) if data[128:132] == b"DICM")]
    bases.append(encoded(image(), ImplicitVRLittleEndian))
    bases += in_pieces()
    layouts, counts = Layouts(WANTED, Layout), Counter[str]()
    for data in bases:
        check(data, layouts, counts)
    for data in damaged(bases, random.Random("layout")):  # ruff: ignore[suspicious-non-cryptographic-random-usage] - the same in every run
        check(data, layouts, counts)
    assert min(counts.values()) > COUNT / 10


# -- files that are read in several pieces -----------------------------------------------------------------------


@pytest.mark.hostile
@pytest.mark.parametrize("syntax", SYNTAXES, ids=["explicit", "implicit"])
@pytest.mark.parametrize("end", [HEAD, HEAD + FURTHER])
def test_values_and_headers_across_the_end_of_a_piece_are_each_files_own(end: int, syntax: str) -> None:
    """No value of the first file of a layout is taken for that of another, wherever the pieces end."""
    filling = (
        (b"y" * 4000,) if end > HEAD else ()
    )  # so that the walk is in a further piece when it comes to the patient
    for place in range(end - 24, end + 24):
        layouts, counts = Layouts(WANTED, Layout), Counter[str]()
        for patient in ("PATIENT1", "PATIENT2", "QATIENT3"):
            data = across(place, syntax, patient, *filling)
            assert data.index(patient.encode()) == place
            check(data, layouts, counts)
            found = HeaderReader(layouts=layouts).extract(MemoryFile("x.dcm", data), LIMITS)
            assert found.patient_id == patient, place
        assert counts == {"walk": 1, "layout": 2}, place


@pytest.mark.hostile
def test_a_header_at_the_begin_of_a_piece_is_read_from_this_piece() -> None:
    """Where VRs are implicit: not from the piece before, whose begin looks like the header of a patient's ID."""
    fake, place = b"\x10\x00\x20\x00" + (8).to_bytes(4, "little"), 2 * HEAD
    more = (fake + b"y" * 3992,)
    place -= across(place, ImplicitVRLittleEndian, "SOME^ONE", *more, keyword="PatientName").index(fake) - HEAD
    data = across(place, ImplicitVRLittleEndian, "SOME^ONE", *more, keyword="PatientName")
    assert data.index(fake) == HEAD
    assert (value(read(data), "PatientID"), value(read(data), "PatientName")) == (None, "SOME^ONE")
    check(data, Layouts(WANTED, Layout), Counter())


def with_sequence(value: bytes, syntax: str = ExplicitVRLittleEndian) -> bytes:
    """An image with a private value, where VRs are implicit perhaps a sequence."""
    found = image()
    found.add_new(0x00291010, "UN", value)
    return encoded(found, syntax)


ITEM = b"\xfe\xff\x00\xe0"


def test_a_value_that_begins_like_an_item_is_of_another_layout_where_vrs_are_implicit() -> None:
    empty, plain = ITEM + bytes(4), b"ABCD" + bytes(4)
    layouts = Layouts(WANTED, Layout)
    for data, expected in (
        (with_sequence(plain, ImplicitVRLittleEndian), True),
        (with_sequence(b"EFGH" + bytes(4), ImplicitVRLittleEndian), False),
        (with_sequence(empty, ImplicitVRLittleEndian), True),
    ):
        assert layouts.read(data[:HEAD], len(data), fetcher(data), LIMITS)[2] is expected


def with_item(inner: bytes, good: bytes) -> bytes:
    """A file with an item of these elements, in a sequence before the patient."""
    item = ITEM + len(inner).to_bytes(4, "little") + inner
    sequence = b"\x08\x00\x40\x11SQ\0\0" + len(item).to_bytes(4, "little") + item
    data = good.replace(b"\x10\x00\x10\x00PN", sequence + b"\x10\x00\x10\x00PN", 1)
    assert len(data) > len(good)
    return data


@pytest.mark.hostile
@pytest.mark.parametrize(
    ("inner", "code"),
    [
        (element(0x00081155, b"ZZ", b"1.2.34"), "DCM_BAD_VR"),
        *((element(tag, b"CS", b"XX"), "DCM_TRUNCATED") for tag in (0xFFFE0001, 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD)),
    ],
)
def test_a_wrong_header_in_a_sequence_is_refused_by_the_index_as_by_a_draft(inner: bytes, code: str) -> None:
    data = with_item(inner, dicom(StudyDescription="x"))
    assert read(data).reason == slow(data) == code
    assert [issue.code for issue in HeaderReader().extract(MemoryFile("x.dcm", data), LIMITS).issues] == [code]


def with_meta(vr: bytes, value: bytes) -> bytes:
    """A file whose meta information ends with a private element."""
    good = dicom()
    end = 144 + int.from_bytes(good[140:144], "little")
    more = b"\x02\x00\x02\x01" + vr + b"\0\0" + len(value).to_bytes(4, "little") + value
    return good[:140] + (end - 144 + len(more)).to_bytes(4, "little") + good[144:end] + more + good[end:]


@pytest.mark.hostile
def test_a_sequence_in_the_file_meta_information_is_refused() -> None:
    data = with_meta(b"SQ", ITEM + bytes(4))
    assert read(data).reason == slow(data) == "DCM_TRUNCATED"


@pytest.mark.hostile
def test_a_long_value_of_the_file_meta_information_is_never_read() -> None:
    data, pieces = with_meta(b"OB", bytes(1 << 20)), list[int]()

    def fetch(length: int, offset: int) -> bytes:
        pieces.append(length)
        return data[offset : offset + length]

    with pytest.raises(Odd):
        walked(data[:HEAD], len(data), fetch, WANTED)
    assert sum(pieces) < HEAD


def nested_too_deep() -> bytes:
    """A value that is a sequence, where VRs are implicit, with more sequences in it than are allowed."""
    nest = b""
    for _ in range(LIMITS.depth + 1):
        inner = b"\x08\x00\x40\x11" + len(nest).to_bytes(4, "little") + nest
        nest = ITEM + len(inner).to_bytes(4, "little") + inner
    return nest


@pytest.mark.hostile
def test_a_value_across_the_end_of_a_piece_that_is_nested_too_deep_is_refused_after_some_that_are_none() -> None:
    nest = nested_too_deep()
    for begin in range(HEAD - 12, HEAD + 12):
        place = begin + len(nest) + 200
        place -= across(place, ImplicitVRLittleEndian, "PATIENT1", b"x" * len(nest)).index(b"xxxx") - begin
        images, index = HeaderReader(), ExportReader()
        for inner, code in ((b"x" * len(nest), []), (b"y" * len(nest), []), (nest, ["DCM_DEPTH"])):
            data = across(place, ImplicitVRLittleEndian, "PATIENT1", inner)
            assert [one.code for one in images.extract(MemoryFile("x.dcm", data), LIMITS).issues] == code, begin
            assert [read(data, index).reason] == (code or [""]), begin


@pytest.mark.hostile
def test_a_last_value_that_is_nested_too_deep_is_refused_after_a_file_whose_last_value_is_none() -> None:
    nest = nested_too_deep()
    good = encoded(image(), ImplicitVRLittleEndian) + b"\xe1\x7f\x10\x10" + len(nest).to_bytes(4, "little")
    images, index = HeaderReader(), ExportReader()
    for data, code in ((good + b"x" * len(nest), []), (good + b"y" * len(nest), []), (good + nest, ["DCM_DEPTH"])):
        file = MemoryFile("x.dcm", data)
        assert [issue.code for issue in images.extract(file, LIMITS).issues] == code
        assert (index.read_entry(file, 0).reason or None) == next(iter(code), None)


@pytest.mark.hostile
def test_pixels_that_are_cut_short_refuse_what_the_reader_of_reports_looks_at() -> None:
    packed = encoded(compressed(image(StudyDescription="x")), JPEGLosslessSV1)
    good = with_item(element(0x00080060, b"CS", b"SR"), packed)
    reader = StructuredReportReader()
    for data, code in ((good, []), (good[:-1], ["DCM_TRUNCATED"]), (good[:-8], ["DCM_TRUNCATED"])):
        file = MemoryFile("x.dcm", data)
        assert reader.identify(file)
        assert [issue.code for issue in reader.extract(file, LIMITS).issues] == code


def compressed(found: Dataset) -> Dataset:
    """The image with pixels that say they are compressed."""
    found.PixelData = encapsulate([b"\xff\xd8\xff\xd9"])
    found["PixelData"].is_undefined_length = True
    return found


def test_an_encapsulated_file_is_known_again_after_one_of_another_series() -> None:
    """By the length of its file meta information: its own length, and the begin of its UID, are other."""
    layouts = Layouts(WANTED, Layout)
    files = []
    for uid, pixels in (("1.2.3.1", b"\xff\xd8\xff\xd9"), ("1.2.4.1", b"\xff\xd8" + bytes(20) + b"\xff\xd9")):
        found = image(SOPInstanceUID=uid)
        found.PixelData = encapsulate([pixels])
        found["PixelData"].is_undefined_length = True
        files.append(encoded(found, JPEGLosslessSV1))
    first, second = files
    assert len(first) < len(second)
    walks = [layouts.read(d[:HEAD], len(d), fetcher(d), LIMITS)[2] for d in (first, series(1, 2, 1)[0], second)]
    assert walks == [True, True, False]


@pytest.mark.parametrize(("length", "is_plain"), [(LONGEST_VALUE, True), (LONGEST_VALUE + 2, False)])
@pytest.mark.parametrize("place", [1000, HEAD + 1000])
def test_a_wanted_value_that_is_very_long_is_left_to_the_slow_walk(place: int, length: int, *, is_plain: bool) -> None:
    data = across(place, ExplicitVRLittleEndian, "P" * length)
    if is_plain:
        assert b"P" * length in walked(data[:HEAD], len(data), fetcher(data), WANTED).values
    else:
        with pytest.raises(Odd, match="long value"):
            walked(data[:HEAD], len(data), fetcher(data), WANTED)


@pytest.mark.hostile
def test_nothing_is_kept_of_what_a_draft_takes_for_a_report_by_what_is_nested_in_it() -> None:
    index = ExportReader(keep=True)
    for modality, is_kept in ((b"MR", True), (b"SR", False)):
        file = MemoryFile("x.dcm", with_item(element(0x00080060, b"CS", modality), dicom(StudyDescription="x")))
        assert StructuredReportReader().identify(file) is not is_kept
        assert (index.read_entry(file, 0).header is not None) is is_kept


@pytest.mark.hostile
@pytest.mark.parametrize("limits", [Limits(elements=10), Limits(items=1), Limits(depth=1), Limits(file_bytes=1000)])
def test_limits_hold_on_the_fast_path_too(limits: Limits) -> None:
    data = series(1, 2, 1)[0]
    with pytest.raises(Odd):
        Layouts(WANTED, Layout).read(data[:HEAD], len(data), fetcher(data), limits)


@pytest.mark.hostile
def test_the_limit_of_items_holds_for_fragments_on_the_fast_path_too() -> None:
    found = image()
    found.PixelData = encapsulate([b"\xff\xd8\xff\xd9"] * 3000, has_bot=False)
    found["PixelData"].is_undefined_length = True
    data = encoded(found, JPEGLosslessSV1)
    for limits, code in ((Limits(items=100), ["DCM_ITEMS"]), (LIMITS, [])):
        for _ in range(2):
            found_by = HeaderReader().extract(MemoryFile("x.dcm", data), limits)
            assert [issue.code for issue in found_by.issues] == code
            assert ExportReader(limits).read_entry(MemoryFile("x.dcm", data), 0).reason == "".join(code)


@pytest.mark.hostile
def test_a_very_long_wanted_sequence_is_refused_by_the_index_as_by_a_draft() -> None:
    inner = Dataset()
    inner.CodeValue = "T-04000"
    found = image()
    found.AnatomicRegionSequence = [inner] * 20_000
    for syntax in SYNTAXES:
        data = encoded(found, syntax)
        assert slow(data) == "LIM_STRING"
        with pytest.raises(Odd, match="long value"):
            walked(data[:HEAD], len(data), fetcher(data), WANTED)
        assert read(data, ExportReader(keep=True)).reason == "LIM_STRING"


@pytest.mark.hostile
def test_what_the_index_keeps_of_a_header_is_what_a_draft_reads() -> None:
    reader, kept, counts = ExportReader(keep=True), KeptReader(LIMITS), Counter[bool]()
    files = [*variety(), *files_of(SAMPLES), *(path.read_bytes() for path in bundled())]
    files += [data for number in range(5) for data in series(2, number)]
    for place, data in enumerate(files):
        file = MemoryFile(f"{place}.dcm", data)
        found = reader.read_entry(file, 0)
        counts[found.header is not None] += 1
        if found.header is None:
            assert found.way not in {Way.WALK, Way.LAYOUT} or StructuredReportReader().identify(file)
            continue
        assert not StructuredReportReader().identify(file)
        header = KeptHeader(found.header, value(found, "SOPInstanceUID") or "")
        assert kept.read(file.name, header) == HeaderReader().extract(file, LIMITS)
    assert min(counts.values()) > 50


def test_doubts_are_told_of_each_file_of_a_series() -> None:
    reader, kept = ExportReader(keep=True), KeptReader(LIMITS)
    for number in (1, 2, 10, 11):
        dataset = image(SOPInstanceUID=f"1.2.{number}", PatientBirthDate="19991399", StudyTime="99")
        file = MemoryFile(f"{number}.dcm", encoded(dataset))
        header = reader.read_entry(file, 0).header
        assert header is not None
        reading = kept.read(file.name, KeptHeader(header, f"1.2.{number}"))
        assert reading == HeaderReader().extract(file, LIMITS)
        assert [issue.code for issue in reading.issues] == ["DCM_VALUE", "DCM_TM"]


@pytest.mark.hostile
@pytest.mark.parametrize("uid", ["1..2", "abc", ""])
def test_a_file_whose_own_uid_is_none_is_refused_whatever_the_others_of_its_series_say(uid: str) -> None:
    kept = KeptReader(LIMITS)
    header = ExportReader(keep=True).read_entry(MemoryFile("a.dcm", encoded(image(SOPInstanceUID="1.2.3"))), 0).header
    assert header is not None
    assert kept.read("a.dcm", KeptHeader(header, "1.2.3")).parts
    assert not kept.read("b.dcm", KeptHeader(header, uid)).parts
    assert kept.read("c.dcm", KeptHeader(header, "1.2.4")).parts
