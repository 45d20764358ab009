"""Where the findings beside the criteria stop: one row a limit, told by the decision that sets it."""

from __future__ import annotations

import pytest

from reporter.case.facts import Clinical, Facts
from reporter.case.length import mm
from reporter.case.vocabulary import Side
from reporter.response.criteria.per_site import PerSite
from reporter.response.criteria.recist11 import Recist11
from reporter.response.criteria.who import Who
from reporter.response.interface import Category, Criterion, DiscordanceKind
from tests.response.answers import breast, per_site, respond, words
from tests.response.timeline import day, timeline

PALPABLE, ENLARGING = DiscordanceKind.PALPABLE, DiscordanceKind.ENLARGING_BY_EXAM
GONE = "day 0 MR | L1 30\nday 90 MR | L1 absent"


def examined(*entries: Clinical) -> Facts:
    return Facts(clinical=entries)


def kinds(text: str, *entries: Clinical) -> list[tuple[DiscordanceKind, str | None]]:
    found = breast(text, facts=examined(*entries)).discordances
    return [(one.kind, one.lesion_id) for one in found if one.with_examination]


@pytest.mark.requirement("S48")
@pytest.mark.parametrize(
    ("when", "lesion_id", "found"),
    [(90, "L1", True), (0, "L1", False), (90, "L2", False)],
)
def test_an_examination_of_a_lesion_speaks_of_it_and_of_its_day(when: int, lesion_id: str, found: bool) -> None:
    """Decision v: palpable with imaging CR."""
    said = Clinical(side=Side.LEFT, lesion_id=lesion_id, date=day(when), palpable=True)
    assert ((PALPABLE, "L1") in kinds(GONE, said)) is found


@pytest.mark.parametrize(
    ("imaging", "exam", "found"),
    [
        ("absent", "20", True),
        ("absent", "too_small", True),
        ("absent", "present", True),
        ("absent", "absent", False),
        ("absent", "ne", False),
        ("20", "20", False),
    ],
)
def test_a_lesion_felt_that_imaging_does_not_show(imaging: str, exam: str, found: bool) -> None:
    """Decision v: a small residual that both find is not discordant."""
    text = f"day 0 MR | L1 30\n+day 0 EXAM | L1 30\nday 90 MR | L1 {imaging}\n+day 90 EXAM | L1 {exam}"
    assert ((PALPABLE, "L1") in kinds(text)) is found


@pytest.mark.parametrize(
    ("imaging", "exam", "found"),
    [("29.5", "25", True), ("30", "25", False), ("31", "25", False), ("29.5", "24.9", False), ("20", "25", True)],
)
def test_enlarging_by_examination_while_imaging_shrinks(imaging: str, exam: str, found: bool) -> None:
    """Decision v: from 5 mm on by examination, against any shrinkage on imaging."""
    text = f"day 0 MR | L1 30\n+day 0 EXAM | L1 20\nday 90 MR | L1 {imaging}\n+day 90 EXAM | L1 {exam}"
    assert ((ENLARGING, "L1") in kinds(text)) is found


@pytest.mark.parametrize(
    ("then", "now", "found"),
    [("20", "25", True), ("20", "24.9", False), (None, "25", False), ("20", None, False)],
)
def test_the_size_by_examination_of_the_breast(then: str | None, now: str | None, found: bool) -> None:
    entries = [
        Clinical(side=Side.LEFT, date=day(when), size=None if size is None else mm(size))
        for when, size in ((0, then), (90, now))
    ]
    assert ((ENLARGING, None) in kinds("day 0 MR | L1 30\nday 90 MR | L1 20", *entries)) is found


def test_a_benign_site_that_stays_does_not_hide_that_the_breast_is_palpable_with_a_complete_response() -> None:
    text = "day 0 MR | L1 30 | B1 benign 10\nday 90 MR | L1 absent | B1 10"
    assert (PALPABLE, None) in kinds(text, Clinical(side=Side.LEFT, date=day(90), palpable=True))


@pytest.mark.parametrize(
    ("text", "larger"),
    [
        ("day 0 MR | L1 20\nday 90 US | L1 21", ("L1",)),
        ("day 0 MR | L1 20\nday 90 US | L1 20", ()),
        ("day 0 MR | L1 0.5\nday 90 US | L1 3", ("L1",)),
        ("day 0 MR | L1 absent\n+day 0 US | L1 20\nday 90 MG | L1 10", ()),
        ("day 0 MR | L1 20\nday 90 PT | L1 30", ()),
    ],
)
def test_larger_now_on_another_modality_than_any_size_before(text: str, larger: tuple[str, ...]) -> None:
    """Row B8; gone at baseline on one modality is no size to compare with, PET never."""
    assert breast(text).larger_elsewhere == larger


@pytest.mark.parametrize(
    ("other", "category"),
    [("right", Category.CR), ("left", Category.NE), ("noside", Category.NE)],
)
def test_a_lesion_in_doubt_keeps_its_own_breast_from_a_complete_response(other: str, category: Category) -> None:
    """While a measured lesion is not counted no CR stands for that side."""
    doubt = "noside" if other == "noside" else f"{other} uncounted"
    text = f"day 0 | L1 30 | Q {doubt} 10\nday 90 | L1 absent | Q 8"
    assert breast(text).category is category


