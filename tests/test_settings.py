"""A site's choices: what they fill, what is refused, and what differs from the default."""

from dataclasses import fields
from decimal import Decimal
from pathlib import Path

import pytest

from reporter.advice.interface import PolicyEntry, Urgency
from reporter.case.setting import settings_of
from reporter.case.timepoint import Labels, Windows
from reporter.case.vocabulary import Modality
from reporter.errors import ExitCode, SetupError
from reporter.readers.interface import Limits
from reporter.response.criteria.who import Who
from reporter.response.interface import Thresholds
from reporter.settings import ReportChoices, SettingDoc, Settings, described, read_settings


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
        [criteria.who]
        pd_of = "sum"
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
    assert given.site_folder == tmp_path / "site"
    assert given.criteria == {"who": {"pd_of": "sum"}}


def test_what_differs_from_the_default_is_known(tmp_path: Path) -> None:
    given = settings(tmp_path, "[thresholds]\npr_percent = 30\npd_mm = 6\n[windows]\nsame_time_point_days = 10\n")
    assert given.changed == (("thresholds.pd_mm", "6"), ("windows.same_time_point_days", "10"))


def test_what_differs_is_named_as_it_stands_in_the_file(tmp_path: Path) -> None:
    given = settings(
        tmp_path,
        """
        [thresholds]
        hold_response = false
        [escalation]
        distant_urgency = "tumour_board"
        [escalation.prompt]
        who = "surgeon on call"
        [library]
        folder = "house/of/forms"
        [criteria.who]
        pd_percent = 30
        """,
    )
    assert given.changed == (
        ("criteria.who.pd_percent", "30"),
        ("escalation.distant_urgency", "tumour_board"),
        ("escalation.prompt.who", "surgeon on call"),
        ("library.folder", "forms"),
        ("thresholds.hold_response", "false"),
    )


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
        pytest.param("[thresholds]\npr_percent = 101\n", "thresholds.pr_percent", "at most 100", id="out of range"),
        pytest.param(
            "[thresholds]\nnode_types_abnormal = ['6']\n", "thresholds.node_types_abnormal", "integer", id="text type"
        ),
        pytest.param("[labels]\nend = [3]\n", "labels.end", "valid string", id="no label"),
        pytest.param("[criteria.whoo]\n", "criteria.whoo", "did you mean who", id="no criterion"),
        pytest.param("[escalation.none]\nwho = 'x'\n", "escalation.none", "known here", id="nobody to tell"),
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


@pytest.mark.parametrize(
    ("text", "field", "reason"),
    [
        pytest.param(
            "[thresholds]\nnode_normal_mm = 16\n",
            "thresholds.node_normal_mm",
            "a node of 15 mm would be a target and of normal size at once",
            id="normal and target",
        ),
        pytest.param(
            "[thresholds]\ntoo_small_mm = 10\n",
            "thresholds.too_small_mm",
            "what is too small to measure would count as much as measurable_mm",
            id="too small, yet measurable",
        ),
        pytest.param(
            "[thresholds]\ntoo_small_mm = 7\nnode_normal_mm = 7\n",
            "thresholds.too_small_mm",
            "what is too small to measure would count as much as node_normal_mm",
            id="too small, yet abnormal",
        ),
        pytest.param(
            "[thresholds]\nnode_types_abnormal = [7]\n",
            "thresholds.node_types_abnormal",
            "there is no cortex type 7",
            id="no such type",
        ),
        pytest.param(
            "[thresholds]\nnode_types_abnormal = [6, 6]\n",
            "thresholds.node_types_abnormal",
            "6 stands twice",
            id="type twice",
        ),
        pytest.param("[thresholds]\nsize_order = []\n", "thresholds.size_order", "no modality is named", id="no order"),
        pytest.param(
            "[thresholds]\nsize_order = ['PT', 'MR']\n",
            "thresholds.size_order",
            "PET and physical examination never give the size of record",
            id="PET",
        ),
        pytest.param(
            "[thresholds]\nnode_order = ['US', 'MR', 'US']\n", "thresholds.node_order", "US stands twice", id="twice"
        ),
        pytest.param("[labels]\nend = ['T0 ']\n", "labels.end", "this label means baseline already", id="two phases"),
        pytest.param("[labels]\nend = [' ']\n", "labels.end", "an empty label means nothing", id="no word"),
        pytest.param("[report]\ncriteria = []\n", "report.criteria", "no criterion is named", id="no criterion"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(tmp_path: Path, text: str, field: str, reason: str) -> None:
    with pytest.raises(SetupError) as caught:
        settings(tmp_path, text)
    assert (caught.value.file, caught.value.field) == ("reporter.toml", field)
    assert reason in caught.value.message


class TestDescribed:
    """Every setting says what it is, in one place."""

    EVERY = described({"who": Who.own_settings})

    @pytest.mark.parametrize("one", EVERY, ids=lambda one: one.key)
    def test_none_lacks_a_meaning_a_type_or_an_example(self, one: SettingDoc) -> None:
        assert one.means[:1].isupper()
        assert not one.means.endswith(".")
        assert one.type
        assert one.example

    @pytest.mark.parametrize("one", EVERY, ids=lambda one: one.key)
    def test_its_example_can_be_set(self, tmp_path: Path, one: SettingDoc) -> None:
        table, _, name = one.key.rpartition(".")
        given = settings(tmp_path, f"[{table}]\n{name} = {one.example}\n")
        assert Settings() == given or [key for key, _ in given.changed] == [one.key]

    @pytest.mark.parametrize("kind", [ReportChoices, Thresholds, Windows, Labels, Limits])
    def test_every_field_of_a_table_is_a_setting(self, kind: type) -> None:
        assert list(settings_of(kind)) == [one.name for one in fields(kind)]

    def test_no_key_stands_twice(self) -> None:
        keys = [one.key for one in self.EVERY]
        assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("data", [b"[thresholds\n", b"\xff\xfe", b"a = " + b"[" * 5000])
def test_no_toml(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "reporter.toml"
    path.write_bytes(data)
    with pytest.raises(SetupError, match="no valid TOML"):
        read_settings(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="cannot be read"):
        read_settings(tmp_path / "reporter.toml")


def test_options_of_template_sets_are_kept_as_given_and_named_as_changed(tmp_path: Path) -> None:
    given = settings(
        tmp_path, "[report]\ntemplate = 'x'\n[report.options]\nbasis = true\n[report.options.brief]\nn = 3\n"
    )
    assert given.options == {"basis": True, "brief": {"n": 3}}
    assert ("report.options.basis", "true") in given.changed
    assert ("report.options.brief.n", "3") in given.changed
    with pytest.raises(SetupError, match=r"report\.options: must be a table"):
        settings(tmp_path, "[report]\noptions = 3\n")
