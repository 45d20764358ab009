import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporter.draft.inert import clean
from reporter.exporters.typography import bind, typeset
from reporter.exporters.wrapping import longest_word, width, wrap
from tests.draft.strategies import values


@pytest.mark.parametrize(
    ("text", "columns"),
    [("", 0), ("abc", 3), ("山田", 4), ("e\u0301", 1), ("Müller", 6), ("\uff71", 1), ("\uff21", 2), ("a\u200bb", 2)],
)
def test_width(text: str, columns: int) -> None:
    assert width(text) == columns


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        pytest.param("", 10, [""], id="nothing is a line"),
        pytest.param("one two three", 8, ["one two", "three"], id="between words"),
        pytest.param("one two", 7, ["one two"], id="exactly full"),
        pytest.param("a  b", 10, ["a  b"], id="blanks inside stay"),
        pytest.param("extraordinary word", 5, ["extraordinary", "word"], id="a long word is not cut"),
        pytest.param("one\ntwo", 80, ["one", "two"], id="line break"),
        pytest.param("size 58 x 46 mm", 9, ["size", "58 x 46 mm"], id="a size stays together"),
        pytest.param("axis 17 -> 11 -> 7 mm", 12, ["axis", "17 -> 11 -> 7 mm"], id="a course stays together"),
        pytest.param("about 10 days", 8, ["about", "10 days"], id="number and unit stay together"),
        pytest.param("約束は重要", 6, ["約束は", "重要"], id="between wide characters"),
        pytest.param("重要。約", 4, ["重", "要。", "約"], id="no mark that closes at the beginning of a line"),
        pytest.param("US検査abc", 5, ["US検", "査abc"], id="beside wide characters"),
    ],
)
def test_wrap(text: str, room: int, lines: list[str]) -> None:
    assert list(wrap(text, room)) == lines


def test_a_size_may_be_broken_where_there_is_no_room_but_not_before_its_unit() -> None:
    assert wrap("32 x 30 x 28 mm", 9, sizes=False) == ("32 x 30 x", "28 mm")
    assert longest_word("32 x 30 x 28 mm", sizes=False) == len("28 mm")
    assert typeset("-5 x 3 mm", sizes=False) == "-5 x 3\u00a0mm"


@pytest.mark.property
@given(values.map(clean), st.integers(min_value=4, max_value=92))
def test_no_letter_is_lost_and_no_line_is_too_long(text: str, room: int) -> None:
    lines = wrap(text, room)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width(line) <= max(room, longest_word(text)) for line in lines)


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("58 x 46 x 44 mm", "58\u00a0x\u00a046\u00a0x\u00a044\u00a0mm"),
        ("-100 % and -8.5 mm", "\u2212100\u00a0% and \u22128.5\u00a0mm"),
        ("-68,8 % nach 8 Tagen, 2 Uhr", "\u221268,8\u00a0% nach 8\u00a0Tagen, 2\u00a0Uhr"),
        ("(-3 mm)", "(\u22123\u00a0mm)"),
        ("0.1-1 mSv", "0.1-1\u00a0mSv"),
        ("2026-07-13", "2026-07-13"),
        ("SYN-0001 -5 T2", "SYN-0001 -5 T2"),
        ("5 mmHg", "5 mmHg"),
        ("A -5", "A -5"),
        ("17 -> 7 mm, hilum absent -> effaced", "17\u00a0\u2192\u00a07\u00a0mm, hilum absent \u2192 effaced"),
        ("a->b, -> c", "a->b, \u2192 c"),
        ("3 T, 15 MHz", "3\u00a0T, 15\u00a0MHz"),
    ],
)
def test_what_belongs_together_on_a_page(text: str, page: str) -> None:
    assert typeset(text) == page


@given(values.map(clean))
def test_setting_changes_blanks_hyphens_and_arrows_only(text: str) -> None:
    def back(changed: str) -> str:
        return changed.replace("\u00a0", " ").replace("\u2212", "-").replace("\u2192", "->")

    assert back(typeset(text)) == back(text)
    assert bind(text).replace("\u00a0", " ") == text.replace("\u00a0", " ")
