"""What a criterion says: categories with their rules and operands, one assessment a scope, modality and time point."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Literal, Protocol

from reporter.case.case import Case
from reporter.case.issue import Issue
from reporter.case.length import Length
from reporter.case.setting import setting
from reporter.case.vocabulary import Modality, Role, Side


class Category(StrEnum):
    """Response categories, as `classify` prints them."""

    BASELINE = "BASELINE"
    CR = "CR"
    PR = "PR"
    SD = "SD"
    PD = "PD"
    NE = "NE"
    NON_CR_NON_PD = "NON-CR/NON-PD"
    MIXED = "MIXED"
    """`per-site` only: a responding site beside one with SD or PD (decision n)."""
    NED = "NED"
    """No disease evaluable at baseline."""


class NewLesions(StrEnum):
    """Whether new lesions were found."""

    NO = "no"
    EQUIVOCAL = "equivocal"
    YES = "yes"


RECORDED = "overall.recorded"
"""Rule of sizes that no category rests on: by PET or by physical examination (decision l)."""
NOT_CLASSIFIED = "overall.not_classified"
"""Rule of a case that is stated to be out of scope, in which nothing is classified (row A1)."""
NUMBERS_ONLY = frozenset({
    *("volume.numbers_only", "percist.fall", "percist.rise", "percist.within"),
    *(RECORDED, NOT_CLASSIFIED),
})
"""Rules of what is numbers and their change, without a category."""


class Measure(StrEnum):
    """Which dimension a criterion follows."""

    LONG_AXIS = "long_axis"
    SHORT_AXIS = "short_axis"
    PRODUCT = "product"
    VOLUME = "volume"
    SUV = "suv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operand:
    """One named number that a rule looked at."""

    name: str
    """Such as now, baseline, nadir, threshold_percent, threshold_mm."""
    value: Decimal
    unit: str
    """mm, mm2, ml, SUV, %, d, or 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A category with the rule that gave it and the numbers it was given on."""

    category: Category
    rule: str
    """Stable id, such as target.pr or overall.new_lesion; each has a sentence with its source in the phrases."""
    operands: tuple[Operand, ...] = ()
    lesion_ids: tuple[str, ...] = ()
    """The lesions that decided, where some did more than others."""

    @property
    def classified(self) -> bool:
        """Whether it is a category at all, and not numbers alone."""
        return self.rule not in NUMBERS_ONLY


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A size against an earlier one, exact, in one unit."""

    now: Decimal
    then: Decimal

    @property
    def difference(self) -> Decimal:
        """Now minus then."""
        return self.now - self.then

    @property
    def percent(self) -> Decimal | None:
        """Change in percent of the earlier size; None against 0 (decision b).  For display, never for comparing."""
        return None if self.then == 0 else (self.now - self.then) * 100 / self.then


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """What a criterion follows that is no length: a product, a volume or an uptake; exact, in one unit."""

    now: Decimal | None
    baseline: Decimal | None
    nadir: Decimal | None
    """The smallest complete one before now, baseline included."""
    unit: str
    """mm2, ml or SUV."""

    @property
    def from_baseline(self) -> Change | None:
        """Now against baseline."""
        return None if self.now is None or self.baseline is None else Change(now=self.now, then=self.baseline)

    @property
    def from_nadir(self) -> Change | None:
        """Now against the smallest before."""
        return None if self.now is None or self.nadir is None else Change(now=self.now, then=self.nadir)


