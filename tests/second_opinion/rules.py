"""The rules that both criteria share: 2.3 target response, 2.4 edge cases, 2.5 and 2.6 non-targets and the whole."""

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import starmap

from tests.second_opinion.courses import Course, Lesion
from tests.second_opinion.reading import NORMAL_NODE, NOTHING, Seen, cell, seen_in

RESPONDED = {"CR", "PR"}


@dataclass
class Verdict:
    """What one time point on one modality comes to."""

    target: str = ""
    non_target: str = ""
    new_lesion: str = "no"
    overall: str = ""
    held: bool = False
    total: Fraction | None = None
    baseline: Fraction | None = None
    nadir: Fraction | None = None
    smallest: Fraction | None = None  # the nadir, or where that is 0 the smallest of the baseline and since then
    sites: dict[str, str] = field(default_factory=dict)
    issues: set[str] = field(default_factory=set)


def total(values: dict[str, Seen]) -> Fraction | None:
    """A sum of all, or None: an incomplete sum is none.

    A merged lesion adds 0 beside the one it went into, and has no size without it.
    """
    if not values or any(seen.mm is None for seen in values.values()):
        return None
    if any(seen.into and seen.into not in values for seen in values.values()):
        return None
    return sum((seen.mm for seen in values.values() if seen.mm is not None), Fraction(0))


def gone(lesion: Lesion, seen: Seen, values: dict[str, Seen]) -> bool:
    """Not there, or a node below 10 mm; a merged lesion goes with the one it is merged into."""
    if seen.state == "merged":
        return gone(lesion, values.get(seen.into, NOTHING), {})
    if seen.mm is None:
        return False
    return seen.mm < NORMAL_NODE if lesion.node else seen.mm == 0


def back(lesion: Lesion, seen: Seen) -> bool:
    """There again after a complete response; a node only from 10 mm on (decision b)."""
    if seen.state == "merged" or (seen.mm is None and seen.state not in {"present", "progressed"}):
        return False
    if seen.mm is None:
        return True
    return seen.mm >= NORMAL_NODE if lesion.node else seen.mm > 0


def grown(now: Fraction, smallest: Fraction | None) -> bool:
    """+20 % and +5 mm against the smallest, both inclusive, exact (2.3, decision d).

    Against a nadir of 0 there is no percentage, and what came back continues (2.4) until it has grown against the
    baseline, or against what it has been since.
    """
    return smallest is not None and 5 * now >= 6 * smallest and now - smallest >= 5


def shrunk(now: Fraction, baseline: Fraction) -> bool:
    """-30 % against baseline, inclusive, exact (2.3, decision d)."""
    return 10 * now <= 7 * baseline


def sums(course: Course, lesions: list[Lesion], place: int, verdict: Verdict, *, parts: bool = True) -> None:
    """The sum, the one of baseline and the smallest complete one so far; without `parts` fragments are left out."""

    def at(place: int, snap: int = -1) -> Fraction | None:
        return total({one.name: course.value(one, place, snap, parts=parts) for one in lesions})

    verdict.total, verdict.baseline = at(place), at(0)
    earlier = list(starmap(at, course.earlier(lesions, place)))
    verdict.nadir = min((one for one in earlier if one is not None), default=None)
    since = max((index for index, one in enumerate(earlier) if one == 0), default=0)
    verdict.smallest = min((one for one in [*earlier[:1], *earlier[since:]] if one), default=None)


def target_response(
    course: Course, targets: list[Lesion], place: int, verdict: Verdict, cr_before: bool, responded: bool
) -> tuple[str, bool]:
    """2.3 in its order: NE, CR, PD, PR, PR held, SD."""
    if not targets:
        return "", False
    values = {one.name: course.value(one, place) for one in targets}
    if verdict.baseline is None:
        return "NE", False
    present = sum((seen.mm for seen in values.values() if seen.mm is not None), Fraction(0))
    again = cr_before and any(_again(course, one, place, values[one.name]) for one in targets)
    worse = grown(present, verdict.smallest) or again
    if any(seen.mm is None for seen in values.values()):
        return ("PD" if worse else "NE"), False
    if all(gone(one, values[one.name], values) for one in targets):
        return "CR", False
    if worse:
        return "PD", False
    if shrunk(present, verdict.baseline):
        return "PR", False
    return ("PR", True) if responded else ("SD", False)


def _again(course: Course, lesion: Lesion, place: int, value: Seen) -> bool:
    """Back as a whole, or in any of its parts where another has no value."""
    if value.mm is not None or lesion.node:
        return back(lesion, value)
    names = [lesion.name, *course.fragments_until(place, lesion)]
    return any(back(lesion, course.seen[place][-1].get(name, NOTHING)) for name in names)


