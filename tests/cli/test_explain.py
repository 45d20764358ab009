"""`reporter explain` accounts for every number and category of a draft, and for what did not count."""

import io
import json
import re
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from reporter.cli.main import main
from reporter.cli.talk import english
from tests.stories.story import SAMPLES, STORIES, squeeze

DOCUMENTS: Final = Path(__file__).parents[1] / "readers" / "data" / "sr"
REPORTED: Final = SAMPLES / "structured-reports"
FACTS: Final = '[therapy]\nstart = 2026-01-20\nstatus = "ongoing"\n'

NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")
NUMBERING: Final = re.compile(r"(?m)^\d+\. ")
TABLES: Final = ("category.", "node_course.", "rating.", "phase.", "therapy_status.")
CATEGORIES: Final = (
    *(phrase.casefold() for path, phrase in english().by_path.items() if path.startswith(TABLES)),
    *("mixed", "indeterminate", "multicentric", "multifocal", "immediate", "prompt"),
)
"""Every word that stands for a category, in the report's own wording."""


@dataclass(frozen=True)
class Said:
    """A draft and its explanation, of the same input."""

    code: int
    draft: str
    text: str
    data: dict[str, Any]


CASES: Final[dict[str, tuple[str, ...]]] = {
    **{s.name: (str(s.dicom), "-m", str(s.table), "-f", str(s.facts_file)) for s in STORIES},
    **{
        f"structured-reports, {form}": (
            str(REPORTED / "dicom"),
            str(REPORTED / form),
            "-f",
            str(REPORTED / "facts.toml"),
        )
        for form in ("viewer", "library")
    },
    **{
        name: tuple(str(path) for path in sorted(DOCUMENTS.glob(f"{name}_*.dcm")))
        for name in ("viewer_no_site", "viewer_coded", "library_mr", "library_sr")
    },
}
cases = pytest.mark.parametrize("case", CASES)


@pytest.fixture
def said(case: str, tmp_path_factory: pytest.TempPathFactory) -> Said:
    return said_of(case, tmp_path_factory.getbasetemp())


@cache
def said_of(case: str, folder: Path) -> Said:
    """What the commands say of a case; made once for all tests."""
    arguments = list(CASES[case])
    if "-f" not in arguments:
        facts = folder / "facts.toml"
        facts.write_text(FACTS, encoding="utf-8")
        arguments += ["-f", str(facts)]
    draft_code, draft = run("draft", *arguments)
    text_code, text = run("explain", *arguments)
    json_code, data = run("explain", *arguments, "--format", "json")
    assert draft_code == text_code == json_code
    return Said(draft_code, draft, text, json.loads(data))


