"""What the report says in each situation: the lines of the impression, the escalation, and what never stands in it."""

from __future__ import annotations

import re
from functools import cache

import pytest

from reporter.draft.interface import Draft, Heading, List, words
from tests.draft.cases import draft, section, whole
from tests.draft.situations import BEFORE, CANCER, DONE, NOW, ONGOING, SITUATIONS, seen

each = pytest.mark.parametrize("name", SITUATIONS)


@cache
def drafted(name: str) -> Draft:
    return draft(SITUATIONS[name].rows, SITUATIONS[name].facts)


def impression(name: str) -> list[str]:
    """The numbered lines."""
    (numbered,) = [b for b in blocks_of(drafted(name), "Impression") if isinstance(b, List)]
    return [words(item) for item in numbered.items]


def blocks_of(found: Draft, title: str) -> list[object]:
    inside, chosen = False, list[object]()
    for block in found.blocks:
        if isinstance(block, Heading) and block.level <= 2:
            inside = words(block.content) == title
        elif inside:
            chosen.append(block)
    return chosen


@each
def test_line_1_of_the_impression(name: str) -> None:
    assert impression(name)[0].startswith(SITUATIONS[name].line_1)


@each
def test_the_escalation(name: str) -> None:
    assert section(drafted(name), "Escalation").startswith(SITUATIONS[name].told)


@each
def test_the_impression_is_one_numbered_list(name: str) -> None:
    assert len(blocks_of(drafted(name), "Impression")) == 1


GAP = re.compile(r"\(\)|\(,|, ,|,,|\.\.|: \.|:\.| \.|  |None,|True|False|\bnan\b")


@each
def test_no_sentence_has_a_gap_or_an_empty_value(name: str) -> None:
    text = whole(drafted(name))
    assert not re.search(r"\(\)|\(,|, ,|,,|\.\.|: \.|:\.| \.|  |None,|True|False|\bnan\b", text.replace("...", "")), (
        text
    )


@pytest.mark.requirement("S22")
@each
def test_no_wording_speaks_for_pathology(name: str) -> None:
    assert not re.search(r"\bpCR\b|pathologic", whole(drafted(name)), re.IGNORECASE)


@pytest.mark.requirement("S12")
@each
def test_no_wording_names_a_gender(name: str) -> None:
    assert not re.search(r"\b(she|he|her|his|woman|women|man|men|female)\b", whole(drafted(name)), re.IGNORECASE)


@each
def test_what_is_urgent_stands_first(name: str) -> None:
    urgent = [line.startswith("URGENT") for line in impression(name)]
    assert urgent == sorted(urgent, reverse=True)


UNMARKED = {"clip": "", "clip_seen": "", "clip_shape": "", "clip_displaced": ""}
COMMUNICATED = "Communicated to ____________ by ____________ on ________ at ______ (to be completed)"


@each
def test_who_is_told_has_a_line_to_fill_in(name: str) -> None:
    escalation = section(drafted(name), "Escalation")
    told = escalation.startswith(("IMMEDIATE", "PROMPT")) or "to be told" in escalation
    assert (COMMUNICATED in escalation) == told


SURGICAL = re.compile(r"localise|excision|resection|extent for surgery|surgical extent|specimen", re.IGNORECASE)


@pytest.mark.requirement("S25")
@pytest.mark.parametrize("name", [name for name, one in SITUATIONS.items() if ONGOING in one.facts])
def test_no_surgical_line_during_treatment(name: str) -> None:
    advised = section(drafted(name), "Impression") + section(drafted(name), "Recommendation")
    assert not SURGICAL.search(advised)
    assert "full course" not in whole(drafted(name))


@pytest.mark.requirement("S25")
@pytest.mark.parametrize("name", ["stable, therapy not stated", "therapy dates not stated"])
def test_without_a_status_neither_too_early_nor_full_course_nor_surgery_is_said(name: str) -> None:
    text = whole(drafted(name))
    assert "oo early" not in text
    assert "full course" not in text
    assert "after completed" not in text
    assert not SURGICAL.search(section(drafted(name), "Recommendation"))


def test_no_percentage_across_modalities() -> None:
    text = section(drafted("baseline MRI, now US only"), "Findings") + impression("baseline MRI, now US only")[0]
    assert "%" not in text


def test_a_lost_row_is_an_open_point_that_says_so() -> None:
    opened = section(drafted("a site without a row"), "Open")
    assert opened.startswith("- NOT USED OR NOT COUNTED: L2 has no value on MRI at this time point")
    assert "never taken as gone" in opened


