"""Clinical facts meet the case: an entry gets its breast and the time point it speaks of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TypeVar

from reporter.case.facts import Entry, Facts, Therapy
from reporter.case.issue import Outcome
from reporter.case.lesion import Lesion
from reporter.case.source import Source
from reporter.case.timepoint import TimePoint
from reporter.case.vocabulary import Phase, Side
from reporter.readers.identity import Doubts, refused

_LISTS = ("diagnosis", "clinical", "axilla", "breast", "negatives", "radiologist")
EntryType = TypeVar("EntryType", bound=Entry)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What entries are held against."""

    time_points: Sequence[TimePoint]
    """Up to the reported one, which is the last."""
    later: Sequence[TimePoint]
    """After the reported one: entries about them are not of this case."""
    lesions: Mapping[str, Lesion]
    therapy: Therapy


def resolve(facts: Facts, frame: Frame, doubts: Doubts) -> Facts:
    """The facts with side and date of every entry filled in; entries of later time points are left out."""
    involved = _involved(facts, frame)
    kept = {name: _entries(getattr(facts, name), name, frame, involved, facts.sources, doubts) for name in _LISTS}
    return replace(facts, therapy=frame.therapy, **kept)  # type: ignore[arg-type]  # each list of its own class


def _involved(facts: Facts, frame: Frame) -> tuple[Side, ...]:
    """The breasts that carry a lesion or a diagnosis."""
    of_lesions = {lesion.side for lesion in frame.lesions.values() if lesion.side}
    return tuple(sorted(of_lesions | {entry.side for entry in facts.diagnosis if entry.side}))


def _entries(
    entries: tuple[EntryType, ...],
    name: str,
    frame: Frame,
    involved: tuple[Side, ...],
    sources: Mapping[str, Source],
    doubts: Doubts,
) -> tuple[EntryType, ...]:
    kept: list[EntryType] = []
    for number, entry in enumerate(entries):
        source = next((s for path, s in sorted(sources.items()) if path.startswith(f"{name}[{number}].")), None)
        if entry.date is not None and _is_later(entry.date, frame):
            continue
        sided = _with_side(entry, name, source, frame, involved, doubts)
        if sided is not None:
            day = _day(entry.date, frame)
            placed = replace(sided, date=day, given_date=None if entry.date == day else entry.date)
            _check_twice(placed, kept, name, source, doubts)
            kept.append(placed)
    return tuple(kept)


def _check_twice(entry: Entry, others: Sequence[Entry], name: str, source: Source | None, doubts: Doubts) -> None:
    """Two entries of one breast (or lesion) and day that say different things: which is right cannot be told."""
    for other in others:
        if _place(other) == _place(entry):
            for key in _contradictions(entry, other):
                doubts.issues.append(refused("FACTS_CONFLICT", source, key=f"{name}.{key}"))


def _place(entry: Entry) -> tuple[object, ...]:
    return tuple(getattr(entry, item.name) for item in fields(Entry))


def _contradictions(entry: Entry, other: Entry) -> Iterator[str]:
    """The values that both give, differently; of the node levels, each by itself."""
    for key in sorted(item.name for item in fields(entry) if item.name not in Entry.__dataclass_fields__):
        one, two = getattr(entry, key), getattr(other, key)
        if isinstance(one, Mapping):
            yield from (f"{key}.{level}" for level in sorted(one) if level in two and one[level] != two[level])
        elif one is not None and two is not None and one != two:
            yield key


def _with_side(
    entry: EntryType,
    name: str,
    source: Source | None,
    frame: Frame,
    involved: tuple[Side, ...],
    doubts: Doubts,
) -> EntryType | None:
    """The entry with its breast; None where both could be meant, which is asked."""
    lesion = frame.lesions.get(entry.lesion_id) if entry.lesion_id else None
    if entry.lesion_id and lesion is None:
        operands = {"key": name, "lesion": entry.lesion_id}
        doubts.add("FACT_LESION", Outcome.QUESTION, source, column=f"{name}.lesion_id", operands=operands)
        return None
    if entry.side is not None:
        if lesion is not None and lesion.side is entry.side.other:
            operands = {"key": name, "lesion": lesion.id, "side": entry.side, "other_side": entry.side.other}
            doubts.add("FACT_LESION_SIDE", Outcome.PROBLEM, source, column=f"{name}.side", operands=operands)
            return None
        return entry
    if lesion is not None and lesion.side is not None:
        return replace(entry, side=lesion.side)
    if len(involved) > 1:
        doubts.add("FACT_SIDE", Outcome.QUESTION, source, column=f"{name}.side", operands={"key": name})
        return None
    return replace(entry, side=involved[0]) if involved else entry


def _is_later(day: dt.date, frame: Frame) -> bool:
    """Whether an entry speaks of a time point after the reported one."""
    return bool(frame.later) and day >= frame.later[0].date


def _day(day: dt.date | None, frame: Frame) -> dt.date | None:
    """The date of the time point an entry speaks of; without a date, the reported one.

    Up to the start of therapy that is the baseline; after it the latest one begun by then.  None where none was.
    """
    if day is None:
        return frame.time_points[-1].date
    baseline = next((t for t in frame.time_points if t.phase is Phase.BASELINE), None)
    if frame.therapy.start is not None and day <= frame.therapy.start:
        return baseline.date if baseline else None
    begun = [t for t in frame.time_points if t.date <= day]
    if begun:
        return begun[-1].date
    return baseline.date if baseline is frame.time_points[0] else None
