"""The import contract holds, and each part of it sees a breach."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
LINT = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"


def lint(folder: Path) -> tuple[int, list[str]]:
    """Check the contracts of the package in a folder; return the exit code and the names of those broken."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", LINT, "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "COLUMNS": "300"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert "Contracts:" in done.stdout, done.stdout + done.stderr
    return done.returncode, [line.removesuffix(" BROKEN") for line in done.stdout.splitlines() if "BROKEN" in line]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "reporter", tmp_path / "reporter", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_package_keeps_the_contract(copy: Path) -> None:
    assert lint(copy) == (0, [])


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        pytest.param("case/length.py", "import reporter.draft.interface", "Left may import right", id="backwards"),
        pytest.param("elsewhere.py", "", "Left may import right", id="a module without a place"),
        pytest.param("readers/table.py", "import reporter.response.interface", "Readers know", id="reader decides"),
        pytest.param("pipeline.py", "import pydicom.tag", "pydicom stays", id="pydicom"),
        pytest.param("draft/interface.py", "import docx.shared", "python-docx stays", id="docx"),
        pytest.param("response/interface.py", "import random", "What is known, meant", id="chance"),
        pytest.param("case/length.py", "import reporter.case.case", "No cycles", id="cycle"),
    ],
)
def test_a_breach_is_seen(copy: Path, module: str, line: str, contract: str) -> None:
    with (copy / "reporter" / module).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    code, broken = lint(copy)
    assert code == 1
    assert any(name.startswith(contract) for name in broken), broken
