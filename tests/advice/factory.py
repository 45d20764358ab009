"""Cases and responses in a few words, for tests of advice: one left breast unless said otherwise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path

from reporter.advice.engine import advise
from reporter.advice.interface import Advice, ImagingStudy, Policy, Timing
from reporter.advice.pack import Pack, load_pack, shares
from reporter.case.case import Case
from reporter.case.facts import Axilla, Breast, Clinical, Diagnosis, Facts, Radiologist, Therapy
from reporter.case.length import mm
from reporter.case.lesion import Lesion
from reporter.case.study import Patient, Study
from reporter.case.timepoint import BaselineBasis, Timeline, TimePoint
from reporter.case.vocabulary import BiopsyResult, Kind, Location, Modality, Phase, Role, Side, TherapyStatus
from reporter.response.interface import (
    AxillaResponse,
    BreastResponse,
    Category,
    Headline,
    LesionPoint,
    LesionResult,
    Marker,
    MarkerState,
    Measure,
    NewFinding,
    NewFindingClass,
    NodeAppearance,
    NodeCourse,
    NodeResponse,
    Response,
    SiteResponse,
    State,
    Thresholds,
    Verdict,
)

KNOWLEDGE = Path(__file__).parents[2] / "reporter" / "knowledge"

START = dt.date(2026, 2, 2)
"""Of therapy."""
END = dt.date(2026, 6, 29)
BASELINE_DAY = dt.date(2026, 1, 8)
DURING_DAY = dt.date(2026, 4, 20)
AFTER_DAY = dt.date(2026, 7, 13)

ALL = (Modality.US, Modality.MG, Modality.DBT, Modality.MR)
"""Every imaging modality of the local topic."""

THERAPY = {
    Timing.BEFORE: Therapy(intent="neoadjuvant", status=TherapyStatus.NOT_STARTED),
    Timing.DURING: Therapy(intent="neoadjuvant", start=START, status=TherapyStatus.ONGOING),
    Timing.AFTER: Therapy(intent="neoadjuvant", start=START, end=END),
    Timing.END_LABELLED: Therapy(intent="neoadjuvant", start=START, status=TherapyStatus.ONGOING),
    Timing.UNSTATED: Therapy(intent="neoadjuvant"),
}
_PHASE = {
    Timing.BEFORE: Phase.BASELINE,
    Timing.DURING: Phase.DURING,
    Timing.AFTER: Phase.END,
    Timing.END_LABELLED: Phase.END,
    Timing.UNSTATED: Phase.UNKNOWN,
}
_BASIS = {
    Timing.BEFORE: BaselineBasis.THERAPY_DATES,
    Timing.END_LABELLED: BaselineBasis.LABEL,
    Timing.UNSTATED: BaselineBasis.EARLIEST_TAKEN,
}

ANSWERED = Facts(
    diagnosis=(Diagnosis(side=Side.LEFT, confirmed=True),),
    suspicion_distant=False,
)
"""Facts that raise no question of their own."""


@cache
def pack(name: str = "acr-235-2022") -> Pack:
    texts = pack_texts(name)
    lender = shares(texts)
    return load_pack(texts if lender is None else pack_texts(lender) | texts)


def pack_texts(name: str) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in (KNOWLEDGE / name).glob("*.toml")}


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A case with its response, ready to be advised on."""

    case: Case
    response: Response

    def advise(self, name: str = "acr-235-2022", policy: Policy | None = None) -> Advice:
        return advise(self.case, self.response, pack(name), policy)


def day_of(timing: Timing) -> dt.date:
    if timing is Timing.BEFORE:
        return BASELINE_DAY
    return AFTER_DAY if timing.surgical else DURING_DAY


def scene(
    timing: Timing = Timing.AFTER,
    *breasts: BreastResponse,
    axillae: Iterable[AxillaResponse] | None = None,
    lesions: Iterable[Lesion] | None = None,
    facts: Facts = ANSWERED,
    therapy: Therapy | None = None,
    now: Iterable[Modality] = ALL,
    baseline: Iterable[Modality | None] | None = ALL,
) -> Scene:
    """A case at one timing; entries of facts without a date are given that of the reported time point."""
    breasts = breasts or (breast(),)
    sides = tuple(sorted({b.side for b in breasts}))
    axillae = tuple(axilla(side) for side in sides) if axillae is None else tuple(axillae)
    known = tuple(_lesions(breasts, axillae)) if lesions is None else tuple(lesions)
    return Scene(
        case=Case(
            patient=Patient(id="SYN-0001"),
            studies=_studies(timing, tuple(now), baseline),
            lesions=tuple(sorted(known, key=lambda lesion: lesion.id)),
            measurements=(),
            timeline=_timeline(timing, baseline is not None),
            facts=dated(replace(facts, therapy=therapy or THERAPY[timing]), day_of(timing)),
        ),
        response=Response(criteria=(), assessments=(), breasts=breasts, axillae=axillae, thresholds=Thresholds()),
    )


