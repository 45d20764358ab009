"""Figures in the body of a Word document: the frame of a chart, and the breast clock as shapes that can be edited."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

from reporter.draft.drawing import Clock
from reporter.draft.inert import clean
from reporter.exporters.plot import Placed, hour_at, placed
from reporter.exporters.word_chart import WIDTH

NAMESPACES: Final = (
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
    ' xmlns:wpg="http://schemas.microsoft.com/office/word/2010/wordprocessingGroup"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
"""What the document declares where it holds a figure."""

FIRST_ID: Final = 9001
"""Of the first figure; those in headers and footers are smaller."""

_RADIUS: Final = 828_000  # 2.3 cm
_HIGH: Final = 2_340_000
_MIDDLE: Final = 1_060_000
_COLUMN: Final = WIDTH // 2
_SPOT: Final = 108_000
_NAVY, _PLUM, _PALE, _EDGE = "1F3864", "8B3A62", "F6F8FB", "A9B7CC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lettering:
    """How words in a drawing look."""

    style: str
    """Id of the paragraph style."""
    half_points: int = 16


def frame(number: int, alt: str, high: int, content: str) -> str:
    """A run with a drawing in the line of text; `number` counts the figures of the document."""
    described = escape(clean(alt).replace("\n", " "), {'"': "&quot;"})
    identity = FIRST_ID + 1000 * number
    return (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{WIDTH}" cy="{high}"/>'
        f'<wp:docPr id="{identity}" name="Figure {number + 1}" descr="{described}"/><wp:cNvGraphicFramePr/>'
        f"<a:graphic>{content}</a:graphic></wp:inline></w:drawing></w:r>"
    )


def chart_content(relation: str) -> str:
    """What stands in the frame of a chart."""
    return (
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        f'<c:chart r:id="{relation}"/></a:graphicData>'
    )


def clock_frame(number: int, alt: str, clock: Clock, lettering: Lettering) -> str:
    """A clock in its frame: one group of shapes."""
    shapes = "".join(
        f'<wps:wsp><wps:cNvPr id="{FIRST_ID + 1000 * number + place}" name="Shape {place}"/>{shape}</wps:wsp>'
        for place, shape in enumerate(_shapes(clock, lettering), start=1)
    )
    size = f'cx="{WIDTH}" cy="{_HIGH}"'
    content = (
        '<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingGroup"><wpg:wgp>'
        f'<wpg:cNvGrpSpPr/><wpg:grpSpPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/><a:chOff x="0" y="0"/>'
        f"<a:chExt {size}/></a:xfrm></wpg:grpSpPr>{shapes}</wpg:wgp></a:graphicData>"
    )
    return frame(number, alt, _HIGH, content)


def _shapes(clock: Clock, lettering: Lettering) -> Iterator[str]:
    for number, (dial, spots) in enumerate(placed(clock)):
        middle = _COLUMN // 2 + _COLUMN * number
        yield _circle(middle, _MIDDLE, _RADIUS, _PALE, _NAVY)
        yield _ticks(middle)
        yield _circle(middle, _MIDDLE, 64_000, _EDGE, _EDGE)
        for hour in (12, 3, 6, 9):
            right, down = hour_at(hour)
            x, y = middle + right * 960, _MIDDLE + down * 940
            yield _words(x, y, 320_000, str(hour), lettering, "595959")
        for spot in spots:
            yield from _spot(middle, spot, lettering)
        yield _words(middle, _HIGH - 100_000, _COLUMN, dial.name, lettering, _NAVY, bold=True)


def _spot(middle: int, spot: Placed, lettering: Lettering) -> Iterator[str]:
    x, y = middle + spot.x * _RADIUS // 1000, _MIDDLE + spot.y * _RADIUS // 1000
    fill, ink = ("FFFFFF", _PLUM) if spot.open else (_PLUM, "FFFFFF")
    yield _circle(x, y, _SPOT, fill, _PLUM)
    if len(spot.label) <= 3:  # ruff: ignore[magic-value-comparison] - letters that have room in the circle
        yield _words(x, y, 3 * _SPOT, spot.label, lettering, ink, bold=True)
    else:
        wide = 1_000_000
        at = x + _SPOT + wide // 2 + 20_000
        yield _words(at, y, wide, spot.label, lettering, _PLUM, bold=True, align="left")


def _ticks(middle: int) -> str:
    """Twelve ticks as one path."""
    size = 2 * _RADIUS
    path = ""
    for hour in range(12):
        right, down = hour_at(hour)
        for word, reach in (("moveTo", 1000), ("lnTo", 935)):
            x, y = (_RADIUS + part * reach // 1000 * _RADIUS // 1000 for part in (right, down))
            path += f'<a:{word}><a:pt x="{x}" y="{y}"/></a:{word}>'
    return (
        f"<wps:cNvSpPr/><wps:spPr>{_box(middle - _RADIUS, _MIDDLE - _RADIUS, size, size)}"
        '<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/><a:rect l="0" t="0" r="r" b="b"/><a:pathLst>'
        f'<a:path w="{size}" h="{size}" fill="none">{path}</a:path></a:pathLst></a:custGeom>'
        f'<a:noFill/><a:ln w="9525">{_fill(_NAVY)}</a:ln></wps:spPr><wps:bodyPr/>'
    )


def _circle(x: int, y: int, radius: int, inside: str, edge: str) -> str:
    return (
        f"<wps:cNvSpPr/><wps:spPr>{_box(x - radius, y - radius, 2 * radius, 2 * radius)}"
        f'<a:prstGeom prst="ellipse"><a:avLst/></a:prstGeom>{_fill(inside)}<a:ln w="12700">{_fill(edge)}</a:ln>'
        "</wps:spPr><wps:bodyPr/>"
    )


def _words(
    x: int,
    y: int,
    wide: int,
    text: str,
    lettering: Lettering,
    colour: str,
    *,
    bold: bool = False,
    align: str = "center",
) -> str:
    """A text box around a point."""
    high = 200_000
    size = f'<w:sz w:val="{lettering.half_points}"/>'
    weight = "<w:b/>" if bold else ""
    return (
        f'<wps:cNvSpPr txBox="1"/><wps:spPr>{_box(x - wide // 2, y - high // 2, wide, high)}'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/></wps:spPr><wps:txbx><w:txbxContent>'
        f'<w:p><w:pPr><w:pStyle w:val="{lettering.style}"/><w:spacing w:before="0" w:after="0"/>'
        f'<w:jc w:val="{align}"/></w:pPr><w:r><w:rPr>{weight}<w:color w:val="{colour}"/>{size}</w:rPr>'
        f'<w:t xml:space="preserve">{escape(clean(text).replace(chr(10), " "))}</w:t></w:r></w:p></w:txbxContent>'
        '</wps:txbx><wps:bodyPr wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="ctr"/>'
    )


def _box(x: int, y: int, wide: int, high: int) -> str:
    return f'<a:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="{wide}" cy="{high}"/></a:xfrm>'


def _fill(colour: str) -> str:
    return f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>'
