"""`reporter describe`: what a part of the tool is made of."""

import json
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from reporter.cli.describe_criteria import criteria_page
from reporter.cli.describe_pack import pack_page
from reporter.cli.describe_settings import settings_page
from reporter.cli.page import Section, as_markdown, as_text
from reporter.cli.talk import settings_of
from reporter.errors import ExitCode, UsageError
from reporter.exporters.record import schema
from reporter.settings import Settings

_PAGES: Final[Mapping[str, Callable[[Settings, Sequence[str]], list[Section]]]] = {
    "criteria": criteria_page,
    "pack": pack_page,
    "settings": settings_page,
}


def run(args: Namespace) -> ExitCode:
    """Print the description asked for."""
    if args.what == "record":
        if args.name:
            raise UsageError("the record has no parts to choose from", hint="leave the names out")
        print(json.dumps(schema(), indent=2))
        return ExitCode.DONE
    if args.what in {"fields", "template"}:
        sys.stdout.write(_templates(args))
        return ExitCode.DONE
    sections = _PAGES[args.what](settings_of(args), args.name)
    if args.format == "markdown":
        command = " ".join(("reporter describe", args.what, *args.name, "--format markdown"))
        sys.stdout.write(as_markdown(sections, f"Made by `{command}`."))
    else:
        sys.stdout.write(as_text(sections))
    return ExitCode.DONE


def _templates(args: Namespace) -> str:
    from reporter.cli.describe_templates import fields_page, template_page

    if args.what == "fields":
        return fields_page()
    if len(args.name) != 1:
        raise UsageError("which template set", hint="name one, such as: reporter describe template brief")
    return template_page(args.name[0], settings_of(args).site_folder)
