"""Time points: which studies belong together, and what they are to the therapy.

Rules (decision m): explicit labels order by date and win over the therapy dates; with therapy dates, all studies
on or before the start are baseline, those after the end and before the operation are end of treatment (later ones
are left out), and in between those within 14 days of the first one of a time point belong to it, not chained.
Same-day studies are one time point.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum

from reporter.case.setting import setting
from reporter.case.vocabulary import Phase


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """Spans of days, each a setting."""

    same_time_point_days: int = setting(
        14, "During therapy, studies within this many days of the first one of a time point belong to it", unit="days"
    )
    baseline_age_warning_days: int = setting(
        28,
        "A baseline made longer than this before the start of therapy is noted (RECIST 1.1 asks for 4 weeks), and "
        "studies further apart that only their labels call the baseline are asked about",
        unit="days",
    )
    interval_warning_days: int = setting(
        210, "Two time points in a row that lie further apart than this are noted: studies may be missing", unit="days"
    )


class BaselineBasis(StrEnum):
    """Why the baseline time point is taken to be one."""

    LABEL = "label"
    THERAPY_DATES = "therapy dates"
    EARLIEST_TAKEN = "earliest taken as baseline"
    """Neither labels nor dates tell: line 1 of the impression says so (clinical source S45)."""
    SINGLE = "single time point"
    """One time point, therapy not begun or not stated."""
    NONE = "no baseline"
    """Therapy begun, no study before it (row A5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimePoint:
    """Studies that are read together."""

    index: int
    """0 is the earliest."""
    phase: Phase
    date: dt.date
    """Of its first study; stands for the time point wherever one date does."""
    studies: tuple[str, ...]
    """Study keys in order of date."""
    label: str | None = None
    """As given, printed; interpreted only through the settings' table of words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Words and codes that mean a phase; a setting.  Compared without regard to case."""

    baseline: tuple[str, ...] = setting(
        ("baseline", "pretreatment", "pre-treatment", "t0"), "Labels of a time point that mean: before therapy"
    )
    during: tuple[str, ...] = setting(
        ("during", "mid-treatment", "interim", "on-treatment"), "Labels of a time point that mean: during therapy"
    )
    end: tuple[str, ...] = setting(
        (
            "end",
            "end of treatment",
            "end-of-treatment",
            "post-treatment",
            "posttreatment",
            "pre-operative",
            "preoperative",
            "post-chemotherapy",
        ),
        "Labels of a time point that mean: end of therapy, before the operation",
    )

    def phase_of(self, label: str) -> Phase | None:
        """The phase a label means; None when it is only printed."""
        word = label.strip().casefold()
        for phase, words in ((Phase.BASELINE, self.baseline), (Phase.DURING, self.during), (Phase.END, self.end)):
            if word in words:
                return phase
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The time points of a case and how they were found."""

    time_points: tuple[TimePoint, ...] = field(default=())
    basis: BaselineBasis = BaselineBasis.NONE
    reported: int = 0
    """Index of the reported time point."""
