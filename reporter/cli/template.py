"""`reporter template`: list template sets, begin one, find its mistakes, see what it makes of the sample stories."""

import sys
from argparse import Namespace
from pathlib import Path
from typing import Final

from reporter import library
from reporter.cli.rows import as_table
from reporter.cli.talk import say, settings_of
from reporter.draft.manifest import MANIFEST, is_set_name, near
from reporter.draft.rendering import MAIN
from reporter.draft.sets import TEMPLATES, load_set
from reporter.errors import ExitCode, UsageError
from reporter.preview import faults, preview, watch
from reporter.publish import publish_file

_START: Final = """\
# {name}: a template set of our own.
# Every file that is not in this folder is taken from the set named under `extends`, so that corrections made there
# reach this set too. `reporter template check {folder}` says what is wrong, `preview` shows what it makes.
name = "{name}"
version = "1"
language = "{language}"
description = "{description}"
extends = "{extends}"

# What a colleague may choose without touching a template; reporter.toml says it under [report.options].
# [options.greeting]
# type = "text"                        # or "yes or no", "whole number", "choice" (with choices = ["one", "other"])
# default = "Dear colleagues,"
# explanation = "First line of the report; a template prints it with {{{{ option.greeting }}}}"
"""


def run(args: Namespace) -> ExitCode:
    """Do what is asked for with template sets."""
    return {"list": _list, "new": _new, "check": _check, "preview": _preview}[args.action](args)


def _list(args: Namespace) -> ExitCode:
    rows = []
    for found in library.all_templates(settings_of(args).site_folder):
        manifest = load_set((found,)).manifests[0]
        rows.append({
            "name": found.name,
            "version": manifest.version,
            "origin": found.origin,
            "extends": manifest.extends,
            "description": manifest.description,
        })
    sys.stdout.write(as_table(rows, ("name", "version", "origin", "extends", "description")))
    return ExitCode.DONE


def _new(args: Namespace) -> ExitCode:
    """Write a commented start that takes everything else from the set it begins with."""
    folder = Path(args.folder)
    if not is_set_name(folder.name):
        raise UsageError(f"{folder.name} is no name of a set", hint="take letters, digits, dots, hyphens, underscores")
    if folder.exists():
        raise UsageError(f"{folder} exists already", hint="choose another name")
    chain = library.find_template(args.source, settings_of(args).site_folder)
    texts = {name: text for found in reversed(chain) for name, text in found.texts.items() if name.endswith(TEMPLATES)}
    owned = _owned(args.own or (), texts)
    first = chain[0]
    start = _START.format(
        name=folder.name,
        folder=folder,
        language=load_set(chain).language,
        description=f"Our own report, begun with {first.name}",
        extends=first.name if first.origin != "path" else str(first.folder.resolve()),
    )
    files = {MANIFEST: start.encode(), **{name: texts[name].encode() for name in (MAIN, *owned)}}
    house = library.house_of(chain)
    files |= {library.HOUSE: house} if house else {}
    for name, content in sorted(files.items()):
        say(f"wrote {publish_file(folder / name, content)}", args)
    here = folder if "/" in str(folder) else f"./{folder}"
    say(f"next: reporter template preview {folder}; a report with it: reporter draft ... -t {here}", args)
    return ExitCode.DONE


def _owned(asked: list[str] | tuple[str, ...], texts: dict[str, str]) -> list[str]:
    """The files that are copied beside the main one, to change their wording."""
    if "all" in asked:
        return sorted(texts.keys() - {MAIN})
    for name in asked:
        if name not in texts:
            raise UsageError(f"the set has no file {name}", hint=near(name, sorted(texts)))
    return sorted({*asked} - {MAIN})


def _named(args: Namespace) -> str:
    """A set as the library takes it: a path where there is such a folder, else a name."""
    folder = Path(args.folder)
    return f"{folder.parent}/{folder.name}" if folder.name and folder.is_dir() else str(folder)


def _check(args: Namespace) -> ExitCode:
    found = faults(_named(args), settings_of(args))
    for fault in found:
        print(fault)
    say(f"{len(found)} mistakes" if len(found) > 1 else "1 mistake" if found else "no mistake", args)
    return ExitCode.USAGE if found else ExitCode.DONE


def _preview(args: Namespace) -> ExitCode:
    settings, name = settings_of(args), _named(args)
    output = args.output or Path(args.folder) / "preview"
    if not args.watch:
        return _shown(name, args, output)
    say("watching; end with Ctrl-C", args)
    try:
        for _ in watch(name, settings):
            _shown(name, args, output)
            sys.stdout.flush()
    except KeyboardInterrupt:
        pass
    return ExitCode.DONE


def _shown(name: str, args: Namespace, output: Path) -> ExitCode:
    """One preview: what is wrong, or where to look."""
    settings = settings_of(args)
    found = faults(name, settings)
    for fault in found:
        print(fault)
    if found:
        say("nothing is shown until the mistakes are gone", args)
        return ExitCode.USAGE
    for path in preview(name, settings, output):
        say(f"wrote {path}", args)
    return ExitCode.DONE
