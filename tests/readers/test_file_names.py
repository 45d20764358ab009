"""Every file has a name that can be printed, and no two have the same."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporter.readers.file_names import printable

NAMES = st.lists(st.binary(min_size=1, max_size=6).filter(lambda raw: not {0, 47} & set(raw)), min_size=1, max_size=3)


@pytest.mark.parametrize("name", ["a/1.dcm", "IM 1", "M\u00fcller/\u5c71\u7530.dcm", "M\u0308/x", ""])
def test_a_name_that_can_be_printed_stays_as_it_is(name: str) -> None:
    assert printable(name) == name


@pytest.mark.hostile
def test_what_is_no_character_is_marked_and_told_apart() -> None:
    shown = printable("\u202eb/a\udcff.dcm")
    folder, _, file = shown.partition("/")
    assert folder.startswith("\ufffdb ")
    assert file.startswith("a\ufffd ")
    assert file.endswith(".dcm")
    assert printable(os.fsdecode("a/\ufffd \u5c71".encode())) != "a/\ufffd \u5c71"


@pytest.mark.hostile
@pytest.mark.property
@given(one=NAMES, other=NAMES)
def test_no_two_names_are_printed_alike(one: list[bytes], other: list[bytes]) -> None:
    names = {os.fsdecode(b"/".join(raw)) for raw in (one, other, [b"a", *one])}
    shown = {printable(name) for name in names}
    assert len(shown) == len(names)
    assert all(printable(name).count("/") == name.count("/") for name in names)
    assert "".join(shown).encode()
