"""The content of a structured report as nearly all programs write it, checked and taken apart in one pass.

Plain are VRs as the dictionary has them, explicit and little endian, lengths that are defined and fit one another, and
each element once in its item.  What is plain needs no walk of its own to show that it is well formed; whatever is not
ends with `Odd`, and is left to the walk of the container and to the parser of `content_tree`, which find the same.

Most items are short, and come again and again in a document and from one to the next, as codes, sites and sizes do:
each is taken apart once.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from reporter.readers import content_fields as tags
from reporter.readers.content_fields import Fields
from reporter.readers.element_walk import ITEM_MARK, LONG_VR, SHORT_VR
from reporter.readers.file_pieces import Odd

_VRS: Final = {
    **dict.fromkeys((tags.CODE_VALUE, tags.CODING_SCHEME), b"SH"),
    **dict.fromkeys((tags.REFERENCED_CLASS, tags.REFERENCED_INSTANCE, tags.UID), b"UI"),
    **dict.fromkeys((tags.RELATIONSHIP, tags.VALUE_TYPE, tags.TEMPLATE_ID), b"CS"),
    **dict.fromkeys((tags.RATIONAL_DENOMINATOR, tags.REFERENCED_ITEM), b"UL"),
    **dict.fromkeys(tags.SEQUENCES, b"SQ"),
    tags.CODE_MEANING: b"LO",
    tags.LONG_CODE_VALUE: b"UC",
    tags.URN_CODE_VALUE: b"UR",
    tags.PERSON_NAME: b"PN",
    tags.TEXT: b"UT",
    tags.FLOATING_POINT: b"FD",
    tags.RATIONAL_NUMERATOR: b"SL",
    tags.NUMERIC: b"DS",
}
_SHORT: Final = 512
"""A longer item, in bytes, is not remembered; a size or a site has half of it."""
_REMEMBERED: Final = 2048
_ITEM_GROUP: Final = b"\xfe\xff"
_HEAD = struct.Struct("<6sH").unpack_from
_LONG = struct.Struct("<I").unpack_from
_ITEM = struct.Struct("<4sI").unpack_from


def _stands(tag: int) -> bytes:
    """How a tag stands in the file."""
    return struct.pack("<HH", tag >> 16, tag & 0xFFFF)


_FORMS: Final = {_stands(tag) + vr: (tag, vr in LONG_VR, vr == b"SQ") for tag, vr in _VRS.items()}
"""Tag and VR as they stand in the file -> tag, whether its length has four bytes, whether it is a sequence."""
_KEPT: Final = frozenset(map(_stands, tags.KEPT))


def plain_items(data: bytes, deepest: int) -> list[Fields]:
    """The items of a Content Sequence (0040,A730) or another one, with all that is wanted in them.

    At most `deepest` sequences are within one another, itself among them.

    Raises:
        Odd: the bytes are not plain.

    """
    try:
        return _items(data, 0, len(data), deepest - 1)
    except struct.error:
        raise Odd("cut short") from None


def _items(data: bytes, at: int, end: int, further: int) -> list[Fields]:
    """The items of the sequence between two places; up to `further` sequences may be within one another in it."""
    items = []
    while at < end:
        mark, length = _ITEM(data, at)
        at += 8
        stop = at + length
        if mark != ITEM_MARK or stop > end:
            raise Odd("sequence without end")
        items.append(_short(data[at:stop], further) if length <= _SHORT else _item(data, at, stop, further))
        at = stop
    return items


@lru_cache(maxsize=_REMEMBERED)
def _short(data: bytes, further: int) -> Fields:
    """A short item by itself; of the same bytes again, the same object."""
    return _item(data, 0, len(data), further)


def _item(data: bytes, at: int, stop: int, further: int) -> Fields:
    values: dict[int, bytes] = {}
    sequences: dict[int, Sequence[Fields]] = {}
    while at < stop:
        form, length = _HEAD(data, at)
        tag, is_long, is_sequence = _FORMS.get(form) or _unwanted(form)
        begin = at + 8
        if is_long:
            (length,) = _LONG(data, begin)
            begin += 4
        at = begin + length
        if at > stop or tag in values or tag in sequences:
            raise Odd("cut short")
        if is_sequence:
            if further < 1:
                raise Odd("nested too deep or too long")
            inner = _items(data, begin, at, further - 1)
            if tag:
                sequences[tag] = inner
        elif tag:
            values[tag] = data[begin:at]
    return Fields(values, sequences)


def _unwanted(form: bytes) -> tuple[int, bool, bool]:
    """The form of an element that is passed over."""
    tag, vr = form[:4], form[4:]
    if tag[:2] == _ITEM_GROUP or tag in _KEPT or not (vr in LONG_VR or vr in SHORT_VR):
        raise Odd("unknown VR")
    return 0, vr in LONG_VR, vr == b"SQ"
