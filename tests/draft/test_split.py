"""A lesion that split: what is left of it is told wherever its size is, and never as gone."""

from decimal import Decimal

import pytest

from reporter.draft.drawing import Trend
from reporter.draft.figures import trend
from reporter.draft.speaker import Speaker
from tests.draft.cases import draft, kit, report, row, section
from tests.draft.test_contradictions import facts

SITE = {"biopsy_result": "malignant", "clip": "yes", "clip_seen": "yes"}
PIECE = {"biopsy_result": "malignant", "split_from": "L1"}
GONE = (
    row("2026-01-08", "MR", "L1", "40", **SITE),
    row("2026-04-06", "MR", "L1", "15", **SITE),
    row("2026-04-06", "MR", "L1b", "10", **PIECE),
    row("2026-07-13", "MR", "L1", status="absent", **SITE),
    row("2026-07-13", "MR", "L1b", "7", **PIECE),
)


def said(rows: tuple[dict[str, str], ...], title: str = "Impression") -> str:
    return " ".join(section(draft(rows, facts()), title).split())


@pytest.mark.requirement("S24")
def test_what_is_left_is_told_with_its_size() -> None:
    told = said(GONE)
    assert "Mass at 2 o'clock, MRI 40 -> 25 -> 7 mm (-82.5 %, together with L1b)." in told
    assert "Extent for surgery: largest residual 7 mm, with L1b added" in told
    assert "no enhancement" not in told


def test_the_table_names_it_beside_the_lesion_that_is_gone() -> None:
    assert "no enhancement; L1b 7 mm" in said(GONE, "Findings")


@pytest.mark.requirement("S63")
def test_of_several_sites_the_residual_is_the_one_that_split() -> None:
    others = (row("2026-01-08", "MR", "L2", "20", clock="5"), row("2026-07-13", "MR", "L2", "6", clock="5"))
    told = said((*GONE, *others))
    assert "40 -> 25 -> 7 mm, -82.5 %, together with L1b, partial response" in told
    assert "largest residual 7 mm, with L1b added (L1" in told


def test_one_too_small_to_measure_is_there() -> None:
    told = said((GONE[0], GONE[3], row("2026-07-13", "MR", "L1b", status="too_small", **PIECE)))
    assert "MRI 40 mm -> too small to measure (counted as 5 mm) (-87.5 %, together with L1b)" in told
    assert "largest residual too small to measure (counted as 5 mm)" in told


def test_two_too_small_count_twice() -> None:
    small = [row("2026-07-13", "MR", name, status="too_small", **PIECE) for name in ("L1b", "L1c")]
    assert "too small to measure (counted as 10 mm)" in said((GONE[0], GONE[3], *small))


def test_modalities_disagree_by_what_is_left() -> None:
    us = (row("2026-01-08", "US", "L1", "38", **SITE), row("2026-07-13", "US", "L1", status="absent", **SITE))
    assert "The modalities disagree: MRI 7 mm, US no mass." in said((*GONE, *us))


def test_a_trend_adds_what_it_split_into() -> None:
    told = report(GONE, facts())
    figure = trend(Speaker(told, kit().writer.phrases))
    assert figure is not None
    assert isinstance(figure.drawing, Trend)
    assert [c.sizes for c in figure.drawing.courses] == [(Decimal(40), Decimal(25), Decimal(7))]
    assert "40 mm" in figure.alt
    assert "7 mm" in figure.alt
    assert "no enhancement" not in figure.alt


@pytest.mark.parametrize(
    ("now", "sizes"),
    [
        pytest.param(
            (
                row("2026-07-13", "MR", "L1", status="absent", **SITE),
                row("2026-07-13", "MR", "L1b", "10", **PIECE),
                row("2026-07-13", "MR", "L1c", status="present", **PIECE),
            ),
            "seen, not measured (L1b 10 mm; L1c seen, not measured)",
            id="one of two",
        ),
        pytest.param(
            (
                row("2026-07-13", "MR", "L1", "12 x 8", **SITE),
                row("2026-07-13", "MR", "L1b", status="present", **PIECE),
            ),
            "12 x 8 mm (L1b seen, not measured)",
            id="its own beside a part",
        ),
    ],
)
@pytest.mark.requirement("S24")
def test_where_a_part_has_no_size_the_parts_are_told_one_by_one(now: tuple[dict[str, str], ...], sizes: str) -> None:
    told = said((GONE[0], *now))
    assert f"RESPONSE NOT EVALUABLE. Baseline MRI 40 mm, now MRI only: {sizes}. Not comparable" in told
    assert "Not counted" not in told


def test_a_part_is_told_where_nothing_is_known_of_the_rest_or_of_it() -> None:
    told = said((GONE[0], row("2026-07-13", "MR", "L1", status="not_evaluable", **SITE), GONE[4]))
    assert "no usable value at this time point (MRI: not evaluable (L1b 7 mm))" in told
    assert "now MRI only: 9 mm (L1b no value given)" in said((*GONE[:3], row("2026-07-13", "MR", "L1", "9", **SITE)))


def test_a_part_that_is_not_said_to_be_anything_is_not_counted_and_said_so() -> None:
    lost = row("2026-07-13", "MR", "L1c", "9", kind="", **PIECE)
    told = said((GONE[0], row("2026-07-13", "MR", "L1", status="present", **SITE), lost))
    assert "Not counted (see Open): L1c." in told
    assert "left, 2 o'clock: NOT CLASSIFIED, it is not said what it is: MRI 9 mm" in told


NODE = (
    row("2026-01-08", "US", "L1", "30", **SITE),
    row("2026-07-13", "US", "L1", status="absent"),
    row("2026-01-08", "US", "N1", "20", cortex="7", hilum="absent", biopsy_result="malignant"),
    row("2026-07-13", "US", "N1", status="absent"),
)


@pytest.mark.requirement("S30")
def test_a_node_of_which_a_normal_part_is_left_has_resolved() -> None:
    told = said((*NODE, row("2026-07-13", "US", "N1b", "6", cortex="2", hilum="preserved", split_from="N1")))
    assert "node N1, biopsy-proven, now looks normal (6 mm)." in told
    assert "A normal-looking node does not exclude residual nodal disease." in told
    assert "not stated: short axis" not in told


def test_a_node_of_which_an_abnormal_part_is_left_is_for_the_tumour_board() -> None:
    made = draft((*NODE, row("2026-07-13", "US", "N1b", "12", cortex="5", hilum="absent", split_from="N1")), facts())
    told = section(made, "Impression")
    assert "node N1, biopsy-proven, PERSISTENTLY ABNORMAL: short axis 20 -> 12 mm (-40 %, together with N1b)" in told
    assert "Node N1b, biopsy-proven, PERSISTENTLY ABNORMAL: short axis 12 mm, cortex 5 mm, hilum absent" in told
    assert section(made, "Escalation").startswith("Tumour board (radiologist, surgeon, medical oncologist)")
    assert "how did it look at baseline" not in section(made, "Open")
    assert "can be reactive" not in section(made, "Recommendation")