class State(StrEnum):
    """What is known of a lesion at a time point on a modality, after the time point's studies are put together."""

    MEASURED = "measured"
    ABSENT = "absent"
    TOO_SMALL = "too_small"
    PRESENT = "present"
    PROGRESSED = "unequivocal_progression"
    EQUIVOCAL = "equivocal"
    MERGED = "merged"
    NOT_EVALUABLE = "not_evaluable"
    NOT_IMAGED = "not_imaged"
    NO_ROW = "no_row"
    """Nothing was said of it: not evaluable, never absent (LES_LOST)."""
    NOT_DONE = "not_done"
    """The modality was not used at that time point."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LesionPoint:
    """One lesion on one modality at one time point."""

    lesion_id: str
    modality: Modality | None
    time_point: int
    study: str | None
    """Key of the study the value is from: the latest of the time point with an evaluable value."""
    state: State
    size: Length | None
    """What enters a sum: the axis followed; 0 when absent or merged, 5 mm when too small (a setting); None else."""
    axes: tuple[Length, ...] = ()
    """All axes given, the long one first, for display."""
    reason: str | None = None
    """Why not evaluable, as given or an issue code."""
    by: Modality | None = None
    """The modality as given: MG and DBT are compared as one, and `modality` names both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LesionResult:
    """One lesion in an assessment."""

    point: LesionPoint
    role: Role
    measure: Measure
    baseline: Length | None = None
    nadir: Length | None = None
    nadir_time_point: int | None = None
    nadir_day: dt.date | None = None
    """Of the study that holds it: where a time point has several, not always the one whose value counts."""
    verdict: Verdict | None = None
    """Its own category (`per-site`: every site); None where the criterion gives lesions none."""
    counted: bool = True
    """Whether it enters the criterion: a target by its size, a non-target or new lesion without one."""
    amounts: Amounts | None = None
    """What is followed, where that is no length; `baseline` and `nadir` are then None."""

    @property
    def in_sum(self) -> bool:
        """Whether what is followed of it is in the sum; by volume that is every lesion that is counted."""
        return self.counted and (self.role is Role.TARGET or self.measure is Measure.VOLUME)

    @property
    def from_baseline(self) -> Change | None:
        """Against its own baseline; None for a lesion merged into another, whose 0 mm is bookkeeping."""
        return None if self.point.state is State.MERGED else _change(self.point.size, self.baseline)

    @property
    def from_nadir(self) -> Change | None:
        """Against its own smallest size before now, baseline included; None when merged."""
        return None if self.point.state is State.MERGED else _change(self.point.size, self.nadir)


