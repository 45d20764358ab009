"""What a structured report refers to is found in its bytes, whoever wrote it and however it is encoded."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydicom.uid import UID, DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian

from reporter import library
from reporter.readers.export_index import ExportReader, Indexed, Way
from reporter.readers.interface import Limits
from reporter.readers.objects import says_report
from reporter.readers.report_parts import Report
from tests.readers import sr_documents as sr
from tests.readers.exports import read
from tests.readers.kit import dicom, encoded

IMAGES = ("1.2.3.4.2.1", "1.2.3.4.2.10", "2.25.1")
MEASURED = sr.document(sr.lesion("L1", sr.length(sr.LONG, "20"), *(sr.image(uid) for uid in (*IMAGES, IMAGES[0]))))


def kept(data: bytes, limits: Limits | None = None) -> Indexed:
    """What an index that keeps headers makes of a file."""
    return read(data, ExportReader(limits, keep=True))


def real_reports() -> list[Path]:
    """The documents of the data, and those of the samples."""
    samples = [path for path in library.sample_stories().rglob("*.dcm") if says_report(path.read_bytes()[:4096])]
    return sorted([*sr.DATA.glob("*.dcm"), *samples])


@pytest.mark.parametrize("path", real_reports(), ids=lambda path: path.name)
def test_every_image_that_a_group_was_measured_on_is_found(path: Path) -> None:
    data = path.read_bytes()
    groups = [g for part in sr.extract(data).parts if isinstance(part, Report) for g in part.groups]
    images = {image.instance_uid for group in groups for image in group.images}
    assert set(kept(data).refers) >= images


@pytest.mark.parametrize("implicit", [False, True], ids=["explicit", "implicit"])
@pytest.mark.parametrize("undefined", [False, True], ids=["defined lengths", "undefined lengths"])
def test_with_and_without_vrs_and_lengths(implicit: bool, undefined: bool) -> None:
    assert kept(sr.encoded(MEASURED, implicit=implicit, undefined=undefined)).refers == IMAGES


def test_beyond_the_first_piece_of_a_file(tmp_path: Path) -> None:
    many = sr.document(*(sr.lesion(f"L{n}", sr.image(f"1.2.{n}"), sr.length(sr.LONG, "20")) for n in range(150)))
    path = tmp_path / "sr.dcm"
    path.write_bytes(sr.encoded(many))
    found = ExportReader(keep=True).read(str(path), path.name, path.stat())
    assert set(found.refers) == {f"1.2.{number}" for number in range(150)}
    assert kept(path.read_bytes()).refers == found.refers


def test_a_value_of_unknown_vr_counts() -> None:
    """Its header is longer by four bytes."""
    data, uid = sr.encoded(MEASURED, undefined=True), b"2.25.1"
    plain = b"\x08\x00\x55\x11UI\x06\x00" + uid
    assert data.count(plain) == 1
    assert kept(data.replace(plain, b"\x08\x00\x55\x11UN\0\0\x06\0\0\0" + uid)).refers == IMAGES


@pytest.mark.parametrize("syntax", [ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian])
def test_in_files_that_are_not_plain(syntax: UID) -> None:
    made = sr.document(sr.lesion("L1", sr.length(sr.LONG, "20"), *map(sr.image, IMAGES)))
    found = kept(encoded(made, syntax))
    assert (found.way, found.refers) == (Way.PYDICOM, IMAGES)


def test_an_image_and_an_index_without_headers_refer_to_nothing() -> None:
    assert kept(dicom()).refers == ()
    assert read(sr.encoded(MEASURED)).refers == ()


@pytest.mark.hostile
def test_what_only_looks_like_a_reference_is_none() -> None:
    odd = sr.document(
        *(
            sr.lesion("L1", sr.text(sr.COMMENT, f"x\x08\0\x55\x11{sign}"))
            for sign in ("UI\x04\0abcd", "\x04\0\0\0", "")
        ),
        sr.lesion("L2", sr.image("1.2.3"), sr.text(sr.COMMENT, "\x08\0\x55\x11U")),
    )
    assert kept(sr.encoded(odd)).refers == ("1.2.3",)
    assert kept(sr.encoded(sr.document()) + b"\x08\0\x55\x11").refers == ()


@pytest.mark.hostile
@pytest.mark.parametrize("sign", ["UI\xff\xff", "\xff\xff\xff\x7f"], ids=["explicit", "implicit"])
def test_where_bytes_do_not_tell_the_reader_of_reports_does(sign: str) -> None:
    odd = sr.document(sr.lesion("L1", sr.length(sr.LONG, "20"), sr.image("1.2.3"), sr.text(sr.COMMENT, "abcdefgh")))
    data = sr.encoded(odd).replace(b"abcdefgh", b"\x08\0\x55\x11" + sign.encode("latin-1"))
    assert kept(data).refers == ("1.2.3",)


@pytest.mark.hostile
def test_a_report_with_more_references_than_elements_are_allowed_is_refused() -> None:
    images = [sr.image(f"1.2.{number}") for number in range(60)]
    data = sr.encoded(sr.document(sr.lesion("L1", *images)))
    found = kept(data, Limits(elements=50))
    assert (found.way, found.reason, found.refers) == (Way.REFUSED, "DCM_ELEMENTS", ())


@pytest.mark.hostile
def test_what_is_too_long_for_a_report_is_not_looked_through() -> None:
    data = sr.encoded(MEASURED)
    assert kept(data, Limits(text_bytes=len(data) - 1)).refers == ()
