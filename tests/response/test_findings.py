"""Nodes, markers, extent and concordance: what the report says beside the criteria."""

import pytest

from reporter.case.facts import Axilla, Clinical, Facts
from reporter.case.length import mm
from reporter.case.vocabulary import Hilum, LevelState, Location, Modality, Side
from reporter.response.appearance import appearance
from reporter.response.findings.extent import clock_quadrant
from reporter.response.interface import (
    Category,
    DiscordanceKind,
    Distribution,
    NodeAppearance,
    NodeCourse,
    Thresholds,
)
from tests.response.answers import axilla, breast, codes, respond
from tests.response.timeline import day

NORMAL, ABNORMAL = NodeAppearance.NORMAL, NodeAppearance.ABNORMAL
UNSURE, SILENT = NodeAppearance.INDETERMINATE, NodeAppearance.NOT_STATED


# --- nodes ---------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("S30")
@pytest.mark.parametrize(
    ("cortex", "hilum", "cortex_type", "expected"),
    [
        ("3", Hilum.PRESERVED, None, NORMAL),
        ("3.1", Hilum.PRESERVED, None, ABNORMAL),
        ("3.1", None, None, ABNORMAL),
        ("2", Hilum.ABSENT, None, ABNORMAL),
        (None, Hilum.ABSENT, None, ABNORMAL),
        ("2", Hilum.PRESERVED, 5, ABNORMAL),
        ("2", Hilum.PRESERVED, 6, ABNORMAL),
        ("2", Hilum.PRESERVED, 4, NORMAL),
        ("2", Hilum.EFFACED, None, UNSURE),
        ("3.5", Hilum.EFFACED, None, ABNORMAL),
        ("2", None, None, SILENT),
        (None, Hilum.PRESERVED, None, SILENT),
        (None, None, 2, SILENT),
    ],
)
def test_appearance(cortex: str | None, hilum: Hilum | None, cortex_type: int | None, expected: NodeAppearance) -> None:
    assert appearance(mm(cortex) if cortex else None, hilum, cortex_type, Thresholds()) is expected


FINE, BAD, DIM = "cortex:2 hilum:preserved", "cortex:5 hilum:preserved", "cortex:2 hilum:effaced"


@pytest.mark.requirement("S6")
@pytest.mark.parametrize(
    ("before", "now", "course"),
    [
        (FINE, FINE, NodeCourse.NORMAL),
        (BAD, FINE, NodeCourse.RESOLVED),
        (BAD, BAD, NodeCourse.PERSISTENTLY_ABNORMAL),
        (FINE, BAD, NodeCourse.NEWLY_ABNORMAL),
        ("", BAD, NodeCourse.ABNORMAL_BASELINE_NOT_STATED),
        (DIM, BAD, NodeCourse.ABNORMAL_BASELINE_NOT_STATED),
        (BAD, DIM, NodeCourse.INDETERMINATE),
        (f"malignant {FINE}", BAD, NodeCourse.NEWLY_ABNORMAL),
        (BAD, "", NodeCourse.NOT_STATED),
        ("malignant", BAD, NodeCourse.PERSISTENTLY_ABNORMAL),
        ("malignant", FINE, NodeCourse.RESOLVED),
        ("malignant", "", NodeCourse.NOT_STATED),
        ("", FINE, NodeCourse.NORMAL),
    ],
)
def test_course_of_a_node(before: str, now: str, course: NodeCourse) -> None:
    (node,) = axilla(f"day 0 US | N1 16 {before}\nday 9 US | N1 8 {now}").nodes
    assert node.course is course
    assert node.abnormal is (now == BAD)


def test_a_node_that_is_gone_counts_as_normal_now() -> None:
    assert axilla(f"day 0 US | N1 16 {BAD}\nday 9 US | N1 absent").nodes[0].course is NodeCourse.RESOLVED


def test_abnormal_now_with_baseline_not_stated_is_asked() -> None:
    found = respond(f"day 0 US | N1 16\nday 9 US | N1 8 {BAD}")
    assert [(i.lesion_id, i.side) for i in found.issues if i.code == "NODE_BASELINE_APPEARANCE"] == [("N1", Side.LEFT)]


def test_without_a_baseline_the_appearance_then_is_not_stated() -> None:
    (node,) = axilla(f"day 5 US | N1 16 {BAD}\nday 9 US | N1 8 {BAD}", baseline=False).nodes
    assert node.course is NodeCourse.ABNORMAL_BASELINE_NOT_STATED


def test_a_node_in_the_baseline_report_has_no_course_yet() -> None:
    (bad, fine, silent) = axilla(f"day 0 US | N1 16 {BAD} | N2 5 {FINE} | N3 5").nodes
    assert (bad.course, bad.abnormal, bad.category) == (NodeCourse.ABNORMAL_AT_BASELINE, False, Category.BASELINE)
    assert (fine.course, silent.course) == (NodeCourse.NORMAL, NodeCourse.NOT_STATED)


