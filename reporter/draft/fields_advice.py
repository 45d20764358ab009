"""What a template sees of the advice: next imaging, matters for the team, remarks, routes, and what is open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from reporter.advice.conditions.breast import indeterminate_sites
from reporter.advice.interface import Note, Route, Step
from reporter.case.issue import Issue, Outcome
from reporter.case.vocabulary import NEVER_OF_RECORD, Modality, Side
from reporter.draft.fields_imaging import DoneView, ImagingView, all_made, asked, done, done_names, once_each
from reporter.draft.fields_sites import unseen_before
from reporter.draft.issues import sentence
from reporter.draft.operands import Operands
from reporter.draft.speaker import IN_SIGHT, Speaker
from reporter.draft.view import View, group, says
from reporter.response.interface import Headline


@group
class StepView(View):
    """One matter for the team."""

    id: str = says("Its id", example="targeted_excision")
    side: str = says("The side it is about; empty where it is about the patient", example="left")
    text: str = says("The sentence", example="Surgery: excision targeted on the marked bed, or mastectomy if planned.")


@group
class NoteView(View):
    """One remark."""

    id: str = says("Its id", example="us_first")
    side: str = says("The side it is about; empty where it is about the patient", example="left")
    text: str = says("The sentence", example="Dense breast: ultrasound complements mammography.")


@group
class IssueView(View):
    """One doubt about the input or the case."""

    code: str = says("Its stable name", example="LES_LOST")
    text: str = says("The sentence, with where to look", example="L2 has no value now. (table.csv, row 7)")


@group
class AdviceView(View):
    """What to do next, and what is open."""

    timing: str = says("before, during, after, end_labelled or unstated", example="after")
    surgical: bool = says("Whether surgical lines are shown")
    in_scope: bool = says("Whether the case is within the guideline's topic")
    wanted: tuple[ImagingView, ...] = says("Imaging that is asked for now")
    done: tuple[DoneView, ...] = says("Imaging of the breast that was made now, by rating and row")
    done_names: str = says(
        "Imaging of the breast that was made now, joined by and", example="MRI, US and mammography/DBT"
    )
    all_complete: bool = says("Whether every breast with an answer is complete on imaging")
    complete: bool = says("Whether US, mammography or DBT, and contrast MRI of the breast were all made now")
    first: tuple[StepView, ...] = says("What cannot wait: biopsy of a new finding, the urgent pathway")
    surgery: tuple[StepView, ...] = says("Matters of surgery, in the order of the table")
    steps: tuple[StepView, ...] = says("The other matters for the team, in the order of the table")
    step_ids: tuple[str, ...] = says("The ids of all matters for the team", example="targeted_excision")
    notes: tuple[NoteView, ...] = says("Remarks, in the order of the table")
    note_ids: tuple[str, ...] = says("The ids of all remarks", example="us_first")
    rows: tuple[str, ...] = says("Rows of the decision table that apply", example="B5")
    routes: tuple[str, ...] = says(
        "Questions to the guideline that no variant answers, in sentences", example="Axilla, left: see topic 286."
    )
    problems: tuple[IssueView, ...] = says("What was not used or not counted, and why")
    questions: tuple[IssueView, ...] = says("Missing facts that would change the report; none outside the topic")
    issue_notes: tuple[IssueView, ...] = says("What is worth knowing of the input")
    left_out: tuple[str, ...] = says(
        "Studies and files that are not used, each with its reason", example="US 2025-01-02: another body part"
    )
    not_provided: tuple[str, ...] = says(
        "What a surgeon may look for and was not given", example="supraclavicular imaging"
    )


FIRST = frozenset({"urgent_pathway", "mark_now", "biopsy_new_lesion", "biopsy_new_finding", "await_biopsy"})
"""Steps that cannot wait for imaging or discussion."""
SURGERY = frozenset({
    "targeted_excision",
    "localise_and_show",
    "localise_markers",
    "name_benign_markers",
    "specimen_radiograph",
    "localise_bed",
    "residual_for_resection",
    "plan_on_largest_and_span",
})
"""Steps that speak of the operation itself: one line together."""


def advice_view(speaker: Speaker, not_provided: Sequence[str]) -> AdviceView:
    """What to do next, and what is open."""
    advice = speaker.report.advice
    steps = [_step(speaker, step) for step in _merged(_shown_steps(speaker))]
    urgent = {"A3", "B5"} & {row.row for row in advice.rows}
    first = FIRST if urgent else FIRST | {"problem_solving"}
    issues = sorted(all_issues(speaker), key=lambda issue: issue.order)
    return AdviceView.made(
        timing=lambda: str(advice.timing),
        surgical=lambda: advice.timing.surgical,
        in_scope=lambda: advice.in_scope,
        wanted=lambda: tuple(once_each(asked(speaker))),
        done=lambda: tuple(done(speaker)),
        done_names=lambda: speaker.phrases.all_of(done_names(speaker)),
        all_complete=lambda: all(b.headline is Headline.COMPLETE for b in speaker.report.response.breasts),
        complete=lambda: all_made(advice.imaging),
        first=lambda: tuple(step for step in steps if step.id in first),
        surgery=lambda: tuple(step for step in steps if step.id in SURGERY),
        steps=lambda: tuple(step for step in steps if step.id not in SURGERY | first),
        step_ids=lambda: tuple(step.id for step in steps),
        notes=lambda: tuple(_said_once(_note(speaker, note) for note in advice.notes if _wanted_note(speaker, note))),
        note_ids=lambda: tuple(note.id for note in advice.notes),
        rows=lambda: tuple(dict.fromkeys(row.row for row in advice.rows)),
        routes=lambda: tuple(_route(speaker, route) for route in advice.routes if _told(route)),
        problems=lambda: _views(speaker, [i for i in issues if i.outcome in {Outcome.PROBLEM, Outcome.REFUSED}]),
        questions=lambda: _views(speaker, [i for i in issues if i.outcome is Outcome.QUESTION and advice.in_scope]),
        issue_notes=lambda: _views(speaker, [i for i in issues if i.outcome is Outcome.NOTE]),
        left_out=lambda: _left_out(speaker),
        not_provided=lambda: tuple(dict.fromkeys(not_provided)),
    )


def all_issues(speaker: Speaker) -> Iterator[Issue]:
    """The issues of the case, of the rules and of the advice."""
    report = speaker.report
    yield from report.case.issues
    yield from report.response.issues
    for assessment in report.response.assessments:
        if assessment.time_point == report.case.reported.index:
            yield from assessment.issues
    yield from report.advice.issues


def _views(speaker: Speaker, issues: Iterable[Issue]) -> tuple[IssueView, ...]:
    """Each doubt once; of two sentences that differ only in where to look, the one that says so."""
    views = list(dict.fromkeys(issue_view(speaker, issue) for issue in issues))
    begun = {head for view in views for head in accumulate(view.text.split(" (")[:-1], "{} ({}".format)}
    return tuple(view for view in views if view.text not in begun)


def _step(speaker: Speaker, step: Step) -> StepView:
    words = Operands(speaker, step.side, step.lesion_ids, step.id)
    text = _said(speaker, f"step.{step.id}", _variant(speaker, step), "step.other", words)
    return StepView(id=step.id, side=speaker.side(step.side) if step.side else "", text=text)


def _variant(speaker: Speaker, step: Step) -> str:
    """Which of the sentences of a step is meant; that of the timing where nothing else asks for another."""
    timing = speaker.report.advice.timing
    path = f"step.{step.id}"
    if step.id == _MISSING and step.lesion_ids:
        return _way_out(speaker, step.side, step.lesion_ids[0]) or timing
    if step.id != _MISSING and speaker.case.facts.mri_possible is False and f"{path}.no_mri" in speaker.phrases:
        return "no_mri"
    if step.id == "name_benign_markers" and len(step.lesion_ids) > 1:
        return "several"
    if not step.lesion_ids and f"{path}.no_lesion" in speaker.phrases:
        return "no_lesion"
    if f"{path}.{timing}_indeterminate" in speaker.phrases and _indeterminate(speaker, step.side):
        return f"{timing}_indeterminate"
    planned = any(s.id == _PLAN and s.side is step.side for s in _shown_steps(speaker))
    return "several" if planned and step.id in {_SHOW, "localise_markers"} else timing


def _way_out(speaker: Speaker, side: Side | None, lesion_id: str) -> str:
    """Why what is missing of a site cannot be completed on the modality of its baseline; empty where it can."""
    if not _measured_locally(speaker, lesion_id):
        return "no_imaging"
    baseline = speaker.case.baseline
    then = {row.modality for row in speaker.rows(lesion_id, baseline)} if baseline else set()
    if then and then <= _NOT_LOCAL:
        return "no_baseline"
    if side is None or speaker.case.facts.mri_possible is not False:
        return ""
    context = speaker.context(side)
    sites = (site for site in context.sites if site.lesion_id == lesion_id)
    only_mri = any(context.seen_at_baseline(site) - _NOT_LOCAL == {Modality.MR} for site in sites)
    return "no_mri" if only_mri else ""


def _indeterminate(speaker: Speaker, side: Side | None) -> bool:
    return side is not None and bool(indeterminate_sites(speaker.context(side)))


def _shown_steps(speaker: Speaker) -> list[Step]:
    steps = (part for step in speaker.report.advice.steps for part in _apart(speaker, step))
    return [step for step in steps if _wanted_step(speaker, step)]


def _apart(speaker: Speaker, step: Step) -> Iterator[Step]:
    """What is missing, by what can be done about it: not the same, it may be, for every site of a breast."""
    if step.id != _MISSING or not step.lesion_ids:
        yield step
        return
    by_way: dict[str, list[str]] = {}
    for lesion_id in step.lesion_ids:
        by_way.setdefault(_way_out(speaker, step.side, lesion_id), []).append(lesion_id)
    yield from (replace(step, lesion_ids=tuple(ids)) for ids in by_way.values())


def _wanted_step(speaker: Speaker, step: Step) -> bool:
    """Whether a step still says something: no resection of nothing, no category asked for that is entered."""
    breast = speaker.report.response.breast(step.side) if step.side else None
    if step.id == "residual_for_resection":
        return breast is None or breast.residual is not None
    if step.id == _PLAN:
        return breast is None or breast.residual is not None or breast.span is not None
    if step.id == _MISSING and step.lesion_ids:
        return not all(_unseen_before(speaker, step, i) for i in step.lesion_ids)
    if step.id == "own_birads":
        return not all(_assessed(speaker, i) for i in step.lesion_ids)
    return True


def _assessed(speaker: Speaker, lesion_id: str) -> bool:
    """Whether a finding has its own BI-RADS category, or is a node, which gets none."""
    return speaker.case.lesion(lesion_id).is_node or bool(speaker.latest(lesion_id, "birads", speaker.case.reported))


def _wanted_note(speaker: Speaker, note: Note) -> bool:
    """Whether a remark has something to name: one modality alone, not PET alone."""
    breast = speaker.report.response.breast(note.side) if note.side else None
    return note.id != "one_modality" or breast is None or bool(breast.modalities_now)


def _unseen_before(speaker: Speaker, step: Step, lesion_id: str) -> bool:
    """Whether a site was looked for at baseline and not seen: nothing of it is missing."""
    breast = speaker.report.response.breast(step.side) if step.side else None
    sites = [s for s in breast.sites if s.lesion_id == lesion_id] if breast else []
    return any(unseen_before(speaker, s) and not any(p.state in IN_SIGHT for p in s.series) for s in sites)


def _measured_locally(speaker: Speaker, lesion_id: str) -> bool:
    """Whether any row of a lesion is from a modality that gives a local size."""
    return any(row.modality not in _NOT_LOCAL for row in speaker.rows(lesion_id))


_NOT_LOCAL = NEVER_OF_RECORD | {Modality.CT}
"""Modalities that never give the size of record of a breast (decision l)."""

_MISSING = "complete_missing_part"
_SHOW = "localise_and_show"
_PLAN = "plan_on_largest_and_span"


def _merged(steps: Sequence[Step]) -> Iterator[Step]:
    """Localising and the specimen radiograph are one line; after a plan on size and span, that is part of it too."""
    for step in steps:
        ids = {other.id for other in steps if other.side is step.side}
        shown = {"localise_markers", "specimen_radiograph"} <= ids
        if step.id == "localise_markers" and shown:
            yield replace(step, id=_SHOW)
        elif not shown or step.id not in {"specimen_radiograph", _PLAN}:
            yield step


def _note(speaker: Speaker, note: Note) -> NoteView:
    no_mri = speaker.case.facts.mri_possible is False and f"note.{note.id}.no_mri" in speaker.phrases
    variant = "no_mri" if no_mri else speaker.report.advice.timing
    words = Operands(speaker, note.side, note.lesion_ids, note.id)
    text = _said(speaker, f"note.{note.id}", variant, "note.other", words)
    return NoteView(id=note.id, side=speaker.side(note.side) if note.side else "", text=text)


def _said_once(notes: Iterable[NoteView]) -> Iterator[NoteView]:
    """Each sentence once: a remark that names no side is not said again for the other."""
    told: set[str] = set()
    for note in notes:
        if note.text not in told:
            yield note
        told.add(note.text)


def _said(speaker: Speaker, path: str, variant: str, other: str, words: Operands) -> str:
    """The sentence at a path, for this variant, for any, or the general one."""
    return speaker.phrases.filled((f"{path}.{variant}", f"{path}.any", other), words)


def _told(route: Route) -> bool:
    """Whether a route is worth a line: no variant answers it, and it is not a question that is asked anyway."""
    return route.variant is None and not route.reason.endswith("not_stated")


def _route(speaker: Speaker, route: Route) -> str:
    say, side = speaker.phrases.say, route.side
    words = {
        "side": speaker.side(side),
        "topic": speaker.report.advice.pack.topic,
        "neighbour": _neighbour(speaker, route.neighbour),
        "missing": speaker.phrases.all_of([_fact(speaker, name) for name in route.missing]) or say("word.not_stated"),
    }
    return speaker.phrases.first(f"route.{route.reason}", "route.other", **words)


def _neighbour(speaker: Speaker, neighbour: str | None) -> str:
    return speaker.phrases.first(f"topic.{neighbour}", "topic.other", id=neighbour or "") if neighbour else ""


def _fact(speaker: Speaker, name: str) -> str:
    """A facts key in words; as it stands where there are none."""
    path = f"fact.{name}"
    return speaker.phrases.say(path) if path in speaker.phrases else name


def issue_view(speaker: Speaker, issue: Issue) -> IssueView:
    """One doubt in words; names where to look, and what would settle it."""
    study = speaker.case.study_by_key.get(issue.study or "")
    known = {}
    if study is not None:
        modality = speaker.phrases.all_of(speaker.modalities(study.modalities))
        known["study"] = speaker.phrases.say("word.study_of", modality=modality, date=speaker.written(study.date))
    return IssueView(code=issue.code, text=sentence(issue, speaker.phrases, **known))


_ROWS_SAID_ALREADY = frozenset({"TP_LATER", "TP_AFTER_OPERATION", "CELL_WORD", "ROW_NO_LESION"})
"""Rows that go with their study, or that a problem names."""


def _left_out(speaker: Speaker) -> tuple[str, ...]:
    """One line for each study, file or measurement that is not used; studies by their date, never by their UID."""
    studies, others = [], []
    for item in speaker.case.left_out:
        reason = speaker.phrases.first(f"left_out.{item.code}", "left_out.other", code=item.code)
        if item.date is not None:
            what = " ".join([
                speaker.written(item.date),
                speaker.phrases.all_of(speaker.modalities(item.modalities)),
            ]).rstrip()
            studies.append(speaker.phrases.say("word.left_out", what=what, reason=reason))
        elif item.code not in _ROWS_SAID_ALREADY:
            others.append(speaker.phrases.say("word.left_out", what=item.what, reason=reason))
    return (*dict.fromkeys(sorted(studies)), *dict.fromkeys(others))


def nothing_measured(speaker: Speaker) -> bool:
    """Whether there are images, and nobody measured or entered anything on them."""
    return not speaker.case.measurements
