"""A synthetic export of an archive: patients with three studies each, in the variety that archives hold.

Vendors with private blocks (an 11 kB header of Siemens, groups of GE, Philips, Hologic), implicit and explicit VR,
sequences of defined and of undefined length, encapsulated pixels, three character sets, structured reports, and, in
each image, a Study Instance UID and a Modality nested in a private sequence before the real ones.  It is encoded here,
byte by byte, and not by the library that is compared with; nothing depends on chance or a clock.

    python -m benchmarks.export FOLDER [--patients 200] [--shuffled]
"""

import argparse
import hashlib
import random
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pydicom._dicom_dict import DicomDictionary  # ruff: ignore[import-private-name] - there is no public list of all attributes

IMPLICIT: Final = "1.2.840.10008.1.2"
EXPLICIT: Final = "1.2.840.10008.1.2.1"
JPEG_LOSSLESS: Final = "1.2.840.10008.1.2.4.70"
STORAGE: Final = "1.2.840.10008.5.1.4.1.1."
MR, MG, US, SR = STORAGE + "4", STORAGE + "1.2", STORAGE + "6.1", STORAGE + "88.22"
ROOT: Final = "1.2.826.0.1.3680043.10.543"
LONG: Final = frozenset({"OB", "OW", "SQ", "UN", "UT", "UC", "UR", "OD", "OF", "OL"})
UNDEFINED: Final = 0xFFFFFFFF
NAMES: Final = (
    (b"ISO_IR 100", "M\u00fcller%s^\u00c4nne Sophie^^Dr.".encode("latin-1")),
    (b"ISO_IR 192", "\u041f\u0435\u0442\u0440\u043e\u0432\u0430%s^\u0410\u043d\u043d\u0430".encode()),
    (b"\\ISO 2022 IR 87", b"Yamada%s^Hanako=\x1b$B;3ED\x1b(B^\x1b$B2V;R\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$O$J$3\x1b(B"),
    (b"", b"SMITH%s^JANE"),
)
"""Character sets and names in them; the mark takes letters, so that names differ in length."""

Items = list[list["Element"]]


@dataclass(frozen=True, slots=True)
class Element:
    """One data element; `value` holds the items of a sequence."""

    tag: int
    vr: str
    value: bytes | Items
    open_end: bool = False
    """A sequence, and its items, of undefined length; encapsulated pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """What the headers of one program look like."""

    name: str
    syntax: str
    attributes: int
    """Public attributes beside those of the object itself."""
    private: tuple[Element, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One series of one study; an instance differs from the next in few values."""

    patient: int
    study: int
    number: int
    vendor: Vendor
    sop_class: str
    modality: str
    instances: int
    extra: tuple[Element, ...] = ()
    shared: list[Element] = field(default_factory=list)


# -- encoding ------------------------------------------------------------------------------------------------------


def encoded(elements: Iterable[Element], *, explicit: bool) -> bytes:
    return b"".join(_element(element, explicit=explicit) for element in sorted(elements, key=lambda e: e.tag))


def _element(element: Element, *, explicit: bool) -> bytes:
    if isinstance(element.value, bytes):
        value = element.value + (b"\0" if element.vr in {"UI", "OB"} else b" ") * (len(element.value) % 2)
        length = len(value)
        if element.open_end:
            value, length = _fragments(value), UNDEFINED
    else:
        value = b"".join(_item(item, explicit=explicit, open_end=element.open_end) for item in element.value)
        length = len(value)
        if element.open_end:
            value, length = value + struct.pack("<HHI", 0xFFFE, 0xE0DD, 0), UNDEFINED
    head = struct.pack("<HH", element.tag >> 16, element.tag & 0xFFFF)
    if not explicit:
        return head + struct.pack("<I", length) + value
    if element.vr in LONG:
        return head + element.vr.encode() + struct.pack("<HI", 0, length) + value
    return head + element.vr.encode() + struct.pack("<H", length) + value


def _fragments(data: bytes) -> bytes:
    """Encapsulated pixels: an empty offset table and one fragment."""
    start, table = struct.pack("<HHI", 0xFFFE, 0xE000, len(data)), struct.pack("<HHI", 0xFFFE, 0xE000, 0)
    return table + start + data + struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)


