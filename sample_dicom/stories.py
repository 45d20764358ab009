"""The six patients and their studies.  All names, dates and numbers are invented.

What was measured on the studies stands in each story's `measurements.csv`, what the clinic knows in `facts.toml`.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from pydicom.uid import ImplicitVRLittleEndian

from sample_dicom.objects import Exam, Person, Story

MORNING: Final = dt.time(9, 30)
NOON: Final = dt.time(11, 15)
AFTERNOON: Final = dt.time(14, 0)

Label = tuple[str, str]


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _label(label: Label | None) -> tuple[str | None, str | None]:
    return (None, None) if label is None else label


def _ultrasound(date: str, side: str, label: Label | None = None) -> Exam:
    """Ultrasound of one breast and its axilla."""
    id_, words = _label(label)
    return Exam(
        key=f"{date}-US",
        date=_day(date),
        time=MORNING,
        description=f"US {'left' if side == 'L' else 'right'} breast and axilla",
        sides=side,
        parts=("US", "AXILLA"),
        label=id_,
        label_description=words,
    )


def _mammography(date: str, label: Label | None = None) -> Exam:
    """Mammography and tomosynthesis of both breasts, in one study."""
    id_, words = _label(label)
    return Exam(
        key=f"{date}-MG",
        date=_day(date),
        time=NOON,
        description="Diagnostic mammography with DBT, both sides",
        sides="LR",
        parts=("MG", "DBT"),
        label=id_,
        label_description=words,
    )


def _mri(date: str, label: Label | None = None) -> Exam:
    """MRI of both breasts before and after contrast."""
    id_, words = _label(label)
    return Exam(
        key=f"{date}-MR",
        date=_day(date),
        time=AFTERNOON,
        description="MRI both breasts without and with IV contrast",
        sides="LR",
        parts=("MR",),
        label=id_,
        label_description=words,
    )


COMPLETE_RESPONSE: Final = Story(
    folder="complete-response",
    person=Person(id="SYN-0001", name="SAMPLE^ONE", born=_day("1971-09-03")),
    contrast_agent="gadolinium",
    exams=(
        _ultrasound("2026-01-08", "L"),
        _mammography("2026-01-08"),
        _mri("2026-01-22"),
        _ultrasound("2026-04-20", "L"),
        _ultrasound("2026-07-13", "L"),
        _mammography("2026-07-13"),
        _mri("2026-07-15"),
    ),
)

PROGRESSIVE_NEW_LESION: Final = Story(
    folder="progressive-new-lesion",
    person=Person(id="SYN-0002", name="SAMPLE^TWO", born=_day("1978-05-21")),
    transfer_syntax=ImplicitVRLittleEndian,
    exams=(
        _ultrasound("2026-03-02", "R"),
        _mammography("2026-03-02"),
        _mri("2026-03-04"),
        _ultrasound("2026-05-18", "R"),
    ),
)

STABLE_FULL_COURSE: Final = Story(
    folder="stable-full-course",
    person=Person(id="SYN-0003", name="SAMPLE^THREE", born=_day("1966-11-30")),
    exams=(
        _ultrasound("2025-10-06", "R"),
        _mammography("2025-10-06"),
        _mri("2025-10-09"),
        _ultrasound("2026-04-07", "R"),
        _mammography("2026-04-07"),
        _mri("2026-04-09"),
    ),
)

INDETERMINATE_US: Final = Story(
    folder="indeterminate-us",
    person=Person(id="SYN-0004", name="SAMPLE^FOUR", born=_day("1983-02-14")),
    exams=(
        _ultrasound("2025-11-10", "L"),
        _mammography("2025-11-10"),
        _ultrasound("2026-05-20", "L"),
        _mammography("2026-05-20"),
    ),
)

MIXED_TWO_SITES_NODE: Final = Story(
    folder="mixed-two-sites-node",
    person=Person(id="SYN-0005", name="SAMPLE^FIVE", born=_day("1974-07-08")),
    exams=(
        _ultrasound("2025-12-02", "L"),
        _mammography("2025-12-02"),
        _mri("2025-12-05"),
        _ultrasound("2026-05-26", "L"),
        _mammography("2026-05-26"),
        _mri("2026-05-28"),
    ),
)

_BEFORE: Final = ("baseline", "Before therapy")
_MIDWAY: Final = ("mid-treatment", "After 3 of 6 cycles")
_AFTER: Final = ("post-treatment", "After the last cycle")

PARTIAL_RESPONSE: Final = Story(
    folder="partial-response",
    person=Person(id="SYN-0006", name="SAMPLE^ZOË", born=_day("1969-03-27")),
    character_set="ISO_IR 192",
    exams=(
        _ultrasound("2026-01-19", "R", _BEFORE),
        _mammography("2026-01-19", _BEFORE),
        _mri("2026-01-21", _BEFORE),
        _ultrasound("2026-04-13", "R", _MIDWAY),
        _ultrasound("2026-07-06", "R", _AFTER),
        _mammography("2026-07-06", _AFTER),
        _mri("2026-07-08", _AFTER),
    ),
)

STORIES: Final = (
    COMPLETE_RESPONSE,
    PARTIAL_RESPONSE,
    STABLE_FULL_COURSE,
    PROGRESSIVE_NEW_LESION,
    INDETERMINATE_US,
    MIXED_TWO_SITES_NODE,
)
