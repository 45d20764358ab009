"""Settings that are each possible and cannot stand together, or have no meaning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from reporter.case.setting import settings_of
from reporter.case.timepoint import Labels
from reporter.case.vocabulary import NEVER_OF_RECORD
from reporter.settings.values import Settings

Contradiction = tuple[str, str, str | None]
"""Key, reason, and what to do."""

_TYPES: Final = range(1, 7)


def contradictions(settings: Settings) -> Iterator[Contradiction]:
    """What cannot stand in these settings, one after the other."""
    yield from _sizes(settings)
    yield from _orders(settings)
    yield from _labels(settings.labels)
    if not settings.report.criteria:
        yield "report.criteria", "no criterion is named", 'name one, such as ["per-site"]'


def _sizes(settings: Settings) -> Iterator[Contradiction]:
    limits = settings.thresholds
    if limits.node_normal_mm > limits.node_target_mm:
        reason = f"a node of {limits.node_target_mm} mm would be a target and of normal size at once"
        yield "thresholds.node_normal_mm", reason, "give at most node_target_mm"
    for name in ("measurable_mm", "node_normal_mm"):
        if limits.too_small_mm >= getattr(limits, name):
            reason = f"what is too small to measure would count as much as {name}"
            yield "thresholds.too_small_mm", reason, f"give less than {name}"
    wrong = [one for one in limits.node_types_abnormal if one not in _TYPES]
    if wrong:
        yield "thresholds.node_types_abnormal", f"there is no cortex type {wrong[0]}", "types are 1 to 6"


def _orders(settings: Settings) -> Iterator[Contradiction]:
    for name in ("size_order", "node_order"):
        key, order = f"thresholds.{name}", getattr(settings.thresholds, name)
        if not order:
            yield key, "no modality is named", None
        if NEVER_OF_RECORD & set(order):
            yield key, "PET and physical examination never give the size of record", "leave PT and EXAM out"
        if (twice := _twice(order)) is not None:
            yield key, f"{twice} stands twice", None
    types = settings.thresholds.node_types_abnormal
    if (type_twice := _twice([str(one) for one in types])) is not None:
        yield "thresholds.node_types_abnormal", f"{type_twice} stands twice", None


def _labels(labels: Labels) -> Iterator[Contradiction]:
    """One word means one phase, and never nothing."""
    meant: dict[str, str] = {}
    for phase in settings_of(Labels):
        for word in getattr(labels, phase):
            key = word.strip().casefold()
            if not key:
                yield f"labels.{phase}", "an empty label means nothing", None
            elif meant.setdefault(key, phase) != phase:
                yield f"labels.{phase}", f"this label means {meant[key]} already: {word}", "name it once"


def _twice(items: Sequence[str]) -> str | None:
    return next((item for item in items if items.count(item) > 1), None)
