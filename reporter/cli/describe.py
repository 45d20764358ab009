"""`reporter describe`: what a part of the tool is made of."""

import json
from argparse import Namespace

from reporter.errors import ExitCode
from reporter.exporters.record import schema


def run(args: Namespace) -> ExitCode:
    """Print the description asked for."""
    del args  # the record is the only part so far
    print(json.dumps(schema(), indent=2))
    return ExitCode.DONE
