"""Which rows of a time point speak of a lesion on a modality, and in what order."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from reporter.case.case import Case
from reporter.case.study import Study
from reporter.response.course import chart
from reporter.response.criteria.given import rows_at
from reporter.response.interface import Thresholds
from tests.response.timeline import timeline


def studies(case: Case, time_point: int = 0) -> list[str]:
    """The studies of the rows of the first lesion and modality."""
    known = chart(case, Thresholds())
    return [row.study for row in rows_at(known, known.tracks[0], time_point)]


def at(study: Study, date: int, start: str | None) -> Study:
    day = dt.date(2026, 1, 1) + dt.timedelta(days=date)
    return replace(study, date=day, start=None if start is None else dt.time.fromisoformat(start))


@pytest.mark.parametrize(
    ("first", "second", "swapped"),
    [
        pytest.param((0, "09:00"), (1, "08:00"), False, id="by day"),
        pytest.param((1, None), (0, "08:00"), True, id="by day before anything else"),
        pytest.param((0, "09:00"), (0, "08:00"), True, id="by time on one day"),
        pytest.param((0, "08:00"), (0, None), True, id="without a time before those with one"),
        pytest.param((0, None), (0, None), False, id="by key where nothing else tells"),
        pytest.param((0, "08:00"), (0, "08:00"), False, id="by key at one time"),
    ],
)
def test_rows_stand_in_the_order_of_their_studies(
    first: tuple[int, str | None], second: tuple[int, str | None], swapped: bool
) -> None:
    case = timeline("day 0 US | L1 20 vol:1\n+day 0 US | L1 20 vol:2")
    one, other = case.studies
    moved = replace(case, studies=(at(one, *first), at(other, *second)))
    expected = [other.key, one.key] if swapped else [one.key, other.key]
    assert studies(moved) == expected
    assert studies(replace(moved, measurements=moved.measurements[::-1], studies=moved.studies[::-1])) == expected


def test_two_rows_of_one_study_stand_in_the_order_of_their_source() -> None:
    case = timeline("day 0 US | L1 20 vol:1 | L1 21 vol:2")
    known = chart(replace(case, measurements=case.measurements[::-1]), Thresholds())
    assert [str(row.source)[-1] for row in rows_at(known, known.tracks[0], 0)] == ["0", "1"]


def test_rows_of_another_lesion_time_point_or_modality_do_not_speak() -> None:
    case = timeline("""
        day 0 MG | L1 20 | L2 20
        +day 0 US | L1 20
        +day 1 DBT | L1 20
        day 9 MG | L1 20
    """)
    known = chart(case, Thresholds())
    track = next(t for t in known.tracks if t.modality == "MG" and t.lesion.id == "L1")
    assert [[row.study for row in rows_at(known, track, index)] for index in (0, 1)] == [
        ["0000.00", "0001.02"],
        ["0009.03"],
    ]
