"""Synthetic breast MR images (classic MR Image Storage): one slice before and one after contrast."""

from __future__ import annotations

from typing import Final

from pydicom.dataset import Dataset
from pydicom.uid import MRImageStorage

from sample_dicom.objects import BREAST, Exam, Story, add_pixels, coded, new_object, uid

TESLA: Final = "3"
SLICE_MM: Final = "1.0"
PRONE: Final = "HFP"
"""Patient Position (0018,5100): head first, prone."""


def images(story: Story, exam: Exam, first_series: int) -> list[Dataset]:
    """Return a slice without contrast, then one of the dynamic series with it."""
    before = _image(story, exam, (first_series, "T1 3D FS pre contrast"))
    after = _image(story, exam, (first_series + 1, "T1 3D FS dynamic post contrast"))
    after.ContrastBolusAgent = story.contrast_agent
    after.ContrastBolusRoute = "IV"
    after.ContrastBolusIngredient = "GADOLINIUM"
    return [before, after]


def _image(story: Story, exam: Exam, series: tuple[int, str]) -> Dataset:
    ds = new_object(story, exam, sop_class=MRImageStorage, modality="MR", series=series, instance=1)
    ds.ImageType = ["ORIGINAL", "PRIMARY", "OTHER"]
    ds.BodyPartExamined = "BREAST"
    ds.AnatomicRegionSequence = [coded(BREAST)]
    ds.ImageLaterality = "B"
    ds.ProtocolName = "Breast dynamic"
    ds.PatientPosition = PRONE
    ds.LossyImageCompression = "00"
    _add_sequence(ds)
    _add_plane(ds, story, exam)
    add_pixels(ds, side=16, bits=12, value=100)
    return ds


def _add_sequence(ds: Dataset) -> None:
    ds.ScanningSequence = "GR"
    ds.SequenceVariant = "SP"
    ds.ScanOptions = "FS"
    ds.MRAcquisitionType = "3D"
    ds.SequenceName = "fl3d1"
    ds.MagneticFieldStrength = TESLA
    ds.RepetitionTime = "4.5"
    ds.EchoTime = "1.7"
    ds.EchoTrainLength = 1
    ds.FlipAngle = "10"
    ds.ImagingFrequency = "123.2"
    ds.ReceiveCoilName = "BREAST"


def _add_plane(ds: Dataset, story: Story, exam: Exam) -> None:
    ds.FrameOfReferenceUID = uid(story.folder, exam.key, "frame of reference")
    ds.PositionReferenceIndicator = ""
    ds.PatientOrientation = ["R", "A"]
    ds.SliceThickness = SLICE_MM
    ds.PixelSpacing = ["0.8", "0.8"]
    ds.ImageOrientationPatient = ["-1", "0", "0", "0", "-1", "0"]
    ds.ImagePositionPatient = ["6.4", "6.4", "0"]
