"""The figures that a template may place: how each lesion's size of record went, and where the lesions lie."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from reporter.case.length import Length
from reporter.case.lesion import Lesion
from reporter.case.vocabulary import Side
from reporter.draft.drawing import Clock, Course, Dial, Span, Spot, Trend
from reporter.draft.interface import Cell, Column, Figure, List, Table, plain
from reporter.draft.markup import Draw
from reporter.draft.speaker import Speaker
from reporter.response.exact import total
from reporter.response.interface import LesionPoint, LesionResult, NewFindingClass, State

_SIZED: Final = frozenset({State.MEASURED, State.ABSENT, State.TOO_SMALL})
"""States whose size a trend draws; a lesion merged into another goes on there."""
_LEAST_VALUES: Final = 2


def figures(speaker: Speaker) -> Mapping[str, Draw]:
    """The figures of one report by name, none of them made yet.

    `trend-drawn` and `clock-drawn` are for a template that says the same beside them: text leaves them out.
    """
    return MappingProxyType({
        "trend": lambda: trend(speaker),
        "trend-drawn": lambda: _drawn_alone(trend(speaker)),
        "clock": lambda: clock(speaker),
        "clock-drawn": lambda: _drawn_alone(clock(speaker)),
    })


def _drawn_alone(figure: Figure | None) -> Figure | None:
    return None if figure is None else replace(figure, told=())


# -- trend ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A lesion with its size of record at each time point that has one."""

    lesion: Lesion
    point: LesionPoint | None
    """The one it is followed by, which says on what modality; None where it has no size of record."""
    points: Mapping[int, LesionPoint]
    result: LesionResult | None
    fragments: Sequence[LesionPoint] = ()
    """What it split into, on the same modality: added, as in its size of record (2.4)."""


def trend(speaker: Speaker) -> Figure | None:
    """Sizes of record through time; None before two time points have one."""
    lines = list(_lines(speaker))
    times = [t for t in speaker.time_points if any(_size(line, t.index) is not None for line in lines)]
    if len(times) < _LEAST_VALUES:
        return None
    say = speaker.phrases.say
    indices = [t.index for t in times]
    drawn = [line for line in lines if any(_size(line, index) is not None for index in indices)]
    courses = tuple(_course(speaker, line, indices) for line in drawn)
    dates = tuple(t.date for t in times)
    spans = tuple(_spans(speaker))
    told = _told(speaker, drawn, courses, indices, [speaker.written(date) for date in dates])
    return Figure(
        drawing=Trend(
            dates=dates,
            courses=courses,
            spans=spans,
            unit=say("figure.unit"),
            smallest=say("figure.smallest_so_far"),
            date_form=speaker.phrases.date_form,
        ),
        caption=(),
        alt=say("figure.trend", courses="; ".join(_spoken(told, place) for place in range(len(courses)))),
        key=plain(say("figure.key")),
        told=(told,),
        remarks=tuple(plain(remark) for remark in _remarks(speaker, spans, drawn)),
    )


def has_trend(speaker: Speaker) -> bool:
    """Whether two time points have a size of record."""
    seen: set[int] = set()
    for line in _lines(speaker):
        seen |= {index for index in line.points if _size(line, index) is not None}
        if len(seen) >= _LEAST_VALUES:
            return True
    return False


def _lines(speaker: Speaker) -> Iterator[_Line]:
    """Every site, node and new finding that is not benign."""
    response, case = speaker.report.response, speaker.case
    for breast in response.breasts:
        for site in breast.sites:
            if not site.benign:
                yield _line(case.lesion(site.lesion_id), site.record, site.series, site.fragments)
        for new in breast.new_findings:
            if new.classified is not NewFindingClass.BENIGN:
                yield _new_line(case.lesion(new.lesion_id), new.points)
    for axilla in response.axillae:
        for node in axilla.nodes:
            yield _line(case.lesion(node.lesion_id), node.record, node.series)


