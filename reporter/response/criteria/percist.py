"""`percist`: standardised uptake values as entered and their change, without categories; the whole patient.

PERCIST 1.0 follows the SULpeak of the hottest lesion and calls a fall of at least 30 % and at least 0.8 a partial
metabolic response, a rise of at least 30 % and at least 0.8 progressive metabolic disease.  Source: Wahl RL et al.,
J Nucl Med 2009;50 Suppl 1:122S-150S.  PET is not a study of local size or response here, so what is told is only:

1.  the number entered for each lesion (`suv`), its change against baseline, and whether that change meets those limits;
2.  the same of the hottest lesion, which may be another one at each time point.

What the number is (SULpeak or another), and whether it stands above the liver's, is not checked, and said to be so.  A
lesion that is gone has no number, never 0.  While a lesion with a number at baseline has none now, though it is not
gone, the hottest one is not known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import ClassVar, Final

from reporter.case.case import Case
from reporter.case.vocabulary import Modality
from reporter.response.course import Chart, chart
from reporter.response.criteria.given import rows_at
from reporter.response.criteria.recist11 import Sight, new_findings, new_lesion_of, sideless_counted, sight_of
from reporter.response.criteria.shared import ByThresholds, lesion_result, result_order, shown
from reporter.response.exact import EXACT, HUNDRED
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
from reporter.response.roles import Part, Standing

UNIT = "SUV"
LIMIT_PERCENT: Final = Decimal(30)
LIMIT: Final = Decimal("0.8")


@dataclass(frozen=True, slots=True)
class Percist(ByThresholds):
    """Uptake and its change; see the module."""

    id: ClassVar[str] = "percist"
    """Stable id."""
    classifies: ClassVar[bool] = False
    """Never: it is a recorded extra."""

    @property
    def name(self) -> str:
        """Printed name; it says what is not known of the numbers."""
        return "SUV as entered, no categories (SULpeak and liver reference not checked)"

    def assess(self, case: Case) -> tuple[Assessment, ...]:
        """One assessment of the patient for each modality and time point, where any uptake was given."""
        known = chart(sideless_counted(case), self.thresholds)
        found: list[Assessment] = []
        for modality in dict.fromkeys(t.modality for t in known.tracks):
            found += _through_time(known, modality)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Uptake:
    """The values of one lesion for each time point up to the reported one; None: none."""

    part: Part
    values: tuple[Decimal | None, ...]

    @property
    def counted(self) -> bool:
        """Whether it may be the hottest: neither benign nor in doubt; a fragment of a lesion that split may."""
        return self.part.counted or self.part.standing is Standing.FRAGMENT

    def missing(self, known: Chart, time_point: int) -> bool:
        """Whether it had a number at baseline and has none now, though it is not gone."""
        gone = self.part.track.points[time_point].state is State.ABSENT
        return self.values[known.origin] is not None and self.values[time_point] is None and not gone


def _through_time(known: Chart, modality: Modality | None) -> Iterator[Assessment]:
    for time_point in range(known.origin, len(known.time_points)):
        sight = sight_of(known, modality, time_point, complete=False)
        uptakes = tuple(_uptake(known, part) for part in sight.parts)
        if not any(value is not None for uptake in uptakes for value in uptake.values):
            return
        if any(known.done(time_point, modality, p.track.lesion.side) for p in sight.parts):
            yield _assess(sight, uptakes)


def _uptake(known: Chart, part: Part) -> Uptake:
    given = (rows_at(known, part.track, index) for index in range(len(known.time_points)))
    values = ([row.suv for row in rows if row.suv is not None] for rows in given)
    return Uptake(part, tuple(found[-1] if found else None for found in values))


def _assess(now: Sight, uptakes: Sequence[Uptake]) -> Assessment:
    hottest = tuple(_hottest(now.chart, uptakes, index) for index in range(len(now.chart.time_points)))
    amounts = _amounts(now, hottest)
    ids = tuple(u.part.track.lesion.id for u in uptakes if u.counted and u.values[now.time_point] == amounts.now)
    return Assessment(
        criterion="percist",
        side=None,
        modality=now.modality,
        time_point=now.time_point,
        lesions=_lesions(now, uptakes),
        total=None,
        baseline_total=None,
        nadir_total=None,
        nadir_time_point=None,
        target=None,
        non_target=None,
        new_lesion=new_lesion_of(new_findings(now)),
        overall=_verdict(now, amounts, ids if amounts.now is not None else ()),
        amounts=amounts,
    )


def _hottest(known: Chart, uptakes: Sequence[Uptake], time_point: int) -> Decimal | None:
    counted = [u for u in uptakes if u.counted]
    if any(u.missing(known, time_point) for u in counted):
        return None
    return max((v for u in counted if (v := u.values[time_point]) is not None), default=None)


def _amounts(now: Sight, values: Sequence[Decimal | None]) -> Amounts:
    before = [v for v in values[now.chart.origin : now.time_point] if v is not None]
    return Amounts(
        now=values[now.time_point],
        baseline=None if now.chart.baseline is None else values[now.chart.baseline],
        nadir=min(before, default=None),
        unit=UNIT,
    )


def _lesions(now: Sight, uptakes: Sequence[Uptake]) -> tuple[LesionResult, ...]:
    return tuple(sorted((_lesion(now, u) for u in uptakes if shown(u.part, now.time_point)), key=result_order))


def _lesion(now: Sight, uptake: Uptake) -> LesionResult:
    amounts = _amounts(now, uptake.values)
    given = amounts.now is not None and amounts.baseline is not None and now.time_point != now.chart.baseline
    return replace(
        lesion_result(now.chart, uptake.part, now.time_point),
        measure=Measure.SUV,
        baseline=None,
        nadir=None,
        nadir_time_point=None,
        nadir_day=None,
        verdict=_verdict(now, amounts, ()) if given else None,
        counted=uptake.counted and amounts.now is not None,
        amounts=amounts,
    )


def _verdict(now: Sight, amounts: Amounts, ids: tuple[str, ...]) -> Verdict:
    """Never a category: NE with a rule that says whether the limits are met, or why that is not known."""
    sizes = (("now", amounts.now), ("baseline", amounts.baseline))
    operands = tuple(Operand(name=name, value=value, unit=UNIT) for name, value in sizes if value is not None)
    if now.time_point == now.chart.baseline:
        return Verdict(category=Category.BASELINE, rule="percist.baseline", operands=operands, lesion_ids=ids)
    if amounts.now is None or amounts.baseline is None:
        rule = "missing" if amounts.now is None else "no_baseline"
        return Verdict(category=Category.NE, rule=f"percist.{rule}", operands=operands, lesion_ids=ids)
    limits = (
        Operand(name="limit_percent", value=LIMIT_PERCENT, unit="%"),
        Operand(name="limit_suv", value=LIMIT, unit=UNIT),
    )
    rule = f"percist.{met(amounts.now, amounts.baseline)}"
    return Verdict(category=Category.NE, rule=rule, operands=(*operands, *limits), lesion_ids=ids)


def met(now: Decimal, baseline: Decimal) -> str:
    """Which limit of PERCIST 1.0 a change meets, both parts inclusive: fall, rise or within."""
    change = EXACT.subtract(now, baseline)
    share = EXACT.multiply(abs(change), HUNDRED) >= EXACT.multiply(baseline, LIMIT_PERCENT)
    if not share or abs(change) < LIMIT:
        return "within"
    return "fall" if change < 0 else "rise"
