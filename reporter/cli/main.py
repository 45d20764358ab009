"""The `reporter` command: its verbs, their options, and how a run ends."""

import argparse
import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Final

from reporter import __version__
from reporter.errors import ExitCode, ReporterError
from reporter.garbage import collect_no_more, collect_seldom
from reporter.remote import place_of

_DESCRIPTION: Final = (
    "Draft radiology reports of breast cancer response to therapy before surgery. "
    "Every draft is for a radiologist to review and sign; this is not a medical device."
)
_EPILOG: Final = (
    "exit codes: 0 done; 1 refused; 2 wrong usage or set-up; 3 done, something needs review; "
    "4 stopped before the end, run again to finish"
)

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
"""How a full or failing disk says so; files are written by `publish`, which has its own words."""

_TABLE: Final = "measurement table (CSV, TSV, JSON or XLSX)"


def run() -> int:
    """Run the command of a process that ends with it; return its exit code."""
    collect_seldom()
    try:
        return main()
    finally:
        collect_no_more()


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code."""
    closed = _open_streams()
    try:
        args = _parser().parse_args(argv)
    except SystemExit as end:
        return int(end.code or 0)
    try:
        code = import_module(f"reporter.cli.{args.verb}").run(args)
        sys.stdout.flush()
    except ReporterError as error:
        _say(error)
        return int(error.exit_code)
    except KeyboardInterrupt:
        print("reporter: stopped; nothing incomplete was left", file=sys.stderr)
        return int(ExitCode.STOPPED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return int(ExitCode.DONE)
    except OSError as error:
        shut = closed and error.errno == errno.EBADF
        if error.errno not in _FULL and not shut:
            return _faulty(error)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        why = "it is closed; name a file or folder with -o" if shut else "the disk is full or failing; make room"
        print(f"reporter: standard output cannot be written, {why}", file=sys.stderr)
        return int(ExitCode.STOPPED)
    except Exception as error:  # ruff: ignore[blind-except] - the last resort; its text may hold patient data and is not shown
        return _faulty(error)
    return int(code)


def _open_streams() -> bool:
    """Put something in the place of closed standard streams; whether standard output was closed.

    Their numbers would go to the next files opened, and what is printed into those files.  Writing to the stand-in of
    standard output fails, so that a product is never lost without a word.
    """
    closed = sys.stdout is None
    if closed:
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_RDONLY), "w", encoding="utf-8")
    if sys.stderr is None:
        sys.stderr = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")
    return closed


def _faulty(error: Exception) -> int:
    print(f"reporter: a fault of the program: {_fault(error)}; please report it", file=sys.stderr)
    return int(ExitCode.REFUSED)


def _say(error: ReporterError) -> None:
    from reporter.cli.talk import say_refusal

    say_refusal(error)


def _fault(error: Exception) -> str:
    """The kind of a fault and where it rose, without its text."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = "" if place is None else f" in {Path(place.tb_frame.f_code.co_filename).name}, line {place.tb_lineno}"
    return f"{type(error).__name__}{where}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="reporter", description=_DESCRIPTION, epilog=_EPILOG, allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"reporter {__version__}")
    _add_global(parser, suppress=False)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="COMMAND")
    _add_draft(verbs)
    _add_worksheet(verbs)
    _add_classify(verbs)
    _add_explain(verbs)
    _add_index(verbs)
    _add_template(verbs)
    _add_batch(verbs)
    _add_watch(verbs)
    _add_describe(verbs)
    _add_demo(verbs)
    return parser


def _add_global(parser: argparse.ArgumentParser, *, suppress: bool) -> None:
    """Options that may stand before the command or behind it; behind it they leave alone what stands before."""
    help_text = "site settings (else REPORTER_SETTINGS, else ./reporter.toml)"
    unset, silent = (argparse.SUPPRESS, argparse.SUPPRESS) if suppress else (None, False)
    parser.add_argument("--settings", type=Path, metavar="FILE", default=unset, help=help_text)
    parser.add_argument("--quiet", action="store_true", default=silent, help="say only what is wrong")
    parser.add_argument("--verbose", action="store_true", default=silent, help="say what is read and written")


Verbs = argparse._SubParsersAction  # ruff: ignore[private-member-access] - argparse gives the type no public name


def _verb(verbs: "Verbs[argparse.ArgumentParser]", name: str, text: str) -> argparse.ArgumentParser:
    verb = verbs.add_parser(name, help=text, description=text, epilog=_EPILOG, allow_abbrev=False)
    _add_global(verb, suppress=True)
    return verb


