"""How much disease lies where: residual, span, distribution, calcifications (clinical sources S60, S63, S31)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reporter.case.issue import Issue, Outcome
from reporter.case.length import Length
from reporter.case.lesion import Lesion
from reporter.case.vocabulary import MAMMOGRAPHY, QUADRANTS, Kind, Location, Modality, Side
from reporter.response.course import SEEN, Chart
from reporter.response.interface import Calcifications, Distribution, Residual, SiteResponse, State
from reporter.response.modalities import by_order, is_imaging
from reporter.response.readings import NOTHING
from reporter.response.rows import first_stated, rows_at

RIGHT_CLOCK = {
    **dict.fromkeys((10, 11), Location.UOQ),
    **dict.fromkeys((1, 2), Location.UIQ),
    **dict.fromkeys((4, 5), Location.LIQ),
    **dict.fromkeys((7, 8), Location.LOQ),
}
"""Right breast, seen from the front; 12, 3, 6 and 9 o'clock are borders (to verify)."""
CALCIFICATION_ORDER = (Modality.DBT, Modality.MG)
"""Calcifications are told by these before any other modality, DBT first."""
MIRRORED = {
    Location.UOQ: Location.UIQ,
    Location.UIQ: Location.UOQ,
    Location.LOQ: Location.LIQ,
    Location.LIQ: Location.LOQ,
}


def quadrant_of(lesion: Lesion) -> Location | None:
    """The quadrant a lesion lies in, by its location, else by the clock; None on a border, or where they disagree."""
    stated = lesion.location if lesion.location in QUADRANTS else None
    by_clock = clock_quadrant(lesion.side, lesion.clock)
    if lesion.location is not None and stated is None:
        return None  # central, subareolar, axillary tail
    if stated is not None and by_clock is not None and stated is not by_clock:
        return None
    return stated or by_clock


def clock_quadrant(side: Side | None, clock: int | None) -> Location | None:
    """The quadrant of a clock hour; None on a border or where not stated."""
    found = RIGHT_CLOCK.get(clock) if clock is not None else None
    if found is None or side is None:
        return None
    return found if side is Side.RIGHT else MIRRORED[found]


def distribution_of(lesions: Sequence[Lesion]) -> Distribution:
    """Several sites in one quadrant are multifocal, in different ones multicentric; on a border it is asked."""
    if len(lesions) <= 1:
        return Distribution.SINGLE
    quadrants = [quadrant_of(lesion) for lesion in lesions]
    if len(set(quadrants) - {None}) > 1:
        return Distribution.MULTICENTRIC
    return Distribution.BORDER if None in quadrants else Distribution.MULTIFOCAL


def border_questions(lesions: Sequence[Lesion]) -> tuple[Issue, ...]:
    """Which sites keep the distribution open, and what would settle it."""
    if distribution_of(lesions) is not Distribution.BORDER:
        return ()
    return tuple(
        Issue(code="QUADRANT_BORDER", outcome=Outcome.QUESTION, lesion_id=x.id, side=x.side, column="location")
        for x in lesions
        if quadrant_of(x) is None
    )


def largest_residual(sites: Iterable[SiteResponse]) -> Residual | None:
    """The largest size now of any site not stated benign, on any imaging modality; None: nothing measurable."""
    there = {State.MEASURED, State.TOO_SMALL, State.EQUIVOCAL}
    found = [
        Residual(lesion_id=site.lesion_id, modality=r.point.modality, size=r.point.size)
        for site in sites
        if not site.benign
        for r in site.results
        if is_imaging(r.point.modality) and r.point.state in there and r.point.size is not None
    ]
    return max(found, key=lambda r: r.size.mm, default=None)


def span_of(chart: Chart, side: Side) -> tuple[Length | None, tuple[Issue, ...]]:
    """The span of all disease of a breast now, as entered; two different ones are a problem, and neither is taken."""
    ids = [lesion.id for lesion in chart.case.lesions if lesion.side is side]
    given = {r.span for i in ids for r in rows_at(chart, i, chart.reported) if r.span is not None}
    if len(given) <= 1:
        return next(iter(given), None), ()
    values = " / ".join(str(s) for s in sorted(given))
    return None, (Issue(code="SPAN_CONFLICT", outcome=Outcome.PROBLEM, side=side, operands={"values": values}),)


def calcifications_of(chart: Chart, side: Side) -> tuple[Calcifications, ...]:
    """Every area of calcifications of a breast, and every other lesion whose rows give an extent of them."""
    done = {
        m
        for key in chart.time_points[chart.reported].studies
        for m in chart.case.study(key).modalities
        if m in MAMMOGRAPHY and side in (chart.case.study(key).sides(m) or (side,))
    }
    return tuple(
        _calcifications(chart, lesion, assessed=bool(done))
        for lesion in chart.case.lesions
        if lesion.side is side and (lesion.kind is Kind.CALCIFICATION or _has_extent(chart, lesion))
    )


def _has_extent(chart: Chart, lesion: Lesion) -> bool:
    times = range(chart.origin, len(chart.time_points))
    return any(r.extent is not None for t in times for r in rows_at(chart, lesion.id, t))


def _calcifications(chart: Chart, lesion: Lesion, *, assessed: bool) -> Calcifications:
    now = rows_at(chart, lesion.id, chart.reported)
    gone = lesion.kind is Kind.CALCIFICATION and _gone(chart, lesion)
    return Calcifications(
        lesion_id=lesion.id,
        baseline=_extent(chart, lesion, chart.baseline),
        now=NOTHING if gone else _extent(chart, lesion, chart.reported),
        change=first_stated(now, lambda r: r.extent_change, CALCIFICATION_ORDER),
        assessed_now=assessed,
        absent_now=gone,
    )


def _gone(chart: Chart, lesion: Lesion) -> bool:
    """Whether an area of calcifications is gone: only mammography can say so (S31), and nothing may still see it."""
    points = [t.points[chart.reported] for t in chart.of(lesion.id)]
    absent = any(p.state is State.ABSENT and p.modality in {chart.mammographic, None} for p in points)
    return absent and not any(p.state in SEEN for p in points)


def _extent(chart: Chart, lesion: Lesion, time_point: int | None) -> Length | None:
    """As entered; for an area of calcifications its long axis stands where no extent is given, mammography first."""
    if time_point is None:
        return None
    rows = rows_at(chart, lesion.id, time_point)
    given = first_stated(rows, lambda r: r.extent, CALCIFICATION_ORDER)
    if given is not None or lesion.kind is not Kind.CALCIFICATION:
        return given
    sizes = {t.modality: p.size for t in chart.of(lesion.id) if (p := t.points[time_point]).state is State.MEASURED}
    return next((sizes[m] for m in by_order(sizes, CALCIFICATION_ORDER)), None)
