"""A criterion of the whole patient, asked of one site, or of one breast with its axilla, by itself.

Such a criterion (`recist-1.1`, `who`, one of a plug-in) has one category for all lesions together, which is no answer
for a breast: its sum may hold a node, the other breast, or another organ.  Where it feeds the decision table, each site
has the category that the criterion gives it alone, by its own limits and on the modalities that it accepts; how sites
make up a breast is as ever (decisions l, n).  That something came back counts only where the whole patient had been
complete.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from reporter.case.case import Case
from reporter.case.vocabulary import Modality
from reporter.response.course import Chart
from reporter.response.interface import Assessment, Category, Criterion, Verdict

RETURNED = frozenset({"pd_returned", "reappearance"})
"""Last words of rules by which what came back after a complete response is PD."""
BY_NEW_LESION = "new_lesion"


@dataclass(frozen=True, slots=True)
class Asked:
    """A criterion that feeds the decision table, with what it says of all lesions together."""

    criterion: Criterion
    chart: Chart
    whole: tuple[Assessment, ...]
    _answers: dict[frozenset[str], tuple[Assessment, ...]] = field(default_factory=dict)

    def of(self, lesion_ids: Collection[str], time_point: int) -> dict[Modality | None, Assessment]:
        """What it says of some lesions by themselves at a time point, by modality."""
        key = frozenset(lesion_ids)
        if key not in self._answers:
            self._answers[key] = self.criterion.assess(_only(self.chart.case, key))
        return {self.chart.modality_name(a.modality): a for a in self._answers[key] if a.time_point == time_point}

    def verdict(self, assessment: Assessment) -> Verdict | None:
        """The category of what was asked, by the rule that says most of it; None where the rule does not hold of it."""
        overall = assessment.overall
        own = (v for v in (assessment.target, assessment.non_target) if v is not None)
        found = next((v for v in own if v.category is overall.category), overall)
        returned = last_word(found) in RETURNED
        return None if returned and not self._complete_before(assessment) else found

    def _complete_before(self, assessment: Assessment) -> bool:
        return any(
            a.overall.category is Category.CR
            for a in self.whole
            if self.chart.modality_name(a.modality) is self.chart.modality_name(assessment.modality)
        )


def last_word(verdict: Verdict) -> str:
    """What a rule says without its prefix."""
    return verdict.rule.rpartition(".")[2]


def _only(case: Case, lesion_ids: frozenset[str]) -> Case:
    """The case as if these were its only lesions; studies, dates and facts stay."""
    return replace(
        case,
        lesions=tuple(x for x in case.lesions if x.id in lesion_ids),
        measurements=tuple(m for m in case.measurements if m.lesion_id in lesion_ids),
    )
