"""A batch end to end, files to drafts in Word and text, against a plain pydicom + highdicom + docxtpl script.

Each case is a patient with two studies, 33 files, two structured reports as highdicom writes them. Ours indexes, plans,
drafts, publishes with fsync and journals in one process (`--jobs 1`), and tells of all cases in tables and a page; the
script reads every file with pydicom without its pixels and takes the attributes that our index takes, reads every
report with highdicom, and fills a Word template with docxtpl and a text: what it writes is compared with our drafts.
The two work in turn, five times, the script on a part of some of the cases; all files are read once before, so that
neither waits for the disk; our modules are compiled before, as an installer compiles them and all libraries; and a run
begins when a new file is quickly made, which after many were deleted it is not for minutes. Costs are per case, and of
both their start is spread over all cases. What counts are the ratio, the median of those of the five turns, for a
machine that others share changes its speed from one turn to the next, and whether cost and memory stay flat.

    python -m benchmarks.batch [--cases 600] [--script 150]
"""

import argparse
import compileall
import io
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import repeat
from pathlib import Path
from statistics import median
from typing import Final

from pydicom import dcmread

import reporter
from benchmarks.export import Series, instance, patient_id, shared_elements
from benchmarks.listing import Spent, batch, print_unchanged, spent
from benchmarks.script import Script, check_same, folder_of, values
from benchmarks.vendors import GE, MR, PHILIPS, ROOT, SIEMENS
from tests.readers import library_documents as library

SLICES: Final = (16, 15)
"""MR images of the two studies; with a structured report each, 33 files."""
TARGET: Final = 10.0
ROUNDS: Final = 5
_PLAIN: Final = 2
"""A case whose headers hold nothing that most of the others do not."""
_QUICK: Final = 100e-6
"""Seconds in which a file system at rest makes a file, and more."""
_REST: Final = 360.0
"""Seconds that it may take to come to rest: an ext4 that has no journal passes over every inode that was freed in the
last minute, or six where that is not yet on the disk (Linux, fs/ext4/ialloc.c).  After ten thousand deletions a file
takes ten times as long to make."""


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
            place = folder / folder_of(case) / f"ST{study}"
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


def script_of(export: Path, case: int, space: Path) -> Script:
    """The script, whose templates are the draft of a case."""
    alone, out = space / "alone", space / "template"
    shutil.copytree(export / folder_of(case), alone / folder_of(case))
    spent(batch(alone, out, "--format", "docx", "--format", "txt"))
    (word,) = out.glob("*.draft.docx")
    return Script(word.read_bytes(), word.with_suffix(".txt").read_text(encoding="utf-8"), values(export, case))


def scripted(script: Script, export: Path, cases: Sequence[int], out: Path) -> Spent:
    """What the script takes, a case, once it has started."""
    began, began_work = time.perf_counter(), time.process_time()
    for case in cases:
        script.write(export, case, out)
    return Spent((time.perf_counter() - began) / len(cases), (time.process_time() - began_work) / len(cases))


def check_drafts(scripted: Path, ours: Path, cases: Sequence[int]) -> None:
    """See that both say the same of these cases."""
    texts = {path: path.read_text(encoding="utf-8") for path in ours.glob("*.draft.txt")}
    for case in cases:
        (draft,) = (path for path, text in texts.items() if folder_of(case) in text)
        check_same(scripted / f"{case}.docx", draft.with_suffix(".docx"))


def run(folder: Path, cases: int, some: int) -> bool:
    """Measure and print; whether the aim is met."""
    assert compileall.compile_dir(Path(reporter.__file__).parent, quiet=1)
    rounds = min(ROUNDS, some)
    chosen = [1 + place * cases // some for place in range(some)]
    with tempfile.TemporaryDirectory() as space:
        place = Path(space)
        script = script_of(folder, _PLAIN, place)
        print("waiting until a new file is quickly made", flush=True)
        took = await_rest(place / "files")
        print(f"a new file takes {took * 1e6:.0f} us{'' if took < _QUICK else ': the file system is not at rest'}")
        theirs: list[Spent] = []
        ours: list[Spent] = []
        peaks: list[float] = []
        for number in range(rounds):
            read_all(folder)
            theirs.append(scripted(script, folder, chosen[number::rounds], place))
            command = batch(folder, place / f"out{number}", "--format", "docx", "--format", "txt")
            read_all(folder)
            whole, peak = spent(command)
            ours.append(Spent(*(seconds / cases for seconds in whole)))
            peaks.append(peak)
            assert len(list((place / f"out{number}").glob("*.draft.docx"))) == cases
        check_drafts(place, place / "out0", chosen)
        print_unchanged(folder, command)
    start, _ = spent([sys.executable, "-c", "import docxtpl, highdicom, pydicom"])
    ratios = list(map(_ratio, Spent._fields, zip(*theirs, strict=True), zip(*ours, strict=True), start, repeat(cases)))
    print(f"peak memory of the batch {max(peaks):.0f} MB")
    return min(ratios) >= TARGET


def _ratio(what: str, theirs: Sequence[float], ours: Sequence[float], start: float, cases: int) -> float:
    """Print what both take, a case, turn by turn; how many times as long the script takes."""
    script = [each + start / cases for each in theirs]
    ratios = [its / our for its, our in zip(script, ours, strict=True)]
    for who, turns in (("script", script), ("batch", ours)):
        print(
            f"{what:10} {who:6} {median(turns) * 1000:6.1f} ms a case ({', '.join(f'{t * 1000:.1f}' for t in turns)})"
        )
    print(f"{what:10} {median(ratios):.1f} x ({', '.join(f'{ratio:.1f}' for ratio in ratios)})")
    return median(ratios)


def await_rest(folder: Path) -> float:
    """Wait until a file is made quickly, as long as that may take; the seconds that one takes then."""
    folder.mkdir()
    deadline = time.monotonic() + _REST
    while (took := _making_a_file(folder)) > _QUICK and time.monotonic() < deadline:
        time.sleep(10)
    return took


def _making_a_file(folder: Path) -> float:
    began = time.perf_counter()
    for _ in range(50):
        (folder / str(time.monotonic_ns())).touch()
    return (time.perf_counter() - began) / 50


def read_all(export: Path) -> None:
    """Read every file, so that none has to be fetched from the disk again while it is measured."""
    for path in export.rglob("*"):
        if path.is_file():
            path.read_bytes()


def numbers_of(numbers: str) -> Iterator[int]:
    return map(int, numbers.split(","))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="a batch against a script of pydicom, highdicom and docxtpl")
    parser.add_argument("--cases", type=numbers_of, default="600", help="numbers of cases, such as 100,600")
    parser.add_argument("--script", type=int, default=150, help="cases that the script works on")
    args = parser.parse_args(arguments)
    for cases in args.cases:
        with tempfile.TemporaryDirectory() as folder:
            print(f"{cases} cases, {write(Path(folder), cases)} files")
            os.sync()  # to write the export is not the work of a batch that syncs its own files
            time.sleep(2)  # a file that was written just now is read once more by the next run
            run(Path(folder), cases, min(args.script, cases))


if __name__ == "__main__":
    main()
