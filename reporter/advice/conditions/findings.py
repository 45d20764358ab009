"""Conditions about lesions first seen after baseline (decision p)."""

from __future__ import annotations

from typing import Final

from reporter.advice.context import Context
from reporter.advice.interface import Timing
from reporter.case.vocabulary import BiopsyResult
from reporter.response.interface import Headline, NewFindingClass

BIOPSIED: Final = frozenset({BiopsyResult.PENDING, BiopsyResult.MALIGNANT})
"""A new finding with one of these needs no further biopsy to be told apart."""


def new_finding_unsettled(context: Context) -> bool:
    """A new finding that is equivocal, was not covered before, or is not declared (decision p)."""
    found = bool(context.new_findings(NewFindingClass.UNSETTLED)) or context.headline is Headline.KNOWN_SITE_GONE
    return found and context.timing is not Timing.BEFORE


def new_finding_unproven(context: Context) -> bool:
    """Such a finding has no biopsy, pending or proving it, either."""
    found = context.new_findings(NewFindingClass.UNSETTLED)
    return new_finding_unsettled(context) and (not found or any(f.biopsy not in BIOPSIED for f in found))


def new_finding_biopsied(context: Context) -> bool:
    """The biopsy result of such a finding is pending."""
    return any(f.biopsy is BiopsyResult.PENDING for f in context.new_findings(NewFindingClass.UNSETTLED))


def new_finding_proven(context: Context) -> bool:
    """Such a finding is proven malignant, and yet no progression: nothing shows that its area was clear before."""
    return any(f.biopsy is BiopsyResult.MALIGNANT for f in context.new_findings(NewFindingClass.UNSETTLED))


def new_cancer(context: Context) -> bool:
    """A contralateral finding is proven: a new cancer of that side (decision p)."""
    return bool(context.new_findings(NewFindingClass.NEW_CANCER)) and context.timing is not Timing.BEFORE


CONDITIONS: Final = (
    new_finding_unsettled,
    new_finding_unproven,
    new_finding_biopsied,
    new_finding_proven,
    new_cancer,
)
