"""Texts and character sets against pydicom's own decoding, on whatever bytes."""

from __future__ import annotations

import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.charset import convert_encodings, decode_bytes, encode_string
from pydicom.datadict import dictionary_VR, keyword_for_tag
from pydicom.dataelem import DataElement, RawDataElement, convert_raw_data_element
from pydicom.tag import Tag
from pydicom.valuerep import TEXT_VR_DELIMS

from reporter.readers import character_sets, values
from reporter.readers.character_sets import CODECS, NotDecoded, codecs_of, decoded
from reporter.readers.index_columns import COLUMNS, IndexColumn, Vocabulary
from reporter.readers.public_sequences import SEQUENCES

TERMS = tuple(CODECS)
EXTENSIONS = tuple(term for term in TERMS if term.startswith("ISO 2022"))
SETS = st.one_of(
    st.sampled_from(TERMS),
    st.builds(
        lambda first, rest: "\\".join((first, *rest)),
        st.sampled_from(("", *EXTENSIONS)),
        st.lists(st.sampled_from(EXTENSIONS), min_size=1, max_size=3),
    ),
)
PIECES = st.sampled_from([
    b"Yamada",
    b"^",
    b"=",
    b"\x1b$B;3ED\x1b(B",
    b"\x1b$)C\xb1\xe8",
    b"\x1b-F\xc4\xe9",
    b"\x1b(J",
    b"\x1b$(D",
    b"\\\\",
    b" ",
    b"\0",
    b"\xe4",
    b"\xc3\xa4",
    b"\r\n",
    b"\x1b",
])
RAW = st.one_of(st.binary(max_size=24), st.lists(PIECES, max_size=8).map(b"".join))


def of_pydicom(raw: bytes, character_set: str) -> str:
    """Its text; warnings are errors, as all are in the tests."""
    terms = character_set.split("\\")
    return decode_bytes(raw, convert_encodings(terms if len(terms) > 1 else terms[0]), TEXT_VR_DELIMS)


@pytest.mark.property
@given(raw=RAW, character_set=SETS)
def test_text_is_pydicoms_or_left_to_it(raw: bytes, character_set: str) -> None:
    try:
        text = decoded(raw, codecs_of(character_set.encode()))
    except NotDecoded:
        return
    assert text == of_pydicom(raw, character_set)


def left_to_pydicom(*_: object) -> str:
    raise NotDecoded


@pytest.mark.property
@given(raw=RAW, character_set=SETS)
def test_text_of_a_draft_is_pydicoms(raw: bytes, character_set: str) -> None:
    terms = tuple(term.strip() for term in character_set.split("\\"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(character_sets, "decoded", left_to_pydicom)
        expected = values.decoded(raw, terms)
    assert values.decoded(raw, terms) == expected


@pytest.mark.parametrize("term", TERMS)
def test_what_pydicom_encodes_is_decoded(term: str) -> None:
    terms = ["", term] if term.startswith("ISO 2022") else [term]
    for text in (ALPHABETS[CODECS[term]], "plain ASCII", ""):
        raw = encode_string(text, convert_encodings(terms))
        expected = of_pydicom(raw, "\\".join(terms)) if term == "ISO 2022 IR 58" else text  # it leaves the escape out
        assert decoded(raw, codecs_of("\\".join(terms).encode())) == expected


ALPHABETS = {
    "iso8859": "",
    "latin_1": "\u00e4\u00df\u00e9",
    "iso8859_2": "\u0142\u017c",
    "iso8859_3": "\u0127",
    "iso8859_4": "\u0101",
    "iso_ir_126": "\u03b4\u03b9",
    "iso_ir_127": "\u0642\u0628",
    "iso_ir_138": "\u05e9\u05e8",
    "iso_ir_144": "\u041b\u044e",
    "iso_ir_148": "\u011f",
    "iso_ir_166": "\u0e19",
    "shift_jis": "\uff94\uff8f",
    "iso2022_jp": "\u5c71\u7530",
    "iso2022_jp_2": "\u4e02",
    "euc_kr": "\uae40\ud64d",
    "iso_ir_58": "\u738b",
    "utf8": "\u738b\u0642\u05e9\U0001f600",
    "gb18030": "\u738b\u00e4",
    "gbk": "\u738b",
}


def test_every_term_of_pydicom_that_the_standard_has_is_known() -> None:
    for term, codec in CODECS.items():
        assert convert_encodings(term)[0].lower() == codec
    for wrong in ("ISO_IR 999", "ISO IR 100", "latin-1", "ISO_IR 192\\ISO 2022 IR 87", "\\GB18030"):
        with pytest.raises(NotDecoded):
            codecs_of(wrong.encode())


def said(column: IndexColumn, raw: bytes, character_set: str) -> str:
    """The text of pydicom's value of an element."""
    element = RawDataElement(Tag(column.tag), column.vr.decode(), len(raw), raw or None, 0, False, True)
    terms = character_set.split("\\")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of values longer than their representation allows
        found: DataElement = convert_raw_data_element(
            element, encoding=convert_encodings(terms if len(terms) > 1 else terms[0])
        )
        if found.VM > 1:
            return "\\".join(str(value) for value in found.value)
        return "" if found.value is None else str(found.value)


NUMBERS = st.from_regex(r"[ ]?[+-]?[0-9]{0,3}\.?[0-9]{0,3}(e[+-]?[0-9])?[ \0]{0,2}", fullmatch=True).map(str.encode)
VALUES = st.one_of(
    RAW,
    NUMBERS,
    st.lists(NUMBERS, min_size=2, max_size=3).map(b"\\".join),
    st.from_regex(r"[0-9.]{0,20}\0?", fullmatch=True).map(str.encode),
)


@pytest.mark.property
@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.keyword)
@given(raw=VALUES, character_set=SETS)
def test_values_are_pydicoms_or_left_to_it(column: IndexColumn, raw: bytes, character_set: str) -> None:
    try:
        text = Vocabulary().of(character_set.encode())[column.tag][raw]
    except NotDecoded:
        return
    assert text == said(column, raw, character_set)


def test_columns_are_attributes_in_order_of_tag() -> None:
    assert [column.tag for column in COLUMNS] == sorted(column.tag for column in COLUMNS)
    for column in COLUMNS:
        assert keyword_for_tag(column.tag) == column.keyword
        assert dictionary_VR(column.tag) == column.vr.decode()


def test_sequences_are_sequences() -> None:
    assert {dictionary_VR(tag) for tag in SEQUENCES} == {"SQ"}
