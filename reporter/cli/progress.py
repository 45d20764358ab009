"""How far a run has come: a bar that is written over on a terminal, plain lines now and then elsewhere."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable
from typing import Final, TextIO

_TERMINAL_SECONDS: Final = 0.2
_PLAIN_SECONDS: Final = 10.0
_BAR: Final = 24
_MINUTE: Final = 60
_LONG: Final = 90 * _MINUTE
"""Seconds from which on hours are told."""


class Lines:
    """Tells of files and cases; clear it before something else is said."""

    def __init__(self, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock`: seconds that only ever grow."""
        self._stream = stream or sys.stderr
        self._clock = clock
        self._terminal = self._stream.isatty()
        self._said = clock()
        self._shown = False
        self._first = 0.0

    def files(self, count: int, total: int | None = None) -> None:
        """So many files were looked at; of so many, once they are counted."""
        text = f"{count} files" if total is None else f"{count} of {total} files"
        self._say(text, None if total is None else (count, total))

    def cases(self, done: int, total: int) -> None:
        """So many units are done; the time left is by the pace since the first of them."""
        left = ""
        if done <= 1:
            self._first = self._clock()
        elif done < total:
            left = f", {_span((self._clock() - self._first) / (done - 1) * (total - done))} left"
        self._say(f"{done} of {total} cases{left}", (done, total), last=done == total)

    def clear(self) -> None:
        """Take away what is written over."""
        if self._terminal and self._shown:
            print(" " * _width(), end="\r", file=self._stream, flush=True)
            self._shown = False

    def _say(self, text: str, part: tuple[int, int] | None, *, last: bool = False) -> None:
        now, every = self._clock(), _TERMINAL_SECONDS if self._terminal else _PLAIN_SECONDS
        if now - self._said < every and not (last and self._shown):
            return
        self._said, self._shown = now, True
        if not self._terminal:
            print(text, file=self._stream, flush=True)
            return
        width = _width()
        bar = f"{_bar(*part)} " if part and _BAR + len(text) < width else ""
        print(f"{(bar + text)[:width]:{width}}", end="\r", file=self._stream, flush=True)


def _width() -> int:
    """Columns that can be written without beginning a new line."""
    return max(shutil.get_terminal_size().columns - 1, 1)


def _bar(done: int, total: int) -> str:
    full = (_BAR - 2) * done // total if total else 0
    return f"[{'#' * full:{_BAR - 2}}]"


def _span(seconds: float) -> str:
    """A time in the unit that fits."""
    if seconds < _MINUTE:
        return f"{seconds:.0f} s"
    if seconds < _LONG:
        return f"{seconds / _MINUTE:.0f} min"
    return f"{seconds / _MINUTE / _MINUTE:.1f} h"
