"""The marks of a worksheet in a note, and what no spreadsheet takes for a formula."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporter.case.form import added_row, guarded, is_added, own_words, question, unguarded


def test_questions_are_taken_away_and_words_stay() -> None:
    note = f"seen well {question('side', 'Which side?')} {question('clip', 'A marker?')}"
    assert note == "seen well [[? side: Which side?]] [[? clip: A marker?]]"
    assert own_words(note) == "seen well"


def test_a_question_stands_on_one_line_and_closes_itself() -> None:
    asked = question("side", "label ]] of\na [[? viewer")
    assert asked == "[[? side: label ] ] of a [ [? viewer]]"
    assert own_words(f"mine {asked}") == "mine"


def test_a_mark_that_is_never_closed_is_the_readers_own() -> None:
    assert own_words(f"[[? mine {question('side', 'Which?')}") == "[[? mine"


def test_words_after_a_question_stay() -> None:
    assert own_words(f"{question('side', 'Which?')} left, I think") == "left, I think"


def test_an_added_row_is_known_by_its_mark() -> None:
    assert is_added(f"{added_row()} {question('status', 'What?')}")
    assert not is_added(question("status", "added row"))
    assert not own_words(added_row())


@given(st.text(), st.text())
def test_any_question_after_any_words_leaves_the_words(words: str, text: str) -> None:
    own = own_words(words.strip())  # as cells are read
    assert own_words(f"{own} {question('side', text)}".strip()) == own


@pytest.mark.hostile
@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\0"])
def test_what_could_be_a_formula_gets_an_apostrophe(sign: str) -> None:
    """Hostile input 82."""
    assert guarded(f"{sign}cmd") == f"'{sign}cmd"
    assert unguarded(guarded(f"{sign}cmd")) == f"{sign}cmd"


@pytest.mark.parametrize("text", ["", "mass", "'quoted'", "5", "'", "a=b"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert guarded(text) == text
    assert unguarded(text) == text


@given(st.text())
def test_a_guarded_text_comes_back(text: str) -> None:
    assert unguarded(guarded(text)) == unguarded(text)
