"""What was read: files, studies, time points, lesions, measurements and facts, and what became of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from reporter.case.facts import Entry as FactEntry
from reporter.case.facts import Facts
from reporter.case.length import Length
from reporter.case.measurement import Equivocal, Measured, Measurement, Merged, NotEvaluable, Volume
from reporter.case.source import Source
from reporter.case.study import Study
from reporter.case.timepoint import BaselineBasis, Labels, TimePoint
from reporter.case.vocabulary import BiopsyResult, Phase
from reporter.draft.explanation import Entry, FileSeen, data_of, fields_of, sources_of
from reporter.draft.numbers import Numbers
from reporter.draft.speaker import Speaker
from reporter.response.course import Chart

_NOT_SAID: Final = frozenset({"lesion_id", "study", "modality", "value", "source"})
_UNITS: Final = MappingProxyType({"field_strength": " T", "transducer_frequency": " MHz", "organ_dose": " mGy"})
"""Of numbers of a technique that are no lengths."""
_LISTS: Final = ("diagnosis", "clinical", "axilla", "breast", "negatives", "radiologist")


def file_entries(speaker: Speaker, files: Sequence[FileSeen]) -> Iterator[Entry]:
    """Every file of the input: used, listed or refused."""
    for file in files:
        reason = "" if file.code is None else reason_of(speaker, file.code)
        text = speaker.phrases.say(f"explain.file.{file.use}", name=file.name, kind=file.kind, reason=reason)
        given = sum(row.source.file == file.name for row in speaker.case.measurements)
        details = (speaker.phrases.say("explain.file.rows", rows=str(given)),) if given else ()
        yield Entry(text=text, details=details, data={**fields_of(file), "measurements": given})


def reason_of(speaker: Speaker, code: str) -> str:
    """Why something is not used, in words."""
    return speaker.phrases.first(f"left_out.{code}", f"issue.{code}", f"issue.{code}.note", "left_out.other", code=code)


def patient_entries(speaker: Speaker) -> Iterator[Entry]:
    """Who was imaged."""
    patient, day = speaker.case.patient, speaker.case.reported.date
    age = patient.age_on(day)
    say = speaker.phrases.say
    words = [say("explain.patient", name=patient.name or say("word.not_stated"), id=patient.id)]
    if age is not None:
        words.append(
            say("explain.age", age=str(age), date=speaker.written(day), born=speaker.written(patient.birth_date))
        )
    yield Entry(text="; ".join(words), data={**fields_of(patient), "age": age})


# -- studies and time points --------------------------------------------------------------------------------------


def study_entries(speaker: Speaker) -> Iterator[Entry]:
    """Every study of the case, with what its headers say of how it was made."""
    for study in speaker.case.studies:
        modalities = speaker.phrases.all_of([speaker.exactly(m) for m in study.modalities or (None,)])
        text = speaker.phrases.say("word.study_of", modality=modalities, date=speaker.written(study.date))
        if study.description:
            text = f"{text}, {speaker.quoted(study.description)}"
        details = (*dict.fromkeys(_techniques(speaker, study)), *_after_biopsy(speaker, study))
        yield Entry(text=text, details=details, data=_study_data(study), sources=sources_of(study.sources.values()))


def _study_data(study: Study) -> dict[str, object]:
    return {**fields_of(study, "series", "sources"), "series": [fields_of(s, "instances") for s in study.series]}


def _techniques(speaker: Speaker, study: Study) -> Iterator[str]:
    """What the headers of each series say, field by field."""
    for series in study.series:
        told = [
            f"{_label(f.name)} {value_of(speaker.numbers, getattr(series.technique, f.name))}{_UNITS.get(f.name, '')}"
            for f in fields(series.technique)
            if getattr(series.technique, f.name) is not None
        ]
        told += [speaker.phrases.all_of([speaker.side(side) for side in series.sides])] if series.sides else []
        told += [" ".join(series.views)] if series.views else []
        if told:
            name = speaker.exactly(series.modality) if series.modality else speaker.phrases.say("explain.no_image")
            yield f"{name}: {', '.join(told)}"


def _after_biopsy(speaker: Speaker, study: Study) -> Iterator[str]:
    """How long after the first biopsy it was made: a biopsy changes what is measured."""
    dated = [(x.biopsy_date, x.id) for x in speaker.case.lesions if x.biopsy_date]
    days = (study.date - min(dated)[0]).days if dated else -1
    if days >= 0:
        after = speaker.phrases.say("comparison.days_after_biopsy", days=str(days))
        yield speaker.phrases.say(
            "explain.biopsy", after=after, lesion=min(dated)[1], date=speaker.written(min(dated)[0])
        )


def time_point_entries(speaker: Speaker, labels: Labels) -> Iterator[Entry]:
    """Every time point, what it is to the therapy, and why; `labels` are the words that mean a phase."""
    for point in speaker.case.timeline.time_points:
        reported = point.index == speaker.case.timeline.reported
        phase = speaker.phrases.say(f"phase.{point.phase}")
        reason = _why(speaker, point, labels)
        text = speaker.phrases.say("explain.time_point", date=speaker.written(point.date), phase=phase, reason=reason)
        made = speaker.phrases.all_of([_study_name(speaker, key) for key in point.studies])
        details = [speaker.phrases.say("explain.together", studies=made)]
        details += [speaker.phrases.say("explain.reported")] if reported else []
        facts = [speaker.case.facts.sources.get(f"therapy.{key}") for key in ("start", "end", "status")]
        given = [speaker.case.study(key).sources.get("label") for key in point.studies]
        data = {**fields_of(point), "reported": reported, "basis": str(speaker.case.timeline.basis), "reason": reason}
        yield Entry(text=text, details=tuple(details), data=data, sources=sources_of([*given, *facts]))


def _study_name(speaker: Speaker, key: str) -> str:
    study = speaker.case.study(key)
    modality = speaker.phrases.all_of(speaker.modalities(study.modalities or (None,)))
    return speaker.phrases.say("word.study_of", modality=modality, date=speaker.written(study.date))


def _why(speaker: Speaker, point: TimePoint, labels: Labels) -> str:
    """Why a time point is what it is to the therapy: a label that means a phase goes before the dates."""
    therapy, say = speaker.case.facts.therapy, speaker.phrases.say
    words = {
        "start": speaker.written(therapy.start),
        "end": speaker.written(therapy.end),
        "label": point.label or "",
    }
    words["status"] = say(f"therapy_status.{therapy.status}") if therapy.status else ""
    if point.label and labels.phase_of(point.label) is point.phase:
        return say("explain.why.label", **words)
    printed = [say("explain.why.printed", **words)] if point.label else []
    if point.phase is Phase.BASELINE:
        dated = "" if therapy.start or speaker.case.timeline.basis is not BaselineBasis.THERAPY_DATES else "_stated"
        reason = f"explain.basis.{speaker.case.timeline.basis}{dated}".replace(" ", "_")
    elif point.phase is Phase.UNKNOWN:
        reason = "explain.why.unknown"
    else:
        dated = "" if therapy.end else ("_stated" if therapy.status else "_open")
        reason = f"explain.why.{point.phase}{dated}"
    return "; ".join([say(reason, **words), *printed])


# -- lesions and measurements -------------------------------------------------------------------------------------


def lesion_entries(speaker: Speaker) -> Iterator[Entry]:
    """Every lesion: what stays the same of it, and whether it counts."""
    for lesion in speaker.case.lesions:
        said = {f.name: getattr(lesion, f.name) for f in fields(lesion) if f.name not in {"id", "counted"}}
        told = [f"{_label(name)} {value_of(speaker.numbers, v)}" for name, v in said.items() if v is not None]
        counts = speaker.phrases.say("explain.counted" if lesion.counted else "explain.uncounted")
        benign = lesion.biopsy_result is BiopsyResult.BENIGN
        proven = [speaker.phrases.say("explain.benign")] if benign else []
        sources = sources_of(m.source for m in speaker.rows(lesion.id))
        text = f"{lesion.id}: {', '.join([*told, counts, *proven])}"
        yield Entry(text=text, data=fields_of(lesion), sources=sources)


def measurement_entries(speaker: Speaker, known: Chart) -> Iterator[Entry]:
    """Every measurement, and whether it counts or why not."""
    for row in speaker.case.measurements:
        day = speaker.case.date_of(row.study)
        name = f"{row.lesion_id}, {speaker.exactly(row.modality)} {day}"
        used, reason = _use(speaker, known, row)
        text = f"{name}: {'; '.join([_found(speaker, row), *_said(speaker, row)])}"
        data = {**fields_of(row, "source"), "date": str(day), "used": used, "reason": reason}
        yield Entry(text=text, details=(reason,), data=data, sources=(str(row.source),))


def _found(speaker: Speaker, row: Measurement) -> str:
    """What was found, in millimetres; as given too where that was in another unit."""
    value = row.value
    size = value.size if isinstance(value, Equivocal) else value if isinstance(value, Measured) else None
    if isinstance(size, Measured):
        axes = {f"{n}_axis": getattr(size, f"{n}_axis") for n in ("long", "short", "third")}
        told = [f"{_label(name)} {value_of(speaker.numbers, length)}" for name, length in axes.items() if length]
        return ", ".join([*([] if isinstance(value, Measured) else [_label(value.status)]), *told])
    words = _label(value.status)
    if isinstance(value, Merged):
        return f"{words} {value.into}"
    if isinstance(value, NotEvaluable):
        given = [", ".join(value.given)] if value.given else []
        return "; ".join([words, *([speaker.reason(value.reason)] if value.reason else []), *given])
    return words


def _said(speaker: Speaker, row: Measurement) -> Iterator[str]:
    for name in (f.name for f in fields(row) if f.name not in _NOT_SAID):
        value = getattr(row, name)
        if value is not None:
            extra = f" ({speaker.numbers.from_nipple(value)})" if name == "nipple_distance" else ""
            yield f"{_label(name)} {value_of(speaker.numbers, value)}{extra}"


def _use(speaker: Speaker, known: Chart, row: Measurement) -> tuple[bool, str]:
    """Whether a measurement is the value of its time point, or why another one is."""
    say = speaker.phrases.say
    point = speaker.case.time_point_of(row.study)
    tracks = [t for t in known.of(row.lesion_id) if t.modality is known.modality_name(row.modality)]
    if point is None or point.index >= len(known.time_points) or not tracks:
        return False, say("explain.use.outside")
    readings = tracks[0].readings[point.index]
    place = next((i for i, reading in enumerate(readings) if reading.row is row), None)
    words = {"date": speaker.written(point.date), "modality": speaker.modality(tracks[0].modality)}
    if place is None:
        return False, say("explain.use.beside", **words)
    if place + 1 < len(readings):
        return False, say("explain.use.earlier", **words)
    last = readings[-1]
    if not speaker.case.lesion(row.lesion_id).counted:
        return False, say("explain.use.uncounted", **words)
    if last.size is None and last.reason:
        return False, say("explain.use.no_value", **words, reason=speaker.reason(last.reason))
    return True, say("explain.use.counts" if last.size is not None else "explain.use.state", **words)


# -- facts --------------------------------------------------------------------------------------------------------


def fact_entries(speaker: Speaker) -> Iterator[Entry]:
    """Every fact with its place; nothing that is not stated."""
    facts = speaker.case.facts
    for name in (f.name for f in fields(facts) if f.name not in {"sources", *_LISTS}):
        value = getattr(facts, name)
        if name in {"therapy", "surgery"}:
            for inner in (f.name for f in fields(value)):
                yield from _fact(speaker, f"{name}.{inner}", getattr(value, inner), facts.sources)
        else:
            yield from _fact(speaker, name, value, facts.sources)
    for name in _LISTS:
        for number, entry in enumerate(getattr(facts, name)):
            yield _stated(speaker, facts, f"{name}[{number}]", entry)


def _fact(speaker: Speaker, key: str, value: object, sources: Mapping[str, Source]) -> Iterator[Entry]:
    if value is not None and value != ():
        told = value_of(speaker.numbers, value)
        source = sources_of([sources.get(key)])
        yield Entry(text=f"{key}: {told}", data={"key": key, "value": data_of(value)}, sources=source)


def _stated(speaker: Speaker, facts: Facts, key: str, entry: FactEntry) -> Entry:
    """One statement about a breast at a time point."""
    place = [speaker.side(entry.side)] if entry.side else []
    place += [speaker.written(entry.date)] if entry.date else []
    place += [entry.lesion_id] if entry.lesion_id else []
    own = [f.name for f in fields(entry) if f.name not in {"side", "date", "given_date", "lesion_id"}]
    told = [
        f"{_label(name)} {value_of(speaker.numbers, getattr(entry, name))}"
        for name in own
        if getattr(entry, name) not in (None, {})
    ]
    given = (
        [speaker.phrases.say("explain.given_date", date=speaker.written(entry.given_date))] if entry.given_date else []
    )
    files = sources_of(Source(s.kind, s.file, key) for path, s in facts.sources.items() if path.startswith(f"{key}."))
    text = f"{key} ({', '.join(place)}): {', '.join([*told, *given])}"
    return Entry(text=text, data={"key": key, **fields_of(entry)}, sources=files)


# -- values -------------------------------------------------------------------------------------------------------


def _label(name: str) -> str:
    return name.replace("_", " ")


def value_of(numbers: Numbers, value: object) -> str:
    """A value in words: lengths in millimetres with what was given, yes and no, dates ISO."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Length):
        given = f"{numbers.number(value.value)} {value.unit}"
        return given if given == numbers.mm(value) else f"{numbers.mm(value)} ({given})"
    if isinstance(value, Volume):
        return f"{numbers.number(value.value)} {value.unit}"
    if isinstance(value, Decimal):
        return numbers.number(value)
    if isinstance(value, StrEnum):
        return _label(str(value))
    if isinstance(value, Mapping):
        return ", ".join(f"{_label(str(k))} {value_of(numbers, v)}" for k, v in value.items())
    if isinstance(value, tuple):
        return ", ".join(value_of(numbers, item) for item in value)
    return str(value)
