"""The clinical facts as they may be written: every key, and what its value must be.

Strict: an unknown key, a word that is none of its key and a date that is no date are mistakes with their key path.
Nothing is required; what is absent is not stated.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from reporter.case.length import Length, LengthUnit
from reporter.case.vocabulary import (
    NODE_LOCATIONS,
    ClinicalNode,
    Indication,
    LevelState,
    Location,
    Side,
    TherapyKind,
    TherapyStatus,
)
from reporter.readers.cells import LARGEST_MM, is_number
from reporter.readers.values import cleaned, iso_date

_MENOPAUSAL = {word: f"{stem}menopausal" for stem in ("pre", "peri", "post") for word in (stem, f"{stem}menopausal")}
_BIRADS = ("0", "1", "2", "3", "4", "4A", "4B", "4C", "5", "6")
_TEXT_CHARACTERS = 4096


def _wrong(expected: str) -> PydanticCustomError:
    return PydanticCustomError("facts", "not as expected", {"expected": expected})


def _yes_no(value: object) -> object:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().casefold() in {"yes", "no"}:
        return value.strip().casefold() == "yes"
    expected = "yes or no"
    raise _wrong(expected)


def _day(value: object) -> object:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    day = iso_date(value.strip()) if isinstance(value, str) else None
    if day is None:
        expected = "a date such as 2026-02-02"
        raise _wrong(expected)
    return day


def _text(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        expected = "a text in quotation marks"
        raise _wrong(expected)
    text = cleaned(str(value).strip(), lines=True)
    if len(text) > _TEXT_CHARACTERS:
        expected = f"a text of at most {_TEXT_CHARACTERS} characters"
        raise _wrong(expected)
    return text or None


def _number(value: object) -> Decimal | None:
    """A number as TOML, JSON or a cell gives it; None where it is none."""
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        return None
    text = str(value).strip()
    return Decimal(text) if is_number(text) and not text.startswith("-") else None


def _whole(lowest: int, highest: int) -> Callable[[object], object]:
    def check(value: object) -> object:
        number = _number(value)
        if number is None or number != number.to_integral_value() or not lowest <= number <= highest:
            expected = f"a whole number from {lowest} to {highest}"
            raise _wrong(expected)
        return int(number)

    return check


Word = TypeVar("Word", bound=StrEnum)


def _word(words: type[Word]) -> Callable[[object], object]:
    def check(value: object) -> object:
        for word in words:
            if isinstance(value, str) and value.strip().casefold() == word.casefold():
                return word
        expected = "one of " + ", ".join(words)
        raise _wrong(expected)

    return check


def _one_of(*words: str) -> Callable[[object], object]:
    def check(value: object) -> object:
        text = str(value).strip().casefold() if isinstance(value, (str, int, Decimal)) else ""
        for word in words:
            if text == word.casefold():
                return word
        expected = "one of " + ", ".join(words)
        raise _wrong(expected)

    return check


def _menopausal(value: object) -> object:
    word = _MENOPAUSAL.get(value.strip().casefold()) if isinstance(value, str) else None
    if word is None:
        expected = "one of pre, peri, post"
        raise _wrong(expected)
    return word


def _listed(value: object) -> object:
    """One entry, or one word, stands for a list of it."""
    return value if isinstance(value, list) else [value]


YesNo = Annotated[bool | None, BeforeValidator(_yes_no)]
Day = Annotated[dt.date | None, BeforeValidator(_day)]
Text = Annotated[str | None, BeforeValidator(_text)]
SideWord = Annotated[Side | None, BeforeValidator(_word(Side))]
Count = Annotated[int | None, BeforeValidator(_whole(0, 999))]


class Given(BaseModel):
    """A table of the facts: frozen, strict, no key but its own, its values never in a message."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", hide_input_in_errors=True)


class EntryGiven(Given):
    """A statement about one breast at one time point."""

    side: SideWord = Field(default=None, description="left or right; without it, the one breast involved")
    date: Day = Field(default=None, description="when; without it, the reported time point")
    lesion_id: Text = Field(default=None, description="the lesion it speaks of")


class DiagnosisGiven(EntryGiven):
    """The cancer, before therapy."""

    confirmed: YesNo = Field(default=None, description="proven by biopsy")
    histology: Text = Field(default=None, description="quoted, such as invasive ductal carcinoma")
    grade: Annotated[int | None, BeforeValidator(_whole(1, 3))] = Field(default=None, description="1 to 3")
    subtype: Text = Field(default=None, description="quoted, such as triple negative")
    receptors: Text = Field(default=None, description="quoted")
    extent: Text = Field(default=None, description="quoted, such as locally advanced")


