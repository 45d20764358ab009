"""Guideline packs: one edition's variants and ratings, its neighbours, and the decision table it uses.

A pack is a folder of TOML files, handed in as texts:

- `pack.toml`: the edition, its procedures, and each variant with its rows, a status each;
- `decision.toml`: the decision table (`table.py`);
- `neighbours.toml`: topics to point to where no variant fits;
- `sources.toml`: the sources that the decision table rests on, statement by statement;
- `technique.toml`: how a recommended study is made so that it can be compared;
- `site.toml`, where a site completes or overrides rows and says who checked them, and when.

A pack may share the files it lacks with another one (`shares`); a site's folder may hold `site.toml` alone and name
the pack that it changes (`extends`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import TypeVar

from pydantic import ValidationError

from reporter.advice.interface import PackUsed, SiteRowUsed, SourceUsed
from reporter.advice.pack_files import (
    DoseRange,
    Neighbour,
    NeighboursFile,
    PackFile,
    PackRow,
    Procedure,
    SiteFile,
    SiteRow,
    SourcesFile,
    TechniqueFile,
    TechniqueNote,
    Variant,
    check_level,
    dose_range,
)
from reporter.advice.table import Data, Decision
from reporter.advice.vocabulary import ProcedureKey, Scenario
from reporter.errors import SetupError

__all__ = [
    "DoseRange",
    "Neighbour",
    "Pack",
    "PackFile",
    "PackRow",
    "Procedure",
    "SiteChange",
    "TechniqueNote",
    "Variant",
    "dose_range",
    "load_pack",
    "shares",
]

File = TypeVar("File", bound=Data)

_PACK, _SITE = "pack.toml", "site.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteChange:
    """One row of a site, and the one that it took the place of."""

    variant: int
    row: PackRow
    before: PackRow | None
    """None: the site added it."""


@dataclass(frozen=True, kw_only=True)
class Pack:
    """A guideline edition with its decision table, checked."""

    id: str
    """The pack's, or the name of the site's folder that extends it."""
    file: PackFile
    variants: tuple[Variant, ...]
    """With the site's rows in place."""
    decision: Decision
    neighbours: tuple[Neighbour, ...]
    technique: TechniqueFile
    sources: SourcesFile
    changes: tuple[SiteChange, ...] = ()
    """What a site completed or overrode, in the order of its file."""

    @cached_property
    def used(self) -> PackUsed:
        """What a draft says about it."""
        file = self.file
        return PackUsed(
            id=self.id,
            topic=file.topic,
            edition=file.edition,
            citation=file.citation,
            link=file.link,
            reviewed=file.reviewed.isoformat(),
            extends=None if self.id == file.id else file.id,
            site_rows=tuple(_used(change) for change in self.changes),
            rests_on=tuple(
                SourceUsed(id=one.id, title=one.title, reviewed=one.reviewed.isoformat()) for one in self.sources.source
            ),
        )

    def variant_for(self, scenario: Scenario) -> Variant | None:
        """The variant that covers a scenario; None where the edition has none."""
        return next((v for v in self.variants if scenario in v.scenarios), None)

    def variant(self, number: int | None) -> Variant | None:
        """A variant by its number."""
        return next((v for v in self.variants if v.number == number), None)

    def neighbour_for(self, scenario: Scenario) -> Neighbour | None:
        """The topic to point to for a scenario that no variant covers."""
        return next((n for n in self.neighbours if scenario in n.scenarios), None)

    def procedure(self, key: ProcedureKey) -> Procedure:
        """A procedure by its key (`load_pack` has seen that each has one)."""
        return self._procedures[key]

    def place(self, key: ProcedureKey) -> int:
        """Where a procedure stands in the order of the pack."""
        return self._places[key]

    def procedures_named(self, name: str) -> tuple[Procedure, ...]:
        """The procedures that go by a name; more than one where an edition names them alike."""
        return self._by_name.get(name, ())

    def any_row(self, procedure: str) -> PackRow | None:
        """A row of whatever variant for a procedure: its radiation level is the same in all."""
        return self._any_row.get(procedure)

    @cached_property
    def _procedures(self) -> dict[ProcedureKey, Procedure]:
        return {p.key: p for p in reversed(self.file.procedure)}  # the first of a key

    @cached_property
    def _places(self) -> dict[ProcedureKey, int]:
        return {key: place for place, key in enumerate(dict.fromkeys(p.key for p in self.file.procedure))}

    @cached_property
    def _by_name(self) -> dict[str, tuple[Procedure, ...]]:
        names = dict.fromkeys(p.name for p in self.file.procedure)
        return {name: tuple(p for p in self.file.procedure if p.name == name) for name in names}

    @cached_property
    def _any_row(self) -> dict[str, PackRow]:
        rows = [row for variant in self.variants for row in variant.rows]
        return {row.procedure: row for row in reversed(rows)}  # the first of a procedure

    def technique_of(self, key: ProcedureKey) -> TechniqueNote | None:
        """How a procedure is made; None where nothing is noted."""
        return next((note for note in self.technique.technique if note.key is key), None)


def _used(change: SiteChange) -> SiteRowUsed:
    row = change.row
    return SiteRowUsed(
        variant=change.variant,
        procedure=row.procedure,
        rating=row.rating,
        before=None if change.before is None else change.before.rating,
        checked_by=row.checked_by or "",
        checked_on="" if row.checked_on is None else row.checked_on.isoformat(),
    )


