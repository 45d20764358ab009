"""A rendered template, finished: what no draft may lack stands in it, wherever the template put it or forgot it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from reporter.draft.environment import Placeable
from reporter.draft.interface import Block, Draft, Heading, Notice, NoticeKind, Page, plain
from reporter.draft.markup import blocks
from reporter.draft.rendering import Renderer
from reporter.errors import SetupError

DRAFT_NOTICE: Final = "DRAFT - not for clinical use until reviewed and signed by a radiologist"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandatory:
    """A part that no template can drop: it is placed with `{{ <name>_block }}`, else it comes last."""

    heading: str
    """Printed above it where the template leaves it out; the template prints its own heading otherwise."""
    blocks: tuple[Block, ...]
    """What it says; never empty (`None required` is a sentence too)."""


def compose(
    renderer: Renderer, fields: Mapping[str, object], page: Page, *, escalation: Mandatory, basis: Mandatory
) -> Draft:
    """Render a report: the notice, then the template, in which `{{ escalation_block }}` and `{{ basis_block }}` stand.

    Raises:
        SetupError: the template asks for what is not there, places a part twice, or a mandatory part or
            the footer is empty.

    """
    if not page.footer.strip():
        message = "the footer says nothing: every page of a draft says that it is one"
        raise SetupError(message, file=renderer.set_name, code="TPL_MANDATORY")
    parts = {"escalation_block": escalation, "basis_block": basis}
    for name, part in parts.items():
        if not part.blocks:
            message = f"nothing to say under {name}: a draft without it is refused"
            raise SetupError(message, file=renderer.set_name, code="TPL_MANDATORY")
    placeable = {name: Placeable(part.blocks) for name, part in parts.items()}
    body = blocks(renderer.render({**fields, **placeable}), renderer.set_name)
    notice = Notice(kind=NoticeKind.DRAFT, content=plain(DRAFT_NOTICE, strong=True))
    missing = [block for name, part in parts.items() for block in _left_out(renderer.set_name, name, part, body)]
    return Draft(page=page, blocks=(notice, *body, *missing))


def _left_out(set_name: str, name: str, part: Mandatory, body: tuple[Block, ...]) -> tuple[Block, ...]:
    """The part under its own heading, if the template did not place it."""
    times = sum(block is part.blocks[0] for block in body)
    if times > 1:
        message = f"{name} stands {times} times in the report"
        raise SetupError(message, file=set_name, hint="place it once", code="TPL_MANDATORY")
    return () if times else (Heading(level=2, content=plain(part.heading)), *part.blocks)
