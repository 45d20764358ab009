"""The clinical facts: TOML or JSON for one patient, CSV (one row a patient) for a batch."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import UnionType
from typing import ClassVar, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from reporter.case import facts as case_facts
from reporter.case.issue import Issue, Outcome
from reporter.case.source import Source, SourceKind
from reporter.readers.facts_schema import EntryGiven, FactsGiven
from reporter.readers.facts_sheet import FACTS_COLUMNS, nested_facts
from reporter.readers.files import whole
from reporter.readers.interface import InputFile, Limits, Reading, Refusal, refusal
from reporter.readers.parts import FactsRecord
from reporter.readers.sheet import decoded_text, nearest, read_csv, strict_json
from reporter.readers.values import cleaned

_SHOWN = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsReader:
    """Reads clinical facts."""

    encoding: str | None = None
    name: ClassVar[str] = "facts"

    def identify(self, file: InputFile) -> bool:
        """By name; facts are never looked for among INPUT."""
        return file.name.lower().endswith((".toml", ".json", ".csv", ".tsv"))

    def extract(self, file: InputFile, limits: Limits) -> Reading:
        """One part a patient; a file with a mistake is refused, every mistake named."""
        try:
            data = whole(file, limits.text_bytes)
            records = tuple(self._records(data, file.name, limits))
        except Refusal as refused:
            return Reading(issues=(refused.issue,))
        issues = tuple(issue for record in records for issue in record.issues)
        return Reading(parts=records, issues=issues, sha256=hashlib.sha256(data).hexdigest())

    def _records(self, data: bytes, name: str, limits: Limits) -> Iterator[FactsRecord]:
        source = Source(SourceKind.FACTS, name, "file")
        if name.lower().endswith((".csv", ".tsv")):
            text = decoded_text(data, source, self.encoding)
            sheet = read_csv(text, name, FACTS_COLUMNS, limits, SourceKind.FACTS)
            for record in sheet.records:
                patient, cells, places = nested_facts(record.cells)
                yield _record(cells, name, places, patient, record.place)
            return
        text = decoded_text(data, source, None)
        is_json = name.lower().endswith(".json") or text.lstrip()[:1] == "{"  # TOML may begin with [
        given = strict_json(text, source) if is_json else _toml(text, source)
        yield _record(given, name, {}, None, "")


def _toml(text: str, source: Source) -> object:
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError, ArithmeticError):
        raise refusal("FACTS_SYNTAX", source) from None


def _record(given: object, file: str, places: Mapping[str, str], patient: str | None, row: str) -> FactsRecord:
    """`places`: key path -> column, where the facts are a row of a table."""
    top = Source(SourceKind.FACTS, file, row or "file")
    if not isinstance(given, dict):
        operands = {"expected": "an object", "key": ""}
        issue = Issue(code="JSON_TYPE", outcome=Outcome.REFUSED, source=top, operands=operands)
        return FactsRecord(source=top, patient_id=patient, facts=case_facts.Facts(), issues=(issue,))
    try:
        facts = FactsGiven.model_validate(given)
    except ValidationError as error:
        issues = _mistakes(error, given, file, places, row)
        return FactsRecord(source=top, patient_id=patient, facts=case_facts.Facts(), issues=issues)
    except RecursionError:
        issue = Issue(code="JSON_DEPTH", outcome=Outcome.REFUSED, source=top)
        return FactsRecord(source=top, patient_id=patient, facts=case_facts.Facts(), issues=(issue,))
    known = _facts(facts, given, file, places, row)
    return FactsRecord(
        source=top,
        patient_id=patient or facts.patient_id,
        facts=known,
        name=facts.patient.name,
        birth_date=facts.patient.birth_date,
        sex=facts.patient.sex,
        issues=_impossible_dates(known, top),
    )


# -- mistakes -------------------------------------------------------------------------------------------------


def _mistakes(
    error: ValidationError, given: Mapping[str, object], file: str, places: Mapping[str, str], row: str
) -> tuple[Issue, ...]:
    """An issue for every mistake pydantic found, with its key path and without its value."""
    found = []
    for mistake in error.errors(include_url=False, include_input=False):
        location = tuple(mistake["loc"])
        if mistake["type"] == "facts_size":
            location = (*location, "size")
        path = _path(location, given)
        place = places.get(path, path)
        source = Source(SourceKind.FACTS, file, f"{row}, {place}" if row else place)
        if mistake["type"] == "extra_forbidden":
            near = nearest(str(location[-1]), _keys_at(location[:-1]))
            code = "FACTS_MISSPELT_KEY" if near else "FACTS_KEY"
            operands: dict[str, str] = {"key": cleaned(str(location[-1]))[:_SHOWN], "nearest": near}
        else:
            code = "FACTS_VALUE"
            expected = mistake.get("ctx", {}).get("expected", _expected(mistake["type"]))
            operands = {"key": place, "expected": str(expected)}
        found.append(Issue(code=code, outcome=Outcome.REFUSED, source=source, operands=operands))
    return tuple(sorted(found, key=lambda issue: issue.order))


def _expected(kind: str) -> str:
    return {"model_type": "a table of keys", "model_attributes_type": "a table of keys"}.get(kind, "another value")


def _path(location: tuple[object, ...], given: object) -> str:
    """A key path as a person writes it; the number of a lone entry is left out."""
    path, here = "", given
    for step in location:
        if isinstance(step, int):
            alone = not isinstance(here, list)
            path, here = (path if alone else f"{path}[{step}]"), (here if alone else _child(here, step))
        else:
            key = cleaned(str(step))[:_SHOWN]
            path, here = (f"{path}.{key}" if path else key), _child(here, step)
    return path


def _child(value: object, step: object) -> object:
    if isinstance(value, dict):
        return value.get(step)
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return None


def _keys_at(location: tuple[object, ...]) -> tuple[str, ...]:
    """The keys that are allowed at a place of the facts."""
    model: type[BaseModel] = FactsGiven
    for step in location:
        if isinstance(step, str) and step in model.model_fields:
            model = _model_in(model.model_fields[step].annotation) or model
    return tuple(model.model_fields)


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in {list, Union, UnionType}:
        return next((m for m in map(_model_in, get_args(annotation)) if m), None)
    return None


def _impossible_dates(facts: case_facts.Facts, source: Source) -> tuple[Issue, ...]:
    """Dates that cannot be true together refuse the case."""
    therapy, operation = facts.therapy, facts.surgery.date
    pairs = (
        ("therapy.start", therapy.start, "therapy.end", therapy.end),
        ("therapy.start", therapy.start, "surgery.date", operation),
        ("therapy.end", therapy.end, "surgery.date", operation),
    )
    return tuple(
        Issue(
            code="FACTS_DATES",
            outcome=Outcome.REFUSED,
            source=facts.sources.get(late, source),
            operands={"first": early, "first_date": str(first), "second": late, "second_date": str(second)},
        )
        for early, first, late, second in pairs
        if first is not None and second is not None and second < first
    )


# -- values ---------------------------------------------------------------------------------------------------

EntryType = TypeVar("EntryType", bound=case_facts.Entry)


def _facts(
    facts: FactsGiven, given: Mapping[str, object], file: str, places: Mapping[str, str], row: str
) -> case_facts.Facts:
    therapy = facts.therapy
    return case_facts.Facts(
        indication=facts.indication,
        diagnosis=_entries(case_facts.Diagnosis, facts.diagnosis),
        therapy=case_facts.Therapy(**{**dict(therapy), "kinds": tuple(therapy.kinds)}),
        suspicion_distant=facts.suspicion_distant,
        clinical=_entries(case_facts.Clinical, facts.clinical),
        axilla=_entries(case_facts.Axilla, facts.axilla),
        breast=_entries(case_facts.Breast, facts.breast),
        negatives=_entries(case_facts.Negatives, facts.negatives),
        radiologist=_entries(case_facts.Radiologist, facts.radiologist),
        menopausal=facts.menopausal,
        mri_possible=facts.mri_possible,
        mri_obstacle=facts.mri_obstacle,
        surgery=case_facts.Surgery(**dict(facts.surgery)),
        sources={path: _source(path, file, places, row) for path in sorted(set(_paths(given, "")))},
    )


def _entries(kind: type[EntryType], given: Sequence[EntryGiven]) -> tuple[EntryType, ...]:
    return tuple(kind(**{key: value for key, value in dict(entry).items() if key != "unit"}) for entry in given)


def _source(path: str, file: str, places: Mapping[str, str], row: str) -> Source:
    place = places.get(path, path)
    return Source(SourceKind.FACTS, file, f"{row}, {place}" if row else place)


_LISTS = frozenset({"diagnosis", "clinical", "axilla", "breast", "negatives", "radiologist"})


def _paths(value: object, path: str) -> Iterator[str]:
    """The path of every value; entries are numbered, also a lone one, as in the case."""
    if isinstance(value, dict):
        if path in _LISTS:
            path += "[0]"
        for key, child in value.items():
            yield from _paths(child, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list) and path in _LISTS:
        for number, child in enumerate(value):
            yield from _paths(child, f"{path}[{number}]")
    else:
        yield path
