"""Lesions, what each modality saw of them, and the course of both through the time points.

Written from the clinical rules alone; letters name the decisions, numbers the sections of the rules.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from operator import itemgetter

from tests.second_opinion.reading import (
    NORMAL_NODE,
    NOTHING,
    TARGET_NODE,
    Row,
    Seen,
    TimePoint,
    cell,
    is_node,
    seen_in,
)

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
        every = [row for row in rows if row["study_date"] <= day]
        found.append({name: _latest(so_far, every, name) for name in {row["lesion_id"] for row in so_far}})
    return found


def _counting(rows: list[Row], name: str) -> list[Row]:
    """Tomosynthesis counts where it and mammography both measured a lesion, else the one of them that saw it."""
    mine = [row for row in rows if row["lesion_id"] == name]
    firm = [cell(kind[0], "modality") for kind in _mammographic([r for r in mine if _firm(seen_in(r))]) if kind]
    choices = [*([r for r in mine if cell(r, "modality") == kind] for kind in firm), *_mammographic(mine), mine]
    return next((choice for choice in choices if any(seen_in(row).evaluable for row in choice)), mine)


def _latest(rows: list[Row], every: list[Row], name: str) -> Seen:
    """The latest value; else the latest word that is none."""
    mine = [row for row in rows if row["lesion_id"] == name]
    seen = [replace(one, day=row["study_date"]) for row in mine if (one := seen_in(row)).evaluable]
    firm = [one for one in seen if _firm(one)]
    if not firm:
        return (seen or [seen_in(mine[-1])])[-1]
    node = is_node(mine)
    later = [row for row in every if row["lesion_id"] == name and row["study_date"] >= firm[-1].day]
    return ([*firm[-1:], *(against for row in later if (against := _denied(firm[-1], row, node=node)))])[-1]


def _firm(seen: Seen) -> bool:
    return seen.mm is not None or seen.state == "progressed"


def _denied(last: Seen, row: Row, *, node: bool) -> Seen | None:
    """What takes a lesion's being gone away: it is there without a number, or has a value that cannot be used.

    A measured lesion that is not counted lets no complete response stand ("What a doubt does").
    """
    now = replace(seen_in(row), day=row["study_date"])
    small = node and last.mm is not None and last.mm < NORMAL_NODE
    unusable = now.state == "nothing" and bool(now.code)
    if last.state == "absent":
        return now if unusable or (now.evaluable and now.mm is None and now.state != "progressed") else None
    return now if unusable and small and last.state != "merged" else None


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
        """The parts that have been there: one that was never seen is none."""
        known = {
            name
            for snaps in self.seen[: place + 1]
            for name, seen in snaps[-1].items()
            if seen.evaluable and seen.state != "absent"
        }
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
