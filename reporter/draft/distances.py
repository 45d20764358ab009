"""The distance to another category, in words: exact in millimetres, a percentage of the present size beside them."""

from __future__ import annotations

from collections.abc import Iterator

from reporter.draft.speaker import Speaker
from reporter.response.assessment import Assessment
from reporter.response.distance import Distances, Step, distances


def distance_lines(speaker: Speaker, found: Assessment) -> Iterator[str]:
    """A line for the sum and for each site of one assessment, where a size alone decides its category."""
    response = speaker.report.response
    for one in distances(found, response.assessments, response.thresholds):
        if one.falls or one.rises:
            yield _line(speaker, one)


def _line(speaker: Speaker, one: Distances) -> str:
    say, numbers, limits = speaker.phrases.say, speaker.numbers, speaker.report.response.thresholds
    steps = [*(_step(speaker, s, "fall") for s in one.falls), *(_step(speaker, s, "rise") for s in one.rises)]
    name = say("explain.distance.sum")
    if one.lesion_id is not None:
        name = say("explain.distance.lesion", lesion=one.lesion_id)
    rows = say(
        "explain.distance.limits",
        progression=numbers.threshold(limits.pd_percent),
        before=numbers.mm(one.least_by_percent),
        least=numbers.signed_mm(limits.pd_mm),
        after=numbers.mm(one.least_by_mm),
    )
    return say("explain.distance.line", name=name, applied=", ".join(steps), rows=rows)


def _step(speaker: Speaker, step: Step, direction: str) -> str:
    numbers = speaker.numbers
    path = "gone" if step.size == 0 and not step.beyond else f"{direction}{'_beyond' if step.beyond else ''}"
    return speaker.phrases.say(
        f"explain.distance.{path}",
        category=str(step.category),
        then=numbers.mm(step.size),
        difference=numbers.signed_mm(step.change.difference),
        percent=numbers.percent(step.change) or speaker.phrases.say("table.against_zero"),
    )
