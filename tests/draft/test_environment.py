"""What a template can do, and above all what it cannot."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType

import pytest

from reporter.draft.environment import TemplateSet
from reporter.draft.interface import Align, Block, Column, Paragraph, Table, Text, plain, words
from reporter.draft.rendering import compile_set
from reporter.draft.tables import Rows
from reporter.errors import SetupError
from tests.draft.rendering import compiled, rendered
from tests.exporters.test_parity import assert_the_same

SITES = Rows(
    columns=(
        Column(name="site", header="Site"),
        Column(name="now", header="Now", align=Align.RIGHT),
        Column(name="date", header="Date"),
    ),
    rows=(
        {"site": "L1", "now": Decimal("14.0"), "date": dt.date(2026, 7, 13)},
        {"site": plain("L2", strong=True), "now": "<5 mm", "date": ""},
    ),
)
FIELDS = {
    "text": "<5 mm & A_B",
    "number": Decimal("14.00"),
    "count": 3,
    "day": dt.date(2026, 7, 13),
    "none": None,
    "yes": True,
    "float": 0.1,
    "nan": Decimal("NaN"),
    "patient": MappingProxyType({"id": "P|1", "items": "own field", "name": "山田^太郎"}),
    "names": ("a", "b|c"),
    "sites": SITES,
}


def said(template: str, **others: str) -> str:
    """The words of the one paragraph that a template makes."""
    (block,) = rendered(template, FIELDS, **others)
    assert isinstance(block, Paragraph)
    return words(block.content)


@pytest.mark.parametrize(
    ("template", "printed"),
    [
        pytest.param("{{ text }}", "<5 mm & A_B", id="text"),
        pytest.param("{{ '<5' }} {{ \"a|b\" }}", "<5 a|b", id="constants of the template"),
        pytest.param("{{ 'same' if ('a' ~ 'b') == 'ab' }} {{ ('a' ~ 'b') | length }}", "same 2", id="constants joined"),
        pytest.param("{{ {'left breast': 'L'}['left' ~ ' breast'] }}", "L", id="a key joined of constants"),
        pytest.param("{{ number }}", "14.00", id="a number as measured"),
        pytest.param("{{ count }} {{ count + 1 }} {{ 7 % 4 }} {{ -count }}", "3 4 3 -3", id="small whole numbers"),
        pytest.param("{{ day }}", "2026-07-13", id="a date"),
        pytest.param("{{ patient.id }} {{ patient['name'] }}", "P|1 山田^太郎", id="fields of a group"),
        pytest.param("{{ patient.items }}", "own field", id="a field, never a method"),
        pytest.param("{{ names[0] }}{{ names[-1] }} {{ text[0:2] }}", "ab|c <5", id="elements"),
        pytest.param("{{ names | join('; ') }}", "a; b|c", id="join"),
        pytest.param("{{ names | join }}", "ab|c", id="join with nothing"),
        pytest.param("{{ text ~ '|' ~ number }}", "<5 mm & A_B|14.00", id="~"),
        pytest.param("{{ (names + ['c'] + names) | join }}", "ab|ccab|c", id="lists put together"),
        pytest.param("{{ text + '|' }}", "<5 mm & A_B|", id="+"),
        pytest.param("{{ 'x' | upper }}{{ text | upper }}", "X<5 MM & A_B", id="upper"),
        pytest.param("{{ 'mRI' | capitalize }} {{ text | capitalize }}", "MRI <5 mm & A_B", id="capitalize the first"),
        pytest.param("{{ '' | capitalize }}x", "x", id="capitalize nothing"),
        pytest.param("{{ sites | length }} {{ (sites | first).site }} {{ names | last }}", "2 L1 b|c", id="filters"),
        pytest.param("{{ sites | selectattr('site', 'eq', 'L1') | map(attribute='now') | join }}", "14.0", id="select"),
        pytest.param(
            "{% for n in names %}{{ loop.index }}{{ n }}{{ ', ' if not loop.last }}{% endfor %}", "1a, 2b|c", id="loop"
        ),
        pytest.param("{% for n in range(3) %}{{ n }}{% endfor %}", "012", id="range"),
        pytest.param("{% macro m(x) %}<{{ x }}>{% endmacro %}{{ m(text) }}", "<<5 mm & A_B>", id="macro"),
        pytest.param(
            "{% macro m(x) %}<{{ x }}>{% endmacro %}{{ m('a') ~ text }}{{ m('a') + text }}{{ text + m('a') }}",
            "<a><5 mm & A_B<a><5 mm & A_B<5 mm & A_B<a>",
            id="macro joined to a value",
        ),
        pytest.param(
            "{% macro m(x) %}{{ x }}{% endmacro %}{{ m('i') | capitalize }} {{ [m('a|b'), text] | join('&') }}",
            "I a|b&<5 mm & A_B",
            id="macro in filters",
        ),
        pytest.param("{% set s %}{{ text }}|{% endset %}{{ s ~ text }}", "<5 mm & A_B|<5 mm & A_B", id="set block"),
        pytest.param(
            "{% macro m() %}[{{ caller() }}]{% endmacro %}{% call m() %}{{ text }}{% endcall %}",
            "[<5 mm & A_B]",
            id="call",
        ),
        pytest.param("{{ ' a ' | trim }}{{ number | trim }}{{ 'xax' | trim('x') }}", "a14.00a", id="trim"),
        pytest.param("{% macro m() %} {{ text }} {% endmacro %}({{ m() | trim }})", "(<5 mm & A_B)", id="trim a macro"),
        pytest.param("{% filter upper %}a {{ text }}{% endfilter %}", "A <5 MM & A_B", id="filter block"),
        pytest.param("{% block b %}{{ text }}{% endblock %}", "<5 mm & A_B", id="block"),
        pytest.param("{% if patient.id == 'P|1' and 'a' in names %}x{% endif %}", "x", id="comparison"),
        pytest.param("{% if none is none %}not stated{% endif %}", "not stated", id="none can be asked for"),
    ],
)
def test_a_template_places_values_and_chooses_words(template: str, printed: str) -> None:
    assert said(template) == printed


def test_templates_of_a_set_include_import_and_extend_each_other() -> None:
    assert said("{% include 'other.j2' %}", other="a {{ text }}") == "a <5 mm & A_B"
    assert (
        said(
            "{% import 'other.j2' as o %}{{ o.m(text) }}{{ o.c }}",
            other="{% macro m(x) %}({{ x }}){% endmacro %}{% set c = '|' %}",
        )
        == "(<5 mm & A_B)|"
    )
    assert (
        said(
            "{% extends 'base.j2' %}{% block b %}{{ super() }}{{ text }}{% endblock %}",
            base="a {% block b %}b {% endblock %}{{ self.b() }}",
        )
        == "a b <5 mm & A_Bb <5 mm & A_B"
    )


@pytest.mark.hostile
@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__ }}",
        "{{ ''['__class__'] }}",
        "{{ patient.__class__ }}",
        "{{ patient['__class__'] }}",
        "{{ ().__class__.__bases__[0].__subclasses__() }}",
        "{{ text.format(1) }}",
        "{{ '{0.__class__}'.format(text) }}",
        "{{ text.upper() }}",
        "{{ patient.get('id') }}",
        "{{ patient.keys() }}",
        "{{ names.count('a') }}",
        "{{ number.quantize(number) }}",
        "{{ day.year }}",
        "{{ sites.rows }}",
        "{{ sites.__iter__() }}",
        "{{ self }}",
        "{{ self.__init__.__globals__ }}",
        "{{ self._TemplateReference__context }}",
        "{{ loop }}",
        "{% for x in names %}{{ loop.__class__ }}{% endfor %}",
        "{% for x in names %}{{ loop._context }}{% endfor %}",
        "{% for x in names %}{{ loop.cycle('a', 'b') }}{% endfor %}",
        "{% macro m() %}{% endmacro %}{{ m.__globals__ }}",
        "{% macro m() %}{% endmacro %}{{ m.name }}",
        "{{ range.__self__ }}",
        "{{ range(10**9) }}",
        "{% for x in range(501) %}{% endfor %}",
        "{{ 'a' * 1000000000 }}",
        "{{ names * 1000000 }}",
        "{{ 10 ** 1000000 }}",
        "{{ 9999999 * 2 }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ number * 2 }}",
        "{{ number + 1 }}",
        "{{ number / 2 }}",
        "{{ 7 / 2 }}",
        "{{ -number }}",
        "{{ yes + 1 }}",
        "{{ _placed }}",
        "{% set _x = 1 %}",
        "{{ lipsum() }}",
        "{{ lipsum.__globals__ }}",
        "{{ cycler }}",
        "{{ joiner() }}",
        "{{ namespace() }}",
        "{{ dict(a=1) }}",
        "{{ config }}",
        "{{ text | safe }}",
        "{{ text | escape }}",
        "{{ text | e }}",
        "{{ text | forceescape }}",
        "{{ text | tojson }}",
        "{{ {'a': 1} | xmlattr }}",
        "{{ text | urlize }}",
        "{{ text | pprint }}",
        "{{ names | random }}",
        "{{ text | striptags }}",
        "{{ text | attr('upper') }}",
        "{{ text | format(1) }}",
        "{{ text | lower }}",
        "{{ typo | default('') }}",
        "{{ text | replace('5', '6') }}",
        "{{ names | map('safe') | join }}",
        "{{ names | map('attr', '__class__') | join }}",
        "{{ names | map(attribute='__class__') | join }}",
        "{{ sites | map(attribute='__class__.__mro__') | join }}",
        "{{ sites | selectattr('__class__') | first }}",
        "{% if typo is defined %}{% endif %}",
        "{% if text is callable %}{% endif %}",
        "{% autoescape false %}{{ text }}{% endautoescape %}",
        "{% autoescape true %}{{ text }}{% endautoescape %}",
        "{% include '/etc/passwd' %}",
        "{% include '../report.md.j2' %}",
        "{% include text %}",
        "{% import 'nothing.j2' as n %}",
        "{% extends patient.id %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% include 'report.md.j2' %}",
        "{% set patient.id = 'x' %}",
        "{% do names.append(1) %}",
        "{{ sites | table('now', __class__='x') }}",
    ],
)
def test_escapes_and_bombs_are_refused(template: str) -> None:
    with pytest.raises(SetupError) as refused:
        compiled(template).render(FIELDS)
    assert refused.value.file is not None
    assert refused.value.code in {"TPL_UNSAFE", "TPL_UNDEFINED", "TPL_SYNTAX", "TPL_BROKEN", "TPL_LIMIT"}
    for secret in ("<5 mm", "P|1", "山田"):
        assert secret not in str(refused.value)


@pytest.mark.parametrize(
    "template",
    [
        "{{ none }}",
        "{{ yes }}",
        "{{ float }}",
        "{{ nan }}",
        "{{ names }}",
        "{{ patient }}",
        "{{ sites }}",
        "{{ 0.1 }}",
        "{{ none ~ 'x' }}",
        "{{ [none] | join }}",
        "{{ none | upper }}",
        "{{ patient | upper }}",
        "{{ none | capitalize }}",
        "{{ none | trim }}",
        "{{ float | trim }}",
        "{{ names | trim }}",
        "{{ sites | table('now', now=none) }}",
        "{{ sites | table('now', intro=names) }}",
        "{{ sites | table('now', total='yes') }}",
        "{{ sites | table('now', intro=sites | table('site')) }}",
        "{{ range }}",
        "{{ range(3) }}",
    ],
)
def test_what_cannot_be_printed_as_measured_is_refused(template: str) -> None:
    with pytest.raises(SetupError):
        compiled(template).render(FIELDS)


@pytest.mark.parametrize(
    ("template", "line", "words_of_it"),
    [
        pytest.param("a\n\n{{ typo }}", "line 3", "'typo' is undefined", id="unknown field"),
        pytest.param("a\n{% if typo %}urgent{% endif %}", "line 2", "'typo' is undefined", id="typo in a condition"),
        pytest.param("{{ patient.nmae }}", "line 1", "did you mean 'name'?", id="misspelt field"),
        pytest.param(
            "\n{% if patient.nothing %}{% endif %}", "line 2", "there is no field 'nothing'", id="missing field"
        ),
        pytest.param("a\n{% if %}", "line 2", "Expected an expression", id="syntax"),
        pytest.param("a\n{{ text | uper }}", "line 2", "No filter named 'uper'", id="unknown filter"),
        pytest.param("a\n\n\n{{ sites | table('nwo') }}", "line 4", "did you mean 'now'?", id="misspelt column"),
        pytest.param("{{ sites | table('weight') }}", "line 1", "there are: site, now, date", id="unknown column"),
        pytest.param("{{ names | table('a') }}", "line 1", "the table filter is for rows", id="no rows"),
        pytest.param("{{ sites | table(nowt='x') }}", "line 1", "did you mean 'now'?", id="misspelt head"),
        pytest.param("{{ none }}", "line 1", "not stated", id="not stated"),
        pytest.param("{{ names[7] }}", "line 1", "fewer values", id="too few"),
        pytest.param("{{ text.x }}", "line 1", "'x' is no field of this value", id="no group"),
        pytest.param(
            "{% macro m(x) %}{% endmacro %}{{ m(1, 2) }}", "line 1", "its kind does not allow", id="arguments"
        ),
    ],
)
def test_a_mistake_is_told_with_its_line(template: str, line: str, words_of_it: str) -> None:
    with pytest.raises(SetupError) as refused:
        compiled(template).render(FIELDS)
    assert refused.value.file == "set/report.md.j2"
    assert refused.value.field == line
    assert words_of_it in str(refused.value)


def test_a_mistake_in_another_template_of_the_set_names_that_one() -> None:
    with pytest.raises(SetupError) as refused:
        rendered("a\n{% include 'other.j2' %}", FIELDS, other="\n\n{{ typo }}")
    assert (refused.value.file, refused.value.field) == ("set/other.j2", "line 3")


def test_a_set_is_compiled_once_and_anew_where_any_text_of_it_is_another() -> None:
    first = compiled('{% include "a.j2" %}', a="one")
    assert compiled('{% include "a.j2" %}', a="one") is first
    again = compiled('{% include "a.j2" %}', a="two")
    assert [renderer.render({}).markdown for renderer in (first, again)] == ["one", "two"]
    named = replace(first.template_set, name="other", owners={"a.j2": "third/a.j2"})
    assert compile_set(named).template_set == named


def test_a_set_without_its_main_template_is_refused() -> None:
    with pytest.raises(SetupError, match="no template 'report"):
        compile_set(TemplateSet(name="set", sources={}))


@pytest.mark.hostile
def test_a_report_that_grows_without_end_is_stopped() -> None:
    loop = "{% for a in range(500) %}"
    nested = f"{loop * 3}0123456789{'{% endfor %}' * 3}"
    with pytest.raises(SetupError, match="longer than") as refused:
        compiled(nested).render({})
    assert refused.value.code == "TPL_LIMIT"


def test_words_above_a_table_may_be_put_together() -> None:
    macro = "{% macro m(x) %}Sizes of {{ x }}{% endmacro %}"
    (table,) = rendered(macro + "{{ sites | table('now', now=text ~ '\\n' ~ number, intro=m(text)) }}", FIELDS)
    assert isinstance(table, Table)
    assert table.columns[0].header == "<5 mm & A_B 14.00"
    assert words(table.intro) == "Sizes of <5 mm & A_B"
    parts = [table.columns[0].header, *(part.text for part in table.intro if isinstance(part, Text))]
    assert {type(part) for part in parts} == {str}
    assert_the_same(table)


def test_the_table_filter_places_typed_cells() -> None:
    (table,) = rendered("{{ sites | table('now', 'site', now='2026-07-13', intro='Sizes', total=true) }}", FIELDS)
    assert table == Table(
        columns=(
            Column(name="now", header="2026-07-13", align=Align.RIGHT),
            Column(name="site", header="Site"),
        ),
        rows=((plain("14.0"), plain("L1")), (plain("<5 mm"), plain("L2", strong=True))),
        intro=plain("Sizes"),
        total=True,
    )


def test_a_table_without_named_columns_has_them_all() -> None:
    (table,) = rendered("{{ sites | table }}", FIELDS)
    assert isinstance(table, Table)
    assert [column.name for column in table.columns] == ["site", "now", "date"]
    assert table.rows[0][2] == plain("2026-07-13")


def test_rows_can_be_looped_over_as_well() -> None:
    looped: tuple[Block, ...] = rendered("{% for site in sites %}{{ site.now }};{% endfor %}", FIELDS)
    assert looped == (Paragraph(plain("14.0;<5 mm;")),)


@pytest.mark.hostile
@pytest.mark.parametrize(
    "double",
    [
        "{% set s = s + s %}",
        "{% set s = s ~ s %}",
        "{% set s %}{{ s }}{{ s }}{% endset %}",
        "{% set s = [s, s] | join %}",
        "{% set s = s | upper ~ s %}",
        "{% set names = names + names %}",
        "{% set names = names + names %}{% set s = names | join(s) %}",
    ],
)
def test_doubling_is_stopped(double: str) -> None:
    start = "{% set s = 'x' %}{% set names = ['a', 'b'] %}"
    with pytest.raises(SetupError) as refused:
        compiled(start + double * 60).render({})
    assert refused.value.code == "TPL_LIMIT"


LOOP = "{% for a in range(500) %}"
END = "{% endfor %}"


@pytest.mark.hostile
@pytest.mark.parametrize(
    "template",
    [
        pytest.param(f"{LOOP * 3}{{% set x = 1 %}}{END * 3}", id="nested loops that print nothing"),
        pytest.param(
            f"{{% macro m() %}}{LOOP}{END}{{% endmacro %}}{LOOP * 2}{{{{ m() }}}}{END * 2}", id="calls in loops"
        ),
        pytest.param(
            "{% set t = 'x' %}" + "{% set t = t ~ t %}" * 20 + f"{LOOP * 2}{{% set u = t[1:] %}}{END * 2}", id="slices"
        ),
        pytest.param(
            "{% set t = 'x' %}" + "{% set t = t ~ t %}" * 20 + f"{LOOP * 2}{{% set u = t | upper ~ 'y' %}}{END * 2}",
            id="long texts joined in loops",
        ),
        pytest.param(
            "{% macro a(n) %}{% if n %}{{ a(n - 1) }}{{ a(n - 1) }}{% endif %}{% endmacro %}{{ a(40) }}",
            id="two by two",
        ),
        pytest.param("{% include 'other.j2' %}" * 400, id="includes"),
    ],
)
def test_work_without_end_is_stopped(template: str) -> None:
    other = f"{LOOP * 2}{END * 2}"
    with pytest.raises(SetupError) as refused:
        compiled(template, other=other).render(FIELDS)
    assert refused.value.code == "TPL_LIMIT"
    assert refused.value.field is not None


def test_a_loop_knows_its_length_and_place() -> None:
    shown = said("{% for n in names if n != 'z' %}{{ loop.index }}/{{ loop.length }}{{ 'x' if loop.last }}{% endfor %}")
    assert shown == "1/22/2x"
