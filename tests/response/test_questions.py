"""What the rules find missing: each doubt with its lesion, side and column, and the nearest case that has none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reporter.case.issue import Issue, Outcome
from reporter.case.vocabulary import Side
from reporter.response.criteria.per_site import PerSite
from reporter.response.criteria.recist11 import Recist11
from reporter.response.evaluate import evaluate
from reporter.response.interface import Thresholds
from tests.response.answers import respond
from tests.response.timeline import timeline


def asked(text: str, code: str) -> list[tuple[str | None, Side | None, str | None, Outcome]]:
    """Lesion, side, column and outcome of each doubt of that code."""
    return [(i.lesion_id, i.side, i.column, i.outcome) for i in respond(text).issues if i.code == code]


LEFT, QUESTION, PROBLEM, NOTE = Side.LEFT, Outcome.QUESTION, Outcome.PROBLEM, Outcome.NOTE


@pytest.mark.parametrize(
    ("said", "now", "code", "column"),
    [
        ("", "", "CLIP_NOT_STATED", "clip"),
        ("clip", "", "CLIP_SEEN_NOT_STATED", "clip_seen"),
        ("clip", "seen", None, None),
        ("clip", "unseen", None, None),
        ("noclip", "", None, None),
        ("", "seen", None, None),
        ("skin", "", None, None),
        ("benign", "", None, None),
    ],
)
def test_whether_a_site_carries_a_marker_and_whether_it_was_seen_is_asked(
    said: str, now: str, code: str | None, column: str | None
) -> None:
    """Row B2; never at baseline, nor of skin."""
    text = f"day 0 | A {said} 20\nday 9 | A 10 {now}"
    found = [(i.code, i.lesion_id, i.side, i.column) for i in respond(text).issues if i.code.startswith("CLIP")]
    assert found == ([] if code is None else [(code, "A", LEFT, column)])
    assert not [i for i in respond(text, reported=0).issues if i.code.startswith("CLIP")]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("A", "BIOPSY_NOT_STATED"),
        ("A pending", "BIOPSY_PENDING"),
        ("N1", "BIOPSY_NOT_STATED"),
        ("N1 pending", "BIOPSY_PENDING"),
        ("A malignant", None),
        ("A benign", None),
        ("N1 malignant", None),
    ],
)
def test_a_biopsy_result_that_is_pending_or_not_stated_is_asked(said: str, code: str | None) -> None:
    """Decision k."""
    name = said.partition(" ")[0]
    text = f"day 0 | L malignant 20 | {said} 20\nday 9 | L 10 | {name} 10"
    found = [(i.code, i.lesion_id, i.side, i.column) for i in respond(text).issues if i.code.startswith("BIOPSY")]
    assert found == ([] if code is None else [(code, name, LEFT, "biopsy_result")])


@pytest.mark.parametrize(
    ("said", "found"),
    [("new 8", 1), ("8", 1), ("new covered 8", 0), ("new uncovered 8", 0), ("new benign 8", 0)],
)
def test_whether_the_area_of_a_new_finding_was_covered_before_is_asked(said: str, found: int) -> None:
    """Decision p."""
    text = f"day 0 | A 20\nday 9 | A 10 | Z {said}"
    assert asked(text, "COVERAGE_NOT_STATED") == [("Z", LEFT, "covered_before", QUESTION)] * found


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("clock:12", "UOQ", ["A"]),
        ("clock:12", "clock:6", ["A", "B"]),
        ("UOQ", "LIQ", []),
        ("skin clock:12", "UOQ", []),
        ("benign clock:12", "UOQ", []),
    ],
)
def test_of_several_sites_the_quadrant_of_one_on_a_border_is_asked(one: str, other: str, found: list[str]) -> None:
    """2.11: the distribution of skin and benign sites is not asked."""
    text = f"day 0 | A {one} 20 | B {other} 20\nday 9 | A 10 | B 10"
    assert asked(text, "QUADRANT_BORDER") == [(i, LEFT, "location", QUESTION) for i in found]


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [
        ("day 0 MR | A 20", "day 9 US | A 10", 1),
        ("day 0 MR | A 20", "day 9 US | A ne", 0),
        ("day 0 MR | A ne", "day 9 US | A 10", 0),
        ("day 0 MR | A 20", "day 9 US | A 10\n+day 9 MR | A 9", 0),
        ("day 0 MR | A benign 20", "day 9 US | A 10", 0),
        ("day 0 EXAM | A 20", "day 9 US | A 10", 0),
        ("day 0 MR | A 20", "day 9 EXAM | A 10", 0),
    ],
)
def test_a_site_that_no_one_modality_measured_both_times_is_noted(before: str, now: str, found: int) -> None:
    """Row B8."""
    assert asked(f"{before}\n{now}", "CROSS_MODALITY") == [("A", LEFT, None, NOTE)] * found


@pytest.mark.parametrize(
    ("before", "now", "code", "outcome"),
    [
        ("N1 9.9", "10", "NODE_ENLARGED", QUESTION),
        ("N1 9.9", "9.9", None, None),
        ("", "10", "LES_NEW", PROBLEM),
        ("", "9.9", None, None),
        ("N1 16", "18", None, None),
    ],
)
def test_a_node_that_has_reached_10_mm_is_asked_about_once_and_of_its_own_side(
    before: str, now: str, code: str | None, outcome: Outcome | None
) -> None:
    """2.4; the other breast is answered for too."""
    text = f"day 0 | A 20 | R right 20 | {before}".rstrip(" |") + f"\nday 9 | A 10 | R 10 | N1 {now}"
    found = [
        (i.code, i.side, i.column, i.outcome)
        for i in respond(text).issues
        if i.lesion_id == "N1" and i.code in {"NODE_ENLARGED", "LES_NEW"}
    ]
    assert {f for f in found if f[2] is not None} == ({(code, LEFT, "role", outcome)} if code else set())


@pytest.mark.parametrize(
    ("lesion", "now", "growth", "appearance"),
    [
        ("X non_target 6", "11", True, False),
        ("X non_target 6", "10.9", False, False),
        ("X 50", "55", False, False),
        ("N1 12", "17", True, True),
        ("N1 12", "17 cortex:5", True, False),
        ("N1 12", "17 cortex:2 hilum:preserved", True, False),
    ],
)
def test_whether_the_growth_of_a_non_target_is_progression_is_asked(
    lesion: str, now: str, growth: bool, appearance: bool
) -> None:
    """2.5: by the reader's word alone; of a node that is not described its appearance as well."""
    name, _, _ = lesion.partition(" ")
    text = f"day 0 | A 30 | {lesion}\nday 9 | A 10 | {name} {now}"
    assert asked(text, "NON_TARGET_GROWTH") == [(name, LEFT, "status", QUESTION)] * growth
    assert asked(text, "NODE_APPEARANCE") == [(name, LEFT, "cortex", QUESTION)] * appearance


