"""Sums of lesions through time, and the smallest of them: asked for in any order, each is the same."""

from __future__ import annotations

from decimal import Decimal

from reporter.response.course import chart
from reporter.response.interface import Thresholds
from reporter.response.whole import Nadirs, Whole, whole_of
from tests.response.timeline import timeline


def whole(text: str) -> Whole:
    """All lesions of a case on its one modality."""
    return whole_of(chart(timeline(text), Thresholds()).tracks)


GOING_AND_COMING = "day 0 | L1 20\nday 20 | L1 10\nday 40 | L1 10\nday 60 | L1 0\nday 80 | L1 4\nday 100 | L1 9"


def test_of_equal_sizes_the_first_is_the_smallest() -> None:
    assert whole(GOING_AND_COMING).nadirs(0, 3)[-1] == Nadirs(smallest=(Decimal(10), 1), above_nought=(Decimal(10), 1))


def test_after_a_size_of_nought_the_smallest_above_it_begins_anew_from_the_baseline() -> None:
    found = whole(GOING_AND_COMING).nadirs(0, 5)
    assert found[4:] == [
        Nadirs(smallest=(Decimal(0), 3), above_nought=(Decimal(20), 0)),
        Nadirs(smallest=(Decimal(0), 3), above_nought=(Decimal(4), 4)),
    ]


def test_an_earlier_time_point_may_be_asked_for_after_a_later_one() -> None:
    asked = whole(GOING_AND_COMING)
    later = asked.nadirs(1, 5)
    assert asked.nadirs(1, 2) == later[:2] == whole(GOING_AND_COMING).nadirs(1, 2)
    assert asked.nadir(1, 1) is None