def _line(
    lesion: Lesion,
    record: LesionResult | None,
    series: Sequence[LesionPoint],
    fragments: Sequence[LesionPoint] = (),
) -> _Line:
    if record is None:
        return _Line(lesion=lesion, point=None, points={}, result=None)
    points = {p.time_point: p for p in series if p.modality is record.point.modality}
    parts = [p for p in fragments if p.modality is record.point.modality]
    return _Line(lesion=lesion, point=record.point, points=points, result=record, fragments=parts)


def _new_line(lesion: Lesion, points: Sequence[LesionPoint]) -> _Line:
    """A finding first seen after baseline: its size now, on the first modality that gives one."""
    sized = [point for point in points if point.state in _SIZED and point.size is not None]
    if not sized:
        return _Line(lesion=lesion, point=None, points={}, result=None)
    point = sized[0]
    return _Line(lesion=lesion, point=point, points={point.time_point: point}, result=None)


def _name(speaker: Speaker, line: _Line) -> str:
    if line.point is None:
        return ""
    return speaker.phrases.say(
        "figure.course",
        lesion=line.lesion.id,
        what=_noun_and_place(speaker, line.lesion),
        modality=speaker.modality(line.point.modality),
    )


def _noun_and_place(speaker: Speaker, lesion: Lesion) -> str:
    """`mass, left 2 o'clock`."""
    place = " ".join(part for part in (speaker.side(lesion.side), speaker.hour(lesion)) if part)
    return speaker.phrases.say("figure.what", noun=speaker.noun(lesion), place=place)


def _size(line: _Line, index: int) -> Decimal | None:
    point, parts = line.points.get(index), _parts(line, index)
    if point is None or (parts and point.state is State.NO_ROW):
        return _added(parts)  # measured in its fragments
    return _added([point, *parts])


def _parts(line: _Line, index: int) -> list[LesionPoint]:
    return [p for p in line.fragments if p.time_point == index]


def _added(points: Sequence[LesionPoint]) -> Decimal | None:
    """None where there is nothing to add, or one of them has no size."""
    sizes = [p.size.mm for p in points if p.state in _SIZED and p.size is not None]
    return total(sizes) if sizes and len(sizes) == len(points) else None


def _course(speaker: Speaker, line: _Line, indices: Sequence[int]) -> Course:
    sizes = tuple(_size(line, index) for index in indices)
    return Course(name=_name(speaker, line), sizes=sizes, smallest=_smallest(line, sizes))


def _smallest(line: _Line, sizes: Sequence[Decimal | None]) -> int | None:
    """Where the smallest is; nowhere where the smallest is of a study that is not drawn."""
    known = [size for size in sizes if size is not None]
    nadir = line.result.nadir if line.result else None
    if len(known) < _LEAST_VALUES or (nadir is not None and nadir.mm < min(known)):
        return None
    return sizes.index(min(known))


def _told(
    speaker: Speaker, lines: Sequence[_Line], courses: Sequence[Course], indices: Sequence[int], dates: Sequence[str]
) -> Table:
    say = speaker.phrases.say
    rows: list[tuple[Cell, ...]] = []
    for line, course in zip(lines, courses, strict=True):
        cells = [_cell(speaker, line, index) for index in indices]
        if course.smallest is not None:
            cells[course.smallest] = say("figure.smallest", size=cells[course.smallest])
        rows.append(tuple(plain(text) for text in (course.name, *cells)))
    heads = (say("figure.lesion"), *dates)
    return Table(columns=tuple(Column(name="", header=head) for head in heads), rows=tuple(rows))


def _cell(speaker: Speaker, line: _Line, index: int) -> str:
    point, size = line.points.get(index), _size(line, index)
    if size and any(p.size is not None and p.size.mm for p in _parts(line, index)):
        return speaker.numbers.mm(size)
    return speaker.phrases.say("state.not_done.any") if point is None else speaker.size(point, axes=False)


