"""A layout: where everything stands in one walked file, and so in every file that is walked the same way.

A walk depends on element headers, on the few values that decide how the rest is read, and, where VRs are implicit, on
whether a value begins like an item.  Where another file is the same in these, a walk of it would take the same path,
step by step; so its values are cut out at the same places without a walk.  This is no guess: nothing that a walk
depends on is left out of the comparison, the length of the file included.

The files of a series differ in few values.  Once these are known, all between them is compared in one piece; those of
the next series are expected to differ in the same ones.

Which layout a file may be of is guessed, so that few have to be tried: that of the file before, then those of files
whose UIDs begin alike, then those of files of the same lengths.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from operator import sub
from typing import Final, Generic, NamedTuple, TypeVar

from reporter.readers.container import Container
from reporter.readers.element_layout import walked
from reporter.readers.element_walk import ITEM_MARK
from reporter.readers.file_pieces import Fetch, Odd, check_fragments
from reporter.readers.interface import Limits
from reporter.readers.walked_file import Forms, Walked, container_of

_REMEMBERED: Final = 1024
"""Layouts that are remembered; then all are forgotten at once."""
_MEMORABLE: Final = 2000
"""Headers of a layout that is remembered; one with more is of a document, which is like no other."""
_META_LENGTH: Final = slice(140, 144)
"""Where the length of the file meta information stands, behind the preamble (PS3.10 section 7.1)."""
_PROBE_BYTES: Final = 8
_MOST_EXPECTED: Final = 48
"""Gaps that files of a layout are expected to differ in because those of another do."""
_INSTANCE: Final = b"\x02\x00\x03\x00UI"
"""(0002,0003) Media Storage SOP Instance UID, always explicit VR little endian (PS3.10 section 7.1)."""
_META_BEGIN, _META_NEAR = 132, 400
_FORMS: Final = 256
_SERIES_REMEMBERED: Final = 10_000
_SERIES_LAYOUTS: Final = 4
"""Layouts that are remembered of files whose UIDs begin alike: numbers and views differ in length."""

Differing = tuple[Sequence[int], Sequence[bytes]]
"""Places, among all values, of those that may be other than in the first file of the layout; and what they are."""
AS_FIRST: Final[Differing] = ((), ())
_Lengths = tuple[bytes, int | None]
"""Of the file meta information, as it is written, and of the file; None where pixels are encapsulated."""
_Range = tuple[int, int]
"""Begin and end in the pieces of a file that were read, joined."""


class Layout:
    """Where everything stands in files of one kind, typically those of a series."""

    def __init__(self, found: Walked, size: int) -> None:
        """The layout of a walked file of `size` bytes."""
        self.forms = _known(found.forms)
        self.whole, self.pixels = found.whole, found.pixels
        self.headers = len(found.edges) // 2
        self.encapsulated = found.fragments is not None
        """Whether encapsulated pixels end the file, so that files of this layout differ in length."""
        self.first = tuple(found.values)
        """The values of the walked file itself, in order of tags."""
        self.gaps = frozenset[int]()
        """Between which headers, by the number of the edge behind them, files of this layout were seen to differ."""
        self._size = size
        self._begins, self._ends = found.spans[::2], found.spans[1::2]
        self._edges, self._windows = found.edges, found.windows
        self._fragments, self._most_fragments = found.fragments, found.most_fragments
        self._implicit = found.implicit
        self._last = found.edges[-1]
        """Where the last header ends."""
        looked_at = len(ITEM_MARK) if found.implicit and not self.encapsulated else 0
        self._most = max(min(self._last + looked_at, len(found.data)), *self._ends)
        self._data = found.data[: self._most]
        """As much of the walked file as any other is held against."""
        self._probes = _probes(found)
        self.probe = self._probes[0]
        """Where a file of this layout has what, to be looked at before anything else."""
        self._cutters: _Cutters | None = None
        """Made when a second file comes near."""
        self._expected = b""
        """What they find the same in all files, while files of this layout are read; empty until it is asked for."""

    def rest(self) -> None:
        """Let go of what is quickly made again: there are many layouts, and files of one are read at a time."""
        self._expected = b""

    def check_end(self, size: int, fetch: Fetch) -> None:
        """Raise Odd where encapsulated pixels do not end with the file; all others were found to end there."""
        if self._fragments is not None:
            check_fragments(self._fragments, size, fetch, self._most_fragments)

    def expect(self, gaps: frozenset[int]) -> None:
        """Take files of this layout to differ between these headers too; where they do not, nothing is lost."""
        if len(gaps) <= _MOST_EXPECTED:
            self.gaps = self.gaps | gaps if self.gaps else gaps

    def differing(self, head: bytes, size: int, fetch: Fetch) -> Differing | None:
        """In what a file differs from the first; None where it is of another layout.

        Raises:
            Odd: the file is of this layout, yet does not end where it should.

        """
        if size != self._size and not self.encapsulated:
            return None
        for probe, probed in self._probes:
            if head[probe] != probed:
                return None
        cutters = None if (data := self._pieces(head, fetch)) is None else self._fitting(data)
        if data is None or cutters is None:
            return None
        self.check_end(size, fetch)
        return cutters.places, cutters.wanted.unpack_from(data)

    def values(self, differing: Differing) -> list[bytes]:
        """All values of a file, in order of tags."""
        values = list(self.first)
        for place, value in zip(*differing, strict=True):
            values[place] = value
        return values

    def container(self, differing: Differing) -> Container:
        """What a walk of the file would find."""
        return container_of(self.forms, self.values(differing), pixels=self.pixels)

    # -- whether a file is of this layout ---------------------------------------------------------------------

    def _pieces(self, head: bytes, fetch: Fetch) -> bytes | None:
        """The pieces of a file that a walk would read, joined; None where it is too short for them."""
        (_, first), *further = self._windows
        if not further:
            return head if len(head) >= self._most else None
        pieces = [head[:first], *(fetch(length, offset) for offset, length in further)]
        return b"".join(pieces) if [len(piece) for piece in pieces] == [length for _, length in self._windows] else None

    def _fitting(self, data: bytes) -> _Cutters | None:
        """What cuts the values of a file out of its pieces; None where a walk of it would take another path."""
        cutters = self._cutters
        if cutters is None and self.gaps:
            cutters = self._cutters = self._made_cutters()
        if cutters is None or b"".join(cutters.same.unpack_from(data)) != (self._expected or self._expects(cutters)):
            if not self._widened(data):
                return None
            cutters = self._cutters = self._made_cutters()
        if cutters.begins is not None and ITEM_MARK in cutters.begins.unpack_from(data):
            return None
        return cutters

    def _expects(self, cutters: _Cutters) -> bytes:
        self._expected = b"".join(cutters.same.unpack_from(self._data))
        return self._expected

    def _widened(self, data: bytes) -> bool:
        """Count what differs between a file and the first among what varies; False where a header does."""
        edges, gaps, end = self._edges, set(self.gaps), self._last
        one, other = (int.from_bytes(some[:end], "little") for some in (data, self._data))
        unlike = (one ^ other).to_bytes(end, "little")
        while unlike := unlike.lstrip(b"\0"):
            begin = end - len(unlike)
            edge = bisect_right(edges, begin)
            if edge % 2:
                return False
            gaps.add(edge)
            unlike = unlike[edges[edge] - begin :]
        self.gaps = frozenset(gaps)
        return True

    def _made_cutters(self) -> _Cutters:
        edges = self._edges
        varying = [(edges[edge - 1], edges[edge]) for edge in sorted(self.gaps)]
        self._expected, same = b"", _cutter([0, *chain.from_iterable(varying), self._last])
        varying.append((self._last, max(self._last, self._most)))
        places = self._touched(varying)
        return _Cutters(
            same=same,
            begins=_begins(varying) if self._implicit else None,
            wanted=_cutter([edge for place in places for edge in (self._begins[place], self._ends[place])]),
            places=places,
        )

    def _touched(self, varying: Sequence[_Range]) -> list[int]:
        """The wanted values that vary, or in which something does."""
        begins, ends, touched = self._begins, self._ends, set[int]()
        for begin, _ in varying:
            place = bisect_right(begins, begin) - 1
            if place >= 0 and begin < ends[place]:
                touched.add(place)
        return sorted(touched)


@lru_cache(_FORMS)
def _known(forms: Forms) -> Forms:
    """The same forms as those that were met before: the files of a device have few, and its layouts are many."""
    return forms


class _Cutters(NamedTuple):
    """What cuts the pieces of a file."""

    same: struct.Struct
    """All that is the same in the files of the layout so far, headers among it."""
    begins: struct.Struct | None
    """The first bytes of what varies, where a value that begins like an item is a sequence."""
    wanted: struct.Struct
    """The wanted values that vary."""
    places: Sequence[int]
    """Theirs among all values."""


def _probes(found: Walked) -> tuple[tuple[slice, bytes], ...]:
    """Ends of headers at a third, at two thirds and at the end of those within the first piece.

    Nearly every other layout has something else there, so they are looked at first.
    """
    headers = found.edges[1::2]
    within = bisect_right(headers, found.windows[0][1])
    ends = [headers[number] for number in (within // 3, 2 * within // 3, within - 1)]
    return tuple((slice(end - _PROBE_BYTES, end), found.data[end - _PROBE_BYTES : end]) for end in ends)


def _begins(varying: Sequence[_Range]) -> struct.Struct:
    """What cuts the begin of all that is long enough to begin like an item."""
    mark = len(ITEM_MARK)
    return _cutter([edge for begin, end in varying if end - begin >= mark for edge in (begin, begin + mark)])


def _cutter(edges: Sequence[int]) -> struct.Struct:
    """What cuts ranges out of bytes, by their edges."""
    steps = tuple(map(sub, edges, chain((0,), edges)))
    return struct.Struct("<" + "%dx%ds" * (len(edges) // 2) % steps)


_L = TypeVar("_L", bound=Layout)


class Layouts(Generic[_L]):
    """The layouts of the files read so far, by which the next are read."""

    def __init__(
        self, wanted: frozenset[int], make: Callable[[Walked, int], _L], passed: frozenset[int] = frozenset()
    ) -> None:
        """`make` makes a layout of a walked file and its size; it may raise Odd."""
        self._wanted = wanted
        self._passed = passed
        self._make = make
        self._last: _L | None = None
        """The layout of the file before."""
        self._of_series: dict[bytes, list[_L]] = {}
        """The last layouts of files whose UIDs begin alike."""
        self._alike: dict[_Lengths, list[_L]] = {}
        """In each list the newest first."""
        self._kin: dict[int, _L] = {}
        """The last layout of files with so many headers, typically from the same device."""
        self._remembered = 0

    def read(self, head: bytes, size: int, fetch: Fetch, limits: Limits) -> tuple[_L, Differing, bool]:
        """The layout of a file, in what it differs from the first one of it, and whether it is this first one.

        The limits are the same for all files.

        Raises:
            Odd: the file is not plain.

        """
        if size > limits.file_bytes:
            raise Odd("longer than the limit")
        last = self._last
        if last is not None and (differing := last.differing(head, size, fetch)) is not None:
            return last, differing, False
        series = _series_of(head)
        for layout in self._likely(head, size, series):
            if layout is last:
                continue
            if (differing := layout.differing(head, size, fetch)) is not None:
                self._used(layout, series)
                return layout, differing, False
            layout.rest()
        layout = self._make(walked(head, size, fetch, self._wanted, limits, self._passed), size)
        layout.check_end(size, fetch)
        if layout.headers <= _MEMORABLE:
            self._remember(layout, (head[_META_LENGTH], None if layout.encapsulated else size))
            self._used(layout, series)
        return layout, AS_FIRST, True

    def _likely(self, head: bytes, size: int, series: bytes) -> Iterator[_L]:
        """The layouts that a file may be of, the likeliest first."""
        lately = self._of_series.get(series, [])
        yield from lately
        meta = head[_META_LENGTH]
        for lengths in ((meta, size), (meta, None)):
            for layout in self._alike.get(lengths, ()):
                probe, probed = layout.probe
                if head[probe] == probed and layout not in lately:
                    yield layout

    def _used(self, layout: _L, series: bytes) -> None:
        if self._last is not None and self._last is not layout:
            self._last.rest()
        self._last = layout
        if len(self._of_series) >= _SERIES_REMEMBERED:
            self._of_series.clear()
        lately = self._of_series.setdefault(series, [])
        if layout in lately:
            lately.remove(layout)
        lately.insert(0, layout)
        del lately[_SERIES_LAYOUTS:]

    def _remember(self, layout: _L, lengths: _Lengths) -> None:
        if self._remembered >= _REMEMBERED:
            self._alike.clear()
            self._of_series.clear()
            self._kin.clear()
            self._remembered = 0
        self._remembered += 1
        if (kin := self._kin.get(layout.headers)) is not None:
            layout.expect(kin.gaps)
        self._kin[layout.headers] = layout
        self._alike.setdefault(lengths, []).insert(0, layout)


def _series_of(head: bytes) -> bytes:
    """How the UID of an object begins; the objects of a series often have this in common.  Empty where none is seen."""
    found = head.find(_INSTANCE, _META_BEGIN, _META_NEAR)
    if found < 0:
        return b""
    begin = found + len(_INSTANCE) + 2
    end = begin + int.from_bytes(head[begin - 2 : begin], "little")
    return head[begin : max(begin, head.rfind(b".", begin, end))]
