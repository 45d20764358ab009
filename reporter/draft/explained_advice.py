"""What next: every row of the decision table, the routes, the imaging, who is told and why, and what is open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from reporter.advice.interface import ImagingStudy, Note, RowSeen, Step
from reporter.advice.table import Decision, Row
from reporter.case.issue import Issue
from reporter.draft.basis_pack import radiation, site_rows, sources
from reporter.draft.escalation import escalation_part
from reporter.draft.explained_input import reason_of
from reporter.draft.explanation import Entry, data_of, fields_of, sources_of
from reporter.draft.fields_advice import advice_view, all_issues
from reporter.draft.interface import Paragraph, words
from reporter.draft.issues import sentence
from reporter.draft.speaker import Speaker


def row_entries(speaker: Speaker, decision: Decision) -> Iterator[Entry]:
    """Every row of the decision table as it was looked at, with each condition and what it found."""
    rows = {row.id: row for row in decision.row}
    for seen in speaker.report.advice.looked_at:
        yield _row(speaker, seen, rows.get(seen.row))


def _row(speaker: Speaker, seen: RowSeen, row: Row | None) -> Entry:
    say = speaker.phrases.say
    found = {c.condition: c.holds for c in seen.conditions}
    applied = say("explain.row.fired" if seen.fired else _why_not(speaker, row, found))
    title = "" if row is None else row.title
    side = speaker.side(seen.side) if seen.side else say("explain.row.patient")
    text = say("explain.row.line", row=seen.row, title=title, side=side, applied=applied)
    match = speaker.report.advice.row(seen.row, seen.side) if seen.fired else None
    details = [*_conditions(speaker, row, found)]
    if match is not None and match.lesion_ids:
        details.append(say("explain.row.lesions", lesions=speaker.phrases.all_of(match.lesion_ids)))
    data = {**fields_of(seen), "title": title, "match": None if match is None else fields_of(match)}
    return Entry(text=text, details=tuple(details), data=data, sources=seen.sources)


def _why_not(speaker: Speaker, row: Row | None, found: Mapping[str, bool]) -> str:
    """A row whose conditions all hold may still not apply: another one goes first, or it says nothing at this time."""
    if row is None or not _holds(row, found):
        return "explain.row.not"
    return "explain.row.silent" if row.text(speaker.report.advice.timing) is None else "explain.row.behind"


def _holds(row: Row, found: Mapping[str, bool]) -> bool:
    needed = all(found.get(name, False) for name in row.when)
    one = not row.any_of or any(found.get(name, False) for name in row.any_of)
    return needed and one and not any(found.get(name, False) for name in row.unless)


def _conditions(speaker: Speaker, row: Row | None, found: Mapping[str, bool]) -> Iterator[str]:
    """`all of: complete yes, bed unconfirmed no`; grouped as the row groups them."""
    groups = {} if row is None else {"when": row.when, "any_of": row.any_of, "unless": row.unless}
    for name, conditions in groups.items():
        told = [f"{c.replace('_', ' ')} {'yes' if found.get(c) else 'no'}" for c in conditions]
        if told:
            yield speaker.phrases.say(f"explain.row.{name}", conditions=", ".join(told))


def route_entries(speaker: Speaker) -> Iterator[Entry]:
    """Where each question led in the guideline."""
    pack, say = speaker.report.advice.pack, speaker.phrases.say
    told = set(advice_view(speaker, ()).routes)
    for route in speaker.report.advice.routes:
        side = f", {speaker.side(route.side)}" if route.side else ""
        name = f"{route.question}{side}"
        if route.variant is not None:
            text = say("explain.route.variant", name=name, topic=pack.topic, variant=str(route.variant))
            title = [route.title] if route.title else []
        else:
            text = say("explain.route.none", name=name, topic=pack.topic)
            title = []
        details = [*title, say("explain.route.reason", reason=route.reason)]
        if route.missing:
            details.append(say("explain.route.missing", missing=", ".join(route.missing)))
        yield Entry(text=text, details=tuple(details), data=fields_of(route))
    for line in sorted(told):
        yield Entry(text=line, data={"said": line})


def imaging_entries(speaker: Speaker) -> Iterator[Entry]:
    """Every procedure that was rated or asked for, with its row of the guideline."""
    pack, say = speaker.report.advice.pack, speaker.phrases.say
    for study in speaker.report.advice.imaging:
        rating = say(f"rating.{study.rating or 'none'}")
        side = f" ({speaker.side(study.side)})" if study.side else ""
        text = f"{study.procedure}{side}: {rating}, {study.dose}"
        source = say("imaging.no_row", topic=pack.topic)
        if study.variant is not None:
            row = {"topic": pack.topic, "edition": study.edition, "variant": str(study.variant)}
            source = say("imaging.row", **row)
        yield Entry(text=text, details=tuple(_imaging(speaker, study)), data=fields_of(study), sources=(source,))


def _imaging(speaker: Speaker, study: ImagingStudy) -> Iterator[str]:
    say = speaker.phrases.say
    told = [say("explain.imaging.done")] if study.done else []
    if study.wanted:
        told.append(say("explain.imaging.wanted", rows=speaker.phrases.all_of(study.rows)))
    if f"purpose.{study.purpose}" in speaker.phrases and say(f"purpose.{study.purpose}"):
        told.append(say(f"purpose.{study.purpose}"))
    yield ", ".join([*told, say("explain.imaging.status", status=study.status)])


def line_entries(speaker: Speaker) -> Iterator[Entry]:
    """The lines of the recommendation and the remarks, each with the rows that gave it."""
    view = advice_view(speaker, ())
    steps = (*view.first, *view.surgery, *view.steps)
    said: dict[tuple[str, str], list[str]] = {}
    for step in steps:
        said.setdefault((step.id, step.side), []).append(step.text)
    for note in view.notes:
        said.setdefault((note.id, note.side), []).append(note.text)
    remarks = {note.id: [note.text] for note in view.notes}
    """A remark that is the same for both sides is said of one of them."""
    lines: Sequence[Step | Note] = (*speaker.report.advice.steps, *speaker.report.advice.notes)
    for line in lines:
        side = speaker.side(line.side) if line.side else ""
        name = ", ".join(filter(None, (line.id.replace("_", " "), side)))
        details = said.get((line.id, side)) or remarks.get(line.id, [])
        rows = speaker.phrases.say("explain.rows", rows=speaker.phrases.all_of(line.rows)) if line.rows else ""
        kind = "step" if isinstance(line, Step) else "note"
        data = {"kind": kind, **fields_of(line), "said": " ".join(details) or None}
        yield Entry(text=f"{kind} {name}", details=tuple(details), data=data, sources=(rows,) if rows else ())
    for step in steps:
        if step.id not in {line.id for line in lines}:
            data = {"kind": "step", "id": step.id, "said": step.text}
            yield Entry(text=f"step {step.id.replace('_', ' ')}", details=(step.text,), data=data)


def escalation_entries(speaker: Speaker) -> Iterator[Entry]:
    """Who is told, how urgently, and each row that asks for it."""
    escalation = speaker.report.advice.escalation
    first, *lines = [words(b.content) for b in escalation_part(speaker).blocks if isinstance(b, Paragraph)]
    told = [speaker.phrases.say(f"role.told.{role}") for role in escalation.told]
    yield Entry(text=first, details=(*told, *lines), data=fields_of(escalation, "reasons"))
    for reason in escalation.reasons:
        side = f", {speaker.side(reason.side)}" if reason.side else ""
        of = f": {speaker.phrases.all_of(reason.lesion_ids)}" if reason.lesion_ids else ""
        text = f"row {reason.row}{side}{of}: {reason.urgency.replace('_', ' ')}"
        yield Entry(text=text, data=fields_of(reason), sources=reason.sources)


# -- what is open -------------------------------------------------------------------------------------------------


def open_entries(speaker: Speaker) -> Iterator[Entry]:
    """Every doubt, the worst first, with what it does."""
    for issue in _once(sorted(all_issues(speaker), key=lambda issue: issue.order)):
        effect = speaker.phrases.say(f"explain.outcome.{issue.outcome}")
        column = speaker.phrases.say("explain.settles", column=issue.column) if issue.column else ""
        details = tuple(part for part in (effect, column, *_would_route(speaker, issue)) if part)
        text = f"{issue.code}: {_issue_text(speaker, issue)}"
        data = {**fields_of(issue, "source"), "source": data_of(issue.source)}
        yield Entry(text=text, details=details, data=data, sources=sources_of([issue.source]))


def _once(issues: Sequence[Issue]) -> Iterator[Issue]:
    seen: set[tuple[object, ...]] = set()
    for issue in issues:
        key = (*issue.order, issue.study, issue.column)
        if key not in seen:
            seen.add(key)
            yield issue


def _issue_text(speaker: Speaker, issue: Issue) -> str:
    study = next((s for s in speaker.case.studies if s.key == issue.study), None)
    known = {}
    if study is not None:
        modality = speaker.phrases.all_of(speaker.modalities(study.modalities))
        known["study"] = speaker.phrases.say("word.study_of", modality=modality, date=speaker.written(study.date))
    return sentence(replace(issue, source=None, column=None), speaker.phrases, column=issue.column or "", **known)


def _would_route(speaker: Speaker, issue: Issue) -> Iterator[str]:
    """What an answer would settle in the guideline."""
    for route in speaker.report.advice.routes:
        if issue.column in route.missing and issue.side in {None, route.side}:
            side = f", {speaker.side(route.side)}" if route.side else ""
            yield speaker.phrases.say("explain.would_route", name=f"{route.question}{side}")


def left_out_entries(speaker: Speaker) -> Iterator[Entry]:
    """Studies and measurements that are not used, and why."""
    for item in speaker.case.left_out:
        reason = reason_of(speaker, item.code)
        date = f" ({speaker.written(item.date)})" if item.date else ""
        yield Entry(text=f"{item.what}{date}: {reason}", data=fields_of(item))


def basis_entries(speaker: Speaker) -> Iterator[Entry]:
    """The guideline data, the program, the template and the settings."""
    pack, made_from = speaker.report.advice.pack, speaker.report.made_from
    say = speaker.phrases.say
    guideline = say(
        "basis.guideline", citation=pack.citation, link=pack.link, reviewed=speaker.phrases.dated(pack.reviewed)
    )
    yield Entry(text=f"{pack.id}: {guideline}", data=fields_of(pack))
    yield Entry(
        text=say("basis.made_with", tool=made_from.tool, template=made_from.template),
        data={"tool": made_from.tool, "template": made_from.template},
    )
    for text in (*site_rows(speaker), *sources(speaker), *radiation(speaker)):
        yield Entry(text=text, data={"said": text})
    for key, value in made_from.settings_changed:
        text = say("basis.settings", settings=f"{key} = {value}")
        yield Entry(text=text, data={"setting": key, "value": value})