def dated(facts: Facts, day: dt.date) -> Facts:
    return replace(
        facts,
        clinical=tuple(replace(e, date=e.date or day) for e in facts.clinical),
        axilla=tuple(replace(e, date=e.date or day) for e in facts.axilla),
        breast=tuple(replace(e, date=e.date or day) for e in facts.breast),
        radiologist=tuple(replace(e, date=e.date or day) for e in facts.radiologist),
    )


def _studies(
    timing: Timing, now: tuple[Modality, ...], baseline: Iterable[Modality | None] | None
) -> tuple[Study, ...]:
    reported = Study(key="now", uid=None, date=day_of(timing), modalities=now)
    if timing is Timing.BEFORE or baseline is None:
        return (reported,)
    return (Study(key="then", uid=None, date=BASELINE_DAY, modalities=tuple(baseline)), reported)


def _timeline(timing: Timing, has_baseline: bool) -> Timeline:
    basis = _BASIS.get(timing, BaselineBasis.THERAPY_DATES)
    day = day_of(timing)
    if timing is Timing.BEFORE or not has_baseline:
        point = TimePoint(index=0, phase=_PHASE[timing], date=day, studies=("now",))
        return Timeline(time_points=(point,), basis=basis if has_baseline else BaselineBasis.NONE, reported=0)
    return Timeline(
        time_points=(
            TimePoint(index=0, phase=Phase.BASELINE, date=BASELINE_DAY, studies=("then",)),
            TimePoint(index=1, phase=_PHASE[timing], date=day, studies=("now",)),
        ),
        basis=basis,
        reported=1,
    )


def _lesions(breasts: Iterable[BreastResponse], axillae: Iterable[AxillaResponse]) -> Iterable[Lesion]:
    for one in breasts:
        for site in one.sites:
            result = BiopsyResult.BENIGN if site.benign else BiopsyResult.MALIGNANT
            yield Lesion(id=site.lesion_id, kind=Kind.MASS, organ="breast", side=one.side, biopsy_result=result)
        for finding in one.new_findings:
            yield Lesion(id=finding.lesion_id, kind=Kind.MASS, organ="breast", side=one.side, role=Role.NEW)
    for axilla_of in axillae:
        for n in axilla_of.nodes:
            proven = BiopsyResult.MALIGNANT if n.proven else None
            yield Lesion(id=n.lesion_id, kind=Kind.NODE, organ="lymph node", side=axilla_of.side, biopsy_result=proven)


_LINES = {
    Category.BASELINE: Headline.BASELINE,
    Category.CR: Headline.COMPLETE,
    Category.PR: Headline.PARTIAL,
    Category.SD: Headline.STABLE,
    Category.PD: Headline.PROGRESSIVE,
    Category.NE: Headline.NOT_EVALUABLE,
    Category.NON_CR_NON_PD: Headline.PERSISTENT,
    Category.MIXED: Headline.MIXED,
    Category.NED: Headline.NO_DISEASE,
}


def breast(
    category: Category = Category.PR,
    *sites: SiteResponse,
    side: Side = Side.LEFT,
    headline: Headline | None = None,
    markers: Iterable[Marker] | None = None,
    modalities: Iterable[Modality | None] = (Modality.MR, Modality.US, Modality.DBT),
    new_findings: Iterable[NewFinding] = (),
) -> BreastResponse:
    """A breast with its sites (one, L1 of the same category, by default), every marker seen."""
    own = sites or (site(category=category),)
    seen = tuple(marker(s.lesion_id) for s in own) if markers is None else tuple(markers)
    return BreastResponse(
        side=side,
        headline=headline or _LINES[category],
        category=category,
        verdict=Verdict(category=category, rule="test"),
        record_modality=Modality.MR,
        site_by_site=False,
        sites=own,
        total=None,
        totals=(),
        markers=seen,
        new_findings=tuple(new_findings),
        modalities_now=tuple(modalities),
        modalities_saw_baseline=(Modality.MR, Modality.US, Modality.DBT),
    )


