"""Figures as SVG inside an HTML page: shapes and words, no style sheet, no script, nothing from elsewhere."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Final, assert_never
from xml.sax.saxutils import escape

from reporter.draft.drawing import Clock, Trend
from reporter.draft.inert import clean
from reporter.draft.interface import Figure
from reporter.draft.numbers import written
from reporter.exporters.plot import RING, Axes, Ink, Placed, axes, hour_at, inks, placed, rings, within

_WIDE: Final = 640
_LETTERS: Final = "Calibri, Carlito, Segoe UI, Helvetica Neue, Liberation Sans, Arial, sans-serif"
_LEFT, _RIGHT, _TOP, _FOOT = 54, 606, 12, 212
_LEGEND: Final = 252
_LINE: Final = 17
_GREY, _PALE, _NAVY = "#595959", "#D9DEE7", "#1F3864"
_DASHES: Final = {"solid": "", "dash": "8 5", "sysDot": "2 3", "dashDot": "8 4 2 4", "lgDash": "13 5"}
_RADIUS: Final = 92
_MIDDLE: Final = 112


def svg(figure: Figure) -> str:
    """The drawing of a figure; its words for readers who cannot see it are its label."""
    match figure.drawing:
        case Trend():
            high, drawn = _trend(figure.drawing)
        case Clock():
            high, drawn = 240, "".join(_clock(figure.drawing))
        case _:
            assert_never(figure.drawing)
    label = escape(clean(figure.alt).replace("\n", " "), {'"': "&quot;"})
    return f'<svg viewBox="0 0 {_WIDE} {high}" font-family="{_LETTERS}" role="img" aria-label="{label}">{drawn}</svg>'


# -- trend ------------------------------------------------------------------------------------------------------------


def _trend(trend: Trend) -> tuple[int, str]:
    """Height and content."""
    frame = axes(trend)
    spans = within(frame, trend)
    pieces = [*_grid(trend, frame)]
    for _name, start, end in spans:
        left, right = _x(frame, start), _x(frame, end)
        pieces.append(f'<rect x="{left}" y="{_FOOT - 5}" width="{right - left}" height="5" fill="#A9B7CC"/>')
    marked = rings(trend)
    pieces += [_ring(_x(frame, date), _y(frame, size)) for date, size in marked]
    kinds = inks(len(trend.courses))
    for course, ink in zip(trend.courses, kinds, strict=True):
        points = [
            None if size is None else (_x(frame, date), _y(frame, size))
            for date, size in zip(trend.dates, course.sizes, strict=True)
        ]
        pieces += _course(points, ink)
    legend = [(course.name, ink) for course, ink in zip(trend.courses, kinds, strict=True)]
    pieces += _legend(legend, [name for name, _, _ in spans], trend.smallest if marked else "")
    return _LEGEND + _LINE * (len(legend) + len(spans) + bool(marked)) - 6, "".join(pieces)


def _x(frame: Axes, date: dt.date) -> int:
    return _LEFT + (_RIGHT - _LEFT) * (date - frame.start).days // (frame.end - frame.start).days


def _y(frame: Axes, size: Decimal) -> int:
    return _FOOT - int((_FOOT - _TOP) * size / frame.top)


def _grid(trend: Trend, frame: Axes) -> Iterator[str]:
    for size in range(0, frame.top + 1, frame.step):
        y = _y(frame, Decimal(size))
        yield f'<path d="M{_LEFT} {y}H{_RIGHT}" stroke="{_GREY if size == 0 else _PALE}" fill="none"/>'
        yield _text(_LEFT - 7, y + 4, f"{size} {trend.unit}", anchor="end")
    for date in frame.marks:
        x = _x(frame, date)
        day = _text(x, _FOOT + 19, written(date, trend.date_form))
        yield f'<path d="M{x} {_FOOT}v5" stroke="{_GREY}" fill="none"/>{day}'


def _course(points: list[tuple[int, int] | None], ink: Ink) -> Iterator[str]:
    """Lines between neighbours that both have a size, then the marks."""
    path = ""
    for place, point in enumerate(points):
        if point is not None:
            begins = place == 0 or points[place - 1] is None
            path += f"{'M' if begins else 'L'}{point[0]} {point[1]}"
    dash = f' stroke-dasharray="{_DASHES[ink.dash]}"' if _DASHES[ink.dash] else ""
    yield f'<path d="{path}" stroke="#{ink.colour}" stroke-width="2" fill="none"{dash}/>'
    yield from (_mark(*point, ink) for point in points if point is not None)


def _ring(x: int, y: int) -> str:
    return f'<circle cx="{x}" cy="{y}" r="10" fill="none" stroke="#{RING}" stroke-width="2"/>'


def _mark(x: int, y: int, ink: Ink) -> str:
    look = f'fill="#{ink.colour}"'
    match ink.shape:
        case "circle":
            return f'<circle cx="{x}" cy="{y}" r="5" {look}/>'
        case "square":
            return f'<path d="M{x - 5} {y - 5}h10v10h-10z" {look}/>'
        case "triangle":
            return f'<path d="M{x} {y - 6}l6 11h-12z" {look}/>'
        case _:
            return f'<path d="M{x} {y - 6}l6 6l-6 6l-6 -6z" {look}/>'


def _legend(courses: list[tuple[str, Ink]], spans: list[str], smallest: str) -> Iterator[str]:
    y = _LEGEND
    for name, ink in courses:
        dash = f' stroke-dasharray="{_DASHES[ink.dash]}"' if _DASHES[ink.dash] else ""
        yield f'<path d="M{_LEFT} {y - 4}h36" stroke="#{ink.colour}" stroke-width="2" fill="none"{dash}/>'
        yield _mark(_LEFT + 18, y - 4, ink) + _text(_LEFT + 46, y, name, anchor="start")
        y += _LINE
    if smallest:
        yield f'<circle cx="{_LEFT + 18}" cy="{y - 4}" r="7" fill="none" stroke="#{RING}" stroke-width="2"/>'
        yield _text(_LEFT + 46, y, smallest, anchor="start")
        y += _LINE
    for name in spans:
        yield f'<rect x="{_LEFT}" y="{y - 7}" width="36" height="5" fill="#A9B7CC"/>'
        yield _text(_LEFT + 46, y, name, anchor="start")
        y += _LINE


# -- clock ------------------------------------------------------------------------------------------------------------


def _clock(clock: Clock) -> Iterator[str]:
    for number, (dial, spots) in enumerate(placed(clock)):
        middle = 150 + 300 * number
        yield f'<circle cx="{middle}" cy="{_MIDDLE}" r="{_RADIUS}" fill="#F6F8FB" stroke="{_NAVY}" stroke-width="1.5"/>'
        yield f'<path d="{"".join(_tick(middle, hour) for hour in range(12))}" stroke="{_NAVY}" fill="none"/>'
        yield f'<circle cx="{middle}" cy="{_MIDDLE}" r="7" fill="{_PALE}" stroke="#A9B7CC"/>'
        for hour in (12, 3, 6, 9):
            right, down = hour_at(hour)
            yield _text(middle + right * 106 // 1000, _MIDDLE + 4 + down * 102 // 1000, str(hour))
        yield from (_spot(middle, spot) for spot in spots)
        yield _text(middle, 236, dial.name, colour=_NAVY, bold=True)


def _tick(middle: int, hour: int) -> str:
    right, down = hour_at(hour)
    outer, inner = _RADIUS, _RADIUS - 6
    begin = f"M{middle + right * outer // 1000} {_MIDDLE + down * outer // 1000}"
    return f"{begin}L{middle + right * inner // 1000} {_MIDDLE + down * inner // 1000}"


def _spot(middle: int, spot: Placed) -> str:
    x, y = middle + spot.x * _RADIUS // 1000, _MIDDLE + spot.y * _RADIUS // 1000
    fill, ink = ("#fff", "#8B3A62") if spot.open else ("#8B3A62", "#fff")
    circle = f'<circle cx="{x}" cy="{y}" r="11" fill="{fill}" stroke="#8B3A62" stroke-width="1.5"/>'
    if len(spot.label) <= 3:  # ruff: ignore[magic-value-comparison] - letters that have room in the circle
        return circle + _text(x, y + 4, spot.label, colour=ink, bold=True)
    return circle + _text(x + 15, y + 4, spot.label, colour="#8B3A62", anchor="start", bold=True)


def _text(x: int, y: int, text: str, *, anchor: str = "middle", colour: str = _GREY, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    words = escape(clean(text).replace("\n", " "))
    return f'<text x="{x}" y="{y}" font-size="12" text-anchor="{anchor}" fill="{colour}"{weight}>{words}</text>'
