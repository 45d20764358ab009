"""The conditions one by one where the rows alone would not tell a slip: markers, scope, examination, modalities."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reporter.advice.conditions import CONDITIONS
from reporter.advice.context import Context
from reporter.advice.interface import Timing
from reporter.advice.lesions import SELECTORS
from reporter.advice.scenario import timing_of
from reporter.case.facts import Clinical, Diagnosis
from reporter.case.lesion import Lesion
from reporter.case.vocabulary import BiopsyResult, Kind, Modality, Side
from reporter.response.interface import (
    AxillaResponse,
    BreastResponse,
    Category,
    Discordance,
    DiscordanceKind,
    MarkerState,
    NodeCourse,
)
from tests.advice.factory import (
    ANSWERED,
    Scene,
    axilla,
    breast,
    examined,
    marker,
    new_finding,
    node,
    point,
    rows_of,
    scene,
    site,
)


def context_of(made: Scene, side: Side | None = Side.LEFT) -> Context:
    return Context(case=made.case, response=made.response, timing=timing_of(made.case), side=side)


def holds(name: str, made: Scene, side: Side | None = Side.LEFT) -> bool:
    return CONDITIONS[name](context_of(made, side))


def selects(name: str, made: Scene, side: Side | None = Side.LEFT) -> tuple[str, ...]:
    return SELECTORS[name](context_of(made, side))


def shown(one: BreastResponse, of_axilla: AxillaResponse | None = None, timing: Timing = Timing.AFTER) -> Scene:
    return scene(timing, one, axillae=None if of_axilla is None else [of_axilla])


class TestMarkers:
    @pytest.mark.parametrize(
        ("state", "localised"),
        [
            (MarkerState.SEEN, True),
            (MarkerState.DISPLACED, True),
            (MarkerState.NOT_SEEN, False),
            (MarkerState.NEVER_PLACED, False),
            (MarkerState.NOT_STATED, False),
        ],
    )
    def test_only_a_marker_seen_now_is_localised(self, state: MarkerState, localised: bool) -> None:
        of_site = shown(breast(markers=[marker(state=state)]))
        assert selects("markers_to_localise", of_site) == (("L1",) if localised else ())
        assert holds("a_marker_seen", of_site) is localised

        proven = node(NodeCourse.RESOLVED, proven=True, marker_state=state)
        of_node = shown(breast(markers=()), axilla(Side.LEFT, proven))
        assert selects("markers_to_localise", of_node) == (("N1",) if localised else ())
        assert holds("a_marker_seen", of_node) is localised

        benign = shown(breast(Category.PR, site(), site("C", benign=True), markers=[marker("C", state)]))
        placed = localised or state is MarkerState.NOT_SEEN
        assert selects("benign_markers", benign) == (("C",) if placed else ())
        assert holds("a_benign_marker", benign) is placed
        assert selects("markers_of_every_site", of_site) == (("L1",) if placed else ())
        assert holds("a_marker_placed", of_site) is placed
        assert not holds("a_marker_seen", benign)
        assert selects("markers_to_localise", benign) == ()

    def test_the_marker_of_an_unproven_node_is_left_alone(self) -> None:
        made = shown(breast(markers=()), axilla(Side.LEFT, node(marker_state=MarkerState.SEEN)))
        assert not holds("a_marker_seen", made)
        assert selects("markers_to_localise", made) == ()

    def test_a_bed_is_confirmed_by_its_own_marker_among_others(self) -> None:
        two = (site("A"), site("B"))
        made = shown(breast(Category.PR, *two, markers=[marker("A", MarkerState.NOT_SEEN), marker("B")]))
        assert selects("unconfirmed_beds", made) == ("A",)

    @pytest.mark.parametrize(
        ("result", "unconfirmed"),
        [(BiopsyResult.MALIGNANT, ("L1", "K1")), (BiopsyResult.BENIGN, ("L1",)), (None, ("L1",))],
    )
    def test_calcifications_have_a_bed_to_confirm_where_they_are_proven_malignant(
        self, result: BiopsyResult | None, unconfirmed: tuple[str, ...]
    ) -> None:
        area = Lesion(id="K1", kind=Kind.CALCIFICATION, organ="breast", side=Side.LEFT, biopsy_result=result)
        mass = Lesion(id="L1", kind=Kind.MASS, organ="breast", side=Side.LEFT)
        markers = [marker("L1", MarkerState.NOT_SEEN), marker("K1", MarkerState.NOT_SEEN)]
        made = scene(Timing.AFTER, breast(Category.CR, markers=markers), lesions=[mass, area])
        assert selects("unconfirmed_beds", made) == unconfirmed

    def test_unmarked_lesions_stand_in_order(self) -> None:
        unmarked = [marker(i, MarkerState.NEVER_PLACED) for i in ("B", "A")]
        of_node = node(NodeCourse.RESOLVED, "A0", marker_state=MarkerState.NEVER_PLACED, then=16, now=9)
        made = shown(breast(Category.PR, site("B"), site("A"), markers=unmarked), axilla(Side.LEFT, of_node))
        assert selects("unmarked_shrinking_lesions", made) == ("A", "A0", "B")

    @pytest.mark.parametrize(
        ("then", "now", "state", "found"),
        [
            (16, 12, MarkerState.NEVER_PLACED, True),
            (16, 12, MarkerState.NOT_STATED, False),
            (16, 12, MarkerState.SEEN, False),
            (12, 12, MarkerState.NEVER_PLACED, False),
            (12, 16, MarkerState.NEVER_PLACED, False),
        ],
    )
    def test_an_unmarked_node(self, then: int, now: int, state: MarkerState, found: bool) -> None:
        one = node(NodeCourse.PERSISTENTLY_ABNORMAL, marker_state=state, then=then, now=now)
        assert holds("unmarked_shrinking", shown(breast(), axilla(Side.LEFT, one))) is found

    def test_a_benign_node_needs_no_marker(self) -> None:
        one = node(NodeCourse.RESOLVED, marker_state=MarkerState.NEVER_PLACED, then=16, now=9)
        lesion = Lesion(id="N1", kind=Kind.NODE, organ="axilla", side=Side.LEFT, biopsy_result=BiopsyResult.BENIGN)
        made = scene(Timing.DURING, breast(), axillae=[axilla(Side.LEFT, one)], lesions=[lesion])
        assert not holds("unmarked_shrinking", made)

    def test_a_node_that_shrinks_on_one_of_two_modalities_shrinks(self) -> None:
        one = node(NodeCourse.RESOLVED, marker_state=MarkerState.NEVER_PLACED, then=16, now=9)
        grown = node(NodeCourse.RESOLVED, then=16, now=17).results
        both = replace(one, results=(*grown, *one.results))
        assert holds("unmarked_shrinking", shown(breast(), axilla(Side.LEFT, both)))

    def test_the_record_says_whether_a_site_shrinks_and_without_one_any_modality(self) -> None:
        unmarked = [marker(state=MarkerState.NEVER_PLACED)]
        grows, shrinks = (site(then=30, now=now).results[0] for now in (31, 20))
        of_record = replace(site(category=Category.SD), record=grows, results=(grows, shrinks))
        assert not holds("unmarked_shrinking", shown(breast(Category.SD, of_record, markers=unmarked)))
        without = replace(of_record, record=None)
        assert holds("unmarked_shrinking", shown(breast(Category.SD, without, markers=unmarked)))

    def test_a_site_without_baseline_or_already_gone_is_not_shrinking(self) -> None:
        unmarked = [marker(state=MarkerState.NEVER_PLACED)]
        unknown = site(category=Category.PR, baseline_on=(), results_on=(Modality.US,))
        assert not holds("unmarked_shrinking", shown(breast(Category.PR, unknown, markers=unmarked)))
        assert not holds("unmarked_shrinking", shown(breast(Category.CR, markers=unmarked)))


class TestScope:
    NO = (Diagnosis(side=Side.LEFT, confirmed=False),)

    def stated(
        self, *entries: Diagnosis, one: BreastResponse | None = None, biopsy: BiopsyResult | None = None
    ) -> Scene:
        answered = one or breast()
        lesions = [
            Lesion(id="L1", kind=Kind.MASS, organ="breast", side=answered.side, biopsy_result=biopsy),
            Lesion(id="L2", kind=Kind.MASS, organ="breast", side=answered.side),
        ]
        facts = replace(ANSWERED, diagnosis=entries)
        return scene(Timing.AFTER, answered, facts=facts, lesions=lesions)

    def test_no_cancer(self) -> None:
        assert holds("no_cancer_stated", self.stated(*self.NO), None)
        assert holds("no_cancer_stated", self.stated(Diagnosis(confirmed=False)), None)

    def test_one_proven_lesion_among_others_is_enough(self) -> None:
        assert not holds("no_cancer_stated", self.stated(*self.NO, biopsy=BiopsyResult.MALIGNANT), None)

    def test_not_while_a_word_is_missing(self) -> None:
        assert not holds("no_cancer_stated", self.stated(), None)
        assert not holds("no_cancer_stated", self.stated(Diagnosis(side=Side.LEFT)), None)
        right = breast(side=Side.RIGHT)
        assert not holds("no_cancer_stated", self.stated(*self.NO, one=right), None)
        assert holds("no_cancer_stated", self.stated(Diagnosis(confirmed=False), one=right), None)

    def test_breast_with_cancer(self) -> None:
        assert holds("breast_with_cancer", self.stated())
        assert not holds("breast_with_cancer", self.stated(), None)
        assert not holds("breast_with_cancer", self.stated(*self.NO))
        assert holds("breast_with_cancer", self.stated(*self.NO, biopsy=BiopsyResult.MALIGNANT))

    def test_a_diagnosis_or_a_proof_is_enough_without_a_site(self) -> None:
        empty = replace(breast(Category.NED, markers=()), sites=())
        assert not holds("breast_with_cancer", self.stated(one=empty))
        assert holds("breast_with_cancer", self.stated(Diagnosis(side=Side.LEFT), one=empty))
        assert holds("breast_with_cancer", self.stated(one=empty, biopsy=BiopsyResult.MALIGNANT))


class TestExamination:
    def test_a_site_that_the_examination_contradicts(self) -> None:
        felt = replace(site(), contradicting_flag=True)
        assert holds("examination_disagrees", shown(breast(Category.PR, felt)))

    def test_one_disagreement_with_it_among_others(self) -> None:
        kinds = (DiscordanceKind.SIZE, DiscordanceKind.PALPABLE)
        found = tuple(Discordance(kind=kind, lesion_id="L1") for kind in kinds)
        made = shown(replace(breast(), discordances=found))
        assert holds("examination_disagrees", made)
        assert holds("modalities_disagree", made)

    def test_worsening_at_a_date_that_fits_no_time_point_is_not_lost(self) -> None:
        made = scene(Timing.AFTER)
        undated = Clinical(side=Side.LEFT, date=None, worsening=True)
        facts = replace(made.case.facts, clinical=(Clinical(side=Side.LEFT, date=None), undated))
        assert holds("clinical_worsening", replace(made, case=replace(made.case, facts=facts)))

    def test_of_the_other_side_only(self) -> None:
        made = scene(Timing.AFTER, breast(), breast(side=Side.RIGHT), facts=examined(Clinical(worsening=True)))
        assert holds("clinical_worsening", made)
        assert not holds("clinical_worsening", made, Side.RIGHT)

    @pytest.mark.parametrize("timing", list(Timing))
    def test_words_about_the_timing(self, timing: Timing) -> None:
        made = scene(timing)
        assert holds("course_completed", made) is (timing is Timing.AFTER)
        assert holds("surgery_next", made) is (timing in {Timing.AFTER, Timing.END_LABELLED})
        assert holds("therapy_not_started", made) is (timing is Timing.BEFORE)
        assert holds("therapy_begun", made) is (timing in {Timing.DURING, Timing.AFTER, Timing.END_LABELLED})


class TestModalities:
    @pytest.mark.parametrize(
        ("saw", "baseline", "found"),
        [
            ((Modality.MR,), (Modality.US,), True),
            ((Modality.US,), (Modality.MR,), True),
            ((Modality.US,), (Modality.US,), False),
            ((), None, False),
            ((Modality.MR,), None, True),
        ],
    )
    def test_mri_at_baseline(
        self, saw: tuple[Modality, ...], baseline: tuple[Modality, ...] | None, found: bool
    ) -> None:
        one = replace(breast(), modalities_saw_baseline=saw)
        assert holds("mri_at_baseline", scene(Timing.AFTER, one, baseline=baseline)) is found

    def test_pet_beside_an_examination_is_still_the_only_size(self) -> None:
        only = site(category=Category.NE, results_on=(Modality.PT, Modality.EXAM))
        assert holds("pet_only_size", shown(breast(Category.NE, only)))

    def test_a_look_without_a_size_is_no_size(self) -> None:
        only = site(category=Category.NE, results_on=(Modality.PT, Modality.US))
        pet, us = only.results
        seen = replace(only, results=(pet, replace(us, point=point("L1", Modality.US, None))))
        assert holds("pet_only_size", shown(breast(Category.NE, seen)))
        assert not holds("pet_only_size", shown(breast(Category.NE, only)))

    def test_no_size_at_all_is_not_pet(self) -> None:
        assert not holds("pet_only_size", shown(breast(Category.NE, site(category=Category.NE, results_on=()))))

    def test_one_modality_asks_for_sites(self) -> None:
        nothing = replace(breast(Category.NED, markers=(), modalities=(Modality.US,)), sites=())
        assert not holds("one_modality", shown(nothing))
        assert holds("one_modality", shown(breast(modalities=())))
        assert holds("one_modality", shown(breast(modalities=(Modality.MG, Modality.DBT))))
        assert holds("one_modality", shown(breast(modalities=(Modality.US, Modality.EXAM))))
        assert not holds("one_modality", shown(breast(modalities=(Modality.US, None))))


class TestFindings:
    def test_several_findings_each_in_its_class(self) -> None:
        pending = new_finding(lesion_id="P", biopsy=BiopsyResult.PENDING)
        made = shown(breast(new_findings=[pending, new_finding(lesion_id="Q")]))
        assert selects("unsettled_findings", made) == ("P", "Q")
        assert selects("unsettled_findings_to_biopsy", made) == ("Q",)
        assert selects("unsettled_findings_biopsied", made) == ("P",)
        assert holds("new_finding_unproven", made)
        assert holds("new_finding_biopsied", made)
        assert not holds("new_finding_proven", made)

    def test_a_proven_finding_is_told_apart_from_one_to_biopsy(self) -> None:
        proven = new_finding(lesion_id="P", biopsy=BiopsyResult.MALIGNANT)
        both = shown(breast(new_findings=[proven, new_finding(lesion_id="Q", biopsy=BiopsyResult.NONE)]))
        assert selects("unsettled_findings_to_biopsy", both) == ("Q",)
        assert selects("unsettled_findings_proven", both) == ("P",)
        assert holds("new_finding_unproven", both)
        alone = shown(breast(new_findings=[proven]))
        assert holds("new_finding_proven", alone)
        assert not holds("new_finding_unproven", alone)

    def test_no_row_for_a_side_without_anything(self) -> None:
        assert rows_of(scene(Timing.AFTER, replace(breast(Category.NED, markers=()), sites=())).advise()) == set()


SAMPLED = [
    (True, None, None, False),
    (True, 0, 1, False),
    (True, 0, 2, True),
    (True, 2, 2, False),
    (False, None, None, True),
]


class TestNodes:
    def test_more_abnormal_nodes_than_are_followed(self) -> None:
        followed = node(NodeCourse.PERSISTENTLY_ABNORMAL)
        assert not holds("node_unexpected", shown(breast(), axilla(Side.LEFT, followed, now=1)))
        assert holds("node_unexpected", shown(breast(), axilla(Side.LEFT, followed, now=2)))
        assert not holds("node_unexpected", shown(breast(), axilla(Side.LEFT, followed, then=2, now=2)))

    @pytest.mark.parametrize(
        ("followed", "now", "sampled"), [(1, 1, False), (1, 2, True), (0, 1, True), (0, None, False), (1, None, False)]
    )
    def test_a_number_beyond_those_known_before_is_of_unknown_ones(
        self, followed: int, now: int | None, sampled: bool
    ) -> None:
        nodes = [node(NodeCourse.PERSISTENTLY_ABNORMAL)] * followed
        assert holds("node_not_known_before", shown(breast(), axilla(Side.LEFT, *nodes, now=now))) is sampled

    def test_a_number_alone(self) -> None:
        assert not holds("node_abnormal", shown(breast(), axilla(then=2, now=0)))
        assert not holds("node_abnormal", shown(breast(), axilla(then=2)))
        assert holds("node_abnormal", shown(breast(), axilla(then=2, now=2)))
        assert not holds("node_unexpected", shown(breast(), axilla(then=2, now=2)))

    def test_which_nodes(self) -> None:
        nodes = (
            node(NodeCourse.PERSISTENTLY_ABNORMAL, "N1"),
            node(NodeCourse.NEWLY_ABNORMAL, "N2"),
            node(NodeCourse.ABNORMAL_BASELINE_NOT_STATED, "N3"),
            node(NodeCourse.RESOLVED, "N4"),
        )
        made = shown(breast(), axilla(Side.LEFT, *nodes))
        assert selects("abnormal_node_lesions", made) == ("N1", "N2", "N3")
        assert selects("nodes_not_known_before", made) == ("N2", "N3")

    @pytest.mark.parametrize(("proven", "then", "now", "sampled"), SAMPLED)
    def test_a_proven_node_is_not_to_be_sampled_as_unknown(
        self, proven: bool, then: int | None, now: int | None, sampled: bool
    ) -> None:
        """Row C8: sampling of one not known before; more abnormal nodes than those known are unknown ones."""
        one = node(NodeCourse.NEWLY_ABNORMAL, proven=proven)
        made = shown(breast(), axilla(Side.LEFT, one, then=then, now=now))
        assert holds("node_unexpected", made)
        assert holds("node_not_known_before", made) is sampled
        assert selects("nodes_not_known_before", made) == (() if proven else ("N1",))
