"""LibreOffice lays out what Word files say; that it tells a page with a notice from one without is shown here."""

from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from tests.gates import pdf_text

pytestmark = [pytest.mark.services, pytest.mark.tools]


def word_file(path: Path, *paragraphs: str) -> Path:
    document = docx.Document()
    for words in paragraphs:
        document.add_paragraph(words)
    document.save(str(path))
    return path


def test_words_reach_the_page(tmp_path: Path, as_pdf: Callable[[Path], Path]) -> None:
    text = pdf_text(as_pdf(word_file(tmp_path / "a.docx", "DRAFT", "14 mm → 9.8 mm, <5 mm, Müller")))
    assert "DRAFT" in text
    assert "14 mm → 9.8 mm, <5 mm, Müller" in text


def test_words_that_are_not_there_do_not(tmp_path: Path, as_pdf: Callable[[Path], Path]) -> None:
    assert "DRAFT" not in pdf_text(as_pdf(word_file(tmp_path / "b.docx", "Findings")))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path, as_pdf: Callable[[Path], Path]) -> None:
    with pytest.raises(AssertionError, match="LibreOffice made nothing"):
        as_pdf(tmp_path / "missing.docx")
