"""Readings become one case: one patient, up to one reported time point.

Nothing vanishes: every study is reported, compared with or left out with a reason, every row is a measurement or an
issue, and everything that refuses the case is told at once.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import starmap
from operator import attrgetter

from reporter.case.arrangement import Arrangement, Course, arrange
from reporter.case.case import Case, LeftOut
from reporter.case.facts import Facts
from reporter.case.issue import Issue, Outcome
from reporter.case.measurement import Measurement
from reporter.case.source import SourceKind
from reporter.case.study import Study
from reporter.case.timepoint import Labels, TimePoint, Windows
from reporter.case.vocabulary import Modality
from reporter.readers.gather import FileUse, PatientReadings, Readings, patients
from reporter.readers.identity import Doubts, check_patient, chosen, refused, shared_study, studies_of, the_patient
from reporter.readers.joining import JoinedRow, check_unmet, given_dates, join
from reporter.readers.lesions import lesions_of, measurements_of, span_conflicts
from reporter.readers.objects import other_part
from reporter.readers.parts import FactsRecord, ImageHeader, Row
from reporter.readers.report_choice import Choice, said_once, without_unnamed
from reporter.readers.report_parts import ReportHeader
from reporter.readers.report_rows import report_rows
from reporter.readers.resolve import Frame, resolve

_WINDOWS, _LABELS = Windows(), Labels()


@dataclass(slots=True)
class _Material:
    """What is known of the patient before it is put together."""

    patient: str
    headers: Sequence[ImageHeader]
    rows: Sequence[Row]
    facts: FactsRecord | None
    reports: Sequence[ReportHeader] = ()
    doubts: Doubts = field(default_factory=Doubts)
    left_out: list[LeftOut] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembled:
    """A case with the rows it was made from, as a worksheet shows them."""

    case: Case
    joined: tuple[JoinedRow, ...]
    """Rows that name a lesion, of a table and of structured reports, with their studies; uncounted ones too."""
    without_lesion: tuple[Row, ...]
    """Rows that name none and are not used."""


def assemble(
    readings: Readings,
    *,
    patient: str | None = None,
    at: dt.date | None = None,
    windows: Windows = _WINDOWS,
    labels: Labels = _LABELS,
) -> Case:
    """The case of a patient; `at` chooses the reported time point, else it is the latest.

    Raises:
        CaseRefused: no draft can be made; every reason is told.

    """
    return assembled(readings, patient=patient, at=at, windows=windows, labels=labels).case


def assembled(
    readings: Readings,
    *,
    patient: str | None = None,
    at: dt.date | None = None,
    windows: Windows = _WINDOWS,
    labels: Labels = _LABELS,
) -> Assembled:
    """The case of `assemble` with its rows.

    Raises:
        CaseRefused: no draft can be made; every reason is told.

    """
    material = _material(readings, chosen(readings, patient))
    doubts = material.doubts
    known = material.facts.facts if material.facts else Facts()
    check_patient(material.headers, material.facts, doubts)
    studies = studies_of(material.headers, given_dates(material.rows), readings.limits.files_per_study, doubts)
    joined, every = join(_usable(material), studies, material.patient, readings, labels, doubts)
    check_unmet(joined, studies, doubts)
    given, joined = joined, _chosen_rows(joined, material)
    every = without_unnamed(every, given, joined)
    doubts.refuse()
    _check_birth(material, every, doubts)
    every = _belonging(every, joined, material)
    course = Course(therapy=known.therapy, operation=known.surgery.date, windows=windows, labels=labels)
    arrangement = arrange(every, course, at)
    _check_arrangement(arrangement, every, readings, at, doubts)
    case = _case(material, joined, every, arrangement, known, readings)
    without = tuple(row for row in material.rows if not row.lesion_id)
    return Assembled(case=case, joined=tuple(joined), without_lesion=without)


# -- what is known of the patient -----------------------------------------------------------------------------


def _material(readings: Readings, patient: str) -> _Material:
    own = readings.by_patient[patient]
    alone = len(patients(readings)) == 1 and not readings.among_others
    parts = [own, readings.unnamed] if alone else [own]
    material = _Material(
        patient=patient,
        headers=sorted((h for p in parts for h in p.headers), key=attrgetter("file")),
        rows=[row for p in parts for row in p.rows],
        facts=None,
    )
    _take_reports(material, parts, readings)
    issues = material.doubts.issues
    issues.extend(i for i in readings.issues if i.outcome is not Outcome.NOTE)
    issues.extend(shared_study(readings, uid) for uid, ids in readings.shared_studies.items() if patient in ids)
    _take_facts(material, parts, readings)
    _take_issues(material, parts, readings)
    if not alone and readings.unnamed.rows:
        issues.append(refused("STU_NO_PATIENT_ROW", readings.unnamed.rows[0].source))
    return material


def _take_reports(material: _Material, parts: Sequence[PatientReadings], readings: Readings) -> None:
    """Measurement groups of structured reports become rows beside those of the table."""
    reports = [report for p in parts for report in p.reports]
    if not reports:
        return
    seen: dict[str, set[Modality | None]] = defaultdict(set)
    for header in material.headers:
        seen[header.study_uid].add(header.modality)
    made = report_rows(reports, readings.lesion_map, readings.instances, seen)
    material.reports = [report.header for report in reports]
    material.rows = [*material.rows, *made.rows]
    material.doubts.issues.extend(made.issues)
    material.left_out.extend(made.left_out)


def _chosen_rows(joined: Sequence[JoinedRow], material: _Material) -> list[JoinedRow]:
    """Rows of a table and of several structured reports beside one another: one of them measures."""
    choice = Choice(joined, {report.file: report.written for report in material.reports})
    material.doubts.issues.extend(choice.issues)
    material.left_out.extend(choice.left_out)
    return choice.rows


def _take_facts(material: _Material, parts: Sequence[PatientReadings], readings: Readings) -> None:
    issues, found = material.doubts.issues, [record for p in parts for record in p.facts]
    for record in found:
        issues.extend(record.issues)
    if len(found) > 1:
        issues.append(refused("FACTS_TWICE", found[1].source, other_place=found[0].source.place))
    if not found and readings.unnamed.facts:
        issues.append(refused("FACTS_NO_PATIENT", readings.unnamed.facts[0].source))
    material.facts = found[0] if found else None


def _take_issues(material: _Material, parts: Sequence[PatientReadings], readings: Readings) -> None:
    """Doubts about the patient's files; unreadable ones may be left out by option, identity is never overridden."""
    issues = material.doubts.issues
    given = [i for p in parts for i in p.issues] + [i for h in material.headers for i in h.issues]
    issues.extend(i for i in given if i.outcome is Outcome.REFUSED)
    issues.extend(_once(i for i in given if i.outcome is not Outcome.REFUSED))
    issues.extend(i for row in material.rows for i in row.issues if i.outcome is Outcome.REFUSED)
    unreadable = sorted((i for p in parts for i in p.unreadable), key=lambda i: i.order)
    if not readings.inputs.allow_unreadable:
        issues.extend(unreadable)
    elif unreadable:
        operands = {"unreadable": len(unreadable), "files": sum(p.files for p in parts)}
        material.doubts.add("FILES_UNREADABLE", Outcome.PROBLEM, unreadable[0].source, operands=operands)
        material.left_out.extend(LeftOut(what=i.source.file if i.source else "", code=i.code) for i in unreadable)


