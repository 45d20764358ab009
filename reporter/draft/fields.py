"""What a template may see: one group of fields for each section of a report.

The groups say what every field means (`describe`); a template names a field as `{{ patient.id }}` or
`{% for breast in breasts %}`.  Fields hold words and numbers as they print; which sentence they stand in is the
template's.
"""

from __future__ import annotations

from collections.abc import Iterator

from reporter.case.issue import Outcome
from reporter.case.lesion import Lesion
from reporter.case.measurement import Measured, Measurement
from reporter.case.timepoint import BaselineBasis
from reporter.case.vocabulary import LevelState, Location, Phase
from reporter.draft.disagreements import disagreement_sentences
from reporter.draft.fields_advice import AdviceView, advice_view, nothing_measured
from reporter.draft.fields_around import AroundView, around_view
from reporter.draft.fields_axilla import AxillaView, axilla_views
from reporter.draft.fields_breast import BreastView, breast_views
from reporter.draft.fields_course import CourseView, course_views, trend
from reporter.draft.fields_patient import (
    ComparisonView,
    DiagnosisView,
    ExaminationView,
    ExamView,
    PatientView,
    TechniqueView,
    TherapyView,
    comparison_views,
    diagnosis_views,
    exam_views,
    examination_views,
    patient_view,
    technique_views,
    therapy_view,
    yes_no,
)
from reporter.draft.figures import has_clock, has_trend
from reporter.draft.speaker import Speaker
from reporter.draft.tables import Rows
from reporter.draft.view import View, group, says
from reporter.response.interface import Assessment, Category, Headline


@group
class TitleView(View):
    """What the title says."""

    subject: str = says("What the report is about", example="Response to neoadjuvant therapy")
    stage: str = says("Where the patient stands", example="end of treatment, before surgery")
    sides: str = says("Which breasts", example="left breast and axilla")


@group
class RulesView(View):
    """Numbers of the rules, as they print."""

    partial: str = says("From this change on a response is partial", unit="%", example="-30 %")
    node_normal: str = says("A node with a shorter short axis counts as gone", unit="mm", example="10 mm")
    us_remark: str = says("Above this residual US is the more accurate beside mammography", unit="mm", example="7 mm")


@group
class CriterionView(View):
    """One way of classifying, and what it says now."""

    name: str = says("Its printed name", example="per-site, an adaptation of RECIST 1.1")
    feeds: bool = says("Whether it gives the response that the report answers with")
    lines: tuple[str, ...] = says("What it says of each scope and modality now", example="MRI: partial response")


@group
class WholePatientView(View):
    """What a criterion of the whole patient says, where such a one gives the response: never that of one breast."""

    criterion: str = says("Its printed name", example="RECIST 1.1")
    category: str = says("Its category now, a word such as PR", example="PR")
    category_words: str = says("Its category in words", example="partial response")
    modality: str = says("The modality that gives it", example="MRI")
    change: str = says("Change from baseline of what it follows; empty without", unit="%", example="-35 %")
    growth: str = says("Growth of the sum since the smallest, where that is progression", unit="%", example="+24 %")
    urgent: bool = says("Whether it is progression")
    new: str = says("New lesions that make it progression; else empty", example="R2 (right)")
    other: str = says("Other lesions that make it progression; else empty", example="N1 (left)")
    by_sum: bool = says("Whether the sum of all targets makes it progression")
    lines: tuple[str, ...] = says("What it says on each modality", example="MRI: partial response")


@group
class UnclassifiedView(View):
    """A lesion that is printed and not classified, because its side or kind is not settled."""

    id: str = says("The lesion's id as given", example="L3")
    noun: str = says("What it is", example="mass")
    part_of: str = says("The lesion it split from and is measured with; empty without", example="L1")
    side: str = says("Its side, or that it is not known", example="side not stated")
    sided: bool = says("Whether its side is known")
    where: str = says("Where, with the distance from the nipple", example="2 o'clock, 6 cm from nipple")
    why: str = says("Why it is not classified", example="its side is not stated")
    sizes: str = says("Every size of it with modality and date", unit="mm", example="MRI 30 mm (2026-01-10)")


