"""What the size criteria share: wholes, lesion results, non-targets, and the doubts of an assessment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import ClassVar, TypedDict

from reporter.case.issue import Issue, Outcome
from reporter.case.length import Length
from reporter.case.vocabulary import Kind, Modality, Role
from reporter.response.course import SEEN, WITHOUT_VALUE, Chart, Track
from reporter.response.criteria.judgement import Judgement
from reporter.response.criteria.measurability import thicker_slices
from reporter.response.criteria.timepoint_table import non_target_category
from reporter.response.interface import (
    RECORDED,
    Assessment,
    Category,
    LesionResult,
    Operand,
    State,
    Thresholds,
    Verdict,
)
from reporter.response.readings import OTHER_MEASURE
from reporter.response.roles import Part, Standing, seen
from reporter.response.whole import Whole, begun, whole_of


@dataclass(frozen=True, slots=True)
class ByThresholds:
    """What every criterion of this project is made with."""

    version: ClassVar[str] = "1"
    """Of the rules, printed with the basis."""
    thresholds: Thresholds = field(default_factory=Thresholds)


@dataclass(frozen=True, slots=True)
class BySize(ByThresholds):
    """A criterion that judges by the limits of the settings."""

    @property
    def stated_limits(self) -> tuple[Operand, ...]:
        """The limits that the basis of a report states."""
        return self.thresholds.limits


class Sums(TypedDict):
    """The fields of an assessment that tell of its sum, in mm."""

    total: Decimal | None
    baseline_total: Decimal | None
    nadir_total: Decimal | None
    nadir_time_point: int | None
    target: Verdict | None


def sums(judged: Judgement | None) -> Sums:
    """What the judgement of a sum tells; nothing where there is no target."""
    return Sums(
        total=None if judged is None else judged.now,
        baseline_total=None if judged is None else judged.baseline,
        nadir_total=None if judged is None else judged.nadir,
        nadir_time_point=None if judged is None else judged.nadir_time_point,
        target=None if judged is None else judged.verdict,
    )


def whole_of_targets(parts: Sequence[Part]) -> Whole:
    """The targets of one modality as a sum, fragments with the lesion they split from."""
    fragments = [p.track for p in parts if p.standing is Standing.FRAGMENT]
    return whole_of((p.track for p in parts if p.target), fragments)


def non_target_verdict(chart: Chart, parts: Iterable[Part], time_point: int) -> Verdict | None:
    """The category of the non-target lesions; None where there are none."""
    chosen = non_targets(parts, time_point)
    if not chosen:
        return None
    if time_point == chart.baseline:
        return Verdict(category=Category.BASELINE, rule="non_target.baseline", lesion_ids=_ids(chosen))
    gone = {p.track.lesion.id: _non_target_gone(p.track, time_point, chart.thresholds) for p in chosen}
    progressed = _ids(p for p in chosen if p.track.points[time_point].state is State.PROGRESSED)
    missing, persisting = (tuple(i for i, g in gone.items() if g is said) for said in (None, False))
    category = non_target_category(list(gone.values()), progressed=bool(progressed))
    decided = progressed or missing or persisting or _ids(chosen)
    return Verdict(category=category, rule=f"non_target.{_WORDS[category]}", lesion_ids=decided)


def non_targets(parts: Iterable[Part], time_point: int) -> list[Part]:
    """The non-target lesions, each with the fragments it has split into by now.

    A lesion without a row of its own is looked at in its fragments, as a target is measured in them (2.4).
    """
    known = list(parts)
    own = [p for p in known if p.non_target]
    ids = {p.track.lesion.id for p in own}
    split = [p for p in known if p.standing is Standing.FRAGMENT and p.track.split_from in ids]
    pieces = [p for p in split if begun(p.track, time_point)]
    parents = {p.track.split_from for p in pieces}
    stated = [
        p for p in own if p.track.lesion.id not in parents or p.track.points[time_point].state is not State.NO_ROW
    ]
    return [*stated, *pieces]


_WORDS = {Category.CR: "cr", Category.NON_CR_NON_PD: "persists", Category.PD: "pd", Category.NE: "ne"}


def _ids(parts: Iterable[Part]) -> tuple[str, ...]:
    return tuple(p.track.lesion.id for p in parts)


def _non_target_gone(track: Track, time_point: int, thresholds: Thresholds) -> bool | None:
    """Whether a non-target lesion is gone; a node is under 10 mm short axis; None: not evaluated."""
    point = track.points[time_point]
    if point.state in WITHOUT_VALUE:
        return None
    if track.lesion.is_node and point.size is not None:
        return point.size.mm < thresholds.node_normal_mm
    return point.state is State.ABSENT


def lesion_result(
    chart: Chart, part: Part, time_point: int, verdict: Verdict | None = None, *, whole: Whole | None = None
) -> LesionResult:
    """A lesion with its own baseline and smallest size; without a category of its own, unless a verdict gives it.

    `whole` is the lesion with what split from it, where that is told as one.
    """
    baseline = None if chart.baseline is None else part.track.size_at(chart.baseline)
    told = part.alone if whole is None else whole
    nadir = told.nadir(chart.origin, time_point)
    return LesionResult(
        point=told.point_at(time_point),
        role=part.role,
        measure=part.track.measure,
        baseline=_length(baseline),
        nadir=None if nadir is None else Length(nadir.size),
        nadir_time_point=None if nadir is None else nadir.time_point,
        nadir_day=None if nadir is None else told.day_of(nadir),
        verdict=verdict,
        counted=part.counted,
    )


def site_result(chart: Chart, part: Part, time_point: int, site: Whole, judgement: Judgement) -> LesionResult:
    """A target with the category of its site; the head of several lesions carries their sizes added.

    While one of them has no value, its own size is compared with its own alone.
    """
    if site.parts[0].track is not part.track:
        return lesion_result(chart, part, time_point, judgement.verdict)
    point = site.point_at(time_point)
    if judgement.now is None:
        return replace(lesion_result(chart, part, time_point, judgement.verdict), point=point)
    return LesionResult(
        point=replace(point, size=_length(judgement.now)),
        role=part.role,
        measure=part.track.measure,
        baseline=_length(judgement.baseline),
        nadir=_length(judgement.nadir),
        nadir_time_point=judgement.nadir_time_point,
        nadir_day=judgement.nadir_day,
        verdict=judgement.verdict,
        counted=part.counted,
    )


def _length(value: Decimal | None) -> Length | None:
    return None if value is None else Length(value)


def recorded(found: Assessment, rule: str = RECORDED) -> Assessment:
    """The sizes of an assessment, without any category; the baseline, which has none, stays what it is."""
    if found.overall.category is Category.BASELINE:
        return found
    verdict = Verdict(category=Category.NE, rule=rule)
    return replace(
        found,
        target=None if found.target is None else verdict,
        non_target=None if found.non_target is None else verdict,
        overall=verdict,
        lesions=tuple(replace(r, verdict=None) for r in found.lesions),
        held=False,
        plain=None,
    )


ROLE_ORDER = (Role.TARGET, Role.NON_TARGET, Role.NEW)


def result_order(result: LesionResult) -> tuple[int, str]:
    """Targets first, then non-target, then new; each by id."""
    return ROLE_ORDER.index(result.role), result.point.lesion_id


def shown(part: Part, time_point: int) -> bool:
    """Whether a lesion appears at a time point: a new one, or a fragment, only from when it is first seen."""
    if part.role is not Role.NEW and part.standing is not Standing.FRAGMENT:
        return True
    before, now = part.track.points[:time_point], part.track.points[time_point]
    return any(p.state in SEEN for p in before) or now.study is not None


def uncounted_measured(parts: Iterable[Part], time_point: int) -> tuple[str, ...]:
    """Lesions seen on this modality, and not said to be gone since, that no rule counts: with one, no CR stands (NE).

    They are lesions in doubt, new ones that were not declared, those without a baseline on this modality, and what
    split from one of these.
    """
    doubtful = {Standing.UNSETTLED, Standing.ELSEWHERE}
    return tuple(
        p.track.lesion.id
        for p, standing in _with_standing(parts)
        if (standing in doubtful or undeclared(p)) and _not_gone(p, time_point)
    )


def _with_standing(parts: Iterable[Part]) -> list[tuple[Part, Standing]]:
    """Each lesion with its standing; a fragment has that of the lesion it split from, which may not be known here."""
    known = list(parts)
    own = {p.track.lesion.id: p.standing for p in known}
    return [
        (p, own.get(p.track.split_from or "", Standing.ELSEWHERE) if p.standing is Standing.FRAGMENT else p.standing)
        for p in known
    ]


def _not_gone(part: Part, time_point: int) -> bool:
    """Whether the last that was said of a lesion is that it is there: a row that is missing takes nothing away."""
    for point in reversed(part.track.points[: time_point + 1]):
        if point.state in SEEN or point.state is State.ABSENT:
            return point.state in SEEN
    return False


def without_doubtful_cr(parts: Iterable[Part], time_point: int, verdict: Verdict) -> Verdict:
    """While a measured lesion is not counted, no CR stands."""
    doubtful = uncounted_measured(parts, time_point) if verdict.category is Category.CR else ()
    if doubtful:
        rule = f"{verdict.rule.partition('.')[0]}.uncounted_lesion"
        return Verdict(category=Category.NE, rule=rule, lesion_ids=doubtful)
    return verdict


def without_reference(parts: Iterable[Part], time_point: int, *, used: bool, prefix: str) -> Verdict:
    """No disease on this modality at baseline: NED where it was `used` then, NE where it was not."""
    there = tuple(
        p.track.lesion.id
        for p, standing in _with_standing(parts)
        if standing is Standing.ELSEWHERE and seen(p, time_point)
    )
    if there or not used:
        return Verdict(category=Category.NE, rule=f"{prefix}.no_baseline_on_modality", lesion_ids=there)
    return Verdict(category=Category.NED, rule=f"{prefix}.ned")


def undeclared(part: Part) -> bool:
    """Whether it is a lesion first seen after baseline that was not declared new."""
    return part.new and part.track.lesion.role is not Role.NEW


def problem(code: str, *, lesion_id: str | None = None, **operands: str | int | Length) -> Issue:
    """A doubt that costs a value or breaks a protocol."""
    return Issue(code=code, outcome=Outcome.PROBLEM, lesion_id=lesion_id, operands=operands)


def modality_word(modality: Modality | None) -> str:
    """A modality as an operand; empty for the unnamed one."""
    return "" if modality is None else modality.value


def shared_issues(chart: Chart, parts: Iterable[Part], time_point: int) -> tuple[Issue, ...]:
    """Doubts of one assessment that any size criterion has."""
    found: list[Issue] = []
    every = tuple(parts)
    split = {p.track.split_from for p in every if p.standing is Standing.FRAGMENT and seen(p, time_point)}
    for part in every:
        found += _part_issues(chart, part, time_point, split=part.track.lesion.id in split)
    found += thicker_slices(chart, every, time_point)
    if chart.baseline is None:
        found.append(problem("TP_NO_BASELINE"))
    return tuple(found)


def _part_issues(chart: Chart, part: Part, time_point: int, *, split: bool) -> list[Issue]:
    lesion, point = part.track.lesion, part.track.points[time_point]
    modality = modality_word(part.track.modality)
    found = []
    if not split and lost(chart, part, time_point):
        found.append(problem("LES_LOST", lesion_id=lesion.id, modality=modality))
    if point.reason == OTHER_MEASURE and _followed_otherwise(part.track):
        found.append(problem("RULE_MIX", lesion_id=lesion.id, modality=modality))
    if lesion.role is Role.TARGET and lesion.kind in {Kind.CALCIFICATION, Kind.SKIN}:
        found.append(problem("TARGET_KIND", lesion_id=lesion.id))
    if undeclared(part) and seen(part, time_point) and lesion.covered_before is not False:
        found.append(problem("LES_NEW", lesion_id=lesion.id, modality=modality))
    return found


def lost(chart: Chart, part: Part, time_point: int) -> bool:
    """Whether a counted lesion, or a part of one that split, has no row now, although its modality was used."""
    counted = part.counted or part.standing is Standing.FRAGMENT
    if not counted or part.track.points[time_point].state is not State.NO_ROW:
        return False
    before = part.track.points[chart.origin : time_point]
    return any(p.state in SEEN for p in before) or any(p.state is State.NOT_EVALUABLE for p in before[:1])


def _followed_otherwise(track: Track) -> bool:
    return any(p.state in {State.MEASURED, State.TOO_SMALL} for p in track.points)


_NAMED = {
    "pr_percent": "PR -{} %",
    "pd_percent": "PD +{} %",
    "pd_mm": "PD at least {} mm",
    "node_normal_mm": "normal node under {} mm",
    "node_target_mm": "target node from {} mm",
    "measurable_mm": "measurable from {} mm",
    "too_small_mm": "too small counts {} mm",
    "node_cortex_mm": "normal cortex up to {} mm",
}
_PUBLISHED = Thresholds()
_NAMED_BY_ONE = {"reappearance_mm": "a site is back from {} mm"}
"""Limits that one criterion has of its own."""


def modified(thresholds: Thresholds, *own: str) -> str:
    """What differs from the published limits, as the criterion's name says it; empty where nothing does.

    `own` are limits that the criterion has of its own.
    """
    named = {**_NAMED, **{name: _NAMED_BY_ONE[name] for name in own}}
    words = [
        text.format(f"{getattr(thresholds, name):f}")
        for name, text in named.items()
        if getattr(thresholds, name) != getattr(_PUBLISHED, name)
    ]
    if not thresholds.hold_response:
        words.append("response not held")
    return f", modified: {', '.join(words)}" if words else ""
