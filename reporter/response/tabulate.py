"""The rows of `classify`: one a time point, with `per_lesion` one more a lesion; exact values as text, no wording.

The best overall response is a table of its own, with a row for each scope and modality.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Context, Decimal

from reporter.case.case import Case
from reporter.case.issue import Issue, Outcome
from reporter.case.length import Length
from reporter.case.vocabulary import MAMMOGRAPHY
from reporter.response.interface import Amounts, Assessment, Change, LesionResult, Response, State, Verdict

COLUMNS = (
    "patient_id",
    "timepoint",
    "date",
    "modality",
    "criteria",
    "side",
    "lesion_id",
    "role",
    "measure",
    "unit",
    "value",
    "baseline_value",
    "nadir_value",
    "change_from_baseline_percent",
    "change_from_nadir_percent",
    "target",
    "non_target",
    "new_lesion",
    "overall",
    "response_held",
    "issues",
)
"""In this order."""

BEST_COLUMNS = (
    "patient_id",
    "criteria",
    "side",
    "modality",
    "best_overall",
    "date",
    "confirmed",
    "first_progression",
)
"""Of the best overall response, in this order."""

TWELVE = Context(prec=12)
"""Percentages carry 12 significant digits."""
SORTED_BY = ("criteria", "side", "modality", "date", "lesion_id")


def rows(case: Case, response: Response, *, per_lesion: bool = False) -> list[Mapping[str, str]]:
    """The table of one case, sorted; every row has every column, empty where it says nothing."""
    found = [row for a in response.assessments for row in _rows(case, a, per_lesion=per_lesion)]
    return sorted(found, key=lambda row: tuple(row[column] for column in SORTED_BY))


def best_rows(case: Case, response: Response) -> list[Mapping[str, str]]:
    """The best overall responses of one case, sorted by criterion, side and modality."""
    found = (
        {
            "patient_id": case.patient.id,
            "criteria": best.criterion,
            "side": best.side.value if best.side is not None else "",
            "modality": best.modality.value if best.modality is not None else "",
            "best_overall": best.category.value,
            "date": best.date.isoformat() if best.date is not None else "",
            "confirmed": best.confirmed.value,
            "first_progression": best.first_progression.isoformat() if best.first_progression is not None else "",
        }
        for best in response.best_overall
    )
    return sorted(found, key=lambda row: tuple(row[column] for column in BEST_COLUMNS))


def _rows(case: Case, assessment: Assessment, *, per_lesion: bool) -> Iterator[Mapping[str, str]]:
    yield _row(case, assessment, _of_time_point(case, assessment))
    if per_lesion:
        for result in assessment.lesions:
            yield _row(case, assessment, _of_lesion(case, assessment, result))


def _row(case: Case, assessment: Assessment, own: Mapping[str, str]) -> Mapping[str, str]:
    time_point = case.timeline.time_points[assessment.time_point]
    shared = {
        "patient_id": case.patient.id,
        "timepoint": time_point.label or time_point.phase.value,
        "date": time_point.date.isoformat(),
        "modality": assessment.modality.value if assessment.modality is not None else "",
        "criteria": assessment.criterion,
        "side": assessment.side.value if assessment.side is not None else "",
    }
    return {column: {**shared, **own}.get(column, "") for column in COLUMNS}


def _of_time_point(case: Case, assessment: Assessment) -> Mapping[str, str]:
    return {
        **_sum(assessment),
        **_changes(assessment.from_baseline, assessment.from_nadir),
        "target": _category(assessment.target),
        "non_target": _category(assessment.non_target),
        "new_lesion": assessment.new_lesion.value,
        "overall": _category(assessment.overall),
        "response_held": "yes" if assessment.held else "no",
        "issues": _codes(case, assessment, None),
    }


def _sum(assessment: Assessment) -> Mapping[str, str]:
    if assessment.amounts is not None:
        return {"measure": SUMS[assessment.amounts.unit], **_amounts(assessment.amounts)}
    return {
        "measure": "sum_of_diameters",
        "unit": "mm",
        "value": number(assessment.total),
        "baseline_value": number(assessment.baseline_total),
        "nadir_value": number(assessment.nadir_total),
    }


SUMS = {"mm2": "sum_of_products", "ml": "sum_of_volumes", "SUV": "hottest_lesion"}
"""What stands for all lesions, by its unit."""


def _amounts(amounts: Amounts) -> Mapping[str, str]:
    return {
        "unit": amounts.unit,
        "value": number(amounts.now),
        "baseline_value": number(amounts.baseline),
        "nadir_value": number(amounts.nadir),
    }


def _of_lesion(case: Case, assessment: Assessment, result: LesionResult) -> Mapping[str, str]:
    return {
        "lesion_id": result.point.lesion_id,
        "role": result.role.value,
        "measure": result.measure.value,
        **_sizes(result),
        "overall": _category(result.verdict),
        "issues": _codes(case, assessment, result.point.lesion_id),
    }


def _sizes(result: LesionResult) -> Mapping[str, str]:
    if result.amounts is not None:
        merged = result.point.state is State.MERGED  # its 0 is bookkeeping
        changes = (None, None) if merged else (result.amounts.from_baseline, result.amounts.from_nadir)
        return {**_amounts(result.amounts), **_changes(*changes)}
    return {
        "unit": "mm",
        "value": _length(result.point.size),
        "baseline_value": _length(result.baseline),
        "nadir_value": _length(result.nadir),
        **_changes(result.from_baseline, result.from_nadir),
    }


def _changes(from_baseline: Change | None, from_nadir: Change | None) -> Mapping[str, str]:
    return {
        "change_from_baseline_percent": percent(from_baseline),
        "change_from_nadir_percent": percent(from_nadir),
    }


def number(value: Decimal | None) -> str:
    """An exact number as plain digits, without trailing zeros, so that 1.50 cm and 15 mm print alike."""
    if value is None:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _length(value: Length | None) -> str:
    return "" if value is None else number(value.mm)


def percent(change: Change | None) -> str:
    """A change in percent to 12 significant digits; empty against 0."""
    if change is None or change.then == 0:
        return ""
    return number(TWELVE.divide(change.difference * 100, change.then))


def _category(verdict: Verdict | None) -> str:
    return verdict.category.value if verdict is not None and verdict.classified else ""


def _codes(case: Case, assessment: Assessment, lesion_id: str | None) -> str:
    """Codes of the row, of the rules and of the input: all of them for the time point, its own for a lesion."""
    found = [*assessment.issues, *(i for i in case.issues if _speaks_of(case, i, assessment))]
    return ";".join(sorted({i.code for i in found if lesion_id is None or i.lesion_id == lesion_id}))


def _speaks_of(case: Case, issue: Issue, assessment: Assessment) -> bool:
    """Whether a doubt about the input is about a lesion of this row, at its time point and on its modality."""
    ids = {r.point.lesion_id for r in assessment.lesions}
    if issue.lesion_id not in ids or issue.outcome is Outcome.NOTE:
        return False
    studies = case.timeline.time_points[assessment.time_point].studies
    return issue.study is None or (issue.study in studies and _same_modality(case, issue.study, assessment))


def _same_modality(case: Case, study: str, assessment: Assessment) -> bool:
    found = set(case.study(study).modalities)
    return assessment.modality in found or (assessment.modality in MAMMOGRAPHY and bool(found & MAMMOGRAPHY))
