"""Bad structured reports: each ends as the table of bad inputs says, in time, and never as an exception."""

from __future__ import annotations

import time

import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from reporter.case.issue import Outcome
from reporter.case.length import mm
from reporter.readers.interface import Limits, Reading
from reporter.readers.report_parts import ReportGroup
from tests.readers import sr_documents as sr

pytestmark = pytest.mark.hostile

LONG_14 = sr.length(sr.LONG, "14.0")
CT_IMAGE = "1.2.840.10008.5.1.4.1.1.2"


def refused(reading: Reading) -> str:
    assert reading.refused
    assert not reading.parts
    (issue,) = reading.issues
    return issue.code


def only(*children: Dataset) -> ReportGroup:
    (found,) = sr.groups_of(sr.lesion("T1", *children))
    return found


# -- 59: units ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "unit",
    [
        ("1", "UCUM", "mm"),
        ("{pixels}", "UCUM", "pixels"),
        ("MM", "UCUM", "mm"),
        ("[in_i]", "UCUM", "inch"),
        ("m", "UCUM", "metre"),
        ("mm", "99LOCAL", "mm"),
        ("mm2", "UCUM", "mm"),
        None,
    ],
)
def test_a_length_in_another_unit_than_mm_or_cm_is_none(unit: sr.Code | None) -> None:
    found = only(sr.length(sr.LONG, "14.0", unit))
    assert found.sizes.long_axis is None
    assert found.sizes.unusable == "MEAS_UNIT"
    assert [(i.code, i.outcome) for i in found.issues] == [("MEAS_UNIT", Outcome.PROBLEM)]


def test_two_units_are_none() -> None:
    value = sr.measured("14.0")
    value.MeasurementUnitsCodeSequence.append(sr.code_item(sr.CM))
    assert only(sr.number(sr.LONG, value)).sizes.unusable == "MEAS_UNIT"


# -- 60: two values in one item -------------------------------------------------------------------------------


@pytest.mark.parametrize("floating", [14.1, -14.0, 1.4, 0.0, float("nan"), float("inf"), 1e308])
def test_text_and_binary_value_that_differ_refuse_the_case(floating: float) -> None:
    found = only(sr.number(sr.LONG, sr.measured("14.0", floating=floating)))
    assert found.sizes.long_axis is None
    assert [(i.code, i.outcome) for i in found.issues] == [("SR_VALUE_CONFLICT", Outcome.REFUSED)]


@pytest.mark.parametrize(
    ("text", "floating"), [("14.0", 14.0), ("9.6", 9.6), ("9.6", 9.600000381469727), ("14.333333333333", 43 / 3)]
)
def test_text_and_binary_value_that_agree_are_the_text(text: str, floating: float) -> None:
    found = only(sr.number(sr.LONG, sr.measured(text, floating=floating)))
    assert found.sizes.long_axis == mm(text)
    assert not found.issues


@pytest.mark.parametrize(("numerator", "denominator", "agrees"), [(28, 2, True), (29, 2, False), (14, 0, False)])
def test_a_fraction_must_agree_too(numerator: int, denominator: int, agrees: bool) -> None:
    value = sr.measured("14.0")
    value.RationalNumeratorValue, value.RationalDenominatorValue = numerator, denominator
    found = only(sr.number(sr.LONG, value))
    assert sr.codes_of(found) == ([] if agrees else ["SR_VALUE_CONFLICT"])


@pytest.mark.parametrize("name", [sr.LONG, sr.VOLUME])
def test_two_values_of_one_thing_in_one_group_refuse_the_case(name: sr.Code) -> None:
    unit = sr.ML if name is sr.VOLUME else sr.MM
    found = only(sr.length(name, "14", unit), sr.length(name, "15", unit))
    assert ("SR_TWO_VALUES", Outcome.REFUSED) in [(i.code, i.outcome) for i in found.issues]


def test_the_same_value_twice_is_one() -> None:
    found = only(sr.length(sr.LONG, "14.0"), sr.length(sr.LONG, "1.4", sr.CM))
    assert found.sizes.long_axis == mm(14)
    assert not found.issues


# -- 61: numbers that are none --------------------------------------------------------------------------------


def two_numbers() -> Dataset:
    return sr.number(sr.LONG, sr.measured("14.0"), sr.measured("14.0"))


def without_value_type() -> Dataset:
    made = sr.length(sr.LONG, "14.0")
    del made.ValueType
    return made


def without_sequence() -> Dataset:
    return sr.item("NUM", sr.LONG)


def as_text() -> Dataset:
    return sr.text(sr.LONG, "14.0 mm")


