"""RECIST 1.1 a second time: from the published rules alone, with fractions, sharing no code with the package.

A patient is a list of visits, the first of them the baseline; a visit maps a lesion's name to what was written down:
a size in mm as text, or one of absent, too_small, present, progressed, equivocal, ne.  A lesion not in the map has no
row.  Names tell what a lesion is: T a target mass, M a mass without a role, N a node without a role, X a non-target,
Z a lesion declared new.
"""

from __future__ import annotations

from fractions import Fraction

Visit = dict[str, str]
WORDS = {"absent", "too_small", "present", "progressed", "equivocal", "ne"}
TOO_SMALL, NODE_NORMAL, NODE_TARGET = Fraction(5), Fraction(10), Fraction(15)


def size(word: str | None) -> Fraction | None:
    """Millimetres, or nothing."""
    if word == "absent":
        return Fraction(0)
    if word == "too_small":
        return TOO_SMALL
    return None if word is None or word in WORDS else Fraction(word)


def roles(baseline: Visit) -> tuple[list[str], list[str]]:
    """Targets and non-targets, chosen once, at baseline."""
    targets, others = [], []
    for name, word in sorted(baseline.items()):
        mm = size(word)
        measured = mm is not None and mm > 0 and word != "too_small"
        if name[0] == "T":
            targets.append(name)
        elif name[0] == "X":
            others.append(name)
        elif name[0] == "M":
            (targets if measured or word == "ne" else others).append(name)
        elif name[0] == "N" and (word == "ne" or (mm is not None and mm >= NODE_TARGET)):
            targets.append(name)
        elif name[0] == "N" and mm is not None and mm >= NODE_NORMAL:
            others.append(name)
    return targets, others


def node(name: str) -> bool:
    return name[0] == "N"


def classify(visits: list[Visit]) -> list[str]:
    """The overall category of every visit."""
    targets, others = roles(visits[0])
    first = [size(visits[0].get(t)) for t in targets]
    baseline = None if None in first else sum((f for f in first if f is not None), Fraction(0))
    nadir = baseline or None  # once all is gone the baseline again: against 0 no growth can be told
    answered, complete_before, found = False, False, ["BASELINE"]
    for visit in visits[1:]:
        target = _target(visit, targets, baseline, nadir, answered=answered, complete_before=complete_before)
        rest = _non_target(visit, others)
        again = complete_before and any(_there(o, visit.get(o)) for o in others)
        overall = _overall(target, rest, new=_new(visit, found, visits) or again, any_target=bool(targets))
        found.append(overall)
        answered = _responding(visit, targets, baseline, nadir, answered=answered)
        complete_before = complete_before or overall == "CR"
        now = [size(visit.get(t)) for t in targets]
        if targets and None not in now:
            total = sum((n for n in now if n is not None), Fraction(0))
            nadir = (baseline or None) if total == 0 else min(filter(None, [nadir, total]), default=None)
    return found


def _responding(
    visit: Visit, targets: list[str], baseline: Fraction | None, nadir: Fraction | None, *, answered: bool
) -> bool:
    plain = _target(visit, targets, baseline, nadir, answered=answered, complete_before=False)
    return plain in {"CR", "PR"} or (answered and plain != "PD")


def _there(name: str, word: str | None) -> bool:
    mm = size(word)
    if word in {None, "ne", "absent"}:
        return False
    return not (node(name) and mm is not None and mm < NODE_NORMAL)


def _target(
    visit: Visit,
    targets: list[str],
    baseline: Fraction | None,
    nadir: Fraction | None,
    *,
    answered: bool,
    complete_before: bool,
) -> str:
    now = [size(visit.get(t)) for t in targets]
    known = [n for n in now if n is not None]
    if any(visit.get(t) == "progressed" for t in targets):
        return "PD"
    if baseline is None:
        return "NE"
    back = complete_before and any(
        n is not None and n > 0 and not (node(t) and n < NODE_NORMAL) for t, n in zip(targets, now, strict=True)
    )
    total = sum(known, Fraction(0))
    growth = bool(known) and nadir is not None and total >= nadir * Fraction(6, 5) and total - nadir >= 5
    if len(known) < len(now):
        return "PD" if growth or back else "NE"
    if all(n < NODE_NORMAL if node(t) else n == 0 for t, n in zip(targets, known, strict=True)):
        return "CR"
    if back or growth:
        return "PD"
    if baseline > 0 and total <= baseline * Fraction(7, 10):
        return "PR"
    return "PR" if answered else "SD"


def _non_target(visit: Visit, others: list[str]) -> str | None:
    words = [visit.get(o) for o in others]
    if not others:
        return None
    if "progressed" in words:
        return "PD"
    if any(w is None or w == "ne" for w in words):
        return "NE"
    gone = all(not _there(o, w) for o, w in zip(others, words, strict=True))
    return "CR" if gone else "NON-CR/NON-PD"


def _new(visit: Visit, found: list[str], visits: list[Visit]) -> bool:
    """A lesion declared new and unequivocal; once seen it stays until it is called absent."""
    del visit
    sofar = visits[1 : len(found) + 1]
    for name in {n for v in sofar for n in v if n[0] == "Z"}:
        last = [v[name] for v in sofar if v.get(name) not in {None, "ne", "absent"}]
        ended = next((v[name] for v in reversed(sofar[-1:]) if name in v), None) == "absent"
        if last and not ended and last[-1] not in {"equivocal", "too_small"}:
            return True
    return False


def _overall(target: str, rest: str | None, *, new: bool, any_target: bool) -> str:
    if "PD" in {target if any_target else None, rest} or new:
        return "PD"
    if not any_target:
        return rest or "NED"
    if target == "CR":
        return "CR" if rest in {None, "CR"} else "PR"
    return target
