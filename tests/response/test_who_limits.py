"""The limits of `who`: as published, as a site may change them, and what is refused."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from reporter.case.setting import settings_of
from reporter.errors import SetupError
from reporter.response.criteria.who import Who
from reporter.response.criteria.who_limits import Limits, limits_of
from reporter.response.interface import Operand, Thresholds

PERCENTAGES = ["pr_percent", "pd_percent"]
NAME = "WHO, products of two diameters"


def test_the_published_limits() -> None:
    """2.8: a fall of at least 50 % of the sum, a rise of at least 25 % of one lesion or more."""
    assert Limits() == Limits(pr_percent=Decimal(50), pd_percent=Decimal(25), pd_of="lesion")
    assert Who().stated_limits == (
        Operand(name="pr_percent", value=Decimal(50), unit="%"),
        Operand(name="pd_percent", value=Decimal(25), unit="%"),
    )


@pytest.mark.parametrize("key", PERCENTAGES)
@pytest.mark.parametrize("value", [1, 33, 100, Decimal("0.1"), Decimal("33.3"), Decimal("99.9"), Decimal(100)])
def test_a_percentage_is_above_0_and_at_most_100(key: str, value: int | Decimal) -> None:
    assert getattr(limits_of({key: value}), key) == value


@pytest.mark.parametrize("of", ["lesion", "sum"])
def test_progression_is_that_of_one_lesion_or_of_the_sum(of: str) -> None:
    assert limits_of({"pd_of": of}).pd_of == of


@pytest.mark.hostile
@pytest.mark.parametrize("key", PERCENTAGES)
@pytest.mark.parametrize(
    "value", [0, -1, 101, Decimal("100.1"), Decimal("NaN"), Decimal("Infinity"), True, False, "25", None, 25.0]
)
def test_a_value_that_is_no_percentage_is_refused_with_its_place(key: str, value: object) -> None:
    with pytest.raises(SetupError) as caught:
        limits_of({key: value})
    assert (caught.value.code, caught.value.field) == ("SET_VALUE", f"criteria.who.{key}")


@pytest.mark.hostile
@pytest.mark.parametrize(
    ("options", "code", "field"),
    [
        ({"pd_of": "lesions"}, "SET_VALUE", "criteria.who.pd_of"),
        ({"pd_of": 25}, "SET_VALUE", "criteria.who.pd_of"),
        ({"pd_percent": "sum"}, "SET_VALUE", "criteria.who.pd_percent"),
        ({"pd": 25}, "SET_KEY", "criteria.who.pd"),
        ({"pr_percent": 40, "pd_mm": 5}, "SET_KEY", "criteria.who.pd_mm"),
    ],
)
def test_what_has_no_meaning_is_refused(options: Mapping[str, object], code: str, field: str) -> None:
    with pytest.raises(SetupError) as caught:
        limits_of(options)
    assert (caught.value.code, caught.value.field) == (code, field)


@pytest.mark.parametrize("key", PERCENTAGES)
def test_the_largest_value_that_is_told_is_the_largest_that_is_taken(key: str) -> None:
    most = settings_of(Limits)[key].at_most
    assert most is not None
    assert getattr(limits_of({key: most}), key) == most
    with pytest.raises(SetupError):
        limits_of({key: most + 1})


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (Thresholds(too_small_mm=Decimal(4)), "too small counts 4 x 4 mm"),
        (Thresholds(node_target_mm=Decimal("12.5")), "target node from 12.5 mm"),
        (Thresholds(node_normal_mm=Decimal(8)), "normal node under 8 mm"),
        (Thresholds(node_cortex_mm=Decimal(4)), "normal cortex up to 4 mm"),
        (
            Thresholds(too_small_mm=Decimal("1E+1"), node_target_mm=Decimal("2E+1")),
            "too small counts 10 x 10 mm, target node from 20 mm",
        ),
    ],
)
def test_a_changed_size_on_which_it_depends_changes_the_name(changed: Thresholds, words: str) -> None:
    assert Who(thresholds=changed).name == f"{NAME}, modified: {words}"


@pytest.mark.parametrize(
    "changed",
    [
        Thresholds(pr_percent=Decimal(20)),
        Thresholds(pd_percent=Decimal(10)),
        Thresholds(pd_mm=Decimal(1)),
        Thresholds(),
    ],
)
def test_a_size_on_which_it_does_not_depend_changes_no_name(changed: Thresholds) -> None:
    assert Who(thresholds=changed).name == NAME


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"pr_percent": 40}, "PR -40 %"),
        ({"pd_percent": Decimal("1E+2")}, "PD +100 %"),
        ({"pr_percent": Decimal("6E+1"), "pd_of": "sum"}, "PR -60 %, PD by the sum alone"),
    ],
)
def test_a_changed_limit_changes_the_name(options: Mapping[str, object], words: str) -> None:
    assert Who(options=options).name == f"{NAME}, modified: {words}"