@group
class FiguresView(View):
    """Whether there is anything to draw; a figure is an image of that name, alone in its paragraph.

    `trend-drawn` in place of `trend` is for a template that says the same beside it: formats that cannot draw leave it
    out.
    """

    trend: bool = says("Whether two time points have a size of record: the sizes through time")
    clock: bool = says("Whether a site of a breast has an hour: where the sites lie")


@group
class Fields(View):
    """Everything that a template may see."""

    title: TitleView = says("What the title says")
    patient: PatientView = says("Who was imaged")
    exams: tuple[ExamView, ...] = says("The studies of the reported time point, day by day")
    one_time_point: bool = says("Whether studies of several days stand for one time point")
    diagnoses: tuple[DiagnosisView, ...] = says("The cancer of each breast with one")
    therapy: TherapyView = says("Systemic therapy before surgery")
    examinations: tuple[ExaminationView, ...] = says("Physical examination of each breast with cancer")
    menopausal: str = says("As given; empty where not stated", example="postmenopausal")
    distant: str = says("Suspicion of distant spread: yes, no, or empty where not stated", example="no")
    indication: str = says("Why the patient was imaged; empty where not stated", example="response")
    operation: str = says("The planned operation as given; empty where not stated", example="not yet decided")
    operation_date: str = says("Its date; empty where not stated", example="2026-07-27")
    mri_obstacle: str = says("Why MRI cannot be done, quoted; else empty", example='"pacemaker"')
    technique: tuple[TechniqueView, ...] = says("How each modality was made, as far as headers say")
    comparison: tuple[ComparisonView, ...] = says("Earlier time points, the first one first")
    baseline_date: str = says("Date of the baseline time point; empty without one", example="2026-01-08")
    baseline_taken: bool = says("Whether the earliest study is taken as baseline because no dates tell")
    is_baseline: bool = says("Whether the reported time point is itself the baseline")
    phase: str = says("What the reported time point is to the therapy: baseline, during, end or unknown", example="end")
    around: AroundView = says("The breasts around the sites")
    breasts: tuple[BreastView, ...] = says("The answer for each breast, urgent ones first")
    axillae: tuple[AxillaView, ...] = says("The answer for each axilla")
    unclassified: tuple[UnclassifiedView, ...] = says("Lesions that are printed and not classified")
    bed_wanted: bool = says("Whether anything is to be said of markers: some site has one, or should have")
    calcifications_stated: bool = says("Whether anything is stated of calcifications")
    birads: tuple[str, ...] = says("BI-RADS of each breast as entered", example="left 6")
    criteria: tuple[CriterionView, ...] = says("The ways of classifying, the one that the report answers with first")
    disagreements: tuple[str, ...] = says(
        "Where another criterion differs from the first, a sentence each, with the cause where the rules tell it",
        example="recist-1.1 reads stable disease where per-site reads partial response.",
    )
    whole_patient: WholePatientView | None = says(
        "What the criterion says of the whole patient, where it is one of the patient and not of sites; else none"
    )
    trend: Rows = says(
        "Every site and node on its modality of record; columns site, modality, t0, t1 ..., change, response"
    )
    courses: tuple[CourseView, ...] = says("Each criterion on each scope and modality, time point by time point")
    rules: RulesView = says("Numbers of the rules")
    figures: FiguresView = says("Which figures have something to draw")
    advice: AdviceView = says("What to do next, and what is open")


