"""A criterion of the whole patient that is named first: its category is the patient's, each breast has its own."""

import pytest

from reporter.case.facts import Facts, Radiologist
from reporter.case.vocabulary import Modality, Side
from reporter.response.criteria.per_site import PerSite
from reporter.response.criteria.recist11 import Recist11
from reporter.response.criteria.who import Who
from reporter.response.interface import (
    BreastResponse,
    Category,
    Headline,
    NewFindingClass,
    PatientResponse,
    ProgressionKind,
    Response,
)
from tests.response.answers import mm, respond
from tests.response.timeline import day

CR, PR, SD, PD, NE = Category.CR, Category.PR, Category.SD, Category.PD, Category.NE


def strict(text: str, facts: Facts | None = None) -> Response:
    return respond(text, Recist11(), PerSite(), facts=facts or Facts())


def side(found: Response, which: Side = Side.LEFT) -> BreastResponse:
    answer = found.breast(which)
    assert answer is not None
    return answer


def patient(found: Response) -> PatientResponse:
    assert found.patient is not None
    return found.patient


def kinds(answer: BreastResponse) -> list[tuple[ProgressionKind, str | None]]:
    return [(p.kind, p.lesion_id) for p in answer.progressions]


def test_by_sites_there_is_no_category_of_the_patient() -> None:
    assert respond("day 0 MR | L1 30\nday 9 MR | L1 10", PerSite(), Recist11()).patient is None


def test_each_breast_has_its_own_category_and_the_patient_that_of_the_sum() -> None:
    found = strict("day 0 CT | L1 30 | R1 right 20\nday 9 CT | L1 15 | R1 20")
    assert [(c.id, c.feeds_decisions) for c in found.criteria] == [("recist-1.1", True), ("per-site", False)]
    assert (patient(found).category, patient(found).modality) == (PR, Modality.CT)
    assert (side(found).category, side(found).headline) == (PR, Headline.PARTIAL)
    right = side(found, Side.RIGHT)
    assert (right.category, right.headline) == (SD, Headline.STABLE)
    assert right.record_modality is Modality.CT
    assert right.total is not None
    assert (right.total.total, right.total.baseline_total) == mm(20, 20)


def test_a_node_alone_makes_no_breast_progressive() -> None:
    found = strict("day 0 MR | L1 30 | N1 20\nday 9 MR | L1 10 | N1 41")
    assert patient(found).category is SD
    answer = side(found)
    assert (answer.headline, answer.category) == (Headline.PARTIAL, PR)
    assert kinds(answer) == [(ProgressionKind.NODE, "N1")]


def test_a_node_called_progressive_by_the_reader_makes_no_breast_progressive() -> None:
    found = strict("day 0 MR | L1 30 | N1 12\nday 9 MR | L1 absent | N1 progressed")
    assert patient(found).category is PD
    assert (side(found).headline, side(found).category) == (Headline.COMPLETE, CR)
    assert kinds(side(found)) == [(ProgressionKind.NON_TARGET, "N1")]


def test_another_organ_makes_no_breast_progressive() -> None:
    found = strict("day 0 CT | L1 30 | H other organ:liver 20\nday 9 CT | L1 10 | H 60")
    assert patient(found).category is PD
    assert (side(found).headline, side(found).category) == (Headline.PARTIAL, PR)


@pytest.mark.parametrize(
    ("words", "of_right"),
    [("", NewFindingClass.UNSETTLED), ("malignant", NewFindingClass.NEW_CANCER)],
)
def test_a_new_finding_of_the_other_breast_is_the_patients_progression_alone(
    words: str, of_right: NewFindingClass
) -> None:
    """Contralateral: never progression of a breast without biopsy; proven, a new cancer of that side (decision p)."""
    found = strict(f"day 0 MR | L1 30\nday 9 MR | L1 15 | R1 right new covered {words} 9")
    assert (patient(found).category, patient(found).verdict.lesion_ids) == (PD, ("R1",))
    assert (side(found).headline, side(found).category) == (Headline.PARTIAL, PR)
    right = side(found, Side.RIGHT)
    assert [f.classified for f in right.new_findings] == [of_right]
    assert right.headline is Headline.NO_DISEASE
    assert right.progressions == ()


def test_a_definite_new_lesion_of_the_same_breast_is_its_progression_covered_or_not() -> None:
    """`recist-1.1`: a definite new lesion is PD (decision p)."""
    found = strict("day 0 MR | L1 30\nday 9 MR | L1 10 | Z new uncovered 8")
    answer = side(found)
    assert (answer.headline, answer.category) == (Headline.PROGRESSIVE, PD)
    assert kinds(answer) == [(ProgressionKind.NEW_LESION, "Z")]
    assert [f.classified for f in answer.new_findings] == [NewFindingClass.PROGRESSION]


@pytest.mark.parametrize("words", ["new equivocal 8", "8"])
def test_an_equivocal_or_undeclared_one_is_not(words: str) -> None:
    found = strict(f"day 0 MR | L1 30\nday 9 MR | L1 10 | Z {words}")
    assert side(found).progressions == ()
    assert [f.classified for f in side(found).new_findings] == [NewFindingClass.UNSETTLED]


def test_a_sum_that_is_progression_where_no_breast_is_stays_the_patients() -> None:
    found = strict("day 0 MR | L1 40 | R1 right 12\nday 9 MR | L1 46 | R1 16.5")
    assert patient(found).category is PD
    assert [(b.headline, b.progressions) for b in found.breasts] == [(Headline.STABLE, ())] * 2


