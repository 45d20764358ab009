"""`recist-1.1` a second time: one verdict a time point on one modality."""

from tests.second_opinion.courses import Course
from tests.second_opinion.rules import (
    Verdict,
    back,
    new_here,
    non_target_response,
    overall,
    responding,
    row_issues,
    sums,
    target_response,
    uncounted,
    without_reference,
)

ACCEPTED_BY_RECIST = {"CT", "MR", ""}  # "takes CT and contrast MRI; an unnamed modality stands alone"


def recist(course: Course) -> list[Verdict]:
    verdicts: list[Verdict] = []
    for place in range(len(course.points)):
        verdicts.append(_recist_at(course, place, verdicts))
    return verdicts


def _recist_at(course: Course, place: int, before: list[Verdict]) -> Verdict:
    targets, others = course.of("target"), course.of("non_target")
    verdict = Verdict(issues=set().union(*row_issues(course, place).values()))
    sums(course, targets, place, verdict)
    if course.modality not in ACCEPTED_BY_RECIST:
        verdict.issues.add("CRIT_MODALITY")
    if place == 0:
        verdict.target, verdict.non_target = "BASELINE" if targets else "", "BASELINE" if others else ""
        verdict.overall = "BASELINE"
        return verdict
    verdict.new_lesion = _new_for_recist(course, place)
    cr_before = any(earlier.overall == "CR" for earlier in before)
    responded = responding([earlier.target for earlier in before])
    verdict.target, verdict.held = target_response(course, targets, place, verdict, cr_before, responded)
    verdict.non_target = non_target_response(course, others, place)
    again = cr_before and any(back(one, course.value(one, place)) for one in others)
    if course.modality not in ACCEPTED_BY_RECIST:
        verdict.target, verdict.overall, verdict.held = "NE" if targets else "", "NE", False
        return verdict
    verdict.overall = overall(verdict.target, verdict.non_target, verdict.new_lesion == "yes" or again)
    if (verdict.overall == "CR" and uncounted(course, place)) or (
        verdict.overall == "NED" and without_reference(course, place)
    ):
        verdict.overall = "NE"
    verdict.held = verdict.held and verdict.target == "PR"
    return verdict


def _new_for_recist(course: Course, place: int) -> str:
    """A definite malignant new lesion is progression (decision p), wherever it is."""
    found = [(one, seen) for one, seen in new_here(course, place) if not one.benign]
    if any(one.malignant or (one.role == "new" and seen.state != "equivocal") for one, seen in found):
        return "yes"
    return "equivocal" if found else "no"
