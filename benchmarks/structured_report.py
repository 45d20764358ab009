"""Structured reports per second, against highdicom reading the same documents, in one interleaved run.

Each document holds eight measurements of four lesions and is written by highdicom. Ours walks the whole file to its
exact end, reads its header and all measurement groups; highdicom parses and reads the measurements of the groups. The
values of both are compared before anything is timed. The ratio is what counts: absolute times vary with the machine.
"""

import io
import random
import sys
import time
import warnings
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from highdicom.sr import srread

from reporter.readers.files import MemoryFile
from reporter.readers.interface import Limits
from reporter.readers.report_parts import Report
from reporter.readers.structured_report import StructuredReportReader
from tests.readers import library_documents as library

DOCUMENTS: Final = 100
ROUNDS: Final = 5
PIECE: Final = 10
"""So many documents are read by one reader, then by the other."""
TARGET: Final = 8.0


def documents() -> list[bytes]:
    """Documents of different values, the same in every run."""
    chance = random.Random(20260105)  # ruff: ignore[suspicious-non-cryptographic-random-usage] - test data
    return [library.written(_groups(chance), f"1.2.3.{number}") for number in range(1, DOCUMENTS + 1)]


def _groups(chance: random.Random) -> list[library.Written]:
    return [
        library.Written(
            label=f"T{number}",
            uid=f"2.25.{chance.getrandbits(96)}",
            left=chance.choice((True, False)),
            numbers=(
                (library.LONG_AXIS, chance.randrange(100, 600) / 10, "mm"),
                (library.SHORT_AXIS, chance.randrange(50, 100) / 10, "mm"),
            ),
        )
        for number in range(1, 5)
    ]


def ours(data: bytes) -> list[tuple[str, Decimal]]:
    """Label and value of every measurement as we read it."""
    reading = StructuredReportReader().extract(MemoryFile("sr.dcm", data), Limits())
    (report,) = (part for part in reading.parts if isinstance(part, Report))
    return [
        (group.label or "", size.value)
        for group in report.groups
        for size in (group.sizes.long_axis, group.sizes.short_axis)
        if size is not None
    ]


def theirs(data: bytes) -> list[tuple[str, Decimal]]:
    """The same as highdicom reads it, and nothing beyond it."""
    content: Any = srread(io.BytesIO(data)).content
    return [
        (label, Decimal(str(measurement.value)))
        for group in content.get_image_measurement_groups()
        for label in (group.tracking_identifier,)
        for measurement in group.get_measurements()
    ]


def timed(read: Callable[[bytes], object], piece: list[bytes]) -> float:
    """CPU seconds for a piece."""
    started = time.process_time()
    for data in piece:
        read(data)
    return time.process_time() - started


def main() -> None:
    """Print milliseconds per document of both, and their ratio; exit 1 below the target."""
    warnings.simplefilter("ignore")
    made = documents()
    for data in made:
        assert ours(data) == theirs(data), "the two readers differ"
    pieces = [made[start : start + PIECE] for start in range(0, DOCUMENTS, PIECE)]
    spent = {ours: [0.0] * ROUNDS, theirs: [0.0] * ROUNDS}
    for number in range(ROUNDS):
        for index, piece in enumerate(pieces):
            for read in (ours, theirs) if (number + index) % 2 else (theirs, ours):
                spent[read][number] += timed(read, piece)
    our_time, their_time = min(spent[ours]), min(spent[theirs])
    ratio = their_time / our_time
    print(f"structured reports: {DOCUMENTS} documents, 8 measurements each, same values in both readers")
    print(f"  reporter  {our_time / DOCUMENTS * 1000:6.2f} ms a document")
    print(f"  highdicom {their_time / DOCUMENTS * 1000:6.2f} ms a document")
    print(f"  ratio     {ratio:6.1f} (target {TARGET:g})")
    if ratio < TARGET:
        sys.exit(1)


if __name__ == "__main__":
    main()
