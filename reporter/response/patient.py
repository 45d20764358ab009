"""What a criterion of the whole patient says now, where it feeds the decision table; printed as the patient's."""

from __future__ import annotations

from reporter.response.asked import Asked
from reporter.response.interface import Category, PatientResponse
from reporter.response.modalities import is_imaging
from reporter.response.of_record import ranked


def patient_response(asked: Asked) -> PatientResponse | None:
    """Its category now: PD on any imaging modality, else that of the first evaluable one; None where it has none."""
    chart = asked.chart
    now = {
        a.modality: a
        for a in asked.whole
        if a.time_point == chart.reported and a.side is None and is_imaging(a.modality) and a.classified
    }
    found = tuple(now[m] for m in ranked(chart, now, chart.thresholds.size_order))
    if not found:
        return None
    progressive = [a for a in found if a.overall.category is Category.PD]
    evaluable = [a for a in found if a.overall.category not in {Category.NE, Category.NED}]
    own = [*progressive, *evaluable, *found][0]
    return PatientResponse(
        criterion=asked.criterion.id,
        name=asked.criterion.name,
        assessments=found,
        category=own.overall.category,
        modality=own.modality,
        verdict=own.overall,
    )
