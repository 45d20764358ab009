"""What is recalled and filled is what Markdown itself would give: the same blocks, whatever the values."""

from typing import Final

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from reporter.draft import markup, memo
from reporter.draft.environment import Placeable
from reporter.draft.interface import Align, Column, Paragraph, plain
from reporter.draft.rendering import Rendered
from reporter.draft.tables import Rows
from reporter.errors import SetupError
from tests.draft.rendering import EVERYWHERE, compiled
from tests.draft.strategies import AWKWARD, values
from tests.exporters.figures import trend

LINES: Final = (
    *("# {{ v }}", "## Section {{ v }}", "### {{ w }} {{ v }}", "#### {{ v }}", "#{{ v }}"),
    *(
        "{{ v }}",
        "{{ w }}{{ v }}",
        "Text {{ v }} and **{{ w }}**, *{{ v }}*.",
        "***{{ v }}***{{ w }}",
        "は**{{ v }}**は",
    ),
    *("{{ v }}  ", "{{ v }}\\", "12{{ v }}. x", "50 % {{ v }} %s {0}", "\\*{{ v }}\\*", "[{{ v }}]({{ w }})"),
    *("1. {{ v }}", "1. {{ v }}\n\n   {{ w }}", "1. x\n\n   {{ w }}", "2. {{ v }}", "- {{ v }}", "  - {{ w }}", "- "),
    *("> {{ v }}", "> {{ v }}\n>\n> {{ w }}", "> note {{ v }}\n> - {{ w }}\n> - x", "> # {{ v }}", "lazy {{ v }}"),
    *("|{{ v }}|b|\n|---|--:|\n|{{ w }}|**{{ v }}** x|", "| a |\n|---|\n| {{ v }} | {{ w }} |", "| {{ v }} |", "---"),
    *("{{ part }}", "{{ part }}{{ part }}", "before {{ part }} after", "{{ rows | table(intro=v) }}", "- {{ part }}"),
    *("{% for x in [v, w] %}\n- {{ x }}\n{% endfor %}", "{{ v ~ w }}", "{{ [v, w] | join('*') }}", "{{ v | upper }}"),
    *(
        "{{ v[1:] }}",
        "{% set m %}**{{ v }}**{% endset %}{{ m }}",
        "{% set m %}{{ v }}*{{ w }}{% endset %}{{ m[1:-1] }}",
    ),
    *(
        "",
        "",
        "",
        "    four {{ v }}",
        "\t{{ v }}",
        "a | {{ v }}\n--|--",
        "{{ v }} |\n|---|",
        "```",
        "<b>{{ v }}</b> &amp;",
    ),
)
"""Lines of Markdown that a report may hold, and some that it may not."""

PART: Final = Placeable((Paragraph(plain("placed")), Paragraph(plain("with it"))))


FIGURES: Final = {"trend": trend, "trend-drawn": trend, "clock": lambda: None}


def rows(value: str) -> Rows:
    columns = (Column(name="a", header=value or "A"), Column(name="b", header="B", align=Align.RIGHT))
    return Rows(columns=columns, rows=({"a": value, "b": plain(value, strong=True)},))


def rendered(template: str, v: str, w: str) -> Rendered:
    return compiled(template).render({"v": v, "w": w, "part": PART, "rows": rows(v)})


def outcome(parse: object, report: Rendered) -> object:
    """The blocks, or what the author of the template is told."""
    try:
        return parse(report, "set", FIGURES)  # type: ignore[operator]
    except SetupError as error:
        return str(error), error.field, error.code


@pytest.mark.property
@settings(deadline=None, max_examples=2000, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(LINES), max_size=9), values, values)
@example(["- {{ v }}", "", "- {{ w }}", "", "text {{ v }}"], "1. x", "- x")
@example(["> {{ v }}\n>\n> {{ w }}"], "", "b")
@example(["1. {{ v }}\n\n   {{ w }}"], "\n", "b")
@example(["| a |\n|---|\n| {{ v }} | {{ w }} |", "", "| {{ v }} |"], "|", "---")
@example(["before {{ part }} after", "{{ v }}"], "a", "b")
@example(["![{{ v }}](x {{ w }})", "{{ v }}"], "a", '"b"')
def test_any_report_is_parsed_alike_with_and_without_the_memory(lines: list[str], v: str, w: str) -> None:
    report = rendered("\n".join(lines), v, w)
    assert outcome(memo.blocks, report) == outcome(markup.blocks, report)


@pytest.mark.parametrize(("v", "w"), list(zip(AWKWARD, AWKWARD[1:] + AWKWARD[:1], strict=True)))
def test_every_awkward_value_fills_the_shape_that_another_left(v: str, w: str) -> None:
    first = compiled(EVERYWHERE)
    memo.blocks(first.render({"v": "VALUE"}), "set")
    for value in (v, w):
        report = first.render({"v": value})
        assert memo._recalled(report) == markup.blocks(report, "set")


def test_the_second_report_of_a_template_is_not_parsed() -> None:
    template = compiled("# Report {{ v }}\n\nSome *text* {{ v }}.\n\n1. {{ v }}\n\n{{ rows | table }}\n")
    memo.blocks(template.render({"v": "first", "rows": rows("first")}), "set")
    parsed = memo._shape.cache_info().misses
    memo.blocks(template.render({"v": "second", "rows": rows("second")}), "set")
    assert memo._shape.cache_info().misses == parsed


def test_a_report_with_letters_of_the_memory_itself_is_parsed_plainly() -> None:
    report = rendered("{{ v }} and {{ w }}", "\uf8f00\uf8f1", "x")
    assert memo.blocks(report, "set") == markup.blocks(report, "set") == (Paragraph(plain("\uf8f00\uf8f1 and x")),)


def test_a_very_long_piece_is_not_remembered() -> None:
    kept = memo._shape.cache_info().currsize
    report = rendered("word " * memo.LONGEST, "", "")
    assert memo.blocks(report, "set") == markup.blocks(report, "set")
    assert memo._shape.cache_info().currsize == kept


def test_a_mistake_is_told_with_the_line_of_the_whole_report() -> None:
    with pytest.raises(SetupError) as refused:
        memo.blocks(rendered("# a\n\ntext\n\n#### {{ v }}", "x", ""), "set")
    assert refused.value.field == "line 5 of the rendered text"
