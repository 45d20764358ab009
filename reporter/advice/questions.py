"""Facts that are not stated and would change the advice, as questions."""

from __future__ import annotations

from typing import Final

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
from reporter.advice.vocabulary import Scenario
from reporter.case.issue import Issue, Outcome
from reporter.case.vocabulary import BiopsyResult, Side

CONTRADICTED: Final = "axilla.previously_imaged, axilla.known_positive"
"""The facts that the measurements contradict."""

_CODES = {
    CONTRADICTED: "AXILLA_CONTRADICTED",
    THERAPY_STATUS: "THERAPY_STATUS_NOT_STATED",
    CLINICAL_NODE: "CLINICAL_NODE_NOT_STATED",
    KNOWN_POSITIVE: "NODE_KNOWN_POSITIVE_NOT_STATED",
    PREVIOUSLY_IMAGED: "AXILLA_IMAGED_NOT_STATED",
    IMAGING_SUSPICIOUS: "AXILLA_SUSPICIOUS_NOT_STATED",
    SUSPICION_DISTANT: "DISTANT_NOT_STATED",
    "therapy.intent": "INTENT_NOT_STATED",
    "diagnosis.confirmed": "DIAGNOSIS_NOT_STATED",
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
    missing += [(CONTRADICTED, r.side) for r in routes if r.reason == Scenario.AXILLA_CONTRADICTED]
    asked = dict.fromkeys(_question(fact, None if fact in _OF_PATIENT else side) for fact, side in missing)
    return tuple(Issue(code=code, outcome=Outcome.QUESTION, side=side, column=fact) for code, fact, side in asked)


def _question(fact: str, side: Side | None) -> tuple[str, str, Side | None]:
    return _CODES[fact], fact, side


def _confirmed(context: Context) -> bool:
    said = any(entry.confirmed is True for entry in context.diagnoses)
    return said or any(lesion.biopsy_result is BiopsyResult.MALIGNANT for lesion in context.lesions)