def fields(speaker: Speaker) -> Fields:
    """The fields of one report, each made when it is asked for."""
    case, numbers = speaker.case, speaker.numbers
    facts, rules = case.facts, speaker.report.response.thresholds
    exams = exam_views(speaker)
    breasts = breast_views(speaker)
    around = around_view(speaker)
    return Fields.made(
        title=lambda: _title(speaker),
        patient=lambda: patient_view(speaker),
        exams=lambda: exams,
        one_time_point=lambda: len(exams) > 1,
        diagnoses=lambda: diagnosis_views(speaker),
        therapy=lambda: therapy_view(speaker),
        examinations=lambda: examination_views(speaker),
        menopausal=lambda: facts.menopausal or "",
        distant=lambda: yes_no(facts.suspicion_distant),
        indication=lambda: str(facts.indication or ""),
        operation=lambda: facts.surgery.planned or "",
        operation_date=lambda: speaker.written(facts.surgery.date),
        mri_obstacle=lambda: _mri_obstacle(speaker),
        technique=lambda: technique_views(speaker),
        comparison=lambda: comparison_views(speaker),
        baseline_date=lambda: speaker.written(case.baseline.date if case.baseline else None),
        baseline_taken=lambda: case.timeline.basis is BaselineBasis.EARLIEST_TAKEN,
        is_baseline=lambda: case.reported.phase is Phase.BASELINE,
        phase=lambda: str(case.reported.phase),
        around=lambda: around,
        breasts=lambda: breasts,
        axillae=lambda: axilla_views(speaker),
        unclassified=lambda: tuple(_unclassified(speaker)),
        bed_wanted=lambda: any(b.bed.marked for b in breasts),
        calcifications_stated=lambda: bool(around.calcifications) or any(b.calcifications for b in breasts),
        birads=lambda: tuple(_birads(speaker, breasts)),
        criteria=lambda: _criteria(speaker),
        disagreements=lambda: disagreement_sentences(speaker),
        whole_patient=lambda: _whole_patient(speaker),
        trend=lambda: trend(speaker),
        courses=lambda: course_views(speaker),
        rules=lambda: RulesView(
            partial=numbers.threshold(-rules.pr_percent),
            node_normal=numbers.mm(rules.node_normal_mm),
            us_remark=numbers.mm(rules.us_remark_mm),
        ),
        figures=lambda: FiguresView(trend=has_trend(speaker), clock=has_clock(speaker)),
        advice=lambda: advice_view(speaker, tuple(_not_provided(speaker))),
    )


def _title(speaker: Speaker) -> TitleView:
    say, timing = speaker.phrases.say, speaker.report.advice.timing
    sides = [breast.side for breast in speaker.report.response.breasts] or list(speaker.case.sides)
    if not sides:
        words = say("title.no_side")
    elif len(sides) > 1:
        words = say("title.both_sides")
    else:
        words = say("title.one_side", side=speaker.side(sides[0]))
    if not speaker.report.advice.in_scope:
        return TitleView(subject=say("title.imaging"), stage=say("title.out_of_scope"), sides=words)
    stage = "baseline" if speaker.case.reported.phase is Phase.BASELINE else str(timing)
    return TitleView(subject=say("title.response"), stage=say(f"title.{stage}"), sides=words)


def _mri_obstacle(speaker: Speaker) -> str:
    facts = speaker.case.facts
    if facts.mri_possible is not False:
        return ""
    return speaker.quoted(facts.mri_obstacle) if facts.mri_obstacle else speaker.phrases.say("word.reason_not_stated")


def _birads(speaker: Speaker, breasts: tuple[BreastView, ...]) -> Iterator[str]:
    """BI-RADS as entered, breasts with an answer first; says what drives a category where lesions have their own."""
    say = speaker.phrases.say
    answered = [b.side for b in breasts]
    for breast in breasts:
        if not breast.birads:
            continue
        words = say("birads.of", side=breast.side, category=breast.birads)
        news = [n for n in (*breast.new.progression, *breast.new.unsettled) if n.birads == breast.birads]
        if breast.lead_birads and news:
            words = say("birads.driven", birads=words, noun=news[0].noun, index=breast.lead_birads)
        elif breast.headline == Headline.COMPLETE and breast.birads == "6":
            words = say("birads.known", birads=words)
        yield words
    others = {e.side: e.birads for e in speaker.case.facts.radiologist if e.date == speaker.case.reported.date}
    for side, category in sorted((s, c) for s, c in others.items() if s and c):
        if speaker.side(side) not in answered:
            yield say("birads.of", side=speaker.side(side), category=category)


