"""A form as CSV and as a workbook: exact numbers, inert texts, valid files, no clock."""

import csv
import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import openpyxl
import pytest

from reporter.draft.worksheet import FactQuestion, Form, FormRow
from reporter.errors import SetupError
from reporter.exporters.worksheet import worksheet_csv, worksheet_xlsx
from tests.gates import word_faults

WORDS: Final = {
    "measurements": "Measurements",
    "facts": "Facts to give",
    "key": "key",
    "side": "side",
    "question": "question",
    "facts_intro": "Not read back.",
}
NUMERIC: Final = ("long_axis", "short_axis")
CHOICES: Final = {"side": ("left", "right")}


def form(*cells: Mapping[str, str], asked: Mapping[str, str] | None = None) -> Form:
    columns = ("lesion_id", "side", "long_axis", "short_axis", "note")
    rows = tuple(FormRow(cells=one, asked=asked or {}) for one in cells)
    facts = (FactQuestion(key="therapy.start", side="left", text="=When?"),)
    return Form(columns=columns, rows=rows, facts=facts, words=WORDS)


def as_csv(given: Form) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(worksheet_csv(given, NUMERIC).decode("utf-8-sig"), newline="")))


def as_book(given: Form) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(worksheet_xlsx(given, CHOICES, NUMERIC)))


def test_csv_begins_with_a_mark_that_spreadsheets_know() -> None:
    data = worksheet_csv(form({"lesion_id": "Müller"}), NUMERIC)
    assert data.startswith(b"\xef\xbb\xbf")
    assert "Müller" in data.decode("utf-8-sig")


def test_a_row_is_one_line_whatever_its_note_holds() -> None:
    (row,) = as_csv(form({"lesion_id": "L1", "note": "one\ntwo\r\nthree"}))
    assert row["note"].split() == ["one", "two", "three"]
    assert worksheet_csv(form({"note": "one\ntwo"}), NUMERIC).count(b"\n") == 2


@pytest.mark.hostile
@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_texts_are_inert_and_numbers_are_numbers(text: str) -> None:
    """Hostile input 82: negative numbers are numbers in numeric columns alone."""
    (row,) = as_csv(form({"lesion_id": text, "long_axis": "-1", "short_axis": "+1"}))
    assert row["lesion_id"] == f"'{text}"
    assert row["long_axis"] == "-1"
    assert row["short_axis"] == "'+1"
    sheet = as_book(form({"lesion_id": text}))["Measurements"]
    assert (sheet["A2"].value, sheet["A2"].data_type, sheet["A2"].quotePrefix) == (text, "s", True)


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [("14", 14, "0"), ("14.0", 14, "0.0"), ("9.65", 9.65, "0.00"), ("-5", -5, "0")],
)
def test_numbers_keep_the_decimals_they_were_given(text: str, value: float, shown: str) -> None:
    cell = as_book(form({"long_axis": text}))["Measurements"]["C2"]
    assert (cell.value, cell.number_format, cell.data_type) == (value, shown, "n")


@pytest.mark.parametrize("text", ["12.123456789012345", "1,5", "n/a", "<5", "1e3"])
def test_what_a_spreadsheet_would_change_is_written_as_text(text: str) -> None:
    cell = as_book(form({"long_axis": text}))["Measurements"]["C2"]
    assert (cell.value, cell.data_type) == (text, "s")


def test_a_cell_in_question_is_coloured_and_says_why() -> None:
    sheet = as_book(form({"lesion_id": "L1"}, asked={"side": "Which side?"}))["Measurements"]
    assert sheet["B2"].comment is not None
    assert sheet["B2"].comment.text == "Which side?"
    assert sheet["B2"].fill.fgColor.rgb != sheet["C2"].fill.fgColor.rgb
    assert sheet["C2"].comment is None


def test_words_are_offered_below_the_last_row_too() -> None:
    sheet = as_book(form({"lesion_id": "L1"}))["Measurements"]
    (offered,) = sheet.data_validations.dataValidation
    assert offered.formula1 == '"left,right"'
    assert "B2" in offered.sqref
    assert "B100" in offered.sqref


def test_facts_stand_on_their_own_sheet() -> None:
    sheet = as_book(form({"lesion_id": "L1"}))["Facts to give"]
    assert [cell.value for cell in sheet[2]] == ["therapy.start", "left", "=When?"]
    assert sheet["C2"].data_type == "s"


def test_characters_that_xml_forbids_are_shown_as_marks() -> None:
    assert as_book(form({"note": "a\x01b"}))["Measurements"]["E2"].value == "a\ufffdb"


def test_the_same_form_gives_the_same_bytes_and_tells_no_time() -> None:
    given = form({"lesion_id": "L1", "long_axis": "14.0"}, asked={"side": "Which?"})
    data = worksheet_xlsx(given, CHOICES, NUMERIC)
    assert data == worksheet_xlsx(given, CHOICES, NUMERIC)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert {part.date_time[0] for part in package.infolist()} == {1980}
        properties = package.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", properties)) == {"1980-01-01T00:00:00Z"}


def test_without_openpyxl_the_set_up_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    with pytest.raises(SetupError, match=r"reporter\[xlsx\]"):
        worksheet_xlsx(form({"lesion_id": "L1"}), CHOICES, NUMERIC)


@pytest.mark.tools
def test_the_workbook_is_valid(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    path.write_bytes(
        worksheet_xlsx(form({"lesion_id": "=L1", "long_axis": "9.6"}, asked={"side": "?"}), CHOICES, NUMERIC)
    )
    assert word_faults(path) == []
