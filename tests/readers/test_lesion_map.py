"""The lesion map: both forms, and what is refused in it."""

from __future__ import annotations

import pytest

from reporter.case.vocabulary import Kind, Location, Role, Side
from reporter.readers.interface import Limits, Refusal
from reporter.readers.lesion_map import lesion_map
from reporter.readers.report_parts import LesionMap

TOML = """
["N1 left axilla"]
lesion_id = "N1"
kind = "node"
side = "left"
location = "axilla_1"
role = "target"

["  T1   left "]
"""
CSV = "label;lesion_id;kind;side;location;role\nN1 left axilla;N1;node;left;axilla_1;target\nT1 left;;;;;\n"


def read(text: str, name: str = "map.toml") -> LesionMap:
    return lesion_map(text.encode(), name, Limits())


@pytest.mark.parametrize(("text", "name"), [(TOML, "map.toml"), (CSV, "map.csv")])
def test_both_forms_say_the_same(text: str, name: str) -> None:
    entries = read(text, name)
    assert sorted(entries) == ["N1 left axilla", "T1 left"]
    node = entries["N1 left axilla"]
    assert (node.lesion_id, node.kind, node.side) == ("N1", Kind.NODE, Side.LEFT)
    assert (node.location, node.role) == (Location.AXILLA_1, Role.TARGET)
    plain = entries["T1 left"]
    assert (plain.lesion_id, plain.kind, plain.side) == ("T1 left", None, None)


@pytest.mark.parametrize(
    ("text", "name", "code"),
    [
        ("[T1\nside = 1", "map.toml", "MAP_SYNTAX"),
        ('T1 = "left"', "map.toml", "MAP_VALUE"),
        ("[T1]\nsied = 'left'", "map.toml", "MAP_VALUE"),
        ("[T1]\nside = 'both'", "map.toml", "MAP_VALUE"),
        ("[T1]\nside = 1", "map.toml", "MAP_VALUE"),
        ("[T1]\nlesion_id = ''", "map.toml", "MAP_VALUE"),
        ("['T1']\n['T1 ']\n", "map.toml", "MAP_LABEL_TWICE"),
        ("lesion_id,side\nT1,left\n", "map.csv", "CSV_MISSING_COLUMN"),
        ("label,colour\nT1,red\n", "map.csv", "CSV_UNKNOWN_COLUMN"),
        ("label,side\nT1,left\nT1,right\n", "map.csv", "MAP_LABEL_TWICE"),
        ("label,side\n,right\n", "map.csv", "MAP_VALUE"),
    ],
)
def test_a_mistake_refuses_the_map_by_name_and_place(text: str, name: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        read(text, name)
    assert refused.value.issue.code == code
    assert refused.value.issue.source is not None
    assert refused.value.issue.source.file == name


def test_a_near_word_is_offered() -> None:
    with pytest.raises(Refusal) as refused:
        read("[T1]\nkind = 'nodes'")
    assert refused.value.issue.operands["nearest"] == "node"


def test_a_map_of_more_labels_than_a_case_may_have_lesions_is_refused() -> None:
    text = "".join(f"[T{number}]\n" for number in range(Limits().lesions + 1))
    with pytest.raises(Refusal) as refused:
        read(text)
    assert refused.value.issue.code == "LIM_LESIONS"


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(Refusal) as refused:
        lesion_map(b"\xff\xfe[T1]", "map.toml", Limits())
    assert refused.value.issue.code == "MAP_SYNTAX"
