"""A state and an output folder belong to each other: no run tells of what another one drafted elsewhere."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest

from reporter.batch.lock import locked
from reporter.errors import ExitCode
from tests.batch.exports import batch, patients, put, put_all, put_export, results, rows_of
from tests.readers.kit import csv_of

pytestmark = pytest.mark.hostile


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_state_is_of_one_folder(tmp_path: Path) -> None:
    """A second one would be told to hold what was drafted for the first."""
    export, table = put_all(tmp_path, 1)
    state = ["-m", str(table), "--state", str(tmp_path / "state")]
    assert batch(export, tmp_path / "a", *state)[0] == 0
    rows = rows_of(patients(1))
    put(table, csv_of([rows[0], {**rows[1], "long_axis": "38"}]).encode())
    code, said = batch(export, tmp_path / "b", *state)
    assert code == ExitCode.USAGE
    assert "is the state of another output folder" in said
    assert f"name that folder ({tmp_path / 'a'}) with -o" in said
    assert everything(tmp_path / "b") == {}
    assert batch(export, tmp_path / "a", *state)[0] == 0
    assert len(results(tmp_path / "a")) == 2  # the draft of before, and one of what is so now


def test_a_folder_is_of_one_state(tmp_path: Path) -> None:
    """The ledger of a second one would stand in place of the first's."""
    out = tmp_path / "out"
    put_export(tmp_path / "one", patients(1))
    put_export(tmp_path / "two", patients(2)[1:])
    assert batch(tmp_path / "one", out, "--state", str(tmp_path / "s1"))[0] == 0
    before = everything(out)
    for other in (["--state", str(tmp_path / "s2")], []):
        code, said = batch(tmp_path / "two", out, *other)
        assert code == ExitCode.USAGE
        assert f"name that state ({tmp_path / 's1'}) with --state" in said
        assert everything(out) == before
    (out / ".reporter" / "state").unlink()  # what the words of the refusal say
    assert batch(tmp_path / "two", out, "--state", str(tmp_path / "s2"))[0] == 0


def test_a_folder_with_a_state_in_it_takes_no_other(tmp_path: Path) -> None:
    put_export(tmp_path / "export", patients(1))
    assert batch(tmp_path / "export", tmp_path / "out")[0] == 0
    code, said = batch(tmp_path / "export", tmp_path / "out", "--state", str(tmp_path / "state"))
    assert code == ExitCode.USAGE
    assert "leave out --state" in said
    own = str(tmp_path / "out" / ".reporter")
    assert batch(tmp_path / "export", tmp_path / "out", "--state", own)[0] == 0
    code, said = batch(tmp_path / "export", tmp_path / "third", "--state", own)
    assert code == ExitCode.USAGE
    assert f"name that folder ({tmp_path / 'out'}) with -o" in said


@pytest.mark.parametrize("inside", [".reporter", "deep/state"])
@pytest.mark.parametrize("move", [shutil.move, shutil.copytree])
def test_a_folder_with_its_state_can_be_moved(inside: str, move: object, tmp_path: Path) -> None:
    export, table = put_all(tmp_path, 1)

    def run(out: Path) -> int:
        own = [] if inside == ".reporter" else ["--state", str(out / inside)]
        return batch(export, out, "-m", str(table), *own)[0]

    assert run(tmp_path / "out") == 0
    before = {name: data for name, data in everything(tmp_path / "out").items() if name.endswith(".draft.txt")}
    assert callable(move)
    move(tmp_path / "out", tmp_path / "moved")
    assert run(tmp_path / "moved") == 0
    after = {name: data for name, data in everything(tmp_path / "moved").items() if name.endswith(".draft.txt")}
    assert (after, len(after)) == (before, 1)


def test_a_folder_of_this_machine_is_held_whatever_the_state(tmp_path: Path) -> None:
    put_export(tmp_path / "export", patients(1))
    (tmp_path / "out" / ".reporter").mkdir(parents=True)
    with locked(tmp_path / "out" / ".reporter" / "lock"):
        code, said = batch(tmp_path / "export", tmp_path / "out", "--state", str(tmp_path / "state"))
    assert code == ExitCode.USAGE
    assert f"{tmp_path / 'out'}: another run works in this folder" in said


def test_a_state_that_is_linked_into_its_folder_is_held_once(tmp_path: Path) -> None:
    put_export(tmp_path / "export", patients(1))
    (tmp_path / "out").mkdir()
    (tmp_path / "state").mkdir()
    (tmp_path / "out" / ".reporter").symlink_to(tmp_path / "state")
    for _ in range(2):
        assert batch(tmp_path / "export", tmp_path / "out")[0] == 0


def test_a_folder_and_its_state_elsewhere_can_be_moved_together(tmp_path: Path) -> None:
    put_export(tmp_path / "export", patients(1))
    before, after = tmp_path / "project", tmp_path / "archive"
    for place in (before, after):
        assert batch(tmp_path / "export", place / "out", "--state", str(place / "state"))[0] == 0
        assert len(results(place / "out")) == 1
        if place is before:
            shutil.move(before, after)
    assert batch(tmp_path / "export", tmp_path / "third", "--state", str(after / "state"))[0] == ExitCode.USAGE


@pytest.mark.skipif(os.name == "nt", reason="locks of files are of other systems")
@pytest.mark.parametrize(("number", "code"), [(errno.ENOLCK, 0), (errno.EOPNOTSUPP, 0), (errno.EACCES, ExitCode.USAGE)])
def test_where_a_file_system_has_no_locks_nothing_is_refused(
    number: int, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    def flock(_file: object, _how: int) -> None:
        raise OSError(number, os.strerror(number))

    put_export(tmp_path / "export", patients(1))
    monkeypatch.setattr(fcntl, "flock", flock)
    assert batch(tmp_path / "export", tmp_path / "out")[0] == code


def test_a_run_that_never_began_claims_nothing(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    put_export(tmp_path / "export", patients(1))
    state = ["--state", str(tmp_path / "state")]
    code, _ = batch(tmp_path / "export", tmp_path / "wrong", *state, "--scheduler", "tcp://127.0.0.1:9")
    assert code in {ExitCode.USAGE, ExitCode.STOPPED}
    assert batch(tmp_path / "export", tmp_path / "right", *state)[0] == 0
