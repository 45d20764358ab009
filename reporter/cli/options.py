"""Options of the commands that have commands of their own."""

import argparse
from collections.abc import Callable
from pathlib import Path


def add_template_actions(verb: argparse.ArgumentParser, add_global: Callable[..., None]) -> None:
    """The actions of `reporter template`."""
    actions = verb.add_subparsers(dest="action", required=True, metavar="ACTION")
    folder = "folder of the set, or its name in the library"

    def action(name: str, text: str) -> argparse.ArgumentParser:
        parser = actions.add_parser(name, help=text, description=text, allow_abbrev=False)
        add_global(parser, suppress=True)
        return parser

    action("list", "list the template sets of the library: name, version, origin")
    new = action("new", "begin a template set: a folder with a commented start")
    new.add_argument("folder", metavar="NAME", help="name of the set, and of its folder here; or a path")
    new.add_argument("--from", dest="source", default="nac-response", metavar="SET", help="what to begin with")
    new.add_argument(
        "--own", action="append", metavar="FILE", help="copy this file too, to change its wording; all: every file"
    )
    check = action("check", "find every mistake of a template set")
    check.add_argument("folder", metavar="DIR", help=folder)
    preview = action("preview", "draft all sample stories with a template set")
    preview.add_argument("folder", metavar="DIR", help=folder)
    preview.add_argument("-o", "--output", type=Path, metavar="OUT", help="folder to write (default: DIR/preview)")
    preview.add_argument("--watch", action="store_true", help="again whenever a file of the set changes")