def responding(earlier: list[str]) -> bool:
    """Whether an earlier response is held: the last CR, PR or PD was no PD (decision a)."""
    said = [category for category in earlier if category in {*RESPONDED, "PD"}]
    return bool(said) and said[-1] in RESPONDED


def non_target_response(course: Course, others: list[Lesion], place: int) -> str:
    """2.5: unequivocal progression, not all assessed, all gone, one or more persist."""
    if not others:
        return ""
    values = {one.name: course.value(one, place) for one in others}
    if any(seen.state == "progressed" for seen in values.values()):
        return "PD"
    if any(not seen.evaluable for seen in values.values()):
        return "NE"
    return "CR" if all(gone(one, values[one.name], values) for one in others) else "NON-CR/NON-PD"


def overall(target: str, non_target: str, new: bool) -> str:
    """2.6, and its lines for disease without a target."""
    if new or "PD" in {target, non_target}:
        return "PD"
    if not target:
        return non_target or "NED"
    if target == "CR":
        return "CR" if non_target in {"", "CR"} else "PR"
    return target


def new_here(course: Course, place: int) -> list[tuple[Lesion, Seen]]:
    """Lesions first seen after the baseline that are there at this time point, or were and are not said to be gone."""
    found = []
    for name, lesion in sorted(course.lesions.items()):
        seen = course.seen[place][-1].get(name, NOTHING)
        if lesion.role in {"new", "undeclared"}:
            seen = _last_word(course, name, place)
        if lesion.role in {"new", "undeclared"} and is_there(seen) and not normal_sized(lesion, seen):
            found.append((lesion, seen))
        if lesion.role == "normal_node" and is_there(seen) and seen.mm is not None and seen.mm >= NORMAL_NODE:
            found.append((lesion, Seen("equivocal", seen.mm)))
    return found


def _last_word(course: Course, name: str, place: int) -> Seen:
    said = [snaps[-1].get(name, NOTHING) for snaps in course.seen[: place + 1]]
    return next((seen for seen in reversed(said) if seen.evaluable), NOTHING)


def normal_sized(lesion: Lesion, seen: Seen) -> bool:
    return lesion.role == "undeclared" and lesion.node and seen.mm is not None and seen.mm < NORMAL_NODE


def uncounted(course: Course, place: int) -> bool:
    """A lesion that is measured and not counted lets no complete response stand."""
    if any(one.role == "undeclared" and not one.benign for one, _ in new_here(course, place)):
        return True
    return any(is_there(_last_word(course, one.name, place)) for one in course.elsewhere())


def is_there(seen: Seen) -> bool:
    return seen.evaluable and seen.state != "absent"


def without_reference(course: Course, place: int) -> bool:
    """Whether there is disease now, or may have been, that has no baseline on this modality: no category for it."""
    now = course.seen[place][-1]
    return not course.based or any(is_there(now.get(one.name, NOTHING)) for one in course.elsewhere())


def unsettled(course: Course, place: int) -> set[str]:
    """Seen first after the baseline and not declared, nor its area said not to have been covered before."""
    found = [one for one, _ in new_here(course, place) if one.role == "undeclared" and not one.benign]
    return {one.name for one in found if one.first("covered_before") != "no"}


def row_issues(course: Course, place: int) -> dict[str, set[str]]:
    """The doubts of rows 53 to 73 of the bad inputs that a time point shows, by lesion."""
    found: dict[str, set[str]] = {}
    rows = course.points[place].on(course.modality)
    for row in rows:
        if row["lesion_id"] in course.lesions and seen_in(row).code:
            found.setdefault(row["lesion_id"], set()).add(seen_in(row).code)
    there = {row["lesion_id"] for row in rows}
    for name in _expected(course, place) - there if place else ():
        found.setdefault(name, set()).add("LES_LOST")
    for name in unsettled(course, place) & there if place else ():
        found.setdefault(name, set()).add("LES_NEW")
    return found


def _expected(course: Course, place: int) -> set[str]:
    """The lesions that were there before and count; one that split is there in its parts."""
    known = course.of("target") + course.of("non_target")
    parts = [course.lesions[name] for one in known for name in course.fragments_until(place, one)]
    rows = course.points[place].on(course.modality)
    split = {cell(row, "split_from") for row in rows if seen_in(row).state not in {"nothing", "absent"}}
    later = [one for one in course.lesions.values() if one.role in {"new", "undeclared"} and not one.benign]
    counted = [one for one in [*known, *parts, *later] if not one.benign and there_before(course, one.name, place)]
    return {one.name for one in counted} - split


def there_before(course: Course, name: str, place: int) -> bool:
    words = [snaps[-1].get(name, NOTHING) for snaps in course.seen[:place]]
    return any(is_there(seen) for seen in words)
