"""The files of an export, as its folders list them; nothing is opened and no link is followed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from operator import attrgetter
from typing import NamedTuple

from reporter.readers.file_names import printable
from reporter.readers.remote_files import listed_as
from reporter.remote import Place, RemotePath


class Listed(NamedTuple):
    """One entry of a folder that is no folder itself."""

    key: bytes
    """Its name relative to the export, as bytes: unlike a text, these tell any two names apart."""
    name: str
    """The same as it can be printed, with `/`; no two are printed alike."""
    path: str
    status: os.stat_result | None
    """None: the file, or the folder of this name, cannot be looked at."""


def listed(root: Place) -> Iterator[Listed]:
    """Every file below a folder, folder by folder in order of name; a file is the only one of itself.

    Raises:
        OSError: what a URL names cannot be listed.

    """
    if isinstance(root, RemotePath):
        for name, size, version in root.files():
            yield _entry(name, str(root / name), listed_as(size, version))
        return
    if not root.is_dir():
        yield _entry(root.name, str(root), root.stat())
        return
    folders = [("", str(root))]
    while folders:
        prefix, folder = folders.pop()
        inner: list[tuple[str, str]] = []
        try:
            entries = sorted(os.scandir(folder), key=attrgetter("name"))
        except OSError:
            yield _entry(prefix or root.name, folder, None)
            continue
        for entry in entries:
            relative = prefix + entry.name
            if entry.is_dir(follow_symlinks=False):
                inner.append((relative + "/", entry.path))
            else:
                yield _entry(relative, entry.path, _status(entry))
        folders.extend(reversed(inner))


def counted(root: Place) -> int | None:
    """How many files there are below a folder; what cannot be looked into counts nothing.  None behind a URL."""
    if isinstance(root, RemotePath):
        return None  # its listing comes as a whole
    return sum(len(names) for _, _, names in os.walk(root)) if root.is_dir() else 1


def _status(entry: os.DirEntry[str]) -> os.stat_result | None:
    try:
        return entry.stat(follow_symlinks=False)
    except OSError:
        return None


def _entry(relative: str, path: str, status: os.stat_result | None) -> Listed:
    return Listed(os.fsencode(relative), printable(relative), path, status)
