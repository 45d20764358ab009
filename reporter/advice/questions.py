"""Facts that are not stated and would change the advice, as questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reporter.advice.conditions.patient import breast_with_cancer
from reporter.advice.context import Context
from reporter.advice.contradictions import contradictions, malignant
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

_CODES = {
    THERAPY_STATUS: "THERAPY_STATUS_NOT_STATED",
    CLINICAL_NODE: "CLINICAL_NODE_NOT_STATED",
    KNOWN_POSITIVE: "NODE_KNOWN_POSITIVE_NOT_STATED",
    PREVIOUSLY_IMAGED: "AXILLA_IMAGED_NOT_STATED",
    IMAGING_SUSPICIOUS: "AXILLA_SUSPICIOUS_NOT_STATED",
    SUSPICION_DISTANT: "DISTANT_NOT_STATED",
    "therapy.intent": "INTENT_NOT_STATED",
    "diagnosis.confirmed": "DIAGNOSIS_NOT_STATED",
}
"""Fact (key path) -> code of the question, where it is not stated."""

_CONTRADICTED: Final[Mapping[str, tuple[str, str]]] = {
    Scenario.AXILLA_CONTRADICTED: ("AXILLA_CONTRADICTED", PREVIOUSLY_IMAGED),
    Scenario.AXILLA_PROOF_CONTRADICTED: ("AXILLA_PROOF_CONTRADICTED", KNOWN_POSITIVE),
}
"""Where the measurements contradict a fact of the axilla: code of the question, and the fact."""


def questions(patient: Context, sides: tuple[Context, ...], routes: tuple[Route, ...]) -> tuple[Issue, ...]:
    """A question for each fact that a route lacks, and for what puts a case in scope (S1), each once.

    Where the therapy stands is asked of the patient, whichever breast it was needed for.
    """
    if any(route.reason.startswith("out_of_scope") for route in routes):
        return ()
    missing = [(fact, route.side) for route in routes for fact in route.missing]
    missing += [("therapy.intent", None)] if patient.case.facts.therapy.neoadjuvant is None else []
    missing += [("diagnosis.confirmed", c.side) for c in sides if breast_with_cancer(c) and not _confirmed(c)]
    asked = dict.fromkeys((_CODES[fact], fact, None if fact == THERAPY_STATUS else side) for fact, side in missing)
    wrong = [(*_CONTRADICTED[route.reason], route.side) for route in routes if route.reason in _CONTRADICTED]
    found = (
        Issue(code=code, outcome=Outcome.QUESTION, side=side, column=fact) for code, fact, side in (*asked, *wrong)
    )
    return (*found, *contradictions(patient, sides))


def _confirmed(context: Context) -> bool:
    said = any(entry.confirmed is True for entry in context.diagnoses)
    return said or bool(malignant(context.case, context.side))
