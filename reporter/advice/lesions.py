"""The closed vocabulary of lesions that a row, step or note is about.

Each gives ids in order; none means the whole breast, axilla or patient.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Final

from reporter.advice.conditions.bed import (
    MARKER_SEEN,
    beds,
    benign_marked,
    placed_markers,
    unconfirmed_beds,
    unmarked_shrinking_lesions,
)
from reporter.advice.conditions.breast import regrowths
from reporter.advice.conditions.findings import BIOPSIED
from reporter.advice.conditions.imaging import calcifications_to_assess, sites_of_one_modality
from reporter.advice.context import Context
from reporter.advice.nodes import abnormal_nodes, unproven_nodes
from reporter.case.vocabulary import BiopsyResult, Kind
from reporter.response.interface import Category, NewFindingClass, ProgressionKind

Selector = Callable[[Context], tuple[str, ...]]


def all_sites(context: Context) -> tuple[str, ...]:
    """Every breast site that is not stated benign."""
    return tuple(site.lesion_id for site in context.sites)


def stable_sites(context: Context) -> tuple[str, ...]:
    """Sites that are stable."""
    return _sites(context, {Category.SD})


def unresponsive_sites_of_unknown_biology(context: Context) -> tuple[str, ...]:
    """Sites that do not respond and have no receptors of their own biopsy."""
    found = _sites(context, {Category.SD, Category.PD})
    return tuple(i for i in found if (lesion := context.lesion(i)) is not None and lesion.receptors is None)


def partial_sites(context: Context) -> tuple[str, ...]:
    """Sites in partial response, and those gone by the record that another modality still measures."""
    still = {site.lesion_id for site in context.sites if site.still_measured}
    return tuple(i for i in all_sites(context) if i in still or i in _sites(context, {Category.PR}))


def unevaluable_sites(context: Context) -> tuple[str, ...]:
    """Sites that are not evaluable."""
    return _sites(context, {Category.NE})


def persistent_sites(context: Context) -> tuple[str, ...]:
    """Sites that persist without being measurable."""
    return _sites(context, {Category.NON_CR_NON_PD})


def progressive_lesions(context: Context) -> tuple[str, ...]:
    """Sites, nodes and new lesions that are progression, on whatever imaging modality."""
    progressions = () if context.breast is None else context.breast.progressions
    found = {p.lesion_id for p in progressions if p.lesion_id is not None}
    nodes = {node.lesion_id for node in context.nodes if node.category is Category.PD}
    return tuple(sorted({*found, *nodes, *new_progressions(context), *_sites(context, {Category.PD})}))


def new_progressions(context: Context) -> tuple[str, ...]:
    """New lesions that are progression, as findings or as a criterion has it."""
    found = (f.lesion_id for f in context.new_findings(NewFindingClass.PROGRESSION))
    return _sorted((*found, *_progressions_unfound(context)))


def new_progressions_unproven(context: Context) -> tuple[str, ...]:
    """Those of them that have no biopsy, pending or proving them."""
    found = (f.lesion_id for f in context.new_findings(NewFindingClass.PROGRESSION) if f.biopsy not in BIOPSIED)
    return _sorted((*found, *_progressions_unfound(context)))


def new_progressions_biopsied(context: Context) -> tuple[str, ...]:
    """Those of them whose biopsy is pending."""
    found = context.new_findings(NewFindingClass.PROGRESSION)
    return _sorted(f.lesion_id for f in found if f.biopsy is BiopsyResult.PENDING)


def _progressions_unfound(context: Context) -> tuple[str, ...]:
    """New lesions that are progression where no finding tells of any: the step is given all the same, with names."""
    if context.breast is None or context.new_findings(NewFindingClass.PROGRESSION):
        return ()
    told = (p.lesion_id for p in context.breast.progressions if p.kind is ProgressionKind.NEW_LESION)
    return tuple(i for i in told if i is not None)


def unsettled_findings(context: Context) -> tuple[str, ...]:
    """New findings not classified as progression (decision p)."""
    return _sorted(f.lesion_id for f in context.new_findings(NewFindingClass.UNSETTLED))


def new_findings(context: Context) -> tuple[str, ...]:
    """New findings of row B9: not settled, or a new cancer of this side."""
    return _sorted((*unsettled_findings(context), *new_cancers(context)))


def unsettled_findings_to_biopsy(context: Context) -> tuple[str, ...]:
    """Those of them that have no biopsy, pending or proving them."""
    found = context.new_findings(NewFindingClass.UNSETTLED)
    return _sorted(f.lesion_id for f in found if f.biopsy not in BIOPSIED)


def unsettled_findings_biopsied(context: Context) -> tuple[str, ...]:
    """Those of them whose biopsy is pending."""
    found = context.new_findings(NewFindingClass.UNSETTLED)
    return _sorted(f.lesion_id for f in found if f.biopsy is BiopsyResult.PENDING)


def unsettled_findings_proven(context: Context) -> tuple[str, ...]:
    """Those of them that a biopsy has proven malignant."""
    found = context.new_findings(NewFindingClass.UNSETTLED)
    return _sorted(f.lesion_id for f in found if f.biopsy is BiopsyResult.MALIGNANT)


def new_cancers(context: Context) -> tuple[str, ...]:
    """Contralateral findings proven by biopsy."""
    return _sorted(f.lesion_id for f in context.new_findings(NewFindingClass.NEW_CANCER))


def indeterminate_lesions(context: Context) -> tuple[str, ...]:
    """Sites that the radiologist calls indeterminate; none where the flag is the breast's."""
    return tuple(i for i in all_sites(context) if (f := context.lesion_flags(i)) is not None and f.indeterminate)