@pytest.mark.parametrize(
    "broken",
    [
        sr.number(sr.LONG),
        sr.number(sr.LONG, sr.measured(None)),
        two_numbers(),
        without_value_type(),
        without_sequence(),
        as_text(),
    ],
)
def test_a_number_without_one_value_costs_its_measurement(broken: Dataset) -> None:
    found = only(broken, sr.length(sr.SHORT, "9.0"))
    assert found.sizes.long_axis is None
    assert found.sizes.unusable == "SR_NUM"
    assert [(i.code, i.outcome) for i in found.issues] == [("SR_NUM", Outcome.PROBLEM)]


@pytest.mark.parametrize("given", [b"14.0\\15.0", b"fourteen", b"1,4", b"0x1A", b"NaN", b"1_0", b"--1", b"1e999", b""])
def test_a_value_that_is_no_decimal_number_costs_its_measurement(given: bytes) -> None:
    data = sr.encoded(sr.document(sr.lesion("T1", sr.length(sr.LONG, "12345678"))))
    at = data.index(b"12345678")
    width = 8
    padded = given.ljust(width) if len(given) <= width else given
    changed = data[:at] + padded[:width] + data[at + width :]
    if len(given) > width:
        changed = sr.encoded(sr.document(sr.lesion("T1", sr.length(sr.LONG, "1234567890"))))
        changed = changed.replace(b"1234567890", given.ljust(10))
    (found,) = sr.report_of(sr.extract(changed)).groups
    assert found.sizes.long_axis is None
    assert found.sizes.unusable == "SR_NUM"


@pytest.mark.parametrize("value", ["-14.0", "-0.0", "501", "900"])
def test_a_size_out_of_range_costs_its_measurement(value: str) -> None:
    assert only(sr.length(sr.LONG, value)).sizes.unusable == "MEAS_RANGE"


def test_a_size_of_zero_is_kept_as_zero() -> None:
    assert only(sr.length(sr.LONG, "0")).sizes.long_axis == mm(0)


def test_no_text_of_a_value_reaches_an_issue_unchecked() -> None:
    data = sr.encoded(sr.document(sr.lesion("T1", sr.length(sr.LONG, "12345678")))).replace(
        b"12345678", b"\x1b[31mX\x07 "
    )
    (found,) = sr.report_of(sr.extract(data)).groups
    assert all("\x1b" not in str(value) for issue in found.issues for value in issue.operands.values())


# -- 74: the tree ---------------------------------------------------------------------------------------------


def test_a_report_under_another_sop_class_is_refused() -> None:
    data = sr.encoded(sr.document(sr.lesion("T1", LONG_14), SOPClassUID="1.2.840.10008.5.1.4.1.1.481.3"))
    assert refused(sr.extract(data)) == "SR_CLASS"


def test_a_report_under_the_class_of_an_image_is_refused() -> None:
    data = sr.encoded(sr.document(sr.lesion("T1", LONG_14), SOPClassUID=CT_IMAGE))
    assert refused(sr.extract(data)) in {"SR_CLASS", "DCM_MISSING_TAG"}


@pytest.mark.parametrize("value_type", [None, "TEXT"])
def test_a_report_that_begins_with_no_container_is_refused(value_type: str | None) -> None:
    data = sr.encoded(sr.document(sr.lesion("T1", LONG_14), ValueType=value_type))
    assert refused(sr.extract(data)) == "SR_ROOT"


def reference(*place: int) -> Dataset:
    made = Dataset()
    made.RelationshipType, made.ReferencedContentItemIdentifier = "INFERRED FROM", list(place)
    return made


@pytest.mark.parametrize("place", [(1,), (1, 1), (1, 1, 1), (1, 1, 1, 4)])
def test_a_reference_to_what_holds_it_is_a_circle(place: tuple[int, ...]) -> None:
    inside = sr.number(sr.LONG, sr.measured("14.0"), children=[reference(*place)])
    assert refused(sr.extract(sr.encoded(sr.document(sr.lesion("T1", inside))))) == "SR_CYCLE"


def test_references_between_branches_are_a_circle_too() -> None:
    first, second = sr.lesion("T1", LONG_14, reference(1, 1, 2)), sr.lesion("T2", LONG_14, reference(1, 1, 1))
    assert refused(sr.extract(sr.encoded(sr.document(first, second)))) == "SR_CYCLE"


@pytest.mark.parametrize("place", [(1, 9, 9), (2,), (0,), (1, 0), (1, 1, 2)])
def test_a_reference_to_nothing_or_elsewhere_is_no_circle(place: tuple[int, ...]) -> None:
    first, second = sr.lesion("T1", LONG_14, reference(*place)), sr.lesion("T2", LONG_14)
    assert not sr.extract(sr.encoded(sr.document(first, second))).refused


