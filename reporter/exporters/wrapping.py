"""Lines of a fixed width in a monospaced font, in which East Asian characters are two columns wide."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Final

from reporter.exporters.typography import bind

_BOUND: Final = "\x00"  # in no text: `clean` replaces it
_REMEMBERED: Final = 4096
"""Texts whose lines and words are remembered: most of what a draft says, the next one says too.

What is remembered is asked for by position: an argument by name makes it twice as slow to find.
"""
_WORD: Final = re.compile(r" *[^ ]+ *")
_WIDE = {"W", "F"}
_NO_WIDTH = {"Mn", "Me", "Cf"}


def width(text: str) -> int:
    """How many columns `text` takes."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.category(character) in _NO_WIDTH:
        return 0
    return 2 if unicodedata.east_asian_width(character) in _WIDE else 1


@lru_cache(_REMEMBERED)
def longest_word(text: str, sizes: bool = True) -> int:
    """How many columns the longest piece takes that cannot be broken."""
    bound = bind(text, _BOUND, sizes=sizes)
    measure = len if bound.isascii() else width
    return max([measure(piece.rstrip()) for line in bound.split("\n") for piece in _pieces(line)], default=0)


def longest_line(text: str) -> int:
    """How many columns the longest line takes, unbroken."""
    return max(map(width, text.split("\n"))) if "\n" in text else width(text)


@lru_cache(_REMEMBERED)
def wrap(text: str, room: int, sizes: bool = True) -> tuple[str, ...]:
    """`text` in lines of at most `room` columns; a longer word stands on a line of its own.

    A number and its unit are one word, and with `sizes` so are the numbers of a size. Blanks inside a line stay as
    they are; those at its end are dropped. A newline begins a new line. There is always a line, if an empty one.
    """
    if len(text) <= room and text.isascii() and text.isprintable():
        return (text.rstrip(),)
    lines: list[str] = []
    bound = bind(text, _BOUND, sizes=sizes)
    measure = len if bound.isascii() else width
    for paragraph in bound.split("\n"):
        line, columns = "", 0
        for piece in _pieces(paragraph):
            if line and columns + measure(piece.rstrip()) > room:
                lines.append(line.rstrip())
                line, columns = "", 0
            line += piece
            columns += measure(piece)
        lines.append(line.rstrip())
    return tuple(line.replace(_BOUND, " ") for line in lines)


def _pieces(text: str) -> list[str]:
    """`text` cut wherever a line may end: after blanks, and beside a wide character."""
    pieces = _WORD.findall(text)
    if text.isascii():
        return pieces
    return [cut for piece in pieces for cut in ((piece,) if piece.isascii() else _cut_wide(piece))]


def _cut_wide(piece: str) -> Iterator[str]:
    start = 0
    for place, (left, right) in enumerate(pairwise(piece), start=1):
        if _may_break(left, right):
            yield piece[start:place]
            start = place
    yield piece[start:]


def _may_break(left: str, right: str) -> bool:
    """Between two characters of which one is wide; never before a mark that closes, nor after one that opens."""
    if _columns(left) < 2 and _columns(right) < 2:  # ruff: ignore[magic-value-comparison]
        return False
    if " " in {left, right} or _columns(right) == 0:
        return False
    return unicodedata.category(left) not in {"Ps", "Pi"} and unicodedata.category(right) not in {"Pe", "Pf", "Po"}
