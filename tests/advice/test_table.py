"""A row of the decision table: what it may hold, and the text it gives at each timing (decision r)."""

from __future__ import annotations

from itertools import combinations

import pytest
from pydantic import ValidationError

from reporter.advice.interface import RoleTold, Timing, Urgency
from reporter.advice.table import (
    ImageEntry,
    NoteEntry,
    RaisedEntry,
    Row,
    StepEntry,
    Text,
    roles,
    unknown,
    unstated_text,
)
from reporter.advice.vocabulary import NoteId, Purpose, StepId, Want

ONCOLOGIST, SURGEON, MDT = RoleTold.ONCOLOGIST, RoleTold.SURGEON, RoleTold.MDT


def text(note: NoteId) -> Text:
    return Text(notes=(NoteEntry(id=note),))


BEFORE, DURING, AFTER = text(NoteId.BASELINE_REPORT), text(NoteId.TOO_EARLY), text(NoteId.INSUFFICIENT_AFTER_COURSE)
STARTED, ALWAYS, OWN = text(NoteId.REGROWTH), text(NoteId.OUT_OF_SCOPE), text(NoteId.UNMARKED)


def row(**words: object) -> Row:
    plain = {"id": "C1", "title": "A row", "part": "C", "per": "side", "sources": ("S1",)}
    return Row.model_validate(plain | words)


def refused(**words: object) -> str:
    with pytest.raises(ValidationError) as caught:
        row(**words)
    return str(caught.value.errors()[0]["msg"]).removeprefix("Value error, ")


@pytest.mark.parametrize(
    ("texts", "at_each"),
    [
        ({}, {}),
        ({"always": ALWAYS}, dict.fromkeys(Timing, ALWAYS)),
        ({"before": BEFORE}, {Timing.BEFORE: BEFORE}),
        (
            {"before": BEFORE, "started": STARTED},
            {**dict.fromkeys(Timing, STARTED), Timing.BEFORE: BEFORE},
        ),
        (
            {"during": DURING, "after": AFTER, "unstated": OWN},
            {Timing.DURING: DURING, Timing.AFTER: AFTER, Timing.END_LABELLED: AFTER, Timing.UNSTATED: OWN},
        ),
        ({"during": DURING}, {Timing.DURING: DURING, Timing.UNSTATED: DURING}),
        ({"after": AFTER}, {Timing.AFTER: AFTER, Timing.END_LABELLED: AFTER, Timing.UNSTATED: AFTER}),
        ({"unstated": OWN}, {Timing.UNSTATED: OWN}),
    ],
)
def test_the_text_of_a_timing(texts: dict[str, Text], at_each: dict[Timing, Text]) -> None:
    made = row(**texts)
    assert {timing: made.text(timing) for timing in Timing} == {timing: at_each.get(timing) for timing in Timing}


class TestStatusNotStated:
    """The more urgent escalation of the two, and the lines of its own, else of both."""

    EARLY = Text(
        urgency=Urgency.BEFORE_NEXT_CYCLE,
        told=(ONCOLOGIST,),
        raised=(RaisedEntry(urgency=Urgency.PROMPT),),
        steps=(StepEntry(id=StepId.DISCUSS_RESPONSE), StepEntry(id=StepId.MARK_NOW)),
        notes=(NoteEntry(id=NoteId.TOO_EARLY),),
    )
    LATE = Text(
        urgency=Urgency.IMMEDIATE,
        policy_urgency=True,
        told=(MDT, SURGEON, ONCOLOGIST),
        direct_contact=True,
        raised=(RaisedEntry(urgency=Urgency.PROMPT), RaisedEntry(urgency=Urgency.TUMOUR_BOARD)),
        steps=(StepEntry(id=StepId.DISCUSS_RESPONSE), StepEntry(id=StepId.EXACT_EXTENT)),
        images=(ImageEntry(want=Want.US_BREAST, purpose=Purpose.TUMOUR_BED),),
    )
    RAISED = (RaisedEntry(urgency=Urgency.PROMPT), RaisedEntry(urgency=Urgency.TUMOUR_BOARD))

    @pytest.mark.parametrize(("during", "after"), [(EARLY, LATE), (LATE, EARLY)])
    def test_of_both_each_line_once(self, during: Text, after: Text) -> None:
        made = unstated_text(during, after, None)
        assert made is not None
        assert made.urgency is Urgency.IMMEDIATE
        assert made.told == (ONCOLOGIST, SURGEON, MDT)
        assert made.policy_urgency
        assert made.direct_contact
        assert made.raised == self.RAISED
        assert {step.id for step in made.steps} == {StepId.DISCUSS_RESPONSE, StepId.MARK_NOW, StepId.EXACT_EXTENT}
        assert len(made.steps) == 3
        assert made.notes == self.EARLY.notes
        assert made.images == self.LATE.images

    def test_of_its_own_with_the_escalation_of_both(self) -> None:
        made = unstated_text(self.EARLY, self.LATE, OWN)
        assert made is not None
        assert (made.steps, made.notes, made.images) == ((), OWN.notes, ())
        assert (made.urgency, made.raised, made.direct_contact) == (Urgency.IMMEDIATE, self.RAISED, True)

    @pytest.mark.parametrize(("less", "more"), list(combinations(Urgency, 2)))
    def test_the_more_urgent_by_rank(self, less: Urgency, more: Urgency) -> None:
        one, other = (Text(urgency=u, told=(ONCOLOGIST,) if u.rank else ()) for u in (less, more))
        for during, after in ((one, other), (other, one)):
            made = unstated_text(during, after, None)
            assert made is not None
            assert made.urgency is more

    def test_nobody_is_told_where_neither_says_so(self) -> None:
        made = unstated_text(DURING, AFTER, None)
        assert made is not None
        assert (made.urgency, made.told, made.policy_urgency, made.direct_contact) == (Urgency.NONE, (), False, False)


