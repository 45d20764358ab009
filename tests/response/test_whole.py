"""Sums of lesions through time, and the smallest of them: asked for in any order, each is the same."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from reporter.response.course import chart
from reporter.response.interface import Thresholds
from reporter.response.whole import Nadirs, Smallest, Whole, whole_of
from tests.response.timeline import timeline


def whole(text: str) -> Whole:
    """All lesions of a case on its one modality."""
    return whole_of(chart(timeline(text), Thresholds()).tracks)


GOING_AND_COMING = "day 0 | L1 20\nday 20 | L1 10\nday 40 | L1 10\nday 60 | L1 0\nday 80 | L1 4\nday 100 | L1 9"


def test_of_equal_sizes_the_first_is_the_smallest() -> None:
    assert whole(GOING_AND_COMING).nadirs(0, 3)[-1] == Nadirs(
        smallest=Smallest(Decimal(10), 1), above_nought=Smallest(Decimal(10), 1)
    )


def test_after_a_size_of_nought_the_smallest_above_it_begins_anew_from_the_baseline() -> None:
    found = whole(GOING_AND_COMING).nadirs(0, 5)
    assert found[4:] == [
        Nadirs(smallest=Smallest(Decimal(0), 3), above_nought=Smallest(Decimal(20), 0)),
        Nadirs(smallest=Smallest(Decimal(0), 3), above_nought=Smallest(Decimal(4), 4)),
    ]


def test_an_earlier_time_point_may_be_asked_for_after_a_later_one() -> None:
    asked = whole(GOING_AND_COMING)
    later = asked.nadirs(1, 5)
    assert asked.nadirs(1, 2) == later[:2] == whole(GOING_AND_COMING).nadirs(1, 2)
    assert asked.nadir(1, 1) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        pytest.param("day 5 | L1 10", 5, id="its one study"),
        pytest.param("day 5 | L1 10\n+day 8 | L1 14", 5, id="an earlier study, whose value does not count"),
        pytest.param("day 5 | L1 absent\n+day 8 | L1 4", 5, id="gone then, and there again in the same time point"),
        pytest.param("day 5 | L1 14\n+day 8 | L1 10", 8, id="the study that counts"),
        pytest.param("day 5 | L1 10\n+day 8 | L2 9", 8, id="a sum is known with its last part"),
    ],
)
def test_the_day_of_the_smallest_is_that_of_the_study_that_holds_it(text: str, day: int) -> None:
    other = " | L2 12" if "L2" in text else ""
    asked = whole(f"day 0 | L1 30{other}\n{text}\nday 60 | L1 17{other}")
    smallest = asked.nadir(0, 2)
    assert smallest is not None
    assert asked.day_of(smallest) == dt.date(2026, 1, 1) + dt.timedelta(days=day)
