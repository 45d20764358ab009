"""What the report answers at the reported time point, breast and axilla side by side."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from reporter.case.length import Length
from reporter.case.vocabulary import BiopsyResult, ExtentChange, Location, Modality, Side
from reporter.response.assessment import (
    Assessment,
    Category,
    LesionPoint,
    LesionResult,
    Verdict,
)


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
    fragments: tuple[LesionPoint, ...] = ()
    """Points of the parts that it split into, each from when it is first seen, by lesion, modality and time point."""
    unusable: tuple[LesionPoint, ...] = ()
    """Imaging that gives a value of it now which cannot be used, where the others see nothing: NE, no CR stands."""
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
    NOT_CLASSIFIED = "not_classified"
    """Row A1: nothing of the case is."""


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
    """By size, or by the criterion that feeds the decision table where size alone is no progression."""
    baseline: Decimal | None = None
    nadir: Decimal | None = None
    now: Decimal | None = None
    unit: str = "mm"
    """Of the three numbers: mm, or that of what the criterion follows (mm2)."""
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
    smallest_day: dt.date | None = None
    """Of the study that holds the smallest, see `LesionResult.nadir_day`."""
    held: bool = False
    """A held partial response."""
    to_confirm: bool = False
    """A site that came back below what is PD."""
    non_target: bool = False
    """A lesion or node judged without its size: only the reader's word can call its growth progression (2.5)."""


class DiscordanceKind(StrEnum):
    """In what way modalities, or examination and imaging, disagree (decision v)."""

    SIZE = "size"
    PROGRESSION = "progression"
    ABSENT = "absent"
    """Gone on one modality, a node also by its short axis, and measured on another."""
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
    NOT_CLASSIFIED = "not_classified"
    """Row A1: the case is stated to be out of scope; sizes stand, nothing is classified."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientResponse:
    """What a criterion of the whole patient says at the reported time point, where such a one feeds the decisions.

    It is printed as the patient's, never as that of a breast; each breast is answered from its own lesions.
    """

    criterion: str
    name: str
    assessments: tuple[Assessment, ...]
    """On every imaging modality, in the order of size of record."""
    category: Category
    """PD on any of them, else of the first that is evaluable, else NE."""
    modality: Modality | None
    """The one that gives the category."""
    verdict: Verdict
    """Of that modality."""


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
    """Below 10 mm yet abnormal, or normal-appearing yet 10 mm or more on any imaging: called neither complete, resolved
    nor normal."""
    discordances: tuple[Discordance, ...] = ()
    """Imaging modalities that disagree about its short axis (decision v, row C5): called none of these either."""
    contradicted_by: tuple[Modality | None, ...] = ()
    """Other imaging that says otherwise of its size now than the one of record, by modality (decision l)."""
    enlarged: bool = False
    """Normal in size at baseline (under 10 mm), 10 mm or more now: equivocal, may not be disease, no automatic PD."""

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
