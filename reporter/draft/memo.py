"""Markdown to blocks, faster: what was parsed once is only filled again.

A rendered report is cut into pieces that Markdown reads on their own (each begins after a blank line or with a
heading, never inside a list, a table or a note), the values in it are taken out, and the piece is parsed with numbered
holes in their places.  The next report whose piece differs in values alone fills the holes.  `blocks` gives what
`markup.blocks` gives, always: values are inert (`inert.py`), so that no value changes how Markdown reads a piece; a
piece in which one could is parsed plainly.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import takewhile
from operator import itemgetter
from typing import Final, assert_never

from reporter.draft import markup
from reporter.draft.drawing import Trend
from reporter.draft.inert import ACTIVE, BLOCK_CLOSE, BLOCK_OPEN, CLOSE, OPEN, restore
from reporter.draft.interface import Block, Figure, Heading, Inlines, List, Notice, Paragraph, Table, Text, words
from reporter.draft.rendering import Rendered
from reporter.errors import SetupError

KEPT: Final = 2048
"""How many pieces are remembered."""
LONGEST: Final = 20_000
"""Characters; a longer piece is not worth remembering."""

# Three letters of the Private Use Area, that neither Markdown nor `clean` treats as anything but letters.
_HOLE: Final = "\uf8f0"
_HOLE_END: Final = "\uf8f1"
_SLOT: Final = "\uf8f2"
_OWN: Final = (_HOLE, _HOLE_END, _SLOT)
_VALUE: Final = re.compile(f"{OPEN}([^{OPEN}{CLOSE}{BLOCK_OPEN}{BLOCK_CLOSE}{re.escape(ACTIVE)}]*){CLOSE}")
_TOKEN: Final = re.compile(f"{BLOCK_OPEN}([0-9]{{1,6}}){BLOCK_CLOSE}")
_PIECE: Final = re.compile(r"\n\n+(?=[^\s0-9*+-])|\n(?=#{1,3} )")
_FILLED: Final = re.compile(f"{_HOLE}([0-9]+){_HOLE_END}")
_LINK: Final = re.compile(r"\]\((?![\w-]+\))|\]\[")
"""What a value could make a link, or no longer one; `](trend)` stays one whatever the values."""
_NOTHING: Final = Trend(dates=(), courses=(), spans=(), unit="", smallest="")
_ANY: Final = Figure(drawing=_NOTHING, caption=(), alt="", key=(), told=())

Values = Sequence[str]
Fill = Callable[[Values], Inlines]
Figures = Mapping[str, markup.Draw]
Make = Callable[[Values, Figures], Block | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """A parsed piece: for each block how it is made of values, or which placed blocks stand there."""

    steps: tuple[Make | int, ...]
    holes: int
    slots: int


def blocks(rendered: Rendered, file: str, figures: Figures = markup.NO_FIGURES) -> tuple[Block, ...]:
    """The blocks of a rendered template, with placed ones and figures; as `markup.blocks`, errors too."""
    made = None if any(mark in rendered.markdown for mark in _OWN) else _recalled(rendered, figures)
    return markup.blocks(rendered, file, figures) if made is None else made


def _recalled(rendered: Rendered, figures: Figures = markup.NO_FIGURES) -> tuple[Block, ...] | None:
    """The blocks of a report whose every piece has a shape; None where one has none."""
    cut = _VALUE.split(rendered.markdown)
    values = restore("\0".join(cut[1::2])).split("\0") if len(cut) > 1 else []
    cut = _TOKEN.split(_HOLE.join(cut[::2]))
    placed = [rendered.placed[int(number)] for number in cut[1::2] if int(number) < len(rendered.placed)]
    if len(placed) < len(cut) // 2:
        return None
    made: list[Block] = []
    names = tuple(figures)
    hole = slot = 0
    for piece in _PIECE.split(_SLOT.join(cut[::2])):
        shape = _shape(piece, names) if len(piece) <= LONGEST else None
        if shape is None:
            return None
        own = values[hole : hole + shape.holes]
        for step in shape.steps:
            if isinstance(step, int):
                made += placed[slot + step]
            elif (block := step(own, figures)) is not None:
                made.append(block)
        hole += shape.holes
        slot += shape.slots
    return tuple(made)


@lru_cache(maxsize=KEPT)
def _shape(piece: str, figures: tuple[str, ...]) -> _Shape | None:
    """The shape of a piece; None where a value could change how it is read, or where it cannot be read at all."""
    if _LINK.search(piece):
        return None
    holes, slots = piece.count(_HOLE), piece.count(_SLOT)
    numbered = _numbered(_numbered(piece, _HOLE, _HOLE, _HOLE_END), _SLOT, BLOCK_OPEN, BLOCK_CLOSE)
    stand_ins = tuple((Paragraph((Text(str(number)),)),) for number in range(slots))
    drawn = {name: partial(replace, _ANY, alt=name) for name in figures}
    try:
        parsed = markup.blocks(Rendered(markdown=numbered, placed=stand_ins), "", drawn)
    except SetupError:
        return None
    if any(_depends(content) for block in parsed for content in _joined(block)):
        return None
    numbers = {id(stand_in): number for number, (stand_in,) in enumerate(stand_ins)}
    steps = tuple(numbers[id(block)] if id(block) in numbers else _make(block) for block in parsed)
    if sum(isinstance(step, int) for step in steps) != slots:  # a token inside a sentence is text
        return None
    return _Shape(steps=steps, holes=holes, slots=slots)


def _joined(block: Block) -> Sequence[Inlines]:
    """The contents that may be several paragraphs of Markdown."""
    match block:
        case List():
            return block.items
        case Notice():
            return (block.content, *block.items)
        case _:
            return ()


def _depends(content: Inlines) -> bool:
    """Whether a line break in it stands only where the values before it are not empty."""
    before = [part.text for part in takewhile(lambda part: isinstance(part, Text), content) if isinstance(part, Text)]
    return len(before) < len(content) and not _FILLED.sub("", "".join(before))


def _numbered(text: str, mark: str, opening: str, closing: str) -> str:
    """`text` with its marks as numbered ones."""
    first, *others = text.split(mark)
    return first + "".join(f"{opening}{number}{closing}{part}" for number, part in enumerate(others))


def _make(block: Block) -> Make:
    match block:
        case Heading():
            return _made_heading(block)
        case Paragraph():
            return _made_paragraph(block)
        case List():
            return _made_list(block)
        case Table():
            return _made_table(block)
        case Notice():
            return _made_notice(block)
        case Figure():
            return _made_figure(block)
        case _:
            assert_never(block)


def _made_heading(block: Heading) -> Make:
    content, level = _filling(block.content), block.level
    return lambda values, _figures: Heading(level=level, content=content(values))


def _made_paragraph(block: Paragraph) -> Make:
    content = _filling(block.content)
    return lambda values, _figures: Paragraph(filled) if (filled := content(values)) else None


def _made_list(block: List) -> Make:
    items, ordered = [_filling(item) for item in block.items], block.ordered
    return lambda values, _figures: List(ordered=ordered, items=tuple([item(values) for item in items]))


def _made_notice(block: Notice) -> Make:
    content, items, kind = _filling(block.content), [_filling(item) for item in block.items], block.kind
    return lambda values, _figures: Notice(
        kind=kind, content=content(values), items=tuple([item(values) for item in items])
    )


def _made_figure(block: Figure) -> Make:
    caption, name = _filling(block.caption), block.alt

    def make(values: Values, figures: Figures) -> Block | None:
        figure = figures[name]()
        return None if figure is None else replace(figure, caption=caption(values))

    return make


def _made_table(block: Table) -> Make:
    heads = [(column, _filling((Text(column.header),))) for column in block.columns]
    rows = [[_filling(cell) for cell in row] for row in block.rows]
    return lambda values, _figures: Table(
        columns=tuple([replace(column, header=words(head(values))) for column, head in heads]),
        rows=tuple([tuple([cell(values) for cell in row]) for row in rows]),
    )


def _filling(content: Inlines) -> Fill:
    """How inlines with holes are filled."""
    texts = [(place, part) for place, part in enumerate(content) if isinstance(part, Text)]
    runs = [(place, run) for place, part in texts if (run := _run(part)) is not None]
    if not runs:
        return lambda _values: content

    def fill(values: Values) -> Inlines:
        filled = list(content)
        plain = True
        for place, (form, pick, strong, emphasis) in runs:
            text = form % pick(values)
            plain = plain and bool(text) and "\n" not in text
            filled[place] = Text(text, strong, emphasis)
        return tuple(filled) if plain else markup.settled(filled)

    return fill


def _run(part: Text) -> tuple[str, Callable[[Values], object], bool, bool] | None:
    """A text with holes as a form for `%`, and what picks its values; None without a hole."""
    cut = _FILLED.split(part.text)
    if len(cut) == 1:
        return None
    form = "%s".join(literal.replace("%", "%%") for literal in cut[::2])
    return form, itemgetter(*map(int, cut[1::2])), part.strong, part.emphasis
