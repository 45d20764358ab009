"""A synthetic export of an archive: patients with three studies each, in the variety that archives hold.

Vendors with private blocks (an 11 kB header of Siemens, groups of GE, Philips, Hologic), implicit and explicit VR,
sequences of defined and of undefined length, encapsulated pixels, three character sets, structured reports, and, in
each image, a Study Instance UID and a Modality nested in a private sequence before the real ones.  It is encoded here,
byte by byte, and not by the library that is compared with; nothing depends on chance or a clock.

    python -m benchmarks.export FOLDER [--patients 200] [--shuffled]
"""

import argparse
import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benchmarks.vendors import (
    GE,
    HOLOGIC,
    JPEG_LOSSLESS,
    MG,
    MR,
    PHILIPS,
    REPORTER,
    ROOT,
    SIEMENS,
    SR,
    SUPERSONIC,
    US,
    Element,
    Items,
    Vendor,
    file_of,
    public_attributes,
)

NAMES: Final = (
    (b"ISO_IR 100", "M\u00fcller%s^\u00c4nne Sophie^^Dr.".encode("latin-1")),
    (b"ISO_IR 192", "\u041f\u0435\u0442\u0440\u043e\u0432\u0430%s^\u0410\u043d\u043d\u0430".encode()),
    (b"\\ISO 2022 IR 87", b"Yamada%s^Hanako=\x1b$B;3ED\x1b(B^\x1b$B2V;R\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$O$J$3\x1b(B"),
    (b"", b"SMITH%s^JANE"),
)
"""Character sets and names in them; the mark takes letters, so that names differ in length."""


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
