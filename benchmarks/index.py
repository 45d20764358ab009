"""The index of an export against pydicom reading the same files, and against reading 16 kB of each, in one run.

All readers take the same chunk of files in turn, in rotating order, so that a busy machine slows all of them alike; the
ratios are what counts.  Every record is compared with pydicom's.

    python -m benchmarks.index [FOLDER] [--patients 200] [--shuffled]
"""

import argparse
import gc
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from pydicom import dcmread
from pydicom.dataset import Dataset

from benchmarks.export import write
from reporter.readers.export_index import ExportReader, Indexed
from reporter.readers.index_columns import COLUMNS

CHUNK: Final = 500
INDEX_TO_DEFAULT: Final = 15
INDEX_TO_READ: Final = 8

File = tuple[str, os.stat_result]
Read = Callable[[Sequence[File]], object]


def text_of(found: Dataset, tag: int) -> str | None:
    """The value of an attribute as text, as pydicom gives it."""
    place = found.file_meta if tag >> 16 == 2 else found  # ruff: ignore[magic-value-comparison] - group 2
    if tag not in place:
        return None
    element = place[tag]
    if element.VM > 1:
        return "\\".join(str(value) for value in element.value)
    return "" if element.value is None else str(element.value)


def pydicom_default(files: Sequence[File]) -> list[tuple[str | None, ...]]:
    """What a script does: read the file, take the values."""
    records = []
    for path, _ in files:
        found = dcmread(path)
        records.append(tuple(text_of(found, column.tag) for column in COLUMNS))
    return records


def pydicom_read_only(files: Sequence[File]) -> None:
    for path, _ in files:
        dcmread(path)


def read_16k(files: Sequence[File]) -> None:
    for path, _ in files:
        descriptor = os.open(path, os.O_RDONLY)
        os.read(descriptor, 16_384)
        os.close(descriptor)


def indexed(reader: ExportReader, files: Sequence[File]) -> list[Indexed]:
    return [reader.read(path, path, status) for path, status in files]


def listed(folder: Path) -> Iterator[File]:
    """All files, folder by folder in order of name."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        yield str(path), path.stat()


def compare(folder: Path) -> bool:
    """Run all readers over all files and print what came of it; whether the aims are met."""
    files = list(listed(folder))
    reader, keeping = ExportReader(), ExportReader(keep=True)
    readers: dict[str, Read] = {
        "pydicom default": pydicom_default,
        "pydicom, values not taken": pydicom_read_only,
        "open + read 16 kB": read_16k,
        "index": lambda chunk: indexed(reader, chunk),
        "index, headers kept": lambda chunk: indexed(keeping, chunk),
    }
    spent, worked, wrong = dict.fromkeys(readers, 0.0), dict.fromkeys(readers, 0.0), 0
    names = list(readers)
    for turn, start in enumerate(range(0, len(files), CHUNK)):
        chunk, results = files[start : start + CHUNK], {}
        read_16k(chunk)  # warm for every reader alike
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            gc.collect()  # no reader clears up behind another
            began, began_work = time.perf_counter(), time.process_time()
            results[name] = readers[name](chunk)
            spent[name] += time.perf_counter() - began
            worked[name] += time.process_time() - began_work
        expected = results["pydicom default"]
        assert isinstance(expected, list)
        for found in (results["index"], results["index, headers kept"]):
            assert isinstance(found, list)
            wrong += sum(one.record != other for one, other in zip(found, expected, strict=True))
    print(f"{len(files)} files, {len(COLUMNS)} columns, {wrong} wrong")
    report("wall clock", spent, len(files))
    report("processor", worked, len(files))
    for (way, reason), count in sorted(reader.counts.items()):
        print(f"  {way} {reason}: {count}")
    index = spent["index"]
    fast = spent["pydicom default"] >= INDEX_TO_DEFAULT * index and index <= INDEX_TO_READ * spent["open + read 16 kB"]
    return fast and not wrong


def report(what: str, spent: dict[str, float], files: int) -> None:
    for name, seconds in spent.items():
        default, read = spent["pydicom default"] / seconds, seconds / spent["open + read 16 kB"]
        each = seconds / files * 1e6
        print(f"{what:12}{name:26} {each:8.1f} us/file  {default:6.1f} x default  {read:7.1f} x read 16 kB")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="index against pydicom and against the disk")
    parser.add_argument("folder", type=Path, nargs="?", help="an export that exists (else one is made)")
    parser.add_argument("--patients", type=int, default=200)
    parser.add_argument("--shuffled", action="store_true")
    args = parser.parse_args(arguments)
    if args.folder is not None:
        compare(args.folder)
        return
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), args.patients, shuffled=args.shuffled)
        compare(Path(folder))


if __name__ == "__main__":
    main()
