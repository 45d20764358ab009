"""How each row of a case is read: what it says of its lesion, in the measure that is followed.

A size of 0 is a lesion that is gone; a row that gives another measure gives no size; an MRI without contrast gives none
where other MRI of the case had contrast.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from reporter.case.case import Case
from reporter.case.length import Length
from reporter.case.lesion import Lesion
from reporter.case.measurement import (
    Absent,
    Equivocal,
    Measured,
    Measurement,
    Merged,
    NotEvaluable,
    NotImaged,
    Present,
    TooSmall,
    UnequivocalProgression,
)
from reporter.case.vocabulary import Modality, Side
from reporter.response.interface import Measure, State, Thresholds
from reporter.response.modalities import contrast_given, merged_modality

NOTHING = Length(Decimal(0))
OTHER_MEASURE = "RULE_MIX"
"""Reason of a row that gives a size, but not the one that is followed."""
NO_CONTRAST = "MR_NO_CONTRAST"
"""Reason of an MR without contrast where other MR of the case had it."""

Contrast = Mapping[tuple[str, Side | None], bool | None]


class Reading(NamedTuple):
    """One row as a criterion reads it."""

    row: Measurement
    rank: int
    """Place of its study among all studies of the case, by date and time."""
    day: dt.date
    """Of its study: what was measured on one day was measured at once."""
    state: State
    size: Length | None = None
    axes: tuple[Length, ...] = ()
    reason: str | None = None

    @property
    def firm(self) -> bool:
        """Whether it gives a size, or the reader's word of progression."""
        return self.size is not None or self.state is State.PROGRESSED

    @property
    def taken(self) -> bool:
        """Whether it saw the lesion and gave a value that cannot be used: in its form, its measure or its technique."""
        if self.state is not State.NOT_EVALUABLE:
            return False
        if isinstance(self.row.value, NotEvaluable):
            return self.row.value.taken
        return not isinstance(self.row.value, Absent | NotImaged | Merged)


class _Said(NamedTuple):
    """What one row says, without where and when; the fields are those of `Reading`."""

    state: State
    size: Length | None = None
    axes: tuple[Length, ...] = ()
    reason: str | None = None


def contrast_of(case: Case) -> Contrast:
    """Of every MR study that measured a lesion, for the side of that lesion."""
    made = {
        (row.study, case.lesion(row.lesion_id).side)
        for row in case.measurements
        if row.modality is Modality.MR and row.lesion_id in case.lesion_by_id
    }
    return {(study, side): contrast_given(case, study, side) for study, side in made}


def _dry(contrast: Contrast) -> frozenset[tuple[str, Side | None]]:
    """MR studies (with side) made without contrast, unless every MR of the case was: technique against technique."""
    dry = frozenset(key for key, given in contrast.items() if given is False)
    return frozenset() if len(dry) == len(contrast) else dry


def readings_of(
    case: Case, thresholds: Thresholds, mammographic: Modality, contrast: Contrast
) -> dict[tuple[str, Modality | None], list[Reading]]:
    """The rows of each lesion on each modality, as they are read."""
    ranks, dry = ranks_of(case), _dry(contrast)
    found: dict[tuple[str, Modality | None], list[Reading]] = {}
    for row in case.measurements:
        lesion = case.lesion_by_id.get(row.lesion_id)
        if lesion is None:
            continue
        said = _said(row, lesion, thresholds)
        if row.modality is Modality.MR and (row.study, lesion.side) in dry:
            said = said._replace(state=State.NOT_EVALUABLE, size=None, reason=NO_CONTRAST)
        reading = Reading(
            row=row,
            rank=ranks[row.study],
            day=case.date_of(row.study),
            state=said.state,
            size=said.size,
            axes=said.axes,
            reason=said.reason,
        )
        found.setdefault((row.lesion_id, merged_modality(row.modality, mammographic)), []).append(reading)
    return found


def ranks_of(case: Case) -> dict[str, int]:
    """Key of each study -> its place among all studies, by date and time; one without a time is before those with."""

    def when(key: str) -> tuple[dt.date, bool, dt.time, str]:
        study = case.study(key)
        return study.date, study.start is not None, study.start or dt.time(), key

    return {key: rank for rank, key in enumerate(sorted((s.key for s in case.studies), key=when))}


def measure_of(lesion: Lesion) -> Measure:
    """The axis that is followed: short for a node, long for everything else (RECIST 1.1)."""
    return Measure.SHORT_AXIS if lesion.is_node else Measure.LONG_AXIS


def axis_of(size: Measured, measure: Measure) -> Length | None:
    """The axis that is followed, where it was given."""
    return size.short_axis if measure is Measure.SHORT_AXIS else size.long_axis


def _said(row: Measurement, lesion: Lesion, thresholds: Thresholds) -> _Said:
    """What a row says of its lesion."""
    match row.value:
        case Measured():
            return _measured(row.value, measure_of(lesion))
        case Equivocal(size=size):
            axes = () if size is None else _axes(size)
            return _Said(State.EQUIVOCAL, None if size is None else axis_of(size, measure_of(lesion)), axes)
        case Absent():
            return _Said(State.ABSENT, NOTHING)
        case TooSmall():
            return _Said(State.TOO_SMALL, Length(thresholds.too_small_mm))
        case Merged():
            return _Said(State.MERGED, NOTHING)
        case UnequivocalProgression():
            return _Said(State.PROGRESSED)
        case NotEvaluable(reason=reason):
            mixed = _other_measure(row) if reason in {None, "MEAS_VOLUME_ONLY"} else None
            return _Said(State.NOT_EVALUABLE, reason=mixed or reason)
        case NotImaged():
            return _Said(State.NOT_IMAGED)
        case Present():  # pragma: no branch  the last of a closed union
            return _Said(State.PRESENT, reason=_other_measure(row))


def _other_measure(row: Measurement) -> str | None:
    return None if row.volume is None else OTHER_MEASURE


def _axes(size: Measured) -> tuple[Length, ...]:
    return tuple([a for a in (size.long_axis, size.short_axis, size.third_axis) if a is not None])


def _measured(value: Measured, measure: Measure) -> _Said:
    size = axis_of(value, measure)
    if size is None:
        return _Said(State.NOT_EVALUABLE, axes=_axes(value), reason=OTHER_MEASURE)
    if size.mm == 0:  # a size of 0 is a lesion that is gone
        return _Said(State.ABSENT, NOTHING)
    return _Said(State.MEASURED, size, _axes(value))
