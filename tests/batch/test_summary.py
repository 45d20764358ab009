"""The page and the files of a batch: everything is written, escaped, bounded, and the same each time."""

from __future__ import annotations

import csv
import io
import re
import tracemalloc
from collections.abc import Iterator, Sequence
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from reporter.advice.interface import Urgency
from reporter.batch.cohort_sheets import PutAway
from reporter.batch.ledger import Run
from reporter.batch.outcome import Doubt, Outcome
from reporter.batch.summary import summary_files, write_summary
from reporter.batch.summary_page import Ranked
from reporter.case.issue import Outcome as Severity
from reporter.case.vocabulary import Side
from reporter.response.interface import Category
from tests.batch.outcomes import AWKWARD, SHOWN, START, TODAY, pending, quarantined, reported

B, CR, PR, SD, PD = (Category(x) for x in ("BASELINE", "CR", "PR", "SD", "PD"))
RUN = Run(today=TODAY)
COURSES = (
    [(0, "100", B), (60, "40", PR), (120, "0", CR)],
    [(0, "50", B), (60, "45", SD)],
    [(0, "20", B), (60, "26", PD)],
    [(0, "30", B)],
)


def outcomes(names: Sequence[str] = ("P1", "P2", "P3", "P4")) -> list[Outcome]:
    made = [reported(name, COURSES[place % 4]) for place, name in enumerate(names)]
    return sorted(made, key=lambda outcome: outcome.patient_id)


def page(folder: Path, found: Sequence[Outcome], run: Run = RUN) -> html.HtmlElement:
    write_summary(found, folder, run=run)
    return html.fromstring((folder / "summary.html").read_text("utf-8"))


def test_every_file_is_written_for_its_owner_alone(tmp_path: Path) -> None:
    write_summary([*outcomes(), quarantined("Q")], tmp_path, run=RUN)
    files = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file())
    assert files == [
        *("cohort/cohort.csv", "cohort/cohort.xlsx", "cohort/rs.csv", "cohort/tr.csv", "cohort/tu.csv"),
        *("ledger/cases.csv", "ledger/files.csv", "ledger/ledger.json", "ledger/open-points.csv"),
        *("ledger/studies.csv", "summary.html", "worklist.csv"),
    ]
    assert files == sorted(summary_files())
    assert {path.stat().st_mode & 0o777 for path in tmp_path.rglob("*") if path.is_file()} == {0o600}


def test_the_same_outcomes_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_summary([*outcomes(), quarantined("Q")], tmp_path / name, run=RUN)
    for path in sorted((tmp_path / "a").rglob("*.*")):
        assert path.read_bytes() == (tmp_path / "b" / path.relative_to(tmp_path / "a")).read_bytes()


def test_charts_have_a_mark_for_each_course(tmp_path: Path) -> None:
    found = page(tmp_path, outcomes())
    assert (
        len(found.xpath("//svg[@class='chart waterfall']//rect[@class='bar']")) == 3
    )  # one patient has a baseline only
    assert len(found.xpath("//svg[@class='chart spider']//g[@class='line']")) == 3
    titles = [title.text for title in found.xpath("//svg[@class='chart waterfall']//title")]
    assert titles == ["P3, left: 30 %, PD", "P2, left: -10 %, SD", "P1, left: -100 %, CR on imaging"]
    rows = found.xpath("//svg[@class='chart answers']//rect/title")
    assert [title.text for title in rows[:4]] == ["CR on imaging: 1", "SD: 1", "PD: 1", "baseline: 1"]


def test_few_bars_have_names_and_limits_lie_above_what_is_drawn(tmp_path: Path) -> None:
    found = page(tmp_path, outcomes(("A rather long name", "P2", "P3")))
    (chart,) = found.xpath("//svg[@class='chart waterfall']")
    assert [text.text for text in chart.xpath("text")][-3:] == ["P3, left", "P2, left", "A rather long …"]
    drawn = [element.get("class") for element in chart.iter("rect", "line")]
    assert drawn[-2:] == ["limit", "limit"]
    key = [item.text_content() for item in found.xpath("//ul[@class='key']/li")]
    assert key == ["CR on imaging, now 1", "PR, now 0", "SD, now 1", "PD, now 1"]


