"""A lesion that comes back (decision b), in both criteria, and nodes that grow again (2.4)."""

from decimal import Decimal

import pytest

from reporter.case.facts import Facts, Radiologist
from reporter.case.vocabulary import Side
from reporter.response.interface import Category, Headline, NewLesions, NodeCourse, ProgressionKind, Thresholds
from tests.response.answers import axilla, breast, codes, per_site, recist, respond, words
from tests.response.timeline import day


def test_strict_pd_after_an_overall_complete_response() -> None:
    found = recist("day 0 | L1 20\nday 5 | L1 absent\nday 9 | L1 too_small")
    assert words(found) == "BASELINE CR PD"
    assert found[-1].target is not None
    assert found[-1].target.rule == "target.pd_returned"
    assert codes(found[-1])[0] == "RESTATE_CR"


def test_strict_no_pd_where_only_the_targets_were_complete() -> None:
    found = recist("day 0 | L1 20 | X non_target present\nday 5 | L1 absent | X present\nday 9 | L1 10 | X present")
    assert words(found) == "BASELINE PR PR"
    assert found[-1].from_nadir is not None
    assert found[-1].from_nadir.percent is None
    assert "RESTATE_CR" not in codes(found[-1])


def test_strict_no_percentage_against_a_smallest_sum_of_zero() -> None:
    found = recist("day 0 | L1 20 | X non_target present\nday 5 | L1 absent | X present\nday 9 | L1 19 | X present")
    assert words(found) == "BASELINE PR PR"
    assert found[-1].held


@pytest.mark.parametrize(("back", "now", "expected"), [("5", "9.9", "PR"), ("5", "10", "PD"), ("24", "24.9", "PR")])
def test_strict_what_came_back_is_judged_against_what_it_is_since(back: str, now: str, expected: str) -> None:
    sizes = ("20", "8", "absent", back, now)
    found = recist("\n".join(f"day {i} | L1 {size} | X non_target present" for i, size in enumerate(sizes)))
    assert words(found) == f"BASELINE PR PR PR {expected}"


@pytest.mark.parametrize(("now", "expected"), [("24.9", "PR"), ("25", "PD")])
def test_strict_what_came_back_larger_than_at_baseline_has_grown(now: str, expected: str) -> None:
    sizes = ("20", "8", "absent", now)
    found = recist("\n".join(f"day {i} | L1 {size} | X non_target present" for i, size in enumerate(sizes)))
    assert words(found) == f"BASELINE PR PR {expected}"


def test_strict_a_restated_complete_response_is_none() -> None:
    restated = Facts(radiologist=(Radiologist(side=Side.LEFT, date=day(9), restate=True),))
    found = recist("day 0 | L1 20\nday 5 | L1 absent\nday 9 | L1 6", facts=restated)
    assert words(found) == "BASELINE CR PR"


def test_strict_other_restatements_do_not_count() -> None:
    earlier = Facts(radiologist=(Radiologist(side=Side.LEFT, date=day(5), restate=True),))
    assert words(recist("day 0 | L1 20\nday 5 | L1 absent\nday 9 | L1 6", facts=earlier)) == "BASELINE CR PD"


@pytest.mark.parametrize(("piece", "category"), [("6", "PD"), ("too_small", "PD"), ("absent", "NE")])
def test_strict_a_lesion_is_back_with_one_of_its_fragments(piece: str, category: str) -> None:
    """The other has no value, and the lesion as a whole none."""
    parts = "L1b 6 from>L1 | L1c 5 from>L1"
    found = recist(
        f"day 0 | L1 20\nday 5 | L1 absent | {parts}\nday 7 | L1 absent | L1b absent | L1c absent"
        f"\nday 9 | L1 absent | L1b {piece} | L1c ne"
    )
    assert found[-2].overall.category is Category.CR
    assert found[-1].overall.category == category


@pytest.mark.parametrize(("now", "category"), [("9.9", "CR"), ("10", "PD")])
def test_strict_a_node_is_back_from_10_mm(now: str, category: str) -> None:
    found = recist(f"day 0 | L1 20 | N1 16\nday 5 | L1 absent | N1 8\nday 9 | L1 absent | N1 {now}")
    assert found[-1].overall.category == category