def run(*arguments: str) -> tuple[int, str]:
    """The exit code and standard output of a command."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    with redirect_stdout(out):
        code = main(arguments)
    out.seek(0)
    return code, out.read()


def numbers(text: str) -> set[str]:
    return set(NUMBER.findall(NUMBERING.sub("", text)))


def categories(text: str) -> set[str]:
    folded = squeeze(text).casefold()
    return {words for words in CATEGORIES if re.search(rf"(?<![a-z]){re.escape(words)}(?![a-z])", folded)}


def everything(data: dict[str, Any]) -> str:
    """All statements of an explanation as data."""
    found = [e for entries in data.values() if isinstance(entries, list) for e in entries]
    return "\n".join(line for e in found for line in (str(e["text"]), *e["details"], *e["sources"]))


@cases
def test_every_number_of_the_draft_is_explained(said: Said) -> None:
    assert len(numbers(said.draft)) > 5
    assert numbers(said.draft) - numbers(said.text) == set()


@cases
def test_every_category_of_the_draft_is_explained(said: Said) -> None:
    assert categories(said.draft) - categories(said.text) == set()


@pytest.mark.parametrize("case", ["complete-response", "progressive-new-lesion", "mixed-two-sites-node"])
def test_categories_are_found_where_they_stand(said: Said, case: str) -> None:
    """The test above would be empty if it looked for words that no draft has."""
    expected = {
        "complete-response": "complete response on imaging",
        "progressive-new-lesion": "progressive disease",
        "mixed-two-sites-node": "mixed response",
    }
    assert expected[case] in categories(said.draft)


@pytest.mark.parametrize("case", ["partial-response"])
@pytest.mark.parametrize("section", ["measurements", "studies", "patient"])
def test_numbers_would_be_missed_without_a_section(said: Said, section: str) -> None:
    """What an explanation leaves out is noticed."""
    left = {name: entries for name, entries in said.data.items() if name != section}
    others = ("assessments", "answers", "lines", "lesions", "facts", "record", "escalation", "decision_rows")
    bare = {name: entries for name, entries in left.items() if name not in others}
    assert numbers(said.draft) - numbers(everything(bare))


@cases
def test_text_and_json_say_the_same(said: Said) -> None:
    lines = {squeeze(line) for line in said.text.splitlines()}
    for name, entries in said.data.items():
        for entry in entries if isinstance(entries, list) else ():
            assert squeeze(f"- {entry['text']}") in lines, name
            assert all(squeeze(detail) in lines for detail in entry["details"]), name


@cases
def test_every_measurement_says_whether_it_counts_and_where_it_stands(said: Said) -> None:
    for entry in said.data["measurements"]:
        assert entry["reason"] in entry["details"]
        assert entry["sources"], entry["text"]
        assert isinstance(entry["used"], bool)


@cases
def test_every_row_is_looked_at_with_what_its_conditions_found(said: Said) -> None:
    rows = said.data["decision_rows"]
    assert {"A1", "A2", "A3", "A5", "C7"} <= {entry["row"] for entry in rows}
    assert all(entry["conditions"] and entry["sources"] for entry in rows)
    fired = {entry["row"] for entry in rows if entry["fired"]}
    told = re.search(r"Decision table rows: ([A-D0-9, ]+)\.", squeeze(said.draft))
    assert fired == (set(told.group(1).split(", ")) if told else set())


@cases
def test_every_file_is_accounted_for(said: Said) -> None:
    files = said.data["files"]
    assert {entry["use"] for entry in files} <= {"used", "listed", "refused"}
    given = sum(entry["measurements"] for entry in files)
    assert given == len(said.data["measurements"])


@pytest.mark.parametrize("case", ["complete-response"])
def test_a_value_beside_another_one_says_why_it_does_not_count(said: Said) -> None:
    found = {e["text"].split(":")[0]: (e["used"], e["reason"]) for e in said.data["measurements"]}
    assert found["L1, DBT 2026-07-13"][0]
    used, reason = found["L1, mammography 2026-07-13"]
    assert not used
    assert reason == "not used: another row gives the value on mammography/DBT at the time point of 2026-07-13"


@pytest.mark.parametrize("case", ["complete-response"])
def test_time_points_say_why(said: Said) -> None:
    reasons = [entry["reason"] for entry in said.data["time_points"]]
    assert reasons == [
        "it lies on or before the start of therapy (2026-02-02)",
        "it lies after the start of therapy (2026-02-02) and not after its end (2026-06-29)",
        "it lies after the end of therapy (2026-06-29)",
    ]


@pytest.mark.parametrize("case", ["progressive-new-lesion"])
def test_the_modality_of_record_is_shown_with_those_tried(said: Said) -> None:
    (record,) = said.data["record"]
    assert record["modality"] == "US"
    assert [line.split(":")[0] for line in record["details"]] == ["MRI", "US", "mammography/DBT"]
    assert "not usable" in record["details"][0]
    assert record["details"][1].endswith("usable, taken")


@pytest.mark.parametrize("case", ["library_sr"])
def test_what_is_listed_and_not_used_is_named(said: Said) -> None:
    (left,) = said.data["left_out"]
    assert "1.7 cm2" in left["text"]
    assert left["code"] == "SR_NOT_SIZE"


@pytest.mark.parametrize("case", ["viewer_no_site"])
def test_an_uncounted_lesion_says_so_and_what_settles_it(said: Said) -> None:
    assert said.code == 3
    assert all(not entry["used"] for entry in said.data["measurements"])
    missing = next(entry for entry in said.data["open"] if entry["code"] == "LAT_MISSING")
    assert "settled by side" in missing["details"]


def test_an_earlier_time_point_and_another_criterion(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [
        *CASES["complete-response"],
        "--at",
        "2026-04-20",
        "--criteria",
        "recist-1.1",
        "--criteria",
        "per-site",
    ]
    assert main(["explain", *arguments, "--format", "json"]) in {0, 3}
    data = json.loads(capsys.readouterr().out)
    assert [entry["reported"] for entry in data["time_points"]] == [False, True]
    assert {entry["criterion"] for entry in data["assessments"]} == {"recist-1.1", "per-site"}
    assert any(entry["code"] == "TP_LATER" for entry in data["left_out"])


def test_two_runs_say_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    runs = []
    for _ in range(2):
        main(["explain", *CASES["stable-full-course"]])
        runs.append(capsys.readouterr().out)
    assert runs[0] == runs[1]


def test_a_refused_case_is_not_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "measurements.csv"
    table.write_text("study_date,lesion_id,long_axis,unit\n2026-13-01,L1,14,mm\n", encoding="utf-8")
    code = main(["explain", str(DOCUMENTS / "library_mr_baseline.dcm"), "-m", str(table)])
    out, err = capsys.readouterr()
    assert (code, out) == (1, "")
    assert "refused:" in err
