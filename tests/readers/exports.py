"""Files of a synthetic export, and what pydicom says of them."""

from __future__ import annotations

import io
import warnings

from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

from benchmarks.export import instance, plan, shared_elements
from reporter.readers.export_index import ExportReader, Indexed
from reporter.readers.file_pieces import HEAD
from reporter.readers.files import MemoryFile
from reporter.readers.index_columns import COLUMNS, PLACE
from tests.readers.kit import encoded, image


def series(patient: int, number: int = 0, count: int = 3) -> list[bytes]:
    """Instances of one series of a patient."""
    made = [one for one in plan(patient) if one.patient == patient][number]
    made.shared.extend(shared_elements(made))
    return [instance(made, place) for place in range(1, min(count, made.instances) + 1)]


def variety() -> list[bytes]:
    """One file of each vendor, encoding, character set and kind of object."""
    return [series(patient, number, 1)[0] for patient in (1, 2, 3) for number in (0, 1, 2, 4)]


def said_by_pydicom(data: bytes) -> tuple[str | None, ...]:
    """The values of a file as pydicom gives them, as text."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # files that pydicom warns about are what some tests are about
        found = dcmread(io.BytesIO(data))
        return tuple(_text(found, column.tag) for column in COLUMNS)


def _text(found: Dataset, tag: int) -> str | None:
    place = found.file_meta if tag >> 16 == 2 else found
    if tag not in place:
        return None
    element = place[tag]
    if element.VM > 1:
        return "\\".join(str(value) for value in element.value)
    return "" if element.value is None else str(element.value)


def read(data: bytes, reader: ExportReader | None = None, name: str = "x.dcm") -> Indexed:
    """What the index makes of a file."""
    return (reader or ExportReader()).read_entry(MemoryFile(name, data), 0)


def value(found: Indexed, keyword: str) -> str | None:
    """One value of a record."""
    return found.record[PLACE[keyword]]


# -- files that are read in several pieces ------------------------------------------------------------------------

SYNTAXES = (ExplicitVRLittleEndian, ImplicitVRLittleEndian)
FURTHER = 2048
"""Bytes of a further piece."""


def across(place: int, syntax: str, patient: str, *more: bytes, keyword: str = "PatientID") -> bytes:
    """A file whose patient's ID, or name, begins at a place; each further value is a private element before it."""
    found = image(**{"PatientID": None, "PatientName": None, keyword: patient})
    for number, one in enumerate((b"", *more)):
        found.add_new(0x00091010 + number, "UN", one)
    data = encoded(found, syntax)
    first = data.index(b"\x09\x00\x10\x10")
    begin = first + (12 if syntax == ExplicitVRLittleEndian else 8)
    length = place - data.index(patient.encode())
    return data[: begin - 4] + length.to_bytes(4, "little") + b"z" * length + data[begin:]


def in_pieces() -> list[bytes]:
    """Files of two patients whose ID stands across the end of a piece, the first or a further one."""
    places = ((HEAD - 5, ()), (HEAD + FURTHER - 5, (b"y" * 4000,)))
    return [
        across(place, syntax, patient, *more)
        for place, more in places
        for syntax in SYNTAXES
        for patient in ("PATIENT1", "PATIENT2")
    ]
