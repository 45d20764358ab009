"""Packs as a site would write them: what is refused, with file, key, reason and the nearest right word."""

from __future__ import annotations

import pytest

from reporter.advice.engine import advise
from reporter.advice.interface import Rating, Timing
from reporter.advice.pack import load_pack, shares
from reporter.advice.vocabulary import Scenario
from reporter.errors import SetupError
from reporter.response.interface import Category
from tests.advice.factory import breast, pack_texts, rows_of, scene, site

NAME = "acr-235-2022"
SITE_ROW = """
[[row]]
variant = 4
procedure = "MRI breast without and with IV contrast"
rating = "may_be_appropriate"
level = "O"
dose = "0 mSv"
status = "site"
checked_by = "A. Radiologist, 2026-11-20"
"""


def edited(file: str, old: str, new: str) -> dict[str, str]:
    texts = pack_texts(NAME)
    assert old in texts[file], f"{file} no longer holds {old!r}"
    return texts | {file: texts[file].replace(old, new, 1)}


def refusal(texts: dict[str, str]) -> SetupError:
    with pytest.raises(SetupError) as caught:
        load_pack(texts)
    assert caught.value.code == "PACK_BROKEN"
    return caught.value


@pytest.mark.parametrize(
    ("file", "old", "new", "field", "reason"),
    [
        (
            "decision.toml",
            'when = ["stable"]',
            'when = ["stabel"]',
            "row[B4].when[1]",
            "'stabel' is no known condition; did you mean 'stable'?",
        ),
        (
            "decision.toml",
            'steps = ["obtain_baseline"]',
            'steps = ["obtain_basline"]',
            "row[A5].started.steps[1].id",
            "'obtain_basline' is no known step; did you mean 'obtain_baseline'?",
        ),
        (
            "decision.toml",
            'id = "too_early"',
            'id = "to_early"',
            "row[B4].during.notes[to_early].id",
            "'to_early' is no known note; did you mean 'too_early'?",
        ),
        (
            "decision.toml",
            'told = ["medical_oncologist"]',
            'told = ["oncologist"]',
            "row[B4].during.told[1]",
            "'oncologist' is no known role; did you mean 'medical_oncologist'?",
        ),
        (
            "decision.toml",
            'urgency = "before_next_cycle"',
            'urgency = "before_cycle"',
            "row[B4].during.urgency",
            "'before_cycle' is no known urgency; did you mean 'before_next_cycle'?",
        ),
        (
            "decision.toml",
            'lesions = "stable_sites"',
            'lesions = "stable_site"',
            "row[B4].lesions",
            "'stable_site' is no known selection of lesions; did you mean 'stable_sites'?",
        ),
        (
            "decision.toml",
            'want = "baseline_modality"',
            'want = "baseline_modalty"',
            "row[B8].during.images[1].want",
            "'baseline_modalty' is no known imaging; did you mean 'baseline_modality'?",
        ),
        (
            "decision.toml",
            'purpose = "true_extent"',
            'purpose = "true_extend"',
            "row[B5].started.images[1].purpose",
            "'true_extend' is no known purpose; did you mean 'true_extent'?",
        ),
        (
            "decision.toml",
            'beside = [{ row = "B5", when = ["mixed"] }]',
            'beside = [{ row = "B55", when = ["mixed"] }]',
            None,
            "'B55' is no known row beside B4; did you mean 'B5'?",
        ),
        (
            "decision.toml",
            'told = ["medical_oncologist"]\nnotes = [{ id = "too_early"',
            'notes = [{ id = "too_early"',
            "row[B4].during",
            "an urgency needs somebody to be told: give told",
        ),
        (
            "decision.toml",
            '[row.unstated]\nsteps = [{ id = "discuss_response"',
            '[row.unstated]\nurgency = "prompt"\ntold = ["surgeon"]\nsteps = [{ id = "discuss_response"',
            "row[B4]",
            "the escalation of unstated is the more urgent of during and after: leave it out",
        ),
        ("decision.toml", 'id = "A2"', 'id = "A1"', None, "row A1 stands twice"),
        ("decision.toml", 'id = "A2"', 'id = "Row 2"', "row[Row 2].id", "String should match pattern"),
        ("decision.toml", 'part = "B"', 'prat = "B"', "row[B1].part", "Field required"),
        (
            "decision.toml",
            'when = ["therapy_begun", "no_baseline"]',
            'precedence = 1\nwhen = ["therapy_begun", "no_baseline"]',
            "row[A5]",
            "precedence is for rows of part B, per side",
        ),
        ("decision.toml", "precedence = 6", 'precedence = "6"', "row[B1].precedence", "valid integer"),
        (
            "pack.toml",
            'rating = "usually_appropriate"',
            'rating = "usualy_appropriate"',
            "variant[1].rows[1].rating",
            "'usualy_appropriate' is no known rating; did you mean 'usually_appropriate'?",
        ),
        (
            "pack.toml",
            'level = "RR", dose = "0.1-1 mSv"',
            'level = "RR", dose = "1-10 mSv"',
            None,
            "variant 1, Digital breast tomosynthesis diagnostic: level RR is 0.1-1 mSv, not 1-10 mSv",
        ),
        (
            "pack.toml",
            'level = "RR", dose',
            'level = "RRS", dose',
            None,
            "variant 1, Digital breast tomosynthesis diagnostic: 'RRS' is no known radiation level; did you mean 'RR",
        ),
        (
            "pack.toml",
            'scenarios = ["breast.before_start"]',
            'scenarios = ["breast.before"]',
            "variant[1].scenarios[1]",
            "'breast.before' is no known scenario; did you mean 'breast.before_start'?",
        ),
        (
            "pack.toml",
            'scenarios = ["breast.after_start"]',
            'scenarios = ["breast.before_start"]',
            None,
            "scenario breast.before_start stands twice",
        ),
        ("pack.toml", "number = 2", "number = 1", None, "variant 1 stands twice"),
        ("pack.toml", 'status = "seen"', 'status = "checked"', "variant[1].rows[1].status", "Input should be"),
        ("pack.toml", "reviewed = 2026-11-22", 'reviewed = "today"', "reviewed", "valid date"),
        ("pack.toml", 'key = "us_breast"', 'key = "us_brest"', "procedure[1].key", "did you mean 'us_breast'?"),
        ("pack.toml", 'modality = "US"', 'modality = "Ultra"', "procedure[1].modality", "'Ultra' is no known modality"),
        ("pack.toml", 'edition = "2022"', "", "edition", "Field required"),
        ("pack.toml", 'edition = "2022"', 'edition = "2022"\nediton = "x"', "editon", "Extra inputs are not permitted"),
        ("pack.toml", 'edition = "2022"', 'edition = "2022', None, "no valid TOML"),
        (
            "neighbours.toml",
            'status = "titles seen"',
            'status = "seen"',
            "neighbour[acr-286].status",
            "Input should be",
        ),
    ],
)
def test_refused_with_file_key_and_reason(file: str, old: str, new: str, field: str | None, reason: str) -> None:
    error = refusal(edited(file, old, new))
    assert error.file == file
    assert error.field == field
    assert reason in error.message


