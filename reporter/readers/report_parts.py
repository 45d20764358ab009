"""What a structured report gives to a case: measurement groups, each as the document says it, nothing joined yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from reporter.case.code import Code
from reporter.case.issue import Issue
from reporter.case.length import Length
from reporter.case.measurement import Volume
from reporter.case.source import Source
from reporter.case.vocabulary import Kind, Location, Role, Side
from reporter.readers.parts import LesionWords, Sizes


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportHeader:
    """What a structured report says of itself as a whole."""

    file: str
    """Relative to INPUT."""
    patient_id: str
    patient_key: bytes = b""
    """Patient ID as its bytes stand, without padding."""
    study_uid: str
    study_date: dt.date | None = None
    instance_uid: str
    written: dt.datetime | None = None
    """Content Date and Time; None where they do not tell."""
    verification: str = ""
    """(0040,A493), as given."""
    completion: str = ""
    """(0040,A491), as given."""

    @property
    def final(self) -> bool:
        """Whether somebody has verified it and it is complete."""
        return (self.verification, self.completion) == ("VERIFIED", "COMPLETE")


@dataclass(frozen=True, slots=True)
class ImageReference:
    """An image that a measurement was made on."""

    sop_class: str
    instance_uid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unused:
    """A number of a structured report that is listed, never used."""

    what: str
    """Name, value and unit as given, such as "Area of defined region 1.7 cm2"."""
    code: str
    """Why: the code of an issue."""
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportGroup:
    """One measurement group (TID 1410, 1411, 1501)."""

    report: ReportHeader
    source: Source
    """Its place, with those of its sizes."""
    tracking_identifier: str | None = None
    tracking_uid: str | None = None
    label: str | None = None
    """The user's name for the lesion: the comment, else a finding typed as free text, else the tracking identifier
    where that does not name a tool."""
    names_tool: bool = False
    """The tracking identifier names the tool that drew it: neither it nor the tracking UID tells the lesion."""
    finding: Code | None = None
    sites: tuple[Code, ...] = ()
    lesion: LesionWords = field(default_factory=LesionWords)
    """What the codes say; None where they say nothing, or contradict one another."""
    no_lesion: bool = False
    """Its baseline category says that it is none."""
    time_point: str | None = None
    """Label as given; of a coded time point type its own meaning."""
    images: tuple[ImageReference, ...] = ()
    """Sorted, each once."""
    sizes: Sizes = field(default_factory=Sizes)
    volume: Volume | None = None
    nipple_distance: Length | None = None
    skin_distance: Length | None = None
    places: Mapping[str, Source] = field(default_factory=dict)
    """Size, or other field -> its content item."""
    unused: tuple[Unused, ...] = ()
    issues: tuple[Issue, ...] = ()

    @property
    def sized(self) -> bool:
        """Whether it says anything of a lesion's size, be it unusable."""
        sizes = self.sizes
        return any((sizes.long_axis, sizes.short_axis, sizes.unusable, self.volume))


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A structured report: its measurement groups in the order of the document."""

    header: ReportHeader
    groups: tuple[ReportGroup, ...] = ()
    unused: tuple[Unused, ...] = ()
    """Numbers outside the groups."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MapEntry:
    """What a lesion map says of a label."""

    label: str
    lesion_id: str
    kind: Kind | None = None
    side: Side | None = None
    location: Location | None = None
    role: Role | None = None
    source: Source


LesionMap = Mapping[str, MapEntry]
"""Label -> entry."""
