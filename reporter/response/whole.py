"""What a size rule follows: one site, or the sum of several, through time.

A lesion that merged into another is measured there and contributes 0; fragments of a lesion that split add up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from reporter.case.length import Length
from reporter.response.course import SEEN, Track
from reporter.response.exact import total
from reporter.response.interface import LesionPoint, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One lesion with the fragments it split into."""

    track: Track
    fragments: tuple[Track, ...] = ()

    def size_at(self, time_point: int, day: dt.date | None = None) -> Decimal | None:
        """Size in mm, fragments added; None while one of them has no value."""
        own = self.track.size_at(time_point, day)
        here = [f for f in self.fragments if begun(f, time_point)] if self.fragments else None
        if not here:
            return own
        if self.track.points[time_point].state is State.NO_ROW:
            own = Decimal(0)  # measured in its fragments
        sizes = [own, *(f.size_at(time_point, day) for f in here)]
        known = [s for s in sizes if s is not None]
        return total(known) if len(known) == len(sizes) else None

    def gone(self, time_point: int, node_normal_mm: Decimal) -> bool:
        """Whether it counts as gone for CR: 0 mm, or a node with a short axis under the limit (decision e)."""
        size = self.size_at(time_point)
        limit = node_normal_mm if self.track.lesion.is_node else None
        return size is not None and (size == 0 if limit is None else size < limit)


class Smallest(NamedTuple):
    """A size in mm and the time point it is from."""

    size: Decimal
    time_point: int
    day: dt.date | None = None
    """Of an earlier study of the time point, whose latest value counts; None: it is the value that counts."""


class Nadirs(NamedTuple):
    """The smallest complete sizes before a time point; None where there is none."""

    smallest: Smallest | None
    above_nought: Smallest | None
    """No size of 0 counts, nor what lies before it but the baseline: of 0 no share can be told, and what came back
    begins anew."""


class Sums(NamedTuple):
    """What the parts of a whole add up to at one time."""

    complete: Decimal | None
    """None while one part has no value."""
    known: Decimal | None
    """Of those parts that have a value; None where none has."""


@dataclass(frozen=True, kw_only=True)
class Whole:
    """Lesions on one modality whose sizes are added; one site is a whole of one part (more where sites merged).

    Change, nadir and category ask for the same sizes, so that each is worked out once.
    """

    parts: tuple[Part, ...]

    @cached_property
    def _sums(self) -> dict[tuple[int, dt.date | None], Sums]:
        """By time point and day, as far as they have been asked for."""
        return {}

    @cached_property
    def _nadirs(self) -> dict[int, list[Nadirs]]:
        """By origin; of each time point from it on, as far as they have been asked for."""
        return {}

    @cached_property
    def lesion_ids(self) -> tuple[str, ...]:
        """The lesions in it, without fragments."""
        return tuple([p.track.lesion.id for p in self.parts])

    @cached_property
    def tracks(self) -> tuple[Track, ...]:
        """Those of its parts, each with its fragments."""
        return tuple([t for p in self.parts for t in (p.track, *p.fragments)])

    @cached_property
    def apart(self) -> tuple[Whole, ...]:
        """Each part as a whole of its own."""
        return tuple(Whole(parts=(part,)) for part in self.parts)

    def sums(self, time_point: int, day: dt.date | None = None) -> Sums:
        """What the parts add up to at a time point, all of it or up to one day of it."""
        found = self._sums.get((time_point, day))
        if found is None:
            found = self._sums[time_point, day] = self._added(time_point, day)
        return found

    def _added(self, time_point: int, day: dt.date | None) -> Sums:
        """A merged part contributes its 0 only where the lesion it went into is measured in its place."""
        sizes = []
        for part in self.parts:
            into = part.track.merged[time_point]
            size = part.size_at(time_point, day) if into is None or into in self.lesion_ids else None
            if size is not None:
                sizes.append(size)
        added = total(sizes)
        return Sums(
            complete=added if len(sizes) == len(self.parts) else None,
            known=added if sizes else None,
        )

    def size_at(self, time_point: int, day: dt.date | None = None) -> Decimal | None:
        """The complete sum; None while one part has no value."""
        return self.sums(time_point, day).complete

    def known_at(self, time_point: int) -> Decimal | None:
        """The sum of the parts that have a value; None where none has."""
        return self.sums(time_point).known

    def gone(self, time_point: int, node_normal_mm: Decimal) -> bool:
        """Whether every part is gone, and none of them only by its merging into what is not measured."""
        return self.size_at(time_point) is not None and all(p.gone(time_point, node_normal_mm) for p in self.parts)

    def point_at(self, time_point: int) -> LesionPoint:
        """What is known of its lesions as one, under the name of the first: gone only where all of them are (2.4).

        Of several that are there only the sum can be told, no axes; while one has no value, nothing but its being seen.
        """
        head, *others = [t.points[time_point] for t in self.tracks]
        there = [p for p in (head, *others) if p.state in SEEN - {State.MERGED}]
        size = self.size_at(time_point)
        if there == [head] or (size is None and head.state not in {State.ABSENT, State.NO_ROW}):
            return head
        if not there:
            stand_in = next((p for p in others if p.size is not None), head)
            return _named(head, stand_in) if size is not None and head.size is None else head
        if size is None:
            return _seen(head, there)
        states = {p.state for p in there}
        only = there[0] if len(there) == 1 else None
        return replace(
            _named(head, there[0]),
            state=there[0].state if len(states) == 1 else State.MEASURED,
            size=Length(size),
            axes=() if only is None else only.axes,
        )

    def progressed(self, time_point: int) -> bool:
        """Whether the reader calls a part unequivocally progressive."""
        return State.PROGRESSED in [t.points[time_point].state for t in self.tracks]

    def nadir(self, origin: int, time_point: int) -> Smallest | None:
        """The smallest complete size before a time point, see `nadirs`."""
        return self.nadirs(origin, time_point)[-1].smallest

    def nadirs(self, origin: int, last: int) -> list[Nadirs]:
        """For each time point from `origin` to `last` the smallest complete sizes before it, baseline included.

        Of a time point after baseline every day counts, of the present one those before the last; of equal sizes
        the first.  One pass, because courses may be long.
        """
        found = self._nadirs.setdefault(origin, [Nadirs(smallest=None, above_nought=None)])
        for index in range(origin + len(found), last + 1):
            baseline = self.size_at(origin)
            before = [(self.size_at(index - 1), index - 1, None), *self._before_the_last(index)]
            found.append(_smaller(found[-1], before, Smallest(baseline, origin) if baseline else None))
        return found[: last - origin + 1]

    def _before_the_last(self, time_point: int) -> list[Sized]:
        """The sizes after each day of a time point but the last."""
        return [(self.size_at(time_point, day), time_point, day) for day in self._days(time_point)[:-1]]

    def _days(self, time_point: int) -> list[dt.date]:
        return sorted({day for t in self.tracks for day in t.days(time_point)})

    def day_of(self, smallest: Smallest) -> dt.date | None:
        """The day on which it was so small: the last of those that give the size."""
        days = [smallest.day] if smallest.day is not None else self._days(smallest.time_point)
        return days[-1] if days else None


