"""Charts as SVG: bars and lines with their numbers in words beside them, so that colour alone tells nothing.

Coordinates come from exact percentages; whatever is drawn says its exact value in a title.  Text is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from reporter.batch.cohort import Standing

COLOURS: Final[Mapping[Standing, str]] = {
    Standing.CR: "#00795a",
    Standing.UNSETTLED: "#c9b300",
    Standing.PR: "#3d93d1",
    Standing.PERSISTENT: "#8a7a52",
    Standing.SD: "#7f7f7f",
    Standing.INDETERMINATE: "#b06fd0",
    Standing.NE: "#c4c4c4",
    Standing.MIXED: "#e08a00",
    Standing.PD: "#c22f10",
    Standing.BASELINE: "#e4e4e4",
    Standing.NONE: "#f0f0f0",
    Standing.OUTSIDE: "#f7f3e6",
}
"""Best answer first; told apart by people who see few colours, and by their labels."""
WORDS: Final[Mapping[Standing, str]] = {
    Standing.CR: "CR on imaging",
    Standing.UNSETTLED: "known sites gone, not settled",
    Standing.PR: "PR",
    Standing.PERSISTENT: "non-CR/non-PD",
    Standing.SD: "SD",
    Standing.INDETERMINATE: "indeterminate",
    Standing.NE: "not evaluable",
    Standing.MIXED: "mixed",
    Standing.PD: "PD",
    Standing.BASELINE: "baseline",
    Standing.NONE: "no known site",
    Standing.OUTSIDE: "out of scope, not classified",
}

_WIDTH: Final = 960
_LEFT: Final = 56
_PLOT: Final = _WIDTH - _LEFT - 12
_HIGH: Final = 260
_TOP: Final = 14
_BOTTOM: Final = -100
"""A sum cannot shrink by more."""
_LEAST_TOP: Final = 40
_MOST_TOP: Final = 200
"""Bars and lines above are cut there and say so."""
_NAMED: Final = 8
"""So many bars have room for names."""
_LETTERS: Final = 15
_STEP: Final = 20
_TALL: Final = 100
"""Above this height of the scale there is a mark every 50 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar of a waterfall."""

    name: str
    change: Decimal
    """Percent."""
    standing: Standing
    text: str
    """The exact change as the table has it."""
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a spider plot."""

    name: str
    points: tuple[tuple[int, Decimal], ...]
    """Days from baseline, change in percent."""
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of answers."""

    name: str
    counts: Mapping[Standing, int]


def _svg(kind: str, label: str, high: int, content: Iterable[Markup]) -> Markup:
    head = Markup('<svg class="chart {}" role="img" aria-label="{}" viewBox="0 0 {} {}">').format(
        kind, label, _WIDTH, high
    )
    return head + Markup("").join(content) + Markup("</svg>")


def _text(x: Decimal | int, y: Decimal | int, words: str, anchor: str = "end") -> Markup:
    return Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>').format(_at(x), _at(y), anchor, words)


def _at(value: Decimal | int) -> str:
    return f"{Decimal(value):.1f}"


# -- change in percent ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Scale:
    """From percent to height."""

    top: int

    @classmethod
    def of(cls, changes: Iterable[Decimal]) -> _Scale:
        highest = max(changes, default=Decimal(0))
        steps = -(-int(highest + 1) // _STEP) * _STEP
        return cls(max(_LEAST_TOP, min(_MOST_TOP, steps)))

    def y(self, change: Decimal | int) -> Decimal:
        kept = max(Decimal(_BOTTOM), min(Decimal(self.top), Decimal(change)))
        return _TOP + (self.top - kept) * _HIGH / (self.top - _BOTTOM)

    def grid(self) -> Iterator[Markup]:
        step = _STEP if self.top <= _TALL else 50
        for mark in range(_BOTTOM, self.top + 1, step):
            yield self._line("zero" if mark == 0 else "grid", Decimal(mark))
            yield _text(_LEFT - 6, self.y(mark) + 4, f"{mark:+d} %" if mark else "0 %")

    def limits(self, limits: Sequence[Decimal]) -> Iterator[Markup]:
        """Drawn last, so that no bar or line hides them."""
        return (self._line("limit", limit) for limit in limits)

    def _line(self, kind: str, mark: Decimal) -> Markup:
        y = _at(self.y(mark))
        return Markup('<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(kind, _LEFT, _LEFT + _PLOT, y, y)


def waterfall(bars: Sequence[Bar], limits: Sequence[Decimal]) -> Markup:
    """A bar a course, the worst first; `limits` are drawn across."""
    scale = _Scale.of(bar.change for bar in bars)
    pitch = Decimal(_PLOT) / max(len(bars), _NAMED)
    named = (_bar_name(bar, scale, _LEFT + place * pitch, pitch) for place, bar in enumerate(bars))
    drawn = (_bar(bar, scale, _LEFT + place * pitch, pitch) for place, bar in enumerate(bars))
    label = f"Waterfall of the best change of {len(bars)} sums from baseline"
    return _svg(
        "waterfall",
        label,
        _TOP + _HIGH + 10,
        [*scale.grid(), *drawn, *scale.limits(limits), *(named if len(bars) <= _NAMED else ())],
    )


def _bar(bar: Bar, scale: _Scale, x: Decimal, pitch: Decimal) -> Markup:
    zero, end = scale.y(0), scale.y(bar.change)
    high = max(abs(zero - end), Decimal(2))  # a change of 0 is seen as a bar, too
    y = min(zero, end) if bar.change else zero - 1
    gap = min(pitch / 5, Decimal(3))
    rect = Markup('<rect class="bar" x="{}" y="{}" width="{}" height="{}" fill="{}"><title>{}</title></rect>').format(
        f"{x:.2f}",
        _at(y),
        f"{pitch - gap:.2f}",
        _at(high),
        COLOURS[bar.standing],
        f"{bar.name}: {bar.text} %, {WORDS[bar.standing]}",
    )
    return Markup('<a href="{}">{}</a>').format(bar.link, rect) if bar.link else rect


def _bar_name(bar: Bar, scale: _Scale, x: Decimal, pitch: Decimal) -> Markup:
    """Whose bar it is, on the other side of the line of no change."""
    name = bar.name if len(bar.name) <= _LETTERS else f"{bar.name[: _LETTERS - 1]}…"
    return _text(x + pitch / 2, scale.y(0) + (-5 if bar.change <= 0 else 15), name, "middle")


def spider(lines: Sequence[Line], limits: Sequence[Decimal]) -> Markup:
    """A line a course over the days from its baseline."""
    scale = _Scale.of(change for line in lines for _, change in line.points)
    longest = max((day for line in lines for day, _ in line.points), default=1) or 1
    days = (_day(mark, longest) for mark in range(0, longest + 1, _days_between(longest)))
    drawn = (_line(line, scale, longest) for line in lines)
    label = f"Change of {len(lines)} sums from baseline over time"
    return _svg("spider", label, _TOP + _HIGH + 34, [*scale.grid(), *days, *drawn, *scale.limits(limits)])


def _days_between(longest: int) -> int:
    return next(step for step in (7, 14, 28, 56, 112, 364, 3640, 36400, 364000) if longest // step <= 14)  # ruff: ignore[magic-value-comparison] - labels that fit


def _x(day: int, longest: int) -> Decimal:
    return _LEFT + Decimal(day) * (_PLOT - 30) / longest


def _day(day: int, longest: int) -> Markup:
    return _text(_x(day, longest), _TOP + _HIGH + 20, f"day {day}", "middle")


def _line(line: Line, scale: _Scale, longest: int) -> Markup:
    places = [(_at(_x(day, longest)), _at(scale.y(change))) for day, change in line.points]
    colour = COLOURS[line.standing]
    points = " ".join(f"{x},{y}" for x, y in places)
    last = Markup('<circle cx="{}" cy="{}" r="2.5" fill="{}"/>').format(*places[-1], colour)
    title = f"{line.name}: {WORDS[line.standing]}"
    whole = Markup('<g class="line"><title>{}</title><polyline points="{}" fill="none" stroke="{}"/>{}</g>')
    return whole.format(title, points, colour, last)


# -- answers ----------------------------------------------------------------------------------------------------------

_ROW: Final = 34


def answers(columns: Sequence[Column], label: str) -> Markup:
    """A row of 100 % for each column, parted by answer, with the counts in it."""
    wide = _WIDTH - 200 - 70
    drawn: list[Markup] = []
    for place, column in enumerate(columns):
        y, total = 6 + place * _ROW, sum(column.counts.values())
        drawn += (_text(192, y + 18, column.name), _text(_WIDTH - 60, y + 18, f"n = {total}", "start"))
        x = Decimal(200)
        for standing in COLOURS:
            number = column.counts.get(standing, 0)
            if number:
                width = Decimal(number) * wide / total
                drawn.append(_part(x, y, width, number, standing))
                x += width
    return _svg("answers", label, 10 + len(columns) * _ROW, drawn)


def _part(x: Decimal, y: int, width: Decimal, number: int, standing: Standing) -> Markup:
    rect = Markup('<rect class="part" x="{}" y="{}" width="{}" height="26" fill="{}"><title>{}</title></rect>').format(
        _at(x), y, _at(width), COLOURS[standing], f"{WORDS[standing]}: {number}"
    )
    fits = width >= 9 * len(str(number))
    dark = standing not in {Standing.CR, Standing.PD, Standing.SD, Standing.PERSISTENT}
    words = Markup('<text class="{}" x="{}" y="{}" text-anchor="middle">{}</text>').format(
        "on-light" if dark else "on-dark", _at(x + width / 2), y + 18, number
    )
    return rect + words if fits else rect
