"""The only writer of results: whole files under their final names, or none; nothing is ever overwritten.

A file is written beside its place under a name of its own, flushed to the disk and only then linked to its final
name, so that a kill or a full disk at any moment leaves no broken file with a report's name.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import count
from pathlib import Path

from reporter.errors import Interrupted, SetupError


def publish_files(folder: Path, stem: str, results: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Write `results` (suffix -> bytes) as `STEM` + suffix into `folder`; return their paths in order of suffix.

    Where files of that name exist with other contents, the next revision is written beside them:
    `report.draft.docx`, then `report-r2.draft.docx`.  Files that exist with the same bytes are left alone.

    Raises:
        SetupError: the folder cannot be made or written to.
        Interrupted: the disk is full; what was begun is removed.

    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise _cannot_write(folder, problem) from None
    for names in _revisions(stem, results):
        paths = {suffix: folder / name for suffix, name in names.items()}
        if _ours(folder, stem, paths, results):
            for suffix, path in paths.items():
                _write_new(path, results[suffix])
            return tuple(paths[suffix] for suffix in sorted(paths))
    raise AssertionError  # pragma: no cover - revisions never end


def publish_file(path: Path, data: bytes) -> Path:
    """Write one file under the name given, or under its next revision where that holds something else.

    Raises:
        SetupError: it cannot be written.
        Interrupted: the disk is full.

    """
    return publish_files(path.parent, path.stem, {path.suffix: data})[0]


def _revisions(stem: str, results: Mapping[str, bytes]) -> Iterator[dict[str, str]]:
    for revision in count(1):
        mark = "" if revision == 1 else f"-r{revision}"
        yield {suffix: f"{stem}{mark}{suffix}" for suffix in sorted(results)}


def _ours(folder: Path, stem: str, paths: Mapping[str, Path], results: Mapping[str, bytes]) -> bool:
    """Whether a revision is free, or holds nothing but our very bytes."""
    existing = {suffix: path for suffix, path in paths.items() if os.path.lexists(path)}
    if existing:
        return all(_same(path, results[suffix]) for suffix, path in existing.items())
    mark = next(iter(paths.values())).name.removeprefix(stem).split(".", 1)[0]
    return not any(folder.glob(f"{_literal(stem + mark)}.draft.*"))


def _literal(name: str) -> str:
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in name)


def _same(path: Path, data: bytes) -> bool:
    try:
        return path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False


def _write_new(path: Path, data: bytes) -> None:
    if _same(path, data):
        return
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        _write_part(part, data)
        _take_name(part, path)
        _flush_folder(path.parent)
    except OSError as problem:
        raise _cannot_write(path, problem) from None
    finally:
        with suppress(OSError):
            part.unlink()


def _write_part(part: Path, data: bytes) -> None:
    """Write all bytes to the disk under a name that no reader takes for a report."""
    with suppress(FileNotFoundError):
        part.unlink()
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _take_name(part: Path, path: Path) -> None:
    """Give a whole file its final name, never taking one that exists."""
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


def _cannot_write(path: Path, problem: OSError) -> SetupError | Interrupted:
    if problem.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}:
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
