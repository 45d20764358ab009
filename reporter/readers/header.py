"""DICOM headers: identity, dates, side and view, technique.  Pixels are never read."""

from __future__ import annotations

import datetime as dt
import math
import struct
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import ClassVar

from reporter.case.issue import Issue, Operand, Outcome
from reporter.case.length import Length
from reporter.case.source import Source, SourceKind
from reporter.case.study import Technique
from reporter.case.vocabulary import BREAST_CODES, SIDE_CODES, Side
from reporter.readers import nested, tags, values
from reporter.readers.container import Container, looks_bare, walk
from reporter.readers.element_walk import Element
from reporter.readers.file_pieces import HEAD, Odd, fetching
from reporter.readers.interface import InputFile, Limits, Reading, Refusal
from reporter.readers.layout import Layout, Layouts
from reporter.readers.objects import DIRECTORY_CLASS, is_image, modality_of, sides_of, view_of
from reporter.readers.parts import ImageHeader
from reporter.readers.tags import FIELDS, TAGS, WANTED, place_of

_DICM_AT = 128
_REQUIRED = ("SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "Modality")
_TAGS = tuple(TAGS.items())
_PLACES = tuple((name, keyword, place_of(keyword)) for name, keyword in FIELDS.items())
"""Field of a case, its attribute, and where that stands."""
_UIDS = ("SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID")
_SIDE_BY_CODE = {
    **{code.value: (side,) for side, code in BREAST_CODES.items()},
    **{code.value: (side,) for side, code in SIDE_CODES.items()},
    **dict.fromkeys(("T-04030", "G-A101"), (Side.LEFT,)),
    **dict.fromkeys(("T-04020", "G-A100"), (Side.RIGHT,)),
    "63762007": (Side.LEFT, Side.RIGHT),
}
"""CID 244 and 6022 in SNOMED CT and, as older devices write them, SNOMED RT; 63762007 is both breasts."""

_NO_AGENT = frozenset({"none", "no", "no contrast", "without contrast"})
"""What scanners write into Contrast/Bolus Agent when none was given."""

Nested = Mapping[int, Element]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderReader:
    """Reads the header of any DICOM object."""

    accept_bare: bool = False
    """Read data sets without preamble and prefix too."""
    layouts: Layouts[Layout] = field(default_factory=partial(Layouts, WANTED, Layout), repr=False, compare=False)
    """Of the files read so far."""
    name: ClassVar[str] = "image"

    def identify(self, file: InputFile) -> bool:
        """DICM at byte 128, or a name that claims to be DICOM; with `accept_bare` also what begins like a data set."""
        head = file.head
        claims = file.name.lower().endswith((".dcm", ".dcm.gz", ".dicom"))
        return head[_DICM_AT : _DICM_AT + 4] == b"DICM" or claims or (self.accept_bare and looks_bare(head))

    def extract(self, file: InputFile, limits: Limits) -> Reading:
        """The header as one part; a file that is cut short or hides something is refused."""
        return reading_of(file.name, partial(self._walked, file, limits), limits)

    def _walked(self, file: InputFile, limits: Limits) -> Container:
        with file.open() as stream:
            with suppress(Odd):
                layout, differing, _ = self.layouts.read(stream.read(HEAD), file.size, fetching(stream), limits)
                if layout.whole:
                    return layout.container(differing)
            stream.seek(0)
            return walk(stream, file.size, file.name, WANTED, limits, bare=self.accept_bare)


def reading_of(file: str, walked: Callable[[], Container], limits: Limits) -> Reading:
    """What a file gives; `walked` gives what stands in it, and may raise Refusal."""
    found = None
    try:
        found = walked()
        header = _Header(file, found, limits)
        if header.uid("MediaStorageSOPClassUID") == DIRECTORY_CLASS:
            return _directory(header)
        part = header.image()
    except Refusal as refused:
        patient = refused.patient_id if found is None else _Header(file, found, limits).words("PatientID")
        return Reading(issues=(refused.issue,), patient_id=patient or None)
    except (ArithmeticError, AttributeError, LookupError, MemoryError, RecursionError, TypeError, ValueError):
        # no file may end a run, whatever is still wrong in here; the exception's own text may hold patient data
        return Reading(issues=(_broken(file),))
    return Reading(parts=(part,), issues=tuple(header.issues), sha256=found.sha256, patient_id=part.patient_id)


def _broken(file: str) -> Issue:
    return Issue(code="DCM_BROKEN", outcome=Outcome.REFUSED, source=Source(SourceKind.HEADER, file, "header"))


def _directory(header: _Header) -> Reading:
    """A DICOMDIR is never followed: its references are only held against leaving the folder (PS3.10 section 8)."""
    for record in nested.items(header.found.elements.get(TAGS["DirectoryRecordSequence"])):
        reference = record.get(tags.REFERENCED_FILE_ID)
        parts = reference.value.decode("ascii", "replace").split("\\") if reference else []
        if any(part.strip("\0 ") in {"..", "."} or "/" in part or ":" in part for part in parts):
            raise Refusal(header.issue("FS_ESCAPE", Outcome.REFUSED, "DirectoryRecordSequence"))
    return Reading(issues=tuple(header.issues), sha256=header.found.sha256)


@dataclass(slots=True)
class _Header:
    """Access to the wanted elements of one file, with the doubts that come up on the way."""

    file: str
    found: Container
    limits: Limits
    issues: list[Issue] = field(default_factory=list)
    about: list[Issue] = field(default_factory=list)
    """Doubts about the object that its case must answer for."""
    given: dict[str, bytes] = field(default_factory=dict)
    """Keyword -> the bytes of an element without DICOM's padding."""
    terms: tuple[str, ...] = ()
    """(0008,0005) Specific Character Set."""

    def __post_init__(self) -> None:
        self.issues.extend(self.found.issues)
        found = self.found.elements
        self.given = {word: found[tag].value.strip(b"\0 ") for word, tag in _TAGS if tag in found}
        if given := self.words("SpecificCharacterSet"):
            self.terms = tuple([term.strip() for term in given.split("\\")])

    # -- single elements --------------------------------------------------------------------------------------

    def issue(self, code: str, outcome: Outcome, keyword: str, **operands: Operand) -> Issue:
        return Issue(code=code, outcome=outcome, source=self.source(keyword), operands=operands)

    def source(self, keyword: str) -> Source:
        return Source(SourceKind.HEADER, self.file, place_of(keyword))

    def raw(self, keyword: str) -> bytes:
        """The bytes of an element without DICOM's padding; empty where it is absent."""
        return self.given.get(keyword, b"")

    def uid(self, keyword: str) -> str:
        return self.raw(keyword).decode("ascii", "replace")

    def words(self, keyword: str) -> str:
        """A code string, or a number as text."""
        return self.raw(keyword).decode("ascii", "replace")

    def text(self, keyword: str) -> str | None:
        """A text as it can be shown; None where it is empty."""
        raw = self.given.get(keyword)
        return self._shown(raw, keyword) or None if raw else None

    def _shown(self, raw: bytes, keyword: str) -> str:
        text, trusted = values.decoded(raw, self.terms)
        if len(text) > self.limits.string:
            raise Refusal(self.issue("LIM_STRING", Outcome.REFUSED, keyword, limit=self.limits.string))
        if not trusted:
            self.issues.append(self.issue("DCM_CHARSET", Outcome.NOTE, keyword))
        shown = values.cleaned(text)
        if shown != text:
            self.issues.append(self.issue("TXT_CONTROL", Outcome.NOTE, keyword))
        return shown.strip()

    def number(self, keyword: str, element: Element | None = None) -> Decimal | None:
        """A decimal string above 0; anything else is a note and None."""
        given = (element.value.strip(b"\0 ") if element else self.raw(keyword)).decode("ascii", "replace")
        if not given:
            return None
        value = values.ds(given)
        if value is None or value <= 0:
            self.issues.append(self.issue("DCM_VALUE", Outcome.NOTE, keyword, given=values.cleaned(given)[:64]))
            return None
        return value

    def nested_text(self, item: Nested, tag: int) -> str:
        element = item.get(tag)
        return self._shown(element.value.strip(b"\0 "), "SpecificCharacterSet") if element else ""

    # -- the object -------------------------------------------------------------------------------------------

    def image(self) -> ImageHeader:
        """The header as a part.  Raises Refusal where the file itself cannot be used."""
        self._check_required()
        sop_class, given = self.uid("SOPClassUID"), self.words("Modality")
        technique = self._technique()
        patient_id = self._patient_id()
        return ImageHeader(
            file=self.file,
            patient_id=patient_id,
            patient_key=self.raw("PatientID"),
            issuer=self.text("IssuerOfPatientID"),
            patient_name=self._patient_name(),
            birth_date=self._birth_date(),
            sex=self.text("PatientSex"),
            study_uid=self.uid("StudyInstanceUID"),
            series_uid=self.uid("SeriesInstanceUID"),
            instance_uid=self.uid("SOPInstanceUID"),
            sop_class=sop_class,
            study_date=self._study_date(),
            study_time=self._study_time(),
            study_description=self.text("StudyDescription"),
            series_description=self.text("SeriesDescription"),
            protocol=self.text("ProtocolName"),
            body_part=self.text("BodyPartExamined"),
            time_point_id=self.text("ClinicalTrialTimePointID"),
            time_point_description=self.text("ClinicalTrialTimePointDescription"),
            time_point_offset=self._offset(),
            time_point_event=self.text("LongitudinalTemporalEventType"),
            modality=modality_of(sop_class, given, contrast=technique.contrast is True),
            modality_given=given,
            sides=self._sides(),
            view=self._view(),
            technique=technique,
            places={name: place for name, word, place in _PLACES if self.given.get(word)},
            issues=tuple(self.about),
        )

    def _check_required(self) -> None:
        for keyword in _REQUIRED:
            if not self.raw(keyword):
                raise Refusal(self.issue("DCM_MISSING_TAG", Outcome.REFUSED, keyword))
        rows = self.found.elements.get(TAGS["Rows"])  # a number, in which 32 is a blank and 8192 a zero and a blank
        if is_image(self.uid("SOPClassUID")) and not (self.found.pixels and rows and any(rows.value)):
            raise Refusal(Issue(code="DCM_MISSING_TAG", outcome=Outcome.REFUSED, source=_pixels(self.file)))
        for keyword in _UIDS:
            if values.ui(self.uid(keyword)) is None:
                raise Refusal(self.issue("DCM_BAD_UID", Outcome.REFUSED, keyword))

    def _refuse_case(self, code: str, keyword: str, **operands: Operand) -> None:
        self.about.append(self.issue(code, Outcome.REFUSED, keyword, **operands))

    def _patient_id(self) -> str:
        patient_id = self.text("PatientID") or ""
        if not patient_id:
            self._refuse_case("STU_NO_PATIENT", "PatientID")
        elif "\\" in patient_id:
            self._refuse_case("DCM_VM", "PatientID")
        return patient_id

    def _patient_name(self) -> str | None:
        name = self.text("PatientName")
        return name.rstrip("=^ ") or None if name else None

    def _birth_date(self) -> dt.date | None:
        given = self.words("PatientBirthDate")
        born = values.da(given) or values.old_da(given)
        if given and born is None:
            self.issues.append(self.issue("DCM_VALUE", Outcome.NOTE, "PatientBirthDate", given="-"))
        return born

    def _study_date(self) -> dt.date | None:
        given = self.words("StudyDate")
        day = values.da(given)
        if day is None and (day := values.old_da(given)) is not None:
            self.issues.append(self.issue("STU_DATE_FORMAT", Outcome.NOTE, "StudyDate", given=given))
        if given and day is None:
            self._refuse_case("STU_BAD_DATE", "StudyDate", given=values.cleaned(given)[:64])
        return day

    def _study_time(self) -> dt.time | None:
        given = self.words("StudyTime")
        time = values.tm(given)
        if given and time is None:
            self.issues.append(self.issue("DCM_TM", Outcome.NOTE, "StudyTime", given=values.cleaned(given)[:64]))
        return time

    # -- side and view ----------------------------------------------------------------------------------------

    def _shared(self, sequence: int) -> Nested:
        """The first item of a macro in the shared functional groups (PS3.3 C.7.6.16)."""
        groups = nested.first(self.found.elements.get(TAGS["SharedFunctionalGroupsSequence"]))
        return nested.first(groups.get(sequence))

    def _sides(self) -> tuple[Side, ...]:
        """The sides the header names; two attributes that name different ones refuse the case."""
        frame = self._shared(tags.FRAME_ANATOMY_SEQUENCE).get(tags.FRAME_LATERALITY)
        said = (
            sides_of(self.words("ImageLaterality")),
            sides_of(frame.value.strip(b"\0 ").decode("ascii", "replace") if frame else ""),
            sides_of(self.words("Laterality")),
            self._region_sides(),
        )
        named = [sides for sides in said if sides]
        if any(not set(one) & set(named[0]) for one in named[1:]):
            self._refuse_case("LAT_HEADER", "ImageLaterality")
        return named[0] if named else ()

    def _region_sides(self) -> tuple[Side, ...]:
        region = nested.first(self.found.elements.get(TAGS["AnatomicRegionSequence"]))
        modifier = nested.first(region.get(tags.ANATOMIC_REGION_MODIFIER_SEQUENCE))
        for item in (region, modifier):
            code = item.get(tags.CODE_VALUE)
            if code and (sides := _SIDE_BY_CODE.get(code.value.strip(b"\0 ").decode("ascii", "replace"))):
                return sides
        return ()

    def _view(self) -> str | None:
        item = nested.first(self.found.elements.get(TAGS["ViewCodeSequence"]))
        code, meaning = self.nested_text(item, tags.CODE_VALUE), self.nested_text(item, tags.CODE_MEANING)
        return view_of(code, meaning, self.text("ViewPosition") or "")

    # -- technique --------------------------------------------------------------------------------------------

    def _technique(self) -> Technique:
        dose, agent = self.number("OrganDose"), self._agent()
        sequence = nested.first(self.found.elements.get(TAGS["ContrastBolusAgentSequence"]))
        return Technique(
            manufacturer=self.text("Manufacturer"),
            model=self.text("ManufacturerModelName"),
            field_strength=self.number("MagneticFieldStrength"),
            contrast_agent=agent,
            contrast=_contrast(agent, given=bool(agent or sequence)),
            slice_thickness=self._slice_thickness(),
            transducer=self.text("TransducerData") or self.text("TransducerType"),
            transducer_frequency=self._transducer_frequency(),
            patient_position=self.text("PatientPosition"),
            organ_dose=None if dose is None else dose.scaleb(2),
        )

    def _offset(self) -> Decimal | None:
        """(0012,0052) is a binary number of days; its shortest decimal form is what was meant."""
        element = self.found.elements.get(TAGS["LongitudinalTemporalOffsetFromEvent"])
        if element is None or len(element.value) != 8:  # ruff: ignore[magic-value-comparison] - FD
            return None
        (days,) = struct.unpack(">d" if element.big_endian else "<d", element.value)
        return Decimal(repr(days)) if math.isfinite(days) else None

    def _agent(self) -> str | None:
        item = nested.first(self.found.elements.get(TAGS["ContrastBolusAgentSequence"]))
        return self.text("ContrastBolusAgent") or self.nested_text(item, tags.CODE_MEANING) or None

    def _slice_thickness(self) -> Length | None:
        shared = self._shared(tags.PIXEL_MEASURES_SEQUENCE).get(tags.SLICE_THICKNESS)
        thickness = self.number("SliceThickness", shared) if shared else self.number("SliceThickness")
        return None if thickness is None else Length(thickness)

    def _transducer_frequency(self) -> Decimal | None:
        """Of the first ultrasound region (PS3.3 C.8.5.5), a binary number of kHz."""
        tag = TAGS["TransducerFrequency"]
        region = nested.first(self.found.elements.get(TAGS["SequenceOfUltrasoundRegions"]))
        element = region.get(tag) or self.found.elements.get(tag)
        if element is None or len(element.value) != 4:  # ruff: ignore[magic-value-comparison] - UL
            return None
        kilohertz = int.from_bytes(element.value, "big" if element.big_endian else "little")
        return Decimal(kilohertz) / 1000 if kilohertz else None


def _contrast(agent: str | None, *, given: bool) -> bool | None:
    """Whether contrast was given: an agent says so, the word none says not, an empty attribute says nothing."""
    if agent and agent.casefold() in _NO_AGENT:
        return False
    return True if given else None


def header_of(file: str, found: Container, limits: Limits) -> tuple[ImageHeader, tuple[Issue, ...]]:
    """The header of an object that was walked already, and the doubts about it.

    Raises:
        Refusal: the object cannot be used.

    """
    header = _Header(file, found, limits)
    part = header.image()
    return part, tuple(header.issues)


def _pixels(file: str) -> Source:
    return Source(SourceKind.HEADER, file, "(7FE0,0010) PixelData")
