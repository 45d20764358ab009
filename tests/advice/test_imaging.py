"""The imaging list: which variant rates a study, what is done, what rows ask for, and in which order it stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reporter.advice.context import Context
from reporter.advice.engine import advise
from reporter.advice.interface import ImagingStudy, Rating, Timing
from reporter.advice.pack import Pack, load_pack
from reporter.advice.scenario import timing_of
from reporter.advice.studies import modality_done, procedure_done, wanted
from reporter.advice.vocabulary import ProcedureKey, Want
from reporter.case.facts import Axilla, Breast, Clinical, Facts
from reporter.case.lesion import Lesion
from reporter.case.measurement import Absent, Measurement, NotImaged, Value
from reporter.case.source import Source, SourceKind
from reporter.case.study import Series
from reporter.case.vocabulary import ClinicalNode, Kind, Modality, Side
from reporter.response.interface import Category, Headline, MarkerState, NodeCourse, NodeResponse
from tests.advice.factory import (
    ANSWERED,
    Scene,
    axilla,
    breast,
    examined,
    marker,
    node,
    pack,
    pack_texts,
    point,
    scene,
    site,
    study_of,
    with_axilla,
)

AFTER, BEFORE, UNSTATED = Timing.AFTER, Timing.BEFORE, Timing.UNSTATED
LEFT, RIGHT = Side.LEFT, Side.RIGHT
US, MG, DBT, MR, PT = Modality.US, Modality.MG, Modality.DBT, Modality.MR, Modality.PT
US_BREAST, US_AXILLA, MRI = "US breast", "US axilla", "MRI breast without and with IV contrast"
TOMOSYNTHESIS, MAMMOGRAPHY = "Digital breast tomosynthesis diagnostic", "Mammography diagnostic"
CORE, NEEDLE = "US-guided core biopsy axillary node", "US-guided fine-needle aspiration axillary node"
EARLY = replace(ANSWERED, axilla=(Axilla(side=LEFT, clinical_node=ClinicalNode.NEGATIVE, imaging_suspicious=False),))


def context(made: Scene, side: Side | None = LEFT) -> Context:
    return Context(case=made.case, response=made.response, timing=timing_of(made.case), side=side)


def names(studies: tuple[ImagingStudy, ...]) -> list[str]:
    return [study.procedure for study in studies]


def unevaluable(*baseline_on: Modality) -> Scene:
    """A site that nothing shows now."""
    one = site(category=Category.NE, baseline_on=baseline_on, results_on=())
    return scene(AFTER, breast(Category.NE, one, modalities=()), now=())


class TestOrder:
    @pytest.mark.requirement("S10")
    @pytest.mark.parametrize("name", ["acr-235-2022", "acr-235-2017"])
    def test_staging_is_pet_or_ct_and_then_the_bone_scan_with_it(self, name: str) -> None:
        """Row C7, in whatever order the guideline lists them."""
        found = scene(AFTER, facts=replace(ANSWERED, suspicion_distant=True)).advise(name).imaging
        staging = [(study.modality, study.rows) for study in found if study.purpose == "staging"]
        assert staging == [(PT, ("C7",)), (Modality.CT, ("C7",)), (None, ("C7",))]

    def test_the_rest_stands_before_staging(self) -> None:
        found = scene(AFTER, facts=replace(ANSWERED, suspicion_distant=True)).advise().imaging
        assert names(found)[:4] == [US_BREAST, TOMOSYNTHESIS, MAMMOGRAPHY, MRI]

    @pytest.mark.requirement("S27")
    def test_what_completes_the_comparison_stands_first_then_us(self) -> None:
        """Row B8: MRI and mammography showed the site at baseline; MRI goes first by size of record."""
        found = unevaluable(MR, MG).advise().imaging
        assert names(found) == [MRI, US_BREAST, TOMOSYNTHESIS, MAMMOGRAPHY]
        assert [study.purpose for study in found] == ["baseline_modality", *["second_modality"] * 3]
        assert [study.rows for study in found] == [("B8",), ("C1",), ("C1",), ("C1",)]

    def test_wishes_that_no_variant_rates_stand_in_the_order_of_the_pack(self) -> None:
        """The status of therapy is not stated, so that no variant is cited."""
        nodes = [axilla(assessed=False)]
        facts = examined(Clinical(exam_agrees=False))
        one = breast(modalities=())
        found = scene(UNSTATED, one, axillae=nodes, now=(), facts=facts).advise().imaging
        assert names(found) == [US_BREAST, TOMOSYNTHESIS, MAMMOGRAPHY, MRI]

    def test_staging_is_not_parted_by_what_a_breast_lacks(self) -> None:
        """Without a status of therapy the breast's wishes have no variant, staging has (any phase)."""
        facts = replace(ANSWERED, suspicion_distant=True)
        found = scene(UNSTATED, breast(modalities=(US,)), now=(US,), facts=facts).advise().imaging
        assert [study.modality for study in found] == [DBT, MG, PT, Modality.CT, None]

    def test_wishes_stand_in_the_order_of_the_pack_whatever_row_asks_first(self) -> None:
        """The indeterminate site asks for MRI before row C1 asks for mammography."""
        one = breast(headline=Headline.INDETERMINATE, modalities=(US,))
        found = scene(UNSTATED, one, now=(US,)).advise().imaging
        assert [(study.modality, study.rows) for study in found] == [(DBT, ("C1",)), (MG, ("C1",)), (MR, ("B6",))]


