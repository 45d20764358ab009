"""Clinical facts: what the images cannot tell.  Nothing is required; absent is "not stated", never "no"."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import TypeVar

from reporter.case.free_text import is_lobular, is_neoadjuvant
from reporter.case.length import Length
from reporter.case.source import Source
from reporter.case.vocabulary import (
    ClinicalNode,
    Indication,
    LevelState,
    Location,
    Side,
    TherapyKind,
    TherapyStatus,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A statement about one breast at one time point."""

    side: Side | None = None
    """None as given: the one breast involved."""
    date: dt.date | None = None
    """None as given: the reported time point.  In a Case it is the date of a time point, or None where none fits."""
    given_date: dt.date | None = None
    """In a Case: the date as given, where it is not itself the date of the time point."""
    lesion_id: str | None = None

    @property
    def day(self) -> dt.date | None:
        """The day it was given for: its own date, else that of its time point."""
        return self.given_date or self.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis(Entry):
    """The cancer, before therapy."""

    confirmed: bool | None = None
    """Proven by biopsy; an explicit no makes the case out of scope (clinical source S13)."""
    histology: str | None = None
    """Quoted; whether it names lobular cancer matters (decision row C2)."""
    grade: int | None = None
    subtype: str | None = None
    """Quoted, such as "triple negative"."""
    receptors: str | None = None
    """Quoted."""
    extent: str | None = None
    """Quoted, such as "locally advanced"."""

    @property
    def lobular(self) -> bool:
        """Whether the histology as given names lobular cancer (clinical source S33)."""
        return is_lobular(self.histology or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clinical(Entry):
    """Physical examination and the course of therapy as seen in the clinic."""

    palpable: bool | None = None
    size: Length | None = None
    exam_agrees: bool | None = None
    """Whether examination and imaging agree."""
    worsening: bool | None = None
    """Clinical worsening during or after therapy (clinical source S17)."""
    cycles_done: int | None = None
    cycle_week: int | None = None
    """Week of the menstrual cycle at a breast MRI of a premenopausal patient."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Axilla(Entry):
    """The nodes of one side beside those measured one by one."""

    clinical_node: ClinicalNode | None = None
    known_positive: bool | None = None
    previously_imaged: bool | None = None
    imaging_suspicious: bool | None = None
    abnormal_nodes: int | None = None
    levels: Mapping[Location, LevelState] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Breast(Entry):
    """The breast around the lesions, and circumstances of its imaging."""

    density: str | None = None
    """Composition a-d."""
    background_enhancement: str | None = None
    """minimal, mild, moderate or marked."""
    mri_contrast: bool | None = None
    haematoma: bool | None = None
    """After biopsy, at baseline."""
    rest: str | None = None
    """The rest of that breast, quoted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Negatives(Entry):
    """Findings that change surgery when present, said when absent; quoted."""

    skin: str | None = None
    nipple: str | None = None
    muscle: str | None = None
    chest_wall: str | None = None
    calcifications: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Radiologist(Entry):
    """The reader's own calls; never computed (decision q)."""

    near_complete: bool | None = None
    indeterminate: bool | None = None
    residual_large: bool | None = None
    posttreatment_change: bool | None = None
    birads: str | None = None
    """As entered: 0-6, 4A-4C."""
    restate: bool | None = None
    """The earlier complete response is to be restated (decision b)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Therapy:
    """Systemic therapy before surgery."""

    intent: str | None = None
    """Quoted; only another intent, named, is an explicit no (clinical source S1)."""
    kinds: tuple[TherapyKind, ...] = ()
    start: dt.date | None = None
    end: dt.date | None = None
    status: TherapyStatus | None = None
    regimen: str | None = None
    """Quoted."""
    cycles_planned: int | None = None

    @property
    def neoadjuvant(self) -> bool | None:
        """Whether it is meant before surgery; None where that is not stated, or not in words that say it."""
        return None if self.intent is None else is_neoadjuvant(self.intent)

    def status_on(self, day: dt.date) -> TherapyStatus | None:
        """Where the therapy stands on a day: by its dates, else as stated; None where neither tells."""
        dated = self.status_by_dates(day)
        if dated is not None:
            return dated
        if self.start is not None and self.status is TherapyStatus.NOT_STARTED:
            return None
        return self.status

    def status_by_dates(self, day: dt.date) -> TherapyStatus | None:
        """Where the therapy stands on a day by its dates alone; None where they do not tell."""
        if self.start is not None and day <= self.start:
            return TherapyStatus.NOT_STARTED
        if self.end is not None and day > self.end:
            return TherapyStatus.COMPLETED
        if self.start is not None and self.end is not None:
            return TherapyStatus.ONGOING
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Surgery:
    """The operation."""

    planned: str | None = None
    """Quoted, such as "mastectomy" or "not yet decided"."""
    date: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All clinical facts of one patient.

    As read, entries stand as given; in a Case each entry's side is filled in where one breast is involved, and its
    date is the date of the time point it speaks of.
    """

    indication: Indication | None = None
    diagnosis: tuple[Diagnosis, ...] = ()
    therapy: Therapy = Therapy()
    suspicion_distant: bool | None = None
    clinical: tuple[Clinical, ...] = ()
    axilla: tuple[Axilla, ...] = ()
    breast: tuple[Breast, ...] = ()
    negatives: tuple[Negatives, ...] = ()
    radiologist: tuple[Radiologist, ...] = ()
    menopausal: str | None = None
    """premenopausal, perimenopausal or postmenopausal."""
    mri_possible: bool | None = None
    mri_obstacle: str | None = None
    """Why MRI cannot be done, quoted."""
    surgery: Surgery = Surgery()
    sources: Mapping[str, Source] = field(default_factory=dict)
    """Key path, such as "therapy.start" or "clinical[0].palpable" -> where it was read."""


EntryType = TypeVar("EntryType", bound=Entry)


def stated(
    entries: tuple[EntryType, ...], side: Side | None, day: dt.date | None, *, lesion_id: str | None = None
) -> EntryType | None:
    """All that is stated of a side at a time point (by its date), as one entry; None where nothing is.

    Entries of a lesion count only when that lesion is asked for; then they go before those of its breast.  Of entries
    given for different days of the time point the later goes before the earlier.
    """
    chosen = [e for e in entries if e.side is side and e.date == day and e.lesion_id in {None, lesion_id}]
    if not chosen:
        return None
    chosen.sort(key=lambda e: e.day or dt.date.min, reverse=True)
    chosen.sort(key=lambda e: e.lesion_id is None)
    merged = chosen[0]
    for other in chosen[1:]:
        missing = {
            f.name: getattr(other, f.name)
            for f in fields(merged)
            if getattr(merged, f.name) in (None, {}) and getattr(other, f.name) not in (None, {})
        }
        merged = replace(merged, **missing)
    return merged
