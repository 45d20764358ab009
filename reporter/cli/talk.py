"""What the commands say on stderr: one sentence a doubt, made from the phrases."""

import datetime as dt
import sys
from argparse import Namespace
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from reporter.case.future import future_studies
from reporter.case.issue import Issue, Outcome
from reporter.cli.privacy import private
from reporter.cli.settings_file import settings_file
from reporter.draft.interface import Report
from reporter.draft.issues import sentence
from reporter.draft.phrases import Phrases
from reporter.errors import ExitCode, ReporterError, UsageError
from reporter.pipeline import issues_of, phrases_in
from reporter.readers.gather import Inputs
from reporter.settings import Settings, read_settings


def settings_of(args: Namespace) -> Settings:
    """The settings of a run: the file named, else REPORTER_SETTINGS, else ./reporter.toml, else the defaults."""
    return read_settings(settings_file(args))


def english() -> Phrases:
    """The words of the command line, which speaks English whatever the language of the draft."""
    return phrases_in("en")


def sentences(error: ReporterError) -> tuple[str, ...]:
    """An error as sentences: one for each issue it carries, else its own."""
    issues = getattr(error, "issues", ())
    if not issues:
        return (str(error),)
    words = english()
    return tuple(sentence(private(issue), words) for issue in sorted(issues, key=lambda issue: issue.order))


def say(text: str, args: Namespace) -> None:
    """Say something on stderr, unless quiet."""
    if not args.quiet:
        print(text, file=sys.stderr)


def say_issues(issues: Iterable[Issue], args: Namespace) -> None:
    """Say what needs a look: problems always, questions and notes when verbose."""
    words = english()
    for issue in issues:
        if issue.outcome in {Outcome.REFUSED, Outcome.PROBLEM} or args.verbose:
            print(f"{issue.outcome.value}: {sentence(private(issue), words)}", file=sys.stderr)


def today() -> dt.date:
    """The day by the clock of this computer; only the edge asks for it."""
    return dt.datetime.now().astimezone().date()


def doubts(report: Report) -> tuple[Issue, ...]:
    """All doubts of a report, and what only the edge knows: studies dated after today."""
    return (*future_studies(report.case, today()), *issues_of(report))


def ending(issues: Iterable[Issue]) -> ExitCode:
    """How a run that made its product ends."""
    review = any(issue.outcome in {Outcome.PROBLEM, Outcome.REFUSED} for issue in issues)
    return ExitCode.NEEDS_REVIEW if review else ExitCode.DONE


def say_refusal(error: ReporterError) -> None:
    """Say why a case was refused."""
    for text in sentences(error):
        print(f"refused: {text}", file=sys.stderr)


def inputs_of(args: Namespace) -> Inputs:
    """What a command that reads is to read.

    Raises:
        UsageError: neither INPUT nor a table is named.

    """
    if not getattr(args, "input", ()) and args.measurements is None:
        raise UsageError("there is nothing to read", hint="name INPUT (DICOM), or a measurement table with -m")
    paths = tuple(Path(name) for name in getattr(args, "input", ()))
    return replace(inputs_apart(args), paths=paths, accept_bare=args.accept_bare)


def inputs_apart(args: Namespace) -> Inputs:
    """What is read beside DICOM: the table, the facts and the maps, and how."""
    return Inputs(
        table=args.measurements,
        facts=args.facts,
        columns=args.columns,
        lesion_map=args.map,
        encoding=args.encoding,
        allow_unreadable=args.allow_unreadable,
        require_verified=args.require_verified,
    )
