"""Regular files as readers see them: on disk, in a ZIP, or in memory; no link is followed, no change goes unseen."""

from __future__ import annotations

import hashlib
import io
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from reporter.case.source import Source, SourceKind
from reporter.readers.interface import InputFile, Refusal, refusal

HEAD = 4096
_PIECE = 1 << 20
_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    LookupError,
    OverflowError,
    MemoryError,
)
"""What `zipfile` is known to raise for archives that are damaged, locked, or packed in a way it does not know."""
OPEN_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def _place(name: str) -> Source:
    return Source(SourceKind.HEADER, name, "file")


@dataclass(frozen=True, slots=True)
class DiskFile:
    """A regular file; no link is followed and nothing that could block is opened."""

    path: Path
    name: str
    size: int
    modified: int
    """Nanoseconds, to see a change while it is read."""
    head: bytes

    @contextmanager
    def open(self) -> Generator[BinaryIO]:
        """Its bytes; Refusal where it vanished (FS_READ) or changed (FS_CHANGED)."""
        with _opened(self.path, self.name) as stream:
            self._check(stream)
            try:
                yield stream
            except OSError:
                raise refusal("FS_READ", _place(self.name)) from None
            self._check(stream)

    def _check(self, stream: BinaryIO) -> None:
        status = os.fstat(stream.fileno())
        if (status.st_size, status.st_mtime_ns) != (self.size, self.modified):
            raise refusal("FS_CHANGED", _place(self.name))


@dataclass(frozen=True, slots=True)
class MemoryFile:
    """Bytes that came from stdin, or from a test."""

    name: str
    data: bytes

    @property
    def size(self) -> int:
        """Length in bytes."""
        return len(self.data)

    @property
    def head(self) -> bytes:
        """Up to 4,096 bytes from its beginning."""
        return self.data[:HEAD]

    @contextmanager
    def open(self) -> Generator[BinaryIO]:
        """Its bytes."""
        yield io.BytesIO(self.data)


@dataclass(frozen=True, slots=True)
class ZipEntry:
    """A file in a ZIP; it is streamed, never unpacked to disk."""

    archive: zipfile.ZipFile
    entry: zipfile.ZipInfo
    name: str
    head: bytes

    @property
    def size(self) -> int:
        """Length in bytes when inflated, as the directory of the ZIP says; reading holds it to that."""
        return self.entry.file_size

    @contextmanager
    def open(self) -> Generator[BinaryIO]:
        """Its bytes; Refusal where the entry is damaged (ZIP_BROKEN)."""
        with zip_errors(self.name), self.archive.open(self.entry) as stream:
            yield cast("BinaryIO", stream)


@contextmanager
def zip_errors(name: str) -> Generator[None]:
    """Turn what `zipfile` raises for damaged, encrypted or unknown entries into a refusal without its text."""
    try:
        yield
    except _ZIP_ERRORS:
        raise refusal("ZIP_BROKEN", _place(name)) from None


@contextmanager
def _opened(path: Path, name: str) -> Generator[BinaryIO]:
    try:
        descriptor = os.open(path, OPEN_FLAGS)
    except OSError:
        raise refusal("FS_READ", _place(name)) from None
    with os.fdopen(descriptor, "rb", buffering=0) as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise refusal("FS_NOT_REGULAR", _place(name))
        yield cast("BinaryIO", stream)


def disk_file(path: Path, name: str) -> DiskFile:
    """A regular file with its first bytes.

    Raises:
        Refusal: it is none (FS_NOT_REGULAR) or cannot be read (FS_READ).

    """
    with _opened(path, name) as stream:
        status = os.fstat(stream.fileno())
        try:
            head = stream.read(HEAD)
        except OSError:
            raise refusal("FS_READ", _place(name)) from None
    return DiskFile(path, name, status.st_size, status.st_mtime_ns, head)


def opened_anew(file: InputFile) -> InputFile:
    """The same file as it is now, where it is still there and readable; else as it was."""
    if not isinstance(file, DiskFile):
        return file
    try:
        return disk_file(file.path, file.name)
    except Refusal:
        return file


def whole(file: InputFile, limit: int) -> bytes:
    """All bytes of a text-like file.

    Raises:
        Refusal: it is larger than `limit` (LIM_FILE), or cannot be read.

    """
    if file.size > limit:
        raise refusal("LIM_FILE", _place(file.name), limit=limit)
    with file.open() as stream:
        data = stream.read(min(limit, file.size + 1))  # room for the limit would be made each time
        return data if len(data) <= file.size else data + stream.read(limit - len(data))


def sha256_of(file: InputFile) -> str:
    """Of all bytes of a file, in pieces."""
    digest = hashlib.sha256()
    with file.open() as stream:
        while piece := stream.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()
