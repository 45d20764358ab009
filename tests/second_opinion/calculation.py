"""A second calculation of `recist-1.1` and `per-site`, from the clinical rules, sharing no code with the package.

Slow and obvious on purpose: every sum is made again for every time point.  Letters name the decisions, numbers the
sections of the rules: 2.3 target response, 2.4 edge cases, 2.6 the time-point table.
"""

from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from itertools import starmap
from operator import itemgetter

from tests.second_opinion.reading import (
    NORMAL_NODE,
    NOTHING,
    TARGET_NODE,
    Row,
    Seen,
    TimePoint,
    cell,
    family,
    family_name,
    is_node,
    rows_of,
    seen_in,
    time_points,
)

ACCEPTED_BY_RECIST = {"CT", "MR", ""}  # "takes CT and contrast MRI; an unnamed modality stands alone"
TARGETS_PER_ORGAN, TARGETS = 2, 5
RESPONDED = {"CR", "PR"}
KNOWN = {"target", "non_target", "normal_node"}  # roles of lesions that were there at baseline

Snapshot = dict[str, Seen]


@dataclass
class Lesion:
    name: str
    rows: list[Row]
    role: str = ""  # target, non_target, new, undeclared, normal_node, fragment, calcification

    def first(self, column: str) -> str:
        return next((cell(row, column) for row in self.rows if cell(row, column)), "")

    @property
    def node(self) -> bool:
        return is_node(self.rows)

    @property
    def benign(self) -> bool:
        return any(cell(row, "biopsy_result") == "benign" for row in self.rows)

    @property
    def malignant(self) -> bool:
        return any(cell(row, "biopsy_result") == "malignant" for row in self.rows)


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
    smallest: Fraction | None = None  # the nadir, or where that is 0 the smallest above it
    sites: dict[str, str] = field(default_factory=dict)
    issues: set[str] = field(default_factory=set)


# --- lesions and what was seen of them -------------------------------------------------------------------------------


def lesions_of(rows: list[Row], points: list[TimePoint]) -> dict[str, Lesion]:
    """Lesions with their roles: the declared one, else by what stands at baseline."""
    lesions: dict[str, Lesion] = {}
    for row in rows:
        lesions.setdefault(row["lesion_id"], Lesion(row["lesion_id"], [])).rows.append(row)
    for lesion in lesions.values():
        lesion.role = _role(lesion, points)
    return lesions


def _role(lesion: Lesion, points: list[TimePoint]) -> str:
    if lesion.first("kind") == "calcification":
        return "calcification"
    if lesion.first("split_from"):
        return "fragment"
    if lesion.first("role"):
        return lesion.first("role")
    return _default_role(lesion, [row for row in points[0].rows if row["lesion_id"] == lesion.name])


def _default_role(lesion: Lesion, baseline: list[Row]) -> str:
    """Never a target by default: skin, a node under 15 mm short axis; 10 to < 15 is non-target, less is normal."""
    there = [seen for seen in map(seen_in, baseline) if seen.state in {"measured", "too_small", "present"}]
    if not there:
        return "undeclared"
    if lesion.first("kind") == "skin" or there[-1].state == "present":
        return "non_target"
    size = there[-1].mm
    if lesion.node and size is not None and size < TARGET_NODE:
        return "non_target" if size >= NORMAL_NODE else "normal_node"
    return "target"


def snapshots(point: TimePoint, modality: str) -> list[Snapshot]:
    """After each study of a time point on one modality: the latest evaluable value of each lesion so far."""
    rows = point.on(modality)
    counting = [row for name in {row["lesion_id"] for row in rows} for row in _counting(rows, name)]
    found: list[Snapshot] = []
    for day in sorted({row["study_date"] for row in rows}):
        so_far = sorted((row for row in counting if row["study_date"] <= day), key=itemgetter("study_date"))
        found.append({name: _latest(so_far, name) for name in {row["lesion_id"] for row in so_far}})
    return found


