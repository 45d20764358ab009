"""Doubts, as data: a stable code, an outcome and operands.  Sentences are made from phrases, later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from reporter.case.length import Length
from reporter.case.source import Source
from reporter.case.vocabulary import Side

Operand = str | int | Length
"""A fact an issue's sentence needs; dates as ISO text."""


class Outcome(StrEnum):
    """What a doubt does, the worst first."""

    REFUSED = "refused"
    PROBLEM = "problem"
    QUESTION = "question"
    NOTE = "note"


_NO_OPERANDS = repr([])
_RANKS = {outcome: rank for rank, outcome in enumerate(Outcome)}


@dataclass(frozen=True, kw_only=True)
class Issue:
    """One doubt about the input or the case."""

    code: str
    """Stable name, such as LES_LOST; every code has a phrase."""
    outcome: Outcome
    source: Source | None = None
    """Where to look; None when nothing in the input stands for what is missing."""
    lesion_id: str | None = None
    side: Side | None = None
    study: str | None = None
    """The key of the study concerned."""
    column: str | None = None
    """For a question: the table column or facts key that would settle it."""
    operands: Mapping[str, Operand] = field(default_factory=dict)

    @cached_property
    def order(self) -> tuple[int, str, str, str, str, str]:
        """A stable order: the worst outcome first, then by code and place."""
        return (
            _RANKS[self.outcome],
            self.code,
            self.side or "",
            self.lesion_id or "",
            self.source.order if self.source else "",
            repr(sorted((key, str(value)) for key, value in self.operands.items())) if self.operands else _NO_OPERANDS,
        )
