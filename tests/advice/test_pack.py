"""Packs as a site would write them: what is refused, with file, key, reason and the nearest right word."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from pydantic import ValidationError

from reporter.advice.engine import advise
from reporter.advice.interface import Rating, SiteRowUsed, Timing
from reporter.advice.pack import Pack, dose_range, load_pack, shares
from reporter.advice.vocabulary import Scenario
from reporter.errors import SetupError
from reporter.response.interface import Category, Headline
from tests.advice.factory import breast, pack, pack_texts, rows_of, scene, site

NAME = "acr-235-2022"
SITE_ROW = """
[[row]]
variant = 4
procedure = "MRI breast without and with IV contrast"
rating = "may_be_appropriate"
level = "O"
dose = "0 mSv"
checked_by = "A. Radiologist"
checked_on = 2026-11-20
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


def loaded(texts: dict[str, str]) -> Pack | None:
    """As the pipeline does it: who lends, then the pack."""
    return None if shares(texts) else load_pack(texts)


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
        (
            "pack.toml",
            'key = "us_breast"',
            'key = "us_brest"',
            "procedure[1].key",
            "'us_brest' is no known procedure; did you mean 'us_breast'?",
        ),
        (
            "pack.toml",
            'modality = "US"',
            'modality = "Ultra"',
            "procedure[1].modality",
            "'Ultra' is no known modality; ",
        ),
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


def test_a_variant_is_named_by_its_number_and_a_row_by_its_place() -> None:
    texts = edited("pack.toml", "number = 2\n", "number = 20\n")
    head, tail = texts["pack.toml"].split("number = 20\n")
    error = refusal(texts | {"pack.toml": f"{head}number = 20\n{tail.replace('usually_not_appropriate', 'no', 1)}"})
    assert error.field == "variant[20].rows[5].rating"


def test_every_procedure_needs_a_name() -> None:
    entry = '[[procedure]]\nkey = "bone_scan"\nname = "Bone scan whole body"\n'
    error = refusal(edited("pack.toml", entry, ""))
    assert (error.field, error.message) == ("procedure", "procedure bone_scan has no name")


def test_of_two_procedures_without_a_name_the_first_is_told() -> None:
    texts = edited("pack.toml", '[[procedure]]\nkey = "bone_scan"\nname = "Bone scan whole body"\n', "")
    without = texts["pack.toml"].replace('[[procedure]]\nkey = "us_breast"\nname = "US breast"\nmodality = "US"\n', "")
    assert refusal(texts | {"pack.toml": without}).message == "procedure us_breast has no name"


def test_a_loaded_pack_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        pack().file.id = "another"  # type: ignore[misc]


@pytest.mark.parametrize("name", ["pack.toml", "decision.toml", "neighbours.toml", "technique.toml", "sources.toml"])
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
        with pytest.raises(SetupError, match=r"pack\.toml: the pack lacks this file") as caught:
            shares({})
        assert caught.value.code == "PACK_BROKEN"

    def test_a_folder_of_a_site_names_the_pack_that_it_changes(self) -> None:
        assert shares({"site.toml": f'extends = "{NAME}"\n{SITE_ROW}'}) == NAME

    def test_a_site_beside_a_pack_of_its_own_changes_that_one(self) -> None:
        assert shares(pack_texts(NAME) | {"site.toml": SITE_ROW}) is None
        assert shares(pack_texts("acr-235-2017") | {"site.toml": SITE_ROW}) == NAME

    def test_a_site_that_extends_a_pack_has_none_of_its_own(self) -> None:
        with pytest.raises(SetupError) as caught:
            shares(pack_texts(NAME) | {"site.toml": f'extends = "acr-235-2017"\n{SITE_ROW}'})
        error = caught.value
        assert (error.code, error.file, error.field) == ("PACK_BROKEN", "site.toml", "extends")
        assert (error.message, error.hint) == (
            "a folder with a pack.toml of its own extends no other pack",
            "leave one of them out",
        )

    def test_a_name_that_is_no_text_is_left_to_the_check(self) -> None:
        assert shares({"site.toml": f"extends = 7\n{SITE_ROW}"}) is None
        assert shares({"pack.toml": "shares = 7"}) is None


