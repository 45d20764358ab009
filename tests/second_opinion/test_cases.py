"""The smallest tables on which product and second calculation once differed, or might: each with its rule."""

from pathlib import Path

import pytest

from tests.second_opinion.product import classified, differences, overalls

DAYS = {"0": "2024-01-01", "1": "2024-03-01", "2": "2024-05-01", "3": "2024-07-01", "4": "2024-09-01"}
HEADING = (
    "patient_id,study_date,modality,lesion_id,kind,side,role,status,long_axis,short_axis,unit,split_from,biopsy_result"
)


def table(text: str) -> str:
    """Lines of visit, lesion and what was seen; T a target mass, N a target node, X non-target skin, B a part of T,
    Z a mass of which nothing is declared.
    """
    kinds = {"T": "mass", "N": "node", "X": "skin", "B": "mass", "Z": "mass"}
    roles = {"T": "target", "N": "target", "X": "non_target", "B": "", "Z": ""}
    rows = [HEADING]
    for line in text.splitlines():
        visit, *seen = line.split()
        for name, said in (one.split("=") for one in seen):
            number = said[:1].isdigit()
            axes = (said, said) if number and name == "N" else (said, "") if number else ("", "")
            cells = ["P", DAYS[visit], "MR", name, kinds[name], "left", roles[name], "" if number else said, *axes]
            rows.append(",".join([*cells, "mm", "T" if name == "B" else "", ""]))
    return "\n".join(rows) + "\n"


STRICT = [
    pytest.param("0 T=20\n1 T=0\n2 T=6", "BASELINE CR PD", id="back after overall CR (decision b)"),
    pytest.param("0 T=20 X=present\n1 T=0 X=present\n2 T=6 X=present", "BASELINE PR PR", id="overall CR never stood"),
    pytest.param(
        "0 T=15.5 X=present\n1 T=0 X=present\n2 T=40 X=present",
        "BASELINE PR PD",
        id="back and larger than ever, though a smallest of 0 gives no percentage (2.3, 2.4)",
    ),
    pytest.param(
        "0 T=80 X=present\n1 T=0 X=present\n2 T=5 X=present\n3 T=70 X=present",
        "BASELINE PR PR PD",
        id="back and grown since (2.3, 2.4)",
    ),
    pytest.param(
        "0 T=100 X=present\n1 T=20 X=present\n2 T=0 X=present\n3 T=30 X=present\n4 T=36 X=present",
        "BASELINE PR PR PR PD",
        id="what it was before it vanished is no smallest, what it is since is (2.4, nadir of 0)",
    ),
    pytest.param("0 T=100\n1 T=60\n2 T=71\n3 T=80", "BASELINE PR PR PD", id="held until PD (decision a)"),
    pytest.param("0 T=100\n1 T=60\n2 T=75\n3 T=71", "BASELINE PR PD SD", id="PD ends the hold (decision a)"),
    pytest.param("0 T=100\n1 T=60\n2 T=75\n3 T=69\n4 T=71", "BASELINE PR PD PR PR", id="a new response is held"),
    pytest.param("0 T=100\n1 T=60\n3 T=71", "BASELINE PR PR", id="a visit without a row ends no hold"),
    pytest.param("0 N=20\n1 N=8\n2 N=9.9", "BASELINE CR CR", id="a node below 10 mm is gone, however grown (e)"),
    pytest.param("0 T=20\n1 T=0 Z=12\n2 T=0 Z=12", "BASELINE NE NE", id="an undeclared finding lets no CR stand"),
    pytest.param("0 T=20\n1 T=0 Z=12\n2 T=0", "BASELINE NE NE", id="nor does leaving its row out (law 3)"),
    pytest.param("0 T=20\n1 T=0 Z=12\n2 T=0 Z=absent", "BASELINE NE CR", id="saying that it is gone does"),
    pytest.param("0 T=30\n1 T=10 B=8\n2 T=10", "BASELINE PR NE", id="a part of a split lesion without a row (2.4)"),
    pytest.param("0 T=30\n1 T=10 B=8\n2 T=10 B=absent", "BASELINE PR PR", id="a part that is gone"),
]


@pytest.mark.parametrize(("text", "expected"), STRICT)
def test_strict_recist(tmp_path: Path, text: str, expected: str) -> None:
    assert overalls(tmp_path, table(text), "recist-1.1") == expected


@pytest.mark.parametrize("text", [parameter.values[0] for parameter in STRICT])
@pytest.mark.parametrize("criterion", ["recist-1.1", "per-site"])
def test_both_calculations_agree(tmp_path: Path, text: str, criterion: str) -> None:
    assert differences(tmp_path, table(text), criterion) == []


def test_a_lost_part_is_a_problem_that_is_named(tmp_path: Path) -> None:
    code, rows = classified(tmp_path, table("0 T=30\n1 T=10 B=8\n2 T=10"), "--per-lesion")
    assert code == 3
    lost = {row["lesion_id"] for row in rows if "LES_LOST" in row["issues"]}
    assert lost == {"", "B"}


def test_a_lesion_is_not_compared_with_the_sum_of_its_parts_while_one_has_no_value(tmp_path: Path) -> None:
    _, rows = classified(tmp_path, table("0 T=30\n1 T=10 B=8\n2 T=12"), "--per-lesion")
    last = [row for row in rows if row["lesion_id"] == "T"][-1]
    assert (last["value"], last["nadir_value"], last["change_from_nadir_percent"]) == ("12", "10", "20")


def test_what_was_measured_on_one_day_was_measured_at_once(tmp_path: Path) -> None:
    """The smallest sum is never one of a lesion measured that day and another's value of a week before."""
    sizes = {"2024-01-01": (20, 20), "2024-03-01": (5, 20), "2024-03-08": (15, 10)}
    rows = [
        f"P,{day},{modality},{name},mass,left,target,,{size},,mm,,"
        for day, both in sizes.items()
        for name, modality, size in zip(("L0", "L1"), ("MG", "DBT"), both, strict=True)
    ]
    swapped = [row.replace("MG", "X").replace("DBT", "MG").replace("X", "DBT") for row in rows]
    for text in ("\n".join([HEADING, *rows]), "\n".join([HEADING, *swapped])):
        last = classified(tmp_path, text)[1][-1]
        assert (last["value"], last["nadir_value"], last["target"]) == ("25", "25", "PR")
        assert differences(tmp_path, text, "per-site") == []


@pytest.mark.parametrize(("by_mammography", "by_tomosynthesis", "value"), [("12", "10", "10"), ("12", "0", "12")])
def test_tomosynthesis_counts_where_both_measured(
    tmp_path: Path, by_mammography: str, by_tomosynthesis: str, value: str
) -> None:
    visits = {"2024-01-01": ("20", "20"), "2024-03-01": (by_mammography, by_tomosynthesis)}
    rows = [
        f"P,{day},{modality},L1,mass,left,target,,{size},,mm,,"
        for day, both in visits.items()
        for modality, size in zip(("MG", "DBT"), both, strict=True)
    ]
    text = "\n".join([HEADING, *rows])
    assert classified(tmp_path, text)[1][-1]["value"] == value
    assert differences(tmp_path, text, "per-site") == []
