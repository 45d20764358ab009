"""The phrases are complete, and every code, rule, step and remark of the program has its sentence."""

from __future__ import annotations

import ast
import datetime as dt
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from reporter import library
from reporter.advice.vocabulary import NoteId, Purpose, Scenario, StepId
from reporter.case.issue import Issue, Outcome
from reporter.case.length import mm
from reporter.case.source import Source, SourceKind
from reporter.case.vocabulary import Side
from reporter.draft.interface import DRAFT_NOTICE
from reporter.draft.issues import sentence
from reporter.draft.phrases import Phrases, load_phrases
from reporter.errors import SetupError

TEXTS = library.phrases("en")
ENGLISH = load_phrases(TEXTS, "en")
SOURCE = Path(library.__file__).parent
CODE = re.compile(r"^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$")
PREFIXES = ("DCM_", "STU_", "TP_", "MEAS_", "LES_", "LAT_", "CSV_", "JSON_", "FACT", "FS_", "ZIP_", "LIM_", "SR_")
FACTS_KEYS = {"breast.mri_contrast"}
"""Look like rules and are columns that would settle a question."""


def literals(package: str) -> Iterator[str]:
    """Every text constant of a package."""
    for path in sorted((SOURCE / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def codes() -> set[str]:
    """The issue codes that readers, case, response and advice name."""
    packages = ("readers", "case", "response", "advice")
    named = {text for package in packages for text in literals(package) if CODE.match(text)}
    asked = {text for text in named if text.endswith("_NOT_STATED")}
    return asked | {text for text in named if text.startswith(PREFIXES) and len(text) > len("LES_C")}


def test_every_issue_code_has_a_sentence() -> None:
    assert len(codes()) > 60
    said = {path.split(".")[1] for path in ENGLISH.by_path if path.startswith(("issue.", "reason_code.", "left_out."))}
    assert codes() - said == set()


def test_every_rule_has_a_sentence() -> None:
    rule = re.compile(r"^(target|site|non_target|overall|breast)\.[a-z_]+$")
    rules = {text for text in literals("response") if rule.match(text)} - FACTS_KEYS
    assert len(rules) > 5
    assert {name for name in rules if f"rule.{name}" not in ENGLISH} == set()


@pytest.mark.parametrize("step", StepId)
def test_every_step_has_a_sentence(step: StepId) -> None:
    assert any(path.startswith(f"step.{step}.") for path in ENGLISH.by_path)


@pytest.mark.parametrize("note", NoteId)
def test_every_remark_has_a_sentence(note: NoteId) -> None:
    assert any(path.startswith(f"note.{note}.") for path in ENGLISH.by_path)


@pytest.mark.parametrize("purpose", Purpose)
def test_every_purpose_has_words(purpose: Purpose) -> None:
    assert f"purpose.{purpose}" in ENGLISH


def test_every_way_without_a_variant_has_a_sentence() -> None:
    covered = {Scenario.BREAST_BEFORE, Scenario.BREAST_STARTED, Scenario.DISTANT_SUSPECTED}
    asked = {scenario for scenario in Scenario if scenario.endswith("not_stated")}
    wanted = {f"route.{scenario}" for scenario in Scenario} - {f"route.{s}" for s in covered | asked}
    missing = {path for path in wanted if path not in ENGLISH and not path.startswith("route.axilla.before_start")}
    assert missing == set()


@pytest.mark.requirement("S22")
def test_no_phrase_claims_a_pathologic_complete_response() -> None:
    assert [
        path for path, text in ENGLISH.by_path.items() if re.search(r"\bpCR\b|pathologic", text, re.IGNORECASE)
    ] == []


@pytest.mark.requirement("S12")
def test_right_is_a_side_and_nothing_else() -> None:
    """Where "right" may be read as "correct", a question about sides is misread."""
    correct = re.compile(r"\b(?:is|are|that|units) right\b|\bright\?")
    assert [path for path, text in ENGLISH.by_path.items() if correct.search(text)] == []


def test_no_phrase_names_a_gender() -> None:
    gendered = re.compile(r"\b(she|he|her|his|him|woman|women|man|men|male|female)\b", re.IGNORECASE)
    allowed = "topic.acr-symptomatic-male-breast"
    assert [p for p, text in ENGLISH.by_path.items() if gendered.search(text) and p != allowed] == []


def test_a_list_in_words() -> None:
    assert ENGLISH.all_of(["US", "DBT", "MRI"]) == "US, DBT and MRI"
    assert ENGLISH.any_of(["MRI", "US"]) == "MRI or US"
    assert ENGLISH.all_of(["US"]) == "US"
    assert not ENGLISH.all_of([])


def changed(old: str, new: str) -> str:
    assert old in TEXTS["words.toml"]
    return TEXTS["words.toml"].replace(old, new, 1)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param(changed('left = "left"\n', ""), "side.left", id="missing"),
        pytest.param(changed('left = "left"', 'left = "{left}"'), "side.left", id="placeholder of another table"),
        pytest.param(changed('{date}"', '{date!r}"'), "placeholder", id="conversion"),
        pytest.param(changed('{side} breast"', '{side breast"'), "brace", id="brace left open"),
        pytest.param(changed('left = "left"', "left = 1"), "side.left", id="no text"),
        pytest.param("[side", "TOML", id="no TOML"),
        pytest.param(changed("[side]", '[issue]\nother = "Something"\n\n[side]'), "another file", id="written twice"),
    ],
)
def test_broken_phrases_are_refused_with_their_path(text: str, names: str) -> None:
    with pytest.raises(SetupError) as caught:
        load_phrases({**TEXTS, "words.toml": text}, "en")
    assert names in str(caught.value)
    assert str(caught.value).startswith(("words.toml", "en,"))


