"""Results where a URL names the place: whole files, put there at once and only where nothing has their name.

The rules are those of `publish`: no draft is ever overwritten, other contents get the next revision.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from uuid import uuid4

from reporter.publish import DRAFTS, cannot_write, crash_here, revisions
from reporter.remote import RemotePath


def publish_remote(folder: RemotePath, stem: str, results: Mapping[str, bytes]) -> tuple[RemotePath, ...]:
    """Write `results` (suffix -> bytes) as `STEM` + suffix; their places in order of suffix.

    Raises:
        SetupError: they cannot be written there.
        Interrupted: there is no room.

    """
    with _told(folder):
        for names in revisions(stem, results):
            places = {suffix: folder / name for suffix, name in names.items()}
            if _ours(places, results):
                for suffix, place in places.items():
                    if not place.exists():
                        place.add(results[suffix])
                    crash_here("after_rename")
                return tuple(places[suffix] for suffix in sorted(places))
    raise AssertionError  # pragma: no cover - revisions never end


def replace_remote(path: RemotePath, data: Iterable[bytes]) -> None:
    """Write a file that a run makes anew each time; no draft.

    Raises:
        SetupError: it cannot be written there.
        Interrupted: there is no room.

    """
    with _told(path):
        path.replace_with(b"".join(data))


def probe_remote(folder: RemotePath) -> None:
    """See whether files can be written there.

    Raises:
        SetupError: they cannot.
        Interrupted: there is no room.

    """
    place = folder / f"probe-{uuid4().hex}"
    with _told(folder):
        place.add(b"probe")
        place.unlink()


def _ours(places: Mapping[str, RemotePath], results: Mapping[str, bytes]) -> bool:
    """Whether a revision is free, or holds nothing but our very bytes."""
    existing = {suffix: place for suffix, place in places.items() if place.exists()}
    if existing:
        return all(place.read_bytes() == results[suffix] for suffix, place in existing.items())
    suffix, place = next(iter(places.items()))
    stem = place.name.removesuffix(suffix)
    return not any(place.with_name(stem + other).exists() for other in DRAFTS)


@contextmanager
def _told(place: RemotePath) -> Generator[None]:
    try:
        yield
    except OSError as problem:
        raise cannot_write(place, problem) from None
