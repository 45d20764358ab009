"""Watching a folder: a patient's case is drafted when nothing more arrives for it.

A study is finished when no file of it changed for some time.  Time is counted from when a change was seen, on a clock
that nobody sets, and not from the dates of files: copied files keep theirs.  A case waits for all files of its
patient, because a case is all that is known of a patient.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Protocol

from reporter.batch.outcome import Status
from reporter.batch.plan import Unit
from reporter.batch.run import Batch
from reporter.errors import UsageError
from reporter.readers.gather_case import CaseInput

Clock = Callable[[], float]
"""Seconds that only ever grow."""


class Settling:
    """What is still arriving, and since when nothing of it changed."""

    def __init__(self, seconds: float, clock: Clock) -> None:
        """Take what did not change for so many seconds as finished."""
        self._seconds = seconds
        self._clock = clock
        self._seen: dict[str, tuple[Hashable, float]] = {}

    def finished(self, arrived: Iterable[tuple[str, Hashable]]) -> frozenset[str]:
        """Of all that is there now, by key and by how it looks, what did not change for long enough."""
        now = self._clock()
        seen: dict[str, tuple[Hashable, float]] = {}
        for key, look in arrived:
            before, since = self._seen.get(key, (None, now))
            seen[key] = look, since if before == look else now
        self._seen = seen
        return frozenset(key for key, (_, since) in seen.items() if now - since >= self._seconds)


class Watcher(Protocol):
    """Who opens a run for each round, is told how it ended, and waits for the next."""

    def opened(self) -> Batch | None:
        """A run over the folder as it is now; None where this round cannot be, and why was said."""

    def ended(self, batch: Batch, worked: int) -> None:
        """A round is over; so many cases were worked on."""

    def refused(self, why: UsageError) -> None:
        """A round came to no end: the folder was taken away meanwhile."""

    def wait(self) -> bool:
        """Wait; whether there is another round."""


def watch(watcher: Watcher, settling: Settling) -> None:
    """Draft, round by round, what has arrived.

    Raises:
        Interrupted: the disk is full.
        KeyboardInterrupt: somebody stopped it.

    """
    tried: dict[str, Hashable] = {}
    more = True
    while more:
        batch = watcher.opened()
        if batch is not None:
            try:
                with batch:
                    watcher.ended(batch, _round(batch, settling, tried))
            except UsageError as gone:
                watcher.refused(gone)
        more = watcher.wait()


def _round(batch: Batch, settling: Settling, tried: dict[str, Hashable]) -> int:
    """Draft what is finished; a case that was quarantined as it is now is not tried again and again.

    Where a run looks at the export once more, what arrived or changed meanwhile waits for the next round.
    """
    looks = {unit.key: _look_now(batch, unit) for unit in batch.plan.units()}
    finished = settling.finished(looks.items())

    def wanted(key: str) -> bool:
        if key not in finished or _look_now(batch, batch.plan.unit(key)) != looks[key]:
            return False
        return not (tried.get(key) == looks[key] and _is_quarantined(batch, key))

    worked = batch.run(wanted)
    tried.update((key, looks[key]) for key in finished)
    return worked


def _look_now(batch: Batch, unit: Unit) -> Hashable:
    return look_of(batch.plan.input_of(unit, headers=False))


def look_of(given: CaseInput) -> Hashable:
    """Other than before where anything arrived for a patient: a file, its own or one to compare with, or a row."""
    files = tuple((file.name, file.size, file.modified, file.same) for file in (*given.own, *given.beside))
    return hash((files, len(given.refused), repr(given.rows), repr(given.facts)))


def _is_quarantined(batch: Batch, key: str) -> bool:
    return any(outcome.status is Status.QUARANTINED for outcome in batch.journal.outcomes_of(key))
