"""The worklist: the most urgent first, whom to tell, and what the report says."""

from __future__ import annotations

from operator import itemgetter

import pytest

from reporter.advice.interface import RoleTold, Urgency
from reporter.batch.cohort import Cohort
from reporter.batch.cohort_sheets import Row
from reporter.batch.outcome import Doubt, Outcome, SideSeen, WrittenFile
from reporter.batch.worklist import COLUMNS, draft_of, headline, key_of, worklist_sheet
from reporter.case.issue import Outcome as Severity
from reporter.case.vocabulary import Side
from reporter.pipeline import phrases_in
from reporter.response.interface import Category, Headline, NodeCourse
from tests.batch.outcomes import pending, quarantined, reported

WORDS = phrases_in("en")
SUMS = [(0, "100", Category.BASELINE), (60, "40", Category.PR)]
PROBLEM = Doubt(code="LES_LOST", outcome=Severity.PROBLEM, text="L2 has no value")


def rows_of(outcomes: list[Outcome]) -> list[Row]:
    """The worklist in its order."""
    cohort = Cohort()
    sheet = worklist_sheet(cohort, WORDS)
    found = [(key_of(outcome, cohort), [*sheet.rows_of(outcome)]) for outcome in cohort.passing_on(outcomes)]
    return [row for _, rows in sorted(found, key=itemgetter(0)) for row in rows]


def test_the_most_urgent_first_and_those_without_a_draft_before_those_without_urgency() -> None:
    outcomes = [
        *(reported(f"{urgency}", SUMS, urgency=urgency) for urgency in Urgency),
        quarantined("refused"),
        pending("pending"),
    ]
    rows = rows_of(outcomes)
    assert [row["patient_id"] for row in rows] == [
        "immediate",
        "prompt",
        "tumour_board",
        "before_next_cycle",
        "before_operation",
        "refused",
        "pending",
        "none",
    ]
    assert rows_of(outcomes[::-1]) == rows
    assert all(set(row) == set(COLUMNS) for row in rows)


def test_of_equal_urgency_the_one_with_more_problems_comes_first() -> None:
    rows = rows_of([reported("A", SUMS), reported("B", SUMS, doubts=(PROBLEM,))])
    assert [row["patient_id"] for row in rows] == ["B", "A"]
    assert rows[0]["open_points"] == "L2 has no value"


def test_what_a_later_report_has_taken_the_place_of_comes_last() -> None:
    old = reported("A", SUMS, urgency=Urgency.IMMEDIATE)
    new = reported("A", [*SUMS, (90, "30", Category.PR)])
    rows = rows_of([old, new])
    assert [(row["reported_on"], row["superseded"]) for row in rows] == [("2026-04-05", "no"), ("2026-03-06", "yes")]


def test_a_row_says_who_is_told_and_where_the_draft_is() -> None:
    told = (RoleTold.ONCOLOGIST, RoleTold.SURGEON, RoleTold.MDT)
    (row,) = rows_of([reported("A", SUMS, told=told, direct_contact=True)])
    assert row["tell"] == "medical oncologist, surgeon and multidisciplinary meeting"
    assert row["direct_contact"] == "yes"
    assert row["draft"].endswith(".draft.docx")
    assert not rows_of([quarantined("B")])[0]["draft"]


def test_the_newest_revision_is_the_draft() -> None:
    names = ("a.draft.docx", "a-r10.draft.txt", "a-r10.draft.docx", "a-r2.draft.docx")
    files = tuple(WrittenFile(name=name, sha256="") for name in names)
    assert draft_of(reported("A", SUMS, files=files)) == "a-r10.draft.docx"


def test_many_open_points_are_counted() -> None:
    (row,) = rows_of([reported("A", SUMS, doubts=(PROBLEM,) * 7)])
    assert row["open_points"].endswith("| and 2 more")


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (
            SideSeen(
                side=Side.LEFT,
                headline=Headline.MIXED,
                category=Category.MIXED,
                sites=(("L1", Category.CR), ("L2", Category.SD)),
            ),
            "left: mixed response (L1 CR, L2 SD)",
        ),
        (
            SideSeen(
                side=Side.RIGHT,
                headline=Headline.COMPLETE,
                category=Category.CR,
                abnormal_nodes=(("N1", NodeCourse.PERSISTENTLY_ABNORMAL),),
            ),
            "right: no residual in the breast on imaging; not a complete response; node N1 persistently abnormal",
        ),
        (
            SideSeen(side=Side.LEFT, headline=Headline.KNOWN_SITE_GONE, category=Category.CR, unsettled=("L3",)),
            "left: known site no longer visible; new finding unsettled; new finding L3 not settled",
        ),
        (
            SideSeen(side=Side.LEFT, headline=Headline.COMPLETE, category=Category.CR),
            "left: complete response on imaging",
        ),
    ],
)
def test_headlines(answer: SideSeen, text: str) -> None:
    assert headline(answer, WORDS) == text


@pytest.mark.parametrize("kind", list(Headline))
def test_every_headline_has_words(kind: Headline) -> None:
    assert f"headline.{kind}" in WORDS
