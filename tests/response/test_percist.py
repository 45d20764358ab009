"""`percist`: uptake as entered and its change, held against the limits of PERCIST 1.0, never a category."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reporter.case.vocabulary import Modality
from reporter.response.criteria.per_site import PerSite
from reporter.response.criteria.percist import Percist, met
from reporter.response.evaluate import classifies
from reporter.response.interface import Assessment, Category, NewLesions
from reporter.response.tabulate import rows
from tests.response.answers import respond, told
from tests.response.timeline import timeline


def percist(text: str) -> list[Assessment]:
    """The assessments of the patient, by modality and time."""
    return list(Percist().assess(timeline(text)))


@pytest.mark.parametrize(
    ("now", "baseline", "rule"),
    [
        ("7", "10", "fall"),
        ("7.001", "10", "within"),
        ("13", "10", "rise"),
        ("12.999", "10", "within"),
        ("1.2", "2", "fall"),
        ("1.21", "2", "within"),
        ("1.3", "2", "within"),
        ("2.8", "2", "rise"),
        ("2.79", "2", "within"),
        ("2", "2", "within"),
        ("0.8", "0", "rise"),
        ("0", "0.8", "fall"),
    ],
)
def test_limits_are_inclusive_and_both_are_needed(now: str, baseline: str, rule: str) -> None:
    assert met(Decimal(now), Decimal(baseline)) == rule


def test_the_hottest_lesion_may_be_another_one_at_each_time_point() -> None:
    first, last = percist(
        "day 0 PT | L1 present suv:9.2 | N1 present suv:4\nday 20 PT | L1 present suv:3 | N1 present suv:5"
    )
    assert (first.overall.category, first.overall.rule) == (Category.BASELINE, "percist.baseline")
    assert last.amounts is not None
    assert (last.amounts.now, last.amounts.baseline, last.amounts.unit) == (Decimal(5), Decimal("9.2"), "SUV")
    assert (last.overall.rule, last.overall.lesion_ids, last.classified) == ("percist.fall", ("N1",), False)
    assert {(o.name, o.value, o.unit) for o in last.overall.operands} == {
        ("now", Decimal(5), "SUV"),
        ("baseline", Decimal("9.2"), "SUV"),
        ("limit_percent", Decimal(30), "%"),
        ("limit_suv", Decimal("0.8"), "SUV"),
    }
    assert [(r.point.lesion_id, r.verdict.rule if r.verdict else None) for r in last.lesions] == [
        ("L1", "percist.fall"),
        ("N1", "percist.within"),
    ]


@pytest.mark.parametrize(
    ("now", "rule"),
    [
        ("L1 absent | N1 present suv:5", "percist.fall"),
        ("L1 ne | N1 present suv:5", "percist.missing"),
        ("N1 present suv:5", "percist.missing"),
        ("L1 absent | N1 absent", "percist.missing"),
        ("L1 present suv:9 | N1 present suv:4 | B benign present suv:40", "percist.within"),
        ("L1 present suv:9 | N1 present suv:4 | Z new present suv:13", "percist.rise"),
    ],
)
def test_a_lesion_that_is_gone_has_no_number_and_one_without_a_number_hides_the_hottest(now: str, rule: str) -> None:
    last = percist(f"day 0 PT | L1 present suv:9 | N1 present suv:4\nday 20 PT | {now}")[-1]
    assert last.overall.rule == rule
    assert last.overall.category is Category.NE


def test_no_uptake_at_baseline_is_nothing_to_compare_with() -> None:
    last = percist("day 0 PT | L1 present\nday 20 PT | L1 present suv:4")[-1]
    assert last.overall.rule == "percist.no_baseline"
    assert last.amounts is not None
    assert last.amounts.baseline is None


def test_a_new_lesion_is_told_beside_it() -> None:
    last = percist("day 0 PT | L1 present suv:9\nday 20 PT | L1 present suv:4 | Z new present suv:3")[-1]
    assert last.new_lesion is NewLesions.YES
    assert not last.classified


def test_without_any_uptake_there_is_nothing_to_say() -> None:
    assert percist("day 0 PT | L1 20\nday 20 PT | L1 10") == []


def test_each_modality_that_gives_it_stands_alone() -> None:
    text = "day 0 PT | L1 present suv:9\nday 0 MR | L1 20\nday 0 CT | L1 20 suv:8\nday 20 CT | L1 20 suv:7"
    assert [(a.modality, a.time_point) for a in percist(text)] == [(Modality.CT, 0), (Modality.CT, 1), (Modality.PT, 0)]


def test_it_is_never_a_size_and_never_a_category() -> None:
    text = "day 0 PT | L1 present suv:9\nday 0 MR | L1 20\nday 20 PT | L1 present suv:1\nday 20 MR | L1 20"
    assert not classifies(Percist())
    found = respond(text, Percist(), PerSite())
    assert found.breasts == respond(text, PerSite()).breasts
    assert [c.feeds_decisions for c in found.criteria] == [False, True]
    assert {b.criterion for b in found.best_overall} == {"per-site"}
    table = [row for row in rows(timeline(text), found, per_lesion=True) if row["criteria"] == "percist"]
    assert [(r["measure"], r["unit"], r["value"], r["change_from_baseline_percent"], r["overall"]) for r in table] == [
        ("hottest_lesion", "SUV", "9", "0", "BASELINE"),
        ("suv", "SUV", "9", "0", ""),
        ("hottest_lesion", "SUV", "1", "-88.8888888889", ""),
        ("suv", "SUV", "1", "-88.8888888889", ""),
    ]


def test_its_name_says_what_is_not_checked() -> None:
    assert Percist().id == "percist"
    assert Percist().name == "SUV as entered, no categories (SULpeak and liver reference not checked)"


LIMITS = "limit_percent 30 %, limit_suv 0.8 SUV"


def test_verdicts_told_whole() -> None:
    found = percist("""
        day 0 PT | L1 present suv:10 | N1 present suv:4
        day 9 PT | L1 present suv:7 | N1 present suv:7
        day 19 PT | L1 ne | N1 present suv:1
        day 29 PT | L1 present suv:13 | N1 absent
    """)
    assert [told(a.overall) for a in found] == [
        "BASELINE percist.baseline L1 (now 10 SUV, baseline 10 SUV)",
        f"NE percist.fall L1 N1 (now 7 SUV, baseline 10 SUV, {LIMITS})",
        "NE percist.missing (baseline 10 SUV)",
        f"NE percist.rise L1 (now 13 SUV, baseline 10 SUV, {LIMITS})",
    ]
    assert [[told(r.verdict) for r in a.lesions] for a in found] == [
        ["nothing", "nothing"],
        [
            f"NE percist.fall (now 7 SUV, baseline 10 SUV, {LIMITS})",
            f"NE percist.rise (now 7 SUV, baseline 4 SUV, {LIMITS})",
        ],
        ["nothing", f"NE percist.fall (now 1 SUV, baseline 4 SUV, {LIMITS})"],
        [f"NE percist.rise (now 13 SUV, baseline 10 SUV, {LIMITS})", "nothing"],
    ]
    assert [[r.counted for r in a.lesions] for a in found] == [[True, True], [True, True], [False, True], [True, False]]
    assert [a.amounts and a.amounts.nadir for a in found] == [None, Decimal(10), Decimal(7), Decimal(7)]
    assert [[r.amounts and r.amounts.nadir for r in a.lesions] for a in found] == [
        [None, None],
        [Decimal(10), Decimal(4)],
        [Decimal(7), Decimal(4)],
        [Decimal(7), Decimal(1)],
    ]
    assert {a.criterion for a in found} == {"percist"}


def test_without_a_baseline_uptake_has_nothing_to_be_held_against() -> None:
    last = Percist().assess(timeline("day 0 PT | L1 present suv:10\nday 9 PT | L1 present suv:4", baseline=False))[-1]
    assert told(last.overall) == "NE percist.no_baseline L1 (now 4 SUV)"
    assert [told(r.verdict) for r in last.lesions] == ["nothing"]


@pytest.mark.parametrize("said", ["benign", "uncounted"])
def test_what_is_benign_or_in_doubt_is_not_named_as_the_hottest(said: str) -> None:
    last = percist(
        f"day 0 PT | L1 present suv:9 | Q {said} present suv:8\nday 9 PT | L1 present suv:8 | Q present suv:8"
    )[-1]
    assert last.overall.lesion_ids == ("L1",)
    assert {r.point.lesion_id: r.counted for r in last.lesions} == {"L1": True, "Q": False}


def test_a_fragment_may_be_the_hottest() -> None:
    last = percist("day 0 PT | L1 20 suv:9\nday 9 PT | L1 9 suv:3 | L1b from>L1 5 suv:12")[-1]
    assert (last.overall.rule, last.overall.lesion_ids) == ("percist.rise", ("L1b",))


def test_the_latest_uptake_of_a_time_point_counts() -> None:
    text = "day 0 PT | L1 present suv:9\nday 9 PT | L1 present suv:8\n+day 10 PT | L1 present suv:7"
    last = percist(f"{text}\n+day 11 PT | L1 present suv:6\n+day 12 PT | L1 present")[-1]
    assert last.amounts is not None
    assert last.amounts.now == 6


def test_uptake_first_given_after_baseline_hides_nothing_when_it_is_missing() -> None:
    text = "day 0 PT | L1 present suv:9 | N1 present\nday 9 PT | L1 present suv:8 | N1 present suv:12\nday 19 PT | {}"
    last = percist(text.format("L1 present suv:9 | N1 present"))[-1]
    assert (last.overall.rule, last.overall.lesion_ids) == ("percist.within", ("L1",))


def test_lesions_stand_in_order_of_their_part_and_new_ones_from_when_they_are_seen() -> None:
    text = """
        day 0 PT | A skin present suv:2 | Z 20 suv:3 | B 20 suv:1
        day 9 PT | A present suv:2 | Z 20 suv:3 | B 9 suv:1 | C new 5 suv:1
    """
    assert [[r.point.lesion_id for r in a.lesions] for a in percist(text)] == [["B", "Z", "A"], ["B", "Z", "A", "C"]]


def test_a_modality_without_any_uptake_is_left_to_the_others() -> None:
    text = "day 0 MR | L1 20\nday 0 PT | L1 present suv:9\nday 9 MR | L1 20\nday 9 PT | L1 present suv:8"
    assert {a.modality for a in percist(text)} == {Modality.PT}


def test_a_time_point_at_which_one_side_was_looked_at_is_one() -> None:
    text = "day 0 PT | L1 present suv:9 | R1 right present suv:8\nday 9 PT/left | L1 present suv:8\nday 19 US | L1 20"
    assert [(a.time_point, a.overall.rule) for a in percist(text)] == [(0, "percist.baseline"), (1, "percist.missing")]
