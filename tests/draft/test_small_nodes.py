"""A node under 10 mm at baseline that was diseased: its growth, and what is escalated, stand in the impression."""

import pytest

from tests.draft.cases import draft, row, section, whole
from tests.draft.test_contradictions import SITE, facts


def node(then: str, now: str, **cells: str) -> tuple[dict[str, str], ...]:
    return row("2026-01-08", "US", "N1", then, **cells), row("2026-07-13", "US", "N1", now, **cells)


PROVEN = {"biopsy_result": "malignant", "biopsy_date": "2026-01-09", "covered_before": "yes"}


@pytest.mark.parametrize("cells", [PROVEN, {"biopsy_result": "none", "cortex": "7", "hilum": "absent"}])
def test_its_growth_is_told(cells: dict[str, str]) -> None:
    made = draft((*SITE, *node("9.9", "30", **cells)), facts())
    assert "Growth since the smallest, non-target N1: US 9.9 -> 30 mm (+20.1 mm, +203 %)" in section(made, "Impression")
    assert "growth since the smallest size" in section(made, "Escalation")
    assert "normal in size at baseline" not in whole(made)


@pytest.mark.parametrize("criteria", [(), ("recist-1.1",), ("who",)])
def test_a_tenth_of_a_millimetre_is_not_told_at_all(criteria: tuple[str, ...]) -> None:
    everything = whole(draft((*SITE, *node("9.9", "10", **PROVEN)), facts(), criteria=criteria))
    for wrong in ("PROGRESSIVE", "progression of node", "new lesion", "normal in size at baseline"):
        assert wrong not in everything


def test_progression_of_one_proven_since_stands_first_in_the_impression() -> None:
    made = draft((*SITE, *node("9.9", "14", **PROVEN | {"biopsy_date": "2026-07-01"})), facts())
    said = section(made, "Impression")
    assert said.startswith("1. URGENT. Left axilla: PROGRESSIVE DISEASE: node N1, US 14 mm.")
    assert "node N1, biopsy-proven, NEWLY ABNORMAL: short axis 9.9 -> 14 mm" in said
    assert "progression of node N1; node newly abnormal" in section(made, "Escalation")
    everything = whole(made)
    assert "new lesion" not in everything.split("Basis")[0]
    assert "may not be disease" not in everything
