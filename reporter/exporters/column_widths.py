"""How wide the columns of a table are, from what stands in them."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import repeat
from typing import Final

from reporter.exporters.typography import ARROW, BOUND, MINUS

# Widths of the characters from blank to tilde in thousandths of the letter size, in Carlito Bold, which has the widths
# of Calibri Bold: the widest of the fonts that a table uses.
_WIDTHS: Final = (
    *(226, 326, 438, 498, 507, 729, 705, 233, 312, 312, 498, 498, 258, 306, 267, 430),
    *(507, 507, 507, 507, 507, 507, 507, 507, 507, 507, 276, 276, 498, 498, 498, 463),
    *(898, 606, 561, 529, 630, 488, 459, 637, 631, 267, 331, 547, 423, 874, 659, 676),
    *(532, 686, 563, 473, 495, 653, 591, 906, 551, 520, 478, 325, 430, 325, 498, 498),
    *(300, 494, 537, 418, 537, 503, 316, 474, 537, 246, 255, 480, 246, 813, 537, 538),
    *(537, 537, 355, 399, 347, 537, 473, 745, 459, 474, 397, 344, 475, 344, 498),
)
_BLANK: Final = 32
_PRINTABLE: Final = (0,) * _BLANK + _WIDTHS
_OTHER: Final = 600
_WIDE: Final = 1000
_SPARE: Final = 30  # twips: no two programs round alike
_REMEMBERED: Final = 4096
"""Cells whose widths are remembered: most of what the tables of a draft say, those of the next one say too."""


def text_twips(text: str, points: float) -> int:
    """How wide `text` is on one line, in twentieths of a point."""
    if not text.isascii():
        text = text.replace(BOUND, " ").replace(MINUS, "+").replace(ARROW, "W")  # as wide or wider, looked up at once
    printable = text.isascii() and text.isprintable()
    widths = map(_PRINTABLE.__getitem__, text.encode()) if printable else map(_thousandths, text)
    return round(sum(widths) * points * 20 / 1000)


def _thousandths(character: str) -> int:
    place = ord(character) - _BLANK
    if 0 <= place < len(_WIDTHS):
        return _WIDTHS[place]
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return _WIDE if unicodedata.east_asian_width(character) in {"W", "F"} else _OTHER


def column_widths(columns: Sequence[Sequence[str]], points: float, room: int, margin: int) -> list[int]:
    """A width for each column, in twentieths of a point, together `room`.

    No column is narrower than its longest word, as long as all these words have room beside each other. What is left
    goes to the columns that would have to wrap, and then to all. `margin` is what a cell keeps free.
    """
    wanted = line_widths(columns, points, margin)
    if sum(wanted) <= room:
        return grow(wanted, room)
    least = least_widths(columns, points, margin)
    if sum(least) >= room:
        return _share(room, least)
    more = [want - low for want, low in zip(wanted, least, strict=True)]
    return _sum_up(
        [low + (room - sum(least)) * extra // sum(more) for low, extra in zip(least, more, strict=True)], room
    )


def line_widths(columns: Sequence[Sequence[str]], points: float, margin: int) -> list[int]:
    """For each column the width that its longest line needs, in twentieths of a point."""
    return [max(map(_longest_line, column, repeat(points))) + margin + _SPARE for column in columns]


def least_widths(columns: Sequence[Sequence[str]], points: float, margin: int) -> list[int]:
    """For each column the width that its longest word needs, in twentieths of a point."""
    return [max(map(_longest_word, column, repeat(points))) + margin + _SPARE for column in columns]


@lru_cache(maxsize=_REMEMBERED)
def _longest_word(cell: str, points: float) -> int:
    return max([text_twips(word, points) for word in re.split(r"[ \n]+", cell)], default=0)


@lru_cache(maxsize=_REMEMBERED)
def _longest_line(cell: str, points: float) -> int:
    return max(text_twips(line, points) for line in cell.split("\n")) if "\n" in cell else text_twips(cell, points)


def _share(room: int, weights: Sequence[int]) -> list[int]:
    return _sum_up([room * weight // sum(weights) for weight in weights], room)


def grow(wanted: list[int], room: int) -> list[int]:
    """Spread what is left over all columns, in proportion."""
    left = room - sum(wanted)
    return _sum_up([width + left * width // sum(wanted) for width in wanted], room)


def _sum_up(widths: list[int], room: int) -> list[int]:
    widths[-1] += room - sum(widths)
    return widths
