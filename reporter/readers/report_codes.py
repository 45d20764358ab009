"""The codes a structured report is read by: concept names, findings, sites, sizes, units, time points.

Codes are those of PS3.16 (TID 1500, 1501, 1410, 1411, 1419, 1502, 4108; the context group stands beside each table),
as held by pydicom's dictionary.  A concept is compared by value and scheme, never by its meaning.  SNOMED RT values,
as older programs write them, are read as the SNOMED CT concepts they stand for (PS3.16 annex O).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

from reporter.case.length import LengthUnit
from reporter.case.vocabulary import (
    BREAST_CODES,
    CLOCK_CODES,
    DEPTH_CODES,
    KIND_CODES,
    LOCATION_CODES,
    NODE_LOCATIONS,
    PHASE_CODES,
    SIDE_CODES,
    Depth,
    Kind,
    Location,
    Role,
    Side,
)

Concept = tuple[str, str]
"""Code value and coding scheme designator."""

SNOMED_RT: Final[Mapping[str, str]] = MappingProxyType({
    "D0-00050": "95324001",
    "DC-721C4": "127189005",
    "F-01775": "129769006",
    "F-01776": "129770007",
    "F-01781": "129772004",
    "F-01782": "129773009",
    "F-01783": "129774003",
    "F-01784": "129775002",
    "F-01785": "129776001",
    "F-01786": "129777005",
    "F-01787": "129778000",
    "F-01788": "129779008",
    "F-01789": "129780006",
    "F-0178A": "129781005",
    "F-0178B": "129782003",
    "F-0178C": "129783008",
    "F-0178D": "129784002",
    "F-0178E": "129785001",
    "F-0178F": "129786000",
    "F-01791": "129788004",
    "F-01794": "129791004",
    "F-0179A": "129797000",
    "F-8A057": "309587003",
    "G-A100": "24028007",
    "G-A101": "7771000",
    "G-A102": "51440002",
    "G-A103": "66459002",
    "G-A166": "42798000",
    "G-A16A": "131184002",
    "G-A185": "103339001",
    "G-A186": "103340004",
    "G-A193": "131187009",
    "G-A194": "131188004",
    "G-A195": "131189007",
    "G-A1F8": "106233006",
    "G-A220": "103355008",
    "G-C0E3": "363698007",
    "G-C171": "272741003",
    "G-D705": "118565006",
    "G-D785": "131197000",
    "G-D7FE": "410668003",
    "M-01100": "52988006",
    "M-02550": "81827009",
    "M-03000": "4147007",
    "R-404CC": "255549009",
    "R-404CE": "255551008",
    "R-413C5": "262068006",
    "R-41AEA": "262502001",
    "T-04000": "76752008",
    "T-04002": "77831004",
    "T-04003": "19100000",
    "T-04004": "76365002",
    "T-04005": "33564002",
    "T-04020": "73056007",
    "T-04030": "80248007",
    "T-04080": "63762007",
    "T-C4000": "59441001",
    "T-C4220": "76838003",
    "T-C4280": "9659009",
    "T-C430B": "443808008",
    "T-C4350": "82365008",
    "T-C4710": "68171009",
})
"""SNOMED RT value -> SNOMED CT value of every concept below."""
_RT_SCHEMES: Final = frozenset({"SRT", "SNM3", "99SDM"})
"""SNM3 and 99SDM are retired names of SRT (PS3.16 section 8.1)."""


def concept(value: str, scheme: str) -> Concept:
    """A code as it is compared."""
    if scheme in _RT_SCHEMES and value in SNOMED_RT:
        return SNOMED_RT[value], "SCT"
    return value, scheme


# Containers (CID 7021 gives the titles, which are not looked at).
MEASUREMENT_GROUP: Final = ("125007", "DCM")
DERIVED_MEASUREMENTS: Final = ("126011", "DCM")
"""Derived Imaging Measurements: made of several regions (TID 1420), no lesion's size."""

# What a group says of itself (TID 4108, 1501, 1502).
TRACKING_IDENTIFIER: Final = ("112039", "DCM")
TRACKING_UID: Final = ("112040", "DCM")
COMMENT: Final = ("121106", "DCM")
FINDING: Final = ("121071", "DCM")
FREE_TEXT_FINDING: Final = "CORNERSTONEFREETEXT"
"""Value of a finding whose meaning is what the user typed (OHIF)."""
FINDING_SITE: Final = ("363698007", "SCT")
LATERALITY: Final = ("272741003", "SCT")
SITE_MODIFIER: Final = ("106233006", "SCT")
DERIVATION: Final = ("121401", "DCM")
BASELINE_CATEGORY: Final = ("112016", "DCM")
TIME_POINT_TEXTS: Final = (("C2348792", "UMLS"), ("126070", "DCM"), ("126071", "DCM"))
"""Time Point, Subject Time Point Identifier, Protocol Time Point Identifier: the first that is there is the label."""
TIME_POINT_TYPE: Final = ("126072", "DCM")
CONTEXT_NUMBERS: Final = frozenset({("126073", "DCM"), ("128740", "DCM")})
"""Time Point Order and Longitudinal Temporal Offset: numbers of the time point, not of a lesion."""