def test_every_procedure_needs_a_name() -> None:
    entry = '[[procedure]]\nkey = "bone_scan"\nname = "Bone scan whole body"\n'
    error = refusal(edited("pack.toml", entry, ""))
    assert (error.field, error.message) == ("procedure", "procedure bone_scan has no name")


@pytest.mark.parametrize("name", ["pack.toml", "decision.toml", "neighbours.toml"])
def test_a_missing_file_is_named(name: str) -> None:
    texts = pack_texts(NAME)
    del texts[name]
    assert refusal(texts).file == name


def test_values_of_the_input_stay_out_of_the_message() -> None:
    error = refusal(edited("pack.toml", "reviewed = 2026-11-22", 'reviewed = "SECRET"'))
    assert "SECRET" not in str(error)


@pytest.mark.parametrize(
    ("extra", "reason"),
    [
        ("[row.always]", "always stands alone"),
        ("[row.during]", "started stands for during, after and unstated together"),
    ],
)
def test_texts_of_a_row_do_not_overlap(extra: str, reason: str) -> None:
    error = refusal(edited("decision.toml", 'notes = ["no_baseline"]\n', f'notes = ["no_baseline"]\n{extra}\n'))
    assert error.message == reason


class TestShares:
    def test_names_the_lender(self) -> None:
        assert shares(pack_texts("acr-235-2017")) == "acr-235-2022"
        assert shares(pack_texts("acr-235-2022")) is None

    def test_without_pack_file(self) -> None:
        with pytest.raises(SetupError, match=r"pack\.toml: the pack lacks this file"):
            shares({})


