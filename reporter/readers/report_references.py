"""The objects that the content of a structured report refers to, found in its bytes for the index of an export.

The content is not taken apart: every (0008,1155) Referenced SOP Instance UID in it counts, also one that the reader of
reports leaves aside.  So these are all that a measurement may have been made on, and maybe some more.
"""

from __future__ import annotations

import struct
from typing import Final

from reporter.readers.content_fields import CONTENT, REFERENCED_INSTANCE
from reporter.readers.element_walk import LONG_VR
from reporter.readers.file_pieces import LONGEST_HEADER, Odd
from reporter.readers.values import ui

_CONTENT: Final = struct.pack("<HH", CONTENT >> 16, CONTENT & 0xFFFF)
_INSTANCE: Final = struct.pack("<HH", REFERENCED_INSTANCE >> 16, REFERENCED_INSTANCE & 0xFFFF)
_SHORT, _LONG = struct.Struct("<H").unpack_from, struct.Struct("<I").unpack_from
_LONGEST: Final = 4096
"""Bytes of a value with its padding."""


def referred_in(data: bytes, most: int) -> tuple[str, ...]:
    """The UIDs that a plain report, little endian, refers to, sorted, each once.

    Raises:
        Odd: there are more than `most` such elements, or one is too long to be a UID: its reader has to judge.

    """
    at, places = data.find(_CONTENT), []
    while at >= 0 and (at := data.find(_INSTANCE, at + len(_INSTANCE))) >= 0:
        places.append(at)
        if len(places) > most:
            raise Odd("nested too deep or too long")
    given = {_value(data, place) for place in places}
    return tuple(sorted(uid for uid in given if ui(uid)))


def _value(data: bytes, at: int) -> str:
    """The value of an element, with a VR or without one."""
    header, begin = data[at : at + LONGEST_HEADER].ljust(LONGEST_HEADER, b"\0"), at + 8
    vr = header[4:6]
    if vr in LONG_VR:
        (length,), begin = _LONG(header, 8), at + LONGEST_HEADER
    elif vr.isalpha() and vr.isupper():
        (length,) = _SHORT(header, 6)
    else:
        (length,) = _LONG(header, 4)
    if length > _LONGEST:
        raise Odd("long value")
    return data[begin : begin + length].strip(b"\0 ").decode("ascii", "replace")
