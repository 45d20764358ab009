"""Each lesion on each modality through the time points: what was found, and which value counts.

In a time point the latest usable value of a lesion on a modality counts, so that a second-look study that measures
one site does not erase the other; an earlier value after baseline stays in the nadir.  A lesion's baseline on a
modality is its last usable value of the baseline time point.  A blank is never 0.  What says that a lesion is gone
does not stand against what says on that day, or later in the time point, that it is there, in whatever size.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from reporter.case.case import Case
from reporter.case.lesion import Lesion
from reporter.case.measurement import Measurement, Merged
from reporter.case.timepoint import TimePoint
from reporter.case.vocabulary import MAMMOGRAPHY, Modality, Side
from reporter.response.interface import LesionPoint, Measure, State, Thresholds
from reporter.response.modalities import mammographic_name, merged_modality
from reporter.response.readings import Contrast, Reading, contrast_of, measure_of, readings_of

SEEN = frozenset({State.MEASURED, State.TOO_SMALL, State.PRESENT, State.PROGRESSED, State.EQUIVOCAL, State.MERGED})
"""States in which the lesion was there."""
WITHOUT_VALUE = frozenset({State.NOT_EVALUABLE, State.NOT_IMAGED, State.NO_ROW, State.NOT_DONE})
"""States in which nothing can be said of it."""
ANY_SIDE = (*Side, None)
"""What is said of no side in particular: it may be of either."""


@dataclass(frozen=True, kw_only=True)
class Track:
    """One lesion on one modality through all time points."""

    lesion: Lesion
    modality: Modality | None
    measure: Measure
    points: tuple[LesionPoint, ...]
    """One for each time point, the value that counts."""
    readings: tuple[tuple[Reading, ...], ...]
    """For each time point the readings that may count, in order of time; the last of them is the point's."""

    @cached_property
    def sizes(self) -> tuple[Decimal | None, ...]:
        """Size in mm at each time point; None: no value."""
        return tuple([None if p.size is None else p.size.mm for p in self.points])

    def size_at(self, time_point: int, day: dt.date | None = None) -> Decimal | None:
        """Size in mm at a time point, all of it or up to one day of it; None: no value."""
        if day is None:
            return self.sizes[time_point]
        sizes = [r.size for r in self.readings[time_point] if r.day <= day]
        return sizes[-1].mm if sizes and sizes[-1] is not None else None

    def days(self, time_point: int) -> tuple[dt.date, ...]:
        """The days of the readings that may count at a time point."""
        return tuple([r.day for r in self.readings[time_point]])

    def row(self, time_point: int) -> Measurement | None:
        """The row that counts at a time point."""
        readings = self.readings[time_point]
        return readings[-1].row if readings else None

    @cached_property
    def merged(self) -> tuple[str | None, ...]:
        """The lesion it went into, as its row at each time point says; None: it stands by itself."""
        rows = [self.row(time_point) for time_point in range(len(self.points))]
        return tuple([row.value.into if row is not None and isinstance(row.value, Merged) else None for row in rows])

    @cached_property
    def first_seen(self) -> int | None:
        """The first time point at which it was there."""
        return next((i for i, point in enumerate(self.points) if point.state in SEEN), None)

    @cached_property
    def split_from(self) -> str | None:
        """The lesion that this one split from, by any of its rows."""
        rows = (r.row.split_from for readings in self.readings for r in readings)
        return next((parent for parent in rows if parent is not None), None)


Looked = Mapping[tuple[int, Modality | None], Collection[Side | None]]


@dataclass(frozen=True, kw_only=True)
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
    looked: Looked
    """The sides that each modality looked at, by time point and modality; None: a look of whichever side."""
    by_looks: bool = True
    """Whether a node under 10 mm short axis at baseline may be pathological by its look; strict criteria go by size."""
    contrast: Contrast
    """Whether an MR study was made with contrast (see `contrast_given`), by study and side of a lesion it measured."""
    by_lesion: dict[str, tuple[Track, ...]] = field(repr=False)

    @property
    def origin(self) -> int:
        """The time point that later ones are compared with: baseline, or the earliest at hand."""
        return 0 if self.baseline is None else self.baseline

    def of(self, lesion_id: str) -> tuple[Track, ...]:
        """The tracks of one lesion; none where no row speaks of it."""
        return self.by_lesion.get(lesion_id, ())

    def track(self, lesion: Lesion, modality: Modality | None) -> Track:
        """The track of a lesion on a modality; where no row speaks of it there, one that says nothing."""
        found = next((t for t in self.of(lesion.id) if t.modality is modality), None)
        return found or _track(lesion, modality, self.time_points, (), self.looked, self.thresholds.node_normal_mm)

    def on(self, modality: Modality | None, sides: Iterable[Side | None]) -> tuple[Track, ...]:
        """The tracks on one modality of lesions on these sides."""
        wanted = set(sides)
        return tuple(t for t in self.tracks if t.modality is modality and t.lesion.side in wanted)

    def modality_name(self, modality: Modality | None) -> Modality | None:
        """The modality under which it is compared."""
        return merged_modality(modality, self.mammographic)

    def done(self, time_point: int, modality: Modality | None, side: Side | None) -> bool:
        """Whether the modality looked at that side at a time point."""
        return side in self.looked.get((time_point, modality), ())

    def seen_at_origin(self, lesion_id: str) -> bool:
        """Whether any modality saw the lesion at the time point that later ones are compared with."""
        return lesion_id in self._seen

    def stated_at_origin(self, lesion_id: str) -> bool:
        """Whether it was known at baseline: seen, or imaged without a usable value."""
        return lesion_id in self._stated

    @cached_property
    def _seen(self) -> frozenset[str]:
        return frozenset(t.lesion.id for t in self.tracks if t.points[self.origin].state in SEEN)

    @cached_property
    def _stated(self) -> frozenset[str]:
        imaged = (t.lesion.id for t in self.tracks if t.points[self.origin].state is State.NOT_EVALUABLE)
        return self._seen.union(imaged)

    @cached_property
    def slices(self) -> Mapping[tuple[str, Modality | None], Decimal]:
        """The thickest slice in mm of each study's series on a modality, where any is known."""
        found: dict[tuple[str, Modality | None], Decimal] = {}
        for study in self.case.studies:
            for series in study.series:
                thickness, key = series.technique.slice_thickness, (study.key, series.modality)
                if thickness is not None:
                    found[key] = max(found.get(key, thickness.mm), thickness.mm)
        return found

    def first_seen(self, lesion_id: str) -> int | None:
        """The first time point at which any modality saw it."""
        return min((i for t in self.of(lesion_id) if (i := t.first_seen) is not None), default=None)


