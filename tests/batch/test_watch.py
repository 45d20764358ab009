"""Watching a folder: drafts come when nothing more arrives, and a stop is a clean end."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

import pytest

from reporter.batch.outcome import Status
from reporter.batch.run import Batch, Order
from reporter.batch.watch import Settling, watch
from reporter.batch.work import Rules, Task
from reporter.cli.main import main
from reporter.errors import ExitCode, UsageError
from reporter.readers.gather import Inputs
from reporter.settings import Settings
from tests.batch.exports import patients, put, put_export, rows_of, study
from tests.readers.kit import csv_of, dicom


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class TestSettling:
    def test_what_does_not_change_for_long_enough_is_finished(self) -> None:
        clock = Clock()
        settling = Settling(60, clock)
        assert settling.finished([("a", 1)]) == set()
        clock.now += 59
        assert settling.finished([("a", 1), ("b", 1)]) == set()
        clock.now += 1
        assert settling.finished([("a", 1), ("b", 1)]) == {"a"}
        clock.now += 59
        assert settling.finished([("a", 1), ("b", 1)]) == {"a", "b"}

    def test_a_change_begins_the_wait_anew(self) -> None:
        clock = Clock()
        settling = Settling(60, clock)
        settling.finished([("a", 1)])
        clock.now += 50
        settling.finished([("a", 2)])
        clock.now += 50
        assert settling.finished([("a", 2)]) == set()
        clock.now += 10
        assert settling.finished([("a", 2)]) == {"a"}

    def test_what_went_away_and_came_back_waits_again(self) -> None:
        clock = Clock()
        settling = Settling(60, clock)
        settling.finished([("a", 1)])
        settling.finished([])
        clock.now += 60
        assert settling.finished([("a", 1)]) == set()

    def test_without_a_wait_everything_is_finished(self) -> None:
        assert Settling(0, Clock()).finished([("a", 1)]) == {"a"}


class Watching:
    """Opens runs, and does the next thing of a script in each pause."""

    def __init__(self, order: Order, *script: Callable[[], object]) -> None:
        self.rounds: list[tuple[int, dict[str, int]]] = []
        self._order = order
        self._script = iter(script)

    def opened(self) -> Batch | None:
        return Batch(self._order)

    def ended(self, batch: Batch, worked: int) -> None:
        told = batch.counts()
        self.rounds.append((worked, {status.value: told[status] for status in Status if told[status]}))

    def refused(self, why: UsageError) -> None:
        self.rounds.append((0, {str(why): 1}))

    def wait(self) -> bool:
        step = next(self._script, None)
        if step is not None:
            step()
        return step is not None


@pytest.fixture
def order(tmp_path: Path) -> Order:
    from reporter.batch.plan import Told

    (tmp_path / "export").mkdir()
    rules = Rules(settings=Settings(), inputs=Inputs(paths=()), formats=("txt",))
    return Order(export=tmp_path / "export", folder=tmp_path / "out", rules=rules, told=Told())


def arriving(order: Order) -> Path:
    """Where studies arrive."""
    assert isinstance(order.export, Path)
    return order.export


def drafts(order: Order) -> Path:
    """Where drafts go."""
    assert isinstance(order.folder, Path)
    return order.folder


def test_a_case_is_drafted_once_when_its_files_have_settled(order: Order) -> None:
    clock = Clock()

    def arrive() -> None:
        for name, data in study("P001", 1, "20260108").items():
            put(arriving(order) / name, data)

    def arrive_late() -> None:
        clock.now += 40
        for name, data in study("P001", 2, "20260413").items():
            put(arriving(order) / name, data)

    def pass_time() -> None:
        clock.now += 40

    watching = Watching(order, arrive, arrive_late, pass_time, pass_time, pass_time)
    watch(watching, Settling(60, clock))
    waiting, done = {"pending": 1}, {"reported": 1}
    assert watching.rounds == [(0, {}), (0, waiting), (0, waiting), (0, waiting), (1, done), (0, done)]
    assert len(list(drafts(order).glob("*.draft.txt"))) == 1


def test_one_that_still_arrives_does_not_hold_up_the_others(order: Order) -> None:
    clock = Clock()
    put_export(arriving(order), patients(1))

    def more() -> None:
        clock.now += 60
        put_export(arriving(order), patients(2)[1:])

    watching = Watching(order, more)
    watch(watching, Settling(60, clock))
    assert watching.rounds == [(0, {"pending": 1}), (1, {"reported": 1, "pending": 1})]


def test_a_quarantined_case_is_not_tried_again_until_it_changes(order: Order) -> None:
    clock = Clock()
    for name, data in study("P001", 1, "20260108").items():
        put(arriving(order) / name, data[:200])

    def pass_time() -> None:
        clock.now += 60

    watching = Watching(order, pass_time, pass_time, pass_time)
    watch(watching, Settling(60, clock))
    assert sum(worked for worked, _ in watching.rounds) <= 1


def test_a_case_is_tried_again_when_what_it_was_compared_with_is_gone(order: Order) -> None:
    clock = Clock()
    own, other = study("P001", 1, "20260108"), study("P002", 1, "20260108", StudyInstanceUID="1.2.9")
    for name, data in {**own, **other}.items():
        put(arriving(order) / name, data)
    put(arriving(order) / "both.dcm", next(iter(own.values())).replace(b"P001", b"P002"))

    def pass_time() -> None:
        clock.now += 60

    watching = Watching(order, pass_time, (arriving(order) / "both.dcm").unlink, pass_time)
    watch(watching, Settling(60, clock))
    assert [told for _, told in watching.rounds][1:] == [{"quarantined": 2}, {"pending": 2}, {"reported": 2}]


@pytest.mark.hostile
def test_a_file_that_still_grows_is_waited_for(order: Order) -> None:
    """Until it is whole it is refused, again and again under one name."""
    clock, files = Clock(), study("P001", 1, "20260108")
    (name, whole), (other, data) = files.items()
    put(arriving(order) / other, data)

    def grow(length: int) -> None:
        put(arriving(order) / name, whole[:length])
        clock.now += 40

    def pass_time() -> None:
        clock.now += 60

    watching = Watching(order, *(partial(grow, length) for length in (200, 300, 400, len(whole))), pass_time)
    watch(watching, Settling(60, clock))
    assert [told for _, told in watching.rounds] == [{"pending": 1}] * 5 + [{"reported": 1}]


@pytest.mark.hostile
def test_what_arrives_or_changes_while_a_case_is_drafted_waits(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run looks at the export once more then; what it finds has not settled."""
    clock, tasks = Clock(), Batch._tasks
    put_export(arriving(order), patients(1))
    (late,) = arriving(order).rglob("P001-2-2.dcm")

    def changing(run: Batch, keys: Iterable[str], rules: str) -> Iterator[Task]:
        if late.exists():
            late.unlink()
            put_export(arriving(order), patients(2)[1:])
        return tasks(run, keys, rules)

    def pass_time() -> None:
        clock.now += 60

    monkeypatch.setattr(Batch, "_tasks", changing)
    watching = Watching(order, pass_time, pass_time, pass_time)
    watch(watching, Settling(60, clock))
    assert watching.rounds == [
        (0, {"pending": 1}),
        (1, {"quarantined": 1, "pending": 1}),
        (0, {"quarantined": 1, "pending": 1}),
        (2, {"reported": 2}),
    ]
    assert len(list(drafts(order).glob("*.draft.txt"))) == 2


