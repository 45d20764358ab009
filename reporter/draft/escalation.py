"""The escalation: who is told, how urgently and why, with a line to fill in.  No template can drop it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from reporter.advice.interface import Escalation, RoleTold, RowMatch, Timing, Urgency
from reporter.draft.compose import Mandatory
from reporter.draft.interface import Paragraph, plain
from reporter.draft.speaker import Speaker
from reporter.response.interface import BreastResponse

_PERSON_TOLD: Final = frozenset({
    Urgency.BEFORE_OPERATION,
    Urgency.BEFORE_NEXT_CYCLE,
    Urgency.PROMPT,
    Urgency.IMMEDIATE,
})
"""Urgencies at which somebody is spoken to, so that the report has a line for who, when and by whom."""


def escalation_part(speaker: Speaker) -> Mandatory:
    """What the draft says under escalation; never empty."""
    escalation = speaker.report.advice.escalation
    sentences = [_sentence(speaker, escalation), *_beside(speaker, escalation)]
    lines = [" ".join(sentences)]
    if escalation.urgency in _PERSON_TOLD:
        lines.append(speaker.phrases.say("escalation.communicated"))
    blocks = tuple(Paragraph(plain(line)) for line in lines)
    return Mandatory(heading=speaker.phrases.say("heading.escalation"), blocks=blocks)


def _sentence(speaker: Speaker, escalation: Escalation) -> str:
    timing = speaker.report.advice.timing
    urgency = escalation.urgency
    rows = {reason.row for reason in escalation.reasons if reason.urgency is urgency}
    no_mri = speaker.case.facts.mri_possible is False
    paths = [f"escalation.{urgency}_{row}" for row in sorted(rows)] if len(rows) == 1 and not no_mri else []
    if escalation.direct_contact:
        paths.append(f"escalation.{urgency}_direct")
    if timing.surgical:
        paths.append(f"escalation.{urgency}_surgical")
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
        reasons="; ".join(_reasons(speaker, escalation)) or speaker.phrases.say("word.not_stated"),
        meeting=speaker.phrases.say(f"role.told.{RoleTold.MDT}"),
    )
    return sentence[:1].upper() + sentence[1:]


def _told(speaker: Speaker, escalation: Escalation) -> str:
    persons = [role for role in escalation.told if role is not RoleTold.MDT] or [RoleTold.ONCOLOGIST, RoleTold.SURGEON]
    return speaker.phrases.all_of([speaker.phrases.say(f"role.told.{role}") for role in persons])


def _reasons(speaker: Speaker, escalation: Escalation) -> list[str]:
    """Why, the most urgent first; each said once."""
    return list(dict.fromkeys(_reason(speaker, reason) for reason in escalation.reasons))


def _reason(speaker: Speaker, reason: RowMatch) -> str:
    response = speaker.report.response
    breast = response.breast(reason.side) if reason.side else None
    known = [s.lesion_id for s in breast.sites if not s.benign] if breast else []
    sites = [i for i in reason.lesion_ids if i in known]
    several = len(known) > 1 and bool(sites) and len(sites) < len(known)
    timing: Timing = reason.timing
    paths = [f"reason.{reason.row}_{timing}_sites", f"reason.{reason.row}_sites"] if several else []
    if speaker.case.facts.mri_possible is False:
        paths.append(f"reason.{reason.row}_no_mri")
    paths += _own_words(reason, breast)
    node = response.axilla(reason.side) if reason.side else None
    news = {n.classified for n in breast.new_findings if n.lesion_id in reason.lesion_ids} if breast else set()
    courses = sorted({n.course for n in node.nodes if n.lesion_id in reason.lesion_ids}) if node else []
    words = speaker.phrases.first(
        *paths,
        *(f"reason.{reason.row}_{found}" for found in (*courses, *sorted(news))),
        f"reason.{reason.row}_{timing}",
        f"reason.{reason.row}",
        "reason.other",
        sites=speaker.phrases.all_of(sites),
        row=reason.row,
    )
    if len(response.breasts) > 1 and reason.side:
        return speaker.phrases.say("reason.of_side", reason=words, side=speaker.side(reason.side))
    return words


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
        yield say("escalation.because", reasons="; ".join(_reasons(speaker, escalation)))
    policy = escalation.policy
    if policy and any((policy.who, policy.how, policy.how_soon)):
        parts = [part for part in (policy.who, policy.how, policy.how_soon) if part]
        yield say("escalation.policy", policy=speaker.quoted(", ".join(parts)))
