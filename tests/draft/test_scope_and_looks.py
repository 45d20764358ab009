"""What counts as looked at, what counts as a site, and what is said outside the topic."""

import pytest

from tests.draft.cases import draft, row, section, whole
from tests.draft.test_contradictions import SITE, facts

LOBULAR = '[[diagnosis]]\nside = "left"\nconfirmed = true\nhistology = "invasive lobular carcinoma"\n'


@pytest.mark.parametrize("status", ["not_imaged", "not_evaluable"])
@pytest.mark.requirement("S33")
def test_a_study_without_any_value_of_the_breast_is_not_done(status: str) -> None:
    rows = (*SITE, row("2026-07-13", "MR", "L1", status=status))
    said = section(draft(rows, facts(LOBULAR)), "Recommendation")
    assert "Next: MRI breast without and with IV contrast for lobular cancer or non-mass enhancement" in said
    assert "One modality alone (US)" in said


def test_a_study_with_a_value_is_done() -> None:
    rows = (*SITE, row("2026-07-13", "MR", "L1", "14 x 10 x 10"))
    assert "Next: MRI" not in section(draft(rows, facts(LOBULAR)), "Recommendation")


def test_a_number_that_cannot_be_read_is_still_a_look() -> None:
    rows = (*SITE, row("2026-07-13", "MR", "L1", "14 x 10 x 10", long_axis="14?"))
    assert "Next: MRI" not in section(draft(rows, facts(LOBULAR)), "Recommendation")


def test_ultrasound_of_nodes_alone_is_not_ultrasound_of_the_breast() -> None:
    rows = (
        row("2026-01-08", "MR", "L1", "30 x 20 x 20", biopsy_result="malignant"),
        row("2026-07-13", "MR", "L1", "15 x 10 x 10"),
        row("2026-07-13", "US", "N1", "6", cortex="2", hilum="preserved"),
    )
    assert "One modality alone (MRI)" in section(draft(rows, facts()), "Recommendation")


def test_outside_the_topic_nothing_is_asked_and_no_therapy_is_named_in_the_title() -> None:
    drafted = draft(SITE, 'indication = "screening"\n')
    text = whole(drafted)
    assert "Breast imaging - outside the topic, nothing classified - left breast and axilla" in text
    assert drafted.page.title == "Breast imaging"
    assert "To be answered" not in text
    assert "size of record" not in text
    assert "site.pr" not in text


UNKNOWN = (
    row("2026-01-08", "MR", "X1", "9", kind="", clock="7"),
    row("2026-07-13", "MR", "X1", "9", kind="", clock="7"),
)


def test_a_lesion_of_unknown_kind_is_no_site() -> None:
    rows = (*SITE, row("2026-01-08", "MR", "L1", "31"), row("2026-07-13", "MR", "L1", "15"), *UNKNOWN)
    drafted = draft(rows, facts())
    assert "Decision table rows: B3, C1" not in whole(drafted)
    assert "X1 at baseline: one alone can mislead" not in whole(drafted)
    assert "Plan on the largest residual" not in whole(drafted)


TWO = (
    *SITE,
    row("2026-01-08", "US", "L2", "20 x 15 x 10", clock="8", biopsy_result="malignant", clip="yes", clip_shape="wing"),
)


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        ("no", "both markers to be localised (that of L2 not seen at this time point); specimen radiograph"),
        ("", "both markers to be localised (whether that of L2 is seen now is not stated); specimen radiograph"),
        ("yes", "both markers to be localised; specimen radiograph"),
    ],
)
@pytest.mark.requirement("S61")
def test_the_marker_of_every_site_is_to_be_localised_seen_or_not(seen: str, said: str) -> None:
    rows = (*TWO, row("2026-07-13", "US", "L2", "12 x 10 x 8", clock="8", clip_seen=seen))
    assert said in section(draft(rows, facts()), "Recommendation")


def test_a_site_that_was_never_marked_is_named() -> None:
    rows = (
        *SITE,
        row("2026-01-08", "US", "L2", "20", clock="8", biopsy_result="malignant", clip="no"),
        row("2026-07-13", "US", "L2", "12", clock="8"),
    )
    assert "the marker to be localised (L2 without a marker)" in section(draft(rows, facts()), "Recommendation")


@pytest.mark.parametrize("seen", ["yes", "no", ""])
def test_the_marker_of_a_benign_site_is_named_as_such(seen: str) -> None:
    cells = {"clock": "8", "biopsy_result": "benign", "clip": "yes", "clip_shape": "wing"}
    rows = (
        *SITE,
        row("2026-01-08", "US", "L9", "8", **cells),
        row("2026-07-13", "US", "L9", "8", clock="8", clip_seen=seen),
    )
    said = section(draft(rows, facts()), "Recommendation")
    assert "L9 is stated benign: its marker (wing) is not to be taken for that of the cancer." in said
    assert "Plan on the largest residual" not in said


@pytest.mark.parametrize(("showed", "occult"), [("US", "MG"), ("MG", "US")])
@pytest.mark.requirement("S46")
def test_what_did_not_show_a_site_at_baseline_is_no_second_modality_for_it(showed: str, occult: str) -> None:
    rows = (
        row("2026-01-08", showed, "L1", "30", biopsy_result="malignant"),
        row("2026-01-08", occult, "L1", status="absent"),
        row("2026-07-13", showed, "L1", "12"),
    )
    said = section(draft(rows, facts()), "Recommendation")
    assert "Next: MRI breast without and with IV contrast as the second modality" in " ".join(said.split())
    assert "Only one modality showed L1 at baseline" in said


