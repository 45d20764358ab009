"""What a condition may look at: one side of a case, at the reported time point, and no more."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from reporter.advice.conditions import CONDITIONS
from reporter.advice.context import Context, modality_group
from reporter.advice.interface import Timing
from reporter.advice.scenario import timing_of
from reporter.case.facts import Axilla, Clinical, Diagnosis, Radiologist
from reporter.case.lesion import Lesion
from reporter.case.vocabulary import BiopsyResult, ClinicalNode, Kind, Modality, Side
from reporter.response.interface import Category, Headline, NewFindingClass, SiteResponse, State
from tests.advice.factory import (
    AFTER_DAY,
    ANSWERED,
    BASELINE_DAY,
    DURING_DAY,
    Scene,
    axilla,
    breast,
    marker,
    new_finding,
    node,
    point,
    scene,
    site,
)

AFTER = Timing.AFTER
LEFT, RIGHT = Side.LEFT, Side.RIGHT
US, MG, DBT, MR = Modality.US, Modality.MG, Modality.DBT, Modality.MR
NONE: tuple[SiteResponse, ...] = ()


def context(made: Scene, side: Side | None = LEFT) -> Context:
    return Context(case=made.case, response=made.response, timing=timing_of(made.case), side=side)


def with_entries(*entries: Radiologist, sites: int = 2) -> Context:
    made = scene(AFTER, breast(Category.PR, *(site(f"L{i}") for i in range(1, sites + 1))))
    facts = replace(made.case.facts, radiologist=entries)
    return context(replace(made, case=replace(made.case, facts=facts)))


def test_the_patient_has_no_breast_and_no_axilla() -> None:
    of_patient = context(scene(AFTER, breast(new_findings=[new_finding()]), axillae=[axilla(LEFT, node())]), None)
    assert (of_patient.breast, of_patient.axilla, of_patient.headline, of_patient.category) == (None,) * 4
    assert (of_patient.sites, of_patient.nodes) == ((), ())
    assert of_patient.new_findings(NewFindingClass.UNSETTLED) == ()
    assert not of_patient.classified


def test_a_side_has_its_own() -> None:
    made = scene(AFTER, breast(Category.SD), breast(Category.PR, side=RIGHT))
    assert [context(made, side).category for side in (LEFT, RIGHT)] == [Category.SD, Category.PR]
    assert [context(made, side).headline for side in (LEFT, RIGHT)] == [Headline.STABLE, Headline.PARTIAL]


@pytest.mark.requirement("S16")
@pytest.mark.parametrize(
    ("timing", "headline", "classified"),
    [
        (AFTER, Headline.PARTIAL, True),
        (Timing.DURING, Headline.PARTIAL, True),
        (Timing.UNSTATED, Headline.PARTIAL, True),
        (Timing.BEFORE, Headline.PARTIAL, False),
        (AFTER, Headline.BASELINE, False),
        (Timing.UNSTATED, Headline.BASELINE, False),
    ],
)
def test_a_baseline_report_is_not_classified(timing: Timing, headline: Headline, classified: bool) -> None:
    """Row A2: by the timing, or because nothing lies before."""
    assert context(scene(timing, breast(headline=headline))).classified is classified
    assert not context(scene(timing, breast(side=RIGHT))).classified, "a side without a breast"


@pytest.mark.parametrize(
    ("lesion", "counted"),
    [
        (Lesion(id="L1", kind=Kind.MASS, organ="breast", side=LEFT), True),
        (Lesion(id="L1", kind=Kind.MASS, organ="breast", side=LEFT, counted=False), False),
        (Lesion(id="L1", kind=None, organ="breast", side=LEFT), False),
        (None, True),
    ],
)
def test_a_site_counts_once_it_is_settled_what_and_where_it_is(lesion: Lesion | None, counted: bool) -> None:
    lesions = [] if lesion is None else [lesion]
    found = context(scene(AFTER, breast(Category.PR, site()), lesions=lesions)).sites
    assert [one.lesion_id for one in found] == ["L1"] * counted


def test_a_site_stated_benign_does_not_count() -> None:
    """Decision k: listed, never counted."""
    found = context(scene(AFTER, breast(Category.PR, site("A", benign=True), site("B")))).sites
    assert [one.lesion_id for one in found] == ["B"]


def test_a_marker_of_a_benign_site_alone_is_not_to_be_told_apart_from_another() -> None:
    """Row D1: beside a site of cancer only."""
    benign = site("C", benign=True)
    alone = context(scene(AFTER, breast(Category.NED, benign, markers=[marker("C")])))
    beside = context(scene(AFTER, breast(Category.PR, site(), benign, markers=[marker("C")])))
    assert not CONDITIONS["a_benign_marker"](alone)
    assert CONDITIONS["a_benign_marker"](beside)


class TestFlags:
    """The radiologist's calls (decision q): each belongs to a lesion or a breast."""

    @pytest.mark.parametrize(
        ("entries", "flagged"),
        [
            ((Radiologist(side=LEFT, date=AFTER_DAY, near_complete=True),), True),
            ((Radiologist(side=LEFT, date=AFTER_DAY, near_complete=False),), False),
            ((Radiologist(side=LEFT, date=AFTER_DAY),), False),
            ((Radiologist(side=RIGHT, date=AFTER_DAY, near_complete=True),), False),
            ((Radiologist(side=LEFT, date=BASELINE_DAY, near_complete=True),), False),
            ((Radiologist(side=LEFT, date=AFTER_DAY, lesion_id="L2", near_complete=True),), True),
            ((Radiologist(side=LEFT, date=AFTER_DAY, lesion_id="L7", near_complete=True),), False),
            ((Radiologist(date=AFTER_DAY, lesion_id="L1", near_complete=True),), True),
            ((), False),
        ],
    )
    def test_one_of_the_breast_or_of_a_site_of_it_now(self, entries: tuple[Radiologist, ...], flagged: bool) -> None:
        assert with_entries(*entries).flagged(lambda flags: flags.near_complete) is flagged

    def test_of_a_lesion_its_own_alone(self) -> None:
        """Neither its breast's nor another lesion's; its side may be left out."""
        of_breast = Radiologist(side=LEFT, date=AFTER_DAY, residual_large=True)
        of_first = Radiologist(side=LEFT, date=AFTER_DAY, lesion_id="L1", near_complete=True)
        of_second = Radiologist(date=AFTER_DAY, lesion_id="L2", near_complete=False)
        made = with_entries(of_breast, of_first, of_second)
        first, second = made.lesion_flags("L1"), made.lesion_flags("L2")
        assert first is not None
        assert second is not None
        assert (first.near_complete, first.residual_large) == (True, None)
        assert (second.near_complete, second.residual_large) == (False, None)
        assert made.lesion_flags("L3") is None

    def test_the_entry_with_the_side_goes_before_the_one_without(self) -> None:
        plain = Radiologist(date=AFTER_DAY, lesion_id="L1", near_complete=False)
        found = with_entries(plain, replace(plain, side=LEFT, near_complete=True)).lesion_flags("L1")
        assert found is not None
        assert found.near_complete


