"""The rows of `classify`: columns, order, exact values, codes."""

from dataclasses import replace
from decimal import Decimal

import pytest

from reporter.case.issue import Issue, Outcome
from reporter.case.vocabulary import Modality
from reporter.response.criteria.per_site import PerSite
from reporter.response.criteria.percist import Percist
from reporter.response.criteria.recist11 import Recist11
from reporter.response.criteria.volume import VolumeChange
from reporter.response.criteria.who import Who
from reporter.response.evaluate import evaluate
from reporter.response.interface import Change, Criterion, Thresholds
from reporter.response.tabulate import BEST_COLUMNS, COLUMNS, best_rows, number, percent, rows
from tests.response.timeline import timeline

HEADER = (
    "patient_id,timepoint,date,modality,criteria,side,lesion_id,role,measure,unit,value,baseline_value,nadir_value,"
    "change_from_baseline_percent,change_from_nadir_percent,target,non_target,new_lesion,overall,response_held,issues"
)


def table(text: str, *, per_lesion: bool = False) -> list[str]:
    case = timeline(text)
    response = evaluate(case, [Recist11(), PerSite()], Thresholds())
    return [",".join(row.values()) for row in rows(case, response, per_lesion=per_lesion)]


def test_columns() -> None:
    assert ",".join(COLUMNS) == HEADER


def test_one_row_a_time_point_sorted() -> None:
    during = "-33.3333333333,-33.3333333333,PR,NON-CR/NON-PD,no,PR,no,"
    assert table("day 0 | L1 30 | X skin present\nday 5 | L1 2cm | X present\nday 9 v3 | L1 21.50 | X ne") == [
        "P1,baseline,2026-01-01,,per-site,left,,,sum_of_diameters,mm,30,30,,0,,BASELINE,BASELINE,no,BASELINE,no,",
        f"P1,during,2026-01-06,,per-site,left,,,sum_of_diameters,mm,20,30,30,{during}",
        "P1,v3,2026-01-10,,per-site,left,,,sum_of_diameters,mm,21.5,30,20,-28.3333333333,7.5,PR,NE,no,PR,yes,",
        "P1,baseline,2026-01-01,,recist-1.1,,,,sum_of_diameters,mm,30,30,,0,,BASELINE,BASELINE,no,BASELINE,no,",
        f"P1,during,2026-01-06,,recist-1.1,,,,sum_of_diameters,mm,20,30,30,{during}",
        "P1,v3,2026-01-10,,recist-1.1,,,,sum_of_diameters,mm,21.5,30,20,-28.3333333333,7.5,PR,NE,no,PR,yes,",
    ]


def test_one_more_row_a_lesion() -> None:
    found = table("day 0 US | L1 30 | N1 16\nday 9 US | L1 absent", per_lesion=True)
    assert [line for line in found if "per-site" in line][3:] == [
        "P1,end,2026-01-10,US,per-site,left,,,sum_of_diameters,mm,,46,46,,,NE,,no,NE,no,LES_LOST",
        "P1,end,2026-01-10,US,per-site,left,L1,target,long_axis,mm,0,30,30,-100,-100,,,,CR,,",
        "P1,end,2026-01-10,US,per-site,left,N1,target,short_axis,mm,,16,16,,,,,,NE,,LES_LOST",
    ]
    assert [line for line in found if "recist" in line][-1].endswith(",LES_LOST")


def test_no_percentage_against_zero() -> None:
    last = table("day 0 | L1 30\nday 5 | L1 absent\nday 9 | L1 4")[2]
    assert ",4,30,0,-86.6666666667,,PR,," in last


def test_doubts_of_the_input_stand_in_the_rows_they_concern() -> None:
    case = timeline("day 0 US | L1 30\nday 0 MG | L1 31\nday 9 US | L1 ne\nday 9 DBT | L1 20")
    problem = Issue(code="MEAS_UNIT", outcome=Outcome.PROBLEM, lesion_id="L1", study="0009.02")
    general = Issue(code="LES_CONFLICT", outcome=Outcome.PROBLEM, lesion_id="L1")
    ignored = (
        Issue(code="SOMETHING", outcome=Outcome.NOTE, lesion_id="L1"),
        Issue(code="OTHER", outcome=Outcome.PROBLEM, lesion_id="L9"),
        Issue(code="STUDY", outcome=Outcome.PROBLEM),
        Issue(code="MAMMO", outcome=Outcome.QUESTION, lesion_id="L1", study="0009.03"),
    )
    case = replace(case, issues=(problem, general, *ignored))
    found = rows(case, evaluate(case, [PerSite()], Thresholds()))
    assert [(r["date"], r["modality"], r["issues"]) for r in found] == [
        ("2026-01-01", "MG", "LES_CONFLICT"),
        ("2026-01-10", "MG", "LES_CONFLICT;MAMMO"),
        ("2026-01-01", "US", "LES_CONFLICT"),
        ("2026-01-10", "US", "LES_CONFLICT;MEAS_UNIT"),
    ]


