"""Whose case it is: one patient, never two merged; and that patient's studies, from their headers."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TypeVar

from reporter.case.issue import Issue, Operand, Outcome
from reporter.case.source import Source, SourceKind
from reporter.case.study import Patient, Series, Study, Technique
from reporter.case.vocabulary import Modality
from reporter.readers.gather import PatientReadings, Readings, patients
from reporter.readers.interface import CaseRefused
from reporter.readers.parts import FactsRecord, ImageHeader
from reporter.readers.tags import place_of

_SHOWN_IDS = 5
Found = TypeVar("Found")


def refused(code: str, source: Source | None, study: str | None = None, **operands: Operand) -> Issue:
    """An issue that refuses the case."""
    return Issue(code=code, outcome=Outcome.REFUSED, source=source, study=study, operands=operands)


def header_source(header: ImageHeader, keyword: str) -> Source:
    """An attribute of an object, as a place to look."""
    return Source(SourceKind.HEADER, header.file, place_of(keyword))


# -- which patient --------------------------------------------------------------------------------------------


def chosen(readings: Readings, patient: str | None) -> str:
    """The patient of the case.

    Raises:
        CaseRefused: INPUT, table and facts name none, several, or not the one that was asked for.

    """
    ids = patients(readings)
    if patient is not None:
        if patient not in ids:
            raise CaseRefused((refused("STU_PATIENT_UNKNOWN", None, patient=patient),))
        return patient
    if len(ids) == 1:
        return ids[0]
    raise CaseRefused(_nobody(readings) if not ids else _several(readings, ids))


def _nobody(readings: Readings) -> tuple[Issue, ...]:
    unnamed = readings.unnamed
    if found := (*(i for i in readings.issues if i.outcome is Outcome.REFUSED), *_refusing(unnamed)):
        return found
    if unnamed.rows:
        return (refused("STU_NO_PATIENT_ROW", unnamed.rows[0].source),)
    return (refused("INPUT_EMPTY", None, files=len(readings.files)),)


def _refusing(readings: PatientReadings) -> Iterable[Issue]:
    yield from (issue for header in readings.headers for issue in header.issues if issue.outcome is Outcome.REFUSED)
    yield from readings.unreadable
    yield from (issue for issue in readings.issues if issue.outcome is Outcome.REFUSED)


def _several(readings: Readings, ids: Sequence[str]) -> tuple[Issue, ...]:
    """Several patients: a table about one of them makes the others wrong patients; else `batch` is meant."""
    told = [i for i in ids if readings.by_patient[i].rows or readings.by_patient[i].facts]
    imaged = [i for i in ids if readings.by_patient[i].headers]
    shared = tuple(shared_study(readings, uid) for uid in readings.shared_studies)
    if shared:
        return shared
    if told and imaged and not set(told) & set(imaged):
        rows = readings.by_patient[told[0]].rows
        source = rows[0].source if rows else readings.by_patient[told[0]].facts[0].source
        place = readings.by_patient[imaged[0]].headers[0].file
        return (refused("STU_TABLE_PATIENT", source, patient=told[0], other=imaged[0], other_place=place),)
    if len(told) == 1 and told[0] in imaged:
        return tuple(_wrong(readings.by_patient[i], i, told[0]) for i in ids if i != told[0])
    first = readings.by_patient[ids[0]]
    where = header_source(first.headers[0], "PatientID") if first.headers else None
    more = ", ..." if len(ids) > _SHOWN_IDS else ""
    return (refused("STU_SEVERAL_PATIENTS", where, patients=len(ids), ids=", ".join(ids[:_SHOWN_IDS]) + more),)


def _wrong(readings: PatientReadings, patient: str, expected: str) -> Issue:
    header = readings.headers[0]
    return refused(
        "TP_WRONG_PATIENT",
        header_source(header, "PatientID"),
        header.study_uid,
        patient=patient,
        expected=expected,
        date=str(header.study_date or ""),
    )


def shared_study(readings: Readings, uid: str) -> Issue:
    """One study of two patients."""
    ids = readings.shared_studies[uid]
    first = next(h for h in readings.by_patient[ids[1]].headers if h.study_uid == uid)
    other = next(h for h in readings.by_patient[ids[0]].headers if h.study_uid == uid)
    operands = {"patient": ids[1], "other": ids[0], "other_place": other.file}
    return refused("STU_PATIENT_CONFLICT", header_source(first, "PatientID"), uid, **operands)


# -- who the patient is ---------------------------------------------------------------------------------------


@dataclass(slots=True)
class Doubts:
    """The issues of a case in the making."""

    issues: list[Issue] = field(default_factory=list)

    def add(self, code: str, outcome: Outcome, source: Source | None = None, **about: object) -> None:
        """Keep an issue; `about` are fields of Issue, `operands` among them."""
        self.issues.append(Issue(code=code, outcome=outcome, source=source, **about))  # type: ignore[arg-type]

    def refuse(self) -> None:
        """Raise CaseRefused where any issue refuses the case."""
        found = tuple(sorted({i.order: i for i in self.issues if i.outcome is Outcome.REFUSED}.items()))
        if found:
            raise CaseRefused(tuple(issue for _, issue in found))


def check_patient(headers: Sequence[ImageHeader], facts: FactsRecord | None, doubts: Doubts) -> None:
    """Whether all headers, and the facts, speak of one person."""
    in_order = sorted(headers, key=lambda h: (h.study_date or dt.date.min, h.file))
    _check_issuer(in_order, doubts)
    _check_same(in_order, doubts)
    if facts is not None:
        _check_facts(in_order, facts, doubts)


def the_patient(patient_id: str, headers: Sequence[ImageHeader], facts: FactsRecord | None) -> Patient:
    """The patient by the latest header, else by the facts."""
    latest = sorted(headers, key=lambda h: (h.study_date or dt.date.min, h.file))
    name = _last(h.patient_name for h in latest) or (facts.name if facts else None)
    born = _last(h.birth_date for h in latest) or (facts.birth_date if facts else None)
    sex = _last(h.sex for h in latest) or (facts.sex if facts else None)
    return Patient(id=patient_id, issuer=_last(h.issuer for h in latest), name=name, birth_date=born, sex=sex)


def _last(values: Iterable[Found | None]) -> Found | None:
    found: Found | None = None
    for value in values:
        found = value if value is not None else found
    return found


def _check_issuer(headers: Sequence[ImageHeader], doubts: Doubts) -> None:
    """The same ID of two issuers is two patients; the same ID in other bytes is not known to be one."""
    keys: dict[object, ImageHeader] = {}
    issuers: dict[object, ImageHeader] = {}
    for header in headers:
        if header.patient_id:
            keys.setdefault(header.patient_key, header)
        if header.issuer:
            issuers.setdefault(header.issuer, header)
    for found, code, keyword in (
        (keys, "STU_PATIENT_CONFLICT", "PatientID"),
        (issuers, "STU_ISSUER", "IssuerOfPatientID"),
    ):
        if len(found) > 1:
            first, other = list(found.values())[:2]
            source = header_source(other, keyword)
            doubts.issues.append(refused(code, source, other.study_uid, other_place=first.file))


def _comparable(name: str | None) -> str | None:
    """A name without what writing it differently changes: case, spaces, empty components."""
    return " ".join(name.replace("^", " ").casefold().split()) if name else None


def _check_same(headers: Sequence[ImageHeader], doubts: Doubts) -> None:
    written: dict[str | None, ImageHeader] = {}
    births: dict[dt.date, ImageHeader] = {}
    for header in headers:
        written.setdefault(header.patient_name, header)
        if header.birth_date is not None:
            births.setdefault(header.birth_date, header)
    names: dict[str, ImageHeader] = {}
    for given, header in written.items():
        if (name := _comparable(given)) is not None:
            names.setdefault(name, header)
    for found, keyword, what in ((names, "PatientName", "name"), (births, "PatientBirthDate", "birth date")):
        if len(found) > 1:
            first, other = list(found.values())[:2]
            source = header_source(other, keyword)
            doubts.add(
                "STU_PATIENT_ATTR",
                Outcome.PROBLEM,
                source,
                study=other.study_uid,
                operands={"what": what, "other_place": first.file},
            )


def _check_facts(headers: Sequence[ImageHeader], facts: FactsRecord, doubts: Doubts) -> None:
    given_name, given_birth = _comparable(facts.name), facts.birth_date
    for header in headers:
        name, born = _comparable(header.patient_name), header.birth_date
        other_name = given_name is not None and name is not None and name != given_name
        other_birth = given_birth is not None and born is not None and born != given_birth
        if other_name or other_birth:
            operands = {"what": "name" if other_name else "birth date", "other_place": header.file}
            doubts.add("STU_PATIENT_ATTR", Outcome.PROBLEM, facts.source, operands=operands)
            return


# -- the studies ----------------------------------------------------------------------------------------------


def studies_of(headers: Iterable[ImageHeader], dates: dict[str, dt.date], limit: int, doubts: Doubts) -> list[Study]:
    """Studies by their UID.  `dates`: study UID -> date that a table gives where the headers have none."""
    grouped: dict[str, list[ImageHeader]] = defaultdict(list)
    for header in headers:
        grouped[header.study_uid].append(header)
    found = (_study(uid, grouped[uid], dates.get(uid), limit, doubts) for uid in sorted(grouped))
    return [study for study in found if study is not None]


def _study(uid: str, headers: list[ImageHeader], given: dt.date | None, limit: int, doubts: Doubts) -> Study | None:
    first = headers[0]
    if len(headers) > limit:
        doubts.issues.append(refused("LIM_FILES", header_source(first, "StudyInstanceUID"), uid, limit=limit))
    date = _study_date(uid, headers, given, doubts)
    if date is None:
        return None
    images = [h for h in headers if h.modality is not None]
    dated = next((h for h in headers if h.study_date is not None), first)
    labelled = next((h for h in headers if h.time_point_id or h.time_point_description), first)
    times = [h.study_time for h in headers if h.study_time is not None]
    seen = {h.modality for h in images}
    return Study(
        key=uid,
        uid=uid,
        date=date,
        start=min(times) if times else None,
        description=next((h.study_description for h in headers if h.study_description), None),
        label=labelled.time_point_id,
        label_description=labelled.time_point_description,
        label_offset_days=labelled.time_point_offset,
        label_event=labelled.time_point_event,
        modalities=tuple(m for m in Modality if m in seen),
        series=_series(headers),
        sources={
            **{name: dated.source(name) for name in dated.places},
            **{name: labelled.source(name) for name in labelled.places if name.startswith("label")},
        },
    )


def _study_date(uid: str, headers: list[ImageHeader], given: dt.date | None, doubts: Doubts) -> dt.date | None:
    dates = {h.study_date: h for h in headers if h.study_date is not None}
    if len(dates) > 1:
        one, other = sorted(dates)[:2]
        source = header_source(dates[other], "StudyDate")
        doubts.issues.append(refused("STU_DATE_CONFLICT", source, uid, date=str(other), other_date=str(one)))
    if dates:
        return min(dates)
    source = header_source(headers[0], "StudyDate")
    if given is not None:
        doubts.add("STU_DATE_FROM_TABLE", Outcome.NOTE, source, study=uid, operands={"date": str(given)})
    elif not any(i.code == "STU_BAD_DATE" for h in headers for i in h.issues):
        doubts.issues.append(refused("STU_NO_DATE", source, uid))
    return given


def _series(headers: Iterable[ImageHeader]) -> tuple[Series, ...]:
    grouped: dict[tuple[str, Modality | None], list[ImageHeader]] = defaultdict(list)
    for header in headers:
        grouped[header.series_uid, header.modality].append(header)
    keys = sorted(grouped, key=lambda key: (key[0], key[1] or ""))
    return tuple(_one_series(uid, modality, grouped[uid, modality]) for uid, modality in keys)


def _one_series(uid: str, modality: Modality | None, headers: list[ImageHeader]) -> Series:
    by_instance = sorted(headers, key=attrgetter("instance_uid"))
    return Series(
        uid=uid,
        modality=modality,
        description=next((h.series_description for h in headers if h.series_description), None),
        protocol=next((h.protocol for h in headers if h.protocol), None),
        body_part=next((h.body_part for h in headers if h.body_part), None),
        sides=tuple(sorted({side for h in headers for side in h.sides})),
        views=tuple(sorted({h.view for h in headers if h.view})),
        technique=_technique([h.technique for h in headers]),
        instances=tuple([h.instance_uid for h in by_instance]),
        organ_doses=tuple([dose for h in by_instance if (dose := h.technique.organ_dose) is not None]),
    )


def _technique(given: Sequence[Technique]) -> Technique:
    """What all images of a series say alike; where they differ, nothing is said of the series."""
    if given.count(given[0]) == len(given):
        return given[0]
    common: dict[str, object] = {}
    for name in Technique.__dataclass_fields__:
        values = {value for technique in given if (value := getattr(technique, name)) is not None}
        common[name] = next(iter(values)) if len(values) == 1 else None
    return Technique(**common)  # type: ignore[arg-type]  # field by field of the same class
