"""What is read from a header, and where each value says it was read."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from reporter.case.length import Length
from reporter.case.vocabulary import Modality, Side
from reporter.readers.parts import ImageHeader
from tests.readers.kit import CT, DBT, MG, MR, US, codes, dicom, encoded, image, read_header

SYNTAXES = [ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian]


def header(data: bytes) -> ImageHeader:
    (part,) = read_header(data).parts
    assert isinstance(part, ImageHeader)
    return part


def coded(value: str, scheme: str, meaning: str) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item


def whole_image() -> Dataset:
    return image(
        IssuerOfPatientID="SITE",
        PatientSex="F",
        StudyDescription="US BREAST LEFT",
        SeriesDescription="axilla",
        ProtocolName="breast",
        BodyPartExamined="BREAST",
        Manufacturer="Maker",
        ManufacturerModelName="Model",
        ClinicalTrialTimePointID="T1",
        ClinicalTrialTimePointDescription="mid-treatment",
        LongitudinalTemporalOffsetFromEvent=42.5,
        LongitudinalTemporalEventType="BASELINE",
        ImageLaterality="L",
        ViewPosition="CC",
        SliceThickness="1.0",
        MagneticFieldStrength="3",
        ContrastBolusAgent="gadolinium",
        PatientPosition="HFP",
        TransducerData="linear 15 MHz",
        TransducerFrequency=15000,
        OrganDose="0.0123",
    )


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_every_attribute_in_every_transfer_syntax(syntax: str) -> None:
    found = header(encoded(whole_image(), syntax))
    assert (found.patient_id, found.issuer, found.patient_name, found.sex) == ("P1", "SITE", "SAMPLE^ONE", "F")
    assert found.birth_date == dt.date(1971, 2, 3)
    assert (found.study_date, found.study_time) == (dt.date(2026, 1, 8), dt.time(10, 15))
    assert (found.study_uid, found.series_uid, found.instance_uid) == ("1.2.3.1", "1.2.3.1.1", "1.2.3.1.1.1")
    assert (found.study_description, found.series_description, found.protocol) == ("US BREAST LEFT", "axilla", "breast")
    assert (found.body_part, found.view, found.sides) == ("BREAST", "CC", (Side.LEFT,))
    assert (found.time_point_id, found.time_point_description) == ("T1", "mid-treatment")
    assert (found.time_point_offset, found.time_point_event) == (Decimal("42.5"), "BASELINE")
    technique = found.technique
    assert (technique.manufacturer, technique.model, technique.patient_position) == ("Maker", "Model", "HFP")
    assert (technique.field_strength, technique.slice_thickness) == (Decimal(3), Length(Decimal(1)))
    assert (technique.contrast_agent, technique.contrast) == ("gadolinium", True)
    assert (technique.transducer, technique.transducer_frequency) == ("linear 15 MHz", Decimal(15))
    assert technique.organ_dose == Decimal("1.23")


def test_every_value_names_its_tag() -> None:
    found = header(encoded(whole_image()))
    assert str(found.source("date")) == "x.dcm, (0008,0020) StudyDate"
    assert str(found.source("organ_dose")) == "x.dcm, (0040,0316) OrganDose"
    assert "sex" not in header(dicom()).places


@pytest.mark.parametrize(
    ("sop_class", "given", "agent", "modality"),
    [
        (US, "US", None, Modality.US),
        ("1.2.840.10008.5.1.4.1.1.3.1", "US", None, Modality.US),
        (MG, "MG", None, Modality.MG),
        ("1.2.840.10008.5.1.4.1.1.1.2.1", "MG", None, Modality.MG),
        (DBT, "MG", None, Modality.DBT),
        (MG, "MG", "iohexol", Modality.CEM),
        (MG, "MG", "NONE", Modality.MG),
        (MR, "MR", None, Modality.MR),
        ("1.2.840.10008.5.1.4.1.1.4.1", "MR", None, Modality.MR),
        (CT, "CT", None, Modality.CT),
        ("1.2.840.10008.5.1.4.1.1.128", "PT", None, Modality.PT),
        ("1.2.840.10008.5.1.4.1.1.7", "US", None, Modality.US),
        ("1.2.840.10008.5.1.4.1.1.7", "OT", None, None),
        ("1.2.840.10008.5.1.4.1.1.88.33", "SR", None, None),
        ("1.2.840.10008.5.1.4.1.1.11.1", "PR", None, None),
    ],
)
def test_the_sop_class_tells_the_modality(
    sop_class: str, given: str, agent: str | None, modality: Modality | None
) -> None:
    assert header(dicom(SOPClassUID=sop_class, Modality=given, ContrastBolusAgent=agent)).modality is modality


@pytest.mark.parametrize(
    ("attributes", "sides"),
    [
        ({"ImageLaterality": "R"}, (Side.RIGHT,)),
        ({"ImageLaterality": "B"}, (Side.LEFT, Side.RIGHT)),
        ({"ImageLaterality": "U"}, ()),
        ({"ImageLaterality": ""}, ()),
        ({"Laterality": "L"}, (Side.LEFT,)),
        ({"AnatomicRegionSequence": Sequence([coded("80248007", "SCT", "Left breast")])}, (Side.LEFT,)),
        ({"AnatomicRegionSequence": Sequence([coded("76752008", "SCT", "Breast")])}, ()),
    ],
)
@pytest.mark.parametrize("syntax", SYNTAXES[:3])
def test_the_side(attributes: dict[str, object], sides: tuple[Side, ...], syntax: str) -> None:
    assert header(encoded(image(**attributes), syntax)).sides == sides


@pytest.mark.parametrize("syntax", SYNTAXES[:3])
@pytest.mark.parametrize("undefined", [False, True])
def test_shared_functional_groups_of_tomosynthesis(syntax: str, undefined: bool) -> None:
    anatomy, measures, shared = Dataset(), Dataset(), Dataset()
    anatomy.FrameLaterality = "R"
    anatomy.AnatomicRegionSequence = Sequence([coded("76752008", "SCT", "Breast")])
    measures.SliceThickness = "1.5"
    shared.FrameAnatomySequence = Sequence([anatomy])
    shared.PixelMeasuresSequence = Sequence([measures])
    data = image(SOPClassUID=DBT, SharedFunctionalGroupsSequence=Sequence([shared]))
    if undefined:
        data["SharedFunctionalGroupsSequence"].is_undefined_length = True
        shared.is_undefined_length_sequence_item = True
        shared["FrameAnatomySequence"].is_undefined_length = True
        anatomy.is_undefined_length_sequence_item = True
    found = header(encoded(data, syntax))
    assert (found.modality, found.sides) == (Modality.DBT, (Side.RIGHT,))
    assert found.technique.slice_thickness == Length(Decimal("1.5"))


@pytest.mark.parametrize(
    ("code", "position", "view"),
    [
        ("399368009", None, "MLO"),
        ("R-10242", None, "CC"),
        ("999", "ML", "ML"),
        ("999", None, "some view"),
        (None, "XCCL", "XCCL"),
    ],
)
def test_the_view(code: str | None, position: str | None, view: str) -> None:
    sequence = Sequence([coded(code, "SCT", "some view")]) if code else None
    assert header(dicom(ViewCodeSequence=sequence, ViewPosition=position)).view == view


@pytest.mark.parametrize("given", ["0", "-1", "1e400", "abc", "1\\2", "NaN"])
@pytest.mark.parametrize("keyword", ["SliceThickness", "MagneticFieldStrength", "OrganDose"])
def test_a_number_that_is_none_is_noted_and_not_used(given: str, keyword: str) -> None:
    data = dicom(**{keyword: "1.25"})
    spoilt = data.replace(b"DS\x04\x001.25", b"DS" + len(_even(given)).to_bytes(2, "little") + _even(given))
    reading = read_header(spoilt)
    (part,) = reading.parts
    assert isinstance(part, ImageHeader)
    technique = part.technique
    assert (technique.slice_thickness, technique.field_strength, technique.organ_dose) == (None, None, None)
    assert codes(reading.issues) == ["DCM_VALUE"]


def _even(text: str) -> bytes:
    return text.encode() + b" " * (len(text) % 2)


def test_headers_are_read_without_pydicom() -> None:
    """Loading pydicom takes longer than reading the headers of a whole case; only rare character sets need it."""
    import subprocess
    import sys

    program = "import sys, reporter.readers.gather, reporter.readers.assemble; assert 'pydicom' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)
