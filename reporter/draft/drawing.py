"""What a figure shows, exact and in order; where ink goes is the exporter's business."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from reporter.case.vocabulary import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One lesion through time."""

    name: str
    """As the legend prints it."""
    sizes: tuple[Decimal | None, ...]
    """In millimetres, one a date; None where there is none, which is a gap and never 0."""
    smallest: int | None
    """Which of them is the smallest so far (the nadir)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of time that the trend marks, such as chemotherapy."""

    name: str
    start: dt.date
    end: dt.date | None
    """None: it goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """The size of record of each lesion at each time point."""

    dates: tuple[dt.date, ...]
    """Of the time points, the earliest first; at least two."""
    courses: tuple[Course, ...]
    spans: tuple[Span, ...]
    unit: str
    """What stands at the axis of sizes: mm."""
    date_form: str = "{year}-{month}-{day}"
    """How a day is written below the axis of time."""
    smallest: str
    """What the legend calls the marks of the smallest sizes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A lesion on the face of a clock."""

    label: str
    hour: int
    """1 to 12."""
    distance: Decimal | None
    """From the nipple in millimetres; None where not stated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dial:
    """One breast, seen from the front: 12 is up, 3 is at the viewer's right on either side."""

    side: Side
    name: str
    spots: tuple[Spot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Where the lesions of the breasts lie."""

    dials: tuple[Dial, ...]
    """The right breast first, as it stands at the viewer's left."""


Drawing = Trend | Clock
