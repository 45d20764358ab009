"""A trend as a chart of Word's own: a reader can select it, restyle it and edit its numbers in the sheet behind it.

The axis of time has true distances and marks at whole steps; each lesion has a colour, a dash and a mark of its own,
so that a grey print still tells them apart.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from operator import itemgetter
from typing import Final, NamedTuple
from xml.sax.saxutils import escape

from reporter.draft.drawing import Trend
from reporter.draft.inert import clean
from reporter.exporters.plot import RING, Axes, Ink, axes, inks, rings, within
from reporter.exporters.zipped import FAST, Part, deflate, package

WIDTH: Final = 5_940_000
"""English Metric Units: 16.5 cm."""
_FEW: Final = 4  # courses whose legend stands in the height of the chart
_DAY_0: Final = dt.date(1899, 12, 30)  # of spreadsheets
_GREY: Final = "595959"
_SPAN: Final = "A9B7CC"
_DATE: Final = "yyyy-mm-dd"
"""Of the numbers behind the chart, which no reader sees before editing them."""
_DATES: Final = "Date"
_ZERO: Final = Decimal(0)

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OPEN: Final = (
    f'{_HEAD}<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<c:date1904 val="0"/><c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout/>'
    '<c:scatterChart><c:scatterStyle val="lineMarker"/><c:varyColors val="0"/>'
)
_AXES: Final = '<c:axId val="1001"/><c:axId val="1002"/></c:scatterChart>'
_NO_LINE: Final = "<a:ln><a:noFill/></a:ln>"


def height(trend: Trend) -> int:
    """English Metric Units; a long legend makes a chart higher."""
    return 1_980_000 + 150_000 * max(0, len(trend.courses) - _FEW)


def chart(trend: Trend, font: str) -> bytes:
    """The chart part; its numbers are those of `workbook`."""
    frame = axes(trend)
    series = [*_ring_series(trend), *_course_series(trend), *_span_series(trend, frame)]
    numbered = (
        f'<c:ser><c:idx val="{place}"/><c:order val="{place}"/>{one}</c:ser>' for place, one in enumerate(series)
    )
    ends = [_AXES, _axis_of_time(frame, trend), _axis_of_sizes(frame, trend), _close(font)]
    return "".join([_OPEN, *numbered, *ends]).encode()


def _course_series(trend: Trend) -> Iterator[str]:
    """A line for each lesion."""
    last = len(trend.dates) + 1
    for place, (course, ink) in enumerate(zip(trend.courses, inks(len(trend.courses)), strict=True), start=1):
        yield _series(
            Named(course.name, _line(ink), _mark(ink)),
            ("A", _letters(place), last),
            [_serial(date) for date in trend.dates],
            course.sizes,
        )


def _rings(trend: Trend) -> list[tuple[dt.date, Decimal | None]]:
    """The smallest sizes, and a blank at each other date: LibreOffice draws nothing of points on one vertical line."""
    marked = rings(trend)
    blanks = set(trend.dates) - {date for date, _ in marked}
    return sorted([*marked, *((date, None) for date in blanks)], key=itemgetter(0)) if marked else []


def _ring_series(trend: Trend) -> Iterator[str]:
    """The smallest sizes: a cross around the mark of the lesion, since not every program draws hollow marks."""
    marked = _rings(trend)
    if marked:
        first, second = _pair(trend, 0)
        mark = (
            f'<c:marker><c:symbol val="plus"/><c:size val="15"/><c:spPr>{_fill(RING)}<a:ln w="12700">{_fill(RING)}'
            "</a:ln></c:spPr></c:marker>"
        )
        yield _series(
            Named(trend.smallest, _NO_LINE, mark),
            (first, second, len(marked) + 1),
            [_serial(date) for date, _ in marked],
            [size for _, size in marked],
        )


def _span_series(trend: Trend, frame: Axes) -> Iterator[str]:
    """A bar at the foot for each stretch of time."""
    line = f'<a:ln w="63500" cap="flat">{_fill(_SPAN)}<a:prstDash val="solid"/></a:ln>'
    for place, (name, start, end) in enumerate(within(frame, trend), start=1):
        named = Named(name, line, '<c:marker><c:symbol val="none"/></c:marker>')
        yield _series(named, (*_pair(trend, place), 3), [_serial(start), _serial(end)], [_ZERO, _ZERO])


def _close(font: str) -> str:
    return (
        f'<c:spPr><a:noFill/>{_NO_LINE}</c:spPr></c:plotArea><c:legend><c:legendPos val="b"/><c:overlay val="0"/>'
        '</c:legend><c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        f"<c:spPr><a:noFill/>{_NO_LINE}</c:spPr>{_letters_of(font)}"
        '<c:externalData r:id="rId1"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>'
    )


def _letters_of(font: str) -> str:
    face = escape(font, {'"': "&quot;"})
    return (
        f'<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="900">{_fill(_GREY)}<a:latin typeface="{face}"/>'
        f'<a:ea typeface="{face}"/><a:cs typeface="{face}"/></a:defRPr></a:pPr>'
        "<a:endParaRPr/></a:p></c:txPr>"
    )


class Named(NamedTuple):
    """A series: what the legend calls it, its line and its marks."""

    name: str
    line: str
    marks: str


def _series(named: Named, cells: tuple[str, str, int], dates: Sequence[int], sizes: Sequence[Decimal | None]) -> str:
    """A series but for its number; its cells are two columns down to a row."""
    first, second, last = cells
    return (
        f"<c:tx><c:strRef><c:f>Sheet1!${second}$1</c:f><c:strCache>"
        f'<c:ptCount val="1"/><c:pt idx="0"><c:v>{_words(named.name)}</c:v></c:pt>'
        f"</c:strCache></c:strRef></c:tx><c:spPr>{named.line}</c:spPr>{named.marks}"
        f"{_values('xVal', f'Sheet1!${first}$2:${first}${last}', dates, _DATE)}"
        f"{_values('yVal', f'Sheet1!${second}$2:${second}${last}', sizes, 'General')}"
        '<c:smooth val="0"/>'
    )


def _line(ink: Ink) -> str:
    return f'<a:ln w="19050" cap="rnd">{_fill(ink.colour)}<a:prstDash val="{ink.dash}"/><a:round/></a:ln>'


def _mark(ink: Ink) -> str:
    return (
        f'<c:marker><c:symbol val="{ink.shape}"/><c:size val="8"/><c:spPr>{_fill(ink.colour)}'
        f'<a:ln w="19050">{_fill(ink.colour)}<a:prstDash val="solid"/></a:ln></c:spPr></c:marker>'
    )


def _values(tag: str, cells: str, values: Sequence[Decimal | int | None], form: str) -> str:
    points = "".join(
        f'<c:pt idx="{place}"><c:v>{value:f}</c:v></c:pt>'
        if isinstance(value, Decimal)
        else f'<c:pt idx="{place}"><c:v>{value}</c:v></c:pt>'
        for place, value in enumerate(values)
        if value is not None
    )
    return (
        f"<c:{tag}><c:numRef><c:f>{cells}</c:f><c:numCache><c:formatCode>{form}</c:formatCode>"
        f'<c:ptCount val="{len(values)}"/>{points}</c:numCache></c:numRef></c:{tag}>'
    )


def _axis_of_time(frame: Axes, trend: Trend) -> str:
    form = _words(trend.date_form.format(year="yyyy", month="mm", day="dd"))
    return (
        '<c:valAx><c:axId val="1001"/><c:scaling><c:orientation val="minMax"/>'
        f'<c:max val="{_serial(frame.end)}"/><c:min val="{_serial(frame.start)}"/></c:scaling><c:delete val="0"/>'
        f'<c:axPos val="b"/><c:numFmt formatCode="{form}" sourceLinked="0"/><c:majorTickMark val="out"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="low"/><c:spPr><a:ln w="9525">{_fill(_GREY)}</a:ln></c:spPr>'
        f'<c:crossAx val="1002"/><c:crosses val="min"/><c:crossBetween val="midCat"/>'
        f'<c:majorUnit val="{frame.days}"/></c:valAx>'
    )


def _axis_of_sizes(frame: Axes, trend: Trend) -> str:
    unit = escape(clean(trend.unit), {'"': ""})
    return (
        '<c:valAx><c:axId val="1002"/><c:scaling><c:orientation val="minMax"/>'
        f'<c:max val="{frame.top}"/><c:min val="0"/></c:scaling><c:delete val="0"/><c:axPos val="l"/>'
        f'<c:majorGridlines><c:spPr><a:ln w="6350">{_fill("D9DEE7")}</a:ln></c:spPr></c:majorGridlines>'
        f'<c:numFmt formatCode="0&quot; {unit}&quot;" sourceLinked="0"/><c:majorTickMark val="none"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:spPr>{_NO_LINE}</c:spPr>'
        f'<c:crossAx val="1001"/><c:crosses val="min"/><c:crossBetween val="midCat"/>'
        f'<c:majorUnit val="{frame.step}"/></c:valAx>'
    )


def _fill(colour: str) -> str:
    return f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>'


def _serial(date: dt.date) -> int:
    """A day as spreadsheets count it."""
    return (date - _DAY_0).days


def _words(text: str) -> str:
    return escape(clean(text).replace("\n", " "))


# -- the sheet behind it ----------------------------------------------------------------------------------------------

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STATIC: Final = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument"'
        ' Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets>'
        "</workbook>"
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" Type="{_OFFICE}/worksheet"'
        f' Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/>'
        "</Relationships>"
    ),
    "xl/styles.xml": (
        f'<styleSheet xmlns="{_MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="{_DATE}"/></numFmts>'
        '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/>'
        '</fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ),
}


@cache
def _static() -> tuple[Part, ...]:
    return tuple(deflate(name, (_HEAD + xml).encode()) for name, xml in _STATIC.items())


def workbook(trend: Trend) -> bytes:
    """The sheet with the numbers of a chart: a row a date, a column a lesion, and two columns for each mark."""
    return package([*_static(), deflate("xl/worksheets/sheet1.xml", _sheet(trend).encode(), FAST)])


def _sheet(trend: Trend) -> str:
    columns: dict[str, list[str | None]] = {"A": [_text(_DATES), *map(_day, trend.dates)]}
    for place, course in enumerate(trend.courses, start=1):
        columns[_letters(place)] = [_text(course.name), *map(_number, course.sizes)]
    pairs: list[tuple[str, Sequence[tuple[dt.date, Decimal | None]]]] = [(trend.smallest, _rings(trend))]
    pairs += [(name, ((start, _ZERO), (end, _ZERO))) for name, start, end in within(axes(trend), trend)]
    for place, (name, points) in enumerate(pairs):
        first, second = _pair(trend, place)
        columns[first] = [_text(_DATES), *(_day(date) for date, _ in points)]
        columns[second] = [_text(name), *(_number(size) for _, size in points)]
    rows = "".join(
        f'<row r="{number}">{"".join(_cells(columns, number))}</row>' for number in range(1, _rows(columns) + 1)
    )
    return f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def _rows(columns: Mapping[str, Sequence[str | None]]) -> int:
    return max(len(cells) for cells in columns.values())


def _cells(columns: Mapping[str, Sequence[str | None]], number: int) -> Iterator[str]:
    for letters, cells in columns.items():
        content = cells[number - 1] if number <= len(cells) else None
        if content is not None:
            yield f'<c r="{letters}{number}"{content}'


def _number(size: Decimal | None) -> str | None:
    return None if size is None else f"><v>{size:f}</v></c>"


def _day(date: dt.date) -> str:
    return f' s="1"><v>{_serial(date)}</v></c>'


def _text(text: str) -> str:
    """Text in the cell itself, which no program takes for a formula."""
    return f' t="inlineStr"><is><t xml:space="preserve">{_words(text)}</t></is></c>'


def _pair(trend: Trend, place: int) -> tuple[str, str]:
    """The two columns of what has dates of its own: the smallest sizes, then each stretch of time."""
    first = len(trend.courses) + 1 + 2 * place
    return _letters(first), _letters(first + 1)


def _letters(place: int) -> str:
    """The name of a column, from A for 0."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
