"""Abnormal nodes of a side, from the nodes followed one by one, their number as entered, and the levels as entered."""

from __future__ import annotations

from reporter.advice.context import Context
from reporter.case.facts import stated
from reporter.case.vocabulary import LevelState, Location
from reporter.response.interface import NodeCourse, NodeResponse


def newly_abnormal(context: Context) -> bool:
    """A node abnormal now that was not at baseline, more abnormal nodes than at baseline, or a level newly abnormal."""
    then, now = _numbers(context)
    more = then is not None and now is not None and now > then
    return more or _any(context, NodeCourse.NEWLY_ABNORMAL) or LevelState.NORMAL in _levels_then(context)


def persistently_abnormal(context: Context) -> bool:
    """A node or a level abnormal at baseline and now, or as many abnormal nodes or fewer, not all of them new."""
    then, now = _numbers(context)
    new = sum(node.course is NodeCourse.NEWLY_ABNORMAL for node in context.nodes)
    some = then is not None and now is not None and new < now <= then
    return some or _any(context, NodeCourse.PERSISTENTLY_ABNORMAL) or LevelState.ABNORMAL in _levels_then(context)


def abnormal_without_baseline(context: Context) -> bool:
    """An abnormal node, number or level now, where baseline is not stated."""
    then, now = _numbers(context)
    more_than_listed = then is None and now is not None and now > len(abnormal_nodes(context))
    unknown_level = bool(_levels_then(context) - {LevelState.NORMAL, LevelState.ABNORMAL})
    return more_than_listed or _any(context, NodeCourse.ABNORMAL_BASELINE_NOT_STATED) or unknown_level


def unproven_abnormal(context: Context) -> bool:
    """An abnormal node, number or level now that is neither known from baseline nor proven by biopsy."""
    then, now = _numbers(context)
    known = max(then or 0, len([node for node in abnormal_nodes(context) if node.proven or _was_abnormal(node)]))
    return (now or 0) > known or bool(unproven_nodes(context)) or bool(_levels_then(context) - {LevelState.ABNORMAL})


def unproven_nodes(context: Context) -> tuple[NodeResponse, ...]:
    """The nodes abnormal now that are neither known to have been so at baseline nor proven by biopsy."""
    return tuple(node for node in abnormal_nodes(context) if not node.proven and not _was_abnormal(node))


def _was_abnormal(node: NodeResponse) -> bool:
    return node.course is NodeCourse.PERSISTENTLY_ABNORMAL


def abnormal_nodes(context: Context) -> tuple[NodeResponse, ...]:
    """The nodes followed one by one that are abnormal now."""
    return tuple(node for node in context.nodes if node.abnormal)


def _numbers(context: Context) -> tuple[int | None, int | None]:
    """How many nodes were abnormal at baseline and are now, as entered."""
    axilla = context.axilla
    return (None, None) if axilla is None else (axilla.abnormal_baseline, axilla.abnormal_now)


def _any(context: Context, course: NodeCourse) -> bool:
    return any(node.course is course for node in context.nodes)


def _levels_then(context: Context) -> frozenset[LevelState | None]:
    """What the levels that are abnormal now were at baseline; a level with a listed abnormal node speaks for itself."""
    now = _levels_abnormal_now(context)
    if not now:
        return frozenset()
    baseline = context.case.baseline
    then = None if baseline is None else stated(context.case.facts.axilla, context.side, baseline.date)
    known = {} if then is None else then.levels
    return frozenset(known.get(level) for level in now)


def _levels_abnormal_now(context: Context) -> frozenset[Location]:
    if context.axilla_now is None:
        return frozenset()
    levels = context.axilla_now.levels
    listed = {node.location for node in abnormal_nodes(context)}
    return frozenset(level for level, state in levels.items() if state is LevelState.ABNORMAL and level not in listed)
