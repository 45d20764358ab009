"""Each lesion on each modality through the time points: what was found, and which value counts.

In a time point the latest usable value of a lesion on a modality counts, so that a second-look study that measures
one site does not erase the other; an earlier value after baseline stays in the nadir.  A lesion's baseline on a
modality is its last usable value of the baseline time point.  A blank is never 0.  What says that a lesion is gone
does not stand against what says on that day, or later in the time point, that it is there, in whatever size.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

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
from reporter.case.timepoint import TimePoint
from reporter.case.vocabulary import Modality, Side
from reporter.response.interface import LesionPoint, Measure, State, Thresholds
from reporter.response.modalities import (
    MAMMOGRAPHIC,
    contrast_given,
    mammographic_name,
    merged_modality,
)

SEEN = frozenset({State.MEASURED, State.TOO_SMALL, State.PRESENT, State.PROGRESSED, State.EQUIVOCAL, State.MERGED})
"""States in which the lesion was there."""
WITHOUT_VALUE = frozenset({State.NOT_EVALUABLE, State.NOT_IMAGED, State.NO_ROW, State.NOT_DONE})
"""States in which nothing can be said of it."""
NOTHING = Length(Decimal(0))

OTHER_MEASURE = "RULE_MIX"
"""Reason of a row that gives a size, but not the one that is followed."""
NO_CONTRAST = "MR_NO_CONTRAST"
"""Reason of an MR without contrast where other MR of the case had it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """One lesion on one modality through all time points."""

    lesion: Lesion
    modality: Modality | None
    measure: Measure
    points: tuple[LesionPoint, ...]
    """One for each time point, the value that counts."""
    readings: tuple[tuple[Reading, ...], ...]
    """For each time point the readings that may count, in order of time; the last of them is the point's."""

    def size_at(self, time_point: int, day: dt.date | None = None) -> Decimal | None:
        """Size in mm at a time point, all of it or up to one day of it; None: no value."""
        if day is None:
            size = self.points[time_point].size
            return None if size is None else size.mm
        sizes = [r.size for r in self.readings[time_point] if r.day <= day]
        return sizes[-1].mm if sizes and sizes[-1] is not None else None

    def days(self, time_point: int) -> tuple[dt.date, ...]:
        """The days of the readings that may count at a time point."""
        return tuple(r.day for r in self.readings[time_point])

    def row(self, time_point: int) -> Measurement | None:
        """The row that counts at a time point."""
        readings = self.readings[time_point]
        return readings[-1].row if readings else None

    def first_seen(self) -> int | None:
        """The first time point at which it was there."""
        return next((i for i, point in enumerate(self.points) if point.state in SEEN), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """All tracks of a case up to the reported time point; made once, read by every rule."""

    case: Case
    thresholds: Thresholds
    time_points: tuple[TimePoint, ...]
    baseline: int | None
    """Index of the baseline time point; None: therapy begun, no study before it (row A5)."""
    reported: int
    tracks: tuple[Track, ...]
    """By lesion id, then modality."""
    mammographic: Modality
    by_lesion: dict[str, tuple[Track, ...]] = field(repr=False)

    @property
    def origin(self) -> int:
        """The time point that later ones are compared with: baseline, or the earliest at hand."""
        return 0 if self.baseline is None else self.baseline

    def of(self, lesion_id: str) -> tuple[Track, ...]:
        """The tracks of one lesion; none where no row speaks of it."""
        return self.by_lesion.get(lesion_id, ())

    def on(self, modality: Modality | None, sides: Iterable[Side | None]) -> tuple[Track, ...]:
        """The tracks on one modality of lesions on these sides."""
        wanted = set(sides)
        return tuple(t for t in self.tracks if t.modality is modality and t.lesion.side in wanted)

    def modality_name(self, modality: Modality | None) -> Modality | None:
        """The modality under which it is compared."""
        return merged_modality(modality, self.mammographic)

    def done(self, time_point: int, modality: Modality | None, side: Side | None) -> bool:
        """Whether the modality looked at that side at a time point."""
        return _done(self.case, self.time_points[time_point], modality, side, self.mammographic)

    def seen_at_origin(self, lesion_id: str) -> bool:
        """Whether any modality saw the lesion at the time point that later ones are compared with."""
        return any(t.points[self.origin].state in SEEN for t in self.of(lesion_id))

    def stated_at_origin(self, lesion_id: str) -> bool:
        """Whether it was known at baseline: seen, or imaged without a usable value."""
        known = SEEN | {State.NOT_EVALUABLE}
        return any(t.points[self.origin].state in known for t in self.of(lesion_id))

    def first_seen(self, lesion_id: str) -> int | None:
        """The first time point at which any modality saw it."""
        return min((i for t in self.of(lesion_id) if (i := t.first_seen()) is not None), default=None)


def chart(case: Case, thresholds: Thresholds) -> Chart:
    """Put a case's measurements in order of lesion, modality and time."""
    reported = case.timeline.reported
    time_points = case.timeline.time_points[: reported + 1]
    mammographic = mammographic_name(case.measurements)
    tracks = _tracks(case, time_points, thresholds, mammographic)
    by_lesion: dict[str, tuple[Track, ...]] = {}
    for track in tracks:
        by_lesion[track.lesion.id] = (*by_lesion.get(track.lesion.id, ()), track)
    return Chart(
        case=case,
        thresholds=thresholds,
        time_points=time_points,
        baseline=None if case.baseline is None else case.baseline.index,
        reported=reported,
        tracks=tracks,
        mammographic=mammographic,
        by_lesion=by_lesion,
    )


def _tracks(
    case: Case, time_points: Sequence[TimePoint], thresholds: Thresholds, mammographic: Modality
) -> tuple[Track, ...]:
    lesions = {lesion.id: lesion for lesion in case.lesions}
    ranks = ranks_of(case)
    rows: dict[tuple[str, Modality | None], list[Reading]] = {}
    for row in case.measurements:
        lesion = lesions.get(row.lesion_id)
        if lesion is not None:
            key = (row.lesion_id, merged_modality(row.modality, mammographic))
            plain = Reading(row=row, rank=ranks[row.study], day=case.study(row.study).date, state=State.PRESENT)
            rows.setdefault(key, []).append(_reading(plain, lesion, thresholds))
    dry = _without_contrast(case, lesions)
    return tuple(
        _track(
            case, lesions[key[0]], key[1], time_points, _wet(rows[key], dry), mammographic, thresholds.node_normal_mm
        )
        for key in sorted(rows, key=_track_order)
    )


def _track_order(key: tuple[str, Modality | None]) -> tuple[str, int]:
    lesion_id, modality = key
    return lesion_id, len(Modality) if modality is None else list(Modality).index(modality)


def ranks_of(case: Case) -> dict[str, int]:
    """Key of each study -> its place among all studies, by date and time; one without a time is before those with."""

    def when(key: str) -> tuple[dt.date, bool, dt.time, str]:
        study = case.study(key)
        return study.date, study.start is not None, study.start or dt.time(), key

    return {key: rank for rank, key in enumerate(sorted((s.key for s in case.studies), key=when))}


def _track(
    case: Case,
    lesion: Lesion,
    modality: Modality | None,
    time_points: Sequence[TimePoint],
    readings: Sequence[Reading],
    mammographic: Modality,
    node_normal_mm: Decimal,
) -> Track:
    ordered = sorted(readings, key=lambda r: (r.rank, str(r.row.source)))
    gone_under = node_normal_mm if lesion.is_node else None
    chosen = [(t, _counting([r for r in ordered if r.row.study in t.studies], gone_under)) for t in time_points]
    return Track(
        lesion=lesion,
        modality=modality,
        measure=measure_of(lesion),
        points=tuple(
            _point(lesion, modality, t, found, _done(case, t, modality, lesion.side, mammographic))
            for t, found in chosen
        ),
        readings=tuple(found for _, found in chosen),
    )


def _counting(readings: Sequence[Reading], gone_under: Decimal | None) -> tuple[Reading, ...]:
    """The readings of one time point that may count: firm ones, else what was seen, else the rest; the last counts.

    `gone_under`: the short axis in mm under which a node is gone; None for any other lesion.
    """
    firm = _tomosynthesis([r for r in readings if r.firm])
    if firm:
        return (*firm, *_against(firm[-1], readings, gone_under))
    seen = [r for r in readings if r.state in SEEN]
    return tuple(_tomosynthesis(seen) or readings)


def _against(last: Reading, readings: Sequence[Reading], gone_under: Decimal | None) -> list[Reading]:
    """What speaks against a lesion's being gone, of that day or later: it is seen, or its value cannot be used."""
    if last.size is None or last.state is State.MERGED:
        return []
    later = [r for r in readings if r.day >= last.day]
    if last.state is State.ABSENT:
        return [r for r in later if r.taken or (r.state in SEEN and r.size is None)]
    small = gone_under is not None and last.size.mm < gone_under
    return [r for r in later if r.taken] if small else []


def _tomosynthesis(readings: Sequence[Reading]) -> Sequence[Reading]:
    """DBT counts where DBT and MG both tell of a lesion; where only one of them saw it, that one."""
    kinds = {r.row.modality for r in readings}
    if not kinds >= MAMMOGRAPHIC:
        return readings
    seeing = {r.row.modality for r in readings if r.state in SEEN}
    kept = Modality.MG if seeing == {Modality.MG} else Modality.DBT
    return [r for r in readings if r.row.modality is kept]


def _point(
    lesion: Lesion, modality: Modality | None, time_point: TimePoint, readings: Sequence[Reading], done: bool
) -> LesionPoint:
    if not readings:
        return LesionPoint(
            lesion_id=lesion.id,
            modality=modality,
            time_point=time_point.index,
            study=None,
            state=State.NO_ROW if done else State.NOT_DONE,
            size=None,
        )
    last = readings[-1]
    return LesionPoint(
        lesion_id=lesion.id,
        modality=modality,
        time_point=time_point.index,
        study=last.row.study,
        state=last.state,
        size=last.size,
        axes=last.axes,
        reason=last.reason,
        by=last.row.modality,
    )


def _done(
    case: Case, time_point: TimePoint, modality: Modality | None, side: Side | None, mammographic: Modality
) -> bool:
    for key in time_point.studies:
        study = case.study(key)
        for given in study.modalities:
            sides = study.sides(given)
            if merged_modality(given, mammographic) is modality and (not sides or side is None or side in sides):
                return True
    return any(
        m.study in time_point.studies
        and merged_modality(m.modality, mammographic) is modality
        and case.lesion(m.lesion_id).side in {None, side}
        for m in case.measurements
    )


def measure_of(lesion: Lesion) -> Measure:
    """The axis that is followed: short for a node, long for everything else (RECIST 1.1)."""
    return Measure.SHORT_AXIS if lesion.is_node else Measure.LONG_AXIS


def axis_of(size: Measured, measure: Measure) -> Length | None:
    """The axis that is followed, where it was given."""
    return size.short_axis if measure is Measure.SHORT_AXIS else size.long_axis


def _reading(plain: Reading, lesion: Lesion, thresholds: Thresholds) -> Reading:
    row = plain.row
    match row.value:
        case Measured():
            return _measured(plain, row.value, measure_of(lesion))
        case Equivocal(size=size):
            state = replace(plain, state=State.EQUIVOCAL)
            return state if size is None else _sized(state, size, measure_of(lesion))
        case Absent():
            return replace(plain, state=State.ABSENT, size=NOTHING)
        case TooSmall():
            return replace(plain, state=State.TOO_SMALL, size=Length(thresholds.too_small_mm))
        case Merged():
            return replace(plain, state=State.MERGED, size=NOTHING)
        case UnequivocalProgression():
            return replace(plain, state=State.PROGRESSED)
        case NotEvaluable(reason=reason):
            mixed = _other_measure(row) if reason in {None, "MEAS_VOLUME_ONLY"} else None
            return replace(plain, state=State.NOT_EVALUABLE, reason=mixed or reason)
        case NotImaged():
            return replace(plain, state=State.NOT_IMAGED)
        case Present():  # pragma: no branch  the last of a closed union
            return replace(plain, reason=_other_measure(row))


def _other_measure(row: Measurement) -> str | None:
    return None if row.volume is None else OTHER_MEASURE


def _sized(reading: Reading, size: Measured, measure: Measure) -> Reading:
    axes = tuple(a for a in (size.long_axis, size.short_axis, size.third_axis) if a is not None)
    return replace(reading, size=axis_of(size, measure), axes=axes)


def _measured(reading: Reading, value: Measured, measure: Measure) -> Reading:
    sized = _sized(reading, value, measure)
    if sized.size is None:
        return replace(sized, state=State.NOT_EVALUABLE, reason=OTHER_MEASURE)
    if sized.size.mm == 0:  # a size of 0 is a lesion that is gone
        return replace(sized, state=State.ABSENT, size=NOTHING, axes=())
    return replace(sized, state=State.MEASURED)


def _without_contrast(case: Case, lesions: dict[str, Lesion]) -> frozenset[tuple[str, str]]:
    """MR studies (with lesion) made without contrast, unless every MR of the case was: technique against technique."""
    given = {
        (m.study, m.lesion_id): contrast_given(case, m.study, lesions[m.lesion_id].side)
        for m in case.measurements
        if m.modality is Modality.MR and m.lesion_id in lesions
    }
    dry = frozenset(key for key, contrast in given.items() if contrast is False)
    return frozenset() if len(dry) == len(given) else dry


def _wet(readings: Sequence[Reading], dry: frozenset[tuple[str, str]]) -> list[Reading]:
    return [
        replace(r, state=State.NOT_EVALUABLE, size=None, reason=NO_CONTRAST)
        if r.row.modality is Modality.MR and (r.row.study, r.row.lesion_id) in dry
        else r
        for r in readings
    ]