def _change(now: Length | None, then: Length | None) -> Change | None:
    return None if now is None or then is None else Change(now=now.mm, then=then.mm)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """One criterion on one scope, modality and time point: one row of `classify`."""

    criterion: str
    side: Side | None
    """The breast with its axilla (`per-site`); None: the whole patient."""
    modality: Modality | None
    time_point: int
    lesions: tuple[LesionResult, ...]
    """Targets first, then non-target, then new; each by id."""
    total: Decimal | None
    """Sum of the targets now, mm; None while one has no value."""
    baseline_total: Decimal | None
    nadir_total: Decimal | None
    """Smallest complete sum before now, baseline included."""
    nadir_time_point: int | None
    target: Verdict | None
    """None: no target."""
    non_target: Verdict | None
    new_lesion: NewLesions
    overall: Verdict
    held: bool = False
    """A partial response held above -30 % (decision a)."""
    plain: Category | None = None
    """What the thresholds alone give, beside a held response."""
    issues: tuple[Issue, ...] = ()
    amounts: Amounts | None = None
    """The sum of what is followed, where that is no length; `total` and its like are then None."""

    @property
    def classified(self) -> bool:
        """Whether the criterion has categories for it; numbers alone are neither a response nor a failure of one."""
        return self.overall.classified

    @property
    def from_baseline(self) -> Change | None:
        """The sum against the baseline sum."""
        if self.amounts is not None:
            return self.amounts.from_baseline
        if self.total is None or self.baseline_total is None:
            return None
        return Change(now=self.total, then=self.baseline_total)

    @property
    def from_nadir(self) -> Change | None:
        """The sum against the smallest before."""
        if self.amounts is not None:
            return self.amounts.from_nadir
        if self.total is None or self.nadir_total is None:
            return None
        return Change(now=self.total, then=self.nadir_total)


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """Numbers of the rules; each a setting, and a changed one changes the criterion's printed name."""

    pr_percent: Decimal = setting(
        Decimal(30), "Shrinkage against baseline from which a response is partial, inclusive", unit="%", at_most=100
    )
    pd_percent: Decimal = setting(
        Decimal(20), "Growth since the smallest size from which it is progression, inclusive", unit="%"
    )
    pd_mm: Decimal = setting(
        Decimal(5), "Growth in millimetres that progression needs beside the percentage, inclusive", unit="mm"
    )
    node_normal_mm: Decimal = setting(
        Decimal(10), "A node with a shorter short axis is of normal size and gone for a complete response", unit="mm"
    )
    node_target_mm: Decimal = setting(
        Decimal(15), "Short axis from which a node can be a target; below, it is followed without a number", unit="mm"
    )
    measurable_mm: Decimal = setting(
        Decimal(10), "Longest diameter from which a lesion is measurable at baseline by recist-1.1", unit="mm"
    )
    too_small_mm: Decimal = setting(
        Decimal(5), "Stands for a lesion that is present but too small to measure; a number given is kept", unit="mm"
    )
    reappearance_mm: Decimal = setting(
        Decimal(5), "A site that comes back is progression from this measured size on, by per-site", unit="mm"
    )
    regrowth_mm: Decimal = setting(
        Decimal(5), "Growth since the smallest size, short of progression, that is told (row C10)", unit="mm"
    )
    hold_response: bool = setting(
        default=True,
        means="Whether a partial response stays one until progression, although the size climbs above its limit again",
    )
    confirmation: Literal["off", "required"] = setting(
        "off", "Whether a best overall response of CR or PR needs a later time point that confirms it: off, required"
    )
    confirmation_days: int = setting(28, "The least time from a response to its confirmation", unit="days")
    sd_days: int = setting(
        0,
        "The least time from baseline for a best overall response of stable disease, where a protocol has one",
        unit="days",
        example="42",
    )
    discordance_mm: Decimal = setting(
        Decimal(10), "Largest residuals of two modalities that differ by more than this disagree (row C5)", unit="mm"
    )
    discordance_absent_mm: Decimal = setting(
        Decimal(5), "Absent on one modality and at least this size on another: they disagree (row C5)", unit="mm"
    )
    node_cortex_mm: Decimal = setting(
        Decimal(3),
        "Cortex up to which a node with preserved hilum is normal-appearing; above it is abnormal",
        unit="mm",
    )
    node_types_abnormal: tuple[int, ...] = setting(
        (5, 6), "Cortex types, 1 to 6, that make a node abnormal whatever its cortex measures"
    )
    us_remark_mm: Decimal = setting(
        Decimal(7),
        "Residual above which the report says that ultrasound is the more exact beside mammography",
        unit="mm",
    )
    size_order: tuple[Modality, ...] = setting(
        (Modality.MR, Modality.CEM, Modality.US, Modality.DBT, Modality.MG),
        "Order of modalities that gives a breast its size of record, without PT and EXAM; DBT and MG are one modality",
        example='["US", "MR", "CEM", "DBT", "MG"]',
    )
    node_order: tuple[Modality, ...] = setting(
        (Modality.US, Modality.MR),
        "Order of modalities that gives an axilla its size of record, without PT and EXAM",
    )

    @cached_property
    def limits(self) -> tuple[Operand, ...]:
        """The limits of partial response and progression, as every verdict by size names them."""
        return (
            Operand(name="pr_percent", value=self.pr_percent, unit="%"),
            Operand(name="pd_percent", value=self.pd_percent, unit="%"),
            Operand(name="pd_mm", value=self.pd_mm, unit="mm"),
        )


class Criterion(Protocol):
    """A way to classify response; ours or a plug-in's.

    `assess` is a pure function of the case: the same values for any order of its tuples, no clock, no files.  It
    returns one assessment for each scope, modality and time point it can speak of, and raises nothing for clinical
    content: what it cannot classify is NE with a rule and an issue.  One that gives numbers and never a category says
    so by a `classifies` that is False; it cannot feed the decision table.
    """

    @property
    def id(self) -> str:
        """Stable id, such as per-site."""
        ...

    @property
    def name(self) -> str:
        """Printed name; says so when a threshold differs from the source's."""
        ...

    def assess(self, case: Case) -> tuple[Assessment, ...]:
        """Assess every time point up to the reported one."""
        ...
