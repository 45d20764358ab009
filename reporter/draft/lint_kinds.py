"""What kinds of values a template handles, as far as it can be known before any report: for `lint`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import UnionType
from typing import Final, Union, get_args, get_origin, get_type_hints

from jinja2 import nodes

from reporter.draft.tables import Rows
from reporter.draft.view import View


@dataclass(frozen=True, slots=True)
class Plain:
    """A value that has no fields."""

    printable: bool = True
    word: str = "text"


@dataclass(frozen=True, slots=True)
class Group:
    """A group of fields: of the model, the options, or one that a template made."""

    fields: Mapping[str, Kind] = field(hash=False)
    what: str = "field"
    """What a message calls one of them."""


@dataclass(frozen=True, slots=True)
class Many:
    """Values of one kind."""

    each: Kind


@dataclass(frozen=True, slots=True)
class Maybe:
    """A group that may be none: it is to be asked for before anything of it is named."""

    group: type[View]


@dataclass(frozen=True, slots=True, eq=False)
class MacroKind:
    """A macro, where it stands and what it sees around it."""

    template: str
    node: nodes.Macro
    around: Scope


@dataclass(frozen=True, slots=True, eq=False)
class ModuleKind:
    """Another template, imported."""

    name: str
    names: Mapping[str, Kind]


Kind = type[View] | Plain | Group | Many | Maybe | MacroKind | ModuleKind
Scope = dict[str, "Kind"]

ANY: Final = Plain(word="any")
"""Nothing is known of it, so nothing is said against it."""
TEXT: Final = Plain()
YES_NO: Final = Plain(printable=False, word="yes or no")
NUMBER: Final = Plain(word="number")
TABLE: Final = Plain(printable=False, word="table")
PART: Final = Plain(word="part")
CALLABLE: Final = Plain(printable=False, word="callable")
"""`range`, `super()`, `caller()` and the blocks of `self`."""
LOOP: Final = Group(
    {
        **dict.fromkeys(("index", "index0", "revindex", "revindex0", "length"), NUMBER),
        **dict.fromkeys(("first", "last"), YES_NO),
        **dict.fromkeys(("previtem", "nextitem"), ANY),
    },
    "fact about a loop",
)


def fields_of(kind: Kind) -> Mapping[str, Kind] | None:
    """What can stand behind a dot; None where nothing is known of the value."""
    if isinstance(kind, Maybe):
        return of_view(kind.group)
    if isinstance(kind, type):
        return of_view(kind)
    if isinstance(kind, Group):
        return kind.fields
    if isinstance(kind, ModuleKind):
        return kind.names
    return None if kind is ANY else {}


@cache
def of_view(view: type[View]) -> Mapping[str, Kind]:
    """The kinds of the fields of a group of the model."""
    return {name: _kind(hint) for name, hint in get_type_hints(view).items()}


def _kind(hint: object) -> Kind:
    if isinstance(hint, type) and issubclass(hint, View):
        return hint
    if get_origin(hint) is tuple:
        return Many(_kind(get_args(hint)[0]))
    if get_origin(hint) in {Union, UnionType}:
        kind = _kind(next(part for part in get_args(hint) if part is not type(None)))
        return Maybe(kind) if isinstance(kind, type) else kind
    if hint is Rows:
        return TABLE
    return {bool: YES_NO, int: NUMBER, str: TEXT}.get(hint, ANY)  # type: ignore[call-overload,no-any-return]


def united(kinds: list[Kind]) -> Kind:
    """The kind of a value that is one of these."""
    first = kinds[0] if kinds else ANY
    groups = {kind.group if isinstance(kind, Maybe) else kind for kind in kinds if isinstance(kind, type | Maybe)}
    if len(groups) == 1 and len(kinds) > 1 and all(isinstance(kind, type | Maybe) for kind in kinds):
        group = groups.pop()
        return Maybe(group) if any(isinstance(kind, Maybe) for kind in kinds) else group
    return first if all(kind == first for kind in kinds) else ANY


def each_of(kind: Kind) -> Kind:
    """The kind of one element."""
    if isinstance(kind, Many):
        return kind.each
    if kind in {TEXT, NUMBER}:
        return TEXT
    return ANY


def is_printable(kind: Kind) -> bool:
    """Whether a template may write `{{ value }}`."""
    return isinstance(kind, Plain) and kind.printable