class TestAxilla:
    NEGATIVE = Axilla(side=LEFT, clinical_node=ClinicalNode.NEGATIVE)

    def dates(self, *entries: Axilla) -> list[object]:
        made = scene(AFTER)
        facts = replace(made.case.facts, axilla=entries)
        return [e.date for e in context(replace(made, case=replace(made.case, facts=facts))).axilla_ever]

    def test_the_reported_date_then_the_latest_then_what_fits_no_date(self) -> None:
        weeks = [BASELINE_DAY + dt.timedelta(weeks=one) for one in range(10)]
        entries = tuple(replace(self.NEGATIVE, date=day) for day in (None, *weeks, AFTER_DAY, DURING_DAY))
        assert self.dates(*entries) == [AFTER_DAY, DURING_DAY, *reversed(weeks), None]
        assert self.dates(*entries[:2]) == [BASELINE_DAY, None]
        assert self.dates() == []

    def test_of_its_own_side_alone(self) -> None:
        other = replace(self.NEGATIVE, side=RIGHT, date=DURING_DAY)
        assert self.dates(replace(self.NEGATIVE, date=BASELINE_DAY), other) == [BASELINE_DAY]

    def test_the_entry_of_one_node_is_none_of_the_axilla(self) -> None:
        assert self.dates(replace(self.NEGATIVE, date=DURING_DAY, lesion_id="N1")) == []

    def test_what_is_stated_now(self) -> None:
        made = scene(AFTER)
        entries = tuple(replace(self.NEGATIVE, date=day) for day in (BASELINE_DAY, AFTER_DAY))
        early = replace(made, case=replace(made.case, facts=replace(made.case.facts, axilla=entries[:1])))
        both = replace(made, case=replace(made.case, facts=replace(made.case.facts, axilla=entries)))
        assert context(early).axilla_now is None
        assert context(both).axilla_now == entries[1]


