"""Outcomes for tests of what people look at: a patient is a few sums over time and an answer."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import starmap
from typing import Any, Final

from reporter.batch.cohort_sheets import Sheet, Spool
from reporter.batch.outcome import (
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
    WrittenFile,
)
from reporter.case.issue import Outcome as Severity
from reporter.case.vocabulary import Kind, Modality, Phase, Role, Side
from reporter.exporters.plain_workbook import rows_xlsx
from reporter.response.interface import Category, Headline, Measure, NewLesions, State

START: Final = dt.date(2026, 1, 5)
TODAY: Final = dt.date(2026, 12, 1)
HEADLINES: Final = {
    Category.BASELINE: Headline.BASELINE,
    Category.CR: Headline.COMPLETE,
    Category.PR: Headline.PARTIAL,
    Category.SD: Headline.STABLE,
    Category.PD: Headline.PROGRESSIVE,
    Category.NE: Headline.NOT_EVALUABLE,
    Category.MIXED: Headline.MIXED,
}
AWKWARD: Final = (
    "<script>alert(1)</script>",
    'O\'Brien "the" & co',
    "山田^太郎",
    "=1+1",
    "ab\u202ecd\x1b[31m",
    "a,b;c\nd",
)
SHOWN: Final = frozenset({*AWKWARD[:4], "ab\ufffdcd\ufffd[31m", "a,b;c d"})
"""As people see them."""


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def reported(
    patient_id: str,
    sums: Sequence[tuple[int, str | None, Category]],
    *,
    side: Side = Side.LEFT,
    scope: Side | None = Side.LEFT,
    with_record: bool = True,
    answer: SideSeen | None = None,
    **other: Any,  # ruff: ignore[any-type] - whatever an outcome has
) -> Outcome:
    """A case with a draft: `sums` are day, sum in mm or None, category; the last one is reported."""
    last = sums[-1][2]
    days = [START + dt.timedelta(days=day) for day, _, _ in sums]
    case = digest(f"{patient_id} {days[-1]}")
    values: dict[str, Any] = {
        "exit": 0,
        "files": tuple(WrittenFile(name=f"{case}.draft{x}", sha256="0" * 64) for x in (".docx", ".json", ".txt")),
        "sides": (answer or SideSeen(side=side, headline=HEADLINES[last], category=last, sites=(("L1", last),)),),
        "files_used": len(sums),
    }
    return Outcome(
        case=case,
        patient=digest(patient_id),
        patient_id=patient_id,
        status=Status.REPORTED,
        reported_on=days[-1],
        time_points=tuple(starmap(_time_point, enumerate(days))),
        lesions=(LesionSeen(id="L1", kind=Kind.MASS, organ="breast", side=side, role=Role.TARGET),),
        responses=_responses(sums, scope, of_record=with_record),
        studies=tuple(_study(place, day, last=place == len(days) - 1) for place, day in enumerate(days)),
        **{**values, **other},
    )


def _time_point(place: int, day: dt.date) -> TimePointSeen:
    phase = Phase.BASELINE if place == 0 else Phase.DURING
    return TimePointSeen(index=place, date=day, phase=phase, studies=(f"1.2.{place}",))


def _study(place: int, day: dt.date, *, last: bool) -> StudySeen:
    use = StudyUse.REPORTED if last else StudyUse.COMPARED
    return StudySeen(key=f"1.2.{place}", date=day, modalities=(Modality.MR,), use=use)


def _responses(
    sums: Sequence[tuple[int, str | None, Category]], scope: Side | None, *, of_record: bool
) -> tuple[ResponseSeen, ...]:
    totals = [None if text is None else Decimal(text) for _, text, _ in sums]
    found = []
    for place, (total, (_, _, category)) in enumerate(zip(totals, sums, strict=True)):
        before = [t for t in totals[:place] if t is not None]
        found.append(
            ResponseSeen(
                criterion="per-site",
                side=scope,
                modality=Modality.MR,
                time_point=place,
                total=total,
                baseline_total=totals[0],
                nadir_total=min(before, default=None),
                unit="mm",
                target=None if place == 0 else category,
                non_target=None,
                new_lesion=NewLesions.NO,
                overall=category,
                of_record=of_record,
                lesions=(_size(place, total),),
            )
        )
    return tuple(found)


def _size(place: int, total: Decimal | None) -> SizeSeen:
    return SizeSeen(
        lesion_id="L1",
        role=Role.TARGET,
        measure=Measure.LONG_AXIS,
        state=State.NOT_EVALUABLE if total is None else State.MEASURED if total else State.ABSENT,
        study=f"1.2.{place}",
        value=total,
    )


def quarantined(
    patient_id: str, code: str = "STU_PATIENT_CONFLICT", text: str = "two patients in one study"
) -> Outcome:
    """A case without a draft."""
    case = digest(f"{patient_id} refused")
    return Outcome(
        case=case,
        patient=digest(patient_id),
        patient_id=patient_id,
        status=Status.QUARANTINED,
        exit=1,
        reasons=(code,),
        files=(WrittenFile(name=f"{case}.quarantined.txt", sha256="0" * 64),),
        doubts=(Doubt(code=code, outcome=Severity.REFUSED, text=text, file="a/1.dcm", place="(0010,0020)"),),
        studies=(StudySeen(key="1.9", date=None, use=StudyUse.LEFT_OUT, code=code),),
        files_left=(FileLeft(name=f"{case}/1.dcm", refused=True, code=code),),
    )


def pending(patient_id: str) -> Outcome:
    """A case that is still to be done."""
    return Outcome(
        case=digest(f"{patient_id} pending"),
        patient=digest(patient_id),
        patient_id=patient_id,
        status=Status.PENDING,
        exit=4,
    )


def spooled(sheet: Sheet, outcomes: Iterable[Outcome]) -> Spool:
    """A table, filled."""
    spool = Spool(sheet, io.BytesIO())
    spool.add(sheet.rows(outcomes))
    return spool


def read_csv(spool: Spool) -> list[dict[str, str]]:
    """A table as it is read from its CSV file."""
    text = b"".join(spool.csv()).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def workbook(spools: Iterable[Spool]) -> io.BytesIO:
    """Tables as a workbook."""
    packed = io.BytesIO()
    rows_xlsx((spool.for_workbook() for spool in spools), packed)
    return packed
