"""The numbers and headlines of the model reports, and the opening lines between them."""

from decimal import Decimal

import pytest

from reporter.case.vocabulary import Modality, Side
from reporter.response.criteria.per_site import PerSite
from reporter.response.evaluate import evaluate
from reporter.response.interface import (
    BreastResponse,
    Category,
    DiscordanceKind,
    Distribution,
    Headline,
    MarkerState,
    NodeCourse,
    ProgressionKind,
    Response,
    Thresholds,
)
from tests.response.timeline import timeline

COMPLETE = """
day 0 US | L1 left malignant clip clock:2 52x41x36 | N1 left malignant clip 17 cortex:8 hilum:absent
day 0 MG | L1 55
+day 14 MR | L1 58x46x44 | N1 16
day 100 US | L1 21x16x14 | N1 11 cortex:4 hilum:effaced
day 180 US | L1 absent seen | N1 7 cortex:2.5 hilum:preserved seen
day 180 MG | L1 absent seen
+day 182 MR | L1 absent seen displaced:0 skin:16 | N1 7
"""
SATELLITE = """
day 0 US | L1 right clock:10 malignant clip 34
+day 2 MR | L1 36
day 90 US | L1 29 span:60 seen | L2 right new covered clock:11 9x7x7 index:22
"""
STABLE = """
day 0 MR | L1 right malignant clip 41x33x30
day 0 US | L1 38
day 180 MR | L1 36x30x28 span:36 nipple:45 seen
day 180 US | L1 34
"""
MIXED = """
day 0 MR | A left UOQ clock:2 malignant clip 32 | B left LIQ clock:8 malignant clip 18 | N1 malignant 16 cortex:7
day 180 MR | A 10 seen | B 19 seen span:74 | N1 12 cortex:4 hilum:effaced seen
"""


def respond(text: str) -> Response:
    return evaluate(timeline(text), [PerSite()], Thresholds())


def breast(text: str) -> BreastResponse:
    (answer,) = respond(text).breasts
    return answer


def percent(answer: BreastResponse, modality: Modality) -> str:
    total = next(a for a in answer.totals if a.modality is modality)
    change = total.lesions[0].from_baseline
    assert change is not None
    assert change.percent is not None
    return f"{change.percent:.1f}"


@pytest.mark.requirement("S37")
def test_complete_response_with_a_node_that_looks_normal_again() -> None:
    answer = breast(COMPLETE)
    assert (answer.headline, answer.category) == (Headline.COMPLETE, Category.CR)
    assert answer.record_modality is Modality.MR
    assert [(a.modality, a.baseline_total, a.total) for a in answer.totals] == [
        (Modality.MR, Decimal(74), Decimal(7)),
        (Modality.US, Decimal(69), Decimal(7)),
        (Modality.MG, Decimal(55), Decimal(0)),
    ]
    (marker,) = answer.markers
    assert (marker.state, marker.displacement_stated, str(marker.skin_distance)) == (MarkerState.SEEN, True, "16 mm")
    assert set(marker.seen_on) == {Modality.MR, Modality.US, Modality.MG}


@pytest.mark.requirement("S58")
def test_the_axilla_is_answered_apart_from_the_breast() -> None:
    (axilla,) = respond(COMPLETE).axillae
    (node,) = axilla.nodes
    assert (node.course, node.category, node.proven) == (NodeCourse.RESOLVED, Category.CR, True)
    assert node.record is not None
    assert node.record.point.modality is Modality.US
    assert [p.size.mm for p in node.series if p.size and p.modality is Modality.US] == [17, 11, 7]


def test_nothing_is_asked_where_all_is_stated() -> None:
    assert respond(COMPLETE).issues == ()


@pytest.mark.requirement("S26")
def test_a_new_lesion_in_a_covered_area_is_progression() -> None:
    answer = breast(SATELLITE)
    assert (answer.headline, answer.category) == (Headline.PROGRESSIVE, Category.PD)
    (told,) = answer.progressions
    assert (told.kind, told.lesion_id, told.now) == (ProgressionKind.NEW_LESION, "L2", Decimal(9))
    (finding,) = answer.new_findings
    assert finding.covering_studies == ("0000.00", "0002.01")
    assert str(finding.index_distance) == "22 mm"
    assert str(answer.span) == "60 mm"
    assert answer.distribution is Distribution.MULTIFOCAL
    index = answer.sites[0]
    assert index.category is Category.SD
    assert percent(answer, Modality.US) == "-14.7"


