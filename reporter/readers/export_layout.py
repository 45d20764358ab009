"""What the index keeps of a plain file: a text for each column, and the elements that a draft reads of a header.

Both are made of the values that a layout cuts out; what files of a series have in common is made once for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Final, NamedTuple, cast

from reporter.readers.character_sets import NotDecoded
from reporter.readers.file_pieces import Odd
from reporter.readers.index_columns import COLUMNS, OWN, PLACE, Texts, Vocabulary
from reporter.readers.kept_header import kept_heads
from reporter.readers.layout import AS_FIRST, Differing, Layout
from reporter.readers.objects import REPORT_PREFIX, is_image
from reporter.readers.tags import TAGS, WANTED
from reporter.readers.walked_file import Walked

Record = tuple[str | None, ...]
"""One text a column; None where the file has no such element."""
Own = tuple[str | None, ...]
"""One text for each column of `OWN`."""

_REQUIRED = ("SOPClassUID", "StudyInstanceUID", "SeriesInstanceUID", "Modality")
_Pick = Callable[[Sequence[str | None]], Record]
_required = cast("_Pick", itemgetter(*(PLACE[keyword] for keyword in _REQUIRED)))
_OWN_PLACES: Final = tuple(PLACE[keyword] for keyword in OWN)
_own = cast("_Pick", itemgetter(*_OWN_PLACES))
_ROWS, _MODALITY, _INSTANCE = PLACE["Rows"], PLACE["Modality"], TAGS["SOPInstanceUID"]
_REMEMBERED: Final = 64
"""What files have in common is remembered so many times of a layout; then all is forgotten at once."""


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """What files of a series have in common."""

    record: Record
    """None in the columns of `OWN`."""
    header: bytes | None = None
    """What a draft reads of them, but for their own UIDs; None where nothing was kept, and of what may be a report."""


def divided(record: Record) -> tuple[Shared, Own]:
    """A record as what files may share of it, and what is its own."""
    texts = list(record)
    for place in _OWN_PLACES:
        texts[place] = None
    return Shared(tuple(texts)), _own(record)


def joined(shared: Record, own: Own) -> Record:
    """The record of a file."""
    texts = list(shared)
    for place, text in zip(_OWN_PLACES, own, strict=True):
        texts[place] = text
    return tuple(texts)


class _Plan(NamedTuple):
    """How the values that vary within a layout become the record of a file."""

    places: Sequence[int]
    """Of the values, as the layout cuts them."""
    own: Sequence[tuple[int, Texts | None, str | None]]
    """For each column of `OWN` which value it is and the texts known of it; else its text, which all files share."""
    told: Callable[[Sequence[bytes]], object]
    """All other values: they tell what a file shares, and with which others."""
    columns: Sequence[tuple[int, int, Texts]]
    """For each other column in which files differ: its number, which value it is, and the texts known of it."""
    shared: dict[object, Shared]
    """What files have in common, by what `told` tells."""


class RecordLayout(Layout):
    """A layout, and how the texts of its files are made."""

    def __init__(self, found: Walked, size: int, vocabulary: Vocabulary, *, keep: bool) -> None:
        """Make the layout of a walked file; `keep` headers, or not.

        Raises:
            Odd: a value has another VR than its attribute or is none of it, a required one is missing, the character
                set is none of the standard, or an image has no pixels.

        """
        super().__init__(found, size)
        self._image = is_image(found.sop_class)
        if self._image and not found.pixels:
            raise Odd("required attribute missing")
        places = {form[0]: place for place, form in enumerate(self.forms)}
        try:
            self._columns = vocabulary.columns(self.forms, found.character_set)
        except NotDecoded:
            raise Odd("VR or character set") from None
        classes = (found.sop_class, found.media_class)
        self._keep = keep and found.whole and not any(one.startswith(REPORT_PREFIX) for one in classes)
        self._instance = places.get(_INSTANCE, 0)
        self._kept = [place for tag, place in places.items() if tag in WANTED and tag != _INSTANCE]
        self._heads = b""
        """What is kept of headers begins with this; empty until it is asked for."""
        self._record = self._first_record()
        """Of the first file, but for the columns of `OWN`."""
        self._plan = self._planned(AS_FIRST[0])
        self.entry(AS_FIRST)

    def _first_record(self) -> list[str | None]:
        texts: list[str | None] = [None] * len(COLUMNS)
        try:
            for column, (place, known) in self._columns.items():
                texts[column] = known[self.first[place]]
        except NotDecoded:
            raise Odd("value") from None
        for column in _OWN_PLACES:
            texts[column] = None
        return texts

    def entry(self, differing: Differing) -> tuple[Shared, Own]:
        """What a file shares with others, and what is its own.

        Raises:
            Odd: a value is none of its VR, or a required one is missing.

        """
        try:
            shared, own = self._entry(differing)
        except NotDecoded:
            raise Odd("value") from None
        if not own[0]:
            raise Odd("required attribute missing")
        return shared, own

    def _entry(self, differing: Differing) -> tuple[Shared, Own]:
        places, values = differing
        plan = self._plan
        if places is not plan.places:
            plan = self._plan = self._planned(places)
        own = tuple([known[values[at]] if known is not None else text for at, known, text in plan.own])
        told = plan.told(values)
        shared = plan.shared.get(told)
        if shared is None:
            shared = self._in_common(differing)
            if len(plan.shared) >= _REMEMBERED:
                plan.shared.clear()
            plan.shared[told] = shared
        return shared, own

    def rest(self) -> None:
        """Let go of what files have in common, too."""
        super().rest()
        self._plan.shared.clear()

    def _planned(self, places: Sequence[int]) -> _Plan:
        varying = {place: at for at, place in enumerate(places)}
        own: list[tuple[int, Texts | None, str | None]] = []
        for column in _OWN_PLACES:
            place, known = self._columns.get(column, (-1, None))
            if place in varying:
                own.append((varying.pop(place), known, None))
            else:
                own.append((0, None, None if known is None else known[self.first[place]]))
        columns = [(c, varying[place], known) for c, (place, known) in self._columns.items() if place in varying]
        told = itemgetter(*varying.values()) if varying else _alike
        return _Plan(places=places, own=own, told=told, columns=columns, shared={})

    def _in_common(self, differing: Differing) -> Shared:
        texts = list(self._record)
        for column, at, known in self._plan.columns:
            texts[column] = known[differing[1][at]]
        if not all(_required(texts)) or (self._image and texts[_ROWS] in {None, "", "0"}):
            raise Odd("required attribute missing")
        header = self._header(self.values(differing)) if self._keep and texts[_MODALITY] != "SR" else None
        return Shared(tuple(texts), header)

    def _header(self, values: Sequence[bytes]) -> bytes:
        if not self._heads:
            found = zip(self.forms, values, strict=True)
            forms = ((*form, len(value)) for form, value in found if form[0] in WANTED)
            self._heads = kept_heads(forms)
        return b"".join((self._heads, *[values[place] for place in self._kept]))

    def ends_plainly(self, values: Sequence[bytes]) -> bool:
        """Whether nothing but zero bytes stands behind the UID of the file that was entered last, as headers are kept.

        `values` are those in which it may differ from the first file.
        """
        at, known, _ = self._plan.own[0]
        return b" " not in (self.first[self._instance] if known is None else values[at])


def _alike(_values: Sequence[bytes]) -> object:
    """Tell nothing apart."""
    return ()