@pytest.mark.hostile
def test_a_folder_that_is_taken_away_while_a_case_is_drafted_is_waited_for(
    order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks, export = Batch._tasks, arriving(order)
    put_export(export, patients(1))

    def going(run: Batch, keys: Iterable[str], rules: str) -> Iterator[Task]:
        monkeypatch.undo()
        export.rename(export.with_name("away"))
        return tasks(run, keys, rules)

    monkeypatch.setattr(Batch, "_tasks", going)
    watching = Watching(order, lambda: export.with_name("away").rename(export))
    watch(watching, Settling(0, Clock()))
    gone = f"{export}: there is no such file or folder; check the name."
    assert watching.rounds == [(0, {gone: 1}), (1, {"reported": 1})]


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[tuple[Path, subprocess.Popen[bytes]]]:
    (tmp_path / "in").mkdir()
    command = [sys.executable, "-m", "reporter", "watch", str(tmp_path / "in"), "-o", str(tmp_path / "out")]
    process = subprocess.Popen([*command, "--settle", "0.5", "--jobs", "1", "--format", "txt"], stderr=subprocess.PIPE)
    yield tmp_path, process
    process.kill()
    process.communicate()


def until(true: Callable[[], object]) -> None:
    for _ in range(600):
        if true():
            return
        time.sleep(0.1)
    pytest.fail("it did not come")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
@pytest.mark.skipif(os.name == "nt", reason="no such signals")
def test_a_process_drafts_what_arrives_and_stops_when_asked(
    watched: tuple[Path, subprocess.Popen[bytes]], number: signal.Signals
) -> None:
    folder, process = watched
    until((folder / "out" / "summary.html").is_file)
    put_export(folder / "elsewhere", patients(1))
    shutil.copytree(folder / "elsewhere", folder / "in", dirs_exist_ok=True)
    until(lambda: list((folder / "out").glob("*.draft.txt")))
    until(lambda: b"P001" in (folder / "out" / "worklist.csv").read_bytes())
    time.sleep(1)
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    assert b"1 cases found: 1 reported" in said
    assert b"Traceback" not in said
    assert b"stopped" in said
    assert process.returncode in {0, 3}
    assert not list((folder / "out").rglob("*.part"))


def watching_until(monkeypatch: pytest.MonkeyPatch, folder: Path, *steps: Callable[[], object]) -> int:
    """Watch in this process, do a step in each pause, and stop; the exit code."""
    left = list(steps)

    def pause(_watcher: object) -> bool:
        if not left:
            raise KeyboardInterrupt
        left.pop(0)()
        return True

    monkeypatch.setattr("reporter.cli.watch._Watcher.wait", pause)
    command = ["watch", str(folder / "in"), "-o", str(folder / "out"), "-m", str(folder / "table.csv")]
    return main([*command, "--settle", "0", "--jobs", "1", "--format", "txt"])


@pytest.fixture
def arrived(tmp_path: Path) -> Path:
    """A folder in which one patient has arrived."""
    put_export(tmp_path / "in", patients(1))
    put(tmp_path / "table.csv", csv_of(rows_of(patients(1))).encode())
    return tmp_path


def test_the_exit_code_is_that_of_the_cases_that_are_there(
    arrived: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One that was quarantined was taken away; nothing was drafted since."""
    put_export(arrived / "in", patients(2)[1:])
    for name, issuer in (("x", "A"), ("y", "B")):
        put(arrived / "in" / name, dicom(PatientID="P2", IssuerOfPatientID=issuer, SOPInstanceUID=f"1.2.{ord(name)}"))

    def take_away() -> None:
        (arrived / "in" / "x").unlink()
        (arrived / "in" / "y").unlink()

    assert watching_until(monkeypatch, arrived) == ExitCode.NEEDS_REVIEW
    assert watching_until(monkeypatch, arrived, take_away) == ExitCode.DONE
    assert capsys.readouterr().err.count("cases found") == 2


@pytest.mark.hostile
@pytest.mark.parametrize("gone", ["in", "table.csv"])
def test_what_is_away_for_a_moment_is_told_of_and_waited_for(
    gone: str, arrived: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def go() -> None:
        (arrived / gone).rename(arrived / "away")

    def come_back() -> None:
        (arrived / "away").rename(arrived / gone)
        put_export(arrived / "in", patients(2)[1:])

    assert watching_until(monkeypatch, arrived, go, lambda: None, come_back) == ExitCode.DONE
    assert len(list((arrived / "out").glob("*.draft.txt"))) == 2
    assert capsys.readouterr().err.count("there is no such file") == 1
    assert watching_until(monkeypatch, arrived, go) == ExitCode.DONE
    assert watching_until(monkeypatch, arrived) == ExitCode.USAGE  # from the first it is a wrong command


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["--settle", "-1"], "--settle takes"), (["--jobs", "0"], "--jobs takes"), (["-m", "none.csv"], "none.csv")],
)
def test_wrong_usage_ends_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert main(["watch", str(tmp_path), "-o", str(tmp_path.parent / "o"), *arguments]) in {1, 2}
    assert words in capsys.readouterr().err