def _add_reading(verb: argparse.ArgumentParser, *, bare: bool = True) -> None:
    """Options of every command that reads; `bare`: it may read data sets without preamble."""
    verb.add_argument("-f", "--facts", type=Path, metavar="FACTS", help="clinical facts (TOML or JSON)")
    verb.add_argument(
        "--map", type=Path, metavar="FILE", help="lesion map: label to lesion_id, kind, side (TOML or CSV)"
    )
    verb.add_argument("--columns", type=Path, metavar="FILE", help="names of another program's table columns (TOML)")
    verb.add_argument("--encoding", metavar="NAME", help="encoding of the tables, where it is not UTF-8")
    verb.add_argument(
        "--allow-unreadable", action="store_true", help="leave unreadable DICOM files out and say how many"
    )
    if bare:
        verb.add_argument("--accept-bare", action="store_true", help="read DICOM data sets without preamble")
    verb.add_argument("--require-verified", action="store_true", help="refuse structured reports that are not verified")


def _add_draft(verbs: "Verbs[argparse.ArgumentParser]") -> None:
    verb = _verb(verbs, "draft", "draft one report from studies and measurements")
    verb.add_argument("input", nargs="*", metavar="INPUT", help="DICOM file, folder, ZIP file, or - for standard input")
    verb.add_argument("-m", "--measurements", type=Path, metavar="TABLE", help=_TABLE)
    verb.add_argument("-t", "--template", metavar="SET", help="template set: a name in the library, or a path")
    verb.add_argument("--criteria", action="append", metavar="ID", help="response criteria; the first feeds the advice")
    verb.add_argument("--at", metavar="DATE", help="report the time point of this date (ISO), not the latest")
    verb.add_argument("--patient", metavar="ID", help="the patient to report, where INPUT holds several")
    verb.add_argument(
        "-o", "--output", type=Path, metavar="OUT", help="folder, or file by its suffix (else text on stdout)"
    )
    formats = ["docx", "txt", "json", "html", "pdf"]
    verb.add_argument("--format", action="append", choices=formats, help="what to write (default: docx, txt and json)")
    _add_reading(verb)


def _add_case(verb: argparse.ArgumentParser) -> None:
    """Options of a command about one case: what to read, whose, up to when, and by which criteria."""
    verb.add_argument("input", nargs="*", metavar="INPUT", help="DICOM file, folder, ZIP file, or - for standard input")
    verb.add_argument("-m", "--measurements", type=Path, metavar="TABLE", help=_TABLE)
    verb.add_argument("--criteria", action="append", metavar="ID", help="response criteria; the first feeds the advice")
    verb.add_argument("--at", metavar="DATE", help="the time point of this date (ISO), not the latest")
    verb.add_argument("--patient", metavar="ID", help="the patient, where INPUT holds several")
    _add_reading(verb)


def _add_worksheet(verbs: "Verbs[argparse.ArgumentParser]") -> None:
    text = "write the measurement table with what is known and a cell for each question; it goes back in with -m"
    verb = _verb(verbs, "worksheet", text)
    verb.add_argument(
        "-o", "--output", type=Path, required=True, metavar="TABLE", help="the worksheet to write, .csv or .xlsx"
    )
    _add_case(verb)


def _add_explain(verbs: "Verbs[argparse.ArgumentParser]") -> None:
    verb = _verb(verbs, "explain", "say where every statement of a draft comes from: input, rule, guideline row")
    verb.add_argument("--format", choices=["text", "json"], default="text", help="how to print (default: text)")
    _add_case(verb)


def _add_classify(verbs: "Verbs[argparse.ArgumentParser]") -> None:
    verb = _verb(verbs, "classify", "classify response for every patient of a measurement table")
    verb.add_argument("measurements", type=Path, metavar="TABLE", help=_TABLE)
    verb.add_argument("--criteria", action="append", metavar="ID", help="response criteria, one or more")
    verb.add_argument(
        "--format", choices=["table", "csv", "json"], default="table", help="how to print (default: table)"
    )
    shown = verb.add_mutually_exclusive_group()
    shown.add_argument("--per-lesion", action="store_true", help="add a row for each lesion")
    best = "print the best overall response instead: a row a scope, with its date, confirmation and first progression"
    shown.add_argument("--best-overall", action="store_true", help=best)
    verb.add_argument("-o", "--output", type=Path, metavar="OUT", help="file to write (else stdout)")
    _add_reading(verb)