def _criteria(speaker: Speaker) -> tuple[CriterionView, ...]:
    response, now = speaker.report.response, speaker.case.reported.index
    views = []
    for criterion in sorted(response.criteria, key=lambda c: not c.feeds_decisions):
        found = [a for a in response.assessments if a.criterion == criterion.id and a.time_point == now]
        several = len({a.side for a in found}) > 1
        lines = tuple(_criterion_line(speaker, a, several=several) for a in found)
        if lines or criterion.feeds_decisions:
            views.append(
                CriterionView(name=speaker.criterion(criterion.name), feeds=criterion.feeds_decisions, lines=lines)
            )
    return tuple(views)


SUMMED = (".pd", ".pd_known_suffice", ".pd_sum")
"""How rules end by which all targets together are progressive."""


def _whole_patient(speaker: Speaker) -> WholePatientView | None:
    """What the criterion that feeds the decision table says of the patient; none at baseline, and by sites."""
    told = speaker.report.response.patient
    if told is None or told.category is Category.BASELINE:
        return None
    own = next(a for a in told.assessments if a.modality is told.modality)
    urgent = told.category is Category.PD
    rule = told.verdict.rule.rpartition(".")[2]
    by_sum = urgent and rule == "target_pd" and own.target is not None and own.target.rule.endswith(SUMMED)
    changes = {"change": None if urgent else own.from_baseline, "growth": own.from_nadir if by_sum else None}
    lesions = [speaker.case.lesion(i) for i in told.verdict.lesion_ids] if urgent else []
    named = speaker.phrases.all_of([f"{x.id} ({speaker.side(x.side)})" if x.side else x.id for x in lesions])
    return WholePatientView(
        criterion=speaker.criterion(told.name),
        category=str(told.category),
        category_words=speaker.phrases.say(f"category.{told.category}"),
        modality=speaker.modality(told.modality),
        **{name: (speaker.numbers.percent(c) or "") if c else "" for name, c in changes.items()},
        urgent=urgent,
        new=named if rule == "new_lesion" else "",
        other=named if rule != "new_lesion" and not by_sum else "",
        by_sum=by_sum,
        lines=tuple(_criterion_line(speaker, a, several=False) for a in told.assessments),
    )


def _criterion_line(speaker: Speaker, assessment: Assessment, *, several: bool) -> str:
    """`MRI: partial response (-50 % from baseline)`; numbers alone where no categories exist."""
    say, change, amounts = speaker.phrases.say, assessment.from_baseline, assessment.amounts
    percent = speaker.numbers.percent(change) if change else None
    side = [speaker.side(assessment.side)] if several and assessment.side else []
    where = ", ".join([*side, speaker.modality(assessment.modality)])
    if change is not None and amounts is not None and not assessment.classified:
        then, after = (f"{speaker.numbers.number(v)} {amounts.unit}" for v in (change.then, change.now))
        path = "response.numbers_with_change" if percent else "response.numbers"
        note = speaker.phrases.by_path.get(f"response.note.{assessment.overall.rule}", "")
        return f"{say(path, modality=where, then=then, now=after, change=percent or '')}{note}"
    return say(
        "response.line_with_change" if percent else "response.line",
        modality=where,
        category=say(f"category.{assessment.overall.category}"),
        change=percent or "",
    )


