"""What a response is made of, and what a criterion promises.

Everything here is decided, nothing is worded: categories, exact numbers, rule ids.  `Assessment` is what one
criterion says of one scope (a breast with its axilla, or the patient) on one modality at one time point;
`BreastResponse` and `AxillaResponse` are what the report answers, side by side, from the criterion that feeds the
decision table and from the findings that are not criteria.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from reporter.case.case import Case
from reporter.case.issue import Issue
from reporter.case.length import Length
from reporter.case.vocabulary import BiopsyResult, ExtentChange, Location, Modality, Role, Side


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

    @property
    def from_baseline(self) -> Change | None:
        """The sum against the baseline sum."""
        if self.total is None or self.baseline_total is None:
            return None
        return Change(now=self.total, then=self.baseline_total)

    @property
    def from_nadir(self) -> Change | None:
        """The sum against the smallest before."""
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
    content: what it cannot classify is NE with a rule and an issue.
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


# ---------------------------------------------------------------------------------------------------------------
# What the report answers, side by side.


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteResponse:
    """One breast site (or a listed benign one) at the reported time point."""

    lesion_id: str
    results: tuple[LesionResult, ...]
    """At the reported time point, one for each modality that ever looked, in the order of size of record."""
    series: tuple[LesionPoint, ...]
    """Every point of every modality through time, by modality (same order) then time point."""
    record: LesionResult | None
    """The result on its modality of record (decision l); None: NE, row B8."""
    category: Category
    """Of record; NE without one.  CR stands here even when another modality still measures: see `still_measured`."""
    benign: bool = False
    """Stated benign: listed, never counted."""
    held: bool = False
    regrowth_to_confirm: bool = False
    """Came back below what is PD (decision b): "regrowth, to be confirmed"."""
    still_measured: tuple[LesionPoint, ...] = ()
    """Other imaging modalities that measure it now although the record says CR."""
    contradicting_flag: bool = False
    """Palpable, or enlarging by examination, against the imaging (decision v)."""


class NewFindingClass(StrEnum):
    """What a finding first seen after baseline is (decision p)."""

    PROGRESSION = "progression"
    """Unequivocal or proven, and covered before by a comparable modality."""
    UNSETTLED = "unsettled"
    """Row B9: equivocal, not covered before, coverage not stated, or not declared new."""
    NEW_CANCER = "new_cancer"
    """Contralateral and proven: a new cancer of that side."""
    BENIGN = "benign"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFinding:
    """A lesion first seen after the baseline time point."""

    lesion_id: str
    side: Side | None
    first_seen: int
    """Time point."""
    points: tuple[LesionPoint, ...]
    """Its points at the reported time point, by modality."""
    classified: NewFindingClass
    unequivocal: bool
    """By the reader's word (role new, status measured or present)."""
    biopsy: BiopsyResult | None
    covered_before: bool | None
    declared: bool
    """Whether its role was given as new."""
    covering_studies: tuple[str, ...] = ()
    """Keys of earlier studies of a comparable modality, for the sentence that names them."""
    index_distance: Length | None = None


