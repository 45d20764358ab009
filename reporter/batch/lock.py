"""An output folder belongs to one run at a time."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO

from reporter.errors import SetupError


def locked(path: Path) -> IO[bytes]:
    """Hold the folder for this run, as long as it lives; where the system has no such lock, nothing is promised.

    Raises:
        SetupError: another run holds it.

    """
    file = path.open("ab")
    if os.name == "nt":
        return file
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        hint = "wait for its end, or name another folder"
        raise SetupError("another run works in this folder", file=str(path.parent.parent), hint=hint) from None
    return file
