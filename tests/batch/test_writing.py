"""What was made is committed once its files are whole under their names, whatever call fails and whatever stops it."""

import errno
import os
import time
from collections.abc import Iterable, Iterator
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from threading import Barrier, Event

import pytest

from reporter.batch import writing
from reporter.batch.journal import Journal
from reporter.batch.outcome import Outcome, Status
from reporter.batch.work import Made, Task, Worked
from reporter.batch.writing import Writing
from reporter.errors import Interrupted
from reporter.readers.gather_case import CaseInput

pytestmark = pytest.mark.hostile
CASES = 40


class Run:
    """A run that writes made-up drafts."""

    def __init__(self, folder: Path, journal: Journal) -> None:
        self.folder = folder
        self.journal = journal
        self.told: list[str] = []
        journal.queue(map(_key, range(CASES)))

    def write(self, cases: int = CASES, stop: BaseException | None = None, together: int = 1) -> None:
        """Put so many cases, some together; then stop, if asked to."""
        bunches = [list(map(_made, range(cases)[begin : begin + together])) for begin in range(0, cases, together)]
        self.write_all(bunches, stop)

    def write_all(self, bunches: Iterable[Iterable[Worked]], stop: BaseException | None = None) -> None:
        """Put bunch after bunch; then stop, if asked to."""
        with Writing(self.folder, self.journal, self.committed) as at_work:
            for bunch in bunches:
                at_work.put(bunch)
            if stop is not None:
                raise stop

    def committed(self, outcomes: tuple[Outcome, ...]) -> None:
        """Is told of what is done: all of it is there."""
        for outcome in outcomes:
            assert all((self.folder / file.name).read_bytes() == _draft(outcome.case) for file in outcome.files)
            self.told.append(outcome.case)

    def done(self) -> list[str]:
        """What the journal holds for done, all of it being there."""
        done = list(self.journal.done_units())
        assert all(self.journal.settled(key, "f", "", self.folder) for key in done)
        return done

    def left(self) -> list[str]:
        """Files without a final name."""
        return [path.name for path in self.folder.iterdir() if path.name.endswith(".part")]


def _key(number: int) -> str:
    return f"{number:024x}"


def _draft(key: str) -> bytes:
    return f"draft of {key}".encode()


def _made(number: int) -> Worked:
    key = _key(number)
    outcome = Outcome(case=key, patient=key, status=Status.REPORTED, exit=0)
    task = Task(key=key, study="", given=CaseInput(patient_id=key), fingerprint="f")
    return task, (Made(outcome=outcome, documents={".draft.txt": _draft(key), ".draft.docx": _draft(key)}),)


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    folder = tmp_path / "out"
    folder.mkdir()
    with Journal(tmp_path / "journal.sqlite") as journal:
        yield Run(folder, journal)


def test_all_is_committed(run: Run) -> None:
    run.write()
    assert sorted(run.told) == run.done() == [_key(number) for number in range(CASES)]
    assert len(list(run.folder.iterdir())) == 2 * CASES


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), ValueError("a fault of ours")], ids=repr)
def test_what_was_put_is_finished_when_something_else_stops_the_run(run: Run, stop: BaseException) -> None:
    with pytest.raises(type(stop)):
        run.write(cases=9, stop=stop)
    assert sorted(run.told) == run.done() == [_key(number) for number in range(9)]
    assert run.left() == []


def test_a_disk_that_is_quick_is_waited_for(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "_MOMENT", 60)
    with Writing(run.folder, run.journal, run.committed) as at_work:
        for number in range(0, CASES, 5):
            at_work.put(list(map(_made, range(number, number + 5))))
            assert sorted(run.told) == [_key(done) for done in range(number + 5)]


