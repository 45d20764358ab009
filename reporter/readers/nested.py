"""The few wanted sequences, item by item, from the bytes that the walk kept; the walk has checked their structure."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping

from reporter.readers.element_walk import ITEM, ITEM_END, SEQUENCE_END, Element

_UNDEFINED = 0xFFFFFFFF
_LONG_VR = frozenset({b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"})


def items(sequence: Element | None) -> Iterator[Mapping[int, Element]]:
    """The items of a sequence, each as its elements by tag; none of an absent sequence."""
    if sequence is None:
        return
    data, offset, mark = sequence.value, 0, ">" if sequence.big_endian else "<"
    while offset + 8 <= len(data):
        group, number, length = struct.unpack_from(f"{mark}HHI", data, offset)
        offset += 8
        if group << 16 | number != ITEM:
            return
        end = offset + length if length != _UNDEFINED else _item_end(data, offset, sequence)
        yield dict(_elements(data[offset:end], sequence))
        offset = end + (8 if length == _UNDEFINED else 0)


def first(sequence: Element | None) -> Mapping[int, Element]:
    """The first item of a sequence; empty where there is none."""
    return {} if sequence is None else next(items(sequence), {})


def _elements(data: bytes, like: Element) -> Iterator[tuple[int, Element]]:
    offset = 0
    while offset + 8 <= len(data):
        tag, vr, begin, end, after = _bounds(data, offset, like)
        if tag == ITEM_END:
            return
        implicit = like.implicit or vr == b"UN"
        yield tag, Element(vr, data[begin:end], implicit, like.big_endian)
        offset = after


def _bounds(data: bytes, offset: int, like: Element) -> tuple[int, bytes, int, int, int]:
    """Tag, VR, begin and end of the value, and where the next element begins."""
    mark = ">" if like.big_endian else "<"
    group, number, vr, short = struct.unpack_from(f"{mark}HH2sH", data, offset)
    tag = group << 16 | number
    if like.implicit or group == ITEM >> 16:
        vr, begin = b"", offset + 8
        (length,) = struct.unpack_from(f"{mark}I", data, offset + 4)
    elif vr in _LONG_VR:
        begin = offset + 12
        (length,) = struct.unpack_from(f"{mark}I", data, offset + 8)
    else:
        begin, length = offset + 8, short
    if length != _UNDEFINED:
        return tag, vr, begin, begin + length, begin + length
    inner = Element(vr, b"", like.implicit or vr == b"UN", like.big_endian)
    end = _sequence_end(data, begin, inner)
    return tag, vr, begin, end, end + 8


def _sequence_end(data: bytes, offset: int, like: Element) -> int:
    """Where the delimiter of a sequence of undefined length stands."""
    mark = ">" if like.big_endian else "<"
    while offset + 8 <= len(data):
        group, number, length = struct.unpack_from(f"{mark}HHI", data, offset)
        if group << 16 | number == SEQUENCE_END:
            return offset
        offset += 8
        offset = offset + length if length != _UNDEFINED else _item_end(data, offset, like) + 8
    return len(data)


def _item_end(data: bytes, offset: int, like: Element) -> int:
    """Where the delimiter of an item of undefined length stands."""
    while offset + 8 <= len(data):
        tag, _, _, _, after = _bounds(data, offset, like)
        if tag == ITEM_END:
            return offset
        offset = after
    return len(data)
