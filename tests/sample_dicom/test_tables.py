"""Tables, facts and expectations of the stories: in the documented format, and true to each other."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

import pydicom
import pytest

from reporter.advice.interface import RoleTold, Urgency
from reporter.case.vocabulary import Modality, Phase, Side, TherapyStatus
from reporter.response.interface import Category, Headline, NewFindingClass, NodeCourse
from tests.stories.story import CALIPERS, STORIES, Story, percent

stories = pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)

COLUMNS: Final = frozenset([
    "patient_id",
    "study_date",
    "study_uid",
    "timepoint",
    "modality",
    "lesion_id",
    "kind",
    "organ",
    "side",
    "location",
    "clock",
    "depth",
    "nipple_distance",
    "role",
    "status",
    "merged_into",
    "split_from",
    "long_axis",
    "short_axis",
    "third_axis",
    "unit",
    "volume",
    "volume_unit",
    "suv",
    "cortex",
    "hilum",
    "cortex_type",
    "extent",
    "extent_change",
    "span",
    "skin_distance",
    "muscle_distance",
    "index_distance",
    "slice_thickness",
    "quality",
    "biopsy_result",
    "biopsy_date",
    "receptors",
    "birads",
    "distortion",
    "clip",
    "clip_shape",
    "clip_seen",
    "clip_displaced",
    "covered_before",
    "note",
])
"""The measurement table's columns, all of them."""

FACTS: Final = {
    "": {"indication", "suspicion_distant", "menopausal", "mri_possible"},
    "therapy": {"intent", "kinds", "start", "end", "status", "regimen", "cycles_planned"},
    "surgery": {"planned", "date"},
    "diagnosis": {"confirmed", "histology", "grade", "subtype", "receptors", "extent"},
    "clinical": {"palpable", "size", "unit", "exam_agrees", "worsening", "cycles_done", "cycle_week"},
    "axilla": {
        "clinical_node",
        "known_positive",
        "previously_imaged",
        "imaging_suspicious",
        "abnormal_nodes",
        "levels",
    },
    "breast": {"density", "background_enhancement", "mri_contrast", "haematoma", "rest"},
    "negatives": {"skin", "nipple", "muscle", "chest_wall", "calcifications"},
    "radiologist": {
        "near_complete",
        "indeterminate",
        "residual_large",
        "posttreatment_change",
        "birads",
        "restate",
    },
}
"""The clinical facts by section; sections that are lists also take side, date and lesion_id."""

LENGTHS: Final = (
    *CALIPERS,
    "cortex",
    "extent",
    "span",
    "skin_distance",
    "muscle_distance",
    "index_distance",
    "nipple_distance",
    "slice_thickness",
    "clip_displaced",
)


