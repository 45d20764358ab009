"""Conditions about the response of a breast: what rows B1-B11 and C10 start from."""

from __future__ import annotations

from typing import Final

from reporter.advice.conditions.findings import BIOPSIED
from reporter.advice.context import SEEN_STATES, Context
from reporter.advice.interface import Timing
from reporter.case.vocabulary import NEVER_OF_RECORD, BiopsyResult, Kind
from reporter.response.interface import Category, Headline, NewFindingClass, ProgressionKind, Regrowth, SiteResponse


def progressive(context: Context) -> bool:
    """Progression on any imaging modality, of a site, a node, the sum, or by a new lesion (decisions k, l, n).

    Of the patient: by a criterion of the whole patient, where no side has it.
    """
    breast = context.breast
    if context.timing is Timing.BEFORE:
        return False
    if breast is None:
        return context.of_patient is Category.PD and not any(progressive(side) for side in context.every_side)
    by_category = Category.PD in {
        breast.category,
        *(s.category for s in context.sites),
        *(n.category for n in context.nodes),
    }
    by_finding = bool(context.new_findings(NewFindingClass.PROGRESSION))
    return bool(breast.progressions) or breast.headline is Headline.PROGRESSIVE or by_category or by_finding


def progressive_by_new_lesion(context: Context) -> bool:
    """A new lesion counts as progression (decision p)."""
    breast = context.breast
    kinds = set() if breast is None else {p.kind for p in breast.progressions}
    return ProgressionKind.NEW_LESION in kinds or bool(context.new_findings(NewFindingClass.PROGRESSION))


def new_lesion_unproven(context: Context) -> bool:
    """A new lesion counts as progression and has no biopsy, pending or proving it."""
    found = context.new_findings(NewFindingClass.PROGRESSION)
    return any(f.biopsy not in BIOPSIED for f in found) or (progressive_by_new_lesion(context) and not found)


def new_lesion_biopsied(context: Context) -> bool:
    """A new lesion counts as progression, and its biopsy result is pending."""
    return any(f.biopsy is BiopsyResult.PENDING for f in context.new_findings(NewFindingClass.PROGRESSION))


def growth_without_baseline(context: Context) -> bool:
    """Growth between the studies at hand meets the rule of progression although there is no baseline (row A5)."""
    return context.breast is not None and any(p.without_baseline for p in context.breast.progressions)


def stable(context: Context) -> bool:
    """A breast site, or the breast, is stable (decision n: any site).

    Of the patient: by a criterion of the whole patient, where no side is stable or progressive.
    """
    if context.side is None:
        asked = context.of_patient is Category.SD and context.timing is not Timing.BEFORE
        return asked and not any(stable(side) or progressive(side) for side in context.every_side)
    found = (
        Category.SD in {context.category, *(s.category for s in context.sites)} or context.headline is Headline.STABLE
    )
    return found and context.classified


def of_a_breast(context: Context) -> bool:
    """It is about a breast with its axilla, not about the whole patient."""
    return context.side is not None


def mixed(context: Context) -> bool:
    """A responding site stands beside a stable or progressive one (decision n)."""
    return context.headline is Headline.MIXED or context.category is Category.MIXED


def indeterminate(context: Context) -> bool:
    """The radiologist calls the breast, or a site of it, indeterminate (decision q)."""
    return context.classified and (bool(indeterminate_sites(context)) or context.headline is Headline.INDETERMINATE)


def indeterminate_sites(context: Context) -> tuple[str, ...]:
    """Sites flagged indeterminate, by themselves or with their breast, that local imaging looked at now.

    One without a row is not evaluable, never indeterminate (decision q).
    """
    of_breast = context.flags is not None and context.flags.indeterminate is True
    own = {s.lesion_id: context.lesion_flags(s.lesion_id) for s in context.sites}
    flagged = {i for i, flags in own.items() if of_breast or (flags is not None and flags.indeterminate is True)}
    return tuple(s.lesion_id for s in context.sites if s.lesion_id in flagged and _looked_at(s))


def _looked_at(site: SiteResponse) -> bool:
    points = [r.point for r in site.results if r.point.modality not in NEVER_OF_RECORD]
    return any(point.state in SEEN_STATES or point.size is not None for point in points)


def not_evaluable(context: Context) -> bool:
    """The breast has no category because a part is missing."""
    found = context.headline is Headline.NOT_EVALUABLE or context.category is Category.NE
    return found and context.classified


