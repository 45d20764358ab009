"""The machine-readable record (JSON): everything a report was made from and says, exact, and readable again.

Numbers are strings of exact decimals, lengths `{"value": "14.0", "unit": "mm"}`, dates ISO.  Where a list holds
things of several kinds (advice, draft), each says its kind under `type`.  Changes to the schema only add.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, ClassVar, Final

from pydantic import Discriminator, SerializerFunctionWrapHandler, Tag, TypeAdapter, ValidationError, WrapSerializer

from reporter.advice.interface import (
    Advice,
    Escalation,
    ImagingStudy,
    Note,
    PackUsed,
    Radiation,
    Route,
    RowMatch,
    RowSeen,
    Step,
    Timing,
)
from reporter.case.case import LeftOut
from reporter.case.facts import Facts
from reporter.case.issue import Issue
from reporter.case.lesion import Lesion
from reporter.case.measurement import Measurement
from reporter.case.study import Patient, Study
from reporter.case.timepoint import BaselineBasis, TimePoint
from reporter.draft.interface import Draft, Figure, Heading, InputFile, List, Notice, Page, Paragraph, Report, Table
from reporter.errors import FileRefused
from reporter.exporters.interface import Exporter, Look, Prepared
from reporter.response.interface import (
    Assessment,
    AxillaResponse,
    BestOverall,
    BreastResponse,
    CriterionUsed,
    Disagreement,
    PatientResponse,
    Thresholds,
)

SCHEMA_VERSION: Final = "1.0"


def _kind(value: object) -> str | None:
    """The kind of a value, or of what stands for one in JSON: its class in lower case with underscores."""
    if isinstance(value, Mapping):
        kind = value.get("type")
        return kind if isinstance(kind, str) else None
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(value).__name__).lower()


def _with_kind(value: object, serialise: SerializerFunctionWrapHandler) -> dict[str, object]:
    return {"type": _kind(value), **serialise(value)}


RecordedBlock = Annotated[
    Annotated[Heading, Tag("heading")]
    | Annotated[Paragraph, Tag("paragraph")]
    | Annotated[List, Tag("list")]
    | Annotated[Table, Tag("table")]
    | Annotated[Notice, Tag("notice")]
    | Annotated[Figure, Tag("figure")],
    Discriminator(_kind),
    WrapSerializer(_with_kind),
]
"""One block of the draft, with its `type`."""

RecordedAdvice = Annotated[
    Annotated[Route, Tag("route")]
    | Annotated[RowMatch, Tag("row_match")]
    | Annotated[RowSeen, Tag("row_seen")]
    | Annotated[ImagingStudy, Tag("imaging_study")]
    | Annotated[Step, Tag("step")]
    | Annotated[Note, Tag("note")],
    Discriminator(_kind),
    WrapSerializer(_with_kind),
]
"""One piece of advice, with its `type`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guideline:
    """What the advice rests on, and whether it applies."""

    pack: PackUsed
    timing: Timing
    in_scope: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What else the report was made from."""

    template: str
    settings_changed: tuple[tuple[str, str], ...]
    criteria: tuple[CriterionUsed, ...]
    thresholds: Thresholds
    guideline: Guideline
    baseline: BaselineBasis


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One report as data."""

    schema_version: str
    tool: str
    inputs: tuple[InputFile, ...]
    patient: Patient
    studies: tuple[Study, ...]
    time_points: tuple[TimePoint, ...]
    reported: int
    """Index of the reported time point."""
    lesions: tuple[Lesion, ...]
    measurements: tuple[Measurement, ...]
    facts: Facts
    responses: tuple[Assessment, ...]
    """Every criterion, scope, modality and time point."""
    best_overall: tuple[BestOverall, ...] = ()
    """Of each criterion that has categories, scope and modality."""
    disagreements: tuple[Disagreement, ...] = ()
    """Pairs of criteria with different categories at a time point on a modality."""
    response_of_record: tuple[BreastResponse, ...]
    """The answer for each breast."""
    response_of_patient: PatientResponse | None = None
    """What a criterion of the whole patient says, where such a one feeds the decision table."""
    findings: tuple[AxillaResponse, ...]
    """The answer for each axilla."""
    advice: tuple[RecordedAdvice, ...]
    escalations: tuple[Escalation, ...]
    issues: tuple[Issue, ...]
    left_out: tuple[LeftOut, ...]
    page: Page
    draft: tuple[RecordedBlock, ...]
    made_from: Basis
    radiation: Radiation = field(default_factory=Radiation)
    """The tally over the studies, as ranges of the pack."""


def record_of(report: Report, draft: Draft) -> Record:
    """Gather a report and its draft into a record."""
    case, response, advice, made_from = report.case, report.response, report.advice, report.made_from
    issues = (*case.issues, *response.issues, *advice.issues)
    return Record(
        schema_version=SCHEMA_VERSION,
        tool=made_from.tool,
        inputs=made_from.inputs,
        patient=case.patient,
        studies=case.studies,
        time_points=case.timeline.time_points,
        reported=case.timeline.reported,
        lesions=case.lesions,
        measurements=case.measurements,
        facts=case.facts,
        responses=response.assessments,
        best_overall=response.best_overall,
        disagreements=response.disagreements,
        response_of_record=response.breasts,
        response_of_patient=response.patient,
        findings=response.axillae,
        advice=_all_advice(advice),
        escalations=(advice.escalation,),
        issues=tuple(sorted(issues, key=lambda issue: issue.order)),
        left_out=case.left_out,
        page=draft.page,
        draft=draft.blocks,
        made_from=Basis(
            template=made_from.template,
            settings_changed=made_from.settings_changed,
            criteria=response.criteria,
            thresholds=response.thresholds,
            guideline=Guideline(pack=advice.pack, timing=advice.timing, in_scope=advice.in_scope),
            baseline=case.timeline.basis,
        ),
        radiation=advice.radiation,
    )


def _all_advice(advice: Advice) -> tuple[RecordedAdvice, ...]:
    return (*advice.rows, *advice.imaging, *advice.steps, *advice.notes, *advice.routes, *advice.looked_at)


@cache
def _adapter() -> TypeAdapter[Record]:
    return TypeAdapter(Record)


def schema() -> dict[str, object]:
    """The JSON schema of a record."""
    return _adapter().json_schema(mode="serialization")


def write_record(record: Record) -> bytes:
    """A record as UTF-8 JSON, two spaces deep, ending in a newline."""
    return _adapter().dump_json(record, indent=2) + b"\n"


def read_record(data: bytes, file: str) -> Record:
    """Read a record back.

    Raises:
        FileRefused: it is no record of this version; names the first field that is wrong.

    """
    try:
        return _adapter().validate_json(data)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise FileRefused("is no record that this version reads", file=file, field=place, code="JSON_RECORD") from None


class _PreparedRecord(Prepared):
    def export(self, report: Report, draft: Draft) -> bytes:
        return write_record(record_of(report, draft))


class RecordExporter(Exporter):
    """The record as `.json`; it has no look."""

    name: ClassVar[str] = "json"
    suffix: ClassVar[str] = ".json"

    def prepare(self, look: Look) -> Prepared:
        """Ignore the look: data has none."""
        del look
        return _PreparedRecord()