def _named(head: LesionPoint, point: LesionPoint) -> LesionPoint:
    """The point of another lesion as that of the head."""
    return replace(point, lesion_id=head.lesion_id)


def _seen(head: LesionPoint, there: Sequence[LesionPoint]) -> LesionPoint:
    """A head that is seen in others, whose size together is not known."""
    found = next((p for p in there if p.size is None), there[0])
    state = found.state if found.size is None else State.PRESENT
    return replace(_named(head, found), state=state, size=None, axes=())


Sized = tuple[Decimal | None, int, dt.date | None]
"""What `Smallest` has, of a size that may not be known."""


def _smaller(found: Nadirs, sizes: Iterable[Sized], baseline: Smallest | None) -> Nadirs:
    """The nadirs with further sizes, each with its time point, put to them; `baseline` is one above 0."""
    smallest, above_nought = found
    for size, time_point, day in sizes:
        if size is None:
            continue
        if smallest is None or size < smallest.size:
            smallest = Smallest(size, time_point, day)
        if size == 0:
            above_nought = baseline
        elif above_nought is None or size < above_nought.size:
            above_nought = Smallest(size, time_point, day)
    return Nadirs(smallest=smallest, above_nought=above_nought)


def whole_of(tracks: Iterable[Track], fragments: Sequence[Track] = ()) -> Whole:
    """Lesions as one whole, with the fragments that split from them."""
    return Whole(parts=tuple(Part(track=t, fragments=fragments_of(t, fragments)) for t in tracks))


def fragments_of(track: Track, candidates: Sequence[Track]) -> tuple[Track, ...]:
    """The lesions whose rows say that they split from this one."""
    return tuple([f for f in candidates if f.split_from == track.lesion.id])


def sites_of(whole: Whole, time_point: int) -> tuple[Whole, ...]:
    """The whole taken apart into sites; lesions that have merged by now are one, its measured lesion first."""
    every = [(p.track.lesion.id, into) for p in whole.parts for into in p.track.merged[: time_point + 1]]
    merged = [(lesion_id, into) for lesion_id, into in every if into in whole.lesion_ids]
    if not merged:
        return whole.apart
    heads = {lesion_id: lesion_id for lesion_id in whole.lesion_ids}
    for lesion_id, into in merged:
        _join(heads, lesion_id, into)
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
    return fragment.first_seen is not None and fragment.first_seen <= time_point
