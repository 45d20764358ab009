"""Growth that must be told: progression on any imaging modality (decision l, row B5), growth short of it (row C10)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from reporter.case.vocabulary import Modality
from reporter.response.interface import (
    Category,
    Headline,
    Operand,
    Progression,
    ProgressionKind,
    Regrowth,
    Thresholds,
    Verdict,
)
from reporter.response.progression import progressed_sites
from tests.response.answers import breast, respond

SITE, SUM, NODE = ProgressionKind.SITE, ProgressionKind.SUM, ProgressionKind.NODE
NON_TARGET, NEW, BACK = ProgressionKind.NON_TARGET, ProgressionKind.NEW_LESION, ProgressionKind.REAPPEARANCE


def told(text: str) -> list[tuple[ProgressionKind, str | None, bool]]:
    """Kind, lesion, and whether it is of record."""
    return [(p.kind, p.lesion_id, p.of_record) for p in breast(text).progressions]


def numbers(found: Progression) -> tuple[str, ...]:
    return tuple("" if n is None else f"{n}" for n in (found.baseline, found.nadir, found.now))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("day 0 | A 20\nday 9 | A 30", [(SITE, "A", True)]),
        ("day 0 | A 20\nday 5 | A absent\nday 9 | A 6", [(BACK, "A", True)]),
        ("day 0 | N1 20\nday 5 | N1 absent\nday 9 | N1 16", [(NODE, "N1", False)]),
        ("day 0 | A 20 | B 20\nday 9 | A merged>B | B 60", [(SITE, "B", True)]),
        ("day 0 | A 20 | N1 16\nday 9 | A 60 | N1 merged>A", [(SITE, "A", True)]),
        ("day 0 | A skin present | B 20\nday 9 | A progressed | B 20", [(NON_TARGET, "A", True)]),
        ("day 0 | A skin present | N1 12\nday 9 | A present | N1 progressed", [(NON_TARGET, "N1", False)]),
        ("day 0 | A 20\nday 9 | A 20 | Z new covered 8", [(NEW, "Z", True)]),
        ("day 0 | A 20\nday 9 | A 20 | Z new uncovered 8", []),
        ("day 0 PT | A 20\nday 9 PT | A 30", []),
        ("day 0 EXAM | A 20\nday 9 EXAM | A 30", []),
    ],
)
def test_each_reason_for_progression_is_told_by_its_kind(
    text: str, expected: list[tuple[ProgressionKind, str | None, bool]]
) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("day 0 | A 20 | B 20\nday 9 | A 24 | B 24.9", [(SUM, None, True)]),
        ("day 0 | A 20 | B 20\nday 9 | A 25 | B 24.9", [(SITE, "A", True)]),
        ("day 0 | N1 20 | N2 20\nday 9 | N1 24 | N2 24.9", [(SUM, None, False)]),
        (
            "day 0 MR | A 20 | B 20\n+day 0 US | A 20 | B 20\nday 9 MR | A 20 | B 20\n+day 9 US | A 24 | B 24.9",
            [(SUM, None, False)],
        ),
        (
            "day 0 MR | A 20\n+day 0 | B 20 | C 20\nday 9 MR | A 20\n+day 9 | B 24 | C 24.9",
            [(SUM, None, False)],
        ),
    ],
)
def test_the_sum_is_told_where_no_single_site_progresses(
    text: str, expected: list[tuple[ProgressionKind, str | None, bool]]
) -> None:
    """Decision k: PD of the sum where no single site is PD is row B5 too; of record on one modality for all sites."""
    assert told(text) == expected


def test_each_modality_on_which_a_site_progresses_is_told_with_its_own_numbers() -> None:
    text = """
    day 0 US | A 20 | B 10
    day 0 MR | A 30 | B 10
    day 5 US | A 15 | B 10
    day 9 US | A 22 | B 10
    day 9 MR | A 40 | B 10
    """
    found = breast(text).progressions
    assert [(p.modality, p.of_record, *numbers(p)) for p in found] == [
        (Modality.MR, True, "30", "30", "40"),
        (Modality.US, False, "20", "15", "22"),
    ]
    assert [p.verdict.rule for p in found] == ["site.pd", "site.pd"]


def test_the_sum_is_told_with_its_numbers() -> None:
    (found,) = breast("day 0 | A 20 | B 20\nday 5 | A 19 | B 20\nday 9 | A 23 | B 24.9").progressions
    assert (found.modality, found.verdict.rule, *numbers(found)) == (None, "target.pd", "40", "39", "47.9")
    assert found.unit == "mm"


def test_a_new_lesion_is_told_with_its_size_on_each_modality_that_sees_it() -> None:
    text = "day 0 MR | A 20\n+day 0 US | A 20\nday 9 MR | A 20 | Z new covered 8\n+day 9 US | A 20 | Z 9"
    found = [p for p in breast(text).progressions if p.kind is NEW]
    assert [(p.modality, *numbers(p)) for p in found] == [(Modality.MR, "", "", "8"), (Modality.US, "", "", "9")]
    assert {(p.verdict.rule, p.verdict.lesion_ids) for p in found} == {("overall.new_lesion", ("Z",))}
    (silent,) = breast("day 0 MR | A 20\nday 9 MR | A 20 | Z new covered present").progressions
    assert numbers(silent) == ("", "", "")


def test_the_word_of_progression_of_a_lesion_without_a_baseline_there() -> None:
    text = "day 0 MR | A 20 | N1 16 | B 20\nday 9 US | A progressed | N1 progressed | B present"
    found = breast(text).progressions
    assert [(p.kind, p.lesion_id, p.of_record, p.without_baseline) for p in found] == [
        (NON_TARGET, "A", False, False),
        (NODE, "N1", False, False),
    ]
    assert [(p.verdict.rule, p.verdict.lesion_ids) for p in found] == [
        ("site.pd_unequivocal", ("A",)),
        ("site.pd_unequivocal", ("N1",)),
    ]


def test_a_site_that_came_back_on_another_modality_makes_the_headline_progressive() -> None:
    text = "day 0 MR | A 30\n+day 0 US | A 30\nday 5 US | A absent\nday 9 MR | A 15\n+day 9 US | A 6"
    found = breast(text)
    assert [(p.kind, p.of_record) for p in found.progressions] == [(BACK, False)]
    assert found.headline is Headline.PROGRESSIVE


# --- without a baseline ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [
        ("A 20", "A 25", [(SITE, "A")]),
        ("A 20", "A 24.9", []),
        ("A 30", "A 35.9", []),
        ("A 30", "A 36", [(SITE, "A")]),
        ("A 20", "A ne", []),
        ("A ne", "A 25", []),
        ("A 4", "A 9.5", [(SITE, "A")]),
        ("N1 5", "N1 10", [(NODE, "N1")]),
        ("N1 4", "N1 9.9", []),
        ("N1 16", "N1 21", [(NODE, "N1")]),
    ],
)
def test_growth_between_the_studies_at_hand_meets_both_limits_of_progression(
    before: str, now: str, found: list[tuple[ProgressionKind, str]]
) -> None:
    """Row A5: growth that meets the PD rule, of lesions known at baseline by another modality alone."""
    text = f"day 0 MR | A 30 | N1 16\nday 5 US | {before}\nday 9 US | {now}"
    assert [(p.kind, p.lesion_id) for p in breast(text).progressions] == found
    assert all(p.without_baseline and not p.of_record for p in breast(text).progressions)
    assert breast(text).headline is not Headline.PROGRESSIVE


def test_a_benign_lesion_that_grows_is_none() -> None:
    assert breast("day 5 | A benign 20\nday 9 | A 30", baseline=False).progressions == ()


def test_growth_without_a_baseline_names_the_numbers_that_it_is_told_by() -> None:
    (found,) = breast("day 5 | A 20\nday 7 | A 18\nday 9 | A 25", baseline=False).progressions
    assert (found.verdict.rule, found.verdict.lesion_ids) == ("site.pd_without_baseline", ("A",))
    assert found.verdict.operands == (
        Operand(name="now", value=Decimal(25), unit="mm"),
        Operand(name="nadir", value=Decimal(18), unit="mm"),
        Operand(name="pd_percent", value=Decimal(20), unit="%"),
        Operand(name="pd_mm", value=Decimal(5), unit="mm"),
    )
    assert numbers(found) == ("", "18", "25")


def test_a_lesion_with_a_baseline_is_judged_against_that_alone() -> None:
    (found,) = breast("day 0 | A 20\nday 5 | A 20\nday 9 | A 30").progressions
    assert (found.without_baseline, found.unit) == (False, "mm")


def test_without_a_baseline_of_the_case_each_target_is_followed_from_the_first_study() -> None:
    text = "day 5 | A 20 | S skin 5 | N1 9\nday 9 | A 30 | S 20 | N1 15"
    found = breast(text, baseline=False).progressions
    assert [(p.lesion_id, p.without_baseline) for p in found] == [("A", True)]


def test_without_a_baseline_the_sum_speaks_where_no_single_one_does() -> None:
    """Decision k: each grew by 20 %, but by 4 mm; together they grew by 8 mm."""
    answer = breast("day 5 | A 20 | B 20\nday 9 | A 24 | B 24", baseline=False)
    (found,) = answer.progressions
    assert (found.kind, found.lesion_id, found.without_baseline, *numbers(found)) == (SUM, None, True, "", "40", "48")
    assert found.verdict.lesion_ids == ("A", "B")
    assert answer.headline is Headline.NOT_EVALUABLE
    assert answer.regrowths == ()
    one_alone = breast("day 5 | A 20 | B 20\nday 9 | A 30 | B 20", baseline=False)
    assert [p.lesion_id for p in one_alone.progressions] == ["A"]
    assert breast("day 5 | A 20 | B 20\nday 9 | A 23 | B 23", baseline=False).progressions == ()
    assert breast("day 0 MR | A 40\nday 5 US | A 20 | B 20\nday 9 US | A 24 | B 24").progressions == ()
    (small,) = breast("day 5 | A 2 | B 2\nday 9 | A 4 | B 5", baseline=False).progressions  # 10 mm is a limit of nodes
    assert (small.kind, *numbers(small)) == (SUM, "", "4", "9")


@pytest.mark.parametrize(
    "text", ["day 5 | A 20 | B 20\nday 9 | A 21 | B ne", "day 5 | A 20 | B ne\nday 9 | A 21 | B 30"]
)
def test_without_a_baseline_a_sum_that_is_not_known_tells_nothing(text: str) -> None:
    assert breast(text, baseline=False).progressions == ()


def test_without_a_baseline_growth_of_a_small_site_is_told_once() -> None:
    answer = breast("day 5 | A 3\nday 9 | A 9", baseline=False)
    assert [p.lesion_id for p in answer.progressions] == ["A"]
    assert answer.regrowths == ()


def test_growth_of_a_non_target_is_not_asked_about_where_the_reader_calls_it_progressive() -> None:
    text = "day 0 MR | A 40 | X non_target 20\n+day 0 US | X 18\nday 9 MR | A 40 | X {}\n+day 9 US | X 26"
    assert [r.lesion_id for r in breast(text.format("20")).regrowths] == ["X"]
    called = breast(text.format("progressed"))
    assert [(p.kind, p.lesion_id) for p in called.progressions] == [(NON_TARGET, "X")]
    assert called.regrowths == ()


@pytest.mark.parametrize("kind", list(ProgressionKind))
def test_a_site_has_progressed_by_its_own_size_its_return_or_the_readers_word(kind: ProgressionKind) -> None:
    reason = Progression(kind=kind, modality=None, lesion_id="A", verdict=Verdict(category=Category.PD, rule="x"))
    assert progressed_sites((reason,)) == ({"A"} if kind in {SITE, BACK, NON_TARGET} else set())
    assert progressed_sites((replace(reason, without_baseline=True),)) == set()


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ("A 50 | B 20", []),
        ("A 56 | B 20", ["A", "sum"]),
        ("A 53 | B 23", ["sum"]),
        ("A 54.9 | B 20", []),
        ("A 60 | B 20", ["sum"]),
        ("A 70 | B 20", []),
    ],
)
def test_without_a_baseline_growth_short_of_the_rule_is_told_once(now: str, told: list[str]) -> None:
    """Row C10; growth that meets the rule is told by row A5, of a lesion and of the sum."""
    found = breast(f"day 5 | A 50 | B 20\nday 9 | {now}", baseline=False)
    by_rule = {p.lesion_id for p in found.progressions}
    assert [r.lesion_id or "sum" for r in found.regrowths if r.lesion_id not in by_rule or not by_rule] == told
    assert all(p.lesion_id not in {r.lesion_id for r in found.regrowths} for p in found.progressions)


@pytest.mark.parametrize(
    ("baseline", "told"),
    [
        ("A non_target 30", "A"),
        ("A present", "A"),
        ("A too_small", "A"),
        ("A skin present", "A"),
        ("N1 12", "N1"),
        ("N1 present", "N1"),
    ],
)
def test_a_non_target_is_one_on_a_modality_without_a_baseline_too(baseline: str, told: str) -> None:
    """2.5: no size of it is progression; its growth is told, and the reader asked (row C10)."""
    found = breast(f"day 0 MR | {baseline} | B 40\nday 5 US | {told} 12\nday 9 US | {told} 20\n+day 9 MR | B 40")
    assert found.progressions == ()
    assert [(r.lesion_id, r.modality, r.non_target) for r in found.regrowths] == [(told, Modality.US, True)]
    word = breast(f"day 0 MR | {baseline} | B 40\nday 9 US | {told} progressed\n+day 9 MR | B 40")
    assert [(p.lesion_id, p.modality) for p in word.progressions] == [(told, Modality.US)]


@pytest.mark.parametrize("baseline", ["A 30", "A target present", "N1 15"])
def test_a_target_by_any_modality_is_one_where_it_has_no_baseline(baseline: str) -> None:
    told = baseline.split(maxsplit=1)[0]
    both = f"day 0 MR | {baseline}\n+day 0 CT | {told} present\nday 5 US | {told} 12\nday 9 US | {told} 20"
    found = breast(both)
    assert [(p.lesion_id, p.without_baseline) for p in found.progressions] == [(told, True)]
    assert found.regrowths == ()


# --- growth short of progression -------------------------------------------------------------------------------------


def grown(text: str, **limits: Decimal) -> tuple[Regrowth, ...]:
    """What is told of growth in the left breast."""
    return respond(text, limits=Thresholds(**limits)).breasts[0].regrowths  # type: ignore[arg-type]


def test_growth_of_a_site_is_told_with_its_smallest_size_and_when_that_was() -> None:
    (found,) = grown("day 0 MR | A 50\nday 5 MR | A 48\nday 9 MR | A 53")
    assert found == Regrowth(
        lesion_id="A",
        modality=Modality.MR,
        baseline=Decimal(50),
        smallest=Decimal(48),
        smallest_time_point=1,
        smallest_day=dt.date(2026, 1, 6),
        now=Decimal(53),
    )


def test_growth_of_a_non_target_is_told_with_its_smallest_size_and_when_that_was() -> None:
    (found,) = grown("day 0 MR | A non_target 9\nday 5 MR | A 6\nday 9 MR | A 11")
    assert found == Regrowth(
        lesion_id="A",
        modality=Modality.MR,
        baseline=Decimal(9),
        smallest=Decimal(6),
        smallest_time_point=1,
        smallest_day=dt.date(2026, 1, 6),
        now=Decimal(11),
        non_target=True,
    )


@pytest.mark.parametrize(
    ("course", "found"),
    [
        ("50 55", [(False, False)]),
        ("50 54.9", []),
        ("20 24.9", []),
        ("20 25", []),
        ("10 6.9 7.5", [(True, False)]),
        ("10 6.9 6.95", []),
        ("20 absent 3", [(False, True)]),
        ("6 absent 4.9", [(True, True)]),
        ("50 45", []),
        ("50 50", []),
    ],
)
def test_growth_short_of_progression_is_told_from_5_mm_on_or_where_it_is_held_or_came_back(
    course: str, found: list[tuple[bool, bool]]
) -> None:
    text = "\n".join(f"day {9 * i} | A {size}" for i, size in enumerate(course.split()))
    assert [(r.held, r.to_confirm) for r in grown(text)] == found


@pytest.mark.parametrize(("course", "told_of"), [("50 50", 0), ("50 49", 0), ("50 50.1", 1)])
def test_where_any_growth_is_told_none_is_none(course: str, told_of: int) -> None:
    first, now = course.split()
    assert len(grown(f"day 0 | A {first}\nday 9 | A {now}", regrowth_mm=Decimal(0))) == told_of


def test_the_sum_is_told_beside_several_sites_only() -> None:
    assert [r.lesion_id for r in grown("day 0 | A 50\nday 9 | A 56")] == ["A"]
    assert [r.lesion_id for r in grown("day 0 | A 50 | B 50\nday 9 | A 56 | B 50")] == ["A", None]
    assert [r.lesion_id for r in grown("day 0 | A 50 | B 50\nday 9 | A 53 | B 53")] == [None]
    assert [r.to_confirm for r in grown("day 0 | A 20 | B 20\nday 5 | A absent | B absent\nday 9 | A 3 | B 3")] == [
        True,
        True,
        False,
    ]


def test_growth_of_lesions_that_have_merged_is_told_of_the_measured_one() -> None:
    assert [r.lesion_id for r in grown("day 0 | A 30 | B 30\nday 9 | A merged>B | B 66")] == ["B"]


def test_of_a_non_target_without_a_size_now_no_growth_is_told() -> None:
    assert grown("day 0 | A non_target 6\nday 9 | A ne") == ()


def test_growth_is_told_of_imaging_alone_and_never_at_baseline() -> None:
    assert grown("day 0 PT | A 50\n+day 0 EXAM | A 50\nday 9 PT | A 56\n+day 9 EXAM | A 56") == ()
    assert grown("day 0 | A 50\n+day 3 | A 56") == ()