class TestRating:
    def test_breast_mri_is_rated_by_the_variant_of_the_breast(self) -> None:
        """The axilla's variant rates it usually not appropriate, for the axilla."""
        dense = replace(EARLY, breast=(Breast(side=LEFT, density="d"),))
        one = breast(Category.BASELINE, modalities=())
        found = scene(BEFORE, one, facts=dense, now=()).advise().imaging
        rated = [(s.procedure, s.variant, s.wanted) for s in found if s.procedure in {MRI, MAMMOGRAPHY}]
        assert rated == [(MAMMOGRAPHY, 1, True), (MRI, 1, True)]
        assert [(s.procedure, s.variant) for s in found if s.variant == 3] == [(US_AXILLA, 3)]
        assert all(study.rating is Rating.USUALLY_APPROPRIATE for study in found)

    def test_what_a_row_asks_for_is_shown_however_it_is_rated(self) -> None:
        suspicious = with_axilla(Axilla(clinical_node=ClinicalNode.POSITIVE, imaging_suspicious=True))
        found = scene(BEFORE, breast(Category.BASELINE), facts=suspicious).advise().imaging
        assert {s.procedure: (s.wanted, s.rows) for s in found if s.wanted} == {
            CORE: (True, ("A2",)),
            NEEDLE: (True, ("A2",)),
        }

    def test_even_where_a_site_rates_it_usually_not_appropriate(self) -> None:
        """The rating is printed beside it."""
        row = (
            f'[[row]]\nvariant = 2\nprocedure = "{MRI}"\nrating = "usually_not_appropriate"\nlevel = "O"\n'
            'checked_by = "A. Radiologist"\nchecked_on = 2026-11-20\n'
        )
        used = load_pack(pack_texts("acr-235-2022") | {"site.toml": row})
        unclear = breast(headline=Headline.INDETERMINATE, modalities=(US, MG))
        made = scene(AFTER, unclear, now=(US, MG))
        found = study_of(advise(made.case, made.response, used), MRI)
        assert (found.rating, found.variant, found.status) == (Rating.USUALLY_NOT_APPROPRIATE, 2, "site")
        assert (found.wanted, found.rows, found.level) == (True, ("B6",), "O")
        done = scene(AFTER)
        assert MRI not in names(advise(done.case, done.response, used).imaging), "unless a row asks for it"

    def test_one_that_no_routed_variant_rates_has_no_rating(self) -> None:
        """Its radiation level is the procedure's, the same in all variants."""
        found = study_of(scene(UNSTATED, breast(modalities=(US,)), now=(US,)).advise(), TOMOSYNTHESIS)
        assert (found.rating, found.variant, found.done, found.wanted) == (None, None, False, True)
        assert (found.level, found.dose, found.status, found.edition) == ("RR", "0.1-1 mSv", "seen", "2022")
        assert (found.modality, found.side, found.rows, found.purpose) == (DBT, LEFT, ("C1",), "second_modality")
        assert found.technique is not None
        assert found.technique.text.endswith("compare distortion and extent of calcifications with the baseline")

    def test_one_that_the_edition_has_no_row_for_has_no_level_and_is_not_verified(self) -> None:
        made = scene(UNSTATED, breast(modalities=(US,)), now=(US,))
        bare = replace(pack(), variants=())
        found = study_of(advise(made.case, made.response, bare), TOMOSYNTHESIS)
        assert (found.level, found.dose, found.status) == ("", "", "unverified")

    def test_two_procedures_of_one_name_are_one_study(self) -> None:
        """An edition may name them alike: shown by the first, done where either was made."""
        texts = pack_texts("acr-235-2022")
        alike = texts["pack.toml"].replace(f'name = "{MAMMOGRAPHY}"', f'name = "{TOMOSYNTHESIS}"')
        used = load_pack(texts | {"pack.toml": alike})
        made = scene(AFTER, breast(modalities=()), now=(MG,))
        found = study_of(advise(made.case, made.response, used), TOMOSYNTHESIS)
        assert (found.modality, found.done) == (DBT, True)

    def test_one_that_is_done_is_shown_without_a_wish(self) -> None:
        found = study_of(scene(AFTER).advise(), MRI)
        assert (found.done, found.wanted, found.rows, found.purpose, found.technique) == (True, False, (), "", None)
        assert (found.rating, found.variant, found.side) == (Rating.USUALLY_APPROPRIATE, 2, LEFT)

    def test_a_wish_of_one_side_is_met_by_the_variant_of_that_side(self) -> None:
        """And by no other."""
        seen, blind = breast(), breast(modalities=(), side=RIGHT)
        studies = (Series(uid="1", modality=US, sides=(LEFT,)), Series(uid="2", modality=MR, sides=(LEFT,)))
        made = scene(AFTER, seen, blind, now=(US, MR))
        both = tuple(replace(s, series=studies) if s.key == "now" else s for s in made.case.studies)
        found = replace(made, case=replace(made.case, studies=both)).advise().imaging
        shown = [(s.side, s.done, s.wanted, s.variant) for s in found if s.procedure == US_BREAST]
        assert shown == [(LEFT, True, False, 2), (RIGHT, False, True, 2)]


