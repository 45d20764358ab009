"""The biopsy marker of each lesion now: three states that are not one another (S37, S56)."""

import pytest

from reporter.case.vocabulary import Modality
from reporter.response.interface import MarkerState
from tests.response.answers import breast, codes, respond


@pytest.mark.requirement("S56")
@pytest.mark.parametrize(
    ("placed", "said", "state"),
    [
        ("clip", "seen", MarkerState.SEEN),
        ("clip", "displaced:0", MarkerState.SEEN),
        ("clip", "displaced:12", MarkerState.DISPLACED),
        ("clip", "seen displaced:12", MarkerState.DISPLACED),
        ("clip", "unseen", MarkerState.NOT_SEEN),
        ("clip", "unseen displaced:0", MarkerState.NOT_SEEN),
        ("clip", "", MarkerState.NOT_STATED),
        ("", "", MarkerState.NOT_STATED),
        ("", "seen", MarkerState.SEEN),
        ("noclip", "", MarkerState.NEVER_PLACED),
    ],
)
def test_the_marker(placed: str, said: str, state: MarkerState) -> None:
    (marker,) = breast(f"day 0 | L1 {placed} 20\nday 9 | L1 absent {said}").markers
    assert marker.state is state


def test_seen_on_any_modality_is_seen() -> None:
    text = "day 0 MR | L1 clip 20\nday 9 MR | L1 absent unseen\nday 9 MG | L1 absent seen skin:12 muscle:3 nipple:40"
    (marker,) = breast(text).markers
    assert (marker.state, marker.seen_on) == (MarkerState.SEEN, (Modality.MG,))
    assert [str(x) for x in (marker.skin_distance, marker.muscle_distance, marker.nipple_distance)] == [
        "12 mm",
        "3 mm",
        "40 mm",
    ]


def test_displacement_is_the_largest_stated() -> None:
    text = "day 0 MR | L1 clip 20\nday 9 MR | L1 absent displaced:8\nday 9 MG | L1 absent displaced:1cm"
    (marker,) = breast(text).markers
    assert (str(marker.displaced_by), marker.displacement_stated) == ("10 mm", True)


def test_a_benign_site_has_a_marker_only_if_it_carries_one() -> None:
    text = "day 0 | L1 20 | F benign {} 8\nday 9 | L1 10 | F 8 {}"
    assert [m.lesion_id for m in breast(text.format("clip", "")).markers] == ["L1", "F"]
    assert [m.lesion_id for m in breast(text.format("", "seen")).markers] == ["L1", "F"]
    for placed in ("", "noclip"):
        assert [m.lesion_id for m in breast(text.format(placed, "")).markers] == ["L1"]


def test_what_is_asked_of_a_marker() -> None:
    asked = {"": "CLIP_NOT_STATED", "clip": "CLIP_SEEN_NOT_STATED", "noclip": None}
    for placed, code in asked.items():
        found = [c for c in codes(respond(f"day 0 | L1 {placed} 20\nday 9 | L1 absent")) if c.startswith("CLIP")]
        assert found == ([code] if code else [])
    assert codes(respond("day 0 | L1 malignant 20")) == []
    assert "CLIP_NOT_STATED" not in codes(respond("day 0 | S skin present\nday 9 | S absent"))


@pytest.mark.parametrize(
    ("rows", "state", "seen_on", "by"),
    [
        ("day 9 MR | L1 absent seen\nday 9 US | L1 absent unseen", MarkerState.SEEN, (Modality.MR,), None),
        ("day 9 MR | L1 absent unseen\nday 9 US | L1 absent", MarkerState.NOT_SEEN, (), None),
        ("day 9 US | L1 absent seen\nday 9 MR | L1 absent seen", MarkerState.SEEN, (Modality.MR, Modality.US), None),
        ("day 9 US | L1 absent displaced:4", MarkerState.DISPLACED, (Modality.US,), "4 mm"),
        ("day 9 US | L1 absent displaced:0.5", MarkerState.DISPLACED, (Modality.US,), "0.5 mm"),
        ("day 9 US | L1 absent unseen displaced:4", MarkerState.DISPLACED, (), "4 mm"),
        ("day 9 US | L1 absent displaced:0", MarkerState.SEEN, (Modality.US,), None),
        ("day 9 US | L1 absent displaced:4\nday 9 MG | L1 absent", MarkerState.DISPLACED, (Modality.US,), "4 mm"),
        (
            "day 9 US | L1 absent displaced:12\nday 9 MR | L1 absent displaced:8\nday 9 MG | L1 absent displaced:0",
            MarkerState.DISPLACED,
            (Modality.MR, Modality.US, Modality.MG),
            "12 mm",
        ),
    ],
)
def test_the_marker_by_several_rows(
    rows: str, state: MarkerState, seen_on: tuple[Modality, ...], by: str | None
) -> None:
    """Seen on any modality is seen, in words or by how far it lies; the largest displacement stated is told."""
    (marker,) = breast(f"day 0 MR | L1 clip 20\n{rows}").markers
    displaced = None if marker.displaced_by is None else str(marker.displaced_by)
    assert (marker.state, marker.seen_on, displaced) == (state, seen_on, by)
    assert marker.displacement_stated is ("displaced" in rows)


def test_distances_are_the_latest_that_the_first_modality_states() -> None:
    (marker,) = breast("""
        day 0 MR | L1 20
        day 9 US | L1 10 skin:1 muscle:2 nipple:3
        day 9 MR | L1 10 skin:11
        +day 10 MR | L1 10 skin:12
        +day 11 MR | L1 10 skin:13 muscle:20
        +day 12 MR | L1 10
    """).markers
    assert [str(x) for x in (marker.skin_distance, marker.muscle_distance, marker.nipple_distance)] == [
        "13 mm",
        "20 mm",
        "3 mm",
    ]
