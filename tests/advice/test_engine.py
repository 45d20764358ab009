"""The six stories that every draft must get right, at the level of advice."""

from __future__ import annotations

import pytest

from reporter.advice.interface import RoleTold, Timing, Urgency
from reporter.case.facts import Radiologist
from reporter.case.vocabulary import Modality, Side
from reporter.response.interface import Category, Headline, MarkerState, NewFindingClass, NodeCourse
from tests.advice.factory import (
    axilla,
    breast,
    flagged,
    new_finding,
    node,
    rows_of,
    scene,
    site,
    steps_of,
    study_of,
    wanted_of,
)


@pytest.mark.requirement("S38")
def test_complete_response_with_its_marker_seen_needs_nobody_told() -> None:
    advice = scene(Timing.AFTER, breast(Category.CR)).advise()

    assert rows_of(advice) == {"B1"}
    assert [step.id for step in advice.steps] == ["targeted_excision", "localise_markers", "specimen_radiograph"]
    assert not advice.escalation.required
    assert wanted_of(advice) == set()
    assert [(s.procedure, s.done) for s in advice.imaging] == [
        ("US breast", True),
        ("Digital breast tomosynthesis diagnostic", True),
        ("Mammography diagnostic", True),
        ("MRI breast without and with IV contrast", True),
    ]


def test_partial_response_asks_for_the_residual_extent() -> None:
    advice = scene(Timing.AFTER, breast(Category.PR)).advise()

    assert rows_of(advice) == {"B3"}
    assert steps_of(advice) == {"residual_for_resection"}
    assert advice.escalation.urgency is Urgency.NONE


@pytest.mark.requirement("S42")
def test_stable_after_the_full_course_is_immediate() -> None:
    advice = scene(Timing.AFTER, breast(Category.SD)).advise()

    assert rows_of(advice) == {"B4"}
    assert advice.escalation.urgency is Urgency.IMMEDIATE
    assert advice.escalation.told == (RoleTold.MDT,)
    assert not advice.escalation.direct_contact


@pytest.mark.requirement("S26")
def test_new_satellite_during_therapy_is_immediate_by_direct_contact() -> None:
    advice = scene(
        Timing.DURING,
        breast(
            Category.PD,
            site(category=Category.SD),
            new_findings=[new_finding(NewFindingClass.PROGRESSION)],
            modalities=(Modality.US, Modality.DBT),
        ),
        now=(Modality.US, Modality.DBT),
    ).advise()

    assert rows_of(advice) == {"B5"}
    assert advice.escalation.urgency is Urgency.IMMEDIATE
    assert advice.escalation.told == (RoleTold.ONCOLOGIST, RoleTold.SURGEON, RoleTold.MDT)
    assert advice.escalation.direct_contact
    assert steps_of(advice) == {"biopsy_new_lesion", "rethink_strategy"}
    assert wanted_of(advice) == {"MRI breast without and with IV contrast"}
    assert study_of(advice, "MRI breast without and with IV contrast").purpose == "true_extent"


@pytest.mark.requirement("S44")
def test_indeterminate_on_us_without_mri_asks_for_contrast_mri() -> None:
    us_and_dbt = (Modality.US, Modality.DBT)
    advice = scene(
        Timing.AFTER,
        breast(Category.PR, headline=Headline.INDETERMINATE, modalities=us_and_dbt),
        facts=flagged(Radiologist(indeterminate=True)),
        now=us_and_dbt,
        baseline=us_and_dbt,
    ).advise()

    assert rows_of(advice) == {"B6"}
    assert wanted_of(advice) == {"MRI breast without and with IV contrast"}
    assert advice.escalation.urgency is Urgency.TUMOUR_BOARD
    assert steps_of(advice) == {"biopsy_if_mri_equivocal", "extent_not_on_indeterminate"}


@pytest.mark.requirement("S62")
def test_mixed_response_of_two_sites_and_a_node() -> None:
    persistent = node(NodeCourse.PERSISTENTLY_ABNORMAL, proven=True, marker_state=MarkerState.SEEN)
    advice = scene(
        Timing.AFTER,
        breast(Category.MIXED, site("A", Category.PR), site("B", Category.SD)),
        axillae=[axilla(Side.LEFT, persistent)],
    ).advise()

    assert [(m.row, m.lesion_ids) for m in advice.rows] == [("B4", ("B",)), ("C8", ("N1",)), ("D1", ("A", "B"))]
    assert advice.escalation.urgency is Urgency.IMMEDIATE
    assert [m.row for m in advice.escalation.reasons] == ["B4", "C8"]
    localise = next(step for step in advice.steps if step.id == "localise_markers")
    assert localise.lesion_ids == ("A", "B", "N1")
