"""What a template set says of itself in `template.toml`: name, version, language, what it extends, and its options.

Every mistake is found at once, each with its line; a set is used only without any.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from reporter.draft.inert import clean
from reporter.errors import SetupError

MANIFEST: Final = "template.toml"
MAX_TEXT: Final = 200
"""Characters of an option that is a text."""
MAX_NUMBER: Final = 1_000_000
MAX_NAMED: Final = 20
"""How many names a message lists."""

_TEXTS: Final = ("name", "version", "language", "description", "extends")
_NEEDED: Final = ("name", "version", "description")
_OPTION_KEYS: Final = ("type", "default", "explanation", "choices")
_IDENTIFIER: Final = re.compile(r"[a-z][a-z0-9_]*")
_SET_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")

OptionValue = str | bool | int


class OptionType(StrEnum):
    """What an option may be."""

    YES_NO = "yes or no"
    TEXT = "text"
    NUMBER = "whole number"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One thing that a site may set without touching a template; a template reads it as `option.<name>`."""

    name: str
    type: OptionType
    default: OptionValue
    explanation: str
    choices: tuple[str, ...] = ()
    """What a choice is between."""
    line: str = ""
    """Where it stands in the manifest."""

    def fault(self, value: object) -> str | None:
        """Why a value cannot stand here; None where it can."""
        match self.type:
            case OptionType.YES_NO:
                return None if isinstance(value, bool) else "must be true or false"
            case OptionType.NUMBER:
                whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MAX_NUMBER
                return None if whole else f"must be a whole number up to {MAX_NUMBER}"
            case OptionType.TEXT:
                fine = isinstance(value, str) and len(value) <= MAX_TEXT and clean(value) == value and "\n" not in value
                return None if fine else f"must be a text in quotes, one line of at most {MAX_TEXT} characters"
            case OptionType.CHOICE:
                return None if value in self.choices else f"must be one of: {', '.join(self.choices)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A `template.toml`."""

    name: str
    version: str = ""
    language: str = ""
    """BCP 47 tag; empty where it is that of the set it extends."""
    description: str = ""
    extends: str = ""
    """Name of the set whose files stand in for those that this one does not have; empty without."""
    options: Mapping[str, Option] = field(default_factory=dict)


def read_manifest(text: str, set_name: str) -> tuple[Manifest, tuple[SetupError, ...]]:
    """A manifest and everything that is wrong with it."""
    mistakes = _Mistakes(text, f"{set_name}/{MANIFEST}")
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = re.search(r"at line (\d+)", str(error))
        mistakes.add("this is no valid TOML", line[1] if line else None, hint='texts stand in quotes: key = "text"')
        return Manifest(name=set_name), mistakes.found
    mistakes.unknown(table, (*_TEXTS, "options"), "")
    texts = {key: mistakes.text(table, key) for key in _TEXTS}
    for key in _NEEDED:
        if not texts[key] and key not in table:
            mistakes.add(f"'{key}' is missing", None, hint=f'write {key} = "..."')
    if texts["name"] and texts["name"] != set_name:
        mistakes.add(f"the name is not that of the folder, {set_name}", mistakes.line("name"), "name")
    if not (texts["language"] or texts["extends"]):
        mistakes.add("'language' is missing", None, hint='write language = "en"')
    return Manifest(**{**texts, "name": set_name}, options=_options(table, mistakes)), mistakes.found


def extends_of(text: str) -> str:
    """The set that a manifest extends; empty without one, or where the manifest cannot be read."""
    try:
        extends = tomllib.loads(text).get("extends", "")
    except (tomllib.TOMLDecodeError, RecursionError):
        return ""
    return extends if isinstance(extends, str) else ""


def is_set_name(name: str) -> bool:
    """Whether a template set can be called so: letters, digits, dots, hyphens and underscores."""
    return bool(_SET_NAME.fullmatch(name)) and ".." not in name


def options_for(
    declared: Mapping[str, Option], given: Mapping[str, object], *, file: str, key: str
) -> dict[str, OptionValue]:
    """The value of every option: as given, else its default.

    Raises:
        SetupError: an option that does not exist or a value that cannot stand there; names file, key and reason.

    """
    values = {name: option.default for name, option in declared.items()}
    for name, value in given.items():
        if name not in declared:
            hint = near(name, declared) or "the set has no options"
            raise SetupError(
                "the template set has no such option", file=file, field=f"{key}.{name}", hint=hint, code="SET_KEY"
            )
        if fault := declared[name].fault(value):
            raise SetupError(fault, file=file, field=f"{key}.{name}", hint=declared[name].explanation, code="SET_VALUE")
        values[name] = value  # type: ignore[assignment]  # `fault` has looked at its type
    return values


