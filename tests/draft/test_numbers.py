"""Numbers print as given, and never on the wrong side of a threshold."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporter.case.length import cm, mm
from reporter.draft.numbers import Numbers, half_up
from reporter.response.interface import Change, Thresholds

NUMBERS = Numbers(thresholds=Thresholds())


def percent(then: str, now: str) -> str | None:
    return NUMBERS.percent(Change(now=Decimal(now), then=Decimal(then)))


@pytest.mark.parametrize(
    ("then", "now", "shown"),
    [
        pytest.param("32", "10", "-68.8 %", id="one decimal, half up"),
        pytest.param("18", "19", "+5.6 %", id="a rise has its sign"),
        pytest.param("16", "12", "-25 %", id="no .0"),
        pytest.param("100", "71", "-29 %", id="short of -30 %"),
        pytest.param("60", "71", "+18.3 %", id="short of +20 %"),
        pytest.param("14.0", "9.8", "-30 %", id="exactly -30 %"),
        pytest.param("27.0", "32.4", "+20 %", id="exactly +20 %"),
        pytest.param("200", "140.1", "-29.95 %", id="29.95 is not 30"),
        pytest.param("2500", "1751", "-29.96 %", id="-29.96 is not -30"),
        pytest.param("2500", "1749", "-30 %", id="beyond -30 reads -30: the same category"),
        pytest.param("2500", "2999", "+19.96 %", id="19.96 is not 20"),
        pytest.param("5000", "1", "-99.98 %", id="something is left"),
        pytest.param("3000", "3001", "+0.03 %", id="a change is never 0"),
        pytest.param("52", "0", "-100 %", id="gone"),
        pytest.param("20", "20", "0 %", id="no change"),
        pytest.param("16", "15.98", "-0.1 %", id="0.125 half up"),
        pytest.param("0", "5", None, id="never against 0"),
    ],
)
def test_a_percentage_stands_where_the_exact_value_stands(then: str, now: str, shown: str | None) -> None:
    assert percent(then, now) == shown


tenths = st.integers(min_value=1, max_value=5000).map(lambda tenth: Decimal(tenth) / 10)


@pytest.mark.property
@given(then=tenths, now=tenths)
def test_no_figure_contradicts_the_category(then: Decimal, now: Decimal) -> None:
    shown = NUMBERS.percent(Change(now=now, then=then))
    assert shown is not None
    figure = Fraction(shown.removesuffix(" %"))
    exact = Fraction(now - then) * 100 / Fraction(then)
    assert (figure <= -30) == (exact <= -30)
    assert (figure >= 20) == (exact >= 20)
    assert (figure == 0) == (exact == 0)
    assert abs(figure - exact) <= Fraction(1, 20)


def test_another_threshold_moves_what_must_not_be_contradicted() -> None:
    numbers = Numbers(thresholds=Thresholds(pr_percent=Decimal(50)))
    change = Change(now=Decimal(1251), then=Decimal(2500))
    assert numbers.percent(change) == "-49.96 %"


@pytest.mark.parametrize(
    ("exact", "digits", "rounded"),
    [
        (Fraction(25, 100), 1, "0.3"),
        (Fraction(-25, 100), 1, "-0.3"),
        (Fraction(1, 3), 2, "0.33"),
        (Fraction(0), 1, "0.0"),
    ],
)
def test_a_half_goes_away_from_zero(exact: Fraction, digits: int, rounded: str) -> None:
    assert half_up(exact, digits) == Decimal(rounded)


def test_lengths_print_as_given_in_millimetres() -> None:
    assert NUMBERS.mm(mm("2.5")) == "2.5 mm"
    assert NUMBERS.mm(mm("1.0")) == "1.0 mm"
    assert NUMBERS.mm(cm("4.25")) == "42.5 mm"
    assert NUMBERS.axes([mm(58), mm(46), mm(44)]) == "58 x 46 x 44"
    assert NUMBERS.course(["32", "10"]) == "32 -> 10 mm"


@pytest.mark.parametrize(
    ("given_as", "shown"), [(mm(60), "6 cm"), (mm(45), "45 mm"), (cm("4.5"), "45 mm"), (mm(0), "0 mm")]
)
def test_a_distance_from_the_nipple_is_in_whole_centimetres_where_it_is_one(given_as: object, shown: str) -> None:
    assert NUMBERS.from_nipple(given_as) == shown  # type: ignore[arg-type]


def test_differences_and_thresholds_have_their_sign() -> None:
    assert NUMBERS.signed_mm(Decimal(11)) == "+11 mm"
    assert NUMBERS.signed_mm(Decimal("-0.5")) == "-0.5 mm"
    assert NUMBERS.threshold(Decimal(-30)) == "-30 %"
    assert NUMBERS.threshold(Decimal(20)) == "+20 %"


def test_a_language_has_its_decimal_mark() -> None:
    german = Numbers(thresholds=Thresholds(), decimal_mark=",")
    assert german.mm(mm("2.5")) == "2,5 mm"
    assert german.percent(Change(now=Decimal(10), then=Decimal(32))) == "-68,8 %"
