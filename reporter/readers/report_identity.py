"""Which lesion a measurement group is of, and what its label says against its codes.

A lesion is named by the lesion map, else by the user's label.  A tracking UID joins groups of several documents, unless
the tracking identifier beside it names the tool that drew the line: then both are new in every document.  A label is
never interpreted, only held against the codes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from reporter.case.issue import Issue, Outcome
from reporter.case.vocabulary import NODE_LOCATIONS, Kind, Side
from reporter.readers.parts import LesionWords
from reporter.readers.report_parts import LesionMap, MapEntry, ReportGroup

_WORD = re.compile(r"[^\W\d_]+")
_REMEMBERED = 1024
_SIDE_WORDS: Mapping[str, Side] = {"left": Side.LEFT, "lt": Side.LEFT, "right": Side.RIGHT, "rt": Side.RIGHT}
_SIDE_LETTERS: Mapping[str, Side] = {"l": Side.LEFT, "r": Side.RIGHT}
"""Only before a part that has sides: "L breast"; alone a letter may mean anything."""
_PARTS = frozenset({"breast", "axilla", "axillary", "mamma"})
_NODE_WORDS = frozenset({"axilla", "axillary", "axillae", "node", "nodes", "nodal", "lymph", "ln", "lymphnode"})

SETTLES: Mapping[str, str] = {"LAT_CODES": "side", "LAT_LABEL": "side", "KIND_CODES": "kind", "KIND_LABEL": "kind"}
"""Problems with what a document says of a lesion -> the word that settles them."""


@lru_cache(maxsize=_REMEMBERED)
def _words(label: str) -> tuple[str, ...]:
    """The words of a label; one label stands in many groups."""
    return tuple(_WORD.findall(label.casefold()))


def sides_in(label: str) -> frozenset[Side]:
    """The sides that the words of a label name."""
    words = _words(label)
    named = {_SIDE_WORDS[word] for word in words if word in _SIDE_WORDS}
    pairs = pairwise(words)
    return frozenset(named | {_SIDE_LETTERS[one] for one, part in pairs if one in _SIDE_LETTERS and part in _PARTS})


def names_node(label: str) -> bool:
    """Whether words of a label name a lymph node; the axillary tail is breast."""
    return any(
        word in _NODE_WORDS and not (word.startswith("axilla") and following == "tail")
        for word, following in pairwise((*_words(label), ""))
    )


# -- lesion ids -----------------------------------------------------------------------------------------------


def lesion_ids(groups: Sequence[ReportGroup], entries: LesionMap) -> tuple[str, ...]:
    """The lesion id of each group, in their order; empty where nothing names the lesion."""
    tracks = _tracks(groups)
    names: dict[str, str] = {}
    for uid, members in tracks.items():
        mapped = {entries[g.label].lesion_id for g in members if g.label is not None and g.label in entries}
        labels = [g.label for g in sorted(members, key=_age) if g.label]
        if len(mapped) == 1:
            names[uid] = mapped.pop()
        elif labels and not mapped:
            names[uid] = labels[0]
    return tuple(_lesion_id(group, entries, names) for group in groups)


def _lesion_id(group: ReportGroup, entries: LesionMap, names: Mapping[str, str]) -> str:
    if group.label is not None and group.label in entries:
        return entries[group.label].lesion_id
    tracked = "" if group.names_tool or not group.tracking_uid else names.get(group.tracking_uid, "")
    return tracked or group.label or ""


def _age(group: ReportGroup) -> tuple[str, str, str]:
    """The earliest document first, by the date of its study and the time it was written."""
    report = group.report
    return str(report.study_date or ""), str(report.written or ""), group.label or ""


def _tracks(groups: Iterable[ReportGroup]) -> Mapping[str, Sequence[ReportGroup]]:
    """Tracking UID -> its groups; without UIDs that one document gives to groups of different labels."""
    found: dict[str, list[ReportGroup]] = defaultdict(list)
    for group in groups:
        if group.tracking_uid and not group.names_tool:
            found[group.tracking_uid].append(group)
    return {uid: members for uid, members in found.items() if not _shared(members)}


def _shared(members: Iterable[ReportGroup]) -> bool:
    labels: dict[str, set[str | None]] = defaultdict(set)
    for group in members:
        labels[group.report.instance_uid].add(group.label)
    return any(len(names) > 1 for names in labels.values())


# -- words ----------------------------------------------------------------------------------------------------


def settled_words(group: ReportGroup, lesion_id: str, entry: MapEntry | None) -> tuple[LesionWords, tuple[Issue, ...]]:
    """What is known of the lesion of a group by its codes and the lesion map, and the problems left with it."""
    words, issues = group.lesion, [issue for issue in group.issues if not _settles(entry, issue.code)]
    words, doubts = _side(group, words, entry)
    issues += doubts
    words, doubts = _kind(group, words, entry)
    issues += doubts
    if entry is not None:
        words = replace(words, location=entry.location or words.location, role=entry.role or words.role)
    if words.kind is Kind.NODE and words.location is not None and words.location not in NODE_LOCATIONS:
        words = replace(words, location=entry.location if entry else None)
    return words, tuple(replace(issue, lesion_id=lesion_id or None) for issue in issues)


def _settles(entry: MapEntry | None, code: str) -> bool:
    return entry is not None and code in SETTLES and getattr(entry, SETTLES[code]) is not None


def _side(group: ReportGroup, words: LesionWords, entry: MapEntry | None) -> tuple[LesionWords, list[Issue]]:
    """The map settles what codes and label leave open; it does not overrule a side that both agree on."""
    coded, said = words.side, sides_in(group.label or "")
    doubtful = coded is not None and bool(said) and coded not in said
    if entry is not None and entry.side is not None:
        if coded in {None, entry.side} or doubtful:
            return replace(words, side=entry.side), []
        return replace(words, side=None), [_doubt(group, "LAT_MAP", "side", coded=str(coded), given=str(entry.side))]
    if doubtful:
        return replace(words, side=None), [_doubt(group, "LAT_LABEL", "side", coded=str(coded))]
    return words, []


def _kind(group: ReportGroup, words: LesionWords, entry: MapEntry | None) -> tuple[LesionWords, list[Issue]]:
    """The map's word stands: viewers code a mass where nobody chose anything."""
    if entry is not None and entry.kind is not None:
        return replace(words, kind=entry.kind), []
    if words.kind not in {None, Kind.NODE} and names_node(group.label or ""):
        return replace(words, kind=None), [_doubt(group, "KIND_LABEL", "kind", coded=str(words.kind))]
    return words, []


def _doubt(group: ReportGroup, code: str, column: str, **operands: str) -> Issue:
    said = {"label": group.label or "", **operands}
    return Issue(code=code, outcome=Outcome.PROBLEM, source=group.source, column=column, operands=said)
