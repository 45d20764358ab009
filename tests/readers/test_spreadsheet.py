"""Excel workbooks as measurement tables: exact numbers, dates that stay dates, and nothing that calculates."""

import datetime as dt
import io
import zipfile
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.styles import numbers

from reporter.case.measurement import Measurement
from reporter.readers.columns import ColumnMap, DateForm
from reporter.readers.files import MemoryFile
from reporter.readers.interface import Limits, Reading, Refusal
from reporter.readers.parts import Row
from reporter.readers.sheet import Sheet
from reporter.readers.spreadsheet import is_workbook, read_workbook
from reporter.readers.table import TableReader

COLUMNS = ColumnMap().headers
HEADER = ["study_date", "lesion_id", "long_axis", "unit", "note"]


def moment(text: str) -> dt.datetime:
    """A date as openpyxl takes and gives it: with a time of day, without a zone."""
    return dt.datetime.fromisoformat(text)


def book_of(*rows: list[Any], header: list[str] | None = None) -> Workbook:
    book = Workbook()
    assert book.active is not None
    for row in (header or HEADER, *rows):
        book.active.append(row)
    return book


def saved(book: Workbook) -> bytes:
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def sheet_of(book: Workbook) -> Sheet:
    return read_workbook(saved(book), "form.xlsx", COLUMNS, Limits())


def cells(book: Workbook) -> dict[str, str]:
    return dict(sheet_of(book).records[0].cells)


def refused(data: bytes, limits: Limits | None = None) -> tuple[str, str]:
    with pytest.raises(Refusal) as caught:
        read_workbook(data, "form.xlsx", COLUMNS, limits or Limits())
    issue = caught.value.issue
    assert issue.source is not None
    return issue.code, issue.source.place


def reading_of(book: Workbook) -> Reading:
    return TableReader().extract(MemoryFile("form.xlsx", saved(book)), Limits())


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (14, "General", "14"),
        (14.0, "0.0", "14.0"),
        (14.3, "0.00", "14.30"),
        (14.37, "0.0", "14.37"),  # never rounded to what is shown
        (0.123456789012345, "General", "0.123456789012345"),
        (9.6, "General", "9.6"),
        (1e-7, "General", "0.0000001"),
        (-5, "General", "-5"),
        (46, "#,##0.00", "46"),
    ],
)
def test_numbers_are_exact_with_the_decimals_that_are_shown(value: float, form: str, text: str) -> None:
    book = book_of(["2026-01-05", "L1", value, "mm"])
    assert book.active is not None
    book.active["C2"].number_format = form
    assert cells(book)["long_axis"] == text


def test_texts_stand_as_they_were_typed() -> None:
    found = cells(book_of(["2026-01-05", " L 1 ", "014,50", "mm", "a\nb"]))
    assert found == {
        "study_date": "2026-01-05",
        "lesion_id": "L 1",
        "long_axis": "014,50",
        "unit": "mm",
        "note": "a\nb",
    }


def test_a_label_of_digits_is_a_label() -> None:
    assert cells(book_of(["2026-01-05", 7, 14, "mm"]))["lesion_id"] == "7"


def test_dates_are_dates_where_dates_belong_and_numbers_nowhere() -> None:
    """Excel makes 1 May of `1.5` in some countries: that is no size."""
    book = book_of([moment("2026-01-05"), "L1", moment("2026-05-01"), "mm"])
    assert cells(book) == {"study_date": "2026-01-05", "lesion_id": "L1", "long_axis": "2026-05-01", "unit": "mm"}
    row = reading_of(book).parts[0]
    assert isinstance(row, Row)
    assert row.study_date == dt.date(2026, 1, 5)
    assert row.sizes.long_axis is None
    assert [issue.code for issue in row.issues] == ["MEAS_NUMBER"]


@pytest.mark.parametrize("value", [dt.time(10, 30), moment("2026-01-05 10:30"), dt.timedelta(hours=3)])
def test_times_are_no_numbers(value: object) -> None:
    row = reading_of(book_of(["2026-01-05", "L1", value, "mm"])).parts[0]
    assert isinstance(row, Row)
    assert row.sizes.unusable == "MEAS_NUMBER"


def test_a_serial_number_is_no_date() -> None:
    row = reading_of(book_of([46027, "L1", 14, "mm"])).parts[0]
    assert isinstance(row, Row)
    assert "STU_BAD_DATE" in [issue.code for issue in row.issues]


