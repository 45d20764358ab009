"""One state belongs to one output folder, and a folder of this machine to one state.

A journal tells which cases are done; in another folder drafts would be taken for theirs that are older.  Ledger and
page tell of one state, and those of two would replace each other.  A state within its folder is named from there, so
that the two can be moved.
"""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Final

from reporter.batch.lock import locked
from reporter.errors import SetupError
from reporter.publish import cannot_write, remove_parts, replace_file
from reporter.remote import Place

STATE: Final = ".reporter"
"""Folder of the index, the plan and the journal; of a folder whose state is elsewhere, of what says where."""
JOURNAL: Final = "journal.sqlite"
_LOCK: Final = "lock"
_FOLDER: Final = "folder"
"""File of a state that names its folder."""
_ELSEWHERE: Final = "state"
"""File of a folder that names its state, where that is not its own."""
_WITHIN: Final = f".{os.sep}"


def held(state: Path, folder: Place) -> AbstractContextManager[object]:
    """Hold the folder, too, where the lock of the state is not in it; nobody can hold what lies behind a URL.

    Raises:
        SetupError: the state belongs to another folder, or another run holds this one.

    """
    _check_state(state, folder)
    if not isinstance(folder, Path) or _is_own(state, folder):
        return nullcontext()
    (folder / STATE).mkdir(mode=0o700, exist_ok=True)
    return locked(folder / STATE / _LOCK)


def claim(state: Path, folder: Place) -> None:
    """Let state and folder belong to each other from now on, both being held.

    Raises:
        SetupError: the folder belongs to another state.

    """
    marks = {state / _FOLDER: _name_of_folder(state, folder)}
    if isinstance(folder, Path):
        _check_folder(state, folder)
        if not _is_own(state, folder):
            marks[folder / STATE / _ELSEWHERE] = _name_of_state(state, folder)
    for mark, name in marks.items():
        remove_parts(mark.parent)
        if _read(mark) != name:
            replace_file(mark, (os.fsencode(name),))


def _check_state(state: Path, folder: Place) -> None:
    other = _read(state / _FOLDER)
    if other and other != _name_of_folder(state, folder):
        if other.startswith(_WITHIN):
            other = str(state.resolve()).removesuffix(other[1:])
        if _is_gone(other):
            return
        hint = f"name that folder ({other}) with -o, or another state with --state"
        raise _refusal("is the state of another output folder", state, f"{hint}; {_moved(state / _FOLDER)}")


def _check_folder(state: Path, folder: Path) -> None:
    mark = folder / STATE / _ELSEWHERE
    other, is_own = _read(mark), _is_own(state, folder)
    if other and (is_own or other != _name_of_state(state, folder)) and not _is_gone(str(folder / other)):
        hint = f"name that state ({other}) with --state, or another folder with -o; {_moved(mark)}"
    elif not other and not is_own and (folder / STATE / JOURNAL).exists():
        hint = "leave out --state, or name another folder with -o"
    else:
        return
    raise _refusal("holds the results of another state", folder, hint)


def _is_gone(name: str) -> bool:
    """Whether a place was moved, or is no more: nothing in it can be taken for what is in another one."""
    return "://" not in name and not os.path.lexists(name)


def _is_own(state: Path, folder: Path) -> bool:
    return state.resolve() == (folder / STATE).resolve()


def _name_of_folder(state: Path, folder: Place) -> str:
    """As the state keeps it."""
    return _from(folder, state) or str(folder.resolve())


def _name_of_state(state: Path, folder: Path) -> str:
    """As the folder keeps it."""
    return _from(folder, state) or str(state.resolve())


def _from(folder: Place, state: Path) -> str:
    """The way from a folder to a state that lies in it; empty for one that does not."""
    if isinstance(folder, Path) and state.resolve().is_relative_to(folder.resolve()):
        return f"{_WITHIN}{state.resolve().relative_to(folder.resolve())}"
    return ""


def _read(mark: Path) -> str:
    """What a mark says; empty where there is none.

    Raises:
        SetupError: it cannot be read, as that of another user may not.

    """
    try:
        return os.fsdecode(mark.read_bytes())
    except FileNotFoundError:
        return ""
    except OSError as problem:
        raise cannot_write(mark.parent, problem) from None


def _moved(mark: Path) -> str:
    return f"where it was only moved, remove {mark}"


def _refusal(said: str, place: Path, hint: str) -> SetupError:
    return SetupError(said, file=str(place), hint=hint, code="OUT_STATE")
