"""Files that are reached by a URL, as readers see them; what was listed and what is read are held together."""

from __future__ import annotations

import os
import stat
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from reporter.case.source import SourceKind
from reporter.readers.files import HEAD
from reporter.readers.interface import Refusal, refusal_at
from reporter.remote import RemotePath


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file reached by a URL."""

    path: RemotePath
    name: str
    size: int
    version: int
    """Changes with the file."""
    head: bytes

    @contextmanager
    def open(self) -> Generator[BinaryIO]:
        """Its bytes; Refusal where it vanished (FS_READ) or changed (FS_CHANGED)."""
        self._check()
        try:
            with self.path.open() as stream:
                yield stream
        except OSError:
            raise _refused("FS_READ", self.name) from None
        self._check()

    def _check(self) -> None:
        try:
            now = self.path.status()
        except OSError:
            raise _refused("FS_READ", self.name) from None
        if now != (self.size, self.version):
            raise _refused("FS_CHANGED", self.name)


def remote_file(path: RemotePath, name: str, size: int, version: int) -> RemoteFile:
    """A file as it was listed, with its first bytes.

    Raises:
        Refusal: it cannot be read (FS_READ), or is another than was listed (FS_CHANGED).

    """
    with RemoteFile(path, name, size, version, b"").open() as stream:
        return RemoteFile(path, name, size, version, stream.read(HEAD))


def listed_as(size: int, version: int) -> os.stat_result:
    """What a folder says of a file, for one that is in no folder of this machine."""
    return os.stat_result((stat.S_IFREG | 0o400, 0, 0, 1, 0, 0, size, 0, 0, 0), {"st_mtime_ns": version})


def _refused(code: str, name: str) -> Refusal:
    return refusal_at(code, SourceKind.HEADER, name, "file")
