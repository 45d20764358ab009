"""Rows meet their studies: by UID, else by patient, date and modality; a row that meets none stands for a study."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from reporter.case.issue import Outcome
from reporter.case.source import Source, SourceKind
from reporter.case.study import Study
from reporter.case.timepoint import Labels
from reporter.case.vocabulary import Modality, Side
from reporter.readers.gather import Readings
from reporter.readers.identity import Doubts, refused
from reporter.readers.parts import Row

MAMMOGRAPHY = frozenset({Modality.MG, Modality.DBT, Modality.CEM})
"""One DICOM modality: a header may not tell contrast-enhanced mammography, and a study often holds MG and DBT."""
_DAY = dt.timedelta(days=1)
_SIDE_WORDS = re.compile(r"(?<![A-Za-z])(left|right|lt|rt)(?![A-Za-z])", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedRow:
    """A row that knows its study."""

    row: Row
    study: str
    """Its key."""
    measures: bool = True
    """False: another row counts in its place; what it says of its lesion stands."""


def given_dates(rows: Iterable[Row]) -> dict[str, dt.date]:
    """Study UID -> the date that rows give for it."""
    return {row.study_uid: row.study_date for row in rows if row.study_uid and row.study_date}


def join(
    rows: Sequence[Row],
    studies: Sequence[Study],
    patient: str,
    readings: Readings,
    labels: Labels,
    doubts: Doubts,
) -> tuple[list[JoinedRow], list[Study]]:
    """Every row with its study, and all studies: those of the headers and those that only rows know of."""
    work = _Joining(studies, given_dates(rows), patient, readings.study_owner, doubts, labels)
    keyed = [(row, work.key_of(row)) for row in rows]
    joined = [JoinedRow(row=row, study=key, measures=not row.unanswered) for row, key in keyed if key is not None]
    return joined, work.all_studies(joined)


class _Joining:
    def __init__(
        self,
        studies: Sequence[Study],
        dates: Mapping[str, dt.date],
        patient: str,
        owners: Mapping[str, str],
        doubts: Doubts,
        labels: Labels,
    ) -> None:
        self.labels = labels
        self.studies = {study.key: study for study in studies}
        self.by_date: dict[dt.date, list[Study]] = defaultdict(list)
        for study in studies:
            self.by_date[study.date].append(study)
        self.dates = dates
        self.patient = patient
        self.owners = owners
        self.doubts = doubts
        self.told: dict[str, Study] = {}
        """Studies that only rows know of."""
        self.has_headers = bool(studies)

    def key_of(self, row: Row) -> str | None:
        """The study of a row; None where the row refuses the case."""
        if row.study_uid:
            return self._by_uid(row, row.study_uid)
        if row.study_date is None:
            return None  # its cell refuses the case
        matching = self._matching(row, row.study_date)
        if len(matching) == 1:
            return matching[0].key
        if matching:
            operands = {"date": str(row.study_date), "modality": row.modality or "-", "studies": len(matching)}
            self._doubt("STU_AMBIGUOUS", Outcome.QUESTION, row, "study_uid", operands)
        return self._told(row, f"table:{row.study_date}:{row.modality or 'unnamed'}", row.study_date)

    def _by_uid(self, row: Row, uid: str) -> str | None:
        study = self.studies.get(uid)
        if study is not None:
            self._check_date(row, study)
            self._check_modality(row, study)
            return uid
        owner = self.owners.get(uid)
        if owner is not None and owner != self.patient:
            operands = {"patient": self.patient, "other": owner, "other_place": uid}
            issue = refused("STU_PATIENT_CONFLICT", row.source, uid, **operands)
            self.doubts.issues.append(issue)
            return None
        day = row.study_date or self.dates.get(uid)
        if day is None:
            self.doubts.issues.append(refused("STU_NO_DATE", row.source, uid))
            return None
        return self._told(row, uid, day)

    def _check_date(self, row: Row, study: Study) -> None:
        """The date of the header stands; a table that is more than a day off is a problem."""
        if row.study_date is not None and abs(row.study_date - study.date) > _DAY:
            operands = {"date": str(row.study_date), "study_date": str(study.date)}
            self._doubt("TP_DATE_MISMATCH", Outcome.PROBLEM, row, "study_date", operands)

    def _check_modality(self, row: Row, study: Study) -> None:
        """A row that names its study by UID, but a modality that none of its images is of."""
        imaged, named = set(study.modalities), row.modality
        if named in {None, Modality.EXAM} or not imaged or named in imaged:
            return
        if not (named in MAMMOGRAPHY and MAMMOGRAPHY & imaged):
            images = ", ".join(str(m) for m in study.modalities)
            operands = {"modality": str(named), "images": images, "date": str(study.date)}
            self._doubt("STU_MODALITY", Outcome.PROBLEM, row, "modality", operands, study.key)

    def _matching(self, row: Row, day: dt.date) -> list[Study]:
        """Studies of the day by modality: the exact one, else the same DICOM modality; unnamed meets any."""
        if row.modality is Modality.EXAM:
            return []
        on_day = self.by_date.get(day, [])
        if row.modality is None:
            return on_day
        exact = [s for s in on_day if row.modality in s.modalities]
        if exact or row.modality not in MAMMOGRAPHY:
            return exact
        return [s for s in on_day if MAMMOGRAPHY & set(s.modalities)]

    def _told(self, row: Row, key: str, day: dt.date) -> str:
        """A study that only rows know of, made on first sight."""
        known = self.told.get(key)
        if known is not None:
            seen = {*known.modalities, row.modality}
            self.told[key] = replace(known, modalities=_in_order(seen))
            return key
        self.told[key] = Study(key=key, uid=None, date=day, modalities=(row.modality,), sources={"date": row.source})
        if self.has_headers and row.modality is not Modality.EXAM:
            operands = {"date": str(day), "modality": row.modality or "-"}
            self._doubt("STU_NO_DICOM", Outcome.NOTE, row, None, operands, key)
        return key

    def _doubt(
        self,
        code: str,
        outcome: Outcome,
        row: Row,
        column: str | None,
        operands: Mapping[str, str | int],
        study: str | None = None,
    ) -> None:
        lesion = row.lesion_id or None
        self.doubts.add(code, outcome, row.source, lesion_id=lesion, column=column, operands=operands, study=study)

    def all_studies(self, joined: Iterable[JoinedRow]) -> list[Study]:
        """Headers' studies and told ones, by date and key, with the labels that rows give."""
        labels: dict[str, list[Row]] = defaultdict(list)
        for item in joined:
            if item.row.time_point:
                labels[item.study].append(item.row)
        seen: dict[str, set[Modality | None]] = defaultdict(set)
        for item in joined:
            seen[item.study].add(item.row.modality)
        every = {key: _imaged(study, seen[key]) for key, study in {**self.studies, **self.told}.items()}
        found = [self._labelled(study, labels.get(key, [])) for key, study in every.items()]
        return sorted(found, key=lambda s: (s.date, s.key))

    def _alike(self, *words: str) -> bool:
        """Whether labels are the same word, or all mean the same phase."""
        phases = {self.labels.phase_of(word) for word in words}
        return len({word.casefold() for word in words}) == 1 or (len(phases) == 1 and None not in phases)

    def _labelled(self, study: Study, rows: Sequence[Row]) -> Study:
        """A study with the label of its rows; two that do not mean the same are asked about and none is taken."""
        ordered = sorted(rows, key=lambda row: str(row.time_point))
        if not ordered:
            return study
        row, other = ordered[0], ordered[-1]
        if not self._alike(*(str(r.time_point) for r in ordered)):
            operands = {"label": str(row.time_point), "other_label": str(other.time_point), "date": str(study.date)}
            self._doubt("TP_LABELS", Outcome.QUESTION, other, "timepoint", operands, study.key)
            return replace(study, label=None, label_description=None)
        if study.label and not self._alike(str(row.time_point), study.label):
            operands = {"label": str(row.time_point), "other_label": study.label, "date": str(study.date)}
            self._doubt("TP_LABELS", Outcome.QUESTION, row, "timepoint", operands, study.key)
        sources = {**study.sources, "label": row.source}
        return replace(study, label=row.time_point, label_description=None, sources=sources)


