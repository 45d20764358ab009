"""What a finding first seen after baseline is (decision p).

PD only if it is unequivocal (the reader's word) or proven by biopsy, and the area had been covered before by a
modality that would have shown it.  Otherwise, also where coverage is not stated, it is a new finding, not classified as
progression.  In the other breast it is never progression without biopsy; proven, it is a new cancer of that side.
"""

from __future__ import annotations

from reporter.case.length import Length
from reporter.case.lesion import Lesion
from reporter.case.vocabulary import BiopsyResult, Kind, Modality, Role, Side
from reporter.response.course import SEEN, Chart
from reporter.response.interface import LesionPoint, NewFinding, NewFindingClass, NewLesions, State
from reporter.response.modalities import is_imaging
from reporter.response.roles import enlarged_node, is_new, part_of

SHOWN_BY: dict[Modality, frozenset[Modality]] = {
    Modality.US: frozenset({Modality.US, Modality.MR}),
    Modality.MG: frozenset({Modality.MG, Modality.DBT, Modality.MR}),
    Modality.DBT: frozenset({Modality.DBT, Modality.MG, Modality.MR}),
    Modality.CEM: frozenset({Modality.CEM, Modality.MR}),
    Modality.MR: frozenset({Modality.MR}),
    Modality.CT: frozenset({Modality.CT}),
    Modality.PT: frozenset({Modality.PT, Modality.MR}),
    Modality.EXAM: frozenset({Modality.EXAM, Modality.MR}),
}
"""Seen now on the one: earlier studies of these would have shown it.  An earlier US would not have shown a focus that
MRI alone sees (decision p).  What only PET or the examination knows takes a biopsy beside (S35, decision l)."""
UNEQUIVOCAL = frozenset({State.MEASURED, State.PRESENT, State.PROGRESSED})


def new_finding(chart: Chart, lesion: Lesion, time_point: int) -> NewFinding | None:
    """A lesion's finding at a time point, if it is one first seen after baseline and still there (or unmentioned).

    Asked of a time point at which it has been seen.
    """
    first = _first_there(chart, lesion)
    if first is None:
        return None
    points = tuple(t.points[time_point] for t in chart.of(lesion.id))
    if _gone(points):
        return None
    unequivocal = lesion.role is Role.NEW and _unequivocal(chart, lesion, time_point)
    covering = covering_studies(chart, lesion, first)
    return NewFinding(
        lesion_id=lesion.id,
        side=lesion.side,
        first_seen=first,
        points=points,
        classified=_class(chart, lesion, unequivocal=unequivocal, comparable=bool(covering)),
        unequivocal=unequivocal,
        biopsy=lesion.biopsy_result,
        covered_before=lesion.covered_before,
        declared=lesion.role is Role.NEW,
        covering_studies=covering,
        index_distance=_index_distance(chart, lesion, time_point),
    )


def _first_there(chart: Chart, lesion: Lesion) -> int | None:
    if is_new(chart, lesion):
        return chart.first_seen(lesion.id)
    parts = [part_of(chart, t) for t in chart.of(lesion.id)]
    grown = (i for i in range(len(chart.time_points)) if any(enlarged_node(chart, p, i) for p in parts))
    return next(grown, None)


def _gone(points: tuple[LesionPoint, ...]) -> bool:
    states = {p.state for p in points}
    return State.ABSENT in states and not states & SEEN


def _unequivocal(chart: Chart, lesion: Lesion, time_point: int) -> bool:
    """By its last word up to now, when it was seen: confirmed later, an equivocal finding is unequivocal."""
    tracks = chart.of(lesion.id)
    states = ({t.points[index].state for t in tracks} & SEEN for index in reversed(range(time_point + 1)))
    return bool(next(filter(None, states), set()) & UNEQUIVOCAL)


def _class(chart: Chart, lesion: Lesion, *, unequivocal: bool, comparable: bool) -> NewFindingClass:
    proven = lesion.biopsy_result is BiopsyResult.MALIGNANT
    if lesion.biopsy_result is BiopsyResult.BENIGN:
        return NewFindingClass.BENIGN
    if not lesion.counted:
        return NewFindingClass.UNSETTLED
    if contralateral(chart, lesion.side):
        return NewFindingClass.NEW_CANCER if proven else NewFindingClass.UNSETTLED
    imaged = any(is_imaging(t.modality) for t in chart.of(lesion.id))
    sure = proven or (unequivocal and imaged and lesion.kind is not Kind.CALCIFICATION)
    settled = sure and lesion.covered_before is True and comparable
    return NewFindingClass.PROGRESSION if settled else NewFindingClass.UNSETTLED


def contralateral(chart: Chart, side: Side | None) -> bool:
    """Whether a side carries no known disease while the other one does."""
    diseased = diseased_sides(chart)
    return side is not None and side not in diseased and side.other in diseased


def diseased_sides(chart: Chart) -> frozenset[Side | None]:
    """Sides with a lesion known at baseline and not stated benign, or with a diagnosis; None: one without a side."""
    lesions = {lesion.side for lesion in chart.case.lesions if _diseased(chart, lesion)}
    facts = {d.side for d in chart.case.facts.diagnosis if d.confirmed is not False}
    return frozenset(lesions | facts)


def _diseased(chart: Chart, lesion: Lesion) -> bool:
    if not chart.stated_at_origin(lesion.id) or is_new(chart, lesion):
        return False
    return any(part_of(chart, t).counted for t in chart.of(lesion.id))


def covering_studies(chart: Chart, lesion: Lesion, first: int) -> tuple[str, ...]:
    """Earlier studies of that side by a modality that would have shown the lesion, by time."""
    there = [t.points[first] for t in chart.of(lesion.id) if t.points[first].state in SEEN]
    wanted: set[Modality | None] = set()
    for point in there:
        named = point.by
        wanted |= {None} if named is None else SHOWN_BY.get(named, frozenset())
    found = []
    for time_point in chart.time_points[:first]:
        for key in time_point.studies:
            study = chart.case.study(key)
            if any(m in wanted and lesion.side in {*(study.sides(m) or (lesion.side,))} for m in study.modalities):
                found.append(key)
    return tuple(found)


def _index_distance(chart: Chart, lesion: Lesion, time_point: int) -> Length | None:
    rows = [t.row(time_point) for t in chart.of(lesion.id) if is_imaging(t.modality)]
    given = [r.index_distance for r in rows if r is not None and r.index_distance is not None]
    return given[0] if given else None


def new_lesions(findings: tuple[NewFinding, ...]) -> NewLesions:
    """What a set of findings says in one word."""
    classes = {f.classified for f in findings}
    if classes & {NewFindingClass.PROGRESSION, NewFindingClass.NEW_CANCER}:
        return NewLesions.YES
    return NewLesions.EQUIVOCAL if NewFindingClass.UNSETTLED in classes else NewLesions.NO
