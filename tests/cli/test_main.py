"""The command line: how a run ends, what goes where, and that --help is quick."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from reporter.cli import main as cli
from reporter.cli.main import main
from reporter.draft.interface import Draft
from reporter.exporters import record
from tests.stories.story import STORIES, Story, squeeze

STORY: Story = next(story for story in STORIES if story.name == "complete-response")
INPUT = [str(STORY.dicom), "-m", str(STORY.table), "-f", str(STORY.facts_file)]


def test_text_goes_to_stdout_when_no_output_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["draft", *INPUT]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("DRAFT - NOT FOR CLINICAL USE UNTIL REVIEWED AND SIGNED BY A RADIOLOGIST\n")
    assert not err


def test_json_goes_to_stdout_when_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["draft", *INPUT, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["schema_version"] == record.SCHEMA_VERSION


def test_a_folder_gets_all_formats(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["draft", *INPUT, "-o", str(tmp_path / "out")]) == 0
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["report.draft.docx", "report.draft.json", "report.draft.txt"]
    out, err = capsys.readouterr()
    assert not out
    assert all(name in err for name in names)


@pytest.mark.parametrize("suffix", [".docx", ".txt", ".json"])
def test_a_file_gets_the_format_of_its_suffix(tmp_path: Path, suffix: str) -> None:
    assert main(["draft", *INPUT, "-o", str(tmp_path / f"mine{suffix}"), "--quiet"]) == 0
    assert [path.name for path in tmp_path.iterdir()] == [f"mine{suffix}"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["--format", "docx"], "name a folder with -o", id="Word on stdout"),
        pytest.param(["--format", "txt", "--format", "json"], "name a folder with -o", id="two on stdout"),
        pytest.param(["-o", "x.txt", "--format", "docx"], "a .txt file holds one format", id="two formats"),
        pytest.param(["-o", "x.rtf"], "name .docx, .txt, .json, .html, .pdf or a folder", id="no such format"),
        pytest.param(["--at", "13.7.2026"], "--at takes a date such as 2026-07-13", id="no ISO date"),
        pytest.param(["--criteria", "recist"], "choose one of per-site, percist, recist-1.1", id="no such criterion"),
        pytest.param(["-t", "mine"], "in the library are", id="no such template set"),
        pytest.param(["--settings", "none.toml"], "settings cannot be read", id="no settings"),
        pytest.param(["-m", "none.csv"], "there is no such file", id="no table"),
    ],
)
def test_wrong_usage_is_told_and_ends_in_2(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["draft", *INPUT, *arguments]) == 2
    out, err = capsys.readouterr()
    assert not out
    assert message in err


def test_global_options_stand_before_the_command_or_behind_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = tmp_path / "site.toml"
    settings.write_text("[thresholds]\npr_percent = 40\n", "utf-8")
    for arguments in (["--settings", str(settings), "draft", *INPUT], ["draft", *INPUT, "--settings", str(settings)]):
        assert main(arguments) == 0
        assert "thresholds.pr_percent = 40" in squeeze(capsys.readouterr().out)
    assert main(["--quiet", "draft", *INPUT, "-o", str(tmp_path / "out")]) == 0
    assert not capsys.readouterr().err


def test_an_unknown_option_ends_in_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["draft", *INPUT, "--colour"]) == 2
    assert "unrecognized arguments: --colour" in capsys.readouterr().err


def test_a_fault_of_the_program_shows_its_kind_and_place_but_never_its_text(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Draft) -> None:
        raise ValueError("MARKER^PATIENT 1972")

    monkeypatch.setattr(record, "write_record", fail)
    assert main(["draft", *INPUT, "--format", "json"]) == 1
    out, err = capsys.readouterr()
    assert not out
    assert "a fault of the program: ValueError in test_main.py" in err
    assert "MARKER" not in err


def test_a_stop_ends_in_4(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(_: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "import_module", stop)
    assert main(["demo"]) == 4
    assert "nothing incomplete was left" in capsys.readouterr().err


def test_two_criteria_stand_side_by_side(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["draft", *INPUT, "--criteria", "per-site", "--criteria", "recist-1.1", "--format", "json"]) in {0, 3}
    found = json.loads(capsys.readouterr().out)
    assert {one["criterion"] for one in found["responses"]} == {"per-site", "recist-1.1"}


def test_demo_drafts_a_story_and_says_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "-o", str(tmp_path)]) == 0
    assert str(tmp_path / "report.draft.docx") in capsys.readouterr().err


def test_demo_knows_every_story(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for story in STORIES:
        assert main(["demo", "--story", story.name, "-o", str(tmp_path / story.name)]) in {0, 3}
    assert main(["demo", "--story", "none"]) == 2
    assert "choose one of complete-response" in capsys.readouterr().err


def test_describe_record_prints_a_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["describe", "record"]) == 0
    assert "response_of_record" in json.loads(capsys.readouterr().out)["properties"]


@pytest.mark.parametrize("arguments", [["--help"], ["draft", "--help"], ["--version"]])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys\nfrom reporter.cli.main import main\nmain(sys.argv[1:])\n"
        "heavy = {'pydicom', 'pydantic', 'docx', 'jinja2', 'lxml', 'numpy', 'markdown_it'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stderr


def test_a_reader_that_hangs_up_is_no_fault(tmp_path: Path) -> None:
    command = (
        f"'{sys.executable}' -m reporter draft {' '.join(INPUT)} --format json 2>'{tmp_path / 'err'}' | head -c 10"
    )
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=False, text=True)
    assert done.returncode == 0
    assert not (tmp_path / "err").read_bytes()


def test_a_full_disk_behind_stdout_is_no_fault_of_the_program() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    command = f"'{sys.executable}' -m reporter draft {' '.join(INPUT)} >/dev/full"
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=False, text=True)
    assert done.returncode == 4
    assert done.stderr == "reporter: standard output cannot be written, the disk is full or failing; make room\n"
