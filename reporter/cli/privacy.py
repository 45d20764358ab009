"""What may be said of a doubt on stderr, which ends in logs: where to look and what to do, never what stood there.

A name in the wrong cell is in every message that quotes the cell.  Numbers of the program, dates, words of its own
vocabulary and lesion ids such as L1 or N2 are shown; everything else is withheld.  The draft quotes it in full.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from reporter.case.issue import Issue, Operand
from reporter.case.source import Source, SourceKind
from reporter.case.vocabulary import Modality, Side, TherapyStatus

WITHHELD: Final = "***"

_OWN: Final = frozenset({
    *(
        "bytes",
        "cells",
        "column",
        "columns",
        "expected",
        "files",
        "first",
        "form",
        "images",
        "key",
        "looks",
        "modalities",
    ),
    *("nearest", "other_place", "packed", "place", "second", "tag", "words"),
})
"""Operands that the program words itself, names of files, columns and keys among them."""
_WORDS: Final = frozenset({
    *map(str, (*Modality, *Side, *TherapyStatus)),
    *("measured", "absent", "too_small", "present", "unequivocal_progression", "equivocal", "merged"),
    *(
        "not_evaluable",
        "not_imaged",
        "UNVERIFIED",
        "VERIFIED",
        "PARTIAL",
        "COMPLETE",
        "breast",
        "lymph node",
        "in all",
        "-",
        "",
    ),
})
_WHAT: Final = frozenset({"STU_PATIENT_ATTR", "CSV_COLUMNS"})
"""Codes whose `what` the program words itself; of a structured report it is what stands in the file."""
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LESION: Final = re.compile(r"[A-Z]{1,2}[0-9]{1,3}[a-z]?")


def private(issue: Issue) -> Issue:
    """The same doubt without what stood in a cell or header."""
    return replace(
        issue,
        lesion_id=None if issue.lesion_id is None else _lesion(issue.lesion_id),
        operands={name: _shown(issue.code, name, value) for name, value in issue.operands.items()},
        source=None if issue.source is None else _place(issue.source),
    )


def _shown(code: str, name: str, value: Operand) -> Operand:
    if not isinstance(value, str) or name in _OWN or value in _WORDS or _DATE.fullmatch(value):
        return value
    if name in {"lesion", "lesions"}:
        return ", ".join(_lesion(one) for one in value.split(", "))
    return value if name == "what" and code in _WHAT else WITHHELD


def _lesion(lesion_id: str) -> str:
    return lesion_id if _LESION.fullmatch(lesion_id) else WITHHELD


def _place(source: Source) -> Source:
    """A label of the lesion map is a reader's own text."""
    return replace(source, place=WITHHELD) if source.kind is SourceKind.LESION_MAP else source
