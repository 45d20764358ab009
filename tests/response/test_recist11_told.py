"""Strict RECIST 1.1 by whole flow sheets: every verdict with its numbers, who decided, and what is there again."""

from decimal import Decimal

import pytest

from reporter.case.facts import Breast, Facts, Radiologist
from reporter.case.vocabulary import Modality, Side
from reporter.response.criteria.recist11 import Recist11
from reporter.response.interface import NewLesions, Thresholds
from tests.response.answers import codes, recist, told, words
from tests.response.timeline import day

LIMITS = "pr_percent 30 %, pd_percent 20 %, pd_mm 5 mm"


def test_a_flow_sheet_told_whole() -> None:
    found = recist("""
        day 0 | L1 40 | N1 20 | X skin present
        day 5 | L1 20 | N1 12 | X present
        day 9 | L1 absent | N1 9 | X ne
        day 15 | L1 absent | N1 8 | X absent
        day 19 | L1 2 | N1 8 | X absent
    """)
    assert [told(a.target) for a in found] == [
        f"BASELINE target.baseline L1 N1 (now 60 mm, baseline 60 mm, {LIMITS})",
        f"PR target.pr L1 N1 (now 32 mm, baseline 60 mm, nadir 60 mm, {LIMITS})",
        f"CR target.cr L1 N1 (now 9 mm, baseline 60 mm, nadir 32 mm, {LIMITS})",
        f"CR target.cr L1 N1 (now 8 mm, baseline 60 mm, nadir 9 mm, {LIMITS})",
        f"PD target.pd_returned L1 N1 (now 10 mm, baseline 60 mm, nadir 8 mm, {LIMITS})",
    ]
    assert [told(a.non_target) for a in found] == [
        "BASELINE non_target.baseline X",
        "NON-CR/NON-PD non_target.persists X",
        "NE non_target.ne X",
        "CR non_target.cr X",
        "CR non_target.cr X",
    ]
    assert [told(a.overall) for a in found] == [
        "BASELINE overall.baseline",
        "PR overall.pr",
        "PR overall.cr_non_target_ne",
        "CR overall.cr",
        "PD overall.target_pd L1 N1",
    ]
    assert [[r.point.lesion_id for r in a.lesions] for a in found] == [["L1", "N1", "X"]] * 5
    assert [a.nadir_time_point for a in found] == [None, 0, 1, 2, 3]
    assert {(a.criterion, a.side) for a in found} == {("recist-1.1", None)}


@pytest.mark.parametrize(
    ("now", "overall"),
    [
        ("L1 30 | X present", "PD overall.target_pd L1"),
        ("L1 10 | X progressed", "PD overall.non_target_pd X"),
        ("L1 10 | X present | Z new 8", "PD overall.new_lesion Z"),
        ("L1 ne | X present", "NE overall.target_ne"),
        ("L1 19 | X ne", "SD overall.sd"),
    ],
)
def test_who_decided_is_named(now: str, overall: str) -> None:
    assert told(recist(f"day 0 | L1 20 | X skin present\nday 9 | {now}")[-1].overall) == overall


def test_on_a_refused_modality_the_targets_have_no_category_and_hold_none() -> None:
    found = recist("day 0 US | L1 100\nday 5 US | L1 60\nday 9 US | L1 71", Modality.US)
    assert [told(a.target) for a in found] == [
        f"BASELINE target.baseline L1 (now 100 mm, baseline 100 mm, {LIMITS})",
        "NE target.modality_not_accepted L1",
        "NE target.modality_not_accepted L1",
    ]
    assert [(told(a.overall), a.held, a.plain) for a in found] == [
        ("BASELINE overall.baseline", False, None),
        ("NE overall.modality_not_accepted", False, None),
        ("NE overall.modality_not_accepted", False, None),
    ]


def test_of_two_mri_studies_one_with_contrast_is_enough_to_be_accepted() -> None:
    dry = Facts(breast=(Breast(side=Side.RIGHT, date=day(9), mri_contrast=False),))
    last = recist("day 0 MR | L1 30 | R1 right 20\nday 9 MR | L1 15 | R1 10", Modality.MR, facts=dry)[-1]
    assert told(last.overall) == "NE overall.target_ne"
    assert "CRIT_MODALITY" not in codes(last)


def test_whether_mri_had_contrast_says_nothing_of_ct() -> None:
    dry = Facts(breast=(Breast(side=Side.LEFT, date=day(9), mri_contrast=False),))
    assert words(recist("day 0 CT | L1 30\nday 9 CT | L1 15", Modality.CT, facts=dry)) == "BASELINE PR"


def test_a_time_point_at_which_one_side_was_imaged_is_one_of_the_patient() -> None:
    found = recist("day 0 MR | L1 20 | R1 right 20\nday 9 MR/left | L1 10\nday 19 US | L1 10", Modality.MR)
    assert [(a.time_point, told(a.overall)) for a in found] == [
        (0, "BASELINE overall.baseline"),
        (1, "NE overall.target_ne"),
    ]


