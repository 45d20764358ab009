"""What is missing, not measured or not comparable: never 0, never a response."""

from dataclasses import replace

import pytest

from reporter.case.issue import Outcome
from reporter.case.study import Technique
from reporter.case.vocabulary import Modality, Side
from reporter.response.criteria.per_site import PerSite
from reporter.response.criteria.recist11 import Recist11
from reporter.response.criteria.who import Who
from reporter.response.evaluate import evaluate
from reporter.response.interface import Assessment, Category, Headline, ProgressionKind, State, Thresholds
from tests.response.answers import breast, codes, mm, per_site, recist, respond, words
from tests.response.timeline import timeline


def test_a_lesion_without_a_row_is_not_evaluable_and_said() -> None:
    text = "day 0 | L1 20 | L2 20\nday 9 | L1 absent"
    last = per_site(text)[-1]
    assert last.overall.category is Category.NE
    assert [(i.code, i.lesion_id, i.outcome) for i in last.issues] == [("LES_LOST", "L2", Outcome.PROBLEM)]
    assert [r.point.state for r in last.lesions] == [State.ABSENT, State.NO_ROW]
    assert breast(text).headline is Headline.NOT_EVALUABLE


def test_a_row_missing_on_one_modality_is_a_question_where_another_one_has_a_value() -> None:
    text = "day 0 MR | L1 30\nday 0 US | L1 28 | N1 12\nday 9 MR | L1 20\nday 9 US | N1 12"
    found = respond(text)
    assert ("LES_LOST", Outcome.QUESTION, "L1") in [(i.code, i.outcome, i.lesion_id) for i in found.issues]
    assert breast(text).category is Category.PR


def test_a_modality_that_was_not_used_is_not_assessed() -> None:
    assert words(per_site("day 0 MR | L1 30\nday 0 US | L1 28\nday 9 US | L1 20", modality=Modality.MR)) == "BASELINE"


@pytest.mark.parametrize("state", ["ne", "not_imaged", "present"])
def test_a_target_without_a_number_is_not_evaluable(state: str) -> None:
    assert words(recist(f"day 0 | L1 20\nday 9 | L1 {state}")) == "BASELINE NE"


@pytest.mark.parametrize(("now", "value"), [("too_small", 5), ("3", 3), ("0", 0)])
def test_too_small_is_5_mm_only_where_no_number_is_given(now: str, value: int) -> None:
    assert recist(f"day 0 | L1 20\nday 9 | L1 {now}")[-1].total == value


def test_a_node_too_small_to_measure_is_5_mm_too() -> None:
    assert recist("day 0 | N1 20\nday 9 | N1 too_small")[-1].total == 5


def test_a_size_of_zero_is_a_lesion_that_is_gone() -> None:
    assert recist("day 0 | L1 20\nday 9 | L1 0")[-1].lesions[0].point.state is State.ABSENT


@pytest.mark.requirement("S45")
def test_therapy_begun_and_no_baseline_gives_no_category() -> None:
    text = "day 5 | L1 20\nday 9 | L1 10"
    found = respond(text, baseline=False)
    assert words(found.assessments) == "NE NE"
    assert codes(found)[0] == "TP_NO_BASELINE"
    assert breast(text, baseline=False).headline is Headline.NOT_EVALUABLE


@pytest.mark.requirement("S45")
def test_growth_between_the_studies_at_hand_is_told_without_a_baseline() -> None:
    answer = breast("day 5 | L1 20 | L2 20\nday 9 | L1 25 | L2 24", baseline=False)
    (told,) = answer.progressions
    assert (told.lesion_id, told.without_baseline) == ("L1", True)
    assert (told.nadir, told.now) == mm(20, 25)
    assert answer.category is Category.NE


def test_growth_on_a_modality_without_a_baseline_is_told_too() -> None:
    answer = breast("day 0 MR | L1 30\nday 5 US | L1 20\nday 9 US | L1 28")
    assert [(p.kind, p.modality, p.without_baseline) for p in answer.progressions] == [
        (ProgressionKind.SITE, Modality.US, True)
    ]
    assert answer.headline is Headline.NOT_EVALUABLE


def test_a_node_without_a_baseline_progresses_only_from_10_mm() -> None:
    text = "day 0 MR | L1 30 | N1 16\nday 5 US | N1 3\nday 9 US | N1 {}"
    assert breast(text.format("9")).progressions == ()
    assert [p.kind for p in breast(text.format("10")).progressions] == [ProgressionKind.NODE]


