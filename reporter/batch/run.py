"""One run of a batch: look at the export, plan, draft what is not done, and say what became of every case.

The output folder belongs to one run at a time.  Whatever stops a run, the next one finishes it: what is done is not
made again, and what is not done is in the journal.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final, Protocol, Self

from reporter.batch.folder import probed
from reporter.batch.full_disk import told_when_full
from reporter.batch.index import DamagedIndexError, ExportIndex, Refreshed
from reporter.batch.journal import Journal
from reporter.batch.lock import locked
from reporter.batch.outcome import Outcome, Status
from reporter.batch.owner import JOURNAL, STATE, claim, held
from reporter.batch.plan import FileNobodys, Plan, Told, Unit
from reporter.batch.plan_files import input_fingerprint, row_places
from reporter.batch.rules import rules_fingerprint
from reporter.batch.stamp import Stamp, take_away
from reporter.batch.work import Rules, Task
from reporter.batch.workers import Done, Engine, InThisProcess, Workers
from reporter.batch.writing import Writing, withdraw
from reporter.errors import SetupError, UsageError
from reporter.pipeline import Chosen, Kit
from reporter.publish import cannot_write, remove_parts
from reporter.readers.gather_case import CaseInput
from reporter.remote import Place, RemotePath

if TYPE_CHECKING:
    from reporter.batch.cluster import Cluster

PLAN: Final = "plan.sqlite"
_CHANGED: Final = frozenset({"FS_READ", "FS_CHANGED"})
"""Reasons for which the export is looked at once more within a run."""


class Progress(Protocol):
    """Who is told how far a run has come."""

    def files(self, count: int, total: int | None) -> None:
        """So many files were looked at, of so many; None while they are still being listed."""

    def cases(self, done: int, total: int) -> None:
        """So many units are done, of so many."""


class Silent:
    """Nobody is told."""

    def files(self, count: int, total: int | None) -> None:
        """Say nothing."""

    def cases(self, done: int, total: int) -> None:
        """Say nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a run is asked to do."""

    export: Place
    folder: Place
    rules: Rules
    told: Told
    jobs: int = 1
    state: Path | None = None
    """Where index, plan and journal are kept; None: in the folder, which then is one of this machine."""
    scheduler: str = ""
    """Address of the Dask cluster that works; empty: this machine does."""


class Batch:
    """A run, and the folder it works in."""

    def __init__(self, order: Order, progress: Progress | None = None) -> None:
        """Take the output folder.

        Raises:
            UsageError: there is no such export, or the folder lies in it.
            SetupError: the folder cannot be written to, another run works in it, it is of another state, or the cluster
                cannot be reached.
            Interrupted: the disk is full.

        """
        self._order = order
        self.folder = order.folder
        self._progress = progress or Silent()
        self._open = ExitStack()
        self._done = 0
        self._total = 0
        self._lock = Lock()
        self._changed: set[str] = set()
        self.stamp: Callable[[], Stamp] | None = None
        """Makes what this run leaves for the next one, when all else is closed."""
        self.files_found = 0
        self.files_read = 0
        self.state = _check_places(order)
        probed(order.folder)
        try:
            self._begin()
        except BaseException as problem:
            self._open.close()
            if isinstance(problem, OSError):
                raise cannot_write(self.state, problem) from None
            raise

    def _begin(self) -> None:
        """Take the folder, open what is kept there, reach who works, and look at the export."""
        self.state.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._open.enter_context(locked(self.state / "lock"))
        self._open.enter_context(held(self.state, self.folder))
        take_away(self.state)
        self._open.callback(self._leave_stamp)
        if isinstance(self.folder, Path):
            remove_parts(self.folder)
        self._cluster = self._open.enter_context(_cluster(self._order)) if self._order.scheduler else None
        claim(self.state, self.folder)
        self.journal = self._open.enter_context(Journal(self.state / JOURNAL))
        self.plan = self._planned()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: object, problem: BaseException | None, _trace: object) -> None:
        self.plan.close()
        if problem is not None:
            self.stamp = None
        self._open.close()
        if isinstance(problem, sqlite3.Error):  # whoever asked the plan
            with told_when_full(self.state / PLAN):
                raise problem

    def _leave_stamp(self) -> None:
        if self.stamp is not None:
            with suppress(OSError):
                self.stamp().put(self.state)

    # -- looking and planning ---------------------------------------------------------------------------------

    def _planned(self) -> Plan:
        """The plan of the export as it is now."""
        store, order = self.state / "index.sqlite", self._order
        refreshed = _refreshed(store, order, self._progress)
        self.files_found, self.files_read = refreshed.files, self.files_read + refreshed.read
        place = self.state / PLAN
        with told_when_full(place):
            plan = Plan(place, store, order.export, order.told)
        self.journal.queue(unit.key for unit in plan.units())
        for name, sha256 in self.journal.results_of_gone().items():
            withdraw(order.folder, name, sha256)
        return plan

    # -- working ----------------------------------------------------------------------------------------------

    def run(self, wanted: Callable[[str], bool] | None = None) -> int:
        """Draft whatever is not done, and `wanted` by the key of its unit; how many units were worked on.

        A case whose files changed while they were read is tried once more, with a new look at the export; so are cases
        that this look shows to be other than they were.

        Raises:
            Interrupted: the disk is full, somebody stopped the run, or the cluster is gone.
            SetupError: a worker of the cluster is not what it has to be.
            UsageError: the export was taken away.

        """
        chosen = self._order.rules.chosen()
        worked = self._round(chosen, wanted or _every)
        if self._changed:
            changed, self._changed = self._changed, set()
            self.plan.close()
            self.plan = self._planned()
            worked += self._round(chosen, wanted or _every, changed)
        return worked

    def _round(self, chosen: Chosen, wanted: Callable[[str], bool], again: Collection[str] | None = None) -> int:
        rules = rules_fingerprint(self._order.rules, chosen)
        self.journal.queue_again(list(self._outdated(rules)))
        waiting = [key for key in self.journal.open_units(again) if wanted(key)]
        self._done, self._total = 0, len(waiting)
        self._progress.cases(0, self._total)
        if not waiting:
            return 0
        kit = chosen.kit()
        with Writing(self._order.folder, self.journal, self._committed) as writing:
            self._work(kit, self._tasks(waiting, rules), writing.put)
        return self._total

    def _outdated(self, rules: str) -> Iterator[str]:
        """Units that are done, but not for these inputs and rules, or whose results are gone."""
        for key in list(self.journal.done_units()):
            given = self.plan.input_of(self.plan.unit(key), headers=False)
            made_from = input_fingerprint(given, rules), row_places(given)
            if not self.journal.settled(key, *made_from, self._order.folder):
                yield key

    def _tasks(self, keys: Iterable[str], rules: str) -> Iterator[Task]:
        for unit in map(self.plan.unit, keys):
            yield _task(unit, self.plan.input_of(unit), rules)

    def _work(self, kit: Kit, tasks: Iterator[Task], put: Done) -> None:
        with self._engine(kit) as engine:
            engine.run(tasks, put)

    def _engine(self, kit: Kit) -> AbstractContextManager[Engine]:
        """Who works: the cluster, worker processes, or this process where there is little to do."""
        rules, jobs = self._order.rules, min(self._order.jobs, self._total)
        if self._cluster is not None:
            return nullcontext(self._cluster)
        return nullcontext(InThisProcess(kit, rules)) if jobs <= 1 else Workers(rules, jobs)

    def _committed(self, outcomes: tuple[Outcome, ...]) -> None:
        with self._lock:
            self._done += 1
            if any(reason in _CHANGED for outcome in outcomes for reason in outcome.reasons):
                self._changed.add(outcomes[0].patient)
            self._progress.cases(self._done, self._total)

    # -- what became of it ------------------------------------------------------------------------------------

    def counts(self) -> Counter[Status]:
        """Cases by what became of them; their sum is the number of cases found."""
        return Counter(ending.status for _, ending in self.journal.endings())

    def results(self) -> tuple[str, ...] | None:
        """Names of all files that were written for the cases; None where anything is left to do or to try again."""
        return self.journal.results() if self.journal.is_at_rest() else None

    def nobodys(self) -> Iterator[FileNobodys]:
        """Files of the export that belong to no case."""
        return self.plan.nobodys()


def _every(_key: str) -> bool:
    return True


def _task(unit: Unit, given: CaseInput, rules: str) -> Task:
    fingerprint, places = input_fingerprint(given, rules), row_places(given)
    return Task(key=unit.key, study=unit.study, given=given, fingerprint=fingerprint, places=places)


def _cluster(order: Order) -> Cluster:
    from reporter.batch.cluster import Cluster

    return Cluster(order.scheduler, order.rules, order.export)


def _check_places(order: Order) -> Path:
    """Where the state is kept, if all places can be what they are named for."""
    export, folder, state = order.export, order.folder, order.state
    _check_export(export)
    if state is None:
        if isinstance(folder, RemotePath):
            hint = "name a folder of this machine for the state of the run with --state"
            raise UsageError("a journal cannot be kept behind a URL", file=str(folder), hint=hint)
        state = folder / STATE
    for place in (folder, state):
        if _lies_in(place, export):
            raise UsageError("this lies in the export, which is never written to", file=str(place))
        if isinstance(place, Path) and place.exists() and not place.is_dir():
            raise SetupError("is no folder", file=str(place), hint="name a folder", code="OUT_DIR")
    return state


def _lies_in(place: Place, export: Place) -> bool:
    if isinstance(place, Path) and isinstance(export, Path):
        return place.resolve().is_relative_to(export.resolve())
    return isinstance(place, RemotePath) and place.is_relative_to(export)


def _check_export(export: Place) -> None:
    if not _is_there(export):
        raise UsageError("there is no such file or folder", file=str(export), hint="check the name")


def _is_there(place: Place) -> bool:
    try:
        return place.exists()
    except OSError:
        hint = "look whether it can be reached from here, and with which rights"
        raise SetupError("cannot be looked at", file=str(place), hint=hint) from None


def _refreshed(store: Path, order: Order, progress: Progress) -> Refreshed:
    """Bring the index up to date; a damaged one is made anew, for it holds nothing that the export does not.

    Raises:
        SetupError: it cannot be written.
        Interrupted: the disk is full.
        UsageError: the export was taken away.

    """
    try:
        return _looked_at(store, order, progress)
    except DamagedIndexError:
        for suffix in ("", "-wal", "-shm"):
            store.with_name(store.name + suffix).unlink(missing_ok=True)
    return _looked_at(store, order, progress)


def _looked_at(store: Path, order: Order, progress: Progress) -> Refreshed:
    with ExportIndex(store, keep=True) as index:
        index.check()
        try:
            return index.refresh(order.export, order.rules.settings.limits, progress.files)
        except OSError:
            _check_export(order.export)  # it may have been taken away meanwhile
            raise
