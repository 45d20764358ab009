"""`who`: the bidimensional criteria of the World Health Organization; the whole patient, one modality at a time.

Source: Miller AB et al., Cancer 1981;47:207-214.  What is followed is the product of the longest diameter and its
perpendicular (`long_axis` x `short_axis`; a third axis is not used), in mm2, and the sum of the targets' products.

1.  The baseline itself has no category.
2.  Progression (PD): a reader's word of it; a product at least 25 % above its own smallest in one lesion or more, or,
    by the setting `pd_of = "sum"`, the sum at least 25 % above the smallest sum; a new lesion; disease that is there
    again after a complete response.  There is no least growth in mm.
3.  While a target has no product, not evaluable (NE).
4.  Complete response (CR): every lesion is gone.  Nodes too: the limit of a normal node is one of RECIST 1.1.
5.  Partial response (PR): the sum at least 50 % below baseline.
6.  Anything else is no change, printed as stable disease (SD).  An earlier PR is not held.

CR and PR are those of the time point; confirmation after four weeks is a matter of the best overall response.

Which lesions are targets, what counts at a time point and what is a new lesion is as in `recist-1.1`; measurability and
modality are not limited.  A lesion too small to measure counts as a square of the size that stands for it (5 mm), and
never proves growth by that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import ClassVar, Final

from reporter.case.case import Case
from reporter.case.issue import Issue, Outcome
from reporter.case.vocabulary import Modality
from reporter.response.course import WITHOUT_VALUE, Chart, chart
from reporter.response.criteria.products import ONE_AXIS, product_parts, without_second_axis
from reporter.response.criteria.recist11 import (
    THERE,
    Sight,
    done_on,
    is_definite,
    new_findings,
    new_lesion_of,
    reference_used,
    restated,
    sideless_counted,
)
from reporter.response.criteria.shared import (
    ByThresholds,
    lesion_result,
    modality_word,
    non_targets,
    problem,
    recorded,
    result_order,
    shared_issues,
    shown,
    whole_of_targets,
    without_doubtful_cr,
    without_reference,
)
from reporter.response.criteria.timepoint_table import non_target_category, row_of
from reporter.response.criteria.who_limits import Limits, changed_limits, changed_sizes, limits_of, stated
from reporter.response.exact import EXACT, HUNDRED, total
from reporter.response.interface import (
    Amounts,
    Assessment,
    Category,
    LesionResult,
    Measure,
    Operand,
    State,
    Verdict,
)
from reporter.response.modalities import is_imaging
from reporter.response.roles import Part, parts, seen
from reporter.response.whole import Part as Followed
from reporter.response.whole import Whole

UNIT: Final = "mm2"
NOTHING_FOLLOWED: Final = Amounts(now=None, baseline=None, nadir=None, unit=UNIT)
WORDS: Final = {
    Category.CR: "cr",
    Category.NON_CR_NON_PD: "persists",
    Category.PD: "pd",
    Category.NE: "ne",
}


@dataclass(frozen=True, slots=True)
class Who(ByThresholds):
    """The bidimensional criterion; see the module."""

    own_settings: ClassVar[type] = Limits
    """Keys of `[criteria.who]`."""
    id: ClassVar[str] = "who"
    """Stable id."""
    options: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        limits_of(self.options)  # a wrong setting is refused before the first case

    @property
    def limits(self) -> Limits:
        """The limits, with what a site changed."""
        return limits_of(self.options)

    @property
    def name(self) -> str:
        """Printed name, with what a site changed."""
        words = [*changed_limits(self.limits), *changed_sizes(self.thresholds)]
        return f"WHO, products of two diameters{', modified: ' if words else ''}{', '.join(words)}"

    @property
    def stated_limits(self) -> tuple[Operand, ...]:
        """The limits that the basis of a report states."""
        return stated(self.limits)

    def assess(self, case: Case) -> tuple[Assessment, ...]:
        """One assessment of the patient for each modality and time point at which it was used."""
        known = chart(sideless_counted(case), self.thresholds, by_looks=False)
        found: list[Assessment] = []
        for modality in dict.fromkeys(t.modality for t in known.tracks):
            found += _through_time(known, modality, self.limits)
        return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The patient on one modality at one time point: lengths in `sight`, products in `whole`."""

    sight: Sight
    limits: Limits
    whole: Whole
    products: Mapping[str, Whole]
    """Each lesion by itself."""

    @property
    def chart(self) -> Chart:
        """The course."""
        return self.sight.chart

    @property
    def time_point(self) -> int:
        """Index of the time point."""
        return self.sight.time_point


