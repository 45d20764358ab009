"""The wheel carries what the tool needs, and works where there is no checkout."""

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("reporter-*.whl"))


def test_carries_code_data_and_licence_and_no_tests(wheel: Path) -> None:
    names = ZipFile(wheel).namelist()
    assert "reporter/py.typed" in names
    assert any(name.endswith("/licenses/LICENSE") for name in names)
    for kind in ("reporter/templates/nac-response/", "reporter/sample_dicom/", "reporter/knowledge/"):
        assert any(name.startswith(kind) for name in names), kind
    assert {name.split("/")[0].split("-")[0] for name in names} == {"reporter"}
    assert not [name for name in names if "test" in name.lower()]


def test_quick_start_works_outside_the_checkout(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    ZipFile(wheel).extractall(site)
    # -P and PYTHONPATH: the unpacked wheel comes before the checkout, whose path an editable install adds last
    environment = os.environ | {"PYTHONPATH": str(site)}
    start = [sys.executable, "-P", "-c", "import reporter; print(reporter.__file__)"]
    where = subprocess.run(start, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True).stdout
    assert Path(where.strip()).is_relative_to(site)

    demo = [sys.executable, "-P", "-m", "reporter", "demo"]
    done = subprocess.run(demo, cwd=tmp_path, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode in {0, 3}, done.stderr
    assert {"report.draft.docx", "report.draft.txt", "report.draft.json"} <= {
        path.name for path in (tmp_path / "out").rglob("*")
    }
