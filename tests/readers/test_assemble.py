"""From readings to a case: studies and rows meet, lesions are put together, facts find their breast and time point."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pytest

from reporter.case.issue import Outcome
from reporter.case.vocabulary import Modality, Phase, Side, TherapyStatus
from reporter.readers.assemble import assemble, listed_files
from reporter.readers.gather import Inputs, gather, patients
from reporter.readers.interface import CaseRefused
from tests.readers.kit import DBT, MG, MR, case_of, codes, csv_of, dicom, gathered, refusal_codes, row

THERAPY = "[therapy]\nstart = 2026-02-02\nend = 2026-06-29\n"


def study_of(number: int, date: str, sop_class: str, **attributes: object) -> bytes:
    uid = f"1.2.3.{number}"
    usual = {
        "SOPClassUID": sop_class,
        "StudyInstanceUID": uid,
        "SeriesInstanceUID": f"{uid}.1",
        "SOPInstanceUID": f"{uid}.1.1",
        "StudyDate": date,
    }
    return dicom(**{**usual, **attributes})


# -- rows and studies -----------------------------------------------------------------------------------------


def test_rows_meet_their_study_by_uid_or_by_date_and_modality(tmp_path: Path) -> None:
    files = {"us.dcm": dicom(), "mr.dcm": study_of(2, "20260108", MR)}
    rows = [
        row(),
        row(modality="MR", long_axis="33"),
        row(lesion_id="L2", study_uid="1.2.3.2", study_date="", modality="MR"),
    ]
    case = case_of(tmp_path, files, rows)
    assert [(m.lesion_id, m.study) for m in case.measurements] == [
        ("L1", "1.2.3.1"),
        ("L1", "1.2.3.2"),
        ("L2", "1.2.3.2"),
    ]


@pytest.mark.parametrize("modality", ["MG", "DBT", "CEM"])
def test_mammography_in_all_its_forms_is_one_modality_of_a_study(tmp_path: Path, modality: str) -> None:
    case = case_of(tmp_path, {"a.dcm": study_of(2, "20260108", DBT)}, [row(modality=modality)])
    assert case.measurements[0].study == "1.2.3.2"
    assert case.measurements[0].modality == modality


def test_the_exact_form_of_mammography_goes_first(tmp_path: Path) -> None:
    files = {"a.dcm": study_of(2, "20260108", MG), "b.dcm": study_of(3, "20260108", DBT)}
    case = case_of(tmp_path, files, [row(modality="DBT"), row(modality="MG")])
    assert [(m.modality, m.study) for m in case.measurements] == [("MG", "1.2.3.2"), ("DBT", "1.2.3.3")]


def test_two_studies_of_the_day_are_a_question(tmp_path: Path) -> None:
    files = {"a.dcm": dicom(), "b.dcm": study_of(2, "20260108", "1.2.840.10008.5.1.4.1.1.6.1")}
    case = case_of(tmp_path, files, [row()])
    assert case.measurements[0].study == "table:2026-01-08:US"
    (issue,) = (i for i in case.issues if i.code == "STU_AMBIGUOUS")
    assert (issue.outcome, issue.column) == (Outcome.QUESTION, "study_uid")
    assert len(case.timeline.time_points) == 1


def test_a_row_that_meets_no_study_stands_for_one(tmp_path: Path) -> None:
    case = case_of(tmp_path, {"a.dcm": dicom()}, [row(), row(study_date="2026-07-13")])
    told = case.studies[1]
    assert (told.key, told.uid, told.modalities) == ("table:2026-07-13:US", None, (Modality.US,))
    assert "STU_NO_DICOM" in codes(i for i in case.issues if i.outcome is Outcome.NOTE)


def test_a_table_alone_is_no_case_of_missing_images(tmp_path: Path) -> None:
    assert codes(case_of(tmp_path, None, [row()]).issues) == ["TP_SINGLE"]


def test_an_examination_meets_no_images(tmp_path: Path) -> None:
    case = case_of(tmp_path, {"a.dcm": dicom()}, [row(), row(modality="EXAM", long_axis="35")])
    assert [(m.modality, m.study) for m in case.measurements] == [
        (Modality.US, "1.2.3.1"),
        (Modality.EXAM, "table:2026-01-08:EXAM"),
    ]
    assert codes(case.issues) == ["TP_SINGLE"]


def test_the_patient_id_may_be_left_out_where_the_images_are_of_one(tmp_path: Path) -> None:
    assert len(case_of(tmp_path, {"a.dcm": dicom()}, [row(patient_id="")]).measurements) == 1


def test_a_table_without_patient_and_without_images_is_refused(tmp_path: Path) -> None:
    assert refusal_codes(tmp_path, None, [row(patient_id="")]) == ["STU_NO_PATIENT_ROW"]


def test_many_patients_in_one_table(tmp_path: Path) -> None:
    readings = gathered(tmp_path, None, [row(patient_id=f"P{n}", long_axis=str(n + 10)) for n in range(5)])
    assert patients(readings) == ("P0", "P1", "P2", "P3", "P4")
    for n in range(5):
        (measurement,) = assemble(readings, patient=f"P{n}").measurements
        assert str(getattr(measurement.value, "long_axis", None)) == f"{n + 10} mm"
    with pytest.raises(CaseRefused) as refused:
        assemble(readings)
    assert codes(refused.value.issues) == ["STU_SEVERAL_PATIENTS"]
    with pytest.raises(CaseRefused) as refused:
        assemble(readings, patient="P9")
    assert codes(refused.value.issues) == ["STU_PATIENT_UNKNOWN"]


def test_a_row_against_the_images_of_its_study(tmp_path: Path) -> None:
    case = case_of(tmp_path, {"a.dcm": dicom()}, [row(study_uid="1.2.3.1", modality="MR")])
    assert "STU_MODALITY" in codes(i for i in case.issues if i.outcome is Outcome.PROBLEM)


# -- studies --------------------------------------------------------------------------------------------------


def test_series_say_what_all_their_images_say(tmp_path: Path) -> None:
    files = {
        "1.dcm": dicom(
            SOPClassUID=MG, ImageLaterality="L", ViewPosition="CC", Manufacturer="Maker", SliceThickness="1"
        ),
        "2.dcm": dicom(
            SOPClassUID=MG,
            SOPInstanceUID="1.2.3.1.1.2",
            ImageLaterality="R",
            ViewPosition="MLO",
            Manufacturer="Maker",
            SliceThickness="2",
        ),
    }
    (series,) = case_of(tmp_path, files).studies[0].series
    assert (series.sides, series.views) == ((Side.LEFT, Side.RIGHT), ("CC", "MLO"))
    assert series.technique.manufacturer == "Maker"
    assert series.technique.slice_thickness is None
    assert len(series.instances) == 2


def test_organ_doses_are_listed_and_never_added_up(tmp_path: Path) -> None:
    files = {
        f"{n}.dcm": dicom(SOPClassUID=MG, SOPInstanceUID=f"1.2.3.1.1.{n}", OrganDose=dose)
        for n, dose in ((1, "0.012"), (2, "0.0145"), (3, None))
    }
    (series,) = case_of(tmp_path, files).studies[0].series
    assert [str(dose) for dose in series.organ_doses] == ["1.2", "1.45"]
    assert series.technique.organ_dose is None


def test_two_dates_in_one_study_are_refused(tmp_path: Path) -> None:
    files = {"1.dcm": dicom(), "2.dcm": dicom(SOPInstanceUID="1.2.3.1.1.2", StudyDate="20260109")}
    assert refusal_codes(tmp_path, files) == ["STU_DATE_CONFLICT"]


def test_a_study_without_images_and_rows_is_left_out(tmp_path: Path) -> None:
    other = study_of(2, "20260713", "1.2.840.10008.5.1.4.1.1.11.1", Modality="PR")
    case = case_of(tmp_path, {"1.dcm": dicom(), "2.dcm": other})
    assert [item.code for item in case.left_out] == ["STU_NO_IMAGES"]
    assert len(case.timeline.time_points) == 1


def test_labels_come_from_the_header_or_the_table(tmp_path: Path) -> None:
    files = {"1.dcm": dicom(ClinicalTrialTimePointID="baseline"), "2.dcm": study_of(2, "20260713", MR)}
    case = case_of(tmp_path, files, [row(), row(modality="MR", study_date="2026-07-13", timepoint="post-treatment")])
    assert [(t.phase, t.label) for t in case.timeline.time_points] == [
        (Phase.BASELINE, "baseline"),
        (Phase.END, "post-treatment"),
    ]


def test_two_labels_of_one_study_are_a_question(tmp_path: Path) -> None:
    rows = [row(timepoint="baseline"), row(lesion_id="L2", timepoint="C1")]
    case = case_of(tmp_path, {"1.dcm": dicom()}, rows)
    assert "TP_LABELS" in codes(i for i in case.issues if i.outcome is Outcome.QUESTION)
    assert case.studies[0].label is None


@pytest.mark.parametrize(("label", "asked"), [("T0", False), ("Baseline", False), ("C4", True), ("end", True)])
def test_a_table_and_a_header_may_word_one_label_differently(tmp_path: Path, label: str, asked: bool) -> None:
    case = case_of(tmp_path, {"1.dcm": dicom(ClinicalTrialTimePointID="baseline")}, [row(timepoint=label)])
    assert ("TP_LABELS" in codes(case.issues)) is asked
    assert case.studies[0].label == label


def test_a_day_chooses_the_case_up_to_it(tmp_path: Path) -> None:
    rows = [row(), row(study_date="2026-04-20", long_axis="20"), row(study_date="2026-07-13", long_axis="x")]
    readings = gathered(tmp_path, None, rows, THERAPY)
    case = assemble(readings, at=dt.date(2026, 4, 20))
    assert (case.reported.date, case.reported.phase) == (dt.date(2026, 4, 20), Phase.DURING)
    assert len(case.measurements) == 2
    assert "MEAS_NUMBER" not in codes(case.issues)
    assert {item.code for item in case.left_out} == {"TP_LATER"}


def test_a_day_before_every_study_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseRefused) as refused:
        assemble(gathered(tmp_path, None, [row()]), at=dt.date(2026, 1, 7))
    assert codes(refused.value.issues) == ["TP_AT"]


def test_nothing_at_all_is_refused(tmp_path: Path) -> None:
    assert refusal_codes(tmp_path, {"notes.txt": b"x"}) == ["INPUT_EMPTY"]


def test_everything_that_refuses_is_told_at_once(tmp_path: Path) -> None:
    files = {"1.dcm": dicom(StudyDate="20261301"), "2.dcm": b""}
    assert refusal_codes(tmp_path, files, [row(study_date="x")]) == ["DCM_EMPTY", "STU_BAD_DATE", "STU_BAD_DATE"]


def test_unreadable_files_may_be_left_out_and_are_counted(tmp_path: Path) -> None:
    files = {"1.dcm": dicom(), "2.dcm": dicom(SOPInstanceUID="1.2.3.1.1.2")[:-1]}
    case = assemble(gathered(tmp_path, files, allow_unreadable=True))
    (issue,) = (i for i in case.issues if i.outcome is Outcome.PROBLEM)
    assert (issue.code, issue.operands["unreadable"], issue.operands["files"]) == ("FILES_UNREADABLE", 1, 2)
    assert [(item.what, item.code) for item in case.left_out] == [("2.dcm", "DCM_TRUNCATED")]


def test_no_option_overrides_the_patient(tmp_path: Path) -> None:
    files = {"1.dcm": dicom(), "2.dcm": dicom(SOPInstanceUID="1.2.3.1.1.2", PatientID="P2")}
    with pytest.raises(CaseRefused):
        assemble(gathered(tmp_path, files, allow_unreadable=True))


def test_every_file_is_used_listed_or_refused(tmp_path: Path) -> None:
    readings = gathered(tmp_path, {"1.dcm": dicom(), "2.dcm": b"", "x.txt": b"x"}, [row()])
    assert [(file.name, str(file.use)) for file in readings.files] == [
        ("1.dcm", "used"),
        ("2.dcm", "refused"),
        ("table.csv", "used"),
        ("x.txt", "listed"),
    ]
    assert [(item.what, item.code) for item in listed_files(readings)] == [
        ("2.dcm", "DCM_EMPTY"),
        ("x.txt", "FILE_NOT_DICOM"),
    ]


# -- facts ----------------------------------------------------------------------------------------------------


def rows_of(*sides: str) -> Sequence[dict[str, str]]:
    return [
        row(lesion_id=f"L{number}", side=side, study_date=date)
        for number, side in enumerate(sides)
        for date in ("2026-01-08", "2026-04-20", "2026-07-13")
    ]


def test_an_entry_stands_for_the_one_breast_and_the_reported_time_point(tmp_path: Path) -> None:
    case = case_of(tmp_path, None, rows_of("left"), THERAPY + "[clinical]\npalpable = false\n")
    (entry,) = case.facts.clinical
    assert (entry.side, entry.date, entry.palpable) == (Side.LEFT, dt.date(2026, 7, 13), False)


@pytest.mark.parametrize(
    ("day", "point"),
    [
        ("2025-12-24", "2026-01-08"),
        ("2026-01-30", "2026-01-08"),
        ("2026-02-02", "2026-01-08"),
        ("2026-02-03", "2026-01-08"),
        ("2026-04-20", "2026-04-20"),
        ("2026-07-12", "2026-04-20"),
        ("2026-07-13", "2026-07-13"),
        ("2026-08-01", "2026-07-13"),
    ],
)
def test_an_entry_falls_into_the_time_point_of_its_date(tmp_path: Path, day: str, point: str) -> None:
    case = case_of(tmp_path, None, rows_of("left"), THERAPY + f"[clinical]\npalpable = false\ndate = {day}\n")
    assert [str(entry.date) for entry in case.facts.clinical] == [point]


def test_with_both_breasts_an_entry_without_side_applies_to_neither(tmp_path: Path) -> None:
    facts = THERAPY + '[[clinical]]\npalpable = false\n[[clinical]]\npalpable = true\nside = "right"\n'
    case = case_of(tmp_path, None, rows_of("left", "right"), facts)
    assert [entry.side for entry in case.facts.clinical] == [Side.RIGHT]
    (issue,) = (i for i in case.issues if i.code == "FACT_SIDE")
    assert (issue.outcome, issue.column, str(issue.source)) == (
        Outcome.QUESTION,
        "clinical.side",
        "facts.toml, clinical[0].palpable",
    )


def test_a_diagnosis_involves_its_breast(tmp_path: Path) -> None:
    facts = '[[diagnosis]]\nside = "right"\nconfirmed = true\n[clinical]\npalpable = false\n'
    case = case_of(tmp_path, None, rows_of("left"), facts)
    assert "FACT_SIDE" in codes(case.issues)


def test_an_entry_of_a_lesion_takes_its_side(tmp_path: Path) -> None:
    facts = (
        '[[radiologist]]\nlesion_id = "L1"\nindeterminate = true\n[[radiologist]]\nlesion_id = "L9"\nrestate = true\n'
    )
    case = case_of(tmp_path, None, rows_of("left", "right"), facts)
    assert [(entry.lesion_id, entry.side) for entry in case.facts.radiologist] == [("L1", Side.RIGHT)]
    assert "FACT_LESION" in codes(i for i in case.issues if i.outcome is Outcome.QUESTION)


def test_an_entry_whose_side_is_not_its_lesions_is_a_problem(tmp_path: Path) -> None:
    facts = '[radiologist]\nlesion_id = "L0"\nside = "right"\nindeterminate = true\n'
    case = case_of(tmp_path, None, rows_of("left"), facts)
    assert not case.facts.radiologist
    assert "FACT_LESION_SIDE" in codes(i for i in case.issues if i.outcome is Outcome.PROBLEM)


def test_facts_in_a_table_name_the_column_and_doubts_about_them_the_row(tmp_path: Path) -> None:
    """A row that is put in or moved changes no report; whoever mends a cell looks for its row."""
    places = []
    for lines in ("A,2026-01-10,no\nB,2026-01-11,\n", "B,2026-01-11,\nA,2026-01-10,no\n"):
        (tmp_path / "facts.csv").write_text("patient_id,therapy.start,clinical.palpable\n" + lines)
        (tmp_path / "table.csv").write_text(csv_of([row(patient_id="A")]), encoding="utf-8")
        readings = gather(Inputs(paths=(), table=tmp_path / "table.csv", facts=tmp_path / "facts.csv"))
        case = assemble(readings, patient="A")
        places.append({path: str(source) for path, source in case.facts.sources.items()})
    assert places[0] == places[1]
    assert places[0]["therapy.start"] == "facts.csv, column therapy.start"
    (tmp_path / "facts.csv").write_text("patient_id,therapy.start,therapy.end\nB,,\nA,2026-01-10,2026-01-01\n")
    with pytest.raises(CaseRefused) as refused:
        assemble(gather(Inputs(paths=(), table=tmp_path / "table.csv", facts=tmp_path / "facts.csv")), patient="A")
    assert [str(issue.source) for issue in refused.value.issues] == ["facts.csv, row 3, therapy.end"]


def test_facts_of_later_time_points_are_not_of_an_earlier_case(tmp_path: Path) -> None:
    facts = (
        THERAPY
        + "[[clinical]]\npalpable = true\ndate = 2026-04-21\n[[clinical]]\npalpable = false\ndate = 2026-07-14\n"
    )
    case = assemble(gathered(tmp_path, None, rows_of("left"), facts), at=dt.date(2026, 4, 20))
    assert [(str(entry.date), entry.palpable) for entry in case.facts.clinical] == [("2026-04-20", True)]


def test_the_status_follows_from_the_dates(tmp_path: Path) -> None:
    case = case_of(tmp_path, None, rows_of("left"), THERAPY)
    assert case.therapy_status is TherapyStatus.COMPLETED


def test_the_patient_of_a_table_is_told_by_the_facts(tmp_path: Path) -> None:
    facts = '[patient]\nname = "SAMPLE^ONE"\nbirth_date = 1971-02-03\n'
    patient = case_of(tmp_path, None, [row()], facts).patient
    assert (patient.id, patient.name, patient.birth_date) == ("P1", "SAMPLE^ONE", dt.date(1971, 2, 3))


def test_facts_of_another_person_are_a_problem(tmp_path: Path) -> None:
    facts = '[patient]\nname = "SAMPLE^TWO"\n'
    case = case_of(tmp_path, {"1.dcm": dicom()}, None, facts)
    assert "STU_PATIENT_ATTR" in codes(i for i in case.issues if i.outcome is Outcome.PROBLEM)


def test_facts_without_patient_are_of_none_of_several(tmp_path: Path) -> None:
    rows = [row(), row(patient_id="P2")]
    facts = "[therapy]\nstart = 2026-02-02\n"
    assert refusal_codes(tmp_path, None, rows, facts, patient="P1") == ["FACTS_NO_PATIENT"]
    named = 'patient_id = "P1"\n' + facts
    assert case_of(tmp_path, None, rows, named, patient="P1").facts.therapy.start == dt.date(2026, 2, 2)


def test_a_bad_facts_file_refuses_the_case(tmp_path: Path) -> None:
    assert refusal_codes(tmp_path, None, [row()], "[therapy]\nstrat = 2026-02-02\n") == ["FACTS_MISSPELT_KEY"]
    assert refusal_codes(tmp_path, None, [row()], "[therapy\n") == ["FACTS_SYNTAX"]


@pytest.mark.parametrize(
    ("facts", "conflict"),
    [
        pytest.param('[[radiologist]]\nbirads = "6"\n[[radiologist]]\nside = "left"\nbirads = "5"\n', True, id="flag"),
        pytest.param("[[clinical]]\npalpable = true\n[[clinical]]\npalpable = false\n", True, id="no beside yes"),
        pytest.param(
            '[[axilla]]\nlevels = { axilla_1 = "normal" }\n[[axilla]]\nlevels = { axilla_1 = "abnormal" }\n',
            True,
            id="level",
        ),
        pytest.param("[[clinical]]\npalpable = true\n[[clinical]]\nworsening = false\n", False, id="other values"),
        pytest.param('[[radiologist]]\nbirads = "6"\n[[radiologist]]\nbirads = "6"\n', False, id="said twice"),
        pytest.param(
            '[[radiologist]]\nside = "left"\nbirads = "6"\n[[radiologist]]\nside = "right"\nbirads = "1"\n',
            False,
            id="other side",
        ),
    ],
)
def test_entries_that_contradict_each_other_refuse_the_case(tmp_path: Path, facts: str, conflict: bool) -> None:
    readings = gathered(tmp_path, None, rows_of("left"), facts)
    if not conflict:
        assert "FACTS_CONFLICT" not in codes(assemble(readings).issues)
        return
    with pytest.raises(CaseRefused) as refusal:
        assemble(readings)
    assert codes(refusal.value.issues) == ["FACTS_CONFLICT"]


def test_a_table_without_patient_that_meets_no_study_may_be_of_somebody_else(tmp_path: Path) -> None:
    foreign = [row(patient_id="", study_date="2026-03-01"), row(patient_id="", study_date="2026-07-13")]
    case = case_of(tmp_path, {"a.dcm": dicom()}, foreign)
    (issue,) = (i for i in case.issues if i.code == "STU_TABLE_UNMET")
    assert (issue.outcome, issue.column) == (Outcome.PROBLEM, "patient_id")


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([row(study_date="2026-07-13")], id="the patient is named"),
        pytest.param([row(patient_id=""), row(patient_id="", study_date="2026-07-13")], id="one row meets"),
    ],
)
def test_a_table_that_names_the_patient_or_meets_a_study_is_of_the_patient(
    tmp_path: Path, rows: list[dict[str, str]]
) -> None:
    assert "STU_TABLE_UNMET" not in codes(case_of(tmp_path, {"a.dcm": dicom()}, rows).issues)


@pytest.mark.parametrize(
    ("day", "told"),
    [pytest.param(13, False, id="first"), pytest.param(14, False, id="within"), pytest.param(20, True, id="after")],
)
def test_a_day_without_a_time_point_is_told(tmp_path: Path, day: int, told: bool) -> None:
    rows = [row(), row(study_date="2026-07-13"), row(study_date="2026-07-15", modality="MR")]
    case = assemble(gathered(tmp_path, None, rows, THERAPY), at=dt.date(2026, 7, day))
    assert ("TP_AT_OTHER" in codes(i for i in case.issues if i.outcome is Outcome.PROBLEM)) is told
