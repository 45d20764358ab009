"""Writes the pages of docs/ that are made from the program itself: `make pages`, or `python -m tools.pages`."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from reporter.cli.main import main
from tools import requirements_page

DOCS: Final = Path(__file__).parent.parent / "docs"


def described(*arguments: str) -> str:
    """What `reporter describe` prints with the settings as shipped.

    Raises:
        RuntimeError: the command did not end well.

    """
    with TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()) as out:
        settings = Path(folder, "reporter.toml")
        settings.touch()
        code = main(["describe", *arguments, "--settings", str(settings), "--format", "markdown"])
    if code:
        message = f"reporter describe {' '.join(arguments)} ended with {code}"
        raise RuntimeError(message)
    return out.getvalue()


PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "criteria.md": lambda: described("criteria"),
    "packs.md": lambda: described("pack", "acr-235-2022", "acr-235-2017"),
    "requirements.md": requirements_page.page,
    "settings.md": lambda: described("settings"),
}
"""Page of docs/ -> what it must hold."""


def write() -> None:
    """Write the pages that are not as they must be."""
    for name, make in PAGES.items():
        path, text = DOCS / name, make()
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
            sys.stdout.write(f"written: {os.path.relpath(path)}\n")


if __name__ == "__main__":
    write()
