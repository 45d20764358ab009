"""What only strict RECIST 1.1 asks: modality, measurability, limits of targets; and feeding the headline."""

from dataclasses import replace
from decimal import Decimal

import pytest

from reporter.case.issue import Issue, Outcome
from reporter.case.length import Length
from reporter.case.study import Technique
from reporter.case.vocabulary import Modality, Role, Side
from reporter.response.criteria.per_site import PerSite
from reporter.response.criteria.recist11 import Recist11
from reporter.response.interface import Category, Headline, Thresholds
from tests.response.answers import codes, mm, recist, respond, words
from tests.response.timeline import timeline


@pytest.mark.parametrize("modality", ["US", "MG", "DBT", "CEM", "PT", "EXAM"])
def test_a_modality_that_is_not_accepted_gives_no_category_but_its_sum(modality: str) -> None:
    found = recist(f"day 0 {modality} | L1 30\nday 9 {modality} | L1 15", Modality(modality))
    last = found[-1]
    assert words(found) == "BASELINE NE"
    assert last.target is not None
    assert (last.target.category, last.overall.rule) == (Category.NE, "overall.modality_not_accepted")
    assert (last.total, last.baseline_total) == mm(15, 30)
    assert codes(last) == ["CRIT_MODALITY"]


@pytest.mark.parametrize("modality", ["CT", "MR"])
def test_ct_and_contrast_mri_are_accepted(modality: str) -> None:
    assert words(recist(f"day 0 {modality} | L1 30\nday 9 {modality} | L1 15", Modality(modality))) == "BASELINE PR"


def test_an_mri_known_to_be_without_contrast_is_not() -> None:
    text = "day 0 MR | L1 30\nday 9 MR | L1 15"
    assert words(recist(text, Modality.MR, contrast=False)) == "BASELINE NE"
    assert words(recist(text, Modality.MR, contrast=None)) == "BASELINE PR"


def test_a_refused_modality_is_a_problem_unless_an_accepted_one_answers() -> None:
    alone = respond("day 0 US | L1 30\nday 9 US | L1 15", Recist11())
    assert next((i.code, i.outcome) for i in alone.issues) == ("CRIT_MODALITY", Outcome.PROBLEM)
    both = respond("day 0 US | L1 30\nday 0 MR | L1 30\nday 9 US | L1 15\nday 9 MR | L1 15", Recist11())
    assert ("CRIT_MODALITY", Outcome.NOTE) in [(i.code, i.outcome) for i in both.issues]
    assert both.breasts[0].headline is Headline.PARTIAL


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("L1 10 slice:5", []),
        ("L1 9.9 slice:1", ["MEASURABILITY"]),
        ("L1 12 slice:6", []),
        ("L1 11.9 slice:6", ["MEASURABILITY"]),
        ("L1 9 slice:6", ["MEASURABILITY", "MEASURABILITY"]),
        ("L1 16", ["MEASURABILITY_UNKNOWN"]),
        ("N1 15 slice:5", []),
        ("N1 target 14 slice:5", ["MEASURABILITY"]),
        ("N1 16 slice:5.1", ["NODE_SLICE"]),
        ("N1 14 slice:9", []),
        ("X skin present slice:9", []),
    ],
)
def test_measurability(line: str, found: list[str]) -> None:
    assert codes(recist(f"day 0 CT | {line}", Modality.CT)[0]) == found


def test_a_breach_is_computed_as_assigned() -> None:
    last = recist("day 0 CT | L1 7 slice:1\nday 9 CT | L1 4.9 slice:1", Modality.CT)[-1]
    assert last.overall.category is Category.PR
    (issue,) = last.issues
    assert (str(issue.operands["size"]), str(issue.operands["limit"])) == ("7 mm", "10 mm")
    assert issue.outcome is Outcome.PROBLEM


def test_without_slices_only_the_size_is_asked() -> None:
    assert codes(recist("day 0 | L1 9")[0]) == ["MEASURABILITY"]
    assert codes(recist("day 0 | L1 10")[0]) == []


def test_a_thicker_slice_than_at_baseline_is_noted() -> None:
    last = recist("day 0 CT | L1 30 slice:1\nday 9 CT | L1 20 slice:3", Modality.CT)[-1]
    assert [(i.code, i.outcome) for i in last.issues] == [("SLICE_THICKER", Outcome.NOTE)]


def test_a_target_without_a_row_has_no_slice_to_compare() -> None:
    last = recist("day 0 CT | L1 30 slice:1 | L2 30 slice:1\nday 9 CT | L1 20 slice:1", Modality.CT)[-1]
    assert codes(last) == ["LES_LOST"]


def test_known_elsewhere_but_not_on_this_modality_at_baseline() -> None:
    last = recist("day 0 CT | L1 30\nday 9 MR | L1 20", Modality.MR)[-1]
    assert (last.overall.category, last.overall.rule) == (Category.NE, "overall.no_baseline_on_modality")


def test_without_a_baseline_nothing_is_asked_of_it() -> None:
    assert codes(recist("day 5 CT | L1 3", Modality.CT, baseline=False)[0]) == ["TP_NO_BASELINE"]


