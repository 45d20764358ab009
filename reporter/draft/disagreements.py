"""Where criteria disagree, in sentences: what each says, and why where their rules tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reporter.draft.speaker import Speaker
from reporter.response.interface import Category, Cause, Disagreement, Headline, Stated


def disagreement_sentences(speaker: Speaker) -> tuple[str, ...]:
    """Of the reported time point, with the criterion that the report answers by; those that say the same at once.

    A breast that the reader calls indeterminate has no category in the report, so none is held against another.
    """
    response, now = speaker.report.response, speaker.case.reported.index
    feeding = {c.id for c in response.criteria if c.feeds_decisions}
    open_sides = {b.side for b in response.breasts if b.headline is Headline.INDETERMINATE}
    alike: dict[tuple[str, ...], list[Disagreement]] = {}
    for found in response.disagreements:
        if found.time_point == now and found.first.criterion in feeding and found.side not in open_sides:
            alike.setdefault(_said(speaker, found), []).append(found)
    return tuple(sentence(speaker, found) for found in alike.values())


def _said(speaker: Speaker, found: Disagreement) -> tuple[str, ...]:
    """What a sentence says beside the modality."""
    stated = (word for x in (found.first, found.second) for word in (x.criterion, x.category))
    return (found.side or "", *stated, found.cause or "", found.by or "", _changes(speaker, found))


def sentence(speaker: Speaker, alike: Iterable[Disagreement]) -> str:
    """`Criteria differ, MRI: per-site says partial response, WHO says stable disease, because ...`."""
    every = tuple(alike)
    found, say = every[0], speaker.phrases.say
    modalities = speaker.phrases.all_of([speaker.modality(one.modality) for one in every])
    several = len({b.side for b in speaker.report.response.breasts}) > 1
    side = [speaker.side(found.side)] if found.side and several else []
    words = {
        "place": ", ".join([*side, modalities]),
        "first": _name(speaker, found.first.criterion),
        "category": say(f"category.{found.first.category}"),
        "second": _name(speaker, found.second.criterion),
        "other": say(f"category.{found.second.category}"),
    }
    if found.cause is None:
        return say("disagreement.without_cause", **words)
    return say("disagreement.with_cause", **words, cause=_cause(speaker, found, modalities))


def _cause(speaker: Speaker, found: Disagreement, modalities: str) -> str:
    by = found.by or ""
    other = next((x.criterion for x in (found.first, found.second) if x.criterion != by), "")
    words = {"by": _name(speaker, by), "it": _name(speaker, other), "modality": modalities}
    changes = _changes(speaker, found)
    text = speaker.phrases.say(f"disagreement.cause.{found.cause}", **words)
    return f"{text} ({changes})" if changes else text


def _changes(speaker: Speaker, found: Disagreement) -> str:
    """The two changes that decided, where products and diameters have shrunk or stayed."""
    whose = sorted((found.first, found.second), key=lambda x: x.criterion != found.by)
    decided = Category.PD not in {found.first.category, found.second.category}
    told = tuple(_percents(speaker, whose))
    if found.cause is not Cause.PRODUCTS or not decided or len(told) < len(whose):
        return ""
    return speaker.phrases.say("disagreement.changes", products=told[0], diameters=told[1])


def _percents(speaker: Speaker, whose: Iterable[Stated]) -> Iterator[str]:
    for stated in whose:
        percent = None if stated.change is None else speaker.numbers.percent(stated.change)
        if percent is not None:
            yield percent


def _name(speaker: Speaker, criterion: str) -> str:
    """A criterion's printed name without what is added to it: `RECIST 1.1`, `per-site`, `WHO`."""
    used = next((c.name for c in speaker.report.response.criteria if c.id == criterion), criterion)
    return used.partition(",")[0]