def _spoken(told: Table, place: int) -> str:
    """`L1 mass, left 2 o'clock, MRI: 58 mm 2026-01-22, 36 mm 2026-04-20`."""
    name, *cells = ["".join(getattr(part, "text", " ") for part in cell) for cell in told.rows[place]]
    values = (f"{cell} {column.header}" for cell, column in zip(cells, told.columns[1:], strict=True))
    return f"{name}: {', '.join(values)}"


def _spans(speaker: Speaker) -> Iterator[Span]:
    therapy = speaker.case.facts.therapy
    if therapy.start is None or therapy.start > speaker.case.reported.date:
        return
    say = speaker.phrases.say
    kinds = speaker.phrases.all_of([say(f"therapy.{kind}") for kind in therapy.kinds]) or say("figure.therapy")
    yield Span(name=kinds, start=therapy.start, end=therapy.end)


def _remarks(speaker: Speaker, spans: Sequence[Span], drawn: Sequence[_Line]) -> Iterator[str]:
    say, day = speaker.phrases.say, speaker.phrases.day
    for span in spans:
        path = "figure.from" if span.end is None else "figure.from_to"
        yield say(path, what=span.name[:1].upper() + span.name[1:], start=day(span.start), end=day(span.end))
    shown = {line.lesion.id for line in drawn}
    left = sorted({line.lesion.id for line in _lines(speaker)} - shown)
    if left:
        yield say("figure.not_drawn", lesions=speaker.phrases.all_of(left))


# -- clock ------------------------------------------------------------------------------------------------------------


def clock(speaker: Speaker) -> Figure | None:
    """The sites of the breasts by hour and distance from the nipple; None where no site has an hour."""
    lesions = _on_the_clock(speaker)
    if not any(lesion.clock for lesion in lesions):
        return None
    say = speaker.phrases.say
    dials = tuple(_dial(speaker, side, lesions) for side in (Side.RIGHT, Side.LEFT))
    placed = [lesion for lesion in lesions if lesion.clock]
    lines = [say("figure.spot", lesion=ls.id, what=speaker.noun(ls), place=_place(speaker, ls)) for ls in placed]
    others = [lesion.id for lesion in lesions if not lesion.clock]
    remarks = [say("figure.no_hour", lesions=speaker.phrases.all_of(others))] if others else []
    distances = all(spot.distance is not None for dial in dials for spot in dial.spots)
    return Figure(
        drawing=Clock(dials=dials),
        caption=(),
        alt=say("figure.clock", spots="; ".join(lines)),
        key=plain(say("figure.front" if distances else "figure.front_open")),
        told=(List(ordered=False, items=tuple(plain(line) for line in lines)),),
        remarks=tuple(plain(remark) for remark in remarks),
    )


def has_clock(speaker: Speaker) -> bool:
    """Whether a site of the breasts has an hour."""
    return any(lesion.clock for lesion in _on_the_clock(speaker))


def _on_the_clock(speaker: Speaker) -> list[Lesion]:
    """Sites and new findings of the breasts, none of them a node; by side, then as answered."""
    case = speaker.case
    found: dict[str, None] = {}
    for breast in speaker.report.response.breasts:
        found |= dict.fromkeys(site.lesion_id for site in breast.sites)
        found |= dict.fromkeys(new.lesion_id for new in breast.new_findings)
    lesions = (case.lesion(lesion_id) for lesion_id in found)
    return [lesion for lesion in lesions if not lesion.is_node and lesion.side is not None]


def _place(speaker: Speaker, lesion: Lesion) -> str:
    """`left 2 o'clock, 6 cm from nipple`."""
    return f"{speaker.side(lesion.side)} {speaker.where(lesion)}"


def _dial(speaker: Speaker, side: Side, lesions: Sequence[Lesion]) -> Dial:
    spots = []
    for lesion in lesions:
        if lesion.side is side and lesion.clock:
            distance = speaker.latest(lesion.id, "nipple_distance")
            known = distance.mm if isinstance(distance, Length) else None
            spots.append(Spot(label=lesion.id, hour=lesion.clock, distance=known))
    return Dial(side=side, name=speaker.phrases.say("figure.breast", side=speaker.side(side)), spots=tuple(spots))