def near(name: str, known: Mapping[str, object] | Sequence[str]) -> str | None:
    """What to write instead of a name that there is not: the nearest, else all; None where there are none."""
    if not known:
        return None
    found = difflib.get_close_matches(name, list(known), n=1)
    if found:
        return f"did you mean '{found[0]}'?"
    return f"there are: {', '.join(sorted(known))}" if len(known) <= MAX_NAMED else None


class _Mistakes:
    """Collects what is wrong with one manifest."""

    def __init__(self, text: str, file: str) -> None:
        self._lines = text.splitlines()
        self._file = file
        self._found: list[SetupError] = []

    @property
    def found(self) -> tuple[SetupError, ...]:
        return tuple(self._found)

    def add(self, message: str, line: str | None, key: str = "", *, hint: str | None = None) -> None:
        where = ", ".join(part for part in (f"line {line}" if line else "", key) if part)
        self._found.append(SetupError(message, file=self._file, field=where or None, hint=hint, code="TPL_MANIFEST"))

    def line(self, key: str) -> str | None:
        """The line of a key such as `version` or `options.basis.type`."""
        table, _, last = key.rpartition(".")
        inside = not table
        for number, line in enumerate(self._lines, start=1):
            if header := re.match(r"\s*\[+\s*([^\]]+?)\s*\]+", line):
                inside = header[1] == table
                if header[1] == key:
                    return str(number)
            elif inside and re.match(rf"\s*\"?{re.escape(last)}\"?\s*=", line):
                return str(number)
        return None

    def unknown(self, table: Mapping[str, object], known: Sequence[str], prefix: str) -> None:
        for key in table:
            if key not in known:
                path = f"{prefix}{key}"
                self.add(f"'{key}' is nothing that can be said here", self.line(path), path, hint=near(key, known))

    def text(self, table: Mapping[str, object], key: str, prefix: str = "") -> str:
        value = table.get(key, "")
        if isinstance(value, str):
            return value
        self.add("must be a text in quotes", self.line(f"{prefix}{key}"), f"{prefix}{key}")
        return ""


def _options(table: Mapping[str, object], mistakes: _Mistakes) -> dict[str, Option]:
    given = table.get("options", {})
    if not isinstance(given, Mapping):
        mistakes.add("must be a table", mistakes.line("options"), "options", hint="write [options.<name>]")
        return {}
    return {option.name: option for name in given for option in _option(name, given[name], mistakes)}


def _option(name: str, given: object, mistakes: _Mistakes) -> Iterator[Option]:
    path = f"options.{name}"
    if not isinstance(given, Mapping):
        mistakes.add("must be a table", mistakes.line(path), path, hint=f"write [{path}]")
        return
    if not _IDENTIFIER.fullmatch(name):
        hint = "an option's name is small letters, digits and underscores"
        mistakes.add("this is no name of an option", mistakes.line(path), path, hint=hint)
        return
    mistakes.unknown(given, _OPTION_KEYS, f"{path}.")
    explanation = mistakes.text(given, "explanation", f"{path}.")
    if not explanation:
        mistakes.add("the option has no explanation", mistakes.line(path), path, hint='write explanation = "..."')
    kind = given.get("type")
    if kind not in list(OptionType):
        words = ", ".join(f'"{one}"' for one in OptionType)
        mistakes.add(
            "the option has no type of these",
            mistakes.line(f"{path}.type") or mistakes.line(path),
            path,
            hint=f"type is {words}",
        )
        return
    option = Option(
        name=name,
        type=OptionType(str(kind)),
        default=given.get("default", ""),
        explanation=explanation,
        line=mistakes.line(path) or "",
        choices=_choices(given, path, mistakes),
    )
    if fault := option.fault(option.default):
        mistakes.add(f"the default {fault}", mistakes.line(f"{path}.default") or mistakes.line(path), f"{path}.default")
    yield option


def _choices(given: Mapping[str, object], path: str, mistakes: _Mistakes) -> tuple[str, ...]:
    choices = given.get("choices", [])
    wanted = given.get("type") == OptionType.CHOICE
    if isinstance(choices, list) and all(isinstance(one, str) and one for one in choices) and bool(choices) is wanted:
        return tuple(choices)
    message = "a choice names its choices" if wanted else "only a choice has choices"
    line = mistakes.line(f"{path}.choices") or mistakes.line(path)
    mistakes.add(message, line, f"{path}.choices", hint='write choices = ["one", "other"]' if wanted else None)
    return ()
