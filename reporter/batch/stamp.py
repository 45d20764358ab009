"""The stamp of a run that left nothing to do: by it the next run sees that there is still nothing, from listings alone.

It says what was asked for, with the bytes of every file that was named; how the export was listed; the texts of
template set and guideline pack; the state of index and journal; the names of all results; and what the run said in the
end.  Where anything is other than it says, or the stamp is damaged, all the work is done.  The run that does it takes
the stamp away first and leaves a new one last, so that whatever cuts it off leaves none.

Nothing is imported here that takes its time: a program that has nothing to do should not need a second to find out.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Final, Self

from reporter import __version__
from reporter.readers.same_file import Device

_STAMP: Final = "stamp"
_STATE: Final = ("index.sqlite", "journal.sqlite", "summary")
"""Files of the state that stand for all that a run keeps."""
_AT_ONCE: Final = 1000
"""Lines of a listing that are put together."""
_INSTALLED: Final = frozenset({"site-packages", "dist-packages"})
"""Folders that change whenever a distribution is installed, brought up to date or removed."""

Seen = tuple[bytes, int, int, int, int]
"""A file of the export: its name relative to it, size, time of change, and what else its file system knows it by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What a run was made from, what it left, and what it said."""

    asked: str
    export: str
    folders: tuple[str, ...]
    """Those that template set and guideline pack come from."""
    places: tuple[str, ...]
    """Folders of the site in which another set or pack of the same name would be found first."""
    texts: str
    state: str
    results: tuple[str, ...]
    """Names of the files that must be there, and of the summary's, relative to the folder."""
    said: tuple[tuple[bool, str], ...]
    """Each line, and whether it is said though the command is quiet."""
    code: int

    def put(self, state: Path) -> None:
        """Leave it; where it cannot be written, the next run does its work."""
        data = json.dumps(asdict(self)).encode()
        with suppress(OSError):
            descriptor = os.open(state / _STAMP, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(_digest(data).encode() + data)

    @classmethod
    def left(cls, state: Path) -> Self | None:
        """The stamp that the last run left; None where there is none, or a damaged one."""
        try:
            data = (state / _STAMP).read_bytes()
            if data[:_DIGITS] != _digest(data[_DIGITS:]).encode():
                return None
            return cls(**json.loads(data[_DIGITS:]))
        except (OSError, TypeError, ValueError):
            return None

    def still_holds(self, state: Path, folder: Path, export: Path) -> bool:
        """Whether a run would find everything as this one left it; OSError where something cannot be looked at."""
        return (
            self.state == state_of(state)
            and self.texts == texts_of(self.folders, self.places)
            and _are_there(folder, self.results)
            and self.export == listing_of(seen_below(export))
        )


def take_away(state: Path) -> None:
    """Remove the stamp before anything changes; OSError where it cannot be."""
    (state / _STAMP).unlink(missing_ok=True)


def asked_for(options: Mapping[str, object], files: Iterable[Path | None]) -> str:
    """Of a command: its options, the bytes of the files that it names, the program and where it stands.

    OSError where a file cannot be read.
    """
    named = [None if file is None else (str(file), _digest(file.read_bytes())) for file in files]
    installed = [(place, Path(place).stat().st_mtime_ns) for place in sys.path if Path(place).name in _INSTALLED]
    given = sorted((name, str(value)) for name, value in options.items())
    return _digest(repr((__version__, sys.version, installed, str(Path.cwd()), given, named)).encode())


def texts_of(folders: Iterable[str], places: Iterable[str]) -> str:
    """Of the files of template set and pack, and of what lies in the places in which they are looked for first."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(path for path in Path(folder).iterdir() if path.is_file()):
            digest.update(f"{path}\0{_digest(path.read_bytes())}\0".encode("utf-8", "surrogatepass"))
    for place in places:
        names = sorted(path.name for path in Path(place).iterdir()) if Path(place).is_dir() else None
        digest.update(repr((place, names)).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def state_of(state: Path) -> str:
    """Of the files that a run keeps; each kind of change to them shows."""
    found = [(name, (state / name).stat()) for name in _STATE]
    known = [(name, s.st_size, s.st_mtime_ns, s.st_ctime_ns, s.st_ino) for name, s in found]
    return _digest(repr((known, (state / "journal.sqlite-wal").exists())).encode())


# -- the listing of the export --------------------------------------------------------------------------------


def listing_of(files: Iterable[Seen]) -> str:
    """Of an export as it is listed, in order of name."""
    digest, lines = hashlib.sha256(), (b"%r%d %d %d %d\n" % file for file in files)
    while some := b"".join(islice(lines, _AT_ONCE)):
        digest.update(some)
    return digest.hexdigest()


def seen_below(root: Path) -> Iterator[Seen]:
    """The files of an export, in order of name; OSError where a folder or file cannot be looked at."""
    device = Device(root)
    if not root.is_dir():
        yield _seen(os.fsencode(root.name), root.stat(), device)
        return
    found: list[Seen] = []
    folders = [(b"", os.fsencode(root))]
    while folders:
        prefix, folder = folders.pop()
        with os.scandir(folder) as entries:
            for entry in entries:
                status, name = entry.stat(follow_symlinks=False), prefix + entry.name
                if stat.S_ISDIR(status.st_mode):
                    folders.append((name + b"/", entry.path))
                else:
                    found.append(_seen(name, status, device))
    yield from sorted(found)


def _seen(name: bytes, status: os.stat_result, device: Device) -> Seen:
    return name, status.st_size, status.st_mtime_ns, *device.of(status)


def _are_there(folder: Path, names: Iterable[str]) -> bool:
    with os.scandir(folder) as entries:
        there = {entry.name for entry in entries}
    return all(os.path.lexists(folder / name) for name in set(names) - there)  # those in folders below it


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


_DIGITS: Final = len(_digest(b""))
