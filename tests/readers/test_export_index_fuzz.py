"""Damaged files: whatever is made of them is what pydicom makes of them, or a refusal.

A few hundred in every run; `make fuzz` sets REPORTER_FUZZ to the number of each kind.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydicom.data.data_manager import DATA_ROOT

from reporter.readers.element_layout import walked
from reporter.readers.element_walk import CONTENT_SEQUENCE
from reporter.readers.export_index import ExportReader, Indexed, Way
from reporter.readers.file_pieces import HEAD, Fetch, Odd
from reporter.readers.index_columns import INDEXED
from tests.readers.exports import in_pieces, read, said_by_pydicom, value, variety
from tests.readers.kit import read_header

COUNT = int(os.environ.get("REPORTER_FUZZ", "120"))
pytestmark = pytest.mark.hostile


def headers_of(data: bytes) -> list[int]:
    """Offsets of the bytes of element headers behind the preamble, in the first piece; of no report's content."""
    walk = walked(data[:HEAD], len(data), fetcher(data), INDEXED, passed=frozenset({CONTENT_SEQUENCE}))
    headers = zip(walk.edges[2::2], walk.edges[3::2], strict=True)
    return [at for begin, end in headers for at in range(begin, end) if end <= HEAD]


def bundled() -> list[Path]:
    """The files that come with pydicom itself; those it would download are left alone."""
    return sorted(path for path in Path(DATA_ROOT).rglob("*") if path.is_file())


def fetcher(data: bytes) -> Fetch:
    return lambda length, offset: data[offset : offset + length]


def check(data: bytes, reader: ExportReader, counts: Counter[Way]) -> Indexed:
    """A file is equal to what pydicom reads, or refused with a reason."""
    found = read(data, reader)
    counts[found.way] += 1
    if found.way in {Way.REFUSED, Way.OTHER}:
        assert found.reason
    else:
        assert found.record == said_by_pydicom(data), found.way
    return found


def damaged(kind: str) -> Iterator[bytes]:
    chance = random.Random(kind)  # ruff: ignore[suspicious-non-cryptographic-random-usage] - the same damage in every run
    bases = [*variety(), *in_pieces()]
    places = [headers_of(base) for base in bases]
    for number in range(COUNT):
        base, offsets = bases[number % len(bases)], places[number % len(bases)]
        if kind == "truncated":
            yield base[: chance.randrange(len(base))]
        elif kind == "at an element":
            yield base[: chance.choice(offsets)]
        elif kind == "header bit":
            yield flipped(base, chance.choice(offsets), chance)
        elif kind == "two header bits":
            yield flipped(flipped(base, chance.choice(offsets), chance), chance.choice(offsets), chance)
        else:
            yield flipped(base, chance.randrange(132, len(base)), chance)


def flipped(data: bytes, offset: int, chance: random.Random) -> bytes:
    return data[:offset] + bytes([data[offset] ^ 1 << chance.randrange(8)]) + data[offset + 1 :]


@pytest.mark.parametrize("kind", ["truncated", "at an element", "header bit", "two header bits", "any bit"])
def test_damaged_files(kind: str) -> None:
    reader, counts = ExportReader(), Counter[Way]()
    for data in (*variety(), *in_pieces()):
        read(data, reader)  # so that layouts are there to be taken wrongly
    for data in damaged(kind):
        found = check(data, reader, counts)
        if kind in {"truncated", "at an element"} and found.way is not Way.REFUSED:
            assert (
                value(found, "Modality") == "SR"
            )  # a report that ends with an element; its own reader misses the content
        if kind != "any bit" and found.way in {Way.WALK, Way.LAYOUT}:
            assert not read_header(data).refused  # what a draft refuses is not indexed as plain
    assert counts.total() == COUNT


def test_files_that_come_with_pydicom() -> None:
    reader, counts = ExportReader(), Counter[Way]()
    files = bundled()
    for path in files:
        check(path.read_bytes(), reader, counts)
    assert counts.total() == len(files) > 50
    assert counts[Way.WALK] + counts[Way.LAYOUT] > counts[Way.PYDICOM] > 0


def test_what_the_fast_path_says_of_files_that_come_with_pydicom_is_right_even_where_they_are_refused() -> None:
    for path in bundled():
        data = path.read_bytes()
        try:
            walk = walked(data[:HEAD], len(data), fetcher(data), INDEXED)
        except Odd:
            continue
        found = {tag for tag, _, _ in walk.forms}
        assert [one is not None for one in said_by_pydicom(data)] == [column in found for column in sorted(INDEXED)]
