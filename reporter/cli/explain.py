"""`reporter explain`: where every statement of a draft comes from."""

import json
import sys
from argparse import Namespace

from reporter.cli.draft import date_of, used_files
from reporter.cli.talk import doubts, ending, english, inputs_of, say_issues, settings_of
from reporter.draft.explain import Looked, explain
from reporter.draft.explanation import FileSeen, as_data, as_text
from reporter.errors import ExitCode
from reporter.pipeline import prepare, report_on
from reporter.plugins import other_readers
from reporter.readers.assemble import assemble
from reporter.readers.gather import Readings, gather


def run(args: Namespace) -> ExitCode:
    """Explain one case; it is read and decided as for a draft."""
    settings = settings_of(args)
    kit = prepare(settings, criteria=args.criteria, formats=())
    readings = gather(inputs_of(args), settings.limits, other_readers())
    at, windows, labels = date_of(args.at), settings.windows, settings.labels
    case = assemble(readings, patient=args.patient, at=at, windows=windows, labels=labels)
    report = report_on(case, used_files(readings), kit)
    looked = Looked(files=_files(readings), decision=kit.pack.decision, labels=labels)
    explanation = explain(report, looked, english())
    if args.format == "json":
        sys.stdout.write(json.dumps(as_data(explanation), ensure_ascii=False, indent=2) + "\n")
    else:
        sys.stdout.write(as_text(explanation))
    issues = doubts(report)
    say_issues((issue for issue in issues if issue.code == "STU_DATE_FUTURE"), args)
    return ending(issues)


def _files(readings: Readings) -> list[FileSeen]:
    files = readings.files
    return [FileSeen(name=file.name, kind=file.kind, use=str(file.use), code=file.code) for file in files]
