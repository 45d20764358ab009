"""What the sentences of steps and remarks may name: lesions, markers, sizes and what a biopsy is guided by."""

from __future__ import annotations

from collections.abc import Sequence

from reporter.case.vocabulary import Modality, Side
from reporter.draft.fields_patient import marker_word
from reporter.draft.speaker import IN_SIGHT, NOT_FOR_SIZE, Speaker
from reporter.response.interface import BreastResponse, Category, SiteResponse


def operands(speaker: Speaker, side: Side | None, lesion_ids: Sequence[str]) -> dict[str, str]:
    """What a sentence about a side or some of its lesions may name."""
    case, phrases = speaker.case, speaker.phrases
    response = speaker.report.response
    breast = response.breast(side) if side else None
    nodes = [i for i in lesion_ids if case.lesion(i).is_node]
    sites = [i for i in lesion_ids if i not in nodes]
    not_stated = phrases.say("word.not_stated")
    one = len(response.breasts) == 1
    markers = [marker_word(speaker, case.lesion(i)) for i in lesion_ids if case.lesion(i).clip]
    shapes = [shape for i in lesion_ids if (shape := case.lesion(i).clip_shape)]
    return {
        "side": speaker.side(side),
        "of_side": "" if one or side is None else phrases.say("word.of_side", side=speaker.side(side)),
        "lesions": phrases.all_of(lesion_ids) or not_stated,
        "sites": phrases.all_of(sites) or not_stated,
        "nodes": phrases.all_of(nodes) or not_stated,
        "markers": phrases.all_of(list(dict.fromkeys(markers))) or phrases.say("word.the_marker"),
        "counted_markers": _counted(speaker, sites, nodes),
        "benign_markers": phrases.say("word.in_brackets", text=phrases.all_of(shapes)) if shapes else "",
        "unseen": _unseen(speaker, breast, sites),
        "all_markers": phrases.say(f"count.{_few(len(markers))}"),
        "residual": speaker.numbers.mm(breast.residual.size) if breast and breast.residual else not_stated,
        "indeterminate": _indeterminate_size(speaker, breast, lesion_ids) or not_stated,
        "largest": _largest(speaker, breast) if breast and breast.residual else not_stated,
        "span": speaker.numbers.mm(breast.span) if breast and breast.span else not_stated,
        "calcifications": _and_calcifications(speaker, side),
        "reason": case.facts.mri_obstacle or phrases.say("word.reason_not_stated"),
        "modalities": phrases.all_of(speaker.modalities(breast.modalities_now)) if breast else not_stated,
        "guidance": _guidance(speaker, lesion_ids),
        "findings": _findings(speaker, lesion_ids),
        "suspicion": phrases.say("word.not_stated" if case.facts.suspicion_distant is None else "word.no"),
    }


def _guidance(speaker: Speaker, lesion_ids: Sequence[str]) -> str:
    """`US-guided` for what US sees now, else `Image-guided`."""
    found = [f for b in speaker.report.response.breasts for f in b.new_findings if f.lesion_id in lesion_ids]
    on_us = [any(p.modality is Modality.US and p.state in IN_SIGHT for p in f.points) for f in found]
    if found and all(on_us):
        return speaker.phrases.say("imaging.guided", modality=speaker.exactly(Modality.US))
    return speaker.phrases.say("imaging.image_guided")


def _findings(speaker: Speaker, lesion_ids: Sequence[str]) -> str:
    """`mass`, or `lesions L2 and L3`."""
    if len(lesion_ids) == 1:
        return speaker.noun(speaker.case.lesion(lesion_ids[0]))
    return speaker.phrases.say("imaging.lesions", lesions=speaker.phrases.all_of(lesion_ids))


def _largest(speaker: Speaker, breast: BreastResponse) -> str:
    """`19 mm`; with a site that cannot be evaluated it is only the largest of what is measured, and says so."""
    size = speaker.numbers.mm(breast.residual.size) if breast.residual else ""
    unknown = [s.lesion_id for s in breast.sites if _size_unknown(s)]
    if not unknown:
        return size
    return speaker.phrases.say("word.largest_measured", size=size, what=speaker.phrases.all_of(unknown))


def _indeterminate_size(speaker: Speaker, breast: BreastResponse | None, lesion_ids: Sequence[str]) -> str:
    """The largest size now, on imaging, of the sites called indeterminate one by one; of all where the breast is."""
    sites = (
        [s for s in breast.sites if not s.benign and (not lesion_ids or s.lesion_id in lesion_ids)] if breast else []
    )
    points = [r.point for s in sites for r in s.results if r.point.modality not in NOT_FOR_SIZE]
    sizes = [point.size for point in points if point.size is not None]
    return speaker.numbers.mm(max(sizes, key=lambda size: size.mm)) if sizes else ""


def _size_unknown(site: SiteResponse) -> bool:
    return site.category is Category.NE and not site.benign and not any(r.point.state in IN_SIGHT for r in site.results)


def _unseen(speaker: Speaker, breast: BreastResponse | None, sites: Sequence[str]) -> str:
    """` (that of L2 not seen at this time point)`: what is to be known of the markers of several sites."""
    found: dict[str, list[str]] = {}
    known = [m for m in breast.markers if _counts(breast, m.lesion_id)] if breast else []
    for marker in known:
        state = str(marker.state)
        placed = marker.lesion_id in sites
        if len(known) > 1 and f"unseen.{state}" in speaker.phrases and (placed or state == "never_placed"):
            found.setdefault(state, []).append(marker.lesion_id)
    parts = [speaker.phrases.say(f"unseen.{s}", lesions=speaker.phrases.all_of(ids)) for s, ids in found.items()]
    return speaker.phrases.say("unseen.all", parts="; ".join(parts)) if parts else ""


def _counts(breast: BreastResponse, lesion_id: str) -> bool:
    return any(s.lesion_id == lesion_id and not s.benign for s in breast.sites)


def _counted(speaker: Speaker, sites: Sequence[str], nodes: Sequence[str]) -> str:
    """`both markers and the node marker`."""
    marked = [speaker.case.lesion(i) for i in (*sites, *nodes) if speaker.case.lesion(i).clip]
    of_sites, of_nodes = sum(not x.is_node for x in marked), sum(x.is_node for x in marked)
    paths = [f"count.markers_{_few(of_sites)}"] if of_sites else []
    paths += [f"count.node_markers_{_few(of_nodes)}"] if of_nodes else []
    return speaker.phrases.all_of([speaker.phrases.say(path) for path in paths])


def _few(number: int) -> str:
    return {1: "one", 2: "both"}.get(number, "all")


def _and_calcifications(speaker: Speaker, side: Side | None) -> str:
    breast = speaker.report.response.breast(side) if side else None
    there = [c for c in breast.calcifications if not c.absent_now] if breast else []
    return speaker.phrases.say("word.and_calcifications") if there else ""