def _unclassified(speaker: Speaker) -> Iterator[UnclassifiedView]:
    """Lesions that stand in no answer: nothing that was given is lost."""
    response = speaker.report.response
    answered = {s.lesion_id for b in response.breasts for s in b.sites}
    answered |= {n.lesion_id for b in response.breasts for n in b.new_findings}
    answered |= {c.lesion_id for b in response.breasts for c in b.calcifications}
    answered |= {n.lesion_id for a in response.axillae for n in a.nodes}
    for lesion in speaker.case.lesions:
        if lesion.id not in answered or not lesion.counted:
            yield UnclassifiedView(
                id=lesion.id,
                noun=speaker.noun(lesion),
                part_of=str(speaker.latest(lesion.id, "split_from") or "") if lesion.counted else "",
                side=_side_of(speaker, lesion),
                sided=lesion.side is not None,
                where=speaker.where(lesion),
                why=_why_unclassified(speaker, lesion),
                sizes=", ".join(_given(speaker, row) for row in speaker.rows(lesion.id)),
            )


def _side_of(speaker: Speaker, lesion: Lesion) -> str:
    if lesion.side is None and "side" in _contradicted(speaker, lesion):
        return speaker.phrases.say("side.contradicted")
    return speaker.side(lesion.side)


def _why_unclassified(speaker: Speaker, lesion: Lesion) -> str:
    """The first that holds: side or kind missing or given in two ways, another organ, no value that can be used."""
    contradicted = _contradicted(speaker, lesion)
    if lesion.side is None:
        reason = "side_contradicted" if "side" in contradicted else "side"
    elif lesion.kind is None:
        reason = "kind_contradicted" if "kind" in contradicted else "kind"
    elif not lesion.counted:
        reason = "doubt"
    else:
        reason = "value" if lesion.is_node or "breast" in lesion.organ.casefold() else "organ"
    return speaker.phrases.say(f"unclassified.{reason}")


def _contradicted(speaker: Speaker, lesion: Lesion) -> frozenset[str | None]:
    """The columns of a lesion that are given in two ways, by the problems that say so."""
    found = (i for i in speaker.case.issues if i.lesion_id == lesion.id and i.outcome is Outcome.PROBLEM)
    return frozenset(issue.column for issue in found if issue.code not in {"LAT_MISSING", "LES_KIND"})


def _given(speaker: Speaker, row: Measurement) -> str:
    """One row as it was given: `MRI 30 x 20 mm (2026-01-10)`."""
    value = row.value
    axes = (value.long_axis, value.short_axis, value.third_axis) if isinstance(value, Measured) else ()
    known = [axis for axis in axes if axis is not None]
    size = f"{speaker.numbers.axes(known)} mm" if known else speaker.phrases.say(f"status.{value.status}")
    date = speaker.written(speaker.case.date_of(row.study))
    return speaker.phrases.say("finding.on", modality=speaker.exactly(row.modality), size=size, date=date)


def _not_provided(speaker: Speaker) -> Iterator[str]:
    """What a surgeon may look for and was not given."""
    case, say = speaker.case, speaker.phrases.say
    if nothing_measured(speaker):
        yield say("missing.measurements")
    for axilla in speaker.report.response.axillae:
        entry = speaker.fact(case.facts.axilla, axilla.side, case.reported)
        levels = dict(entry.levels) if entry else {}
        if axilla.assessed and levels.get(Location.SUPRACLAVICULAR) in {None, LevelState.NOT_IMAGED}:
            yield say("missing.supraclavicular")
    for breast in speaker.report.response.breasts:
        if breast.headline is Headline.COMPLETE:
            for site in breast.sites:
                record = site.record.point if site.record else None
                rows = [
                    m for m in speaker.rows(site.lesion_id, case.reported) if record and m.modality is record.modality
                ]
                if record and not any(m.nipple_distance for m in rows):
                    yield say("missing.bed_to_nipple", modality=speaker.modality(record.modality))
        counted = [s for s in breast.sites if not s.benign]
        if len(counted) > 1 and breast.span is None:
            yield say("missing.span")
