"""Which modality's response counts (decision l).

For each breast, over its breast sites alone: the first modality in the order of size of record that measured every
site known at baseline and has a value for each now.  Where none did, site by site, each by its own first such
modality, and no sum; a site without one is not evaluable.  PET and the physical examination never count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reporter.case.vocabulary import Modality, Role
from reporter.response.course import Chart
from reporter.response.interface import Category, LesionResult, State
from reporter.response.modalities import by_order, compared_names, is_imaging

EVALUATED = frozenset({Category.CR, Category.PR, Category.SD, Category.PD, Category.BASELINE, Category.NON_CR_NON_PD})
Results = Mapping[Modality | None, LesionResult]
"""One lesion's results now, by modality."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The modality of record of each site; a site that is not in it has none."""

    modality: Modality | None
    """One for all of them; None where it was found site by site (or is the unnamed modality)."""
    site_by_site: bool
    by_site: Mapping[str, Modality | None]


def ranked(
    chart: Chart, modalities: Iterable[Modality | None], order: tuple[Modality, ...]
) -> tuple[Modality | None, ...]:
    """Modalities by an order of size of record in which MG and DBT are one, the rest after them."""
    return by_order(modalities, compared_names(order, chart.mammographic))


def may_be_of_record(chart: Chart, order: tuple[Modality, ...], result: LesionResult) -> bool:
    """Whether a result is on a modality of the order (or the unnamed one), and an MR was made with contrast."""
    point = result.point
    named = point.modality is None or point.modality in compared_names(order, chart.mammographic)
    if not named or not is_imaging(point.modality):
        return False
    if point.modality is not Modality.MR or point.study is None:
        return True
    return chart.contrast[point.study, chart.case.lesion(point.lesion_id).side] is not False


def usable(chart: Chart, order: tuple[Modality, ...], result: LesionResult, *, by_size: bool) -> bool:
    """Whether the modality measured the site at baseline (or saw one that has no size) and evaluated it now."""
    measured = result.baseline is not None and result.role is Role.TARGET
    known = measured if by_size else result.role is Role.NON_TARGET
    evaluated = result.verdict is not None and result.verdict.category in EVALUATED
    return known and evaluated and may_be_of_record(chart, order, result)


def record_of(chart: Chart, sites: Mapping[str, Results], order: tuple[Modality, ...]) -> Record:
    """Choose for the sites of one breast; non-target sites follow site by site."""
    found = ranked(chart, [m for results in sites.values() for m in results], order)
    measured = {i for i, results in sites.items() if is_measured(results)}
    usable_on = {i: _usable_on(chart, order, results, found, by_size=i in measured) for i, results in sites.items()}
    common = [m for m in found if measured and all(m in usable_on[i] for i in measured)]
    by_site = {}
    for lesion_id, own in usable_on.items():
        if own:
            by_site[lesion_id] = common[0] if common and lesion_id in measured else own[0]
    return Record(modality=common[0] if common else None, site_by_site=bool(measured) and not common, by_site=by_site)


def is_measured(results: Results) -> bool:
    """Whether a site is one that is followed by size on any modality (the examination included)."""
    return any(r.role is Role.TARGET for r in results.values())


def _usable_on(
    chart: Chart, order: tuple[Modality, ...], results: Results, among: Iterable[Modality | None], *, by_size: bool
) -> list[Modality | None]:
    """Of modalities in an order of size of record, those on which the site can be of record."""
    return [m for m in among if m in results and usable(chart, order, results[m], by_size=by_size)]


def measures_now(result: LesionResult) -> bool:
    """Whether imaging sees the site now, in whatever size."""
    there = {State.MEASURED, State.TOO_SMALL, State.PRESENT, State.EQUIVOCAL, State.PROGRESSED}
    return is_imaging(result.point.modality) and result.point.state in there
