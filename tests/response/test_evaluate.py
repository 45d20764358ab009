"""The whole response: criteria, order, doubts once each."""

from dataclasses import replace

import pytest

from reporter.case.case import Case
from reporter.case.facts import Diagnosis, Facts
from reporter.case.issue import Issue, Outcome
from reporter.case.vocabulary import Modality, Side
from reporter.response.criteria.per_site import PerSite
from reporter.response.criteria.recist11 import Recist11
from reporter.response.evaluate import evaluate
from reporter.response.interface import Assessment, Category, Change, Criterion, Headline, Thresholds
from tests.response.answers import codes, mm, respond
from tests.response.timeline import timeline


def test_assessments_stand_in_the_order_of_classify() -> None:
    text = "day 0 US | R right 20 | L 30\nday 0 MG | L 30\nday 9 US | R 10 | L 20\nday 9 MG | L 20"
    found = respond(text, Recist11(), PerSite()).assessments
    assert [(a.criterion, a.side, a.modality, a.time_point) for a in found] == [
        ("per-site", Side.LEFT, Modality.MG, 0),
        ("per-site", Side.LEFT, Modality.MG, 1),
        ("per-site", Side.LEFT, Modality.US, 0),
        ("per-site", Side.LEFT, Modality.US, 1),
        ("per-site", Side.RIGHT, Modality.US, 0),
        ("per-site", Side.RIGHT, Modality.US, 1),
        ("recist-1.1", None, Modality.MG, 0),
        ("recist-1.1", None, Modality.MG, 1),
        ("recist-1.1", None, Modality.US, 0),
        ("recist-1.1", None, Modality.US, 1),
    ]


def test_a_side_with_a_diagnosis_alone_is_answered_for() -> None:
    facts = Facts(diagnosis=(Diagnosis(side=Side.RIGHT, confirmed=True),))
    found = respond("day 0 | L1 20\nday 9 | L1 10", facts=facts)
    assert [b.side for b in found.breasts] == [Side.LEFT, Side.RIGHT]
    assert [a.side for a in found.axillae] == [Side.LEFT, Side.RIGHT]
    right = found.breast(Side.RIGHT)
    assert right is not None
    assert (right.headline, right.category, right.verdict) == (Headline.NO_DISEASE, Category.NED, None)
    assert respond("day 0 | L1 20").breast(Side.RIGHT) is None
    assert respond("day 0 | L1 20").axilla(Side.RIGHT) is None


def test_without_a_criterion_there_are_findings_and_no_assessments() -> None:
    found = evaluate(timeline("day 0 | L1 20\nday 9 | L1 10"), [], Thresholds())
    assert (found.criteria, found.assessments) == ((), ())
    assert found.breasts[0].category is Category.PR
    assert found.breasts[0].total is None


def test_what_the_case_already_says_is_not_said_again() -> None:
    case = timeline("day 5 | L1 malignant clip 20\nday 9 | L1 10 seen", baseline=False)
    said = Issue(code="TP_NO_BASELINE", outcome=Outcome.PROBLEM)
    assert codes(evaluate(case, [PerSite()], Thresholds())) == ["TP_NO_BASELINE"]
    assert codes(evaluate(replace(case, issues=(said,)), [PerSite()], Thresholds())) == []


@pytest.mark.parametrize(
    ("biopsy", "code"),
    [
        ("", "BIOPSY_NOT_STATED"),
        ("pending", "BIOPSY_PENDING"),
        ("malignant", None),
        ("benign", None),
        ("nobiopsy", None),
    ],
)
def test_a_biopsy_result_pending_or_not_stated_is_asked(biopsy: str, code: str | None) -> None:
    found = [c for c in codes(respond(f"day 0 | L1 {biopsy} 20")) if c.startswith("BIOPSY")]
    assert found == ([code] if code else [])
    nodes = [c for c in codes(respond(f"day 0 | N1 {biopsy} 16 | N2 6")) if c.startswith("BIOPSY")]
    expected = [code] if code else []
    assert [c for c in nodes if c == code] == expected


def test_a_lesion_in_doubt_is_not_asked_for_its_biopsy() -> None:
    assert codes(respond("day 0 | L1 nokind 20")) == []


