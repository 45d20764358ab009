"""Drafts of a test, and both formats of them."""

from functools import cache
from pathlib import Path
from typing import Final, cast

from docx.oxml.ns import qn
from lxml import etree

from reporter.draft.interface import Block, Draft, Page, Report
from reporter.exporters.interface import Look, Prepared
from reporter.exporters.text import TextExporter
from reporter.exporters.web import WebExporter
from reporter.exporters.word import WordExporter
from tests.exporters.word_reading import parts

HOUSE: Final = Path(__file__).parents[2] / "templates" / "nac-response" / "house.docx"
PAGE: Final = Page(
    title="Response", patient_name="SAMPLE^ONE", patient_id="SYN-0001", patient_line="ID SYN-0001", date="2026-07-15"
)

NO_REPORT: Final = cast("Report", None)
"""Text and Word lay out the draft alone."""


@cache
def word(house: bytes | None = None) -> Prepared:
    return WordExporter().prepare(Look(name="set", house=house or HOUSE.read_bytes()))


def as_word(*blocks: Block, page: Page = PAGE) -> bytes:
    return word().export(NO_REPORT, Draft(page=page, blocks=blocks))


def as_text(*blocks: Block, page: Page = PAGE) -> str:
    return TextExporter().prepare(Look(name="set")).export(NO_REPORT, Draft(page=page, blocks=blocks)).decode()


def as_web(*blocks: Block, page: Page = PAGE) -> bytes:
    return WebExporter().prepare(Look(name="set")).export(NO_REPORT, Draft(page=page, blocks=blocks))


def parts_text(docx: bytes, *names: str) -> list[str]:
    """The words of some parts, without their paragraphs."""
    found = parts(docx)
    return ["".join(text.text or "" for text in etree.fromstring(found[name]).iter(qn("w:t"))) for name in names]
