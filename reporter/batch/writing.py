"""What was made is published and committed, beside the drafting of the next cases: a disk takes its time to be sure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from threading import Semaphore
from typing import Final, Self

from reporter.batch.folder import is_taken, published
from reporter.batch.journal import Journal
from reporter.batch.outcome import Outcome, WrittenFile
from reporter.batch.work import QUARANTINE, Made, Task, Worked
from reporter.remote import Place

_THREADS: Final = 4
"""Units that are with the disk at a time: while it makes sure of one, it is given the next."""
_WAITING: Final = 16
"""Units that may wait for the disk; then drafting waits too."""
_MOMENT: Final = 0.004
"""Seconds a unit that drafting leaves to the disk.  One that is quick is done by then, and the two do not take the
interpreter from each other at every call of the system, which costs a sixth of all work; a slow one goes on beside."""


class Writing:
    """Publishes and commits unit by unit; the first fault ends the run."""

    def __init__(self, folder: Place, journal: Journal, committed: Callable[[tuple[Outcome, ...]], None]) -> None:
        """`committed` is told of every unit that is done, in whatever order, from whatever thread."""
        self._folder = folder
        self._journal = journal
        self._committed = committed
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="publish")
        self._room = Semaphore(_WAITING)
        self._patience: float | None = None
        """Seconds that a unit is waited for; the first of a run as long as it takes, so that each run commits one at
        least, whichever case ends it."""
        self._fault: BaseException | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: object, problem: BaseException | None, _trace: object) -> None:
        """Wait for all that was put; raise the first fault, unless something else ends the run."""
        self._threads.shutdown(wait=True, cancel_futures=self._fault is not None)
        if problem is None:
            self._raise()

    def put(self, worked: Iterable[Worked]) -> None:
        """Publish the documents of units and commit their outcomes, soon.

        Raises:
            Interrupted: the disk is full; some of these or of earlier units stay queued.
            SetupError: the folder can no longer be written to.

        """
        for written in list(map(self._begin, worked)):
            with suppress(TimeoutError):
                written.exception(self._patience)
            self._patience = _MOMENT
        self._raise()

    def _begin(self, unit: Worked) -> Future[None]:
        self._raise()
        self._room.acquire()
        return self._threads.submit(self._write, *unit)

    def _raise(self) -> None:
        if self._fault is not None:
            raise self._fault

    def _write(self, task: Task, made: tuple[Made, ...]) -> None:
        """Write a unit, unless the disk is full: what is left stays queued."""
        try:
            if self._fault is None:
                self._publish_and_commit(task, made)
        except BaseException as fault:
            self._fault = self._fault or fault
            raise
        finally:
            self._room.release()

    def _publish_and_commit(self, task: Task, made: tuple[Made, ...]) -> None:
        before = self._journal.results_of(task.key)
        outcomes = tuple(self._published(one, before) for one in made)
        self._journal.record(task.key, task.fingerprint, task.places, outcomes)
        written = {file.name for outcome in outcomes for file in outcome.files}
        for name in sorted(before.keys() - written):
            withdraw(self._folder, name, before[name])
        self._committed(outcomes)

    def _published(self, made: Made, before: Mapping[str, str]) -> Outcome:
        """With the names of its files, new ones but where a case comes out as it was written before.

        What is there under those names may have been edited since; it stays, and nothing is put beside it.
        """
        digests = {suffix: hashlib.sha256(data).hexdigest() for suffix, data in sorted(made.documents.items())}
        written = {suffix: _written(before, made.outcome.case, suffix, sha256) for suffix, sha256 in digests.items()}
        if not all(name and is_taken(self._folder / name) for name in written.values()):
            names = published(self._folder, made.outcome.case, made.documents)
            written = dict(zip(digests, names, strict=True))
        files = tuple(WrittenFile(name=name, sha256=digests[suffix]) for suffix, name in written.items())
        return replace(made.outcome, files=files)


def _written(before: Mapping[str, str], stem: str, suffix: str, sha256: str) -> str:
    """The name under which a case was given these bytes before; empty where it was not."""
    return next((n for n, of in before.items() if of == sha256 and n.startswith(stem) and n.endswith(suffix)), "")


def withdraw(folder: Place, name: str, sha256: str) -> None:
    """Remove a quarantine page that no longer holds, if it is as it was written; a draft is never removed."""
    path = folder / name
    if name.endswith(QUARANTINE):
        with suppress(OSError):
            if hashlib.sha256(path.read_bytes()).hexdigest() == sha256:
                path.unlink()
