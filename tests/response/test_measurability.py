"""Whether targets were measurable at baseline (2.1): each limit exactly, and what the doubt says."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reporter.case.vocabulary import Modality
from reporter.response.interface import Assessment, Thresholds
from tests.response.answers import recist


def told(assessment: Assessment) -> list[str]:
    """Each doubt in one line: code, lesion, operands."""
    return [
        " ".join([i.code, i.lesion_id or "", *(f"{name} {value}" for name, value in i.operands.items())])
        for i in assessment.issues
    ]


@pytest.mark.parametrize(
    ("lesion", "doubts"),
    [
        pytest.param("L1 10 slice:5", [], id="10 mm on 5 mm slices"),
        pytest.param("L1 9.9 slice:5", ["MEASURABILITY L1 size 9.9 mm limit 10 mm"] * 2, id="under both limits"),
        pytest.param("L1 9.9 slice:4", ["MEASURABILITY L1 size 9.9 mm limit 10 mm"], id="under 10 mm"),
        pytest.param("L1 12 slice:6", [], id="twice the slice"),
        pytest.param("L1 11.9 slice:6", ["MEASURABILITY L1 size 11.9 mm limit 12 mm"], id="under twice the slice"),
        pytest.param("L1 15.9 slice:8", ["MEASURABILITY L1 size 15.9 mm limit 16 mm"], id="under twice 8 mm"),
        pytest.param("L1 30", ["MEASURABILITY_UNKNOWN L1"], id="slices not known"),
        pytest.param("L1 9", ["MEASURABILITY L1 size 9 mm limit 10 mm", "MEASURABILITY_UNKNOWN L1"], id="small too"),
        pytest.param("L1 ne slice:9", [], id="without a size"),
        pytest.param("N1 15 slice:5", [], id="a node of 15 mm"),
        pytest.param("N1 target 14.9 slice:5", ["MEASURABILITY N1 size 14.9 mm limit 15 mm"], id="a node under 15 mm"),
        pytest.param("N1 15 slice:5.1", ["NODE_SLICE N1 slice 5.1 mm"], id="a node on thicker slices"),
        pytest.param("N1 16 slice:9", ["NODE_SLICE N1 slice 9 mm"], id="twice the slice is not asked of a node"),
        pytest.param("X non_target 3 slice:9", [], id="a non-target"),
        pytest.param("B benign 3 slice:9", [], id="a benign one"),
    ],
)
def test_at_baseline(lesion: str, doubts: list[str]) -> None:
    assert told(recist(f"day 0 CT | {lesion}", Modality.CT)[0]) == doubts


@pytest.mark.parametrize("modality", ["CT", "MR"])
def test_slices_are_asked_of_ct_and_mri(modality: str) -> None:
    assert told(recist(f"day 0 {modality} | L1 30", Modality(modality))[0]) == ["MEASURABILITY_UNKNOWN L1"]


def test_and_of_nothing_else() -> None:
    assert told(recist("day 0 | L1 9 slice:9")[0]) == ["MEASURABILITY L1 size 9 mm limit 10 mm"]


@pytest.mark.parametrize(
    ("limits", "lesion", "doubts"),
    [
        (Thresholds(measurable_mm=Decimal(5)), "L1 5", []),
        (Thresholds(measurable_mm=Decimal(5)), "L1 4.9", ["MEASURABILITY L1 size 4.9 mm limit 5 mm"]),
        (Thresholds(node_target_mm=Decimal(12)), "N1 12", []),
        (Thresholds(node_target_mm=Decimal(12)), "N1 target 11", ["MEASURABILITY N1 size 11 mm limit 12 mm"]),
    ],
)
def test_the_limits_are_settings(limits: Thresholds, lesion: str, doubts: list[str]) -> None:
    assert told(recist(f"day 0 | {lesion}", limits=limits)[0]) == doubts


@pytest.mark.parametrize(
    ("then", "now", "doubts"),
    [
        ("L1 30 slice:3", "L1 20 slice:3.1", ["SLICE_THICKER L1 now 3.1 mm baseline 3 mm"]),
        ("L1 30 slice:3", "L1 20 slice:3", []),
        ("L1 30 slice:3", "L1 20 slice:1", []),
        ("L1 30 slice:3", "L1 20", []),
        ("L1 30", "L1 20 slice:3", ["MEASURABILITY_UNKNOWN L1"]),
        ("X non_target 30 slice:3", "X 20 slice:5", []),
    ],
)
def test_thicker_slices_than_at_baseline(then: str, now: str, doubts: list[str]) -> None:
    """2.4; of targets alone."""
    assert told(recist(f"day 0 CT | {then}\nday 9 CT | {now}", Modality.CT)[-1]) == doubts
