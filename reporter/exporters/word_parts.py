"""What a Word package says of its parts where a report adds charts: their types, and how the document names them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from reporter.draft.drawing import Trend
from reporter.exporters.word_chart import chart, workbook
from reporter.exporters.zipped import FAST, Part, deflate

_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CHART: Final = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plumbing:
    """The two parts of a house that name all others."""

    types: bytes
    """`[Content_Types].xml`."""
    relations_name: str
    """Where the relations of the main part stand."""
    relations: bytes


def relation(number: int) -> str:
    """By which id the document names a chart."""
    return f"rIdReportChart{number + 1}"


@lru_cache(maxsize=32)
def plumbed(plumbing: Plumbing, charts: int) -> tuple[Part, Part]:
    """The two parts with so many charts more; deflated once for each number."""
    types = "".join(
        f'<Override PartName="/{_chart(number)}" ContentType="{_CHART}"/>'
        f'<Override PartName="/{_workbook(number)}" ContentType="{_SHEET}"/>'
        for number in range(charts)
    )
    named = "".join(
        f'<Relationship Id="{relation(number)}" Type="{_OFFICE}/chart" Target="/{_chart(number)}"/>'
        for number in range(charts)
    )
    return (
        deflate("[Content_Types].xml", _before(plumbing.types, b"</Types>", types)),
        deflate(plumbing.relations_name, _before(plumbing.relations, b"</Relationships>", named)),
    )


def _before(xml: bytes, end: bytes, added: str) -> bytes:
    head, _, tail = xml.rpartition(end)
    return head + added.encode() + end + tail


def chart_parts(trends: Sequence[Trend], font: str) -> Iterator[Part]:
    """For each trend its chart, the sheet behind it, and the relation between them."""
    for number, trend in enumerate(trends):
        yield deflate(_chart(number), chart(trend, font), FAST)
        yield deflate(_workbook(number), workbook(trend), FAST)
        yield deflate(
            _chart(number).replace("charts/", "charts/_rels/") + ".rels",
            (
                '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
                '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                f'<Relationship Id="rId1" Type="{_OFFICE}/package" Target="/{_workbook(number)}"/></Relationships>'
            ).encode(),
            FAST,
        )


def _chart(number: int) -> str:
    return f"word/charts/report{number + 1}.xml"


def _workbook(number: int) -> str:
    return f"word/embeddings/report{number + 1}.xlsx"
