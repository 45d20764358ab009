"""Nodes after therapy: appearance, size and axilla, told limit by limit (2.10)."""

from __future__ import annotations

import pytest

from reporter.case.facts import Axilla, Facts
from reporter.case.vocabulary import ClinicalNode, LevelState, Location, Modality, Side
from reporter.response.interface import Category, NodeAppearance, NodeCourse, NodeResponse
from tests.response.answers import axilla, respond
from tests.response.timeline import day

FINE, BAD, DIM = "cortex:2 hilum:preserved", "cortex:5 hilum:preserved", "cortex:2 hilum:effaced"
NORMAL, ABNORMAL, SILENT = NodeAppearance.NORMAL, NodeAppearance.ABNORMAL, NodeAppearance.NOT_STATED


def node(text: str, *, baseline: bool = True) -> NodeResponse:
    """The only node of the left axilla."""
    (found,) = axilla(text, baseline=baseline).nodes
    return found


# --- appearance ----------------------------------------------------------------------------------------------------


@pytest.mark.requirement("S30")
@pytest.mark.parametrize(
    ("now", "looks"),
    [
        pytest.param(f"US | N1 8 {BAD}\nday 9 MR | N1 8 {FINE}", ABNORMAL, id="ultrasound before MRI"),
        pytest.param(f"US | N1 8\nday 9 MR | N1 8 {BAD}", ABNORMAL, id="MRI where ultrasound does not describe it"),
        pytest.param(f"US | N1 8 cortex:2\nday 9 MR | N1 8 {BAD}", SILENT, id="a cortex alone is a description"),
        pytest.param(f"US | N1 8 hilum:preserved\nday 9 MR | N1 8 {BAD}", SILENT, id="a hilum alone"),
        pytest.param(f"US | N1 8 type:6\nday 9 MR | N1 8 {FINE}", ABNORMAL, id="a type alone"),
        pytest.param(f"US | N1 8 type:2\nday 9 MR | N1 8 {BAD}", SILENT, id="a type that says nothing abnormal"),
        pytest.param("US | N1 absent", NORMAL, id="gone is normal"),
        pytest.param("US | N1 absent\nday 9 MR | N1 8", SILENT, id="gone on one modality and seen on another"),
        pytest.param("US | N1 absent\nday 9 MR | N1 ne", NORMAL, id="gone on one and not evaluable on another"),
        pytest.param("US | N1 ne", SILENT, id="not evaluable"),
        pytest.param("US | N1 not_imaged", SILENT, id="not imaged"),
        pytest.param("US", SILENT, id="no row"),
    ],
)
def test_how_a_node_looks_now(now: str, looks: NodeAppearance) -> None:
    assert node(f"day 0 US | N1 16\nday 9 {now}").appearance_now is looks


@pytest.mark.parametrize(
    ("then", "looked"),
    [
        ("N1 malignant 16", ABNORMAL),
        (f"N1 malignant 16 {FINE}", NORMAL),
        (f"N1 malignant 16 {DIM}", NodeAppearance.INDETERMINATE),
        ("N1 malignant absent", NORMAL),
        ("N1 malignant ne", SILENT),
        ("N1 pending 16", SILENT),
        ("N1 16", SILENT),
        (f"N1 16 {BAD}", ABNORMAL),
    ],
)
def test_how_a_node_looked_at_baseline(then: str, looked: NodeAppearance) -> None:
    """Proven malignant and seen there it was abnormal, where nothing else is described."""
    assert node(f"day 0 US | {then}\nday 9 US | N1 12 {BAD}").appearance_baseline is looked


def test_without_a_baseline_a_proven_node_looked_like_nothing_that_is_stated() -> None:
    found = node(f"day 5 US | N1 malignant 16 {BAD}\nday 9 US | N1 8 {BAD}", baseline=False)
    assert (found.appearance_baseline, found.course) == (SILENT, NodeCourse.ABNORMAL_BASELINE_NOT_STATED)