@pytest.mark.parametrize(
    ("size", "looks", "differ"), [("8", BAD, True), ("12", FINE, True), ("8", FINE, False), ("12", BAD, False)]
)
def test_size_and_appearance_are_held_side_by_side(size: str, looks: str, differ: bool) -> None:
    (node,) = axilla(f"day 0 US | N1 16 {BAD}\nday 9 US | N1 {size} {looks}").nodes
    assert node.size_and_appearance_differ is differ
    assert (node.category is Category.CR) is (size == "8")


def test_a_node_without_a_size_differs_from_nothing() -> None:
    assert not axilla(f"day 0 US | N1 16 {BAD}\nday 9 US | N1 ne {BAD}").nodes[0].size_and_appearance_differ


def test_ultrasound_is_asked_before_mri() -> None:
    text = f"day 0 US | N1 16 {BAD}\nday 0 MR | N1 18 {BAD}\nday 9 MR | N1 12 {BAD}\nday 9 US | N1 7 {FINE}"
    (node,) = axilla(text).nodes
    assert node.record is not None
    assert (node.record.point.modality, node.category, node.course) == (
        Modality.US,
        Category.CR,
        NodeCourse.RESOLVED,
    )
    assert [r.point.modality for r in node.results] == [Modality.US, Modality.MR]


def test_a_non_target_and_a_normal_node_have_categories_of_their_own() -> None:
    found = axilla("day 0 US | N1 12 | N2 6 | N3 16\nday 9 US | N1 11 | N2 6").nodes
    assert [n.category for n in found] == [Category.NON_CR_NON_PD, Category.NED, Category.NE]


@pytest.mark.requirement("S58")
def test_whether_the_axilla_was_assessed() -> None:
    text = "day 0 US | L1 20 | N1 16\nday 9 US | L1 10"
    assert not axilla(text).assessed
    assert axilla(f"{text} | N1 8").assessed
    counted = Facts(
        axilla=(
            Axilla(side=Side.LEFT, date=day(0), abnormal_nodes=3),
            Axilla(side=Side.LEFT, date=day(9), abnormal_nodes=0),
        )
    )
    found = axilla(text, facts=counted)
    assert (found.assessed, found.abnormal_baseline, found.abnormal_now) == (True, 3, 0)
    for state, assessed in ((LevelState.NORMAL, True), (LevelState.NOT_IMAGED, False)):
        levels = Facts(axilla=(Axilla(side=Side.LEFT, date=day(9), levels={Location.AXILLA_1: state}),))
        assert axilla(text, facts=levels).assessed is assessed


# --- extent --------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("S60")
@pytest.mark.parametrize(
    ("side", "hour", "quadrant"),
    [
        *[(Side.RIGHT, h, Location.UOQ) for h in (10, 11)],
        *[(Side.RIGHT, h, Location.UIQ) for h in (1, 2)],
        *[(Side.RIGHT, h, Location.LIQ) for h in (4, 5)],
        *[(Side.RIGHT, h, Location.LOQ) for h in (7, 8)],
        *[(Side.LEFT, h, Location.UIQ) for h in (10, 11)],
        *[(Side.LEFT, h, Location.UOQ) for h in (1, 2)],
        *[(Side.LEFT, h, Location.LOQ) for h in (4, 5)],
        *[(Side.LEFT, h, Location.LIQ) for h in (7, 8)],
        *[(side, h, None) for side in Side for h in (12, 3, 6, 9)],
        (None, 1, None),
    ],
)
def test_clock_and_quadrant(side: Side | None, hour: int, quadrant: Location | None) -> None:
    assert clock_quadrant(side, hour) is quadrant


@pytest.mark.requirement("S60")
@pytest.mark.parametrize(
    ("one", "other", "distribution"),
    [
        ("UOQ", "UOQ", Distribution.MULTIFOCAL),
        ("UOQ", "LIQ", Distribution.MULTICENTRIC),
        ("clock:1", "clock:2", Distribution.MULTIFOCAL),
        ("clock:1", "clock:7", Distribution.MULTICENTRIC),
        ("UOQ clock:12", "UOQ", Distribution.MULTIFOCAL),
        ("UOQ clock:7", "UOQ", Distribution.BORDER),
        ("clock:12", "UOQ", Distribution.BORDER),
        ("central clock:1", "UOQ", Distribution.BORDER),
        ("subareolar", "UOQ", Distribution.BORDER),
        ("axillary_tail", "UOQ", Distribution.BORDER),
        ("", "UOQ", Distribution.BORDER),
        ("benign", "UOQ", Distribution.SINGLE),
    ],
)
def test_distribution(one: str, other: str, distribution: Distribution) -> None:
    text = f"day 0 | A {one} 20 | B {other} 20\nday 9 | A 10 | B 10"
    assert breast(text).distribution is distribution
    assert ("QUADRANT_BORDER" in codes(respond(text))) is (distribution is Distribution.BORDER)


