"""`recist-1.1`, strict: the whole patient, one modality compared with itself.

Source: Eisenhauer EA et al., Eur J Cancer 2009;45:228-247, with EORTC's clarifications.  Accepted target measurements
are CT and contrast MRI, and those of an unnamed modality; ultrasound, mammography, tomosynthesis and
contrast-enhanced mammography are not: a problem, overall NE, the sum still printed.  At most 5 targets, 2 per organ
(all node stations are one organ, paired organs are one); a breach is a named problem, computed as assigned.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from reporter.case.case import Case
from reporter.case.issue import Issue, Outcome
from reporter.case.lesion import Lesion
from reporter.case.vocabulary import BiopsyResult, Modality
from reporter.response.course import SEEN, Chart, Track, chart
from reporter.response.criteria.judgement import Judgement, judge
from reporter.response.criteria.measurability import measurability_issues
from reporter.response.criteria.shared import (
    lesion_result,
    modality_word,
    modified,
    non_target_verdict,
    problem,
    result_order,
    shared_issues,
    shown,
    uncounted_measured,
    whole_of_targets,
)
from reporter.response.criteria.timepoint_table import row_of
from reporter.response.interface import (
    Assessment,
    Category,
    LesionResult,
    NewFinding,
    NewFindingClass,
    NewLesions,
    Thresholds,
    Verdict,
)
from reporter.response.modalities import contrast_given
from reporter.response.new_lesions import new_finding
from reporter.response.roles import Part, Standing, enlarged_node, parts, seen
from reporter.response.whole import Whole

ACCEPTED = frozenset({Modality.CT, Modality.MR, None})
MAX_TARGETS = 5
MAX_PER_ORGAN = 2


@dataclass(frozen=True, slots=True)
class Recist11:
    """The strict criterion; see the module."""

    thresholds: Thresholds = field(default_factory=Thresholds)

    @property
    def id(self) -> str:
        """Stable id."""
        return "recist-1.1"

    @property
    def version(self) -> str:
        """Of the rules, printed with the basis."""
        return "1"

    @property
    def name(self) -> str:
        """Printed name, with what a site changed."""
        return f"RECIST 1.1{modified(self.thresholds)}"

    def assess(self, case: Case) -> tuple[Assessment, ...]:
        """One assessment of the patient for each modality and time point at which it was used."""
        known = chart(sideless_counted(case), self.thresholds)
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
    found = parts(known, tracks)
    complete = False
    for time_point in range(known.origin, len(known.time_points)):
        if not done_on(known, tracks, modality, time_point):
            continue
        now = Sight(
            chart=known,
            modality=modality,
            time_point=time_point,
            parts=found,
            whole=whole_of_targets(found),
            complete_before=complete and not restated(known),
        )
        assessment = _assess(now)
        complete = complete or assessment.overall.category is Category.CR
        yield assessment


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
        total=None if total is None else total.now,
        baseline_total=None if total is None else total.baseline,
        nadir_total=None if total is None else total.nadir,
        nadir_time_point=None if total is None else total.nadir_time_point,
        target=None if total is None else total.verdict,
        non_target=non_target,
        new_lesion=new_lesion_of(now, findings),
        overall=_overall(now, total, non_target, findings),
        held=held,
        plain=Category.SD if held else None,
        issues=_issues(now),
    )


def _target(now: Sight) -> Judgement:
    def returned(whole: Whole, time_point: int, _nadir: Decimal | None) -> bool:
        here = time_point == now.time_point and now.complete_before
        return here and bool(_back(now, whole))

    judged = judge(now.whole, now.chart, now.time_point, prefix="target", returned=returned)
    if accepted(now) or now.time_point == now.chart.baseline:
        return judged
    refused = Verdict(category=Category.NE, rule="target.modality_not_accepted", lesion_ids=now.whole.lesion_ids)
    return replace(judged, verdict=refused, held=False)


def _back(now: Sight, whole: Whole) -> tuple[str, ...]:
    """Targets that are there again: above 0 mm, a node from 10 mm short axis."""
    limit = now.chart.thresholds.node_normal_mm
    back = []
    for part in whole.parts:
        size = part.size_at(now.time_point)
        if size is not None and size > 0 and not (part.track.lesion.is_node and size < limit):
            back.append(part.track.lesion.id)
    return tuple(back)


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
    proven = finding.biopsy is BiopsyResult.MALIGNANT
    return finding.classified is not NewFindingClass.BENIGN and (finding.unequivocal or proven)


def new_lesion_of(now: Sight, findings: Sequence[NewFinding]) -> NewLesions:
    """Whether there is a new lesion, by strict RECIST 1.1: a definite one, or one in doubt."""
    if any(is_definite(f) for f in findings) and now.time_point != now.chart.baseline:
        return NewLesions.YES
    doubtful = any(f.classified is not NewFindingClass.BENIGN for f in findings)
    return NewLesions.EQUIVOCAL if doubtful else NewLesions.NO


def _overall(
    now: Sight, total: Judgement | None, non_target: Verdict | None, findings: Sequence[NewFinding]
) -> Verdict:
    if now.time_point == now.chart.baseline:
        return Verdict(category=Category.BASELINE, rule="overall.baseline")
    if now.chart.baseline is None:
        return Verdict(category=Category.NE, rule="overall.no_baseline")
    if not accepted(now):
        return Verdict(category=Category.NE, rule="overall.modality_not_accepted")
    return _without_doubtful_cr(now, _by_table(now, total, non_target, findings))


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
        return _without_reference(now)
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


def _without_reference(now: Sight) -> Verdict:
    """No disease on this modality at baseline: NED where it was used then, NE where it was not."""
    there = tuple(p.track.lesion.id for p in now.parts if p.standing is Standing.ELSEWHERE and seen(p, now.time_point))
    tracks = [p.track for p in now.parts]
    if there or not done_on(now.chart, tracks, now.modality, now.chart.origin):
        return Verdict(category=Category.NE, rule="overall.no_baseline_on_modality", lesion_ids=there)
    return Verdict(category=Category.NED, rule="overall.ned")


def _without_doubtful_cr(now: Sight, verdict: Verdict) -> Verdict:
    doubtful = uncounted_measured(now.chart, now.parts, now.time_point)
    if verdict.category is Category.CR and doubtful:
        return Verdict(category=Category.NE, rule="overall.uncounted_lesion", lesion_ids=doubtful)
    return verdict


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
    if now.complete_before and (_back(now, now.whole) or non_targets_again(now)):
        found.append(Issue(code="RESTATE_CR", outcome=Outcome.QUESTION, column="radiologist.restate"))
    found += _limits(now)
    found += measurability_issues(now.chart, now.parts)
    return tuple(found)


def _limits(now: Sight) -> Iterator[Issue]:
    """More targets than the protocol allows: named, and computed as assigned."""
    targets = [p.track.lesion for p in now.parts if p.target]
    if len(targets) > MAX_TARGETS:
        yield problem("TARGET_LIMIT", count=len(targets), limit=MAX_TARGETS, organ="")
    for organ, count in sorted(Counter(_organ(x) for x in targets).items()):
        if count > MAX_PER_ORGAN:
            yield problem("TARGET_LIMIT", count=count, limit=MAX_PER_ORGAN, organ=organ)


def _organ(lesion: Lesion) -> str:
    """The organ as given, left and right being one; all node stations are one organ (decision i)."""
    return "lymph node" if lesion.is_node else lesion.organ.strip().casefold()
