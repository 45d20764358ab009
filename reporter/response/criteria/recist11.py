"""`recist-1.1`, strict: the whole patient, one modality compared with itself.

Source: Eisenhauer EA et al., Eur J Cancer 2009;45:228-247, with EORTC's clarifications.  Accepted target measurements
are CT and contrast MRI, and those of an unnamed modality; ultrasound, mammography, tomosynthesis and
contrast-enhanced mammography are not: a problem, overall NE, the sum still printed.  At most 5 targets, 2 per organ
(all node stations are one organ, paired organs are one); a breach is a named problem, computed as assigned.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from reporter.case.case import Case
from reporter.case.issue import Issue, Outcome
from reporter.case.lesion import Lesion
from reporter.case.vocabulary import BiopsyResult, Modality
from reporter.response.course import SEEN, Chart, Track, chart
from reporter.response.criteria.judgement import Judgement, judge
from reporter.response.criteria.measurability import measurability_issues
from reporter.response.criteria.shared import (
    BySize,
    lesion_result,
    modality_word,
    modified,
    non_target_verdict,
    problem,
    result_order,
    shared_issues,
    shown,
    sums,
    whole_of_targets,
    without_doubtful_cr,
    without_reference,
)
from reporter.response.criteria.timepoint_table import row_of
from reporter.response.interface import (
    Assessment,
    Category,
    LesionResult,
    NewFinding,
    NewLesions,
    State,
    Verdict,
)
from reporter.response.modalities import contrast_given
from reporter.response.new_lesions import new_finding
from reporter.response.roles import Part, enlarged_node, parts, seen
from reporter.response.whole import Part as Summed
from reporter.response.whole import Whole

ACCEPTED = frozenset({Modality.CT, Modality.MR, None})
THERE = frozenset({State.MEASURED, State.TOO_SMALL, State.PRESENT})
MAX_TARGETS = 5
MAX_PER_ORGAN = 2


@dataclass(frozen=True, slots=True)
class Recist11(BySize):
    """The strict criterion; see the module."""

    id: ClassVar[str] = "recist-1.1"
    """Stable id."""

    @property
    def name(self) -> str:
        """Printed name, with what a site changed."""
        return f"RECIST 1.1{modified(self.thresholds)}"

    def assess(self, case: Case) -> tuple[Assessment, ...]:
        """One assessment of the patient for each modality and time point at which it was used."""
        known = chart(sideless_counted(case), self.thresholds, by_looks=False)
        found: list[Assessment] = []
        for modality in dict.fromkeys(t.modality for t in known.tracks):
            found += _through_time(known, modality)
        return tuple(found)


def sideless_counted(case: Case) -> Case:
    """The case with those lesions counted that only lack a side: of the whole patient the side decides nothing."""
    doubted = {
        i.lesion_id
        for i in case.issues
        if i.outcome is Outcome.PROBLEM and i.code != "LAT_MISSING" and i.code.startswith(("LAT_", "LES_C"))
    }

    def counted(lesion: Lesion) -> bool:
        only_side = lesion.side is None and lesion.kind is not None and lesion.id not in doubted
        return lesion.counted or only_side

    return replace(case, lesions=tuple(replace(x, counted=counted(x)) for x in case.lesions))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """The patient on one modality at one time point, put together for the rules."""

    chart: Chart
    modality: Modality | None
    time_point: int
    parts: tuple[Part, ...]
    whole: Whole
    complete_before: bool
    """Overall CR at an earlier time point that is not restated (decision b)."""


def _through_time(known: Chart, modality: Modality | None) -> Iterator[Assessment]:
    """Time points in order, because a reappearance needs to know of an overall CR before it."""
    tracks = [t for t in known.tracks if t.modality is modality]
    complete = False
    for time_point in range(known.origin, len(known.time_points)):
        if not done_on(known, tracks, modality, time_point):
            continue
        assessment = _assess(sight_of(known, modality, time_point, complete=complete))
        complete = complete or assessment.overall.category is Category.CR
        yield assessment


def sight_of(known: Chart, modality: Modality | None, time_point: int, *, complete: bool) -> Sight:
    """The patient on one modality; `complete`: overall CR had been found before."""
    found = parts(known, (t for t in known.tracks if t.modality is modality))
    return Sight(
        chart=known,
        modality=modality,
        time_point=time_point,
        parts=found,
        whole=whole_of_targets(found),
        complete_before=complete and not restated(known),
    )


def done_on(known: Chart, tracks: Sequence[Track], modality: Modality | None, time_point: int) -> bool:
    """Whether the modality looked at the side of any of these lesions."""
    return any(known.done(time_point, modality, t.lesion.side) for t in tracks)


def restated(known: Chart) -> bool:
    """Whether the radiologist restates the earlier complete response, now."""
    day = known.time_points[known.reported].date
    return any(entry.restate and entry.date == day for entry in known.case.facts.radiologist)


def _assess(now: Sight) -> Assessment:
    total = _target(now) if now.whole.parts else None
    non_target = non_target_verdict(now.chart, now.parts, now.time_point)
    findings = new_findings(now)
    held = total is not None and total.held
    return Assessment(
        criterion="recist-1.1",
        side=None,
        modality=now.modality,
        time_point=now.time_point,
        lesions=_lesions(now),
        **sums(total),
        non_target=non_target,
        new_lesion=new_lesion_of(findings),
        overall=_overall(now, total, non_target, findings),
        held=held,
        plain=Category.SD if held else None,
        issues=_issues(now),
    )


def _target(now: Sight) -> Judgement:
    back = bool(_back(now))
    judged = judge(now.whole, now.chart, now.time_point, prefix="target", returned=lambda *_: back)
    if accepted(now) or now.time_point == now.chart.baseline:
        return judged
    refused = Verdict(category=Category.NE, rule="target.modality_not_accepted", lesion_ids=now.whole.lesion_ids)
    return judged._replace(verdict=refused, held=False)


def _back(now: Sight) -> tuple[str, ...]:
    """Targets that are there again after an overall CR (decision b): in any size, a node from 10 mm short axis."""
    if not now.complete_before:
        return ()
    return tuple(p.track.lesion.id for p in now.whole.parts if _is_back(now, p))


def _is_back(now: Sight, part: Summed) -> bool:
    """Also where the reader's word is that it is present, without a number: of a node that it is no normal one.

    Of a lesion that split, one part that is there is enough, whatever is not known of another.
    """
    if part.size_at(now.time_point) is not None:
        return not part.gone(now.time_point, now.chart.thresholds.node_normal_mm)
    there = {State.PRESENT} if part.track.lesion.is_node else THERE
    return any(t.points[now.time_point].state in there for t in (part.track, *part.fragments))


def new_findings(now: Sight) -> tuple[NewFinding, ...]:
    """Lesions first seen after baseline that this modality sees, or saw before and does not call gone."""
    found = []
    for part in now.parts:
        before = part.track.points[: now.time_point + 1]
        if (part.new and any(p.state in SEEN for p in before)) or enlarged_node(now.chart, part, now.time_point):
            finding = new_finding(now.chart, part.track.lesion, now.time_point)
            found += [] if finding is None else [finding]
    return tuple(found)


def is_definite(finding: NewFinding) -> bool:
    """Declared new and unequivocal, or proven; where the area was imaged before does not matter (2.5)."""
    return finding.unequivocal or finding.biopsy is BiopsyResult.MALIGNANT


def new_lesion_of(findings: Sequence[NewFinding]) -> NewLesions:
    """Whether there is a new lesion, by strict RECIST 1.1: a definite one, or one in doubt; none of them is benign."""
    if any(is_definite(f) for f in findings):
        return NewLesions.YES
    return NewLesions.EQUIVOCAL if findings else NewLesions.NO


def _overall(
    now: Sight, total: Judgement | None, non_target: Verdict | None, findings: Sequence[NewFinding]
) -> Verdict:
    if now.time_point == now.chart.baseline:
        return Verdict(category=Category.BASELINE, rule="overall.baseline")
    if now.chart.baseline is None:
        return Verdict(category=Category.NE, rule="overall.no_baseline")
    if not accepted(now):
        return Verdict(category=Category.NE, rule="overall.modality_not_accepted")
    verdict = _by_table(now, total, non_target, findings)
    return without_doubtful_cr(now.parts, now.time_point, verdict)


def _by_table(
    now: Sight, total: Judgement | None, non_target: Verdict | None, findings: Sequence[NewFinding]
) -> Verdict:
    definite = tuple(f.lesion_id for f in findings if is_definite(f))
    target = None if total is None else total.category
    other = None if non_target is None else non_target.category
    row = row_of(target, other, new=bool(definite))
    again = non_targets_again(now)
    if row.overall is not Category.PD and again:
        return Verdict(category=Category.PD, rule="overall.reappearance", lesion_ids=again)
    if row.overall is Category.NED:
        return without_reference(now.parts, now.time_point, used=reference_used(now), prefix="overall")
    decided = {
        "overall.new_lesion": definite,
        "overall.non_target_pd": () if non_target is None else non_target.lesion_ids,
        "overall.target_pd": () if total is None else total.verdict.lesion_ids,
    }
    return Verdict(category=row.overall, rule=row.rule, lesion_ids=decided.get(row.rule, ()))


def non_targets_again(now: Sight) -> tuple[str, ...]:
    """Non-targets that are there again after an overall CR (decision b); a node from 10 mm short axis."""
    if not now.complete_before:
        return ()
    limit = now.chart.thresholds.node_normal_mm
    again = []
    for part in now.parts:
        size = part.track.points[now.time_point].size
        small_node = part.track.lesion.is_node and size is not None and size.mm < limit
        if part.non_target and seen(part, now.time_point) and not small_node:
            again.append(part.track.lesion.id)
    return tuple(again)


def reference_used(now: Sight) -> bool:
    """Whether the modality looked at any of these lesions at baseline."""
    return done_on(now.chart, [p.track for p in now.parts], now.modality, now.chart.origin)


def _lesions(now: Sight) -> tuple[LesionResult, ...]:
    results = [lesion_result(now.chart, part, now.time_point) for part in now.parts if shown(part, now.time_point)]
    return tuple(sorted(results, key=result_order))


def accepted(now: Sight) -> bool:
    """Whether targets may be measured on this modality: CT, MRI not known to be without contrast, or unnamed."""
    return now.modality in ACCEPTED and not (now.modality is Modality.MR and _dry(now))


def _dry(now: Sight) -> bool:
    studies = [(p.track.points[now.time_point].study, p.track.lesion.side) for p in now.parts]
    given = [contrast_given(now.chart.case, study, side) for study, side in studies if study is not None]
    return bool(given) and all(contrast is False for contrast in given)


def _issues(now: Sight) -> tuple[Issue, ...]:
    found = list(shared_issues(now.chart, now.parts, now.time_point))
    if not accepted(now):
        found.append(problem("CRIT_MODALITY", modality=modality_word(now.modality)))
    if _back(now) or non_targets_again(now):
        found.append(Issue(code="RESTATE_CR", outcome=Outcome.QUESTION, column="radiologist.restate"))
    found += _limits(now)
    found += measurability_issues(now.chart, now.parts)
    return tuple(found)


def _limits(now: Sight) -> Iterator[Issue]:
    """More targets than the protocol allows: named, and computed as assigned."""
    targets = [p.track.lesion for p in now.parts if p.target]
    if len(targets) > MAX_TARGETS:
        yield problem("TARGET_LIMIT", count=len(targets), limit=MAX_TARGETS, organ="in all")
    for organ, count in sorted(Counter(_organ(x) for x in targets).items()):
        if count > MAX_PER_ORGAN:
            yield problem("TARGET_LIMIT", count=count, limit=MAX_PER_ORGAN, organ=organ)


def _organ(lesion: Lesion) -> str:
    """The organ as given, left and right being one; all node stations are one organ (decision i)."""
    return "lymph node" if lesion.is_node else lesion.organ.strip().casefold()
