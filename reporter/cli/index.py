"""`reporter index`: what an export holds, by its headers."""

import sys
from argparse import Namespace
from collections import Counter
from pathlib import Path

from reporter.batch.index import ExportIndex
from reporter.batch.levels import COUNTS, LEVELS, SHOWN, rows
from reporter.cli.rows import as_csv, as_json, as_table, write_rows
from reporter.cli.talk import ending, say, say_issues, settings_of
from reporter.errors import ExitCode, UsageError
from reporter.readers.export_directory import differences
from reporter.readers.export_index import Way
from reporter.readers.values import cleaned

_SAID = {
    Way.LAYOUT: "like one before",
    Way.WALK: "read by itself",
    Way.PYDICOM: "read by pydicom",
    Way.OTHER: "no DICOM object",
    Way.REFUSED: "refused",
}


def run(args: Namespace) -> ExitCode:
    """Index an export and print it; the export is never written to."""
    root: Path = args.export
    if not root.exists():
        raise UsageError("there is no such file or folder", file=str(root), hint="check the name")
    for path in (args.store, args.output):
        if path is not None and path.resolve().is_relative_to(root.resolve()):
            raise UsageError("this lies in the export, which is never written to", file=str(path))
    settings = settings_of(args)
    with ExportIndex(args.store) as index:
        done = index.refresh(root, settings.limits, None if args.quiet or not sys.stderr.isatty() else _progress)
        found = [{name: cleaned(cell) for name, cell in row.items()} for row in rows(index, args.level)]
        write_rows(_text(found, args), args.output)
        say(f"{done.files} files: {done.read} read, {done.files - done.read} as before, {done.gone} gone", args)
        return _say_what_became(index, args)


def _text(found: list[dict[str, str]], args: Namespace) -> str:
    if args.format == "csv":
        return as_csv(found, LEVELS[args.level], COUNTS.__contains__)
    return as_json(found) if args.format == "json" else as_table(found, SHOWN[args.level])


def _progress(count: int, _total: int | None) -> None:
    print(f"\r{count} files", end="\r", file=sys.stderr)


def _say_what_became(index: ExportIndex, args: Namespace) -> ExitCode:
    """Every file is read, listed or refused; the sums say so."""
    ways = index.ways()
    by_way = Counter({way: sum(count for (of, _), count in ways.items() if of is way) for way in Way})
    say(", ".join(f"{by_way[way]} {_SAID[way]}" for way in Way if by_way[way]), args)
    for (way, reason), count in sorted(ways.items()):
        if way is Way.PYDICOM and args.verbose:
            say(f"{count} read by pydicom: {reason}", args)
    issues = (*index.issues(), *differences(args.export, index.directories(), index.objects()))
    say_issues(issues, args)
    return ExitCode.REFUSED if by_way[Way.REFUSED] == by_way.total() else ending(issues)
