"""A worksheet: the measurement table with what is known, and its questions in the column `note`.

A question stands in the note between `[[?` and `]]`, after the words that were there before.  It is the form's, not
the reader's: read back, it is taken away, so that a worksheet in which nothing was answered says what it said before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from reporter.case.source import Source

_ADDED = "added row"
_OPEN, _CLOSE = "[[?", "]]"
_BRACKETS = re.compile(r"\](?=\]|$)")
"""A bracket that would close a question before its end."""
_FORMULA = frozenset("=+-@\t\r\0")
_MARK = re.compile(r"\s*\[\[\?(?:(?!\[\[\?).)*?\]\]", re.DOTALL)
"""A question; a mark that was never closed is the reader's own, and takes no question with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRow:
    """One row of a worksheet before anything is asked: its cells as text, and what it is of."""

    cells: Mapping[str, str]
    """Column -> text; empty cells are left out."""
    source: Source
    """The table row or the SR group."""
    lesion_id: str = ""
    study: str = ""
    """The key of its study; empty where the row met none."""
    given: frozenset[str] = field(default_factory=frozenset)
    """Columns that a table gave itself: they stay as they are, whatever is asked."""
    added: bool = False
    """A row that an earlier worksheet added and that still has no answer."""


def patient_cell(patient_id: str) -> str:
    """A patient ID as a cell; empty where it would not survive being one: such an ID is never written otherwise."""
    return patient_id if patient_id == patient_id.strip() and patient_id.isprintable() else ""


def question(column: str, text: str) -> str:
    """A question about a column as it stands in a note; on one line, whatever its words hold."""
    plain = _BRACKETS.sub("] ", " ".join(text.split()).replace(_OPEN, "[ [?"))
    return f"{_OPEN} {column}: {plain}{_CLOSE}"


def added_row() -> str:
    """What marks a row that the worksheet added: where it stays without an answer it is no measurement."""
    return f"{_OPEN} {_ADDED}{_CLOSE}"


def own_words(note: str) -> str:
    """A note without the questions of a worksheet; a note that holds none is left as it is."""
    return _MARK.sub("", note).strip() if _OPEN in note else note


def is_added(note: str) -> bool:
    """Whether a note marks its row as one that the worksheet added."""
    return added_row() in note


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula: one that could be one gets an apostrophe before it."""
    return f"'{text}" if text[:1] in _FORMULA and text else text


def unguarded(text: str) -> str:
    """A text without that apostrophe, which was never a word of it."""
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1] in _FORMULA else text
