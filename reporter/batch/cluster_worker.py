"""What runs on a worker of a Dask cluster: it looks whether it is fit for a run, and works on cases one by one.

A case is worked on in a process of its own that is watched over as on one machine: one that hangs or dies costs itself,
and the worker stays.  Nothing here raises, for a cluster writes into its logs what does, with the arguments; and what
travels is sealed, so that an argument says nothing of a patient.
"""

from __future__ import annotations

import asyncio
import hashlib
import pickle  # ruff: ignore[suspicious-pickle-import] - what the two ends of one run send each other
import platform
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from multiprocessing import current_process
from pathlib import Path
from typing import Any, Final

from reporter import __version__
from reporter.batch.rules import rules_fingerprint
from reporter.batch.work import Rules
from reporter.batch.workers import Worker
from reporter.errors import ReporterError
from reporter.remote import place_of

_LIBRARIES: Final = ("jinja2", "lxml", "markdown-it-py", "pydantic", "pydicom", "python-docx")
"""What else may change the bytes of a report."""
_IDLE: Final = 60.0
"""Seconds after which a process that nobody asks anything of ends by itself."""


class Sealed:
    """A value on its way; shown, it says nothing."""

    __slots__ = ("_data",)

    def __init__(self, value: object) -> None:
        self._data = pickle.dumps(value)

    def __repr__(self) -> str:
        return "<sealed>"

    def __reduce__(self) -> tuple[object, ...]:
        return _sealed, (self._data,)

    @property
    def digest(self) -> bytes:
        """Tells one value from another."""
        return hashlib.sha256(self._data).digest()

    def opened(self) -> Any:  # ruff: ignore[any-type] - whatever was sealed
        """The value."""
        return pickle.loads(self._data)  # ruff: ignore[suspicious-pickle-usage] - as above


def _sealed(data: bytes) -> Sealed:
    sealed = Sealed.__new__(Sealed)
    sealed._data = data  # ruff: ignore[private-member-access] - its own
    return sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What all cases of a run stand on; goes with each of them, for workers come and go."""

    rules: Rules
    standing: Mapping[str, str]
    """What a worker has to be the same in."""
    export: str
    """Where every worker has to see it."""


@dataclass(frozen=True, slots=True)
class Unfit:
    """The answer of a worker that can draft no case of a run."""

    why: str


def standing(rules: Rules) -> dict[str, str]:
    """What the bytes of a report depend on beside its input: program, libraries, template set, pack, settings.

    Raises:
        SetupError: a pack, template set or plug-in is missing or broken.

    """
    kit = rules.prepared()
    return {
        "reporter": f"{__version__} ({_code()})",
        "Python": ".".join(platform.python_version_tuple()[:2]),
        **{library: version(library) for library in _LIBRARIES},
        "template set": kit.template,
        "guideline pack": f"{kit.pack.id} ({_short(repr(kit.pack).encode())})",
        "settings": _short(rules_fingerprint(rules, kit).encode()),
    }


@cache
def _code() -> str:
    """Eight hex digits that change with any module of the program."""
    package = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for module in sorted(package.rglob("*.py")):
        digest.update(f"{module.relative_to(package).as_posix()}\0".encode())
        digest.update(module.read_bytes())
    return digest.hexdigest()[:8]


def _short(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:8]


# -- on the worker --------------------------------------------------------------------------------------------

_fit: dict[bytes, Ground] = {}
"""Runs that this worker is fit for; of the last one alone."""
_here = threading.local()
"""The process of each thread of this worker, for whom, and when it was last asked."""


async def unfitness(sealed: Sealed) -> str:
    """Why this worker can draft no case of a run; empty where it can."""
    found = await asyncio.to_thread(_ground, sealed)  # beside the worker's own talk with its scheduler
    return found.why if isinstance(found, Unfit) else ""


def case(sealed: Sealed, task: Sealed) -> Sealed:
    """What becomes of one task: the cases that were made of it, or an `Unfit`."""
    ground = _ground(sealed)
    if isinstance(ground, Unfit):
        return Sealed(ground)
    try:
        return Sealed(_process(sealed.digest, ground.rules).work(task.opened()))
    except Exception as error:  # ruff: ignore[blind-except] - told by its kind; its text may hold patient data
        return Sealed(Unfit(f"cannot work ({type(error).__name__})"))
    finally:
        _here.asked = time.monotonic()


def _ground(sealed: Sealed) -> Ground | Unfit:
    digest = sealed.digest
    if digest not in _fit:
        try:
            ground: Ground = sealed.opened()
            why = _why(ground)
        except ReporterError as error:
            return Unfit(f"has not all that the run needs: {error}")
        except Exception:  # ruff: ignore[blind-except] - what was sealed there cannot be opened here
            return Unfit("has another version of reporter")
        if why:
            return Unfit(why)
        _fit.clear()
        _fit[digest] = ground
    return _fit[digest]


def _why(ground: Ground) -> str:
    here = standing(ground.rules)
    for name, there in ground.standing.items():
        if here.get(name) != there:
            return f"has another {name}: {here.get(name, 'none')}, here {there}"
    return "" if place_of(ground.export).exists() else "does not see the export under its name"


def _process(run: bytes, rules: Rules) -> Worker:
    """The process in which this thread's cases are worked on."""
    last: tuple[bytes, Worker] | None = getattr(_here, "process", None)
    idle = time.monotonic() - getattr(_here, "asked", 0.0)
    if last is not None and last[0] == run and last[1].alive and idle < _IDLE / 2:
        return last[1]
    if last is not None:
        last[1].end()
    current_process().daemon = False  # the nanny of a worker made it one, which may have no children
    worker = Worker(rules, _IDLE)
    _here.process = run, worker
    return worker
