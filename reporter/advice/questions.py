"""Facts that are not stated and would change the advice, as questions."""

from __future__ import annotations

from reporter.advice.conditions.patient import breast_with_cancer
from reporter.advice.context import Context
from reporter.advice.interface import Route
from reporter.advice.scenario import (
    CLINICAL_NODE,
    IMAGING_SUSPICIOUS,
    KNOWN_POSITIVE,
    PREVIOUSLY_IMAGED,
    SUSPICION_DISTANT,
    THERAPY_STATUS,
)
from reporter.case.issue import Issue, Outcome
from reporter.case.vocabulary import BiopsyResult, Side

_CODES = {
    THERAPY_STATUS: "ASK_THERAPY_STATUS",
    CLINICAL_NODE: "ASK_CLINICAL_NODE",
    KNOWN_POSITIVE: "ASK_NODE_KNOWN_POSITIVE",
    PREVIOUSLY_IMAGED: "ASK_AXILLA_IMAGED_BEFORE",
    IMAGING_SUSPICIOUS: "ASK_AXILLA_SUSPICIOUS",
    SUSPICION_DISTANT: "ASK_SUSPICION_DISTANT",
    "therapy.intent": "ASK_THERAPY_INTENT",
    "diagnosis.confirmed": "ASK_DIAGNOSIS_CONFIRMED",
}
"""Fact (key path) -> code of the question."""

_OF_PATIENT = frozenset({THERAPY_STATUS, SUSPICION_DISTANT, "therapy.intent"})


def questions(patient: Context, sides: tuple[Context, ...], routes: tuple[Route, ...]) -> tuple[Issue, ...]:
    """A question for each fact that a route lacks, and for what puts a case in scope (S1), each once."""
    if any(route.reason.startswith("out_of_scope") for route in routes):
        return ()
    missing = [(fact, route.side) for route in routes for fact in route.missing]
    missing += [("therapy.intent", None)] if patient.case.facts.therapy.intent is None else []
    missing += [("diagnosis.confirmed", c.side) for c in sides if breast_with_cancer(c) and not _confirmed(c)]
    asked = dict.fromkeys(_question(fact, None if fact in _OF_PATIENT else side) for fact, side in missing)
    return tuple(Issue(code=code, outcome=Outcome.QUESTION, side=side, column=fact) for code, fact, side in asked)


def _question(fact: str, side: Side | None) -> tuple[str, str, Side | None]:
    return _CODES[fact], fact, side


def _confirmed(context: Context) -> bool:
    said = any(entry.confirmed is True for entry in context.diagnoses)
    return said or any(lesion.biopsy_result is BiopsyResult.MALIGNANT for lesion in context.lesions)
