"""Structured reports for tests, built item by item, right or wrong as a test wants them."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

from pydicom import config
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import UID, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from reporter.readers.files import MemoryFile
from reporter.readers.interface import Limits, Reading
from reporter.readers.parts import ImageHeader
from reporter.readers.report_parts import Report, ReportGroup
from reporter.readers.structured_report import StructuredReportReader

DATA = Path(__file__).parent / "data" / "sr"
COMPREHENSIVE_3D = "1.2.840.10008.5.1.4.1.1.88.34"
ENHANCED = "1.2.840.10008.5.1.4.1.1.88.22"
MR_IMAGE = "1.2.840.10008.5.1.4.1.1.4"
MG_IMAGE = "1.2.840.10008.5.1.4.1.1.1.2"
US_IMAGE = "1.2.840.10008.5.1.4.1.1.6.1"

Code = tuple[str, str, str]
MM: Code = ("mm", "UCUM", "mm")
CM: Code = ("cm", "UCUM", "cm")
ML: Code = ("ml", "UCUM", "ml")
LONG: Code = ("103339001", "SCT", "Long Axis")
SHORT: Code = ("103340004", "SCT", "Short Axis")
LENGTH: Code = ("410668003", "SCT", "Length")
VOLUME: Code = ("118565006", "SCT", "Volume")
AREA: Code = ("42798000", "SCT", "Area")
MASS: Code = ("4147007", "SCT", "Mass")
NODE: Code = ("59441001", "SCT", "Lymph Node")
BREAST: Code = ("76752008", "SCT", "Breast")
LEFT_BREAST: Code = ("80248007", "SCT", "Left breast")
RIGHT_BREAST: Code = ("73056007", "SCT", "Right breast")
LEFT: Code = ("7771000", "SCT", "Left")
RIGHT: Code = ("24028007", "SCT", "Right")
GROUP: Code = ("125007", "DCM", "Measurement Group")
MEASUREMENTS: Code = ("126010", "DCM", "Imaging Measurements")
REPORT: Code = ("126000", "DCM", "Imaging Measurement Report")
IDENTIFIER: Code = ("112039", "DCM", "Tracking Identifier")
TRACKING: Code = ("112040", "DCM", "Tracking Unique Identifier")
COMMENT: Code = ("121106", "DCM", "Comment")
FINDING: Code = ("121071", "DCM", "Finding")
SITE: Code = ("363698007", "SCT", "Finding Site")
LATERALITY: Code = ("272741003", "SCT", "Laterality")
SOURCE: Code = ("121112", "DCM", "Source of Measurement")
TOOL = "Cornerstone3DTools@^0.1.0:Bidirectional"


def code_item(code: Code) -> Dataset:
    """An item of a code sequence."""
    made = Dataset()
    made.add(DataElement(0x00080100, "SH", code[0], validation_mode=config.IGNORE))  # viewers write longer ones
    made.CodingSchemeDesignator, made.CodeMeaning = code[1:]
    return made


def item(value_type: str, name: Code | None, *children: Dataset, relationship: str = "CONTAINS") -> Dataset:
    """A content item without a value."""
    made = Dataset()
    made.RelationshipType, made.ValueType = relationship, value_type
    if name is not None:
        made.ConceptNameCodeSequence = Sequence([code_item(name)])
    if children:
        made.ContentSequence = Sequence(children)
    return made


def text(name: Code, value: str) -> Dataset:
    """A TEXT item."""
    made = item("TEXT", name, relationship="HAS OBS CONTEXT")
    made.TextValue = value
    return made


def uid(value: str, name: Code = TRACKING) -> Dataset:
    """A UIDREF item."""
    made = item("UIDREF", name, relationship="HAS OBS CONTEXT")
    made.UID = value
    return made


def coded(name: Code, value: Code, *children: Dataset, relationship: str = "CONTAINS") -> Dataset:
    """A CODE item."""
    made = item("CODE", name, *children, relationship=relationship)
    made.ConceptCodeSequence = Sequence([code_item(value)])
    return made


def measured(value: str | None, unit: Code | None = MM, floating: float | None = None) -> Dataset:
    """An item of a Measured Value Sequence."""
    made = Dataset()
    if value is not None:
        made.NumericValue = value
    if floating is not None:
        made.FloatingPointValue = floating
    if unit is not None:
        made.MeasurementUnitsCodeSequence = Sequence([code_item(unit)])
    return made


def number(name: Code | None, *values: Dataset, children: Iterable[Dataset] = ()) -> Dataset:
    """A NUM item; without values it has an empty Measured Value Sequence."""
    made = item("NUM", name, *children)
    made.MeasuredValueSequence = Sequence(values)
    return made


def length(name: Code, value: str, unit: Code | None = MM) -> Dataset:
    """A NUM item as it should be."""
    return number(name, measured(value, unit))


def image(instance_uid: str, sop_class: str = MR_IMAGE) -> Dataset:
    """An IMAGE item."""
    made = item("IMAGE", SOURCE)
    reference = Dataset()
    reference.ReferencedSOPClassUID, reference.ReferencedSOPInstanceUID = sop_class, instance_uid
    made.ReferencedSOPSequence = Sequence([reference])
    return made


def group(*children: Dataset) -> Dataset:
    """A measurement group."""
    return item("CONTAINER", GROUP, *children)


def lesion(label: str, *children: Dataset, finding: Code = MASS, site: Code = LEFT_BREAST) -> Dataset:
    """A measurement group of a lesion whose tracking identifier is its name."""
    return group(text(IDENTIFIER, label), coded(FINDING, finding), coded(SITE, site), *children)


def document(*groups: Dataset, **header: object) -> Dataset:
    """A structured report; `header` are attributes, None takes one away."""
    return tree(item("CONTAINER", MEASUREMENTS, *groups), **header)


def tree(*root: Dataset, **header: object) -> Dataset:
    """A structured report with these items below its root."""
    made = Dataset()
    made.SOPClassUID, made.SOPInstanceUID = COMPREHENSIVE_3D, "1.2.3.4.1"
    made.StudyInstanceUID, made.SeriesInstanceUID = "1.2.3.4", "1.2.3.4.9"
    made.SpecificCharacterSet = "ISO_IR 192"
    made.StudyDate, made.StudyTime, made.ContentDate, made.ContentTime = "20260105", "101500", "20260106", "080000"
    made.Modality, made.PatientID, made.PatientName = "SR", "SYN-1", "Synthetic^One"
    made.ValueType, made.ConceptNameCodeSequence = "CONTAINER", Sequence([code_item(REPORT)])
    made.CompletionFlag, made.VerificationFlag = "COMPLETE", "VERIFIED"
    made.ContentSequence = Sequence(root)
    for name, value in header.items():
        if value is None:
            delattr(made, name)
        else:
            setattr(made, name, value)
    return made


def encoded(dataset: Dataset, *, implicit: bool = False, undefined: bool = False) -> bytes:
    """A document as a file; `undefined` writes its sequences with undefined length."""
    syntax = ImplicitVRLittleEndian if implicit else ExplicitVRLittleEndian
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = dataset.SOPClassUID, dataset.SOPInstanceUID
    meta.TransferSyntaxUID = syntax
    meta.ImplementationClassUID = UID("1.2.3")
    whole = FileDataset("", dataset, preamble=b"\0" * 128, file_meta=meta)
    if undefined:
        _leave_lengths_open(whole)
    buffer = io.BytesIO()
    whole.save_as(buffer, enforce_file_format=True, little_endian=True, implicit_vr=implicit)
    return buffer.getvalue()


def _leave_lengths_open(dataset: Dataset) -> None:
    for element in dataset:
        if element.VR == "SQ":
            element.is_undefined_length = True
            for below in element.value:
                below.is_undefined_length_sequence_item = True
                _leave_lengths_open(below)


def extract(data: bytes, name: str = "sr.dcm", limits: Limits | None = None, *, verified: bool = False) -> Reading:
    """What the reader gives for a file."""
    return StructuredReportReader(require_verified=verified).extract(MemoryFile(name, data), limits or Limits())


def report_of(reading: Reading) -> Report:
    """The report of a reading, which has a header beside it."""
    header, report = reading.parts
    assert isinstance(header, ImageHeader)
    assert isinstance(report, Report)
    return report


def groups_of(*groups: Dataset, **header: object) -> tuple[ReportGroup, ...]:
    """The measurement groups that are read from a document of these groups."""
    return report_of(extract(encoded(document(*groups, **header)))).groups


def codes_of(found: ReportGroup | Reading) -> list[str]:
    """The codes of its issues, sorted."""
    return sorted(issue.code for issue in found.issues)
