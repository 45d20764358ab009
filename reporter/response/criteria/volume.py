"""`volume`: volumes as given and their change, without categories; each breast with its axilla, one modality at a time.

For the functional tumour volume of MRI (voxels above thresholds of early and late enhancement) and for any other
volume there are no categories of response: what is told is the volume, its change against baseline, dFTV =
(FTV - FTV at baseline) / FTV at baseline, and its change against the smallest before.  Source: Hylton NM et al.,
Radiology 2016;279:44-55 (I-SPY 1); Li W et al., npj Breast Cancer 2020;6:63 (I-SPY 2).

1.  A volume is never calculated from diameters.  A lesion that was looked for and is gone has 0 ml; one that merged
    into another counts 0 where that one has a volume; too small to measure is no volume.
2.  In the sum are the lesions with a volume at baseline that are neither benign nor in doubt, each with the volumes of
    the fragments it has split into.
3.  While one of them has no volume now, there is no sum.
4.  MRI without contrast, where other MRI of the patient had it, gives no volume.

How a volume was made is not known here; one program and one set of thresholds through time is the reader's care.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import ClassVar

from reporter.case.case import Case
from reporter.case.measurement import Merged, Volume
from reporter.case.vocabulary import Modality, Side
from reporter.response.course import ANY_SIDE, Chart, Track, chart
from reporter.response.criteria.given import rows_at
from reporter.response.criteria.per_site import Sight, Sights
from reporter.response.criteria.shared import ByThresholds, lesion_result, result_order, shown
from reporter.response.exact import EXACT, shortest, total
from reporter.response.interface import (
    Amounts,
    Assessment,
    Category,
    LesionResult,
    Measure,
    Operand,
    State,
    Verdict,
)
from reporter.response.new_lesions import new_lesions
from reporter.response.readings import NO_CONTRAST
from reporter.response.roles import Part, Standing
from reporter.response.whole import begun, fragments_of

UNIT = "ml"


@dataclass(frozen=True, slots=True)
class VolumeChange(ByThresholds):
    """Volumes and their change; see the module."""

    id: ClassVar[str] = "volume"
    """Stable id."""
    classifies: ClassVar[bool] = False
    """Never: no categories exist."""

    @property
    def name(self) -> str:
        """Printed name; no limit of the settings decides anything here."""
        return "volume and its change, no categories"

    def assess(self, case: Case) -> tuple[Assessment, ...]:
        """One assessment for each breast, modality and time point, where any volume was given of it."""
        sights = Sights(chart(case, self.thresholds))
        found: list[Assessment] = []
        for side in ANY_SIDE:
            for modality in dict.fromkeys(t.modality for t in sights.chart.tracks):
                found += _through_time(sights, side, modality)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Course:
    """The volumes of one lesion, in ml, for each time point up to the reported one; None: none."""

    part: Part
    volumes: tuple[Decimal | None, ...]


def _through_time(sights: Sights, side: Side | None, modality: Modality | None) -> Iterator[Assessment]:
    known = sights.chart
    tracks = known.on(modality, [side])
    if not any(_rows(known, track, index) for track in tracks for index in range(len(known.time_points))):
        return
    for time_point in range(known.origin, len(known.time_points)):
        if known.done(time_point, modality, side):
            yield _assess(sights.of(side, modality, time_point), side, modality)


def _assess(seen_now: Sight, side: Side | None, modality: Modality | None) -> Assessment:
    known, time_point = seen_now.chart, seen_now.time_point
    fragments = [p.track for p in seen_now.parts if p.standing is Standing.FRAGMENT]
    courses = tuple(_course(known, part, fragments) for part in seen_now.parts)
    amounts = _amounts(known, _sum(known, courses), time_point)
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
        new_lesion=new_lesions(seen_now.findings),
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
    rule = "volume.missing" if amounts.now is None else "volume.numbers_only"
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
            nadir_day=None,
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
    return course.part.counted and not course.part.new and course.volumes[known.origin] is not None


def _course(known: Chart, part: Part, fragments: Sequence[Track]) -> Course:
    own = fragments_of(part.track, fragments)
    volumes = tuple(_with_fragments(known, part.track, own, index) for index in range(len(known.time_points)))
    return Course(part=part, volumes=volumes)


def _with_fragments(known: Chart, track: Track, fragments: Sequence[Track], time_point: int) -> Decimal | None:
    """The volume of a lesion and of what it has split into by now; without a row of its own it is its fragments."""
    here = [f for f in fragments if begun(f, time_point)]
    tracks = here if track.points[time_point].state is State.NO_ROW else [track, *here]
    return _complete([_volume_at(known, t, time_point) for t in tracks])


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
    return [row.volume for row in rows_at(known, track, time_point) if row.volume is not None]


def in_ml(volume: Volume) -> Decimal:
    """A volume in millilitres, exact: 1 ml is 1000 mm3."""
    return volume.value if volume.unit == "ml" else shortest(volume.value.scaleb(-3, EXACT))