@pytest.mark.parametrize(
    ("then", "now", "course"),
    [
        pytest.param("8", "10", NodeCourse.NEWLY_ABNORMAL, id="from under 10 mm to 10 mm"),
        pytest.param("8", "9.9", NodeCourse.NOT_STATED, id="still under 10 mm"),
        pytest.param(f"8 {FINE}", f"11 {FINE}", NodeCourse.NORMAL, id="larger, and described as normal"),
        pytest.param(f"8 {FINE}", f"11 {DIM}", NodeCourse.NEWLY_ABNORMAL, id="larger, of indeterminate appearance"),
        pytest.param(f"8 {BAD}", "11", NodeCourse.NOT_STATED, id="larger, abnormal then, not described now"),
        pytest.param(f"8 {BAD}", f"11 {BAD}", NodeCourse.PERSISTENTLY_ABNORMAL, id="larger, abnormal then and now"),
        pytest.param("16", "12", NodeCourse.NOT_STATED, id="pathological from the beginning"),
    ],
)
def test_a_node_that_has_grown_from_a_normal_size(then: str, now: str, course: NodeCourse) -> None:
    """2.4: equivocal, no automatic PD; newly abnormal unless it is described as normal-appearing."""
    assert node(f"day 0 US | N1 {then}\nday 9 US | N1 {now}").course is course


@pytest.mark.parametrize(
    ("text", "enlarged"),
    [
        ("day 0 US | N1 9\nday 0 MR | N1 9\nday 9 US | N1 9\nday 9 MR | N1 11", True),
        ("day 0 US | N1 9\nday 9 US | N1 9", False),
        ("day 0 US | L1 20\nday 9 US | N1 11", False),
        ("day 0 US | N1 9\nday 9 US | N1 8\nday 9 MR | N1 12", False),
    ],
)
def test_enlarged_on_one_modality_is_enlarged_and_one_first_seen_now_is_not(text: str, enlarged: bool) -> None:
    assert node(text).enlarged is enlarged


@pytest.mark.parametrize(
    ("looks", "course"),
    [
        (BAD, NodeCourse.ABNORMAL_AT_BASELINE),
        (FINE, NodeCourse.NORMAL),
        (DIM, NodeCourse.INDETERMINATE),
        ("", NodeCourse.NOT_STATED),
    ],
)
def test_in_the_baseline_report_there_is_no_course_yet(looks: str, course: NodeCourse) -> None:
    found = node(f"day 0 US | N1 malignant 16 {looks}")
    assert (found.course, found.category) == (course, Category.BASELINE)


@pytest.mark.parametrize(
    ("sizes", "differ"),
    [
        (f"US | N1 9.9 {BAD}", True),
        (f"US | N1 10 {BAD}", False),
        (f"US | N1 10 {FINE}", True),
        (f"US | N1 9.9 {FINE}", False),
        (f"US | N1 9.9 {DIM}", False),
        (f"US | N1 12 {DIM}", False),
        (f"US | N1 8 {BAD}\nday 9 MR | N1 12\nday 9 CT | N1 12", True),
        (f"US | N1 12 {BAD}\nday 9 MR | N1 8\nday 9 CT | N1 8", False),
        (f"US | N1 8 {FINE}\nday 9 MR | N1 9.9\nday 9 CT | N1 10", True),
        (f"US | N1 8 {FINE}\nday 9 MR | N1 9.9\nday 9 CT | N1 9.9", False),
        (f"US | N1 8 {FINE}\nday 9 EXAM | N1 12", False),
        (f"US | N1 ne {BAD}\nday 9 MR | N1 8", True),
        (f"EXAM | N1 8\nday 9 US | N1 ne {BAD}", False),
    ],
)
def test_size_and_appearance_differ_by_the_first_modality_that_gives_a_size_and_a_normal_look_by_any(
    sizes: str, differ: bool
) -> None:
    text = f"day 0 US | N1 16 {BAD}\nday 0 MR | N1 16\nday 0 CT | N1 16\nday 9 {sizes}"
    assert node(text).size_and_appearance_differ is differ


