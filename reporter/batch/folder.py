"""The output folder of a batch, on this machine or where a URL names it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from reporter.publish import probe, publish_files, replace_file
from reporter.publish_remote import probe_remote, publish_remote, replace_remote
from reporter.remote import Place, RemotePath


def published(folder: Place, stem: str, results: Mapping[str, bytes]) -> tuple[str, ...]:
    """Write results (suffix -> bytes) that are never overwritten; their names in order of suffix.

    Raises:
        SetupError: the folder cannot be written to.
        Interrupted: it is full.

    """
    if isinstance(folder, RemotePath):
        return tuple(place.name for place in publish_remote(folder, stem, results))
    return tuple(path.name for path in publish_files(folder, stem, results))


def replaced(path: Place, data: Iterable[bytes]) -> None:
    """Write a file that a run makes anew each time.

    Raises:
        SetupError: it cannot be written.
        Interrupted: the folder is full.

    """
    if isinstance(path, RemotePath):
        replace_remote(path, data)
    else:
        replace_file(path, data)


def probed(folder: Place) -> None:
    """See whether a folder can be written to.

    Raises:
        SetupError: it cannot.
        Interrupted: it is full.

    """
    if isinstance(folder, RemotePath):
        probe_remote(folder)
    else:
        probe(folder)


def is_taken(path: Place) -> bool:
    """Whether anything has this name; OSError where that cannot be seen."""
    return path.exists() if isinstance(path, RemotePath) else os.path.lexists(path)
