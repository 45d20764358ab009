"""A report whose content is taken apart in one pass is read as by walk and parser; no refusal is lost."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydicom.dataset import Dataset

from reporter.readers import structured_report
from reporter.readers.content_fields import CONCEPT_NAME, TEXT
from reporter.readers.content_plain import plain_items
from reporter.readers.file_pieces import Odd
from reporter.readers.interface import Limits
from tests.readers import sr_documents as sr
from tests.readers.test_export_index_fuzz import COUNT, flipped

REPORTS = [path.read_bytes() for path in sorted((Path(__file__).parent / "data" / "sr").glob("*.dcm"))]
CONTENT = b"\x40\x00\x30\xa7SQ\0\0"
"""How a Content Sequence begins, before its length."""


def read(data: bytes, limits: Limits, kinds: Counter[str]) -> str:
    """What stands in a document; whether its content is plain is counted."""
    try:
        structured_report._plain(data, limits)
    except Odd:
        kinds["odd"] += 1
    else:
        kinds["plain"] += 1
    return repr(sr.extract(data, limits=limits))


def read_slowly(data: bytes, limits: Limits, monkeypatch: pytest.MonkeyPatch) -> str:
    """The same by walk and parser."""

    def refuse(_data: bytes, _limits: Limits) -> None:
        raise Odd("not asked")

    with monkeypatch.context() as patched:
        patched.setattr(structured_report, "_plain", refuse)
        return repr(sr.extract(data, limits=limits))


def damaged(chance: random.Random) -> Iterator[bytes]:
    """Documents with some bits of their content flipped, at a tag, a VR or a length most of all."""
    for number in range(5 * COUNT):
        data = REPORTS[number % len(REPORTS)]
        begin = max(data.find(CONTENT), 132)  # none where VRs are implicit
        for _ in range(1 + number % 3):
            at = chance.randrange(begin, len(data))
            header = data.find(b"\x40\x00" if number % 2 else b"\x08\x00", at, -10)
            data = flipped(data, at if header < 0 else header + chance.randrange(10), chance)
        yield data


@pytest.mark.hostile
def test_damaged_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = Counter[str]()
    for data in damaged(random.Random(20261130)):  # ruff: ignore[suspicious-non-cryptographic-random-usage] - test data
        assert read(data, Limits(), kinds) == read_slowly(data, Limits(), monkeypatch)
    assert min(kinds["odd"], kinds["plain"]) > COUNT / 4


def documents() -> Iterator[Dataset]:
    """What is plain, and what only looks so."""
    lesion = sr.lesion("T1", sr.length(sr.LONG, "14"))
    yield sr.document(lesion)
    yield sr.document()
    deep = lesion
    for _ in range(4):
        deep = sr.item("CONTAINER", sr.MEASUREMENTS, deep)
        yield sr.tree(deep)
    coded = sr.code_item(sr.MASS)
    coded.EquivalentCodeSequence = [sr.code_item(sr.MASS)]
    finding = sr.coded(sr.FINDING, sr.MASS)
    finding.ConceptCodeSequence = [coded]
    yield sr.document(sr.group(finding, sr.length(sr.LONG, "14")))
    nameless = sr.text(sr.COMMENT, "one")
    nameless.ConceptNameCodeSequence = []
    nameless.ReferencedSOPSequence = []
    yield sr.document(sr.group(nameless, sr.length(sr.LONG, "14")))


@pytest.mark.parametrize("dataset", list(documents()))
@pytest.mark.parametrize("depth", range(1, 12))
def test_depth_is_limited_alike(dataset: Dataset, depth: int, monkeypatch: pytest.MonkeyPatch) -> None:
    data, limits = sr.encoded(dataset), Limits(depth=depth)
    assert read(data, limits, Counter()) == read_slowly(data, limits, monkeypatch)


@pytest.mark.parametrize("limits", [Limits(elements=60), Limits(items=30), Limits(elements=1000, items=1000)])
def test_elements_and_items_are_limited_alike(limits: Limits, monkeypatch: pytest.MonkeyPatch) -> None:
    for data in REPORTS:
        assert read(data, limits, Counter()) == read_slowly(data, limits, monkeypatch)


@pytest.mark.parametrize(("implicit", "undefined"), [(True, False), (False, True), (True, True)])
def test_other_encodings_are_left_to_the_walk(implicit: bool, undefined: bool) -> None:
    with pytest.raises(Odd):
        structured_report._plain(sr.encoded(next(documents()), implicit=implicit, undefined=undefined), Limits())


def element(tag: int, vr: bytes, value: bytes) -> bytes:
    length = len(value).to_bytes(4, "little")
    size = b"\0\0" + length if vr in {b"SQ", b"UT"} else length[:2]
    return (tag >> 16).to_bytes(2, "little") + (tag & 0xFFFF).to_bytes(2, "little") + vr + size + value


def item(*elements: bytes) -> bytes:
    return b"\xfe\xff\x00\xe0" + len(b"".join(elements)).to_bytes(4, "little") + b"".join(elements)


def test_what_is_not_wanted_is_passed_over() -> None:
    code = element(CONCEPT_NAME, b"SQ", item(element(0x00080100, b"SH", b"T1")))
    other = element(0x0040A050, b"CS", b"SEPARATE") + element(0x0040A170, b"SQ", item(code, item(), code)[:-8])
    first, second = plain_items(item(code, element(TEXT, b"UT", b"T1")) + item(code), 2)
    assert (first.values, second.values) == ({TEXT: b"T1"}, {})
    with pytest.raises(Odd):
        plain_items(item(other), 9)


def test_short_items_of_the_same_bytes_are_one_and_long_ones_are_not_remembered() -> None:
    short, long = item(element(TEXT, b"UT", b"T1")), item(element(TEXT, b"UT", b"T" * 600))
    once, again = plain_items(short, 1), plain_items(short + item(element(TEXT, b"UT", b"T2")), 1)
    assert once[0] is again[0]
    assert [found.values for found in again] == [{TEXT: b"T1"}, {TEXT: b"T2"}]
    assert plain_items(long, 1)[0] is not plain_items(long, 1)[0]


def test_a_short_item_that_was_read_may_be_too_deep_elsewhere() -> None:
    nested = item(element(CONCEPT_NAME, b"SQ", item(element(TEXT, b"UT", b"T1"))))
    assert plain_items(nested, 2)[0].sequences[CONCEPT_NAME][0].values == {TEXT: b"T1"}
    with pytest.raises(Odd):
        plain_items(nested, 1)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(item(element(TEXT, b"UT", b"T1"))[:-1], id="cut short"),
        pytest.param(item(element(TEXT, b"UT", b"T1"))[:12], id="cut within a header"),
        pytest.param(item(element(TEXT, b"UT", b"T1")) + b"\0", id="something behind"),
        pytest.param(item(element(TEXT, b"UT", b"T1"), element(TEXT, b"UT", b"T2")), id="twice"),
        pytest.param(item(element(TEXT, b"LO", b"T1")), id="another VR"),
        pytest.param(item(element(TEXT, b"SQ", item())), id="a sequence that is none"),
        pytest.param(item(element(CONCEPT_NAME, b"UN", b"")[:-2] + bytes(6)), id="a sequence without VR"),
        pytest.param(item(element(0x0040A050, b"XX", b"SEPARATE")), id="no VR"),
        pytest.param(item(b"\xfe\xff\x0d\xe0SH\0\0"), id="a delimiter"),
        pytest.param(b"\xfe\xff\xdd\xe0" + bytes(4), id="the end of a sequence"),
        pytest.param(item(element(CONCEPT_NAME, b"SQ", item(element(CONCEPT_NAME, b"SQ", b"")))), id="too deep"),
    ],
)
def test_what_is_odd(content: bytes) -> None:
    with pytest.raises(Odd):
        plain_items(content, 2)