def test_open_points_are_told_in_words(tmp_path: Path) -> None:
    doubt = Doubt(code="MEAS_UNIT", outcome=Severity.PROBLEM, text="a length of <L1> has no unit")
    found = page(tmp_path, [reported("P1", COURSES[0], doubts=(doubt,))])
    cells = [cell.text_content() for cell in found.xpath("//table[@class='points']/tbody/tr/td")]
    assert cells == ["problem", "1", "MEAS_UNIT", "a length of <L1> has no unit"]


def test_names_are_shown_as_they_are(tmp_path: Path) -> None:
    found = page(tmp_path, [*outcomes(AWKWARD), *(quarantined(name, text=name) for name in AWKWARD)])
    cells = [row.xpath("td")[1].text_content() for row in found.xpath("//table[@class='worklist']/tbody/tr")]
    assert set(cells) == SHOWN
    assert {row.xpath("td")[0].text_content() for row in found.xpath("//table[@class='without']/tbody/tr")} == SHOWN
    assert found.xpath("//script") == []


def test_the_page_needs_nothing_else_and_forbids_it(tmp_path: Path) -> None:
    found = page(tmp_path, outcomes())
    (policy,) = (meta.get("content") for meta in found.xpath("//meta[@http-equiv]"))
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert found.xpath("//script | //link | //img | //iframe | //object | //@style | //@onload | //@onclick") == []


def test_every_link_leads_to_a_file_or_a_place_on_the_page(tmp_path: Path) -> None:
    whole = [*outcomes(), quarantined("Q")]
    for outcome in whole:
        for file in outcome.files:
            (tmp_path / file.name).touch()
    found = page(tmp_path, whole)
    targets = [link.get("href") for link in found.xpath("//a")]
    assert len([target for target in targets if ".draft." in target]) == 4 + 3  # worklist and bars
    ids = {element.get("id") for element in found.xpath("//*[@id]")}
    missing = [t for t in targets if (t[1:] not in ids if t.startswith("#") else not (tmp_path / t).is_file())]
    assert missing == []


def test_the_worklist_stands_first_and_is_urgent_first(tmp_path: Path) -> None:
    urgent = reported("Z9", COURSES[2], urgency=Urgency.IMMEDIATE)
    found = page(tmp_path, [*outcomes(), urgent])
    (first, *_) = found.xpath("//table[@class='worklist']/tbody/tr")
    assert [cell.text_content() for cell in first.xpath("td")[:2]] == ["immediate", "Z9"]


def test_what_does_not_add_up_and_what_is_in_the_future_is_said(tmp_path: Path) -> None:
    found = page(tmp_path, outcomes(), Run(today=START, cases_found=9))
    faults = [fault.text_content() for fault in found.xpath("//*[@class='fault']")]
    assert ["do not add up" in faults[0], "are dated after 2026-01-05" in faults[1]] == [True, True]


def test_without_any_case_there_is_still_a_page(tmp_path: Path) -> None:
    found = page(tmp_path, [])
    assert found.xpath("//h1")[0].text == "Summary of 0 cases"
    assert found.xpath("//rect[@class='bar']") == []


def test_pending_cases_are_told(tmp_path: Path) -> None:
    found = page(tmp_path, [pending("P")])
    assert found.xpath("//table[@class='without']/tbody/tr/td")[1].text == "pending"


def test_the_page_is_bounded_and_says_what_it_leaves_out(tmp_path: Path) -> None:
    many = [
        reported(f"P{place:04}", [(0, "100", B), (60, str(20 + place % 130), SD)], side=Side.LEFT)
        for place in range(1000)
    ]
    found = page(tmp_path, many)
    text = re.sub(r"\s+", " ", found.text_content())
    assert "none: 1000. The first 200 of 1000" in text
    assert "400 of 1000 bars" in text
    assert "150 of 1000 lines" in text
    assert len(found.xpath("//rect[@class='bar']")) == 400
    assert (tmp_path / "summary.html").stat().st_size < 400_000
    assert len((tmp_path / "worklist.csv").read_bytes().splitlines()) == 1001