@pytest.mark.parametrize(
    ("said", "now", "found"),
    [("new 20", "10", 1), ("target 20", "10", 0), ("20", "10", 0), ("new absent", "10", 0), ("new ne", "10", 0)],
)
def test_a_lesion_declared_new_that_was_there_at_baseline_is_a_problem(said: str, now: str, found: int) -> None:
    text = f"day 0 | A 30 | R right 20 | Z {said}\nday 9 | A 10 | R 10 | Z {now}"
    assert asked(text, "LES_NEW_AT_BASELINE") == [("Z", LEFT, "role", PROBLEM)] * found


@pytest.mark.parametrize(
    ("first", "second", "study"),
    [("MR", "MR", "0009.02"), ("MR", "US", "0000.00"), ("US", "US", None)],
)
def test_whether_mri_had_contrast_is_asked_once_of_the_latest_mri(first: str, second: str, study: str | None) -> None:
    text = f"day 0 {first} | A 20\nday 5 US | A 20\nday 9 {second} | A 10"
    found = [i for i in respond(text, contrast=None).issues if i.code == "MR_CONTRAST_NOT_STATED"]
    assert [(i.study, i.column, i.outcome) for i in found] == (
        [] if study is None else [(study, "breast.mri_contrast", QUESTION)]
    )