@pytest.mark.parametrize(
    ("said", "listed"),
    [
        ("benign clip", True),
        ("benign noclip", False),
        ("benign", False),
        ("malignant noclip", True),
        ("malignant", True),
    ],
)
def test_of_benign_sites_only_the_marked_have_a_marker(said: str, listed: bool) -> None:
    """Row D1."""
    found = breast(f"day 0 | L1 30 | B1 {said} 10\nday 90 | L1 20 | B1 10").markers
    assert ("B1" in {one.lesion_id for one in found}) is listed


@pytest.mark.parametrize("criterion", [PerSite(), Recist11(), Who()])
@pytest.mark.parametrize(
    ("now", "category"),
    [
        pytest.param("X1 progressed | X2 from>X1 present", "PD", id="what it came from"),
        pytest.param("X1 present | X2 from>X1 progressed", "PD", id="a fragment"),
        pytest.param("X2 from>X1 progressed", "PD", id="a fragment, in which it is seen"),
        pytest.param("X1 present | X2 from>X1 present", "PR", id="all there"),
        pytest.param("X1 absent | X2 from>X1 present", "PR", id="a fragment is left"),
        pytest.param("X2 from>X1 present", "PR", id="seen in its fragment"),
        pytest.param("X2 from>X1 absent", "CR", id="gone with its fragment"),
        pytest.param("X1 absent | X2 absent", "CR", id="both gone"),
        pytest.param("", "PR", id="not looked at"),
    ],
)
def test_fragments_of_a_non_target_speak_for_it(criterion: Criterion, now: str, category: str) -> None:
    """2.4, 2.5: neither unequivocal progression of a fragment nor what is left of one is lost."""
    target = "L1 absent" if category == "CR" else "L1 20x20"
    text = f"""
        day 0 | L1 target 30x30 | X1 non_target present
        day 60 | L1 20x20 | X1 present | X2 from>X1 present
        day 90 | {target} | {now}
    """.rstrip(" |\n")
    found = [a for a in criterion.assess(timeline(text)) if a.time_point == 2]
    assert [a.overall.category for a in found] == [category]


@pytest.mark.parametrize("criterion", [PerSite(), Recist11(), Who()])
@pytest.mark.parametrize("now", ["X1 absent | X2 present", "X1 absent", "X1 absent | X2 ne", "X2 present"])
def test_no_complete_response_while_a_fragment_of_a_non_target_may_be_left(criterion: Criterion, now: str) -> None:
    text = f"""
        day 0 | L1 target 30x30 | X1 non_target present
        day 60 | L1 20x20 | X1 present | X2 from>X1 present
        day 90 | L1 absent | {now}
    """
    (found,) = [a for a in criterion.assess(timeline(text)) if a.time_point == 2]
    assert found.overall.category is not Category.CR


@pytest.mark.parametrize(
    ("parent", "category"),
    [("", "PR"), ("L1 10 | ", "PR"), ("L1 ne | ", "NE"), ("L1 not_imaged | ", "NE")],
)
def test_the_parent_of_fragments_without_a_row_was_measured_in_them(parent: str, category: str) -> None:
    """2.4: without a row it is its fragments; stated not evaluable, it has no size."""
    assert words(per_site(f"day 0 | L1 30\nday 90 | {parent}L2 from>L1 10"))[-2:] == category


def test_the_contrast_of_the_latest_silent_mri_is_asked_about() -> None:
    found = respond("day 0 MR | L1 30\nday 90 MR | L1 20", contrast=None).issues
    asked = [issue.study for issue in found if issue.code == "MR_CONTRAST_NOT_STATED"]
    assert asked == ["0090.01"]


@pytest.mark.parametrize(("mri", "still"), [("absent", True), ("20", False)])
def test_still_measured_is_said_of_what_the_record_calls_gone(mri: str, still: bool) -> None:
    """Decision l: CR does not stand while any other imaging modality measures the site."""
    text = f"day 0 MR | L1 30\n+day 0 US | L1 30\nday 90 MR | L1 {mri}\n+day 90 US | L1 20"
    assert bool(breast(text).sites[0].still_measured) is still


@pytest.mark.parametrize(("before", "code"), [("| N1 8", "NODE_ENLARGED"), ("", "LES_NEW")])
def test_a_node_that_has_reached_10_mm_is_settled_by_its_role(before: str, code: str) -> None:
    """2.4: normal at baseline, or not mentioned there."""
    issues = respond(f"day 0 | L1 30 {before}\nday 90 | L1 20 | N1 12").issues
    assert {issue.column for issue in issues if issue.lesion_id == "N1" and issue.code == code} == {"role"}


@pytest.mark.parametrize(("sides", "covered"), [("", True), ("/left", True), ("/right", False), ("/left/right", True)])
def test_images_of_the_other_breast_cover_nothing(sides: str, covered: bool) -> None:
    """Decision p: the area had been covered before by a comparable modality."""
    (found,) = breast(f"day 0 MR{sides} | L1 30\nday 90 MR | L1 20 | Z left new 9").new_findings
    assert bool(found.covering_studies) is covered
