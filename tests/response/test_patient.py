"""A criterion of the whole patient: which modality speaks for the patient, and what it calls progression of a side."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from reporter.case.case import Case
from reporter.case.vocabulary import Modality, Side
from reporter.response.criteria.per_site import PerSite
from reporter.response.criteria.recist11 import Recist11
from reporter.response.criteria.who import Who
from reporter.response.interface import (
    Assessment,
    Category,
    Criterion,
    Headline,
    NewFindingClass,
    PatientResponse,
    ProgressionKind,
    Thresholds,
    Verdict,
)
from tests.response.answers import mm, respond

NODE, BACK, NEW, SUM = (
    ProgressionKind.NODE,
    ProgressionKind.REAPPEARANCE,
    ProgressionKind.NEW_LESION,
    ProgressionKind.SUM,
)


def patient(text: str, *criteria: Criterion) -> PatientResponse:
    found = respond(text, *(criteria or [Recist11()])).patient
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("mri", "ct", "category", "modality"),
    [
        ("20", "45", Category.PD, Modality.CT),
        ("45", "20", Category.PD, Modality.MR),
        ("20", "30", Category.PR, Modality.MR),
        ("ne", "20", Category.PR, Modality.CT),
        ("ne", "ne", Category.NE, Modality.MR),
        ("absent", "20", Category.CR, Modality.MR),
    ],
)
def test_progression_on_any_imaging_modality_speaks_for_the_patient_else_the_first_evaluable(
    mri: str, ct: str, category: Category, modality: Modality
) -> None:
    found = patient(f"day 0 MR | L1 30\n+day 0 CT | L1 30\nday 9 MR | L1 {mri}\n+day 9 CT | L1 {ct}")
    assert (found.category, found.modality, found.verdict.category) == (category, modality, category)
    assert [(a.modality, a.time_point) for a in found.assessments] == [(Modality.MR, 1), (Modality.CT, 1)]
    assert (found.criterion, found.name) == ("recist-1.1", "RECIST 1.1")


def test_what_the_hand_feels_is_not_the_patients_category() -> None:
    text = "day 0 MR | L1 30\n+day 0 EXAM | L1 30\nday 9 MR | L1 20\n+day 9 EXAM | L1 45"
    found = patient(text)
    assert (found.category, found.modality) == (Category.PR, Modality.MR)
    assert [a.modality for a in found.assessments] == [Modality.MR]
    assert respond("day 0 EXAM | L1 30\nday 9 EXAM | L1 45", Recist11()).patient is None


def test_of_two_criteria_of_the_patient_the_first_speaks() -> None:
    text = "day 0 MR | L1 20x10\nday 9 MR | L1 21x14"
    assert respond(text, Recist11(), Who()).patient == patient(text)
    assert patient(text).category is Category.SD
    assert patient(text, Who(), Recist11()).category is Category.PD


def test_what_an_earlier_study_said_is_not_said_now() -> None:
    text = "day 0 MR | L1 30\n+day 0 CT | L1 30\nday 5 CT | L1 45\nday 9 MR | L1 20"
    assert (patient(text).category, patient(text).modality) == (Category.PR, Modality.MR)
    silent = respond("day 0 MR | L1 30\n+day 0 US | L1 30\nday 5 MR | L1 10\nday 9 US | L1 25", Recist11()).breasts[0]
    assert silent.category is Category.NE


def test_a_modality_on_which_there_was_no_disease_does_not_speak_where_another_can() -> None:
    text = "day 0 MR | C1 calcification 9\n+day 0 CT | L1 30\nday 9 MR | C1 9\n+day 9 CT | L1 20"
    assert (patient(text).category, patient(text).modality) == (Category.PR, Modality.CT)
    assert patient("day 0 MR | C1 calcification 9\nday 9 MR | C1 9").category is Category.NED


@pytest.mark.parametrize("apart", ["PT", "EXAM"])
def test_pet_and_the_examination_do_not_speak_for_the_patient(apart: str) -> None:
    text = f"day 0 MR | L1 20x20\n+day 0 {apart} | L1 20x20\nday 9 MR | L1 20x20\n+day 9 {apart} | L1 40x40"
    found = patient(text, Who())
    assert (found.category, found.modality) == (Category.SD, Modality.MR)
    assert respond(f"day 0 {apart} | L1 20x20\nday 9 {apart} | L1 40x40", Who()).patient is None


class OfSides(PerSite):
    """A plug-in that assesses sides."""

    id = "own"

    def assess(self, case: Case) -> tuple[Assessment, ...]:
        return tuple(replace(a, criterion="own") for a in PerSite.assess(self, case))


def test_a_criterion_of_sides_has_no_category_of_the_patient() -> None:
    assert respond("day 0 MR | L1 30\nday 9 MR | L1 20", OfSides()).patient is None


class Sees(Recist11):
    """A plug-in that notes which lesions it was shown, and calls disease without a size progressive."""

    id = "sees"

    def assess(self, case: Case) -> tuple[Assessment, ...]:
        SHOWN.append(({x.id for x in case.lesions}, {m.lesion_id for m in case.measurements}))
        pd = Verdict(category=Category.PD, rule="sees.non_target")
        return tuple(
            replace(a, criterion=self.id, non_target=pd, overall=pd) if a.non_target and a.time_point else a
            for a in Recist11.assess(self, case)
        )


SHOWN: list[tuple[set[str], set[str]]] = []


def test_asked_of_one_site_a_criterion_is_shown_that_site_alone() -> None:
    SHOWN.clear()
    found = respond("day 0 MR | L1 30 | S skin present\nday 9 MR | L1 20 | S present", Sees()).breasts[0]
    assert ({"S"}, {"S"}) in SHOWN
    assert ({"L1"}, {"L1"}) in SHOWN
    assert [(p.kind, p.lesion_id) for p in found.progressions] == [(ProgressionKind.NON_TARGET, "S")]


@pytest.mark.parametrize(("first", "category"), [("20", Category.NON_CR_NON_PD), ("absent", Category.PD)])
def test_disease_without_a_size_is_back_only_where_the_whole_patient_had_been_complete(
    first: str, category: Category
) -> None:
    """Decision b."""
    text = f"day 0 MR | L1 20 | S skin present\nday 5 MR | L1 {first} | S absent\nday 9 MR | L1 {first} | S present"
    by_id = {s.lesion_id: s.category for s in respond(text, Recist11()).breasts[0].sites}
    assert by_id["S"] is category


def test_disease_that_persists_without_a_size_has_the_word_of_the_criterion() -> None:
    """WHO calls it stable."""
    text = "day 0 MR | S skin present\nday 9 MR | S present"
    (site,) = respond(text, Who()).breasts[0].sites
    assert (site.category, site.record and site.record.verdict and site.record.verdict.rule) == (
        Category.SD,
        "who.non_target_persists",
    )


# --- what it calls progression ---------------------------------------------------------------------------------------


def told(
    text: str, criterion: Criterion, side: Side = Side.LEFT
) -> list[tuple[ProgressionKind, str | None, Modality | None, bool]]:
    """Kind, lesion, modality, and whether it is of record."""
    found = respond(text, criterion).breast(side)
    assert found is not None
    return [(p.kind, p.lesion_id, p.modality, p.of_record) for p in found.progressions]


def test_a_node_that_it_alone_calls_progressive_is_told_as_a_node() -> None:
    text = "day 0 MR | L1 20x20 | N1 20x16\nday 9 MR | L1 20x20 | N1 24x18"
    assert told(text, Who()) == [(NODE, "N1", Modality.MR, False)]


def test_what_came_back_is_told_as_that() -> None:
    text = "day 0 MR | L1 20x20\nday 5 MR | L1 absent\nday 9 MR | L1 3x3"
    assert told(text, Who()) == [(BACK, "L1", Modality.MR, True)]


def test_what_size_calls_progressive_is_told_once() -> None:
    text = "day 0 MR | L1 20x20\nday 9 MR | L1 30x30"
    assert told(text, Who()) == [(ProgressionKind.SITE, "L1", Modality.MR, True)]


def test_it_is_of_record_on_the_modality_of_record_alone() -> None:
    text = "day 0 MR | L1 20x10\n+day 0 US | L1 20x10\nday 9 MR | L1 20x10\n+day 9 US | L1 21x14"
    assert told(text, Who()) == [(ProgressionKind.SITE, "L1", Modality.US, False)]
    assert respond(text, Who()).breasts[0].headline is Headline.PROGRESSIVE


THREE_MM = Recist11(Thresholds(pd_mm=Decimal(3)))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("A 12 | B 12.4", [(SUM, None)]),
        ("A 12 | B 11.9", []),
        ("A 10 | B 13", [(ProgressionKind.SITE, "B")]),
    ],
)
def test_the_sum_that_it_calls_progressive_is_told_where_no_lesion_is_by_itself(
    now: str, expected: list[tuple[ProgressionKind, str | None]]
) -> None:
    found = told(f"day 0 MR | A 10 | B 10\nday 9 MR | {now}", THREE_MM)
    assert found == [(kind, lesion_id, Modality.MR, True) for kind, lesion_id in expected]


def test_the_sum_that_size_calls_progressive_too_is_told_once() -> None:
    text = "day 0 MR | A 20 | B 20\nday 9 MR | A 24 | B 24.9"
    assert told(text, Recist11()) == [(SUM, None, Modality.MR, True)]


def test_a_sum_of_nodes_or_of_sites_that_have_no_one_modality_is_not_of_record() -> None:
    nodes = Recist11(Thresholds(pd_mm=Decimal(3), pd_percent=Decimal(10)))
    text = "day 0 | N1 16 | N2 16\nday 9 | N1 17.9 | N2 17.9"
    assert told(text, nodes) == [(SUM, None, None, False)]
    apart = "day 0 MR | A 20\n+day 0 | B 10 | C 10\nday 9 MR | A 20\n+day 9 | B 12 | C 12.4"
    assert told(apart, THREE_MM) == [(SUM, None, None, False)]


def test_the_sum_is_told_with_its_numbers_and_not_of_record_elsewhere() -> None:
    text = "day 0 MR | A 10 | B 10\n+day 0 CT | A 10 | B 10\nday 9 MR | A 10 | B 10\n+day 9 CT | A 12 | B 12.4"
    (found,) = respond(text, THREE_MM).breasts[0].progressions
    assert (found.kind, found.modality, found.of_record, found.unit) == (SUM, Modality.CT, False, "mm")
    assert (found.baseline, found.nadir, found.now) == mm(20, 20, "24.4")


def test_the_sum_is_that_of_the_side_with_what_split_from_it() -> None:
    text = "day 0 MR | A 10 | B 10 | R right 10\nday 9 MR | A 8 | F from>A 4 | B 12.4 | R 20"
    assert told(text, THREE_MM) == [(SUM, None, Modality.MR, True)]


def test_the_sum_is_told_beside_growth_of_a_lesion_that_has_no_baseline_there() -> None:
    text = """
        day 0 MR | A 10 | B 10
        +day 0 CT | C 20
        day 5 MR | A 10 | B 10 | C 20
        day 9 MR | A 12 | B 12.4 | C 30
    """
    assert [found[:2] for found in told(text, THREE_MM)] == [(ProgressionKind.SITE, "C"), (SUM, None)]


@pytest.mark.parametrize(("piece", "category"), [("10", Category.PR), ("22", Category.SD)])
def test_a_site_that_split_has_the_category_of_all_its_pieces(piece: str, category: Category) -> None:
    text = f"day 0 MR | L1 40\nday 9 MR | L1 10 | F from>L1 {piece}"
    assert [s.category for s in respond(text, Recist11()).breasts[0].sites] == [category]


def test_a_definite_new_lesion_is_told_on_each_modality_that_sees_it_with_its_size() -> None:
    text = "day 0 MR | L1 30\n+day 0 CT | L1 30\nday 9 MR | L1 20 | Z new uncovered 8\n+day 9 CT | L1 20 | Z 9"
    found = [p for p in respond(text, Recist11()).breasts[0].progressions if p.kind is NEW]
    assert [(p.modality, p.now, p.unit, p.of_record) for p in found] == [
        (Modality.MR, *mm(8), "mm", True),
        (Modality.CT, *mm(9), "mm", True),
    ]
    assert {(p.verdict.rule, p.verdict.lesion_ids) for p in found} == {("overall.new_lesion", ("Z",))}


def test_a_new_lesion_that_one_imaging_modality_calls_so_is_settled_whatever_pet_shows() -> None:
    text = "day 0 MR | L1 20x20\nday 9 MR | L1 20x20 | Z new uncovered 8x8\n+day 9 PT | Z 8x8"
    found = respond(text, Who()).breasts[0]
    assert [f.classified for f in found.new_findings] == [NewFindingClass.PROGRESSION]
    assert [(p.kind, p.modality) for p in found.progressions] == [(NEW, Modality.MR)]


def test_a_new_lesion_of_a_modality_that_was_not_used_now_is_not_settled() -> None:
    text = "day 0 MR | L1 20x20\n+day 0 US | L1 20x20\nday 5 MR | L1 20x20 | Z new 8x8\nday 9 US | L1 20x20"
    found = respond(text, Who()).breasts[0]
    assert [f.classified for f in found.new_findings] == [NewFindingClass.UNSETTLED]


def test_a_covered_one_is_told_once() -> None:
    text = "day 0 MR | L1 30\nday 9 MR | L1 20 | Z new covered 8"
    assert told(text, Recist11()) == [(NEW, "Z", Modality.MR, True)]


@pytest.mark.parametrize("apart", ["PT", "EXAM"])
def test_a_new_lesion_that_pet_or_the_examination_alone_shows_is_not_settled_by_it(apart: str) -> None:
    """2.4: a lesion that PET alone shows is not taken for a new one without more."""
    text = f"day 0 MR | L1 20x20\n+day 0 {apart} | L1 20x20\nday 9 MR | L1 20x20\n+day 9 {apart} | Z new 8x8"
    found = respond(text, Who()).breasts[0]
    assert [f.classified for f in found.new_findings] == [NewFindingClass.UNSETTLED]
    assert found.progressions == ()


def test_a_benign_finding_stays_benign_by_whatever_criterion() -> None:
    found = respond("day 0 MR | L1 30\nday 9 MR | L1 20 | Z new benign 8", Recist11()).breasts[0]
    assert [f.classified for f in found.new_findings] == [NewFindingClass.BENIGN]
    assert found.progressions == ()


@pytest.mark.parametrize(
    ("first", "category"),
    [("L1 absent | L2 absent", Category.PD), ("L1 absent | L2 20", Category.PR)],
)
def test_a_complete_response_of_another_modality_lets_nothing_come_back_here(first: str, category: Category) -> None:
    """Decision b: PD where overall CR had been assigned, on that modality, at an earlier time point."""
    text = f"""
        day 0 MR | L1 20 | L2 20
        +day 0 CT | L1 20 | L2 20
        day 5 CT | L1 absent | L2 20
        +day 5 MR | {first}
        day 9 MR | L1 3 | L2 3
        +day 9 CT | L1 3 | L2 20
    """
    found = respond(text, Recist11()).breasts[0]
    by_modality = {
        r.point.modality: r.verdict and r.verdict.category
        for s in found.sites
        for r in s.results
        if s.lesion_id == "L1"
    }
    assert by_modality == {Modality.MR: category, Modality.CT: Category.PR}
