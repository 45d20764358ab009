"""`reporter describe pack`: every variant and row of a guideline pack, and what a site changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from reporter.advice.pack import Pack, PackRow, Variant
from reporter.advice.pack_files import TechniqueNote
from reporter.cli.page import Section
from reporter.pipeline import pack_of
from reporter.settings import Settings

_RATINGS: Final = {
    "usually_appropriate": "Usually Appropriate",
    "may_be_appropriate": "May Be Appropriate",
    "usually_not_appropriate": "Usually Not Appropriate",
}
_STATUS: Final = {
    "seen": "seen in the guideline's own table",
    "partly": "row seen, its rating cut off: not verified against the guideline",
    "lead": "only the leading procedure is known: not verified against the guideline",
    "edition-2017": "carried over from the edition of 2017: not verified against the guideline",
    "unverified": "general knowledge: not verified against the guideline",
}
_INTRODUCTION: Final = """\
Ratings are cited as facts with their source. A row that was neither seen in the guideline's own table nor checked by a
site is printed as "not verified against the guideline".
"""
_ROW: Final = ("procedure", "rating", "median", "level", "dose", "status")


def pack_page(settings: Settings, only: Sequence[str]) -> list[Section]:
    """The pack of the settings, or those named."""
    packs = [pack_of(settings, name) for name in only] or [pack_of(settings)]
    first = Section(
        heading="Guideline packs",
        depth=1,
        paragraphs=(_INTRODUCTION,),
    )
    return [first, *(section for pack in packs for section in _pack(pack))]


def _pack(pack: Pack) -> Iterator[Section]:
    file = pack.file
    extends = "" if pack.used.extends is None else f" It extends {pack.used.extends}."
    yield Section(
        heading=pack.id,
        paragraphs=(
            f"Topic {file.topic}, {file.title}, edition {file.edition}; data reviewed {file.reviewed}.{extends}",
            f"{file.citation}{f', doi {file.doi}' if file.doi else ''}. {file.link}",
            f"{file.licence}.",
        ),
    )
    yield from _changes(pack)
    yield Section(
        heading="Relative radiation levels, adults", depth=3, columns=("level", "dose"), rows=[*file.levels.items()]
    )
    yield from (_variant(variant) for variant in pack.variants)
    yield from (_neighbours(pack), _technique(pack), _rows(pack), _sources(pack))


def _changes(pack: Pack) -> Iterator[Section]:
    if pack.changes:
        rows = [
            (
                str(one.variant),
                one.row.procedure,
                "added" if one.before is None else _RATINGS[one.before.rating],
                _RATINGS[one.row.rating],
                one.row.checked_by or "",
                str(one.row.checked_on),
            )
            for one in pack.changes
        ]
        columns = ("variant", "procedure", "before", "now", "checked by", "on")
        yield Section(heading="Changed by the site", depth=3, columns=columns, rows=rows)


def _variant(variant: Variant) -> Section:
    return Section(
        heading=f"Variant {variant.number}",
        depth=3,
        paragraphs=(variant.title, f"Answers: {', '.join(variant.scenarios) or 'no question of this tool'}."),
        columns=_ROW,
        rows=[_row(row) for row in variant.rows],
    )


def _row(row: PackRow) -> tuple[str, ...]:
    status = _STATUS.get(row.status) or f"of the site, checked by {row.checked_by} on {row.checked_on}"
    median = "" if row.median is None else str(row.median)
    return row.procedure, _RATINGS[row.rating], median, row.level, row.dose, status


def _neighbours(pack: Pack) -> Section:
    return Section(
        heading="Where no variant fits",
        depth=3,
        paragraphs=("Other topics that are pointed to; no rating of theirs is used.",),
        columns=("topic", "number", "variants", "citation", "what was seen", "for"),
        rows=[
            (
                one.title,
                one.topic or "",
                one.variants or "",
                "; ".join(part for part in (one.citation, one.doi and f"doi {one.doi}") if part),
                one.status,
                ", ".join(one.scenarios) or "named only",
            )
            for one in pack.neighbours
        ],
    )


def _technique(pack: Pack) -> Section:
    names = {procedure.key: procedure.name for procedure in pack.file.procedure}
    return Section(
        heading="Technique of a recommended study",
        depth=3,
        paragraphs=(f"Printed below a recommendation; data reviewed {pack.technique.reviewed}.",),
        columns=("procedure", "note", "source", "status"),
        rows=[(names[one.key], _note(one), one.source, one.status) for one in pack.technique.technique],
    )


def _note(note: TechniqueNote) -> str:
    return note.text() if note.views_before is None else f"{note.text()} (before therapy: {note.views_before})"


def _rows(pack: Pack) -> Section:
    return Section(
        heading=f"Decision table {pack.decision.id}, version {pack.decision.version}",
        depth=3,
        columns=("row", "applies to", "rests on"),
        rows=[(row.id, row.title, ", ".join(row.sources)) for row in pack.decision.row],
    )


def _sources(pack: Pack) -> Section:
    return Section(
        heading="Sources of the decision table",
        depth=3,
        columns=("source", "what", "reviewed"),
        rows=[(one.id, one.publisher, str(one.reviewed)) for one in pack.sources.source],
    )
