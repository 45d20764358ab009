"""Which phrases every language must have, and which placeholders each table of phrases knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from reporter.advice.interface import Rating, RoleTold, Timing, Urgency
from reporter.advice.vocabulary import NoteId, Purpose, StepId
from reporter.case.vocabulary import (
    BiopsyResult,
    Depth,
    ExtentChange,
    Hilum,
    Kind,
    Location,
    Modality,
    Phase,
    Role,
    Side,
    TherapyKind,
    TherapyStatus,
)
from reporter.response.interface import Category, NodeCourse, State

_ENUMS: Final[Mapping[str, type[StrEnum]]] = MappingProxyType({
    "side": Side,
    "modality": Modality,
    "table": Modality,
    "kind": Kind,
    "role": Role,
    "location": Location,
    "location_short": Location,
    "depth": Depth,
    "biopsy": BiopsyResult,
    "hilum": Hilum,
    "extent_change": ExtentChange,
    "phase": Phase,
    "therapy": TherapyKind,
    "therapy_status": TherapyStatus,
    "category": Category,
    "node_course": NodeCourse,
    "title": Timing,
    "rating": Rating,
    "purpose": Purpose,
    "role.told": RoleTold,
    "escalation": Urgency,
})
"""Tables with a phrase for each member of an enumeration."""


def _required() -> Iterator[str]:
    yield from ("language", "decimal_mark", "word.not_stated", "word.comma", "word.and", "word.or", "word.entered")
    for table, members in _ENUMS.items():
        yield from (f"{table}.{member}" for member in members)
    yield from (f"state.{state}.any" for state in State if state is not State.MEASURED)
    yield from (
        "issue.other",
        "step.other",
        "note.other",
        "route.other",
        "reason.other",
        "rule.other",
        "left_out.other",
    )


REQUIRED: Final = frozenset(_required())

REQUIRED_GROUPS: Final = frozenset({*(f"step.{step}" for step in StepId), *(f"note.{note}" for note in NoteId)})
"""Paths under which there must be a phrase, whatever its last part: `any`, or the timings it is for."""

_ISSUE: Final = frozenset([
    "images",
    "more",
    "coded",
    "referred",
    "modalities",
    "image",
    "verification",
    "completion",
    "tag",
    "place",
    "baseline",
    "body_part",
    "bytes",
    "cells",
    "code",
    "column",
    "columns",
    "count",
    "date",
    "end",
    "expected",
    "files",
    "first",
    "first_date",
    "form",
    "given",
    "highest",
    "key",
    "label",
    "lesion",
    "limit",
    "looks",
    "lowest",
    "modality",
    "nearest",
    "now",
    "operation",
    "organ",
    "other",
    "other_date",
    "other_label",
    "other_place",
    "other_side",
    "packed",
    "patients",
    "second",
    "second_date",
    "side",
    "size",
    "slice",
    "start",
    "status",
    "studies",
    "study",
    "study_date",
    "then",
    "unit",
    "unreadable",
    "values",
    "what",
    "words",
])
"""Operands of issues, whatever their code, and what an issue names itself."""
_ADVICE: Final = frozenset({
    "id",
    "side",
    "of_side",
    "lesions",
    "sites",
    "nodes",
    "markers",
    "counted_markers",
    "all_markers",
    "residual",
    "largest",
    "span",
    "calcifications",
    "reason",
    "modalities",
    "suspicion",
    "guidance",
    "findings",
})

PLACEHOLDERS: Final[Mapping[str, frozenset[str]]] = MappingProxyType({
    "word": frozenset({"text", "modality", "size", "date", "side", "where", "column", "what", "reason"}),
    "page": frozenset({"id", "age"}),
    "title": frozenset({"side"}),
    "place": frozenset({"hour", "distance", "noun", "place"}),
    "distance": frozenset({"distance"}),
    "state": frozenset({"into", "size"}),
    "table": frozenset({"change", "lesions"}),
    "finding": frozenset({"size", "date", "what", "modality", "value", "unit", "lesion", "note"}),
    "density": frozenset({"given"}),
    "node": frozenset({"course", "modality", "parts", "value"}),
    "clinical": frozenset({"number", "side", "date", "lesion", "marker", "noun"}),
    "technique": frozenset({"value", "agent", "quality"}),
    "comparison": frozenset({"days"}),
    "response": frozenset({"modality", "category", "change", "now", "then"}),
    "birads": frozenset({"side", "category", "birads", "noun", "index"}),
    "missing": frozenset({"modality"}),
    "imaging": frozenset({"topic", "edition", "variant", "procedure", "side", "modality", "lesions"}),
    "step": _ADVICE,
    "note": _ADVICE,
    "route": frozenset({"side", "topic", "neighbour", "missing"}),
    "topic": frozenset({"id"}),
    "escalation": frozenset({"told", "reasons", "meeting", "policy"}),
    "reason": frozenset({"sites", "row", "reason", "side"}),
    "basis": frozenset({
        "rows",
        "files",
        "criterion",
        "version",
        "pack",
        "settings",
        "citation",
        "link",
        "reviewed",
        "tool",
        "partial",
        "progression",
        "least",
        "template",
    }),
    "operand": frozenset({"name"}),
    "left_out": frozenset({"code"}),
    "issue": _ISSUE,
    "explain": frozenset({
        *("after", "age", "applied", "before", "born", "category", "chosen", "code", "column"),
        *("conditions", "criterion", "date", "difference", "end", "headline", "id", "kind", "label"),
        *("lesion", "lesions", "missing", "modality", "name", "now", "order", "percent", "phase"),
        *("reason", "row", "rows", "side", "start", "status", "studies", "then", "title"),
        *("topic", "variant", "verdict", "version"),
    }),
})
"""What a phrase of each table may name; a phrase of any other table names nothing."""
