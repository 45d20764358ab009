"""A finding first seen after baseline (decision p), in `per-site` and in strict RECIST."""

import pytest

from reporter.case.facts import Diagnosis, Facts
from reporter.case.issue import Outcome
from reporter.case.vocabulary import Modality, Side
from reporter.response.interface import Category, Headline, NewFindingClass, NewLesions
from tests.response.answers import breast, codes, per_site, recist, respond, words

PROGRESSION, UNSETTLED = NewFindingClass.PROGRESSION, NewFindingClass.UNSETTLED


@pytest.mark.parametrize(
    ("said", "classified"),
    [
        pytest.param("new covered 8", PROGRESSION, id="unequivocal and covered"),
        pytest.param("new covered present", PROGRESSION, id="present is the reader's word too"),
        pytest.param("new covered malignant equivocal 8", PROGRESSION, id="proven and covered"),
        pytest.param("covered malignant 8", PROGRESSION, id="proven and covered, though not declared"),
        pytest.param("new covered equivocal 8", UNSETTLED, id="equivocal"),
        pytest.param("new covered too_small", UNSETTLED, id="too small is no word for unequivocal"),
        pytest.param("new uncovered 8", UNSETTLED, id="not covered before"),
        pytest.param("new uncovered malignant 8", UNSETTLED, id="proven, but not covered before"),
        pytest.param("new 8", UNSETTLED, id="coverage not stated"),
        pytest.param("covered 8", UNSETTLED, id="not declared new"),
        pytest.param("new covered benign 8", NewFindingClass.BENIGN, id="benign"),
        pytest.param("new covered calcification 8", UNSETTLED, id="calcifications need proof"),
        pytest.param("new covered calcification malignant 8", PROGRESSION, id="proven calcifications"),
        pytest.param("new covered uncounted 8", UNSETTLED, id="in doubt"),
    ],
)
def test_class(said: str, classified: NewFindingClass) -> None:
    text = f"day 0 US | L1 34\nday 9 US | L1 29 | Z {said}"
    answer = breast(text)
    assert [f.classified for f in answer.new_findings] == [classified]
    progressive = classified is PROGRESSION
    assert (answer.headline is Headline.PROGRESSIVE) is progressive
    assert (answer.category is Category.PD) is progressive
    assert (per_site(text, modality=Modality.US)[-1].overall.category is Category.PD) is progressive


@pytest.mark.parametrize(
    ("before", "now", "comparable"),
    [
        ("US", "US", True),
        ("MR", "US", True),
        ("MG", "US", False),
        ("US", "MR", False),
        ("MR", "MR", True),
        ("DBT", "MG", True),
        ("MG", "DBT", True),
        ("MR", "CEM", True),
        ("US", "CT", False),
        ("CT", "CT", True),
        ("US", "EXAM", False),
    ],
)
def test_a_modality_that_could_not_have_shown_it_is_not_comparable(before: str, now: str, comparable: bool) -> None:
    answer = breast(f"day 0 {before} | L1 34\nday 9 {before} | L1 30\nday 9 {now} | Z new covered 8")
    assert [f.classified is PROGRESSION for f in answer.new_findings] == [comparable]


@pytest.mark.parametrize("modality", ["EXAM", "PT"])
@pytest.mark.parametrize(("said", "settled"), [("new covered 8", False), ("covered malignant 8", True)])
def test_what_no_imaging_of_the_breast_shows_takes_a_biopsy(modality: str, said: str, settled: bool) -> None:
    answer = breast(f"day 0 MR | L1 34\nday 9 MR | L1 30\nday 9 {modality} | Z {said}")
    assert [f.classified is PROGRESSION for f in answer.new_findings] == [settled]
    seen = breast(f"day 0 MR | L1 34\nday 9 MR | L1 30 | Z {said}\nday 9 {modality} | Z 8")
    assert [f.classified for f in seen.new_findings] == [PROGRESSION]
    alone = breast(f"day 0 {modality} | L1 34\nday 9 US | L1 30\nday 9 {modality} | Z {said}")
    assert [f.classified is PROGRESSION for f in alone.new_findings] == [settled]


def test_an_earlier_study_of_the_other_side_covers_nothing() -> None:
    (finding,) = breast("day 0 | L1 34\nday 9 | L1 30 | Z new covered 8").new_findings
    assert finding.covering_studies == ("0000.00",)


def test_coverage_not_stated_is_asked() -> None:
    found = respond("day 0 US | L1 34\nday 9 US | L1 29 | Z new 8")
    assert [(i.lesion_id, i.column) for i in found.issues if i.code == "COVERAGE_NOT_STATED"] == [
        ("Z", "covered_before")
    ]


