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
from dataclasses import dataclass, field

from reporter.readers.container import DEFLATED_LE, EXPLICIT_LE, IMPLICIT_LE
from reporter.readers.element_walk import (
    AFTER_PIXELS,
    CONTENT_SEQUENCE,
    ITEM_MARK,
    LAST_GROUP,
    LONG_VR,
    PIXEL_DATA,
    PIXELS,
    SHORT_VR,
    VALUE_BYTES,
)
from reporter.readers.file_pieces import DEEPEST, LONGEST_HEADER, UNDEFINED, Fetch, Odd, Pieces
from reporter.readers.interface import Limits
from reporter.readers.objects import DIRECTORY_CLASS
from reporter.readers.walked_file import (
    CHARACTER_SET,
    GROUP_LENGTH,
    MEDIA_CLASS,
    SOP_CLASS,
    SYNTAX,
    Walked,
    uid_of,
)

LONGEST_VALUE = 4096
"""Bytes of a wanted value; a longer one is for the slow path to judge."""
LONGEST_SEQUENCE = 16_384
"""Bytes of a wanted sequence, which is kept whole; of a report's content as many as there are."""
_MOST_EDGES = 200_000
SHORTEST_HEADER = 8
_LIMITS = Limits()
_DATA_SET = 132
_START = bytes(128) + b"DICM"
_MEDIA_INSTANCE = 0x00020003
_ENCAPSULATED = re.compile(r"1\.2\.840\.10008\.1\.2\.(4\.[0-9]+|5|1\.98)")
_DEFLATED = frozenset({DEFLATED_LE, "1.2.840.10008.1.2.4.95", "1.2.840.10008.1.2.4.205"})
_EXPLICIT = struct.Struct("<HH2sH").unpack_from
_LONG = struct.Struct("<I").unpack_from
_META_END = 0x0002FFFF
_FIRST_PIXELS = 0x7FE00000
_PLAIN_LONG_VR = LONG_VR - {b"SQ"}
_DECIDING = frozenset({CHARACTER_SET, SOP_CLASS})
"""Attributes whose values the layout depends on: how texts are read, and whether there must be pixels."""


@dataclass(slots=True)
class _Walk(Pieces):
    """The state of a walk; offsets are of the file."""

    wanted: frozenset[int] = frozenset()
    passed: frozenset[int] = frozenset()
    forms: list[tuple[int, bytes, bool]] = field(default_factory=list)
    spans: list[int] = field(default_factory=list)
    decided: dict[int, bytes] = field(default_factory=dict)
    syntax: str = ""
    last: int = _META_END
    """The tag of the last element of the top level."""
    whole: bool = True
    pixels: bool = False
    fragments: int | None = None
    most_fragments: int = _LIMITS.items

    def file(self) -> Walked:
        """Walk the whole file."""
        if self.buffer[:_DATA_SET] != _START:
            raise Odd("no plain preamble and prefix")
        self.edges += 0, _DATA_SET
        offset = self._meta()
        self.syntax = uid_of(self.decided, SYNTAX)
        self.implicit_file = _implicit(self.syntax)
        if uid_of(self.decided, MEDIA_CLASS) == DIRECTORY_CLASS:
            raise Odd("directory")
        self._data_set(offset, implicit=self.implicit_file)
        self.leave(self.base + len(self.buffer))
        return Walked(
            data=b"".join(self.left),
            windows=tuple(self.windows),
            edges=array("I", self.edges),
            forms=tuple(self.forms),
            spans=array("I", self.spans),
            whole=self.whole,
            implicit=self.implicit_file or self.without_vr,
            decided=self.decided,
            pixels=self.pixels,
            fragments=self.fragments,
            most_fragments=self.most_fragments,
        )

    def _decide(self, tag: int, begin: int, end: int) -> None:
        """Let the walk depend on a value."""
        at = self.at(begin, end - begin)
        self.decided[tag] = self.buffer[at : at + end - begin]
        self.mark(begin, end)

    def _keep(self, tag: int, vr: bytes, begin: int, end: int, *, implicit: bool) -> None:
        """Keep the value of a wanted element."""
        self.forms.append((tag, vr, implicit))
        self.spans += begin + self.shift, end + self.shift

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
            if tag == GROUP_LENGTH and (vr, length) == (b"UL", 4):
                promised = offset + _LONG(self.decided[tag])[0]
            if tag in self.wanted:
                self._keep(tag, vr, begin, offset, implicit=False)
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
        mark, at, full = self.edges.extend, offset - self.base, len(self.buffer)
        while at <= full - LONGEST_HEADER:  # in which, where there is no VR, the begin of the value lies too
            group, number, vr, length = _EXPLICIT(buffer, at)
            begin = at + 8
            if implicit:
                vr, length = b"", _LONG(buffer, at + 4)[0]
                if buffer[begin : begin + 4] == ITEM_MARK:
                    break
            elif vr not in SHORT_VR:
                if vr not in _PLAIN_LONG_VR:
                    break
                length, begin = _LONG(buffer, begin)[0], begin + 4
            tag, end = group << 16 | number, begin + length
            if not last < tag < _FIRST_PIXELS or length == UNDEFINED:
                break
            if tag in wanted:
                if end > full or length > LONGEST_VALUE or tag in _DECIDING:
                    break
                self.forms.append((tag, vr, implicit))
                self.spans += begin + joined, end + joined
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
            self._keep(tag, vr, begin, end, implicit=implicit)
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
        if end - begin > VALUE_BYTES and tag != CONTENT_SEQUENCE:
            raise Odd("long value")
        fits = end - begin <= LONGEST_SEQUENCE or tag == CONTENT_SEQUENCE
        if fits and self.base <= begin and end - self.base <= len(self.buffer):
            self._keep(tag, b"SQ", begin, end, implicit=implicit)
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
        self._keep(tag, vr, begin, end, implicit=implicit)

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
    walk = _Walk(head, size, fetch, wanted=wanted, passed=passed)
    walk.deepest, walk.most_fragments = min(limits.depth, DEEPEST), limits.items
    found = walk.file()
    most = SHORTEST_HEADER * min(limits.elements, limits.items)
    if found.edges[-1] > most and sum(found.edges[1::2]) - sum(found.edges[::2]) > most:  # seldom: added up if need be
        raise Odd("nested too deep or too long")
    return found
