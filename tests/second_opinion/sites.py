"""`per-site` a second time: one verdict a time point for a breast with its axilla on one modality."""

from tests.second_opinion.courses import Course, Lesion
from tests.second_opinion.reading import NORMAL_NODE
from tests.second_opinion.rules import (
    RESPONDED,
    Verdict,
    gone,
    grown,
    new_here,
    non_target_response,
    overall,
    responding,
    row_issues,
    shrunk,
    sums,
    target_response,
    uncounted,
    without_reference,
)


def per_site(course: Course, side: str, index_sides: set[str]) -> list[Verdict]:
    verdicts: list[Verdict] = []
    for place in range(len(course.points)):
        other_side = side not in index_sides and bool(index_sides)
        verdicts.append(_side_at(course, place, verdicts, not other_side))
    return verdicts


def _side_at(course: Course, place: int, before: list[Verdict], index: bool) -> Verdict:
    sites, others = course.of("target"), course.of("non_target")
    verdict = Verdict(issues=set().union(*row_issues(course, place).values()))
    sums(course, sites, place, verdict)
    if place == 0:
        verdict.target, verdict.non_target = "BASELINE" if sites else "", "BASELINE" if others else ""
        verdict.overall = "BASELINE"
        verdict.sites = {one.name: "BASELINE" for one in sites}
        return verdict
    responded = responding([earlier.target for earlier in before])
    verdict.target, verdict.held = target_response(course, sites, place, verdict, False, responded)
    verdict.non_target = non_target_response(course, others, place)
    regrown = False
    held = False
    for one in sites:
        category, site_held, equivocal = site_response(course, one, place)
        regrown, held = regrown or equivocal, held or site_held
        if category:
            verdict.sites[one.name] = category
    verdict.new_lesion = _new_for_side(course, place, index)
    if verdict.new_lesion == "no" and regrown:
        verdict.new_lesion = "equivocal"
    verdict.overall = side_overall(verdict, uncounted(course, place))
    if not index and verdict.new_lesion == "yes":
        verdict.overall = "NED"  # a new cancer of that side is no progression (decision p)
    if verdict.overall == "NED" and without_reference(course, place):
        verdict.overall = "NE"
    verdict.held = verdict.held or (held and verdict.overall == "PR")
    return verdict


def site_response(course: Course, site: Lesion, place: int) -> tuple[str, bool, bool]:
    """Category of a site, whether it is held, whether a node regrew without meeting the PD rule (decision b).

    What has merged is one site, and is judged as one from the baseline on.
    """
    if course.value(site, place).state == "merged":
        return "", False, False
    return _together(course, [site, *merged_into(course, site, place)], place)


def _together(course: Course, parts: list[Lesion], place: int) -> tuple[str, bool, bool]:
    whole = Verdict()
    sums(course, parts, place, whole)
    if whole.total is None or not whole.baseline or whole.nadir is None:
        return "NE", False, False
    values = {one.name: course.value(one, place) for one in parts}
    if all(gone(one, values[one.name], values) for one in parts):
        return "CR", False, False
    measured = any(seen.state == "measured" for seen in values.values())
    pathological = not parts[0].node or whole.baseline >= NORMAL_NODE  # one never so is not back, however large (2.4)
    if pathological and whole.nadir == 0 and measured and whole.total >= 5:  # a node that is not gone has 10 mm
        return "PD", False, False
    if grown(whole.total, whole.smallest):
        return "PD", False, False
    equivocal = parts[0].node and pathological and whole.nadir < NORMAL_NODE
    if shrunk(whole.total, whole.baseline):
        return "PR", False, equivocal
    responded = responding([_together(course, parts, earlier)[0] for earlier in range(1, place)])
    return ("PR", True, equivocal) if responded else ("SD", False, equivocal)


def merged_into(course: Course, site: Lesion, place: int) -> list[Lesion]:
    return [
        one
        for one in course.of("target")
        if course.value(one, place).state == "merged" and course.value(one, place).into == site.name
    ]


def _new_for_side(course: Course, place: int, index: bool) -> str:
    """Unequivocal or proven, and in an area covered before; on the other side never without biopsy (decision p)."""
    found = [(one, seen) for one, seen in new_here(course, place) if not one.benign]
    for one, seen in found:
        if not index and one.malignant:
            return "yes"  # a new cancer of that side
        by_word = one.role == "new" and seen.state not in {"equivocal", "too_small"}
        definite = one.malignant or (by_word and course.modality not in {"PT", "EXAM"})
        if index and definite and one.first("covered_before") == "yes":
            return "yes"
    return "equivocal" if found else "no"


def side_overall(verdict: Verdict, not_counted: bool) -> str:
    """Decision n, else the time-point table (2.6) for the least good site; "not all evaluated" is NE there."""
    categories = set(verdict.sites.values())
    if verdict.new_lesion == "yes" or verdict.non_target == "PD":
        return "PD"
    if categories & RESPONDED and categories & {"SD", "PD"}:
        return "MIXED"
    if "PD" in categories or verdict.target == "PD":
        return "PD"
    target = next((category for category in ("NE", "SD", "PR", "CR") if category in categories), "")
    found = overall(target, verdict.non_target, new=False)
    return "NE" if found == "CR" and not_counted else found
