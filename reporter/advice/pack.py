"""Guideline packs: one edition's variants and ratings, its neighbours, and the decision table it uses.

A pack is a folder of TOML files, handed in as texts:

- `pack.toml`: the edition, its procedures, and each variant with its rows, a status each;
- `decision.toml`: the decision table (`table.py`);
- `neighbours.toml`: topics to point to where no variant fits;
- `site.toml`, where a site completes or overrides rows and says who checked them.

A pack may share the files it lacks with another one (`shares`).
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, Self, TypeVar

from pydantic import Field, ValidationError, model_validator

from reporter.advice.interface import PackUsed, Rating
from reporter.advice.table import Data, Decision, Many, unknown, word
from reporter.advice.vocabulary import ProcedureKey, Scenario
from reporter.case.vocabulary import Modality
from reporter.errors import SetupError

File = TypeVar("File", bound=Data)

RatingWord = Annotated[Rating, word(Rating, "rating")]
ScenarioWord = Annotated[Scenario, word(Scenario, "scenario")]
KeyWord = Annotated[ProcedureKey, word(ProcedureKey, "procedure")]
ModalityWord = Annotated[Modality, word(Modality, "modality")]
Status = Literal["seen", "partly", "lead", "edition-2017", "unverified", "site"]
"""How far a row is checked against the guideline; anything but seen and site prints "not verified"."""


class PackRow(Data):
    """One procedure of a variant, rated."""

    procedure: str
    rating: RatingWord
    level: str
    """Relative radiation level for adults: O, R ... RRRRR, or V (varies with the guidance modality)."""
    dose: str
    """Its range in mSv, as printed by the guideline."""
    status: Status
    median: int | None = None
    """Median of the panel's rating, 1-9, where the edition prints it."""
    checked_by: str | None = None
    """Who checked a row of status "site"."""

    @model_validator(mode="after")
    def _site_rows_are_signed(self) -> Self:
        if self.status == "site" and not self.checked_by:
            message = "a row of status site says who checked it: give checked_by"
            raise ValueError(message)
        return self


class Variant(Data):
    """One clinical scenario of the topic, with its rows in the order of the guideline."""

    number: int
    title: str
    scenarios: Many[ScenarioWord]
    """Results of the router that this variant covers."""
    rows: Many[PackRow]


class Procedure(Data):
    """How a pack names a procedure that rows of the decision table can ask for."""

    key: KeyWord
    name: str
    modality: ModalityWord | None = None
    """What performs it; None for a biopsy or a bone scan."""


class PackFile(Data):
    """`pack.toml`."""

    id: str
    topic: str
    title: str
    edition: str
    citation: str
    doi: str | None = None
    link: str
    licence: str
    """What may be shown of the guideline, and what may not."""
    reviewed: dt.date
    """Last review of this data (S64)."""
    shares: str | None = None
    """Pack that lends the files this one lacks."""
    levels: dict[str, str]
    """Relative radiation level -> range in mSv."""
    procedure: Many[Procedure]
    variant: Many[Variant]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for variant in self.variant:
            for row in variant.rows:
                _check_level(self.levels, variant, row)
        _once("variant", [str(variant.number) for variant in self.variant])
        _once("scenario", [scenario for variant in self.variant for scenario in variant.scenarios])
        return self


def _once(what: str, names: list[str]) -> None:
    if twice := [name for name in names if names.count(name) > 1]:
        message = f"{what} {twice[0]} stands twice"
        raise ValueError(message)


def _check_level(levels: Mapping[str, str], variant: Variant, row: PackRow) -> None:
    where = f"variant {variant.number}, {row.procedure}"
    if row.level not in levels:
        error = unknown("radiation level", row.level, levels)
        message = f"{where}: {error}"
        raise ValueError(message)
    if levels[row.level] != row.dose:
        message = f"{where}: level {row.level} is {levels[row.level]}, not {row.dose}"
        raise ValueError(message)


class Neighbour(Data):
    """A topic to point to where this one has no variant."""

    id: str
    title: str
    topic: str | None = None
    citation: str | None = None
    doi: str | None = None
    variants: str | None = None
    """Which of its variants, in words."""
    status: Literal["titles seen", "citation seen", "names seen"]
    scenarios: Many[ScenarioWord] = ()


