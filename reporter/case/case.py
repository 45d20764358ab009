"""One patient up to one reported time point."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from reporter.case.facts import Facts
from reporter.case.issue import Issue
from reporter.case.lesion import Lesion
from reporter.case.measurement import Measurement
from reporter.case.study import Patient, Study
from reporter.case.timepoint import Timeline, TimePoint
from reporter.case.vocabulary import Modality, Phase, Side, TherapyStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A study, file or measurement that is not used, and why; nothing is lost without a word."""

    what: str
    """Study key, relative file name, or source text."""
    code: str
    """Issue code that says why."""
    date: dt.date | None = None
    """Of a study; None for a file or a measurement."""
    modalities: tuple[Modality | None, ...] = ()
    """Of a study, in the order of `Modality`."""


_MODALITIES = (*Modality, None)


@dataclass(frozen=True, kw_only=True)
class Case:
    """All that is known, in time order, nothing interpreted beyond time points and identity."""

    patient: Patient
    studies: tuple[Study, ...]
    """By date, then key; up to the reported time point."""
    lesions: tuple[Lesion, ...]
    """By id."""
    measurements: tuple[Measurement, ...]
    """By study date and key, then lesion id, then modality."""
    timeline: Timeline
    facts: Facts
    issues: tuple[Issue, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @cached_property
    def reported(self) -> TimePoint:
        """The time point the draft is about."""
        return self.timeline.time_points[self.timeline.reported]

    @cached_property
    def baseline(self) -> TimePoint | None:
        """The baseline time point, or None (row A5)."""
        return next((t for t in self.timeline.time_points if t.phase is Phase.BASELINE), None)

    @cached_property
    def therapy_status(self) -> TherapyStatus | None:
        """Where the therapy stands at the reported time point; None: not stated."""
        return self.facts.therapy.status_on(self.date_of(self.reported.studies[-1]))

    @cached_property
    def sides(self) -> tuple[Side, ...]:
        """The breasts that carry a lesion or a diagnosis, sorted."""
        of_lesions = {lesion.side for lesion in self.lesions if lesion.side}
        of_facts = {entry.side for entry in self.facts.diagnosis if entry.side}
        return tuple(sorted(of_lesions | of_facts))

    @cached_property
    def study_by_key(self) -> Mapping[str, Study]:
        """Every study, by its key."""
        return {study.key: study for study in self.studies}

    @cached_property
    def lesion_by_id(self) -> Mapping[str, Lesion]:
        """Every lesion, by its id."""
        return {lesion.id: lesion for lesion in self.lesions}

    @cached_property
    def _by_lesion(self) -> Mapping[str, tuple[Measurement, ...]]:
        rows: dict[str, list[Measurement]] = {}
        for row in self.measurements:
            rows.setdefault(row.lesion_id, []).append(row)
        return {lesion_id: tuple(own) for lesion_id, own in rows.items()}

    def study(self, key: str) -> Study:
        """The study of a key; KeyError when the case has none."""
        return self.study_by_key[key]

    def date_of(self, key: str) -> dt.date:
        """The date of a study."""
        return self.study(key).date

    def lesion(self, lesion_id: str) -> Lesion:
        """The lesion of an id; KeyError when the case has none."""
        return self.lesion_by_id[lesion_id]

    def time_point_of(self, study: str) -> TimePoint | None:
        """The time point a study belongs to; None for a study that is left out."""
        return next((t for t in self.timeline.time_points if study in t.studies), None)

    def measurements_at(self, time_point: TimePoint, lesion_id: str | None = None) -> tuple[Measurement, ...]:
        """Measurements of a time point, all or of one lesion, in order of time."""
        rows = self.measurements if lesion_id is None else self.measurements_of(lesion_id)
        return tuple([row for row in rows if row.study in time_point.studies])

    def measurements_of(self, lesion_id: str) -> tuple[Measurement, ...]:
        """All measurements of a lesion, in order of time."""
        return self._by_lesion.get(lesion_id, ())

    def modalities_at(self, time_point: TimePoint) -> tuple[Modality | None, ...]:
        """The modalities imaged at a time point, in the order of `Modality`; the unnamed one last."""
        seen = {m for key in time_point.studies for m in self.study(key).modalities}
        return tuple(m for m in _MODALITIES if m in seen)