def entries(story: Story) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every section or entry of the facts."""
    facts = story.facts
    yield "", {key: value for key, value in facts.items() if key not in FACTS}
    for key, value in facts.items():
        if key in FACTS:
            for entry in value if isinstance(value, list) else [value]:
                yield key, entry


def studies(story: Story) -> dict[tuple[str, str], set[str]]:
    """Study UIDs by date and header modality."""
    found = defaultdict(set)
    for path in story.dicom.rglob("*.dcm"):
        ds = pydicom.dcmread(path, stop_before_pixels=True)
        found[ds.StudyDate, ds.Modality].add(str(ds.StudyInstanceUID))
    return found


@stories
def test_only_known_columns(story: Story) -> None:
    assert set(story.rows[0]) <= COLUMNS
    assert all(None not in row for row in story.rows), "a row has more cells than the header"


@stories
def test_only_known_facts(story: Story) -> None:
    for section, entry in entries(story):
        of_a_list = {"side", "date", "lesion_id"} if isinstance(story.facts.get(section), list) else set()
        assert set(entry) <= FACTS[section] | of_a_list, section


@stories
def test_every_row_meets_one_study(story: Story) -> None:
    found = studies(story)
    for row in story.rows:
        header_modality = "MG" if row["modality"] == "DBT" else row["modality"]
        (uid,) = found[row["study_date"].replace("-", ""), header_modality]
        assert row.get("study_uid") in {None, uid}


@stories
def test_every_fact_that_has_a_date_meets_a_study(story: Story) -> None:
    days = {day for day, _ in studies(story)}
    dated = [entry["date"] for key, entry in entries(story) if key != "surgery" and "date" in entry]
    assert [day for day in dated if day.strftime("%Y%m%d") not in days] == []


@stories
def test_a_lesion_stands_once_on_a_study_and_stays_the_same(story: Story) -> None:
    keys = [(row["study_date"], row["modality"], row["lesion_id"]) for row in story.rows]
    assert len(set(keys)) == len(keys)
    for column in ("kind", "side", "location", "clock", "depth", "role"):
        for lesion in {row["lesion_id"] for row in story.rows}:
            assert len({row.get(column) for row in story.rows if row["lesion_id"] == lesion}) == 1, (lesion, column)


@stories
def test_axes_fall_and_lengths_have_a_unit(story: Story) -> None:
    for row in story.rows:
        given = [Decimal(row[axis]) for axis in CALIPERS if row.get(axis)]
        assert given == sorted(given, reverse=True)
        assert row["unit"] in {"mm", "cm"} or not any(row.get(column) for column in LENGTHS)
        assert (row["status"] == "measured") == bool(given)


@stories
def test_expected_sizes_and_changes_are_those_of_the_table(story: Story) -> None:
    for site in story.expected.get("sites", []):
        sizes = story.sizes(site["lesion_id"], site["modality"])
        assert sizes == [Decimal(text) for text in site["sizes"]]
        assert percent(sizes[-1], sizes[0]) == site["change_percent"]


@stories
def test_expected_sums_are_those_of_the_table(story: Story) -> None:
    for total in story.expected.get("sums", []):
        parts = [story.sizes(lesion_id, total["modality"]) for lesion_id in total["lesion_ids"]]
        sums = [sum(sizes) for sizes in zip(*parts, strict=True)]
        assert sums == [Decimal(text) for text in total["sizes"]]
        if "change_percent" in total:
            assert percent(Decimal(sums[-1]), Decimal(sums[0])) == total["change_percent"]


@stories
def test_expected_nodes_are_those_of_the_table_and_facts(story: Story) -> None:
    for node in story.expected.get("nodes", []):
        sizes = story.sizes(node["lesion_id"], node["modality"])
        assert sizes == [Decimal(text) for text in node["sizes"]]
        assert percent(sizes[-1], sizes[0]) == node.get("change_percent", percent(sizes[-1], sizes[0]))
        counts = [entry["abnormal_nodes"] for key, entry in entries(story) if key == "axilla"]
        assert counts == node["abnormal_nodes"]
        NodeCourse(node["course"])


@stories
def test_expected_categories_follow_from_the_thresholds(story: Story) -> None:
    """By hand, for a site alone: gone CR; at most 70 % of baseline PR; 120 % of the smallest and 5 mm more PD."""
    for site in story.expected.get("sites", []):
        *before, now = [Decimal(text) for text in site["sizes"]]
        nadir = min(before)
        if now == 0:
            category = Category.CR
        elif 5 * now >= 6 * nadir and now - nadir >= 5:
            category = Category.PD
        else:
            category = Category.PR if 10 * now <= 7 * before[0] else Category.SD
        assert site["category"] == category


@stories
def test_expectations_use_the_words_of_the_house(story: Story) -> None:
    expected = story.expected
    Headline(expected["headline"])
    Category(expected["category"])
    Phase(expected["phase"])
    TherapyStatus(expected["therapy"])
    Modality(expected["record_modality"])
    Side(expected["side"])
    Urgency(expected["escalation"]["urgency"])
    assert all(RoleTold(role) for role in expected["escalation"]["told"])
    assert all(NewFindingClass(new["classified"]) for new in expected.get("new_findings", []))
    assert expected["exit_code"] == 0


@stories
def test_expected_birads_is_as_entered(story: Story) -> None:
    entered = {
        entry["side"]: entry["birads"] for key, entry in entries(story) if key == "radiologist" if "birads" in entry
    }
    assert entered == story.expected["birads"]


@stories
def test_new_findings_are_those_of_the_table(story: Story) -> None:
    new = [row for row in story.rows if row.get("role") == "new"]
    wanted = story.expected.get("new_findings", [])
    assert [(row["lesion_id"], row["modality"], row["long_axis"], row["index_distance"]) for row in new] == [
        (one["lesion_id"], one["modality"], one["size"], one["index_distance"]) for one in wanted
    ]
