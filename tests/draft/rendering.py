"""Renders a template of a test."""

from collections.abc import Mapping

from reporter.draft.environment import TemplateSet
from reporter.draft.interface import Block
from reporter.draft.markup import blocks
from reporter.draft.rendering import MAIN, Renderer, compile_set


def compiled(template: str, **others: str) -> Renderer:
    """A set of one template, and others by name."""
    return compile_set(TemplateSet(name="set", sources={MAIN: template, **{f"{n}.j2": s for n, s in others.items()}}))


def rendered(template: str, fields: Mapping[str, object] | None = None, **others: str) -> tuple[Block, ...]:
    """The blocks of a template."""
    return blocks(compiled(template, **others).render(fields or {}), "set")
