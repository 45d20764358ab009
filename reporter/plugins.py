"""Readers, criteria and exporters by name: ours and those of other distributions, by one loader."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import cast

from reporter.errors import SetupError, UsageError
from reporter.readers.interface import Reader

READERS = "reporter.readers"
CRITERIA = "reporter.criteria"
EXPORTERS = "reporter.exporters"


@cache
def names(group: str) -> tuple[str, ...]:
    """All names of a group, sorted."""
    return tuple(sorted(_found(group)))


@cache
def load(group: str, name: str) -> object:
    """What a name stands for in a group.

    Raises:
        UsageError: no plug-in has that name.
        SetupError: the distribution that claims it cannot be imported.

    """
    point = _found(group).get(name)
    if point is None:
        kind = group.rpartition(".")[2]
        raise UsageError(f"no such entry in {kind}: {name}", hint=f"choose one of {', '.join(names(group))}")
    try:
        return point.load()
    except (ImportError, AttributeError):
        origin = point.dist.name if point.dist else "an unknown distribution"
        raise SetupError(f"{name} of {origin} cannot be loaded", hint="install it again or leave it out") from None


def origin(group: str, name: str) -> tuple[str, str]:
    """The distribution that a name of a group comes from, and its version; empty where neither is known."""
    point = _found(group).get(name)
    return ("", "") if point is None or point.dist is None else (point.dist.name, point.dist.version)


@cache
def other_readers() -> tuple[Reader, ...]:
    """Readers that other distributions bring, by name; ours are always there.

    Raises:
        SetupError: one cannot be loaded.

    """
    others = [name for name, point in sorted(_found(READERS).items()) if not _is_ours(point)]
    return tuple(cast("Callable[[], Reader]", load(READERS, name))() for name in others)


def _is_ours(point: EntryPoint) -> bool:
    return point.dist is not None and point.dist.name == "reporter"


@cache
def _found(group: str) -> dict[str, EntryPoint]:
    """Entry points by name; ours win over another distribution's of the same name."""
    points = sorted(entry_points(group=group), key=lambda point: (_is_ours(point), point.name))
    return {point.name: point for point in points}
