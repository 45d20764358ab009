"""Drafts per second, against docxtpl filling an equivalent document, in one interleaved run.

Four lesions at four dates; every value of every report is its own, so that no memory of an earlier report's values
helps. The ratios are what counts: absolute times vary with the machine. `plain parse` reads the Markdown of every
report anew, as `reporter.draft.memo` need not. `own set` is rendered in a guarded process, as the set of a site is: its
processor time counts too.
"""

import io
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import count
from pathlib import Path
from typing import Final, cast

from docx import Document
from docxtpl import DocxTemplate  # type: ignore[import-untyped]

from reporter.draft import compose as composing
from reporter.draft import markup
from reporter.draft.compose import Mandatory
from reporter.draft.drawing import Course, Trend
from reporter.draft.environment import TemplateSet
from reporter.draft.interface import Align, Column, Draft, Figure, Page, Paragraph, Report, plain
from reporter.draft.rendering import MAIN, Renderer, compile_set
from reporter.draft.tables import Rows
from reporter.draft.writer import Material, composed
from reporter.exporters.interface import Look, Prepared
from reporter.exporters.text import TextExporter
from reporter.exporters.web import WebExporter
from reporter.exporters.word import WordExporter
from reporter.guard import Worker

ROUNDS: Final = 5
REPORTS: Final = 40
HOUSE: Final = Path(__file__).parents[1] / "templates" / "nac-response" / "house.docx"
DATES: Final = ("2026-01-12", "2026-03-09", "2026-05-18", "2026-07-27")
NO_REPORT: Final = cast("Report", None)

TEMPLATE: Final = """\
# Response to neoadjuvant therapy

## Clinical information

{{ clinical }} Chemotherapy from {{ start }}. Operation: not yet decided.

## Findings

{{ sites | table("site", "d0", "d1", "d2", "d3", "change", intro="Longest diameter") }}

{% for site in sites %}
### {{ site.site }}, {{ site.where }}

Mass, **{{ site.d3 }}** now, it was {{ site.d0 }} at baseline; {{ site.note }}.

{% endfor %}
## Impression

1. Left breast: {{ category | upper }}. {{ sentence }}
1. Left axilla: the node now measures {{ node }}.
1. Markers: {{ marker }}.

## Recommendation

- Surgery: {{ surgery }}.
- Imaging: none outstanding.

## Escalation

{{ escalation_block }}

## Basis

{{ basis_block }}
"""


def fields(number: int) -> dict[str, object]:
    """The values of one report."""
    columns = (
        Column(name="site", header="Lesion"),
        *(Column(name=f"d{n}", header=date, align=Align.RIGHT) for n, date in enumerate(DATES)),
        Column(name="change", header="Change", align=Align.RIGHT),
    )
    return {
        "clinical": f"Left invasive carcinoma {number}, grade 3, triple negative; one biopsy-proven node.",
        "start": "2026-02-02",
        "sites": Rows(columns=columns, rows=tuple(_site(number, site) for site in range(4))),
        "category": "partial response",
        "sentence": f"The sum fell from {number} mm to {number / Decimal(2)} mm & no new lesion <5 mm is seen.",
        "node": f"{number}.5 mm",
        "marker": f"coil {number} seen, not displaced",
        "surgery": f"excision targeted on the marked bed {number}",
    }


def _site(number: int, site: int) -> Mapping[str, str]:
    sizes = {f"d{n}": f"{Decimal(number * 10 + site * 7 + n) / 10} mm" for n in range(4)}
    said = {"site": f"L{site}-{number}", "where": f"left {site + 1} o'clock", "note": f"margin_{number} | a*b"}
    return said | sizes | {"change": "-53 %"}


def trend(number: int) -> Figure:
    """The sizes of one report, drawn."""
    courses = tuple(
        Course(
            name=f"L{site}-{number}",
            sizes=tuple(Decimal(number * 10 + site * 7 + n) / 10 for n in range(4)),
            smallest=3,
        )
        for site in range(4)
    )
    dates = tuple(date.fromisoformat(day) for day in DATES)
    drawing = Trend(dates=dates, courses=courses, spans=(), unit="mm", smallest="smallest so far")
    return Figure(drawing=drawing, caption=(), alt=f"Sizes of {number}", key=(), told=())


def drafts(*, figure: bool = False) -> Callable[[], Draft]:
    """Compile the template once; give the next draft at each call."""
    renderer = compile_set(TemplateSet(name="benchmark", sources={MAIN: TEMPLATE}))
    numbers = count(1000)

    def draft() -> Draft:
        number = next(numbers)
        made = composed(renderer, material(number))
        return replace(made, blocks=(*made.blocks, trend(number))) if figure else made

    return draft


def material(number: int) -> Material:
    """What one report is composed of."""
    return Material(
        fields=fields(number),
        page=Page(title="Response", patient_name="SAMPLE^ONE", patient_id=f"SYN-{number}"),
        escalation=Mandatory(heading="x", blocks=(Paragraph(plain(f"None required {number}.")),)),
        basis=Mandatory(heading="y", blocks=(Paragraph(plain(f"Table rows 1-{number}.")),)),
        figures={},
    )


def ours(prepared: Prepared, *, figure: bool = False) -> Callable[[], bytes]:
    """Fields to file, everything that a report costs."""
    draft = drafts(figure=figure)
    return lambda: prepared.export(NO_REPORT, draft())


