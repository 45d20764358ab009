"""The rows of a worksheet before anything is asked: those of the table as they were given, those of reports as cells.

One row is one lesion on one study by one modality.  A row of the table stands first, in its place, so that reading it
back says nothing new; what a structured report measured follows, or completes the row of the table beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from decimal import Decimal
from typing import Final

from reporter.case.case import Case
from reporter.case.form import KnownRow, own_words, patient_cell
from reporter.case.length import Length, LengthUnit
from reporter.case.measurement import Volume
from reporter.case.vocabulary import Modality
from reporter.readers.assemble import Assembled
from reporter.readers.columns import AXES
from reporter.readers.joining import JoinedRow
from reporter.readers.parts import LesionWords, Row

_DISTANCES: Final = ("nipple_distance", "skin_distance", "muscle_distance", "index_distance", "slice_thickness")


def known_rows(made: Assembled) -> tuple[KnownRow, ...]:
    """The rows of a worksheet, those of the table first; a row that does not count beside another is left out."""
    tables = [item for item in made.joined if item.row.cells]
    rows = [_of_table(item.row, made.case, item.study) for item in tables]
    rows += [_of_table(row, made.case, "") for row in made.without_lesion if row.cells]
    rows.sort(key=lambda row: _number(row.source.place))
    for item in _reports(made):
        partner = next((n for n, row in enumerate(rows) if _beside(row, item)), None)
        cells = _cells(item, made.case)
        if partner is None:
            rows.append(KnownRow(cells=cells, source=item.row.source, lesion_id=item.row.lesion_id, study=item.study))
        else:
            rows[partner] = replace(rows[partner], cells={**cells, **rows[partner].cells})
    return tuple(rows)


def _of_table(row: Row, case: Case, study: str) -> KnownRow:
    cells = {column: cell for column, cell in row.cells.items() if column != "note"}
    note = own_words(row.cells.get("note", ""))
    unmet = any(issue.code == "STU_TABLE_UNMET" for issue in case.issues)  # whose it is must be said, not filled in
    known = {**({} if unmet else _identity(case)), **cells, **({"note": note} if note else {})}
    return KnownRow(
        cells=known,
        source=row.source,
        lesion_id=row.lesion_id,
        study=study,
        given=frozenset(row.cells),
        added=row.unanswered,
    )


def _identity(case: Case) -> dict[str, str]:
    """Whose form it is: beside the studies of another patient it is refused."""
    cell = patient_cell(case.patient.id)
    return {"patient_id": cell} if cell else {}


def _number(place: str) -> int:
    """`row 5`, `entry 5` -> 5."""
    return int("".join(sign for sign in place if sign.isdigit()) or 0)


# -- structured reports ---------------------------------------------------------------------------------------


def _reports(made: Assembled) -> list[JoinedRow]:
    """Measurements of structured reports that count, by study, lesion and modality."""
    counting = [item for item in made.joined if not item.row.cells and item.measures]
    dates = {study.key: str(study.date) for study in made.case.studies}
    within = [item for item in counting if item.study in dates]
    return sorted(within, key=lambda i: (dates[i.study], i.study, i.row.lesion_id, _rank(i), i.row.source.order))


def _rank(item: JoinedRow) -> int:
    modality = item.row.modality
    return len(Modality) if modality is None else list(Modality).index(modality)


def _beside(row: KnownRow, item: JoinedRow) -> bool:
    """Whether a row of the table is of the same lesion, study and modality; with another size it would count alone."""
    same = (row.lesion_id, row.study) == (item.row.lesion_id, item.study)
    return same and row.cells.get("modality") in {None, item.row.modality}


def _cells(item: JoinedRow, case: Case) -> Mapping[str, str]:
    """The cells that say what a structured report said."""
    row, study = item.row, case.study(item.study)
    cells: dict[str, str | None] = {
        **_identity(case),
        "study_date": study.date.isoformat(),
        "study_uid": study.uid,
        "timepoint": row.time_point,
        "modality": row.modality,
        "lesion_id": row.lesion_id,
        **dict(_words(row.lesion)),
        **dict(_sizes(row)),
    }
    return {column: cell for column, cell in cells.items() if cell}


def _words(lesion: LesionWords) -> Iterator[tuple[str, str]]:
    for name in (f.name for f in fields(lesion)):
        value = getattr(lesion, name)
        if value is not None:
            yield name, {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _sizes(row: Row) -> Iterator[tuple[str, str]]:
    """Sizes as given, all in the unit of the first; none of a group whose sizes cannot be used."""
    usable = row.sizes.unusable is None
    lengths = {name: getattr(row.sizes, name) for name in AXES} if usable else {}
    lengths |= {name: getattr(row.said, name) for name in _DISTANCES}
    given = {name: length for name, length in lengths.items() if isinstance(length, Length)}
    if usable and row.sizes.status is not None:
        yield "status", row.sizes.status
    for unit in [length.unit for length in given.values()][:1]:
        yield "unit", unit
        yield from ((name, f"{_in(length, unit):f}") for name, length in given.items())
    if isinstance(row.said.volume, Volume):
        yield "volume", f"{row.said.volume.value:f}"
        yield "volume_unit", row.said.volume.unit


def _in(length: Length, unit: LengthUnit) -> Decimal:
    """The exact value in a unit, with its digits."""
    return length.mm if unit is LengthUnit.MM else length.mm.scaleb(-1)
