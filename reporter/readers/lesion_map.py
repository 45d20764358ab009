"""The lesion map: what the labels of structured reports mean (TOML or CSV).

In TOML every table is a label:

    ["N1 left axilla"]
    lesion_id = "N1"
    kind = "node"
    side = "left"

In CSV the columns are label, lesion_id, kind, side, location, role.  Only `lesion_id` has a default: the label itself.
A label is matched as it is printed, blanks at its ends and doubled ones apart.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TypeVar

from reporter.case.source import Source, SourceKind
from reporter.case.vocabulary import Kind, Location, Role, Side
from reporter.readers.interface import Limits, Refusal, refusal
from reporter.readers.report_parts import LesionMap, MapEntry
from reporter.readers.sheet import decoded_text, nearest, read_csv
from reporter.readers.values import cleaned

_LABEL: Final = "label"
_KEYS: Final = ("lesion_id", "kind", "side", "location", "role")
_COLUMNS: Final[Mapping[str, str]] = MappingProxyType({name: name for name in (_LABEL, *_KEYS)})
_SHOWN = 64

Word = TypeVar("Word", bound=StrEnum)


def lesion_map(data: bytes, file: str, limits: Limits, encoding: str | None = None) -> LesionMap:
    """The entries of a lesion map by label.

    Raises:
        Refusal: it is no TOML (MAP_SYNTAX) or table (CSV_...), names a label twice (MAP_LABEL_TWICE), or holds a key or
            word that is none of its own (MAP_VALUE).

    """
    is_table = file.lower().endswith((".csv", ".tsv"))
    given = _rows(data, file, limits, encoding) if is_table else _tables(data, file)
    entries: dict[str, MapEntry] = {}
    for label, keys, source in given:
        shown = cleaned(" ".join(label.split()))
        if shown in entries:
            raise refusal("MAP_LABEL_TWICE", source, label=shown[:_SHOWN], other_place=entries[shown].source.place)
        if not shown or len(shown) > limits.string:
            raise _bad(source, "a label of a structured report", "")
        entries[shown] = _entry(shown, keys, source)
        if len(entries) > limits.lesions:
            raise refusal("LIM_LESIONS", source, limit=limits.lesions)
    return MappingProxyType(entries)


_Given = Iterator[tuple[str, Mapping[str, object], Source]]


def _tables(data: bytes, file: str) -> _Given:
    try:
        given = tomllib.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise refusal("MAP_SYNTAX", Source(SourceKind.LESION_MAP, file, "file")) from None
    for label, keys in given.items():
        source = Source(SourceKind.LESION_MAP, file, f'"{cleaned(label)[:_SHOWN]}"')
        if not isinstance(keys, dict):
            raise _bad(source, "a table for each label", "")
        for key in keys:
            if key not in _KEYS:
                raise _bad(source, "one of " + ", ".join(_KEYS), nearest(key, _KEYS))
        yield label, keys, source


def _rows(data: bytes, file: str, limits: Limits, encoding: str | None) -> _Given:
    text = decoded_text(data, Source(SourceKind.LESION_MAP, file, "file"), encoding)
    sheet = read_csv(text, file, _COLUMNS, limits, SourceKind.LESION_MAP)
    if _LABEL not in sheet.columns:
        raise refusal("CSV_MISSING_COLUMN", sheet.source("row 1"), column=_LABEL)
    for record in sheet.records:
        keys = {key: cell for key, cell in record.cells.items() if key != _LABEL}
        yield record.cells.get(_LABEL, ""), keys, sheet.source(record.place)


def _entry(label: str, keys: Mapping[str, object], source: Source) -> MapEntry:
    lesion_id = keys.get("lesion_id", label)
    if not isinstance(lesion_id, str) or not lesion_id.strip():
        raise _bad(source, "lesion_id: a text in quotation marks", "")
    return MapEntry(
        label=label,
        lesion_id=cleaned(" ".join(lesion_id.split())),
        kind=_word(keys, "kind", Kind, source),
        side=_word(keys, "side", Side, source),
        location=_word(keys, "location", Location, source),
        role=_word(keys, "role", Role, source),
        source=source,
    )


def _word(keys: Mapping[str, object], key: str, words: type[Word], source: Source) -> Word | None:
    given = keys.get(key)
    if given is None:
        return None
    for word in words:
        if isinstance(given, str) and word.value.casefold() == given.strip().casefold():
            return word
    near = nearest(given, tuple(words)) if isinstance(given, str) else ""
    raise _bad(source, f"{key}: one of " + ", ".join(words), near)


def _bad(source: Source, expected: str, near: str) -> Refusal:
    return refusal("MAP_VALUE", source, expected=expected, nearest=near)
