"""Laws of reading, on many generated inputs: order and units change nothing, text breaks nothing, damage is refused."""

from __future__ import annotations

import random
import tempfile
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.sequence import Sequence as DicomSequence
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from reporter.case.case import Case
from reporter.case.measurement import Measured
from reporter.errors import ReporterError
from reporter.readers.assemble import assemble
from reporter.readers.columns import ColumnMap
from reporter.readers.facts import FactsReader
from reporter.readers.files import MemoryFile
from reporter.readers.gather import Readings
from reporter.readers.header import HeaderReader
from reporter.readers.interface import CaseRefused, Reading
from reporter.readers.parts import ImageHeader
from reporter.readers.table import TableReader
from tests.readers.kit import LIMITS, MR, case_of, codes, csv_of, dicom, encoded, gathered, image, row

pytestmark = pytest.mark.property
AWKWARD = [
    "",
    " ",
    "\t",
    "=1+1",
    '"',
    "a;b",
    "a,b",
    "\u202e",
    "\x00",
    "NaN",
    "1e3",
    "<5",
    "-0",
    "0",
    "9" * 30,
    "\ufeff",
    "ß",
    "山田",
]
CELLS = st.one_of(st.sampled_from(AWKWARD), st.text(max_size=20))
ROWS = [
    row(lesion_id=lesion, side=side, study_date=date, modality=modality, long_axis=size, clip=clip)
    for lesion, side, clip in (("L1", "left", "yes"), ("L2", "right", ""))
    for date, modality, size in (
        ("2026-01-08", "US", "30"),
        ("2026-01-08", "MR", "33"),
        ("2026-04-20", "US", "20"),
        ("2026-07-13", "US", "12.5"),
    )
]
THERAPY = "[therapy]\nstart = 2026-02-02\nend = 2026-06-29\n"


def plain(case: Case) -> Case:
    """A case without the places of rows in their file, which an order of rows changes by its nature."""
    return replace(case, issues=tuple(replace(issue, source=None) for issue in case.issues))


def in_folder(use: Callable[[Path], Case]) -> Case:
    with tempfile.TemporaryDirectory() as folder:
        return use(Path(folder))


def of_rows(rows: Sequence[Mapping[str, str]]) -> Case:
    return in_folder(lambda folder: plain(case_of(folder, None, rows, THERAPY)))


@given(st.permutations(ROWS))
@settings(max_examples=25, deadline=None)
def test_the_order_of_rows_changes_nothing(rows: list[dict[str, str]]) -> None:
    assert of_rows(rows) == of_rows(ROWS)


@given(st.permutations(range(6)), st.randoms())
@settings(max_examples=15, deadline=None)
def test_the_names_and_order_of_files_change_nothing(order: list[int], rng: random.Random) -> None:
    images = [
        dicom(
            SOPClassUID=MR,
            SOPInstanceUID=f"1.2.3.{n % 2}.1.{n}",
            StudyInstanceUID=f"1.2.3.{n % 2}",
            SeriesInstanceUID=f"1.2.3.{n % 2}.1",
            StudyDate=("20260108", "20260713")[n % 2],
            ImageLaterality="L",
            SliceThickness=str(n + 1),
        )
        for n in range(6)
    ]
    names = [f"{rng.choice('abc')}/{n}.dcm" for n in range(6)]
    shuffled = {names[i]: images[n] for i, n in enumerate(order)}

    def studies(files: Mapping[str, bytes]) -> list[object]:
        case = in_folder(lambda folder: case_of(folder, files))
        return [replace(study, sources={}) for study in case.studies]

    assert studies(shuffled) == studies({f"{n}.dcm": data for n, data in enumerate(images)})


@given(st.decimals(min_value="0.1", max_value="500", places=1), st.booleans(), st.booleans())
@settings(max_examples=50, deadline=None)
def test_units_change_nothing(size: Decimal, first_in_cm: bool, second_in_cm: bool) -> None:
    def cells(in_cm: bool) -> dict[str, str]:
        value = size / 10 if in_cm else size
        return row(long_axis=f"{value:f}", short_axis=f"{value:f}", unit="cm" if in_cm else "mm")

    one, other = (of_rows([cells(in_cm)]) for in_cm in (first_in_cm, second_in_cm))
    assert one.measurements[0].value == other.measurements[0].value
    assert isinstance(one.measurements[0].value, Measured)


@given(
    st.lists(st.dictionaries(st.sampled_from(sorted(ColumnMap().headers)), CELLS, min_size=1), min_size=1, max_size=4)
)
@settings(max_examples=150, deadline=None)
def test_any_text_in_any_cell_is_read_or_refused(rows: list[dict[str, str]]) -> None:
    text = csv_of([row(), *rows])
    with tempfile.TemporaryDirectory() as folder:
        assert whose(gathered(Path(folder), None, text)) in {"P1", "refused"}