def test_two_quadrants_are_two_whatever_a_third_site_says() -> None:
    text = "day 0 | A UOQ 20 | B LIQ 20 | C central 20\nday 9 | A 10 | B 10 | C 10"
    assert breast(text).distribution is Distribution.MULTICENTRIC


@pytest.mark.requirement("S63")
def test_the_largest_residual_on_any_imaging_modality() -> None:
    text = """
    day 0 MR | A 30 | B 20
    day 0 US | A 28 | B 20
    day 9 MR | A 10 | B absent
    day 9 US | A 12 | B too_small
    day 9 PT | A 60
    day 9 EXAM | A 50
    """
    residual = breast(text).residual
    assert residual is not None
    assert (residual.lesion_id, residual.modality, str(residual.size)) == ("A", Modality.US, "12 mm")
    assert breast("day 0 | A 20\nday 9 | A absent").residual is None


@pytest.mark.requirement("S63")
def test_the_span_is_the_one_entered_now() -> None:
    assert breast("day 0 | A 20 span:90 | B 20\nday 9 | A 10 | B 10").span is None
    assert str(breast("day 0 | A 20 | B 20\nday 9 | A 10 span:60 | B 10 span:6cm").span) == "60 mm"
    text = "day 0 | A 20 | B 20\nday 9 | A 10 span:60 | B 10 span:70"
    assert breast(text).span is None
    (issue,) = [i for i in respond(text).issues if i.code == "SPAN_CONFLICT"]
    assert issue.operands == {"values": "60 mm / 70 mm"}


@pytest.mark.requirement("S31")
def test_calcifications_have_extent_and_change_and_no_category() -> None:
    text = (
        "day 0 MG | L1 30 | K calcification present extent:40\nday 9 MG | L1 absent | K present extent:38 change:same"
    )
    answer = breast(text)
    (found,) = answer.calcifications
    assert (str(found.baseline), str(found.now), found.change) == ("40 mm", "38 mm", "same")
    assert (found.assessed_now, found.absent_now) == (True, False)
    assert [s.lesion_id for s in answer.sites] == ["L1"]


def test_calcifications_by_their_long_axis_gone_or_not_assessed() -> None:
    text = "day 0 MG | L1 30 | K calcification 40\nday 9 {} | L1 absent{}"
    (by_axis,) = breast(text.format("MG", " | K 12")).calcifications
    assert (str(by_axis.baseline), str(by_axis.now)) == ("40 mm", "12 mm")
    (gone,) = breast(text.format("MG", " | K absent")).calcifications
    assert (str(gone.now), gone.absent_now) == ("0 mm", True)
    for other in ("US", "MG/right"):
        (unseen,) = breast(text.format(other, "")).calcifications
        assert (unseen.now, unseen.assessed_now) == (None, False)


def test_an_extent_on_the_row_of_a_mass_is_one_of_calcifications() -> None:
    (found,) = breast("day 5 MG | L1 30 extent:12\nday 9 MG | L1 20 extent:12", baseline=False).calcifications
    assert (found.lesion_id, found.baseline, str(found.now)) == ("L1", None, "12 mm")
    (bare,) = breast("day 0 MG | L1 30 extent:12\nday 9 MG | L1 20").calcifications
    assert bare.now is None


def test_modalities_that_looked_and_that_saw_the_site_at_baseline() -> None:
    text = "day 0 MR | L1 30\nday 0 US | L1 absent\nday 9 US | L1 absent\nday 9 MG | L1 absent\nday 9 PT | L1 10"
    answer = breast(text)
    assert answer.modalities_now == (Modality.US, Modality.MG)
    assert answer.modalities_saw_baseline == (Modality.MR,)
    assert breast("day 5 US | L1 30", baseline=False).modalities_saw_baseline == ()


# --- concordance ---------------------------------------------------------------------------------------------------

BOTH = "day 0 MR | L1 40\nday 0 US | L1 40\n"


def kinds(text: str, facts: Facts | None = None) -> list[DiscordanceKind]:
    return [d.kind for d in breast(text, facts=facts or Facts()).discordances]


