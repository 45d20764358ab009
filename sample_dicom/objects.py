"""What every synthetic DICOM object of the stories shares: identity, dates, equipment, UIDs, the way it is written.

Nothing here depends on a clock, on chance or on the version of the library that writes: UIDs are hashes of the words
that name an object, dates are the story's, and the file meta information is given in full. So the same program gives
the same bytes everywhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.filewriter import dcmwrite
from pydicom.sr.coding import Code
from pydicom.uid import UID, ExplicitVRLittleEndian, generate_uid

MANUFACTURER: Final = "Synthetic"
SOFTWARE: Final = "1.0"
IMPLEMENTATION: Final = "SYNTHETIC_1"

BREAST: Final = Code("76752008", "SCT", "Breast")
"""CID 4031 Common Anatomic Region."""
AXILLA: Final = Code("91470000", "SCT", "Axilla")
"""CID 4031."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """The invented patient of a story."""

    id: str
    name: str
    born: dt.date
    sex: str = "F"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exam:
    """One study of a story."""

    key: str
    """Folder of its files within the story, such as 2026-01-08-US."""
    date: dt.date
    time: dt.time
    description: str
    sides: str
    """Breasts examined: L, R, or LR."""
    parts: tuple[str, ...]
    """What its images are: US, AXILLA (US), MG, DBT, MR."""
    label: str | None = None
    """Clinical Trial Time Point ID (0012,0050)."""
    label_description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A patient with studies, and how the files are encoded."""

    folder: str
    person: Person
    exams: tuple[Exam, ...]
    transfer_syntax: UID = ExplicitVRLittleEndian
    character_set: str | None = None
    """Specific Character Set (0008,0005); None for plain ASCII."""
    contrast_agent: str = "gadobutrol"


def uid(*words: str) -> UID:
    """Return the UID that these words always give."""
    return generate_uid(entropy_srcs=["reporter", "sample_dicom", *words])


def coded(code: Code) -> Dataset:
    """Return a code sequence item."""
    item = Dataset()
    item.CodeValue = code.value
    item.CodingSchemeDesignator = code.scheme_designator
    item.CodeMeaning = code.meaning
    return item


def new_object(
    story: Story, exam: Exam, *, sop_class: UID, modality: str, series: tuple[int, str], instance: int
) -> Dataset:
    """Return an object that says who, when and by what; `series` is its number and description."""
    ds = Dataset()
    if story.character_set is not None:
        ds.SpecificCharacterSet = story.character_set
    _add_patient(ds, story.person)
    _add_study(ds, story, exam)
    _add_time_point(ds, story, exam)
    number, words = series
    ds.Modality = modality
    ds.SeriesNumber = number
    ds.SeriesDescription = words
    ds.SeriesInstanceUID = uid(story.folder, exam.key, words)
    ds.SeriesDate = ds.StudyDate
    ds.SeriesTime = ds.StudyTime
    ds.InstanceNumber = instance
    ds.SOPClassUID = sop_class
    ds.SOPInstanceUID = uid(story.folder, exam.key, words, str(instance))
    ds.Manufacturer = MANUFACTURER
    ds.InstitutionName = "Example Hospital"
    ds.ManufacturerModelName = f"{MANUFACTURER} {modality}"
    ds.DeviceSerialNumber = "0001"
    ds.SoftwareVersions = SOFTWARE
    return ds


def _add_patient(ds: Dataset, person: Person) -> None:
    ds.PatientName = person.name
    ds.PatientID = person.id
    ds.PatientBirthDate = day(person.born)
    ds.PatientSex = person.sex
    ds.PatientIdentityRemoved = "YES"
    ds.DeidentificationMethod = "Synthetic: nobody was imaged"


def _add_study(ds: Dataset, story: Story, exam: Exam) -> None:
    ds.StudyInstanceUID = uid(story.folder, exam.key)
    ds.StudyDate = day(exam.date)
    ds.StudyTime = moment(exam.time)
    ds.StudyID = exam.date.strftime("%y%m%d")
    ds.AccessionNumber = ""
    ds.ReferringPhysicianName = ""
    ds.StudyDescription = exam.description
    ds.ContentDate = ds.StudyDate
    ds.ContentTime = ds.StudyTime


def _add_time_point(ds: Dataset, story: Story, exam: Exam) -> None:
    """Clinical Trial Subject and Clinical Trial Study modules, where the exam carries a label."""
    if exam.label is None:
        return
    ds.ClinicalTrialSponsorName = "Example Hospital"
    ds.ClinicalTrialProtocolID = "SYN-NAC"
    ds.ClinicalTrialProtocolName = "Synthetic neoadjuvant course"
    ds.ClinicalTrialSiteID = ""
    ds.ClinicalTrialSiteName = ""
    ds.ClinicalTrialSubjectID = story.person.id
    ds.ClinicalTrialTimePointID = exam.label
    ds.ClinicalTrialTimePointDescription = exam.label_description


def add_pixels(ds: Dataset, *, side: int, bits: int, frames: int = 1, value: int = 0) -> None:
    """Add a constant square of `side` pixels in as many bytes as its bits need."""
    width = (bits + 7) // 8
    ds.SamplesPerPixel = 1
    ds.PhotometricInterpretation = "MONOCHROME2"
    ds.Rows = side
    ds.Columns = side
    ds.BitsAllocated = 8 * width
    ds.BitsStored = bits
    ds.HighBit = bits - 1
    ds.PixelRepresentation = 0
    pixels = value.to_bytes(width, "little") * (side * side * frames)
    ds.add_new("PixelData", "OB" if width == 1 else "OW", pixels)


def day(value: dt.date) -> str:
    """Return a DA value."""
    return value.strftime("%Y%m%d")


def moment(value: dt.time) -> str:
    """Return a TM value."""
    return value.strftime("%H%M%S")


def write(ds: Dataset, path: Path, transfer_syntax: UID) -> None:
    """Write a Part 10 file whose every byte is given."""
    meta = FileMetaDataset()
    meta.FileMetaInformationVersion = b"\x00\x01"
    meta.MediaStorageSOPClassUID = ds.SOPClassUID
    meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
    meta.TransferSyntaxUID = transfer_syntax
    meta.ImplementationClassUID = uid("implementation")
    meta.ImplementationVersionName = IMPLEMENTATION
    ds.file_meta = meta
    path.parent.mkdir(parents=True, exist_ok=True)
    dcmwrite(path, ds, enforce_file_format=True)


def numbered(datasets: Iterable[Dataset]) -> list[tuple[str, Dataset]]:
    """Return file names for datasets, in their order: 01.dcm, 02.dcm ..."""
    return [(f"{number:02}.dcm", ds) for number, ds in enumerate(datasets, start=1)]
