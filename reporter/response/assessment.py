"""What a criterion says: categories with their rules and operands, one assessment a scope, modality and time point."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from reporter.case.case import Case
from reporter.case.issue import Issue
from reporter.case.length import Length
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


NUMBERS_ONLY = "volume.numbers_only"
"""Rule of an assessment that is numbers and their change, because no categories exist for them."""


class Measure(StrEnum):
    """Which dimension a criterion follows."""

    LONG_AXIS = "long_axis"
    SHORT_AXIS = "short_axis"
    PRODUCT = "product"
    VOLUME = "volume"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operand:
    """One named number that a rule looked at."""

    name: str
    """Such as now, baseline, nadir, threshold_percent, threshold_mm."""
    value: Decimal
    unit: str
    """mm, mm2, ml, %, d, or 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A category with the rule that gave it and the numbers it was given on."""

    category: Category
    rule: str
    """Stable id, such as target.pr or overall.new_lesion; each has a sentence with its source in the phrases."""
    operands: tuple[Operand, ...] = ()
    lesion_ids: tuple[str, ...] = ()
    """The lesions that decided, where some did more than others."""


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
    """What a criterion follows that is no length: a product of diameters, or a volume; exact, in one unit."""

    now: Decimal | None
    baseline: Decimal | None
    nadir: Decimal | None
    """The smallest complete one before now, baseline included."""
    unit: str
    """mm2 or ml."""

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
    verdict: Verdict | None = None
    """Its own category (`per-site`: every site); None where the criterion gives lesions none."""
    counted: bool = True
    """Whether it is in the sum."""
    amounts: Amounts | None = None
    """What is followed, where that is no length; `baseline` and `nadir` are then None."""

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
        return self.overall.rule != NUMBERS_ONLY

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Numbers of the rules; each a setting, and a changed one changes the criterion's printed name."""

    pr_percent: Decimal = Decimal(30)
    pd_percent: Decimal = Decimal(20)
    pd_mm: Decimal = Decimal(5)
    node_normal_mm: Decimal = Decimal(10)
    """A node with a shorter short axis is gone for CR."""
    node_target_mm: Decimal = Decimal(15)
    measurable_mm: Decimal = Decimal(10)
    too_small_mm: Decimal = Decimal(5)
    """Stands for a lesion present but too small to measure (decision g)."""
    reappearance_mm: Decimal = Decimal(5)
    """`per-site`: a site that comes back is PD from this measured size on (decision b)."""
    regrowth_mm: Decimal = Decimal(5)
    """Growth since the smallest, short of PD, that row C10 tells of."""
    hold_response: bool = True
    discordance_mm: Decimal = Decimal(10)
    """Largest residuals of two modalities that differ by more are discordant (decision v)."""
    discordance_absent_mm: Decimal = Decimal(5)
    """Absent on one, at least this on another: discordant (decision v)."""
    node_cortex_mm: Decimal = Decimal(3)
    node_types_abnormal: tuple[int, ...] = (5, 6)
    us_remark_mm: Decimal = Decimal(7)
    """Above this residual US is the more accurate one beside mammography (clinical source S4)."""
    size_order: tuple[Modality, ...] = (Modality.MR, Modality.CEM, Modality.US, Modality.DBT, Modality.MG)
    """Decision l; DBT and MG are one modality, DBT counting where both measured."""
    node_order: tuple[Modality, ...] = (Modality.US, Modality.MR)


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
