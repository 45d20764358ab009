"""What tells whether a file is the very one that was seen before, beside its size and its time of change.

A program that copies may give a file the size and the time of another; it cannot give it the number that the file
system knows it by, nor the time at which the system last saw it change.  Both are asked for only where the file system
is of this machine: elsewhere they may be made up anew at each mount.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from reporter.remote import Place, RemotePath

_MOUNTS: Final = Path("/proc/self/mountinfo")
_LOCAL: Final = frozenset({
    *("bcachefs", "btrfs", "ext2", "ext3", "ext4", "f2fs", "jfs", "overlay", "reiserfs", "tmpfs", "xfs", "zfs"),
})
"""File systems of this machine that number their files for good."""
_MOUNT_POINT, _TYPE_BEHIND_MARK = 4, 1
_ESCAPE: Final = re.compile(rb"\\([0-7]{3})")
_SIGNED: Final = (1 << 63) - 1
"""Numbers of files are kept where a sign has its place."""


class SameFile(NamedTuple):
    """What a file system knows a file by; zeros where it is not asked."""

    inode: int = 0
    changed: int = 0
    """Nanoseconds."""


UNASKED: Final = SameFile()


class Device:
    """The file system that an export lies on."""

    def __init__(self, root: Place) -> None:
        """Ask how files below `root` are known."""
        self._number: int | None = None
        with suppress(OSError):
            if not isinstance(root, RemotePath) and is_local(root):
                self._number = root.stat().st_dev

    def of(self, status: os.stat_result) -> SameFile:
        """What a file is known by."""
        return known_by(status) if status.st_dev == self._number else UNASKED


def known_by(status: os.stat_result) -> SameFile:
    """What a file of a local file system is known by."""
    return SameFile(status.st_ino & _SIGNED, status.st_ctime_ns)


def is_local(path: Path) -> bool:
    """Whether a path lies on a file system of this machine; False where the system does not say."""
    place = os.fsencode(path.resolve())
    try:
        mounts = _MOUNTS.read_bytes().splitlines()
    except OSError:
        return False
    found = max(((point, kind) for point, kind in map(_mount, mounts) if _lies_in(place, point)), default=(b"", ""))
    return found[1] in _LOCAL


def _mount(line: bytes) -> tuple[bytes, str]:
    """Where something is mounted, and its kind (proc(5))."""
    fields = line.split(b" ")
    kind = fields[fields.index(b"-") + _TYPE_BEHIND_MARK]
    return _ESCAPE.sub(lambda found: bytes([int(found[1], 8)]), fields[_MOUNT_POINT]), kind.decode("ascii", "replace")


def _lies_in(place: bytes, folder: bytes) -> bool:
    return place == folder or place.startswith(folder.rstrip(b"/") + b"/")
