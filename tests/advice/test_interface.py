"""What advice is made of: the words that leave the program, and the small questions that its parts answer."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from reporter.advice.interface import (
    Escalation,
    Policy,
    Question,
    Radiation,
    Rating,
    RoleTold,
    RowMatch,
    Timing,
    Urgency,
)
from reporter.case.vocabulary import Side
from tests.advice.factory import scene

LEFT, RIGHT = Side.LEFT, Side.RIGHT


@pytest.mark.parametrize(
    ("words", "values"),
    [
        (Timing, ["before", "during", "after", "end_labelled", "unstated"]),
        (
            Urgency,
            ["none", "before_operation", "before_next_cycle", "tumour_board", "prompt", "immediate"],
        ),
        (RoleTold, ["medical_oncologist", "surgeon", "radiologist", "multidisciplinary_meeting"]),
        (Question, ["breast", "axilla", "distant"]),
        (Rating, ["usually_appropriate", "may_be_appropriate", "usually_not_appropriate"]),
    ],
)
def test_the_words_of_the_record(
    words: type[Timing | Urgency | RoleTold | Question | Rating], values: list[str]
) -> None:
    """The record and a site's files speak them: within a major version none changes."""
    assert [str(one) for one in words] == values


def test_urgencies_from_the_lowest_to_the_highest() -> None:
    """Decision t."""
    ranked = [
        Urgency.NONE,
        Urgency.BEFORE_OPERATION,
        Urgency.BEFORE_NEXT_CYCLE,
        Urgency.TUMOUR_BOARD,
        Urgency.PROMPT,
        Urgency.IMMEDIATE,
    ]
    assert [one.rank for one in ranked] == list(range(6))


@pytest.mark.parametrize("timing", list(Timing))
def test_surgical_lines_after_the_course_or_at_a_time_point_labelled_end(timing: Timing) -> None:
    """Decision r."""
    assert timing.surgical is (timing in {Timing.AFTER, Timing.END_LABELLED})


@pytest.mark.parametrize("urgency", list(Urgency))
def test_somebody_must_be_told_at_every_urgency_above_none(urgency: Urgency) -> None:
    one = Escalation(urgency=urgency, told=(), direct_contact=False, reasons=())
    assert one.required is (urgency is not Urgency.NONE)


def test_a_suspicion_of_distant_spread_is_prompt_unless_the_site_maps_it() -> None:
    """Decision t."""
    assert Policy().distant_urgency is Urgency.PROMPT
    assert Policy().contacts == {}


def test_no_study_is_no_radiation() -> None:
    assert (Radiation().least, Radiation().most) == (Decimal(0), Decimal(0))


class TestRow:
    def match(self, row: str, side: Side | None) -> RowMatch:
        return RowMatch(row=row, side=side, timing=Timing.AFTER)

    def test_of_one_side_of_the_patient_or_of_any(self) -> None:
        left, right, of_patient = self.match("B3", LEFT), self.match("B4", RIGHT), self.match("C7", None)
        advice = replace(scene().advise(), rows=(left, right, of_patient))
        assert advice.row("B3") is left
        assert advice.row("B3", LEFT) is left
        assert advice.row("B3", RIGHT) is None
        assert advice.row("B4", RIGHT) is right
        assert advice.row("C7", LEFT) is of_patient, "what holds for the patient holds for each side"
        assert advice.row("B5") is None
        assert advice.row("B5", LEFT) is None
