"""Requirements of the sources that only a whole report shows: what it holds at each time, in each format."""

from __future__ import annotations

import contextlib
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any, Final

import pytest

from reporter.case.vocabulary import TherapyKind
from reporter.cli.main import main
from reporter.plugins import EXPORTERS, names
from tests.gates import pdf_text
from tests.stories.told_story import TOLD, Told, draft, told

NOTICE: Final = "DRAFT - NOT FOR CLINICAL USE UNTIL REVIEWED AND SIGNED BY A RADIOLOGIST"

COLUMNS: Final = (
    "patient_id,study_date,modality,lesion_id,kind,side,location,clock,status,long_axis,short_axis,unit,cortex,hilum,"
    "biopsy_result,clip,clip_shape,clip_seen,clip_displaced\n"
)
COURSE: Final = """\
SYN-T,2026-01-12,MR,L1,mass,left,UOQ,2,measured,40,30,mm,,,malignant,yes,coil,yes,0
SYN-T,2026-01-12,US,L1,mass,left,UOQ,2,measured,38,29,mm,,,malignant,yes,coil,yes,0
SYN-T,2026-04-06,MR,L1,mass,left,UOQ,2,measured,20,15,mm,,,malignant,yes,coil,yes,0
SYN-T,2026-04-06,US,L1,mass,left,UOQ,2,measured,19,15,mm,,,malignant,yes,coil,yes,0
SYN-T,2026-07-13,MR,L1,mass,left,UOQ,2,absent,,,,,,malignant,yes,coil,yes,0
SYN-T,2026-07-13,US,L1,mass,left,UOQ,2,absent,,,,,,malignant,yes,coil,yes,0
"""
FACTS: Final = """\
indication = "response"
suspicion_distant = false
[therapy]
intent = "neoadjuvant"
kinds = ["{kinds}"]
start = 2026-02-02
end = 2026-06-29
[[diagnosis]]
side = "left"
confirmed = true
histology = "invasive ductal carcinoma"
"""


def report(table: str, facts: str = FACTS, *arguments: str, kinds: str = "chemotherapy") -> str:
    """The text of a report, its lines run together."""
    given = facts.replace("{kinds}", kinds)
    return " ".join(draft(COLUMNS + table, given, list(arguments), "txt").split())


def record(table: str, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        draft(COLUMNS + table, FACTS.replace("{kinds}", "chemotherapy"), list(arguments), "json")
    )
    return found


@pytest.mark.requirement("S2")
@pytest.mark.parametrize(
    ("day", "phase", "title", "headline"),
    [
        ("2026-01-12", "baseline", "BASELINE", "BASELINE, no response category"),
        ("2026-04-06", "during", "DURING TREATMENT", "PARTIAL RESPONSE during treatment"),
        ("2026-07-13", "end", "END OF TREATMENT, BEFORE SURGERY", "COMPLETE RESPONSE ON IMAGING"),
    ],
)
def test_imaging_before_during_and_after_treatment_each_has_its_report(
    day: str, phase: str, title: str, headline: str
) -> None:
    text, held = report(COURSE, FACTS, "--at", day), record(COURSE, "--at", day)
    assert f"RESPONSE TO NEOADJUVANT THERAPY - {title} - LEFT" in text
    assert headline in text
    assert held["time_points"][held["reported"]]["phase"] == phase


@pytest.mark.requirement("S5")
def test_the_axilla_has_its_section_at_baseline() -> None:
    node = "SYN-T,2026-01-12,US,N1,node,left,axilla_1,,measured,,17,mm,8,absent,malignant,yes,ribbon,yes,0\n"
    text = report(COURSE + node, FACTS, "--at", "2026-01-12")
    axilla = text[text.index("AXILLA Node N1") :]
    assert axilla.startswith("AXILLA Node N1, left level I (biopsy-proven), US: short axis 17 mm, cortex 8 mm, hilum")
    assert "Left axilla: node N1, biopsy-proven, abnormal" in text


@pytest.mark.requirement("S5")
@pytest.mark.requirement("S58")
def test_an_axilla_of_which_nothing_is_known_is_said_not_to_be_assessed_at_baseline() -> None:
    assert "AXILLA Left axilla: not assessed at this time point." in report(COURSE, FACTS, "--at", "2026-01-12")


@pytest.mark.requirement("S8")
def test_mri_gives_the_response() -> None:
    (breast,) = record(COURSE, "--at", "2026-04-06")["response_of_record"]
    assert (breast["record_modality"], breast["category"]) == ("MR", "PR")
    only_mri = "".join(line for line in COURSE.splitlines(keepends=True) if ",MR," in line)
    (alone,) = record(only_mri, "--at", "2026-04-06")["response_of_record"]
    assert (alone["record_modality"], alone["category"]) == ("MR", "PR")
    assert "MRI 40 x 30 mm" in report(only_mri, FACTS, "--at", "2026-04-06")


