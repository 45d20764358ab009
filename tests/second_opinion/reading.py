"""The measurement table read a second time: rows, values and time points, for the second calculation.

Written from the rules alone and without a line of the package: own CSV reading, exact fractions, plain loops.
"""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from operator import itemgetter

TIME_POINT_DAYS = 14
LONGEST_BELIEVABLE = 500  # millimetres
TOO_SMALL = Fraction(5)  # millimetres, where no number can be given
NORMAL_NODE = 10  # short axis in millimetres, below which a node is normal
TARGET_NODE = 15  # short axis in millimetres, from which a node may be a target

Row = dict[str, str]


@dataclass(frozen=True)
class Seen:
    """What one row says of a lesion; `mm` is what it adds to a sum, None where it has no value for one."""

    state: str  # measured, too_small, absent, merged, present, progressed, equivocal, nothing
    mm: Fraction | None = None
    code: str = ""  # the doubt that cost the value
    into: str = ""  # the lesion it is merged into
    day: str = ""  # of the study that says so

    @property
    def evaluable(self) -> bool:
        return self.state != "nothing"


NOTHING = Seen("nothing")


def rows_of(text: str) -> dict[str, list[Row]]:
    """The rows of each patient, in the order of dates."""
    patients: dict[str, list[Row]] = {}
    for raw in csv.DictReader(io.StringIO(text)):
        row = {key: (cell or "").strip() for key, cell in raw.items()}
        patients.setdefault(row.get("patient_id", ""), []).append(row)
    return {who: sorted(rows, key=itemgetter("study_date")) for who, rows in sorted(patients.items())}


def cell(row: Row, column: str) -> str:
    return row.get(column, "")


def number(text: str) -> Fraction | None:
    """Plain digits with at most one decimal mark; anything else is no number."""
    return Fraction(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else None


def is_node(rows: Iterable[Row]) -> bool:
    return any(cell(row, "kind") == "node" for row in rows)


def seen_in(row: Row) -> Seen:
    """Status word and lengths of one row, with what makes them unusable."""
    status = cell(row, "status")
    if status in {"not_evaluable", "not_imaged"}:
        return NOTHING
    if status == "absent":
        return Seen("absent", Fraction(0))
    if status == "merged":
        into = cell(row, "merged_into")
        return Seen("merged", Fraction(0), into=into) if into else Seen("nothing", code="LES_MERGED_WHERE")
    if status == "unequivocal_progression":
        return Seen("progressed")  # a word of the reader's; a number beside it is not used
    if status == "equivocal":
        return Seen("equivocal", _length(row).mm)
    if status == "present":
        return Seen("present", _length(row).mm)
    length = _length(row)
    if status == "too_small":
        return length if length.evaluable else Seen("too_small", TOO_SMALL)
    return length


def _length(row: Row) -> Seen:
    node = cell(row, "kind") == "node"
    long_axis, short_axis = number(cell(row, "long_axis")), number(cell(row, "short_axis"))
    if long_axis is None and short_axis is None:
        return NOTHING
    if cell(row, "unit") not in {"mm", "cm"}:
        return Seen("nothing", code="MEAS_UNIT")
    factor = 10 if cell(row, "unit") == "cm" else 1
    for length in (long_axis, short_axis):
        if length is not None and not 0 <= length * factor <= LONGEST_BELIEVABLE:
            return Seen("nothing", code="MEAS_RANGE")
    if not long_axis and not short_axis:
        return Seen("absent", Fraction(0))  # nothing in any direction
    if 0 in {long_axis, short_axis}:
        return Seen("nothing", code="MEAS_AXES")
    if long_axis is not None and short_axis is not None and short_axis > long_axis:
        return Seen("nothing", code="MEAS_AXES")
    size = short_axis if node else long_axis
    if size is None:
        return Seen("nothing", code="MEAS_AXES")
    return Seen("measured", size * factor) if size > 0 else Seen("absent", Fraction(0))


def family(row: Row) -> str:
    """Mammography and tomosynthesis are one modality."""
    return "MG" if cell(row, "modality") == "DBT" else cell(row, "modality")


def family_name(modality: str, rows: list[Row]) -> str:
    """The name of that one modality: tomosynthesis where nothing else of it was used."""
    used = {cell(row, "modality") for row in rows if family(row) == modality}
    return "DBT" if used == {"DBT"} else modality


@dataclass(frozen=True)
class TimePoint:
    word: str
    rows: tuple[Row, ...]

    @property
    def date(self) -> str:
        return self.rows[0]["study_date"]

    def on(self, modality: str) -> list[Row]:
        return [row for row in self.rows if family(row) == modality]


def time_points(rows: list[Row]) -> list[TimePoint]:
    """Labels first; else fourteen days from the first study of a time point, the earliest being the baseline."""
    points: list[list[Row]] = []
    for row in rows:
        if points and _belongs(row, points[-1]):
            points[-1].append(row)
        else:
            points.append([row])
    labelled = any(cell(row, "timepoint") for row in rows)
    return [
        TimePoint(cell(point[0], "timepoint") if labelled else ("unknown" if place else "baseline"), tuple(point))
        for place, point in enumerate(points)
    ]


def _belongs(row: Row, point: list[Row]) -> bool:
    first = point[0]
    if cell(row, "timepoint") != cell(first, "timepoint"):
        return False
    if cell(row, "timepoint") == "baseline":
        return True
    apart = date.fromisoformat(row["study_date"]) - date.fromisoformat(first["study_date"])
    return apart <= timedelta(days=TIME_POINT_DAYS)
