"""Laws of advice, on many generated breasts and axillae."""

from __future__ import annotations

from dataclasses import replace
from itertools import starmap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporter.advice.engine import advise, escalation
from reporter.advice.interface import Policy, RoleTold, RowMatch, Timing, Urgency
from reporter.advice.vocabulary import NOTE_TIMINGS, SURGICAL_STEPS, Purpose
from reporter.case.facts import Clinical, Diagnosis, Radiologist
from reporter.case.study import Patient
from reporter.case.vocabulary import Modality, Side, TherapyKind
from reporter.response.interface import (
    BreastResponse,
    Category,
    Discordance,
    DiscordanceKind,
    MarkerState,
    NewFindingClass,
    NodeCourse,
)
from tests.advice.factory import (
    ANSWERED,
    Scene,
    axilla,
    breast,
    dated,
    day_of,
    marker,
    new_finding,
    node,
    pack,
    scene,
    site,
)

pytestmark = pytest.mark.property

law = settings(deadline=None, max_examples=60)
"""No deadline: a busy machine breaks no law."""

FOLLOW_UP = (Timing.DURING, Timing.AFTER, Timing.END_LABELLED, Timing.UNSTATED)
SITE_CATEGORIES = (Category.CR, Category.PR, Category.SD, Category.PD, Category.NE, Category.NON_CR_NON_PD)
NAMES = ("A", "B", "C")
MODALITIES = (Modality.US, Modality.MG, Modality.DBT, Modality.MR, Modality.PT)


def overall(categories: list[Category]) -> Category:
    found = set(categories)
    if found & {Category.CR, Category.PR} and found & {Category.SD, Category.PD}:
        return Category.MIXED
    order = (
        Category.PD,
        Category.SD,
        Category.NE,
        Category.NON_CR_NON_PD,
        Category.PR,
        Category.CR,
    )
    return next(category for category in order if category in found)


@st.composite
def breasts(draw: st.DrawFn, side: Side = Side.LEFT) -> BreastResponse:
    categories = draw(st.lists(st.sampled_from(SITE_CATEGORIES), min_size=1, max_size=3))
    sites = list(starmap(site, zip(NAMES, categories, strict=False)))
    markers = [marker(s.lesion_id, draw(st.sampled_from(MarkerState))) for s in sites]
    classes = draw(st.lists(st.sampled_from(NewFindingClass), max_size=1))
    kinds = draw(st.lists(st.sampled_from(DiscordanceKind), max_size=2, unique=True))
    made = breast(
        overall(categories),
        *sites,
        side=side,
        markers=markers,
        new_findings=[new_finding(one, side=side) for one in classes],
        modalities=draw(st.lists(st.sampled_from(MODALITIES[:4]), unique=True)),
    )
    return replace(made, discordances=tuple(Discordance(kind=kind, lesion_id="A") for kind in kinds))


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    timing = draw(st.sampled_from(FOLLOW_UP))
    flags = Radiologist(
        side=Side.LEFT,
        near_complete=draw(st.booleans()),
        indeterminate=draw(st.booleans()),
        residual_large=draw(st.booleans()),
        posttreatment_change=draw(st.booleans()),
    )
    clinical = Clinical(side=Side.LEFT, worsening=draw(st.booleans()), exam_agrees=draw(st.booleans()))
    facts = replace(
        ANSWERED,
        radiologist=(flags,),
        clinical=(clinical,),
        suspicion_distant=draw(st.sampled_from([True, False, None])),
        mri_possible=draw(st.sampled_from([True, False, None])),
    )
    nodes = [node(course) for course in draw(st.lists(st.sampled_from(NodeCourse), max_size=1))]
    return scene(
        timing,
        draw(breasts()),
        axillae=[axilla(Side.LEFT, *nodes, assessed=draw(st.booleans()))],
        facts=facts,
        now=draw(st.lists(st.sampled_from(MODALITIES), unique=True)),
        baseline=draw(st.sampled_from([None, MODALITIES])),
    )


