"""Renders a template of a test."""

from collections.abc import Mapping
from typing import Final

from reporter.draft.environment import TemplateSet
from reporter.draft.interface import Block
from reporter.draft.memo import blocks
from reporter.draft.rendering import MAIN, Renderer, compile_set


def compiled(template: str, **others: str) -> Renderer:
    """A set of one template, and others by name."""
    return compile_set(TemplateSet(name="set", sources={MAIN: template, **{f"{n}.j2": s for n, s in others.items()}}))


def rendered(template: str, fields: Mapping[str, object] | None = None, **others: str) -> tuple[Block, ...]:
    """The blocks of a template."""
    return blocks(compiled(template, **others).render(fields or {}), "set")


EVERYWHERE: Final = """\
# {{ v }}
## Section {{ v }} end

{{ v }}

Begins {{ v }} and **strong {{ v }}** *{{ v }}* は**{{ v }}**は - {{ v }}. März {{ v }}
{{ v }} on a line of its own
({{ v }}) [{{ v }}] "{{ v }}"

12{{ v }}. no list

1. {{ v }}
1. item {{ v }}
- {{ v }}
- {{ v }} item

|{{ v }}|tight|{{ v }}|
|---|---:|---|
|{{ v }}|{{ v }}|x|
| {{ v }} {{ v }} |**{{ v }}**| {{ v }}x |

> {{ v }} note
> - {{ v }}

{% macro m(x) %}{{ x }}|{{ x }}{% endmacro %}
{{ m(v) }} {{ m(v) ~ v }} {{ [m(v), v] | join("*") }}

end
"""

_EVERYWHERE: Final = compiled(EVERYWHERE)


def everywhere(value: str) -> tuple[Block, ...]:
    """The blocks of a report that has the value in every place a template can put it."""
    return blocks(_EVERYWHERE.render({"v": value}), "set")
