"""Lengths as exact decimals.

Viewers and tables give lengths in millimetres or centimetres with any number of decimals.  Thresholds such as
-30 % fall on exact values (14.0 -> 9.8 mm), which binary floats misfile; so a length keeps the decimal number as
it was given and compares by its exact value in millimetres.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import total_ordering


class LengthUnit(StrEnum):
    """The UCUM units a length may be given in; anything else is not a length."""

    MM = "mm"
    CM = "cm"


@total_ordering
@dataclass(frozen=True, slots=True, eq=False)
class Length:
    """A length of zero or more, as given; equal to another one of the same exact size in millimetres."""

    value: Decimal
    unit: LengthUnit = LengthUnit.MM

    def __post_init__(self) -> None:
        if not self.value.is_finite() or self.value.is_signed():
            message = "a length is a finite number, zero or more"
            raise ValueError(message)

    @property
    def mm(self) -> Decimal:
        """The exact size in millimetres, with the digits that were given."""
        return self.value if self.unit is LengthUnit.MM else self.value.scaleb(1)

    def __eq__(self, other: object) -> bool:
        return self.mm == other.mm if isinstance(other, Length) else NotImplemented

    def __lt__(self, other: Length) -> bool:
        return self.mm < other.mm

    def __hash__(self) -> int:
        return hash(self.mm)

    def __str__(self) -> str:
        return f"{self.mm:f} mm"


def mm(value: str | int | Decimal) -> Length:
    """A length of `value` millimetres."""
    return Length(Decimal(value))


def cm(value: str | int | Decimal) -> Length:
    """A length of `value` centimetres."""
    return Length(Decimal(value), LengthUnit.CM)
