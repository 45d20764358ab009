"""The part that each lesion plays on each modality: as given, else by default.

Defaults: measured at baseline is a target; never so calcification, skin, or a node under 15 mm short axis (10 to
under 15 mm: non-target; under 10 mm: a normal node, recorded, no lesion, unless it was pathological at baseline all the
same: then a non-target).  First seen after baseline: new.  A lesion stated benign is listed, never counted;
calcifications are never part of a category.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum, auto
from functools import cached_property

from reporter.case.lesion import Lesion
from reporter.case.vocabulary import BiopsyResult, Hilum, Kind, Role
from reporter.response.appearance import appearance_at
from reporter.response.course import SEEN, WITHOUT_VALUE, Chart, Track
from reporter.response.interface import NodeAppearance, State
from reporter.response.whole import Whole, whole_of


class Standing(StrEnum):
    """Why a lesion is counted on a modality, or why not."""

    COUNTED = auto()
    UNSETTLED = auto()
    """Side, kind or identity is in doubt: printed, never classified."""
    BENIGN = auto()
    CALCIFICATION = auto()
    NORMAL_NODE = auto()
    FRAGMENT = auto()
    """Part of a lesion that split; added to it."""
    ELSEWHERE = auto()
    """Not there on this modality at baseline, known on another one or not at all: no size to compare with."""
    OUTSIDE = auto()
    """Neither breast nor axilla, in a criterion of the breast."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One lesion's part on one modality."""

    track: Track
    role: Role
    standing: Standing = Standing.COUNTED

    @cached_property
    def alone(self) -> Whole:
        """The lesion by itself, without what split from it."""
        return whole_of([self.track])

    @property
    def counted(self) -> bool:
        """Whether it enters the criterion."""
        return self.standing is Standing.COUNTED

    @property
    def target(self) -> bool:
        """Whether its size is in the sum."""
        return self.counted and self.role is Role.TARGET

    @property
    def non_target(self) -> bool:
        """Whether it is judged without its size."""
        return self.counted and self.role is Role.NON_TARGET

    @property
    def without_size(self) -> bool:
        """Whether it is a non-target, on a modality with a baseline of it or without: no size of it is progression."""
        return self.role is Role.NON_TARGET and self.standing in {Standing.COUNTED, Standing.ELSEWHERE}

    @property
    def new(self) -> bool:
        """Whether it is first seen after baseline."""
        return self.counted and self.role is Role.NEW


_NOT_THERE = WITHOUT_VALUE - {State.NOT_EVALUABLE} | {State.ABSENT}
"""States in which a modality has no baseline of a lesion; one of which it has no usable value stays its own."""


def parts(chart: Chart, tracks: Iterable[Track]) -> tuple[Part, ...]:
    """The part of each track, in the order given."""
    return tuple(part_of(chart, track) for track in tracks)


def part_of(chart: Chart, track: Track) -> Part:
    """The part one lesion plays on one modality."""
    lesion = track.lesion
    fixed = _never_counted(lesion)
    if fixed is not None:
        return Part(track=track, role=_role_shown(chart, lesion), standing=fixed)
    if is_fragment(chart, track):
        return Part(track=track, role=Role.TARGET, standing=Standing.FRAGMENT)
    if is_new(chart, lesion):
        return Part(track=track, role=Role.NEW)
    if track.points[chart.origin].state in _NOT_THERE:
        return _without_baseline_here(chart, track)
    if lesion.role is Role.NON_TARGET or lesion.kind is Kind.SKIN:
        return Part(track=track, role=Role.NON_TARGET)
    return Part(track=track, role=Role.TARGET) if lesion.role is Role.TARGET else _by_default(chart, track)


def _never_counted(lesion: Lesion) -> Standing | None:
    if not lesion.counted:
        return Standing.UNSETTLED
    if lesion.biopsy_result is BiopsyResult.BENIGN:
        return Standing.BENIGN
    return Standing.CALCIFICATION if lesion.kind is Kind.CALCIFICATION and lesion.role is not Role.NEW else None


def _role_shown(chart: Chart, lesion: Lesion) -> Role:
    if lesion.kind in {Kind.CALCIFICATION, Kind.SKIN}:
        return Role.NON_TARGET
    if is_new(chart, lesion):
        return Role.NEW
    return lesion.role or Role.TARGET


def _without_baseline_here(chart: Chart, track: Track) -> Part:
    lesion = track.lesion
    role = Role.NON_TARGET if lesion.kind is Kind.SKIN else lesion.role or _role_where_known(chart, lesion)
    if lesion.is_node and lesion.role is None and not chart.stated_at_origin(lesion.id):
        return Part(track=track, role=Role.NON_TARGET, standing=Standing.NORMAL_NODE)
    gone = (
        track.points[chart.origin].state is State.ABSENT
    )  # it was looked for: no disease to follow, whatever its role
    declared = lesion.role is not None and not gone and not chart.stated_at_origin(lesion.id)
    return Part(track=track, role=role, standing=Standing.COUNTED if declared else Standing.ELSEWHERE)


