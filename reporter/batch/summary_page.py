"""The page that shows a batch: one file that needs nothing else, bounded in size, with charts as SVG.

No script, no font, no picture from anywhere: its policy forbids them.  It shows the first of many and says where the
rest is.  It names patients by their ID, as the ledger does, never by name.
"""

from __future__ import annotations

import base64
import hashlib
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import quote

from jinja2 import Environment, StrictUndefined, Template

from reporter.advice.interface import Urgency
from reporter.batch.cohort import Course, Standing
from reporter.batch.cohort_sheets import Cells, PutAway, Row, flat
from reporter.batch.ledger import Counts, Run
from reporter.batch.outcome import Outcome, Status
from reporter.batch.summary_charts import COLOURS, WORDS, Bar, Column, Line, answers, spider, waterfall
from reporter.batch.worklist import draft_of
from reporter.case.issue import Outcome as Severity
from reporter.response.interface import Thresholds
from reporter.response.tabulate import TWELVE, number

SHOWN: Final = 200
"""Rows of a table on the page."""
_BARS: Final = 400
_LINES: Final = 150
_VISITS: Final = 8
"""Time points with a row of answers of their own."""


class Ranked:
    """Rows put away, of which some are found again by rank: the highest value first, equal ones as they came."""

    def __init__(self, rows: PutAway) -> None:
        """Put the rows where there are none as yet."""
        self._rows = rows
        self._values = array("d")
        self._places = array("Q")

    def __len__(self) -> int:
        """How many there are."""
        return len(self._places)

    def put(self, value: Decimal, cells: Iterable[str]) -> None:
        """Put a row away; values that differ by less than a float can tell count as equal."""
        self._values.append(float(value))
        self._places.append(self._rows.put(cells))

    def spread(self, most: int) -> list[Cells]:
        """All of them, or `most` at even distances, the first and the last among them."""
        ranks = sorted(range(len(self)), key=self._values.__getitem__, reverse=True)
        if len(ranks) > most:
            ranks = [ranks[place * (len(ranks) - 1) // (most - 1)] for place in range(most)]
        return [self._rows.at(self._places[rank]) for rank in ranks]


@dataclass(slots=True, kw_only=True)
class Gathered:
    """What the page shows, gathered outcome by outcome."""

    bars: Ranked
    """Of the waterfall, by best change."""
    lines: Ranked
    """Of the spider plot, by last change."""
    patients: int = 0
    courses: int = 0
    now: Counter[Standing] = field(default_factory=Counter)
    visits: dict[int, Counter[Standing]] = field(default_factory=dict)
    points: Counter[tuple[str, str]] = field(default_factory=Counter)
    """In how many cases a doubt stands, by its outcome and code."""
    words: dict[str, str] = field(default_factory=dict)
    """The first sentence of each code, as an example."""
    urgencies: Counter[Urgency] = field(default_factory=Counter)
    without: list[Mapping[str, object]] = field(default_factory=list)
    """The first cases without a draft."""

    def add(self, outcome: Outcome, courses: Iterable[Course]) -> None:
        """Take in an outcome and the courses it stands for."""
        self.points.update({(d.outcome.value, d.code) for d in outcome.doubts if d.outcome is not Severity.NOTE})
        for doubt in outcome.doubts:
            self.words.setdefault(doubt.code, flat(doubt.text))
        if outcome.status is Status.REPORTED:
            self.urgencies[outcome.urgency] += 1
        elif len(self.without) < SHOWN:
            self.without.append(_without(outcome))
        for course in courses:
            self._draw(course)

    def _draw(self, course: Course) -> None:
        self.courses += 1
        self.now[course.standing] += 1
        for visit, point in enumerate(course.points[1 : _VISITS + 1], 2):
            self.visits.setdefault(visit, Counter())[point.standing or Standing.NE] += 1
        if course.best is not None:
            self.bars.put(course.best, _bar_cells(course, course.best))
        if len(points := _points(course)) > 1:
            self.lines.put(points[-1][1], _line_cells(course, points))

    def key(self) -> list[tuple[str, str, int]]:
        """Words, colour and present number of each answer that is drawn anywhere."""
        drawn = {standing for column in self.columns() for standing, number in column.counts.items() if number}
        return [(WORDS[answer], COLOURS[answer], self.now[answer]) for answer in COLOURS if answer in drawn]

    def columns(self) -> tuple[Column, ...]:
        """Answers now, then by time point."""
        later = (Column(name=f"time point {visit}", counts=self.visits[visit]) for visit in sorted(self.visits))
        return (Column(name="reported now", counts=self.now), *later)


def _without(outcome: Outcome) -> Mapping[str, object]:
    texts = [flat(d.text) for d in outcome.doubts if d.outcome is Severity.REFUSED]
    return {
        "patient_id": flat(outcome.patient_id),
        "status": outcome.status.value,
        "reasons": texts or list(outcome.reasons),
        "results": [file.name for file in outcome.files],
    }


def _name(course: Course) -> str:
    side = f", {course.side.value}" if course.side else ""
    return flat(f"{course.outcome.patient_id}{side}")


def _bar_cells(course: Course, best: Decimal) -> Cells:
    text, link = number(TWELVE.plus(best)), quote(draft_of(course.outcome))
    return _name(course), str(best), course.standing, text, link


def _bar(cells: Cells) -> Bar:
    name, change, standing, text, link = cells
    return Bar(name=name, change=Decimal(change), standing=Standing(standing), text=text, link=link)


def _points(course: Course) -> list[tuple[int, Decimal]]:
    """Days from the first time point, change in percent."""
    start = course.points[0].seen.date
    return [((p.seen.date - start).days, change) for p in course.points if (change := p.change) is not None]


def _line_cells(course: Course, points: Iterable[tuple[int, Decimal]]) -> Cells:
    return _name(course), course.standing, *(f"{day} {change}" for day, change in points)


def _line(cells: Cells) -> Line:
    name, standing, *points = cells
    pairs = (point.split() for point in points)
    return Line(name=name, points=tuple((int(d), Decimal(c)) for d, c in pairs), standing=Standing(standing))


# -- the page ---------------------------------------------------------------------------------------------------------


def page_of(gathered: Gathered, worklist: Sequence[Row], counts: Counts, run: Run, thresholds: Thresholds) -> str:
    """The page as HTML; `worklist` are its first rows."""
    template, policy = _template()
    limits = (-thresholds.pr_percent, thresholds.pd_percent)
    bars, lines = [*map(_bar, gathered.bars.spread(_BARS))], [*map(_line, gathered.lines.spread(_LINES))]
    return template.render(
        policy=policy,
        counts=counts,
        run=run,
        patients=gathered.patients,
        worklist=worklist,
        without=gathered.without,
        points=sorted(gathered.points.items(), key=lambda item: (-item[1], item[0]))[:SHOWN],
        words=gathered.words,
        outcomes=[(status.value, counts.by_status[status]) for status in Status],
        urgencies=[(u.value, gathered.urgencies[u]) for u in sorted(gathered.urgencies, key=lambda u: -u.rank)],
        answers=answers(gathered.columns(), "Answers by time point"),
        waterfall=waterfall(bars, limits),
        bars=len(gathered.bars),
        shown_bars=len(bars),
        spider=spider(lines, limits),
        lines=len(gathered.lines),
        shown_lines=len(lines),
        courses=gathered.courses,
        key=gathered.key(),
        limits=[f"{limit:+f}" for limit in limits],
        shown=SHOWN,
        link=quote,
    )


@cache
def _template() -> tuple[Template, str]:
    """The page's template and the policy that allows its one style and nothing else."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    folder = Path(__file__).parent
    style = (folder / "summary.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    template = environment.from_string((folder / "summary.html.j2").read_text("utf-8"), {"style": style})
    return template, policy
