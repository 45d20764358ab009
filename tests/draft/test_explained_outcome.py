"""What an explanation says of the whole course."""

from __future__ import annotations

from dataclasses import replace

from reporter.case.timepoint import Labels
from reporter.draft.explain import Looked, explain
from reporter.draft.explanation import Entry
from reporter.draft.interface import Report
from reporter.response.best_overall import best_overall
from reporter.response.interface import Thresholds
from tests.draft.cases import kit, report
from tests.draft.situations import BEFORE, DURING, NEW, NOW, node, seen


def entries(found: Report, section: str) -> tuple[Entry, ...]:
    looked = Looked(files=(), decision=kit().pack.decision, labels=Labels())
    sections = explain(found, looked, kit().writer.phrases).sections
    return next(one.entries for one in sections if one.id == section)


COURSE = (seen(BEFORE, "MR", "40"), seen(DURING, "MR", "20"), seen(NOW, "MR", "18"))


def confirmed(found: Report, limits: Thresholds) -> Report:
    best = best_overall(found.case, found.response.assessments, limits, 0)
    return replace(found, response=replace(found.response, best_overall=best))


def test_the_best_overall_response_with_its_dates() -> None:
    (entry,) = entries(report(COURSE), "best_overall")
    assert entry.text == (
        "per-site, left, MRI: PR (partial response), the best before any progression is a partial response "
        "(RECIST 1.1, best overall response) (best.pr; since baseline 81 d)"
    )
    assert entry.details == (f"first on {DURING}",)
    assert entry.data["deciding_dates"] == [DURING]


def test_a_confirmed_response_names_what_confirms_it() -> None:
    found = confirmed(report(COURSE), Thresholds(confirmation="required"))
    (entry,) = entries(found, "best_overall")
    assert entry.details == (f"first on {DURING}", f"confirmed on {NOW}")
    assert (
        "best.pr_confirmed; since baseline 81 d, to the confirmation 91 d, least time to a confirmation 28 d"
        in entry.text
    )


def test_a_response_that_nothing_confirms_is_said_to_be_so() -> None:
    found = confirmed(report((*COURSE[:2], seen(NOW, "MR", "60"))), Thresholds(confirmation="required", sd_days=90))
    (entry,) = entries(found, "best_overall")
    assert entry.text.startswith("per-site, left, MRI: PD (progressive disease)")
    assert entry.details == (
        f"first on {NOW}", "a response was found and no later time point confirms it", f"progression first on {NOW}",
    )  # fmt: skip


def test_every_disagreement_is_listed_with_the_rules_of_both() -> None:
    rows = tuple(seen(when, "MR", size) for when, size in ((BEFORE, "40 x 30"), (DURING, "30 x 20"), (NOW, "20 x 10")))
    (entry,) = entries(report(rows, criteria=("per-site", "who")), "disagreements")
    assert entry.text.startswith(
        f"{DURING}: Criteria differ, MRI: per-site says stable disease, WHO says partial response"
    )
    assert entry.details == ("per-site: SD, overall.sd", "who: PR, who.pr")
    assert entry.data["cause"] == "products"


def test_the_distance_to_another_category() -> None:
    (_, last) = entries(report((seen(BEFORE, "MR", "40"), seen(NOW, "MR", "30"))), "assessments")
    assert (
        "distance of L1: PR at 28 mm or less (-2 mm, -6.7 %), CR once nothing is left (-30 mm, -100 %), "
        "PD at 48 mm or more (+18 mm, +60 %); as for progression, +20 % of the smallest is reached at 48 mm, "
        "+5 mm at 45 mm"
    ) in last.details


def test_a_category_that_holds_up_to_its_limit_is_left_beyond_it() -> None:
    (_, last) = entries(report((seen(BEFORE, "MR", "40"), seen(NOW, "MR", "28"))), "assessments")
    assert any("SD above 28 mm (more than 0 mm, 0 %), PD at 48 mm" in line for line in last.details)


def test_no_distance_is_told_of_earlier_time_points() -> None:
    course = (seen(BEFORE, "MR", "40"), seen(DURING, "MR", "30"), seen(NOW, "MR", "30"))
    told = [any(line.startswith("distance") for line in e.details) for e in entries(report(course), "assessments")]
    assert told == [False, False, True]


BESIDE = (
    *(seen(BEFORE, "US", "20"), node(BEFORE, "16", "2", "preserved")),
    *(seen(NOW, "US", "30"), node(NOW, "22", "6", "absent"), seen(NOW, "US", "8", "L2", **NEW)),
)


def test_the_sum_names_what_is_in_it() -> None:
    """Not a new lesion, which has no size in any sum."""
    (breast, _) = entries(report(BESIDE), "answers")
    sums = [line for line in breast.details if line.startswith("US: ")]
    assert [line.partition(",")[0] for line in sums] == ["US: L1 + N1 = 52 mm"]


def test_out_of_scope_nothing_is_explained_as_classified() -> None:
    found = report(BESIDE, 'indication = "screening"\n')
    breast, axilla = entries(found, "answers")
    assert breast.text == "left breast: not classified"
    assert not [line for line in (*breast.details, *axilla.details) if "PD" in line]
    assert entries(found, "record") == ()