def shares(texts: Mapping[str, str]) -> str | None:
    """The id of the pack whose files complete these; None where the pack stands alone.

    Raises:
        SetupError: a file is no TOML, there is no `pack.toml` and nothing is extended, or both.

    """
    extended = _toml(texts, _SITE).get("extends") if _SITE in texts else None
    if isinstance(extended, str) and _PACK in texts:
        reason = f"a folder with a {_PACK} of its own extends no other pack"
        raise SetupError(reason, file=_SITE, field="extends", hint="leave one of them out", code="PACK_BROKEN")
    found = extended or _toml(texts, _PACK).get("shares")
    return found if isinstance(found, str) else None


def load_pack(texts: Mapping[str, str], name: str | None = None) -> Pack:
    """A pack from the texts of its files, by file name; `name` is the site's, where it extends a pack.

    Raises:
        SetupError: a file is missing or broken; names the file, the key and the reason.

    """
    file = _read(texts, _PACK, PackFile)
    missing = [key for key in ProcedureKey if key not in {p.key for p in file.procedure}]
    if missing:
        raise SetupError(f"procedure {missing[0]} has no name", file=_PACK, field="procedure", code="PACK_BROKEN")
    site = _read(texts, _SITE, SiteFile).row if _SITE in texts else ()
    variants, changes = _with_site(file, site)
    return Pack(
        id=name or file.id,
        file=file,
        variants=variants,
        decision=_read(texts, "decision.toml", Decision),
        neighbours=_read(texts, "neighbours.toml", NeighboursFile).neighbour,
        technique=_read(texts, "technique.toml", TechniqueFile),
        sources=_read(texts, "sources.toml", SourcesFile),
        changes=changes,
    )


def _with_site(file: PackFile, rows: tuple[SiteRow, ...]) -> tuple[tuple[Variant, ...], tuple[SiteChange, ...]]:
    """The variants with a site's rows in place, and what it changed."""
    variants = {variant.number: variant for variant in file.variant}
    changes = []
    for number, row in enumerate(rows, start=1):
        variant = variants.get(row.variant)
        if variant is None:
            raise _wrong(number, "variant", f"the pack has no variant {row.variant}")
        own = _pack_row(file, row, number)
        before = next((one for one in variant.rows if one.procedure == own.procedure), None)
        changes.append(SiteChange(variant=row.variant, row=own, before=before))
        variants[row.variant] = _completed(variant, own)
    return tuple(variants.values()), tuple(changes)


def _pack_row(file: PackFile, row: SiteRow, number: int) -> PackRow:
    """A site's row as a row of the pack, held against its names and its scale of radiation."""
    known = {one.procedure for variant in file.variant for one in variant.rows} | {p.name for p in file.procedure}
    if row.procedure not in known and not row.new_procedure:
        near = get_close_matches(row.procedure, known)
        hint = f"did you mean {near[0]!r}? " if near else ""
        reason = "the pack names this procedure nowhere"
        raise _wrong(number, "procedure", reason, f"{hint}new_procedure = true adds it")
    try:
        dose = file.levels.get(row.level, "") if row.dose is None else row.dose
        check_level(file.levels, f"variant {row.variant}, {row.procedure}", row.level, dose)
    except ValueError as error:
        raise _wrong(number, "level", str(error)) from None
    return PackRow(**row.model_dump(exclude={"variant", "new_procedure", "dose"}), dose=dose)


def _wrong(number: int, key: str, reason: str, hint: str | None = None) -> SetupError:
    return SetupError(reason, file=_SITE, field=f"row[{number}].{key}", hint=hint, code="PACK_BROKEN")


def _completed(variant: Variant, row: PackRow) -> Variant:
    """A variant with a row in the place of its own for that procedure, else at its end."""
    rows = tuple(row if one.procedure == row.procedure else one for one in variant.rows)
    return variant.model_copy(update={"rows": rows if row in rows else (*rows, row)})


def _toml(texts: Mapping[str, str], name: str) -> dict[str, object]:
    if name not in texts:
        raise SetupError("the pack lacks this file", file=name, code="PACK_BROKEN")
    try:
        return tomllib.loads(texts[name])
    except tomllib.TOMLDecodeError as error:
        raise SetupError(f"no valid TOML: {error}", file=name, code="PACK_BROKEN") from None


def _read(texts: Mapping[str, str], name: str, kind: type[File]) -> File:
    values = _toml(texts, name)
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        where = _place(values, first["loc"])
        reason = first["msg"].removeprefix("Value error, ")
        raise SetupError(reason, file=name, field=where or None, code="PACK_BROKEN") from None


def _place(values: object, location: tuple[int | str, ...]) -> str:
    """A key path as a person would look it up; array entries by their id or number where they have one."""
    parts: list[str] = []
    for part in location:
        if isinstance(values, list) and isinstance(part, int):
            values = values[part]
            label = values.get("id") or values.get("number") if isinstance(values, dict) else None
            parts.append(f"[{label if label is not None else part + 1}]")
        else:
            values = values.get(part) if isinstance(values, dict) else None
            parts.append(f".{part}" if parts else str(part))
    return "".join(parts)
