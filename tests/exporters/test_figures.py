"""Figures in every format: one set of names and numbers, editable in Word, described for who cannot see them."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Final

import openpyxl
import pytest
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from reporter.draft.drawing import Clock, Course, Dial, Spot, Trend
from reporter.draft.inert import clean
from reporter.draft.interface import Figure, Paragraph, plain
from reporter.exporters.plot import INTERVALS, axes, placed
from tests.draft.strategies import AWKWARD
from tests.exporters.exporting import as_text, as_web, as_word
from tests.exporters.figures import DATES, clock, trend
from tests.exporters.test_parity import squeezed
from tests.exporters.word_reading import opened, parts
from tests.gates import word_faults

C: Final = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
CHART, BOOK = "word/charts/report1.xml", "word/embeddings/report1.xlsx"


def flat(text: str) -> str:
    return clean(text).replace("\n", " ")


def text_of(element: etree._Element) -> str:
    return "".join(str(text) for text in element.itertext())


def chart_of(docx: bytes) -> etree._Element:
    return etree.fromstring(parts(docx)[CHART])


def drawing(figure: Figure) -> Trend:
    assert isinstance(figure.drawing, Trend)
    return figure.drawing


def series(chart: etree._Element) -> Iterator[tuple[str, list[str | None], list[str | None]]]:
    """Each series: its name, and its values across and up; None for a gap."""
    for one in chart.iter(f"{C}ser"):
        name = one.findtext(f"{C}tx/{C}strRef/{C}strCache/{C}pt/{C}v") or ""
        yield name, points(one, "xVal"), points(one, "yVal")


def points(one: etree._Element, axis: str) -> list[str | None]:
    cache = one.find(f"{C}{axis}/{C}numRef/{C}numCache")
    assert cache is not None
    count = cache.find(f"{C}ptCount")
    assert count is not None
    known = {point.get("idx"): point.findtext(f"{C}v") for point in cache.iter(f"{C}pt")}
    return [known.get(str(place)) for place in range(int(count.get("val", "")))]


def test_the_chart_has_the_names_and_numbers_of_the_trend_and_gaps_where_there_is_none() -> None:
    figure = trend()
    found = {name: (across, up) for name, across, up in series(chart_of(as_word(figure)))}
    for course in drawing(figure).courses:
        assert found[course.name][1] == [None if size is None else f"{size:f}" for size in course.sizes]
    assert found["smallest so far"][1] == [None, None, "0", "13"]
    assert found["therapy T1 right"][1] == ["0", "0"]
    gaps = chart_of(as_word(figure)).find(f".//{C}dispBlanksAs")
    assert gaps is not None
    assert gaps.get("val") == "gap"


def test_the_sheet_behind_the_chart_has_the_same_numbers_at_the_cells_that_the_chart_names() -> None:
    figure = trend()
    docx = parts(as_word(figure))
    sheet = openpyxl.load_workbook(io.BytesIO(docx[BOOK])).worksheets[0]
    assert [cell.value.date() for cell in sheet["A"][1:] if cell.value] == list(DATES)
    chart = etree.fromstring(docx[CHART])
    for one in chart.iter(f"{C}ser"):
        for axis in ("xVal", "yVal"):
            cells = one.findtext(f"{C}{axis}/{C}numRef/{C}f") or ""
            values = [cell.value for (cell,) in sheet[cells.removeprefix("Sheet1!").replace("$", "")]]
            if axis == "yVal":
                known = [None if value is None else Decimal(value) for value in points(one, axis)]
                assert [None if value is None else Decimal(str(value)) for value in values] == known
            else:
                assert all(value is not None for value in values)
        name = (one.findtext(f"{C}tx/{C}strRef/{C}f") or "").removeprefix("Sheet1!").replace("$", "")
        assert sheet[name].value == one.findtext(f"{C}tx/{C}strRef/{C}strCache/{C}pt/{C}v")


def test_days_below_the_axis_are_written_as_the_language_writes_them() -> None:
    usual, german = trend(), replace(trend(), drawing=replace(drawing(trend()), date_form="{day}.{month}.{year}"))
    day = axes(drawing(usual)).marks[0]
    assert f">{day}<".encode() in as_web(usual)
    assert f">{day:%d.%m.%Y}<".encode() in as_web(german)
    forms = [chart_of(as_word(figure)).find(f".//{C}valAx/{C}numFmt") for figure in (usual, german)]
    assert [form.get("formatCode") for form in forms if form is not None] == ["yyyy-mm-dd", "dd.mm.yyyy"]


@pytest.mark.hostile
@pytest.mark.parametrize("value", ["=1+1", "@x", "+1", "-1", "<a/>", '"', *AWKWARD])
def test_any_name_is_a_name_in_chart_sheet_and_page(value: str) -> None:
    figure = trend(value, value)
    docx = as_word(figure)
    assert flat(value) in [name for name, _, _ in series(chart_of(docx))]
    sheet = openpyxl.load_workbook(io.BytesIO(parts(docx)[BOOK])).worksheets[0]
    assert (sheet["B1"].value or "") == flat(value)
    assert sheet["B1"].data_type != "f"
    svg = next(html.document_fromstring(as_web(figure).decode()).iter("svg"))
    assert squeezed(clean(value)) in squeezed(text_of(svg))
    assert svg.get("aria-label", "").split() == flat(figure.alt).split()


@pytest.mark.parametrize("value", AWKWARD)
def test_any_label_stands_on_the_clock_of_every_format(value: str) -> None:
    figure = clock(value, value)
    text, page = as_text(figure), as_web(figure).decode()
    body = parts(as_word(figure))["word/document.xml"]
    boxes = [text_of(box) for box in etree.fromstring(body).iter(qn("w:txbxContent"))]
    assert flat(value) in boxes
    assert {"T2", "T3", "left breast", "right breast", "12", "3", "6", "9"} <= set(boxes)
    assert squeezed(clean(value)) in squeezed(text)
    svg = next(html.document_fromstring(page).iter("svg"))
    assert squeezed(clean(value)) in squeezed(text_of(svg))


def test_text_says_what_the_drawing_shows() -> None:
    text = as_text(trend(), clock())
    for line in ("Sizes", "T1 right 2   18 mm        not done     gone (smallest)", "- T1, mass: left 2 o'clock"):
        assert line in text
    assert "A gap was not measured" not in text


def test_text_leaves_out_what_the_report_says_beside_the_drawing() -> None:
    assert as_text(Paragraph(plain("a")), replace(trend(), told=()), Paragraph(plain("b"))) == "a\nb\n"


@pytest.mark.parametrize("figure", [trend(), clock()], ids=["trend", "clock"])
def test_caption_key_and_remarks_are_the_same_in_word_and_html(figure: Figure) -> None:
    made = [p.text for p in opened(as_word(figure)).paragraphs if p.text]
    (block,) = html.document_fromstring(as_web(figure).decode()).iter("figure")
    seen = [text_of(part) for part in block if part.tag in {"figcaption", "p"}]
    assert made == seen
    assert len(seen) == 2 + len(figure.remarks)


def test_a_drawing_is_described_and_numbered_once_in_a_document() -> None:
    document = opened(as_word(trend(), clock(), trend("other")))
    known = [element.attrib for element in document.element.iter(qn("wp:docPr"))]
    assert [properties["descr"] for properties in known] == [trend().alt, clock().alt, trend("other").alt]
    ids = [element.get("id") for element in document.element.iter() if str(element.tag).endswith(("docPr", "cNvPr"))]
    assert len(ids) == len(set(ids))
    assert {name for name in parts(as_word(trend(), trend())) if "charts/" in name or "embeddings/" in name} == {
        f"word/{name}"
        for n in (1, 2)
        for name in (f"charts/report{n}.xml", f"charts/_rels/report{n}.xml.rels", f"embeddings/report{n}.xlsx")
    }


def test_a_document_without_figures_says_nothing_of_them() -> None:
    plain_parts = parts(as_word(Paragraph(plain("x"))))
    assert not any("chart" in name or "embed" in name for name in plain_parts)
    assert b"chart" not in plain_parts["word/document.xml"] + plain_parts["[Content_Types].xml"]


def test_the_same_figure_gives_the_same_bytes_and_tells_no_time() -> None:
    first = as_word(trend(), clock())
    assert as_word(trend(), clock()) == first
    with zipfile.ZipFile(io.BytesIO(parts(first)[BOOK])) as book:
        assert {info.date_time for info in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.tools
@pytest.mark.parametrize("value", ["T1 right", "<&\"'>", "山田", ""])
def test_documents_with_figures_are_valid(value: str, tmp_path: Path) -> None:
    file = tmp_path / "figures.docx"
    file.write_bytes(as_word(trend(value), Paragraph(plain("between")), clock(value), trend("other")))
    assert word_faults(file) == []


sizes = st.none() | st.decimals(min_value=0, max_value=400, places=1)


@pytest.mark.property
@given(
    st.lists(st.dates(min_value=DATES[0], max_value=DATES[0].replace(year=2036)), min_size=2, max_size=8, unique=True),
    st.data(),
)
def test_axes_hold_every_size_and_date(dates: list[object], data: st.DataObject) -> None:
    days = tuple(sorted(dates))  # type: ignore[type-var]
    course = Course(name="x", sizes=tuple(data.draw(sizes) for _ in days), smallest=None)
    frame = axes(Trend(dates=days, courses=(course,), spans=(), unit="mm", smallest=""))  # type: ignore[arg-type]
    assert frame.start <= days[0]  # type: ignore[operator]
    assert frame.end >= days[-1]  # type: ignore[operator]
    assert all(0 <= size <= frame.top for size in course.sizes if size is not None)
    assert frame.marks[-1] == frame.end
    assert len(frame.marks) <= INTERVALS + 1
    assert frame.top // frame.step <= INTERVALS


@pytest.mark.property
@given(st.lists(st.tuples(st.integers(1, 12), st.none() | st.decimals(0, 200, places=0)), max_size=6))
def test_labels_on_a_dial_do_not_hide_each_other(spots: list[tuple[int, Decimal | None]]) -> None:
    lesions = tuple(Spot(label=str(n), hour=hour, distance=far) for n, (hour, far) in enumerate(spots))
    clock_of = clock().drawing
    assert isinstance(clock_of, Clock)
    dial = Dial(side=clock_of.dials[0].side, name="", spots=lesions)
    ((_, made),) = placed(Clock(dials=(dial,)))
    assert [spot.label for spot in made] == [spot.label for spot in lesions]
    for place, one in enumerate(made):
        assert all(abs(one.x - other.x) >= 190 or abs(one.y - other.y) >= 190 for other in made[:place])


def test_hours_stand_where_a_clock_has_them() -> None:
    spots = tuple(Spot(label=str(hour), hour=hour, distance=Decimal(100)) for hour in (12, 3, 6, 9, 2))
    drawn = clock().drawing
    assert isinstance(drawn, Clock)
    ((_, made),) = placed(Clock(dials=(Dial(side=drawn.dials[1].side, name="", spots=spots),)))
    assert [(spot.x, spot.y) for spot in made] == [(0, -880), (880, 0), (0, 880), (-880, 0), (762, -440)]
