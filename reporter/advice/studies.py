"""Which studies of a side were made at the reported time point, and which a row's wish comes down to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reporter.advice.context import Context, modality_group
from reporter.advice.vocabulary import ProcedureKey, Want
from reporter.case.coverage import looked_at_breast
from reporter.case.study import Study
from reporter.case.vocabulary import MAMMOGRAPHY, Modality
from reporter.response.interface import Category, SiteResponse, State
from reporter.response.modalities import contrast_given

_MAMMOGRAPHY_KEYS = (ProcedureKey.MAMMOGRAPHY, ProcedureKey.DBT)
_BREAST_KEYS = (ProcedureKey.US_BREAST, *_MAMMOGRAPHY_KEYS, ProcedureKey.MRI_CONTRAST)

_KEYS_OF_MODALITY: Final[Mapping[Modality | None, tuple[ProcedureKey, ...]]] = {
    Modality.US: (ProcedureKey.US_BREAST,),
    Modality.MG: _MAMMOGRAPHY_KEYS,
    Modality.MR: (ProcedureKey.MRI_CONTRAST,),
}
"""Procedures by the modality that performs them; others are in no variant of the topic."""


def modality_done(context: Context, modality: Modality) -> bool:
    """Whether a modality looked at this side (any side, for the patient) at the reported time point.

    Not where its rows say that nothing of this breast was imaged or could be evaluated.
    """
    if _studies(context, modality):
        return True
    if context.breast is None or modality not in context.breast.modalities_now:
        return False
    twin_read = modality in MAMMOGRAPHY and any(_studies(context, one) for one in MAMMOGRAPHY)
    return not twin_read


def _studies(context: Context, modality: Modality) -> tuple[Study, ...]:
    """Studies of the reported time point with a modality, but for those that did not look at this side."""
    known = context.studies.get(modality)
    if known is None:
        known = context.studies[modality] = _looking(context, modality)
    return known


def _looking(context: Context, modality: Modality) -> tuple[Study, ...]:
    case = context.case
    of_time_point = (study for study in case.studies if study.key in case.reported.studies)
    shown = (s for s in of_time_point if modality in s.modalities and _shows(s, modality, context))
    return tuple(s for s in shown if looked_at_breast(case, s.key, modality, context.side))


def _shows(study: Study, modality: Modality, context: Context) -> bool:
    sides = study.sides(modality)
    return context.side is None or not sides or context.side in sides


def us_done(context: Context) -> bool:
    """Breast ultrasound."""
    return modality_done(context, Modality.US)


def mammography_done(context: Context) -> bool:
    """Mammography or DBT."""
    return any(modality_done(context, modality) for modality in MAMMOGRAPHY)


def contrast_mri_done(context: Context) -> bool:
    """Breast MRI, unless header or facts say that it was made without contrast (decision m)."""
    return modality_done(context, Modality.MR) and not mri_without_contrast(context)


def mri_without_contrast(context: Context) -> bool:
    """Breast MRI that header or facts say was made without contrast."""
    studies = _studies(context, Modality.MR)
    return bool(studies) and all(contrast_given(context.case, s.key, context.side) is False for s in studies)


def procedure_done(context: Context, key: ProcedureKey) -> bool:
    """Whether a procedure was made of this side at the reported time point.

    A biopsy, a bone scan and a CT of chest, abdomen and pelvis cannot be told from what is read: not known as done.
    """
    axilla = context.axilla
    match key:
        case ProcedureKey.US_BREAST:
            return us_done(context)
        case ProcedureKey.MAMMOGRAPHY:
            return modality_done(context, Modality.MG)
        case ProcedureKey.DBT:
            return modality_done(context, Modality.DBT)
        case ProcedureKey.MRI_CONTRAST:
            return contrast_mri_done(context)
        case ProcedureKey.US_AXILLA:
            return axilla is not None and Modality.US in axilla.modalities_now
        case ProcedureKey.PET_CT:
            return modality_done(context, Modality.PT)
        case _:
            return False


def needed(context: Context, key: ProcedureKey) -> bool:
    """Whether a wish for a procedure stands: not done, possible, and not made up for by its twin."""
    if key in _MAMMOGRAPHY_KEYS:
        return not mammography_done(context)
    if key is ProcedureKey.MRI_CONTRAST and context.case.facts.mri_possible is False:
        return False
    return not procedure_done(context, key)


def wanted(context: Context, want: Want) -> tuple[ProcedureKey, ...]:
    """The procedures that a row's wish comes down to in this case, without those already done."""
    return tuple(key for key in _wished(context, want) if needed(context, key))


def _wished(context: Context, want: Want) -> tuple[ProcedureKey, ...]:
    match want:
        case Want.US_BREAST:
            return (ProcedureKey.US_BREAST,)
        case Want.MAMMOGRAPHY:
            return _MAMMOGRAPHY_KEYS
        case Want.MRI_CONTRAST:
            return (ProcedureKey.MRI_CONTRAST,)
        case Want.US_AXILLA:
            return (ProcedureKey.US_AXILLA,)
        case Want.NODE_BIOPSY:
            proven = any(node.proven for node in context.nodes)
            return () if proven else (ProcedureKey.NODE_CORE_BIOPSY, ProcedureKey.NODE_FNA)
        case Want.OTHER_MODALITY:
            return _other_modality(context)
        case Want.BASELINE_MODALITY:
            return _baseline_modality(context)
        case Want.ANOTHER_MODALITY:
            return _BREAST_KEYS
        case Want.STAGING:
            return _staging(context)


def _staging(context: Context) -> tuple[ProcedureKey, ...]:
    """PET/CT, or CT together with a bone scan; nothing more where PET/CT was made."""
    if procedure_done(context, ProcedureKey.PET_CT):
        return ()
    return (ProcedureKey.PET_CT, ProcedureKey.CT_CHEST_ABDOMEN_PELVIS, ProcedureKey.BONE_SCAN)


def _other_modality(context: Context) -> tuple[ProcedureKey, ...]:
    """The other of US and mammography; where a site was occult there, MRI instead (row C1)."""
    pair = (Modality.US, Modality.MG)
    occult = {modality for modality in pair if any(_occult(context, site, modality) for site in context.sites)}
    useful = [key for modality in pair if modality not in occult for key in _KEYS_OF_MODALITY[modality]]
    return (*useful, *((ProcedureKey.MRI_CONTRAST,) if occult else ()))


def _occult(context: Context, site: SiteResponse, modality: Modality) -> bool:
    """Whether a modality looked for a site at baseline and did not show it, while another one did."""
    absent = [p.modality for p in context.points_at_baseline(site) if p.state is State.ABSENT]
    looked = modality in [modality_group(m) for m in absent]
    return looked and modality not in context.seen_at_baseline(site)


def _baseline_modality(context: Context) -> tuple[ProcedureKey, ...]:
    """For each site not evaluable, the first modality by size of record that showed it at baseline and is missing."""
    keys = dict.fromkeys(key for site in context.sites for key in _missing_of(context, site))
    return tuple(key for key in _BREAST_KEYS if key in keys)


def _missing_of(context: Context, site: SiteResponse) -> tuple[ProcedureKey, ...]:
    if site.category is not Category.NE:
        return ()
    seen = context.seen_at_baseline(site)
    order = dict.fromkeys(modality_group(m) for m in context.response.thresholds.size_order)
    for modality in order:
        keys = _KEYS_OF_MODALITY.get(modality, ()) if modality in seen else ()
        if any(needed(context, key) for key in keys):
            return keys
    return ()
