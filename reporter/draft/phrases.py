"""The words of a language: categories, sides, modalities, issues, rules and units, as data.

A language is a folder of TOML files that are read as one; tables nest, and a phrase is named by its path (`side.left`,
`issue.LES_LOST`), whatever the file it stands in.  A phrase may hold placeholders such as `{lesion}`, of which each
table knows its own.  Nothing else in it is interpreted.
"""

from __future__ import annotations

import datetime as dt
import re
import string
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Protocol

from reporter.draft.numbers import joined, written
from reporter.draft.phrase_keys import PLACEHOLDERS, REQUIRED, REQUIRED_GROUPS
from reporter.errors import SetupError

_FORMATTER: Final = string.Formatter()
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_POINT: Final = re.compile(r"(?<=\d)\.(?=\d+(?:-\d+(?:\.\d+)?)? m)", re.ASCII)
"""The point in a number with a unit, such as a dose; the one of `RECIST 1.1` is none."""


class Operands(Protocol):
    """Words by the name of their placeholder; one for any name."""

    def __getitem__(self, name: str, /) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """The phrases of one language."""

    language: str
    """BCP 47 tag."""
    decimal_mark: str
    date_form: str
    """How a day is written, of `{year}`, `{month}` and `{day}`."""
    by_path: Mapping[str, str] = field(repr=False)

    def __contains__(self, path: str) -> bool:
        return path in self.by_path

    def say(self, path: str, **operands: str) -> str:
        """The phrase at a path, its placeholders filled.

        Raises:
            SetupError: there is no such phrase.

        """
        phrase = self._phrase(path)
        if "{" not in phrase:
            return phrase
        try:
            return phrase.format_map(operands)
        except KeyError:  # it names what is not stated
            return phrase.format_map(defaultdict(lambda: self.by_path["word.not_stated"], operands))

    def filled(self, paths: Sequence[str], operands: Operands) -> str:
        """The phrase at the first path that there is; only the words that it names are asked for.

        Raises:
            SetupError: there is no such phrase.

        """
        phrase = self._phrase(self._path(paths))
        return phrase.format_map(operands) if "{" in phrase else phrase

    def day(self, date: dt.date | None) -> str:
        """A day as the language writes it: `2026-07-15`, `15.07.2026`; nothing of None."""
        return "" if date is None else written(date, self.date_form)

    def dated(self, text: str) -> str:
        """A day given as ISO 8601, as the language writes it; other words as they stand."""
        try:
            return self.day(dt.date.fromisoformat(text)) if _DAY.fullmatch(text) else text
        except ValueError:  # no such day
            return text

    def named(self, words: str) -> str:
        """What a pack or a criterion names in English, in this language; as it stands where the language has no words.

        Parts joined by a semicolon are named one by one, and numbers get the decimal mark.
        """
        named = "; ".join([self.by_path.get(f"named.{part}", part) for part in words.split("; ")])
        return named if self.decimal_mark == "." else _POINT.sub(self.decimal_mark, named)

    def first(self, *paths: str, **operands: str) -> str:
        """The phrase at the first path that there is, from the particular to the general."""
        return self.say(self._path(paths), **operands)

    def all_of(self, parts: Sequence[str]) -> str:
        """`a, b and c`."""
        return joined(parts, self.by_path["word.comma"], self.by_path["word.and"])

    def any_of(self, parts: Sequence[str]) -> str:
        """`a, b or c`."""
        return joined(parts, self.by_path["word.comma"], self.by_path["word.or"])

    def _path(self, paths: Sequence[str]) -> str:
        for path in paths:
            if path in self.by_path:
                return path
        return paths[-1]

    def _phrase(self, path: str) -> str:
        try:
            return self.by_path[path]
        except KeyError:
            message = f"there is no phrase {path}"
            raise SetupError(message, file=f"phrases, {self.language}", code="TPL_PHRASES") from None


def load_phrases(texts: Mapping[str, str], name: str = "phrases") -> Phrases:
    """The phrases of a language from its files (file name -> text); `name` is how messages call the whole.

    Raises:
        SetupError: no TOML; a phrase missing, written twice, no text, or with a placeholder its table does not know.

    """
    by_path: dict[str, str] = {}
    for file, text in sorted(texts.items()):
        of_file = dict(_flat(_parsed(text, file), file))
        _check_placeholders(of_file, file)
        for path in sorted(of_file.keys() & by_path.keys()):
            message = "this phrase stands in another file, too"
            raise SetupError(message, file=file, field=path, code="TPL_PHRASES")
        by_path |= of_file
    _check_complete(by_path, name)
    return Phrases(
        language=by_path["language"],
        decimal_mark=by_path["decimal_mark"],
        date_form=by_path["date_form"],
        by_path=MappingProxyType(by_path),
    )


def _parsed(text: str, file: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = f"this is no valid TOML: {error}"
        raise SetupError(message, file=file, code="TPL_PHRASES") from None


def _flat(table: Mapping[str, object], name: str, path: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        here = f"{path}{key}"
        if isinstance(value, dict):
            yield from _flat(value, name, f"{here}.")
        elif isinstance(value, str):
            yield here, value
        else:
            message = "a phrase is a text in quotes"
            raise SetupError(message, file=name, field=here, code="TPL_PHRASES")


def _check_complete(by_path: Mapping[str, str], name: str) -> None:
    groups = {path.rpartition(".")[0] for path in by_path}
    missing = sorted((REQUIRED - by_path.keys()) | (REQUIRED_GROUPS - groups))
    if missing:
        message = f"{len(missing)} phrases are missing, the first is {missing[0]}"
        raise SetupError(message, file=name, field=missing[0], code="TPL_PHRASES")


def _check_placeholders(by_path: Mapping[str, str], name: str) -> None:
    for path, phrase in by_path.items():
        for placeholder in _placeholders(phrase, path, name):
            if placeholder not in PLACEHOLDERS.get(path.partition(".")[0], frozenset()):
                message = f"{{{placeholder}}} cannot stand in this phrase"
                raise SetupError(message, file=name, field=path, code="TPL_PHRASES")


def _placeholders(phrase: str, path: str, name: str) -> list[str]:
    """The placeholders of a phrase: plain names, without format, attribute or index."""
    try:
        parts = list(_FORMATTER.parse(phrase))
    except ValueError:
        message = "a brace is not closed; a brace to be printed is written twice"
        raise SetupError(message, file=name, field=path, code="TPL_PHRASES") from None
    if any(format_spec or conversion for _, _, format_spec, conversion in parts):
        message = "a placeholder is a plain name in braces"
        raise SetupError(message, file=name, field=path, code="TPL_PHRASES")
    return [placeholder for _, placeholder, _, _ in parts if placeholder is not None]
