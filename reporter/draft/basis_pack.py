"""What the basis says of the guideline pack: rows that a site answers for, and the radiation of studies (S53)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from reporter.advice.interface import Exposure, ImagingStudy, SiteRowUsed
from reporter.draft.fields_imaging import wanted_name
from reporter.draft.speaker import Speaker


def pack_used(speaker: Speaker) -> str:
    """`pack acr-235-2022`."""
    pack = speaker.report.advice.pack
    if pack.extends is None:
        return speaker.phrases.say("basis.pack", pack=pack.id)
    return speaker.phrases.say("basis.pack_extends", pack=pack.id, base=pack.extends)


def site_rows(speaker: Speaker) -> Iterator[str]:
    """Every row that a site completed or overrode, with who checked it and when."""
    for row in speaker.report.advice.pack.site_rows:
        yield _site_row(speaker, row)


def _site_row(speaker: Speaker, row: SiteRowUsed) -> str:
    say = speaker.phrases.say
    words = {
        "variant": str(row.variant),
        "procedure": speaker.phrases.named(row.procedure),
        "rating": say(f"rating.{row.rating}"),
        "who": row.checked_by,
        "date": speaker.phrases.dated(row.checked_on),
    }
    if row.before is None:
        return say("basis.site_row_added", **words)
    return say("basis.site_row", before=say(f"rating.{row.before}"), **words)


def sources(speaker: Speaker) -> Iterator[str]:
    """What the decision table and the remarks rest on, with the date of each source's review (S64)."""
    say = speaker.phrases.say
    read = [
        say("basis.source", source=one.id, title=one.title, reviewed=speaker.phrases.dated(one.reviewed))
        for one in speaker.report.advice.pack.rests_on
    ]
    if read:
        yield say("basis.sources", sources="; ".join(read))


def radiation(speaker: Speaker) -> Iterator[str]:
    """The levels of what is recommended, and the tally over the studies: ranges, and organ doses as recorded."""
    say, advice = speaker.phrases.say, speaker.report.advice
    levels = dict.fromkeys(_level(speaker, study) for study in advice.imaging if study.wanted and study.level)
    if levels:
        yield say("basis.levels", studies="; ".join(levels))
    tally = advice.radiation
    ranged = [one for one in tally.exposures if one.dose is not None]
    if ranged:
        yield _tally(speaker, ranged)
    if tally.organ_doses:
        doses = [
            say("basis.organ_dose", date=speaker.written(one.date), values=_list(speaker, one.values))
            for one in tally.organ_doses
        ]
        yield say("basis.organ_doses", studies="; ".join(doses))


def _list(speaker: Speaker, values: tuple[Decimal, ...]) -> str:
    return speaker.phrases.say("basis.between_doses").join(speaker.numbers.number(value) for value in values)


def _level(speaker: Speaker, study: ImagingStudy) -> str:
    name = wanted_name(speaker, study)
    return speaker.phrases.say("basis.level", study=name, level=study.level, dose=speaker.phrases.named(study.dose))


def _tally(speaker: Speaker, ranged: list[Exposure]) -> str:
    say, tally = speaker.phrases.say, speaker.report.advice.radiation
    studies = speaker.phrases.all_of([_exposure(speaker, one) for one in ranged])
    total = _range(speaker, tally.least, tally.most)
    missing = [_named(speaker, one) for one in tally.exposures if one.dose is None]
    if not missing:
        return say("basis.radiation", studies=studies, total=total)
    return say("basis.radiation_without", studies=studies, total=total, missing=speaker.phrases.all_of(missing))


def _range(speaker: Speaker, least: Decimal, most: Decimal) -> str:
    number = speaker.numbers.number
    low, high = number(least), number(most)
    return f"{low} mSv" if low == high else f"{low}-{high} mSv"


def _exposure(speaker: Speaker, one: Exposure) -> str:
    words = {"study": _study(speaker, one), "dose": speaker.phrases.named(one.dose or "")}
    if one.studies == 1:
        return speaker.phrases.say("basis.exposure_one", **words)
    return speaker.phrases.say("basis.exposure", count=str(one.studies), **words)


def _named(speaker: Speaker, one: Exposure) -> str:
    study = _study(speaker, one)
    return study if one.studies == 1 else f"{one.studies} {study}"


def _study(speaker: Speaker, one: Exposure) -> str:
    return "/".join(speaker.exactly(modality) for modality in one.modalities)
