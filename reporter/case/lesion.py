"""A lesion: what stays the same through time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reporter.case.vocabulary import BiopsyResult, Depth, Kind, Location, Role, Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesion:
    """One breast site, node, area of calcifications, skin area or other lesion, followed under one id."""

    id: str
    kind: Kind | None
    """None: not stated; a problem, and the lesion is not counted (`counted` is False)."""
    organ: str
    """As given; by default "breast", or "lymph node" for a node (all node stations are one organ)."""
    side: Side | None
    """None: not stated; a problem, and the lesion is not counted.  Never guessed."""
    location: Location | None = None
    clock: int | None = None
    """Hour, 1-12."""
    depth: Depth | None = None
    role: Role | None = None
    """As given; where absent, the criterion applies its default."""
    biopsy_result: BiopsyResult | None = None
    """The latest one stated of this lesion."""
    biopsy_date: date | None = None
    receptors: str | None = None
    """Of its own biopsy, quoted."""
    clip: bool | None = None
    """Was a marker ever placed: yes, no, or not stated."""
    clip_shape: str | None = None
    """Quoted."""
    covered_before: bool | None = None
    """New lesions: was the area imaged before by a modality that would have shown it."""
    counted: bool = True
    """False while a problem with its identity (side, kind, contradiction) is unsettled: printed, never classified."""

    @property
    def is_node(self) -> bool:
        """Whether its short axis is its size, and its organ the lymph nodes."""
        return self.kind is Kind.NODE
