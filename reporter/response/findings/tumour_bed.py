"""The biopsy marker of each lesion now: the landmark of the tumour bed (clinical sources S37, S56).

Never placed, not seen and displaced are three states; seen on any modality at the reported time point is seen.
"""

from __future__ import annotations

from collections.abc import Iterable

from reporter.case.lesion import Lesion
from reporter.case.measurement import Measurement
from reporter.response.course import Chart
from reporter.response.interface import Marker, MarkerState
from reporter.response.modalities import by_order
from reporter.response.rows import first_stated, rows_at


def marker_of(chart: Chart, lesion: Lesion) -> Marker:
    """The marker of one lesion at the reported time point."""
    rows = rows_at(chart, lesion.id, chart.reported)
    order = chart.thresholds.size_order
    seen_on = by_order([r.modality for r in rows if is_seen(r)], order)
    displaced = [r.clip_displaced for r in rows if r.clip_displaced is not None and r.clip_displaced.mm > 0]
    return Marker(
        lesion_id=lesion.id,
        state=_state(lesion, rows, displaced=bool(displaced), seen=bool(seen_on)),
        shape=lesion.clip_shape,
        seen_on=seen_on,
        displaced_by=max(displaced, default=None),
        displacement_stated=any(r.clip_displaced is not None for r in rows),
        skin_distance=first_stated(rows, lambda r: r.skin_distance, order),
        muscle_distance=first_stated(rows, lambda r: r.muscle_distance, order),
        nipple_distance=first_stated(rows, lambda r: r.nipple_distance, order),
    )


def is_seen(row: Measurement) -> bool:
    """Whether a row says the marker was seen, in words or by how far it lies."""
    return row.clip_seen is True or (row.clip_seen is None and row.clip_displaced is not None)


def _state(lesion: Lesion, rows: Iterable[Measurement], *, displaced: bool, seen: bool) -> MarkerState:
    if displaced:
        return MarkerState.DISPLACED
    if seen:
        return MarkerState.SEEN
    if lesion.clip is False:
        return MarkerState.NEVER_PLACED
    unseen = any(r.clip_seen is False for r in rows)
    return MarkerState.NOT_SEEN if unseen else MarkerState.NOT_STATED
