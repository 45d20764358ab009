"""Whose files a case is compared with."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydicom.dataset import Dataset

from reporter.cli.main import main
from tests.batch.exports import batch, put, put_export, results
from tests.readers import sr_documents as sr
from tests.readers.kit import dicom

IMAGE = "1.2.99.1.1"
STUDIES = (("1.2.3.4", "20260105"), ("1.2.3.5", "20260330"))


def report(study: str, day: str, image: str = IMAGE, size: str = "20") -> Dataset:
    """A report of patient A."""
    group = sr.lesion("L1", sr.length(sr.LONG, size), sr.image(image))
    return sr.document(group, StudyInstanceUID=study, SOPInstanceUID=f"{study}.9", StudyDate=day, PatientID="A")


def put_reports(export: Path, image: str = IMAGE) -> None:
    """Two studies of patient A, each with a report about an image."""
    for number, (study, day) in enumerate(STUDIES):
        own = {"StudyInstanceUID": study, "SOPInstanceUID": f"{study}.1", "StudyDate": day}
        put(export / f"a{number}.dcm", mr(PatientID="A", **own))
        put(export / f"sr{number}.dcm", sr.encoded(report(study, day, image)))


def mr(**attributes: object) -> bytes:
    """An MR image, of patient B unless it is said otherwise."""
    other = {"PatientID": "B", "StudyInstanceUID": "1.2.99", "SeriesInstanceUID": "1.2.99.1", "SOPInstanceUID": IMAGE}
    return dicom(**{**other, "SOPClassUID": sr.MR_IMAGE, "Modality": "MR", **attributes})


def pages(out: Path) -> list[str]:
    """Why there is no draft of a case."""
    return [data.decode() for name, data in results(out).items() if name.endswith(".quarantined.txt")]


@pytest.mark.hostile
@pytest.mark.parametrize("name", ["b.dcm", "0.dcm"])
def test_a_report_measured_on_the_image_of_another_patient_is_quarantined(name: str, tmp_path: Path) -> None:
    put_reports(tmp_path / "in")
    put(tmp_path / "in" / name, mr())
    code, _ = batch(tmp_path / "in", tmp_path / "out")
    (page,) = pages(tmp_path / "out")
    assert code == 3
    assert "Patient ID: A" in page
    assert page.count("SR_REF_STUDY") == 2
    assert main(["draft", str(tmp_path / "in"), "--patient", "A", "-o", str(tmp_path / "a.txt"), "--quiet"]) == 1
    assert sum(name.endswith(".draft.txt") for name in results(tmp_path / "out")) == 1


@pytest.mark.hostile
def test_such_an_image_that_comes_later_redrafts_the_case_and_one_that_goes_does_too(tmp_path: Path) -> None:
    put_reports(tmp_path / "in")
    batch(tmp_path / "in", tmp_path / "out")
    assert pages(tmp_path / "out") == []
    put(tmp_path / "in" / "b.dcm", mr())
    batch(tmp_path / "in", tmp_path / "out")
    assert len(pages(tmp_path / "out")) == 1
    (tmp_path / "in" / "b.dcm").unlink()
    batch(tmp_path / "in", tmp_path / "out")
    assert pages(tmp_path / "out") == []


@pytest.mark.hostile
def test_a_report_whose_references_change_is_compared_with_others(tmp_path: Path) -> None:
    put_reports(tmp_path / "in", "1.2.3")
    put(tmp_path / "in" / "b.dcm", mr())
    batch(tmp_path / "in", tmp_path / "out")
    assert pages(tmp_path / "out") == []
    put_reports(tmp_path / "in")
    batch(tmp_path / "in", tmp_path / "out")
    assert len(pages(tmp_path / "out")) == 1


@pytest.mark.hostile
def test_an_image_of_nobody_in_a_study_of_its_own_refuses_the_report_as_a_draft_does(tmp_path: Path) -> None:
    put_reports(tmp_path / "in")
    put(tmp_path / "in" / "b.dcm", mr(PatientID=""))
    batch(tmp_path / "in", tmp_path / "out")
    assert main(["draft", str(tmp_path / "in"), "--patient", "A", "-o", str(tmp_path / "a.txt"), "--quiet"]) == 1
    assert any("Patient ID: A" in page and "SR_REF_STUDY" in page for page in pages(tmp_path / "out"))


def test_what_a_report_refers_to_of_its_own_patient_is_no_neighbour(tmp_path: Path) -> None:
    put_reports(tmp_path / "in", "1.2.3.4.1")
    (tmp_path / "in" / "sr1.dcm").unlink()
    put_export(tmp_path / "in", ["OTHER"])
    batch(tmp_path / "in", tmp_path / "out")
    assert pages(tmp_path / "out") == []
    assert all(b"not among the input" not in data for data in results(tmp_path / "out").values())
