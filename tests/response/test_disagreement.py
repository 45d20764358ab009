"""Where criteria disagree, and the cause that their rules tell."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reporter.case.facts import Facts, Radiologist
from reporter.case.vocabulary import Modality, Side
from reporter.response.criteria.per_site import PerSite
from reporter.response.criteria.recist11 import Recist11
from reporter.response.criteria.volume import VolumeChange
from reporter.response.criteria.who import Who
from reporter.response.disagreement import disagreements
from reporter.response.interface import Disagreement
from tests.response.answers import respond


def told(found: Disagreement) -> tuple[str, ...]:
    """`per-site PR`, `who SD`, cause, whose."""
    sides = (f"{x.criterion} {x.category}" for x in (found.first, found.second))
    return (*sides, found.cause or "", found.by or "")


def found(text: str, *names: str) -> list[tuple[str, ...]]:
    """The disagreements of the last time point between the criteria named."""
    criteria = {c.id: c for c in (PerSite(), Recist11(), Who(), VolumeChange())}
    response = respond(text, *(criteria[name] for name in names))
    last = max(a.time_point for a in response.assessments)
    return [told(d) for d in response.disagreements if d.time_point == last]


CAUSES = [
    pytest.param(
        "day 0 US | L1 40\nday 9 US | L1 20",
        "recist-1.1",
        ("per-site PR", "recist-1.1 NE", "modality", "recist-1.1"),
        id="not accepted",
    ),
    pytest.param(
        "day 0 | L1 20 | R1 right 60\nday 9 | L1 6 | R1 73",
        "recist-1.1",
        ("per-site PR", "recist-1.1 SD", "targets", ""),
        id="both breasts added, and the category of neither alone",
    ),
    pytest.param(
        "day 0 | L1 40x30\nday 9 | L1 30x20 | Z new 9x9",
        "recist-1.1",
        ("per-site SD", "recist-1.1 PD", "new_lesion", "recist-1.1"),
        id="a new lesion whose area was not covered",
    ),
    pytest.param(
        "day 0 | L1 40\nday 9 | L1 20 | H1 organ:liver 9\nday 19 | L1 20",
        "recist-1.1",
        ("per-site PR", "recist-1.1 PR", "", ""),
        id="agree",
    ),
    pytest.param(
        "day 0 | L1 20 | L2 60 | N1 16\nday 5 | L1 absent | L2 60 | N1 16\nday 9 | L1 6 | L2 60 | N1 16",
        "recist-1.1",
        ("per-site PD", "recist-1.1 SD", "reappearance", "per-site"),
        id="one site came back",
    ),
    pytest.param(
        "day 0 | L1 50 | L2 50\nday 9 | L1 10 | L2 50",
        "recist-1.1",
        ("per-site MIXED", "recist-1.1 PR", "mixed", "per-site"),
        id="sites differ",
    ),
    pytest.param(
        "day 0 | L1 50 | H1 organ:liver 50\nday 9 | L1 30 | H1 50",
        "recist-1.1",
        ("per-site PR", "recist-1.1 SD", "targets", ""),
        id="another organ",
    ),
    pytest.param(
        "day 0 | L1 50 | L2 10\nday 9 | L1 49 | L2 15",
        "recist-1.1",
        ("per-site PD", "recist-1.1 SD", "least_good_site", "per-site"),
        id="one site has grown, their sum has not",
    ),
    pytest.param(
        "day 0 | L1 100x100\nday 5 | L1 60x100\nday 9 | L1 71x100",
        "who",
        ("per-site PR", "who SD", "held", "per-site"),
        id="held",
    ),
    pytest.param(
        "day 0 | L1 40x30 | N1 20x16\nday 9 | L1 absent | N1 9x8",
        "who",
        ("per-site CR", "who PR", "nodes", "per-site"),
        id="a node of normal size",
    ),
    pytest.param(
        "day 0 | L1 40x40\nday 9 | L1 30x20",
        "who",
        ("per-site SD", "who PR", "products", "who"),
        id="two diameters",
    ),
    pytest.param(
        "day 0 | L1 40x40\nday 9 | L1 40x60",
        "who",
        ("per-site SD", "who PD", "products", "who"),
        id="two diameters, of which one has grown",
    ),
    pytest.param(
        "day 0 | L1 40x30 | N1 non_target 12x12\nday 5 | L1 absent | N1 absent\nday 9 | L1 absent | N1 9x9",
        "who",
        ("per-site CR", "who PD", "reappearance", "who"),
        id="a node of normal size came back",
    ),
    pytest.param(
        "day 0 | L1 40x40\nday 9 | L1 20", "who", ("per-site PR", "who NE", "one_diameter", "who"), id="one diameter"
    ),
    pytest.param(
        "day 0 | L1 20x10 | R1 right 40x40\nday 9 | L1 10x10 | R1 40x40",
        "who",
        ("per-site PR", "who SD", "both_sides", "who"),
        id="the other breast",
    ),
]


@pytest.mark.parametrize(("text", "other", "expected"), CAUSES)
def test_cause(text: str, other: str, expected: tuple[str, ...]) -> None:
    agree = expected[0].split()[1] == expected[1].split()[1]
    assert found(text, "per-site", other)[:1] == ([] if agree else [expected])


@pytest.mark.parametrize("other", ["who", "recist-1.1"])
def test_a_new_cancer_of_the_other_breast_is_no_progression_of_this_one(other: str) -> None:
    assert found("day 0 | L1 40x30\nday 9 | L1 40x30 | R right new covered malignant 9x9", "per-site", other) == [
        ("per-site SD", f"{other} PD", "new_lesion", other),
        ("per-site NED", f"{other} PD", "new_lesion", "per-site"),
    ]


def test_every_pair_that_disagrees_at_every_time_point() -> None:
    text = "day 0 | L1 40x40\nday 9 | L1 30x20\nday 19 | L1 30x40 | Z new 9x9"
    response = respond(text, PerSite(), Recist11(), Who())
    assert [(d.time_point, *told(d)[:2]) for d in response.disagreements] == [
        (1, "per-site SD", "who PR"),
        (1, "recist-1.1 SD", "who PR"),
        (2, "per-site SD", "recist-1.1 PD"),
        (2, "per-site SD", "who PD"),
    ]
    assert {(d.side, d.first.side) for d in response.disagreements} == {(Side.LEFT, Side.LEFT), (None, None)}


def test_each_modality_by_itself_with_its_change() -> None:
    text = "day 0 MR | L1 40x40\nday 0 US | L1 40x40\nday 9 MR | L1 30x20\nday 9 US | L1 40x40"
    (one,) = respond(text, PerSite(), Who()).disagreements
    assert one.modality is Modality.MR
    assert one.first.change is not None
    assert one.second.change is not None
    assert (one.first.change.percent, one.second.change.percent) == (Decimal(-25), Decimal("-62.5"))


def test_another_word_for_the_same_and_numbers_alone_are_no_disagreement() -> None:
    assert found("day 0 | X skin present\nday 9 | X present", "recist-1.1", "who") == []
    assert found("day 0 | L1 40x40 vol:9\nday 9 | L1 20x20 vol:1", "per-site", "volume") == []
    assert found("day 0 | L1 40x40\nday 9 | L1 20x20", "per-site") == []


def test_a_whole_patient_is_held_against_each_breast() -> None:
    text = "day 0 | L1 40 | R1 right 10\nday 9 | L1 40 | R1 3"
    assert found(text, "per-site", "recist-1.1") == [("per-site PR", "recist-1.1 SD", "both_sides", "recist-1.1")]


def test_a_restated_complete_response_is_none_to_both() -> None:
    entry = Radiologist(side=Side.LEFT, restate=True)
    text = "day 0 | L1 20x20\nday 5 | L1 absent\nday 9 | L1 4x4"
    response = respond(text, Recist11(), Who(), facts=Facts(radiologist=(entry,)))
    assert [told(d) for d in response.disagreements] == []


def test_the_order_of_assessments_is_kept() -> None:
    response = respond("day 0 | L1 40x40\nday 9 | L1 30x20", Who(), PerSite())
    assert disagreements(response.assessments) == response.disagreements
