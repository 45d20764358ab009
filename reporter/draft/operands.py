"""What the sentences of steps and remarks may name: lesions, markers, sizes and what a biopsy is guided by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from reporter.case.lesion import Lesion
from reporter.case.vocabulary import NEVER_OF_RECORD, Modality, Side
from reporter.draft.fields_patient import marker_word
from reporter.draft.speaker import IN_SIGHT, Speaker
from reporter.response.interface import BreastResponse, Category, SiteResponse


@dataclass(frozen=True, slots=True)
class Operands:
    """What a sentence about a side or some of its lesions may name; each word is made when the sentence names it."""

    speaker: Speaker
    side: Side | None
    lesion_ids: Sequence[str]
    id: str
    """Of the step or remark."""

    def __getitem__(self, name: str) -> str:
        return _WORDS[name](self) if name in _WORDS else self.not_stated

    @property
    def not_stated(self) -> str:
        """What stands for a word that there is not."""
        return self.speaker.phrases.say("word.not_stated")

    @property
    def breast(self) -> BreastResponse | None:
        """The answer for its side."""
        return self.speaker.report.response.breast(self.side) if self.side else None

    @property
    def lesions(self) -> list[Lesion]:
        """All that it is about, sites and nodes."""
        return [self.speaker.case.lesion(i) for i in self.lesion_ids]

    @property
    def nodes(self) -> list[str]:
        """Which of them are nodes, by id."""
        return [lesion.id for lesion in self.lesions if lesion.is_node]

    @property
    def sites(self) -> list[str]:
        """Which of them are none."""
        return [lesion.id for lesion in self.lesions if not lesion.is_node]

    def listed(self, lesion_ids: Sequence[str]) -> str:
        """`L1 and L2`."""
        return self.speaker.phrases.all_of(lesion_ids) or self.not_stated


def _of_side(about: Operands) -> str:
    if about.side is None or len(about.speaker.report.response.breasts) == 1:
        return ""
    return about.speaker.phrases.say("word.of_side", side=about.speaker.side(about.side))


def _markers(about: Operands) -> str:
    """`coil and wing`; `the marker` where none is known."""
    phrases = about.speaker.phrases
    words = [marker_word(about.speaker, lesion) for lesion in about.lesions if lesion.clip]
    return phrases.all_of(list(dict.fromkeys(words))) or phrases.say("word.the_marker")


def _all_markers(about: Operands) -> str:
    return about.speaker.phrases.say(f"count.{_few(sum(bool(lesion.clip) for lesion in about.lesions))}")


def _benign_markers(about: Operands) -> str:
    phrases, shapes = about.speaker.phrases, [lesion.clip_shape for lesion in about.lesions if lesion.clip_shape]
    return phrases.say("word.in_brackets", text=phrases.all_of(shapes)) if shapes else ""


def _residual(about: Operands) -> str:
    breast = about.breast
    return about.speaker.numbers.mm(breast.residual.size) if breast and breast.residual else about.not_stated


def _span(about: Operands) -> str:
    breast = about.breast
    return about.speaker.numbers.mm(breast.span) if breast and breast.span else about.not_stated


def _modalities(about: Operands) -> str:
    """Imaging that looked at the breast now, joined by and."""
    speaker, breast = about.speaker, about.breast
    return speaker.phrases.all_of(speaker.modalities(breast.modalities_now)) if breast else about.not_stated


def _reason(about: Operands) -> str:
    return about.speaker.case.facts.mri_obstacle or about.speaker.phrases.say("word.reason_not_stated")


def _suspicion(about: Operands) -> str:
    stated = about.speaker.case.facts.suspicion_distant is not None
    return about.speaker.phrases.say("word.no" if stated else "word.not_stated")


def _guidance(about: Operands) -> str:
    """`US-guided` for what US sees now, else `Image-guided`."""
    speaker, lesion_ids = about.speaker, about.lesion_ids
    found = [f for b in speaker.report.response.breasts for f in b.new_findings if f.lesion_id in lesion_ids]
    on_us = [any(p.modality is Modality.US and p.state in IN_SIGHT for p in f.points) for f in found]
    if found and all(on_us):
        return speaker.phrases.say("imaging.guided", modality=speaker.exactly(Modality.US))
    return speaker.phrases.say("imaging.image_guided")


def _findings(about: Operands) -> str:
    """`mass`, or `lesions L2 and L3`."""
    speaker, lesion_ids = about.speaker, about.lesion_ids
    if len(lesion_ids) == 1:
        return speaker.noun(speaker.case.lesion(lesion_ids[0]))
    return speaker.phrases.say("imaging.lesions", lesions=speaker.phrases.all_of(lesion_ids))


def _largest(about: Operands) -> str:
    """`19 mm`; with a site that cannot be evaluated it is only the largest of what is measured, and says so."""
    speaker, breast = about.speaker, about.breast
    if breast is None or breast.residual is None:
        return about.not_stated
    size = speaker.numbers.mm(breast.residual.size)
    unknown = [s.lesion_id for s in breast.sites if _size_unknown(s)]
    if not unknown:
        return size
    return speaker.phrases.say("word.largest_measured", size=size, what=speaker.phrases.all_of(unknown))


def _indeterminate(about: Operands) -> str:
    """The largest size now, on imaging, of the sites called indeterminate one by one; of all where the breast is."""
    breast, lesion_ids = about.breast, about.lesion_ids
    sites = (
        [s for s in breast.sites if not s.benign and (not lesion_ids or s.lesion_id in lesion_ids)] if breast else []
    )
    points = [r.point for s in sites for r in s.results if r.point.modality not in NEVER_OF_RECORD]
    sizes = [point.size for point in points if point.size is not None]
    return about.speaker.numbers.mm(max(sizes, key=lambda size: size.mm)) if sizes else about.not_stated


def _size_unknown(site: SiteResponse) -> bool:
    return site.category is Category.NE and not site.benign and not any(r.point.state in IN_SIGHT for r in site.results)


def _unseen(about: Operands) -> str:
    """` (that of L2 not seen at this time point)`: what is to be known of the markers of several sites."""
    speaker, breast, sites = about.speaker, about.breast, about.sites
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


def _counted(about: Operands) -> str:
    """`both markers and the node marker`."""
    phrases, marked = about.speaker.phrases, [lesion for lesion in about.lesions if lesion.clip]
    of_sites, of_nodes = sum(not x.is_node for x in marked), sum(x.is_node for x in marked)
    paths = [f"count.markers_{_few(of_sites)}"] if of_sites else []
    paths += [f"count.node_markers_{_few(of_nodes)}"] if of_nodes else []
    return phrases.all_of([phrases.say(path) for path in paths])


def _few(number: int) -> str:
    return {1: "one", 2: "both"}.get(number, "all")


def _and_calcifications(about: Operands) -> str:
    breast = about.breast
    there = [c for c in breast.calcifications if not c.absent_now] if breast else []
    return about.speaker.phrases.say("word.and_calcifications") if there else ""


_WORDS: Final[Mapping[str, Callable[[Operands], str]]] = MappingProxyType({
    "id": lambda about: about.id,
    "side": lambda about: about.speaker.side(about.side),
    "of_side": _of_side,
    "lesions": lambda about: about.listed(about.lesion_ids),
    "sites": lambda about: about.listed(about.sites),
    "nodes": lambda about: about.listed(about.nodes),
    "markers": _markers,
    "counted_markers": _counted,
    "benign_markers": _benign_markers,
    "all_markers": _all_markers,
    "unseen": _unseen,
    "residual": _residual,
    "indeterminate": _indeterminate,
    "largest": _largest,
    "span": _span,
    "calcifications": _and_calcifications,
    "reason": _reason,
    "modalities": _modalities,
    "guidance": _guidance,
    "findings": _findings,
    "suspicion": _suspicion,
})
"""How each word that a sentence of advice may name is made."""
