"""From a case to a response: every criterion asked, breast and axilla answered side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reporter.case.case import Case
from reporter.case.issue import Issue, Outcome
from reporter.case.vocabulary import Side
from reporter.response.breasts import breast_response
from reporter.response.course import Chart, chart
from reporter.response.findings.nodes import axilla_response
from reporter.response.interface import (
    Assessment,
    AxillaResponse,
    BreastResponse,
    Criterion,
    CriterionUsed,
    Response,
    Thresholds,
)
from reporter.response.questions import axilla_issues, breast_issues, contrast_question
from reporter.response.sites import SideView, view_of


def evaluate(case: Case, criteria: Sequence[Criterion], thresholds: Thresholds) -> Response:
    """Decide all that is to be decided of response; the first criterion feeds the decision table.

    `thresholds` are those of the findings and of the response of record; a criterion carries its own.
    """
    known = chart(case, thresholds)
    assessed = [(criterion, criterion.assess(case)) for criterion in criteria]
    assessments = tuple(sorted((a for _, found in assessed for a in found), key=_order))
    feeding = assessed[0][1] if assessed else ()
    views = tuple(view_of(known, side) for side in sides(known))
    breasts = tuple(breast_response(view, feeding) for view in views)
    axillae = tuple(axilla_response(view) for view in views)
    return Response(
        criteria=tuple(_used(c, feeds=index == 0) for index, c in enumerate(criteria)),
        assessments=assessments,
        breasts=breasts,
        axillae=axillae,
        thresholds=thresholds,
        issues=_issues(known, assessments, breasts, axillae),
    )


def sides(known: Chart) -> tuple[Side, ...]:
    """The breasts that are answered for: those with a lesion, a diagnosis or a new finding."""
    return known.case.sides


def _used(criterion: Criterion, *, feeds: bool) -> CriterionUsed:
    version = str(getattr(criterion, "version", "1"))
    return CriterionUsed(id=criterion.id, name=criterion.name, version=version, feeds_decisions=feeds)


def _order(assessment: Assessment) -> tuple[str, str, str, int]:
    """As `classify` sorts: criterion, side, modality, time."""
    return assessment.criterion, assessment.side or "", assessment.modality or "", assessment.time_point


def _issues(
    known: Chart,
    assessments: Iterable[Assessment],
    breasts: Iterable[BreastResponse],
    axillae: Iterable[AxillaResponse],
) -> tuple[Issue, ...]:
    """Doubts of the reported time point, each once; what the case already says is not said again."""
    found = [i for a in assessments if a.time_point == known.reported for i in _settled(known, a)]
    for breast in breasts:
        found += breast_issues(known, breast)
    for axilla in axillae:
        found += axilla_issues(known, axilla)
    found += contrast_question(known)
    said = {(i.code, i.lesion_id) for i in known.case.issues}
    unique = {issue.order: issue for issue in found if (issue.code, issue.lesion_id) not in said}
    return tuple(unique[key] for key in sorted(unique))


def _settled(known: Chart, assessment: Assessment) -> Iterable[Issue]:
    """A row that is missing on one modality is a question where another one has a value for the lesion now."""
    for issue in assessment.issues:
        valued = issue.lesion_id is not None and any(
            t.points[known.reported].size is not None for t in known.of(issue.lesion_id)
        )
        if issue.code == "LES_LOST" and valued:
            yield Issue(code=issue.code, outcome=Outcome.QUESTION, lesion_id=issue.lesion_id, operands=issue.operands)
        else:
            yield issue


__all__ = ["SideView", "evaluate"]
