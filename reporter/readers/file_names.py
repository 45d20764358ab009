"""Names of files as they are printed: what is no character is marked, and no two files of a folder are named alike."""

from __future__ import annotations

import hashlib
from posixpath import splitext
from typing import Final

from reporter.readers.values import MARK, cleaned

_DIGEST_BYTES: Final = 8


def printable(name: str) -> str:
    """The name of a file, with its folders, as it can be printed and stored as text.

    A part of it that cannot be printed as it is has a digest beside the marks, by which it stays another than all
    others; so has one with a mark of its own, or it could be taken for such a one.
    """
    if name.isascii() and name.isprintable():
        return name
    if MARK not in name and cleaned(name) == name:
        return name
    return "/".join(map(_told_apart, name.split("/")))


class Numbers:
    """Numbers what has the name of something before it."""

    def __init__(self) -> None:
        self._last: dict[str, int] = {}

    def named(self, name: str) -> str:
        """The name where it is new; else with a number that makes it so."""
        free, number = name, self._last.get(name, 1)
        while free in self._last:
            number += 1
            free = f"{name} ({number})"
        self._last[name] = number
        self._last.setdefault(free, 1)
        return free


def _told_apart(part: str) -> str:
    shown = cleaned(part)
    if MARK not in shown:
        return part
    digest = hashlib.blake2b(part.encode("utf-8", "surrogatepass"), digest_size=_DIGEST_BYTES).hexdigest()
    stem, suffix = splitext(shown)
    return f"{stem} {digest}{suffix}"
