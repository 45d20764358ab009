"""Advice: the case and its response, looked at through the decision table and the guideline pack.

A pure function.  It emits ids; the sentences are made in the draft layer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from reporter.advice.context import Context
from reporter.advice.imaging import imaging
from reporter.advice.interface import Advice, Escalation, Note, Policy, RowMatch, Step, Timing, Urgency
from reporter.advice.pack import Pack
from reporter.advice.questions import questions
from reporter.advice.radiation import radiation
from reporter.advice.rows import Fired, holds, look, selected
from reporter.advice.scenario import out_of_scope, routes, timing_of
from reporter.advice.table import Remark, roles
from reporter.advice.vocabulary import note_allowed, step_allowed
from reporter.case.case import Case
from reporter.case.vocabulary import Side
from reporter.response.interface import Response

Line = TypeVar("Line", Step, Note)


def advise(case: Case, response: Response, pack: Pack, policy: Policy | None = None) -> Advice:
    """What to do next, and by which source; nothing in it claims more than the response does."""
    policy = policy or Policy()
    timing = timing_of(case)
    patient = Context(case=case, response=response, timing=timing)
    sides = tuple(replace(patient, side=side) for side in _sides(case, response))
    looked = look(pack.decision, patient, sides, policy.distant_urgency)
    ways = routes(patient, sides, pack)
    in_scope = not out_of_scope(patient)
    return Advice(
        pack=pack.used,
        timing=timing,
        in_scope=in_scope,
        routes=ways,
        rows=tuple(fired.match for fired in looked.fired),
        imaging=imaging(looked.fired, ways, (patient, *sides), pack),
        steps=_merged_steps(looked.fired),
        notes=_merged_notes(looked.fired, sides if in_scope else (), pack.decision.remark),
        escalation=escalation(tuple(fired.match for fired in looked.fired), policy),
        looked_at=looked.seen,
        issues=questions(patient, sides, ways),
        radiation=radiation(case, pack),
    )


def _sides(case: Case, response: Response) -> tuple[Side, ...]:
    """Sides that anything is said of: with a response, or with an examination now."""
    of_response = {breast.side for breast in response.breasts} | {axilla.side for axilla in response.axillae}
    examined = {entry.side for entry in case.facts.clinical if entry.worsening}
    found = {*case.sides, *of_response, *examined}
    return tuple(side for side in Side if side in found)


def escalation(matches: tuple[RowMatch, ...], policy: Policy) -> Escalation:
    """The most urgent of all rows that match; everybody whom any of them names is told (decision t)."""
    reasons = sorted((m for m in matches if m.urgency is not Urgency.NONE), key=lambda m: -m.urgency.rank)
    urgency = reasons[0].urgency if reasons else Urgency.NONE
    return Escalation(
        urgency=urgency,
        told=roles(role for match in reasons for role in match.told),
        direct_contact=any(match.direct_contact for match in reasons),
        reasons=tuple(reasons),
        policy=policy.contacts.get(urgency),
    )


def _merged_steps(fired: tuple[Fired, ...]) -> tuple[Step, ...]:
    found: dict[tuple[str, Side | None], Step] = {}
    for step in _steps(fired):
        first = found.get((step.id, step.side))
        found[step.id, step.side] = step if first is None else _joined(first, step)
    return tuple(found.values())


def _steps(fired: tuple[Fired, ...]) -> Iterator[Step]:
    for one in fired:
        for entry in one.text.steps:
            if step_allowed(entry.id, one.context.timing) and holds(entry, one.context):
                lesions = selected(entry.lesions, one.context) if entry.lesions else one.match.lesion_ids
                yield Step(id=entry.id, side=one.context.side, rows=(one.row.id,), lesion_ids=lesions)


def _merged_notes(
    fired: tuple[Fired, ...], sides: tuple[Context, ...], remarks: tuple[Remark, ...]
) -> tuple[Note, ...]:
    found: dict[tuple[str, Side | None], Note] = {}
    for note in (*_notes(fired), *_remarks(sides, remarks)):
        first = found.get((note.id, note.side))
        found[note.id, note.side] = note if first is None else _joined(first, note)
    return tuple(found.values())


def _notes(fired: tuple[Fired, ...]) -> Iterator[Note]:
    for one in fired:
        for entry in one.text.notes:
            if note_allowed(entry.id, one.context.timing) and holds(entry, one.context):
                lesions = selected(entry.lesions, one.context) if entry.lesions else one.match.lesion_ids
                yield Note(id=entry.id, side=one.context.side, rows=(one.row.id,), lesion_ids=lesions)


def _remarks(sides: tuple[Context, ...], remarks: Iterable[Remark]) -> Iterator[Note]:
    for remark in remarks:
        for context in sides:
            if context.timing is not Timing.BEFORE and holds(remark, context):
                yield Note(id=remark.id, side=context.side, rows=(), lesion_ids=selected(remark.lesions, context))


def _joined(first: Line, second: Line) -> Line:
    rows = tuple(dict.fromkeys((*first.rows, *second.rows)))
    return replace(first, rows=rows, lesion_ids=tuple(dict.fromkeys((*first.lesion_ids, *second.lesion_ids))))