def test_abnormal_now_is_asked_about_only_where_the_baseline_is_not_stated() -> None:
    text = f"""
        day 0 US | N1 16 | N2 16 {BAD} | N3 16 | N4 right 16
        day 9 US | N1 8 {BAD} | N2 8 {BAD} | N3 8 {FINE} | N4 8 {BAD}
    """
    asked = [
        (i.lesion_id, i.side, i.column, i.outcome) for i in respond(text).issues if i.code == "NODE_BASELINE_APPEARANCE"
    ]
    assert asked == [("N1", Side.LEFT, "cortex", "question"), ("N4", Side.RIGHT, "cortex", "question")]


# --- size ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "modality", "category"),
    [
        pytest.param(
            "day 0 US | N1 16\nday 0 MR | N1 12\nday 9 US | N1 11\nday 9 MR | N1 8",
            Modality.US,
            Category.PR,
            id="a target by ultrasound, none by MRI",
        ),
        pytest.param(
            "day 0 US | N1 16\nday 0 MR | N1 16\nday 9 US | N1 ne\nday 9 MR | N1 8",
            Modality.MR,
            Category.CR,
            id="ultrasound without a value",
        ),
        pytest.param("day 0 US | N1 12\nday 9 US | N1 9", Modality.US, Category.CR, id="no target"),
        pytest.param("day 0 US | N1 8\nday 9 US | N1 9", None, Category.NED, id="of normal size"),
        pytest.param("day 0 US | N1 benign 16\nday 9 US | N1 16", None, Category.NED, id="benign"),
        pytest.param(
            "day 0 US | N1 8\nday 0 MR | N1 16\nday 9 US | N1 9",
            None,
            Category.NE,
            id="normal on one, diseased on the other",
        ),
        pytest.param("day 0 US | N1 16\nday 9 MR | N1 8", None, Category.NE, id="no baseline on the modality"),
        pytest.param("day 0 EXAM | N1 20\nday 9 EXAM | N1 8", None, Category.NE, id="by hand is no size of record"),
        pytest.param("day 0 US | L1 20 | N1 malignant\nday 9 US | L1 10", None, Category.NE, id="no row at all"),
    ],
)
def test_the_category_of_a_node_is_that_of_its_modality_of_record(
    text: str, modality: Modality | None, category: Category
) -> None:
    found = node(text)
    assert (found.record and found.record.point.modality, found.category) == (modality, category)


def test_nodes_of_the_other_side_and_masses_are_no_nodes_of_this_axilla() -> None:
    text = "day 0 US | L1 20 | N1 16 | N2 right 16\nday 9 US | L1 10 | N1 9 | N2 9"
    assert [n.lesion_id for n in axilla(text).nodes] == ["N1"]
    assert [n.lesion_id for n in axilla(text, Side.RIGHT).nodes] == ["N2"]


@pytest.mark.parametrize(("said", "proven"), [("malignant", True), ("benign", False), ("pending", False), ("", False)])
def test_proven_is_what_a_biopsy_called_malignant(said: str, proven: bool) -> None:
    assert node(f"day 0 US | N1 {said} 16\nday 9 US | N1 9").proven is proven


