"""`reporter draft`: one report from studies and measurements."""

import datetime as dt
import sys
from argparse import Namespace
from pathlib import Path
from typing import Final

from reporter.cli.talk import doubts, ending, inputs_of, say, say_issues, settings_of
from reporter.draft.interface import InputFile
from reporter.errors import ExitCode, UsageError
from reporter.pipeline import Kit, export, prepare, report_on
from reporter.plugins import other_readers
from reporter.publish import publish_file, publish_files
from reporter.readers.assemble import assemble
from reporter.readers.gather import FileUse, Inputs, Readings, gather

_SUFFIXES: Final = {".docx": "docx", ".txt": "txt", ".json": "json", ".html": "html", ".pdf": "pdf"}
_UNASKED: Final = ("docx", "txt", "json")
"""What a folder gets where nothing is asked for."""
_BINARY: Final = frozenset({("docx",), ("pdf",)})
_STEM: Final = "report"


def run(args: Namespace) -> ExitCode:
    """Draft, write, and say what needs a look."""
    formats = _formats(args)
    at = date_of(args.at)
    settings = settings_of(args)
    kit = prepare(settings, template=args.template, criteria=args.criteria, formats=formats)
    return draft(inputs_of(args), kit, args, patient=args.patient, at=at)


def draft(
    inputs: Inputs, kit: Kit, args: Namespace, *, patient: str | None = None, at: dt.date | None = None
) -> ExitCode:
    """Read, decide, word and publish one case."""
    settings = kit.settings
    readings = gather(inputs, settings.limits, other_readers())
    case = assemble(readings, patient=patient, at=at, windows=settings.windows, labels=settings.labels)
    report = report_on(case, used_files(readings), kit)
    results = export(report, kit.writer.draft(report), kit)
    for path in _publish(args.output, results):
        say(f"wrote {path}", args)
    say_issues(doubts(report), args)
    return ending(doubts(report))


def used_files(readings: Readings) -> tuple[InputFile, ...]:
    """The files that something was read from, with their fingerprints."""
    used = (file for file in readings.files if file.use is FileUse.USED)
    return tuple(InputFile(name=file.name, kind=file.kind, sha256=file.sha256) for file in used)


def _publish(output: Path | None, results: dict[str, bytes]) -> tuple[Path, ...]:
    """Write to a folder, to one file by its suffix, or to stdout."""
    if output is None:
        sys.stdout.buffer.write(next(iter(results.values())))
        return ()
    if output.suffix in _SUFFIXES:
        return tuple(publish_file(output, data) for data in results.values())
    return publish_files(output, _STEM, {f".draft{suffix}": data for suffix, data in results.items()})


def _formats(args: Namespace) -> tuple[str, ...]:
    """What to write; the first of several is what stdout gets."""
    given = tuple(dict.fromkeys(args.format or ()))
    if args.output is None:
        if len(given) > 1 or given in _BINARY:
            raise UsageError("standard output takes one format, txt, html or json", hint="name a folder with -o")
        return given or ("txt",)
    of_file = _SUFFIXES.get(args.output.suffix)
    if of_file is None:
        if args.output.suffix[1:].isalpha() and not args.output.is_dir():
            hint = f"name {', '.join(_SUFFIXES)} or a folder"
            raise UsageError(f"no draft is written as {args.output.suffix}", hint=hint)
        return given or _UNASKED
    if given not in {(), (of_file,)}:
        raise UsageError(f"a {args.output.suffix} file holds one format", hint="name a folder with -o for several")
    return (of_file,)


def date_of(text: str | None) -> dt.date | None:
    """The date of `--at`.

    Raises:
        UsageError: it is none.

    """
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UsageError("--at takes a date such as 2026-07-13") from None
