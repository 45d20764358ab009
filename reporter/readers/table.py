"""The measurement table: CSV, TSV, a JSON array or an Excel workbook; one row is one lesion on one study.

A bad header, quoting or encoding refuses the file; a bad `patient_id`, `study_date` or `study_uid` refuses its
patient; any other bad cell costs its measurement, with row and column named.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import ClassVar, Literal, TypeVar, cast

from reporter.case.form import is_added, own_words
from reporter.case.issue import Issue, Outcome
from reporter.case.measurement import Measurement, NotEvaluable, Volume
from reporter.case.source import Source, SourceKind
from reporter.case.vocabulary import (
    BiopsyResult,
    Depth,
    ExtentChange,
    Hilum,
    Kind,
    Location,
    Modality,
    Role,
    Side,
)
from reporter.readers.cells import Cells, is_comma_number, is_number
from reporter.readers.columns import LENGTHS, NUMBERS, WHOLE, ColumnMap
from reporter.readers.files import whole
from reporter.readers.interface import InputFile, Limits, Reading, Refusal, refusal
from reporter.readers.parts import LesionWords, Row, Sizes
from reporter.readers.sheet import Sheet, decoded_text, read_csv, read_json
from reporter.readers.spreadsheet import is_workbook, read_workbook
from reporter.readers.values import cleaned, ui

_OWN_COLUMNS = ColumnMap()
_NUMERIC = (*LENGTHS, *NUMBERS)
_FINDINGS = (
    *_NUMERIC,
    *("status", "merged_into", "split_from", "quality", "birads"),
    *("hilum", "cortex_type", "extent_change", "clip_seen", "distortion"),
)
"""Columns of what was found on a study; the others say what the lesion is, or when."""
Word = TypeVar("Word", bound=StrEnum)
_PENDING = NotEvaluable(reason="pending")
"""Stands for the value until the kind of the lesion is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableReader:
    """Reads a measurement table."""

    columns: ColumnMap = _OWN_COLUMNS
    encoding: str | None = None
    name: ClassVar[str] = "table"

    def identify(self, file: InputFile) -> bool:
        """By name; a table is never looked for among INPUT."""
        return file.name.lower().endswith((".csv", ".tsv", ".txt", ".json", ".xlsx"))

    def extract(self, file: InputFile, limits: Limits) -> Reading:
        """Every row as a part; a table that cannot be understood as a whole is refused."""
        try:
            data = whole(file, limits.text_bytes)
            sheet = self._sheet(data, file.name, limits)
            comma = _decimal_comma(sheet)
        except Refusal as refused:
            return Reading(issues=(refused.issue,))
        rows = tuple(_row(Cells(sheet.file, sheet.kind, record, self.columns, comma)) for record in sheet.records)
        return Reading(parts=rows, sha256=_digest(sheet))

    def _sheet(self, data: bytes, name: str, limits: Limits) -> Sheet:
        source = Source(SourceKind.TABLE, name, "file")
        if is_workbook(data):
            sheet = read_workbook(data, name, self.columns.headers, limits)
            self._check_columns(sheet)
            return sheet
        text = decoded_text(data, source, self.encoding)
        if text.lstrip()[:1] in {"[", "{"}:
            sheet = read_json(text, name, self.columns.headers, limits)
        else:
            sheet = read_csv(text, name, self.columns.headers, limits, SourceKind.TABLE)
            self._check_columns(sheet)
        return sheet

    def _check_columns(self, sheet: Sheet) -> None:
        present = {*sheet.columns, *self.columns.constants}
        if "lesion_id" not in present:
            raise refusal("CSV_MISSING_COLUMN", sheet.source("row 1"), column="lesion_id")
        if not present & {"study_date", "study_uid"}:
            raise refusal("CSV_MISSING_COLUMN", sheet.source("row 1"), column="study_date")


def _digest(sheet: Sheet) -> str:
    """Of the cells, whatever the order of rows and columns: such a change changes no report."""
    rows = sorted("\x1f".join(f"{name}\x1e{cell}" for name, cell in sorted(r.cells.items())) for r in sheet.records)
    return hashlib.sha256("\x1d".join(rows).encode()).hexdigest()


def _decimal_comma(sheet: Sheet) -> bool:
    """Whether numbers are written with a decimal comma: then all of them are, in the whole file.

    Raises:
        Refusal: some are and some have a point (CSV_NUMBER), at the first cell that differs.

    """
    if not sheet.decimal_comma_possible:
        return False
    comma, point = "", ""
    for record in sheet.records:
        for column in _NUMERIC:
            cell = record.cells.get(column, "")
            if is_comma_number(cell):
                comma = comma or f"{record.place}, {column}"
            elif "." in cell and is_number(cell):
                point = point or f"{record.place}, {column}"
        if comma and point:
            raise refusal("CSV_NUMBER", sheet.source(comma), other_place=point)
    return bool(comma)


