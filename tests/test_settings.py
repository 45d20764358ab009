"""A site's choices: what they fill, what is refused, and what differs from the default."""

from decimal import Decimal
from pathlib import Path

import pytest

from reporter.advice.interface import PolicyEntry, Urgency
from reporter.case.vocabulary import Modality
from reporter.errors import ExitCode, SetupError
from reporter.settings import Settings, read_settings


def settings(tmp_path: Path, text: str) -> Settings:
    path = tmp_path / "reporter.toml"
    path.write_text(text, "utf-8")
    return read_settings(path)


def test_without_a_file_everything_is_default() -> None:
    assert read_settings(None) == Settings()
    assert Settings().changed == ()


def test_an_empty_file_changes_nothing(tmp_path: Path) -> None:
    assert settings(tmp_path, "") == Settings()


def test_each_table_fills_the_value_of_its_layer(tmp_path: Path) -> None:
    given = settings(
        tmp_path,
        """
        [report]
        criteria = ["recist-1.1", "per-site"]
        institution = "Klinik"
        [thresholds]
        pr_percent = 65
        discordance_mm = 7.5
        hold_response = false
        size_order = ["US", "MR"]
        [windows]
        same_time_point_days = 7
        [labels]
        end = ["eot"]
        [escalation]
        distant_urgency = "immediate"
        [escalation.immediate]
        who = "breast surgeon on call"
        how_soon = "within 60 minutes"
        [library]
        folder = "site"
        [criteria.house]
        cut = 3
        """,
    )
    assert given.report.criteria == ("recist-1.1", "per-site")
    assert given.thresholds.pr_percent == Decimal(65)
    assert given.thresholds.discordance_mm == Decimal("7.5")
    assert given.thresholds.hold_response is False
    assert given.thresholds.size_order == (Modality.US, Modality.MR)
    assert given.windows.same_time_point_days == 7
    assert given.labels.end == ("eot",)
    assert given.policy.distant_urgency is Urgency.IMMEDIATE
    assert given.policy.contacts == {
        Urgency.IMMEDIATE: PolicyEntry(who="breast surgeon on call", how_soon="within 60 minutes")
    }
    assert given.library == tmp_path / "site"
    assert given.criteria == {"house": {"cut": 3}}


def test_what_differs_from_the_default_is_known(tmp_path: Path) -> None:
    given = settings(tmp_path, "[thresholds]\npr_percent = 30\npd_mm = 6\n[windows]\nsame_time_point_days = 10\n")
    assert given.changed == (("thresholds.pd_mm", "6"), ("windows.same_time_point_days", "10"))


@pytest.mark.parametrize(
    ("text", "field", "reason"),
    [
        pytest.param("[treshold]\n", "treshold", "did you mean thresholds", id="unknown table"),
        pytest.param(
            "[thresholds]\npr_precent = 30\n", "thresholds.pr_precent", "did you mean pr_percent", id="unknown key"
        ),
        pytest.param("[thresholds]\npr_percent = -30\n", "thresholds.pr_percent", "a number above 0", id="negative"),
        pytest.param(
            "[thresholds]\npr_percent = nan\n", "thresholds.pr_percent", "a number above 0", id="not a number"
        ),
        pytest.param("[thresholds]\npr_percent = '30'\n", "thresholds.pr_percent", "a number above 0", id="text"),
        pytest.param("[thresholds]\npr_percent = true\n", "thresholds.pr_percent", "a number above 0", id="yes"),
        pytest.param("[thresholds]\nhold_response = 1\n", "thresholds.hold_response", "valid boolean", id="not a yes"),
        pytest.param("[thresholds]\nsize_order = ['MRT']\n", "thresholds.size_order", "'US', 'MG'", id="no modality"),
        pytest.param(
            "[windows]\nsame_time_point_days = 1.5\n", "windows.same_time_point_days", "integer", id="half a day"
        ),
        pytest.param("[escalation.urgent]\nwho = 'x'\n", "escalation.urgent", "known here", id="no urgency"),
        pytest.param("[escalation]\ndistant_urgency = 'now'\n", "escalation.distant_urgency", "prompt", id="no word"),
        pytest.param("thresholds = 3\n", "thresholds", "must be a table", id="no table"),
        pytest.param("[library]\nfolder = 3\n", "library.folder", "path of a folder", id="no path"),
    ],
)
def test_a_wrong_edit_is_refused_with_file_key_and_reason(tmp_path: Path, text: str, field: str, reason: str) -> None:
    with pytest.raises(SetupError) as caught:
        settings(tmp_path, text)
    assert caught.value.file == "reporter.toml"
    assert caught.value.field == field
    assert reason in str(caught.value)
    assert caught.value.exit_code is ExitCode.USAGE


@pytest.mark.parametrize("data", [b"[thresholds\n", b"\xff\xfe", b"a = " + b"[" * 5000])
def test_no_toml(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "reporter.toml"
    path.write_bytes(data)
    with pytest.raises(SetupError, match="no valid TOML"):
        read_settings(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="cannot be read"):
        read_settings(tmp_path / "reporter.toml")
