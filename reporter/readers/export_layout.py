"""A layout: the places of one walked file, made so that the next file is compared and cut by a few calls.

The bytes that the walk depended on are one `struct`, the wanted values another; both work on the pieces of the file
that were read, joined.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
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
_Range = tuple[int, int]

_REQUIRED = ("SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "Modality")
_Pick = Callable[[Sequence[str | None]], Record]
_required = cast("_Pick", itemgetter(*(PLACE[keyword] for keyword in _REQUIRED)))
_ROWS = PLACE["Rows"]
_PROBE_BYTES = 8


class Layout:
    """Where everything stands in files of one kind, typically those of a series."""

    def __init__(self, found: Walked, head: int, size: int, vocabulary: Vocabulary) -> None:
        """Make the layout of a walked file, of which `head` bytes were read first.

        Raises:
            Odd: a value has another VR than its attribute or is very long, the character set is none of the standard,
                or an image has no pixels.

        """
        self._image = is_image(found.sop_class)
        if self._image and not found.pixels:
            raise Odd("required attribute missing")
        columns = [column for column in COLUMNS if column.tag in found.values]
        self._cuts = [edge for column in columns for edge in _cut(column, found)]
        """Begin and end of each value."""
        self._texts = _texts(columns, found.character_set, vocabulary)
        self._arrange = _arrangement(columns)
        self._found = found
        self._size = size
        self._probes = _probes(found, head)
        self._data = found.data
        self._cutters: tuple[struct.Struct, bytes, struct.Struct] | None = None
        """Of the headers, what they must be, and of the values; made when a second file comes near."""

    @property
    def headers(self) -> int:
        """How many headers there are."""
        return len(self._found.edges) // 2

    @property
    def encapsulated(self) -> bool:
        """Whether encapsulated pixels end the file, so that files of this layout differ in length."""
        return self._found.fragments is not None

    def first(self, size: int, fetch: Fetch) -> Record:
        """The record of the walked file itself.

        Raises:
            Odd: a value is none of its VR, a required one is missing, or the file does not end with its pixels.

        """
        self._check_end(size, fetch)
        return self._record(self._data[begin:end] for begin, end in zip(self._cuts[::2], self._cuts[1::2], strict=True))

    def record(self, head: bytes, size: int, fetch: Fetch) -> Record | None:
        """The record of a file; None where it is of another layout.

        Raises:
            Odd: the file is of this layout, yet not plain.

        """
        if size != self._size and self._found.fragments is None:
            return None
        for probe, probed in self._probes:
            if head[probe] != probed:
                return None
        for offset, length in self._found.windows:
            head += fetch(length, offset)
        headers, expected, values = self._cutters or self._made()
        if len(head) < headers.size or b"".join(headers.unpack_from(head)) != expected:
            return None
        self._check_end(size, fetch)
        return self._record(values.unpack_from(head))

    def _made(self) -> tuple[struct.Struct, bytes, struct.Struct]:
        headers = _cutter(self._found.edges)
        self._cutters = headers, b"".join(headers.unpack_from(self._data)), _cutter(self._cuts)
        return self._cutters

    def _check_end(self, size: int, fetch: Fetch) -> None:
        if self._found.fragments is not None:
            check_fragments(self._found.fragments, size, fetch)

    def _record(self, values: Iterable[bytes]) -> Record:
        try:
            texts = [known[raw] for known, raw in zip(self._texts, values, strict=True)]
        except NotDecoded:
            raise Odd("value") from None
        record = self._arrange((*texts, None))
        if not all(_required(record)) or (self._image and record[_ROWS] in {None, "", "0"}):
            raise Odd("required attribute missing")
        return record


def _cut(column: IndexColumn, found: Walked) -> _Range:
    begin, end, vr = found.values[column.tag]
    if vr not in {b"", column.vr} or end - begin > LONGEST_VALUE:
        raise Odd("VR or length of a value")
    return begin, end


def _texts(columns: Iterable[IndexColumn], character_set: bytes, vocabulary: Vocabulary) -> list[Texts]:
    try:
        known = vocabulary.of(character_set)
    except NotDecoded:
        raise Odd("character set") from None
    return [known[column.keyword] for column in columns]


def _probes(found: Walked, head: int) -> tuple[tuple[slice, bytes], ...]:
    """Ends of headers at a third, at two thirds and at the end of those within the first bytes.

    Nearly every other layout has something else there, so they are looked at first.
    """
    headers = found.edges[1::2]
    within = bisect_right(headers, head)
    ends = [headers[number] for number in (within // 3, 2 * within // 3, within - 1)]
    return tuple((slice(end - _PROBE_BYTES, end), found.data[end - _PROBE_BYTES : end]) for end in ends)


def _arrangement(columns: Sequence[IndexColumn]) -> _Pick:
    """What puts the texts of some columns, and the None behind them, into the places of all columns."""
    places = {column.tag: place for place, column in enumerate(columns)}
    return cast("_Pick", itemgetter(*(places.get(column.tag, len(columns)) for column in COLUMNS)))


def _cutter(edges: Sequence[int]) -> struct.Struct:
    """What cuts ranges out of bytes, by their edges."""
    steps = tuple(map(sub, edges, chain((0,), edges)))
    return struct.Struct("<" + "%dx%ds" * (len(edges) // 2) % steps)
