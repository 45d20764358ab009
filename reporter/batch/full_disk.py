"""How a database says that the disk is full or failing."""

import errno
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from reporter.errors import Interrupted, SetupError

_FULL: Final = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN})
"""The last: a file that belongs to the database cannot be made any more."""


def is_full(problem: Exception) -> bool:
    """Whether a fault of a database is one of the disk."""
    code = getattr(problem, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in _FULL


def disk_is_full(store: Path) -> Interrupted:
    """What is told then."""
    hint = "make room and give the same command again"
    return Interrupted("the disk is full or failing", file=store.name, hint=hint, code="OUT_ENOSPC")


@contextmanager
def told_when_full(store: Path) -> Generator[None]:
    """Faults of the disk below a database, in our words.

    Raises:
        Interrupted: the disk is full or failing.
        SetupError: the database cannot be written.

    """
    try:
        yield
    except sqlite3.Error as problem:
        if not is_full(problem):
            raise SetupError("cannot be written", file=store.name, hint="look who may", code="OUT_DIR") from None
    except OSError as problem:
        if problem.errno not in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}:
            raise
    else:
        return
    raise disk_is_full(store)