@pytest.mark.requirement("S25")
def test_stable_on_both_modalities() -> None:
    answer = breast(STABLE)
    assert (answer.headline, answer.record_modality) == (Headline.STABLE, Modality.MR)
    assert (percent(answer, Modality.MR), percent(answer, Modality.US)) == ("-12.2", "-10.5")
    assert answer.residual is not None
    assert (answer.residual.lesion_id, answer.residual.size.mm) == ("L1", Decimal(36))
    assert str(answer.markers[0].nipple_distance) == "45 mm"


@pytest.mark.requirement("S61")
@pytest.mark.requirement("S62")
@pytest.mark.requirement("S63")
def test_sites_that_differ_are_mixed_and_the_sum_hides_it() -> None:
    answer = breast(MIXED)
    assert (answer.headline, answer.category) == (Headline.MIXED, Category.MIXED)
    assert [(s.lesion_id, s.category) for s in answer.sites] == [("A", Category.PR), ("B", Category.SD)]
    assert answer.verdict is not None
    assert answer.verdict.lesion_ids == ("B",)
    assert answer.distribution is Distribution.MULTICENTRIC
    assert answer.residual is not None
    assert (answer.residual.lesion_id, answer.residual.size.mm) == ("B", Decimal(19))
    assert answer.total is not None
    assert (answer.total.baseline_total, answer.total.total) == (Decimal(66), Decimal(41))
    assert answer.total.target is not None
    assert answer.total.target.category is Category.PR
    assert answer.total.overall.category is Category.MIXED


def test_a_persistently_abnormal_node() -> None:
    (axilla,) = respond(MIXED).axillae
    assert [(n.course, n.category) for n in axilla.nodes] == [(NodeCourse.PERSISTENTLY_ABNORMAL, Category.SD)]


def test_no_enhancement_but_ultrasound_still_measures() -> None:
    answer = breast(
        """
        day 0 MR | L1 31
        day 0 US | L1 28
        day 180 MR | L1 absent
        day 180 US | L1 6x5x4
        """
    )
    assert (answer.headline, answer.category) == (Headline.NOT_COMPLETE, Category.CR)
    assert [p.modality for p in answer.sites[0].still_measured] == [Modality.US]
    assert [d.kind for d in answer.discordances] == [DiscordanceKind.ABSENT]


def test_baseline_on_mri_and_now_ultrasound_only() -> None:
    answer = breast("day 0 MR | L1 right 34x30x26\nday 180 US | L1 20x15x14")
    assert (answer.headline, answer.category) == (Headline.NOT_EVALUABLE, Category.NE)
    assert answer.side is Side.RIGHT
    assert answer.larger_elsewhere == ()
    assert all(r.from_baseline is None for r in answer.sites[0].results)


def test_larger_now_than_at_baseline_on_another_modality() -> None:
    assert breast("day 0 MR | L1 34\nday 180 US | L1 35").larger_elsewhere == ("L1",)


def test_a_held_response_with_regrowth() -> None:
    answer = breast("day 0 MR | L1 100\nday 80 MR | L1 60\nday 180 MR | L1 71")
    assert answer.headline is Headline.PARTIAL_HELD
    (regrowth,) = answer.regrowths
    assert (regrowth.smallest, regrowth.now, regrowth.held) == (Decimal(60), Decimal(71), True)
    assert answer.total is not None
    assert (answer.total.held, answer.total.plain) == (True, Category.SD)


def test_partial_on_mri_but_regrown_on_ultrasound() -> None:
    answer = breast(
        """
        day 0 MR | L1 58
        day 0 US | L1 52
        day 80 US | L1 21
        day 180 US | L1 30
        day 180 MR | L1 30
        """
    )
    assert (answer.headline, answer.category) == (Headline.PROGRESSIVE, Category.PR)
    (told,) = answer.progressions
    assert (told.modality, told.nadir, told.now, told.of_record) == (Modality.US, Decimal(21), Decimal(30), False)
