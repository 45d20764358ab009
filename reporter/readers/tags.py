"""The attributes that are read from a header: about forty, each with its tag; nothing else is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

TAGS: Mapping[str, int] = MappingProxyType({
    "TransferSyntaxUID": 0x00020010,
    "MediaStorageSOPClassUID": 0x00020002,
    "DirectoryRecordSequence": 0x00041220,
    "SpecificCharacterSet": 0x00080005,
    "SOPClassUID": 0x00080016,
    "SOPInstanceUID": 0x00080018,
    "StudyDate": 0x00080020,
    "StudyTime": 0x00080030,
    "Modality": 0x00080060,
    "Manufacturer": 0x00080070,
    "StudyDescription": 0x00081030,
    "SeriesDescription": 0x0008103E,
    "ManufacturerModelName": 0x00081090,
    "AnatomicRegionSequence": 0x00082218,
    "PatientName": 0x00100010,
    "PatientID": 0x00100020,
    "IssuerOfPatientID": 0x00100021,
    "PatientBirthDate": 0x00100030,
    "PatientSex": 0x00100040,
    "ClinicalTrialTimePointID": 0x00120050,
    "ClinicalTrialTimePointDescription": 0x00120051,
    "LongitudinalTemporalOffsetFromEvent": 0x00120052,
    "LongitudinalTemporalEventType": 0x00120053,
    "ContrastBolusAgent": 0x00180010,
    "ContrastBolusAgentSequence": 0x00180012,
    "BodyPartExamined": 0x00180015,
    "SliceThickness": 0x00180050,
    "MagneticFieldStrength": 0x00180087,
    "ProtocolName": 0x00181030,
    "TransducerData": 0x00185010,
    "PatientPosition": 0x00185100,
    "ViewPosition": 0x00185101,
    "SequenceOfUltrasoundRegions": 0x00186011,
    "TransducerFrequency": 0x00186030,
    "TransducerType": 0x00186031,
    "StudyInstanceUID": 0x0020000D,
    "SeriesInstanceUID": 0x0020000E,
    "Laterality": 0x00200060,
    "ImageLaterality": 0x00200062,
    "Rows": 0x00280010,
    "OrganDose": 0x00400316,
    "ViewCodeSequence": 0x00540220,
    "SharedFunctionalGroupsSequence": 0x52009229,
})

WANTED = frozenset(TAGS.values())

# Inside the wanted sequences.
REFERENCED_FILE_ID = 0x00041500
CODE_VALUE = 0x00080100
CODE_MEANING = 0x00080104
ANATOMIC_REGION_MODIFIER_SEQUENCE = 0x00082220
SLICE_THICKNESS = 0x00180050
FRAME_ANATOMY_SEQUENCE = 0x00209071
FRAME_LATERALITY = 0x00209072
PIXEL_MEASURES_SEQUENCE = 0x00289110


FIELDS: Mapping[str, str] = MappingProxyType({
    "date": "StudyDate",
    "start": "StudyTime",
    "description": "StudyDescription",
    "label": "ClinicalTrialTimePointID",
    "label_description": "ClinicalTrialTimePointDescription",
    "patient_id": "PatientID",
    "patient_name": "PatientName",
    "birth_date": "PatientBirthDate",
    "sex": "PatientSex",
    "modality": "Modality",
    "side": "ImageLaterality",
    "view": "ViewPosition",
    "body_part": "BodyPartExamined",
    "protocol": "ProtocolName",
    "manufacturer": "Manufacturer",
    "model": "ManufacturerModelName",
    "field_strength": "MagneticFieldStrength",
    "contrast_agent": "ContrastBolusAgent",
    "slice_thickness": "SliceThickness",
    "transducer": "TransducerData",
    "transducer_frequency": "TransducerFrequency",
    "patient_position": "PatientPosition",
    "organ_dose": "OrganDose",
})
"""Field of a case -> the attribute it is read from."""


_PLACES: Mapping[str, str] = MappingProxyType({
    keyword: f"({tag >> 16:04X},{tag & 0xFFFF:04X}) {keyword}" for keyword, tag in TAGS.items()
})


def place_of(keyword: str) -> str:
    """How a person finds an attribute in a dump: tag and keyword."""
    return _PLACES[keyword]