def _item(item: Iterable[Element], *, explicit: bool, open_end: bool) -> bytes:
    value = encoded(item, explicit=explicit)
    if not open_end:
        return struct.pack("<HHI", 0xFFFE, 0xE000, len(value)) + value
    start, end = struct.pack("<HHI", 0xFFFE, 0xE000, UNDEFINED), struct.pack("<HHI", 0xFFFE, 0xE00D, 0)
    return start + value + end


def file_of(elements: list[Element], syntax: str) -> bytes:
    by_tag = {element.tag: element.value for element in elements}
    meta = encoded(
        [
            Element(0x00020001, "OB", b"\0\1"),
            Element(0x00020002, "UI", _bytes(by_tag[0x00080016])),
            Element(0x00020003, "UI", _bytes(by_tag[0x00080018])),
            Element(0x00020010, "UI", syntax.encode()),
            Element(0x00020012, "UI", f"{ROOT}.1".encode()),
            Element(0x00020013, "SH", b"SYNTHETIC_1"),
        ],
        explicit=True,
    )
    length = _element(Element(0x00020000, "UL", struct.pack("<I", len(meta))), explicit=True)
    return bytes(128) + b"DICM" + length + meta + encoded(elements, explicit=syntax != IMPLICIT)


def _bytes(value: bytes | Items) -> bytes:
    assert isinstance(value, bytes)
    return value


# -- vendors -------------------------------------------------------------------------------------------------------


def decoy(group: int) -> tuple[Element, ...]:
    """A private sequence before the real identifiers that nests others of the same name."""
    nested = [
        Element(0x00080060, "CS", b"XX"),
        Element(0x00100020, "LO", b"SOMEBODY ELSE"),
        Element(0x0020000D, "UI", b"1.2.3.4.5.6.7.8.9"),
        Element(0x00081140, "SQ", [[Element(0x00081155, "UI", b"1.2.3.4.99")]], open_end=True),
    ]
    creator = Element(group << 16 | 0x10, "LO", b"SYNTHETIC DECOY")
    return creator, Element(group << 16 | 0x1010, "SQ", [nested, nested], open_end=True)


def block(group: int, creator: bytes, values: Iterable[tuple[str, bytes | Items]], *, at: int = 0x10) -> list[Element]:
    base = group << 16
    listed = [Element(base | at, "LO", creator)]
    return [*listed, *(Element(base | at << 8 | n, vr, value) for n, (vr, value) in enumerate(values, 1))]


def many(seed: str, count: int) -> list[tuple[str, bytes | Items]]:
    """Private values of the usual kinds and lengths."""
    chance = random.Random(seed)  # ruff: ignore[suspicious-non-cryptographic-random-usage] - data for a benchmark
    found: list[tuple[str, bytes | Items]] = []
    for _ in range(count):
        vr = chance.choice(["LO", "SH", "DS", "IS", "US", "SL", "FD", "CS", "UN", "OB"])
        found.append((vr, value_of(vr, chance)))
    return found


def value_of(vr: str, chance: random.Random) -> bytes:
    size = {"US": 2, "SS": 2, "UL": 4, "SL": 4, "FL": 4, "FD": 8}.get(vr)
    if size is not None:
        return chance.randbytes(size)
    if vr in {"UN", "OB"}:
        return chance.randbytes(2 * chance.randint(2, 40))
    return {
        "DS": f"{chance.uniform(-500, 500):.6f}",
        "IS": str(chance.randint(0, 5000)),
        "DA": f"2025{chance.randint(1, 12):02}{chance.randint(1, 28):02}",
        "TM": f"{chance.randint(8, 19):02}{chance.randint(0, 59):02}07.{chance.randint(0, 999999):06}",
        "UI": f"{ROOT}.9.{chance.randint(1, 10**9)}",
        "CS": chance.choice(["YES", "NO", "ORIGINAL", "STANDARD", "NONE"]),
    }.get(vr, chance.choice(["HEAD FIRST", "T1_FL3D_TRA_DYNA", "BREAST", "ROUTINE 2", "unit seven"])).encode()


