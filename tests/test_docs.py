"""The pages of docs/: those made from the program are what it says now, and every command shown runs."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import shutil
from pathlib import Path
from typing import Final

import pytest

from reporter.advice.pack_files import Statement
from reporter.cli.main import main
from reporter.errors import ExitCode
from reporter.pipeline import pack_of
from reporter.settings import Settings
from tools.pages import DOCS, PAGES
from tools.requirements_page import ROOT, marks

STATEMENTS: Final = pack_of(Settings()).sources.statement
EVERY: Final = [f"S{number}" for number in range(1, 66)]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_what_the_program_says(name: str) -> None:
    """`make pages` writes it anew."""
    assert (DOCS / name).read_text("utf-8") == PAGES[name]()


@pytest.mark.parametrize("name", PAGES)
def test_the_readme_leads_to_the_page(name: str) -> None:
    assert f"(docs/{name})" in (ROOT / "README.md").read_text("utf-8")


PAGES_TRIED_ELSEWHERE: Final = frozenset({"templates.md", "batch.md"})
TRIED_WITH_BATCH: Final = frozenset({"batch", "watch"})
"""They need the files of many patients, or run until they are stopped."""
STORY: Final = ROOT / "sample_dicom" / "complete-response"


def commands() -> list[str]:
    """Every `reporter ...` that stands on a line of its own in a fenced block."""
    pages = [ROOT / "README.md", *sorted(p for p in DOCS.glob("*.md") if p.name not in PAGES_TRIED_ELSEWHERE)]
    fenced = re.compile(r"^```\n(.*?)^```", re.MULTILINE | re.DOTALL)
    blocks = [block for page in pages for block in fenced.findall(page.read_text("utf-8"))]
    lines = [line for block in blocks for line in block.splitlines()]
    shown = [found[1] for line in lines if (found := re.fullmatch(r"(?:\S*/)?reporter (.+)", line))]
    return [one for one in shown if one.split()[0] not in TRIED_WITH_BATCH]


@pytest.mark.parametrize("command", dict.fromkeys(commands()))
def test_every_command_shown_runs(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the files that it names beside it: studies, a table and facts of a sample story."""
    for name in ("STUDIES", "EXPORT"):
        shutil.copytree(STORY / "dicom", tmp_path / name)
    for name in ("measurements.csv", "facts.toml"):
        shutil.copy(STORY / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    with contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO(), "utf-8")) as out:
        code = main(shlex.split(command.replace(" SET", " nac-response"), comments=True))
        out.flush()
    assert code in {ExitCode.DONE, ExitCode.NEEDS_REVIEW}


def test_the_readme_shows_every_verb() -> None:
    shown = {shlex.split(command, comments=True)[0] for command in commands()}
    assert {"draft", "worksheet", "explain", "classify", "index", "describe", "demo"} <= shown


class TestRequirements:
    """From each statement of the sources to the rule that keeps it and the test that shows it."""

    def test_every_statement_is_there_once_and_in_order(self) -> None:
        assert [one.id for one in STATEMENTS] == EVERY
        assert [one.source for one in STATEMENTS] == ["A"] * 11 + ["B"] * 54

    def test_every_statement_has_a_test_and_no_test_marks_another(self) -> None:
        assert sorted(marks(), key=lambda name: int(name[1:])) == EVERY

    @pytest.mark.parametrize("one", STATEMENTS, ids=lambda one: one.id)
    def test_what_keeps_it_is_there(self, one: Statement) -> None:
        assert one.where
        for file in one.where:
            assert (ROOT / file).exists() or (ROOT / "reporter" / file).exists(), file

    def test_rows_rest_on_statements_that_exist(self) -> None:
        decision = pack_of(Settings()).decision
        named = {source for row in decision.row for source in row.sources}
        named |= {source for remark in decision.remark for source in remark.sources}
        assert {source for source in named if re.fullmatch(r"S\d+", source)} <= set(EVERY)

    def test_a_mark_is_found_on_tests_classes_and_parameters(self, tmp_path: Path) -> None:
        (tmp_path / "tests").mkdir()
        (tmp_path / "tests" / "test_one.py").write_text(
            "import pytest\n"
            "@pytest.mark.requirement('S1')\n"
            "class TestA:\n"
            "    @pytest.mark.requirement('S2')\n"
            "    def test_b(self): ...\n"
            "@pytest.mark.parametrize('x', [pytest.param(1, marks=pytest.mark.requirement('S3'))])\n"
            "def test_c(x): ...\n",
            "utf-8",
        )
        assert marks(tmp_path / "tests") == {
            "S1": ("tests/test_one.py::TestA",),
            "S2": ("tests/test_one.py::TestA::test_b",),
            "S3": ("tests/test_one.py::test_c",),
        }
