"""Which studies looked at a breast: by their images, unless their rows say that nothing of it was imaged."""

from __future__ import annotations

from typing import Final

from reporter.case.case import Case
from reporter.case.measurement import Measurement, NotEvaluable
from reporter.case.vocabulary import Modality, Side

_FINDINGS: Final = ("volume", "suv", "extent", "extent_change", "clip_seen", "clip_displaced", "distortion", "birads")
_EMPTY: Final = "MEAS_EMPTY"
_ONE_BREAST: Final = frozenset({Modality.US, Modality.MG, Modality.DBT, Modality.CEM})


def looked_at_breast(case: Case, key: str, modality: Modality | None, side: Side | None) -> bool:
    """Whether a modality of a study looked at a breast (None: at any), as far as rows tell.

    A study whose rows of that breast all say that it was not imaged, or could not be evaluated, did not.  Ultrasound
    that has rows of nodes alone, and no images, looked at the axilla; other modalities show the breast with it.
    Ultrasound and mammography without images are of the breasts that their rows tell of; MRI and CT show both.
    """
    lesions = {lesion.id: lesion for lesion in case.lesions if side is None or lesion.side in {None, side}}
    every = [m for m in case.measurements if m.study == key and m.modality is modality]
    rows = [m for m in every if m.lesion_id in lesions]
    imaged = bool(case.study(key).series)
    of_breast = [row for row in rows if not lesions[row.lesion_id].is_node]
    if of_breast:
        return any(_says_something(row, imaged=imaged) for row in of_breast)
    if imaged or modality not in _ONE_BREAST:
        return True
    if rows:
        return modality is not Modality.US
    return not any(_says_something(row, imaged=imaged) for row in every)


def _says_something(row: Measurement, *, imaged: bool) -> bool:
    """Whether a row tells of a look: a value, another finding, or a value that only the form takes away."""
    if not _without_value(row) or any(getattr(row, name) is not None for name in _FINDINGS):
        return True
    reason = row.value.reason if isinstance(row.value, NotEvaluable) else None
    if reason == _EMPTY:
        return imaged
    return reason is not None and reason.isupper()


def _without_value(row: Measurement) -> bool:
    return row.value.status in {"not_imaged", "not_evaluable"}
