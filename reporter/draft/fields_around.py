"""What a template sees of the breasts around the sites: composition, calcifications, skin and chest wall."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from reporter.case.facts import Breast, Negatives
from reporter.case.timepoint import TimePoint
from reporter.case.vocabulary import Side
from reporter.draft.speaker import Speaker
from reporter.draft.view import View, group, says

# Entries that state nothing, for a side and a time point without one.
_NO_BREAST = Breast()
_NO_NEGATIVES = Negatives()


@group
class AroundView(View):
    """The breasts around the sites, in sentences' parts."""

    composition: tuple[str, ...] = says("Breast composition as entered", example="heterogeneously dense (c)")
    enhancement: tuple[str, ...] = says("Background enhancement now and at baseline", example="minimal, baseline mild")
    calcifications: tuple[str, ...] = says("What is stated of calcifications", example="none at baseline, none now")
    negatives: tuple[str, ...] = says(
        "Skin, nipple, pectoral muscle, chest wall as stated", example="Skin, nipple: normal"
    )
    short_negatives: tuple[str, ...] = says("The same in the words of the impression", example="skin, nipple: normal")
    short_calcifications: tuple[str, ...] = says("What is stated of them now", example="none")
    rest: tuple[str, ...] = says("The rest of each breast as stated", example="left breast: no suspicious finding")


def around_view(speaker: Speaker) -> AroundView:
    """The breasts around the sites."""
    return AroundView.made(
        composition=lambda: _by_side(speaker, lambda side: _stated(speaker, side, "density")),
        enhancement=lambda: _by_side(speaker, lambda side: _enhancement(speaker, side)),
        calcifications=lambda: _named(speaker, _all_calcifications(speaker)),
        negatives=lambda: tuple(_negatives(speaker, short=False)),
        short_negatives=lambda: tuple(_negatives(speaker, short=True)),
        short_calcifications=lambda: _by_side(speaker, lambda side: _calcifications_now(speaker, side)),
        rest=lambda: tuple(_rest(speaker)),
    )


def _by_side(speaker: Speaker, words: Callable[[Side], str]) -> tuple[str, ...]:
    """What is said of each side; the side is named, unless it is that of the only breast of the case."""
    return _named(speaker, {side: words(side) for side in Side})


def _named(speaker: Speaker, said: Mapping[Side, str]) -> tuple[str, ...]:
    found = {side: text for side, text in said.items() if text}
    if tuple(found) == speaker.case.sides and len(found) == 1:
        return tuple(found.values())
    return tuple(f"{speaker.side(side)} {text}" for side, text in found.items())


def _entry(speaker: Speaker, side: Side, when: TimePoint | None) -> Breast:
    return speaker.fact(speaker.case.facts.breast, side, when) or _NO_BREAST


def _stated(speaker: Speaker, side: Side, name: str) -> str:
    """A value of a breast now, else the one stated at baseline."""
    case = speaker.case
    values = [getattr(_entry(speaker, side, when), name) for when in (case.reported, case.baseline)]
    value = next((v for v in values if v), None)
    return speaker.phrases.first(f"{name}.{str(value).casefold()}", f"{name}.other", given=str(value)) if value else ""


def _enhancement(speaker: Speaker, side: Side) -> str:
    case, say = speaker.case, speaker.phrases.say
    now = _entry(speaker, side, case.reported).background_enhancement
    before = _entry(speaker, side, case.baseline).background_enhancement if case.baseline != case.reported else None
    parts = [now] if now else []
    parts += [say("finding.at_baseline", what=before)] if before else []
    return ", ".join(parts)


def _all_calcifications(speaker: Speaker) -> dict[Side, str]:
    """What is stated of each side; where something is said of one breast, that nothing is of another."""
    said = {side: _calcifications(speaker, side) for side in Side}
    followed = {breast.side for breast in speaker.report.response.breasts if breast.calcifications}
    if followed or any(said.values()):
        unsaid = [side for side in speaker.case.sides if not said[side] and side not in followed]
        said |= dict.fromkeys(unsaid, speaker.phrases.say("word.not_stated"))
    return said


def _calcifications(speaker: Speaker, side: Side) -> str:
    case, say = speaker.case, speaker.phrases.say
    before = speaker.fact(case.facts.negatives, side, case.baseline) if case.baseline != case.reported else None
    now = speaker.fact(case.facts.negatives, side, case.reported)
    parts = [say("finding.stated_at_baseline", what=before.calcifications)] if before and before.calcifications else []
    parts += [say("finding.stated_now", what=now.calcifications)] if now and now.calcifications else []
    return ", ".join(parts)


def _calcifications_now(speaker: Speaker, side: Side) -> str:
    now = speaker.fact(speaker.case.facts.negatives, side, speaker.case.reported)
    return (now.calcifications or "") if now else ""


_PLACES = ("skin", "nipple", "muscle", "chest_wall")


def _negatives(speaker: Speaker, *, short: bool) -> Iterator[str]:
    """`Skin, nipple, pectoral muscle, chest wall: normal`: places of one finding named together, side by side."""
    case = speaker.case
    sides = [side for side in Side if side in case.sides]
    for side in sides:
        entry = speaker.fact(case.facts.negatives, side, case.reported) or _NO_NEGATIVES
        first = speaker.fact(case.facts.negatives, side, case.baseline if case.baseline != case.reported else None)
        words: dict[str, list[str]] = {}
        for place in _PLACES:
            found = getattr(entry, place)
            before = getattr(first, place) if first and not short else None
            if before and before != found:
                now = found or speaker.phrases.say("word.not_stated")
                found = f"{now} ({speaker.phrases.say('finding.at_baseline', what=before)})"
            if found or not short:
                words.setdefault(found or "", []).append(speaker.phrases.say(f"negatives.{place}"))
        for found, places in words.items():
            what = found or speaker.phrases.say("word.not_stated")
            named = ", ".join(places)
            if len(sides) > 1:
                named = speaker.phrases.say("finding.of_side", side=speaker.side(side), what=named)
            yield f"{named}: {what}"


def _rest(speaker: Speaker) -> Iterator[str]:
    """`left breast and right breast: no suspicious finding`."""
    words: dict[str, list[str]] = {}
    for side in Side:
        rest = _entry(speaker, side, speaker.case.reported).rest
        if rest:
            words.setdefault(rest, []).append(speaker.phrases.say("word.breast_of", side=speaker.side(side)))
    for rest, sides in words.items():
        yield f"{speaker.phrases.all_of(sides)}: {rest}"
