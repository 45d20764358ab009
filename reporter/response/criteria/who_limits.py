"""The limits of the `who` criterion, as published and as a site changed them in `[criteria.who]`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from reporter.case.setting import setting
from reporter.errors import SetupError
from reporter.response.exact import HUNDRED
from reporter.response.interface import Operand, Thresholds


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is a response and what progression; keys of `[criteria.who]` in the settings."""

    pr_percent: Decimal = setting(
        Decimal(50),
        "Fall of the sum of products against baseline from which a response is partial",
        unit="%",
        at_most=100,
    )
    pd_percent: Decimal = setting(
        Decimal(25), "Rise since the smallest product from which it is progression", unit="%", at_most=100
    )
    pd_of: Literal["lesion", "sum"] = setting(
        "lesion", "Whether one lesion's growth is progression, or only that of the sum", example='"sum"'
    )


def limits_of(options: Mapping[str, object]) -> Limits:
    """The limits that a table of settings gives.

    Raises:
        SetupError: a key or a value that has no meaning; names its key.

    """
    limits = Limits()
    for key, value in options.items():
        place = f"criteria.who.{key}"
        match key, value:
            case "pr_percent", int() | Decimal() if _is_percent(value):
                limits = replace(limits, pr_percent=Decimal(value))
            case "pd_percent", int() | Decimal() if _is_percent(value):
                limits = replace(limits, pd_percent=Decimal(value))
            case "pd_of", "lesion" | "sum":
                limits = replace(limits, pd_of=value)
            case "pr_percent" | "pd_percent" | "pd_of", _:
                hint = 'percentages are above 0 and at most 100, pd_of is "lesion" or "sum"'
                raise SetupError("this value cannot stand here", field=place, hint=hint, code="SET_VALUE")
            case _:
                hint = "the keys are pr_percent, pd_percent and pd_of"
                raise SetupError("no such setting", field=place, hint=hint, code="SET_KEY")
    return limits


def _is_percent(value: int | Decimal) -> bool:
    return not isinstance(value, bool) and Decimal(value).is_finite() and 0 < value <= HUNDRED


def stated(limits: Limits) -> tuple[Operand, ...]:
    """The limits as every verdict by products names them."""
    return (
        Operand(name="pr_percent", value=limits.pr_percent, unit="%"),
        Operand(name="pd_percent", value=limits.pd_percent, unit="%"),
    )


def changed_limits(limits: Limits) -> Iterator[str]:
    """What differs from the published limits, in words."""
    plain = Limits()
    if limits.pr_percent != plain.pr_percent:
        yield f"PR -{limits.pr_percent:f} %"
    if limits.pd_percent != plain.pd_percent:
        yield f"PD +{limits.pd_percent:f} %"
    if limits.pd_of != plain.pd_of:
        yield "PD by the sum alone"


def changed_sizes(thresholds: Thresholds) -> Iterator[str]:
    """What differs of that on which a lesion's part, or its size, depends."""
    plain = Thresholds()
    if thresholds.too_small_mm != plain.too_small_mm:
        yield f"too small counts {thresholds.too_small_mm:f} x {thresholds.too_small_mm:f} mm"
    if thresholds.node_target_mm != plain.node_target_mm:
        yield f"target node from {thresholds.node_target_mm:f} mm"
    if thresholds.node_normal_mm != plain.node_normal_mm:
        yield f"normal node under {thresholds.node_normal_mm:f} mm"
    if thresholds.node_cortex_mm != plain.node_cortex_mm:
        yield f"normal cortex up to {thresholds.node_cortex_mm:f} mm"
