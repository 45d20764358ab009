"""What a criterion of the whole patient calls progression of a side, where it feeds the decision table.

Asked of each lesion, and of the sum of the side, by itself.  What size calls progression is told already.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reporter.case.lesion import Lesion
from reporter.case.vocabulary import Modality
from reporter.response.asked import BY_NEW_LESION, RETURNED, Asked, last_word
from reporter.response.course import Chart
from reporter.response.interface import (
    Category,
    LesionResult,
    NewFinding,
    NewFindingClass,
    Progression,
    ProgressionKind,
    Verdict,
)
from reporter.response.modalities import is_imaging
from reporter.response.new_lesions import contralateral
from reporter.response.of_record import Record
from reporter.response.roles import Standing
from reporter.response.sites import SideView


def called_progressive(
    view: SideView, modality: Modality | None, record: Record, told: frozenset[str | None]
) -> Iterator[Progression]:
    """What a criterion of the whole patient calls PD, on a modality on which size did not."""
    asked = view.asked
    if asked is None:
        return
    for lesion_id, results in view.results.items():
        result = results.get(modality)
        verdict = None if result is None else result.verdict
        if verdict is not None and verdict.category is Category.PD and lesion_id not in told:
            node = view.chart.case.lesion(lesion_id).is_node
            of_record = lesion_id in record.by_site and record.by_site[lesion_id] is modality
            yield _called(_kind_of(verdict, node=node), modality, lesion_id, verdict, of_record=of_record)
    yield from _sum(asked, view, modality, record, told)
    yield from _new(asked, view, modality, told)


def _sum(
    asked: Asked, view: SideView, modality: Modality | None, record: Record, told: frozenset[str | None]
) -> Iterator[Progression]:
    """The sum of the side's targets, where no lesion of it is PD by itself."""
    targets = [p.track.lesion.id for p in view.sights[modality].parts if p.target or p.standing is Standing.FRAGMENT]
    answer = asked.of(targets, view.chart.reported).get(modality)
    verdict = None if answer is None else asked.verdict(answer)
    single = any(_is_progressive(r.get(modality)) for r in view.results.values())
    if verdict is not None and verdict.category is Category.PD and not single and not told:
        of_record = not record.site_by_site and bool(record.by_site) and record.modality is modality
        yield _called(ProgressionKind.SUM, modality, None, verdict, of_record=of_record)


def _is_progressive(result: LesionResult | None) -> bool:
    return result is not None and result.verdict is not None and result.verdict.category is Category.PD


def _new(asked: Asked, view: SideView, modality: Modality | None, told: frozenset[str | None]) -> Iterator[Progression]:
    """Findings that are progression by the criterion alone."""
    for part in view.sights[modality].parts:
        lesion = part.track.lesion
        if lesion.id not in told and _new_on(asked, lesion, modality):
            now = part.track.size_at(view.chart.reported)
            verdict = Verdict(category=Category.PD, rule="overall.new_lesion", lesion_ids=(lesion.id,))
            found = _called(new_or_grown(view.chart, lesion.id), modality, lesion.id, verdict, of_record=True)
            yield replace(found, now=now)


def new_or_grown(chart: Chart, lesion_id: str) -> ProgressionKind:
    """A new lesion; or a node that was there, normal, at baseline, which is none (2.2) and has its axilla's line."""
    grown = chart.case.lesion(lesion_id).is_node and chart.seen_at_origin(lesion_id)
    return ProgressionKind.NODE if grown else ProgressionKind.NEW_LESION


def _new_on(asked: Asked, lesion: Lesion, modality: Modality | None) -> bool:
    if contralateral(asked.chart, lesion.side) or not is_imaging(modality):
        return False
    answer = asked.of([lesion.id], asked.chart.reported).get(modality)
    return answer is not None and last_word(answer.overall) == BY_NEW_LESION


def settled_by_criterion(view: SideView, finding: NewFinding) -> NewFinding:
    """A new finding as the criterion has it: definite, it is progression, covered before or not (decision p).

    In the other breast it is never progression without biopsy, and proven a new cancer, by whatever criterion.
    """
    asked, lesion = view.asked, view.chart.case.lesion(finding.lesion_id)
    if asked is not None and any(_new_on(asked, lesion, t.modality) for t in view.chart.of(lesion.id)):
        return replace(finding, classified=NewFindingClass.PROGRESSION)
    return finding


def _kind_of(verdict: Verdict, *, node: bool) -> ProgressionKind:
    if node:
        return ProgressionKind.NODE
    if last_word(verdict) in RETURNED:
        return ProgressionKind.REAPPEARANCE
    return ProgressionKind.NON_TARGET if "non_target" in verdict.rule else ProgressionKind.SITE


def _called(
    kind: ProgressionKind, modality: Modality | None, lesion_id: str | None, verdict: Verdict, *, of_record: bool
) -> Progression:
    """With the numbers that the rule looked at, in their unit."""
    sizes = {o.name: o for o in verdict.operands}
    return Progression(
        kind=kind,
        modality=modality,
        lesion_id=lesion_id,
        verdict=verdict,
        baseline=sizes["baseline"].value if "baseline" in sizes else None,
        nadir=sizes["nadir"].value if "nadir" in sizes else None,
        now=sizes["now"].value if "now" in sizes else None,
        unit=sizes["now"].unit if "now" in sizes else "mm",
        of_record=of_record,
    )
