"""Measurement groups of a structured report (TID 1410, 1411, 1501), whatever program wrote them.

A group is a container named Measurement Group, with or without a template identifier.  Of its numbers a length with a
named axis, a volume, and the distances to nipple and skin are taken, told by code and unit; every other one is listed.
What is ambiguous is left out and said: no axis, unit, side or kind is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from reporter.case.code import Code
from reporter.case.issue import Issue, Outcome
from reporter.case.source import Source
from reporter.readers import report_codes as codes
from reporter.readers.content_fields import (
    CONCEPT_CODE,
    REFERENCED_CLASS,
    REFERENCED_INSTANCE,
    REFERENCED_ITEM,
    REFERENCED_SOP,
    TEXT,
    UID,
)
from reporter.readers.content_tree import ContentItem, ContentTree
from reporter.readers.interface import Limits, refusal
from reporter.readers.report_codes import Concept
from reporter.readers.report_numbers import is_number, number_of
from reporter.readers.report_parts import ImageReference, Report, ReportGroup, ReportHeader, Unused
from reporter.readers.report_sites import lesion_words
from reporter.readers.report_sizes import GroupSizes
from reporter.readers.report_words import Words
from reporter.readers.values import ui

_TOOL = re.compile(r"[\w .-]+@[\^~<>=v]*\d[\w.+-]*:[\w .-]+", re.ASCII)
"""Such as Cornerstone3DTools@^0.1.0:Bidirectional: package, version and tool, as viewers built on Cornerstone write."""
_IMAGES = frozenset({"IMAGE", "COMPOSITE"})
_OTHERS = frozenset({"CODE", "TEXT"})
_SHOWN = 120


def names_tool(identifier: str) -> bool:
    """Whether a tracking identifier names the tool that drew a measurement, not the lesion it is of."""
    return _TOOL.fullmatch(identifier) is not None


def report_of(tree: ContentTree, header: ReportHeader, words: Words, limits: Limits) -> Report:
    """All measurement groups of a document and the numbers outside of them.

    Raises:
        Refusal: there are more groups than a case may have lesions (SR_GROUPS), or a text is too long (LIM_STRING).

    """
    groups: list[list[ContentItem]] = []
    outside: list[Unused] = []
    waiting: list[tuple[ContentItem, list[ContentItem] | None, bool]] = [(tree.root, None, False)]
    while waiting:
        item, group, is_derived = waiting.pop()
        if item.name == codes.MEASUREMENT_GROUP and not is_derived:
            group = []
            groups.append(group)
            if len(groups) > limits.lesions:
                raise refusal("SR_GROUPS", tree.source(item), limit=limits.lesions)
        if group is not None:
            group.append(item)
        elif is_number(item) and item.name not in codes.CONTEXT_NUMBERS:
            outside.append(_outside(tree, item, words))
        if item.children:
            is_derived = is_derived or item.name == codes.DERIVED_MEASUREMENTS
            waiting.extend([(child, group, is_derived) for child in reversed(item.children)])
    return Report(
        header=header,
        groups=tuple(_Group(tree, items[0], words, items).read(header) for items in groups),
        unused=tuple(outside),
    )


def _outside(tree: ContentTree, item: ContentItem, words: Words) -> Unused:
    number = number_of(tree, item, words.name(item))
    return Unused(what=number.shown, code="SR_OUTSIDE", source=number.source)


@dataclass(slots=True)
class _Group:
    """One group while it is read; `items` are its own, it first, without those of a group inside it."""

    tree: ContentTree
    group: ContentItem
    words: Words
    items: list[ContentItem]
    issues: list[Issue] = field(default_factory=list)

    def read(self, header: ReportHeader) -> ReportGroup:
        identifier = self._text(codes.TRACKING_IDENTIFIER)
        tool = names_tool(identifier)
        sizes = self._sizes()
        findings, sites = self._codes(codes.FINDING), self._codes(codes.FINDING_SITE)
        categories = [_of(code) for code in self._codes(codes.BASELINE_CATEGORY)]
        lesion, doubts = lesion_words([_of(code) for code in findings], sites, self._modifiers(), categories)
        for doubt in doubts:
            self._doubt(doubt, column="side" if doubt == "LAT_CODES" else "kind")
        return ReportGroup(
            report=header,
            source=self._source(sizes.places),
            tracking_identifier=identifier or None,
            tracking_uid=self._tracking_uid(),
            label=self._label(identifier, findings, tool=tool),
            names_tool=tool,
            finding=findings[0] if findings else None,
            sites=tuple(sites),
            lesion=lesion,
            no_lesion=codes.NO_LESION in categories,
            time_point=self._time_point(),
            images=self._images(),
            sizes=sizes.sizes(),
            volume=sizes.volume,
            nipple_distance=sizes.lengths.get("nipple_distance"),
            skin_distance=sizes.lengths.get("skin_distance"),
            places=sizes.places,
            unused=(*sizes.unused, *self._others()),
            issues=(*self.issues, *sizes.issues),
        )

    def _source(self, places: Mapping[str, Source]) -> Source:
        """The place of the group, with those of its sizes."""
        own = self.tree.source(self.group)
        named = [f"{name} {place.place.removeprefix('content item ')}" for name, place in places.items()]
        return Source(own.kind, own.file, f"{own.place} ({', '.join(named)})") if named else own

    def _doubt(self, code: str, column: str | None = None) -> None:
        self.issues.append(
            Issue(code=code, outcome=Outcome.PROBLEM, source=self.tree.source(self.group), column=column)
        )

    # -- its items --------------------------------------------------------------------------------------------

    def _texts(self, items: Sequence[ContentItem]) -> tuple[str, ...]:
        shown = [self.words.text(item.fields.values.get(TEXT, b""), item) for item in items]
        return tuple(dict.fromkeys(text for text in shown if text))

    def _text(self, name: Concept) -> str:
        """The text of an item of the group; two different ones are none, and a problem."""
        texts = self._texts(self.group.named(name))
        if len(texts) > 1:
            self._doubt("SR_LABELS")
        return texts[0] if len(texts) == 1 else ""

    def _codes(self, name: Concept) -> list[Code]:
        found = [self.words.code(item, CONCEPT_CODE) for item in self.group.named(name)]
        return [code for code in found if code is not None]

    def _modifiers(self) -> list[Concept]:
        """The codes below the finding sites, and a laterality that stands beside them."""
        below = [item for site in self.group.named(codes.FINDING_SITE) if site.children for item in site.below()]
        found = (item.fields.concept(CONCEPT_CODE) for item in (*below, *self.group.named(codes.LATERALITY)))
        return [concept for concept in found if concept is not None]

    def _tracking_uid(self) -> str | None:
        uids = {item.fields.ascii(UID) for item in self.group.named(codes.TRACKING_UID)}
        return ui(next(iter(uids))) if len(uids) == 1 else None

    def _label(self, identifier: str, findings: list[Code], *, tool: bool) -> str | None:
        typed = [code.meaning for code in findings if code.value == codes.FREE_TEXT_FINDING]
        return self._text(codes.COMMENT) or (typed[0] if typed else "") or ("" if tool else identifier) or None

    def _time_point(self) -> str | None:
        """The label of the group, else of the document: in words, or by the code of its type."""
        for item in (self.group, *self.tree.above(self.group)):
            labels = _coded_phases(item) or self._time_point_texts(item)
            if labels:
                return labels[0] if len(labels) == 1 else None
        return None

    def _time_point_texts(self, item: ContentItem) -> tuple[str, ...]:
        for name in codes.TIME_POINT_TEXTS:
            if (items := item.named(name)) and (texts := self._texts(items)):
                return texts
        return ()

    def _others(self) -> Iterator[Unused]:
        """What else the group says in words or codes, a response that another program computed among it: listed."""
        for item in self.group.children:
            if item.value_type in _OTHERS and item.name not in codes.READ_ITEMS and not is_number(item):
                what = f"{self.words.name(item)}: {self._said(item)[:_SHOWN]}"
                yield Unused(what=what, code="SR_OTHER", source=self.tree.source(item))

    def _said(self, item: ContentItem) -> str:
        """The code or text of an item; of a long text only its length, for it is not used."""
        code, text = self.words.code(item, CONCEPT_CODE), item.fields.values.get(TEXT, b"")
        if code is not None:
            return code.meaning
        return self.words.text(text, item) if len(text) <= self.words.limits.string else f"{len(text)} bytes"

    # -- images and numbers -----------------------------------------------------------------------------------

    def _images(self) -> tuple[ImageReference, ...]:
        references: set[ImageReference] = set()
        for item in self.items:
            stands_for = self.tree.target(item) if REFERENCED_ITEM in item.fields.values else None
            shown = stands_for or item
            if shown.value_type in _IMAGES:
                references.update(_references(shown))
        return tuple(sorted(references, key=attrgetter("instance_uid", "sop_class")))

    def _sizes(self) -> GroupSizes:
        sizes, below = GroupSizes(), len(self.group.place) + 1
        for item in self.items[1:]:
            own = len(item.place) == below
            if is_number(item) or (own and item.name in codes.LENGTHS):
                number = number_of(self.tree, item, self.words.name(item))
                if own:
                    sizes.take(number, derived=_has_derivation(item))
                else:
                    sizes.leave(number, "SR_OUTSIDE")
        sizes.finish()
        return sizes


def _coded_phases(item: ContentItem) -> tuple[str, ...]:
    """The labels of the time point types that stand below an item."""
    types = [below.fields.concept(CONCEPT_CODE) for below in item.named(codes.TIME_POINT_TYPE)]
    if not types:
        return ()
    return tuple(dict.fromkeys(codes.PHASE_LABELS[c] for c in types if c is not None and c in codes.PHASE_LABELS))


def _of(code: Code) -> Concept:
    return code.value, code.scheme


def _has_derivation(item: ContentItem) -> bool:
    """Whether a number is a mean, a standard deviation or the like of several."""
    return bool(item.named(codes.DERIVATION))


def _references(item: ContentItem) -> Iterator[ImageReference]:
    """The images an item of an image refers to."""
    for fields in item.fields.items(REFERENCED_SOP):
        sop_class, instance_uid = ui(fields.ascii(REFERENCED_CLASS)), ui(fields.ascii(REFERENCED_INSTANCE))
        if sop_class and instance_uid:
            yield ImageReference(sop_class, instance_uid)
