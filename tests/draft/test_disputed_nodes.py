"""A node about which imaging modalities disagree: told with every size, called neither resolved nor normal (row C5)."""

from functools import cache

import pytest

from reporter.draft.interface import Draft
from reporter.pipeline import Kit, prepare
from reporter.settings import Settings
from tests.draft.cases import draft, report, row, section, whole
from tests.draft.test_contradictions import facts
from tests.template_sets import ENGLISH, GERMAN

GONE = (
    row("2026-01-08", "US", "L1", "30 x 20 x 20", biopsy_result="malignant", clip="yes"),
    row("2026-07-13", "US", "L1", status="absent", clip_seen="yes", clip_displaced="0"),
)
BEFORE = (
    row("2026-01-08", "US", "N1", "18", cortex="8", hilum="absent", biopsy_result="malignant"),
    row("2026-01-08", "MR", "N1", "18"),
)


def us(size: str = "", **cells: str) -> dict[str, str]:
    return row("2026-07-13", "US", "N1", size, **cells)


def mr(size: str = "", **cells: str) -> dict[str, str]:
    return row("2026-07-13", "MR", "N1", size, **cells)


def drafted(*now: dict[str, str]) -> Draft:
    return draft((*GONE, *BEFORE, *now), facts())


@cache
def kit(name: str) -> Kit:
    return prepare(Settings(), template=name, formats=())


NOT_SEEN, LOOKS_NORMAL, SMALL = us(status="absent"), us("6", cortex="2", hilum="preserved"), us("7")


@pytest.mark.parametrize(
    ("one", "other", "sizes", "axes"),
    [
        (NOT_SEEN, "14", "US not seen, MRI 14 mm", "US 18 mm -> not seen (-100 %), MRI 18 -> 14 mm (-22.2 %)"),
        (LOOKS_NORMAL, "14", "US 6 mm, MRI 14 mm", "US 18 -> 6 mm (-66.7 %), MRI 18 -> 14 mm (-22.2 %)"),
        (SMALL, "18", "US 7 mm, MRI 18 mm", "US 18 -> 7 mm (-61.1 %), MRI 18 -> 18 mm (0 %)"),
    ],
)
@pytest.mark.requirement("S48")
def test_both_sizes_stand_in_the_impression_and_the_tumour_board_is_told(
    one: dict[str, str], other: str, sizes: str, axes: str
) -> None:
    made = drafted(one, mr(other))
    said = section(made, "Impression")
    assert f"Left axilla: node N1, biopsy-proven, MODALITIES DISAGREE: short axis {axes}" in said
    assert f"Largest {other} mm (MRI): called neither resolved nor normal." in said
    assert "COMPLETE RESPONSE ON IMAGING, of the breast alone: the modalities disagree on node N1." in said
    response = section(made, "Response")
    assert f"Axilla, N1: modalities disagree ({sizes}: called neither resolved nor normal)." in response
    told = section(made, "Escalation")
    assert told.startswith("Tumour board (radiologist, surgeon, medical oncologist) before surgery is fixed")
    assert "modalities disagree on node N1." in told
    everything = whole(made)
    for wrong in ("resolved from abnormal", "looks normal", "below 10 mm", "normal-sized", "no longer seen"):
        assert wrong not in everything


@pytest.mark.parametrize("name", [name for name in ENGLISH if name != "nac-response"])
def test_the_short_sets_say_so_too(name: str) -> None:
    made = kit(name).writer.draft(report((*GONE, *BEFORE, LOOKS_NORMAL, mr("14")), facts()))
    everything = whole(made)
    assert "modalities disagree; US: short axis 18 -> 6 mm" in everything
    assert "MRI short axis 18 -> 14 mm. Called neither resolved nor normal." in everything
    assert "resolved from abnormal" not in everything


