"""The entries of a ZIP within an export, read as its files are, never unpacked to disk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from reporter.readers.export_index import ExportReader, Indexed
from reporter.readers.intake import Intake


def archive_entries(reader: ExportReader, path: str, name: str, status: os.stat_result) -> Iterator[Indexed]:
    """Each entry of an archive, under the archive's name; those that lead out of it or are traps are refused."""
    folder = name.rpartition("/")[0]
    prefix = f"{folder}/" if folder else ""
    intake = Intake(reader.limits)
    with intake.open_archives:
        intake.take([Path(path)])
        for file in intake.files:
            yield reader.read_entry(file, status.st_mtime_ns)._replace(name=prefix + file.name)
        for inner, issue in intake.refused:
            yield reader.refuse(prefix + inner, issue, status.st_mtime_ns)
