"""What advice is made of.

The guideline pack and the decision table are data (`reporter/knowledge`); a row's conditions come from a closed
vocabulary (`conditions.py`).  Everything here carries the row that gave it, so that a draft can cite it and
`explain` can show it.  Ids (rows, steps, notes) have their sentences in the draft layer's phrases.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from reporter.case.issue import Issue
from reporter.case.setting import setting
from reporter.case.vocabulary import Modality, Side


class Timing(StrEnum):
    """Which of its texts a row shows (decision r)."""

    BEFORE = "before"
    """Therapy not started."""
    DURING = "during"
    AFTER = "after"
    """The course is completed."""
    END_LABELLED = "end_labelled"
    """A time point labelled end while therapy runs on until surgery: the text of after, without "full course"."""
    UNSTATED = "unstated"
    """Status not stated: neither "too early" nor "full course", no surgical line, the more urgent escalation."""

    @property
    def surgical(self) -> bool:
        """Whether surgical lines are shown."""
        return self in {Timing.AFTER, Timing.END_LABELLED}


class Urgency(StrEnum):
    """How urgently somebody must be told, lowest first (decision t)."""

    NONE = "none"
    BEFORE_OPERATION = "before_operation"
    BEFORE_NEXT_CYCLE = "before_next_cycle"
    TUMOUR_BOARD = "tumour_board"
    PROMPT = "prompt"
    IMMEDIATE = "immediate"

    @property
    def rank(self) -> int:
        """0 for none, higher is more urgent."""
        return _RANKS[self]


_RANKS = {urgency: rank for rank, urgency in enumerate(Urgency)}


class RoleTold(StrEnum):
    """Whom a row names."""

    ONCOLOGIST = "medical_oncologist"
    SURGEON = "surgeon"
    RADIOLOGIST = "radiologist"
    MDT = "multidisciplinary_meeting"
    """Radiologist, surgeon and medical oncologist together (clinical source S50)."""


class Question(StrEnum):
    """The questions a case raises to the guideline; nobody enters them."""

    BREAST = "breast"
    AXILLA = "axilla"
    DISTANT = "distant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Where a question leads in the guideline (clinical ground 1.1)."""

    question: Question
    side: Side | None
    variant: int | None
    """None: no variant of the topic covers it, or a fact is missing."""
    title: str | None = None
    """The variant's title, shortened."""
    neighbour: str | None = None
    """Id of a neighbouring topic that is pointed to instead."""
    reason: str = ""
    """Id of the router's rule, such as breast.after_start or axilla.not_covered."""
    missing: tuple[str, ...] = ()
    """Facts that would have settled it."""


