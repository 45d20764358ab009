"""What is said of the whole course: the best overall response of each criterion, and where criteria disagree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from reporter.draft.disagreements import sentence
from reporter.draft.explained_response import verdict_text
from reporter.draft.explanation import Entry, fields_of
from reporter.draft.speaker import Speaker
from reporter.response.interface import BestOverall, Confirmed, Verdict


def best_entries(speaker: Speaker) -> Iterator[Entry]:
    """The best overall response of every criterion, side and modality, with the time points that decided."""
    for best in speaker.report.response.best_overall:
        place = [best.criterion, *([speaker.side(best.side)] if best.side else []), speaker.modality(best.modality)]
        verdict = Verdict(category=best.category, rule=best.rule, operands=best.operands)
        text = f"{', '.join(place)}: {verdict_text(speaker, verdict)}"
        data = {**fields_of(best), "deciding_dates": [str(date) for date in _dates(speaker, best)]}
        yield Entry(text=text, details=tuple(_best(speaker, best)), data=data)


def disagreement_entries(speaker: Speaker) -> Iterator[Entry]:
    """Every pair of criteria that disagree, at every time point."""
    for found in speaker.report.response.disagreements:
        date = speaker.case.timeline.time_points[found.time_point].date
        text = speaker.phrases.say("explain.differ", date=speaker.written(date), label=sentence(speaker, [found]))
        rules = [f"{x.criterion}: {x.category}, {x.rule}" for x in (found.first, found.second)]
        yield Entry(text=text, details=tuple(rules), data={**fields_of(found), "date": str(date)})


def _best(speaker: Speaker, best: BestOverall) -> Iterator[str]:
    say, dates = speaker.phrases.say, [speaker.written(date) for date in _dates(speaker, best)]
    if dates:
        yield say("explain.best.date", date=dates[0])
    if best.confirmed is Confirmed.YES:
        yield say("explain.best.confirmed", date=dates[1])
    elif len(dates) > 1:
        yield say("explain.best.later", date=dates[1])
    if best.confirmed is Confirmed.NO:
        yield say("explain.best.unconfirmed")
    if best.first_progression is not None:
        yield say("explain.best.progression", date=speaker.written(best.first_progression))


def _dates(speaker: Speaker, best: BestOverall) -> list[dt.date]:
    points = speaker.case.timeline.time_points
    return [points[index].date for index in best.deciding]
