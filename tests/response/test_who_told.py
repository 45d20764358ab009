"""WHO by whole flow sheets: every verdict with its numbers, what proves growth, and what is there again."""

from collections.abc import Mapping

import pytest

from reporter.case.facts import Facts, Radiologist
from reporter.case.issue import Outcome
from reporter.case.vocabulary import Modality, Side
from reporter.response.interface import Amounts, Category
from tests.response.answers import codes, told, who, words
from tests.response.timeline import day

BY_SUM = {"pd_of": "sum"}


def course(text: str, options: Mapping[str, object] | None = None) -> str:
    return words(who(text, options))


LIMITS = "pr_percent 50 %, pd_percent 25 %"


def test_a_flow_sheet_told_whole() -> None:
    found = who("""
        day 0 | L1 40x30 | L2 20x10 | X skin present
        day 9 | L1 20x30 | L2 10x10 | X present
        day 19 | L1 absent | L2 absent | X ne
        day 29 | L1 absent | L2 8x5 | X absent
    """)
    assert [told(a.target) for a in found] == [
        f"BASELINE who_target.baseline L1 L2 (now 1400 mm2, baseline 1400 mm2, {LIMITS})",
        f"PR who_target.pr L1 L2 (now 700 mm2, baseline 1400 mm2, nadir 1400 mm2, {LIMITS})",
        f"CR who_target.cr L1 L2 (now 0 mm2, baseline 1400 mm2, nadir 700 mm2, {LIMITS})",
        f"PR who_target.pr L1 L2 (now 40 mm2, baseline 1400 mm2, nadir 0 mm2, {LIMITS})",
    ]
    assert [told(a.non_target) for a in found] == [
        "BASELINE who_non_target.baseline X",
        "NON-CR/NON-PD who_non_target.persists X",
        "NE who_non_target.ne X",
        "CR who_non_target.cr X",
    ]
    assert [told(a.overall) for a in found] == [
        "BASELINE who.baseline",
        "PR who.pr",
        "PR who.cr_non_target_ne",
        "PR who.pr",
    ]
    assert [a.nadir_time_point for a in found] == [None, 0, 1, 2]
    assert [[r.nadir_time_point for r in a.lesions] for a in found] == [
        [None] * 3,
        [0, 0, None],
        [1, 1, None],
        [2, 2, None],
    ]
    assert [a.issues for a in found] == [()] * 4
    assert {a.criterion for a in found} == {"who"}


@pytest.mark.parametrize(
    ("text", "target", "overall"),
    [
        pytest.param(
            "day 0 | L1 20x10 | X skin present\nday 9 | L1 progressed | X present",
            f"PD who_target.pd_unequivocal L1 (baseline 200 mm2, nadir 200 mm2, {LIMITS})",
            "PD who.target_pd L1",
            id="a reader's word",
        ),
        pytest.param(
            "day 0 | L1 20x10 | L2 10x10\nday 9 | L1 ne | L2 10x10",
            f"NE who_target.missing L1 L2 (baseline 300 mm2, nadir 300 mm2, {LIMITS})",
            "NE who.target_ne",
            id="a target without a product",
        ),
        pytest.param(
            "day 0 | L1 20x10\nday 9 | L1 19x10",
            f"SD who_target.sd L1 (now 190 mm2, baseline 200 mm2, nadir 200 mm2, {LIMITS})",
            "SD who.sd",
            id="no change",
        ),
        pytest.param(
            "day 0 | L1 20x10 | X skin present\nday 9 | L1 19x10 | X progressed",
            f"SD who_target.sd L1 (now 190 mm2, baseline 200 mm2, nadir 200 mm2, {LIMITS})",
            "PD who.non_target_pd X",
            id="a non-target alone",
        ),
        pytest.param("day 0 | X skin present\nday 9 | X present", "nothing", "SD who.non_target_persists", id="none"),
    ],
)
def test_verdicts_told_whole(text: str, target: str, overall: str) -> None:
    last = who(text)[-1]
    assert (told(last.target), told(last.overall)) == (target, overall)


def test_a_non_target_that_progresses_is_named_with_its_own_rule() -> None:
    last = who("day 0 | L1 20x10 | X skin present\nday 9 | L1 19x10 | X progressed")[-1]
    assert told(last.non_target) == "PD who_non_target.pd X"


def test_without_a_baseline_the_targets_have_no_category_either() -> None:
    last = who("day 0 | L1 20x10\nday 9 | L1 40x30", baseline=False)[-1]
    assert told(last.target) == f"NE who_target.no_baseline L1 (now 1200 mm2, nadir 200 mm2, {LIMITS})"
    assert (codes(last), last.amounts and last.amounts.baseline) == (["TP_NO_BASELINE"], None)


def test_without_a_target_there_is_no_sum() -> None:
    last = who("day 0 | X skin present\nday 9 | X present")[-1]
    assert last.amounts == Amounts(now=None, baseline=None, nadir=None, unit="mm2")


def test_by_the_sum_one_measured_lesion_is_enough_to_prove_growth() -> None:
    text = "day 0 | L1 30x10 | L2 10x10\nday 9 | L1 4x4 | L2 4x4\nday 19 | L1 {} | L2 too_small"
    assert course(text.format("40x10"), BY_SUM) == "BASELINE PR PD"
    assert course(text.format("too_small"), BY_SUM) == "BASELINE PR PR"


def test_a_size_that_stands_for_too_small_proves_no_growth_beside_a_lesion_that_hardly_grew() -> None:
    text = "day 0 | L1 20x10 | L2 4x4\nday 9 | L1 24.9x10 | L2 too_small"
    assert course(text) == "BASELINE SD"


