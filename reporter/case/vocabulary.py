"""The closed words of the field, each with its code where DICOM has one.

Codes are those of PS3.16 as held by pydicom's dictionary; the context group (CID) stands beside each table.
`axilla_3` as infraclavicular and the quadrant borders are conventions still to be verified.
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from reporter.case.code import Code

if TYPE_CHECKING:
    from collections.abc import Mapping


class Side(StrEnum):
    """Which breast, with its axilla."""

    LEFT = "left"
    RIGHT = "right"

    @property
    def other(self) -> Side:
        """The contralateral side."""
        return Side.RIGHT if self is Side.LEFT else Side.LEFT


class Modality(StrEnum):
    """How a lesion was looked at.  DBT and CEM share the DICOM modality MG: SOP class and headers tell them apart."""

    US = "US"
    MG = "MG"
    DBT = "DBT"
    CEM = "CEM"
    MR = "MR"
    CT = "CT"
    PT = "PT"
    EXAM = "EXAM"
    """Physical examination: a size by hand or caliper, never imaging."""


MAMMOGRAPHY = frozenset({Modality.MG, Modality.DBT})
"""One modality for every comparison (decision m); called after what was made of it."""
NEVER_OF_RECORD = frozenset({Modality.PT, Modality.EXAM})
"""Neither gives the size of a site, a category of a breast, a progression or a largest residual (decision l, S35)."""


class Kind(StrEnum):
    """What sort of lesion it is."""

    MASS = "mass"
    NON_MASS = "non_mass"
    NODE = "node"
    CALCIFICATION = "calcification"
    SKIN = "skin"
    OTHER = "other"


class Role(StrEnum):
    """The part a lesion plays in a response criterion."""

    TARGET = "target"
    NON_TARGET = "non_target"
    NEW = "new"


class Location(StrEnum):
    """Quadrant or region of the breast, or node level."""

    UOQ = "UOQ"
    UIQ = "UIQ"
    LOQ = "LOQ"
    LIQ = "LIQ"
    CENTRAL = "central"
    SUBAREOLAR = "subareolar"
    AXILLARY_TAIL = "axillary_tail"
    AXILLA_1 = "axilla_1"
    AXILLA_2 = "axilla_2"
    AXILLA_3 = "axilla_3"
    INTERNAL_MAMMARY = "internal_mammary"
    SUPRACLAVICULAR = "supraclavicular"


class Depth(StrEnum):
    """Depth in the breast, in thirds."""

    ANTERIOR = "anterior"
    MIDDLE = "middle"
    POSTERIOR = "posterior"


class Hilum(StrEnum):
    """The fatty hilum of a node."""

    PRESERVED = "preserved"
    EFFACED = "effaced"
    ABSENT = "absent"


class ExtentChange(StrEnum):
    """How the extent of calcifications changed since the study before, in the reader's word."""

    FEWER = "fewer"
    SAME = "same"
    MORE = "more"


class BiopsyResult(StrEnum):
    """What a biopsy of this very lesion showed."""

    MALIGNANT = "malignant"
    BENIGN = "benign"
    PENDING = "pending"
    NONE = "none"
    """Stated: no biopsy was made."""


class Indication(StrEnum):
    """Why the patient was imaged."""

    RESPONSE = "response"
    DIAGNOSIS = "diagnosis"
    SCREENING = "screening"


class TherapyKind(StrEnum):
    """The kinds of neoadjuvant systemic therapy; several together are a combination."""

    CHEMOTHERAPY = "chemotherapy"
    TARGETED = "targeted"
    IMMUNOTHERAPY = "immunotherapy"
    ENDOCRINE = "endocrine"


class TherapyStatus(StrEnum):
    """Where the therapy stands at the reported time point."""

    NOT_STARTED = "not_started"
    ONGOING = "ongoing"
    COMPLETED = "completed"


class Phase(StrEnum):
    """What a time point is to the therapy."""

    BASELINE = "baseline"
    DURING = "during"
    END = "end"
    UNKNOWN = "unknown"
    """Neither labels nor therapy dates tell."""


class LevelState(StrEnum):
    """The nodes of one level, in the reader's word."""

    NORMAL = "normal"
    ABNORMAL = "abnormal"
    NOT_IMAGED = "not_imaged"


class ClinicalNode(StrEnum):
    """Clinical node status before therapy."""

    NEGATIVE = "cN0"
    POSITIVE = "cN+"