@pytest.mark.parametrize(("said", "problem"), [("8", True), ("uncovered 8", False), ("new 8", False)])
def test_an_undeclared_new_lesion_is_a_problem_until_it_is_settled(said: str, problem: bool) -> None:
    text = f"day 0 | L1 34\nday 9 | L1 29 | Z {said}"
    found = [i.outcome for i in respond(text).issues if i.code == "LES_NEW"]
    assert found == [Outcome.PROBLEM] * problem
    assert ("LES_NEW" in codes(recist(text)[-1])) is problem


@pytest.mark.parametrize(
    ("said", "category"), [("8", Category.NE), ("new equivocal 8", Category.CR), ("new uncovered 8", Category.CR)]
)
def test_a_known_site_that_is_gone_beside_a_finding_that_is_not_settled(said: str, category: Category) -> None:
    text = f"day 0 | L1 34\nday 9 | L1 absent | Z {said}"
    assert breast(text).headline is Headline.KNOWN_SITE_GONE
    assert per_site(text)[-1].overall.category is category


def test_in_the_other_breast_it_is_never_progression_without_biopsy() -> None:
    text = "day 0 US | L1 34\nday 9 US | L1 10 | Z right new covered 8"
    found = respond(text)
    other = found.breast(Side.RIGHT)
    assert other is not None
    assert [f.classified for f in other.new_findings] == [UNSETTLED]
    assert (other.headline, other.category, other.progressions) == (Headline.NO_DISEASE, Category.NED, ())
    assert words(per_site(text, Side.RIGHT, Modality.US)) == "BASELINE NED"


def test_proven_in_the_other_breast_it_is_a_new_cancer_of_that_side() -> None:
    text = "day 0 US | L1 34\nday 9 US | L1 10 | Z right new covered malignant 8"
    other = breast(text, Side.RIGHT)
    assert [f.classified for f in other.new_findings] == [NewFindingClass.NEW_CANCER]
    last = per_site(text, Side.RIGHT, Modality.US)[-1]
    assert (last.overall.rule, last.new_lesion) == ("overall.new_cancer", NewLesions.YES)
    assert other.progressions == ()
    assert breast(text).headline is Headline.PARTIAL


@pytest.mark.parametrize("known", ["by a lesion", "by a diagnosis"])
def test_where_both_sides_are_diseased_neither_is_the_other_one(known: str) -> None:
    facts = Facts(diagnosis=(Diagnosis(side=Side.RIGHT, confirmed=True),) if known == "by a diagnosis" else ())
    more = " | R1 right 20" if known == "by a lesion" else ""
    then = " | R1 12" if more else ""
    text = f"day 0 US | L1 34{more}\nday 9 US | L1 10{then} | Z right new covered 8"
    assert [f.classified for f in breast(text, Side.RIGHT, facts=facts).new_findings] == [PROGRESSION]


def test_strict_recist_takes_any_definite_new_lesion_for_progression() -> None:
    for said in ("new 8", "new uncovered present", "new right 8", "new equivocal malignant 8"):
        last = recist(f"day 0 | L1 34\nday 9 | L1 absent | Z {said}")[-1]
        assert (last.overall.category, last.overall.rule) == (Category.PD, "overall.new_lesion")
        assert last.overall.lesion_ids == ("Z",)


@pytest.mark.parametrize(("said", "category"), [("8", Category.NE), ("new benign 8", Category.CR)])
def test_strict_recist_does_not_take_others_for_it(said: str, category: Category) -> None:
    assert recist(f"day 0 | L1 34\nday 9 | L1 absent | Z {said}")[-1].overall.category is category


def test_an_equivocal_finding_that_is_confirmed_later_counts_from_then_and_keeps_its_first_date() -> None:
    text = "day 0 | L1 34\nday 5 | L1 30 | Z new covered equivocal 6\nday 9 | L1 29 | Z 9"
    assert words(per_site(text)) == "BASELINE SD PD"
    assert breast(text).new_findings[0].first_seen == 1


def test_a_new_lesion_that_is_gone_again_is_none_now() -> None:
    text = "day 0 | L1 34\nday 5 | L1 30 | Z new covered 6\nday 9 | L1 29 | Z absent"
    assert words(per_site(text)) == "BASELINE PD SD"
    assert breast(text).new_findings == ()


def test_a_new_lesion_without_a_row_stays_and_is_said() -> None:
    text = "day 0 | L1 34\nday 5 | L1 30 | Z new covered 6\nday 9 | L1 29"
    for found in (per_site(text), recist(text)):
        assert words(found) == "BASELINE PD PD"
        assert codes(found[-1]) == ["LES_LOST"]


def test_declared_new_but_there_at_baseline_is_taken_as_known() -> None:
    text = "day 0 | L1 new 34\nday 9 | L1 20"
    assert words(per_site(text)) == "BASELINE PR"
    assert "LES_NEW_AT_BASELINE" in codes(respond(text))