class TestUsed:
    """What a draft says of the pack."""

    def test_a_shipped_one_goes_by_its_own_name(self) -> None:
        used = load_pack(pack_texts(NAME)).used
        assert (used.id, used.extends, used.topic, used.edition) == (NAME, None, "235", "2022")
        assert (used.reviewed, used.site_rows) == ("2026-11-22", ())
        assert [(source.id, source.reviewed) for source in used.rests_on] == [("A", "2021-12-15"), ("B", "2026-05-26")]

    def test_one_that_a_site_extends_goes_by_the_name_of_the_site(self) -> None:
        used = load_pack(pack_texts(NAME) | {"site.toml": SITE_ROW}, "house").used
        assert (used.id, used.extends, len(used.site_rows)) == ("house", NAME, 1)

    def test_a_row_that_nobody_signed_is_told_without_a_name(self) -> None:
        """A pack of its own need not sign the rows that its site file changes; those of the site file are signed."""
        found = load_pack(pack_texts(NAME) | {"site.toml": SITE_ROW})
        bare = found.changes[0].row.model_copy(update={"checked_by": None, "checked_on": None})
        row = replace(found, changes=(replace(found.changes[0], row=bare),)).used.site_rows[0]
        assert (row.checked_by, row.checked_on) == ("", "")


class TestLookedUp:
    def test_the_variant_and_neighbour_of_a_scenario(self) -> None:
        found = load_pack(pack_texts(NAME))
        variant = found.variant_for(Scenario.AXILLA_POSITIVE_IMAGED)
        assert variant is not None
        assert variant.number == 7
        assert found.variant_for(Scenario.AXILLA_DURING) is None
        neighbour = found.neighbour_for(Scenario.AXILLA_DURING)
        assert neighbour is not None
        assert neighbour.id == "acr-286"
        assert found.neighbour_for(Scenario.BREAST_STARTED) is None
        assert found.variant(9) is None
        assert found.variant(None) is None

    @pytest.mark.parametrize("name", ["acr-235-2022", "acr-235-2017"])
    def test_procedures_by_key_by_name_and_by_place(self, name: str) -> None:
        found = pack(name)
        for place, entry in enumerate(found.file.procedure):
            assert found.procedure(entry.key) is entry
            assert found.place(entry.key) == place
            assert entry in found.procedures_named(entry.name)
        assert found.procedures_named("no such study") == ()
        assert found.any_row("no such study") is None


