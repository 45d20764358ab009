"""The content tree of a structured report (PS3.3 C.17.3), item by item, with the place of each.

An own parser of the one sequence that holds the tree: one pass, no recursion, bounded in items and depth.  The walk of
the container has shown that the bytes are well formed; here they get their meaning.  What a program wrote is kept as
bytes until a value is asked for, so that a tree of ten thousand items is read quickly and nothing in it can raise.
Content that is plain has been taken apart by `content_plain` already.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from reporter.case.source import Source, SourceKind
from reporter.readers.content_fields import (
    CONCEPT_NAME,
    CONTENT,
    KEPT,
    REFERENCED_ITEM,
    SEQUENCES,
    VALUE_TYPE,
    Fields,
)
from reporter.readers.element_walk import ITEM, ITEM_END, SEQUENCE_END, Element
from reporter.readers.interface import Limits, Refusal, refusal
from reporter.readers.report_codes import Concept

_UNDEFINED = 0xFFFFFFFF
_LONG_VR = frozenset({b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"})
_SEQUENCE_VR = frozenset({b"SQ", b"UN"})
_ITEM_GROUP = ITEM >> 16
_HEADER = 8
_VALUE_TYPES = {
    word.encode().ljust(len(word) + len(word) % 2): word
    for word in ("CODE", "COMPOSITE", "CONTAINER", "IMAGE", "NUM", "PNAME", "TEXT", "UIDREF")
}
"""Value types as they stand in a file -> as text; others are decoded."""


@dataclass(slots=True, eq=False)
class ContentItem:
    """One content item; its children stand in the order of the document.

    It knows nothing of what is above it, so that a tree that is done with is gone at once.
    """

    place: tuple[int, ...]
    """Position in the tree as references name it (PS3.3 C.17.3.2.5): (1,) is the root."""
    fields: Fields
    value_type: str
    """As given; empty where it is missing."""
    name: Concept | None
    """Its concept name; None where it has none, or two."""
    children: list[ContentItem] = field(default_factory=list)
    by_name: dict[Concept | None, list[ContentItem]] | None = None
    """Its children by their names, once they were asked for."""

    @property
    def shown(self) -> str:
        """The place as messages name it, and as a person writes it: content item 1.5.2.3."""
        return f"content item {'.'.join(map(str, self.place))}"

    def named(self, name: Concept) -> Sequence[ContentItem]:
        """Its children of this name; for a tree that is complete."""
        if not self.children:
            return ()
        if self.by_name is None:
            self.by_name = {}
            for child in self.children:
                self.by_name.setdefault(child.name, []).append(child)
        return self.by_name.get(name, ())

    def below(self) -> Iterator[ContentItem]:
        """All items under this one, in the order of the document."""
        waiting = self.children[::-1]
        while waiting:
            item = waiting.pop()
            yield item
            waiting.extend(reversed(item.children))


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentTree:
    """A whole document."""

    file: str
    root: ContentItem
    big_endian: bool = False

    def source(self, item: ContentItem) -> Source:
        """Where an item stands."""
        return Source(SourceKind.REPORT, self.file, item.shown)

    def above(self, item: ContentItem) -> list[ContentItem]:
        """The items above an item, the nearest first."""
        way = [self.root]
        for number in item.place[1:]:
            way.append(way[-1].children[number - 1])
        return way[-2::-1]

    def target(self, item: ContentItem) -> ContentItem | None:
        """The item that an item refers to instead of holding it; None without a reference, or where none is there."""
        place = _reference(item.fields, big_endian=self.big_endian)
        if not place or place[0] != 1:
            return None
        found = self.root
        for number in place[1:]:
            if not 1 <= number <= len(found.children):
                return None
            found = found.children[number - 1]
        return found


def content_tree(
    file: str, root: Fields, content: Element | None, limits: Limits, items: Sequence[Fields] | None = None
) -> ContentTree:
    """The tree of a document, from the elements of its root and its Content Sequence (0040,A730).

    `items` are those of the sequence where they are known already.

    Raises:
        Refusal: too many items (SR_ITEMS), too deep (SR_DEPTH), an element twice in one item (SR_DUP_TAG), or items
            that refer to one another in a circle (SR_CYCLE).

    """
    big_endian = content is not None and content.big_endian
    if content is not None:
        root.sequences[CONTENT] = _Parser(file, content, limits).items() if items is None else items
    top = ContentItem((1,), root, root.ascii(VALUE_TYPE), root.concept(CONCEPT_NAME))
    tree = ContentTree(file=file, root=top, big_endian=big_endian)
    _grow(tree, limits)
    return tree


def _grow(tree: ContentTree, limits: Limits) -> None:
    """Put the items under one another, counting them; items that refer to others are held against circles."""
    waiting, count, refers = [tree.root], 1, False
    while waiting:
        parent = waiting.pop()
        below = parent.fields.items(CONTENT)
        count += len(below)
        if count > limits.sr_items:
            raise refusal("SR_ITEMS", tree.source(parent), limit=limits.sr_items)
        if below and len(parent.place) > limits.depth:
            raise refusal("SR_DEPTH", tree.source(parent), limit=limits.depth)
        for number, fields in enumerate(below, start=1):
            values = fields.values
            value_type = _VALUE_TYPES.get(values.get(VALUE_TYPE, b"")) or fields.ascii(VALUE_TYPE)
            item = ContentItem((*parent.place, number), fields, value_type, fields.concept(CONCEPT_NAME))
            parent.children.append(item)
            if CONTENT in fields.sequences:
                waiting.append(item)
            refers = refers or REFERENCED_ITEM in values
    if refers:
        _refuse_circles(tree)


def _refuse_circles(tree: ContentTree) -> None:
    """A reference stands for a whole branch; following them must never come back to where it began (PS3.3 C.17.3.2.5).

    Depth first over items and references, each looked at once.
    """
    entered: set[int] = set()
    left: set[int] = set()
    waiting = [(tree.root, False)]
    while waiting:
        item, leaving = waiting.pop()
        if leaving:
            left.add(id(item))
        elif id(item) not in left:
            if id(item) in entered:
                raise refusal("SR_CYCLE", tree.source(item))
            entered.add(id(item))
            waiting.append((item, True))
            waiting.extend((child, False) for child in item.children)
            target = tree.target(item) if REFERENCED_ITEM in item.fields.values else None
            if target is not None:
                waiting.append((target, False))


def _reference(fields: Fields, *, big_endian: bool) -> tuple[int, ...]:
    raw = fields.values.get(REFERENCED_ITEM, b"")
    return struct.unpack(f"{'>' if big_endian else '<'}{len(raw) // 4}I", raw[: len(raw) // 4 * 4])


@dataclass(slots=True, eq=False)
class _Level:
    """A sequence that the parser is inside of, and the item of it that is open."""

    items: list[Fields]
    end: int | None
    implicit: bool
    fields: Fields | None = None
    item_end: int | None = None


class _Parser:
    """One pass over the bytes of a sequence."""

    __slots__ = ("_data", "_file", "_header", "_item_header", "_levels", "_limits", "_root", "_word")

    def __init__(self, file: str, content: Element, limits: Limits) -> None:
        mark = ">" if content.big_endian else "<"
        self._file, self._data, self._limits = file, content.value, limits
        self._header, self._item_header = struct.Struct(f"{mark}HH2sH"), struct.Struct(f"{mark}HHI")
        self._word = struct.Struct(f"{mark}I")
        self._root: list[Fields] = []
        self._levels = [_Level(self._root, len(content.value), content.implicit)]

    def items(self) -> list[Fields]:
        """The items of the sequence, with all that is wanted in them."""
        offset, end = 0, len(self._data)
        try:
            while self._levels and offset <= end:
                level = self._levels[-1]
                fields = level.fields
                offset = self._item(level, offset) if fields is None else self._elements(level, fields, offset)
        except struct.error:
            raise self._refused("DCM_TRUNCATED") from None
        return self._root

    def _item(self, level: _Level, offset: int) -> int:
        """Open the next item of a sequence, or leave the sequence."""
        if level.end is not None and offset >= level.end:
            self._levels.pop()
            return offset
        group, number, length = self._item_header.unpack_from(self._data, offset)
        tag = group << 16 | number
        if tag == SEQUENCE_END:
            self._levels.pop()
        elif tag == ITEM:
            level.fields = Fields()
            level.items.append(level.fields)
            level.item_end = None if length == _UNDEFINED else offset + _HEADER + length
        else:
            raise self._refused("DCM_TRUNCATED")
        return offset + _HEADER

    def _elements(self, level: _Level, fields: Fields, offset: int) -> int:
        """Take the elements of an item up to its end, which leaves it, or to the next sequence, which is entered."""
        data, header, word = self._data, self._header.unpack_from, self._word.unpack_from
        stop, implicit, values, sequences = level.item_end, level.implicit, fields.values, fields.sequences
        while stop is None or offset < stop:
            group, number, vr, length = header(data, offset)
            tag, begin = group << 16 | number, offset + _HEADER
            if group == _ITEM_GROUP:
                if tag != ITEM_END:
                    raise self._refused("DCM_TRUNCATED")
                offset = begin
                break
            if implicit:
                (length,) = word(data, offset + 4)
            elif vr in _LONG_VR:
                (length,) = word(data, begin)
                begin += 4
            if tag in KEPT:
                if tag in values or tag in sequences:
                    raise self._refused("SR_DUP_TAG", tag=f"({group:04X},{number:04X})")
                if tag not in SEQUENCES:
                    values[tag] = data[begin : begin + length]
            if length == _UNDEFINED or (tag in SEQUENCES and (implicit or vr in _SEQUENCE_VR)):
                return self._enter(level, tag, vr, begin, length)
            offset = begin + length
        level.fields = None
        return offset

    def _enter(self, level: _Level, tag: int, vr: bytes, begin: int, length: int) -> int:
        """Enter a sequence of the open item; the items of one that is not wanted are dropped."""
        items: list[Fields] = []
        if level.fields is not None and tag in SEQUENCES:
            level.fields.sequences[tag] = items
        end = None if length == _UNDEFINED else begin + length
        self._levels.append(_Level(items, end, level.implicit or vr == b"UN"))
        if len(self._levels) > self._limits.depth * 2:
            raise self._refused("SR_DEPTH", limit=self._limits.depth)
        return begin

    def _refused(self, code: str, **operands: str | int) -> Refusal:
        return refusal(code, Source(SourceKind.REPORT, self._file, "(0040,A730) ContentSequence"), **operands)
