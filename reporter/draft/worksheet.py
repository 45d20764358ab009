"""The worksheet: the measurement table with all that is known, and one cell for each question that it can settle.

A question whose answer is a cell stands beside that cell; one about a fact is listed with its key, because facts have a
file of their own.  A cell that is asked about stays empty, unless the table itself gave it: then it is to be corrected.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from reporter.case.case import Case
from reporter.case.form import KnownRow, added_row, patient_cell, question
from reporter.case.issue import Issue, Outcome
from reporter.case.lesion import Lesion
from reporter.case.source import Source, SourceKind
from reporter.case.timepoint import TimePoint
from reporter.case.vocabulary import Modality
from reporter.draft.fields_advice import all_issues
from reporter.draft.interface import Report
from reporter.draft.issues import sentence
from reporter.draft.phrases import Phrases
from reporter.draft.speaker import Speaker

COLUMNS: Final = (
    *("patient_id", "study_date", "study_uid", "timepoint", "modality", "lesion_id", "kind", "organ"),
    *("side", "location", "clock", "depth", "nipple_distance", "role", "status", "merged_into", "split_from"),
    *("long_axis", "short_axis", "third_axis", "unit", "volume", "volume_unit", "suv"),
    *("cortex", "hilum", "cortex_type", "extent", "extent_change", "span", "skin_distance", "muscle_distance"),
    *("index_distance", "slice_thickness", "quality"),
    *("biopsy_result", "biopsy_date", "receptors", "birads", "distortion"),
    *("clip", "clip_shape", "clip_seen", "clip_displaced", "covered_before", "note"),
)
"""Every column of the measurement table, in the order of its documentation."""

_ALWAYS: Final = frozenset({
    *("patient_id", "study_date", "modality", "lesion_id", "kind", "side"),
    *("status", "long_axis", "short_axis", "unit", "note"),
})
_FIXED: Final = ("kind", "side", "location", "clock", "depth", "role", "covered_before")
"""What does not change through time: known from one row, it is shown in every row of the lesion."""
_LONGEST: Final = 4000
"""Characters of a note, within what a cell may hold when it is read back."""

Asked = dict[int, dict[str, list[str]]]
"""Row -> column -> reasons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormRow:
    """One row: its cells, and the reason for each cell that is asked."""

    cells: Mapping[str, str]
    """Column -> text; empty cells are left out."""
    asked: Mapping[str, str]
    """Column -> why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactQuestion:
    """A question that only the facts file can answer."""

    key: str
    """Such as therapy.start."""
    side: str
    """In words; empty where it is of the whole patient."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A worksheet, whatever kind of file it becomes."""

    columns: tuple[str, ...]
    rows: tuple[FormRow, ...]
    facts: tuple[FactQuestion, ...]
    words: Mapping[str, str] = field(default_factory=dict)
    """Headings and explanations of the form itself, by name."""


def worksheet(rows: Sequence[KnownRow], report: Report, phrases: Phrases) -> Form:
    """The worksheet of a report; `rows` are those of `readers.worksheet.known_rows`."""
    work = _Work(Speaker(report=report, phrases=phrases), list(rows))
    for issue in _open(work.speaker):
        work.ask(issue)
    made = tuple(work.row(index) for index in range(len(work.rows)))
    used = {*_ALWAYS, *(column for row in made for column in (*row.cells, *row.asked))}
    names = ("measurements", "facts", "key", "side", "question", "facts_intro")
    return Form(
        columns=tuple(column for column in COLUMNS if column in used),
        rows=made,
        facts=tuple(dict.fromkeys(work.facts)),
        words={name: phrases.say(f"worksheet.{name}") for name in names},
    )


def _open(speaker: Speaker) -> Iterator[Issue]:
    """Problems and questions, each once, with what a lesion will be asked once it is counted."""
    found = [i for i in all_issues(speaker) if i.outcome in {Outcome.PROBLEM, Outcome.QUESTION}]
    for issue in sorted(found, key=lambda issue: issue.order):
        follow = _next(speaker.case, issue) if issue.code in _UNCOUNTED else ()
        for asked in (issue, *follow):
            yield asked
            if asked.code == "CLIP_NOT_STATED":
                yield replace(asked, code="CLIP_SEEN_NOT_STATED", column="clip_seen")


def _next(case: Case, issue: Issue) -> Iterator[Issue]:
    """What would be asked of a lesion once it is counted: one form is less work than two."""
    lesion = next((x for x in case.lesions if x.id == issue.lesion_id), None)
    asked = Issue(code="", outcome=Outcome.QUESTION, lesion_id=issue.lesion_id, side=issue.side)
    if lesion is not None and lesion.biopsy_result is None:
        yield replace(asked, code="BIOPSY_NOT_STATED", column="biopsy_result")
    if lesion is not None and lesion.clip is None and case.baseline not in {None, case.reported}:
        yield replace(asked, code="CLIP_NOT_STATED", column="clip")


