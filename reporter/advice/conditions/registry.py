"""Every condition under its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from reporter.advice.conditions import axilla, bed, breast, findings, imaging, patient
from reporter.advice.context import Context

Condition = Callable[[Context], bool]

_ALL: Final[tuple[Condition, ...]] = (
    *patient.CONDITIONS,
    *breast.CONDITIONS,
    *findings.CONDITIONS,
    *bed.CONDITIONS,
    *imaging.CONDITIONS,
    *axilla.CONDITIONS,
)

CONDITIONS: Final[Mapping[str, Condition]] = MappingProxyType({one.__name__: one for one in _ALL})
"""Name -> condition; its docstring says what it asks."""


def answer(name: str, context: Context) -> bool:
    """What a condition says of a context; it is asked once."""
    known = context.answers.get(name)
    if known is None:
        known = context.answers[name] = CONDITIONS[name](context)
    return known
