"""Files of a synthetic export, and what pydicom says of them."""

from __future__ import annotations

import io
import warnings

from pydicom import dcmread
from pydicom.dataset import Dataset

from benchmarks.export import instance, plan, shared_elements
from reporter.readers.export_index import ExportReader, Indexed
from reporter.readers.files import MemoryFile
from reporter.readers.index_columns import COLUMNS, PLACE


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
