"""What the size criteria share: non-targets and their fragments, what keeps a CR away, doubts, who is listed."""

from __future__ import annotations

import pytest

from reporter.case.issue import Outcome
from reporter.case.vocabulary import Modality
from reporter.response.interface import Assessment, Category
from tests.response.answers import codes, mm, per_site, recist, told, words


def doubts(assessment: Assessment) -> list[tuple[str, str | None]]:
    return [(issue.code, issue.lesion_id) for issue in assessment.issues]


def listed(assessments: list[Assessment]) -> list[list[str]]:
    return [[result.point.lesion_id for result in a.lesions] for a in assessments]


# --- non-targets (2.5) ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("then", "now", "verdict"),
    [
        ("X non_target 8", "X 8", "NON-CR/NON-PD non_target.persists X"),
        ("X non_target 8", "X absent", "CR non_target.cr X"),
        ("X non_target 8", "X present", "NON-CR/NON-PD non_target.persists X"),
        ("X non_target 8", "X not_imaged", "NE non_target.ne X"),
        ("L1 20 | X non_target 8", "L1 20", "NE non_target.ne X"),
        ("X non_target 8 | Y non_target 8", "X progressed | Y ne", "PD non_target.pd X"),
        ("X non_target 8 | Y non_target 8", "X ne | Y 8", "NE non_target.ne X"),
        ("X non_target 8 | Y non_target 8", "X absent | Y 8", "NON-CR/NON-PD non_target.persists Y"),
        ("N1 12", "N1 9.9", "CR non_target.cr N1"),
        ("N1 12", "N1 10", "NON-CR/NON-PD non_target.persists N1"),
        ("N1 12", "N1 present", "NON-CR/NON-PD non_target.persists N1"),
        ("N1 12", "N1 absent", "CR non_target.cr N1"),
        ("N1 12", "N1 ne", "NE non_target.ne N1"),
    ],
)
def test_when_a_non_target_is_gone(then: str, now: str, verdict: str) -> None:
    """A node under 10 mm short axis; anything else only when it is not there, however small."""
    assert told(per_site(f"day 0 | {then}\nday 9 | {now}")[-1].non_target) == verdict


def test_fragments_of_a_non_target_count_from_when_they_are_seen() -> None:
    found = recist("""
        day 0 | L1 target 20 | X non_target present
        day 5 | L1 20 | X present
        day 9 | L1 10 | X absent | X2 from>X present
    """)
    assert [told(a.non_target) for a in found] == [
        "BASELINE non_target.baseline X",
        "NON-CR/NON-PD non_target.persists X",
        "NON-CR/NON-PD non_target.persists X2",
    ]
    assert listed(found) == [["L1", "X"], ["L1", "X"], ["L1", "X2", "X"]]


def test_fragments_of_a_target_are_no_non_targets() -> None:
    last = recist("day 0 | L1 20 | X skin present\nday 9 | L1 5 | L1b from>L1 5 | X absent")[-1]
    assert (told(last.non_target), last.total) == ("CR non_target.cr X", mm(10)[0])


def test_a_lesion_known_at_baseline_is_no_fragment_whatever_a_row_says() -> None:
    last = recist("day 0 | L1 20 | X non_target present\nday 9 | L1 from>X 10 | X absent")[-1]
    assert told(last.non_target) == "CR non_target.cr X"
    lost = recist("day 0 | L1 20 | L2 10\nday 9 | L2 from>L1 10")[-1]
    assert doubts(lost) == [("LES_LOST", "L1")]


# --- what keeps a complete response away ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("then", "now", "category"),
    [
        pytest.param("10", "10", Category.NE, id="seen"),
        pytest.param("10", "absent", Category.CR, id="said to be gone"),
        pytest.param("10", None, Category.NE, id="a row that is missing takes nothing away"),
        pytest.param("10", "ne", Category.NE, id="nor does one without a value"),
        pytest.param("absent", None, Category.CR, id="gone then, and nothing since"),
        pytest.param("ne", "ne", Category.CR, id="never seen"),
        pytest.param("absent", "10", Category.NE, id="there again"),
    ],
)
def test_a_lesion_in_doubt_keeps_it_away_while_the_last_word_is_that_it_is_there(
    then: str, now: str | None, category: Category
) -> None:
    text = f"day 0 | L1 20 | Q uncounted {then}\nday 9 | L1 absent{'' if now is None else f' | Q {now}'}"
    for found in (per_site(text), recist(text)):
        assert found[-1].overall.category is category
        assert ("uncounted_lesion Q" in told(found[-1].overall)) is (category is Category.NE)


