"""The clinical facts of a batch: a CSV with one row a patient and dotted column names.

A column of an entry may end in `.left` or `.right`; without it the cell speaks of the one breast involved. Lists have
`;` between their words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from pydantic import BaseModel

from reporter.case.vocabulary import NODE_LOCATIONS, Side
from reporter.readers import facts_schema as schema

_ENTRIES: Mapping[str, type[BaseModel]] = {
    "diagnosis": schema.DiagnosisGiven,
    "clinical": schema.ClinicalGiven,
    "axilla": schema.AxillaGiven,
    "breast": schema.BreastGiven,
    "negatives": schema.NegativesGiven,
    "radiologist": schema.RadiologistGiven,
}
_TABLES: Mapping[str, type[BaseModel]] = {
    "patient": schema.PatientGiven,
    "therapy": schema.TherapyGiven,
    "surgery": schema.SurgeryGiven,
}
_PLAIN = ("indication", "suspicion_distant", "menopausal", "mri_possible", "mri_obstacle")
_PATIENT = "patient_id"
_LIST = "therapy.kinds"


def _columns() -> Iterator[str]:
    yield _PATIENT
    yield from _PLAIN
    for table, model in _TABLES.items():
        yield from (f"{table}.{key}" for key in model.model_fields)
    for table, model in _ENTRIES.items():
        keys = [key for key in model.model_fields if key not in {"side", "levels"}]
        keys += [f"levels.{level}" for level in sorted(NODE_LOCATIONS)] if table == "axilla" else []
        for key in keys:
            yield f"{table}.{key}"
            yield from (f"{table}.{key}.{side}" for side in Side)


FACTS_COLUMNS: Mapping[str, str] = MappingProxyType({name.casefold(): name for name in _columns()})
"""Every column that facts as CSV may have."""


def nested_facts(cells: Mapping[str, str]) -> tuple[str | None, dict[str, object], dict[str, str]]:
    """The patient ID, the facts as TOML would give them, and the column of every key path."""
    given: dict[str, object] = {}
    entries: dict[tuple[str, str], dict[str, object]] = {}
    places: dict[str, str] = {}
    for column, cell in cells.items():
        head, _, rest = column.partition(".")
        if column == _PATIENT:
            continue
        if head in _ENTRIES:
            _set_entry(entries, head, rest, cell)
        elif rest:
            table = given.setdefault(head, {})
            value: object = [word.strip() for word in cell.split(";") if word.strip()] if column == _LIST else cell
            table.update({rest: value}) if isinstance(table, dict) else None
            places[column] = column
        else:
            given[head] = cell
            places[column] = column
    _add_entries(given, entries, places)
    return cells.get(_PATIENT), given, places


def _set_entry(entries: dict[tuple[str, str], dict[str, object]], head: str, rest: str, cell: str) -> None:
    key, _, last = rest.rpartition(".")
    side = last if last in set(Side) else ""
    key = key if side else rest
    entry = entries.setdefault((head, side), {"side": side} if side else {})
    if key.startswith("levels."):
        levels = entry.setdefault("levels", {})
        if isinstance(levels, dict):
            levels[key.removeprefix("levels.")] = cell
    else:
        entry[key] = cell


def _add_entries(
    given: dict[str, object], entries: Mapping[tuple[str, str], dict[str, object]], places: dict[str, str]
) -> None:
    for head in _ENTRIES:
        found = [(side, entry) for (name, side), entry in sorted(entries.items()) if name == head]
        if not found:
            continue
        given[head] = [entry for _, entry in found]
        for number, (side, entry) in enumerate(found):
            for key in entry:
                suffix = f".{side}" if side else ""
                places[f"{head}[{number}].{key}"] = f"{head}.{key}{suffix}"
