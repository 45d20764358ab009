"""A thousand mutated structured reports: no traceback, no value that is not in the file, no side that no code names.

What is in the file is asked of another reader: pydicom parses the mutated bytes, and a plain recursive walk lists the
numbers, texts and codes that stand there.
"""

from __future__ import annotations

import contextlib
import io
import random
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pydicom
import pytest
from pydicom.dataset import Dataset

from reporter.case.case import Case
from reporter.case.issue import Outcome
from reporter.case.length import Length
from reporter.case.measurement import Absent, Measured
from reporter.case.vocabulary import BREAST_CODES, SIDE_CODES
from reporter.readers.assemble import assemble
from reporter.readers.gather import Inputs, gather
from reporter.readers.interface import CaseRefused
from reporter.readers.report_codes import LENGTHS, SIDES, concept
from reporter.readers.report_parts import Report
from tests.hostile import sr_mutations
from tests.readers import sr_documents as sr

pytestmark = pytest.mark.hostile

MUTANTS = 1000
FLIPS = 400
SEEDS = (
    "library_mr_followup.dcm",
    "viewer_coded_followup.dcm",
    "viewer_no_site_followup.dcm",
    "library_sr_document.dcm",
)


@dataclass
class Standing:
    """What stands in a document, as another reader sees it."""

    lengths: set[tuple[str, Length]] = field(default_factory=set)
    """Axis and length of every well-formed number."""
    texts: set[str] = field(default_factory=set)
    codes: set[tuple[str, str]] = field(default_factory=set)


def given(item: Dataset, keyword: str) -> object:
    """A value, or None where pydicom cannot read it."""
    with warnings.catch_warnings(), contextlib.suppress(Exception):
        warnings.simplefilter("ignore")
        return item.get(keyword)
    return None


def text_of(item: Dataset, keyword: str) -> str:
    value = given(item, keyword)
    return "" if value is None else " ".join(str(value).split())


def code_of(item: Dataset) -> tuple[str, str]:
    value = text_of(item, "CodeValue") or text_of(item, "LongCodeValue")
    return concept(value, text_of(item, "CodingSchemeDesignator"))


def sequence(item: Dataset, keyword: str) -> list[Dataset]:
    found = given(item, keyword)
    return list(found) if isinstance(found, pydicom.sequence.Sequence) else []


def below(item: Dataset) -> Iterator[Dataset]:
    yield item
    for child in sequence(item, "ContentSequence"):
        yield from below(child)


def standing(document: Dataset) -> Standing:
    found = Standing()
    for item in below(document):
        names = [code_of(code) for code in sequence(item, "ConceptNameCodeSequence")]
        for code in sequence(item, "ConceptCodeSequence"):
            found.codes.add(code_of(code))
            found.texts.add(text_of(code, "CodeMeaning"))
        found.texts.add(text_of(item, "TextValue"))
        values = sequence(item, "MeasuredValueSequence")
        if text_of(item, "ValueType") == "NUM" and len(values) == len(names) == 1 and names[0] in LENGTHS:
            add_length(found, LENGTHS[names[0]], values[0])
    return found


def add_length(found: Standing, axis: str, value: Dataset) -> None:
    units = [code_of(code) for code in sequence(value, "MeasurementUnitsCodeSequence")]
    try:
        number = Decimal(text_of(value, "NumericValue"))
    except InvalidOperation:
        return
    if number.is_finite() and not number.is_signed() and units in ([("mm", "UCUM")], [("cm", "UCUM")]):
        found.lengths.add((axis, Length(number.scaleb(1 if units[0][0] == "cm" else 0))))


def case_of(folder: Path, data: bytes) -> Case | list[str]:
    """The case of the mutated follow-up beside its sound baseline, or the codes it is refused for."""
    (folder / "mutant.dcm").write_bytes(data)
    try:
        return assemble(gather(Inputs(paths=(folder,))))
    except CaseRefused as refused:
        return [issue.code for issue in refused.issues]


