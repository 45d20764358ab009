"""Whatever stops a run, the next one finishes it, and the final set is that of a run that nothing disturbed."""

from __future__ import annotations

import errno
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from reporter.batch.index import ExportIndex
from reporter.batch.outcome import Status
from reporter.batch.plan import Plan, Told
from reporter.batch.run import Batch, Order
from reporter.batch.summary_run import ordered
from reporter.errors import ExitCode
from reporter.readers.gather import Inputs
from reporter.readers.interface import Limits
from reporter.settings import Settings
from tests.batch.exports import (
    DAYS,
    Undisturbed,
    batch,
    batch_apart,
    command,
    patients,
    put,
    put_all,
    results,
    study,
    undisturbed_run,
)
from tests.batch.harm import HarmfulRules

pytestmark = [pytest.mark.hostile, pytest.mark.long]
KILLS = int(os.environ.get("REPORTER_KILLS", "20"))
POINTS = ("in_parse", "in_render", "after_temp", "before_fsync", "after_rename", "before_commit", "after_commit")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    return undisturbed_run(tmp_path_factory.mktemp("undisturbed"), 5)


def finished(export: Path, table: Path, out: Path) -> dict[str, bytes]:
    """What is there once a run has come to its end."""
    assert batch_apart(export, out, "-m", str(table)) == 0
    assert not [path for path in out.rglob("*") if path.name.endswith(".part")]
    return results(out)


@pytest.mark.parametrize("number", [1, 3, 5])
@pytest.mark.parametrize("point", POINTS)
def test_a_power_loss_at_any_point(point: str, number: int, undisturbed: Undisturbed, tmp_path: Path) -> None:
    export, table, expected = undisturbed
    out = tmp_path / "out"
    assert batch_apart(export, out, "-m", str(table), REPORTER_CRASH_AT=f"{point}:{number}") == 137
    for name, data in results(out).items():
        assert name.startswith(".") or expected[name] == data
    assert finished(export, table, out) == expected


def test_kills_at_random(undisturbed: Undisturbed, tmp_path: Path) -> None:
    export, table, expected = undisturbed
    out, chance, killed = tmp_path / "out", random.Random(20260105), 0  # ruff: ignore[suspicious-non-cryptographic-random-usage] - moments to kill at
    while killed < KILLS:
        process = subprocess.Popen(command(export, out, "-m", str(table)), stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.2, 2.5))
        process.kill()
        killed += process.wait() == -signal.SIGKILL
        if out.exists():
            for name, data in results(out).items():
                assert name.startswith(".") or expected[name] == data
            assert _adds_up(out)
        if process.returncode == 0:
            assert results(out) == expected
            shutil.rmtree(out)
    assert finished(export, table, out) == expected


# -- disks ----------------------------------------------------------------------------------------------------


SIZES: tuple[int, ...] = (16, 40, 72, 100, 130, 170, 300)
if "REPORTER_FUZZ" in os.environ:
    SIZES = tuple(int(16 * 1.3**step) for step in range(22))  # to 4 MB


@contextmanager
def small_disk(place: Path, kilobytes: int) -> Generator[None]:
    """A file system of that size of its own."""
    place.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(place)]
    if subprocess.run(["mount", *options], check=False, capture_output=True).returncode:
        pytest.skip("a file system cannot be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", str(place)], check=True)


@pytest.mark.parametrize("kilobytes", SIZES)
def test_a_disk_that_fills(kilobytes: int, undisturbed: Undisturbed, tmp_path: Path) -> None:
    """A run that it stops says so, and is finished once there is room."""
    export, table, expected = undisturbed
    disk, out = tmp_path / "disk", tmp_path / "disk" / "out"
    with small_disk(disk, kilobytes):
        code = batch_apart(export, out, "-m", str(table))
        assert code in {0, 4}
        if out.exists():
            assert all(expected[n] == d for n, d in results(out).items() if not n.startswith("."))
            assert _adds_up(out)
        subprocess.run(["mount", "-o", "remount,size=64M", str(disk)], check=True)
        assert finished(export, table, out) == expected


