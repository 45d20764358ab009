"""A case that was worked on, told as its outcome: numbers and categories, no wording but that of doubts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Final

from reporter.batch.outcome import (
    BestSeen,
    Doubt,
    FileLeft,
    LesionSeen,
    Outcome,
    ResponseSeen,
    SideSeen,
    SizeSeen,
    Status,
    StudySeen,
    StudyUse,
    TimePointSeen,
)
from reporter.case.case import Case
from reporter.case.issue import Issue
from reporter.case.issue import Outcome as Severity
from reporter.case.length import Length
from reporter.draft.interface import Report
from reporter.draft.issues import sentence
from reporter.errors import ExitCode
from reporter.pipeline import issues_of, phrases_in
from reporter.readers.gather import FileUse, Readings
from reporter.response.interface import (
    Assessment,
    AxillaResponse,
    BestOverall,
    BreastResponse,
    Category,
    LesionResult,
    NewFindingClass,
    State,
    Verdict,
)

_PERSONAL: Final = frozenset({"patient", "other", "expected", "ids", "description", "given"})
"""Operands that may tell who the patient is."""
_BESIDE: Final = frozenset({"table", "facts", "lesion map"})
"""Kinds of files that are no part of the export."""
_DIGITS: Final = 24
HIDDEN: Final = "(see the quarantine file)"


def patient_hash(patient_id: str) -> str:
    """24 hex digits that stand for a patient where no ID may."""
    return hashlib.sha256(f"patient\0{patient_id}".encode()).hexdigest()[:_DIGITS]


def case_key(patient_id: str, study: str) -> str:
    """24 hex digits of a patient and the first study of the reported time point; results are named by it."""
    return hashlib.sha256(f"case\0{patient_id}\0{study}".encode()).hexdigest()[:_DIGITS]


def plain_sentence(issue: Issue) -> str:
    """A doubt with all its operands, for a file that only its owner may read."""
    return sentence(issue, phrases_in("en"))


def doubt(issue: Issue) -> Doubt:
    """A doubt without what tells who the patient is."""
    return Doubt(
        code=issue.code,
        outcome=issue.outcome,
        text=plain_sentence(_impersonal(issue)),
        file=issue.source.file if issue.source else "",
        place=issue.source.place if issue.source else "",
        lesion_id=issue.lesion_id,
        side=issue.side,
        study=issue.study,
        column=issue.column,
    )


def _impersonal(issue: Issue) -> Issue:
    if _PERSONAL.isdisjoint(issue.operands):
        return issue
    operands = {name: HIDDEN if name in _PERSONAL else value for name, value in issue.operands.items()}
    return replace(issue, operands=operands)


# -- a case that is reported ----------------------------------------------------------------------------------


def told(report: Report, readings: Readings) -> Outcome:
    """The outcome of a report that is made, its files not written yet."""
    case, escalation, issues = report.case, report.advice.escalation, issues_of(report)
    review = any(issue.outcome in {Severity.PROBLEM, Severity.REFUSED} for issue in issues)
    return Outcome(
        case=case_key(case.patient.id, case.reported.studies[0]),
        patient=patient_hash(case.patient.id),
        status=Status.REPORTED,
        exit=ExitCode.NEEDS_REVIEW if review else ExitCode.DONE,
        reported_on=case.reported.date,
        sides=tuple(_side(breast, report.response.axilla(breast.side)) for breast in report.response.breasts),
        urgency=escalation.urgency,
        told=escalation.told,
        direct_contact=escalation.direct_contact,
        rows=tuple(dict.fromkeys(reason.row for reason in escalation.reasons)),
        doubts=tuple(map(doubt, issues)),
        time_points=_time_points(case),
        lesions=_lesions(case),
        responses=tuple(_response(assessment, report) for assessment in report.response.assessments),
        best=tuple(map(_best, report.response.best_overall)),
        studies=_studies(case),
        files_used=sum(file.use is FileUse.USED and file.kind not in _BESIDE for file in readings.files),
        files_left=files_left(readings),
    )


def _side(breast: BreastResponse, axilla: AxillaResponse | None) -> SideSeen:
    return SideSeen(
        side=breast.side,
        headline=breast.headline,
        category=breast.category,
        record_modality=breast.record_modality,
        sites=tuple((site.lesion_id, site.category) for site in breast.sites if not site.benign),
        unsettled=tuple(n.lesion_id for n in breast.new_findings if n.classified is NewFindingClass.UNSETTLED),
        abnormal_nodes=tuple((n.lesion_id, n.course) for n in axilla.nodes if n.abnormal) if axilla else (),
    )


def _best(best: BestOverall) -> BestSeen:
    return BestSeen(
        criterion=best.criterion,
        side=best.side,
        modality=best.modality,
        category=best.category,
        confirmed=best.confirmed,
        date=best.date,
        first_progression=best.first_progression,
    )


def _time_points(case: Case) -> tuple[TimePointSeen, ...]:
    return tuple(
        TimePointSeen(index=t.index, date=t.date, phase=t.phase, label=t.label, studies=t.studies)
        for t in case.timeline.time_points
    )


def _lesions(case: Case) -> tuple[LesionSeen, ...]:
    return tuple(
        LesionSeen(
            id=lesion.id,
            kind=lesion.kind,
            organ=lesion.organ,
            side=lesion.side,
            location=lesion.location,
            clock=lesion.clock,
            role=lesion.role,
            biopsy_result=lesion.biopsy_result,
            counted=lesion.counted,
        )
        for lesion in case.lesions
    )


def _studies(case: Case) -> tuple[StudySeen, ...]:
    now = set(case.reported.studies)
    kept = [
        StudySeen(
            key=study.key,
            date=study.date,
            modalities=study.modalities,
            use=StudyUse.REPORTED if study.key in now else StudyUse.COMPARED,
        )
        for study in case.studies
    ]
    left = [
        StudySeen(key=item.what, date=item.date, modalities=item.modalities, use=StudyUse.LEFT_OUT, code=item.code)
        for item in case.left_out
        if item.date is not None
    ]
    return tuple(sorted((*kept, *left), key=lambda seen: (str(seen.date), seen.key)))


def _response(assessment: Assessment, report: Report) -> ResponseSeen:
    amounts = assessment.amounts
    return ResponseSeen(
        criterion=assessment.criterion,
        side=assessment.side,
        modality=assessment.modality,
        time_point=assessment.time_point,
        total=amounts.now if amounts else assessment.total,
        baseline_total=amounts.baseline if amounts else assessment.baseline_total,
        nadir_total=amounts.nadir if amounts else assessment.nadir_total,
        unit=amounts.unit if amounts else "mm",
        target=_category(assessment.target),
        non_target=_category(assessment.non_target),
        new_lesion=assessment.new_lesion,
        overall=assessment.overall.category,
        classified=assessment.classified,
        held=assessment.held,
        of_record=_of_record(assessment, report),
        lesions=tuple(map(_size, assessment.lesions)),
    )


def _of_record(assessment: Assessment, report: Report) -> bool:
    """Whether it follows what the answer for a breast follows at the reported time point."""
    mark = (assessment.criterion, assessment.side, assessment.modality)
    totals = (breast.total for breast in report.response.breasts if breast.total is not None)
    return any(mark == (total.criterion, total.side, total.modality) for total in totals)


def _size(result: LesionResult) -> SizeSeen:
    point, amounts = result.point, result.amounts
    size = point.size if point.state is State.MEASURED else None
    return SizeSeen(
        lesion_id=point.lesion_id,
        role=result.role,
        measure=result.measure,
        state=point.state,
        study=point.study,
        value=amounts.now if amounts else _mm(point.size),
        axes=tuple([axis.mm for axis in point.axes]),
        unit=amounts.unit if amounts else "mm",
        given=f"{size.value:f}" if size else "",
        given_unit=str(size.unit) if size else "",
        baseline=amounts.baseline if amounts else _mm(result.baseline),
        nadir=amounts.nadir if amounts else _mm(result.nadir),
        category=_category(result.verdict),
        counted=result.in_sum,
    )


def _mm(length: Length | None) -> Decimal | None:
    return None if length is None else length.mm


def _category(verdict: Verdict | None) -> Category | None:
    return None if verdict is None else verdict.category


# -- a case that is not ---------------------------------------------------------------------------------------


def quarantined(patient_id: str, unit: str, issues: Iterable[Issue], readings: Readings | None = None) -> Outcome:
    """The outcome of a case of which no draft can be made; `unit` names it where no time point does."""
    found = sorted({issue.order: issue for issue in issues}.values(), key=lambda issue: issue.order)
    reasons = tuple(sorted({issue.code for issue in found if issue.outcome is Severity.REFUSED}))
    return Outcome(
        case=case_key(patient_id, unit),
        patient=patient_hash(patient_id),
        status=Status.QUARANTINED,
        exit=ExitCode.REFUSED,
        reasons=reasons,
        doubts=tuple(map(doubt, found)),
        studies=() if readings is None else _given_up(readings, reasons[0] if reasons else ""),
        files_left=() if readings is None else files_left(readings, reasons[0] if reasons else ""),
    )


def _given_up(readings: Readings, code: str) -> tuple[StudySeen, ...]:
    """The studies of a case that is refused, each left out for its first reason."""
    headers = [h for r in (*readings.by_patient.values(), readings.unnamed) for h in r.headers]
    rows = [row for r in (*readings.by_patient.values(), readings.unnamed) for row in r.rows]
    found: dict[str, StudySeen] = {}
    for header in headers:
        seen = found.get(header.study_uid)
        modalities = {*(seen.modalities if seen else ()), *([header.modality] if header.modality else [])}
        found[header.study_uid] = StudySeen(
            key=header.study_uid,
            date=header.study_date or (seen.date if seen else None),
            modalities=tuple(sorted(modalities, key=str)),
            use=StudyUse.LEFT_OUT,
            code=code,
        )
    for row in rows:
        key = row.study_uid or f"table:{row.study_date}:{row.modality or 'unnamed'}"
        if key not in found and not any(row.study_date == seen.date for seen in found.values()):
            found[key] = StudySeen(
                key=key, date=row.study_date, modalities=(row.modality,), use=StudyUse.LEFT_OUT, code=code
            )
    return tuple(sorted(found.values(), key=lambda seen: (str(seen.date), seen.key)))


def files_left(readings: Readings, instead: str = "") -> tuple[FileLeft, ...]:
    """Files of the case that no report uses; `instead`: why those are not that could have been."""
    return tuple(
        FileLeft(name=file.name, refused=file.use is FileUse.REFUSED, code=file.code or instead)
        for file in readings.files
        if file.kind not in _BESIDE and (instead or file.use is not FileUse.USED)
    )