@law
@given(scenes())
def test_every_named_role_is_told_as_urgently_as_the_most_urgent_row(made: Scene) -> None:
    """Decision t."""
    advice = made.advise()
    ranks = [row.urgency.rank for row in advice.rows]
    assert advice.escalation.urgency.rank == max(ranks, default=0)
    named = {role for row in advice.rows if row.urgency is not Urgency.NONE for role in row.told}
    assert set(advice.escalation.told) == named


MATCHES = st.builds(
    RowMatch,
    row=st.sampled_from(["A3", "B4", "B8", "C8"]),
    side=st.sampled_from([None, *Side]),
    timing=st.sampled_from(Timing),
    urgency=st.sampled_from(Urgency),
    told=st.lists(st.sampled_from(RoleTold), unique=True).map(tuple),
    direct_contact=st.booleans(),
)


@law
@given(st.lists(MATCHES), MATCHES)
def test_a_further_row_never_lowers_the_escalation(matches: list[RowMatch], further: RowMatch) -> None:
    """Decision t."""
    before = escalation(tuple(matches), Policy())
    after = escalation((*matches, further), Policy())
    assert after.urgency.rank >= before.urgency.rank
    assert set(before.told) <= set(after.told)
    assert after.direct_contact >= before.direct_contact


@law
@given(st.lists(MATCHES, max_size=4).flatmap(lambda found: st.tuples(st.just(found), st.permutations(found))))
def test_the_escalation_does_not_depend_on_the_order_of_rows(both: tuple[list[RowMatch], list[RowMatch]]) -> None:
    one, other = (escalation(tuple(matches), Policy()) for matches in both)
    assert (one.urgency, one.told, one.direct_contact) == (other.urgency, other.told, other.direct_contact)


@law
@given(scenes())
def test_what_must_be_escalated_is(made: Scene) -> None:
    """SD after the course, PD, discordance, indeterminate, and mixed with such a site."""
    advice = made.advise()
    found = made.response.breasts[0]
    categories = {s.category for s in found.sites}
    surgical = advice.timing.surgical or advice.timing is Timing.UNSTATED
    if Category.PD in categories or (Category.SD in categories and surgical):
        assert advice.escalation.urgency is Urgency.IMMEDIATE
    if found.discordances or made.case.facts.radiologist[0].indeterminate:
        assert advice.escalation.urgency.rank >= Urgency.TUMOUR_BOARD.rank
    if Category.SD in categories:
        assert advice.escalation.required
    if made.case.facts.clinical[0].worsening:
        assert advice.escalation.direct_contact


@law
@given(scenes())
def test_texts_keep_to_their_time(made: Scene) -> None:
    """Decision r."""
    advice = made.advise()
    if not advice.timing.surgical:
        assert not {step.id for step in advice.steps} & SURGICAL_STEPS
    for note in advice.notes:
        assert advice.timing in next((t for n, t in NOTE_TIMINGS.items() if n == note.id), {advice.timing})


@law
@given(scenes())
def test_a_study_already_done_is_never_wanted(made: Scene) -> None:
    for name in ("acr-235-2022", "acr-235-2017"):
        for study in made.advise(name).imaging:
            assert not (study.done and study.wanted)
            assert study.done or study.wanted or study.rating == "usually_appropriate"
            assert bool(study.rows) is study.wanted


@law
@given(scenes())
def test_pet_is_never_wanted_for_the_breast(made: Scene) -> None:
    """S35."""
    for study in made.advise().imaging:
        if study.side is not None:
            assert study.modality is not Modality.PT


@law
@given(scenes())
def test_ultrasound_stands_first(made: Scene) -> None:
    """S27, S54; before it stands only what completes the comparison with the baseline (row B8)."""
    found = made.advise().imaging
    completes = [study.purpose == Purpose.BASELINE_MODALITY for study in found]
    assert completes == sorted(completes, reverse=True)
    is_us = [study.modality is Modality.US for study, first in zip(found, completes, strict=True) if not first]
    assert is_us == sorted(is_us, reverse=True)