def whose(readings: Readings) -> str:
    """The patient of the case of P1, or what refuses it."""
    try:
        return assemble(readings, patient="P1").patient.id
    except CaseRefused as refused:
        return " ".join({str(issue.outcome) for issue in refused.issues})


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text_as_a_table_or_as_facts_is_read_or_refused(text: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    for name in ("t.csv", "t.json", "t.toml"):
        judged(TableReader().extract(MemoryFile(name, data), LIMITS))
        judged(FactsReader().extract(MemoryFile(name, data), LIMITS))


def judged(reading: Reading) -> None:
    """A reading has parts, or says why it has none."""
    assert reading.parts or reading.issues or reading.sha256


SEED_IMAGE = image(
    ImageLaterality="L",
    SliceThickness="1.5",
    ReferencedImageSequence=DicomSequence([image(PixelData=None)]),
    SpecificCharacterSet="ISO_IR 192",
    PatientName="Müller^Ann",
)
SEEDS = [
    encoded(SEED_IMAGE, syntax) for syntax in (ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian)
]


def spoilt(data: bytes, rng: random.Random) -> bytes:
    """`data` with a few bytes flipped, cut out, doubled, or replaced by what lengths and tags are made of."""
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(data))
        kind = rng.randrange(5)
        if kind == 0:
            data = data[:at] + bytes([data[at] ^ (1 << rng.randrange(8))]) + data[at + 1 :]
        elif kind == 1:
            data = data[:at] + data[at + rng.randint(1, 16) :]
        elif kind == 2:
            data = data[:at] + data[at : at + 24] + data[at:]
        elif kind == 3:
            data = (
                data[:at]
                + rng.choice([b"\xff\xff\xff\xff", b"\xfe\xff\x00\xe0", b"SQ\0\0", b"UN\0\0"])
                + data[at + 4 :]
            )
        else:
            data = data[:at] + rng.randbytes(4) + data[at:]
    return data


@pytest.mark.hostile
@pytest.mark.parametrize("seed", range(40))
def test_a_spoilt_dicom_file_is_read_or_refused(seed: int) -> None:
    rng = random.Random(seed)  # ruff: ignore[suspicious-non-cryptographic-random-usage] - no secret
    for _ in range(50):
        data = spoilt(rng.choice(SEEDS), rng)
        judged(HeaderReader(accept_bare=rng.random() < 0.3).extract(MemoryFile("x.dcm", data), LIMITS))


@pytest.mark.hostile
@pytest.mark.parametrize("seed", range(20))
def test_a_spoilt_table_is_read_or_refused(seed: int) -> None:
    rng = random.Random(seed)  # ruff: ignore[suspicious-non-cryptographic-random-usage] - no secret
    whole = csv_of(ROWS).encode()
    with tempfile.TemporaryDirectory() as folder:
        for n in range(20):
            path = Path(folder) / str(n)
            path.mkdir()
            text = spoilt(whole, rng).decode("utf-8", "replace")
            try:
                case_of(path, None, text, THERAPY)
            except ReporterError:
                continue


@pytest.mark.hostile
@pytest.mark.parametrize("keyword", ["PatientID", "StudyInstanceUID"])
def test_one_changed_byte_of_an_identity_never_passes_unseen(keyword: str) -> None:
    """One of two files of a study with one byte of its patient or study changed: refused, or a study of its own."""
    files = {"1.dcm": dicom(PatientID="PAT-0001"), "2.dcm": dicom(PatientID="PAT-0001", SOPInstanceUID="1.2.3.1.1.2")}
    whole = files["2.dcm"]
    value = b"PAT-0001" if keyword == "PatientID" else b"1.2.3.1\0"
    at = whole.index(value)
    for offset in range(at, at + len(value.rstrip(b"\0"))):
        changed = whole[:offset] + bytes([whole[offset] ^ 1]) + whole[offset + 1 :]
        with tempfile.TemporaryDirectory() as folder:
            found = outcome(Path(folder), {**files, "2.dcm": changed})
        assert found == ["two studies"] if keyword == "StudyInstanceUID" and found[0] == "two studies" else found
        assert found != ["one study"]


def outcome(folder: Path, files: Mapping[str, bytes]) -> list[str]:
    try:
        case = case_of(folder, files)
    except CaseRefused as refused:
        return codes(refused.issues)
    return ["one study" if len(case.studies) == 1 else "two studies"]


@given(CELLS)
@settings(max_examples=100, deadline=None)
def test_any_text_in_a_header_is_read_or_refused(text: str) -> None:
    data = dicom(PatientName=None, SpecificCharacterSet="ISO_IR 192")
    raw = text.encode("utf-8", "replace")
    raw += b" " * (len(raw) % 2)
    at = data.index(b"\x10\x00\x20\x00LO")
    spliced = data[:at] + b"\x10\x00\x10\x00PN" + len(raw).to_bytes(2, "little") + raw + data[at:]
    reading = HeaderReader().extract(MemoryFile("x.dcm", spliced), LIMITS)
    (part,) = reading.parts
    assert isinstance(part, ImageHeader)
    shown = part.patient_name or ""
    assert not {unicodedata.category(character) for character in shown} & {"Cc", "Cs", "Cn", "Zl", "Zp"}
    assert not set(shown) & set("\u202e\u2066\u200f\ufeff\u200b")
