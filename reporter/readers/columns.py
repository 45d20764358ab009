"""The columns of the measurement table: name, and what its cells must be.  `--columns` maps other programs' headers."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from reporter.case.source import Source, SourceKind
from reporter.case.vocabulary import (
    BiopsyResult,
    Depth,
    ExtentChange,
    Hilum,
    Kind,
    Location,
    Modality,
    Role,
    Side,
)
from reporter.readers.interface import Refusal, refusal
from reporter.readers.sheet import IGNORED, nearest

STATUS_WORDS = (
    "measured",
    "present",
    "absent",
    "too_small",
    "not_evaluable",
    "not_imaged",
    "merged",
    "unequivocal_progression",
    "equivocal",
)

WORDS: Mapping[str, tuple[str, ...]] = {
    "modality": tuple(Modality),
    "kind": tuple(Kind),
    "side": tuple(Side),
    "location": tuple(Location),
    "depth": tuple(Depth),
    "role": tuple(Role),
    "status": STATUS_WORDS,
    "unit": ("mm", "cm"),
    "volume_unit": ("ml", "mm3"),
    "hilum": tuple(Hilum),
    "extent_change": tuple(ExtentChange),
    "biopsy_result": tuple(BiopsyResult),
}
"""Columns of words, each with the only ones it takes."""

IDENTITY = ("patient_id", "study_date", "study_uid")
TEXTS = (
    *("timepoint", "lesion_id", "organ", "merged_into", "split_from"),
    *("quality", "receptors", "birads", "clip_shape", "note"),
)
AXES = ("long_axis", "short_axis", "third_axis")
LENGTHS = (
    *AXES,
    *("nipple_distance", "cortex", "extent", "span", "skin_distance", "muscle_distance", "index_distance"),
    *("slice_thickness", "clip_displaced"),
)
NUMBERS = ("volume", "suv")
WHOLE = {"clock": range(1, 13), "cortex_type": range(1, 7)}
DATES = ("biopsy_date",)
YES_NO = ("distortion", "clip", "clip_seen", "covered_before")

ALL = (*IDENTITY, *TEXTS, *WORDS, *LENGTHS, *NUMBERS, *WHOLE, *DATES, *YES_NO)
"""Every column of the measurement table."""

_DATE_FORMS = ("YYYY-MM-DD", "YYYYMMDD")
_MAP_KEYS = ("columns", "ignore", "constants", "words", "dates")


class DateForm(StrEnum):
    """How a foreign table writes its dates."""

    ISO = "YYYY-MM-DD"
    BASIC = "YYYYMMDD"


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMap:
    """How a table's headers and words are understood; the default is the project's own table."""

    headers: Mapping[str, str] = field(default_factory=lambda: {name: name for name in ALL})
    """Header in lower case -> column; an ignored one -> "-"."""
    constants: Mapping[str, str] = field(default_factory=dict)
    """Column -> the cell that every row has, such as unit = mm."""
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Column -> foreign word in lower case -> ours."""
    dates: DateForm = DateForm.ISO


def column_map(data: bytes, file: str) -> ColumnMap:
    """A `--columns` file: TOML that says what foreign headers and words mean.

    `[columns]` has header = column; where needed `ignore` lists headers, `[constants]` has column = cell for every row,
    `[words.COLUMN]` has foreign word = ours, `[dates]` has `form`.  The project's own headers stay understood.

    Raises:
        Refusal: it is no TOML (MAP_SYNTAX), or names what is no column or form (MAP_VALUE).

    """
    source = Source(SourceKind.TABLE, file, "file")
    try:
        given = tomllib.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError):
        raise refusal("MAP_SYNTAX", source) from None
    for key in given:
        if key not in _MAP_KEYS:
            raise _bad(file, key, "one of " + ", ".join(_MAP_KEYS), nearest(key, _MAP_KEYS))
    own = {name: name for name in ALL}
    columns = _table(given, "columns", file)
    renamed = {k.strip().casefold(): _column(v, file, f"columns.{k}") for k, v in columns.items()}
    ignored = {_text(word, file, "ignore").casefold(): IGNORED for word in _list(given, file)}
    constants = _table(given, "constants", file)
    dates = _text(_table(given, "dates", file).get("form", _DATE_FORMS[0]), file, "dates.form")
    if dates not in _DATE_FORMS:
        raise _bad(file, "dates.form", " or ".join(_DATE_FORMS), "")
    return ColumnMap(
        headers={**own, **renamed, **ignored},
        constants={_column(k, file, f"constants.{k}"): _text(v, file, f"constants.{k}") for k, v in constants.items()},
        words={_column(k, file, f"words.{k}"): _words(v, file, f"words.{k}") for k, v in _words_of(given, file)},
        dates=DateForm(dates),
    )


def _words_of(given: Mapping[str, object], file: str) -> list[tuple[str, object]]:
    return list(_table(given, "words", file).items())


def _words(value: object, file: str, place: str) -> dict[str, str]:
    if not isinstance(value, dict):
        raise _bad(file, place, "a table of words", "")
    return {str(k).strip().casefold(): _text(v, file, f"{place}.{k}") for k, v in value.items()}


def _table(given: Mapping[str, object], key: str, file: str) -> dict[str, object]:
    value = given.get(key, {})
    if not isinstance(value, dict):
        raise _bad(file, key, "a table", "")
    return value


def _list(given: Mapping[str, object], file: str) -> list[object]:
    value = given.get("ignore", [])
    if not isinstance(value, list):
        raise _bad(file, "ignore", "a list of headers", "")
    return value


def _text(value: object, file: str, place: str) -> str:
    if not isinstance(value, str):
        raise _bad(file, place, "a text in quotation marks", "")
    return value.strip()


def _column(value: object, file: str, place: str) -> str:
    name = _text(value, file, place)
    if name not in ALL:
        raise _bad(file, place, "a column of the measurement table", nearest(name, ALL))
    return name


def _bad(file: str, place: str, expected: str, near: str) -> Refusal:
    return refusal("MAP_VALUE", Source(SourceKind.TABLE, file, place), expected=expected, nearest=near)
