"""`reporter watch`: draft studies as they finish arriving, until somebody stops it."""

import sys
import time
from argparse import Namespace
from typing import Final

from reporter.batch.run import Batch
from reporter.batch.watch import Settling, watch
from reporter.cli.batch_run import Telling, end, order_of, stoppable
from reporter.cli.talk import say, say_refusal, settings_of
from reporter.errors import ExitCode, InputRefused, ReporterError, UsageError
from reporter.settings import Settings

_LONGEST: Final = 15.0
"""Seconds between two looks at the folder, at most."""
_SHORTEST: Final = 0.2


def run(args: Namespace) -> ExitCode:
    """Watch until SIGINT or SIGTERM; the exit code is that of the cases as they then stand."""
    if args.settle < 0:
        raise UsageError("--settle takes a number of seconds, 0 or more")
    if args.jobs is not None and args.jobs < 1:
        raise UsageError("--jobs takes a number from 1")
    settings = settings_of(args)
    watcher = _Watcher(args, settings)
    order_of(args, settings)  # a wrong command ends here, before anything is watched
    with stoppable():
        try:
            watch(watcher, Settling(args.settle, time.monotonic))
        except KeyboardInterrupt:
            say("stopped; give the same command again to go on", args)
    return watcher.code


class _Unheard(Telling):
    """What nobody needs to hear again."""

    def say(self, _text: str) -> None:
        """Say nothing."""

    def warn(self, _text: str) -> None:
        """Say nothing."""


class _Watcher:
    """Opens a run for each round, and says how it ended."""

    def __init__(self, args: Namespace, settings: Settings) -> None:
        self._args = args
        self._settings = settings
        self._pause = min(_LONGEST, max(_SHORTEST, args.settle / 4))
        self._refused = False
        self._is_first = True
        self.code = ExitCode.STOPPED

    def opened(self) -> Batch | None:
        """Read the table anew, for it grows too; one that cannot be used now is told of, and waited for.

        So is a file or the folder itself that is not there for a moment, once they have been.
        """
        try:
            batch = Batch(order_of(self._args, self._settings))
        except (InputRefused, UsageError) as refused:
            if self._is_first and isinstance(refused, UsageError):
                raise
            self.refused(refused)
            return None
        self._refused = False
        return batch

    def refused(self, why: ReporterError) -> None:
        """Say why a round cannot be, once until one can."""
        if not self._refused:
            say_refusal(why)
        self._refused = True

    def ended(self, batch: Batch, worked: int) -> None:
        """Say what became of it where anything did, and bring the summary up to date."""
        code, _ = end(batch, self._settings, (Telling if worked or self._is_first else _Unheard)(self._args))
        self.code = code if len(batch.plan) else ExitCode.DONE
        self._is_first = False
        sys.stderr.flush()

    def wait(self) -> bool:
        """Until the next look."""
        time.sleep(self._pause)
        return True
