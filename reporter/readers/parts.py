"""What files give to a case: headers, table rows, facts.  Values are parsed; nothing is compared yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Self

from reporter.case.facts import Facts
from reporter.case.issue import Issue
from reporter.case.length import Length
from reporter.case.measurement import Measurement
from reporter.case.source import Source, SourceKind
from reporter.case.study import Technique
from reporter.case.vocabulary import BiopsyResult, Depth, Kind, Location, Modality, Role, Side

_NO_TECHNIQUE = Technique()


@dataclass(frozen=True, kw_only=True)  # without slots, it is copied in one step, for half a kilobyte more an image
class ImageHeader:
    """One DICOM object, by its header."""

    file: str
    """Relative to INPUT."""
    patient_id: str
    """Empty where the header has none: such an object belongs to no case."""
    patient_key: bytes = b""
    """Patient ID as its bytes stand, without padding: what two files are compared by."""
    issuer: str | None = None
    patient_name: str | None = None
    birth_date: dt.date | None = None
    sex: str | None = None
    study_uid: str
    series_uid: str
    instance_uid: str
    sop_class: str
    study_date: dt.date | None = None
    """None: the header has none; only a table can give it then."""
    study_time: dt.time | None = None
    study_description: str | None = None
    series_description: str | None = None
    protocol: str | None = None
    body_part: str | None = None
    time_point_id: str | None = None
    """Clinical Trial Time Point ID (0012,0050)."""
    time_point_description: str | None = None
    """(0012,0051)."""
    time_point_offset: Decimal | None = None
    """Longitudinal Temporal Offset from Event (0012,0052), in days."""
    time_point_event: str | None = None
    """(0012,0053)."""
    modality: Modality | None = None
    """None: no image of a known kind."""
    modality_given: str = ""
    """(0008,0060), as given."""
    sides: tuple[Side, ...] = ()
    view: str | None = None
    technique: Technique = _NO_TECHNIQUE
    places: Mapping[str, str] = field(default_factory=dict)
    """Field name -> the attribute it was read from; one mapping for all files that say the same."""
    issues: tuple[Issue, ...] = ()
    """Doubts about this object; a refused one refuses the case, for the file itself can be read."""

    def source(self, name: str) -> Source:
        """Where the value of a field stands."""
        return Source(SourceKind.HEADER, self.file, self.places[name])

    def of_another(self, file: str, instance_uid: str) -> Self:
        """The header of another file that says the same, but for its own UID."""
        other = object.__new__(type(self))
        vars(other).update(vars(self), file=file, instance_uid=instance_uid, issues=of_file(self.issues, file))
        return other


def of_file(issues: tuple[Issue, ...], file: str) -> tuple[Issue, ...]:
    """The same doubts about another file."""
    return issues and tuple([
        replace(issue, source=issue.source and replace(issue.source, file=file)) for issue in issues
    ])


@dataclass(frozen=True, slots=True, kw_only=True)
class LesionWords:
    """What one row says of its lesion beside the measurement; None where its cells are empty."""

    kind: Kind | None = None
    organ: str | None = None
    side: Side | None = None
    location: Location | None = None
    clock: int | None = None
    depth: Depth | None = None
    role: Role | None = None
    biopsy_result: BiopsyResult | None = None
    biopsy_date: dt.date | None = None
    receptors: str | None = None
    clip: bool | None = None
    clip_shape: str | None = None
    covered_before: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """The size cells of one row, before it is known what kind of lesion they are of."""

    status: str | None = None
    """One of the status words."""
    long_axis: Length | None = None
    short_axis: Length | None = None
    third_axis: Length | None = None
    merged_into: str | None = None
    given: tuple[str, ...] = ()
    """The size cells as they stood, such as "long_axis 14.0 mm"."""
    unusable: str | None = None
    """Code of the issue of a bad cell that costs this measurement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One lesion on one study, as a table row (or a measurement group of a structured report) says."""

    source: Source
    patient_id: str | None = None
    """None: not given; the rows are then of the one patient of INPUT."""
    study_date: dt.date | None = None
    study_uid: str | None = None
    time_point: str | None = None
    """Label as given."""
    modality: Modality | None = None
    lesion_id: str = ""
    """Empty: the row names none; it is printed and never used."""
    lesion: LesionWords = LesionWords()
    sizes: Sizes = Sizes()
    said: Measurement
    """All else that the row says; its study and value are filled in when the case is put together."""
    issues: tuple[Issue, ...] = ()
    unanswered: bool = False
    """A row that a worksheet added and nobody filled in: it says something of its lesion, and measures nothing."""
    cells: Mapping[str, str] = field(default_factory=dict)
    """Of a table: its cells in the project's words, dates and decimal points; what is not understood as it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsRecord:
    """The clinical facts of one patient, as given: sides, dates and lesions are not resolved yet."""

    source: Source
    patient_id: str | None = None
    """None: the facts are of the one patient of INPUT."""
    facts: Facts
    name: str | None = None
    birth_date: dt.date | None = None
    sex: str | None = None
    issues: tuple[Issue, ...] = ()
