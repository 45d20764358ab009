"""Plain frozen groups of fields: what a template may see, each field with its type, unit, meaning and an example.

A View is a mapping of its fields, so that `{{ site.id }}` finds a field and nothing else; it holds texts, whole
numbers, dates, yes or no, tuples of Views, and tables' Rows.  Most are `made`: a field is worked out when a template
first asks for it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Self, TypeVar, dataclass_transform, get_args, get_type_hints

Group = TypeVar("Group", bound="View")

_MEANING: Final = "meaning"
_MAKERS: Final = "_makers"
"""Where an object whose fields are made when they are asked for holds what makes them; no field is called so."""
_EXAMPLES: Final = {"yes or no": "yes", "table": "`| table()`"}
"""Of types whose every value looks alike."""


def says(meaning: str, *, unit: str = "", example: str = "") -> Any:  # ruff: ignore[any-type]
    """A field that a template may use: what it means, the unit it prints with, and how it may look."""
    return dataclasses.field(metadata={_MEANING: meaning, "unit": unit, "example": example})


class NotMadeError(Exception):
    """A field could not be made; its cause says why. No fault of the template that asked for it."""


class _NotMade:
    """Stands in a class for a field: what an object holds itself goes before it, so that it is made once."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, view: View | None, _kind: type[View]) -> object:
        """Make the field; of the class itself there is nothing to make.

        Raises:
            NotMadeError: for any error that a mistake in a template raises too.

        """
        if view is None:
            return self
        held = vars(view)
        try:
            value: object = held[_MAKERS][self._name]()
        except (TypeError, ValueError, LookupError, ArithmeticError, RecursionError) as error:
            raise NotMadeError(self._name) from error
        held[self._name] = value
        return value


class View(Mapping[str, object]):
    """A group of fields; each subclass is made with `group`, each of its fields with `says`."""

    @classmethod
    def made(cls, **makers: Callable[[], object]) -> Self:
        """A group whose every field is made when it is first asked for: a report asks for few of them."""
        view = object.__new__(cls)
        vars(view)[_MAKERS] = makers
        return view

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

    def __reduce__(self) -> tuple[object, ...]:
        """How it goes to another process: a report is of very many fields, so that they are to go quickly."""
        kind = type(self)
        return _again, (kind, tuple([getattr(self, name) for name in _names(kind)]))


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(says,))
def group(kind: type[Group]) -> type[Group]:
    """A view as a frozen dataclass of its fields, which need not be made yet."""
    made = dataclass(frozen=True, kw_only=True)(kind)
    for name in _names(made):
        setattr(made, name, _NotMade(name))
    return made


@cache
def _names(kind: type[View]) -> tuple[str, ...]:
    return tuple(kind.__dataclass_fields__)  # type: ignore[attr-defined]


@cache
def field_names(kind: type) -> frozenset[str]:
    """The fields of a group, by its type; none of what is no group."""
    return frozenset(_names(kind)) if issubclass(kind, View) else frozenset()


def _again(kind: type[View], values: tuple[object, ...]) -> View:
    return kind(**dict(zip(_names(kind), values, strict=True)))


ViewType = type[View]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldDoc:
    """What the documentation says of one field."""

    path: str
    """As a template names it; `[]` stands for each one of a list."""
    type: str
    """text, number, date, yes or no, table or group; a list of these; or none where it may be missing."""
    unit: str
    meaning: str
    example: str
    group: ViewType | None = None
    """The group that it holds, or holds many of."""


def describe(view: type[View], path: str = "") -> Iterator[FieldDoc]:
    """The documentation of a group and of the groups in it."""
    hints = get_type_hints(view)
    for field in dataclasses.fields(view):  # type: ignore[arg-type]
        hint = hints[field.name]
        inner, many = _inner(hint)
        here = f"{path}{field.name}{'[]' if many else ''}"
        yield FieldDoc(
            path=here,
            type=_type_word(hint, inner, many=many),
            unit=field.metadata["unit"],
            meaning=field.metadata[_MEANING],
            example=field.metadata["example"] or _EXAMPLES.get(_type_word(hint, inner, many=many), ""),
            group=inner,
        )
        if inner:
            yield from describe(inner, f"{here}.")


def _inner(hint: object) -> tuple[type[View] | None, bool]:
    """The group a field holds, and whether it holds many."""
    for part in (hint, *get_args(hint)):
        if isinstance(part, type) and issubclass(part, View):
            return part, getattr(hint, "__origin__", None) is tuple
    return None, getattr(hint, "__origin__", None) is tuple


def _type_word(hint: object, inner: type[View] | None, *, many: bool) -> str:
    one = "group" if inner else _plain_word(hint)
    if many:
        return f"list of {one}s"
    return f"{one} or none" if type(None) in get_args(hint) else one


def _plain_word(hint: object) -> str:
    kinds = (hint, *get_args(hint))
    words = {"bool": "yes or no", "int": "number", "date": "date", "Rows": "table"}
    return next((words[k.__name__] for k in kinds if getattr(k, "__name__", "") in words), "text")
