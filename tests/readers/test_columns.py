"""Other programs' tables, through a column map."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from reporter.case.vocabulary import Role
from reporter.errors import UsageError
from reporter.readers.columns import ALL, column_map
from reporter.readers.files import MemoryFile
from reporter.readers.gather import Inputs, gather, patients
from reporter.readers.interface import Refusal
from reporter.readers.parts import Row
from reporter.readers.table import TableReader
from tests.readers.kit import LIMITS, codes

DESIGN = (
    "patient_id study_date study_uid timepoint modality lesion_id kind organ side location clock depth nipple_distance"
    " role status merged_into split_from long_axis short_axis third_axis unit volume volume_unit suv cortex hilum"
    " cortex_type extent extent_change span skin_distance muscle_distance index_distance slice_thickness quality"
    " biopsy_result biopsy_date receptors birads distortion clip clip_shape clip_seen clip_displaced covered_before"
    " note"
)
PYRECIST = Path(__file__).parents[2] / "reporter" / "readers" / "maps" / "pyrecist.toml"


def rows(text: str, columns: str) -> list[Row]:
    reading = TableReader(columns=column_map(columns.encode(), "map.toml")).extract(
        MemoryFile("t.csv", text.encode()), LIMITS
    )
    assert not reading.issues
    return [part for part in reading.parts if isinstance(part, Row)]


def test_the_table_of_pyrecist() -> None:
    text = (
        "patient_id,study_date,measurement,lesion_label_alias,lesion_category\n"
        "P1,20260108,14.5,L1,target\n"
        "P1,20260108,9,L2,non-target\n"
    )
    first, second = rows(text, PYRECIST.read_text(encoding="utf-8"))
    assert (first.study_date, str(first.sizes.long_axis), first.lesion.role) == (
        dt.date(2026, 1, 8),
        "14.5 mm",
        Role.TARGET,
    )
    assert second.lesion.role is Role.NON_TARGET


def test_a_shipped_map_is_known_by_its_name(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("patient_id,study_date,measurement,lesion_label_alias\nP1,20260108,14.5,L1\n")
    assert patients(gather(Inputs(table=table, columns=Path("pyrecist")))) == ("P1",)
    with pytest.raises(UsageError):
        gather(Inputs(table=table, columns=Path("nothing")))


def test_own_headers_stay_understood_and_others_may_be_ignored() -> None:
    text = "Label,study_date,long_axis,unit,Reader\nL1,2026-01-08,5,mm,somebody\n"
    (found,) = rows(text, 'ignore = ["reader"]\n[columns]\nlabel = "lesion_id"\n')
    assert found.lesion_id == "L1"


def test_words_are_mapped_in_their_column_only() -> None:
    text = "lesion_id,study_date,side,note\nlinks,2026-01-08,links,links\n"
    (found,) = rows(text, '[words.side]\nlinks = "left"\n')
    assert (found.lesion.side, found.lesion_id, found.said.note) == ("left", "links", "links")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("columns = 3\n", "columns"),
        ("[columns]\na = 3\n", "columns.a"),
        ('[columns]\na = "long axis"\n', "columns.a"),
        ('[colums]\na = "long_axis"\n', "colums"),
        ('[dates]\nform = "DD.MM.YYYY"\n', "dates.form"),
        ('[words]\nside = "x"\n', "words.side"),
        ('[constants]\nunits = "mm"\n', "constants.units"),
        ('ignore = "x"\n', "ignore"),
    ],
)
def test_a_bad_map_is_named_with_its_key(text: str, place: str) -> None:
    with pytest.raises(Refusal) as refused:
        column_map(text.encode(), "map.toml")
    assert (refused.value.issue.code, str(refused.value.issue.source)) == ("MAP_VALUE", f"map.toml, {place}")


@pytest.mark.parametrize("data", [b"[columns", b"\xff\xfe"])
def test_a_map_that_is_no_toml(data: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        column_map(data, "map.toml")
    assert refused.value.issue.code == "MAP_SYNTAX"


def test_a_bad_map_refuses_the_table(tmp_path: Path) -> None:
    table, columns = tmp_path / "t.csv", tmp_path / "map.toml"
    table.write_text("lesion_id,study_date\nL1,2026-01-08\n")
    columns.write_text("[columns")
    assert codes(gather(Inputs(table=table, columns=columns)).issues) == ["MAP_SYNTAX"]


def test_every_column_of_the_design_is_known() -> None:
    assert set(ALL) == set(DESIGN.split())
    assert len(ALL) == len(set(ALL))
