"""How much disease lies where: quadrants, the largest residual, the span, and calcifications (S60, S63, S31)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reporter.case.lesion import Lesion
from reporter.case.vocabulary import ExtentChange, Kind, Location, Side
from reporter.response.findings.extent import border_questions, distribution_of, quadrant_of
from reporter.response.interface import Calcifications, Distribution
from tests.response.answers import breast, respond


def lesion(location: Location | None, clock: int | None = None, side: Side | None = Side.LEFT) -> Lesion:
    return Lesion(id="L1", kind=Kind.MASS, organ="breast", side=side, location=location, clock=clock)


@pytest.mark.requirement("S60")
@pytest.mark.parametrize(
    ("location", "clock", "quadrant"),
    [
        (Location.UOQ, None, Location.UOQ),
        (Location.UOQ, 1, Location.UOQ),
        (Location.UOQ, 12, Location.UOQ),
        (Location.UOQ, 10, None),
        (None, 1, Location.UOQ),
        (None, 10, Location.UIQ),
        (None, 12, None),
        (None, None, None),
        (Location.CENTRAL, 1, None),
        (Location.SUBAREOLAR, None, None),
        (Location.AXILLARY_TAIL, 2, None),
    ],
)
def test_the_quadrant_of_a_lesion_of_the_left_breast(
    location: Location | None, clock: int | None, quadrant: Location | None
) -> None:
    """By location, else by clock; none on a border, in the centre, or where the two disagree."""
    assert quadrant_of(lesion(location, clock)) is quadrant


def test_by_the_clock_alone_the_side_must_be_known() -> None:
    assert quadrant_of(lesion(None, 1, side=None)) is None
    assert quadrant_of(lesion(None, 1, side=Side.RIGHT)) is Location.UIQ


@pytest.mark.requirement("S60")
@pytest.mark.parametrize(
    ("locations", "distribution"),
    [
        ([], Distribution.SINGLE),
        ([Location.UOQ], Distribution.SINGLE),
        ([None], Distribution.SINGLE),
        ([Location.UOQ, Location.UOQ], Distribution.MULTIFOCAL),
        ([Location.UOQ, Location.LIQ], Distribution.MULTICENTRIC),
        ([Location.UOQ, None], Distribution.BORDER),
        ([None, None], Distribution.BORDER),
        ([Location.UOQ, Location.UOQ, None], Distribution.BORDER),
        ([Location.UOQ, Location.LIQ, None], Distribution.MULTICENTRIC),
    ],
)
def test_how_sites_lie(locations: list[Location | None], distribution: Distribution) -> None:
    assert distribution_of([lesion(one) for one in locations]) is distribution


def test_the_sites_that_keep_it_open_are_asked_about() -> None:
    sites = [replace(lesion(place), id=name) for name, place in (("A", Location.UOQ), ("B", None), ("C", None))]
    asked = [(i.code, i.lesion_id, i.side, i.column) for i in border_questions(sites)]
    assert asked == [("QUADRANT_BORDER", x, Side.LEFT, "location") for x in ("B", "C")]
    assert border_questions(sites[:1]) == ()


# --- residual and span ---------------------------------------------------------------------------------------------


@pytest.mark.requirement("S63")
@pytest.mark.parametrize(
    ("now", "residual"),
    [
        pytest.param("MR | A 10 | B 12", "B 12 mm", id="of several sites"),
        pytest.param("MR | A 12 | B 10", "A 12 mm", id="whichever it is"),
        pytest.param("MR | A too_small | B absent", "A 5 mm", id="too small to measure is there"),
        pytest.param("MR | A equivocal 9 | B 8", "A 9 mm", id="equivocal with a size"),
        pytest.param("MR | A equivocal | B 8", "B 8 mm", id="equivocal without one"),
        pytest.param("MR | A present | B 8", "B 8 mm", id="seen without a size"),
        pytest.param("MR | A absent | B absent | F benign 30", None, id="a benign site is none"),
        pytest.param("MR | A 20 | B merged>A", "A 20 mm", id="merged into another"),
        pytest.param("EXAM | A 40 | B 30", None, id="by hand is no imaging"),
    ],
)
def test_the_largest_residual(now: str, residual: str | None) -> None:
    found = breast(f"day 0 MR | A 30 | B 20 | F benign 30\nday 9 {now}").residual
    assert (None if found is None else f"{found.lesion_id} {found.size}") == residual


@pytest.mark.requirement("S63")
def test_the_span_is_that_of_its_own_breast() -> None:
    text = "day 0 | L1 20 | R1 right 20\nday 9 | L1 10 span:60 | R1 10 span:90"
    assert [str(breast(text, side).span) for side in (Side.LEFT, Side.RIGHT)] == ["60 mm", "90 mm"]
    assert not [i for i in respond(text).issues if i.code == "SPAN_CONFLICT"]


def test_one_row_that_states_the_span_is_enough() -> None:
    text = "day 0 | L1 20 | L2 20\nday 9 | L1 10 | L2 10 span:60"
    assert str(breast(text).span) == "60 mm"
    assert not [i for i in respond(text).issues if i.code == "SPAN_CONFLICT"]


def test_two_spans_are_named_the_smaller_first_and_neither_is_taken() -> None:
    text = "day 0 | L1 20 | L2 20\nday 9 | L1 10 span:64 | L2 10 span:63"
    assert breast(text).span is None
    (issue,) = [i for i in respond(text).issues if i.code == "SPAN_CONFLICT"]
    assert (issue.side, dict(issue.operands)) == (Side.LEFT, {"values": "63 mm / 64 mm"})


# --- calcifications ------------------------------------------------------------------------------------------------


def calcifications(text: str, side: Side = Side.LEFT, *, baseline: bool = True) -> list[str]:
    """Each in one line: lesion, extent then, extent now, change, whether assessed or gone."""
    return [line(one) for one in breast(text, side, baseline=baseline).calcifications]


def line(one: Calcifications) -> str:
    words = [one.lesion_id, str(one.baseline), str(one.now), str(one.change)]
    return ", ".join([*words, *["assessed"] * one.assessed_now, *["gone"] * one.absent_now])


@pytest.mark.requirement("S31")
@pytest.mark.parametrize(
    ("then", "now", "found"),
    [
        ("MG | K present extent:40", "MG | K present extent:38 change:same", "K, 40 mm, 38 mm, same, assessed"),
        ("MG | K 40", "MG | K 12", "K, 40 mm, 12 mm, None, assessed"),
        ("MG | K 40 extent:50", "MG | K 12 extent:45", "K, 50 mm, 45 mm, None, assessed"),
        ("MG | K present", "MG | K present", "K, None, None, None, assessed"),
        ("MG | K 40", "MG | K absent", "K, 40 mm, 0 mm, None, assessed, gone"),
        ("MG | K 40", "MG | K ne", "K, 40 mm, None, None, assessed"),
        ("MG | K 40", "MG", "K, 40 mm, None, None, assessed"),
        ("MG | K 40", "DBT | K 30", "K, 40 mm, 30 mm, None, assessed"),
        ("MG | K 40", "US | K present", "K, 40 mm, None, None"),
        ("MG | K 40", "MG/right", "K, 40 mm, None, None"),
        ("MG | K 40", "MG/left", "K, 40 mm, None, None, assessed"),
        ("MG | K 40", "MG/left/right", "K, 40 mm, None, None, assessed"),
        ("US | K 40", "US | K 30", "K, 40 mm, 30 mm, None"),
    ],
)
def test_extent_and_change(then: str, now: str, found: str) -> None:
    """As entered; the long axis of the area stands where no extent is given; only mammography assesses it."""
    then = then.replace("K ", "K calcification ")
    assert calcifications(f"day 0 {then} | L1 30\nday 9 {now} | L1 20") == [found]


@pytest.mark.requirement("S31")
@pytest.mark.parametrize(
    ("now", "found"),
    [
        pytest.param("day 9 MR | K absent", "None, None", id="MRI does not see calcifications: it cannot say so"),
        pytest.param("day 9 US | K absent", "None, None", id="nor ultrasound"),
        pytest.param("day 9 MG | K absent\nday 9 MR | K absent", "0 mm, None, assessed, gone", id="mammography can"),
        pytest.param("day 9 MG | K 30\nday 9 MR | K absent", "30 mm, None, assessed", id="it sees them still"),
        pytest.param(
            "day 9 MG | K absent\nday 9 US | K present", "None, None, assessed", id="something sees them still"
        ),
        pytest.param("day 9 | K absent", "0 mm, None, gone", id="on the unnamed modality"),
    ],
)
def test_calcifications_are_gone_where_mammography_says_so_and_nothing_sees_them(now: str, found: str) -> None:
    assert calcifications(f"day 0 MG | K calcification 40\n{now}") == [f"K, 40 mm, {found}"]


@pytest.mark.parametrize(
    ("now", "found"),
    [
        ("day 9 MG | K 30\nday 9 MR | K 50\nday 9 EXAM | K 20", "30 mm"),
        ("day 9 MG | K present\nday 9 US | K 25\nday 9 MR | K 50", "25 mm"),
        ("day 9 MG | K 30 extent:31\nday 9 MR | K 50 extent:55", "31 mm"),
        ("day 9 MG | K 30\nday 9 DBT | K 28 extent:29", "29 mm"),
    ],
)
def test_their_extent_is_that_of_mammography_where_it_gives_one(now: str, found: str) -> None:
    (one,) = breast(f"day 0 MG | K calcification 40\n{now}").calcifications
    assert str(one.now) == found


@pytest.mark.parametrize(
    ("then", "now", "found"),
    [
        ("30 extent:12", "20 extent:10", ["L1, 12 mm, 10 mm, None, assessed"]),
        ("30 extent:12", "absent", ["L1, 12 mm, None, None, assessed"]),
        ("30", "20 extent:10", ["L1, None, 10 mm, None, assessed"]),
        ("30", "20", []),
    ],
)
def test_on_the_rows_of_a_mass_an_extent_is_one_of_calcifications_and_its_size_is_not(
    then: str, now: str, found: list[str]
) -> None:
    assert calcifications(f"day 0 MG | L1 {then}\nday 9 MG | L1 {now}") == found


def test_calcifications_of_the_other_breast_are_told_there() -> None:
    text = "day 0 MG | L1 30 | K right calcification 40\nday 9 MG | L1 20 | K 30"
    assert (calcifications(text), calcifications(text, Side.RIGHT)) == ([], ["K, 40 mm, 30 mm, None, assessed"])


def test_without_a_baseline_there_is_no_extent_then() -> None:
    text = "day 5 MG | K calcification 40\nday 9 MG | K 30 change:fewer"
    assert calcifications(text, baseline=False) == [f"K, None, 30 mm, {ExtentChange.FEWER}, assessed"]


def test_the_latest_change_that_mammography_states_counts() -> None:
    (one,) = breast("""
        day 0 MG | K calcification 40
        day 9 MG | K 30 change:more
        +day 10 MG | K 30 change:same
        +day 11 MG | K 30 change:fewer
        +day 12 MG | K 30
        +day 13 MR | K 30 change:more
    """).calcifications
    assert one.change is ExtentChange.FEWER
