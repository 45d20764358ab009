"""Gates: other people's programs that judge what we made. Each returns what it found wrong; nothing found is [].

That a gate sees faults is itself tested, in tests/tools/test_gates.py and tests/services/test_gates.py.
"""

import json
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import pytest

from tests.layers import find

SECONDS: Final = 120


def run(program: str, *arguments: str | Path, accept: Sequence[int] = (0,)) -> subprocess.CompletedProcess[str]:
    """Start a program of a layer; any exit code that is not accepted is a failure of the test."""
    path = find(program)
    assert path is not None, f"{program} is missing: mark the test with its layer"
    done = subprocess.run(
        [path, *map(str, arguments)],
        capture_output=True,
        check=False,
        encoding="utf-8",
        errors="replace",
        timeout=SECONDS,
    )
    assert done.returncode in accept, f"{program} ended with {done.returncode}: {done.stdout}{done.stderr}"
    return done


def dicom_faults(file: Path) -> list[str]:
    """Check a DICOM object against its IOD (dciodvfy); layer `tools`.

    Structured reports: the IOD only, not their templates.
    """
    done = run("dciodvfy", "-new", file, accept=(0, 1))
    faults = [line for line in done.stderr.splitlines() if line.startswith("Error")]
    if done.returncode and not faults:
        faults = [f"dciodvfy ended with {done.returncode}: {done.stderr}"]
    return faults


def word_faults(file: Path) -> list[str]:
    """Check a Word file against the Open XML schemas and rules; layer `tools`."""
    report = json.loads(run("ooxml-validator", file, accept=(0, 1)).stdout)
    faults = [f"{error['path']} {error['xPath']}: {error['description']}" for error in report["errors"]]
    return faults or ([] if report["ok"] else ["ooxml-validator says no, without a reason"])


def structured_report_text(file: Path) -> str:
    """Read a structured report with a second program (dsrdump); layer `tools`."""
    return run("dsrdump", "+U8", file).stdout


def pdf_text(file: Path) -> str:
    """Return the words of a PDF as laid out, a form feed after each page; layer `tools`."""
    return run("pdftotext", "-layout", "-enc", "UTF-8", file, "-").stdout


def pdf_pages(file: Path, folder: Path, dots_per_inch: int = 70) -> list[Path]:
    """Draw each page of a PDF as a PNG into the folder, in page order; layer `tools`."""
    run("pdftoppm", "-r", str(dots_per_inch), "-png", file, folder / file.stem)
    return sorted(folder.glob(f"{file.stem}-*.png"))


def convert_to_pdf(file: Path, folder: Path, profile: Path) -> Path:
    """Lay a Word file out with LibreOffice, which opens broken files too: no validator; layer `services`."""
    target = folder / f"{file.stem}.pdf"
    profile_option = f"-env:UserInstallation={profile.resolve().as_uri()}"
    run("soffice", profile_option, "--headless", "--convert-to", "pdf", "--outdir", folder, file)
    assert target.is_file(), f"LibreOffice made nothing of {file.name}"
    return target


@pytest.fixture(scope="session")
def as_pdf(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """Lay out a Word file as PDF, each in its own folder, with one LibreOffice profile for the run."""
    profile = tmp_path_factory.mktemp("libreoffice")

    def convert(file: Path) -> Path:
        return convert_to_pdf(file, tmp_path_factory.mktemp("pdf"), profile)

    return convert
