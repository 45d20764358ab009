"""A layer whose programs are missing is skipped loudly, and fails where it is required."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.layers import REQUIRE, ROOT, required_layers

ONE_OF_EACH = """
import pytest

def test_plain():
    pass

@pytest.mark.services
def test_with_a_service():
    pass
"""


def run_layers(folder: Path, *arguments: str, require: str = "", office: bool = False) -> tuple[int, str]:
    """Run the two tests above where the programs of the services are, or are not, on the PATH."""
    (folder / "test_sample.py").write_text(ONE_OF_EACH)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n    services: x\n")
    programs = folder / "bin"
    programs.mkdir()
    if office:
        for program in ("soffice", "chromium", "ip"):
            (programs / program).write_text("#!/bin/sh\n")
            (programs / program).chmod(0o755)
    command = [sys.executable, "-m", "pytest", "-p", "tests.layers", "-p", "no:cacheprovider", *arguments]
    environment = {"PATH": str(programs), "PYTHONPATH": str(ROOT), REQUIRE: require, "HOME": os.environ["HOME"]}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout + done.stderr


def test_missing_layer_is_skipped_loudly(tmp_path: Path) -> None:
    code, text = run_layers(tmp_path)
    assert code == 0
    assert "LAYER NOT RUN: services" in text
    assert "missing: soffice (apt-get install libreoffice-writer-nogui)" in text


def test_missing_layer_fails_where_it_is_required(tmp_path: Path) -> None:
    code, text = run_layers(tmp_path, require="services")
    assert code == 1
    assert "1 passed, 1 error" in text


@pytest.mark.parametrize("require", ["", "services"])
def test_a_right_that_is_lacking_counts_as_a_program(require: str, tmp_path: Path) -> None:
    asks = "from tests.layers import lacks\n\n@pytest.mark.services\ndef test_of_root(request):\n"
    (tmp_path / "test_rights.py").write_text(f"import pytest\n{asks}    lacks(request, 'services', 'the right')\n")
    code, text = run_layers(tmp_path, "-rfs", require=require, office=True)
    assert code == (1 if require else 0)
    assert "layer 'services' lacks the right" in text


def test_required_layer_that_nobody_chose_fails(tmp_path: Path) -> None:
    code, text = run_layers(tmp_path, "-m", "not services", require="services", office=True)
    assert code == 1
    assert "required, but no test of it was chosen" in text


@pytest.mark.parametrize("office", [True, False])
def test_a_layer_is_entered_from_whatever_process_ran_it(tmp_path: Path, office: bool) -> None:
    code, text = run_layers(tmp_path, "-n", "2", require="services", office=office)
    assert code == (0 if office else 1)
    assert ("LAYER NOT RUN" in text) is not office


def test_required_layer_that_ran_passes(tmp_path: Path) -> None:
    code, text = run_layers(tmp_path, require="services", office=True)
    assert code == 0
    assert "LAYER NOT RUN" not in text


def test_unknown_layer_is_a_usage_error() -> None:
    with pytest.raises(pytest.UsageError, match="no such layer: tolls"):
        required_layers("tolls, services", ["tools", "services"])
