"""What a template sees of the advice: next imaging, matters for the team, remarks, routes, and what is open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from reporter.advice.interface import Note, Route, Step
from reporter.case.issue import Issue, Outcome
from reporter.case.vocabulary import Modality, Side
from reporter.draft.fields_imaging import DoneView, ImagingView, all_made, done, done_names, wanted
from reporter.draft.fields_patient import marker_word
from reporter.draft.fields_sites import unseen_before
from reporter.draft.issues import sentence
from reporter.draft.speaker import IN_SIGHT, NOT_FOR_SIZE, Speaker
from reporter.draft.view import View, says
from reporter.response.interface import BreastResponse, Category, Headline, SiteResponse


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView(View):
    """One matter for the team."""

    id: str = says("Its id", example="targeted_excision")
    side: str = says("The side it is about; empty where it is about the patient", example="left")
    text: str = says("The sentence", example="Surgery: excision targeted on the marked bed, or mastectomy if planned.")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteView(View):
    """One remark."""

    id: str = says("Its id", example="us_first")
    side: str = says("The side it is about; empty where it is about the patient", example="left")
    text: str = says("The sentence")


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueView(View):
    """One doubt about the input or the case."""

    code: str = says("Its stable name", example="LES_LOST")
    text: str = says("The sentence, with where to look")


@dataclass(frozen=True, slots=True, kw_only=True)
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
    step_ids: tuple[str, ...] = says("The ids of all matters for the team")
    notes: tuple[NoteView, ...] = says("Remarks, in the order of the table")
    note_ids: tuple[str, ...] = says("The ids of all remarks")
    rows: tuple[str, ...] = says("Rows of the decision table that apply", example="B5")
    routes: tuple[str, ...] = says("Questions to the guideline that no variant answers, in sentences")
    problems: tuple[IssueView, ...] = says("What was not used or not counted, and why")
    questions: tuple[IssueView, ...] = says("Missing facts that would change the report")
    issue_notes: tuple[IssueView, ...] = says("What is worth knowing of the input")
    left_out: tuple[str, ...] = says("Studies and files that are not used, each with its reason")
    not_provided: tuple[str, ...] = says(
        "What a surgeon may look for and was not given", example="supraclavicular imaging"
    )


FIRST = frozenset({"urgent_pathway", "biopsy_new_lesion", "biopsy_new_finding", "await_biopsy"})
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
    issues = sorted(all_issues(speaker), key=lambda issue: issue.order)
    return AdviceView(
        timing=str(advice.timing),
        surgical=advice.timing.surgical,
        in_scope=advice.in_scope,
        wanted=tuple(dict.fromkeys(wanted(speaker, study) for study in advice.imaging if study.wanted)),
        done=tuple(done(speaker)),
        done_names=speaker.phrases.all_of(done_names(speaker)),
        all_complete=all(b.headline is Headline.COMPLETE for b in speaker.report.response.breasts),
        complete=all_made(advice.imaging),
        first=tuple(step for step in steps if step.id in FIRST),
        surgery=tuple(step for step in steps if step.id in SURGERY),
        steps=tuple(step for step in steps if step.id not in SURGERY | FIRST),
        step_ids=tuple(step.id for step in steps),
        notes=tuple(_note(speaker, note) for note in advice.notes if _wanted_note(speaker, note)),
        note_ids=tuple(note.id for note in advice.notes),
        rows=tuple(dict.fromkeys(row.row for row in advice.rows)),
        routes=tuple(_route(speaker, route) for route in advice.routes if _told(route)),
        problems=_views(speaker, [i for i in issues if i.outcome in {Outcome.PROBLEM, Outcome.REFUSED}]),
        questions=_views(speaker, [i for i in issues if i.outcome is Outcome.QUESTION]),
        issue_notes=_views(speaker, [i for i in issues if i.outcome is Outcome.NOTE]),
        left_out=_left_out(speaker),
        not_provided=tuple(dict.fromkeys(not_provided)),
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
    return tuple(v for v in views if not any(w.text.startswith(f"{v.text} (") for w in views))


def _step(speaker: Speaker, step: Step) -> StepView:
    timing = speaker.report.advice.timing
    words = _operands(speaker, step.side, step.lesion_ids)
    planned = any(s.id == _PLAN and s.side is step.side for s in _shown_steps(speaker))
    variant = "several" if planned and step.id in {_SHOW, "localise_markers"} else timing
    if not step.lesion_ids and f"step.{step.id}.no_lesion" in speaker.phrases:
        variant = "no_lesion"
    if step.id == _MISSING and step.lesion_ids and not any(_measured_locally(speaker, i) for i in step.lesion_ids):
        variant = "no_imaging"
    text = _said(speaker, f"step.{step.id}", variant, "step.other", {**words, "id": step.id})
    return StepView(id=step.id, side=speaker.side(step.side) if step.side else "", text=text)


def _shown_steps(speaker: Speaker) -> list[Step]:
    return [step for step in speaker.report.advice.steps if _wanted_step(speaker, step)]


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
        return not all(speaker.latest(i, "birads", speaker.case.reported) for i in step.lesion_ids)
    return True


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
    return any(row.modality not in NOT_FOR_SIZE for row in speaker.rows(lesion_id))


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
    timing = speaker.report.advice.timing
    words = _operands(speaker, note.side, note.lesion_ids)
    text = _said(speaker, f"note.{note.id}", timing, "note.other", {**words, "id": note.id})
    return NoteView(id=note.id, side=speaker.side(note.side) if note.side else "", text=text)


def _said(speaker: Speaker, path: str, variant: str, other: str, words: dict[str, str]) -> str:
    """The sentence at a path, for this variant, for any, or the general one."""
    return speaker.phrases.first(f"{path}.{variant}", f"{path}.any", other, **words)


def _operands(speaker: Speaker, side: Side | None, lesion_ids: Sequence[str]) -> dict[str, str]:
    """What a sentence about a side or some of its lesions may name."""
    case, phrases = speaker.case, speaker.phrases
    response = speaker.report.response
    breast = response.breast(side) if side else None
    nodes = [i for i in lesion_ids if case.lesion(i).is_node]
    sites = [i for i in lesion_ids if i not in nodes]
    not_stated = phrases.say("word.not_stated")
    one = len(response.breasts) == 1
    markers = [marker_word(speaker, case.lesion(i)) for i in lesion_ids if case.lesion(i).clip]
    return {
        "side": speaker.side(side),
        "of_side": "" if one or side is None else phrases.say("word.of_side", side=speaker.side(side)),
        "lesions": phrases.all_of(lesion_ids) or not_stated,
        "sites": phrases.all_of(sites) or not_stated,
        "nodes": phrases.all_of(nodes) or not_stated,
        "markers": phrases.all_of(list(dict.fromkeys(markers))) or phrases.say("word.the_marker"),
        "counted_markers": _counted(speaker, sites, nodes),
        "all_markers": phrases.say(f"count.{_few(len(markers))}"),
        "residual": speaker.numbers.mm(breast.residual.size) if breast and breast.residual else not_stated,
        "largest": _largest(speaker, breast) if breast and breast.residual else not_stated,
        "span": speaker.numbers.mm(breast.span) if breast and breast.span else not_stated,
        "calcifications": _and_calcifications(speaker, side),
        "reason": case.facts.mri_obstacle or not_stated,
        "modalities": phrases.all_of(speaker.modalities(breast.modalities_now)) if breast else not_stated,
        "guidance": _guidance(speaker, lesion_ids),
        "findings": _findings(speaker, lesion_ids),
        "suspicion": phrases.say("word.not_stated" if case.facts.suspicion_distant is None else "word.no"),
    }


def _guidance(speaker: Speaker, lesion_ids: Sequence[str]) -> str:
    """`US-guided` for what US sees now, else `Image-guided`."""
    found = [f for b in speaker.report.response.breasts for f in b.new_findings if f.lesion_id in lesion_ids]
    on_us = [any(p.modality is Modality.US and p.state in IN_SIGHT for p in f.points) for f in found]
    if found and all(on_us):
        return speaker.phrases.say("imaging.guided", modality=speaker.exactly(Modality.US))
    return speaker.phrases.say("imaging.image_guided")


def _findings(speaker: Speaker, lesion_ids: Sequence[str]) -> str:
    """`mass`, or `lesions L2 and L3`."""
    if len(lesion_ids) == 1:
        return speaker.noun(speaker.case.lesion(lesion_ids[0]))
    return speaker.phrases.say("imaging.lesions", lesions=speaker.phrases.all_of(lesion_ids))


def _largest(speaker: Speaker, breast: BreastResponse) -> str:
    """`19 mm`; with a site that cannot be evaluated it is only the largest of what is measured, and says so."""
    size = speaker.numbers.mm(breast.residual.size) if breast.residual else ""
    unknown = [s.lesion_id for s in breast.sites if _size_unknown(s)]
    if not unknown:
        return size
    return speaker.phrases.say("word.largest_measured", size=size, what=speaker.phrases.all_of(unknown))


def _size_unknown(site: SiteResponse) -> bool:
    return site.category is Category.NE and not site.benign and not any(r.point.state in IN_SIGHT for r in site.results)


def _counted(speaker: Speaker, sites: Sequence[str], nodes: Sequence[str]) -> str:
    """`both markers and the node marker`."""
    marked = [speaker.case.lesion(i) for i in (*sites, *nodes) if speaker.case.lesion(i).clip]
    of_sites, of_nodes = sum(not x.is_node for x in marked), sum(x.is_node for x in marked)
    paths = [f"count.markers_{_few(of_sites)}"] if of_sites else []
    paths += [f"count.node_markers_{_few(of_nodes)}"] if of_nodes else []
    return speaker.phrases.all_of([speaker.phrases.say(path) for path in paths])


def _few(number: int) -> str:
    return {1: "one", 2: "both"}.get(number, "all")


def _and_calcifications(speaker: Speaker, side: Side | None) -> str:
    breast = speaker.report.response.breast(side) if side else None
    there = [c for c in breast.calcifications if not c.absent_now] if breast else []
    return speaker.phrases.say("word.and_calcifications") if there else ""


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
    study = next((s for s in speaker.case.studies if s.key == issue.study), None)
    known = {}
    if study is not None:
        modality = speaker.phrases.all_of(speaker.modalities(study.modalities))
        known["study"] = speaker.phrases.say("word.study_of", modality=modality, date=str(study.date))
    return IssueView(code=issue.code, text=sentence(issue, speaker.phrases, **known))


_ROWS_SAID_ALREADY = frozenset({"TP_LATER", "TP_AFTER_OPERATION", "CELL_WORD", "ROW_NO_LESION"})
"""Rows that go with their study, or that a problem names."""


def _left_out(speaker: Speaker) -> tuple[str, ...]:
    """One line for each study, file or measurement that is not used; studies by their date, never by their UID."""
    studies, others = [], []
    for item in speaker.case.left_out:
        reason = speaker.phrases.first(f"left_out.{item.code}", "left_out.other", code=item.code)
        if item.date is not None:
            what = " ".join([str(item.date), speaker.phrases.all_of(speaker.modalities(item.modalities))]).rstrip()
            studies.append(speaker.phrases.say("word.left_out", what=what, reason=reason))
        elif item.code not in _ROWS_SAID_ALREADY:
            others.append(speaker.phrases.say("word.left_out", what=item.what, reason=reason))
    return (*dict.fromkeys(sorted(studies)), *dict.fromkeys(others))


def nothing_measured(speaker: Speaker) -> bool:
    """Whether there are images, and nobody measured or entered anything on them."""
    return not speaker.case.measurements