def _through_time(known: Chart, modality: Modality | None, limits: Limits) -> Iterator[Assessment]:
    """Time points in order, because a reappearance needs to know of a complete response before it."""
    tracks = [t for t in known.tracks if t.modality is modality]
    found = parts(known, tracks)
    followed = product_parts(known, found)
    whole, single = whole_of_targets(followed), {p.track.lesion.id: p.alone for p in followed}
    complete = False
    for time_point in range(known.origin, len(known.time_points)):
        if not done_on(known, tracks, modality, time_point):
            continue
        sight = Sight(
            chart=known,
            modality=modality,
            time_point=time_point,
            parts=found,
            whole=whole,
            complete_before=complete and not restated(known),
        )
        assessment = _assess(Look(sight=sight, limits=limits, whole=whole, products=single))
        complete = complete or assessment.overall.category is Category.CR
        yield assessment


def _assess(now: Look) -> Assessment:
    target = _target(now) if now.whole.parts else None
    non_target = _non_target(now)
    nadir = now.whole.nadir(now.chart.origin, now.time_point)
    found = Assessment(
        criterion="who",
        side=None,
        modality=now.sight.modality,
        time_point=now.time_point,
        lesions=_lesions(now),
        total=None,
        baseline_total=None,
        nadir_total=None,
        nadir_time_point=None if nadir is None else nadir.time_point,
        target=target,
        non_target=non_target,
        new_lesion=new_lesion_of(new_findings(now.sight)),
        overall=_overall(now, target, non_target),
        issues=_issues(now),
        amounts=_amounts(now, now.whole) if now.whole.parts else NOTHING_FOLLOWED,
    )
    return found if is_imaging(now.sight.modality) else recorded(found)


def _amounts(now: Look, whole: Whole) -> Amounts:
    nadir = whole.nadir(now.chart.origin, now.time_point)
    return Amounts(
        now=whole.size_at(now.time_point),
        baseline=None if now.chart.baseline is None else whole.size_at(now.chart.baseline),
        nadir=None if nadir is None else nadir.size,
        unit=UNIT,
    )


# -- targets ------------------------------------------------------------------------------------------------------


def _target(now: Look) -> Verdict:
    amounts = _amounts(now, now.whole)
    category, word, ids = _target_rule(now, amounts)
    sizes = (("now", amounts.now), ("baseline", amounts.baseline), ("nadir", amounts.nadir))
    return Verdict(
        category=category,
        rule=f"who_target.{word}",
        operands=(
            *(Operand(name=name, value=value, unit=UNIT) for name, value in sizes if value is not None),
            *stated(now.limits),
        ),
        lesion_ids=ids or now.whole.lesion_ids,
    )


def _target_rule(now: Look, amounts: Amounts) -> tuple[Category, str, tuple[str, ...]]:
    """Category, rule, and the lesions that decided where not all did; the first that holds."""
    if now.time_point == now.chart.baseline:
        return Category.BASELINE, "baseline", ()
    if now.whole.progressed(now.time_point):
        return Category.PD, "pd_unequivocal", ()
    if now.chart.baseline is None:
        return Category.NE, "no_baseline", ()
    back = _back(now)
    if back:
        return Category.PD, "pd_returned", back
    grown = _grown_lesions(now) if now.limits.pd_of == "lesion" else ()
    if grown or (now.limits.pd_of == "sum" and _grown_sum(now)):
        return Category.PD, "pd_lesion" if grown else "pd_sum", grown
    return (*_without_growth(now, amounts), ())


def _without_growth(now: Look, amounts: Amounts) -> tuple[Category, str]:
    if amounts.baseline is None:
        return Category.NE, "no_baseline"
    if amounts.now is None:
        return Category.NE, "missing"
    if amounts.now == 0:
        return Category.CR, "cr"
    share = EXACT.multiply(amounts.baseline, HUNDRED - now.limits.pr_percent)
    if EXACT.multiply(amounts.now, HUNDRED) <= share:
        return Category.PR, "pr"
    return Category.SD, "sd"


def _back(now: Look) -> tuple[str, ...]:
    """Targets that are there again after a complete response, whether they have a product now or not."""
    if not now.sight.complete_before:
        return ()
    return tuple(p.track.lesion.id for p in now.whole.parts if _is_there(p, now.time_point))


def _is_there(part: Followed, time_point: int) -> bool:
    """Of a lesion that split, one part that is there is enough."""
    product = part.size_at(time_point)
    if product is not None:
        return product > 0
    return any(t.points[time_point].state in THERE for t in (part.track, *part.fragments))


def _grown_lesions(now: Look) -> tuple[str, ...]:
    return tuple(
        p.track.lesion.id for p in now.whole.parts if _grown(now, Whole(parts=(p,)), _measured(p, now.time_point))
    )


def _grown_sum(now: Look) -> bool:
    """Whether what is known of the sum has grown: a target without a product takes no growth away."""
    measured = any(_measured(p, now.time_point) for p in now.whole.parts)
    return measured and _grown(now, now.whole, now.whole.known_at(now.time_point))


