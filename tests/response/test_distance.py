"""The distance to another category: exact, and true of the criterion that gave the category."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reporter.case.vocabulary import Modality, Side
from reporter.response.criteria.per_site import PerSite
from reporter.response.criteria.recist11 import Recist11
from reporter.response.criteria.who import Who
from reporter.response.distance import Distances, Step, distances
from reporter.response.interface import Category, Criterion, Thresholds
from tests.response.timeline import timeline

PLAIN = Thresholds()


def found(text: str, criterion: Criterion | None = None, limits: Thresholds = PLAIN) -> tuple[Distances, ...]:
    """The distances of the last time point, by `recist-1.1`."""
    every = (criterion or Recist11(limits)).assess(timeline(text))
    return distances(every[-1], every, limits)


def told(steps: tuple[Step, ...]) -> list[tuple[str, str, bool]]:
    return [(str(s.category), f"{s.size:f}", s.beyond) for s in steps]


CASES = [
    pytest.param("100 80", [("PR", "70", False), ("CR", "0", False)], [("PD", "120", False)], id="stable"),
    pytest.param("100 70", [("CR", "0", False)], [("SD", "70", True), ("PD", "120", False)], id="just partial"),
    pytest.param("100 60 71", [("CR", "0", False)], [("PD", "72", False)], id="held"),
    pytest.param("100 60 65", [("CR", "0", False)], [("PD", "72", False)], id="partial, and would be held"),
    pytest.param("100 50 60", [("PR", "60", True), ("CR", "0", False)], [], id="just progressive"),
    pytest.param("20 24", [("PR", "14", False), ("CR", "0", False)], [("PD", "25", False)], id="5 mm decides"),
    pytest.param("10 8", [("PR", "7", False), ("CR", "0", False)], [("PD", "15", False)], id="small"),
    pytest.param("20 0", [], [("PR", "0", True), ("SD", "14", True), ("PD", "25", False)], id="complete"),
    pytest.param("100 20 22 20", [("CR", "0", False)], [("PD", "25", False)], id="both limits above the smallest"),
    pytest.param("13.3 9.32", [("PR", "9.31", False), ("CR", "0", False)], [("PD", "18.3", False)], id="decimals"),
]


def course(sizes: str) -> str:
    return "\n".join(f"day {9 * place} | L1 {size}" for place, size in enumerate(sizes.split()))


@pytest.mark.parametrize(("sizes", "falls", "rises"), CASES)
def test_of_a_sum(sizes: str, falls: list[tuple[str, str, bool]], rises: list[tuple[str, str, bool]]) -> None:
    (of_sum,) = found(course(sizes))
    assert of_sum.lesion_id is None
    assert (told(of_sum.falls), told(of_sum.rises)) == (falls, rises)


def test_both_limits_of_progression_are_kept() -> None:
    (of_sum,) = found(course("100 20 21"))
    assert (of_sum.least_by_percent, of_sum.least_by_mm) == (Decimal(24), Decimal(25))
    assert told(of_sum.rises) == [("PD", "25", False)]


def test_the_change_is_from_the_present_size() -> None:
    (of_sum,) = found(course("100 80"))
    assert (of_sum.falls[0].change.difference, of_sum.falls[0].change.percent) == (Decimal(-10), Decimal("-12.5"))
    assert (of_sum.rises[0].change.difference, of_sum.rises[0].change.percent) == (Decimal(40), Decimal(50))


def test_of_each_site_and_of_their_sum() -> None:
    text = "day 0 | L1 50 | L2 20 | N1 18\nday 9 | L1 40 | L2 absent | N1 12"
    by_lesion = {d.lesion_id: d for d in found(text, PerSite())}
    assert set(by_lesion) == {None, "L1", "L2", "N1"}
    assert told(by_lesion["N1"].falls) == [("CR", "10", True)]
    assert told(by_lesion["N1"].rises) == [("SD", "12.6", True), ("PD", "23", False)]
    assert told(by_lesion[None].falls) == [], "with a node no sum alone is complete"


NODES = [
    pytest.param("18 16", [("PR", "12.6", False), ("CR", "10", True)], [("PD", "23", False)], id="stable"),
    pytest.param("18 12", [("CR", "10", True)], [("SD", "12.6", True), ("PD", "23", False)], id="partial"),
    pytest.param("18 8", [], [("PR", "10", False), ("SD", "12.6", True), ("PD", "23", False)], id="of normal size"),
]


@pytest.mark.parametrize(("sizes", "falls", "rises"), NODES)
def test_a_node_alone_is_complete_below_10_mm(
    sizes: str, falls: list[tuple[str, str, bool]], rises: list[tuple[str, str, bool]]
) -> None:
    (of_sum,) = found(course(sizes).replace("L1", "N1"))
    assert (told(of_sum.falls), told(of_sum.rises)) == (falls, rises)


@pytest.mark.parametrize(
    ("others", "complete"),
    [("L2 20", True), ("N1 12", True), ("N1 18", False), ("N1 18 | N2 18", False), ("B1 benign 20", True)],
)
def test_a_sum_is_complete_at_nothing_unless_nodes_are_in_it(others: str, complete: bool) -> None:
    (of_sum,) = found(f"day 0 | L1 50 | {others}\nday 9 | L1 48 | {others}")
    assert (("CR", "0", False) in told(of_sum.falls)) is complete


def test_a_sum_of_nodes_alone_is_complete_at_no_size() -> None:
    (of_sum,) = found("day 0 | N1 18 | N2 18\nday 9 | N1 16 | N2 16")
    assert told(of_sum.falls) == [("PR", "25.2", False)]


def test_what_is_not_counted_is_in_no_sum() -> None:
    every = Recist11().assess(timeline("day 0 MR | L1 50\n+day 0 US | N1 18\nday 9 MR | L1 48 | N1 18"))
    (last,) = (a for a in every if a.time_point == 1 and a.modality is Modality.MR)
    (of_sum,) = distances(last, every, PLAIN)
    assert ("CR", "0", False) in told(of_sum.falls)


def test_a_response_of_another_modality_is_not_held_on_this_one() -> None:
    text = "day 0 MR | L1 100\n+day 0 CT | L1 100\nday 5 MR | L1 60\n+day 5 CT | L1 80\nday 9 CT | L1 80"
    every = Recist11().assess(timeline(text))
    (last,) = (a for a in every if a.time_point == 2)
    (of_sum,) = distances(last, every, PLAIN)
    assert (of_sum.category, told(of_sum.falls)[0]) == (Category.SD, ("PR", "70", False))


def test_nor_that_of_another_criterion_or_of_the_other_breast() -> None:
    text = "day 0 | L1 100 | R1 right 100\nday 5 | L1 60 | R1 80\nday 9 | L1 65 | R1 80"
    every = (*PerSite().assess(timeline(text)), *Recist11().assess(timeline(text)))
    by_side = {a.side: distances(a, every, PLAIN) for a in every if a.time_point == 2 and a.criterion == "per-site"}
    assert [d.category for d in by_side[Side.LEFT]] == [Category.PR, Category.PR]
    assert [d.category for d in by_side[Side.RIGHT]] == [Category.SD, Category.SD]


def test_a_response_of_one_site_is_not_held_on_another() -> None:
    text = "day 0 | L1 100 | L2 100\nday 5 | L1 60 | L2 95\nday 9 | L1 71 | L2 90"
    by_lesion = {d.lesion_id: d for d in found(text, PerSite())}
    assert {i: d.category for i, d in by_lesion.items()} == {None: Category.SD, "L1": Category.PR, "L2": Category.SD}
    assert told(by_lesion["L1"].rises) == [("PD", "72", False)]


def test_a_response_that_is_over_is_not_held() -> None:
    every = Recist11().assess(timeline(course("100 60 75 71")))
    for order in (every, every[::-1]):
        (of_sum,) = distances(every[-1], order, PLAIN)
        assert (of_sum.category, told(of_sum.falls)[0]) == (Category.SD, ("PR", "70", False))


@pytest.mark.parametrize(
    "text",
    [
        "day 0 | L1 40",
        "day 0 | L1 target ne\nday 5 | L1 20\nday 9 | L1 18",
        "day 0 | L1 20 | X non_target present\nday 5 | L1 absent | X present\nday 9 | L1 10 | X present",
        "day 0 | L1 40 | L2 20\nday 9 | L1 40 | L2 ne",
        "day 0 | L1 40\nday 9 | L1 absent\nday 19 | L1 6",
        "day 0 | L1 40\nday 9 | L1 progressed",
        "day 0 | X skin present\nday 9 | X present",
        "day 0 | L1 40 | N1 18\nday 9 | L1 absent | N1 8",
        "day 0 US | L1 40\nday 9 US | L1 30",
    ],
)
def test_nothing_is_told_where_the_size_alone_does_not_decide(text: str) -> None:
    assert found(text) == ()


def test_nor_of_products_nor_of_a_site_of_several_lesions() -> None:
    for now in ("30x30", "39x40"):
        assert found(f"day 0 | L1 40x40\nday 9 | L1 {now}", Who()) == ()
    merged = found("day 0 | L1 40 | L2 20\nday 9 | L1 50 | L2 merged>L1", PerSite())
    assert [d.lesion_id for d in merged] == [None]


def test_the_limits_are_those_of_the_settings() -> None:
    limits = Thresholds(pr_percent=Decimal(50), pd_percent=Decimal(10), pd_mm=Decimal(1), hold_response=False)
    (of_sum,) = found(course("100 40 52"), limits=limits)
    assert of_sum.category is Category.PD
    (of_sum,) = found(course("100 50 51"), limits=limits)
    assert told(of_sum.falls)[0] == ("PR", "50", False)
    assert told(of_sum.rises) == [("PD", "55", False)]


SIZE = st.decimals(min_value=1, max_value=200, places=1)


@pytest.mark.property
@pytest.mark.parametrize("criterion", [Recist11(), PerSite()])
@given(sizes=st.lists(SIZE, min_size=2, max_size=4))
def test_moved_by_exactly_that_distance_it_changes_and_by_one_unit_less_it_does_not(
    criterion: Criterion, sizes: list[Decimal]
) -> None:
    for told_of in found(course(" ".join(map(str, sizes))), criterion):
        for steps, sign in ((told_of.falls[:1], -1), (told_of.rises[:1], 1)):
            for step in steps:
                unit = Decimal(1).scaleb(min(int(step.size.as_tuple().exponent), int(step.now.as_tuple().exponent)))
                here, before = (
                    (step.size + sign * unit, step.size) if step.beyond else (step.size, step.size - sign * unit)
                )
                assume(here >= 0)
                assert category(sizes, here, criterion) == step.category
                assert category(sizes, before, criterion) == told_of.category


def category(sizes: list[Decimal], last: Decimal, criterion: Criterion) -> Category:
    text = course(" ".join(map(str, [*sizes[:-1], last])))
    verdict = criterion.assess(timeline(text))[-1].target
    assert verdict is not None
    return verdict.category
