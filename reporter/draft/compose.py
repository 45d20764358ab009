"""A rendered template, finished: what no draft may lack stands in it, wherever the template put it or forgot it."""

from collections.abc import Mapping
from dataclasses import dataclass

from reporter.draft.environment import Placeable
from reporter.draft.interface import Block, Draft, Heading, Notice, NoticeKind, Page, plain
from reporter.draft.markup import NO_FIGURES, Draw
from reporter.draft.memo import blocks
from reporter.draft.rendering import MAIN, Renderer
from reporter.errors import SetupError


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandatory:
    """A part that no template can drop: it is placed with `{{ <name>_block }}`, else it comes last."""

    heading: str
    """Printed above it where the template leaves it out; the template prints its own heading otherwise."""
    blocks: tuple[Block, ...]
    """What it says; never empty (`None required` is a sentence too)."""


def compose(
    renderer: Renderer,
    fields: Mapping[str, object],
    page: Page,
    *,
    escalation: Mandatory,
    basis: Mandatory,
    figures: Mapping[str, Draw] = NO_FIGURES,
) -> Draft:
    """Render a report: the notice, then the template, in which `{{ escalation_block }}` and `{{ basis_block }}` stand.

    Raises:
        SetupError: the template asks for what is not there, places a part twice, or a mandatory part,
            the notice or the footer is empty.

    """
    if not page.footer.strip():
        message = "the footer says nothing: every page of a draft says that it is one"
        raise SetupError(message, file=renderer.set_name, code="TPL_MANDATORY")
    if not page.notice.strip():
        message = "the notice says nothing: a draft says first of all that it is one"
        raise SetupError(message, file=renderer.set_name, code="TPL_MANDATORY")
    parts = {"escalation_block": escalation, "basis_block": basis}
    for name, part in parts.items():
        if not part.blocks:
            message = f"nothing to say under {name}: a draft without it is refused"
            raise SetupError(message, file=renderer.set_name, code="TPL_MANDATORY")
    placeable = {name: Placeable(part.blocks) for name, part in parts.items()}
    main = renderer.template_set.file(MAIN)
    body = blocks(renderer.render({**fields, **placeable}), main, figures)
    notices = [Notice(kind=NoticeKind.DRAFT, content=plain(page.notice, strong=True))]
    notices += [Notice(kind=NoticeKind.NOTE, content=plain(page.translation))] if page.translation else []
    missing = [block for name, part in parts.items() for block in _left_out(main, name, part, body)]
    return Draft(page=page, blocks=(*notices, *body, *missing))


def _left_out(file: str, name: str, part: Mandatory, body: tuple[Block, ...]) -> tuple[Block, ...]:
    """The part under its own heading, if the template did not place it."""
    times = sum(block is part.blocks[0] for block in body)
    if times > 1:
        message = f"{name} stands {times} times in the report"
        raise SetupError(message, file=file, hint="place it once", code="TPL_MANDATORY")
    return () if times else (Heading(level=2, content=plain(part.heading)), *part.blocks)
