"""The pieces of a file that a strict walk reads, what it depended on in them, and its way through nested elements."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO

from reporter.readers.element_walk import ITEM, ITEM_END, ITEM_MARK, LONG_VR, SEQUENCE_END, SHORT_VR
from reporter.readers.public_sequences import SEQUENCES

HEAD = 8192
"""Bytes that are read of every file; nine of ten headers lie within them."""
_FURTHER = 2048
"""Bytes of a further piece, where a long private element stands before the next header."""
UNDEFINED = 0xFFFFFFFF
LONGEST_HEADER = 12
_ITEM_GROUP = ITEM >> 16
DEEPEST = 64
"""Sequences within sequences; a walk here may be held to fewer."""
_EDGES = 200_000
_MARK_BYTES, _ITEM_BYTES = 4, 8
_EXPLICIT = struct.Struct("<HH2sH").unpack_from
_IMPLICIT = struct.Struct("<HHI").unpack_from
_LONG = struct.Struct("<I").unpack_from
_ITEM_END = b"\xfe\xff\x0d\xe0"
_ITEM_ENDED = _ITEM_END + bytes(4)
_OPEN = -1
"""The end of what is of undefined length."""

Fetch = Callable[[int, int], bytes]
"""Up to so many bytes (first) of the file at an offset (second), like `os.pread`."""


def fetching(stream: BinaryIO) -> Fetch:
    """Pieces of an open file."""

    def fetch(length: int, offset: int) -> bytes:
        stream.seek(offset)
        return stream.read(length)

    return fetch


class Odd(Exception):
    """The fast path ends here; `reason` is what it is counted under."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class Pieces:
    """A file read piece by piece, forward; offsets are of the file.

    Values are passed over, sequences are walked.  Where nothing says which of the two an element is, as where VRs are
    implicit, a value that begins like an item is a sequence.
    """

    buffer: bytes
    """The piece the walk is in; at first the head of the file."""
    size: int
    fetch: Fetch
    base: int = 0
    """Offset of the piece in the file."""
    shift: int = 0
    """From an offset in the file to the place in the joined pieces."""
    left: list[bytes] = field(default_factory=list)
    """The pieces before this one, each up to where the next begins: no byte stands in two of them."""
    windows: list[tuple[int, int]] = field(default_factory=list)
    """Their offsets and lengths."""
    deepest: int = DEEPEST
    implicit_file: bool = False
    without_vr: bool = False
    """Whether the walk came by elements without VR in a file whose syntax has them."""
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
        end = min(offset, self.base + len(self.buffer))
        self.leave(end)
        self.base, self.shift = offset, end + self.shift - offset
        self.buffer = self.fetch(max(length, min(_FURTHER, self.size - offset)), offset)
        if len(self.buffer) < length:
            raise Odd("cut short")
        return 0

    def leave(self, end: int) -> None:
        """Be done with the piece, which counts up to an offset in it or at its end."""
        if counting := self.buffer[: end - self.base]:
            self.windows.append((self.base, len(counting)))
            self.left.append(counting)

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
        at = self.at(offset, 8)  # before the piece is looked into, which may be another one then
        group, number, length = _IMPLICIT(self.buffer, at)
        self.mark(offset, offset + 8)
        return group << 16 | number, b"", length, offset + 8

    def shows_vr(self, offset: int) -> bool:
        """Whether two capital letters stand where a VR would."""
        at = self.at(offset, 8)
        return all(0x40 < letter < 0x5B for letter in self.buffer[at + 4 : at + 6])  # ruff: ignore[magic-value-comparison] - A to Z

    # -- sequences --------------------------------------------------------------------------------------------

    def is_sequence(self, vr: bytes, begin: int, length: int, *, implicit: bool) -> bool:
        """Whether an element of defined length is a sequence."""
        if not implicit:
            return vr == b"SQ"
        if length < _ITEM_BYTES:
            return False
        at = self.at(begin, _MARK_BYTES)
        return self.buffer[at : at + _MARK_BYTES] == ITEM_MARK

    def sequence(self, offset: int, end: int | None, depth: int, *, implicit: bool) -> int:
        """Walk a sequence to its end, or past its delimiter where its length is undefined; the offset behind it."""
        if depth >= self.deepest or len(self.edges) > _EDGES:
            raise Odd("nested too deep or too long")
        if not implicit and (behind := self._whole(offset, end, depth)) is not None:
            return behind
        first = offset
        while end is None or offset < end:
            item, _, length, begin = self.implicit(offset)
            if item == SEQUENCE_END and length == 0 and end is None and (offset > first or not implicit):
                return begin
            if item != ITEM:
                raise Odd("sequence without end")
            offset = self._item(begin, None if length == UNDEFINED else begin + length, depth + 1, implicit=implicit)
        if offset != end:
            raise Odd("cut short")
        return offset

    def open_ended(self, tag: int, vr: bytes, offset: int, depth: int, *, implicit: bool) -> int:
        """Walk a sequence of undefined length; the offset behind its delimiter."""
        if not (vr in {b"SQ", b"UN"} or (implicit and (tag in SEQUENCES or tag >> 16 & 1))):
            raise Odd("undefined length of a value")
        self.without_vr = self.without_vr or vr == b"UN"
        return self.sequence(offset, None, depth, implicit=implicit or vr == b"UN")

    def _item(self, offset: int, end: int | None, depth: int, *, implicit: bool) -> int:
        """Walk the elements of an item; the offset behind it."""
        first = True
        while end is None or offset < end:
            tag, vr, length, begin = self._peeked(offset, implicit=implicit)
            if tag == ITEM_END:
                if end is not None or length:
                    raise Odd("sequence without end")
                return begin
            if tag >> 16 >= _ITEM_GROUP:
                raise Odd("sequence without end")
            if first and self.shows_vr(offset) is implicit and not self.implicit_file:
                raise Odd("VR against the transfer syntax")
            first = False
            if length == UNDEFINED:
                offset = self.open_ended(tag, vr, begin, depth, implicit=implicit)
            elif self.is_sequence(vr, begin, length, implicit=implicit):
                offset = self.sequence(begin, begin + length, depth, implicit=implicit)
            else:
                offset = begin + length
        if offset != end or end > self.size:
            raise Odd("cut short")
        return offset

    def _whole(self, offset: int, end: int | None, depth: int) -> int | None:
        """Walk a sequence with VRs that lies in this piece from begin to end; None where it is anything but that."""
        marked = len(self.edges)
        try:
            return self._in_piece(offset, end, 2 * (self.deepest - depth))
        except (Odd, struct.error):
            del self.edges[marked:]
            return None

    def _in_piece(self, offset: int, end: int | None, deepest: int) -> int:
        """Open are in turn a sequence, an item of it, a sequence in this item; each is known by its end."""
        buffer, joined, at = self.buffer, self.base + self.shift, offset - self.base
        ends = [_OPEN if end is None else end - self.base]
        while ends:
            if len(ends) > deepest or at > ends[-1] != _OPEN:
                raise Odd("cut short")
            if at == ends[-1]:
                ends.pop()
            elif len(ends) % 2:
                at = self._open_item(buffer, at, joined, ends)
            else:
                at = self._elements(buffer, at, joined, ends)
        if at > len(buffer):
            raise Odd("cut short")
        return self.base + at

    def _open_item(self, buffer: bytes, at: int, joined: int, ends: list[int]) -> int:
        """Enter the next item, or leave the sequence by its delimiter."""
        group, number, length = _IMPLICIT(buffer, at)
        self.edges += at + joined, at + joined + 8
        tag = group << 16 | number
        if tag == ITEM:
            ends.append(_OPEN if length == UNDEFINED else at + 8 + length)
        elif tag == SEQUENCE_END and length == 0 and ends[-1] == _OPEN:
            ends.pop()
        else:
            raise Odd("sequence without end")
        return at + 8

    def _elements(self, buffer: bytes, at: int, joined: int, ends: list[int]) -> int:
        """Pass over the elements of an item, up to its end or to the next sequence, which is entered."""
        mark, stop = self.edges.extend, ends[-1]
        while stop == _OPEN or at < stop:
            group, _, vr, length = _EXPLICIT(buffer, at)
            begin = at + 8
            if group == _ITEM_GROUP:  # has no VR, whatever stands there
                if stop != _OPEN or buffer[at:begin] != _ITEM_ENDED:
                    raise Odd("sequence without end")
                mark((at + joined, begin + joined))
                ends.pop()
                return begin
            if vr in LONG_VR:
                length, begin = _LONG(buffer, begin)[0], at + LONGEST_HEADER
                if vr == b"SQ":
                    mark((at + joined, begin + joined))
                    ends.append(_OPEN if length == UNDEFINED else begin + length)
                    return begin
            elif vr not in SHORT_VR:
                raise Odd("unknown VR")
            mark((at + joined, begin + joined))
            at = begin + length  # of undefined length, as what is not plain may be, this is behind any end
        return at

    def _peeked(self, offset: int, *, implicit: bool) -> tuple[int, bytes, int, int]:
        """An element of an item, or the delimiter that has no VR."""
        at = self.at(offset, 8)
        if implicit or self.buffer[at : at + 4] == _ITEM_END:
            return self.implicit(offset)
        return self.explicit(offset)


def check_fragments(offset: int, size: int, fetch: Fetch, most: int) -> None:
    """Pass over encapsulated pixels (PS3.5 A.4) in at most so many pieces, which must end with the file.

    Raises:
        Odd: they do not, or are in very many pieces.

    """
    for _ in range(most):
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
    raise Odd("pixels in very many pieces")
