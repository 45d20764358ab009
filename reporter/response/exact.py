"""Sizes added and compared without rounding: inclusive limits, by cross-multiplying, never a binary float.

Exactly -30 % and exactly +20 % fall on values such as 14.0 -> 9.8 mm and 27.0 -> 32.4 mm, which floats misfile.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Context, Decimal, Inexact, InvalidOperation

from reporter.response.interface import Thresholds

EXACT = Context(prec=2000, traps=[Inexact, InvalidOperation])
"""Sums and products of lengths never round, however many digits were given."""
HUNDRED = Decimal(100)


def total(values: Iterable[Decimal]) -> Decimal:
    """The exact sum."""
    result = Decimal(0)
    for value in values:
        result = EXACT.add(result, value)
    return result


def grown(now: Decimal, smallest: Decimal, thresholds: Thresholds) -> bool:
    """Whether growth meets both limits of PD; never against 0, where a percentage means nothing (decision b)."""
    share = EXACT.multiply(smallest, HUNDRED + thresholds.pd_percent)
    enough = EXACT.subtract(now, smallest) >= thresholds.pd_mm
    return smallest > 0 and enough and EXACT.multiply(now, HUNDRED) >= share


def shrunk(now: Decimal, baseline: Decimal, thresholds: Thresholds) -> bool:
    """Whether shrinkage meets the limit of PR."""
    share = EXACT.multiply(baseline, HUNDRED - thresholds.pr_percent)
    return baseline > 0 and EXACT.multiply(now, HUNDRED) <= share


def shortest(value: Decimal) -> Decimal:
    """The same number with the digits that it needs: no zeros behind the point, no exponent."""
    return Decimal(f"{value.normalize(EXACT):f}")
