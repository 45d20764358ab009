"""Elements encoded byte by byte, and the headers of several vendors: public attributes, private blocks, decoys."""

import random
import struct
from collections.abc import Iterable
from dataclasses import dataclass
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