def _counting(rows: list[Row], name: str) -> list[Row]:
    """Tomosynthesis counts where it and mammography both measured a lesion, else the one of them that saw it."""
    mine = [row for row in rows if row["lesion_id"] == name]
    choices = [*_mammographic(mine), mine]
    return next((choice for choice in choices if any(seen_in(row).evaluable for row in choice)), mine)


def _latest(rows: list[Row], name: str) -> Seen:
    """The latest value; else the latest word that is none."""
    mine = [row for row in rows if row["lesion_id"] == name]
    seen = [replace(one, day=row["study_date"]) for row in mine if (one := seen_in(row)).evaluable]
    firm = [one for one in seen if one.mm is not None or one.state == "progressed"]
    return (firm or seen or [seen_in(mine[-1])])[-1]


def _mammographic(rows: list[Row]) -> list[list[Row]]:
    kinds = [[row for row in rows if cell(row, "modality") == kind] for kind in ("DBT", "MG")]
    seeing = [any(seen_in(row).state not in {"nothing", "absent"} for row in kind) for kind in kinds]
    return kinds[::-1] if seeing == [False, True] else kinds


def with_fragments(lesion: Lesion, snapshot: Snapshot, fragments: list[str]) -> Seen:
    """A lesion that split is as long as its fragments together (2.4); a part without a value costs it its value."""
    if not fragments:
        return snapshot.get(lesion.name, NOTHING)
    parts = [snapshot.get(name, NOTHING) for name in fragments]
    if lesion.name in snapshot:
        parts.append(snapshot[lesion.name])
    if any(part.mm is None for part in parts):
        return NOTHING
    whole = sum((part.mm for part in parts if part.mm is not None), Fraction(0))
    if whole == 0:
        return Seen("absent", whole)
    return Seen("measured" if any(part.state == "measured" for part in parts) else "too_small", whole)


# --- the course of one modality --------------------------------------------------------------------------------------


