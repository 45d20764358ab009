"""The columns of an index of an export, and how their texts are made of an element's bytes.

A text is what pydicom's value of the element is as a string; multiple values are joined with a backslash.  Bytes that
are other than the value representation has them (PS3.5 table 6.2-1) end with `NotDecoded`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import starmap
from typing import Final, NamedTuple

from reporter.readers.character_sets import NotDecoded, codecs_of, decoded
from reporter.readers.walked_file import Forms

_REMEMBERED: Final = 4096
"""Texts that are remembered of one kind; then all are forgotten at once."""


class IndexColumn(NamedTuple):
    """One attribute of the index."""

    keyword: str
    tag: int
    vr: bytes


COLUMNS: Final = tuple(
    starmap(
        IndexColumn,
        (
            ("TransferSyntaxUID", 0x00020010, b"UI"),
            ("SpecificCharacterSet", 0x00080005, b"CS"),
            ("ImageType", 0x00080008, b"CS"),
            ("SOPClassUID", 0x00080016, b"UI"),
            ("SOPInstanceUID", 0x00080018, b"UI"),
            ("StudyDate", 0x00080020, b"DA"),
            ("SeriesDate", 0x00080021, b"DA"),
            ("ContentDate", 0x00080023, b"DA"),
            ("StudyTime", 0x00080030, b"TM"),
            ("ContentTime", 0x00080033, b"TM"),
            ("AccessionNumber", 0x00080050, b"SH"),
            ("Modality", 0x00080060, b"CS"),
            ("Manufacturer", 0x00080070, b"LO"),
            ("StudyDescription", 0x00081030, b"LO"),
            ("SeriesDescription", 0x0008103E, b"LO"),
            ("ManufacturerModelName", 0x00081090, b"LO"),
            ("PatientName", 0x00100010, b"PN"),
            ("PatientID", 0x00100020, b"LO"),
            ("IssuerOfPatientID", 0x00100021, b"LO"),
            ("PatientBirthDate", 0x00100030, b"DA"),
            ("PatientSex", 0x00100040, b"CS"),
            ("ClinicalTrialTimePointID", 0x00120050, b"LO"),
            ("ClinicalTrialTimePointDescription", 0x00120051, b"ST"),
            ("ContrastBolusAgent", 0x00180010, b"LO"),
            ("BodyPartExamined", 0x00180015, b"CS"),
            ("SliceThickness", 0x00180050, b"DS"),
            ("MagneticFieldStrength", 0x00180087, b"DS"),
            ("ProtocolName", 0x00181030, b"LO"),
            ("PatientPosition", 0x00185100, b"CS"),
            ("ViewPosition", 0x00185101, b"CS"),
            ("StudyInstanceUID", 0x0020000D, b"UI"),
            ("SeriesInstanceUID", 0x0020000E, b"UI"),
            ("StudyID", 0x00200010, b"SH"),
            ("SeriesNumber", 0x00200011, b"IS"),
            ("InstanceNumber", 0x00200013, b"IS"),
            ("Laterality", 0x00200060, b"CS"),
            ("ImageLaterality", 0x00200062, b"CS"),
            ("NumberOfFrames", 0x00280008, b"IS"),
            ("Rows", 0x00280010, b"US"),
            ("Columns", 0x00280011, b"US"),
            ("PixelSpacing", 0x00280030, b"DS"),
            ("CompletionFlag", 0x0040A491, b"CS"),
            ("VerificationFlag", 0x0040A493, b"CS"),
        ),
    )
)
"""In order of tag, which is their order in a file too."""

PLACE: Final = {column.keyword: place for place, column in enumerate(COLUMNS)}
INDEXED: Final = frozenset(column.tag for column in COLUMNS)
_VRS: Final = {column.tag: column.vr for column in COLUMNS}
OWN: Final = ("SOPInstanceUID", "InstanceNumber", "ContentTime")
"""Columns that differ from file to file of a series; all others are kept once for all files that share them."""

_FORMS: Final = 256
"""Kinds of files whose columns are remembered; then all are forgotten at once."""
_PLAIN = re.compile(rb"[\x20-\x7e]*[\0 ]*")
_UID = re.compile(r"[0-9]+(?:\.[0-9]+)*")
_UID_CHARACTERS = 64
_INTEGER = re.compile(r"[+-]?[0-9]{1,10}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?")
_US_BYTES = 2


class Texts(dict[bytes, str]):  # ruff: ignore[subclass-builtin] - only so are known texts found without a Python call
    """Bytes of an element -> its text, made when first met."""

    def __init__(self, decode: Callable[[bytes], str], *, keep: bool = True) -> None:
        super().__init__()
        self._decode = decode
        self._keep = keep

    def __missing__(self, raw: bytes) -> str:
        text = self._decode(raw)
        if self._keep:
            if len(self) >= _REMEMBERED:
                self.clear()
            self[raw] = text
        return text


def _code(raw: bytes) -> str:
    """AS, CS, DA, TM."""
    if not _PLAIN.fullmatch(raw):
        raise NotDecoded
    return raw.decode("ascii").rstrip("\0 ")


def _uid(raw: bytes) -> str:
    text = raw.decode("latin-1").rstrip("\0 ")
    if text and not (len(text) <= _UID_CHARACTERS and _UID.fullmatch(text)):
        raise NotDecoded
    return text


def _numbers(pattern: re.Pattern[str], raw: bytes) -> str:
    """DS and IS, as they are written."""
    text = raw.decode("latin-1").rstrip("\0 ")
    if not text:
        return ""
    values = [value.strip(" ") for value in text.split("\\")]
    if not all(pattern.fullmatch(value) for value in values):
        raise NotDecoded
    return "\\".join(values)


def _integers(raw: bytes) -> str:
    return _numbers(_INTEGER, raw)


def _decimals(raw: bytes) -> str:
    return _numbers(_NUMBER, raw)


def _short(raw: bytes) -> str:
    """US, one value."""
    if len(raw) != _US_BYTES:
        if raw:
            raise NotDecoded
        return ""
    return str(int.from_bytes(raw, "little"))


def _printed(raw: bytes, codecs: Sequence[str]) -> str:
    """Text without control characters, which some codecs give a meaning to."""
    text = raw.decode("ascii") if raw.isascii() and b"\x1b" not in raw else decoded(raw, codecs)
    if any(sign < " " or sign == "\x7f" for sign in text.rstrip("\0 ")):
        raise NotDecoded
    return text


def _words(raw: bytes, codecs: Sequence[str]) -> str:
    """LO and SH: one or more values."""
    text = _printed(raw, codecs)
    return "\\".join(value.rstrip("\0 ") for value in text.split("\\"))


def _paragraph(raw: bytes, codecs: Sequence[str]) -> str:
    """ST: always one value."""
    return _printed(raw, codecs).rstrip("\0 ")


def _name(raw: bytes, codecs: Sequence[str]) -> str:
    """PN; component groups that are empty at the end are dropped with their sign."""
    text = _printed(raw.rstrip(b"\0 "), codecs)
    return "\\".join(value.rstrip("=") for value in text.split("\\"))


_BY_VR: Final[dict[bytes, Callable[[bytes], str]]] = {
    **dict.fromkeys((b"CS", b"DA", b"TM"), _code),
    b"UI": _uid,
    b"IS": _integers,
    b"DS": _decimals,
    b"US": _short,
}
_BY_VR_AND_CODECS: Final[dict[bytes, Callable[..., str]]] = {
    **dict.fromkeys((b"LO", b"SH"), _words),
    b"ST": _paragraph,
    b"PN": _name,
}


Columns = Mapping[int, tuple[int, Texts]]
"""For each column that a file has, by its number: the place of its value, and the texts known of it."""


class Vocabulary:
    """The texts met so far; a new file finds nearly all of its own here."""

    def __init__(self) -> None:
        self._plain = {decode: Texts(decode) for decode in _BY_VR.values()}
        self._own = Texts(_uid, keep=False)
        self._by_character_set: dict[bytes, dict[int, Texts]] = {}
        self._columns: dict[tuple[Forms, bytes], Columns] = {}

    def of(self, character_set: bytes) -> Mapping[int, Texts]:
        """Tag -> texts of a column, in files of a character set.

        Raises:
            NotDecoded: the character set is none of the standard.

        """
        known = self._by_character_set.get(character_set)
        if known is None:
            known = self._by_character_set[character_set] = self._made(codecs_of(character_set))
        return known

    def columns(self, forms: Forms, character_set: bytes) -> Columns:
        """The columns that files with values of these forms have; one and the same for all of them.

        Raises:
            NotDecoded: the character set is none of the standard, or a value has another VR than its attribute.

        """
        columns = self._columns.get((forms, character_set))
        if columns is None:
            if any(vr not in {b"", _VRS.get(tag, vr)} for tag, vr, _ in forms):
                raise NotDecoded
            known, places = self.of(character_set), {form[0]: place for place, form in enumerate(forms)}
            found = ((number, places.get(column.tag), known[column.tag]) for number, column in enumerate(COLUMNS))
            columns = {number: (place, texts) for number, place, texts in found if place is not None}
            if len(self._columns) >= _FORMS:
                self._columns.clear()
            self._columns[forms, character_set] = columns
        return columns

    def _made(self, codecs: Sequence[str]) -> dict[int, Texts]:
        worded = {decode: Texts(partial(decode, codecs=codecs)) for decode in _BY_VR_AND_CODECS.values()}
        found = {
            column.tag: self._plain[_BY_VR[column.vr]] if column.vr in _BY_VR else worded[_BY_VR_AND_CODECS[column.vr]]
            for column in COLUMNS
        }
        return {**found, COLUMNS[PLACE["SOPInstanceUID"]].tag: self._own}
