"""The page that shows a batch: one file that needs nothing else, bounded in size, with charts as SVG.

No script, no font, no picture from anywhere: its policy forbids them.  It shows the first of many and says where the
rest is.  It names patients by their ID, as the ledger does, never by name.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import quote

from jinja2 import Environment, StrictUndefined, Template

from reporter.advice.interface import Urgency
from reporter.batch.cohort import Course, Standing
from reporter.batch.cohort_sheets import Row, flat
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
Item = TypeVar("Item")


@dataclass(slots=True, kw_only=True)
class Gathered:
    """What the page shows, gathered outcome by outcome."""

    patients: int = 0
    courses: int = 0
    bars: list[Bar] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
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
        self.bars.extend(_bar(course))
        self.lines.extend(_line(course))

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


def _bar(course: Course) -> Iterator[Bar]:
    if course.best is not None:
        yield Bar(
            name=_name(course),
            change=course.best,
            standing=course.standing,
            text=number(TWELVE.plus(course.best)),
            link=quote(draft_of(course.outcome)),
        )


def _line(course: Course) -> Iterator[Line]:
    start = course.points[0].seen.date
    points = tuple(((p.seen.date - start).days, change) for p in course.points if (change := p.change) is not None)
    if len(points) > 1:
        yield Line(name=_name(course), points=points, standing=course.standing)


# -- the page ---------------------------------------------------------------------------------------------------------


def page_of(gathered: Gathered, worklist: Sequence[Row], counts: Counts, run: Run, thresholds: Thresholds) -> str:
    """The page as HTML; `worklist` are its first rows."""
    template, policy = _template()
    bars = sorted(gathered.bars, key=lambda bar: (-bar.change, bar.name))
    lines = sorted(gathered.lines, key=lambda line: (-line.points[-1][1], line.name))
    limits = (-thresholds.pr_percent, thresholds.pd_percent)
    shown_bars, shown_lines = _spread(bars, _BARS), _spread(lines, _LINES)
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
        waterfall=waterfall(shown_bars, limits),
        bars=len(bars),
        shown_bars=len(shown_bars),
        spider=spider(shown_lines, limits),
        lines=len(lines),
        shown_lines=len(shown_lines),
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


def _spread(items: Sequence[Item], most: int) -> list[Item]:
    """All of them, or `most` at even distances, the first and the last among them."""
    if len(items) <= most:
        return list(items)
    return [items[place * (len(items) - 1) // (most - 1)] for place in range(most)]
