"""Structured reports written by highdicom, and read back by it: the second opinion on what our reader gives."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from highdicom.sr import (
    Comprehensive3DSR,
    FindingSite,
    Measurement,
    MeasurementReport,
    MeasurementsAndQualitativeEvaluations,
    ObservationContext,
    ObserverContext,
    PersonObserverIdentifyingAttributes,
    SourceImageForMeasurementGroup,
    TimePointContext,
    TrackingIdentifier,
    srread,
)
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

UNITS = {"mm": codes.UCUM.Millimeter, "cm": codes.UCUM.Centimeter, "ml": Code("ml", "UCUM", "ml")}
LONG_AXIS: Code = codes.SCT.LongAxis
SHORT_AXIS: Code = codes.SCT.ShortAxis
VOLUME: Code = codes.SCT.Volume
AREA: Code = codes.SCT.Area


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One measurement group to be written."""

    label: str
    uid: str
    left: bool = True
    node: bool = False
    numbers: tuple[tuple[Code, float, str], ...] = ()
    """Name, value, UCUM unit."""
    time_point: str = "baseline"


def evidence(study: str, number: int = 1) -> Dataset:
    """The header of an MR image."""
    image = Dataset()
    image.SpecificCharacterSet = "ISO_IR 192"
    image.SOPClassUID, image.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.4", f"{study}.2.{number}"
    image.StudyInstanceUID, image.SeriesInstanceUID = study, f"{study}.2"
    image.PatientID, image.PatientName, image.PatientBirthDate, image.PatientSex = (
        "SYN-1",
        "Synthetic^One",
        "19700101",
        "F",
    )
    image.StudyID, image.StudyDate, image.StudyTime, image.AccessionNumber = "1", "20260105", "101500", "A1"
    image.ReferringPhysicianName, image.Modality = "", "MR"
    return image


def written(groups: Iterable[Written], study: str = "1.2.3.4", number: int = 1) -> bytes:
    """A TID 1500 document of these groups as highdicom writes it."""
    image = evidence(study)
    observer = ObserverContext(codes.DCM.Person, PersonObserverIdentifyingAttributes(name="Reader^One"))
    report = MeasurementReport(
        observation_context=ObservationContext(observer_person_context=observer),
        procedure_reported=Code("241615005", "SCT", "MRI of breast"),
        imaging_measurements=[_group(group, image) for group in groups],
    )
    document = Comprehensive3DSR(
        evidence=[image],
        content=report,
        series_instance_uid=f"{study}.9",
        series_number=9,
        sop_instance_uid=f"{study}.9.{number}",
        instance_number=number,
        manufacturer="none",
    )
    buffer = io.BytesIO()
    document.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def _group(group: Written, image: Dataset) -> MeasurementsAndQualitativeEvaluations:
    side = codes.SCT.Left if group.left else codes.SCT.Right
    return MeasurementsAndQualitativeEvaluations(
        tracking_identifier=TrackingIdentifier(uid=group.uid, identifier=group.label),
        finding_type=codes.SCT.LymphNode if group.node else codes.SCT.Mass,
        finding_sites=[FindingSite(anatomic_location=codes.SCT.Breast, laterality=side)],
        time_point_context=TimePointContext(time_point=group.time_point),
        source_images=[SourceImageForMeasurementGroup(image.SOPClassUID, image.SOPInstanceUID)],
        measurements=[Measurement(name=name, value=value, unit=UNITS[unit]) for name, value, unit in group.numbers],
    )


@dataclass(frozen=True, slots=True)
class Read:
    """One measurement as a reader gives it."""

    label: str
    uid: str
    left: bool
    name: str
    """Code value."""
    value: Decimal
    unit: str
    """UCUM code."""


def read(data: bytes) -> list[Read]:
    """All measurements of a document as highdicom reads them."""
    document = srread(io.BytesIO(data))
    content: Any = document.content
    groups = content.get_image_measurement_groups()
    return [
        Read(
            label=group.tracking_identifier,
            uid=str(group.tracking_uid),
            left=group.finding_sites[0].laterality == codes.SCT.Left,
            name=measurement.name.value,
            value=Decimal(str(measurement.value)),
            unit=measurement.unit.value,
        )
        for group in groups
        for measurement in group.get_measurements()
    ]
