"""Results are whole under their final names, or not there; nothing is overwritten."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from reporter.errors import ExitCode, Interrupted, SetupError
from reporter.publish import publish_files, remove_parts, replace_file

FILES = {".draft.docx": b"word", ".draft.txt": b"text"}


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_writes_every_file_and_says_where(tmp_path: Path) -> None:
    paths = publish_files(tmp_path / "new" / "out", "report", FILES)
    assert [path.name for path in paths] == ["report.draft.docx", "report.draft.txt"]
    assert [path.read_bytes() for path in paths] == [b"word", b"text"]


def test_the_same_results_again_touch_nothing(tmp_path: Path) -> None:
    first = publish_files(tmp_path, "report", FILES)
    before = [path.stat().st_mtime_ns for path in first]
    assert publish_files(tmp_path, "report", FILES) == first
    assert [path.stat().st_mtime_ns for path in first] == before
    assert names(tmp_path) == ["report.draft.docx", "report.draft.txt"]


def test_what_a_killed_run_left_half_written_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / f".report.draft.txt.{os.getpid()}.part").write_bytes(b"te")
    publish_files(tmp_path, "report", FILES)
    assert names(tmp_path) == ["report.draft.docx", "report.draft.txt"]
    assert (tmp_path / "report.draft.txt").read_bytes() == b"text"


def test_one_file_that_is_gone_is_written_again_beside_the_others(tmp_path: Path) -> None:
    word, text = publish_files(tmp_path, "report", FILES)
    before = word.stat().st_mtime_ns
    text.unlink()
    assert publish_files(tmp_path, "report", FILES) == (word, text)
    assert (word.stat().st_mtime_ns, text.read_bytes()) == (before, b"text")


def test_other_results_become_a_revision_beside_the_old_ones(tmp_path: Path) -> None:
    publish_files(tmp_path, "report", FILES)
    second = publish_files(tmp_path, "report", {**FILES, ".draft.txt": b"other"})
    assert [path.name for path in second] == ["report-r2.draft.docx", "report-r2.draft.txt"]
    third = publish_files(tmp_path, "report", {**FILES, ".draft.txt": b"third"})
    assert third[0].name == "report-r3.draft.docx"
    assert (tmp_path / "report.draft.txt").read_bytes() == b"text"


def test_an_edited_report_is_left_alone(tmp_path: Path) -> None:
    path = publish_files(tmp_path, "report", FILES)[1]
    path.write_bytes(b"edited by hand")
    again = publish_files(tmp_path, "report", FILES)
    assert path.read_bytes() == b"edited by hand"
    assert again[1].name == "report-r2.draft.txt"


def test_a_lone_format_is_not_put_beside_another_report(tmp_path: Path) -> None:
    publish_files(tmp_path, "report", {".draft.docx": b"of another case"})
    assert publish_files(tmp_path, "report", {".draft.txt": b"text"})[0].name == "report-r2.draft.txt"


def test_a_name_that_a_glob_would_read_otherwise(tmp_path: Path) -> None:
    publish_files(tmp_path, "a[1]*", {".draft.txt": b"one"})
    assert publish_files(tmp_path, "a[1]*", {".draft.docx": b"two"})[0].name == "a[1]*-r2.draft.docx"


@pytest.mark.parametrize("call", ["open", "write", "fsync", "link"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_a_full_or_failing_disk_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(code, "no")

    monkeypatch.setattr(os, call, fail)
    if call == "link":
        monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(Interrupted) as caught:
        publish_files(tmp_path, "report", {".draft.txt": b"text"})
    assert caught.value.exit_code is ExitCode.STOPPED
    assert names(tmp_path) == []


def test_a_disk_that_takes_a_few_bytes_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: real(handle, data[:3]))
    assert publish_files(tmp_path, "report", {".draft.txt": b"a longer text"})[0].read_bytes() == b"a longer text"
    replace_file(tmp_path / "list.csv", (b"one,two\n", b"", b"three,four\n"))
    assert (tmp_path / "list.csv").read_bytes() == b"one,two\nthree,four\n"


def test_a_file_system_without_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise OSError(errno.EPERM, "no")

    monkeypatch.setattr(os, "link", no_links)
    assert publish_files(tmp_path, "report", FILES)[1].read_bytes() == b"text"
    assert names(tmp_path) == ["report.draft.docx", "report.draft.txt"]


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SetupError, match="cannot be written"):
        publish_files(tmp_path / "file" / "out", "report", FILES)


def test_what_a_run_makes_anew_replaces_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "new" / "ledger.csv"
    replace_file(path, [b"one,", b"two"])
    assert path.read_bytes() == b"one,two"
    assert path.stat().st_mode & 0o777 == 0o600
    replace_file(path, iter([b"three"]))
    assert path.read_bytes() == b"three"
    assert names(path.parent) == ["ledger.csv"]


def test_a_full_disk_while_replacing_leaves_the_file_of_before(tmp_path: Path) -> None:
    path = tmp_path / "ledger.csv"
    replace_file(path, [b"before"])

    def pieces() -> Iterator[bytes]:
        yield b"half"
        raise OSError(errno.ENOSPC, "full")

    with pytest.raises(Interrupted):
        replace_file(path, pieces())
    assert path.read_bytes() == b"before"
    assert names(tmp_path) == ["ledger.csv"]


def test_a_folder_that_cannot_be_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise PermissionError(errno.EACCES, "no")

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(SetupError, match="cannot be written"):
        remove_parts(tmp_path)
