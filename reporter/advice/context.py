"""What a condition may look at: the case, its response, and one side of the patient."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from reporter.advice.interface import Timing
from reporter.case.case import Case
from reporter.case.facts import Axilla, Clinical, Diagnosis, Entry, Radiologist, stated
from reporter.case.lesion import Lesion
from reporter.case.study import Study
from reporter.case.vocabulary import MAMMOGRAPHY, NEVER_OF_RECORD, BiopsyResult, Modality, Side
from reporter.response.interface import (
    AxillaResponse,
    BreastResponse,
    Category,
    Headline,
    LesionPoint,
    NewFinding,
    NewFindingClass,
    NodeResponse,
    Response,
    SiteResponse,
    State,
)

EntryType = TypeVar("EntryType", bound=Entry)

SEEN_STATES = frozenset({State.MEASURED, State.TOO_SMALL, State.PRESENT, State.PROGRESSED})
"""States in which a modality shows the lesion."""


def modality_group(modality: Modality | None) -> Modality | None:
    """The modality, with mammography and DBT as one."""
    return Modality.MG if modality in MAMMOGRAPHY else modality


@dataclass(frozen=True, kw_only=True)
class Context:
    """One side of a case (None: the patient) at the reported time point; many conditions ask it the same."""

    case: Case
    response: Response
    timing: Timing
    side: Side | None = None

    @cached_property
    def answers(self) -> dict[str, bool]:
        """What the conditions asked so far answered, by name: many rows ask the same."""
        return {}

    @cached_property
    def studies(self) -> dict[Modality, tuple[Study, ...]]:
        """The studies of a modality that looked at this side now, as far as they were asked for."""
        return {}

    @cached_property
    def breast(self) -> BreastResponse | None:
        """The response of this breast."""
        return None if self.side is None else self.response.breast(self.side)

    @cached_property
    def axilla(self) -> AxillaResponse | None:
        """The response of this axilla."""
        return None if self.side is None else self.response.axilla(self.side)

    @cached_property
    def headline(self) -> Headline | None:
        """Line 1 of this breast."""
        return None if self.breast is None else self.breast.headline

    @cached_property
    def category(self) -> Category | None:
        """The category of record of this breast."""
        return None if self.breast is None else self.breast.category

    @cached_property
    def of_patient(self) -> Category | None:
        """What a criterion of the whole patient says, where such a one feeds the table; only the patient has it."""
        told = self.response.patient
        return None if self.side is not None or told is None else told.category

    @cached_property
    def every_side(self) -> tuple[Context, ...]:
        """The breasts that are answered, each as its own context."""
        return tuple(replace(self, side=breast.side) for breast in self.response.breasts)

    @cached_property
    def classified(self) -> bool:
        """Whether this breast has a response at all: a baseline report, or a case out of scope, has none (A1, A2)."""
        none = {None, Headline.BASELINE, Headline.NOT_CLASSIFIED}
        return self.timing is not Timing.BEFORE and self.headline not in none

    @cached_property
    def sites(self) -> tuple[SiteResponse, ...]:
        """Breast sites that are classified: not stated benign, and not in doubt as to what or where they are."""
        return () if self.breast is None else tuple(s for s in self.breast.sites if not s.benign and self._settled(s))

    def _settled(self, site: SiteResponse) -> bool:
        lesion = self.lesion(site.lesion_id)
        return lesion is None or (lesion.counted and lesion.kind is not None)

    @cached_property
    def nodes(self) -> tuple[NodeResponse, ...]:
        """Nodes of this side."""
        return () if self.axilla is None else self.axilla.nodes

    @cached_property
    def baseline_index(self) -> int | None:
        """Index of the baseline time point."""
        return None if self.case.baseline is None else self.case.baseline.index

    @cached_property
    def diagnoses(self) -> tuple[Diagnosis, ...]:
        """What is stated of the diagnosis of this side, at whatever date, of the breast or one of its lesions."""
        return tuple(e for e in self.case.facts.diagnosis if e.side is self.side)

    @cached_property
    def clinical(self) -> Clinical | None:
        """Examination at the reported time point."""
        return self._now(self.case.facts.clinical)

    @cached_property
    def axilla_now(self) -> Axilla | None:
        """The axilla as stated for the reported time point."""
        return self._now(self.case.facts.axilla)

    @cached_property
    def axilla_ever(self) -> tuple[Axilla, ...]:
        """The axilla as stated, the reported time point first, then the others from the latest to the earliest."""
        others = sorted({e.date for e in self.case.facts.axilla if e.date}, reverse=True)
        days = dict.fromkeys((self.case.reported.date, *others, None))
        return tuple(found for day in days if (found := stated(self.case.facts.axilla, self.side, day)))

    @cached_property
    def flags(self) -> Radiologist | None:
        """The radiologist's flags of the whole breast now."""
        return self._now(self.case.facts.radiologist)

    def lesion_flags(self, lesion_id: str) -> Radiologist | None:
        """The radiologist's flags of one lesion now."""
        return self._flags_by_lesion.get(lesion_id)

    @cached_property
    def _flags_by_lesion(self) -> dict[str, Radiologist]:
        """Of every lesion that has any now; those of its side go before those of none."""
        day, entries = self.case.reported.date, self.case.facts.radiologist
        found = {}
        for lesion_id in {e.lesion_id for e in entries if e.lesion_id is not None}:
            own = tuple(e for e in entries if e.lesion_id == lesion_id)
            flags = stated(own, self.side, day, lesion_id=lesion_id) or stated(own, None, day, lesion_id=lesion_id)
            if flags is not None:
                found[lesion_id] = flags
        return found

    @cached_property
    def _all_flags(self) -> tuple[Radiologist, ...]:
        """What the radiologist flagged now: of the breast, then of each of its sites."""
        of_sites = (self.lesion_flags(site.lesion_id) for site in self.sites)
        return tuple(flags for flags in (self.flags, *of_sites) if flags is not None)

    def flagged(self, flag: Callable[[Radiologist], bool | None]) -> bool:
        """Whether the radiologist set a flag now, of the breast or of one of its sites."""
        return any(flag(flags) is True for flags in self._all_flags)

    def new_findings(self, classified: NewFindingClass) -> tuple[NewFinding, ...]:
        """Findings of this breast first seen after baseline, of one class."""
        findings = () if self.breast is None else self.breast.new_findings
        return tuple(f for f in findings if f.classified is classified)

    def lesion(self, lesion_id: str | None) -> Lesion | None:
        """A lesion of the case; None where it has none of that id."""
        return None if lesion_id is None else self.case.lesion_by_id.get(lesion_id)

    @cached_property
    def lesions(self) -> tuple[Lesion, ...]:
        """Lesions of this side that are not stated benign."""
        return tuple(
            lesion
            for lesion in self.case.lesions
            if lesion.side is self.side and lesion.biopsy_result is not BiopsyResult.BENIGN
        )

    def seen_at_baseline(self, site: SiteResponse) -> frozenset[Modality | None]:
        """Modalities that showed a site at baseline; mammography and DBT as one, PET and examination apart."""
        if site.lesion_id not in self._shown:
            shown = {p.modality for p in self.points_at_baseline(site) if p.state in SEEN_STATES}
            shown.update([r.point.modality for r in site.results if r.baseline is not None and r.baseline.mm > 0])
            self._shown[site.lesion_id] = frozenset([modality_group(m) for m in shown if m not in NEVER_OF_RECORD])
        return self._shown[site.lesion_id]

    @cached_property
    def _shown(self) -> dict[str, frozenset[Modality | None]]:
        """By lesion id, as far as they have been asked for."""
        return {}

    def points_at_baseline(self, site: SiteResponse) -> tuple[LesionPoint, ...]:
        """The points of a site at the baseline time point."""
        index = self.baseline_index
        return tuple([p for p in site.series if p.time_point == index])

    @cached_property
    def modalities_at_baseline(self) -> frozenset[Modality | None]:
        """The modalities imaged at baseline, of whichever side; none without a baseline."""
        baseline = self.case.baseline
        return frozenset() if baseline is None else frozenset(self.case.modalities_at(baseline))

    def _now(self, entries: tuple[EntryType, ...]) -> EntryType | None:
        return stated(entries, self.side, self.case.reported.date)
