"""Structured reports as two families of programs write them, and what is read of each."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from reporter.case.code import Code
from reporter.case.issue import Outcome
from reporter.case.length import LengthUnit, mm
from reporter.case.measurement import Volume
from reporter.case.vocabulary import Depth, Kind, Location, Role, Side
from reporter.readers import report_codes
from reporter.readers.files import MemoryFile
from reporter.readers.interface import Limits
from reporter.readers.parts import ImageHeader
from reporter.readers.report_groups import names_tool
from reporter.readers.report_parts import Report
from reporter.readers.report_sites import lesion_words
from reporter.readers.structured_report import StructuredReportReader
from tests.readers import sr_documents as sr

LONG_14 = sr.length(sr.LONG, "14.0")


def read(name: str) -> Report:
    return sr.report_of(sr.extract((sr.DATA / name).read_bytes(), name))


# -- the seven documents --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "long_axis", "short_axis", "time_point", "places"),
    [
        ("library_mr_baseline.dcm", "42.0", "30.0", "baseline", "1.5.1 (long_axis 1.5.1.6, short_axis 1.5.1.7)"),
        ("library_mr_followup.dcm", "21.0", "14.0", "mid-treatment", "1.5.1 (long_axis 1.5.1.6, short_axis 1.5.1.7)"),
    ],
)
def test_the_librarys_form(name: str, long_axis: str, short_axis: str, time_point: str, places: str) -> None:
    report = read(name)
    (found,) = report.groups
    assert found.label == "T1 left breast 2 o'clock"
    assert not found.names_tool
    assert found.tracking_uid == "2.25.305828488182831875890203105390285383139"
    assert (found.lesion.kind, found.lesion.side) == (Kind.MASS, Side.LEFT)
    assert (found.sizes.long_axis, found.sizes.short_axis) == (mm(long_axis), mm(short_axis))
    assert found.time_point == time_point
    assert str(found.source) == f"{name}, content item {places}"
    assert [image.sop_class for image in found.images] == [sr.MR_IMAGE]
    assert not found.issues
    assert (report.header.verification, report.header.completion) == ("UNVERIFIED", "COMPLETE")


@pytest.mark.parametrize(
    ("when", "length", "axes"), [("baseline", "32", ("16", "9.6")), ("followup", "20", ("11", "6.2"))]
)
def test_the_viewers_form(when: str, length: str, axes: tuple[str, str]) -> None:
    tumour, node = read(f"viewer_coded_{when}.dcm").groups
    assert (tumour.label, node.label) == ("T1 left breast", "N1 left axilla")
    assert tumour.names_tool
    assert node.names_tool
    assert (tumour.lesion.kind, tumour.lesion.side) == (Kind.MASS, Side.LEFT)
    assert (tumour.sizes.long_axis, tumour.sizes.short_axis) == (mm(length), None)
    assert (node.sizes.long_axis, node.sizes.short_axis) == (mm(axes[0]), mm(axes[1]))
    assert node.lesion.kind is Kind.MASS  # as coded: what its label says is held against it later
    assert tumour.time_point is None


@pytest.mark.parametrize(("when", "length"), [("baseline", "32"), ("followup", "20")])
def test_the_viewers_form_without_a_site_names_no_side(when: str, length: str) -> None:
    (found,) = read(f"viewer_no_site_{when}.dcm").groups
    assert found.label == "T1"
    assert found.sizes.long_axis == mm(length)
    assert found.lesion.side is None
    assert found.sites == ()


def test_an_area_is_listed_never_used() -> None:
    (found,) = read("library_sr_document.dcm").groups
    assert not found.sized
    assert [(unused.what, unused.code) for unused in found.unused] == [
        ("Area of defined region 1.7 cm2", "SR_NOT_SIZE")
    ]
    assert found.lesion.organ == "Cervico-thoracic spine"
    assert [(issue.code, issue.outcome) for issue in found.issues] == [("SR_NOT_SIZE", Outcome.NOTE)]


@pytest.mark.parametrize("name", sorted(path.name for path in sr.DATA.glob("*.dcm")))
def test_every_document_is_known_as_a_report_and_said_to_be_unverified(name: str) -> None:
    file = MemoryFile(name, (sr.DATA / name).read_bytes())
    assert StructuredReportReader().identify(file)
    reading = sr.extract(file.data, name)
    assert not reading.refused
    (said,) = [issue for issue in reading.issues if issue.code == "SR_UNVERIFIED"]
    assert said.outcome is Outcome.NOTE
    assert said.operands["verification"] == "UNVERIFIED"


# -- forms ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("implicit", [False, True])
@pytest.mark.parametrize("undefined", [False, True])
def test_the_encoding_changes_nothing(implicit: bool, undefined: bool) -> None:
    plain = sr.document(sr.lesion("T1", LONG_14, sr.length(sr.SHORT, "9.0"), sr.image("1.2.9")))
    other = sr.encoded(plain, implicit=implicit, undefined=undefined)
    assert sr.report_of(sr.extract(other)) == sr.report_of(sr.extract(sr.encoded(plain)))


def test_snomed_rt_is_read_as_the_snomed_ct_it_stands_for() -> None:
    found, _ = sr.groups_of(
        sr.group(
            sr.text(sr.IDENTIFIER, "T1"),
            sr.coded(sr.FINDING, ("M-03000", "SRT", "Mass")),
            sr.coded(("G-C0E3", "SRT", "Finding Site"), ("T-04020", "SNM3", "Right breast")),
            sr.length(("G-A185", "SRT", "Long Axis"), "14.0"),
        ),
        sr.lesion("T2", sr.length(("G-D7FE", "99SDM", "Length"), "9.0")),
    )
    assert (found.lesion.kind, found.lesion.side) == (Kind.MASS, Side.RIGHT)
    assert found.sizes.long_axis == mm("14.0")


def test_the_table_of_snomed_rt_is_that_of_the_standard() -> None:
    from pydicom.sr._snomed_dict import mapping

    for value, stands_for in report_codes.SNOMED_RT.items():
        assert mapping["SRT"][value] == stands_for


@pytest.mark.parametrize("relationship", ["CONTAINS", "HAS CONCEPT MOD"])
def test_a_site_may_be_contained_or_modify_and_carry_its_side_or_have_it_below(relationship: str) -> None:
    side = sr.coded(sr.LATERALITY, sr.LEFT, relationship="HAS CONCEPT MOD")
    forms = (
        sr.coded(sr.SITE, sr.BREAST, side, relationship=relationship),
        sr.coded(sr.SITE, sr.LEFT_BREAST, relationship=relationship),
    )
    for form in forms:
        (found,) = sr.groups_of(sr.group(sr.text(sr.IDENTIFIER, "T1"), form, LONG_14))
        assert found.lesion.side is Side.LEFT


def test_quadrant_clock_depth_and_node_level_are_read_from_codes() -> None:
    modifier: sr.Code = ("106233006", "SCT", "Topographical modifier")
    below = (
        sr.coded(sr.LATERALITY, sr.RIGHT),
        sr.coded(modifier, ("76365002", "SCT", "Upper outer quadrant of breast")),
        sr.coded(modifier, ("129774003", "SCT", "3 o'clock position")),
        sr.coded(modifier, ("255549009", "SCT", "Anterior")),
    )
    breast, axilla, parasternal = sr.groups_of(
        sr.group(sr.text(sr.IDENTIFIER, "T1"), sr.coded(sr.SITE, sr.BREAST, *below), LONG_14),
        sr.lesion("N1", sr.length(sr.SHORT, "9"), finding=sr.NODE, site=("68171009", "SCT", "Axillary lymph node")),
        sr.lesion("N2", sr.length(sr.SHORT, "9"), finding=sr.NODE, site=("82365008", "SCT", "parasternal lymph node")),
    )
    assert (breast.lesion.location, breast.lesion.clock, breast.lesion.depth) == (Location.UOQ, 3, Depth.ANTERIOR)
    assert (axilla.lesion.kind, axilla.lesion.location) == (Kind.NODE, None)  # no code tells its level
    assert parasternal.lesion.location is Location.INTERNAL_MAMMARY


def test_codes_that_contradict_one_another_say_nothing() -> None:
    both = sr.coded(sr.SITE, sr.LEFT_BREAST, sr.coded(sr.LATERALITY, sr.RIGHT))
    sides, kinds = sr.groups_of(
        sr.group(sr.text(sr.IDENTIFIER, "T1"), sr.coded(sr.FINDING, sr.MASS), both, LONG_14),
        sr.lesion("N1", LONG_14, site=("68171009", "SCT", "Axillary lymph node")),
    )
    assert sides.lesion.side is None
    assert sr.codes_of(sides) == ["LAT_CODES"]
    assert kinds.lesion.kind is None
    assert sr.codes_of(kinds) == ["KIND_CODES"]


def test_bilateral_is_no_side_and_no_contradiction() -> None:
    (found,) = sr.groups_of(sr.lesion("T1", LONG_14, site=("63762007", "SCT", "Both breasts")))
    assert found.lesion.side is None
    assert not found.issues


def test_the_baseline_category_gives_the_role() -> None:
    category: sr.Code = ("112016", "DCM", "Baseline Category")
    target, other, none = sr.groups_of(
        sr.lesion("T1", LONG_14, sr.coded(category, ("112074", "DCM", "Target Lesion at Baseline"))),
        sr.lesion("T2", LONG_14, sr.coded(category, ("112075", "DCM", "Non-Target Lesion at Baseline"))),
        sr.lesion("T3", LONG_14, sr.coded(category, ("112076", "DCM", "Non-Lesion at Baseline"))),
    )
    assert (target.lesion.role, other.lesion.role, none.lesion.role) == (Role.TARGET, Role.NON_TARGET, None)
    assert none.no_lesion


@pytest.mark.parametrize(
    ("context", "label"),
    [
        ([sr.text(("C2348792", "UMLS", "Time Point"), "mid-treatment")], "mid-treatment"),
        ([sr.coded(("126072", "DCM", "Time Point Type"), ("C1442488", "UMLS", "Ausgangswert"))], "Baseline"),
        ([sr.coded(("126072", "DCM", "Time Point Type"), ("C1699701", "UMLS", "Unscheduled"))], None),
        ([sr.text(("126070", "DCM", "Subject Time Point Identifier"), "TP2")], "TP2"),
        (
            [
                sr.text(("C2348792", "UMLS", "Time Point"), "TP1"),
                sr.coded(("126072", "DCM", "Time Point Type"), ("262502001", "SCT", "Post-chemotherapy")),
            ],
            "Post-chemotherapy",
        ),
    ],
)
def test_the_time_point_of_a_group_or_of_its_document(context: list[Dataset], label: str | None) -> None:
    (inside,) = sr.groups_of(sr.lesion("T1", *context, LONG_14))
    assert inside.time_point == label
    root = [*context, sr.item("CONTAINER", sr.MEASUREMENTS, sr.lesion("T1", LONG_14))]
    (above,) = sr.report_of(sr.extract(sr.encoded(sr.tree(*root)))).groups
    assert above.time_point == label


def test_groups_are_found_without_the_containers_of_the_template_but_derived_ones_are_not_lesions() -> None:
    derived = sr.item("CONTAINER", ("126011", "DCM", "Derived Imaging Measurements"), sr.lesion("Sum", LONG_14))
    report = sr.report_of(sr.extract(sr.encoded(sr.tree(sr.lesion("T1", LONG_14), derived))))
    assert [found.label for found in report.groups] == ["T1"]
    assert [(unused.what, unused.code) for unused in report.unused] == [("Long Axis 14.0 mm", "SR_OUTSIDE")]


# -- labels ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("identifier", "tool"),
    [
        ("Cornerstone3DTools@^0.1.0:Length", True),
        ("Cornerstone3DTools@^0.1.0:Bidirectional", True),
        ("cornerstoneTools@^4.0.0:Length", True),
        ("Some Viewer@3.11.2-beta.4:Ruler", True),
        ("T1 left breast 2 o'clock", False),
        ("reader@hospital: T1", False),
        ("T1:2", False),
        ("Planar ROI Measurements", False),
    ],
)
def test_a_tracking_identifier_that_names_a_tool_is_known(identifier: str, tool: bool) -> None:
    assert names_tool(identifier) is tool


def test_the_label_is_the_comment_else_the_typed_finding_else_an_identifier_that_names_no_tool() -> None:
    typed = sr.coded(sr.FINDING, ("CORNERSTONEFREETEXT", "CORNERSTONEJS", "T3 right"))
    comment, finding, identifier, nothing = sr.groups_of(
        sr.group(sr.text(sr.IDENTIFIER, sr.TOOL), typed, LONG_14, sr.text(sr.COMMENT, "T2")),
        sr.group(sr.text(sr.IDENTIFIER, sr.TOOL), typed, LONG_14),
        sr.group(sr.text(sr.IDENTIFIER, "T1"), LONG_14),
        sr.group(sr.text(sr.IDENTIFIER, sr.TOOL), LONG_14),
    )
    assert [found.label for found in (comment, finding, identifier, nothing)] == ["T2", "T3 right", "T1", None]


def test_two_labels_are_none() -> None:
    (found,) = sr.groups_of(sr.group(sr.text(sr.COMMENT, "T1"), sr.text(sr.COMMENT, "T2"), LONG_14))
    assert found.label is None
    assert sr.codes_of(found) == ["SR_LABELS"]


def test_a_label_in_another_script_survives_and_a_control_character_is_shown() -> None:
    kanji, control = sr.groups_of(sr.lesion("腫瘤 T1", LONG_14), sr.lesion("T1\x07\u202eleft", LONG_14))
    assert kanji.label == "腫瘤 T1"
    assert control.label == "T1\ufffd\ufffdleft"


# -- numbers --------------------------------------------------------------------------------------------------


def test_centimetres_keep_their_digits() -> None:
    (found,) = sr.groups_of(sr.lesion("T1", sr.length(sr.LONG, "1.40", sr.CM)))
    size = found.sizes.long_axis
    assert size is not None
    assert (size.value, size.unit) == (Decimal("1.40"), LengthUnit.CM)
    assert size == mm(14)


def test_one_concept_for_length_and_area_is_told_by_the_unit() -> None:
    (found,) = sr.groups_of(
        sr.lesion("T1", sr.length(sr.LENGTH, "14.0"), sr.length(sr.LENGTH, "150", ("mm2", "UCUM", "mm2")))
    )
    assert found.sizes.long_axis == mm("14.0")
    assert [unused.what for unused in found.unused] == ["Length 150 mm2"]


@pytest.mark.parametrize(
    ("unit", "volume"),
    [
        ("ml", Volume(value=Decimal("1.5"), unit="ml")),
        ("cm3", Volume(value=Decimal("1.5"), unit="ml")),
        ("mm3", Volume(value=Decimal("1.5"), unit="mm3")),
    ],
)
def test_a_volume_is_an_extra(unit: str, volume: Volume) -> None:
    (found,) = sr.groups_of(sr.lesion("T1", LONG_14, sr.length(sr.VOLUME, "1.5", (unit, "UCUM", unit))))
    assert found.volume == volume
    assert found.sizes.long_axis == mm(14)


def test_a_volume_in_another_unit_costs_only_itself() -> None:
    (found,) = sr.groups_of(sr.lesion("T1", LONG_14, sr.length(sr.VOLUME, "1.5", ("l", "UCUM", "l"))))
    assert found.volume is None
    assert found.sizes.unusable is None
    assert sr.codes_of(found) == ["SR_VOLUME"]


def test_distances_to_nipple_and_skin_are_taken_others_listed() -> None:
    (found,) = sr.groups_of(
        sr.lesion(
            "T1",
            LONG_14,
            sr.length(("121242", "DCM", "Distance from nipple"), "3.5", sr.CM),
            sr.length(("121243", "DCM", "Distance from skin"), "8"),
            sr.length(("121244", "DCM", "Distance from chest wall"), "30"),
        )
    )
    assert (found.nipple_distance, found.skin_distance) == (mm(35), mm(8))
    assert [unused.what for unused in found.unused] == ["Distance from chest wall 30 mm"]


def test_the_number_of_a_time_point_is_no_measurement() -> None:
    order = sr.length(("126073", "DCM", "Time Point Order"), "2", ("1", "UCUM", "no units"))
    (found,) = sr.groups_of(sr.lesion("T1", order, LONG_14))
    assert not found.unused
    assert not found.issues


@pytest.mark.parametrize(
    "name", [("81827009", "SCT", "Diameter"), ("131187009", "SCT", "Major Axis"), ("103355008", "SCT", "Width")]
)
def test_a_length_without_a_named_axis_is_never_taken_for_one(name: sr.Code) -> None:
    alone, beside = sr.groups_of(
        sr.lesion("T1", sr.length(name, "14.0")), sr.lesion("T2", LONG_14, sr.length(name, "9"))
    )
    assert alone.sizes.long_axis is None
    assert alone.sizes.unusable == "SR_AXIS"
    assert sr.codes_of(alone) == ["SR_AXIS", "SR_NOT_SIZE"]
    assert beside.sizes.unusable is None
    assert beside.sizes.long_axis == mm(14)


def test_a_mean_is_nobodys_axis() -> None:
    mean = sr.coded(("121401", "DCM", "Derivation"), ("373098007", "SCT", "Mean"), relationship="HAS CONCEPT MOD")
    (found,) = sr.groups_of(sr.lesion("T1", sr.number(sr.LONG, sr.measured("14.0"), children=[mean])))
    assert found.sizes.long_axis is None
    assert found.sizes.unusable == "SR_AXIS"


def test_what_else_a_group_says_is_listed_never_used() -> None:
    response: sr.Code = ("112048", "DCM", "Current Response")
    (found,) = sr.groups_of(
        sr.lesion("T1", LONG_14, sr.coded(response, ("112041", "DCM", "Target Lesion Complete Response")))
    )
    assert [(u.what, u.code) for u in found.unused] == [
        ("Current Response: Target Lesion Complete Response", "SR_OTHER")
    ]
    assert found.sizes.long_axis == mm(14)
    assert not found.issues


def test_a_long_text_that_is_not_used_refuses_nothing() -> None:
    (found,) = sr.groups_of(sr.lesion("T1", LONG_14, sr.text(("99", "99LOCAL", "Narrative"), "x" * 6000)))
    assert [u.what for u in found.unused] == ["Narrative: 6000 bytes"]


def test_images_are_found_below_the_number_and_by_reference() -> None:
    drawn = sr.item("SCOORD", None, sr.image("1.2.8"), relationship="INFERRED FROM")
    reference = Dataset()
    reference.RelationshipType, reference.ReferencedContentItemIdentifier = "SELECTED FROM", [1, 1, 1]
    library = sr.item("CONTAINER", ("111028", "DCM", "Image Library"), sr.image("1.2.7", sr.US_IMAGE))
    below = sr.lesion("T1", sr.number(sr.LONG, sr.measured("14.0"), children=[drawn]))
    linked = sr.lesion("T2", sr.number(sr.LONG, sr.measured("9.0"), children=[reference]))
    made = sr.tree(library, sr.item("CONTAINER", sr.MEASUREMENTS, below, linked))
    first, second = sr.report_of(sr.extract(sr.encoded(made))).groups
    assert [image.instance_uid for image in first.images] == ["1.2.8"]
    assert [(image.instance_uid, image.sop_class) for image in second.images] == [("1.2.7", sr.US_IMAGE)]


# -- the document ---------------------------------------------------------------------------------------------


def test_a_verified_complete_document_needs_no_word() -> None:
    assert not sr.extract(sr.encoded(sr.document(sr.lesion("T1", LONG_14)))).issues


@pytest.mark.parametrize(
    "flags", [{"VerificationFlag": "UNVERIFIED"}, {"CompletionFlag": "PARTIAL"}, {"VerificationFlag": None}]
)
def test_a_document_that_is_not_final_can_be_demanded_away(flags: dict[str, str | None]) -> None:
    data = sr.encoded(sr.document(sr.lesion("T1", LONG_14), **flags))
    assert [(i.code, i.outcome) for i in sr.extract(data).issues] == [("SR_UNVERIFIED", Outcome.NOTE)]
    header, _ = sr.extract(data, verified=True).parts
    assert [(i.code, i.outcome) for i in header.issues] == [("SR_UNVERIFIED", Outcome.REFUSED)]  # type: ignore[union-attr]


def test_a_document_without_groups_is_said_to_have_none() -> None:
    reading = sr.extract(sr.encoded(sr.document()))
    assert sr.codes_of(reading) == ["SR_NO_GROUPS"]
    assert sr.report_of(reading).groups == ()


def test_a_report_of_another_kind_is_listed_not_read() -> None:
    dose = sr.document(sr.lesion("T1", LONG_14), SOPClassUID="1.2.840.10008.5.1.4.1.1.88.67")
    reading = sr.extract(sr.encoded(dose))
    assert sr.codes_of(reading) == ["SR_KIND"]
    assert len(reading.parts) == 1


def test_an_image_that_refers_to_a_report_is_left_to_its_header() -> None:
    image = Dataset()
    image.SOPClassUID, image.SOPInstanceUID, image.Modality = "1.2.840.10008.5.1.4.1.1.88.59", "1.2.5", "KO"
    image.StudyInstanceUID, image.SeriesInstanceUID, image.PatientID = "1.2.3.4", "1.2.3.4.8", "SYN-1"
    referred = Dataset()
    referred.ReferencedSOPClassUID, referred.ReferencedSOPInstanceUID = sr.COMPREHENSIVE_3D, "1.2.6"
    image.ReferencedSOPSequence = Sequence([referred])
    reading = sr.extract(sr.encoded(image))
    assert not reading.refused
    assert len(reading.parts) == 1


def test_a_large_image_that_looks_like_a_report_keeps_the_limit_of_images() -> None:
    image = Dataset()
    image.SOPClassUID, image.SOPInstanceUID, image.Modality = sr.MR_IMAGE, "1.2.5", "MR"
    image.StudyInstanceUID, image.SeriesInstanceUID, image.PatientID = "1.2.3.4", "1.2.3.4.8", "SYN-1"
    looks = Dataset()
    looks.Modality = "SR"
    image.ReferencedSeriesSequence = Sequence([looks])
    image.Rows = image.Columns = 1
    image.PixelData = b"\0" * 4096
    file = MemoryFile("image.dcm", sr.encoded(image))
    assert StructuredReportReader().identify(file)
    (header,) = StructuredReportReader().extract(file, Limits(text_bytes=1024)).parts
    assert isinstance(header, ImageHeader)


def test_an_image_that_refers_to_a_report_is_not_taken_for_one() -> None:
    image = Dataset()
    image.SOPClassUID, image.SOPInstanceUID, image.Modality = sr.MR_IMAGE, "1.2.5", "MR"
    referred = Dataset()
    referred.ReferencedSOPClassUID, referred.ReferencedSOPInstanceUID = sr.COMPREHENSIVE_3D, "1.2.6"
    image.ReferencedInstanceSequence = Sequence([referred])
    assert not StructuredReportReader().identify(MemoryFile("image.dcm", sr.encoded(image)))


def test_lesions_coded_alike_have_each_the_organ_that_its_own_site_means() -> None:
    sites = [Code("10200004", "SCT", meaning) for meaning in ("Liver", "Leber", "Liver")]
    assert [lesion_words([], [site], [], [])[0].organ for site in sites] == ["Liver", "Leber", "Liver"]
    assert lesion_words([], sites, [], [])[0].organ == "Liver"
