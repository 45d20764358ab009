"""Where several criteria disagree: at each time point, on each modality, the pairs with different categories, and why.

A cause is named only where the rules and operands of both tell it.  A criterion of the whole patient is held against
each breast of a criterion of sides.  What is baseline, numbers alone, or another word for the same (WHO calls disease
that persists without a target stable) is no disagreement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from reporter.response.interface import Assessment, Category, Cause, Disagreement, Stated, Verdict

PERSISTING = frozenset({Category.SD, Category.NON_CR_NON_PD})
BY_TARGETS = frozenset({"cr", "pr", "sd", "target_pd"})
"""Rules of the whole that repeat what the targets say."""
RETURNED = frozenset({"reappearance", "pd_returned"})
NEW = frozenset({"new_lesion", "new_cancer"})


@dataclass(frozen=True, slots=True)
class Pair:
    """Two assessments of one time point and modality, and those of all sides and criteria beside them."""

    one: Assessment
    other: Assessment
    beside: tuple[Assessment, ...]

    def said_by(self, criterion: str) -> frozenset[Category]:
        """What a criterion says of any side."""
        return frozenset(a.overall.category for a in self.beside if a.criterion == criterion)


def disagreements(assessments: Iterable[Assessment]) -> tuple[Disagreement, ...]:
    """Every pair of criteria that disagree, by time point, modality and side, in the order of the assessments."""
    groups: dict[tuple[int, str], list[Assessment]] = {}
    for a in assessments:
        if a.classified and a.overall.category is not Category.BASELINE:
            groups.setdefault((a.time_point, a.modality or ""), []).append(a)
    return tuple(found for key in sorted(groups) for found in _among(groups[key]))


def _among(group: Sequence[Assessment]) -> Iterator[Disagreement]:
    for one, other in combinations(group, 2):
        comparable = one.side is other.side or None in {one.side, other.side}
        if one.criterion != other.criterion and comparable and _differ(one, other):
            cause, by = _cause(Pair(one, other, tuple(group)))
            yield Disagreement(
                time_point=one.time_point,
                modality=one.modality,
                side=one.side or other.side,
                first=_stated(one),
                second=_stated(other),
                cause=cause,
                by=by,
            )


def _differ(one: Assessment, other: Assessment) -> bool:
    categories = {one.overall.category, other.overall.category}
    return len(categories) > 1 and categories != PERSISTING


def _stated(a: Assessment) -> Stated:
    return Stated(
        criterion=a.criterion, side=a.side, category=a.overall.category, rule=a.overall.rule, change=a.from_baseline
    )


# -- why ----------------------------------------------------------------------------------------------------------


def _cause(pair: Pair) -> tuple[Cause | None, str | None]:
    """The first cause that is one of either, with the criterion it is of."""
    for cause, holds in CAUSES:
        for one, other in ((pair.one, pair.other), (pair.other, pair.one)):
            if holds(one, other, pair):
                return cause, None if cause is Cause.TARGETS else one.criterion
    return None, None


Holds = Callable[[Assessment, Assessment, Pair], bool]


def _refuses(one: Assessment, _other: Assessment, _pair: Pair) -> bool:
    return _word(one.overall) == "modality_not_accepted"


def _of_both_sides(one: Assessment, other: Assessment, pair: Pair) -> bool:
    """One of the whole patient says what is true of the other breast."""
    said = pair.said_by(other.criterion)
    return one.side is None and other.side is not None and one.overall.category in said


def _lacks_a_diameter(one: Assessment, other: Assessment, _pair: Pair) -> bool:
    """Its products cannot be told although the diameters can; no value at all would be the same for both."""
    rule = "" if one.target is None else one.target.rule
    known = other.target is not None and other.target.category is not Category.NE
    return rule in {"who_target.missing", "who_target.no_baseline"} and _word(one.overall) == "target_ne" and known


def _new(one: Assessment, _other: Assessment, _pair: Pair) -> bool:
    return _word(one.overall) in NEW


def _returned(one: Assessment, _other: Assessment, _pair: Pair) -> bool:
    """PD for what came back, by the whole or by a target or site of it."""
    verdicts = [one.overall, one.target, *(r.verdict for r in one.lesions)]
    return one.overall.category is Category.PD and any(v is not None and _word(v) in RETURNED for v in verdicts)


def _names_sites(one: Assessment, other: Assessment, _pair: Pair) -> bool:
    return one.overall.category is Category.MIXED and _by_targets(other)


def _holds_a_response(one: Assessment, other: Assessment, _pair: Pair) -> bool:
    return one.held and one.overall.category is Category.PR and other.overall.category is Category.SD


def _follows_others(one: Assessment, other: Assessment, _pair: Pair) -> bool:
    return _followed(one) != _followed(other)


def _takes_nodes_for_gone(one: Assessment, other: Assessment, _pair: Pair) -> bool:
    """Complete although a node is still measured, where the other counts that node."""
    left = one.total is not None and one.total > 0
    return left and one.overall.category is Category.CR and other.amounts is not None and _by_targets(other)


def _least_good(one: Assessment, other: Assessment, _pair: Pair) -> bool:
    """Its sum is where the other's is, and a site of it is not."""
    if one.target is None or other.target is None or one.target.category is not other.target.category:
        return False
    return _by_sites(one) and one.overall.category is not one.target.category and _by_targets(other)


def _by_products(one: Assessment, other: Assessment, _pair: Pair) -> bool:
    both = _by_targets(one) and _by_sites(other)
    return both and one.amounts is not None and other.amounts is None and not other.held


CAUSES: tuple[tuple[Cause, Holds], ...] = (
    (Cause.MODALITY, _refuses),
    (Cause.BOTH_SIDES, _of_both_sides),
    (Cause.ONE_DIAMETER, _lacks_a_diameter),
    (Cause.NEW_LESION, _new),
    (Cause.REAPPEARANCE, _returned),
    (Cause.MIXED, _names_sites),
    (Cause.HELD, _holds_a_response),
    (Cause.TARGETS, _follows_others),
    (Cause.NODES, _takes_nodes_for_gone),
    (Cause.LEAST_GOOD_SITE, _least_good),
    (Cause.PRODUCTS, _by_products),
)
"""In this order; the first that holds is told."""


def _word(verdict: Verdict) -> str:
    """The name of its rule, without what was judged."""
    return verdict.rule.rpartition(".")[2]


def _by_targets(a: Assessment) -> bool:
    return _word(a.overall) in BY_TARGETS


def _by_sites(a: Assessment) -> bool:
    """By its targets, or by one site of them."""
    return _word(a.overall) in {*BY_TARGETS, "site_pd"}


def _followed(a: Assessment) -> frozenset[str]:
    return frozenset(r.point.lesion_id for r in a.lesions if r.in_sum)
