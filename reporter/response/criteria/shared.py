"""What the size criteria share: wholes, lesion results, non-targets, and the doubts of an assessment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from reporter.case.issue import Issue, Outcome
from reporter.case.length import Length
from reporter.case.vocabulary import Kind, Modality, Role
from reporter.response.course import OTHER_MEASURE, SEEN, WITHOUT_VALUE, Chart, Track
from reporter.response.criteria.judgement import Judgement
from reporter.response.criteria.measurability import thicker_slices
from reporter.response.criteria.timepoint_table import non_target_category
from reporter.response.interface import Category, LesionResult, State, Thresholds, Verdict
from reporter.response.roles import Part, Standing, is_new, seen
from reporter.response.whole import Whole, parent_of, whole_of


def whole_of_targets(parts: Sequence[Part]) -> Whole:
    """The targets of one modality as a sum, fragments with the lesion they split from."""
    fragments = [p.track for p in parts if p.standing is Standing.FRAGMENT]
    return whole_of((p.track for p in parts if p.target), fragments)


def non_target_verdict(chart: Chart, parts: Iterable[Part], time_point: int) -> Verdict | None:
    """The category of the non-target lesions; None where there are none."""
    chosen = [p for p in parts if p.non_target]
    if not chosen:
        return None
    if time_point == chart.baseline:
        return Verdict(category=Category.BASELINE, rule="non_target.baseline", lesion_ids=_ids(chosen))
    states = [p.track.points[time_point].state for p in chosen]
    gone = [_non_target_gone(p.track, time_point, chart.thresholds) for p in chosen]
    category = non_target_category(gone, progressed=State.PROGRESSED in states)
    return Verdict(category=category, rule=f"non_target.{_WORDS[category]}", lesion_ids=_deciding(chosen, gone, states))


_WORDS = {Category.CR: "cr", Category.NON_CR_NON_PD: "persists", Category.PD: "pd", Category.NE: "ne"}


def _ids(parts: Iterable[Part]) -> tuple[str, ...]:
    return tuple(p.track.lesion.id for p in parts)


def _deciding(parts: Sequence[Part], gone: Sequence[bool | None], states: Sequence[State]) -> tuple[str, ...]:
    progressed = [p for p, state in zip(parts, states, strict=True) if state is State.PROGRESSED]
    missing = [p for p, g in zip(parts, gone, strict=True) if g is None]
    persisting = [p for p, g in zip(parts, gone, strict=True) if g is False]
    return _ids(progressed or missing or persisting or parts)


def _non_target_gone(track: Track, time_point: int, thresholds: Thresholds) -> bool | None:
    """Whether a non-target lesion is gone; a node is under 10 mm short axis; None: not evaluated."""
    point = track.points[time_point]
    if point.state in WITHOUT_VALUE:
        return None
    if track.lesion.is_node and point.size is not None:
        return point.size.mm < thresholds.node_normal_mm
    return point.state is State.ABSENT


def lesion_result(chart: Chart, part: Part, time_point: int) -> LesionResult:
    """A lesion with its own baseline and smallest size, without a category of its own."""
    baseline = None if chart.baseline is None else part.track.size_at(chart.baseline)
    nadir = whole_of([part.track]).nadir(chart.origin, time_point)
    return LesionResult(
        point=part.track.points[time_point],
        role=part.role,
        measure=part.track.measure,
        baseline=_length(baseline),
        nadir=None if nadir is None else Length(nadir[0]),
        nadir_time_point=None if nadir is None else nadir[1],
        counted=part.counted,
    )


def site_result(result: LesionResult, judgement: Judgement, *, head: bool) -> LesionResult:
    """A target with the category of its site; the head of several lesions carries their sizes added.

    While one of them has no value, its own size is compared with its own alone.
    """
    if not head or judgement.now is None:
        return replace(result, verdict=judgement.verdict)
    return replace(
        result,
        point=replace(result.point, size=_length(judgement.now)),
        baseline=_length(judgement.baseline),
        nadir=_length(judgement.nadir),
        nadir_time_point=judgement.nadir_time_point,
        verdict=judgement.verdict,
    )


def _length(value: Decimal | None) -> Length | None:
    return None if value is None else Length(value)


ROLE_ORDER = (Role.TARGET, Role.NON_TARGET, Role.NEW)


def result_order(result: LesionResult) -> tuple[int, str]:
    """Targets first, then non-target, then new; each by id."""
    return ROLE_ORDER.index(result.role), result.point.lesion_id


def shown(part: Part, time_point: int) -> bool:
    """Whether a lesion appears at a time point: a new one, or a fragment, only from when it is first seen."""
    if part.role is not Role.NEW and part.standing is not Standing.FRAGMENT:
        return True
    first = part.track.first_seen()
    return (first is not None and first <= time_point) or part.track.points[time_point].study is not None


def uncounted_measured(chart: Chart, parts: Iterable[Part], time_point: int) -> tuple[str, ...]:
    """Lesions seen on this modality, and not said to be gone since, that no rule counts: with one, no CR stands (NE).

    They are lesions in doubt, new ones that were not declared, and those without a baseline on this modality.
    """
    doubtful = {Standing.UNSETTLED, Standing.ELSEWHERE}
    return tuple(
        p.track.lesion.id
        for p in parts
        if _not_gone(p, time_point) and (p.standing in doubtful or (p.new and undeclared(chart, p)))
    )


def _not_gone(part: Part, time_point: int) -> bool:
    """Whether the last that was said of a lesion is that it is there: a row that is missing takes nothing away."""
    states = [p.state for p in part.track.points[: time_point + 1]]
    return next((s in SEEN for s in reversed(states) if s in SEEN or s is State.ABSENT), False)


def undeclared(chart: Chart, part: Part) -> bool:
    """Whether a lesion first seen after baseline was not declared new."""
    return part.track.lesion.role is not Role.NEW and is_new(chart, part.track.lesion)


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
    split = {parent_of(p.track) for p in every if p.standing is Standing.FRAGMENT and seen(p, time_point)}
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
    if part.new and undeclared(chart, part) and seen(part, time_point) and lesion.covered_before is not False:
        found.append(problem("LES_NEW", lesion_id=lesion.id, modality=modality))
    return found


def lost(chart: Chart, part: Part, time_point: int) -> bool:
    """Whether a counted lesion, or a part of one that split, has no row now, although its modality was used."""
    before = part.track.points[chart.origin : time_point]
    counted = part.counted or part.standing is Standing.FRAGMENT
    known = counted and any(p.state in SEEN for p in before)
    return known and part.track.points[time_point].state is State.NO_ROW


def _followed_otherwise(track: Track) -> bool:
    return any(p.state in {State.MEASURED, State.ABSENT, State.TOO_SMALL} for p in track.points)


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
_NAMED_BY_ONE = {"reappearance_mm": "a site is back from {} mm"}
"""Limits that one criterion has of its own."""


def modified(thresholds: Thresholds, *own: str) -> str:
    """What differs from the published limits, as the criterion's name says it; empty where nothing does.

    `own` are limits that the criterion has of its own.
    """
    named = {**_NAMED, **{name: _NAMED_BY_ONE[name] for name in own}}
    default = Thresholds()
    words = [
        text.format(f"{getattr(thresholds, name):f}")
        for name, text in named.items()
        if getattr(thresholds, name) != getattr(default, name)
    ]
    if not thresholds.hold_response:
        words.append("response not held")
    return f", modified: {', '.join(words)}" if words else ""