NODE_LOCATIONS = frozenset({
    Location.AXILLA_1,
    Location.AXILLA_2,
    Location.AXILLA_3,
    Location.INTERNAL_MAMMARY,
    Location.SUPRACLAVICULAR,
})
"""Locations that are node levels; the others are in the breast."""

QUADRANTS = frozenset({Location.UOQ, Location.UIQ, Location.LOQ, Location.LIQ})
"""The four quadrants; central, subareolar and the axillary tail are borders (clinical source S60)."""

SIDE_CODES: Mapping[Side, Code] = MappingProxyType({
    Side.LEFT: Code("7771000", "SCT", "Left"),
    Side.RIGHT: Code("24028007", "SCT", "Right"),
})
"""CID 244 Laterality."""

BREAST_CODES: Mapping[Side, Code] = MappingProxyType({
    Side.LEFT: Code("80248007", "SCT", "Left breast"),
    Side.RIGHT: Code("73056007", "SCT", "Right breast"),
})
"""CID 6022, breast with its side in one code."""

KIND_CODES: Mapping[Kind, Code] = MappingProxyType({
    Kind.MASS: Code("4147007", "SCT", "Mass"),
    Kind.NODE: Code("59441001", "SCT", "Lymph Node"),
    Kind.CALCIFICATION: Code("129769006", "SCT", "Calcification Cluster"),
    Kind.SKIN: Code("129797000", "SCT", "Skin thickening of breast"),
    Kind.OTHER: Code("52988006", "SCT", "Lesion"),
})
"""CID 6014, 6054 and 7159; no context group names non-mass enhancement."""

LOCATION_CODES: Mapping[Location, Code] = MappingProxyType({
    Location.UOQ: Code("76365002", "SCT", "Upper outer quadrant of breast"),
    Location.UIQ: Code("77831004", "SCT", "Upper inner quadrant of breast"),
    Location.LOQ: Code("33564002", "SCT", "Lower outer quadrant of breast"),
    Location.LIQ: Code("19100000", "SCT", "Lower inner quadrant of breast"),
    Location.CENTRAL: Code("129786000", "SCT", "Central region of breast"),
    Location.SUBAREOLAR: Code("129784002", "SCT", "Subareolar region"),
    Location.AXILLARY_TAIL: Code("129785001", "SCT", "Axillary tail region"),
    Location.AXILLA_1: Code("68171009", "SCT", "Axillary lymph node"),
    Location.AXILLA_3: Code("9659009", "SCT", "infraclavicular lymph node"),
    Location.INTERNAL_MAMMARY: Code("82365008", "SCT", "parasternal lymph node"),
    Location.SUPRACLAVICULAR: Code("76838003", "SCT", "supraclavicular lymph node"),
})
"""CID 6018 and 6020 (breast), CID 7600 (nodes); no code tells axillary level II from level I."""

DEPTH_CODES: Mapping[Depth, Code] = MappingProxyType({
    Depth.ANTERIOR: Code("255549009", "SCT", "Anterior"),
    Depth.MIDDLE: Code("C25569", "NCIt", "Middle"),
    Depth.POSTERIOR: Code("255551008", "SCT", "Posterior"),
})
"""CID 6024."""

CLOCK_CODES: Mapping[int, Code] = MappingProxyType({
    hour: Code(value, "SCT", f"{hour} o'clock position")
    for hour, value in (
        (1, "129772004"),
        (2, "129773009"),
        (3, "129774003"),
        (4, "129775002"),
        (5, "129776001"),
        (6, "129777005"),
        (7, "129778000"),
        (8, "129779008"),
        (9, "129780006"),
        (10, "129781005"),
        (11, "129782003"),
        (12, "129783008"),
    )
})
"""CID 6018."""

PHASE_CODES: Mapping[Phase, tuple[Code, ...]] = MappingProxyType({
    Phase.BASELINE: (
        Code("C1442488", "UMLS", "Baseline"),
        Code("121079", "DCM", "Baseline"),
        Code("C3539075", "UMLS", "Pretreatment"),
    ),
    Phase.END: (
        Code("262502001", "SCT", "Post-chemotherapy"),
        Code("262068006", "SCT", "Pre-operative"),
        Code("126074", "DCM", "Posttreatment"),
    ),
})
"""CID 6146 Time Point Type (and DCM 121079, CID 280): the codes that name a phase of the therapy."""
