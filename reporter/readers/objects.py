"""What kind of image a DICOM object is, and what it shows, by its codes: modality, side, view."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from reporter.case.vocabulary import Modality, Side

_STORAGE = "1.2.840.10008.5.1.4.1.1."

MODALITY_BY_CLASS: Mapping[str, Modality] = MappingProxyType({
    _STORAGE + suffix: modality
    for suffix, modality in (
        ("6.1", Modality.US),
        ("3.1", Modality.US),
        ("6", Modality.US),
        ("3", Modality.US),
        ("6.2", Modality.US),
        ("1.2", Modality.MG),
        ("1.2.1", Modality.MG),
        ("13.1.3", Modality.DBT),
        ("13.1.4", Modality.DBT),
        ("13.1.5", Modality.DBT),
        ("4", Modality.MR),
        ("4.1", Modality.MR),
        ("4.3", Modality.MR),
        ("4.4", Modality.MR),
        ("2", Modality.CT),
        ("2.1", Modality.CT),
        ("2.2", Modality.CT),
        ("128", Modality.PT),
        ("128.1", Modality.PT),
        ("130", Modality.PT),
    )
})
"""PS3.4 table B.5-1.  DBT and its projections share (0008,0060) MG with mammography: only the SOP class tells."""

_BY_ATTRIBUTE_CLASSES = frozenset(_STORAGE + s for s in ("7", "7.1", "7.2", "7.3", "7.4", "1", "1.1", "1.1.1"))
"""Secondary capture and plain X-ray: (0008,0060) says what they show."""
_BY_ATTRIBUTE = frozenset({"US", "MG", "MR", "CT", "PT"})

REPORT_PREFIX = _STORAGE + "88."
"""How the SOP classes of structured reports begin."""
REPORT_CLASSES = frozenset(
    REPORT_PREFIX + s for s in ("11", "22", "33", "34", "35", "40", "50", "65", "67", "68", "69", "71", "75")
)
"""Structured reports of any kind."""
_CLASS_MARK = REPORT_PREFIX.encode("ascii")
_MEDIA_CLASS = b"\x02\x00\x02\x00UI"
"""(0002,0002) Media Storage SOP Class UID, always explicit VR little endian (PS3.10 section 7.1)."""
_PREFIX_END, _META_END = 132, 180
_MODALITY_SR = re.compile(rb"\x08\x00\x60\x00(?:CS\x02\x00|\x02\x00\x00\x00)SR")
"""(0008,0060) Modality where it is SR, with and without VR; `in` looks longer through heads with many zero bytes."""
DIRECTORY_CLASS = "1.2.840.10008.1.3.10"
"""Media Storage Directory (DICOMDIR)."""

_SIDES: Mapping[str, tuple[Side, ...]] = MappingProxyType({
    "L": (Side.LEFT,),
    "R": (Side.RIGHT,),
    "B": (Side.LEFT, Side.RIGHT),
    "U": (),
})
"""(0020,0062) Image Laterality and (0020,9072) Frame Laterality; U is an unpaired part."""

_VIEWS: Mapping[str, str] = MappingProxyType({
    **dict.fromkeys(("399162004", "R-10242"), "CC"),
    **dict.fromkeys(("399368009", "R-10226"), "MLO"),
    **dict.fromkeys(("399260004", "R-10224"), "ML"),
    **dict.fromkeys(("399352003", "R-10228"), "LM"),
    **dict.fromkeys(("399099002", "R-10230"), "LMO"),
    **dict.fromkeys(("399196006", "R-10244"), "FB"),
    **dict.fromkeys(("399192008", "R-1024A"), "XCCL"),
    **dict.fromkeys(("399101009", "R-1024B"), "XCCM"),
    **dict.fromkeys(("399188001",), "SIO"),
    **dict.fromkeys(("441555000",), "ISO"),
})
"""CID 4014 View for Mammography, by SNOMED CT and SNOMED RT value."""

_OWN_PARTS = ("BREAST", "AXILL", "CHEST", "THORA", "MAMM", "WHOLEBODY", "WHOLE BODY", "CLAVIC")
"""Words of (0018,0015) that name the breast, its nodes, or a region around them."""


def modality_of(sop_class: str, given: str, *, contrast: bool) -> Modality | None:
    """How an object was imaged; None for one that is no image of a known kind.

    Mammography with a contrast agent in its header is contrast-enhanced mammography.
    """
    modality = MODALITY_BY_CLASS.get(sop_class)
    if modality is None and sop_class in _BY_ATTRIBUTE_CLASSES and given in _BY_ATTRIBUTE:
        modality = Modality(given)
    if modality is Modality.MG and contrast:
        return Modality.CEM
    return modality


def is_image(sop_class: str) -> bool:
    """Whether objects of this class have pixels."""
    return sop_class in MODALITY_BY_CLASS or sop_class in _BY_ATTRIBUTE_CLASSES


def says_report(head: bytes) -> bool:
    """Whether the first element of file meta information after its version (0002,0002) names an SR class."""
    at = head.find(_MEDIA_CLASS, _PREFIX_END)
    return 0 <= at < _META_END and head[at + 8 : at + 8 + len(_CLASS_MARK)] == _CLASS_MARK


def maybe_report(head: bytes) -> bool:
    """Whether the first bytes of an object name an SR class, or anywhere, in a sequence too, the modality SR."""
    return says_report(head) or _MODALITY_SR.search(head) is not None


def sides_of(laterality: str) -> tuple[Side, ...]:
    """The sides a laterality code names; none for an empty or unknown one."""
    return _SIDES.get(laterality, ())


def view_of(code: str, meaning: str, position: str) -> str | None:
    """The short name of a view, by its code, else as View Position (0018,5101) or the code's meaning says."""
    return _VIEWS.get(code) or position or meaning or None


def other_part(body_part: str | None) -> bool:
    """Whether a Body Part Examined names a part that is neither breast nor around it."""
    return bool(body_part) and not any(word in str(body_part).upper() for word in _OWN_PARTS)
