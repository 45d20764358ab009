"""The same input gives the same bytes: whatever the order of files and rows, locale, time zone or hash seed."""

import csv
import io
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from reporter.cli.main import main
from tests.stories.story import STORIES, Story

pytestmark = pytest.mark.long

stories = pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)

ROOT: Final = Path(__file__).parents[2]
WORLDS: Final = (
    {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C"},
    {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8", "LANG": "de_DE.UTF-8"},
    {"PYTHONHASHSEED": "20", "TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8"},
)


def results(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def arguments(dicom: Path, table: Path, facts: Path, out: Path) -> list[str]:
    return ["draft", str(dicom), "-m", str(table), "-f", str(facts), "-o", str(out)]


@pytest.fixture
def undisturbed(story: Story, tmp_path: Path) -> dict[str, bytes]:
    out = tmp_path / "undisturbed"
    assert main(arguments(story.dicom, story.table, story.facts_file, out)) in {0, 3}
    found = results(out)
    assert sorted(found) == ["report.draft.docx", "report.draft.json", "report.draft.txt"]
    return found


@stories
@pytest.mark.parametrize("seed", range(3))
def test_any_order_of_files_and_rows(story: Story, tmp_path: Path, undisturbed: dict[str, bytes], seed: int) -> None:
    chance = random.Random(seed)  # ruff: ignore[suspicious-non-cryptographic-random-usage] - any order will do
    files = sorted(path for path in story.dicom.rglob("*") if path.is_file())
    chance.shuffle(files)
    dicom = tmp_path / "dicom"
    for file in files:  # folders list their files in the order of making, on many file systems
        copy = dicom / file.relative_to(story.dicom)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)
    out = tmp_path / "out"
    assert main(arguments(dicom, shuffled(story, tmp_path, chance), story.facts_file, out)) in {0, 3}
    assert results(out) == undisturbed


def shuffled(story: Story, folder: Path, chance: random.Random) -> Path:
    """The story's table with its rows, and its columns, in another order."""
    rows = list(csv.reader(io.StringIO(story.table.read_text("utf-8"), newline="")))
    order = list(range(len(rows[0])))
    chance.shuffle(order)
    header, *body = [[row[place] for place in order] for row in rows]
    chance.shuffle(body)
    path = folder / story.table.name
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *body])
    assert path.read_bytes() != story.table.read_bytes()
    return path


@stories
def test_files_named_one_by_one_in_any_order(story: Story, tmp_path: Path, undisturbed: dict[str, bytes]) -> None:
    """The names of files are part of the record; the words of the report are not."""
    folders = sorted(path for path in story.dicom.iterdir() if path.is_dir())
    first, second = tmp_path / "first", tmp_path / "second"
    for out, chosen in ((first, folders), (second, list(reversed(folders)))):
        rest = ["-m", str(story.table), "-f", str(story.facts_file), "-o", str(out)]
        assert main(["draft", *map(str, chosen), *rest]) in {0, 3}
    assert results(first) == results(second)
    assert results(first)["report.draft.docx"] == undisturbed["report.draft.docx"]


@stories
def test_any_locale_time_zone_and_hash_seed(story: Story, tmp_path: Path, undisturbed: dict[str, bytes]) -> None:
    for number, world in enumerate(WORLDS):
        out = tmp_path / str(number)
        command = [sys.executable, "-m", "reporter", *arguments(story.dicom, story.table, story.facts_file, out)]
        environment = {**os.environ, **world}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False, text=True)
        assert done.returncode in {0, 3}, done.stderr
        assert results(out) == undisturbed, world
