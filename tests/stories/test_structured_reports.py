"""Structured reports from end to end: the documents of other programs, and the story that is told by reports alone."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from reporter.cli.main import main
from sample_dicom import reports
from tests.gates import dicom_faults
from tests.readers.sr_documents import DATA
from tests.stories.story import SAMPLES, squeeze

STORY = SAMPLES / "structured-reports"
FACTS = '[therapy]\nstart = 2026-01-20\nstatus = "ongoing"\n'
MAP = '["N1 left axilla"]\nlesion_id = "N1"\nkind = "node"\nside = "left"\n'


@dataclass(frozen=True)
class Drafted:
    code: int
    text: str
    record: dict[str, Any]

    def codes(self) -> set[str]:
        return {issue["code"] for issue in self.record["issues"]}


def draft(folder: Path, *arguments: Path | str) -> Drafted:
    out = folder / "out"
    code = main(["draft", *map(str, arguments), "-o", str(out), "--format", "txt", "--format", "json", "--quiet"])
    text = squeeze((out / "report.draft.txt").read_text(encoding="utf-8"))
    return Drafted(code, text, json.loads((out / "report.draft.json").read_text(encoding="utf-8")))


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    path = tmp_path / "facts.toml"
    path.write_text(FACTS, encoding="utf-8")
    return path


def test_the_librarys_pair_is_a_partial_response(tmp_path: Path, facts: Path) -> None:
    pair = (DATA / "library_mr_baseline.dcm", DATA / "library_mr_followup.dcm")
    found = draft(tmp_path, *pair, "-f", facts)
    assert found.code == 0
    assert "42.0 x 30.0 mm 21.0 x 14.0 mm -50 %" in found.text
    assert "Left breast: PARTIAL RESPONSE during treatment" in found.text
    assert "MRI" in found.text
    assert {"SR_REF", "SR_UNVERIFIED"} <= found.codes()


def test_the_viewers_pair_counts_the_tumour_and_asks_about_the_node(tmp_path: Path, facts: Path) -> None:
    pair = (DATA / "viewer_coded_baseline.dcm", DATA / "viewer_coded_followup.dcm")
    found = draft(tmp_path, *pair, "-f", facts)
    assert found.code == 3
    assert "32 mm 20 mm -37.5 %" in found.text
    assert "KIND_LABEL" in found.codes()


def test_with_a_lesion_map_the_node_is_a_normal_sized_node(tmp_path: Path, facts: Path) -> None:
    entries = tmp_path / "map.toml"
    entries.write_text(MAP, encoding="utf-8")
    pair = (DATA / "viewer_coded_baseline.dcm", DATA / "viewer_coded_followup.dcm")
    found = draft(tmp_path, *pair, "-f", facts, "--map", entries)
    assert found.code == 0
    assert "Left breast: PARTIAL RESPONSE during treatment" in found.text
    assert "short axis 9.6 -> 6.2 mm" in found.text
    assert "KIND_LABEL" not in found.codes()


def test_without_a_site_nothing_is_classified_until_the_side_is_given(tmp_path: Path, facts: Path) -> None:
    pair = (DATA / "viewer_no_site_baseline.dcm", DATA / "viewer_no_site_followup.dcm")
    found = draft(tmp_path, *pair, "-f", facts)
    assert found.code == 3
    assert "PARTIAL RESPONSE" not in found.text
    assert "32 mm" in found.text
    assert "20 mm" in found.text
    assert "LAT_MISSING" in found.codes()


def test_the_side_filled_into_the_worksheet_completes_the_draft(tmp_path: Path, facts: Path) -> None:
    pair = (DATA / "viewer_no_site_baseline.dcm", DATA / "viewer_no_site_followup.dcm")
    sheet = tmp_path / "sheet.csv"
    assert main(["worksheet", *map(str, pair), "-f", str(facts), "-o", str(sheet), "--quiet"]) == 3
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["side"] for row in rows} == {""}
    assert [row["long_axis"] for row in rows] == ["32", "20"]
    rows[-1]["side"] = "left"
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    found = draft(tmp_path, *pair, "-f", facts, "-m", sheet)
    assert found.code == 0
    assert "32 mm 20 mm -37.5 %" in found.text
    assert "Left breast: PARTIAL RESPONSE during treatment" in found.text


def test_an_area_of_the_spine_is_listed_as_not_used(tmp_path: Path) -> None:
    found = draft(tmp_path, DATA / "library_sr_document.dcm")
    assert "Area of defined region 1.7 cm2" in found.text
    assert found.record["measurements"] == []
    assert "RESPONSE during" not in found.text


# -- the story ------------------------------------------------------------------------------------------------


def test_both_forms_give_the_same_draft(tmp_path: Path) -> None:
    made = {}
    for form in ("library", "viewer"):
        folder = tmp_path / form
        found = draft(folder, STORY / "dicom", STORY / form, "-f", STORY / "facts.toml")
        assert found.code == 0
        made[form] = found
    library, viewer = made["library"], made["viewer"]
    assert viewer.text.replace("viewer/", "library/") == library.text
    for part in ("lesions", "responses", "response_of_record", "findings", "advice", "escalations"):
        assert viewer.record[part] == library.record[part], part
    assert "41.5 x 29.5 mm 20.5 x 15.0 mm -50.6 %" in library.text
    assert "Right breast: PARTIAL RESPONSE" in library.text
    assert "short axis 16.5 -> 9.5 mm" in library.text
    assert "SR_REF" not in library.codes()


def test_the_program_writes_the_files_that_are_kept(tmp_path: Path) -> None:
    surroundings = os.environ | {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "4711", "LC_ALL": "C"}
    command = [sys.executable, "-m", "sample_dicom.reports", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True, cwd=SAMPLES.parent, env=surroundings)
    made = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*.dcm")}
    kept = {path.relative_to(SAMPLES): path.read_bytes() for path in STORY.rglob("*.dcm")}
    assert made == kept
    assert sorted(reports.write_story(tmp_path / "again")) == sorted((tmp_path / "again").rglob("*.dcm"))


@pytest.mark.tools
@pytest.mark.parametrize("path", sorted(STORY.rglob("*.dcm")), ids=lambda path: "-".join(path.parts[-3:]))
def test_every_object_is_as_the_standard_asks(path: Path) -> None:
    assert dicom_faults(path) == []
