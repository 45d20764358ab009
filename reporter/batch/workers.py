"""Engines of one machine: this process, or worker processes that are watched over.

A case that hangs, dies or takes too much memory costs itself and nothing else.  Each worker has one unit at a time and
a pipe of its own.  A pool of the standard library is lost with one dead worker and cannot stop one that hangs.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Final, Protocol, Self

from reporter.batch.work import Made, Rules, Task, Worked, given_up, work
from reporter.garbage import collect_seldom
from reporter.pipeline import Kit
from reporter.readers.gather_case import CaseInput

Done = Callable[[Sequence[Worked]], None]
"""Is told of units as they are done, of some at a time."""
_CONTEXT: Final = get_context("spawn")
_MEMORY: Final = "CASE_MEMORY"
_START_SECONDS: Final = 120
"""For a new process to begin its first case."""
_UNITS: Final = 16
"""Worked on at a time, at most."""
_ROOM: Final = 2_000
"""Files and rows of those that are worked on at a time."""
_BYTES: Final = 10_000
"""Of a report that count as one file more."""
_SECONDS: Final = 1.0
"""Longer than that nobody waits to see how far a run has come, or loses to whoever stops it."""


class Engine(Protocol):
    """Works on the tasks of a run, wherever it does."""

    def run(self, tasks: Iterator[Task], done: Done) -> None:
        """Work on all tasks; each is told of once, as made or as given up."""


class InThisProcess:
    """Works here, on some tasks at a time; nothing watches over them."""

    def __init__(self, kit: Kit, rules: Rules) -> None:
        self._kit = kit
        self._rules = rules

    def run(self, tasks: Iterator[Task], done: Done) -> None:
        """Work on all tasks, one at first, then more at a time as long as that is quick.

        So a case that ends the process, as often as it is tried, comes to stand alone, and holds up none before it.
        """
        number = 1
        while some := list(_some(tasks, number)):
            began = time.monotonic()
            done(list(zip(some, work(some, self._kit, self._rules), strict=True)))
            slow = time.monotonic() - began > _SECONDS
            number = max(number // 2, 1) if slow else min(number * 2, _UNITS)


def _some(tasks: Iterator[Task], number: int) -> Iterator[Task]:
    """So many units, fewer where they are large: all are in memory."""
    room = _ROOM
    while number and room > 0 and (task := next(tasks, None)) is not None:
        yield task
        number, room = number - 1, room - _size(task.given)


def _size(given: CaseInput) -> int:
    """How many files and rows a unit has; reports, which are read whole, count by their length."""
    read = sum(file.size for file in given.files if file.header is None)
    return len(given.files) + len(given.rows) + read // _BYTES


class Workers:
    """Worker processes and what each of them has in hand."""

    def __init__(self, rules: Rules, jobs: int) -> None:
        self._rules = rules
        self._workers = [Worker(rules) for _ in range(jobs)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.end()

    def run(self, tasks: Iterator[Task], done: Done) -> None:
        """Work on all tasks; each is told of once, as made or as given up."""
        while True:
            for place, worker in enumerate(self._workers):
                if worker.task is None and (task := next(tasks, None)) is not None:
                    self._give(place, task)
            busy = [worker for worker in self._workers if worker.task is not None]
            if not busy:
                return
            soonest = min(worker.deadline for worker in busy) - time.monotonic()
            wait([worker.pipe for worker in busy], max(0.0, soonest))
            for worker in busy:
                task, answer = worker.task, worker.answer()
                if task is not None and answer is not None:
                    worker.task = None
                    done([(task, answer)])

    def _give(self, place: int, task: Task) -> None:
        if not self._workers[place].alive:
            self._workers[place].end()
            self._workers[place] = Worker(self._rules)
        self._workers[place].give(task)


class Worker:
    """One process; `task` is what it works on."""

    def __init__(self, rules: Rules, idle: float | None = None) -> None:
        """Start it; where nobody asks anything of it for `idle` seconds it ends by itself."""
        self.pipe, theirs = _CONTEXT.Pipe()
        self.task: Task | None = None
        self.deadline = 0.0
        self._seconds = rules.settings.limits.case_seconds
        self._started = False
        self._process: BaseProcess = _CONTEXT.Process(target=_serve, args=(theirs, rules, idle), daemon=True)
        self._process.start()
        theirs.close()

    @property
    def alive(self) -> bool:
        """Whether it can take another task."""
        return self._process.is_alive() and not self.pipe.closed

    def work(self, task: Task) -> tuple[Made, ...]:
        """What becomes of one task, as soon as it is known."""
        self.give(task)
        while (answer := self.answer()) is None:
            wait([self.pipe], max(0.0, self.deadline - time.monotonic()))
        self.task = None
        return answer

    def give(self, task: Task) -> None:
        """Hand over a task; a worker that has died meanwhile shows when it is asked for the answer."""
        self.task = task
        self.deadline = time.monotonic() + self._seconds + (0 if self._started else _START_SECONDS)
        with suppress(OSError):
            self.pipe.send(task)

    def answer(self) -> tuple[Made, ...] | None:
        """What became of its task; None while it works, or has none."""
        if self.task is None:
            return None
        if self.pipe.poll():
            return self._received(self.task)
        if time.monotonic() < self.deadline:
            return None
        self.end()
        return (given_up(self.task, "CASE_TIMEOUT", limit=self._seconds),)

    def _received(self, task: Task) -> tuple[Made, ...] | None:
        try:
            answer = self.pipe.recv()
        except (EOFError, OSError):
            self.end()
            return (given_up(task, "CASE_CRASHED", how=_how(self._process.exitcode)),)
        if answer is None:  # it has begun: from here on the time of the case counts
            self._started, self.deadline = True, time.monotonic() + self._seconds
            return None
        made: tuple[Made, ...] = answer
        if any(_MEMORY in one.outcome.reasons for one in made):
            self.end()  # what it has left of its memory is in pieces
        return made

    def end(self) -> None:
        """Kill the process and close the pipe."""
        with suppress(OSError):
            self.pipe.close()
        self._process.kill()
        self._process.join()


def _how(exit_code: int | None) -> str:
    """How a process ended, in words."""
    if exit_code is not None and exit_code < 0:
        with suppress(ValueError):
            return signal.Signals(-exit_code).name
    return f"exit code {exit_code}"


# -- in the worker --------------------------------------------------------------------------------------------


def _serve(pipe: Connection, rules: Rules, idle: float | None) -> None:
    """Work on what comes through the pipe, until it closes or nothing comes any more."""
    collect_seldom()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one who is asked to stop is the parent
    _limit_memory(rules.settings.limits.case_bytes)
    kit = rules.prepared()
    while True:
        try:
            if not pipe.poll(idle):
                return
            task = pipe.recv()
        except (EOFError, OSError):
            return
        with suppress(BrokenPipeError):
            pipe.send(None)
            pipe.send(work([task], kit, rules)[0])


def _limit_memory(limit: int) -> None:
    """Bound the address space of this process, where the system can."""
    if os.name == "nt":
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard == resource.RLIM_INFINITY or hard > limit:
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
