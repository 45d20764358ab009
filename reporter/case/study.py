"""Studies as their headers describe them; never their pixels."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from reporter.case.length import Length
from reporter.case.source import Source
from reporter.case.vocabulary import Modality, Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """Who was imaged, as the headers or the facts say."""

    id: str
    issuer: str | None = None
    """Issuer of Patient ID (0010,0021)."""
    name: str | None = None
    birth_date: dt.date | None = None
    sex: str | None = None
    """As given; no rule reads it (clinical source S12)."""

    def age_on(self, day: dt.date) -> int | None:
        """Completed years on a day; None without a birth date."""
        born = self.birth_date
        if born is None:
            return None
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@dataclass(frozen=True, slots=True, kw_only=True)
class Technique:
    """How a series was made; each is None where the header does not say."""

    manufacturer: str | None = None
    model: str | None = None
    field_strength: Decimal | None = None
    """Tesla, (0018,0087)."""
    contrast_agent: str | None = None
    """(0018,0010), as given."""
    contrast: bool | None = None
    """Whether contrast was given; None where nothing says."""
    slice_thickness: Length | None = None
    """(0018,0050)."""
    transducer: str | None = None
    """Transducer Data (0018,5010) or type, as given."""
    transducer_frequency: Decimal | None = None
    """MHz, from (0018,6030), given there in kHz."""
    patient_position: str | None = None
    """(0018,5100)."""
    organ_dose: Decimal | None = None
    """mGy, from Organ Dose (0040,0316), given there in dGy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The images of one series, of one modality."""

    uid: str
    modality: Modality | None
    """None: an object that is no image of a known kind (an SR, say)."""
    description: str | None = None
    protocol: str | None = None
    body_part: str | None = None
    sides: tuple[Side, ...] = ()
    """Every side its images name, sorted; both where they name both."""
    views: tuple[str, ...] = ()
    """View positions, such as CC and MLO, sorted."""
    technique: Technique = Technique()
    instances: tuple[str, ...] = ()
    """SOP Instance UIDs, sorted."""
    organ_doses: tuple[Decimal, ...] = ()
    """mGy, of every image that records one, in the order of `instances`; never added up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """One study of the patient: DICOM, or a row's word that one was made."""

    key: str
    """Study Instance UID; for a study known only from a table "table:DATE:MODALITY"."""
    uid: str | None
    """None: no DICOM among INPUT."""
    date: dt.date
    start: dt.time | None = None
    """Local; orders studies of one day, nothing else."""
    description: str | None = None
    label: str | None = None
    """Time point label as given, from the table or Clinical Trial Time Point ID (0012,0050)."""
    label_description: str | None = None
    """(0012,0051)."""
    label_offset_days: Decimal | None = None
    """Days from an event of the trial, (0012,0052), as given; orders nothing."""
    label_event: str | None = None
    """That event, (0012,0053), as given."""
    modalities: tuple[Modality | None, ...] = ()
    """All modalities of its series or rows, in the order of `Modality`; None last."""
    series: tuple[Series, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)
    """Field name -> where it was read."""

    def sides(self, modality: Modality | None = None) -> tuple[Side, ...]:
        """Sides that the images name, all or those of one modality, sorted."""
        chosen = [s.sides for s in self.series if modality is None or s.modality is modality]
        return tuple(sorted({side for sides in chosen for side in sides}))
