"""`reporter describe settings`: every key of `reporter.toml`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from reporter.cli.page import Section
from reporter.errors import UsageError
from reporter.plugins import CRITERIA, load, names
from reporter.settings import SettingDoc, Settings, described

_COLUMNS: Final = ("key", "type", "default", "unit", "meaning", "example")
_INTRODUCTION: Final = """\
A site's choices stand in reporter.toml (--settings FILE, else REPORTER_SETTINGS, else ./reporter.toml). Nothing is
required. A wrong edit is refused with file, key and reason.

Whatever differs from its default is printed in the basis of each draft; a changed limit of a criterion stands in the
name that it prints, such as "RECIST 1.1, modified: PR -35 %".

What is no setting: that limits are inclusive and compared exactly, their direction, units, and that imaging claims no
pathologic complete response.
"""


def settings_page(settings: Settings, only: Sequence[str]) -> list[Section]:
    """Every key by table, or the tables named; with the value of this site where it is not the default."""
    known = described({name: own for name in names(CRITERIA) if (own := own_settings(name)) is not None})
    tables = {table: list(keys) for table, keys in groupby(known, key=lambda one: one.table)}
    for name in only:
        if name not in tables:
            raise UsageError(f"there is no table {name} in the settings", hint=f"choose of {', '.join(tables)}")
    changed = dict(settings.changed)
    shown = {table: keys for table, keys in tables.items() if not only or table in only}
    return [
        Section(heading="Settings", depth=1, paragraphs=tuple(_INTRODUCTION.split("\n\n"))),
        *(_table(*one, changed) for one in shown.items()),
    ]


def own_settings(criterion: str) -> type | None:
    """The settings that a criterion has of its own, where it says so."""
    found = getattr(load(CRITERIA, criterion), "own_settings", None)
    return found if isinstance(found, type) else None


def _table(table: str, keys: list[SettingDoc], changed: dict[str, str]) -> Section:
    rows = [(*_row(one), changed.get(one.key, "")) for one in keys]
    return Section(heading=f"[{table}]", columns=(*_COLUMNS, "here"), rows=rows)


def _row(one: SettingDoc) -> tuple[str, ...]:
    name = one.key.rpartition(".")[2]
    return name, one.type, one.default, one.unit, one.means, one.example if one.example != one.default else ""
