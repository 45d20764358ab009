"""The Draft: what a report says, as ordered blocks that every format lays out in its own way.

Blocks hold plain text; nothing in them is markup of any format. `Text` never holds a newline (that is a `LineBreak`)
and never a character that XML forbids.
"""

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final

from reporter.advice.interface import Advice
from reporter.case.case import Case
from reporter.draft.drawing import Drawing
from reporter.draft.inert import clean
from reporter.response.interface import Response

DRAFT_NOTICE: Final = "DRAFT - not for clinical use until reviewed and signed by a radiologist"


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFile:
    """One file of the input that the case was made from."""

    name: str
    """Relative to INPUT."""
    kind: str
    """What it was read as: image, report, table, facts, map."""
    sha256: str
    """Of its bytes; of the header bytes read where pixels are left alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeFrom:
    """What a report rests on beside the case: enough to make it again."""

    tool: str
    """Name and version."""
    inputs: tuple[InputFile, ...]
    """By kind, then name."""
    template: str
    """Name and version of the template set."""
    settings_changed: tuple[tuple[str, str], ...] = ()
    """Key and value of every setting that differs from the default, by key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that is known, meant and advised; what a draft puts into words and a record keeps."""

    case: Case
    response: Response
    advice: Advice
    made_from: MadeFrom


@dataclass(frozen=True, slots=True)
class Text:
    """A run of characters in one style."""

    text: str
    strong: bool = False
    emphasis: bool = False

    def __reduce__(self) -> tuple[type["Text"], tuple[str, bool, bool]]:
        """How it goes to another process: a draft is of very many parts, so that each is to go quickly."""
        return Text, (self.text, self.strong, self.emphasis)


@dataclass(frozen=True, slots=True)
class LineBreak:
    """A new line inside a paragraph, list item or cell."""


Inline = Text | LineBreak
Inlines = tuple[Inline, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A section heading; level 1 is the title of the report, 2 a section, 3 a part of it."""

    level: int
    content: Inlines

    def __reduce__(self) -> tuple[object, ...]:
        """As `Text`."""
        return _heading, (self.level, self.content)


def _heading(level: int, content: Inlines) -> Heading:
    return Heading(level=level, content=content)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    content: Inlines

    def __reduce__(self) -> tuple[object, ...]:
        """As `Text`."""
        return Paragraph, (self.content,)


@dataclass(frozen=True, slots=True, kw_only=True)
class List:
    """A list; an ordered one is numbered from 1, whatever stands before it."""

    ordered: bool
    items: tuple[Inlines, ...]

    def __reduce__(self) -> tuple[object, ...]:
        """As `Text`."""
        return _list, (self.ordered, self.items)


def _list(ordered: bool, items: tuple[Inlines, ...]) -> List:
    return List(ordered=ordered, items=items)


class Align(Enum):
    """How the cells of a column are set."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table."""

    name: str
    """What the `table` filter asks for."""
    header: str
    """What is printed above it."""
    align: Align = Align.LEFT
    """Numbers stand right."""

    def __reduce__(self) -> tuple[object, ...]:
        """As `Text`."""
        return _column, (self.name, self.header, self.align)


def _column(name: str, header: str, align: Align) -> Column:
    return Column(name=name, header=header, align=align)


Cell = Inlines


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table; each row has one cell a column."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    intro: Inlines = ()
    """The line above the table that says what it shows; kept on the same page."""
    total: bool = False
    """The last row is a sum of the others."""


class NoticeKind(Enum):
    """What a box is for."""

    DRAFT = "draft"
    """This is a draft; once in every report, before everything else."""
    NOTE = "note"
    """Something to look at before signing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A box that is not to be overlooked: a sentence and, below it, points."""

    kind: NoticeKind
    content: Inlines
    items: tuple[Inlines, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A drawing, and the same in words for formats that cannot draw and for readers who cannot see."""

    drawing: Drawing
    caption: Inlines
    """The line above it; the template's words."""
    alt: str
    """What it shows, for a reader who cannot see it."""
    key: Inlines
    """How to read its marks; only where it is drawn."""
    told: tuple[Table | List, ...]
    """What it shows, in words; only where it is not drawn. Empty: the report says it beside the figure."""
    remarks: tuple[Inlines, ...] = ()
    """What it does not show, and what else belongs to it."""


Block = Heading | Paragraph | List | Table | Notice | Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What stands around the blocks: title, letterhead, patient, footer. All are text as printed; empty is left out."""

    title: str
    """The title of the document, also in its properties."""
    patient_name: str = ""
    patient_id: str = ""
    patient_line: str = ""
    """What else identifies the patient, as printed: `ID SYN-0001 · born 1972-03-04`."""
    date: str = ""
    """Date of the reported time point as printed. Never the date of printing."""
    department: str = "Breast Imaging"
    institution: str = ""
    footer: str = "DRAFT, not verified"
    notice: str = DRAFT_NOTICE
    """What stands before everything else."""
    translation: str = ""
    """What is to be known of the language: that its translation is still to be reviewed."""
    language: str = "en"
    """BCP 47 tag of the language of the draft."""

    def fields(self) -> dict[str, str]:
        """The values that header and footer of a house document may name, as `{{ patient.name }}`."""
        return {
            "report.title": self.title,
            "report.date": self.date,
            "report.footer": self.footer,
            "patient.name": self.patient_name,
            "patient.id": self.patient_id,
            "patient.line": self.patient_line,
            "department.name": self.department,
            "department.institution": self.institution,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A whole draft report: what every exporter lays out."""

    page: Page
    blocks: tuple[Block, ...]


@lru_cache(maxsize=2048)  # most of what a draft says, the next one says too
def plain(text: str, *, strong: bool = False, emphasis: bool = False) -> Inlines:
    """`text`, cleaned, as inlines: newlines become line breaks, empty text nothing."""
    inlines: list[Inline] = []
    for number, line in enumerate(clean(text).split("\n")):
        if number:
            inlines.append(LineBreak())
        if line:
            inlines.append(Text(line, strong, emphasis))
    return tuple(inlines)


def words(content: Inlines) -> str:
    """The characters of inlines without their style; a line break is a newline."""
    if len(content) == 1 and isinstance(content[0], Text):  # as most are
        return content[0].text
    return "".join([inline.text if isinstance(inline, Text) else "\n" for inline in content])
