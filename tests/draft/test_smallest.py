"""The smallest size before now stands with the day of the study that holds it, in words and in tables."""

import pytest

from reporter.draft.fields import fields
from reporter.draft.interface import Draft
from reporter.draft.speaker import Speaker
from reporter.pipeline import prepare
from reporter.settings import Settings
from tests.draft.cases import draft, kit, report, row, section, whole
from tests.draft.test_contradictions import facts

SITE = {"biopsy_result": "malignant", "clip": "yes", "clip_seen": "yes"}


def rows(*sizes: tuple[str, str]) -> tuple[dict[str, str], ...]:
    """One mass on MRI: each day with its size; without one it is gone, or the word that is given."""
    return tuple(row(day, "MR", "L1", size if size[:1].isdigit() else "", **_state(size)) for day, size in sizes)


def course(*sizes: tuple[str, str]) -> Draft:
    return draft(rows(*sizes), facts())


def _state(size: str) -> dict[str, str]:
    return SITE if size[:1].isdigit() else {**SITE, "status": size or "absent"}


def said(drafted: Draft, title: str) -> str:
    return " ".join(section(drafted, title).split())


def test_a_mass_was_gone_on_the_day_it_was_not_seen() -> None:
    made = course(("2026-01-08", "30"), ("2026-04-06", ""), ("2026-04-12", "4"), ("2026-07-13", "9"))
    assert "Mass at 2 o'clock has come back on MRI: 9 mm, after it was no longer seen on 2026-04-06." in said(
        made, "Impression"
    )
    assert "no enhancement (2026-04-06), 4 mm (2026-04-12)" in said(made, "Findings")


def test_within_the_reported_time_point_too() -> None:
    made = course(("2026-01-08", "25"), ("2026-07-07", ""), ("2026-07-13", "6"))
    assert "6 mm, after it was no longer seen on 2026-07-07." in said(made, "Impression")
    assert "no enhancement (2026-07-07), 6 mm (2026-07-13)" in said(made, "Findings")


@pytest.mark.parametrize(
    ("earlier", "later", "shown"),
    [
        pytest.param("10", "14", "10 mm (2026-04-06), 14 mm (2026-04-12)", id="smaller before"),
        pytest.param("too_small", "9", "(counted as 5 mm) (2026-04-06), 9 mm (2026-04-12)", id="too small before"),
        pytest.param("14", "10", "| 10 mm |", id="the latest is the smallest"),
        pytest.param("10", "10", "| 10 mm |", id="alike"),
    ],
)
def test_a_column_shows_both_values_where_the_earlier_one_is_the_smallest(earlier: str, later: str, shown: str) -> None:
    made = course(("2026-01-08", "30"), ("2026-04-06", earlier), ("2026-04-12", later), ("2026-07-13", "17"))
    told = said(made, "Findings")
    assert (shown in told) if "(" in shown else "(2026-04-06)" not in told


def test_growth_short_of_progression_is_since_that_day() -> None:
    made = report(
        rows(("2026-01-08", "100"), ("2026-04-06", "60"), ("2026-04-12", "62"), ("2026-07-13", "71")), facts()
    )
    (breast,) = fields(Speaker(made, kit().writer.phrases)).breasts
    assert [(r.smallest, r.smallest_date) for r in breast.regrowths] == [("60 mm", "2026-04-06")]


@pytest.mark.parametrize("name", ["tumor-board", "trial"])
def test_other_sets_show_both_values_too(name: str) -> None:
    made = report(rows(("2026-01-08", "30"), ("2026-04-06", "10"), ("2026-04-12", "14"), ("2026-07-13", "17")), facts())
    drafted = prepare(Settings(), template=name, formats=()).writer.draft(made)
    assert "10 mm (2026-04-06), 14 mm (2026-04-12)" in whole(drafted)
