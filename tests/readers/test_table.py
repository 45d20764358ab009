"""Every column of the measurement table, and where its value ends."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from reporter.case.length import Length, LengthUnit
from reporter.case.lesion import Lesion
from reporter.case.measurement import Absent, Measured, Measurement, Present, UnequivocalProgression, Value, Volume
from reporter.case.vocabulary import (
    BiopsyResult,
    Depth,
    ExtentChange,
    Hilum,
    Kind,
    Location,
    Modality,
    Role,
    Side,
)
from tests.readers.kit import case_of, codes, row


def only(folder: Path, **cells: str) -> tuple[Lesion, Measurement]:
    case = case_of(folder, None, [row(**cells)])
    assert codes(case.issues) == ["TP_SINGLE"]
    return case.lesions[0], case.measurements[0]


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        ("kind", "non_mass", Kind.NON_MASS),
        ("kind", "Mass", Kind.MASS),
        ("organ", "liver", "liver"),
        ("side", "RIGHT", Side.RIGHT),
        ("location", "uoq", Location.UOQ),
        ("clock", "2", 2),
        ("depth", "middle", Depth.MIDDLE),
        ("role", "target", Role.TARGET),
        ("biopsy_result", "malignant", BiopsyResult.MALIGNANT),
        ("biopsy_date", "2026-01-12", dt.date(2026, 1, 12)),
        ("receptors", "ER-, PR-, HER2-", "ER-, PR-, HER2-"),
        ("clip", "yes", True),
        ("clip", "no", False),
        ("clip_shape", "coil", "coil"),
        ("covered_before", "yes", True),
    ],
)
def test_columns_of_the_lesion(tmp_path: Path, column: str, cell: str, value: object) -> None:
    lesion, _ = only(tmp_path, **{column: cell})
    assert getattr(lesion, column) == value


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        ("modality", "dbt", Modality.DBT),
        ("modality", "", None),
        ("suv", "4.2", Decimal("4.2")),
        ("cortex", "2.5", Length(Decimal("2.5"))),
        ("hilum", "effaced", Hilum.EFFACED),
        ("cortex_type", "4", 4),
        ("extent", "12", Length(Decimal(12))),
        ("extent_change", "fewer", ExtentChange.FEWER),
        ("span", "60", Length(Decimal(60))),
        ("nipple_distance", "45", Length(Decimal(45))),
        ("skin_distance", "16", Length(Decimal(16))),
        ("muscle_distance", "9", Length(Decimal(9))),
        ("index_distance", "22", Length(Decimal(22))),
        ("slice_thickness", "1.0", Length(Decimal(1))),
        ("quality", "diagnostic", "diagnostic"),
        ("clip_seen", "no", False),
        ("clip_displaced", "0", Length(Decimal(0))),
        ("distortion", "yes", True),
        ("birads", "4A", "4A"),
        ("note", "see | below <5 mm **", "see | below <5 mm **"),
    ],
)
def test_columns_of_the_measurement(tmp_path: Path, column: str, cell: str, value: object) -> None:
    _, measurement = only(tmp_path, **{column: cell})
    assert getattr(measurement, column) == value


def test_a_volume_has_its_own_unit(tmp_path: Path) -> None:
    _, measurement = only(tmp_path, volume="3.50", volume_unit="ml")
    assert measurement.volume == Volume(value=Decimal("3.5"), unit="ml")


def test_a_volume_without_unit_costs_only_the_volume(tmp_path: Path) -> None:
    case = case_of(tmp_path, None, [row(volume="3.5")])
    assert codes(case.issues) == ["MEAS_UNIT", "TP_SINGLE"]
    assert case.measurements[0].volume is None
    assert isinstance(case.measurements[0].value, Measured)


def test_lengths_keep_the_unit_and_the_digits_given(tmp_path: Path) -> None:
    _, measurement = only(tmp_path, long_axis="1.50", short_axis="1", third_axis="0.9", unit="cm")
    assert isinstance(measurement.value, Measured)
    long_axis = measurement.value.long_axis
    assert long_axis is not None
    assert (str(long_axis), long_axis.unit, str(long_axis.value)) == ("15.0 mm", LengthUnit.CM, "1.50")


@pytest.mark.parametrize(("kind", "organ"), [("mass", "breast"), ("node", "lymph node"), ("skin", "breast")])
def test_the_organ_has_a_default(tmp_path: Path, kind: str, organ: str) -> None:
    lesion, _ = only(tmp_path, kind=kind, short_axis="9")
    assert lesion.organ == organ


@pytest.mark.parametrize(
    ("cells", "value"),
    [
        ({"extent": "12"}, Present()),
        ({"extent": "0"}, Absent()),
        ({"extent_change": "same"}, Present()),
        ({"status": "present"}, Present()),
        ({"status": "unequivocal_progression"}, UnequivocalProgression()),
    ],
)
def test_calcifications_are_told_by_their_extent(tmp_path: Path, cells: dict[str, str], value: Value) -> None:
    _, measurement = only(tmp_path, kind="calcification", modality="MG", long_axis="", **cells)
    assert measurement.value == value


def test_a_size_beside_unequivocal_progression_is_said_to_be_unused(tmp_path: Path) -> None:
    case = case_of(tmp_path, None, [row(status="unequivocal_progression")])
    assert codes(case.issues) == ["MEAS_SIZE_UNUSED", "TP_SINGLE"]


@pytest.mark.parametrize("cell", ["0", "3"])
def test_a_displacement_of_nought_needs_no_unit(tmp_path: Path, cell: str) -> None:
    case = case_of(tmp_path, None, [row(status="absent", long_axis="", unit="", clip_displaced=cell)])
    assert ("MEAS_UNIT" in codes(case.issues)) is (cell == "3")


def test_a_row_without_lesion_is_left_out_with_its_reason(tmp_path: Path) -> None:
    case = case_of(tmp_path, None, [row(), row(lesion_id="")])
    assert "ROW_NO_LESION" in codes(case.issues)
    assert [(item.what, item.code) for item in case.left_out] == [("table.csv, row 3", "ROW_NO_LESION")]


def test_a_row_of_an_unknown_modality_is_left_out_with_its_reason(tmp_path: Path) -> None:
    case = case_of(tmp_path, None, [row(), row(modality="MRI", study_date="2026-01-09")])
    assert "CELL_WORD" in codes(case.issues)
    assert len(case.measurements) == 1
    assert ("table.csv, row 3", "CELL_WORD") in [(item.what, item.code) for item in case.left_out]


def test_the_latest_word_about_biopsy_and_marker_stands(tmp_path: Path) -> None:
    rows = [
        row(biopsy_result="pending", clip="no", study_date="2026-01-08"),
        row(biopsy_result="malignant", clip="yes", clip_shape="coil", study_date="2026-01-20"),
        row(study_date="2026-07-13"),
    ]
    (lesion,) = case_of(tmp_path, None, rows).lesions
    assert (lesion.biopsy_result, lesion.clip, lesion.clip_shape) == (BiopsyResult.MALIGNANT, True, "coil")


def test_an_organ_is_one_however_it_is_spelt(tmp_path: Path) -> None:
    case = case_of(tmp_path, None, [row(organ="Liver"), row(organ="liver", study_date="2026-07-13")])
    assert "LES_CONFLICT" not in codes(case.issues)
    assert (case.lesions[0].organ, case.lesions[0].counted) == ("Liver", True)
    other = case_of(tmp_path, None, [row(organ="Liver"), row(organ="lung", study_date="2026-07-13")])
    assert "LES_CONFLICT" in codes(other.issues)


def test_a_marker_that_was_placed_cannot_be_unplaced(tmp_path: Path) -> None:
    case = case_of(tmp_path, None, [row(clip="yes"), row(clip="no", study_date="2026-07-13")])
    assert case.lesions[0].clip is None
    assert "LES_CONFLICT" in codes(case.issues)
