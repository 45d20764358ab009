"""Lesions followed by the product of two diameters: what is one, and which of several counts."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reporter.case.facts import Breast, Facts
from reporter.case.vocabulary import Side
from reporter.response.course import Track, chart
from reporter.response.criteria.products import product_track, without_second_axis
from reporter.response.interface import Measure, State, Thresholds
from tests.response.timeline import day, timeline


def followed(text: str, facts: Facts | None = None, limits: Thresholds | None = None) -> Track:
    """The first lesion of a timeline by its products."""
    limits = limits or Thresholds()
    return product_track(chart(timeline(text, facts=facts), limits).tracks[0], limits)


@pytest.mark.parametrize(
    ("now", "state", "product"),
    [
        ("20x10", State.MEASURED, "200"),
        ("2cmx10", State.MEASURED, "200"),
        ("20x10x5", State.MEASURED, "200"),
        ("20", State.MEASURED, None),
        ("equivocal 12x10", State.EQUIVOCAL, "120"),
        ("equivocal 12", State.EQUIVOCAL, None),
        ("equivocal", State.EQUIVOCAL, None),
        ("absent", State.ABSENT, "0"),
        ("0", State.ABSENT, "0"),
        ("too_small", State.TOO_SMALL, "25"),
        ("present", State.PRESENT, None),
        ("progressed", State.PROGRESSED, None),
        ("ne", State.NOT_EVALUABLE, None),
        ("not_imaged", State.NOT_IMAGED, None),
        ("short:10", State.NOT_EVALUABLE, None),
        ("merged>L2", State.MERGED, "0"),
    ],
)
def test_what_has_a_product(now: str, state: State, product: str | None) -> None:
    track = followed(f"day 0 | L1 {now}")
    assert track.measure is Measure.PRODUCT
    assert track.points[0].state is state
    assert track.size_at(0) == (None if product is None else Decimal(product))


@pytest.mark.parametrize(("axes", "product"), [("20x10", "200"), ("10", None)])
def test_a_node_needs_its_long_axis_too(axes: str, product: str | None) -> None:
    track = followed(f"day 0 | N1 {axes}")
    assert track.size_at(0) == (None if product is None else Decimal(product))
    assert without_second_axis(track, 0) is (product is None)


def test_what_stands_for_too_small_is_a_square_of_it() -> None:
    assert followed("day 0 | L1 too_small", limits=Thresholds(too_small_mm=Decimal(4))).size_at(0) == 16


@pytest.mark.parametrize(
    ("now", "missed"), [("20", True), ("20x10", False), ("ne", False), ("present vol:3", False), ("absent", False)]
)
def test_a_second_diameter_is_missed_only_where_one_was_given(now: str, missed: bool) -> None:
    assert without_second_axis(followed(f"day 0 | L1 20x10\nday 9 | L1 {now}"), 1) is missed


def test_of_several_in_one_time_point_the_latest_with_a_product_counts() -> None:
    track = followed("""
        day 0 US | L1 20x10
        +day 1 US | L1 absent
        +day 2 US | L1 too_small
        +day 3 US | L1 30
    """)
    point = track.points[0]
    assert (point.state, point.size and point.size.mm, point.study) == (State.TOO_SMALL, Decimal(25), "0002.02")
    assert [r.size and r.size.mm for r in track.readings[0]] == [Decimal(200), Decimal(0), Decimal(25)]


def test_it_carries_the_diameters_of_the_study_that_counts() -> None:
    track = followed("day 0 US | L1 20x10\n+day 1 US | L1 21x11\n+day 2 US | L1 22x12\n+day 3 US | L1 30")
    assert [axis.mm for axis in track.points[0].axes] == [Decimal(22), Decimal(12)]
    assert track.points[0].study == "0002.02"


def test_where_none_has_a_product_the_latest_says_why() -> None:
    track = followed("day 0 US | L1 ne\n+day 1 US | L1 contradicts\n+day 2 US | L1 nounit")
    assert (track.points[0].reason, track.points[0].study) == ("MEAS_UNIT", "0002.02")
    assert not without_second_axis(track, 0)


def test_a_time_point_without_a_row_stays_one() -> None:
    track = followed("day 0 | L1 20x10\nday 9 | L2 20x10")
    assert (track.points[1].state, track.size_at(1)) == (State.NO_ROW, None)


def test_what_another_rule_took_away_has_no_product_either() -> None:
    """2.4: MRI without contrast is not comparable with MRI that had it; no second diameter is missed there."""
    dry = Facts(breast=(Breast(side=Side.LEFT, date=day(9), mri_contrast=False),))
    track = followed("day 0 MR | L1 20x10\nday 9 MR | L1 10x10", dry)
    assert (track.size_at(0), track.size_at(1)) == (Decimal(200), None)
    assert track.points[1].reason == "MR_NO_CONTRAST"
    assert not without_second_axis(track, 1)
