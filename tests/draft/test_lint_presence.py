"""A group that may be none: found where nothing asked for it, and not where something did."""

from dataclasses import dataclass
from typing import Final

import pytest

from reporter.draft.fields import Fields
from reporter.draft.lint import lint
from reporter.draft.sets import load_set

END: Final = "\n\n{{ escalation_block }}\n\n{{ basis_block }}\n"
MANIFEST: Final = 'name = "t"\nversion = "1"\nlanguage = "en"\ndescription = "of a test"\n'


@dataclass(frozen=True)
class Folder:
    name: str
    texts: dict[str, str]


def mistakes(body: str) -> list[str]:
    """What is said of the body of a loop over the breasts, each called `b`."""
    report = "{% for b in breasts %}\n" + body + "\n{% endfor %}" + END
    found = lint(load_set([Folder("t", {"template.toml": MANIFEST, "report.md.j2": report})]), Fields)
    assert all(one.code == "TPL_NONE" for one in found), found
    return [one.message.partition(" may be")[0].strip("'") for one in found]


@pytest.mark.parametrize(
    "body",
    [
        "{% if b.lead %}{{ b.lead.id }}{% endif %}",
        "{% if b.lead is not none %}{{ b.lead.id }}{% endif %}",
        "{% if b.lead is none %}x{% else %}{{ b.lead.id }}{% endif %}",
        "{% if not b.lead %}x{% else %}{{ b.lead.id }}{% endif %}",
        "{% if b.lead and b.lead.record %}{{ b.lead.record.now }}{% endif %}",
        "{% if b.lead and b.lead.record and b.several %}{{ b.lead.record.now }}{% endif %}",
        "{% if not b.lead or not b.lead.record %}x{% else %}{{ b.lead.record.now }}{% endif %}",
        "{% if b.several %}x{% elif b.lead %}{{ b.lead.id }}{% endif %}",
        "{% if not b.lead %}x{% elif b.lead.several %}y{% endif %}".replace("lead.several", "lead.id"),
        "{{ b.lead.id if b.lead else 'x' }}",
        "{{ (b.lead and b.lead.id) or 'x' }}",
        "{% if b['lead'] %}{{ b.lead.id }}{% endif %}",
        "{% if b.lead %}{% set s = b.lead %}{{ s.id }}{% endif %}",
        "{% set s = b.lead %}{% if s %}{{ s.id }}{% endif %}",
        "{% for s in b.sites if s.record %}{{ s.record.now }}{% endfor %}",
        "{% macro m(s) %}{% if s %}{{ s.id }}{% endif %}{% endmacro %}{{ m(b.lead) }}",
        "{% macro m(s) %}{{ s.id }}{% endmacro %}{% if b.lead %}{{ m(b.lead) }}{% endif %}",
        "{% if b.lead %}{% for s in b.sites %}{{ b.lead.id }}{% endfor %}{% endif %}",
        "{% for s in b.sites %}{{ s.id }}{% endfor %}",
    ],
)
def test_what_is_asked_for_is_no_mistake(body: str) -> None:
    assert mistakes(body) == []


@pytest.mark.parametrize(
    ("body", "paths"),
    [
        ("{{ b.lead.id }}", ["b.lead"]),
        ("{% if b.lead %}x{% endif %}{{ b.lead.id }}", ["b.lead"]),
        ("{% if b.lead %}x{% else %}{{ b.lead.id }}{% endif %}", ["b.lead"]),
        ("{% if b.lead or b.several %}{{ b.lead.id }}{% endif %}", ["b.lead"]),
        ("{% if not b.lead %}{{ b.lead.id }}{% endif %}", ["b.lead"]),
        ("{% if b.lead is none %}{{ b.lead.id }}{% endif %}", ["b.lead"]),
        ("{% if b.lead %}{{ b.lead.record.now }}{% endif %}", ["b.lead.record"]),
        ("{% if b.lead.record %}x{% endif %}", ["b.lead"]),
        ("{{ b.lead.id if b.several else 'x' }}", ["b.lead"]),
        ("{{ b['lead'].id }}", ["b.lead"]),
        ("{% set s = b.lead %}{{ s.id }}", ["s"]),
        ("{% if b.lead %}{% for b in breasts %}{{ b.lead.id }}{% endfor %}{% endif %}", ["b.lead"]),
        ("{% for s in b.sites %}{{ s.record.now }}{% endfor %}", ["s.record"]),
        ("{% macro m(s) %}{{ s.id }}{% endmacro %}{{ m(b.lead) }}", ["s"]),
        ("{% if b.lead %}{% macro m(b) %}{{ b.lead.id }}{% endmacro %}{{ m(b) }}{% endif %}", ["b.lead"]),
        ("{{ b.sites | map(attribute='record.now') | join }}", ["a size"]),
    ],
)
def test_what_nothing_asked_for_is_one(body: str, paths: list[str]) -> None:
    assert mistakes(body) == paths


def test_the_message_says_where_and_what_to_write() -> None:
    report = "# T\n\n{% for b in breasts %}\n{{ b.total.course }}\n{% endfor %}" + END
    (found,) = lint(load_set([Folder("t", {"template.toml": MANIFEST, "report.md.j2": report})]), Fields)
    words = "put {% if b.total %} ... {% endif %} around what names its fields"
    assert str(found) == f"t/report.md.j2, line 4: 'b.total' may be none here; {words}."
