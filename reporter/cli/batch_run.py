"""A run of `reporter batch`: plan, draft, publish, and say what became of everything."""

import datetime as dt
import os
import signal
import sqlite3
import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from types import FrameType
from typing import Final, NamedTuple

from reporter import library
from reporter.batch.outcome import Status
from reporter.batch.plan import Told
from reporter.batch.run import Batch, Order
from reporter.batch.stamp import Stamp, listing_of, state_of, texts_of
from reporter.batch.summary import PAGE, summary_files
from reporter.batch.summary_run import summarise
from reporter.batch.work import Rules
from reporter.case.issue import Outcome as Severity
from reporter.cli.progress import Lines
from reporter.cli.talk import inputs_apart, say, settings_of
from reporter.errors import ExitCode, Interrupted, ReporterError
from reporter.pipeline import folders_of
from reporter.readers.gather import Readings, gather
from reporter.readers.interface import CaseRefused
from reporter.settings import Settings

_FORMATS: Final = ("docx", "txt", "json")
_TOLD_REFUSED: Final = 20
"""Refused files of nobody that are named; the rest is counted."""


def draft_all(args: Namespace, asked: str, asked_now: Callable[[], str]) -> ExitCode:
    """Do all the work; what was asked for, here and by then, tells what a stamp would be for (none where empty)."""
    settings = settings_of(args)
    lines, telling = None if args.quiet else Lines(), Telling(args)
    kit = _kit_now(settings, args.template)
    with stoppable(), _cleared(lines), Batch(order_of(args, settings), lines) as batch:
        if lines is not None:
            lines.clear()
        if batch.journal.set_aside is not None:
            say(f"the journal was damaged; it is kept as {batch.journal.set_aside.name} and begun anew", args)
        say(_looked_at(batch, batch.files_read), args)
        with _cleared(lines):
            stopped = _worked(batch)
        code, summed = end(batch, settings, telling)
        same = asked == asked_now() and kit == _kit_now(settings, args.template)
        if asked and kit and same and stopped is None and summed:
            batch.stamp = _stamp(batch, asked, kit, code, ((False, _looked_at(batch, 0)), *telling.lines))
    if stopped is not None:
        raise stopped
    return code


def _looked_at(batch: Batch, read: int) -> str:
    return f"{batch.files_found} files, {read} of them new or changed; {len(batch.plan)} patients"


class Telling:
    """What a run says in the end, which the next one says too where there is nothing to do."""

    def __init__(self, args: Namespace) -> None:
        self.args = args
        self.lines: list[tuple[bool, str]] = []
        """Each line, and whether it is said though the command is quiet."""

    def say(self, text: str) -> None:
        """Say something unless quiet."""
        self.lines.append((False, text))
        say(text, self.args)

    def warn(self, text: str) -> None:
        """Say what is wrong."""
        self.lines.append((True, text))
        print(text, file=sys.stderr)


class _KitNow(NamedTuple):
    """Where template set and pack come from, and what stands there."""

    folders: tuple[str, ...]
    places: tuple[str, ...]
    texts: str


def _kit_now(settings: Settings, template: str | None) -> _KitNow | None:
    """None where it cannot be seen; whoever needs it says why."""
    with suppress(OSError, ReporterError):
        folders = tuple(str(folder.resolve()) for folder in folders_of(settings, template))
        places = tuple(str(place.resolve()) for place in library.places_of(settings.site_folder))
        return _KitNow(folders, places, texts_of(folders, places))
    return None


def _stamp(
    batch: Batch, asked: str, kit: _KitNow, code: ExitCode, said: tuple[tuple[bool, str], ...]
) -> Callable[[], Stamp] | None:
    """What makes the stamp of a run; None where that left anything to do, or to read again."""
    with suppress(ReporterError, sqlite3.Error):
        results, listing = batch.results(), batch.plan.listing()
        if results is not None and listing is not None:
            made = partial(Stamp, asked=asked, export=listing_of(listing), said=said, code=code, **kit._asdict())
            return lambda: made(results=(*results, *summary_files()), state=state_of(batch.state))
    return None


def _worked(batch: Batch) -> Interrupted | None:
    """Work to the end; what stopped it, where it was stopped."""
    try:
        batch.run()
    except Interrupted as stopped:
        return stopped
    except KeyboardInterrupt:
        return Interrupted("stopped", hint="give the same command again to finish the rest")
    return None


# -- what it is made from -------------------------------------------------------------------------------------


def order_of(args: Namespace, settings: Settings) -> Order:
    """What a run is asked to do; the table and the facts are read.

    Raises:
        CaseRefused: the table, the facts or the map cannot be used.

    """
    readings = _read_apart(args, settings)
    return Order(
        export=args.export,
        folder=args.output,
        rules=_rules(args, settings, readings),
        told=_told(args, readings),
        jobs=args.jobs or os.cpu_count() or 1,
        state=args.state,
        scheduler=getattr(args, "scheduler", None) or "",
    )


