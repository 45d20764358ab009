"""One lesion on one study: a size, or the reason why there is none.

"Not measured" is a type.  A reader that finds no number must choose one of these; a blank never becomes 0 mm.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from reporter.case.length import Length
from reporter.case.source import Source
from reporter.case.vocabulary import ExtentChange, Hilum, Modality

_CODE: Final = re.compile(r"[A-Z]+_[A-Z_]+")
"""How the code of an issue is written; the reader's words are not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Axes in millimetres or centimetres; `long_axis` for a mass, `short_axis` for a node, others as given."""

    long_axis: Length | None = None
    short_axis: Length | None = None
    third_axis: Length | None = None
    status: Literal["measured"] = "measured"


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent:
    """Looked for and gone: 0 mm."""

    status: Literal["absent"] = "absent"


@dataclass(frozen=True, slots=True, kw_only=True)
class TooSmall:
    """Present, too small to measure (RECIST 1.1: 5 mm by default)."""

    status: Literal["too_small"] = "too_small"


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """Seen, not measured: a non-target lesion that persists."""

    status: Literal["present"] = "present"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnequivocalProgression:
    """A non-target lesion that the reader calls unequivocally progressive."""

    status: Literal["unequivocal_progression"] = "unequivocal_progression"


@dataclass(frozen=True, slots=True, kw_only=True)
class Equivocal:
    """A new finding that may or may not be disease; a size may stand beside the doubt."""

    size: Measured | None = None
    status: Literal["equivocal"] = "equivocal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """Inseparable from another lesion, which is measured in its place; contributes 0, is not absent."""

    into: str
    """The lesion_id it went into."""
    status: Literal["merged"] = "merged"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotEvaluable:
    """Imaged, but no value can be used."""

    reason: str | None = None
    """In the reader's words, quoted; or the code of the issue that took the value away."""
    given: tuple[str, ...] = ()
    """The cells as they stood, for the message; never used as a value."""
    status: Literal["not_evaluable"] = "not_evaluable"

    @property
    def taken(self) -> bool:
        """Whether a value was given that an issue took away; False: the reader says that none can be given."""
        return self.reason is not None and _CODE.fullmatch(self.reason) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotImaged:
    """The place was not imaged."""

    status: Literal["not_imaged"] = "not_imaged"


Value = Measured | Absent | TooSmall | Present | UnequivocalProgression | Equivocal | Merged | NotEvaluable | NotImaged
"""What was found of a lesion on a study."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """A recorded extra; never part of a sum of diameters."""

    value: Decimal
    unit: Literal["ml", "mm3"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One row: one lesion on one study by one modality, with all that was said of it there."""

    lesion_id: str
    study: str
    """The `key` of its study."""
    modality: Modality | None
    """None is one unnamed modality of its own."""
    value: Value
    source: Source
    """The row or SR group; a cell's place is this plus its column's name."""
    volume: Volume | None = None
    suv: Decimal | None = None
    cortex: Length | None = None
    hilum: Hilum | None = None
    cortex_type: int | None = None
    """1-6 (ACOSOG Z1071 types I-VI)."""
    extent: Length | None = None
    """Extent of calcifications; never in a sum."""
    extent_change: ExtentChange | None = None
    span: Length | None = None
    """Span of all disease of that breast then."""
    nipple_distance: Length | None = None
    skin_distance: Length | None = None
    muscle_distance: Length | None = None
    index_distance: Length | None = None
    """Distance to the index lesion."""
    slice_thickness: Length | None = None
    quality: str | None = None
    """In the reader's words, quoted."""
    split_from: str | None = None
    """The lesion_id it came from."""
    clip_seen: bool | None = None
    clip_displaced: Length | None = None
    """0 = seen, not displaced."""
    distortion: bool | None = None
    birads: str | None = None
    """As entered."""
    note: str | None = None
    """Quoted, never interpreted."""
