"""A whole (one site, or a sum) judged by the rules of size at one time point, with all that came before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from reporter.response.course import Chart
from reporter.response.criteria.arithmetic import HELD, Look, rule_of, verdict_of
from reporter.response.interface import Category, Verdict
from reporter.response.whole import Nadirs, Whole

Returned = Callable[[Whole, int, Decimal | None], bool]
"""Whether a whole at a time point, against its smallest value before, came back in a way that is PD."""
RESPONDED = frozenset({Category.CR, Category.PR})


class Judgement(NamedTuple):
    """What the rules of size say of a whole now; sizes in mm."""

    verdict: Verdict
    baseline: Decimal | None
    nadir: Decimal | None
    nadir_time_point: int | None
    nadir_day: dt.date | None
    now: Decimal | None
    held: bool
    """A partial response that the thresholds alone no longer give (decision a)."""

    @property
    def category(self) -> Category:
        """The category of the verdict."""
        return self.verdict.category


def never(_whole: Whole, _time_point: int, _nadir: Decimal | None) -> bool:
    """A criterion, or a sum, for which coming back is no rule of its own."""
    return False


def judge(whole: Whole, chart: Chart, time_point: int, *, prefix: str, returned: Returned = never) -> Judgement:
    """Apply the rules at every time point from baseline to this one, because a response is held.

    At the first of them there is none: it is the baseline, or there is no baseline to respond against.
    """
    *earlier, nadirs = whole.nadirs(chart.origin, time_point)
    responded = False
    for index, before in enumerate(earlier[1:], start=chart.origin + 1):
        look = look_at(whole, chart, index, before, returned=returned, responded=responded)
        responded = held_after(rule_of(look, chart.thresholds).category, responded=responded)
    look = look_at(whole, chart, time_point, nadirs, returned=returned, responded=responded)
    rule = rule_of(look, chart.thresholds)
    return Judgement(
        verdict=verdict_of(look, rule, chart.thresholds, prefix=prefix, lesion_ids=whole.lesion_ids),
        baseline=look.baseline,
        nadir=look.nadir,
        nadir_time_point=None if nadirs.smallest is None else nadirs.smallest.time_point,
        nadir_day=None if nadirs.smallest is None else whole.day_of(nadirs.smallest),
        now=look.now,
        held=rule.name == HELD,
    )


def held_after(category: Category, *, responded: bool) -> bool:
    """Whether a response is on record after a time point: CR or PR begins it, PD ends it (decision a)."""
    return category in RESPONDED or (responded and category is not Category.PD)


def look_at(
    whole: Whole,
    chart: Chart,
    time_point: int,
    nadirs: Nadirs,
    *,
    responded: bool,
    returned: Returned,
) -> Look:
    """What the rules see of a whole at one time point, after the smallest sizes before it."""
    smallest, above_nought = nadirs
    nadir = None if smallest is None else smallest.size
    now = whole.sums(time_point)
    return Look(
        at_baseline=time_point == chart.baseline,
        baseline=None if chart.baseline is None else whole.size_at(chart.baseline),
        nadir=nadir,
        reference=None if above_nought is None else above_nought.size,
        now=now.complete,
        known=now.known,
        gone=whole.gone(time_point, chart.thresholds.node_normal_mm),
        progressed=whole.progressed(time_point),
        returned=returned(whole, time_point, nadir),
        responded=responded,
    )
