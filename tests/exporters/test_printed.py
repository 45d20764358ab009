"""The PDF: what every other format says, archivable, tagged, the same bytes each time; nothing is fetched."""

import logging
import os
import socket
from collections import Counter
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Final

import pytest

from reporter.draft.interface import Draft, Paragraph, plain
from reporter.errors import SetupError
from reporter.exporters import printed
from reporter.exporters.interface import Look, Prepared
from reporter.exporters.printed import PdfExporter
from tests.draft.strategies import AWKWARD
from tests.exporters.exporting import NO_REPORT, PAGE, as_text
from tests.exporters.model_report import COMPLETE_RESPONSE
from tests.gates import pdf_text, run

LOOK: Final = Look(name="set")


@pytest.fixture(scope="module")
def pdf() -> Prepared:
    try:
        return PdfExporter().prepare(LOOK)
    except SetupError as missing:
        pytest.skip(str(missing))


def refused(*_: object) -> None:
    raise AssertionError("a socket was opened")


def letters(text: str) -> Counter[str]:
    """What is printed, whatever the order of cells, the letters of headings, and the form of bullets."""
    text = text.replace("\u2212", "-").replace("\u2192", "->").replace("\u2022", "-").replace("\u25aa", "-")
    return Counter("".join(text.replace("|", "").upper().split()))


@pytest.mark.tools
def test_it_says_what_the_text_says(pdf: Prepared, tmp_path: Path) -> None:
    file = tmp_path / "draft.pdf"
    file.write_bytes(pdf.export(NO_REPORT, COMPLETE_RESPONSE))
    pages = pdf_text(file).split("\f")[:-1]
    page = COMPLETE_RESPONSE.page
    around = "".join([
        *(page.department, page.institution, page.patient_name, page.patient_line, page.date),
        *(page.footer, "·", page.patient_name, "·", page.patient_id),
    ])
    numbers = "".join(f"{number}/{len(pages)}" for number in range(1, len(pages) + 1))
    expected = letters(as_text(*COMPLETE_RESPONSE.blocks) + around * len(pages) + numbers)
    assert letters("".join(pages)) == expected


@pytest.mark.tools
def test_every_page_says_draft_and_who(pdf: Prepared, tmp_path: Path) -> None:
    file = tmp_path / "draft.pdf"
    file.write_bytes(pdf.export(NO_REPORT, COMPLETE_RESPONSE))
    pages = pdf_text(file).split("\f")[:-1]
    assert len(pages) > 1
    for text in pages:
        assert COMPLETE_RESPONSE.page.footer in text
        assert text.count(COMPLETE_RESPONSE.page.patient_name) >= 2


@pytest.mark.tools
def test_it_is_tagged_names_its_language_and_has_no_date(pdf: Prepared, tmp_path: Path) -> None:
    content = pdf.export(NO_REPORT, COMPLETE_RESPONSE)
    file = tmp_path / "draft.pdf"
    file.write_bytes(content)
    known = run("pdfinfo", file).stdout
    assert f"Title:           {COMPLETE_RESPONSE.page.title}" in known
    assert "Tagged:          yes" in known
    assert "Date" not in known
    assert 'pdfaid:part="2" pdfaid:conformance="A"' in run("pdfinfo", "-meta", file).stdout
    assert all(line.split()[-5] == "yes" for line in run("pdffonts", file).stdout.splitlines()[2:])  # embedded


def test_the_same_draft_gives_the_same_bytes(pdf: Prepared) -> None:
    first = pdf.export(NO_REPORT, COMPLETE_RESPONSE)
    assert PdfExporter().prepare(LOOK).export(NO_REPORT, COMPLETE_RESPONSE) == first
    assert first.startswith(b"%PDF-")


@pytest.mark.parametrize("epoch", [None, "1700000000"])
def test_no_time_stands_in_its_fonts_either(pdf: Prepared, monkeypatch: pytest.MonkeyPatch, epoch: str | None) -> None:
    """Without HarfBuzz's part for it fontTools cuts down fonts."""
    monkeypatch.setattr("weasyprint.pdf.fonts.harfbuzz_subset", None)
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    if epoch is not None:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    first = pdf.export(NO_REPORT, COMPLETE_RESPONSE)
    monkeypatch.setattr("fontTools.misc.timeTools.time", SimpleNamespace(time=lambda: 2_000_000_000))
    assert pdf.export(NO_REPORT, COMPLETE_RESPONSE) == first
    assert os.environ.get("SOURCE_DATE_EPOCH") == epoch


@pytest.mark.hostile
def test_nothing_is_fetched_and_nothing_is_logged(
    pdf: Prepared, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(socket.socket, "connect", refused)
    with caplog.at_level(logging.DEBUG):
        for value in ('<img src="http://a.invalid/x.png">', "url(file:///etc/passwd)", *AWKWARD):
            made = pdf.export(NO_REPORT, Draft(page=PAGE, blocks=(Paragraph(plain(value)),)))
            assert made.startswith(b"%PDF-")
    assert [record for record in caplog.records if record.name.startswith("weasyprint")] == []


@pytest.mark.hostile
@pytest.mark.usefixtures("pdf")
def test_a_page_that_names_something_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    weasyprint = import_module("weasyprint")
    monkeypatch.setattr(socket.socket, "connect", refused)
    page = '<link rel="stylesheet" href="http://a.invalid/a.css"><img src="file:///etc/passwd">x'
    nothing = weasyprint.URLFetcher(allowed_protocols=())
    for url in ("http://a.invalid/a.css", "file:///etc/passwd", "data:text/css,"):
        with pytest.raises(ValueError, match="disallowed protocol"):
            nothing.fetch(url)
    assert weasyprint.HTML(string=page, url_fetcher=nothing).write_pdf().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ModuleNotFoundError("No module named 'weasyprint'"), "reporter[pdf]"),
        (OSError("cannot load library 'libpango-1.0-0'"), "apt-get install libpango"),
    ],
)
def test_without_the_library_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    def missing(name: str) -> object:
        if name == "weasyprint":
            raise error
        return import_module(name)

    monkeypatch.setattr(printed, "import_module", missing)
    with pytest.raises(SetupError) as stopped:
        PdfExporter().prepare(LOOK)
    assert words in str(stopped.value)
    assert stopped.value.code == "PDF_MISSING"
