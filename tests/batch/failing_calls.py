"""The n-th call of a kind that a run makes to the system fails; the others do what they do."""

from __future__ import annotations

import io
import os
import sqlite3
from collections.abc import Callable
from typing import Any, Final, cast

import pytest

SYSTEM: Final = ("open", "write", "read", "pread", "fsync", "link", "rename", "replace", "unlink", "scandir", "mkdir")
"""Calls of the module `os`; those that take or give bytes go through it where the program calls them itself."""
DATABASE: Final = "database"
FILES: Final = "file"
"""What opens a file in Python's own way."""
KINDS: Final = (*SYSTEM, FILES, DATABASE)


_open: Final = io.open


class Failing:
    """Counts the calls of one kind, and fails one of them."""

    def __init__(self, patched: pytest.MonkeyPatch, kind: str, number: int, error: Exception | None = None) -> None:
        """`error` is what call `number` (from 1) ends with; None counts only."""
        self.calls = 0
        self._number = number
        self._error = error
        if kind == DATABASE:
            self._watch_databases(patched)
        else:
            module, name = (io, "open") if kind == FILES else (os, kind)
            patched.setattr(module, name, self._failing(getattr(module, name)))
            if kind == "pread":
                patched.setattr("reporter.readers.export_index.pread", os.pread)

    def _count(self) -> None:
        self.calls += 1
        if self._error is not None and self.calls == self._number:
            raise self._error

    def _failing(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: object, **named: object) -> object:
            if not isinstance(arguments[0], int) or call is not _open:  # what is open already is not opened again
                self._count()
            return call(*arguments, **named)

        return counted

    def _watch_databases(self, patched: pytest.MonkeyPatch) -> None:
        count, connect = self._count, sqlite3.connect

        class Counted(sqlite3.Connection):
            """A database whose statements are counted."""

            def execute(self, *arguments: Any) -> sqlite3.Cursor:  # ruff: ignore[any-type] - as they come
                count()
                return super().execute(*arguments)

            def executemany(self, *arguments: Any) -> sqlite3.Cursor:  # ruff: ignore[any-type] - as they come
                count()
                return super().executemany(*arguments)

        def counted(*arguments: Any, **named: Any) -> sqlite3.Connection:  # ruff: ignore[any-type] - as they come
            return cast("sqlite3.Connection", connect(*arguments, factory=Counted, **named))

        patched.setattr(sqlite3, "connect", counted)


def system_error(number: int) -> OSError:
    """What the system says of an errno."""
    return OSError(number, os.strerror(number))


def database_error(code: int) -> sqlite3.OperationalError:
    """What a database says of one of its own codes."""
    error = sqlite3.OperationalError("no more")
    error.sqlite_errorcode = code
    return error
