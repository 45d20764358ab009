"""The cohort table: one row a patient, side and time point."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from reporter.batch.cohort import Cohort, Course, Point, change_text
from reporter.batch.cohort_sheets import Row, Sheet
from reporter.batch.outcome import ResponseSeen, SideSeen
from reporter.response.interface import Headline
from reporter.response.tabulate import TWELVE, number

COLUMNS = (
    "patient_id",
    "case",
    "side",
    "visit",
    "timepoint",
    "phase",
    "date",
    "days_from_baseline",
    "criteria",
    "modality",
    "measure",
    "unit",
    "lesions",
    "baseline_value",
    "nadir_value",
    "value",
    "change_from_baseline_percent",
    "change_from_nadir_percent",
    "best_change_percent",
    "target",
    "non_target",
    "new_lesion",
    "overall",
    "response_held",
    "reported",
    "headline",
    "category_of_record",
    "best_overall",
    "best_overall_confirmed",
)
"""Those that `classify` has too mean the same; `overall` is of the sum, `headline` what the report says (the two may
differ), empty at a time point without a report of its own."""

_NUMERIC = frozenset({
    "visit",
    "days_from_baseline",
    "lesions",
    "baseline_value",
    "nadir_value",
    "value",
    "change_from_baseline_percent",
    "change_from_nadir_percent",
    "best_change_percent",
})
_MEASURES: Mapping[str, str] = {"mm": "sum_of_diameters", "mm2": "sum_of_products", "ml": "sum_of_volumes"}


def cohort_sheet(cohort: Cohort) -> Sheet:
    """The cohort as a table."""
    return Sheet(
        name="cohort",
        columns=COLUMNS,
        numeric=_NUMERIC,
        rows_of=lambda outcome: (row for course in cohort.courses_of(outcome) for row in _rows(course)),
    )


def _rows(course: Course) -> Iterator[Row]:
    start = course.points[0].seen.date
    for visit, point in enumerate(course.points, 1):
        shared = {
            "patient_id": course.outcome.patient_id,
            "case": point.case,
            "side": course.side.value if course.side else "",
            "visit": str(visit),
            "timepoint": point.seen.label or point.seen.phase.value,
            "phase": point.seen.phase.value,
            "date": point.seen.date.isoformat(),
            "days_from_baseline": str((point.seen.date - start).days),
            "best_change_percent": _text(point.best),
        }
        yield {**shared, **_sum(point.response), **_said(point), **(_best(course) if point is course.last else {})}


def _best(course: Course) -> Row:
    """The best overall response, of the whole course: on the row of its last time point."""
    best = course.best_overall
    return {} if best is None else {"best_overall": best.category.value, "best_overall_confirmed": best.confirmed.value}


def _sum(response: ResponseSeen | None) -> Row:
    if response is None:
        return {}
    return {
        "criteria": response.criterion,
        "modality": response.modality.value if response.modality else "",
        "measure": _MEASURES[response.unit],
        "unit": response.unit,
        "lesions": str(sum(size.counted and size.value is not None for size in response.lesions)),
        "baseline_value": number(response.baseline_total),
        "nadir_value": number(response.nadir_total),
        "value": number(response.total),
        "change_from_baseline_percent": change_text(response.total, response.baseline_total),
        "change_from_nadir_percent": change_text(response.total, response.nadir_total),
        "target": response.target.value if response.target else "",
        "non_target": response.non_target.value if response.non_target else "",
        "new_lesion": response.new_lesion.value,
        "overall": response.overall.value if response.classified else "",
        "response_held": "yes" if response.held else "no",
    }


def _said(point: Point) -> Row:
    return {
        "reported": "yes" if point.case else "no",
        "headline": ";".join(answer.headline.value for answer in point.answers),
        "category_of_record": ";".join(_category(answer) for answer in point.answers),
    }


def _category(answer: SideSeen) -> str:
    """Its category of record; empty where nothing is classified."""
    return "" if answer.headline is Headline.NOT_CLASSIFIED else answer.category.value


def _text(value: Decimal | None) -> str:
    return "" if value is None else number(TWELVE.plus(value))