def _grown(now: Look, whole: Whole, size: Decimal | None) -> bool:
    """Against the smallest above 0: no share of 0 can be told."""
    smallest = whole.nadirs(now.chart.origin, now.time_point)[-1].above_nought
    if size is None or smallest is None:
        return False
    return EXACT.multiply(size, HUNDRED) >= EXACT.multiply(smallest.size, HUNDRED + now.limits.pd_percent)


def _measured(part: Followed, time_point: int) -> Decimal | None:
    """What is measured of a lesion and its fragments, in mm2; None where nothing is.

    What stands for too small is left out: it proves no growth.
    """
    points = (t.points[time_point] for t in (part.track, *part.fragments))
    sizes = [p.size.mm for p in points if p.state is State.MEASURED and p.size is not None]
    return total(sizes) if sizes else None


# -- everything else ----------------------------------------------------------------------------------------------


def _non_target(now: Look) -> Verdict | None:
    """Non-targets: gone, there, unequivocally progressive, or not evaluated; a node is gone when it is not seen."""
    chosen = non_targets(now.sight.parts, now.time_point)
    ids = tuple(p.track.lesion.id for p in chosen)
    if not chosen:
        return None
    if now.time_point == now.chart.baseline:
        return Verdict(category=Category.BASELINE, rule="who_non_target.baseline", lesion_ids=ids)
    states = [p.track.points[now.time_point].state for p in chosen]
    gone = [None if state in WITHOUT_VALUE else state is State.ABSENT for state in states]
    category = non_target_category(gone, progressed=State.PROGRESSED in states)
    return Verdict(category=category, rule=f"who_non_target.{WORDS[category]}", lesion_ids=ids)


def _overall(now: Look, target: Verdict | None, non_target: Verdict | None) -> Verdict:
    if now.time_point == now.chart.baseline:
        return Verdict(category=Category.BASELINE, rule="who.baseline")
    if now.chart.baseline is None:
        return Verdict(category=Category.NE, rule="who.no_baseline")
    definite = tuple(f.lesion_id for f in new_findings(now.sight) if is_definite(f))
    row = row_of(_category(target), _category(non_target), new=bool(definite))
    again = _non_targets_again(now)
    if row.overall is not Category.PD and again:
        return Verdict(category=Category.PD, rule="who.reappearance", lesion_ids=again)
    if row.overall is Category.NED:
        sight = now.sight
        return without_reference(sight.parts, sight.time_point, used=reference_used(sight), prefix="who")
    word = row.rule.removeprefix("overall.")
    decided = {"new_lesion": definite, "target_pd": _ids(target), "non_target_pd": _ids(non_target)}
    category = Category.SD if row.overall is Category.NON_CR_NON_PD else row.overall
    verdict = Verdict(category=category, rule=f"who.{word}", lesion_ids=decided.get(word, ()))
    return without_doubtful_cr(now.sight.parts, now.time_point, verdict)


def _category(verdict: Verdict | None) -> Category | None:
    return None if verdict is None else verdict.category


def _ids(verdict: Verdict | None) -> tuple[str, ...]:
    return () if verdict is None else verdict.lesion_ids


def _non_targets_again(now: Look) -> tuple[str, ...]:
    """Non-targets that are there again after a complete response."""
    if not now.sight.complete_before:
        return ()
    return tuple(p.track.lesion.id for p in now.sight.parts if p.non_target and seen(p, now.time_point))


def _lesions(now: Look) -> tuple[LesionResult, ...]:
    results = [_lesion(now, part) for part in now.sight.parts if shown(part, now.time_point)]
    return tuple(sorted(results, key=result_order))


def _lesion(now: Look, part: Part) -> LesionResult:
    """A lesion as it was measured, with its product beside."""
    own = now.products[part.track.lesion.id]
    nadir = own.nadir(now.chart.origin, now.time_point)
    return replace(
        lesion_result(now.chart, part, now.time_point),
        measure=Measure.PRODUCT,
        baseline=None,
        nadir=None,
        nadir_time_point=None if nadir is None else nadir.time_point,
        nadir_day=None,
        amounts=_amounts(now, own),
    )


def _issues(now: Look) -> tuple[Issue, ...]:
    found = list(shared_issues(now.chart, now.sight.parts, now.time_point))
    modality = modality_word(now.sight.modality)
    tracks = (t for part in now.whole.parts for t in (part.track, *part.fragments))
    looked = {now.time_point, now.chart.origin}
    lacking = (t.lesion.id for t in tracks if any(without_second_axis(t, index) for index in looked))
    found += (problem(ONE_AXIS, lesion_id=lesion_id, modality=modality) for lesion_id in lacking)
    if _back(now) or _non_targets_again(now):
        found.append(Issue(code="RESTATE_CR", outcome=Outcome.QUESTION, column="radiologist.restate"))
    return tuple(found)
