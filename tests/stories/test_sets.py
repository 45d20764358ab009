"""Every shipped template set tells every story: nothing is lost, and what no draft may lack stands in each."""

from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest

from reporter import library
from reporter.draft.escalation import escalation_part
from reporter.draft.fields import Fields
from reporter.draft.interface import DRAFT_NOTICE, Draft, Heading, Notice, NoticeKind, Paragraph, Report, words
from reporter.draft.lint import lint
from reporter.draft.sets import load_set
from reporter.draft.speaker import Speaker
from reporter.pipeline import Kit, prepare, report_on
from reporter.preview import faults, stories
from reporter.readers.assemble import assemble
from reporter.readers.gather import Inputs, gather
from reporter.response.interface import Category
from reporter.settings import Settings
from tests.draft.cases import whole
from tests.stories.examples import example
from tests.stories.told_story import TOLD, Told
from tests.template_sets import ENGLISH, ROOT, SHIPPED

pytestmark = pytest.mark.long

SETS: Final = pytest.mark.parametrize("name", SHIPPED)
SHORT: Final = [name for name in ENGLISH if name != "nac-response"]


@cache
def kit(name: str, criteria: tuple[str, ...] = ()) -> Kit:
    return prepare(Settings(), template=name, criteria=criteria or None, formats=())


@cache
def report(story: Told) -> Report:
    given = story.arguments
    criteria = tuple(value for key, value in pairwise(given) if key == "--criteria")
    inputs = Inputs(table=story.folder / "measurements.csv", facts=story.folder / "facts.toml")
    readings = gather(inputs, Settings().limits)
    case = assemble(readings, windows=Settings().windows, labels=Settings().labels)
    return report_on(case, (), kit("nac-response", criteria))


@cache
def draft(name: str, story: Told) -> Draft:
    return kit(name).writer.draft(report(story))


def test_the_sets_are_these() -> None:
    assert SHIPPED == ["brief", "nac-response", "nac-response-de", "trial", "tumor-board"]


@SETS
def test_a_shipped_set_has_no_mistake(name: str) -> None:
    assert lint(load_set(library.find_template(name)), Fields) == ()
    assert faults(name, Settings()) == ()


@SETS
def test_the_example_is_current(name: str) -> None:
    """To accept another: `python -m tests.stories.examples`, then read it aloud."""
    assert (ROOT / name / "example.txt").read_text("utf-8") == example(name)


def lines(drafted: Draft) -> Iterator[str]:
    for block in drafted.blocks:
        if isinstance(block, Paragraph | Heading):
            yield words(block.content)


@pytest.mark.parametrize("story", TOLD, ids=lambda story: story.name)
@pytest.mark.parametrize("name", SHORT)
class TestEveryStory:
    """In the order of hostile inputs: law 10 (nothing lost), law 16 (escalation); for law 11 see test_formats."""

    def test_it_begins_with_the_notice(self, name: str, story: Told) -> None:
        first = draft(name, story).blocks[0]
        assert isinstance(first, Notice)
        assert first.kind is NoticeKind.DRAFT
        assert words(first.content) == DRAFT_NOTICE

    def test_the_escalation_stands_once_under_its_heading(self, name: str, story: Told) -> None:
        part = escalation_part(Speaker(report=report(story), phrases=kit(name).writer.phrases))
        said = list(lines(draft(name, story)))
        for block in part.blocks:
            assert isinstance(block, Paragraph)
            assert said.count(words(block.content)) == 1
        first = part.blocks[0]
        assert isinstance(first, Paragraph)
        assert said[said.index(words(first.content)) - 1] == "Escalation"

    def test_every_lesion_and_every_doubt_is_told(self, name: str, story: Told) -> None:
        told = whole(draft(name, story)).split("\nBasis\n")[0]
        assert "Basis" not in told.splitlines()
        several = len([x for x in report(story).case.lesions if not x.is_node]) > 1
        for lesion in report(story).case.lesions:
            if several or lesion.is_node:
                assert lesion.id in told
        full = whole(draft("nac-response", story))
        open_points = full.split("\nOpen\n")[1].split("\nBasis\n")[0]
        for point in open_points.splitlines():
            sentence = point.removeprefix("- ").removeprefix("To be answered: ").removeprefix("Not provided: ")
            for part in sentence.rstrip(".").split("; ") if "Not provided" in point else [sentence]:
                assert part in told or sentence == "Nothing."

    def test_line_1_of_the_impression_is_that_of_the_full_report(self, name: str, story: Told) -> None:
        def impression(drafted: Draft) -> str:
            return whole(drafted).split("\nImpression\n")[1].split("\n2. ")[0].splitlines()[0]

        assert impression(draft(name, story)) == impression(draft("nac-response", story))


@SETS
@pytest.mark.parametrize("story", [s for s in TOLD if s.name.startswith("A1-")], ids=lambda story: story.name)
def test_out_of_scope_no_set_names_a_category(name: str, story: Told) -> None:
    phrases = kit(name).writer.phrases
    told = whole(draft(name, story)).casefold()
    named = [Category.CR, Category.PR, Category.SD, Category.PD, Category.MIXED, Category.NE, Category.NON_CR_NON_PD]
    assert [c for c in named if phrases.say(f"category.{c}").casefold() in told] == []


@SETS
def test_samples_are_told_by_every_set(name: str) -> None:
    for case in stories().values():
        told = whole(kit(name).writer.draft(report_on(case, (), kit(name))))
        assert "()" not in told
        assert ". ." not in told
        assert ";;" not in told


def test_a_sum_never_stands_for_sites_that_differ() -> None:
    """In the tabulation, a mixed response names the sites that do not respond."""
    case = stories()["mixed-two-sites-node"]
    told = whole(kit("trial").writer.draft(report_on(case, (), kit("trial"))))
    assert "MIXED (B and" in told.replace("MIXED (B, ", "MIXED (B and ")
    assert not [line for line in told.splitlines() if line.endswith("| MIXED")]


def test_the_shipped_folders_hold_what_a_set_is_made_of() -> None:
    for name in SHIPPED:
        files = {path.name for path in Path(ROOT / name).iterdir()}
        assert {"template.toml", "report.md.j2", "example.txt"} <= files
