import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markupsafe import Markup

from reporter.draft.inert import clean, inert, restore
from tests.draft.strategies import AWKWARD, values

_ACTIVE = set("\n\\`*_[]()!<>&|~#")


@given(values)
def test_what_is_made_inert_comes_back_cleaned(text: str) -> None:
    assert restore(inert(text)) == clean(text)


def test_what_comes_back_is_plain_text_whatever_held_it() -> None:
    back = restore(Markup(inert("a < b & c")))  # ruff: ignore[unsafe-markup-use]
    assert (back, type(back)) == ("a < b & c", str)


@given(values)
def test_an_inert_value_holds_nothing_that_markdown_acts_on(text: str) -> None:
    assert not _ACTIVE & set(inert(text))
    assert not inert(text)[0].isspace()
    assert not inert(text)[-1].isspace()


@given(st.text())
@example("\ud800")
def test_a_clean_text_stays_as_it_is_and_can_be_written(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    once.encode("utf-8")


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        pytest.param("a\x00b", "a\ufffdb", id="a control is shown, not dropped"),
        pytest.param("a\x1bb", "a\ufffdb", id="escape"),
        pytest.param("a\x85b", "a\ufffdb", id="C1 control"),
        pytest.param("a\u202eb", "a\ufffdb", id="a mark that reorders text"),
        pytest.param("a\u2066b", "a\ufffdb", id="an isolate"),
        pytest.param("\ufdd5", "\ufffd", id="a stand-in of ours"),
        pytest.param("\ufffe\ud83d", "\ufffd\ufffd", id="what XML forbids"),
        pytest.param("a\r\nb\rc\u2028d", "a\nb\nc\nd", id="line ends"),
        pytest.param("a\tb", "a b", id="a tab is a blank"),
        pytest.param("山田^太郎 Müller e\u0301", "山田^太郎 Müller e\u0301", id="letters stay, not normalised"),
        pytest.param("a\u200bb", "a\u200bb", id="a joiner stays"),
    ],
)
def test_clean(given_text: str, shown: str) -> None:
    assert clean(given_text) == shown


@pytest.mark.parametrize("text", AWKWARD)
def test_every_awkward_value_comes_back(text: str) -> None:
    assert restore(inert(text)) == clean(text)
