"""Where every element of a file stands, found by one strict walk of a plain file.

A walk looks at element headers, at the few values that decide how the rest is read, and, where VRs are implicit, at
whether a value begins like an item; at nothing else.  A file that is the same in these is walked the same way.

Whatever is odd ends the walk, with the reason; `element_walk` then says what the file is.  It reads every file that is
read here, and finds the same in it.
"""

from __future__ import annotations

import re
import struct
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from reporter.readers.container import DEFLATED_LE, EXPLICIT_LE, IMPLICIT_LE, Container, container
from reporter.readers.element_walk import (
    AFTER_PIXELS,
    CONTENT_SEQUENCE,
    ITEM_MARK,
    LAST_GROUP,
    LONG_VR,
    PIXEL_DATA,
    PIXELS,
    SHORT_VR,
    Element,
)
from reporter.readers.file_pieces import DEEPEST, LONGEST_HEADER, UNDEFINED, Fetch, Odd, Pieces
from reporter.readers.interface import Limits
from reporter.readers.objects import DIRECTORY_CLASS

LONGEST_VALUE = 4096
"""Bytes of a wanted value; a longer one is for the slow path to judge."""
LONGEST_SEQUENCE = 16_384
"""Bytes of a wanted sequence, which is kept whole; of a report's content as many as there are."""
_MOST_EDGES = 200_000
SHORTEST_HEADER = 8
_LIMITS = Limits()
_DATA_SET = 132
_START = bytes(128) + b"DICM"
_GROUP_LENGTH, _MEDIA_CLASS, _MEDIA_INSTANCE, _SYNTAX = 0x00020000, 0x00020002, 0x00020003, 0x00020010
_CHARACTER_SET, _SOP_CLASS = 0x00080005, 0x00080016
_ENCAPSULATED = re.compile(r"1\.2\.840\.10008\.1\.2\.(4\.[0-9]+|5|1\.98)")
_DEFLATED = frozenset({DEFLATED_LE, "1.2.840.10008.1.2.4.95", "1.2.840.10008.1.2.4.205"})
_EXPLICIT = struct.Struct("<HH2sH").unpack_from
_LONG = struct.Struct("<I").unpack_from
_META_END = 0x0002FFFF
_PIXEL_GROUP = 0x7FE0
_DECIDING = frozenset({_CHARACTER_SET, _SOP_CLASS})
"""Attributes whose values the layout depends on: how texts are read, and whether there must be pixels."""


class Value(NamedTuple):
    """The value of a wanted element."""

    begin: int
    """In the joined pieces."""
    end: int
    vr: bytes
    """Empty where the syntax does not say."""
    implicit: bool
    """Of what is in it, where it is a sequence."""


