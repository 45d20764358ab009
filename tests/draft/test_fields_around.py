"""What is said of the breasts around the sites: of which breast, wherever there could be two."""

from tests.draft.cases import draft, row, section
from tests.draft.test_contradictions import SITE, facts

RIGHT = (
    row("2026-01-08", "US", "R1", "20 x 15 x 10", side="right", biopsy_result="malignant"),
    row("2026-07-13", "US", "R1", "8 x 8 x 8", side="right"),
)
STATED = '[[negatives]]\nside = "{0}"\ncalcifications = "none"\n[[breast]]\nside = "{0}"\ndensity = "c"\n'


def test_of_two_breasts_the_one_that_is_meant_is_named_and_the_other_is_not_stated() -> None:
    said = section(draft((*SITE, *RIGHT), facts(STATED.format("right"))), "Findings")
    assert "Breast composition: right heterogeneously dense (c)." in said
    assert "Calcifications: right none now." in said
    assert "Calcifications: left not stated." in said


def test_in_the_impression_too() -> None:
    two = (*SITE, row("2026-01-08", "US", "L2", "10", clock="3"), row("2026-07-13", "US", "L2", "9", clock="3"))
    said = section(draft((*two, *RIGHT), facts(STATED.format("right"))), "Impression")
    assert "Calcifications: right none." in said


def test_of_one_breast_no_side_is_named() -> None:
    said = section(draft(SITE, facts(STATED.format("left"))), "Findings")
    assert "Breast composition: heterogeneously dense (c)." in said
    assert "Calcifications: none now." in said


def test_what_is_stated_of_a_breast_without_a_site_is_not_said_of_the_other() -> None:
    said = section(draft(SITE, facts(STATED.format("right"))), "Findings")
    assert "Breast composition: right heterogeneously dense (c)." in said
    assert "Calcifications: left not stated." in said
