"""Which rows of the decision table apply to a case, and which of their texts.

All A rows that hold apply; where one of them takes the case out of scope nothing else is classified.  Of the B rows
that have a precedence the first one that holds applies to a breast, and those that may stand beside it; the others
apply whenever they hold, as do C and D.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Final

from reporter.advice.conditions import CONDITIONS, answer
from reporter.advice.context import Context
from reporter.advice.interface import ConditionSeen, RowMatch, RowSeen, Urgency
from reporter.advice.lesions import SELECTORS
from reporter.advice.scenario import out_of_scope
from reporter.advice.table import Decision, Guarded, Row, Text, roles
from reporter.case.vocabulary import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """A row that applies to a side, with its text."""

    row: Row
    context: Context
    text: Text
    match: RowMatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """The whole table, looked at: what fired, and what every row found."""

    fired: tuple[Fired, ...]
    """In the order of the table, then side."""
    seen: tuple[RowSeen, ...]


def holds(guard: Guarded, context: Context) -> bool:
    """Whether the conditions of a row, step, note or wish hold."""
    for name in guard.when:
        if not answer(name, context):
            return False
    for name in guard.unless:
        if answer(name, context):
            return False
    return not guard.any_of or any(answer(name, context) for name in guard.any_of)


def selected(name: str | None, context: Context) -> tuple[str, ...]:
    """The lesions of a selection; none for the whole side."""
    return () if name is None else SELECTORS[name](context)


def look(decision: Decision, patient: Context, sides: tuple[Context, ...], distant_urgency: Urgency) -> Looked:
    """Look at every row, for the patient and for each side."""
    asked = {"patient": (patient,), "side": sides, "side_and_patient": (patient, *sides)}
    pairs = [(row, context) for row in decision.row for context in asked[row.per]]
    applying = [
        (row, context, text)
        for row, context in pairs
        if (text := row.text(context.timing)) is not None and holds(row, context)
    ]
    taken = {(row, context.side) for context in (patient, *sides) for row in _breast_rows(applying, context)}
    if out_of_scope(patient):
        applying = [one for one in applying if one[0].part == "A"]
    fired = tuple(
        _fired(row, context, text, distant_urgency)
        for row, context, text in applying
        if row.precedence is None or (row.id, context.side) in taken
    )
    matched = {(f.row.id, f.context.side) for f in fired}
    seen = tuple(_seen(row, context, fired=(row.id, context.side) in matched) for row, context in pairs)
    return Looked(fired=fired, seen=seen)


def _breast_rows(applying: Iterable[tuple[Row, Context, Text]], context: Context) -> Iterator[str]:
    """The B rows of a breast, or of the patient: the first by precedence, and those that stand beside it."""
    chain = [(row.precedence, row) for row, of, _ in applying if of is context and row.precedence is not None]
    first: str | None = None
    for _, row in sorted(chain, key=itemgetter(0)):
        if first is None:
            first = row.id
            yield row.id
        elif any(beside.row == first and holds(beside, context) for beside in row.beside):
            yield row.id


def _fired(row: Row, context: Context, text: Text, distant_urgency: Urgency) -> Fired:
    raised = [entry for entry in text.raised if holds(entry, context)]
    own = distant_urgency if text.policy_urgency else text.urgency
    urgency = max((own, *[entry.urgency for entry in raised]), key=lambda one: one.rank) if raised else own
    match = RowMatch(
        row=row.id,
        side=context.side,
        timing=context.timing,
        lesion_ids=selected(row.lesions, context),
        urgency=urgency,
        told=roles((*text.told, *[role for entry in raised for role in entry.told])),
        sources=row.sources,
        direct_contact=text.direct_contact,
    )
    return Fired(row=row, context=context, text=text, match=match)


def _seen(row: Row, context: Context, *, fired: bool) -> RowSeen:
    answers = tuple([answer(name, context) for name in row.conditions])
    return _row_seen(row.id, context.side, fired, row.conditions, answers, row.sources)


@lru_cache(maxsize=4096)
def _row_seen(
    row: str,
    side: Side | None,
    fired: bool,
    names: tuple[str, ...],
    answers: tuple[bool, ...],
    sources: tuple[str, ...],
) -> RowSeen:
    """One of a few for each row: most patients answer its conditions as others did."""
    conditions = tuple(_SEEN[asked] for asked in zip(names, answers, strict=True))
    return RowSeen(row=row, side=side, fired=fired, conditions=conditions, sources=sources)


_SEEN: Final = {
    (name, holds): ConditionSeen(condition=name, holds=holds) for name in CONDITIONS for holds in (False, True)
}
"""One of two for each condition of the vocabulary."""
