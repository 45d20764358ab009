"""What such a report carries beside its category: for the surgeon, of nodes, MRI, baseline, calcifications."""

import pytest

from tests.draft.cases import draft, row, section, whole
from tests.draft.test_contradictions import SITE, facts

SIDE = 'side = "left"\n'


def test_haematoma_after_biopsy_is_a_caution_on_the_baseline_size() -> None:
    rows = ({**SITE[0], "biopsy_date": "2026-01-02"}, SITE[1])
    entry = f"[[breast]]\n{SIDE}date = 2026-01-08\nhaematoma = "
    said = section(draft(rows, facts(entry + "true\n")), "Comparison")
    assert "6 days after biopsy, haematoma [entered], which can make the baseline size too large" in said
    assert "no haematoma [entered])" in section(draft(rows, facts(entry + "false\n")), "Comparison")


def second(when: str, size: str, location: str, clock: str) -> dict[str, str]:
    return row(when, "US", "L2", size, location=location, clock=clock, biopsy_result="malignant", clip="yes")


@pytest.mark.parametrize(
    ("location", "clock", "said"),
    [
        ("LIQ", "8", "Multicentric disease: sites in different quadrants."),
        ("UOQ", "1", "Multifocal disease: sites in one quadrant."),
        ("", "12", "Multifocal or multicentric: open, as a site lies on a border (see Open)."),
    ],
)
@pytest.mark.requirement("S60")
def test_several_sites_say_how_they_lie(location: str, clock: str, said: str) -> None:
    rows = (*SITE, second("2026-01-08", "20", location, clock), second("2026-07-13", "10", location, clock))
    drafted = draft(rows, facts())
    assert said in section(drafted, "Impression")
    assert ("in which quadrant?" in section(drafted, "Open")) is ("border" in said)


def test_distances_axes_and_span_are_there_for_the_surgeon() -> None:
    now = {**SITE[1], "nipple_distance": "45", "span": "40", "depth": "middle"}
    drafted = draft((SITE[0], now), facts())
    assert "largest residual 15 mm, span 40 mm, 45 mm from nipple" in section(drafted, "Impression")
    assert "15 x 10 x 10 mm" in section(drafted, "Findings")


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"clip_seen": "yes", "clip_displaced": "0"}, "Coil seen on US in the original position. Not displaced."),
        ({"clip_seen": "yes", "clip_displaced": "12"}, "Coil seen on US, DISPLACED by 12 mm from where it was placed."),
        ({"clip_seen": "no"}, "Coil placed, NOT SEEN now."),
        ({"clip_seen": ""}, "Coil placed; whether it is seen now is not stated."),
        ({"clip_seen": "", "clip": ""}, "whether it is seen now is not stated."),
    ],
)
def test_the_states_of_a_marker(cells: dict[str, str], said: str) -> None:
    rows = ({**SITE[0], "clip_shape": "coil"}, {**SITE[1], **cells})
    assert said in section(draft(rows, facts()), "Tumour bed")


def test_negatives_levels_and_what_is_not_stated() -> None:
    entry = f'[[negatives]]\n{SIDE}skin = "normal"\n[[axilla]]\n{SIDE}date = 2026-07-13\nabnormal_nodes = 0\n'
    levels = 'levels = { axilla_1 = "normal", internal_mammary = "abnormal", supraclavicular = "not_imaged" }\n'
    drafted = draft(SITE, facts(entry + levels))
    assert "Skin: normal." in section(drafted, "Findings")
    assert "Nipple, pectoral muscle, chest wall: not stated." in section(drafted, "Findings")
    said = section(drafted, "Axilla")
    assert "Internal mammary: ABNORMAL." in said
    assert "Supraclavicular: not imaged." in said


def test_circumstances_of_mri() -> None:
    told = 'menopausal = "premenopausal"\nmri_possible = false\nmri_obstacle = "pacemaker"\n'
    entries = f'[[clinical]]\n{SIDE}cycle_week = 2\n[[breast]]\n{SIDE}background_enhancement = "mild"\n'
    drafted = draft(SITE, told + facts(entries))
    known = section(drafted, "Clinical information")
    assert "MRI in week 2 of the menstrual cycle." in known
    assert 'MRI cannot be done: "pacemaker".' in known
    assert "Background enhancement: mild." in section(drafted, "Findings")


def test_progression_of_a_node_is_named_where_somebody_is_told_of_it() -> None:
    nodes = tuple(
        row(day, "US", "N1", size, cortex="6", hilum="absent", biopsy_result="malignant") for day, size in NODES
    )
    assert "Because of: progression of node N1" in section(draft((*SITE, *nodes), facts()), "Escalation")


NODES = (("2026-01-08", "16"), ("2026-07-13", "22"))


def test_calcifications_are_stated_with_extent_and_change() -> None:
    cells = {"kind": "calcification", "status": "present"}
    rows = (
        row("2026-01-08", "MG", "K1", extent="30", **cells),
        row("2026-07-13", "MG", "K1", extent="30", extent_change="same", **cells),
    )
    text = whole(draft((*SITE, *rows), facts()))
    assert "extent 30 mm at baseline, 30 mm now, unchanged [entered]" in text
    assert "they may persist without tumour and may hold residual disease" in text
