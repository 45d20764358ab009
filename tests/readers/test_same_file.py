"""Where the file system is asked what it knows a file by."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reporter.readers.same_file import UNASKED, Device, is_local, known_by
from reporter.remote import RemotePath

MOUNTS = b"""\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:25 / /data rw,relatime - xfs /dev/sdb1 rw
31 30 0:44 / /data/pacs rw,relatime shared:7 master:2 - nfs4 server:/pacs rw
32 30 0:45 / /data/my\\040disk rw,relatime - cifs //server/share rw
33 30 0:46 / /data/pacs-copy rw - fuse.sshfs server:/copy rw
34 22 0:47 / /data2 rw - btrfs /dev/sdc rw
"""


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("/", True),
        ("/srv/export", True),
        ("/data", True),
        ("/data/export", True),
        ("/data/pacs", False),
        ("/data/pacs/2026", False),
        ("/data/pacs-copy/2026", False),
        ("/data/pacs2", True),
        ("/data/my disk/x", False),
        ("/data2/x", True),
    ],
)
def test_the_nearest_mount_says_whether_a_folder_is_of_this_machine(
    folder: str, expected: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mountinfo").write_bytes(MOUNTS)
    monkeypatch.setattr("reporter.readers.same_file._MOUNTS", tmp_path / "mountinfo")
    monkeypatch.setattr(Path, "resolve", lambda path: path)
    assert is_local(Path(folder)) is expected


def test_where_the_system_does_not_say_nothing_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reporter.readers.same_file._MOUNTS", tmp_path / "missing")
    (tmp_path / "x").write_bytes(b"x")
    assert Device(tmp_path).of((tmp_path / "x").stat()) == UNASKED


def test_a_file_on_another_device_than_the_export_is_not_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reporter.readers.same_file.is_local", lambda _path: True)
    (tmp_path / "x").write_bytes(b"x")
    status = (tmp_path / "x").stat()
    elsewhere = os.stat_result((*status[:2], status.st_dev + 1, *status[3:10]))
    assert Device(tmp_path).of(status) == known_by(status) != UNASKED
    assert Device(tmp_path).of(elsewhere) == UNASKED


def test_nothing_is_asked_behind_a_url(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"x")
    assert Device(RemotePath(f"file://{tmp_path}")).of((tmp_path / "x").stat()) == UNASKED
