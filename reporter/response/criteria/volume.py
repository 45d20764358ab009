"""`volume`: volumes as given and their change, without categories; each breast with its axilla, one modality at a time.

For the functional tumour volume of MRI (voxels above thresholds of early and late enhancement) and for any other
volume there are no categories of response: what is told is the volume, its change against baseline, dFTV =
(FTV - FTV at baseline) / FTV at baseline, and its change against the smallest before.  Source: Hylton NM et al.,
Radiology 2016;279:44-55 (I-SPY 1); Li W et al., npj Breast Cancer 2020;6:63 (I-SPY 2).

1.  A volume is never calculated from diameters.  A lesion that was looked for and is gone has 0 ml; one that merged
    into another counts 0 where that one has a volume; too small to measure is no volume.
2.  In the sum are the lesions with a volume at baseline that are neither benign nor in doubt.
3.  While one of them has no volume now, there is no sum.
4.  MRI without contrast, where other MRI of the patient had it, gives no volume.

How a volume was made is not known here; one program and one set of thresholds through time is the reader's care.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from reporter.case.case import Case
from reporter.case.measurement import Measurement, Merged, Volume
from reporter.case.vocabulary import Modality, Side
from reporter.response.course import NO_CONTRAST, Chart, Track, chart
from reporter.response.criteria.per_site import sight
from reporter.response.criteria.shared import lesion_result, result_order, shown
from reporter.response.exact import total
from reporter.response.interface import (
    NUMBERS_ONLY,
    Amounts,
    Assessment,
    Category,
    LesionResult,
    Measure,
    NewLesions,
    Operand,
    State,
    Thresholds,
    Verdict,
)
from reporter.response.new_lesions import new_lesions
from reporter.response.roles import Part

UNIT = "ml"


@dataclass(frozen=True, slots=True)
class VolumeChange:
    """Volumes and their change; see the module."""

    thresholds: Thresholds = field(default_factory=Thresholds)

    @property
    def id(self) -> str:
        """Stable id."""
        return "volume"

    @property
    def version(self) -> str:
        """Of the rules, printed with the basis."""
        return "1"

    @property
    def name(self) -> str:
        """Printed name; no limit of the settings decides anything here."""
        return "volume and its change, no categories"

    @property
    def classifies(self) -> bool:
        """Never: no categories exist."""
        return False

    def assess(self, case: Case) -> tuple[Assessment, ...]:
        """One assessment for each breast, modality and time point, where any volume was given of it."""
        known = chart(case, self.thresholds)
        found: list[Assessment] = []
        for side in (*sorted(Side), None):
            tracks = [t for t in known.tracks if t.lesion.side is side]
            for modality in dict.fromkeys(t.modality for t in tracks):
                found += _through_time(known, side, modality)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Course:
    """The volumes of one lesion, in ml, for each time point up to the reported one; None: none."""

    part: Part
    volumes: tuple[Decimal | None, ...]


def _through_time(known: Chart, side: Side | None, modality: Modality | None) -> Iterator[Assessment]:
    tracks = known.on(modality, [side])
    if not any(_rows(known, track, index) for track in tracks for index in range(len(known.time_points))):
        return
    for time_point in range(known.origin, len(known.time_points)):
        if known.done(time_point, modality, side):
            yield _assess(known, side, modality, time_point)


def _assess(known: Chart, side: Side | None, modality: Modality | None, time_point: int) -> Assessment:
    seen_now = sight(known, side, modality, time_point)
    courses = tuple(_course(known, part) for part in seen_now.parts)
    amounts = _amounts(known, _sum(known, courses), time_point)
    at_baseline = time_point == known.baseline
    return Assessment(
        criterion="volume",
        side=side,
        modality=modality,
        time_point=time_point,
        lesions=_lesions(known, courses, time_point),
        total=None,
        baseline_total=None,
        nadir_total=None,
        nadir_time_point=None,
        target=None,
        non_target=None,
        new_lesion=NewLesions.NO if at_baseline else new_lesions(seen_now.findings),
        overall=_overall(known, amounts, time_point),
        amounts=amounts,
    )


def _overall(known: Chart, amounts: Amounts, time_point: int) -> Verdict:
    sizes = (("now", amounts.now), ("baseline", amounts.baseline), ("nadir", amounts.nadir))
    operands = tuple(Operand(name=name, value=value, unit=UNIT) for name, value in sizes if value is not None)
    if time_point == known.baseline:
        return Verdict(category=Category.BASELINE, rule="volume.baseline", operands=operands)
    if amounts.baseline is None:
        return Verdict(category=Category.NE, rule="volume.no_baseline", operands=operands)
    rule = "volume.missing" if amounts.now is None else NUMBERS_ONLY
    return Verdict(category=Category.NE, rule=rule, operands=operands)


def _lesions(known: Chart, courses: Iterable[Course], time_point: int) -> tuple[LesionResult, ...]:
    """Every lesion of this side and modality with its volumes beside what else was measured."""
    results = [
        replace(
            lesion_result(known, course.part, time_point),
            measure=Measure.VOLUME,
            baseline=None,
            nadir=None,
            nadir_time_point=None,
            counted=_counted(known, course),
            amounts=_amounts(known, course.volumes, time_point),
        )
        for course in courses
        if shown(course.part, time_point)
    ]
    return tuple(sorted(results, key=result_order))


def _amounts(known: Chart, volumes: Sequence[Decimal | None], time_point: int) -> Amounts:
    before = [v for v in volumes[known.origin : time_point] if v is not None]
    return Amounts(
        now=volumes[time_point],
        baseline=None if known.baseline is None else volumes[known.baseline],
        nadir=min(before, default=None),
        unit=UNIT,
    )


def _sum(known: Chart, courses: Iterable[Course]) -> tuple[Decimal | None, ...]:
    chosen = [c for c in courses if _counted(known, c)]
    columns = [[c.volumes[index] for c in chosen] for index in range(len(known.time_points))]
    return tuple(_complete(column) for column in columns)


def _complete(volumes: Sequence[Decimal | None]) -> Decimal | None:
    known = [v for v in volumes if v is not None]
    return total(known) if known and len(known) == len(volumes) else None


def _counted(known: Chart, course: Course) -> bool:
    """Whether it is in the sum: a known lesion with a volume at baseline, or at the earliest time point at hand."""
    start = course.volumes[known.origin]
    return course.part.counted and not course.part.new and start is not None and start > 0


def _course(known: Chart, part: Part) -> Course:
    volumes = tuple(_volume_at(known, part.track, index) for index in range(len(known.time_points)))
    return Course(part=part, volumes=volumes)


def _volume_at(known: Chart, track: Track, time_point: int) -> Decimal | None:
    """The latest volume of a time point, in ml; 0 where the lesion is gone or measured with another."""
    point = track.points[time_point]
    rows = _rows(known, track, time_point)
    if point.reason == NO_CONTRAST:
        return None
    if rows:
        return in_ml(rows[-1])
    into = _merged_into(track, time_point)
    if into is not None:
        heads = [t for t in known.of(into) if t.modality is track.modality]
        return Decimal(0) if any(_rows(known, t, time_point) for t in heads) else None
    return Decimal(0) if point.state is State.ABSENT else None


def _merged_into(track: Track, time_point: int) -> str | None:
    row = track.row(time_point)
    return row.value.into if row is not None and isinstance(row.value, Merged) else None


def _rows(known: Chart, track: Track, time_point: int) -> list[Volume]:
    """The volumes given of a lesion on a modality at a time point, by time of their studies."""
    studies = known.time_points[time_point].studies
    rows = [
        m
        for m in known.case.measurements
        if m.lesion_id == track.lesion.id
        and m.study in studies
        and m.volume is not None
        and known.modality_name(m.modality) is track.modality
    ]
    return [m.volume for m in sorted(rows, key=lambda m: _when(known.case, m)) if m.volume is not None]


def _when(case: Case, row: Measurement) -> tuple[dt.date, bool, dt.time, str, str]:
    study = case.study(row.study)
    return study.date, study.start is not None, study.start or dt.time(), study.key, str(row.source)


def in_ml(volume: Volume) -> Decimal:
    """A volume in millilitres, exact: 1 ml is 1000 mm3."""
    return volume.value if volume.unit == "ml" else volume.value.scaleb(-3)