def _adds_up(out: Path) -> bool:
    """Whether the journal, where one was begun, is sound and holds every case once."""
    store = out / ".reporter" / "journal.sqlite"
    if not store.exists() or not store.stat().st_size:
        return True
    with tempfile.TemporaryDirectory() as elsewhere:  # where there is room to look into it
        for path in store.parent.glob("journal.sqlite*"):
            shutil.copy(path, elsewhere)
        with closing(sqlite3.connect(Path(elsewhere) / store.name)) as data:
            (tables,) = data.execute("SELECT count(*) FROM sqlite_master").fetchone()
            units = data.execute("SELECT count(*) FROM unit").fetchone()[0] if tables else 0
            sound = data.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    return sound and units in {0, 5}


def test_a_disk_that_is_read_only(undisturbed: Undisturbed, tmp_path: Path) -> None:
    export, table, expected = undisturbed
    disk, out = tmp_path / "disk", tmp_path / "disk" / "out"
    with small_disk(disk, 65_536):
        assert finished(export, table, out) == expected
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        code, said = batch(export, out)
        assert code == 2
        assert "cannot be written" in said
        assert results(out) == expected


@pytest.mark.parametrize("size", [100, 2_000, 20_000, 60_000])
def test_a_limit_on_the_size_of_files(size: int, undisturbed: Undisturbed, tmp_path: Path) -> None:
    export, table, expected = undisturbed

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    out = tmp_path / "out"
    done = subprocess.run(command(export, out, "-m", str(table)), preexec_fn=limited, check=False, capture_output=True)
    assert done.returncode in {2, 4}
    if out.exists():
        assert all(expected[n] == d for n, d in results(out).items() if not n.startswith("."))
    assert finished(export, table, out) == expected


def test_a_folder_that_cannot_be_written(undisturbed: Undisturbed, tmp_path: Path) -> None:
    export, table, _ = undisturbed
    (tmp_path / "file").write_text("in the way")
    assert batch(export, tmp_path / "file" / "out", "-m", str(table))[0] == 2
    assert batch(export, export / "out", "-m", str(table))[0] == 2


# -- other runs and other hands -------------------------------------------------------------------------------


@pytest.mark.parametrize("_time", range(20 if "REPORTER_FUZZ" in os.environ else 1))
def test_two_runs_at_once(_time: int, undisturbed: Undisturbed, tmp_path: Path) -> None:
    export, table, expected = undisturbed
    runs = [subprocess.Popen(command(export, tmp_path / "out", "-m", str(table))) for _ in range(3)]
    codes = sorted(run.wait() for run in runs)
    assert codes[0] == 0
    assert set(codes) <= {0, 2}
    assert results(tmp_path / "out") == expected


@pytest.mark.parametrize(
    "surroundings",
    [
        {"TZ": "Asia/Tokyo", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "20"},
        {"TZ": "America/St_Johns", "LANG": "de_DE.UTF-8", "PYTHONHASHSEED": "4711"},
    ],
    ids=["Tokyo", "St John's"],
)
def test_where_a_run_is_made_changes_nothing(
    surroundings: dict[str, str], undisturbed: Undisturbed, tmp_path: Path
) -> None:
    export, table, expected = undisturbed
    out = tmp_path / "out"
    assert batch_apart(export, out, "-m", str(table), **surroundings) == 0
    assert results(out) == expected
    before = {path: path.stat().st_mtime_ns for path in out.glob("*.txt")}
    assert finished(export, table, out) == expected
    assert {path: path.stat().st_mtime_ns for path in before} == before


@pytest.fixture
def done(undisturbed: Undisturbed, tmp_path: Path) -> tuple[Path, Path, Path]:
    """A run that is done: export, table, folder."""
    export, table, _ = undisturbed
    batch(export, tmp_path / "out", "-m", str(table))
    return export, table, tmp_path / "out"


def test_a_draft_that_is_gone_is_made_again_and_an_edited_one_is_left(
    done: tuple[Path, Path, Path], undisturbed: Undisturbed
) -> None:
    export, table, out = done
    first, second, *_ = sorted(undisturbed[2])
    (out / first).unlink()
    (out / second).write_bytes(b"edited")
    assert batch(export, out, "-m", str(table))[0] == 0
    assert results(out) == {**undisturbed[2], second: b"edited"}


