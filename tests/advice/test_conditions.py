"""The closed vocabularies: named, documented, total."""

from __future__ import annotations

import pytest

from reporter.advice.conditions import CONDITIONS, Condition
from reporter.advice.context import Context
from reporter.advice.interface import Timing
from reporter.advice.lesions import SELECTORS, Selector
from reporter.case.vocabulary import Side
from reporter.response.interface import Category, Response, Thresholds
from tests.advice.factory import axilla, breast, new_finding, node, pack, scene, site

NOTHING = Response(criteria=(), assessments=(), breasts=(), axillae=(), thresholds=Thresholds())
RICH = scene(
    Timing.AFTER,
    breast(Category.MIXED, site("A", Category.PR), site("B", Category.SD), new_findings=[new_finding()]),
    axillae=[axilla(Side.LEFT, node())],
)
CONTEXTS = [
    Context(case=RICH.case, response=response, timing=timing, side=side)
    for response in (NOTHING, RICH.response)
    for timing in Timing
    for side in (None, *Side)
]


@pytest.mark.parametrize("name", list(CONDITIONS))
def test_a_condition_always_has_an_answer(name: str) -> None:
    condition: Condition = CONDITIONS[name]
    assert all(isinstance(condition(context), bool) for context in CONTEXTS)


@pytest.mark.parametrize("name", list(SELECTORS))
def test_a_selection_gives_ids_once_each(name: str) -> None:
    selector: Selector = SELECTORS[name]
    for context in CONTEXTS:
        found = selector(context)
        assert isinstance(found, tuple)
        assert len(set(found)) == len(found)


def test_everything_is_documented() -> None:
    for name, function in {**CONDITIONS, **SELECTORS}.items():
        assert function.__name__ == name
        assert function.__doc__, name


def test_the_shipped_table_uses_every_condition_but_two() -> None:
    decision = pack().decision
    guards = [*decision.row, *decision.remark]
    for row in decision.row:
        guards += row.beside
        for timing in Timing:
            text = row.text(timing)
            guards += [] if text is None else [*text.steps, *text.notes, *text.images, *text.raised]
    used = {name for guard in guards for name in (*guard.when, *guard.any_of, *guard.unless)}
    assert set(CONDITIONS) - used == {"course_completed", "surgery_next"}, "kept for tables of a site"


def test_the_shipped_table_uses_every_selection_but_one() -> None:
    decision = pack().decision
    used = {row.lesions for row in decision.row} | {remark.lesions for remark in decision.remark}
    for row in decision.row:
        for timing in Timing:
            text = row.text(timing)
            if text is not None:
                used |= {step.lesions for step in text.steps} | {note.lesions for note in text.notes}
    assert set(SELECTORS) - used == {"new_progressions"}, "kept for tables of a site"


def test_without_any_breast_nothing_fires_but_routing() -> None:
    for side in Side:
        context = Context(case=RICH.case, response=NOTHING, timing=Timing.AFTER, side=side)
        holding = {name for name, condition in CONDITIONS.items() if condition(context)}
        assert not holding & {"progressive", "stable", "complete", "partial", "persistent", "not_evaluable"}