def test_a_patient_without_targets_has_no_sum() -> None:
    assert (
        ",sum_of_diameters,mm,,,,,,,NON-CR/NON-PD,no,NON-CR/NON-PD,no,"
        in table("day 0 MR | X skin present\nday 9 MR | X present")[1]
    )
    assert Modality.MR.value in table("day 0 MR | X skin present")[0]


# --- other measures, lesion by lesion --------------------------------------------------------------------------------


def lines(text: str, *criteria: Criterion, per_lesion: bool = False) -> list[str]:
    """The rows of these criteria, each without its patient, its date and empty cells at its end."""
    case = timeline(text)
    found = rows(case, evaluate(case, criteria, Thresholds()), per_lesion=per_lesion)
    kept = [column for column in COLUMNS if column not in {"patient_id", "timepoint", "criteria"}]
    return [",".join(row[column] for column in kept) for row in found]


def test_products_of_two_diameters_are_told_in_mm2() -> None:
    text = "day 0 MR | A 40x30 | B 20x10\nday 5 MR | A 30x20 | B 10x10\nday 9 MR | A 40x20 | B 10x10"
    assert lines(text, Who(), per_lesion=True)[6:] == [
        "2026-01-10,MR,,,,sum_of_products,mm2,900,1400,700,-35.7142857143,28.5714285714,PD,,no,PD,no,",
        "2026-01-10,MR,,A,target,product,mm2,800,1200,600,-33.3333333333,33.3333333333,,,,,,",
        "2026-01-10,MR,,B,target,product,mm2,100,200,100,-50,0,,,,,,",
    ]


def test_volumes_are_told_in_ml_and_without_a_category() -> None:
    text = "day 0 MR | A 40 vol:9.50\nday 9 MR | A 30 vol:3.8"
    assert lines(text, VolumeChange(), per_lesion=True)[2:] == [
        "2026-01-10,MR,left,,,sum_of_volumes,ml,3.8,9.5,9.5,-60,-60,,,no,,no,",
        "2026-01-10,MR,left,A,target,volume,ml,3.8,9.5,9.5,-60,-60,,,,,,",
    ]


def test_the_uptake_of_the_hottest_lesion_is_told() -> None:
    found = lines("day 0 PT | A 40 suv:9.5\nday 9 PT | A 30 suv:3.8", Percist())
    assert [line.split(",")[5:11] for line in found] == [
        ["hottest_lesion", "SUV", "9.5", "9.5", "", "0"],
        ["hottest_lesion", "SUV", "3.8", "9.5", "9.5", "-60"],
    ]


@pytest.mark.parametrize(
    ("criterion", "head", "bookkeeping"),
    [
        (PerSite(), "long_axis,mm,30,30,30,0,0", "0"),
        (Recist11(), "long_axis,mm,30,20,20,50,50", "0"),
        (Who(), "product,mm2,900,400,400,125,125", ""),
        (VolumeChange(), "volume,ml,4,3,3,33.3333333333,33.3333333333", "0"),
    ],
)
def test_of_a_lesion_that_merged_into_another_nothing_has_changed(
    criterion: Criterion, head: str, bookkeeping: str
) -> None:
    text = "day 0 MR | A 20x20 vol:3 | B 10x10 vol:2\nday 9 MR | A 30x30 vol:4 | B merged>A"
    found = [line.split(",")[3:12] for line in lines(text, criterion, per_lesion=True)[-2:]]
    assert [",".join(cells[2:]) for cells in found if cells[0] == "A"] == [head]
    assert [(cells[4], cells[7], cells[8]) for cells in found if cells[0] == "B"] == [(bookkeeping, "", "")]


def test_rows_are_sorted_whatever_order_assessments_stand_in() -> None:
    text = """
    day 0 US | B 20 | A skin present | R right 20
    day 0 MR | B 20
    day 9 US | B 10 | A present | R 10
    day 9 MR | B 10
    """
    case = timeline(text)
    response = evaluate(case, [PerSite(), Recist11()], Thresholds())
    turned = replace(response, assessments=response.assessments[::-1])
    found = rows(case, turned, per_lesion=True)
    assert found == rows(case, response, per_lesion=True)
    assert [
        (r["side"], r["modality"], r["date"][-2:], r["lesion_id"]) for r in found if r["criteria"] == "per-site"
    ] == [
        (side, modality, date, lesion_id)
        for side, modality, ids in (("left", "MR", "B"), ("left", "US", "AB"), ("right", "US", "R"))
        for date in ("01", "10")
        for lesion_id in ("", *ids)
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [("1.50", "1.5"), ("100", "100"), ("1E+2", "100"), ("0.0", "0"), ("10.0", "10"), ("-3.20", "-3.2"), (None, "")],
)
def test_numbers_are_plain_digits_without_zeros_behind_the_point(value: str | None, text: str) -> None:
    assert number(None if value is None else Decimal(value)) == text


