"""Hostile input, rows 29 to 52: whose study it is, when it was made, what its texts hold."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from reporter.case.issue import Outcome
from reporter.readers.assemble import assemble
from reporter.readers.gather import patients
from reporter.readers.interface import CaseRefused
from reporter.readers.parts import ImageHeader
from tests.readers.kit import (
    CT,
    case_of,
    codes,
    dicom,
    element,
    gathered,
    read_header,
    refusal_codes,
    row,
)

pytestmark = pytest.mark.hostile


def second(**attributes: object) -> bytes:
    """Another image of the same study."""
    return dicom(**{"SOPInstanceUID": "1.2.3.1.1.2", **attributes})


def other_study(**attributes: object) -> bytes:
    """A later study."""
    usual = {
        "StudyInstanceUID": "1.2.3.2",
        "SeriesInstanceUID": "1.2.3.2.1",
        "SOPInstanceUID": "1.2.3.2.1.1",
        "StudyDate": "20260713",
    }
    return dicom(**{**usual, **attributes})


def header_of(data: bytes) -> ImageHeader:
    (part,) = read_header(data).parts
    assert isinstance(part, ImageHeader)
    return part


@pytest.mark.parametrize("patient", [None, "P1", "P2"])
def test_row_29_two_patients_in_one_study(tmp_path: Path, patient: str | None) -> None:
    files = {"a.dcm": dicom(), "b.dcm": second(PatientID="P2")}
    assert refusal_codes(tmp_path, files, patient=patient) == ["STU_PATIENT_CONFLICT"]


@pytest.mark.parametrize(
    "other", [{"PatientName": "SAMPLE^TWO"}, {"PatientBirthDate": "19710204"}], ids=["name", "birth date"]
)
def test_row_30_another_name_or_birth_date_is_a_problem(tmp_path: Path, other: dict[str, object]) -> None:
    case = case_of(tmp_path, {"a.dcm": dicom(), "b.dcm": other_study(**other)})
    problems = [i for i in case.issues if i.outcome is Outcome.PROBLEM]
    assert codes(problems) == ["STU_PATIENT_ATTR"]
    assert not {"SAMPLE^TWO", "19710204"} & {str(v) for v in problems[0].operands.values()}


def test_row_30_the_same_name_written_otherwise_is_none(tmp_path: Path) -> None:
    case = case_of(tmp_path, {"a.dcm": dicom(), "b.dcm": other_study(PatientName="Sample^One^^^")})
    assert "STU_PATIENT_ATTR" not in codes(case.issues)


def test_row_31_the_same_id_of_two_issuers(tmp_path: Path) -> None:
    files = {"a.dcm": dicom(IssuerOfPatientID="A"), "b.dcm": other_study(IssuerOfPatientID="B")}
    assert refusal_codes(tmp_path, files) == ["STU_ISSUER"]
    assert not refusal_codes(tmp_path, {"b.dcm": other_study()})


@pytest.mark.parametrize(("given", "same"), [("P1 ", True), (" P1", True), ("p1", False), ("P01", False)])
def test_row_32_only_padding_is_left_out_of_an_id(tmp_path: Path, given: str, same: bool) -> None:
    files = {"a.dcm": dicom(), "b.dcm": second(PatientID=given)}
    assert refusal_codes(tmp_path, files) == ([] if same else ["STU_PATIENT_CONFLICT"])


def test_row_33_a_patient_id_of_two_values(tmp_path: Path) -> None:
    assert refusal_codes(tmp_path, {"a.dcm": dicom(PatientID=["P1", "P2"])}) == ["DCM_VM"]


@pytest.mark.parametrize("given", ["", None])
def test_row_34_no_patient_id_groups_nothing(tmp_path: Path, given: str | None) -> None:
    files = {"a.dcm": dicom(PatientID=given), "b.dcm": other_study(PatientID=given)}
    assert patients(gathered(tmp_path, files)) == ()
    assert set(refusal_codes(tmp_path, {})) == {"STU_NO_PATIENT"}


def test_row_34_an_object_without_patient_refuses_the_one_case_beside_it(tmp_path: Path) -> None:
    assert refusal_codes(tmp_path, {"a.dcm": dicom(), "b.dcm": second(PatientID="")}) == ["STU_NO_PATIENT"]


def test_row_35_many_patients_are_for_the_batch(tmp_path: Path) -> None:
    files = {"a.dcm": dicom(), "b.dcm": other_study(PatientID="P2")}
    readings = gathered(tmp_path, files)
    assert patients(readings) == ("P1", "P2")
    assert refusal_codes(tmp_path, {}) == ["STU_SEVERAL_PATIENTS"]
    assert [study.uid for study in assemble(readings, patient="P2").studies] == ["1.2.3.2"]


def test_row_36_the_same_object_twice(tmp_path: Path) -> None:
    case = case_of(tmp_path, {"one/a.dcm": dicom(), "two/a.dcm": dicom()})
    assert "DUP_SAME" in codes(i for i in case.issues if i.outcome is Outcome.NOTE)
    assert case.studies[0].series[0].instances == ("1.2.3.1.1.1",)


def test_row_37_one_uid_for_two_contents(tmp_path: Path) -> None:
    files = {"a.dcm": dicom(), "b.dcm": dicom(PixelData=b"\3\2\1\0")}
    assert refusal_codes(tmp_path, files) == ["DUP_CONFLICT"]


@pytest.mark.parametrize("uid", ["../x", "1.2.a", "1." * 35, "1..2", ".1"])
@pytest.mark.parametrize("keyword", ["StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"])
def test_row_38_a_uid_that_is_none(uid: str, keyword: str) -> None:
    assert codes(read_header(dicom(**{keyword: uid})).issues) == ["DCM_BAD_UID"]


@pytest.mark.parametrize("given", ["", None])
def test_row_39_no_study_date(tmp_path: Path, given: str | None) -> None:
    files = {"a.dcm": dicom(StudyDate=given)}
    assert refusal_codes(tmp_path, files) == ["STU_NO_DATE"]


def test_row_39_a_table_may_date_the_study(tmp_path: Path) -> None:
    rows = [row(study_uid="1.2.3.1", study_date="2026-01-09")]
    case = case_of(tmp_path, {"a.dcm": dicom(StudyDate=None)}, rows)
    assert case.studies[0].date == dt.date(2026, 1, 9)
    assert "STU_DATE_FROM_TABLE" in codes(case.issues)


@pytest.mark.parametrize(
    "given",
    [
        "20241301",
        "20240230",
        "ABC",
        "00000000",
        "2024-01-05",
        "20240101-20240105",
        ["20240101", "20240102"],
        "1",
        "2024",
    ],
)
def test_row_40_to_42_dates_that_are_none(tmp_path: Path, given: object) -> None:
    assert refusal_codes(tmp_path, {"a.dcm": dicom(StudyDate=given)}) == ["STU_BAD_DATE"]


def test_row_41_a_date_as_before_dicom_is_noted(tmp_path: Path) -> None:
    case = case_of(tmp_path, {"a.dcm": dicom(StudyDate="2024.01.05")})
    assert case.studies[0].date == dt.date(2024, 1, 5)
    assert "STU_DATE_FORMAT" in codes(case.issues)


def test_row_43_a_study_before_birth(tmp_path: Path) -> None:
    case = case_of(tmp_path, {"a.dcm": dicom(PatientBirthDate="20260109")})
    assert "STU_DATE_RANGE" in codes(i for i in case.issues if i.outcome is Outcome.PROBLEM)


def test_row_44_a_follow_up_before_the_baseline(tmp_path: Path) -> None:
    rows = [row(timepoint="end of treatment"), row(study_date="2026-02-01", timepoint="baseline")]
    assert refusal_codes(tmp_path, None, rows) == ["TP_ORDER"]


def test_row_44_two_labels_on_one_day(tmp_path: Path) -> None:
    rows = [row(timepoint="baseline"), row(modality="MR", timepoint="C1")]
    case = case_of(tmp_path, None, rows)
    assert len(case.timeline.time_points) == 1
    assert "TP_SAME_DAY" in codes(i for i in case.issues if i.outcome is Outcome.NOTE)


@pytest.mark.parametrize(("date", "problem"), [("2026-01-09", False), ("2026-01-10", True)])
def test_row_45_the_date_of_the_header_stands(tmp_path: Path, date: str, problem: bool) -> None:
    case = case_of(tmp_path, {"a.dcm": dicom()}, [row(study_uid="1.2.3.1", study_date=date)])
    assert case.studies[0].date == dt.date(2026, 1, 8)
    found = codes(i for i in case.issues if i.outcome is Outcome.PROBLEM)
    assert found == (["TP_DATE_MISMATCH"] if problem else [])


@pytest.mark.parametrize("zone", ["+0900", "-0800", None])
def test_row_46_no_time_zone_moves_a_date(tmp_path: Path, zone: str | None) -> None:
    case = case_of(tmp_path, {"a.dcm": dicom(StudyTime="000001", TimezoneOffsetFromUTC=zone)})
    assert case.studies[0].date == dt.date(2026, 1, 8)


@pytest.mark.parametrize("given", ["250000", "10:15:00", "1", "abc", "106000"])
def test_row_47_a_time_that_is_none(tmp_path: Path, given: str) -> None:
    case = case_of(tmp_path, {"a.dcm": dicom(StudyTime=given)})
    assert case.studies[0].start is None
    assert "DCM_TM" in codes(i for i in case.issues if i.outcome is Outcome.NOTE)


def with_name(raw: bytes, character_set: str | None) -> bytes:
    """A file whose patient name stands in bytes of our choice."""
    data = dicom(PatientName=None)
    if character_set:
        at = data.index(b"\x08\x00\x16\x00UI")
        term = character_set.encode() + b" " * (len(character_set) % 2)
        data = data[:at] + element(0x00080005, b"CS", term) + data[at:]
    at = data.index(b"\x10\x00\x20\x00LO")
    return data[:at] + element(0x00100010, b"PN", raw + b" " * (len(raw) % 2)) + data[at:]


@pytest.mark.parametrize(
    ("raw", "character_set", "shown", "doubtful"),
    [
        ("Müller^Ann".encode(), "ISO_IR 192", "Müller^Ann", False),
        ("Müller^Ann".encode("latin-1"), "ISO_IR 100", "Müller^Ann", False),
        ("Müller^Ann".encode(), None, "Müller^Ann", True),
        ("Müller^Ann".encode(), "ISO_IR 100", "MÃ¼ller^Ann", True),
        ("Müller^Ann".encode("latin-1"), "ISO_IR 192", "M\ufffdller^Ann", True),
        ("Müller^Ann".encode("latin-1"), "ISO_IR 999", "Müller^Ann", True),
    ],
)
def test_row_48_character_sets(raw: bytes, character_set: str | None, shown: str, doubtful: bool) -> None:
    reading = read_header(with_name(raw, character_set))
    (part,) = reading.parts
    assert isinstance(part, ImageHeader)
    assert part.patient_name == shown
    assert ("DCM_CHARSET" in codes(reading.issues)) is doubtful


@pytest.mark.parametrize(
    ("name", "character_set"),
    [
        ("Yamada^Tarou=山田^太郎=やまだ^たろう", ["", "ISO 2022 IR 87"]),
        ("ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう", ["ISO 2022 IR 13", "ISO 2022 IR 87"]),
        ("Hong^Gildong=洪^吉洞=홍^길동", ["", "ISO 2022 IR 149"]),
        ("Wang^XiaoDong=王^小东", "GB18030"),
        ("Wang^XiaoDong=王^小東", "ISO_IR 192"),
    ],
)
def test_row_49_names_in_three_groups(name: str, character_set: object) -> None:
    header = header_of(dicom(SpecificCharacterSet=character_set, PatientName=name))
    assert header.patient_name == name


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\u202e", "\u2066", "\x7f", "\ufdd0"])
def test_row_50_control_characters_are_shown_as_marks(character: str) -> None:
    reading = read_header(with_name(f"A{character}B^{{{{7*7}}}}".encode(), "ISO_IR 192"))
    (part,) = reading.parts
    assert isinstance(part, ImageHeader)
    assert part.patient_name == "A\ufffdB^{{7*7}}"
    assert "TXT_CONTROL" in codes(reading.issues)


def test_row_50_a_long_name_is_kept() -> None:
    assert header_of(with_name(b"A" * 300, None)).patient_name == "A" * 300


@pytest.mark.parametrize("order", [("P1", "P2"), ("P2", "P1")])
def test_row_51_a_prior_of_another_patient(tmp_path: Path, order: tuple[str, str]) -> None:
    files = {"a.dcm": dicom(PatientID=order[0]), "b.dcm": other_study(PatientID=order[1])}
    rows = [row(), row(study_date="2026-07-13", long_axis="10")]
    day = {"P1": "2026-01-08", "P2": "2026-07-13"}[order[0]]
    rows = [row(study_date=day)]
    with pytest.raises(CaseRefused) as refused:
        case_of(tmp_path, files, rows)
    (issue,) = refused.value.issues
    assert issue.code == "TP_WRONG_PATIENT"
    assert issue.source is not None
    assert issue.source.file == ("b.dcm" if order[0] == "P1" else "a.dcm")


def test_row_51_another_patient_never_influences_a_chosen_one(tmp_path: Path) -> None:
    alone = case_of(tmp_path / "one", {"a.dcm": dicom()}, [row()])
    foreign = [row(patient_id="P2", study_date="2026-07-13", long_axis="99")]
    files = {"a.dcm": dicom(), "b.dcm": other_study(PatientID="P2")}
    assert case_of(tmp_path / "two", files, [row(), *foreign], patient="P1") == alone


def test_row_51_a_row_that_names_the_study_of_another_patient(tmp_path: Path) -> None:
    files = {"a.dcm": dicom(), "b.dcm": other_study(PatientID="P2")}
    assert refusal_codes(tmp_path, files, [row(study_uid="1.2.3.2")], patient="P1") == ["STU_PATIENT_CONFLICT"]


def test_row_51_a_table_about_somebody_else(tmp_path: Path) -> None:
    assert refusal_codes(tmp_path, {"a.dcm": dicom()}, [row(patient_id="P9")]) == ["STU_TABLE_PATIENT"]


def test_row_52_a_study_of_another_body_part(tmp_path: Path) -> None:
    files = {"a.dcm": dicom(BodyPartExamined="BREAST"), "k.dcm": other_study(SOPClassUID=CT, BodyPartExamined="KNEE")}
    case = case_of(tmp_path, files)
    assert [study.key for study in case.studies] == ["1.2.3.1"]
    assert [(item.what, item.code) for item in case.left_out] == [("1.2.3.2", "TP_MODALITY")]
    assert "TP_MODALITY" in codes(i for i in case.issues if i.outcome is Outcome.NOTE)


def test_row_52_another_modality_is_normal(tmp_path: Path) -> None:
    files = {"a.dcm": dicom(), "c.dcm": other_study(SOPClassUID=CT, BodyPartExamined="CHEST_ABDOMEN_PELVIS")}
    assert len(case_of(tmp_path, files).studies) == 2
