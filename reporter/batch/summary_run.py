"""The summary of a run, made anew where anything became other than it was."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from reporter import __version__
from reporter.batch.folder import is_taken
from reporter.batch.ledger import Counts, Run
from reporter.batch.outcome import FileLeft, Outcome
from reporter.batch.run import Batch
from reporter.batch.summary import COHORT, LEDGER, summary_files, write_summary
from reporter.publish import remove_parts, replace_file
from reporter.response.interface import Thresholds

_STATE: Final = "summary"
"""File that holds the fingerprint of what the summary was made from."""


def ordered(batch: Batch) -> Iterator[Outcome]:
    """The outcomes of a run by Patient ID, then by the reported time point; each is read when it is asked for.

    First come studies that name no patient, by their UID.
    """
    for unit in batch.plan.by_patient():
        found = (replace(o, patient=unit.key, patient_id=unit.patient_id) for o in batch.journal.outcomes_of(unit.key))
        yield from sorted(found, key=_when)


def _when(outcome: Outcome) -> tuple[dt.date, str]:
    return outcome.reported_on or dt.date.max, outcome.case


def summarise(batch: Batch, thresholds: Thresholds, today: dt.date) -> tuple[str, ...]:
    """Write ledger, worklist, cohort tables and the page, where they are not as they have to be already.

    What needs review because of the run itself, in words: counts that do not add up, studies of a day to come.

    Raises:
        SetupError: a file cannot be written.
        Interrupted: the disk is full.

    """
    left = tuple(FileLeft(name=f.name, refused=f.refused, code=f.code) for f in batch.nobodys())
    made_from = (__version__, batch.journal.digest(), batch.files_found, left, thresholds)
    digest = hashlib.sha256(repr(made_from).encode("utf-8", "surrogatepass")).hexdigest()
    state = batch.state / _STATE
    if _read(state) == digest and all(is_taken(batch.folder / name) for name in summary_files()):
        return ()
    replace_file(state, (b"",))  # a run that is killed from here on leaves some files of before, and some of now
    for folder in (batch.folder / LEDGER, batch.folder / COHORT, batch.state):
        if isinstance(folder, Path) and folder.is_dir():
            remove_parts(folder)
    run = Run(today=today, files_found=batch.files_found, left=left)
    counts = write_summary(ordered(batch), batch.folder, run=run, thresholds=thresholds)
    faults = tuple(_faults(counts))
    replace_file(state, (b"" if faults else digest.encode(),))  # what needs review is told at every run
    return faults


def _read(state: Path) -> str:
    try:
        return state.read_text("ascii", "replace")
    except OSError:
        return ""


def _faults(counts: Counts) -> Iterator[str]:
    yield from (f"the counts do not add up: {fault}" for fault in counts.faults)
    if counts.future:
        yield f"{counts.future} studies are dated after today; ledger/studies.csv names them"
