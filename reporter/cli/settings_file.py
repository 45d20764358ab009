"""Where the settings of a command are read from."""

import os
from argparse import Namespace
from pathlib import Path


def settings_file(args: Namespace) -> Path | None:
    """The file named, else REPORTER_SETTINGS, else ./reporter.toml; None where there are the defaults only."""
    if args.settings is not None:
        return Path(args.settings)
    named = os.environ.get("REPORTER_SETTINGS")
    if named:
        return Path(named)
    here = Path("reporter.toml")
    return here if here.is_file() else None
