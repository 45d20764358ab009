"""Pages that `describe` prints: headings, paragraphs and tables, as plain text or Markdown."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from reporter.cli.rows import as_table

_WIDTH: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading with what stands below it."""

    heading: str
    depth: int = 2
    """1 is the page's own heading."""
    paragraphs: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: Sequence[Sequence[str]] = field(default=())
    """Cells by column; a column that says nothing in any row is left out."""


def as_text(sections: Sequence[Section]) -> str:
    """A page to read in a terminal."""
    return "\n".join(line for section in sections for line in _text(section)).strip("\n") + "\n"


def _text(section: Section) -> Iterator[str]:
    yield from ("", section.heading, "=-"[min(section.depth, 2) - 1] * len(section.heading))
    for paragraph in section.paragraphs:
        yield from textwrap.wrap(paragraph, _WIDTH)
        yield ""
    if section.rows:
        yield from as_table(
            [dict(zip(section.columns, row, strict=True)) for row in section.rows], section.columns
        ).split("\n")


def as_markdown(sections: Sequence[Section], made_by: str) -> str:
    """The same page for a repository; a comment names the command that made it."""
    lines = [line for section in sections for line in _markdown(section)]
    return "\n".join([*lines[:2], f"<!-- {made_by} -->", "", *lines[2:]]).rstrip("\n") + "\n"


def _markdown(section: Section) -> Iterator[str]:
    yield from (f"{'#' * section.depth} {_marked(section.heading)}", "")
    for paragraph in section.paragraphs:
        yield from (_marked(" ".join(paragraph.split())), "")
    if section.rows:
        shown = [n for n in range(len(section.columns)) if any(row[n] for row in section.rows)]
        yield _line([section.columns[n] for n in shown])
        yield _line(["---"] * len(shown))
        yield from (_line([_marked(row[n]) for n in shown]) for row in section.rows)
        yield ""


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _marked(text: str) -> str:
    """A text that Markdown shows as it is."""
    for character in "\\<|*[]":
        text = text.replace(character, f"\\{character}")
    return text
