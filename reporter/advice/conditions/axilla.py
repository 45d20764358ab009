"""Conditions about the axilla and its nodes."""

from __future__ import annotations

from typing import Final

from reporter.advice.context import Context
from reporter.advice.nodes import abnormal_without_baseline, newly_abnormal, persistently_abnormal, unproven_abnormal


def axilla_not_assessed(context: Context) -> bool:
    """Nothing is said of the axilla at the reported time point (S58)."""
    return context.breast is not None and (context.axilla is None or not context.axilla.assessed)


def node_abnormal(context: Context) -> bool:
    """A node is abnormal now: newly, persistently, or with baseline not stated (clinical ground 2.10)."""
    return newly_abnormal(context) or abnormal_without_baseline(context) or persistently_abnormal(context)


def node_unexpected(context: Context) -> bool:
    """A node is newly abnormal, or abnormal with baseline not stated: told promptly (row C8)."""
    return newly_abnormal(context) or abnormal_without_baseline(context)


def node_not_known_before(context: Context) -> bool:
    """A node, number or level is abnormal that was neither so at baseline nor proven: to be sampled (row C8)."""
    return unproven_abnormal(context)


def node_suspicious_before(context: Context) -> bool:
    """Imaging before therapy is stated to be suspicious for nodal disease (variant 8)."""
    return any(entry.imaging_suspicious is True for entry in context.axilla_ever)


CONDITIONS: Final = (
    axilla_not_assessed,
    node_abnormal,
    node_unexpected,
    node_not_known_before,
    node_suspicious_before,
)
