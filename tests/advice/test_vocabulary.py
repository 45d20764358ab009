"""What may be said when: a law of this layer, which no table of a site can lift (decision r)."""

from __future__ import annotations

import pytest

from reporter.advice.interface import Timing
from reporter.advice.vocabulary import NoteId, ProcedureKey, StepId, note_allowed, step_allowed
from tests.advice.test_rows import SURGICAL


@pytest.mark.parametrize("timing", list(Timing))
@pytest.mark.parametrize("step", list(StepId))
def test_a_surgical_line_stands_only_where_surgery_is_next(step: StepId, timing: Timing) -> None:
    """After the course, or at a time point labelled end; never before or during it, nor where that is not stated."""
    after = timing in {Timing.AFTER, Timing.END_LABELLED}
    assert step_allowed(step, timing) is (after or step not in SURGICAL)


@pytest.mark.parametrize("timing", list(Timing))
@pytest.mark.parametrize("note", list(NoteId))
def test_a_note_about_the_course_stands_only_in_it_or_after_it(note: NoteId, timing: Timing) -> None:
    """ "Too early" during treatment, "full course" after it, what a complete response means where surgery is next."""
    only = {
        NoteId.TOO_EARLY: {Timing.DURING},
        NoteId.INSUFFICIENT_AFTER_COURSE: {Timing.AFTER},
        NoteId.COMPLETE_RESPONSE_MATTERS: {Timing.AFTER, Timing.END_LABELLED},
    }
    assert note_allowed(note, timing) is (timing in only.get(note, set(Timing)))


def test_the_procedures_that_rows_can_ask_for() -> None:
    """The words of a pack file."""
    assert [str(key) for key in ProcedureKey] == [
        "us_breast",
        "mammography",
        "dbt",
        "mri_contrast",
        "us_axilla",
        "node_core_biopsy",
        "node_fna",
        "pet_ct",
        "ct_chest_abdomen_pelvis",
        "bone_scan",
    ]
