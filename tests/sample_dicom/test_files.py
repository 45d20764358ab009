"""The DICOM files of the stories: reproducible, small, valid, and of the patients the stories are about."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pydicom
import pytest
from pydicom import FileDataset
from pydicom.uid import BreastTomosynthesisImageStorage, ImplicitVRLittleEndian

from sample_dicom import make
from sample_dicom.objects import Story as Source
from sample_dicom.stories import STORIES as SOURCES
from tests.gates import dicom_faults
from tests.stories.story import SAMPLES, STORIES, Story

stories = pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def datasets(story: Story) -> Iterator[FileDataset]:
    return (pydicom.dcmread(path) for path in files(story.dicom))


@pytest.fixture(scope="session")
def again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files written once more, by another process in another time zone, with another hash seed."""
    folder = tmp_path_factory.mktemp("again")
    surroundings = os.environ | {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "4711", "LC_ALL": "C"}
    command = [sys.executable, "-m", "sample_dicom.make", str(folder)]
    subprocess.run(command, check=True, capture_output=True, cwd=SAMPLES.parent, env=surroundings)
    return folder


def test_there_are_six_stories() -> None:
    assert [story.name for story in STORIES] == sorted(source.folder for source in SOURCES)
    assert len(STORIES) == 6


@stories
def test_the_program_writes_the_files_that_are_kept(story: Story, again: Path) -> None:
    kept = {path.relative_to(SAMPLES): path.read_bytes() for path in files(story.dicom)}
    made = {path.relative_to(again): path.read_bytes() for path in files(again / story.name)}
    assert sorted(made) == sorted(kept)
    assert [str(name) for name, data in kept.items() if made[name] != data] == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.folder)
def test_what_is_said_to_be_written_is_written(source: Source, tmp_path: Path) -> None:
    paths = make.write_story(source, tmp_path)
    assert sorted(paths) == files(tmp_path)
    assert len(paths) == len(set(paths))


def test_the_samples_are_small() -> None:
    sizes = {path: path.stat().st_size for story in STORIES for path in files(story.folder)}
    assert {str(path): size for path, size in sizes.items() if size > 10_000} == {}
    assert sum(sizes.values()) < 1_500_000


@stories
def test_a_story_is_of_one_patient_and_every_object_is_its_own(story: Story) -> None:
    objects = list(datasets(story))
    assert len({(ds.PatientID, str(ds.PatientName), ds.PatientBirthDate, ds.PatientSex) for ds in objects}) == 1
    assert objects[0].PatientID.startswith("SYN-")
    assert len({ds.SOPInstanceUID for ds in objects}) == len(objects)
    assert len({(ds.SeriesInstanceUID, ds.Modality) for ds in objects}) == len({ds.SeriesInstanceUID for ds in objects})
    assert all(ds.file_meta.MediaStorageSOPInstanceUID == ds.SOPInstanceUID for ds in objects)
    assert all(ds.Manufacturer == "Synthetic" for ds in objects)


def test_no_uid_is_shared_between_stories() -> None:
    seen = [{ds.StudyInstanceUID for ds in datasets(story)} for story in STORIES]
    assert len(set.union(*seen)) == sum(len(uids) for uids in seen)


@stories
def test_pixels_can_be_decoded(story: Story) -> None:
    for ds in datasets(story):
        expected = ds.Rows * ds.Columns * ds.get("NumberOfFrames", 1) * ds.BitsAllocated // 8
        assert len(ds.PixelData) == expected


def test_more_than_one_encoding_occurs() -> None:
    syntaxes = {ds.file_meta.TransferSyntaxUID for story in STORIES for ds in datasets(story)}
    assert ImplicitVRLittleEndian in syntaxes
    assert len(syntaxes) > 1
    names = {str(ds.PatientName) for story in STORIES for ds in datasets(story) if "SpecificCharacterSet" in ds}
    assert names == {"SAMPLE^ZOË"}


def test_tomosynthesis_is_told_from_mammography_by_its_class_only() -> None:
    objects = [ds for story in STORIES for ds in datasets(story) if ds.Modality == "MG"]
    tomosynthesis = [ds for ds in objects if ds.SOPClassUID == BreastTomosynthesisImageStorage]
    assert 0 < len(tomosynthesis) < len(objects)
    shared = {ds.SharedFunctionalGroupsSequence[0].FrameAnatomySequence[0].FrameLaterality for ds in tomosynthesis}
    assert shared == {"L", "R"}


def test_time_point_labels_stand_in_one_story() -> None:
    labels = {story.name: {ds.get("ClinicalTrialTimePointID") for ds in datasets(story)} for story in STORIES}
    assert labels.pop("partial-response") == {"baseline", "mid-treatment", "post-treatment"}
    assert set.union(*labels.values()) == {None}


@pytest.mark.tools
@stories
def test_every_object_is_valid_to_its_iod(story: Story) -> None:
    faults = {path.relative_to(story.dicom): dicom_faults(path) for path in files(story.dicom)}
    assert {str(name): found for name, found in faults.items() if found} == {}
