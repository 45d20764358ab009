"""What the files of a guideline pack are made of, checked on the way in (see `pack.py`)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from reporter.advice.interface import Rating
from reporter.advice.table import Data, Many, once, unknown, word
from reporter.advice.vocabulary import ProcedureKey, Scenario
from reporter.case.vocabulary import Modality

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
    checked_on: dt.date | None = None
    """When."""

    @model_validator(mode="after")
    def _site_rows_are_signed(self) -> Self:
        if self.status == "site" and not (self.checked_by and self.checked_on):
            message = "a row of status site says who checked it and when: give checked_by and checked_on"
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
        for level, text in self.levels.items():
            _check_range(level, text)
        for variant in self.variant:
            once(f"variant {variant.number}: procedure", [row.procedure for row in variant.rows])
            for row in variant.rows:
                check_level(self.levels, f"variant {variant.number}, {row.procedure}", row.level, row.dose)
        once("variant", [str(variant.number) for variant in self.variant])
        once("scenario", [scenario for variant in self.variant for scenario in variant.scenarios])
        return self


def check_level(levels: Mapping[str, str], where: str, level: str, dose: str) -> None:
    """Hold a row's radiation level and range against the scale of its edition.

    Raises:
        ValueError: the level is unknown, or its range is another one; says where.

    """
    if level not in levels:
        error = unknown("radiation level", level, levels)
        message = f"{where}: {error}"
        raise ValueError(message)
    if levels[level] != dose:
        message = f"{where}: level {level} is {levels[level]}, not {dose}"
        raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseRange:
    """A range of effective dose in mSv; ranges add up as ranges."""

    least: Decimal
    most: Decimal

    @classmethod
    def none(cls) -> DoseRange:
        """No radiation."""
        return cls(least=Decimal(0), most=Decimal(0))

    def times(self, count: int) -> DoseRange:
        """That many of them."""
        return DoseRange(least=self.least * count, most=self.most * count)

    def plus(self, other: DoseRange) -> DoseRange:
        """Both together."""
        return DoseRange(least=self.least + other.least, most=self.most + other.most)


_VARIES = "varies"
_RANGE = re.compile(r"(?P<below><)?(?P<first>[0-9.]+)(-(?P<second>[0-9.]+))? mSv")


@cache
def dose_range(text: str) -> DoseRange | None:
    """The range that a radiation level prints, such as `0.1-1 mSv`, `<0.1 mSv` or `0 mSv`; None where it varies.

    Raises:
        ValueError: it is none of these.

    """
    if text == _VARIES:
        return None
    found = _RANGE.fullmatch(text)
    if found is None:
        message = f"{text!r} is no range of mSv; write it like 0.1-1 mSv, <0.1 mSv, 0 mSv or {_VARIES}"
        raise ValueError(message)
    first = Decimal(found["first"])
    if found["below"]:
        return DoseRange(least=Decimal(0), most=first)
    return DoseRange(least=first, most=Decimal(found["second"] or found["first"]))


def _check_range(level: str, text: str) -> None:
    try:
        dose_range(text)
    except (ValueError, ArithmeticError) as error:
        message = f"level {level}: {error}"
        raise ValueError(message) from None


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


class TechniqueNote(Data):
    """How a recommended study is made so that it can be compared; any part may be left out."""

    key: KeyWord
    contrast: str | None = None
    positioning: str | None = None
    views: str | None = None
    views_before: str | None = None
    """What takes the place of `views` before therapy, when there is no tumour bed and no residual yet."""
    compare: str | None = None
    """What of the baseline to compare it with; said only where there is such a baseline."""
    source: str
    status: Literal["seen", "to verify", "site"]
    """Whether it was read in its source; "to verify" is general knowledge and printed so."""
    checked_by: str | None = None
    checked_on: dt.date | None = None

    def text(self, *, comparable: bool = True, started: bool = True) -> str:
        """What it says, in one line; what to compare is left out where nothing is there to be compared with.

        `started`: whether therapy has begun.
        """
        compare = self.compare if comparable else None
        views = self.views if started else self.views_before or self.views
        return "; ".join(part for part in (self.contrast, self.positioning, views, compare) if part)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.text(comparable=False):
            message = "a technique note says nothing of the study itself: give contrast, positioning or views"
            raise ValueError(message)
        if self.status == "site" and not (self.checked_by and self.checked_on):
            message = "a technique note of the site says who checked it and when: give checked_by and checked_on"
            raise ValueError(message)
        return self


class TechniqueFile(Data):
    """`technique.toml`."""

    reviewed: dt.date
    """Last review of this data (S64)."""
    technique: Many[TechniqueNote]

    @model_validator(mode="after")
    def _eachonce(self) -> Self:
        once("technique of", [note.key for note in self.technique])
        return self


class SourceRead(Data):
    """One source of the decision table."""

    id: str
    title: str
    publisher: str
    reviewed: dt.date
    """The review that the source itself states (S64)."""


class Statement(Data):
    """What a source says, in the project's own words, and how it is seen to be kept."""

    id: str = Field(pattern=r"^S[0-9]+$")
    source: str
    says: str
    check: str
    """What a test must be able to see."""
    where: Many[str] = ()
    """Files of the program, or of this pack, that do it."""


class SourcesFile(Data):
    """`sources.toml`: what the decision table rests on."""

    source: Many[SourceRead]
    statement: Many[Statement]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        once("statement", [one.id for one in self.statement])
        known = {one.id for one in self.source}
        for one in self.statement:
            if one.source not in known:
                raise unknown(f"source of {one.id}", one.source, known)
        return self


class SiteRow(Data):
    """A row that a site completes or overrides, and who answers for it."""

    variant: int
    procedure: str
    rating: RatingWord
    level: str
    dose: str | None = None
    """Left out: the range of the level."""
    checked_by: str = Field(min_length=1)
    checked_on: dt.date
    status: Literal["site"] = "site"
    new_procedure: bool = False
    """Said where the pack names the procedure nowhere, so that a slip of the pen adds no row."""


class SiteFile(Data):
    """`site.toml`: rows by variant and procedure; one that exists is overridden, another is added."""

    extends: str | None = None
    """The pack that it changes; left out beside a `pack.toml`."""
    row: Many[SiteRow] = Field(min_length=1)

    @model_validator(mode="after")
    def _eachonce(self) -> Self:
        once("row of", [f"variant {row.variant}, {row.procedure}" for row in self.row])
        return self