@dataclass
class Course:
    """All that one modality saw of some lesions, time point by time point, snapshots of each."""

    modality: str
    lesions: dict[str, Lesion]
    points: list[TimePoint]  # those on which this modality was used
    seen: list[list[Snapshot]]  # beside `points`; only the last snapshot of the baseline counts

    def of(self, role: str) -> list[Lesion]:
        """Lesions of a role that this modality knows from the baseline, by name."""
        chosen = [one for _, one in sorted(self.lesions.items()) if one.role == role and not one.benign]
        return [one for one in chosen if self._at_baseline(one.name)]

    def elsewhere(self) -> list[Lesion]:
        """Lesions known at baseline, but not on this modality: nothing to compare with (2.4)."""
        chosen = [one for _, one in sorted(self.lesions.items()) if one.role in KNOWN and not one.benign]
        return [one for one in chosen if self.speaks_of(one.name) and not self._at_baseline(one.name)]

    def speaks_of(self, name: str) -> bool:
        return any(row["lesion_id"] == name for point in self.points for row in point.on(self.modality))

    def _at_baseline(self, name: str) -> bool:
        """Imaged then, if only without a usable value; absent or not imaged is no baseline."""
        rows = [row for row in self.points[0].on(self.modality) if row["lesion_id"] == name]
        states = {seen_in(row).state for row in rows if cell(row, "status") != "not_imaged"}
        return bool(states - {"absent"})

    @property
    def based(self) -> bool:
        return bool(self.points[0].on(self.modality))

    def fragments_until(self, place: int, parent: Lesion) -> list[str]:
        known = {name for snaps in self.seen[: place + 1] for snap in snaps for name in snap}
        return sorted(n for n in known if n in self.lesions and self.lesions[n].first("split_from") == parent.name)

    def value(self, lesion: Lesion, place: int, snap: int = -1, *, parts: bool = True) -> Seen:
        return with_fragments(lesion, self.seen[place][snap], self.fragments_until(place, lesion) if parts else [])

    def earlier(self, lesions: list[Lesion], place: int) -> list[tuple[int, int]]:
        """All snapshots before the one that counts at `place`: the last of the baseline, then every one.

        Of the present time point those in which one of these lesions still has another value than in the last.
        """
        names = {one.name for one in lesions}
        names |= {name for one in lesions for name in self.fragments_until(place, one)}
        found = [] if place == 0 else [(0, -1)]
        for at in range(1, place + 1):
            last = self._days(names, self.seen[at][-1])
            snaps = enumerate(self.seen[at])
            found += [(at, snap) for snap, seen in snaps if at < place or self._days(names, seen) != last]
        return found

    @staticmethod
    def _days(names: set[str], snapshot: Snapshot) -> set[tuple[str, str]]:
        return {(name, seen.day) for name, seen in snapshot.items() if name in names and seen.mm is not None}


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
    smallest that a percentage can be told of.
    """
    return smallest is not None and 5 * now >= 6 * smallest and now - smallest >= 5


def shrunk(now: Fraction, baseline: Fraction) -> bool:
    """-30 % against baseline, inclusive, exact (2.3, decision d)."""
    return 10 * now <= 7 * baseline


# --- RECIST 1.1 ------------------------------------------------------------------------------------------------------


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
    responded = any(earlier.target in RESPONDED for earlier in before)
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


def sums(course: Course, lesions: list[Lesion], place: int, verdict: Verdict, *, parts: bool = True) -> None:
    """The sum, the one of baseline and the smallest complete one so far; without `parts` fragments are left out."""

    def at(place: int, snap: int = -1) -> Fraction | None:
        return total({one.name: course.value(one, place, snap, parts=parts) for one in lesions})

    verdict.total, verdict.baseline = at(place), at(0)
    earlier = list(starmap(at, course.earlier(lesions, place)))
    verdict.nadir = min((one for one in earlier if one is not None), default=None)
    verdict.smallest = min((one for one in earlier if one), default=None)


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
    again = cr_before and any(back(one, values[one.name]) for one in targets)
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


def _new_for_recist(course: Course, place: int) -> str:
    """A definite malignant new lesion is progression (decision p), wherever it is."""
    found = [(one, seen) for one, seen in new_here(course, place) if not one.benign]
    if any(one.malignant or (one.role == "new" and seen.state != "equivocal") for one, seen in found):
        return "yes"
    return "equivocal" if found else "no"


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


# --- per site --------------------------------------------------------------------------------------------------------


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
    responded = any(earlier.target in RESPONDED for earlier in before)
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
    return _together(course, [site, *_merged_into(course, site, place)], place)


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
    responded = any(_together(course, parts, earlier)[0] in RESPONDED for earlier in range(1, place))
    return ("PR", True, equivocal) if responded else ("SD", False, equivocal)


def _merged_into(course: Course, site: Lesion, place: int) -> list[Lesion]:
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
        definite = one.malignant or (one.role == "new" and seen.state not in {"equivocal", "too_small"})
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


# --- the table -------------------------------------------------------------------------------------------------------


def classify(text: str, criterion: str) -> list[dict[str, str]]:
    """The rows of `classify --format csv --per-lesion` for one criterion, in their order."""
    found: list[dict[str, str]] = []
    for patient, rows in rows_of(text).items():
        points = time_points(rows)
        lesions = lesions_of(rows, points)
        known = [one for one in lesions.values() if one.role in {"target", "non_target"} and not one.benign]
        index = {one.first("side") for one in known}
        sides = [""] if criterion == "recist-1.1" else sorted({one.first("side") for one in lesions.values()} - {""})
        for side in sides:
            mine = {n: one for n, one in lesions.items() if not side or one.first("side") == side}
            for modality in sorted({family(row) for one in mine.values() for row in one.rows}):
                names = {
                    "patient_id": patient,
                    "modality": family_name(modality, rows),
                    "criteria": criterion,
                    "side": side,
                }
                course = course_of(mine, points, modality)
                verdicts = recist(course) if criterion == "recist-1.1" else per_site(course, side, index)
                found += [{**names, **row} for row in _rows(course, verdicts, single=criterion == "per-site")]
    return found


def _rows(course: Course, verdicts: list[Verdict], *, single: bool) -> list[dict[str, str]]:
    """A row a time point and one a lesion under it; `single`: lesions have categories of their own."""
    found = []
    for place, (point, verdict) in enumerate(zip(course.points, verdicts, strict=True)):
        if not point.on(course.modality):
            continue  # a modality that was not used at baseline
        heading = {"timepoint": point.word, "date": point.date, "unit": "mm"}
        found.append({**heading, **_cells(verdict)})
        listed = [one for name, one in sorted(course.lesions.items()) if shown(course, name, place)]
        found += [{**heading, **lesion_cells(course, one, place, verdict, single)} for one in listed]
    return found


def shown(course: Course, name: str, place: int) -> bool:
    """Known from the baseline, or seen by now, or spoken of now."""
    if not course.speaks_of(name):
        return False
    if course.lesions[name].role not in {"new", "undeclared", "fragment"}:
        return True
    spoken = any(row["lesion_id"] == name for row in course.points[place].on(course.modality))
    return spoken or there_before(course, name, place)


SHOWN_ROLE = {"undeclared": "new", "normal_node": "non_target", "calcification": "non_target", "fragment": "target"}


def lesion_cells(course: Course, lesion: Lesion, place: int, verdict: Verdict, single: bool) -> dict[str, str]:
    """A lesion by itself; in `per-site` a site with its parts, or with what merged into it, and its category."""
    category = ""
    together = [lesion]
    if single and lesion in course.of("non_target"):
        category = "BASELINE" if place == 0 else non_target_response(course, [lesion], place)
    if single and lesion in course.elsewhere() and place:
        category = "NE"
    if single and lesion in course.of("target"):
        head = course.value(lesion, place).into or lesion.name
        category = verdict.sites[head]
        together += _merged_into(course, lesion, place)
    alone = Verdict()
    sums(course, together, place, alone, parts=single)
    if alone.total is None:
        sums(course, [lesion], place, alone, parts=False)
    merged = {"value": "0"} if course.value(lesion, place).into else {}
    return {
        "lesion_id": lesion.name,
        "role": SHOWN_ROLE.get(lesion.role, lesion.role),
        "measure": "short_axis" if lesion.node else "long_axis",
        **{key: text for key, text in _cells(alone).items() if key not in {"measure", "lesion_id", "role"}},
        **merged,
        "new_lesion": "",
        "overall": category,
        "response_held": "",
        "issues": ";".join(sorted(row_issues(course, place).get(lesion.name, set()))),
    }


def course_of(lesions: dict[str, Lesion], points: list[TimePoint], modality: str) -> Course:
    used = [point for place, point in enumerate(points) if place == 0 or point.on(modality)]
    return Course(modality, lesions, used, [snapshots(point, modality) or [{}] for point in used])


def _cells(verdict: Verdict) -> dict[str, str]:
    return {
        "lesion_id": "",
        "role": "",
        "measure": "sum_of_diameters",
        "value": exact(verdict.total),
        "baseline_value": exact(verdict.baseline),
        "nadir_value": exact(verdict.nadir),
        "change_from_baseline_percent": percent(verdict.total, verdict.baseline),
        "change_from_nadir_percent": percent(verdict.total, verdict.nadir),
        "target": verdict.target,
        "non_target": verdict.non_target,
        "new_lesion": verdict.new_lesion,
        "overall": verdict.overall,
        "response_held": "yes" if verdict.held else "no",
        "issues": ";".join(sorted(verdict.issues)),
    }


def exact(length: Fraction | None) -> str:
    """Millimetres, exact; every length here has a finite decimal form."""
    return "" if length is None else format((Decimal(length.numerator) / length.denominator).normalize(), "f")


def percent(now: Fraction | None, reference: Fraction | None) -> str:
    """To twelve significant digits; none against 0."""
    if now is None or not reference:
        return ""
    change = (now - reference) / reference * 100
    twelve = Context(prec=12, rounding=ROUND_HALF_EVEN)
    return format(twelve.divide(Decimal(change.numerator), Decimal(change.denominator)).normalize(), "f")
