"""Synthetic mammograms (Digital Mammography X-Ray Image Storage - For Presentation), views CC and MLO."""

from __future__ import annotations

from typing import Final

from pydicom.dataset import Dataset
from pydicom.sr.coding import Code
from pydicom.uid import DigitalMammographyXRayImageStorageForPresentation

from sample_dicom.objects import BREAST, Exam, Story, add_pixels, coded, new_object

VIEWS: Final = {
    "CC": Code("399162004", "SCT", "cranio-caudal"),
    "MLO": Code("399368009", "SCT", "medio-lateral oblique"),
}
"""CID 4014 View for Mammography."""

ORGAN_DOSE_DGY: Final = "0.014"
"""Organ Dose (0040,0316) is in dGy: 1.4 mGy."""

ORIENTATION: Final = {
    ("L", "CC"): ["A", "R"],
    ("R", "CC"): ["P", "L"],
    ("L", "MLO"): ["A", "FR"],
    ("R", "MLO"): ["P", "FL"],
}
"""Patient Orientation (0020,0020) of the row and of the column."""


def images(story: Story, exam: Exam, first_series: int) -> list[Dataset]:
    """Return a CC and an MLO view of each side, each a series of its own."""
    wanted = [(side, view) for side in reversed(exam.sides) for view in VIEWS]
    return [_image(story, exam, number, *one) for number, one in enumerate(wanted, start=first_series)]


def _image(story: Story, exam: Exam, number: int, side: str, view: str) -> Dataset:
    ds = new_object(
        story,
        exam,
        sop_class=DigitalMammographyXRayImageStorageForPresentation,
        modality="MG",
        series=(number, f"{side} {view}"),
        instance=1,
    )
    ds.PresentationIntentType = "FOR PRESENTATION"
    ds.ImageType = ["DERIVED", "PRIMARY"]
    ds.ProtocolName = "Diagnostic mammography"
    _add_view(ds, side, view)
    _add_exposure(ds)
    _add_presentation(ds)
    add_pixels(ds, side=16, bits=12, value=200)
    return ds


def _add_view(ds: Dataset, side: str, view: str) -> None:
    code = coded(VIEWS[view])
    code.ViewModifierCodeSequence = []
    ds.BodyPartExamined = "BREAST"
    ds.AnatomicRegionSequence = [coded(BREAST)]
    ds.ImageLaterality = side
    ds.ViewPosition = view
    ds.ViewCodeSequence = [code]
    ds.PatientOrientation = ORIENTATION[side, view]


def _add_exposure(ds: Dataset) -> None:
    ds.PositionerType = "MAMMOGRAPHIC"
    ds.PositionerPrimaryAngle = "0"
    ds.DetectorType = "DIRECT"
    ds.DetectorID = "0001"
    ds.AcquisitionDate = ds.StudyDate
    ds.AcquisitionTime = ds.StudyTime
    ds.ImagerPixelSpacing = ["0.07", "0.07"]
    ds.KVP = "29"
    ds.BodyPartThickness = "55"
    ds.CompressionForce = "110"
    ds.AnodeTargetMaterial = "TUNGSTEN"
    ds.FilterMaterial = "RHODIUM"
    ds.OrganDose = ORGAN_DOSE_DGY
    ds.OrganExposed = "BREAST"
    ds.AcquisitionContextSequence = []


def _add_presentation(ds: Dataset) -> None:
    ds.PixelIntensityRelationship = "LOG"
    ds.PixelIntensityRelationshipSign = -1
    ds.RescaleIntercept = "0"
    ds.RescaleSlope = "1"
    ds.RescaleType = "US"
    ds.PresentationLUTShape = "IDENTITY"
    ds.LossyImageCompression = "00"
    ds.BurnedInAnnotation = "NO"
    ds.BreastImplantPresent = "NO"
    ds.WindowCenter = "2048"
    ds.WindowWidth = "4096"
