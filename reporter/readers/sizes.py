"""The size cells of a row become a value: a size, or the type that says why there is none.  A blank is never 0."""

from __future__ import annotations

from decimal import Decimal

from reporter.case.issue import Outcome
from reporter.case.length import Length
from reporter.case.measurement import (
    Absent,
    Equivocal,
    Measured,
    Merged,
    NotEvaluable,
    NotImaged,
    Present,
    TooSmall,
    UnequivocalProgression,
    Value,
)
from reporter.case.vocabulary import Kind
from reporter.readers.parts import Row, Sizes

_TOO_SMALL_BELOW_MM = Decimal(5)
"""A number below this beside "too_small" is kept (decision g); a larger one contradicts the word."""

Judged = tuple[Value, str | None, Outcome]
"""A value, and the code and outcome of the doubt about it."""


def value_of(row: Row, kind: Kind | None) -> Judged:
    """What a row found of its lesion, whose kind is known by now."""
    sizes = row.sizes
    if sizes.unusable is not None:
        return NotEvaluable(reason=sizes.unusable, given=sizes.given), None, Outcome.PROBLEM
    if sizes.status in _WITHOUT_SIZE:
        return _without_size(row)
    if sizes.status == "too_small":
        return _too_small(sizes, kind)
    if sizes.status == "equivocal":
        return _equivocal(sizes, kind)
    if sizes.status == "unequivocal_progression":
        return UnequivocalProgression(), "MEAS_SIZE_UNUSED" if _axes(sizes) else None, Outcome.NOTE
    if _axes(sizes):
        return _sized(sizes, kind)
    return (Present(), None, Outcome.NOTE) if sizes.status == "present" else _nothing(row, kind)


_WITHOUT_SIZE = frozenset({"absent", "not_evaluable", "not_imaged", "merged"})


def _axes(sizes: Sizes) -> tuple[Length, ...]:
    return tuple(axis for axis in (sizes.long_axis, sizes.short_axis, sizes.third_axis) if axis is not None)


def _unusable(code: str, sizes: Sizes) -> Judged:
    return NotEvaluable(reason=code, given=sizes.given), code, Outcome.PROBLEM


def _without_size(row: Row) -> Judged:
    """Words that say there is no size; a size beside them contradicts them."""
    sizes = row.sizes
    if any(axis.value for axis in _axes(sizes)):
        return _unusable("MEAS_STATUS", sizes)
    if sizes.status == "absent":
        return Absent(), None, Outcome.NOTE
    if sizes.status == "not_imaged":
        return NotImaged(), None, Outcome.NOTE
    if sizes.status == "not_evaluable":
        return NotEvaluable(reason=row.said.quality), None, Outcome.NOTE
    if sizes.merged_into is None:
        return _unusable("LES_MERGED_WHERE", sizes)
    return Merged(into=sizes.merged_into), None, Outcome.NOTE


def _too_small(sizes: Sizes, kind: Kind | None) -> Judged:
    if not _axes(sizes):
        return TooSmall(), None, Outcome.NOTE
    if max(axis.mm for axis in _axes(sizes)) >= _TOO_SMALL_BELOW_MM:
        return _unusable("MEAS_STATUS", sizes)
    return _sized(sizes, kind)


def _equivocal(sizes: Sizes, kind: Kind | None) -> Judged:
    if not _axes(sizes):
        return Equivocal(), None, Outcome.NOTE
    value, code, outcome = _sized(sizes, kind)
    return Equivocal(size=value if isinstance(value, Measured) else None), code, outcome


def _sized(sizes: Sizes, kind: Kind | None) -> Judged:
    """Axes as given; a node needs its short axis, any other lesion its long one, and long is not below short."""
    axes = _axes(sizes)
    if all(not axis.value for axis in axes):
        return Absent(), None, Outcome.NOTE
    needed = sizes.short_axis if kind is Kind.NODE else sizes.long_axis
    if any(not axis.value for axis in axes) or (needed is None and kind is not None):
        return _unusable("MEAS_AXES", sizes)
    long_axis, short_axis = sizes.long_axis, sizes.short_axis
    if long_axis is not None and short_axis is not None and short_axis > long_axis:
        return _unusable("MEAS_AXES", sizes)
    measured = Measured(long_axis=long_axis, short_axis=short_axis, third_axis=sizes.third_axis)
    return measured, None, Outcome.NOTE


def _nothing(row: Row, kind: Kind | None) -> Judged:
    """Neither a size nor a word of status: calcifications are told by their extent, a node needs its short axis."""
    sizes, said = row.sizes, row.said
    if sizes.status is None and kind is Kind.CALCIFICATION and (said.extent or said.extent_change):
        gone = said.extent is not None and not said.extent.value
        return (Absent() if gone else Present()), None, Outcome.NOTE
    if kind is Kind.NODE and (said.cortex or said.hilum or said.cortex_type):
        return _unusable("MEAS_AXES", sizes)
    return _unusable("MEAS_VOLUME_ONLY" if said.volume else "MEAS_EMPTY", sizes)
