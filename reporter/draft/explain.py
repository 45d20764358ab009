"""From a Report to its Explanation, in the order in which a draft is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reporter.advice.table import Decision
from reporter.case.timepoint import Labels
from reporter.draft import explained_advice as advice
from reporter.draft import explained_input as known
from reporter.draft import explained_outcome as outcome
from reporter.draft import explained_response as response
from reporter.draft.explanation import Explanation, FileSeen, section
from reporter.draft.interface import Report
from reporter.draft.phrases import Phrases
from reporter.draft.speaker import Speaker
from reporter.response.course import chart


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a report was made with and does not hold itself."""

    files: Sequence[FileSeen]
    """Every file of the input."""
    decision: Decision
    """The table that its advice was looked up in."""
    labels: Labels
    """The words that mean a phase of the therapy."""


def explain(report: Report, looked: Looked, phrases: Phrases) -> Explanation:
    """Everything a draft of the report rests on."""
    speaker = Speaker(report=report, phrases=phrases)
    tracks = chart(report.case, report.response.thresholds)
    found = {
        "files": known.file_entries(speaker, looked.files),
        "patient": known.patient_entries(speaker),
        "studies": known.study_entries(speaker),
        "time_points": known.time_point_entries(speaker, looked.labels),
        "lesions": known.lesion_entries(speaker),
        "measurements": known.measurement_entries(speaker, tracks),
        "facts": known.fact_entries(speaker),
        "criteria": response.criterion_entries(speaker),
        "assessments": response.assessment_entries(speaker),
        "best_overall": outcome.best_entries(speaker),
        "disagreements": outcome.disagreement_entries(speaker),
        "record": response.record_entries(speaker, tracks),
        "answers": response.answer_entries(speaker),
        "decision_rows": advice.row_entries(speaker, looked.decision),
        "routes": advice.route_entries(speaker),
        "imaging": advice.imaging_entries(speaker),
        "lines": advice.line_entries(speaker),
        "escalation": advice.escalation_entries(speaker),
        "open": advice.open_entries(speaker),
        "left_out": advice.left_out_entries(speaker),
        "basis": advice.basis_entries(speaker),
    }
    title = phrases.say("explain.heading", id=report.case.patient.id, date=phrases.day(report.case.reported.date))
    return Explanation(title=title, sections=tuple(section(speaker, name, found[name]) for name in found))
