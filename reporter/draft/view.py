"""Plain frozen groups of fields: what a template may see, each field with its type, unit, meaning and an example.

A View is a mapping of its fields, so that `{{ site.id }}` finds a field and nothing else; it holds texts, whole
numbers, dates, yes or no, tuples of Views, and tables' Rows.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, get_args, get_type_hints

_MEANING: Final = "meaning"


def says(meaning: str, *, unit: str = "", example: str = "") -> Any:  # ruff: ignore[any-type]
    """A field that a template may use: what it means, the unit it prints with, and how it may look."""
    return dataclasses.field(metadata={_MEANING: meaning, "unit": unit, "example": example})


class View(Mapping[str, object]):
    """A group of fields; subclasses are frozen dataclasses whose every field is made with `says`."""

    __slots__ = ()

    def __getitem__(self, name: str) -> object:
        if name in self.__dataclass_fields__:  # type: ignore[attr-defined]
            value: object = getattr(self, name)
            return value
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        return name in self.__dataclass_fields__  # type: ignore[attr-defined]

    def __iter__(self) -> Iterator[str]:
        return iter(self.__dataclass_fields__)  # type: ignore[attr-defined]

    def __len__(self) -> int:
        return len(self.__dataclass_fields__)  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldDoc:
    """What the documentation says of one field."""

    path: str
    """As a template names it; `[]` stands for each one of a list."""
    type: str
    """text, number, date, yes or no, table, or empty for a group."""
    unit: str
    meaning: str
    example: str


def describe(view: type[View], path: str = "") -> Iterator[FieldDoc]:
    """The documentation of a group and of the groups in it."""
    hints = get_type_hints(view)
    for field in dataclasses.fields(view):  # type: ignore[arg-type]
        hint = hints[field.name]
        inner, many = _inner(hint)
        here = f"{path}{field.name}{'[]' if many else ''}"
        yield FieldDoc(
            path=here,
            type="" if inner else _type_word(hint),
            unit=field.metadata["unit"],
            meaning=field.metadata[_MEANING],
            example=field.metadata["example"],
        )
        if inner:
            yield from describe(inner, f"{here}.")


def _inner(hint: object) -> tuple[type[View] | None, bool]:
    """The group a field holds, and whether it holds many."""
    for part in (hint, *get_args(hint)):
        if isinstance(part, type) and issubclass(part, View):
            return part, getattr(hint, "__origin__", None) is tuple
    return None, getattr(hint, "__origin__", None) is tuple


def _type_word(hint: object) -> str:
    kinds = (hint, *get_args(hint))
    words = {"bool": "yes or no", "int": "number", "date": "date", "Rows": "table"}
    return next((words[k.__name__] for k in kinds if getattr(k, "__name__", "") in words), "text")
