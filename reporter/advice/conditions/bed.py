"""Conditions about biopsy markers and the tumour bed."""

from __future__ import annotations

from typing import Final

from reporter.advice.context import Context
from reporter.case.vocabulary import BiopsyResult, Kind
from reporter.response.interface import Category, LesionResult, Marker, MarkerState, NodeCourse, SiteResponse

MARKER_SEEN: Final = frozenset({MarkerState.SEEN, MarkerState.DISPLACED})
"""States in which a marker is seen now."""

PLACED: Final = MARKER_SEEN | {MarkerState.NOT_SEEN}
"""States in which a marker was placed, seen now or not."""

_WAS_ABNORMAL = frozenset({NodeCourse.RESOLVED, NodeCourse.PERSISTENTLY_ABNORMAL})


def beds(context: Context) -> tuple[str, ...]:
    """What may carry a marker: every site not stated benign, and calcifications proven malignant or marked."""
    marked = (m.lesion_id for m in _markers(context))
    calcified = (i for i in marked if _kind(context, i) is Kind.CALCIFICATION and not _benign(context, i))
    return (*(site.lesion_id for site in context.sites), *calcified)


def unconfirmed_beds(context: Context) -> tuple[str, ...]:
    """Lesions whose own marker is not seen in its place on any modality (S37; rows B2, B10).

    Skin has no bed; calcifications have one where they are proven malignant.
    """
    confirmed = {m.lesion_id for m in _markers(context) if m.state is MarkerState.SEEN}
    return tuple(i for i in beds(context) if i not in confirmed and _has_bed(context, i))


def _has_bed(context: Context, lesion_id: str) -> bool:
    lesion = context.lesion(lesion_id)
    if lesion is None or lesion.kind is not Kind.CALCIFICATION:
        return lesion is None or lesion.kind is not Kind.SKIN
    return lesion.biopsy_result is BiopsyResult.MALIGNANT


def _kind(context: Context, lesion_id: str) -> Kind | None:
    lesion = context.lesion(lesion_id)
    return None if lesion is None else lesion.kind


def _benign(context: Context, lesion_id: str) -> bool:
    lesion = context.lesion(lesion_id)
    return lesion is not None and lesion.biopsy_result is BiopsyResult.BENIGN


def bed_unconfirmed(context: Context) -> bool:
    """A site's marker is not seen, was never placed, is displaced or not stated (rows B2, B10)."""
    return bool(unconfirmed_beds(context))


def a_marker_seen(context: Context) -> bool:
    """A marker that would be localised is seen, in place or displaced: of a site, or of a proven node."""
    known = set(beds(context))
    of_nodes = any(node.proven and node.marker.state in MARKER_SEEN for node in context.nodes)
    return of_nodes or any(m.lesion_id in known and m.state in MARKER_SEEN for m in _markers(context))


def a_marker_placed(context: Context) -> bool:
    """A site not stated benign was marked, or a proven node has a marker that is seen now (row D1)."""
    of_nodes = any(node.proven and node.marker.state in MARKER_SEEN for node in context.nodes)
    return of_nodes or bool(placed_markers(context))


def placed_markers(context: Context) -> tuple[str, ...]:
    """Sites not stated benign that were marked, whether or not the marker is seen now (row D1)."""
    known = set(beds(context))
    return tuple(m.lesion_id for m in _markers(context) if m.lesion_id in known and was_placed(context, m))


def was_placed(context: Context, marker: Marker) -> bool:
    """Whether a marker was ever placed: by its state now, or by the word that it was."""
    lesion = context.lesion(marker.lesion_id)
    return marker.state in PLACED or (lesion is not None and lesion.clip is True)


def a_benign_marker(context: Context) -> bool:
    """A site stated benign beside a site of cancer was marked: its marker is not to be taken for that (row D1)."""
    return bool(context.sites) and bool(benign_marked(context))


def benign_marked(context: Context) -> tuple[str, ...]:
    """Sites and calcifications stated benign that were marked, whether or not the marker is seen now."""
    return tuple(m.lesion_id for m in _markers(context) if _benign(context, m.lesion_id) and was_placed(context, m))


def unmarked_shrinking(context: Context) -> bool:
    """A lesion or node that shrinks has no marker (S56; row C9)."""
    return bool(unmarked_shrinking_lesions(context))


def unmarked_shrinking_lesions(context: Context) -> tuple[str, ...]:
    """The lesions and nodes of row C9: stated to have no marker, smaller than at baseline, not yet gone.

    A node counts when it is proven or was abnormal: one that was never abnormal, or is benign, needs no marker.
    """
    unmarked = {m.lesion_id for m in _markers(context) if m.state is MarkerState.NEVER_PLACED}
    sites = (s.lesion_id for s in context.sites if s.lesion_id in unmarked and _shrinks(s))
    nodes = (
        node.lesion_id
        for node in context.nodes
        if node.marker.state is MarkerState.NEVER_PLACED
        and (node.proven or node.course in _WAS_ABNORMAL)
        and not _benign(context, node.lesion_id)
        and any(_smaller(result) for result in node.results)
    )
    return tuple(sorted((*sites, *nodes)))


def _markers(context: Context) -> tuple[Marker, ...]:
    return () if context.breast is None else context.breast.markers


def _shrinks(site: SiteResponse) -> bool:
    results = site.results if site.record is None else (site.record,)
    return site.category is not Category.CR and any(_smaller(result) for result in results)


def _smaller(result: LesionResult) -> bool:
    change = result.from_baseline
    return change is not None and change.difference < 0


CONDITIONS: Final = (bed_unconfirmed, a_marker_seen, a_marker_placed, a_benign_marker, unmarked_shrinking)
