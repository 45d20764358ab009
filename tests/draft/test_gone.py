"""What is not said to have gone: a lesion that merged into another, and one that was never there."""

import pytest

from reporter.pipeline import prepare
from reporter.settings import Settings
from tests.draft.cases import report, row, section
from tests.draft.test_contradictions import facts

SITE = {"biopsy_result": "malignant", "clip": "yes", "clip_seen": "yes"}
BEFORE = (row("2026-01-08", "MR", "L1", "30", **SITE), row("2026-01-08", "MR", "L2", "20", **SITE, clock="5"))
GONE = (
    row("2026-07-13", "MR", "L1", status="absent", **SITE),
    row("2026-07-13", "MR", "L2", status="merged", merged_into="L1", **SITE, clock="5"),
)
ON_US = tuple(
    row(day, "US", lesion, size, **SITE, clock=clock, **({} if size else {"status": "absent"}))
    for day, sizes in (("2026-01-08", ("30", "20")), ("2026-07-13", ("", "")))
    for lesion, size, clock in zip(("L1", "L2"), sizes, ("2", "5"), strict=True)
)
NEW = (row("2026-07-13", "MR", "L3", "7", role="new", clock="8"),)


@pytest.mark.parametrize(
    ("rows", "capitals"),
    [
        pytest.param((), "COMPLETE RESPONSE ON IMAGING", id="on one modality"),
        pytest.param(ON_US, "COMPLETE RESPONSE ON IMAGING", id="gone by itself on another"),
        pytest.param(NEW, "KNOWN SITE NO LONGER VISIBLE", id="beside a new finding"),
    ],
)
@pytest.mark.parametrize(
    ("name", "title", "told"),
    [
        ("nac-response", "Impression", "The 20 mm mass L2 at 5 o'clock, merged into L1, is judged together with it"),
        ("nac-response-de", "Beurteilung", "mit L1 konfluiert, gemeinsam damit beurteilt"),
    ],
)
def test_of_a_complete_response(
    rows: tuple[dict[str, str], ...], capitals: str, name: str, title: str, told: str
) -> None:
    made = report((*BEFORE, *GONE, *rows), facts())
    said = " ".join(section(prepare(Settings(), template=name, formats=()).writer.draft(made), title).split())
    assert told in said
    assert " on ." not in said
    assert " in ." not in said
    assert (capitals in said) is (name == "nac-response")


@pytest.mark.parametrize(
    ("name", "title", "told"),
    [
        (
            "nac-response",
            "Impression",
            "was not seen at baseline (MRI): nothing there that could respond.",
        ),
        (
            "nac-response-de",
            "Beurteilung",
            "nicht nachweisbar (MRT), dort nichts, was ansprechen könnte.",
        ),
    ],
)
@pytest.mark.parametrize("now", [(), (row("2026-07-13", "MR", "L2", status="absent", clock="5"),)])
def test_what_was_never_there_is_not_said_to_have_gone(
    now: tuple[dict[str, str], ...], name: str, title: str, told: str
) -> None:
    never = row("2026-01-08", "MR", "L2", status="absent", clock="5")
    made = report((BEFORE[0], GONE[0], never, *now), facts())
    said = " ".join(section(prepare(Settings(), template=name, formats=()).writer.draft(made), title).split())
    assert told in said