@pytest.mark.parametrize(
    ("now", "category"),
    [("L1 present | N1 8", "PD"), ("L1 absent | N1 present", "PD"), ("L1 ne | N1 8", "NE"), ("L1 absent | N1 9", "CR")],
)
def test_strict_a_target_that_is_present_again_is_back_without_a_number_too(now: str, category: str) -> None:
    found = recist(f"day 0 | L1 20 | N1 16\nday 5 | L1 absent | N1 8\nday 9 | {now}")
    assert words(found) == f"BASELINE CR {category}"
    assert ("RESTATE_CR" in codes(found[-1])) is (category == "PD")


@pytest.mark.parametrize(
    ("now", "category"),
    [
        ("X present", "PD"),
        ("X absent | N2 9", "CR"),
        ("X absent | N2 10", "PD"),
        ("X absent | N2 present", "PD"),
    ],
)
def test_strict_a_non_target_is_back(now: str, category: str) -> None:
    text = f"day 0 | L1 20 | X non_target present | N2 12\nday 5 | L1 0 | X absent | N2 5\nday 9 | L1 0 | {now}"
    assert recist(text if "N2" in now else f"{text} | N2 5")[-1].overall.category == category


def test_strict_a_measured_lesion_that_is_back_proves_pd_although_another_has_no_value() -> None:
    found = recist("day 0 | L1 20 | L2 20\nday 5 | L1 0 | L2 0\nday 9 | L1 6 | L2 ne")
    assert words(found) == "BASELINE CR PD"


@pytest.mark.parametrize(
    ("now", "category", "confirm"),
    [
        ("5", Category.PD, False),
        ("5.0x3x3", Category.PD, False),
        ("4.9", Category.PR, True),
        ("too_small", Category.PR, True),
        ("absent", Category.CR, False),
    ],
)
def test_a_site_is_pd_from_a_measured_5_mm_on(now: str, category: Category, confirm: bool) -> None:
    text = f"day 0 | L1 20\nday 5 | L1 absent\nday 9 | L1 {now}"
    answer = breast(text)
    assert per_site(text)[-1].overall.category is category
    assert [r.to_confirm for r in answer.regrowths] == [True] * confirm
    assert answer.sites[0].regrowth_to_confirm is confirm
    if category is Category.PD:
        assert [p.kind for p in answer.progressions] == [ProgressionKind.REAPPEARANCE]
        assert answer.headline is Headline.PROGRESSIVE


def test_a_site_keeps_its_arithmetic_category_whether_or_not_a_complete_response_stood() -> None:
    text = "day 0 | L1 20 | L2 20\nday 5 | L1 absent | L2 12\nday 9 | L1 3 | L2 12"
    assert words(per_site(text)) == "BASELINE PR PR"


def test_a_small_site_that_is_back_is_held_although_above_its_limit() -> None:
    found = per_site("day 0 | L1 6\nday 5 | L1 absent\nday 9 | L1 4.9")[-1]
    assert (found.overall.category, found.held) == (Category.PR, True)


@pytest.mark.parametrize(
    ("course", "category", "new"),
    [
        ("16 8 9.9", "CR", NewLesions.NO),
        ("16 8 10", "PR", NewLesions.EQUIVOCAL),
        ("16 8 12.9", "PR", NewLesions.EQUIVOCAL),
        ("16 8 13", "PD", NewLesions.NO),
        ("16 0 10", "PD", NewLesions.NO),
        ("60 9 13.9", "PR", NewLesions.EQUIVOCAL),
    ],
)
def test_a_node_once_pathological_is_pd_only_with_both_limits(course: str, category: str, new: NewLesions) -> None:
    first, second, third = course.split()
    text = f"day 0 | N1 {first}\nday 5 | N1 {second}\nday 9 | N1 {third}"
    last = per_site(text)[-1]
    assert (last.overall.category, last.new_lesion) == (category, new)
    assert any(r.to_confirm for r in breast(text).regrowths) is (new is NewLesions.EQUIVOCAL)


