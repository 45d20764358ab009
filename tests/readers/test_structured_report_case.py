"""Structured reports in a case: which lesion, which modality, what counts beside another document or a table."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pydicom.dataset import Dataset

from reporter.case.case import Case
from reporter.case.issue import Issue, Outcome
from reporter.case.length import Length, mm
from reporter.case.measurement import Measured, NotEvaluable
from reporter.case.vocabulary import Kind, Modality, Phase, Role, Side
from reporter.readers.assemble import assemble
from reporter.readers.gather import Inputs, gather
from reporter.readers.interface import CaseRefused
from reporter.readers.report_identity import names_node, sides_in
from tests.readers import sr_documents as sr

FACTS = '[therapy]\nstart = 2026-01-20\nstatus = "ongoing"\n'
Making = Callable[..., Case]
LATER = {
    "StudyInstanceUID": "1.2.3.5",
    "SOPInstanceUID": "1.2.3.5.1",
    "StudyDate": "20260330",
    "ContentDate": "20260331",
}
REPEATED = {"SOPInstanceUID": "1.2.3.4.2", "ContentDate": "20260107"}


@pytest.fixture
def made(tmp_path: Path) -> Making:
    """A case of documents: names of those in the data, or data sets; `table`, `lesion_map` as text."""

    def make(
        *documents: str | Dataset, table: str = "", lesion_map: str = "", map_name: str = "map.toml", **options: bool
    ) -> Case:
        folder = tmp_path / "input"
        folder.mkdir()
        for index, document in enumerate(documents):
            if isinstance(document, str):
                shutil.copy(sr.DATA / document, folder / document)
            else:
                (folder / f"{index}.dcm").write_bytes(sr.encoded(document))
        paths: dict[str, Path] = {}
        for key, name, text in (
            ("facts", "facts.toml", FACTS),
            ("table", "table.csv", table),
            ("lesion_map", map_name, lesion_map),
        ):
            if text:
                paths[key] = tmp_path / name
                paths[key].write_text(text, encoding="utf-8")
        return assemble(gather(Inputs(paths=(folder,), **paths, **options)))  # type: ignore[arg-type]

    return make


def sizes(case: Case, lesion_id: str) -> list[tuple[Length | None, Length | None]]:
    """Long and short axis of a lesion in order of time."""
    values = [m.value for m in case.measurements if m.lesion_id == lesion_id]
    return [(v.long_axis, v.short_axis) for v in values if isinstance(v, Measured)]


def codes(case: Case, outcome: Outcome) -> list[str]:
    return sorted(issue.code for issue in case.issues if issue.outcome is outcome)


def the(case: Case, code: str) -> Issue:
    (issue,) = (issue for issue in case.issues if issue.code == code)
    return issue


def refusals(make: Callable[[], Case]) -> list[str]:
    with pytest.raises(CaseRefused) as refused:
        make()
    return [issue.code for issue in refused.value.issues]


# -- the documents of other programs --------------------------------------------------------------------------


def test_the_librarys_pair(made: Making) -> None:
    case = made("library_mr_baseline.dcm", "library_mr_followup.dcm")
    (lesion,) = case.lesions
    assert (lesion.id, lesion.kind, lesion.side, lesion.counted) == (
        "T1 left breast 2 o'clock",
        Kind.MASS,
        Side.LEFT,
        True,
    )
    assert sizes(case, lesion.id) == [(mm(42), mm(30)), (mm(21), mm(14))]
    assert {m.modality for m in case.measurements} == {Modality.MR}
    assert [(t.label, t.phase) for t in case.timeline.time_points] == [
        ("baseline", Phase.BASELINE),
        ("mid-treatment", Phase.DURING),
    ]
    assert codes(case, Outcome.PROBLEM) == []
    assert codes(case, Outcome.NOTE) == ["SR_REF", "SR_REF", "SR_UNVERIFIED"]


def test_the_viewers_pair_holds_the_label_against_the_codes(made: Making) -> None:
    case = made("viewer_coded_baseline.dcm", "viewer_coded_followup.dcm")
    node, tumour = case.lesions
    assert (tumour.id, tumour.side, tumour.counted) == ("T1 left breast", Side.LEFT, True)
    assert sizes(case, tumour.id) == [(mm(32), None), (mm(20), None)]
    assert (node.id, node.kind, node.counted) == ("N1 left axilla", None, False)
    assert sizes(case, node.id) == [(mm(16), mm("9.6")), (mm(11), mm("6.2"))]
    assert {m.modality for m in case.measurements} == {Modality.MR}
    assert codes(case, Outcome.PROBLEM) == ["KIND_LABEL"]
    assert the(case, "KIND_LABEL").column == "kind"


@pytest.mark.parametrize(
    ("lesion_map", "map_name"),
    [
        ('["N1 left axilla"]\nlesion_id = "N1"\nkind = "node"\nside = "left"\n', "map.toml"),
        ("label,lesion_id,kind,side\nN1 left axilla,N1,node,left\n", "map.csv"),
    ],
)
def test_a_lesion_map_settles_what_the_label_leaves_open(made: Making, lesion_map: str, map_name: str) -> None:
    case = made("viewer_coded_baseline.dcm", "viewer_coded_followup.dcm", lesion_map=lesion_map, map_name=map_name)
    node, _ = case.lesions
    assert (node.id, node.kind, node.side, node.organ, node.counted) == ("N1", Kind.NODE, Side.LEFT, "lymph node", True)
    assert [short for _, short in sizes(case, "N1")] == [mm("9.6"), mm("6.2")]
    assert codes(case, Outcome.PROBLEM) == []


def test_a_table_settles_what_the_label_leaves_open(made: Making) -> None:
    table = "study_uid,lesion_id,kind\n2.25.136714315430016953090880209646126812793,N1 left axilla,node\n"
    case = made("viewer_coded_baseline.dcm", "viewer_coded_followup.dcm", table=table)
    node, _ = case.lesions
    assert (node.kind, node.side, node.counted) == (Kind.NODE, Side.LEFT, True)
    assert [short for _, short in sizes(case, node.id)] == [mm("9.6"), mm("6.2")]
    assert codes(case, Outcome.PROBLEM) == []


def test_a_side_is_never_guessed_and_a_table_gives_it(made: Making) -> None:
    case = made("viewer_no_site_baseline.dcm", "viewer_no_site_followup.dcm")
    (lesion,) = case.lesions
    assert (lesion.side, lesion.counted) == (None, False)
    assert sizes(case, "T1") == [(mm(32), None), (mm(20), None)]
    assert codes(case, Outcome.PROBLEM) == ["LAT_MISSING"]
    assert the(case, "LAT_MISSING").column == "side"


def test_the_worksheets_row_settles_the_side(made: Making) -> None:
    table = (
        "study_uid,modality,lesion_id,kind,side,long_axis,unit\n"
        "2.25.136714315430016953090880209646126812793,MR,T1,mass,left,32,mm\n"
        "2.25.167975387710487410325505118554305983264,MR,T1,mass,left,20,mm\n"
    )
    case = made("viewer_no_site_baseline.dcm", "viewer_no_site_followup.dcm", table=table)
    (lesion,) = case.lesions
    assert (lesion.side, lesion.counted) == (Side.LEFT, True)
    assert sizes(case, "T1") == [(mm(32), None), (mm(20), None)]
    assert codes(case, Outcome.PROBLEM) == []
    assert [item.code for item in case.left_out] == ["SR_TABLE", "SR_TABLE"]  # both are listed


def test_a_document_without_a_size_of_a_lesion_makes_a_case_without_lesions(made: Making) -> None:
    case = made("library_sr_document.dcm")
    assert case.lesions == ()
    assert case.measurements == ()
    assert ["Area of defined region 1.7 cm2" in item.what for item in case.left_out] == [True]
    assert codes(case, Outcome.NOTE) == ["SR_NOT_SIZE", "SR_UNVERIFIED", "TP_BASELINE_OLD"]


def test_a_document_that_sizes_nothing_makes_no_time_point_beside_others(made: Making) -> None:
    sized = sr.document(sr.lesion("T1", sr.length(sr.LONG, "30")))
    text = sr.document(SOPClassUID="1.2.840.10008.5.1.4.1.1.88.11", **LATER)
    case = made(sized, text)
    assert [study.key for study in case.studies] == ["1.2.3.4"]
    assert [item.code for item in case.left_out] == ["STU_NO_IMAGES"]


# -- identity -------------------------------------------------------------------------------------------------


def test_a_tracking_uid_joins_a_lesion_that_was_renamed(made: Making) -> None:
    before = sr.document(sr.lesion("T1", sr.uid("1.2.99"), sr.length(sr.LONG, "30")))
    after = sr.document(sr.lesion("T1 residual", sr.uid("1.2.99"), sr.length(sr.LONG, "20")), **LATER)
    case = made(before, after)
    assert [lesion.id for lesion in case.lesions] == ["T1"]
    assert sizes(case, "T1") == [(mm(30), None), (mm(20), None)]


def test_a_tracking_uid_beside_a_tools_name_joins_nothing(made: Making) -> None:
    def drawn(label: str, size: str, **header: str) -> Dataset:
        children = (sr.text(sr.IDENTIFIER, sr.TOOL), sr.uid("1.2.99"), sr.text(sr.COMMENT, label))
        codes = (sr.coded(sr.FINDING, sr.MASS), sr.coded(sr.SITE, sr.LEFT_BREAST))
        return sr.document(sr.group(*children, *codes, sr.length(sr.LONG, size)), **header)

    case = made(drawn("T1", "30"), drawn("T2", "20", **LATER))
    assert [lesion.id for lesion in case.lesions] == ["T1", "T2"]


def test_a_tracking_uid_that_one_document_gives_to_two_lesions_joins_nothing(made: Making) -> None:
    before = sr.document(
        sr.lesion("T1", sr.uid("1.2.99"), sr.length(sr.LONG, "30")),
        sr.lesion("T2", sr.uid("1.2.99"), sr.length(sr.LONG, "12")),
    )
    after = sr.document(sr.lesion("T1", sr.uid("1.2.99"), sr.length(sr.LONG, "20")), **LATER)
    assert [lesion.id for lesion in made(before, after).lesions] == ["T1", "T2"]


def test_the_map_names_a_lesion_by_any_of_its_labels(made: Making) -> None:
    before = sr.document(sr.lesion("Tumour", sr.length(sr.LONG, "30")))
    after = sr.document(sr.lesion("mass 1", sr.length(sr.LONG, "20")), **LATER)
    lesion_map = '["Tumour"]\nlesion_id = "T1"\nrole = "target"\n["mass 1"]\nlesion_id = "T1"\n["T9"]\nside = "left"\n'
    case = made(before, after, lesion_map=lesion_map)
    (lesion,) = case.lesions
    assert (lesion.id, lesion.role) == ("T1", Role.TARGET)
    assert the(case, "MAP_UNUSED").operands["label"] == "T9"


def test_a_group_without_a_label_is_listed_and_a_problem(made: Making) -> None:
    nameless = sr.group(sr.text(sr.IDENTIFIER, sr.TOOL), sr.coded(sr.SITE, sr.LEFT_BREAST), sr.length(sr.LONG, "30"))
    case = made(sr.document(nameless, sr.lesion("T1", sr.length(sr.LONG, "12"))))
    assert [lesion.id for lesion in case.lesions] == ["T1"]
    assert "SR_NO_LABEL" in codes(case, Outcome.PROBLEM)
    assert any("content item 1.1.1" in item.what for item in case.left_out)


def test_groups_of_one_lesion_that_complete_one_another_are_one_measurement(made: Making) -> None:
    case = made(
        sr.document(
            sr.lesion("T1", sr.length(sr.LONG, "30")),
            sr.lesion("T1", sr.length(sr.SHORT, "12")),
            sr.lesion("T1", sr.length(sr.VOLUME, "2.5", sr.ML)),
        )
    )
    (measurement,) = case.measurements
    assert sizes(case, "T1") == [(mm(30), mm(12))]
    assert measurement.volume is not None


@pytest.mark.parametrize(
    ("label", "sides", "node"),
    [
        ("T1 left breast", {Side.LEFT}, False),
        ("N1 RIGHT axilla", {Side.RIGHT}, True),
        ("L1", set(), False),
        ("1", set(), False),
        ("", set(), False),
        ("R breast mass", {Side.RIGHT}, False),
        ("left axillary tail", {Side.LEFT}, False),
        ("lymph node 2", set(), True),
        ("bright spot", set(), False),
        ("LN lt", {Side.LEFT}, True),
        ("left/right?", {Side.LEFT, Side.RIGHT}, False),
    ],
)
def test_the_words_of_a_label(label: str, sides: set[Side], node: bool) -> None:
    assert sides_in(label) == sides
    assert names_node(label) is node


def test_a_label_against_the_coded_side_is_a_problem_until_it_is_settled(made: Making) -> None:
    case = made(sr.document(sr.lesion("T1 right breast", sr.length(sr.LONG, "30"), site=sr.LEFT_BREAST)))
    (lesion,) = case.lesions
    assert (lesion.side, lesion.counted) == (None, False)
    assert codes(case, Outcome.PROBLEM) == ["LAT_LABEL"]


def test_a_map_settles_a_side_that_label_and_code_dispute(made: Making) -> None:
    document = sr.document(sr.lesion("T1 right breast", sr.length(sr.LONG, "30"), site=sr.LEFT_BREAST))
    case = made(document, lesion_map='["T1 right breast"]\nside = "right"\n')
    assert [(lesion.side, lesion.counted) for lesion in case.lesions] == [(Side.RIGHT, True)]


def test_a_map_does_not_overrule_a_side_that_nothing_disputes(made: Making) -> None:
    document = sr.document(sr.lesion("T1", sr.length(sr.LONG, "30"), site=sr.LEFT_BREAST))
    case = made(document, lesion_map='["T1"]\nside = "right"\n')
    assert [(lesion.side, lesion.counted) for lesion in case.lesions] == [(None, False)]
    assert codes(case, Outcome.PROBLEM) == ["LAT_MAP"]


def test_a_table_against_the_coded_side_is_a_problem(made: Making) -> None:
    document = sr.document(sr.lesion("T1", sr.length(sr.LONG, "30"), site=sr.LEFT_BREAST))
    case = made(document, table="study_uid,lesion_id,side\n1.2.3.4,T1,right\n")
    assert [(lesion.side, lesion.counted) for lesion in case.lesions] == [(None, False)]
    assert codes(case, Outcome.PROBLEM) == ["LES_CONFLICT"]


# -- several documents, and a table ---------------------------------------------------------------------------


def test_of_documents_that_repeat_an_item_the_latest_counts(made: Making) -> None:
    first = sr.document(sr.lesion("T1", sr.length(sr.LONG, "30")), sr.lesion("T2", sr.length(sr.LONG, "11")))
    again = sr.document(sr.lesion("T1", sr.length(sr.LONG, "32")), **REPEATED)
    case = made(again, first)
    assert sizes(case, "T1") == [(mm(32), None)]
    assert sizes(case, "T2") == [(mm(11), None)]
    assert the(case, "SR_EARLIER").operands["other"] == "long_axis Long Axis 32 mm"
    assert [item.code for item in case.left_out] == ["SR_EARLIER"]


def test_documents_of_one_time_with_different_values_are_refused(made: Making) -> None:
    first = sr.document(sr.lesion("T1", sr.length(sr.LONG, "30")))
    again = sr.document(sr.lesion("T1", sr.length(sr.LONG, "32")), SOPInstanceUID="1.2.3.4.2")
    assert refusals(lambda: made(first, again)) == ["LES_DUP_CONFLICT"]


def test_documents_without_a_time_with_different_values_are_refused(made: Making) -> None:
    first = sr.document(sr.lesion("T1", sr.length(sr.LONG, "30")))
    again = sr.document(sr.lesion("T1", sr.length(sr.LONG, "32")), SOPInstanceUID="1.2.3.4.2", ContentDate=None)
    assert refusals(lambda: made(first, again)) == ["LES_DUP_CONFLICT"]


def test_two_values_for_one_lesion_in_one_document_are_refused(made: Making) -> None:
    document = sr.document(sr.lesion("T1", sr.length(sr.LONG, "30")), sr.lesion("T1", sr.length(sr.LONG, "32")))
    assert refusals(lambda: made(document)) == ["LES_DUP_CONFLICT"]


def test_the_same_document_twice_is_one(made: Making) -> None:
    document = sr.document(sr.lesion("T1", sr.length(sr.LONG, "30")))
    case = made(document, document)
    assert sizes(case, "T1") == [(mm(30), None)]
    assert codes(case, Outcome.PROBLEM) == []


def test_one_instance_uid_with_two_contents_is_refused(made: Making) -> None:
    first = sr.document(sr.lesion("T1", sr.length(sr.LONG, "30")))
    other = sr.document(sr.lesion("T1", sr.length(sr.LONG, "31")))
    assert refusals(lambda: made(first, other)) == ["DUP_CONFLICT"]


def test_a_table_goes_before_a_document_and_both_are_listed(made: Making) -> None:
    document = sr.document(sr.lesion("T1", sr.length(sr.LONG, "30"), sr.image("1.2.9")))
    case = made(document, table="study_uid,modality,lesion_id,long_axis,unit\n1.2.3.4,MR,T1,28,mm\n")
    assert sizes(case, "T1") == [(mm(28), None)]
    said = the(case, "SR_TABLE")
    assert said.outcome is Outcome.NOTE
    assert "30" in str(said.operands["given"])
    assert "28" in str(said.operands["other"])
    assert [item.code for item in case.left_out] == ["SR_TABLE"]


def test_a_table_of_another_modality_stands_beside_a_document(made: Making) -> None:
    document = sr.document(sr.lesion("T1", sr.length(sr.LONG, "30"), sr.image("1.2.9")))
    case = made(document, table="study_uid,modality,lesion_id,long_axis,unit\n1.2.3.4,US,T1,28,mm\n")
    assert [(m.modality, m.lesion_id) for m in case.measurements] == [(Modality.US, "T1"), (Modality.MR, "T1")]


def test_a_table_row_without_a_size_completes_a_document(made: Making) -> None:
    document = sr.document(sr.lesion("T1", sr.length(sr.LONG, "30"), sr.image("1.2.9")))
    case = made(document, table="study_uid,modality,lesion_id,clip,clip_seen,note\n1.2.3.4,MR,T1,yes,yes,seen\n")
    (measurement,) = case.measurements
    assert sizes(case, "T1") == [(mm(30), None)]
    assert (measurement.clip_seen, measurement.note) == (True, "seen")
    assert case.lesions[0].clip is True


# -- modality and images --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sop_class", "modality"),
    [(sr.MR_IMAGE, Modality.MR), (sr.MG_IMAGE, Modality.MG), (sr.US_IMAGE, Modality.US)],
)
def test_the_modality_is_that_of_the_referenced_image(made: Making, sop_class: str, modality: Modality) -> None:
    case = made(sr.document(sr.lesion("T1", sr.length(sr.LONG, "30"), sr.image("1.2.9", sop_class))))
    assert [m.modality for m in case.measurements] == [modality]
    assert case.studies[0].modalities == (modality,)


def test_without_an_image_or_with_two_kinds_the_modality_is_asked(made: Making) -> None:
    two = (sr.image("1.2.9", sr.MR_IMAGE), sr.image("1.2.8", sr.US_IMAGE))
    case = made(sr.document(sr.lesion("T1", sr.length(sr.LONG, "30")), sr.lesion("T2", sr.length(sr.LONG, "20"), *two)))
    assert [m.modality for m in case.measurements] == [None, None]
    asked = [issue for issue in case.issues if issue.code == "SR_MODALITY"]
    assert [(issue.lesion_id, issue.outcome, issue.column) for issue in asked] == [
        ("T1", Outcome.QUESTION, "modality"),
        ("T2", Outcome.QUESTION, "modality"),
    ]


def an_image(instance_uid: str, side: str = "", **header: str) -> Dataset:
    made = Dataset()
    made.SOPClassUID, made.SOPInstanceUID, made.Modality = sr.MG_IMAGE, instance_uid, "MG"
    made.StudyInstanceUID, made.SeriesInstanceUID, made.PatientID = "1.2.3.4", "1.2.3.4.8", "SYN-1"
    made.PatientName, made.StudyDate = "Synthetic^One", "20260105"
    made.Rows = made.Columns = 1
    made.PixelData = b"\0\0"
    if side:
        made.ImageLaterality = side
    for name, value in header.items():
        setattr(made, name, value)
    return made


def test_without_a_reference_the_modality_is_that_of_the_study(made: Making) -> None:
    case = made(sr.document(sr.lesion("T1", sr.length(sr.LONG, "30"))), an_image("1.2.9"))
    assert [m.modality for m in case.measurements] == [Modality.MG]


def test_an_image_among_input_tells_more_than_its_class(made: Making) -> None:
    document = sr.document(sr.lesion("T1", sr.length(sr.LONG, "30"), sr.image("1.2.9", sr.MG_IMAGE)))
    case = made(document, an_image("1.2.9", ContrastBolusAgent="iohexol"))
    assert [m.modality for m in case.measurements] == [Modality.CEM]
    assert "SR_REF" not in codes(case, Outcome.NOTE)


def test_an_image_of_another_study_is_refused(made: Making) -> None:
    document = sr.document(sr.lesion("T1", sr.length(sr.LONG, "30"), sr.image("1.2.9", sr.MG_IMAGE)))
    other = an_image("1.2.9", StudyInstanceUID="1.2.3.6", StudyDate="20260110")
    assert refusals(lambda: made(document, other)) == ["SR_REF_STUDY"]


def test_a_measurement_on_an_image_of_the_other_side_is_refused(made: Making) -> None:
    document = sr.document(sr.lesion("T1", sr.length(sr.LONG, "30"), sr.image("1.2.9", sr.MG_IMAGE)))
    both = (an_image("1.2.9", "R"), an_image("1.2.8", "L", SeriesInstanceUID="1.2.3.4.7"))
    assert "LAT_CONFLICT" in refusals(lambda: made(document, *both))


# -- the document ---------------------------------------------------------------------------------------------


def test_a_demand_for_verified_documents_refuses_the_case(made: Making) -> None:
    assert refusals(lambda: made("library_mr_baseline.dcm", require_verified=True)) == ["SR_UNVERIFIED"]


def test_a_report_of_another_patient_is_refused(made: Making) -> None:
    mine = sr.document(sr.lesion("T1", sr.length(sr.LONG, "30")))
    other = sr.document(sr.lesion("T1", sr.length(sr.LONG, "20")), PatientID="SYN-2", **LATER)
    assert refusals(lambda: made(mine, other)) == ["STU_SEVERAL_PATIENTS"]


def test_an_unusable_length_makes_the_lesion_not_evaluable(made: Making) -> None:
    case = made(sr.document(sr.lesion("T1", sr.length(sr.LONG, "30", ("1", "UCUM", "mm")))))
    (measurement,) = case.measurements
    assert measurement.value == NotEvaluable(reason="MEAS_UNIT", given=("long_axis Long Axis 30 1",))
    assert codes(case, Outcome.PROBLEM) == ["MEAS_UNIT"]
    assert the(case, "MEAS_UNIT").lesion_id == "T1"


def test_the_order_of_files_changes_nothing(tmp_path: Path) -> None:
    names = [
        "viewer_coded_baseline.dcm",
        "viewer_coded_followup.dcm",
        "library_mr_baseline.dcm",
        "library_mr_followup.dcm",
    ]
    paths = [sr.DATA / name for name in names]
    facts = tmp_path / "facts.toml"
    facts.write_text(FACTS, encoding="utf-8")
    cases = [assemble(gather(Inputs(paths=tuple(order), facts=facts))) for order in (paths, paths[::-1])]
    assert cases[0] == cases[1]
