"""A draft as a Word document in the look of a house.

The house document is compiled once (`house.py`); a report writes its own document part, header and footer fields and
core properties, and takes every other part over as it lies deflated.
"""

from functools import lru_cache
from typing import ClassVar, Final
from xml.sax.saxutils import escape

from reporter.draft.drawing import Trend
from reporter.draft.inert import clean
from reporter.draft.interface import Draft, Figure, Report
from reporter.errors import SetupError
from reporter.exporters.house import CORE, House, open_house
from reporter.exporters.interface import Exporter, Look, Prepared
from reporter.exporters.word_body import document
from reporter.exporters.word_parts import chart_parts, plumbed
from reporter.exporters.zipped import FAST, Part, deflate, package

_CORE: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<dc:title>{title}</dc:title><dc:language>{language}</dc:language><cp:contentStatus>Draft</cp:contentStatus>"
    "</cp:coreProperties>"
)


class WordExporter(Exporter):
    """Word documents."""

    name: ClassVar[str] = "docx"
    suffix: ClassVar[str] = ".docx"

    def prepare(self, look: Look) -> Prepared:
        """Compile the house document of a template set.

        Raises:
            SetupError: there is none, or it is broken, unsafe or lacks a style.

        """
        if look.house is None:
            message = "the template set has no house.docx"
            raise SetupError(message, file=look.name, hint="copy one from a shipped set", code="TPL_BROKEN")
        return WordDocument(open_house(look.house, f"{look.name}/house.docx", look.language))


class WordDocument(Prepared):
    """Lays out drafts in one house."""

    def __init__(self, house: House) -> None:
        self._house = house

    def export(self, report: Report, draft: Draft) -> bytes:  # ruff: ignore[unused-method-argument]
        """The draft as a .docx package."""
        values = draft.page.fields()
        trends = [b.drawing for b in draft.blocks if isinstance(b, Figure) and isinstance(b.drawing, Trend)]
        own = [
            *plumbed(self._house.plumbing, len(trends)),
            deflate(self._house.document_name, document(draft.blocks, self._house), FAST),
            *(deflate(part.name, part.fill(values), FAST) for part in self._house.field_parts),
            _core(draft.page.title, draft.page.language),
            *chart_parts(trends, self._house.font),
        ]
        return package([*own[:2], *self._house.fixed, *own[2:]])


@lru_cache(maxsize=32)
def _core(title: str, language: str) -> Part:
    """The core properties, which say the same of most reports."""
    title, language = escape(clean(title).replace("\n", " ")), escape(clean(language))
    return deflate(CORE, _CORE.format(title=title, language=language).encode(), FAST)
