"""Structured reports become rows, as those of a measurement table: one lesion on one study by one modality.

The modality of a measurement is that of the image it was made on, by its header where the image is among INPUT, else by
its SOP class; without an image it is the study's, where that has one; else it is asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TypeVar

from reporter.case.case import LeftOut
from reporter.case.issue import Issue, Operand, Outcome
from reporter.case.measurement import Measurement, NotEvaluable
from reporter.case.source import Source, SourceKind
from reporter.case.vocabulary import Modality
from reporter.readers.objects import modality_of
from reporter.readers.parts import ImageHeader, LesionWords, Row, Sizes
from reporter.readers.report_identity import lesion_ids, settled_words
from reporter.readers.report_parts import LesionMap, Report, ReportGroup

_PENDING = NotEvaluable(reason="pending")
"""Stands for the value until the kind of the lesion is known."""
Part = TypeVar("Part", LesionWords, Sizes)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRows:
    """What structured reports give to a case."""

    rows: tuple[Row, ...] = ()
    issues: tuple[Issue, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


def report_rows(
    reports: Iterable[Report],
    entries: LesionMap,
    images: Mapping[str, ImageHeader],
    modalities: Mapping[str, Collection[Modality | None]],
) -> ReportRows:
    """The rows of a patient's reports.

    `images` are all objects of INPUT, of whatever patient, by SOP Instance UID; `modalities` those of each study.
    """
    work = _Rows(entries, images, modalities)
    once = {report.header.instance_uid: report for report in sorted(reports, key=lambda r: r.header.file, reverse=True)}
    ordered = sorted(once.values(), key=lambda r: (str(r.header.study_date or ""), r.header.file))
    groups = [group for report in ordered for group in report.groups]
    for group, lesion_id in zip(groups, lesion_ids(groups, entries), strict=True):
        work.take(group, lesion_id)
    for report in ordered:
        work.take_report(report)
    work.check_map()
    return ReportRows(rows=tuple(_merged(work.rows)), issues=tuple(work.issues), left_out=tuple(work.left_out))


@dataclass(slots=True)
class _Rows:
    entries: LesionMap
    images: Mapping[str, ImageHeader]
    modalities: Mapping[str, Collection[Modality | None]]
    rows: list[Row] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)

    def take(self, group: ReportGroup, lesion_id: str) -> None:
        """Make the row of a group, or leave it out with the reason."""
        self.labels.add(group.label or "")
        self.left_out.extend(LeftOut(what=f"{u.source}: {u.what}", code=u.code) for u in group.unused)
        entry = self.entries.get(group.label or "")
        words, doubts = settled_words(group, lesion_id, entry)
        modality, doubt = self._modality(group)
        refusing = self._refusing(group, words, lesion_id)
        if group.no_lesion or not group.sized:
            self._leave(group, doubts, "SR_NO_LESION" if group.no_lesion else "SR_NO_SIZE")
            return
        if not lesion_id:
            doubts = (*doubts, self._issue("SR_NO_LABEL", Outcome.PROBLEM, group, "lesion_id"))
        asked = (replace(doubt, lesion_id=lesion_id or None),) if doubt else ()
        self.rows.append(_row(group, lesion_id, words, modality, (*doubts, *asked, *refusing)))

    def _leave(self, group: ReportGroup, doubts: Iterable[Issue], code: str) -> None:
        """A group without a size is no measurement; what is wrong in it is still said, doubts about its lesion not."""
        self.issues.extend(replace(d, study=group.report.study_uid) for d in doubts if d.column is None)
        if not group.unused:
            what = f"{group.source}: {group.label}" if group.label else str(group.source)
            self.left_out.append(LeftOut(what=what, code=code))

    def take_report(self, report: Report) -> None:
        """List the numbers outside the groups, and say how many images were not at hand."""
        self.left_out.extend(LeftOut(what=f"{u.source}: {u.what}", code=u.code) for u in report.unused)
        referred = {image.instance_uid for group in report.groups if group.sized for image in group.images}
        absent = sum(uid not in self.images for uid in referred)
        if absent:
            header = report.header
            source = Source(SourceKind.REPORT, header.file, "document")
            operands: dict[str, Operand] = {"images": absent, "referred": len(referred)}
            self.issues.append(
                Issue(code="SR_REF", outcome=Outcome.NOTE, source=source, study=header.study_uid, operands=operands)
            )

    def check_map(self) -> None:
        """A label of the map that no document has may be a slip of the pen."""
        for label in sorted(set(self.entries) - self.labels):
            source = self.entries[label].source
            self.issues.append(Issue(code="MAP_UNUSED", outcome=Outcome.NOTE, source=source, operands={"label": label}))

    # -- images -----------------------------------------------------------------------------------------------

    def _modality(self, group: ReportGroup) -> tuple[Modality | None, Issue | None]:
        found = {self._of_image(image.instance_uid, image.sop_class) for image in group.images} - {None}
        if not found:
            found = set(self.modalities.get(group.report.study_uid, ())) - {None}
        if len(found) == 1:
            return found.pop(), None
        seen = ", ".join(sorted(str(modality) for modality in found))
        return None, self._issue("SR_MODALITY", Outcome.QUESTION, group, "modality", modalities=seen)

    def _of_image(self, instance_uid: str, sop_class: str) -> Modality | None:
        header = self.images.get(instance_uid)
        return header.modality if header else modality_of(sop_class, "", contrast=False)

    def _refusing(self, group: ReportGroup, words: LesionWords, lesion_id: str) -> tuple[Issue, ...]:
        """An image of another study, or of the other side, refuses the case: the measurement is not of it."""
        found: list[Issue] = []
        for image in group.images:
            header = self.images.get(image.instance_uid)
            if header is None:
                continue
            if header.study_uid != group.report.study_uid:
                found.append(self._issue("SR_REF_STUDY", Outcome.REFUSED, group, None, image=header.file))
            elif words.side is not None and header.sides == (words.side.other,):
                operands = {"side": str(words.side), "other_side": str(words.side.other)}
                date = str(header.study_date or "")
                issue = self._issue("LAT_CONFLICT", Outcome.REFUSED, group, None, **operands, date=date)
                found.append(replace(issue, lesion_id=lesion_id or None, side=words.side))
        return tuple(found[:1])

    def _issue(self, code: str, outcome: Outcome, group: ReportGroup, column: str | None, **operands: Operand) -> Issue:
        said = {"label": group.label or "", **operands}
        return Issue(code=code, outcome=outcome, source=group.source, column=column, operands=said)


def _row(
    group: ReportGroup, lesion_id: str, words: LesionWords, modality: Modality | None, issues: tuple[Issue, ...]
) -> Row:
    report = group.report
    return Row(
        source=group.source,
        patient_id=report.patient_id,
        study_uid=report.study_uid,
        time_point=group.time_point,
        modality=modality,
        lesion_id=lesion_id,
        lesion=words,
        sizes=group.sizes,
        said=Measurement(
            lesion_id=lesion_id,
            study="",
            modality=modality,
            value=_PENDING,
            source=group.source,
            volume=group.volume,
            nipple_distance=group.nipple_distance,
            skin_distance=group.skin_distance,
        ),
        issues=issues,
    )


# -- groups of one lesion in one document ---------------------------------------------------------------------


def _merged(rows: Sequence[Row]) -> list[Row]:
    """Groups of one lesion in one document are one row where they complete one another; others stay apart."""
    grouped: dict[tuple[str, str, Modality | None], list[Row]] = defaultdict(list)
    for row in rows:
        together = grouped[row.source.file, row.lesion_id, row.modality]
        whole = _together(together[-1], row) if together and row.lesion_id else None
        if whole is None:
            together.append(row)
        else:
            together[-1] = whole
    return [row for together in grouped.values() for row in together]


def _together(one: Row, other: Row) -> Row | None:
    """Two rows as one; None where they say different things, or the same thing twice."""
    words, sizes = _joined(one.lesion, other.lesion), _joined(one.sizes, replace(other.sizes, given=one.sizes.given))
    said = _joined_said(one.said, other.said)
    if words is None or sizes is None or said is None or one.time_point != other.time_point:
        return None
    source = Source(one.source.kind, one.source.file, f"{one.source.place}; {other.source.place}")
    return replace(
        one,
        source=source,
        lesion=words,
        sizes=replace(sizes, given=(*one.sizes.given, *other.sizes.given)),
        said=replace(said, source=source),
        issues=(*one.issues, *other.issues),
    )


def _joined(one: Part, other: Part) -> Part | None:
    values: dict[str, object] = {}
    for name in (f.name for f in fields(one)):
        first, second = getattr(one, name), getattr(other, name)
        if first is not None and second is not None and first != second:
            return None
        values[name] = second if first is None else first
    return type(one)(**values)  # type: ignore[arg-type]  # field by field of the same class


def _joined_said(one: Measurement, other: Measurement) -> Measurement | None:
    extras = ("volume", "nipple_distance", "skin_distance")
    given = {name: (getattr(one, name), getattr(other, name)) for name in extras}
    if any(first is not None and second is not None and first != second for first, second in given.values()):
        return None
    return replace(one, **{name: second if first is None else first for name, (first, second) in given.items()})
