"""The escalation: who is told, how urgently and why, with a line to fill in.  No template can drop it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from reporter.advice.interface import Escalation, RoleTold, RowMatch, Timing, Urgency
from reporter.advice.nodes import abnormal_without_baseline, newly_abnormal, persistently_abnormal
from reporter.case.vocabulary import Side
from reporter.draft.compose import Mandatory
from reporter.draft.interface import Paragraph, plain
from reporter.draft.speaker import Speaker
from reporter.response.interface import BreastResponse, NodeCourse

_PERSON_TOLD: Final = frozenset({
    Urgency.BEFORE_OPERATION,
    Urgency.BEFORE_NEXT_CYCLE,
    Urgency.PROMPT,
    Urgency.IMMEDIATE,
})
"""Urgencies at which somebody is spoken to, so that the report has a line for who, when and by whom."""

_DAYS: Final = (Urgency.BEFORE_NEXT_CYCLE, Urgency.BEFORE_OPERATION)
"""Urgencies with a day by which somebody is told, however late the tumour board meets."""


def escalation_part(speaker: Speaker) -> Mandatory:
    """What the draft says under escalation; never empty."""
    escalation = speaker.report.advice.escalation
    sentences = [_sentence(speaker, escalation), *_beside(speaker, escalation)]
    lines = [" ".join(sentences)]
    if escalation.urgency in _PERSON_TOLD or _dated(escalation):
        lines.append(speaker.phrases.say("escalation.communicated"))
    blocks = tuple(Paragraph(plain(line)) for line in lines)
    return Mandatory(heading=speaker.phrases.say("heading.escalation"), blocks=blocks)


def _sentence(speaker: Speaker, escalation: Escalation) -> str:
    timing = speaker.report.advice.timing
    urgency = escalation.urgency
    rows = {reason.row for reason in escalation.reasons if reason.urgency is urgency}
    no_mri = speaker.case.facts.mri_possible is False
    dated = _dated(escalation)
    paths = (
        [f"escalation.{urgency}_{row}" for row in sorted(rows)] if len(rows) == 1 and not no_mri and not dated else []
    )
    if escalation.direct_contact:
        paths.append(f"escalation.{urgency}_direct")
    if RoleTold.MDT not in escalation.told:
        paths.append(f"escalation.{urgency}_told")
    if timing.surgical:
        paths.append(f"escalation.{urgency}_surgical")
    elif dated:
        paths.append(f"escalation.{urgency}_dated")
    if not speaker.report.advice.in_scope:
        paths.insert(0, f"escalation.{urgency}_out_of_scope")
    if speaker.case.lesions and not speaker.report.response.breasts:
        paths.append(f"escalation.{urgency}_unclassified")
    told = _told(speaker, escalation)
    sentence = speaker.phrases.first(
        *paths,
        f"escalation.{urgency}_{timing}",
        f"escalation.{urgency}",
        told=told,
        reasons="; ".join(_reasons(speaker, escalation.reasons, without=dated))
        or speaker.phrases.say("word.not_stated"),
        meeting=speaker.phrases.say(f"role.told.{RoleTold.MDT}"),
    )
    return sentence[:1].upper() + sentence[1:]


def _told(speaker: Speaker, escalation: Escalation) -> str:
    persons = [role for role in escalation.told if role is not RoleTold.MDT] or [RoleTold.ONCOLOGIST, RoleTold.SURGEON]
    return speaker.phrases.all_of([speaker.phrases.say(f"role.told.{role}") for role in persons])


def _dated(escalation: Escalation) -> tuple[RowMatch, ...]:
    """Reasons below a tumour board that have a day of their own: the next cycle, or the operation."""
    if escalation.urgency is not Urgency.TUMOUR_BOARD:
        return ()
    return tuple(reason for reason in escalation.reasons if reason.urgency in _DAYS)


OF_PATIENT = frozenset({"B4", "B5"})
"""Rows that a criterion of the whole patient may call for."""


def _reasons(speaker: Speaker, reasons: Sequence[RowMatch], without: Sequence[RowMatch] = ()) -> list[str]:
    """Why, the most urgent first; each said once."""
    return list(dict.fromkeys(_reason(speaker, reason) for reason in reasons if reason not in without))


def _reason(speaker: Speaker, reason: RowMatch) -> str:
    response = speaker.report.response
    breast = response.breast(reason.side) if reason.side else None
    known = [s.lesion_id for s in breast.sites if not s.benign] if breast else []
    sites = [i for i in reason.lesion_ids if i in known]
    nodes = [i for i in reason.lesion_ids if speaker.case.lesion(i).is_node]
    several = len(known) > 1 and bool(sites) and len(sites) < len(known)
    of_nodes = bool(nodes) and len(nodes) == len(reason.lesion_ids)
    if of_nodes:
        sites, several = [f"{speaker.noun(speaker.case.lesion(i))} {i}" for i in nodes], reason.row == "B5"
    timing: Timing = reason.timing
    paths = [f"reason.{reason.row}_{timing}_sites", f"reason.{reason.row}_sites"] if several else []
    if speaker.case.facts.mri_possible is False:
        paths.append(f"reason.{reason.row}_no_mri")
    paths += [f"reason.{reason.row}_nodes"] if of_nodes else []
    paths += _own_words(reason, breast)
    if reason.row == "C8" and reason.side:
        return _of_side(speaker, _nodes(speaker, reason.side), reason.side)
    news = {n.classified for n in breast.new_findings if n.lesion_id in reason.lesion_ids} if breast else set()
    words = speaker.phrases.first(
        *paths,
        *(f"reason.{reason.row}_{found}" for found in sorted(news)),
        f"reason.{reason.row}_{timing}",
        f"reason.{reason.row}",
        "reason.other",
        sites=speaker.phrases.all_of(sites),
        row=reason.row,
    )
    patient = response.patient
    if reason.side is None and patient is not None and reason.row in OF_PATIENT:
        return speaker.phrases.say("reason.of_patient", reason=words, criterion=speaker.criterion(patient.name))
    return _of_side(speaker, words, reason.side)


def _of_side(speaker: Speaker, words: str, side: Side | None) -> str:
    if len(speaker.report.response.breasts) > 1 and side:
        return speaker.phrases.say("reason.of_side", reason=words, side=speaker.side(side))
    return words


def _nodes(speaker: Speaker, side: Side) -> str:
    """What is abnormal in an axilla, the unexpected first: by the nodes described, their number and their levels."""
    context = speaker.context(side)
    listed = {node.course for node in context.nodes}
    found = {
        "C8_newly_abnormal": NodeCourse.NEWLY_ABNORMAL in listed,
        "C8_more_abnormal": newly_abnormal(context) and NodeCourse.NEWLY_ABNORMAL not in listed,
        "C8_abnormal_baseline_not_stated": abnormal_without_baseline(context),
        "C8_persistently_abnormal": persistently_abnormal(context),
    }
    paths = [path for path, holds in found.items() if holds] or ["C8"]
    return speaker.phrases.all_of([speaker.phrases.say(f"reason.{path}") for path in paths])


def _own_words(reason: RowMatch, breast: BreastResponse | None) -> list[str]:
    """What the row's general reason would say wrongly: growth without a baseline, a size larger elsewhere."""
    if breast is None:
        return []
    if reason.row == "B5" and breast.progressions and all(p.without_baseline for p in breast.progressions):
        return ["reason.A5"]
    return ["reason.B8_larger"] if reason.row == "B8" and breast.larger_elsewhere else []


def _beside(speaker: Speaker, escalation: Escalation) -> Iterator[str]:
    """The reason where the sentence has none, and the site's policy in its own words."""
    say = speaker.phrases.say
    if escalation.direct_contact and escalation.reasons:
        yield say("escalation.because", reasons="; ".join(_reasons(speaker, escalation.reasons)))
    for urgency in _DAYS:
        found = [reason for reason in _dated(escalation) if reason.urgency is urgency]
        told = [role for role in RoleTold if any(role in reason.told for reason in found)]
        words = speaker.phrases.all_of([speaker.phrases.say(f"role.told.{role}") for role in told])
        only = {reason.row for reason in found}
        path = f"escalation.{urgency}_{''.join(only)}" if len(only) == 1 else ""
        if found:
            text = speaker.phrases.first(
                path, f"escalation.{urgency}", told=words, reasons="; ".join(_reasons(speaker, found))
            )
            yield text[:1].upper() + text[1:]
    policy = escalation.policy
    if policy and any((policy.who, policy.how, policy.how_soon)):
        parts = [part for part in (policy.who, policy.how, policy.how_soon) if part]
        yield say("escalation.policy", policy=speaker.quoted(", ".join(parts)))
