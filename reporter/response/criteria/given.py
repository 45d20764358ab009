"""Numbers beside the size, such as a volume or an uptake: the rows that give them, at one time point."""

from __future__ import annotations

from reporter.case.measurement import Measurement
from reporter.response.course import Chart, Track
from reporter.response.readings import ranks_of


def rows_at(known: Chart, track: Track, time_point: int) -> tuple[Measurement, ...]:
    """Every row of a lesion on a modality at a time point, by time of their studies."""
    studies, ranks = known.time_points[time_point].studies, ranks_of(known.case)
    rows = [
        m
        for m in known.case.measurements
        if m.lesion_id == track.lesion.id and m.study in studies and known.modality_name(m.modality) is track.modality
    ]
    return tuple(sorted(rows, key=lambda m: (ranks[m.study], m.source.order)))
