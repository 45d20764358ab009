"""Lesions followed by the product of two diameters instead of one; sizes of these tracks stand for mm2, not for mm.

A row that gives one diameter has no product.  Where a time point has several rows, the latest with a product counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from reporter.case.length import Length
from reporter.case.measurement import Equivocal, Measured
from reporter.response.course import Chart, Track
from reporter.response.exact import EXACT
from reporter.response.interface import Measure, State, Thresholds
from reporter.response.readings import NOTHING, Reading
from reporter.response.roles import Part

ONE_AXIS = "CRIT_ONE_AXIS"
"""Reason of a row that gives no second diameter."""


def product_parts(known: Chart, parts: Iterable[Part]) -> tuple[Part, ...]:
    """The same lesions in the same parts, followed by their products."""
    return tuple(replace(p, track=product_track(p.track, known.thresholds)) for p in parts)


def product_track(track: Track, thresholds: Thresholds) -> Track:
    """A lesion through time by its product."""
    readings = tuple(_counting(found, thresholds) for found in track.readings)
    points = tuple(
        replace(
            point,
            study=found[-1].row.study,
            state=found[-1].state,
            size=found[-1].size,
            axes=found[-1].axes,
            reason=found[-1].reason,
        )
        if found
        else point
        for point, found in zip(track.points, readings, strict=True)
    )
    return replace(track, measure=Measure.PRODUCT, points=points, readings=readings)


def _counting(readings: Sequence[Reading], thresholds: Thresholds) -> tuple[Reading, ...]:
    """Those with a product, else all; where the last one takes the others' word away, it does so here too."""
    products = tuple(_product(r, thresholds) for r in readings)
    if readings and not readings[-1].firm:
        return products
    return tuple([r for r in products if r.firm] or products)


def _product(reading: Reading, thresholds: Thresholds) -> Reading:
    match reading.state, reading.row.value:
        case State.ABSENT | State.MERGED, _:
            return reading._replace(size=NOTHING)
        case State.TOO_SMALL, _:
            return reading._replace(size=Length(EXACT.multiply(thresholds.too_small_mm, thresholds.too_small_mm)))
        case _, Measured() as size:
            return _of_axes(reading, size)
        case _, Equivocal(size=Measured() as size):
            return _of_axes(reading, size)
        case _:
            return reading._replace(size=None)


def _of_axes(reading: Reading, size: Measured) -> Reading:
    """A size that another rule took away (such as an MRI without contrast) has no product either."""
    known = reading.state in {State.MEASURED, State.EQUIVOCAL}
    if known and size.long_axis is not None and size.short_axis is not None:
        return reading._replace(size=Length(EXACT.multiply(size.long_axis.mm, size.short_axis.mm)))
    return reading._replace(size=None, reason=ONE_AXIS if known else reading.reason)


def without_second_axis(track: Track, time_point: int) -> bool:
    """Whether it was measured at a time point, but not in two diameters."""
    return track.points[time_point].reason == ONE_AXIS
