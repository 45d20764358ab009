"""A file read forward in small pieces, whose end before its time is always told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from reporter.case.source import SourceKind
from reporter.readers.interface import Refusal, refusal_at

CHUNK = 8192
"""What is read at once: most headers are shorter."""


@dataclass(slots=True)
class Bytes:
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
        self.start, self.buffer = offset, keep
        while len(self.buffer) < length:
            fresh = self.stream.read(max(length - len(self.buffer), CHUNK))
            if not fresh:
                raise self.truncated(offset)
            self.buffer += fresh
        self.at = offset + len(self.buffer)

    def truncated(self, offset: int) -> Refusal:
        """What the end of the file before its time is."""
        return self.refused("DCM_TRUNCATED", offset)

    def refused(self, code: str, offset: int, **operands: str | int) -> Refusal:
        """The end of the walk at a byte."""
        return refusal_at(code, SourceKind.HEADER, self.file, f"byte {offset}", **operands)
