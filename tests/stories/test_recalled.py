"""The reports of stories are recalled as Markdown itself gives them, and most of a report is recalled."""

import pytest

from reporter.draft import compose, markup, memo
from reporter.draft.interface import Block
from reporter.draft.memo import Figures
from reporter.draft.rendering import Rendered
from tests.stories.told_story import TOLD, told

pytestmark = pytest.mark.long


def test_stories_are_the_same_with_and_without_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[Block, ...] | None] = []

    def both(rendered: Rendered, file: str, figures: Figures) -> tuple[Block, ...]:
        made.append(memo._recalled(rendered, figures))
        assert made[-1] == markup.blocks(rendered, file, figures)
        return memo.blocks(rendered, file, figures)

    monkeypatch.setattr(compose, "blocks", both)
    for story in TOLD[::4]:
        told(story)
    before = memo._shape.cache_info()
    for story in TOLD[:12:4]:
        told(story)
    after = memo._shape.cache_info()
    assert len(made) == len(TOLD[::4]) + 3
    assert after.hits - before.hits > 30
    assert after.misses == before.misses
