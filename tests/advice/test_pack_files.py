"""What stands in the files of a pack, piece by piece: what is refused, and with which reason."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from pydantic import ValidationError

from reporter.advice.pack_files import (
    DoseRange,
    PackFile,
    PackRow,
    SourcesFile,
    TechniqueFile,
    TechniqueNote,
    check_level,
    dose_range,
)
from reporter.advice.table import Data

DAY = dt.date(2026, 11, 20)
SIGNED = {"checked_by": "A. Radiologist", "checked_on": DAY}
ROW = {"procedure": "US breast", "rating": "usually_appropriate", "level": "O", "dose": "0 mSv", "status": "seen"}
VARIANT = {"number": 1, "title": "One", "scenarios": ["breast.before_start"], "rows": [ROW]}
PACK = {
    "id": "p",
    "topic": "1",
    "title": "T",
    "edition": "1",
    "citation": "C",
    "link": "L",
    "licence": "L",
    "reviewed": DAY,
    "levels": {"O": "0 mSv", "V": "varies"},
    "procedure": [{"key": "us_breast", "name": "US breast"}],
    "variant": [VARIANT],
}
NOTE = {"key": "us_breast", "views": "real-time", "source": "source B", "status": "seen"}
STATEMENT = {"id": "S1", "source": "A", "says": "s", "check": "c"}
SOURCES = {
    "source": [{"id": "A", "title": "t", "publisher": "p", "reviewed": DAY}],
    "statement": [STATEMENT],
}


def refused(kind: type[Data], values: dict[str, object]) -> str:
    with pytest.raises(ValidationError) as caught:
        kind.model_validate(values)
    return str(caught.value.errors()[0]["msg"]).removeprefix("Value error, ")


@pytest.mark.parametrize("kind", ["row", "note"])
@pytest.mark.parametrize("lacking", ["checked_by", "checked_on"])
def test_what_a_site_states_is_signed_and_dated(kind: str, lacking: str) -> None:
    file, plain = (PackRow, ROW) if kind == "row" else (TechniqueNote, NOTE)
    signed = {key: value for key, value in SIGNED.items() if key != lacking}
    assert "give checked_by and checked_on" in refused(file, {**plain, "status": "site", **signed})
    assert file.model_validate({**plain, "status": "site", **SIGNED}).status == "site"
    for needs_none in (plain, {**plain, **signed}):
        assert file.model_validate(needs_none).status == "seen"


@pytest.mark.parametrize(
    ("parts", "comparable", "text"),
    [
        ({"contrast": "c", "positioning": "p", "views": "v", "compare": "b"}, True, "c; p; v; b"),
        ({"contrast": "c", "positioning": "p", "views": "v", "compare": "b"}, False, "c; p; v"),
        ({"views": "v"}, True, "v"),
        ({"contrast": "c", "views": None, "compare": "b"}, True, "c; b"),
    ],
)
def test_a_technique_note_in_one_line(parts: dict[str, str | None], comparable: bool, text: str) -> None:
    note = TechniqueNote.model_validate({**NOTE, "views": None, **parts})
    assert note.text(comparable=comparable) == text
    assert note.text() == note.text(comparable=True)


def test_before_therapy_a_technique_note_speaks_of_no_tumour_bed() -> None:
    both = TechniqueNote.model_validate({**NOTE, "views": "of the bed", "views_before": "of the mass", "compare": "b"})
    assert (both.text(), both.text(started=False)) == ("of the bed; b", "of the mass; b")
    one = TechniqueNote.model_validate({**NOTE, "views": "of both"})
    assert one.text(started=False) == "of both"


def test_a_technique_note_says_something_of_the_study_itself() -> None:
    assert "give contrast, positioning or views" in refused(TechniqueNote, {**NOTE, "views": None, "compare": "b"})


def test_one_technique_note_a_procedure() -> None:
    twice = {"reviewed": DAY, "technique": [NOTE, NOTE]}
    assert refused(TechniqueFile, twice) == "technique of us_breast stands twice"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"variant": [VARIANT, {**VARIANT, "scenarios": []}]}, "variant 1 stands twice"),
        ({"variant": [VARIANT, {**VARIANT, "number": 2}]}, "scenario breast.before_start stands twice"),
        ({"variant": [{**VARIANT, "rows": [ROW, ROW]}]}, "variant 1: procedure US breast stands twice"),
        (
            {"variant": [{**VARIANT, "rows": [{**ROW, "dose": "1 mSv"}]}]},
            "variant 1, US breast: level O is 0 mSv, not 1 mSv",
        ),
        ({"levels": {"O": "0 mSv", "R": "1 to 2"}}, "level R: '1 to 2' is no range of mSv; write it like 0.1-1 mSv"),
        ({"levels": {"O": "1.2.3 mSv"}}, "level O: "),
    ],
)
def test_a_pack_agrees_with_itself(changed: dict[str, object], reason: str) -> None:
    assert PackFile.model_validate(PACK).id == "p"
    assert refused(PackFile, PACK | changed).startswith(reason)


def test_the_name_that_is_repeated_first_is_named() -> None:
    rows = [{**ROW, "procedure": name} for name in ("A", "B", "B", "A")]
    assert refused(PackFile, PACK | {"variant": [{**VARIANT, "rows": rows}]}) == "variant 1: procedure B stands twice"


def test_an_unknown_level_is_met_with_the_nearest() -> None:
    with pytest.raises(ValueError, match="here: 'RS' is no known radiation level; did you mean 'RR'"):
        check_level({"O": "0 mSv", "RR": "0.1-1 mSv"}, "here", "RS", "0.1-1 mSv")


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"statement": [STATEMENT, STATEMENT]}, "statement S1 stands twice"),
        ({"statement": [{**STATEMENT, "source": "C"}]}, "'C' is no known source of S1; known are A"),
        ({"statement": [{**STATEMENT, "id": "T1"}]}, "String should match pattern"),
        ({"statement": [{**STATEMENT, "id": "S1 "}]}, "String should match pattern"),
        ({"statement": [{**STATEMENT, "id": "S"}]}, "String should match pattern"),
    ],
)
def test_statements_are_numbered_once_and_name_their_source(changed: dict[str, object], reason: str) -> None:
    assert SourcesFile.model_validate(SOURCES).statement[0].where == ()
    assert refused(SourcesFile, SOURCES | changed).startswith(reason)


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [("0 mSv", "0", "0"), ("2 mSv", "2", "2"), ("<0.1 mSv", "0", "0.1"), ("0.1-1 mSv", "0.1", "1")],
)
def test_a_range_of_dose(text: str, least: str, most: str) -> None:
    assert dose_range(text) == DoseRange(least=Decimal(least), most=Decimal(most))


@pytest.mark.parametrize("text", ["", "1", "1 mGy", "1-2-3 mSv", "1-2 mSv each", "about 1 mSv", "-1 mSv"])
def test_no_range_of_dose(text: str) -> None:
    with pytest.raises(ValueError, match="is no range of mSv"):
        dose_range(text)


def test_ranges_are_added_and_multiplied_at_both_ends() -> None:
    """S53: never one number."""
    one, other = (DoseRange(least=Decimal(a), most=Decimal(b)) for a, b in (("0.1", "1"), ("10", "30")))
    assert one.plus(other) == DoseRange(least=Decimal("10.1"), most=Decimal(31))
    assert other.times(3) == DoseRange(least=Decimal(30), most=Decimal(90))
    assert DoseRange.none().plus(one) == one
    assert one.times(0) == DoseRange.none()