def test_a_node_never_pathological_that_grows_is_an_equivocal_new_lesion() -> None:
    text = "day 0 | L1 20 | N1 9\nday 9 | L1 10 | N1 11"
    for found in (per_site(text)[-1], recist(text)[-1]):
        assert (found.overall.category, found.new_lesion) == (Category.PR, NewLesions.EQUIVOCAL)
    answer = breast(text)
    assert (answer.new_findings, answer.progressions) == ((), ())
    assert [(n.lesion_id, n.enlarged, n.course) for n in axilla(text).nodes] == [
        ("N1", True, NodeCourse.NEWLY_ABNORMAL)
    ]
    assert ("NODE_ENLARGED", "question") in [(i.code, i.outcome) for i in respond(text).issues]


def test_a_node_first_mentioned_later_is_normal_below_10_mm_and_undeclared_from_there() -> None:
    text = "day 0 | L1 20\nday 5 | L1 10 | N1 6\nday 9 | L1 absent | N1 {}"
    assert per_site(text.format("9"))[-1].new_lesion is NewLesions.NO
    assert per_site(text.format("9"))[-1].overall.category is Category.CR
    assert per_site(text.format("12"))[-1].new_lesion is NewLesions.EQUIVOCAL
    assert ("LES_NEW", "problem") in [(i.code, i.outcome) for i in respond(text.format("12")).issues]


@pytest.mark.parametrize(("now", "category"), [("11.9", "PR"), ("12", "PD")])
def test_a_node_back_from_nothing_needs_the_growth_in_mm_as_well(now: str, category: str) -> None:
    limits = Thresholds(pd_mm=Decimal(12))
    found = per_site(f"day 0 | N1 20\nday 5 | N1 absent\nday 9 | N1 {now}", limits=limits)
    assert found[-1].overall.category == category


def test_a_node_known_on_another_modality_is_not_a_grown_one() -> None:
    text = "day 0 US | N1 16\nday 0 MR | L1 20\nday 9 MR | L1 10 | N1 12"
    assert not {"LES_NEW", "NODE_ENLARGED"} & set(codes(respond(text)))
    assert breast(text).new_findings == ()


def test_a_node_declared_a_target_without_a_baseline_keeps_the_sum_open() -> None:
    assert words(per_site("day 0 | L1 20\nday 9 | L1 10 | N1 target 12")) == "BASELINE NE"


def test_a_node_grown_on_one_of_two_modalities_is_asked_about() -> None:
    text = "day 0 US | N1 9\nday 0 MR | N1 9\nday 9 US | N1 11\nday 9 MR | N1 9"
    assert "NODE_ENLARGED" in codes(respond(text))


@pytest.mark.parametrize(
    ("before", "now", "course"),
    [
        ("", "cortex:2 hilum:preserved", NodeCourse.NORMAL),
        ("", "cortex:5 hilum:absent", NodeCourse.NEWLY_ABNORMAL),
        ("", "cortex:2 hilum:effaced", NodeCourse.NEWLY_ABNORMAL),
    ],
)
def test_a_node_grown_from_a_normal_size_is_told_with_its_axilla(before: str, now: str, course: NodeCourse) -> None:
    text = f"day 0 US | L1 20 | N1 8 {before}\nday 9 US | L1 absent | N1 11 {now}"
    (node,) = axilla(text).nodes
    assert (node.enlarged, node.course) == (True, course)
    assert node.size_and_appearance_differ is (course is NodeCourse.NORMAL)
    assert breast(text).headline is Headline.COMPLETE


def test_a_new_finding_in_the_axilla_does_not_unsettle_the_breast() -> None:
    text = "day 0 US | L1 20\nday 9 US | L1 absent | N1 12"
    answer = breast(text)
    assert (answer.headline, [f.lesion_id for f in answer.new_findings]) == (Headline.COMPLETE, ["N1"])
    assert not axilla(text).nodes[0].enlarged


@pytest.mark.parametrize(("before", "new"), [("10", NewLesions.EQUIVOCAL), ("9.9", NewLesions.NO)])
def test_a_node_counts_as_once_pathological_from_10_mm(before: str, new: NewLesions) -> None:
    assert per_site(f"day 0 | N1 target {before}\nday 5 | N1 8\nday 9 | N1 10")[-1].new_lesion is new