def a_site_not_evaluable(context: Context) -> bool:
    """A site of the breast is not evaluable, whatever the others are."""
    return any(s.category is Category.NE for s in context.sites) and context.classified


def refused_by_criterion(context: Context) -> bool:
    """Every site that is not evaluable has a size now, on a modality that the criterion does not accept."""
    missing = [s for s in context.sites if s.category is Category.NE]
    return bool(missing) and all(_refused(site) for site in missing)


def _refused(site: SiteResponse) -> bool:
    refused = [r for r in site.results if r.verdict is not None and r.verdict.rule.endswith("modality_not_accepted")]
    return any(r.point.size is not None for r in refused)


def near_complete(context: Context) -> bool:
    """The radiologist calls it near-complete, and by size it is a partial or complete response (decision q)."""
    flagged = context.flagged(lambda flags: flags.near_complete)
    responding = context.category in {Category.CR, Category.PR}
    return (flagged and responding and context.classified) or context.headline is Headline.NEAR_COMPLETE


def near_complete_against(context: Context) -> tuple[str, ...]:
    """Sites called near-complete, by themselves or with their breast, that are stable or progressive by size.

    The flag never hides them (decision q): the category stands, and the contradiction is asked about.
    """
    of_breast = context.flags is not None and context.flags.near_complete is True
    unresponsive = [s.lesion_id for s in context.sites if s.category in {Category.SD, Category.PD}]
    own = {i for i in unresponsive if (f := context.lesion_flags(i)) is not None and f.near_complete is True}
    return tuple(i for i in unresponsive if of_breast or i in own)


def complete(context: Context) -> bool:
    """Complete response on imaging, on every imaging modality that looked (decision l)."""
    contradicted = context.headline in {Headline.NOT_COMPLETE, Headline.NEAR_COMPLETE}
    measured_elsewhere = any(site.still_measured for site in context.sites)
    return context.classified and context.category is Category.CR and not contradicted and not measured_elsewhere


def partial(context: Context) -> bool:
    """Partial response, held or not; or complete by the record while another modality still measures (decision l)."""
    partial_lines = {Headline.PARTIAL, Headline.PARTIAL_HELD, Headline.NOT_COMPLETE}
    contradicted = context.category is Category.CR and not complete(context)
    found = context.headline in partial_lines or context.category is Category.PR or contradicted
    return found and context.classified


def persistent(context: Context) -> bool:
    """Disease persists and is not measurable (non-CR/non-PD)."""
    found = context.headline is Headline.PERSISTENT or context.category is Category.NON_CR_NON_PD
    return found and context.classified


def residual_large(context: Context) -> bool:
    """The radiologist calls the residual large (S41; no threshold in the source)."""
    return context.flagged(lambda flags: flags.residual_large)


def larger_elsewhere(context: Context) -> bool:
    """A site that is not evaluable is larger now than at baseline, though on another modality (row B8)."""
    return context.breast is not None and bool(context.breast.larger_elsewhere)


def regrowth(context: Context) -> bool:
    """Growth since the smallest size that is not progression (decisions a, b; row C10)."""
    return bool(regrowths(context)) and context.classified


def regrowths(context: Context) -> tuple[Regrowth, ...]:
    """Growth since the smallest size that no progression tells already, on the same modality."""
    if context.breast is None:
        return ()
    told = {(p.lesion_id, p.modality) for p in context.breast.progressions}
    return tuple(r for r in context.breast.regrowths if (r.lesion_id, r.modality) not in told)


def several_sites(context: Context) -> bool:
    """More than one breast site that is not stated benign (S61)."""
    skin = {lesion.id for lesion in context.lesions if lesion.kind is Kind.SKIN}
    return len([site for site in context.sites if site.lesion_id not in skin]) > 1


def biology_not_known(context: Context) -> bool:
    """Sites differ in response, and one that does not respond has no receptors of its own biopsy."""
    unresponsive = {Category.SD, Category.PD}
    lesions = (context.lesion(s.lesion_id) for s in context.sites if s.category in unresponsive)
    return mixed(context) and any(lesion is not None and lesion.receptors is None for lesion in lesions)


CONDITIONS: Final = (
    progressive,
    progressive_by_new_lesion,
    new_lesion_unproven,
    new_lesion_biopsied,
    growth_without_baseline,
    stable,
    of_a_breast,
    mixed,
    indeterminate,
    not_evaluable,
    a_site_not_evaluable,
    refused_by_criterion,
    near_complete,
    complete,
    partial,
    persistent,
    residual_large,
    larger_elsewhere,
    regrowth,
    several_sites,
    biology_not_known,
)