def _once(issues: Iterable[Issue]) -> Iterable[Issue]:
    """One note for the same doubt about many files, at the first of them."""
    grouped: dict[tuple[str, str], list[Issue]] = defaultdict(list)
    for issue in sorted(issues, key=lambda i: i.order):
        grouped[issue.code, issue.source.place if issue.source else ""].append(issue)
    for alike in grouped.values():
        yield replace(alike[0], operands={**alike[0].operands, "files": len(alike)})


def _usable(material: _Material) -> list[Row]:
    """Rows that name a lesion, their cells' doubts kept for later; the others are left out, with their problem."""
    usable = [row for row in material.rows if row.lesion_id]
    for row in material.rows:
        if not row.lesion_id:
            material.doubts.issues.extend(row.issues)
            material.left_out.append(LeftOut(what=str(row.source), code="ROW_NO_LESION"))
    return usable


# -- which studies are of the case ----------------------------------------------------------------------------


def _check_birth(material: _Material, studies: Iterable[Study], doubts: Doubts) -> None:
    born = [h.birth_date for h in material.headers if h.birth_date]
    given = max(born) if born else (material.facts.birth_date if material.facts else None)
    for study in studies:
        if given is not None and study.date < given:
            operands = {"date": str(study.date)}
            source = study.sources.get("date")
            doubts.add("STU_DATE_RANGE", Outcome.PROBLEM, source, study=study.key, operands=operands)


