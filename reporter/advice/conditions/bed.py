"""Conditions about biopsy markers and the tumour bed."""

from __future__ import annotations

from typing import Final

from reporter.advice.context import Context
from reporter.case.vocabulary import Kind
from reporter.response.interface import Category, LesionResult, Marker, MarkerState, NodeCourse, SiteResponse

MARKER_SEEN: Final = frozenset({MarkerState.SEEN, MarkerState.DISPLACED})
"""States in which there is a marker to localise."""

_WAS_ABNORMAL = frozenset({NodeCourse.RESOLVED, NodeCourse.PERSISTENTLY_ABNORMAL})


def bed_confirmed(context: Context, site: SiteResponse) -> bool:
    """Whether a site's own marker is seen, and not displaced, on any modality (S37)."""
    return any(m.lesion_id == site.lesion_id and m.state is MarkerState.SEEN for m in _markers(context))


def bed_unconfirmed(context: Context) -> bool:
    """A site's marker is not seen, was never placed, is displaced or not stated (rows B2, B10)."""
    return any(needs_bed(context, site) for site in context.sites)


def needs_bed(context: Context, site: SiteResponse) -> bool:
    """Whether the bed of a site is not confirmed; skin has none."""
    lesion = context.lesion(site.lesion_id)
    is_skin = lesion is not None and lesion.kind is Kind.SKIN
    return not is_skin and not bed_confirmed(context, site)


def a_marker_seen(context: Context) -> bool:
    """A marker that would be localised is seen, in place or displaced: of a site, or of a proven node."""
    sites = {site.lesion_id for site in context.sites}
    of_nodes = any(node.proven and node.marker.state in MARKER_SEEN for node in context.nodes)
    return of_nodes or any(m.lesion_id in sites and m.state in MARKER_SEEN for m in _markers(context))


def a_benign_marker(context: Context) -> bool:
    """A site stated benign carries a marker, which is not to be taken for that of the cancer (row D1)."""
    benign = set() if context.breast is None else {s.lesion_id for s in context.breast.sites if s.benign}
    return any(m.lesion_id in benign and m.state in MARKER_SEEN for m in _markers(context))


def unmarked_shrinking(context: Context) -> bool:
    """A lesion or node that shrinks has no marker (S56; row C9)."""
    return bool(unmarked_shrinking_lesions(context))


def unmarked_shrinking_lesions(context: Context) -> tuple[str, ...]:
    """The lesions and nodes of row C9: stated to have no marker, smaller than at baseline, not yet gone.

    A node counts when it is proven or was abnormal: one that was never abnormal needs no marker.
    """
    unmarked = {m.lesion_id for m in _markers(context) if m.state is MarkerState.NEVER_PLACED}
    sites = (s.lesion_id for s in context.sites if s.lesion_id in unmarked and _shrinks(s))
    nodes = (
        node.lesion_id
        for node in context.nodes
        if node.marker.state is MarkerState.NEVER_PLACED
        and (node.proven or node.course in _WAS_ABNORMAL)
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


CONDITIONS: Final = (bed_unconfirmed, a_marker_seen, a_benign_marker, unmarked_shrinking)
