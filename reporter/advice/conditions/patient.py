"""Conditions about the patient, the therapy and the examination."""

from __future__ import annotations

from typing import Final

from reporter.advice.context import Context
from reporter.advice.interface import Timing
from reporter.case import scope
from reporter.case.vocabulary import BiopsyResult, TherapyKind


def under_age(context: Context) -> bool:
    """The patient is known to be younger than 18 years at the reported time point."""
    return scope.under_age(context.case)


def no_cancer_stated(context: Context) -> bool:
    """It is stated that there is no cancer, of every breast spoken of, and no biopsy says otherwise (S13)."""
    return scope.no_cancer(context.case)


def screening_stated(context: Context) -> bool:
    """The imaging was made for screening (S19)."""
    return scope.screening(context.case)


def not_neoadjuvant_stated(context: Context) -> bool:
    """The therapy is stated to have another intent than neoadjuvant (S1)."""
    return scope.not_neoadjuvant(context.case)


def breast_with_cancer(context: Context) -> bool:
    """A breast known to have cancer, or followed for it without a word that it has none (clinical ground 1.1)."""
    said = {entry.confirmed for entry in context.diagnoses}
    if context.side is None or (said == {False} and not _proven(context)):
        return False
    return bool(said) or bool(context.sites) or _proven(context)


def _proven(context: Context) -> bool:
    return any(lesion.biopsy_result is BiopsyResult.MALIGNANT for lesion in context.lesions)


def therapy_not_started(context: Context) -> bool:
    """Systemic therapy has not begun (S16)."""
    return context.timing is Timing.BEFORE


def therapy_begun(context: Context) -> bool:
    """Systemic therapy has begun, whether or not it is completed."""
    return context.timing in {Timing.DURING, Timing.AFTER, Timing.END_LABELLED}


def surgery_next(context: Context) -> bool:
    """Surgical lines may be shown: after the course, or at a time point labelled end (decision r)."""
    return context.timing.surgical


def course_completed(context: Context) -> bool:
    """The full course of therapy is completed (S25)."""
    return context.timing is Timing.AFTER


def no_baseline(context: Context) -> bool:
    """There is no study before therapy (S45)."""
    return context.case.baseline is None


def distant_suspected(context: Context) -> bool:
    """Distant spread is suspected (S10)."""
    return context.case.facts.suspicion_distant is True


def immunotherapy(context: Context) -> bool:
    """Immunotherapy is among the kinds of therapy: a caution, never another category (S57)."""
    return TherapyKind.IMMUNOTHERAPY in context.case.facts.therapy.kinds


def mri_not_possible(context: Context) -> bool:
    """It is stated that MRI cannot be done."""
    return context.case.facts.mri_possible is False


def clinical_worsening(context: Context) -> bool:
    """Clinical worsening is stated for the reported time point, or for a date that fits none (S17)."""
    day = context.case.reported.date
    entries = (e for e in context.case.facts.clinical if e.side is context.side and e.date in {day, None})
    return any(entry.worsening is True for entry in entries)


def examination_disagrees(context: Context) -> bool:
    """Examination and imaging disagree (S18; decision v)."""
    breast = context.breast
    by_imaging = breast is not None and any(d.with_examination for d in breast.discordances)
    by_site = any(site.contradicting_flag for site in context.sites)
    return by_imaging or by_site or (context.clinical is not None and context.clinical.exam_agrees is False)


CONDITIONS: Final = (
    breast_with_cancer,
    under_age,
    no_cancer_stated,
    screening_stated,
    not_neoadjuvant_stated,
    therapy_not_started,
    therapy_begun,
    surgery_next,
    course_completed,
    no_baseline,
    distant_suspected,
    immunotherapy,
    mri_not_possible,
    clinical_worsening,
    examination_disagrees,
)
