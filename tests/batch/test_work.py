"""Units that are worked on together, step by step, come out as each would alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from reporter.batch import work, workers
from reporter.batch.work import Made, Rules, Task
from reporter.pipeline import Kit
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
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Asked]:
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
    return calls


def test_units_come_out_together_as_each_alone(asked: list[Asked]) -> None:
    (run,) = asked
    alone = [made for task in run.tasks for made in work.work([task], run.kit, run.rules)]
    assert run.together() == alone
    ended = {
        task.given.patient_id: [one.outcome.status.value for one in made]
        for task, made in zip(run.tasks, alone, strict=True)
    }
    drafts = dict.fromkeys(("P001", "P004", "P005"), ["reported"] * 2)
    assert ended == {**drafts, "P002": ["reported"] * 3, "P003": ["quarantined"]}


@pytest.mark.hostile
@pytest.mark.parametrize("step", ["gather_case", "assemble", "report_on", "export", "told"])
@pytest.mark.parametrize(("fault", "reason"), [(ZeroDivisionError, "CASE_FAULT"), (MemoryError, "CASE_MEMORY")])
def test_a_fault_in_any_step_costs_the_unit_alone(
    step: str, fault: type[Exception], reason: str, asked: list[Asked], monkeypatch: pytest.MonkeyPatch
) -> None:
    (run,) = asked
    wanted, real, count = run.together(), getattr(work, step), iter(range(100))

    def failing(*given: object, **named: object) -> object:
        if next(count) == 1:
            raise fault
        return real(*given, **named)

    monkeypatch.setattr(work, step, failing)
    made = run.together()
    (harmed,) = (place for place, unit in enumerate(made) if unit != wanted[place])
    assert [one.outcome.reasons for one in made[harmed]] == [(reason,)]
    assert made[harmed][0].outcome.status.value == "quarantined"


@pytest.mark.parametrize(("limit", "value", "sizes"), [("_UNITS", 2, [2, 2, 1]), ("_FILES", 5, [2, 2, 1])])
def test_so_many_units_or_files_are_worked_on_at_a_time(
    limit: str, value: int, sizes: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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
