"""Rules under which one case does to its process what a broken library would; for workers, which start anew."""

from __future__ import annotations

import ctypes
import os
import signal
import time
from dataclasses import dataclass, replace
from typing import cast

from reporter.batch.work import Rules
from reporter.draft.interface import Draft, Report
from reporter.draft.writer import Writer
from reporter.pipeline import Kit

VICTIM = "P002"


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _hang() -> None:
    while True:
        time.sleep(60)


def _swallow() -> None:
    kept = [bytes(2**26) for _ in range(2**10)]
    raise AssertionError(len(kept))


def _fault() -> None:
    ctypes.string_at(0)


def _mistake() -> None:
    message = "MARKNAME"
    raise AttributeError(message)


def _kill_worker() -> None:
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(60)


HARMS = {"kill": _kill, "worker": _kill_worker, "hang": _hang, "memory": _swallow, "segv": _fault, "mistake": _mistake}


class Harmful:
    """Writes drafts, but that of one patient ends badly."""

    def __init__(self, writer: Writer, harm: str) -> None:
        self._writer = writer
        self._harm = harm

    def draft(self, report: Report) -> Draft:
        """The draft, or the harm."""
        if report.case.patient.id == VICTIM:
            HARMS[self._harm]()
        return self._writer.draft(report)


@dataclass(frozen=True, slots=True, kw_only=True)
class HarmfulRules(Rules):
    """Rules with a harm."""

    harm: str = ""

    def prepared(self) -> Kit:
        """A kit whose writer does harm."""
        kit = Rules.prepared(self)
        return replace(kit, writer=cast("Writer", Harmful(kit.writer, self.harm)))