def _row(cells: Cells) -> Row:
    patient_id, study_uid = _patient_id(cells), _study_uid(cells)
    study_date = cells.day("study_date")
    lesion_id = cells.text("lesion_id") or ""
    if not lesion_id:
        cells.doubt("ROW_NO_LESION", "lesion_id")
    modality = _enum(cells, "modality", Modality)
    words = _lesion_words(cells)
    sizes, said = _sizes(cells), _said(cells, lesion_id, modality)
    if study_date is None and study_uid is None and not _refused(cells):
        cells.doubt("STU_NO_DATE", "study_date", Outcome.REFUSED)
    row = Row(
        source=cells.source(),
        patient_id=patient_id,
        study_date=study_date,
        study_uid=study_uid,
        time_point=cells.text("timepoint"),
        modality=modality,
        lesion_id=lesion_id,
        lesion=words,
        sizes=sizes,
        said=said,
    )
    own = replace(row, cells=cells.told(), unanswered=_unanswered(cells))
    return replace(own, sizes=replace(sizes, unusable=cells.costs), issues=_sorted(cells))


def _note(cells: Cells) -> str | None:
    """The reader's own words; the questions of a worksheet are the form's."""
    given = cells.text("note")
    return None if given is None else own_words(given) or None


def _unanswered(cells: Cells) -> bool:
    """Whether a worksheet added the row and nobody has said anything of the lesion in it."""
    note = cells.raw("note") or ""
    return is_added(note) and not own_words(note) and not any(cells.raw(column) for column in _FINDINGS)


def _sorted(cells: Cells) -> tuple[Issue, ...]:
    return tuple(sorted(cells.issues, key=lambda issue: issue.order))


def _refused(cells: Cells) -> bool:
    return any(issue.outcome is Outcome.REFUSED for issue in cells.issues)


def _patient_id(cells: Cells) -> str | None:
    given = cells.raw("patient_id")
    if given is None:
        return None
    shown = cleaned(given)
    if shown != given or "\\" in given or len(given) > 64:  # ruff: ignore[magic-value-comparison] - VR LO
        cells.doubt("STU_BAD_PATIENT", "patient_id", Outcome.REFUSED)
    return shown


def _study_uid(cells: Cells) -> str | None:
    given = cells.raw("study_uid")
    if given is not None and ui(given) is None:
        cells.doubt("STU_BAD_UID", "study_uid", Outcome.REFUSED, given=cleaned(given)[:64])
        return None
    return given


def _enum(cells: Cells, column: str, words: type[Word]) -> Word | None:
    given = cells.word(column)
    return None if given is None else words(given)


def _lesion_words(cells: Cells) -> LesionWords:
    return LesionWords(
        kind=_enum(cells, "kind", Kind),
        organ=cells.text("organ"),
        side=_enum(cells, "side", Side),
        location=_enum(cells, "location", Location),
        clock=cells.whole("clock", WHOLE["clock"]),
        depth=_enum(cells, "depth", Depth),
        role=_enum(cells, "role", Role),
        biopsy_result=_enum(cells, "biopsy_result", BiopsyResult),
        biopsy_date=cells.day("biopsy_date"),
        receptors=cells.text("receptors"),
        clip=cells.yes_no("clip"),
        clip_shape=cells.text("clip_shape"),
        covered_before=cells.yes_no("covered_before"),
    )


def _sizes(cells: Cells) -> Sizes:
    return Sizes(
        status=cells.word("status"),
        long_axis=cells.length("long_axis"),
        short_axis=cells.length("short_axis"),
        third_axis=cells.length("third_axis"),
        merged_into=cells.text("merged_into"),
        given=cells.given_sizes(),
    )


def _said(cells: Cells, lesion_id: str, modality: Modality | None) -> Measurement:
    return Measurement(
        lesion_id=lesion_id,
        study="",
        modality=modality,
        value=_PENDING,
        source=cells.source(),
        volume=_volume(cells),
        suv=cells.number("suv"),
        cortex=cells.length("cortex"),
        hilum=_enum(cells, "hilum", Hilum),
        cortex_type=cells.whole("cortex_type", WHOLE["cortex_type"]),
        extent=cells.length("extent"),
        extent_change=_enum(cells, "extent_change", ExtentChange),
        span=cells.length("span"),
        nipple_distance=cells.length("nipple_distance"),
        skin_distance=cells.length("skin_distance"),
        muscle_distance=cells.length("muscle_distance"),
        index_distance=cells.length("index_distance"),
        slice_thickness=cells.length("slice_thickness"),
        quality=cells.text("quality"),
        split_from=cells.text("split_from"),
        clip_seen=cells.yes_no("clip_seen"),
        clip_displaced=cells.length("clip_displaced"),
        distortion=cells.yes_no("distortion"),
        birads=cells.text("birads"),
        note=_note(cells),
    )


def _volume(cells: Cells) -> Volume | None:
    """A volume needs its own unit; without one it is lost, the axes are not."""
    unit, value = cells.word("volume_unit"), cells.number("volume")
    if value is None:
        return None
    if unit is None:
        cells.doubt("MEAS_UNIT", "volume", given=cleaned(cells.raw("volume") or ""))
        return None
    return Volume(value=value, unit=cast("Literal['ml', 'mm3']", unit))
