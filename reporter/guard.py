"""Work on what a site wrote, in a process of its own with limits: whatever it does, this run goes on and says so.

A `Worker` is kept for many pieces of work of one kind, and begun anew after one that breaks a limit; `guarded` is one
that does a single piece.  On Windows there are no such processes and no limits; there the bounds that templates have
in themselves remain.
"""

from __future__ import annotations

import io
import os
import pickle  # ruff: ignore[suspicious-pickle-import] - what our own child process says, never a file
import select
import signal
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, Generic, NoReturn, TypeVar

from reporter.errors import ReporterError, SetupError

SECONDS: Final = 10.0
"""How long one report may take."""
MEMORY: Final = 512 * 1024 * 1024
"""Bytes that it may take beyond what the program has already."""

_NO_WORD: Final[tuple[str, Any]] = ("memory", None)
"""A child that ends without a word was ended by the system, for its memory as a rule."""
_IN_ORDER: Final = frozenset({"done", "refused"})
"""Answers after which a worker can go on."""

Result = TypeVar("Result")
Task = TypeVar("Task")
_CHUNK: Final = 1 << 20
_HEAD: Final = 8
"""Bytes of the length that stands before a message to a worker, and before its answer."""
_STANDARD: Final = 3
"""Input, output and errors of a process."""
_LOOK_UP: Final = 1.0
"""Seconds after which an idle worker looks whether the process that began it is still there."""


def guarded(work: Callable[[], Result], *, file: str, seconds: float = SECONDS, memory: int = MEMORY) -> Result:
    """What `work` gives, if it gives it in time and in the memory it has; `file` is named where not.

    Raises:
        SetupError: it takes too long or too much, or ends without a word.
        ReporterError: what `work` raises.

    """
    worker: Worker[None, Result] = Worker(lambda _: work(), file=file, seconds=seconds, memory=memory)
    try:
        return worker(None)
    finally:
        worker.close()


class Worker(Generic[Task, Result]):
    """Does one kind of work again and again in a process of its own, which it starts when first needed.

    Each piece has the limits of `guarded`.  A piece that breaks one ends the process; the next piece begins another.
    A process that was forked from this one has a worker of its own.
    """

    def __init__(
        self, work: Callable[[Task], Result], *, file: str, seconds: float = SECONDS, memory: int = MEMORY
    ) -> None:
        self._work = work
        self._file, self._memory = file, memory
        self.seconds = seconds
        """How long one piece may take."""
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._child: _Child | None = None
        self._ending: weakref.finalize[[], Worker[Task, Result]] | None = None
        self._turn = threading.Lock()

    def __getstate__(self) -> dict[str, object]:
        """All but the process: whoever gets a copy starts its own."""
        return {name: value for name, value in vars(self).items() if name not in {"_child", "_ending", "_turn"}}

    def __setstate__(self, state: dict[str, object]) -> None:
        vars(self).update(state)
        self._begin_anew()

    def __call__(self, task: Task) -> Result:
        """What the work makes of a task.

        Raises:
            SetupError: it takes too long or too much, or ends without a word.
            ReporterError: what the work raises.

        """
        if not hasattr(os, "fork"):
            return self._work(task)
        with self._turn:
            kind, value = self._ask(pickle.dumps(task, pickle.HIGHEST_PROTOCOL))
        given: Result = _taken(kind, value, self._file, self.seconds, self._memory)
        return given

    def close(self) -> None:
        """End the process; the next piece of work begins another.

        Nothing is left to do when this object goes: a Ctrl-C that comes while Python lets an object go is lost.
        """
        if self._child is not None:
            self._child.end()
            self._child = None
        if self._ending is not None:
            self._ending.detach()
            self._ending = None

    def _ask(self, task: bytes) -> tuple[str, Any]:
        if self._child is None or self._child.parent != os.getpid():
            self.close()
            self._child = _begin(self._work, self.seconds, self._memory)
            self._ending = weakref.finalize(self, self._child.end)
        kind: str = "stopped"
        try:
            kind, value = _opened(self._child.ask(task, time.monotonic() + self.seconds))
        finally:
            if kind not in _IN_ORDER:
                self.close()
        return kind, value


@dataclass(slots=True)
class _Child:
    """A process that waits for pieces of work, and the two pipes to it."""

    pid: int
    parent: int
    """The process that began it, and alone may ask or end it."""
    reading: int
    writing: int
    ended: bool = False

    def ask(self, task: bytes, until: float) -> bytes | None:
        """What it says of a task; empty where it ends without a word, None where it takes too long."""
        try:
            sent = _send(self.writing, task, until)
        except BrokenPipeError:
            return b""
        return _message(self.reading, until) if sent else None

    def end(self) -> None:
        """End it and close the pipes, once; a process that was forked from the one that began it leaves it alone.

        There the numbers of the pipes may long be those of other files.
        """
        if self.ended or self.parent != os.getpid():
            return
        self.ended = True
        os.close(self.reading)
        os.close(self.writing)
        _end(self.pid)


def _begin(work: Callable[[Any], object], seconds: float, memory: int) -> _Child:
    tasks, writing = os.pipe()
    reading, answers = os.pipe()
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        _serve(work, tasks, answers, parent, (seconds, memory))
    os.close(tasks)
    os.close(answers)
    os.set_blocking(writing, False)
    return _Child(pid, parent, reading, writing)


