"""Small exports of several patients, with their table, and runs on them."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from contextlib import redirect_stderr
from pathlib import Path
from typing import Final

from reporter.cli.main import main
from reporter.remote import Place
from tests.readers.kit import csv_of, dicom, row

OLD: Final = 10**18
"""Files changed that long ago are known by their time of change."""
DAYS: Final = ("20260108", "20260413")


Undisturbed = tuple[Path, Path, dict[str, bytes]]
"""An export, its table, and what a run leaves that nothing disturbs."""


def put(path: Path, data: bytes, changed: int = OLD) -> None:
    """Write a file that changed long ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, ns=(changed, changed))


def study(patient: str, number: int, day: str, **attributes: object) -> dict[str, bytes]:
    """The two images of an ultrasound study of a patient."""
    code = int.from_bytes(patient.encode(), "big") % 10**9
    uid = f"1.2.3.{code}.{number}"
    return {
        f"{patient}-{number}-{image}.dcm": dicom(**{
            "PatientID": patient,
            "PatientName": f"NAME^{patient}",
            "StudyInstanceUID": uid,
            "SeriesInstanceUID": f"{uid}.1",
            "SOPInstanceUID": f"{uid}.1.{image}",
            "InstanceNumber": image,
            "StudyDate": day,
            **attributes,
        })
        for image in (1, 2)
    }


def patients(number: int) -> list[str]:
    """IDs of so many patients."""
    return [f"P{place:03}" for place in range(1, number + 1)]


def put_export(folder: Path, ids: Iterable[str]) -> None:
    """Two studies of every patient, unsorted."""
    for patient in ids:
        for number, day in enumerate(DAYS, 1):
            for name, data in study(patient, number, day).items():
                put(folder / f"{sum(name.encode()) % 7}" / name, data)


def rows_of(ids: Iterable[str]) -> list[Mapping[str, str]]:
    """One mass of every patient on both studies; sizes differ from patient to patient."""
    return [
        row(patient_id=patient, study_date=f"{day[:4]}-{day[4:6]}-{day[6:]}", long_axis=str(size + place))
        for place, patient in enumerate(ids)
        for day, size in zip(DAYS, (40, 20), strict=True)
    ]


def put_all(folder: Path, number: int) -> tuple[Path, Path]:
    """An export and its table; their places."""
    put_export(folder / "export", patients(number))
    put(folder / "table.csv", csv_of(rows_of(patients(number))).encode())
    return folder / "export", folder / "table.csv"


def batch(export: Place, out: Place, *arguments: str) -> tuple[int, str]:
    """Run it in this process; exit code and what it said."""
    said = io.StringIO()
    with redirect_stderr(said):
        code = main(["batch", str(export), "-o", str(out), "--jobs", "1", "--format", "txt", *arguments])
    return code, said.getvalue()


def command(export: Path, out: Path, *arguments: str) -> list[str]:
    """The command line of a run in a process of its own."""
    program = [sys.executable, "-m", "reporter", "batch", str(export), "-o", str(out), "--jobs", "1"]
    return [*program, "--format", "txt", "--quiet", *arguments]


def batch_apart(export: Path, out: Path, *arguments: str, **environment: str) -> int:
    """Run it in a process of its own; exit code."""
    done = subprocess.run(
        command(export, out, *arguments), env={**os.environ, **environment}, check=False, capture_output=True
    )
    return done.returncode


def results(out: Path) -> dict[str, bytes]:
    """Every result by name; nothing else may lie there but the state and what sums up the run."""
    beside = {".reporter", "cohort", "ledger", "summary.html", "worklist.csv"}
    return {path.name: path.read_bytes() for path in sorted(out.iterdir()) if path.name not in beside}


def undisturbed_run(folder: Path, number: int) -> Undisturbed:
    """Write an export of so many patients, and run on it."""
    export, table = put_all(folder, number)
    code, said = batch(export, folder / "out", "-m", str(table))
    assert code == 0, said
    return export, table, results(folder / "out")
