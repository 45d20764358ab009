"""What is said of a whole course: the best overall response of each scope, and where criteria disagree."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from reporter.case.vocabulary import Modality, Side
from reporter.response.assessment import Category, Change, Operand


class Confirmed(StrEnum):
    """Whether the best overall response was confirmed."""

    YES = "yes"
    NO = "no"
    """A response was there, and no later time point confirmed it."""
    NOT_REQUIRED = "not required"


@dataclass(frozen=True, slots=True, kw_only=True)
class BestOverall:
    """The best overall response by one criterion of one scope on one modality."""

    criterion: str
    side: Side | None
    """None: the whole patient."""
    modality: Modality | None
    category: Category
    rule: str
    """Stable id, such as best.cr_confirmed."""
    confirmed: Confirmed
    deciding: tuple[int, ...]
    """The time points that decided, by time; the second confirms the first, or shows that it did not last."""
    date: dt.date | None
    """Of the first of them; None where nothing was evaluable."""
    first_progression: dt.date | None
    operands: tuple[Operand, ...] = ()


class Cause(StrEnum):
    """Why two criteria give different categories, as far as their rules and numbers tell."""

    MODALITY = "modality"
    """One does not accept sizes of the modality."""
    BOTH_SIDES = "both_sides"
    """One speaks of both breasts together."""
    MIXED = "mixed"
    """One names sites that differ, the other adds them."""
    ONE_DIAMETER = "one_diameter"
    """One needs two diameters, and a target has but one."""
    NEW_LESION = "new_lesion"
    """One counts a new lesion as progression, the other does not."""
    REAPPEARANCE = "reappearance"
    """One counts what came back as progression, the other does not."""
    HELD = "held"
    """One holds an earlier partial response."""
    TARGETS = "targets"
    """They do not follow the same lesions."""
    NODES = "nodes"
    """One takes a node of normal size for gone."""
    LEAST_GOOD_SITE = "least_good_site"
    """One takes the least good site, the other the sum."""
    PRODUCTS = "products"
    """One follows products of two diameters, with limits of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What one criterion says, where another says something else."""

    criterion: str
    side: Side | None
    """None: the whole patient."""
    category: Category
    rule: str
    change: Change | None
    """Of what it follows, against baseline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Two criteria that give different categories at one time point on one modality."""

    time_point: int
    modality: Modality | None
    side: Side | None
    """The breast that is spoken of; None: the whole patient."""
    first: Stated
    second: Stated
    cause: Cause | None = None
    """None: the rules do not tell."""
    by: str | None = None
    """The criterion that the cause is one of; None where it is of both."""
