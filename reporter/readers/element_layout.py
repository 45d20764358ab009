"""Where every element of a file stands: found by one strict walk, and good for each file whose headers are byte-equal.

A walk looks at element headers alone.  If all headers it looked at stand at the same places in another file with the
same bytes, a walk of that file would take the same path; so its values can be taken from the same places without a
walk.  This is no guess: nothing that a walk depends on is left out of the comparison, the length of the file included.

The walk is narrower than the one that reads a header for a draft.  Whatever is odd ends it, with the reason; the slow
path then says what the file is.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from reporter.readers.container import DEFLATED_LE, EXPLICIT_LE, IMPLICIT_LE
from reporter.readers.element_walk import ITEM, ITEM_END, LONG_VR, PIXEL_DATA, PIXELS, SEQUENCE_END, SHORT_VR

HEAD = 8192
"""Bytes that are read of every file; nine of ten headers lie within them."""
_FURTHER = 4096
"""Bytes of a further read, where a long private element stands before the next header."""
_DATA_SET = 132
_START = bytes(128) + b"DICM"
_UNDEFINED = 0xFFFFFFFF
_DEPTH = 64
_HEADERS = 100_000
_GROUP_LENGTH, _MEDIA_CLASS, _MEDIA_INSTANCE, _SYNTAX = 0x00020000, 0x00020002, 0x00020003, 0x00020010
_CHARACTER_SET, _SOP_CLASS = 0x00080005, 0x00080016
_DIRECTORY = 0x00041220
_ENCAPSULATED = re.compile(r"1\.2\.840\.10008\.1\.2\.(4\.[0-9]+|5|1\.98)")
_DEFLATED = frozenset({DEFLATED_LE, "1.2.840.10008.1.2.4.95", "1.2.840.10008.1.2.4.205"})
_EXPLICIT = struct.Struct("<HH2sH").unpack_from
_IMPLICIT = struct.Struct("<HHI").unpack_from
_LONG = struct.Struct("<I").unpack_from

SEQUENCES = frozenset({
    *(0x00081032, 0x00081110, 0x00081111, 0x00081115, 0x00081120, 0x00081140, 0x0008114A, 0x00081199, 0x00081250),
    *(0x00082112, 0x00082218, 0x00082220, 0x00082228, 0x00089215, 0x00089092, 0x00089124, 0x00089237, 0x00081084),
    *(0x00082229, 0x00082230, 0x00101002, 0x00100050, 0x00180012, 0x00180014, 0x00180026, 0x00186011, 0x00189004),
    *(0x00189360, 0x00209071, 0x00209111, 0x00209113, 0x00209116, 0x00209221, 0x00209222, 0x00283000),
    *(0x00283010, 0x00289110, 0x00289132, 0x00289145, 0x00321064, 0x00380004, 0x00400100, 0x00400260, 0x00400275),
    *(0x00400321, 0x00400555, 0x00400560, 0x00400610, 0x00400612, 0x00401011, 0x00409096),
    *(0x0040A043, 0x0040A073, 0x0040A088, 0x0040A168, 0x0040A300, 0x0040A360, 0x0040A370, 0x0040A372, 0x0040A375),
    *(0x0040A385, 0x0040A504, 0x0040A730, 0x0040B020, 0x00540220, 0x00540222, 0x00540410, 0x00540016),
    *(0x00880200, 0x20500010, 0x52009229, 0x52009230),
})
"""Public sequences; where VRs are implicit, only they and private ones are taken for sequences of undefined length."""

Fetch = Callable[[int, int], bytes]
"""Up to so many bytes (first) of the file at an offset (second), like `os.pread`."""


class Odd(Exception):
    """The fast path ends here; `reason` is what it is counted under."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Value:
    """Where the value of a wanted element stands."""

    begin: int
    end: int
    vr: bytes
    """Empty where the transfer syntax does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """What one walk found out about a file; offsets are of the file."""

    headers: tuple[tuple[int, int], ...]
    """Begin and end of everything the walk depended on, in order: headers, and the few values that decide."""
    windows: tuple[tuple[int, int], ...]
    """Offset and length of the pieces that were read behind the first one."""
    values: Mapping[int, Value]
    sop_class: str
    character_set: bytes
    pixels: bool
    fragments: int | None
    """Where encapsulated pixels begin, which end the file; None where there are none."""


@dataclass(slots=True)
class _Walk:
    head: bytes
    size: int
    fetch: Fetch
    wanted: frozenset[int]
    buffer: bytes = b""
    base: int = 0
    windows: list[tuple[int, int]] = field(default_factory=list)
    marks: list[tuple[int, int]] = field(default_factory=list)
    values: dict[int, Value] = field(default_factory=dict)
    decided: dict[int, bytes] = field(default_factory=dict)
    syntax: str = ""
    pixels: bool = False
    fragments: int | None = None

    def file(self) -> Walked:
        self.buffer = self.head
        if self.head[:_DATA_SET] != _START:
            raise Odd("no plain preamble and prefix")
        self.marks.append((0, _DATA_SET))
        offset = self._meta()
        self.syntax = self._decided(_SYNTAX)
        self._data_set(offset, implicit=_implicit(self.syntax))
        return Walked(
            headers=tuple(self.marks),
            windows=tuple(self.windows),
            values=MappingProxyType(self.values),
            sop_class=self._decided(_SOP_CLASS),
            character_set=self.decided.get(_CHARACTER_SET, b""),
            pixels=self.pixels,
            fragments=self.fragments,
        )

    # -- bytes ------------------------------------------------------------------------------------------------

    def _at(self, offset: int, length: int) -> int:
        """Where in the buffer the bytes at an offset stand; more is read where they are not there yet."""
        at = offset - self.base
        if at + length <= len(self.buffer):
            return at
        if offset + length > self.size:
            raise Odd("cut short")
        self.base = offset
        self.buffer = self.fetch(max(length, min(_FURTHER, self.size - offset)), offset)
        if len(self.buffer) < length:
            raise Odd("cut short")
        self.windows.append((offset, len(self.buffer)))
        return 0

    def _decide(self, tag: int, begin: int, end: int) -> None:
        """Let the walk depend on a value."""
        at = self._at(begin, end - begin)
        self.decided[tag] = self.buffer[at : at + end - begin]
        self.marks.append((begin, end))

    def _decided(self, tag: int) -> str:
        return self.decided.get(tag, b"").rstrip(b"\0 ").decode("latin-1")

    # -- the two parts of a file ------------------------------------------------------------------------------

    def _meta(self) -> int:
        offset, last, promised = _DATA_SET, 0, None
        while offset < self.size:
            at = self._at(offset, 8)
            if self.buffer[at : at + 2] != b"\x02\x00":
                break
            tag, vr, length, begin = self._explicit(offset)
            offset = begin + length
            if tag <= last or length == _UNDEFINED or offset > self.size:
                raise Odd("file meta information out of order")
            if tag != _MEDIA_INSTANCE:
                self._decide(tag, begin, offset)
            last = tag
            if tag == _GROUP_LENGTH and (vr, length) == (b"UL", 4):
                promised = offset + _LONG(self.decided[tag])[0]
            if tag == _SYNTAX and tag in self.wanted:
                self.values[tag] = Value(begin, offset, vr)
        if promised != offset:
            raise Odd("length of the file meta information")
        return offset

    def _data_set(self, offset: int, *, implicit: bool) -> None:
        last = 0x0002FFFF
        self._check_encoding(offset, implicit=implicit)
        while offset < self.size:
            tag, vr, length, begin = self._implicit(offset) if implicit else self._explicit(offset)
            if tag <= last or tag >= ITEM or tag == _DIRECTORY:
                raise Odd("directory" if tag == _DIRECTORY else "elements out of order")
            last = tag
            if length == _UNDEFINED:
                if tag == PIXEL_DATA:
                    self._encapsulated(vr, begin)
                    return
                offset = self._sequence(tag, vr, begin, 0, implicit=implicit)
                if tag in self.wanted:
                    raise Odd("undefined length of a value")
                continue
            offset = begin + length
            if offset > self.size:
                raise Odd("cut short")
            if tag in self.wanted:
                self._value(tag, vr, begin, offset)
            elif tag in PIXELS:
                self.pixels = True

    def _check_encoding(self, offset: int, *, implicit: bool) -> None:
        """The first element must show what the transfer syntax says, as pydicom checks it too."""
        if offset + 8 > self.size:
            raise Odd("no data set")
        if self._shows_vr(offset) is implicit:
            raise Odd("VR against the transfer syntax")

    def _shows_vr(self, offset: int) -> bool:
        at = self._at(offset, 8)
        return 0x40 < self.buffer[at + 4] < 0x5B and 0x40 < self.buffer[at + 5] < 0x5B  # ruff: ignore[magic-value-comparison] - capital letters

    def _value(self, tag: int, vr: bytes, begin: int, end: int) -> None:
        if tag in {_CHARACTER_SET, _SOP_CLASS}:
            self._decide(tag, begin, end)
        elif end - begin > HEAD:
            raise Odd("long value")
        else:
            self._at(begin, end - begin)
        self.values[tag] = Value(begin, end, vr)

    def _encapsulated(self, vr: bytes, begin: int) -> None:
        if vr not in {b"OB", b"OW"} or not _ENCAPSULATED.fullmatch(self.syntax):
            raise Odd("undefined length of pixels")
        self.fragments, self.pixels = begin, True

    # -- elements ---------------------------------------------------------------------------------------------

    def _explicit(self, offset: int) -> tuple[int, bytes, int, int]:
        """Tag, VR, length and begin of the value."""
        at = self._at(offset, 8)
        group, number, vr, length = _EXPLICIT(self.buffer, at)
        begin = offset + 8
        if vr in LONG_VR:
            at, begin = self._at(offset, 12), offset + 12
            length = _LONG(self.buffer, at + 8)[0]
        elif vr not in SHORT_VR:
            raise Odd("unknown VR")
        self.marks.append((offset, begin))
        return group << 16 | number, vr, length, begin

    def _implicit(self, offset: int) -> tuple[int, bytes, int, int]:
        group, number, length = _IMPLICIT(self.buffer, self._at(offset, 8))
        self.marks.append((offset, offset + 8))
        return group << 16 | number, b"", length, offset + 8

    # -- sequences of undefined length; those of defined length are passed over as values -------------------------

    def _sequence(self, tag: int, vr: bytes, offset: int, depth: int, *, implicit: bool) -> int:
        """Walk a sequence of undefined length; the offset behind its delimiter."""
        if depth >= _DEPTH or len(self.marks) > _HEADERS:
            raise Odd("nested too deep or too long")
        if not (vr in {b"SQ", b"UN"} or (implicit and (tag in SEQUENCES or tag >> 16 & 1))):
            raise Odd("undefined length of a value")
        first = offset
        while True:
            item, _, length, begin = self._implicit(offset)
            if item == SEQUENCE_END and length == 0 and (offset > first or not implicit):
                return begin
            if item != ITEM:
                raise Odd("sequence without end")
            inner = implicit or vr == b"UN"
            offset = self._item(begin, None if length == _UNDEFINED else begin + length, depth + 1, implicit=inner)

    def _item(self, offset: int, end: int | None, depth: int, *, implicit: bool) -> int:
        """Walk the elements of an item; the offset behind it."""
        shown = False
        while end is None or offset < end:
            tag, vr, length, begin = self._peeked(offset, implicit=implicit)
            if tag == ITEM_END:
                if end is not None or length:
                    raise Odd("sequence without end")
                return begin
            if tag >= ITEM:
                raise Odd("sequence without end")
            if not shown and self._shows_vr(offset) is implicit and not self._within_implicit(implicit=implicit):
                raise Odd("VR against the transfer syntax")
            shown = True
            if length == _UNDEFINED:
                offset = self._sequence(tag, vr, begin, depth, implicit=implicit)
            else:
                offset = begin + length
        if offset != end or end > self.size:
            raise Odd("cut short")
        return offset

    def _peeked(self, offset: int, *, implicit: bool) -> tuple[int, bytes, int, int]:
        """An element of an item, or the delimiter that has no VR."""
        at = self._at(offset, 8)
        if implicit or self.buffer[at : at + 4] == b"\xfe\xff\x0d\xe0":
            return self._implicit(offset)
        return self._explicit(offset)

    def _within_implicit(self, *, implicit: bool) -> bool:
        return implicit and self.syntax == IMPLICIT_LE


def _implicit(syntax: str) -> bool:
    if syntax == IMPLICIT_LE:
        return True
    if syntax in _DEFLATED or not (syntax == EXPLICIT_LE or _ENCAPSULATED.fullmatch(syntax)):
        raise Odd("transfer syntax")
    return False


def walked(head: bytes, size: int, fetch: Fetch, wanted: frozenset[int]) -> Walked:
    """Walk a file of `size` bytes, of which `head` are the first, to its exact end, or to its encapsulated pixels.

    Raises:
        Odd: anything is other than in a plain file.

    """
    return _Walk(head, size, fetch, wanted).file()


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
        if tag != ITEM or length == _UNDEFINED:
            raise Odd("pixels do not end with the file")
        offset += length
