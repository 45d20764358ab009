"""Write the story whose measurements stand in structured reports only: `python -m sample_dicom.reports [FOLDER]`.

The same measurements in the two forms in use: `library/` as programming libraries write TID 1500 (Comprehensive 3D SR,
the tracking identifier names the lesion, the side stands below the site, values as text and binary), `viewer/` as
viewers write it (Enhanced SR, implicit VR, the tracking identifier names the tool, the user's label is a comment, the
side stands in the site's code).  Both must give the same draft.  The same program always writes the same bytes.
"""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydicom.dataset import Dataset
from pydicom.sr.coding import Code
from pydicom.uid import (
    Comprehensive3DSRStorage,
    EnhancedSRStorage,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from sample_dicom import magnetic_resonance
from sample_dicom.objects import BREAST, Exam, Person, Story, coded, new_object, numbered, uid, write

HERE: Final = Path(__file__).parent

LONG: Final = Code("103339001", "SCT", "Long Axis")
SHORT: Final = Code("103340004", "SCT", "Short Axis")
MILLIMETRE: Final = Code("mm", "UCUM", "mm")
MASS: Final = Code("4147007", "SCT", "Mass")
NODE: Final = Code("59441001", "SCT", "Lymph Node")
AXILLARY_NODE: Final = Code("68171009", "SCT", "Axillary lymph node")
RIGHT: Final = Code("24028007", "SCT", "Right")
RIGHT_BREAST: Final = Code("73056007", "SCT", "Right breast")

TITLE: Final = Code("126000", "DCM", "Imaging Measurement Report")
LANGUAGE: Final = Code("121049", "DCM", "Language of Content Item and Descendants")
ENGLISH: Final = Code("en-US", "RFC5646", "English (United States)")
OBSERVER: Final = Code("121008", "DCM", "Person Observer Name")
PROCEDURE: Final = Code("121058", "DCM", "Procedure reported")
MRI: Final = Code("241615005", "SCT", "MRI of breast")
LIBRARY: Final = Code("111028", "DCM", "Image Library")
MEASUREMENTS: Final = Code("126010", "DCM", "Imaging Measurements")
GROUP: Final = Code("125007", "DCM", "Measurement Group")
IDENTIFIER: Final = Code("112039", "DCM", "Tracking Identifier")
TRACKING: Final = Code("112040", "DCM", "Tracking Unique Identifier")
FINDING: Final = Code("121071", "DCM", "Finding")
SITE: Final = Code("363698007", "SCT", "Finding Site")
LATERALITY: Final = Code("272741003", "SCT", "Laterality")
SOURCE: Final = Code("121112", "DCM", "Source of Measurement")
COMMENT: Final = Code("121106", "DCM", "Comment")
TOOL: Final = "Cornerstone3DTools@^0.1.0:Bidirectional"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesion:
    """A lesion and its long and short axis in mm at each exam."""

    label: str
    finding: Code
    site: Code
    axes: tuple[tuple[str, str], ...]


STORY: Final = Story(
    folder="structured-reports",
    person=Person(id="SYN-0007", name="SAMPLE^SEVEN", born=dt.date(1970, 6, 17)),
    exams=(
        Exam(
            key="2026-02-02-MR",
            date=dt.date(2026, 2, 2),
            time=dt.time(14, 0),
            description="MRI both breasts without and with IV contrast",
            sides="LR",
            parts=("MR",),
        ),
        Exam(
            key="2026-04-20-MR",
            date=dt.date(2026, 4, 20),
            time=dt.time(14, 0),
            description="MRI both breasts without and with IV contrast",
            sides="LR",
            parts=("MR",),
        ),
    ),
)
LESIONS: Final = (
    Lesion(label="T1", finding=MASS, site=BREAST, axes=(("41.5", "29.5"), ("20.5", "15.0"))),
    Lesion(label="N1", finding=NODE, site=AXILLARY_NODE, axes=(("24.0", "16.5"), ("14.5", "9.5"))),
)


# -- content items --------------------------------------------------------------------------------------------


def _item(relationship: str, value_type: str, name: Code | None, *children: Dataset) -> Dataset:
    ds = Dataset()
    ds.RelationshipType = relationship
    ds.ValueType = value_type
    if name is not None:
        ds.ConceptNameCodeSequence = [coded(name)]
    if value_type == "CONTAINER":
        ds.ContinuityOfContent = "SEPARATE"
    if children:
        ds.ContentSequence = list(children)
    return ds


def _text(name: Code, value: str) -> Dataset:
    ds = _item("HAS OBS CONTEXT" if name == IDENTIFIER else "CONTAINS", "TEXT", name)
    ds.TextValue = value
    return ds


def _uid(value: str) -> Dataset:
    ds = _item("HAS OBS CONTEXT", "UIDREF", TRACKING)
    ds.UID = value
    return ds


def _code(relationship: str, name: Code, value: Code, *children: Dataset) -> Dataset:
    ds = _item(relationship, "CODE", name, *children)
    ds.ConceptCodeSequence = [coded(value)]
    return ds


def _number(name: Code, value: str, *children: Dataset, binary: bool) -> Dataset:
    ds = _item("CONTAINS", "NUM", name, *children)
    measured = Dataset()
    measured.MeasurementUnitsCodeSequence = [coded(MILLIMETRE)]
    if binary:
        measured.FloatingPointValue = float(value)
    measured.NumericValue = value
    ds.MeasuredValueSequence = [measured]
    return ds


def _image(relationship: str, name: Code | None, image: Dataset) -> Dataset:
    ds = _item(relationship, "IMAGE", name)
    reference = Dataset()
    reference.ReferencedSOPClassUID = image.SOPClassUID
    reference.ReferencedSOPInstanceUID = image.SOPInstanceUID
    ds.ReferencedSOPSequence = [reference]
    return ds


def _line(image: Dataset) -> Dataset:
    """Where the viewer's line was drawn: a polyline on the image."""
    ds = _item("INFERRED FROM", "SCOORD", None, _image("SELECTED FROM", None, image))
    ds.GraphicType = "POLYLINE"
    ds.GraphicData = [2.5, 8.5, 12.5, 8.5]
    return ds


# -- the two forms --------------------------------------------------------------------------------------------


def _library_group(lesion: Lesion, axes: tuple[str, str], image: Dataset) -> Dataset:
    side = _code("HAS CONCEPT MOD", LATERALITY, RIGHT)
    group = _item(
        "CONTAINS",
        "CONTAINER",
        GROUP,
        _text(IDENTIFIER, lesion.label),
        _uid(uid(STORY.folder, lesion.label)),
        _code("CONTAINS", FINDING, lesion.finding),
        _code("HAS CONCEPT MOD", SITE, lesion.site, side),
        _number(LONG, axes[0], binary=True),
        _number(SHORT, axes[1], binary=True),
        _image("CONTAINS", SOURCE, image),
    )
    group.ContentTemplateSequence = [_template("1501")]
    return group


def _viewer_group(lesion: Lesion, axes: tuple[str, str], image: Dataset) -> Dataset:
    return _item(
        "CONTAINS",
        "CONTAINER",
        GROUP,
        _text(IDENTIFIER, TOOL),
        _uid(uid(STORY.folder, "viewer", lesion.label, image.SOPInstanceUID)),
        _code("CONTAINS", FINDING, lesion.finding),
        _code("CONTAINS", SITE, RIGHT_BREAST),
        _number(LONG, axes[0], _line(image), binary=False),
        _number(SHORT, axes[1], _line(image), binary=False),
        _text(COMMENT, lesion.label),
    )


def _template(identifier: str) -> Dataset:
    ds = Dataset()
    ds.MappingResource = "DCMR"
    ds.TemplateIdentifier = identifier
    return ds


def _document(exam: Exam, image: Dataset, groups: list[Dataset], *, viewer: bool) -> Dataset:
    """A document with header, evidence and tree; unverified, as both kinds of program leave it."""
    words = "Research Derived Series" if viewer else "Measurements"
    sop_class = EnhancedSRStorage if viewer else Comprehensive3DSRStorage
    ds = new_object(
        STORY, exam, sop_class=sop_class, modality="SR", series=(3001 if viewer else 101, words), instance=1
    )
    ds.ReferencedPerformedProcedureStepSequence = []
    ds.PerformedProcedureCodeSequence = []
    ds.CompletionFlag = "COMPLETE"
    ds.VerificationFlag = "UNVERIFIED"
    ds.ValueType = "CONTAINER"
    ds.ContinuityOfContent = "SEPARATE"
    ds.ConceptNameCodeSequence = [coded(TITLE)]
    ds.ContentTemplateSequence = [_template("1500")]
    ds.CurrentRequestedProcedureEvidenceSequence = [_evidence(image)]
    observer = _item("HAS OBS CONTEXT", "PNAME", OBSERVER)
    observer.PersonName = "unknown^unknown" if viewer else "Reader^One"
    library = _item("CONTAINS", "CONTAINER", LIBRARY)
    ds.ContentSequence = [
        _code("HAS CONCEPT MOD", LANGUAGE, ENGLISH),
        observer,
        _code("HAS CONCEPT MOD", PROCEDURE, MRI),
        library,
        _item("CONTAINS", "CONTAINER", MEASUREMENTS, *groups),
    ]
    return ds


def _evidence(image: Dataset) -> Dataset:
    instance, series, study = Dataset(), Dataset(), Dataset()
    instance.ReferencedSOPClassUID = image.SOPClassUID
    instance.ReferencedSOPInstanceUID = image.SOPInstanceUID
    series.SeriesInstanceUID = image.SeriesInstanceUID
    series.ReferencedSOPSequence = [instance]
    study.StudyInstanceUID = image.StudyInstanceUID
    study.ReferencedSeriesSequence = [series]
    return study


def write_story(folder: Path) -> list[Path]:
    """Write images and both forms of reports below `folder` and return their paths."""
    paths = []
    for number, exam in enumerate(STORY.exams):
        images = magnetic_resonance.images(STORY, exam, 1)
        measured = images[-1]
        made = {
            "library": [_library_group(lesion, lesion.axes[number], measured) for lesion in LESIONS],
            "viewer": [_viewer_group(lesion, lesion.axes[number], measured) for lesion in LESIONS],
        }
        files = [("dicom", name, ds) for name, ds in numbered(images)]
        files += [
            (form, "01.dcm", _document(exam, measured, groups, viewer=form == "viewer"))
            for form, groups in made.items()
        ]
        for form, name, ds in files:
            path = folder / STORY.folder / form / exam.key / name
            write(ds, path, ImplicitVRLittleEndian if form == "viewer" else ExplicitVRLittleEndian)
            paths.append(path)
    return paths


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the story and say how many files there are."""
    parser = argparse.ArgumentParser(prog="reports.py", description="Write the story told by structured reports.")
    parser.add_argument("folder", nargs="?", type=Path, default=HERE, help="where to write (default: beside this file)")
    folder: Path = parser.parse_args(arguments).folder
    print(f"{STORY.folder}: {len(write_story(folder))} files")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
