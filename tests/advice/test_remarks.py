"""Remarks beside the table, the imaging list, the escalation and the site's policy."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reporter.advice.interface import Policy, PolicyEntry, Rating, Timing, Urgency
from reporter.case.facts import Axilla, Breast, Clinical, Diagnosis, Radiologist
from reporter.case.study import Series, Technique
from reporter.case.vocabulary import ClinicalNode, Modality, Side
from reporter.response.interface import Category
from tests.advice.factory import (
    ALL,
    ANSWERED,
    axilla,
    breast,
    composed,
    examined,
    flagged,
    notes_of,
    pack,
    rows_of,
    scene,
    site,
    study_of,
    wanted_of,
    with_axilla,
)

MRI = "MRI breast without and with IV contrast"
US_MG = (Modality.US, Modality.MG)


@pytest.mark.requirement("S32")
@pytest.mark.parametrize(
    ("change", "now", "noted"),
    [(True, US_MG, True), (False, US_MG, False), (None, US_MG, False), (True, (Modality.US,), False)],
)
def test_scar_can_hamper_mammography(change: bool | None, now: tuple[Modality, ...], noted: bool) -> None:
    facts = flagged(Radiologist(posttreatment_change=change))
    advice = scene(Timing.AFTER, breast(modalities=now), facts=facts, now=now).advise()
    assert ("scar_hampers_mammography" in notes_of(advice)) is noted


@pytest.mark.requirement("S29")
@pytest.mark.requirement("S47")
def test_scar_is_not_to_be_taken_for_tumour() -> None:
    assert "scar_overestimates" in notes_of(scene(facts=flagged(Radiologist(posttreatment_change=True))).advise())
    both = flagged(Radiologist(posttreatment_change=True, indeterminate=True))
    assert {"scar_or_tumour"} == notes_of(scene(facts=both).advise()) & {"scar_or_tumour", "scar_overestimates"}


@pytest.mark.requirement("S59")
@pytest.mark.parametrize(("density", "noted"), [("a", False), ("b", False), ("c", True), ("d", True)])
def test_dense_breast_adds_a_complement_never_lowers_us(density: str, noted: bool) -> None:
    advice = scene(facts=composed(density)).advise()
    assert ("us_complements_dense" in notes_of(advice)) is noted
    assert advice.imaging == scene().advise().imaging


@pytest.mark.requirement("S27")
@pytest.mark.requirement("S54")
def test_us_first_with_its_reason_where_it_is_missing() -> None:
    now = (Modality.MR, Modality.MG)
    advice = scene(Timing.AFTER, breast(modalities=now), now=now).advise()
    assert "us_first" in notes_of(advice)
    assert advice.imaging[0].procedure == "US breast"
    assert (advice.imaging[0].level, advice.imaging[0].dose) == ("O", "0 mSv")
    assert "us_first" not in notes_of(scene().advise())


def test_no_remark_before_therapy() -> None:
    facts = replace(composed("d"), radiologist=(Radiologist(side=Side.LEFT, posttreatment_change=True),))
    assert notes_of(scene(Timing.BEFORE, breast(Category.BASELINE), facts=facts).advise()) == {"baseline_report"}


class TestContrast:
    """MR counts as contrast MRI unless header or facts say no (decision m)."""

    @pytest.mark.parametrize(
        ("header", "stated", "done"),
        [
            (None, None, True),
            (True, None, True),
            (False, None, False),
            (None, False, False),
            (True, False, False),
            (False, True, True),
        ],
    )
    def test_by_header_and_facts(self, header: bool | None, stated: bool | None, done: bool) -> None:
        facts = replace(ANSWERED, breast=(Breast(side=Side.LEFT, mri_contrast=stated),))
        made = scene(Timing.AFTER, facts=facts)
        series = Series(uid="1", modality=Modality.MR, technique=Technique(contrast=header))
        studies = tuple(replace(s, series=(series,)) if s.key == "now" else s for s in made.case.studies)
        advice = replace(made, case=replace(made.case, studies=studies)).advise()
        assert study_of(advice, MRI).done is done
        assert ("mri_without_contrast" in notes_of(advice)) is not done


class TestImaging:
    @pytest.mark.requirement("S53")
    def test_every_study_carries_its_dose_and_where_it_is_from(self) -> None:
        for study in scene(facts=replace(ANSWERED, suspicion_distant=True)).advise().imaging:
            assert study.dose
            assert study.edition == "2022"
            assert study.variant in {2, 6}
            assert study.rating is Rating.USUALLY_APPROPRIATE

    def test_status_of_the_row_is_kept(self) -> None:
        advice = scene(facts=replace(ANSWERED, suspicion_distant=True)).advise()
        assert {s.procedure: s.status for s in advice.imaging if s.variant == 6} == {
            "Bone scan whole body": "lead",
            "CT chest abdomen pelvis with IV contrast": "edition-2017",
            "FDG-PET/CT skull base to mid-thigh": "edition-2017",
        }
        assert {s.status for s in advice.imaging if s.variant == 2} == {"seen"}

    def test_mammography_and_dbt_make_up_for_each_other(self) -> None:
        for one in (Modality.MG, Modality.DBT):
            now = (Modality.US, Modality.MR, one)
            advice = scene(Timing.AFTER, breast(modalities=now), now=now).advise()
            done = {s.modality for s in advice.imaging if s.done}
            assert done == set(now)
            assert wanted_of(advice) == set()

    def test_a_study_of_the_other_side_is_not_this_side_s(self) -> None:
        made = scene(Timing.AFTER, breast(modalities=(Modality.MR,)), now=(Modality.US, Modality.MR))
        series = (Series(uid="1", modality=Modality.US, sides=(Side.RIGHT,)),)
        studies = tuple(replace(s, series=series) if s.key == "now" else s for s in made.case.studies)
        advice = replace(made, case=replace(made.case, studies=studies)).advise()
        us = study_of(advice, "US breast")
        assert (us.done, us.wanted) == (False, True)

    def test_both_breasts_have_their_own_list(self) -> None:
        advice = scene(Timing.AFTER, breast(), breast(side=Side.RIGHT)).advise()
        assert [s.side for s in advice.imaging if s.procedure == "US breast"] == [Side.LEFT, Side.RIGHT]

    def test_mri_of_the_breast_is_never_rated_by_the_axilla(self) -> None:
        """Variant 3 rates breast MRI as usually not appropriate for the axilla."""
        stated = with_axilla(Axilla(clinical_node=ClinicalNode.NEGATIVE, imaging_suspicious=False))
        facts = replace(composed("d"), axilla=stated.axilla)
        advice = scene(Timing.BEFORE, breast(Category.BASELINE, modalities=US_MG), now=US_MG, facts=facts).advise()
        study = study_of(advice, MRI)
        assert (study.wanted, study.variant, study.rating) == (True, 1, Rating.USUALLY_APPROPRIATE)

    def test_not_stated_status_rates_nothing(self) -> None:
        now = (Modality.US,)
        advice = scene(Timing.UNSTATED, breast(modalities=now), now=now).advise()
        assert {(s.procedure, s.rating, s.variant, s.dose) for s in advice.imaging} == {
            ("Mammography diagnostic", None, None, "0.1-1 mSv"),
            ("Digital breast tomosynthesis diagnostic", None, None, "0.1-1 mSv"),
        }

    @pytest.mark.requirement("S55")
    def test_mri_follows_when_the_first_tests_are_inconclusive(self) -> None:
        facts = flagged(Radiologist(indeterminate=True))
        advice = scene(Timing.AFTER, breast(modalities=US_MG), now=US_MG, facts=facts).advise()
        assert wanted_of(advice) == {MRI}

    def test_several_rows_that_ask_for_one_study_are_all_named(self) -> None:
        lobular = (Diagnosis(side=Side.LEFT, confirmed=True, histology="lobular"),)
        facts = replace(flagged(Radiologist(indeterminate=True)), diagnosis=lobular)
        advice = scene(Timing.AFTER, breast(modalities=US_MG), now=US_MG, facts=facts).advise()
        study = study_of(advice, MRI)
        assert (study.rows, study.purpose) == (("B6", "C2"), "residual_enhancement")

    def test_the_2017_edition_names_ultrasound_of_the_axilla_in_its_own_way(self) -> None:
        facts = with_axilla(Axilla(known_positive=True, previously_imaged=False))
        advice = scene(Timing.AFTER, axillae=[axilla(assessed=False)], facts=facts).advise("acr-235-2017")
        us = [(s.procedure, s.variant, s.done, s.wanted) for s in advice.imaging if s.procedure == "US breast"]
        assert us == [("US breast", 2, True, False), ("US breast", 4, False, True)]

    def test_a_variant_s_row_without_a_key_is_listed_too(self) -> None:
        facts = replace(ANSWERED, suspicion_distant=True)
        advice = scene(facts=facts).advise("acr-235-2017")
        study = study_of(advice, "CT chest abdomen pelvis without and with IV contrast")
        assert (study.modality, study.done, study.wanted) == (None, False, False)


class TestEscalation:
    def test_policy_of_the_site_is_quoted(self) -> None:
        entry = PolicyEntry(who="breast board", how="phone", how_soon="same day")
        policy = Policy(contacts={Urgency.IMMEDIATE: entry})
        assert scene(Timing.AFTER, breast(Category.SD)).advise(policy=policy).escalation.policy == entry
        assert scene(Timing.AFTER, breast(Category.CR)).advise(policy=policy).escalation.policy is None

    def test_reasons_stand_most_urgent_first(self) -> None:
        facts = examined(Clinical(exam_agrees=False))
        advice = scene(Timing.AFTER, breast(Category.SD), facts=facts).advise()
        assert [(r.row, r.urgency) for r in advice.escalation.reasons] == [
            ("B4", Urgency.IMMEDIATE),
            ("A4", Urgency.TUMOUR_BOARD),
        ]

    def test_rows_stand_in_the_order_of_the_table_then_side(self) -> None:
        facts = replace(ANSWERED, suspicion_distant=True)
        both = (breast(Category.SD), breast(Category.CR, site("R1", Category.CR), side=Side.RIGHT))
        advice = scene(Timing.AFTER, *both, facts=facts).advise()
        assert [(r.row, r.side) for r in advice.rows] == [("B1", Side.RIGHT), ("B4", Side.LEFT), ("C7", None)]


def test_explain_names_every_condition_of_every_row() -> None:
    advice = scene(Timing.AFTER, breast(Category.SD)).advise()
    seen = {(s.row, s.side): s for s in advice.looked_at}
    assert {row for row, _ in seen} == {row.id for row in pack().decision.row}
    assert seen["B4", Side.LEFT].fired
    assert [(c.condition, c.holds) for c in seen["B4", Side.LEFT].conditions] == [("stable", True)]
    assert [(c.condition, c.holds) for c in seen["B5", Side.LEFT].conditions] == [("progressive", False)]
    assert [(c.condition, c.holds) for c in seen["B1", Side.LEFT].conditions] == [
        ("complete", False),
        ("bed_unconfirmed", False),
        ("new_finding_unsettled", False),
    ]
    assert seen["B4", Side.LEFT].sources == ("S25", "S42", "S43")


@pytest.mark.requirement("S15")
def test_an_interim_study_does_not_exclude_the_final_one() -> None:
    for timing in (Timing.DURING, Timing.AFTER):
        assert scene(timing).advise().routes[0].variant == 2


@pytest.mark.requirement("S58")
def test_axilla_and_breast_are_both_answered_for() -> None:
    advice = scene(Timing.AFTER, axillae=[axilla(assessed=False)], now=ALL).advise()
    assert {r.question for r in advice.routes} == {"breast", "axilla"}
    assert "C4" in rows_of(advice)
