"""The sheet of advice, whole: any change of a row, step, note, study or escalation shows here and is read first."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.advice.factory import pack
from tests.advice.sheet import BEFORE, SCENES, sheet

FOUND_RIGHT = Path(__file__).with_name("sheet.txt")


def test_advice_is_what_was_read_through() -> None:
    assert sheet().splitlines() == FOUND_RIGHT.read_text("utf-8").splitlines()


@pytest.mark.parametrize("row", [row.id for row in pack().decision.row])
def test_every_row_is_on_the_sheet(row: str) -> None:
    assert any(name.split(" ", 1)[0] == row for name in (*BEFORE, *SCENES)), row
