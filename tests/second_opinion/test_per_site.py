"""`classify --criteria per-site` on trial tables made from the rules, row for row against the second calculation."""

from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.second_opinion import tables
from tests.second_opinion.calculation import classify
from tests.second_opinion.product import differences

CRITERION = "per-site"


@pytest.mark.parametrize("seed", range(2))
def test_lesion_level_table(tmp_path: Path, seed: int) -> None:
    assert differences(tmp_path, tables.lesion_level_table(tables.dice(seed), 80), CRITERION) == []


def test_lesion_level_table_on_each_modality(tmp_path: Path) -> None:
    text = tables.lesion_level_table(tables.dice(10), 80, ("CT", "US", "MG", "DBT", "CEM", ""))
    assert differences(tmp_path, text, CRITERION) == []


def test_lesion_level_table_on_several_modalities_at_once(tmp_path: Path) -> None:
    assert differences(tmp_path, tables.table_of_several_modalities(tables.dice(20), 80), CRITERION) == []


def test_trial_of_384_patients_with_four_visits_in_centimetres(tmp_path: Path) -> None:
    assert differences(tmp_path, tables.trial_in_centimetres(tables.dice(384)), CRITERION) == []


def test_the_tables_hold_what_the_rules_speak_of() -> None:
    rows = classify(tables.lesion_level_table(tables.dice(0), 80), CRITERION)
    whole = {row["overall"] for row in rows if not row["lesion_id"]}
    assert whole == {"BASELINE", "CR", "PR", "SD", "PD", "NE", "NON-CR/NON-PD", "MIXED", "NED"}
    assert {row["overall"] for row in rows if row["role"] == "target"} >= {"BASELINE", "CR", "PR", "SD", "PD", "NE"}
    assert {row["side"] for row in rows} == {"left", "right"}


@pytest.mark.property
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(chance=st.randoms(use_true_random=False))
def test_any_course(tmp_path: Path, chance: Random) -> None:
    assert differences(tmp_path, tables.table_of_several_modalities(chance, 2), CRITERION) == []
