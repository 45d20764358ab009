"""The index of an export, by study, by series, by file."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from reporter.batch.index import ExportIndex
from reporter.readers.export_layout import Record
from reporter.readers.index_columns import COLUMNS, OWN, PLACE

_PATIENT: Final = ("PatientID", "IssuerOfPatientID", "PatientName", "PatientBirthDate", "PatientSex")
_STUDY: Final = ("StudyInstanceUID", "StudyDate", "StudyTime", "StudyID", "AccessionNumber", "StudyDescription")
_SERIES: Final = ("SeriesInstanceUID", "SeriesNumber", "SeriesDate", "SeriesDescription", "Modality", "SOPClassUID")
_MADE: Final = ("ProtocolName", "BodyPartExamined", "Laterality", "Manufacturer", "ManufacturerModelName")
_TRIAL: Final = ("ClinicalTrialTimePointID", "ClinicalTrialTimePointDescription")
_BETWEEN: Final = "; "

LEVELS: Final[Mapping[str, tuple[str, ...]]] = {
    "study": (*_PATIENT, *_STUDY, *_TRIAL, "Modality", "series", "files"),
    "series": (*_PATIENT, *_STUDY, *_TRIAL, *_SERIES, *_MADE, "files"),
    "file": ("file", "way", "reason", *(column.keyword for column in COLUMNS)),
}
"""Columns of each level: attributes by their DICOM keyword, counts and what became of a file in small letters."""
SHOWN: Final[Mapping[str, tuple[str, ...]]] = {
    "study": ("PatientID", "StudyDate", "Modality", "StudyDescription", "AccessionNumber", "series", "files"),
    "series": ("PatientID", "StudyDate", "SeriesNumber", "Modality", "SeriesDescription", "Laterality", "files"),
    "file": ("file", "way", "reason", "PatientID", "StudyDate", "Modality", "SeriesNumber", "InstanceNumber"),
}
"""The columns that fit a terminal."""
COUNTS: Final = frozenset({"series", "files"})

_KEYS: Final = {
    "study": ("IssuerOfPatientID", "PatientID", "StudyInstanceUID"),
    "series": ("IssuerOfPatientID", "PatientID", "StudyInstanceUID", "SeriesInstanceUID"),
}
"""What tells one row from the next: two patients in one study are two rows."""


def rows(index: ExportIndex, level: str) -> Iterator[dict[str, str]]:
    """The rows of a level; values in which the files of a row differ stand beside each other."""
    return _files(index) if level == "file" else _groups(index, level)


def _files(index: ExportIndex) -> Iterator[dict[str, str]]:
    for name, way, reason, record in index.files():
        texts = (text or "" for text in record)
        yield {"file": name, "way": way.value, "reason": reason} | dict(
            zip((column.keyword for column in COLUMNS), texts, strict=True)
        )


def _groups(index: ExportIndex, level: str) -> Iterator[dict[str, str]]:
    groups: dict[tuple[str, ...], list[tuple[int, Record]]] = {}
    for count, record in index.combinations():
        groups.setdefault(tuple(record[PLACE[keyword]] or "" for keyword in _KEYS[level]), []).append((count, record))
    by_date = _column("StudyDate")
    for key in sorted(groups, key=lambda key: (key[:2], by_date(groups[key]), key[2:])):
        yield _row(groups[key], level)


def _column(keyword: str) -> Callable[[Iterable[tuple[int, Record]]], tuple[str, ...]]:
    place = PLACE[keyword]
    return lambda group: tuple(sorted({text for _, record in group if (text := record[place])}))


def _row(group: list[tuple[int, Record]], level: str) -> dict[str, str]:
    counts = {
        "series": str(len(_column("SeriesInstanceUID")(group))),
        "files": str(sum(count for count, _ in group)),
    }
    return {
        name: counts[name] if name in counts else _BETWEEN.join(_column(name)(group))
        for name in LEVELS[level]
        if name not in OWN
    }