def test_a_phrase_that_is_asked_for_and_missing_is_refused() -> None:
    with pytest.raises(SetupError, match="no phrase"):
        ENGLISH.say("side.middle")


def test_an_operand_that_is_not_there_prints_as_not_stated() -> None:
    assert ENGLISH.say("place.from_nipple") == "not stated from nipple"


def said(code: str, outcome: Outcome, phrases: Phrases = ENGLISH, **operands: str | int) -> str:
    where = Source(SourceKind.TABLE, "m.csv", "row 3")
    issue = Issue(code=code, outcome=outcome, source=where, lesion_id="L1", side=Side.LEFT, operands=operands)
    return sentence(issue, phrases)


def test_an_issue_says_where_to_look() -> None:
    assert said("LES_LOST", Outcome.PROBLEM, modality="MR") == (
        "L1 has no value on MRI at this time point, although MRI was used: not evaluable, never taken as gone."
        " (m.csv, row 3)"
    )


def test_a_question_names_the_column_that_settles_it() -> None:
    issue = Issue(code="CLIP_NOT_STATED", outcome=Outcome.QUESTION, lesion_id="L1", column="clip")
    assert sentence(issue, ENGLISH) == (
        "Was a marker ever placed in L1? Without a marker the tumour bed cannot be confirmed by it and is to be "
        "localised in another way before the operation. [clip]"
    )


def test_a_length_prints_in_millimetres() -> None:
    issue = Issue(code="NODE_SLICE", outcome=Outcome.NOTE, lesion_id="N1", operands={"slice": mm("6.5")})
    assert "6.5 mm" in sentence(issue, ENGLISH)


def test_a_code_without_a_phrase_is_printed_as_it_is() -> None:
    assert said("XYZ_UNHEARD_OF", Outcome.NOTE).startswith("XYZ_UNHEARD_OF")


def test_every_placeholder_of_an_issue_is_an_operand_or_its_own() -> None:
    own = {"lesion", "side", "study", "column", "code"}
    given = set(literals("readers")) | set(literals("case")) | set(literals("response")) | own
    given |= set(literals("batch"))
    given |= {name for package in ("readers", "case", "response", "batch") for name in keywords(package)}
    used = {
        name
        for path, text in ENGLISH.by_path.items()
        if path.startswith("issue.")
        for _, name, _, _ in string.Formatter().parse(text)
        if name
    }
    assert used - given == set()


def keywords(package: str) -> Iterator[str]:
    """Names that arguments are given by: operands are often passed so."""
    for path in sorted((SOURCE / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg:
                yield node.arg


class TestEveryLanguage:
    """What one language says every other says too, of the same things."""

    GERMAN = load_phrases(library.phrases("de"), "de")

    @staticmethod
    def placeholders(phrase: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(phrase) if name}

    def test_every_phrase_stands_in_both(self) -> None:
        """But for what packs and criteria name, which English takes as it stands there."""
        own = {path for path in self.GERMAN.by_path if not path.startswith("named.")}
        assert own == set(ENGLISH.by_path)

    def test_placeholders_are_alike(self) -> None:
        for path, phrase in ENGLISH.by_path.items():
            assert self.placeholders(phrase) == self.placeholders(self.GERMAN.by_path[path]), path

    def test_a_phrase_is_empty_in_both_or_in_none(self) -> None:
        empty = {path for path, phrase in ENGLISH.by_path.items() if not phrase} - {"notice.translation"}
        assert empty == {path for path, phrase in self.GERMAN.by_path.items() if not phrase}

    def test_only_a_translation_says_that_it_is_one(self) -> None:
        assert not ENGLISH.say("notice.translation")
        assert "noch radiologisch zu prüfen" in self.GERMAN.say("notice.translation")

    def test_the_notice_of_the_draft_is_that_of_the_program(self) -> None:
        assert ENGLISH.say("notice.draft") == DRAFT_NOTICE
        assert self.GERMAN.say("notice.draft").startswith("ENTWURF")

    def test_pathology_is_only_referred_to(self) -> None:
        for phrase in self.GERMAN.by_path.values():
            assert "patho" not in phrase.lower() or "maßgeblich ist die Pathologie" in phrase

    def test_what_packs_and_criteria_name_has_german_words(self) -> None:
        given = [path.read_text("utf-8") for path in (SOURCE / "knowledge").rglob("*.toml")]
        given += [path.read_text("utf-8") for path in (SOURCE / "response" / "criteria").glob("*.py")]
        for path in self.GERMAN.by_path:
            if path.startswith("named.") and path != "named.modified":
                assert any(path.removeprefix("named.") in text for text in given), path

    def test_days(self) -> None:
        day = dt.date(2026, 7, 5)
        assert (ENGLISH.day(day), self.GERMAN.day(day)) == ("2026-07-05", "05.07.2026")
        assert not self.GERMAN.day(None)
        assert self.GERMAN.dated("2026-07-05") == "05.07.2026"
        assert self.GERMAN.dated("2026-02-31") == "2026-02-31"
        assert self.GERMAN.dated("not stated") == "not stated"

    def test_names_of_packs_get_the_decimal_mark_of_the_language(self) -> None:
        assert self.GERMAN.named("0.1-1 mSv") == "0,1-1 mSv"
        assert self.GERMAN.named("0.1-0.5 mSv") == "0,1-0,5 mSv"
        assert self.GERMAN.named("RECIST 1.1") == "RECIST 1.1"
        assert ENGLISH.named("0.1-1 mSv") == "0.1-1 mSv"
        assert self.GERMAN.named("US breast") == "Sonographie der Mamma"
        assert self.GERMAN.named("words of a site") == "words of a site"