@pytest.mark.parametrize(
    ("targets", "found"),
    [
        ("A 20 | B 20 | N1 16 | N2 16", []),
        ("A 20 | B 20 | C right 20", [(3, 2, "breast")]),
        ("N1 16 | N2 16 | N3 16", [(3, 2, "lymph node")]),
        (
            "A 20 | B 20 | C organ:lung 20 | D organ:lung 20 | E organ:Liver 20 | F organ:liver 20",
            [(6, 5, "in all")],
        ),
        ("A 20 | B 20 | C organ:lung 20 | D organ:lung 20 | E organ:liver 20", []),
        (
            "A organ:lung 20 | B organ:lung 20 | C organ:lung 20 | D 20 | E 20 | F 20 | G non_target 20",
            [(6, 5, "in all"), (3, 2, "breast"), (3, 2, "lung")],
        ),
    ],
)
def test_limits_of_targets(targets: str, found: list[tuple[int, int, str]]) -> None:
    issues = recist(f"day 0 | {targets}")[0].issues
    assert [(i.operands["count"], i.operands["limit"], i.operands["organ"]) for i in issues] == found
    assert {i.code for i in issues} <= {"TARGET_LIMIT"}


@pytest.mark.parametrize(
    ("lesion", "role", "counted"),
    [
        ("L1 12", Role.TARGET, True),
        ("L1 non_mass 12", Role.TARGET, True),
        ("L1 present", Role.NON_TARGET, True),
        ("L1 too_small", Role.NON_TARGET, True),
        ("L1 target too_small", Role.TARGET, True),
        ("L1 non_target 30", Role.NON_TARGET, True),
        ("N1 15", Role.TARGET, True),
        ("N1 14.9", Role.NON_TARGET, True),
        ("N1 10", Role.NON_TARGET, True),
        ("N1 9.9", Role.NON_TARGET, False),
        ("N1 target 12", Role.TARGET, True),
        ("N1 present", Role.NON_TARGET, True),
        ("N1 present cortex:2 hilum:preserved", Role.NON_TARGET, False),
        ("N1 present cortex:4 hilum:preserved", Role.NON_TARGET, True),
        ("N1 ne", Role.TARGET, True),
        ("K calcification 30", Role.NON_TARGET, False),
        ("K calcification target 30", Role.NON_TARGET, False),
        ("S skin 8", Role.NON_TARGET, True),
        ("S skin target 8", Role.NON_TARGET, True),
        ("B benign 30", Role.TARGET, False),
        ("L1 equivocal 12", Role.TARGET, True),
        ("L1 merged>L2 | L2 30", Role.TARGET, False),
    ],
)
def test_default_roles(lesion: str, role: Role, counted: bool) -> None:
    result = next(r for r in recist(f"day 0 | {lesion}")[0].lesions if r.point.lesion_id != "L2")
    assert (result.role, result.counted) == (role, counted)


@pytest.mark.parametrize("kind", ["calcification", "skin"])
def test_what_is_never_a_target_is_named_where_it_was_declared_one(kind: str) -> None:
    assert codes(recist(f"day 0 | X {kind} target 30")[0]) == ["TARGET_KIND"]


def test_the_targets_are_held_whatever_a_new_lesion_makes_of_the_whole() -> None:
    last = recist("day 0 | L1 100\nday 5 | L1 60\nday 9 | L1 71 | Z new 8")[-1]
    assert (last.overall.category, last.held, last.plain) == (Category.PD, True, Category.SD)


def test_the_whole_patient_is_one() -> None:
    last = recist("day 0 | L1 30 | R1 right 20\nday 9 | L1 15 | R1 20")[-1]
    assert (last.side, last.overall.category) == (None, Category.PR)
    assert (last.total, last.baseline_total) == mm(35, 50)


def test_its_held_response_too_and_pd_on_a_modality_of_its_own() -> None:
    held = respond("day 0 MR | L1 100\nday 5 MR | L1 60\nday 9 MR | L1 71", Recist11()).breasts[0]
    assert held.headline is Headline.PARTIAL_HELD
    text = "day 0 MR | L1 100\nday 0 US | L1 50\nday 9 MR | L1 60\nday 9 US | L1 70"
    assert respond(text, Recist11()).breasts[0].headline is Headline.PROGRESSIVE


def test_where_no_modality_is_accepted_the_breast_is_not_evaluable() -> None:
    answer = respond("day 0 US | L1 30\nday 9 US | L1 15", Recist11()).breast(Side.LEFT)
    assert answer is not None
    assert (answer.headline, answer.category) == (Headline.NOT_EVALUABLE, Category.NE)


@pytest.mark.parametrize("criterion", [Recist11, PerSite])
def test_a_changed_threshold_changes_the_printed_name(criterion: type[Recist11 | PerSite]) -> None:
    assert "modified" not in criterion().name
    changed = criterion(Thresholds(pr_percent=Decimal(20), hold_response=False))
    assert changed.name == f"{criterion().name}, modified: PR -20 %, response not held"
    assert changed.version == "1"


