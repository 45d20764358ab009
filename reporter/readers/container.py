"""The DICOM file as a container: every element header is walked to the exact end of the file, values are skipped.

A file that was cut short, or that hides an element behind another, reads without complaint in most libraries; here the
walk must end on the last byte (PS3.5 section 7, PS3.10 section 7).  Values are kept for the wanted tags only, pixels
never.  The walk is iterative, forward only and bounded, so that it works on a ZIP entry as on a file.
"""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from reporter.case.issue import Issue, Outcome
from reporter.case.source import Source, SourceKind
from reporter.readers.interface import Limits, Refusal, refusal_at

IMPLICIT_LE = "1.2.840.10008.1.2"
EXPLICIT_LE = "1.2.840.10008.1.2.1"
DEFLATED_LE = "1.2.840.10008.1.2.1.99"
EXPLICIT_BE = "1.2.840.10008.1.2.2"
_KNOWN_PREFIX = "1.2.840.10008.1.2"

ITEM, ITEM_END, SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
PIXEL_DATA = 0x7FE00010
_PIXELS = frozenset({PIXEL_DATA, 0x7FE00008, 0x7FE00009})
_PER_FRAME = 0x52009230
_TRANSFER_SYNTAX, _PATIENT_ID = 0x00020010, 0x00100020
_LAST_GROUP = 0x7FFF
_AFTER_PIXELS = frozenset({0xFFFAFFFA, 0xFFFCFFFC})
"""Digital signatures and trailing padding are the only elements above the private groups of pixels."""
_UNDEFINED = 0xFFFFFFFF
_LONG_VR = frozenset({b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"})
_SHORT_VR = frozenset({
    *(b"AE", b"AS", b"AT", b"CS", b"DA", b"DS", b"DT", b"FD", b"FL", b"IS", b"LO", b"LT", b"PN", b"SH", b"SL"),
    *(b"SS", b"ST", b"TM", b"UI", b"UL", b"US"),
})
_PREAMBLE = 128
_META_START = 132
_CHUNK = 8192
_FRAMES_FACTOR = 20
CONTENT_SEQUENCE = 0x0040A730
"""The content of a structured report: limited as a text is."""
_VALUE_BYTES = 262_144
"""A wanted value longer than this is none; the longest wanted ones are sequences of a few kB."""
_PADDING_BYTES = 1_048_576


@dataclass(frozen=True, slots=True)
class Element:
    """A wanted element of the top level."""

    vr: bytes
    """Empty where the transfer syntax does not say."""
    value: bytes
    """Of a sequence: its items with their headers."""
    implicit: bool
    big_endian: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """What the walk found."""

    elements: Mapping[int, Element]
    """The wanted ones, by tag; group 2 among them."""
    pixels: bool
    """Whether there is an element of pixels, of whatever length."""
    sha256: str
    """Of the element headers and the wanted values."""
    issues: tuple[Issue, ...] = ()


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


@dataclass(slots=True)
class _Bytes:
    """Forward-only reading in small pieces of a stream of a known length."""

    stream: BinaryIO
    size: int
    file: str
    start: int = 0
    buffer: bytes = b""
    at: int = 0
    """Position of the stream."""

    def take(self, offset: int, length: int) -> bytes:
        """`length` bytes at `offset`; the end of the file before that refuses it."""
        if offset + length > self.size:
            raise self.truncated(offset)
        begin = offset - self.start
        if begin < 0 or begin + length > len(self.buffer):
            self._fill(offset, length)
            begin = 0
        return self.buffer[begin : begin + length]

    def _fill(self, offset: int, length: int) -> None:
        keep = self.buffer[offset - self.start :] if self.start <= offset < self.start + len(self.buffer) else b""
        if not keep and offset != self.at:
            self.stream.seek(offset)
        fresh = self.stream.read(max(length - len(keep), _CHUNK))
        self.start, self.buffer = offset, keep + fresh
        self.at = offset + len(self.buffer)
        if len(self.buffer) < length:
            raise self.truncated(offset)

    def truncated(self, offset: int) -> Refusal:
        return self.refused("DCM_TRUNCATED", offset)

    def refused(self, code: str, offset: int, **operands: str | int) -> Refusal:
        return refusal_at(code, SourceKind.HEADER, self.file, f"byte {offset}", **operands)


def tag_text(tag: int) -> str:
    """A tag as PS3.6 prints it."""
    return f"({tag >> 16:04X},{tag & 0xFFFF:04X})"


@dataclass(slots=True)
class _Walk:
    source: _Bytes
    wanted: frozenset[int]
    limits: Limits
    elements: dict[int, Element] = field(default_factory=dict)
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)
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
            self.digest.update(struct.pack("<Iq", tag, -1 if length == _UNDEFINED else length))
        if tag in _PIXELS and not nested:
            self.pixels = True
        if length == _UNDEFINED:
            return self._open_undefined(tag, vr, begin, offset, implicit=implicit)
        end = begin + length
        if end > self.source.size or (nested and self._beyond(end)):
            raise self.source.truncated(offset)
        if vr == b"SQ" or (not vr and self._items_inside(begin, end)):
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
        if vr in _SHORT_VR:
            return tag, vr, short, offset + 8
        if vr in _LONG_VR:
            (length,) = struct.unpack(f"{mark}I", self.source.take(offset + 8, 4))
            return tag, vr, length, offset + 12
        raise refusal_at("DCM_BAD_VR", SourceKind.HEADER, self.source.file, tag_text(tag))

    def _counted(self) -> None:
        if any(frame.per_frame for frame in self.stack):
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
        return any(frame.end is not None and end > frame.end for frame in self.stack)

    def _keep(self, tag: int, vr: bytes, begin: int, length: int, *, implicit: bool) -> None:
        limit = self.limits.text_bytes if tag == CONTENT_SEQUENCE else _VALUE_BYTES
        if length > limit:
            raise refusal_at("LIM_STRING", SourceKind.HEADER, self.source.file, tag_text(tag), limit=limit)
        value = self.source.take(begin, length)
        self.digest.update(value)
        self.elements[tag] = Element(vr, value, implicit, self.big_endian)

    # -- sequences --------------------------------------------------------------------------------------------

    def _open_undefined(self, tag: int, vr: bytes, begin: int, offset: int, *, implicit: bool) -> int:
        if tag in _PIXELS and vr in {b"OB", b"OW"}:
            self.stack.append(_Frame(is_item=False, end=None, implicit=implicit, fragments=True))
            return begin
        if vr not in {b"SQ", b"UN", b""}:
            raise self.source.truncated(offset)
        return self._open(tag, begin, None, implicit=implicit or vr == b"UN")

    def _open(self, tag: int, begin: int, end: int | None, *, implicit: bool, tentative: int | None = None) -> int:
        if sum(not frame.is_item for frame in self.stack) >= self.limits.depth:
            raise self._limit("DCM_DEPTH", self.limits.depth)
        if not self.stack and tag in self.wanted:
            self.capture = (tag, begin, implicit)
        per_frame = tag == _PER_FRAME
        self.stack.append(_Frame(is_item=False, end=end, implicit=implicit, per_frame=per_frame, tentative=tentative))
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
            self.stack.append(_Frame(is_item=True, end=None, implicit=frame.implicit))
            return begin
        end = begin + length
        if end > self.source.size or self._beyond(end):
            raise self.source.truncated(offset)
        if frame.fragments:
            return end
        self.stack.append(_Frame(is_item=True, end=end, implicit=frame.implicit))
        return begin

    def _counted_item(self) -> None:
        self.items += 1
        many = any(frame.per_frame or frame.fragments for frame in self.stack)
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
        foreign = group > _LAST_GROUP and tag not in _AFTER_PIXELS
        if foreign or (self.pixels and tag < self.last and tag not in self.wanted):
            raise self.source.refused("DCM_TRAILING", offset)
        return False


def walk(stream: BinaryIO, size: int, file: str, wanted: frozenset[int], limits: Limits, *, bare: bool) -> Container:
    """Walk a DICOM file to its exact end and keep the wanted elements of its top level.

    `bare` accepts a data set without preamble and prefix, as some programs store them.

    Raises:
        Refusal: the file is empty, no DICOM, cut short, over a limit, or hides something; the code says which.

    """
    work = _Walk(_Bytes(stream, size, file), wanted, limits)
    try:
        _walk(work, bare=bare)
    except Refusal as refused:
        refused.patient_id = _text(work.elements.get(_PATIENT_ID)) or None
        raise
    return _found(work)


def _walk(work: _Walk, *, bare: bool) -> None:
    source, limit = work.source, work.limits.file_bytes
    if source.size == 0:
        raise source.refused("DCM_EMPTY", 0)
    if source.size > limit:
        raise source.refused("LIM_FILE", 0, limit=limit)
    if not _prefixed(source, bare=bare):
        _bare_data_set(work)
        return
    offset = work.meta(_META_START)
    syntax = _text(work.elements.get(_TRANSFER_SYNTAX))
    if syntax == DEFLATED_LE:
        _inflate(work, offset)
        offset = 0
    _data_set(work, offset, syntax)


def _found(work: _Walk) -> Container:
    return Container(
        elements=work.elements, pixels=work.pixels, sha256=work.digest.hexdigest(), issues=tuple(work.issues)
    )


def _text(element: Element | None) -> str:
    return element.value.rstrip(b"\0 ").decode("ascii", "replace") if element else ""


def _prefixed(source: _Bytes, *, bare: bool) -> bool:
    """Whether preamble and prefix are as they should be; False for an accepted bare data set."""
    head = source.take(0, min(source.size, _META_START))
    if head[_PREAMBLE:] == b"DICM":
        preamble = head[:_PREAMBLE]
        if any(preamble) and preamble[:4] not in {b"II*\0", b"MM\0*"}:
            raise source.refused("DCM_PREAMBLE", 0)
        return True
    if not looks_bare(head):
        packed = head[:2] == b"\x1f\x8b" or head[:4] == b"PK\x03\x04"
        raise source.refused("DCM_NOT_DICOM", 0, packed="yes" if packed else "no")
    if not bare:
        raise source.refused("DCM_NO_PREFIX", 0)
    return False


def looks_bare(head: bytes) -> bool:
    """Whether bytes begin like a data set without preamble: a short first element of group 8."""
    if len(head) < 8 or head[:2] not in {b"\x08\x00", b"\x02\x00"}:  # ruff: ignore[magic-value-comparison] - the header of an element
        return False
    length = int.from_bytes(head[4:8], "little")
    return head[4:6] in _SHORT_VR or 0 < length <= 64  # ruff: ignore[magic-value-comparison] - a UID or a code is no longer


def _bare_data_set(work: _Walk) -> None:
    offset = work.meta(0)
    head = work.source.take(offset, 8)
    work.data_set(offset, implicit=head[4:6] not in _SHORT_VR | _LONG_VR, big_endian=False)


def _inflate(work: _Walk, offset: int) -> None:
    """Replace the source by the inflated data set (PS3.5 A.5), never more than the limit of it."""
    source, limit = work.source, work.limits.inflated_bytes
    inflater, parts, total = zlib.decompressobj(-zlib.MAX_WBITS), [], 0
    while offset < source.size and not inflater.eof:
        piece = source.take(offset, min(_CHUNK, source.size - offset))
        offset += len(piece)
        try:
            part = inflater.decompress(piece, limit - total + 1)
        except zlib.error:
            raise source.truncated(offset) from None
        total += len(part)
        parts.append(part)
        if total > limit or inflater.unconsumed_tail:
            raise source.refused("DCM_INFLATE_LIMIT", offset, limit=limit)
    if not inflater.eof:
        raise source.truncated(offset)
    behind = len(inflater.unused_data) + source.size - offset
    if behind > 1 or any(inflater.unused_data):  # one zero byte makes the length even
        raise source.refused("DCM_TRAILING", offset - len(inflater.unused_data))
    data = b"".join(parts)
    work.source = _Bytes(io.BytesIO(data), len(data), source.file)


def _data_set(work: _Walk, offset: int, syntax: str) -> None:
    """Walk the data set by its transfer syntax; where that is missing or wrong, by what the first element shows."""
    if offset == work.source.size:
        return
    big_endian = syntax == EXPLICIT_BE
    known = syntax.startswith(_KNOWN_PREFIX)
    implicit = syntax == IMPLICIT_LE
    shows = _shows_implicit(work.source.take(offset, min(8, work.source.size - offset)))
    if (not known or shows is not implicit) and not big_endian:
        code = "DCM_TS_MISMATCH" if known else "DCM_TS"
        source = Source(SourceKind.HEADER, work.source.file, "(0002,0010) TransferSyntaxUID")
        work.issues.append(Issue(code=code, outcome=Outcome.NOTE, source=source))
        implicit = shows
        if not known:
            _walk_unknown(work, offset, source, implicit=implicit)
            return
    work.data_set(offset, implicit=implicit, big_endian=big_endian)


def _walk_unknown(work: _Walk, offset: int, source: Source, *, implicit: bool) -> None:
    try:
        work.data_set(offset, implicit=implicit, big_endian=False)
    except Refusal as refused:
        raise Refusal(Issue(code="DCM_TS", outcome=Outcome.REFUSED, source=source)) from refused


def _shows_implicit(head: bytes) -> bool:
    """Whether the first element has no VR; an unknown one of two letters is a bad VR, not a length of 16 kB."""
    letters = head[4:6]
    return not (letters.isalpha() and letters.isupper())
