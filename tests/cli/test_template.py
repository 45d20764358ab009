"""`reporter template`: list, new, check, preview."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from reporter.cli.main import main
from reporter.preview import stories
from tests.template_sets import SHIPPED, write_set


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_list_names_every_set_with_version_and_origin(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_set(here / "site" / "templates" / "ours", {}, 'extends = "brief"\n')
    (here / "reporter.toml").write_text('[library]\nfolder = "site"\n', "utf-8")
    assert main(["template", "list"]) == 0
    rows = {line.split()[0]: line.split() for line in capsys.readouterr().out.splitlines()[1:]}
    assert list(rows) == sorted([*SHIPPED, "ours"])
    assert rows["ours"][1:4] == ["1", "site", "brief"]
    assert rows["nac-response"][2] == "shipped"


@pytest.mark.parametrize("source", SHIPPED)
def test_new_makes_a_start_without_mistakes(here: Path, source: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["template", "new", "ours", "--from", source, "--own", "impression.md.j2"]) == 0
    files = sorted(path.name for path in (here / "ours").iterdir())
    assert files == ["house.docx", "impression.md.j2", "report.md.j2", "template.toml"]
    assert main(["template", "check", "ours"]) == 0
    assert "no mistake" in capsys.readouterr().err


def test_new_copies_every_file_where_asked(here: Path) -> None:
    assert main(["template", "new", "sub/ours", "--own", "all"]) == 0
    assert len(list((here / "sub" / "ours").iterdir())) > 10
    assert main(["template", "check", "sub/ours"]) == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["new", "a b"], "a b is no name of a set"),
        (["new", "ours", "--from", "breif"], "there is no such template set; did you mean 'brief'?"),
        (["new", "ours", "--own", "impresion.md.j2"], "the set has no file impresion.md.j2; did you mean 'impression"),
        (["new", "there"], "there exists already"),
        (["check", "nowhere"], "there is no such template set"),
    ],
)
def test_wrong_use_is_told_and_ends_in_2(
    here: Path, arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "there").mkdir()
    assert main(["template", *arguments]) == 2
    out, err = capsys.readouterr()
    assert told in out + err


def test_check_tells_all_mistakes_at_once(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = {"report.md.j2": "{{ patient.nmae }}\n{{ typo | uper }}\n", "left.md.j2": "x"}
    write_set(here / "ours", texts, 'color = "red"\n')
    assert main(["template", "check", "ours"]) == 2
    out, err = capsys.readouterr()
    assert err == "7 mistakes\n"
    last = (
        "is placed nowhere; write it on a line of its own where it is to stand; without it, the program puts it last."
    )
    keys = "description, extends, language, name, options, version"
    assert out.splitlines() == [
        "ours/left.md.j2: nothing uses this file; name it in an {% include %} or take it away.",
        f"ours/report.md.j2: {{{{ basis_block }}}} {last}",
        f"ours/report.md.j2: {{{{ escalation_block }}}} {last}",
        "ours/report.md.j2, line 1: there is no field 'nmae' here; did you mean 'name'?",
        "ours/report.md.j2, line 2: there is no field 'typo'.",
        "ours/report.md.j2, line 2: there is no filter 'uper'; did you mean 'upper'?",
        f"ours/template.toml, line 5, color: 'color' is nothing that can be said here; there are: {keys}.",
    ]


def test_check_drafts_every_story_with_every_option(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    option = '[options.short]\ntype = "yes or no"\ndefault = false\nexplanation = "x"\n'
    text = "{% if option.short %}\n> 1. a\n{% endif %}\n\n{{ escalation_block }}\n\n{{ basis_block }}\n"
    write_set(here / "ours", {"report.md.j2": text}, option)
    assert main(["template", "check", "ours"]) == 2
    assert "a note holds text and, after it, one list of points" in capsys.readouterr().out


def test_preview_writes_every_story_and_again_the_same(here: Path) -> None:
    write_set(here / "ours", {}, 'extends = "brief"\n', house=False)
    assert main(["template", "preview", "ours"]) == 0
    made = {path.name: path.read_bytes() for path in (here / "ours" / "preview").iterdir()}
    for story in stories():
        assert {f"{story}.draft.txt", f"{story}.draft.docx"} <= made.keys()
    assert main(["template", "preview", "ours", "-o", "elsewhere"]) == 0
    assert {path.name: path.read_bytes() for path in (here / "elsewhere").iterdir()} == made


def test_preview_shows_nothing_of_a_broken_set(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_set(here / "ours", {"report.md.j2": "{{ typo }}"})
    assert main(["template", "preview", "ours"]) == 2
    assert "there is no field 'typo'" in capsys.readouterr().out
    assert not (here / "ours" / "preview").exists()


def wait_for(condition: object, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < until
        time.sleep(0.1)


@pytest.mark.skipif(os.name == "nt", reason="ends by a signal that Windows does not have")
def test_watch_draws_again_on_change_and_ends_with_ctrl_c(here: Path) -> None:
    folder = write_set(here / "ours", {"open.md.j2": "## Open\n\nFirst.\n"}, 'extends = "brief"\n', house=False)
    shown = folder / "preview" / "complete-response.draft.txt"
    command = [sys.executable, "-m", "reporter", "template", "preview", "ours", "--watch"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        try:
            wait_for(lambda: shown.exists() and "First." in shown.read_text("utf-8"))
            (folder / "open.md.j2").write_text("## Open\n\nSecond.\n", "utf-8")
            wait_for(lambda: "Second." in shown.read_text("utf-8"))
            running.send_signal(signal.SIGINT)
            assert running.wait(20) == 0
        finally:
            running.kill()


@pytest.mark.usefixtures("here")
def test_a_set_that_is_named_in_part_is_told_how_to_name_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["template", "new", "ours"]) == 0
    assert main(["draft", "-m", "a.csv", "-t", "ours"]) == 2
    assert "a folder is named by its path: ./ours" in capsys.readouterr().err
    assert main(["template", "check", "ours/report.md.j2"]) == 2
    assert "name the folder that this file is in" in capsys.readouterr().out


def test_of_a_set_that_cannot_be_read_no_file_is_called_unused(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["template", "new", "ours", "--own", "recommendation.md.j2"]) == 0
    (here / "ours" / "report.md.j2").write_text("# T\n{% if patient.age %}\n", "utf-8")
    capsys.readouterr()
    assert main(["template", "check", "ours"]) == 2
    (told,) = capsys.readouterr().out.splitlines()
    assert told.startswith("ours/report.md.j2, line 2: Unexpected end of template.")
