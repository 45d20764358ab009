"""A layout: the places of one walked file, made so that the next file is compared and cut by two calls.

The bytes that the walk depended on are one `struct`, the wanted values another; both work on the pieces of the file
that were read, joined.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import cast

from reporter.readers.character_sets import NotDecoded
from reporter.readers.element_layout import Fetch, Odd, Walked, check_fragments
from reporter.readers.index_columns import COLUMNS, PLACE, IndexColumn, Texts, Vocabulary
from reporter.readers.objects import is_image

Record = tuple[str | None, ...]
"""One text a column; None where the file has no such element."""
_Pick = Callable[[Sequence[str | None]], Record]
_Range = tuple[int, int]

_REQUIRED = ("SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "Modality")
_required = cast("_Pick", itemgetter(*(PLACE[keyword] for keyword in _REQUIRED)))
_ROWS = PLACE["Rows"]
_PROBE_BYTES = 16


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
    probe: slice
    probed: bytes
    """The last header within the first bytes, which nearly every other layout has elsewhere: looked at first."""
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
        if head[self.probe] != self.probed or (size != self.size and self.size is not None):
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


def layout_of(found: Walked, head: bytes, size: int, fetch: Fetch, vocabulary: Vocabulary) -> Layout:
    """The layout of a walked file.

    Raises:
        Odd: a value has another VR than its attribute, the character set is none, or an image has no pixels.

    """
    image = is_image(found.sop_class)
    if image and not found.pixels:
        raise Odd("required attribute missing")
    columns = [column for column in COLUMNS if column.tag in found.values]
    joined = _Joined(len(head), found.windows)
    marks = joined.located(found.headers)
    cuts = joined.located((found.values[column.tag].begin, found.values[column.tag].end) for column in columns)
    headers, values, pieces = _merged(joined.ranges(marks)), joined.ranges(cuts), joined.pieces()
    cutter, data = _cutter(headers), head + b"".join(fetch(length, offset) for offset, length in pieces)
    begin, end = [found for found in headers if found[1] <= len(head)][-1]
    probe = slice(max(begin, end - _PROBE_BYTES), end)
    return Layout(
        size=size if found.fragments is None else None,
        fragments=found.fragments,
        length=cutter.size,
        pieces=pieces,
        probe=probe,
        probed=data[probe],
        headers=cutter,
        expected=cutter.unpack_from(data),
        values=_cutter(values),
        texts=tuple(_texts(column, found, vocabulary) for column in columns),
        arrange=_arrangement(columns),
        image=image,
    )


def _texts(column: IndexColumn, found: Walked, vocabulary: Vocabulary) -> Texts:
    if found.values[column.tag].vr not in {b"", column.vr}:
        raise Odd("VR of a value")
    try:
        return vocabulary.of(column, found.character_set)
    except NotDecoded:
        raise Odd("character set") from None


def _arrangement(columns: Sequence[IndexColumn]) -> _Pick:
    """What puts the texts of some columns, and the None behind them, into the places of all columns."""
    places = {column.tag: place for place, column in enumerate(columns)}
    return cast("_Pick", itemgetter(*(places.get(column.tag, len(columns)) for column in COLUMNS)))


class _Joined:
    """The pieces of a file, joined; of the further ones only what is used."""

    def __init__(self, head: int, windows: Iterable[_Range]) -> None:
        self._given = [(0, head), *windows]
        self._used = [head, *(0 for _ in self._given[1:])]

    def located(self, ranges: Iterable[_Range]) -> list[tuple[int, int, int]]:
        """For each range, ascending: the piece it lies whole in, its begin and end in there."""
        found, piece = [], 0
        for begin, end in ranges:
            while not self._given[piece][0] <= begin <= end <= sum(self._given[piece]):
                piece += 1
            offset = self._given[piece][0]
            self._used[piece] = max(self._used[piece], end - offset)
            found.append((piece, begin - offset, end - offset))
        return found

    def ranges(self, located: Iterable[tuple[int, int, int]]) -> list[_Range]:
        """Begin and end in the joined bytes."""
        bases = [sum(self._used[:piece]) for piece in range(len(self._used))]
        return [(bases[piece] + begin, bases[piece] + end) for piece, begin, end in located]

    def pieces(self) -> tuple[_Range, ...]:
        """Offset and length of each further piece."""
        given = zip(self._given[1:], self._used[1:], strict=True)
        return tuple((offset, used) for (offset, _), used in given if used)


def _merged(ranges: Iterable[_Range]) -> list[_Range]:
    """Ranges that touch, as one."""
    merged: list[_Range] = []
    for begin, end in ranges:
        if merged and merged[-1][1] == begin:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((begin, end))
    return merged


def _cutter(ranges: Iterable[_Range]) -> struct.Struct:
    """What cuts ranges out of bytes."""
    form, at = ["<"], 0
    for begin, end in ranges:
        form.append(f"{begin - at}x{end - begin}s")
        at = end
    return struct.Struct("".join(form))