def _belonging(studies: Sequence[Study], joined: Sequence[JoinedRow], material: _Material) -> list[Study]:
    """Studies that the case is about; those without images or of another body part are left out, unless measured.

    Where nothing else is there, the studies of structured reports are kept for what they list, without a measurement.
    """
    measured = {item.study for item in joined}
    if not any(study.key in measured or _foreign(study) is None for study in studies):
        measured |= {report.study_uid for report in material.reports}
    kept = []
    for study in studies:
        code = None if study.key in measured else _foreign(study)
        if code is None:
            kept.append(study)
            continue
        operands = {"date": str(study.date), "description": study.description or ""}
        if code == "TP_MODALITY":
            operands["body_part"] = next(s.body_part or "" for s in study.series if other_part(s.body_part))
        material.doubts.add(code, Outcome.NOTE, study.sources.get("date"), study=study.key, operands=operands)
        material.left_out.append(LeftOut(what=study.key, code=code))
    return kept


def _foreign(study: Study) -> str | None:
    images = [s for s in study.series if s.modality is not None]
    if study.uid is not None and not images:
        return "STU_NO_IMAGES"
    return "TP_MODALITY" if images and all(other_part(s.body_part) for s in images) else None


def _check_arrangement(
    arrangement: Arrangement, studies: Sequence[Study], readings: Readings, at: dt.date | None, doubts: Doubts
) -> None:
    doubts.issues.extend(arrangement.issues)
    points = arrangement.timeline.time_points
    if at is not None and points and not points[-1].date <= at <= _last_day(points[-1], studies):
        operands = {"date": str(at), "other_date": str(points[-1].date)}
        doubts.add("TP_AT_OTHER", Outcome.PROBLEM, None, operands=operands)
    if not points:
        code, date = ("TP_AT", str(at)) if studies and at else ("INPUT_EMPTY", "")
        doubts.issues.append(refused(code, None, date=date, files=len(readings.files)))
    if len(points) > readings.limits.time_points:
        doubts.issues.append(refused("LIM_TIME_POINTS", None, limit=readings.limits.time_points))
    doubts.refuse()


def _last_day(point: TimePoint, studies: Iterable[Study]) -> dt.date:
    return max(study.date for study in studies if study.key in point.studies)


# -- the case -------------------------------------------------------------------------------------------------


def _case(
    material: _Material,
    joined: Sequence[JoinedRow],
    studies: Sequence[Study],
    arrangement: Arrangement,
    facts: Facts,
    readings: Readings,
) -> Case:
    doubts, points = material.doubts, arrangement.timeline.time_points
    within = {key for point in points for key in point.studies}
    kept = {study.key: study for study in studies if study.key in within}
    rows = [item for item in joined if item.study in within]
    _leave_out(material, joined, arrangement, within)
    lesions = {lesion.id: lesion for lesion in lesions_of(rows, kept, doubts)}
    if len(lesions) > readings.limits.lesions:
        doubts.issues.append(refused("LIM_LESIONS", None, limit=readings.limits.lesions))
        doubts.refuse()
    doubts.issues.extend(starmap(_of_case, said_once(rows)))
    usable = [item for item in rows if "modality" not in {i.column for i in item.row.issues if i.code == "CELL_WORD"}]
    measurements = measurements_of([item for item in usable if item.measures], lesions, kept, doubts)
    measurements = span_conflicts(measurements, lesions, (point.studies for point in points), doubts)
    frame = Frame(time_points=points, later=arrangement.later, lesions=lesions, therapy=arrangement.therapy)
    resolved = resolve(facts, frame, doubts)
    own = [h for h in material.headers if h.study_uid in within]
    person = the_patient(material.patient, own, material.facts)
    doubts.refuse()
    return Case(
        patient=person,
        studies=tuple(sorted(map(_found_again, kept.values()), key=lambda s: (s.date, s.key))),
        lesions=tuple(lesions[key] for key in sorted(lesions)),
        measurements=tuple(_findable(m, kept[m.study]) for m in measurements),
        timeline=arrangement.timeline,
        facts=_known_again(resolved, material.facts),
        issues=tuple(sorted(_unique(doubts.issues), key=lambda issue: issue.order)),
        left_out=_with_dates(material.left_out, studies),
    )


