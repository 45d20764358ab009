"""The DICOM file as a container: prefix, file meta information, data set in whatever transfer syntax it is.

A file that was cut short, or that hides an element behind another, reads without complaint in most libraries; here the
walk must end on the last byte (PS3.5 section 7, PS3.10 section 7).  Values are kept for the wanted tags only, pixels
never.
"""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from reporter.case.issue import Issue, Outcome
from reporter.case.source import Source, SourceKind
from reporter.readers.byte_stream import CHUNK, Bytes
from reporter.readers.element_walk import LONG_VR, SHORT_VR, Element, Walk
from reporter.readers.interface import Limits, Refusal

IMPLICIT_LE = "1.2.840.10008.1.2"
EXPLICIT_LE = "1.2.840.10008.1.2.1"
DEFLATED_LE = "1.2.840.10008.1.2.1.99"
EXPLICIT_BE = "1.2.840.10008.1.2.2"
_KNOWN_PREFIX = "1.2.840.10008.1.2"

_TRANSFER_SYNTAX, _PATIENT_ID = 0x00020010, 0x00100020
_PREAMBLE = 128
_META_START = 132


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """What the walk found."""

    elements: Mapping[int, Element]
    """The wanted ones, by tag; group 2 among them."""
    pixels: bool
    """Whether there is an element of pixels, of whatever length."""
    sha256: str
    """Of the wanted elements."""
    issues: tuple[Issue, ...] = ()


def heads_of(elements: Mapping[int, Element]) -> bytes:
    """Tags and lengths of wanted elements as the digest begins with them; their values follow."""
    heads = [number for tag, element in elements.items() for number in (tag, len(element.value))]
    return struct.pack(f"<{len(heads)}I", *heads)


def container(elements: Mapping[int, Element], *, pixels: bool, issues: tuple[Issue, ...] = ()) -> Container:
    """What was found in a file, with its digest."""
    digest = hashlib.sha256(heads_of(elements))
    for element in elements.values():
        digest.update(element.value)
    return Container(elements=elements, pixels=pixels, sha256=digest.hexdigest(), issues=issues)


def walk(stream: BinaryIO, size: int, file: str, wanted: frozenset[int], limits: Limits, *, bare: bool) -> Container:
    """Walk a DICOM file to its exact end and keep the wanted elements of its top level.

    `bare` accepts a data set without preamble and prefix, as some programs store them.

    Raises:
        Refusal: the file is empty, no DICOM, cut short, over a limit, or hides something; the code says which.

    """
    work = Walk(Bytes(stream, size, file), wanted, limits)
    try:
        _walk(work, bare=bare)
    except Refusal as refused:
        refused.patient_id = _text(work.elements.get(_PATIENT_ID)) or None
        raise
    return container(work.elements, pixels=work.pixels, issues=tuple(work.issues))


def _walk(work: Walk, *, bare: bool) -> None:
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


def _text(element: Element | None) -> str:
    return element.value.rstrip(b"\0 ").decode("ascii", "replace") if element else ""


def _prefixed(source: Bytes, *, bare: bool) -> bool:
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
    return head[4:6] in SHORT_VR or 0 < length <= 64  # ruff: ignore[magic-value-comparison] - a UID or a code is no longer


def _bare_data_set(work: Walk) -> None:
    offset = work.meta(0)
    head = work.source.take(offset, 8)
    work.data_set(offset, implicit=head[4:6] not in SHORT_VR | LONG_VR, big_endian=False)


def _inflate(work: Walk, offset: int) -> None:
    """Replace the source by the inflated data set (PS3.5 A.5), never more than the limit of it."""
    source, limit = work.source, work.limits.inflated_bytes
    inflater, parts, total = zlib.decompressobj(-zlib.MAX_WBITS), [], 0
    while offset < source.size and not inflater.eof:
        piece = source.take(offset, min(CHUNK, source.size - offset))
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
    work.source = Bytes(io.BytesIO(data), len(data), source.file)


def _data_set(work: Walk, offset: int, syntax: str) -> None:
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


def _walk_unknown(work: Walk, offset: int, source: Source, *, implicit: bool) -> None:
    try:
        work.data_set(offset, implicit=implicit, big_endian=False)
    except Refusal as refused:
        raise Refusal(Issue(code="DCM_TS", outcome=Outcome.REFUSED, source=source)) from refused


def _shows_implicit(head: bytes) -> bool:
    """Whether the first element has no VR; an unknown one of two letters is a bad VR, not a length of 16 kB."""
    letters = head[4:6]
    return not (letters.isalpha() and letters.isupper())
