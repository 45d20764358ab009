"""Conditions about the modalities: which were used, and what they can and cannot show."""

from __future__ import annotations

from typing import Final

from reporter.advice.context import SEEN_STATES, Context, modality_group
from reporter.advice.studies import contrast_mri_done, mammography_done, mri_without_contrast, procedure_done, us_done
from reporter.advice.vocabulary import ProcedureKey
from reporter.case.vocabulary import NEVER_OF_RECORD, Kind, Modality
from reporter.response.interface import Calcifications


def contrast_mri_now(context: Context) -> bool:
    """Breast MRI with contrast was made at the reported time point (one at baseline does not count)."""
    return contrast_mri_done(context)


def mri_now_without_contrast(context: Context) -> bool:
    """Breast MRI was made at the reported time point, stated to be without contrast."""
    return mri_without_contrast(context)


def mri_at_baseline(context: Context) -> bool:
    """MRI showed a site of this breast, or was made, at baseline."""
    measured = context.breast is not None and Modality.MR in context.breast.modalities_saw_baseline
    return measured or Modality.MR in context.modalities_at_baseline


def mammography_now(context: Context) -> bool:
    """Mammography or DBT was made at the reported time point."""
    return mammography_done(context)


def us_now(context: Context) -> bool:
    """Breast ultrasound was made at the reported time point."""
    return us_done(context)


def one_modality(context: Context) -> bool:
    """Only one imaging modality looked at the breast now, or none (S46, S36)."""
    looked = () if context.breast is None else context.breast.modalities_now
    return bool(context.sites) and len({modality_group(m) for m in looked if m not in NEVER_OF_RECORD}) <= 1


def one_modality_at_baseline(context: Context) -> bool:
    """Only one imaging modality showed a site at baseline (row C1)."""
    return bool(sites_of_one_modality(context))


def sites_of_one_modality(context: Context) -> tuple[str, ...]:
    """Sites that only one imaging modality showed at baseline."""
    return tuple(site.lesion_id for site in context.sites if len(context.seen_at_baseline(site)) == 1)


def modalities_disagree(context: Context) -> bool:
    """Two imaging modalities disagree about a site or a node (decision v)."""
    return sites_disagree(context) or any(node.discordances for node in context.nodes)


def sites_disagree(context: Context) -> bool:
    """Two imaging modalities disagree about a breast site (decision v)."""
    return context.breast is not None and any(not d.with_examination for d in context.breast.discordances)


def pet_only_size(context: Context) -> bool:
    """PET is the only modality that gives a size of the breast now (S35)."""
    sized = {r.point.modality for site in context.sites for r in site.results if r.point.size is not None}
    return sized - {Modality.EXAM} == {Modality.PT}


def pet_ct_made(context: Context) -> bool:
    """PET/CT was made at the reported time point (S10)."""
    return procedure_done(context, ProcedureKey.PET_CT)


def lobular_or_non_mass(context: Context) -> bool:
    """Lobular cancer by histology, or a non-mass lesion (S33)."""
    non_mass = any(lesion.kind is Kind.NON_MASS for lesion in context.lesions)
    return non_mass or any(diagnosis.lobular for diagnosis in context.diagnoses)


def calcifications_known(context: Context) -> bool:
    """Calcifications of this breast are known."""
    return context.breast is not None and bool(context.breast.calcifications)


def calcifications_unassessed(context: Context) -> bool:
    """Calcifications are known, and mammography or DBT was not made now (S31)."""
    return bool(calcifications_to_assess(context)) and not mammography_done(context)


def calcifications_to_assess(context: Context) -> tuple[str, ...]:
    """Lesions with calcifications at baseline that mammography did not look at now."""
    entries = () if context.breast is None else context.breast.calcifications
    return tuple(sorted(c.lesion_id for c in entries if not c.assessed_now and _at_baseline(context, c)))


def _at_baseline(context: Context, entry: Calcifications) -> bool:
    """By their extent, or by a row of that area at baseline that shows it."""
    if entry.baseline is not None:
        return entry.baseline.mm > 0
    baseline = context.case.baseline
    rows = () if baseline is None else context.case.measurements_at(baseline, entry.lesion_id)
    lesion = context.lesion(entry.lesion_id)
    own = lesion is not None and lesion.kind is Kind.CALCIFICATION
    return own and any(row.value.status in SEEN_STATES for row in rows)


def posttreatment_change(context: Context) -> bool:
    """The radiologist sees change after treatment: scar, oedema, inflammation (S29, S32)."""
    return context.flagged(lambda flags: flags.posttreatment_change)


def dense(context: Context) -> bool:
    """The breast is heterogeneously or extremely dense, c or d (S7, S59)."""
    said = {(e.density or "").strip().casefold() for e in context.case.facts.breast if e.side is context.side}
    return bool(said & {"c", "d"})


CONDITIONS: Final = (
    contrast_mri_now,
    mri_now_without_contrast,
    mri_at_baseline,
    mammography_now,
    us_now,
    one_modality,
    one_modality_at_baseline,
    modalities_disagree,
    sites_disagree,
    pet_only_size,
    pet_ct_made,
    lobular_or_non_mass,
    calcifications_known,
    calcifications_unassessed,
    posttreatment_change,
    dense,
)
