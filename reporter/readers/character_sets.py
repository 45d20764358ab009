"""The character sets of DICOM text (PS3.3 C.12.1.1.2, PS3.5 6.1.2), decoded as pydicom decodes them, without it.

Only what is put rightly is decoded here: a term the standard names, bytes its codec takes, escape sequences of the sets
that are declared.  All else ends with `NotDecoded`, and is left to pydicom, which replaces and warns.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

_LATIN_1 = "iso8859"
_JAPANESE, _JAPANESE_2, _CHINESE = "iso2022_jp", "iso2022_jp_2", "iso_ir_58"
_SINGLE_BYTE = {
    "13": "shift_jis",
    "100": "latin_1",
    "101": "iso8859_2",
    "109": "iso8859_3",
    "110": "iso8859_4",
    **{number: f"iso_ir_{number}" for number in ("126", "127", "138", "144", "148", "166")},
}

CODECS: Mapping[str, str] = MappingProxyType({
    "": _LATIN_1,
    "ISO_IR 6": _LATIN_1,
    "ISO 2022 IR 6": _LATIN_1,
    **{f"ISO_IR {number}": codec for number, codec in _SINGLE_BYTE.items()},
    **{f"ISO 2022 IR {number}": codec for number, codec in _SINGLE_BYTE.items()},
    "ISO 2022 IR 87": _JAPANESE,
    "ISO 2022 IR 159": _JAPANESE_2,
    "ISO 2022 IR 149": "euc_kr",
    "ISO 2022 IR 58": _CHINESE,
    "ISO_IR 192": "utf8",
    "GB18030": "gb18030",
    "GBK": "gbk",
})
"""Defined term -> Python codec.  The default repertoire is read as Latin-1, as pydicom does."""

_ALONE = frozenset({"ISO_IR 192", "GBK", "GB18030"})
"""Terms that allow no code extensions."""

_ESCAPES: Mapping[bytes, str] = MappingProxyType({
    b"(B": _LATIN_1,
    b"-A": "latin_1",
    b")I": "shift_jis",
    b"(J": "shift_jis",
    b"$B": _JAPANESE,
    b"-B": "iso8859_2",
    b"-C": "iso8859_3",
    b"-D": "iso8859_4",
    b"-F": "iso_ir_126",
    b"-G": "iso_ir_127",
    b"-H": "iso_ir_138",
    b"-L": "iso_ir_144",
    b"-M": "iso_ir_148",
    b"-T": "iso_ir_166",
    b"$)C": "euc_kr",
    b"$(D": _JAPANESE_2,
    b"$)A": _CHINESE,
})
"""PS3.3 tables C.12-3 and C.12-4: what follows ESC -> Python codec of the set it switches to."""

_KEEP_ESCAPE = frozenset({_JAPANESE, _JAPANESE_2, _CHINESE})
"""Codecs that take the escape sequences themselves."""
_PIECES = re.compile(rb"^[^\x1b]+|\x1b[^\x1b]*")
LINES, PARTS = re.compile(rb"[\r\n\t\f]"), re.compile(rb"\^")
"""What resets the set to the first one: line breaks in texts; what parts names, which a draft takes in all."""


class NotDecoded(ValueError):
    """The bytes or the terms are not as the standard has them."""


def codecs_of(character_set: bytes) -> tuple[str, ...]:
    """The codecs of a Specific Character Set (0008,0005), the first for text without escape sequences.

    Raises:
        NotDecoded: a term is none of the standard, or stands where it may not.

    """
    terms = character_set.decode("latin-1").rstrip(" \0").split("\\")
    if len(terms) > 1 and any(term in _ALONE for term in terms):
        raise NotDecoded
    try:
        return tuple(CODECS[term] for term in terms)
    except KeyError:
        raise NotDecoded from None


def decoded(raw: bytes, codecs: Sequence[str], reset: re.Pattern[bytes] = LINES) -> str:
    """The text of raw bytes; `reset` resets the set to the first one.

    Raises:
        NotDecoded: bytes are not of the sets that are declared.

    """
    try:
        if b"\x1b" not in raw:
            return raw.decode(codecs[0])
        return "".join(_piece(piece, codecs, reset) for piece in _PIECES.findall(raw))
    except UnicodeError:
        raise NotDecoded from None


def _piece(piece: bytes, codecs: Sequence[str], reset: re.Pattern[bytes]) -> str:
    """Text up to the next escape sequence."""
    if piece[:1] != b"\x1b":
        return piece.decode(codecs[0])
    length = 4 if piece[1:3] in {b"$(", b"$)"} else 3
    codec = _ESCAPES.get(piece[1:length], "")
    if codec not in codecs and codec != _LATIN_1:
        raise NotDecoded
    if codec in _KEEP_ESCAPE:
        return piece.decode(codec)
    text = piece[length:]
    found = reset.search(text)
    if found is None:
        return text.decode(codec)
    return text[: found.start()].decode(codec) + text[found.start() :].decode(codecs[0])
