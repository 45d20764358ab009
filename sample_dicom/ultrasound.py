"""Synthetic ultrasound images (US Image Storage)."""

from __future__ import annotations

from typing import Final

from pydicom.dataset import Dataset
from pydicom.uid import UltrasoundImageStorage

from sample_dicom.objects import AXILLA, BREAST, Exam, Story, add_pixels, coded, new_object

KILOHERTZ: Final = 15000
"""Transducer Frequency (0018,6030) is in kHz."""
CENTIMETRES: Final = 3
"""Physical Units X/Y Direction (0018,6024): 3 = cm."""


def images(story: Story, exam: Exam, first_series: int) -> list[Dataset]:
    """Return one image for each breast, and one of its axilla where the exam has it."""
    series = [("BREAST", side) for side in exam.sides]
    if "AXILLA" in exam.parts:
        series += [("AXILLA", side) for side in exam.sides]
    return [_image(story, exam, number, part, side) for number, (part, side) in enumerate(series, start=first_series)]


def _image(story: Story, exam: Exam, number: int, part: str, side: str) -> Dataset:
    words = f"{'Left' if side == 'L' else 'Right'} {part.lower()}"
    ds = new_object(story, exam, sop_class=UltrasoundImageStorage, modality="US", series=(number, words), instance=1)
    ds.ImageType = ["ORIGINAL", "PRIMARY", "BREAST", "0001"]
    ds.BodyPartExamined = part
    ds.ProtocolName = "Breast"
    ds.Laterality = side
    ds.AnatomicRegionSequence = [coded(BREAST if part == "BREAST" else AXILLA)]
    ds.PatientOrientation = ""
    ds.LossyImageCompression = "00"
    ds.TransducerType = "LINEAR"
    ds.SequenceOfUltrasoundRegions = [_region()]
    add_pixels(ds, side=16, bits=8, value=64)
    return ds


def _region() -> Dataset:
    """The calibrated B-mode region, with the transducer's frequency."""
    region = Dataset()
    region.RegionSpatialFormat = 1  # 2D
    region.RegionDataType = 1  # tissue
    region.RegionFlags = 0
    region.RegionLocationMinX0 = 0
    region.RegionLocationMinY0 = 0
    region.RegionLocationMaxX1 = 15
    region.RegionLocationMaxY1 = 15
    region.PhysicalUnitsXDirection = CENTIMETRES
    region.PhysicalUnitsYDirection = CENTIMETRES
    region.PhysicalDeltaX = 0.25
    region.PhysicalDeltaY = 0.25
    region.TransducerFrequency = KILOHERTZ
    return region
