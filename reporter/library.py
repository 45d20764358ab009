"""Finds knowledge packs and template sets: the path given, then the site's folder, then what is shipped.

In an installed package templates and samples lie inside it; in a checkout they lie at the root of the repository.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reporter.errors import SetupError

_PACKAGE: Final = Path(__file__).parent
_MAX_FILE: Final = 10 * 1024 * 1024
"""Bytes; a template or pack file above this is refused (limit of house.docx)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A folder of the library, with its text files."""

    name: str
    folder: Path
    texts: dict[str, str]
    """File name -> text, of the suffixes asked for."""

    def read(self, name: str) -> bytes:
        """The bytes of one of its files, such as house.docx.

        Raises:
            SetupError: there is none, or it is too large.

        """
        return _read(self.folder / name, self.name)


def find_pack(name: str, site: Path | None = None) -> Found:
    """A guideline pack and the data it shares with others, by name or path."""
    return _find("pack", name, (".toml",), (*_inside(site, "knowledge"), _PACKAGE / "knowledge"))


def find_template(name: str, site: Path | None = None) -> Found:
    """A template set by name or path (a path contains `/`)."""
    places = (*_inside(site, "templates"), _shipped("templates"))
    return _find("template set", name, (".j2", ".toml"), places)


def phrases(language: str) -> str:
    """The shipped phrases of a language, as TOML text.

    Raises:
        SetupError: no phrases are shipped for it.

    """
    return _read(_PACKAGE / "draft" / "phrases" / f"{language}.toml", f"phrases of language {language}").decode()


def sample_stories() -> Path:
    """The folder of synthetic sample stories."""
    return _shipped("sample_dicom")


def _shipped(name: str) -> Path:
    inside, beside = _PACKAGE / name, _PACKAGE.parent / name
    return inside if inside.is_dir() else beside


def _inside(site: Path | None, name: str) -> tuple[Path, ...]:
    return () if site is None else (site / name,)


def _find(what: str, name: str, suffixes: tuple[str, ...], places: Iterable[Path]) -> Found:
    is_path = "/" in name
    candidates = (Path(name),) if is_path else tuple(place / name for place in places)
    for folder in candidates:
        if folder.is_dir():
            return Found(name=folder.name, folder=folder, texts=_texts(folder, suffixes))
    known = sorted({p.name for place in places if place.is_dir() for p in place.iterdir() if p.is_dir()})
    hint = None if is_path else f"in the library are {', '.join(known)}"
    raise SetupError(f"there is no such {what}", file=name, hint=hint, code="LIB_MISSING")


def _texts(folder: Path, suffixes: tuple[str, ...]) -> dict[str, str]:
    names = sorted(path.name for path in folder.iterdir() if path.suffix in suffixes and path.is_file())
    try:
        return {name: _read(folder / name, folder.name).decode("utf-8-sig") for name in names}
    except UnicodeDecodeError:
        raise SetupError("its text files must be UTF-8", file=folder.name, code="TPL_BROKEN") from None


def _read(path: Path, name: str) -> bytes:
    try:
        if path.stat().st_size > _MAX_FILE:
            raise SetupError(f"{path.name} is too large", file=name, code="TPL_LIMIT")
        return path.read_bytes()
    except OSError:
        raise SetupError(f"{path.name} is missing or cannot be read", file=name, code="LIB_MISSING") from None
