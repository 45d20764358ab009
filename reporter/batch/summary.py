"""What people look at after a batch: ledger, worklist, cohort tables and one page that shows them.

Everything is made anew from the outcomes at the end of a run and put in place of what was there.  It names patients
by their ID, never by name, and only its owner may read it.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from itertools import islice
from typing import IO, Final

from reporter.batch.cohort import Cohort
from reporter.batch.cohort_cdisc import cdisc_sheets
from reporter.batch.cohort_sheets import Cells, PutAway, Sheet, Spool
from reporter.batch.cohort_table import cohort_sheet
from reporter.batch.folder import replaced
from reporter.batch.ledger import Counts, Run, counts_of, ledger_json, ledger_sheets
from reporter.batch.outcome import Outcome
from reporter.batch.summary_page import SHOWN, Gathered, Ranked, page_of
from reporter.batch.worklist import Key, key_of, worklist_sheet
from reporter.exporters.plain_workbook import SheetOfRows, rows_xlsx
from reporter.pipeline import phrases_in
from reporter.publish import cannot_write
from reporter.remote import Place
from reporter.response.interface import Thresholds

PAGE: Final = "summary.html"
WORKLIST: Final = "worklist.csv"
LEDGER: Final = "ledger"
"""Folder of the ledger's tables."""
COHORT: Final = "cohort"
"""Folder of the cohort's tables."""
_LEDGER_JSON: Final = "ledger.json"
_COHORT_XLSX: Final = "cohort.xlsx"
_PIECE: Final = 1 << 20
"""Bytes copied at once."""
XLSX_ROWS: Final = 200_000
"""A table with more rows is left out of the workbook, which says so; it is whole as CSV."""


def summary_files() -> tuple[str, ...]:
    """Names, relative to the folder of a batch, of all that `write_summary` writes."""
    cohort, run = Cohort(), Run(today=dt.date.min)
    ledger = [f"{LEDGER}/{sheet.name}.csv" for sheet in ledger_sheets(run)]
    tables = [f"{COHORT}/{sheet.name}.csv" for sheet in _cohort_sheets(cohort, "")]
    return (*ledger, f"{LEDGER}/{_LEDGER_JSON}", WORKLIST, *tables, f"{COHORT}/{_COHORT_XLSX}", PAGE)


def _cohort_sheets(cohort: Cohort, study_id: str) -> tuple[Sheet, ...]:
    return (cohort_sheet(cohort), *cdisc_sheets(cohort, study_id))


def write_summary(
    outcomes: Iterable[Outcome],
    directory: Place,
    *,
    run: Run | None = None,
    study_id: str = "",
    thresholds: Thresholds | None = None,
) -> Counts:
    """Write everything into the folder of a batch; what adds up and what does not.

    `outcomes` are gone through once, in the order of the tables; those of a patient stand together.

    Raises:
        SetupError: a file cannot be written.
        Interrupted: the disk is full; files that were there stay.

    """
    run = run or Run(today=dt.datetime.now(tz=dt.UTC).astimezone().date())
    cohort = Cohort()
    try:
        with ExitStack() as files:
            tables = Tables(cohort, run, study_id, files)
            counts = counts_of(tables.passing_on(cohort.passing_on(outcomes)), run)
            tables.write(directory, counts)
            page = page_of(tables.gathered, tables.first(SHOWN), counts, run, thresholds or Thresholds())
    except OSError as problem:  # of the files in which the rows are put away
        raise cannot_write(directory, problem) from None
    replaced(directory / PAGE, (page.encode(),))
    return counts


class Tables:
    """All tables of a batch, filled in one go through the outcomes."""

    def __init__(self, cohort: Cohort, run: Run, study_id: str, files: ExitStack) -> None:
        """Put the rows away in files that vanish with `files`."""

        def file() -> IO[bytes]:
            return files.enter_context(tempfile.TemporaryFile())

        def spool(sheet: Sheet) -> Spool:
            return Spool(sheet, file())

        self._cohort = cohort
        self._run = run
        self._ledger = [spool(sheet) for sheet in ledger_sheets(run)]
        self._tables = [spool(sheet) for sheet in _cohort_sheets(cohort, study_id)]
        self._worklist = spool(worklist_sheet(cohort, phrases_in("en")))
        self._places: dict[Key, array[int]] = {}
        """Where the rows of the worklist stand, by what they are sorted by: ten thousand cases have few such keys."""
        self.gathered = Gathered(bars=Ranked(PutAway(file())), lines=Ranked(PutAway(file())))
        """What the page shows of the outcomes."""

    def passing_on(self, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
        """The outcomes, each taken in on its way; the tables are whole when the last one was taken."""
        spools = (*self._ledger, *self._tables)
        for outcome in outcomes:
            for spool in spools:
                spool.add(spool.sheet.rows_of(outcome))
            places = self._worklist.add(self._worklist.sheet.rows_of(outcome))
            self._places.setdefault(key_of(outcome, self._cohort), array("Q")).extend(places)
            self.gathered.add(outcome, self._cohort.courses_of(outcome))
            yield outcome
        for spool in spools:
            spool.add(spool.sheet.beside)
        self.gathered.patients = self._cohort.size

    def write(self, directory: Place, counts: Counts) -> None:
        """Write every table."""
        for spool in self._ledger:
            replaced(directory / LEDGER / f"{spool.sheet.name}.csv", spool.csv())
        replaced(directory / LEDGER / _LEDGER_JSON, ledger_json(counts, self._ledger, self._run))
        replaced(directory / WORKLIST, self._worklist.csv(self._in_order()))
        for spool in self._tables:
            replaced(directory / COHORT / f"{spool.sheet.name}.csv", spool.csv())
        with tempfile.TemporaryFile() as packed:
            rows_xlsx(_bounded(self._tables), packed)
            packed.seek(0)
            replaced(directory / COHORT / _COHORT_XLSX, iter(partial(packed.read, _PIECE), b""))

    def first(self, number: int) -> list[dict[str, str]]:
        """The first rows of the worklist."""
        columns = self._worklist.sheet.columns
        return [dict(zip(columns, cells, strict=True)) for cells in islice(self._in_order(), number)]

    def _in_order(self) -> Iterator[Cells]:
        """The worklist as it is sorted."""
        return (self._worklist.at(place) for key in sorted(self._places) for place in self._places[key])


def _bounded(spools: Sequence[Spool]) -> Iterator[SheetOfRows]:
    for spool in spools:
        if spool.length <= XLSX_ROWS:
            yield spool.for_workbook()
        else:
            note = f"more than {XLSX_ROWS} rows: see {spool.sheet.name}.csv"
            yield SheetOfRows(title=spool.sheet.name, columns=("note",), numeric=(), rows=((note,),))
