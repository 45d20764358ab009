"""How the parts of a case are called: sides, modalities, lesions, places, sizes and dates, in words of the phrases."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from reporter.advice.context import Context
from reporter.case.case import Case
from reporter.case.facts import EntryType, stated
from reporter.case.length import Length
from reporter.case.lesion import Lesion
from reporter.case.measurement import Measurement, Merged
from reporter.case.timepoint import TimePoint
from reporter.case.vocabulary import MAMMOGRAPHY, Kind, Modality, Phase, Side
from reporter.draft.interface import Column, Report
from reporter.draft.numbers import Numbers
from reporter.draft.phrases import Phrases
from reporter.response.interface import BreastResponse, LesionPoint, LesionResult, SiteResponse, State

IN_SIGHT: Final = frozenset({State.MEASURED, State.TOO_SMALL, State.PRESENT, State.PROGRESSED, State.EQUIVOCAL})
"""States of a lesion that is seen."""
LOOKED: Final = IN_SIGHT | {State.ABSENT, State.MERGED}
"""States of a lesion that was looked at with a result."""


_OF_THE_AXILLA: Final = "C8"
"""The row that is about nodes alone: it says nothing of the breast beside them."""

_CODE: Final = re.compile(r"[A-Z]+_[A-Z_]+$")


@dataclass(frozen=True)
class Speaker:
    """Names the parts of one report."""

    report: Report
    phrases: Phrases

    @property
    def case(self) -> Case:
        """The case that is spoken of."""
        return self.report.case

    @cached_property
    def numbers(self) -> Numbers:
        """How its numbers print."""
        return Numbers(thresholds=self.report.response.thresholds, decimal_mark=self.phrases.decimal_mark)

    @cached_property
    def mammography(self) -> str:
        """What mammography and DBT, one modality, are called in this case."""
        made = {m for study in self.case.studies for m in study.modalities}
        made |= {m.modality for m in self.case.measurements}
        if made >= MAMMOGRAPHY:
            return self.phrases.say("modality.MG_DBT")
        return self.phrases.say(f"modality.{Modality.DBT if Modality.DBT in made else Modality.MG}")

    def modality(self, modality: Modality | None) -> str:
        """`MRI`, `US`, `mammography/DBT`."""
        if modality in MAMMOGRAPHY:
            return self.mammography
        return self.phrases.say(f"modality.{modality or 'unnamed'}")

    def exactly(self, modality: Modality | None) -> str:
        """The modality by its own name, mammography and DBT apart: `DBT`."""
        return self.phrases.say(f"modality.{modality or 'unnamed'}")

    def on(self, point: LesionPoint) -> str:
        """The modality a point was read on, by its own name."""
        return self.exactly(point.by or point.modality)

    def modalities(self, modalities: Iterable[Modality | None]) -> tuple[str, ...]:
        """Each named once, in the order given."""
        return tuple(dict.fromkeys(self.modality(m) for m in modalities))

    @cached_property
    def ordered_breasts(self) -> tuple[BreastResponse, ...]:
        """Every breast with an answer; what cannot wait stands first, and of equals the one with known disease."""
        rows = [r for r in self.report.advice.rows if r.row != _OF_THE_AXILLA]
        urgency = {b.side: max((r.urgency.rank for r in rows if r.side is b.side), default=0) for b in self._breasts}
        return tuple(sorted(self._breasts, key=lambda breast: (-urgency[breast.side], not breast.sites)))

    @property
    def _breasts(self) -> tuple[BreastResponse, ...]:
        return self.report.response.breasts

    @cached_property
    def time_points(self) -> tuple[TimePoint, ...]:
        """Up to the reported one, in order."""
        case = self.report.case
        return tuple([point for point in case.timeline.time_points if point.index <= case.reported.index])

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Of the table of a lesion: its modality, baseline, each date, now, and the change from baseline."""
        change = len(self.time_points) > 1 and self.case.baseline is not None
        return (
            Column(name="modality", header=""),
            *[Column(name=f"t{point.index}", header=self._column(point)) for point in self.time_points],
            *([Column(name="change", header=self.phrases.say("table.change"))] if change else []),
        )

    def _column(self, point: TimePoint) -> str:
        baseline = self.case.baseline
        if point.phase is Phase.BASELINE or (baseline or point).index == point.index:
            return self.phrases.say("table.baseline") if baseline else self.written(point.date)
        reported = point.index == self.case.reported.index
        return self.phrases.say("table.now") if reported else self.written(point.date)

    @cached_property
    def at_baseline(self) -> bool:
        """Whether the reported time point is the baseline itself."""
        return self.case.baseline == self.case.reported

    def context(self, side: Side) -> Context:
        """One side, as the conditions of the decision table look at it."""
        return self._contexts[side]

    @cached_property
    def _contexts(self) -> Mapping[Side, Context]:
        case, response, timing = self.report.case, self.report.response, self.report.advice.timing
        return {side: Context(case=case, response=response, timing=timing, side=side) for side in Side}

    def side(self, side: Side | None) -> str:
        """`left`."""
        return self.phrases.say(f"side.{side or 'unstated'}")

    def noun(self, lesion: Lesion) -> str:
        """`mass`, `node`."""
        return self.phrases.say(f"kind.{lesion.kind or 'unstated'}")

    def hour(self, lesion: Lesion) -> str:
        """Where it lies, in a word or two: `2 o'clock`; the quadrant where no hour is given; empty without either."""
        if lesion.clock is not None:
            return self.phrases.say("place.clock", hour=str(lesion.clock))
        return self.phrases.say(f"location.{lesion.location}") if lesion.location is not None else ""

    def hour_and_quadrant(self, lesion: Lesion) -> str:
        """`2 o'clock (UOQ)`."""
        if lesion.clock is None or lesion.location is None:
            return self.hour(lesion)
        short = self.phrases.say(f"location_short.{lesion.location}")
        return f"{self.hour(lesion)} ({short})"

    def where(self, lesion: Lesion, *, quadrant: bool = False) -> str:
        """Hour and distance from the nipple: `2 o'clock, 6 cm from nipple`; empty where neither is stated."""
        distance = self.latest(lesion.id, "nipple_distance")
        parts = [self.hour_and_quadrant(lesion) if quadrant else self.hour(lesion)]
        if isinstance(distance, Length):
            parts.append(self.phrases.say("place.from_nipple", distance=self.numbers.from_nipple(distance)))
        return ", ".join(part for part in parts if part)

    def latest(self, lesion_id: str, name: str, time_point: TimePoint | None = None) -> object:
        """The latest value stated for a column of a lesion, up to now or at one time point; None where none is."""
        for row in reversed(self.rows(lesion_id, time_point)):
            value: object = getattr(row, name)
            if value is not None:
                return value
        return None

    def rows(self, lesion_id: str, time_point: TimePoint | None = None) -> tuple[Measurement, ...]:
        """The measurements of a lesion in order of time, all or of one time point."""
        case = self.report.case
        return case.measurements_of(lesion_id) if time_point is None else case.measurements_at(time_point, lesion_id)

    @cached_property
    def split(self) -> Mapping[str, list[str]]:
        """The lesions that split from each one, by its id, sorted."""
        return _grouped((row.split_from, row.lesion_id) for row in self.report.case.measurements)

    @cached_property
    def merged(self) -> Mapping[str, list[str]]:
        """The lesions that merged into each one, by its id, sorted."""
        rows = self.report.case.measurements
        return _grouped((row.value.into, row.lesion_id) for row in rows if isinstance(row.value, Merged))

    def site_name(self, lesion: Lesion, sites: Sequence[SiteResponse]) -> str:
        """`mass at 2 o'clock`; with its id where the breast has several sites."""
        name, place = self.noun(lesion), self.hour(lesion)
        if place:
            path = "place.noun_at" if lesion.clock is not None else "place.noun_in"
            name = self.phrases.say(path, noun=name, place=place)
        return f"{lesion.id}, {name}" if len(sites) > 1 else name

    def criterion(self, name: str) -> str:
        """A criterion's printed name: `RECIST 1.1, modified: partial response at -25 %`."""
        base, modified, changes = name.partition(", modified: ")
        named = self.phrases.named
        return f"{named(base)}, {named('modified')}: {changes}" if modified else named(base)

    def fact(self, entries: tuple[EntryType, ...], side: Side | None, when: TimePoint | None) -> EntryType | None:
        """What is stated of a side at a time point."""
        return stated(entries, side, when.date) if entries and when is not None else None

    def entered(self, text: str) -> str:
        """What the radiologist gave and the tool never computes: `near-complete [entered]`."""
        return f"{text} {self.phrases.say('word.entered')}"

    def quoted(self, text: str) -> str:
        """A reader's own words."""
        return self.phrases.say("word.quote", text=text)

    def written(self, date: dt.date | None) -> str:
        """A day in the language of the report; nothing of None."""
        return self.phrases.day(date)

    def day(self, point: LesionPoint) -> dt.date | None:
        """The date of the study a point is from."""
        return None if point.study is None else self.case.date_of(point.study)

    def size(self, point: LesionPoint, *, axes: bool = True) -> str:
        """What a point shows, in words: `58 x 46 x 44 mm`, `no enhancement`, `not done`."""
        lesion = self.case.lesion(point.lesion_id)
        if (point.axes or point.size is not None) and point.state in {State.MEASURED, State.EQUIVOCAL}:
            one = lesion.is_node or not axes or not point.axes  # of sizes added there is but the one
            size = self.followed(point) if one else f"{self.numbers.axes(point.axes)} mm"
            return self.phrases.say("state.equivocal_size", size=size) if point.state is State.EQUIVOCAL else size
        return self._without_size(point, lesion)

    def followed(self, point: LesionPoint) -> str:
        """The axis that is followed: `58 mm`."""
        size = point.size if point.size is not None else point.axes[0]
        return self.numbers.mm(size)

    def _without_size(self, point: LesionPoint, lesion: Lesion) -> str:
        modality = point.modality or "unnamed"
        kind = lesion.kind or Kind.OTHER
        paths = (
            f"state.{point.state}.{modality}.{kind}",
            f"state.{point.state}.{modality}",
            f"state.{point.state}.any",
        )
        too_small = Length(self.report.response.thresholds.too_small_mm) if point.size is None else point.size
        counted = self.numbers.mm(too_small)
        words = self.phrases.first(*paths, into=self._merged_into(point), size=counted)
        given = [f"{self.numbers.axes(point.axes)} mm"] if point.axes else []  # measured, and not used
        why = [self.reason(point.reason)] if point.reason else []
        return ", ".join([*given, words, *why])

    def reason(self, reason: str) -> str:
        """Why there is no value: the phrase of an issue code, else the reader's words, quoted."""
        if _CODE.match(reason):
            return self.phrases.first(f"reason_code.{reason}", "reason_code.other")
        return self.quoted(reason)

    def _merged_into(self, point: LesionPoint) -> str:
        values = (row.value for row in self.rows(point.lesion_id) if row.study == point.study)
        return next((value.into for value in values if value.status == "merged"), "")

    @cached_property
    def phase(self) -> Phase:
        """What the reported time point is to the therapy."""
        return self.case.reported.phase

    def baseline_point(self, result: LesionResult, series: Sequence[LesionPoint]) -> LesionPoint | None:
        """A lesion's point at baseline on a result's modality."""
        baseline = self.case.baseline
        if baseline is None:
            return None
        same = [p for p in series if p.modality is result.point.modality and p.time_point == baseline.index]
        return same[0] if same else None


def _grouped(pairs: Iterable[tuple[str | None, str]]) -> Mapping[str, list[str]]:
    """Lesions by what they became part of; none is part of itself."""
    parts: dict[str, set[str]] = {}
    for whole, part in pairs:
        if whole and whole != part:
            parts.setdefault(whole, set()).add(part)
    return {whole: sorted(own) for whole, own in parts.items()}


def at(entries: tuple[EntryType, ...], side: Side | None) -> tuple[EntryType, ...]:
    """The entries of one side."""
    return tuple(entry for entry in entries if entry.side is side)