class NeighboursFile(Data):
    """`neighbours.toml`."""

    neighbour: Many[Neighbour]


class SiteRow(PackRow):
    """A row that a site completes or overrides."""

    variant: int


class SiteFile(Data):
    """`site.toml`: rows by variant and procedure; one that exists is overridden, another is added."""

    row: Many[SiteRow] = Field(min_length=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A guideline edition with its decision table, checked."""

    file: PackFile
    variants: tuple[Variant, ...]
    """With the site's rows in place."""
    decision: Decision
    neighbours: tuple[Neighbour, ...]

    @property
    def used(self) -> PackUsed:
        """What a draft says about it."""
        file = self.file
        return PackUsed(
            id=file.id,
            topic=file.topic,
            edition=file.edition,
            citation=file.citation,
            link=file.link,
            reviewed=file.reviewed.isoformat(),
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
        return next(p for p in self.file.procedure if p.key is key)

    def place(self, key: ProcedureKey) -> int:
        """Where a procedure stands in the order of the pack."""
        return [p.key for p in self.file.procedure].index(key)

    def procedures_named(self, name: str) -> tuple[Procedure, ...]:
        """The procedures that go by a name; more than one where an edition names them alike."""
        return tuple(p for p in self.file.procedure if p.name == name)

    def any_row(self, procedure: str) -> PackRow | None:
        """A row of whatever variant for a procedure: its radiation level is the same in all."""
        return next((row for v in self.variants for row in v.rows if row.procedure == procedure), None)


def shares(texts: Mapping[str, str]) -> str | None:
    """The id of the pack whose files complete these; None where the pack stands alone.

    Raises:
        SetupError: `pack.toml` is missing or no TOML.

    """
    found = _toml(texts, "pack.toml").get("shares")
    return found if isinstance(found, str) else None


def load_pack(texts: Mapping[str, str]) -> Pack:
    """A pack from the texts of its files, by file name.

    Raises:
        SetupError: a file is missing or broken; names the file, the key and the reason.

    """
    file = _read(texts, "pack.toml", PackFile)
    missing = [key for key in ProcedureKey if key not in {p.key for p in file.procedure}]
    if missing:
        raise SetupError(f"procedure {missing[0]} has no name", file="pack.toml", field="procedure", code="PACK_BROKEN")
    site = _read(texts, "site.toml", SiteFile).row if "site.toml" in texts else ()
    return Pack(
        file=file,
        variants=_with_site(file, site),
        decision=_read(texts, "decision.toml", Decision),
        neighbours=_read(texts, "neighbours.toml", NeighboursFile).neighbour,
    )


def _with_site(file: PackFile, rows: tuple[SiteRow, ...]) -> tuple[Variant, ...]:
    numbers = {variant.number for variant in file.variant}
    for row in rows:
        if row.variant not in numbers:
            reason = f"the pack has no variant {row.variant}"
            raise SetupError(reason, file="site.toml", field="row.variant", code="PACK_BROKEN")
    return tuple(_completed(variant, [r for r in rows if r.variant == variant.number]) for variant in file.variant)


def _completed(variant: Variant, rows: list[SiteRow]) -> Variant:
    own = {row.procedure: PackRow(**row.model_dump(exclude={"variant"})) for row in rows}
    kept = tuple(own.pop(row.procedure, row) for row in variant.rows)
    return variant.model_copy(update={"rows": (*kept, *own.values())})


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
        first = error.errors(include_url=False, include_input=False)[0]
        where = _place(values, first["loc"])
        reason = first["msg"].removeprefix("Value error, ")
        raise SetupError(reason, file=name, field=where or None, code="PACK_BROKEN") from None


def _place(values: object, location: tuple[int | str, ...]) -> str:
    """A key path as a person would look it up; array entries by their id or number where they have one."""
    parts: list[str] = []
    for part in location:
        if isinstance(part, int) and isinstance(values, list) and part < len(values):
            values = values[part]
            label = values.get("id") or values.get("number") if isinstance(values, dict) else None
            parts.append(f"[{label if label is not None else part + 1}]")
        else:
            values = values.get(part) if isinstance(values, dict) and isinstance(part, str) else None
            parts.append(f".{part}" if parts else str(part))
    return "".join(parts)
