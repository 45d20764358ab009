"""The entries of a ZIP within an export, read as its files are, never unpacked to disk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from reporter.readers.export_index import ExportReader, Indexed
from reporter.readers.intake import Intake


def archive_entries(
    reader: ExportReader, path: str, name: str, status: os.stat_result
) -> Iterator[tuple[str, Indexed]]:
    """Each entry of an archive with its name in it; those that lead out of it or are traps are refused.

    The name of an archive that cannot be looked into is empty.
    """
    own = len(name.rpartition("/")[2])
    prefix = name[:-own]
    intake = Intake(reader.limits)
    with intake.open_archives:
        intake.take([Path(path)])
        for file in intake.files:
            found = reader.read_entry(file, status.st_mtime_ns)
            yield file.name[own + 1 :], found._replace(name=prefix + file.name)
        for inner, issue in intake.refused:
            yield inner[own + 1 :], reader.refuse(prefix + inner, issue, status.st_mtime_ns)
