"""The 23 vectors of target response, and the pairs that fall exactly on a limit, through the whole criterion."""

import json
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from reporter.response.criteria.per_site import PerSite
from reporter.response.criteria.recist11 import Recist11
from reporter.response.exact import grown, shrunk
from reporter.response.interface import Category, Criterion, Thresholds
from tests.response.timeline import timeline

VECTORS = json.loads((Path(__file__).parent / "data" / "recist-vectors.json").read_text(), parse_float=Decimal)
NODE_AT_BASELINE = 20
LIMITS = Thresholds()


def sheet(vector: dict[str, Any]) -> str:
    """The vector as a timeline: one target, or as many as the vector lists now."""
    lesions = vector["current_lesions"] or [[False, vector["current_sum"]]]
    names = [f"{'N' if node else 'L'}{i}" for i, (node, _) in enumerate(lesions)]
    nodes = sum(node for node, _ in lesions)
    masses = len(lesions) - nodes
    share = (Decimal(str(vector["baseline"])) - nodes * NODE_AT_BASELINE) / (masses or 1)
    before = [NODE_AT_BASELINE if node else round(share, 2) for node, _ in lesions]
    before[0] += Decimal(str(vector["baseline"])) - sum(before)
    lines = [_line(0, zip(names, before, strict=True))]
    for number, prior in enumerate(vector["prior_sums"], start=1):
        lines.append(_line(number * 10, [(names[0], prior)]))
    lines.append(_line(100, [(n, "ne" if size is None else size) for n, (_, size) in zip(names, lesions, strict=True)]))
    return "\n".join(lines)


def _line(when: int, found: Iterable[tuple[str, object]]) -> str:
    return " | ".join([f"day {when}", *(f"{name} target {size}" for name, size in found)])


def assessed(criterion: Criterion, text: str) -> Category:
    return criterion.assess(timeline(text))[-1].overall.category


@pytest.mark.requirement("S21")
@pytest.mark.parametrize("criterion", [Recist11(), PerSite()], ids=lambda c: str(c.id))
@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: str(v["id"]))
def test_vector(vector: dict[str, Any], criterion: Criterion) -> None:
    assert assessed(criterion, sheet(vector)) == vector["expected"]


def test_there_are_23_vectors() -> None:
    assert len(VECTORS) == 23


TENTHS = [Decimal(n) / 10 for n in range(20, 2001)]
AT_MINUS_30 = [(b, now) for b in TENTHS if (now := b * 7 / 10) == round(now, 1)]
AT_PLUS_20 = [(b, now) for b in TENTHS if (now := b * 12 / 10) == round(now, 1)]
ULP = Decimal("0.0000001")


def test_the_pairs_on_the_grid_are_those_of_the_decision() -> None:
    assert (len(AT_MINUS_30), len(AT_PLUS_20)) == (199, 397)


def test_every_pair_at_minus_30_percent_is_pr_and_one_digit_above_is_sd() -> None:
    recist = Recist11()
    for baseline, now in AT_MINUS_30:
        assert shrunk(now, baseline, LIMITS)
        assert not shrunk(now + ULP, baseline, LIMITS)
        assert assessed(recist, f"day 0 | L1 {baseline}\nday 9 | L1 {now}") is Category.PR


def test_of_the_pairs_at_plus_20_percent_351_are_pd_and_46_sd() -> None:
    recist = Recist11()
    found = [assessed(recist, f"day 0 | L1 {nadir}\nday 9 | L1 {now}") for nadir, now in AT_PLUS_20]
    assert (found.count(Category.PD), found.count(Category.SD)) == (351, 46)
    for nadir, now in AT_PLUS_20:
        assert grown(now, nadir, LIMITS) is (now - nadir >= 5)
        assert not grown(now - ULP, nadir, LIMITS)
