"""What a template set says of itself, and every mistake in it at once."""

import pytest

from reporter.draft.manifest import Manifest, Option, OptionType, extends_of, is_set_name, options_for, read_manifest
from reporter.errors import SetupError

GOOD = """
name = "mine"
version = "2"
language = "en"
description = "Our own"
extends = "nac-response"

[options.technique]
type = "yes or no"
default = true
explanation = "Whether the technique is printed"

[options.order]
type = "choice"
choices = ["impression first", "findings first"]
default = "findings first"
explanation = "What comes first"

[options.lines]
type = "whole number"
default = 3
explanation = "How many"

[options.greeting]
type = "text"
default = "Dear colleague"
explanation = "The first line"
"""


def manifest(text: str, name: str = "mine") -> Manifest:
    read, mistakes = read_manifest(text, name)
    assert mistakes == ()
    return read


def mistakes(text: str, name: str = "mine") -> list[str]:
    return [str(mistake) for mistake in read_manifest(text, name)[1]]


def test_a_manifest_names_the_set_and_its_options() -> None:
    read = manifest(GOOD)
    assert (read.name, read.version, read.language, read.extends) == ("mine", "2", "en", "nac-response")
    assert list(read.options) == ["technique", "order", "lines", "greeting"]
    assert read.options["order"] == Option(
        name="order",
        type=OptionType.CHOICE,
        default="findings first",
        explanation="What comes first",
        choices=("impression first", "findings first"),
        line="13",
    )
    assert extends_of(GOOD) == "nac-response"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        pytest.param('version = "2"\n', "", "mine/template.toml: 'version' is missing; write version =", id="missing"),
        pytest.param('version = "2"', "version = 2", "mine/template.toml, line 3, version: must be a text", id="type"),
        pytest.param('"mine"', '"other"', "line 2, name: the name is not that of the folder, mine", id="name"),
        pytest.param("version", "verison", "line 3, verison: 'verison' is nothing that", id="unknown key"),
        pytest.param("version", "verison", "did you mean 'version'?", id="nearest key"),
        pytest.param("[options.lines", "[options.lines", "", id="nothing wrong"),
        pytest.param(
            "default = 3", 'default = "3"', "line 21, options.lines.default: the default must be a whole", id="n"
        ),
        pytest.param(
            "default = true", "default = 1", "line 10, options.technique.default: the default must be true", id="yn"
        ),
        pytest.param(
            'default = "findings first"', 'default = "x"', "the default must be one of: impression first", id="ch"
        ),
        pytest.param(
            '"Dear colleague"', '"a\\nb"', "line 26, options.greeting.default: the default must be a text", id="nl"
        ),
        pytest.param(
            '"yes or no"', '"bool"', 'the option has no type of these; type is "yes or no", "text"', id="kind"
        ),
        pytest.param(
            'explanation = "How many"\n', "", "line 19, options.lines: the option has no explanation", id="why"
        ),
        pytest.param("[options.lines]", "[options.Lines]", "options.Lines: this is no name of an option", id="capital"),
        pytest.param("[options.lines]", "[options.lines]\nchoices = ['a']", "only a choice has choices", id="choices"),
        pytest.param('choices = ["impression first", "findings first"]', "", "a choice names its choices", id="none"),
        pytest.param("choices = [", "choices = [1, ", "a choice names its choices", id="numbers"),
        pytest.param("[options.technique]", "[options]\ntechnique = 1\n[x]", "must be a table", id="no table"),
        pytest.param("default = 3", "default = 3\ndefualt = 4", "did you mean 'default'?", id="unknown in option"),
        pytest.param('"Our own"', '"Our own', "mine/template.toml, line 5: this is no valid TOML", id="TOML"),
    ],
)
def test_a_mistake_is_told_with_its_line(old: str, new: str, told: str) -> None:
    assert old in GOOD
    assert told in "\n".join(mistakes(GOOD.replace(old, new)))


def test_all_mistakes_are_told_at_once() -> None:
    text = (
        GOOD.replace('version = "2"', "version = 2").replace("default = 3", 'default = "3"').replace("lines", "Lines")
    )
    assert len(mistakes(text)) == 2
    assert len(mistakes("")) == 4


def test_options_of_the_wrong_form_are_one_mistake() -> None:
    assert (
        "options: must be a table; write [options.<name>]"
        in mistakes(GOOD.split("[options", maxsplit=1)[0] + "options = 1")[0]
    )


def test_a_set_that_extends_another_may_leave_the_language_to_it() -> None:
    assert not manifest(GOOD.replace('language = "en"\n', "")).language
    assert "'language' is missing" in mistakes(GOOD.replace('language = "en"\n', "").replace("extends = ", "# "))[0]


@pytest.mark.parametrize("text", ["extends = 3", "extends = ", ""])
def test_a_broken_manifest_extends_nothing(text: str) -> None:
    assert not extends_of(text)


@pytest.mark.parametrize("name", ["brief", "tumor-board", "Set_2.1"])
def test_names_of_sets(name: str) -> None:
    assert is_set_name(name)


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "a b", "a..b", "x" * 65])
def test_no_names_of_sets(name: str) -> None:
    assert not is_set_name(name)


def test_options_are_as_given_else_default() -> None:
    options = options_for(manifest(GOOD).options, {"lines": 5, "technique": False}, file="f", key="k")
    assert options == {"technique": False, "order": "findings first", "lines": 5, "greeting": "Dear colleague"}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (
            {"tecnique": True},
            "reporter.toml, report.options.tecnique: the template set has no such option; did you mean",
        ),
        ({"technique": "no"}, "report.options.technique: must be true or false; Whether the technique is printed"),
        ({"lines": True}, "report.options.lines: must be a whole number"),
        ({"lines": 10**7}, "report.options.lines: must be a whole number"),
        ({"order": "none"}, "report.options.order: must be one of: impression first, findings first"),
        ({"greeting": "x" * 201}, "report.options.greeting: must be a text in quotes, one line of at most 200"),
        ({"greeting": "\u202e"}, "report.options.greeting: must be a text"),
    ],
)
def test_an_option_that_cannot_be_is_refused(given: dict[str, object], told: str) -> None:
    with pytest.raises(SetupError) as refused:
        options_for(manifest(GOOD).options, given, file="reporter.toml", key="report.options")
    assert told in str(refused.value)