@pytest.mark.requirement("S9")
def test_a_node_in_the_chest_is_told_with_its_level() -> None:
    node = "SYN-T,{},MR,N2,node,left,internal_mammary,,measured,,{},mm,,,,,,,\n"
    text = report(COURSE + node.format("2026-01-12", 12) + node.format("2026-04-06", 7), FACTS, "--at", "2026-04-06")
    assert "Node N2, left internal mammary, MRI: short axis 12 -> 7 mm" in text


@pytest.mark.requirement("S9")
@pytest.mark.parametrize(("state", "said"), [("abnormal", "ABNORMAL"), ("normal", "none abnormal")])
def test_the_internal_mammary_level_has_a_field_of_its_own(state: str, said: str) -> None:
    levels = f'[[axilla]]\nside = "left"\ndate = 2026-07-13\nlevels = {{ internal_mammary = "{state}" }}\n'
    assert re.search(rf"[Ii]nternal mammary: {said}", report(COURSE, FACTS + levels))


@pytest.mark.requirement("S14")
@pytest.mark.parametrize("kind", list(TherapyKind))
def test_each_kind_of_therapy_is_named_and_counts_as_neoadjuvant(kind: TherapyKind) -> None:
    assert len(TherapyKind) == 4
    text = report(COURSE, kinds=kind)
    assert "Out of scope" not in text
    word = "chemotherapy" if kind is TherapyKind.CHEMOTHERAPY else kind.value.split("_")[0]
    assert word in text.casefold()
    assert "COMPLETE RESPONSE ON IMAGING" in text


@pytest.mark.requirement("S14")
def test_kinds_of_therapy_combine() -> None:
    text = report(COURSE, kinds='chemotherapy", "immunotherapy')
    assert "hemotherapy and immunotherapy" in text


def words_of(file: Path) -> str:
    """The words of a draft in whatever format."""
    if file.suffix == ".pdf":
        return pdf_text(file)
    if file.suffix == ".docx":
        with zipfile.ZipFile(file) as parts:
            return re.sub(r"<[^>]+>", "", parts.read("word/document.xml").decode("utf-8"))
    return re.sub(r"<[^>]+>", " ", file.read_text("utf-8"))


@pytest.mark.requirement("S11")
@pytest.mark.parametrize(
    "form", [pytest.param(one, marks=pytest.mark.tools) if one == "pdf" else one for one in names(EXPORTERS)]
)
def test_every_format_says_first_that_it_is_a_draft_for_a_radiologist(form: str, tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text(COLUMNS + COURSE, "utf-8")
    with contextlib.redirect_stderr(io.StringIO()):
        main(["draft", "-m", str(tmp_path / "m.csv"), "-o", str(tmp_path / "out"), "--format", form])
    (made,) = (tmp_path / "out").iterdir()
    text = " ".join(words_of(made).split()).upper()
    assert NOTICE in text
    assert form == "json" or text.index(NOTICE) < text.index("IMPRESSION")


DIAGNOSES: Final = re.compile(
    r"\b(consistent with|compatible with|suggestive of|suggests|diagnosis is|diagnostic of|represents|likely)\b",
    re.IGNORECASE,
)


@pytest.mark.requirement("S20")
@pytest.mark.parametrize("story", TOLD, ids=lambda story: story.name)
def test_no_report_makes_a_diagnosis(story: Told) -> None:
    text = " ".join(told(story).split())
    assert DIAGNOSES.findall(text) == []


@pytest.mark.requirement("S20")
def test_a_diagnosis_is_only_what_was_entered() -> None:
    """Without one, no kind of cancer is named, and the proof is asked for."""
    facts = FACTS[: FACTS.index("[[diagnosis]]")]
    text = report(COURSE.replace("malignant", ""), facts)
    assert not re.search(r"carcinoma|ductal|lobular|triple|malignant,", text)
    assert "proven by biopsy?" in text
    assert "invasive ductal carcinoma" in report(COURSE)


@pytest.mark.requirement("S28")
def test_us_shows_the_tumour_bed_by_its_marker_and_measures_the_residual() -> None:
    us = "".join(line for line in COURSE.splitlines(keepends=True) if ",US," in line)
    during = report(us, FACTS, "--at", "2026-04-06")
    assert "TUMOUR BED Coil seen on US in the original position. Not displaced." in during
    assert "US 38 x 29 mm 19 x 15 mm" in during
    assert "US 38 x 29 -> 19 x 15 mm" in during
    after = report(us)
    assert "TUMOUR BED Coil seen on US in the original position. Not displaced." in after
    assert re.search(r"US 38 x 29 mm .*no mass", after)