class TestSite:
    """A site completes or overrides rows and says who checked them."""

    def test_adds_a_row(self) -> None:
        found = load_pack(pack_texts(NAME) | {"site.toml": SITE_ROW})
        variant = found.variant_for(Scenario.AXILLA_BEFORE_POSITIVE)
        assert variant is not None
        assert [(r.procedure, r.rating, r.status) for r in variant.rows] == [
            ("US axilla", Rating.USUALLY_APPROPRIATE, "lead"),
            ("MRI breast without and with IV contrast", Rating.MAY_BE_APPROPRIATE, "site"),
        ]
        assert variant.rows[1].checked_by == "A. Radiologist, 2026-11-20"

    def test_overrides_a_row_in_its_place(self) -> None:
        text = SITE_ROW.replace("variant = 4", "variant = 2").replace("may_be", "usually_not")
        texts = pack_texts(NAME) | {"site.toml": text}
        found = load_pack(texts)
        variant = found.variant(2)
        assert variant is not None
        assert [r.procedure for r in variant.rows] == [
            r.procedure for r in load_pack(pack_texts(NAME)).variants[1].rows
        ]
        assert variant.rows[3].status == "site"
        assert variant.rows[3].rating is Rating.USUALLY_NOT_APPROPRIATE

    def test_must_be_signed(self) -> None:
        error = refusal(pack_texts(NAME) | {"site.toml": SITE_ROW.replace("checked_by", "# checked_by")})
        assert error.file == "site.toml"
        assert error.message == "a row of status site says who checked it: give checked_by"

    def test_of_an_unknown_variant(self) -> None:
        error = refusal(pack_texts(NAME) | {"site.toml": SITE_ROW.replace("variant = 4", "variant = 9")})
        assert (error.file, error.message) == ("site.toml", "the pack has no variant 9")


@pytest.mark.parametrize(("first", "fires"), [("B5", True), ("B4", False)])
def test_a_row_stands_beside_the_named_one_only(first: str, fires: bool) -> None:
    """A site may let "not evaluable" stand beside progression."""
    line = 'when = ["not_evaluable"]'
    table = load_pack(edited("decision.toml", line, f'{line}\nbeside = [{{ row = "{first}" }}]'))
    made = scene(Timing.AFTER, breast(Category.NE, site("A", Category.NE), site("B", Category.PD)))
    assert ("B8" in rows_of(advise(made.case, made.response, table))) is fires


def test_a_variant_is_never_cited_where_a_fact_is_missing() -> None:
    """Not even where a site maps it."""
    line = 'scenarios = ["breast.after_start"]'
    texts = edited("pack.toml", line, 'scenarios = ["breast.after_start", "breast.not_stated"]')
    made = scene(Timing.UNSTATED)
    assert advise(made.case, made.response, load_pack(texts)).routes[0].variant is None


def test_an_edited_table_cannot_bring_a_surgical_line_into_treatment() -> None:
    """The law of decision r stands in code: a site's table cannot lift it."""
    line = 'notes = [{ id = "too_early"'
    texts = edited("decision.toml", line, f'steps = ["discuss_stable_options"]\n{line}')
    made = scene(Timing.DURING, breast(Category.SD))
    assert advise(made.case, made.response, load_pack(texts)).steps == ()