@pytest.mark.parametrize(
    ("now", "overall"),
    [
        ("L1 0.5", "PD overall.target_pd L1"),
        ("L1 absent | X 8", "PD overall.reappearance X"),
        ("L1 absent | N2 present", "PD overall.reappearance N2"),
        ("L1 absent | B 12", "CR overall.cr"),
    ],
)
def test_what_is_there_again_after_a_complete_response(now: str, overall: str) -> None:
    """Decision b: whatever its size, a node from 10 mm on or seen without one; what is benign never went away."""
    text = """
        day 0 | L1 20 | X non_target 8 | N2 present | B benign 12
        day 5 | L1 absent | X absent | N2 absent | B 12
        day 9 |
    """.rstrip()
    rest = {"X": "X absent", "N2": "N2 absent", "B": "B 12"}
    others = " | ".join(row for name, row in rest.items() if f"{name} " not in now)
    assert told(recist(f"{text} {now} | {others}")[-1].overall) == overall


def test_whether_a_complete_response_is_restated_is_asked_only_where_something_is_there_again() -> None:
    text = "day 0 | L1 20 | N1 16\nday 5 | L1 absent | N1 8\nday 9 | L1 {} | N1 {}"
    assert codes(recist(text.format("absent", "9"))[-1]) == []
    for now in (("1", "8"), ("absent", "10")):
        (asked,) = recist(text.format(*now))[-1].issues
        assert (asked.code, asked.outcome, asked.column) == ("RESTATE_CR", "question", "radiologist.restate")


def test_without_a_baseline_nothing_is_evaluable() -> None:
    last = recist("day 0 | L1 20\nday 9 | L1 10", baseline=False)[-1]
    assert (told(last.overall), told(last.target)) == (
        "NE overall.no_baseline",
        f"NE target.no_baseline L1 (now 10 mm, nadir 20 mm, {LIMITS})",
    )


def test_a_restatement_by_one_of_two_entries_is_one() -> None:
    said = Facts(
        radiologist=(Radiologist(side=Side.LEFT, date=day(9), restate=True), Radiologist(side=Side.RIGHT, date=day(9)))
    )
    text = "day 0 | L1 20\nday 5 | L1 absent\nday 9 | L1 6"
    assert words(recist(text, facts=said)) == "BASELINE CR PR"
    silent = Facts(radiologist=(Radiologist(side=Side.LEFT, date=day(9)),))
    assert words(recist(text, facts=silent)) == "BASELINE CR PD"


def test_a_new_lesion_is_one_on_a_modality_from_when_that_one_sees_it() -> None:
    text = (
        "day 0 {0} | L1 20\nday 0 {1} | L1 20\nday 5 {1} | L1 20 | Z new 8\nday 5 {0} | L1 20\nday 9 {0} | L1 20 | Z 8"
    )
    assert words(recist(text.format("MR", "CT"), Modality.MR)) == "BASELINE SD PD"


def test_a_modality_is_asked_where_it_looked_at_a_side_of_its_own_lesions() -> None:
    text = "day 0 MR | L1 20\nday 0 CT | R1 right 20\nday 9 MR/right\nday 9 CT | R1 10"
    assert [a.time_point for a in recist(text, Modality.MR)] == [0]


@pytest.mark.parametrize(
    ("said", "new"),
    [
        ("Y new equivocal 5 | Z new 8", NewLesions.YES),
        ("Y new benign 5 | Z new equivocal 8", NewLesions.EQUIVOCAL),
        ("Y new benign 5", NewLesions.NO),
        ("Y new uncounted 5", NewLesions.NO),
        ("Y 5", NewLesions.EQUIVOCAL),
        ("Y malignant equivocal 5", NewLesions.YES),
    ],
)
def test_one_of_several_new_findings_is_enough(said: str, new: NewLesions) -> None:
    found = recist(f"day 0 | L1 20\nday 9 | L1 10 | {said}")
    assert [a.new_lesion for a in found] == [NewLesions.NO, new]


def test_lesions_stand_in_order_of_their_part_and_new_ones_from_when_they_are_seen() -> None:
    found = recist("day 0 | A skin present | Z 20 | B 20\nday 9 | A present | Z 20 | B 9 | C new 5")
    assert [[r.point.lesion_id for r in a.lesions] for a in found] == [["B", "Z", "A"], ["B", "Z", "A", "C"]]


@pytest.mark.parametrize(
    ("changed", "words_of"),
    [
        (Thresholds(pd_percent=Decimal("2E+1") + 5), "PD +25 %"),
        (Thresholds(pd_mm=Decimal(3)), "PD at least 3 mm"),
        (Thresholds(node_normal_mm=Decimal(8)), "normal node under 8 mm"),
        (Thresholds(node_target_mm=Decimal(12)), "target node from 12 mm"),
        (Thresholds(measurable_mm=Decimal(5)), "measurable from 5 mm"),
        (Thresholds(too_small_mm=Decimal(4)), "too small counts 4 mm"),
        (Thresholds(node_cortex_mm=Decimal("1E+1")), "normal cortex up to 10 mm"),
    ],
)
def test_its_name_says_what_a_site_changed(changed: Thresholds, words_of: str) -> None:
    assert Recist11(changed).name == f"RECIST 1.1, modified: {words_of}"


def test_a_limit_that_is_not_its_own_changes_no_name() -> None:
    assert Recist11(Thresholds(reappearance_mm=Decimal(3))).name == "RECIST 1.1"
