"""A draft as PDF/A (ISO 19005-2, level A: tagged, with its fonts): the HTML page, printed by WeasyPrint.

Nothing is fetched, whatever the page names.  The same draft gives the same bytes on one machine: the file's id comes
from its words, and it tells no time.  Fonts are the machine's; another machine may have others.
"""

import hashlib
import logging
import os
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from importlib import import_module
from threading import Lock
from typing import ClassVar, Final, Protocol, cast

from reporter.draft.interface import Draft, Report
from reporter.errors import SetupError
from reporter.exporters.interface import Exporter, Look, Prepared
from reporter.exporters.web import WebPage
from reporter.exporters.web_style import PRINTED, STYLE

VARIANT: Final = "pdf/a-2a"
_TIME: Final = "SOURCE_DATE_EPOCH"
"""What tells programs which time to take for now (reproducible-builds.org/specs/source-date-epoch)."""
_PRINTING: Final = Lock()
_MISSING: Final = "drafts as PDF need WeasyPrint, which is not installed"
_NO_SYSTEM_LIBRARY: Final = "drafts as PDF need the Pango library of the system, which is not installed"


class _Printable(Protocol):
    def write_pdf(self, *, pdf_identifier: bytes, pdf_variant: str) -> bytes: ...


class _Printer(Protocol):
    """WeasyPrint, as far as it is used."""

    def URLFetcher(self, *, allowed_protocols: tuple[str, ...]) -> object: ...  # ruff: ignore[invalid-function-name]

    def HTML(self, *, string: str, url_fetcher: object) -> _Printable: ...  # ruff: ignore[invalid-function-name]


class PdfExporter(Exporter):
    """PDF files."""

    name: ClassVar[str] = "pdf"
    suffix: ClassVar[str] = ".pdf"

    def prepare(self, look: Look) -> Prepared:  # ruff: ignore[unused-method-argument]
        """Load the library that prints.

        Raises:
            SetupError: it, or the library of the system that it needs, is not installed.

        """
        return PdfFile(_printer())


class PdfFile(Prepared):
    """Lays out drafts as PDF."""

    def __init__(self, printer: _Printer) -> None:
        self._printer = printer
        self._nothing = printer.URLFetcher(allowed_protocols=())
        self._page = WebPage(STYLE + PRINTED)

    def export(self, report: Report, draft: Draft) -> bytes:  # ruff: ignore[unused-method-argument]
        """The draft as a PDF file."""
        html = self._page.page(draft)
        identifier = hashlib.sha256(html.encode()).hexdigest()[:32].encode()
        printable = self._printer.HTML(string=html, url_fetcher=self._nothing)
        with warnings.catch_warnings(), _no_time():
            warnings.simplefilter("ignore", ResourceWarning)  # it leaves its colour profile open
            return printable.write_pdf(pdf_identifier=identifier, pdf_variant=VARIANT)


@contextmanager
def _no_time() -> Generator[None]:
    """Keep the time out of the fonts: where HarfBuzz is not there to cut them down, fontTools does it and writes it.

    The environment is that of the whole process, so one thread prints at a time.
    """
    with _PRINTING:
        before = os.environ.get(_TIME)
        os.environ[_TIME] = "0"
        try:
            yield
        finally:
            if before is None:
                del os.environ[_TIME]
            else:
                os.environ[_TIME] = before


def _printer() -> _Printer:
    try:
        printer = import_module("weasyprint")
    except ModuleNotFoundError:
        raise SetupError(_MISSING, hint="pip install 'reporter[pdf]'", code="PDF_MISSING") from None
    except OSError:
        hint = "on Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        raise SetupError(_NO_SYSTEM_LIBRARY, hint=hint, code="PDF_MISSING") from None
    for name in ("weasyprint", "fontTools"):  # what they say may hold words of the report
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return cast("_Printer", printer)
