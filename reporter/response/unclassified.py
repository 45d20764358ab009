"""The answers of a case that is stated to be out of scope (row A1): sizes and findings stand, nothing is classified.

What reads an answer, the record above all, finds no category in it that the report does not print.  A baseline has
none in any case and stays what it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from reporter.case.issue import Issue, Outcome
from reporter.response.criteria.shared import recorded
from reporter.response.interface import (
    NOT_CLASSIFIED,
    Assessment,
    AxillaResponse,
    BreastResponse,
    Category,
    Discordance,
    DiscordanceKind,
    Headline,
    LesionResult,
    NewFinding,
    NewFindingClass,
    NodeResponse,
    SiteResponse,
    Verdict,
)

BY_CATEGORY = frozenset({DiscordanceKind.PROGRESSION, DiscordanceKind.PALPABLE})
"""Disagreements of categories, not of sizes or of what was entered."""


def assessment_unclassified(assessment: Assessment) -> Assessment:
    """The sizes, without a category, and the note that says so."""
    said = Issue(code="NOT_CLASSIFIED", outcome=Outcome.NOTE)
    return replace(recorded(assessment, NOT_CLASSIFIED), issues=(*assessment.issues, said))


def breast_unclassified(breast: BreastResponse) -> BreastResponse:
    """The answer for a breast without a category of it or of a site, and without what rests on one."""
    if breast.headline is Headline.BASELINE:
        return breast
    return replace(
        breast,
        headline=Headline.NOT_CLASSIFIED,
        category=Category.NE,
        verdict=Verdict(category=Category.NE, rule=NOT_CLASSIFIED),
        sites=tuple(map(_site, breast.sites)),
        total=None if breast.total is None else recorded(breast.total, NOT_CLASSIFIED),
        totals=tuple(recorded(total, NOT_CLASSIFIED) for total in breast.totals),
        progressions=(),
        regrowths=(),
        discordances=_by_size(breast.discordances),
        new_findings=tuple(map(_finding, breast.new_findings)),
        larger_elsewhere=(),
    )


def axilla_unclassified(axilla: AxillaResponse) -> AxillaResponse:
    """The answer for an axilla: how its nodes look, then and now, without a category by size."""
    return replace(axilla, nodes=tuple(map(_node, axilla.nodes)))


def _by_size(found: Iterable[Discordance]) -> tuple[Discordance, ...]:
    return tuple(d for d in found if d.kind not in BY_CATEGORY)


def _site(site: SiteResponse) -> SiteResponse:
    results, record = _plain(site.results, site.record)
    return replace(
        site,
        results=results,
        record=record,
        category=Category.NE,
        held=False,
        regrowth_to_confirm=False,
        still_measured=(),
    )


def _node(node: NodeResponse) -> NodeResponse:
    if node.category is Category.BASELINE:
        return node
    results, record = _plain(node.results, node.record)
    return replace(node, results=results, record=record, category=Category.NE, discordances=_by_size(node.discordances))


def _plain(
    results: Iterable[LesionResult], record: LesionResult | None
) -> tuple[tuple[LesionResult, ...], LesionResult | None]:
    """The results without a verdict, and the one among them that is of record."""
    plain = {result.point.modality: replace(result, verdict=None) for result in results}
    return tuple(plain.values()), None if record is None else plain[record.point.modality]


def _finding(finding: NewFinding) -> NewFinding:
    """A benign biopsy stays one: it is no category."""
    if finding.classified is NewFindingClass.BENIGN:
        return finding
    return replace(finding, classified=NewFindingClass.NOT_CLASSIFIED)
