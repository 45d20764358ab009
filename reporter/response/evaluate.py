"""From a case to a response: every criterion asked, breast and axilla answered side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from reporter.case.case import Case
from reporter.case.issue import Issue, Outcome
from reporter.case.scope import nothing_to_classify
from reporter.case.vocabulary import Modality, Side
from reporter.response.asked import Asked
from reporter.response.best_overall import best_overall
from reporter.response.breasts import breast_response
from reporter.response.course import Chart, chart
from reporter.response.criteria import per_site
from reporter.response.criteria.per_site import PerSite, Sights
from reporter.response.disagreement import disagreements
from reporter.response.findings.nodes import axilla_response
from reporter.response.interface import (
    NOT_CLASSIFIED,
    RECORDED,
    Assessment,
    AxillaResponse,
    BreastResponse,
    Criterion,
    CriterionUsed,
    Response,
    Thresholds,
)
from reporter.response.patient import patient_response
from reporter.response.questions import axilla_issues, breast_issues, contrast_question
from reporter.response.sites import view_of
from reporter.response.unclassified import assessment_unclassified, axilla_unclassified, breast_unclassified


def evaluate(case: Case, criteria: Sequence[Criterion], thresholds: Thresholds) -> Response:
    """Decide all that is to be decided of response; the first criterion that has categories feeds the decision table.

    `thresholds` are those of the findings and of the response of record; a criterion carries its own.
    """
    known = chart(case, thresholds)
    sights = Sights(known)
    unclassified = nothing_to_classify(case)
    assessments = settled(known, sorted((a for c in criteria for a in _assessed(c, sights)), key=_order))
    if unclassified:
        assessments = tuple(map(assessment_unclassified, assessments))
    classified = _classified(criteria, assessments)
    first = next((criterion for criterion in criteria if classifies(criterion)), None)
    feeding = tuple(a for a in assessments if first is not None and a.criterion == first.id)
    asked = None if first is None or first.id == PerSite.id else Asked(first, known, feeding)
    views = tuple(view_of(sights, side, asked) for side in sides(known))
    breasts = tuple(breast_response(view, feeding) for view in views)
    axillae = tuple(axilla_response(view) for view in views)
    if unclassified:
        breasts, axillae = tuple(map(breast_unclassified, breasts)), tuple(map(axilla_unclassified, axillae))
    return Response(
        criteria=tuple(_used(c, feeds=c is first) for c in criteria),
        assessments=assessments,
        breasts=breasts,
        axillae=axillae,
        thresholds=thresholds,
        patient=None if asked is None else patient_response(asked),
        best_overall=best_overall(case, classified, thresholds, known.origin),
        disagreements=disagreements(classified),
        issues=_issues(known, assessments, breasts, axillae),
    )


def _assessed(criterion: Criterion, sights: Sights) -> tuple[Assessment, ...]:
    """What a criterion says; `per-site` by the same limits rests on the sights that the answers rest on."""
    if criterion == PerSite(thresholds=sights.chart.thresholds):
        return per_site.assessments(sights)
    return criterion.assess(sights.chart.case)


def classifies(criterion: Criterion) -> bool:
    """Whether a criterion gives categories, rather than numbers alone."""
    return bool(getattr(criterion, "classifies", True))


def _classified(criteria: Sequence[Criterion], assessments: Iterable[Assessment]) -> tuple[Assessment, ...]:
    ids = {criterion.id for criterion in criteria if classifies(criterion)}
    known = [a for a in assessments if a.criterion in ids]
    numbers = {_scope(a) for a in known if a.overall.rule in {RECORDED, NOT_CLASSIFIED}}
    return tuple(a for a in known if _scope(a) not in numbers)


def _scope(assessment: Assessment) -> tuple[str, Side | None, Modality | None]:
    return assessment.criterion, assessment.side, assessment.modality


def sides(known: Chart) -> tuple[Side, ...]:
    """The breasts that are answered for: those with a lesion, a diagnosis or a new finding."""
    return known.case.sides


def _used(criterion: Criterion, *, feeds: bool) -> CriterionUsed:
    version = str(getattr(criterion, "version", "1"))
    limits = tuple(getattr(criterion, "stated_limits", ()))
    return CriterionUsed(id=criterion.id, name=criterion.name, version=version, feeds_decisions=feeds, limits=limits)


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
    found = [i for a in assessments if a.time_point == known.reported for i in a.issues]
    for breast in breasts:
        found += breast_issues(known, breast)
    for axilla in axillae:
        found += axilla_issues(known, axilla)
    found += contrast_question(known)
    said = {(i.code, i.lesion_id) for i in known.case.issues}
    unique = {issue.order: issue for issue in found if (issue.code, issue.lesion_id) not in said}
    return tuple(unique[key] for key in sorted(unique))


def settled(known: Chart, assessments: Sequence[Assessment]) -> tuple[Assessment, ...]:
    """What is a problem of one modality is less where another one answers at the same time point.

    A row that is missing is a question where the lesion has a value now on another modality; a modality that the
    criterion does not accept is a note where it has one that it accepts.
    """
    return tuple(
        replace(a, issues=tuple(_settled(known, i, a, assessments) for i in a.issues)) if a.issues else a
        for a in assessments
    )


def _settled(known: Chart, issue: Issue, assessment: Assessment, every: Sequence[Assessment]) -> Issue:
    outcome = _outcome(known, issue, assessment, every)
    return issue if outcome is issue.outcome else replace(issue, outcome=outcome)


def _outcome(known: Chart, issue: Issue, assessment: Assessment, every: Sequence[Assessment]) -> Outcome:
    if issue.code == "LES_LOST" and issue.lesion_id is not None:
        valued = any(t.points[assessment.time_point].size is not None for t in known.of(issue.lesion_id))
        return Outcome.QUESTION if valued else issue.outcome
    if issue.code == "CRIT_MODALITY":
        answered = any(
            a.criterion == assessment.criterion
            and a.time_point == assessment.time_point
            and all(i.code != "CRIT_MODALITY" for i in a.issues)
            for a in every
        )
        return Outcome.NOTE if answered else issue.outcome
    return issue.outcome