def test_what_is_not_accepted_is_not_evaluable_and_no_category_of_another_rule() -> None:
    found = strict("day 0 US | L1 30\nday 9 US | L1 15")
    assert patient(found).category is NE
    answer = side(found)
    assert (answer.headline, answer.category, answer.record_modality) == (Headline.NOT_EVALUABLE, NE, None)
    (site,) = answer.sites
    assert site.results[0].verdict is not None
    assert site.results[0].verdict.rule == "target.modality_not_accepted"


def test_progression_on_a_modality_that_is_not_accepted_is_never_lost() -> None:
    """PD on any imaging modality is told in line 1 and escalated (decision l)."""
    found = strict("day 0 MR | L1 30\nday 0 US | L1 20\nday 9 MR | L1 15\nday 9 US | L1 30")
    answer = side(found)
    assert (answer.headline, answer.category) == (Headline.PROGRESSIVE, PR)
    assert [(p.kind, p.modality) for p in answer.progressions] == [(ProgressionKind.SITE, Modality.US)]


def test_a_site_seen_only_where_sizes_are_not_accepted_stays_without_a_category() -> None:
    found = strict("day 0 MR | L1 30\nday 0 US | L2 20\nday 9 MR | L1 absent\nday 9 US | L2 absent")
    assert [s.category for s in side(found).sites] == [CR, NE]
    assert side(found).headline is Headline.NOT_EVALUABLE


def test_sites_that_differ_are_mixed_whatever_their_sum_is() -> None:
    """Never the sum's category (decision n)."""
    found = strict("day 0 MR | L1 40 | L2 20\nday 9 MR | L1 20 | L2 20")
    assert patient(found).category is PR
    assert (side(found).headline, side(found).category) == (Headline.MIXED, Category.MIXED)


@pytest.mark.parametrize(
    ("course", "expected"),
    [
        pytest.param("L1 20x20 | L1 16x12", (Headline.PARTIAL, PR), id="-52 % by product, -20 % by diameter"),
        pytest.param("L1 20x10 | L1 14x9", (Headline.STABLE, SD), id="-37 % by product, -30 % by diameter"),
        pytest.param("L1 20x10 | L1 21x14", (Headline.PROGRESSIVE, PD), id="+47 % by product, +5 % by diameter"),
        pytest.param("L1 20x20 | L1 25x16", (Headline.PROGRESSIVE, SD), id="+0 % by product, +25 % by diameter"),
    ],
)
def test_a_site_is_judged_by_the_limits_of_the_criterion(course: str, expected: tuple[Headline, Category]) -> None:
    """What size calls progression stands beside it (decision l)."""
    then, now = course.split(" | ")
    answer = side(respond(f"day 0 MR | {then}\nday 9 MR | {now}", Who()))
    assert (answer.headline, answer.category) == expected


def test_progression_by_products_carries_its_numbers_in_their_unit() -> None:
    (told,) = side(respond("day 0 MR | L1 20x10\nday 9 MR | L1 21x14", Who())).progressions
    assert (told.baseline, told.nadir, told.now) == mm(200, 200, 294)
    assert (told.unit, told.verdict.rule, told.of_record) == ("mm2", "who_target.pd_lesion", True)


@pytest.mark.parametrize(
    ("second", "patient_says", "site_says"),
    [
        pytest.param("L2 20", PR, PR, id="the patient had not been complete"),
        pytest.param("L2 absent", PD, PD, id="the patient had been complete"),
    ],
)
def test_a_site_is_back_only_where_the_whole_patient_had_been_complete(
    second: str, patient_says: Category, site_says: Category
) -> None:
    """Strict: PD where overall CR had been assigned (decision b); below 5 mm a site keeps its arithmetic."""
    text = f"day 0 MR | L1 20 | L2 20\nday 5 MR | L1 absent | {second}\nday 9 MR | L1 3 | {second}"
    found = strict(text)
    assert patient(found).category is patient_says
    assert [s.category for s in side(found).sites if s.lesion_id == "L1"] == [site_says]


def test_a_held_response_is_held_in_the_breast_too() -> None:
    found = strict("day 0 MR | L1 100\nday 5 MR | L1 60\nday 9 MR | L1 71")
    assert side(found).headline is Headline.PARTIAL_HELD
    assert side(found).sites[0].held


def test_what_merged_is_judged_together() -> None:
    text = "day 0 MR | L1 20 | L2 20\nday 9 MR | L1 24 | L2 merged>L1"
    assert [s.category for s in side(strict(text)).sites] == [PR, PR]


def test_what_split_is_judged_with_its_parts() -> None:
    text = "day 0 MR | L1 40\nday 9 MR | L1 10 | B from>L1 10"
    answer = side(strict(text))
    assert [s.category for s in answer.sites] == [PR]


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        (Radiologist(side=Side.LEFT, date=day(9), indeterminate=True), Headline.INDETERMINATE),
        (Radiologist(side=Side.LEFT, date=day(9), near_complete=True), Headline.NEAR_COMPLETE),
    ],
)
def test_the_radiologists_flags_stand_as_ever(flags: Radiologist, expected: Headline) -> None:
    found = strict("day 0 MR | L1 30\nday 9 MR | L1 10", Facts(radiologist=(flags,)))
    assert side(found).headline is expected
    assert patient(found).category is PR
