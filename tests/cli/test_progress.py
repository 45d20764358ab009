"""What is said while a run goes on."""

from __future__ import annotations

import io

import pytest

from reporter.cli.progress import Lines


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def told(stream: io.StringIO, *seconds: float, total: int = 4) -> list[str]:
    """What is shown when the cases of a run are done after so many seconds each."""
    clock = Clock()
    lines = Lines(stream, clock)
    lines.cases(0, total)
    for done, passed in enumerate(seconds, 1):
        clock.now += passed
        lines.cases(done, total)
    lines.clear()
    return stream.getvalue().replace("\r", "\n").splitlines()


@pytest.fixture
def _columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "61")


@pytest.mark.usefixtures("_columns")
def test_a_terminal_shows_a_bar_and_the_time_left_and_is_left_clean() -> None:
    shown = told(Terminal(), 30, 2, 2, 2)
    assert [line.rstrip() for line in shown] == [
        "[#####                 ] 1 of 4 cases",
        "[###########           ] 2 of 4 cases, 4 s left",
        "[################      ] 3 of 4 cases, 2 s left",
        "[######################] 4 of 4 cases",
        "",
    ]
    assert {len(line) for line in shown} == {60}


def test_elsewhere_a_line_now_and_then_and_the_last() -> None:
    assert told(io.StringIO(), 4, 4, 4, 4) == ["3 of 4 cases, 4 s left", "4 of 4 cases"]


def test_a_short_run_says_nothing() -> None:
    assert told(io.StringIO(), 1, 1, 1, 1) == []


@pytest.mark.parametrize(("seconds", "words"), [(59, "59 s"), (61, "1 min"), (5399, "90 min"), (9000, "2.5 h")])
def test_time_is_told_in_the_unit_that_fits(seconds: float, words: str) -> None:
    assert told(io.StringIO(), 11, seconds, total=3)[-1] == f"2 of 3 cases, {words} left"


@pytest.mark.usefixtures("_columns")
def test_files_have_a_bar_once_they_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    stream, clock = Terminal(), Clock()
    lines = Lines(stream, clock)
    for count, total in ((500, None), (600, 1000)):
        clock.now += 1
        lines.files(count, total)
    shown = [line.rstrip() for line in stream.getvalue().split("\r")]
    assert shown == ["500 files", "[#############         ] 600 of 1000 files", ""]
    monkeypatch.setenv("COLUMNS", "20")
    clock.now += 1
    lines.files(700, 1000)
    assert stream.getvalue().split("\r")[-2].rstrip() == "700 of 1000 files"
