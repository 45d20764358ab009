"""What a plain script of pydicom, highdicom and docxtpl does for the drafts of a batch: the peer of `benchmarks.batch`.

Its templates are a draft of ours in Word and in text, the values of that case taken out: for another case it has to put
in the same paragraphs and tables what it reads in the files of that case.  It is spared much: it knows whose files are
whose, what rules and advice say of these patients stands in its templates, and it makes nothing sure on the disk.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from docx import Document
from docx.document import Document as DocumentObject
from docx.oxml.ns import qn
from docx.text.run import Run
from docxtpl import DocxTemplate  # type: ignore[import-untyped]
from jinja2 import Template
from pydicom import dcmread

from benchmarks.index import text_of
from reporter.readers.index_columns import COLUMNS
from tests.readers import library_documents as library

_OTHER: Final = 3
"""Paragraphs that may differ: a technique, as said here and there, and a doubt, of the headers of some patients."""
_OTHER_WORDS: Final = 24


def folder_of(case: int) -> str:
    """The folder of a patient in the export."""
    return f"P{case:06}"


def values(export: Path, case: int) -> dict[str, str]:
    """What the draft of a case says of its own, from its files."""
    images: dict[str, dict[str, str | None]] = {}
    sizes: dict[str, dict[str, Decimal]] = {}
    for path in sorted((export / folder_of(case)).rglob("*")):
        if not path.is_file():
            continue
        header = dcmread(path, stop_before_pixels=True)
        taken = {column.keyword: text_of(header, column.tag) for column in COLUMNS}
        day = _day(taken["StudyDate"])
        if taken["Modality"] == "SR":
            found = library.read(path.read_bytes())
            sizes[day] = {one.label: one.value for one in found if one.name == library.LONG_AXIS.value}
        else:
            images[day] = taken
    (before, then), (today, now) = sorted(sizes.items())
    image = images[today]
    return {
        "folder": folder_of(case),
        "name": str(image["PatientName"]),
        "patient_id": str(image["PatientID"]),
        "age": f"{_years(_day(image['PatientBirthDate']), today)} years",
        "before": before,
        "today": today,
        **{f"{label}_then": str(size) for label, size in then.items()},
        **{f"{label}_now": str(size) for label, size in now.items()},
        "change": _change(sum(then.values()), sum(now.values())),
        "sum_then": _added_up(sum(then.values())),
        "sum_now": _added_up(sum(now.values())),
    }


def _day(text: str | None) -> str:
    return f"{str(text)[:4]}-{str(text)[4:6]}-{str(text)[6:]}"


def _years(born: str, today: str) -> int:
    first, last = date.fromisoformat(born), date.fromisoformat(today)
    return last.year - first.year - ((last.month, last.day) < (first.month, first.day))


def _change(then: Decimal | int, now: Decimal | int) -> str:
    return f"{round(100 * (now - then) / Decimal(then), 1)} %"


def _added_up(total: Decimal | int) -> str:
    """With the digits of what was added, unless they are all noughts."""
    return str(int(total) if total == int(total) else total)


class Script:
    """Fills the templates, case by case."""

    def __init__(self, word: bytes, text: str, of: Mapping[str, str]) -> None:
        """The templates are a draft in Word and in text, its values taken out; `of` are these values."""
        fields = {value: f"{{{{ {name} }}}}" for name, value in of.items()}
        longest_first = sorted(fields, key=len, reverse=True)
        found = re.compile(rf"(?<![\w.])(?:{'|'.join(map(re.escape, longest_first))})(?!\w|\.[0-9])")

        def taken_out(text: str) -> str:
            return found.sub(lambda match: fields[match[0]], _spaced(text))

        document = Document(io.BytesIO(word))
        for run in _runs(document):
            if (changed := taken_out(run.text)) != run.text:
                run.text = changed
        written = io.BytesIO()
        document.save(written)
        self._word, self._text = written.getvalue(), Template(taken_out(text), keep_trailing_newline=True)

    def write(self, export: Path, case: int, out: Path) -> None:
        """The drafts of a case."""
        read = values(export, case)
        document = DocxTemplate(io.BytesIO(self._word))
        document.render(read, autoescape=True)
        document.save(out / f"{case}.docx")
        (out / f"{case}.txt").write_text(self._text.render(read), encoding="utf-8")


def check_same(script: Path, ours: Path) -> None:
    """See that a draft of the script, a Word file with a text beside it, says what ours says.

    Raises:
        AssertionError: it says something else, or less.

    """
    said, wanted = (Counter(_paragraphs(word)) for word in (script, ours))
    assert ((said - wanted) + (wanted - said)).total() <= _OTHER, f"{said - wanted} instead of {wanted - said}"
    said, wanted = (Counter(word.with_suffix(".txt").read_text(encoding="utf-8").split()) for word in (script, ours))
    assert ((said - wanted) + (wanted - said)).total() <= _OTHER_WORDS, f"{said - wanted} instead of {wanted - said}"


def _paragraphs(path: Path) -> Iterator[str]:
    document = Document(str(path))
    for paragraph in document.element.body.iter(qn("w:p")):
        yield _spaced("".join(run.text for run in paragraph.iter(qn("w:r"))))


def _spaced(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def _runs(document: DocumentObject) -> list[Run]:
    """All runs of a document, those of its tables, header and footer among them."""
    section = document.sections[0]
    roots = (document.element.body, section.header.part.element, section.footer.part.element)
    return [Run(run, document) for root in roots for run in root.iter(qn("w:r"))]