class TestSite:
    """A site completes or overrides rows and says who checked them, and when."""

    def test_adds_a_row(self) -> None:
        found = load_pack(pack_texts(NAME) | {"site.toml": SITE_ROW})
        variant = found.variant_for(Scenario.AXILLA_BEFORE_POSITIVE)
        assert variant is not None
        assert [(r.procedure, r.rating, r.status) for r in variant.rows] == [
            ("US axilla", Rating.USUALLY_APPROPRIATE, "lead"),
            ("MRI breast without and with IV contrast", Rating.MAY_BE_APPROPRIATE, "site"),
        ]
        assert (variant.rows[1].dose, variant.rows[1].checked_by) == ("0 mSv", "A. Radiologist")
        assert found.used.site_rows == (
            SiteRowUsed(
                variant=4,
                procedure="MRI breast without and with IV contrast",
                rating=Rating.MAY_BE_APPROPRIATE,
                before=None,
                checked_by="A. Radiologist",
                checked_on="2026-11-20",
            ),
        )

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
        assert found.used.site_rows[0].before is Rating.USUALLY_APPROPRIATE

    def test_a_shipped_pack_has_no_rows_of_a_site(self) -> None:
        assert pack(NAME).used.site_rows == ()
        assert pack(NAME).used.extends is None

    def test_a_pack_of_its_own_signs_its_rows_too(self) -> None:
        error = refusal(edited("pack.toml", 'status = "seen"', 'status = "site"'))
        assert "give checked_by and checked_on" in error.message

    @pytest.mark.parametrize(
        ("old", "new", "field", "reason"),
        [
            ('checked_by = "A. Radiologist"', "", "row[1].checked_by", "Field required"),
            ('checked_by = "A. Radiologist"', 'checked_by = ""', "row[1].checked_by", "at least 1 character"),
            ("checked_on = 2026-11-20", "", "row[1].checked_on", "Field required"),
            ("checked_on = 2026-11-20", 'checked_on = "yesterday"', "row[1].checked_on", "valid date"),
            ("variant = 4", "variant = 9", "row[1].variant", "the pack has no variant 9"),
            ("MRI breast without and with", "MRI brest without and with", "row[1].procedure", "names this procedure"),
            ("may_be_appropriate", "maybe_appropriate", "row[1].rating", "did you mean 'may_be_appropriate'?"),
            ('level = "O"', 'level = "RO"', "row[1].level", "'RO' is no known radiation level"),
            ('level = "O"', 'level = "RR"', "row[1].level", "level RR is 0.1-1 mSv, not 0 mSv"),
            ("checked_on", 'status = "seen"\nchecked_on', "row[1].status", "Input should be 'site'"),
            ("checked_on", "colour = 1\nchecked_on", "row[1].colour", "Extra inputs are not permitted"),
            ("[[row]]", 'extends = "acr-235-2017"\n[[row]]', "extends", "extends no other pack"),
        ],
    )
    def test_a_wrong_edit_is_refused(self, old: str, new: str, field: str, reason: str) -> None:
        text = SITE_ROW.replace(old, new, 1)
        assert text != SITE_ROW
        texts = pack_texts(NAME) | {"site.toml": text}
        with pytest.raises(SetupError) as caught:
            loaded(texts)
        assert (caught.value.file, caught.value.field) == ("site.toml", field)
        assert reason in caught.value.message

    def test_a_slip_in_a_name_is_met_with_the_nearest_one(self) -> None:
        text = SITE_ROW.replace("MRI breast without and", "MRI brest without and")
        error = refusal(pack_texts(NAME) | {"site.toml": text})
        assert "did you mean 'MRI breast without and with IV contrast'" in str(error)

    def test_a_new_procedure_is_added_where_it_is_said_to_be_one(self) -> None:
        text = SITE_ROW.replace("MRI breast without and with IV contrast", "Elastography axilla")
        texts = pack_texts(NAME) | {"site.toml": text + "new_procedure = true\n"}
        variant = load_pack(texts).variant(4)
        assert variant is not None
        assert variant.rows[-1].procedure == "Elastography axilla"

    def test_one_row_twice_is_refused(self) -> None:
        error = refusal(pack_texts(NAME) | {"site.toml": SITE_ROW + SITE_ROW})
        assert error.message == "row of variant 4, MRI breast without and with IV contrast stands twice"

    def test_two_rows_of_one_variant_both_stand(self) -> None:
        other = SITE_ROW.replace("MRI breast without and with IV contrast", "US breast")
        found = load_pack(pack_texts(NAME) | {"site.toml": SITE_ROW + other})
        variant = found.variant(4)
        assert variant is not None
        assert [r.procedure for r in variant.rows] == [
            "US axilla",
            "MRI breast without and with IV contrast",
            "US breast",
        ]
        assert [(change.variant, change.row.procedure) for change in found.changes] == [
            (4, "MRI breast without and with IV contrast"),
            (4, "US breast"),
        ]

    def test_the_second_row_is_named_as_such(self) -> None:
        other = SITE_ROW.replace("variant = 4", "variant = 9")
        error = refusal(pack_texts(NAME) | {"site.toml": SITE_ROW + other})
        assert (error.field, error.message) == ("row[2].variant", "the pack has no variant 9")

    def test_a_file_without_a_row_is_refused(self) -> None:
        assert refusal(pack_texts(NAME) | {"site.toml": "row = []"}).field == "row"

    def test_a_range_left_out_is_that_of_the_level(self) -> None:
        found = load_pack(pack_texts(NAME) | {"site.toml": SITE_ROW.replace('dose = "0 mSv"\n', "")})
        assert found.changes[0].row.dose == "0 mSv"

    def test_without_a_range_an_unknown_level_is_refused_as_such(self) -> None:
        text = SITE_ROW.replace('dose = "0 mSv"\n', "").replace('level = "O"', 'level = "RO"')
        error = refusal(pack_texts(NAME) | {"site.toml": text})
        assert error.field == "row[1].level"
        assert error.message.startswith(
            "variant 4, MRI breast without and with IV contrast: 'RO' is no known radiation level"
        )

    def test_a_procedure_that_no_variant_rates_is_known_by_its_name_in_the_pack(self) -> None:
        text = edited("pack.toml", 'name = "Bone scan whole body"', 'name = "Scintigraphy of bone"')
        row = SITE_ROW.replace("MRI breast without and with IV contrast", "Scintigraphy of bone")
        assert load_pack(text | {"site.toml": row}).changes[0].row.procedure == "Scintigraphy of bone"

    def test_a_name_like_no_other_is_met_with_how_to_add_it(self) -> None:
        text = SITE_ROW.replace("MRI breast without and with IV contrast", "Qwertz")
        error = refusal(pack_texts(NAME) | {"site.toml": text})
        assert (error.field, error.hint) == ("row[1].procedure", "new_procedure = true adds it")
        assert error.message == "the pack names this procedure nowhere"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0 mSv", ("0", "0")),
        ("<0.1 mSv", ("0", "0.1")),
        ("0.1-1 mSv", ("0.1", "1")),
        ("30-100 mSv", ("30", "100")),
    ],
)
def test_ranges_of_dose(text: str, expected: tuple[str, str]) -> None:
    found = dose_range(text)
    assert found is not None
    assert (found.least, found.most) == tuple(Decimal(one) for one in expected)


