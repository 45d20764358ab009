"""`reporter demo`: draft a sample story, so that a newcomer sees a whole report."""

from argparse import Namespace

from reporter import library
from reporter.cli.draft import draft
from reporter.cli.talk import settings_of
from reporter.errors import ExitCode, UsageError
from reporter.pipeline import prepare
from reporter.readers.gather import Inputs


def run(args: Namespace) -> ExitCode:
    """Draft one of the synthetic stories into a folder and say where."""
    folder = library.sample_stories() / args.story
    if not (folder / "measurements.csv").is_file():
        known = ", ".join(sorted(path.parent.name for path in library.sample_stories().glob("*/measurements.csv")))
        raise UsageError(f"there is no sample story {args.story}", hint=f"choose one of {known}")
    kit = prepare(settings_of(args), formats=("docx", "txt", "json"))
    inputs = Inputs(paths=(folder / "dicom",), table=folder / "measurements.csv", facts=folder / "facts.toml")
    return draft(inputs, kit, args)
