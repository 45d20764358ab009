"""`recist-1.1` against a second calculation that shares no code with it, on generated tables of patients."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporter.response.criteria.recist11 import Recist11
from tests.response.second_calculation import Visit, classify
from tests.response.timeline import timeline

pytestmark = pytest.mark.property
KINDS = {"T": "target", "M": "", "N": "", "X": "non_target", "Z": "new"}
AWKWARD = ["0.1", "4.9", "5", "7", "9.8", "9.9", "10", "14", "14.9", "15", "20", "24", "25", "30", "32.4", "49", "70"]

sizes = st.one_of(st.sampled_from(AWKWARD), st.integers(1, 1000).map(lambda n: f"{Decimal(n) / 10}"))
follow_ups = st.one_of(sizes, sizes, st.sampled_from(["absent", "absent", "too_small", "ne"]))
words = st.sampled_from(["present", "present", "absent", "absent", "progressed", "ne", "8", "12"])


def sheet(visits: list[Visit], unit: str = "") -> str:
    lines = []
    for number, visit in enumerate(visits):
        cells = [f"{n} {KINDS[n[0]]} {_cell(w, unit)}" for n, w in visit.items()]
        lines.append(" | ".join([f"day {number * 30}", *cells]))
    return "\n".join(lines)


def _cell(word: str, unit: str) -> str:
    return f"{Decimal(word) / 10}cm" if unit == "cm" and word[0].isdigit() else word


@st.composite
def patients(draw: st.DrawFn) -> list[Visit]:
    masses = [f"{draw(st.sampled_from('TM'))}{i}" for i in range(draw(st.integers(0, 2)))]
    nodes = [f"N{i}" for i in range(draw(st.integers(0, 2)))]
    others = [f"X{i}" for i in range(draw(st.integers(0, 2)))]
    known = masses + nodes + others or ["T0"]
    visits: list[Visit] = [{n: draw(st.just("present") if n[0] == "X" else sizes) for n in known}]
    for _ in range(draw(st.integers(1, 4))):
        visit = {n: draw(words if n[0] == "X" else follow_ups) for n in known if draw(st.integers(0, 9))}
        if not draw(st.integers(0, 7)):
            visit["Z"] = draw(st.sampled_from(["8", "present", "equivocal", "absent"]))
        visits.append(visit or {known[0]: "ne"})
    return visits


def calculated(text: str) -> list[str]:
    return [a.overall.category.value for a in Recist11().assess(timeline(text))]


@settings(max_examples=400)
@given(visits=patients())
def test_both_calculations_agree(visits: list[Visit]) -> None:
    assert calculated(sheet(visits)) == classify(visits)


def dice() -> Iterator[int]:
    """Numbers from 0 to 99 that look thrown, the same at every run (a linear congruence)."""
    state = 384
    while True:
        state = (state * 1103515245 + 12345) % 2**31
        yield state // 65536 % 100


def test_they_agree_on_384_patients_with_four_visits_in_cm() -> None:
    """A trial's table: one longest diameter a visit, some visits not evaluable."""
    thrown = dice()
    found = []
    for _ in range(384):
        first = 10 + next(thrown)
        visits: list[Visit] = [{"T": str(first)}]
        for more in (40, 15, 0):
            now = first * (next(thrown) + more) // 100
            missing = next(thrown) < 8
            visits.append({"T": "ne" if missing else str(now) if now else "absent"})
        found.append(calculated(sheet(visits, "cm")))
        assert found[-1] == classify(visits)
    assert {c for row in found for c in row} == {"BASELINE", "CR", "PR", "SD", "PD", "NE"}