class _Work:
    """Puts questions beside cells."""

    def __init__(self, speaker: Speaker, rows: list[KnownRow]) -> None:
        self.speaker = speaker
        self.case = speaker.case
        self.rows = rows
        self.asked: Asked = {}
        self.facts: list[FactQuestion] = []
        self.lesions = {lesion.id: lesion for lesion in self.case.lesions}

    # -- where a question stands ------------------------------------------------------------------------------

    def ask(self, issue: Issue) -> None:
        """Put an issue beside the cell that would settle it, or among the facts; else it has no cell."""
        columns = self._columns(issue)
        text = self._text(issue)
        if not columns and issue.column is not None:
            side = self.speaker.side(issue.side) if issue.side else ""
            self.facts.append(FactQuestion(key=issue.column, side=side, text=text))
        for index in self._rows_of(issue) if columns else ():
            for column in columns:
                reasons = self.asked.setdefault(index, {}).setdefault(column, [])
                if text not in reasons:
                    reasons.append(text)

    def _columns(self, issue: Issue) -> tuple[str, ...]:
        if issue.code == "MEAS_UNIT" and _kind_of(issue.source) is SourceKind.TABLE:
            return ("unit",)
        if issue.code in _STATUS:
            return ("status",)
        if issue.code in _SIZE or (issue.code == "MEAS_UNIT" and issue.column in {None, "long_axis", "short_axis"}):
            return (self._axis(issue), "unit")
        column = _COLUMN_OF.get(issue.code, issue.column)
        return (column,) if column in COLUMNS else ()

    def _axis(self, issue: Issue) -> str:
        lesion = self.lesions.get(issue.lesion_id or "")
        if issue.column in {"long_axis", "short_axis"}:
            return issue.column
        return "short_axis" if lesion is not None and lesion.is_node else "long_axis"

    def _text(self, issue: Issue) -> str:
        study = next((s for s in self.case.studies if s.key == issue.study), None)
        known = {"column": issue.column or ""}
        if study is not None:
            modality = self.speaker.phrases.all_of(self.speaker.modalities(study.modalities))
            known["study"] = self.speaker.phrases.say("word.study_of", modality=modality, date=str(study.date))
        return sentence(replace(issue, source=None, column=None), self.speaker.phrases, **known)

    # -- rows -------------------------------------------------------------------------------------------------

    def _rows_of(self, issue: Issue) -> list[int]:
        """The row that a question is asked in; whose rows they are is asked in each that does not say it."""
        if issue.column == "patient_id" and issue.lesion_id is None:
            return [n for n, row in enumerate(self.rows) if "patient_id" not in row.cells]
        found = self._row_of(issue)
        return [] if found is None else [found]

    def _row_of(self, issue: Issue) -> int | None:
        """The row that a question is asked in: the one it points to, else the lesion's at the time point concerned."""
        if issue.code == "LES_LOST":
            return self._lost(issue)
        pointed = self._pointed(issue.source)
        if pointed is not None and (issue.column not in _FIXED or issue.column in self.rows[pointed].given):
            return pointed
        if issue.lesion_id is None:
            return self._of_span(issue) if pointed is None else pointed
        if issue.code == "NODE_BASELINE_APPEARANCE" and self.case.baseline is not None:
            return self._at(issue.lesion_id, self.case.baseline)
        latest = self._at(issue.lesion_id, self.case.reported)
        return self._last(issue.lesion_id) if latest is None else latest

    def _pointed(self, source: Source | None) -> int | None:
        for index, row in enumerate(self.rows) if source is not None else ():
            own = row.source
            same = source is not None and (own.kind, own.file) == (source.kind, source.file)
            if same and source is not None and _within(source.place, own.place):
                return index
        return None

    def _at(self, lesion_id: str, time_point: TimePoint) -> int | None:
        """The lesion's first row of a time point; one with a finding before one that an earlier form added."""
        found = [n for n, r in enumerate(self.rows) if r.lesion_id == lesion_id and r.study in time_point.studies]
        return min(found, key=lambda n: (self.rows[n].added, n), default=None)

    def _last(self, lesion_id: str) -> int | None:
        dates = {study.key: study.date.isoformat() for study in self.case.studies}
        found = [n for n, row in enumerate(self.rows) if row.lesion_id == lesion_id]
        return max(found, key=lambda n: (dates.get(self.rows[n].study, ""), -n), default=None)

    def _of_span(self, issue: Issue) -> int | None:
        """The first row now that gives a span of disease on a side."""
        of_side = {lesion.id for lesion in self.case.lesions if lesion.side is issue.side}
        now = self.case.reported.studies
        found = (n for n, r in enumerate(self.rows) if "span" in r.cells and r.lesion_id in of_side and r.study in now)
        return next(found, None) if issue.code == "SPAN_CONFLICT" else None

    def _lost(self, issue: Issue) -> int | None:
        """A row for what was not said of a lesion on a modality that was used now."""
        lesion, wanted = self.lesions.get(issue.lesion_id or ""), str(issue.operands.get("modality", ""))
        studies = [self.case.study(key) for key in self.case.reported.studies]
        used = next(((s, m) for s in studies for m in _same(wanted) if m in s.modalities), None)
        if lesion is None or used is None:
            return None
        study, modality = used
        for index, row in enumerate(self.rows):
            of_lesion = row.added and (row.lesion_id, row.study) == (lesion.id, study.key)
            if of_lesion and row.cells.get("modality", "") == (modality or ""):
                return index
        cells = {
            "patient_id": patient_cell(self.case.patient.id),
            "study_date": study.date.isoformat(),
            "study_uid": study.uid or "",
        }
        cells |= {"modality": modality or "", "lesion_id": lesion.id}
        kept = {column: cell for column, cell in cells.items() if cell}
        source = Source(SourceKind.TABLE, "", "")
        self.rows.append(KnownRow(cells=kept, source=source, lesion_id=lesion.id, study=study.key, added=True))
        return len(self.rows) - 1

    # -- the form ---------------------------------------------------------------------------------------------

    def row(self, index: int) -> FormRow:
        """A row with what is known of its lesion, its cells in question left empty, and the reasons in its note."""
        known = self.rows[index]
        asked = {column: " ".join(reasons) for column, reasons in self.asked.get(index, {}).items()}
        open_columns = {*asked, *self._asked_of(known.lesion_id)} - known.given
        lesion = self.lesions.get(known.lesion_id)
        cells = {**(_fixed(lesion) if lesion is not None else {}), **known.cells}
        kept = {column: cell for column, cell in cells.items() if column not in open_columns}
        note = _note(kept.get("note", ""), asked, added=known.added)
        return FormRow(cells={**kept, **({"note": note} if note else {})}, asked=_in_order(asked))

    def _asked_of(self, lesion_id: str) -> set[str]:
        """The columns in which something of a lesion itself is asked, in whichever of its rows."""
        rows = (n for n, row in enumerate(self.rows) if lesion_id and row.lesion_id == lesion_id)
        return {column for n in rows for column in self.asked.get(n, {}) if column in _FIXED}


