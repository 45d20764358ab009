"""Hostile input, rows 77 to 84: tables and facts as files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reporter.case.issue import Issue, Outcome
from reporter.readers.columns import ColumnMap
from reporter.readers.facts import FactsReader
from reporter.readers.files import MemoryFile
from reporter.readers.interface import Limits, Reading
from reporter.readers.parts import Row
from reporter.readers.table import TableReader
from tests.readers.kit import LIMITS, codes, csv_of, refusal_codes, row

pytestmark = pytest.mark.hostile
HEADER = "patient_id,study_date,lesion_id,kind,side,long_axis,unit\n"
LINE = "P1,2026-01-08,L1,mass,left,30,mm\n"


def read(data: str | bytes, name: str = "t.csv", *, encoding: str | None = None, limits: Limits = LIMITS) -> Reading:
    raw = data.encode() if isinstance(data, str) else data
    return TableReader(columns=ColumnMap(), encoding=encoding).extract(MemoryFile(name, raw), limits)


def refused(data: str | bytes, name: str = "t.csv", *, limits: Limits = LIMITS) -> Issue:
    reading = read(data, name, limits=limits)
    assert not reading.parts
    (issue,) = reading.issues
    assert issue.outcome is Outcome.REFUSED
    return issue


def rows_of(reading: Reading) -> list[Row]:
    assert not reading.issues
    return [part for part in reading.parts if isinstance(part, Row)]


@pytest.mark.parametrize("data", [b"\xef\xbb\xbf" + (HEADER + LINE).encode(), (HEADER + LINE).encode()])
def test_row_77_a_byte_order_mark(data: bytes) -> None:
    assert rows_of(read(data))[0].patient_id == "P1"


def test_row_77_a_byte_order_mark_before_json() -> None:
    assert rows_of(read(b"\xef\xbb\xbf" + json.dumps([row()]).encode(), "t.json"))[0].lesion_id == "L1"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_row_78_the_header_tells_the_dialect(delimiter: str) -> None:
    (found,) = rows_of(read(csv_of([row(note="a,b;c")], delimiter)))
    assert found.said.note == "a,b;c"


def test_row_78_a_header_of_no_known_column() -> None:
    assert refused("lesion|size\nL1|22\n").code == "CSV_DIALECT"
    assert refused("").code == "CSV_DIALECT"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [((HEADER + LINE).encode("utf-16"), "utf-16"), (csv_of([row(note="Größe")]).encode("cp1252"), "cp1252")],
)
def test_row_79_another_encoding_must_be_named(data: bytes, encoding: str) -> None:
    assert refused(data).code == "CSV_ENCODING"
    assert rows_of(read(data, encoding=encoding))[0].lesion_id == "L1"


@pytest.mark.parametrize("encoding", ["klingon", "base64", "utf-7\0"])
def test_row_79_an_encoding_that_is_none(encoding: str) -> None:
    assert codes(read(HEADER + LINE, encoding=encoding).issues) == ["CSV_ENCODING"]


@pytest.mark.parametrize(
    "text",
    [
        HEADER + LINE.replace("L1", '"L1') + LINE + LINE.replace("L1", 'L"2'),
        HEADER + LINE.replace("L1", '"L1') + LINE,
        HEADER + LINE.replace("mass", '"mass\nmass"'),
        HEADER + LINE.replace("L1", '"L"1"'),
    ],
)
def test_row_80_an_open_quotation_mark_swallows_nothing(text: str) -> None:
    issue = refused(text)
    assert issue.code == "CSV_QUOTE"
    assert str(issue.source) == "t.csv, row 2"


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        (HEADER.replace("unit", "unit,unit") + LINE.replace("mm", "mm,mm"), "CSV_DOUBLE_COLUMN", "row 1"),
        (HEADER.replace("long_axis", "long_axsi") + LINE, "CSV_MISSPELT_COLUMN", "row 1"),
        (HEADER.replace("long_axis", "xyzzy") + LINE, "CSV_UNKNOWN_COLUMN", "row 1"),
        (HEADER.replace("kind", "") + LINE, "CSV_COLUMNS", "row 1"),
        (HEADER.replace("lesion_id", "note") + LINE, "CSV_MISSING_COLUMN", "row 1"),
        (HEADER.replace("study_date", "note") + LINE, "CSV_MISSING_COLUMN", "row 1"),
        (HEADER + LINE + LINE.replace("\n", ",1\n"), "CSV_CELLS", "row 3"),
        (HEADER + LINE + LINE.replace(",mm", ""), "CSV_CELLS", "row 3"),
        (HEADER + LINE + LINE.replace("L1", "L\x001"), "CSV_COLUMNS", "row 3"),
        (HEADER + LINE.replace("L1", "L" * 4097), "LIM_STRING", "row 2, lesion_id"),
        (HEADER + LINE.replace("L1", "L" * 140_000), "LIM_STRING", "row 2"),
    ],
)
def test_row_81_header_and_cells(text: str, code: str, place: str) -> None:
    issue = refused(text)
    assert issue.code == code
    assert str(issue.source) == f"t.csv, {place}"


def test_row_81_the_nearest_column_is_named() -> None:
    issue = refused(HEADER.replace("long_axis", "long axis") + LINE)
    assert dict(issue.operands) == {"what": "unknown", "column": "long axis", "nearest": "long_axis"}


def test_row_81_empty_columns_and_rows_at_the_end_are_none() -> None:
    text = HEADER.replace("\n", ",,\n") + LINE.replace("\n", ",,\n") + ",,,,,,,,\n\n"
    (found,) = rows_of(read(text))
    assert found.lesion_id == "L1"
    assert refused(HEADER.replace("\n", ",\n") + LINE.replace("\n", ",x\n")).code == "CSV_COLUMNS"


def test_row_81_rows_are_numbered_as_a_spreadsheet_does() -> None:
    found = rows_of(read(HEADER + "\n" + LINE + ",,,,,,\n" + LINE))
    assert [item.source.place for item in found] == ["row 3", "row 5"]


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x","y")', "+1+1", "@SUM(A1)", "-2+3"])
def test_row_82_formulas_are_text(text: str) -> None:
    (found,) = rows_of(read(csv_of([row(note=text)])))
    assert found.said.note == text


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ('[{"lesion_id": "L1", "lesion_id": "L2"}]', "JSON_DUPLICATE_KEY", "entry 1"),
        ('[{"lesion_id": "L1", "Lesion_ID": "L2"}]', "JSON_DUPLICATE_KEY", "entry 1"),
        ('[{"long_axis": NaN}]', "JSON_NUMBER", "entry 1"),
        ('[{"long_axis": -Infinity}]', "JSON_NUMBER", "entry 1"),
        ("[" * 100_000 + "]" * 100_000, "JSON_DEPTH", "entry 1"),
        ("[" * 40 + "]" * 40, "JSON_DEPTH", "entry 1"),
        ('[{"lesion": "L1"}]', "JSON_MISSPELT_KEY", "entry 1"),
        ('[{"lesion_id": "L1"}, {"xyzzy": "L1"}]', "JSON_KEY", "entry 2"),
        ('[{"lesion_id": ["L1"]}]', "JSON_TYPE", "entry 1"),
        ('[{"lesion_id": {"a": 1}}]', "JSON_TYPE", "entry 1"),
        ('["L1"]', "JSON_TYPE", "entry 1"),
        ('{"lesion_id": "L1"}', "JSON_TYPE", "entry 1"),
        ('[{"lesion_id": "L1"},]', "JSON_SYNTAX", "line 1"),
        ("[1, 2", "JSON_SYNTAX", "line 1"),
    ],
)
def test_row_83_json(text: str, code: str, place: str) -> None:
    issue = refused(text, "t.json")
    assert issue.code == code
    assert str(issue.source) == f"t.json, {place}"


def test_row_83_a_number_of_five_thousand_digits_is_none() -> None:
    (found,) = read('[{"lesion_id": "L1", "study_date": "2026-01-08", "long_axis": ' + "9" * 4000 + "}]").parts
    assert isinstance(found, Row)
    assert codes(found.issues) == ["MEAS_NUMBER"]
    issue = refused('[{"lesion_id": "L1", "long_axis": ' + "9" * 5000 + "}]")
    assert issue.code == "LIM_STRING"


def test_row_83_json_numbers_and_booleans_are_cells() -> None:
    text = (
        '[{"lesion_id": "L1", "study_date": "2026-01-08", "long_axis": 14.0, "unit": "mm", "clip": true, "clock": 2}]'
    )
    (found,) = rows_of(read(text, "t.json"))
    assert str(found.sizes.long_axis) == "14.0 mm"
    assert found.lesion.clip is True
    assert found.lesion.clock == 2
    assert rows_of(read(text.replace("14.0", "null"), "t.json"))[0].sizes.long_axis is None


def facts(text: str, name: str = "f.toml") -> Reading:
    return FactsReader().extract(MemoryFile(name, text.encode()), LIMITS)


@pytest.mark.parametrize(
    ("text", "name", "code"),
    [
        ("[therapy\n", "f.toml", "FACTS_SYNTAX"),
        ("a = 1\na = 2\n", "f.toml", "FACTS_SYNTAX"),
        ("a = " + "[" * 100_000, "f.toml", "FACTS_SYNTAX"),
        ("a = " + "9" * 5000, "f.toml", "FACTS_SYNTAX"),
        ('{"therapy": {"start": "2026-02-02", "start": "2026-03-02"}}', "f.json", "JSON_DUPLICATE_KEY"),
        ('{"therapy": {"cycles_planned": NaN}}', "f.json", "JSON_NUMBER"),
        ("[]", "f.json", "JSON_TYPE"),
    ],
)
def test_row_83_and_84_facts_as_files(text: str, name: str, code: str) -> None:
    assert codes(facts(text, name).issues) == [code]


def test_row_84_a_word_is_no_number_and_no_boolean() -> None:
    """What YAML makes of no, 1:30, 012: here they are the words and numbers they look like, or mistakes."""
    reading = facts('suspicion_distant = "no"\n[therapy]\ncycles_planned = "1:30"\n')
    (issue,) = reading.issues
    assert (issue.code, str(issue.source)) == ("FACTS_VALUE", "f.toml, therapy.cycles_planned")


@pytest.mark.parametrize(("size", "read_it"), [(0, True), (1, False)])
def test_limit_of_a_table(size: int, read_it: bool) -> None:
    text = HEADER + LINE
    reading = read(text, limits=Limits(text_bytes=len(text) - size))
    assert bool(reading.parts) is read_it


def test_a_refused_table_refuses_the_case(tmp_path: Path) -> None:
    assert refusal_codes(tmp_path, None, HEADER.replace("unit", "units") + LINE) == ["CSV_MISSPELT_COLUMN"]


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("study_date", "08.01.2026", "STU_BAD_DATE"),
        ("study_date", "2026-02-30", "STU_BAD_DATE"),
        ("study_date", "2026-1-8", "STU_BAD_DATE"),
        ("study_date", "20260108", "STU_BAD_DATE"),
        ("study_date", "", "STU_NO_DATE"),
        ("study_uid", "../x", "STU_BAD_UID"),
        ("patient_id", "P1\\P2", "STU_BAD_PATIENT"),
    ],
)
def test_a_bad_identity_cell_refuses_its_patient(tmp_path: Path, column: str, cell: str, code: str) -> None:
    assert code in refusal_codes(tmp_path, None, [row(**{column: cell})])
