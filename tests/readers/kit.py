"""Small DICOM objects, tables and cases for the tests of readers; every attribute name is checked."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from pydicom.config import disable_value_validation
from pydicom.datadict import tag_for_keyword
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian

from reporter.case.case import Case
from reporter.case.issue import Issue
from reporter.readers.assemble import assemble
from reporter.readers.files import MemoryFile
from reporter.readers.gather import Inputs, Readings, gather
from reporter.readers.header import HeaderReader
from reporter.readers.interface import CaseRefused, Limits, Reading

US: Final = "1.2.840.10008.5.1.4.1.1.6.1"
MG: Final = "1.2.840.10008.5.1.4.1.1.1.2"
DBT: Final = "1.2.840.10008.5.1.4.1.1.13.1.3"
MR: Final = "1.2.840.10008.5.1.4.1.1.4"
CT: Final = "1.2.840.10008.5.1.4.1.1.2"
LIMITS: Final = Limits()

_MODALITY: Final = {US: "US", MG: "MG", DBT: "MG", MR: "MR", CT: "CT"}


def image(**attributes: object) -> Dataset:
    """An ultrasound image of the left breast of patient P1 on 2026-01-08, with what is given set or (None) removed."""
    sop_class = str(attributes.get("SOPClassUID", US))
    values: dict[str, object] = {
        "SOPClassUID": sop_class,
        "SOPInstanceUID": "1.2.3.1.1.1",
        "StudyDate": "20260108",
        "StudyTime": "101500",
        "Modality": _MODALITY.get(sop_class, "OT"),
        "PatientName": "SAMPLE^ONE",
        "PatientID": "P1",
        "PatientBirthDate": "19710203",
        "StudyInstanceUID": "1.2.3.1",
        "SeriesInstanceUID": "1.2.3.1.1",
        "Rows": 2,
        "Columns": 2,
        "BitsAllocated": 8,
        "PixelData": b"\0\1\2\3",
        **attributes,
    }
    found = Dataset()
    for keyword, value in values.items():
        assert tag_for_keyword(keyword) is not None, f"{keyword} is no attribute"
        if value is not None:
            with disable_value_validation():
                setattr(found, keyword, value)
    return found


def encoded(dataset: Dataset, syntax: str = ExplicitVRLittleEndian) -> bytes:
    """The object as a DICOM file."""
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = UID(syntax)
    dataset.file_meta.MediaStorageSOPClassUID = UID(US)
    dataset.file_meta.MediaStorageSOPInstanceUID = UID("1.2.3.1.1.1")
    stream = io.BytesIO()
    with disable_value_validation(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # bad values are what some tests are about
        dataset.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


def dicom(**attributes: object) -> bytes:
    """`image`, encoded."""
    return encoded(image(**attributes))


def element(tag: int, vr: bytes, value: bytes) -> bytes:
    """One explicit little endian element of a short VR, by hand."""
    return (tag >> 16).to_bytes(2, "little") + (tag & 0xFFFF).to_bytes(2, "little") + vr + _length(value) + value


def _length(value: bytes) -> bytes:
    return len(value).to_bytes(2, "little")


def read_header(data: bytes, name: str = "x.dcm", limits: Limits = LIMITS, *, bare: bool = False) -> Reading:
    """What the reader of headers makes of bytes."""
    return HeaderReader(accept_bare=bare).extract(MemoryFile(name, data), limits)


def codes(issues: Iterable[Issue]) -> list[str]:
    """The codes of issues, sorted."""
    return sorted(issue.code for issue in issues)


def csv_of(rows: Iterable[Mapping[str, str]], delimiter: str = ",") -> str:
    """Rows as a table, their columns in the order of first use."""
    rows = list(rows)
    columns = list(dict.fromkeys(column for row in rows for column in row))
    lines = [delimiter.join(columns)]
    lines += [delimiter.join(_quoted(row.get(column, ""), delimiter) for column in columns) for row in rows]
    return "\n".join(lines) + "\n"


def _quoted(cell: str, delimiter: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if delimiter in cell or '"' in cell else cell


def row(**cells: str) -> dict[str, str]:
    """A row of a mass of the left breast on ultrasound, with what is given."""
    usual = {
        "patient_id": "P1",
        "study_date": "2026-01-08",
        "modality": "US",
        "lesion_id": "L1",
        "kind": "mass",
        "side": "left",
        "long_axis": "30",
        "unit": "mm",
    }
    return {**usual, **cells}


def gathered(
    folder: Path,
    files: Mapping[str, bytes] | None = None,
    rows: Iterable[Mapping[str, str]] | str | None = None,
    facts: str | None = None,
    *,
    limits: Limits = LIMITS,
    allow_unreadable: bool = False,
) -> Readings:
    """Files, rows and facts written to `folder` and read."""
    exam = folder / "exam"
    for name, data in (files or {}).items():
        path = exam / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    table = folder / "table.csv" if rows is not None else None
    if table is not None and rows is not None:
        table.write_text(rows if isinstance(rows, str) else csv_of(rows), encoding="utf-8")
    given = folder / "facts.toml" if facts is not None else None
    if given is not None and facts is not None:
        given.write_text(facts, encoding="utf-8")
    paths = (exam,) if exam.exists() else ()
    inputs = Inputs(paths=paths, table=table, facts=given, allow_unreadable=allow_unreadable)
    return gather(inputs, limits)


def case_of(
    folder: Path,
    files: Mapping[str, bytes] | None = None,
    rows: Iterable[Mapping[str, str]] | str | None = None,
    facts: str | None = None,
    *,
    patient: str | None = None,
) -> Case:
    """The case that files, rows and facts make."""
    return assemble(gathered(folder, files, rows, facts), patient=patient)


def refusal_codes(
    folder: Path,
    files: Mapping[str, bytes] | None = None,
    rows: Iterable[Mapping[str, str]] | str | None = None,
    facts: str | None = None,
    *,
    patient: str | None = None,
) -> list[str]:
    """The codes for which the case is refused; empty where it is not."""
    try:
        case_of(folder, files, rows, facts, patient=patient)
    except CaseRefused as refused:
        return codes(refused.issues)
    return []
