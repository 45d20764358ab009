"""An output folder belongs to one run at a time."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import IO, Final

from reporter.errors import SetupError

_NO_LOCKS: Final = frozenset({errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL})
"""What a file system says that has no locks, as some shares of a network have none."""


def locked(path: Path) -> IO[bytes]:
    """Hold the folder for this run, as long as it lives; where system or file system has no locks, nothing is promised.

    Raises:
        SetupError: another run holds it.

    """
    file = path.open("ab")
    if os.name == "nt":
        return file
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as problem:
        if problem.errno in _NO_LOCKS:
            return file
        file.close()
        hint = "wait for its end, or name another folder"
        raise SetupError("another run works in this folder", file=str(path.parent.parent), hint=hint) from None
    return file
