"""A batch end to end, files to drafts in Word and text, against a plain pydicom + highdicom + docxtpl script.

Each case is a patient with two studies, 33 files, two structured reports as highdicom writes them. Ours indexes, plans,
drafts, publishes with fsync and journals in one process (`--jobs 1`); the script reads every file with pydicom without
its pixels and takes the attributes that our index takes, reads every report with highdicom, fills a Word template with
docxtpl and writes Word and text without fsync. The script works on some of the cases before and some after ours; costs
are per case, and of both their start is spread over all cases. What counts are the ratio and whether cost and memory
stay flat.

    python -m benchmarks.batch [--cases 600] [--script 60]
"""

import argparse
import io
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from pydicom import dcmread

from benchmarks.export import Series, instance, patient_id, shared_elements
from benchmarks.index import text_of
from benchmarks.listing import Spent, batch, print_unchanged, spent
from benchmarks.render import with_docxtpl
from benchmarks.vendors import GE, MR, PHILIPS, ROOT, SIEMENS
from reporter.readers.index_columns import COLUMNS
from tests.readers import library_documents as library

SLICES: Final = (16, 15)
"""MR images of the two studies; with a structured report each, 33 files."""
TARGET: Final = 10.0
_STUDY_DATE: Final = 0x00080020
_MODALITY: Final = 0x00080060


def write(folder: Path, cases: int) -> int:
    """Write the export; the number of files."""
    templates = [[library.written(_groups(case, study)) for study in range(2)] for case in range(20)]
    count = 0
    for case in range(1, cases + 1):
        for study, slices in enumerate(SLICES):
            vendor = (SIEMENS, GE, PHILIPS)[case % 3]
            series = Series(
                patient=case, study=study, number=1, vendor=vendor, sop_class=MR, modality="MR", instances=slices
            )
            series.shared.extend(shared_elements(series))
            place = folder / f"P{case:06}" / f"ST{study}"
            place.mkdir(parents=True)
            for number in range(1, slices + 1):
                (place / f"IM{number:04}").write_bytes(instance(series, number))
            (place / "SR0001").write_bytes(_report(templates[case % 20][study], series))
            count += slices + 1
    return count


def _groups(case: int, study: int) -> list[library.Written]:
    return [
        library.Written(
            label=f"L{number}",
            time_point=("baseline", "end of treatment")[study],
            uid=f"2.25.{number}",
            numbers=(
                (library.LONG_AXIS, (300 + 7 * case + 20 * number) / (10 + 6 * study), "mm"),
                (library.SHORT_AXIS, 9.5, "mm"),
            ),
        )
        for number in range(1, 5)
    ]


def _report(template: bytes, series: Series) -> bytes:
    found = dcmread(io.BytesIO(template))
    study = f"{ROOT}.{series.patient}.{series.study}"
    found.PatientID, found.StudyInstanceUID, found.SeriesInstanceUID = patient_id(series.patient), study, f"{study}.9"
    found.SOPInstanceUID = found.file_meta.MediaStorageSOPInstanceUID = f"{study}.9.1"
    shared = {element.tag: element.value for element in series.shared if isinstance(element.value, bytes)}
    found.StudyDate, found.PatientBirthDate = shared[0x00080020].decode(), shared[0x00100030].decode()
    del found.PatientName
    written = io.BytesIO()
    found.save_as(written)
    return written.getvalue()


def script(folder: Path, cases: Sequence[int], out: Path) -> Spent:
    """What a script does, a case, once it has started."""
    fill = with_docxtpl()
    began, began_work = time.perf_counter(), time.process_time()
    for case in cases:
        sizes: dict[str, dict[str, float]] = {}
        for path in sorted((folder / f"P{case:06}").rglob("*")):
            if not path.is_file():
                continue
            header = dcmread(path, stop_before_pixels=True)
            taken = {column.tag: text_of(header, column.tag) for column in COLUMNS}
            if taken[_MODALITY] == "SR":
                found = library.read(path.read_bytes())
                lengths = {one.label: float(one.value) for one in found if one.name == library.LONG_AXIS.value}
                sizes[str(taken[_STUDY_DATE])] = lengths
        first, last = (sum(sizes[day].values()) for day in (min(sizes), max(sizes)))
        (out / f"{case}.docx").write_bytes(fill())
        lines = [f"{day} {label}: {value} mm" for day, some in sorted(sizes.items()) for label, value in some.items()]
        (out / f"{case}.txt").write_text("\n".join([*lines, f"sum {100 * (last - first) / first:.1f} %"]))
    return Spent((time.perf_counter() - began) / len(cases), (time.process_time() - began_work) / len(cases))


def run(folder: Path, cases: int, scripted: int) -> bool:
    """Measure and print; whether the aim is met."""
    chosen = [1 + place * cases // scripted for place in range(scripted)]
    with tempfile.TemporaryDirectory() as space:
        place = Path(space)
        command = batch(folder, place / "out", "--format", "docx", "--format", "txt")
        first = script(folder, chosen[::2], place)
        ours, memory = spent(command)
        start, _ = spent([sys.executable, "-c", "import docxtpl, highdicom, pydicom"])
        second = script(folder, chosen[1::2], place)
        print_unchanged(folder, command)
        drafts = len(list((place / "out").glob("*.draft.docx")))
    assert drafts == cases, f"{drafts} drafts"
    ratios = []
    for what, one, other, begin, whole in zip(Spent._fields, first, second, start, ours, strict=True):
        theirs, each = (one + other) / 2 + begin / cases, whole / cases
        ratios.append(theirs / each)
        parts = f"{one * 1000:.1f} before, {other * 1000:.1f} after, {begin / cases * 1000:.1f} of its start"
        print(f"{what:10} script {theirs * 1000:7.1f} ms a case ({parts})")
        print(f"{'':10} batch  {each * 1000:7.1f} ms a case, {theirs / each:.1f} x")
    print(f"peak memory of the batch {memory:.0f} MB")
    return min(ratios) >= TARGET


def numbers_of(numbers: str) -> Iterator[int]:
    return map(int, numbers.split(","))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="a batch against a script of pydicom, highdicom and docxtpl")
    parser.add_argument("--cases", type=numbers_of, default="600", help="numbers of cases, such as 100,600")
    parser.add_argument("--script", type=int, default=60, help="cases that the script works on")
    args = parser.parse_args(arguments)
    for cases in args.cases:
        with tempfile.TemporaryDirectory() as folder:
            print(f"{cases} cases, {write(Path(folder), cases)} files")
            time.sleep(2)  # a file that was written just now is read once more by the next run
            run(Path(folder), cases, min(args.script, cases))


if __name__ == "__main__":
    main()
