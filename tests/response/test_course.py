"""Which value of a lesion counts at a time point, and which studies looked at it: the course as every rule reads it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from reporter.case.case import Case
from reporter.case.length import Length
from reporter.case.measurement import NotEvaluable
from reporter.case.vocabulary import Modality, Side
from reporter.response.course import Chart, chart
from reporter.response.interface import LesionPoint, State, Thresholds
from tests.response.answers import axilla, breast, codes, mm, per_site, respond, words
from tests.response.timeline import timeline


def charted(case: Case | str) -> Chart:
    return chart(timeline(case) if isinstance(case, str) else case, Thresholds())


def last(case: Case | str, lesion_id: str = "A") -> LesionPoint:
    """What counts of a lesion at the last time point, on its one modality."""
    (track,) = charted(case).of(lesion_id)
    return track.points[-1]


# --- the value that counts -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "state", "size"),
    [
        ("12", "10", State.MEASURED, 10),
        ("12", "ne", State.MEASURED, 12),
        ("12", "present", State.MEASURED, 12),
        ("present", "12", State.MEASURED, 12),
        ("12", "absent", State.ABSENT, 0),
        ("12", "too_small", State.TOO_SMALL, 5),
        ("12", "progressed", State.PROGRESSED, None),
        ("progressed", "present", State.PROGRESSED, None),
        ("progressed", "ne", State.PROGRESSED, None),
        ("progressed", "12", State.MEASURED, 12),
        ("present", "ne", State.PRESENT, None),
        ("present", "equivocal", State.EQUIVOCAL, None),
        ("ne", "not_imaged", State.NOT_IMAGED, None),
    ],
)
def test_of_a_time_point_the_latest_value_that_can_be_used_counts(
    first: str, second: str, state: State, size: int | None
) -> None:
    point = last(f"day 0 | A 20\nday 9 | A {first}\n+day 10 | A {second}")
    assert (point.state, point.size) == (state, None if size is None else Length(Decimal(size)))


@pytest.mark.parametrize(
    ("lesion_id", "now", "state"),
    [
        ("A", "day 9 US | A absent\n+day 9 US | A present", State.PRESENT),
        ("A", "day 9 US | A present\n+day 9 US | A absent", State.PRESENT),
        ("A", "day 9 US | A absent\n+day 10 US | A present", State.PRESENT),
        ("A", "day 9 US | A present\n+day 10 US | A absent", State.ABSENT),
        ("A", "day 9 US | A absent\n+day 9 US | A nounit", State.NOT_EVALUABLE),
        ("A", "day 9 US | A absent\n+day 9 US | A ne", State.ABSENT),
        ("A", "day 9 US | A 12\n+day 10 US | A absent\n+day 10 US | A present", State.PRESENT),
        ("A", "day 9 US | A 8\n+day 9 US | A nounit", State.MEASURED),
        ("A", "day 9 US | A 8\n+day 9 US | A present", State.MEASURED),
        ("A", "day 9 US | A merged>B\n+day 9 US | A nounit", State.MERGED),
        ("A", "day 9 US | A progressed\n+day 9 US | A nounit", State.PROGRESSED),
        ("N1", "day 9 US | N1 9.9\n+day 9 US | N1 nounit", State.NOT_EVALUABLE),
        ("N1", "day 9 US | N1 10\n+day 9 US | N1 nounit", State.MEASURED),
        ("N1", "day 9 US | N1 9.9\n+day 9 US | N1 present", State.MEASURED),
        ("N1", "day 9 US | N1 9.9\n+day 9 US | N1 ne", State.MEASURED),
        ("N1", "day 9 US | N1 progressed\n+day 9 US | N1 nounit", State.PROGRESSED),
        ("N1", "day 9 US | N1 merged>A\n+day 9 US | N1 nounit", State.MERGED),
        ("A", "day 9 US | A 12\n+day 9 US | A absent", State.ABSENT),
    ],
)
def test_no_lesion_counts_as_gone_against_what_says_otherwise_that_day_or_later(
    lesion_id: str, now: str, state: State
) -> None:
    assert last(f"day 0 US | A 20 | N1 16\n{now}", lesion_id).state is state


@pytest.mark.parametrize(
    ("unenhanced", "state"),
    [
        ("10", State.NOT_EVALUABLE),
        ("present", State.NOT_EVALUABLE),
        ("absent", State.ABSENT),
        ("not_imaged", State.ABSENT),
    ],
)
def test_a_size_on_mri_without_contrast_speaks_against_absent_with_it(unenhanced: str, state: State) -> None:
    case = dry(f"day 0 MR | A 20\nday 9 MR | A absent\n+day 9 MR | A {unenhanced}", "0009.02")
    assert last(case).state is state


@pytest.mark.parametrize(
    ("mg", "dbt", "by", "state"),
    [
        ("12", "10", Modality.DBT, State.MEASURED),
        ("12", "absent", Modality.MG, State.MEASURED),
        ("absent", "10", Modality.DBT, State.MEASURED),
        ("absent", "absent", Modality.DBT, State.ABSENT),
        ("12", "ne", Modality.MG, State.MEASURED),
        ("present", "equivocal", Modality.DBT, State.EQUIVOCAL),
        ("present", "ne", Modality.MG, State.PRESENT),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_tomosynthesis_counts_where_both_saw_the_lesion_whichever_came_first(
    mg: str, dbt: str, by: Modality, state: State, turned: bool
) -> None:
    lines = [f"day 9 MG | A {mg}", f"day 9 DBT | A {dbt}"]
    point = last("\n".join(["day 0 MG | A 20", *(lines[::-1] if turned else lines)]))
    assert (point.by, point.state, point.modality) == (by, state, Modality.MG)


def timed(text: str, starts: dict[str, dt.time | None]) -> Case:
    """The studies with a time of day, by key."""
    case = timeline(text)
    return replace(case, studies=tuple(replace(s, start=starts.get(s.key)) for s in case.studies))


@pytest.mark.parametrize(
    ("starts", "size"),
    [
        ({}, 14),
        ({"0009.01": dt.time(10), "0009.02": dt.time(9)}, 12),
        ({"0009.01": dt.time(9), "0009.02": dt.time(10)}, 14),
        ({"0009.01": dt.time(0)}, 12),
        ({"0009.02": dt.time(0)}, 14),
        ({"0009.01": dt.time(9), "0009.02": dt.time(9)}, 14),
    ],
)
def test_of_one_day_the_time_of_the_study_orders_and_one_without_a_time_comes_first(
    starts: dict[str, dt.time | None], size: int
) -> None:
    case = timed("day 0 | A 20\nday 9 | A 12\nday 9 | A 14", starts)
    for order in (case.measurements, case.measurements[::-1]):
        for studies in (case.studies, case.studies[::-1]):
            found = last(replace(case, measurements=order, studies=studies)).size
            assert found == Length(Decimal(size))


def test_days_order_before_the_time_of_day() -> None:
    case = timed("day 0 | A 20\nday 9 | A 12\n+day 10 | A 14", {"0009.01": dt.time(10), "0010.02": dt.time(9)})
    assert last(case).size == Length(Decimal(14))


def test_of_two_rows_of_one_study_the_later_row_counts_in_whatever_order_they_are_given() -> None:
    case = timeline("day 0 | A 20\nday 9 | A 12 | A 14")
    for rows in (case.measurements, case.measurements[::-1]):
        assert last(replace(case, measurements=rows)).size == Length(Decimal(14))


def test_each_point_names_its_study_its_axes_and_its_modality_as_given() -> None:
    point = last("day 0 DBT | A 20\n+day 0 MG | A 20\nday 9 MG | A 30x20x10")
    assert (point.study, point.modality, point.by, point.time_point) == ("0009.02", Modality.MG, Modality.MG, 1)
    assert [axis.mm for axis in point.axes] == list(mm(30, 20, 10))
    assert last("day 0 | A 20\nday 9 | A 0x0").axes == ()


# --- what takes a value away -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        ("ne", "motion"),
        ("ne vol:3", "motion"),
        ("volume_only vol:3", "RULE_MIX"),
        ("volume_only", "MEAS_VOLUME_ONLY"),
        ("present vol:3", "RULE_MIX"),
        ("present", None),
        ("short:4", "RULE_MIX"),
        ("nounit vol:3", "MEAS_UNIT"),
    ],
)
def test_a_volume_beside_no_diameter_is_another_measure(now: str, reason: str | None) -> None:
    point = last(f"day 0 | A 20\nday 9 | A {now}")
    assert (point.size, point.reason) == (None, reason)


def test_a_value_that_cannot_be_given_for_no_stated_reason_is_another_measure_beside_a_volume() -> None:
    case = timeline("day 0 | A 20\nday 9 | A volume_only vol:3")
    rows = [replace(m, value=NotEvaluable()) if isinstance(m.value, NotEvaluable) else m for m in case.measurements]
    assert last(replace(case, measurements=tuple(rows))).reason == "RULE_MIX"


def dry(text: str, *studies: str) -> Case:
    """The case with MR studies whose header says that no contrast was given."""
    case = timeline(text)
    return replace(
        case,
        studies=tuple(
            replace(s, series=tuple(replace(x, technique=replace(x.technique, contrast=False)) for x in s.series))
            if s.key in studies
            else s
            for s in case.studies
        ),
    )


MR_TWICE = "day 0 MR | A 20\nday 9 MR | A 10"


@pytest.mark.parametrize(
    ("without", "now", "then"),
    [
        ((), State.MEASURED, State.MEASURED),
        (("0009.01",), State.NOT_EVALUABLE, State.MEASURED),
        (("0000.00",), State.MEASURED, State.NOT_EVALUABLE),
        (("0000.00", "0009.01"), State.MEASURED, State.MEASURED),
    ],
)
def test_an_mri_without_contrast_is_compared_with_others_without_it_alone(
    without: tuple[str, ...], now: State, then: State
) -> None:
    (track,) = charted(dry(MR_TWICE, *without)).tracks
    assert [p.state for p in track.points] == [then, now]
    taken = [p for p in track.points if p.state is State.NOT_EVALUABLE]
    assert [(p.size, p.reason) for p in taken] == [(None, "MR_NO_CONTRAST")] * len(taken)


def test_another_modality_of_the_same_study_keeps_its_value() -> None:
    case = dry(f"{MR_TWICE}\n+day 9 MR | A 12", "0009.01")
    rows = [replace(m, modality=Modality.PT) if m.study == "0009.01" else m for m in case.measurements]
    with_pet = replace(case, measurements=(*case.measurements, *rows))
    (pet,) = (t for t in charted(with_pet).of("A") if t.modality is Modality.PT)
    assert pet.points[-1].state is State.MEASURED


def test_rows_of_other_modalities_say_nothing_of_contrast() -> None:
    case = dry("day 0 MR | A 20\n+day 0 US | A 20\nday 9 MR | A 10\n+day 9 US | A 10", "0000.00", "0009.02")
    assert {t.points[-1].state for t in charted(case).of("A")} == {State.MEASURED}


# --- who looked where ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "state"),
    [
        ("US", State.NO_ROW),
        ("US/left", State.NO_ROW),
        ("US/left/right", State.NO_ROW),
        ("US/right", State.NOT_DONE),
        ("US/right | R 9", State.NOT_DONE),
        ("US/right | B 9", State.NO_ROW),
        ("US/right | Q 9", State.NO_ROW),
        ("MR", State.NOT_DONE),
        ("MR | B 9", State.NOT_DONE),
    ],
)
def test_a_lesion_without_a_row_was_looked_for_where_the_modality_looked_at_its_side(now: str, state: State) -> None:
    """A row of a lesion without a side may be of this one."""
    text = f"day 0 US | A 20 | B 9 | R right 9 | Q noside 9\nday 9 {now}"
    (track,) = (t for t in charted(text).of("A") if t.modality is Modality.US)
    assert (track.points[-1].state, track.points[-1].study, track.points[-1].size) == (state, None, None)


def test_a_lesion_without_a_side_was_looked_for_wherever_the_modality_looked() -> None:
    (track,) = charted("day 0 US | Q noside 9\nday 9 US/right").of("Q")
    assert track.points[-1].state is State.NO_ROW


def test_tracks_stand_by_lesion_then_modality_the_unnamed_last() -> None:
    found = charted("day 0 | B 9\n+day 0 US | B 9 | A 9\n+day 0 MR | B 9\n+day 0 DBT | B 9\n+day 0 MG | A 9").tracks
    assert [(t.lesion.id, t.modality) for t in found] == [
        ("A", Modality.US),
        ("A", Modality.MG),
        ("B", Modality.US),
        ("B", Modality.MG),
        ("B", Modality.MR),
        ("B", None),
    ]


# --- what was known at the start -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mri", "us", "seen", "stated"),
    [
        ("20", "20", True, True),
        ("20", "absent", True, True),
        ("absent", "present", True, True),
        ("absent", "ne", False, True),
        ("absent", "not_imaged", False, False),
    ],
)
def test_a_lesion_was_known_at_baseline_where_any_modality_saw_it(mri: str, us: str, seen: bool, stated: bool) -> None:
    found = charted(f"day 0 MR | A {mri}\n+day 0 US | A {us}\nday 9 MR | A 20\n+day 9 US | A 20")
    assert (found.seen_at_origin("A"), found.stated_at_origin("A")) == (seen, stated)
    assert not found.seen_at_origin("nobody")


def test_without_a_baseline_the_first_study_at_hand_is_what_later_ones_are_compared_with() -> None:
    case = timeline("day 5 | A 20\nday 9 | B 20 | A absent", baseline=False)
    found = charted(case)
    assert (found.baseline, found.origin) == (None, 0)
    assert (found.seen_at_origin("A"), found.seen_at_origin("B")) == (True, False)


def test_a_baseline_that_is_not_the_first_time_point_is_where_the_course_begins() -> None:
    case = timeline("day 0 | A 20\nday 5 | A 30\nday 9 | A 25")
    first, second, third = case.timeline.time_points
    points = (replace(first, phase=third.phase), replace(second, phase=first.phase), third)
    later = replace(case, timeline=replace(case.timeline, time_points=points))
    assert (charted(later).baseline, charted(later).origin) == (1, 1)


def test_a_finding_is_dated_by_the_first_modality_that_saw_it() -> None:
    text = "day 0 MR | A 20\n+day 0 US | A 20\nday 5 US | A 20 | Z new 8\nday 9 MR | A 20 | Z 8"
    assert charted(text).first_seen("Z") == 1
    assert breast(text).new_findings[0].first_seen == 1
    assert charted(text).first_seen("nobody") is None


def test_a_node_grown_where_one_modality_saw_it_at_baseline_is_told_with_its_axilla() -> None:
    text = "day 0 US | L1 20 | N1 8\n+day 0 MR | L1 20 | N1 absent\nday 9 US | L1 10 | N1 11\n+day 9 MR | L1 10 | N1 11"
    assert [n.enlarged for n in axilla(text).nodes] == [True]
    assert breast(text).new_findings == ()


def test_time_points_after_the_reported_one_are_not_read() -> None:
    found = charted(timeline("day 0 | A 20\nday 5 | A 10\nday 9 | A 30", reported=1))
    assert [len(t.points) for t in found.tracks] == [2]
    assert words(per_site("day 0 | A 20\nday 5 | A 10\nday 9 | A 30", reported=1)) == "BASELINE PR"


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("8", True),
        ("too_small", True),
        ("present", True),
        ("progressed", True),
        ("equivocal", True),
        ("merged>L", True),
        ("absent", False),
        ("ne", False),
        ("not_imaged", False),
    ],
)
def test_a_lesion_is_first_seen_where_it_was_there_in_whatever_form(said: str, seen: bool) -> None:
    assert charted(f"day 0 | L 9\nday 9 | L 9 | A {said}").first_seen("A") == (1 if seen else None)


def test_a_word_of_progression_is_no_size_of_its_day() -> None:
    """Nor does it take the earlier size of the time point out of the smallest (2.2)."""
    (track,) = charted("day 0 | A 20\nday 9 | A 12\n+day 10 | A progressed").tracks
    ninth, tenth = dt.date(2026, 1, 10), dt.date(2026, 1, 11)
    assert (track.size_at(1), track.size_at(1, tenth), track.size_at(1, ninth)) == (None, None, Decimal(12))
    assert track.days(1) == (ninth, tenth)


def test_a_size_up_to_a_day_is_the_last_of_the_days_up_to_it() -> None:
    (track,) = charted("day 0 | A 20\nday 9 | A 12\n+day 10 | A ne\n+day 11 | A 14").tracks
    start = dt.date(2026, 1, 1)
    sizes = [track.size_at(1, start + dt.timedelta(days=n)) for n in (8, 9, 10, 11)]
    assert sizes == [None, *mm(12, 12, 14)]
    assert track.days(1) == (start + dt.timedelta(days=9), start + dt.timedelta(days=11))


def test_the_last_value_of_a_time_point_is_no_smallest_before_itself() -> None:
    days = "\n+".join(f"day {9 + i} | A {size}" for i, size in enumerate((20, 20, 20, 20, 20, 20, 20, 10)))
    last_of_all = per_site(f"day 0 | A 30\n{days}")[-1]
    assert (last_of_all.total, last_of_all.nadir_total) == mm(10, 20)


def test_tracks_on_a_modality_are_those_of_the_sides_asked_for() -> None:
    found = charted("day 0 US | A 9 | R right 9 | Q noside 9\n+day 0 MR | A 9")
    assert [t.lesion.id for t in found.on(Modality.US, [Side.LEFT])] == ["A"]
    assert [t.lesion.id for t in found.on(Modality.US, [Side.RIGHT, None])] == ["Q", "R"]


def test_the_row_that_counts_is_the_last_that_may_count() -> None:
    (track,) = charted("day 0 | A 20\nday 9 | A 12\n+day 10 | A 14\n+day 11 | A ne").tracks
    row = track.row(1)
    assert row is not None
    assert row.study == "0010.02"
    (silent, _) = charted("day 0 | A 20 | B 20\nday 9 | B 12").tracks
    assert silent.row(1) is None


def test_a_modality_without_contrast_stated_is_asked_about_where_it_has_rows() -> None:
    assert "MR_CONTRAST_NOT_STATED" in codes(respond(MR_TWICE, contrast=None))
