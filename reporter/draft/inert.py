"""Values that Markdown cannot read as markup.

A value on its way through a template is wrapped in two noncharacters (so that it neither begins nor ends a line, nor
is ever empty), and each character that Markdown would act on is swapped for a noncharacter of its own. After parsing
they are swapped back. Backslash escaping is no substitute: it fails at newlines, in table cells and in macros.
"""

import re
from typing import Final

OPEN: Final = "\ufdd0"
CLOSE: Final = "\ufdd1"
BLOCK_OPEN: Final = "\ufdd2"
"""Begins a token: the number of a typed block that stands here."""
BLOCK_CLOSE: Final = "\ufdd3"

ACTIVE: Final = "\n\\`*_[]()!<>&|~#"
"""What Markdown acts on; no inert value holds any of it."""
_SWAP: Final = {ord(character): chr(0xFDD4 + place) for place, character in enumerate(ACTIVE)}
_SWAP_BACK: Final = {**{stand_in: chr(character) for character, stand_in in _SWAP.items()}, OPEN: "", CLOSE: ""}

# Controls (C0 but newline, DEL, C1), marks that reorder text, surrogates and noncharacters: what XML 1.0 forbids, what
# a reader could not see, and what would collide with the stand-ins above.
_UNSAFE: Final = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069"
    r"\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_REPLACED: Final = {"\t": " ", "\u2028": "\n", "\u2029": "\n"}


def clean(text: str) -> str:
    """`text` with LF line ends and a visible U+FFFD in place of each character that no document may hold."""
    if text.isprintable():
        return text if text.isascii() else _UNSAFE.sub("\ufffd", text)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNSAFE.sub(lambda match: _REPLACED.get(match[0], "\ufffd"), text)


def inert(text: str) -> str:
    """`text`, cleaned, in a form that Markdown takes as letters wherever it stands."""
    return f"{OPEN}{clean(text).translate(_SWAP)}{CLOSE}"


def restore(text: str) -> str:
    """The characters of parsed text as they were before `inert`."""
    text = str(text)  # no Markup, which would escape what is put into it
    for stand_in, character in _SWAP_BACK.items():
        text = text.replace(stand_in, character)
    return text