def read_otherwise(data: bytes) -> Dataset:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pydicom.dcmread(io.BytesIO(data))


def check_case(case: Case, expected: Standing, mutant: str) -> None:
    """Every value of the follow-up stands in the mutated file."""
    for measurement in case.measurements:
        if measurement.source.file != "mutant.dcm" or not isinstance(measurement.value, Measured):
            continue
        for axis in ("long_axis", "short_axis"):
            size = getattr(measurement.value, axis)
            assert size is None or (axis, size) in expected.lengths, mutant
    problems = {issue.lesion_id for issue in case.issues if issue.outcome is Outcome.PROBLEM}
    for lesion in case.lesions:
        measured = [m for m in case.measurements if m.lesion_id == lesion.id]
        assert all(isinstance(m.value, Measured | Absent) or lesion.id in problems for m in measured), mutant


def check_report(report: Report, expected: Standing, mutant: str) -> None:
    """Every label, side and size of a group stands in the file."""
    for group in report.groups:
        assert group.label is None or group.label in expected.texts or "\ufffd" in group.label, mutant
        side = group.lesion.side
        assert side is None or {c for c, s in SIDES.items() if s is side} & expected.codes, mutant
        for axis in ("long_axis", "short_axis"):
            size = getattr(group.sizes, axis)
            assert size is None or (axis, size) in expected.lengths, mutant


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_thousand_mutated_reports(tmp_path: Path) -> None:
    chance = random.Random(59)  # ruff: ignore[suspicious-non-cryptographic-random-usage] - repeatable
    outcomes, number = Counter[str](), 0
    sound = {name: (sr.DATA / name).read_bytes() for name in SEEDS}
    for name in SEEDS:
        folder = tmp_path / name
        folder.mkdir()
        baseline = name.replace("followup", "baseline")
        if baseline != name:
            (folder / baseline).write_bytes((sr.DATA / baseline).read_bytes())
    while number < MUTANTS:
        name = SEEDS[number % len(SEEDS)]
        document, applied = sr_mutations.mutated(sound[name], chance)
        try:
            data = sr.encoded(document, implicit=chance.random() < 0.5, undefined=chance.random() < 0.2)
        except (ValueError, TypeError, AttributeError, OverflowError):
            continue  # the writer knows no such value
        number += 1
        mutant = f"{number}: {name}, {', '.join(applied)}"
        started = time.process_time()
        reading, case = sr.extract(data, "mutant.dcm"), case_of(tmp_path / name, data)
        assert time.process_time() - started < 5, mutant
        if reading.refused:
            outcomes["file refused"] += 1
            assert not reading.parts, mutant
            assert isinstance(case, list), mutant
            continue
        expected = standing(read_otherwise(data))
        for part in reading.parts:
            if isinstance(part, Report):
                check_report(part, expected, mutant)
        outcomes["case refused" if isinstance(case, list) else "drafted"] += 1
        if not isinstance(case, list):
            check_case(case, expected, mutant)
    assert sum(outcomes.values()) == MUTANTS
    assert min(outcomes[outcome] for outcome in ("file refused", "case refused", "drafted")) > MUTANTS // 50, outcomes


@pytest.mark.parametrize("name", SEEDS)
def test_flipped_bytes_end_in_a_reading(name: str) -> None:
    chance = random.Random(60)  # ruff: ignore[suspicious-non-cryptographic-random-usage] - repeatable
    data = (sr.DATA / name).read_bytes()
    for _ in range(FLIPS // len(SEEDS)):
        changed = bytearray(data)
        for _ in range(chance.randrange(1, 4)):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        reading = sr.extract(bytes(changed), name)
        assert reading.refused or reading.parts


def test_the_sides_of_the_vocabulary_are_those_that_are_read() -> None:
    assert {s for codes in (SIDE_CODES, BREAST_CODES) for s in codes} == set(SIDES.values())
