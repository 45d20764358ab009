"""Every file has a name that can be printed, and no two have the same."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporter.readers.file_names import Numbers, printable

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


def test_the_later_ones_of_one_name_are_numbered() -> None:
    numbers = Numbers()
    given = ("a", "b", "a", "a (2)", "a (3)", "a", "a (2)")
    assert [numbers.named(name) for name in given] == ["a", "b", "a (2)", "a (2) (2)", "a (3)", "a (4)", "a (2) (3)"]


@pytest.mark.property
@given(names=st.lists(st.sampled_from(["a", "a (2)", "a (2) (2)", "a (3)", "b"]), max_size=12))
def test_no_two_have_one_name(names: list[str]) -> None:
    numbers = Numbers()
    assert len({numbers.named(name) for name in names}) == len(names)


@pytest.mark.hostile
def test_a_hundred_thousand_of_one_name_take_no_time() -> None:
    numbers = Numbers()
    assert [numbers.named("a") for _ in range(100_000)][-1] == "a (100000)"