@pytest.mark.parametrize("damage", ["header", "middle", "empty", "wal", "row"])
def test_a_damaged_journal(damage: str, done: tuple[Path, Path, Path], undisturbed: Undisturbed) -> None:
    export, table, out = done
    journal = out / ".reporter" / "journal.sqlite"
    data = bytearray(journal.read_bytes())
    if damage == "row":
        with sqlite3.connect(journal) as database:
            database.execute("UPDATE outcome SET said = replace(said, 'reported', 'repported')")
        database.close()
    elif damage == "wal":
        journal.with_name("journal.sqlite-wal").write_bytes(b"x" * 5000)
    else:
        place = {"header": slice(0, 100), "middle": slice(4096, 12288), "empty": slice(0, len(data))}[damage]
        data[place] = b"" if damage == "empty" else b"\xff" * (place.stop - place.start)
        journal.write_bytes(data)
    code, said = batch(export, out, "-m", str(table))
    assert code == 0
    assert "5 cases found: 5 reported" in said
    assert results(out) == undisturbed[2]


def _with_another_table(index: Path) -> None:
    with sqlite3.connect(index) as database:
        database.execute("CREATE TABLE later (x)")
    database.close()


def _with_pages_of(byte: bytes, pages: slice) -> Callable[[Path], None]:
    def damage(index: Path) -> None:
        data = bytearray(index.read_bytes())
        found = range(len(data) // 4096)[pages]
        for page in found:
            data[4096 * page : 4096 * (page + 1)] = byte * 4096
        assert found
        index.write_bytes(data)

    return damage


DAMAGES: dict[str, Callable[[Path], object]] = {
    "no index": lambda index: index.write_bytes(b"no index"),
    "cut short": lambda index: os.truncate(index, index.stat().st_size // 2),
    "another table": _with_another_table,
    "first page": _with_pages_of(b"\xff", slice(1)),
    "second page": _with_pages_of(b"\0", slice(1, 2)),
    "a page": _with_pages_of(b"\xff", slice(4, 5)),
    "all pages but the first": _with_pages_of(b"\0", slice(1, None)),
    "last page": _with_pages_of(b"\xff", slice(-1, None)),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_index_is_made_anew(damage: str, done: tuple[Path, Path, Path], undisturbed: Undisturbed) -> None:
    export, table, out = done
    DAMAGES[damage](out / ".reporter" / "index.sqlite")
    code, said = batch(export, out, "-m", str(table))
    assert code == 0, said
    assert "20 files, 20 of them new or changed" in said
    assert results(out) == undisturbed[2]
    assert "20 files, 0 of them new or changed" in batch(export, out, "-m", str(table))[1]


def test_an_index_outlasts_an_export_that_is_away_for_a_moment(
    done: tuple[Path, Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """To read all of it again would take hours where there are many files."""
    export, table, out = done
    (out / ".reporter" / "stamp").unlink()
    there = Path.exists

    def stale(*_: object) -> bool:
        raise OSError(errno.ESTALE, "stale")

    def away(*_: object) -> None:
        monkeypatch.setattr(Path, "exists", lambda path: stale() if path == export else there(path))
        stale()

    with monkeypatch.context() as patched:
        patched.setattr(ExportIndex, "refresh", away)
        code, said = batch(export, out, "-m", str(table))
        assert (code, "cannot be looked at" in said) == (ExitCode.USAGE, True)
    monkeypatch.setattr(Path, "exists", there)
    assert "20 files, 0 of them new or changed" in batch(export, out, "-m", str(table))[1]


def _append(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more")


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-10])


def _rename(path: Path) -> None:
    path.rename(path.with_name(f"moved-{path.name}"))


def _replace(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data.replace(b"NAME^P001", b"NAME^P00X"))


CHANGES: dict[str, tuple[Callable[[Path], None], int, str]] = {
    "touched": (os.utime, 0, "2 reported"),
    "renamed": (_rename, 0, "2 reported"),
    "gone": (Path.unlink, 0, "2 reported"),
    "another name": (_replace, 3, "2 reported"),
    "appended to": (_append, 3, "1 reported, 1 quarantined"),
    "cut short": (_truncate, 3, "1 reported, 1 quarantined"),
}
"""What happens to the files of a patient, and how the run then ends."""


def changing(monkeypatch: pytest.MonkeyPatch, export: Path, change: Callable[[Path], None], times: int) -> list[Batch]:
    """Let the files of P001 change after each of so many looks at the export; the looks."""
    planned = Batch._planned
    looks: list[Batch] = []

    def then_changed(run: Batch) -> Plan:
        plan = planned(run)
        if len(looks) < times:
            for path in export.rglob("*P001-2*"):
                change(path)
        looks.append(run)
        return plan

    monkeypatch.setattr(Batch, "_planned", then_changed)
    return looks


@pytest.mark.parametrize("change", CHANGES)
def test_a_file_that_changes_during_the_run_is_looked_at_again(
    change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export, table = put_all(tmp_path, 2)
    does, code, became = CHANGES[change]
    looks = changing(monkeypatch, export, does, times=1)
    ended, said = batch(export, tmp_path / "out", "-m", str(table))
    assert (ended, len(looks)) == (code, 2)
    assert became in said
    again, _ = batch(export, tmp_path / "calm", "-m", str(table))
    assert again == code
    assert sorted(results(tmp_path / "calm").values()) == sorted(results(tmp_path / "out").values())


def test_a_file_that_goes_on_changing_costs_its_case_until_it_rests(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export, table = put_all(tmp_path, 2)
    changing(monkeypatch, export, _rename, times=2)
    code, said = batch(export, tmp_path / "out", "-m", str(table))
    assert code == 3
    assert "FS_READ" in said
    assert "1 reported, 1 quarantined, 0 pending" in said
    assert batch(export, tmp_path / "out", "-m", str(table))[0] == 0


def test_a_file_that_turns_out_to_be_anothers_redrafts_its_case_in_the_same_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unread, it counts for the one patient of its folder; read, for its own."""
    export = tmp_path / "export"
    for name, data in {**study("P001", 1, DAYS[0]), **study("P002", 1, DAYS[0])}.items():
        put(export / ("a" if name != "P002-1-2.dcm" else "b") / name, data)
    opens, fails = os.open, [True]

    def failing(path: str, *arguments: int) -> int:
        if str(path).endswith("P002-1-1.dcm") and fails:
            raise OSError(fails.pop())
        return opens(path, *arguments)

    monkeypatch.setattr(os, "open", failing)
    code, said = batch(export, tmp_path / "out")
    assert (code, fails) == (0, [])
    assert "2 cases found: 2 reported, 0 quarantined, 0 pending" in said


# -- workers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        ("kill", "CASE_CRASHED"),
        ("segv", "CASE_CRASHED"),
        ("hang", "CASE_TIMEOUT"),
        ("memory", "CASE_MEMORY"),
        ("mistake", "CASE_FAULT"),
    ],
)
def test_a_worker_that_ends_badly_costs_one_case(
    harm: str, reason: str, undisturbed: Undisturbed, tmp_path: Path
) -> None:
    export = undisturbed[0]
    rules = HarmfulRules(settings=Settings(limits=Limits(case_seconds=5)), inputs=Inputs(), formats=("txt",), harm=harm)
    order = Order(export=export, folder=tmp_path / "out", rules=rules, told=Told(), jobs=2)
    with Batch(order) as run:
        run.run()
        outcomes = list(ordered(run))
    assert {o.patient_id for o in outcomes} == set(patients(5))
    (lost,) = (o for o in outcomes if o.status is Status.QUARANTINED)
    assert (lost.patient_id, lost.reasons) == ("P002", (reason,))
    assert "MARKNAME" not in repr(lost)
    assert sum(o.status is Status.REPORTED for o in outcomes) == 4


def test_a_run_that_is_asked_to_end_is_resumed(undisturbed: Undisturbed, tmp_path: Path) -> None:
    export, table, expected = undisturbed
    process = subprocess.Popen(
        command(export, tmp_path / "out", "-m", str(table), "--jobs", "2"),
        stderr=subprocess.DEVNULL,
    )
    while not (tmp_path / "out" / ".reporter" / "plan.sqlite").exists():
        time.sleep(0.05)
    process.terminate()
    assert process.wait() in {0, 4}
    assert finished(export, table, tmp_path / "out") == expected
