"""The engine beyond one machine: the same cases on a Dask cluster that is there already.

Plan, journal and all writing stay with the run; workers of the cluster read the files of a case and give back its
documents.  A worker that is lost costs its cases another try.  Nobody but the cluster named is spoken to, and no key,
name or log of it tells of a patient.
"""

from __future__ import annotations

import logging
import re
import time
import warnings
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Final, Self
from uuid import uuid4

from reporter.batch.cluster_worker import Ground, Sealed, Unfit, case, standing, unfitness
from reporter.batch.work import Made, Rules, Task, Worked, given_up
from reporter.batch.workers import Done
from reporter.errors import Interrupted, SetupError, UsageError
from reporter.remote import Place

if TYPE_CHECKING:
    from distributed import Client, Future

_ADDRESS: Final = re.compile(r"(tcp|tls)://\S+:\d+", re.ASCII)
_REACHED: Final = 10.0
"""Seconds in which the scheduler has to answer."""
_LOOK: Final = 5.0
"""Seconds between two looks whether anybody is there to work."""
_ALONE: Final = 120.0
"""Seconds without any worker after which the run ends."""
_AHEAD: Final = 2
"""Tasks on their way for each thread of the cluster; the rest waits in the plan."""
_ANOTHER: Final = "has another version of reporter, or none"
_AGAIN: Final = "give the same command again to finish the rest"


class Cluster:
    """A Dask cluster that works on the tasks of a run."""

    def __init__(self, address: str, rules: Rules, export: Place) -> None:
        """Reach the scheduler.

        Raises:
            UsageError: this is no address of a scheduler.
            SetupError: it cannot be reached, or Dask is not installed here.

        """
        if not _ADDRESS.fullmatch(address):
            raise UsageError("--scheduler takes the address of a Dask scheduler", hint="tcp://HOST:PORT")
        self._address = address
        self._rules = _anywhere(rules)
        self._export = export.resolve()
        self._client = _client(address)
        self._back: SimpleQueue[Future[Sealed]] = SimpleQueue()
        self._out: dict[str, Task] = {}
        self._suspects: list[Task] = []
        """Tasks that were out when workers died, once too often for the cluster; each is tried once more, alone."""
        self._room = 0
        self._looked = self._seen = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(Exception):  # whatever it has to say, the run is over
            self._client.close(timeout=_REACHED)

    def run(self, tasks: Iterator[Task], done: Done) -> None:
        """Work on all tasks; each is told of once, as made or as given up.

        Raises:
            SetupError: a worker is another program than this, or does not see the export.
            Interrupted: the scheduler or all workers are gone.

        """
        ground = self._checked()
        while True:
            self._look()
            while len(self._out) < self._room and (task := next(tasks, None)) is not None:
                self._send(ground, task)
            if alone := not self._out:
                if not self._suspects:
                    return
                self._send(ground, self._suspects.pop())
            for unit in self._landed(alone=alone):
                done([unit])

    def _send(self, ground: Sealed, task: Task) -> None:
        key = f"reporter-{uuid4().hex}"
        self._out[key] = task
        self._client.submit(case, ground, Sealed(task), key=key, pure=False).add_done_callback(self._back.put)

    def _landed(self, *, alone: bool) -> Iterator[Worked]:
        """A task that came back, if one does, with what was made of it; `alone`: it was the only one out."""
        future = None
        while future is None:
            with suppress(Empty):
                future = self._back.get(timeout=_LOOK)
            self._look()
        task = self._out.pop(str(future.key))
        made = self._answer(future)
        if made is not None:
            yield task, made
        elif not alone:
            self._suspects.append(task)
        else:
            yield task, (given_up(task, "CASE_CRASHED", how="every worker of the cluster that had it"),)

    def _answer(self, future: Future[Sealed]) -> tuple[Made, ...] | None:
        """What a worker made, or the next one where it is lost before it was fetched; None where too many died."""
        answer = None
        while answer is None:
            try:
                answer = future.result(timeout=_LOOK).opened()
            except Exception as error:  # ruff: ignore[blind-except] - a library's own words are not passed on
                if future.status == "error":
                    if type(error).__name__ == "KilledWorker":
                        return None
                    raise _unfit("a worker", _ANOTHER) from None
                if not isinstance(error, TimeoutError):  # the cluster is not what it was
                    raise self._gone() from None
                self._look()
        if isinstance(answer, Unfit):
            raise _unfit("a worker", answer.why)
        made: tuple[Made, ...] = answer
        return made

    # -- who is there -----------------------------------------------------------------------------------------

    def _checked(self) -> Sealed:
        """What goes with every task; every worker that is there now is fit for it."""
        here = standing(self._rules)
        ground = Sealed(Ground(rules=self._rules, standing=here, export=str(self._export)))
        try:
            found = self._client.run(unfitness, ground, on_error="return")
        except Exception:  # ruff: ignore[blind-except] - a library's own words are not passed on
            raise self._gone() from None
        for worker, why in sorted(found.items()):
            if isinstance(why, OSError):
                continue  # lost meanwhile
            if why:
                raise _unfit(worker, why if isinstance(why, str) else _ANOTHER)
        return ground

    def _look(self) -> None:
        """See, now and then, how many threads there are; give up where there is none for long."""
        now = time.monotonic()
        if self._room and now - self._looked < _LOOK:
            return
        self._looked = now
        try:
            threads: dict[str, int] = self._client.nthreads(callback_timeout=_REACHED)
        except Exception:  # ruff: ignore[blind-except] - as above
            raise self._gone() from None
        self._room = max(1, _AHEAD * sum(threads.values()))
        if threads:
            self._seen = now
        elif now - self._seen > _ALONE:
            raise Interrupted("the cluster has no worker any more", file=self._address, hint=f"start some; {_AGAIN}")

    def _gone(self) -> Interrupted:
        return Interrupted("the scheduler is gone", file=self._address, hint=_AGAIN)


def _client(address: str) -> Client:
    try:
        import dask

        dask.config.set({"logging": {"version": 1}})  # no handlers of its own: what is wrong is said in our words
        from distributed import Client
    except ImportError:
        hint = 'pip install "reporter[cluster]"'
        raise SetupError("Dask is not installed here, which a cluster needs", hint=hint) from None
    for library in ("distributed", "tornado", "asyncio"):
        logging.getLogger(library).setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # versions that matter are compared later
            return Client(address, timeout=_REACHED, set_as_default=False, name="reporter")
    except Exception:  # ruff: ignore[blind-except] - a library's own words are not passed on
        hint = "look whether it runs, and whether this machine may reach it"
        raise SetupError("the scheduler cannot be reached", file=address, hint=hint) from None


def _anywhere(rules: Rules) -> Rules:
    """The same rules with paths that mean the same wherever a worker stands."""
    template, folder = rules.template, rules.settings.site_folder
    if template and "/" in template:
        template = str(Path(template).resolve())
    settings = replace(rules.settings, site_folder=folder.resolve() if folder else None)
    return replace(rules, template=template, settings=settings)


def _unfit(worker: str, why: str) -> SetupError:
    hint = "install the same on every machine, and keep export, templates and packs where all of them see them"
    return SetupError(f"{worker} {why}", hint=hint)
