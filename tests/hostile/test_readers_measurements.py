"""Hostile input, rows 53 to 73: numbers, units, axes, lesions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from reporter.case.case import Case
from reporter.case.issue import Issue, Outcome
from reporter.case.length import Length, LengthUnit
from reporter.case.lesion import Lesion
from reporter.case.measurement import Absent, Equivocal, Measured, Merged, NotEvaluable, TooSmall, Value
from reporter.case.timepoint import BaselineBasis
from reporter.readers.assemble import assemble
from reporter.readers.interface import CaseRefused, Limits
from tests.readers.kit import MG, case_of, codes, dicom, gathered, refusal_codes, row

pytestmark = pytest.mark.hostile


def problems(case: Case) -> list[Issue]:
    return [issue for issue in case.issues if issue.outcome is Outcome.PROBLEM]


def value_in(folder: Path, **cells: str) -> tuple[Value, list[Issue]]:
    """What one row gives, and the problems it makes."""
    case = case_of(folder, None, [row(**cells)])
    (measurement,) = case.measurements
    return measurement.value, problems(case)


def test_row_53_decimal_commas_in_a_whole_file(tmp_path: Path) -> None:
    text = "patient_id;study_date;lesion_id;kind;side;long_axis;unit\nP1;2026-01-08;L1;mass;left;1,5;cm\n"
    case = case_of(tmp_path, None, text)
    assert case.measurements[0].value == Measured(long_axis=Length(Decimal("1.5"), LengthUnit.CM))
    mixed = text + "P1;2026-02-08;L1;mass;left;1.5;cm\n"
    assert refusal_codes(tmp_path, None, mixed) == ["CSV_NUMBER"]


def test_row_53_a_decimal_comma_in_a_table_of_commas_is_no_number(tmp_path: Path) -> None:
    value, found = value_in(tmp_path, long_axis="1,5")
    assert isinstance(value, NotEvaluable)
    assert codes(found) == ["MEAS_NUMBER"]


NOT_NUMBERS = [
    "1.234,5",
    "1 234",
    "1_000",
    "\uff11\uff12",
    "1e3",
    "0x1A",
    "NaN",
    "inf",
    "-",
    "n/a",
    "<5",
    "~12",
    "5 mm",
    "+5",
    ".5",
    "5.",
]


@pytest.mark.parametrize("given", NOT_NUMBERS)
@pytest.mark.parametrize("column", ["long_axis", "cortex", "volume", "suv"])
def test_row_54_and_55_what_is_no_number(tmp_path: Path, given: str, column: str) -> None:
    case = case_of(tmp_path, None, [row(**{column: given})])
    (issue,) = problems(case)
    assert issue.code == "MEAS_NUMBER"
    assert str(issue.source) == f"table.csv, row 2, {column}"
    assert isinstance(case.measurements[0].value, NotEvaluable)


@pytest.mark.parametrize(
    ("given", "read"), [("500", True), ("500.1", False), ("900", False), ("-3", False), ("51", True)]
)
def test_row_56_a_size_out_of_range(tmp_path: Path, given: str, read: bool) -> None:
    value, found = value_in(tmp_path, long_axis=given)
    assert isinstance(value, Measured) is read
    assert codes(found) == ([] if read else ["MEAS_RANGE"])


def test_row_56_the_range_is_in_millimetres(tmp_path: Path) -> None:
    value, found = value_in(tmp_path, long_axis="51", unit="cm")
    assert isinstance(value, NotEvaluable)
    assert codes(found) == ["MEAS_RANGE"]


@pytest.mark.parametrize("given", ["0", "0.0", "0.00"])
def test_row_56_a_measured_nought_is_absent(tmp_path: Path, given: str) -> None:
    value, found = value_in(tmp_path, long_axis=given)
    assert value == Absent()
    assert not found


@pytest.mark.parametrize("unit", ["", "1", "{pixels}", "MM", "Cm", "inch", "m", "mm."])
def test_row_57_and_59_a_number_without_a_unit(tmp_path: Path, unit: str) -> None:
    value, found = value_in(tmp_path, unit=unit, short_axis="20", nipple_distance="40")
    assert value == NotEvaluable(
        reason="MEAS_UNIT", given=(f"long_axis 30 {unit}".strip(), f"short_axis 20 {unit}".strip())
    )
    assert codes(found) == ["MEAS_UNIT"]


@pytest.mark.parametrize(
    ("then", "now", "asked"),
    [
        (("30", "mm"), ("3.0", "mm"), False),
        (("30", "mm"), ("3.0", "cm"), False),
        (("32", "mm"), ("0.4", "cm"), True),
        (("30", "mm"), ("0.3", "cm"), True),
        (("30", "mm"), ("0.24", "cm"), True),
        (("30", "mm"), ("0.239", "cm"), False),
        (("31.9", "mm"), ("0.4", "cm"), False),
        (("3", "mm"), ("3", "cm"), True),
        (("30", "mm"), ("2", "mm"), False),
    ],
)
def test_row_58_a_suspicious_change_of_unit(
    tmp_path: Path, then: tuple[str, str], now: tuple[str, str], asked: bool
) -> None:
    rows = [
        row(long_axis=then[0], unit=then[1]),
        row(study_date="2026-07-13", long_axis=now[0], unit=now[1]),
    ]
    case = case_of(tmp_path, None, rows)
    found = [i for i in case.issues if i.code == "MEAS_UNIT_SUSPECT"]
    assert bool(found) is asked
    assert all(i.outcome is Outcome.QUESTION for i in found)


@pytest.mark.parametrize(
    ("cells", "usable"),
    [
        ({"long_axis": "10", "short_axis": "12"}, False),
        ({"long_axis": "12", "short_axis": "12"}, True),
        ({"long_axis": "12", "short_axis": "0"}, False),
        ({"long_axis": "", "short_axis": "8"}, False),
        ({"kind": "node", "long_axis": "12"}, False),
        ({"kind": "node", "long_axis": "", "short_axis": "8"}, True),
        ({"kind": "node", "long_axis": "", "cortex": "4"}, False),
        ({"kind": "node", "long_axis": "6", "short_axis": "8"}, False),
        ({"long_axis": "12", "third_axis": "14"}, True),
    ],
)
def test_row_64_axes(tmp_path: Path, cells: dict[str, str], usable: bool) -> None:
    value, found = value_in(tmp_path, **cells)
    assert isinstance(value, Measured) is usable
    assert codes(found) == ([] if usable else ["MEAS_AXES"])


def test_row_65_the_same_row_twice_is_noted(tmp_path: Path) -> None:
    case = case_of(tmp_path, None, [row(), row()])
    assert len(case.measurements) == 1
    assert codes(case.issues) == ["LES_DUP", "TP_SINGLE"]


@pytest.mark.parametrize("cells", [{"long_axis": "31"}, {"status": "absent", "long_axis": ""}, {"long_axis": "x"}])
def test_row_65_two_values_for_one_lesion_on_one_study(tmp_path: Path, cells: dict[str, str]) -> None:
    assert refusal_codes(tmp_path, None, [row(), row(**cells)]) == ["LES_DUP_CONFLICT"]


def test_row_65_two_modalities_of_one_day_are_no_doubles(tmp_path: Path) -> None:
    case = case_of(tmp_path, None, [row(), row(modality="MR", long_axis="35")])
    assert [str(m.modality) for m in case.measurements] == ["MR", "US"]
    assert len(case.timeline.time_points) == 1


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"status": "merged", "long_axis": ""}, "LES_MERGED_WHERE"),
        ({"status": "merged", "long_axis": "", "merged_into": "L9"}, "LES_SPLIT"),
        ({"status": "merged", "long_axis": "", "merged_into": "L1"}, "LES_SPLIT"),
        ({"status": "merged", "merged_into": "L2"}, "MEAS_STATUS"),
        ({"split_from": "L9"}, "LES_SPLIT"),
    ],
)
def test_row_68_split_and_merged_lesions_are_declared(tmp_path: Path, cells: dict[str, str], code: str) -> None:
    rows = [
        row(),
        row(lesion_id="L2"),
        row(study_date="2026-07-13", **cells),
        row(lesion_id="L2", study_date="2026-07-13"),
    ]
    case = case_of(tmp_path, None, rows)
    assert code in codes(problems(case))


def test_row_68_a_declared_merger(tmp_path: Path) -> None:
    rows = [
        row(),
        row(lesion_id="L2"),
        row(study_date="2026-07-13"),
        row(lesion_id="L2", study_date="2026-07-13", status="merged", merged_into="L1", long_axis=""),
    ]
    case = case_of(tmp_path, None, rows)
    assert case.measurements[-1].value == Merged(into="L1")
    assert not problems(case)


def test_row_69_the_side_of_the_image_against_the_side_of_the_row(tmp_path: Path) -> None:
    files = {"a.dcm": dicom(ImageLaterality="R")}
    with pytest.raises(CaseRefused) as refused:
        case_of(tmp_path, files, [row()])
    (issue,) = refused.value.issues
    assert (issue.code, issue.lesion_id) == ("LAT_CONFLICT", "L1")
    assert str(issue.source) == "table.csv, row 2"


@pytest.mark.parametrize("sides", [("L", "R"), ("B", None), (None, None), ("L", None)])
def test_row_69_images_of_both_sides_contradict_nothing(tmp_path: Path, sides: tuple[str | None, str | None]) -> None:
    files = {
        "a.dcm": dicom(SOPClassUID=MG, ImageLaterality=sides[0]),
        "b.dcm": dicom(SOPClassUID=MG, ImageLaterality=sides[1], SOPInstanceUID="1.2.3.1.1.2"),
    }
    case = case_of(tmp_path, files, [row(modality="MG")])
    assert not problems(case)


def test_row_69_the_side_of_another_modality_contradicts_nothing(tmp_path: Path) -> None:
    files = {
        "a.dcm": dicom(ImageLaterality="L"),
        "b.dcm": dicom(
            SOPClassUID=MG, SeriesInstanceUID="1.2.3.1.2", SOPInstanceUID="1.2.3.1.2.1", ImageLaterality="R"
        ),
    }
    assert not problems(case_of(tmp_path, files, [row()]))
    assert refusal_codes(tmp_path, files, [row(modality="MG")]) == ["LAT_CONFLICT"]


@pytest.mark.parametrize(
    ("description", "problem"), [("US BREAST RIGHT", True), ("US BREAST LT", False), ("US BOTH: LEFT, RIGHT", False)]
)
def test_row_69_only_the_description_names_another_side(tmp_path: Path, description: str, problem: bool) -> None:
    case = case_of(tmp_path, {"a.dcm": dicom(StudyDescription=description)}, [row()])
    assert codes(problems(case)) == (["LAT_DESCRIPTION"] if problem else [])


def test_row_69_two_sides_in_one_header(tmp_path: Path) -> None:
    assert refusal_codes(tmp_path, {"a.dcm": dicom(ImageLaterality="R", Laterality="L")}) == ["LAT_HEADER"]


def lesion_of(folder: Path, rows: Sequence[Mapping[str, str]]) -> tuple[Lesion, list[str]]:
    case = case_of(folder, None, rows)
    (lesion,) = case.lesions
    return lesion, codes(problems(case))


def test_row_70_a_side_is_never_guessed(tmp_path: Path) -> None:
    lesion, found = lesion_of(tmp_path, [row(side="")])
    assert lesion.side is None
    assert not lesion.counted
    assert found == ["LAT_MISSING"]


@pytest.mark.parametrize("given", ["B", "bilateral", "U", "L", "both"])
def test_row_70_a_side_that_is_none(tmp_path: Path, given: str) -> None:
    lesion, found = lesion_of(tmp_path, [row(side=given)])
    assert lesion.side is None
    assert "CELL_WORD" in found


def test_a_lesion_without_kind_is_not_counted(tmp_path: Path) -> None:
    lesion, found = lesion_of(tmp_path, [row(kind="")])
    assert not lesion.counted
    assert found == ["LES_KIND"]


@pytest.mark.parametrize("column", ["side", "kind", "organ", "role"])
def test_contradicting_rows_keep_a_lesion_from_being_counted(tmp_path: Path, column: str) -> None:
    words = {
        "side": ("left", "right"),
        "kind": ("mass", "non_mass"),
        "organ": ("breast", "liver"),
        "role": ("new", "target"),
    }
    rows = [row(**{column: words[column][0]}), row(study_date="2026-07-13", **{column: words[column][1]})]
    lesion, found = lesion_of(tmp_path, rows)
    assert not lesion.counted
    assert found == ["LES_CONFLICT"]


def test_an_attribute_may_stand_on_one_row_only(tmp_path: Path) -> None:
    lesion, found = lesion_of(tmp_path, [row(), row(study_date="2026-07-13", side="", kind="")])
    assert lesion.counted
    assert not found


def test_row_71_a_volume_is_no_axis(tmp_path: Path) -> None:
    rows = [row(), row(study_date="2026-07-13", long_axis="", volume="3.5", volume_unit="ml")]
    case = case_of(tmp_path, None, rows)
    assert codes(problems(case)) == ["MEAS_VOLUME_ONLY"]
    assert case.measurements[1].volume is not None
    assert isinstance(case.measurements[1].value, NotEvaluable)


def test_row_72_therapy_begun_without_a_baseline(tmp_path: Path) -> None:
    case = case_of(tmp_path, None, [row()], "[therapy]\nstart = 2025-12-01\n")
    assert case.baseline is None
    assert case.timeline.basis is BaselineBasis.NONE
    assert codes(problems(case)) == ["TP_NO_BASELINE"]


@pytest.mark.parametrize(("limit", "read"), [(3, True), (2, True), (1, False)])
def test_row_73_limit_of_lesions(tmp_path: Path, limit: int, read: bool) -> None:
    readings = gathered(tmp_path, None, [row(), row(lesion_id="L2")], limits=Limits(lesions=limit))
    if read:
        assert len(assemble(readings).lesions) == 2
        return
    with pytest.raises(CaseRefused) as refused:
        assemble(readings)
    assert codes(refused.value.issues) == ["LIM_LESIONS"]


@pytest.mark.parametrize(("limit", "read"), [(3, True), (2, True), (1, False)])
def test_limit_of_files_in_a_study(tmp_path: Path, limit: int, read: bool) -> None:
    files = {"a.dcm": dicom(), "b.dcm": dicom(SOPInstanceUID="1.2.3.1.1.2")}
    readings = gathered(tmp_path, files, limits=Limits(files_per_study=limit))
    if read:
        assert len(assemble(readings).studies) == 1
        return
    with pytest.raises(CaseRefused) as refused:
        assemble(readings)
    assert codes(refused.value.issues) == ["LIM_FILES"]


@pytest.mark.parametrize(("limit", "read"), [(2, True), (1, False)])
def test_limit_of_time_points(tmp_path: Path, limit: int, read: bool) -> None:
    readings = gathered(tmp_path, None, [row(), row(study_date="2026-07-13")], limits=Limits(time_points=limit))
    if read:
        assert len(assemble(readings).timeline.time_points) == 2
        return
    with pytest.raises(CaseRefused) as refused:
        assemble(readings)
    assert codes(refused.value.issues) == ["LIM_TIME_POINTS"]


@pytest.mark.parametrize(
    ("cells", "value"),
    [
        ({"status": "too_small", "long_axis": ""}, TooSmall()),
        ({"status": "too_small", "long_axis": "3"}, Measured(long_axis=Length(Decimal(3)))),
        ({"status": "equivocal", "long_axis": ""}, Equivocal()),
        ({"status": "equivocal", "long_axis": "6"}, Equivocal(size=Measured(long_axis=Length(Decimal(6))))),
        ({"status": "absent", "long_axis": "0"}, Absent()),
        ({"status": "measured", "long_axis": "6"}, Measured(long_axis=Length(Decimal(6)))),
    ],
)
def test_words_of_status(tmp_path: Path, cells: dict[str, str], value: Value) -> None:
    found, doubts = value_in(tmp_path, **cells)
    assert found == value
    assert not doubts


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"status": "absent"}, "MEAS_STATUS"),
        ({"status": "not_imaged"}, "MEAS_STATUS"),
        ({"status": "not_evaluable"}, "MEAS_STATUS"),
        ({"status": "too_small"}, "MEAS_STATUS"),
        ({"status": "measured", "long_axis": ""}, "MEAS_EMPTY"),
        ({"long_axis": ""}, "MEAS_EMPTY"),
        ({"status": "gone"}, "CELL_WORD"),
        ({"clock": "13"}, "CELL_WHOLE"),
        ({"clock": "0"}, "CELL_WHOLE"),
        ({"biopsy_date": "12.01.2026"}, "CELL_DATE"),
        ({"clip": "maybe"}, "CELL_WORD"),
    ],
)
def test_what_contradicts_or_is_missing_costs_the_measurement(tmp_path: Path, cells: dict[str, str], code: str) -> None:
    value, found = value_in(tmp_path, **cells)
    assert isinstance(value, NotEvaluable)
    assert codes(found) == [code]


def test_two_spans_of_one_breast_at_one_time_point(tmp_path: Path) -> None:
    rows = [row(span="40"), row(lesion_id="L2", span="60"), row(lesion_id="L3", side="right", span="60")]
    case = case_of(tmp_path, None, rows)
    assert [str(m.span) for m in case.measurements] == ["None", "None", "60 mm"]
    assert codes(problems(case)) == ["SPAN_CONFLICT"]