def _add_batch(verbs: "Verbs[argparse.ArgumentParser]") -> None:
    verb = _verb(verbs, "batch", "draft every patient of an export, one outcome for each case; resumable")
    verb.add_argument(
        "export", type=place_of, metavar="EXPORT", help="folder, URL or ZIP file of studies, in any order"
    )
    where = _add_drafting_many(verb)
    where.add_argument("--scheduler", metavar="ADDRESS", help="Dask cluster that works instead (tcp://HOST:PORT)")


def _add_watch(verbs: "Verbs[argparse.ArgumentParser]") -> None:
    verb = _verb(verbs, "watch", "draft studies as they finish arriving in a folder, until it is stopped")
    verb.add_argument("export", type=Path, metavar="DIR", help="folder in which studies arrive, in any order")
    verb.add_argument(
        "--settle",
        type=float,
        default=60.0,
        metavar="SECONDS",
        help="a case is drafted when none of its files changed for so long (default: 60)",
    )
    _add_drafting_many(verb)


def _add_drafting_many(verb: argparse.ArgumentParser) -> "argparse._MutuallyExclusiveGroup":
    """Options of a command about many cases; where they are worked on can be said in one way only."""
    verb.add_argument("-o", "--output", type=place_of, required=True, metavar="DIR", help="folder for the drafts")
    verb.add_argument("--state", type=Path, metavar="FOLDER", help="where the journal is kept (default: in DIR)")
    verb.add_argument("-m", "--measurements", type=Path, metavar="TABLE", help=f"{_TABLE} of all patients")
    verb.add_argument("-t", "--template", metavar="SET", help="template set: a name in the library, or a path")
    verb.add_argument("--criteria", action="append", metavar="ID", help="response criteria; the first feeds the advice")
    verb.add_argument("--every-time-point", action="store_true", help="report every time point, not the latest alone")
    verb.add_argument("--format", action="append", choices=["docx", "txt", "json"], help="what to write (default: all)")
    _add_reading(verb, bare=False)
    where = verb.add_mutually_exclusive_group()
    where.add_argument(
        "--jobs", type=int, metavar="N", help="worker processes (default: one a core); 1 works in this process"
    )
    return where


def _add_index(verbs: "Verbs[argparse.ArgumentParser]") -> None:
    verb = _verb(verbs, "index", "list the studies, series or files of an export by their headers")
    verb.add_argument("export", type=Path, metavar="EXPORT", help="folder or ZIP file of DICOM files, in any order")
    verb.add_argument(
        "--level", choices=["file", "series", "study"], default="study", help="what a row is (default: study)"
    )
    verb.add_argument(
        "--format", choices=["table", "csv", "json"], default="table", help="how to print (default: table)"
    )
    verb.add_argument("-o", "--output", type=Path, metavar="OUT", help="file to write (else stdout)")
    verb.add_argument(
        "--store", type=Path, metavar="FILE", help="keep the index in this file; the next run reads only what changed"
    )


def _add_template(verbs: "Verbs[argparse.ArgumentParser]") -> None:
    from reporter.cli.options import add_template_actions

    add_template_actions(_verb(verbs, "template", "list, begin, check and preview template sets"), _add_global)


def _add_describe(verbs: "Verbs[argparse.ArgumentParser]") -> None:
    verb = _verb(verbs, "describe", "print what a part of the tool is made of")
    verb.add_argument(
        "what",
        choices=["criteria", "fields", "pack", "record", "settings", "template"],
        help="criteria, guideline pack or settings, with their sources; fields: what a template may fill in; "
        "template: a template set; record: its JSON schema",
    )
    verb.add_argument(
        "name", nargs="*", metavar="NAME", help="criteria, packs, tables of settings (else all), or the set"
    )
    verb.add_argument("--format", choices=["text", "markdown"], default="text", help="how to print (default: text)")


def _add_demo(verbs: "Verbs[argparse.ArgumentParser]") -> None:
    verb = _verb(verbs, "demo", "draft the sample story of a complete response")
    verb.add_argument(
        "-o", "--output", type=Path, default=Path("out"), metavar="OUT", help="folder to write (default: out)"
    )
    verb.add_argument("--story", default="complete-response", metavar="NAME", help="which sample story")
