"""What a rule looks for in texts that people write as they like, in English and in German."""

import re
from typing import Final

_NEOADJUVANT: Final = re.compile(r"\b(?:neo[\s-]*adju|pr(?:e|ae|ä)[\s-]*operati)")
_ADJUVANT: Final = re.compile(r"\b(?:adju|post[\s-]*operati)")
_ANOTHER: Final = re.compile(r"\b(?:palliati|prevent|prophyla|präventi)")
_LOBULAR: Final = re.compile(r"lobul|\bilc\b")
_DENIED: Final = re.compile(r"\b(?:no|not|non|without|kein\w*|nicht|ohne)\W+(?:\w+\W+)?$")
"""What stands right before a word that is denied, with one other word between at most: "no invasive lobular"."""


def is_neoadjuvant(intent: str) -> bool | None:
    """Whether an intent of therapy is before surgery; None where the words do not say.

    Only an explicit no puts a case out of scope (clinical source S1): another intent, or a denied one, named alone.
    What is adjuvant beside it follows after surgery.
    """
    text = intent.casefold()
    meant, denied = _named(text, _NEOADJUVANT)
    another, _ = _named(text, _ANOTHER)
    if meant:
        return None if another else True
    adjuvant, _ = _named(_NEOADJUVANT.sub("", text), _ADJUVANT)
    return False if another or adjuvant or denied else None


def is_lobular(histology: str) -> bool:
    """Whether a histology names lobular cancer (clinical source S33)."""
    named, _ = _named(histology.casefold(), _LOBULAR)
    return named


def _named(text: str, word: re.Pattern[str]) -> tuple[bool, bool]:
    """Whether a word stands there undenied, and whether it is denied."""
    denials = [_DENIED.search(text, 0, found.start()) is not None for found in word.finditer(text)]
    return False in denials, True in denials