def test_an_examination_is_that_of_now() -> None:
    made = scene(AFTER)
    entries = (Clinical(side=LEFT, date=BASELINE_DAY, palpable=True), Clinical(side=RIGHT, date=AFTER_DAY))
    early = replace(made, case=replace(made.case, facts=replace(made.case.facts, clinical=entries)))
    assert context(early).clinical is None
    assert context(early, RIGHT).clinical == entries[1]


def test_a_diagnosis_counts_at_whatever_date_of_its_side() -> None:
    entries = (
        Diagnosis(side=LEFT, date=BASELINE_DAY, grade=2),
        Diagnosis(side=LEFT, lesion_id="L1", grade=3),
        Diagnosis(side=RIGHT, grade=1),
        Diagnosis(grade=1),
    )
    found = context(scene(AFTER, facts=replace(ANSWERED, diagnosis=entries))).diagnoses
    assert [entry.grade for entry in found] == [2, 3]


def test_new_findings_of_one_class() -> None:
    found = [new_finding(NewFindingClass.UNSETTLED, "A"), new_finding(NewFindingClass.PROGRESSION, "B")]
    made = context(scene(AFTER, breast(new_findings=found)))
    assert [one.lesion_id for one in made.new_findings(NewFindingClass.PROGRESSION)] == ["B"]


def test_a_lesion_by_its_id() -> None:
    made = context(scene(AFTER, breast(Category.PR, site("A"), site("B"))))
    found = made.lesion("B")
    assert found is not None
    assert found.id == "B"
    assert made.lesion("C") is None
    assert made.lesion(None) is None


@pytest.mark.parametrize(
    ("result", "listed"),
    [(BiopsyResult.MALIGNANT, True), (BiopsyResult.PENDING, True), (None, True), (BiopsyResult.BENIGN, False)],
)
def test_a_lesion_counts_unless_it_is_stated_benign(result: BiopsyResult | None, listed: bool) -> None:
    """Decision k: a result pending or not stated counts."""
    lesion = Lesion(id="A", kind=Kind.MASS, organ="breast", side=LEFT, biopsy_result=result)
    assert bool(context(scene(AFTER, lesions=[lesion])).lesions) is listed


@pytest.mark.parametrize(
    ("modality", "group"), [(MG, MG), (DBT, MG), (US, US), (MR, MR), (Modality.CEM, Modality.CEM), (None, None)]
)
def test_mammography_and_tomosynthesis_are_one_modality(modality: Modality | None, group: Modality | None) -> None:
    """Decision m."""
    assert modality_group(modality) is group


@pytest.mark.parametrize(
    ("state", "seen"),
    [
        (State.MEASURED, True),
        (State.TOO_SMALL, True),
        (State.PRESENT, True),
        (State.PROGRESSED, True),
        (State.ABSENT, False),
        (State.EQUIVOCAL, False),
        (State.NOT_EVALUABLE, False),
        (State.NOT_IMAGED, False),
    ],
)
def test_which_states_show_a_site_at_baseline(state: State, seen: bool) -> None:
    at_baseline = point("L1", US, 20, time_point=0, state=state)
    one = replace(site(baseline_on=()), series=(at_baseline,), results=())
    assert context(scene(AFTER, breast(Category.PR, one))).seen_at_baseline(one) == ({US} if seen else set())


def test_without_a_baseline_no_point_is_one_of_it() -> None:
    one = site()
    made = context(scene(AFTER, breast(Category.NE, one), baseline=None))
    assert made.baseline_index is None
    assert made.points_at_baseline(one) == ()
    assert context(scene(AFTER)).baseline_index == 0


@pytest.mark.parametrize(("then", "seen"), [(0, False), (1, True)])
def test_a_baseline_of_nought_shows_no_site(then: int, seen: bool) -> None:
    """A site stated absent at baseline has 0 mm there (rows B8 and C1)."""
    one = replace(site(then=then, baseline_on=(US,)), series=())
    assert context(scene(AFTER, breast(Category.PR, one))).seen_at_baseline(one) == ({US} if seen else set())