def site(
    lesion_id: str = "L1",
    category: Category = Category.PR,
    *,
    then: int = 30,
    now: int | None = None,
    benign: bool = False,
    baseline_on: Iterable[Modality] = (Modality.MR, Modality.US),
    results_on: Iterable[Modality] | None = None,
) -> SiteResponse:
    """A site measured at baseline on some modalities, and now on the same ones."""
    sizes = {Category.CR: 0, Category.PR: 15, Category.SD: 30, Category.PD: 40}
    size = sizes.get(category, 15) if now is None else now
    seen = tuple(baseline_on)
    results = tuple(
        LesionResult(
            point=point(lesion_id, modality, size),
            role=Role.TARGET,
            measure=Measure.LONG_AXIS,
            baseline=mm(then) if modality in seen else None,
        )
        for modality in (seen if results_on is None else results_on)
    )
    return SiteResponse(
        lesion_id=lesion_id,
        results=results,
        series=tuple(point(lesion_id, modality, then, time_point=0) for modality in seen),
        record=None if category is Category.NE or not results else results[0],
        category=category,
        benign=benign,
    )


def point(
    lesion_id: str, modality: Modality | None, size: int | None, *, time_point: int = 1, state: State | None = None
) -> LesionPoint:
    found = State.ABSENT if size == 0 else State.MEASURED
    return LesionPoint(
        lesion_id=lesion_id,
        modality=modality,
        time_point=time_point,
        study="now",
        state=state or found,
        size=None if size is None else mm(Decimal(size)),
    )


def marker(lesion_id: str = "L1", state: MarkerState = MarkerState.SEEN) -> Marker:
    return Marker(lesion_id=lesion_id, state=state, shape="coil", seen_on=(Modality.US,))


def axilla(
    side: Side = Side.LEFT,
    *nodes: NodeResponse,
    assessed: bool = True,
    modalities: Iterable[Modality] = (Modality.US,),
    then: int | None = None,
    now: int | None = None,
) -> AxillaResponse:
    return AxillaResponse(
        side=side,
        nodes=nodes,
        assessed=assessed,
        modalities_now=tuple(modalities) if assessed else (),
        abnormal_baseline=then,
        abnormal_now=now,
    )


def node(
    course: NodeCourse = NodeCourse.NORMAL,
    lesion_id: str = "N1",
    *,
    category: Category = Category.SD,
    proven: bool = False,
    marker_state: MarkerState = MarkerState.NOT_STATED,
    then: int = 12,
    now: int = 12,
) -> NodeResponse:
    result = LesionResult(
        point=point(lesion_id, Modality.US, now), role=Role.TARGET, measure=Measure.SHORT_AXIS, baseline=mm(then)
    )
    return NodeResponse(
        lesion_id=lesion_id,
        location=Location.AXILLA_1,
        results=(result,),
        series=(),
        record=result,
        appearance_baseline=NodeAppearance.NOT_STATED,
        appearance_now=NodeAppearance.NOT_STATED,
        course=course,
        category=category,
        marker=marker(lesion_id, marker_state),
        proven=proven,
    )


def new_finding(
    classified: NewFindingClass = NewFindingClass.UNSETTLED,
    lesion_id: str = "L9",
    *,
    side: Side = Side.LEFT,
    biopsy: BiopsyResult | None = None,
) -> NewFinding:
    return NewFinding(
        lesion_id=lesion_id,
        side=side,
        first_seen=1,
        points=(point(lesion_id, Modality.US, 9),),
        classified=classified,
        unequivocal=classified is NewFindingClass.PROGRESSION,
        biopsy=biopsy,
        covered_before=classified is NewFindingClass.PROGRESSION,
        declared=True,
    )


def flagged(flags: Radiologist) -> Facts:
    """The radiologist's flags of the left breast now."""
    return replace(ANSWERED, radiologist=(replace(flags, side=Side.LEFT),))


def examined(said: Clinical) -> Facts:
    """An examination of the left breast now."""
    return replace(ANSWERED, clinical=(replace(said, side=Side.LEFT),))


def composed(density: str) -> Facts:
    """The left breast's composition."""
    return replace(ANSWERED, breast=(Breast(side=Side.LEFT, density=density),))


def with_axilla(entry: Axilla) -> Facts:
    """What is stated of the left axilla."""
    return replace(ANSWERED, axilla=(replace(entry, side=Side.LEFT),))


def rows_of(advice: Advice) -> set[str]:
    return {match.row for match in advice.rows}


def steps_of(advice: Advice) -> set[str]:
    return {step.id for step in advice.steps}


def notes_of(advice: Advice) -> set[str]:
    return {note.id for note in advice.notes}


def wanted_of(advice: Advice) -> set[str]:
    return {study.procedure for study in advice.imaging if study.wanted}


def study_of(advice: Advice, procedure: str) -> ImagingStudy:
    return next(study for study in advice.imaging if study.procedure == procedure)
