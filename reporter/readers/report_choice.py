"""Structured reports beside one another and beside a table: what counts is chosen, what does not is listed.

Of several documents that repeat an item the latest by content time counts; different values without that are left for
the case to refuse.  A table goes before a document for the same lesion and study, and its words settle what label and
codes of a document leave open.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace

from reporter.case.case import LeftOut
from reporter.case.issue import Issue, Operand, Outcome
from reporter.case.measurement import Measurement
from reporter.case.source import SourceKind
from reporter.case.study import Study
from reporter.readers.joining import JoinedRow
from reporter.readers.parts import Row
from reporter.readers.report_identity import SETTLES

_OF_SIZE = frozenset({"MEAS_UNIT", "MEAS_RANGE", "SR_AXIS", "SR_NUM", "SR_MODALITY"})
"""Doubts about a value of a document, settled where the table gives another one."""
Written = Mapping[str, dt.datetime | None]
"""File -> content date and time of the document in it."""


class Choice:
    """The rows of a case, those that measure and those that only say something of their lesion."""

    def __init__(self, rows: Sequence[JoinedRow], written: Written) -> None:
        self.rows = list(rows)
        self.written = written
        self.issues: list[Issue] = []
        self.left_out: list[LeftOut] = []
        if written:
            self._settle()
            self._choose()

    # -- words ------------------------------------------------------------------------------------------------

    def _settle(self) -> None:
        """Drop the doubts about a lesion that a word of the table settles."""
        told: dict[str, set[str]] = defaultdict(set)
        for item in self.rows:
            if not _is_report(item.row):
                words = item.row.lesion
                told[item.row.lesion_id].update(f.name for f in fields(words) if getattr(words, f.name) is not None)
        for index, item in enumerate(self.rows):
            known = told[item.row.lesion_id]
            kept = tuple(issue for issue in item.row.issues if SETTLES.get(issue.code) not in known)
            if len(kept) < len(item.row.issues):
                self.rows[index] = replace(item, row=replace(item.row, issues=kept))

    # -- values -----------------------------------------------------------------------------------------------

    def _choose(self) -> None:
        grouped: dict[tuple[str, str], list[int]] = defaultdict(list)
        for index, item in enumerate(self.rows):
            grouped[item.row.lesion_id, item.study].append(index)
        for key in sorted(grouped):
            reports = [i for i in grouped[key] if _is_report(self.rows[i].row)]
            tables = [i for i in grouped[key] if i not in reports]
            self._choose_latest(reports)
            for table in tables:
                self._beside_table(table, reports)

    def _choose_latest(self, indexes: Iterable[int]) -> None:
        """Of the documents that size a lesion by one modality the one written last counts."""
        by_modality: dict[object, list[int]] = defaultdict(list)
        for index in indexes:
            row = self.rows[index].row
            if row.sizes.status is not None:
                by_modality[row.modality].append(index)
        for same in by_modality.values():
            latest = self._latest(same)
            for index in same if latest is not None else ():
                if self._file(index) != latest:
                    winner = next(i for i in same if self._file(i) == latest)
                    self._outvote(index, winner, "SR_EARLIER")

    def _file(self, index: int) -> str:
        return self.rows[index].row.source.file

    def _latest(self, indexes: Sequence[int]) -> str | None:
        """The one file that was written last; None where there is one only, or the times do not tell."""
        files = {self._file(index) for index in indexes}
        times = {file: time for file in files if (time := self.written.get(file)) is not None}
        if len(files) == 1 or len(times) < len(files):
            return None
        latest = [file for file, time in times.items() if time == max(times.values())]
        return latest[0] if len(latest) == 1 else None

    def _beside_table(self, table: int, reports: Sequence[int]) -> None:
        """A row with another size goes before the documents; one with the same or none completes what they say."""
        row = self.rows[table].row
        near = [i for i in reports if self.rows[i].measures]
        beside = [i for i in near if row.modality is None or self.rows[i].row.modality in {None, row.modality}]
        if len(beside) == 1 and (not _says_size(row) or _same_size(row, self.rows[beside[0]].row)):
            self.rows[beside[0]] = _told_by_table(self.rows[beside[0]], row)
            self.rows[table] = replace(self.rows[table], measures=False)
        elif _says_size(row):
            for index in beside:
                self._outvote(index, table, "SR_TABLE")
                self.rows[index] = _without_doubts(self.rows[index], _OF_SIZE)

    def _outvote(self, index: int, winner: int, code: str) -> None:
        item, other = self.rows[index], self.rows[winner]
        self.rows[index] = replace(item, measures=False)
        given = ", ".join(item.row.sizes.given)
        self.left_out.append(LeftOut(what=f"{item.row.source}: {given}" if given else str(item.row.source), code=code))
        if _axes(item.row) != _axes(other.row):
            operands: dict[str, Operand] = {
                "given": given,
                "other": ", ".join(other.row.sizes.given),
                "other_place": str(other.row.source),
            }
            self.issues.append(
                Issue(
                    code=code,
                    outcome=Outcome.NOTE,
                    source=item.row.source,
                    lesion_id=item.row.lesion_id,
                    study=item.study,
                    operands=operands,
                )
            )


def without_unnamed(studies: Iterable[Study], given: Iterable[JoinedRow], chosen: Iterable[JoinedRow]) -> list[Study]:
    """Studies whose unnamed modality was that of documents alone, and is named by the table now."""
    was = {item.study for item in given if item.row.modality is None and _is_report(item.row)}
    left = [item for item in chosen if item.row.modality is None]
    named = was - {item.study for item in left if item.measures or not _is_report(item.row)}
    return [
        replace(study, modalities=tuple(m for m in study.modalities if m is not None)) if study.key in named else study
        for study in studies
    ]


def said_once(rows: Iterable[JoinedRow]) -> Iterator[tuple[Issue, str]]:
    """The doubts of rows with the study of each; what documents leave open of a lesion is told at the first of them."""
    told: set[tuple[str, str | None]] = set()
    for item in sorted(rows, key=lambda item: item.row.source.order):
        for issue in item.row.issues:
            key = issue.code, issue.lesion_id
            if key in told:
                continue
            if issue.code in SETTLES or issue.code == "LAT_MAP":
                told.add(key)
            yield issue, item.study


def _is_report(row: Row) -> bool:
    return row.source.kind is SourceKind.REPORT


def _says_size(row: Row) -> bool:
    sizes = row.sizes
    return any((sizes.status, sizes.long_axis, sizes.short_axis, sizes.third_axis, sizes.unusable))


def _same_size(table: Row, report: Row) -> bool:
    """Whether a row of the table repeats what the document says, as a worksheet does."""
    one, other = replace(table.sizes, given=()), replace(report.sizes, given=())
    return one == other and one.unusable is None


def _told_by_table(item: JoinedRow, table: Row) -> JoinedRow:
    """A measurement of a document with what a row of the table adds, its modality among it."""
    modality = item.row.modality or table.modality
    said = replace(_completed(item.row.said, table.said), modality=modality)
    told = replace(item, row=replace(item.row, modality=modality, said=said))
    return told if modality is None else _without_doubts(told, frozenset({"SR_MODALITY"}))


def _without_doubts(item: JoinedRow, codes: frozenset[str]) -> JoinedRow:
    """A row without the doubts that the table settles; what refuses a case is never settled."""
    kept = tuple(i for i in item.row.issues if i.code not in codes or i.outcome is Outcome.REFUSED)
    return replace(item, row=replace(item.row, issues=kept))


def _axes(row: Row) -> tuple[object, ...]:
    return row.sizes.long_axis, row.sizes.short_axis, row.sizes.unusable


def _completed(report: Measurement, table: Measurement) -> Measurement:
    """What a document says of a lesion, with what a table row without a size adds."""
    own = {"lesion_id", "study", "modality", "value", "source"}
    added = {f.name: getattr(table, f.name) for f in fields(table) if f.name not in own}
    return replace(report, **{name: value for name, value in added.items() if value is not None})
