"""Sides, selections, studies and routes where they stop: one row a limit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reporter.advice.context import Context
from reporter.advice.engine import escalation
from reporter.advice.interface import Policy, Question, RowMatch, Timing, Urgency
from reporter.advice.lesions import SELECTORS
from reporter.advice.nodes import abnormal_without_baseline, newly_abnormal, persistently_abnormal
from reporter.advice.scenario import timing_of
from reporter.advice.studies import contrast_mri_done, mri_without_contrast, needed, wanted
from reporter.advice.vocabulary import ProcedureKey, Scenario, Want
from reporter.case.facts import Axilla, Breast, Clinical, Diagnosis, Facts, Radiologist
from reporter.case.length import mm
from reporter.case.lesion import Lesion
from reporter.case.measurement import Absent, Measured, Measurement, Value
from reporter.case.source import Source, SourceKind
from reporter.case.study import Series, Technique
from reporter.case.vocabulary import BiopsyResult, ClinicalNode, Kind, LevelState, Location, Modality, Side
from reporter.response.interface import (
    Category,
    Discordance,
    DiscordanceKind,
    NewFindingClass,
    NodeCourse,
    Progression,
    ProgressionKind,
    Regrowth,
    SiteResponse,
    State,
    Verdict,
)
from tests.advice.factory import (
    ANSWERED,
    BASELINE_DAY,
    Scene,
    axilla,
    breast,
    day_of,
    examined,
    marker,
    new_finding,
    node,
    point,
    rows_of,
    scene,
    site,
    study_of,
    with_axilla,
)

AFTER = Timing.AFTER
LEFT, RIGHT = Side.LEFT, Side.RIGHT
US, MG, DBT, MR = Modality.US, Modality.MG, Modality.DBT, Modality.MR
NO_BREAST: tuple[SiteResponse, ...] = ()


def context(made: Scene, side: Side | None = LEFT) -> Context:
    return Context(case=made.case, response=made.response, timing=timing_of(made.case), side=side)


def selects(name: str, made: Scene) -> tuple[str, ...]:
    return SELECTORS[name](context(made))


class TestSides:
    """A side is looked at that has a response, a lesion or a diagnosis, or an examination that says worse."""

    def sides(self, made: Scene) -> set[Side | None]:
        return {seen.side for seen in made.advise().looked_at}

    def test_of_a_lesion_or_a_diagnosis_without_a_response(self) -> None:
        of_right = Lesion(id="R1", kind=Kind.MASS, organ="breast", side=RIGHT)
        made = scene(AFTER, breast(), lesions=[of_right])
        assert self.sides(made) >= {LEFT, RIGHT}

    def test_of_a_response_without_a_lesion(self) -> None:
        made = scene(AFTER, breast(side=RIGHT), lesions=[], facts=Facts())
        assert self.sides(made) == {None, RIGHT}

    def test_of_an_axilla_alone(self) -> None:
        made = scene(AFTER, breast(), axillae=[axilla(LEFT), axilla(RIGHT)])
        assert RIGHT in self.sides(made)

    @pytest.mark.parametrize(("worsening", "looked_at"), [(True, True), (False, False), (None, False)])
    def test_of_an_examination(self, worsening: bool | None, looked_at: bool) -> None:
        facts = replace(ANSWERED, clinical=(Clinical(side=RIGHT, worsening=worsening),))
        made = scene(AFTER, facts=facts)
        assert (RIGHT in self.sides(made)) is looked_at


class TestEscalation:
    def match(self, urgency: Urgency, *, direct: bool) -> RowMatch:
        return RowMatch(row="B4", side=LEFT, timing=AFTER, urgency=urgency, direct_contact=direct)

    def test_one_row_that_asks_for_a_person_is_enough(self) -> None:
        """Decision t: never lowered by another row."""
        one, other = self.match(Urgency.IMMEDIATE, direct=False), self.match(Urgency.PROMPT, direct=True)
        assert escalation((one, other), Policy()).direct_contact
        assert not escalation((one,), Policy()).direct_contact

    def test_a_row_asks_for_nobody_unless_it_says_so(self) -> None:
        assert not RowMatch(row="B3", side=LEFT, timing=AFTER).direct_contact

    def test_required_is_a_plain_yes_or_no(self) -> None:
        assert escalation((self.match(Urgency.PROMPT, direct=False),), Policy()).required is True
        assert escalation((), Policy()).required is False


class TestSelections:
    def test_partial_and_still_measured_sites(self) -> None:
        gone = replace(site("C", Category.CR), still_measured=(point("C", US, 6),))
        made = scene(AFTER, breast(Category.CR, site("A", Category.CR), site("B"), gone, site("D", Category.SD)))
        assert selects("partial_sites", made) == ("B", "C")

    def test_progressive_lesions_stand_in_order_and_the_sum_is_none(self) -> None:
        verdict = Verdict(category=Category.PD, rule="test")
        grown = [
            Progression(kind=ProgressionKind.SITE, modality=MR, lesion_id=i, verdict=verdict) for i in ("Z", "M", None)
        ]
        found = [new_finding(NewFindingClass.PROGRESSION, i) for i in ("Y", "B")]
        sites = (site("X", Category.PD), site("A", Category.PD), site("C"))
        made = scene(
            AFTER,
            replace(breast(Category.PD, *sites, new_findings=found), progressions=tuple(grown)),
            axillae=[axilla(LEFT, node(lesion_id="N2", category=Category.PD), node(lesion_id="N1"))],
        )
        assert selects("progressive_lesions", made) == ("A", "B", "M", "N2", "X", "Y", "Z")

    def test_new_progressions_by_their_biopsy(self) -> None:
        results = {"A": BiopsyResult.MALIGNANT, "B": BiopsyResult.PENDING, "C": None}
        found = [new_finding(NewFindingClass.PROGRESSION, i, biopsy=b) for i, b in results.items()]
        made = scene(AFTER, breast(new_findings=[*reversed(found), new_finding(lesion_id="D")]))
        assert selects("new_progressions", made) == ("A", "B", "C")
        assert selects("new_progressions_unproven", made) == ("C",)
        assert selects("new_progressions_biopsied", made) == ("B",)

    @pytest.mark.parametrize("name", ["indeterminate", "near_complete"])
    def test_flags_of_a_lesion(self, name: str) -> None:
        flags = {"A": True, "B": False, "C": None}
        plain = [Radiologist(side=LEFT, lesion_id=i) for i in flags]
        entries = tuple(replace(one, **{name: flags[one.lesion_id or ""]}) for one in plain)  # type: ignore[arg-type]
        facts = replace(ANSWERED, radiologist=entries)
        sites = tuple(site(i) for i in "ABCD")
        assert selects(f"{name}_lesions", scene(AFTER, breast(Category.PR, *sites), facts=facts)) == ("A",)

    def test_the_sum_is_no_lesion(self) -> None:
        sizes = {"baseline": mm(100).mm, "smallest": mm(60).mm, "smallest_time_point": 0, "now": mm(71).mm}
        grown = tuple(Regrowth(lesion_id=i, modality=MR, **sizes) for i in ("B", None, "A"))  # type: ignore[arg-type]
        apart = tuple(Discordance(kind=DiscordanceKind.SIZE, lesion_id=i) for i in ("B", None, "A"))
        nodes = tuple(replace(node(lesion_id=i), discordances=apart[:1]) for i in ("N2", "N1"))
        made = scene(
            AFTER, replace(breast(), regrowths=grown, discordances=apart), axillae=[axilla(LEFT, *nodes, node())]
        )
        assert selects("regrown_lesions", made) == ("A", "B")
        assert selects("discordant_lesions", made) == ("A", "B", "N1", "N2")

    def test_of_a_site_that_does_not_respond_its_own_receptors_are_asked(self) -> None:
        lesions = [
            Lesion(id="A", kind=Kind.MASS, organ="breast", side=LEFT),
            Lesion(id="B", kind=Kind.MASS, organ="breast", side=LEFT, receptors="ER 90 %"),
        ]
        sites = (site("A", Category.SD), site("B", Category.SD), site("Z", Category.PD))
        made = scene(AFTER, breast(Category.SD, *sites), lesions=lesions)
        assert selects("unresponsive_sites_of_unknown_biology", made) == ("A",)


class TestNodes:
    @pytest.mark.parametrize(
        ("then", "now", "newly", "persistently", "unknown"),
        [
            (None, None, False, False, False),
            (None, 1, False, False, True),
            (1, None, False, False, False),
            (1, 1, False, True, False),
            (2, 1, False, True, False),
            (1, 0, False, False, False),
            (0, 1, True, False, False),
        ],
    )
    def test_numbers(self, then: int | None, now: int | None, newly: bool, persistently: bool, unknown: bool) -> None:
        made = context(scene(AFTER, axillae=[axilla(then=then, now=now)]))
        found = (newly_abnormal(made), persistently_abnormal(made), abnormal_without_baseline(made))
        assert found == (newly, persistently, unknown)

    @pytest.mark.parametrize(
        ("then", "found"),
        [
            (LevelState.NORMAL, (True, False, False)),
            (LevelState.ABNORMAL, (False, True, False)),
            (LevelState.NOT_IMAGED, (False, False, True)),
        ],
    )
    def test_levels(self, then: LevelState, found: tuple[bool, bool, bool]) -> None:
        entries = tuple(
            Axilla(side=LEFT, date=day, levels={Location.AXILLA_1: state, Location.AXILLA_2: LevelState.NORMAL})
            for day, state in ((BASELINE_DAY, then), (day_of(AFTER), LevelState.ABNORMAL))
        )
        made = context(scene(AFTER, axillae=[axilla()], facts=replace(ANSWERED, axilla=entries)))
        assert (newly_abnormal(made), persistently_abnormal(made), abnormal_without_baseline(made)) == found

    @pytest.mark.parametrize(
        ("then", "now", "courses", "persistently"),
        [
            (1, 1, [NodeCourse.NEWLY_ABNORMAL], False),  # the one of before is normal, another is not
            (2, 2, [NodeCourse.NEWLY_ABNORMAL, NodeCourse.NEWLY_ABNORMAL], False),
            (2, 2, [NodeCourse.NEWLY_ABNORMAL], True),  # there are two, and one is not listed
            (2, 2, [NodeCourse.NEWLY_ABNORMAL, NodeCourse.PERSISTENTLY_ABNORMAL], True),
            (1, 1, [NodeCourse.RESOLVED], True),
        ],
    )
    def test_a_new_node_is_none_of_those_before(
        self, then: int, now: int, courses: list[NodeCourse], persistently: bool
    ) -> None:
        nodes = (node(course, f"N{place}") for place, course in enumerate(courses))
        made = context(scene(AFTER, axillae=[axilla(LEFT, *nodes, then=then, now=now)]))
        assert persistently_abnormal(made) is persistently

    def test_of_several_nodes_one_is_enough(self) -> None:
        both = axilla(LEFT, node(), node(NodeCourse.NEWLY_ABNORMAL, "N2"))
        assert newly_abnormal(context(scene(AFTER, axillae=[both])))


def measured(lesion_id: str, value: Value, study: str, modality: Modality) -> Measurement:
    source = Source(SourceKind.TABLE, "table", "row 1")
    return Measurement(lesion_id=lesion_id, study=study, modality=modality, value=value, source=source)


class TestAxilla:
    """The router after the course (clinical ground 1.1)."""

    def scenario(self, made: Scene) -> Scenario | str:
        return next(r for r in made.advise().routes if r.question is Question.AXILLA).reason

    @pytest.mark.parametrize(
        ("imaged", "positive", "clinically", "expected"),
        [
            (True, True, ClinicalNode.NEGATIVE, "axilla.completed.positive_imaged"),
            (True, False, ClinicalNode.POSITIVE, "axilla.completed.positive_clinically_only"),
            (True, False, ClinicalNode.NEGATIVE, "axilla.completed.negative_imaged"),
            (True, False, None, "axilla.completed.negative_imaged"),
            (True, None, ClinicalNode.POSITIVE, "axilla.not_stated"),
            (False, True, ClinicalNode.NEGATIVE, "axilla.completed.positive_never_imaged"),
            (False, None, ClinicalNode.POSITIVE, "axilla.completed.positive_never_imaged"),
            (False, False, ClinicalNode.NEGATIVE, "axilla.completed.negative_never_imaged"),
            (False, False, None, "axilla.not_stated"),
        ],
    )
    def test_by_what_is_stated(
        self, imaged: bool, positive: bool | None, clinically: ClinicalNode | None, expected: str
    ) -> None:
        stated = Axilla(previously_imaged=imaged, known_positive=positive, clinical_node=clinically)
        assert self.scenario(scene(AFTER, facts=with_axilla(stated))) == expected

    @pytest.mark.parametrize(
        ("kind", "value", "study", "modality", "contradicted"),
        [
            (Kind.NODE, Measured(short_axis=mm(16)), "then", US, True),
            (Kind.NODE, Measured(short_axis=mm(16)), "now", US, False),
            (Kind.NODE, Absent(), "then", US, False),
            (Kind.NODE, Measured(short_axis=mm(16)), "then", Modality.PT, False),
            (Kind.MASS, Measured(long_axis=mm(16)), "then", US, False),
        ],
    )
    def test_only_a_node_seen_earlier_was_imaged_before(
        self, kind: Kind, value: Value, study: str, modality: Modality, contradicted: bool
    ) -> None:
        never = Axilla(previously_imaged=False, known_positive=False, clinical_node=ClinicalNode.NEGATIVE)
        made = scene(
            AFTER,
            breast(),
            lesions=[Lesion(id="X", kind=kind, organ="breast", side=LEFT)],
            facts=with_axilla(never),
        )
        made = replace(made, case=replace(made.case, measurements=(measured("X", value, study, modality),)))
        assert (self.scenario(made) == Scenario.AXILLA_CONTRADICTED) is contradicted

    @pytest.mark.parametrize(
        ("timing", "stated", "code"),
        [
            (AFTER, Axilla(previously_imaged=True), "NODE_KNOWN_POSITIVE_NOT_STATED"),
            (AFTER, Axilla(), "AXILLA_IMAGED_NOT_STATED"),
            (AFTER, Axilla(previously_imaged=False), "CLINICAL_NODE_NOT_STATED"),
            (Timing.BEFORE, Axilla(clinical_node=ClinicalNode.NEGATIVE), "AXILLA_SUSPICIOUS_NOT_STATED"),
            (Timing.BEFORE, Axilla(imaging_suspicious=False), "CLINICAL_NODE_NOT_STATED"),
        ],
    )
    def test_each_missing_fact_has_its_question(self, timing: Timing, stated: Axilla, code: str) -> None:
        issues = scene(timing, facts=with_axilla(stated)).advise().issues
        assert (code, LEFT) in {(issue.code, issue.side) for issue in issues}


def with_series(made: Scene, *series: Series) -> Scene:
    """The study of now with its series."""
    studies = tuple(replace(s, series=series) if s.key == "now" else s for s in made.case.studies)
    return replace(made, case=replace(made.case, studies=studies))


class TestStudies:
    @pytest.mark.parametrize(("sides", "done"), [((), True), ((LEFT,), True), ((LEFT, RIGHT), True), ((RIGHT,), False)])
    def test_images_that_name_a_side_show_that_side(self, sides: tuple[Side, ...], done: bool) -> None:
        made = scene(AFTER, breast(modalities=()), now=(US,))
        made = with_series(made, Series(uid="1", modality=US, sides=sides))
        assert study_of(made.advise(), "US breast").done is done
        assert not needed(context(made, None), ProcedureKey.US_BREAST), "for the patient any side will do"

    @pytest.mark.parametrize(
        ("said", "contrast", "without"),
        [
            (None, (None,), False),
            (None, (False,), True),
            (None, (False, True), False),
            (False, (True,), True),
            (True, (None,), False),
        ],
    )
    def test_mri_without_contrast(self, said: bool | None, contrast: tuple[bool | None, ...], without: bool) -> None:
        """Decision m: MR is contrast MRI unless header or facts say no."""
        facts = replace(ANSWERED, breast=(Breast(side=LEFT, mri_contrast=said),))
        series = [Series(uid=str(i), modality=MR, technique=Technique(contrast=one)) for i, one in enumerate(contrast)]
        made = with_series(scene(AFTER, facts=facts, now=(MR,)), *series)
        assert mri_without_contrast(context(made)) is without
        assert contrast_mri_done(context(made)) is not without

    def test_of_two_mri_studies_one_with_contrast_is_enough(self) -> None:
        made = scene(AFTER, now=(MR,))
        without, with_it = (
            Series(uid=str(given), modality=MR, technique=Technique(contrast=given)) for given in (False, True)
        )
        plain = replace(made.case.studies[-1], series=(without,))
        enhanced = replace(plain, key="later", series=(with_it,))
        points = (made.case.timeline.time_points[0], replace(made.case.reported, studies=("now", "later")))
        timeline = replace(made.case.timeline, time_points=points)
        case = replace(made.case, studies=(made.case.studies[0], plain, enhanced), timeline=timeline)
        assert contrast_mri_done(context(replace(made, case=case)))

    def test_no_mri_is_not_one_without_contrast(self) -> None:
        made = scene(AFTER, breast(modalities=(US,)), now=(US,))
        assert not mri_without_contrast(context(made))
        assert not contrast_mri_done(context(made))

    @pytest.mark.parametrize(
        ("key", "possible", "stands"),
        [
            (ProcedureKey.MRI_CONTRAST, None, True),
            (ProcedureKey.MRI_CONTRAST, True, True),
            (ProcedureKey.MRI_CONTRAST, False, False),
            (ProcedureKey.US_BREAST, False, True),
            (ProcedureKey.NODE_FNA, False, True),
        ],
    )
    def test_mri_that_is_impossible_is_not_wished_for(
        self, key: ProcedureKey, possible: bool | None, stands: bool
    ) -> None:
        facts = replace(ANSWERED, mri_possible=possible)
        made = scene(AFTER, breast(modalities=(MG,)), now=(MG,), facts=facts)
        assert needed(context(made), key) is stands

    @pytest.mark.parametrize(("modalities", "needs"), [((US,), False), ((MR,), True), ((MR, US), False), ((), True)])
    def test_us_of_the_axilla(self, modalities: tuple[Modality, ...], needs: bool) -> None:
        made = scene(AFTER, axillae=[axilla(modalities=modalities)])
        assert needed(context(made), ProcedureKey.US_AXILLA) is needs
        assert needed(context(scene(AFTER, axillae=[])), ProcedureKey.US_AXILLA)

    @pytest.mark.requirement("S46")
    @pytest.mark.parametrize(
        ("now", "seen", "looked", "expected"),
        [
            pytest.param((US,), (US, MR), (), {"mg", "dbt"}, id="mammography beside US"),
            pytest.param((MG,), (MG,), (), {"us"}, id="US beside mammography"),
            pytest.param((US, MG), (US, MG), (), set(), id="both were made"),
            pytest.param((US,), (US,), (MG,), {"mri"}, id="occult on mammography"),
            pytest.param((MG,), (MG,), (US,), {"mri"}, id="occult on US"),
            pytest.param((US,), (US, MG), (MG,), {"mg", "dbt"}, id="one of two views shows it"),
            pytest.param((US,), (US,), (MR,), {"mg", "dbt"}, id="absent on MRI says nothing of mammography"),
        ],
    )
    def test_the_other_modality(
        self, now: tuple[Modality, ...], seen: tuple[Modality, ...], looked: tuple[Modality, ...], expected: set[str]
    ) -> None:
        """Row C1: the other of US and mammography; where a site was occult there, MRI instead."""
        one = site(baseline_on=seen)
        gone = tuple(point("L1", m, 0, time_point=0, state=State.ABSENT) for m in looked)
        first = replace(one, series=(*one.series, *gone))
        made = scene(AFTER, breast(Category.PR, first, site("L2"), modalities=now), now=now)
        names = {
            ProcedureKey.US_BREAST: "us",
            ProcedureKey.MAMMOGRAPHY: "mg",
            ProcedureKey.DBT: "dbt",
            ProcedureKey.MRI_CONTRAST: "mri",
        }
        assert {names[key] for key in wanted(context(made), Want.OTHER_MODALITY)} == expected

    def test_a_site_that_could_not_be_judged_is_not_occult(self) -> None:
        """Row C1: mammography that was not evaluable at baseline has not missed the site."""
        one = site(baseline_on=(US,))
        unclear = point("L1", MG, 0, time_point=0, state=State.NOT_EVALUABLE)
        first = replace(one, series=(*one.series, unclear))
        made = scene(AFTER, breast(Category.PR, first, modalities=(US,)), now=(US,))
        assert ProcedureKey.MRI_CONTRAST not in wanted(context(made), Want.OTHER_MODALITY)
        assert ProcedureKey.MAMMOGRAPHY in wanted(context(made), Want.OTHER_MODALITY)

    @pytest.mark.parametrize(
        ("category", "seen", "now", "expected"),
        [
            (Category.NE, (US, MR), (), ["mri"]),
            (Category.NE, (US, MR), (MR,), ["us"]),
            (Category.NE, (US,), (), ["us"]),
            (Category.NE, (MG,), (US,), ["dbt", "mg"]),
            (Category.NE, (), (), []),
            (Category.PR, (US, MR), (), []),
        ],
    )
    def test_the_modality_of_the_baseline(
        self, category: Category, seen: tuple[Modality, ...], now: tuple[Modality, ...], expected: list[str]
    ) -> None:
        """Row B8: the first by size of record that showed the site at baseline and is missing now."""
        one = site(category=category, baseline_on=seen, results_on=())
        made = scene(AFTER, breast(Category.NE, one, modalities=now), now=now)
        names = {
            ProcedureKey.US_BREAST: "us",
            ProcedureKey.MAMMOGRAPHY: "mg",
            ProcedureKey.DBT: "dbt",
            ProcedureKey.MRI_CONTRAST: "mri",
        }
        assert sorted(names[key] for key in wanted(context(made), Want.BASELINE_MODALITY)) == expected


@pytest.mark.requirement("S27")
def test_us_stands_first_and_the_patient_is_no_side() -> None:
    """Studies in the order of the pack, US before all; a wish for each side is none for the patient."""
    one = site(category=Category.NE, baseline_on=(MR, US, MG), results_on=())
    made = scene(AFTER, breast(Category.NE, one, modalities=()), now=(), facts=examined(Clinical(exam_agrees=False)))
    studies = made.advise().imaging
    modalities = [study.modality for study in studies]
    assert modalities[0] is US
    assert all(study.side is LEFT for study in studies if study.modality in {US, MG, DBT, MR})


def test_a_row_without_a_text_at_this_time_takes_no_other_rows_place() -> None:
    """Of the chain a row applies only where it says something then (decision r)."""
    for timing in (Timing.DURING, AFTER, Timing.END_LABELLED, Timing.UNSTATED):
        for category in (Category.CR, Category.PR, Category.SD, Category.PD, Category.NE, Category.NON_CR_NON_PD):
            found = rows_of(scene(timing, breast(category, markers=[marker()])).advise())
            assert any(row.startswith("B") for row in found), (timing, category)


def test_facts_of_the_axilla_the_reported_date_first_then_the_latest() -> None:
    days = [BASELINE_DAY, day_of(Timing.DURING), day_of(AFTER)]
    for present in ((0,), (0, 1), (0, 1, 2), (1, 0), (2, 0)):
        entries = tuple(
            Axilla(side=LEFT, date=days[i], clinical_node=ClinicalNode.NEGATIVE if i else ClinicalNode.POSITIVE)
            for i in present
        )
        foreign = Axilla(side=RIGHT, date=days[2], clinical_node=ClinicalNode.POSITIVE)
        made = scene(AFTER, facts=replace(ANSWERED, axilla=(*entries, foreign)))
        found = context(made).axilla_ever
        assert [entry.date for entry in found] == sorted((days[i] for i in present), reverse=True)


def test_benign_and_foreign_lesions_are_not_of_this_side() -> None:
    lesions = [
        Lesion(id="A", kind=Kind.NON_MASS, organ="breast", side=LEFT),
        Lesion(id="B", kind=Kind.NON_MASS, organ="breast", side=LEFT, biopsy_result=BiopsyResult.BENIGN),
        Lesion(id="C", kind=Kind.NON_MASS, organ="breast", side=RIGHT),
    ]
    made = scene(AFTER, breast(), lesions=lesions, facts=replace(ANSWERED, diagnosis=(Diagnosis(side=LEFT),)))
    assert [lesion.id for lesion in context(made).lesions] == ["A"]
    assert selects("non_mass_lesions", made) == ("A",)


def test_modalities_that_showed_a_site_at_baseline() -> None:
    """Mammography and DBT as one, PET and examination apart; a point of a later time point is none of baseline."""
    one = site(baseline_on=(DBT, MG, Modality.PT, Modality.EXAM), results_on=(MR,))
    later = replace(one, series=(*one.series, point("L1", US, 20, time_point=1), point("L1", MR, 0, time_point=0)))
    made = scene(AFTER, breast(Category.PR, later))
    assert context(made).seen_at_baseline(later) == {MG}
    assert {p.time_point for p in context(made).points_at_baseline(later)} == {0}
    based = replace(one, results=site(baseline_on=(MR,)).results)
    assert context(made).seen_at_baseline(based) == {MG, MR}