def chart(case: Case, thresholds: Thresholds, *, by_looks: bool = True) -> Chart:
    """Put a case's measurements in order of lesion, modality and time."""
    reported = case.timeline.reported
    time_points = case.timeline.time_points[: reported + 1]
    mammographic = mammographic_name(case.measurements)
    contrast = contrast_of(case)
    readings = readings_of(case, thresholds, mammographic, contrast)
    looked = _looked(case, time_points, mammographic, readings)
    tracks = tuple(
        _track(case.lesion(key[0]), key[1], time_points, readings[key], looked, thresholds.node_normal_mm)
        for key in sorted(readings, key=_track_order)
    )
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
        looked=looked,
        by_looks=by_looks,
        contrast=contrast,
        by_lesion=by_lesion,
    )


def _looked(
    case: Case,
    time_points: Sequence[TimePoint],
    mammographic: Modality,
    readings: Mapping[tuple[str, Modality | None], Iterable[Reading]],
) -> Looked:
    """By their images, which show every side where they name none, and by their rows."""
    found: dict[tuple[int, Modality | None], set[Side | None]] = {}
    index_of = {key: index for index, time_point in enumerate(time_points) for key in time_point.studies}
    for key, index in index_of.items():
        study = case.study(key)
        for modality in study.modalities:
            shown = found.setdefault((index, merged_modality(modality, mammographic)), set())
            named = study.sides(modality)
            shown.update((*named, None) if named else ANY_SIDE)
    for (lesion_id, modality), rows in readings.items():
        side = case.lesion(lesion_id).side
        for index in {index_of[r.row.study] for r in rows if r.row.study in index_of}:
            found.setdefault((index, modality), set()).update(ANY_SIDE if side is None else (side,))
    return found


_MODALITIES = (*Modality, None)


def _track_order(key: tuple[str, Modality | None]) -> tuple[str, int]:
    lesion_id, modality = key
    return lesion_id, _MODALITIES.index(modality)


def _track(
    lesion: Lesion,
    modality: Modality | None,
    time_points: Sequence[TimePoint],
    readings: Iterable[Reading],
    looked: Looked,
    node_normal_mm: Decimal,
) -> Track:
    ordered = sorted(readings, key=lambda r: (r.rank, r.row.source.order))
    gone_under = node_normal_mm if lesion.is_node else None
    chosen = tuple([_counting([r for r in ordered if r.row.study in t.studies], gone_under) for t in time_points])
    return Track(
        lesion=lesion,
        modality=modality,
        measure=measure_of(lesion),
        points=tuple([_point(lesion, modality, index, found, looked) for index, found in enumerate(chosen)]),
        readings=chosen,
    )


def _counting(readings: Sequence[Reading], gone_under: Decimal | None) -> tuple[Reading, ...]:
    """The readings of one time point that may count: firm ones, else what was seen, else the rest; the last counts.

    `gone_under`: the short axis in mm under which a node is gone; None for any other lesion.
    """
    if len(readings) <= 1:
        return tuple(readings)
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
    if not kinds >= MAMMOGRAPHY:
        return readings
    seeing = {r.row.modality for r in readings if r.state in SEEN}
    kept = Modality.MG if seeing == {Modality.MG} else Modality.DBT
    return [r for r in readings if r.row.modality is kept]


def _point(
    lesion: Lesion, modality: Modality | None, time_point: int, readings: Sequence[Reading], looked: Looked
) -> LesionPoint:
    if not readings:
        done = lesion.side in looked.get((time_point, modality), ())
        return LesionPoint(
            lesion_id=lesion.id,
            modality=modality,
            time_point=time_point,
            study=None,
            state=State.NO_ROW if done else State.NOT_DONE,
            size=None,
        )
    last = readings[-1]
    return LesionPoint(
        lesion_id=lesion.id,
        modality=modality,
        time_point=time_point,
        study=last.row.study,
        state=last.state,
        size=last.size,
        axes=last.axes,
        reason=last.reason,
        by=last.row.modality,
    )