class TestWishes:
    def test_two_rows_that_ask_for_one_study_are_both_named_with_the_purpose_of_the_first(self) -> None:
        """Row A4 asks for another modality, C1 for a second one."""
        facts = replace(examined(Clinical(exam_agrees=False)), diagnosis=ANSWERED.diagnosis)
        found = scene(AFTER, breast(modalities=(US,)), now=(US,), facts=facts).advise()
        study = study_of(found, MAMMOGRAPHY)
        assert (study.rows, study.purpose) == (("A4", "C1"), "problem_solving")

    def test_before_therapy_each_breast_with_cancer_has_its_own(self) -> None:
        """Row A2 is of the patient; what it asks for is worked out for each side, and never for the patient."""
        both = (breast(Category.BASELINE, modalities=()), breast(Category.BASELINE, side=RIGHT, modalities=()))
        found = scene(BEFORE, *both, now=()).advise().imaging
        wished = [(study.procedure, study.side) for study in found if study.wanted]
        assert sorted(wished) == sorted(
            (name, side) for name in (US_BREAST, TOMOSYNTHESIS, MAMMOGRAPHY) for side in (LEFT, RIGHT)
        )
        assert {study.purpose for study in found if study.wanted} == {"baseline"}

    def test_a_wish_for_each_side_is_none_for_the_patient(self) -> None:
        """Whatever a site's table lets it hang on."""
        texts = pack_texts("acr-235-2022")
        wish = 'purpose = "baseline", each_side = true, when = ["breast_with_cancer"]'
        table = texts["decision.toml"].replace(wish, 'purpose = "baseline", each_side = true')
        assert table != texts["decision.toml"]
        made = scene(BEFORE, breast(Category.BASELINE, modalities=()), now=())
        found = advise(made.case, made.response, load_pack(texts | {"decision.toml": table})).imaging
        assert {study.side for study in found} == {LEFT}


def test_what_is_wanted_as_baseline_is_told_without_tumour_bed_or_residual() -> None:
    before = scene(BEFORE, breast(Category.BASELINE, modalities=()), now=()).advise().imaging
    after = scene(AFTER, breast(modalities=()), now=()).advise().imaging
    told = [{s.technique.text for s in found if s.technique and s.modality is US} for found in (before, after)]
    assert ["tumour bed" in " ".join(texts) for texts in told] == [False, True]
    assert all(told)


def compares(made: Scene, procedure: str, used: Pack | None = None) -> bool:
    """Whether a wanted study is to be compared with the baseline."""
    advice = advise(made.case, made.response, used or pack())
    study = next(one for one in advice.imaging if one.procedure == procedure and one.wanted)
    assert study.technique is not None
    return "compare" in study.technique.text


