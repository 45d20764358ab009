"""Target response, rule by rule in the order in which they are asked (RECIST 1.1 and EORTC's clarifications)."""

from decimal import Decimal

import pytest

from reporter.response.exact import grown, shrunk
from reporter.response.interface import Category, Thresholds
from tests.response.answers import per_site, recist, words

RULES = [
    pytest.param("day 0 | L1 20", "target.baseline", "BASELINE", id="0 the baseline has no category"),
    pytest.param("day 0 | L1 20\nday 9 | L1 ne", "target.missing", "NE", id="1 a target without a value"),
    pytest.param(
        "day 0 | L1 20 | L2 20\nday 9 | L1 49 | L2 ne", "target.pd_known_suffice", "PD", id="1 unless the rest prove PD"
    ),
    pytest.param("day 0 | L1 20 | L2 20\nday 9 | L1 45 | L2 ne", "target.missing", "NE", id="1 the rest fall short"),
    pytest.param("day 0 | L1 20\nday 9 | L1 absent", "target.cr", "CR", id="2 everything gone"),
    pytest.param("day 0 | L1 20 | N1 16\nday 9 | L1 0 | N1 9.9", "target.cr", "CR", id="2 a node below 10 mm"),
    pytest.param("day 0 | L1 20 | N1 16\nday 9 | L1 0 | N1 10", "target.pr", "PR", id="2 a node of 10 mm is there"),
    pytest.param(
        "day 0 | N1 16\nday 5 | N1 3\nday 9 | N1 9.5", "target.cr", "CR", id="2 before 3: a grown node under 10 mm"
    ),
    pytest.param("day 0 | L1 100\nday 5 | L1 40\nday 9 | L1 48", "target.pd", "PD", id="3 growth since the smallest"),
    pytest.param("day 0 | L1 100\nday 5 | L1 40\nday 9 | L1 47.9", "target.pr", "PR", id="4 just short of growth"),
    pytest.param("day 0 | L1 20\nday 9 | L1 24.9", "target.sd", "SD", id="3 needs 5 mm as well"),
    pytest.param("day 0 | L1 14\nday 9 | L1 9.8", "target.pr", "PR", id="4 exactly -30 %"),
    pytest.param("day 0 | L1 100\nday 5 | L1 70\nday 9 | L1 80", "target.pr_held", "PR", id="5 held"),
    pytest.param("day 0 | L1 20\nday 5 | L1 absent\nday 9 | L1 too_small", "target.pr", "PR", id="6 nadir 0"),
    pytest.param("day 0 | L1 100\nday 5 | L1 80\nday 9 | L1 95.9", "target.sd", "SD", id="6 anything else"),
]


@pytest.mark.requirement("S21")
@pytest.mark.parametrize(("text", "rule", "category"), RULES)
def test_rule(text: str, rule: str, category: str) -> None:
    target = per_site(text)[-1].target
    assert target is not None
    assert (target.rule, target.category) == (rule, category)


def test_a_verdict_carries_the_numbers_it_was_given_on() -> None:
    target = recist("day 0 | L1 100\nday 5 | L1 60\nday 9 | L1 71")[-1].target
    assert target is not None
    operands = {o.name: (o.value, o.unit) for o in target.operands}
    assert operands == {
        "now": (Decimal(71), "mm"),
        "baseline": (Decimal(100), "mm"),
        "nadir": (Decimal(60), "mm"),
        "pr_percent": (Decimal(30), "%"),
        "pd_percent": (Decimal(20), "%"),
        "pd_mm": (Decimal(5), "mm"),
    }
    assert target.lesion_ids == ("L1",)


def test_an_incomplete_sum_names_what_is_known() -> None:
    target = recist("day 0 | L1 20 | L2 20\nday 9 | L1 10 | L2 ne")[-1].target
    assert target is not None
    assert [(o.name, o.value) for o in target.operands][:2] == [("known", Decimal(10)), ("baseline", Decimal(40))]


def test_an_incomplete_sum_never_becomes_the_nadir() -> None:
    last = recist("day 0 | L1 40 | L2 40\nday 5 | L1 10 | L2 ne\nday 9 | L1 25 | L2 25")[-1]
    assert last.nadir_total == 80
    assert last.overall.category is Category.PR


def test_a_response_is_held_without_end_and_through_a_missing_visit() -> None:
    text = "day 0 | L1 100\nday 1 | L1 70\nday 2 | L1 80\nday 3 | L1 ne\nday 4 | L1 80"
    found = recist(text)
    assert words(found) == "BASELINE PR PR NE PR"
    assert [a.held for a in found] == [False, False, True, False, True]
    assert [a.plain for a in found] == [None, None, Category.SD, None, Category.SD]


def test_progression_ends_the_hold_until_there_is_a_new_response() -> None:
    text = "day 0 | L1 100\nday 1 | L1 60\nday 2 | L1 75\nday 3 | L1 71\nday 4 | L1 70\nday 5 | L1 71"
    for found in (recist(text), per_site(text)):
        assert words(found) == "BASELINE PR PD SD PR PR"
        assert [a.held for a in found] == [False, False, False, False, False, True]


def test_progression_by_a_new_lesion_alone_ends_no_hold_of_the_targets() -> None:
    text = "day 0 | L1 100\nday 1 | L1 60\nday 2 | L1 60 | Z new 9\nday 3 | L1 71 | Z absent"
    found = recist(text)
    assert words(found) == "BASELINE PR PD PR"
    assert found[-1].held


def test_whether_a_response_is_held_is_a_setting() -> None:
    limits = Thresholds(hold_response=False)
    assert words(recist("day 0 | L1 100\nday 1 | L1 70\nday 2 | L1 80", limits=limits)) == "BASELINE PR SD"


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        (Thresholds(pr_percent=Decimal(20)), "PR"),
        (Thresholds(pd_percent=Decimal(10), pd_mm=Decimal(1)), "SD"),
        (Thresholds(), "SD"),
    ],
)
def test_the_limits_are_settings(limits: Thresholds, expected: str) -> None:
    assert recist("day 0 | L1 50\nday 9 | L1 40", limits=limits)[-1].overall.category == expected


def test_growth_is_judged_against_the_smallest_and_shrinkage_against_baseline() -> None:
    assert words(recist("day 0 | L1 60\nday 1 | L1 30\nday 2 | L1 34\nday 3 | L1 36")) == "BASELINE PR PR PD"


def test_any_number_of_digits_is_compared_exactly() -> None:
    assert recist("day 0 | L1 10\nday 9 | L1 7." + "0" * 60 + "1")[-1].overall.category is Category.SD
    assert recist("day 0 | L1 10\nday 9 | L1 7." + "0" * 60)[-1].overall.category is Category.PR


def test_no_growth_is_told_against_nothing() -> None:
    assert not grown(Decimal(6), Decimal(0), Thresholds())
    assert not shrunk(Decimal(0), Decimal(0), Thresholds())


def test_of_equal_smallest_sums_the_first_is_named() -> None:
    assert recist("day 0 | L1 50\nday 3 | L1 30\nday 5 | L1 30\nday 9 | L1 31")[-1].nadir_time_point == 1