def test_the_latest_mri_is_so_by_its_date_whatever_its_key() -> None:
    case = timeline("day 0 MR | A 20\nday 9 MR | A 10", contrast=None)
    keys = {"0000.00": "1.2.9", "0009.01": "1.2.10"}
    renamed = replace(
        case,
        studies=tuple(replace(s, key=keys[s.key]) for s in case.studies),
        measurements=tuple(replace(m, study=keys[m.study]) for m in case.measurements),
        timeline=replace(
            case.timeline,
            time_points=tuple(replace(t, studies=tuple(keys[k] for k in t.studies)) for t in case.timeline.time_points),
        ),
    )
    found = evaluate(renamed, [PerSite()], Thresholds()).issues
    assert [i.study for i in found if i.code == "MR_CONTRAST_NOT_STATED"] == ["1.2.10"]


def test_contrast_of_an_mri_that_did_not_image_the_lesion_is_not_asked() -> None:
    text = "day 0 US | A 20\nday 9 US | A 10\n+day 9 MR | A not_imaged"
    assert not [i for i in respond(text, contrast=None).issues if i.code == "MR_CONTRAST_NOT_STATED"]


# --- doubts of the response as a whole -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("second", "now", "found"),
    [
        ("day 5 | B 20", "day 9 | A 10 | B 10", []),
        ("day 5 | A 20 | B 20", "day 9 | B 10", [PROBLEM]),
        ("day 5 | A 20 | B 20", "day 9 | B 10\n+day 9 US | A 10", [QUESTION]),
        ("day 5 | A 20 | B 20", "day 9 | B 10\n+day 9 US | A ne", [PROBLEM]),
        ("day 5 | A 20 | B 20\n+day 5 US | A 20", "day 9 | B 10", [PROBLEM]),
    ],
)
def test_a_row_that_is_missing_now_is_less_where_another_modality_has_a_value(
    second: str, now: str, found: list[Outcome]
) -> None:
    text = f"day 0 | A 30 | B 30\n{second}\n{now}"
    assert [i.outcome for i in respond(text).issues if i.code == "LES_LOST"] == found


@pytest.mark.parametrize(
    ("now", "found"),
    [
        ("day 9 US | A 10 | B 10", [PROBLEM]),
        ("day 9 US | A 10", [PROBLEM]),
        ("day 9 US | A 10 | B 10\n+day 9 MR | A 10 | B 10", [NOTE]),
        ("day 9 US | A 10 | B 10\n+day 9 MG | A 10 | B 10", [PROBLEM, PROBLEM]),
    ],
)
def test_a_modality_that_strict_recist_refuses_is_a_note_where_it_accepts_another_now(
    now: str, found: list[Outcome]
) -> None:
    text = f"day 0 US | A 30 | B 30\n+day 0 MR | A 30 | B 30\n{now}"
    for criteria in ([Recist11()], [Recist11(), PerSite()]):
        refused = [a for a in respond(text, *criteria).assessments if a.time_point == 1]
        assert [i.outcome for a in refused for i in a.issues if i.code == "CRIT_MODALITY"] == found


def test_doubts_stand_in_one_order_each_once() -> None:
    text = "day 0 | A 20 | B 20 | R right 20\nday 9 | A 10 | B 10 | R 10"
    found = respond(text, PerSite(), Recist11()).issues
    assert [i.order for i in found] == sorted({i.order for i in found})
    assert {(i.code, i.lesion_id) for i in found} >= {("BIOPSY_NOT_STATED", x) for x in ("A", "B", "R")}


def test_what_the_case_says_of_one_lesion_is_still_said_of_another() -> None:
    case = timeline("day 0 | A 20 | B 20\nday 9 | A 10 | B 10")
    said = Issue(code="BIOPSY_NOT_STATED", outcome=QUESTION, lesion_id="A")
    found = evaluate(replace(case, issues=(said,)), [PerSite()], Thresholds()).issues
    assert [i.lesion_id for i in found if i.code == "BIOPSY_NOT_STATED"] == ["B"]
