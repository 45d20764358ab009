"""Where the ink of a figure goes, in whole numbers: the same on every machine, for Word as for HTML."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import cycle, islice
from typing import Final

from reporter.draft.drawing import Clock, Dial, Trend

INTERVALS: Final = 6
"""At most so many marks on an axis, beside the one at its foot."""
_COUNTS: Final = (6, 5, 4)
"""How many intervals the axis of time may have."""
_SIZES: Final = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500)
_FARTHEST: Final = 100  # mm from the nipple to the edge of the dial, where no lesion lies farther out
_EDGE: Final = 880  # thousandths of the radius, for the farthest lesion
_UNKNOWN: Final = 500  # where a lesion stands whose distance is not stated
_BESIDE: Final = 190  # how far apart two labels stand

_SINES: Final = (0, 500, 866, 1000, 866, 500, 0, -500, -866, -1000, -866, -500)


@dataclass(frozen=True, slots=True, kw_only=True)
class Axes:
    """The axes of a trend: both begin and end at a mark."""

    start: dt.date
    end: dt.date
    days: int
    """Between two marks of the axis of time."""
    top: int
    """Millimetres."""
    step: int
    """Millimetres between two marks."""

    @property
    def marks(self) -> tuple[dt.date, ...]:
        """The dates that stand at the axis."""
        count = (self.end - self.start).days // self.days
        return tuple(self.start + dt.timedelta(days=self.days * number) for number in range(count + 1))


def axes(trend: Trend) -> Axes:
    """Axes that hold every size and date of a trend; what it marks beside them is cut at their ends."""
    start, days = trend.dates[0], (trend.dates[-1] - trend.dates[0]).days
    by = min((-(-days // count) for count in _COUNTS), key=lambda step: (-days % step, step))
    largest = max((size for course in trend.courses for size in course.sizes if size is not None), default=Decimal(1))
    step = _step(largest, _SIZES)
    end = start + dt.timedelta(days=by * -(-days // by))
    whole = int(largest // step) + bool(largest % step)
    return Axes(start=start, end=end, days=by, top=step * max(1, whole), step=step)


def _step(length: Decimal, steps: Sequence[int]) -> int:
    """The smallest step that needs few marks."""
    return next((step for step in steps if length <= step * INTERVALS), int(length) // INTERVALS + 1)


def within(axes: Axes, trend: Trend) -> tuple[tuple[str, dt.date, dt.date], ...]:
    """What a trend marks, with its name, cut at the first and the last date that has a size."""
    first, last = axes.start, trend.dates[-1]
    spans = ((span.name, max(span.start, first), min(span.end or last, last)) for span in trend.spans)
    return tuple(span for span in spans if span[1] < span[2])


@dataclass(frozen=True, slots=True, kw_only=True)
class Ink:
    """How a course is told apart from the others, in colour and without."""

    colour: str
    dash: str
    """As DrawingML calls it."""
    shape: str
    """As DrawingML calls it."""


_INKS: Final = (
    Ink(colour="1F3864", dash="solid", shape="circle"),
    Ink(colour="B4770F", dash="dash", shape="square"),
    Ink(colour="2E7D5B", dash="sysDot", shape="triangle"),
    Ink(colour="8B3A62", dash="dashDot", shape="diamond"),
    Ink(colour="2B7A9B", dash="lgDash", shape="circle"),
    Ink(colour="6B6B6B", dash="solid", shape="square"),
    Ink(colour="A23B2A", dash="sysDot", shape="diamond"),
    Ink(colour="5B4B8A", dash="dash", shape="triangle"),
)


RING: Final = "6B6B6B"
"""What stands around the smallest size of a course."""


def rings(trend: Trend) -> tuple[tuple[dt.date, Decimal], ...]:
    """The smallest sizes so far, by date."""
    found = {
        (trend.dates[course.smallest], size)
        for course in trend.courses
        if course.smallest is not None and (size := course.sizes[course.smallest]) is not None
    }
    return tuple(sorted(found))


def inks(count: int) -> tuple[Ink, ...]:
    """An ink for each course."""
    return tuple(islice(cycle(_INKS), count))


def hour_at(hour: int) -> tuple[int, int]:
    """Where an hour stands, in thousandths of the radius to the right and down of the middle."""
    return _SINES[hour % 12], -_SINES[(hour + 3) % 12]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A lesion on a dial, in thousandths of the radius to the right and down of the middle."""

    label: str
    x: int
    y: int
    open: bool
    """Its distance from the nipple is not stated."""


def placed(clock: Clock) -> tuple[tuple[Dial, tuple[Placed, ...]], ...]:
    """The lesions of each dial; all dials have one scale."""
    known = [spot.distance for dial in clock.dials for spot in dial.spots if spot.distance is not None]
    farthest = max([*known, Decimal(_FARTHEST)])
    return tuple((dial, _on(dial, farthest)) for dial in clock.dials)


def _on(dial: Dial, farthest: Decimal) -> tuple[Placed, ...]:
    made: list[Placed] = []
    for spot in dial.spots:
        reach = _UNKNOWN if spot.distance is None else int(spot.distance * _EDGE / farthest)
        right, down = hour_at(spot.hour)
        x, y = right * reach // 1000, down * reach // 1000
        while any(abs(x - other.x) < _BESIDE and abs(y - other.y) < _BESIDE for other in made):
            x += _BESIDE
        made.append(Placed(label=spot.label, x=x, y=y, open=spot.distance is None))
    return tuple(made)
