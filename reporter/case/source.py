"""Where a value came from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

_NUMBER: Final = re.compile(r"[0-9]+")
_DIGITS: Final = 12
_REMEMBERED: Final = 1024
"""Places: more than the rows of most cases, each sorted by several rules."""


class SourceKind(StrEnum):
    """The kinds of input a value can be read from."""

    HEADER = "header"
    """An attribute of a DICOM image; `place` is its tag."""
    REPORT = "report"
    """A content item of a DICOM SR document; `place` is its position in the tree."""
    TABLE = "table"
    """A row of a measurement table; `place` is the row, and the column where it is one cell."""
    FACTS = "facts"
    """An entry of the clinical facts; `place` is its key path."""
    LESION_MAP = "lesion map"
    """An entry of a lesion map; `place` is the label."""


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """One place in one input file, as a person would look it up."""

    kind: SourceKind
    file: str
    """The file's name relative to INPUT, never an absolute path."""
    place: str
    """Tag, item position, row and column, or key path."""

    def __str__(self) -> str:
        return f"{self.file}, {self.place}"

    @property
    def order(self) -> str:
        """What sorts it as people do: row 9 before row 10."""
        return _by_numbers(str(self))


@lru_cache(maxsize=_REMEMBERED)
def _by_numbers(shown: str) -> str:
    return _NUMBER.sub(lambda found: found[0].zfill(_DIGITS), shown) + shown