class ClinicalGiven(EntryGiven):
    """Physical examination and course."""

    palpable: YesNo = Field(default=None, description="whether the lesion can be felt")
    size: Length | None = Field(default=None, description="its size by hand or caliper, with its unit")
    unit: Annotated[str | None, BeforeValidator(_one_of("mm", "cm"))] = Field(default=None, description="mm or cm")
    exam_agrees: YesNo = Field(default=None, description="whether examination and imaging agree")
    worsening: YesNo = Field(default=None, description="clinical worsening during or after therapy")
    cycles_done: Count = Field(default=None, description="cycles of therapy given so far")
    cycle_week: Annotated[int | None, BeforeValidator(_whole(1, 6))] = Field(
        default=None, description="week of the menstrual cycle at an MRI"
    )

    @model_validator(mode="before")
    @classmethod
    def _size_with_unit(cls, given: object) -> object:
        if not isinstance(given, dict) or "size" not in given:
            return given
        return {**given, "size": _length(given["size"], given.get("unit"))}


def _length(value: object, unit: object) -> Length:
    """A length as `size = 30` beside `unit = "mm"`, as `{ value = 30, unit = "mm" }`, or as "30 mm"."""
    if isinstance(value, dict):
        given: dict[str, object] = value
        value, unit = given.get("value"), given.get("unit")
    elif isinstance(value, str) and unit is None and len(parts := value.split()) == 2:  # ruff: ignore[magic-value-comparison]
        value, unit = parts
    number = _number(value)
    if number is None or str(unit) not in set(LengthUnit):
        expected = "a number with a unit, mm or cm"
        raise PydanticCustomError("facts_size", "not as expected", {"expected": expected})
    length = Length(number, LengthUnit(str(unit)))
    if length.mm > LARGEST_MM:
        expected = f"a length of at most {LARGEST_MM} mm"
        raise PydanticCustomError("facts_size", "not as expected", {"expected": expected})
    return length


def _levels(value: object) -> object:
    if not isinstance(value, dict):
        expected = "a table of node levels"
        raise _wrong(expected)
    levels: dict[str, object] = {str(key).strip().casefold(): state for key, state in value.items()}
    unknown = sorted(levels.keys() - {str(location) for location in NODE_LOCATIONS})
    if unknown:
        expected = "node levels: " + ", ".join(sorted(NODE_LOCATIONS))
        raise _wrong(expected)
    return {Location(level): _word(LevelState)(levels[level]) for level in sorted(levels)}


class AxillaGiven(EntryGiven):
    """The nodes of one side."""

    clinical_node: Annotated[ClinicalNode | None, BeforeValidator(_word(ClinicalNode))] = Field(
        default=None, description="clinical node status before therapy, cN0 or cN+"
    )
    known_positive: YesNo = Field(default=None, description="node-positive by imaging or biopsy")
    previously_imaged: YesNo = Field(default=None, description="whether the axilla was imaged before")
    imaging_suspicious: YesNo = Field(default=None, description="suspicious on imaging before therapy")
    abnormal_nodes: Count = Field(default=None, description="number of abnormal nodes")
    levels: Annotated[dict[Location, LevelState], BeforeValidator(_levels)] = Field(
        default_factory=dict, description="normal, abnormal or not_imaged for each node level"
    )


class BreastGiven(EntryGiven):
    """The breast around the lesions."""

    density: Annotated[str | None, BeforeValidator(_one_of("a", "b", "c", "d"))] = Field(
        default=None, description="composition, a to d"
    )
    background_enhancement: Annotated[str | None, BeforeValidator(_one_of("minimal", "mild", "moderate", "marked"))] = (
        Field(default=None, description="minimal, mild, moderate or marked")
    )
    mri_contrast: YesNo = Field(default=None, description="whether the MRI was with contrast")
    haematoma: YesNo = Field(default=None, description="after biopsy, at baseline")
    rest: Text = Field(default=None, description="the rest of that breast, quoted")


class NegativesGiven(EntryGiven):
    """Findings that change surgery when present; quoted."""

    skin: Text = Field(default=None, description="quoted, such as normal")
    nipple: Text = Field(default=None, description="quoted, such as normal")
    muscle: Text = Field(default=None, description="pectoral muscle, quoted")
    chest_wall: Text = Field(default=None, description="quoted")
    calcifications: Text = Field(default=None, description="quoted, such as none")