class InAWorker:
    """Drafts as a site's own set makes them: fields here, the template in a guarded process kept for all."""

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared
        self._numbers = count(1000)
        renderer = compile_set(TemplateSet(name="benchmark", sources={MAIN: TEMPLATE}))
        self._worker: Worker[Material, tuple[Draft, float]] = Worker(partial(_timed, renderer), file="benchmark")
        self.there = 0.0
        """Seconds of processor time that its process has taken."""

    def __call__(self) -> bytes:
        """The next report."""
        draft, self.there = self._worker(material(next(self._numbers)))
        return self._prepared.export(NO_REPORT, draft)


def _timed(renderer: Renderer, given: Material) -> tuple[Draft, float]:
    return composed(renderer, given), time.process_time()


def without_memory(make: Callable[[], bytes]) -> Callable[[], bytes]:
    """The same, each report's Markdown read as if it were the first."""

    def plainly() -> bytes:
        remembering = composing.blocks
        composing.blocks = markup.blocks
        try:
            return make()
        finally:
            composing.blocks = remembering

    return plainly


def with_docxtpl() -> Callable[[], bytes]:
    """The same words in a Word template that docxtpl fills."""
    template, numbers = _docxtpl_template(), count(1000)

    def fill() -> bytes:
        document, number = DocxTemplate(io.BytesIO(template)), next(numbers)
        values = fields(number)
        values["sites"] = [dict(row) for row in cast("Rows", values["sites"])]
        document.render(values | _page_values(number), autoescape=True)
        written = io.BytesIO()
        document.save(written)
        return written.getvalue()

    return fill


def _page_values(number: int) -> dict[str, object]:
    """What header and footer print."""
    return {
        "number": number,
        "department": {"name": "Breast Imaging", "institution": ""},
        "patient": {"name": "SAMPLE^ONE", "id": f"SYN-{number}", "line": ""},
        "report": {"date": "2026-07-27", "footer": "DRAFT, not verified"},
    }


def _docxtpl_template() -> bytes:
    document = Document(str(HOUSE))
    for paragraph in list(document.paragraphs):
        paragraph.clear()  # type: ignore[no-untyped-call]
    for style, text in _docxtpl_lines():
        document.add_paragraph(text, style=style)
    table = document.add_table(rows=4, cols=6, style="Report Table")
    for cell, text in zip(table.rows[0].cells, ("Lesion", *DATES, "Change"), strict=True):
        cell.text = text
    table.rows[1].cells[0].text = "{%tr for site in sites %}"
    for cell, name in zip(table.rows[2].cells, ("site", "d0", "d1", "d2", "d3", "change"), strict=True):
        cell.text = f"{{{{ site.{name} }}}}"
    table.rows[3].cells[0].text = "{%tr endfor %}"
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _docxtpl_lines() -> Iterator[tuple[str, str]]:
    yield "Draft Notice", "DRAFT - not for clinical use until reviewed and signed by a radiologist"
    yield "Heading 1", "Response to neoadjuvant therapy"
    yield "Normal", "{{ clinical }} Chemotherapy from {{ start }}. Operation: not yet decided."
    yield "Normal", "{%p for site in sites %}"
    yield "Heading 3", "{{ site.site }}, {{ site.where }}"
    yield "Normal", "Mass, {{ site.d3 }} now, it was {{ site.d0 }} at baseline; {{ site.note }}."
    yield "Normal", "{%p endfor %}"
    yield "List Number", "Left breast: {{ category | upper }}. {{ sentence }}"
    yield "List Number", "Left axilla: the node now measures {{ node }}."
    yield "List Number", "Markers: {{ marker }}."
    yield "List Bullet", "Surgery: {{ surgery }}."
    yield "List Bullet", "Imaging: none outstanding."
    yield "Normal", "None required {{ number }}."
    yield "Normal", "Table rows 1-{{ number }}."


def main() -> None:
    """Print milliseconds of CPU per report and the ratios."""
    word = WordExporter().prepare(Look(name="benchmark", house=HOUSE.read_bytes()))
    text = TextExporter().prepare(Look(name="benchmark"))
    kinds = {
        "text": ours(text),
        "text, plain parse": without_memory(ours(text)),
        "html": ours(WebExporter().prepare(Look(name="benchmark"))),
        "docx": ours(word),
        "docx, plain parse": without_memory(ours(word)),
        "docx with a chart": ours(word, figure=True),
        "text, own set": InAWorker(text),
        "docx, own set": InAWorker(word),
        "docxtpl": with_docxtpl(),
    }
    spent: dict[str, list[float]] = {name: [] for name in kinds}
    for _ in range(ROUNDS):
        for name, make in kinds.items():
            make()
            begin, there = time.process_time(), _there(make)
            for _ in range(REPORTS):
                make()
            spent[name].append((time.process_time() - begin + _there(make) - there) / REPORTS * 1000)
    median = {name: statistics.median(times) for name, times in spent.items()}
    print("drafts: fields to file, 4 lesions x 4 dates, every value its own")
    for name, milliseconds in median.items():
        ratio = median["docxtpl"] / milliseconds
        speed = f"{1000 / milliseconds:7.0f} a second and core"
        print(f"  {name:17} {milliseconds:7.2f} ms   {speed}   {ratio:5.1f} x docxtpl")


def _there(make: Callable[[], bytes]) -> float:
    return make.there if isinstance(make, InAWorker) else 0.0


if __name__ == "__main__":
    main()
