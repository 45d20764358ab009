"""A draft as a Word document in the look of a house.

The house document is compiled once (`house.py`); a report writes its own document part, header and footer fields and
core properties, and takes every other part over as it lies deflated.
"""

from typing import ClassVar, Final
from xml.sax.saxutils import escape

from reporter.draft.inert import clean
from reporter.draft.interface import Draft, Page, Report
from reporter.errors import SetupError
from reporter.exporters.house import CORE, House, open_house
from reporter.exporters.interface import Exporter, Look, Prepared
from reporter.exporters.word_body import document
from reporter.exporters.zipped import deflate, package

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
        return WordDocument(open_house(look.house, f"{look.name}/house.docx"))


class WordDocument(Prepared):
    """Lays out drafts in one house."""

    def __init__(self, house: House) -> None:
        self._house = house

    def export(self, report: Report, draft: Draft) -> bytes:  # ruff: ignore[unused-method-argument]
        """The draft as a .docx package."""
        values = draft.page.fields()
        own = [
            deflate(self._house.document_name, document(draft.blocks, self._house)),
            *(deflate(part.name, part.fill(values)) for part in self._house.field_parts),
            deflate(CORE, _core(draft.page)),
        ]
        return package([*self._house.fixed, *own])


def _core(page: Page) -> bytes:
    title, language = escape(clean(page.title).replace("\n", " ")), escape(clean(page.language))
    return _CORE.format(title=title, language=language).encode()
