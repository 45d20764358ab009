"""How many dots a picture has, from its first bytes: a small file may unfold to more than a computer can hold."""

import re
import struct
from typing import Final

_PLACES: Final = {
    b"\x89PNG\r\n\x1a\n": (16, struct.Struct(">2I")),
    b"GIF8": (6, struct.Struct("<2H")),
    b"BM": (18, struct.Struct("<2i")),
}
"""How a file begins -> where its width and height stand, and in which form."""
_SIZE_IN_JPEG: Final = struct.Struct(">2H")
_MARKER: Final = re.compile(rb"\xff+([^\x00\xff])")
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of a JPEG behind which the size stands (ISO/IEC 10918-1, table B.1)."""
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD9)})
"""Markers that have no length."""


def pixels(content: bytes) -> int:
    """Width by height of a PNG, JPEG, GIF or BMP; 0 of any other."""
    try:
        wide, high = _size(content)
    except struct.error:
        return 0
    return abs(wide * high)


def _size(content: bytes) -> tuple[int, int]:
    """Width and height; raises struct.error where the file ends before."""
    if content.startswith(b"\xff\xd8"):
        return _size_of_jpeg(content)
    for mark, (place, form) in _PLACES.items():
        if content.startswith(mark):
            wide, high = form.unpack_from(content, place)
            return wide, high
    return 0, 0


def _size_of_jpeg(content: bytes) -> tuple[int, int]:
    """The size in the first frame; no size where there is none."""
    at = 2
    while marker := _MARKER.search(content, at):
        at = marker.end()
        if marker[1][0] in _FRAMES:
            high, wide = _SIZE_IN_JPEG.unpack_from(content, at + 3)
            return wide, high
        if marker[1][0] not in _ALONE:
            at += struct.unpack_from(">H", content, at)[0]
    return 0, 0