def test_without_a_baseline_a_lesion_declared_new_is_told() -> None:
    answer = breast("day 5 | L1 30\nday 9 | L1 30 | Z new covered 8", baseline=False)
    assert [p.lesion_id for p in answer.progressions] == ["Z"]
    assert answer.category is Category.NE


def test_a_lesion_called_target_that_was_looked_for_and_absent_at_baseline_is_first_seen_later() -> None:
    last = per_site("day 0 | L1 34 | Z target absent\nday 9 | L1 20 | Z 8")[-1]
    assert [(r.point.lesion_id, r.role) for r in last.lesions] == [("L1", "target"), ("Z", "new")]
    assert "LES_NEW" in codes(last)


def test_an_undeclared_new_lesion_that_is_benign_or_gone_is_no_problem() -> None:
    assert codes(per_site("day 0 | L1 34\nday 9 | L1 20 | Z benign 8")[-1]) == []
    assert codes(per_site("day 0 | L1 34\nday 5 | L1 20 | Z 8\nday 9 | L1 20 | Z absent")[-1]) == []


def test_without_a_baseline_a_lesion_declared_new_contradicts_nothing() -> None:
    assert "LES_NEW_AT_BASELINE" not in codes(respond("day 5 | L1 new 30\nday 9 | L1 30", baseline=False))
    assert "LES_NEW_AT_BASELINE" not in codes(respond("day 0 | L1 30\nday 9 | L1 20 | Z new covered 8"))
    assert "LES_NEW_AT_BASELINE" not in codes(respond("day 0 | L1 30 | R right new absent\nday 9 | L1 20 | R absent"))


def test_a_lesion_followed_on_one_modality_makes_its_side_diseased() -> None:
    text = "day 0 US | L1 34 | R right 20\nday 9 US | L1 10 | R 10 | Z right new covered 8\nday 9 MR | R 10"
    assert [f.classified for f in breast(text, Side.RIGHT).new_findings] == [PROGRESSION]


def test_a_benign_lesion_does_not() -> None:
    text = "day 0 US | L1 34 | R right benign 20\nday 9 US | L1 10 | R 20 | Z right new covered 8"
    assert [f.classified for f in breast(text, Side.RIGHT).new_findings] == [UNSETTLED]


def test_what_decided_is_named() -> None:
    text = "day 0 | L1 34 | X skin present\nday 9 | L1 10 | X {} | Z new covered 8"
    assert per_site(text.format("present"))[-1].overall.lesion_ids == ("Z",)
    assert per_site(text.format("progressed"))[-1].overall.lesion_ids == ("X",)


def test_a_new_lesion_of_unknown_kind_is_not_settled() -> None:
    answer = breast("day 0 | L1 34\nday 9 | L1 10 | Z nokind new covered 8")
    assert [f.classified for f in answer.new_findings] == [UNSETTLED]


def test_a_contradicted_declaration_is_said_once_and_of_its_side() -> None:
    found = respond("day 0 | L1 new 34 | R right 20\nday 9 | L1 20 | R 10").issues
    assert [(i.lesion_id, i.side) for i in found if i.code == "LES_NEW_AT_BASELINE"] == [("L1", Side.LEFT)]


def test_a_lesion_that_is_new_later_is_listed_where_a_row_speaks_of_it() -> None:
    found = per_site("day 0 | L1 34 | Z new covered absent\nday 5 | L1 30\nday 9 | L1 30 | Z 8")
    assert [[r.point.lesion_id for r in a.lesions] for a in found] == [["L1", "Z"], ["L1"], ["L1", "Z"]]


def test_seen_first_on_one_modality_it_is_new_on_another_only_from_when_that_one_sees_it() -> None:
    text = """
    day 0 MR | L1 34
    day 0 US | L1 34
    day 5 MR | L1 30 | Z new covered 8
    day 5 US | L1 30
    day 9 US | L1 30 | Z 8
    """
    assert words(per_site(text, modality=Modality.US)) == "BASELINE SD PD"


def test_coverage_that_is_stated_is_not_asked() -> None:
    for said in ("new covered equivocal 8", "new uncovered 8", "new benign 8"):
        assert "COVERAGE_NOT_STATED" not in codes(respond(f"day 0 US | L1 34\nday 9 US | L1 29 | Z {said}"))


def test_a_new_lesion_that_is_progression_is_of_record_whatever_the_modality() -> None:
    text = "day 0 MR | L1 34\nday 0 US | L1 34\nday 9 MR | L1 20\nday 9 US | L1 20 | Z new covered 8"
    assert [(p.modality, p.of_record) for p in breast(text).progressions] == [(Modality.US, True)]
