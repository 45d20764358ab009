"""Lines that a surgeon or a radiologist would stumble over: each said rightly, once, with its reason."""

import re

import pytest

from tests.draft.cases import draft, kit, row, section, whole
from tests.draft.test_contradictions import NODE, SITE, THERAPY, facts

DURING = THERAPY.replace("end = 2026-06-29", 'status = "ongoing"')
BEFORE = (
    row("2026-01-08", "MR", "L1", "30 x 20 x 20", biopsy_result="malignant", clip="yes"),
    row("2026-01-08", "US", "L1", "28 x 20 x 20"),
)


@pytest.mark.parametrize(("modality", "name"), [("PT", "PET"), ("EXAM", "physical examination")])
@pytest.mark.requirement("S35")
def test_a_size_that_cannot_be_used_is_named_with_the_reason(modality: str, name: str) -> None:
    said = section(draft((*BEFORE, row("2026-07-13", modality, "L1", "10")), facts()), "Impression")
    assert f"now only {name} 10 mm, not used: {name} gives no local size" in said
    assert "value at this time point" not in said


def test_the_modality_of_the_baseline_is_asked_for_first() -> None:
    rows = (BEFORE[0], row("2026-07-13", "DBT", "L1", "20 x 10 x 10"))
    first = next(x for x in section(draft(rows, facts()), "Recommendation").splitlines() if "Next:" in x)
    assert first.startswith("- Next: MRI breast without and with IV contrast to compare with the baseline")


def axillae(then: int, now: int) -> str:
    entry = '[[axilla]]\nside = "left"\ndate = {}\nabnormal_nodes = {}\n'
    return entry.format("2026-01-08", then) + entry.format("2026-07-13", now)


@pytest.mark.parametrize(
    ("then", "now", "why"),
    [
        (1, 1, "node still abnormal."),
        (1, 3, "more abnormal nodes or levels than at baseline and node still abnormal."),
    ],
)
def test_more_nodes_than_before_are_no_node_that_is_still_abnormal(then: int, now: int, why: str) -> None:
    assert why in section(draft((*SITE, *NODE), facts(axillae(then, now))), "Escalation")


def test_two_ways_to_sample_a_node_are_one_or_the_other() -> None:
    rows = (SITE[0], row("2026-01-08", "US", "N1", "14", cortex="6", hilum="absent"))
    told = '[therapy]\nstatus = "not_started"\n[[axilla]]\nside = "left"\nimaging_suspicious = true\n'
    said = section(draft(rows, told), "Recommendation")
    assert "- Next: US-guided core biopsy" in said
    assert "- Or: US-guided fine-needle aspiration" in said


def test_nothing_agrees_with_a_response_that_is_held() -> None:
    rows = (
        row("2026-01-08", "MR", "L1", "100", biopsy_result="malignant", clip="yes"),
        row("2026-01-08", "US", "L1", "90"),
        row("2026-04-06", "MR", "L1", "60"),
        row("2026-07-13", "MR", "L1", "71"),
        row("2026-07-13", "US", "L1", "62"),
    )
    said = section(draft(rows, facts()), "Impression")
    assert "HELD, WITH REGROWTH" in said
    assert "US: 90 -> 62 mm (-31.1 %)." in said
    assert "agrees" not in said


def calcifications(when: str, extent: str, **cells: str) -> dict[str, str]:
    return row(when, "MG", "K1", kind="calcification", status="present", extent=extent, **cells)


def test_calcifications_alone_are_told_with_extent_and_change() -> None:
    rows = (calcifications("2026-01-08", "24"), calcifications("2026-07-13", "20", extent_change="fewer"))
    said = section(draft(rows, facts()), "Impression")
    assert "only calcifications are known in it; they are never part of a category" in said
    assert "K1, extent 24 mm at baseline, 20 mm now, fewer [entered]." in said


def test_an_extent_that_stayed_the_same_is_told_with_the_digits_of_now() -> None:
    rows = (*SITE, calcifications("2026-01-08", "24"), calcifications("2026-07-13", "24.0", extent_change="same"))
    said = section(draft(rows, facts()), "Impression")
    assert "calcifications 24.0 mm" in said


def test_a_benign_site_alone_is_said_to_be_benign() -> None:
    rows = tuple({**one, "biopsy_result": "benign"} for one in SITE)
    told = facts('[[diagnosis]]\nside = "left"\nconfirmed = true\n')
    assert "only L1 is known in it, stated benign" in section(draft(rows, told), "Impression")