@given(st.lists(st.decimals(-100, 300, places=1)), st.integers(2, 9))
def test_what_is_ranked_is_found_from_the_highest_to_the_lowest(values: list[Decimal], most: int) -> None:
    ranked = Ranked(PutAway(io.BytesIO()))
    for place, value in enumerate(values):
        ranked.put(value, (str(place), str(value)))
    rows = [[str(place), str(value)] for place, value in enumerate(values)]
    whole = sorted(rows, key=lambda row: -Decimal(row[1]))

    assert ranked.spread(len(values) + 2) == whole
    some = ranked.spread(most)
    assert len(some) == len({row[0] for row in some}) == min(most, len(values))
    assert some == [row for row in whole if row in some]
    assert some[:1] + some[-1:] == whole[:1] + whole[-1:]


@pytest.mark.long
def test_more_cases_take_hardly_more_memory(tmp_path: Path) -> None:
    """What is remembered of texts has its full size by 1500 cases; then a case takes its name and what sorts it."""
    held: list[int] = []

    def cases() -> Iterator[Outcome]:
        for place in range(2501):
            if place in {1500, 2500}:
                held.append(tracemalloc.get_traced_memory()[0])
            yield reported(f"P{place:04}", COURSES[0])

    tracemalloc.start()
    try:
        write_summary(cases(), tmp_path, run=RUN)
    finally:
        tracemalloc.stop()
    assert held[1] - held[0] < 1000 * 300


def test_what_is_equal_in_the_worklist_stands_by_patient_and_time(tmp_path: Path) -> None:
    """Nothing but the time tells the earlier cases of P1 apart, and nothing but the patient those of P2 to P5."""
    months = [reported("P1", [*COURSES[0][:2], (30 * month, "40", PR)]) for month in range(3, 9)]
    write_summary([*months, *(reported(f"P{n}", COURSES[1]) for n in range(2, 6))], tmp_path, run=RUN)
    rows = list(csv.DictReader((tmp_path / "worklist.csv").read_text("utf-8-sig").splitlines()))
    assert [row["patient_id"] for row in rows] == ["P1", "P2", "P3", "P4", "P5", *["P1"] * 5]
    days = [row["reported_on"] for row in rows[5:]]
    assert days == sorted(set(days))
    assert rows[0]["reported_on"] > max(days)


class Nesting(HTMLParser):
    """Counts elements that are closed in another order than opened."""

    VOID = frozenset({"meta", "link", "br", "img", "input", "!doctype"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, _: object) -> None:
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, _: object) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)


def test_the_markup_is_well_nested(tmp_path: Path) -> None:
    page(tmp_path, [*outcomes(AWKWARD), quarantined("Q")])
    nesting = Nesting()
    nesting.feed((tmp_path / "summary.html").read_text("utf-8"))
    assert (nesting.faults, nesting.open) == ([], [])


def test_outcomes_are_gone_through_once_and_a_later_case_is_known_before_the_one_it_supersedes(tmp_path: Path) -> None:
    cases = [reported("P1", COURSES[0][:2]), reported("P1", COURSES[0]), reported("P2", COURSES[3])]
    counts = write_summary(iter(cases), tmp_path, run=RUN)
    assert counts.by_status.total() == 3
    rows = list(csv.DictReader((tmp_path / "worklist.csv").read_text("utf-8-sig").splitlines()))
    assert sorted((row["patient_id"], row["superseded"]) for row in rows) == [("P1", "no"), ("P1", "yes"), ("P2", "no")]
    followed = csv.DictReader((tmp_path / "cohort" / "cohort.csv").read_text("utf-8-sig").splitlines())
    assert [row["patient_id"] for row in followed] == ["P1", "P1", "P1", "P2"]
    assert ">2 patients with a report." in (tmp_path / "summary.html").read_text("utf-8")
