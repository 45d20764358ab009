"""Every setting with its type, default, meaning and an example, from where it stands in the code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal, TypeGuard, get_args, get_origin, get_type_hints

from reporter.advice.interface import Policy, PolicyEntry, Urgency
from reporter.case.setting import Told, settings_of
from reporter.settings.values import TABLES


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingDoc:
    """What the documentation says of one setting."""

    key: str
    """Table and name, such as thresholds.pr_percent."""
    type: str
    default: str
    """As it would be written in the file; empty: not set."""
    unit: str
    means: str
    example: str
    """As it would be written in the file."""

    @property
    def table(self) -> str:
        """The table of the file that it stands in."""
        return self.key.rpartition(".")[0]


def described(criteria: Mapping[str, type] | None = None) -> tuple[SettingDoc, ...]:
    """Every key of a settings file, by table; `criteria` are the settings that criteria have of their own."""
    return tuple(_all(criteria or {}))


def _all(criteria: Mapping[str, type]) -> Iterator[SettingDoc]:
    for table, kind in TABLES.items():
        yield from _of(kind, table)
    yield SettingDoc(
        key="report.options.NAME",
        type="as the template set says",
        default="",
        unit="",
        means="An option of the template set; in a table [report.options.SET], of a set named on the command line",
        example="true",
    )
    yield from _of(Policy, "escalation")
    for urgency in Urgency:
        if urgency is not Urgency.NONE:
            yield from _of(PolicyEntry, f"escalation.{urgency}")
    yield SettingDoc(
        key="library.folder",
        type="text",
        default="",
        unit="",
        means="A site's folder, beside the settings file: template sets in templates/, packs in knowledge/",
        example='"site"',
    )
    for name, kind in sorted(criteria.items()):
        yield from _of(kind, f"criteria.{name}")


def _of(kind: type, table: str) -> Iterator[SettingDoc]:
    hints = get_type_hints(kind)
    usual = {field.name: field.default for field in fields(kind)}
    for name, told in settings_of(kind).items():
        default = _written(usual[name])
        yield SettingDoc(
            key=f"{table}.{name}",
            type=_type(hints[name], told),
            default=default,
            unit=told.unit,
            means=told.means,
            example=told.example or default,
        )


def _type(hint: Any, told: Told) -> str:  # ruff: ignore[any-type] - a type hint is anything
    if get_origin(hint) is tuple:
        return f"list of {_item(get_args(hint)[0])}"
    if hint in {int, Decimal}:
        most = "" if told.at_most is None else f", at most {told.at_most}"
        return f"{'whole number' if hint is int else 'number'} above 0{most}"
    if hint is bool:
        return "true or false"
    if get_origin(hint) is Literal:
        return f"one of {', '.join(str(one) for one in get_args(hint))}"
    return f"one of {', '.join(hint)}" if _is_words(hint) else "text"


def _item(hint: object) -> str:
    if _is_words(hint):
        return ", ".join(hint)
    return "whole numbers" if hint is int else "texts"


def _is_words(hint: object) -> TypeGuard[type[StrEnum]]:
    return isinstance(hint, type) and issubclass(hint, StrEnum)


def _written(value: object) -> str:
    """A value as TOML writes it."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case tuple():
            return f"[{', '.join(_written(item) for item in value)}]"
        case str():
            return f'"{value}"'
        case _:
            return str(value)
