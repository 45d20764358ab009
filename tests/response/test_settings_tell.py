"""Each threshold does something: a course near it is answered otherwise when a site moves it."""

from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal
from typing import Any, Final

import pytest

from reporter.case.vocabulary import Modality
from reporter.response.criteria.per_site import PerSite
from reporter.response.criteria.recist11 import Recist11
from reporter.response.evaluate import evaluate
from reporter.response.interface import Response, Thresholds
from tests.response.timeline import timeline

MOVED: Final[dict[str, tuple[object, str]]] = {
    "pr_percent": (Decimal(40), "day 0 MR | L1 left 30\nday 60 MR | L1 20"),
    "pd_percent": (Decimal(40), "day 0 MR | L1 left 30\nday 60 MR | L1 38"),
    "pd_mm": (Decimal(10), "day 0 MR | L1 left 30\nday 60 MR | L1 38"),
    "node_normal_mm": (Decimal(8), "day 0 MR | L1 left 30 | N1 left 18\nday 60 MR | L1 absent | N1 9"),
    "node_target_mm": (Decimal(12), "day 0 MR | L1 left 30 | N1 left 13\nday 60 MR | L1 30 | N1 8"),
    "measurable_mm": (Decimal(20), "day 0 CT/1 | L1 left target 15\nday 60 CT/1 | L1 10"),
    "too_small_mm": (Decimal(3), "day 0 MR | L1 left 30\nday 60 MR | L1 too_small"),
    "reappearance_mm": (Decimal(9), "day 0 MR | L1 left 30\nday 60 MR | L1 absent\nday 120 MR | L1 8"),
    "regrowth_mm": (Decimal(20), "day 0 MR | L1 left 100\nday 60 MR | L1 60\nday 120 MR | L1 69"),
    "hold_response": (False, "day 0 MR | L1 left 100\nday 60 MR | L1 70\nday 120 MR | L1 80"),
    "discordance_mm": (Decimal(2), "day 0 MR | L1 left 30\n+day 1 US | L1 30\nday 60 MR | L1 20\n+day 61 US | L1 16"),
    "discordance_absent_mm": (
        Decimal(9),
        "day 0 MR | L1 left 30\n+day 1 US | L1 30\nday 60 MR | L1 absent\n+day 61 US | L1 8",
    ),
    "node_cortex_mm": (
        Decimal(5),
        "day 0 US | L1 left 30 | N1 left 12 cortex:4 hilum:preserved\nday 60 US | N1 12 cortex:4 hilum:preserved",
    ),
    "node_types_abnormal": (
        (4, 5, 6),
        "day 0 US | L1 left 30 | N1 left 12 cortex:2 hilum:preserved type:4\nday 60 US | L1 20 | N1 12 cortex:2 type:4",
    ),
    "size_order": (
        (Modality.US, Modality.MR),
        "day 0 MR | L1 left 30\n+day 1 US | L1 30\nday 60 MR | L1 20\n+day 61 US | L1 26",
    ),
    "node_order": (
        (Modality.MR, Modality.US),
        "day 0 MR | L1 left 30 | N1 left 18\n+day 1 US | N1 18\nday 60 MR | L1 20 | N1 12\n+day 61 US | N1 16",
    ),
}
"""Setting -> another value, and a course on which it tells."""
TOLD_ELSEWHERE: Final = {
    "us_remark_mm": "a remark of the report, tried with the wording",
    "confirmation": "tried with the best overall response",
    "confirmation_days": "tried with the best overall response",
    "sd_days": "tried with the best overall response",
}


def answer(text: str, thresholds: Thresholds) -> Response:
    """The response without the limits themselves and the names of criteria, which name them."""
    criteria = (PerSite(thresholds), Recist11(thresholds))
    found = evaluate(timeline(text), criteria, thresholds)
    return replace(found, thresholds=Thresholds(), criteria=())


@pytest.mark.parametrize("name", MOVED)
def test_moving_it_changes_the_answer(name: str) -> None:
    value, text = MOVED[name]
    changed: dict[str, Any] = {name: value}
    usual, moved = answer(text, Thresholds()), answer(text, replace(Thresholds(), **changed))
    assert [a.overall.category for a in usual.assessments] or usual.breasts
    assert decided(usual) != decided(moved)


def decided(response: Response) -> object:
    """Categories, courses, flags and codes: no operand, which would differ for a limit that decides nothing."""
    return (
        [
            (a.overall.category, a.target and a.target.category, a.total, [i.code for i in a.issues])
            for a in response.assessments
        ],
        [
            (
                b.headline,
                b.category,
                b.record_modality,
                len(b.discordances),
                len(b.regrowths),
                [s.category for s in b.sites],
            )
            for b in response.breasts
        ],
        [
            [(n.course, n.appearance_now, n.record and n.record.point.modality, n.category) for n in a.nodes]
            for a in response.axillae
        ],
    )


def test_no_threshold_is_left_out() -> None:
    assert {one.name for one in fields(Thresholds)} == set(MOVED) | set(TOLD_ELSEWHERE)
