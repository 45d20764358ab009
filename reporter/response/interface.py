"""What a response is made of, and what a criterion promises.

Everything here is decided, nothing is worded: categories, exact numbers, rule ids.  `Assessment` is what one
criterion says of one scope (a breast with its axilla, or the patient) on one modality at one time point;
`BreastResponse` and `AxillaResponse` are what the report answers, side by side, from the criterion that feeds the
decision table and from the findings that are not criteria.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from reporter.case.issue import Issue
from reporter.case.vocabulary import Side
from reporter.response.answer import (
    AxillaResponse,
    BreastResponse,
    Calcifications,
    Discordance,
    DiscordanceKind,
    Distribution,
    Headline,
    Marker,
    MarkerState,
    NewFinding,
    NewFindingClass,
    NodeAppearance,
    NodeCourse,
    NodeResponse,
    PatientResponse,
    Progression,
    ProgressionKind,
    Regrowth,
    Residual,
    SiteResponse,
)
from reporter.response.assessment import (
    NOT_CLASSIFIED,
    NUMBERS_ONLY,
    RECORDED,
    Amounts,
    Assessment,
    Category,
    Change,
    Criterion,
    LesionPoint,
    LesionResult,
    Measure,
    NewLesions,
    Operand,
    State,
    Thresholds,
    Verdict,
)
from reporter.response.outcome import BestOverall, Cause, Confirmed, Disagreement, Stated

__all__ = [
    "NOT_CLASSIFIED",
    "NUMBERS_ONLY",
    "RECORDED",
    "Amounts",
    "Assessment",
    "AxillaResponse",
    "BestOverall",
    "BreastResponse",
    "Calcifications",
    "Category",
    "Cause",
    "Change",
    "Confirmed",
    "Criterion",
    "CriterionUsed",
    "Disagreement",
    "Discordance",
    "DiscordanceKind",
    "Distribution",
    "Headline",
    "LesionPoint",
    "LesionResult",
    "Marker",
    "MarkerState",
    "Measure",
    "NewFinding",
    "NewFindingClass",
    "NewLesions",
    "NodeAppearance",
    "NodeCourse",
    "NodeResponse",
    "Operand",
    "PatientResponse",
    "Progression",
    "ProgressionKind",
    "Regrowth",
    "Residual",
    "Response",
    "SiteResponse",
    "State",
    "Stated",
    "Thresholds",
    "Verdict",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionUsed:
    """A criterion that was computed, and how it prints."""

    id: str
    name: str
    version: str = "1"
    feeds_decisions: bool = False
    limits: tuple[Operand, ...] = ()
    """The limits that the basis states: pr_percent, pd_percent, and pd_mm where there is a least growth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """Everything decided about response, up to the reported time point."""

    criteria: tuple[CriterionUsed, ...]
    assessments: tuple[Assessment, ...]
    """Every criterion, scope, modality and time point, in the order of `classify`."""
    breasts: tuple[BreastResponse, ...]
    """Sides with a lesion, a diagnosis or a new finding; sorted."""
    axillae: tuple[AxillaResponse, ...]
    """Same sides, same order."""
    thresholds: Thresholds
    patient: PatientResponse | None = None
    """Where a criterion of the whole patient feeds the decision table."""
    best_overall: tuple[BestOverall, ...] = ()
    """Of every criterion that has categories, scope and modality, in the order of the assessments."""
    disagreements: tuple[Disagreement, ...] = ()
    """Pairs of criteria with different categories, by time point, modality and side."""
    issues: tuple[Issue, ...] = field(default=())
    """What the rules found wrong or missing (LES_LOST, LES_NEW ...), beside those of the case."""

    def breast(self, side: Side) -> BreastResponse | None:
        """The answer for one breast."""
        return next((b for b in self.breasts if b.side is side), None)

    def axilla(self, side: Side) -> AxillaResponse | None:
        """The answer for one axilla."""
        return next((a for a in self.axillae if a.side is side), None)
