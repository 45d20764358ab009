"""Units that are worked on together, step by step, come out as each would alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from reporter.batch import work, workers
from reporter.batch.work import Made, Rules, Task
from reporter.pipeline import Kit
from reporter.readers import gather_case as reading
from reporter.readers.gather import Readings
from reporter.readers.gather_case import CaseInput
from tests.batch.exports import batch, put, put_all, study


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What an engine asked for at once."""

    tasks: Sequence[Task]
    kit: Kit
    rules: Rules

    def together(self) -> list[tuple[Made, ...]]:
        return work.work(self.tasks, self.kit, self.rules)


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Asked:
    """A run on five patients, of whom the second has one study more and the third one without a date."""
    calls: list[Asked] = []

    def spy(tasks: Sequence[Task], kit: Kit, rules: Rules) -> list[tuple[Made, ...]]:
        calls.append(Asked(tasks=tasks, kit=kit, rules=rules))
        return calls[-1].together()

    monkeypatch.setattr(workers, "work", spy)
    export, table = put_all(tmp_path, 5)
    for name, data in {**study("P002", 3, "20260601"), **study("P003", 3, "")}.items():
        put(export / name, data)
    batch(export, tmp_path / "out", "-m", str(table), "--every-time-point")
    return replace(calls[0], tasks=[task for call in calls for task in call.tasks])


def test_units_come_out_together_as_each_alone(asked: Asked) -> None:
    alone = [made for task in asked.tasks for made in work.work([task], asked.kit, asked.rules)]
    assert asked.together() == alone
    ended = {
        task.given.patient_id: [one.outcome.status.value for one in made]
        for task, made in zip(asked.tasks, alone, strict=True)
    }
    drafts = dict.fromkeys(("P001", "P004", "P005"), ["reported"] * 2)
    assert ended == {**drafts, "P002": ["reported"] * 3, "P003": ["quarantined"]}


@pytest.mark.hostile
@pytest.mark.parametrize("step", ["gather_case", "assemble", "report_on", "export", "told"])
@pytest.mark.parametrize(("fault", "reason"), [(ZeroDivisionError, "CASE_FAULT"), (MemoryError, "CASE_MEMORY")])
def test_a_fault_in_any_step_costs_the_unit_alone(
    step: str, fault: type[Exception], reason: str, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted, real, count = asked.together(), getattr(work, step), iter(range(100))

    def failing(*given: object, **named: object) -> object:
        if next(count) == 1:
            raise fault
        return real(*given, **named)

    monkeypatch.setattr(work, step, failing)
    made = asked.together()
    (harmed,) = (place for place, unit in enumerate(made) if unit != wanted[place])
    assert [one.outcome.reasons for one in made[harmed]] == [(reason,)]
    assert made[harmed][0].outcome.status.value == "quarantined"


@pytest.mark.parametrize(
    ("limit", "value", "sizes"),
    [
        ("_UNITS", 16, [1, 2, 2]),
        ("_UNITS", 1, [1, 1, 1, 1, 1]),
        ("_ROOM", 9, [1, 2, 2]),
        ("_ROOM", 6, [1, 1, 1, 1, 1]),
        ("_SECONDS", -1.0, [1, 1, 1, 1, 1]),
    ],
)
def test_so_many_units_are_worked_on_at_a_time_as_are_quick_and_have_room(
    limit: str, value: float, sizes: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    together: list[int] = []

    def spy(tasks: Sequence[Task], kit: Kit, rules: Rules) -> list[tuple[Made, ...]]:
        together.append(len(tasks))
        return work.work(tasks, kit, rules)

    monkeypatch.setattr(workers, "work", spy)
    monkeypatch.setattr(workers, limit, value)
    export, table = put_all(tmp_path, 5)
    assert batch(export, tmp_path / "out", "-m", str(table))[0] == 0
    assert together == sizes


@pytest.mark.hostile
def test_a_case_that_ends_every_run_holds_up_none_before_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run after run it stands further in front, until it is alone."""
    export, table = put_all(tmp_path, 12)
    real, order = reading.gather_case, list[str]()

    def ending(given: CaseInput, *others: Any) -> Readings:  # ruff: ignore[any-type]
        order.append(given.patient_id)
        if len(order) > 12 and given.patient_id == order[10]:
            raise KeyboardInterrupt
        return real(given, *others)

    monkeypatch.setattr(work, "gather_case", ending)
    assert batch(export, tmp_path / "undisturbed", "-m", str(table))[0] == 0
    drafted = []
    for _ in range(4):
        assert batch(export, tmp_path / "out", "-m", str(table))[0] == 4
        drafted.append(sum(1 for _ in (tmp_path / "out").glob("*.draft.txt")))
    assert drafted == [7, 10, 10, 10]
