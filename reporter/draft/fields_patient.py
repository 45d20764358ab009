"""What a template sees of patient, exams, clinical information, technique and comparison."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from reporter.advice.contradictions import malignant
from reporter.case.facts import Diagnosis
from reporter.case.lesion import Lesion
from reporter.case.study import Series, Study
from reporter.case.timepoint import BaselineBasis, TimePoint
from reporter.case.vocabulary import MAMMOGRAPHY, BiopsyResult, Modality, Phase, Side
from reporter.draft.speaker import Speaker, at
from reporter.draft.view import View, group, says


@group
class PatientView(View):
    """Who was imaged."""

    name: str = says("Name as the headers or facts give it; empty without one", example="SAMPLE^ONE")
    id: str = says("Patient ID", example="SYN-0001")
    age: str = says("Age at the reported time point; empty without a birth date", unit="years", example="54")


@group
class ExamView(View):
    """The studies of one day."""

    date: str = says("Study date", example="2026-07-13")
    studies: str = says("What was made that day, as described", example="US left breast and axilla")


@group
class DiagnosisView(View):
    """The cancer of one breast, before therapy."""

    side: str = says("The side", example="left")
    histology: str = says("As given; empty where not stated", example="invasive ductal carcinoma")
    grade: str = says("As given; empty where not stated", example="3")
    subtype: str = says("As given; empty where not stated", example="triple negative")
    receptors: str = says("As given; empty where not stated", example="ER+ PR+ HER2-")
    extent: str = says("As given; empty where not stated", example="locally advanced")
    proven: str = says("Whether it is proven by biopsy, as stated: yes, no, or empty", example="yes")
    proven_by: str = says("Lesions whose biopsy is given as malignant, joined by and; empty without", example="L1")
    nodes: str = says("Biopsy-proven nodes; empty without", example="one biopsy-proven left axillary node")
    biopsies: str = says(
        "When biopsied and what marks it; empty without", example="biopsied 2026-01-12; coil in the mass"
    )


@group
class TherapyView(View):
    """Systemic therapy before surgery."""

    kinds: str = says("What kinds; the word for systemic therapy where not stated", example="chemotherapy")
    intent: str = says("As given; empty where not stated", example="neoadjuvant")
    start: str = says("First day; empty where not stated", example="2026-02-02")
    end: str = says("Last day; empty where not stated", example="2026-06-29")
    status: str = says("Where it stands at the reported time point; empty where not stated", example="completed")
    regimen: str = says("As given, quoted; empty where not stated", example='"TCHP"')
    cycles_done: str = says("Cycles given by now; empty where not stated", example="4")
    cycles_planned: str = says("Cycles planned; empty where not stated", example="8")


@group
class ExaminationView(View):
    """Physical examination of one breast, and its remarks."""

    side: str = says("The side", example="left")
    palpable_before: str = says("Palpable at baseline: yes, no, or empty where not stated", example="yes")
    size_before: str = says("Size by examination at baseline; empty without one", unit="mm", example="60 mm")
    palpable_now: str = says("Palpable now: yes, no, or empty where not stated", example="no")
    size_now: str = says("Size by examination now; empty without one", unit="mm", example="20 mm")
    agrees: str = says("Whether examination and imaging agree: yes, no, or empty where not stated", example="yes")
    worsening: str = says("Clinical worsening: yes, no, or empty where not stated", example="no")
    cycle_week: str = says("Week of the menstrual cycle at the MRI; empty where not stated", example="2")


@group
class TechniqueView(View):
    """How one modality was made at the reported time point."""

    modality: str = says("The modality", example="MRI")
    parts: tuple[str, ...] = says("What is known of it, in order", example="3 T, prone, 1.0 mm slices")


@group
class ComparisonView(View):
    """One earlier time point."""

    phase: str = says("What it is to the therapy", example="baseline")
    studies: str = says("Its studies with dates and remarks", example="US 2026-01-08 (before biopsy)")
    label: str = says("Its label as given, quoted, where no rule reads it; else empty", example='"control"')


def patient_view(speaker: Speaker) -> PatientView:
    """Who was imaged."""
    case = speaker.case
    age = case.patient.age_on(case.reported.date)
    return PatientView(name=case.patient.name or "", id=case.patient.id, age="" if age is None else str(age))


def yes_no(value: bool | None) -> str:
    """`yes`, `no`, or empty: for templates to ask, never to print."""
    return "" if value is None else ("yes" if value else "no")


def exam_views(speaker: Speaker) -> tuple[ExamView, ...]:
    """The studies of the reported time point, day by day."""
    case = speaker.case
    studies = [case.study(key) for key in case.reported.studies]
    days = sorted({study.date for study in studies})
    return tuple(
        ExamView(
            date=speaker.written(day), studies="; ".join(_described(speaker, [s for s in studies if s.date == day]))
        )
        for day in days
    )


def _described(speaker: Speaker, studies: Sequence[Study]) -> Iterator[str]:
    for number, study in enumerate(studies):
        words = study.description or _structured(speaker, study)
        running = number and words[1:2].islower() and speaker.phrases.say("nouns") == "small"
        yield words[:1].lower() + words[1:] if running else words


def _structured(speaker: Speaker, study: Study) -> str:
    """What a study without a description is: modality and sides."""
    sides = study.sides()
    words = speaker.phrases.all_of(speaker.modalities(study.modalities))
    if not sides:
        return words
    side = speaker.side(sides[0]) if len(sides) == 1 else speaker.phrases.say("side.both")
    return f"{words} {side}"


def diagnosis_views(speaker: Speaker) -> tuple[DiagnosisView, ...]:
    """The cancer of each breast with one."""
    return tuple(_diagnosis(speaker, side) for side in speaker.case.sides)


def _diagnosis(speaker: Speaker, side: Side) -> DiagnosisView:
    entries = at(speaker.case.facts.diagnosis, side)
    entry = entries[0] if entries else Diagnosis(side=side)
    biopsied = [x for x in speaker.case.lesions if x.side is side and x.biopsy_result not in {None, BiopsyResult.NONE}]
    return DiagnosisView.made(
        side=lambda: speaker.side(side),
        histology=lambda: entry.histology or "",
        grade=lambda: "" if entry.grade is None else str(entry.grade),
        subtype=lambda: entry.subtype or "",
        receptors=lambda: entry.receptors or "",
        extent=lambda: entry.extent or "",
        proven=lambda: yes_no(entry.confirmed),
        proven_by=lambda: speaker.phrases.all_of([x.id for x in malignant(speaker.case, side)]),
        nodes=lambda: _proven_nodes(speaker, biopsied, side),
        biopsies=lambda: "; ".join(part for part in (_biopsied(speaker, biopsied), _marked(speaker, side)) if part),
    )


def _proven_nodes(speaker: Speaker, biopsied: Sequence[Lesion], side: Side) -> str:
    number = sum(x.is_node and x.biopsy_result is BiopsyResult.MALIGNANT for x in biopsied)
    if not number:
        return ""
    path = "clinical.one_proven_node" if number == 1 else "clinical.proven_nodes"
    return speaker.phrases.say(path, number=str(number), side=speaker.side(side))


def _biopsied(speaker: Speaker, biopsied: Sequence[Lesion]) -> str:
    say = speaker.phrases.say
    days = sorted({lesion.biopsy_date for lesion in biopsied if lesion.biopsy_date})
    if not days:
        return ""
    if len(days) == 1 and all(lesion.biopsy_date for lesion in biopsied):
        many = "one" if len(biopsied) == 1 else "both" if len(biopsied) == 2 else "all"  # ruff: ignore[magic-value-comparison]
        return say(f"clinical.biopsied_{many}", date=speaker.written(days[0]))
    dated = [lesion for lesion in biopsied if lesion.biopsy_date]
    return "; ".join(say("clinical.biopsied", lesion=x.id, date=speaker.written(x.biopsy_date)) for x in dated)


def _marked(speaker: Speaker, side: Side) -> str:
    """`coil in the mass, ribbon in the node`; with ids where that would not tell which."""
    marked = [lesion for lesion in speaker.case.lesions if lesion.side is side and lesion.clip]
    nouns = [speaker.noun(lesion) for lesion in marked]
    parts = []
    for lesion, noun in zip(marked, nouns, strict=True):
        path = "clinical.marker_in_the" if nouns.count(noun) == 1 else "clinical.marker_in"
        parts.append(speaker.phrases.say(path, marker=marker_word(speaker, lesion), noun=noun, lesion=lesion.id))
    return ", ".join(parts)


def marker_word(speaker: Speaker, lesion: Lesion) -> str:
    """`coil`; `marker` where no shape is given."""
    return lesion.clip_shape or speaker.phrases.say("word.marker")


def therapy_view(speaker: Speaker) -> TherapyView:
    """The therapy, as it stands at the reported time point."""
    case, therapy = speaker.case, speaker.case.facts.therapy
    status = case.therapy_status
    kinds = [speaker.phrases.say(f"therapy.{kind}") for kind in therapy.kinds]
    done = [e.cycles_done for e in case.facts.clinical if e.date == case.reported.date and e.cycles_done is not None]
    return TherapyView.made(
        kinds=lambda: speaker.phrases.all_of(kinds) if kinds else speaker.phrases.say("therapy.any"),
        intent=lambda: therapy.intent or "",
        start=lambda: speaker.written(therapy.start),
        end=lambda: speaker.written(therapy.end),
        status=lambda: speaker.phrases.say(f"therapy_status.{status}") if status else "",
        regimen=lambda: speaker.quoted(therapy.regimen) if therapy.regimen else "",
        cycles_done=lambda: str(done[0]) if done else "",
        cycles_planned=lambda: "" if therapy.cycles_planned is None else str(therapy.cycles_planned),
    )


def examination_views(speaker: Speaker) -> tuple[ExaminationView, ...]:
    """The examination of each breast with cancer."""
    return tuple(examination_view(speaker, side) for side in speaker.case.sides)


def examination_view(speaker: Speaker, side: Side) -> ExaminationView:
    """The examination of one breast."""
    case, mm = speaker.case, speaker.numbers.mm
    before = speaker.fact(case.facts.clinical, side, case.baseline)
    now = speaker.fact(case.facts.clinical, side, case.reported)
    if case.baseline == case.reported:
        before = None
    return ExaminationView.made(
        side=lambda: speaker.side(side),
        palpable_before=lambda: yes_no(before.palpable if before else None),
        size_before=lambda: mm(before.size) if before and before.size else "",
        palpable_now=lambda: yes_no(now.palpable if now else None),
        size_now=lambda: mm(now.size) if now and now.size else "",
        agrees=lambda: yes_no(now.exam_agrees if now else None),
        worsening=lambda: yes_no(now.worsening if now else None),
        cycle_week=lambda: str(now.cycle_week) if now and now.cycle_week is not None else "",
    )


def technique_views(speaker: Speaker) -> tuple[TechniqueView, ...]:
    """How each modality was made at the reported time point, as far as its headers say."""
    case = speaker.case
    series = [s for key in case.reported.studies for s in case.study(key).series]
    names = speaker.modalities(case.modalities_at(case.reported))
    views = []
    for name in names:
        own = [s for s in series if s.modality is not None and speaker.modality(s.modality) == name]
        parts = tuple(dict.fromkeys((*_technique(speaker, own), *_quality(speaker, name))))
        if parts:
            views.append(TechniqueView(modality=name, parts=parts))
    return tuple(views)


def _technique(speaker: Speaker, series: Sequence[Series]) -> Iterator[str]:
    say, number = speaker.phrases.say, speaker.numbers.number
    techniques = [s.technique for s in series]
    for value in dict.fromkeys(t.field_strength for t in techniques if t.field_strength is not None):
        yield say("technique.field_strength", value=number(value))
    for probe in dict.fromkeys((t.transducer_frequency, t.transducer) for t in techniques):
        words = [say("technique.frequency", value=number(probe[0]))] if probe[0] is not None else []
        if words or probe[1]:
            yield " ".join([*words, *([probe[1].lower()] if probe[1] else [])])
    views = sorted({view for s in series for view in s.views})
    if views:
        yield speaker.phrases.all_of(views)
    if any((t.patient_position or "").upper()[2:] == "P" for t in techniques):
        yield say("technique.prone")
    yield from _contrast(speaker, series)
    sliced = [s.technique for s in series if s.modality in {Modality.MR, Modality.CT}]
    for thickness in dict.fromkeys(t.slice_thickness for t in sliced if t.slice_thickness is not None):
        yield say("technique.slices", value=speaker.numbers.mm(thickness))


def _contrast(speaker: Speaker, series: Sequence[Series]) -> Iterator[str]:
    agents = list(dict.fromkeys(s.technique.contrast_agent for s in series if s.technique.contrast_agent))
    if agents:
        yield speaker.phrases.say("technique.contrast_agent", agent=", ".join(agents))
    elif any(s.technique.contrast for s in series):
        yield speaker.phrases.say("technique.contrast")
    elif any(s.technique.contrast is False for s in series):
        yield speaker.phrases.say("technique.no_contrast")


def _quality(speaker: Speaker, modality: str) -> Iterator[str]:
    for row in speaker.case.measurements_at(speaker.case.reported):
        if row.quality and speaker.modality(row.modality) == modality:
            yield speaker.entered(speaker.phrases.say("technique.quality", quality=row.quality))


def comparison_views(speaker: Speaker) -> tuple[ComparisonView, ...]:
    """The earlier time points, the first one first."""
    earlier = speaker.case.timeline.time_points[: speaker.case.reported.index]
    return tuple(
        ComparisonView(phase=_phase(speaker, point), studies=_studies(speaker, point), label=_label(speaker, point))
        for point in earlier
    )


def _phase(speaker: Speaker, point: TimePoint) -> str:
    taken = speaker.case.timeline.basis is BaselineBasis.EARLIEST_TAKEN
    return speaker.phrases.say("phase.taken" if taken and point.phase is Phase.BASELINE else f"phase.{point.phase}")


def _label(speaker: Speaker, point: TimePoint) -> str:
    return speaker.quoted(point.label) if point.label and point.phase is Phase.UNKNOWN else ""


def _studies(speaker: Speaker, point: TimePoint) -> str:
    """`US, mammography/DBT 2026-01-08 (before biopsy); MRI 2026-01-22 (10 days after biopsy)`."""
    case = speaker.case
    parts = []
    for day in sorted({case.date_of(key) for key in point.studies}):
        made = {m for key in point.studies if case.date_of(key) == day for m in case.study(key).modalities}
        ordered = [m for m in Modality if m in made - MAMMOGRAPHY]
        names = [*speaker.modalities(ordered), *([speaker.mammography] if made & MAMMOGRAPHY else [])]
        remark = _after_biopsy(speaker, day, point) if point.phase is Phase.BASELINE else ""
        words = ", ".join(names or [speaker.modality(None)])
        parts.append(f"{words} {speaker.written(day)}{f' ({remark})' if remark else ''}")
    return "; ".join(parts)


def _after_biopsy(speaker: Speaker, day: dt.date, point: TimePoint) -> str:
    say = speaker.phrases.say
    biopsies = [lesion.biopsy_date for lesion in speaker.case.lesions if lesion.biopsy_date]
    if not biopsies:
        return ""
    days = (day - min(biopsies)).days
    if days < 0:
        return say("comparison.before_biopsy")
    when = say("comparison.days_after_biopsy", days=str(days)) if days else say("comparison.day_of_biopsy")
    entries = [e for e in speaker.case.facts.breast if e.date == point.date and e.haematoma is not None]
    if not entries:
        return when
    if any(e.haematoma for e in entries):
        return f"{when}, {say('comparison.caution', what=speaker.entered(say('comparison.haematoma')))}"
    return f"{when}, {speaker.entered(say('comparison.no_haematoma'))}"
