"""The explanation of a draft: everything it was made from and everything that was looked at, each with its source.

It is made from the same Report as the draft and says more: the values that do not count and why, the rules at every
time point, the modalities tried for the size of record, the rows of the decision table that did not fire.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal

from reporter.case.length import Length
from reporter.case.source import Source
from reporter.draft.speaker import Speaker


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSeen:
    """One file of the input and what became of it."""

    name: str
    kind: str
    """image, report, object, table, facts, lesion map, other."""
    use: str
    """used, listed or refused."""
    code: str | None = None
    """Why it is not used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that is explained."""

    text: str
    details: tuple[str, ...] = ()
    """What else is to be said of it, a line each."""
    data: Mapping[str, object]
    """The same, for programs: texts, numbers as texts, yes or no, lists and mappings of them."""
    sources: tuple[str, ...] = ()
    """Where it was read, or which statement of the sources it rests on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Entries of one sort."""

    id: str
    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """All of it, in the order in which a draft is made."""

    title: str
    sections: tuple[Section, ...]


def section(speaker: Speaker, name: str, entries: Iterable[Entry]) -> Section:
    """A section with its title from the phrases."""
    return Section(id=name, title=speaker.phrases.say(f"explain.title.{name}"), entries=tuple(entries))


def as_text(explanation: Explanation) -> str:
    """The explanation as plain text, a line for each statement; a section without entries is left out."""
    parts = [explanation.title, ""]
    for one in explanation.sections:
        if one.entries:
            parts += [one.title.upper(), *(line for entry in one.entries for line in _lines(entry)), ""]
    return "\n".join(parts).rstrip() + "\n"


def _lines(entry: Entry) -> Iterator[str]:
    yield f"- {entry.text}"
    yield from (f"    {detail}" for detail in entry.details)
    if entry.sources:
        yield f"    <- {'; '.join(_by_file(entry.sources))}"


def _by_file(sources: Sequence[str]) -> Iterator[str]:
    """Places of one file together, its name said once."""
    places: dict[str, list[str]] = {}
    for source in sources:
        file, _, place = source.partition(", ")
        places.setdefault(file, []).append(place)
    for file, named in places.items():
        yield ", ".join([file, *(place for place in named if place)])


def as_data(explanation: Explanation) -> dict[str, object]:
    """The explanation as plain data: section -> entries, each with its text, sources and operands."""
    found: dict[str, object] = {"schema_version": "1.0"}
    for one in explanation.sections:
        found[one.id] = [
            {"text": e.text, "details": list(e.details), "sources": list(e.sources), **e.data} for e in one.entries
        ]
    return found


def data_of(value: object) -> object:
    """A value of a case or response as plain data: numbers as exact texts, lengths with their unit, dates ISO."""
    if value is None or isinstance(value, (bool, int, str)):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Length):
        return {"value": f"{value.value:f}", "unit": str(value.unit)}
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, Source):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): data_of(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [data_of(item) for item in value]
    return fields_of(value)


def fields_of(value: object, *left_out: str) -> dict[str, object]:
    """The fields of a frozen value as plain data, some left out."""
    if not is_dataclass(value):
        message = f"{type(value).__name__} is no value of a report"
        raise TypeError(message)
    return {f.name: data_of(getattr(value, f.name)) for f in fields(value) if f.name not in left_out}


def sources_of(found: Iterable[Source | None]) -> tuple[str, ...]:
    """Sources as texts, each once."""
    return tuple(dict.fromkeys(str(source) for source in found if source is not None))
