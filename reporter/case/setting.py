"""A value that a site may set: its default stands in the code beside its meaning, unit, example and range.

Every layer owns the settings it reads (`Windows`, `Thresholds`, `Limits` ...) as a frozen dataclass whose fields are
made with `setting`; `reporter.settings` fills them from a file, and the documentation is printed from them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

_KEY: Final = "setting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is known of a setting beside its type and default."""

    means: str
    """What it does, in one sentence without full stop."""
    unit: str = ""
    example: str = ""
    """As it is written in the settings file; empty: the default shows it."""
    at_most: Decimal | None = None
    """Numbers are above 0; this is the largest that has a meaning."""


def setting(
    default: object,
    means: str,
    *,
    unit: str = "",
    example: str = "",
    at_most: int | None = None,
) -> Any:  # ruff: ignore[any-type] - a field of whatever type its annotation says
    """A field that a site may set."""
    told = Told(
        means=means,
        unit=unit,
        example=example,
        at_most=None if at_most is None else Decimal(at_most),
    )
    return dataclasses.field(default=default, metadata={_KEY: told})


def settings_of(kind: type) -> dict[str, Told]:
    """The settings of a dataclass by name, in the order of its fields."""
    fields: Callable[[Any], tuple[dataclasses.Field[Any], ...]] = dataclasses.fields
    return {field.name: field.metadata[_KEY] for field in fields(kind) if _KEY in field.metadata}