@pytest.mark.parametrize("other", ["before", "started", "during", "after", "unstated"])
def test_always_stands_alone(other: str) -> None:
    assert refused(always=ALWAYS, **{other: OWN}) == "always stands alone"


@pytest.mark.parametrize("other", ["during", "after", "unstated"])
def test_started_stands_for_all_three(other: str) -> None:
    assert refused(started=STARTED, **{other: OWN}) == "started stands for during, after and unstated together"


@pytest.mark.parametrize(
    ("part", "per", "allowed"),
    [("B", "side", True), ("B", "side_and_patient", True), ("B", "patient", False), ("C", "side", False)],
)
def test_only_a_row_of_a_breast_has_a_precedence(part: str, per: str, allowed: bool) -> None:
    """Of part B the first that holds applies to a breast (or to the patient beside it); all of the others apply."""
    if allowed:
        assert row(part=part, per=per, precedence=1).precedence == 1
    else:
        assert refused(part=part, per=per, precedence=1) == "precedence is for rows of part B, per side"
    assert row(part=part, per=per).precedence is None


def test_an_urgency_of_unstated_is_refused() -> None:
    urgent = Text(urgency=Urgency.PROMPT, told=(SURGEON,))
    assert refused(unstated=urgent) == (
        "the escalation of unstated is the more urgent of during and after: leave it out"
    )


def test_an_urgency_needs_somebody_to_be_told() -> None:
    with pytest.raises(ValidationError, match="give told"):
        Text(urgency=Urgency.PROMPT)
    assert Text(told=(SURGEON,)).urgency is Urgency.NONE
    assert Text(urgency=Urgency.PROMPT, told=(SURGEON,)).told == (SURGEON,)


def test_a_text_asks_for_nothing_unless_it_says_so() -> None:
    plain = Text()
    assert (plain.policy_urgency, plain.direct_contact, plain.told, plain.raised) == (False, False, (), ())
    assert not ImageEntry(want=Want.US_BREAST, purpose=Purpose.BASELINE).each_side


def test_roles_stand_in_their_order_once_each() -> None:
    assert roles([MDT, SURGEON, ONCOLOGIST, SURGEON]) == (ONCOLOGIST, SURGEON, MDT)
    assert roles([]) == ()


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("stabel", "; did you mean 'stable'?"),
        ("sta", "; did you mean 'stable'?"),
        ("xyz", "; known are mixed, partial, stable"),
    ],
)
def test_an_unknown_word_is_met_with_the_nearest_or_with_all(name: str, hint: str) -> None:
    error = unknown("condition", name, ["stable", "mixed", "partial"])
    assert str(error) == f"{name!r} is no known condition{hint}"


@pytest.mark.parametrize(
    ("words", "place", "reason"),
    [
        ({"always": {"urgency": 7}}, ("always", "urgency"), "Input should be"),
        ({"when": (7,)}, ("when", 0), "Input should be a valid string"),
        ({"lesions": 7}, ("lesions",), "Input should be a valid string"),
        ({"always": {"steps": (7,)}}, ("always", "steps", 0), "Input should be"),
    ],
)
def test_a_number_is_no_word(words: dict[str, object], place: tuple[str | int, ...], reason: str) -> None:
    with pytest.raises(ValidationError) as caught:
        row(**words)
    first = caught.value.errors()[0]
    assert (first["loc"], first["msg"][: len(reason)]) == (place, reason)


def test_a_copy_with_other_fields_says_nothing_of_the_first() -> None:
    first = row(when=("stable",), always=ALWAYS)
    assert (first.conditions, first.text(Timing.AFTER)) == (("stable",), ALWAYS)
    copied = first.model_copy(update={"when": ("mixed",), "always": None, "after": AFTER})
    assert (copied.conditions, copied.text(Timing.AFTER)) == (("mixed",), AFTER)
    assert first.model_copy() == first
