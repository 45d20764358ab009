"""What a file of an export is that is not plain: refused as a draft refuses it, listed only, or read by pydicom.

The reader of headers judges first, so that nothing reaches pydicom that was made to exhaust it, and no value of a file
that is cut short or hides something is ever used.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from pydicom import dcmread
from pydicom.dataset import Dataset

from reporter.case.issue import Issue, Outcome
from reporter.case.source import Source, SourceKind
from reporter.readers.export_layout import Record
from reporter.readers.header import HeaderReader
from reporter.readers.index_columns import COLUMNS, IndexColumn
from reporter.readers.interface import InputFile, Limits, Refusal, refusal_at
from reporter.readers.report_parts import Report
from reporter.readers.structured_report import StructuredReportReader

_META = 2
_NOTHING: Record = (None,) * len(COLUMNS)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A file that is not refused."""

    record: Record
    issue: Issue | None = None
    """Why the file is listed only."""
    refers: tuple[str, ...] = ()
    """SOP Instance UIDs of what a report was measured on."""


def judged(file: InputFile, limits: Limits) -> Judgement:
    """What a file is.

    Raises:
        Refusal: it is DICOM, or claims to be, and cannot be used.

    """
    reader = HeaderReader()
    if not reader.identify(file):
        return _listed("FILE_NOT_DICOM", file)
    reading = reader.extract(file, limits)
    for issue in reading.issues:
        if issue.outcome is Outcome.REFUSED:
            refused = Refusal(issue)
            refused.patient_id = reading.patient_id
            raise refused
    if not reading.parts:
        return _listed("FILE_DIRECTORY", file)
    with file.open() as stream:
        record = _record(stream, file.name)
    return Judgement(record, refers=_referred(file, limits))


def _listed(code: str, file: InputFile) -> Judgement:
    source = Source(SourceKind.HEADER, file.name, "file")
    return Judgement(_NOTHING, Issue(code=code, outcome=Outcome.NOTE, source=source))


def _referred(file: InputFile, limits: Limits) -> tuple[str, ...]:
    """What a report that is not plain refers to, as a draft reads it."""
    reader = StructuredReportReader()
    if not reader.identify(file):
        return ()
    groups = [group for part in reader.extract(file, limits).parts if isinstance(part, Report) for group in part.groups]
    return tuple(sorted({image.instance_uid for group in groups for image in group.images}))


def _record(stream: BinaryIO, name: str) -> Record:
    """What pydicom reads; its warnings are about values, which are shown as they are, and may hold them."""
    tags: list[int] = [column.tag for column in COLUMNS if column.tag >> 16 > _META]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = dcmread(stream, stop_before_pixels=True, specific_tags=tags)
            return tuple(_text(found, column) for column in COLUMNS)
        except Exception:  # ruff: ignore[blind-except] - whatever a library raises for bytes of strangers
            raise refusal_at("DCM_UNREADABLE", SourceKind.HEADER, name, "file") from None


def _text(found: Dataset, column: IndexColumn) -> str | None:
    place = found.file_meta if column.tag >> 16 == _META else found
    if column.tag not in place:
        return None
    value = place[column.tag].value
    if value is None:
        return ""
    if isinstance(value, str | bytes) or not isinstance(value, Sequence):
        return str(value)
    return "\\".join(str(part) for part in value)
