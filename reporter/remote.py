"""Folders and files that a URL names, reached through fsspec: object storage, and file systems that machines share.

A `RemotePath` does what the rest of the program asks of a path.  Nothing is reached but what a URL names.  Which kinds
of URL there are depends on what is installed (`s3fs` for `s3://`), and how they are reached on fsspec's own settings.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, cast
from urllib.parse import unquote, urlsplit

from reporter.errors import SetupError, UsageError

_VERSION: Final = ("ETag", "etag", "md5", "generation", "LastModified", "last_modified", "updated", "mtime", "created")
"""What file systems say of a file that changes with it."""
_BITS: Final = 59
"""Versions are numbers below any time of change in nanoseconds that is of this century."""


@dataclass(frozen=True, slots=True)
class RemotePath:
    """A place on a file system that is not this machine's."""

    url: str
    """Without a `/` at its end."""

    def __str__(self) -> str:
        return self.url

    def __truediv__(self, name: str) -> RemotePath:
        return RemotePath(f"{self.url}/{name}")

    @property
    def name(self) -> str:
        """Its last part."""
        return self.url.rpartition("/")[2]

    @property
    def parent(self) -> RemotePath:
        """The folder that it is in."""
        return RemotePath(self.url.rpartition("/")[0])

    def with_name(self, name: str) -> RemotePath:
        """A place beside this one."""
        return self.parent / name

    def resolve(self) -> RemotePath:
        """A URL is the same everywhere."""
        return self

    def is_relative_to(self, other: object) -> bool:
        """Whether it lies in another place."""
        return isinstance(other, RemotePath) and f"{self.url}/".startswith(f"{other.url}/")

    # -- looking ----------------------------------------------------------------------------------------------

    def exists(self) -> bool:
        """Whether anything is there; OSError where that cannot be seen."""
        with self._reached() as (system, path):
            return bool(system.exists(path))

    def is_dir(self) -> bool:
        """Whether it is a folder, or the beginning of names of files."""
        with self._reached() as (system, path):
            return bool(system.isdir(path))

    def is_file(self) -> bool:
        """Whether it is a file."""
        with self._reached() as (system, path):
            return bool(system.isfile(path))

    def status(self) -> tuple[int, int]:
        """Size in bytes, and a number that changes with the file; OSError where there is none."""
        with self._reached() as (system, path):
            return _status(system.info(path))

    def files(self) -> Iterator[tuple[str, int, int]]:
        """Name below this folder, size and version of each file, by name."""
        with self._reached() as (system, path):
            found = cast("Mapping[str, Mapping[str, Any]]", system.find(path, detail=True))
        beginning = path.rstrip("/") + "/"
        for name, info in sorted(found.items()):
            if info.get("type") == "file" and name.startswith(beginning):
                yield name.removeprefix(beginning), *_status(info)

    # -- bytes ------------------------------------------------------------------------------------------------

    @contextmanager
    def open(self) -> Generator[BinaryIO]:
        """Its bytes, read where they are asked for; OSError where it cannot be."""
        with self._reached() as (system, path), system.open(path, "rb") as stream:
            yield cast("BinaryIO", stream)

    def read_bytes(self) -> bytes:
        """All of them."""
        with self._reached() as (system, path):
            return cast("bytes", system.cat_file(path))

    def add(self, data: bytes) -> None:
        """Write a file that must not be there yet; FileExistsError where it is, OSError where it cannot be written."""
        with self._reached() as (system, path):
            if system.exists(path):
                raise FileExistsError(self.url)
            with suppress(NotImplementedError):
                system.makedirs(system._parent(path), exist_ok=True)  # ruff: ignore[private-member-access] - fsspec's way
            system.pipe_file(path, data, mode="create")

    def replace_with(self, data: bytes) -> None:
        """Write a file in place of what is there; OSError where it cannot be written."""
        with self._reached() as (system, path):
            with suppress(NotImplementedError):
                system.makedirs(system._parent(path), exist_ok=True)  # ruff: ignore[private-member-access] - fsspec's way
            system.pipe_file(path, data)

    def unlink(self) -> None:
        """Remove a file; OSError where it cannot be."""
        with self._reached() as (system, path):
            system.rm_file(path)

    @contextmanager
    def _reached(self) -> Generator[tuple[Any, str]]:
        """The file system and the path on it; whatever goes wrong there is an OSError without its words."""
        try:
            yield _system(self.url)
        except (OSError, SetupError):
            raise
        except Exception as problem:  # ruff: ignore[blind-except] - each file system has errors of its own
            raise OSError(type(problem).__name__) from None


def _system(url: str) -> tuple[Any, str]:
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        hint = 'pip install "reporter[cluster]"'
        raise SetupError("fsspec is not installed here, which reaches such a place", file=url, hint=hint) from None
    try:
        system, path = url_to_fs(url, use_listings_cache=False)
    except (ImportError, ValueError):
        hint = "install what reaches it, such as s3fs for s3://"
        raise SetupError("nothing here can reach such a place", file=url, hint=hint) from None
    return system, path


def _status(info: Mapping[str, Any]) -> tuple[int, int]:
    said = repr([_text(info[name]) for name in _VERSION if name in info])
    digest = hashlib.sha256(said.encode("utf-8", "surrogatepass")).digest()
    return int(info.get("size") or 0), int.from_bytes(digest[:8], "big") >> (64 - _BITS)


def _text(value: object) -> str:
    """A version as text; a time as seconds, for one call tells it so and another as a date."""
    return str(value.timestamp() if isinstance(value, dt.datetime) else value)


Place = Path | RemotePath
_URL: Final = re.compile(r"[a-z][a-z0-9+.-]+://", re.ASCII)


def remote_at(path: str) -> RemotePath | None:
    """What a text that may be a path or a URL names, if it is a URL."""
    return RemotePath(path) if _URL.match(path) else None


def place_of(text: str) -> Place:
    """A path of this machine, or one that a URL names.

    Raises:
        UsageError: a URL without a place.

    """
    if not _URL.match(text):
        return Path(text)
    kind, _, rest = text.partition("://")
    if kind == "file":
        return Path(unquote(urlsplit(text).path))
    if not rest.strip("/"):
        raise UsageError("this URL names no place", file=text)
    return RemotePath(text.rstrip("/"))