def test_yes_and_no_may_be_boxes() -> None:
    book = book_of(["2026-01-05", "L1", True], header=["study_date", "lesion_id", "clip"])
    assert cells(book)["clip"] == "yes"


@pytest.mark.hostile
def test_a_formula_is_refused_by_its_cell() -> None:
    """Hostile input 82: what it would give is nobody's measurement."""
    assert refused(saved(book_of(["2026-01-05", "L1", "=2*7", "mm"]))) == ("XLSX_FORMULA", "cell C2")
    assert reading_of(book_of(["2026-01-05", "L1", "=HYPERLINK(1)", "mm"])).refused


def test_only_the_first_sheet_is_read() -> None:
    book = book_of(["2026-01-05", "L1", 14, "mm"])
    book.create_sheet("Facts to give").append(["key", "side", "=1+1"])
    assert len(sheet_of(book).records) == 1


def test_rows_keep_the_numbers_that_excel_shows() -> None:
    book = book_of(["2026-01-05", "L1", 14, "mm"], [], ["2026-01-05", "L2", 12, "mm"])
    assert [record.place for record in sheet_of(book).records] == ["row 2", "row 4"]


def test_a_cell_under_no_header_is_refused() -> None:
    assert refused(saved(book_of(["2026-01-05", "L1", 14, "mm", "", "lost"])))[0] == "CSV_CELLS"


def test_the_form_of_dates_is_not_taken_for_a_size() -> None:
    book = book_of(["2026-01-05", "L1", 14, "mm"])
    assert book.active is not None
    book.active["C2"].number_format = numbers.FORMAT_DATE_DDMMYY
    row = reading_of(book).parts[0]
    assert isinstance(row, Row)
    assert row.sizes.unusable == "MEAS_NUMBER"


@pytest.mark.hostile
@pytest.mark.parametrize("length", [4, 40, 400, 2000])
def test_a_damaged_workbook_is_refused(length: int) -> None:
    data = saved(book_of(["2026-01-05", "L1", 14, "mm"]))
    assert refused(data[:length])[0] == "XLSX_BROKEN"


@pytest.mark.hostile
def test_a_package_that_is_no_workbook_is_refused() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        package.writestr("a.txt", "no workbook")
    assert refused(data.getvalue())[0] == "XLSX_BROKEN"


@pytest.mark.hostile
def test_a_workbook_that_unpacks_too_large_is_refused_before_it_is_unpacked() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet1.xml", b"0" * 2_000_000)
    assert refused(data.getvalue(), Limits(text_bytes=1_000_000))[0] == "LIM_FILE"


@pytest.mark.hostile
def test_a_row_as_wide_as_excel_goes_is_refused() -> None:
    book = book_of(["2026-01-05", "L1", 14, "mm"])
    assert book.active is not None
    book.active["XFD3"] = "far"
    assert refused(saved(book)) == ("CSV_CELLS", "row 3")


def test_text_is_no_workbook() -> None:
    assert not is_workbook(b"study_date,lesion_id\n")
    assert is_workbook(saved(book_of()))


def test_the_same_measurements_as_csv_give_the_same_rows() -> None:
    book = book_of(["2026-01-05", "L1", 14.5, "mm", "well seen"], ["2026-01-05", "L2", 9, "mm"])
    text = "study_date,lesion_id,long_axis,unit,note\n2026-01-05,L1,14.5,mm,well seen\n2026-01-05,L2,9,mm,\n"
    one, other = reading_of(book), TableReader().extract(MemoryFile("form.xlsx", text.encode()), Limits())
    assert one == other
    assert all(isinstance(row, Row) and isinstance(row.said, Measurement) for row in one.parts)


def test_a_date_typed_into_a_table_with_other_dates_is_a_date() -> None:
    """A worksheet has ISO dates, whatever the table it was made from had."""
    columns = ColumnMap(dates=DateForm.BASIC)
    text = "study_date,lesion_id,long_axis,unit\n20260105,L1,14,mm\n2026-03-30,L1,12,mm\n"
    parts = TableReader(columns=columns).extract(MemoryFile("m.csv", text.encode()), Limits()).parts
    assert [row.study_date for row in parts if isinstance(row, Row)] == [dt.date(2026, 1, 5), dt.date(2026, 3, 30)]
