"""What the codes of a measurement group say of its lesion: kind, side, place, role.

The side stands in a modifier of the finding site (Breast, Laterality: Left) or in the site itself (Left breast); both
forms are read.  Codes that contradict one another say nothing, and that is a problem.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TypeVar

from reporter.case.code import Code
from reporter.case.vocabulary import Kind
from reporter.readers import report_codes as codes
from reporter.readers.parts import LesionWords
from reporter.readers.report_codes import Concept

Word = TypeVar("Word")

_BREAST = frozenset({
    *(("76752008", "SCT"), ("63762007", "SCT"), ("78904004", "SCT")),
    *(("129791004", "SCT"), ("91470000", "SCT")),
})
"""Breast, both breasts, chest wall, axilla region, axilla (CID 6018, 6022, 4031): sites that name no other organ."""
_OWN_SITES = frozenset({*codes.SIDES, *codes.LOCATIONS, *codes.CLOCKS, *_BREAST, *codes.NODE_SITES})
_REMEMBERED = 1024


def lesion_words(
    findings: Iterable[Concept], sites: Sequence[Code], modifiers: Iterable[Concept], categories: Iterable[Concept]
) -> tuple[LesionWords, tuple[str, ...]]:
    """The words for a lesion, and the codes of the problems with them.

    `modifiers` are the codes below a site; `categories` those of its Baseline Category.
    """
    places = [(site.value, site.scheme) for site in sites]
    return _words(tuple(findings), (*places, *modifiers), tuple(categories), _other_organ(sites))


@lru_cache(maxsize=_REMEMBERED)
def _words(
    findings: tuple[Concept, ...], where: tuple[Concept, ...], categories: tuple[Concept, ...], organ: str | None
) -> tuple[LesionWords, tuple[str, ...]]:
    """The words for lesions that are coded alike, as many are; of the same words again, the same object."""
    sides, doubts = _meant(where, codes.SIDES), []
    if len(sides) > 1:
        doubts.append("LAT_CODES")
    kind, kinds_differ = _kind(_meant(findings, codes.KINDS), is_node=not codes.NODE_SITES.isdisjoint(where))
    if kinds_differ:
        doubts.append("KIND_CODES")
    words = LesionWords(
        kind=kind,
        organ=organ,
        side=_only(sides),
        location=_only(_meant(where, codes.LOCATIONS)),
        clock=_only(_meant(where, codes.CLOCKS)),
        depth=_only(_meant(where, codes.DEPTHS)),
        role=_only(_meant(categories, codes.ROLES)),
    )
    return words, tuple(doubts)


def _meant(concepts: Iterable[Concept], table: Mapping[Concept, Word]) -> set[Word]:
    """What the concepts mean."""
    return {table[concept] for concept in concepts if concept in table}


def _only(words: set[Word]) -> Word | None:
    return next(iter(words)) if len(words) == 1 else None


def _kind(kinds: set[Kind], *, is_node: bool) -> tuple[Kind | None, bool]:
    """The kind that findings and site agree on, and whether they do not.

    Lesion names no kind of its own beside a more exact one, and a lesion of a lymph node is the node.
    """
    exact = kinds - {Kind.OTHER} | ({Kind.NODE} if is_node else set())
    if len(exact) > 1:
        return None, True
    return next(iter(exact), _only(kinds)), False


def _other_organ(sites: Iterable[Code]) -> str | None:
    """The organ of a site that is neither breast nor lymph node, as the code means it; never taken for the breast."""
    return next((site.meaning for site in sites if (site.value, site.scheme) not in _OWN_SITES), None)
