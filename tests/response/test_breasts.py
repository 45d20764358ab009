"""The answer for one breast: what of a case speaks for it, and what speaks for another breast, node or finding."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reporter.case.case import Case
from reporter.case.facts import Clinical, Facts, Radiologist
from reporter.case.vocabulary import Modality, Side
from reporter.response.criteria.per_site import PerSite
from reporter.response.criteria.recist11 import Recist11
from reporter.response.evaluate import evaluate
from reporter.response.interface import (
    Assessment,
    BreastResponse,
    Category,
    Distribution,
    Headline,
    NewFindingClass,
    ProgressionKind,
    Thresholds,
)
from tests.response.answers import breast, respond
from tests.response.timeline import day, timeline


def by_recist(text: str) -> BreastResponse:
    """The left breast where strict RECIST feeds the decisions."""
    (found,) = (b for b in respond(text, Recist11()).breasts if b.side is Side.LEFT)
    return found


# --- a criterion of the whole patient --------------------------------------------------------------------------------


def test_a_breast_is_answered_on_a_modality_that_the_criterion_brings() -> None:
    found = by_recist("day 0 MR | L1 30\n+day 0 CT | L1 30\nday 9 MR | L1 ne\n+day 9 CT | L1 20")
    assert (found.record_modality, found.category, found.headline) == (Modality.CT, Category.PR, Headline.PARTIAL)
    assert [a.modality for a in found.totals] == [Modality.MR, Modality.CT]
    assert found.total is found.totals[1]


def test_where_no_modality_has_a_value_it_has_no_record() -> None:
    found = by_recist("day 0 MR | L1 30\n+day 0 CT | L1 30\nday 9 MR | L1 ne\n+day 9 CT | L1 ne")
    assert (found.record_modality, found.category, found.total) == (None, Category.NE, None)


def test_its_response_is_held_where_the_criterion_holds_a_site() -> None:
    course = "day 0 MR | A 50 | B 50\nday 5 MR | A 30 | B 30\nday 9 MR | A {} | B {}"
    assert by_recist(course.format("35.5", "20")).headline is Headline.PARTIAL_HELD
    assert by_recist(course.format("35", "20")).headline is Headline.PARTIAL


def test_sites_measured_on_two_modalities_are_answered_site_by_site() -> None:
    found = by_recist("day 0 MR | A 30\n+day 0 CT | B 30\nday 9 MR | A 20\n+day 9 CT | B 20")
    assert (found.site_by_site, found.record_modality, found.total) == (True, None, None)
    assert (found.category, found.headline) == (Category.PR, Headline.PARTIAL)


def test_a_node_that_progresses_leaves_the_breast_what_it_is() -> None:
    found = by_recist("day 0 MR | L1 50 | N1 16\nday 9 MR | L1 30 | N1 22")
    assert [p.kind for p in found.progressions] == [ProgressionKind.NODE]
    assert found.headline is Headline.PARTIAL


class OfSides(PerSite):
    """A plug-in that assesses sides, as `per-site` does."""

    id = "own"

    def assess(self, case: Case) -> tuple[Assessment, ...]:
        return tuple(replace(a, criterion="own") for a in PerSite.assess(self, case))


def test_of_a_criterion_of_sides_the_other_breast_does_not_speak() -> None:
    case = timeline("day 0 MR | L1 30 | R1 right 30\n+day 0 US | R1 30\nday 9 MR | L1 20 | R1 40\n+day 9 US | R1 40")
    left, right = evaluate(case, [OfSides()], Thresholds()).breasts
    assert [(a.side, a.modality) for a in left.totals] == [(Side.LEFT, Modality.MR)]
    assert [(a.side, a.modality) for a in right.totals] == [(Side.RIGHT, Modality.MR), (Side.RIGHT, Modality.US)]
    assert (left.category, right.category) == (Category.PR, Category.PD)


# --- record and total ------------------------------------------------------------------------------------------------


def test_of_nodes_alone_a_breast_has_no_total() -> None:
    found = breast("day 0 | N1 16\nday 9 | N1 8")
    assert (found.total, found.record_modality, found.site_by_site, found.verdict) == (None, None, False, None)
    assert len(found.totals) == 1


def test_of_lesions_without_a_side_a_breast_has_no_total() -> None:
    found = breast("day 0 MR | L1 30\n+day 0 US | Q noside 20\nday 9 MR | L1 20\n+day 9 US | Q 20")
    assert [(a.side, a.modality) for a in found.totals] == [(Side.LEFT, Modality.MR)]
    assert found.category is Category.PR


# --- flags -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mri", "us", "headline"),
    [
        ("absent", "ne", Headline.INDETERMINATE),
        ("ne", "12", Headline.INDETERMINATE),
        ("ne", "present", Headline.INDETERMINATE),
        ("ne", "ne", Headline.NOT_EVALUABLE),
        ("ne", "not_imaged", Headline.NOT_EVALUABLE),
    ],
)
def test_a_site_is_indeterminate_where_one_modality_looked_at_it(mri: str, us: str, headline: Headline) -> None:
    """Decision q: a missing row is NE, never indeterminate."""
    flag = Radiologist(side=Side.LEFT, date=day(9), indeterminate=True)
    text = f"day 0 MR | L1 30\n+day 0 US | L1 30\nday 9 MR | L1 {mri}\n+day 9 US | L1 {us}"
    assert breast(text, facts=Facts(radiologist=(flag,))).headline is headline


def test_the_flag_of_a_site_that_was_not_looked_at_is_not_that_of_another() -> None:
    flag = Radiologist(side=Side.LEFT, date=day(9), lesion_id="B", indeterminate=True)
    text = "day 0 | A 30 | B 30\nday 9 | A 15 | B ne"
    assert breast(text, facts=Facts(radiologist=(flag,))).headline is Headline.NOT_EVALUABLE


def test_a_flag_of_the_other_breast_is_none_of_this_one() -> None:
    flag = Radiologist(side=Side.RIGHT, date=day(9), indeterminate=True, near_complete=True)
    text = "day 0 | A 30 | R right 30\nday 9 | A 15 | R 15"
    found = respond(text, facts=Facts(radiologist=(flag,))).breasts
    assert [b.headline for b in found] == [Headline.PARTIAL, Headline.INDETERMINATE]


@pytest.mark.parametrize(
    ("felt", "contradicted"),
    [(Clinical(lesion_id="A"), ["A"]), (Clinical(), ["A", "B"]), (Clinical(lesion_id="Q"), [])],
)
def test_the_examination_contradicts_the_site_it_speaks_of(felt: Clinical, contradicted: list[str]) -> None:
    entry = replace(felt, side=Side.LEFT, date=day(9), palpable=True)
    text = "day 0 | A 30 | B 30 | Q benign 9\nday 9 | A absent | B absent | Q 9"
    found = breast(text, facts=Facts(clinical=(entry,)))
    assert [s.lesion_id for s in found.sites if s.contradicting_flag] == contradicted


def test_imaging_that_disagrees_with_imaging_is_no_contradiction_by_the_examination() -> None:
    found = breast("day 0 MR | L1 30\n+day 0 US | L1 30\nday 9 MR | L1 20\n+day 9 US | L1 5")
    assert found.discordances
    assert not found.sites[0].contradicting_flag


# --- what keeps a complete response from standing --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lesion", "headline"),
    [
        ("X", Headline.NOT_EVALUABLE),
        ("X noside", Headline.NOT_EVALUABLE),
        ("X new", Headline.NOT_EVALUABLE),
        ("X right", Headline.COMPLETE),
        ("N1", Headline.COMPLETE),
        ("X calcification", Headline.COMPLETE),
        ("X benign", Headline.COMPLETE),
    ],
)
def test_a_value_that_cannot_be_used_keeps_its_own_breast_from_a_complete_response(
    lesion: str, headline: Headline
) -> None:
    assert breast(f"day 0 US | A 30\nday 9 US | A absent | {lesion} nounit").headline is headline


@pytest.mark.parametrize(("lesion", "headline"), [("X", Headline.NOT_EVALUABLE), ("N1", Headline.COMPLETE)])
def test_a_lesion_in_doubt_keeps_its_own_breast_from_a_complete_response(lesion: str, headline: Headline) -> None:
    now = f"day 9 | A absent | R absent | {lesion} 12"
    assert breast(f"day 0 | A 30 | R right 30 | {lesion} uncounted 12\n{now}").headline is headline
    other = respond(f"day 0 | A 30 | R right 30 | {lesion} right uncounted 12\n{now}")
    assert [b.headline for b in other.breasts] == [Headline.COMPLETE, headline]


@pytest.mark.parametrize(
    ("found", "headline"),
    [
        ("Z new 8", Headline.KNOWN_SITE_GONE),
        ("N2 new 12", Headline.COMPLETE),
        ("Z benign 8", Headline.COMPLETE),
        ("Z right new 8", Headline.COMPLETE),
    ],
)
def test_an_unsettled_finding_of_this_breast_keeps_it_from_the_headline(found: str, headline: Headline) -> None:
    """Decision p; a node is told with its axilla, a finding of the other breast there."""
    assert breast(f"day 0 | A 30\nday 9 | A absent | {found}").headline is headline


# --- new findings ----------------------------------------------------------------------------------------------------


def test_a_new_finding_is_of_its_own_breast() -> None:
    found = respond("day 0 | A 30 | R right 30\nday 9 | A 20 | R 20 | Z right new covered 8")
    assert [[f.lesion_id for f in b.new_findings] for b in found.breasts] == [[], ["Z"]]
    assert [b.headline for b in found.breasts] == [Headline.PARTIAL, Headline.PROGRESSIVE]


def test_without_a_baseline_a_node_that_has_grown_is_a_finding_as_well() -> None:
    """2.4: nothing tells that it was of normal size before therapy."""
    text = "day 5 | A 30 | N1 6\nday 9 | A 30 | N1 12"
    assert breast(text).new_findings == ()
    (found,) = breast(text, baseline=False).new_findings
    assert (found.lesion_id, found.classified) == ("N1", NewFindingClass.UNSETTLED)


def test_at_baseline_nothing_is_new() -> None:
    assert breast("day 0 | A 30 | Z new covered 8").new_findings == ()


def test_without_a_baseline_a_declared_new_lesion_gives_no_category() -> None:
    found = breast("day 5 | A 30\nday 9 | A 30 | Z new covered 8", baseline=False)
    assert [f.classified for f in found.new_findings] == [NewFindingClass.PROGRESSION]
    assert (found.headline, found.category) == (Headline.NOT_EVALUABLE, Category.NE)


def test_a_new_lesion_that_is_progression_counts_in_the_distribution_and_an_unsettled_one_does_not() -> None:
    text = "day 0 | L1 UOQ 20\nday 9 | L1 10 | Z new {} LIQ 8"
    assert breast(text.format("covered")).distribution is Distribution.MULTICENTRIC
    assert breast(text.format("uncovered")).distribution is Distribution.SINGLE


# --- the verdict -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "rule", "decided", "numbers"),
    [
        ("A 10 | B 10", "breast.pr", ("A", "B"), False),
        ("A 10 | B absent", "breast.pr", ("A",), True),
        ("A absent | B absent", "breast.cr", ("A", "B"), False),
        ("A 10 | B 20", "breast.mixed", ("B",), False),
        ("A 10 | B 30", "breast.mixed", ("B",), False),
        ("A 10 | B ne", "breast.ne", ("B",), False),
        ("A absent | B absent | Q nokind 9", "breast.ne", ("A", "B"), False),
        ("A 10 | B 10 | Z new covered 8", "breast.new_lesion", ("Z",), False),
        ("A 10 | B 10 | Z new covered 8 | Y new uncovered 8", "breast.new_lesion", ("Z",), False),
        ("A 10 | B 10 | Z new uncovered 8", "breast.pr", ("A", "B"), False),
    ],
)
def test_the_verdict_of_several_sites_names_those_that_decide(
    now: str, rule: str, decided: tuple[str, ...], numbers: bool
) -> None:
    found = breast(f"day 0 | A 20 | B 20 | Q nokind absent\nday 9 | {now}").verdict
    assert found is not None
    assert (found.rule, found.lesion_ids, bool(found.operands)) == (rule, decided, numbers)


def test_the_verdict_of_one_site_is_its_own() -> None:
    found = breast("day 0 | A 20 | Q benign 9\nday 9 | A 10 | Q 9").verdict
    assert found is not None
    assert (found.rule, found.lesion_ids) == ("site.pr", ("A",))
    silent = breast("day 0 MR | A 20\nday 9 MR | A ne").verdict
    assert silent is not None
    assert (silent.rule, silent.lesion_ids) == ("breast.ne", ("A",))


def test_the_verdict_of_disease_that_persists_without_a_size() -> None:
    found = breast("day 0 | A skin present | B skin present\nday 9 | A present | B present").verdict
    assert found is not None
    assert (found.rule, found.lesion_ids) == ("breast.non_cr_non_pd", ("A", "B"))


def test_without_a_site_that_decides_there_is_no_verdict() -> None:
    assert breast("day 0 | B benign 9 | K calcification 9\nday 9 | B 9 | K 9").verdict is None


# --- markers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("benign", "now", "listed"),
    [("clip", "", True), ("noclip", "", False), ("", "seen", True), ("", "unseen", True), ("", "", False)],
)
def test_a_benign_site_is_listed_after_the_others_where_it_carries_a_marker(
    benign: str, now: str, listed: bool
) -> None:
    found = breast(f"day 0 | A1 benign {benign} 10 | L1 30 | L2 30\nday 9 | A1 10 {now} | L1 20 | L2 20").markers
    assert [one.lesion_id for one in found] == ["L1", "L2", *["A1"] * listed]


@pytest.mark.parametrize(
    ("said", "listed"),
    [
        ("malignant", True),
        ("clip", True),
        ("malignant noclip", True),
        ("", False),
        ("noclip", False),
        ("pending", False),
        ("right malignant", False),
        ("malignant uncounted", False),
    ],
)
def test_an_area_of_calcifications_has_a_bed_where_it_is_proven_or_marked(said: str, listed: bool) -> None:
    found = breast(f"day 0 MG | A 20 | K calcification {said} 30\nday 9 MG | A 10 | K 30").markers
    assert [one.lesion_id for one in found] == ["A", *["K"] * listed]


def test_a_new_area_of_calcifications_has_none() -> None:
    found = breast("day 0 MG | A 20\nday 9 MG | A 10 | K new calcification malignant covered 8").markers
    assert [one.lesion_id for one in found] == ["A"]


# --- larger elsewhere, and which modalities looked -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "larger"),
    [
        pytest.param("day 0 MR | L1 20\n+day 0 US | L1 25\nday 9 CEM | L1 22", True, id="larger than on the first"),
        pytest.param("day 0 MR | L1 25\n+day 0 US | L1 20\nday 9 CEM | L1 22", False, id="not larger than on it"),
        pytest.param("day 0 MR | L1 20\nday 9 CEM | L1 15\n+day 9 US | L1 22", True, id="the largest now"),
        pytest.param("day 0 EXAM | L1 10\n+day 0 MR | L1 20\nday 9 CEM | L1 15", False, id="never by examination"),
        pytest.param("day 0 MR | L1 benign 20\nday 9 CEM | L1 30", False, id="benign"),
    ],
)
def test_larger_elsewhere_is_held_against_the_first_modality_that_measured_it(text: str, larger: bool) -> None:
    """Row B8: larger now than at baseline, though on another modality."""
    assert (breast(text).larger_elsewhere == ("L1",)) is larger


@pytest.mark.parametrize(
    ("now", "looked"),
    [
        ("day 9 US | L1 20\n+day 9 MR | L1 20", (Modality.MR, Modality.US)),
        ("day 9 US", (Modality.US,)),
        ("day 9 US/left", (Modality.US,)),
        ("day 9 US/right", ()),
        ("day 9 US/right | L1 20", (Modality.US,)),
        ("day 9 US | L1 ne", ()),
        ("day 9 US | L1 not_imaged", ()),
        ("day 9 US | L1 ne\n+day 9 US | L1 20", (Modality.US,)),
        ("day 9 DBT | L1 20", (Modality.MG,)),
        ("day 9 PT | L1 20\n+day 9 EXAM | L1 20", ()),
        ("day 9 | L1 20", (None,)),
    ],
)
def test_the_modalities_that_looked_at_a_breast_now(now: str, looked: tuple[Modality | None, ...]) -> None:
    text = f"day 0 MG | L1 30\n+day 0 US | L1 30\n+day 0 MR | L1 30\n{now}"
    assert breast(text).modalities_now == looked


def test_the_modalities_that_saw_a_breast_at_baseline_are_those_that_imaged_a_site_that_decides() -> None:
    text = """
    day 0 US | L1 30 | B benign 9
    day 0 MR | L1 absent | B 9
    day 0 MG | L1 1 | B 9
    day 0 PT | L1 30
    day 9 US | L1 20 | B 9
    """
    assert breast(text).modalities_saw_baseline == (Modality.US, Modality.MG)


# --- progression beside the sites ------------------------------------------------------------------------------------


def test_growth_of_the_sum_between_studies_without_a_baseline_is_no_headline() -> None:
    found = breast("day 0 MR | A 30 | B 30\nday 5 US | A 20 | B 20\nday 9 US | A 30 | B 30")
    assert {p.kind for p in found.progressions} == {ProgressionKind.SITE}
    assert found.headline is Headline.NOT_EVALUABLE


@pytest.mark.parametrize(
    ("before", "now", "headline"),
    [
        pytest.param("X absent", "A 8", Headline.PARTIAL, id="nothing is said of it now"),
        pytest.param("X absent", "A 8 | X absent", Headline.PARTIAL, id="absent now too"),
        pytest.param("X absent", "A 31", Headline.STABLE, id="beside stable disease"),
        pytest.param("X absent", "A absent", Headline.COMPLETE, id="beside a complete response"),
        pytest.param("X malignant absent", "A absent | X absent", Headline.COMPLETE, id="proven, absent now too"),
        pytest.param("X malignant absent", "A absent", Headline.NOT_EVALUABLE, id="proven, not looked for now"),
        pytest.param("X malignant absent", "A 8", Headline.PARTIAL, id="proven, beside a partial response"),
        pytest.param("X absent", "A 8 | X ne", Headline.NOT_EVALUABLE, id="looked for and not evaluable"),
        pytest.param("X absent", "X absent", Headline.NOT_EVALUABLE, id="the other has no value"),
        pytest.param("X ne", "A 8", Headline.NOT_EVALUABLE, id="not evaluable at baseline: known"),
    ],
)
def test_a_lesion_that_was_never_there_decides_nothing(before: str, now: str, headline: Headline) -> None:
    assert breast(f"day 0 | A 32 | {before}\nday 9 | {now}").headline is headline


def test_a_lesion_that_was_never_there_is_listed_without_a_category() -> None:
    found = breast("day 0 MR | A 32 | X absent\nday 9 MR | A 8")
    assert [(s.lesion_id, s.category) for s in found.sites] == [("A", Category.PR), ("X", Category.NED)]
    assert (found.record_modality, found.site_by_site) == (Modality.MR, False)


def test_alone_a_lesion_that_was_never_there_is_not_evaluable() -> None:
    assert breast("day 0 | X absent\nday 9 | X absent").headline is Headline.NOT_EVALUABLE
