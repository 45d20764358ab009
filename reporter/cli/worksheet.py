"""`reporter worksheet`: the measurement table with what is known, and a cell for each question."""

from argparse import Namespace
from collections.abc import Iterable, Mapping
from typing import Final

from reporter.cli.draft import date_of, used_files
from reporter.cli.talk import doubts, ending, english, inputs_of, say, say_issues, settings_of
from reporter.draft.worksheet import FactQuestion, Form, worksheet
from reporter.errors import ExitCode, UsageError
from reporter.exporters.worksheet import worksheet_csv, worksheet_xlsx
from reporter.pipeline import prepare, report_on
from reporter.plugins import other_readers
from reporter.publish import publish_file
from reporter.readers.assemble import assembled
from reporter.readers.columns import LENGTHS, NUMBERS, WHOLE, WORDS, YES_NO
from reporter.readers.gather import gather
from reporter.readers.worksheet import known_rows

_NUMERIC: Final = (*LENGTHS, *NUMBERS, *WHOLE)
_CHOICES: Final[Mapping[str, tuple[str, ...]]] = {**WORDS, **dict.fromkeys(YES_NO, ("yes", "no"))}


def run(args: Namespace) -> ExitCode:
    """Write the form of one patient, and say which questions only the facts can answer."""
    suffix = args.output.suffix.lower()
    if suffix not in {".csv", ".xlsx"}:
        raise UsageError("a worksheet is a .csv or .xlsx file", hint="name one with -o")
    settings = settings_of(args)
    kit = prepare(settings, criteria=args.criteria, formats=())
    readings = gather(inputs_of(args), settings.limits, other_readers())
    at, windows, labels = date_of(args.at), settings.windows, settings.labels
    made = assembled(readings, patient=args.patient, at=at, windows=windows, labels=labels)
    every = assembled(readings, patient=args.patient, windows=windows, labels=labels) if at else made
    report = report_on(made.case, used_files(readings), kit)
    form = worksheet(known_rows(every), report, english())
    path = publish_file(args.output, _data(form, suffix))
    say(f"wrote {path}", args)
    _say_facts(form.facts, args)
    issues = doubts(report)
    say_issues(issues, args)
    return ending(issues)


def _data(form: Form, suffix: str) -> bytes:
    return worksheet_csv(form, _NUMERIC) if suffix == ".csv" else worksheet_xlsx(form, _CHOICES, _NUMERIC)


def _say_facts(facts: Iterable[FactQuestion], args: Namespace) -> None:
    for fact in facts:
        of_side = f", {fact.side}" if fact.side else ""
        say(f"for the facts file: {fact.key}{of_side}: {fact.text}", args)
