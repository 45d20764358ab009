"""`reporter batch`: every patient of an export and of a measurement table, one outcome for each case.

What is here sees whether there is anything to do; `batch_run` does it, and is loaded then.
"""

import sys
from argparse import Namespace
from contextlib import suppress
from pathlib import Path
from typing import Final

from reporter.batch.lock import locked
from reporter.batch.stamp import Stamp, asked_for
from reporter.cli.settings_file import settings_file
from reporter.errors import ExitCode, ReporterError, UsageError
from reporter.publish import probe

_STATE: Final = ".reporter"
_OF_NO_MATTER: Final = frozenset({"jobs", "quiet", "verbose"})
"""Options that change nothing of what a run makes."""


def run(args: Namespace) -> ExitCode:
    """Plan, draft, publish; say what became of every case and of every file."""
    if args.jobs is not None and args.jobs < 1:
        raise UsageError("--jobs takes a number from 1")
    asked = _asked(args)
    if (stamp := _nothing_to_do(args, asked)) is None:
        from reporter.cli import batch_run

        return batch_run.draft_all(args, asked, lambda: _asked(args))
    for always, line in stamp.said:
        if always or not args.quiet:
            print(line, file=sys.stderr)
    return ExitCode(stamp.code)


def _asked(args: Namespace) -> str:
    """What this command asks for, with all that it names; empty where a stamp cannot tell whether that is done."""
    if args.scheduler or not isinstance(args.export, Path) or not isinstance(args.output, Path):
        return ""
    options = {name: value for name, value in vars(args).items() if name not in _OF_NO_MATTER}
    try:
        options["export"], options["output"] = args.export.resolve(), args.output.resolve()
        return asked_for(options, (settings_file(args), args.measurements, args.facts, args.columns, args.map))
    except OSError:
        return ""


def _nothing_to_do(args: Namespace, asked: str) -> Stamp | None:
    """The stamp of the run before, where all is as that left it and nobody else is at work."""
    if not asked:
        return None
    state = args.state or args.output / _STATE
    with suppress(OSError, ReporterError), locked(state / "lock"):
        stamp = Stamp.left(state)
        if stamp is not None and stamp.asked == asked and stamp.still_holds(state, args.output, args.export):
            probe(args.output)
            return stamp
    return None