def _role_where_known(chart: Chart, lesion: Lesion) -> Role:
    """The role by default that it has where it was there at baseline: a target by any modality is one."""
    there = [t for t in chart.of(lesion.id) if t.points[chart.origin].state in SEEN - {State.MERGED}]
    roles = {_by_default(chart, t).role for t in there}
    return Role.NON_TARGET if roles == {Role.NON_TARGET} else Role.TARGET


def _by_default(chart: Chart, track: Track) -> Part:
    point = track.points[chart.origin]
    if point.state is State.MERGED:  # never a size of its own
        return Part(track=track, role=Role.TARGET, standing=Standing.ELSEWHERE)
    if point.state is State.NOT_EVALUABLE:
        return Part(track=track, role=Role.TARGET)
    if track.lesion.is_node:
        return _node_by_default(chart, track)
    measured = point.size is not None and point.state is not State.TOO_SMALL
    return Part(track=track, role=Role.TARGET if measured else Role.NON_TARGET)


def _node_by_default(chart: Chart, track: Track) -> Part:
    size = track.size_at(chart.origin)
    if size is not None and size >= chart.thresholds.node_target_mm:
        return Part(track=track, role=Role.TARGET)
    normal = _looks_normal(chart, track) if size is None else size < chart.thresholds.node_normal_mm
    normal = normal and not _pathological(chart, track.lesion)
    return Part(track=track, role=Role.NON_TARGET, standing=Standing.NORMAL_NODE if normal else Standing.COUNTED)


def _pathological(chart: Chart, node: Lesion) -> bool:
    """Whether a node was diseased at baseline, whatever its size (2.4): proven, or abnormal by its look (2.10)."""
    if _proven_at_origin(chart, node):
        return True
    return chart.by_looks and appearance_at(chart, node, chart.origin) is NodeAppearance.ABNORMAL


def _proven_at_origin(chart: Chart, node: Lesion) -> bool:
    """Whether its biopsy tells of the node at baseline: made before therapy, or else before a later study saw it.

    What a later biopsy proves says nothing of what it was.
    """
    if node.biopsy_result is not BiopsyResult.MALIGNANT:
        return False
    day, start = node.biopsy_date, chart.case.facts.therapy.start
    if day is None or day <= chart.time_points[chart.origin].date:
        return True
    later = chart.time_points[chart.origin + 1 :]
    return day <= start if start is not None else not later or day < later[0].date


def _looks_normal(chart: Chart, track: Track) -> bool:
    row = track.row(chart.origin)
    if row is None or row.cortex is None:
        return False
    return row.cortex.mm <= chart.thresholds.node_cortex_mm and row.hilum is Hilum.PRESERVED


def is_fragment(chart: Chart, track: Track) -> bool:
    """Whether it is declared a part of a known lesion that split."""
    return track.split_from in chart.by_lesion and not chart.stated_at_origin(track.lesion.id)


def is_new(chart: Chart, lesion: Lesion) -> bool:
    """Whether it is first seen after baseline: declared so, or undeclared and absent or unmentioned there.

    An undeclared node is new only once its short axis reaches the pathological limit (2.4), see `enlarged_node`.
    """
    declared = lesion.role is Role.NEW
    if declared and chart.baseline is None:
        return True
    if chart.stated_at_origin(lesion.id):
        return False
    if declared:
        return True
    first = chart.first_seen(lesion.id)
    if first is None or first <= chart.origin or any(is_fragment(chart, t) for t in chart.of(lesion.id)):
        return False
    return not lesion.is_node and (lesion.role is None or _absent_at_origin(chart, lesion))


def _absent_at_origin(chart: Chart, lesion: Lesion) -> bool:
    return any(t.points[chart.origin].state is State.ABSENT for t in chart.of(lesion.id))


def enlarged_node(chart: Chart, part: Part, time_point: int) -> bool:
    """A node normal at baseline, or not mentioned there, that has now reached 10 mm: equivocal, no automatic PD."""
    if part.standing is not Standing.NORMAL_NODE or time_point <= chart.origin:
        return False
    size = part.track.size_at(time_point)
    return size is not None and size >= chart.thresholds.node_normal_mm


def seen(part: Part, time_point: int) -> bool:
    """Whether the lesion is there at a time point on this modality."""
    return part.track.points[time_point].state in SEEN
