"""Draws the pages of drafts that docs/images shows: `make pictures`, or `python -m tools.pictures`.

Word files are laid out by LibreOffice and drawn by pdftoppm, in letters as wide as those of Word (Carlito).  A picture
holds the words of its page, by which a test finds one that shows what is told no longer.
"""

from __future__ import annotations

import contextlib
import io
import re
import struct
import subprocess  # ruff: ignore[suspicious-subprocess-import] - two programs that draw
import sys
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from reporter import library
from reporter.cli.main import main

IMAGES: Final = Path(__file__).parent.parent / "docs" / "images"
_KEYWORD: Final = b"Words"
_MADE_WITH: Final = re.compile(r"\b[0-9a-f]{12}\b|reporter \d+\.\d+\.\d+")


@dataclass(frozen=True, slots=True)
class Picture:
    """The first page of a sample story by a template set."""

    template: str
    story: str = "mixed-two-sites-node"
    dots_per_inch: int = 64


PICTURES: Final[Mapping[str, Picture]] = {
    "report-page-1": Picture("nac-response", "complete-response", 75),
    **{name: Picture(name) for name in ("brief", "nac-response-de", "trial", "tumor-board")},
}
"""Name of the file in docs/images -> what it shows."""


def drawn(folder: Path) -> dict[str, bytes]:
    """Every picture as PNG, made by way of files in a folder."""
    files = [_drafted(picture, folder / f"{name}.docx") for name, picture in PICTURES.items()]
    profile = f"-env:UserInstallation={(folder / 'profile').resolve().as_uri()}"
    _run("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder, *files)
    return {name: _page(folder / f"{name}.pdf", picture.dots_per_inch) for name, picture in PICTURES.items()}


def _drafted(picture: Picture, file: Path) -> Path:
    folder = library.sample_stories() / picture.story
    inputs = [str(folder / "dicom"), "-m", str(folder / "measurements.csv"), "-f", str(folder / "facts.toml")]
    with contextlib.redirect_stderr(io.StringIO()) as talk:
        code = main(["draft", *inputs, "-t", picture.template, "-o", str(file)])
    if code not in {0, 3}:
        raise RuntimeError(talk.getvalue())
    return file


def _page(pdf: Path, dots_per_inch: int) -> bytes:
    first = ("-f", "1", "-l", "1")
    words = _run("pdftotext", *first, "-enc", "UTF-8", pdf, "-").decode()
    png = _run("pdftoppm", *first, "-r", str(dots_per_inch), "-png", pdf)
    return _with_words(png, _MADE_WITH.sub("", " ".join(words.split())))


def _run(program: str, *arguments: str | Path) -> bytes:
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, check=True)  # ruff: ignore[subprocess-without-shell-equals-true] - no shell, our own files
    return done.stdout


def _with_words(png: bytes, words: str) -> bytes:
    """The picture with a text of its own, before its end (PNG, 11.3.4.5 iTXt)."""
    content = _KEYWORD + b"\0\1\0\0\0" + zlib.compress(words.encode(), 9)
    chunk = b"iTXt" + content
    end = png.rindex(b"IEND") - 4
    return png[:end] + struct.pack(">I", len(content)) + chunk + struct.pack(">I", zlib.crc32(chunk)) + png[end:]


def words_in(png: bytes) -> str:
    """The words of the page that a picture shows; empty where it does not say them."""
    at = png.find(b"iTXt" + _KEYWORD)
    if at < 0:
        return ""
    (size,) = struct.unpack_from(">I", png, at - 4)
    return zlib.decompress(png[at + 4 + len(_KEYWORD) + 5 : at + 4 + size]).decode()


def write() -> None:
    """Write the pictures whose words are not as they are told now."""
    with TemporaryDirectory() as folder:
        for name, png in drawn(Path(folder)).items():
            path = IMAGES / f"{name}.png"
            if words_in(path.read_bytes() if path.exists() else b"") != words_in(png):
                path.write_bytes(png)
                sys.stdout.write(f"drawn: {name}.png\n")


if __name__ == "__main__":
    write()
