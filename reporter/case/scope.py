"""Whether a case is about a response at all (row A1): no cancer, screening, another intent, or a minor, it is not.

Only an explicit no puts a case out of scope; what is not stated never does.
"""

from __future__ import annotations

from typing import Final

from reporter.case.case import Case
from reporter.case.vocabulary import BiopsyResult, Indication

ADULT_AGE: Final = 18
"""The topic is about adults (clinical ground 1.1)."""


def nothing_to_classify(case: Case) -> bool:
    """Whether nothing is classified, because the case is stated to be out of scope."""
    return screening(case) or no_cancer(case) or not_neoadjuvant(case) or under_age(case)


def no_cancer(case: Case) -> bool:
    """Whether it is stated that there is no cancer, of every breast spoken of, and no biopsy says otherwise (S13)."""
    if {entry.confirmed for entry in case.facts.diagnosis} != {False}:
        return False
    spoken = {entry.side for entry in case.facts.diagnosis}
    proven = any(lesion.biopsy_result is BiopsyResult.MALIGNANT for lesion in case.lesions)
    unspoken = set(case.sides) - spoken and None not in spoken
    return not proven and not unspoken


def screening(case: Case) -> bool:
    """Whether the imaging was made for screening (S19)."""
    return case.facts.indication is Indication.SCREENING


def not_neoadjuvant(case: Case) -> bool:
    """Whether the therapy is stated to have another intent than neoadjuvant (S1)."""
    return case.facts.therapy.neoadjuvant is False


def under_age(case: Case) -> bool:
    """Whether the patient is known to be younger than 18 years at the reported time point."""
    age = case.patient.age_on(case.reported.date)
    return age is not None and age < ADULT_AGE
