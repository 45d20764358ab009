"""`classify --criteria recist-1.1` on trial tables made from the rules, row for row against the second calculation."""

from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.second_opinion import tables
from tests.second_opinion.calculation import classify
from tests.second_opinion.product import differences

CRITERION = "recist-1.1"


@pytest.mark.parametrize("seed", range(2))
def test_lesion_level_table(tmp_path: Path, seed: int) -> None:
    assert differences(tmp_path, tables.lesion_level_table(tables.dice(seed), 80), CRITERION) == []


def test_lesion_level_table_on_each_modality(tmp_path: Path) -> None:
    text = tables.lesion_level_table(tables.dice(10), 80, ("CT", "US", "MG", "DBT", "CEM", ""))
    assert differences(tmp_path, text, CRITERION) == []


def test_lesion_level_table_on_several_modalities_at_once(tmp_path: Path) -> None:
    assert differences(tmp_path, tables.table_of_several_modalities(tables.dice(20), 80), CRITERION) == []


def test_trial_of_384_patients_with_four_visits_in_centimetres(tmp_path: Path) -> None:
    text = tables.trial_in_centimetres(tables.dice(384))
    assert text.count(",cm,") == text.count("\n") - 1
    assert len({row["patient_id"] for row in classify(text, CRITERION)}) == 384
    assert differences(tmp_path, text, CRITERION) == []


def test_the_tables_hold_what_the_rules_speak_of() -> None:
    text = tables.lesion_level_table(tables.dice(0), 80)
    rows = [row for row in classify(text, CRITERION) if not row["lesion_id"]]
    assert {row["overall"] for row in rows} == {"BASELINE", "CR", "PR", "SD", "PD", "NE", "NON-CR/NON-PD", "NED"}
    assert {row["non_target"] for row in rows} == {"BASELINE", "CR", "PD", "NE", "NON-CR/NON-PD", ""}
    assert {row["new_lesion"] for row in rows} == {"no", "equivocal", "yes"}
    assert {row["response_held"] for row in rows} == {"no", "yes"}
    words = {"too_small", "absent", "merged", "not_imaged", "not_evaluable", "unequivocal_progression", "equivocal"}
    assert {word for word in words if f",{word}," in text} == words


@pytest.mark.property
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(chance=st.randoms(use_true_random=False))
def test_any_course(tmp_path: Path, chance: Random) -> None:
    assert differences(tmp_path, tables.lesion_level_table(chance, 2), CRITERION) == []
