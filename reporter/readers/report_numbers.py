"""Numbers of a structured report (PS3.3 C.18.1): one exact value and one unit by its code, or the reason why not.

A number may be given as text, as binary floating point and as a fraction; they must agree.  The text is the value: it
is exact, and it is what the user saw.
"""

from __future__ import annotations

import math
import re
import struct
from decimal import Decimal
from typing import NamedTuple

from reporter.case.source import Source
from reporter.readers.content_fields import (
    FLOATING_POINT,
    MEASURED_VALUE,
    NUMERIC,
    RATIONAL_DENOMINATOR,
    RATIONAL_NUMERATOR,
    UNITS,
    Fields,
)
from reporter.readers.content_tree import ContentItem, ContentTree
from reporter.readers.report_codes import Concept

_DECIMAL = re.compile(r"[+-]?(\d{1,24}(\.\d{0,24})?|\.\d{1,24})([eE][+-]?\d{1,2})?", re.ASCII)
"""A DS (PS3.5 section 6.2); some programs write more than its 16 characters, which loses nothing."""
_CLOSE = 1e-12
"""Text and binary form of one number may differ where the text ran out of characters, which is far behind this."""
_DOUBLE = 8
_SINGLE_MAX = 1e38
_SHOWN = 64


class Number(NamedTuple):
    """One NUM item."""

    name: Concept | None
    shown: str
    """Name, value and unit as given, for messages."""
    value: Decimal | None
    unit: Concept | None
    fault: str | None
    """Code of the issue that takes the value away."""
    source: Source


def is_number(item: ContentItem) -> bool:
    """Whether an item is a number, or carries one without saying so."""
    return item.value_type == "NUM" or MEASURED_VALUE in item.fields.sequences


def number_of(tree: ContentTree, item: ContentItem, name: str) -> Number:
    """The number of an item; `name` is its concept name as it can be shown.

    Missing, empty, doubled or unreadable values, a missing value type and a missing name are the fault SR_NUM; forms of
    the value that differ are the fault SR_VALUE_CONFLICT.
    """
    only = item.fields.code(MEASURED_VALUE)
    given = only.ascii(NUMERIC) if only else ""
    unit = only.concept(UNITS) if only else None
    shown = (name, _printable(given), _printable(unit[0]) if unit else "")
    value = Decimal(given) if _DECIMAL.fullmatch(given) else None
    fault = None
    if value is None or item.value_type != "NUM":
        fault = "SR_NUM"
    elif only is not None and not _agrees(only, value, big_endian=tree.big_endian):
        fault = "SR_VALUE_CONFLICT"
    return Number(
        name=item.name,
        shown=" ".join([word for word in shown if word]),
        value=None if fault else value,
        unit=unit,
        fault=fault,
        source=tree.source(item),
    )


def _printable(given: str) -> str:
    return given if given.isascii() and given.isprintable() and len(given) <= _SHOWN else "?"


def _agrees(only: Fields, value: Decimal, *, big_endian: bool) -> bool:
    """Whether the other forms of a value say the same."""
    mark = ">" if big_endian else "<"
    floating = only.values.get(FLOATING_POINT)
    if floating is not None and not _is_close(floating, value, mark):
        return False
    top, bottom = only.values.get(RATIONAL_NUMERATOR), only.values.get(RATIONAL_DENOMINATOR)
    if top is None and bottom is None:
        return True
    if top is None or bottom is None or (len(top), len(bottom)) != (4, 4):
        return False
    numerator, denominator = struct.unpack(f"{mark}i", top)[0], struct.unpack(f"{mark}I", bottom)[0]
    return denominator != 0 and math.isclose(float(value) * denominator, numerator, rel_tol=_CLOSE)


def _is_close(raw: bytes, value: Decimal, mark: str) -> bool:
    """Whether a binary number is the text's, in double or, widened, in single precision."""
    if len(raw) != _DOUBLE:
        return False
    (floating,) = struct.unpack(f"{mark}d", raw)
    text = float(value)
    if math.isclose(text, floating, rel_tol=_CLOSE):
        return True
    return bool(abs(text) < _SINGLE_MAX and struct.unpack("f", struct.pack("f", text))[0] == floating)
