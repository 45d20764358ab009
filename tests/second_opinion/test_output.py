"""What `classify` prints beside the categories: columns, order, figures, words, exit codes."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from tests.second_opinion import tables
from tests.second_opinion.product import classified

COLUMNS = (
    "patient_id timepoint date modality criteria side lesion_id role measure unit value baseline_value nadir_value "
    "change_from_baseline_percent change_from_nadir_percent target non_target new_lesion overall response_held issues"
)
HEADING = "patient_id,study_date,timepoint,modality,lesion_id,kind,side,role,long_axis,unit,slice_thickness\n"


def one_mass(*sizes: str, modality: str = "MR", labels: tuple[str, ...] = (), unit: str = "mm") -> str:
    """One mass of one patient at visits two months apart."""
    rows = [
        f"P,2024-{2 * visit + 1:02}-01,{labels[visit] if labels else ''},{modality},L1,mass,left,target,{size},{unit},1"
        for visit, size in enumerate(sizes)
    ]
    return HEADING + "\n".join(rows) + "\n"


def test_columns_and_order(tmp_path: Path) -> None:
    text = tables.table_of_several_modalities(tables.dice(5), 40)
    _, rows = classified(tmp_path, text, "--per-lesion", "--criteria", "recist-1.1", "--criteria", "per-site")
    assert " ".join(rows[0]) == COLUMNS
    keys = [(r["patient_id"], r["criteria"], r["side"], r["modality"], r["date"], r["lesion_id"]) for r in rows]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)
    assert {row["side"] for row in rows if row["criteria"] == "recist-1.1"} == {""}
    assert {bool(row["side"]) for row in rows if row["criteria"] == "per-site"} == {True}
    assert {row["lesion_id"] + row["role"] for row in rows if row["measure"] == "sum_of_diameters"} == {""}


def test_without_per_lesion_there_is_one_row_a_time_point(tmp_path: Path) -> None:
    text = tables.lesion_level_table(tables.dice(6), 30)
    _, single = classified(tmp_path, text, "--per-lesion")
    _, rows = classified(tmp_path, text)
    assert rows == [row for row in single if not row["lesion_id"]]


def test_figures_are_exact_and_percentages_have_twelve_significant_digits(tmp_path: Path) -> None:
    _, rows = classified(tmp_path, tables.lesion_level_table(tables.dice(7), 60), "--per-lesion")
    lengths = {row[c] for row in rows for c in ("value", "baseline_value", "nadir_value") if row[c]}
    shares = {row[c] for row in rows for c in row if c.endswith("_percent") and row[c]}
    assert all(re.fullmatch(r"\d+(\.\d*[1-9])?", length) for length in lengths)
    assert all(re.fullmatch(r"-?\d+(\.\d*[1-9])?", share) for share in shares)
    assert max(len(Decimal(share).as_tuple().digits) for share in shares) == 12


def test_the_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    heading, *rows = tables.table_of_several_modalities(tables.dice(8), 15).splitlines()
    expected = classified(tmp_path, "\n".join([heading, *rows]), "--per-lesion")
    for seed in range(3):
        tables.dice(seed).shuffle(rows)
        assert classified(tmp_path, "\n".join([heading, *rows]), "--per-lesion") == expected


def test_centimetres_are_the_same_millimetres(tmp_path: Path) -> None:
    by_unit = [classified(tmp_path, one_mass(*sizes, unit=unit))[1] for unit, sizes in {
        "mm": ("27", "13.3", "9.31", "32.4"), "cm": ("2.7", "1.33", "0.931", "3.24"),
    }.items()]  # fmt: skip
    assert by_unit[0] == by_unit[1]


@pytest.mark.parametrize(
    ("labels", "facts", "expected"),
    [
        ((), "", "baseline unknown unknown"),
        (("baseline", "during", "end"), "", "baseline during end"),
        ((), '[therapy]\nstart = "2024-01-05"\nend = "2024-04-20"\n', "baseline during end"),
    ],
)
def test_words_of_time_points(tmp_path: Path, labels: tuple[str, ...], facts: str, expected: str) -> None:
    (tmp_path / "facts.toml").write_text(facts, encoding="utf-8")
    _, rows = classified(tmp_path, one_mass("30", "20", "10", labels=labels), "-f", str(tmp_path / "facts.toml"))
    assert " ".join(row["timepoint"] for row in rows) == expected


@pytest.mark.parametrize(
    ("text", "criterion", "code", "overall", "issue"),
    [
        pytest.param(one_mass("30", "20"), "recist-1.1", 0, "BASELINE PR", "", id="nothing to review"),
        pytest.param(one_mass("30", "20", modality="US"), "recist-1.1", 3, "BASELINE NE", "CRIT_MODALITY", id="US"),
        pytest.param(one_mass("30", "20", modality="US"), "per-site", 0, "BASELINE PR", "", id="US per site"),
        pytest.param(one_mass("30", "20", unit=""), "per-site", 3, "BASELINE NE", "MEAS_UNIT", id="no unit"),
        pytest.param(one_mass("30", "~20"), "per-site", 3, "BASELINE NE", "MEAS_NUMBER", id="no number"),
        pytest.param(one_mass("30", "900"), "per-site", 3, "BASELINE NE", "MEAS_RANGE", id="too long"),
        pytest.param(one_mass("30"), "recist-1.1", 0, "BASELINE", "", id="one time point"),
    ],
)
def test_problems_end_with_3(tmp_path: Path, text: str, criterion: str, code: int, overall: str, issue: str) -> None:
    ending, rows = classified(tmp_path, text, "--criteria", criterion)
    assert (ending, " ".join(row["overall"] for row in rows)) == (code, overall)
    assert rows[-1]["issues"] == issue


def test_a_problem_of_an_earlier_time_point_ends_with_3_too(tmp_path: Path) -> None:
    text = one_mass("30", "20", "10")
    for visit in (1, 5):
        text += f"P,2024-{visit:02}-01,,MR,L2,mass,left,target,20,mm,1\n"
    code, rows = classified(tmp_path, text)
    assert code == 3
    assert [row["issues"] for row in rows] == ["", "LES_LOST", ""]


def test_therapy_begun_before_the_only_time_point_is_not_evaluable(tmp_path: Path) -> None:
    (tmp_path / "facts.toml").write_text('[therapy]\nstart = "2023-12-01"\n', encoding="utf-8")
    code, rows = classified(tmp_path, one_mass("30"), "-f", str(tmp_path / "facts.toml"))
    assert (code, rows[0]["overall"], rows[0]["issues"]) == (3, "NE", "TP_NO_BASELINE")


def test_what_cannot_be_asked_ends_with_2_and_what_is_refused_with_1(tmp_path: Path) -> None:
    assert classified(tmp_path, one_mass("30"), "--criteria", "none-such") == (2, [])
    assert classified(tmp_path, one_mass("30").replace("2024-01-01", "2024-01-32")) == (1, [])


@pytest.mark.parametrize(
    ("options", "column", "expected"), [((), "overall", "PD"), (("--best-overall",), "best_overall", "PR")]
)
def test_a_restated_complete_response_changes_the_best_response_and_not_the_table(
    tmp_path: Path, options: tuple[str, ...], column: str, expected: str
) -> None:
    """The radiologist's flags change the report, not the table; the best overall response takes the CR as PR."""
    (tmp_path / "facts.toml").write_text('[[radiologist]]\nside = "left"\nrestate = true\n', encoding="utf-8")
    text = one_mass("30", "0", "6")
    _, rows = classified(tmp_path, text, "--criteria", "recist-1.1", "-f", str(tmp_path / "facts.toml"), *options)
    assert rows[-1][column] == expected