@law
@given(scenes())
def test_exactly_one_row_of_the_chain_answers_for_a_breast(made: Scene) -> None:
    rows = [row.row for row in made.advise().rows]
    chain = {row.id: row.precedence for row in pack().decision.row if row.precedence is not None}
    found = [row for row in rows if row in chain]
    worst = {row for row in ("B5", "B4") if row in found}
    flagged = {row for row in ("B6", "B7") if row in found}
    others = set(found) - worst - flagged
    assert len(others) <= 1
    assert not (others and (worst or flagged))
    assert len(found) == len(set(found))


@law
@given(scenes())
def test_a_complete_response_never_stands_with_a_doubt(made: Scene) -> None:
    rows = {row.row for row in made.advise().rows}
    if "B1" in rows:
        assert not rows & {"B2", "B3", "B4", "B5", "B6", "B7", "B8", "B9", "B10", "B11"}
        assert {s.category for s in made.response.breasts[0].sites} == {Category.CR}


@pytest.mark.requirement("S12")
@pytest.mark.requirement("S57")
@law
@given(scenes(), st.sampled_from(["M", "F", "O", "", None]), st.sets(st.sampled_from(TherapyKind)))
def test_sex_and_kind_of_therapy_change_no_row(made: Scene, sex: str | None, kinds: set[TherapyKind]) -> None:
    therapy = replace(made.case.facts.therapy, kinds=tuple(sorted(kinds)))
    facts = replace(made.case.facts, therapy=therapy)
    case = replace(made.case, patient=Patient(id="SYN-0001", sex=sex), facts=facts)
    one, other = made.advise(), replace(made, case=case).advise()
    cautions = {"pseudoprogression"}
    assert one.rows == other.rows
    assert one.routes == other.routes
    assert one.imaging == other.imaging
    assert one.steps == other.steps
    assert one.escalation == other.escalation
    assert {n for n in one.notes if n.id not in cautions} == {n for n in other.notes if n.id not in cautions}


@law
@given(breasts(Side.LEFT), st.sampled_from(FOLLOW_UP))
def test_left_and_right_are_mirrored(left: BreastResponse, timing: Timing) -> None:
    right = replace(
        left,
        side=Side.RIGHT,
        new_findings=tuple(replace(f, side=Side.RIGHT) for f in left.new_findings),
    )
    of_right = replace(ANSWERED, diagnosis=(Diagnosis(side=Side.RIGHT, confirmed=True),))
    one = scene(timing, left).advise()
    other = scene(timing, right, facts=of_right).advise()
    assert [(r.row, r.urgency, r.told, r.lesion_ids) for r in one.rows] == [
        (r.row, r.urgency, r.told, r.lesion_ids) for r in other.rows
    ]
    assert [(s.id, s.lesion_ids) for s in one.steps] == [(s.id, s.lesion_ids) for s in other.steps]
    assert [(s.procedure, s.done, s.wanted) for s in one.imaging] == [
        (s.procedure, s.done, s.wanted) for s in other.imaging
    ]
    assert {r.side for r in other.rows if r.side} <= {Side.RIGHT}


@law
@given(scenes())
def test_the_same_case_gives_the_same_advice(made: Scene) -> None:
    case = replace(
        made.case,
        studies=tuple(reversed(made.case.studies)),
        lesions=tuple(reversed(made.case.lesions)),
        facts=dated(made.case.facts, day_of(Timing.AFTER)),
    )
    assert advise(case, made.response, pack()) == made.advise()


@law
@given(scenes())
def test_explain_agrees_with_what_fired(made: Scene) -> None:
    advice = made.advise()
    fired = {(row.row, row.side) for row in advice.rows}
    assert {(seen.row, seen.side) for seen in advice.looked_at if seen.fired} == fired
