"""INPUT becomes regular files, in a fixed order: folders are searched, ZIPs are looked into, nothing else is followed.

Links, pipes, sockets and devices are refused by name, and so is every name that leads out of its folder or archive.
"""

from __future__ import annotations

import os
import stat
import sys
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from operator import attrgetter, itemgetter
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from reporter.case.issue import Issue
from reporter.case.source import Source, SourceKind
from reporter.errors import UsageError
from reporter.readers.file_names import Numbers, printable
from reporter.readers.files import HEAD, MemoryFile, ZipEntry, disk_file, zip_errors
from reporter.readers.interface import MIB, InputFile, Limits, Refusal, refusal
from reporter.readers.values import MARK

ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06")
OFFICE_NAMES = (".docx", ".xlsx")
"""Documents that are ZIPs too."""
_MAY_HOLD_STUDIES = ("", ".zip")
"""Suffixes; ZIPs of others are documents and programs, such as the viewers that come with studies, and only listed."""
_RATIO_FREE_BYTES = MIB
"""Small entries may be stored as tightly as they like."""


@dataclass(slots=True)
class Intake:
    """The files of INPUT and the entries that are none."""

    limits: Limits
    left: frozenset[tuple[int, int]] = frozenset()
    """Device and inode of files given otherwise (table, facts): no INPUT."""
    files: list[InputFile] = field(default_factory=list)
    refused: list[tuple[str, Issue]] = field(default_factory=list)
    """Name and reason."""
    open_archives: ExitStack = field(default_factory=ExitStack)
    seen: set[tuple[int, int]] = field(default_factory=set)

    def take(self, paths: Iterable[Path], stdin: BinaryIO | None = None) -> None:
        """Collect the files of all paths; `-` is stdin.

        Raises:
            UsageError: a path does not exist.

        """
        for path, name in _named(paths):
            if str(path) == "-":
                self._take_stdin(stdin or sys.stdin.buffer)
            elif not os.path.lexists(path):
                raise UsageError("there is no such file or folder", file=str(path), hint="check the name")
            else:
                self._take(path, name)
        self.files.sort(key=lambda file: file.name)
        self.refused.sort(key=itemgetter(0))

    # -- folders ----------------------------------------------------------------------------------------------

    def _take(self, path: Path, name: str) -> None:
        """A path that was given; of a folder, everything below it, without recursion."""
        waiting = [(path.resolve(), name)] if path.exists() else [(path, name)]
        while waiting:
            path, name = waiting.pop()
            waiting.extend(self._one(path, name))

    def _one(self, path: Path, name: str) -> list[tuple[Path, str]]:
        """Take a file, or give what stands in a folder; anything else is refused."""
        try:
            status = path.lstat()
        except OSError:
            self._refuse("FS_READ", name)
            return []
        if stat.S_ISLNK(status.st_mode):
            self._refuse("FS_SYMLINK", name)
        elif stat.S_ISDIR(status.st_mode):
            return self._inside(path, name)
        elif not stat.S_ISREG(status.st_mode):
            self._refuse("FS_NOT_REGULAR", name)
        elif (key := (status.st_dev, status.st_ino)) not in self.seen and key not in self.left:
            self.seen.add(key)
            self._take_file(path, name)
        return []

    def _inside(self, path: Path, name: str) -> list[tuple[Path, str]]:
        """The entries of a folder with their names; `name` is that of the folder, empty for the only one given."""
        prefix = f"{name}/" if name else ""
        try:
            entries = list(path.iterdir())
        except OSError:
            self._refuse("FS_READ", name or path.name)
            return []
        return [(entry, prefix + printable(entry.name)) for entry in entries]

    def _take_file(self, path: Path, name: str) -> None:
        try:
            file = disk_file(path, name)
        except Refusal as refused:
            self.refused.append((name, refused.issue))
            return
        if file.head.startswith(ZIP_MARKS) and not name.lower().endswith(OFFICE_NAMES):
            self._take_archive(path, name)
        else:
            self.files.append(file)

    def _refuse(self, code: str, name: str) -> None:
        issue = refusal(code, Source(SourceKind.HEADER, name, "file")).issue
        self.refused.append((name, issue))

    # -- stdin and ZIP ----------------------------------------------------------------------------------------

    def _take_stdin(self, stream: BinaryIO) -> None:
        limit = self.limits.inflated_bytes
        data = stream.read(limit + 1)
        if len(data) > limit:
            issue = refusal("LIM_FILE", Source(SourceKind.HEADER, "-", "file"), limit=limit).issue
            self.refused.append(("-", issue))
        elif data.startswith(ZIP_MARKS):
            import io

            self._take_archive(io.BytesIO(data), "-")
        else:
            self.files.append(MemoryFile("-", data))

    def _take_archive(self, path: Path | BinaryIO, name: str) -> None:
        try:
            with zip_errors(name):
                archive = self.open_archives.enter_context(zipfile.ZipFile(path))
            entries = self._entries(archive, name)
        except Refusal as refused:
            self.refused.append((name, refused.issue))
            return
        for inner, entry in entries.items():
            self._take_entry(archive, entry, f"{name}/{inner}")

    def _entries(self, archive: zipfile.ZipFile, name: str) -> dict[str, zipfile.ZipInfo]:
        entries = named_entries(archive)
        source, limits = Source(SourceKind.HEADER, name, "file"), self.limits
        if len(entries) > limits.zip_entries:
            raise refusal("LIM_ZIP", source, limit=limits.zip_entries)
        if sum(entry.file_size for entry in entries.values()) > limits.zip_bytes:
            raise refusal("LIM_ZIP", source, limit=limits.zip_bytes)
        return entries

    def _take_entry(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> None:
        if _escapes(entry.filename):
            self._refuse("FS_ESCAPE", name)
        elif entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            self._refuse("ZIP_BROKEN", name)
        elif stat.S_ISLNK(entry.external_attr >> 16):
            self._refuse("FS_SYMLINK", name)
        elif entry.file_size > _RATIO_FREE_BYTES and entry.file_size > self.limits.zip_ratio * entry.compress_size:
            self._refuse("ZIP_RATIO", name)
        else:
            self._open_entry(archive, entry, name)

    def _open_entry(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> None:
        try:
            with zip_errors(name), archive.open(entry) as stream:
                head = stream.read(HEAD)
        except Refusal as refused:
            self.refused.append((name, refused.issue))
            return
        if head.startswith(ZIP_MARKS) and PurePosixPath(entry.filename).suffix.lower() in _MAY_HOLD_STUDIES:
            self._refuse("ZIP_NESTED", name)
            return
        self.files.append(ZipEntry(archive, entry, name, head))


def named_entries(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The files in an archive, sorted; of several with one name the later ones are numbered, for any may count."""
    numbers = Numbers()
    files = [entry for entry in archive.infolist() if not entry.filename.endswith("/")]  # which may be empty
    entries = sorted(files, key=attrgetter("filename"))
    return {numbers.named(printable(entry.filename) or MARK): entry for entry in entries}


def _named(paths: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    """Each path of INPUT with the name of its file, or what goes before the names of its folder's files.

    One folder alone needs no name; of several with the same name the later ones are numbered.
    """
    given = sorted(set(paths))
    numbers = Numbers()
    for path in given:
        name = numbers.named(printable(path.resolve().name))
        if path.is_dir():
            name = name if len(given) > 1 else ""
        yield path, name


def _escapes(filename: str) -> bool:
    """Whether a name in an archive leads out of it."""
    path = PurePosixPath(filename.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in filename[:2]


def identity(path: Path | None) -> Iterator[tuple[int, int]]:
    """Device and inode of a file given apart from INPUT; nothing where there is none."""
    if path is not None and path.exists():
        status = path.stat()
        yield status.st_dev, status.st_ino
