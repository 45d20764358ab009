"""`reporter describe`: what a part is made of, with the site's own changes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reporter.advice.pack_files import PackRow
from reporter.cli.main import main
from reporter.errors import ExitCode
from reporter.pipeline import pack_of
from reporter.plugins import CRITERIA, names
from reporter.settings import Settings, described
from tests.test_site_pack import site


@pytest.fixture
def empty(tmp_path: Path) -> str:
    """Settings as shipped, whatever lies in the working folder."""
    (tmp_path / "reporter.toml").touch()
    return str(tmp_path / "reporter.toml")


def say(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["describe", *arguments]) == ExitCode.DONE
    return capsys.readouterr().out


def line_of(text: str, *words: str) -> str:
    (found,) = [line for line in text.splitlines() if all(word in line for word in words)]
    return found


@pytest.mark.parametrize("name", ["acr-235-2022", "acr-235-2017"])
def test_pack_shows_every_row_with_rating_level_and_status(
    name: str, empty: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = say(capsys, "pack", name, "--settings", empty)
    pack = pack_of(Settings(), name)
    for variant in pack.variants:
        part = text.split(f"\nVariant {variant.number}\n")[1].split("\n\nVariant ")[0].split("\n\nWhere no")[0]
        assert variant.title[:60] in part
        for row in variant.rows:
            shown = line_of(part, f"{row.procedure}  ")
            assert row.rating.replace("_", " ").title() in shown
            assert row.dose in shown
            assert _verified(row) is ("not verified against the guideline" not in shown)
    assert f"data reviewed {pack.file.reviewed}" in text
    assert "Imaging of the Axilla" in text
    assert "prone, breast coil" in text


def _verified(row: PackRow) -> bool:
    return row.status == "seen"


@pytest.mark.requirement("S64")
def test_pack_shows_what_a_site_changed_and_who_checked_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = say(capsys, "pack", "--settings", str(site(tmp_path)))
    assert "It extends acr-235-2022." in text
    changed = text.split("Changed by the site\n")[1].split("\n\n")[0]
    row = line_of(changed, "MRI breast without and with IV contrast")
    assert [word in row for word in ("Usually Appropriate", "May Be Appropriate", "A. Radiologist", "2026-11-20")]
    assert "of the site, checked by A. Radiologist on 2026-11-20" in text


def test_settings_shows_every_key(empty: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = say(capsys, "settings", "--settings", empty)
    for one in described():
        assert f"[{one.table}]" in text
        assert one.key.rpartition(".")[2] in text
        assert one.means in text


def test_settings_shows_the_value_of_this_site(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "own.toml").write_text("[thresholds]\npr_percent = 35\n", "utf-8")
    text = say(capsys, "settings", "thresholds", "--settings", str(tmp_path / "own.toml"))
    assert line_of(text, "pr_percent").split()[-1] == "35"
    assert "[windows]" not in text


def test_criteria_shows_each_with_its_source_and_distribution(empty: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = say(capsys, "criteria", "--settings", empty)
    for name in names(CRITERIA):
        assert f"\n{name}\n{'-' * len(name)}\n" in text
    assert " ".join(text.split()).count("From reporter 0.1.0.") == len(names(CRITERIA))
    assert "Eur J Cancer 2009;45:228-247" in text


def test_criteria_shows_a_changed_limit_in_name_and_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "own.toml").write_text('[thresholds]\npr_percent = 35\n[criteria.who]\npd_of = "sum"\n', "utf-8")
    text = say(capsys, "criteria", "--settings", str(tmp_path / "own.toml"))
    assert "Printed as: RECIST 1.1, modified: PR -35 %." in text
    assert line_of(text.split("\nrecist-1.1\n")[1].split("\n\n\n")[0], "thresholds.pr_percent").split()[1] == "35"
    assert line_of(text, "criteria.who.pd_of").split()[1] == "sum"


def test_record_is_a_json_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert "properties" in json.loads(say(capsys, "record"))


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["criteria", "recist"], "there is no criterion recist; choose of"),
        (["settings", "treshold"], "there is no table treshold in the settings"),
        (["pack", "acr-1"], "there is no such pack"),
        (["record", "x"], "the record has no parts"),
    ],
)
def test_a_name_that_is_not_there(
    arguments: list[str], reason: str, empty: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["describe", *arguments, "--settings", empty]) == ExitCode.USAGE
    assert reason in capsys.readouterr().err


@pytest.mark.parametrize("what", ["criteria", "pack", "settings"])
def test_markdown_tables_have_as_many_cells_as_columns(
    what: str, empty: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = say(capsys, what, "--format", "markdown", "--settings", empty)
    width = 0
    for line in text.splitlines():
        if not line.startswith("| "):
            width = 0
            continue
        cells = line.replace("\\|", "").count("|")
        width = width or cells
        assert cells == width
