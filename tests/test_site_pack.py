"""A site's own rows, from its folder to the words of the draft: who checked what, and when."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import pytest

from reporter.cli.main import main
from reporter.errors import SetupError
from reporter.pipeline import pack_of
from reporter.settings import read_settings

ROWS = """
extends = "{extends}"

[[row]]
variant = 2
procedure = "MRI breast without and with IV contrast"
rating = "may_be_appropriate"
level = "O"
checked_by = "A. Radiologist"
checked_on = 2026-11-20

[[row]]
variant = 2
procedure = "Sestamibi MBI"
rating = "may_be_appropriate"
level = "RRR"
checked_by = "A. Radiologist"
checked_on = 2026-11-20
"""
STORY = Path(__file__).parents[1] / "sample_dicom" / "indeterminate-us"


def site(folder: Path, name: str = "house", extends: str = "acr-235-2022", pack: str | None = None) -> Path:
    """Settings that name a pack of the site's folder."""
    own = folder / "site" / "knowledge" / name
    own.mkdir(parents=True)
    (own / "site.toml").write_text(ROWS.format(extends=extends), "utf-8")
    settings = folder / "reporter.toml"
    settings.write_text(f'[report]\npack = "{pack or name}"\n[library]\nfolder = "site"\n', "utf-8")
    return settings


def drafted(settings: Path) -> str:
    files = [str(STORY / "dicom"), "-m", str(STORY / "measurements.csv"), "-f", str(STORY / "facts.toml")]
    out = settings.parent / "report.txt"
    with contextlib.redirect_stderr(io.StringIO()):
        main(["draft", *files, "--settings", str(settings), "-o", str(out)])
    return " ".join(out.read_text("utf-8").split())


@pytest.mark.requirement("S64")
def test_the_draft_says_whose_row_it_is_and_who_checked_it(tmp_path: Path) -> None:
    text = drafted(site(tmp_path))
    assert "(May Be Appropriate, 0 mSv) [ACR topic 235, 2022, variant 2, row of the site]" in text
    assert "pack house, extending acr-235-2022;" in text
    assert (
        "Row of the site, variant 2: MRI breast without and with IV contrast, May Be Appropriate "
        "(before: Usually Appropriate), checked by A. Radiologist on 2026-11-20." in text
    )
    assert "settings changed: library.folder = site, report.pack = house" in text


def test_it_may_extend_an_edition_that_itself_shares_files(tmp_path: Path) -> None:
    found = pack_of(read_settings(site(tmp_path, extends="acr-235-2017")))
    assert (found.id, found.used.extends, found.file.edition) == ("house", "acr-235-2017", "2017")
    assert found.variants[1].rows[0].status == "site"


@pytest.mark.parametrize(
    ("name", "extends", "reason"),
    [
        ("house", "house", "completes itself"),
        ("house", "acr-235-2021", "there is no such pack"),
        ("acr-235-2022", "acr-235-2022", "completes itself"),
    ],
)
def test_what_cannot_be_extended_is_refused(tmp_path: Path, name: str, extends: str, reason: str) -> None:
    settings = read_settings(site(tmp_path, name, extends))
    with pytest.raises(SetupError, match=reason):
        pack_of(settings)


def test_rows_of_a_site_do_not_stack(tmp_path: Path) -> None:
    """Two sets of rows on one another: which one answers would not be seen."""
    settings = read_settings(site(tmp_path, "second", "first"))
    first = tmp_path / "site" / "knowledge" / "first"
    first.mkdir()
    (first / "site.toml").write_text(ROWS.format(extends="acr-235-2022"), "utf-8")
    with pytest.raises(SetupError, match="first has rows of the site already"):
        pack_of(settings)
