"""Time points: labels, therapy dates, windows (decision m)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest

from reporter.case.arrangement import Arrangement, Course, arrange
from reporter.case.facts import Therapy
from reporter.case.issue import Outcome
from reporter.case.study import Study
from reporter.case.timepoint import BaselineBasis, Windows
from reporter.case.vocabulary import Phase, TherapyStatus

START, END = dt.date(2026, 2, 2), dt.date(2026, 6, 29)
UNSTATED = Therapy()
TREATED = Therapy(start=START, end=END)


def study(day: str, label: str | None = None, key: str | None = None) -> Study:
    date = dt.date.fromisoformat(f"2026-{day}")
    return Study(key=key or f"{day} {label or ''}".strip(), uid=None, date=date, label=label)


def drawn(arrangement: Arrangement) -> list[str]:
    """Each time point as phase and days."""
    return [f"{point.phase}: {', '.join(point.studies)}" for point in arrangement.timeline.time_points]


def of(
    *studies: Study, therapy: Therapy = UNSTATED, operation: str | None = None, at: str | None = None
) -> Arrangement:
    day = dt.date.fromisoformat(f"2026-{operation}") if operation else None
    course = Course(therapy=therapy, operation=day)
    return arrange(studies, course, dt.date.fromisoformat(f"2026-{at}") if at else None)


def asked(arrangement: Arrangement) -> list[str]:
    return [f"{issue.outcome} {issue.code}" for issue in arrangement.issues]


def test_therapy_dates_part_baseline_during_and_end() -> None:
    found = of(
        study("01-08"), study("02-02"), study("02-03"), study("06-29"), study("06-30"), study("08-30"), therapy=TREATED
    )
    assert drawn(found) == ["baseline: 01-08, 02-02", "during: 02-03", "during: 06-29", "end: 06-30, 08-30"]
    assert found.timeline.basis is BaselineBasis.THERAPY_DATES
    assert found.timeline.reported == 3
    assert not found.issues


@pytest.mark.parametrize(("day", "together"), [("03-16", True), ("03-17", False)])
def test_during_therapy_fourteen_days_of_the_first_belong_together(day: str, together: bool) -> None:
    found = of(study("01-08"), study("03-02"), study(day), therapy=TREATED)
    assert len(found.timeline.time_points) == (2 if together else 3)


def test_nearness_is_not_chained() -> None:
    found = of(study("01-08"), study("03-02"), study("03-12"), study("03-20"), therapy=TREATED)
    assert drawn(found) == ["baseline: 01-08", "during: 03-02, 03-12", "during: 03-20"]


def test_the_window_is_a_setting() -> None:
    course = Course(therapy=TREATED, windows=Windows(same_time_point_days=1))
    assert len(arrange([study("03-02"), study("03-04")], course).timeline.time_points) == 2


def test_studies_after_the_operation_are_left_out() -> None:
    found = of(study("01-08"), study("07-13"), study("08-01"), study("08-02"), therapy=TREATED, operation="08-01")
    assert drawn(found) == ["baseline: 01-08", "end: 07-13"]
    assert found.after_operation == ("08-01", "08-02")
    assert asked(found) == ["note TP_AFTER_OPERATION"] * 2


@pytest.mark.parametrize(
    ("status", "last"),
    [(TherapyStatus.COMPLETED, Phase.END), (TherapyStatus.ONGOING, Phase.DURING), (None, Phase.DURING)],
)
def test_without_an_end_the_status_says_what_the_last_time_point_is(status: TherapyStatus | None, last: Phase) -> None:
    found = of(study("01-08"), study("03-02"), study("06-02"), therapy=Therapy(start=START, status=status))
    assert [point.phase for point in found.timeline.time_points] == [Phase.BASELINE, Phase.DURING, last]


def test_labels_win_over_therapy_dates_and_are_asked_about() -> None:
    found = of(study("01-08"), study("02-10", "baseline"), study("07-13"), therapy=TREATED)
    assert drawn(found) == ["baseline: 01-08, 02-10 baseline", "end: 07-13"]
    assert found.timeline.basis is BaselineBasis.LABEL
    assert asked(found) == ["question TP_LABEL_DATES"]


def test_an_end_while_therapy_runs_on_is_no_contradiction() -> None:
    found = of(
        study("01-08"), study("05-13", "end of treatment"), therapy=Therapy(start=START, status=TherapyStatus.ONGOING)
    )
    assert drawn(found) == ["baseline: 01-08", "end: 05-13 end of treatment"]
    assert not found.issues


def test_a_label_covers_the_studies_about_it() -> None:
    found = of(study("01-08", "Baseline"), study("01-20"), study("04-20", "C4"), study("07-13"), study("07-15", "END"))
    assert drawn(found) == [
        "baseline: 01-08 Baseline, 01-20",
        "unknown: 04-20 C4",
        "end: 07-13, 07-15 END",
    ]
    assert found.timeline.time_points[1].label == "C4"


def test_other_labels_part_what_is_near() -> None:
    found = of(study("01-08", "baseline"), study("03-02", "C2"), study("03-10", "C3"))
    assert len(found.timeline.time_points) == 3


def test_a_label_repeated_far_apart_is_two_time_points() -> None:
    found = of(study("01-08", "baseline"), study("03-02", "follow-up"), study("05-02", "follow-up"))
    assert len(found.timeline.time_points) == 3


def test_same_day_studies_are_one_time_point() -> None:
    found = of(study("03-02", "baseline"), study("03-02", "C1"), study("05-02", "end"))
    assert drawn(found)[0] == "baseline: 03-02 C1, 03-02 baseline"
    assert asked(found) == ["note TP_SAME_DAY"]


def test_labels_in_reverse_are_refused() -> None:
    found = of(study("01-08", "end"), study("07-13", "baseline"))
    assert "refused TP_ORDER" in asked(found)


def test_without_dates_or_labels_the_earliest_is_taken_as_baseline() -> None:
    found = of(study("01-08"), study("01-22"), study("07-13"))
    assert drawn(found) == ["baseline: 01-08, 01-22", "unknown: 07-13"]
    assert found.timeline.basis is BaselineBasis.EARLIEST_TAKEN
    assert asked(found) == ["question TP_EARLIEST"]


@pytest.mark.parametrize(("status", "last"), [(TherapyStatus.COMPLETED, "end"), (TherapyStatus.ONGOING, "during")])
def test_a_status_alone_names_the_last_time_point(status: TherapyStatus, last: str) -> None:
    found = of(study("01-08"), study("07-13"), therapy=Therapy(status=status))
    assert drawn(found) == ["baseline: 01-08", f"{last}: 07-13"]
    assert found.timeline.basis is BaselineBasis.EARLIEST_TAKEN


def test_therapy_not_started_makes_every_study_baseline() -> None:
    found = of(study("01-08"), study("07-13"), therapy=Therapy(status=TherapyStatus.NOT_STARTED))
    assert drawn(found) == ["baseline: 01-08, 07-13"]
    assert not found.issues


@pytest.mark.parametrize(
    ("therapy", "label", "phase", "basis", "issues"),
    [
        (Therapy(), None, "baseline", BaselineBasis.SINGLE, ["question TP_SINGLE"]),
        (Therapy(start=dt.date(2026, 3, 1)), None, "baseline", BaselineBasis.THERAPY_DATES, []),
        (Therapy(), "baseline", "baseline", BaselineBasis.LABEL, []),
        (Therapy(start=START), None, "during", BaselineBasis.NONE, ["problem TP_NO_BASELINE"]),
        (Therapy(status=TherapyStatus.ONGOING), None, "during", BaselineBasis.NONE, ["problem TP_NO_BASELINE"]),
        (Therapy(status=TherapyStatus.COMPLETED), None, "end", BaselineBasis.NONE, ["problem TP_NO_BASELINE"]),
        (Therapy(), "end", "end", BaselineBasis.NONE, ["problem TP_NO_BASELINE"]),
    ],
)
def test_a_single_time_point(
    therapy: Therapy, label: str | None, phase: str, basis: BaselineBasis, issues: Sequence[str]
) -> None:
    found = of(study("02-08", label), therapy=therapy)
    assert [str(point.phase) for point in found.timeline.time_points] == [phase]
    assert found.timeline.basis is basis
    assert asked(found) == issues


@pytest.mark.parametrize(
    ("at", "reported"),
    [
        ("07-13", "end: 07-13, 07-15"),
        ("07-15", "end: 07-13, 07-15"),
        ("07-14", "end: 07-13, 07-15"),
        ("05-01", "during: 04-20"),
    ],
)
def test_a_day_chooses_the_reported_time_point(at: str, reported: str) -> None:
    found = of(study("01-08"), study("04-20"), study("07-13"), study("07-15"), therapy=TREATED, at=at)
    assert drawn(found)[-1] == reported
    assert found.timeline.reported == len(drawn(found)) - 1


def test_later_time_points_are_told() -> None:
    found = of(study("01-08"), study("04-20"), study("07-13"), therapy=TREATED, at="04-20")
    assert [point.studies for point in found.later] == [("07-13",)]


@pytest.mark.parametrize(
    ("at", "status"), [("07-13", TherapyStatus.COMPLETED), ("04-20", TherapyStatus.ONGOING), ("01-08", None)]
)
def test_a_status_told_for_the_last_time_point_does_not_hold_before(at: str, status: TherapyStatus | None) -> None:
    therapy = Therapy(status=TherapyStatus.COMPLETED)
    found = of(study("01-08"), study("04-20"), study("07-13"), therapy=therapy, at=at)
    assert found.therapy.status is status


def test_a_day_before_every_study_chooses_none() -> None:
    assert not of(study("01-08"), at="01-07").timeline.time_points


def test_order_of_studies_does_not_matter() -> None:
    studies = [study("01-08"), study("04-20", "C4"), study("07-13"), study("07-15", "end")]
    assert arrange(studies, Course(therapy=TREATED)) == arrange(studies[::-1], Course(therapy=TREATED))


def test_outcomes_are_those_of_the_design() -> None:
    found = of(study("01-08", "end"), study("07-13", "baseline"))
    assert {issue.outcome for issue in found.issues if issue.code == "TP_ORDER"} == {Outcome.REFUSED}


@pytest.mark.parametrize(("days", "expected"), [(28, []), (29, ["note TP_BASELINE_OLD"])])
def test_a_baseline_long_before_the_therapy_is_noted(days: int, expected: list[str]) -> None:
    baseline = Study(key="b", uid=None, date=START - dt.timedelta(days=days))
    found = of(baseline, study("07-01"), therapy=TREATED)
    assert asked(found) == expected
    operands = [i.operands for i in found.issues]
    assert operands == [{"date": str(baseline.date), "count": days, "limit": 28}][: len(expected)]


def test_the_latest_study_of_the_baseline_tells_its_age() -> None:
    early = Study(key="a", uid=None, date=START - dt.timedelta(days=60))
    assert asked(of(early, study("01-20"), study("07-01"), therapy=TREATED)) == []


@pytest.mark.parametrize(("days", "expected"), [(28, []), (29, ["question TP_LONG_BASELINE"])])
def test_baselines_by_label_that_lie_far_apart_are_asked_about(days: int, expected: list[str]) -> None:
    """A viewer may write the same word into every report."""
    later = Study(key="z", uid=None, date=START + dt.timedelta(days=days), label="baseline")
    found = of(study("02-02", "baseline"), later)
    assert [len(point.studies) for point in found.timeline.time_points] == [2]
    assert asked(found) == expected
    therapy = Therapy(start=later.date)
    assert asked(of(study("02-02", "baseline"), later, therapy=therapy)) == []


@pytest.mark.parametrize(("days", "expected"), [(210, []), (211, ["note TP_INTERVAL"])])
def test_time_points_far_apart_are_noted(days: int, expected: list[str]) -> None:
    later = Study(key="z", uid=None, date=START + dt.timedelta(days=days), label="end")
    assert asked(of(study("02-02", "baseline"), later)) == expected


def test_how_old_and_how_far_apart_are_settings() -> None:
    windows = Windows(baseline_age_warning_days=5, interval_warning_days=50)
    course = Course(therapy=TREATED, windows=windows)
    found = arrange([study("01-20"), study("05-01"), study("07-10")], course)
    assert [i.code for i in found.issues] == ["TP_BASELINE_OLD", "TP_INTERVAL", "TP_INTERVAL"]
