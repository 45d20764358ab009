"""How a node looks at one time point (clinical ground 2.10).

Normal-appearing: cortex at most 3 mm and hilum preserved.  Abnormal: cortex over 3 mm, hilum absent, or a cortex
type that counts (V, VI; a setting).  Effaced hilum with a thin cortex is an indeterminate appearance.  Where cortex or
hilum is not given the appearance is not stated.
"""

from __future__ import annotations

from reporter.case.length import Length
from reporter.case.lesion import Lesion
from reporter.case.measurement import Measurement
from reporter.case.vocabulary import Hilum
from reporter.response.course import SEEN, Chart
from reporter.response.interface import NodeAppearance, State, Thresholds
from reporter.response.rows import first_stated, rows_at


def appearance(
    cortex: Length | None, hilum: Hilum | None, cortex_type: int | None, thresholds: Thresholds
) -> NodeAppearance:
    """How a node looks, from what was given of it."""
    thick = cortex is not None and cortex.mm > thresholds.node_cortex_mm
    if thick or hilum is Hilum.ABSENT or cortex_type in thresholds.node_types_abnormal:
        return NodeAppearance.ABNORMAL
    if cortex is None or hilum is None:
        return NodeAppearance.NOT_STATED
    return NodeAppearance.NORMAL if hilum is Hilum.PRESERVED else NodeAppearance.INDETERMINATE


def appearance_at(chart: Chart, lesion: Lesion, time_point: int) -> NodeAppearance:
    """How a node looks at a time point: on the first modality (US, then MRI) that describes it; gone is normal.

    One that split and is not described itself looks like the worst of what is left of it.
    """
    own = _look(chart, lesion.id, time_point)
    if own is not None and own is not NodeAppearance.NOT_STATED:
        return own
    split = [t for t in chart.tracks if t.split_from == lesion.id and not chart.stated_at_origin(t.lesion.id)]
    looks = {own, *(_look(chart, t.lesion.id, time_point) for t in split)}
    states = {t.points[time_point].state for t in (*chart.of(lesion.id), *split)}
    if looks == {None}:
        return NodeAppearance.NORMAL if State.ABSENT in states else NodeAppearance.NOT_STATED
    return next(look for look in _WORST_FIRST if look in looks)


_WORST_FIRST = (
    NodeAppearance.ABNORMAL,
    NodeAppearance.INDETERMINATE,
    NodeAppearance.NOT_STATED,
    NodeAppearance.NORMAL,
)
"""Of parts of a node; it is normal only where every part of it that is there is described as normal."""


def _look(chart: Chart, lesion_id: str, time_point: int) -> NodeAppearance | None:
    """How it is described itself; not stated where it is only seen, or the description is not whole; None: neither."""
    found = first_stated(rows_at(chart, lesion_id, time_point), _described, chart.thresholds.node_order)
    if found is not None:
        return appearance(found.cortex, found.hilum, found.cortex_type, chart.thresholds)
    there = any(t.points[time_point].state in SEEN for t in chart.of(lesion_id))
    return NodeAppearance.NOT_STATED if there else None


def _described(row: Measurement) -> Measurement | None:
    return row if row.cortex is not None or row.hilum is not None or row.cortex_type is not None else None
