"""A layout: the places of one walked file, made so that the next file is compared and cut by two calls.

The bytes that the walk depended on are one `struct`, the wanted values another; both work on the pieces of the file
that were read, joined.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter, sub
from typing import cast

from reporter.readers.character_sets import NotDecoded
from reporter.readers.element_layout import LONGEST_VALUE, Walked
from reporter.readers.file_pieces import Fetch, Odd, check_fragments
from reporter.readers.index_columns import COLUMNS, PLACE, IndexColumn, Texts, Vocabulary
from reporter.readers.objects import is_image

Record = tuple[str | None, ...]
"""One text a column; None where the file has no such element."""
_Pick = Callable[[Sequence[str | None]], Record]
_Range = tuple[int, int]

_REQUIRED = ("SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "Modality")
_required = cast("_Pick", itemgetter(*(PLACE[keyword] for keyword in _REQUIRED)))
_ROWS = PLACE["Rows"]
_PROBE_BYTES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where everything stands in files of one kind, typically those of a series."""

    size: int | None
    """Length of the file that the headers imply; None where encapsulated pixels end it."""
    fragments: int | None
    """Where encapsulated pixels begin."""
    length: int
    """Bytes that the pieces must have, joined."""
    pieces: tuple[_Range, ...]
    """Offset and length of what is read behind the first bytes."""
    probes: tuple[tuple[slice, bytes], ...]
    """A few headers within the first bytes, which nearly every other layout has elsewhere: looked at first."""
    headers: struct.Struct
    expected: tuple[bytes, ...]
    values: struct.Struct
    texts: tuple[Texts, ...]
    """For each value, in the order of the file."""
    arrange: _Pick
    """From the texts and a None to a record."""
    image: bool

    def record(self, head: bytes, size: int, fetch: Fetch) -> Record | None:
        """The record of a file; None where it is of another layout.

        Raises:
            Odd: the file is of this layout, yet not plain.

        """
        if size != self.size and self.size is not None:
            return None
        for probe, probed in self.probes:
            if head[probe] != probed:
                return None
        for offset, length in self.pieces:
            head += fetch(length, offset)
        if len(head) < self.length or self.headers.unpack_from(head) != self.expected:
            return None
        if self.fragments is not None:
            check_fragments(self.fragments, size, fetch)
        return self._arranged(self.values.unpack_from(head))

    def _arranged(self, values: Iterable[bytes]) -> Record:
        try:
            texts = [known[raw] for known, raw in zip(self.texts, values, strict=True)]
        except NotDecoded:
            raise Odd("value") from None
        record = self.arrange((*texts, None))
        if not all(_required(record)) or (self.image and record[_ROWS] in {None, "", "0"}):
            raise Odd("required attribute missing")
        return record


def layout_of(found: Walked, head: int, size: int, vocabulary: Vocabulary) -> Layout:
    """The layout of a walked file, of which `head` bytes were read first.

    Raises:
        Odd: a value has another VR than its attribute, the character set is none, or an image has no pixels.

    """
    image = is_image(found.sop_class)
    if image and not found.pixels:
        raise Odd("required attribute missing")
    columns = [column for column in COLUMNS if column.tag in found.values]
    values = [found.values[column.tag] for column in columns]
    for column, (begin, end, vr) in zip(columns, values, strict=True):
        if vr not in {b"", column.vr} or end - begin > LONGEST_VALUE:
            raise Odd("VR or length of a value")
    headers = _cutter(found.headers)
    return Layout(
        size=size if found.fragments is None else None,
        fragments=found.fragments,
        length=headers.size,
        pieces=found.windows,
        probes=_probes(found, head),
        headers=headers,
        expected=headers.unpack_from(found.data),
        values=_cutter([value[:2] for value in values]),
        texts=_texts(columns, found.character_set, vocabulary),
        arrange=_arrangement(columns),
        image=image,
    )


def _probes(found: Walked, head: int) -> tuple[tuple[slice, bytes], ...]:
    """Ends of headers at a third, at two thirds and at the end of those within the first bytes."""
    within = [end for _, end in found.headers if end <= head]
    ends = (within[len(within) // 3], within[2 * len(within) // 3], within[-1])
    return tuple((slice(end - _PROBE_BYTES, end), found.data[end - _PROBE_BYTES : end]) for end in ends)


def _texts(columns: Iterable[IndexColumn], character_set: bytes, vocabulary: Vocabulary) -> tuple[Texts, ...]:
    try:
        known = vocabulary.of(character_set)
    except NotDecoded:
        raise Odd("character set") from None
    return tuple(known[column.keyword] for column in columns)


def _arrangement(columns: Sequence[IndexColumn]) -> _Pick:
    """What puts the texts of some columns, and the None behind them, into the places of all columns."""
    places = {column.tag: place for place, column in enumerate(columns)}
    return cast("_Pick", itemgetter(*(places.get(column.tag, len(columns)) for column in COLUMNS)))


def _cutter(ranges: Sequence[_Range]) -> struct.Struct:
    """What cuts ranges out of bytes."""
    begins, ends = zip(*ranges, strict=True)
    gaps, lengths = map(sub, begins, (0, *ends)), map(sub, ends, begins)
    return struct.Struct("<" + "%dx%ds" * len(ranges) % tuple(chain.from_iterable(zip(gaps, lengths, strict=False))))
