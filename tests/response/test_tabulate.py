"""The rows of `classify`: columns, order, exact values, codes."""

from dataclasses import replace

from reporter.case.issue import Issue, Outcome
from reporter.case.vocabulary import Modality
from reporter.response.criteria.per_site import PerSite
from reporter.response.criteria.recist11 import Recist11
from reporter.response.evaluate import evaluate
from reporter.response.interface import Thresholds
from reporter.response.tabulate import COLUMNS, rows
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