class Rating(StrEnum):
    """ACR Appropriateness Criteria rating."""

    USUALLY_APPROPRIATE = "usually_appropriate"
    MAY_BE_APPROPRIATE = "may_be_appropriate"
    USUALLY_NOT_APPROPRIATE = "usually_not_appropriate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Technique:
    """How a study is made so that it can be compared, as the pack notes it."""

    text: str
    """In the words of the pack, such as "prone, breast coil; compare with the baseline MRI"."""
    source: str
    verified: bool
    """Whether it was read in its source; otherwise it is printed as to be verified."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagingStudy:
    """One procedure of a variant, for this case."""

    procedure: str
    """As the pack names it, such as "MRI breast without and with IV contrast"."""
    modality: Modality | None
    """What performs it; None for a biopsy or bone scan."""
    rating: Rating | None
    """None where the pack has no row for it."""
    level: str
    """Relative radiation level: O, R ... RRRRR, V."""
    dose: str
    """Range in mSv as the pack gives it, such as "0.1-1 mSv"."""
    status: str
    """seen, partly, lead, edition-2017, unverified or site; anything but seen and site prints "not verified"."""
    variant: int | None
    edition: str
    """Of the pack row, such as 2022."""
    done: bool
    """Whether it was made at the reported time point (of that side)."""
    wanted: bool
    """Whether a row asks for it now; never true for one already done."""
    rows: tuple[str, ...] = ()
    """Decision rows that ask for it, such as C2."""
    purpose: str = ""
    """Id of why, such as true_extent, residual_enhancement, baseline_modality, problem_solving."""
    side: Side | None = None
    technique: Technique | None = None
    """None where the pack notes nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionSeen:
    """One condition that a row looked at, and what it found."""

    condition: str
    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RowSeen:
    """One row of the decision table as it was looked at for one side (None: the patient); for `explain`."""

    row: str
    side: Side | None
    fired: bool
    conditions: tuple[ConditionSeen, ...]
    sources: tuple[str, ...]
    """Source requirements, such as S42, or sections of the clinical ground."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowMatch:
    """One row that applies."""

    row: str
    """Such as B5."""
    side: Side | None
    timing: Timing
    lesion_ids: tuple[str, ...] = ()
    """Lesions it is about; empty: the whole breast, axilla or patient."""
    urgency: Urgency = Urgency.NONE
    told: tuple[RoleTold, ...] = ()
    sources: tuple[str, ...] = ()
    direct_contact: bool = False
    """Whether it asks for a person to be spoken to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of the recommendation: an option or a matter for the team, never an order (decision u)."""

    id: str
    """Such as localise_markers, targeted_excision, biopsy_new_finding, discuss_systemic."""
    side: Side | None
    rows: tuple[str, ...]
    lesion_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One remark that a row adds: a warning, caution or explanation."""

    id: str
    side: Side | None
    rows: tuple[str, ...]
    lesion_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyEntry:
    """How a site carries out one urgency: its critical-results policy, in its own words, quoted."""

    who: str | None = setting(None, "Whom to call at this urgency", example='"breast surgeon on call, phone 4711"')
    how: str | None = setting(None, "How to reach them", example='"by telephone, read back"')
    how_soon: str | None = setting(None, "Within which time", example='"within 60 minutes"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A site's choices for advice; each a setting."""

    contacts: Mapping[Urgency, PolicyEntry] = field(default_factory=dict)
    distant_urgency: Urgency = setting(
        Urgency.PROMPT, "How urgent a suspicion of distant spread is (row C7)", example='"tumour_board"'
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """Who must be told, how urgently, and why."""

    urgency: Urgency
    told: tuple[RoleTold, ...]
    """All whom the matching rows name, in the order of `RoleTold`."""
    direct_contact: bool
    """Whether a row asks for a person to be spoken to, not only a meeting."""
    reasons: tuple[RowMatch, ...]
    """The rows with an urgency above none, most urgent first."""
    policy: PolicyEntry | None = None

    @property
    def required(self) -> bool:
        """Whether anybody must be told."""
        return self.urgency is not Urgency.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRowUsed:
    """A row that a site completed or overrode, and who answers for it."""

    variant: int
    procedure: str
    rating: Rating
    before: Rating | None
    """The shipped rating; None where the site added the row."""
    checked_by: str
    checked_on: str
    """ISO date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceUsed:
    """A source of the decision table and of the remarks, with the review that it states."""

    id: str
    title: str
    reviewed: str
    """ISO date; printed (clinical source S64)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackUsed:
    """Which guideline data the advice rests on."""

    id: str
    """Such as acr-235-2022."""
    topic: str
    edition: str
    citation: str
    link: str
    reviewed: str
    """Date of the data's last review, ISO; printed (clinical source S64)."""
    extends: str | None = None
    """The shipped pack that a site's extends; None for a shipped one."""
    site_rows: tuple[SiteRowUsed, ...] = ()
    """Printed in the basis."""
    rests_on: tuple[SourceUsed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """Studies of one kind among INPUT, with the range of effective dose that the pack gives each of them."""

    modalities: tuple[Modality, ...]
    """Mammography and DBT of one study are one examination."""
    studies: int
    level: str | None
    """Relative radiation level; None where the pack has none for it."""
    dose: str | None
    """Range of one examination, as the pack gives it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganDose:
    """What one study recorded of each image, in mGy; listed, never added up."""

    study: str
    """Study key."""
    date: dt.date
    values: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Radiation:
    """A tally over the studies among INPUT, for the talk about cumulative dose: ranges, never one number."""

    exposures: tuple[Exposure, ...] = ()
    least: Decimal = Decimal(0)
    """mSv; the lower bounds of all exposures with a range, added up."""
    most: Decimal = Decimal(0)
    """mSv; the upper bounds."""
    organ_doses: tuple[OrganDose, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What to do next, and by which source."""

    pack: PackUsed
    timing: Timing
    in_scope: bool
    """False for row A1: nothing classified, other topics named."""
    routes: tuple[Route, ...]
    rows: tuple[RowMatch, ...]
    """In the order of the table, then side."""
    imaging: tuple[ImagingStudy, ...]
    """Every procedure of the routed variants that is done or wanted, in pack order; US first (S27)."""
    steps: tuple[Step, ...]
    notes: tuple[Note, ...]
    escalation: Escalation
    looked_at: tuple[RowSeen, ...]
    issues: tuple[Issue, ...] = ()
    """Questions whose answer would change the advice."""
    radiation: Radiation = field(default_factory=Radiation)

    def row(self, row: str, side: Side | None = None) -> RowMatch | None:
        """The match of a row, of one side or of any."""
        return next((r for r in self.rows if r.row == row and (side is None or r.side in {side, None})), None)
