"""A measurement table of 1,000 patients without any DICOM: drafts, ledger, worklist, cohort tables and the page.

Sizes come from a fixed formula, so that every run sees the same patients; about a third respond partially, some
completely, some grow.
"""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Final

from benchmarks.listing import batch, print_unchanged, spent

PATIENTS: Final = 1000
HEADER: Final = "patient_id,study_date,timepoint,modality,lesion_id,kind,side,role,status,long_axis,short_axis,unit"
_VISITS: Final = ("baseline", "during", "during", "end")
_START: Final = dt.date(2025, 1, 6)


def table(patients: int) -> Iterator[str]:
    """Lines of the table: a mass of every patient, a second one of every third, a node of every fifth, four visits."""
    yield HEADER
    for number in range(patients):
        lesions = ["L1", *(["L2"] if number % 3 == 0 else []), *(["N1"] if number % 5 == 0 else [])]
        pace = Decimal(40 + number * 37 % 75) / 100  # of the size at the visit before
        for visit, name in enumerate(_VISITS):
            day = _START + dt.timedelta(days=number % 200 + 63 * visit)
            for place, lesion in enumerate(lesions):
                yield _line(f"SYN-{number:05}", day, name, lesion, _size(number, place, pace, visit))


def _size(number: int, place: int, pace: Decimal, visit: int) -> Decimal:
    now = (Decimal(180 + number * 13 % 420) / 10 - place * 2) * pace**visit
    return Decimal(0) if now < 2 else round(now, 1)  # ruff: ignore[magic-value-comparison] - smaller ones are gone


def _line(patient: str, day: dt.date, name: str, lesion: str, size: Decimal) -> str:
    kind = "node" if lesion == "N1" else "mass"
    status = "measured" if size else "absent"
    axes = ("", str(size)) if kind == "node" else (str(size), "")
    sizes = axes if size else ("", "")
    return ",".join((patient, day.isoformat(), name, "MR", lesion, kind, "left", "target", status, *sizes, "mm"))


def main(arguments: Sequence[str] = ()) -> None:
    patients = int(arguments[0]) if arguments else PATIENTS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "export").mkdir()
        (folder / "table.csv").write_text("\n".join(table(patients)) + "\n", "utf-8")
        command = batch(folder / "export", folder / "out", "-m", str(folder / "table.csv"))
        first, memory = spent(command)
        print(f"{patients} patients: {first.clock:.1f} s, {first.processor:.1f} s of the processor, {memory:.0f} MB")
        print_unchanged(folder / "export", command)
        drafts = len(list((folder / "out").glob("*.draft.docx")))
        rows = len((folder / "out" / "cohort" / "cohort.csv").read_bytes().splitlines()) - 1
        page = (folder / "out" / "summary.html").stat().st_size
        print(f"{drafts} Word drafts, {rows} rows in the cohort table, a page of {page // 1024} kB")


if __name__ == "__main__":
    main(sys.argv[1:])