def test_a_size_in_one_diameter_proves_no_growth_of_the_sum() -> None:
    assert course("day 0 | L1 2x2 | L2 2x2\nday 9 | L1 30 | L2 too_small", BY_SUM) == "BASELINE NE"


def test_one_measured_fragment_is_enough_to_prove_growth_of_its_lesion() -> None:
    text = "day 0 | L1 10x10\nday 9 | L1 absent | L1b from>L1 {}"
    assert course(text.format("12.5x10")) == "BASELINE PD"
    assert course(text.format("12.4x10")) == "BASELINE SD"


def test_what_stands_for_a_fragment_too_small_to_measure_proves_no_growth_of_its_lesion() -> None:
    text = "day 0 | L1 20x10\nday 9 | L1 5x4\nday 19 | L1 {} | L1b from>L1 too_small"
    assert course(text.format("4x4")) == "BASELINE PR PR"
    assert course(text.format("5x5")) == "BASELINE PR PD"


def test_a_fragment_may_prove_growth_where_the_rest_has_no_product() -> None:
    assert course("day 0 | L1 10x10\nday 9 | L1 ne | L1b from>L1 13x10") == "BASELINE PD"


def test_what_came_back_has_grown_against_what_it_is_since() -> None:
    """Of a smallest of 0 no share can be told: 5 x 5 mm, then a quarter more of that, while a non-target persists."""
    text = "day 0 | L1 40x30 | X skin present\nday 9 | L1 absent | X present\nday 19 | L1 5x5 | X present\nday 29 | {}"
    assert course(text.format("L1 6.25x5 | X present")).split()[-1] == "PD"
    assert course(text.format("L1 6.2x5 | X present")).split()[-1] == "PR"


@pytest.mark.parametrize("now", ["1x1", "0.9x0.9"])
def test_whatever_is_there_again_is_named_and_nothing_else(now: str) -> None:
    text = "day 0 | L1 20x10 | L2 20x10 | L3 20x10\nday 9 | L1 absent | L2 absent | L3 absent"
    last = who(f"{text}\nday 19 | L1 {now} | L2 absent | L3 ne")[-1]
    assert told(last.overall) == "PD who.target_pd L1"
    assert told(last.target).startswith("PD who_target.pd_returned L1 (baseline 600 mm2")


def test_a_complete_response_is_remembered_until_it_is_restated() -> None:
    text = "day 0 | L1 20x10\nday 9 | L1 absent\nday 19 | L1 ne\nday 29 | L1 5x5"
    assert course(text) == "BASELINE CR NE PD"
    restated = Facts(radiologist=(Radiologist(side=Side.LEFT, date=day(29), restate=True),))
    found = who(text, facts=restated)
    assert [a.overall.category for a in found][-1] is Category.PR
    assert codes(found[-1]) == []


def test_whether_a_complete_response_is_restated_is_asked_only_where_something_is_there_again() -> None:
    text = "day 0 | L1 40x30 | X skin present\nday 9 | L1 absent | X absent\nday 19 | L1 absent | X {}"
    assert codes(who(text.format("absent"))[-1]) == []
    (asked,) = who(text.format("present"))[-1].issues
    assert (asked.code, asked.outcome, asked.column) == ("RESTATE_CR", Outcome.QUESTION, "radiologist.restate")


@pytest.mark.parametrize(("now", "rule"), [("X absent | Z new 5x5", "new_lesion"), ("X progressed", "non_target_pd")])
def test_progression_that_has_a_reason_of_its_own_is_not_called_reappearance(now: str, rule: str) -> None:
    text = "day 0 | L1 40x30 | X skin present | Y skin present\nday 9 | L1 absent | X absent | Y absent"
    assert who(f"{text}\nday 19 | L1 absent | Y present | {now}")[-1].overall.rule == f"who.{rule}"


def test_of_non_targets_only_those_that_are_seen_are_there_again() -> None:
    text = "day 0 | L1 40x30 | X skin present | Y skin present\nday 9 | L1 absent | X absent | Y absent"
    last = who(f"{text}\nday 19 | L1 absent | X absent | Y present | Q uncounted 5x5")[-1]
    assert told(last.overall) == "PD who.reappearance Y"


def test_a_second_diameter_is_missed_where_it_is_looked_for() -> None:
    text = "day 0 | L1 40x30 | L2 20x10\nday 9 | L1 20 | L2 10x10\nday 19 | L1 20x10 | L2 10x10 | L2b from>L2 10"
    found = who(text)
    assert [[(i.code, i.lesion_id) for i in a.issues] for a in found] == [
        [],
        [("CRIT_ONE_AXIS", "L1")],
        [("CRIT_ONE_AXIS", "L2b")],
    ]
    assert [a.overall.category for a in found] == [Category.BASELINE, Category.NE, Category.NE]


def test_time_points_without_the_modality_are_passed_over() -> None:
    found = who("day 0 MR | L1 40x30\nday 9 US | L1 30x30\nday 19 MR | L1 20x20")
    assert [(a.modality, a.time_point) for a in found if a.modality is Modality.MR] == [
        (Modality.MR, 0),
        (Modality.MR, 2),
    ]


def test_lesions_stand_in_order_of_their_part_and_new_ones_from_when_they_are_seen() -> None:
    found = who("day 0 | A skin present | Z 20x10 | B 20x10\nday 9 | A present | Z 20x10 | B 20x10 | C new 5x5")
    assert [[r.point.lesion_id for r in a.lesions] for a in found] == [["B", "Z", "A"], ["B", "Z", "A", "C"]]


def test_no_disease_at_baseline_on_the_modality() -> None:
    last = who("day 0 MR | L1 40x30\nday 0 US | L1 absent\nday 9 US | L1 absent")
    assert told(last[1].overall) == "NED who.ned"
