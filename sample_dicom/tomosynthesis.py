"""Synthetic digital breast tomosynthesis (Breast Tomosynthesis Image Storage): a stack of two slices a view.

The modality in the header is MG, as DICOM wants it; only the SOP class tells tomosynthesis from mammography.
"""

from __future__ import annotations

from typing import Final

from pydicom.dataset import Dataset
from pydicom.uid import BreastTomosynthesisImageStorage

from sample_dicom.mammography import VIEWS
from sample_dicom.objects import BREAST, Exam, Story, add_pixels, coded, new_object, uid

FRAMES: Final = 2
PIXEL_TYPE: Final = ["DERIVED", "PRIMARY", "TOMOSYNTHESIS", "NONE"]
STACK: Final = "1"


def images(story: Story, exam: Exam, first_series: int) -> list[Dataset]:
    """Return a CC and an MLO stack of each side, each a series of its own."""
    wanted = [(side, view) for side in reversed(exam.sides) for view in VIEWS]
    return [_image(story, exam, number, *one) for number, one in enumerate(wanted, start=first_series)]


def _image(story: Story, exam: Exam, number: int, side: str, view: str) -> Dataset:
    words = f"{side} {view} tomosynthesis"
    ds = new_object(
        story, exam, sop_class=BreastTomosynthesisImageStorage, modality="MG", series=(number, words), instance=1
    )
    ds.ImageType = PIXEL_TYPE
    ds.ProtocolName = "Diagnostic tomosynthesis"
    ds.BodyPartExamined = "BREAST"
    _add_view(ds, view)
    _add_acquisition(ds)
    _add_dimension(ds, story, exam, words)
    _add_frames(ds, side)
    add_pixels(ds, side=8, bits=12, frames=FRAMES, value=200)
    return ds


def _add_view(ds: Dataset, view: str) -> None:
    code = coded(VIEWS[view])
    code.ViewModifierCodeSequence = []
    ds.ViewCodeSequence = [code]
    ds.PositionReferenceIndicator = ""


def _add_acquisition(ds: Dataset) -> None:
    """Multi-frame, X-ray 3D image and breast tomosynthesis acquisition attributes."""
    ds.NumberOfFrames = FRAMES
    ds.AcquisitionContextSequence = []
    ds.ContentQualification = "PRODUCT"
    ds.BurnedInAnnotation = "NO"
    ds.LossyImageCompression = "00"
    ds.PresentationLUTShape = "IDENTITY"
    ds.PixelPresentation = "MONOCHROME"
    ds.VolumetricProperties = "VOLUME"
    ds.VolumeBasedCalculationTechnique = "TOMOSYNTHESIS"
    ds.BreastImplantPresent = "NO"


def _add_dimension(ds: Dataset, story: Story, exam: Exam, words: str) -> None:
    """One dimension: the slice's position in the stack."""
    organization = uid(story.folder, exam.key, words, "dimension")
    item = Dataset()
    item.DimensionOrganizationUID = organization
    ds.DimensionOrganizationSequence = [item]
    index = Dataset()
    index.DimensionOrganizationUID = organization
    index.DimensionIndexPointer = 0x00209057  # In-Stack Position Number
    index.FunctionalGroupPointer = 0x00209111  # Frame Content Sequence
    ds.DimensionIndexSequence = [index]
    ds.FrameOfReferenceUID = uid(story.folder, exam.key, words, "frame of reference")


def _add_frames(ds: Dataset, side: str) -> None:
    ds.SharedFunctionalGroupsSequence = [_shared(side)]
    ds.PerFrameFunctionalGroupsSequence = [
        _frame(ds.StudyDate + ds.StudyTime, number) for number in range(1, FRAMES + 1)
    ]


def _shared(side: str) -> Dataset:
    group = Dataset()
    anatomy = Dataset()
    anatomy.AnatomicRegionSequence = [coded(BREAST)]
    anatomy.FrameLaterality = side
    group.FrameAnatomySequence = [anatomy]
    measures = Dataset()
    measures.PixelSpacing = ["0.1", "0.1"]
    measures.SliceThickness = "1.0"
    group.PixelMeasuresSequence = [measures]
    orientation = Dataset()
    orientation.ImageOrientationPatient = ["0", "1", "0", "0", "0", "-1"]
    group.PlaneOrientationSequence = [orientation]
    group.PixelValueTransformationSequence = [_transformation()]
    group.FrameVOILUTSequence = [_window()]
    return group


def _transformation() -> Dataset:
    item = Dataset()
    item.RescaleIntercept = "0"
    item.RescaleSlope = "1"
    item.RescaleType = "US"
    return item


def _window() -> Dataset:
    item = Dataset()
    item.WindowCenter = "2048"
    item.WindowWidth = "4096"
    return item


def _frame(acquired: str, number: int) -> Dataset:
    group = Dataset()
    content = Dataset()
    content.FrameAcquisitionDateTime = acquired
    content.FrameReferenceDateTime = acquired
    content.FrameAcquisitionDuration = 4000.0
    content.StackID = STACK
    content.InStackPositionNumber = number
    content.DimensionIndexValues = number
    group.FrameContentSequence = [content]
    position = Dataset()
    position.ImagePositionPatient = [str(number), "0", "0"]
    group.PlanePositionSequence = [position]
    kind = Dataset()
    kind.FrameType = PIXEL_TYPE
    kind.PixelPresentation = "MONOCHROME"
    kind.VolumetricProperties = "VOLUME"
    kind.VolumeBasedCalculationTechnique = "TOMOSYNTHESIS"
    group.XRay3DFrameTypeSequence = [kind]
    return group
