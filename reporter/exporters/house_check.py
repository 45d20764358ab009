"""Whether a house document is safe to take over into reports: it is opened only after this.

A house document comes from a department and may have been edited by anything. It is small, whole, and holds nothing
that loads, runs or asks for anything outside itself.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final

from reporter.draft.inert import clean
from reporter.errors import SetupError
from reporter.exporters.house_parts import broken, check_part

MAX_ZIPPED: Final = 10 * 1024 * 1024
MAX_UNZIPPED: Final = 50 * 1024 * 1024
MAX_RATIO: Final = 100
MAX_PARTS: Final = 500
SMALL: Final = 1024 * 1024
"""Up to this size a package may be deflated to any degree."""
MAX_XML: Final = 10 * 1024 * 1024
"""Of all parts that are text; the styles of Word take a twentieth of it."""

_NEEDED: Final = ("[Content_Types].xml", "_rels/.rels", "docProps/core.xml")
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_TEXTS: Final = (".xml", ".rels")


def unpack(house: bytes, name: str) -> dict[str, bytes]:
    """The parts of a house document by name, in its order.

    Raises:
        SetupError: broken, too large, or not safe; names the part.

    """
    parts = inflate(house, name)
    for fault in part_faults(parts, name):
        raise fault
    return parts


def part_faults(parts: dict[str, bytes], name: str) -> Iterator[SetupError]:
    """Each part that is missing, broken or not safe."""
    for needed in _NEEDED:
        if needed not in parts:
            yield broken(name, needed, "the part is missing")
    for part, content in parts.items():
        try:
            check_part(name, part, content)
        except SetupError as fault:
            yield fault


def inflate(house: bytes, name: str) -> dict[str, bytes]:
    """The parts of a package of a size that a letterhead has.

    Raises:
        SetupError: it is no whole package, or too large.

    """
    if len(house) > MAX_ZIPPED:
        raise _too_large(name)
    try:
        with zipfile.ZipFile(io.BytesIO(house)) as package:
            _check_sizes(package.infolist(), len(house), name)
            return {info.filename: _read(package, info, name) for info in package.infolist()}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, EOFError, OSError):
        raise broken(name, "", "the house document is no whole .docx file") from None


def _check_sizes(parts: list[zipfile.ZipInfo], zipped: int, name: str) -> None:
    unzipped = sum(part.file_size for part in parts)
    texts = sum(part.file_size for part in parts if part.filename.lower().endswith(_TEXTS))
    bomb = unzipped > SMALL and unzipped > MAX_RATIO * zipped
    if len(parts) > MAX_PARTS or texts > MAX_XML or unzipped > MAX_UNZIPPED or bomb:
        raise _too_large(name)
    names = [part.filename.lower() for part in parts]  # Word takes large and small letters for the same
    for part in parts:
        named = part.filename
        strange = named.startswith("/") or ".." in named or "\\" in named or not named.isprintable()
        if strange or names.count(named.lower()) > 1:
            raise broken(name, clean(named), "the part has a name that no .docx file has")
        if part.compress_type not in _METHODS:
            raise broken(name, named, "the part is packed as in no .docx file")


def _read(package: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    with package.open(info) as part:
        content = part.read(info.file_size + 1)
    if len(content) > info.file_size:
        raise _too_large(name)
    return content


def _too_large(name: str) -> SetupError:
    return SetupError(
        "the house document is larger than any letterhead needs",
        file=name,
        hint=f"at most {MAX_ZIPPED // 2**20} MiB, {MAX_PARTS} parts: make its pictures smaller",
        code="TPL_LIMIT",
    )
