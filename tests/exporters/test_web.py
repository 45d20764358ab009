"""The HTML page: whole in itself, escaped, readable by ear, the same bytes each time."""

import base64
import hashlib
import re
from itertools import pairwise
from typing import Final

import pytest
from lxml import html

from reporter.draft.inert import clean
from reporter.draft.interface import Align, Column, Page, Paragraph, Table, plain
from tests.draft.strategies import AWKWARD
from tests.exporters.exporting import as_web
from tests.exporters.model_report import COMPLETE_RESPONSE
from tests.exporters.web_reading import main_of, words

MODEL: Final = as_web(*COMPLETE_RESPONSE.blocks, page=COMPLETE_RESPONSE.page)
HOSTILE: Final = '"><script>alert(1)</script><img src=x onerror=alert(1)>&{{7*7}}'


def opened(page: bytes) -> html.HtmlElement:
    return html.document_fromstring(page, parser=html.HTMLParser(encoding="utf-8"))


def test_it_names_nothing_outside_itself_and_runs_nothing() -> None:
    tags = {str(element.tag) for element in opened(MODEL).iter() if isinstance(element.tag, str)}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "base", "form", "a", "video", "audio"}
    for element in opened(MODEL).iter():
        named = set(element.attrib)
        assert not named & {"src", "href", "style", "srcset", "action", "background"}, element.tag
        assert not any(str(name).startswith("on") for name in named)
    assert not re.search(rb"https?:|url\(|@import|//", MODEL)


def test_its_policy_allows_its_own_style_and_nothing_else() -> None:
    head = opened(MODEL).find("head")
    assert head is not None
    (policy,) = [m.get("content", "") for m in head.iter("meta") if m.get("http-equiv") == "Content-Security-Policy"]
    (style,) = [element.text or "" for element in head.iter("style")]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


@pytest.mark.hostile
@pytest.mark.parametrize("value", [*AWKWARD, HOSTILE])
def test_no_value_becomes_markup_wherever_it_stands(value: str) -> None:
    page = Page(title=value, patient_name=value, patient_id=value, patient_line=value, language=value, footer=value)
    made = opened(as_web(Paragraph(plain(value)), page=page))
    reference = opened(as_web(Paragraph(plain("x")), page=Page(title="x", language="x", footer="x")))
    added = {"br", "strong", "span", "p", "footer"}  # an empty line is left out, a newline is a break
    assert {str(e.tag) for e in made.iter()} - added == {str(e.tag) for e in reference.iter()} - added
    (title,) = made.iter("title")
    assert "".join((title.text or "").split()) == "".join(clean(value).split())


def test_a_table_names_its_heads_for_readers_that_speak() -> None:
    columns = (Column(name="a", header=""), Column(name="b", header="now", align=Align.RIGHT))
    rows = ((plain("MRI"), plain("5 mm")), ((), plain("7 mm")))
    (table,) = main_of(as_web(Table(columns=columns, rows=rows, intro=plain("Sizes"), total=True)))
    assert [words(caption) for caption in table.iter("caption")] == ["Sizes"]
    seen = [[(cell.tag, cell.get("scope"), cell.get("class"), words(cell)) for cell in row] for row in table.iter("tr")]
    assert seen == [
        [("td", None, None, ""), ("th", "col", "number", "now")],
        [("th", "row", None, "MRI"), ("td", None, "number", "5\u00a0mm")],
        [("td", None, None, ""), ("td", None, "number", "7\u00a0mm")],
    ]
    assert [row.get("class") for row in table.iter("tr")] == [None, None, "total"]


def test_language_title_headings_and_landmarks() -> None:
    page = opened(MODEL)
    assert page.get("lang") == COMPLETE_RESPONSE.page.language
    assert [words(title) for title in page.iter("title")] == [COMPLETE_RESPONSE.page.title]
    levels = [int(str(e.tag)[1]) for e in page.iter("h1", "h2", "h3")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    assert [str(part.tag) for part in page.iterfind("body/*")] == ["header", "main", "footer"]


def test_letterhead_and_footer_say_who_it_is_and_that_it_is_a_draft() -> None:
    page = Page(title="t", patient_name="SAMPLE^ONE", patient_id="SYN-1", patient_line="ID SYN-1", date="2026-07-15")
    made = opened(as_web(page=page))
    (header,), (footer,) = made.iter("header"), made.iter("footer")
    assert words(header).split("\n") == ["", "Breast Imaging", "SAMPLE^ONE", "ID SYN-1", "2026-07-15", ""]
    assert words(footer) == "DRAFT, not verified · SAMPLE^ONE · SYN-1"


def test_the_same_draft_gives_the_same_bytes() -> None:
    assert as_web(*COMPLETE_RESPONSE.blocks, page=COMPLETE_RESPONSE.page) == MODEL