class TestComparison:
    """What to compare is said where the baseline, an earlier time point, has such a study."""

    @pytest.mark.parametrize(
        ("baseline", "comparable"),
        [((MG,), True), ((DBT,), True), ((US, MG), True), ((US, MR), False), ((), False), (None, False)],
    )
    def test_mammography_and_tomosynthesis_stand_for_each_other(
        self, baseline: tuple[Modality, ...] | None, comparable: bool
    ) -> None:
        """Decision m: one modality."""
        one = breast(modalities=(US,))
        made = scene(AFTER, one, now=(US,), baseline=baseline, facts=examined(Clinical(exam_agrees=False)))
        assert compares(made, MAMMOGRAPHY) is comparable
        assert compares(made, TOMOSYNTHESIS) is comparable

    @pytest.mark.parametrize(("baseline", "comparable"), [((MR,), True), ((US, MG, DBT), False)])
    def test_mri_with_mri_alone(self, baseline: tuple[Modality, ...], comparable: bool) -> None:
        made = scene(
            AFTER, breast(modalities=(US,)), now=(US,), baseline=baseline, facts=examined(Clinical(exam_agrees=False))
        )
        assert compares(made, MRI) is comparable

    def test_not_in_a_baseline_report(self) -> None:
        """The baseline is what is reported."""
        made = scene(BEFORE, breast(Category.BASELINE, modalities=(US,)), now=(US, PT))
        assert not compares(made, MAMMOGRAPHY)
        again = replace(made, case=replace(made.case, studies=(replace(made.case.studies[0], modalities=(US, MG)),)))
        blind = (Series(uid="1", modality=MG, sides=(RIGHT,)),)
        again = replace(again, case=replace(again.case, studies=(replace(again.case.studies[0], series=blind),)))
        assert not compares(again, MAMMOGRAPHY)

    def test_a_study_without_a_modality_with_nothing(self) -> None:
        """A bone scan, whose note a site may complete: the unnamed modality of a baseline is none."""
        texts = pack_texts("acr-235-2022")
        head, tail = texts["technique.toml"].split('key = "bone_scan"\n')
        note = f'{head}key = "bone_scan"\ncompare = "compare with the scan of the baseline"\n{tail}'
        used = load_pack(texts | {"technique.toml": note})
        made = scene(AFTER, facts=replace(ANSWERED, suspicion_distant=True), baseline=(None, US))
        assert not compares(made, "Bone scan whole body", used)

    @pytest.mark.parametrize(
        ("modality", "time_point", "comparable"), [(US, 0, True), (MR, 0, False), (US, 1, False), (None, 0, False)]
    )
    def test_us_of_the_axilla_with_a_node_that_it_showed_then(
        self, modality: Modality | None, time_point: int, comparable: bool
    ) -> None:
        now = point("N1", US, 12, time_point=1)
        followed = replace(node(), series=(point("N1", modality, 12, time_point=time_point), now))
        silent = replace(axilla(LEFT, node(lesion_id="N0"), followed, assessed=False))
        made = scene(
            AFTER,
            axillae=[silent],
            facts=with_axilla(Axilla(clinical_node=ClinicalNode.NEGATIVE, previously_imaged=False)),
        )
        assert compares(made, US_AXILLA) is comparable


