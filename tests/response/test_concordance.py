"""Disagreement between modalities, and between examination and imaging, told whole (decision v)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from reporter.case.facts import Clinical, Facts
from reporter.case.length import mm
from reporter.case.vocabulary import Side
from reporter.response.interface import Thresholds
from tests.response.answers import respond
from tests.response.timeline import day


def disagreements(text: str, *entries: Clinical, limits: Thresholds | None = None) -> list[str]:
    """Each in one line: kind, lesion, and what the points say, as `MR 30`."""
    answer = respond(text, limits=limits, facts=Facts(clinical=entries)).breast(Side.LEFT)
    assert answer is not None
    found = []
    for one in answer.discordances:
        points = [f"{p.modality} {p.size.mm:f}" if p.size else f"{p.modality} {p.state}" for p in one.points]
        found.append(" ".join([one.kind, one.lesion_id or "breast", *points]))
    return found


def exam(*, palpable: bool | None = None, agrees: bool | None = None, lesion_id: str | None = None) -> Clinical:
    return Clinical(side=Side.LEFT, date=day(9), lesion_id=lesion_id, palpable=palpable, exam_agrees=agrees)


BOTH = "day 0 MR | L1 40\nday 0 US | L1 40\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("day 9 MR | L1 30\nday 9 US | L1 19.9", ["size L1 MR 30 US 19.9"], id="sizes"),
        pytest.param("day 9 MR | L1 48\nday 9 US | L1 47", ["progression L1 MR 48 US 47"], id="progression on one"),
        pytest.param("day 9 MR | L1 48\nday 9 US | L1 ne", [], id="no category on the other"),
        pytest.param("day 9 MR | L1 absent\nday 9 US | L1 5", ["absent L1 MR 0 US 5"], id="gone and measured"),
        pytest.param(
            "day 9 MR | L1 equivocal 9\nday 9 US | L1 absent", [], id="gone and equivocal is no measured size"
        ),
        pytest.param("day 9 MR | L1 present\nday 9 US | L1 absent", [], id="gone and seen without a size"),
        pytest.param("day 9 MR | L1 present\nday 9 US | L1 20", [], id="one without a size"),
        pytest.param("day 9 MR | L1 20\nday 9 US | L1 present", [], id="the other without a size"),
        pytest.param(
            "day 9 MR | L1 absent\nday 9 US | L1 20\nday 9 CT | L1 absent",
            ["size L1 MR 0 US 20", "absent L1 MR 0 US 20"],
            id="only what saw it at baseline can call it gone",
        ),
        pytest.param("day 9 MR | L1 30\nday 9 US | L1 30\nday 9 EXAM | L1 60", [], id="the examination is no modality"),
        pytest.param("day 9 MR | L1 30\nday 9 US | L1 30\nday 9 PT | L1 60", [], id="nor is PET"),
    ],
)
def test_between_modalities(text: str, found: list[str]) -> None:
    assert disagreements(BOTH + text) == found


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("day 0 US | L1 40", "day 9 MR | L1 10\nday 9 US | L1 30"),
        ("day 0 MR | L1 40", "day 9 MR | L1 30\nday 9 US | L1 10"),
        ("day 0 MR | L1 40\nday 0 US | L1 absent", "day 9 MR | L1 30\nday 9 US | L1 10"),
        ("day 0 MR | L1 absent\nday 0 US | L1 40", "day 9 MR | L1 10\nday 9 US | L1 30"),
    ],
)
def test_sizes_are_held_against_each_other_only_where_both_saw_the_site_at_baseline(before: str, now: str) -> None:
    assert disagreements(f"{before}\n{now}") == []


@pytest.mark.parametrize(
    ("then", "now", "found"),
    [
        pytest.param(
            "present", "absent", ["size L1 MR 0 US 20", "absent L1 MR 0 US 20"], id="seen without a size and gone"
        ),
        pytest.param("present", "30.1", ["size L1 MR 30.1 US 20"], id="seen without a size and measured"),
        pytest.param("too_small", "absent", ["size L1 MR 0 US 20", "absent L1 MR 0 US 20"], id="too small and gone"),
        pytest.param("equivocal", "absent", ["size L1 MR 0 US 20", "absent L1 MR 0 US 20"], id="equivocal and gone"),
        pytest.param("absent", "absent", [], id="not there"),
        pytest.param("ne", "absent", [], id="not evaluable"),
    ],
)
def test_a_modality_saw_the_site_at_baseline_in_whatever_size(then: str, now: str, found: list[str]) -> None:
    assert disagreements(f"day 0 MR | L1 {then}\nday 0 US | L1 20\nday 9 MR | L1 {now}\nday 9 US | L1 20") == found


def test_a_lesion_merged_into_another_has_no_size_to_disagree_with() -> None:
    text = "day 0 {} | L1 20 | L2 15\nday 9 {} | L1 {} | L2 {}"
    both = (text.format("MR", "MR", "22", "merged>L1"), text.format("US", "US", "20", "15"))
    assert disagreements("\n".join(sorted("\n".join(both).splitlines()))) == []


def test_however_small_it_was_it_was_seen() -> None:
    text = "day 0 MR | L1 0.9\nday 0 US | L1 0.8\nday 9 MR | L1 12\nday 9 US | L1 1"
    assert disagreements(text) == ["size L1 MR 12 US 1", "progression L1 MR 12 US 1"]


def test_three_modalities_are_held_against_each_other_two_by_two() -> None:
    text = f"{BOTH}day 0 CT | L1 40\nday 9 MR | L1 30\nday 9 US | L1 10\nday 9 CT | L1 30"
    assert disagreements(text) == ["size L1 MR 30 US 10", "size L1 US 10 CT 30"]


def test_of_a_benign_site_nothing_is_told() -> None:
    text = "day 0 MR | L1 40 | B benign 40\nday 0 US | L1 40 | B 40\nday 9 MR | L1 30 | B 30\nday 9 US | L1 30 | B 10"
    assert disagreements(text) == []


@pytest.mark.parametrize(
    ("limits", "found"),
    [
        (Thresholds(discordance_mm=Decimal(5)), ["size L1 MR 20 US 14"]),
        (Thresholds(discordance_mm=Decimal(6)), []),
    ],
)
def test_how_far_sizes_may_differ_is_a_setting(limits: Thresholds, found: list[str]) -> None:
    assert disagreements(f"{BOTH}day 9 MR | L1 20\nday 9 US | L1 14", limits=limits) == found


@pytest.mark.parametrize(("limit", "found"), [("8", ["absent L1 MR 0 US 8"]), ("8.1", [])])
def test_from_what_size_it_contradicts_that_it_is_gone_is_a_setting(limit: str, found: list[str]) -> None:
    limits = Thresholds(discordance_absent_mm=Decimal(limit))
    assert disagreements(f"{BOTH}day 9 MR | L1 absent\nday 9 US | L1 8", limits=limits) == found


# --- with the examination ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("imaging", "felt", "found"),
    [
        ("absent", "20", ["palpable L1 EXAM 20 MR 0"]),
        ("absent", "too_small", ["palpable L1 EXAM 5 MR 0"]),
        ("absent", "present", ["palpable L1 EXAM present MR 0"]),
        ("absent", "progressed", ["palpable L1 EXAM unequivocal_progression MR 0"]),
        ("absent", "equivocal 9", []),
        ("absent", "absent", []),
        ("20", "20", []),
        ("29.9", "35", ["enlarging_by_exam L1 EXAM 35 MR 29.9"]),
        ("29.9", "34.9", []),
        ("30", "35", []),
    ],
)
def test_an_examination_beside_the_record(imaging: str, felt: str, found: list[str]) -> None:
    text = f"day 0 MR | L1 30\n+day 0 EXAM | L1 30\nday 9 MR | L1 {imaging}\n+day 9 EXAM | L1 {felt}"
    assert disagreements(text) == found


@pytest.mark.parametrize(
    ("said", "imaging", "found"),
    [
        (exam(palpable=True), "absent", ["palpable L1"]),
        (exam(palpable=True), "10", []),
        (exam(palpable=False), "absent", []),
        (exam(agrees=False), "10", ["exam_stated L1"]),
        (exam(agrees=True), "10", []),
        (exam(), "absent", []),
    ],
)
def test_what_is_stated_of_a_lesion(said: Clinical, imaging: str, found: list[str]) -> None:
    """Beside another entry that is silent; of another lesion it says nothing."""
    text = f"day 0 MR | L1 30\nday 9 MR | L1 {imaging}"
    assert disagreements(text, replace(said, lesion_id="L1"), exam(lesion_id="L1")) == found
    assert disagreements(text, replace(said, lesion_id="L2")) == []


@pytest.mark.parametrize(
    ("said", "sites", "found"),
    [
        (exam(palpable=True), "A absent | B absent", ["palpable breast"]),
        (exam(palpable=True), "A absent | B 10", []),
        (exam(palpable=False), "A absent | B absent", []),
        (exam(agrees=False), "A absent | B 10", ["exam_stated breast"]),
        (exam(agrees=True), "A absent | B absent", []),
    ],
)
def test_what_is_stated_of_a_breast(said: Clinical, sites: str, found: list[str]) -> None:
    """Palpable with a complete response is so only where every site that decides is gone."""
    assert disagreements(f"day 0 MR | A 30 | B 20\nday 9 MR | {sites}", said) == found


@pytest.mark.parametrize(
    ("then", "between", "now", "sites", "found"),
    [
        ("30", "20", "25", "A 20 | B 21", ["enlarging_by_exam breast"]),
        ("30", "20", "24.9", "A 20 | B 21", []),
        ("20", "30", "25", "A 20 | B 21", ["enlarging_by_exam breast"]),
        ("20", None, "25", "A 20 | B 21", ["enlarging_by_exam breast"]),
        ("20", "20", "25", "A 30 | B 21", []),
        (None, None, "25", "A 20 | B 20", []),
        ("20", "20", None, "A 20 | B 20", []),
    ],
)
def test_enlarging_by_the_size_that_is_stated(
    then: str | None, between: str | None, now: str | None, sites: str, found: list[str]
) -> None:
    """By at least 5 mm since the smallest stated, while one site or more shrinks on imaging."""
    entries = [
        Clinical(side=Side.LEFT, date=day(when), size=None if size is None else mm(size))
        for when, size in ((0, then), (5, between), (9, now))
    ]
    assert disagreements(f"day 0 MR | A 30 | B 20\nday 5 MR | A 30 | B 20\nday 9 MR | {sites}", *entries) == found


def test_the_baseline_has_no_disagreement() -> None:
    assert (
        disagreements("day 0 MR | L1 40\nday 0 US | L1 10", Clinical(side=Side.LEFT, date=day(0), exam_agrees=False))
        == []
    )


# --- nodes ---------------------------------------------------------------------------------------------------------

NODE = "day 0 US | N1 18\nday 0 MR | N1 18\n"


def of_node(text: str, limits: Thresholds | None = None) -> list[str]:
    """Of the only node of the axilla, each in one line."""
    answer = respond(text, limits=limits).axilla(Side.LEFT)
    assert answer is not None
    (found,) = answer.nodes
    return [
        " ".join([d.kind, *(f"{p.modality} {p.size.mm if p.size else p.state}" for p in d.points)])
        for d in found.discordances
    ]


@pytest.mark.requirement("S48")
@pytest.mark.parametrize(
    ("now", "found"),
    [
        pytest.param("US | N1 absent\nday 9 MR | N1 14", ["size US 0 MR 14", "absent US 0 MR 14"], id="gone, measured"),
        pytest.param("US | N1 absent\nday 9 MR | N1 10", ["absent US 0 MR 10"], id="at the limit of a node"),
        pytest.param("US | N1 absent\nday 9 MR | N1 9.9", [], id="both of normal size"),
        pytest.param("US | N1 absent\nday 9 MR | N1 present", [], id="no size"),
        pytest.param("US | N1 absent\nday 9 MR | N1 ne", [], id="not evaluable"),
        pytest.param("US | N1 6\nday 9 MR | N1 14", ["absent US 6 MR 14"], id="gone by its short axis (decision e)"),
        pytest.param("US | N1 14\nday 9 MR | N1 6", ["absent US 14 MR 6"], id="the other way round"),
        pytest.param("US | N1 9\nday 9 MR | N1 14", ["absent US 9 MR 14"], id="5 mm apart"),
        pytest.param("US | N1 9.1\nday 9 MR | N1 14", [], id="4.9 mm apart"),
        pytest.param("US | N1 9.9\nday 9 MR | N1 10", [], id="0.1 mm apart"),
        pytest.param("US | N1 10\nday 9 MR | N1 15", [], id="neither gone"),
        pytest.param("US | N1 1\nday 9 MR | N1 9.9", [], id="normal in size on both"),
        pytest.param("US | N1 7\nday 9 MR | N1 17", ["absent US 7 MR 17"], id="10 mm apart"),
        pytest.param("US | N1 13\nday 9 MR | N1 23", ["progression US 13 MR 23"], id="PD on one"),
        pytest.param("US | N1 absent\nday 9 EXAM | N1 14", [], id="the examination is no modality"),
        pytest.param("US | N1 absent\nday 9 CT | N1 14", ["absent US 0 CT 14"], id="without a baseline of its own"),
        pytest.param("US | N1 6\nday 9 CT | N1 14", ["absent US 6 CT 14"], id="the same, gone by its short axis"),
    ],
)
def test_between_modalities_about_a_node(now: str, found: list[str]) -> None:
    assert of_node(f"{NODE}day 9 {now}") == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("day 0 US | N1 6\nday 0 MR | N1 14\nday 9 US | N1 6\nday 9 MR | N1 14", [], id="never gone"),
        pytest.param(
            "day 0 US | N1 present\nday 0 MR | N1 14\nday 9 US | N1 6\nday 9 MR | N1 14", [], id="size not known"
        ),
        pytest.param(
            "day 0 US | N1 9\nday 0 MR | N1 14\nday 9 US | N1 absent\nday 9 MR | N1 10",
            ["absent US 0 MR 10"],
            id="absent",
        ),
        pytest.param("day 0 US | N1 absent\nday 0 MR | N1 14\nday 9 US | N1 absent\nday 9 MR | N1 14", [], id="unseen"),
        pytest.param(f"{NODE.replace('N1', 'N1 benign')}day 9 US | N1 absent\nday 9 MR | N1 14", [], id="benign"),
        pytest.param(NODE.replace("MR | N1 18", "MR | N1 40"), [], id="at baseline"),
    ],
)
def test_a_node_must_have_been_there_to_be_gone(text: str, found: list[str]) -> None:
    assert of_node(text) == found


@pytest.mark.parametrize(("limits", "found"), [("8", ["absent US 6 MR 14"]), ("8.1", [])])
def test_how_far_a_node_that_is_gone_is_from_one_that_is_not_is_a_setting(limits: str, found: list[str]) -> None:
    text = f"{NODE}day 9 US | N1 6\nday 9 MR | N1 14"
    assert of_node(text, Thresholds(discordance_absent_mm=Decimal(limits))) == found
