"""`reporter classify`: the response of every patient of a measurement table."""

import csv
import io
import json
import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence

from reporter.cli.talk import ending, inputs_of, say_issues, say_refusal, settings_of
from reporter.errors import ExitCode, InputRefused
from reporter.pipeline import criteria_of, issues_in
from reporter.publish import publish_file
from reporter.readers.assemble import assemble
from reporter.readers.gather import Readings, gather, patients
from reporter.response.evaluate import evaluate
from reporter.response.tabulate import COLUMNS, rows
from reporter.settings import Settings

Rows = list[Mapping[str, str]]


def run(args: Namespace) -> ExitCode:
    """Classify patient by patient; one that is refused does not stop the others."""
    settings = settings_of(args)
    readings = gather(inputs_of(args), settings.limits)
    found: Rows = []
    codes = [_classify(readings, patient, settings, args, found) for patient in patients(readings) or (None,)]
    _write(found, args)
    if set(codes) == {ExitCode.REFUSED}:
        return ExitCode.REFUSED
    return ExitCode.DONE if set(codes) <= {ExitCode.DONE} else ExitCode.NEEDS_REVIEW


def _classify(readings: Readings, patient: str | None, settings: Settings, args: Namespace, found: Rows) -> ExitCode:
    """Add the rows of one patient; how it went."""
    try:
        case = assemble(readings, patient=patient, windows=settings.windows, labels=settings.labels)
    except InputRefused as refused:
        say_refusal(refused)
        return ExitCode.REFUSED
    response = evaluate(case, criteria_of(settings, args.criteria), settings.thresholds)
    found += rows(case, response, per_lesion=args.per_lesion)
    issues = issues_in(case, response)
    say_issues(issues, args)
    return ending(issues)


def _write(found: Rows, args: Namespace) -> None:
    text = {"table": _aligned, "csv": _csv, "json": _json}[args.format](found)
    if args.output is None:
        sys.stdout.write(text)
    else:
        publish_file(args.output, text.encode())


def _csv(found: Rows) -> str:
    """Cells that a spreadsheet would take for a formula are marked as text, except numbers."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({column: _inert(column, cell) for column, cell in row.items()} for row in found)
    return text.getvalue()


def _inert(column: str, cell: str) -> str:
    numeric = column == "value" or column.endswith(("_value", "_percent"))
    return f"'{cell}" if cell[:1] in {*"=+-@\t\r", "\0"} and not numeric and cell else cell


def _json(found: Rows) -> str:
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def _aligned(found: Rows) -> str:
    """Only the columns that say something, each as wide as its widest cell."""
    shown = [column for column in COLUMNS if any(row[column] for row in found)]
    lines: list[Sequence[str]] = [shown, *([row[column] for column in shown] for row in found)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(shown))]
    padded = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)
    return "".join(f"{line.rstrip()}\n" for line in padded)
