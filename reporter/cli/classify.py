"""`reporter classify`: the response of every patient of a measurement table."""

from argparse import Namespace
from collections.abc import Mapping
from dataclasses import replace

from reporter.case.case import Case
from reporter.case.issue import Issue, Outcome
from reporter.cli.rows import as_csv, as_json, as_table, write_rows
from reporter.cli.talk import ending, inputs_of, say_issues, say_refusal, settings_of
from reporter.errors import ExitCode, InputRefused
from reporter.pipeline import criteria_of, issues_in
from reporter.plugins import other_readers
from reporter.readers.assemble import assemble
from reporter.readers.gather import Readings, gather, patients
from reporter.response.evaluate import evaluate
from reporter.response.interface import Response
from reporter.response.tabulate import BEST_COLUMNS, COLUMNS, best_rows, rows
from reporter.settings import Settings

Rows = list[Mapping[str, str]]


def run(args: Namespace) -> ExitCode:
    """Classify patient by patient; one that is refused does not stop the others."""
    settings = settings_of(args)
    readings = gather(inputs_of(args), settings.limits, other_readers())
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
    case = case if args.best_overall else _without_flags(case)
    response = evaluate(case, criteria_of(settings, args.criteria), settings.thresholds)
    found += best_rows(case, response) if args.best_overall else rows(case, response, per_lesion=args.per_lesion)
    issues = _of_every_time_point(case, response)
    say_issues(issues, args)
    return ending(issues)


def _without_flags(case: Case) -> Case:
    """The radiologist's flags change the report and the best overall response (a restated CR), not the table."""
    return replace(case, facts=replace(case.facts, radiologist=()))


def _of_every_time_point(case: Case, response: Response) -> tuple[Issue, ...]:
    """The doubts of the latest time point, and the problems of the earlier ones: their rows are printed too."""
    latest = issues_in(case, response)
    said = {(issue.code, issue.lesion_id) for issue in latest}
    every = (issue for assessment in response.assessments for issue in assessment.issues)
    earlier = {i.order: i for i in every if i.outcome is Outcome.PROBLEM and (i.code, i.lesion_id) not in said}
    return (*latest, *(earlier[order] for order in sorted(earlier)))


def _write(found: Rows, args: Namespace) -> None:
    columns = BEST_COLUMNS if args.best_overall else COLUMNS
    if args.format == "csv":
        text = as_csv(found, columns, _numeric)
    else:
        text = as_json(found) if args.format == "json" else as_table(found, columns)
    write_rows(text, args.output)


def _numeric(column: str) -> bool:
    return column == "value" or column.endswith(("_value", "_percent"))
