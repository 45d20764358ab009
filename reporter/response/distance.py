"""How far a sum, or a site, is from another category: exact, from the numbers that its verdict was given on.

Of every size that the present one could have been, the rules of size are asked again; what is told are the sizes at
which the category changes.  Both limits of progression are kept, because the larger of them decides.  Nothing is told
where a size alone does not decide: of a smallest size of 0, a target without a value, a reader's word, lesions that
have merged, or a sum with nodes that is complete.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reporter.response.criteria.arithmetic import Look, rule_of
from reporter.response.criteria.judgement import held_after
from reporter.response.exact import EXACT, HUNDRED, shortest, total
from reporter.response.interface import Assessment, Category, Change, LesionResult, Measure, Thresholds, Verdict

HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A size at which the category changes."""

    category: Category
    """The one that it becomes."""
    now: Decimal
    size: Decimal
    """In mm, as `now`."""
    beyond: bool
    """The category changes not at this size, but as soon as it is passed."""

    @property
    def change(self) -> Change:
        """From the present size to this one."""
        return Change(now=self.size, then=self.now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Distances:
    """How far one sum or site is from other categories."""

    lesion_id: str | None
    """None: the sum."""
    category: Category
    falls: tuple[Step, ...]
    """The nearest first."""
    rises: tuple[Step, ...]
    least_by_percent: Decimal
    """The size from which growth meets the percentage of progression, in mm."""
    least_by_mm: Decimal
    """The size from which it meets the millimetres."""


def distances(found: Assessment, every: Iterable[Assessment], limits: Thresholds) -> tuple[Distances, ...]:
    """Of the sum and of each site of one assessment; `every` are the assessments it stands among."""
    earlier = sorted((a for a in every if _same(a, found)), key=lambda a: a.time_point)
    sums = tuple(a.target.category for a in earlier if a.target is not None)
    targets = [r for r in found.lesions if r.in_sum]
    nodes = {r.measure is Measure.SHORT_AXIS for r in targets}
    node = nodes == {True} if len(targets) == 1 else None if True in nodes else False
    of_sum = [] if found.target is None else [_distances(None, found.target, sums, limits, node=node)]
    of_sites = [_of_site(result, earlier, limits) for result in targets]
    return tuple(d for d in (*of_sum, *of_sites) if d is not None)


def _same(a: Assessment, found: Assessment) -> bool:
    """Whether it is of the same course, before."""
    scope = (a.criterion, a.side, a.modality) == (found.criterion, found.side, found.modality)
    return scope and a.time_point < found.time_point


def _of_site(result: LesionResult, earlier: Sequence[Assessment], limits: Thresholds) -> Distances | None:
    verdict, lesion_id = result.verdict, result.point.lesion_id
    if verdict is None or verdict.lesion_ids != (lesion_id,):
        return None  # one of several that have merged
    own = [r.verdict for a in earlier for r in a.lesions if r.point.lesion_id == lesion_id]
    before = tuple(v.category for v in own if v is not None)
    return _distances(lesion_id, verdict, before, limits, node=result.measure is Measure.SHORT_AXIS)


def _distances(
    lesion_id: str | None, verdict: Verdict, before: Sequence[Category], limits: Thresholds, *, node: bool | None
) -> Distances | None:
    scale = _scale(verdict, before, limits, node=node)
    if scale is None or scale.category_at(scale.now) is not verdict.category:
        return None
    return Distances(
        lesion_id=lesion_id,
        category=verdict.category,
        falls=tuple(scale.steps(down=True)),
        rises=tuple(scale.steps(down=False)),
        least_by_percent=scale.by_percent,
        least_by_mm=scale.by_mm,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Every size that a sum or a site could have now, and its category."""

    now: Decimal
    baseline: Decimal
    nadir: Decimal
    responded: bool
    limits: Thresholds
    node: bool | None
    """Whether it is one node; None: a sum with nodes, which no size alone makes complete."""

    @property
    def by_percent(self) -> Decimal:
        """The least size that meets the percentage of progression."""
        return _share(self.nadir, HUNDRED + self.limits.pd_percent)

    @property
    def by_mm(self) -> Decimal:
        """The least size that meets the millimetres of progression."""
        return EXACT.add(self.nadir, self.limits.pd_mm)

    def gone(self, size: Decimal) -> bool:
        """Whether a size counts as gone."""
        if self.node is None:
            return False
        return size < self.limits.node_normal_mm if self.node else size == 0

    def category_at(self, size: Decimal) -> Category:
        """What the rules of size make of it."""
        look = Look(
            at_baseline=False,
            baseline=self.baseline,
            nadir=self.nadir,
            reference=self.nadir,
            now=size,
            known=size,
            gone=self.gone(size),
            progressed=False,
            returned=False,
            responded=self.responded,
        )
        return rule_of(look, self.limits).category

    def steps(self, *, down: bool) -> Iterator[Step]:
        """The changes of category in one direction, the nearest first."""
        edges = sorted(self._edges(), reverse=down)
        ahead = [e for e in edges if (e <= self.now if down else e >= self.now)]
        category = self.category_at(self.now)
        for place, edge in enumerate(ahead):
            for size, beyond in ((edge, False), (_between(ahead[place : place + 2]), True)):
                found = category if size is None else self.category_at(size)
                if found is not category:
                    category = found
                    yield Step(category=category, now=self.now, size=edge, beyond=beyond)

    def _edges(self) -> set[Decimal]:
        """The sizes at which a rule may begin to hold, or cease to."""
        partial = _share(self.baseline, HUNDRED - self.limits.pr_percent)
        edges = {Decimal(0), partial, max(self.by_percent, self.by_mm)}
        return edges | ({self.limits.node_normal_mm} if self.node else set())


def _between(edges: Sequence[Decimal]) -> Decimal | None:
    """A size between an edge and the next one; None after the last: below 0 no size is, above it no rule begins."""
    return EXACT.multiply(total(edges), HALF) if len(edges) > 1 else None


def _share(size: Decimal, percent: Decimal) -> Decimal:
    """A share of a size, exact, with the digits that it needs."""
    return shortest(EXACT.multiply(size, percent).scaleb(-2, EXACT))


def _scale(verdict: Verdict, before: Sequence[Category], limits: Thresholds, *, node: bool | None) -> Scale | None:
    operands = {o.name: o.value for o in verdict.operands}
    now, baseline, nadir = (operands.get(name) for name in ("now", "baseline", "nadir"))
    if "pd_mm" not in operands or now is None or not baseline or not nadir:
        return None  # not judged by length, or not by a length alone
    responded = False
    for category in before:
        responded = held_after(category, responded=responded)
    return Scale(now=now, baseline=baseline, nadir=nadir, responded=responded, limits=limits, node=node)
