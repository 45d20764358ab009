"""What cannot both be right is asked, naming both; what is not so is not asked."""

import pytest

from tests.draft.cases import draft, row, section, whole

THERAPY = """
suspicion_distant = false
[therapy]
intent = "neoadjuvant"
kinds = ["chemotherapy"]
start = 2026-02-02
end = 2026-06-29
"""
SITE = (
    row("2026-01-08", "US", "L1", "30 x 20 x 20", biopsy_result="malignant", clip="yes"),
    row("2026-07-13", "US", "L1", "15 x 10 x 10", clip_seen="yes"),
)
NODE = (
    row("2026-01-08", "US", "N1", "16", cortex="7", hilum="absent", biopsy_result="malignant"),
    row("2026-07-13", "US", "N1", "12", cortex="5", hilum="absent"),
)


def facts(*entries: str) -> str:
    return "\n".join([THERAPY, *entries])


def axilla(**values: str) -> str:
    stated = "\n".join(f"{key} = {value}" for key, value in values.items())
    return f'[[axilla]]\nside = "left"\ndate = 2026-07-13\n{stated}\n'


def test_no_abnormal_node_beside_one_that_is_described_as_abnormal() -> None:
    drafted = draft((*SITE, *NODE), facts(axilla(abnormal_nodes="0")))
    opened = section(drafted, "Open")
    assert "stated as 0 on 2026-07-13, yet described as abnormal then: N1" in opened
    assert "[axilla.abnormal_nodes]" in opened
    assert "0 now [entered; contradicts what is described, see Open]" in section(drafted, "Impression")


def test_a_normal_level_beside_an_abnormal_node_in_it() -> None:
    drafted = draft((*SITE, *NODE), facts(axilla(levels='{ axilla_1 = "normal" }')))
    assert "A level of the left axilla is stated normal on 2026-07-13" in section(drafted, "Open")
    assert "Level I: none abnormal [entered; see Open]." in section(drafted, "Axilla")


@pytest.mark.parametrize("values", [{"abnormal_nodes": "1"}, {"levels": '{ axilla_2 = "normal" }'}])
def test_a_number_and_a_level_that_agree_are_not_asked(values: dict[str, str]) -> None:
    assert "yet described as abnormal" not in whole(draft((*SITE, *NODE), facts(axilla(**values))))


def test_a_diagnosis_stated_not_proven_beside_a_malignant_biopsy() -> None:
    drafted = draft(SITE, facts('[[diagnosis]]\nside = "left"\nconfirmed = false\n'))
    assert "yet the biopsy of L1 is given as malignant" in section(drafted, "Open")
    known = section(drafted, "Clinical information")
    assert "Stated not to be proven [entered], yet L1 is given as malignant by biopsy (see Open)." in known
    assert "no cancer proven" not in known


def test_a_malignant_biopsy_in_the_table_is_proof() -> None:
    known = section(draft(SITE, facts('[[diagnosis]]\nside = "left"\ngrade = 2\n')), "Clinical information")
    assert "Malignant by biopsy: L1." in known
    assert "Proof by biopsy" not in known


def test_without_any_word_of_a_biopsy_its_proof_is_not_stated() -> None:
    rows = (row("2026-01-08", "US", "L1", "30"), row("2026-07-13", "US", "L1", "15"))
    known = section(draft(rows, facts('[[diagnosis]]\nside = "left"\ngrade = 2\n')), "Clinical information")
    assert "Proof by biopsy: not stated." in known


def test_therapy_not_started_beside_dates_that_say_otherwise() -> None:
    opened = section(draft(SITE, facts().replace("end =", 'status = "not_started"\nend =')), "Open")
    assert 'Therapy is stated "not_started", its dates (start 2026-02-02, end 2026-06-29) say otherwise' in opened


def test_therapy_not_started_with_a_start_and_no_end() -> None:
    opened = section(draft(SITE, facts().replace("end = 2026-06-29", 'status = "not_started"')), "Open")
    assert "its dates (start 2026-02-02, end -) say otherwise on 2026-07-13" in opened


@pytest.mark.parametrize(("now", "asked"), [("21", True), ("22", False), ("36", True), ("35.9", False)])
def test_therapy_not_started_beside_a_size_that_changed(now: str, asked: bool) -> None:
    told = 'suspicion_distant = false\n[therapy]\nintent = "neoadjuvant"\nstatus = "not_started"\n'
    rows = (row("2026-01-08", "US", "L1", "30"), row("2026-07-13", "US", "L1", now))
    opened = section(draft(rows, told), "Open")
    words = f"yet L1 went from 30 mm (2026-01-08) to {now} mm (2026-07-13): has therapy begun"
    assert (words in opened) is asked


@pytest.mark.parametrize("status", ["completed", ""])
def test_a_status_that_agrees_with_the_dates_is_not_asked(status: str) -> None:
    line = f'status = "{status}"\nend =' if status else "end ="
    assert "say otherwise" not in whole(draft(SITE, facts().replace("end =", line)))


def test_of_two_entries_of_one_time_point_the_later_counts_and_it_is_asked() -> None:
    days = (row("2026-07-15", "MR", "L1", "14 x 10 x 10"),)
    entries = [f'[[clinical]]\nside = "left"\ndate = {day}\npalpable = {said}\n' for day, said in PALPABLE]
    for told in (entries, entries[::-1]):
        drafted = draft((*SITE, *days), facts(*told))
        assert "clinical.palpable is given differently for 2026-07-13 and 2026-07-15" in section(drafted, "Open")
        assert "Mass palpable." in section(drafted, "Clinical information")


PALPABLE = (("2026-07-13", "false"), ("2026-07-15", "true"))


def test_entries_that_agree_are_not_asked() -> None:
    entries = [f'[[clinical]]\nside = "left"\ndate = {day}\npalpable = true\n' for day, _ in PALPABLE]
    days = (row("2026-07-15", "MR", "L1", "14 x 10 x 10"),)
    assert "given differently" not in whole(draft((*SITE, *days), facts(*entries)))


@pytest.mark.parametrize(
    ("cortex", "said", "asked"), [("8", "false", True), ("2", "false", False), ("8", "true", False)]
)
def test_an_axilla_that_is_not_suspicious_beside_an_abnormal_node(cortex: str, said: str, asked: bool) -> None:
    hilum = "absent" if cortex == "8" else "preserved"
    rows = (SITE[0], row("2026-01-08", "US", "N1", "14", cortex=cortex, hilum=hilum))
    told = f'[therapy]\nstatus = "not_started"\n[[axilla]]\nside = "left"\nimaging_suspicious = {said}\n'
    assert ("is said not to be suspicious, yet N1 looked abnormal" in whole(draft(rows, told))) is asked


@pytest.mark.parametrize("made", [True, False])
def test_mri_that_cannot_be_done_beside_one_that_was_made(made: bool) -> None:
    rows = (*SITE, *([row("2026-07-13", "MR", "L1", "14")] if made else []))
    said = whole(draft(rows, 'mri_possible = "no: pacemaker"\n' + facts()))
    assert ("MRI is said not to be possible, yet MRI of the left breast was made" in said) is made
