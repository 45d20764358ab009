"""What a hurried reader gets wrong, from end to end: how it ends, and in which words."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from reporter.cli.main import main
from tests.stories.story import STORIES, squeeze

FACTS: Final = """
indication = "response"
suspicion_distant = false
therapy = { intent = "neoadjuvant", kinds = ["chemotherapy"], start = 2026-02-01, end = 2026-06-20 }
diagnosis = { side = "left", confirmed = true }
axilla = { side = "left", clinical_node = "cN0", previously_imaged = false }
patient = { name = "SAMPLE^TEN", birth_date = 1972-05-06 }
"""
HEADER: Final = "patient_id,study_date,modality,lesion_id,kind,side,clock,status,long_axis,unit"
STORY: Final = next(story for story in STORIES if story.name == "complete-response")


@dataclass(frozen=True)
class Run:
    code: int
    text: str
    talk: str


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> "Runner":
    return Runner(tmp_path, capsys)


@dataclass(frozen=True)
class Runner:
    """Drafts as a user does, text on stdout."""

    folder: Path
    capsys: pytest.CaptureFixture[str]

    def table(self, *rows: str, facts: str = FACTS) -> Run:
        """A table alone, with facts."""
        table, known = self.folder / "sizes.csv", self.folder / "facts.toml"
        table.write_text("\n".join(rows) + "\n", "utf-8")
        known.write_text(facts, "utf-8")
        return self("draft", "-m", str(table), "-f", str(known))

    def __call__(self, *arguments: str) -> Run:
        code = main(arguments)
        out, err = self.capsys.readouterr()
        return Run(code, squeeze(out), squeeze(err))


def test_follow_up_without_a_baseline(run: Runner) -> None:
    done = run.table(
        HEADER, "P1,2026-04-01,US,L1,mass,left,2,measured,20,mm", "P1,2026-07-01,US,L1,mass,left,2,measured,15,mm"
    )
    assert done.code == 3
    assert "problem: Therapy had begun before the first study: there is no baseline" in done.talk
    assert "1. Left breast: RESPONSE NOT EVALUABLE. No baseline is at hand." in done.text
    assert "15 mm" in done.text
    assert "%" not in done.text.partition("IMPRESSION")[2].partition("RECOMMENDATION")[0]
    assert "Obtain the studies from before treatment" in done.text


def test_growth_without_a_baseline_is_escalated(run: Runner) -> None:
    done = run.table(
        HEADER, "P1,2026-04-01,US,L1,mass,left,2,measured,20,mm", "P1,2026-07-01,US,L1,mass,left,2,measured,26,mm"
    )
    assert done.code == 3
    assert "ESCALATION IMMEDIATE" in done.text


def test_a_lesion_without_a_row_is_never_gone(run: Runner) -> None:
    done = run.table(
        HEADER,
        "P1,2026-01-20,US,L1,mass,left,2,measured,20,mm",
        "P1,2026-01-20,US,L2,mass,left,5,measured,14,mm",
        "P1,2026-07-01,US,L1,mass,left,2,absent,,",
    )
    assert done.code == 3
    assert "L2 has no value on US at this time point" in done.talk
    assert "1. Left breast: RESPONSE NOT EVALUABLE." in done.text
    assert "COMPLETE RESPONSE" not in done.text
    assert "L2, 5 o'clock: baseline US 14 mm; no usable value at this time point" in done.text


def test_a_number_without_a_unit_is_no_length(run: Runner) -> None:
    done = run.table(
        HEADER, "P1,2026-01-20,US,L1,mass,left,2,measured,20,mm", "P1,2026-07-01,US,L1,mass,left,2,measured,12,"
    )
    assert done.code == 3
    assert "sizes.csv, row 3, long_axis" in done.talk
    assert "write mm or cm in the column unit" in done.talk
    assert "1. Left breast: RESPONSE NOT EVALUABLE." in done.text
    assert "12 mm" not in done.text


def test_semicolons_and_decimal_commas(run: Runner) -> None:
    done = run.table(
        HEADER.replace(",", ";"),
        "P1;2026-01-20;US;L1;mass;left;2;measured;2,05;cm",
        "P1;2026-07-01;US;L1;mass;left;2;measured;12,5;mm",
    )
    assert done.code == 0
    assert "20.5 -> 12.5 mm (-39 %)" in done.text


def test_decimal_commas_and_points_mixed_are_refused(run: Runner) -> None:
    done = run.table(
        HEADER.replace(",", ";"),
        "P1;2026-01-20;US;L1;mass;left;2;measured;2,05;cm",
        "P1;2026-07-01;US;L1;mass;left;2;measured;12.5;mm",
    )
    assert (done.code, done.text) == (1, "")
    assert "row 2, long_axis" in done.talk
    assert "row 3, long_axis" in done.talk


def test_a_misspelt_column_is_named_with_the_right_word(run: Runner) -> None:
    done = run.table(HEADER.replace("long_axis", "longaxis"), "P1,2026-01-20,US,L1,mass,left,2,measured,20,mm")
    assert (done.code, done.text) == (1, "")
    assert 'There is no column "longaxis"; do you mean long_axis?' in done.talk
    assert "sizes.csv" in done.talk


def test_the_prior_of_another_patient(run: Runner) -> None:
    other = next(story for story in STORIES if story.name == "partial-response")
    prior = min(path for path in other.dicom.iterdir() if path.is_dir())
    done = run("draft", str(STORY.dicom), str(prior), "-m", str(STORY.table), "-f", str(STORY.facts_file))
    assert (done.code, done.text) == (1, "")
    assert "of another patient" in done.talk
    assert "PatientID" in done.talk
    assert "SAMPLE^" not in done.talk


def test_several_patients_name_the_way_out(run: Runner) -> None:
    other = next(story for story in STORIES if story.name == "partial-response")
    done = run("draft", str(STORY.dicom), str(other.dicom))
    assert (done.code, done.text) == (1, "")
    assert "batch" in done.talk
    assert "--patient" in done.talk


def test_the_side_of_the_images_against_the_side_of_the_table(run: Runner, tmp_path: Path) -> None:
    table = tmp_path / "measurements.csv"
    table.write_text(STORY.table.read_text("utf-8").replace(",mass,left,", ",mass,right,"), "utf-8")
    done = run("draft", str(STORY.dicom), "-m", str(table), "-f", str(STORY.facts_file))
    assert (done.code, done.text) == (1, "")
    assert "L1 is right in the table, but every image" in done.talk
    assert "says left" in done.talk
    assert "row 2" in done.talk


def test_nothing_to_read(run: Runner) -> None:
    done = run("draft")
    assert (done.code, done.text) == (2, "")
    assert "name INPUT (DICOM), or a measurement table with -m" in done.talk


def test_a_truncated_image_refuses_the_case_unless_told_otherwise(run: Runner, tmp_path: Path) -> None:
    dicom = tmp_path / "dicom"
    shutil.copytree(STORY.dicom, dicom)
    broken = min(dicom.rglob("*.dcm"))
    broken.write_bytes(broken.read_bytes()[:-10])
    rest = ("-m", str(STORY.table), "-f", str(STORY.facts_file))
    refused = run("draft", str(dicom), *rest)
    assert (refused.code, refused.text) == (1, "")
    assert broken.name in refused.talk
    allowed = run("draft", str(dicom), *rest, "--allow-unreadable")
    assert allowed.code in {0, 3}
    assert "files could not be read and were left out" in allowed.text
    assert "1 of" in allowed.text