def _imaged(study: Study, told: set[Modality | None]) -> Study:
    """A study of the modalities of its images and of its rows: a header may not tell contrast-enhanced mammography."""
    every = _in_order({*study.modalities, *told})
    return replace(study, modalities=every) if told and every != study.modalities else study


def _in_order(seen: set[Modality | None]) -> tuple[Modality | None, ...]:
    return (*(m for m in Modality if m in seen), *((None,) if None in seen else ()))


def check_unmet(joined: Sequence[JoinedRow], studies: Iterable[Study], doubts: Doubts) -> None:
    """Rows of a table that name no patient and meet none of the studies at hand: nothing shows whose they are."""
    told = [i for i in joined if i.row.source.kind is SourceKind.TABLE and i.row.modality is not Modality.EXAM]
    told = [i for i in told if not i.row.patient_id]
    keys = {study.key for study in studies}
    if keys and told and not any(item.study in keys for item in told):
        file = Source(SourceKind.TABLE, told[0].row.source.file, "file")
        doubts.add("STU_TABLE_UNMET", Outcome.PROBLEM, file, column="patient_id")


def check_side(item: JoinedRow, side: Side, study: Study, doubts: Doubts) -> None:
    """The side of a measurement against the side its images name: another one refuses the case."""
    row = item.row
    if study.uid is None or row.modality is Modality.EXAM:
        return
    named, other = _named_sides(study, row.modality), side.other
    if named != (other,) and (named or _described_side(study.description) is not other):
        return
    operands = {"side": side, "other_side": other, "date": str(study.date)}
    if named:
        doubts.issues.append(
            replace(refused("LAT_CONFLICT", row.source, study.key, **operands), lesion_id=row.lesion_id, side=side)
        )
    else:
        doubts.add(
            "LAT_DESCRIPTION",
            Outcome.PROBLEM,
            row.source,
            lesion_id=row.lesion_id,
            side=side,
            study=study.key,
            operands=operands,
        )


def _named_sides(study: Study, modality: Modality | None) -> tuple[Side, ...]:
    """Sides that the images of a modality name; mammography in all its forms is one where the exact form is missing."""
    if modality is None or modality in study.modalities:
        return study.sides(modality)
    if modality in MAMMOGRAPHY:
        return tuple(sorted({side for m in MAMMOGRAPHY for side in study.sides(m)}))
    return ()


def _described_side(description: str | None) -> Side | None:
    """The one side that words of a description name."""
    words = {word.lower()[0] for word in _SIDE_WORDS.findall(description or "")}
    return {"l": Side.LEFT, "r": Side.RIGHT}[words.pop()] if len(words) == 1 else None
