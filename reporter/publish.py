"""The only writer of results: whole files under their final names, or none; no draft is ever overwritten.

Files are written beside their places under names of their own, flushed to the disk and only then linked to their final
names, so that a kill or a full disk at any moment leaves no broken file with a report's name.
"""

from __future__ import annotations

import errno
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Final

from reporter.errors import Interrupted, SetupError

DRAFTS: Final = (".draft.docx", ".draft.txt", ".draft.json")
"""Suffixes that belong together: where one is taken, so is the revision."""
_PART: Final = ".part"
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
_passes: Counter[str] = Counter()


def crash_here(point: str) -> None:
    """End this process as a power loss would, where REPORTER_CRASH_AT asks for it: `POINT`, or `POINT:3`.

    For tests of what a kill leaves behind; the number says at which pass of the point.
    """
    asked = os.environ.get("REPORTER_CRASH_AT")
    if asked is None:
        return
    name, _, number = asked.partition(":")
    if name == point:
        _passes[point] += 1
        if _passes[point] >= int(number or 1):
            os._exit(137)


def publish_files(folder: Path, stem: str, results: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Write `results` (suffix -> bytes) as `STEM` + suffix into `folder`; return their paths in order of suffix.

    Where files of that name exist with other contents, the next revision is written beside them:
    `report.draft.docx`, then `report-r2.draft.docx`.  Files that exist with the same bytes are left alone.

    Raises:
        SetupError: the folder cannot be made or written to.
        Interrupted: the disk is full; what was begun is removed.

    """
    try:
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise cannot_write(folder, problem) from None
    for names in revisions(stem, results):
        paths = {suffix: folder / name for suffix, name in names.items()}
        missing = _missing(paths, results)
        if missing is not None:
            _write_new({paths[suffix]: results[suffix] for suffix in missing})
            return tuple(paths[suffix] for suffix in sorted(paths))
    raise AssertionError  # pragma: no cover - revisions never end


def publish_file(path: Path, data: bytes) -> Path:
    """Write one file under the name given, or under its next revision where that holds something else.

    Raises:
        SetupError: it cannot be written.
        Interrupted: the disk is full.

    """
    return publish_files(path.parent, path.stem, {path.suffix: data})[0]


def replace_file(path: Path, data: Iterable[bytes]) -> None:
    """Write a file that a run makes anew each time, such as its ledger, in place of the one before; no draft.

    `data` is written piece by piece, so that a table of any length takes no memory.

    Raises:
        SetupError: it cannot be written.
        Interrupted: the disk is full; the file of before stays.

    """
    part = path.with_name(f".{path.name}.{os.getpid()}{_PART}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_part(part, data)
        part.replace(path)
        _flush_folder(path.parent)
    except OSError as problem:
        raise cannot_write(path, problem) from None
    finally:
        with suppress(OSError):
            part.unlink()


def revisions(stem: str, results: Mapping[str, bytes]) -> Iterator[dict[str, str]]:
    """The names that results may take, by suffix: the first that are free or hold the same are theirs."""
    for revision in count(1):
        mark = "" if revision == 1 else f"-r{revision}"
        yield {suffix: f"{stem}{mark}{suffix}" for suffix in sorted(results)}


def _missing(paths: Mapping[str, Path], results: Mapping[str, bytes]) -> list[str] | None:
    """Which results of a revision are to be written; None where it holds anything but our very bytes."""
    there = {suffix for suffix, path in paths.items() if os.path.lexists(path)}
    if there:
        ours = all(_same(paths[suffix], results[suffix]) for suffix in there)
        return [suffix for suffix in paths if suffix not in there] if ours else None
    suffix, path = next(iter(paths.items()))
    stem = path.name.removesuffix(suffix)
    others = (path.with_name(stem + other) for other in DRAFTS if other not in paths)
    return None if any(map(os.path.lexists, others)) else list(paths)


def _same(path: Path, data: bytes) -> bool:
    try:
        return path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False


def _write_new(files: Mapping[Path, bytes]) -> None:
    """Write files that are not there, and give them their names when all are whole."""
    if not files:
        return
    parts = {path: path.with_name(f".{path.name}.{os.getpid()}{_PART}") for path in files}
    left, path = set(parts.values()), next(iter(files))
    try:
        for path, part in parts.items():
            _write_part(part, (files[path],))
        for path, part in parts.items():
            _rename(part, path)
            left.remove(part)
        _flush_folder(path.parent)
    except OSError as problem:
        raise cannot_write(path, problem) from None
    finally:
        _remove(left)


def _remove(parts: Iterable[Path]) -> None:
    for part in parts:
        with suppress(OSError):
            part.unlink()


def remove_parts(folder: Path) -> None:
    """Remove what a killed run was writing; only for a folder that no other run works in.

    Raises:
        SetupError: the folder cannot be listed.

    """
    try:
        with os.scandir(folder) as entries:
            left = [Path(entry.path) for entry in entries if entry.name.startswith(".") and entry.name.endswith(_PART)]
    except OSError as problem:
        raise cannot_write(folder, problem) from None
    _remove(left)


def probe(folder: Path) -> None:
    """Make a folder where there is none, and see whether it can be written to.

    Raises:
        SetupError: it cannot be made or written to.
        Interrupted: the disk is full.

    """
    part = folder / f".probe.{os.getpid()}{_PART}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write_part(part, (b"probe",))
    except OSError as problem:
        raise cannot_write(folder, problem) from None
    finally:
        _remove([part])


def _write_part(part: Path, data: Iterable[bytes]) -> None:
    """Write all bytes to the disk under a name that no reader takes for a report, each piece as it comes.

    No file object: with its own looks at the file it gives the interpreter away to other threads ten times, not four.
    """
    handle = _begun(part)
    try:
        for piece in data:
            left = memoryview(piece)
            while left:
                left = left[os.write(handle, left) :]
        crash_here("before_fsync")
        os.fsync(handle)
    finally:
        os.close(handle)
    crash_here("after_temp")


def _begun(part: Path) -> int:
    """A new file, in place of one that a killed run left under its name."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        return os.open(part, flags, 0o600)
    except FileExistsError:
        part.unlink()
        return os.open(part, flags, 0o600)


def _rename(part: Path, path: Path) -> None:
    """Let a whole file have its final name alone, never taking one that exists."""
    _take_name(part, path)
    crash_here("after_rename")
    part.unlink(missing_ok=True)


def _take_name(part: Path, path: Path) -> None:
    """Give it that name; it keeps the other one where the file system has hard links."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)) from None
        part.rename(path)


def _flush_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def cannot_write(path: object, problem: OSError) -> SetupError | Interrupted:
    """What to tell of a file that the system would not write: the disk is full, or the place is wrong."""
    if problem.errno in _FULL:
        return Interrupted(
            "the disk is full or failing; nothing incomplete was left under this name",
            file=str(path),
            hint="make room and give the same command again",
            code="OUT_ENOSPC",
        )
    return SetupError(
        "cannot be written",
        file=str(path),
        hint="name an output folder that exists or can be made and that you may write to",
        code="OUT_DIR",
    )
