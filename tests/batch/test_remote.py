"""An export and an output folder that URLs name; here in the memory of this process."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import fsspec
import pytest

from reporter.errors import SetupError, UsageError
from reporter.publish_remote import publish_remote, replace_remote
from reporter.remote import RemotePath, place_of
from tests.batch.exports import batch, put_all, results

URL: Final = "memory://hospital"
Memory = Any  # fsspec says no types


@pytest.fixture
def memory() -> Iterator[Memory]:
    """Nothing but what a test puts there."""
    system = fsspec.filesystem("memory")
    yield system
    if system.exists("/hospital"):
        system.rm("/hospital", recursive=True)


@pytest.fixture
def export(memory: Memory, tmp_path: Path) -> Path:
    """The same export on this machine and behind the URL; its table is on this machine alone."""
    local, _ = put_all(tmp_path, 3)
    memory.put(str(local), "/hospital/export", recursive=True)
    return local


def reached(memory: Memory) -> dict[str, bytes]:
    """Drafts and pages behind the URL."""
    names = (name.rpartition("/")[2] for name in memory.ls("/hospital/out", detail=False))
    return {name: memory.cat_file(f"/hospital/out/{name}") for name in names if re.match(r"[0-9a-f]{24}", name)}


def run(tmp_path: Path, *more: str) -> tuple[int, str]:
    """A run from URL to URL."""
    arguments = ["-m", str(tmp_path / "table.csv"), "--state", str(tmp_path / "state"), *more]
    return batch(place_of(f"{URL}/export"), place_of(f"{URL}/out"), *arguments)


def test_what_lies_behind_a_url_is_drafted_as_what_lies_here(memory: Memory, export: Path, tmp_path: Path) -> None:
    here, _ = batch(export, tmp_path / "out", "-m", str(tmp_path / "table.csv"))
    code, said = run(tmp_path)
    assert (code, here) == (0, 0), said
    assert "3 cases found: 3 reported, 0 quarantined, 0 pending" in said
    assert reached(memory) == results(tmp_path / "out")
    assert memory.cat_file("/hospital/out/worklist.csv") == (tmp_path / "out" / "worklist.csv").read_bytes()
    assert memory.exists("/hospital/out/ledger/ledger.json")
    assert memory.exists("/hospital/out/summary.html")
    assert not [name for name in memory.find("/hospital") if ".part" in name or "probe" in name]


def test_a_second_run_reads_and_writes_nothing_and_a_change_redrafts_one(
    memory: Memory, export: Path, tmp_path: Path
) -> None:
    run(tmp_path)
    before = memory.find("/hospital/out", detail=True)
    code, said = run(tmp_path)
    assert code == 0
    assert "12 files, 0 of them new or changed" in said
    assert memory.find("/hospital/out", detail=True) == before
    for name in memory.find("/hospital/export"):
        if "P002-2" in name:
            memory.rm_file(name)
    assert run(tmp_path)[0] == 0
    new = memory.find("/hospital/out", detail=True).keys() - before.keys()
    assert [re.sub(r"[0-9a-f]{24}", "", name.rpartition("/")[2]) for name in new] == [".draft.txt"]
    assert export.exists()


@pytest.mark.hostile
def test_nothing_is_overwritten_there(memory: Memory, export: Path, tmp_path: Path) -> None:
    run(tmp_path)
    expected = reached(memory)
    first, second, third = sorted(expected)
    memory.pipe_file(f"/hospital/out/{first}", b"edited")
    memory.rm_file(f"/hospital/out/{second}")
    assert run(tmp_path)[0] == 0
    assert reached(memory) == {first: b"edited", second: expected[second], third: expected[third]}
    for path in (tmp_path / "state").iterdir():
        path.unlink()  # another machine, without the journal
    assert run(tmp_path)[0] == 0
    revised = first.replace(".", "-r2.", 1)
    assert reached(memory) == {**expected, first: b"edited", revised: expected[first]}
    assert export.exists()


@pytest.mark.hostile
def test_a_zip_there_is_refused_by_name(memory: Memory, export: Path, tmp_path: Path) -> None:
    memory.pipe_file("/hospital/export/more.zip", b"PK\x03\x04")
    code, said = run(tmp_path)
    assert code == 3
    assert "refused: more.zip: ZIP_REMOTE" in said
    assert export.exists()


@pytest.mark.hostile
@pytest.mark.parametrize(
    ("export_at", "out", "words"),
    [
        (f"{URL}/none", f"{URL}/out", "there is no such file or folder"),
        (f"{URL}/export", f"{URL}/export/out", "never written to"),
        ("nowhere://a/b", f"{URL}/out", "nothing here can reach"),
        (f"{URL}/export", "nowhere://a/b", "nothing here can reach"),
    ],
)
def test_places_that_cannot_be_are_refused(
    export_at: str, out: str, words: str, memory: Memory, export: Path, tmp_path: Path
) -> None:
    code, said = batch(place_of(export_at), place_of(out), "--state", str(tmp_path / "state"))
    assert code == 2
    assert words in said
    assert export.exists()
    assert not memory.exists("/hospital/out/summary.html")


def test_a_journal_is_kept_on_this_machine(memory: Memory, export: Path) -> None:
    code, said = batch(export, place_of(f"{URL}/out"))
    assert code == 2
    assert "--state" in said
    assert not memory.exists("/hospital/out")


def test_a_state_of_its_own_serves_a_folder_of_this_machine_too(tmp_path: Path) -> None:
    export, table = put_all(tmp_path, 1)
    assert batch(export, tmp_path / "out", "-m", str(table), "--state", str(tmp_path / "state"))[0] == 0
    assert (tmp_path / "state" / "journal.sqlite").is_file()
    assert {path.name for path in (tmp_path / "out" / ".reporter").iterdir()} == {"lock", "state"}


# -- places ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("export", Path("export")),
        ("/a/b:c", Path("/a/b:c")),
        ("file:///a/b%20c", Path("/a/b c")),
        ("s3://bucket/export/", RemotePath("s3://bucket/export")),
    ],
)
def test_a_place_is_a_path_or_what_a_url_names(text: str, place: object) -> None:
    assert place_of(text) == place


def test_a_url_that_names_nothing_is_refused() -> None:
    with pytest.raises(UsageError):
        place_of("s3:///")


def test_results_take_the_first_names_that_are_free_or_theirs(memory: Memory) -> None:
    folder = RemotePath(f"{URL}/drafts")
    assert [place.name for place in publish_remote(folder, "a", {".draft.txt": b"1"})] == ["a.draft.txt"]
    assert [place.name for place in publish_remote(folder, "a", {".draft.txt": b"1"})] == ["a.draft.txt"]
    assert [place.name for place in publish_remote(folder, "a", {".draft.txt": b"2"})] == ["a-r2.draft.txt"]
    with pytest.raises(FileExistsError):
        (folder / "a.draft.txt").add(b"3")
    replace_remote(folder / "ledger.json", [b"4", b"5"])
    assert memory.cat_file("/hospital/drafts/ledger.json") == b"45"


def test_faults_of_a_file_system_are_told_in_our_words(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        message = "MARKNAME"
        raise ValueError(message)

    monkeypatch.setattr(type(memory), "pipe_file", fails)
    with pytest.raises(SetupError) as refused:
        publish_remote(RemotePath(f"{URL}/drafts"), "a", {".draft.txt": b"1"})
    assert "MARKNAME" not in str(refused.value)