def test_a_number_without_a_unit_is_an_open_point_that_names_the_cell() -> None:
    found = draft((seen(BEFORE, "MR", "30"), {**seen(NOW, "MR", "8"), "unit": ""}), DONE + CANCER)
    assert "no usable unit" in section(found, "Open")
    assert "(m.csv, row 3, long_axis)" in section(found, "Open")
    assert "RESPONSE NOT EVALUABLE" in section(found, "Impression")


@pytest.mark.requirement("S58")
@each
def test_the_axilla_always_has_its_section(name: str) -> None:
    assert section(drafted(name), "Axilla")


def test_both_breasts_are_answered_each_on_its_own_urgent_one_first() -> None:
    rows = (
        *(seen(BEFORE, "MR", "30"), seen(BEFORE, "MR", "25", "R1", side="right", clock="10")),
        *(seen(NOW, "MR"), seen(NOW, "MR", "24", "R1", side="right", clock="10")),
    )
    found = draft(rows, DONE + CANCER + CANCER.replace("left", "right"))
    assert words(found.blocks[1].content).endswith("both breasts and axillae")  # type: ignore[union-attr]
    lines = section(found, "Impression").split("\n")
    assert lines[0].startswith("1. Right breast: STABLE DISEASE after completed treatment.")
    assert any(line.startswith("3. Left breast: COMPLETE RESPONSE ON IMAGING") for line in lines)
    assert "stable disease after a full course (right)" in section(found, "Escalation")


def test_sides_mirror() -> None:
    left = SITUATIONS["partial on MRI, regrown on US"]
    mirrored = tuple({**one, "side": "right"} for one in left.rows)
    right = whole(draft(mirrored, left.facts.replace('"left"', '"right"')))
    swapped = right.replace("right", "left").replace("Right", "Left")
    assert swapped == whole(drafted("partial on MRI, regrown on US"))


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (
            {"clip": "no", "clip_seen": "", "clip_shape": "", "clip_displaced": ""},
            "NOT CONFIRMED: marker never placed.",
        ),
        ({"clip_displaced": "12"}, "NOT CONFIRMED: marker displaced by 12 mm, so that it does not show the bed."),
        ({"clip_seen": "no", "clip_displaced": ""}, "NOT CONFIRMED: marker not seen."),
        (UNMARKED, "NOT CONFIRMED: marker not stated."),
        ({}, "is confirmed by the coil."),
    ],
)
@pytest.mark.requirement("S37")
def test_the_bed_of_a_complete_response_is_confirmed_or_said_not_to_be(cells: dict[str, str], said: str) -> None:
    found = draft((seen(BEFORE, "MR", "30", **cells), seen(NOW, "MR", **cells)), DONE + CANCER)
    assert said in section(found, "Impression")


def test_markup_in_values_is_printed_as_it_is() -> None:
    rows = (
        seen(BEFORE, "MR", "30", note="**<5 mm** | 1. x & A_B"),
        seen(NOW, "MR", "8", note="# **<5 mm** | A_B & 1. x"),
    )
    text = whole(draft(rows, DONE + CANCER))
    assert '"# **<5 mm** | A_B & 1. x"' in text


def test_a_criterion_that_accepts_no_ultrasound_says_so_and_names_no_category() -> None:
    found = draft((seen(BEFORE, "US", "30"), seen(NOW, "US", "8")), DONE + CANCER, criteria=("recist-1.1",))
    assert "RESPONSE NOT EVALUABLE" in section(found, "Impression")
    assert "partial" not in section(found, "Impression") + section(found, "Response")
    assert "RECIST 1.1 does not accept US" in section(found, "Open")


def test_criteria_beside_the_first_are_printed_beside_it() -> None:
    found = draft((seen(BEFORE, "MR", "30"), seen(NOW, "MR", "8")), DONE + CANCER, criteria=("per-site", "recist-1.1"))
    assert "Beside it, RECIST 1.1: MRI: partial response (-73.3 % from baseline)." in section(found, "Response")


def test_an_adaptation_is_named_as_one() -> None:
    assert "per-site, an adaptation of RECIST 1.1" in section(drafted("partial, during"), "Response")


def test_the_notice_is_first_and_the_basis_is_there() -> None:
    found = drafted("partial, during")
    assert whole(found).startswith("DRAFT - not for clinical use until reviewed and signed by a radiologist")
    assert "rules per-site v1; pack acr-235-2022; default settings" in section(found, "Basis")
    assert "No image was analysed" in section(found, "Basis")


