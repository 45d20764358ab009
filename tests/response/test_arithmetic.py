"""The ordered rules of target response, on numbers alone: each limit exactly, one unit either side, and the order."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from reporter.response.criteria.arithmetic import RULES, Look, operands_of, rule_of
from reporter.response.criteria.judgement import held_after
from reporter.response.interface import Category, Thresholds

LIMITS = Thresholds()


def look(now: str | None, *, baseline: str | None = "100", nadir: str | None = "100", known: str | None = None) -> Look:
    """Sizes in mm; nothing is gone, back or said to progress unless a test says so."""

    def size(text: str | None) -> Decimal | None:
        return None if text is None else Decimal(text)

    return Look(
        at_baseline=False,
        baseline=size(baseline),
        nadir=size(nadir),
        reference=size(nadir),
        now=size(now),
        known=size(known or now),
        gone=False,
        progressed=False,
        returned=False,
        responded=False,
    )


def test_the_rules_and_their_order() -> None:
    """2.3, in the order in which they are asked: CR before PD, PD before PR."""
    assert [(rule.name, rule.category.value) for rule in RULES] == [
        ("baseline", "BASELINE"),
        ("pd_unequivocal", "PD"),
        ("no_baseline", "NE"),
        ("missing", "NE"),
        ("cr", "CR"),
        ("pd_returned", "PD"),
        ("pd_known_suffice", "PD"),
        ("pd", "PD"),
        ("pr", "PR"),
        ("pr_held", "PR"),
        ("sd", "SD"),
    ]


@pytest.mark.parametrize(
    ("seen", "rule"),
    [
        (look("70"), "pr"),
        (look("70.1"), "sd"),
        (look("120"), "pd"),
        (look("119.9"), "sd"),
        (look("84", nadir="70"), "pd"),
        (look("83.9", nadir="70"), "sd"),
        (look("25", baseline="20", nadir="20"), "pd"),
        (look("24.9", baseline="20", nadir="20"), "sd"),
        (look("48", nadir="40"), "pd"),
        (look("47.9", nadir="40"), "pr"),
        (look(None), "missing"),
        (look(None, known="120"), "pd_known_suffice"),
        (look(None, known="119.9"), "missing"),
        (look(None, known="60"), "missing"),
        (look("50", baseline=None, nadir=None), "no_baseline"),
        (look("200", baseline=None, nadir="50"), "no_baseline"),
        (replace(look("50"), at_baseline=True, progressed=True), "baseline"),
        (replace(look("50", baseline=None), progressed=True), "pd_unequivocal"),
        (replace(look("8", nadir="3"), gone=True, returned=True), "cr"),
        (replace(look("8", nadir="3"), gone=True), "cr"),
        (replace(look("6"), returned=True), "pd_returned"),
        (replace(look(None, known="6"), returned=True), "pd_returned"),
        (replace(look("71"), responded=True), "pr_held"),
        (replace(look("70"), responded=True), "pr"),
        (replace(look("120"), responded=True), "pd"),
    ],
)
def test_the_first_rule_that_holds_decides(seen: Look, rule: str) -> None:
    assert rule_of(seen, LIMITS).name == rule


def test_whether_a_response_is_held_is_a_setting() -> None:
    assert rule_of(replace(look("71"), responded=True), Thresholds(hold_response=False)).name == "sd"


@pytest.mark.parametrize(
    ("seen", "shrunk"),
    [(look(None, known="60"), False), (look("60", baseline=None), False), (look("60", nadir=None), True)],
)
def test_without_a_value_to_compare_nothing_has_grown_or_shrunk(seen: Look, shrunk: bool) -> None:
    assert (seen.grown(LIMITS), seen.shrunk(LIMITS)) == (False, shrunk)
    assert not replace(seen, known=None).grown(LIMITS)


@pytest.mark.parametrize(
    ("before", "category", "after"),
    [
        (False, Category.CR, True),
        (False, Category.PR, True),
        (False, Category.SD, False),
        (False, Category.NE, False),
        (False, Category.PD, False),
        (True, Category.CR, True),
        (True, Category.PR, True),
        (True, Category.SD, True),
        (True, Category.NE, True),
        (True, Category.PD, False),
    ],
)
def test_a_response_begins_with_cr_or_pr_and_ends_with_pd_alone(before: bool, category: Category, after: bool) -> None:
    """Decision a."""
    assert held_after(category, responded=before) is after


@pytest.mark.parametrize(
    ("seen", "numbers"),
    [
        (look("60", nadir="50"), "now 60 mm, baseline 100 mm, nadir 50 mm"),
        (look(None, known="60", nadir="50"), "known 60 mm, baseline 100 mm, nadir 50 mm"),
        (look("60", baseline=None, nadir=None), "now 60 mm"),
        (
            replace(look("6", nadir="0"), reference=Decimal(100)),
            "now 6 mm, baseline 100 mm, nadir 0 mm, since_return 100 mm",
        ),
        (
            replace(look("6", nadir="0"), reference=Decimal(4)),
            "now 6 mm, baseline 100 mm, nadir 0 mm, since_return 4 mm",
        ),
        (replace(look("6", nadir="1"), reference=Decimal(1)), "now 6 mm, baseline 100 mm, nadir 1 mm"),
        (replace(look("6", nadir="0"), reference=Decimal(100), returned=True), "now 6 mm, baseline 100 mm, nadir 0 mm"),
        (replace(look("0", nadir="0"), reference=Decimal(100), gone=True), "now 0 mm, baseline 100 mm, nadir 0 mm"),
    ],
)
def test_the_numbers_that_are_told(seen: Look, numbers: str) -> None:
    found = [f"{o.name} {o.value} {o.unit}" for o in operands_of(seen, LIMITS)]
    assert ", ".join(found) == f"{numbers}, pr_percent 30 %, pd_percent 20 %, pd_mm 5 mm"
