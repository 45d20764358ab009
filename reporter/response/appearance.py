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

    One that split is gone only once its parts are.
    """
    rows = rows_at(chart, lesion.id, time_point)
    found = first_stated(rows, _described, chart.thresholds.node_order)
    if found is not None:
        return appearance(found.cortex, found.hilum, found.cortex_type, chart.thresholds)
    tracks = [t for t in chart.tracks if lesion.id in {t.lesion.id, t.split_from}]
    states = {t.points[time_point].state for t in tracks}
    return NodeAppearance.NORMAL if State.ABSENT in states and not states & SEEN else NodeAppearance.NOT_STATED


def _described(row: Measurement) -> Measurement | None:
    return row if row.cortex is not None or row.hilum is not None or row.cortex_type is not None else None