def test_a_focus_on_mri_alone_says_why_it_is_no_progression() -> None:
    focus = row(
        "2026-07-13", "MR", "L2", "8", role="new", clock="5", covered_before="yes", biopsy_result="none", birads="4"
    )
    said = section(draft((*SITE, focus), facts()), "Impression")
    assert (
        "said to have been imaged before [entered], but not by MRI: another modality could not have shown it." in said
    )


def test_skin_then_and_now_stands_in_the_impression_of_disease_that_persists() -> None:
    rows = tuple(row(day, "MR", "S1", kind="skin", status="present", clock="") for day in ("2026-01-08", "2026-07-13"))
    entry = '[[negatives]]\nside = "left"\ndate = {}\nskin = "{}"\n'
    told = facts(entry.format("2026-01-08", "7 mm"), entry.format("2026-07-13", "4 mm"))
    drafted = draft(rows, told)
    assert "Skin [entered]: 7 mm at baseline, 4 mm now." in section(drafted, "Impression")
    assert "Skin: 4 mm (baseline 7 mm)." in section(drafted, "Findings")
    assert "no baseline" not in whole(drafted)
    assert "size of record" not in whole(drafted)


def test_growth_without_a_baseline_that_is_not_pd_is_told_and_escalated_as_with_one() -> None:
    """Row A5 has no escalation of its own; C10 holds whenever its growth is there."""
    rows = (row("2026-03-09", "US", "L1", "30"), row("2026-07-13", "US", "L1", "35"))
    drafted = draft(rows, facts())
    assert "Growth between the studies at hand: US 30 -> 35 mm" in section(drafted, "Impression")
    assert "growth since the smallest" in section(drafted, "Escalation")
    assert "Measure L1 again" in whole(drafted)


def test_beside_clinical_worsening_nothing_is_too_early() -> None:
    rows = (SITE[0], row("2026-04-06", "US", "L1", "29 x 20 x 20", clip_seen="yes"))
    worse = '[[clinical]]\nside = "left"\nworsening = true\n'
    assert "Too early" not in section(draft(rows, DURING + worse), "Impression")
    assert "Too early" in section(draft(rows, DURING), "Impression")


@pytest.mark.requirement("S48")
def test_a_disagreement_is_to_be_settled_before_surgery_is_named() -> None:
    rows = (SITE[0], row("2026-07-13", "US", "L1", status="absent", clip_seen="yes", clip_displaced="0"))
    felt = '[[clinical]]\nside = "left"\npalpable = true\n'
    said = section(draft(rows, facts(felt)), "Recommendation")
    assert said.index("is to be settled before it is relied on") < said.index("Surgery: excision targeted")


def test_a_tumour_board_drops_no_day_of_another_row() -> None:
    rows = (*BEFORE, row("2026-04-06", "MR", "L1", "29"), row("2026-04-06", "US", "L1", "10"))
    said = section(draft(rows, DURING), "Escalation")
    assert "Tumour board (radiologist, surgeon, medical oncologist): modalities disagree." in said
    assert "Medical oncologist to be told before the next cycle: stable disease." in said
    assert "Not urgent" not in said
    assert "Communicated to" in said


def test_a_marker_that_must_be_placed_now_is_named_first_and_told_now() -> None:
    rows = (
        {**BEFORE[0], "clip": "no"},
        BEFORE[1],
        row("2026-04-06", "MR", "L1", "19"),
        row("2026-04-06", "US", "L1", "6"),
    )
    drafted = draft(rows, DURING)
    assert section(drafted, "Recommendation").index("To be marked now") < section(drafted, "Recommendation").index(
        "Next:"
    )
    assert "told now, while it can still be seen: shrinking lesion" in section(drafted, "Escalation")
    assert "Not urgent" not in section(drafted, "Escalation")


def test_a_node_gets_no_birads_category_of_its_own() -> None:
    rows = (*SITE, row("2026-07-13", "US", "N1", "12", cortex="5", hilum="absent", role="new"))
    assert "its own BI-RADS" not in section(draft(rows, facts()), "Recommendation")


def test_staging_is_named_in_the_order_of_the_row() -> None:
    said = section(draft(SITE, facts().replace("distant = false", "distant = true")), "Recommendation")
    named = [said.index(x) for x in ("FDG-PET/CT skull", "CT chest abdomen", "Bone scan whole")]
    assert named == sorted(named)