def test_in_german() -> None:
    made = kit(GERMAN).writer.draft(report((*GONE, *BEFORE, LOOKS_NORMAL, mr("14")), facts()))
    said = section(made, "Beurteilung")
    assert "bioptisch gesichert, MODALITÄTEN STIMMEN NICHT ÜBEREIN: kurze Achse Sonographie 18 -> 6 mm" in said
    assert "Größte kurze Achse 14 mm (MRT): weder rückgebildet noch unauffällig genannt." in said
    assert "Modalitäten stimmen nicht überein bei Lymphknoten N1" in section(made, "Eskalation")
    assert "jetzt unauffällig" not in whole(made)


def test_one_that_is_abnormal_by_its_look_stays_so() -> None:
    said = section(drafted(us("7", cortex="6", hilum="absent"), mr("18")), "Impression")
    assert "node N1, biopsy-proven, PERSISTENTLY ABNORMAL, MODALITIES DISAGREE: short axis US 18 -> 7 mm" in said


@pytest.mark.parametrize(
    ("now", "said"),
    [
        pytest.param(
            (us("8", cortex="2", hilum="preserved"), mr("11")),
            "Size and appearance do not agree (US 8 mm, MRI 11 mm): called neither resolved nor normal.",
            id="a normal look beside 10 mm or more on another",
        ),
        pytest.param((us("8"), mr("11")), "short axis US 18 -> 8 mm (-55.6 %), MRI 18 -> 11 mm", id="not described"),
        pytest.param((NOT_SEEN, mr("6")), "short axis US 18 mm -> not seen (-100 %), MRI 18 -> 6 mm", id="seen by one"),
        pytest.param(
            (NOT_SEEN, mr(status="present")),
            "short axis US 18 mm -> not seen (-100 %), MRI 18 mm -> seen, not measured",
            id="seen by one, without a size",
        ),
    ],
)
def test_short_of_a_disagreement_the_other_size_is_named_and_nobody_is_told(
    now: tuple[dict[str, str], ...], said: str
) -> None:
    made = drafted(*now)
    assert said in section(made, "Impression")
    assert "modalities disagree" not in whole(made).casefold()
    assert section(made, "Escalation").startswith("None required")


def test_of_normal_size_on_every_modality_one_size_is_enough() -> None:
    made = drafted(us("6", cortex="2", hilum="preserved"), mr("9"))
    assert "the biopsy-proven node now looks normal (6 mm, cortex 2 mm)." in section(made, "Impression")
    assert "resolved from abnormal (below 10 mm)" in section(made, "Response")


def test_a_complete_response_weighs_nothing_beside_a_disputed_node() -> None:
    gone = (
        row("2026-01-08", "US", "L1", "30", biopsy_result="malignant", clip="yes", clip_seen="yes"),
        row("2026-07-13", "US", "L1", status="absent", clip="yes", clip_seen="yes"),
        row("2026-01-08", "US", "N1", "18", biopsy_result="malignant"),
        row("2026-01-08", "MR", "N1", "18"),
        row("2026-07-13", "US", "N1", status="absent"),
    )
    weighs = "A complete response on imaging bears on prognosis"
    said = [
        " ".join(section(draft((*gone, *more), facts()), "Recommendation").split())
        for more in ((), (row("2026-07-13", "MR", "N1", "14"),))
    ]
    assert [weighs in one for one in said] == [True, False]


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ((NOT_SEEN, mr(status="present")), "Axilla, N1: appearance not stated (US not seen, MRI seen, not measured)."),
        ((LOOKS_NORMAL, mr(status="present")), "Axilla, N1: resolved from abnormal (6 mm on US)."),
        ((NOT_SEEN, mr(status="not_evaluable")), "Axilla, N1: resolved from abnormal (below 10 mm)."),
    ],
)
def test_seen_without_a_size_it_is_not_said_to_be_below_the_limit(now: tuple[dict[str, str], ...], said: str) -> None:
    assert said in section(drafted(*now), "Response")
