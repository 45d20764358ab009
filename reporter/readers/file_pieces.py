"""The pieces of a file that a strict walk reads, what it depended on in them, and its way through nested elements."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass, field

from reporter.readers.element_walk import ITEM, ITEM_END, LONG_VR, SEQUENCE_END, SHORT_VR
from reporter.readers.public_sequences import SEQUENCES

HEAD = 8192
"""Bytes that are read of every file; nine of ten headers lie within them."""
_FURTHER = 2048
"""Bytes of a further piece, where a long private element stands before the next header."""
UNDEFINED = 0xFFFFFFFF
LONGEST_HEADER = 12
_ITEM_GROUP = ITEM >> 16
_DEPTH = 64
_EDGES = 200_000
_EXPLICIT = struct.Struct("<HH2sH").unpack_from
_IMPLICIT = struct.Struct("<HHI").unpack_from
_LONG = struct.Struct("<I").unpack_from
_ITEM_END = b"\xfe\xff\x0d\xe0"

Fetch = Callable[[int, int], bytes]
"""Up to so many bytes (first) of the file at an offset (second), like `os.pread`."""


class Odd(Exception):
    """The fast path ends here; `reason` is what it is counted under."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class Pieces:
    """A file read piece by piece, forward; offsets are of the file.

    Values are passed over.  Sequences of undefined length are walked, for only their delimiters tell where they end;
    those of defined length are passed over as values.
    """

    head: bytes
    """The first piece."""
    size: int
    fetch: Fetch
    buffer: bytes
    """The piece the walk is in."""
    base: int = 0
    """Offset of the piece in the file."""
    shift: int = 0
    """From an offset in the file to the place in the joined pieces."""
    further: list[bytes] = field(default_factory=list)
    windows: list[tuple[int, int]] = field(default_factory=list)
    """Offset and length of the further pieces."""
    implicit_file: bool = False
    edges: list[int] = field(default_factory=list)
    """Begin and end, begin and end, in the joined pieces, of what the walk depended on."""

    # -- bytes ------------------------------------------------------------------------------------------------

    def at(self, offset: int, length: int) -> int:
        """Where in the piece the bytes at an offset stand; a further piece is read where they are not in this one."""
        at = offset - self.base
        if at + length <= len(self.buffer):
            return at
        if offset + length > self.size:
            raise Odd("cut short")
        joined = self.base + self.shift + len(self.buffer)
        self.base, self.shift = offset, joined - offset
        self.buffer = self.fetch(max(length, min(_FURTHER, self.size - offset)), offset)
        if len(self.buffer) < length:
            raise Odd("cut short")
        self.windows.append((offset, len(self.buffer)))
        self.further.append(self.buffer)
        return 0

    def mark(self, begin: int, end: int) -> None:
        """Let the layout depend on bytes of this piece."""
        if self.edges[-1] == begin + self.shift:
            self.edges[-1] = end + self.shift
        else:
            self.edges += begin + self.shift, end + self.shift

    # -- elements ---------------------------------------------------------------------------------------------

    def explicit(self, offset: int) -> tuple[int, bytes, int, int]:
        """Tag, VR, length and begin of the value."""
        at = self.at(offset, 8)
        group, number, vr, length = _EXPLICIT(self.buffer, at)
        begin = offset + 8
        if vr in LONG_VR:
            at, begin = self.at(offset, 12), offset + 12
            length = _LONG(self.buffer, at + 8)[0]
        elif vr not in SHORT_VR:
            raise Odd("unknown VR")
        self.mark(offset, begin)
        return group << 16 | number, vr, length, begin

    def implicit(self, offset: int) -> tuple[int, bytes, int, int]:
        """The same of a header without VR, as items have it too."""
        group, number, length = _IMPLICIT(self.buffer, self.at(offset, 8))
        self.mark(offset, offset + 8)
        return group << 16 | number, b"", length, offset + 8

    def shows_vr(self, offset: int) -> bool:
        """Whether two capital letters stand where a VR would."""
        at = self.at(offset, 8)
        return all(0x40 < letter < 0x5B for letter in self.buffer[at + 4 : at + 6])  # ruff: ignore[magic-value-comparison] - A to Z

    # -- sequences of undefined length; those of defined length are passed over as values -------------------------

    def sequence(self, tag: int, vr: bytes, offset: int, depth: int, *, implicit: bool) -> int:
        """Walk a sequence of undefined length; the offset behind its delimiter."""
        if depth >= _DEPTH or len(self.edges) > _EDGES:
            raise Odd("nested too deep or too long")
        if not (vr in {b"SQ", b"UN"} or (implicit and (tag in SEQUENCES or tag >> 16 & 1))):
            raise Odd("undefined length of a value")
        first = offset
        while True:
            item, _, length, begin = self.implicit(offset)
            if item == SEQUENCE_END and length == 0 and (offset > first or not implicit):
                return begin
            if item != ITEM:
                raise Odd("sequence without end")
            inner = implicit or vr == b"UN"
            offset = self._item(begin, None if length == UNDEFINED else begin + length, depth + 1, implicit=inner)

    def _item(self, offset: int, end: int | None, depth: int, *, implicit: bool) -> int:
        """Walk the elements of an item; the offset behind it."""
        first = True
        while end is None or offset < end:
            tag, vr, length, begin = self._peeked(offset, implicit=implicit)
            if tag == ITEM_END:
                if end is not None or length:
                    raise Odd("sequence without end")
                return begin
            if tag >= ITEM:
                raise Odd("sequence without end")
            if first and self.shows_vr(offset) is implicit and not self.implicit_file:
                raise Odd("VR against the transfer syntax")
            first = False
            if length == UNDEFINED:
                offset = self.sequence(tag, vr, begin, depth, implicit=implicit)
            else:
                offset = self._plain(begin + length, end or self.size, implicit=implicit)
        if offset != end or end > self.size:
            raise Odd("cut short")
        return offset

    def _plain(self, offset: int, end: int, *, implicit: bool) -> int:
        """Pass over the plain elements of an item whose headers lie in this piece."""
        buffer, joined, mark, at = self.buffer, self.base + self.shift, self.edges.extend, offset - self.base
        stop = min(end - self.base, len(buffer) - LONGEST_HEADER + 1)
        while at < stop:
            group, _, vr, length = _EXPLICIT(buffer, at)
            begin = at + 8
            if implicit:
                length = _LONG(buffer, at + 4)[0]
            elif vr in LONG_VR:
                length, begin = _LONG(buffer, begin)[0], begin + 4
            elif vr not in SHORT_VR:
                break
            if length == UNDEFINED or group == _ITEM_GROUP:
                break
            mark((at + joined, begin + joined))
            at = begin + length
        return self.base + at

    def _peeked(self, offset: int, *, implicit: bool) -> tuple[int, bytes, int, int]:
        """An element of an item, or the delimiter that has no VR."""
        at = self.at(offset, 8)
        if implicit or self.buffer[at : at + 4] == _ITEM_END:
            return self.implicit(offset)
        return self.explicit(offset)


def check_fragments(offset: int, size: int, fetch: Fetch) -> None:
    """Pass over encapsulated pixels (PS3.5 A.4), which must end with the file.

    Raises:
        Odd: they do not.

    """
    while True:
        header = fetch(8, offset)
        if len(header) < 8:  # ruff: ignore[magic-value-comparison] - the header of an item
            raise Odd("cut short")
        group, number, length = _IMPLICIT(header)
        offset += 8
        tag = group << 16 | number
        if tag == SEQUENCE_END and length == 0 and offset == size:
            return
        if tag != ITEM or length == UNDEFINED:
            raise Odd("pixels do not end with the file")
        offset += length