def _read_apart(args: Namespace, settings: Settings) -> Readings:
    """The table, the facts and the maps, read once for all patients."""
    readings = gather(inputs_apart(args), settings.limits)
    refused = tuple(issue for issue in readings.issues if issue.outcome is Severity.REFUSED)
    if refused:
        raise CaseRefused(refused)
    return readings


def _rules(args: Namespace, settings: Settings, readings: Readings) -> Rules:
    return Rules(
        settings=settings,
        inputs=replace(readings.inputs, table=None, facts=None, columns=None, lesion_map=None),
        template=args.template,
        criteria=tuple(args.criteria) if args.criteria else None,
        formats=tuple(dict.fromkeys(args.format or _FORMATS)),
        lesion_map=readings.lesion_map,
        every_time_point=args.every_time_point,
    )


def _told(args: Namespace, readings: Readings) -> Told:
    parts = (*readings.by_patient.values(), readings.unnamed)
    return Told(
        rows=tuple(row for part in parts for row in part.rows),
        facts=tuple(record for part in parts for record in part.facts),
        table=args.measurements.name if args.measurements else "",
        facts_file=args.facts.name if args.facts else "",
    )


# -- what is said of it ---------------------------------------------------------------------------------------


def end(batch: Batch, settings: Settings, telling: Telling) -> tuple[ExitCode, bool]:
    """Say what became of everything, and write what people look at; whether that needs no review by itself."""
    code = _said(batch, telling)
    summed = summarised(batch, settings)
    telling.say(f"the summary is {batch.folder / PAGE}")
    return (ExitCode.NEEDS_REVIEW if code is ExitCode.DONE and not summed else code), summed


def _said(batch: Batch, telling: Telling) -> ExitCode:
    """Every case and every file, counted; the sums are checked."""
    found, by_status, review = _counted(batch, telling)
    telling.say(
        f"{found} cases found: {by_status[Status.REPORTED]} reported, {by_status[Status.QUARANTINED]} quarantined,"
        f" {by_status[Status.PENDING]} pending"
    )
    refused = _say_nobodys(batch, telling)
    if unmet := batch.plan.unmet_facts():
        telling.say(f"facts of {unmet} patients of whom there is neither a study nor a measurement")
    if by_status[Status.PENDING]:
        return ExitCode.STOPPED
    if not by_status[Status.REPORTED]:
        return ExitCode.REFUSED
    return ExitCode.NEEDS_REVIEW if review or refused else ExitCode.DONE


def _counted(batch: Batch, telling: Telling) -> tuple[int, Counter[Status], bool]:
    """Cases found, by what became of them, and whether any needs review; names the quarantined on the way."""
    by_status: Counter[Status] = Counter()
    units: set[str] = set()
    review = False
    for unit, ending in batch.journal.endings():
        units.add(unit)
        by_status[ending.status] += 1
        review = review or ending.exit != ExitCode.DONE
        if ending.status is Status.QUARANTINED:
            doubts = (
                doubt for one in batch.journal.outcomes_of(unit) if one.case == ending.case for doubt in one.doubts
            )
            for doubt in doubts:
                if doubt.outcome is Severity.REFUSED:
                    telling.warn(f"quarantined {ending.case}: {doubt.code}: {doubt.text}")
    if len(units) != len(batch.plan):
        raise Interrupted("the journal does not hold every case of the plan", hint="give the same command again")
    return by_status.total(), by_status, review


def _say_nobodys(batch: Batch, telling: Telling) -> int:
    """Files that belong to no case; how many of them are refused."""
    listed, refused = 0, 0
    for file in batch.nobodys():
        listed += not file.refused
        refused += file.refused
        if file.refused and refused <= _TOLD_REFUSED:
            telling.warn(f"refused: {file.name}: {file.code}")
    if refused > _TOLD_REFUSED:
        telling.warn(f"refused: {refused - _TOLD_REFUSED} more files of no patient")
    if listed:
        telling.say(f"files that are no DICOM objects and belong to no case: {listed}")
    return refused


def summarised(batch: Batch, settings: Settings) -> bool:
    """Write what people look at; whether its counts add up and no study is of a day to come."""
    faults = summarise(batch, settings.thresholds, dt.datetime.now(tz=dt.UTC).astimezone().date())
    for fault in faults:
        print(fault, file=sys.stderr)
    return not faults


@contextmanager
def _cleared(lines: Lines | None) -> Generator[None]:
    """Leave nothing that is written over, however it ends."""
    try:
        yield
    finally:
        if lines is not None:
            lines.clear()


@contextmanager
def stoppable() -> Generator[None]:
    """Take a request to end as a person's: what is in hand is finished or left for the next run."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