def test_a_single_time_point_before_therapy_is_a_baseline() -> None:
    answer = breast("day 0 MR | L1 30")
    assert (answer.headline, answer.category, answer.record_modality) == (
        Headline.BASELINE,
        Category.BASELINE,
        Modality.MR,
    )
    assert answer.sites[0].category is Category.BASELINE


def test_modalities_are_never_compared_with_each_other() -> None:
    text = "day 0 MR | L1 30\nday 9 US | L1 10"
    last = per_site(text, modality=Modality.US)[-1]
    assert (last.overall.category, last.overall.rule) == (Category.NE, "overall.no_baseline_on_modality")
    assert last.lesions[0].point.size is not None
    assert last.lesions[0].from_baseline is None
    assert "CROSS_MODALITY" in codes(respond(text))
    assert recist(text, Modality.US)[-1].overall.category is Category.NE


def test_occult_on_a_modality_at_baseline_gives_no_percentage_there() -> None:
    last = per_site("day 0 MR | L1 30\nday 0 US | L1 absent\nday 9 US | L1 10", modality=Modality.US)[-1]
    assert (last.overall.category, last.total) == (Category.NE, None)


def test_occult_then_and_now_is_no_evaluable_disease_there() -> None:
    text = "day 0 MR | L1 30\nday 0 US | L1 absent\nday 9 US | L1 absent"
    assert words(per_site(text, modality=Modality.US)) == "BASELINE NED"


def test_an_axis_against_a_volume_is_not_comparable() -> None:
    for now in ("volume_only vol:3", "present vol:3", "short:4"):
        last = recist(f"day 0 | L1 20\nday 9 | L1 {now}")[-1]
        assert last.overall.category is Category.NE
        assert "RULE_MIX" in codes(last)


def test_volumes_alone_are_an_extra_and_no_mixture() -> None:
    assert "RULE_MIX" not in codes(recist("day 0 | L1 present vol:3\nday 9 | L1 present vol:2")[-1])


def test_a_declared_target_without_a_baseline_keeps_the_sum_open() -> None:
    assert words(recist("day 0 | L1 20\nday 9 | L1 10 | L2 target 10")) == "BASELINE NE"


def test_a_lesion_whose_baseline_could_not_be_used_is_not_new() -> None:
    last = per_site("day 0 | L1 20 | L2 ne\nday 9 | L1 10 | L2 10")[-1]
    assert last.overall.category is Category.NE
    assert "LES_NEW" not in codes(last)


def test_the_last_usable_value_of_a_time_point_counts_and_an_earlier_one_stays_in_the_nadir() -> None:
    last = per_site("day 0 | L1 30\nday 9 | L1 10\n+day 10 | L1 15")[-1]
    assert (last.total, last.nadir_total) == mm(15, 10)
    assert last.nadir_time_point == 1
    assert last.overall.category is Category.PD


def test_a_second_look_at_one_site_does_not_erase_the_other() -> None:
    last = per_site("day 0 | L1 30 | L2 20\nday 9 | L1 10 | L2 12\n+day 10 | L1 11")[-1]
    assert (last.total, last.nadir_total) == mm(23, 22)


def test_a_value_that_cannot_be_used_does_not_hide_an_earlier_one_of_the_time_point() -> None:
    assert per_site("day 0 | L1 30\nday 9 | L1 10\n+day 10 | L1 ne")[-1].total == 10


def test_of_the_baseline_the_last_value_counts_and_none_before_it() -> None:
    last = per_site("day 0 | L1 20\n+day 3 | L1 30\nday 9 | L1 24")[-1]
    assert (last.baseline_total, last.nadir_total) == mm(30, 30)
    assert last.overall.category is Category.SD


def test_tomosynthesis_counts_where_both_measured() -> None:
    text = "day 0 MG | L1 30\nday 0 DBT | L1 28\nday 9 DBT | L1 20\nday 9 MG | L1 14"
    last = per_site(text, modality=Modality.MG)[-1]
    assert (last.baseline_total, last.total, last.nadir_total) == mm(28, 20, 28)
    assert last.lesions[0].point.by is Modality.DBT


@pytest.mark.parametrize("now", ["day 9 DBT | L1 absent\nday 9 MG | L1 6", "day 9 DBT | L1 6\nday 9 MG | L1 absent"])
def test_of_mammography_and_tomosynthesis_the_one_that_still_measures_counts(now: str) -> None:
    assert per_site(f"day 0 MG | L1 30\n{now}", modality=Modality.MG)[-1].total == 6


def test_tomosynthesis_alone_keeps_its_name() -> None:
    assert words(per_site("day 0 DBT | L1 30\nday 9 DBT | L1 20", modality=Modality.DBT)) == "BASELINE PR"