def test_every_question_says_what_its_answer_changes() -> None:
    asked = {
        code: text for code, text in kit().writer.phrases.by_path.items() if code.startswith("issue.") and "?" in text
    }
    silent = [code for code, text in asked.items() if text.count("?") == len([s for s in SENTENCE.split(text) if s])]
    assert len(asked) > 25
    assert silent == []


SENTENCE = re.compile(r"(?<=[.?;:]) ")


@pytest.mark.parametrize("biopsied", [True, False])
def test_a_node_that_is_gone_is_not_said_to_look_normal(biopsied: bool) -> None:
    size, cortex, result = ("9", "2", "malignant") if biopsied else ("14", "6", "")
    hilum = "preserved" if biopsied else "absent"
    rows = (
        *SITE,
        row("2026-01-08", "US", "N1", size, cortex=cortex, hilum=hilum, biopsy_result=result),
        row("2026-07-13", "US", "N1", status="absent", biopsy_result=result),
    )
    said = " ".join(section(draft(rows, facts()), "Impression").split())
    assert "no longer seen" in said
    assert "looks normal" not in said
    assert "A normal-looking node does not exclude residual nodal disease." in said


NORMAL_NOW = (
    row("2026-01-08", "US", "N1", "16", cortex="7", hilum="absent", biopsy_result="malignant"),
    row("2026-07-13", "US", "N1", "7", cortex="2", hilum="preserved"),
)


def levels(then: str, now: str) -> str:
    entry = '[[axilla]]\nside = "left"\ndate = {}\nlevels = {{ internal_mammary = "{}" }}\n'
    return entry.format("2026-01-08", then) + entry.format("2026-07-13", now)


@pytest.mark.parametrize(
    ("entered", "first"),
    [
        (levels("normal", "abnormal"), "Left axilla: ABNORMAL nodes, internal mammary (normal at baseline). The "),
        (axillae(1, 2), "Left axilla: 2 ABNORMAL nodes, 1 at baseline. The "),
    ],
)
@pytest.mark.requirement("S9")
def test_an_abnormal_level_or_number_stands_before_a_node_that_looks_normal(entered: str, first: str) -> None:
    said = " ".join(section(draft((*SITE, *NORMAL_NOW), facts(entered)), "Impression").split())
    assert f"{first}biopsy-proven node now looks normal (7 mm, cortex 2 mm)." in said


def test_that_a_biopsy_was_benign_stands_beside_a_node_that_is_abnormal_now() -> None:
    rows = (
        row("2026-01-08", "US", "N1", "8", cortex="2", hilum="preserved", biopsy_result="benign"),
        row("2026-07-13", "US", "N1", "12", cortex="5", hilum="absent"),
    )
    said = section(draft((*SITE, *rows), facts()), "Impression")
    assert "node N1, benign by biopsy, NEWLY ABNORMAL" in said


def test_a_proven_node_is_not_called_one_that_was_not_known() -> None:
    rows = (
        SITE[0],
        row("2026-04-20", "US", "L1", "20"),
        row("2026-04-20", "US", "N1", "12", cortex="6", hilum="absent"),
    )
    proven = (*rows[:2], rows[2] | {"biopsy_result": "malignant"})
    asked = [section(draft(one, DURING), "Recommendation") for one in (rows, proven)]
    assert ["which was not known before" in one for one in asked] == [True, False]


def test_a_level_whose_node_is_described_is_not_said_twice() -> None:
    entered = levels("normal", "abnormal").replace("internal_mammary", "axilla_1")
    said = section(draft((*SITE, *NODE), facts(entered)), "Impression")
    assert "Left axilla: node N1, biopsy-proven, PERSISTENTLY ABNORMAL" in said
    assert "ABNORMAL nodes" not in said


@pytest.mark.parametrize("before", [("US", "MG"), ("CT",)])
@pytest.mark.requirement("S26")
def test_unequivocal_progression_beside_the_modality_of_record_says_of_what(
    before: tuple[str],
) -> None:
    rows = [row("2026-01-08", m, "L1", kind="skin", status="present", biopsy_result="malignant") for m in before]
    rows += [
        row("2026-04-20", "US", "L1", kind="skin", status="present"),
        row("2026-04-20", "MG", "L1", kind="skin", status="unequivocal_progression"),
    ]
    said = " ".join(section(draft(tuple(rows), DURING), "Impression").split())
    assert "URGENT. Left breast: PROGRESSIVE DISEASE during treatment." in said
    assert "Skin change at 2 o'clock: unequivocal progression on mammography [entered]." in said