class TestDone:
    @pytest.mark.parametrize(
        ("key", "now", "done"),
        [
            (ProcedureKey.US_BREAST, (US,), True),
            (ProcedureKey.US_BREAST, (MG, DBT, MR, PT), False),
            (ProcedureKey.MAMMOGRAPHY, (MG,), True),
            (ProcedureKey.MAMMOGRAPHY, (DBT,), False),
            (ProcedureKey.DBT, (DBT,), True),
            (ProcedureKey.DBT, (MG,), False),
            (ProcedureKey.MRI_CONTRAST, (MR,), True),
            (ProcedureKey.MRI_CONTRAST, (US, MG, DBT), False),
            (ProcedureKey.PET_CT, (PT,), True),
            (ProcedureKey.PET_CT, (Modality.CT,), False),
            (ProcedureKey.CT_CHEST_ABDOMEN_PELVIS, (Modality.CT,), False),
            (ProcedureKey.BONE_SCAN, (US, MG, DBT, MR, PT), False),
            (ProcedureKey.NODE_CORE_BIOPSY, (US,), False),
            (ProcedureKey.NODE_FNA, (US,), False),
        ],
    )
    def test_by_the_studies_of_now(self, key: ProcedureKey, now: tuple[Modality, ...], done: bool) -> None:
        """A biopsy, a bone scan and a CT of chest, abdomen and pelvis cannot be told from what is read."""
        made = context(scene(AFTER, breast(modalities=()), now=now))
        assert procedure_done(made, key) is done

    @pytest.mark.parametrize(
        ("looked", "now", "us", "mg", "dbt"),
        [
            ((US,), (), True, False, False),
            ((MG,), (), False, True, False),
            ((MG,), (DBT,), False, False, True),
            ((DBT,), (MG,), False, True, False),
            ((US,), (MG,), True, True, False),
        ],
    )
    def test_by_the_rows_of_now_where_no_study_says_so(
        self, looked: tuple[Modality, ...], now: tuple[Modality, ...], us: bool, mg: bool, dbt: bool
    ) -> None:
        """A table that names a view of mammography otherwise than its study speaks of that study."""
        made = context(scene(AFTER, breast(modalities=looked), now=now))
        assert tuple(modality_done(made, one) for one in (US, MG, DBT)) == (us, mg, dbt)

    @pytest.mark.parametrize(
        ("value", "side", "done"),
        [(NotImaged(), LEFT, False), (NotImaged(), RIGHT, True), (Absent(), LEFT, True), (None, LEFT, True)],
    )
    def test_not_where_its_rows_say_that_nothing_of_the_breast_was_imaged(
        self, value: Value | None, side: Side, done: bool
    ) -> None:
        lesions = [Lesion(id="L1", kind=Kind.MASS, organ="breast", side=side)]
        made = scene(AFTER, breast(modalities=()), now=(US,), lesions=lesions)
        source = Source(SourceKind.TABLE, "table.csv", "row 2")
        rows = (
            ()
            if value is None
            else (Measurement(lesion_id="L1", study="now", modality=US, value=value, source=source),)
        )
        assert modality_done(context(replace(made, case=replace(made.case, measurements=rows))), US) is done

    def test_a_study_of_an_earlier_time_point_is_none_of_now(self) -> None:
        assert not modality_done(context(scene(AFTER, breast(modalities=()), now=(), baseline=(US,))), US)


class TestStaging:
    def test_nothing_more_where_pet_was_made(self) -> None:
        assert wanted(context(scene(AFTER, now=(PT,)), None), Want.STAGING) == ()
        assert wanted(context(scene(AFTER, now=(US,)), None), Want.STAGING) == (
            ProcedureKey.PET_CT,
            ProcedureKey.CT_CHEST_ABDOMEN_PELVIS,
            ProcedureKey.BONE_SCAN,
        )


@pytest.mark.parametrize(
    ("nodes", "wished"),
    [
        ((), True),
        ((node(NodeCourse.NEWLY_ABNORMAL),), True),
        ((node(proven=True),), False),
        ((node(lesion_id="N0"), node(proven=True, marker_state=MarkerState.SEEN)), False),
    ],
)
def test_a_proven_node_is_not_sampled_again(nodes: tuple[NodeResponse, ...], wished: bool) -> None:
    made = context(scene(AFTER, axillae=[axilla(LEFT, *nodes)]))
    both = (ProcedureKey.NODE_CORE_BIOPSY, ProcedureKey.NODE_FNA)
    assert wanted(made, Want.NODE_BIOPSY) == (both if wished else ())


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ((), ("us_breast", "mammography", "dbt", "mri_contrast")),
        ((US,), ("mammography", "dbt", "mri_contrast")),
        ((MG,), ("us_breast", "mri_contrast")),
        ((US, DBT, MR), ()),
    ],
)
def test_another_modality_is_whatever_of_the_breast_was_not_made(
    now: tuple[Modality, ...], expected: tuple[str, ...]
) -> None:
    """Rows A4 and C5; mammography and DBT make up for each other."""
    made = context(scene(AFTER, breast(modalities=()), now=now, facts=Facts()))
    assert wanted(made, Want.ANOTHER_MODALITY) == expected


def test_several_sites_are_completed_each_by_its_own_modality() -> None:
    """Row B8; named once, in the order of the breast's procedures."""
    one, two = (site(i, Category.NE, baseline_on=(m,), results_on=()) for i, m in (("A", MR), ("B", US)))
    three = site("C", Category.NE, baseline_on=(MR,), results_on=())
    made = scene(AFTER, breast(Category.NE, one, two, three, modalities=(), markers=[marker("A")]), now=())
    assert wanted(context(made), Want.BASELINE_MODALITY) == (ProcedureKey.US_BREAST, ProcedureKey.MRI_CONTRAST)