def near_complete_lesions(context: Context) -> tuple[str, ...]:
    """Sites that the radiologist calls near-complete; none where the flag is the breast's."""
    return tuple(i for i in all_sites(context) if (f := context.lesion_flags(i)) is not None and f.near_complete)


def markers_to_localise(context: Context) -> tuple[str, ...]:
    """Sites not stated benign, then proven nodes, whose marker is seen now, in place or not (rows B1, B2, B10)."""
    known = set(beds(context))
    markers = () if context.breast is None else context.breast.markers
    of_sites = tuple(m.lesion_id for m in markers if m.lesion_id in known and m.state in MARKER_SEEN)
    return (*of_sites, *_node_markers(context))


def markers_of_every_site(context: Context) -> tuple[str, ...]:
    """Sites not stated benign that were marked, seen now or not, then proven nodes whose marker is seen (row D1)."""
    return (*placed_markers(context), *_node_markers(context))


def _node_markers(context: Context) -> tuple[str, ...]:
    return tuple(n.lesion_id for n in context.nodes if n.proven and n.marker.state in MARKER_SEEN)


def benign_markers(context: Context) -> tuple[str, ...]:
    """Sites stated benign that were marked, seen now or not (row D1)."""
    return benign_marked(context)


def abnormal_node_lesions(context: Context) -> tuple[str, ...]:
    """Nodes that are abnormal now."""
    return tuple(node.lesion_id for node in abnormal_nodes(context))


def nodes_not_known_before(context: Context) -> tuple[str, ...]:
    """Nodes abnormal now that are neither known to have been so at baseline nor proven by biopsy."""
    return tuple(node.lesion_id for node in unproven_nodes(context))


def discordant_lesions(context: Context) -> tuple[str, ...]:
    """Sites, then nodes, on which two imaging modalities disagree."""
    nodes = (node.lesion_id for node in context.nodes if node.discordances)
    return (*_discordant(context, with_examination=False), *_sorted(nodes))


def lesions_against_examination(context: Context) -> tuple[str, ...]:
    """Lesions on which examination and imaging disagree."""
    return _discordant(context, with_examination=True)


def regrown_lesions(context: Context) -> tuple[str, ...]:
    """Lesions that grew since their smallest size without being progression; none where it is the sum."""
    return _sorted(r.lesion_id for r in regrowths(context) if r.lesion_id is not None)


def larger_elsewhere_lesions(context: Context) -> tuple[str, ...]:
    """Sites not evaluable that are larger now than at baseline, though on another modality."""
    return () if context.breast is None else context.breast.larger_elsewhere


def non_mass_lesions(context: Context) -> tuple[str, ...]:
    """Non-mass lesions."""
    return _sorted(lesion.id for lesion in context.lesions if lesion.kind is Kind.NON_MASS)


def calcification_lesions(context: Context) -> tuple[str, ...]:
    """Areas of calcifications that mammography did not look at now."""
    return calcifications_to_assess(context)


def _sites(context: Context, categories: set[Category]) -> tuple[str, ...]:
    return tuple(site.lesion_id for site in context.sites if site.category in categories)


def _discordant(context: Context, *, with_examination: bool) -> tuple[str, ...]:
    found = () if context.breast is None else context.breast.discordances
    chosen = (d for d in found if d.with_examination is with_examination)
    return _sorted(d.lesion_id for d in chosen if d.lesion_id is not None)


def _sorted(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(ids)))


_ALL: Final[tuple[Selector, ...]] = (
    all_sites,
    stable_sites,
    unresponsive_sites_of_unknown_biology,
    partial_sites,
    unevaluable_sites,
    persistent_sites,
    progressive_lesions,
    new_progressions,
    new_progressions_unproven,
    new_progressions_biopsied,
    new_findings,
    unsettled_findings,
    unsettled_findings_to_biopsy,
    unsettled_findings_biopsied,
    unsettled_findings_proven,
    new_cancers,
    indeterminate_lesions,
    near_complete_lesions,
    unconfirmed_beds,
    markers_to_localise,
    markers_of_every_site,
    benign_markers,
    unmarked_shrinking_lesions,
    abnormal_node_lesions,
    nodes_not_known_before,
    discordant_lesions,
    lesions_against_examination,
    regrown_lesions,
    larger_elsewhere_lesions,
    non_mass_lesions,
    calcification_lesions,
    sites_of_one_modality,
)

SELECTORS: Final[Mapping[str, Selector]] = MappingProxyType({one.__name__: one for one in _ALL})
"""Name -> selector; its docstring says which lesions it gives."""