@pytest.mark.parametrize(
    ("now", "then", "text"),
    [("1", "3", "-66.6666666667"), ("0", "3", "-100"), ("6", "3", "100"), ("6", "0", ""), ("0", "0", "")],
)
def test_percentages_have_12_digits_and_none_against_0(now: str, then: str, text: str) -> None:
    assert percent(Change(now=Decimal(now), then=Decimal(then))) == text
    assert not percent(None)


def test_held_is_said_of_the_whole_and_not_of_a_lesion() -> None:
    found = lines("day 0 | A 100\nday 5 | A 60\nday 9 | A 71", PerSite(), per_lesion=True)
    assert [line.split(",")[-2] for line in found] == ["no", "", "no", "", "yes", ""]


# --- the codes of a row ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("issue", "told"),
    [
        (Issue(code="X", outcome=Outcome.PROBLEM, lesion_id="L1"), ["01 MG", "10 MG", "01 US", "10 US"]),
        (Issue(code="X", outcome=Outcome.QUESTION, lesion_id="L1", study="0009.02"), ["10 US"]),
        (Issue(code="X", outcome=Outcome.PROBLEM, lesion_id="L1", study="0000.00"), ["01 US"]),
        (Issue(code="X", outcome=Outcome.PROBLEM, lesion_id="L1", study="0009.03"), ["10 MG"]),
        (Issue(code="X", outcome=Outcome.PROBLEM, lesion_id="L1", study="0000.01"), ["01 MG"]),
        (Issue(code="X", outcome=Outcome.NOTE, lesion_id="L1"), []),
        (Issue(code="X", outcome=Outcome.PROBLEM, lesion_id="L9"), []),
        (Issue(code="X", outcome=Outcome.PROBLEM), []),
    ],
)
def test_a_doubt_about_the_input_stands_in_the_rows_it_concerns(issue: Issue, told: list[str]) -> None:
    case = replace(timeline("day 0 US | L1 30\nday 0 MG | L1 31\nday 9 US | L1 20\nday 9 DBT | L1 20"), issues=(issue,))
    found = rows(case, evaluate(case, [PerSite()], Thresholds()), per_lesion=True)
    for lesion_id in ("", "L1"):
        own = [r for r in found if r["lesion_id"] == lesion_id]
        assert [f"{r['date'][-2:]} {r['modality']}" for r in own if r["issues"] == "X"] == told


def test_a_lesion_has_its_own_codes_alone_and_the_whole_has_all_of_them_sorted_once() -> None:
    case = timeline("day 0 | A 30 | B 30 | C 30\nday 9 | C 30")
    said = (Issue(code="AAA", outcome=Outcome.PROBLEM, lesion_id="B"),)
    found = rows(replace(case, issues=said), evaluate(case, [PerSite()], Thresholds()), per_lesion=True)
    assert [r["issues"] for r in found if r["date"] == "2026-01-10"] == ["AAA;LES_LOST", "LES_LOST", "AAA;LES_LOST", ""]


# --- the best overall response ---------------------------------------------------------------------------------------


def test_the_best_overall_response_of_each_criterion_breast_and_modality() -> None:
    text = """
    day 0 US | L1 30 | R1 right 30
    day 0 MR | L1 30
    day 30 US | L1 20 | R1 40
    day 30 MR | L1 ne
    day 60 US | L1 20 | R1 20
    """
    limits = Thresholds(confirmation="required")
    case = timeline(text)
    response = evaluate(case, [Recist11(limits), PerSite(limits)], limits)
    turned = replace(response, best_overall=response.best_overall[::-1])
    assert ",".join(BEST_COLUMNS) == ("patient_id,criteria,side,modality,best_overall,date,confirmed,first_progression")
    for one in (response, turned):
        found = best_rows(case, one)
        assert {tuple(row) for row in found} == {BEST_COLUMNS}
        assert [",".join(row.values()) for row in found] == [
            "P1,per-site,left,MR,NE,,not required,",
            "P1,per-site,left,US,PR,2026-01-31,yes,",
            "P1,per-site,right,US,PD,2026-01-31,not required,2026-01-31",
            "P1,recist-1.1,,MR,NE,,not required,",
            "P1,recist-1.1,,US,NE,,not required,",
        ]