READ_ITEMS: Final = frozenset({
    *(TRACKING_IDENTIFIER, TRACKING_UID, COMMENT, FINDING, FINDING_SITE, LATERALITY),
    *(BASELINE_CATEGORY, TIME_POINT_TYPE, *TIME_POINT_TEXTS),
})
"""Words and codes of a group that are read; others are listed."""

LENGTH: Final = ("410668003", "SCT")
LENGTHS: Final[Mapping[Concept, str]] = MappingProxyType({
    ("103339001", "SCT"): "long_axis",
    LENGTH: "long_axis",
    ("103340004", "SCT"): "short_axis",
})
"""CID 7470 Linear Measurement: the lengths whose axis is named.  A single Length is drawn along the long axis."""
DISTANCES: Final[Mapping[Concept, str]] = MappingProxyType({
    ("121242", "DCM"): "nipple_distance",
    ("121243", "DCM"): "skin_distance",
})
"""CID 6165 Breast Linear Measurement."""
AXIS_NOT_NAMED: Final = frozenset({
    *(("81827009", "SCT"), ("131187009", "SCT"), ("131188004", "SCT"), ("131189007", "SCT")),
    *(("103355008", "SCT"), ("131197000", "SCT"), ("121207", "DCM"), ("121227", "DCM")),
    *(("TDIC", "IBSI"), ("P9VJ", "IBSI"), ("7J51", "IBSI"), ("L0JK", "IBSI")),
})
"""CID 7470: diameter, major, minor and perpendicular axis, width, depth, height and the like: a size of the lesion, but
which of its axes a rule would compare is not said; never taken for one."""
VOLUMES: Final = frozenset({
    ("118565006", "SCT"),
    *((value, "DCM") for value in ("121216", "121217", "121218", "121219", "121221")),
    *(("YEKZ", "IBSI"), ("RNU0", "IBSI")),
})
"""CID 7472 Volume Measurement, without the volumes of spheres around a lesion."""

LENGTH_UNITS: Final[Mapping[Concept, LengthUnit]] = MappingProxyType({(u.value, "UCUM"): u for u in LengthUnit})
AREA_UNITS: Final = frozenset({("mm2", "UCUM"), ("cm2", "UCUM")})
"""Some programs name a length and an area by the same concept (G-D7FE); the unit tells them apart."""
VolumeUnit = Literal["ml", "mm3"]
VOLUME_UNITS: Final[Mapping[Concept, VolumeUnit]] = MappingProxyType({
    ("ml", "UCUM"): "ml",
    ("mL", "UCUM"): "ml",
    ("cm3", "UCUM"): "ml",
    ("mm3", "UCUM"): "mm3",
})
"""UCUM knows ml and mL; 1 cm3 is 1 ml."""

ROLES: Final[Mapping[Concept, Role]] = MappingProxyType({
    ("112074", "DCM"): Role.TARGET,
    ("112075", "DCM"): Role.NON_TARGET,
})
"""CID 6145 Baseline Category."""
NO_LESION: Final = ("112076", "DCM")
"""CID 6145: Non-Lesion at Baseline."""

KINDS: Final[Mapping[Concept, Kind]] = MappingProxyType({
    **{(code.value, code.scheme): kind for kind, code in KIND_CODES.items()},
    ("129788004", "SCT"): Kind.MASS,
    ("111462", "DCM"): Kind.MASS,
    ("111459", "DCM"): Kind.MASS,
    ("68171009", "SCT"): Kind.NODE,
    ("443808008", "SCT"): Kind.NODE,
    ("127189005", "SCT"): Kind.NODE,
    ("309587003", "SCT"): Kind.CALCIFICATION,
    ("129770007", "SCT"): Kind.CALCIFICATION,
    ("95324001", "SCT"): Kind.SKIN,
})
"""CID 6014, 6054 and 7159: findings that say what kind of lesion it is."""
SIDES: Final[Mapping[Concept, Side]] = MappingProxyType({
    (code.value, code.scheme): side for codes in (SIDE_CODES, BREAST_CODES) for side, code in codes.items()
})
"""CID 244 and 6022.  Bilateral, both breasts and unilateral name no one side."""
LOCATIONS: Final[Mapping[Concept, Location]] = MappingProxyType({
    (code.value, code.scheme): location
    for location, code in LOCATION_CODES.items()
    if location is not Location.AXILLA_1
})
"""CID 6018, 6020 and 7600.  An axillary node is read as a node of no stated level: no code tells I from II."""
NODE_SITES: Final = frozenset({
    *(("59441001", "SCT"), ("68171009", "SCT"), ("443808008", "SCT"), ("127189005", "SCT")),
    *(place for place, location in LOCATIONS.items() if location in NODE_LOCATIONS),
})
"""Sites that are lymph nodes."""
CLOCKS: Final[Mapping[Concept, int]] = MappingProxyType({(c.value, c.scheme): h for h, c in CLOCK_CODES.items()})
DEPTHS: Final[Mapping[Concept, Depth]] = MappingProxyType({(c.value, c.scheme): d for d, c in DEPTH_CODES.items()})
PHASE_LABELS: Final[Mapping[Concept, str]] = MappingProxyType({
    (code.value, code.scheme): code.meaning for codes in PHASE_CODES.values() for code in codes
})
"""CID 6146: the label of a time point type, as its own code and not the document means it."""