@pytest.mark.parametrize(
    ("then", "now", "others"),
    [
        pytest.param("16", "US | N1 absent\nday 9 MR | N1 6", [Modality.MR], id="seen by the other alone"),
        pytest.param("16", "US | N1 6\nday 9 MR | N1 absent", [], id="seen by the one of record"),
        pytest.param("16", "US | N1 9.9\nday 9 MR | N1 10\nday 9 CT | N1 9", [Modality.MR], id="of normal size or not"),
        pytest.param("16", "US | N1 10\nday 9 MR | N1 9.9", [Modality.MR], id="the other way round"),
        pytest.param("16", "US | N1 10\nday 9 MR | N1 12", [], id="both large"),
        pytest.param("16", "US | N1 11\nday 9 MR | N1 22", [Modality.MR], id="both large, but far apart"),
        pytest.param("16", "US | N1 9\nday 9 EXAM | N1 22", [], id="no imaging"),
        pytest.param("16", "US | N1 9\nday 9 MR | N1 present", [], id="without a size"),
        pytest.param("16", "US | N1 absent\nday 9 MR | N1 present", [Modality.MR], id="seen alone, without a size"),
        pytest.param("16", "US | N1 absent\nday 9 MR | N1 ne", [], id="seen by none"),
        pytest.param("16", "US | N1 absent\nday 9 EXAM | N1 present", [], id="felt alone"),
        pytest.param("ne", "US | N1 8", [], id="nothing of record"),
        pytest.param("16", "US | N1 ne", [], id="nothing seen"),
    ],
)
def test_what_other_imaging_says_otherwise_of_a_size_is_named(then: str, now: str, others: list[Modality]) -> None:
    """Decision l: all are shown, the largest is named."""
    text = f"day 0 US | N1 {then}\nday 0 MR | N1 16\nday 0 CT | N1 16\nday 9 {now}"
    assert list(node(text).contradicted_by) == others


# --- axilla --------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("S58")
@pytest.mark.parametrize(
    ("now", "assessed", "modalities"),
    [
        ("US | N1 8", True, (Modality.US,)),
        ("MR | N1 8\nday 9 US | N1 8", True, (Modality.US, Modality.MR)),
        ("US | N1 absent", True, (Modality.US,)),
        ("US | N1 present", True, (Modality.US,)),
        ("US | N1 ne", False, ()),
        ("US | N1 not_imaged", False, ()),
        ("US | L1 10", False, ()),
        ("EXAM | N1 8", False, ()),
        ("PT | N1 8", False, ()),
    ],
)
def test_an_axilla_is_assessed_where_imaging_evaluates_a_node(
    now: str, assessed: bool, modalities: tuple[Modality, ...]
) -> None:
    found = axilla(f"day 0 US | L1 20 | N1 16\nday 9 {now}")
    assert (found.assessed, found.modalities_now) == (assessed, modalities)


@pytest.mark.parametrize(
    ("said", "assessed"),
    [
        (Axilla(side=Side.LEFT, date=day(9), abnormal_nodes=0), True),
        (Axilla(side=Side.LEFT, date=day(9), levels={Location.AXILLA_1: LevelState.NORMAL}), True),
        (Axilla(side=Side.LEFT, date=day(9), levels={Location.AXILLA_1: LevelState.NOT_IMAGED}), False),
        (
            Axilla(
                side=Side.LEFT,
                date=day(9),
                levels={Location.AXILLA_1: LevelState.NORMAL, Location.AXILLA_2: LevelState.NOT_IMAGED},
            ),
            True,
        ),
        (Axilla(side=Side.LEFT, date=day(9), clinical_node=ClinicalNode.POSITIVE), False),
        (Axilla(side=Side.RIGHT, date=day(9), abnormal_nodes=0), False),
        (Axilla(side=Side.LEFT, date=day(0), abnormal_nodes=2), False),
    ],
)
def test_or_where_its_nodes_are_counted_or_a_level_is_described(said: Axilla, assessed: bool) -> None:
    facts = Facts(axilla=(said,))
    assert axilla("day 0 US | L1 20 | N1 16\nday 9 US | L1 10", facts=facts).assessed is assessed


def test_the_number_of_abnormal_nodes_then_and_now() -> None:
    facts = Facts(axilla=tuple(Axilla(side=Side.LEFT, date=day(d), abnormal_nodes=n) for d, n in ((0, 3), (9, 1))))
    text = "day 0 US | N1 16\nday 9 US | N1 9"
    found = axilla(text, facts=facts)
    assert (found.abnormal_baseline, found.abnormal_now) == (3, 1)
    late = axilla(text, facts=facts, baseline=False)
    assert (late.abnormal_baseline, late.abnormal_now) == (None, 1)
    silent = axilla(text)
    assert (silent.abnormal_baseline, silent.abnormal_now) == (None, None)