def test_lesions_without_a_side_are_printed_and_not_evaluable() -> None:
    (first, last) = per_site("day 0 | L1 noside 20\nday 9 | L1 10", side=None)  # type: ignore[arg-type]
    assert (first.overall.category, last.overall.category) == (Category.BASELINE, Category.NE)
    assert last.overall.rule == "overall.side_unknown"


def test_of_the_whole_patient_a_side_decides_nothing() -> None:
    assert words(recist("day 0 | L1 noside organ:lung 20\nday 9 | L1 10")) == "BASELINE PR"
    assert words(recist("day 0 | L1 20 | L2 nokind 20\nday 9 | L1 absent | L2 10")) == "BASELINE NE"


def test_a_time_point_before_the_one_labelled_baseline_is_not_assessed() -> None:
    assert len(respond("day 0 | L1 20\nday 9 | L1 10", reported=0).assessments) == 1


def test_a_thicker_slice_is_noted_by_either_criterion() -> None:
    text = "day 0 CT | L1 30 slice:1\nday 9 CT | L1 20 slice:3"
    assert codes(per_site(text, modality=Modality.CT)[-1]) == ["SLICE_THICKER"]


def test_a_site_without_a_value_names_no_number_for_it() -> None:
    target = recist("day 0 | L1 20\nday 9 | L1 ne")[-1].target
    assert target is not None
    assert [o.name for o in target.operands] == ["baseline", "nadir", "pr_percent", "pd_percent", "pd_mm"]


def test_whether_sizes_are_on_different_modalities_is_said_only_where_they_are() -> None:
    apart = "day 0 MR | L1 {} 30\nday 9 US | L1 20"
    assert "CROSS_MODALITY" in codes(respond(apart.format("")))
    for doubt in ("benign", "uncounted"):
        assert "CROSS_MODALITY" not in codes(respond(apart.format(doubt)))
    for same in ("day 0 CT | L1 30", "day 0 CT | L1 30\nday 9 CT | L1 20", "day 0 CT | L1 30\nday 9 CT | L1 ne"):
        assert "CROSS_MODALITY" not in codes(respond(same))
    assert "CROSS_MODALITY" not in codes(respond("day 0 EXAM | L1 30\nday 9 US | L1 20"))
    assert "CROSS_MODALITY" not in codes(respond("day 0 US | L1 30\nday 9 EXAM | L1 20"))


def test_rows_of_a_lesion_the_case_does_not_have_are_passed_over() -> None:
    case = timeline("day 0 MR | L1 30 | Q 20\nday 9 MR | L1 20 | Q 10")
    case = replace(case, lesions=tuple(x for x in case.lesions if x.id != "Q"))
    assert [a.total for a in PerSite().assess(case)] == list(mm(30, 20))


def test_a_modality_used_on_the_other_side_only_was_not_done_on_this_one() -> None:
    text = "day 0 US/left | L1 30\nday 0 US/right | R1 right 30\nday 9 US/right | R1 20"
    assert words(per_site(text, modality=Modality.US)) == "BASELINE"
    assert "LES_LOST" not in codes(respond(text))
    assert breast(text).modalities_now == ()


def test_a_lesion_of_another_organ_is_listed_and_not_counted_in_the_breast() -> None:
    text = "day 0 | L1 30 | P organ:lung 20\nday 9 | L1 absent | P 25"
    last = per_site(text)[-1]
    assert [(r.point.lesion_id, r.counted) for r in last.lesions] == [("L1", True), ("P", False)]
    assert last.overall.category is Category.CR
    assert [s.lesion_id for s in breast(text).sites] == ["L1"]


@pytest.mark.parametrize("uncounted", ["benign", "nokind", "calcification"])
def test_what_is_not_counted_is_not_missed(uncounted: str) -> None:
    assert codes(per_site(f"day 0 | L1 20 | Q {uncounted} 8\nday 9 | L1 10")[-1]) == []


def test_larger_elsewhere_is_said_of_sites_that_are_not_evaluable_only() -> None:
    assert breast("day 0 MR | L1 30\nday 9 MR | L1 20\nday 9 US | L1 40").larger_elsewhere == ()


def test_lesions_without_a_side_do_not_enter_the_sum_of_a_breast() -> None:
    text = "day 0 | L1 30 | Q noside 20\nday 9 | L1 20 | Q 20"
    assert [(a.side, a.total) for a in breast(text).totals] == [("left", *mm(20))]


def test_a_target_that_was_not_evaluable_at_baseline_is_missed_too() -> None:
    text = "day 0 | L1 target ne | L2 20\nday 9 | L2 10"
    for found in (recist(text), per_site(text)):
        assert codes(found[-1]) == ["LES_LOST"]
    assert codes(recist("day 0 | L1 target not_imaged | L2 20\nday 9 | L2 10")[-1]) == []


