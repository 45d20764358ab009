"""Whatever the situation, an explanation accounts for every number of the draft and never fails."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Final

import pytest

from reporter.case.case import LeftOut
from reporter.case.timepoint import Labels
from reporter.draft.explain import Looked, explain
from reporter.draft.explanation import Entry, Explanation, FileSeen, as_data, as_text
from reporter.draft.interface import Report
from tests.draft.cases import kit, report, row, whole
from tests.draft.situations import SITUATIONS
from tests.draft.test_contradictions import facts
from tests.draft.test_scope_and_looks import NO_MRI

each = pytest.mark.parametrize("name", SITUATIONS)
NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")


def explained(found: Report, *files: FileSeen) -> Explanation:
    return explain(found, Looked(files=files, decision=kit().pack.decision, labels=Labels()), kit().writer.phrases)


@cache
def reported(name: str) -> Report:
    return report(SITUATIONS[name].rows, SITUATIONS[name].facts)


def entries(found: Explanation, section: str) -> tuple[Entry, ...]:
    return next(one.entries for one in found.sections if one.id == section)


@each
def test_every_number_of_the_draft_is_explained(name: str) -> None:
    found = reported(name)
    draft = whole(kit().writer.draft(found))
    text = as_text(explained(found))
    assert set(NUMBER.findall(draft)) - set(NUMBER.findall(text)) == set()


@each
def test_text_and_data_hold_the_same_entries(name: str) -> None:
    found = explained(reported(name))
    data = as_data(found)
    assert [one.id for one in found.sections] == [key for key in data if key != "schema_version"]
    for one in found.sections:
        held = data[one.id]
        assert isinstance(held, list)
        assert [entry["text"] for entry in held] == [entry.text for entry in one.entries]


@each
def test_no_entry_has_a_gap(name: str) -> None:
    for one in explained(reported(name)).sections:
        for entry in one.entries:
            for line in (entry.text, *entry.details):
                assert line
                assert line.strip() == line
                assert not re.search(
                    r"\bNone\b(?! required)|\bTrue\b|\bFalse\b|Decimal|<[A-Z]|\(\)|: ,|, ,|  ", line
                ), line


@each
def test_every_verdict_is_shown_with_its_rule(name: str) -> None:
    found = reported(name)
    text = as_text(explained(found))
    for assessment in found.response.assessments:
        verdicts = (
            assessment.overall,
            assessment.target,
            assessment.non_target,
            *(r.verdict for r in assessment.lesions),
        )
        for verdict in verdicts:
            assert verdict is None or f"({verdict.rule}" in text


@each
def test_a_row_that_holds_and_does_not_apply_says_why(name: str) -> None:
    found = reported(name)
    shown = entries(explained(found), "decision_rows")
    assert len(shown) == len(found.advice.looked_at)
    for seen, entry in zip(found.advice.looked_at, shown, strict=True):
        assert entry.text.startswith(seen.row)
        assert ("applies" in entry.text) is seen.fired


def test_listed_and_refused_files_say_why() -> None:
    found = explained(
        next(reported(name) for name in SITUATIONS),
        FileSeen(name="notes.txt", kind="other", use="listed", code="FILE_NOT_DICOM"),
        FileSeen(name="a.dcm", kind="other", use="refused", code="DCM_TRUNCATED"),
        FileSeen(name="b.dcm", kind="image", use="used"),
    )
    listed, refused, used = (entry.text for entry in entries(found, "files"))
    assert listed.startswith("notes.txt: not used (other): ")
    assert "cut short" in refused
    assert used == "b.dcm: used (image)"


def test_what_is_left_out_is_named_even_by_an_unknown_code() -> None:
    found = next(reported(name) for name in SITUATIONS)
    left = replace(found, case=replace(found.case, left_out=(LeftOut(what="L9", code="NEW_CODE"),)))
    (entry,) = entries(explained(left), "left_out")
    assert "L9" in entry.text
    assert "NEW_CODE" in entry.text


def test_each_sentence_of_a_step_is_told_under_its_side() -> None:
    places = (("left", "MR", "L1"), ("left", "US", "L2"), ("right", "MR", "R1"), ("right", "PT", "R2"))
    rows = [row("2026-01-08", modality, i, "30", side=side, biopsy_result="malignant") for side, modality, i in places]
    rows += [row("2026-07-13", "MG", i, "12", side=side) for side, _, i in places]
    found = explained(report(tuple(rows), f"{NO_MRI}{facts()}"))
    name = "step complete missing part"
    told = {entry.text: entry.details for entry in entries(found, "lines") if entry.text.startswith(name)}
    begun = {side: [" ".join(detail.split()[:6]) for detail in details] for side, details in told.items()}
    assert begun == {
        f"{name}, left": ["L1 (left): at baseline MRI alone", "Complete what is missing for L2"],
        f"{name}, right": ["R1 (right): at baseline MRI alone", "R2 (right): measured at baseline by"],
    }
