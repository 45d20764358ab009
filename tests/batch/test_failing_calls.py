"""Whatever call of a run fails, and with what: nothing broken has a report's name, and the next run makes up for it."""

from __future__ import annotations

import errno
import os
import re
import shutil
import sqlite3
from pathlib import Path
from typing import Final

import pytest

from tests.batch.exports import Undisturbed, batch, results, undisturbed_run
from tests.batch.failing_calls import DATABASE, KINDS, Failing, database_error, system_error

pytestmark = [pytest.mark.hostile, pytest.mark.long]
COUNTS: Final = re.compile(r"(\d+) cases found: (\d+) reported, (\d+) quarantined, (\d+) pending")
FAULTS: Final = {
    **{name: system_error(getattr(errno, name)) for name in ("EIO", "EACCES", "EINTR", "ENOSPC")},
    **{name: database_error(getattr(sqlite3, name)) for name in ("SQLITE_IOERR", "SQLITE_FULL", "SQLITE_BUSY")},
}
READING: Final = frozenset({"scandir", "open", "read", "pread"})
"""Calls by which the export is looked at, among others."""
STRIDE: Final = 1 if "REPORTER_FUZZ" in os.environ else 31
"""`make fuzz` lets every call fail, the tests one of thirty-one, each fault beginning elsewhere."""
PLACES: Final = [
    (kind, fault, place)
    for kind in KINDS
    for place, fault in enumerate(FAULTS)
    if fault.startswith("SQLITE") is (kind == DATABASE)
]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    return undisturbed_run(tmp_path_factory.mktemp("undisturbed"), 2)


@pytest.mark.parametrize(("kind", "fault", "place"), PLACES)
def test_a_call_that_fails(kind: str, fault: str, place: int, undisturbed: Undisturbed, tmp_path: Path) -> None:
    export, table, _ = undisturbed
    with pytest.MonkeyPatch.context() as patched:
        counted = Failing(patched, kind, 0)
        assert batch(export, tmp_path / "counted", "-m", str(table))[0] == 0
    assert counted.calls or kind in {"read", "write", "rename", "replace", "pread"}
    for number in range(1 + place % STRIDE, counted.calls + 1, STRIDE):
        _fails(kind, number, fault, undisturbed, tmp_path / "out")
        shutil.rmtree(tmp_path / "out", ignore_errors=True)


def _fails(kind: str, number: int, fault: str, undisturbed: Undisturbed, out: Path) -> None:
    """One run whose call fails, and one that finishes it."""
    export, table, expected = undisturbed
    with pytest.MonkeyPatch.context() as patched:
        Failing(patched, kind, number, FAULTS[fault])
        code, said = batch(export, out, "-m", str(table))
    where = f"call {number} of {kind} with {fault}: exit {code}, {said}"
    assert "fault of the program" not in said, where
    assert "Traceback" not in said, where
    drafts = {name: data for name, data in (results(out) if out.exists() else {}).items() if ".draft." in name}
    assert kind in READING or all(expected[name] == data for name, data in drafts.items()), where
    if found := COUNTS.search(said):
        cases, reported, quarantined, pending = map(int, found.groups())
        assert cases == reported + quarantined + pending, where
        assert reported <= len(drafts), where
    if code == 0:
        assert _holds(drafts, expected, kind), where
    code, said = batch(export, out, "-m", str(table))
    assert code == 0, f"{where}\nthen: {said}"
    assert _holds(results(out), expected, kind), where


def _holds(left: dict[str, bytes], expected: dict[str, bytes], kind: str) -> bool:
    """Whether everything is there that has to be, and nothing else.

    Where the export could not be seen for a moment, a draft of the rest may stand beside the one that followed.
    """
    return left == expected or (kind in READING and set(expected.values()) <= set(left.values()))
