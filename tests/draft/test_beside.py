"""Criteria computed beside the first: each in a sentence of its own, numbers alone where there are no categories."""

import pytest

from reporter.case.timepoint import Labels
from reporter.draft.explain import Looked, explain
from reporter.draft.explanation import as_text
from reporter.errors import UsageError
from tests.draft.cases import draft, kit, report, row, section, whole

ALL = ("per-site", "who", "volume")


def left(when: str, size: str, across: str, volume: str) -> dict[str, str]:
    return row(when, "MR", "L1", size, short_axis=across, volume=volume, volume_unit="ml")


def right(when: str, size: str, volume: str) -> dict[str, str]:
    return row(when, "MR", "R1", size, short_axis="10", volume=volume, volume_unit="ml", side="right")


ROWS = (left("2026-01-08", "40", "30", "20"), left("2026-07-13", "20", "15", "5"))


def test_a_sentence_for_each() -> None:
    said = section(draft(ROWS, criteria=ALL), "Response")
    assert "Beside it, WHO, products of two diameters: MRI: partial response (-75 % from baseline)." in said
    assert "Beside it, volume and its change, no categories: MRI: 20 ml to 5 ml (-75 % from baseline)." in said


def test_both_sides_are_told_apart() -> None:
    rows = (*ROWS, right("2026-01-08", "20", "2"), right("2026-07-13", "20", "2"))
    said = section(draft(rows, criteria=ALL), "Response")
    assert "left, MRI: 20 ml to 5 ml (-75 % from baseline); right, MRI: 2 ml to 2 ml" in said


def test_numbers_have_no_category_in_the_trace() -> None:
    said = whole(draft(ROWS, criteria=ALL))
    assert "volume, left, MRI, overall: -" in said
    assert "now 5 ml" in said
    assert "now 300 mm2" in said


def test_a_criterion_that_has_nothing_to_say_is_not_quoted() -> None:
    rows = tuple({**r, "volume": "", "volume_unit": ""} for r in ROWS)
    assert "volume" not in section(draft(rows, criteria=ALL), "Response")


def test_numbers_alone_make_no_report() -> None:
    with pytest.raises(UsageError, match="volume gives numbers, no response category"):
        kit(("volume",))
    assert kit(("volume", "per-site")).criteria


def test_where_criteria_differ_is_said_with_the_cause() -> None:
    rows = (left("2026-01-08", "40", "30", ""), left("2026-07-13", "30", "20", ""))
    said = section(draft(rows, criteria=("per-site", "who")), "Response")
    assert (
        "Criteria differ, MRI: per-site says stable disease, WHO says partial response, because WHO follows products "
        "of two diameters, with limits of its own (-50 % from baseline, the diameters -25 %)." in said
    )


def test_no_change_is_quoted_beside_a_progression_that_it_did_not_decide() -> None:
    rows = (left("2026-01-08", "40", "10", ""), left("2026-07-13", "40", "13", ""))
    said = section(draft(rows, criteria=("per-site", "who")), "Response")
    assert (
        "WHO says progressive disease, because WHO follows products of two diameters, with limits of its own." in said
    )


def test_nothing_is_said_where_criteria_agree_or_stand_alone() -> None:
    assert "differ" not in section(draft(ROWS, criteria=ALL), "Response")
    assert "differ" not in section(draft(ROWS), "Response")


def test_modalities_on_which_criteria_differ_alike_are_named_together() -> None:
    rows = tuple({**r, "modality": modality} for r in ROWS for modality in ("US", "MG", "MR"))
    said = section(draft(rows, criteria=("per-site", "recist-1.1")), "Response")
    assert "Criteria differ, mammography and US: per-site says partial response" in said
    assert said.count("Criteria differ") == 1


def test_two_breasts_are_told_apart() -> None:
    rows = (*ROWS, right("2026-01-08", "20", "2"), right("2026-07-13", "20", "2"))
    said = section(draft(rows, criteria=("per-site", "recist-1.1")), "Response")
    assert "Criteria differ, right, MRI: per-site says stable disease, RECIST 1.1 says partial response" in said


def test_a_breast_that_is_called_indeterminate_is_held_against_nothing() -> None:
    rows = (left("2026-01-08", "40", "30", ""), left("2026-07-13", "28", "28", ""))
    flag = '[[radiologist]]\nside = "left"\nindeterminate = true\n'
    assert "Criteria differ" in section(draft(rows, criteria=("per-site", "who")), "Response")
    assert "Criteria differ" not in section(draft(rows, flag, criteria=("per-site", "who")), "Response")


UPTAKE = tuple(
    {**row(when, "PT", "L1", status="present"), "suv": value}
    for when, value in (("2026-01-08", "9.2"), ("2026-07-13", "3"))
)


def test_uptake_is_told_with_its_limits_and_what_is_not_checked() -> None:
    said = section(draft((*ROWS, *UPTAKE), criteria=("per-site", "percist")), "Response")
    assert (
        "Beside it, SUV as entered, no categories (SULpeak and liver reference not checked): PET: 9.2 SUV to 3 SUV "
        "(-67.4 % from baseline), a fall that meets the limits of PERCIST 1.0 (30 % and 0.8)."
    ) in said


def test_an_explanation_shows_what_is_followed_beside_the_size() -> None:
    found = report((*ROWS, *UPTAKE), criteria=("per-site", "who", "volume", "percist"))
    looked = Looked(files=(), decision=kit().pack.decision, labels=Labels())
    said = as_text(explain(found, looked, kit().writer.phrases))
    assert "sum 300 mm2, against baseline 1200 mm2: -900 mm2, -75 %" in said
    assert "L1 (target, product): 20 x 15 mm, 300 mm2, against baseline 1200 mm2: -900 mm2, -75 %" in said
    assert "L1 (target, volume): 20 x 15 mm, 5 ml, against baseline 20 ml: -15 ml, -75 %" in said
    assert "hottest lesion 3 SUV, against baseline 9.2 SUV: -6.2 SUV, -67.4 %" in said
    assert "volume, left, MRI, 2026-07-13: volumes and their change" in said
    assert "percist, PET, 2026-07-13: a fall of at least 30 % and at least 0.8" in said
    assert "NE (not evaluable), volumes" not in said


def test_limits_are_those_of_the_criteria_used() -> None:
    recist = "partial response at -30 % against baseline, progression at +20 % and at least 5 mm since the smallest."
    who = "partial response at -50 % against baseline, progression at +25 % since the smallest."
    assert f"Limits, inclusive and exact: {recist}" in whole(draft(ROWS, criteria=("per-site", "recist-1.1")))
    alone = whole(draft(ROWS, criteria=("who", "volume")))
    assert f"Limits, inclusive and exact: {who}" in alone
    assert "+20 %" not in alone
    both = whole(draft(ROWS, criteria=("per-site", "who", "recist-1.1")))
    assert (
        f"Limits of per-site and RECIST 1.1, inclusive and exact: {recist} Limits of WHO, inclusive and exact: {who}"
        in both
    )