_UNCOUNTED: Final = frozenset({"LAT_MISSING", "LAT_LABEL", "LAT_CODES", "LES_KIND", "KIND_LABEL", "KIND_CODES"})
"""Doubts that keep a lesion from being counted until a cell settles them."""
_STATUS: Final = frozenset({"LES_LOST", "MEAS_EMPTY", "MEAS_STATUS"})
_SIZE: Final = frozenset({"MEAS_AXES", "MEAS_VOLUME_ONLY", "SR_AXIS", "SR_NUM"})
_COLUMN_OF: Final[Mapping[str, str]] = {
    "LES_MERGED_WHERE": "merged_into",
    "LES_NEW": "role",
    "SPAN_CONFLICT": "span",
}
"""Doubts that name no column, and the one that settles them."""


def _kind_of(source: Source | None) -> SourceKind | None:
    return None if source is None else source.kind


def _within(place: str, row: str) -> bool:
    """Whether a place is a row, or a cell or item in it: `row 5, side` in `row 5`, `1.5.1.4` in `1.5.1 (...)`."""
    return bool(row) and (place == row or place.startswith(f"{row}, ") or row.startswith((f"{place} ", f"{place};")))


def _same(modality: str) -> tuple[Modality | None, ...]:
    """The modalities that one name stands for: mammography and DBT are one."""
    if not modality:
        return (None,)
    return (Modality.DBT, Modality.MG) if modality in {Modality.MG, Modality.DBT} else (Modality(modality),)


def _fixed(lesion: Lesion) -> dict[str, str]:
    given = {name: getattr(lesion, name) for name in _FIXED}
    words = {True: "yes", False: "no"}
    return {n: words[v] if isinstance(v, bool) else str(v) for n, v in given.items() if v is not None}


def _note(own: str, asked: Mapping[str, str], *, added: bool) -> str:
    """The words that were there, then the questions; the words are never cut, the questions where they must be."""
    parts = [own, *([added_row()] if added else [])]
    for column, text in _in_order(asked).items():
        room = _LONGEST - len(" ".join(parts)) - len(question(column, "")) - 1
        if room > 0:
            parts.append(question(column, text[:room]))
    return " ".join(part for part in parts if part)


def _in_order(asked: Mapping[str, str]) -> dict[str, str]:
    return {column: asked[column] for column in sorted(asked, key=COLUMNS.index)}
