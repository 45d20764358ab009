"""How much a template may make and do: no template hangs a run or fills a memory, whatever it loops over."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sized
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from jinja2 import pass_context
from jinja2.exceptions import SecurityError

MAX_CHARACTERS: Final = 2 * 1024 * 1024
"""How long a text may get."""
MAX_VALUES: Final = 10_000
"""How many values `+` may put into one list."""
MAX_NUMBER: Final = 1_000_000
"""How large a number a template may calculate with."""
MAX_RANGE: Final = 500
"""How many numbers `range` gives."""
MAX_WORK: Final = 300_000
"""How many turns of loops, calls and pieces of text one report may take; a long one takes some thousands."""
CALL: Final = 10
"""What one call costs, in turns."""
_CHARACTERS_A_TURN: Final = 64


class TooLargeError(SecurityError):
    """A template makes more of something than any report needs."""


_LEFT: Final[ContextVar[list[int] | None]] = ContextVar("_LEFT", default=None)
"""What is left of the share of the report that is being rendered, as the one element of a list."""


@contextmanager
def bounded_work() -> Generator[None]:
    """One report's share of work."""
    token = _LEFT.set([MAX_WORK])
    try:
        yield
    finally:
        _LEFT.reset(token)


def spend(turns: int) -> None:
    """Take from the report's share.

    Raises:
        TooLargeError: it is used up.

    """
    left = _LEFT.get()
    if left is not None:
        left[0] -= turns
        if left[0] < 0:
            message = "the template goes on without end: it loops or calls more often than any report needs"
            raise TooLargeError(message)


def spend_characters(number: int) -> None:
    """Take what a text of this length costs from the report's share."""
    spend(1 + number // _CHARACTERS_A_TURN)


@pass_context  # so that Jinja does not count a constant list at compile time, and never again
def counted(_context: object, values: Iterable[object]) -> Iterable[object]:
    """What a loop goes over, each turn taken from the report's share."""
    known = values if type(values) is tuple or isinstance(values, Sized) else tuple(values)
    spend(1 + len(known))
    return known
