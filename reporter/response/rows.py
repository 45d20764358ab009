"""What the rows of one time point say of a lesion, beside its size."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from reporter.case.measurement import Measurement
from reporter.case.vocabulary import Modality
from reporter.response.course import Chart
from reporter.response.modalities import by_order

T = TypeVar("T")


def rows_at(chart: Chart, lesion_id: str, time_point: int) -> tuple[Measurement, ...]:
    """The rows of a lesion at a time point, in order of time."""
    return chart.case.measurements_at(chart.time_points[time_point], lesion_id)


def first_stated(
    rows: Iterable[Measurement], value: Callable[[Measurement], T | None], order: tuple[Modality, ...]
) -> T | None:
    """The latest value stated on the first modality, in an order of size of record, that states one."""
    given = [(r.modality, v) for r in rows if (v := value(r)) is not None]
    for modality in by_order((m for m, _ in given), order):
        return [v for m, v in given if m is modality][-1]
    return None