def test_merged_sites_are_compared_together_and_say_so() -> None:
    rows = (
        *(seen(BEFORE, "MR", "30"), seen(BEFORE, "MR", "15", "L2", clock="3")),
        *(seen(NOW, "MR", "20"), seen(NOW, "MR", lesion="L2", clock="3", status="merged", merged_into="L1")),
    )
    lines = section(draft(rows, DONE + CANCER), "Impression")
    assert "L1 2 o'clock: 45 -> 20 mm, -55.6 %, together with L2, partial response" in lines


def test_a_lesion_without_a_side_is_printed_and_not_classified() -> None:
    found = draft((seen(BEFORE, "MR", "30", side=""), seen(NOW, "MR", "12", side="")), DONE + CANCER)
    assert "MRI 30 mm (2026-01-10), MRI 12 mm (2026-07-01)." in section(found, "Findings")
    assert "No site of this breast can be classified. Not counted (see Open): L1." in section(found, "Impression")
    assert "L1, mass: NOT CLASSIFIED, its side is not stated: MRI 30 mm" in section(found, "Impression")


def test_where_nothing_can_be_classified_line_1_says_so() -> None:
    found = draft((seen(BEFORE, "MR", "32", side=""), seen(NOW, "MR", "20", side="")))
    assert section(found, "Impression").startswith(
        "1. NOTHING CAN BE CLASSIFIED: L1 (MRI 32 mm (2026-01-10), MRI 20 mm"
    )
    assert section(found, "Escalation") == "None can be given: nothing could be classified (see Open)."


def test_a_place_that_is_not_stated_is_left_out() -> None:
    found = draft((seen(BEFORE, "MR", "32", clock=""), seen(NOW, "MR", "20", clock="")), DONE + CANCER)
    assert "Mass, MRI 32 -> 20 mm (-37.5 %)." in section(found, "Impression")
    assert "Site L1, left breast (biopsied, malignant, marked):" in section(found, "Findings")


def test_when_mri_cannot_be_done_nothing_waits_for_it() -> None:
    facts = 'mri_possible = false\nmri_obstacle = "pacemaker"\n' + DONE + CANCER
    flag = '[[radiologist]]\nside = "left"\nindeterminate = true\n'
    found = draft((seen(BEFORE, "US", "30"), seen(NOW, "US", "12")), facts + flag)
    assert "MRI cannot be done (pacemaker): image-guided biopsy of the area." in section(found, "Recommendation")
    assert "with the MRI result" not in section(found, "Escalation")


@pytest.mark.requirement("S4")
@pytest.mark.parametrize(("now", "said"), [("7.0", False), ("7.1", True)])
def test_us_is_named_the_more_exact_one_above_7_mm(now: str, said: bool) -> None:
    rows = (seen(BEFORE, "US", "30"), seen(BEFORE, "DBT", "31"), seen(NOW, "US", now), seen(NOW, "DBT", "9"))
    text = section(draft(rows, DONE + CANCER), "Response")
    assert (f"US ({now} mm) is more exact than mammography for a residual above 7 mm." in text) is said


def test_the_largest_residual_is_not_known_while_a_site_has_no_value() -> None:
    rows = (seen(BEFORE, "MR", "30"), seen(BEFORE, "MR", "20", "L2", clock="8"), seen(NOW, "MR", "10"))
    told = section(draft(rows, DONE + CANCER), "Recommendation")
    assert "Plan on the largest residual (10 mm of what is measured; not evaluable: L2)" in " ".join(told.split())


def test_every_headline_says_which_study_is_taken_as_baseline() -> None:
    for now in ("50", "38", "10", ""):
        told = section(draft((seen(BEFORE, "MR", "40"), seen(NOW, "MR", now)), CANCER), "Impression")
        assert "against 2026-01-10, TAKEN AS BASELINE because it is the earliest study" in " ".join(told.split())


def test_a_proven_new_finding_is_not_biopsied_again() -> None:
    new = seen(NOW, "US", "9", "L2", role="new", covered_before="no")
    found = draft((seen(BEFORE, "US", "34"), seen(NOW, "US", "10"), new), ONGOING + CANCER)
    assert "Malignant by biopsy" in section(found, "Impression")
    assert "Biopsy decides" not in section(found, "Impression")
    assert "biopsy of the new" not in section(found, "Recommendation")
