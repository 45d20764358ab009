"""Studies dated after today.  A report knows no clock: this is asked at the edge, and said there only."""

from __future__ import annotations

import datetime as dt

from reporter.case.case import Case
from reporter.case.issue import Issue, Outcome


def future_studies(case: Case, today: dt.date) -> tuple[Issue, ...]:
    """A problem for each study that is dated after a day, in the order of the studies."""
    return tuple(
        Issue(
            code="STU_DATE_FUTURE",
            outcome=Outcome.PROBLEM,
            source=study.sources.get("date"),
            study=study.key,
            operands={"date": str(study.date)},
        )
        for study in case.studies
        if study.date > today
    )
