"""Each row of the decision table: where it fires, where it does not, whom it has told, during treatment and after."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import product

import pytest

from reporter.advice.interface import Advice, Policy, RoleTold, Timing, Urgency
from reporter.case.facts import Axilla, Clinical, Diagnosis, Radiologist, Therapy
from reporter.case.length import mm
from reporter.case.lesion import Lesion
from reporter.case.study import Patient
from reporter.case.vocabulary import (
    BiopsyResult,
    Indication,
    Kind,
    LevelState,
    Location,
    Modality,
    Side,
    TherapyKind,
    TherapyStatus,
)
from reporter.response.interface import (
    BreastResponse,
    Calcifications,
    Category,
    Discordance,
    DiscordanceKind,
    Headline,
    MarkerState,
    NewFindingClass,
    NodeCourse,
    Progression,
    ProgressionKind,
    Regrowth,
    State,
    Verdict,
)
from tests.advice.factory import (
    ANSWERED,
    axilla,
    breast,
    composed,
    examined,
    flagged,
    marker,
    new_finding,
    node,
    notes_of,
    point,
    rows_of,
    scene,
    site,
    steps_of,
    study_of,
    wanted_of,
    with_axilla,
)

MRI = "MRI breast without and with IV contrast"
MAMMOGRAPHY = {"Mammography diagnostic", "Digital breast tomosynthesis diagnostic"}
US = "US breast"
BOTH = (Timing.DURING, Timing.AFTER)
FOLLOW_UP = (Timing.DURING, Timing.AFTER, Timing.END_LABELLED, Timing.UNSTATED)
SURGICAL = {
    "targeted_excision",
    "localise_markers",
    "specimen_radiograph",
    "residual_for_resection",
    "discuss_surgical_extent",
    "exact_extent",
    "discuss_stable_options",
    "extent_not_on_indeterminate",
    "discuss_node",
    "plan_on_largest_and_span",
    "name_benign_markers",
}


def told(advice: Advice) -> tuple[Urgency, tuple[RoleTold, ...]]:
    return advice.escalation.urgency, advice.escalation.told


def urgency_of(advice: Advice, row: str) -> Urgency:
    found = advice.row(row)
    assert found is not None
    return found.urgency


def progression(kind: ProgressionKind = ProgressionKind.SITE, *, without_baseline: bool = False) -> Progression:
    return Progression(
        kind=kind,
        modality=Modality.US,
        lesion_id=None if kind is ProgressionKind.SUM else "L1",
        verdict=Verdict(category=Category.PD, rule="test"),
        without_baseline=without_baseline,
    )


def regrowth(lesion_id: str | None = "L1") -> Regrowth:
    return Regrowth(
        lesion_id=lesion_id,
        modality=Modality.MR,
        baseline=mm(100).mm,
        smallest=mm(60).mm,
        smallest_time_point=0,
        now=mm(71).mm,
        held=True,
    )


def calcifications(*, assessed: bool = False, then: int | None = 12) -> Calcifications:
    extent = None if then is None else mm(then)
    return Calcifications(lesion_id="L1", baseline=extent, now=None, change=None, assessed_now=assessed)


class TestA1OutOfScope:
    @pytest.mark.requirement("S13")
    def test_stated_no_cancer(self) -> None:
        facts = replace(ANSWERED, diagnosis=(Diagnosis(side=Side.LEFT, confirmed=False),))
        advice = scene(Timing.AFTER, breast(Category.PD, site(benign=True)), facts=facts).advise()

        assert rows_of(advice) == {"A1"}
        assert not advice.in_scope
        assert advice.imaging == ()
        assert [r.reason for r in advice.routes] == ["out_of_scope.no_cancer"]
        assert not advice.escalation.required

    @pytest.mark.requirement("S13")
    def test_absent_is_not_no(self) -> None:
        advice = scene(facts=replace(ANSWERED, diagnosis=())).advise()
        assert advice.in_scope
        assert "A1" not in rows_of(advice)

    def test_a_stated_no_of_one_breast_says_nothing_of_the_other(self) -> None:
        facts = replace(ANSWERED, diagnosis=(Diagnosis(side=Side.RIGHT, confirmed=False),))
        assert scene(facts=facts).advise().in_scope

    def test_a_proven_lesion_outweighs_a_stated_no(self) -> None:
        facts = replace(ANSWERED, diagnosis=(Diagnosis(side=Side.LEFT, confirmed=False),))
        assert scene(Timing.AFTER, breast(Category.SD), facts=facts).advise().in_scope

    @pytest.mark.requirement("S19")
    def test_screening(self) -> None:
        advice = scene(facts=replace(ANSWERED, indication=Indication.SCREENING)).advise()
        assert rows_of(advice) == {"A1"}
        assert [r.neighbour for r in advice.routes] == ["acr-breast-cancer-screening"]

    @pytest.mark.parametrize("indication", [None, Indication.RESPONSE, Indication.DIAGNOSIS])
    def test_no_other_indication_is_out_of_scope(self, indication: Indication | None) -> None:
        assert scene(facts=replace(ANSWERED, indication=indication)).advise().in_scope

    @pytest.mark.requirement("S1")
    @pytest.mark.parametrize(
        ("intent", "in_scope"),
        [(None, True), ("neoadjuvant", True), ("Neo-adjuvant", True), ("adjuvant", False), ("palliative", False)],
    )
    def test_intent(self, intent: str | None, in_scope: bool) -> None:
        therapy = Therapy(intent=intent, status=TherapyStatus.COMPLETED)
        assert scene(therapy=therapy).advise().in_scope is in_scope

    @pytest.mark.parametrize(
        ("born", "in_scope"),
        [(dt.date(2008, 7, 14), False), (dt.date(2008, 7, 13), True), (None, True)],
        ids=["17 years", "18 today", "not known"],
    )
    def test_age(self, born: dt.date | None, in_scope: bool) -> None:
        made = scene()
        case = replace(made.case, patient=Patient(id="SYN-0001", birth_date=born))
        assert replace(made, case=case).advise().in_scope is in_scope

    def test_clinical_worsening_is_urgent_all_the_same(self) -> None:
        facts = replace(examined(Clinical(worsening=True)), indication=Indication.SCREENING)
        advice = scene(facts=facts).advise()
        assert rows_of(advice) == {"A1", "A3"}
        assert advice.escalation.urgency is Urgency.IMMEDIATE


class TestA2NotStarted:
    @pytest.mark.requirement("S16")
    def test_baseline_report(self) -> None:
        advice = scene(Timing.BEFORE, breast(Category.BASELINE)).advise()
        assert rows_of(advice) == {"A2"}
        assert "baseline_report" in notes_of(advice)
        assert advice.routes[0].variant == 1

    @pytest.mark.parametrize("timing", FOLLOW_UP)
    def test_not_once_begun(self, timing: Timing) -> None:
        assert "A2" not in rows_of(scene(timing).advise())

    @pytest.mark.requirement("S3")
    def test_wants_us_and_mammography_at_the_start(self) -> None:
        advice = scene(Timing.BEFORE, breast(Category.BASELINE, modalities=(Modality.MR,)), now=(Modality.MR,)).advise()
        assert wanted_of(advice) == {US, *MAMMOGRAPHY}

    @pytest.mark.requirement("S7")
    @pytest.mark.parametrize(("density", "wanted"), [("a", False), ("b", False), ("c", True), ("D", True)])
    def test_dense_breast_wants_mri_at_the_start(self, density: str, wanted: bool) -> None:
        seen = (Modality.US, Modality.MG)
        advice = scene(
            Timing.BEFORE, breast(Category.BASELINE, modalities=seen), now=seen, facts=composed(density)
        ).advise()
        assert (MRI in wanted_of(advice)) is wanted

    def test_no_response_row_before_therapy(self) -> None:
        odd = breast(Category.SD, headline=Headline.STABLE)
        assert rows_of(scene(Timing.BEFORE, odd).advise()) == {"A2"}


class TestA3ClinicalWorsening:
    @pytest.mark.requirement("S17")
    @pytest.mark.parametrize("timing", FOLLOW_UP)
    def test_immediate_by_direct_contact(self, timing: Timing) -> None:
        advice = scene(timing, facts=examined(Clinical(worsening=True))).advise()
        assert "A3" in rows_of(advice)
        assert told(advice) == (Urgency.IMMEDIATE, (RoleTold.ONCOLOGIST, RoleTold.SURGEON, RoleTold.MDT))
        assert advice.escalation.direct_contact
        assert "urgent_pathway" in steps_of(advice)

    @pytest.mark.parametrize("timing", [Timing.DURING, Timing.AFTER])
    def test_leaves_the_text_of_variant_2(self, timing: Timing) -> None:
        advice = scene(timing, facts=examined(Clinical(worsening=True))).advise()
        assert [(r.variant, r.reason) for r in advice.routes if r.question == "breast"] == [
            (None, "breast.urgent_pathway")
        ]
        assert all(study.variant != 2 for study in advice.imaging)

    @pytest.mark.parametrize("worsening", [False, None])
    def test_not_without_a_stated_yes(self, worsening: bool | None) -> None:
        assert "A3" not in rows_of(scene(facts=examined(Clinical(worsening=worsening))).advise())

    def test_not_of_an_earlier_time_point(self) -> None:
        facts = replace(ANSWERED, clinical=(Clinical(side=Side.LEFT, date=dt.date(2026, 1, 8), worsening=True),))
        assert "A3" not in rows_of(scene(facts=facts).advise())

    def test_of_an_unnamed_side_is_still_told(self) -> None:
        facts = replace(ANSWERED, clinical=(Clinical(side=None, worsening=True),))
        advice = scene(Timing.AFTER, breast(), breast(side=Side.RIGHT), facts=facts).advise()
        assert advice.escalation.urgency is Urgency.IMMEDIATE

    def test_of_a_side_without_lesions_is_still_told(self) -> None:
        facts = replace(ANSWERED, clinical=(Clinical(side=Side.RIGHT, worsening=True),))
        assert scene(Timing.AFTER, breast(), facts=facts).advise().escalation.urgency is Urgency.IMMEDIATE

    def test_no_excision_is_spoken_of_beside_it(self) -> None:
        advice = scene(Timing.AFTER, breast(Category.CR), facts=examined(Clinical(worsening=True))).advise()
        assert "targeted_excision" not in steps_of(advice)


class TestA4ExaminationDisagrees:
    @pytest.mark.requirement("S18")
    @pytest.mark.parametrize("timing", FOLLOW_UP)
    def test_stated(self, timing: Timing) -> None:
        advice = scene(timing, facts=examined(Clinical(exam_agrees=False))).advise()
        assert "A4" in rows_of(advice)
        assert told(advice) == (Urgency.TUMOUR_BOARD, (RoleTold.MDT,))
        assert "problem_solving" in steps_of(advice)

    @pytest.mark.requirement("S48")
    def test_found(self) -> None:
        palpable = Discordance(kind=DiscordanceKind.PALPABLE, lesion_id="L1")
        found = scene(Timing.AFTER, replace(breast(Category.CR), discordances=(palpable,))).advise()
        assert rows_of(found) == {"A4", "B1"}
        assert found.rows[0].lesion_ids == ("L1",)

    @pytest.mark.parametrize("agrees", [True, None])
    def test_not_where_they_agree(self, agrees: bool | None) -> None:
        assert "A4" not in rows_of(scene(facts=examined(Clinical(exam_agrees=agrees))).advise())

    def test_not_of_two_modalities(self) -> None:
        sizes = Discordance(kind=DiscordanceKind.SIZE, lesion_id="L1")
        assert "A4" not in rows_of(scene(Timing.AFTER, replace(breast(), discordances=(sizes,))).advise())

    def test_wants_the_modality_that_is_missing(self) -> None:
        us_only = (Modality.US, Modality.MG)
        facts = examined(Clinical(exam_agrees=False))
        advice = scene(Timing.AFTER, breast(modalities=us_only), facts=facts, now=us_only).advise()
        assert wanted_of(advice) == {MRI}
        assert study_of(advice, MRI).purpose == "problem_solving"


class TestA5NoBaseline:
    @pytest.mark.requirement("S45")
    @pytest.mark.parametrize("timing", [Timing.DURING, Timing.AFTER, Timing.END_LABELLED])
    def test_begun_without_baseline(self, timing: Timing) -> None:
        advice = scene(timing, breast(Category.NE), baseline=None).advise()
        assert rows_of(advice) == {"A5", "B8"}
        assert "obtain_baseline" in steps_of(advice)
        assert "complete_missing_part" not in steps_of(advice)
        assert urgency_of(advice, "A5") is Urgency.NONE

    def test_growth_is_told_like_progression(self) -> None:
        grown = replace(breast(Category.NE), progressions=(progression(without_baseline=True),))
        advice = scene(Timing.DURING, grown, baseline=None).advise()
        assert rows_of(advice) == {"A5", "B5"}
        assert advice.escalation.urgency is Urgency.IMMEDIATE
        assert "growth_without_baseline" in notes_of(advice)

    def test_not_where_a_baseline_exists(self) -> None:
        assert "A5" not in rows_of(scene(Timing.DURING, breast(Category.NE)).advise())

    def test_not_where_the_status_is_not_stated(self) -> None:
        assert "A5" not in rows_of(scene(Timing.UNSTATED, breast(Category.BASELINE), baseline=None).advise())


class TestB1AndB2CompleteResponse:
    @pytest.mark.requirement("S37")
    def test_confirmed_bed(self) -> None:
        advice = scene(Timing.AFTER, breast(Category.CR)).advise()
        assert rows_of(advice) == {"B1"}
        assert {"targeted_excision", "specimen_radiograph"} <= steps_of(advice)

    @pytest.mark.requirement("S39")
    @pytest.mark.requirement("S23")
    def test_pathology_is_the_reference(self) -> None:
        assert {"pathology_reference", "complete_response_matters"} <= notes_of(
            scene(Timing.AFTER, breast(Category.CR)).advise()
        )

    @pytest.mark.requirement("S38")
    def test_no_surgical_line_during(self) -> None:
        advice = scene(Timing.DURING, breast(Category.CR)).advise()
        assert rows_of(advice) == {"B1"}
        assert steps_of(advice) == set()

    @pytest.mark.requirement("S56")
    @pytest.mark.parametrize(
        "state", [MarkerState.NOT_SEEN, MarkerState.NEVER_PLACED, MarkerState.DISPLACED, MarkerState.NOT_STATED]
    )
    @pytest.mark.parametrize("timing", FOLLOW_UP)
    def test_unconfirmed_bed(self, state: MarkerState, timing: Timing) -> None:
        advice = scene(timing, breast(Category.CR, markers=[marker(state=state)])).advise()
        assert rows_of(advice) == {"B2"}
        assert told(advice) == (Urgency.BEFORE_OPERATION, (RoleTold.SURGEON, RoleTold.RADIOLOGIST))
        assert "localise_bed" in steps_of(advice)
        assert "targeted_excision" not in steps_of(advice)

    def test_every_site_needs_its_own_marker(self) -> None:
        two = breast(Category.CR, site("A", Category.CR), site("B", Category.CR), markers=[marker("A")])
        advice = scene(Timing.AFTER, two).advise()
        assert "B2" in rows_of(advice)
        row = advice.row("B2")
        assert row is not None
        assert row.lesion_ids == ("B",)

    def test_a_benign_site_needs_none(self) -> None:
        benign = site("C", Category.SD, benign=True)
        both = breast(Category.CR, site("A", Category.CR), benign, markers=[marker("A")])
        assert rows_of(scene(Timing.AFTER, both).advise()) == {"B1"}

    def test_skin_has_no_bed(self) -> None:
        sites = (site("A", Category.CR), site("S", Category.CR))
        lesions = [
            Lesion(id="A", kind=Kind.MASS, organ="breast", side=Side.LEFT),
            Lesion(id="S", kind=Kind.SKIN, organ="breast", side=Side.LEFT),
        ]
        shown = breast(Category.CR, *sites, markers=[marker("A")])
        assert rows_of(scene(Timing.AFTER, shown, lesions=lesions).advise()) == {"B1"}

    def test_bed_is_looked_for_on_what_was_not_done(self) -> None:
        us = (Modality.US,)
        shown = breast(Category.CR, markers=[marker(state=MarkerState.NOT_SEEN)], modalities=us)
        advice = scene(Timing.AFTER, shown, now=us).advise()
        assert wanted_of(advice) == {MRI, *MAMMOGRAPHY}
        assert study_of(advice, MRI).purpose == "tumour_bed"

    def test_unsettled_finding_takes_the_excision_away(self) -> None:
        shown = breast(Category.CR, headline=Headline.KNOWN_SITE_GONE, new_findings=[new_finding()])
        advice = scene(Timing.AFTER, shown).advise()
        assert rows_of(advice) == {"B9"}
        assert "targeted_excision" not in steps_of(advice)
        assert "complete_response_matters" not in notes_of(advice)

    def test_unsettled_finding_and_unconfirmed_bed(self) -> None:
        shown = breast(
            Category.CR,
            headline=Headline.KNOWN_SITE_GONE,
            markers=[marker(state=MarkerState.NOT_SEEN)],
            new_findings=[new_finding()],
        )
        advice = scene(Timing.AFTER, shown).advise()
        assert rows_of(advice) == {"B2", "B9"}
        assert advice.escalation.urgency is Urgency.PROMPT
        assert RoleTold.RADIOLOGIST in advice.escalation.told
        assert "complete_response_matters" not in notes_of(advice)

    @pytest.mark.parametrize("known", [True, False])
    def test_calcifications_are_set_apart(self, known: bool) -> None:
        entries = (calcifications(assessed=True),) if known else ()
        advice = scene(Timing.AFTER, replace(breast(Category.CR), calcifications=entries)).advise()
        assert ("calcifications_apart" in notes_of(advice)) is known


class TestB3PartialResponse:
    @pytest.mark.requirement("S24")
    @pytest.mark.requirement("S40")
    def test_after(self) -> None:
        advice = scene(Timing.AFTER).advise()
        assert rows_of(advice) == {"B3"}
        assert steps_of(advice) == {"residual_for_resection"}
        assert notes_of(advice) == {"residual_extent"}

    def test_during(self) -> None:
        advice = scene(Timing.DURING).advise()
        assert rows_of(advice) == {"B3"}
        assert steps_of(advice) == set()
        assert notes_of(advice) == {"residual_extent"}

    @pytest.mark.requirement("S41")
    @pytest.mark.parametrize("timing", FOLLOW_UP)
    def test_large_residual_is_a_surgical_matter(self, timing: Timing) -> None:
        advice = scene(timing, facts=flagged(Radiologist(residual_large=True))).advise()
        assert ("discuss_surgical_extent" in steps_of(advice)) is timing.surgical

    def test_complete_on_the_record_but_still_measured_is_partial(self) -> None:
        still = replace(site(category=Category.CR), still_measured=(point("L1", Modality.US, 6),))
        advice = scene(Timing.AFTER, breast(Category.CR, still, headline=Headline.NOT_COMPLETE)).advise()
        assert rows_of(advice) == {"B3"}
        assert advice.rows[0].lesion_ids == ("L1",)
        assert "targeted_excision" not in steps_of(advice)

    def test_held_response(self) -> None:
        advice = scene(Timing.AFTER, breast(Category.PR, headline=Headline.PARTIAL_HELD)).advise()
        assert rows_of(advice) == {"B3"}


class TestB4StableDisease:
    @pytest.mark.requirement("S42")
    def test_during(self) -> None:
        advice = scene(Timing.DURING, breast(Category.SD)).advise()
        assert rows_of(advice) == {"B4"}
        assert told(advice) == (Urgency.BEFORE_NEXT_CYCLE, (RoleTold.ONCOLOGIST,))
        assert notes_of(advice) == {"too_early"}
        assert steps_of(advice) == set()

    @pytest.mark.requirement("S25")
    @pytest.mark.requirement("S43")
    def test_after(self) -> None:
        advice = scene(Timing.AFTER, breast(Category.SD)).advise()
        assert told(advice) == (Urgency.IMMEDIATE, (RoleTold.MDT,))
        assert notes_of(advice) == {"insufficient_after_course"}
        assert steps_of(advice) == {"exact_extent", "discuss_stable_options"}

    @pytest.mark.requirement("S25")
    def test_labelled_end_while_therapy_runs_on_is_no_full_course(self) -> None:
        advice = scene(Timing.END_LABELLED, breast(Category.SD)).advise()
        assert advice.timing is Timing.END_LABELLED
        assert told(advice) == (Urgency.IMMEDIATE, (RoleTold.MDT,))
        assert notes_of(advice) == set()
        assert steps_of(advice) == {"exact_extent", "discuss_stable_options"}

    def test_status_not_stated_takes_the_more_urgent(self) -> None:
        advice = scene(Timing.UNSTATED, breast(Category.SD)).advise()
        assert advice.escalation.urgency is Urgency.IMMEDIATE
        assert RoleTold.MDT in advice.escalation.told
        assert notes_of(advice) == {"residual_extent"}
        assert steps_of(advice) == {"discuss_response"}

    def test_not_of_a_stable_node(self) -> None:
        advice = scene(Timing.AFTER, breast(Category.PR), axillae=[axilla(Side.LEFT, node())]).advise()
        assert rows_of(advice) == {"B3"}

    def test_not_of_a_benign_site(self) -> None:
        benign = site("C", Category.SD, benign=True)
        assert "B4" not in rows_of(scene(Timing.AFTER, breast(Category.PR, site("A"), benign)).advise())


class TestB5Progression:
    @pytest.mark.requirement("S26")
    @pytest.mark.requirement("S42")
    @pytest.mark.parametrize("timing", FOLLOW_UP)
    def test_immediate_at_any_time(self, timing: Timing) -> None:
        advice = scene(timing, breast(Category.PD)).advise()
        assert rows_of(advice) == {"B5"}
        assert told(advice) == (Urgency.IMMEDIATE, (RoleTold.ONCOLOGIST, RoleTold.SURGEON, RoleTold.MDT))
        assert advice.escalation.direct_contact
        assert steps_of(advice) == {"rethink_strategy"}

    @pytest.mark.parametrize("kind", ProgressionKind)
    def test_of_every_kind_whatever_the_record_says(self, kind: ProgressionKind) -> None:
        shown = replace(breast(Category.PR), progressions=(progression(kind),))
        assert rows_of(scene(Timing.AFTER, shown).advise()) == {"B5"}

    def test_of_a_node(self) -> None:
        grown = axilla(Side.LEFT, node(NodeCourse.PERSISTENTLY_ABNORMAL, category=Category.PD))
        advice = scene(Timing.AFTER, breast(Category.CR), axillae=[grown]).advise()
        assert rows_of(advice) == {"B5", "C8"}
        assert advice.rows[0].lesion_ids == ("N1",)

    def test_of_a_node_of_the_other_side_only_there(self) -> None:
        grown = axilla(Side.RIGHT, node(NodeCourse.PERSISTENTLY_ABNORMAL, category=Category.PD))
        both = (breast(Category.CR), breast(Category.SD, site("R1", Category.SD), side=Side.RIGHT))
        advice = scene(Timing.AFTER, *both, axillae=[axilla(), grown]).advise()
        assert [(m.row, m.side) for m in advice.rows] == [
            ("B1", Side.LEFT),
            ("B5", Side.RIGHT),
            ("C8", Side.RIGHT),
        ]

    @pytest.mark.parametrize(
        ("biopsy", "step"),
        [
            (None, "biopsy_new_lesion"),
            (BiopsyResult.NONE, "biopsy_new_lesion"),
            (BiopsyResult.PENDING, "await_biopsy"),
            (BiopsyResult.MALIGNANT, None),
        ],
    )
    def test_new_lesion_is_biopsied_once(self, biopsy: BiopsyResult | None, step: str | None) -> None:
        shown = breast(Category.PD, new_findings=[new_finding(NewFindingClass.PROGRESSION, biopsy=biopsy)])
        found = steps_of(scene(Timing.DURING, shown).advise()) & {"biopsy_new_lesion", "await_biopsy"}
        assert found == ({step} if step else set())

    @pytest.mark.requirement("S57")
    def test_pseudoprogression_is_a_caution_not_a_category(self) -> None:
        therapy = Therapy(intent="neoadjuvant", status=TherapyStatus.ONGOING, kinds=(TherapyKind.IMMUNOTHERAPY,))
        advice = scene(Timing.DURING, breast(Category.PD), therapy=therapy).advise()
        assert "pseudoprogression" in notes_of(advice)
        assert rows_of(advice) == {"B5"}

    @pytest.mark.parametrize(("suspected", "noted"), [(None, True), (False, True), (True, False)])
    def test_staging_only_where_spread_is_suspected(self, suspected: bool | None, noted: bool) -> None:
        advice = scene(
            Timing.DURING, breast(Category.PD), facts=replace(ANSWERED, suspicion_distant=suspected)
        ).advise()
        assert ("staging_only_if_suspected" in notes_of(advice)) is noted


class TestB6AndB7Indeterminate:
    US_MG = (Modality.US, Modality.MG)

    @pytest.mark.requirement("S44")
    @pytest.mark.parametrize("timing", FOLLOW_UP)
    def test_without_mri(self, timing: Timing) -> None:
        shown = breast(Category.PR, headline=Headline.INDETERMINATE, modalities=self.US_MG)
        advice = scene(timing, shown, facts=flagged(Radiologist(indeterminate=True)), now=self.US_MG).advise()
        assert rows_of(advice) == {"B6"}
        assert told(advice) == (Urgency.TUMOUR_BOARD, (RoleTold.MDT,))
        assert wanted_of(advice) == {MRI}
        assert study_of(advice, MRI).purpose == "residual_enhancement"
        assert ("extent_not_on_indeterminate" in steps_of(advice)) is timing.surgical

    def test_a_baseline_mri_does_not_count(self) -> None:
        shown = breast(Category.PR, headline=Headline.INDETERMINATE, modalities=self.US_MG)
        with_baseline = scene(Timing.AFTER, shown, now=self.US_MG).advise()
        assert rows_of(with_baseline) == {"B6"}
        assert "no_baseline_mri" not in notes_of(with_baseline)

        shown = replace(shown, modalities_saw_baseline=self.US_MG)
        without = scene(Timing.AFTER, shown, now=self.US_MG, baseline=self.US_MG).advise()
        assert "no_baseline_mri" in notes_of(without)

    @pytest.mark.requirement("S51")
    def test_mri_impossible_means_biopsy(self) -> None:
        shown = breast(Category.PR, headline=Headline.INDETERMINATE, modalities=self.US_MG)
        facts = replace(flagged(Radiologist(indeterminate=True)), mri_possible=False)
        advice = scene(Timing.AFTER, shown, now=self.US_MG, facts=facts).advise()
        assert "biopsy_instead_of_mri" in steps_of(advice)
        assert "biopsy_if_mri_equivocal" not in steps_of(advice)
        assert wanted_of(advice) == set()

    @pytest.mark.requirement("S49")
    @pytest.mark.requirement("S50")
    @pytest.mark.parametrize("timing", FOLLOW_UP)
    def test_after_mri(self, timing: Timing) -> None:
        shown = breast(Category.PR, headline=Headline.INDETERMINATE)
        advice = scene(timing, shown, facts=flagged(Radiologist(indeterminate=True))).advise()
        assert rows_of(advice) == {"B7"}
        assert told(advice) == (Urgency.TUMOUR_BOARD, (RoleTold.MDT,))
        assert {"consensus", "biopsy_indeterminate"} <= steps_of(advice)
        assert wanted_of(advice) == set()

    @pytest.mark.parametrize(("category", "first"), [(Category.SD, "B4"), (Category.PD, "B5")])
    def test_never_hides_stable_or_progressive(self, category: Category, first: str) -> None:
        advice = scene(Timing.AFTER, breast(category), facts=flagged(Radiologist(indeterminate=True))).advise()
        assert rows_of(advice) == {first, "B7"}
        assert advice.escalation.urgency is Urgency.IMMEDIATE

    def test_goes_before_not_evaluable_and_partial(self) -> None:
        for category in (Category.NE, Category.PR, Category.CR):
            seen = site(category=category, now=12)
            flags = flagged(Radiologist(indeterminate=True))
            assert rows_of(scene(Timing.AFTER, breast(category, seen), facts=flags).advise()) == {"B7"}

    def test_a_missing_row_is_not_evaluable_never_indeterminate(self) -> None:
        unseen = site(category=Category.NE, results_on=())
        flags = flagged(Radiologist(indeterminate=True))
        assert rows_of(scene(Timing.AFTER, breast(Category.NE, unseen), facts=flags).advise()) == {"B8"}

    @pytest.mark.requirement("S47")
    def test_scar_is_not_tumour(self) -> None:
        advice = scene(Timing.AFTER, facts=flagged(Radiologist(indeterminate=True))).advise()
        assert "scar_or_tumour" in notes_of(advice)


class TestB8NotEvaluable:
    @pytest.mark.parametrize(
        ("timing", "urgency"),
        [
            (Timing.DURING, Urgency.NONE),
            (Timing.AFTER, Urgency.BEFORE_OPERATION),
            (Timing.END_LABELLED, Urgency.BEFORE_OPERATION),
            (Timing.UNSTATED, Urgency.BEFORE_OPERATION),
        ],
    )
    def test_escalation(self, timing: Timing, urgency: Urgency) -> None:
        advice = scene(timing, breast(Category.NE)).advise()
        assert rows_of(advice) == {"B8"}
        assert advice.escalation.urgency is urgency
        assert steps_of(advice) == {"complete_missing_part"}

    def test_larger_elsewhere_goes_to_the_tumour_board(self) -> None:
        for timing in FOLLOW_UP:
            advice = scene(timing, replace(breast(Category.NE), larger_elsewhere=("L1",))).advise()
            assert advice.escalation.urgency is Urgency.TUMOUR_BOARD
            assert "larger_elsewhere" in notes_of(advice)

    def test_wants_the_modality_of_the_baseline(self) -> None:
        now = (Modality.US, Modality.MG)
        seen = site(category=Category.NE, baseline_on=(Modality.MR,))
        advice = scene(Timing.AFTER, breast(Category.NE, seen, modalities=now), now=now).advise()
        study = study_of(advice, MRI)
        assert study.wanted
        assert "B8" in study.rows

    def test_a_study_already_done_is_not_wanted_again(self) -> None:
        seen = site(category=Category.NE, baseline_on=(Modality.MR, Modality.US))
        assert wanted_of(scene(Timing.AFTER, breast(Category.NE, seen)).advise()) == set()


class TestB9NewFinding:
    @pytest.mark.requirement("S51")
    @pytest.mark.parametrize("timing", FOLLOW_UP)
    def test_prompt_by_direct_contact(self, timing: Timing) -> None:
        advice = scene(timing, breast(Category.PR, new_findings=[new_finding()])).advise()
        assert rows_of(advice) == {"B3", "B9"}
        assert told(advice) == (Urgency.PROMPT, (RoleTold.ONCOLOGIST, RoleTold.MDT))
        assert advice.escalation.direct_contact
        assert {"biopsy_new_finding", "own_birads"} <= steps_of(advice)
        row = advice.row("B9")
        assert row is not None
        assert row.lesion_ids == ("L9",)

    @pytest.mark.parametrize("category", [Category.PD, Category.SD, Category.NE, Category.CR, Category.PR])
    def test_beside_any_row(self, category: Category) -> None:
        rows = rows_of(scene(Timing.AFTER, breast(category, new_findings=[new_finding()])).advise())
        assert "B9" in rows
        assert "B1" not in rows

    def test_pending_biopsy_is_awaited(self) -> None:
        pending = new_finding(biopsy=BiopsyResult.PENDING)
        advice = scene(Timing.AFTER, breast(Category.PR, new_findings=[pending])).advise()
        assert "await_biopsy" in steps_of(advice)
        assert "biopsy_new_finding" not in steps_of(advice)

    @pytest.mark.parametrize("timing", [Timing.DURING, Timing.AFTER])
    def test_a_proven_one_is_not_biopsied_again(self, timing: Timing) -> None:
        proven = new_finding(biopsy=BiopsyResult.MALIGNANT)
        advice = scene(timing, breast(Category.PR, new_findings=[proven])).advise()
        assert "B9" in rows_of(advice)
        assert "settle_proven_finding" in steps_of(advice)
        assert not {"biopsy_new_finding", "await_biopsy"} & set(steps_of(advice))

    def test_in_the_other_breast_alone(self) -> None:
        other = breast(
            Category.NED,
            side=Side.RIGHT,
            markers=(),
            new_findings=[new_finding(side=Side.RIGHT)],
        )
        other = replace(other, sites=())
        advice = scene(Timing.AFTER, breast(Category.CR), other).advise()
        assert [(m.row, m.side) for m in advice.rows] == [("B1", Side.LEFT), ("B9", Side.RIGHT)]

    def test_proven_in_the_other_breast_is_a_new_cancer(self) -> None:
        proven = new_finding(NewFindingClass.NEW_CANCER, side=Side.RIGHT, biopsy=BiopsyResult.MALIGNANT)
        other = replace(breast(Category.NED, side=Side.RIGHT, markers=(), new_findings=[proven]), sites=())
        advice = scene(Timing.AFTER, breast(Category.CR), other).advise()
        assert advice.escalation.urgency is Urgency.PROMPT
        assert "assess_new_cancer" in steps_of(advice)
        assert "biopsy_new_finding" not in steps_of(advice)
        assert "B5" not in rows_of(advice)

    @pytest.mark.parametrize("classified", [NewFindingClass.BENIGN, NewFindingClass.PROGRESSION])
    def test_not_of_a_settled_finding(self, classified: NewFindingClass) -> None:
        advice = scene(Timing.AFTER, breast(Category.PR, new_findings=[new_finding(classified)])).advise()
        assert "B9" not in rows_of(advice)


class TestB10NearComplete:
    @pytest.mark.requirement("S37")
    @pytest.mark.parametrize("category", [Category.PR, Category.CR])
    def test_confirmed_bed(self, category: Category) -> None:
        shown = breast(category, headline=Headline.NEAR_COMPLETE)
        advice = scene(Timing.AFTER, shown, facts=flagged(Radiologist(near_complete=True))).advise()
        assert rows_of(advice) == {"B10"}
        assert not advice.escalation.required
        assert {"targeted_excision", "residual_for_resection"} <= steps_of(advice)
        assert "near_complete_entered" in notes_of(advice)
        assert "complete_response_matters" not in notes_of(advice)

    @pytest.mark.parametrize("timing", FOLLOW_UP)
    def test_unconfirmed_bed_is_told_as_in_b2(self, timing: Timing) -> None:
        shown = breast(Category.PR, markers=[marker(state=MarkerState.NOT_SEEN)])
        advice = scene(timing, shown, facts=flagged(Radiologist(near_complete=True))).advise()
        assert rows_of(advice) == {"B10"}
        assert told(advice) == (Urgency.BEFORE_OPERATION, (RoleTold.SURGEON, RoleTold.RADIOLOGIST))
        assert "localise_bed" in steps_of(advice)
        assert "targeted_excision" not in steps_of(advice)

    @pytest.mark.parametrize(("category", "row"), [(Category.PD, "B5"), (Category.SD, "B4"), (Category.NE, "B8")])
    def test_never_lifts_a_worse_category(self, category: Category, row: str) -> None:
        advice = scene(Timing.AFTER, breast(category), facts=flagged(Radiologist(near_complete=True))).advise()
        assert rows_of(advice) == {row}

    def test_only_when_entered(self) -> None:
        shown = breast(Category.PR, site(now=1))
        assert rows_of(scene(Timing.AFTER, shown).advise()) == {"B3"}


class TestB11Persistent:
    @pytest.mark.parametrize(
        ("timing", "urgency"),
        [
            (Timing.DURING, Urgency.NONE),
            (Timing.AFTER, Urgency.TUMOUR_BOARD),
            (Timing.END_LABELLED, Urgency.TUMOUR_BOARD),
            (Timing.UNSTATED, Urgency.TUMOUR_BOARD),
        ],
    )
    def test_no_degree_is_claimed(self, timing: Timing, urgency: Urgency) -> None:
        advice = scene(timing, breast(Category.NON_CR_NON_PD)).advise()
        assert rows_of(advice) == {"B11"}
        assert notes_of(advice) == {"no_degree_claimed"}
        assert advice.escalation.urgency is urgency

    def test_not_of_a_measurable_response(self) -> None:
        assert "B11" not in rows_of(scene(Timing.AFTER).advise())


class TestMixed:
    @pytest.mark.requirement("S62")
    @pytest.mark.parametrize(("failing", "rows"), [(Category.SD, {"B4", "D1"}), (Category.PD, {"B5", "D1"})])
    def test_the_failing_site_gives_the_row(self, failing: Category, rows: set[str]) -> None:
        shown = breast(Category.MIXED, site("A", Category.PR), site("B", failing))
        advice = scene(Timing.AFTER, shown).advise()
        assert rows_of(advice) == rows
        assert advice.rows[0].lesion_ids == ("B",)
        assert "sum_hides_sites" in notes_of(advice)

    def test_stable_and_progressive_sites_beside_a_responding_one(self) -> None:
        shown = breast(Category.MIXED, site("A", Category.PR), site("B", Category.SD), site("C", Category.PD))
        advice = scene(Timing.AFTER, shown).advise()
        assert [(m.row, m.lesion_ids) for m in advice.rows] == [
            ("B4", ("B",)),
            ("B5", ("C",)),
            ("D1", ("A", "B", "C")),
        ]

    def test_progressive_without_a_responding_site_is_b5_alone(self) -> None:
        shown = breast(Category.PD, site("B", Category.SD), site("C", Category.PD))
        assert rows_of(scene(Timing.AFTER, shown).advise()) == {"B5", "D1"}

    def test_biology_is_asked_for_where_the_failing_site_has_none(self) -> None:
        shown = breast(Category.MIXED, site("A", Category.PR), site("B", Category.SD))
        advice = scene(Timing.AFTER, shown).advise()
        note = next(n for n in advice.notes if n.id == "different_biology")
        assert note.lesion_ids == ("B",)

    def test_a_site_not_evaluable_beside_them_is_said(self) -> None:
        shown = breast(Category.MIXED, site("A", Category.PR), site("B", Category.SD), site("C", Category.NE))
        note = next(n for n in scene(Timing.AFTER, shown).advise().notes if n.id == "site_not_evaluable")
        assert note.lesion_ids == ("C",)


class TestC1OneModality:
    @pytest.mark.requirement("S46")
    @pytest.mark.requirement("S36")
    @pytest.mark.parametrize(
        ("now", "wanted"),
        [
            ((Modality.US,), MAMMOGRAPHY),
            ((Modality.MG,), {US}),
            ((Modality.DBT,), {US}),
            ((Modality.MG, Modality.DBT), {US}),
            ((Modality.MR,), {US, *MAMMOGRAPHY}),
        ],
    )
    @pytest.mark.parametrize("timing", [*FOLLOW_UP, Timing.BEFORE])
    def test_the_other_one_is_wanted(self, now: tuple[Modality, ...], wanted: set[str], timing: Timing) -> None:
        category = Category.BASELINE if timing is Timing.BEFORE else Category.PR
        advice = scene(timing, breast(category, modalities=now), now=now).advise()
        assert "C1" in rows_of(advice)
        assert "one_modality" in notes_of(advice)
        assert wanted_of(advice) == wanted
        assert urgency_of(advice, "C1") is Urgency.NONE

    @pytest.mark.parametrize(
        "now", [(Modality.US, Modality.MG), (Modality.MR, Modality.US), (Modality.MR, Modality.DBT)]
    )
    def test_two_will_do(self, now: tuple[Modality, ...]) -> None:
        assert "C1" not in rows_of(scene(Timing.AFTER, breast(modalities=now), now=now).advise())

    def test_pet_and_examination_are_no_second_modality(self) -> None:
        now = (Modality.US, Modality.PT)
        assert "C1" in rows_of(scene(Timing.AFTER, breast(modalities=now), now=now).advise())

    def test_only_one_showed_the_site_at_baseline(self) -> None:
        shown = breast(Category.PR, site("A"), site("B", baseline_on=(Modality.US,)))
        advice = scene(Timing.AFTER, shown).advise()
        assert "C1" in rows_of(advice)
        assert "one_modality" not in notes_of(advice)
        note = next(n for n in advice.notes if n.id == "one_modality_at_baseline")
        assert note.lesion_ids == ("B",)

    def test_occult_on_mammography_means_mri(self) -> None:
        us = site(baseline_on=(Modality.US,))
        occult = replace(us, series=(*us.series, point("L1", Modality.MG, 0, time_point=0, state=State.ABSENT)))
        now = (Modality.US,)
        advice = scene(Timing.AFTER, breast(Category.PR, occult, modalities=now), now=now).advise()
        assert wanted_of(advice) == {MRI}


class TestC2LobularOrNonMass:
    NOW = (Modality.US, Modality.MG)

    @pytest.mark.requirement("S33")
    @pytest.mark.parametrize("timing", [*FOLLOW_UP, Timing.BEFORE])
    def test_lobular(self, timing: Timing) -> None:
        lobular = (Diagnosis(side=Side.LEFT, confirmed=True, histology="Invasive Lobular carcinoma"),)
        category = Category.BASELINE if timing is Timing.BEFORE else Category.PR
        advice = scene(
            timing, breast(category, modalities=self.NOW), now=self.NOW, facts=replace(ANSWERED, diagnosis=lobular)
        ).advise()
        assert "C2" in rows_of(advice)
        assert wanted_of(advice) == {MRI}

    @pytest.mark.requirement("S33")
    def test_non_mass(self) -> None:
        lesions = [Lesion(id="L1", kind=Kind.NON_MASS, organ="breast", side=Side.LEFT)]
        advice = scene(Timing.AFTER, breast(modalities=self.NOW), now=self.NOW, lesions=lesions).advise()
        assert "C2" in rows_of(advice)

    def test_not_once_mri_is_done(self) -> None:
        lesions = [Lesion(id="L1", kind=Kind.NON_MASS, organ="breast", side=Side.LEFT)]
        assert "C2" not in rows_of(scene(Timing.AFTER, lesions=lesions).advise())

    def test_not_of_a_ductal_mass(self) -> None:
        assert "C2" not in rows_of(scene(Timing.AFTER, breast(modalities=self.NOW), now=self.NOW).advise())

    def test_impossible_mri_is_said_not_wanted(self) -> None:
        lesions = [Lesion(id="L1", kind=Kind.NON_MASS, organ="breast", side=Side.LEFT)]
        facts = replace(ANSWERED, mri_possible=False)
        advice = scene(Timing.AFTER, breast(modalities=self.NOW), now=self.NOW, lesions=lesions, facts=facts).advise()
        assert "mri_not_possible" in notes_of(advice)
        assert wanted_of(advice) == set()


class TestC3Calcifications:
    NOW = (Modality.US, Modality.MR)

    @pytest.mark.requirement("S31")
    @pytest.mark.parametrize("timing", FOLLOW_UP)
    def test_no_mammography_now(self, timing: Timing) -> None:
        shown = replace(breast(modalities=self.NOW), calcifications=(calcifications(),))
        advice = scene(timing, shown, now=self.NOW).advise()
        assert "C3" in rows_of(advice)
        assert wanted_of(advice) == MAMMOGRAPHY
        assert study_of(advice, "Mammography diagnostic").purpose == "calcifications"

    @pytest.mark.parametrize("modality", [Modality.MG, Modality.DBT])
    def test_not_with_mammography(self, modality: Modality) -> None:
        now = (*self.NOW, modality)
        shown = replace(breast(modalities=now), calcifications=(calcifications(assessed=True),))
        assert "C3" not in rows_of(scene(Timing.AFTER, shown, now=now).advise())

    def test_not_without_calcifications(self) -> None:
        for entries in ((), (calcifications(then=0),), (calcifications(then=None),)):
            shown = replace(breast(modalities=self.NOW), calcifications=entries)
            assert "C3" not in rows_of(scene(Timing.AFTER, shown, now=self.NOW).advise())


class TestC4AxillaNotAssessed:
    NONE = axilla(assessed=False)

    @pytest.mark.requirement("S58")
    @pytest.mark.requirement("S30")
    def test_after(self) -> None:
        facts = with_axilla(Axilla(clinical_node=None, known_positive=True, previously_imaged=True))
        advice = scene(Timing.AFTER, axillae=[self.NONE], facts=facts).advise()
        assert "C4" in rows_of(advice)
        study = study_of(advice, "US axilla")
        assert (study.wanted, study.variant, study.rating) == (True, 7, "usually_appropriate")

    def test_after_without_a_variant_cites_none(self) -> None:
        advice = scene(Timing.AFTER, axillae=[self.NONE]).advise()
        study = study_of(advice, "US axilla")
        assert (study.wanted, study.variant, study.rating) == (True, None, None)

    def test_during_points_to_the_other_topic(self) -> None:
        advice = scene(Timing.DURING, axillae=[self.NONE]).advise()
        assert {"axilla_not_assessed", "axilla_other_topic"} <= notes_of(advice)
        assert wanted_of(advice) == set()
        assert [r.neighbour for r in advice.routes if r.question == "axilla"] == ["acr-286"]

    def test_status_not_stated_says_no_more_than_that(self) -> None:
        advice = scene(Timing.UNSTATED, axillae=[self.NONE]).advise()
        assert "axilla_not_assessed" in notes_of(advice)
        assert wanted_of(advice) == set()

    def test_not_once_assessed(self) -> None:
        assert "C4" not in rows_of(scene(Timing.AFTER).advise())


class TestC5ModalitiesDisagree:
    SIZES = Discordance(kind=DiscordanceKind.SIZE, lesion_id="L1")

    @pytest.mark.requirement("S48")
    @pytest.mark.parametrize("timing", FOLLOW_UP)
    def test_tumour_board(self, timing: Timing) -> None:
        advice = scene(timing, replace(breast(), discordances=(self.SIZES,))).advise()
        assert rows_of(advice) == {"B3", "C5"}
        assert told(advice) == (Urgency.TUMOUR_BOARD, (RoleTold.MDT,))
        assert "problem_solving" in steps_of(advice)

    def test_not_where_only_the_examination_differs(self) -> None:
        felt = Discordance(kind=DiscordanceKind.ENLARGING_BY_EXAM, lesion_id="L1")
        assert "C5" not in rows_of(scene(Timing.AFTER, replace(breast(), discordances=(felt,))).advise())

    def test_on_a_node_no_further_imaging_of_the_breast_is_asked_for(self) -> None:
        """Mammography would not settle what ultrasound and MRI say of a node."""
        apart = replace(node(now=7), discordances=(Discordance(kind=DiscordanceKind.SIZE, lesion_id="N1"),))
        plain = scene(Timing.AFTER, axillae=[axilla(Side.LEFT, node(now=7))]).advise()
        advice = scene(Timing.AFTER, axillae=[axilla(Side.LEFT, apart)]).advise()
        assert rows_of(advice) - rows_of(plain) == {"C5"}
        assert told(advice) == (Urgency.TUMOUR_BOARD, (RoleTold.MDT,))
        assert [s.lesion_ids for s in advice.steps if s.id == "problem_solving"] == [("N1",)]
        assert wanted_of(advice) == wanted_of(plain)

    def test_beside_a4_the_step_stands_once(self) -> None:
        felt = Discordance(kind=DiscordanceKind.PALPABLE, lesion_id="L2")
        advice = scene(Timing.AFTER, replace(breast(), discordances=(self.SIZES, felt))).advise()
        steps = [step for step in advice.steps if step.id == "problem_solving"]
        assert [(step.rows, step.lesion_ids) for step in steps] == [(("A4", "C5"), ("L2", "L1"))]


class TestC6PetOnly:
    @pytest.mark.requirement("S35")
    @pytest.mark.parametrize("timing", FOLLOW_UP)
    def test_warned_and_never_wanted(self, timing: Timing) -> None:
        now = (Modality.PT,)
        shown = breast(Category.NE, site(category=Category.NE, results_on=now), modalities=())
        advice = scene(timing, shown, now=now).advise()
        assert "C6" in rows_of(advice)
        assert "pet_not_for_local_size" in notes_of(advice)
        assert not any("PET" in study.procedure for study in advice.imaging)

    def test_not_beside_another_size(self) -> None:
        shown = breast(Category.PR, site(results_on=(Modality.PT, Modality.US)))
        assert "C6" not in rows_of(scene(Timing.AFTER, shown).advise())


class TestC7DistantSpread:
    @pytest.mark.requirement("S10")
    @pytest.mark.parametrize("timing", [*FOLLOW_UP, Timing.BEFORE])
    def test_suspected(self, timing: Timing) -> None:
        category = Category.BASELINE if timing is Timing.BEFORE else Category.PR
        advice = scene(timing, breast(category), facts=replace(ANSWERED, suspicion_distant=True)).advise()
        assert "C7" in rows_of(advice)
        assert wanted_of(advice) == {
            "Bone scan whole body",
            "CT chest abdomen pelvis with IV contrast",
            "FDG-PET/CT skull base to mid-thigh",
        }
        assert {study.variant for study in advice.imaging if study.wanted} == {6}

    @pytest.mark.requirement("S10")
    @pytest.mark.parametrize("suspected", [False, None])
    def test_absent_otherwise(self, suspected: bool | None) -> None:
        advice = scene(facts=replace(ANSWERED, suspicion_distant=suspected)).advise()
        assert "C7" not in rows_of(advice)
        assert all(study.variant != 6 for study in advice.imaging)

    @pytest.mark.parametrize("urgency", [Urgency.PROMPT, Urgency.IMMEDIATE, Urgency.TUMOUR_BOARD])
    def test_urgency_is_the_policy_of_the_site(self, urgency: Urgency) -> None:
        facts = replace(ANSWERED, suspicion_distant=True)
        advice = scene(facts=facts).advise(policy=Policy(distant_urgency=urgency))
        assert advice.escalation.urgency is urgency

    def test_a_pet_already_made_is_not_wanted_again(self) -> None:
        facts = replace(ANSWERED, suspicion_distant=True)
        advice = scene(Timing.AFTER, facts=facts, now=(Modality.US, Modality.MG, Modality.PT)).advise()
        assert wanted_of(advice) == set()


class TestC8AbnormalNode:
    @pytest.mark.parametrize(
        ("course", "urgency"),
        [
            (NodeCourse.PERSISTENTLY_ABNORMAL, Urgency.TUMOUR_BOARD),
            (NodeCourse.NEWLY_ABNORMAL, Urgency.PROMPT),
            (NodeCourse.ABNORMAL_BASELINE_NOT_STATED, Urgency.PROMPT),
        ],
    )
    @pytest.mark.parametrize("timing", FOLLOW_UP)
    @pytest.mark.requirement("S6")
    def test_abnormal(self, course: NodeCourse, urgency: Urgency, timing: Timing) -> None:
        advice = scene(timing, axillae=[axilla(Side.LEFT, node(course))]).advise()
        assert rows_of(advice) == {"B3", "C8"}
        assert told(advice) == (urgency, (RoleTold.MDT,))
        assert ("discuss_node" in steps_of(advice)) is timing.surgical
        sampled = course is not NodeCourse.PERSISTENTLY_ABNORMAL and timing in {Timing.DURING, Timing.UNSTATED}
        assert ("sample_node" in steps_of(advice)) is sampled

    @pytest.mark.parametrize(
        "course", [NodeCourse.NORMAL, NodeCourse.RESOLVED, NodeCourse.INDETERMINATE, NodeCourse.NOT_STATED]
    )
    def test_not_otherwise(self, course: NodeCourse) -> None:
        assert "C8" not in rows_of(scene(axillae=[axilla(Side.LEFT, node(course))]).advise())

    @pytest.mark.parametrize(
        ("then", "now", "urgency"),
        [
            (3, 1, Urgency.TUMOUR_BOARD),
            (0, 1, Urgency.PROMPT),
            (1, 2, Urgency.PROMPT),
            (None, 1, Urgency.PROMPT),
            (2, 0, Urgency.NONE),
            (2, None, Urgency.NONE),
        ],
    )
    def test_by_number_as_entered(self, then: int | None, now: int | None, urgency: Urgency) -> None:
        advice = scene(axillae=[axilla(then=then, now=now)]).advise()
        assert advice.escalation.urgency is urgency

    @pytest.mark.parametrize(
        ("then", "urgency"),
        [
            (LevelState.ABNORMAL, Urgency.TUMOUR_BOARD),
            (LevelState.NORMAL, Urgency.PROMPT),
            (None, Urgency.PROMPT),
        ],
    )
    def test_by_level_as_entered(self, then: LevelState | None, urgency: Urgency) -> None:
        level = Location.AXILLA_2
        before = Axilla(side=Side.LEFT, date=dt.date(2026, 1, 8), levels={} if then is None else {level: then})
        now = Axilla(side=Side.LEFT, levels={level: LevelState.ABNORMAL})
        advice = scene(facts=replace(ANSWERED, axilla=(before, now))).advise()
        assert "C8" in rows_of(advice)
        assert advice.escalation.urgency is urgency

    def test_a_level_with_a_followed_node_is_not_counted_twice(self) -> None:
        now = Axilla(side=Side.LEFT, levels={Location.AXILLA_1: LevelState.ABNORMAL})
        followed = axilla(Side.LEFT, node(NodeCourse.PERSISTENTLY_ABNORMAL))
        advice = scene(axillae=[followed], facts=with_axilla(now)).advise()
        assert advice.escalation.urgency is Urgency.TUMOUR_BOARD


class TestC9ShrinkingWithoutMarker:
    UNMARKED = (marker(state=MarkerState.NEVER_PLACED),)

    @pytest.mark.requirement("S56")
    @pytest.mark.parametrize(
        ("timing", "fires"),
        [(Timing.DURING, True), (Timing.UNSTATED, True), (Timing.AFTER, False), (Timing.END_LABELLED, False)],
    )
    def test_site(self, timing: Timing, fires: bool) -> None:
        advice = scene(timing, breast(markers=self.UNMARKED)).advise()
        assert ("C9" in rows_of(advice)) is fires
        if fires:
            assert told(advice) == (Urgency.BEFORE_OPERATION, (RoleTold.SURGEON, RoleTold.RADIOLOGIST))
            assert "mark_now" in steps_of(advice)

    @pytest.mark.parametrize("state", [MarkerState.SEEN, MarkerState.NOT_SEEN, MarkerState.NOT_STATED])
    def test_not_with_a_marker_or_without_a_word(self, state: MarkerState) -> None:
        assert "C9" not in rows_of(scene(Timing.DURING, breast(markers=[marker(state=state)])).advise())

    def test_not_when_not_shrinking(self) -> None:
        shown = breast(Category.SD, site(category=Category.SD, then=30, now=30), markers=self.UNMARKED)
        assert "C9" not in rows_of(scene(Timing.DURING, shown).advise())

    @pytest.mark.parametrize(
        ("course", "proven", "fires"),
        [
            (NodeCourse.PERSISTENTLY_ABNORMAL, False, True),
            (NodeCourse.RESOLVED, False, True),
            (NodeCourse.NOT_STATED, True, True),
            (NodeCourse.NORMAL, False, False),
        ],
    )
    def test_node(self, course: NodeCourse, proven: bool, fires: bool) -> None:
        shrinking = node(course, proven=proven, marker_state=MarkerState.NEVER_PLACED, then=16, now=12)
        advice = scene(Timing.DURING, axillae=[axilla(Side.LEFT, shrinking)]).advise()
        assert ("C9" in rows_of(advice)) is fires


class TestC10Regrowth:
    @pytest.mark.parametrize(
        ("timing", "urgency", "roles"),
        [
            (Timing.DURING, Urgency.BEFORE_NEXT_CYCLE, (RoleTold.ONCOLOGIST,)),
            (Timing.AFTER, Urgency.BEFORE_OPERATION, (RoleTold.ONCOLOGIST, RoleTold.SURGEON)),
            (Timing.END_LABELLED, Urgency.BEFORE_OPERATION, (RoleTold.ONCOLOGIST, RoleTold.SURGEON)),
            (Timing.UNSTATED, Urgency.BEFORE_NEXT_CYCLE, (RoleTold.ONCOLOGIST, RoleTold.SURGEON)),
        ],
    )
    def test_told(self, timing: Timing, urgency: Urgency, roles: tuple[RoleTold, ...]) -> None:
        shown: BreastResponse = replace(breast(Category.PR, headline=Headline.PARTIAL_HELD), regrowths=(regrowth(),))
        advice = scene(timing, shown).advise()
        assert rows_of(advice) == {"B3", "C10"}
        assert told(advice) == (urgency, roles)
        assert "measure_again" in steps_of(advice)

    def test_not_without_growth(self) -> None:
        assert "C10" not in rows_of(scene(Timing.AFTER).advise())


class TestD1SeveralSites:
    TWO = (site("A"), site("B"))

    @pytest.mark.requirement("S61")
    @pytest.mark.requirement("S63")
    @pytest.mark.parametrize("timing", FOLLOW_UP)
    def test_two_sites(self, timing: Timing) -> None:
        advice = scene(timing, breast(Category.PR, *self.TWO)).advise()
        assert rows_of(advice) == {"B3", "D1"}
        assert "sites_separately" in notes_of(advice)
        assert ("plan_on_largest_and_span" in steps_of(advice)) is timing.surgical
        assert urgency_of(advice, "D1") is Urgency.NONE

    def test_one_site(self) -> None:
        assert "D1" not in rows_of(scene(Timing.AFTER).advise())

    def test_a_benign_site_is_no_second_one_but_its_marker_is_named(self) -> None:
        benign = site("C", Category.SD, benign=True)
        beside = scene(Timing.AFTER, breast(Category.PR, site("A"), benign)).advise()
        assert {"plan_on_largest_and_span"}.isdisjoint(step.id for step in beside.steps)
        assert "name_benign_markers" in {step.id for step in beside.steps}

        advice = scene(Timing.AFTER, breast(Category.PR, *self.TWO, benign)).advise()
        named = next(step for step in advice.steps if step.id == "name_benign_markers")
        localised = next(step for step in advice.steps if step.id == "localise_markers")
        assert named.lesion_ids == ("C",)
        assert localised.lesion_ids == ("A", "B")


@pytest.mark.parametrize("timing", [Timing.BEFORE, Timing.DURING, Timing.UNSTATED])
def test_no_surgical_line_unless_surgery_is_next(timing: Timing) -> None:
    """Decision r, for every row at once."""
    for category in (Category.CR, Category.PR, Category.SD, Category.PD, Category.NE, Category.NON_CR_NON_PD):
        shown = replace(
            breast(category, site("A", category), site("B", category)),
            regrowths=(regrowth(),),
            calcifications=(calcifications(),),
        )
        facts = flagged(Radiologist(residual_large=True, indeterminate=True))
        nodes = [axilla(Side.LEFT, node(NodeCourse.PERSISTENTLY_ABNORMAL))]
        assert not steps_of(scene(timing, shown, facts=facts, axillae=nodes).advise()) & SURGICAL


@pytest.mark.parametrize("timing", list(Timing))
def test_too_early_and_full_course_are_each_said_at_their_time_only(timing: Timing) -> None:
    notes = notes_of(scene(timing, breast(Category.SD)).advise())
    assert ("too_early" in notes) is (timing is Timing.DURING)
    assert ("insufficient_after_course" in notes) is (timing is Timing.AFTER)


class TestHeadlineAndCategory:
    """Either of them alone gives the worse row: a difference between them never hides one."""

    @pytest.mark.parametrize(
        ("headline", "category", "row"),
        [
            (Headline.PROGRESSIVE, Category.PR, "B5"),
            (Headline.PARTIAL, Category.PD, "B5"),
            (Headline.STABLE, Category.NE, "B4"),
            (Headline.PARTIAL, Category.SD, "B4"),
            (Headline.INDETERMINATE, Category.PR, "B7"),
            (Headline.NOT_EVALUABLE, Category.CR, "B8"),
            (Headline.COMPLETE, Category.NE, "B8"),
            (Headline.NEAR_COMPLETE, Category.CR, "B10"),
            (Headline.NOT_COMPLETE, Category.CR, "B3"),
            (Headline.PARTIAL, Category.NED, "B3"),
            (Headline.PARTIAL_HELD, Category.NED, "B3"),
            (Headline.NO_DISEASE, Category.PR, "B3"),
            (Headline.PERSISTENT, Category.NED, "B11"),
            (Headline.NO_DISEASE, Category.NON_CR_NON_PD, "B11"),
        ],
    )
    def test_row(self, headline: Headline, category: Category, row: str) -> None:
        neutral = site(category=Category.NED, now=15)
        assert rows_of(scene(Timing.AFTER, breast(category, neutral, headline=headline)).advise()) == {row}

    @pytest.mark.parametrize(("category", "row"), [(Category.PD, "B5"), (Category.SD, "B4")])
    def test_one_site_is_enough(self, category: Category, row: str) -> None:
        shown = breast(Category.PR, site(category=category), headline=Headline.PARTIAL)
        assert rows_of(scene(Timing.AFTER, shown).advise()) == {row}

    def test_a_new_lesion_is_enough(self) -> None:
        shown = breast(Category.PR, new_findings=[new_finding(NewFindingClass.PROGRESSION)])
        assert rows_of(scene(Timing.AFTER, shown).advise()) == {"B5"}

    def test_a_progression_by_new_lesion_is_to_be_biopsied_even_without_its_finding(self) -> None:
        shown = replace(breast(Category.PR), progressions=(progression(ProgressionKind.NEW_LESION),))
        advice = scene(Timing.AFTER, shown).advise()
        (step,) = (step for step in advice.steps if step.id == "biopsy_new_lesion")
        assert step.lesion_ids == tuple(p.lesion_id for p in shown.progressions)

    @pytest.mark.parametrize("headline", list(Headline))
    @pytest.mark.parametrize("category", [Category.SD, Category.PD, Category.NE, Category.PR, Category.CR])
    def test_nothing_is_classified_on_a_baseline_report(self, headline: Headline, category: Category) -> None:
        shown = breast(category, headline=headline, new_findings=[new_finding()])
        facts = flagged(Radiologist(indeterminate=True, near_complete=True))
        assert rows_of(scene(Timing.BEFORE, shown, facts=facts).advise()) == {"A2"}

    @pytest.mark.parametrize(
        ("state", "size", "rows"),
        [
            (State.PRESENT, None, {"B7"}),
            (State.TOO_SMALL, 5, {"B7"}),
            (State.ABSENT, 0, {"B7"}),
            (State.EQUIVOCAL, 9, {"B7"}),
            (State.NO_ROW, None, {"B8"}),
            (State.NOT_IMAGED, None, {"B8"}),
            (State.NOT_EVALUABLE, None, {"B8"}),
        ],
    )
    def test_indeterminate_is_a_finding_that_was_looked_at(
        self, state: State, size: int | None, rows: set[str]
    ) -> None:
        seen = site(category=Category.NE, now=15)
        results = tuple(replace(r, point=point("L1", r.point.modality, size, state=state)) for r in seen.results)
        shown = breast(Category.NE, replace(seen, results=results))
        assert rows_of(scene(Timing.AFTER, shown, facts=flagged(Radiologist(indeterminate=True))).advise()) == rows

    def test_near_complete_is_never_called_complete(self) -> None:
        shown = breast(Category.CR, headline=Headline.COMPLETE)
        assert rows_of(scene(Timing.AFTER, shown, facts=flagged(Radiologist(near_complete=True))).advise()) == {"B10"}

    def test_a_baseline_headline_is_not_classified_at_any_time(self) -> None:
        shown = breast(Category.BASELINE)
        for category, timing in product((Category.SD, Category.NE, Category.PR, Category.NON_CR_NON_PD), FOLLOW_UP):
            facts = flagged(Radiologist(indeterminate=True, near_complete=True))
            assert rows_of(scene(timing, replace(shown, category=category), facts=facts).advise()) == set()

    def test_mixed_by_either_word(self) -> None:
        for headline, category in ((Headline.MIXED, Category.NE), (Headline.STABLE, Category.MIXED)):
            shown = breast(category, *(site("A", Category.PR), site("B", Category.SD)), headline=headline)
            assert "sum_hides_sites" in notes_of(scene(Timing.AFTER, shown).advise())

    def test_a_site_still_measured_is_never_complete(self) -> None:
        still = replace(site(category=Category.CR), still_measured=(point("L1", Modality.US, 6),))
        assert rows_of(scene(Timing.AFTER, breast(Category.CR, still)).advise()) == {"B3"}

    def test_near_complete_of_one_lesion(self) -> None:
        flags = Radiologist(side=Side.LEFT, lesion_id="L1", near_complete=True)
        advice = scene(Timing.AFTER, facts=replace(ANSWERED, radiologist=(flags,))).advise()
        assert [(m.row, m.lesion_ids) for m in advice.rows] == [("B10", ("L1",))]

    def test_indeterminate_of_one_lesion(self) -> None:
        flags = Radiologist(side=Side.LEFT, lesion_id="A", indeterminate=True)
        shown = breast(Category.PR, site("A"), site("B"))
        advice = scene(Timing.AFTER, shown, facts=replace(ANSWERED, radiologist=(flags,))).advise()
        assert [(m.row, m.lesion_ids) for m in advice.rows] == [("B7", ("A",)), ("D1", ("A", "B"))]

    def test_flags_of_another_side_or_day_do_not_count(self) -> None:
        other = Radiologist(side=Side.RIGHT, indeterminate=True, near_complete=True)
        early = Radiologist(side=Side.LEFT, date=dt.date(2026, 1, 8), indeterminate=True, near_complete=True)
        for flags in (other, early):
            assert rows_of(scene(facts=replace(ANSWERED, radiologist=(flags,))).advise()) == {"B3"}