def _serve(work: Callable[[Any], object], tasks: int, answers: int, parent: int, limits: tuple[float, int]) -> NoReturn:
    """The worker: one piece after the other, until the process that began it ends or closes its pipe."""
    try:
        _hold_only(tasks, answers)
        seconds, memory = limits
        allowed = _limit(memory)
        while (task := _next(tasks, parent)) is not None:
            _lower_processor_time(time.process_time() + seconds, allowed)
            answer = _answer(partial(_work_on, work, task))
            _send(answers, answer)
    finally:
        os._exit(0)


def _work_on(work: Callable[[Any], object], task: bytes) -> object:
    return work(pickle.loads(task))  # ruff: ignore[suspicious-pickle-usage] - from the process that began this one


def _hold_only(*pipes: int) -> None:
    """Let go of every other file, so that nobody waits for a lock or the end of an output that this process holds."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in range(_STANDARD):
        os.dup2(nothing, standard)
    kept = sorted({*range(_STANDARD), *pipes})
    for before, after in pairwise([*kept, os.sysconf("SC_OPEN_MAX")]):
        os.closerange(before + 1, after)


def _next(tasks: int, parent: int) -> bytes | None:
    """The next task; None where nobody will ask any more."""
    while not _ready(tasks, time.monotonic() + _LOOK_UP):
        if os.getppid() != parent:
            return None
    return _message(tasks) or None


def _send(writing: int, content: bytes, until: float | None = None) -> bool:
    """Put a message into a pipe, its length before it; whether all of it went in time."""
    left = memoryview(len(content).to_bytes(_HEAD, "big") + content)
    while left:
        try:
            left = left[os.write(writing, left) :]
        except BlockingIOError:
            if not select.select([], [writing], [], None if until is None else max(until - time.monotonic(), 0))[1]:
                return False
    return True


def _message(reading: int, until: float | None = None) -> bytes | None:
    """What stands behind its length in a pipe; empty at the end of the pipe, None where it takes too long."""
    got = bytearray()
    while len(got) < _HEAD or len(got) < _HEAD + int.from_bytes(got[:_HEAD], "big"):
        if not _ready(reading, until):
            return None
        piece = os.read(reading, _CHUNK)
        if not piece:
            return b""
        got += piece
    return bytes(got[_HEAD:])


def _ready(reading: int, until: float | None) -> bool:
    """Whether there is something to read, waited for as long as may be."""
    waited = None if until is None else max(until - time.monotonic(), 0)
    return bool(select.select([reading], [], [], waited)[0])


def _limit(memory: int) -> int:
    """Bound the memory of this process, more tightly than it may be already; gives the processor time that it has."""
    import resource

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is asked, and ends this process
    usage = Path("/proc/self/statm")
    if usage.exists():
        pages = int(usage.read_bytes().split()[0])
        _lower(resource.RLIMIT_AS, pages * os.sysconf("SC_PAGE_SIZE") + memory)
    return resource.getrlimit(resource.RLIMIT_CPU)[0]


def _lower_processor_time(seconds: float, allowed: int) -> None:
    """End this process after so much work in all, should nobody be left to end it."""
    import resource

    most = int(seconds) + 2
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (most if allowed == resource.RLIM_INFINITY else min(most, allowed), hard))


def _lower(limit: int, most: int) -> None:
    import resource

    soft, hard = resource.getrlimit(limit)
    allowed = [most, *(one for one in (soft, hard) if one != resource.RLIM_INFINITY)]
    resource.setrlimit(limit, (min(allowed), hard))


def _answer(work: Callable[[], object]) -> bytes:
    try:
        return _packed("done", work())
    except ReporterError as error:
        return _packed("refused", error)
    except (MemoryError, RecursionError):
        return _packed("memory", None)
    except Exception as error:  # ruff: ignore[blind-except] - told to the parent by its kind; its text may hold patient data
        return _packed("fault", type(error).__name__)


class _Pickler(pickle.Pickler):
    """Packs an error of ours as it says itself, without what led to it.

    Where Dask is loaded, tblib packs every error with its causes: errors of libraries, whose text may hold patient
    data, and some of which cannot be packed at all.
    """

    def reducer_override(self, obj: object) -> Any:  # ruff: ignore[any-type] - as pickle asks for it
        return obj.__reduce__() if isinstance(obj, ReporterError) else NotImplemented


def _packed(kind: str, value: object) -> bytes:
    packed = io.BytesIO()
    _Pickler(packed, pickle.HIGHEST_PROTOCOL).dump((kind, value))
    return packed.getvalue()


def _end(child: int) -> None:
    """End the child, if it has not ended."""
    os.kill(child, signal.SIGKILL)  # until it is waited for, its number is nobody else's
    os.waitpid(child, 0)


def _opened(answer: bytes | None) -> tuple[str, Any]:
    """What a child says: done, refused, memory, fault, or time where it says nothing in time."""
    if answer is None:
        return "time", None
    said: tuple[str, Any] = pickle.loads(answer) if answer else _NO_WORD  # ruff: ignore[suspicious-pickle-usage] - our own child's
    return said


def _taken(kind: str, value: Any, file: str, seconds: float, memory: int) -> Any:  # ruff: ignore[any-type]
    if kind == "time":
        raise SetupError(f"takes longer than {seconds:g} seconds", file=file, hint=_LOOK, code="TPL_LIMIT")
    if kind == "refused":
        raise value
    if kind == "memory":
        needs = f"needs more than {memory // 2**20} MiB of memory"
        raise SetupError(needs, file=file, hint=_LOOK, code="TPL_LIMIT")
    if kind == "fault":
        raise SetupError(f"cannot be worked with ({value})", file=file, code="TPL_BROKEN")
    return value


_LOOK: Final = "look for a loop in a loop, or a text that grows"
