"""Whether a house document is safe to take over into reports: it is opened only after this.

A house document comes from a department and may have been edited by anything. It is small, whole, and holds nothing
that loads, runs or asks for anything outside itself.
"""

import io
import re
import zipfile
import zlib
from typing import Final

from reporter.errors import SetupError

MAX_ZIPPED: Final = 10 * 1024 * 1024
MAX_UNZIPPED: Final = 50 * 1024 * 1024
MAX_RATIO: Final = 100
MAX_PARTS: Final = 500
SMALL: Final = 1024 * 1024
"""Up to this size a package may be deflated to any degree."""

_NEEDED: Final = ("[Content_Types].xml", "_rels/.rels", "docProps/core.xml")
_XML: Final = (".xml", ".rels")
_ACTIVE_PARTS: Final = re.compile(
    r"vbaproject|activex|oleobject|/embeddings/|/afchunk|\.bin$|attachedtemplate", re.IGNORECASE
)
_ACTIVE_TYPES: Final = re.compile(rb"macroEnabled|vbaProject|oleObject|activeX", re.IGNORECASE)
_EXTERNAL: Final = re.compile(rb"""TargetMode\s*=\s*["']\s*External""", re.IGNORECASE)
_INSTRUCTION: Final = re.compile(rb"""<w:instrText[^>]*>([^<]*)<|w:instr\s*=\s*["']([^"']*)["']""")
_ALLOWED_FIELDS: Final = {b"PAGE", b"NUMPAGES", b"SECTIONPAGES", b""}


def unpack(house: bytes, name: str) -> dict[str, bytes]:
    """The parts of a house document by name, in its order.

    Raises:
        SetupError: broken, too large, or not safe; names the part.

    """
    parts = _inflate(house, name)
    for needed in _NEEDED:
        if needed not in parts:
            raise broken(name, needed, "the part is missing")
    for part, content in parts.items():
        _check_part(name, part, content)
    return parts


def broken(name: str, part: str, what: str) -> SetupError:
    """A house document that cannot be used."""
    return SetupError(
        what, file=name, field=part, hint="open it in Word, save it as .docx and try again", code="TPL_BROKEN"
    )


def _unsafe(name: str, part: str, what: str) -> SetupError:
    return SetupError(
        what, file=name, field=part, hint="remove it in Word and save the document as .docx", code="TPL_EXTERNAL"
    )


def _inflate(house: bytes, name: str) -> dict[str, bytes]:
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
    if len(parts) > MAX_PARTS or unzipped > MAX_UNZIPPED or (unzipped > SMALL and unzipped > MAX_RATIO * zipped):
        raise _too_large(name)
    names = [part.filename for part in parts]
    for part in names:
        if part.startswith("/") or ".." in part or "\\" in part or names.count(part) > 1:
            raise broken(name, part, "the part has a name that no .docx file has")


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


def _check_part(name: str, part: str, content: bytes) -> None:
    if _ACTIVE_PARTS.search(part):
        raise _unsafe(name, part, "the house document carries a macro or an embedded object")
    if not part.endswith(_XML):
        return
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raise broken(name, part, "the part is not in the form that Word writes")
    if part == "[Content_Types].xml" and _ACTIVE_TYPES.search(content):
        raise _unsafe(name, part, "the house document carries a macro or an embedded object")
    if _EXTERNAL.search(content):
        raise _unsafe(
            name, part, "the house document points to something outside itself (a link, a picture, a template)"
        )
    for match in _INSTRUCTION.finditer(content):
        words = (match[1] or match[2] or b"").split()
        if (words[0].upper() if words else b"") not in _ALLOWED_FIELDS:
            raise _unsafe(name, part, "the house document has a field code other than PAGE and NUMPAGES")
