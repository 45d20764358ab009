"""`reporter watch`: draft studies as they finish arriving, until somebody stops it."""

import sys
import time
from argparse import Namespace
from typing import Final

from reporter.batch.run import Batch
from reporter.batch.watch import Settling, watch
from reporter.cli.batch_run import Telling, end, order_of, stoppable, summarised
from reporter.cli.talk import say, say_refusal, settings_of
from reporter.errors import ExitCode, InputRefused, UsageError
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


class _Watcher:
    """Opens a run for each round, and says how it ended."""

    def __init__(self, args: Namespace, settings: Settings) -> None:
        self._args = args
        self._settings = settings
        self._pause = min(_LONGEST, max(_SHORTEST, args.settle / 4))
        self._refused = False
        self._said: ExitCode | None = None
        self.code = ExitCode.STOPPED

    def opened(self) -> Batch | None:
        """Read the table anew, for it grows too; one that cannot be used now is told of, and waited for."""
        try:
            order = order_of(self._args, self._settings)
        except InputRefused as refused:
            if not self._refused:
                say_refusal(refused)
            self._refused = True
            return None
        self._refused = False
        return Batch(order)

    def ended(self, batch: Batch, worked: int) -> None:
        """Say what became of it where anything did, and bring the summary up to date."""
        if worked or self._said is None:
            self._said, _ = end(batch, self._settings, Telling(self._args))
        else:
            summarised(batch, self._settings)
        if not len(batch.plan):
            self.code = ExitCode.DONE
        else:
            self.code = ExitCode.STOPPED if any(batch.journal.open_units(again=())) else self._said
        sys.stderr.flush()

    def wait(self) -> bool:
        """Until the next look."""
        time.sleep(self._pause)
        return True
