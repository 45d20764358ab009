"""How numbers are printed: never rounded where that could mislead, never a figure that contradicts a category.

Lengths print in millimetres with the digits that were given.  A percentage prints to one decimal, half up, without
`.0`; where that would put it on the other side of a threshold, on 0 or on -100, it prints as many digits as it takes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final

from reporter.case.length import Length
from reporter.response.interface import Change, Thresholds

_DIGITS: Final = 1
_WHOLE_CM: Final = 10
_NOTHING_LEFT: Final = -100


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """Numbers of one report: the thresholds they must not contradict, and the decimal mark of its language."""

    thresholds: Thresholds
    decimal_mark: str = "."

    def number(self, value: Decimal | int) -> str:
        """A number with the digits it has."""
        text = str(value)
        return self._marked(f"{value:f}" if "E" in text else text)  # 1E+2 prints as 100

    def mm(self, value: Decimal | Length) -> str:
        """Millimetres: `58 mm`."""
        return f"{self.bare(value)} mm"

    def bare(self, value: Decimal | Length) -> str:
        """Millimetres without the unit: `58`."""
        return self.number(value.mm if isinstance(value, Length) else value)

    def axes(self, axes: Iterable[Length]) -> str:
        """All axes of a lesion, without the unit: `58 x 46 x 44`."""
        return " x ".join(self.bare(axis) for axis in axes)

    def course(self, values: Sequence[str]) -> str:
        """Sizes through time, in one unit: `32 -> 10 mm`."""
        return f"{' -> '.join(values)} mm"

    def from_nipple(self, value: Length) -> str:
        """A distance in whole centimetres where it is one, as surgeons speak of it: `6 cm`, `45 mm`."""
        centimetres = value.mm / _WHOLE_CM
        if centimetres != centimetres.to_integral_value() or not centimetres:
            return self.mm(value)
        return f"{self.number(Decimal(int(centimetres)))} cm"

    def signed_mm(self, difference: Decimal) -> str:
        """A difference of sizes: `+11 mm`, `-5 mm`."""
        return f"{'+' if difference > 0 else ''}{self.mm(difference)}"

    def percent(self, change: Change) -> str | None:
        """A change in percent: `-68.8 %`; None against 0, where no percentage means anything (decision b)."""
        if change.then == 0:
            return None
        rules = self.thresholds
        return f"{self._marked(_percent(change.now, change.then, (-rules.pr_percent, rules.pd_percent)))} %"

    def threshold(self, percent: Decimal) -> str:
        """A threshold of a rule: `-30 %`."""
        return f"{'+' if percent > 0 else ''}{self.number(percent)} %"

    def _marked(self, text: str) -> str:
        return text.replace(".", self.decimal_mark)


@lru_cache(maxsize=2048)  # one change is said several times, and sizes are small numbers
def _percent(now: Decimal, then: Decimal, limits: tuple[Decimal, Decimal]) -> str:
    """A change in percent with its sign: the fewest digits, one at least, that stand where the exact value stands."""
    exact = Fraction(now - then) * 100 / Fraction(then)
    bounds = Fraction(limits[0]), Fraction(limits[1])
    place, digits = _place(exact, bounds), _DIGITS
    while _place(Fraction(shown := half_up(exact, digits)), bounds) != place:
        digits += 1
    text = f"{shown:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"+{text}" if exact > 0 else text


def _place(percent: Fraction, limits: tuple[Fraction, Fraction]) -> tuple[bool, ...]:
    """Where a percentage stands to what a rule asks for, to nothing changed and to nothing left."""
    partial, progression = limits
    return percent <= partial, percent >= progression, percent == 0, percent <= _NOTHING_LEFT


@lru_cache(maxsize=1024)
def written(date: dt.date, form: str) -> str:
    """A day in a form of `{year}`, `{month}` and `{day}`."""
    return form.format(year=f"{date.year:04}", month=f"{date.month:02}", day=f"{date.day:02}")


def half_up(exact: Fraction, digits: int) -> Decimal:
    """An exact value to so many decimals; a half goes away from zero, as on paper."""
    scaled = abs(exact) * 10**digits
    whole = int(scaled + Fraction(1, 2))
    return Decimal(whole if exact >= 0 else -whole).scaleb(-digits)


def joined(parts: Sequence[str], comma: str, last: str, wrap: Callable[[str], str] = str) -> str:
    """A list in words: `a`, `a and b`, `a, b and c`."""
    words = [wrap(part) for part in parts]
    if len(words) < 2:  # ruff: ignore[magic-value-comparison] - nothing to join
        return "".join(words)
    return f"{comma.join(words[:-1])}{last}{words[-1]}"
