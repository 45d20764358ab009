"""Line 1 of the impression for a breast: its category of record, and the headline that the decision table starts from.

Order of precedence: PD, SD, indeterminate, NE, near-complete, CR, PR, non-CR/non-PD; a responding site beside one with
SD or PD is mixed (decision n).  The radiologist's flags never hide PD or SD (decision q).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from reporter.case.vocabulary import Role
from reporter.response.criteria.timepoint_table import row_of
from reporter.response.interface import Category, Headline, SiteResponse

RESPONDING = frozenset({Category.CR, Category.PR})
FAILING = frozenset({Category.PD, Category.SD})
LEAST_GOOD_FIRST = (Category.PD, Category.NE, Category.SD, Category.PR, Category.CR)
"""As in the time-point table: where a site has no value and none is PD, the whole is not evaluable."""
TOLD_FIRST = (Category.PD, Category.SD, Category.NE, Category.PR, Category.CR)
"""As in the decision table: stable disease is told although another site has no value."""
NON_TARGETS = (Category.PD, Category.NE, Category.NON_CR_NON_PD, Category.CR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What the radiologist entered of a breast or a site of it, and what the rules found around the sites."""

    at_baseline: bool
    indeterminate: bool
    near_complete: bool
    doubtful_lesion: bool
    """A measured lesion is not counted: no CR stands."""
    unsettled_finding: bool
    """A new finding of this breast is not settled: no CR headline (decision p)."""
    new_lesion: bool
    """A new lesion that is progression."""
    sum_progressive: bool
    """PD of the sum where no single site is PD, on any imaging modality."""


def follows_size(site: SiteResponse) -> bool:
    """Whether a site is a target on any modality, or has never been looked at."""
    return not site.results or any(r.role is Role.TARGET for r in site.results)


def combined(
    sites: Iterable[SiteResponse], progressed: Collection[str], order: tuple[Category, ...], *, new: bool
) -> Category:
    """One category for the sites of a breast; those in `progressed` count as PD."""
    targets: set[Category] = set()
    others: set[Category] = set()
    for site in sites:
        category = Category.PD if site.lesion_id in progressed else site.category
        (targets if follows_size(site) else others).add(category)
    other = next((c for c in NON_TARGETS if c in others), None)
    mixed = bool(targets & RESPONDING and targets & FAILING)
    if mixed and not new and other is not Category.PD:
        return Category.MIXED
    target = next((c for c in order if c in targets), None)
    return row_of(target, other, new=new).overall


def category_of_record(sites: tuple[SiteResponse, ...], signs: Signs) -> Category:
    """The category over the breast sites, each on its modality of record; a progressive new lesion makes it PD."""
    if signs.at_baseline:
        return Category.BASELINE
    category = combined(sites, (), LEAST_GOOD_FIRST, new=signs.new_lesion)
    return Category.NE if category is Category.CR and signs.doubtful_lesion else category


def headline_of(sites: tuple[SiteResponse, ...], progressed: Collection[str], signs: Signs) -> Headline:
    """The headline; a site that progresses on any imaging modality counts as progressive here, whatever its record."""
    if signs.at_baseline:
        return Headline.BASELINE
    category = combined(sites, progressed, TOLD_FIRST, new=signs.new_lesion)
    if category is Category.NED:
        return Headline.NOT_EVALUABLE if signs.doubtful_lesion else Headline.NO_DISEASE
    return _failing(category, signs) or _flagged(category, signs) or _responding(category, sites, signs)


def _failing(category: Category, signs: Signs) -> Headline | None:
    if category is Category.MIXED:
        return Headline.MIXED
    if category is Category.PD or signs.sum_progressive:
        return Headline.PROGRESSIVE
    return Headline.STABLE if category is Category.SD else None


def _flagged(category: Category, signs: Signs) -> Headline | None:
    if signs.indeterminate:
        return Headline.INDETERMINATE
    if category is Category.NE:
        return Headline.NOT_EVALUABLE
    near = signs.near_complete and category in RESPONDING
    return Headline.NEAR_COMPLETE if near else None


def _responding(category: Category, sites: tuple[SiteResponse, ...], signs: Signs) -> Headline:
    if category is Category.NON_CR_NON_PD:
        return Headline.PERSISTENT
    if category is Category.PR:
        return Headline.PARTIAL_HELD if any(s.held for s in sites) else Headline.PARTIAL
    if any(s.still_measured for s in sites):
        return Headline.NOT_COMPLETE
    if signs.unsettled_finding:
        return Headline.KNOWN_SITE_GONE
    return Headline.NOT_EVALUABLE if signs.doubtful_lesion else Headline.COMPLETE