def test_many_references_to_one_branch_are_read_in_time() -> None:
    links = [reference(1, 1, 1) for _ in range(10_000)]
    written = sr.encoded(sr.document(sr.lesion("T1", LONG_14), sr.group(*links)))
    started = time.process_time()
    assert not sr.extract(written).refused
    assert time.process_time() - started < 5


def nested(depth: int) -> Dataset:
    inner = sr.lesion("T1", LONG_14)
    for _ in range(depth):
        inner = sr.item("CONTAINER", sr.MEASUREMENTS, inner)
    return inner


@pytest.mark.parametrize("undefined", [False, True])
def test_depth_is_limited_and_counted_not_recursed(undefined: bool) -> None:
    assert not sr.extract(sr.encoded(sr.tree(nested(40)), undefined=undefined)).refused
    assert refused(sr.extract(sr.encoded(sr.tree(nested(100)), undefined=undefined))) in {"DCM_DEPTH", "SR_DEPTH"}


def test_the_depth_of_content_is_a_limit_of_its_own() -> None:
    from reporter.readers.content_fields import VALUE_TYPE, Fields
    from reporter.readers.content_tree import content_tree
    from reporter.readers.element_walk import Element
    from reporter.readers.interface import Refusal

    inner = b""
    for _ in range(70):
        content = inner if not inner else b"\x40\x00\x30\xa7SQ\0\0" + len(inner).to_bytes(4, "little") + inner
        inner = b"\xfe\xff\x00\xe0" + len(content).to_bytes(4, "little") + content
    with pytest.raises(Refusal) as found:
        content_tree(
            "sr.dcm", Fields(values={VALUE_TYPE: b"CONTAINER"}), Element(b"SQ", inner, implicit=False), Limits()
        )
    assert found.value.issue.code == "SR_DEPTH"


def test_content_items_are_limited_at_the_limit() -> None:
    few = sr.document(*(sr.item("TEXT", sr.COMMENT) for _ in range(20)))  # with root and container 22 items
    assert not sr.extract(sr.encoded(few), limits=Limits(sr_items=22)).refused
    assert refused(sr.extract(sr.encoded(few), limits=Limits(sr_items=21))) == "SR_ITEMS"


def test_a_thousand_groups_are_refused_in_time() -> None:
    many = sr.encoded(sr.document(*(sr.lesion(f"T{number}", LONG_14) for number in range(1000))))
    started = time.process_time()
    assert refused(sr.extract(many)) == "SR_GROUPS"
    assert time.process_time() - started < 5


def test_as_many_groups_as_a_case_may_have_lesions_are_read() -> None:
    many = sr.encoded(sr.document(*(sr.lesion(f"T{number}", LONG_14) for number in range(200))))
    assert len(sr.report_of(sr.extract(many)).groups) == 200


def test_an_element_twice_in_one_item_is_refused() -> None:
    data = sr.encoded(sr.document(sr.lesion("T1", LONG_14)))
    # The meaning of the unit becomes a second coding scheme of it.
    other = data.replace(b"\x08\x00\x04\x01LO\x02\x00mm", b"\x08\x00\x02\x01SH\x02\x00mm")
    assert refused(sr.extract(other)) == "SR_DUP_TAG"


def test_a_text_beyond_every_limit_is_refused() -> None:
    long_text = sr.lesion("T" * 5000, LONG_14)
    assert refused(sr.extract(sr.encoded(sr.document(long_text)))) == "LIM_STRING"


def test_a_file_beyond_the_limit_of_texts_is_refused_unread() -> None:
    data = sr.encoded(sr.document(sr.lesion("T1", LONG_14)))
    assert refused(sr.extract(data, limits=Limits(text_bytes=len(data) - 1))) == "LIM_FILE"


@pytest.mark.parametrize("name", sorted(path.name for path in sr.DATA.glob("*.dcm")))
def test_every_truncation_is_refused(name: str) -> None:
    data = (sr.DATA / name).read_bytes()
    for end in range(132, len(data), 97):
        assert sr.extract(data[:end], name).refused, end


def test_a_wrong_sequence_type_is_no_crash() -> None:
    document = sr.document(sr.lesion("T1", LONG_14))
    document.ContentSequence = Sequence([])
    assert not sr.extract(sr.encoded(document)).refused
    for tag in (b"\x40\x00\x30\xa7SQ", b"\x40\x00\x43\xa0SQ", b"\x40\x00\x00\xa3SQ", b"\x40\x00\xea\x08SQ"):
        data = sr.encoded(sr.document(sr.lesion("T1", LONG_14)))
        sr.extract(data.replace(tag, tag[:4] + b"UN"))
        sr.extract(data.replace(tag, tag[:4] + b"OB"))