def test_what_did_not_show_a_site_at_baseline_is_not_what_to_compare_with() -> None:
    rows = (
        row("2026-01-08", "MG", "L1", "30", biopsy_result="malignant"),
        row("2026-01-08", "US", "L1", status="absent"),
        row("2026-07-13", "MR", "L1", "12"),
    )
    said = " ".join(section(draft(rows, facts()), "Recommendation").split())
    assert "Next: Diagnostic mammography or DBT to compare with the baseline" in said
    assert "US breast to compare" not in said


NO_MRI = 'mri_possible = "no: pacemaker"\n'


def test_a_bed_is_not_looked_for_on_an_mri_that_cannot_be_done() -> None:
    rows = [
        row(when, modality, "L1", "30" if then else "", status="" if then else "absent", clip="yes", clip_seen="no")
        for modality in ("US", "MG")
        for when, then in (("2026-01-08", True), ("2026-07-13", False))
    ]
    rows[0]["biopsy_result"] = "malignant"
    for stated, ending in (("", "on mammography and on MRI."), (NO_MRI, "MRI cannot be done (pacemaker).")):
        said = " ".join(section(draft(tuple(rows), stated + facts()), "Recommendation").split())
        assert "find it by comparison with the baseline" in said
        assert ending in said


@pytest.mark.parametrize("us_too", [False, True])
def test_what_only_mri_measured_cannot_be_completed_without_it(us_too: bool) -> None:
    rows = [
        row("2026-01-08", "MR", "L1", "30", biopsy_result="malignant"),
        row("2026-07-13", "MG", "L1", "12"),
    ]
    rows += [row("2026-01-08", "US", "L1", "29")] if us_too else []
    said = " ".join(section(draft(tuple(rows), NO_MRI + facts()), "Recommendation").split())
    alone = "L1: at baseline MRI alone gave a local size, and it cannot be done now (pacemaker)"
    assert (alone in said) is not us_too
    assert ("Complete what is missing for L1" in said) is us_too


SEEN_AT_BASELINE = (("MR", "L1"), ("MR", "L2"), ("US", "L2"), ("PT", "L3"), ("CT", "L4"), ("MR", "L4"), ("PT", "L5"))
WAYS_OUT = (
    "L1 and L4: at baseline MRI alone gave a local size, and it cannot be done now (pacemaker); no size",
    "Complete what is missing for L2, on the modality of the baseline",
    "Complete what is missing for L3: measured by no modality suited to local size.",
    "L5: measured at baseline by no modality suited to local size; no size",
)


def test_each_site_is_told_what_can_be_done_about_what_it_lacks() -> None:
    rows = [row("2026-01-08", modality, i, "30", biopsy_result="malignant") for modality, i in SEEN_AT_BASELINE]
    rows += [row("2026-07-13", "PT" if i == "L3" else "MG", i, "12") for i in ("L1", "L2", "L3", "L4", "L5")]
    said = " ".join(section(draft(tuple(rows), NO_MRI + facts()), "Recommendation").split())
    assert [sentence for sentence in WAYS_OUT if sentence not in said] == []


@pytest.mark.requirement("S10")
def test_staging_that_was_made_is_not_asked_for_again() -> None:
    suspected = facts().replace("distant = false", "distant = true")
    said = section(draft((*SITE, row("2026-07-13", "PT", "L1", "12")), suspected), "Recommendation")
    assert "FDG-PET/CT was made at this time point" in " ".join(said.split())
    assert "bone scan" not in said.casefold()


@pytest.mark.parametrize("modality", ["PT", "EXAM"])
@pytest.mark.requirement("S35")
def test_what_no_local_imaging_looked_at_is_not_evaluable_and_never_indeterminate(modality: str) -> None:
    rows = (SITE[0], row("2026-07-13", modality, "L1", "12"))
    drafted = draft(rows, facts('[[radiologist]]\nside = "left"\nindeterminate = true\n'))
    assert "RESPONSE NOT EVALUABLE" in section(drafted, "Impression")
    assert "INDETERMINATE. Mass" not in section(drafted, "Impression")
    assert "Decision table rows: B8" in whole(drafted)


@pytest.mark.requirement("S46")
def test_a_study_of_one_breast_is_none_of_the_other() -> None:
    rows = (
        *SITE,
        row("2026-01-08", "US", "R1", "20", side="right", biopsy_result="malignant"),
        row("2026-07-13", "US", "R1", "8", side="right"),
        row("2026-01-08", "MG", "L1", "30"),
        row("2026-07-13", "MG", "L1", "15"),
    )
    said = " ".join(section(draft(rows, facts()), "Recommendation").split())
    assert "One modality alone (right) (US)" in said
    assert "Diagnostic mammography or DBT (right) as the second modality" in said


def test_all_was_made_only_where_it_was_of_each_breast() -> None:
    left = [row("2026-01-08", modality, "L1", "30") for modality in ("MG", "MR")]
    left += [row("2026-07-13", modality, "L1", "15") for modality in ("MG", "MR")]
    right = [row("2026-07-13", modality, "R1", "8", side="right") for modality in ("US", "MR")]
    right += [row("2026-01-08", modality, "R1", "20", side="right") for modality in ("US", "MR")]
    clear = [f'[[axilla]]\nside = "{side}"\nabnormal_nodes = 0\n' for side in ("left", "right")]
    said = [section(draft((*SITE, *rows), facts(*clear)), "Recommendation") for rows in (left, left + right)]
    assert ["No further breast imaging needed" in one for one in said] == [True, False]
