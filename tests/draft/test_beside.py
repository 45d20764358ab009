"""Criteria computed beside the first: each in a sentence of its own, numbers alone where there are no categories."""

import pytest

from reporter.errors import UsageError
from tests.draft.cases import draft, kit, row, section, whole

ALL = ("per-site", "who", "volume")


def left(when: str, size: str, across: str, volume: str) -> dict[str, str]:
    return row(when, "MR", "L1", size, short_axis=across, volume=volume, volume_unit="ml")


def right(when: str, size: str, volume: str) -> dict[str, str]:
    return row(when, "MR", "R1", size, short_axis="10", volume=volume, volume_unit="ml", side="right")


ROWS = (left("2026-01-08", "40", "30", "20"), left("2026-07-13", "20", "15", "5"))


def test_a_sentence_for_each() -> None:
    said = section(draft(ROWS, criteria=ALL), "Response")
    assert "Beside it, WHO, products of two diameters: MRI: partial response (-75 % from baseline)." in said
    assert "Beside it, volume and its change, no categories: MRI: 20 ml to 5 ml (-75 % from baseline)." in said


def test_both_sides_are_told_apart() -> None:
    rows = (*ROWS, right("2026-01-08", "20", "2"), right("2026-07-13", "20", "2"))
    said = section(draft(rows, criteria=ALL), "Response")
    assert "left, MRI: 20 ml to 5 ml (-75 % from baseline); right, MRI: 2 ml to 2 ml" in said


def test_numbers_have_no_category_in_the_trace() -> None:
    said = whole(draft(ROWS, criteria=ALL))
    assert "volume, left, MRI, overall: -" in said
    assert "now 5 ml" in said
    assert "now 300 mm2" in said


def test_a_criterion_that_has_nothing_to_say_is_not_quoted() -> None:
    rows = tuple({**r, "volume": "", "volume_unit": ""} for r in ROWS)
    assert "volume" not in section(draft(rows, criteria=ALL), "Response")


def test_numbers_alone_make_no_report() -> None:
    with pytest.raises(UsageError, match="volume gives numbers, no response category"):
        kit(("volume",))
    assert kit(("volume", "per-site")).criteria