SIEMENS: Final = Vendor(
    name="SIEMENS",
    syntax=EXPLICIT,
    attributes=80,
    private=(
        *decoy(0x0009),
        *block(0x0019, b"SIEMENS MR HEADER", many("siemens", 14)),
        *block(0x0029, b"SIEMENS CSA HEADER", [("CS", b"IMAGE NUM 4"), ("OB", b"SV10" + bytes(11_000))]),
        *block(0x0051, b"SIEMENS MR HEADER", many("siemens 51", 16)),
    ),
)
GE: Final = Vendor(
    name="GE MEDICAL SYSTEMS",
    syntax=IMPLICIT,
    attributes=110,
    private=(
        *decoy(0x0009),
        *block(0x0019, b"GEMS_ACQU_01", many("ge 19", 40)),
        *block(0x0021, b"GEMS_RELA_01", many("ge 21", 20)),
        *block(0x0027, b"GEMS_IMAG_01", many("ge 27", 20)),
        *block(0x0043, b"GEMS_PARM_01", many("ge 43", 25)),
    ),
)
PHILIPS: Final = Vendor(
    name="Philips Medical Systems",
    syntax=EXPLICIT,
    attributes=100,
    private=(
        *decoy(0x0009),
        *block(0x2001, b"Philips Imaging DD 001", many("philips", 30)),
        Element(0x20050010, "LO", b"Philips MR Imaging DD 001"),
        Element(
            0x20051083,
            "SQ",
            [
                [
                    Element(0x20050010, "LO", b"Philips MR Imaging DD 001"),
                    Element(0x20051057, "FL", struct.pack("<f", n)),
                    Element(0x20051402, "SQ", [[Element(0x00080060, "CS", b"YY")]], open_end=True),
                ]
                for n in range(4)
            ],
            open_end=True,
        ),
        *(
            Element(0x20051100 + n, "SQ", [[Element(0x00080100, "SH", b"C1"), Element(0x00080104, "LO", b"word")]])
            for n in range(8)
        ),
    ),
)
HOLOGIC: Final = Vendor(
    name="HOLOGIC, Inc.",
    syntax=JPEG_LOSSLESS,
    attributes=90,
    private=(
        *decoy(0x0009),
        *block(0x0019, b"LORAD Selenia", many("hologic", 40)),
        *block(0x7E01, b"HOLOGIC, Inc.", many("hologic 7e", 6)),
    ),
)
SUPERSONIC: Final = Vendor(name="SuperSonic Imagine", syntax=EXPLICIT, attributes=52, private=decoy(0x0009))
REPORTER: Final = Vendor(name="Workstation", syntax=EXPLICIT, attributes=20, private=decoy(0x0009))

_FILL_VR: Final = ("LO", "SH", "CS", "DS", "IS", "DA", "TM", "UI", "US", "FD", "FL", "SS", "UL")
_FILL_GROUPS: Final = (0x0008, 0x0018, 0x0020, 0x0028, 0x0032, 0x0040)


def public_attributes(vendor: Vendor, site: int, taken: Iterable[int]) -> list[Element]:
    """Attributes of the dictionary, others for each vendor, with other values at each site."""
    chance = random.Random(f"{vendor.name} {site}")  # ruff: ignore[suspicious-non-cryptographic-random-usage] - data for a benchmark
    known = set(taken)
    pool = [
        (tag, entry[0])
        for tag, entry in sorted(DicomDictionary.items())
        if tag >> 16 in _FILL_GROUPS and entry[0] in _FILL_VR and entry[1] in {"1", "1-n"} and tag not in known
    ]
    chosen = sorted(chance.sample(pool, vendor.attributes))
    return [Element(tag, vr, value_of(vr, chance)) for tag, vr in chosen]


# -- objects -------------------------------------------------------------------------------------------------------


def patient_id(number: int) -> str:
    """IDs of several lengths, and of several hospitals."""
    return f"{'PQRS'[number % 4]}{number * 37}{'-X' * (number % 3)}"


