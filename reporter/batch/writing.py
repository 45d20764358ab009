"""What was made is published and committed while the next cases are drafted: a disk takes its time to be sure.

Threads do nothing but wait for the disk.  All else is done where cases are drafted, between two of them: threads that
work at the same time keep each other waiting.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final, Self

from reporter.batch.folder import flushed, is_taken, publication
from reporter.batch.journal import Journal
from reporter.batch.outcome import Outcome, WrittenFile
from reporter.batch.work import QUARANTINE, Made, Task
from reporter.publish import Publication
from reporter.publish_remote import RemotePublication
from reporter.remote import Place

_THREADS: Final = 4
_WAITING: Final = 16
"""Units that may wait for the disk; then drafting waits too."""


class Writing:
    """Publishes and commits unit by unit, in the order in which they are put; the first fault ends the run.

    The files of a unit are flushed, then get their names, then their folder is flushed (for all units that have come so
    far), then the unit is committed.
    """

    def __init__(self, folder: Place, journal: Journal, committed: Callable[[tuple[Outcome, ...]], None]) -> None:
        """`committed` is told of every unit that is done."""
        self._folder = folder
        self._journal = journal
        self._committed = committed
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="flush")
        self._flushing: deque[tuple[_Unit, Future[None]]] = deque()
        self._named: list[_Unit] = []
        self._sure: Future[None] | None = None
        """Done when the names of all that are named are sure."""
        self._failed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: object, problem: BaseException | None, _trace: object) -> None:
        """Where something else stopped the work, finish what was put, if that can be."""
        if not self._failed:
            with suppress(Exception):
                self.finish()
        self._threads.shutdown(wait=True)
        for unit, _ in self._flushing:
            unit.discard()

    def put(self, task: Task, made: tuple[Made, ...]) -> None:
        """Publish the documents of a unit and commit its outcomes, soon.

        Raises:
            Interrupted: the disk is full; this or an earlier unit stays queued.
            SetupError: the folder can no longer be written to.

        """
        unit = _Unit(task, made, self._folder, self._journal.results_of(task.key))
        self._flushing.append((unit, self._threads.submit(unit.flush)))
        self._go_on(wait=len(self._flushing) > _WAITING)

    def finish(self) -> None:
        """Wait for all that was put; raise the first fault."""
        while self._flushing or self._named:
            self._go_on(wait=True)

    def _go_on(self, *, wait: bool) -> None:
        """Commit what is sure, and name what is flushed; `wait` for the disk to come one step further."""
        self._failed = True
        if self._sure is not None and (wait or self._sure.done()):
            self._sure.result()
            self._commit()
        if self._sure is None and self._flushing and (wait or self._flushing[0][1].done()):
            self._flushing[0][1].result()
            self._name()
        self._failed = False

    def _name(self) -> None:
        while self._flushing and self._flushing[0][1].done():
            unit, written = self._flushing[0]
            written.result()
            unit.name()
            self._flushing.popleft()
            self._named.append(unit)
        self._sure = self._threads.submit(flushed, self._folder)

    def _commit(self) -> None:
        for unit in self._named:
            self._record(unit)
        self._named, self._sure = [], None

    def _record(self, unit: _Unit) -> None:
        outcomes = unit.outcomes()
        self._journal.record(unit.task.key, unit.task.fingerprint, outcomes)
        written = {file.name for outcome in outcomes for file in outcome.files}
        for name in sorted(unit.before.keys() - written):
            withdraw(self._folder, name, unit.before[name])
        self._committed(outcomes)


class _Unit:
    """A unit whose documents are on their way."""

    def __init__(self, task: Task, made: Iterable[Made], folder: Place, before: Mapping[str, str]) -> None:
        """`before` are name and SHA-256 of the files that were written for it earlier."""
        self.task = task
        self.before = before
        self._cases: list[_Written] = []
        try:
            for one in made:
                self._cases.append(_begun(one, folder, before))
        except BaseException:
            self.discard()
            raise

    def flush(self) -> None:
        for case in self._cases:
            if case.publication is not None:
                case.publication.flush()

    def name(self) -> None:
        for case in self._cases:
            if case.publication is not None:
                case.publication.name()

    def discard(self) -> None:
        for case in self._cases:
            if case.publication is not None:
                case.publication.discard()

    def outcomes(self) -> tuple[Outcome, ...]:
        """With the names of their files, which have them by now."""
        return tuple(case.outcome() for case in self._cases)


@dataclass(frozen=True, slots=True)
class _Written:
    made: Made
    digests: Mapping[str, str]
    """Suffix -> SHA-256, in order of suffix."""
    names: tuple[str, ...]
    """Of the files where they are there already."""
    publication: Publication | RemotePublication | None

    def outcome(self) -> Outcome:
        names = self.names if self.publication is None else self.publication.names
        of = zip(names, self.digests.values(), strict=True)
        return replace(self.made.outcome, files=tuple(WrittenFile(name=name, sha256=sha256) for name, sha256 in of))


def _begun(made: Made, folder: Place, before: Mapping[str, str]) -> _Written:
    """Begin to write new files, but where a case comes out as it was written before.

    What is there under those names may have been edited since; it stays, and nothing is put beside it.
    """
    digests = {suffix: hashlib.sha256(data).hexdigest() for suffix, data in sorted(made.documents.items())}
    names = tuple(_written(before, made.outcome.case, suffix, sha256) for suffix, sha256 in digests.items())
    if all(name and is_taken(folder / name) for name in names):
        return _Written(made, digests, names, None)
    return _Written(made, digests, (), publication(folder, made.outcome.case, made.documents))


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