def test_a_change_has_no_percentage_against_zero() -> None:
    now, then = mm(6, 0)
    change = Change(now=now, then=then)
    assert (change.difference, change.percent) == (now, None)


def test_a_criterion_of_a_plug_in_may_say_no_version() -> None:
    class Plain:
        id = "plain"
        name = "plain"

        def assess(self, case: object) -> tuple[()]:
            del case
            return ()

    plain: Criterion = Plain()
    assert evaluate(timeline("day 0 | L1 20"), [plain], Thresholds()).criteria[0].version == "1"


def test_a_node_followed_on_one_modality_is_asked_for_its_biopsy() -> None:
    found = codes(respond("day 0 US | L1 malignant 20 | N1 16\nday 9 US | N1 8 | L1 9\nday 9 MR | N1 8 | L1 9"))
    assert "BIOPSY_NOT_STATED" in found


class Numbers:
    """A criterion of a plug-in that gives numbers and no category, and says so."""

    id = "a-numbers"
    name = "numbers"
    version = "7"
    classifies = False

    def assess(self, case: Case) -> tuple[Assessment, ...]:
        return tuple(replace(a, criterion=self.id) for a in PerSite().assess(case))


class Categories(Numbers):
    """One that gives categories, and says nothing about it."""

    id = "z-categories"
    classifies = True


NODE_GONE = "day 0 MR | A 20 | N1 16\nday 9 MR | A absent | N1 16"


@pytest.mark.parametrize(
    ("criteria", "feeding"),
    [
        ([Recist11(), PerSite()], "recist-1.1"),
        ([PerSite(), Recist11()], "per-site"),
        ([Numbers(), PerSite()], "per-site"),
        ([Categories(), PerSite()], "z-categories"),
        ([Numbers()], None),
    ],
)
def test_the_first_criterion_with_categories_feeds_the_decisions(
    criteria: list[Criterion], feeding: str | None
) -> None:
    found = respond(NODE_GONE, *criteria)
    assert [c.id for c in found.criteria if c.feeds_decisions] == ([] if feeding is None else [feeding])
    assert {a.criterion for a in found.breasts[0].totals} == ({feeding} - {None})


def test_numbers_alone_have_no_best_response_and_no_disagreement() -> None:
    found = respond(NODE_GONE, Numbers(), Categories())
    assert {b.criterion for b in found.best_overall} == {"z-categories"}
    assert found.disagreements == ()
    assert {a.criterion for a in found.assessments} == {"a-numbers", "z-categories"}


def test_of_each_criterion_its_version_and_its_limits_are_told() -> None:
    used = respond(NODE_GONE, Numbers(), PerSite()).criteria
    assert [(c.id, c.name, c.version) for c in used] == [
        ("a-numbers", "numbers", "7"),
        ("per-site", PerSite().name, "1"),
    ]
    assert [[o.name for o in c.limits] for c in used] == [[], ["pr_percent", "pd_percent", "pd_mm"]]


def test_assessments_stand_in_one_order_whatever_order_a_criterion_gives_them_in() -> None:
    class Turned(Numbers):
        def assess(self, case: Case) -> tuple[Assessment, ...]:
            return Numbers.assess(self, case)[::-1]

    text = "day 0 | A 20 | R right 20\n+day 0 MR | A 20\n+day 0 US | A 20\nday 9 | A 10 | R 10\n+day 9 MR | A 10"
    found = respond(text, PerSite(), Turned()).assessments
    assert [(a.criterion, a.side, a.modality, a.time_point) for a in found] == [
        (name, side, modality, time_point)
        for name in ("a-numbers", "per-site")
        for side, modality, time_points in (
            (Side.LEFT, None, (0, 1)),
            (Side.LEFT, Modality.MR, (0, 1)),
            (Side.LEFT, Modality.US, (0,)),
            (Side.RIGHT, None, (0, 1)),
        )
        for time_point in time_points
    ]


def test_a_criterion_of_each_site_says_nothing_of_the_whole_patient() -> None:
    text = "day 0 MR | L1 30\nday 9 MR | L1 15"
    assert respond(text, PerSite()).patient is None
    assert respond(text, Recist11()).patient is not None