class ProgressionKind(StrEnum):
    """Why it is progression."""

    SITE = "site"
    SUM = "sum"
    NODE = "node"
    NON_TARGET = "non_target"
    NEW_LESION = "new_lesion"
    REAPPEARANCE = "reappearance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progression:
    """One reason for PD on one imaging modality (decision l: any modality, PET apart)."""

    kind: ProgressionKind
    modality: Modality | None
    lesion_id: str | None
    """None: the sum."""
    verdict: Verdict
    baseline: Decimal | None = None
    nadir: Decimal | None = None
    now: Decimal | None = None
    without_baseline: bool = False
    """Growth between the studies at hand where no baseline exists (row A5)."""
    of_record: bool = False
    """On the modality of record, so that it is the category too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Regrowth:
    """Growth since the smallest size that is not PD (row C10)."""

    lesion_id: str | None
    """None: the sum."""
    modality: Modality | None
    baseline: Decimal | None
    smallest: Decimal
    smallest_time_point: int
    now: Decimal
    held: bool = False
    """A held partial response."""
    to_confirm: bool = False
    """A site that came back below what is PD."""


class DiscordanceKind(StrEnum):
    """In what way modalities, or examination and imaging, disagree (decision v)."""

    SIZE = "size"
    PROGRESSION = "progression"
    ABSENT = "absent"
    PALPABLE = "palpable"
    ENLARGING_BY_EXAM = "enlarging_by_exam"
    EXAM_STATED = "exam_stated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Discordance:
    """A disagreement that the report must name."""

    kind: DiscordanceKind
    lesion_id: str | None
    points: tuple[LesionPoint, ...] = ()
    """The points that disagree, by modality."""

    @property
    def with_examination(self) -> bool:
        """Whether the examination is one side of it (row A4), not two modalities (row C5)."""
        return self.kind in {DiscordanceKind.PALPABLE, DiscordanceKind.ENLARGING_BY_EXAM, DiscordanceKind.EXAM_STATED}


class MarkerState(StrEnum):
    """The biopsy marker of a lesion at the reported time point."""

    SEEN = "seen"
    """Seen on a modality and not said to be displaced, or displaced by 0."""
    DISPLACED = "displaced"
    NOT_SEEN = "not_seen"
    NEVER_PLACED = "never_placed"
    NOT_STATED = "not_stated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """The biopsy marker of one lesion now."""

    lesion_id: str
    state: MarkerState
    shape: str | None = None
    seen_on: tuple[Modality | None, ...] = ()
    displaced_by: Length | None = None
    displacement_stated: bool = False
    skin_distance: Length | None = None
    muscle_distance: Length | None = None
    nipple_distance: Length | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Residual:
    """The largest residual of a breast, on any imaging modality, largest named (S63)."""

    lesion_id: str
    modality: Modality | None
    size: Length


class Distribution(StrEnum):
    """How several malignant sites of a breast lie (S60)."""

    SINGLE = "single"
    MULTIFOCAL = "multifocal"
    MULTICENTRIC = "multicentric"
    BORDER = "border"
    """On a quadrant border, central, subareolar, or location not stated: asked, not classified."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calcifications:
    """Calcifications of a breast: extent and change, never part of a category."""

    lesion_id: str
    baseline: Length | None
    now: Length | None
    change: ExtentChange | None
    assessed_now: bool
    """Whether mammography or DBT was done at the reported time point (row C3)."""
    absent_now: bool = False


class Headline(StrEnum):
    """Line 1 of the impression for a breast; what the decision table starts from.

    Order of precedence where several hold: PD, SD, indeterminate, NE, near-complete, CR, PR, non-CR/non-PD; mixed
    by decision n.
    """

    BASELINE = "baseline"
    PROGRESSIVE = "progressive"
    MIXED = "mixed"
    STABLE = "stable"
    INDETERMINATE = "indeterminate"
    NOT_EVALUABLE = "not_evaluable"
    NEAR_COMPLETE = "near_complete"
    NOT_COMPLETE = "not_complete"
    """CR by the record, another imaging modality still measures: row B3."""
    KNOWN_SITE_GONE = "known_site_gone"
    """CR by the record, a new finding unsettled: no CR headline (decision p)."""
    COMPLETE = "complete"
    PARTIAL = "partial"
    PARTIAL_HELD = "partial_held"
    PERSISTENT = "persistent"
    """Non-CR/non-PD: no measurable target."""
    NO_DISEASE = "no_disease"
    """No lesion known on this side that could respond; only new findings or nodes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BreastResponse:
    """The answer for one breast at the reported time point."""

    side: Side
    headline: Headline
    category: Category
    """Of record, over the breast sites: worst by decision n's order; MIXED where sites differ so."""
    verdict: Verdict | None
    record_modality: Modality | None
    """The one modality of record; None where it was found site by site or not at all."""
    site_by_site: bool
    sites: tuple[SiteResponse, ...]
    """By id; benign ones too."""
    total: Assessment | None
    """The assessment of the sum on the modality of record (breast with its axilla); None site by site."""
    totals: tuple[Assessment, ...]
    """The same criterion's assessments of this side now, on every modality, in order."""
    progressions: tuple[Progression, ...] = ()
    regrowths: tuple[Regrowth, ...] = ()
    discordances: tuple[Discordance, ...] = ()
    new_findings: tuple[NewFinding, ...] = ()
    markers: tuple[Marker, ...] = ()
    """One for each breast site not stated benign, then benign ones that carry a marker."""
    residual: Residual | None = None
    """None: nothing measurable."""
    span: Length | None = None
    """As entered now."""
    distribution: Distribution = Distribution.SINGLE
    calcifications: tuple[Calcifications, ...] = ()
    larger_elsewhere: tuple[str, ...] = ()
    """Sites NE whose present size on another modality is larger than at baseline (row B8)."""
    modalities_now: tuple[Modality | None, ...] = ()
    """Imaging modalities that looked at this breast now, in order of size of record."""
    modalities_saw_baseline: tuple[Modality | None, ...] = ()
    """Imaging modalities that measured a site of this breast at baseline."""