def test_what_is_seen_later_keeps_nothing_away_now() -> None:
    text = "day 0 | L1 20 | Q uncounted 10\nday 5 | L1 absent | Q absent\nday 9 | L1 absent | Q 10"
    assert words(per_site(text)) == words(recist(text)) == "BASELINE CR NE"


@pytest.mark.parametrize(
    ("said", "category"),
    [
        ("8", Category.NE),
        ("new equivocal 8", Category.CR),
        ("benign 8", Category.CR),
        ("new benign 8", Category.CR),
        ("absent", Category.CR),
    ],
)
def test_a_lesion_first_seen_later_keeps_it_away_until_it_is_declared(said: str, category: Category) -> None:
    text = f"day 0 | L1 20\nday 9 | L1 absent | Z {said}"
    assert per_site(text)[-1].overall.category is recist(text)[-1].overall.category is category


def test_a_lesion_known_on_another_modality_keeps_it_away_where_it_is_seen() -> None:
    text = "day 0 MR | L1 20\nday 0 US | L1 20 | L2 10\nday 9 MR | L1 absent | L2 {}"
    seen = per_site(text.format("8"), modality=Modality.MR)[-1]
    assert told(seen.overall) == "NE overall.uncounted_lesion L2"
    gone = per_site(text.format("absent"), modality=Modality.MR)[-1]
    assert told(gone.overall) == "CR overall.cr L1"


def test_a_modality_that_was_not_used_at_baseline_says_nothing_of_a_response() -> None:
    text = "day 0 MR | L1 30\nday 9 US | L1 absent"
    for found in (per_site(text, modality=Modality.US), recist(text, Modality.US)):
        assert found[-1].overall.category is Category.NE
    assert told(per_site(text, modality=Modality.US)[-1].overall) == "NE overall.no_baseline_on_modality"


# --- doubts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("day 0 | L1 20 | L2 9 non_target\nday 9 | L1 9", [("LES_LOST", "L2")], id="a known lesion"),
        pytest.param("day 0 | L1 20 | L2 ne\nday 9 | L1 9", [("LES_LOST", "L2")], id="known without a value"),
        pytest.param("day 0 | L1 20 | B benign 9\nday 9 | L1 9", [], id="a benign one"),
        pytest.param("day 0 | L1 20 | N1 8\nday 9 | L1 9", [], id="a normal node"),
        pytest.param("day 0 | L1 20\nday 5 | L1 9 | Z new 4\nday 9 | L1 9", [("LES_LOST", "Z")], id="a new one"),
        pytest.param("day 0 | L1 20\nday 5 | L1 9 | Z new ne\nday 9 | L1 9", [], id="one that was never seen"),
        pytest.param(
            "day 0 | L1 20\nday 5 | L1 9 | L1b from>L1 4\nday 9 | L1 9", [("LES_LOST", "L1b")], id="a fragment"
        ),
        pytest.param("day 0 | L1 20\nday 9 | L1b from>L1 4", [], id="measured in its fragment"),
        pytest.param(
            "day 0 | L1 20\nday 5 | L1 9 | L1b from>L1 4\nday 9 | L1b absent",
            [("LES_LOST", "L1")],
            id="not where the fragment is gone",
        ),
    ],
)
def test_a_lesion_without_a_row_is_missed(text: str, found: list[tuple[str, str]]) -> None:
    assert doubts(recist(text)[-1]) == found


def test_nothing_is_missed_before_it_was_seen() -> None:
    found = recist("day 0 | L1 20\nday 5 | L1 9\nday 9 | L1 9 | Z new 5 | L2 target 9")
    assert [doubts(a) for a in found] == [[], [], []]


