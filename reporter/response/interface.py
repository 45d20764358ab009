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
    Progression,
    ProgressionKind,
    Regrowth,
    Residual,
    SiteResponse,
)
from reporter.response.assessment import (
    NUMBERS_ONLY,
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

__all__ = [
    "NUMBERS_ONLY",
    "Amounts",
    "Assessment",
    "AxillaResponse",
    "BreastResponse",
    "Calcifications",
    "Category",
    "Change",
    "Criterion",
    "CriterionUsed",
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
    "Progression",
    "ProgressionKind",
    "Regrowth",
    "Residual",
    "Response",
    "SiteResponse",
    "State",
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
    issues: tuple[Issue, ...] = field(default=())
    """What the rules found wrong or missing (LES_LOST, LES_NEW ...), beside those of the case."""

    def breast(self, side: Side) -> BreastResponse | None:
        """The answer for one breast."""
        return next((b for b in self.breasts if b.side is side), None)

    def axilla(self, side: Side) -> AxillaResponse | None:
        """The answer for one axilla."""
        return next((a for a in self.axillae if a.side is side), None)