def shared_elements(series: Series) -> list[Element]:
    """What all instances of a series have in common."""
    character_set, name = NAMES[series.patient % len(NAMES)]
    study = f"{ROOT}.{series.patient}.{series.study}"
    date = f"2025{1 + 3 * series.study:02}{1 + series.patient % 28:02}".encode()
    own = [
        Element(0x00080005, "CS", character_set),
        Element(0x00080016, "UI", series.sop_class.encode()),
        Element(0x00080020, "DA", date),
        Element(0x00080021, "DA", date),
        Element(0x00080030, "TM", f"09{series.patient % 60:02}00.{series.patient:06}".encode()),
        Element(0x00080050, "SH", f"A{series.patient:05}{series.study}".encode()),
        Element(0x00080060, "CS", series.modality.encode()),
        Element(0x00080070, "LO", series.vendor.name.encode()),
        Element(0x00081030, "LO", f"BREAST {series.modality} {series.study}".encode()),
        Element(0x0008103E, "LO", f"series {series.number} {series.modality}".encode()),
        Element(0x00081090, "LO", b"Model 7"),
        Element(0x00081140, "SQ", [[Element(0x00081155, "UI", f"{study}.77".encode())]], open_end=True),
        Element(0x00100010, "PN", name % (b"bcdefghijkl"[: series.patient % 11])),
        Element(0x00100020, "LO", patient_id(series.patient).encode()),
        Element(0x00100030, "DA", f"19{50 + series.patient % 40}0203".encode()),
        Element(0x00100040, "CS", b"F"),
        Element(0x00180015, "CS", b"BREAST"),
        Element(0x00181030, "LO", b"breast protocol"[: 6 + series.patient % 9]),
        Element(0x0020000D, "UI", study.encode()),
        Element(0x0020000E, "UI", f"{study}.{series.number}".encode()),
        Element(0x00200010, "SH", str(series.study).encode()),
        Element(0x00200011, "IS", str(series.number).encode()),
        *series.extra,
        *series.vendor.private,
    ]
    tags = {element.tag for element in own} | _VARYING
    return [*own, *public_attributes(series.vendor, series.patient % 5, tags)]


_VARYING: Final = frozenset({
    *(0x00080018, 0x00080023, 0x00080033, 0x00080032, 0x00200013, 0x00200032, 0x00201041, 0x00200062, 0x00185101),
    *(0x00280002, 0x00280004, 0x00280008, 0x00280010, 0x00280011, 0x00280100, 0x00280101, 0x00280102, 0x00280103),
    *(0x00280030, 0x00180050, 0x00180087, 0x00185100, 0x7FE00010, 0x0040A730, 0x0040A491, 0x0040A493, 0x0040A040),
    *(0x00080008, 0x00180010, 0x00120050, 0x00120051, 0x00280006, 0x00041220, 0x00080001, 0x00080006),
})


def instance(series: Series, number: int) -> bytes:
    """The file of one instance."""
    uid = f"{ROOT}.{series.patient}.{series.study}.{series.number}.{number}"
    own = [
        Element(0x00080018, "UI", uid.encode()),
        Element(0x00080023, "DA", b"20250110"),
        Element(0x00080033, "TM", f"1015{number % 60:02}.{number * 7919 % 1000000:06}".encode()),
        Element(0x00200013, "IS", str(number).encode()),
    ]
    content = report_content(series, number) if series.modality == "SR" else pixels(series, number)
    return file_of([*series.shared, *own, *content], series.vendor.syntax)


def pixels(series: Series, number: int) -> list[Element]:
    rows, columns, samples, depth = {"US": (96, 96, 3, 8), "MG": (96, 128, 1, 16)}.get(series.modality, (64, 64, 1, 16))
    data = hashlib.shake_128(f"{series.patient}.{series.number}.{number}".encode()).digest(
        rows * columns * samples * depth // 8
    )
    side = b"LR"[number % 2 : number % 2 + 1]
    elements = [
        Element(0x00080008, "CS", b"ORIGINAL\\PRIMARY"),
        Element(0x00280002, "US", struct.pack("<H", samples)),
        Element(0x00280004, "CS", b"RGB" if samples > 1 else b"MONOCHROME2"),
        Element(0x00280010, "US", struct.pack("<H", rows)),
        Element(0x00280011, "US", struct.pack("<H", columns)),
        Element(0x00280100, "US", struct.pack("<H", depth)),
        Element(0x00280101, "US", struct.pack("<H", depth)),
        Element(0x00280102, "US", struct.pack("<H", depth - 1)),
        Element(0x00280103, "US", struct.pack("<H", 0)),
    ]
    if samples > 1:
        elements.append(Element(0x00280006, "US", struct.pack("<H", 0)))
    if series.modality == "MR":
        elements += [
            Element(0x00180050, "DS", b"1.6"),
            Element(0x00180087, "DS", b"3"),
            Element(0x00185100, "CS", b"HFP"),
            Element(0x00200032, "DS", f"-12.5\\-170.25\\{-80 + 1.6 * number:.4f}".encode()),
            Element(0x00201041, "DS", f"{-80 + 1.6 * number:.4f}".encode()),
            Element(0x00280030, "DS", b"0.8333\\0.8333"),
        ]
    if series.modality == "MG":
        elements += [
            Element(0x00185101, "CS", b"CC" if number % 4 < 2 else b"MLO"),  # ruff: ignore[magic-value-comparison]
            Element(0x00200062, "CS", side),
        ]
    if series.vendor.syntax == JPEG_LOSSLESS:
        return [*elements, Element(0x7FE00010, "OB", data[: 9000 + 7 * number], open_end=True)]
    return [*elements, Element(0x7FE00010, "OW", data)]


