"""Every element header of a data set, to its exact end; wanted values are kept, the others passed over.

The walk is iterative, forward only and bounded (PS3.5 section 7): it works on a ZIP entry as on a file, and on a file
that was made to exhaust it.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import NamedTuple

from reporter.case.issue import Issue, Outcome
from reporter.case.source import Source, SourceKind
from reporter.readers.byte_stream import Bytes
from reporter.readers.interface import Limits, Refusal, refusal_at

ITEM, ITEM_END, SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
ITEM_MARK = b"\xfe\xff\x00\xe0"
"""How the header of an item begins, little endian."""
PIXEL_DATA = 0x7FE00010
PIXELS = frozenset({PIXEL_DATA, 0x7FE00008, 0x7FE00009})
_DIRECTORY = 0x00041220
_MANY = frozenset({0x52009230, _DIRECTORY})
"""Sequences with an item for each frame, or for each file of a medium."""
LAST_GROUP = 0x7FFF
AFTER_PIXELS = frozenset({0xFFFAFFFA, 0xFFFCFFFC})
"""Digital signatures and trailing padding are the only elements above the private groups of pixels."""
_UNDEFINED = 0xFFFFFFFF
LONG_VR = frozenset({b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"})
SHORT_VR = frozenset({
    *(b"AE", b"AS", b"AT", b"CS", b"DA", b"DS", b"DT", b"FD", b"FL", b"IS", b"LO", b"LT", b"PN", b"SH", b"SL"),
    *(b"SS", b"ST", b"TM", b"UI", b"UL", b"US"),
})
_FRAMES_FACTOR = 20
CONTENT_SEQUENCE = 0x0040A730
"""The content of a structured report: limited as a text is."""
VALUE_BYTES = 262_144
"""A wanted value longer than this is none; the longest wanted ones are sequences of a few kB."""
_PADDING_BYTES = 1_048_576


class Element(NamedTuple):
    """A wanted element of the top level."""

    vr: bytes
    """Empty where the transfer syntax does not say."""
    value: bytes
    """Of a sequence: its items with their headers."""
    implicit: bool
    big_endian: bool = False


@dataclass(slots=True)
class _Frame:
    """A sequence or an item that the walk is inside of."""

    is_item: bool
    end: int | None
    """None: undefined length."""
    implicit: bool
    fragments: bool = False
    per_frame: bool = False
    tentative: int | None = None
    """Where to go on if its content turns out to be no sequence (implicit VR tells none)."""
    bound: int | None = None
    """The end that nothing inside may pass: its own, else that of the nearest frame around it that has one."""
    in_frames: bool = False
    """Whether it is, or is inside of, the sequence of single frames."""
    depth: int = 0
    """Sequences around it and itself."""


def tag_text(tag: int) -> str:
    """A tag as PS3.6 prints it."""
    return f"({tag >> 16:04X},{tag & 0xFFFF:04X})"


@dataclass(slots=True)
class Walk:
    """The state of a walk: what was kept, what was counted, and the sequences it is inside of."""

    source: Bytes
    wanted: frozenset[int]
    limits: Limits
    elements: dict[int, Element] = field(default_factory=dict)
    pixels: bool = False
    issues: list[Issue] = field(default_factory=list)
    count: int = 0
    items: int = 0
    frame_elements: int = 0
    last: int = 0
    """The highest tag of the top level so far."""
    stack: list[_Frame] = field(default_factory=list)
    big_endian: bool = False
    capture: tuple[int, int, bool] | None = None
    """Tag, begin and VR kind of a wanted sequence that the walk is inside of."""

    # -- the two parts of a file ------------------------------------------------------------------------------

    def meta(self, offset: int) -> int:
        """Walk group 2 (always explicit VR little endian); the offset of the data set."""
        while offset + 8 <= self.source.size and self.source.take(offset, 2) == b"\x02\x00":
            offset = self._element(offset, implicit=False)
        return offset

    def data_set(self, offset: int, *, implicit: bool, big_endian: bool) -> None:
        """Walk all elements to the exact end."""
        self.big_endian = big_endian
        self.last = 0
        while True:
            offset = self._close(offset)
            if not self.stack and offset == self.source.size:
                return
            try:
                offset = self._step(offset, implicit=implicit)
            except Refusal:
                resumed = self._leave_tentative()
                if resumed is None:
                    raise
                offset = resumed
            if offset < 0:
                return

    # -- one step ---------------------------------------------------------------------------------------------

    def _step(self, offset: int, *, implicit: bool) -> int:
        if not self.stack:
            if self._trailing(offset):
                return -1
            return self._element(offset, implicit=implicit)
        frame = self.stack[-1]
        return self._element(offset, implicit=frame.implicit) if frame.is_item else self._item(offset, frame)

    def _close(self, offset: int) -> int:
        """Leave the sequences and items of defined length that end here."""
        while self.stack:
            end = self.stack[-1].end
            if end is None or offset < end:
                break
            if offset > end:
                self._overrun(offset)
                offset = end
            self._pop(offset)
        return offset

    def _overrun(self, offset: int) -> None:
        if self.stack[-1].tentative is None:
            raise self.source.truncated(offset)

    def _pop(self, offset: int) -> None:
        self.stack.pop()
        if not self.stack and self.capture is not None:
            tag, begin, implicit = self.capture
            self.capture = None
            self._keep(tag, b"SQ", begin, offset - begin, implicit=implicit)

    def _leave_tentative(self) -> int | None:
        """Where to go on behind what only looked like a sequence; None where nothing did."""
        for depth, frame in enumerate(self.stack):
            if frame.tentative is not None:
                del self.stack[depth:]
                return frame.tentative
        return None

    # -- elements ---------------------------------------------------------------------------------------------

    def _element(self, offset: int, *, implicit: bool) -> int:
        tag, vr, length, begin = self._header(offset, implicit=implicit)
        nested = bool(self.stack)
        if nested and tag == ITEM_END:
            return self._end(offset, begin, item=True)
        self._counted()
        if not nested:
            self._in_order(tag, offset)
        if tag in PIXELS and not nested:
            self.pixels = True
        if length == _UNDEFINED:
            return self._open_undefined(tag, vr, begin, offset, implicit=implicit)
        end = begin + length
        if end > self.source.size or (nested and self._beyond(end)):
            raise self.source.truncated(offset)
        if vr == b"SQ" or (not vr and (nested or tag not in PIXELS) and self._items_inside(begin, end)):
            sure = bool(vr) or (not nested and tag in self.wanted)
            return self._open(tag, begin, end, implicit=implicit, tentative=None if sure else end)
        if not nested and tag in self.wanted:
            self._keep(tag, vr, begin, length, implicit=implicit)
        return end

    def _header(self, offset: int, *, implicit: bool) -> tuple[int, bytes, int, int]:
        """Tag, VR (empty where implicit), length and begin of the value of the element at `offset`."""
        mark = ">" if self.big_endian else "<"
        group, number, vr, short = struct.unpack(f"{mark}HH2sH", self.source.take(offset, 8))
        tag = group << 16 | number
        if implicit or group == ITEM >> 16:
            (length,) = struct.unpack(f"{mark}I", self.source.take(offset + 4, 4))
            return tag, b"", length, offset + 8
        if vr in SHORT_VR:
            return tag, vr, short, offset + 8
        if vr in LONG_VR:
            (length,) = struct.unpack(f"{mark}I", self.source.take(offset + 8, 4))
            return tag, vr, length, offset + 12
        raise refusal_at("DCM_BAD_VR", SourceKind.HEADER, self.source.file, tag_text(tag))

    def _counted(self) -> None:
        if self.stack and self.stack[-1].in_frames:
            self.frame_elements += 1
            if self.frame_elements > self.limits.elements * _FRAMES_FACTOR:
                raise self._limit("DCM_ELEMENTS", self.limits.elements * _FRAMES_FACTOR)
            return
        self.count += 1
        if self.count > self.limits.elements:
            raise self._limit("DCM_ELEMENTS", self.limits.elements)

    def _limit(self, code: str, limit: int) -> Refusal:
        for frame in self.stack:
            frame.tentative = None
        return refusal_at(code, SourceKind.HEADER, self.source.file, "data set", limit=limit)

    def _in_order(self, tag: int, offset: int) -> None:
        if tag > self.last:
            self.last = tag
        elif tag in self.wanted:
            code = "DCM_DUP_TAG" if tag in self.elements or tag == self.last else "DCM_ORDER"
            raise refusal_at(code, SourceKind.HEADER, self.source.file, tag_text(tag), offset=offset)

    def _beyond(self, end: int) -> bool:
        bound = self.stack[-1].bound
        return bound is not None and end > bound

    def _push(self, frame: _Frame) -> None:
        """Enter a sequence or an item; what holds for those around it holds for it."""
        around = self.stack[-1] if self.stack else None
        frame.bound = frame.end if frame.end is not None or around is None else around.bound
        frame.in_frames = frame.per_frame or (around is not None and around.in_frames)
        frame.depth = (around.depth if around is not None else 0) + (not frame.is_item)
        self.stack.append(frame)

    def _keep(self, tag: int, vr: bytes, begin: int, length: int, *, implicit: bool) -> None:
        limit = self.limits.text_bytes if tag in {CONTENT_SEQUENCE, _DIRECTORY} else VALUE_BYTES
        if length > limit:
            raise refusal_at("LIM_STRING", SourceKind.HEADER, self.source.file, tag_text(tag), limit=limit)
        value = self.source.take(begin, length)
        self.elements[tag] = Element(vr, value, implicit, self.big_endian)

    # -- sequences --------------------------------------------------------------------------------------------

    def _open_undefined(self, tag: int, vr: bytes, begin: int, offset: int, *, implicit: bool) -> int:
        if tag in PIXELS and vr in {b"OB", b"OW"}:
            self._push(_Frame(is_item=False, end=None, implicit=implicit, fragments=True))
            return begin
        if vr not in {b"SQ", b"UN", b""}:
            raise self.source.truncated(offset)
        return self._open(tag, begin, None, implicit=implicit or vr == b"UN")

    def _open(self, tag: int, begin: int, end: int | None, *, implicit: bool, tentative: int | None = None) -> int:
        if self.stack and self.stack[-1].depth >= self.limits.depth:
            raise self._limit("DCM_DEPTH", self.limits.depth)
        if not self.stack and tag in self.wanted:
            self.capture = (tag, begin, implicit)
        per_frame = tag in _MANY
        self._push(_Frame(is_item=False, end=end, implicit=implicit, per_frame=per_frame, tentative=tentative))
        return begin

    def _item(self, offset: int, frame: _Frame) -> int:
        tag, _, length, begin = self._header(offset, implicit=True)
        if tag == SEQUENCE_END:
            return self._end(offset, begin, item=False)
        if tag != ITEM:
            raise self.source.truncated(offset)
        self._counted_item()
        if length == _UNDEFINED:
            if frame.fragments:
                raise self.source.truncated(offset)
            self._push(_Frame(is_item=True, end=None, implicit=frame.implicit))
            return begin
        end = begin + length
        if end > self.source.size or self._beyond(end):
            raise self.source.truncated(offset)
        if frame.fragments:
            return end
        self._push(_Frame(is_item=True, end=end, implicit=frame.implicit))
        return begin

    def _counted_item(self) -> None:
        self.items += 1
        many = self.stack[-1].in_frames or self.stack[-1].fragments
        limit = self.limits.items * (_FRAMES_FACTOR if many else 1)
        if self.items > limit:
            raise self._limit("DCM_ITEMS", limit)

    def _end(self, offset: int, begin: int, *, item: bool) -> int:
        """A delimiter ends the innermost item or sequence of undefined length, and nothing else."""
        frame = self.stack[-1]
        if frame.is_item is not item or frame.end is not None:
            raise self.source.truncated(offset)
        self._pop(begin)
        return begin

    def _items_inside(self, begin: int, end: int) -> bool:
        """Whether a value of unknown VR is made of items, by their headers alone."""
        mark = ">" if self.big_endian else "<"
        if end - begin < 8:  # ruff: ignore[magic-value-comparison] - the header of an item
            return False
        group, number = struct.unpack(f"{mark}HH", self.source.take(begin, 4))
        return bool(group << 16 | number == ITEM)

    # -- behind the last element ------------------------------------------------------------------------------

    def _trailing(self, offset: int) -> bool:
        """Whether padding ends the file here; anything else that is no element refuses it."""
        left = self.source.size - offset
        head = self.source.take(offset, min(left, 8))
        if not any(head) and left <= _PADDING_BYTES and not any(self.source.take(offset, left)):
            source = Source(SourceKind.HEADER, self.source.file, f"byte {offset}")
            self.issues.append(Issue(code="DCM_PADDING", outcome=Outcome.NOTE, source=source, operands={"bytes": left}))
            return True
        if left < 8:  # ruff: ignore[magic-value-comparison] - the header of an element
            raise self.source.refused("DCM_TRAILING" if self.pixels else "DCM_TRUNCATED", offset)
        mark = ">" if self.big_endian else "<"
        group, number = struct.unpack(f"{mark}HH", head[:4])
        tag = group << 16 | number
        foreign = group > LAST_GROUP and tag not in AFTER_PIXELS
        if foreign or (self.pixels and tag < self.last and tag not in self.wanted):
            raise self.source.refused("DCM_TRAILING", offset)
        return False
