"""Which measurements may be compared: like with like, through time (clinical decision l, row "different modality").

Mammography and tomosynthesis are one modality; MR is contrast MR unless the header or the facts say no; PET and the
physical examination never give a size of record.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from reporter.case.case import Case
from reporter.case.facts import stated
from reporter.case.measurement import Measurement
from reporter.case.vocabulary import MAMMOGRAPHY, NEVER_OF_RECORD, Modality, Side

_AS_LISTED = (*Modality, None)


def mammographic_name(measurements: Iterable[Measurement]) -> Modality:
    """The name under which MG and DBT stand together: DBT where nothing but DBT measured, MG otherwise."""
    found = {m.modality for m in measurements} & MAMMOGRAPHY
    return Modality.DBT if found == {Modality.DBT} else Modality.MG


def merged_modality(modality: Modality | None, mammographic: Modality) -> Modality | None:
    """The modality under which a measurement is compared."""
    return mammographic if modality in MAMMOGRAPHY else modality


@lru_cache(maxsize=64)
def compared_names(order: tuple[Modality, ...], mammographic: Modality) -> tuple[Modality | None, ...]:
    """An order of modalities by the names under which they are compared, each once; a settings file has few orders."""
    return tuple(dict.fromkeys(merged_modality(m, mammographic) for m in order))


def is_imaging(modality: Modality | None) -> bool:
    """Whether it may give a size of record, a progression or a residual; the unnamed modality may."""
    return modality not in NEVER_OF_RECORD


def by_order(modalities: Iterable[Modality | None], order: tuple[Modality | None, ...]) -> tuple[Modality | None, ...]:
    """Modalities in the order of size of record; the others after them as `Modality` lists them, the unnamed last."""
    found = set(modalities)
    if len(found) <= 1:
        return tuple(found)
    return tuple([m for m in dict.fromkeys((*order, *_AS_LISTED)) if m in found])


def contrast_given(case: Case, study: str, side: Side | None) -> bool | None:
    """Whether an MR study was made with contrast: a no of the facts first, then a header that names an agent.

    Then a yes of the facts, then a header that says none, since that may be a series before the injection.  None:
    nothing says.  A study counts as made with contrast when one of its MR series was.
    """
    time_point = case.time_point_of(study) if case.facts.breast else None
    entry = None if time_point is None else stated(case.facts.breast, side, time_point.date)
    said = None if entry is None else entry.mri_contrast
    if said is False:
        return False
    series = [s.technique for s in case.study(study).series if s.modality is Modality.MR]
    if any(t.contrast or t.contrast_agent for t in series):
        return True
    if said is None and any(t.contrast is False for t in series):
        return False
    return said