def test_a_doubt_names_the_modality_and_the_unnamed_one_by_no_word() -> None:
    for modality, word in (("CT", "CT"), ("", "")):
        text = f"day 0 {modality} | L1 20 slice:1 | L2 20 slice:1\nday 9 {modality} | L1 9 slice:1"
        (issue,) = recist(text, Modality(modality) if modality else None)[-1].issues
        assert (issue.code, issue.outcome, dict(issue.operands)) == ("LES_LOST", Outcome.PROBLEM, {"modality": word})


@pytest.mark.parametrize(
    ("course", "mixed"),
    [
        pytest.param("20 | present vol:3", True, id="an axis, then a volume"),
        pytest.param("too_small | present vol:3", True, id="too small to have an axis, then a volume"),
        pytest.param("present vol:3 | present vol:2", False, id="volumes alone"),
        pytest.param("present vol:3 | absent | present vol:2", False, id="gone between is no other kind of size"),
        pytest.param("present vol:3 | 20", False, id="the axis is asked of the time point that lacks it"),
    ],
)
def test_kinds_of_size_are_mixed(course: str, mixed: bool) -> None:
    sizes = course.split(" | ")
    text = "\n".join(f"day {number} | L1 target {size}" for number, size in enumerate(sizes))
    assert ("RULE_MIX" in codes(recist(text)[-1])) is mixed


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("8", True),
        ("covered 8", True),
        ("uncovered 8", False),
        ("new 8", False),
        ("benign 8", False),
        ("absent", False),
        ("target 8", False),
    ],
)
def test_a_lesion_first_seen_later_and_not_declared_is_a_problem(said: str, asked: bool) -> None:
    for found in (recist, per_site):
        last = found(f"day 0 | L1 20\nday 9 | L1 10 | Z {said}")[-1]
        assert (("LES_NEW", "Z") in doubts(last)) is asked


@pytest.mark.parametrize(
    ("lesion", "named"),
    [("calcification target", True), ("skin target", True), ("calcification", False), ("mass target", False)],
)
def test_a_target_that_can_be_none_is_named(lesion: str, named: bool) -> None:
    assert (("TARGET_KIND", "X") in doubts(recist(f"day 0 | X {lesion} 20")[0])) is named


# --- what is told of a lesion --------------------------------------------------------------------------------------


def test_sites_that_merged_stand_as_one_while_each_has_a_value() -> None:
    found = per_site("""
        day 0 | L1 20 | L2 10
        day 5 | L1 26 | L2 merged>L1
        day 9 | L1 22 | L2 ne
    """)
    merged, parted = found[1].lesions, found[2].lesions
    assert [(r.point.size and r.point.size.mm, r.baseline and r.baseline.mm) for r in merged] == [
        (mm(26)[0], mm(30)[0]),
        (mm(0)[0], mm(10)[0]),
    ]
    assert [(r.point.size and r.point.size.mm, r.baseline and r.baseline.mm) for r in parted] == [
        (mm(22)[0], mm(20)[0]),
        (None, mm(10)[0]),
    ]
    assert [r.verdict and r.verdict.category for r in parted] == [Category.NE, Category.NE]
    assert [r.nadir_time_point for r in merged] == [0, 0]


def test_the_smallest_of_each_lesion_and_when_it_was() -> None:
    last = recist("day 0 | L1 20 | X non_target 9\nday 5 | L1 12 | X 11\nday 9 | L1 15 | X 9")[-1]
    assert [(r.nadir and r.nadir.mm, r.nadir_time_point) for r in last.lesions] == [(mm(12)[0], 1), (mm(9)[0], 0)]
    assert [r.nadir for r in recist("day 0 | L1 20")[0].lesions] == [None]
    assert [r.baseline for r in recist("day 0 | L1 20\nday 5 | L1 9", baseline=False)[-1].lesions] == [None]


def test_a_new_lesion_stays_listed_without_a_row_and_a_fragment_too() -> None:
    found = recist("day 0 | L1 20\nday 5 | L1 9 | L1b from>L1 5 | Z new 5\nday 9 | L1 9\nday 19 | L1 9")
    assert listed(found) == [["L1"], ["L1", "L1b", "Z"], ["L1", "L1b", "Z"], ["L1", "L1b", "Z"]]
