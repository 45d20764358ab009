"""Whether targets were measurable at baseline, as RECIST 1.1 asks; a breach is named, and computed as assigned.

Outside the nodes: longest diameter at least 10 mm and at least twice the slice thickness.  Nodes: short axis at least
15 mm; what slice a node needs is not settled, so above 5 mm is only noted.  Where the slice thickness is not known the
rule of twice the slice is not applied, and that is noted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from reporter.case.issue import Issue, Outcome
from reporter.case.length import Length
from reporter.case.vocabulary import Modality
from reporter.response.course import Chart
from reporter.response.exact import EXACT
from reporter.response.roles import Part

SLICE_FOR_NODES_MM = Decimal(5)
SLICED = frozenset({Modality.CT, Modality.MR})


def measurability_issues(chart: Chart, parts: Sequence[Part]) -> Iterator[Issue]:
    """Doubts about the targets' baseline."""
    if chart.baseline is None:
        return
    for part in parts:
        if part.target:
            yield from _size(chart, part, chart.baseline)
            yield from _slices(chart, part, chart.baseline)


def _size(chart: Chart, part: Part, baseline: int) -> Iterator[Issue]:
    size = part.track.size_at(baseline)
    limits = chart.thresholds
    limit = limits.node_target_mm if part.track.lesion.is_node else limits.measurable_mm
    if size is not None and size < limit:
        yield _issue("MEASURABILITY", Outcome.PROBLEM, part, size=Length(size), limit=Length(limit))


def _slices(chart: Chart, part: Part, baseline: int) -> Iterator[Issue]:
    if part.track.modality not in SLICED:
        return
    size, slice_mm = part.track.size_at(baseline), slice_at(chart, part, baseline)
    if slice_mm is None:
        yield _issue("MEASURABILITY_UNKNOWN", Outcome.NOTE, part)
        return
    if part.track.lesion.is_node:
        if slice_mm > SLICE_FOR_NODES_MM:
            yield _issue("NODE_SLICE", Outcome.NOTE, part, slice=Length(slice_mm))
    elif size is not None and size < EXACT.multiply(slice_mm, Decimal(2)):
        yield _issue("MEASURABILITY", Outcome.PROBLEM, part, size=Length(size), limit=Length(slice_mm * 2))


def thicker_slices(chart: Chart, parts: Sequence[Part], time_point: int) -> Iterator[Issue]:
    """Targets measured now on thicker slices than at baseline (2.4)."""
    if chart.baseline is None:
        return
    for part in (p for p in parts if p.target):
        before, now = slice_at(chart, part, chart.baseline), slice_at(chart, part, time_point)
        if before is not None and now is not None and now > before:
            yield _issue("SLICE_THICKER", Outcome.NOTE, part, now=Length(now), baseline=Length(before))


def slice_at(chart: Chart, part: Part, time_point: int) -> Decimal | None:
    """Slice thickness in mm of the row that counts, else the thickest of its study's series on that modality."""
    row = part.track.row(time_point)
    if row is None:
        return None
    if row.slice_thickness is not None:
        return row.slice_thickness.mm
    return chart.slices.get((row.study, row.modality))


def _issue(code: str, outcome: Outcome, part: Part, **operands: Length) -> Issue:
    return Issue(code=code, outcome=outcome, lesion_id=part.track.lesion.id, operands=operands)
