"""Own parsers for the value representations that are used (PS3.5 section 6.2), stricter than the libraries'.

Each takes the text of one element and gives the value, or None where it is none; nothing is repaired or guessed.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
import warnings
from decimal import Decimal

from reporter.readers import character_sets

_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_OLD_DATE = re.compile(r"(\d{4})\.(\d{2})\.(\d{2})", re.ASCII)
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_TIME = re.compile(r"(\d{2})(?:(\d{2})(?:(\d{2})(?:\.(\d{1,6}))?)?)?", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?", re.ASCII)
_DECIMAL_CHARACTERS = 16
_UID = re.compile(r"[0-9]+(\.[0-9]+)*", re.ASCII)
_UID_CHARACTERS = 64
_YEARS = range(1850, 2200)
_ESCAPE = 0x1B
_ASCII_TERMS = frozenset({"", "ISO_IR 6", "ISO 2022 IR 6"})
_MOJIBAKE = re.compile(r"[\u00c3\u00c2][\u0080-\u00bf]|\u00e2\u0080|\ufffd|[\u0080-\u009f]")
MARK = "\ufffd"
_INVISIBLE = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # direction
    "\u200b\u2060\u2061\u2062\u2063\u2064\ufeff"  # no width
)


def _day(match: re.Match[str] | None) -> dt.date | None:
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups())
    try:
        return dt.date(year, month, day) if year in _YEARS else None
    except ValueError:
        return None


def da(text: str) -> dt.date | None:
    """A DA of eight digits that is a real date."""
    return _day(_DATE.fullmatch(text))


def old_da(text: str) -> dt.date | None:
    """A date as ACR-NEMA wrote it, 2024.01.05 (PS3.5 table 6.2-1: accepted for backward compatibility)."""
    return _day(_OLD_DATE.fullmatch(text))


def iso_date(text: str) -> dt.date | None:
    """A date as tables and facts write it, 2024-01-05."""
    return _day(_ISO_DATE.fullmatch(text))


def tm(text: str) -> dt.time | None:
    """A TM that is a real time of day, at least of an hour."""
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    hour, minute, second, fraction = match.groups(default="0")
    try:
        return dt.time(int(hour), int(minute), int(second), int(fraction.ljust(6, "0")))
    except ValueError:
        return None


def ds(text: str) -> Decimal | None:
    """One DS, exact."""
    if len(text) > _DECIMAL_CHARACTERS or not _DECIMAL.fullmatch(text):
        return None
    return Decimal(text)


def ui(text: str) -> str | None:
    """A UID of digits and dots, up to 64 of them; never used as a path."""
    return text if len(text) <= _UID_CHARACTERS and _UID.fullmatch(text) else None


def cleaned(text: str, *, lines: bool = False) -> str:
    """`text` with every control, bidirectional and unassigned character replaced by a visible mark.

    `lines` keeps line breaks and tabs, for words that a person typed.
    """
    if text.isascii() and text.isprintable():
        return text
    kept = "\n\t" if lines else ""
    whole = text.replace("\r\n", "\n") if lines else text
    return "".join(MARK if c not in kept and _unfit(c) else c for c in whole)


def _unfit(character: str) -> bool:
    return character in _INVISIBLE or unicodedata.category(character) in {"Cc", "Cs", "Cn", "Zl", "Zp"}


def decoded(raw: bytes, terms: tuple[str, ...]) -> tuple[str, bool]:
    """The text of raw bytes in the character sets of (0008,0005), and whether that can be trusted.

    Undeclared and wrongly declared text is shown as well as it can be, and said to be doubtful.
    """
    if raw.isascii() and _ESCAPE not in raw:
        return raw.decode("ascii"), True
    if terms == ("ISO_IR 192",):
        return _by_codec(raw, "utf-8")
    if not terms or set(terms) <= _ASCII_TERMS:
        return _undeclared(raw), False
    if terms == ("ISO_IR 100",):
        text = raw.decode("latin-1")
        return text, not _MOJIBAKE.search(text)
    try:
        text = character_sets.decoded(raw, character_sets.codecs_of(_written(terms)), character_sets.PARTS)
    except character_sets.NotDecoded:
        return _by_pydicom(raw, terms)
    return text, not _MOJIBAKE.search(text)


def _written(terms: tuple[str, ...]) -> bytes:
    return "\\".join(terms).encode("ascii", "replace")


def _by_codec(raw: bytes, codec: str) -> tuple[str, bool]:
    try:
        text = raw.decode(codec)
    except UnicodeDecodeError:
        return raw.decode(codec, "replace"), False
    return text, not _MOJIBAKE.search(text)


def _undeclared(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _by_pydicom(raw: bytes, terms: tuple[str, ...]) -> tuple[str, bool]:
    """What is not put rightly (PS3.5 6.1.2.5), by pydicom; loaded only where it is met."""
    from pydicom.charset import convert_encodings, decode_bytes
    from pydicom.valuerep import PN_DELIMS

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            text = decode_bytes(raw, convert_encodings(list(terms)), PN_DELIMS)
        except (ArithmeticError, AttributeError, LookupError, TypeError, UserWarning, ValueError):
            return _undeclared(raw), False
    return text, not _MOJIBAKE.search(text)
