"""The table of laws names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TABLE = Path(__file__).with_name("README.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TABLE)


@pytest.mark.parametrize(("file", "test"), SHOWN)
def test_what_shows_a_law_is_there(file: str, test: str) -> None:
    root = Path(__file__).parents[2]
    assert f"def {test}(" in (root / file).read_text(encoding="utf-8")


def test_every_law_of_classification_wording_and_escalation_has_its_row() -> None:
    rows = {int(number) for number in re.findall(r"^\| (\d+) \|", TABLE, re.MULTILINE)}
    assert rows == set(range(1, 22)) - {7, 18, 19, 21}