def test_thresholds_of_findings_do_not_change_the_name_of_a_criterion() -> None:
    assert Recist11(Thresholds(discordance_mm=Decimal(5))).name == "RECIST 1.1"


@pytest.mark.parametrize(
    ("codes_said", "outcome", "counted"),
    [
        ("LAT_MISSING", Outcome.PROBLEM, True),
        ("LES_CONFLICT", Outcome.PROBLEM, False),
        ("LAT_CODES", Outcome.PROBLEM, False),
        ("LES_CONFLICT", Outcome.QUESTION, True),
        ("MEAS_UNIT", Outcome.PROBLEM, True),
    ],
)
def test_only_the_lack_of_a_side_is_forgiven(codes_said: str, outcome: Outcome, counted: bool) -> None:
    case = timeline("day 0 | L1 noside 20\nday 9 | L1 10")
    case = replace(case, issues=(Issue(code=codes_said, outcome=outcome, lesion_id="L1"),))
    assert Recist11().assess(case)[-1].lesions[0].counted is counted


def test_a_lesion_in_doubt_that_has_a_side_is_not_counted_either() -> None:
    assert not recist("day 0 | L1 uncounted 20")[0].lesions[0].counted
    assert not recist("day 0 | L1 noside nokind 20")[0].lesions[0].counted


def test_an_mri_on_which_no_lesion_has_a_row_is_not_taken_for_one_without_contrast() -> None:
    last = recist("day 0 MR | L1 20\nday 9 MR", Modality.MR)[-1]
    assert codes(last) == ["LES_LOST", "MEASURABILITY_UNKNOWN"]


def test_an_accepted_modality_of_another_time_point_does_not_answer_for_this_one() -> None:
    found = respond("day 0 MR | L1 30\nday 0 US | L1 30\nday 9 US | L1 15", Recist11())
    assert ("CRIT_MODALITY", Outcome.PROBLEM) in [(i.code, i.outcome) for i in found.issues]


def test_slices_as_the_header_gives_them_unless_the_row_says() -> None:
    assert codes(recist("day 0 CT/8 | L1 15", Modality.CT)[0]) == ["MEASURABILITY"]
    assert codes(recist("day 0 CT/8 | L1 16", Modality.CT)[0]) == []
    assert codes(recist("day 0 CT/8 | L1 15 slice:1", Modality.CT)[0]) == []
    case = timeline("day 0 CT/8 | L1 15")
    other = replace(case.studies[0].series[0], uid="other", modality=Modality.PT)
    study = replace(case.studies[0], series=(other,))
    assert codes(Recist11().assess(replace(case, studies=(study,)))[0]) == ["MEASURABILITY_UNKNOWN"]


def test_progression_of_targets_that_are_there_again_is_said_as_what_it_is() -> None:
    last = recist("day 0 | L1 20 | X present\nday 5 | L1 0 | X absent\nday 9 | L1 9 | X present")[-1]
    assert last.overall.rule == "overall.target_pd"


def test_occult_at_baseline_but_seen_now_is_not_evaluable() -> None:
    last = recist("day 0 CT | L1 30\nday 0 MR | L1 absent\nday 9 MR | L1 10", Modality.MR)[-1]
    assert (last.overall.category, last.overall.lesion_ids) == (Category.NE, ("L1",))


def test_a_non_target_that_is_there_again_asks_for_a_restatement_too() -> None:
    text = "day 0 | L1 20 | X non_target present\nday 5 | L1 0 | X absent\nday 9 | L1 0 | X present"
    assert codes(recist(text)[-1]) == ["RESTATE_CR"]


def test_a_complete_response_is_remembered_through_a_visit_without_a_value() -> None:
    assert words(recist("day 0 | L1 20\nday 3 | L1 0\nday 5 | L1 ne\nday 9 | L1 3")) == "BASELINE CR NE PD"


def test_a_new_lesion_seen_on_another_modality_alone_is_not_new_on_this_one() -> None:
    text = "day 0 CT | L1 20\nday 0 MR | L1 20\nday 9 CT | L1 20 | Z new absent\nday 9 MR | L1 20 | Z 8"
    assert recist(text, Modality.CT)[-1].overall.category is Category.SD
    assert recist(text, Modality.MR)[-1].overall.category is Category.PD


def test_of_several_series_the_thickest_slices_count() -> None:
    case = timeline("day 0 CT/1 | L1 15")
    study = case.studies[0]
    thick = replace(study.series[0], uid="thick", technique=Technique(slice_thickness=Length(Decimal(8))))
    case = replace(case, studies=(replace(study, series=(*study.series, thick)),))
    assert codes(Recist11().assess(case)[0]) == ["MEASURABILITY"]


@pytest.mark.parametrize("role", ["target", "non_target", ""])
def test_what_was_looked_for_and_not_there_at_baseline_is_no_disease_that_could_respond(role: str) -> None:
    text = f"day 0 | L1 {role} absent\nday 9 | L1 absent"
    assert words(recist(text)) == "BASELINE NED"
    beside = recist(f"day 0 | L1 {role} absent | L2 20\nday 9 | L1 absent | L2 10")
    assert (words(beside), beside[-1].total) == ("BASELINE PR", Decimal(10))
