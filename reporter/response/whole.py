"""What a size rule follows: one site, or the sum of several, through time.

A lesion that merged into another is measured there and contributes 0; fragments of a lesion that split add up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from reporter.case.measurement import Merged
from reporter.response.course import Track
from reporter.response.exact import total
from reporter.response.interface import State

Smallest = tuple[Decimal, int]
"""A size in mm and the time point it is from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One lesion with the fragments it split into."""

    track: Track
    fragments: tuple[Track, ...] = ()

    def size_at(self, time_point: int, day: dt.date | None = None) -> Decimal | None:
        """Size in mm, fragments added; None while one of them has no value."""
        here = [f for f in self.fragments if begun(f, time_point)]
        own = self.track.size_at(time_point, day)
        if not here:
            return own
        if self.track.points[time_point].state is State.NO_ROW:
            own = Decimal(0)  # measured in its fragments
        sizes = [own, *(f.size_at(time_point, day) for f in here)]
        known = [s for s in sizes if s is not None]
        return total(known) if len(known) == len(sizes) else None

    def days(self, time_point: int) -> frozenset[dt.date]:
        """The days of a time point on which something was said of it."""
        return frozenset(day for t in (self.track, *self.fragments) for day in t.days(time_point))

    def merged_into(self, time_point: int) -> str | None:
        """The lesion it went into, as its row at this time point says."""
        row = self.track.row(time_point)
        return row.value.into if row is not None and isinstance(row.value, Merged) else None

    def progressed(self, time_point: int) -> bool:
        """Whether the reader calls it, or a fragment, unequivocally progressive."""
        return any(t.points[time_point].state is State.PROGRESSED for t in (self.track, *self.fragments))

    def gone(self, time_point: int, node_normal_mm: Decimal) -> bool:
        """Whether it counts as gone for CR: 0 mm, or a node with a short axis under the limit (decision e)."""
        size = self.size_at(time_point)
        limit = node_normal_mm if self.track.lesion.is_node else None
        return size is not None and (size == 0 if limit is None else size < limit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """Lesions on one modality whose sizes are added; one site is a whole of one part (more where sites merged)."""

    parts: tuple[Part, ...]
    _known: dict[tuple[int, dt.date | None], tuple[Decimal, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """Sizes by time point and day: change, nadir and category ask for the same ones."""

    @property
    def lesion_ids(self) -> tuple[str, ...]:
        """The lesions in it, without fragments."""
        return tuple(p.track.lesion.id for p in self.parts)

    def sizes_at(self, time_point: int, day: dt.date | None = None) -> tuple[Decimal, ...]:
        """The sizes of those parts that have one."""
        if (time_point, day) not in self._known:
            sizes = (p.size_at(time_point, day) for p in self.parts if self._usable(p, time_point))
            self._known[time_point, day] = tuple(s for s in sizes if s is not None)
        return self._known[time_point, day]

    def size_at(self, time_point: int, day: dt.date | None = None) -> Decimal | None:
        """The complete sum; None while one part has no value."""
        sizes = self.sizes_at(time_point, day)
        return total(sizes) if len(sizes) == len(self.parts) else None

    def known_at(self, time_point: int) -> Decimal | None:
        """The sum of the parts that have a value; None where none has."""
        sizes = self.sizes_at(time_point)
        return total(sizes) if sizes else None

    def gone(self, time_point: int, node_normal_mm: Decimal) -> bool:
        """Whether every part is gone, and none of them only by its merging into what is not measured."""
        return self.size_at(time_point) is not None and all(p.gone(time_point, node_normal_mm) for p in self.parts)

    def progressed(self, time_point: int) -> bool:
        """Whether the reader calls a part unequivocally progressive."""
        return any(p.progressed(time_point) for p in self.parts)

    def nadir(self, origin: int, time_point: int, *, above_nought: bool = False) -> Smallest | None:
        """The smallest complete size before a time point, see `nadirs`."""
        found = self.nadirs(origin, time_point, above_nought=above_nought)
        return found[-1] if found else None

    def nadirs(self, origin: int, last: int, *, above_nought: bool) -> list[Smallest | None]:
        """For each time point from `origin` to `last` the smallest complete size before it, baseline included.

        Of a time point after baseline every day counts, of the present one those before the last; of equal sizes
        the first.  With `above_nought` no size of 0 counts, nor what lies before it but the baseline: of 0 no share
        can be told, and what came back begins anew.  One pass, because courses may be long.
        """
        found: list[Smallest | None] = []
        first = self.size_at(origin)
        smallest: Smallest | None = None
        anew = (first, origin) if first else None
        for index in range(origin, last + 1):
            if index > origin:
                smallest = _smaller(smallest, index, self._before_the_last(index), anew, above_nought=above_nought)
            found.append(smallest)
            smallest = _smaller(smallest, index, [self.size_at(index)], anew, above_nought=above_nought)
        return found

    def _before_the_last(self, time_point: int) -> list[Decimal | None]:
        """The sizes after each day of a time point but the last."""
        days = sorted(frozenset().union(*(p.days(time_point) for p in self.parts)))
        return [self.size_at(time_point, day) for day in days[:-1]]

    def _usable(self, part: Part, time_point: int) -> bool:
        """A merged part contributes its 0 only where the lesion it went into is measured in its place."""
        into = part.merged_into(time_point)
        return into is None or into in self.lesion_ids


def _smaller(
    smallest: Smallest | None, index: int, sizes: Iterable[Decimal | None], anew: Smallest | None, *, above_nought: bool
) -> Smallest | None:
    for size in sizes:
        if size is None:
            continue
        if size == 0 and above_nought:
            smallest = anew
        elif smallest is None or size < smallest[0]:
            smallest = size, index
    return smallest


def whole_of(tracks: Iterable[Track], fragments: Sequence[Track] = ()) -> Whole:
    """Lesions as one whole, with the fragments that split from them."""
    return Whole(parts=tuple(Part(track=t, fragments=fragments_of(t, fragments)) for t in tracks))


def fragments_of(track: Track, candidates: Sequence[Track]) -> tuple[Track, ...]:
    """The lesions whose rows say that they split from this one."""
    return tuple(f for f in candidates if parent_of(f) == track.lesion.id)


def parent_of(track: Track) -> str | None:
    """The lesion that this one split from, by any of its rows."""
    rows = (r.row.split_from for readings in track.readings for r in readings)
    return next((parent for parent in rows if parent is not None), None)


def sites_of(whole: Whole, time_point: int) -> tuple[Whole, ...]:
    """The whole taken apart into sites; lesions that have merged by now are one, its measured lesion first."""
    heads = {p.track.lesion.id: p.track.lesion.id for p in whole.parts}
    for part in whole.parts:
        for index in range(time_point + 1):
            into = part.merged_into(index)
            if into in heads:
                _join(heads, part.track.lesion.id, into)
    groups: dict[str, list[Part]] = {}
    for part in whole.parts:
        groups.setdefault(heads[part.track.lesion.id], []).append(part)
    return tuple(
        Whole(parts=tuple(sorted(parts, key=lambda p: p.track.lesion.id != head))) for head, parts in groups.items()
    )


def _join(heads: dict[str, str], one: str, other: str) -> None:
    old, new = heads[one], heads[other]
    for lesion_id, head in heads.items():
        if head == old:
            heads[lesion_id] = new


def begun(fragment: Track, time_point: int) -> bool:
    """Whether a fragment has been seen by a time point."""
    seen = fragment.first_seen()
    return seen is not None and seen <= time_point