@pytest.mark.requirement("S48")
@pytest.mark.parametrize(
    ("mri", "us", "expected"),
    [
        ("10", "20", []),
        ("10", "20.1", [DiscordanceKind.SIZE]),
        ("20.1", "10", [DiscordanceKind.SIZE]),
        ("48", "47.9", [DiscordanceKind.PROGRESSION]),
        ("48", "48", []),
        ("30", "ne", []),
        ("absent", "4.9", []),
        ("absent", "too_small", []),
        ("absent", "5", [DiscordanceKind.ABSENT]),
        ("5", "absent", [DiscordanceKind.ABSENT]),
        ("absent", "11", [DiscordanceKind.SIZE, DiscordanceKind.ABSENT]),
        ("absent", "absent", []),
    ],
)
def test_between_modalities(mri: str, us: str, expected: list[DiscordanceKind]) -> None:
    assert kinds(f"{BOTH}day 9 MR | L1 {mri}\nday 9 US | L1 {us}") == expected


def test_absent_on_one_that_saw_it_and_measured_on_one_without_a_baseline() -> None:
    assert kinds("day 0 MR | L1 40\nday 9 MR | L1 absent\nday 9 US | L1 5") == [DiscordanceKind.ABSENT]
    assert kinds("day 0 MR | L1 40\nday 0 US | L1 absent\nday 9 MR | L1 30\nday 9 US | L1 absent") == []
    assert kinds("day 0 MR | L1 40\nday 9 MR | L1 30\nday 9 US | L1 5") == []
    assert kinds("day 0 MR | L1 40\nday 9 MR | L1 absent\nday 9 PT | L1 30") == []


def exam(**said: bool) -> Facts:
    return Facts(clinical=(Clinical(side=Side.LEFT, date=day(9), palpable=said.get("palpable")),))


@pytest.mark.parametrize(
    ("palpable", "now", "expected"),
    [
        (True, "absent", [DiscordanceKind.PALPABLE]),
        (True, "10", []),
        (False, "10", []),
        (False, "absent", []),
    ],
)
def test_palpable_although_imaging_says_gone(palpable: bool, now: str, expected: list[DiscordanceKind]) -> None:
    text = f"day 0 US | L1 30\nday 9 US | L1 {now}"
    assert kinds(text, exam(palpable=palpable)) == expected
    own = Facts(clinical=(Clinical(side=Side.LEFT, date=day(9), lesion_id="L1", palpable=palpable),))
    assert kinds(text, own) == expected


def test_the_examination_as_a_modality_of_its_own() -> None:
    text = "day 0 US | L1 30\nday 0 EXAM | L1 30\nday 9 US | L1 {}\nday 9 EXAM | L1 {}"
    assert kinds(text.format("absent", "10")) == [DiscordanceKind.PALPABLE]
    assert kinds(text.format("20", "35")) == [DiscordanceKind.ENLARGING_BY_EXAM]
    assert kinds(text.format("20", "34.9")) == []
    assert kinds(text.format("31", "40")) == []
    assert breast(text.format("20", "35")).sites[0].contradicting_flag
    assert not breast(text.format("20", "30")).sites[0].contradicting_flag
    without = "day 0 EXAM | L1 30\nday 9 EXAM | L1 40"
    assert kinds(without) == []


@pytest.mark.parametrize(("size", "grown"), [("35", True), ("34.9", False)])
def test_enlarging_by_the_size_stated_in_the_facts(size: str, grown: bool) -> None:
    facts = Facts(
        clinical=(
            Clinical(side=Side.LEFT, date=day(0), size=mm(30)),
            Clinical(side=Side.LEFT, date=day(9), size=mm(size)),
        )
    )
    text = "day 0 US | L1 40\nday 9 US | L1 20"
    assert kinds(text, facts) == [DiscordanceKind.ENLARGING_BY_EXAM] * grown
    assert breast(text, facts=facts).sites[0].contradicting_flag is grown
    assert kinds("day 0 US | L1 40\nday 9 US | L1 41", facts) == []


def test_disagreement_as_stated() -> None:
    for lesion_id in (None, "L1"):
        said = Facts(clinical=(Clinical(side=Side.LEFT, date=day(9), lesion_id=lesion_id, exam_agrees=False),))
        (found,) = breast("day 0 US | L1 40\nday 9 US | L1 20", facts=said).discordances
        assert (found.kind, found.with_examination) == (DiscordanceKind.EXAM_STATED, True)


def test_at_baseline_nothing_is_discordant() -> None:
    assert kinds("day 0 MR | L1 40\nday 0 US | L1 20") == []


def test_a_palpable_benign_lump_alone_is_no_disagreement() -> None:
    assert kinds("day 0 US | F benign 12\nday 9 US | F absent", exam(palpable=True)) == []


def test_of_a_node_that_is_no_target_and_grew_the_appearance_is_asked_where_it_is_not_stated() -> None:
    assert "NODE_APPEARANCE" in codes(respond("day 0 US | N1 14\nday 9 US | N1 22"))
    assert "NODE_APPEARANCE" not in codes(respond(f"day 0 US | N1 14 {BAD}\nday 9 US | N1 22 {BAD}"))