def report_content(series: Series, number: int) -> list[Element]:
    """Measurement groups in the form of TID 1500, four lesions with two axes each."""
    groups = [_container(b"125007", b"Measurement Group", [*_lesion(n), *_axes(n + number)]) for n in range(4)]
    tree = [_container(b"126010", b"Imaging Measurements", groups)]
    return [
        Element(0x0040A040, "CS", b"CONTAINER"),
        Element(0x0040A491, "CS", b"COMPLETE"),
        Element(0x0040A493, "CS", b"UNVERIFIED"),
        Element(0x0040A730, "SQ", tree, open_end=series.patient % 2 == 0),
    ]


def _code(tag: int, value: bytes, scheme: bytes, meaning: bytes) -> Element:
    words = [Element(0x00080100, "SH", value), Element(0x00080102, "SH", scheme), Element(0x00080104, "LO", meaning)]
    return Element(tag, "SQ", [words])


def _container(value: bytes, meaning: bytes, items: Items) -> list[Element]:
    return [
        Element(0x0040A010, "CS", b"CONTAINS"),
        Element(0x0040A040, "CS", b"CONTAINER"),
        _code(0x0040A043, value, b"DCM", meaning),
        Element(0x0040A730, "SQ", items, open_end=True),
    ]


def _lesion(number: int) -> Items:
    return [
        [
            Element(0x0040A010, "CS", b"HAS OBS CONTEXT"),
            Element(0x0040A040, "CS", b"TEXT"),
            _code(0x0040A043, b"112039", b"DCM", b"Tracking Identifier"),
            Element(0x0040A160, "UT", f"L{number}".encode()),
        ]
    ]


def _axes(number: int) -> Items:
    return [
        [
            Element(0x0040A010, "CS", b"CONTAINS"),
            Element(0x0040A040, "CS", b"NUM"),
            _code(0x0040A043, value, b"SCT", meaning),
            Element(0x0040A300, "SQ", [[_code(0x004008EA, b"mm", b"UCUM", b"mm"), _number(f"{number + plus}.5")]]),
        ]
        for value, meaning, plus in ((b"103339001", b"Long Axis", 12), (b"103340004", b"Short Axis", 8))
    ]


def _number(text: str) -> Element:
    return Element(0x0040A30A, "DS", text.encode())


# -- the export ----------------------------------------------------------------------------------------------------


def plan(patients: int) -> Iterator[Series]:
    """108 files a patient, in three studies of which the middle one is ultrasound alone."""
    for patient in range(1, patients + 1):
        vendor = (SIEMENS, GE, PHILIPS)[patient % 3]
        mr, mg, us, sr = (MR, "MR", vendor), (MG, "MG", HOLOGIC), (US, "US", SUPERSONIC), (SR, "SR", REPORTER)
        studies = (
            ((mg, 4), (us, 6), (mr, 23), (mr, 23), (sr, 2)),
            ((us, 6), (sr, 2)),
            ((mg, 4), (mr, 36), (sr, 2)),
        )
        for study, parts in enumerate(studies):
            for number, ((sop_class, modality, maker), instances) in enumerate(parts, 1):
                yield Series(
                    patient=patient,
                    study=study,
                    number=number,
                    vendor=maker,
                    sop_class=sop_class,
                    modality=modality,
                    instances=instances,
                )


def write(folder: Path, patients: int = 200, *, shuffled: bool = False) -> int:
    """Write the export; the number of files."""
    count = 0
    for series in plan(patients):
        series.shared.extend(shared_elements(series))
        place = folder / f"P{series.patient:06}" / f"ST{series.study}" / f"SE{series.number}"
        for number in range(1, series.instances + 1):
            data = instance(series, number)
            name = hashlib.sha256(data).hexdigest()[:16]
            path = folder / name[:2] / name if shuffled else place / f"IM{number:04}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            count += 1
    return count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--patients", type=int, default=200)
    parser.add_argument("--shuffled", action="store_true", help="all files in no order, under names that say nothing")
    args = parser.parse_args()
    print(write(args.folder, args.patients, shuffled=args.shuffled), "files")


if __name__ == "__main__":
    main()
