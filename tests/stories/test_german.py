"""The German set says of every story what the English one says: the same numbers and categories, no English word."""

import re
from collections import Counter
from functools import cache
from typing import Final

import pytest

from reporter.draft.escalation import escalation_part
from reporter.draft.interface import Draft, Heading, Notice, NoticeKind, Paragraph, Report, words
from reporter.draft.speaker import Speaker
from reporter.pipeline import Kit, phrases_in, prepare, report_on
from reporter.preview import stories
from reporter.settings import Settings
from tests.draft.cases import whole
from tests.stories.test_sets import report
from tests.stories.told_story import TOLD, Told
from tests.template_sets import GERMAN

pytestmark = pytest.mark.long

PHRASES: Final = phrases_in("de")
NUMBER: Final = re.compile(r"\d{4}-\d\d-\d\d|\d+(?:\.\d+)?")
GERMAN_DAY: Final = re.compile(r"\b(\d\d)\.(\d\d)\.(\d{4})\b")
ISO_DAY: Final = re.compile(r"\b\d{4}-\d\d-\d\d\b")
QUOTED: Final = re.compile(r"„[^“]*“|\[[a-z_.]+\]|\(?measurements\.csv[^)]*\)|\b[a-z_]+\.[a-z_]+\b|per-site")
ENGLISH_WORDS: Final = re.compile(
    r"\b(the|of|and|is|are|stated|breast|left|right|baseline|response|before|after|node|site|seen|marker|biopsy"
    r"|therapy|during|None|See|Not|New|Left|Right|complete|partial|stable|disease|tumour|cannot|whether|were)\b"
)
HEADLINES: Final = {
    "BASELINE": "AUSGANGSBEFUND",
    "COMPLETE RESPONSE ON IMAGING": "KOMPLETTE REMISSION IN DER BILDGEBUNG",
    "NOT A COMPLETE RESPONSE": "KEINE KOMPLETTE REMISSION",
    "PARTIAL RESPONSE": "PARTIELLE REMISSION",
    "STABLE DISEASE": "STABILE ERKRANKUNG",
    "STABLE": "STABIL",
    "PROGRESSIVE DISEASE": "PROGREDIENTE ERKRANKUNG",
    "PROGRESSIVE": "PROGREDIENT",
    "MIXED RESPONSE": "GEMISCHTES ANSPRECHEN",
    "INDETERMINATE": "UNBESTIMMT",
    "RESPONSE NOT EVALUABLE": "ANSPRECHEN NICHT BEURTEILBAR",
    "URGENT.": "DRINGEND.",
    "NEW FINDING, NOT CLASSIFIED AS PROGRESSION": "NEUER BEFUND, NICHT ALS PROGRESSION KLASSIFIZIERT",
    "CLINICAL WORSENING": "KLINISCHE VERSCHLECHTERUNG",
}
"""What is printed strong in the impression, in both languages."""


@cache
def kit(name: str) -> Kit:
    return prepare(Settings(), template=name, formats=())


def both(made: Report) -> tuple[Draft, Draft]:
    return kit("nac-response").writer.draft(made), kit(GERMAN).writer.draft(made)


def numbers(text: str) -> Counter[str]:
    """Every number of a draft but the version of its template, written as in English."""
    text = re.sub(r"(?:template|Vorlage) \S+ \S+ [0-9a-f]{12}", "", text)
    text = GERMAN_DAY.sub(r"\3-\2-\1", text)
    return Counter(NUMBER.findall(re.sub(r"(?<=\d),(?=\d)", ".", text)))


def strong(draft: Draft) -> list[str]:
    """What is printed strong, in order."""
    items = [item for block in draft.blocks for item in getattr(block, "items", ())]
    return [part.text for item in items for part in item if getattr(part, "strong", False)]


def assert_said_alike(made: Report) -> None:
    english, german = both(made)
    assert numbers(whole(english)) == numbers(whole(german))
    assert len(english.blocks) + 1 == len(german.blocks)  # the notice of the translation
    spoken = [HEADLINES.get(words, words) for words in strong(english)]
    known = set(HEADLINES.values())
    assert [w for w in spoken if w in known] == [w for w in strong(german) if w in known]
    assert len(strong(english)) == len(strong(german))


@pytest.mark.parametrize("story", TOLD, ids=lambda story: story.name)
class TestEveryStory:
    def test_numbers_and_categories_are_those_of_the_english_draft(self, story: Told) -> None:
        assert_said_alike(report(story))

    def test_no_pathology_is_claimed(self, story: Told) -> None:
        told = whole(both(report(story))[1])
        assert not re.search(r"\bpCR\b|(?:patho|histo)logische?\w* (?:Komplett|Voll|komplette)", told, re.IGNORECASE)
        for place in re.finditer(r"komplette Remission", told, re.IGNORECASE):
            around = told[max(0, place.start() - 120) : place.end() + 40]
            said = r"in der Bildgebung|keine komplette|RECIST|WHO|EORTC|frühere|nach einer"
            assert re.search(said, around, re.IGNORECASE), around

    def test_escalation_notice_and_translation_stand_in_it(self, story: Told) -> None:
        made = report(story)
        draft = both(made)[1]
        first, second = draft.blocks[:2]
        assert isinstance(first, Notice)
        assert first.kind is NoticeKind.DRAFT
        assert words(first.content) == PHRASES.say("notice.draft")
        assert isinstance(second, Notice)
        assert "Übersetzung" in words(second.content)
        said = [words(b.content) for b in draft.blocks if isinstance(b, Paragraph | Heading)]
        for block in escalation_part(Speaker(report=made, phrases=PHRASES)).blocks:
            assert isinstance(block, Paragraph)
            assert said.count(words(block.content)) == 1

    def test_days_and_decimals_are_german(self, story: Told) -> None:
        told = whole(both(report(story))[1])
        assert not ISO_DAY.search(told)
        assert not re.search(r"\d\.\d+ (?:mm|cm|%|mSv|mGy|ml)", told)

    def test_no_english_word_is_left(self, story: Told) -> None:
        """But for what the input says in English, and what the guideline calls itself."""
        made = report(story)
        told = whole(both(made)[1]).split("\nGrundlage\n")[0]
        given = (story.folder / "facts.toml").read_text() + (story.folder / "measurements.csv").read_text()
        for line in told.splitlines():
            for found in ENGLISH_WORDS.finditer(QUOTED.sub("", line)):
                titled = "Imaging of" in line or "Evaluation of" in line
                assert titled or found[0] in given, line

    def test_it_is_well_formed(self, story: Told) -> None:
        told = whole(both(report(story))[1])
        assert not re.search(r"; (?:sonographie|mammographie|tomosynthese|herdbefund|lymphknoten)", told)
        for wrong in ("()", " .", "..", " ,", ";;", ": .", "in der in", "None", "{"):
            assert wrong not in told


def test_sample_stories_are_said_alike() -> None:
    for case in stories().values():
        assert_said_alike(report_on(case, (), kit("nac-response")))
