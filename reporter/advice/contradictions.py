"""Statements that cannot both be right, each a question that names both; what is computed stands until it is answered.

The radiologist's numbers and levels of nodes against the nodes followed one by one; a diagnosis stated not to be
proven against a biopsy; the word near-complete against the size; the stated status of therapy against its dates and
studies; what only therapy can bring about, entered before it; and two entries of one time point.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import fields

from reporter.advice.conditions.breast import near_complete_against
from reporter.advice.conditions.patient import clinical_worsening
from reporter.advice.context import Context
from reporter.advice.interface import Timing
from reporter.advice.studies import contrast_mri_done
from reporter.case.case import Case
from reporter.case.facts import Axilla, Entry, stated
from reporter.case.issue import Issue, Operand, Outcome
from reporter.case.length import Length
from reporter.case.lesion import Lesion
from reporter.case.measurement import Measured, Measurement
from reporter.case.timepoint import TimePoint
from reporter.case.vocabulary import NEVER_OF_RECORD, BiopsyResult, LevelState, Modality, Side, TherapyStatus
from reporter.response.interface import Change, NodeAppearance, NodeResponse


def contradictions(patient: Context, sides: tuple[Context, ...]) -> Iterator[Issue]:
    """Every contradiction of a case, of the patient first, then side by side."""
    yield from _therapy(patient)
    yield from _entries(patient.case)
    for context in sides:
        yield from _diagnosis(context)
        yield from _near_complete(context)
        yield from _before_therapy(context)
        yield from _nodes(context)
        yield from _looks_before(context)
        yield from _mri(context)


def _question(code: str, side: Side | None, column: str, operands: Mapping[str, Operand]) -> Issue:
    return Issue(code=code, outcome=Outcome.QUESTION, side=side, column=column, operands=operands)


def _diagnosis(context: Context) -> Iterator[Issue]:
    """Stated not to be proven, beside a biopsy that proves it."""
    proven = malignant(context.case, context.side)
    if proven and any(entry.confirmed is False for entry in context.diagnoses):
        known: dict[str, Operand] = {"lesions": _names(proven)}
        yield _question("DIAGNOSIS_CONTRADICTED", context.side, "diagnosis.confirmed", known)


def _near_complete(context: Context) -> Iterator[Issue]:
    """Called near-complete, beside a size that is stable or progressive (decision q)."""
    against = near_complete_against(context)
    if against and context.classified:
        known: dict[str, Operand] = {"lesions": ", ".join(against)}
        yield _question("NEAR_COMPLETE_CONTRADICTED", context.side, "radiologist.near_complete", known)


_OF_RESPONSE = ("near_complete", "indeterminate", "residual_large", "restate")


def _before_therapy(context: Context) -> Iterator[Issue]:
    """Clinical worsening (row A3) or a flag of response (decision q), entered where therapy has not begun."""
    if context.timing is not Timing.BEFORE:
        return
    if clinical_worsening(context):
        yield _question("WORSENING_BEFORE_THERAPY", context.side, "clinical.worsening", {})
    if set_flags := [name for name in _OF_RESPONSE if context.flags is not None and getattr(context.flags, name)]:
        flags: dict[str, Operand] = {"key": ", ".join(set_flags)}
        yield _question("FLAGS_BEFORE_THERAPY", context.side, f"radiologist.{set_flags[0]}", flags)


def malignant(case: Case, side: Side | None) -> tuple[Lesion, ...]:
    """The lesions of a side, nodes too, that a biopsy has proven malignant."""
    return tuple(x for x in case.lesions if x.side is side and x.biopsy_result is BiopsyResult.MALIGNANT)


def _nodes(context: Context) -> Iterator[Issue]:
    """Nodes that look abnormal, beside a number or a level that says otherwise, now and at baseline."""
    case, now = context.case, context.case.reported
    if case.baseline is not None and case.baseline != now:
        before = tuple(n for n in context.nodes if n.appearance_baseline is NodeAppearance.ABNORMAL)
        yield from _against(context, case.baseline, before)
    yield from _against(context, now, tuple(n for n in context.nodes if n.abnormal))


def _looks_before(context: Context) -> Iterator[Issue]:
    """Imaging before therapy called not suspicious of nodes (variant 8), beside a node that looks abnormal."""
    if context.timing is not Timing.BEFORE:
        return
    said = {entry.imaging_suspicious for entry in context.axilla_ever}
    looks = tuple(n for n in context.nodes if n.appearance_baseline is NodeAppearance.ABNORMAL)
    abnormal = tuple(n for n in looks if context.case.lesion(n.lesion_id).biopsy_result is not BiopsyResult.BENIGN)
    if abnormal and False in said and True not in said:
        known: dict[str, Operand] = {"lesions": _names(abnormal)}
        yield _question("NODE_SUSPICION_CONTRADICTED", context.side, "axilla.imaging_suspicious", known)


def _mri(context: Context) -> Iterator[Issue]:
    """MRI that cannot be done (decision row B6), and contrast MRI of this breast now."""
    if context.case.facts.mri_possible is False and contrast_mri_done(context):
        yield _question("MRI_POSSIBLE_CONTRADICTED", context.side, "mri_possible", {})


def _against(context: Context, when: TimePoint, abnormal: tuple[NodeResponse, ...]) -> Iterator[Issue]:
    entry = stated(context.case.facts.axilla, context.side, when.date)
    if entry is None:
        return
    known: dict[str, Operand] = {"date": str(when.date)}
    if entry.abnormal_nodes is not None and entry.abnormal_nodes < len(abnormal):
        named: dict[str, Operand] = {"lesions": _names(abnormal), "count": entry.abnormal_nodes}
        yield _question("NODES_COUNT_CONTRADICTED", context.side, "axilla.abnormal_nodes", known | named)
    clear = tuple(node for node in abnormal if _level_normal(node, entry))
    if clear:
        lesions: dict[str, Operand] = {"lesions": _names(clear)}
        yield _question("NODES_LEVEL_CONTRADICTED", context.side, "axilla.levels", known | lesions)


def _level_normal(node: NodeResponse, entry: Axilla) -> bool:
    """Whether the level of a node is stated normal; of one without a level, whether all stated levels are."""
    if node.location is not None:
        return entry.levels.get(node.location) is LevelState.NORMAL
    states = set(entry.levels.values())
    return LevelState.NORMAL in states and LevelState.ABNORMAL not in states


def _names(lesions: tuple[Lesion, ...] | tuple[NodeResponse, ...]) -> str:
    return ", ".join(sorted(x.id if isinstance(x, Lesion) else x.lesion_id for x in lesions))


def _therapy(patient: Context) -> Iterator[Issue]:
    """The status as stated, against the dates of therapy; not started, against sizes that changed without it."""
    case = patient.case
    therapy, day = case.facts.therapy, case.date_of(case.reported.studies[-1])
    if _dates_differ(case):
        known: dict[str, Operand] = {"status": str(therapy.status), "date": str(day)}
        dates: dict[str, Operand] = {"start": str(therapy.start or "-"), "end": str(therapy.end or "-")}
        yield _question("THERAPY_STATUS_CONTRADICTED", None, "therapy.status", known | dates)
    elif therapy.status is TherapyStatus.NOT_STARTED:
        yield from _changed_without_therapy(patient)


def _changed_without_therapy(patient: Context) -> Iterator[Issue]:
    """Lesions whose first and last size on one modality differ as a response or progression would."""
    case, limits = patient.case, patient.response.thresholds
    sizes: dict[tuple[str, Modality | None], list[tuple[dt.date, Length]]] = {}
    for row in case.measurements:
        size = _size(row, case.lesion(row.lesion_id))
        if size is not None and row.modality not in NEVER_OF_RECORD:
            sizes.setdefault((row.lesion_id, row.modality), []).append((case.date_of(row.study), size))
    for (lesion_id, _), measured in sizes.items():
        (first, then), (last, now) = measured[0], measured[-1]
        change = Change(now=now.mm, then=then.mm)
        fell = change.then > 0 and -change.difference * 100 >= limits.pr_percent * change.then
        grew = change.difference >= limits.pd_mm and change.difference * 100 >= limits.pd_percent * change.then
        if first != last and (fell or grew):
            known: dict[str, Operand] = {"lesion": lesion_id, "then": then, "now": now}
            days: dict[str, Operand] = {"first_date": str(first), "second_date": str(last)}
            yield _question("THERAPY_NOT_STARTED_CHANGE", None, "therapy.status", known | days)


def _size(row: Measurement, lesion: Lesion) -> Length | None:
    """The axis that is followed: short for a node, long for everything else."""
    if not isinstance(row.value, Measured):
        return None
    return row.value.short_axis if lesion.is_node else row.value.long_axis


def _dates_differ(case: Case) -> bool:
    """Whether the dates of therapy say otherwise than its status, which speaks of the latest time point."""
    therapy, day = case.facts.therapy, case.date_of(case.reported.studies[-1])
    if therapy.status is TherapyStatus.NOT_STARTED:
        return therapy.start is not None and day > therapy.start
    latest = not any(left.code == "TP_LATER" for left in case.left_out)
    return latest and therapy.status is not None and therapy.status_by_dates(day) not in {None, therapy.status}


def _entries(case: Case) -> Iterator[Issue]:
    """Entries of one time point, given for different days, that say different things: the later one counts."""
    facts = case.facts
    lists = {
        "diagnosis": facts.diagnosis,
        "clinical": facts.clinical,
        "axilla": facts.axilla,
        "breast": facts.breast,
        "negatives": facts.negatives,
        "radiologist": facts.radiologist,
    }
    for name, entries in lists.items():
        yield from _of_one_kind(name, entries)


def _of_one_kind(name: str, entries: tuple[Entry, ...]) -> Iterator[Issue]:
    groups: dict[tuple[Side | None, dt.date, str | None], list[Entry]] = {}
    for entry in entries:
        if entry.date is not None:
            groups.setdefault((entry.side, entry.date, entry.lesion_id), []).append(entry)
    for (side, _, _), group in groups.items():
        for key in (f.name for f in fields(group[0]) if f.name != "given_date"):
            said = {e.day: getattr(e, key) for e in group if getattr(e, key) not in (None, {})}
            if len({str(value) for value in said.values()}) > 1:
                days = sorted(str(day) for day in said)
                known: dict[str, Operand] = {"key": f"{name}.{key}", "first_date": days[0], "second_date": days[-1]}
                yield _question("FACTS_TWO_DATES", side, f"{name}.{key}", known)