def test_the_disk_has_units_beside_one_another(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are waited for together, not one after the other."""
    monkeypatch.setattr(writing, "_MOMENT", 60)
    real, calls, together = os.fsync, count(), Barrier(4)

    def waiting(handle: int) -> None:
        if next(calls) < together.parties:
            together.wait(5)
        real(handle)

    monkeypatch.setattr(os, "fsync", waiting)
    with Writing(run.folder, run.journal, run.committed) as at_work:
        at_work.put(list(map(_made, range(4))))
    assert sorted(run.told) == run.done() == [_key(number) for number in range(4)]


def test_a_disk_that_hangs_does_not_hold_back_the_drafting(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls, drafted, went_on = os.fsync, count(), Event(), []

    def hanging(handle: int) -> None:
        if next(calls) == 3:  # of the second case
            went_on.append(drafted.wait(60))
        real(handle)

    monkeypatch.setattr(os, "fsync", hanging)
    with Writing(run.folder, run.journal, run.committed) as at_work:
        for number in range(9):
            at_work.put([_made(number)])
        drafted.set()
    assert went_on == [True]
    assert run.done() == [_key(number) for number in range(9)]


def test_a_fault_is_raised_before_more_is_drafted(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """That of the last unit of a bunch, too."""
    monkeypatch.setattr(writing, "_MOMENT", 60)
    real, calls, drafted = os.fsync, count(1), count()

    def full(handle: int) -> None:
        if next(calls) > 3 * 8:  # two files and their folder a unit
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(handle)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Interrupted):
        run.write_all([_made(next(drafted)) for _ in range(3)] for _ in range(5))
    assert next(drafted) == 9
    assert sorted(run.told) == run.done()


def test_an_interrupt_loses_nothing_that_is_with_the_disk(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes while the units of a bunch are being given to a disk that hangs."""
    real, calls, stopped = os.fsync, count(), Event()

    def hanging(handle: int) -> None:
        if next(calls) >= 3:  # from the second unit on
            stopped.wait(60)
        real(handle)

    def many() -> Iterator[Worked]:
        yield from map(_made, range(1, 17))
        stopped.set()
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", hanging)
    with pytest.raises(KeyboardInterrupt):
        run.write_all([[_made(0)], many()])
    assert sorted(run.told) == run.done() == [_key(number) for number in range(17)]


def test_every_run_brings_its_first_case_to_an_end(run: Run, tmp_path: Path) -> None:
    """However slow the disk, and however the next case ends the process."""
    arguments = (run.folder, tmp_path / "journal.sqlite")
    process = get_context("spawn").Process(target=_put_one_and_end, args=arguments)
    process.start()
    process.join(60)
    assert process.exitcode == 137
    assert run.done() == [_key(0)]


def _put_one_and_end(folder: Path, store: Path) -> None:
    real = os.fsync

    def slow(handle: int) -> None:
        time.sleep(0.1)
        real(handle)

    pytest.MonkeyPatch().setattr(os, "fsync", slow)
    with Journal(store) as journal, Writing(folder, journal, lambda _: None) as at_work:
        at_work.put([_made(0)])
        os._exit(137)


@pytest.mark.parametrize("call", ["open", "fsync", "link", "unlink"])
@pytest.mark.parametrize("number", [1, 2, 17, 50, 2 * CASES])
@pytest.mark.parametrize("together", [1, 16, CASES])
def test_nothing_is_committed_whose_files_are_not_there(
    run: Run, monkeypatch: pytest.MonkeyPatch, call: str, number: int, together: int
) -> None:
    """Of two files a unit, the last link and the last unlink are those of the last unit."""
    calls, real = count(1), getattr(os, call)

    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    def failing(*arguments: object, **named: object) -> object:
        if next(calls) == number:
            fail()
        return real(*arguments, **named)

    with monkeypatch.context() as patched:
        patched.setattr(os, call, failing)
        if call == "link":  # nor does the way for file systems without links
            patched.setattr(Path, "rename", fail)
        with pytest.raises(Interrupted):
            run.write(together=together)
    assert sorted(run.told) == run.done()
    assert len(run.told) < CASES
    assert run.left() == []
    run.write()
    assert run.done() == [_key(number) for number in range(CASES)]
    assert {path.name for path in run.folder.iterdir()} == {
        f"{_key(number)}{suffix}" for number in range(CASES) for suffix in (".draft.docx", ".draft.txt")
    }