class RadiologistGiven(EntryGiven):
    """The reader's own calls; never computed."""

    near_complete: YesNo = Field(default=None, description="near-complete response")
    indeterminate: YesNo = Field(default=None, description="residual tumour and treatment change cannot be told apart")
    residual_large: YesNo = Field(default=None, description="residual large enough to change the operation")
    posttreatment_change: YesNo = Field(default=None, description="scar or oedema that hampers reading")
    birads: Annotated[str | None, BeforeValidator(_one_of(*_BIRADS))] = Field(
        default=None, description="BI-RADS category, as entered"
    )
    restate: YesNo = Field(default=None, description="an earlier complete response is to be restated")


class TherapyGiven(Given):
    """Systemic therapy before surgery."""

    intent: Text = Field(default=None, description="neoadjuvant; adjuvant or palliative puts the case out of scope")
    kinds: Annotated[list[Annotated[TherapyKind, BeforeValidator(_word(TherapyKind))]], BeforeValidator(_listed)] = (
        Field(default_factory=list, description="chemotherapy, targeted, immunotherapy, endocrine; a list")
    )
    start: Day = Field(default=None, description="date of the first dose")
    end: Day = Field(default=None, description="date of the last dose")
    status: Annotated[TherapyStatus | None, BeforeValidator(_word(TherapyStatus))] = Field(
        default=None, description="not_started, ongoing or completed"
    )
    regimen: Text = Field(default=None, description="quoted")
    cycles_planned: Count = Field(default=None, description="number of cycles planned")


class PatientGiven(Given):
    """Who the patient is, for a table without DICOM."""

    name: Text = Field(default=None, description="family^given, as DICOM writes it")
    birth_date: Day = Field(default=None, description="date of birth")
    sex: Text = Field(default=None, description="as given; no rule reads it")


class SurgeryGiven(Given):
    """The operation."""

    planned: Text = Field(default=None, description="quoted, such as mastectomy or not yet decided")
    date: Day = Field(default=None, description="date of the operation")


def _mri_possible(value: object) -> object:
    """yes, no, or "no: why"."""
    if isinstance(value, str) and value.strip().casefold().startswith("no:"):
        return False
    return _yes_no(value)


class FactsGiven(Given):
    """All clinical facts of one patient."""

    patient_id: Text = Field(default=None, description="whose facts these are, where INPUT holds several patients")
    patient: PatientGiven = PatientGiven()
    indication: Annotated[Indication | None, BeforeValidator(_word(Indication))] = Field(
        default=None, description="response, diagnosis or screening"
    )
    diagnosis: Annotated[list[DiagnosisGiven], BeforeValidator(_listed)] = Field(default_factory=list)
    therapy: TherapyGiven = TherapyGiven()
    suspicion_distant: YesNo = Field(default=None, description="clinical suspicion of distant spread")
    clinical: Annotated[list[ClinicalGiven], BeforeValidator(_listed)] = Field(default_factory=list)
    axilla: Annotated[list[AxillaGiven], BeforeValidator(_listed)] = Field(default_factory=list)
    breast: Annotated[list[BreastGiven], BeforeValidator(_listed)] = Field(default_factory=list)
    menopausal: Annotated[str | None, BeforeValidator(_menopausal)] = Field(
        default=None, description="pre, peri or post"
    )
    mri_possible: Annotated[bool | None, BeforeValidator(_mri_possible)] = Field(
        default=None, description="yes, no, or no: why"
    )
    mri_obstacle: Text = Field(default=None, description="why MRI cannot be done, quoted")
    surgery: SurgeryGiven = SurgeryGiven()
    negatives: Annotated[list[NegativesGiven], BeforeValidator(_listed)] = Field(default_factory=list)
    radiologist: Annotated[list[RadiologistGiven], BeforeValidator(_listed)] = Field(default_factory=list)

    @model_validator(mode="before")
    @classmethod
    def _why_no_mri(cls, given: object) -> object:
        """Move the reason behind "no:" to its own key."""
        if not isinstance(given, dict):
            return given
        said = given.get("mri_possible")
        if isinstance(said, str) and ":" in said and "mri_obstacle" not in given:
            return {**given, "mri_obstacle": said.split(":", 1)[1].strip()}
        return given