Forms = tuple[tuple[int, bytes, bool], ...]
"""Of the wanted values of a file, in order of tags: tag, VR, and whether what is in a sequence has no VRs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """What one walk found out about a file.  It read the file in pieces; places are those in the pieces, joined."""

    data: bytes
    """The pieces, joined."""
    windows: tuple[tuple[int, int], ...]
    """Offset in the file and length of each piece behind the first one."""
    edges: array[int]
    """Begin and end, begin and end of everything the walk depended on: headers, and the few values that decide."""
    values: Mapping[int, Value]
    whole: bool
    """Whether all wanted elements that are there are among the values; a long sequence is not."""
    implicit: bool
    """Whether there are elements without VR."""
    media_class: str
    """As the file meta information says."""
    sop_class: str
    character_set: bytes
    pixels: bool
    fragments: int | None
    """Where in the file encapsulated pixels begin, which end it; None where there are none."""

    @property
    def forms(self) -> Forms:
        """All of the values but what they are."""
        return tuple([(tag, value.vr, value.implicit) for tag, value in self.values.items()])


@dataclass(slots=True)
class _Walk(Pieces):
    """The state of a walk; offsets are of the file."""

    wanted: frozenset[int] = frozenset()
    passed: frozenset[int] = frozenset()
    values: dict[int, Value] = field(default_factory=dict)
    decided: dict[int, bytes] = field(default_factory=dict)
    syntax: str = ""
    last: int = _META_END
    """The tag of the last element of the top level."""
    whole: bool = True
    pixels: bool = False
    fragments: int | None = None

    def file(self) -> Walked:
        """Walk the whole file."""
        if self.head[:_DATA_SET] != _START:
            raise Odd("no plain preamble and prefix")
        self.edges += 0, _DATA_SET
        offset = self._meta()
        self.syntax = self._decided(_SYNTAX)
        self.implicit_file = _implicit(self.syntax)
        if self._decided(_MEDIA_CLASS) == DIRECTORY_CLASS:
            raise Odd("directory")
        self._data_set(offset, implicit=self.implicit_file)
        return Walked(
            data=b"".join((self.head, *self.further)),
            windows=tuple(self.windows),
            edges=array("I", self.edges),
            values=self.values,
            whole=self.whole,
            implicit=self.implicit_file or self.without_vr,
            media_class=self._decided(_MEDIA_CLASS),
            sop_class=self._decided(_SOP_CLASS),
            character_set=self.decided.get(_CHARACTER_SET, b""),
            pixels=self.pixels,
            fragments=self.fragments,
        )

    def _decide(self, tag: int, begin: int, end: int) -> None:
        """Let the walk depend on a value."""
        at = self.at(begin, end - begin)
        self.decided[tag] = self.buffer[at : at + end - begin]
        self.mark(begin, end)

    def _decided(self, tag: int) -> str:
        return self.decided.get(tag, b"").rstrip(b"\0 ").decode("latin-1")

    # -- the two parts of a file ------------------------------------------------------------------------------

    def _meta(self) -> int:
        offset, last, promised = _DATA_SET, 0, None
        while offset < self.size:
            at = self.at(offset, 8)
            if self.buffer[at : at + 2] != b"\x02\x00":
                break
            tag, vr, length, begin = self.explicit(offset)
            offset = begin + length
            if tag <= last or vr == b"SQ" or length > LONGEST_VALUE or offset > self.size:
                raise Odd("file meta information")
            if tag != _MEDIA_INSTANCE:
                self._decide(tag, begin, offset)
            last = tag
            if tag == _GROUP_LENGTH and (vr, length) == (b"UL", 4):
                promised = offset + _LONG(self.decided[tag])[0]
            if tag in self.wanted:
                self.values[tag] = Value(begin + self.shift, offset + self.shift, vr, implicit=False)
        if promised != offset:
            raise Odd("length of the file meta information")
        return offset

    def _data_set(self, offset: int, *, implicit: bool) -> None:
        self._check_encoding(offset, implicit=implicit)
        while offset < self.size and self.fragments is None:
            if len(self.edges) > _MOST_EDGES:
                raise Odd("nested too deep or too long")
            offset = self._run(offset, implicit=implicit)
            if offset < self.size:
                offset = self._step(offset, implicit=implicit)
        if self.fragments is None and offset != self.size:
            raise Odd("cut short")

    def _run(self, offset: int, *, implicit: bool) -> int:
        """Pass over plain elements whose headers lie in this piece; all else is left to `_step`."""
        buffer, joined, last, wanted = self.buffer, self.base + self.shift, self.last, self.wanted
        mark, values, at, full = self.edges.extend, self.values, offset - self.base, len(self.buffer)
        while at <= full - LONGEST_HEADER:  # in which, where there is no VR, the begin of the value lies too
            group, number, vr, length = _EXPLICIT(buffer, at)
            begin = at + 8
            if implicit:
                vr, length = b"", _LONG(buffer, at + 4)[0]
                if buffer[begin : begin + 4] == ITEM_MARK:
                    break
            elif vr not in SHORT_VR:
                if vr == b"SQ" or vr not in LONG_VR:
                    break
                length, begin = _LONG(buffer, begin)[0], begin + 4
            tag, end = group << 16 | number, begin + length
            if tag <= last or group >= _PIXEL_GROUP or length == UNDEFINED:
                break
            if tag in wanted:
                if end > full or tag in _DECIDING:
                    break
                values[tag] = Value(begin + joined, end + joined, vr, implicit)
            mark((at + joined, begin + joined))
            last, at = tag, end
        self.last = last
        return self.base + at

    def _step(self, offset: int, *, implicit: bool) -> int:
        """Pass over any element; the offset behind it."""
        tag, vr, length, begin = self.implicit(offset) if implicit else self.explicit(offset)
        if tag <= self.last or (tag >> 16 > LAST_GROUP and tag not in AFTER_PIXELS):
            raise Odd("elements out of order")
        self.last = tag
        if length == UNDEFINED:
            return self._undefined(tag, vr, begin, implicit=implicit)
        end = begin + length
        if tag in self.passed:
            self._pass(tag, vr, begin, end, implicit=implicit)
            return end
        if tag in PIXELS:
            self.pixels = True
        if not (implicit and tag in PIXELS) and self.is_sequence(vr, begin, length, implicit=implicit):
            return self._sequence(tag, begin, end, implicit=implicit)
        if tag in self.wanted:
            self._value(tag, vr, begin, end, implicit=implicit)
        return end

    def _pass(self, tag: int, vr: bytes, begin: int, end: int, *, implicit: bool) -> None:
        """Take a sequence for a value; a wanted one lies in this piece as a whole, or the file is not."""
        if tag in self.wanted and self.base <= begin and end - self.base <= len(self.buffer):
            self.values[tag] = Value(begin + self.shift, end + self.shift, vr, implicit)
        else:
            self.whole = False

    def _undefined(self, tag: int, vr: bytes, begin: int, *, implicit: bool) -> int:
        """Pass over an element of undefined length; the offset behind it, or where encapsulated pixels begin."""
        if tag == PIXEL_DATA:
            self._encapsulated(vr, begin)
            return begin
        if tag in self.wanted:
            self.at(begin, min(LONGEST_VALUE, self.size - begin))
        end = self.open_ended(tag, vr, begin, 0, implicit=implicit)
        self._keep_sequence(tag, begin, end, implicit=implicit or vr == b"UN")
        return end

    def _sequence(self, tag: int, begin: int, end: int, *, implicit: bool) -> int:
        """Walk a sequence of defined length; the offset behind it."""
        if tag in self.wanted:
            self.at(begin, min(end - begin, LONGEST_SEQUENCE, self.size - begin))
        self.sequence(begin, end, 0, implicit=implicit)
        self._keep_sequence(tag, begin, end, implicit=implicit)
        return end

    def _keep_sequence(self, tag: int, begin: int, end: int, *, implicit: bool) -> None:
        """Keep a wanted sequence where it is no longer than such are and lies in the piece that the walk is in."""
        if tag not in self.wanted:
            return
        fits = end - begin <= LONGEST_SEQUENCE or tag == CONTENT_SEQUENCE
        if fits and self.base <= begin and end - self.base <= len(self.buffer):
            self.values[tag] = Value(begin + self.shift, end + self.shift, b"SQ", implicit)
        else:
            self.whole = False

    def _check_encoding(self, offset: int, *, implicit: bool) -> None:
        """The first element must show what the transfer syntax says, as pydicom checks it too."""
        if offset + 8 > self.size:
            raise Odd("no data set")
        if self.shows_vr(offset) is implicit:
            raise Odd("VR against the transfer syntax")

    def _value(self, tag: int, vr: bytes, begin: int, end: int, *, implicit: bool) -> None:
        if end - begin > LONGEST_VALUE:
            raise Odd("long value")
        if tag in _DECIDING:
            self._decide(tag, begin, end)
        self.at(begin, end - begin)
        self.values[tag] = Value(begin + self.shift, end + self.shift, vr, implicit)

    def _encapsulated(self, vr: bytes, begin: int) -> None:
        if vr not in {b"OB", b"OW"} or not _ENCAPSULATED.fullmatch(self.syntax):
            raise Odd("undefined length of pixels")
        self.fragments, self.pixels = begin, True


def _implicit(syntax: str) -> bool:
    if syntax == IMPLICIT_LE:
        return True
    if syntax in _DEFLATED or not (syntax == EXPLICIT_LE or _ENCAPSULATED.fullmatch(syntax)):
        raise Odd("transfer syntax")
    return False


def walked(
    head: bytes,
    size: int,
    fetch: Fetch,
    wanted: frozenset[int],
    limits: Limits = _LIMITS,
    passed: frozenset[int] = frozenset(),
) -> Walked:
    """Walk a file of `size` bytes, of which `head` are the first, to its exact end, or to its encapsulated pixels.

    Sequences of the tags that are `passed` over are taken for values where their length is defined: nothing is known
    of what is in them.  A file with one that is not wanted is not whole.

    Raises:
        Odd: anything is other than in a plain file, or over a limit.

    """
    found = _Walk(head, size, fetch, head, wanted=wanted, passed=passed, deepest=min(limits.depth, DEEPEST)).file()
    if sum(found.edges[1::2]) - sum(found.edges[::2]) > SHORTEST_HEADER * min(limits.elements, limits.items):
        raise Odd("nested too deep or too long")
    return found


def container_of(forms: Forms, values: Iterable[bytes], *, pixels: bool) -> Container:
    """What `container.walk` finds in a file that was walked, or whose walk takes the same path, with its own values."""
    found = zip(forms, values, strict=True)
    return container({tag: Element(vr, value, implicit) for (tag, vr, implicit), value in found}, pixels=pixels)
