"""What belongs together on a line: a number and its unit, the numbers of a size or of a course."""

import re
from functools import lru_cache
from typing import Final

BOUND: Final = "\u00a0"
"""A blank at which no line ends."""
MINUS: Final = "\u2212"
ARROW: Final = "\u2192"

_UNIT: Final = (
    r"(?:mm|cm|ml|cc|mSv|mGy|MHz|T|%|years?|months?|weeks?|days?|cycles?"
    r"|Jahr(?:en?)?|Monat(?:en?)?|Wochen?|Tag(?:en?)?|Zykl(?:us|en)|Uhr)(?!\w)"
)
# Each begins with the letter it is about, which is found at once, and looks back from there.
_BEFORE_UNIT: Final = re.compile(rf" (?<=\d )(?={_UNIT})")
_BETWEEN_NUMBERS: Final = re.compile(r" (?<=\d )(x|->) (?=\d)")
_AFTER_NUMBER: Final = re.compile(r"\d ")
_NEGATIVE: Final = re.compile(rf"-(?<![\w.-]-)(?=\d+(?:[.,]\d+)?[ {BOUND}]?{_UNIT})")
_ARROW: Final = re.compile(rf"->(?<=[ {BOUND}]->)(?=[ {BOUND}])")

_CROWDED: Final = 85
"""From this share of its room on, in percent, a table may break a size over lines, so that its words have room too."""


def crowded(taken: int, room: int) -> bool:
    """Whether a table whose columns take so much of its room may break a size over lines."""
    return taken * 100 > _CROWDED * room


def bind(text: str, blank: str = BOUND, *, sizes: bool = True) -> str:
    """`text` with `blank` where no line may end: `5 mm`, `-100 %` and, with `sizes`, `58 x 46 mm`, `17 -> 11 mm`."""
    if not _AFTER_NUMBER.search(text):  # most texts: one look instead of two
        return text
    bound = _BEFORE_UNIT.sub(blank, text)
    between = sizes and (" x " in bound or " -> " in bound)
    return _BETWEEN_NUMBERS.sub(rf"{blank}\1{blank}", bound) if between else bound


@lru_cache(maxsize=1024)  # a cell is measured, then printed
def typeset(text: str, sizes: bool = True) -> str:
    """`text` for a page: bound, with a real minus before a number that has a unit, and arrows that do not break."""
    bound = bind(text, sizes=sizes)
    if "-" not in bound:
        return bound
    bound = _NEGATIVE.sub(MINUS, bound)
    return _ARROW.sub(ARROW, bound) if "->" in bound else bound
