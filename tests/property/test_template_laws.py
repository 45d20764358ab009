"""Templates changed at random: only our own errors, and whatever is drafted lacks nothing that no draft may lack."""

from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reporter import library
from reporter.draft.escalation import escalation_part
from reporter.draft.fields import Fields
from reporter.draft.interface import DRAFT_NOTICE, Draft, Notice, Paragraph, Report, words
from reporter.draft.lint import lint
from reporter.draft.sets import LoadedSet, load_set
from reporter.draft.speaker import Speaker
from reporter.draft.writer import prepare
from reporter.errors import SetupError
from tests.draft import cases
from tests.draft.cases import kit

pytestmark = [pytest.mark.property, pytest.mark.hostile, pytest.mark.long]

CHAIN: Final = library.find_template("brief")
FILES: Final = ("brief/report.md.j2", "brief/findings.md.j2", "brief/rest.md.j2")
SNIPPETS: Final = (
    *(
        "{{",
        "}}",
        "{%",
        "%}",
        "{#",
        "#}",
        "{{ patient }}",
        "{{ patient.id | upper }}",
        "{{ typo }}",
        "{{ ''.__class__ }}",
    ),
    *(
        "{% if %}",
        "{% endif %}",
        "{% for x in breasts %}",
        "{% endfor %}",
        "{% block b %}",
        "{% endblock %}",
        "{% raw %}",
    ),
    *(
        "{{ escalation_block }}",
        "{{ basis_block }}",
        "{% set escalation_block = 'none' %}",
        "{% set basis_block = '' %}",
    ),
    *(
        "# ",
        "#### ",
        "> ",
        "- ",
        "1. ",
        "| a |\n|---|\n",
        "```\n",
        "    ",
        "<!--",
        "-->",
        "<script>",
        "\\",
        "**",
        "![x](y)",
    ),
    *(
        "{{ range(500) | length }}",
        "{{ self }}",
        "{{ loop }}",
        "{% include 'report.md.j2' %}",
        "\ufdd2" + "0\ufdd3",
        "\u202e",
    ),
    *("{% macro escalation_block() %}{% endmacro %}", "{% filter upper %}", "{% endfilter %}", "{{ trend | table() }}"),
)


@pytest.fixture(scope="module")
def report() -> Report:
    rows = (cases.row("2026-01-10", "MR", "L1", "20 x 18 x 10"), cases.row("2026-07-01", "MR", "L1", "30 x 28 x 17"))
    return cases.report(rows, "[therapy]\nstart = 2026-02-01\nend = 2026-06-20\n")


@st.composite
def changed(draw: st.DrawFn) -> dict[str, str]:
    """A file of the set with a few pieces taken out, doubled or put in."""
    owner, name = draw(st.sampled_from(FILES)).split("/")
    text = next(found.texts[name] for found in CHAIN if found.name == owner)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        until = min(len(text), at + draw(st.sampled_from([0, 0, 1, 2, 10, 80])))
        text = text[:at] + draw(st.sampled_from(SNIPPETS) | st.just(text[at:until] * 2) | st.just("")) + text[until:]
    return {name: text}


def draft_or_refusal(loaded: LoadedSet, report: Report) -> Draft | SetupError:
    try:
        return prepare(loaded.template, kit().writer.phrases, options={"recommendation": False}).draft(report)
    except SetupError as refused:
        return refused


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changed())
def test_a_changed_template_is_refused_or_says_what_no_draft_may_lack(report: Report, texts: dict[str, str]) -> None:
    first = CHAIN[0]
    loaded = load_set((type(first)(name="brief", folder=first.folder, texts=first.texts | texts), *CHAIN[1:]))
    mistakes = lint(loaded, Fields)
    phrases = kit().writer.phrases
    drafted = draft_or_refusal(loaded, report)
    if isinstance(drafted, SetupError):
        assert str(drafted.code).startswith("TPL_")
        return
    assert not [one for one in mistakes if one.code in {"TPL_SYNTAX", "TPL_BROKEN"}]
    notice = drafted.blocks[0]
    assert isinstance(notice, Notice)
    assert words(notice.content) == DRAFT_NOTICE
    said = [words(block.content) for block in drafted.blocks if isinstance(block, Paragraph)]
    for block in escalation_part(Speaker(report=report, phrases=phrases)).blocks:
        assert isinstance(block, Paragraph)
        assert said.count(words(block.content)) == 1
    assert any("No image was analysed" in text for text in said)