def test_a_dose_that_varies_is_no_range() -> None:
    assert dose_range("varies") is None


def test_a_level_without_a_range_is_refused() -> None:
    error = refusal(edited("pack.toml", 'O = "0 mSv"', 'O = "little"'))
    assert "level O: 'little' is no range of mSv" in error.message


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('status = "seen"', 'status = "read"', "Input should be"),
        ('source = "source B"', "", "Field required"),
        ('key = "us_breast"', 'key = "us_brest"', "did you mean 'us_breast'?"),
        ('key = "dbt"', 'key = "us_breast"', "technique of us_breast stands twice"),
        ('views = "real-time', 'compare = "real-time', "no valid TOML"),
        ('contrast = "with intravenous contrast"\nviews = "', 'compare = "', "says nothing of the study itself"),
        ('status = "seen"', 'status = "site"', "give checked_by and checked_on"),
    ],
)
def test_technique_notes_are_checked(old: str, new: str, reason: str) -> None:
    error = refusal(edited("technique.toml", old, new))
    assert error.file == "technique.toml"
    assert reason in error.message


def test_a_row_that_says_nothing_at_a_timing_takes_no_other_rows_place_then() -> None:
    """Of the chain a row applies only where it has a text (decision r)."""
    made = scene(Timing.DURING, breast(Category.PD, site("A", Category.PD), site("B", Category.SD)))
    rows = pack().decision.row
    late = tuple(
        row.model_copy(update={"started": None, "after": row.started}) if row.id == "B5" else row for row in rows
    )
    table = replace(pack(), decision=pack().decision.model_copy(update={"row": late}))
    first = rows_of(advise(made.case, made.response, pack()))
    then = rows_of(advise(made.case, made.response, table))
    assert "B5" in first
    assert "B4" not in first
    assert "B4" in then
    assert "B5" not in then


def test_of_two_rows_of_one_precedence_the_first_of_the_table_applies() -> None:
    table = load_pack(edited("decision.toml", "precedence = 7", "precedence = 1"))
    ranks = {row.id: row.precedence for row in table.decision.row}
    assert ranks["B3"] == ranks["B5"] == 1
    made = scene(Timing.AFTER, breast(Category.PD, site("A", Category.PD)))
    partial = replace(made.response.breasts[0], headline=Headline.PARTIAL)
    made = replace(made, response=replace(made.response, breasts=(partial,)))
    assert {row for row in rows_of(advise(made.case, made.response, table)) if row[0] == "B"} == {"B3"}


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