@pytest.mark.parametrize(
    "second_look",
    [
        pytest.param("+day 64 US | L1 nounit", id="later, a value that cannot be used"),
        pytest.param("+day 64 US | L1 present", id="later, seen without a number"),
        pytest.param("+day 64 US | L1 short:4", id="later, another axis than the one followed"),
        pytest.param("+day 60 US | L1 nounit", id="that day, a value that cannot be used"),
        pytest.param("+day 60 US | L1 present", id="that day, seen without a number"),
    ],
)
@pytest.mark.parametrize("criterion", [PerSite, Recist11, Who])
def test_absent_does_not_stand_against_what_says_otherwise_later(
    criterion: type[PerSite | Recist11 | Who], second_look: str
) -> None:
    """While a measured lesion is not counted no CR stands ("What a doubt does")."""
    text = f"day 0 US | L1 30x20\nday 60 US | L1 absent\n{second_look}"
    found = respond(text.replace("US", "CT"), criterion())
    assert words(found.assessments) == "BASELINE NE"
    assert breast(text).headline is Headline.NOT_EVALUABLE


def on_us(text: str) -> list[Assessment]:
    return per_site(text, modality=Modality.US)


@pytest.mark.parametrize("second_look", ["+day 64 US | L1 ne", "+day 64 US | L1 not_imaged", "+day 64 US | L1 absent"])
def test_absent_stands_where_a_later_look_says_nothing_else(second_look: str) -> None:
    text = f"day 0 US | L1 30\nday 60 US | L1 absent\n{second_look}"
    assert words(on_us(text)) == "BASELINE CR"
    assert breast(text).headline is Headline.COMPLETE


def test_absent_stands_after_an_earlier_value_that_cannot_be_used() -> None:
    assert words(on_us("day 0 US | L1 30\nday 60 US | L1 nounit\n+day 64 US | L1 absent")) == "BASELINE CR"


def test_a_size_stands_although_a_later_value_cannot_be_used() -> None:
    """The latest usable value counts: a second look takes no size away."""
    text = "day 0 US | L1 30\nday 60 US | L1 12\n+day 64 US | L1 {}"
    assert [words(on_us(text.format(look))) for look in ("nounit", "present", "ne")] == ["BASELINE PR"] * 3


@pytest.mark.parametrize(("second_look", "expected"), [("nounit", "NE"), ("present", "CR"), ("ne", "CR")])
def test_a_node_of_normal_size_is_not_gone_where_a_later_value_cannot_be_used(second_look: str, expected: str) -> None:
    text = f"day 0 US | N1 20\nday 60 US | N1 8\n+day 64 US | N1 {second_look}"
    assert words(on_us(text)) == f"BASELINE {expected}"


def test_mammography_that_calls_it_gone_does_not_stand_against_tomosynthesis_that_sees_it() -> None:
    text = "day 0 MG | L1 30\nday 0 DBT | L1 30\nday 60 MG | L1 absent\n+day 60 DBT | L1 present"
    assert words(per_site(text, modality=Modality.MG)) == "BASELINE NE"


def test_an_absent_that_was_taken_back_stays_in_the_smallest() -> None:
    """As any earlier value of a time point: what comes back after it has come back (decision b)."""
    text = "day 0 US | L1 30\nday 60 US | L1 absent\n+day 64 US | L1 nounit\nday 90 US | L1 12"
    assert words(on_us(text)) == "BASELINE NE PD"


def test_no_complete_response_stands_beside_a_size_by_mri_without_contrast() -> None:
    """Any other imaging modality that measures the site now denies it (decision l)."""
    text = "day 0 MR | L1 30\nday 0 US | L1 28\nday 60 MR | L1 12\nday 60 US | L1 absent"
    case = timeline(text)
    dry = replace(case.studies[2].series[0], technique=Technique(contrast=False))
    studies = tuple(replace(s, series=(dry,)) if s.key == "0060.02" else s for s in case.studies)
    found = evaluate(replace(case, studies=studies), [PerSite()], Thresholds()).breast(Side.LEFT)
    assert found is not None
    assert (found.category, found.headline) == (Category.NE, Headline.NOT_EVALUABLE)


def test_of_two_looks_of_one_day_the_later_one_counts_though_the_earlier_measured() -> None:
    """design.md: in a time point the latest evaluable value counts; an earlier one stays in the smallest."""
    assert words(on_us("day 0 US | L1 30\nday 60 US | L1 6\n+day 60 US | L1 absent")) == "BASELINE CR"