def _with_dates(left_out: Iterable[LeftOut], studies: Iterable[Study]) -> tuple[LeftOut, ...]:
    """What is left out, by name; a study is told by its date and modalities."""
    by_key = {study.key: study for study in studies}
    told = (
        replace(item, date=by_key[item.what].date, modalities=by_key[item.what].modalities)
        if item.what in by_key
        else item
        for item in left_out
    )
    return tuple(sorted(told, key=lambda item: (item.what, item.code)))


def _findable(measurement: Measurement, study: Study) -> Measurement:
    """A measurement whose source names its row by what stands in it: the order of rows changes no report.

    Doubts about a row name it by its number, as a spreadsheet shows it; they are told before this.
    """
    source = measurement.source
    if source.kind is not SourceKind.TABLE:
        return measurement
    place = f"row of {measurement.lesion_id}, {study.date} {measurement.modality or ''}".rstrip()
    return replace(measurement, source=replace(source, place=place))


def _known_again(facts: Facts, record: FactsRecord | None) -> Facts:
    """Facts whose sources in a table name the column alone: it has one row a patient."""
    if record is None or record.source.place == "file":
        return facts
    row = f"{record.source.place}, "
    named = {
        key: replace(source, place=f"column {source.place.removeprefix(row)}") for key, source in facts.sources.items()
    }
    return replace(facts, sources=named)


def _found_again(study: Study) -> Study:
    """A study whose sources in a table name the column alone."""
    if not any(source.kind is SourceKind.TABLE for source in study.sources.values()):
        return study
    named = {
        key: replace(source, place=f"column {'timepoint' if key == 'label' else 'study_date'}")
        if source.kind is SourceKind.TABLE
        else source
        for key, source in study.sources.items()
    }
    return replace(study, sources=named)


def _of_case(issue: Issue, study: str) -> Issue:
    return replace(issue, study=study)


def _unique(issues: Iterable[Issue]) -> Iterable[Issue]:
    return {(issue.order, issue.study or "", issue.column or ""): issue for issue in issues}.values()


def _leave_out(material: _Material, joined: Sequence[JoinedRow], arrangement: Arrangement, within: set[str]) -> None:
    """Everything that is of the patient and not in the case, with its reason."""
    left = material.left_out
    left.extend(LeftOut(what=key, code="TP_AFTER_OPERATION") for key in arrangement.after_operation)
    left.extend(LeftOut(what=key, code="TP_LATER") for point in arrangement.later for key in point.studies)
    left.extend(LeftOut(what=str(i.row.source), code="TP_LATER") for i in joined if i.study not in within)
    bad = [i for i in joined if "modality" in {x.column for x in i.row.issues if x.code == "CELL_WORD"}]
    left.extend(LeftOut(what=str(i.row.source), code="CELL_WORD") for i in bad if i.study in within)


def listed_files(readings: Readings) -> tuple[LeftOut, ...]:
    """Files of INPUT that no report uses, with the reason; they belong to no one case."""
    return tuple(
        LeftOut(what=record.name, code=record.code or "") for record in readings.files if record.use is not FileUse.USED
    )