NOT_STARTED = THERAPY.replace("start = 2026-02-02\nend = 2026-06-29", 'status = "not_started"')


@pytest.mark.parametrize(
    ("others", "said"),
    [
        (
            (row("2026-01-08", "PT", "L1", "20", biopsy_result="malignant"),),
            "Mass at 2 o'clock: no local size on imaging.",
        ),
        (
            (
                row("2026-01-08", "MR", "L1", "40", biopsy_result="malignant"),
                row("2026-01-08", "US", "L1", status="not_evaluable"),
            ),
            "Mass at 2 o'clock: MRI 40 mm.",
        ),
    ],
)
def test_a_baseline_without_a_size_says_so(others: tuple[dict[str, str], ...], said: str) -> None:
    assert said in " ".join(section(draft(others, NOT_STARTED), "Impression").split())


@pytest.mark.requirement("S16")
def test_worsening_before_therapy_is_asked_about_and_not_called_urgent() -> None:
    worse = '[[clinical]]\nside = "left"\nworsening = true\n'
    before = draft((SITE[0],), NOT_STARTED + worse)
    assert "URGENT" not in section(before, "Impression")
    assert "Clinical worsening of the left breast is entered, yet therapy is said not to have started" in whole(before)
    during = draft(SITE, DURING + worse.replace("side", "date = 2026-07-13\nside"))
    assert "URGENT" in section(during, "Impression")
    assert "said not to have started" not in whole(during)


@pytest.mark.parametrize("flag", ["indeterminate", "near_complete", "residual_large", "restate"])
def test_a_flag_of_response_is_no_part_of_a_baseline_and_asked_about(flag: str) -> None:
    flagged = draft((SITE[0],), NOT_STARTED + f'[[radiologist]]\nside = "left"\n{flag} = true\n')
    plain = draft((SITE[0],), NOT_STARTED)
    assert section(flagged, "Impression") == section(plain, "Impression")
    assert f"Entered for the left breast before therapy: {flag}." in whole(flagged)


@pytest.mark.parametrize(("lesion", "where"), [("N9", "axilla"), ("L9", "breast")])
def test_progression_by_a_new_node_alone_is_of_the_axilla(lesion: str, where: str) -> None:
    new = row("2026-07-13", "US", lesion, "12", role="new", covered_before="yes", biopsy_result="malignant")
    said = " ".join(section(draft((*SITE, new), facts()), "Impression").split())
    assert f"URGENT. Left {where}: PROGRESSIVE DISEASE after completed treatment, because of a NEW lesion" in said


@pytest.mark.parametrize(
    ("lesion", "then", "said"),
    [
        ("N1", "16", "URGENT. Left axilla: PROGRESSIVE DISEASE: node N1: unequivocal progression on US [entered]."),
        ("L1", "30", "PROGRESSIVE DISEASE after completed treatment. Mass at 2 o'clock: unequivocal progression on US"),
    ],
)
@pytest.mark.requirement("S26")
def test_progression_that_was_entered_is_not_told_by_the_size_of_the_baseline(
    lesion: str, then: str, said: str
) -> None:
    before = row("2026-01-08", "US", lesion, then, biopsy_result="malignant", role="non_target")
    now = row("2026-07-13", "US", lesion, status="unequivocal_progression", role="non_target")
    rows = (before, now) if lesion == "L1" else (*SITE, before, now)
    impression = " ".join(section(draft(rows, facts()), "Impression").split())
    assert said in impression
    assert f"US {then} mm." not in impression


def test_an_abnormal_number_stands_beside_a_node_that_does_not_say_how_it_looks() -> None:
    nodes = (row("2026-01-08", "US", "N1", "9"), row("2026-07-13", "US", "N1", "9"))
    drafted = draft((*SITE, *nodes), facts(axillae(0, 1)))
    assert "Abnormal nodes: 0 at baseline, 1 now." in section(drafted, "Impression")


def test_a_proven_node_is_not_said_to_be_reactive() -> None:
    rows = (
        row("2026-01-08", "US", "N1", "8", cortex="2", hilum="preserved"),
        row("2026-07-13", "US", "N1", "14", cortex="6", hilum="absent"),
    )
    proven = (rows[0] | {"biopsy_result": "malignant"}, rows[1])
    said = [section(draft((*SITE, *nodes), facts()), "Recommendation") for nodes in (rows, proven)]
    assert ["can be reactive" in one for one in said] == [True, False]
