"""What is wrong with a template before it is compiled; what would hide a part that no draft may lack."""

from itertools import pairwise

import pytest

from reporter.draft.environment import Environment, TemplateSet
from reporter.draft.mistakes import MAX_EXPRESSIONS, MAX_PIECES, MAX_STATEMENTS, TOO_DEEP, TOO_LARGE, mistakes
from reporter.errors import SetupError
from tests.draft.rendering import compiled, rendered
from tests.draft.test_environment import FIELDS

AROUND = [
    ("{% for a in names %}", "{% endfor %}"),
    ("{% if yes %}", "{% endif %}"),
    ("{% if yes %}{% else %}", "{% endif %}"),
    ("{% with a = 1 %}", "{% endwith %}"),
    ("{% filter upper %}", "{% endfilter %}"),
]
"""What may stand around statements: opening and closing."""


def found(template: str) -> list[tuple[int, str]]:
    return list(mistakes(Environment(TemplateSet(name="set", sources={})).tree(template, "a", "a")))


@pytest.mark.parametrize(("opening", "closing"), AROUND)
def test_as_many_statements_in_each_other_as_may_be_are_rendered(opening: str, closing: str) -> None:
    template = f"{opening * MAX_STATEMENTS}x{closing * MAX_STATEMENTS}\n"
    assert found(template) == []
    names = {**FIELDS, "names": ("a",), "yes": "else" not in opening}
    assert rendered(template, names) != ()


@pytest.mark.hostile
@pytest.mark.parametrize(("opening", "closing"), AROUND)
def test_one_more_is_too_deep(opening: str, closing: str) -> None:
    deep = MAX_STATEMENTS + 1
    opened = "".join(f"{opening}\n" for _ in range(deep))
    assert found(f"{opened}x{closing * deep}") == [(deep, TOO_DEEP)]


def test_conditions_beside_each_other_are_not_deep() -> None:
    template = "{% if yes %}a" + "{% elif none %}b" * 500 + "{% else %}c{% endif %}\n"
    assert found(template) == []
    assert rendered(template, FIELDS) != ()


@pytest.mark.parametrize("extra", [0, 1])
def test_expressions_stand_in_each_other_as_deep_as_may_be(extra: int) -> None:
    deep = MAX_EXPRESSIONS - 1 + extra
    assert found(f"\n{{{{ {'-' * deep}1 }}}}") == [(2, TOO_DEEP)] * extra


def test_a_template_is_as_long_as_may_be() -> None:
    most = MAX_PIECES - 2  # values that follow one another are printed together
    assert found("{{ 1 }}" * most) == []
    assert found("\n" + "{{ 1 }}" * most) == [(2, TOO_LARGE)]


def test_every_mistake_is_told_in_the_order_of_lines() -> None:
    told = found("{{ _a }}\n{{ _b }}\n{% include name %}\n{% set basis_block = 1 %}")
    assert [line for line, _ in told] == [1, 2, 3, 4]
    assert all(first <= second for first, second in pairwise(told))


@pytest.mark.hostile
@pytest.mark.parametrize(
    "template",
    [
        "{% set {} = 1 %}",
        "{% set {} %}None required.{% endset %}",
        "{% set a, {} = names %}",
        "{% for {} in names %}{% endfor %}",
        "{% for a, {} in names %}{% endfor %}",
        "{% with {} = 1 %}{% endwith %}",
        "{% macro {}() %}{% endmacro %}",
        "{% macro m({}) %}{% endmacro %}",
        "{% call({}) m() %}{% endcall %}",
        '{% import "m.j2" as {} %}',
        '{% from "m.j2" import m as {} %}',
        '{% from "m.j2" import {} %}',
    ],
)
@pytest.mark.parametrize("part", ["escalation_block", "basis_block"])
def test_no_template_gives_a_part_of_the_programs_another_meaning(template: str, part: str) -> None:
    with pytest.raises(SetupError, match=f"line 1: {part} is filled by the program") as refused:
        compiled(template.replace("{}", part), m="{% macro m() %}{% endmacro %}")
    assert refused.value.code == "TPL_SYNTAX"


def test_parts_of_the_programs_may_be_asked_for() -> None:
    assert found("{% if basis_block %}{{ basis_block }}{% endif %}{% set mine = 1 %}") == []
