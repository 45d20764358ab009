"""Work in a process of its own: limits hold, and what is refused there is refused here."""

import contextlib
import copyreg
import os
import pickle  # ruff: ignore[suspicious-pickle-import]
import signal
import subprocess
import sys
import threading
import time
import weakref
from contextlib import closing
from pathlib import Path

import pytest

from reporter.errors import InputRefused, SetupError
from reporter.guard import Worker, guarded
from reporter.pipeline import prepare, report_on
from reporter.preview import stories
from reporter.settings import Settings
from tests.template_sets import write_set

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no processes of this kind on Windows")


def test_the_result_comes_back() -> None:
    assert guarded(lambda: ("x" * 3_000_000, os.getpid() != parent), file="set") == ("x" * 3_000_000, True)


parent = os.getpid()


def test_what_is_refused_there_is_refused_here() -> None:
    def refuse() -> None:
        raise InputRefused("wrong", file="f", field="line 3", hint="do it", code="X")

    with pytest.raises(InputRefused) as refused:
        guarded(refuse, file="set")
    assert str(refused.value) == "f, line 3: wrong; do it."
    assert refused.value.code == "X"


@pytest.mark.parametrize("raised", [False, True])
def test_an_error_comes_back_without_what_led_to_it(raised: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    def with_causes(error: BaseException) -> tuple[object, ...]:  # as tblib has it done, wherever Dask is loaded
        return type(error), error.args, {"__context__": error.__context__}

    def work() -> tuple[SetupError, ...]:
        error = SetupError("wrong", file="f")
        error.__context__ = ValueError("SECRET", threading.Lock())  # which nothing can pack
        if raised:
            raise error
        return (error,)

    monkeypatch.setitem(copyreg.dispatch_table, SetupError, with_causes)
    if raised:
        with pytest.raises(SetupError) as refused:
            guarded(work, file="set")
        back = refused.value
    else:
        (back,) = guarded(work, file="set")
    assert (str(back), back.__context__) == ("f: wrong.", None)


@pytest.mark.hostile
def test_too_long_is_ended() -> None:
    begun = time.monotonic()
    with pytest.raises(SetupError, match=r"set: takes longer than 0\.3 seconds") as refused:
        guarded(lambda: time.sleep(60), file="set", seconds=0.3)
    assert time.monotonic() - begun < 5
    assert refused.value.code == "TPL_LIMIT"


@pytest.mark.hostile
def test_too_much_is_refused() -> None:
    with pytest.raises(SetupError, match="needs more than 64 MiB of memory"):
        guarded(lambda: len(bytearray(1 << 30)), file="set", memory=64 * 2**20)


@pytest.mark.hostile
def test_an_end_without_a_word_is_told() -> None:
    with pytest.raises(SetupError):
        guarded(lambda: os._exit(1), file="set")


def test_a_fault_is_told_by_its_kind_only() -> None:
    def fail() -> None:
        raise ValueError("SECRET")

    with pytest.raises(SetupError, match="ValueError") as refused:
        guarded(fail, file="set")
    assert "SECRET" not in str(refused.value)


def test_no_child_is_left_behind() -> None:
    child = guarded(os.getpid, file="set")
    with pytest.raises(ChildProcessError):  # it was waited for; this process may have other children
        os.waitpid(child, os.WNOHANG)


def test_a_process_that_is_bounded_already_stays_so() -> None:
    resource = pytest.importorskip("resource")

    def bounded() -> tuple[int, int]:
        resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
        inside = guarded(lambda: resource.getrlimit(resource.RLIMIT_AS), file="set", memory=8 << 30)
        return int(inside[0]), int(inside[1])

    assert guarded(bounded, file="set", memory=16 << 30) == (3 << 30, 3 << 30)


class Words:
    """Work for a worker; what it does depends on the task."""

    def __call__(self, task: str) -> tuple[str, int]:
        match task:
            case "sleep":
                time.sleep(60)
            case "grow":
                bytearray(1 << 30)
            case "leave":
                os._exit(1)
            case "fail":
                raise ValueError("SECRET")
            case "refuse":
                raise InputRefused("wrong", file="f", field="line 3", hint="do it", code="X")
            case "loop":
                while True:
                    pass
            case _:
                pass
        return task * 2, os.getpid()


def a_worker(seconds: float = 10, memory: int = 64 * 2**20) -> Worker[str, tuple[str, int]]:
    return Worker(Words(), file="set", seconds=seconds, memory=memory)


class TestWorker:
    def test_one_process_does_many_pieces(self) -> None:
        worker = a_worker()
        made = [worker(text) for text in ("a", "b", "c" * 1_000_000)]
        assert [text for text, _ in made] == ["aa", "bb", "c" * 2_000_000]
        assert {pid for _, pid in made} != {os.getpid()}
        assert len({pid for _, pid in made}) == 1

    def test_what_is_refused_there_is_refused_here_and_it_goes_on(self) -> None:
        worker = a_worker()
        before = worker("a")[1]
        with pytest.raises(InputRefused) as refused:
            worker("refuse")
        assert str(refused.value) == "f, line 3: wrong; do it."
        assert worker("a")[1] == before

    @pytest.mark.hostile
    @pytest.mark.parametrize(
        ("task", "words"),
        [
            ("sleep", r"takes longer than 0\.5 seconds"),
            ("loop", r"takes longer than 0\.5 seconds"),
            ("grow", "needs more than 64 MiB"),
            ("leave", "needs more than 64 MiB"),
            ("fail", "ValueError"),
        ],
    )
    def test_a_piece_that_breaks_a_limit_ends_its_process_and_the_next_has_another(self, task: str, words: str) -> None:
        worker = a_worker()
        before = worker("a")[1]
        worker.seconds = 0.5
        begun = time.monotonic()
        with pytest.raises(SetupError, match=words) as refused:
            worker(task)
        assert time.monotonic() - begun < 10
        assert "SECRET" not in str(refused.value)
        with pytest.raises(ChildProcessError):  # it was waited for
            os.waitpid(before, os.WNOHANG)
        worker.seconds = 10
        text, after = worker("a")
        assert text == "aa"
        assert after != before

    def test_a_closed_worker_leaves_no_process_behind_and_can_begin_again(self) -> None:
        worker = a_worker()
        child = worker("a")[1]
        worker.close()
        with pytest.raises(ChildProcessError):
            os.waitpid(child, os.WNOHANG)
        assert worker("a")[0] == "aa"

    def test_a_worker_that_nobody_has_any_more_ends(self) -> None:
        worker = a_worker()
        child = worker("a")[1]
        del worker
        with pytest.raises(ChildProcessError):
            os.waitpid(child, os.WNOHANG)

    def test_a_forked_process_has_a_worker_of_its_own(self) -> None:
        worker = a_worker()
        before = worker("a")[1]
        there = guarded(lambda: worker("a"), file="set")
        assert there[0] == "aa"
        assert there[1] != before
        assert worker("a")[1] == before

    def test_a_copy_has_a_worker_of_its_own(self) -> None:
        worker = a_worker()
        before = worker("a")[1]
        copied = pickle.loads(pickle.dumps(worker))  # ruff: ignore[suspicious-pickle-usage] - our own
        assert copied("a")[0] == "aa"
        assert copied("a")[1] != before
        assert worker("a")[1] == before

    def test_it_ends_when_the_process_that_began_it_is_gone(self) -> None:
        """Also while others hold the pipe to it: it looks who began it."""
        script = (
            "import os, time\nfrom tests.test_guard import a_worker\nw = a_worker()\nprint(w('a')[1], flush=True)\n"
        )
        held = "if os.fork() == 0:\n    time.sleep(60)\n"
        command = [sys.executable, "-c", script + held + "time.sleep(60)\n"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as run:
            assert run.stdout is not None
            child = int(run.stdout.readline())
            run.kill()
            run.wait()
            deadline = time.monotonic() + 20
            while alive(child) and time.monotonic() < deadline:
                time.sleep(0.1)
            there = alive(child)
            os.killpg(run.pid, signal.SIGKILL)
        assert not there

    def test_it_holds_no_file_of_the_process_that_began_it(self, tmp_path: Path) -> None:
        with (tmp_path / "lock").open("w") as held:
            worker = Worker(Names(), file="set")
            assert str(held.name) not in worker("")
            worker.close()

    def test_one_that_is_closed_has_nothing_left_to_do_when_it_goes(self) -> None:
        """Python loses a Ctrl-C that comes while it clears away what nobody has any more."""
        worker = Worker(Names(), file="set")
        worker("")
        assert weakref.getweakrefcount(worker) == 1
        worker.close()
        assert weakref.getweakrefcount(worker) == 0

    def test_nor_has_the_copy_in_a_process_that_was_forked(self) -> None:
        worker = Worker(Names(), file="set")
        worker("")

        def left() -> int:
            worker("")
            worker.close()
            return weakref.getweakrefcount(worker)

        assert guarded(left, file="set") == 0
        worker.close()

    def test_one_that_is_interrupted_as_it_begins_is_ended_by_closing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def interrupt(*_: object) -> None:
            raise KeyboardInterrupt

        worker = Worker(Names(), file="set")
        with monkeypatch.context() as patched:
            patched.setattr(weakref, "finalize", interrupt)
            with pytest.raises(KeyboardInterrupt):
                worker("")
        begun = vars(worker)["_child"].pid
        worker.close()
        assert not alive(begun)


def alive(pid: int) -> bool:
    """Whether a process runs; one that ended and that nobody has waited for does not."""
    with contextlib.suppress(FileNotFoundError):
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    return False


class Names:
    """What files a process holds."""

    def __call__(self, _task: str) -> list[str]:
        held = Path(f"/proc/{os.getpid()}/fd").iterdir()
        return [str(one.readlink()) for one in held if one.exists()]


def test_a_kit_ends_the_process_of_a_sites_own_set_when_told_to(tmp_path: Path) -> None:
    kit = prepare(
        Settings(), template=str(write_set(tmp_path / "ours", {}, 'extends = "brief"\n', house=False)), formats=()
    )
    report = report_on(stories()["complete-response"], (), kit)
    with closing(kit):
        first = kit.writer.draft(report)
    worker = kit.writer.elsewhere
    assert isinstance(worker, Worker)
    assert vars(worker)["_child"] is None
    with closing(kit):
        assert kit.writer.draft(report) == first
