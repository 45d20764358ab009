"""Template sets and packs are found by name or path, and take from each other what they do not have."""

from pathlib import Path

import pytest

from reporter import library
from reporter.draft.sets import load_set
from reporter.errors import SetupError
from reporter.pipeline import Kit, prepare
from reporter.settings import ReportChoices, Settings
from tests.draft import cases
from tests.template_sets import write_set

ROWS = (cases.row("2026-01-10", "MR", "L1", "30 x 20 x 10"), cases.row("2026-07-01", "MR", "L1", "10 x 8 x 7"))
OPTION = '[options.greeting]\ntype = "text"\ndefault = "Hello"\nexplanation = "First line"\n'


def kit(folder: Path, settings: Settings | None = None) -> Kit:
    return prepare(settings or Settings(), template=str(folder), formats=())


def text(made: Kit) -> str:
    return cases.whole(made.writer.draft(cases.report(ROWS)))


def test_a_set_takes_the_files_it_lacks_from_the_set_it_extends(tmp_path: Path) -> None:
    own = write_set(tmp_path / "own", {"open.md.j2": "## Open\n\nOurs.\n"}, 'extends = "nac-response"\n', house=False)
    made = kit(own)
    assert "Ours." in text(made)
    assert "PARTIAL RESPONSE" in text(made)
    assert made.template.startswith("own 1 ")
    assert made.template != kit(library.find_template("nac-response")[0].folder).template


def test_a_set_fills_single_blocks_of_the_set_it_extends(tmp_path: Path) -> None:
    main = (
        '{% extends "nac-response/report.md.j2" %}\n'
        "{% block patient %}{% endblock %}\n"
        "{% block title %}\n# Our title\n{% endblock %}\n"
        "{% block open %}\n{{ super() }}\n{% endblock %}"
    )
    made = text(kit(write_set(tmp_path / "own", {"report.md.j2": main}, 'extends = "nac-response"\n')))
    assert "Our title" in made
    assert "Patient" not in made
    assert "Open" in made
    assert "Escalation" in made


def test_a_set_extends_one_beside_it_by_path_and_that_another(tmp_path: Path) -> None:
    write_set(tmp_path / "middle", {"open.md.j2": "## Open\n\nMiddle.\n"}, 'extends = "nac-response"\n', house=False)
    own = write_set(
        tmp_path / "own", {"response.md.j2": "## Response\n\nOwn.\n"}, 'extends = "../middle"\n', house=False
    )
    chain = library.find_template(str(own))
    assert [found.name for found in chain] == ["own", "middle", "nac-response"]
    assert library.house_of(chain) == chain[-1].read("house.docx")
    assert {"Middle.", "Own."} <= set(text(kit(own)).splitlines())


def test_a_site_may_extend_the_shipped_set_of_the_same_name(tmp_path: Path) -> None:
    write_set(
        tmp_path / "templates" / "nac-response", {"open.md.j2": "## Open\n\nOurs.\n"}, 'extends = "nac-response"\n'
    )
    chain = library.find_template("nac-response", tmp_path)
    assert [found.origin for found in chain] == ["site", "shipped"]
    assert "Ours." in text(prepare(Settings(site_folder=tmp_path), formats=()))
    assert [found.origin for found in library.all_templates(tmp_path) if found.name == "nac-response"] == ["site"]


def test_sets_that_extend_each_other_are_refused(tmp_path: Path) -> None:
    write_set(tmp_path / "one", {}, 'extends = "../two"\n')
    write_set(tmp_path / "two", {}, 'extends = "../one"\n')
    with pytest.raises(SetupError, match=r"two/template\.toml, extends: the sets extend one another in a circle"):
        library.find_template(str(tmp_path / "one"))


def test_a_set_that_extends_nothing_there_is_refused_with_the_nearest(tmp_path: Path) -> None:
    own = write_set(tmp_path / "own", {}, 'extends = "nac-respnse"\n')
    with pytest.raises(
        SetupError,
        match=r"own/template\.toml, extends: there is no template set 'nac-respnse'; did you mean 'nac-response'\?",
    ):
        library.find_template(str(own))


@pytest.mark.hostile
def test_a_set_of_very_much_text_is_refused(tmp_path: Path) -> None:
    own = write_set(tmp_path / "own", {"report.md.j2": "x" * 2**20})
    with pytest.raises(SetupError, match="larger than any report needs"):
        library.find_template(str(own))


def test_options_come_from_the_settings_of_the_site(tmp_path: Path) -> None:
    own = write_set(tmp_path / "own", {"report.md.j2": "{{ option.greeting }}\n\n{{ escalation_block }}"}, OPTION)
    assert "Hello" in text(kit(own))
    choices = ReportChoices(template=str(own))
    assert "Good <day>" in text(prepare(Settings(report=choices, options={"greeting": "Good <day>"}), formats=()))
    for_it = {"greeting": "not for it", "own": {"greeting": "By name"}}
    assert "By name" in text(kit(own, Settings(options=for_it)))


def test_an_option_of_another_set_is_refused_for_the_sites_own(tmp_path: Path) -> None:
    own = write_set(tmp_path / "own", {"report.md.j2": "x"}, OPTION)
    with pytest.raises(SetupError, match=r"reporter\.toml, report\.options\.greting: .* did you mean 'greeting'"):
        prepare(Settings(report=ReportChoices(template=str(own)), options={"greting": "x"}), formats=())
    with pytest.raises(SetupError, match=r"reporter\.toml, report\.options\.own\.greeting: must be a text"):
        kit(own, Settings(options={"own": {"greeting": 1}}))


def test_a_child_gives_an_option_of_its_parent_another_default(tmp_path: Path) -> None:
    write_set(tmp_path / "parent", {"report.md.j2": "{{ option.greeting }}"}, OPTION)
    own = write_set(tmp_path / "own", {}, 'extends = "../parent"\n' + OPTION.replace("Hello", "Servus"))
    assert load_set(library.find_template(str(own))).options["greeting"].default == "Servus"
    assert "Servus" in text(kit(own))


def test_a_set_with_a_wrong_manifest_is_not_used(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"own/template\.toml, line 5, x: 'x' is nothing that can be said here"):
        kit(write_set(tmp_path / "own", {"report.md.j2": "x"}, "x = 1\n"))


def test_a_folder_without_a_manifest_is_not_used(tmp_path: Path) -> None:
    own = write_set(tmp_path / "own", {"report.md.j2": "x"})
    (own / "template.toml").unlink()
    with pytest.raises(SetupError, match=r"own: template\.toml is missing"):
        kit(own)


def test_a_fault_in_the_parents_file_names_the_parent(tmp_path: Path) -> None:
    write_set(tmp_path / "parent", {"report.md.j2": "a\n\n{{ typo }}"})
    own = write_set(tmp_path / "own", {}, 'extends = "../parent"\n')
    with pytest.raises(SetupError, match=r"parent/report\.md\.j2, line 3: 'typo' is undefined"):
        text(kit(own))
