"""The radiation of a patient's studies among INPUT: ranges by the pack's levels, added as ranges (S53).

The range is that of the procedure in the guideline, for an adult; what a study gave is not known from it.  A study
that the pack has no level for is listed without one.  A CT by itself has none: which part of
the body it showed is not known here.  Organ doses that mammography recorded are listed beside it, image by image.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from reporter.advice.interface import Exposure, OrganDose, Radiation
from reporter.advice.pack import DoseRange, Pack, dose_range
from reporter.advice.vocabulary import ProcedureKey
from reporter.case.case import Case
from reporter.case.study import Study
from reporter.case.vocabulary import Modality

_MODALITIES: Final = tuple(Modality)
_MAMMOGRAPHY: Final = (Modality.MG, Modality.DBT)

_PROCEDURES: Final = {
    (Modality.US,): ProcedureKey.US_BREAST,
    (Modality.MG,): ProcedureKey.MAMMOGRAPHY,
    (Modality.DBT,): ProcedureKey.DBT,
    _MAMMOGRAPHY: ProcedureKey.DBT,
    (Modality.MR,): ProcedureKey.MRI_CONTRAST,
    (Modality.PT,): ProcedureKey.PET_CT,
    (Modality.CT, Modality.PT): ProcedureKey.PET_CT,
}
"""Which procedure gives the level of an examination; contrast-enhanced mammography is in none of the topic."""


def radiation(case: Case, pack: Pack) -> Radiation:
    """The tally over all studies of a case."""
    counted = Counter(kinds for study in case.studies for kinds in _examinations(study))
    exposures = tuple(_exposure(kinds, counted[kinds], pack) for kinds in sorted(counted, key=_order))
    total = DoseRange.none()
    for exposure in exposures:
        found = None if exposure.dose is None else dose_range(exposure.dose)
        total = total if found is None else total.plus(found.times(exposure.studies))
    return Radiation(
        exposures=exposures, least=total.least, most=total.most, organ_doses=tuple(_organ_doses(case.studies))
    )


def _examinations(study: Study) -> Iterator[tuple[Modality, ...]]:
    """The examinations of one study: mammography with DBT is one, PET with its CT is one, others one each."""
    there = set(study.modalities) - {Modality.EXAM}
    for joined in (_MAMMOGRAPHY, (Modality.CT, Modality.PT)):
        if there.issuperset(joined):
            yield joined
            there -= set(joined)
    yield from ((modality,) for modality in _MODALITIES if modality in there)


def _order(kinds: tuple[Modality, ...]) -> tuple[int, ...]:
    return tuple(_MODALITIES.index(one) for one in kinds)


def _exposure(kinds: tuple[Modality, ...], studies: int, pack: Pack) -> Exposure:
    key = _PROCEDURES.get(kinds)
    row = None if key is None else pack.any_row(pack.procedure(key).name)
    return Exposure(
        modalities=kinds,
        studies=studies,
        level=None if row is None else row.level,
        dose=None if row is None else row.dose,
    )


def _organ_doses(studies: tuple[Study, ...]) -> Iterator[OrganDose]:
    for study in sorted(studies, key=lambda one: (one.date, one.key)):
        values = tuple(dose for series in study.series for dose in series.organ_doses)
        if values:
            yield OrganDose(study=study.key, date=study.date, values=values)
