"""The courses and tables of a cohort."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from reporter.batch.cohort import Cohort, Course, Standing, standing
from reporter.batch.cohort_cdisc import cdisc_sheets
from reporter.batch.cohort_sheets import Row
from reporter.batch.cohort_table import COLUMNS, cohort_sheet
from reporter.batch.outcome import BestSeen, Outcome, SideSeen, SizeSeen
from reporter.case.vocabulary import Kind, Modality, Role, Side
from reporter.response.interface import Category, Confirmed, Headline, Measure, NodeCourse, State
from tests.batch.outcomes import AWKWARD, SHOWN, START, quarantined, read_csv, reported, spooled, workbook

B, CR, PR, SD, PD, NE = (Category(x) for x in ("BASELINE", "CR", "PR", "SD", "PD", "NE"))
UP_AGAIN = [(0, "100", B), (60, "40", PR), (120, None, NE), (180, "55", PD)]


def rows_of(outcomes: Iterable[Outcome]) -> list[Row]:
    cohort = Cohort()
    return list(cohort_sheet(cohort).rows(cohort.passing_on(outcomes)))


def courses(*outcomes: Outcome) -> list[Course]:
    cohort = Cohort()
    return [course for outcome in cohort.passing_on(outcomes) for course in cohort.courses_of(outcome)]


def test_a_row_for_each_time_point_with_sums_and_categories() -> None:
    rows = rows_of([reported("P1", UP_AGAIN)])
    found = [(r["visit"], r["value"], r["nadir_value"], r["change_from_baseline_percent"], r["overall"]) for r in rows]
    assert found == [
        ("1", "100", "", "0", "BASELINE"),
        ("2", "40", "100", "-60", "PR"),
        ("3", "", "40", "", "NE"),
        ("4", "55", "40", "-45", "PD"),
    ]
    assert [row["change_from_nadir_percent"] for row in rows] == ["", "-60", "", "37.5"]
    assert [row["best_change_percent"] for row in rows] == ["", "-60", "-60", "-60"]
    assert [row["days_from_baseline"] for row in rows] == ["0", "60", "120", "180"]


def test_only_the_reported_time_point_has_what_the_report_says() -> None:
    rows = rows_of([reported("P1", UP_AGAIN)])
    assert [row["reported"] for row in rows] == ["no", "no", "no", "yes"]
    assert [row["headline"] for row in rows] == ["", "", "", "progressive"]


def test_of_several_cases_of_a_patient_the_latest_is_followed_and_all_are_heard() -> None:
    whole, earlier = reported("P1", UP_AGAIN), reported("P1", UP_AGAIN[:2])
    for outcomes in ([whole, earlier], [earlier, whole]):
        rows = rows_of(outcomes)
        assert [row["headline"] for row in rows] == ["", "partial", "", "progressive"]


def test_what_a_patient_answered_is_not_taken_for_the_next_one_and_patients_with_a_report_are_counted() -> None:
    cohort = Cohort()
    first, next_one = reported("P1", UP_AGAIN), replace(reported("P2", UP_AGAIN), sides=())
    found = [
        (cohort.is_latest(outcome), [point.answers for course in cohort.courses_of(outcome) for point in course.points])
        for outcome in cohort.passing_on([first, quarantined("P0"), next_one])
    ]
    assert [latest for latest, _ in found] == [True, False, True]
    assert any(found[0][1])
    assert not any(found[2][1])
    assert cohort.size == 2


def test_the_best_change_is_the_smallest_complete_sum_after_baseline() -> None:
    (grown,) = courses(reported("P1", [(0, "20", B), (50, "26", PD)]))
    assert grown.best == Decimal(30)
    (only_baseline,) = courses(reported("P2", [(0, "20", B)]))
    assert only_baseline.best is None
    assert only_baseline.standing is Standing.BASELINE


def test_without_a_sum_of_record_there_are_rows_without_numbers() -> None:
    rows = rows_of([reported("P1", UP_AGAIN[:2], with_record=False)])
    assert [(row.get("value", ""), row["headline"]) for row in rows] == [("", ""), ("", "partial")]


def test_a_criterion_of_the_whole_patient_gives_one_course_with_the_worst_answer() -> None:
    one = reported("P1", UP_AGAIN[:2], scope=None)
    right = SideSeen(side=Side.RIGHT, headline=Headline.STABLE, category=SD)
    (course,) = courses(replace(one, sides=(*one.sides, right)))
    assert (course.side, course.standing) == (None, Standing.SD)


@pytest.mark.parametrize(
    ("headline", "category", "nodes", "expected"),
    [
        (Headline.COMPLETE, CR, (), Standing.CR),
        (Headline.COMPLETE, CR, (("N1", NodeCourse.PERSISTENTLY_ABNORMAL),), Standing.UNSETTLED),
        (Headline.NOT_COMPLETE, CR, (), Standing.UNSETTLED),
        (Headline.KNOWN_SITE_GONE, CR, (), Standing.UNSETTLED),
        (Headline.PROGRESSIVE, PR, (), Standing.PD),
        (Headline.NEAR_COMPLETE, PR, (), Standing.PR),
        (Headline.INDETERMINATE, CR, (), Standing.INDETERMINATE),
    ],
)
def test_a_chart_never_says_complete_where_the_report_does_not(
    headline: Headline, category: Category, nodes: tuple[tuple[str, NodeCourse], ...], expected: Standing
) -> None:
    answer = SideSeen(side=Side.LEFT, headline=headline, category=category, abnormal_nodes=nodes)
    assert standing(answer) is expected


@pytest.mark.parametrize("headline", list(Headline))
def test_every_headline_has_a_standing(headline: Headline) -> None:
    assert standing(SideSeen(side=Side.LEFT, headline=headline, category=PR))


def test_out_of_scope_there_is_no_category_of_record() -> None:
    answer = SideSeen(side=Side.LEFT, headline=Headline.NOT_CLASSIFIED, category=NE)
    last = rows_of([reported("P1", UP_AGAIN, answer=answer)])[-1]
    assert (last["headline"], last["category_of_record"]) == ("not_classified", "")
    assert rows_of([reported("P1", UP_AGAIN)])[-1]["category_of_record"] == "PD"
    assert standing(answer) is Standing.OUTSIDE


def test_awkward_names_stay_text_in_csv_and_in_the_workbook() -> None:
    outcomes = [reported(name, UP_AGAIN) for name in AWKWARD]
    cohort = Cohort()
    spool = spooled(cohort_sheet(cohort), cohort.passing_on(outcomes))
    names = {row["patient_id"] for row in read_csv(spool)}
    shown = {
        "<script>alert(1)</script>",
        'O\'Brien "the" & co',
        "山田^太郎",
        "'=1+1",
        "ab\ufffdcd\ufffd[31m",
        "a,b;c d",
    }
    assert names == shown
    cells = load_workbook(workbook([spool]))["cohort"]
    header, *rows = cells.iter_rows()
    assert [cell.value for cell in header] == list(COLUMNS)
    assert {row[0].value for row in rows} == SHOWN
    assert {row[0].data_type for row in rows} == {"s"}
    assert {type(row[COLUMNS.index("change_from_baseline_percent")].value) for row in rows} <= {int, float, type(None)}


def test_the_workbook_has_the_same_bytes_each_time() -> None:
    outcomes = [reported("P1", UP_AGAIN)]
    cohort = Cohort()
    spools = [spooled(sheet, cohort.passing_on(outcomes)) for sheet in (cohort_sheet(cohort), *cdisc_sheets(cohort))]
    assert workbook(spools).getvalue() == workbook(spools).getvalue()


BEST = BestSeen(
    criterion="per-site",
    side=Side.LEFT,
    modality=Modality.MR,
    category=PR,
    confirmed=Confirmed.NOT_REQUIRED,
    date=START,
)


def test_the_best_overall_response_stands_on_the_last_row() -> None:
    rows = rows_of([reported("P1", UP_AGAIN, best=(replace(BEST, modality=Modality.US, category=CR), BEST))])
    assert [row.get("best_overall", "") for row in rows] == ["", "", "", "PR"]
    assert rows[-1]["best_overall_confirmed"] == "not required"


class TestCdisc:
    def sheets(self, *outcomes: Outcome) -> dict[str, list[Row]]:
        cohort = Cohort()
        return {sheet.name: list(sheet.rows(cohort.passing_on(outcomes))) for sheet in cdisc_sheets(cohort, "NAC-1")}

    def test_tumours_are_identified_once_where_they_were_first_seen(self) -> None:
        (row,) = self.sheets(reported("P1", UP_AGAIN))["tu"]
        assert row == {
            "STUDYID": "NAC-1",
            "DOMAIN": "TU",
            "USUBJID": "P1",
            "TUSEQ": "1",
            "TULNKID": "L1",
            "TUTESTCD": "TUMIDENT",
            "TUTEST": "Tumor Identification",
            "TUORRES": "TARGET",
            "TUSTRESC": "TARGET",
            "TULOC": "BREAST",
            "TULAT": "LEFT",
            "TUMETHOD": "MRI",
            "VISITNUM": "1",
            "VISIT": "BASELINE",
            "TUDTC": "2026-01-05",
        }

    def test_results_hold_sizes_reasons_and_sums(self) -> None:
        rows = self.sheets(reported("P1", UP_AGAIN))["tr"]
        assert [row["TRSEQ"] for row in rows] == [str(n) for n in range(1, len(rows) + 1)]
        sizes = [r for r in rows if r["TRTESTCD"] == "LDIAM"]
        assert [r.get("TRSTRESN", "") for r in sizes] == ["100", "40", "", "55"]
        assert [(r.get("TRSTAT"), r.get("TRREASND")) for r in sizes][2] == ("NOT DONE", "NOT EVALUABLE")
        last = {r["TRTESTCD"]: r["TRSTRESN"] for r in rows if r["VISITNUM"] == "4" and r["TRTESTCD"] != "LDIAM"}
        assert last == {"SUMDIAM": "55", "PCBSD": "-45", "ACNSD": "15", "PCNSD": "37.5"}

    def test_what_is_no_number_keeps_its_word_beside_what_enters_the_sum(self) -> None:
        small = self.with_size(state=State.TOO_SMALL, value=Decimal(5))
        assert small["TRORRES"] == "TOO SMALL TO MEASURE"
        assert (small["TRORRESU"], small["TRSTRESN"], small["TRSTRESU"]) == ("", "5", "mm")
        gone = self.with_size(state=State.ABSENT, value=Decimal(0))
        assert (gone["TRORRES"], gone["TRSTRESN"]) == ("ABSENT", "0")
        cm = self.with_size(state=State.MEASURED, value=Decimal(25), given="2.5", given_unit="cm")
        assert (cm["TRORRES"], cm["TRORRESU"], cm["TRSTRESN"], cm["TRSTRESU"]) == ("2.5", "cm", "25", "mm")

    def test_a_lesion_followed_without_size_has_a_state(self) -> None:
        row = self.with_size(state=State.PRESENT, value=None, role=Role.NON_TARGET)
        assert (row["TRTESTCD"], row["TRORRES"], row["TRGRPID"]) == ("TUMSTATE", "PRESENT", "NON-TARGET")
        node = self.with_size(state=State.ABSENT, value=Decimal(0), role=Role.NON_TARGET, measure=Measure.SHORT_AXIS)
        assert (node["TRTESTCD"], node["TRORRES"]) == ("LNSTATE", "ABSENT")

    def with_size(self, **changes: object) -> Row:
        outcome = reported("P1", UP_AGAIN[:1])
        (response,) = outcome.responses
        (size,) = response.lesions
        changed: SizeSeen = replace(size, **changes)  # type: ignore[arg-type]
        return self.sheets(replace(outcome, responses=(replace(response, lesions=(changed,)),)))["tr"][0]

    def test_response_of_every_time_point_after_baseline(self) -> None:
        rows = self.sheets(reported("P1", UP_AGAIN))["rs"]
        overall = [r for r in rows if r["RSTESTCD"] == "OVRLRESP"]
        assert [(r["VISITNUM"], r["RSORRES"]) for r in overall] == [("2", "PR"), ("3", "NE"), ("4", "PD")]
        assert {r["RSCAT"] for r in rows} == {"RECIST 1.1 ADAPTED PER SITE"}
        assert {r["RSTESTCD"] for r in rows} == {"OVRLRESP", "TRGRESP"}

    def test_the_best_response_is_of_no_visit(self) -> None:
        row = self.sheets(reported("P1", UP_AGAIN, best=(BEST,)))["rs"][-1]
        assert (row["RSTESTCD"], row["RSORRES"], row["RSDTC"]) == ("BESTRESP", "PR", "2026-01-05")
        assert "VISIT" not in row

    def test_a_node_lies_in_a_lymph_node(self) -> None:
        outcome = reported("P1", UP_AGAIN)
        node = replace(outcome.lesions[0], kind=Kind.NODE, organ="lymph node")
        assert self.sheets(replace(outcome, lesions=(node,)))["tu"][0]["TULOC"] == "LYMPH NODE"

    def test_what_has_no_report_has_no_rows(self) -> None:
        assert self.sheets(quarantined("P1")) == {"tu": [], "tr": [], "rs": []}
