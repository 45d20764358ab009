"""Where the therapy stands, and where each question of a case leads in the guideline (clinical ground 1.1).

Sex and gender are never read (S12).  Where a fact is not stated that could change the result, no variant is cited
and the fact is named.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from reporter.advice.conditions.patient import (
    breast_with_cancer,
    clinical_worsening,
    no_cancer_stated,
    not_neoadjuvant_stated,
    screening_stated,
    under_age,
)
from reporter.advice.context import SEEN_STATES, Context
from reporter.advice.interface import Question, Route, Timing
from reporter.advice.pack import Pack
from reporter.advice.vocabulary import Scenario
from reporter.case.case import Case
from reporter.case.facts import Axilla
from reporter.case.lesion import Lesion
from reporter.case.timepoint import BaselineBasis
from reporter.case.vocabulary import BiopsyResult, ClinicalNode, Modality, Phase, TherapyStatus

Stated = TypeVar("Stated")
Finding = tuple[Scenario, tuple[str, ...]]
"""The scenario, and the facts (key paths) that are missing to settle it."""

THERAPY_STATUS: Final = "therapy.status"
CLINICAL_NODE: Final = "axilla.clinical_node"
KNOWN_POSITIVE: Final = "axilla.known_positive"
PREVIOUSLY_IMAGED: Final = "axilla.previously_imaged"
IMAGING_SUSPICIOUS: Final = "axilla.imaging_suspicious"
SUSPICION_DISTANT: Final = "suspicion_distant"

_OF_STATUS = {
    TherapyStatus.NOT_STARTED: Timing.BEFORE,
    TherapyStatus.ONGOING: Timing.DURING,
    TherapyStatus.COMPLETED: Timing.AFTER,
    None: Timing.UNSTATED,
}

_SHOWS_NODES = frozenset({Modality.MG, Modality.DBT, Modality.US, Modality.MR, None})
"""Modalities of variant 7; the unnamed one is one of them."""

_SCOPE = (
    (under_age, Scenario.OUT_MINOR),
    (no_cancer_stated, Scenario.OUT_NO_CANCER),
    (screening_stated, Scenario.OUT_SCREENING),
    (not_neoadjuvant_stated, Scenario.OUT_NOT_NEOADJUVANT),
)


def timing_of(case: Case) -> Timing:
    """Which texts the reported time point gets: by its own phase, else by where the therapy stands (decisions m, r).

    A baseline by the therapy dates is before their start, so that their status says the same.
    """
    status = case.therapy_status
    match case.reported.phase:
        case Phase.BASELINE if case.timeline.basis is BaselineBasis.LABEL:
            return Timing.BEFORE
        case Phase.DURING:
            return Timing.DURING
        case Phase.END:
            return Timing.AFTER if status is TherapyStatus.COMPLETED else Timing.END_LABELLED
        case _:
            return _OF_STATUS[status]


def out_of_scope(patient: Context) -> tuple[Scenario, ...]:
    """Every stated reason why the topic does not apply (row A1); none where nothing says so."""
    return tuple(scenario for holds, scenario in _SCOPE if holds(patient))


def routes(patient: Context, sides: tuple[Context, ...], pack: Pack) -> tuple[Route, ...]:
    """A route for each question: breast and axilla of every breast with cancer, and distant spread."""
    outside = out_of_scope(patient)
    if outside:
        return tuple(_route(Question.BREAST, patient, (scenario, ()), pack) for scenario in outside)
    with_cancer = tuple(context for context in sides if breast_with_cancer(context))
    local = tuple(
        _route(question, context, rule(context), pack)
        for context in with_cancer
        for question, rule in ((Question.BREAST, breast_scenario), (Question.AXILLA, axilla_scenario))
    )
    distant = distant_scenario(patient)
    return local if distant is None else (*local, _route(Question.DISTANT, patient, distant, pack))


def _route(question: Question, context: Context, finding: Finding, pack: Pack) -> Route:
    scenario, missing = finding
    variant = None if missing else pack.variant_for(scenario)
    neighbour = None if missing or variant is not None else pack.neighbour_for(scenario)
    return Route(
        question=question,
        side=context.side,
        variant=None if variant is None else variant.number,
        title=None if variant is None else variant.title,
        neighbour=None if neighbour is None else neighbour.id,
        reason=scenario,
        missing=missing,
    )


def breast_scenario(context: Context) -> Finding:
    """The breast: before the start, or after it; clinical worsening leaves the topic (row A3)."""
    match context.timing:
        case Timing.UNSTATED:
            return Scenario.BREAST_NOT_STATED, (THERAPY_STATUS,)
        case Timing.BEFORE:
            return Scenario.BREAST_BEFORE, ()
        case _ if clinical_worsening(context):
            return Scenario.BREAST_URGENT, ()
        case _:
            return Scenario.BREAST_STARTED, ()


def axilla_scenario(context: Context) -> Finding:
    """The axilla: by therapy, clinical node status, and what imaging said of it before.

    After the course the measurements speak too: a node measured at an earlier time point was imaged before, and a
    proven one was positive then.
    """
    match context.timing:
        case Timing.BEFORE:
            return _axilla_before(context)
        case Timing.AFTER:
            return _axilla_completed(context)
        case Timing.DURING:
            return Scenario.AXILLA_DURING, ()
        case Timing.END_LABELLED if context.case.therapy_status is TherapyStatus.ONGOING:
            return Scenario.AXILLA_DURING, ()
        case _:
            return Scenario.AXILLA_NOT_STATED, (THERAPY_STATUS,)


def _axilla_before(context: Context) -> Finding:
    suspicious = _ever(context, lambda axilla: axilla.imaging_suspicious)
    node = _ever(context, lambda axilla: axilla.clinical_node)
    if suspicious is True:
        return Scenario.AXILLA_BEFORE_SUSPICIOUS, ()
    missing = _missing(((IMAGING_SUSPICIOUS, suspicious), (CLINICAL_NODE, node)))
    if missing:
        return Scenario.AXILLA_NOT_STATED, missing
    negative = node is ClinicalNode.NEGATIVE
    return (Scenario.AXILLA_BEFORE_NEGATIVE if negative else Scenario.AXILLA_BEFORE_POSITIVE), ()


def _axilla_completed(context: Context) -> Finding:
    node = _ever(context, lambda axilla: axilla.clinical_node)
    positive = _ever(context, lambda axilla: axilla.known_positive)
    now = context.axilla_now
    imaged = None if now is None else now.previously_imaged
    measured = nodes_measured_before(context)
    if measured and imaged is False:
        return Scenario.AXILLA_CONTRADICTED, ()
    if _proven(measured) and positive is False:
        return Scenario.AXILLA_PROOF_CONTRADICTED, ()
    imaged = True if measured else imaged
    positive = True if _proven(measured) else positive
    if imaged is None:
        asked = node if positive is None else positive
        return Scenario.AXILLA_NOT_STATED, _missing(((PREVIOUSLY_IMAGED, None), (CLINICAL_NODE, asked)))
    return _imaged_before(node, positive) if imaged else _never_imaged(node, positive)


def nodes_measured_before(context: Context) -> tuple[Lesion, ...]:
    """Nodes of this side that mammography, US or MRI showed at an earlier time point: the axilla was imaged before."""
    case = context.case
    rows = (m for m in case.measurements if m.study not in case.reported.studies and m.modality in _SHOWS_NODES)
    seen = {row.lesion_id for row in rows if row.value.status in SEEN_STATES}
    return tuple(lesion for lesion in context.lesions if lesion.is_node and lesion.id in seen)


def _proven(nodes: tuple[Lesion, ...]) -> bool:
    return any(node.biopsy_result is BiopsyResult.MALIGNANT for node in nodes)


def _imaged_before(node: ClinicalNode | None, positive: bool | None) -> Finding:
    """Imaged before: positive on that imaging or not; which of the two must be stated."""
    if positive is None:
        return Scenario.AXILLA_NOT_STATED, (KNOWN_POSITIVE,)
    if positive:
        return Scenario.AXILLA_POSITIVE_IMAGED, ()
    clinically = node is ClinicalNode.POSITIVE
    return (Scenario.AXILLA_POSITIVE_CLINICALLY if clinically else Scenario.AXILLA_NEGATIVE_IMAGED), ()


def _never_imaged(node: ClinicalNode | None, positive: bool | None) -> Finding:
    """Never imaged: clinically negative or not."""
    if positive is True or node is ClinicalNode.POSITIVE:
        return Scenario.AXILLA_POSITIVE_NEVER_IMAGED, ()
    if node is None:
        return Scenario.AXILLA_NOT_STATED, (CLINICAL_NODE,)
    return Scenario.AXILLA_NEGATIVE_NEVER_IMAGED, ()


def distant_scenario(patient: Context) -> Finding | None:
    """Distant spread, in any phase; no question at all where the suspicion is stated not to exist."""
    suspected = patient.case.facts.suspicion_distant
    if suspected is None:
        return Scenario.DISTANT_NOT_STATED, (SUSPICION_DISTANT,)
    return (Scenario.DISTANT_SUSPECTED, ()) if suspected else None


def _ever(context: Context, get: Callable[[Axilla], Stated | None]) -> Stated | None:
    """A fact of the axilla at whatever date, that of the reported time point first."""
    return next((value for entry in context.axilla_ever if (value := get(entry)) is not None), None)


def _missing(facts: tuple[tuple[str, object], ...]) -> tuple[str, ...]:
    return tuple(name for name, value in facts if value is None)
