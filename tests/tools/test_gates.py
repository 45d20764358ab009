"""A gate that lets everything pass proves nothing: each one is shown a sound file and broken ones."""

import shutil
from pathlib import Path
from zipfile import ZipFile

import docx
import pydicom
import pytest
from pydicom.data import get_testdata_file

from tests.gates import dicom_faults, pdf_pages, pdf_text, run, structured_report_text, word_faults

pytestmark = pytest.mark.tools

MINIMAL_PDF = b"""%PDF-1.4
1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj
3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>> endobj
4 0 obj <</Length 42>> stream
BT /F 18 Tf 20 100 Td (DRAFT 9.8 mm) Tj ET
endstream endobj
5 0 obj <</Type/Font/Subtype/Type1/BaseFont/Helvetica>> endobj
trailer <</Root 1 0 R>>
%%EOF
"""


def sample(name: str) -> Path:
    path = get_testdata_file(name)
    assert isinstance(path, str)
    return Path(path)


@pytest.fixture
def word_file(tmp_path: Path) -> Path:
    document = docx.Document()
    document.add_paragraph("DRAFT")
    path = tmp_path / "sound.docx"
    document.save(str(path))
    return path


def with_body(source: Path, target: Path, old: bytes, new: bytes) -> Path:
    """Copy a Word file, replacing bytes of its main part."""
    with ZipFile(source) as sound, ZipFile(target, "w") as broken:
        for item in sound.infolist():
            data = sound.read(item)
            if item.filename == "word/document.xml":
                assert old in data
                data = data.replace(old, new)
            broken.writestr(item.filename, data)
    return target


def test_sound_dicom_passes() -> None:
    assert dicom_faults(sample("CT_small.dcm")) == []


@pytest.mark.parametrize("keyword", ["Modality", "StudyInstanceUID", "Rows"])
def test_dicom_without_a_required_attribute_is_flagged(tmp_path: Path, keyword: str) -> None:
    dataset = pydicom.dcmread(sample("CT_small.dcm"))
    del dataset[keyword]
    dataset.save_as(tmp_path / "broken.dcm")
    assert any(keyword in fault for fault in dicom_faults(tmp_path / "broken.dcm"))


def test_what_is_no_dicom_is_flagged(tmp_path: Path) -> None:
    path = tmp_path / "table.dcm"
    path.write_text("lesion_id,long_axis\nL1,14\n")
    assert dicom_faults(path)


def test_sound_word_file_passes(word_file: Path) -> None:
    assert word_faults(word_file) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(b"<w:p>", b"<w:p><w:tc/>", id="a table cell inside a paragraph"),
        pytest.param(b"<w:p>", b'<w:p><w:pPr><w:jc w:val="middle"/></w:pPr>', id="no such alignment"),
        pytest.param(b"</w:body>", b"", id="an element that is never closed"),
    ],
)
def test_broken_word_file_is_flagged(word_file: Path, tmp_path: Path, old: bytes, new: bytes) -> None:
    assert word_faults(with_body(word_file, tmp_path / "broken.docx", old, new))


def test_truncated_word_file_is_flagged(word_file: Path, tmp_path: Path) -> None:
    data = word_file.read_bytes()
    (tmp_path / "short.docx").write_bytes(data[: len(data) // 2])
    assert word_faults(tmp_path / "short.docx")


def test_second_reader_reads_a_structured_report() -> None:
    assert "<CONTAINER:" in structured_report_text(sample("test-SR.dcm"))


def test_second_reader_refuses_an_image() -> None:
    with pytest.raises(AssertionError, match="dsrdump ended with"):
        structured_report_text(sample("CT_small.dcm"))


def test_words_and_pages_of_a_pdf(tmp_path: Path) -> None:
    path = tmp_path / "page.pdf"
    path.write_bytes(MINIMAL_PDF)
    assert pdf_text(path).split() == ["DRAFT", "9.8", "mm"]
    assert [page.name for page in pdf_pages(path, tmp_path)] == ["page-1.png"]


def test_what_is_no_pdf_is_refused(tmp_path: Path) -> None:
    shutil.copy(sample("CT_small.dcm"), tmp_path / "page.pdf")
    with pytest.raises(AssertionError, match="pdftotext ended with"):
        pdf_text(tmp_path / "page.pdf")


def test_a_program_that_is_missing_is_named() -> None:
    with pytest.raises(AssertionError, match="no-such-program is missing"):
        run("no-such-program")