class NodeAppearance(StrEnum):
    """How a node looks at one time point (clinical ground 2.10)."""

    NORMAL = "normal"
    ABNORMAL = "abnormal"
    INDETERMINATE = "indeterminate"
    NOT_STATED = "not_stated"


class NodeCourse(StrEnum):
    """A node's appearance now against baseline."""

    NORMAL = "normal"
    """Normal-appearing, and not known to have been abnormal."""
    RESOLVED = "resolved"
    PERSISTENTLY_ABNORMAL = "persistently_abnormal"
    NEWLY_ABNORMAL = "newly_abnormal"
    ABNORMAL_BASELINE_NOT_STATED = "abnormal_baseline_not_stated"
    INDETERMINATE = "indeterminate"
    NOT_STATED = "not_stated"
    ABNORMAL_AT_BASELINE = "abnormal_at_baseline"
    """The baseline is the reported time point: abnormal, no course yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeResponse:
    """One node at the reported time point."""

    lesion_id: str
    location: Location | None
    results: tuple[LesionResult, ...]
    """Short axis, one for each modality that ever looked, US first then MRI (decision l)."""
    series: tuple[LesionPoint, ...]
    record: LesionResult | None
    appearance_baseline: NodeAppearance
    appearance_now: NodeAppearance
    course: NodeCourse
    category: Category
    """By size alone, on its modality of record."""
    marker: Marker
    proven: bool
    """Biopsy-proven malignant."""
    size_and_appearance_differ: bool = False
    """Below 10 mm yet abnormal, or normal-appearing yet 10 mm or more: called neither complete, resolved nor normal."""

    @property
    def abnormal(self) -> bool:
        """Abnormal now, in whatever course (row C8)."""
        return self.course in {
            NodeCourse.PERSISTENTLY_ABNORMAL,
            NodeCourse.NEWLY_ABNORMAL,
            NodeCourse.ABNORMAL_BASELINE_NOT_STATED,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class AxillaResponse:
    """The answer for the axilla and node stations of one side."""

    side: Side
    nodes: tuple[NodeResponse, ...]
    assessed: bool
    """Whether anything was said of its nodes at the reported time point: a measured node, a count, a level."""
    modalities_now: tuple[Modality | None, ...]
    """Modalities of the node measurements now."""
    abnormal_baseline: int | None = None
    """Number of abnormal nodes as entered."""
    abnormal_now: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionUsed:
    """A criterion that was computed, and how it prints."""

    id: str
    name: str
    version: str = "1"
    feeds_decisions: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """Everything decided about response, up to the reported time point."""

    criteria: tuple[CriterionUsed, ...]
    assessments: tuple[Assessment, ...]
    """Every criterion, scope, modality and time point, in the order of `classify`."""
    breasts: tuple[BreastResponse, ...]
    """Sides with a lesion, a diagnosis or a new finding; sorted."""
    axillae: tuple[AxillaResponse, ...]
    """Same sides, same order."""
    thresholds: Thresholds
    issues: tuple[Issue, ...] = field(default=())
    """What the rules found wrong or missing (LES_LOST, LES_NEW ...), beside those of the case."""

    def breast(self, side: Side) -> BreastResponse | None:
        """The answer for one breast."""
        return next((b for b in self.breasts if b.side is side), None)

    def axilla(self, side: Side) -> AxillaResponse | None:
        """The answer for one axilla."""
        return next((a for a in self.axillae if a.side is side), None)
