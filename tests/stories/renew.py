"""Writes the expected text of stories anew: `python -m tests.stories.renew NAME...`, or `--all`.

Nothing calls this by itself.  After it, read every changed text aloud (`git diff tests/stories/told`) before it is
committed: what stands in `expected.txt` is what a surgeon will read.
"""

import sys

from tests.stories.told_story import TOLD, told


def renew(names: list[str]) -> None:
    """Write the texts of the stories named."""
    for story in TOLD:
        if "--all" in names or story.name in names:
            text = told(story)
            if not story.expected.exists() or story.expected.read_text(encoding="utf-8") != text:
                story.expected.write_text(text, encoding="utf-8")
                sys.stdout.write(f"written: {story.name}\n")


if __name__ == "__main__":
    renew(sys.argv[1:])
