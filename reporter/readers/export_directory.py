"""A DICOMDIR held against the files that are there (PS3.3 F.3, PS3.10 section 8).

It is never followed and never believed: it lists fewer files than an export holds, and fewer attributes of each.  But a
file that it names and that is not there was lost on the way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from reporter.case.issue import Issue, Outcome
from reporter.case.source import Source, SourceKind
from reporter.readers import nested, tags
from reporter.readers.container import walk
from reporter.readers.files import disk_file
from reporter.readers.interface import Limits, Refusal

_PLACE = "(0004,1220) DirectoryRecordSequence"


def differences(root: Path, directories: Iterable[str], objects: Collection[str]) -> Iterator[Issue]:
    """What each DICOMDIR and the DICOM files below its folder say of each other; names are relative to the export."""
    if not root.is_dir():
        return
    for name in sorted(directories):
        folder = name.rpartition("/")[0]
        prefix = f"{folder}/" if folder else ""
        referenced = {f"{prefix}{place}".upper() for place in _references(root / name, name)}
        there = {one.upper() for one in objects if one.startswith(prefix)}
        yield from _issue("DIR_MISSING", Outcome.PROBLEM, name, referenced - there)
        yield from _issue("DIR_UNLISTED", Outcome.NOTE, name, there - referenced if referenced else set())


def _issue(code: str, outcome: Outcome, name: str, places: set[str]) -> Iterator[Issue]:
    if places:
        source = Source(SourceKind.HEADER, name, _PLACE)
        yield Issue(code=code, outcome=outcome, source=source, operands={"files": len(places), "first": min(places)})


def _references(path: Path, name: str) -> Iterator[str]:
    """The names of files that a DICOMDIR refers to, relative to its folder; none of one that cannot be read."""
    try:
        file, wanted = disk_file(path, name), frozenset({tags.TAGS["DirectoryRecordSequence"]})
        with file.open() as stream:
            found = walk(stream, file.size, name, wanted, Limits(), bare=False)
    except Refusal:
        return
    for record in nested.items(found.elements.get(tags.TAGS["DirectoryRecordSequence"])):
        reference = record.get(tags.REFERENCED_FILE_ID)
        if reference is not None:
            parts = reference.value.decode("latin-1").rstrip("\0 ").split("\\")
            yield "/".join(part.rstrip(" ") for part in parts)
